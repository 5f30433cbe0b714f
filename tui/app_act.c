/*
 * What keys do: one function an action, and the table that joins them to
 * action.def. Called by app.c.
 */
#include "app_state.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../core/report.h"

enum { COPY_LEN = 40 * 1024 };

static void
scroll(struct app *a, int by)
{
	struct view *v = &a->v;

	if (v->dialog != DIALOG_NONE) {
		v->dialog_top += by;
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
		h = a->l.rows - 4;
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

static void
open_dialog(struct app *a, enum dialog_id d, int arg)
{
	a->v.dialog = d;
	a->v.dialog_arg = arg;
	a->v.dialog_top = 0;
}

/* Put the log on evidence number n, in as much detail as that takes. */
static void
go_to(struct app *a, uint32_t n)
{
	struct view *v = &a->v;
	const struct ev_line *line = logidx_line(a->log, logidx_find(a->log, n));

	if (line == NULL || line->n != n) {
		v->level = VIEW_LEVELS - 1;
		logidx_filter(a->log, (uint16_t)v->target, v->level);
	}
	v->focus = PANEL_LOG;
	v->follow = false;
	v->sel[PANEL_LOG] = (int)logidx_find(a->log, n);
}

static void
do_help(struct app *a, int nth)
{
	(void)nth;
	open_dialog(a, DIALOG_HELP, 0);
}

static void
do_fix(struct app *a, int nth)
{
	if (nth < a->v.d->nfixes)
		open_dialog(a, DIALOG_FIX, nth);
	else
		app_say(a, "there is no fix %d here", nth + 1);
}

static void
do_next_panel(struct app *a, int nth)
{
	struct view *v = &a->v;

	(void)nth;
	for (int i = 0; i < PANEL__COUNT; i++) {
		v->focus = (v->focus + 1) % PANEL__COUNT;
		if (v->zoom || !a->l.boxed || a->l.panel[v->focus].h > 0)
			return;
	}
}

static void
do_prev_panel(struct app *a, int nth)
{
	struct view *v = &a->v;

	(void)nth;
	for (int i = 0; i < PANEL__COUNT; i++) {
		v->focus = (v->focus + PANEL__COUNT - 1) % PANEL__COUNT;
		if (v->zoom || !a->l.boxed || a->l.panel[v->focus].h > 0)
			return;
	}
}

static void
do_evidence(struct app *a, int nth)
{
	const struct finding *f = view_finding(&a->v);
	const struct ev_line *line = logidx_line(a->log, (size_t)a->v.sel[PANEL_LOG]);
	uint32_t at = line != NULL && a->v.focus == PANEL_LOG ? line->n : 0, best = 0, first = 0;

	(void)nth;
	for (int i = 0; f != NULL && i < f->nev; i++) {
		uint32_t n = f->ev[i];

		if (n > 0 && (first == 0 || n < first))
			first = n;
		if (n > at && (best == 0 || n < best))
			best = n;
	}
	if (first == 0)
		app_say(a, "the selected finding names no line of evidence");
	else
		go_to(a, best != 0 ? best : first);
}

static void
do_zoom(struct app *a, int nth)
{
	(void)nth;
	a->v.zoom = !a->v.zoom;
}

static void
do_open(struct app *a, int nth)
{
	const struct finding *f = view_finding(&a->v);

	(void)nth;
	if (a->v.focus == PANEL_FIXES && a->v.d->nfixes > 0)
		open_dialog(a, DIALOG_FIX, a->v.sel[PANEL_FIXES]);
	else if (a->v.focus == PANEL_FINDINGS && f != NULL && f->nev > 0)
		go_to(a, f->ev[0]);
	else
		do_zoom(a, 0);
}

static void
do_up(struct app *a, int nth)
{
	(void)nth;
	scroll(a, -1);
}

static void
do_down(struct app *a, int nth)
{
	(void)nth;
	scroll(a, 1);
}

static void
do_page_up(struct app *a, int nth)
{
	(void)nth;
	scroll_page(a, -1);
}

static void
do_page_down(struct app *a, int nth)
{
	(void)nth;
	scroll_page(a, 1);
}

static void
do_first(struct app *a, int nth)
{
	(void)nth;
	scroll(a, -(1 << 24));
}

static void
do_last(struct app *a, int nth)
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
		(dir > 0 ? do_next_panel : do_prev_panel)(a, 0);
		return;
	}
	a->v.xoff += dir * 8;
	if (a->v.xoff < 0)
		a->v.xoff = 0;
}

