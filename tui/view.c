/* What the view as a whole says: where keys go, and what can be done now. Called by app.c, frame.c and the help. */
#include "panel.h"

#include <stdio.h>
#include <string.h>

#include "drill.h"
#include "walking.h"

bool
view_locked(const struct view *v)
{
	return v->walk != NULL && v->walk->on && !v->walk->way.unlocked;
}

bool
view_fix_locked(const struct view *v, int n)
{
	const struct walk_step *s;

	if (!view_locked(v) || v->dialog != DIALOG_WALK || n < 0 || n >= v->d->nfixes)
		return view_locked(v);
	s = walker_step(&v->walk->way);
	return s->end == WALK_ASKS || !walk_has_fix(s, v->d->fixes[n].fix->id);
}

bool
view_counts(const struct view *v)
{
	const struct finding *f = view_finding(v);
	const struct stop_rule *r = NULL;

	if (!v->live || v->wait_s <= 0)
		return false;
	if (v->dialog == DIALOG_WALK)
		r = stop_of(v->d);
	else if (v->dialog == DIALOG_FINDING && f != NULL)
		r = stop_of_finding(f);
	return v->dialog == DIALOG_RERUN || (r != NULL && r->wait_s > 0);
}

/* Why an action of the walkthrough cannot do anything now. */
static const char *
no_walk(const struct view *v, enum action a)
{
	const char *known[WALK_LISTED];
	const struct walk_step *s;

	if (v->walk == NULL || !v->walk->open)
		return "the walkthrough is not open: W opens it";
	s = walker_step(&v->walk->way);
	switch (a) {
	case ACTION_WALK_NEXT: return walk_decided(v->d, s) >= 0 ? NULL : "nothing is decided here";
	case ACTION_WALK_BACK: return v->walk->way.passed > 0 ? NULL : "this is the first step";
	case ACTION_WALK_SKIP: return s->end == WALK_ASKS ? NULL : "the way ends here";
	case ACTION_WALK_NUMBER:
		return s->end == WALK_ASKS || v->d->nfixes > 0 ? NULL : "there is no fix";
	case ACTION_WALK_COPY:
		return walk_commands(v->d, s->hand, s->nhand, known) +
				   walk_commands(v->d, s->server, s->nserver, known) >
			       0
			   ? NULL
			   : "this step has no command";
	default: return NULL;
	}
}

unsigned
view_context(const struct view *v)
{
	if (v->prompt != PROMPT_NONE)
		return CTX_TYPE;
	return v->dialog == DIALOG_NONE ? CTX_MAIN : dialog_at(v->dialog)->ctx;
}

const char view_drill_words[] = "A drill: what was found is hidden until you name it (a).";

bool
view_drills(const struct view *v)
{
	return v->drill != NULL && v->drill->on;
}

bool
view_fix_shown(const struct view *v)
{
	const struct fixing *f = v->fixing;

	if (f->fix == NULL || f->target != v->target)
		return false;
	if (f->first != NULL || v->dialog_arg < 0)
		return f->first != NULL && v->dialog_arg == FIXING_SECOND;
	return v->dialog_arg < v->d->nfixes && v->d->fixes[v->dialog_arg].fix == f->fix;
}

/* Why the fix that is shown cannot be applied. */
static const char *
no_apply(const struct view *v)
{
	const struct fixing *f = v->fixing;

	if (v->dialog != DIALOG_FIX || !view_fix_shown(v) || f->way == WAY_COPY)
		return "this fix is not applied from here: c copies it";
	if (v->read_only)
		return "read-only: a fix is shown and copied only";
	if (f->way == WAY_HOSTKEY && !f->unlocked)
		return "first the end of the new key is confirmed: its number asks for it";
	if (f->stage == STAGE_LOOKING)
		return "still looking at what is there";
	if (v->d->started && !v->d->ended)
		return "the diagnosis still runs";
	return f->stage == STAGE_READY ? NULL : "it was dealt with: see above";
}

