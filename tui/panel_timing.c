/*
 * Where the time went: a bar for each phase on a common scale, and whether it kept
 * within its budget. Called by panels.c.
 */
#include "panel.h"

/* The nth phase that was seen, or PH__COUNT. */
static enum phase
seen(const struct diag *d, int n)
{
	for (int p = 0; p < PH__COUNT; p++)
		if (d->phases[p].seen && n-- == 0)
			return (enum phase)p;
	return PH__COUNT;
}

/* A recording may claim anything: what is summed and scaled here stays within 30 years. */
static int64_t
sane(int64_t us)
{
	const int64_t most = (int64_t)1000000000 * 1000000;

	return us < 0 ? 0 : us > most ? most : us;
}

static int64_t
begin(const struct diag_phase *ph)
{
	return sane(ph->start_us);
}

static int64_t
end(const struct diag_phase *ph)
{
	return sane(ph->start_us) + sane(ph->took_us);
}

static int
rows(const struct view *v)
{
	int n = 0;

	for (int p = 0; p < PH__COUNT; p++)
		n += v->d->phases[p].seen;
	return n;
}

/* From the beginning of the first phase to the end of the last. */
static int64_t
span(const struct diag *d, int64_t *start)
{
	int64_t lo = INT64_MAX, hi = 0;

	for (int p = 0; p < PH__COUNT; p++) {
		const struct diag_phase *ph = &d->phases[p];

		if (!ph->seen)
			continue;
		lo = begin(ph) < lo ? begin(ph) : lo;
		hi = end(ph) > hi ? end(ph) : hi;
	}
	*start = lo == INT64_MAX ? 0 : lo;
	return hi > *start ? hi - *start : 0;
}

/* Phases may take a millisecond: three places where there is room. */
static void
put_fine(struct strbuf *sb, int64_t us)
{
	if (sane(us) < 10000000)
		sb_printf(sb, "%d.%03ds", (int)(sane(us) / 1000000), (int)(sane(us) / 1000 % 1000));
	else
		put_secs(sb, us);
}

static void
draw_phase(const struct view *v, struct area a, int y, enum phase p, int64_t start, int64_t total)
{
	const struct diag_phase *ph = &v->d->phases[p];
	int name = a.w >= 34 ? 12 : 8, budget = a.w >= 60 ? 14 : 0, x = name,
	    w = a.w - name - 9 - budget, from, len;
	enum role r = ph->over ? ROLE_OVER : ROLE_BAR;
	char buf[48];
	struct strbuf sb;

	area_cut(a, 0, y, name - 1, ph->over ? ROLE_OVER : ROLE_TEXT, phase_name(p), v->g->more);
	if (w < 4)
		w = 0;
	from = total > 0 ? (int)((begin(ph) - start) * w / total) : 0;
	len = total > 0 ? (int)((sane(ph->took_us) * w + total - 1) / total) : 0;
	if (from >= w)
		from = w - 1;
	for (int i = 0; i < w; i++) {
		bool in = i >= from && (i < from + len || i == from);

		area_text(a, x + i, y, in ? r : ROLE_DIM, in ? v->g->full : v->g->tick);
	}
	sb_init(&sb, buf, sizeof buf);
	put_fine(&sb, ph->took_us);
	area_right(a, x + w + 7, name, y, r == ROLE_OVER ? ROLE_OVER : ROLE_TEXT, buf);
	if (ph->over)
		area_text(a, x + w + 8, y, ROLE_OVER, "!");
	if (budget > 0) {
		sb_init(&sb, buf, sizeof buf);
		sb_puts(&sb, "of ");
		put_fine(&sb, ph->budget_us);
		area_text(a, x + w + 10, y, ROLE_DIM, buf);
	}
}

static void
put_total(const struct view *v, struct strbuf *sb)
{
	int64_t start, total = span(v->d, &start);

	sb_puts(sb, "total ");
	put_secs(sb, total);
	if (v->d->rtt_us > 0)
		sb_printf(sb, "  round trip %lld.%lld ms", (long long)(v->d->rtt_us / 1000),
		    (long long)(v->d->rtt_us / 100 % 10));
}

static void
draw(const struct view *v, struct area a, bool focus)
{
	int n = rows(v), foot = a.h >= n + 3 ? 3 : 0, list = a.h - foot;
	int64_t start, total = span(v->d, &start);
	int top = list_top(v->top[PANEL_TIMING], v->sel[PANEL_TIMING], n, list);
	char buf[96];
	struct strbuf sb;

	if (n == 0) {
		area_cut(a, 0, 0, a.w, ROLE_DIM, "nothing timed yet", v->g->more);
		return;
	}
	for (int i = 0; i < list && top + i < n; i++) {
		draw_phase(v, a, i, seen(v->d, top + i), start, total);
		if (focus && top + i == v->sel[PANEL_TIMING])
			area_select(a, i);
	}
	if (foot == 0)
		return;
	sb_init(&sb, buf, sizeof buf);
	put_total(v, &sb);
	area_cut(a, 0, n + 1, a.w, ROLE_TEXT, buf, v->g->more);
	area_printf(a, 0, n + 2, ROLE_DIM, "connections %lld, failed logins %lld",
	    (long long)v->d->connections, (long long)v->d->failed_auth);
}

/* Two lines for a narrow rail: all phases in one strip by their first letters, and the total. */
void
timing_strip(const struct view *v, struct area a)
{
	int64_t start, total = span(v->d, &start);
	char buf[96];
	struct strbuf sb;

	if (total == 0 || a.h < 1)
		return;
	for (int x = 0; x < a.w; x++) {
		int64_t at = start + total * x / a.w, next = start + total * (x + 1) / a.w;
		enum role r = ROLE_DIM;
		char letter[2] = "";

		for (int p = 0; p < PH__COUNT; p++) {
			const struct diag_phase *ph = &v->d->phases[p];

			if (!ph->seen || begin(ph) >= next || end(ph) <= at)
				continue;
			letter[0] = phase_name((enum phase)p)[0];
			r = ph->over ? ROLE_OVER : ROLE_BAR;
			break;
		}
		area_text(a, x, 0, r, letter[0] != '\0' ? letter : v->g->tick);
	}
	sb_init(&sb, buf, sizeof buf);
	put_total(v, &sb);
	area_cut(a, 0, 1, a.w, ROLE_TEXT, buf, v->g->more);
}

static void
status(const struct view *v, struct strbuf *sb)
{
	int64_t start, total = span(v->d, &start);

	if (total == 0)
		return;
	sb_puts(sb, "total ");
	put_secs(sb, total);
}

static void
copy(const struct view *v, struct strbuf *sb)
{
	enum phase p = seen(v->d, v->sel[PANEL_TIMING]);

	if (p == PH__COUNT)
		return;
	sb_printf(sb, "%s (%s): ", phase_name(p), phase_help(p));
	put_secs(sb, v->d->phases[p].took_us);
	sb_puts(sb, ", budget ");
	put_secs(sb, v->d->phases[p].budget_us);
}

const struct panel panel_timing = {
	.title = "Timing",
	.tab = "Timing",
	.rows = rows,
	.status = status,
	.draw = draw,
	.copy = copy,
};
