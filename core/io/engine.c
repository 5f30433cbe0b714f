/*
 * The engine's life: its thread and loop, the verbs of the front ends, and
 * the one path by which evidence is stamped, encoded, logged and folded.
 * What runs when is schedule.c's.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include "child.h"
#include "../fpmask.h"
#include "engine_internal.h"
#include "serverfix.h"
#include "textjob.h"

_Static_assert((int)RECOGNISE_PORTS == (int)DIAG_PORTS, "all of our source ports are told");

enum { NICE = 10 }; /* of one that gives way */

enum verb_kind {
	VERB_START,
	VERB_CANCEL,
	VERB_RERUN,
	VERB_TEXT,
	VERB_FILE,
	VERB_EXEC,
	VERB_LOGIN,
	VERB_STDERR,
	VERB_CONFIRM,
	VERB_SERVER_PREVIEW,
	VERB_SERVER_APPLY,
	VERB_SERVER_KEEP,
	VERB_SERVER_REVERT,
	VERB_SERVER_REPORT,
	VERB_PREVIEW,
	VERB_APPLY,
	VERB_UNDO,
	VERB_RAN,
	VERB_FORGET,
	VERB_QUIT
};

struct verb {
	struct verb *next;
	enum verb_kind kind;
	uint16_t target;
	struct target *t;
	struct run_options *opt;
	char *name; /* of a text, path of a file, id of a fix or a change, or a line */
	struct engine_login login; /* of VERB_LOGIN; its texts are owned */
	int status;                /* of VERB_RAN */
	char *text;                /* of VERB_TEXT, the probe of VERB_RERUN */
	uint32_t *numbers;         /* of VERB_FORGET, len of them */
	size_t len;
	char **argv;
};

/* ---- options: words copied and freed ------------------------------------ */

static char *
copy_word(const char *s)
{
	return s == NULL ? NULL : strdup(s);
}

static void
options_copy(struct run_options *dst, const struct run_options *src)
{
	*dst = *src;
	for (size_t i = 0; i < src->nargs; i++)
		dst->args[i] = copy_word(src->args[i]);
	dst->ssh = copy_word(src->ssh);
	dst->keydir = copy_word(src->keydir);
	dst->agent = copy_word(src->agent);
	dst->admin = copy_word(src->admin);
	dst->note = copy_word(src->note);
	dst->kept = copy_word(src->kept);
}

static void
options_clear(struct run_options *opt)
{
	for (size_t i = 0; i < opt->nargs; i++)
		free((char *)opt->args[i]);
	free((char *)opt->ssh);
	free((char *)opt->keydir);
	free((char *)opt->agent);
	free((char *)opt->admin);
	free((char *)opt->note);
	free((char *)opt->kept);
	memset(opt, 0, sizeof *opt);
}

/* ---- evidence ------------------------------------------------------------ */

static uint64_t
now_us(const struct engine *e)
{
	return (uv_hrtime() - e->epoch_ns) / 1000;
}

uint64_t
engine_now_us(const struct engine *e)
{
	return now_us(e);
}

/* What a reader would know of the line is what counts: it is read back. */
static void
fold_hop(struct subject *s, const struct ev_line *line)
{
	struct evidence ev;

	if (ev_decode(&ev, line->text, line->len, s->engine->scratch, EV_LINE_MAX) != EV_OK)
		return;
	ev.n = line->n;
	diag_apply(s->diag, &ev);
	s->stale = true;
}

static void
hide_key(char *line, size_t len, const struct run *r)
{
	struct fpmask_key k = {
		.fp = r->hostkey_fp, .base64 = r->hostkey_b64, .has_md5 = r->has_hostkey_md5
	};

	memcpy(k.md5, r->hostkey_md5, sizeof k.md5);
	fpmask_hide_key(line, len, &k);
}

/*
 * Every line of a subject goes this way. While the key of its run is a changed one that nobody has confirmed,
 * the end of the fingerprint is in none of them, whoever said it: our own connections, the user's ssh, a paste.
 */
