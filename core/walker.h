/*
 * A walkthrough on its way: at which step of which script, by which answers it came there, and what
 * the evidence answers. It goes on because of evidence or of an answer, never of time. Called by the
 * screen and by tests. Pure.
 */
#ifndef SSHMEDIC_WALKER_H
#define SSHMEDIC_WALKER_H

#include "walk.h"

enum { WALKER_TRAIL = 40, WALKER_NAME = 24, WALKER_KNOWN = 160 };

/* A step that lies behind. */
struct walker_passed {
	char walk[WALKER_NAME];
	int step, answer;         /* answer -1: it was skipped */
	bool by_evidence;         /* else it is the user's own word */
	enum layer layer;         /* of the step */
	char known[WALKER_KNOWN]; /* what is known by it, with {slots}; "" */
};

struct walker {
	struct walk walk;
	int at; /* the step, in walk.step */
	struct walker_passed trail[WALKER_TRAIL];
	int passed;
	bool unlocked; /* the cause was reached: fixes may be applied */
};

/* Begin a script, by its name or by the id of a finding that it is about. False where there is none. */
bool walker_begin(struct walker *r, const char *id);
const struct walk_step *walker_step(const struct walker *r);
/* The answer that the evidence decides for, -1 for none yet. */
int walk_decided(const struct diag *d, const struct walk_step *s);
/*
 * Answer the step and go on; -1: skip it, by the way of its last answer, which is where a script has
 * "I do not know". by_evidence: the evidence decided it. False at an end, or where there is no such answer.
 */
bool walker_answer(struct walker *r, int answer, bool by_evidence);
/* Go back to the step before. False at the first. */
bool walker_back(struct walker *r);
/*
 * Of commands of a step, those whose values are all known: of a pasted text many a thing is not. Writes them to out,
 * which has room for n. Returns how many.
 */
int walk_commands(const struct diag *d, const char *const list[], int n, const char *out[]);
/* Whether the step names a fix, by its id. */
bool walk_has_fix(const struct walk_step *s, const char *id);
/* Whether a line of evidence of this kind is one to look at in the step. */
bool walk_looks_at(const struct walk_step *s, enum ev_kind k);
/* Whether a line of evidence, in words, has what shows this answer. Small and capital letters are the same. */
bool walk_shows(const struct walk_answer *a, const char *words);

#endif
