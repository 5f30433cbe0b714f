/*
 * The schedule of --watch: when a target is looked at again, how much of a look
 * is allowed, and what changed from one look to the next. Pure: the clock is given. Called by tui/watcher.c.
 *
 *   what stands now             looked at again          by
 *   the login works             after 300 s              TCP, banner, host key: nobody logs in
 *   transport fails             after 60 s               the same
 *   authentication fails,       after 300 s,             the same; a login only when the user presses a key
 *   or needs a human            never under 60 s
 *   session fails, or it is slow  after 300 s            TCP, banner, host key
 *
 * Where a look finds that a transport that failed is well, a whole diagnosis follows, a login in it, unless the last
 * login was refused. A connection without a login costs 1 s of OpenSSH's PerSourcePenalties, which is over long before
 * the next look: nothing adds up.
 *
 * Nor does memory: of the evidence, that of the last looks is kept, and of those at which something changed. Of what stood
 * before them a line each is told.
 */
#ifndef SSHMEDIC_WATCH_H
#define SSHMEDIC_WATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "diag.h"

enum {
	WATCH_LEAST_S = 2, /* --watch=SECONDS goes down to this */
	WATCH_MOST_S = 86400,
	WATCH_AUTH_S = 60, /* after a failure of authentication, whatever was asked for */
	WATCH_DOWN_S = 60,
	WATCH_CALM_S = 300,
	WATCH_TEXT = 160,
	WATCH_LOOKS = 3,  /* the last ones, whose evidence is kept */
	WATCH_STANDS = 5, /* the last changes, whose evidence is kept and which are told of */
	WATCH_KEPT = WATCH_LOOKS + WATCH_STANDS + 2
};

#define WATCH_WORKS "healthy" /* as a verdict */

enum watch_look { LOOK_NONE, LOOK_TRANSPORT, LOOK_WHOLE };

/* What stood for a while, from the look on at which it came about. */
struct watch_stand {
	const char *finding; /* as a verdict */
	int64_t since_s;     /* wall clock */
	uint32_t run, looks; /* the number of that look's run, and how many found it so */
};

/* What is remembered of a target between looks. All zero before the first. */
struct watch {
	uint32_t every_s;        /* what the user asked for; 0: as above */
	enum watch_look looking; /* under way */
	bool known;              /* a run has ended */
	bool
	    auth_failed; /* the last whole diagnosis found no way in, and not for the transport's sake */
	bool down;       /* the transport fails now */
	bool want_whole;     /* the transport is back: all is to be looked at */
	const char *finding; /* what stands, as a verdict; NULL before the first end */
	const char *whole_finding;
	int64_t looked_ms;  /* when the last look began */
	uint32_t run;       /* the last one that ended */
	uint32_t whole_run; /* the last whole diagnosis */
	uint32_t bad_run;   /* the first of the last time that it did not work */
	struct watch_stand stands[WATCH_STANDS]; /* oldest first */
	uint32_t nstands, changes;               /* how many there are, and were in all */
};

struct watch_change {
	bool changed;
	const char *finding;   /* what stands now */
	char text[WATCH_TEXT]; /* "broke: tcp-refused", "healed" */
};

/* When it is due to be looked at, on the clock of looked_ms. */
int64_t watch_due_ms(const struct watch *w);
/* The look that may begin now. by_user: a key was pressed, which allows a login at any time. */
enum watch_look watch_next(const struct watch *w, int64_t now_ms, bool by_user);
void watch_begin(struct watch *w, enum watch_look look, int64_t now_ms);
/* Whether the evidence of a run stays in memory. watch: a struct watch. */
bool watch_keeps(const void *watch, uint32_t run);
/* Those of the runs that have ended, ascending. Returns how many. */
size_t watch_kept(const struct watch *w, uint32_t runs[WATCH_KEPT]);
/* A change from a verdict, NULL for none, to another, in words. */
void watch_words(const char *was, const char *finding, char *text, size_t cap);
/* The look has ended: what it says against what stood. wall_s: seconds since the epoch. */
void watch_end(struct watch *w, const struct diag *d, int64_t wall_s, struct watch_change *out);

#endif
