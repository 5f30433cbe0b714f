/*
 * Where the time went: a bar for each phase on a common scale, and whether it kept
 * within its budget. Called by panels.c.
 */
#include "panel.h"

#include "doc.h"

enum { WORDS_LEN = 512 };

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

/* A bar on its scale: what is within the budget, what is over it, and where the budget ends. */
static void
draw_bar(const struct view *v, struct area a, const struct diag_phase *ph, int from, int len,
    int budget_end)
{
	for (int i = 0; i < a.w; i++) {
		bool in = i >= from && (i < from + len || i == from);
		bool over = ph->over && i >= budget_end;

		if (in)
			area_text(a, i, 0, over ? ROLE_OVER : ROLE_BAR, v->g->full);
		else
			area_text(
			    a, i, 0, ROLE_DIM, i == budget_end && i > from ? v->g->v : v->g->tick);
	}
}

static void
draw_phase(const struct view *v, struct area a, int y, enum phase p, int64_t start, int64_t total,
    bool selected)
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
	if (selected)
		area_select(a, y);
	/* After that: a full block in reversed colours would be a gap. */
	draw_bar(v, area_sub(a, x, y, w, 1), ph, from, len,
	    total > 0 ? (int)((begin(ph) - start + sane(ph->budget_us)) * w / total) : 0);
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

/* A budget as it is made: round trips times the measured one, and what the server may take. */
static void
put_budget(const struct view *v, const struct diag_phase *ph, struct strbuf *sb)
{
	int64_t trips = (int64_t)ph->trips * sane(v->d->rtt_us);

	put_fine(sb, ph->budget_us);
	if (ph->trips <= 0 || v->d->rtt_us <= 0 || trips > ph->budget_us)
		return;
	sb_printf(sb, " (%d round trip%s of ", ph->trips, ph->trips == 1 ? "" : "s");
	put_fine(sb, v->d->rtt_us);
	sb_puts(sb, ", and ");
	put_fine(sb, ph->budget_us - trips);
	sb_puts(sb, " for the work)");
}

/* The finding that speaks of a phase that took too long: it rests on a line that the phase was measured by. */
static const struct finding *
blamed(const struct view *v, const struct diag_phase *ph)
{
	for (int i = 0; i < v->d->nfindings; i++) {
		const struct finding *f = &v->d->findings[i];

		if (f->rule->layer != LAYER_PERFORMANCE)
			continue;
		for (int e = 0; e < f->nev; e++)
			for (int k = 0; k < DIAG_EV; k++)
				if (f->ev[e] != 0 && f->ev[e] == ph->ev[k])
					return f;
	}
	return NULL;
}

/* The phase that is furthest over its budget, or PH__COUNT. */
static enum phase
slowest(const struct diag *d)
{
	enum phase worst = PH__COUNT;
	int64_t most = 0;

	for (int p = 0; p < PH__COUNT; p++) {
		int64_t over = sane(d->phases[p].took_us) - sane(d->phases[p].budget_us);

		if (d->phases[p].seen && d->phases[p].over && over > most) {
			most = over;
			worst = (enum phase)p;
		}
	}
	return worst;
}

/* The selected phase, or the slow one: what it is, what it may take, and what is blamed for the rest. Returns its rows. */
static int
explain(const struct view *v, struct area a)
{
	enum phase p = v->focus == PANEL_TIMING ? seen(v->d, v->sel[PANEL_TIMING]) : slowest(v->d);
	const struct finding *f;
	const struct diag_phase *ph;
	char words[WORDS_LEN];
	struct strbuf sb;
	struct doc doc;

	doc_begin(&doc, a, 0);
	if (p == PH__COUNT)
		return 0;
	ph = &v->d->phases[p];
	sb_init(&sb, words, sizeof words);
	sb_printf(&sb, "%s: %s. It took ", phase_name(p), phase_help(p));
	put_fine(&sb, ph->took_us);
	sb_puts(&sb, "; its budget is ");
	put_budget(v, ph, &sb);
	sb_puts(&sb, ".");
	if (ph->retrans > 0)
		sb_printf(&sb, " Segments sent again: %lld.", (long long)ph->retrans);
	doc_para(&doc, 0, ROLE_TEXT, "", ROLE_TEXT, words);
	if (!ph->over)
		return doc.row;
	sb_init(&sb, words, sizeof words);
	sb_puts(&sb, "Over by ");
	put_fine(&sb, ph->took_us - ph->budget_us);
	sb_puts(&sb, ". ");
	if ((f = blamed(v, ph)) != NULL)
		diag_expand(v->d, f->rule->summary, &sb);
	doc_para(&doc, 0, ROLE_OVER, "", ROLE_OVER, words);
	return doc.row;
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
		draw_phase(v, a, i, seen(v->d, top + i), start, total,
		    focus && top + i == v->sel[PANEL_TIMING]);
	}
	if (foot == 0)
		return;
	sb_init(&sb, buf, sizeof buf);
	put_total(v, &sb);
	area_cut(a, 0, n + 1, a.w, ROLE_TEXT, buf, v->g->more);
	area_printf(a, 0, n + 2, ROLE_DIM, "connections %lld, failed logins %lld",
	    (long long)v->d->connections, (long long)v->d->failed_auth);
	if (a.h >= n + 6)
		explain(v, area_sub(a, 0, n + 4, a.w, a.h));
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
