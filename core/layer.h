/*
 * The four layers of a diagnosis and their states. Pure names; the reducer
 * (diag.c) is the only one who sets a state.
 */
#ifndef SSHMEDIC_LAYER_H
#define SSHMEDIC_LAYER_H

enum layer {
	LAYER_TRANSPORT,      /* ends when the host key is verified */
	LAYER_AUTHENTICATION, /* ends when the server says success */
	LAYER_SESSION,        /* ends when a command ran and a shell stays open */
	LAYER_PERFORMANCE,    /* ends when each phase is judged */
	LAYER__COUNT,
	LAYER_NONE = LAYER__COUNT
};

enum layer_state {
	LS_WAIT,    /* not begun */
	LS_RUN,     /* a probe of it runs */
	LS_PASS,    /* tested, and it works */
	LS_WARN,    /* it works, with a warning */
	LS_FAIL,    /* tested, and it does not work */
	LS_SKIP,    /* a lower layer failed */
	LS_UNKNOWN, /* could not be tested, or needs a human */
	LS__COUNT
};

/* "transport", "authentication", "session", "performance". */
const char *layer_name(enum layer l);
/* LAYER_NONE where no layer has that name. */
enum layer layer_by_name(const char *name);
/* "wait", "run", "pass", "warn", "fail", "skip", "unknown". */
const char *layer_state_name(enum layer_state s);

#endif
