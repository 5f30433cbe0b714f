/* A drill on the screen: what is hidden, the question, and the answer. Called by app_act.c and by app.c. */
#include "app_state.h"

void
app_drill_mask(struct app *a)
{
	struct view *v = &a->v;
	const struct ev_line *line;

	a->told = v->d;
	if (!a->drill.on)
		return;
	v->d = drill_mask(&a->drill, v->d);
	if (v->focus == PANEL_LOG && !v->follow && v->sel[PANEL_LOG] >= 0 &&
	    (line = logidx_line(v->log, (size_t)v->sel[PANEL_LOG])) != NULL)
		drill_look(&a->drill, line->n);
}

bool
app_drill_hides(struct app *a)
{
	if (a->drill.on)
		app_say(a, "a drill: first name your verdict (a)");
	return a->drill.on;
}

void
act_answer(struct app *a, int nth)
{
	const char *why = view_why_not(&a->v, ACTION_ANSWER);

	(void)nth;
	if (why != NULL)
		app_say(a, "%s", why);
	else
		app_dialog(a, DIALOG_DRILL_LAYER, 0);
}

/* The answer is given: all is shown. */
static void
tell(struct app *a, const struct catalogue_row *answer)
{
	drill_answer(&a->drill, a->told, answer);
	app_refresh(a);
	app_dialog(a, DIALOG_DRILL_TOLD, 0);
}

void
app_drill_layer(struct app *a)
{
	int i = a->v.dialog_sel;

	if (i >= LAYER__COUNT) {
		a->drill.layer = LAYER_NONE;
		tell(a, catalogue_by_id("healthy"));
		return;
	}
	drill_choose(&a->drill, a->told, (enum layer)i);
	app_dialog(a, DIALOG_DRILL_FINDING, 0);
}

void
app_drill_number(struct app *a, uint32_t key)
{
	struct view *v = &a->v;
	bool list = v->dialog == DIALOG_DRILL_LAYER || v->dialog == DIALOG_DRILL_FINDING;

	if (!list || key < '1' || key > '9' || (int)(key - '1') >= dialog_at(v->dialog)->rows(v))
		return;
	v->dialog_sel = (int)(key - '1');
	app_touch(a);
}

void
app_drill_finding(struct app *a)
{
	if (a->v.dialog_sel >= 0 && a->v.dialog_sel < a->drill.n)
		tell(a, a->drill.choice[a->v.dialog_sel]);
}
