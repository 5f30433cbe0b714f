/* Changes shown, made and undone; see change_apply.h. What each kind does is in change_do.c. */
#include "change_apply.h"

#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "change_do.h"

bool
change_env_init(struct change_env *env, const char *home, const char *config)
{
	const char *state = getenv("XDG_STATE_HOME"), *own = getenv("HOME");
	struct passwd pw, *found = NULL;
	char buf[4096];
	int n;

	memset(env, 0, sizeof *env);
	if (home == NULL && getpwuid_r(getuid(), &pw, buf, sizeof buf, &found) == 0 &&
	    found != NULL)
		home = found->pw_dir;
	else if (home == NULL)
		home = own;
	if (home == NULL || home[0] != '/')
		return false;
	if (state != NULL && state[0] == '/')
		n = snprintf(env->state, sizeof env->state, "%s/sshmedic", state);
	else
		n = snprintf(env->state, sizeof env->state, "%s/.local/state/sshmedic",
		    own != NULL && own[0] == '/' ? own : home);
	return n < PATH_LEN && snprintf(env->home, PATH_LEN, "%s", home) < PATH_LEN &&
	       snprintf(env->config, PATH_LEN, "%s", config != NULL ? config : "") < PATH_LEN;
}

/* ---- the preview ---------------------------------------------------------------------- */

struct change_plan *
change_preview(
    const struct change_env *env, const char *fix, const struct change *c, char err[CHANGE_ERR])
{
	struct change_plan *p = calloc(1, sizeof *p);

	if (p == NULL) {
		snprintf(err, CHANGE_ERR, "out of memory");
		return NULL;
	}
	change_copy(&p->c, c);
	snprintf(p->fix, sizeof p->fix, "%s", fix);
	if (change_does[c->op].preview != NULL && change_does[c->op].preview(env, p, err) == 0)
		return p;
	if (change_does[c->op].preview == NULL)
		snprintf(err, CHANGE_ERR, "nothing that this program does by itself");
	change_plan_free(p);
	return NULL;
}

void
change_plan_free(struct change_plan *p)
{
	if (p == NULL)
		return;
	wholefile_free(&p->file);
	free(p->new_bytes);
	for (size_t i = 0; i < p->nlines; i++)
		free(p->lines[i]);
	free(p);
}

const char *
change_plan_line(const struct change_plan *p, size_t i)
{
	return i < p->nlines ? p->lines[i] : NULL;
}

const struct change *
change_plan_change(const struct change_plan *p)
{
	return &p->c;
}

const char *
change_plan_fix(const struct change_plan *p)
{
	return p->fix;
}

/* ---- what a kill left ----------------------------------------------------------------------- */

/* Of an entry that has no end: which end it came to. */
static const char *
end_of(const struct journal_entry *e)
{
	bool undoing = strcmp(e->state, "undoing") == 0;

	switch (change_does[e->op].look != NULL ? change_does[e->op].look(e) : LOOKS_OTHER) {
	case LOOKS_OLD: return undoing ? "undone" : "failed";
	case LOOKS_NEW: return "done";
	case LOOKS_OTHER: break;
	}
	return "unclear";
}

static int
settle(struct journal *j, char err[CHANGE_ERR])
{
	char temp[PATH_LEN];

	for (size_t i = 0; i < journal_count(j); i++) {
		const struct journal_entry *e = journal_at(j, i);

		if (strcmp(e->state, "intent") != 0 && strcmp(e->state, "undoing") != 0)
			continue;
		change_temp_name(e->path, e->id, temp);
		unlink(temp);
		if (journal_state(j, e->id, end_of(e), err, CHANGE_ERR) != 0)
			return -1;
	}
	return 0;
}

static struct journal *
open_settled(const struct change_env *env, char err[CHANGE_ERR])
{
	struct journal *j = journal_open(env->state, err, CHANGE_ERR);

	if (j != NULL && settle(j, err) != 0) {
		journal_close(j);
		return NULL;
	}
	return j;
}

/* ---- making and undoing ------------------------------------------------------------------- */

static int
apply(struct journal *j, const struct change_plan *p, char id[JOURNAL_ID], char err[CHANGE_ERR])
{
	const struct change_do *does = &change_does[p->c.op];
	struct journal_entry e = { .op = p->c.op, .state = "intent" };
	char ignored[CHANGE_ERR];

	if (does->apply == NULL) {
		snprintf(err, CHANGE_ERR, "this fix runs on the terminal");
		return -1;
	}
	if (does->check(p, err) != 0)
		return -1;
	journal_new_id(j, id);
	snprintf(e.id, sizeof e.id, "%s", id);
	snprintf(e.fix, sizeof e.fix, "%s", p->fix);
	does->describe(p, &e);
	if (p->file.exists &&
	    journal_backup(j, id, p->file.bytes, p->file.len, err, CHANGE_ERR) != 0)
		return -1;
	if (journal_write(j, &e, err, CHANGE_ERR) != 0)
		return -1;
	if (does->apply(p, &e, err) == 0)
		return journal_state(j, id, "done", err, CHANGE_ERR);
	journal_state(j, id, "failed", ignored, sizeof ignored);
	return -1;
}

