/*
 * A list of jump hosts: its names, put together again, are the list.
 */
#include <string.h>

#include "core/jumplist.h"
#include "fuzz.h"

enum { MAX = 8 };

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static char names[MAX][JUMPLIST_NAME];
	char *list = malloc(size + 1);
	const char *s = list;
	int n;

	if (list == NULL)
		return 0;
	memcpy(list, data, size);
	list[size] = '\0';
	n = jumplist_read(list, names, MAX);
	FUZZ_CHECK(n >= 0 && n <= MAX);
	for (int i = 0; i < n; i++) {
		size_t len = strlen(names[i]);

		FUZZ_CHECK(len > 0 && strchr(names[i], ',') == NULL);
		FUZZ_CHECK(strncmp(s, names[i], len) == 0 && (s[len] == ',' || s[len] == '\0'));
		s += len + (s[len] == ',');
	}
	FUZZ_CHECK(n == 0 || *s == '\0');
	free(list);
	return 0;
}