static const struct ev_line *
keep_line(struct subject *s, char *line, size_t len)
{
	const struct ev_line *kept;

	if (s->run.hostkey_changed && !s->run.hostkey_confirmed)
		hide_key(line, len, &s->run);
	fpmask_hide_like(line, len, s->own_fp);
	kept = log_append(s->engine->log, line, len);
	if (kept != NULL)
		book_add(s->engine->book, kept);
	return kept;
}

void
engine_say(struct subject *s, struct evidence *ev, enum vantage v, uint16_t hop)
{
	struct engine *e = s->engine;
	const struct ev_line *line;
	size_t len;

	ev->at_us = now_us(e);
	ev->target = s->number;
	ev->run = s->run_number;
	ev->hop = hop != 0 ? hop : s->hop;
	ev->vantage = v;
	len = ev_encode(ev, e->scratch, EV_LINE_MAX);
	if ((line = keep_line(s, e->scratch, len)) == NULL)
		return;
	if (s->diag != NULL)
		fold_hop(s, line);
	e->news = true;
	subject_stir(s);
}

/* ---- subjects -------------------------------------------------------------- */

void
subject_stir(struct subject *s)
{
	struct engine *e = s->engine;

	if (s->parent != NULL)
		s = s->parent;
	if (s->stirred)
		return;
	s->stirred = true;
	s->next_stirred = e->stirred;
	e->stirred = s;
}

static struct subject *
subject_find(struct engine *e, uint16_t number)
{
	for (struct subject *s = e->subjects; s != NULL; s = s->next)
		if (s->number == number)
			return s;
	return NULL;
}

static struct subject *
subject_new(
    struct engine *e, uint16_t number, const struct target *t, const struct run_options *opt)
{
	struct subject *s = calloc(1, sizeof *s);

	if (s == NULL)
		return NULL;
	s->engine = e;
	s->number = number;
	s->target = *t;
	options_copy(&s->opt, opt);
	return s;
}

struct subject *
subject_new_hop(
    struct subject *parent, uint16_t hop, const struct target *t, const struct run_options *opt)
{
	struct subject *s = subject_new(parent->engine, parent->number, t, opt);

	if (s == NULL || (s->diag = malloc(sizeof *s->diag)) == NULL) {
		free(s);
		return NULL;
	}
	s->hop = hop;
	s->parent = parent;
	s->run_number = parent->run_number;
	diag_init(s->diag, s->number, s->run_number);
	s->diag->hop = hop;
	return s;
}

const struct diag *
subject_diag(struct subject *s)
{
	if (s->diag == NULL)
		return book_diag(s->engine->book, s->number);
	if (s->stale)
		diag_conclude(s->diag);
	s->stale = false;
	return s->diag;
}

void
subject_take_options(struct subject *s)
{
	if (!s->has_next_opt)
		return;
	options_clear(&s->opt);
	s->opt = s->next_opt;
	memset(&s->next_opt, 0, sizeof s->next_opt);
	s->has_next_opt = false;
}

void
subject_free(struct subject *s)
{
	run_clear(&s->run);
	serverfix_free(s);
	free(s->diag);
	change_plan_free(s->plan);
	options_clear(&s->opt);
	options_clear(&s->next_opt);
	free(s);
}

/* ---- verbs, on the loop ------------------------------------------------------ */

static void
do_start(struct engine *e, struct verb *v)
{
	struct subject *s = subject_new(e, v->target, v->t, v->opt);

	if (s == NULL)
		return;
	s->next = e->subjects;
	e->subjects = s;
	schedule_begin(s, "");
}

static void
do_cancel(struct engine *e, struct verb *v)
{
	struct subject *s = subject_find(e, v->target);

	if (s != NULL)
		schedule_cancel(s, "interrupted");
}

void
engine_run_again(struct subject *s, const char *probe)
{
	if (s->active)
		schedule_cancel(s, "cancelled");
	snprintf(s->from, sizeof s->from, "%s", probe);
	s->again = true;
	if (!s->active)
		schedule_begin(s, s->from);
}

static void
do_rerun(struct engine *e, struct verb *v)
{
	struct subject *s = subject_find(e, v->target);

	if (s == NULL)
		return;
	if (v->opt != NULL) { /* probes that still end may look at the old words */
		options_clear(&s->next_opt);
		s->next_opt = *v->opt;
		s->has_next_opt = true;
		memset(v->opt, 0, sizeof *v->opt);
	}
	engine_run_again(s, v->text == NULL || v->opt != NULL ? "" : v->text);
}

