/* Copying: a private file, then the first way to a clipboard that is open. See copy.h. */
#include "copy.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../core/base64.h"
#include "../core/text.h"

enum { CHUNK = 250, WORDS_LEN = 256, NAME_LEN = 40 };

/* The ways to a clipboard, in the order in which they are tried. */
enum way { WAY_COMMAND, WAY_TMUX, WAY_TERMINAL, WAY__COUNT };

struct copier {
	uv_loop_t *loop;
	struct screen *screen;
	const struct settings *set;
	void (*done)(void *arg, const char *words);
	void *arg;
	char file[PATH_MAX]; /* "" where none could be written */
	char *text;          /* what is being copied; NULL: nothing is */
	size_t len;
	int lines;
	enum way way;       /* the one that is under way */
	const char *failed; /* why the ways before it were none; NULL: nothing to say of them */
	uv_process_t child;
	uv_pipe_t pipe;
	uv_write_t write;
	uv_timer_t limit;
	int open_handles;
	int64_t status;
	bool freed;
};

/* A folder that is ours alone. */
static bool
private_dir(const char *dir)
{
	struct stat st;

	return (mkdir(dir, 0700) == 0 || errno == EEXIST) && lstat(dir, &st) == 0 &&
	       S_ISDIR(st.st_mode) && st.st_uid == geteuid() && (st.st_mode & 077) == 0;
}

static void
save_file(struct copier *c)
{
	const char *run = getenv("XDG_RUNTIME_DIR"), *tmp = getenv("TMPDIR");
	char dir[PATH_MAX - 16];
	size_t at = 0;
	int fd;

	if (run != NULL && run[0] == '/')
		snprintf(dir, sizeof dir, "%s/sshmedic", run);
	else
		snprintf(dir, sizeof dir, "%s/sshmedic-%ld",
		    tmp != NULL && tmp[0] == '/' ? tmp : "/tmp", (long)geteuid());
	c->file[0] = '\0';
	if (!private_dir(dir))
		return;
	snprintf(c->file, sizeof c->file, "%s/clip.txt", dir);
	fd = open(c->file, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd >= 0 && fchmod(fd, 0600) != 0) {
		close(fd);
		fd = -1;
	}
	while (fd >= 0 && at < c->len) {
		ssize_t n = write(fd, c->text + at, c->len - at);

		if (n <= 0)
			break;
		at += (size_t)n;
	}
	if (fd < 0 || at < c->len)
		c->file[0] = '\0';
	if (fd >= 0)
		close(fd);
}

/* It went its way, or none was left: say so. how: what is known of it; file: how the file is named beside it. */
static void
finish(struct copier *c, const char *how, const char *file)
{
	char words[WORDS_LEN + PATH_MAX];

	snprintf(words, sizeof words, "%s %d line%s%s%s", how, c->lines, c->lines == 1 ? "" : "s",
	    c->file[0] != '\0' ? file : "", c->file);
	free(c->text);
	c->text = NULL;
	c->done(c->arg, words);
}

static void try_next(struct copier *c);

/* GNU screen passes a sequence on in pieces, each in a string of its own. */
static bool
send_wrapped(struct copier *c, const char *s, size_t len)
{
	bool ok = true;

	for (size_t i = 0; i < len && ok; i += CHUNK) {
		char piece[CHUNK + 8];
		size_t n = len - i < CHUNK ? len - i : CHUNK;

		memcpy(piece, "\033P", 2);
		memcpy(piece + 2, s + i, n);
		memcpy(piece + 2 + n, "\033\\", 2);
		ok = screen_send(c->screen, piece, n + 4);
	}
	return ok;
}

/* Returns whether the sequence was sent: what the terminal makes of it, nobody says. */
static bool
by_terminal(struct copier *c)
{
	static const char head[] = "\033]52;c;";
	size_t n = sizeof head - 1, cap = n + (c->len + 2) / 3 * 4 + 2;
	char *seq = c->screen != NULL && c->len <= COPY_OSC52_MAX ? malloc(cap) : NULL;
	bool sent = false;
	long len;

	if (c->screen != NULL && c->len > COPY_OSC52_MAX)
		c->failed = "too long for a terminal's clipboard:";
	if (seq == NULL)
		return false;
	memcpy(seq, head, n);
	if ((len = base64_encode(seq + n, cap - n, (const uint8_t *)c->text, c->len)) > 0) {
		n += (size_t)len;
		seq[n++] = '\a';
		sent = getenv("STY") != NULL ? send_wrapped(c, seq, n)
					     : screen_send(c->screen, seq, n);
	}
	free(seq);
	if (!sent)
		c->failed = "this terminal has no clipboard:";
	return sent;
}

/* ---- a program that takes the text on its standard input ------------------------------- */

static void
child_ended(struct copier *c)
{
	char words[WORDS_LEN];
	const char *command = c->set->at[SETTING_COMMAND].text;

	if (c->status != 0) {
		c->way++;
		try_next(c);
	} else if (c->way == WAY_TMUX) {
		finish(c, "copied by tmux:", "; also in ");
	} else {
		snprintf(words, sizeof words, "taken by %.*s:",
		    (int)(strcspn(command, " ") < NAME_LEN ? strcspn(command, " ") : NAME_LEN),
		    command);
		finish(c, words, "; also in ");
	}
}

static void
on_close(uv_handle_t *h)
{
	struct copier *c = h->data;

	if (--c->open_handles > 0)
		return;
	if (c->freed) {
		free(c->text);
		free(c);
	} else {
		child_ended(c);
	}
}

