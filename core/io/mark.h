/*
 * The quality-of-service mark that ssh puts on a session's packets: set as ssh sets it, and taken off where
 * what bears it gets lost again and again. The kernel then sends the same bytes without it: whether they
 * arrive is evidence. Called by the session probe.
 */
#ifndef SSHMEDIC_MARK_H
#define SSHMEDIC_MARK_H

#include "conn.h"
#include "probe.h"

struct mark {
	struct probe_run *pr;
	struct conn *conn;
	uv_timer_t timer;
	char name[16];
	const char *what; /* the request that it was set for */
	bool off, said;   /* taken off; what came of that was said */
	void (*gone)(void *arg);
	void *arg;
};

/* Watch the connection of the run for the probe; gone(arg) comes once, after mark_end(). */
void mark_begin(
    struct mark *m, struct probe_run *pr, struct conn *c, void (*gone)(void *arg), void *arg);
/* A session is open: set the mark that ssh would. Does nothing once one was taken off. */
void mark_set(struct mark *m, bool interactive, const char *what);
/* Nothing more is sent. */
void mark_end(struct mark *m);

#endif
