/*
 * Probe "trace": where on the way to an address that does not answer the answers stop. While the
 * connection attempt still waits, more of them to the same address and port are begun, each of which
 * dies after so many routers; the router says so (ICMP time exceeded), and the kernel keeps that in the
 * socket's error queue, for anybody (ip(7), IP_RECVERR). No packet goes to anybody but the target.
 * A few attempts are out at a time; more begin as routers answer. One row in probes.c.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "probes.h"
#include "sock.h"

enum {
	HOPS_MAX = 20,
	AHEAD = 4, /* routers that may say nothing, before one that does */
	LIMIT_MS = 2500,
	QUIET_MS = 1400, /* a SYN is sent again after 1 s */
	TICK_MS = 50,
	MARGIN_MS = 150 /* before the attempt's own limit */
};

enum { TIME_EXCEEDED = 11, TIME_EXCEEDED_V6 = 3 }; /* RFC 792; RFC 4443 3.3 */

struct hop {
	struct trace *trace;
	uv_poll_t poll;
	int fd, ttl;
	bool open; /* watched */
	uint64_t start_us;
};

struct trace {
	struct probe_run *pr;
	const struct run_addr *addr;
	struct hop hop[HOPS_MAX];
	int n, last, answers; /* begun; the farthest that answered; how many did */
	char last_from[64];
	uv_timer_t tick;
	int handles;
	bool over;
	uint32_t limit_ms;
	uint64_t news_us; /* when a router answered last */
};

_Static_assert(sizeof(struct trace) <= TRACE_PRIV, "room for the probe's memory");

static void begin_more(struct trace *t);

/* ---- the end -------------------------------------------------------------------- */

static void
on_tick_closed(uv_handle_t *h)
{
	struct trace *t = h->data;

	if (--t->handles == 0)
		probe_done(t->pr);
}

static void
on_hop_closed(uv_handle_t *handle)
{
	struct hop *h = handle->data;

	close(h->fd);
	if (--h->trace->handles == 0)
		probe_done(h->trace->pr);
}

static void
end_hop(struct hop *h)
{
	if (h->open)
		uv_close((uv_handle_t *)&h->poll, on_hop_closed);
	h->open = false;
}

static void
over(struct trace *t)
{
	if (t->over)
		return;
	t->over = true;
	uv_close((uv_handle_t *)&t->tick, on_tick_closed);
	for (int i = 0; i < t->n; i++)
		end_hop(&t->hop[i]);
}

/* ---- evidence ---------------------------------------------------------------------- */

/* Whether two addresses share what is most often one network: 24 bits, or 64 of IPv6. */
static bool
near(const struct run_addr *a, const char *text)
{
	struct in_addr v4;
	struct in6_addr v6;

	if (a->sa.ss_family == AF_INET6)
		return inet_pton(AF_INET6, text, &v6) == 1 &&
		       memcmp(&v6, &((const struct sockaddr_in6 *)&a->sa)->sin6_addr, 8) == 0;
	return inet_pton(AF_INET, text, &v4) == 1 &&
	       memcmp(&v4, &((const struct sockaddr_in *)&a->sa)->sin_addr, 3) == 0;
}

static void
say_hop(struct hop *h, const struct sock_failure *f)
{
	struct trace *t = h->trace;
	struct evidence ev;

	ev_init(&ev, EV_TRACE_HOP);
	ev_str(&ev, K_ADDR, t->addr->text);
	ev_int(&ev, K_PORT, t->pr->run->cfg->port);
	ev_int(&ev, K_TTL, h->ttl);
	ev_str(&ev, K_FROM, f->from);
	ev_int(&ev, K_NEAR, near(t->addr, f->from));
	ev_int(&ev, K_TOOK_US, (int64_t)(probe_now(t->pr) - h->start_us));
	probe_emit(t->pr, &ev);
}

static void
say_result(struct trace *t, const char *result)
{
	struct evidence ev;

	ev_init(&ev, EV_TRACE_RESULT);
	ev_str(&ev, K_ADDR, t->addr->text);
	ev_int(&ev, K_PORT, t->pr->run->cfg->port);
	ev_str(&ev, K_RESULT, result);
	ev_int(&ev, K_COUNT, t->answers);
	ev_int(&ev, K_TTL, t->last);
	ev_str(&ev, K_FROM, t->last_from[0] != '\0' ? t->last_from : NULL);
	ev_int(&ev, K_TOOK_US, (int64_t)(probe_now(t->pr) - t->pr->start_us));
	probe_emit(t->pr, &ev);
}

