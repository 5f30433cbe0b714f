/*
 * Carrying out actions: the table that joins action.def to its functions, and
 * what belongs to windows and fields. Called by app.c.
 */
#include "app_state.h"

#include <string.h>

void
app_dialog(struct app *a, enum dialog_id d, int arg)
{
	a->v.dialog = d;
	a->v.dialog_arg = arg;
	a->v.dialog_top = a->v.dialog_sel = 0;
	field_set(&a->v.field, "");
}

void
app_prompt(struct app *a, enum prompt_id p, const char *text)
{
	a->v.prompt = p;
	field_set(&a->v.field, text);
}

void
act_help(struct app *a, int nth)
{
	(void)nth;
	app_dialog(a, DIALOG_HELP, 0);
}

void
act_palette(struct app *a, int nth)
{
	act_help(a, nth);
}

/* Enter in the help runs the chosen command, as its key would. */
static void
accept_help(struct app *a)
{
	enum action what = help_action(&a->v, a->v.dialog_sel);
	const char *why = what == ACTION_NONE ? "no command is chosen" : view_why_not(&a->v, what);

	if (why != NULL) {
		app_say(a, "%s", why);
		return;
	}
	a->v.dialog = app_home(a);
	app_act(a, what, 0);
}

/* What Enter does in a window with rows or a field. */
static void (*const accept_dialog[DIALOG__COUNT])(struct app *) = {
	[DIALOG_HELP] = accept_help,
	[DIALOG_HOSTKEY] = app_confirm_hostkey,
	[DIALOG_THEME] = app_keep_theme,
	[DIALOG_DRILL_LAYER] = app_drill_layer,
	[DIALOG_DRILL_FINDING] = app_drill_finding,
	[DIALOG_SAVE] = app_save,
};

/* What Enter does in a prompt, and what each change of its field does; NULL: nothing. */
static const struct {
	void (*accept)(struct app *), (*changed)(struct app *);
} prompt_does[PROMPT__COUNT] = {
	[PROMPT_SEARCH] = { app_search, NULL },
	[PROMPT_FILTER] = { app_filter, NULL },
	[PROMPT_FILE] = { app_add_file, NULL },
};

void
act_accept(struct app *a, int nth)
{
	enum prompt_id p = a->v.prompt;

	(void)nth;
	if (p != PROMPT_NONE) {
		a->v.prompt = PROMPT_NONE;
		if (prompt_does[p].accept != NULL)
			prompt_does[p].accept(a);
	} else if (accept_dialog[a->v.dialog] != NULL) {
		accept_dialog[a->v.dialog](a);
	}
}

/* The walkthrough goes on behind the panels. */
static void
close_walk(struct app *a)
{
	a->walking.open = false;
	a->v.dialog = DIALOG_NONE;
	app_say(a, "the walkthrough waits: W goes on with it");
}

void
act_back(struct app *a, int nth)
{
	(void)nth;
	if (a->v.prompt != PROMPT_NONE)
		a->v.prompt = PROMPT_NONE;
	else if (a->v.dialog == DIALOG_TABLE)
		app_say(a, "Enter opens a target, q quits");
	else if (a->v.dialog == DIALOG_WALK)
		close_walk(a);
	else if (a->v.dialog != DIALOG_NONE) {
		if (a->v.dialog == DIALOG_OUTCOME)
			app_fix_read(a);
		app_dialog(a, app_home(a), 0);
	} else if (app_search_stop(a))
		app_say(a, "the search is over");
	else if (app_report_stop(a))
		app_say(a, "the report is given up");
	else if (a->v.zoom || a->table == NULL)
		a->v.zoom = false;
	else
		act_table(a, 0);
}

/* The field's text has changed. */
static void
field_changed(struct app *a)
{
	a->v.dialog_sel = 0;
	if (a->v.prompt != PROMPT_NONE && prompt_does[a->v.prompt].changed != NULL)
		prompt_does[a->v.prompt].changed(a);
}

void
app_type(struct app *a, uint32_t key)
{
	if ((view_context(&a->v) & CTX_TYPE) == 0) {
		app_drill_number(a, key);
		return;
	}
	if (field_key(&a->v.field, key))
		field_changed(a);
	app_touch(a);
}

void
app_paste(struct app *a, const char *bytes, size_t len)
{
	bool lines = memchr(bytes, '\n', len) != NULL || memchr(bytes, '\r', len) != NULL;

	/* Where a file may be named, more than one line is the text itself. */
	if ((view_context(&a->v) & CTX_TYPE) == 0 || (a->v.prompt == PROMPT_FILE && lines)) {
		app_offer_text(a, bytes, len);
		return;
	}
	if (field_insert(&a->v.field, bytes, len))
		field_changed(a);
	app_touch(a);
}

static void (*const handlers[ACTION__COUNT])(struct app *, int nth) = {
#define ACTION(id, run, keys, where, group, hint, help) [ACTION_##id] = run,
#include "action.def"
#undef ACTION
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
	app_table_follow(a);
	/* The next key of the same burst must see a view that is in bounds. */
	frame_layout(&a->v, &a->l, a->l.cols, a->l.rows);
}
