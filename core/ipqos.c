/* Marks of IPQoS; see ipqos.h. */
#include "ipqos.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* ipqos[] of OpenSSH's misc.c; RFC 2474, RFC 2597, RFC 3246, RFC 8622, and the older RFC 1349. */
static const struct {
	const char *name;
	int byte;
} marks[] = {
	{ "af11", 0x28 },
	{ "af12", 0x30 },
	{ "af13", 0x38 },
	{ "af21", 0x48 },
	{ "af22", 0x50 },
	{ "af23", 0x58 },
	{ "af31", 0x68 },
	{ "af32", 0x70 },
	{ "af33", 0x78 },
	{ "af41", 0x88 },
	{ "af42", 0x90 },
	{ "af43", 0x98 },
	{ "cs0", 0x00 },
	{ "cs1", 0x20 },
	{ "cs2", 0x40 },
	{ "cs3", 0x60 },
	{ "cs4", 0x80 },
	{ "cs5", 0xa0 },
	{ "cs6", 0xc0 },
	{ "cs7", 0xe0 },
	{ "ef", 0xb8 },
	{ "le", 0x04 },
	{ "va", 0xb0 },
	{ "lowdelay", 0x10 },
	{ "throughput", 0x08 },
	{ "reliability", 0x04 },
};

static int
byte_of(const char *word)
{
	char *end;
	long n = strtol(word, &end, 0);

	for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
		if (strcasecmp(marks[i].name, word) == 0)
			return marks[i].byte;
	return end != word && *end == '\0' && n >= 0 && n <= 255 ? (int)n : -1;
}

int
ipqos_mark(const char *setting, bool interactive, char *name, size_t cap)
{
	size_t first = strcspn(setting, " "), skip = first + strspn(setting + first, " "), len;

	/* One word stands for both. */
	if (!interactive && setting[skip] != '\0')
		setting += skip;
	len = strcspn(setting, " ");
	if (len == 0 || len >= cap)
		return -1;
	memcpy(name, setting, len);
	name[len] = '\0';
	return byte_of(name);
}
