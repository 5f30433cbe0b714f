/*
 * Practice servers that do not speak SSH. A connection reads what comes and
 * may have one thing to say, after the first line of the client; then it says
 * no more, and reads on until the client leaves. (A close with unread bytes
 * would become a reset, which can cost the client the answer.)
 */
#include "practice_raw.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <uv.h>

/* As nginx answers a line that is no request. */
static const char http_answer[] = "HTTP/1.1 400 Bad Request\r\n"
				  "Server: practice\r\n"
				  "Content-Type: text/html\r\n"
				  "Content-Length: 50\r\n"
				  "Connection: close\r\n"
				  "\r\n"
				  "<html><body><h1>400 Bad Request</h1></body></html>";

struct raw {
	int fd;
	const char *answer; /* what is yet to be sent; NULL: nothing, now or later */
	bool asked;         /* a whole line came */
	bool shut;          /* our side is closed */
};

static struct raw *
open_raw(int fd, const char *answer)
{
	struct raw *c = calloc(1, sizeof(*c));

	if (c != NULL) {
		c->fd = fd;
		c->answer = answer;
	}
	return c;
}

static void *
open_http(void *shared, int fd)
{
	(void)shared;
	return open_raw(fd, http_answer);
}

static void *
open_silent(void *shared, int fd)
{
	(void)shared;
	return open_raw(fd, NULL);
}

/* Read some of what is there; the loop comes back for more. False: the client left. */
static bool
read_raw(struct raw *c)
{
	char buf[4096];
	ssize_t n;

	n = recv(c->fd, buf, sizeof(buf), 0);
	if (n > 0 && memchr(buf, '\n', (size_t)n) != NULL)
		c->asked = true;
	return n > 0 || (n < 0 && (errno == EAGAIN || errno == EINTR));
}

/* Send what can be sent, then close our side. False: the client left. */
static bool
answer_raw(struct raw *c)
{
	while (*c->answer != '\0') {
		ssize_t n = send(c->fd, c->answer, strlen(c->answer), MSG_NOSIGNAL);

		if (n < 0)
			return errno == EAGAIN || errno == EINTR;
		c->answer += n;
	}
	if (!c->shut)
		shutdown(c->fd, SHUT_WR);
	c->shut = true;
	return true;
}

static int
step_raw(void *conn)
{
	struct raw *c = conn;
	bool answering;

	if (!read_raw(c))
		return 0;
	answering = c->asked && c->answer != NULL;
	if (answering && !answer_raw(c))
		return 0;
	return UV_READABLE | (answering && !c->shut ? UV_WRITABLE : 0);
}

static void
close_raw(void *conn)
{
	free(conn);
}

const struct practice_server practice_http = {
	.open = open_http,
	.step = step_raw,
	.close = close_raw,
};

const struct practice_server practice_silent = {
	.open = open_silent,
	.step = step_raw,
	.close = close_raw,
};
