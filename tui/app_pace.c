/* A recording shown at its own pace: each line when it came, as the clock of the run has it. Called by app.c. */
#include "app_state.h"

#include <stdlib.h>
#include <string.h>

#include "../core/replay.h"

/*
 * When a line came, in microseconds of the run. Lines of other clocks (a server's log, a text) and those of a
 * later run, which begins anew, come with the line before them.
 */
static uint64_t
when(const struct pace *p, size_t i)
{
	const char *text = replay_line(p->replay, i)->text, *clock;
	uint64_t at = strtoull(text, NULL, 10);

	clock = strchr(text, '/');
	return clock != NULL && clock[1] == '0' && at > p->at_us ? at : p->at_us;
}

static void
on_due(uv_timer_t *t)
{
	struct app *a = t->data;
	struct pace *p = &a->pace;
	size_t n = replay_count(p->replay), fed = 0;
	uint64_t now;

	uv_update_time(&a->loop);
	now = p->from_us + (uv_now(&a->loop) - p->begun_ms) * 1000 * p->times;
	while (p->next < n && fed++ < PACE_LINES && when(p, p->next) <= now) {
		p->at_us = when(p, p->next);
		app_feed(a, replay_line(p->replay, p->next++));
	}
	if (p->next < n) {
		uint64_t at = when(p, p->next);

		uv_timer_start(t, on_due, at <= now ? 0 : (at - now) / 1000 / p->times + 1, 0);
	}
}

void
app_pace(struct app *a, const struct replay *replay, unsigned times)
{
	a->pace = (struct pace){ .replay = replay, .times = times };
}

void
app_pace_begin(struct app *a)
{
	struct pace *p = &a->pace;

	uv_timer_init(&a->loop, &a->pace_timer);
	a->pace_timer.data = a;
	if (p->replay == NULL || replay_count(p->replay) == 0)
		return;
	p->begun_ms = uv_now(&a->loop);
	p->from_us = p->at_us = when(p, 0);
	uv_timer_start(&a->pace_timer, on_due, 0, 0);
}

bool
app_pace_rest(struct app *a)
{
	struct pace *p = &a->pace;
	bool any = p->replay != NULL && p->next < replay_count(p->replay);

	while (p->replay != NULL && p->next < replay_count(p->replay))
		app_feed(a, replay_line(p->replay, p->next++));
	uv_timer_stop(&a->pace_timer);
	return any;
}

void
app_pace_end(struct app *a)
{
	app_pace_rest(a); /* the exit code is that of the whole recording */
	uv_close((uv_handle_t *)&a->pace_timer, NULL);
}

void
act_pace_rest(struct app *a, int nth)
{
	(void)nth;
	if (!app_pace_rest(a))
		app_say(a, "all of it is shown: only a --replay with --pace takes its time");
}
