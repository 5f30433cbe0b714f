/*
 * A configuration file, read for its Host blocks.
 */
#include <stdlib.h>
#include <string.h>

#include "core/hostblock.h"
#include "fuzz.h"

static void
look(void *arg, const struct hostblock *b)
{
	(void)arg;
	FUZZ_CHECK(b->line > 0 && b->port >= 0 && b->port <= 99999);
	FUZZ_CHECK(strlen(b->alias) < sizeof b->alias && strlen(b->hostname) < sizeof b->hostname);
	FUZZ_CHECK(strpbrk(b->alias, "*?!") == NULL);
	hostblock_meant(b, "web.example.com", "192.0.2.7");
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = malloc(size + 1), *next = text, *line, *words, *w;
	struct hostblock_reader r;
	int number = 0;

	if (text == NULL)
		return 0;
	memcpy(text, data, size);
	text[size] = '\0';
	hostblock_begin(&r, "web", look, NULL);
	while ((line = strsep(&next, "\n")) != NULL) {
		if ((words = hostblock_line(&r, ++number, line)) == NULL)
			continue;
		while ((w = hostblock_word(&words)) != NULL)
			FUZZ_CHECK(fuzz_within(w, strlen(w) + 1, text, size + 1));
	}
	hostblock_end(&r);
	free(text);
	return 0;
}
