/*
 * The agents of practice_agent.h. The messages are those of the SSH agent
 * protocol (draft-miller-ssh-agent, section 5): a length, a type, a body.
 */
#include "practice_agent.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>
#include <uv.h>

#include <libssh/libssh.h>

#include "../base64.h"
#include "practice_keys.h"
#include "practice_play.h"
#include "practice_run.h"

enum {
	MSG_FAILURE = 5,
	MSG_SUCCESS = 6,
	MSG_REQUEST_IDENTITIES = 11,
	MSG_IDENTITIES_ANSWER = 12,
	MSG_LOCK = 22,
	MSG_MAX = 16 * 1024, /* of a request */
	BLOB_MAX = 512,
	FILES_MAX = 16,
	READY_MS = 2000,
	TICK_MS = 5
};

static const char comment[] = "trainee@practice";

struct shared {
	const struct practice_play *play;
	uint8_t list[BLOB_MAX]; /* the answer to the question for its keys */
	size_t len;
};

struct conn {
	const struct shared *shared;
	int fd;
	size_t len;
	uint8_t request[4 + MSG_MAX];
};

static void
put_u32(uint8_t *p, size_t v)
{
	p[0] = (uint8_t)(v >> 24);
	p[1] = (uint8_t)(v >> 16);
	p[2] = (uint8_t)(v >> 8);
	p[3] = (uint8_t)v;
}

/* The answer that lists the trainee's key, or none where that is hidden. Returns 0 or -1. */
static int
make_list(struct shared *sh, ssh_key key)
{
	size_t at = 9, n = strlen(comment);
	char *b64 = NULL;
	long blob = 0;

	sh->list[4] = MSG_IDENTITIES_ANSWER;
	if (sh->play->agent == AGENT_REFUSES) {
		if (ssh_pki_export_pubkey_base64(key, &b64) != SSH_OK)
			return -1;
		blob = base64_decode(
		    sh->list + at + 4, sizeof(sh->list) - at - 8 - n, b64, strlen(b64));
		ssh_string_free_char(b64);
		if (blob < 0)
			return -1;
		put_u32(sh->list + at, (size_t)blob);
		at += 4 + (size_t)blob;
		put_u32(sh->list + at, n);
		memcpy(sh->list + at + 4, comment, n);
		at += 4 + n;
	}
	put_u32(sh->list, at - 4);
	put_u32(sh->list + 5, blob > 0 ? 1 : 0);
	sh->len = at;
	return 0;
}

static void *
share_ill(const struct practice_keys *k, const struct practice_play *play, const char *dir)
{
	struct shared *sh = calloc(1, sizeof(*sh));

	(void)dir;
	if (sh == NULL)
		return NULL;
	sh->play = play;
	if (make_list(sh, k->trainee) != 0) {
		free(sh);
		return NULL;
	}
	return sh;
}

static void
unshare_ill(void *shared)
{
	free(shared);
}

static void *
open_ill(void *shared, int fd)
{
	struct conn *c = calloc(1, sizeof(*c));

	if (c != NULL) {
		c->shared = shared;
		c->fd = fd;
	}
	return c;
}

/* Answer the request that is whole: its keys, or no. False: the client left. */
static bool
answer(struct conn *c)
{
	static const uint8_t no[] = { 0, 0, 0, 1, MSG_FAILURE };
	bool list = c->request[4] == MSG_REQUEST_IDENTITIES;
	size_t len = list ? c->shared->len : sizeof(no);

	/* An answer of some hundred bytes fits into the socket of a client that waits for it. */
	return send(c->fd, list ? c->shared->list : no, len, MSG_NOSIGNAL) == (ssize_t)len;
}

static int
step_ill(void *conn)
{
	struct conn *c = conn;
	size_t want = 4;
	ssize_t n;

	for (;;) {
		if (c->len >= 4)
			want = 4 + ((size_t)c->request[2] << 8 | c->request[3]);
		if (c->len >= 5 && c->len == want) {
			if (c->shared->play->agent != AGENT_HANGS && !answer(c))
				return 0;
			c->len = 0;
			want = 4;
		}
		if (want > sizeof(c->request) ||
		    (c->len >= 4 && (want == 4 || c->request[0] != 0 || c->request[1] != 0)))
			return 0;
		n = recv(c->fd, c->request + c->len, want - c->len, 0);
		if (n < 0 && (errno == EAGAIN || errno == EINTR))
			return UV_READABLE;
		if (n <= 0)
			return 0;
		c->len += (size_t)n;
	}
}

static void
close_ill(void *conn)
{
	free(conn);
}

const struct practice_server practice_ill_agent = {
	.share = share_ill,
	.unshare = unshare_ill,
	.open = open_ill,
	.step = step_ill,
	.close = close_ill,
};

/* A connection to the agent, or -1. */
static int
call(const char *path)
{
	struct sockaddr_un un = { .sun_family = AF_UNIX };
	int fd;

	if (strlen(path) >= sizeof(un.sun_path) ||
	    (fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)) < 0)
		return -1;
	memcpy(un.sun_path, path, strlen(path) + 1);
	if (connect(fd, (struct sockaddr *)&un, sizeof(un)) == 0)
		return fd;
	close(fd);
	return -1;
}

/* Whether it comes to listen in time. */
static bool
comes_up(const char *path)
{
	const struct timespec tick = { .tv_nsec = TICK_MS * 1000000L };

	for (int ms = 0; ms < READY_MS; ms += TICK_MS) {
		int fd = call(path);

		if (fd >= 0) {
			close(fd);
			return true;
		}
		nanosleep(&tick, NULL);
	}
	return false;
}

pid_t
practice_agent_start(const char *path, char *const files[])
{
	/* It stays at its terminal's side (-D), and holds keys no longer than anybody practises. */
	const char *agent[] = { "ssh-agent", "-D", "-t", "8h", "-a", path, NULL };
	const char *add[FILES_MAX + 3] = { "ssh-add", "-q" };
	struct practice_run how = { .in_out = -1, .err = -1 };
	pid_t pid;
	size_t n = 2;

	while (files[n - 2] != NULL && n < FILES_MAX + 2) {
		add[n] = files[n - 2];
		n++;
	}
	if ((pid = practice_run_start(agent, &how)) < 0)
		return -1;
	if (comes_up(path) && practice_run_wait(add, path, NULL, 0) == 0)
		return pid;
	practice_run_end(pid);
	return -1;
}

int
practice_agent_lock(const char *path)
{
	static const uint8_t request[] = { 0, 0, 0, 13, MSG_LOCK, 0, 0, 0, 8, 'p', 'r', 'a', 'c',
		't', 'i', 'c', 'e' };
	uint8_t reply[5] = { 0 };
	int fd = call(path), r = -1;

	if (fd < 0)
		return -1;
	if (send(fd, request, sizeof(request), MSG_NOSIGNAL) == (ssize_t)sizeof(request) &&
	    recv(fd, reply, sizeof(reply), MSG_WAITALL) == (ssize_t)sizeof(reply) &&
	    reply[4] == MSG_SUCCESS)
		r = 0;
	close(fd);
	return r;
}

void
practice_agent_stop(pid_t pid)
{
	practice_run_end(pid);
}