/* ---- fixes -------------------------------------------------------------------- */

static void
do_preview(struct engine *e, struct verb *v)
{
	struct subject *s = subject_find(e, v->target);

	if (s != NULL)
		engine_do_fix(s, FIX_PREVIEW, v->name, 0);
}

static void
do_apply(struct engine *e, struct verb *v)
{
	struct subject *s = subject_find(e, v->target);

	if (s != NULL)
		engine_do_fix(s, FIX_APPLY, v->name, 0);
}

static void
do_ran(struct engine *e, struct verb *v)
{
	struct subject *s = subject_find(e, v->target);

	if (s != NULL)
		engine_do_fix(s, FIX_RAN, v->name, v->status);
}

/* For the target that it was applied for; for the newest where that was in an earlier run of the program. */
static void
do_undo(struct engine *e, struct verb *v)
{
	struct subject *s = e->subjects;

	while (s != NULL && strcmp(s->change_id, v->name) != 0)
		s = s->next;
	if (s == NULL)
		s = e->subjects;
	if (s != NULL)
		engine_do_fix(s, FIX_UNDO, v->name, 0);
}

/* ---- texts from elsewhere ---------------------------------------------------- */

struct text {
	struct subject *subject;
	struct textjob *job;
	char *name;
	bool own; /* of a login by hand */
	struct text *next;
};

/* A login by hand saw a changed key, which the run has not seen: what is said of it from here on is hidden as well. */
static void
learn_own_key(struct subject *s, const char *line, size_t len)
{
	char fp[sizeof s->own_fp];
	struct evidence ev;

	if (ev_decode(&ev, line, len, s->engine->scratch, EV_LINE_MAX) == EV_OK &&
	    ev.kind == EV_HOSTKEY_OFFERED && ev.vantage == VANTAGE_PROOF &&
	    fpmask_hidden(ev_copy(&ev, K_FP, fp, sizeof fp)))
		text_copy(s->own_fp, sizeof s->own_fp, fp);
}

static void
on_text_line(void *arg, const char *line, size_t len)
{
	struct text *t = arg;
	struct engine *e = t->subject->engine;

	if (len > EV_LINE_MAX)
		return;
	if (t->own)
		learn_own_key(t->subject, line, len);
	memcpy(e->scratch, line, len);
	if (t->subject->own_fp[0] != '\0')
		fpmask_hide_keys(e->scratch, len);
	keep_line(t->subject, e->scratch, len);
	e->news = true;
	subject_stir(t->subject);
}

static void
text_forget(struct text *t)
{
	struct text **at = &t->subject->reading;

	while (*at != t)
		at = &(*at)->next;
	*at = t->next;
	t->subject->texts--;
	subject_stir(t->subject);
	free(t->name);
	free(t);
}

static void
on_text_end(void *arg, int error)
{
	struct text *t = arg;
	char words[512];
	struct evidence ev;

	if (error != 0) {
		snprintf(words, sizeof words, "%s could not be read: %s", t->name, strerror(error));
		ev_init(&ev, EV_NOTE);
		ev_str(&ev, K_TEXT, words);
		engine_say(t->subject, &ev, VANTAGE_CLIENT, 0);
	}
	text_forget(t);
}