static void
do_left(struct app *a, int nth)
{
	(void)nth;
	sideways(a, -1);
}

static void
do_right(struct app *a, int nth)
{
	(void)nth;
	sideways(a, 1);
}

static void
do_level(struct app *a, int nth)
{
	static const char *const what[VIEW_LEVELS] = { "milestones only",
		"what a person wants to see", "detail", "everything, raw" };
	const struct ev_line *line = logidx_line(a->log, (size_t)a->v.sel[PANEL_LOG]);

	(void)nth;
	a->v.level = (a->v.level + 1) % VIEW_LEVELS;
	logidx_filter(a->log, (uint16_t)a->v.target, a->v.level);
	if (line != NULL)
		a->v.sel[PANEL_LOG] = (int)logidx_find(a->log, line->n);
	app_say(a, "evidence level %d: %s", a->v.level, what[a->v.level]);
}

static void
do_follow(struct app *a, int nth)
{
	(void)nth;
	a->v.follow = !a->v.follow;
	app_say(a, a->v.follow ? "the evidence follows the newest line"
			       : "the evidence stays where it is");
}

static void
change_target(struct app *a, int dir)
{
	struct view *v = &a->v;

	if (v->ntargets < 2) {
		app_say(a, "there is one target only");
		return;
	}
	v->target = (v->target + dir + v->ntargets) % v->ntargets;
	memset(v->sel, 0, sizeof v->sel);
	memset(v->top, 0, sizeof v->top);
	v->follow = true;
	a->counted_run = 0;
	a->penalty_until_us = 0;
}

static void
do_next_target(struct app *a, int nth)
{
	(void)nth;
	change_target(a, 1);
}

static void
do_prev_target(struct app *a, int nth)
{
	(void)nth;
	change_target(a, -1);
}

static void
do_copy_line(struct app *a, int nth)
{
	char *buf = malloc(COPY_LEN);
	struct strbuf sb;

	(void)nth;
	if (buf == NULL)
		return;
	sb_init(&sb, buf, COPY_LEN);
	panel_at(a->v.focus)->copy(&a->v, &sb);
	copier_copy(a->copier, buf, sb.len);
	free(buf);
}

static void
do_copy_report(struct app *a, int nth)
{
	char *buf = NULL;
	size_t len = 0;
	FILE *f = open_memstream(&buf, &len);

	(void)nth;
	if (f == NULL)
		return;
	report_text(a->v.d, a->book, 80, f);
	fclose(f);
	copier_copy(a->copier, buf, len);
	free(buf);
}

static void
do_copy_command(struct app *a, int nth)
{
	const struct fix *f =
	    a->v.dialog_arg < a->v.d->nfixes ? a->v.d->fixes[a->v.dialog_arg].fix : NULL;
	char buf[4096];
	struct strbuf sb;

	(void)nth;
	if (f == NULL || f->command == NULL) {
		app_say(a, "this fix has no command");
		return;
	}
	sb_init(&sb, buf, sizeof buf);
	fix_command(a->v.d, f, &sb);
	if (sb.cut)
		app_say(a, "the command is too long to copy");
	else
		copier_copy(a->copier, buf, sb.len);
}

static void
rerun(struct app *a)
{
	a->v.dialog = DIALOG_NONE;
	a->v.follow = true;
	engine_rerun(a->engine, (uint16_t)a->v.target, NULL, NULL);
	app_say(a, "diagnosing again");
}

