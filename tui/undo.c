/* Puts back what a fix changed; see undo.h. */
#include "undo.h"

#include <stdbool.h>
#include <string.h>
#include <time.h>

#include "../core/io/change_apply.h"
#include "../core/text.h"

enum { LISTED = 40 };

/* The changes, newest last, of which the last ones are listed. */
struct list {
	const char *id;
	bool found;
	size_t n, shown;
	FILE *out; /* NULL: only look */
};

static void
look(void *arg, const struct journal_entry *e)
{
	struct list *l = arg;

	l->n++;
	l->found |= strcmp(e->id, l->id) == 0;
}

static void
show(void *arg, const struct journal_entry *e)
{
	struct list *l = arg;
	char what[CHANGE_ERR], when[32] = "?";
	time_t t = (time_t)e->time;
	struct tm tm;

	if (l->shown++ + LISTED < l->n)
		return;
	if (localtime_r(&t, &tm) != NULL)
		strftime(when, sizeof when, "%Y-%m-%d %H:%M", &tm);
	text_clean(what, sizeof what, e->path[0] != '\0' ? e->path : e->text,
	    strlen(e->path[0] != '\0' ? e->path : e->text));
	fprintf(l->out, "  %-4s %s  %-8s %-20s %s\n", e->id, when, e->state, e->fix, what);
}

static void
complain(FILE *complaints, const char *id, const char *text)
{
	char clean[CHANGE_ERR], name[64];

	text_clean(clean, sizeof clean, text, strlen(text));
	text_clean(name, sizeof name, id, strlen(id));
	fprintf(complaints, "sshmedic: --undo %s: %s\n", name, clean);
}

static int
unknown(const struct change_env *env, struct list *l, FILE *complaints)
{
	char err[CHANGE_ERR];

	if (l->n == 0) {
		complain(complaints, l->id, "nothing was changed by a fix so far");
		return -1;
	}
	complain(complaints, l->id, "no change has this number; there are:");
	l->out = complaints;
	change_list(env, show, l, err);
	return -1;
}

int
undo_run(const char *id, FILE *out, FILE *complaints)
{
	struct list l = { .id = id };
	struct change_env env;
	char err[CHANGE_ERR] = "", fix[40] = "";

	if (!change_env_init(&env, NULL, NULL)) {
		complain(complaints, id, "this user has no home directory");
		return -1;
	}
	if (change_list(&env, look, &l, err) == 0 && !l.found)
		return unknown(&env, &l, complaints);
	if (err[0] == '\0' && change_undo(&env, id, fix, err) == 0) {
		fprintf(out, "undone: change %s, %s\n", id, fix);
		return 0;
	}
	complain(complaints, id, err);
	return -1;
}
