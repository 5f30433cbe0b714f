/*
 * Fixes of this machine for the engine: the verbs that preview, apply and undo one. What touches files and
 * runs commands does so on the pool (change_apply.h); what came of it becomes evidence. Called by engine.c.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../change.h"
#include "change_apply.h"
#include "engine_internal.h"
#include "job.h"
#include "path.h"

/* What the pool's thread works on. */
struct doing {
	enum fix_verb verb;
	struct subject *s; /* not touched on the pool; lives as long as the loop has work */
	char home[PATH_LEN], config[PATH_LEN], fix[40], id[JOURNAL_ID], err[CHANGE_ERR];
	struct change c;
	struct change_plan *plan;
	int status; /* of FIX_RAN */
	bool ok;
};

static const char *const verb_names[] = {
	[FIX_PREVIEW] = "preview",
	[FIX_APPLY] = "apply",
	[FIX_UNDO] = "undo",
	[FIX_RAN] = "run",
};

/* ---- on the pool -------------------------------------------------------------------------- */

static void
work(void *data)
{
	struct doing *g = *(struct doing **)data;
	struct change_env env;

	if (!change_env_init(&env, g->home[0] != '\0' ? g->home : NULL, g->config)) {
		snprintf(g->err, sizeof g->err, "this user has no home directory");
		return;
	}
	if (g->verb == FIX_PREVIEW)
		g->ok = (g->plan = change_preview(&env, g->fix, &g->c, g->err)) != NULL;
	else if (g->verb == FIX_APPLY)
		g->ok = change_apply(&env, g->plan, g->id, g->err) == 0;
	else if (g->verb == FIX_RAN)
		g->ok = change_ran(&env, g->plan, g->status == 0, g->id, g->err) == 0;
	else
		g->ok = change_undo(&env, g->id, g->fix, g->err) == 0;
}

/* ---- on the loop ---------------------------------------------------------------------------- */

static void
say(struct subject *s, struct evidence *ev)
{
	engine_say(s, ev, VANTAGE_CLIENT, 0);
}

static void
say_failed(struct subject *s, enum fix_verb verb, const char *fix, const char *id, const char *text)
{
	struct evidence ev;

	ev_init(&ev, EV_FIX_FAILED);
	ev_str(&ev, K_SIDE, fix_side_name(SIDE_CLIENT));
	ev_str(&ev, K_WHAT, verb_names[verb]);
	if (fix[0] != '\0')
		ev_str(&ev, K_FIX, fix);
	if (id[0] != '\0')
		ev_str(&ev, K_ID, id);
	ev_str(&ev, K_TEXT, text);
	say(s, &ev);
}

static void
say_preview(struct subject *s, const char *fix, const struct change_plan *plan)
{
	struct evidence ev;
	const char *line;
	size_t n = 0;

	for (; (line = change_plan_line(plan, n)) != NULL; n++) {
		ev_init(&ev, EV_FIX_PREVIEW);
		ev_str(&ev, K_FIX, fix);
		ev_str(&ev, K_SIDE, fix_side_name(SIDE_CLIENT));
		ev_int(&ev, K_LINE, (int64_t)n + 1);
		ev_str(&ev, K_TEXT, line);
		say(s, &ev);
	}
	ev_init(&ev, EV_FIX_PREVIEW);
	ev_str(&ev, K_FIX, fix);
	ev_str(&ev, K_SIDE, fix_side_name(SIDE_CLIENT));
	ev_str(&ev, K_STATE, "end");
	ev_str(&ev, K_WHAT, change_op_name(change_plan_change(plan)->op));
	ev_int(&ev, K_COUNT, (int64_t)n);
	say(s, &ev);
}

/* A fix was applied or undone: said, and tested anew from the probe that proves it. */
static void
say_done(struct subject *s, enum ev_kind kind, const char *fix, const char *id)
{
	const struct fix *f = fix_by_id(fix);
	struct evidence ev;

	ev_init(&ev, kind);
	ev_str(&ev, K_FIX, fix);
	ev_str(&ev, K_SIDE, fix_side_name(SIDE_CLIENT));
	ev_str(&ev, K_ID, id);
	ev_str(&ev, K_STATE, kind == EV_FIX_APPLIED ? "done" : "undone");
	say(s, &ev);
	snprintf(s->change_id, sizeof s->change_id, "%s", id);
	if (!s->engine->leaving)
		engine_run_again(s, f != NULL ? f->recheck : "");
}