static void
finish(struct trace *t, const char *result)
{
	if (t->over)
		return;
	say_result(t, result);
	over(t);
}

/* ---- one hop ------------------------------------------------------------------------- */

/* An end of the connection that leaves nothing behind at the target. */
static void
drop(struct hop *h)
{
	struct linger at_once = { .l_onoff = 1 };

	setsockopt(h->fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
	h->trace->pr->run->connections++;
}

static void
on_ready(uv_poll_t *poll, int status, int events)
{
	struct hop *h = poll->data;
	struct trace *t = h->trace;
	struct sock_failure f;
	bool v6 = t->addr->sa.ss_family == AF_INET6;

	(void)status;
	(void)events;
	if (t->over || !h->open)
		return;
	sock_failure(h->fd, 0, &f);
	if (!f.icmp || f.icmp_type != (v6 ? TIME_EXCEEDED_V6 : TIME_EXCEEDED)) {
		if (f.err == 0)
			drop(h);
		finish(t,
		    "answered"); /* by the target, or in its place: the attempt itself will tell */
		return;
	}
	say_hop(h, &f);
	t->answers++;
	t->news_us = probe_now(t->pr);
	if (h->ttl > t->last) {
		t->last = h->ttl;
		text_copy(t->last_from, sizeof t->last_from, f.from);
	}
	end_hop(h);
	begin_more(t);
}

static void
begin_hop(struct trace *t)
{
	struct hop *h = &t->hop[t->n++];
	struct sock_want want = { .ttl = t->n };
	const char *text;
	int err;

	h->trace = t;
	h->ttl = want.ttl;
	h->start_us = probe_now(t->pr);
	h->fd = sock_connect(t->pr->run, t->addr, &want, &err, &text);
	if (h->fd < 0)
		return;
	if (err != EINPROGRESS || uv_poll_init(probe_loop(t->pr), &h->poll, h->fd) != 0) {
		close(h->fd);
		return;
	}
	h->poll.data = h;
	h->open = true;
	t->handles++;
	uv_poll_start(&h->poll, UV_WRITABLE, on_ready);
}

static void
begin_more(struct trace *t)
{
	while (t->n < HOPS_MAX && t->n < t->last + AHEAD)
		begin_hop(t);
}

/* ---- all of them ----------------------------------------------------------------------- */

static void
on_tick(uv_timer_t *timer)
{
	struct trace *t = timer->data;
	uint64_t now = probe_now(t->pr);

	if (t->pr->run->tcp_over)
		finish(t, "moot");
	else if (now - t->pr->start_us > (uint64_t)t->limit_ms * 1000 ||
		 now - t->news_us > (uint64_t)QUIET_MS * 1000)
		finish(t, "done");
}

/* What is left until the attempt's own limit: the verdict is not to come later. */
static uint32_t
time_left(const struct probe_run *pr)
{
	const struct run *r = pr->run;
	uint64_t limit = r->tcp_limit_us, now = pr->start_us + (uint64_t)MARGIN_MS * 1000;
	uint64_t left = limit > now ? (limit - now) / 1000 : 0;

	return left < LIMIT_MS ? (uint32_t)left : LIMIT_MS;
}

int
trace_start(struct probe_run *pr)
{
	struct trace *t = pr->priv;
	const struct run *r = pr->run;

	t->pr = pr;
	for (int i = r->naddrs - 1; i >= 0; i--)
		if (r->addrs[i].silent)
			t->addr = &r->addrs[i];
	if (t->addr == NULL || r->tcp_over)
		return -1;
	t->limit_ms = time_left(pr);
	t->news_us = pr->start_us;
	uv_timer_init(probe_loop(pr), &t->tick);
	t->tick.data = t;
	t->handles = 1;
	uv_timer_start(&t->tick, on_tick, TICK_MS, TICK_MS);
	begin_more(t);
	return 0;
}

void
trace_cancel(struct probe_run *pr)
{
	struct trace *t = pr->priv;

	if (pr->deadline_hit)
		finish(t, "done");
	over(t);
}
