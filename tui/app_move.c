/* Moving about: lines, pages, panels, views and targets. Called by app_act.c. */
#include "app_state.h"

#include <string.h>

static void
scroll(struct app *a, int by)
{
	struct view *v = &a->v;

	if (v->dialog != DIALOG_NONE) {
		*(dialog_at(v->dialog)->rows != NULL ? &v->dialog_sel : &v->dialog_top) += by;
		return;
	}
	if (v->focus == PANEL_FINDINGS && by != 0)
		v->top[PANEL_FINDINGS] = 0; /* another finding, another explanation */
	if (v->focus == PANEL_LOG && by < 0)
		v->follow = false;
	v->sel[v->focus] += by;
}

static int
page(const struct app *a)
{
	int h = a->l.panel[a->v.focus].h - (a->l.boxed ? 2 : 0);

	if (a->v.dialog != DIALOG_NONE)
		return a->v.page;
	return h > 1 ? h - 1 : 1;
}

static void
scroll_page(struct app *a, int dir)
{
	if (a->v.dialog == DIALOG_NONE && a->v.focus == PANEL_FINDINGS)
		a->v.top[PANEL_FINDINGS] += dir * (page(a) / 2 > 0 ? page(a) / 2 : 1);
	else
		scroll(a, dir * page(a));
}

void
act_panel_next(struct app *a, int nth)
{
	struct view *v = &a->v;

	(void)nth;
	for (int i = 0; i < PANEL__COUNT; i++) {
		v->focus = (v->focus + 1) % PANEL__COUNT;
		if (v->zoom || !a->l.boxed || a->l.panel[v->focus].h > 0)
			return;
	}
}

void
act_panel_prev(struct app *a, int nth)
{
	struct view *v = &a->v;

	(void)nth;
	for (int i = 0; i < PANEL__COUNT; i++) {
		v->focus = (v->focus + PANEL__COUNT - 1) % PANEL__COUNT;
		if (v->zoom || !a->l.boxed || a->l.panel[v->focus].h > 0)
			return;
	}
}

void
act_zoom(struct app *a, int nth)
{
	(void)nth;
	a->v.zoom = !a->v.zoom;
}

void
act_open(struct app *a, int nth)
{
	const struct finding *f = view_finding(&a->v);

	(void)nth;
	if (a->v.focus == PANEL_FIXES && a->v.d->nfixes > 0)
		act_fix(a, a->v.sel[PANEL_FIXES]);
	else if (a->v.focus == PANEL_FINDINGS && f != NULL)
		app_dialog(a, DIALOG_FINDING, 0);
	else
		act_zoom(a, 0);
}

void
act_up(struct app *a, int nth)
{
	(void)nth;
	scroll(a, -1);
}

void
act_down(struct app *a, int nth)
{
	(void)nth;
	scroll(a, 1);
}

void
act_page_up(struct app *a, int nth)
{
	(void)nth;
	scroll_page(a, -1);
}

void
act_page_down(struct app *a, int nth)
{
	(void)nth;
	scroll_page(a, 1);
}

void
act_first(struct app *a, int nth)
{
	(void)nth;
	scroll(a, -(1 << 24));
}

void
act_last(struct app *a, int nth)
{
	(void)nth;
	scroll(a, 1 << 24);
	if (a->v.dialog == DIALOG_NONE && a->v.focus == PANEL_LOG)
		a->v.follow = true;
}

static void
sideways(struct app *a, int dir)
{
	if (!a->l.boxed) {
		(dir > 0 ? act_panel_next : act_panel_prev)(a, 0);
		return;
	}
	a->v.xoff += dir * 8;
	if (a->v.xoff < 0)
		a->v.xoff = 0;
}

void
act_left(struct app *a, int nth)
{
	(void)nth;
	sideways(a, -1);
}

void
act_right(struct app *a, int nth)
{
	(void)nth;
	sideways(a, 1);
}

static void
change_target(struct app *a, int dir)
{
	struct view *v = &a->v;

	if (v->ntargets < 2) {
		app_say(a, "there is one target only");
		return;
	}
	app_target(a, (v->target + dir + v->ntargets) % v->ntargets);
}

void
app_target(struct app *a, int target)
{
	struct view *v = &a->v;

	v->target = target;
	a->stale = true;
	memset(v->sel, 0, sizeof v->sel);
	memset(v->top, 0, sizeof v->top);
	v->follow = true;
	a->counted_run = 0;
	a->penalty_until_us = 0;
}

void
act_target_next(struct app *a, int nth)
{
	(void)nth;
	change_target(a, 1);
}

void
act_target_prev(struct app *a, int nth)
{
	(void)nth;
	change_target(a, -1);
}
