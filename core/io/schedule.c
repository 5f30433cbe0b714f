/*
 * Which probe runs when: starts what the plan allows, holds deadlines, cancels,
 * and ends the run. The order itself is data (probes.c). Called by engine.c once a
 * turn of the loop, and by probes through probe.h.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "conn.h"
#include "engine_internal.h"
#include "proxy.h"

enum { DEFAULT_TIMEOUT_MS = 10000 };

static struct task *
task_of(struct probe_run *pr)
{
	return (struct task *)pr;
}

struct subject *
schedule_subject(struct probe_run *pr)
{
	return task_of(pr)->subject;
}

/* ---- what probes call (probe.h) -------------------------------------------- */

uv_loop_t *
probe_loop(struct probe_run *pr)
{
	return &task_of(pr)->subject->engine->loop;
}

uint64_t
probe_now(struct probe_run *pr)
{
	return engine_now_us(task_of(pr)->subject->engine);
}

void
probe_emit(struct probe_run *pr, struct evidence *ev)
{
	engine_say(task_of(pr)->subject, ev, VANTAGE_CLIENT, 0);
}

void
probe_emit_from(struct probe_run *pr, struct evidence *ev, enum vantage v, uint16_t hop)
{
	engine_say(task_of(pr)->subject, ev, v, hop);
}

/* What the kernel had to send again since the last phase; the handshake's own is in tcp.result. */
static int64_t
sent_again(struct run *r)
{
	int64_t rtt, retrans = 0, unacked, before = r->retrans;

	if (r->conn == NULL)
		return 0;
	conn_tcp(r->conn, &rtt, &retrans, &unacked);
	r->retrans = retrans;
	return retrans > before ? retrans - before : 0;
}

void
probe_phase(struct probe_run *pr, enum phase p, uint64_t start_us, uint64_t end_us, int trips)
{
	struct evidence ev;
	int64_t retrans;

	ev_init(&ev, EV_PHASE);
	ev_str(&ev, K_PHASE, phase_name(p));
	ev_int(&ev, K_START_US, (int64_t)start_us);
	ev_int(&ev, K_TOOK_US, end_us > start_us ? (int64_t)(end_us - start_us) : 0);
	if (trips > 0)
		ev_int(&ev, K_TRIPS, trips);
	if ((retrans = sent_again(pr->run)) > 0)
		ev_int(&ev, K_RETRANS, retrans);
	probe_emit(pr, &ev);
}

static void
on_task_closed(uv_handle_t *h)
{
	struct task *t = h->data;

	free(t->pr.priv);
	free(t);
}

void
probe_done(struct probe_run *pr)
{
	struct task *t = task_of(pr);
	struct subject *s = t->subject;
	struct evidence ev;

	if (pr->done)
		return;
	pr->done = true;
	ev_init(&ev, EV_PROBE_END);
	ev_str(&ev, K_PROBE, pr->probe->name);
	ev_str(&ev, K_RESULT, pr->deadline_hit ? "deadline" : pr->cancelled ? "cancelled" : "done");
	ev_int(&ev, K_TOOK_US, (int64_t)(probe_now(pr) - pr->start_us));
	probe_emit(pr, &ev);
	s->state[t->index] = TASK_ENDED;
	places_give(&s->engine->places, t->place);
	s->tasks[t->index] = NULL;
	s->running--;
	uv_close((uv_handle_t *)&t->deadline, on_task_closed);
}

static void
cancel_task(struct task *t)
{
	if (t->pr.cancelled || t->pr.done)
		return;
	t->pr.cancelled = true;
	t->pr.probe->cancel(&t->pr);
}

static void
on_deadline(uv_timer_t *timer)
{
	struct task *t = timer->data;

	t->pr.deadline_hit = true;
	cancel_task(t);
}

static void
arm_deadline(struct task *t, uint32_t ms)
{
	uv_update_time(t->deadline.loop);
	uv_timer_start(&t->deadline, on_deadline, ms, 0);
	t->pr.deadline_us = probe_now(&t->pr) + (uint64_t)ms * 1000;
}

void
probe_extend(struct probe_run *pr, uint32_t ms)
{
	if (!pr->cancelled && !pr->done)
		arm_deadline(task_of(pr), ms);
}

/* ---- starting ------------------------------------------------------------------ */

