/*
 * The loop of the screen: evidence and keys in, frames out.
 *
 *   engine's thread --app_wake--> uv_async --> book, log index --+
 *   terminal --uv_poll--> key --> action.def row --> handler ----+--> dirty
 *   signals ------------------------------------------------------+
 *                      uv_prepare: if dirty, one frame for the whole turn
 *
 * Nothing ticks unless a probe runs (or a countdown is shown). Called by main.c.
 */
#include "app_state.h"
#include "headless.h"
#include "notes.h"
#include "shelf.h"
#include "urgency.h"

#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <uv.h>

enum {
	BEHIND_MS = 500,      /* for a signal that was a command's and ours */
	TAKE_US = 2000,       /* of folding in one turn, so that a key never waits for a flood */
	TICK_MS = 250,        /* while a probe runs */
	COUNT_MS = 1000,      /* while seconds are counted */
	PENALTY_FAIL_S = 5,   /* sshd_config(5), PerSourcePenalties: authfail */
	PENALTY_NOAUTH_S = 1, /* noauth */
	STRAYS_MAX = 200,     /* lines of libraries that a run keeps */
};

static const int app_signals[] = { SIGWINCH, SIGTSTP, SIGCONT, SIGINT, SIGTERM, SIGHUP };
_Static_assert(
    sizeof app_signals / sizeof app_signals[0] == APP_SIGNALS, "a handle for each signal");

/* A frame is due at once: the user did something. */
void
app_touch(struct app *a)
{
	a->dirty = a->urgent = true;
}

void
app_say(struct app *a, const char *fmt, ...)
{
	va_list ap;
	char words[VIEW_MESSAGE_LEN];
	struct strbuf sb;

	va_start(ap, fmt);
	vsnprintf(words, sizeof words, fmt, ap);
	va_end(ap);
	sb_init(&sb, a->v.message, sizeof a->v.message);
	if (a->grid.names != NULL)
		redact_text(a->grid.names, words, &sb);
	else
		sb_puts(&sb, words);
	app_touch(a);
}

void
app_leave(struct app *a, int result)
{
	a->result = result;
	uv_stop(&a->loop);
}

/* ---- evidence ---- */

static void
run_ended(struct app *a, const struct ev_line *line)
{
	char scratch[EV_LINE_MAX];
	struct evidence ev;

	if (ev_decode(&ev, line->text, line->len, scratch, sizeof scratch) == EV_OK &&
	    ev.kind == EV_RUN_END && ev.hop == 0)
		app_run_ended(a, ev.target);
}

static void
fold(struct app *a, const struct ev_line *line)
{
	char words[256];

	book_add(a->book, line);
	logidx_add(a->all_log, line);
	if (book_masked(a->book) != a->masked)
		logidx_renew(a->all_log, a->book);
	a->masked = book_masked(a->book);
	app_fix_line(a, line);
	app_table_line(a, line);
	a->dirty = a->stale = true;
	if (strstr(line->text, " run.end ") != NULL)
		run_ended(a, line);
	if (a->engine != NULL && outcome_not_recorded(line, words, sizeof words))
		app_say(a, "%s", words);
}

/*
 * The lines that were taken from the engine, up to one that hides something in those before it for which there is no
 * time left in this turn. Until that is done nobody here knows of it: what is on the screen stays as it was.
 */
static bool
fold_taken(struct app *a, uint64_t until)
{
	enum { STEP = 8 }; /* lines between two looks at the clock */

	for (; a->ntaken > 0; a->taken++, a->ntaken--) {
		while (!book_prepare(a->book, *a->taken, STEP))
			if (uv_hrtime() >= until)
				return false;
		fold(a, *a->taken);
	}
	return true;
}