int
change_apply(const struct change_env *env, const struct change_plan *p, char id[JOURNAL_ID],
    char err[CHANGE_ERR])
{
	struct journal *j = open_settled(env, err);
	int r;

	if (j == NULL)
		return -1;
	r = apply(j, p, id, err);
	journal_close(j);
	return r;
}

int
change_ran(const struct change_env *env, const struct change_plan *p, bool succeeded,
    char id[JOURNAL_ID], char err[CHANGE_ERR])
{
	struct journal_entry e = { .op = p->c.op };
	struct journal *j;
	int r;

	if (p->c.op != CHANGE_TERMINAL) {
		snprintf(err, CHANGE_ERR, "this fix does not run on the terminal");
		return -1;
	}
	if ((j = open_settled(env, err)) == NULL)
		return -1;
	journal_new_id(j, id);
	snprintf(e.id, sizeof e.id, "%s", id);
	snprintf(e.fix, sizeof e.fix, "%s", p->fix);
	snprintf(e.state, sizeof e.state, "%s", succeeded ? "done" : "failed");
	change_does[p->c.op].describe(p, &e);
	r = journal_write(j, &e, err, CHANGE_ERR);
	journal_close(j);
	return r;
}

/* Why a change cannot be undone, by its state; NULL where it may be. */
static const char *
why_not(const struct journal_entry *e)
{
	static const struct {
		const char *state, *why;
	} rows[] = {
		{ "failed", "was never made" },
		{ "undone", "is undone already" },
		{ "unclear", "was cut off, and the file is neither the old nor the new one" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (strcmp(e->state, rows[i].state) == 0)
			return rows[i].why;
	return change_does[e->op].undo == NULL ? "ran a command, which this program cannot undo"
					       : NULL;
}

/* Where the old bytes are, for a person. */
static void
add_backup(struct journal *j, const struct journal_entry *e, char err[CHANGE_ERR])
{
	char path[PATH_LEN];
	size_t n = strlen(err);

	journal_backup_path(j, e->id, path);
	if (access(path, F_OK) == 0)
		snprintf(err + n, CHANGE_ERR - n, "; what was there before is in %s", path);
}

static int
undo(struct journal *j, const char *id, char fix[40], char err[CHANGE_ERR])
{
	const struct journal_entry *e = journal_find(j, id);
	struct journal_entry copy;
	char ignored[CHANGE_ERR];
	int r;

	if (e == NULL) {
		snprintf(err, CHANGE_ERR, "no change has this number");
		return -1;
	}
	copy = *e;
	if (fix != NULL)
		snprintf(fix, 40, "%s", copy.fix);
	if (why_not(&copy) != NULL || change_does[copy.op].look(&copy) != LOOKS_NEW) {
		if (why_not(&copy) != NULL)
			snprintf(err, CHANGE_ERR, "change %s (%s) %s%s%s", copy.id, copy.fix,
			    why_not(&copy), copy.text[0] != '\0' ? ": " : "", copy.text);
		else
			snprintf(
			    err, CHANGE_ERR, "%s was changed since by somebody else", copy.path);
		if (strcmp(copy.state, "undone") != 0)
			add_backup(j, &copy, err);
		return -1;
	}
	if (journal_state(j, id, "undoing", err, CHANGE_ERR) != 0)
		return -1;
	r = change_does[copy.op].undo(j, &copy, err);
	return journal_state(
		   j, id, r == 0 ? "undone" : "done", r == 0 ? err : ignored, CHANGE_ERR) != 0
		   ? -1
		   : r;
}

int
change_undo(const struct change_env *env, const char *id, char fix[40], char err[CHANGE_ERR])
{
	struct journal *j = open_settled(env, err);
	int r;

	if (j == NULL)
		return -1;
	r = undo(j, id, fix, err);
	journal_close(j);
	return r;
}

int
change_list(const struct change_env *env, void (*each)(void *arg, const struct journal_entry *e),
    void *arg, char err[CHANGE_ERR])
{
	struct journal *j = open_settled(env, err);

	if (j == NULL)
		return -1;
	for (size_t i = 0; i < journal_count(j); i++)
		each(arg, journal_at(j, i));
	journal_close(j);
	return 0;
}
