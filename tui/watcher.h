/*
 * --watch: looks at the targets of a run again by core/watch.h's schedule, through
 * the engine, and tells what changed. One for the screen and for the front ends without one; asks no
 * clock itself. Called by app_watch.c and headless.c.
 */
#ifndef SSHMEDIC_TUI_WATCHER_H
#define SSHMEDIC_TUI_WATCHER_H

#include <stdint.h>

#include "../core/book.h"
#include "../core/io/engine.h"
#include "../core/watch.h"

struct watcher;

struct watcher_does {
	/* Target i changed; when is HH:MM:SS of wall_s. */
	void (*changed)(void *arg, size_t i, const struct watch_change *c, const char *when);
	/* Evidence of earlier looks goes: the lines with these numbers, ascending, are there for the last time. NULL: nobody else has any. */
	void (*drops)(void *arg, const struct ev_numbers *gone);
	void *arg;
};

/* n targets, numbered from first on, whose first whole run has been started. run is the user's; it lives as long. */
struct watcher *watcher_new(uint16_t first, size_t n, uint32_t every_s,
    const struct run_options *run, const struct watcher_does *does);
void watcher_free(struct watcher *w);
/*
 * Judge the runs that have ended, then begin the looks that are due, at most WATCHER_AT_ONCE at a time. now_ms: a
 * clock that never goes back; wall_s: since the epoch. Returns milliseconds until the next look is due; -1: none is,
 * before a run ends. Before a look begins, evidence that is not kept (watch_keeps()) goes, on both sides.
 */
int64_t watcher_step(
    struct watcher *w, struct engine *e, struct book *b, int64_t now_ms, int64_t wall_s);
/* The user had target i diagnosed again by a key. */
void watcher_asked(struct watcher *w, size_t i, int64_t now_ms);
/* "10:02:11 broke: tcp-refused; 10:14:12 healed": the last changes of target i, "" before the first. */
const char *watcher_history(const struct watcher *w, size_t i);

#endif
