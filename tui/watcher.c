/* Looks again and again; see watcher.h. */
#include "watcher.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "../core/text.h"

enum { AT_ONCE = 32, HISTORY = 200, WHEN = 16 };

struct watched {
	struct watch w;
	int next_run; /* the first run that was not judged */
	char history[HISTORY];
};

struct watcher {
	uint16_t first;
	size_t n, running;
	struct run_options transport; /* the user's, without what is behind the host key */
	const struct run_options *run;
	struct watcher_does does;
	struct watched *at;
};

struct watcher *
watcher_new(uint16_t first, size_t n, uint32_t every_s, const struct run_options *run,
    const struct watcher_does *does)
{
	struct watcher *w = calloc(1, sizeof *w);

	if (w == NULL || (w->at = calloc(n, sizeof *w->at)) == NULL)
		abort();
	w->first = first;
	w->n = w->running = n;
	w->run = run;
	w->transport = *run;
	w->transport.layers = 1U << LAYER_TRANSPORT;
	w->transport.note = NULL;
	w->does = *does;
	for (size_t i = 0; i < n; i++) {
		w->at[i].w.every_s = every_s;
		w->at[i].w.looking = LOOK_WHOLE;
	}
	return w;
}

void
watcher_free(struct watcher *w)
{
	if (w == NULL)
		return;
	free(w->at);
	free(w);
}

/* Keep the change behind those before it; the oldest give way. */
static void
remember(struct watched *at, const char *when, const char *text)
{
	char all[HISTORY + WATCH_TEXT + WHEN + 8];
	const char *s = all;
	size_t len;

	snprintf(all, sizeof all, "%s%s%s %s", at->history, at->history[0] != '\0' ? "; " : "",
	    when, text);
	while ((len = strlen(s)) >= HISTORY && strstr(s, "; ") != NULL)
		s = strstr(s, "; ") + 2;
	text_copy(at->history, sizeof at->history, s);
}

static void
judge(struct watcher *w, size_t i, const struct diag *d, int64_t wall_s)
{
	struct watched *at = &w->at[i];
	struct watch_change c;
	time_t t = (time_t)wall_s;
	struct tm tm = { 0 };
	char when[WHEN] = "";

	if (at->w.looking != LOOK_NONE)
		w->running--;
	at->next_run = d->run + 1;
	watch_end(&at->w, d, wall_s, &c);
	if (!c.changed)
		return;
	if (localtime_r(&t, &tm) != NULL)
		strftime(when, sizeof when, "%H:%M:%S", &tm);
	remember(at, when, c.text);
	w->does.changed(w->does.arg, i, &c, when);
}

static void
begin(struct watcher *w, struct engine *e, size_t i, enum watch_look look, int64_t now_ms)
{
	watch_begin(&w->at[i].w, look, now_ms);
	w->running++;
	engine_rerun(
	    e, (uint16_t)(w->first + i), NULL, look == LOOK_WHOLE ? w->run : &w->transport);
}

int64_t
watcher_step(struct watcher *w, struct engine *e, struct book *b, int64_t now_ms, int64_t wall_s)
{
	int64_t least = -1;

	for (size_t i = 0; i < w->n; i++) {
		struct watched *at = &w->at[i];
		uint16_t target = (uint16_t)(w->first + i);
		enum watch_look look;
		int64_t left;

		/* Whether a newer run has ended: only then is anything concluded. */
		if (book_ended(b, target) && book_run(b, target) >= at->next_run)
			judge(w, i, book_diag(b, target), wall_s);
		if (at->w.looking != LOOK_NONE)
			continue;
		look = watch_next(&at->w, now_ms, false);
		if (look != LOOK_NONE && w->running < AT_ONCE) {
			begin(w, e, i, look, now_ms);
			continue;
		}
		left = look != LOOK_NONE ? 100 : watch_due_ms(&at->w) - now_ms;
		least = least < 0 || left < least ? left : least;
	}
	return least;
}

void
watcher_asked(struct watcher *w, size_t i, int64_t now_ms)
{
	if (i >= w->n)
		return;
	if (w->at[i].w.looking == LOOK_NONE)
		w->running++;
	watch_begin(&w->at[i].w, LOOK_WHOLE, now_ms);
}

const char *
watcher_history(const struct watcher *w, size_t i)
{
	return i < w->n ? w->at[i].history : "";
}
