/*
 * A forwarding of ssh -G: what is taken has a port or a path, and stands in the words.
 */
#include <string.h>

#include "core/forwarding.h"
#include "fuzz.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *words = malloc(size + 1);
	struct forwarding f;

	if (words == NULL)
		return 0;
	memcpy(words, data, size);
	words[size] = '\0';
	if (forwarding_parse(words, &f)) {
		FUZZ_CHECK(strlen(f.host) < sizeof f.host && strlen(f.path) < sizeof f.path);
		FUZZ_CHECK((f.port >= 1 && f.port <= 65535) != (f.path[0] == '/'));
		FUZZ_CHECK(f.path[0] == '\0' || f.host[0] == '\0');
		FUZZ_CHECK(strpbrk(f.host, " ]") == NULL && strchr(f.path, ' ') == NULL);
		FUZZ_CHECK(strstr(words, f.host) != NULL && strstr(words, f.path) != NULL);
	}
	free(words);
	return 0;
}
