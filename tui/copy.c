/* Copying: a private file, then tmux or OSC 52. See copy.h. */
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

enum { OSC52_MAX = 74994, CHUNK = 250, WORDS_LEN = 256 };

struct copier {
	uv_loop_t *loop;
	struct screen *screen;
	void (*done)(void *arg, const char *words);
	void *arg;
	char file[PATH_MAX]; /* "" where none could be written */
	char *text;          /* what is being copied; NULL: nothing is */
	size_t len;
	int lines;
	uv_process_t tmux;
	uv_pipe_t pipe;
	uv_write_t write;
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

static void
finish(struct copier *c, const char *how)
{
	char words[WORDS_LEN + PATH_MAX];

	snprintf(words, sizeof words, "%s %d line%s%s%s", how, c->lines, c->lines == 1 ? "" : "s",
	    c->file[0] != '\0' ? "; also in " : "", c->file);
	free(c->text);
	c->text = NULL;
	c->done(c->arg, words);
}

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

static void
by_terminal(struct copier *c)
{
	static const char head[] = "\033]52;c;";
	size_t n = sizeof head - 1, cap = n + (c->len + 2) / 3 * 4 + 2;
	char *seq = malloc(cap);
	bool sent = false;
	long len;

	if (seq != NULL && cap <= OSC52_MAX) {
		memcpy(seq, head, n);
		if ((len = base64_encode(seq + n, cap - n, (const uint8_t *)c->text, c->len)) > 0) {
			n += (size_t)len;
			seq[n++] = '\a';
			sent = getenv("STY") != NULL ? send_wrapped(c, seq, n)
						     : screen_send(c->screen, seq, n);
		}
	}
	free(seq);
	if (sent)
		finish(c, "sent to the terminal's clipboard (OSC 52):");
	else
		finish(
		    c, c->file[0] != '\0' ? "this terminal has no clipboard:" : "could not copy");
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
	} else if (c->status == 0) {
		finish(c, "copied by tmux:");
	} else {
		by_terminal(c);
	}
}

static void
on_exit_tmux(uv_process_t *p, int64_t status, int sig)
{
	struct copier *c = p->data;

	c->status = sig != 0 ? -1 : status;
	uv_close((uv_handle_t *)&c->tmux, on_close);
	if (!uv_is_closing((uv_handle_t *)&c->pipe))
		uv_close((uv_handle_t *)&c->pipe, on_close);
}

static void
on_written(uv_write_t *w, int status)
{
	struct copier *c = w->data;

	(void)status;
	if (!uv_is_closing((uv_handle_t *)&c->pipe))
		uv_close((uv_handle_t *)&c->pipe, on_close);
}

static void
by_tmux(struct copier *c)
{
	char name[] = "tmux", verb[] = "load-buffer", to_terminal[] = "-w", from_stdin[] = "-";
	char *argv[] = { name, verb, to_terminal, from_stdin, NULL };
	uv_stdio_container_t io[] = {
		{ .flags = UV_CREATE_PIPE | UV_READABLE_PIPE,
		    .data.stream = (uv_stream_t *)&c->pipe },
		{ .flags = UV_IGNORE },
		{ .flags = UV_IGNORE },
	};
	uv_process_options_t opt = {
		.file = name, .args = argv, .stdio = io, .stdio_count = 3, .exit_cb = on_exit_tmux
	};
	uv_buf_t buf = uv_buf_init(c->text, (unsigned)c->len);

	uv_pipe_init(c->loop, &c->pipe, 0);
	c->tmux.data = c->pipe.data = c->write.data = c;
	c->open_handles = 2;
	if (uv_spawn(c->loop, &c->tmux, &opt) != 0) {
		c->status = -1;
		uv_close((uv_handle_t *)&c->tmux, on_close);
		uv_close((uv_handle_t *)&c->pipe, on_close);
		return;
	}
	if (uv_write(&c->write, (uv_stream_t *)&c->pipe, &buf, 1, on_written) != 0)
		uv_close((uv_handle_t *)&c->pipe, on_close);
}

struct copier *
copier_new(uv_loop_t *loop, struct screen *s, void (*done)(void *arg, const char *words), void *arg)
{
	struct copier *c = calloc(1, sizeof *c);

	if (c != NULL) {
		c->loop = loop;
		c->screen = s;
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
	if (getenv("TMUX") != NULL)
		by_tmux(c);
	else
		by_terminal(c);
}

void
copier_free(struct copier *c)
{
	if (c == NULL)
		return;
	c->freed = true;
	if (c->open_handles > 0) {
		if (!uv_is_closing((uv_handle_t *)&c->tmux))
			uv_process_kill(&c->tmux, SIGKILL);
		return;
	}
	free(c->text);
	free(c);
}
