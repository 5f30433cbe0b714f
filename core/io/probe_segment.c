/*
 * Probe "segment": where the key exchange stalls, whether large packets get lost on the path (an
 * MTU black hole) or the peer does not answer. While the first connection still waits, another
 * one to the same address does the same with a small TCP segment size, which holds for both
 * directions. Where all of ours was acknowledged, one without it goes before: it too must stall, or
 * the stall is that of one connection (one of several machines behind the address) and not
 * of its size. At most one of them at a time is open beside the first; nothing is sent
 * after the key exchange. One row in probes.c.
 */
#include <errno.h>
#include <net/if.h>
#include <string.h>
#include <unistd.h>

#include "../wire.h"
#include "conn.h"
#include "offer.h"
#include "probes.h"
#include "sock.h"

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
	int fd, mtu;
	char dev[IF_NAMESIZE];
	struct conn *conn;
	uv_poll_t poll;
	uv_timer_t limit, tick;
	int handles;
	bool polled, over;
	uint32_t limit_ms; /* of an attempt */
	uint64_t start_us;
};

_Static_assert(sizeof(struct segment) <= SEGMENT_PRIV, "room for the probe's memory");

static void begin(struct segment *s, int mss);

/* ---- the end ------------------------------------------------------------------ */

static void
on_closed(uv_handle_t *h)
{
	struct segment *s = h->data;

	if (--s->handles == 0)
		probe_done(s->pr);
}

static void
on_poll_closed(uv_handle_t *h)
{
	struct segment *s = h->data;

	if (s->fd >= 0 && s->conn == NULL)
		close(s->fd);
	s->fd = -1;
	on_closed(h);
}

static void
on_over(uv_timer_t *timer)
{
	struct segment *s = timer->data;

	uv_close((uv_handle_t *)&s->limit, on_closed);
	uv_close((uv_handle_t *)&s->tick, on_closed);
	if (s->polled)
		uv_close((uv_handle_t *)&s->poll, on_poll_closed);
	s->polled = false;
	if (s->conn != NULL)
		conn_free(s->conn);
	s->conn = NULL;
}

/* A connection is not taken down from within its own calls. */
static void
over(struct segment *s)
{
	if (s->over)
		return;
	s->over = true;
	if (s->conn != NULL) {
		conn_unhook(s->conn);
		conn_rest(s->conn);
	}
	uv_timer_start(&s->limit, on_over, 0, 0);
}

static void
say(struct segment *s, const char *result, const char *text)
{
	int64_t rtt = 0, retrans = 0, unacked = 0;
	struct evidence ev;

	if (s->conn != NULL)
		conn_tcp(s->conn, &rtt, &retrans, &unacked);
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

/* ---- an attempt ------------------------------------------------------------------ */

/* The first connection's own kind has stalled once more: now with small segments. */
static void
on_limit(uv_timer_t *timer)
{
	struct segment *s = timer->data;

	say(s, "stalled", NULL);
	if (s->mss != 0 || s->conn == NULL) {
		over(s);
		return;
	}
	conn_free(s->conn);
	s->conn = NULL;
	begin(s, SMALL_MSS);
}

static void
on_tick(uv_timer_t *timer)
{
	struct segment *s = timer->data;

	if (s->pr->run->kex_stage > s->first)
		finish(s, "moot", NULL);
}

static void
reach(struct segment *s, enum kex_stage stage)
{
	s->stage = stage;
	if (stage > s->first)
		finish(s, "past", NULL);
}

static void
on_early(void *arg, const char *bytes, size_t len)
{
	(void)arg;
	(void)bytes;
	(void)len;
}

static void
on_line(void *arg, const char *line, size_t len)
{
	on_early(arg, line, len);
}

static void
on_ident(void *arg, const char *line, size_t len)
{
	(void)line;
	(void)len;
	reach(arg, KEX_AT_IDENT);
}

static void
on_packet(void *arg, bool from_server, const unsigned char *payload, size_t len)
{
	(void)len;
	if (from_server && payload[0] == MSG_KEXINIT)
		reach(arg, KEX_AT_OFFER);
	else if (from_server && payload[0] == MSG_NEWKEYS)
		reach(arg, KEX_AT_KEYS);
}

static void
on_bad(void *arg, const char *why)
{
	finish(arg, "failed", why);
}

static void
on_ended(void *arg, enum conn_end how, int err, const char *held, size_t len)
{
	(void)held;
	(void)len;
	finish(arg, "closed", how == CONN_RESET ? strerror(err) : NULL);
}

static void
step(void *arg)
{
	struct segment *s = arg;
	int rc;

	if (s->over || s->conn == NULL)
		return;
	rc = ssh_connect(conn_ssh(s->conn));
	if (s->over)
		return;
	if (rc == SSH_OK)
		reach(s, KEX_AT_KEYS);
	else if (rc != SSH_AGAIN || conn_closed(s->conn))
		finish(s, "failed", ssh_get_error(conn_ssh(s->conn)));
}

/* Nobody polls the socket any more: it is the tap's. */
static void
on_handed_over(uv_handle_t *h)
{
	static const struct conn_hooks hooks = { on_early, on_line, on_ident, on_packet, on_bad,
		on_ended };
	struct segment *s = h->data;
	int fd = s->fd;

	s->fd = -1;
	s->handles--;
	if (s->over) {
		close(fd);
		if (s->handles == 0)
			probe_done(s->pr);
		return;
	}
	if ((s->conn = conn_new(probe_loop(s->pr), fd, &hooks, s)) == NULL) {
		finish(s, "failed", "no descriptors or memory left");
		return;
	}
	offer_set(s->pr->run, conn_ssh(s->conn), NULL);
	conn_drive(s->conn, step, s);
}

static void
on_connected(uv_poll_t *poll, int status, int events)
{
	struct segment *s = poll->data;
	int err = 0;
	socklen_t len = sizeof err;

	(void)status;
	(void)events;
	if (s->over)
		return;
	if (getsockopt(s->fd, SOL_SOCKET, SO_ERROR, &err, &len) != 0)
		err = errno;
	if (err != 0) {
		finish(s, "failed", strerror(err));
		return;
	}
	s->pr->run->connections++;
	if (!sock_interface(s->fd, s->dev, &s->mtu))
		s->dev[0] = '\0';
	s->polled = false;
	uv_close((uv_handle_t *)poll, on_handed_over);
}

static void
begin(struct segment *s, int mss)
{
	struct sock_want want = { .mss = mss };
	const char *text;
	int err;

	s->mss = mss;
	s->stage = KEX_AT_NOTHING;
	s->start_us = probe_now(s->pr);
	s->fd = sock_connect(s->pr->run, s->addr, &want, &err, &text);
	if ((err != 0 && err != EINPROGRESS) ||
	    uv_poll_init(probe_loop(s->pr), &s->poll, s->fd) != 0) {
		if (s->fd >= 0)
			close(s->fd);
		s->fd = -1;
		finish(s, "failed", text != NULL ? text : strerror(err));
		return;
	}
	s->poll.data = s;
	s->polled = true;
	s->handles++;
	uv_timer_start(&s->limit, on_limit, s->limit_ms, 0);
	uv_poll_start(&s->poll, UV_WRITABLE, on_connected);
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
	s->fd = -1;
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