static void
done(void *arg, void *data)
{
	struct doing *g = *(struct doing **)data;
	struct subject *s = g->s;

	(void)arg;
	s->changing = false;
	if (!g->ok) {
		say_failed(s, g->verb, g->fix, g->verb == FIX_UNDO ? g->id : "", g->err);
	} else if (g->verb == FIX_PREVIEW) {
		say_preview(s, g->fix, g->plan);
		s->plan = g->plan;
		g->plan = NULL;
	} else if (g->verb == FIX_RAN && g->status != 0) {
		snprintf(g->err, sizeof g->err, "it ended with status %d", g->status);
		say_failed(s, FIX_RAN, g->fix, g->id, g->err);
	} else {
		say_done(s, g->verb == FIX_UNDO ? EV_FIX_UNDONE : EV_FIX_APPLIED, g->fix, g->id);
	}
}

static void
clear(void *data)
{
	struct doing *g = *(struct doing **)data;

	if (g == NULL)
		return;
	change_plan_free(g->plan);
	free(g);
}

static struct doing *
doing_new(struct subject *s, enum fix_verb verb)
{
	struct doing *g = calloc(1, sizeof *g);
	const char *config = option_word(&s->opt, 'F');

	if (g == NULL)
		abort();
	g->verb = verb;
	g->s = s;
	if (s->run.home != NULL)
		snprintf(g->home, sizeof g->home, "%s", s->run.home);
	if (config != NULL)
		snprintf(g->config, sizeof g->config, "%s", config);
	return g;
}

static void
start(struct doing *g)
{
	static const struct job_does does = { sizeof(struct doing *), work, done, clear };
	void *data = NULL;
	struct job *job = job_new(&does, NULL, &data);

	if (job == NULL)
		abort();
	g->s->changing = true;
	*(struct doing **)data = g;
	job_start(job, &g->s->engine->loop);
}

/* Once a changed host key is confirmed, it takes the place of the old one. */
static void
add_new_key(const struct subject *s, struct change *c)
{
	const struct run *r = &s->run;
	int n;

	if (c->op != CHANGE_KNOWN_HOSTS || !r->hostkey_confirmed || r->hostkey_b64 == NULL)
		return;
	n = snprintf(c->add, sizeof c->add, "%s %s %s", c->host, r->hostkey_type, r->hostkey_b64);
	if (n < 0 || (size_t)n >= sizeof c->add)
		c->add[0] = '\0';
}

static void
preview(struct subject *s, const char *fix)
{
	const struct fix *f = fix_by_id(fix);
	const struct diag *d = subject_diag(s);
	struct doing *g = doing_new(s, FIX_PREVIEW);

	change_plan_free(s->plan);
	s->plan = NULL;
	snprintf(g->fix, sizeof g->fix, "%s", fix);
	if (f != NULL && d != NULL && change_of(d, f, &g->c)) {
		add_new_key(s, &g->c);
		start(g);
		return;
	}
	say_failed(s, FIX_PREVIEW, fix, "",
	    f == NULL          ? "there is no such fix"
	    : !change_known(f) ? "this program cannot do it; its command or words can be copied"
			       : "a value that it needs is not known, or not in full");
	free(g);
}

/* What was previewed last, and nothing else; status is that of FIX_RAN. */
static void
with_plan(struct subject *s, enum fix_verb verb, const char *fix, int status)
{
	struct doing *g;

	if (s->plan == NULL || strcmp(change_plan_fix(s->plan), fix) != 0) {
		say_failed(s, verb, fix, "", "it was not looked at before");
		return;
	}
	/* What is known of a host goes only when the new key was confirmed from outside. */
	if (verb == FIX_APPLY && change_plan_change(s->plan)->op == CHANGE_KNOWN_HOSTS &&
	    (!s->run.hostkey_confirmed || change_plan_change(s->plan)->add[0] == '\0')) {
		say_failed(s, verb, fix, "",
		    "the end of the new fingerprint was not confirmed by somebody else");
		return;
	}
	g = doing_new(s, verb);
	g->status = status;
	snprintf(g->fix, sizeof g->fix, "%s", fix);
	g->plan = s->plan;
	s->plan = NULL;
	start(g);
}

static void
undo(struct subject *s, const char *id)
{
	struct doing *g;

	if (strlen(id) >= JOURNAL_ID) {
		say_failed(s, FIX_UNDO, "", id, "no change has this number");
		return;
	}
	g = doing_new(s, FIX_UNDO);
	snprintf(g->id, sizeof g->id, "%s", id);
	start(g);
}

void
engine_do_fix(struct subject *s, enum fix_verb verb, const char *word, int status)
{
	if (s->changing)
		say_failed(s, verb, verb != FIX_UNDO ? word : "", verb == FIX_UNDO ? word : "",
		    "another fix is under way");
	else if (verb == FIX_PREVIEW)
		preview(s, word);
	else if (verb == FIX_UNDO)
		undo(s, word);
	else
		with_plan(s, verb, word, status);
}
