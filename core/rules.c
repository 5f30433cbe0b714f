/*
 * All rules as one list. The rows are in rules_transport.c and its three
 * siblings. Called by conclude.c, by readers and by tests. Pure data.
 */
#include "rule.h"

#include <string.h>

static const struct rule *const tables[LAYER__COUNT] = { rules_transport, rules_authentication,
	rules_session, rules_performance };

static size_t
table_rows(const struct rule *table)
{
	size_t n = 0;

	while (table[n].id != NULL)
		n++;
	return n;
}

size_t
rules_count(void)
{
	size_t n = 0;

	for (int l = 0; l < LAYER__COUNT; l++)
		n += table_rows(tables[l]);
	return n;
}

const struct rule *
rule_at(size_t i)
{
	for (int l = 0; l < LAYER__COUNT; l++) {
		size_t n = table_rows(tables[l]);

		if (i < n)
			return &tables[l][i];
		i -= n;
	}
	return NULL;
}

const struct rule *
rule_next(const struct rule *r)
{
	if (r == NULL)
		return tables[0];
	if (r[1].id != NULL)
		return r + 1;
	for (int l = 0; l + 1 < LAYER__COUNT; l++)
		if (r->layer == (enum layer)l)
			return tables[l + 1];
	return NULL;
}

const struct rule *
rule_by_id(const char *id)
{
	for (int l = 0; l < LAYER__COUNT; l++)
		for (const struct rule *r = tables[l]; r->id != NULL; r++)
			if (strcmp(r->id, id) == 0)
				return r;
	return NULL;
}