void
app_take(struct app *a)
{
	uint64_t until = uv_hrtime() + TAKE_US * 1000ULL;

	if (a->engine == NULL)
		return;
	while (fold_taken(a, until)) {
		a->taken = a->lines;
		a->ntaken = engine_take(a->engine, a->lines, APP_TAKE);
		if (a->ntaken == 0 || uv_hrtime() >= until)
			break;
	}
	app_watch_turn(a);
	if (app_table_step(a) || a->ntaken > 0)
		uv_async_send(&a->wake); /* the rest in the next turn, after the keys */
}

static void
on_wake(uv_async_t *h)
{
	app_take(h->data);
}

/* What the server may hold against us after a run that ended (PerSourcePenalties). */
static void
count_cost(struct app *a, const struct diag *d)
{
	int64_t lost = d->connections - (d->verdict.healthy ? d->connections : 0) - d->failed_auth;
	uint64_t now = a->v.now_us, s;

	if (!d->ended || d->run < a->counted_run)
		return;
	a->counted_run = d->run + 1;
	s = (uint64_t)(d->failed_auth < 100 ? d->failed_auth : 100) * PENALTY_FAIL_S;
	s += lost > 0 && lost < 100 ? (uint64_t)lost * PENALTY_NOAUTH_S : 0;
	a->penalty_until_us = (a->penalty_until_us > now ? a->penalty_until_us : now) + s * 1000000;
}

static int64_t
penalty_left_s(const struct app *a)
{
	return a->penalty_until_us > a->v.now_us
		   ? (int64_t)((a->penalty_until_us - a->v.now_us + 999999) / 1000000)
		   : 0;
}

/* ---- frames ---- */

void
app_refresh(struct app *a)
{
	const struct diag *d = book_diag(a->book, (uint16_t)a->v.target);
	struct view *v = &a->v;

	v->d = d != NULL ? d : a->empty;
	v->now_us = a->engine != NULL ? engine_now_us(a->engine) : v->d->last_us;
	v->input = (size_t)v->target < a->opt.ntargets ? a->opt.targets[v->target]->input : "";
	app_veil(a);
	app_drill_mask(a);
	app_baseline(a);
	logidx_filter(a->log, (uint16_t)v->target, v->level);
	if (!logidx_whole(a->log))
		app_work(a);
	app_work_show(a);
	if (a->engine != NULL)
		count_cost(a, v->d);
	v->wait_s = stop_wait_s(v->d, v->now_us);
	if (v->wait_s < penalty_left_s(a))
		v->wait_s = penalty_left_s(a);
	a->running = a->engine != NULL && !v->d->ended;
	if (!a->running)
		a->asked_to_stop = false;
	a->stale = false;
	app_fix_judge(a);
	app_walk_observe(a);
}

static void
on_tick(uv_timer_t *t)
{
	app_touch(t->data);
}

/* The only periodic wake-up: while something moves on the screen by itself. */
static void
set_tick(struct app *a)
{
	bool probing = fixing_waits(&a->fixing);
	uint64_t every;

	for (int i = 0; a->motion && i < a->v.d->nprobes; i++)
		probing |= a->running && a->v.d->probes[i].running;
	every = probing ? TICK_MS : view_counts(&a->v) ? COUNT_MS : 0;
	if (every == 0)
		uv_timer_stop(&a->tick);
	else if (!uv_is_active((uv_handle_t *)&a->tick) || uv_timer_get_repeat(&a->tick) != every)
		uv_timer_start(&a->tick, on_tick, every, every);
}

static void
draw_frame(struct app *a)
{
	int cols, rows;

	screen_size(a->screen, &cols, &rows);
	app_refresh(a);
	if (grid_resize(&a->grid, cols, rows) != 0)
		return;
	frame_layout(&a->v, &a->l, cols, rows);
	app_show_theme(a);
	frame_draw(&a->v, &a->l, &a->grid);
	screen_show(a->screen, &a->grid);
	a->dirty = a->urgent = false;
	a->last_frame = uv_now(&a->loop);
}

