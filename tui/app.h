/*
 * The full-screen program: one terminal, one loop, one book of evidence. It
 * draws const struct diag and turns keys into the engine's verbs. Called by
 * main.c; knows of the engine no more than engine.h.
 *
 *   live    app_new, engine_new(wake = app_wake, arg = app), engine_start ..., app_run(app, engine)
 *   replay  app_new, app_feed each line, app_run(app, NULL)
 *
 * With app_run_linear() in place of app_run() the same comes as lines of text.
 * All are one path: lines go into the app's own book, frames are drawn from
 * it. app_new() sets the locale, so it comes before any other thread.
 */
#ifndef SSHMEDIC_TUI_APP_H
#define SSHMEDIC_TUI_APP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "../core/book.h"
#include "../core/io/engine.h"
#include "../core/replay.h"
#include "../core/target.h"
#include "setting.h"
#include "theme.h"

struct app;

enum {
	APP_QUIT = 0,          /* the user left; the exit code is the diagnosis' own */
	APP_INTERRUPTED = 130, /* Ctrl-C with nothing left to cancel */
	/* 128 + n: ended by signal n (SIGTERM, SIGHUP) or because the terminal is gone (129) */
	APP_NO_SCREEN = -1 /* nothing was drawn: no terminal that can do it; use plain text */
};

struct app_options {
	const struct target *const
	    *targets;              /* in the order of their numbers; live as long as the app. For a
	                                      * replay NULL: the evidence names it */
	size_t ntargets;           /* 0 for a replay */
	const struct theme *theme; /* NULL: the built-in one; lives as long as the app */
	const struct run_options *run;   /* of the live run; lives as long as the app; NULL: none */
	const struct settings *settings; /* lives as long as the app; NULL: as the table has them */
	bool watch;                      /* look again and again, until the user leaves */
	uint32_t watch_s;                /* how often; 0: as core/watch.h has it */
	const char *note;                /* shown in the message line at first; NULL for none */
	bool drill;                      /* what was found is hidden until the user has named it */
	const char *const *plausible;    /* of a drill: what it may be, NULL-terminated */
	const char *
	    walk; /* the walkthrough to begin with: a script or a finding, "" the general one; NULL: none */
	bool profiles;   /* the last good run of each host is kept, and compared with */
	const char *tag; /* shown in the header, e.g. "practice" or "replay"; NULL for none */
};

/* Returns NULL only out of memory. opt is copied, what it points to is not. */
struct app *app_new(const struct app_options *opt);
/* A line of evidence; lives as long as the app. Before app_run() only. */
void app_feed(struct app *a, const struct ev_line *line);
/*
 * In place of app_feed(): the lines of a recording come while app_run() runs, as they came to the run, times as
 * quick. It lives as long as the app.
 */
void app_pace(struct app *a, const struct replay *replay, unsigned times);
/* What a target's runs are compared with; lives as long as the app. Before app_run() only. */
void app_compare(struct app *a, uint16_t target, const struct book *earlier);
/* For engine_options.wake, with the app as arg: may be called on any thread, at any time until app_free(). */
void app_wake(void *app);
/*
 * Draw, and serve keys until the user leaves; e is NULL for a replay. The
 * terminal is as before when it returns. Returns APP_* or 128 + signal;
 * with APP_NO_SCREEN a sentence is in err, and the lines not yet taken are
 * still the engine's.
 */
int app_run(struct app *a, struct engine *e, char *err, size_t errcap);
/*
 * The same without a screen, for screen readers and dumb terminals: lines that are appended to
 * out, commands and answers read as lines from standard input. APP_NO_SCREEN only out of memory.
 */
int app_run_linear(struct app *a, struct engine *e, FILE *out);
/* What was diagnosed of target n, for the exit code after app_run(); NULL if nothing came. */
const struct diag *app_diag(struct app *a, uint16_t n);
/* All lines that came, for a report. */
const struct book *app_book(const struct app *a);
/* Whether the user wants the report left on the terminal, and the names hidden in what is shown there. */
bool app_keeps(const struct app *a);
bool app_hides(const struct app *a);
/* The engine must have ended, or have been left behind with _exit to follow. */
void app_free(struct app *a);

#endif
