/*
 * The engine: runs probes on a thread and a libuv loop of its own and hands
 * evidence over as values. This header is all that a front end knows of it:
 * start a target, cancel, run again from a probe on with changed options,
 * add text as evidence, run an argv as a child, preview, apply and undo a fix.
 *
 *   front end --verbs (a locked queue, uv_async)--> engine's loop
 *   front end <--lines of evidence (engine_take), wake()-- engine's loop
 *
 * Nothing is global: an engine holds any number of targets, a process any
 * number of engines.
 */
#ifndef SSHMEDIC_ENGINE_H
#define SSHMEDIC_ENGINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../book.h"
#include "../target.h"

struct engine;

/* What a note (evidence.def) begins with where the recording has come to an end before its time. */
#define ENGINE_NOT_RECORDED "the recording could not be written"

enum { RUN_ARGS_MAX = 64 };

/* How a target is to be diagnosed. Copied by the verbs; the caller keeps its own. */
struct run_options {
	const char *args
	    [RUN_ARGS_MAX]; /* the user's own ssh options, as argv words: "-p", "2222", "-o", "X=Y" */
	size_t nargs;
	uint32_t timeout_ms; /* a step; 0: 10 s */
	const char *admin;   /* [user@]host of a login that works on the same server; NULL: none */
	uint32_t window_s; /* within which a new login must keep a change on the server; 0: 120 s */
	bool collect;     /* where the target is this machine: look at its server from the inside */
	bool here;        /* look at this machine only: nothing is sent to the target */
	const char *note; /* a remark that each run begins with; NULL: none */
	const char *
	    kept; /* of a watch: what is in memory of earlier runs (watch.kept); NULL: nothing is said */
	unsigned layers; /* bit set of 1 << enum layer; 0: all */
	const char *ssh; /* the ssh client to run; NULL: "ssh" by PATH */
	const char *
	    keydir; /* where other keys of the user may lie; NULL: ~/.ssh by passwd; "" : nowhere */
	const char *
	    agent; /* the agent's socket instead of $SSH_AUTH_SOCK; NULL: the environment; "": none */
};

struct engine_options {
	void (*wake)(void *arg); /* called on the engine's thread when lines are there to take */
	void *arg;
	const char *
	    record; /* file to record to, NULL for none; made with mode 600, must not exist unless record_over */
	bool record_over;
	bool
	    give_way; /* its thread, and what that starts, run behind the caller's (nice, see setpriority(2)) */
};

/* Start the engine's thread. Returns 0, or -1 with a sentence in err. */
int engine_new(struct engine **out, const struct engine_options *opt, char *err, size_t errcap);

/* Verbs. Each returns at once; what they do shows as evidence. */
uint16_t engine_start(struct engine *e, const struct target *t,
    const struct run_options *opt); /* the target's number */
void engine_cancel(struct engine *e, uint16_t target);
/* Again from a probe on ("" or NULL: from the first), with a changed set of options (NULL: the same). */
void engine_rerun(
    struct engine *e, uint16_t target, const char *probe, const struct run_options *opt);
/*
 * Text from elsewhere as evidence (recognise.h): bytes, copied, or a file that is read on the thread
 * pool ("-" is stdin). name says in the log what it is. A run does not end before its texts are read.
 */
void engine_add_text(
    struct engine *e, uint16_t target, const char *name, const char *text, size_t len);