static void
on_before_sleep(uv_prepare_t *p)
{
	struct app *a = p->data;
	uint64_t since = uv_now(&a->loop) - a->last_frame,
		 frame_ms = 1000 / (uint64_t)a->set.at[SETTING_FPS].n;

	if (!a->dirty || a->aside)
		return;
	if (!a->urgent && since < frame_ms) {
		if (!uv_is_active((uv_handle_t *)&a->frame))
			uv_timer_start(&a->frame, on_tick, frame_ms - since, 0);
		return;
	}
	draw_frame(a);
	set_tick(a);
}

/* ---- the terminal and signals ---- */

static void
on_tty(uv_poll_t *p, int status, int events)
{
	struct app *a = p->data;
	uint32_t key;
	int nth;

	(void)events;
	if (status < 0 || screen_gone(a->screen)) {
		app_leave(a, 128 + SIGHUP);
		return;
	}
	/* Once a command has the terminal, ncurses may not touch it: reading a key could draw. */
	while (!a->aside && a->result == APP_NO_SCREEN && (key = screen_key(a->screen)) != 0) {
		enum action what;

		if (key == KEYCODE_MOUSE) {
			app_mouse(a);
			continue;
		}
		if (key == KEYCODE_PASTE) {
			size_t len;
			const char *bytes = screen_pasted(a->screen, &len);

			app_paste(a, bytes, len);
			continue;
		}
		what = action_lookup(&a->set.keys, key, view_context(&a->v), &nth);
		if (what == ACTION_NONE)
			app_type(a, key);
		else
			app_act(a, what, nth);
	}
}

static void
read_tty(struct app *a, bool on)
{
	if (on)
		uv_poll_start(&a->tty, UV_READABLE | UV_DISCONNECT, on_tty);
	else
		uv_poll_stop(&a->tty);
}

/* A library wrote a line to standard error: evidence of the run that is shown, so many lines of it. */
static void
on_stray_line(void *arg, const char *line)
{
	struct app *a = arg;
	const struct diag *d = book_diag(a->book, (uint16_t)a->v.target);
	int run = d != NULL ? d->run : 0;

	if (a->stray_target != a->v.target || a->stray_run != run)
		a->nstrays = 0;
	a->stray_target = a->v.target;
	a->stray_run = run;
	if (a->engine == NULL || a->nstrays > STRAYS_MAX)
		return;
	engine_add_stderr(a->engine, (uint16_t)a->v.target,
	    a->nstrays++ < STRAYS_MAX ? line : "(more of this run is left out)");
}

static void
on_strays(uv_poll_t *p, int status, int events)
{
	struct app *a = p->data;

	(void)events;
	if (status < 0)
		uv_poll_stop(p);
	else
		screen_strays(a->screen, on_stray_line, a);
}

static void
on_signal(uv_signal_t *h, int sig)
{
	struct app *a = h->data;

	if (a->screen == NULL && !a->linear) {
		app_leave(a, 128 + sig);
		return;
	}
	/* A command has the terminal: its keys are its own, and it draws. */
	if (a->aside && (sig == SIGINT || sig == SIGTSTP || sig == SIGCONT || sig == SIGWINCH))
		return;
	/* The Ctrl-C that ended it comes to us, too, by any thread, so maybe behind the news of its end. */
	if (sig == SIGINT && a->aside_ended != 0 && uv_now(&a->loop) - a->aside_ended < BEHIND_MS)
		return;
	switch (sig) {
	case SIGWINCH:
		screen_resize(a->screen);
		app_touch(a);
		break;
	case SIGTSTP: app_act(a, ACTION_SUSPEND, 0); break;
	case SIGCONT:
		screen_resume(a->screen);
		app_touch(a);
		break;
	case SIGINT: app_act(a, ACTION_INTERRUPT, 0); break;
	default: app_leave(a, 128 + sig);
	}
}

void
app_copied(void *arg, const char *words)
{
	struct app *a = arg;

	app_say(a, "%s%s", words, a->copied_hidden ? " (names hidden)" : "");
}

