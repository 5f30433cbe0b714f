/*
 * A login by hand: the screen steps aside for the user's own ssh, which asks
 * what only a person can answer. What it says goes into a private file; whether it got
 * in, and what it says of the way there, is evidence. Called by app_act.c.
 */
#include "app_state.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
	LINE_LEN = 1024,
	/* Of a long session's log: its begin, where the login is, and its end. */
	HEAD_LEN = 256 * 1024,
	TAIL_LEN = 16 * 1024
};

/* A file that only the user can read, in a folder of its own. */
static bool
make_log(struct app *a)
{
	const char *const places[] = { getenv("XDG_RUNTIME_DIR"), getenv("TMPDIR"), "/tmp" };

	app_login_forget(a);
	for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
		char dir[PATH_MAX - 16];

		if (places[i] == NULL || places[i][0] != '/' ||
		    (size_t)snprintf(dir, sizeof dir, "%s/sshmedic-XXXXXX", places[i]) >=
			sizeof dir ||
		    mkdtemp(dir) == NULL)
			continue;
		snprintf(a->login_log, sizeof a->login_log, "%s/ssh.log", dir);
		return true;
	}
	return false;
}

void
app_login_forget(struct app *a)
{
	char *slash = strrchr(a->login_log, '/');

	if (slash == NULL)
		return;
	unlink(a->login_log);
	*slash = '\0';
	rmdir(a->login_log);
	a->login_log[0] = '\0';
}

/* Go to the end of a long log, into the midst of a line. False where that is no way ahead. */
static bool
skip_to_tail(FILE *f)
{
	long at = ftell(f), end;

	if (fseek(f, 0, SEEK_END) != 0 || (end = ftell(f)) < 0 || at < 0)
		return false;
	return fseek(f, end - TAIL_LEN > at ? end - TAIL_LEN : at, SEEK_SET) == 0 &&
	       end - TAIL_LEN > at;
}

/*
 * Whether ssh says that it was let in, that a session began, and its last message. The file has ssh's
 * own messages only (-E): what the server sends is printed on the terminal.
 */
static void
read_log(const char *path, bool *in, bool *session, char *last)
{
	FILE *f = fopen(path, "re");
	char line[LINE_LEN];
	bool whole = true, skipped = false; /* the line before ended where it should */
	size_t len;

	*in = *session = false;
	last[0] = '\0';
	while (f != NULL && fgets(line, sizeof line, f) != NULL) {
		bool begins = whole;

		whole = strchr(line, '\n') != NULL;
		len = strcspn(line, "\r\n");
		line[len] = '\0';
		if (begins) {
			*in |= strncmp(line, "Authenticated to ", 17) == 0 ||
			       strncmp(line, "debug1: Authentication succeeded", 32) == 0;
			*session |= strncmp(line, "debug1: Entering interactive session", 36) == 0;
			if (strncmp(line, "debug", 5) != 0 && (unsigned char)line[0] > ' ')
				text_clean(last, LINE_LEN, line, len);
		}
		if (!skipped && ftell(f) > HEAD_LEN) {
			skipped = true;
			whole = !skip_to_tail(f);
		}
	}
	if (f != NULL)
		fclose(f);
}

static void
login_done(struct app *a, int status)
{
	char last[LINE_LEN];
	bool in, session;

	if (status < 0) {
		app_login_forget(a);
		app_say(a, "%s could not be started: %s", a->aside_words[0], uv_strerror(status));
		return;
	}
	read_log(a->login_log, &in, &session, last);
	engine_add_login(a->engine, (uint16_t)a->v.target, in, session, status, last, a->login_log);
	app_say(a, "your ssh was %s, status %d; what it said is in %s until this program ends",
	    in ? "let in" : "not let in", status, a->login_log);
}

static void
put_word(struct strbuf *sb, const char *word)
{
	if (sb->len > 0)
		sb_putc(sb, ' ');
	text_shell_quote(sb, word);
}

/* The words: the user's own command, with its messages into the file. */
static bool
login_words(const struct app *a, struct change *c)
{
	const struct run_options *run = a->opt.run;
	const struct diag *d = book_diag(a->book, (uint16_t)a->v.target); /* by its real name */
	const char *dest = d != NULL ? slot_text(d, SLOT_DEST) : "";
	char command[CHANGE_TEXT];
	struct strbuf sb;

	if (run == NULL || dest[0] == '\0')
		return false;
	sb_init(&sb, command, sizeof command);
	put_word(&sb, run->ssh != NULL ? run->ssh : "ssh");
	for (size_t i = 0; i < run->nargs; i++)
		put_word(&sb, run->args[i]);
	put_word(&sb, "-vvv");
	put_word(&sb, "-E");
	put_word(&sb, a->login_log);
	put_word(&sb, dest);
	memset(c, 0, sizeof *c);
	c->op = CHANGE_TERMINAL;
	return !sb.cut && change_split(c, command);
}

void
act_login(struct app *a, int nth)
{
	struct change *c = malloc(sizeof *c);
	const char *why = view_why_not(&a->v, ACTION_LOGIN);

	(void)nth;
	if (why != NULL)
		app_say(a, "%s", why);
	else if (c == NULL || !make_log(a))
		app_say(a, "no private file could be made for what ssh says");
	else if (!login_words(a, c))
		app_say(a, "the command has too many words for this: run your ssh in a shell");
	else
		app_step_aside(a, c,
		    "your own ssh logs in now; leave its session (exit) and the screen comes back",
		    login_done);
	free(c);
}