static void
say_start(struct probe_run *pr, uint32_t ms)
{
	struct evidence ev;

	ev_init(&ev, EV_PROBE_START);
	ev_str(&ev, K_PROBE, pr->probe->name);
	ev_int(&ev, K_DEADLINE_MS, ms);
	probe_emit(pr, &ev);
}

static void
start_task(struct subject *s, int i)
{
	const struct probe *p = &probes[i];
	uint32_t ms = p->deadline_ms;
	struct task *t = calloc(1, sizeof *t);

	if (t == NULL || (t->pr.priv = calloc(1, p->priv_size + 1)) == NULL)
		abort();
	if (ms == 0)
		ms = s->opt.timeout_ms != 0 ? s->opt.timeout_ms : DEFAULT_TIMEOUT_MS;
	t->subject = s;
	t->index = i;
	t->place = p->heavy ? places_take(&s->engine->places, engine_now_us(s->engine)) : -1;
	t->pr.probe = p;
	t->pr.run = &s->run;
	t->pr.start_us = engine_now_us(s->engine);
	uv_timer_init(&s->engine->loop, &t->deadline);
	t->deadline.data = t;
	s->state[i] = TASK_RUNNING;
	s->tasks[i] = t;
	s->running++;
	say_start(&t->pr, ms);
	arm_deadline(t, ms);
	if (p->start(&t->pr) != 0)
		probe_done(&t->pr);
}

/* Whether the user wants a layer this high tested; lower ones are needed on the way. */
static bool
layer_wanted(const struct subject *s, enum layer l)
{
	return s->opt.layers == 0 || s->opt.layers >> l != 0;
}

/* Whether it would need a place and none is free; then s is looked at again when one is. */
static bool
crowded(struct subject *s, int i)
{
	struct engine *e = s->engine;
	struct subject *owner = s->parent != NULL ? s->parent : s;

	if (!probes[i].heavy || places_wait_us(&e->places, engine_now_us(e)) == 0)
		return false;
	if (!owner->queued) {
		owner->queued = true;
		owner->next_queued = NULL;
		*e->queue_tail = owner;
		e->queue_tail = &owner->next_queued;
	}
	return true;
}

static bool
start_ready(struct subject *s, bool last)
{
	const struct diag *d = subject_diag(s);
	bool any = false;

	if (d == NULL)
		return false;
	for (int i = 0; probes[i].name != NULL; i++) {
		if (s->state[i] != TASK_WAIT || !layer_wanted(s, probes[i].layer) ||
		    (s->opt.here && !probes[i].here) || probes[i].last != last ||
		    (probes[i].wanted != NULL && !probes[i].wanted(&s->run)) ||
		    plan_judge(&probes[i], &d->facts) != PLAN_READY)
			continue;
		if (crowded(s, i))
			continue;
		s->run.trusted = fact_has(&d->facts, F_TRUSTED);
		s->run.openssh = fact_has(&d->facts, F_IDENT_OPENSSH);
		start_task(s, i);
		any = true;
	}
	return any;
}

/* What the server's own side says is wanted where the login does not work as it should. */
static bool
start_last(struct subject *s)
{
	const struct diag *d = subject_diag(s);

	return s->hop == 0 && d != NULL && !d->verdict.healthy && start_ready(s, true);
}

/* ---- the run ----------------------------------------------------------------------- */

static int
probe_index(const char *name)
{
	for (int i = 0; probes[i].name != NULL; i++)
		if (strcmp(probes[i].name, name) == 0)
			return i;
	return -1;
}

/*
 * A run uses its connection up: a re-run that begins behind the connection
 * begins with a new one, and keeps only what came before.
 */
static const char *
restart_at(struct subject *s, const char *from)
{
	int i = probe_index(from), tcp = probe_index("tcp");

	if (i <= 0 || s->run.cfg == NULL)
		return "";
	return i > tcp ? "tcp" : from;
}

static void
join_args(const struct run_options *opt, struct strbuf *sb)
{
	for (size_t i = 0; i < opt->nargs; i++) {
		if (i > 0)
			sb_putc(sb, ' ');
		text_shell_quote(sb, opt->args[i]);
	}
}

