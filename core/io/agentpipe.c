/* One key of the user's agent, for libssh; see agentpipe.h and draft-miller-ssh-agent. */
#include "agentpipe.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
	AGENT_FAILURE_MSG = 5,
	AGENT_REQUEST_IDENTITIES = 11,
	AGENT_IDENTITIES_ANSWER = 12,
	AGENT_SIGN_REQUEST = 13,
	MESSAGE_MAX = 256 * 1024
};

/* A message in the making: length field and body. */
struct message {
	unsigned char *buf;
	size_t len;
};

struct agentpipe {
	uv_pipe_t ours, real; /* towards libssh, towards the agent */
	uv_connect_t connect;
	struct message from_libssh, from_agent;
	unsigned char *blob;
	size_t blob_len;
	char *path;
	bool connecting, connected, refused, freed;
	uint64_t asked_ns, waited_ns; /* since when a signature is waited for, 0 if none; in all */
	int open;
};

static uint32_t
get_u32(const unsigned char *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static void
put_u32(unsigned char *p, size_t v)
{
	p[0] = (unsigned char)(v >> 24);
	p[1] = (unsigned char)(v >> 16);
	p[2] = (unsigned char)(v >> 8);
	p[3] = (unsigned char)v;
}

static void
on_written(uv_write_t *w, int status)
{
	(void)status;
	free(w->data);
	free(w);
}

/* Write a copy of the bytes; an error shows as the stream's end. */
static void
send_bytes(uv_pipe_t *to, const unsigned char *bytes, size_t len)
{
	uv_write_t *w = malloc(sizeof *w);
	uv_buf_t buf = uv_buf_init(malloc(len), (unsigned)len);

	if (w == NULL || buf.base == NULL)
		abort();
	memcpy(buf.base, bytes, len);
	w->data = buf.base;
	if (uv_write(w, (uv_stream_t *)to, &buf, 1, on_written) != 0) {
		free(buf.base);
		free(w);
	}
}

static void
answer_failure(struct agentpipe *a)
{
	static const unsigned char failure[] = { 0, 0, 0, 1, AGENT_FAILURE_MSG };

	a->refused = true;
	send_bytes(&a->ours, failure, sizeof failure);
}

static void
answer_identities(struct agentpipe *a)
{
	size_t len = 4 + 1 + 4 + 4 + a->blob_len + 4;
	unsigned char *m = calloc(1, len);

	if (m == NULL)
		abort();
	put_u32(m, len - 4);
	m[4] = AGENT_IDENTITIES_ANSWER;
	put_u32(m + 5, 1);
	put_u32(m + 9, a->blob_len);
	memcpy(m + 13, a->blob, a->blob_len); /* an empty comment follows */
	send_bytes(&a->ours, m, len);
	free(m);
}

/* Whether the message is whole; its length then in *total. Too long a one counts as garbage. */
static bool
whole(const struct message *m, size_t *total)
{
	if (m->len < 5)
		return false;
	*total = 4 + (size_t)get_u32(m->buf);
	return m->len >= *total && *total >= 5;
}

static void
take(struct message *m, size_t n)
{
	memmove(m->buf, m->buf + n, m->len - n);
	m->len -= n;
}

static bool
append(struct message *m, const char *bytes, size_t len)
{
	unsigned char *buf;

	if (m->len + len > MESSAGE_MAX || (buf = realloc(m->buf, m->len + len)) == NULL)
		return false;
	memcpy(buf + m->len, bytes, len);
	m->buf = buf;
	m->len += len;
	return true;
}

static void
ask(struct agentpipe *a, size_t total)
{
	a->asked_ns = uv_hrtime();
	send_bytes(&a->real, a->from_libssh.buf, total);
}

static void
serve_libssh(struct agentpipe *a)
{
	size_t total;

	while (whole(&a->from_libssh, &total)) {
		unsigned char type = a->from_libssh.buf[4];

		if (type == AGENT_REQUEST_IDENTITIES)
			answer_identities(a);
		else if (type == AGENT_SIGN_REQUEST && a->connected)
			ask(a, total);
		else if (type == AGENT_SIGN_REQUEST && a->connecting)
			return; /* still connecting; on_connect() serves it */
		else
			answer_failure(a);
		take(&a->from_libssh, total);
	}
}

static void
serve_agent(struct agentpipe *a)
{
	size_t total;

	while (whole(&a->from_agent, &total)) {
		if (a->asked_ns != 0)
			a->waited_ns += uv_hrtime() - a->asked_ns;
		a->asked_ns = 0;
		if (a->from_agent.buf[4] == AGENT_FAILURE_MSG)
			a->refused = true;
		send_bytes(&a->ours, a->from_agent.buf, total);
		take(&a->from_agent, total);
	}
}

static void
on_alloc(uv_handle_t *h, size_t suggested, uv_buf_t *buf)
{
	(void)h;
	(void)suggested;
	*buf = uv_buf_init(malloc(4096), 4096);
}

static void
on_libssh(uv_stream_t *s, ssize_t n, const uv_buf_t *buf)
{
	struct agentpipe *a = s->data;

	if (n < 0 || !append(&a->from_libssh, buf->base, (size_t)n))
		uv_read_stop(s);
	else
		serve_libssh(a);
	free(buf->base);
}

static void
on_agent(uv_stream_t *s, ssize_t n, const uv_buf_t *buf)
{
	struct agentpipe *a = s->data;

	if (n < 0 || !append(&a->from_agent, buf->base, (size_t)n)) {
		uv_read_stop(s);
		answer_failure(a);
	} else {
		serve_agent(a);
	}
	free(buf->base);
}

static void
on_connect(uv_connect_t *req, int status)
{
	struct agentpipe *a = req->data;

	if (a->freed)
		return;
	a->connecting = false;
	a->connected = status == 0;
	if (a->connected)
		uv_read_start((uv_stream_t *)&a->real, on_alloc, on_agent);
	serve_libssh(a);
}

struct agentpipe *
agentpipe_new(uv_loop_t *loop, const char *path, const unsigned char *blob, size_t len, int *fd)
{
	struct agentpipe *a = calloc(1, sizeof *a);
	int pair[2];

	if (a == NULL || (a->blob = malloc(len)) == NULL || (a->path = strdup(path)) == NULL)
		abort();
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0) {
		free(a->blob);
		free(a->path);
		free(a);
		return NULL;
	}
	memcpy(a->blob, blob, len);
	a->blob_len = len;
	uv_pipe_init(loop, &a->ours, 0);
	uv_pipe_init(loop, &a->real, 0);
	a->open = 2;
	a->ours.data = a->real.data = a->connect.data = a;
	uv_pipe_open(&a->ours, pair[0]);
	a->connecting = true;
	uv_pipe_connect(&a->connect, &a->real, a->path, on_connect);
	uv_read_start((uv_stream_t *)&a->ours, on_alloc, on_libssh);
	*fd = pair[1];
	return a;
}

bool
agentpipe_refused(const struct agentpipe *a)
{
	return a->refused;
}

bool
agentpipe_waits(const struct agentpipe *a)
{
	return a->asked_ns != 0;
}

uint64_t
agentpipe_waited_us(const struct agentpipe *a)
{
	return a->waited_ns / 1000;
}

static void
on_closed(uv_handle_t *h)
{
	struct agentpipe *a = h->data;

	if (--a->open > 0)
		return;
	free(a->from_libssh.buf);
	free(a->from_agent.buf);
	free(a->blob);
	free(a->path);
	free(a);
}

void
agentpipe_free(struct agentpipe *a)
{
	if (a == NULL)
		return;
	a->freed = true;
	uv_close(
	    (uv_handle_t *)&a->ours, on_closed); /* libssh's read in the pool now meets the end */
	uv_close((uv_handle_t *)&a->real, on_closed);
}
