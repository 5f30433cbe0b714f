/*
 * Folds single lines of evidence into base facts, tables and slots: one
 * function a kind, and every one of them commutative, so that the order of arrival does
 * not matter. The kinds of a layer are in learn_LAYER.c, those of the run and of time
 * here. What takes more than one line to know is derive.c's. Part of diag.h.
 */
#include <inttypes.h>
#include <stdio.h>

#include "fix.h"
#include "learn_internal.h"

/* ---- what somebody printed ---------------------------------------------------------------- */

/* Length of a line end as the sanitiser shows it ("\\x0A", "\\x0D") at p, else 0. */
static size_t
line_end(const char *p, size_t len)
{
	return len >= 4 && (memcmp(p, "\\x0A", 4) == 0 || memcmp(p, "\\x0D", 4) == 0) ? 4 : 0;
}

/* The next line that is not empty from *at on, which moves behind it. */
bool
next_line(const struct ev_field *f, size_t *at, struct printed *line)
{
	size_t n;

	if (f == NULL || f->s == NULL)
		return false;
	while (*at < f->len && (n = line_end(f->s + *at, f->len - *at)) > 0)
		*at += n;
	line->s = f->s + *at;
	for (line->len = 0; *at < f->len && line_end(f->s + *at, f->len - *at) == 0; ++*at)
		line->len++;
	return line->len > 0;
}

void
slot_first_line(
    struct diag *d, enum slot s, int64_t rank, const struct evidence *ev, enum ev_key key)
{
	struct printed line;
	size_t at = 0;

	if (next_line(ev_get(ev, key), &at, &line))
		slot_offer(d, s, rank, line.s, line.len);
}

/* ---- the run -------------------------------------------------------------------- */

/* The destination as a single operand of ssh: host:port is no operand of its own, ssh://host:port is. */
static void
learn_dest(struct diag *d, const struct evidence *ev)
{
	char host[DIAG_SLOT_LEN], user[DIAG_SLOT_LEN], buf[DIAG_SLOT_LEN];
	int64_t port = ev_num(ev, K_PORT, 0);
	struct strbuf sb;

	ev_copy(ev, K_HOST, host, sizeof host);
	ev_copy(ev, K_USER, user, sizeof user);
	sb_init(&sb, buf, sizeof buf);
	if (user[0] != '\0')
		sb_printf(&sb, "%s@", user);
	sb_puts(&sb, host);
	if (host[0] != '\0')
		slot_offer(d, SLOT_DEST_NOPORT, 0, buf, sb.len);
	if (port == 0 || begins(ev, K_INPUT, "ssh://")) {
		slot_field(d, SLOT_DEST, 0, ev, K_INPUT);
		return;
	}
	sb_init(&sb, buf, sizeof buf);
	sb_puts(&sb, "ssh://");
	if (user[0] != '\0')
		sb_printf(&sb, "%s@", user);
	sb_printf(&sb, strchr(host, ':') != NULL ? "[%s]:%" PRId64 : "%s:%" PRId64, host, port);
	if (host[0] != '\0')
		slot_offer(d, SLOT_DEST, 0, buf, sb.len);
}

static void
run_start(struct diag *d, const struct evidence *ev)
{
	char args[DIAG_ARGS_LEN], port[24];

	if (!d->started || ev->at_us < d->run_us)
		d->run_us = ev->at_us;
	d->started = true;
	greatest(&d->now, ev_num(ev, K_NOW, 0));
	greatest(&d->input_port, ev_num(ev, K_PORT, 0));
	ev_copy(ev, K_ARGS, args, sizeof args);
	if (d->args[0] == '\0' || (args[0] != '\0' && strcmp(args, d->args) < 0))
		text_copy(d->args, sizeof d->args, args);
	slot_field(d, SLOT_HOST, 0, ev, K_HOST);
	slot_field(d, SLOT_HOSTNAME, 1, ev, K_HOST);
	slot_field(d, SLOT_USER, 1, ev, K_USER);
	if (ev_is(ev, K_USER, "root"))
		fact(d, ev, F_USER_ROOT);
	if (ev->hop != 0)
		fact(d, ev, F_HOP);
	if (ev_num(ev, K_PORT, 0) > 0) {
		snprintf(port, sizeof port, "%" PRId64, ev_num(ev, K_PORT, 0));
		slot_offer(d, SLOT_PORT, 1, port, strlen(port));
	}
	learn_dest(d, ev);
	if (ev_is(ev, K_SOURCE, "text")) {
		d->pasted = true;
		fact(d, ev, F_TEXT_ONLY);
	}
	fact(d, ev, F_STARTED);
}

static void
run_end(struct diag *d, const struct evidence *ev)
{
	char reason[sizeof d->end_reason];

	ev_copy(ev, K_REASON, reason, sizeof reason);
	if (!d->ended || strcmp(reason, d->end_reason) < 0)
		text_copy(d->end_reason, sizeof d->end_reason, reason);
	d->ended = true;
	greatest(&d->connections, ev_num(ev, K_CONNECTIONS, 0));
	greatest(&d->failed_auth, ev_num(ev, K_FAILED_AUTH, 0));
	if (ev_is(ev, K_REASON, "interrupted"))
		fact(d, ev, F_INTERRUPTED);
	fact(d, ev, F_ENDED);
}

static int
order_probe(const void *row, const void *key)
{
	return strcmp(
	    ((const struct diag_probe *)row)->name, ((const struct diag_probe *)key)->name);
}

/* The layer of a probe, by the evidence that it emits. */
static enum layer
layer_of_probe(const char *name)
{
	for (int k = 0; k < EV__COUNT; k++)
		if (strcmp(ev_kind_info((enum ev_kind)k)->probe, name) == 0)
			return ev_kind_info((enum ev_kind)k)->layer;
	return strcmp(name, "alive") == 0 ? LAYER_TRANSPORT : LAYER_NONE;
}

