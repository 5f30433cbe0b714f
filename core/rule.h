/*
 * Rules: rows that turn facts into findings. A new finding is a row here, a row in
 * the catalogue (catalogue.h), and a recorded case. Pure data; conclude.c reads it.
 */
#ifndef SSHMEDIC_RULE_H
#define SSHMEDIC_RULE_H

#include <stdbool.h>
#include <stddef.h>

#include "diag.h"

enum { RULE_FACTS = 12, RULE_FIXES = 5, RULE_CANDIDATES = 12, RULE_SUPERSEDES = 8 };

struct rule {
	const char *id; /* as in the catalogue; several rows may share one id */
	enum layer layer;
	enum severity severity;
	enum certainty certainty;
	enum fact all[RULE_FACTS];  /* each of these holds */
	enum fact any[RULE_FACTS];  /* at least one, if any is named */
	enum fact none[RULE_FACTS]; /* none of these */
	const char *summary;        /* one sentence with {slots} */
	const char *why;    /* why the evidence means this; for proven: why nothing else can be */
	const char *decide; /* what would decide among the candidates; NULL for none */
	const char *candidates[RULE_CANDIDATES]; /* ids, likeliest first */
	const char *supersedes[RULE_SUPERSEDES]; /* ids that are not shown beside this one */
	const char *fixes[RULE_FIXES];           /* fix ids, best first */
	bool last; /* only where nothing else explains a failure or an unknown */
};

/* All rows, transport first; within a layer the row that explains most stands first. Ends with id NULL. */
size_t rules_count(void);
const struct rule *rule_at(size_t i);
/* The row behind one; the first for NULL; NULL behind the last. To go through all. */
const struct rule *rule_next(const struct rule *r);
/* First row with that id, or NULL. */
const struct rule *rule_by_id(const char *id);

/* The tables, one per layer, each ending with id NULL. */
extern const struct rule rules_transport[], rules_authentication[], rules_session[],
    rules_performance[];

#endif