/* own: it is what a login by hand says; else NULL. */
static void
read_text(struct subject *s, const char *name, const char *path, const char *bytes, size_t len,
    const struct engine_login *own)
{
	static const struct textjob_does does = { on_text_line, on_text_end };
	const struct diag *d = book_diag(s->engine->book, s->number);
	struct recognise_options opt = { .clock = ++s->last_text,
		.name = name,
		.host = s->target.host,
		.user = s->target.user,
		.client = own != NULL,
		.own = own != NULL,
		.arrivals = own != NULL ? own->arrivals : NULL,
		.narrivals = own != NULL ? own->narrivals : 0,
		.now = (int64_t)time(NULL) };
	struct text *t = calloc(1, sizeof *t);
	time_t now = (time_t)opt.now;
	struct tm tm;

	if (t == NULL)
		abort();
	if (d != NULL && slot_stored(d, SLOT_USER)[0] != '\0')
		opt.user = slot_stored(d, SLOT_USER);
	if (d != NULL) {
		opt.port = (uint16_t)atoi(slot_text(d, SLOT_PORT));
		opt.source = slot_text(d, SLOT_LOCAL);
	}
	for (int i = 0; d != NULL && i < d->nports && i < DIAG_PORTS; i++)
		opt.ports[i] = (uint16_t)d->ports[i];
	if (localtime_r(&now, &tm) != NULL)
		opt.utc_offset = (int32_t)tm.tm_gmtoff;
	t->subject = s;
	t->name = copy_word(name);
	t->own = own != NULL;
	t->job = textjob_start(
	    &s->engine->loop, path, bytes, len, &opt, s->number, s->run_number, &does, t);
	if (t->job == NULL)
		abort();
	t->next = s->reading;
	s->reading = t;
	s->texts++;
}

void
engine_read_text(
    struct subject *s, const char *name, const char *path, const char *bytes, size_t len)
{
	read_text(s, name, path, bytes, len, NULL);
}

void
engine_drop_texts(struct subject *s)
{
	while (s->reading != NULL) {
		textjob_drop(s->reading->job);
		text_forget(s->reading);
	}
}

static void
do_text(struct engine *e, struct verb *v)
{
	struct subject *s = subject_find(e, v->target);

	if (s != NULL)
		engine_read_text(s, v->name, NULL, v->text, v->len);
}

static void
do_file(struct engine *e, struct verb *v)
{
	struct subject *s = subject_find(e, v->target);

	if (s != NULL)
		engine_read_text(
		    s, strcmp(v->name, "-") == 0 ? "stdin" : v->name, v->name, NULL, 0);
}

/* Of what a person's own ssh said: the login is at the begin, a long session's noise behind it. */
enum { LOGIN_LOG_MAX = 4 * 1024 * 1024 };

static void
do_login(struct engine *e, struct verb *v)
{
	struct subject *s = subject_find(e, v->target);
	const struct engine_login *l = &v->login;
	struct evidence ev;

	if (s == NULL)
		return;
	ev_init(&ev, EV_LOGIN_RESULT);
	ev_str(&ev, K_RESULT, l->in ? "in" : "refused");
	if (l->method[0] != '\0')
		ev_str(&ev, K_METHOD, l->method);
	ev_str(&ev, K_STATE, l->state);
	ev_int(&ev, K_EXIT, l->status);
	if (l->text[0] != '\0')
		ev_str(&ev, K_TEXT, l->text);
	engine_say(s, &ev, VANTAGE_CLIENT, 0);
	if (l->log != NULL)
		read_text(s, "your own ssh", l->log, NULL, LOGIN_LOG_MAX, l);
}

static void
do_stderr(struct engine *e, struct verb *v)
{
	struct subject *s = subject_find(e, v->target);
	struct evidence ev;

	if (s == NULL)
		return;
	ev_init(&ev, EV_STDERR_LINE);
	ev_str(&ev, K_TEXT, v->name);
	engine_say(s, &ev, VANTAGE_CLIENT, 0);
}

/* The reader has let go of them; this side's book is never lent, nor between two lines. */
static void
do_forget(struct engine *e, struct verb *v)
{
	book_drop(e->book, &(struct ev_numbers){ .v = v->numbers, .n = v->len });
	log_drop(e->log, v->numbers, v->len);
}

enum { CONFIRM_TRIES = 3 };

static void
do_confirm(struct engine *e, struct verb *v)
{
	struct subject *s = subject_find(e, v->target);
	struct evidence ev;
	struct run *r;

	if (s == NULL || !s->run.hostkey_changed)
		return;
	r = &s->run;
	if (r->hostkey_wrong < CONFIRM_TRIES) {
		r->hostkey_confirmed = fpmask_confirms(r->hostkey_fp, v->name);
		r->hostkey_wrong += !r->hostkey_confirmed;
	}
	ev_init(&ev, EV_HOSTKEY_CONFIRM);
	ev_str(&ev, K_RESULT, r->hostkey_confirmed ? "ok" : "wrong");
	ev_int(&ev, K_LEFT, CONFIRM_TRIES - r->hostkey_wrong);
	engine_say(s, &ev, VANTAGE_CLIENT, 0);
}