static void
close_once(uv_handle_t *h)
{
	if (!uv_is_closing(h))
		uv_close(h, on_close);
}

static void
on_child_exit(uv_process_t *p, int64_t status, int sig)
{
	struct copier *c = p->data;

	c->status = sig != 0 ? -1 : status;
	close_once((uv_handle_t *)&c->child);
	close_once((uv_handle_t *)&c->pipe);
	close_once((uv_handle_t *)&c->limit);
}

static void
on_written(uv_write_t *w, int status)
{
	struct copier *c = w->data;

	(void)status;
	close_once((uv_handle_t *)&c->pipe);
}

static void
on_limit(uv_timer_t *t)
{
	struct copier *c = t->data;

	uv_process_kill(&c->child, SIGKILL);
}

static void
by_child(struct copier *c, char *const argv[])
{
	uv_stdio_container_t io[] = {
		{ .flags = UV_CREATE_PIPE | UV_READABLE_PIPE,
		    .data.stream = (uv_stream_t *)&c->pipe },
		{ .flags = UV_IGNORE },
		{ .flags = UV_IGNORE },
	};
	uv_process_options_t opt = { .file = argv[0],
		.args = (char **)argv,
		.stdio = io,
		.stdio_count = 3,
		.exit_cb = on_child_exit };
	uv_buf_t buf = uv_buf_init(c->text, (unsigned)c->len);

	uv_pipe_init(c->loop, &c->pipe, 0);
	uv_timer_init(c->loop, &c->limit);
	c->child.data = c->pipe.data = c->write.data = c->limit.data = c;
	c->open_handles = 3;
	if (uv_spawn(c->loop, &c->child, &opt) != 0) {
		on_child_exit(&c->child, -1, 0);
		return;
	}
	uv_timer_start(&c->limit, on_limit, COPY_LIMIT_MS, 0);
	if (uv_write(&c->write, (uv_stream_t *)&c->pipe, &buf, 1, on_written) != 0)
		close_once((uv_handle_t *)&c->pipe);
}

/* ---- the ways ----------------------------------------------------------------------------- */

static void
go_command(struct copier *c)
{
	char shell[] = "/bin/sh", flag[] = "-c", command[SETTING_LEN];
	char *argv[] = { shell, flag, command, NULL };

	text_copy(command, sizeof command, c->set->at[SETTING_COMMAND].text);
	by_child(c, argv);
}

static void
go_tmux(struct copier *c)
{
	/* -w hands it on to the terminal's clipboard; a tmux before 3.2 refuses it. */
	char name[] = "tmux", verb[] = "load-buffer", to_terminal[] = "-w", from_stdin[] = "-";
	char *argv[] = { name, verb, to_terminal, from_stdin, NULL };

	by_child(c, argv);
}

static void
go_terminal(struct copier *c)
{
	if (by_terminal(c)) {
		finish(c, "sent to the terminal's clipboard (OSC 52):", "; if a paste is empty: ");
		return;
	}
	c->way++;
	try_next(c);
}

static const struct {
	void (*go)(struct copier *c);
	int route; /* the setting that means this way alone */
} ways[WAY__COUNT] = {
	[WAY_COMMAND] = { go_command, ROUTE_COMMAND },
	[WAY_TMUX] = { go_tmux, ROUTE_TMUX },
	[WAY_TERMINAL] = { go_terminal, ROUTE_OSC52 },
};

static bool
is_open(const struct copier *c, enum way w)
{
	int route = c->set->at[SETTING_ROUTE].n;

	if (route != ROUTE_AUTO && route != ways[w].route)
		return false;
	if (w == WAY_COMMAND)
		return c->set->at[SETTING_COMMAND].text[0] != '\0';
	return w != WAY_TMUX || getenv("TMUX") != NULL;
}

/* Go the next way that is open, or end with the file alone. */
static void
try_next(struct copier *c)
{
	while (c->way < WAY__COUNT && !is_open(c, c->way))
		c->way++;
	if (c->way < WAY__COUNT)
		ways[c->way].go(c);
	else if (c->file[0] == '\0')
		finish(
		    c, c->failed != NULL ? c->failed : "no way to a clipboard, and no file:", "");
	else
		finish(c, c->failed != NULL ? c->failed : "to no clipboard:", "; they are in ");
}

struct copier *
copier_new(uv_loop_t *loop, struct screen *s, const struct settings *set,
    void (*done)(void *arg, const char *words), void *arg)
{
	struct copier *c = calloc(1, sizeof *c);

	if (c != NULL) {
		c->loop = loop;
		c->screen = s;
		c->set = set;
		c->done = done;
		c->arg = arg;
	}
	return c;
}

void
copier_copy(struct copier *c, const char *text, size_t len)
{
	if (c->text != NULL) {
		c->done(c->arg, "the last copy is still under way");
		return;
	}
	if (len == 0 || (c->text = malloc(len)) == NULL) {
		c->done(c->arg, "there is nothing to copy");
		return;
	}
	memcpy(c->text, text, len);
	c->len = len;
	c->lines = text[len - 1] != '\n';
	for (size_t i = 0; i < len; i++)
		c->lines += text[i] == '\n';
	save_file(c);
	c->way = WAY_COMMAND;
	c->failed = NULL;
	try_next(c);
}

void
copier_free(struct copier *c)
{
	if (c == NULL)
		return;
	c->freed = true;
	if (c->open_handles > 0) {
		if (!uv_is_closing((uv_handle_t *)&c->child))
			uv_process_kill(&c->child, SIGKILL);
		return;
	}
	free(c->text);
	free(c);
}
