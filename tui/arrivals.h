/*
 * When a file grew: for a file that somebody else writes, how long it was at which time. ssh's own messages
 * bear no time, so that of a login by hand is had from outside. Called by app_login.c. Needs a loop that turns.
 */
#ifndef SSHMEDIC_ARRIVALS_H
#define SSHMEDIC_ARRIVALS_H

#include <stddef.h>
#include <uv.h>

#include "../core/recognise/recognise.h"

struct arrivals;

/* Begin to watch a file that exists. NULL where it cannot be watched: then nothing is timed. */
struct arrivals *arrivals_new(uv_loop_t *loop, const char *path);
/* Who writes it stood still until now; with it, perhaps, we. Nothing is timed across this. */
void arrivals_pause(struct arrivals *w);
/* When the file was as long as that, in microseconds since the watch began; -1: not known. */
int64_t arrivals_when(const struct arrivals *w, uint64_t bytes);
/* What was seen, ascending; *n of them. */
const struct arrival *arrivals_list(const struct arrivals *w, size_t *n);
/* The watch ends; its handle is closed on the loop. NULL is allowed. */
void arrivals_free(struct arrivals *w);

#endif
