/*
 * The hand-over: what a person who is woken up must know, in at most HANDOVER_LINES lines of at most
 * HANDOVER_COLS columns. What fails, for whom, since when, what is proven, the evidence that decided, what was
 * tried, the one thing that would decide, and whom it belongs to (owner.h). Called by whoever writes
 * a report and by tests. Pure but for the FILE given: the clock is the caller's.
 *
 * Names are hidden by handing in what a veil shows (veil.h).
 */
#ifndef SSHMEDIC_HANDOVER_H
#define SSHMEDIC_HANDOVER_H

#include <stdint.h>
#include <stdio.h>

#include "book.h"
#include "diag.h"

enum { HANDOVER_LINES = 12, HANDOVER_COLS = 80 };

/* When, in seconds since the epoch, UTC; 0 where not known. */
struct handover_times {
	int64_t now;        /* the caller's clock: when the message is written */
	int64_t first_seen; /* the first run here that failed, with none after it that worked */
	int64_t last_seen;  /* the run that the message is about */
};

/* Fill the times of a target from its lines. Folds them anew, so it is not for every frame. */
void handover_times(struct handover_times *t, const struct book *b, uint16_t target, int64_t now);
/* Print the message. hidden: d and b are what a veil shows, and no address is to stay either. */
void handover_write(const struct diag *d, const struct book *b, const struct handover_times *t,
    bool hidden, FILE *out);

#endif
