/*
 * A login by hand: the screen steps aside for the user's own ssh, which asks
 * what only a person can answer. What it says goes into a private file; whether it got
 * in, and what it says of the way there, is evidence. Called by app_act.c.
 */
#include "app_state.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "arrivals.h"

enum {
	LINE_LEN = 1024,
	/* Of a long session's log: its begin, where the login is, and its end. */
	HEAD_LEN = 256 * 1024,
	TAIL_LEN = 16 * 1024
};

/* It is there before ssh is, so that its first line is seen too. */
static void
watch_log(struct app *a)
{
	int fd = open(a->login_log, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

	if (fd < 0)
		return;
	close(fd);
	a->login_arrivals = arrivals_new(&a->loop, a->login_log);
}

void
app_login_stood(struct app *a)
{
	if (a->login_arrivals != NULL)
		arrivals_pause(a->login_arrivals);
}

void
app_login_unwatch(struct app *a)
{
	arrivals_free(a->login_arrivals);
	a->login_arrivals = NULL;
}

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
		watch_log(a);
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

/* What ssh says of a login by hand. */
struct heard {
	bool in, session, command;
	int64_t shell_us,
	    exit_us;   /* when a shell was given, and when it had ended; -1: not known */
	double lasted; /* seconds that ssh itself counts, from before the shell; -1: not said */
	char method[64], last[LINE_LEN]; /* its last message */
};

static bool
says(const char *line, const char *words)
{
	return strncmp(line, words, strlen(words)) == 0;
}

/* "Authenticated to web1 ([192.0.2.7]:22) using "password"."; before 9.2 "debug1: Authentication succeeded (password)." */
static void
hear_method(struct heard *h, const char *line)
{
	const char *p = strrchr(line, '"'), *end = p;

	if (p != NULL)
		while (p > line && p[-1] != '"')
			p--;
	else if ((p = strchr(line, '(')) != NULL) {
		p++;
		end = p + strcspn(p, ")");
	}
	if (p != NULL)
		text_clean(h->method, sizeof h->method, p, (size_t)(end - p));
}

/* at_us: when the line came; -1: not known. */
static void
hear_line(struct heard *h, const char *line, size_t len, int64_t at_us)
{
	const char *in = says(line, "Transferred: ") ? strstr(line, "bytes, in ") : NULL;

	if (says(line, "Authenticated to ") || says(line, "debug1: Authentication succeeded")) {
		h->in = true;
		hear_method(h, line);
	}
	h->session |= says(line, "debug1: Entering interactive session");
	h->command |= h->session && says(line, "debug1: Sending command: ");
	if (says(line, "debug2: shell request accepted on channel 0"))
		h->shell_us = at_us;
	if (says(line, "debug1: client_input_channel_req: channel 0 rtype exit-"))
		h->exit_us = at_us;
	if (in != NULL)
		h->lasted = strtod(in + strlen("bytes, in "), NULL);
	if (strncmp(line, "debug", 5) != 0 && (unsigned char)line[0] > ' ')
		text_clean(h->last, sizeof h->last, line, len);
}

/*
 * The file has ssh's own messages only (-E): what the server sends is printed on the terminal.
 */
static void
read_log(const char *path, const struct arrivals *arrivals, struct heard *h)
{
	FILE *f = fopen(path, "re");
	char line[LINE_LEN];
	bool whole = true, skipped = false; /* the line before ended where it should */

	memset(h, 0, sizeof *h);
	h->shell_us = h->exit_us = -1;
	h->lasted = -1;
	while (f != NULL && fgets(line, sizeof line, f) != NULL) {
		size_t len = strcspn(line, "\r\n");
		bool begins = whole;

		whole = strchr(line, '\n') != NULL;
		line[len] = '\0';
		if (begins)
			hear_line(h, line, len,
			    arrivals == NULL ? -1 : arrivals_when(arrivals, (uint64_t)ftell(f)));
		if (!skipped && ftell(f) > HEAD_LEN) {
			skipped = true;
			whole = !skip_to_tail(f);
		}
	}
	if (f != NULL)
		fclose(f);
}

/*
 * Whether the shell was still there half a second after it was given: before that nobody has typed into
 * it, and what ended it was there already.
 */
static bool
stayed(const struct heard *h)
{
	enum { OPEN_MS = 500 };

	if (h->shell_us >= 0 && h->exit_us >= 0)
		return h->exit_us - h->shell_us >= OPEN_MS * 1000;
	return h->lasted < 0 || h->lasted * 1000 >= OPEN_MS;
}

static void
login_done(struct app *a, int status)
{
	struct engine_login l = { .status = status, .log = a->login_log };
	struct heard h;

	if (status < 0) {
		app_login_unwatch(a);
		app_login_forget(a);
		app_say(a, "%s could not be started: %s", a->aside_words[0], uv_strerror(status));
		return;
	}
	read_log(a->login_log, a->login_arrivals, &h);
	l.in = h.in;
	l.method = h.method;
	l.state = !h.session ? "none" : h.command ? "command" : stayed(&h) ? "open" : "ended";
	l.text = h.last;
	if (a->login_arrivals != NULL)
		l.arrivals = arrivals_list(a->login_arrivals, &l.narrivals);
	engine_add_login(a->engine, (uint16_t)a->v.target, &l);
	app_login_unwatch(a);
	app_say(a, "your ssh was %s, status %d; what it said is in %s until this program ends",
	    h.in ? "let in" : "not let in", status, a->login_log);
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
		    "your own ssh logs in now. Its messages go into a file: a wrong password is "
		    "asked for again without a word. Leave its session (exit) and the screen comes "
		    "back",
		    login_done);
	free(c);
}
