/* The mark on a session's packets; see mark.h. */
#include "mark.h"

#include "../ipqos.h"

enum {
	LOOK_MS = 250,
	LOST = 3 /* timeouts in a row: the segment was sent four times */
};

static void
say(struct mark *m, const char *result)
{
	struct evidence ev;

	m->said = true;
	ev_init(&ev, EV_SESSION_MARK);
	ev_str(&ev, K_NAME, m->name);
	ev_str(&ev, K_REQUEST, m->what);
	ev_str(&ev, K_RESULT, result);
	probe_emit(m->pr, &ev);
}

static void
on_look(uv_timer_t *timer)
{
	struct mark *m = timer->data;
	int64_t rtt, retrans, unacked;

	conn_tcp(m->conn, &rtt, &retrans, &unacked);
	if (!m->off && unacked > 0 && conn_timeouts(m->conn) >= LOST)
		m->off = conn_mark(m->conn, 0);
	else if (m->off && !m->said && unacked == 0)
		say(m, "lost");
	if (m->said)
		uv_timer_stop(timer);
}

static void
on_closed(uv_handle_t *h)
{
	struct mark *m = h->data;

	m->gone(m->arg);
}

void
mark_begin(struct mark *m, struct probe_run *pr, struct conn *c, void (*gone)(void *arg), void *arg)
{
	m->pr = pr;
	m->conn = c;
	m->gone = gone;
	m->arg = arg;
	uv_timer_init(probe_loop(pr), &m->timer);
	m->timer.data = m;
}

void
mark_set(struct mark *m, bool interactive, const char *what)
{
	char name[sizeof m->name];
	int byte = ipqos_mark(m->pr->run->cfg->ipqos, interactive, name, sizeof name);

	if (m->off)
		return;
	uv_timer_stop(&m->timer);
	if (!conn_mark(m->conn, byte > 0 ? byte : 0) || byte <= 0)
		return;
	text_copy(m->name, sizeof m->name, name);
	m->what = what;
	uv_timer_start(&m->timer, on_look, LOOK_MS, LOOK_MS);
}

void
mark_end(struct mark *m)
{
	if (m->off && !m->said)
		say(m, "stalled");
	uv_close((uv_handle_t *)&m->timer, on_closed);
}