static struct diag_probe *
probe_row(struct diag *d, const struct evidence *ev)
{
	struct diag_probe key = { 0 }, *p;

	ev_copy(ev, K_PROBE, key.name, sizeof key.name);
	if (key.name[0] == '\0')
		return NULL;
	p = table_row(d->probes, &d->nprobes, DIAG_PROBES, sizeof key, &key, order_probe);
	if (p != NULL)
		p->layer = layer_of_probe(p->name);
	return p;
}

static void
probe_start(struct diag *d, const struct evidence *ev)
{
	struct diag_probe *p = probe_row(d, ev);
	int64_t ms = ev_num(ev, K_DEADLINE_MS, 0);

	if (ev_is(ev, K_PROBE, "proof"))
		fact(d, ev, F_PROOF_BEGAN);
	if (p == NULL)
		return;
	if (!p->began || ev->at_us < p->start_us)
		p->start_us = ev->at_us;
	p->began = true;
	if (ms > (int64_t)p->deadline_ms && ms <= UINT32_MAX)
		p->deadline_ms = (uint32_t)ms;
}

/*
 * What is over when a probe ended by itself or at its deadline. A cancelled one settles nothing. The facts
 * do not ask whether the probe has a row: in a full table that depends on what came before.
 */
static void
probe_end(struct diag *d, const struct evidence *ev)
{
	static const struct word_fact over[] = {
		{ "tcp", { F_TCP_DONE } },
		{ "ports", { F_PORTS_DONE } },
		{ "knownhosts", { F_KNOWN_DONE } },
		{ "hostkey", { F_HOSTKEY_DONE } },
		{ "keys", { F_KEYS_DONE } },
		{ "agent", { F_AGENT_DONE } },
		{ "auth", { F_AUTH_DONE } },
		{ "session", { F_SESSION_DONE } },
	};
	struct diag_probe *p = probe_row(d, ev);
	char name[sizeof p->name];

	ev_copy(ev, K_PROBE, name, sizeof name);
	if (ev_is(ev, K_RESULT, "deadline"))
		slot_offer(d, SLOT_STEP, last(ev), name, strlen(name));
	if (!ev_is(ev, K_RESULT, "cancelled"))
		word(d, ev, K_PROBE, over, COUNT(over));
	if (p == NULL)
		return;
	if (!p->ended || ev->at_us > p->end_us)
		p->end_us = ev->at_us;
	p->ended = true;
}

/* ---- time ------------------------------------------------------------------------------------------- */

static void
phase(struct diag *d, const struct evidence *ev)
{
	int64_t start = ev_num(ev, K_START_US, 0), took = ev_num(ev, K_TOOK_US, 0);
	int64_t trips = ev_num(ev, K_TRIPS, 0);

	if (start < 0 || took < 0)
		return;
	for (int p = 0; p < PH__COUNT; p++) {
		struct diag_phase *ph = &d->phases[p];

		if (!ev_is(ev, K_PHASE, phase_name((enum phase)p)))
			continue;
		if (ph->own)
			*ph = (struct diag_phase){ 0 };
		if (!ph->seen || took > ph->took_us ||
		    (took == ph->took_us && start < ph->start_us)) {
			ph->start_us = start;
			ph->took_us = took;
		}
		ph->seen = true;
		if (p == PH_AUTHGSS && ev->vantage == VANTAGE_PROOF && ev->clock == 0)
			greatest(&d->gss_here_us, took);
		greatest(&ph->retrans, ev_num(ev, K_RETRANS, 0));
		if (ev_num(ev, K_RETRANS, 0) > 0)
			fact(d, ev, F_TCP_RETRANS);
		if (trips > ph->trips && trips <= INT16_MAX)
			ph->trips = (int)trips;
		ev_note(ph->ev, ev->n);
	}
}

/* Of this machine the last one counts; of one moment, that with the greater number, undone before done. */
static void
fix_changed(struct diag *d, const struct evidence *ev)
{
	struct diag_change c = { .at_us = ev->at_us, .undone = ev->kind == EV_FIX_UNDONE },
			   *was = &d->change;
	char id[16], fix[64];

	ev_copy(ev, K_ID, id, sizeof id);
	c.fix = fix_by_id(ev_copy(ev, K_FIX, fix, sizeof fix));
	if (!ev_is(ev, K_SIDE, "client") || id[0] == '\0' || strlen(id) > 9)
		return;
	for (const char *p = id; *p != '\0'; p++) {
		if (*p < '0' || *p > '9')
			return;
		c.id = c.id * 10 + (uint32_t)(*p - '0');
	}
	if (c.at_us != was->at_us ? c.at_us > was->at_us
	    : c.id != was->id     ? c.id > was->id
				  : c.undone > was->undone)
		*was = c;
}

static const learner learners_run[EV__COUNT] = {
	[EV_RUN_START] = run_start,
	[EV_RUN_END] = run_end,
	[EV_PROBE_START] = probe_start,
	[EV_PROBE_END] = probe_end,
	[EV_PHASE] = phase,
	[EV_FIX_APPLIED] = fix_changed,
	[EV_FIX_UNDONE] = fix_changed,
};

void
learn(struct diag *d, const struct evidence *ev)
{
	static const learner *const tables[] = { learners_run, learners_transport, learners_hop,
		learners_authentication, learners_session, learners_client, learners_server };

	for (size_t i = 0; i < COUNT(tables); i++)
		if (tables[i][ev->kind] != NULL)
			tables[i][ev->kind](d, ev);
}
