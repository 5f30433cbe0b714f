/*
 * A jump host diagnosed as a target of its own, inside the run of the target
 * behind it: the same probes over a connection of its own, with a hop number on all
 * that they say. For the hops probe alone.
 */
#ifndef SSHMEDIC_HOP_H
#define SSHMEDIC_HOP_H

#include "../diag.h"
#include "probe.h"

struct hop;

/* What to diagnose, and how it is reached. Copied. */
struct hop_order {
	uint16_t number; /* from 1 */
	const struct target *target;
	const struct run_options *opt; /* with the words that reach it */
	const struct run_options *
	    target_opt; /* the target's: its -i keys are asked about as well. Lives as long as the hop */
	const char *next_host; /* what it shall open the way to; NULL: nothing */
	int next_port;
};

/* Begin. ended(arg) is called once, from the loop, when nothing of it runs any more; the hop is still to be freed. */
struct hop *hop_start(
    struct probe_run *pr, const struct hop_order *order, void (*ended)(void *arg), void *arg);
/* End its probes soon; ended() still comes. */
void hop_cancel(struct hop *h);
/* What it came to, concluded. */
const struct diag *hop_diag(struct hop *h);
/* What it has spent. */
const struct run *hop_run(const struct hop *h);
/* After ended(). */
void hop_free(struct hop *h);

#endif
