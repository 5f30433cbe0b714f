/*
 * Probe "tcp": a connection to each address of the name at the same time.
 * The first that opens is the one that the run goes on with; what the others
 * do is evidence only. One row in probes.c.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "probes.h"
#include "sock.h"
#include "tcpinfo.h"

enum {
	SILENT_MS = 3000, /* a SYN without an answer for so long is worth a line */
	GRACE_MS = 1000   /* for the other addresses once one is open */
};

struct attempt {
	struct tcp *tcp;
	uv_poll_t poll;
	int fd;
	int order; /* index of the address */
	bool polled, ended;
	uint64_t start_us;
};

struct tcp {
	struct probe_run *pr;
	struct attempt attempt[RUN_ADDRS];
	int n, pending; /* attempts, and those of them that have not ended */
	uv_timer_t silent, grace;
	int handles; /* not closed yet */
	bool over;
};

_Static_assert(sizeof(struct tcp) <= TCP_PRIV, "room for the probe's memory");

/* The word in evidence for an error of connect(2); "error" for all others. */
static const struct {
	int err;
	const char *result;
} results[] = {
	{ ECONNREFUSED, "refused" },
	{ EHOSTUNREACH, "unreachable" },
	{ ENETUNREACH, "unreachable" },
	{ EHOSTDOWN, "unreachable" },
	{ ENETDOWN, "unreachable" },
	{ EACCES, "unreachable" }, /* a route of type prohibit on this machine */
	{ ETIMEDOUT, "timeout" },
};

static const char *
result_of(int err)
{
	for (size_t i = 0; i < sizeof results / sizeof *results; i++)
		if (results[i].err == err)
			return results[i].result;
	return "error";
}

static struct run_addr *
addr_of(struct attempt *a)
{
	return &a->tcp->pr->run->addrs[a->order];
}

static uint64_t
took(struct attempt *a)
{
	return probe_now(a->tcp->pr) - a->start_us;
}

/* ---- the end ----------------------------------------------------------------- */

static void
on_closed(uv_handle_t *h)
{
	struct tcp *t = h->data;

	if (--t->handles == 0)
		probe_done(t->pr);
}

static void
on_attempt_closed(uv_handle_t *h)
{
	struct attempt *a = h->data;
	struct tcp *t = a->tcp;

	/* A socket may be closed only now that nobody polls it. */
	if (a->fd >= 0)
		close(a->fd);
	a->fd = -1;
	if (--t->handles == 0)
		probe_done(t->pr);
}

static void
over(struct tcp *t)
{
	if (t->over)
		return;
	t->over = true;
	t->pr->run->tcp_over = true;
	uv_close((uv_handle_t *)&t->silent, on_closed);
	uv_close((uv_handle_t *)&t->grace, on_closed);
}

/* Nothing more is wanted of this attempt. */
static void
end_attempt(struct attempt *a)
{
	a->ended = true;
	if (a->polled)
		uv_close((uv_handle_t *)&a->poll, on_attempt_closed);
	else if (a->fd >= 0)
		close(a->fd);
	if (--a->tcp->pending == 0)
		over(a->tcp);
}

/* ---- evidence ---------------------------------------------------------------- */

static void
begin(struct attempt *a, struct evidence *ev, enum ev_kind kind)
{
	ev_init(ev, kind);
	ev_str(ev, K_ADDR, addr_of(a)->text);
	ev_int(ev, K_PORT, a->tcp->pr->run->cfg->port);
	if (kind != EV_TCP_SILENT)
		ev_int(ev, K_ORDER, a->order);
}

