/*
 * Standard error into a pipe while the screen is up. Both ends are non-blocking: neither a library nor
 * the loop ever waits for the other. Called by screen.c.
 */
#include "strays.h"

#include <fcntl.h>
#include <unistd.h>

#include "../core/text.h"

enum { READ_MAX = 4096 };

void
strays_begin(struct strays *s)
{
	int ends[2];

	*s = (struct strays){ .saved = -1, .in = -1, .out = -1 };
	if (!isatty(STDERR_FILENO) || (s->saved = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3)) < 0)
		return;
	if (pipe2(ends, O_CLOEXEC | O_NONBLOCK) == 0) {
		s->out = ends[0];
		s->in = ends[1];
	} else {
		s->in = open("/dev/null", O_WRONLY | O_CLOEXEC);
	}
	strays_hide(s);
}

void
strays_show(const struct strays *s)
{
	if (s->saved >= 0)
		dup2(s->saved, STDERR_FILENO);
}

void
strays_hide(const struct strays *s)
{
	if (s->in >= 0)
		dup2(s->in, STDERR_FILENO);
}

static void
end_of_line(struct strays *s, void (*take)(void *arg, const char *line), void *arg)
{
	char clean[STRAY_LINE_MAX * 4 + 1]; /* \xHH for a byte is the longest that it gets */

	while (s->len > 0 && s->line[s->len - 1] == '\r')
		s->len--;
	if (s->len > 0) {
		text_clean(clean, sizeof clean, s->line, s->len);
		take(arg, clean);
	}
	s->len = 0;
}

void
strays_read(struct strays *s, void (*take)(void *arg, const char *line), void *arg)
{
	char bytes[READ_MAX];
	ssize_t n = s->out < 0 ? 0 : read(s->out, bytes, sizeof bytes);

	for (ssize_t i = 0; i < n; i++) {
		if (bytes[i] == '\n')
			end_of_line(s, take, arg);
		else if (s->len < sizeof s->line)
			s->line[s->len++] = bytes[i];
	}
}

void
strays_end(struct strays *s)
{
	strays_show(s);
	if (s->saved >= 0)
		close(s->saved);
	if (s->in >= 0)
		close(s->in);
	if (s->out >= 0)
		close(s->out);
	s->saved = s->in = s->out = -1;
}
