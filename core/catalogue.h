/*
 * The catalogue: one row for every finding id, whether a rule finds it yet or
 * not. It is the one place for what an id means, why it happens, how it shows and
 * what tells it from its look-alikes. Read by conclude.c (candidates), by the
 * reports, by --explain and by tests. Pure data.
 */
#ifndef SSHMEDIC_CATALOGUE_H
#define SSHMEDIC_CATALOGUE_H

#include <stddef.h>

#include "layer.h"
#include "text.h"

enum { CATALOGUE_MEMBERS = 16, CATALOGUE_FIXES = 4 };

/* Who can say for sure that this is the cause. */
enum decidable {
	DEC_CLIENT, /* this side: what the user's own ssh sees is enough */
	DEC_PROBE,  /* this side, by a look that ssh does not take or does not show */
	DEC_NARROW, /* this side comes near, the server names it */
	DEC_SERVER, /* the server only */
	DEC_SECOND, /* a second place to look from */
	DEC_OWNER   /* whoever runs the network, the host or the cloud */
};

struct catalogue_row {
	const char *id;
	enum decidable decidable;
	const char *means;   /* one line, a clause that goes on after "id: " */
	const char *cause;   /* what is wrong, and how it comes about */
	const char *shows;   /* what ssh prints, and what this program sees */
	const char *decides; /* the evidence that makes it proven, and against which look-alikes */
	const char *members
	    [CATALOGUE_MEMBERS]; /* of a class: the causes that look alike, likeliest first */
	const char *fixes[CATALOGUE_FIXES]; /* fix ids, best first, where no rule names any */
	const char
	    *only; /* why no rule finds it, and it is only ever named as a candidate; else NULL */
	const char *source; /* where this is known from */
};

/* All rows, in the order of the layers; within a layer by topic. NULL past the end. */
size_t catalogue_count(void);
const struct catalogue_row *catalogue_at(size_t i);
/* NULL where the id is unknown. */
const struct catalogue_row *catalogue_by_id(const char *id);
/* Append "did you mean A, B or C" for the ids that are nearest to a mistyped one. Returns how many. */
int catalogue_near(const char *id, struct strbuf *sb);
/* The layer in which the id stands; LAYER_NONE for one that belongs to no single layer. */
enum layer catalogue_layer(const struct catalogue_row *row);
/* Whether it is a class: the honest verdict where its causes look the same. */
int catalogue_is_class(const struct catalogue_row *row);
/* "C", "C+", "C>S", "S", "V", "X"; and in words. */
const char *decidable_code(enum decidable d);
const char *decidable_words(enum decidable d);

/* The tables, one a layer and one for what may strike in any, each ending with id NULL. */
extern const struct catalogue_row catalogue_transport[], catalogue_authentication[],
    catalogue_session[], catalogue_performance[], catalogue_any[];

#endif
