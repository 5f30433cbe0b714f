/*
 * The guard: a shell script that makes one change on a server, and undoes it
 * by itself unless a new login says in time that it works (guard.sh, built
 * into the program). Here it gets the words of one fix, and what it printed is
 * read. Called by the engine's server changes. Pure.
 */
#ifndef SSHMEDIC_GUARD_H
#define SSHMEDIC_GUARD_H

#include "fix.h"
#include "text.h"

enum { GUARD_MAX = 96 * 1024, GUARD_WINDOW_S = 120, GUARD_TEXT = 4096, GUARD_ID = 33 };

/* What the script is to do. NULL or 0: not known, or not needed. */
struct guard_words {
	const char *verb;       /* "apply" "look" "disarm" "fire" "report" */
	const char *id, *token; /* of an earlier change; "apply" makes them */
	const char *fix;
	const char *edit, *revert; /* commands, quoted already where that is needed */
	const char *touches;       /* paths, one a line; see guard.sh */
	const char *then;          /* "" "reload" "start" */
	const char *unit;          /* that sshd runs in */
	const char *user;          /* of the login that is to be mended */
	int port;                  /* of the server */
	const char *client;        /* its address as the server sees it */
	bool
	    here; /* the target is this machine by its address alone: its port may lead elsewhere */
	const char *laddr; /* of the server, the address that is connected to */
	int window_s;      /* how long a new login may take; 0: as the script has it */
	/* Or a rule of a firewall that was made for the time being is made permanent. */
	const char *keeps; /* the firewall: "nft" "iptables" "ufw" "firewalld" */
	const char *place; /* where in it the rule is */
	const char *of;    /* the change that made it */
	const char *seen;  /* what "look" said, so that nothing else is done than it showed */
};

/* What sshd must do for a change to count: it is never restarted. */
enum guard_then { GUARD_NOTHING, GUARD_RELOAD, GUARD_START /* where it does not run */ };

/* How a fix (fixes.c) is made by the script. */
struct guard_row {
	const char *fix;
	enum guard_then then;
	const char *touches; /* what is kept a copy of: a word a path, "sshd:", or "account:NAME" */
	const char *revert;  /* a command that undoes what no copy can; NULL: none is needed */
	const char *edit;    /* NULL: the fix's own command, but for its reload */
	const char *keep; /* the fix that makes it permanent once it is proven; NULL: none has to */
	const char *keeps, *place; /* of such a fix, in place of a command: see guard_words */
};

/* Room for what a fix's templates expand to. */
struct guard_room {
	char edit[GUARD_TEXT], revert[GUARD_TEXT], touches[GUARD_TEXT], place[GUARD_TEXT],
	    keeps[GUARD_TEXT];
};

enum guard_state {
	GUARD_NONE, /* no line of the script */
	GUARD_ARMED,
	GUARD_REFUSED, /* it is not made, or undone already, as somebody would be locked out */
	GUARD_FAILED,  /* it did not work and is undone */
	GUARD_KEPT,
	GUARD_FIRED, /* the roll-back has done its work */
	GUARD_GONE,  /* the roll-back ended before that */
	GUARD_READY, /* of a look: it can be done */
	GUARD__COUNT
};

/* What the script said; text is clean. */
struct guard_said {
	enum guard_state state;
	bool whole; /* up to its last line */
	char id[GUARD_ID], token[GUARD_ID];
	char fix[40];            /* of a report */
	char reason[32];         /* a word for the program, of what was refused or failed */
	char why[512];           /* a sentence */
	char folder[256];        /* where copies and report are, on the server */
	char remark[512];        /* the first thing that the roll-back remarked */
	char out[512];           /* the last line that a command printed */
	char path[512];          /* of a look: what is kept a copy of */
	char command[512];       /* of a look: what would run, or the line that a file gets */
	char seen[64];           /* of a look: the sum of it */
	int64_t window_s, until; /* until: of the server's clock, seconds since 1970 */
	int64_t restored,
	    wrong; /* how many things were put back, how many could not be; -1: not said */
};

/*
 * Append the script with these words in it, each quoted for a POSIX shell; sb
 * needs room for GUARD_MAX bytes. Returns 0, or -1 where it was cut.
 */
int guard_print(struct strbuf *sb, const struct guard_words *w);
/* How the script makes the fix; NULL where it does not. */
const struct guard_row *guard_row(const struct fix *f);
/* All rows; NULL behind the last. */
const struct guard_row *guard_row_at(size_t i);
/*
 * The words of a fix by what the diagnosis knows: fix, edit, revert,
 * touches, then, unit, keeps and place, with room for them. Returns 0, or -1 where the guard does not
 * take it, a value is not known or does not fit.
 */
int guard_of_fix(
    struct guard_words *w, struct guard_room *room, const struct diag *d, const struct fix *f);
/* Read what the script printed: lines with its marker and no others. */
void guard_read(struct guard_said *said, const char *text, size_t len);
/* The same, and call each() with every line that a command printed, clean. */
void guard_read_lines(struct guard_said *said, const char *text, size_t len,
    void (*each)(void *arg, const char *line), void *arg);
/* "none" "armed" "refused" "failed" "kept" "fired" "gone" "ready" */
const char *guard_state_name(enum guard_state s);

#endif
