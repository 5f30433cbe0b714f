/* The drill of drill.h. */
#include "drill.h"

#include <string.h>

#include "../core/rule.h"

const struct diag *
drill_mask(struct drill *dr, const struct diag *d)
{
	dr->masked = *d;
	dr->masked.nfindings = dr->masked.nfixes = dr->masked.ncandidates = 0;
	memset(&dr->masked.verdict, 0, sizeof dr->masked.verdict);
	return &dr->masked;
}

const char *
drill_verdict(const struct diag *d)
{
	if (d->verdict.healthy)
		return "healthy";
	return d->verdict.rule != NULL ? d->verdict.rule->id : "";
}

/* Whether a finding may be the verdict in a layer; some belong to no single one. */
static bool
fits(
    const struct drill *dr, const struct diag *d, const struct catalogue_row *row, enum layer layer)
{
	const char *verdict = drill_verdict(d);

	if (strcmp(row->id, "healthy") == 0)
		return false;
	if (strcmp(row->id, verdict) == 0 && d->verdict.rule != NULL)
		return d->verdict.rule->layer == layer || catalogue_layer(row) == layer;
	/* What belongs to no single layer shows in a login or a session. */
	if (catalogue_layer(row) != layer &&
	    (catalogue_layer(row) != LAYER_NONE ||
		(layer != LAYER_AUTHENTICATION && layer != LAYER_SESSION)))
		return false;
	for (int i = 0; i < DRILL_CHOICES && dr->plausible[i] != NULL; i++)
		if (strcmp(dr->plausible[i], row->id) == 0)
			return true;
	return false;
}

void
drill_choose(struct drill *dr, const struct diag *d, enum layer layer)
{
	dr->layer = layer;
	dr->n = 0;
	for (size_t i = 0; i < catalogue_count() && dr->n < DRILL_CHOICES; i++)
		if (fits(dr, d, catalogue_at(i), layer))
			dr->choice[dr->n++] = catalogue_at(i);
}

/* Whether one of the two is a class that the other is a cause of. */
static bool
is_cause(const struct catalogue_row *of, const char *id)
{
	for (int i = 0; of != NULL && i < CATALOGUE_MEMBERS && of->members[i] != NULL; i++)
		if (strcmp(of->members[i], id) == 0)
			return true;
	return false;
}

void
drill_answer(struct drill *dr, const struct diag *d, const struct catalogue_row *answer)
{
	const char *verdict = drill_verdict(d);

	dr->answer = answer;
	dr->on = false;
	if (strcmp(answer->id, verdict) == 0)
		dr->result = DRILL_RIGHT;
	else if (is_cause(answer, verdict) || is_cause(catalogue_by_id(verdict), answer->id))
		dr->result = DRILL_CLASS;
	else if (!d->verdict.healthy && d->verdict.rule != NULL &&
		 d->verdict.rule->layer == dr->layer)
		dr->result = DRILL_LAYER;
	else
		dr->result = DRILL_WRONG;
}

void
drill_look(struct drill *dr, uint32_t n)
{
	if (dr->on && !drill_looked(dr, n) && dr->nlooked < DRILL_LOOKED)
		dr->looked[dr->nlooked++] = n;
}

bool
drill_looked(const struct drill *dr, uint32_t n)
{
	for (int i = 0; i < dr->nlooked; i++)
		if (dr->looked[i] == n)
			return true;
	return false;
}
