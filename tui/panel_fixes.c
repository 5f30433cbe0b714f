/* The fixes, one under each number key. Called by panels.c. */
#include "panel.h"

#include <stdio.h>

static void
draw_fix(const struct view *v, struct area a, int y, int i, bool selected)
{
	const struct fix *f = v->d->fixes[i].fix;
	char title[512], about[64];
	struct strbuf sb;
	int x, end = a.w;

	x = area_printf(a, 0, y, ROLE_KEY, "[%d] ", i + 1);
	snprintf(
	    about, sizeof about, "%s, risk %s", fix_side_name(f->side), fix_risk_name(f->risk));
	if (a.w >= 48)
		end = area_right(a, a.w - 1, x + 16, y, ROLE_DIM, about);
	sb_init(&sb, title, sizeof title);
	diag_expand(v->d, f->title, &sb);
	area_cut(a, x, y, end - 1 - x, ROLE_TEXT, title, v->g->more);
	if (selected)
		area_select(a, y);
}

static int
rows(const struct view *v)
{
	return v->d->nfixes;
}

static void
draw(const struct view *v, struct area a, bool focus)
{
	int n = v->d->nfixes, sel = v->sel[PANEL_FIXES], top;

	if (n == 0) {
		area_cut(a, 0, 0, a.w, ROLE_DIM,
		    view_drills(v) ? "hidden in a drill"
		    : v->d->ended  ? "nothing to fix"
				   : "no fix yet",
		    v->g->more);
		return;
	}
	if (a.h >= n || a.w < 70) {
		top = list_top(v->top[PANEL_FIXES], sel, n, a.h);
		for (int i = 0; i < a.h && top + i < n; i++)
			draw_fix(v, a, i, top + i, focus && top + i == sel);
		return;
	}
	/* Two columns, read downwards; rows that do not fit scroll by whole columns. */
	top = sel / (2 * a.h) * 2 * a.h;
	for (int i = 0; i < 2 * a.h && top + i < n; i++) {
		struct area half =
		    area_sub(a, i < a.h ? 0 : a.w / 2, 0, i < a.h ? a.w / 2 - 1 : a.w, a.h);

		draw_fix(v, half, i % a.h, top + i, focus && top + i == sel);
	}
}

static void
status(const struct view *v, struct strbuf *sb)
{
	sb_puts(sb, v->read_only ? "read-only: shown and copied"
				 : "a key shows it; nothing is done unasked");
}

static void
copy(const struct view *v, struct strbuf *sb)
{
	const struct fix *f;

	if (v->sel[PANEL_FIXES] >= v->d->nfixes)
		return;
	f = v->d->fixes[v->sel[PANEL_FIXES]].fix;
	if (f->command != NULL)
		fix_command(v->d, f, sb);
	else
		diag_expand(v->d, f->words != NULL ? f->words : f->title, sb);
}

const struct panel panel_fixes = {
	.title = "Fixes",
	.tab = "Fixes",
	.rows = rows,
	.status = status,
	.draw = draw,
	.copy = copy,
};
