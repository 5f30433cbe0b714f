/*
 * The libssh session behind the tap: made non-blocking and free of its own
 * configuration, woken when bytes wait, and guarded against what libssh does
 * to descriptors. See conn.h for who calls it.
 */
#include "conn.h"

#include <errno.h>
#include <fcntl.h>
#include <libssh/callbacks.h>
#include <libssh/server.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../text.h"
#include "tap.h"
#include "tcpinfo.h"

enum { SIGALGS_MAX = 1024 };

enum {
	STUCK_WAKES = 64, /* wake-ups without a byte before a session counts as gone */
	ROUNDS_MAX = 16   /* of a step in one turn of the loop, where the other side floods */
};

struct conn {
	struct tap *tap;
	ssh_session ssh;
	int fd; /* our duplicate of libssh's socket; libssh may close its own */
	uv_poll_t poll;
	int events; /* armed, 0 if not */
	void (*step)(void *);
	void *arg;
	bool stepping, again, busy, stuck;
	bool more;  /* the step is to be made in the next turn, whatever the socket says */
	bool heard; /* nobody listens for the server's extensions any more */
	char sigalgs[SIGALGS_MAX];
	int wakes;
	uint64_t relayed;
	struct ssh_counter_struct sent, taken; /* what libssh wrote to and read from its socket */
	uv_work_t work;
	void (*work_fn)(void *), (*after)(void *);
	void *work_arg;
};

static void arm(struct conn *c);

/* libssh clears O_NONBLOCK at its first write; a peer that stops reading would then stall the loop. */
static void
keep_nonblocking(struct conn *c)
{
	int flags = fcntl(c->fd, F_GETFL);

	if (flags >= 0 && !(flags & O_NONBLOCK))
		fcntl(c->fd, F_SETFL, flags | O_NONBLOCK);
}

/* libssh tells what the server's extensions hold (RFC 8308) in its log alone; what is cut there is not known. */
static void
on_log(int priority, const char *function, const char *line, void *userdata)
{
	static const char mark[] = "Extension: server-sig-algs=<";
	struct conn *c = userdata;
	const char *at = strstr(line, mark), *end;

	(void)priority;
	(void)function;
	if (at == NULL || (end = strchr(at, '>')) == NULL)
		return;
	at += sizeof mark - 1;
	text_clean(c->sigalgs, sizeof c->sigalgs, at, (size_t)(end - at));
	c->heard = true;
}

/* The log belongs to the thread, so it is this connection's only while its step runs. */
static void
listen_to_log(struct conn *c, bool on)
{
	ssh_set_log_userdata(on ? c : NULL);
	ssh_set_log_callback(on_log);
	ssh_set_log_level(on ? SSH_LOG_PACKET : SSH_LOG_NOLOG);
}

static void
call_step(struct conn *c)
{
	bool listen = !c->heard;

	if (listen)
		listen_to_log(c, true);
	c->step(c->arg);
	if (listen)
		listen_to_log(c, false);
}

/*
 * libssh reads only in the calls of what still waits for something: a channel at its end of file,
 * say, leaves its "close" in the socket. Asking for a message of the server's reads always; one
 * that there is asks for a channel or the like, which nobody here gives.
 */
static void
take_rest(struct conn *c)
{
	ssh_message m;
	int n;

	if (ioctl(c->fd, FIONREAD, &n) != 0 || n == 0)
		return;
	while ((m = ssh_message_get(c->ssh)) != NULL) {
		ssh_message_reply_default(m);
		ssh_message_free(m);
	}
}

/*
 * Any call of libssh's may read, so one step may take the packet that another call of the same
 * step had looked for just before, and the socket tells of it no more: a step is made again
 * until one has taken nothing, after some rounds in the next turn of the loop.
 */
