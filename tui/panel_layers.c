/*
 * The rail: the four layers with their live state, and for a layer that runs
 * the time spent of the time allowed. No spinner: the bar says more. Called by panels.c.
 */
#include "panel.h"

#include <stdio.h>

#include "width.h"

static const char *const names[LAYER__COUNT] = {
	[LAYER_TRANSPORT] = "Transport",
	[LAYER_AUTHENTICATION] = "Authentication",
	[LAYER_SESSION] = "Session",
	[LAYER_PERFORMANCE] = "Performance",
};

static const char *const short_names[LAYER__COUNT] = {
	[LAYER_TRANSPORT] = "Transport",
	[LAYER_AUTHENTICATION] = "Auth",
	[LAYER_SESSION] = "Session",
	[LAYER_PERFORMANCE] = "Perf",
};

static const char *const words[LS__COUNT] = { "WAIT", "RUN", "PASS", "WARN", "FAIL", "SKIP",
	"UNKNOWN" };

/* The probe of a layer that has run longest; NULL if none runs. */
static const struct diag_probe *
running(const struct view *v, enum layer l)
{
	const struct diag_probe *best = NULL;

	for (int i = 0; i < v->d->nprobes; i++) {
		const struct diag_probe *p = &v->d->probes[i];

		if (p->layer == l && p->running && (best == NULL || p->start_us < best->start_us))
			best = p;
	}
	return best;
}

static int64_t
elapsed(const struct view *v, uint64_t start)
{
	uint64_t us = v->now_us > start ? v->now_us - start : 0;

	return us < INT64_MAX ? (int64_t)us : INT64_MAX;
}

/* A bar of w columns that is as full as the probe's time is spent. */
static void
draw_bar(const struct view *v, struct area a, int x, int y, int w, const struct diag_probe *p)
{
	int64_t limit = (int64_t)p->deadline_ms * 1000, spent = elapsed(v, p->start_us);
	int full = limit > 0 ? (int)(spent >= limit ? w : spent * w / limit) : 0;

	for (int i = 0; i < w; i++)
		area_text(a, x + i, y, i < full ? ROLE_BAR : ROLE_DIM,
		    i < full ? v->g->full : v->g->empty);
}

static void
draw_state(const struct view *v, struct area a, int y, enum layer l, bool roomy)
{
	const struct diag_layer *dl = &v->d->layers[l];
	const struct diag_probe *p = running(v, l);
	enum role r = role_of_state(dl->state);
	char buf[48];
	struct strbuf sb;
	int x, name = a.w >= 32 ? 15 : 10;

	x = area_text(a, 0, y, r, v->g->mark[dl->state]) + 1;
	x += area_printf(a, x, y, ROLE_TITLE, "%d ", (int)l + 1);
	area_cut(a, x, y, name - 1, ROLE_TITLE, name >= 15 ? names[l] : short_names[l], v->g->more);
	x += name;
	x += area_text(a, x, y, r, words[dl->state]) + 1;
	sb_init(&sb, buf, sizeof buf);
	if (dl->state == LS_RUN && p != NULL && !roomy) {
		draw_bar(v, a, x, y, a.w - x, p);
		return;
	}
	if (dl->state == LS_RUN)
		put_secs(&sb, elapsed(v, dl->start_us));
	else if (dl->began && dl->state != LS_WAIT && dl->state != LS_SKIP)
		put_secs(&sb, (int64_t)(dl->end_us - dl->start_us));
	area_right(a, a.w, x, y, ROLE_TEXT, buf);
}

