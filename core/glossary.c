/* The glossary. See glossary.h. */
#include "glossary.h"

#include <string.h>

#include "text.h"

extern const char glossary_text[]; /* made of core/walk/glossary.txt by the Makefile */

static void
copy(char *dst, size_t cap, const char *src, size_t len)
{
	struct strbuf sb;

	sb_init(&sb, dst, cap);
	sb_add(&sb, src, len);
}

bool
glossary_at(size_t i, struct glossary_row *row)
{
	for (const char *at = glossary_text, *nl; (nl = strchr(at, '\n')) != NULL; at = nl + 1) {
		const char *sep = strstr(at, " : ");

		if (*at == '#' || sep == NULL || sep > nl || i-- > 0)
			continue;
		copy(row->term, sizeof row->term, at, (size_t)(sep - at));
		copy(row->text, sizeof row->text, sep + 3, (size_t)(nl - sep) - 3);
		return true;
	}
	return false;
}

bool
glossary_find(const char *term, struct glossary_row *row)
{
	for (size_t i = 0; glossary_at(i, row); i++)
		if (strcmp(row->term, term) == 0)
			return true;
	return false;
}