/* A remark that a run begins with; NULL: none. */
static void
say_remark(struct subject *s, enum ev_kind kind, const char *text)
{
	struct evidence ev;

	if (text == NULL)
		return;
	ev_init(&ev, kind);
	ev_str(&ev, K_TEXT, text);
	engine_say(s, &ev, VANTAGE_CLIENT, 0);
}

static void
say_begin(struct subject *s, const char *from)
{
	char args[4096];
	struct strbuf sb;
	struct evidence ev;

	sb_init(&sb, args, sizeof args);
	join_args(&s->opt, &sb);
	ev_init(&ev, EV_RUN_START);
	ev_str(&ev, K_INPUT, s->target.input);
	ev_str(&ev, K_HOST, s->target.host);
	ev_str(&ev, K_USER, s->target.user);
	ev_int(&ev, K_PORT, s->target.port);
	ev_str(&ev, K_ARGS, args);
	ev_str(&ev, K_VERSION, SSHMEDIC_VERSION);
	ev_int(&ev, K_NOW, (int64_t)time(NULL));
	ev_str(&ev, K_FROM, from);
	engine_say(s, &ev, VANTAGE_CLIENT, 0);
}

void
schedule_begin(struct subject *s, const char *wanted)
{
	char from[16];
	int first;

	subject_take_options(s);
	snprintf(from, sizeof from, "%s", restart_at(s, wanted));
	first = from[0] == '\0' ? 0 : probe_index(from);
	if (first == 0)
		run_clear(&s->run);
	else
		run_clear_connection(&s->run);
	if (s->run.engine != NULL)
		s->run_number++;
	s->own_fp[0] = '\0';
	s->run.engine = s->engine;
	s->run.target = s->number;
	s->run.number = s->run_number;
	s->run.t = &s->target;
	s->run.opt = &s->opt;
	s->run.chosen = -1;
	s->again = s->cancelled = false;
	s->active = true;
	for (int i = 0; probes[i].name != NULL; i++)
		s->state[i] = i < first ? TASK_KEPT : TASK_WAIT;
	say_begin(s, from);
	say_remark(s, EV_NOTE, s->opt.note);
	say_remark(s, EV_WATCH_KEPT, s->opt.kept);
}

static void
say_end(struct subject *s, const char *reason)
{
	struct evidence ev;

	ev_init(&ev, EV_RUN_END);
	ev_str(&ev, K_REASON, reason);
	ev_int(&ev, K_CONNECTIONS, s->run.connections);
	ev_int(&ev, K_FAILED_AUTH, s->run.failed_auth);
	engine_say(s, &ev, VANTAGE_CLIENT, 0);
}

static void
step_one(struct subject *s)
{
	if (!s->active)
		return;
	while (!s->cancelled && start_ready(s, false))
		;
	if (s->running == 0 && s->texts == 0 && !s->cancelled)
		start_last(s);
	if (s->running > 0 || s->texts > 0 || (s->queued && !s->cancelled))
		return;
	conn_free(s->run.conn);
	s->run.conn = NULL;
	proxy_free(s->run.proxy);
	s->run.proxy = NULL;
	say_end(s, s->cancelled ? s->reason : "done");
	s->active = false;
	if (s->hop == 0 && s->engine->next_target > BOOK_MANY)
		book_rest(s->engine->book, s->number);
	if (s->again)
		schedule_begin(s, s->from);
	else if (s->ended != NULL)
		s->ended(s->ended_arg); /* it may free s */
}

/* The end of one jump host's run may begin the next one's, and that of the last ends a probe of the target's. */
void
schedule_step(struct subject *s)
{
	step_one(s);
	if (s->hop_subject == NULL)
		return;
	for (struct subject *hop = s->hop_subject; hop != NULL; hop = s->hop_subject) {
		uint16_t number = hop->hop;

		step_one(hop);
		if (s->hop_subject != NULL && s->hop_subject->hop == number)
			return;
	}
	step_one(s);
}

void
schedule_cancel(struct subject *s, const char *reason)
{
	if (!s->active)
		return;
	s->cancelled = true;
	subject_stir(s);
	engine_drop_texts(s);
	snprintf(s->reason, sizeof s->reason, "%s", reason);
	for (int i = 0; probes[i].name != NULL; i++)
		if (s->tasks[i] != NULL)
			cancel_task(s->tasks[i]);
}
