/*
 * Fixes: rows with a command template, and its expansion. Nothing here runs
 * anything. Pure.
 */
#ifndef SSHMEDIC_FIX_H
#define SSHMEDIC_FIX_H

#include <stddef.h>

#include "diag.h"

enum fix_side { SIDE_CLIENT, SIDE_SERVER, SIDE_NETWORK };
enum fix_kind {
	FIX_CONNECT, /* another command line to log in with */
	FIX_CHANGE,  /* changes something */
	FIX_MANUAL   /* words only */
};
enum fix_risk { RISK_NONE, RISK_LOW, RISK_MEDIUM, RISK_HIGH };

/* What a fix does on this machine (change.h). */
enum change_op {
	CHANGE_NONE,
	CHANGE_MODE,          /* bits of a file's or folder's mode */
	CHANGE_CONFIG,        /* settings of a host in ssh_config */
	CHANGE_KNOWN_HOSTS,   /* a name in known_hosts */
	CHANGE_UNLINK_SOCKET, /* a socket that nobody listens on */
	CHANGE_MKDIR,         /* a folder */
	CHANGE_RUN,           /* the command, without a terminal */
	CHANGE_TERMINAL,      /* the command, on the terminal */
	CHANGE__COUNT
};

enum { CHANGE_SETS = 3 };

/* The same as a template: texts with {slots}. Of what a row does not use, NULL and 0. */
struct change_row {
	enum change_op op;
	const char *
	    path; /* CHANGE_MODE, _KNOWN_HOSTS, _UNLINK_SOCKET, _MKDIR; of _CONFIG NULL: the user's own file */
	const char *
	    host; /* CHANGE_CONFIG: NULL for the host as typed, "" for all; CHANGE_KNOWN_HOSTS: the name */
	struct {
		const char *keyword, *value;
	} set[CHANGE_SETS];                  /* CHANGE_CONFIG */
	unsigned give, take, give_dir, mode; /* CHANGE_MODE, CHANGE_MKDIR */
};

struct fix {
	const char *id, *title;
	enum fix_side side;
	enum fix_kind kind;
	const char *
	    command; /* words with {slots}; a word with a slot is quoted as one word. NULL for words only */
	const char *words; /* what to do and why, with {slots}; may be NULL */
	enum fix_risk risk;
	const char *takes;   /* "<1 min" */
	const char *undo;    /* how to undo it, with {slots}; NULL: nothing to undo */
	const char *recheck; /* the probe to begin again with, which proves it */
	struct change_row
	    change; /* what applies it, of a FIX_CHANGE; _RUN and _TERMINAL run the command */
	struct change_row
	    save; /* what keeps it, of a FIX_CONNECT; _TERMINAL: ssh asks a person, and keeps what it does */
};

size_t fixes_count(void);
const struct fix *fix_at(size_t i);
const struct fix *fix_by_id(const char *id);
/*
 * The exact command with every known value filled in and quoted for a POSIX
 * shell. {sshargs} expands to already quoted words. Appends to sb; nothing
 * for a fix without a command.
 */
void fix_command(const struct diag *d, const struct fix *f, struct strbuf *sb);
/* The same for any template of a command. */
void fix_expand_command(const struct diag *d, const char *template, struct strbuf *sb);
/* Whether every value that the command needs is known; true where there is no command. */
bool fix_complete(const struct diag *d, const struct fix *f);
/* The same for any template. */
bool fix_words_known(const struct diag *d, const char *template);

const char *fix_side_name(enum fix_side s); /* "client" "server" "network" */
const char *fix_kind_name(enum fix_kind k); /* "connect" "change" "manual" */
const char *fix_risk_name(enum fix_risk r); /* "none" "low" "medium" "high" */

#endif