/* ---- a child for the front end -------------------------------------------------- */

static void
on_exec_line(void *arg, enum child_stream stream, const char *line, size_t len)
{
	struct evidence ev;

	ev_init(&ev, EV_NOTE);
	ev_int(&ev, K_LEVEL, stream == CHILD_ERR);
	ev_mem(&ev, K_TEXT, line, len);
	engine_say(arg, &ev, VANTAGE_CLIENT, 0);
}

static void
on_exec_end(void *arg, int error, int status, int sig)
{
	struct subject *s = arg;
	char text[96];
	struct evidence ev;

	s->exec = NULL;
	if (error != 0)
		snprintf(text, sizeof text, "could not be started: %s", uv_strerror(error));
	else if (sig != 0)
		snprintf(text, sizeof text, "ended by signal %d", sig);
	else
		snprintf(text, sizeof text, "ended with status %d", status);
	ev_init(&ev, EV_NOTE);
	ev_str(&ev, K_TEXT, text);
	engine_say(s, &ev, VANTAGE_CLIENT, 0);
}

static void
do_exec(struct engine *e, struct verb *v)
{
	static const struct child_callbacks cb = { on_exec_line, on_exec_end };
	struct subject *s = subject_find(e, v->target);

	if (s != NULL && s->exec == NULL)
		s->exec = child_start(&e->loop, v->argv, &cb, s);
}

/* ---- changes on the server -------------------------------------------------------- */

static void
do_server(struct engine *e, struct verb *v)
{
	struct subject *s = subject_find(e, v->target);

	if (s == NULL)
		return;
	if (v->kind == VERB_SERVER_PREVIEW)
		serverfix_preview(s, v->name);
	else if (v->kind == VERB_SERVER_APPLY)
		serverfix_apply(s, v->name);
	else if (v->kind == VERB_SERVER_KEEP)
		serverfix_keep(s);
	else if (v->kind == VERB_SERVER_REVERT)
		serverfix_revert(s, v->name);
	else
		serverfix_report(s, v->name);
}

static void
do_quit(struct engine *e, struct verb *v)
{
	(void)v;
	e->leaving = true;
	for (struct subject *s = e->subjects; s != NULL; s = s->next) {
		s->again = false;
		if (s->exec != NULL)
			child_kill_now(s->exec);
		serverfix_quit(s);
		engine_drop_texts(s);
		if (s->active)
			schedule_cancel(s, "interrupted");
	}
	uv_close((uv_handle_t *)&e->bell, NULL);
}

static void (*const verb_does[])(struct engine *, struct verb *) = {
	[VERB_START] = do_start,
	[VERB_CANCEL] = do_cancel,
	[VERB_RERUN] = do_rerun,
	[VERB_TEXT] = do_text,
	[VERB_FILE] = do_file,
	[VERB_EXEC] = do_exec,
	[VERB_PREVIEW] = do_preview,
	[VERB_APPLY] = do_apply,
	[VERB_UNDO] = do_undo,
	[VERB_RAN] = do_ran,
	[VERB_LOGIN] = do_login,
	[VERB_STDERR] = do_stderr,
	[VERB_CONFIRM] = do_confirm,
	[VERB_FORGET] = do_forget,
	[VERB_SERVER_PREVIEW] = do_server,
	[VERB_SERVER_APPLY] = do_server,
	[VERB_SERVER_KEEP] = do_server,
	[VERB_SERVER_REVERT] = do_server,
	[VERB_SERVER_REPORT] = do_server,
	[VERB_QUIT] = do_quit,
};

static void
verb_free(struct verb *v)
{
	if (v->opt != NULL)
		options_clear(v->opt);
	for (char **word = v->argv; word != NULL && *word != NULL; word++)
		free(*word);
	free(v->argv);
	free(v->opt);
	free(v->t);
	free(v->name);
	free(v->text);
	free(v->numbers);
	free((char *)(uintptr_t)v->login.method);
	free((char *)(uintptr_t)v->login.state);
	free((char *)(uintptr_t)v->login.text);
	free((char *)(uintptr_t)v->login.log);
	free((void *)(uintptr_t)v->login.arrivals);
	free(v);
}

