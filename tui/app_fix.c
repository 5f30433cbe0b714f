/* What keys do to fixes: look, apply, keep, undo; and how they came out. Called by app_act.c and app.c. */
#include "app_state.h"

#include <stdlib.h>
#include <string.h>

#include "../core/fpmask.h"
#include "../core/guard.h"

enum {
	COMMAND_LEN = 4096,
	UNDOING_US = 3 * 1000 * 1000, /* what the server may need to undo a change */
};

/* The fix that the window shows, or NULL. */
static const struct diag_fix *
shown(const struct app *a)
{
	const struct diag *d = a->v.d;

	return a->v.dialog_arg >= 0 && a->v.dialog_arg < d->nfixes ? &d->fixes[a->v.dialog_arg]
								   : NULL;
}

/* What is known by its real names: where they are hidden, the view holds others. */
static const struct diag *
real(const struct app *a)
{
	const struct diag *d = book_diag(a->book, (uint16_t)a->v.target);

	return d != NULL ? d : a->v.d;
}

/* The run of the target that the fix is of. */
static int
run_of(const struct app *a)
{
	const struct diag *d = book_diag(a->book, (uint16_t)a->fixing.target);

	return d != NULL ? d->run : 0;
}

/*
 * The command of a fix, cut into words; "env NAME=VALUE ssh" as the option of ssh that has the same effect.
 * False where it is no list of words.
 */
static bool
command_words(const struct app *a, const struct fix *f, struct change *c)
{
	static const char env[] = "env ", ssh[] = " ssh ";
	char command[COMMAND_LEN], as_option[COMMAND_LEN];
	const char *rest;
	struct strbuf sb;

	sb_init(&sb, command, sizeof command);
	fix_command(real(a), f, &sb);
	if (sb.cut)
		return false;
	rest = strncmp(command, env, sizeof env - 1) == 0 ? strstr(command, ssh) : NULL;
	if (rest == NULL)
		return change_split(c, command);
	sb_init(&sb, as_option, sizeof as_option);
	sb_puts(&sb, "ssh -o SetEnv=");
	sb_add(&sb, command + sizeof env - 1, (size_t)(rest - command) - (sizeof env - 1));
	sb_putc(&sb, ' ');
	sb_puts(&sb, rest + sizeof ssh - 1);
	return !sb.cut && change_split(c, as_option);
}

/*
 * The words of a connect fix as options for a run: all between "ssh" and the destination. False where
 * the command goes to another destination, or has more words than a run takes.
 */
static bool
run_words(const struct app *a, const struct fix *f, struct change *c, struct run_options *o)
{
	if (a->opt.run == NULL || !command_words(a, f, c) || c->nargv < 3 ||
	    c->nargv - 3 > RUN_ARGS_MAX || strcmp(c->argv[0], "ssh") != 0 ||
	    strcmp(c->argv[c->nargv - 2], slot_text(real(a), SLOT_DEST)) != 0)
		return false;
	*o = *a->opt.run;
	o->nargs = 0;
	for (size_t i = 1; i + 2 < c->nargv; i++) {
		if (c->argv[i] == NULL)
			return false; /* more than one command */
		o->args[o->nargs++] = c->argv[i];
	}
	return true;
}

static enum fixing_way
way_of(const struct app *a, const struct fix *f)
{
	struct change *c = malloc(sizeof *c);
	struct run_options o;
	enum fixing_way way = WAY_COPY;

	if (a->engine == NULL || c == NULL)
		way = WAY_COPY;
	else if (strcmp(f->id, "login-by-hand") == 0)
		way = WAY_LOGIN;
	else if (f->kind == FIX_CONNECT)
		way = run_words(a, f, c, &o) ? WAY_CONNECT : WAY_COPY;
	else if (f->kind == FIX_CHANGE && f->change.op == CHANGE_KNOWN_HOSTS)
		way = fpmask_hidden(slot_text(real(a), SLOT_HOSTKEY_FP)) ? WAY_HOSTKEY : WAY_COPY;
	else if (f->kind == FIX_CHANGE && f->side == SIDE_CLIENT && change_known(f))
		way = WAY_CLIENT;
	else if (f->kind == FIX_CHANGE && f->side != SIDE_CLIENT && guard_row(f) != NULL)
		way = WAY_SERVER;
	free(c);
	return way;
}

