/*
 * The front ends without a screen: plain lines, one JSON document, or one JSON
 * object a line. Called by main.c; asks no question and draws nothing.
 *
 *   live    headless_new, engine_new(wake = headless_wake, arg = it), engine_start, headless_live
 *   replay  headless_new, headless_replay
 */
#ifndef SSHMEDIC_TUI_HEADLESS_H
#define SSHMEDIC_TUI_HEADLESS_H

#include <stdint.h>
#include <stdio.h>

#include "../core/io/engine.h"
#include "../core/replay.h"
#include "option.h"

struct headless;

struct headless_options {
	enum option_format format; /* FORMAT_AUTO is plain */
	bool hide;                 /* names are hidden in all that is printed */
	bool quiet;                /* nothing is printed: somebody else prints a report of it */
	/* Called before a report is made: what it is compared with may be given to the book. NULL: nothing is. */
	void (*before_report)(void *arg, const struct diag *d, struct book *b);
	void *arg;
};

/* out gets the result. opt is copied. Returns NULL out of memory or of file descriptors. */
struct headless *headless_new(const struct headless_options *opt, FILE *out);
void headless_free(struct headless *h);
/* For engine_options.wake, with the headless as arg; on any thread. */
void headless_wake(void *headless);

/*
 * Print what the engine finds out about a target until its run has ended, then
 * the report. Of n targets, numbered from this one on, the reports come when all have ended,
 * in order, one JSON document a line; the code is the first that is not 0. SIGINT, SIGTERM and SIGHUP cancel the run and report what there is, a
 * second one leaves at once; both give 130. Where out cannot be written: a
 * sentence on stderr, and 1. Else the code of outcome().
 */
int headless_live(
    struct headless *h, struct engine *e, uint16_t target, size_t n, const char *expect);
/*
 * --watch: print a line a change of targets[0] to targets[n - 1], numbered from target on, until a signal comes,
 * or out cannot be written any more. Nothing is printed where headless_options.quiet is set. settle: what is under
 * way then may come to its end first, within reason: the evidence is wanted. Returns the exit code.
 */
int headless_watch(struct headless *h, struct engine *e, uint16_t target,
    const struct target *const *targets, size_t n, uint32_t every_s, const struct run_options *run,
    bool settle);
/*
 * Wait for a run that looks at this machine only, then print the collector's
 * script with what it found out. Returns the exit code.
 */
int headless_collector(struct headless *h, struct engine *e, uint16_t target);
/* The same from a recording. 2 where it holds no diagnosis. */
int headless_replay(struct headless *h, const struct replay *r, const char *expect);

/* What was diagnosed, and from what; NULL where nothing came. */
const struct diag *headless_diag(struct headless *h);
const struct book *headless_book(const struct headless *h);

/*
 * The exit code of a diagnosis: where a finding is expected (a practice case;
 * NULL otherwise), 0 if it is the verdict, a cause of the class that is expected, or a warning of a
 * login that works, and 1 if not; else diag_exit_code().
 */
int outcome(const struct diag *d, const char *expect);
/* Whether a line says that the recording has come to an end before its time; its words. */
bool outcome_not_recorded(const struct ev_line *line, char *words, size_t cap);
/* What the user must be told on stderr beside the report; call it when all is over. */
void outcome_say(const struct diag *d, int code, FILE *messages);

#endif
