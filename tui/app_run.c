/* Running again and cancelling. Called by app_act.c. */
#include "app_state.h"

static void
rerun(struct app *a)
{
	a->v.dialog = app_home(a);
	a->v.follow = true;
	/* The command as it was given: what a fix tried holds for its own run alone. */
	app_watch_asked(a);
	engine_rerun(a->engine, (uint16_t)a->v.target, NULL, a->opt.run);
	app_say(a, "diagnosing again");
}

void
act_rerun(struct app *a, int nth)
{
	(void)nth;
	if (a->engine == NULL)
		app_say(a, "this is a recording: there is nothing to run again");
	else if (a->running)
		app_say(a, "still running; x cancels");
	else if (a->v.wait_s >= PENALTY_MIN_S)
		app_dialog(a, DIALOG_RERUN, 0);
	else
		rerun(a);
}

void
act_confirm(struct app *a, int nth)
{
	(void)nth;
	rerun(a);
}

void
act_cancel(struct app *a, int nth)
{
	(void)nth;
	if (!a->running) {
		app_say(a, "nothing is running");
		return;
	}
	engine_cancel(a->engine, (uint16_t)a->v.target);
	app_say(a, "cancelled");
}