/* Ask the engine what the fix would do. */
static void
look(struct app *a)
{
	const struct fixing *f = &a->fixing;
	uint16_t t = (uint16_t)a->fixing.target;

	if (f->stage != STAGE_LOOKING)
		return;
	if (f->way == WAY_SERVER)
		engine_server_preview(a->engine, t, f->fix->id);
	else if (change_known(f->fix))
		engine_preview(a->engine, t, f->fix->id);
	else
		a->fixing.stage = STAGE_READY;
}

void
act_fix(struct app *a, int nth)
{
	const struct diag *d = a->v.d;
	const struct fix *fix;
	bool same;

	if (view_fix_locked(&a->v, nth)) {
		app_say(a, "fixes are %s", view_why_not(&a->v, ACTION_FIX_PREVIEW));
		return;
	}
	if (nth >= d->nfixes) {
		app_say(a, "there is no fix %d here", nth + 1);
		return;
	}
	fix = d->fixes[nth].fix;
	same = a->fixing.fix == fix && a->fixing.target == a->v.target;
	if (!same && a->fixing.fix != NULL && a->fixing.stage == STAGE_APPLYING) {
		app_say(a, "another fix is being applied: look at this one after it");
		return;
	}
	app_dialog(a, DIALOG_FIX, nth);
	/* One that is being applied, or was just now, stays the one that u undoes. */
	if (same && a->fixing.stage >= STAGE_APPLYING && a->fixing.stage != STAGE_FAILED)
		return;
	fixing_begin(&a->fixing, a->v.target, fix, way_of(a, fix),
	    d->findings[d->fixes[nth].finding].rule->id);
	if (a->fixing.way == WAY_HOSTKEY && !a->v.read_only)
		app_dialog(a, DIALOG_HOSTKEY, nth);
	else
		look(a);
}

void
app_confirm_hostkey(struct app *a)
{
	if (a->fixing.tries > 0 && a->v.field.text[0] != '\0')
		engine_confirm_hostkey(a->engine, (uint16_t)a->fixing.target, a->v.field.text);
	field_set(&a->v.field, "");
}

/* The answer to what was typed: the way is free, or it was another key. */
static void
confirmed(struct app *a)
{
	struct fixing *f = &a->fixing;

	if (f->unlocked) {
		if (a->v.dialog == DIALOG_HOSTKEY)
			app_dialog(a, DIALOG_FIX, a->v.dialog_arg);
		f->stage = STAGE_LOOKING;
		look(a);
		app_say(a, "that is the end of the key that was shown; y replaces the old one");
	} else {
		app_say(a, "that is NOT the end of the key that was shown here");
	}
}

void
act_copy_command(struct app *a, int nth)
{
	const struct fix *f = shown(a) != NULL ? shown(a)->fix : NULL;
	char buf[COMMAND_LEN];
	struct strbuf sb;

	(void)nth;
	if (f == NULL && view_fix_shown(&a->v) && a->fixing.command[0] != '\0') {
		app_copy(a, a->fixing.command, strlen(a->fixing.command), a->hide);
		return;
	}
	if (f == NULL || f->command == NULL) {
		app_say(a, "this fix has no command");
		return;
	}
	sb_init(&sb, buf, sizeof buf);
	fix_command(a->v.d, f, &sb);
	if (sb.cut)
		app_say(a, "the command is too long to copy");
	else
		app_copy(a, buf, sb.len, a->hide);
}

/* ---- applying --------------------------------------------------------------------- */

/* Try another command line: the run that shows whether it logs in. */
static void
try_connect(struct app *a)
{
	struct change *c = malloc(sizeof *c);
	struct run_options o;

	if (c != NULL && run_words(a, a->fixing.fix, c, &o)) {
		a->fixing.stage = STAGE_APPLIED;
		a->v.dialog = app_home(a);
		a->tried = true;
		engine_rerun(a->engine, (uint16_t)a->fixing.target, NULL, &o);
		app_say(a, "trying it: a run with the options of this command");
	}
	free(c);
}

