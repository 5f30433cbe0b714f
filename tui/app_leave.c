/* Leaving, stopping for a while, and drawing anew. Called by app_act.c. */
#include "app_state.h"

void
act_quit(struct app *a, int nth)
{
	(void)nth;
	app_leave(a, APP_QUIT);
}

void
act_interrupt(struct app *a, int nth)
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

void
act_suspend(struct app *a, int nth)
{
	(void)nth;
	if (a->screen != NULL)
		screen_suspend(a->screen);
}

void
act_redraw(struct app *a, int nth)
{
	(void)nth;
	if (a->screen == NULL)
		return;
	screen_resize(a->screen);
	screen_redraw(a->screen);
}