/* Why there is nothing to keep. */
static const char *
no_keep(const struct view *v)
{
	const struct fixing *f = v->fixing;

	if (v->read_only)
		return "read-only: nothing is written";
	if (f->target == v->target && fixing_keep(f) != NULL)
		return v->d->started && !v->d->ended ? "the diagnosis still runs" : NULL;
	if (f->fix == NULL || f->target != v->target || f->kept || f->stage == STAGE_UNDONE ||
	    (v->dialog == DIALOG_FIX && !view_fix_shown(v)))
		return "there is nothing to keep";
	if (f->way == WAY_SERVER)
		return f->stage == STAGE_APPLIED ? NULL : "there is nothing to keep";
	return f->way == WAY_CONNECT && f->lines > 0 && f->stage != STAGE_LOOKING
		   ? NULL
		   : "there is nothing to keep";
}

static const char *
no_copy(const struct view *v)
{
	bool listed = v->dialog_arg >= 0 && v->dialog_arg < v->d->nfixes;

	if (v->dialog == DIALOG_FIX &&
	    (listed ? v->d->fixes[v->dialog_arg].fix->command != NULL
		    : view_fix_shown(v) && v->fixing->command[0] != '\0'))
		return NULL;
	return "no command is shown";
}

const char *
view_why_not(const struct view *v, enum action a)
{
	bool running = v->d->started && !v->d->ended;

	switch (a) {
	case ACTION_ANSWER:
		return !view_drills(v)             ? "this is no drill, or it is over"
		       : running || !v->d->started ? "the diagnosis still runs"
						   : NULL;
	case ACTION_WALK: return view_drills(v) ? "a drill: name the cause first" : NULL;
	case ACTION_WALK_NEXT:
	case ACTION_WALK_NUMBER:
	case ACTION_WALK_BACK:
	case ACTION_WALK_SKIP:
	case ACTION_WALK_COPY: return no_walk(v, a);
	case ACTION_FIX_PREVIEW:
		return view_locked(v)     ? "locked until the walkthrough comes to the cause (W)"
		       : v->d->nfixes > 0 ? NULL
					  : "there is no fix";
	case ACTION_CANCEL: return v->live && running ? NULL : "nothing is running";
	case ACTION_RERUN_ALL:
		return !v->live ? "this is a recording" : running ? "still running" : NULL;
	case ACTION_PASTE:
		return v->live
			   ? NULL
			   : "this is a recording: start with --paste to diagnose from text alone";
	case ACTION_BACK:
		if (v->dialog == DIALOG_TABLE)
			return "this is all";
		return v->prompt != PROMPT_NONE || v->zoom || v->dialog != DIALOG_NONE ||
			       v->roster != NULL
			   ? NULL
			   : "there is no way back";
	case ACTION_TABLE:
	case ACTION_TARGET_NEXT:
	case ACTION_TARGET_PREV: return v->ntargets > 1 ? NULL : "there is one target only";
	case ACTION_COPY_COMMAND: return no_copy(v);
	case ACTION_FIX_APPLY: return no_apply(v);
	case ACTION_LOGIN:
		return !v->live  ? "this is a recording"
		       : running ? "still running"
		       : fact_has(&v->d->facts, F_HOSTKEY_CHANGED)
			   ? "the host key has changed: nothing goes to it"
		       : slot_text(v->d, SLOT_DEST)[0] == '\0' ? "the destination is not known"
							       : NULL;
	case ACTION_FIX_KEEP: return no_keep(v);
	case ACTION_FIX_UNDO:
		return v->read_only ? "read-only: nothing is written"
		       : v->fixing->id[0] != '\0' && v->fixing->stage != STAGE_UNDONE &&
			       v->fixing->target == v->target
			   ? NULL
			   : "nothing was applied here; sshmedic --undo ID undoes what was earlier";
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