static void
say_failed(struct attempt *a, const char *result, const struct sock_failure *f, const char *text)
{
	struct tcpinfo ti;
	struct evidence ev;
	char local[64] = "";

	tcpinfo_get(a->fd, &ti);
	if (a->fd >= 0)
		sock_local(a->fd, local, sizeof local);
	begin(a, &ev, EV_TCP_RESULT);
	ev_str(&ev, K_RESULT, result);
	if (f->err != 0) {
		ev_str(&ev, K_ERRNO, uv_err_name(-f->err));
		ev_str(&ev, K_TEXT, text != NULL ? text : strerror(f->err));
	}
	ev_str(&ev, K_LOCAL, local[0] != '\0' ? local : NULL);
	if (local[0] != '\0' && a->tcp->pr->run->client[0] == '\0')
		text_copy(a->tcp->pr->run->client, sizeof a->tcp->pr->run->client, local);
	if (f->icmp) {
		ev_int(&ev, K_ICMP_TYPE, f->icmp_type);
		ev_int(&ev, K_ICMP_CODE, f->icmp_code);
		ev_str(&ev, K_ICMP_FROM, f->from);
		ev_int(&ev, K_SELF, f->self);
	}
	ev_int(&ev, K_RETRANS, ti.retrans);
	ev_int(&ev, K_TOOK_US, (int64_t)took(a));
	probe_emit(a->tcp->pr, &ev);
}

static void
fail_attempt(struct attempt *a, int err, const char *text)
{
	struct sock_failure f = { .err = err };

	if (a->fd >= 0)
		sock_failure(a->fd, err, &f);
	if (f.err == ECONNREFUSED && addr_of(a)->refused_us == 0)
		addr_of(a)->refused_us = took(a) + 1;
	say_failed(a,
	    text == sock_unbound || text == sock_nameless ? "unbound"
	    : text == sock_untested                       ? "untested"
							  : result_of(f.err),
	    &f, text);
	end_attempt(a);
}

/* Returns how many segments were sent again. */
static int64_t
say_open(struct attempt *a)
{
	struct tcpinfo ti;
	struct evidence ev;
	char local[64];

	tcpinfo_get(a->fd, &ti);
	sock_local(a->fd, local, sizeof local);
	begin(a, &ev, EV_TCP_RESULT);
	ev_str(&ev, K_RESULT, "open");
	ev_str(&ev, K_LOCAL, local);
	ev_int(&ev, K_LPORT, sock_local_port(a->fd));
	ev_int(&ev, K_RTT_US, ti.rtt_us);
	ev_int(&ev, K_RETRANS, ti.retrans);
	ev_int(&ev, K_TOOK_US, (int64_t)took(a));
	probe_emit(a->tcp->pr, &ev);
	return ti.retrans;
}

static void
open_attempt(struct attempt *a)
{
	struct tcp *t = a->tcp;
	struct run *r = t->pr->run;

	r->connections++;
	if (r->nports < RUN_PORTS)
		r->ports[r->nports++] = sock_local_port(a->fd);
	if (r->chosen < 0)
		sock_local(a->fd, r->client, sizeof r->client);
	r->retrans = say_open(a);
	if (r->chosen < 0) {
		probe_phase(t->pr, PH_TCP, a->start_us, probe_now(t->pr), 0);
		r->chosen = a->order;
		addr_of(a)->fd = a->fd;
		a->fd = -1; /* the run's from now on */
	}
	end_attempt(a);
}

/* Attempts that have not ended do so now, as result says. */
static void
end_pending(struct tcp *t, const char *result)
{
	static const struct sock_failure none;

	for (int i = 0; i < t->n; i++) {
		struct attempt *a = &t->attempt[i];

		if (a->ended)
			continue;
		say_failed(a, result, &none, NULL);
		end_attempt(a);
	}
}

/* ---- events ------------------------------------------------------------------ */

static void
on_grace_over(uv_timer_t *timer)
{
	end_pending(timer->data, "cancelled");
}

/* The others get a little time once an address is open. */
static void
limit_others(struct tcp *t)
{
	if (!t->over && t->pr->run->chosen >= 0 && !uv_is_active((uv_handle_t *)&t->grace))
		uv_timer_start(&t->grace, on_grace_over, GRACE_MS, 0);
}