/* Second row: what runs and for how long, else what has run. */
static void
draw_probes(const struct view *v, struct area a, int y, enum layer l)
{
	const struct diag_probe *p = running(v, l);
	char buf[48];
	struct strbuf sb;
	int x = width_text(v->g->mark[0]) + 1;

	if (p != NULL) {
		x += area_cut(a, x, y, 10, ROLE_RUN, p->name, v->g->more) + 1;
		sb_init(&sb, buf, sizeof buf);
		put_secs(&sb, elapsed(v, p->start_us));
		if (p->deadline_ms > 0)
			sb_printf(&sb, " of %us ", (unsigned)((p->deadline_ms + 500) / 1000));
		x += area_text(a, x, y, ROLE_TEXT, buf);
		draw_bar(v, a, x, y, a.w - x, p);
		return;
	}
	if (v->d->layers[l].state == LS_SKIP) {
		area_cut(
		    a, x, y, a.w - x, ROLE_DIM, "not tested: a lower layer failed", v->g->more);
		return;
	}
	for (int i = 0; i < v->d->nprobes; i++)
		if (v->d->probes[i].layer == l && v->d->probes[i].ended)
			x +=
			    area_cut(a, x, y, a.w - x, ROLE_DIM, v->d->probes[i].name, v->g->more) +
			    1;
}

/* Third row: what was found. */
static void
draw_counts(const struct view *v, struct area a, int y, enum layer l)
{
	static const struct {
		enum severity sev;
		const char *one, *many;
	} kinds[] = { { SEV_FAIL, "failure", "failures" },
		{ SEV_UNKNOWN, "open question", "open questions" },
		{ SEV_WARN, "warning", "warnings" }, { SEV_INFO, "remark", "remarks" } };
	int x = width_text(v->g->mark[0]) + 1;

	for (size_t k = 0; k < sizeof kinds / sizeof kinds[0]; k++) {
		int n = 0;

		for (int i = 0; i < v->d->nfindings; i++)
			n += v->d->findings[i].rule->layer == l &&
			     v->d->findings[i].severity == kinds[k].sev;
		if (n > 0)
			x += area_printf(a, x, y, role_of_severity(kinds[k].sev), "%d %s", n,
				 n > 1 ? kinds[k].many : kinds[k].one) +
			     1;
	}
}

/* Rows of a layer: on the whole screen as many as leave room for each phase. */
static int
rows_each(const struct view *v, int h)
{
	int each = h >= 12 ? 3 : h >= 10 ? 2 : 1;

	if (v->rail_timing && v->zoom)
		while (each > 1 && h - each * LAYER__COUNT - 1 < panel_timing.rows(v))
			each--;
	return each;
}

static void
draw(const struct view *v, struct area a, bool focus)
{
	int each = rows_each(v, a.h), y = each * LAYER__COUNT;

	for (int l = 0; l < LAYER__COUNT; l++) {
		struct area one = area_sub(a, 0, l * each, a.w, each);

		draw_state(v, one, 0, (enum layer)l, each > 1);
		if (each > 1)
			draw_probes(v, one, 1, (enum layer)l);
		if (each > 2)
			draw_counts(v, one, 2, (enum layer)l);
		if (focus && v->sel[PANEL_LAYERS] == l)
			area_select(one, 0);
	}
	if (v->rail_timing && a.h - y >= 5)
		panel_timing.draw(v, area_sub(a, 0, y + 1, a.w, a.h), false);
	else if (v->rail_timing)
		timing_strip(v, area_sub(a, 0, a.h - 2 > y ? a.h - 2 : y, a.w, 2));
}

static int
rows(const struct view *v)
{
	(void)v;
	return LAYER__COUNT;
}

static void
status(const struct view *v, struct strbuf *sb)
{
	int ok = 0;

	for (int l = 0; l < LAYER__COUNT; l++)
		ok += v->d->layers[l].state == LS_PASS || v->d->layers[l].state == LS_WARN;
	sb_printf(sb, "%d of %d ok", ok, LAYER__COUNT);
}

static void
copy(const struct view *v, struct strbuf *sb)
{
	int l = v->sel[PANEL_LAYERS];

	sb_printf(sb, "%d %s: %s", l + 1, names[l], words[v->d->layers[l].state]);
}

const struct panel panel_layers = {
	.title = "Layers",
	.tab = "Layers",
	.rows = rows,
	.status = status,
	.draw = draw,
	.copy = copy,
};
