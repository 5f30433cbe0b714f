/*
 * What a probe may do: say what it saw and say that it is done. A probe does
 * I/O and draws no conclusion; it never reads the diagnosis. One file a probe, one
 * row in probes.c.
 *
 * Life: engine allocates probe_run and its private memory, calls start();
 * every start has a cancel; handles live in priv; probe_done() is called
 * once, when the last handle is closed, and ends the life of priv.
 */
#ifndef SSHMEDIC_PROBE_H
#define SSHMEDIC_PROBE_H

#include <uv.h>

#include "../evidence.h"
#include "../plan.h"
#include "run.h"

struct probe_run {
	const struct probe *probe;
	struct run *run;
	void *priv; /* priv_size zeroed bytes */
	uint64_t start_us;
	bool cancelled;    /* cancel() was called; no new I/O may begin */
	bool deadline_hit; /* it was called because time ran out */
	bool done;
	uint64_t deadline_us;
	struct probe_run *next; /* the engine's list */
};

/* The registry, in order of the layers; ends with name NULL. */
extern const struct probe probes[];

/* The loop for handles. */
uv_loop_t *probe_loop(struct probe_run *pr);
/* The engine's clock, in microseconds. */
uint64_t probe_now(struct probe_run *pr);
/* Begin evidence of kind k (same as ev_init) and hand it over: the engine stamps, cleans, logs and folds it. */
void probe_emit(struct probe_run *pr, struct evidence *ev);
/* The same, on another vantage or hop. */
void probe_emit_from(struct probe_run *pr, struct evidence *ev, enum vantage v, uint16_t hop);
/* A phase's time; trips 0: by phase.def. */
void probe_phase(struct probe_run *pr, enum phase p, uint64_t start_us, uint64_t end_us, int trips);
/* The last call of a probe: nothing of it is open any more. result: "done" "deadline" "cancelled" "failed". */
void probe_done(struct probe_run *pr);
/* Add to the deadline (a step of its own began, or a limit of the probe's own). */
void probe_extend(struct probe_run *pr, uint32_t ms);

#endif