/*
 * libuv says UV_EBADF for any POLLERR and stops polling: the truth is in
 * SO_ERROR.
 */
static void
on_ready(uv_poll_t *poll, int status, int events)
{
	struct attempt *a = poll->data;
	int err = 0;
	socklen_t len = sizeof err;

	(void)status;
	(void)events;
	if (a->ended)
		return;
	uv_poll_stop(poll);
	if (getsockopt(a->fd, SOL_SOCKET, SO_ERROR, &err, &len) != 0)
		err = errno;
	if (err != 0) {
		fail_attempt(a, err, NULL);
		return;
	}
	open_attempt(a);
	limit_others(a->tcp);
}

static void
on_silent(uv_timer_t *timer)
{
	struct tcp *t = timer->data;

	for (int i = 0; i < t->n; i++) {
		struct attempt *a = &t->attempt[i];
		struct tcpinfo ti;
		struct evidence ev;

		if (a->ended)
			continue;
		addr_of(a)->silent = true;
		tcpinfo_get(a->fd, &ti);
		begin(a, &ev, EV_TCP_SILENT);
		ev_int(&ev, K_ELAPSED_US, (int64_t)took(a));
		ev_int(&ev, K_RETRANS, ti.retrans);
		probe_emit(t->pr, &ev);
	}
}

static void
start_attempt(struct tcp *t, int order)
{
	static const struct sock_want as_ssh;
	struct attempt *a = &t->attempt[order];
	struct evidence ev;
	const char *text;
	int err;

	a->tcp = t;
	a->order = order;
	a->start_us = probe_now(t->pr);
	begin(a, &ev, EV_TCP_START);
	probe_emit(t->pr, &ev);
	a->fd = sock_connect(t->pr->run, addr_of(a), &as_ssh, &err, &text);
	if (err != 0 && err != EINPROGRESS) {
		fail_attempt(a, err, text);
		return;
	}
	a->poll.data = a;
	if (err == 0) {
		open_attempt(a);
	} else if (uv_poll_init(probe_loop(t->pr), &a->poll, a->fd) != 0) {
		fail_attempt(a, EMFILE, "the loop cannot watch the socket");
	} else {
		a->polled = true;
		t->handles++;
		uv_poll_start(&a->poll, UV_WRITABLE, on_ready);
	}
}

/* ConnectTimeout is ssh's own limit: where it is shorter than ours, it is ours too. */
static void
set_limit(struct probe_run *pr)
{
	uint32_t ms = pr->run->opt->timeout_ms != 0 ? pr->run->opt->timeout_ms : 10000;
	int64_t theirs = (int64_t)pr->run->cfg->connecttimeout * 1000;

	if (theirs > 0 && theirs < ms)
		probe_extend(pr, (uint32_t)theirs);
}

int
tcp_start(struct probe_run *pr)
{
	struct tcp *t = pr->priv;
	struct run *r = pr->run;

	t->pr = pr;
	t->n = t->pending = r->naddrs;
	if (t->n == 0)
		return -1;
	set_limit(pr);
	r->tcp_over = false;
	r->tcp_limit_us = pr->deadline_us;
	uv_timer_init(probe_loop(pr), &t->silent);
	uv_timer_init(probe_loop(pr), &t->grace);
	t->silent.data = t->grace.data = t;
	t->handles = 2;
	uv_timer_start(&t->silent, on_silent, SILENT_MS, 0);
	for (int i = 0; i < t->n; i++) {
		r->addrs[i].refused_us = 0;
		r->addrs[i].silent = false;
		start_attempt(t, i);
	}
	limit_others(t);
	return 0;
}

void
tcp_cancel(struct probe_run *pr)
{
	struct tcp *t = pr->priv;

	end_pending(t, pr->deadline_hit ? "timeout" : "cancelled");
}