void engine_add_file(struct engine *e, uint16_t target, const char *path);
/* What a person's own login by ssh came to, as ssh itself says. */
struct engine_login {
	bool in;            /* it was authenticated */
	const char *method; /* by which way; "": not said */
	const char *state;  /* of its session: a word of login.result */
	int status;         /* its exit status */
	const char *text;   /* its last message; "": none */
	const char *
	    log; /* the file of its own messages (-vvv -E): the first 4 MB are read as evidence; NULL: none */
	const struct arrival *arrivals; /* when the file grew; NULL: not known */
	size_t narrivals;
};
/* That as evidence; all is copied, and the file is read on the thread pool. */
void engine_add_login(struct engine *e, uint16_t target, const struct engine_login *login);
/* A line that a library of this program wrote to standard error. It says nothing about the target. */
void engine_add_stderr(struct engine *e, uint16_t target, const char *line);
/*
 * A change on the server, by the login of run_options.admin, or here where the target is this
 * machine; fix is an id of fixes.c. Preview says what would be done. Apply makes the change with a
 * roll-back armed on the server, diagnoses the target again, and by a new login keeps the change, or undoes it
 * where the target's login got worse; where no new login comes about in time, the server undoes it by itself.
 * A rule of a firewall is made for the time being; once it was kept, the fix that its row (guard_rows.c)
 * names for it makes it permanent: its preview comes from the server, line by line, and Revert undoes both.
 * Keep decides what was left undecided. Revert undoes a change, kept or not, and report asks the server what
 * became of it: by the id of its evidence, of this or an earlier run of the program; NULL: the last one here.
 * Each step is evidence: fix.preview fix.applied fix.failed fix.kept fix.undone.
 */
void engine_server_preview(struct engine *e, uint16_t target, const char *fix);
void engine_server_apply(struct engine *e, uint16_t target, const char *fix);
void engine_server_keep(struct engine *e, uint16_t target);
void engine_server_revert(struct engine *e, uint16_t target, const char *id);
void engine_server_report(struct engine *e, uint16_t target, const char *id);
/*
 * The end of a changed host key's fingerprint (fpmask.h), as a person had it from somebody else:
 * hostkey.confirm says whether it is that. After three wrong ones it is so no more in this run. Only then
 * engine_apply() replaces what known_hosts has for the host.
 */
void engine_confirm_hostkey(struct engine *e, uint16_t target, const char *typed);
/* Run an argv (no shell) as a child; its lines and its end become evidence. */
void engine_exec(struct engine *e, uint16_t target, char *const argv[]);

/*
 * Fixes that change this machine (core/change.h), for a target whose diagnosis has their values; of a fix that
 * is another command line to log in with, how it is kept in the configuration. One at a time.
 *
 *   engine_preview   fix.preview, a line each, the last one with state=end and what(change_op_name());
 *                    the plan is kept. what=terminal: the front end runs the fix's command itself
 *   engine_apply     the fix previewed last, while all is as it was then: fix.applied with its id in the
 *                    journal, and a re-run from the fix's .recheck
 *   engine_undo      by that id, of this or an earlier run of the program: fix.undone, and the same re-run
 *
 *   engine_ran       the front end has run the command of the fix previewed last on the terminal
 *                    (what=terminal), with this exit status: the same as after engine_apply
 *
 * What cannot be done is fix.failed with a sentence. The diagnosis has the last change as d->change.
 */
void engine_preview(struct engine *e, uint16_t target, const char *fix);
void engine_apply(struct engine *e, uint16_t target, const char *fix);
void engine_undo(struct engine *e, const char *id);
void engine_ran(struct engine *e, uint16_t target, const char *fix, int status);

/*
 * Reader's side: the lines that crossed since the last call, at most max, in
 * order. They live until engine_free(), or engine_forget(). Returns how many.
 */
size_t engine_take(struct engine *e, const struct ev_line **out, size_t max);
/*
 * Let go of lines that were taken, by their numbers in ascending order, which are copied: the reader has none of them any more, and runs
 * after the newest that it knew of can have taken over none (book_spare()). A recording has them still.
 */
void engine_forget(struct engine *e, const uint32_t *n, size_t count);
/* Microseconds of the engine's clock now, for elapsed-of-limit bars. */
uint64_t engine_now_us(const struct engine *e);

/*
 * Cancel all, end every child and socket, and join the thread if that is done
 * within wait_ms; else leave it behind (the program must then leave by
 * _exit). Returns true if joined and freed.
 */
bool engine_free(struct engine *e, uint32_t wait_ms);

#endif