static void
on_bell(uv_async_t *bell)
{
	struct engine *e = bell->data;
	struct verb *v;

	uv_mutex_lock(&e->lock);
	v = e->verbs;
	e->verbs = NULL;
	e->verbs_tail = &e->verbs;
	uv_mutex_unlock(&e->lock);
	while (v != NULL) {
		struct verb *next = v->next;

		if (!e->leaving)
			verb_does[v->kind](e, v);
		verb_free(v);
		v = next;
	}
}

/* The loop has woken; on_prepare() does the rest. */
static void
on_place(uv_timer_t *timer)
{
	(void)timer;
}

/* Whether somebody waits for a place, and one is free: they are looked at. */
static bool
call_next(struct engine *e)
{
	struct subject *s = e->queue;
	uint64_t wait;

	if (s == NULL)
		return false;
	if ((wait = places_wait_us(&e->places, engine_now_us(e))) != 0) {
		if (wait != UINT64_MAX)
			uv_timer_start(&e->place_timer, on_place, wait / 1000 + 1, 0);
		return false;
	}
	if ((e->queue = s->next_queued) == NULL)
		e->queue_tail = &e->queue;
	s->queued = false;
	subject_stir(s);
	return true;
}

/* A step may stir the target again: whoever does is looked at before the loop sleeps, too. */
static void
step_stirred(struct engine *e)
{
	struct subject *s;

	do {
		while ((s = e->stirred) != NULL) {
			e->stirred = s->next_stirred;
			s->stirred = false;
			schedule_step(s);
		}
	} while (call_next(e));
}

static bool
any_busy(const struct engine *e)
{
	for (struct subject *s = e->subjects; s != NULL; s = s->next)
		if (s->active || serverfix_busy(s))
			return true;
	return false;
}

/*
 * Once a turn, before the loop sleeps: whatever came in this turn may allow a
 * probe to start, and the reader hears of all lines of the turn at once.
 */
static void
on_prepare(uv_prepare_t *prepare)
{
	struct engine *e = prepare->data;
	bool busy;
	int err;

	step_stirred(e);
	busy = (e->leaving || e->recording) && any_busy(e);
	if (e->news) {
		e->news = false;
		if (e->recording && !busy && (err = log_flush(e->log)) != 0 &&
		    e->subjects != NULL) {
			struct evidence ev;
			char text[128];

			snprintf(text, sizeof text, ENGINE_NOT_RECORDED ": %s", strerror(err));
			ev_init(&ev, EV_NOTE);
			ev_str(&ev, K_TEXT, text);
			engine_say(e->subjects, &ev, VANTAGE_CLIENT, 0);
		}
		if (e->wake != NULL)
			e->wake(e->wake_arg);
	}
	if (e->leaving && !busy) {
		uv_close((uv_handle_t *)&e->place_timer, NULL);
		uv_close((uv_handle_t *)prepare, NULL);
	}
}

static void
thread_main(void *arg)
{
	struct engine *e = arg;

	if (e->give_way) /* of this thread, on Linux; the pool's threads and children inherit it */
		setpriority(PRIO_PROCESS, 0, getpriority(PRIO_PROCESS, 0) + NICE);
	uv_run(&e->loop, UV_RUN_DEFAULT);
	uv_mutex_lock(&e->lock);
	e->stopped = true;
	uv_cond_broadcast(&e->gone);
	uv_mutex_unlock(&e->lock);
}

/* ---- verbs, from any thread ---------------------------------------------------- */

static struct verb *
verb_new(enum verb_kind kind, uint16_t target)
{
	struct verb *v = calloc(1, sizeof *v);

	if (v == NULL)
		abort();
	v->kind = kind;
	v->target = target;
	return v;
}

static void
verb_post(struct engine *e, struct verb *v)
{
	uv_mutex_lock(&e->lock);
	*e->verbs_tail = v;
	e->verbs_tail = &v->next;
	uv_mutex_unlock(&e->lock);
	uv_async_send(&e->bell);
}

