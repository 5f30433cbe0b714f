/*
 * The plan: which probes may start now. Order is data: a probe starts when
 * its needs are facts and is pointless once a moot fact holds. Pure; the
 * table itself is core/io/probes.c.
 */
#ifndef SSHMEDIC_PLAN_H
#define SSHMEDIC_PLAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fact.h"
#include "layer.h"

enum { PLAN_FACTS = 6 };

struct probe_run; /* core/io/probe.h */
struct run;       /* core/io/run.h */

struct probe {
	const char *name, *help; /* name stands in evidence, in fixes' recheck and in tests */
	enum layer layer;
	enum fact needs[PLAN_FACTS];     /* all of these */
	enum fact needs_any[PLAN_FACTS]; /* and one of these, if any is named */
	enum fact moot[PLAN_FACTS];      /* none of these */
	bool last; /* once nothing else is left to run, and the login does not work as it should */
	bool (*wanted)(
	    const struct run *r); /* of such a probe: whether it has anything to do; NULL: always */
	bool here;                /* sends nothing to the target or its jump hosts */
	uint32_t deadline_ms;     /* the engine's timer; 0: the user's --timeout */
	bool heavy;               /* a child of ssh: takes one of the engine's places (places.h) */
	size_t priv_size;         /* the engine allocates and frees */
	int (*start)(struct probe_run
		*); /* 0, or -1 when nothing could be begun (after saying why as evidence) */
	void (*cancel)(struct probe_run *); /* idempotent; ends in probe_done() */
};

enum plan_state { PLAN_WAIT, PLAN_READY, PLAN_MOOT };

/* What the facts make of a probe that has not started. */
enum plan_state plan_judge(const struct probe *p, const struct factset *facts);

/* Place of a probe in the registry's order, from 0; -1 for a name that is none. A re-run keeps what lower places saw. */
int plan_rank(const char *probe, size_t len);

#endif
