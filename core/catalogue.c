/*
 * The catalogue as one list. The rows are in catalogue_transport.c and its
 * siblings. Called by whoever needs the meaning of an id. Pure data.
 */
#include "catalogue.h"

#include <string.h>

static const struct catalogue_row *const tables[LAYER__COUNT + 1] = { catalogue_transport,
	catalogue_authentication, catalogue_session, catalogue_performance, catalogue_any };

static const struct {
	const char *code, *words;
} decidables[] = {
	[DEC_CLIENT] = { "C", "this side can tell, from what ssh itself sees" },
	[DEC_PROBE] = { "C+",
	    "this side can tell, by a look that ssh does not take or does not show" },
	[DEC_NARROW] = { "C>S", "this side comes near; the server names it" },
	[DEC_SERVER] = { "S", "only the server can tell" },
	[DEC_SECOND] = { "V", "it takes a second place to look from" },
	[DEC_OWNER] = { "X", "only whoever runs the network, the host or the cloud can tell" },
};

const struct catalogue_row *
catalogue_at(size_t i)
{
	for (int l = 0; l <= LAYER__COUNT; l++)
		for (const struct catalogue_row *row = tables[l]; row->id != NULL; row++)
			if (i-- == 0)
				return row;
	return NULL;
}

size_t
catalogue_count(void)
{
	size_t n = 0;

	for (int l = 0; l <= LAYER__COUNT; l++)
		for (const struct catalogue_row *row = tables[l]; row->id != NULL; row++)
			n++;
	return n;
}

const struct catalogue_row *
catalogue_by_id(const char *id)
{
	for (int l = 0; l <= LAYER__COUNT; l++)
		for (const struct catalogue_row *row = tables[l]; row->id != NULL; row++)
			if (strcmp(row->id, id) == 0)
				return row;
	return NULL;
}

enum { NEAR_MAX = 3, FAR = 63 };

/* How far a mistyped id is from a row's: whole words of the id that it holds bring it near. */
static size_t
distance(const char *id, const char *row)
{
	size_t d = text_distance(id, row);

	if (strlen(id) >= 4 && strstr(row, id) != NULL)
		return 1;
	return d <= strlen(id) / 3 + 1 ? d : FAR;
}

int
catalogue_near(const char *id, struct strbuf *sb)
{
	const struct catalogue_row *near[NEAR_MAX] = { NULL };
	int n = 0;

	for (size_t i = 0; i < catalogue_count(); i++) {
		const struct catalogue_row *row = catalogue_at(i);
		int at = n < NEAR_MAX ? n : NEAR_MAX;

		if (distance(id, row->id) == FAR)
			continue;
		while (at > 0 && distance(id, row->id) < distance(id, near[at - 1]->id))
			at--;
		for (int k = NEAR_MAX - 1; k > at; k--)
			near[k] = near[k - 1];
		if (at < NEAR_MAX)
			near[at] = row;
		n += n < NEAR_MAX;
	}
	for (int k = 0; k < n; k++)
		sb_printf(sb, "%s%s",
		    k == 0       ? "did you mean "
		    : k == n - 1 ? " or "
				 : ", ",
		    near[k]->id);
	return n;
}

enum layer
catalogue_layer(const struct catalogue_row *row)
{
	for (int l = 0; l < LAYER__COUNT; l++)
		for (const struct catalogue_row *r = tables[l]; r->id != NULL; r++)
			if (r == row)
				return (enum layer)l;
	return LAYER_NONE;
}

int
catalogue_is_class(const struct catalogue_row *row)
{
	return row->members[0] != NULL;
}

const char *
decidable_code(enum decidable d)
{
	return decidables[(unsigned)d < sizeof decidables / sizeof *decidables ? d : DEC_OWNER]
	    .code;
}

const char *
decidable_words(enum decidable d)
{
	return decidables[(unsigned)d < sizeof decidables / sizeof *decidables ? d : DEC_OWNER]
	    .words;
}