/* Log in by hand: what ssh asks, a person answers, and what it says becomes evidence. */
static void
login(struct app *a)
{
	a->v.dialog = app_home(a);
	act_login(a, 0);
}

/* A command that had the terminal has ended. Of a login the status is its session's, and says nothing. */
static void
terminal_done(struct app *a, int status)
{
	if (status < 0 || (status != 0 && a->fixing.fix->kind != FIX_CONNECT)) {
		a->fixing.stage = STAGE_FAILED;
		if (status < 0)
			snprintf(a->fixing.text, sizeof a->fixing.text,
			    "%s could not be started: %s", a->aside_words[a->aside_at],
			    uv_strerror(status));
		else
			snprintf(a->fixing.text, sizeof a->fixing.text,
			    "the command ended with status %d", status);
		app_say(a, "%s", a->fixing.text);
		return;
	}
	a->fixing.stage = STAGE_APPLIED;
	a->v.dialog = app_home(a);
	engine_rerun(a->engine, (uint16_t)a->fixing.target, NULL, a->opt.run);
	app_say(a, "done; the diagnosis runs again");
}

static void
on_terminal(struct app *a)
{
	struct change *c = malloc(sizeof *c);

	if (c == NULL || !change_of(real(a), a->fixing.fix, c))
		app_say(a, "a value that the command needs is not known any more");
	else if (app_step_aside(a, c,
		     "what follows is the fix's own command; the screen comes back when it ends",
		     terminal_done))
		a->fixing.stage = STAGE_APPLYING;
	free(c);
}

static void
by_engine(struct app *a)
{
	uint16_t t = (uint16_t)a->fixing.target;

	a->fixing.stage = STAGE_APPLYING;
	if (a->fixing.way == WAY_SERVER)
		engine_server_apply(a->engine, t, a->fixing.fix->id);
	else
		engine_apply(a->engine, t, a->fixing.fix->id);
	app_say(a, "applying it");
}

void
act_fix_apply(struct app *a, int nth)
{
	static void (*const ways[])(struct app *) = { [WAY_CONNECT] = try_connect,
		[WAY_CLIENT] = by_engine,
		[WAY_TERMINAL] = on_terminal,
		[WAY_HOSTKEY] = by_engine,
		[WAY_SERVER] = by_engine,
		[WAY_LOGIN] = login };
	const char *why = view_why_not(&a->v, ACTION_FIX_APPLY);

	(void)nth;
	if (why != NULL) {
		app_say(a, "%s", why);
		return;
	}
	fixing_before(&a->fixing, a->v.d, a->log);
	ways[a->fixing.way](a);
}

/* The rule was proven: show what makes it permanent. */
static void
look_at_keep(struct app *a)
{
	fixing_begin_keep(&a->fixing);
	app_dialog(a, DIALOG_FIX, FIXING_SECOND);
	look(a);
}

void
act_fix_keep(struct app *a, int nth)
{
	const char *why = view_why_not(&a->v, ACTION_FIX_KEEP);

	(void)nth;
	if (why != NULL)
		app_say(a, "%s", why);
	else if (fixing_keep(&a->fixing) != NULL)
		look_at_keep(a);
	else if (a->fixing.way == WAY_SERVER)
		engine_server_keep(a->engine, (uint16_t)a->fixing.target);
	else
		by_engine(a);
}

void
act_fix_undo(struct app *a, int nth)
{
	const char *why = view_why_not(&a->v, ACTION_FIX_UNDO);

	(void)nth;
	if (why != NULL) {
		app_say(a, "%s", why);
		return;
	}
	a->fixing.undoing = true;
	if (a->fixing.way == WAY_SERVER)
		engine_server_revert(a->engine, (uint16_t)a->fixing.target, a->fixing.id);
	else
		engine_undo(a->engine, a->fixing.id);
	app_say(a, "undoing it");
}

/* ---- how it came out ------------------------------------------------------------------ */

