/* The rows of told.def. See told.h. */
#include "told.h"

#include <string.h>

#include "diag.h"

#define SLOT_NONE (-1)

static const struct told_info rows[TOLD__COUNT] = {
	[TOLD_NONE] = { "", "nothing", SCOPE_SERVER, F_NONE, -1, -1, -1 },
#define TOLD(id, name, scope, fact, text, path, line, help) \
	[TOLD_## \
	    id] = { name, help, SCOPE_##scope, F_##fact, SLOT_##text, SLOT_##path, SLOT_##line },
#include "told.def"
#undef TOLD
};

const struct told_info *
told_info(enum told t)
{
	return &rows[(unsigned)t < TOLD__COUNT ? t : TOLD_NONE];
}

enum told
told_by_name(const char *name, size_t len)
{
	for (int t = TOLD_NONE + 1; t < TOLD__COUNT; t++)
		if (strlen(rows[t].name) == len && memcmp(rows[t].name, name, len) == 0)
			return (enum told)t;
	return TOLD_NONE;
}
