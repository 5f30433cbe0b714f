/*
 * A drill: a practice whose verdict is hidden until the user has named
 * theirs. What may be answered, what is shown meanwhile, and how the answer was. Held by the
 * app, drawn by dialog_drill.c. Pure.
 */
#ifndef SSHMEDIC_TUI_DRILL_H
#define SSHMEDIC_TUI_DRILL_H

#include <stdbool.h>
#include <stdint.h>

#include "../core/catalogue.h"
#include "../core/diag.h"

enum { DRILL_CHOICES = 128, DRILL_LOOKED = 256 };

enum drill_result { DRILL_RIGHT, DRILL_CLASS, DRILL_LAYER, DRILL_WRONG };

struct drill {
	bool on;          /* the verdict is hidden */
	enum layer layer; /* that the user chose; LAYER_NONE: nothing fails */
	const char
	    *plausible[DRILL_CHOICES]; /* what practices make, in any order; NULL-terminated */
	const struct catalogue_row
	    *choice[DRILL_CHOICES]; /* of that layer, in the catalogue's order */
	int n;
	const struct catalogue_row *answer;
	enum drill_result result;
	uint32_t looked[DRILL_LOOKED]; /* numbers of the evidence that the user went to */
	int nlooked;
	struct diag masked;
};

/* The diagnosis without what a drill hides: verdict, findings, fixes. Lives until the next call. */
const struct diag *drill_mask(struct drill *dr, const struct diag *d);
/* Make the list of what may be the verdict in the chosen layer; what it is is always in it. */
void drill_choose(struct drill *dr, const struct diag *d, enum layer layer);
/* Judge an answer by the diagnosis, and hide no more. */
void drill_answer(struct drill *dr, const struct diag *d, const struct catalogue_row *answer);
/* Remember that the user went to a line of evidence, and whether that was so. */
void drill_look(struct drill *dr, uint32_t n);
bool drill_looked(const struct drill *dr, uint32_t n);
/* The id of the verdict; "healthy" of a login that works, "" where there is none. */
const char *drill_verdict(const struct diag *d);

#endif
