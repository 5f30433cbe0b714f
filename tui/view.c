/* What the view as a whole says: where keys go, and what can be done now. Called by app.c, frame.c and the help. */
#include "panel.h"

#include <stdio.h>
#include <string.h>

unsigned
view_context(const struct view *v)
{
	if (v->prompt != PROMPT_NONE)
		return CTX_TYPE;
	return v->dialog == DIALOG_NONE ? CTX_MAIN : dialog_at(v->dialog)->ctx;
}

const char *
view_why_not(const struct view *v, enum action a)
{
	bool running = v->d->started && !v->d->ended;

	switch (a) {
	case ACTION_FIX_PREVIEW: return v->d->nfixes > 0 ? NULL : "there is no fix";
	case ACTION_CANCEL: return v->live && running ? NULL : "nothing is running";
	case ACTION_RERUN_ALL:
		return !v->live ? "this is a recording" : running ? "still running" : NULL;
	case ACTION_BACK:
		return v->zoom || v->dialog != DIALOG_NONE ? NULL : "there is no way back";
	case ACTION_TARGET_NEXT:
	case ACTION_TARGET_PREV: return v->ntargets > 1 ? NULL : "there is one target only";
	case ACTION_COPY_COMMAND:
		return v->dialog == DIALOG_FIX && v->dialog_arg < v->d->nfixes &&
			       v->d->fixes[v->dialog_arg].fix->command != NULL
			   ? NULL
			   : "no command is shown";
	case ACTION_EVIDENCE_NEXT:
		return view_finding(v) != NULL && view_finding(v)->nev > 0
			   ? NULL
			   : "no evidence is selected";
	default: return NULL;
	}
}

void
view_keys(const struct view *v, enum action a, bool all, char *buf, size_t cap)
{
	const char *keys = v->keys->keys[a];

	if (strcmp(keys, "1 2 3 4 5 6 7 8 9") == 0)
		text_copy(buf, cap, "1-9");
	else if (all)
		text_copy(buf, cap, keys);
	else
		snprintf(buf, cap, "%.*s", (int)key_first(keys), keys);
}
