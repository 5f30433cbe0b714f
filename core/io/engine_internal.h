/*
 * What engine.c (verbs, thread, life) and schedule.c (which probe runs when)
 * share. Nobody else includes it.
 */
#ifndef SSHMEDIC_ENGINE_INTERNAL_H
#define SSHMEDIC_ENGINE_INTERNAL_H

#include <uv.h>

#include "../places.h"
#include "change_apply.h"
#include "engine.h"
#include "log.h"
#include "probe.h"

enum { ENGINE_PROBES = 32 };

enum task_state { TASK_WAIT, TASK_RUNNING, TASK_ENDED, TASK_KEPT };

/* A started probe: its run, its deadline's timer. Freed when both are closed. */
struct task {
	struct probe_run pr; /* first, so that a probe_run is its task */
	uv_timer_t deadline;
	struct subject *subject;
	int index; /* into probes[] */
	int place; /* of the engine's places; -1 */
};

/* One target with the run that is under way, or was last; or a jump host on the way to it (hop.h). */
struct subject {
	struct engine *engine;
	uint16_t number;
	uint16_t hop;           /* 0: the target itself */
	struct subject *parent; /* of a jump host, the target; NULL */
	bool stirred;           /* in the engine's list of those to look at */
	struct subject *next_stirred;
	bool queued; /* it waits for one of the engine's places (places.h) */
	struct subject *next_queued;
	struct subject *hop_subject; /* the jump host that is diagnosed now; NULL */
	struct diag *diag;           /* of a jump host; a target's is in the engine's book */
	bool stale;                  /* lines were folded into it since it was concluded */
	void (*ended)(void *arg);    /* of a jump host, once its run is over */
	void *ended_arg;
	struct target target;
	struct run_options opt;      /* words owned */
	struct run_options next_opt; /* of the re-run that waits */
	bool has_next_opt;
	struct child *exec;           /* of the exec verb, one at a time */
	struct serverfix *server_fix; /* a change on the server; NULL before the first */
	struct run run;
	uint32_t run_number;
	bool active;     /* run.start said, run.end not yet */
	bool cancelled;  /* no probe starts any more */
	bool again;      /* a re-run waits for the present run's end */
	char reason[16]; /* why it was cancelled */
	char from[16];   /* where the re-run begins; "" from the first probe */
	enum task_state state[ENGINE_PROBES];
	struct task *tasks[ENGINE_PROBES];
	int running;
	int texts; /* that are being read */
	char own_fp
	    [64]; /* of a changed key that only a login by hand saw in this run, its end hidden; "" */
	uint16_t last_text; /* number of the last one: its clock domain */
	struct text *reading;
	struct change_plan *plan;   /* of the fix that was previewed last; NULL */
	bool changing;              /* a fix is previewed, applied or undone now */
	char change_id[JOURNAL_ID]; /* of the last one that was applied or undone; "" */
	struct subject *next;
};

struct serverfix;
struct text; /* a text that is being read */
struct verb; /* a front end's wish, in a queue */

struct engine {
	uv_loop_t loop;
	uv_thread_t thread;
	uv_async_t bell;      /* rung by verbs */
	uv_prepare_t prepare; /* starts what the plan says, once a turn */
	uv_mutex_t lock;      /* over verbs, next_target and stopped */
	uv_cond_t gone;
	struct verb *verbs, **verbs_tail;
	uint16_t next_target;
	bool stopped;
	bool leaving; /* QUIT was said */
	bool give_way;
	uint64_t epoch_ns;
	void (*wake)(void *arg);
	void *wake_arg;
	bool news; /* lines since the last wake() */
	struct log *log;
	struct book *book;
	struct subject *subjects;
	struct subject
	    *stirred; /* targets of which something was said or done since they were stepped */
	struct subject *queue, **queue_tail; /* who waits for a place */
	struct places places;
	uv_timer_t place_timer; /* until one of them is free for who waits */
	bool recording;
	char *scratch; /* EV_LINE_MAX, for encoding */
};

/* schedule.c */
/* Begin a run: run.start, all tasks waiting (but those kept before from). */
void schedule_begin(struct subject *s, const char *from);
/* Start every probe whose time has come, of the jump hosts on its way too; end the run where none is left. */
void schedule_step(struct subject *s);
/* The subject whose probe it is. */
struct subject *schedule_subject(struct probe_run *pr);
/* Cancel what runs and start nothing more. */
void schedule_cancel(struct subject *s, const char *reason);

/* engine.c */
/* A jump host on the way of parent's run. Not in the engine's list; the caller frees it. NULL out of memory. */
struct subject *subject_new_hop(
    struct subject *parent, uint16_t hop, const struct target *t, const struct run_options *opt);
void subject_free(struct subject *s);
/* What is known of it so far, concluded; NULL where nothing is. */
const struct diag *subject_diag(struct subject *s);
/* Something about it has changed: what may run now is looked at before the loop sleeps. */
void subject_stir(struct subject *s);
/* A re-run's own options become the subject's. */
void subject_take_options(struct subject *s);
/* Read a text for the subject on the pool: a file, or bytes where path is NULL (copied). */
void engine_read_text(
    struct subject *s, const char *name, const char *path, const char *bytes, size_t len);
/* Nobody waits for texts that are still being read. */
void engine_drop_texts(struct subject *s);
/* Run again from a probe on, once what runs has ended. */
void engine_run_again(struct subject *s, const char *probe);
/* Stamp, encode, log, fold. */
void engine_say(struct subject *s, struct evidence *ev, enum vantage v, uint16_t hop);

/* engine_change.c */
enum fix_verb { FIX_PREVIEW, FIX_APPLY, FIX_UNDO, FIX_RAN };
/*
 * Begin to preview or apply a fix (word: its id), to undo one (word: its id in the journal), or to note
 * that one was run on the terminal, with the exit status.
 */
void engine_do_fix(struct subject *s, enum fix_verb verb, const char *word, int status);

#endif
