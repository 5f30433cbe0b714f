/* --watch on the screen: when to look again, and what changed, in the message line. Called by app.c and app_run.c. */
#include "app_state.h"

#include <time.h>

#include "watcher.h"

static int64_t
now_ms(const struct app *a)
{
	return (int64_t)(engine_now_us(a->engine) / 1000);
}

static void
on_change(void *arg, size_t i, const struct watch_change *c, const char *when)
{
	struct app *a = arg;

	if (a->opt.ntargets > 1)
		app_say(a, "%s %s %s", when, a->opt.targets[i]->input, c->text);
	else
		app_say(a, "%s", watcher_history(a->watcher, i));
}

static void
on_drops(void *arg, const struct ev_numbers *gone)
{
	app_log_drop(arg, gone);
}

static void
on_due(uv_timer_t *t)
{
	app_watch_turn(t->data);
}

void
app_watch_begin(struct app *a)
{
	struct watcher_does does = { on_change, on_drops, a };

	uv_timer_init(&a->loop, &a->watch_timer);
	a->watch_timer.data = a;
	if (a->engine == NULL || !a->opt.watch || a->opt.run == NULL)
		return;
	a->watcher = watcher_new(0, a->opt.ntargets, a->opt.watch_s, a->opt.run, &does);
}

void
app_watch_turn(struct app *a)
{
	int64_t wait;

	if (a->watcher == NULL)
		return;
	wait = watcher_step(a->watcher, a->engine, a->book, now_ms(a), (int64_t)time(NULL));
	a->v.history = watcher_history(a->watcher, (size_t)a->v.target);
	if (wait < 0)
		uv_timer_stop(&a->watch_timer);
	else
		uv_timer_start(&a->watch_timer, on_due, (uint64_t)wait + 1, 0);
}

void
app_watch_asked(struct app *a)
{
	if (a->watcher != NULL)
		watcher_asked(a->watcher, (size_t)a->v.target, now_ms(a));
}

void
app_watch_end(struct app *a)
{
	uv_close((uv_handle_t *)&a->watch_timer, NULL);
	watcher_free(a->watcher);
	a->watcher = NULL;
	a->v.history = NULL;
}