/* Signals that only a screen has to do with. */
static bool
of_screen(int sig)
{
	return sig == SIGWINCH || sig == SIGTSTP || sig == SIGCONT;
}

/* Handles other than the wake-up, which others may still call. */
void
app_open(struct app *a, struct engine *e)
{
	a->engine = e;
	a->v.live = e != NULL;
	a->result = APP_NO_SCREEN;
	uv_prepare_init(&a->loop, &a->before_sleep);
	uv_timer_init(&a->loop, &a->tick);
	uv_timer_init(&a->loop, &a->frame);
	app_watch_begin(a);
	app_pace_begin(a);
	a->before_sleep.data = a->tick.data = a->frame.data = a->tty.data = a->strays.data = a;
	uv_signal_init(&a->loop, &a->child_stops);
	a->child_stops.data = a;
	for (int i = 0; i < APP_SIGNALS; i++) {
		uv_signal_init(&a->loop, &a->sig[i]);
		a->sig[i].data = a;
		if (!a->linear || !of_screen(app_signals[i]))
			uv_signal_start(&a->sig[i], on_signal, app_signals[i]);
	}
}

void
app_close(struct app *a, bool tty)
{
	app_aside_end(a);
	app_pace_end(a);
	a->input = NULL;
	fold_taken(a, UINT64_MAX); /* what is reported at the end has them */
	uv_close((uv_handle_t *)&a->child_stops, NULL);
	uv_close((uv_handle_t *)&a->before_sleep, NULL);
	uv_close((uv_handle_t *)&a->tick, NULL);
	uv_close((uv_handle_t *)&a->frame, NULL);
	app_watch_end(a);
	app_login_unwatch(a);
	app_report_stop(a);
	uv_idle_stop(&a->work);
	for (int i = 0; i < APP_SIGNALS; i++)
		uv_close((uv_handle_t *)&a->sig[i], NULL);
	if (tty)
		uv_close((uv_handle_t *)&a->tty, NULL);
	if (a->stray_poll)
		uv_close((uv_handle_t *)&a->strays, NULL);
	a->stray_poll = false;
	copier_free(a->copier);
	a->copier = NULL;
	uv_unref((uv_handle_t *)&a->wake);
	uv_run(&a->loop, UV_RUN_DEFAULT);
}

int
app_run(struct app *a, struct engine *e, char *err, size_t errcap)
{
	bool tty = false;

	urgency_ask();
	app_open(a, e); /* before ncurses: it leaves handled signals alone */
	if (a->opt.theme == NULL)
		theme_default(&a->theme);
	else
		a->theme = *a->opt.theme;
	a->drawn = a->theme;
	if (screen_open(&a->screen, &a->theme, a->v.message, sizeof a->v.message, err, errcap) !=
	    0) {
		a->engine = NULL;
		app_close(a, false);
		return APP_NO_SCREEN;
	}
	if (a->v.message[0] == '\0' && a->opt.note != NULL)
		text_copy(a->v.message, sizeof a->v.message, a->opt.note);
	a->mouse = setting_on(&a->set, SETTING_MOUSE);
	screen_mouse_on(a->screen, a->mouse);
	a->copier = copier_new(&a->loop, a->screen, &a->set, app_copied, a);
	draw_frame(a); /* waits for nothing */
	if (a->copier != NULL && uv_poll_init(&a->loop, &a->tty, screen_fd(a->screen)) == 0) {
		tty = true;
		a->input = read_tty;
		read_tty(a, true);
		a->stray_poll = screen_stray_fd(a->screen) >= 0 &&
				uv_poll_init(&a->loop, &a->strays, screen_stray_fd(a->screen)) == 0;
		if (a->stray_poll)
			uv_poll_start(&a->strays, UV_READABLE, on_strays);
		uv_prepare_start(&a->before_sleep, on_before_sleep);
		app_take(a);
		uv_run(&a->loop, UV_RUN_DEFAULT);
	}
	app_aside_end(a);
	if (a->stray_poll)
		uv_poll_stop(&a->strays);
	screen_close(a->screen);
	a->screen = NULL;
	app_close(a, tty);
	return a->result;
}