/* Something was done or undone: the next run tells how things stand with it. */
static void
judge_again(struct app *a, const struct evidence *ev)
{
	a->fixing.told = a->fixing.read = false;
	a->fixing.run = run_of(a);
	if (a->fixing.stage == STAGE_FAILED) { /* of two steps the second, by itself */
		app_say(a, "it was undone, and the rule stays as it was: %s", a->fixing.text);
		return;
	}
	if (ev->kind == EV_FIX_UNDONE)
		app_say(a, a->fixing.wrong > 0 ? "undone in part: something could not be put back"
					       : "undone: all is as it was before");
	/* What was written is proven by the plain command, without options that were tried before. */
	if (a->fixing.way == WAY_CONNECT || a->tried)
		engine_rerun(a->engine, ev->target, NULL, a->opt.run);
	a->tried = false;
}

/* What the server said of a change whose time was over; or the login that asked did not come about. */
static void
answered(struct app *a, const struct evidence *ev)
{
	struct fixing *f = &a->fixing;

	f->asked = false;
	if (ev->kind == EV_FIX_APPLIED) { /* it is at it: ask once more */
		f->until_us = (int64_t)ev->at_us;
		return;
	}
	f->told = false;
	f->run = run_of(a);
	if (ev->kind == EV_FIX_FAILED)
		app_say(a, "%s", f->text);
	engine_rerun(a->engine, ev->target, NULL, a->opt.run);
}

/* The time is over in which a new login could keep it: ask the server what became of it. */
static void
ask_late(struct app *a)
{
	struct fixing *f = &a->fixing;

	if (a->engine == NULL || !fixing_waits(f) ||
	    (int64_t)a->v.now_us < f->until_us + UNDOING_US)
		return;
	f->asked = true;
	f->until_us = 0;
	engine_server_report(a->engine, (uint16_t)f->target, f->id);
}

void
app_fix_line(struct app *a, const struct ev_line *line)
{
	char *scratch;
	struct evidence ev;

	if (a->fixing.fix == NULL ||
	    (strstr(line->text, " fix.") == NULL &&
		strstr(line->text, " hostkey.confirm ") == NULL) ||
	    (scratch = malloc((size_t)line->len + 1)) == NULL)
		return;
	if (ev_decode(&ev, line->text, line->len, scratch, (size_t)line->len + 1) == EV_OK &&
	    fixing_take(&a->fixing, &ev)) {
		if (ev.kind == EV_HOSTKEY_CONFIRM)
			confirmed(a);
		else if (a->fixing.asked)
			answered(a, &ev);
		else if (ev.kind == EV_FIX_UNDONE || ev.kind == EV_FIX_APPLIED)
			judge_again(a, &ev);
		else if (ev.kind == EV_FIX_FAILED && a->v.dialog != DIALOG_FIX)
			app_say(a, "%s", a->fixing.text);
		app_touch(a);
	}
	free(scratch);
}

/* The fixes of a new diagnosis stand in another order: the window stays with the one that it is about. */
static void
follow_fix(struct app *a)
{
	struct view *v = &a->v;

	if ((v->dialog != DIALOG_FIX && v->dialog != DIALOG_HOSTKEY) || view_fix_shown(v) ||
	    a->fixing.fix == NULL || a->fixing.target != v->target)
		return;
	v->dialog_arg = -1;
	for (int i = 0; i < v->d->nfixes; i++)
		if (v->d->fixes[i].fix == a->fixing.fix)
			v->dialog_arg = i;
}

void
app_fix_read(struct app *a)
{
	struct fixing *f = &a->fixing;

	f->read = f->stage == STAGE_UNDONE && !f->told;
}

void
app_fix_judge(struct app *a)
{
	struct fixing *f = &a->fixing;

	follow_fix(a);
	ask_late(a);
	if (a->engine == NULL || f->fix == NULL || f->told || f->target != a->v.target ||
	    (f->stage != STAGE_APPLIED && f->stage != STAGE_UNDONE) || !a->v.d->ended ||
	    (int)a->v.d->run <= f->run)
		return;
	fixing_after(f, a->v.d, a->log);
	f->told = true;
	if (f->read) /* it does not come up again under the next key */
		return;
	if (a->v.dialog == app_home(a) || a->v.dialog == DIALOG_FIX) {
		app_dialog(a, DIALOG_OUTCOME, 0);
		a->v.message[0] = '\0'; /* "applying it" is over: its keys are hinted at */
	}
}