static void
run_step(struct conn *c)
{
	uint64_t before;
	int rounds = 0;

	if (c->stepping || c->busy) {
		c->again = true;
		return;
	}
	c->stepping = true;
	do {
		c->again = false;
		before = c->taken.in_bytes;
		if (c->step != NULL)
			call_step(c);
		if (c->step != NULL && !c->busy && !c->again && c->taken.in_bytes == before)
			take_rest(c);
		c->again = c->again || c->taken.in_bytes != before;
	} while (c->again && c->step != NULL && !c->busy && ++rounds < ROUNDS_MAX);
	c->more = c->again && c->step != NULL && !c->busy;
	c->stepping = false;
	keep_nonblocking(c);
	arm(c);
}

static void
on_poll(uv_poll_t *poll, int status, int events)
{
	struct conn *c = poll->data;
	uint64_t relayed = tap_relayed(c->tap);

	(void)events;
	if (status < 0)
		c->events = 0; /* libuv stopped the handle */
	c->wakes = relayed == c->relayed ? c->wakes + 1 : 0;
	c->relayed = relayed;
	if (c->wakes > STUCK_WAKES)
		c->stuck = true;
	run_step(c);
}

static void
arm(struct conn *c)
{
	int want = 0;

	if (c->step != NULL && !c->busy && !c->stuck) {
		want = UV_READABLE;
		if (c->more || ssh_get_poll_flags(c->ssh) & SSH_WRITE_PENDING)
			want |= UV_WRITABLE;
	}
	if (want == c->events)
		return;
	c->events = want;
	if (want == 0)
		uv_poll_stop(&c->poll);
	else
		uv_poll_start(&c->poll, want, on_poll);
}

/*
 * The session reads no configuration, resolves no name, asks no passwd: all
 * that is known from ssh -G. Host and user are given where they are needed;
 * libssh's own rules for their characters are stricter than ssh's.
 */
static ssh_session
new_session(int fd)
{
	ssh_session s = ssh_new();
	bool off = false;

	if (s == NULL)
		return NULL;
	ssh_set_blocking(s, 0);
	ssh_options_set(s, SSH_OPTIONS_PROCESS_CONFIG, &off);
	ssh_options_set(s, SSH_OPTIONS_SSH_DIR, "/nonexistent");
	ssh_options_set(s, SSH_OPTIONS_HOST, "192.0.2.1");
	ssh_options_set(s, SSH_OPTIONS_USER, "x");
	ssh_options_set(s, SSH_OPTIONS_KNOWNHOSTS, "/dev/null");
	ssh_options_set(s, SSH_OPTIONS_GLOBAL_KNOWNHOSTS, "/dev/null");
	ssh_options_set(s, SSH_OPTIONS_FD, &fd);
	return s;
}

struct conn *
conn_new(uv_loop_t *loop, int fd, const struct conn_hooks *hooks, void *arg)
{
	struct conn *c = calloc(1, sizeof *c);
	int pair[2] = { -1, -1 };

	if (c == NULL)
		return NULL;
	c->fd = -1;
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, pair) != 0)
		goto fail;
	if ((c->fd = fcntl(pair[1], F_DUPFD_CLOEXEC, 3)) < 0 ||
	    (c->ssh = new_session(pair[1])) == NULL)
		goto fail;
	ssh_set_counters(c->ssh, &c->sent, &c->taken);
	if ((c->tap = tap_new(loop, fd, pair[0], hooks, arg)) == NULL)
		goto fail;
	if (uv_poll_init(loop, &c->poll, c->fd) != 0)
		abort(); /* a fresh socket is always pollable */
	c->poll.data = c;
	return c;
fail:
	if (c->ssh != NULL)
		ssh_free(c->ssh); /* closes pair[1] */
	else if (pair[1] >= 0)
		close(pair[1]);
	if (pair[0] >= 0)
		close(pair[0]);
	if (c->fd >= 0)
		close(c->fd);
	free(c);
	return NULL;
}