static struct run_options *
options_dup(const struct run_options *opt)
{
	struct run_options *copy = calloc(1, sizeof *copy);

	if (copy == NULL)
		abort();
	options_copy(copy, opt);
	return copy;
}

uint16_t
engine_start(struct engine *e, const struct target *t, const struct run_options *opt)
{
	struct verb *v;
	uint16_t number;

	uv_mutex_lock(&e->lock);
	number = e->next_target++;
	uv_mutex_unlock(&e->lock);
	v = verb_new(VERB_START, number);
	if ((v->t = malloc(sizeof *v->t)) == NULL)
		abort();
	*v->t = *t;
	v->opt = options_dup(opt);
	verb_post(e, v);
	return number;
}

void
engine_cancel(struct engine *e, uint16_t target)
{
	verb_post(e, verb_new(VERB_CANCEL, target));
}

void
engine_rerun(struct engine *e, uint16_t target, const char *probe, const struct run_options *opt)
{
	struct verb *v = verb_new(VERB_RERUN, target);

	v->text = copy_word(probe);
	if (opt != NULL)
		v->opt = options_dup(opt);
	verb_post(e, v);
}

void
engine_add_text(struct engine *e, uint16_t target, const char *name, const char *text, size_t len)
{
	struct verb *v = verb_new(VERB_TEXT, target);

	if ((v->text = malloc(len + 1)) == NULL)
		abort();
	memcpy(v->text, text, len);
	v->text[len] = '\0';
	v->len = len;
	v->name = copy_word(name);
	verb_post(e, v);
}

void
engine_add_file(struct engine *e, uint16_t target, const char *path)
{
	struct verb *v = verb_new(VERB_FILE, target);

	v->name = copy_word(path);
	verb_post(e, v);
}

void
engine_add_login(struct engine *e, uint16_t target, const struct engine_login *login)
{
	struct verb *v = verb_new(VERB_LOGIN, target);
	size_t n = login->narrivals;
	struct arrival *arrivals = n > 0 ? calloc(n, sizeof *arrivals) : NULL;

	v->login = *login;
	v->login.method = copy_word(login->method);
	v->login.state = copy_word(login->state);
	v->login.text = copy_word(login->text);
	v->login.log = copy_word(login->log);
	v->login.arrivals = arrivals;
	v->login.narrivals = arrivals != NULL ? n : 0;
	if (arrivals != NULL)
		memcpy(arrivals, login->arrivals, n * sizeof *arrivals);
	verb_post(e, v);
}

void
engine_add_stderr(struct engine *e, uint16_t target, const char *line)
{
	struct verb *v = verb_new(VERB_STDERR, target);

	v->name = copy_word(line);
	verb_post(e, v);
}

void
engine_confirm_hostkey(struct engine *e, uint16_t target, const char *typed)
{
	struct verb *v = verb_new(VERB_CONFIRM, target);

	v->name = copy_word(typed);
	verb_post(e, v);
}

void
engine_exec(struct engine *e, uint16_t target, char *const argv[])
{
	struct verb *v = verb_new(VERB_EXEC, target);
	size_t n = 0;

	while (argv[n] != NULL)
		n++;
	if ((v->argv = calloc(n + 1, sizeof *v->argv)) == NULL)
		abort();
	for (size_t i = 0; i < n; i++)
		v->argv[i] = copy_word(argv[i]);
	verb_post(e, v);
}

static void
post_fix(struct engine *e, enum verb_kind kind, uint16_t target, const char *word)
{
	struct verb *v = verb_new(kind, target);

	v->name = copy_word(word);
	verb_post(e, v);
}

void
engine_server_preview(struct engine *e, uint16_t target, const char *fix)
{
	post_fix(e, VERB_SERVER_PREVIEW, target, fix);
}

void
engine_server_apply(struct engine *e, uint16_t target, const char *fix)
{
	post_fix(e, VERB_SERVER_APPLY, target, fix);
}

void
engine_server_keep(struct engine *e, uint16_t target)
{
	post_fix(e, VERB_SERVER_KEEP, target, NULL);
}

void
engine_server_revert(struct engine *e, uint16_t target, const char *id)
{
	post_fix(e, VERB_SERVER_REVERT, target, id);
}

