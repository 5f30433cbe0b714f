/*
 * Walkthrough scripts: data files core/walk/NAME.walk, one a class of failure, that take a person
 * through a diagnosis one step at a time. This reads one into steps. Called by walker.c, by the
 * screen and by tests. Pure.
 *
 * A line is a keyword and its text; "#" begins a comment. Words in {braces} are slots of the diagnosis.
 *
 *   walk NAME             first of all
 *   title TEXT
 *   for ID ...            findings that this script is about
 *
 *   step NAME             the first one is where the script begins
 *   layer NAME
 *   title TEXT            a question in short
 *   cause                 the cause is known from here on: fixes are not locked any more
 *   finds TEXT            what the step finds out; again: goes on
 *   hand COMMAND          how one would find out by hand, on this machine; again: one more
 *   server COMMAND        the same on the server's console: what it prints is to be pasted
 *   look KIND ...         kinds of evidence to look at
 *   means WORDS : TEXT    what words of these lines mean; again: one more. WORDS that begin with "ssh says", "server's" or
 *                         "sshd notes", as lines that come from texts do, are explained only where such a line is
 *   terms TERM ...        of the glossary, "-" for a blank
 *   ask TEXT              the question; then its answers:
 *   answer TEXT
 *   when TERM ...         the evidence decides for this answer where all hold; again: or these.
 *                         FACT, finding|finding, verdict=finding|finding, layer=state; with "!" before it: not,
 *                         once the run has ended
 *   words TEXT            stand in the line that shows it; "|" parts one from another
 *   known TEXT            what is known with this answer
 *   next STEP | @SCRIPT   where it leads
 *
 *   end fix | handover | stop    instead of a question
 *   fixes ID ...          that fit, best first
 *   says TEXT             what to do; again: goes on
 *   whom TEXT             who has to do it, or is to be asked
 */
#ifndef SSHMEDIC_WALK_H
#define SSHMEDIC_WALK_H

#include <stdbool.h>
#include <stddef.h>

#include "diag.h"
#include "text.h"

enum {
	WALK_STEPS = 16,
	WALK_ANSWERS = 7,
	WALK_WHENS = 7,   /* alternatives of an answer */
	WALK_TERMS = 5,   /* terms of an alternative */
	WALK_LISTED = 10, /* words of a list, rows of a kind of line */
	WALK_FOR = 28,
	WALK_TEXT = 16 * 1024
};

/* What an alternative asks of a diagnosis: a fact, else one of several findings, else the state of a layer. */
struct walk_term {
	bool unless;         /* it must not hold */
	enum fact fact;      /* F_NONE: one of the others */
	const char *finding; /* ids, with "|" between them; NULL: a layer's state */
	bool verdict;        /* it must be the verdict */
	enum layer layer;
	enum layer_state state;
};

struct walk_answer {
	const char *text, *words, *known, *next;
	struct walk_term when[WALK_WHENS][WALK_TERMS];
	int terms[WALK_WHENS]; /* of each */
	int whens;
	int to; /* the step of next; -1: another script, next + 1 is its name */
};

enum walk_end { WALK_ASKS, WALK_FIX, WALK_HANDOVER, WALK_STOP };

struct walk_step {
	const char *name, *title, *finds, *ask, *says, *whom;
	enum layer layer; /* LAYER_NONE: of none alone */
	bool cause;
	enum walk_end end;
	const char *hand[WALK_LISTED], *server[WALK_LISTED];
	const char *means[WALK_LISTED]; /* the words, up to " : ", and what they mean */
	const char *terms[WALK_LISTED], *fixes[WALK_LISTED];
	enum ev_kind look[WALK_LISTED];
	int nhand, nserver, nmeans, nterms, nfixes, nlook;
	struct walk_answer answer[WALK_ANSWERS];
	int answers;
};

struct walk {
	const char *name, *title;
	const char *about[WALK_FOR]; /* ids of findings */
	int nabout;
	struct walk_step step[WALK_STEPS];
	int steps;
	char text[WALK_TEXT]; /* what all these point into */
	size_t used;
};

/*
 * Read a script of len bytes. Returns 0, or -1 with a sentence that names the line in err, and then w is
 * not to be used. That the ids exist, and that every way comes to an end, is for tests to check.
 */
int walk_parse(struct walk *w, const char *text, size_t len, char *err, size_t cap);

/* The scripts that are built in: their texts, in the order of their names. */
size_t walk_count(void);
const char *walk_text(size_t i);
/* Read the one of that name, or else the one about the finding of that id. False where there is none. */
bool walk_load(struct walk *w, const char *id);
/* "fix", "handover", "stop"; "" for a question. */
const char *walk_end_name(enum walk_end e);

#endif
