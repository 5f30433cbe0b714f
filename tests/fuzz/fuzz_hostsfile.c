/*
 * A file of hosts: the address that a line gives a name is that line's first word.
 */
#include <string.h>

#include "core/hostsfile.h"
#include "fuzz.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data, *end = text + size;
	char addr[64];

	while (text < end) {
		const char *eol = memchr(text, '\n', (size_t)(end - text));
		size_t len = (size_t)((eol != NULL ? eol : end) - text), blank = 0;

		if (hostsfile_line(text, len, "web1.example", addr, sizeof addr)) {
			while (strchr(" \t\r", text[blank]) != NULL && text[blank] != '\0')
				blank++;
			FUZZ_CHECK(addr[0] != '\0' && strlen(addr) < sizeof addr);
			FUZZ_CHECK(blank + strlen(addr) < len);
			FUZZ_CHECK(memcmp(text + blank, addr, strlen(addr)) == 0);
			FUZZ_CHECK(strpbrk(addr, " \t\r\n#") == NULL);
		}
		text += len + (eol != NULL);
	}
	return 0;
}