void
engine_server_report(struct engine *e, uint16_t target, const char *id)
{
	post_fix(e, VERB_SERVER_REPORT, target, id);
}

void
engine_preview(struct engine *e, uint16_t target, const char *fix)
{
	post_fix(e, VERB_PREVIEW, target, fix);
}

void
engine_apply(struct engine *e, uint16_t target, const char *fix)
{
	post_fix(e, VERB_APPLY, target, fix);
}

void
engine_undo(struct engine *e, const char *id)
{
	post_fix(e, VERB_UNDO, 0, id);
}

void
engine_ran(struct engine *e, uint16_t target, const char *fix, int status)
{
	struct verb *v = verb_new(VERB_RAN, target);

	v->name = copy_word(fix);
	v->status = status;
	verb_post(e, v);
}

void
engine_forget(struct engine *e, const uint32_t *n, size_t count)
{
	struct verb *v = verb_new(VERB_FORGET, 0);

	if ((v->numbers = malloc((count + 1) * sizeof *n)) == NULL)
		abort();
	memcpy(v->numbers, n, count * sizeof *n);
	v->len = count;
	verb_post(e, v);
}

size_t
engine_take(struct engine *e, const struct ev_line **out, size_t max)
{
	return log_take(e->log, out, max);
}

/* ---- life -------------------------------------------------------------------------- */

int
engine_new(struct engine **out, const struct engine_options *opt, char *err, size_t errcap)
{
	struct engine *e = calloc(1, sizeof *e);

	if (e == NULL || (e->scratch = malloc(EV_LINE_MAX)) == NULL ||
	    (e->book = book_new()) == NULL) {
		snprintf(err, errcap, "out of memory");
		goto fail;
	}
	if (log_new(&e->log, opt->record, opt->record_over, err, errcap) != 0)
		goto fail;
	e->wake = opt->wake;
	e->recording = opt->record != NULL;
	e->give_way = opt->give_way;
	e->wake_arg = opt->arg;
	e->verbs_tail = &e->verbs;
	e->queue_tail = &e->queue;
	e->epoch_ns = uv_hrtime();
	/* Where a screen waits for a processor, too, one place less. */
	places_init(&e->places, (int)uv_available_parallelism() - (e->give_way ? 1 : 0));
	uv_mutex_init(&e->lock);
	uv_cond_init(&e->gone);
	uv_loop_init(&e->loop);
	uv_async_init(&e->loop, &e->bell, on_bell);
	e->bell.data = e;
	uv_prepare_init(&e->loop, &e->prepare);
	e->prepare.data = e;
	uv_prepare_start(&e->prepare, on_prepare);
	uv_timer_init(&e->loop, &e->place_timer);
	if (uv_thread_create(&e->thread, thread_main, e) == 0) {
		*out = e;
		return 0;
	}
	snprintf(err, errcap, "cannot start the engine's thread");
fail:
	if (e != NULL) {
		log_free(e->log);
		book_free(e->book);
		free(e->scratch);
		free(e);
	}
	return -1;
}

static bool
wait_stopped(struct engine *e, uint32_t wait_ms)
{
	uint64_t until = uv_hrtime() + (uint64_t)wait_ms * 1000000;
	bool stopped;

	uv_mutex_lock(&e->lock);
	while (!e->stopped) {
		uint64_t now = uv_hrtime();

		if (now >= until || uv_cond_timedwait(&e->gone, &e->lock, until - now) != 0)
			break;
	}
	stopped = e->stopped;
	uv_mutex_unlock(&e->lock);
	return stopped;
}

bool
engine_free(struct engine *e, uint32_t wait_ms)
{
	verb_post(e, verb_new(VERB_QUIT, 0));
	if (!wait_stopped(e, wait_ms))
		return false;
	uv_thread_join(&e->thread);
	while (e->subjects != NULL) {
		struct subject *s = e->subjects;

		e->subjects = s->next;
		subject_free(s);
	}
	uv_loop_close(&e->loop);
	uv_mutex_destroy(&e->lock);
	uv_cond_destroy(&e->gone);
	book_free(e->book);
	log_free(e->log);
	free(e->scratch);
	free(e);
	return true;
}
