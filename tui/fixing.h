/*
 * A fix under way on the screen: what the engine said that it would do, that
 * it did, or why not, and how things stood before. Filled from lines of evidence by
 * app_fix.c, drawn by dialog_fix.c and dialog_outcome.c. Pure.
 */
#ifndef SSHMEDIC_TUI_FIXING_H
#define SSHMEDIC_TUI_FIXING_H

#include <stdbool.h>

#include "../core/diag.h"
#include "../core/fix.h"
#include "logidx.h"

/* FIXING_SECOND: in place of a fix's number in the diagnosis, of one that is none of its. */
enum { FIXING_SECOND = -2 };
enum { FIXING_LINES = 60, FIXING_LINE_LEN = 200, FIXING_TEXT_LEN = 512, FIXING_SEEN = 3 };

enum fixing_way {
	WAY_COPY,     /* for a person: nothing is applied from here */
	WAY_CONNECT,  /* another command line: tried by a run with its options */
	WAY_CLIENT,   /* a change of this machine */
	WAY_TERMINAL, /* a command that asks a person: the screen steps aside */
	WAY_HOSTKEY,  /* a changed host key: locked until its end was typed */
	WAY_SERVER,   /* a change of the server, guarded by a roll-back */
	WAY_LOGIN     /* the login by hand that key i does */
};

enum fixing_stage {
	STAGE_NONE,
	STAGE_LOOKING, /* the preview was asked for */
	STAGE_READY,   /* it is there: y applies it */
	STAGE_APPLYING,
	STAGE_APPLIED, /* and the diagnosis runs again */
	STAGE_FAILED,
	STAGE_UNDONE
};

/* How the finding stands after the fix. */
enum fixing_result { RESULT_NONE, RESULT_FIXED, RESULT_UNCHANGED, RESULT_WORSE, RESULT_OPEN };

/* A verdict with what it rested on, as words. */
struct fixing_state {
	char verdict[FIXING_TEXT_LEN];
	char seen[FIXING_SEEN][FIXING_LINE_LEN];
	int exit_code;
};

struct fixing {
	const struct fix *fix; /* NULL: none */
	int target;            /* of which it is a fix */
	enum fixing_way way;
	enum fixing_stage stage;
	char what[16];  /* of the preview: its kind of change */
	char host[128]; /* of a change on the server: the admin's login */
	char line[FIXING_LINES][FIXING_LINE_LEN];
	int lines, more;         /* kept, and left out */
	char id[40];             /* of the change, to undo it by */
	const struct fix *first; /* whose rule this one makes permanent; NULL: it is no such */
	char of[40];             /* that change */
	char command
	    [FIXING_TEXT_LEN]; /* of such a one: what runs, or what a person can do instead */
	bool undoing;          /* the undo was asked for */
	char title[FIXING_TEXT_LEN], undo[FIXING_TEXT_LEN]; /* with the values of before */
	char text[FIXING_TEXT_LEN];                         /* why not, or a remark */
	int wrong; /* undone, and that many things are not as they were */
	int64_t
	    until_us; /* a change of the server: undone by itself then, on the engine's clock; 0 */
	bool asked;   /* the time is over, and the server was asked what became of it */
	bool kept; /* of the server: it stays; of a connect fix: it stands in the configuration */
	/* how it came out */
	char finding[64];     /* the id that it was for */
	enum severity severe; /* how bad that was */
	enum ev_kind
	    shown_by; /* of the lines that the finding rested on, the last in the order of a login; 0 */
	int run;      /* in which it was applied; the next one tells */
	bool told;     /* the outcome was shown */
	bool read;     /* undone, and that window closed before the run behind it was over */
	bool unlocked; /* WAY_HOSTKEY: the fingerprint was confirmed */
	int tries;     /* that are left */
	struct fixing_state before, after;
	enum fixing_result result;
};

/* Begin with a fix of a target, in a way. */
void fixing_begin(
    struct fixing *f, int target, const struct fix *fix, enum fixing_way way, const char *finding);
/* The fix that makes the rule of this one permanent, now that a new login has kept it; NULL: none. */
const struct fix *fixing_keep(const struct fixing *f);
/* Go on with that fix. Until it is applied, what can be undone is the rule alone. */
void fixing_begin_keep(struct fixing *f);
/* A line of evidence. Returns whether it was about this target's fix and changed something. */
bool fixing_take(struct fixing *f, const struct evidence *ev);
/* Note how things stand before it is applied. log has the lines of evidence that d's findings name. */
void fixing_before(struct fixing *f, const struct diag *d, const struct logidx *log);
/* Whether the server will undo it by itself, unless it is kept before until_us. */
bool fixing_waits(const struct fixing *f);
/*
 * The run after it has ended: note how things stand, and judge. A finding that was a fault and is no more
 * than a remark now (SEV_INFO) counts as mended. One that is not there is gone only
 * where the run came to the place where it was seen, and nothing stands for it now: else that is open.
 */
void fixing_after(struct fixing *f, const struct diag *d, const struct logidx *log);

const char *fixing_result_name(enum fixing_result r); /* "fixed" "unchanged" "worse" "open"; "" */

#endif
