/*
 * The roster: what is known of each of several targets in a row, their order
 * in a table, and what they have in common in a sentence. The table of the
 * screen and the one that text ends with are both made from it. Pure.
 */
#ifndef SSHMEDIC_ROSTER_H
#define SSHMEDIC_ROSTER_H

#include <stdio.h>

#include "diag.h"
#include "redact.h"

enum { ROSTER_NET = 56, ROSTER_WORDS = 512 };

/* How a target stands, worst first. */
enum standing {
	STANDING_FAIL,
	STANDING_UNKNOWN, /* undecided, or needs a human */
	STANDING_RUN,
	STANDING_WAIT,
	STANDING_WARN, /* works, with a warning */
	STANDING_WELL,
	STANDING__COUNT
};

struct roster_row {
	const char *input; /* as given; the caller's, as long as the roster */
	enum standing standing;
	enum layer_state layer[LAYER__COUNT];
	const char *finding; /* id of the verdict; NULL while there is none */
	enum certainty certainty;
	char net
	    [ROSTER_NET]; /* the /24 that all of its addresses are in; "" where it has none, or several */
};

struct roster {
	struct roster_row *row; /* by target, in the order given */
	size_t n;
};

/* n rows that wait; NULL out of memory. */
struct roster *roster_new(size_t n);
void roster_free(struct roster *r);
/* What a diagnosis says of target i. */
void roster_set(struct roster *r, size_t i, const struct diag *d);
/* Fill order[r->n] with the targets' numbers: worst first, those alike as given; or all as given. */
void roster_order(const struct roster *r, bool worst_first, size_t *order);
/*
 * How many work and how many fail, of what, and in which network where all that fail alike are in one:
 * "12 of 40 fail: 11 tcp-timeout, all in 10.1.2.0/24; 1 tcp-refused". Appends to sb.
 */
void roster_summary(const struct roster *r, struct strbuf *sb);
/* The whole as a table of text, worst first, the summary last; networks are hidden in it by names, where not NULL. */
void roster_print(const struct roster *r, const struct redact *names, FILE *out);

#endif
