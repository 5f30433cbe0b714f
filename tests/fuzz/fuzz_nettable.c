/*
 * The kernel's table of sockets, line by line.
 */
#include <string.h>

#include "core/nettable.h"
#include "fuzz.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = malloc(size + 1), *next = text, *line;
	static const unsigned char zero[16];
	struct nettable_row row;

	if (text == NULL)
		return 0;
	memcpy(text, data, size);
	text[size] = '\0';
	while ((line = strsep(&next, "\n")) != NULL) {
		if (!nettable_parse(line, &row))
			continue;
		FUZZ_CHECK(row.len == 4 || row.len == sizeof row.addr);
		FUZZ_CHECK(memcmp(row.addr + row.len, zero, sizeof row.addr - row.len) == 0);
		FUZZ_CHECK(row.state <= 0xff);
	}
	free(text);
	return 0;
}
