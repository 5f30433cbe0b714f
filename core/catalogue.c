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