static void
do_rerun(struct app *a, int nth)
{
	(void)nth;
	if (a->engine == NULL)
		app_say(a, "this is a recording: there is nothing to run again");
	else if (a->running)
		app_say(a, "still running; x cancels");
	else if (a->v.wait_s >= PENALTY_MIN_S)
		open_dialog(a, DIALOG_RERUN, 0);
	else
		rerun(a);
}

static void
do_confirm(struct app *a, int nth)
{
	(void)nth;
	rerun(a);
}

static void
do_cancel(struct app *a, int nth)
{
	(void)nth;
	if (!a->running) {
		app_say(a, "nothing is running");
		return;
	}
	engine_cancel(a->engine, (uint16_t)a->v.target);
	app_say(a, "cancelled");
}

static void
do_back(struct app *a, int nth)
{
	(void)nth;
	if (a->v.dialog != DIALOG_NONE)
		a->v.dialog = DIALOG_NONE;
	else
		a->v.zoom = false;
}

static void
do_quit(struct app *a, int nth)
{
	(void)nth;
	app_leave(a, APP_QUIT);
}

static void
do_interrupt(struct app *a, int nth)
{
	(void)nth;
	if (!a->running || a->asked_to_stop) {
		app_leave(a, APP_INTERRUPTED);
		return;
	}
	a->asked_to_stop = true;
	engine_cancel(a->engine, (uint16_t)a->v.target);
	app_say(a, "cancelled; Ctrl-C once more quits");
}

static void
do_suspend(struct app *a, int nth)
{
	(void)nth;
	screen_suspend(a->screen);
}

static void
do_redraw(struct app *a, int nth)
{
	(void)nth;
	screen_resize(a->screen);
	screen_redraw(a->screen);
}

static void (*const handlers[ACTION__COUNT])(struct app *, int nth) = {
	[ACTION_HELP] = do_help,
	[ACTION_FIX] = do_fix,
	[ACTION_COPYCMD] = do_copy_command,
	[ACTION_CONFIRM] = do_confirm,
	[ACTION_NEXTPANEL] = do_next_panel,
	[ACTION_PREVPANEL] = do_prev_panel,
	[ACTION_OPEN] = do_open,
	[ACTION_EVIDENCE] = do_evidence,
	[ACTION_UP] = do_up,
	[ACTION_DOWN] = do_down,
	[ACTION_PAGEUP] = do_page_up,
	[ACTION_PAGEDOWN] = do_page_down,
	[ACTION_FIRST] = do_first,
	[ACTION_LAST] = do_last,
	[ACTION_LEFT] = do_left,
	[ACTION_RIGHT] = do_right,
	[ACTION_ZOOM] = do_zoom,
	[ACTION_LEVEL] = do_level,
	[ACTION_FOLLOW] = do_follow,
	[ACTION_NEXTTARGET] = do_next_target,
	[ACTION_PREVTARGET] = do_prev_target,
	[ACTION_COPYLINE] = do_copy_line,
	[ACTION_COPYREPORT] = do_copy_report,
	[ACTION_RERUN] = do_rerun,
	[ACTION_CANCEL] = do_cancel,
	[ACTION_BACK] = do_back,
	[ACTION_CLOSE] = do_back,
	[ACTION_QUIT] = do_quit,
	[ACTION_INTERRUPT] = do_interrupt,
	[ACTION_SUSPEND] = do_suspend,
	[ACTION_REDRAW] = do_redraw,
};

void
app_act(struct app *a, enum action what, int nth)
{
	if (a->stale)
		app_refresh(a); /* what the view points to may be gone */
	a->v.message[0] = '\0';
	app_touch(a);
	if (what != ACTION_NONE)
		handlers[what](a, nth);
	/* The next key of the same burst must see a view that is in bounds. */
	frame_layout(&a->v, &a->l, a->l.cols, a->l.rows);
}