struct app *
app_new(const struct app_options *opt)
{
	struct app *a = calloc(1, sizeof *a);

	if (a == NULL)
		return NULL;
	a->opt = *opt;
	a->book = book_new();
	a->log = a->all_log = logidx_new();
	a->no_log = logidx_new();
	a->empty = calloc(1, sizeof *a->empty);
	if (a->book == NULL || a->log == NULL || a->no_log == NULL || a->empty == NULL ||
	    uv_loop_init(&a->loop) != 0) {
		book_free(a->book);
		logidx_free(a->all_log);
		logidx_free(a->no_log);
		free(a->empty);
		free(a);
		return NULL;
	}
	uv_async_init(&a->loop, &a->wake, on_wake);
	uv_idle_init(&a->loop, &a->work);
	a->wake.data = a->work.data = a;
	diag_init(a->empty, 0, 0);
	a->v = (struct view){ .d = a->empty,
		.log = a->log,
		.input = "",
		.tag = opt->tag != NULL ? opt->tag : "",
		.ntargets = (int)opt->ntargets,
		.focus = PANEL_FINDINGS,
		.follow = true,
		.level = 1,
		.frozen = -1,
		.fixing = &a->fixing,
		.walk = &a->walking,
		.keys = &a->set.keys };
	a->drill.on = opt->drill;
	for (int i = 0; opt->plausible != NULL && opt->plausible[i] != NULL; i++)
		a->drill.plausible[i] = opt->plausible[i];
	a->v.drill = opt->drill ? &a->drill : NULL;
	if (opt->settings != NULL)
		a->set = *opt->settings;
	else
		settings_default(&a->set);
	a->hide = a->set.at[SETTING_REDACT].n == REDACT_ALWAYS;
	a->keep = a->set.at[SETTING_KEEP].n != 0;
	a->motion = setting_on(&a->set, SETTING_MOTION);
	a->v.read_only = a->set.at[SETTING_FIX_MODE].n != 0;
	a->grid.ascii = !screen_locale(a->set.at[SETTING_CHARSET].n == CHARSET_UTF8) ||
			a->set.at[SETTING_CHARSET].n == CHARSET_ASCII;
	if (a->set.at[SETTING_ACCESSIBLE].n == 0)
		screen_prepare(a->set.at[SETTING_COLOR].n);
	a->v.g = glyphs_get(!a->grid.ascii);
	app_table_begin(a);
	a->v.notes = a->notes = notes_load();
	if (opt->walk != NULL)
		app_walk_begin(a, opt->walk);
	return a;
}

void
app_feed(struct app *a, const struct ev_line *line)
{
	fold(a, line);
}

void
app_wake(void *app)
{
	struct app *a = app;

	uv_async_send(&a->wake);
}

const struct diag *
app_diag(struct app *a, uint16_t n)
{
	return book_diag(a->book, n);
}

void
app_free(struct app *a)
{
	if (a == NULL)
		return;
	uv_close((uv_handle_t *)&a->wake, NULL);
	uv_close((uv_handle_t *)&a->work, NULL);
	app_login_unwatch(a);
	app_report_stop(a);
	uv_run(&a->loop, UV_RUN_DEFAULT);
	uv_loop_close(&a->loop);
	book_free(a->book);
	logidx_free(a->all_log);
	logidx_free(a->no_log);
	app_veil_free(a);
	app_table_free(a);
	grid_free(&a->grid);
	shelf_free(a->shelf);
	free(a->empty);
	free(a->paste);
	free(a->baseline);
	app_login_forget(a);
	notes_free(a->notes);
	free(a);
}
