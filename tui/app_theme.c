/* The theme of the screen, and another one while one is chosen. Called by app_act.c and before each frame by app.c. */
#include "app_state.h"

#include <string.h>

#include "shelf.h"

void
act_theme(struct app *a, int nth)
{
	(void)nth;
	if (a->screen == NULL) {
		app_say(a, "there is no screen that a theme could change");
		return;
	}
	shelf_free(a->shelf);
	a->v.shelf = a->shelf = shelf_new(&a->theme, screen_depth(a->screen));
	if (a->shelf == NULL) {
		app_say(a, "out of memory");
		return;
	}
	app_dialog(a, DIALOG_THEME, 0);
	a->v.dialog_sel = shelf_find(a->shelf, &a->theme);
}

void
app_keep_theme(struct app *a)
{
	const struct shelf_theme *t = &a->shelf->at[a->v.dialog_sel];

	a->theme = t->theme;
	a->v.dialog = DIALOG_NONE;
	app_say(a,
	    "theme %s for this session; for good: theme = %s under [ui] of the configuration",
	    t->name, t->name);
}

void
app_show_theme(struct app *a)
{
	bool choosing = a->v.dialog == DIALOG_THEME;
	const struct theme *t = choosing ? &a->shelf->at[a->v.dialog_sel].theme : &a->theme;

	if (memcmp(&a->drawn, t, sizeof a->drawn) != 0) {
		a->drawn = *t;
		screen_theme(a->screen, t);
	}
	if (!choosing && a->shelf != NULL) {
		shelf_free(a->shelf);
		a->v.shelf = a->shelf = NULL;
	}
}
