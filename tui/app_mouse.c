/* What the mouse does: a click chooses a panel and a row, the wheel moves. Called by app.c. */
#include "app_state.h"

void
act_mouse(struct app *a, int nth)
{
	(void)nth;
	if (a->screen == NULL)
		return;
	a->mouse = !a->mouse;
	screen_mouse_on(a->screen, a->mouse);
	app_say(a, a->mouse ? "the mouse is on; Shift and drag still selects text"
			    : "the mouse is off: the terminal selects text");
}

/* The panel at a cell, or PANEL__COUNT. */
static enum panel_id
panel_under(const struct layout *l, int x, int y)
{
	for (int p = 0; p < PANEL__COUNT; p++) {
		const struct rect *r = &l->panel[p];

		if (x >= r->x && x < r->x + r->w && y >= r->y && y < r->y + r->h)
			return (enum panel_id)p;
	}
	return PANEL__COUNT;
}

/* A click: the panel gets the keys, its row is selected; once more on the same row opens it. */
static void
click(struct app *a, int x, int y)
{
	struct view *v = &a->v;
	enum panel_id p = panel_under(&a->l, x, y);
	int row;

	if (v->dialog != DIALOG_NONE || p == PANEL__COUNT)
		return;
	row = y - a->l.panel[p].y - a->l.boxed + (p == PANEL_FINDINGS ? 0 : v->top[p]);
	if (row < 0 || row >= panel_at(p)->rows(v)) {
		v->focus = p;
	} else if (v->focus == p && v->sel[p] == row) {
		app_act(a, ACTION_OPEN, 0);
	} else {
		v->focus = p;
		v->follow = v->follow && p != PANEL_LOG;
		v->sel[p] = row;
	}
}

void
app_mouse(struct app *a)
{
	int x = 0, y = 0;

	switch (screen_mouse(a->screen, &x, &y)) {
	case MOUSE_CLICK: click(a, x, y); break;
	case MOUSE_WHEEL_UP: app_act(a, ACTION_MOVE_UP, 0); break;
	case MOUSE_WHEEL_DOWN: app_act(a, ACTION_MOVE_DOWN, 0); break;
	case MOUSE_NONE: break;
	}
	app_touch(a);
}
