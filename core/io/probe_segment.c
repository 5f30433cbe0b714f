/*
 * Probe "segment": where the key exchange stalls, whether large packets get lost on the path (an
 * MTU black hole) or the peer does not answer. While the first connection still waits, another
 * one to the same address does the same with a small TCP segment size, which holds for both
 * directions. Where all of ours was acknowledged, one without it goes before: it too must stall, or
 * the stall is that of one connection (one of several machines behind the address) and not
 * of its size. At most one of them at a time is open beside the first. One row in probes.c.
 */
#include <net/if.h>

#include "conn.h"
#include "probes.h"
#include "second.h"

enum {
	SMALL_MSS = 536, /* what every IPv4 path carries (RFC 9293 3.7.1) */
	TICK_MS = 50,
	TRIPS = 6, /* round trips that an attempt may need up to the end of the exchange */
	LIMIT_MS = 5000
};

struct segment {
	struct probe_run *pr;
	const struct run_addr *addr;
	enum kex_stage first; /* how far the first connection has come */
	enum kex_stage stage; /* this one */
	int mss;              /* of the attempt; 0: as the first connection */
	int mtu;
	char dev[IF_NAMESIZE];
	struct second *second;
	uv_timer_t limit, tick;
	int handles; /* timers and connections that are not closed yet */
	bool over;
	uint32_t limit_ms; /* of an attempt */
	uint64_t start_us;
};

_Static_assert(sizeof(struct segment) <= SEGMENT_PRIV, "room for the probe's memory");

static void begin(struct segment *s, int mss);

static void
on_gone(void *arg)
{
	struct segment *s = arg;

	if (--s->handles == 0)
		probe_done(s->pr);
}

static void
on_closed(uv_handle_t *h)
{
	on_gone(h->data);
}

static void
over(struct segment *s)
{
	if (s->over)
		return;
	s->over = true;
	uv_close((uv_handle_t *)&s->limit, on_closed);
	uv_close((uv_handle_t *)&s->tick, on_closed);
	if (s->second != NULL)
		second_end(s->second);
	s->second = NULL;
}

static void
say(struct segment *s, const char *result, const char *text)
{
	int64_t retrans, unacked;
	struct evidence ev;

	second_tcp(s->second, &unacked, &retrans);
	ev_init(&ev, EV_SEGMENT_RESULT);
	ev_str(&ev, K_ADDR, s->addr->text);
	ev_int(&ev, K_PORT, s->pr->run->cfg->port);
	ev_int(&ev, K_MSS, s->mss);
	ev_str(&ev, K_RESULT, result);
	ev_str(&ev, K_STAGE, kex_stage_name(s->stage));
	ev_int(&ev, K_UNACKED, unacked);
	ev_int(&ev, K_RETRANS, retrans);
	if (s->dev[0] != '\0') {
		ev_str(&ev, K_DEV, s->dev);
		ev_int(&ev, K_MTU, s->mtu);
	}
	ev_str(&ev, K_TEXT, text);
	ev_int(&ev, K_TOOK_US, (int64_t)(probe_now(s->pr) - s->start_us));
	probe_emit(s->pr, &ev);
}

static void
finish(struct segment *s, const char *result, const char *text)
{
	if (s->over)
		return;
	say(s, result, text);
	over(s);
}

/* The first connection's own kind has stalled once more: now with small segments. */
static void
on_limit(uv_timer_t *timer)
{
	struct segment *s = timer->data;

	if (s->mss != 0) {
		finish(s, "stalled", NULL);
		return;
	}
	say(s, "stalled", NULL);
	second_end(s->second);
	s->second = NULL;
	begin(s, SMALL_MSS);
}

static void
on_tick(uv_timer_t *timer)
{
	struct segment *s = timer->data;

	if (s->pr->run->kex_stage > s->first)
		finish(s, "moot", NULL);
}

/* ---- an attempt ------------------------------------------------------------------ */

static void
on_connected(void *arg, int fd)
{
	struct segment *s = arg;

	if (!sock_interface(fd, s->dev, &s->mtu))
		s->dev[0] = '\0';
}

static void
on_reached(void *arg, enum kex_stage stage)
{
	struct segment *s = arg;

	s->stage = stage;
	if (stage > s->first)
		finish(s, "past", NULL);
}

static void
on_exchanged(void *arg, ssh_session ssh)
{
	(void)ssh;
	on_reached(arg, KEX_AT_KEYS);
}

static void
on_failed(void *arg, const char *result, const char *text)
{
	finish(arg, result, text);
}

static void
begin(struct segment *s, int mss)
{
	static const struct second_does does = { on_connected, on_reached, on_exchanged, on_failed,
		on_gone };
	struct sock_want want = { .mss = mss };
	const char *text;

	s->mss = mss;
	s->stage = KEX_AT_NOTHING;
	s->start_us = probe_now(s->pr);
	if ((s->second = second_new(s->pr, s->addr, &want, NULL, &does, s, &text)) == NULL) {
		finish(s, "failed", text);
		return;
	}
	s->handles++;
	uv_timer_start(&s->limit, on_limit, s->limit_ms, 0);
}

/* ---- the probe ------------------------------------------------------------------------ */

int
segment_start(struct probe_run *pr)
{
	struct segment *s = pr->priv;
	struct run *r = pr->run;
	uint32_t ms = r->opt->timeout_ms != 0 ? r->opt->timeout_ms / 2 : LIMIT_MS;
	int64_t rtt = 0, retrans = 0, unacked = 0;

	s->pr = pr;
	if (r->conn == NULL || r->chosen < 0)
		return -1;
	conn_tcp(r->conn, &rtt, &retrans, &unacked);
	s->addr = &r->addrs[r->chosen];
	s->first = r->kex_stage;
	ms = ms < LIMIT_MS ? ms : LIMIT_MS;
	s->limit_ms = unacked > 0 ? ms : ms / 2;
	uv_timer_init(probe_loop(pr), &s->limit);
	uv_timer_init(probe_loop(pr), &s->tick);
	s->limit.data = s->tick.data = s;
	s->handles = 2;
	if (rtt * TRIPS > (int64_t)s->limit_ms * 1000) {
		finish(s, "failed", "the round trip is too long to tell in time");
		return 0;
	}
	uv_timer_start(&s->tick, on_tick, TICK_MS, TICK_MS);
	begin(s, unacked > 0 ? SMALL_MSS : 0);
	return 0;
}

void
segment_cancel(struct probe_run *pr)
{
	struct segment *s = pr->priv;

	if (pr->deadline_hit)
		finish(s, "stalled", NULL);
	over(s);
}
