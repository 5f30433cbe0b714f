/* Text that the user adds as evidence: a paste, or a file by its name. Called by app_act.c. */
#include "app_state.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Whether there is a run that text could be added to; says why not. */
static bool
can_add(struct app *a)
{
	if (a->engine == NULL)
		app_say(a, "this is a recording: start with --paste to diagnose from text alone");
	return a->engine != NULL;
}

void
act_paste(struct app *a, int nth)
{
	(void)nth;
	if (can_add(a))
		app_prompt(a, PROMPT_FILE, "");
}

/* The name of a file was given. */
void
app_add_file(struct app *a)
{
	const char *name = a->v.field.text;

	if (name[0] == '\0' || !can_add(a))
		return;
	if (access(name, R_OK) != 0) {
		app_say(a, "%s: %s", name, strerror(errno));
		return;
	}
	engine_add_file(a->engine, (uint16_t)a->v.target, name);
	app_say(a, "reading %s as evidence", name);
}

static void
drop(struct app *a)
{
	free(a->paste);
	a->paste = NULL;
	a->v.paste = NULL;
	a->v.paste_len = 0;
}

/* A paste outside a field: kept, and shown before it is used. */
void
app_offer_text(struct app *a, const char *bytes, size_t len)
{
	drop(a);
	if (len == 0 || !can_add(a) || (a->paste = malloc(len)) == NULL)
		return;
	memcpy(a->paste, bytes, len);
	a->v.paste = a->paste;
	a->v.paste_len = len;
	a->v.prompt = PROMPT_NONE;
	app_dialog(a, DIALOG_PASTE, 0);
	app_touch(a);
}

void
act_add_text(struct app *a, int nth)
{
	(void)nth;
	a->v.dialog = app_home(a);
	if (a->paste == NULL || !can_add(a))
		return;
	engine_add_text(a->engine, (uint16_t)a->v.target, "pasted", a->paste, a->v.paste_len);
	app_say(a, "added %zu bytes as evidence", a->v.paste_len);
	drop(a);
}