void
conn_unhook(struct conn *c)
{
	tap_unhook(c->tap);
}

static void
on_closed(uv_handle_t *h)
{
	struct conn *c = h->data;

	close(c->fd);
	free(c);
}

/*
 * libssh 0.10 does not close a descriptor that it was given when it is told to
 * disconnect, later versions never do, error paths of 0.10 already did.
 */
static void
end_session(ssh_session s)
{
	int fd = ssh_get_fd(s);

	ssh_set_fd_towrite(s);
	ssh_disconnect(s);
	if (fd >= 0 && ssh_version(SSH_VERSION_INT(0, 10, 0)) != NULL)
		close(fd);
	ssh_free(s);
}

static void
finish(struct conn *c)
{
	uv_poll_stop(&c->poll);
	keep_nonblocking(c);
	end_session(c->ssh);
	tap_free(c->tap);
	uv_close((uv_handle_t *)&c->poll, on_closed);
}

void
conn_free(struct conn *c)
{
	if (c == NULL)
		return;
	c->step = NULL;
	tap_unhook(c->tap);
	finish(c);
}

ssh_session
conn_ssh(struct conn *c)
{
	return c->ssh;
}

void
conn_drive(struct conn *c, void (*step)(void *), void *arg)
{
	c->step = step;
	c->arg = arg;
	c->wakes = 0;
	run_step(c);
}

void
conn_rest(struct conn *c)
{
	c->step = NULL;
	arm(c);
}

void
conn_again(struct conn *c)
{
	c->again = true;
}

bool
conn_closed(struct conn *c)
{
	return c->stuck || (ssh_get_status(c->ssh) & (SSH_CLOSED | SSH_CLOSED_ERROR)) != 0;
}

const char *
conn_sigalgs(struct conn *c)
{
	c->heard = true;
	return c->sigalgs[0] != '\0' ? c->sigalgs : NULL;
}

enum conn_end
conn_end(const struct conn *c)
{
	return tap_end(c->tap);
}

void
conn_tcp(const struct conn *c, int64_t *rtt_us, int64_t *retrans, int64_t *unacked)
{
	struct tcpinfo info;

	*rtt_us = *retrans = *unacked = 0;
	if (tcpinfo_get(tap_outer(c->tap), &info) != 0)
		return;
	*rtt_us = info.rtt_us;
	*retrans = info.retrans;
	*unacked = info.unacked;
}

int64_t
conn_timeouts(const struct conn *c)
{
	struct tcpinfo info;

	return tcpinfo_get(tap_outer(c->tap), &info) == 0 ? info.timeouts : 0;
}

bool
conn_mark(const struct conn *c, int byte)
{
	int fd = tap_outer(c->tap);
	struct sockaddr_storage sa;
	socklen_t len = sizeof sa;

	if (getsockname(fd, (struct sockaddr *)&sa, &len) != 0)
		return false;
	if (sa.ss_family == AF_INET)
		return setsockopt(fd, IPPROTO_IP, IP_TOS, &byte, sizeof byte) == 0;
	return sa.ss_family == AF_INET6 &&
	       setsockopt(fd, IPPROTO_IPV6, IPV6_TCLASS, &byte, sizeof byte) == 0;
}

static void
on_work(uv_work_t *w)
{
	struct conn *c = w->data;

	c->work_fn(c->work_arg);
}

static void
on_after_work(uv_work_t *w, int status)
{
	struct conn *c = w->data;

	(void)status;
	c->busy = false;
	keep_nonblocking(c);
	c->after(c->work_arg);
	keep_nonblocking(c);
	arm(c);
}

void
conn_work(struct conn *c, void (*work)(void *), void (*after)(void *), void *arg)
{
	c->busy = true;
	c->work_fn = work;
	c->after = after;
	c->work_arg = arg;
	c->work.data = c;
	arm(c);
	uv_queue_work(c->poll.loop, &c->work, on_work, on_after_work);
}
