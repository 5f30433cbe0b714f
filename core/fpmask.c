/* Fingerprints with their end hidden. See fpmask.h. */
#include "fpmask.h"

#include <stddef.h>
#include <string.h>

static const char mask[] = "????????";

_Static_assert(sizeof mask - 1 == FPMASK_TAIL, "a mark for each character that is hidden");

void
fpmask_hide(char *fp)
{
	size_t len = strlen(fp);

	if (len > FPMASK_TAIL)
		memcpy(fp + len - FPMASK_TAIL, mask, FPMASK_TAIL);
}

void
fpmask_hide_in(char *text, size_t len, const char *fp)
{
	const char *print = strchr(fp, ':');
	size_t n = strlen(print = print != NULL ? print + 1 : fp);
	char *end = text + len, *at;

	if (n <= FPMASK_TAIL)
		return;
	while ((at = memmem(text, (size_t)(end - text), print, n)) != NULL) {
		text = at + n;
		memcpy(text - FPMASK_TAIL, mask, FPMASK_TAIL);
	}
}

bool
fpmask_hidden(const char *fp)
{
	size_t len = strlen(fp);

	return len > FPMASK_TAIL && strcmp(fp + len - FPMASK_TAIL, mask) == 0;
}

static bool
same(const char *a, size_t alen, const char *b)
{
	size_t blen = strlen(b), n = blen;

	if (alen != blen || blen <= FPMASK_TAIL)
		return alen == blen && memcmp(a, b, blen) == 0;
	if (memcmp(a + alen - FPMASK_TAIL, mask, FPMASK_TAIL) == 0 || fpmask_hidden(b))
		n -= FPMASK_TAIL;
	return memcmp(a, b, n) == 0;
}

bool
fpmask_same(const char *a, const char *b)
{
	return same(a, strlen(a), b);
}

bool
fpmask_list_has(const char *list, const char *fp)
{
	for (;;) {
		size_t len = strcspn(list, ",");

		if (same(list, len, fp))
			return true;
		if (list[len] == '\0')
			return false;
		list += len + 1;
	}
}

bool
fpmask_confirms(const char *fp, const char *typed)
{
	size_t len = strlen(fp), n;

	typed += strspn(typed, " \t");
	n = strcspn(typed, " \t");
	if (n != FPMASK_TAIL || typed[n + strspn(typed + n, " \t")] != '\0' || len <= FPMASK_TAIL)
		return false;
	return memcmp(fp + len - FPMASK_TAIL, typed, FPMASK_TAIL) == 0;
}
