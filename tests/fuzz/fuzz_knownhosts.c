/*
 * The output of ssh-keygen -F, plain files, and base64: every entry lies within the
 * input, and what decodes encodes to the same.
 */
#include <string.h>

#include "core/base64.h"
#include "core/knownhosts.h"
#include "fuzz.h"

static void
look(const struct known_entry *e, const uint8_t *data, size_t size)
{
	static uint8_t bin[8192];
	static char text[12000];
	long n;

	FUZZ_CHECK(fuzz_within(e->hosts, e->hosts_len, data, size) && e->hosts_len > 0);
	FUZZ_CHECK(fuzz_within(e->type, e->type_len, data, size) && e->type_len > 0);
	FUZZ_CHECK(fuzz_within(e->blob, e->blob_len, data, size) && e->blob_len > 0);
	FUZZ_CHECK(fuzz_within(e->comment, e->comment_len, data, size));
	FUZZ_CHECK(known_marker_name(e->marker)[0] != '\0');
	n = base64_decode(bin, sizeof(bin), e->blob, e->blob_len);
	if (n < 0)
		return;
	FUZZ_CHECK(base64_encode(text, sizeof(text), bin, (size_t)n) >= 0);
	/* The last digit of unpadded text may carry bits that count for nothing. */
	FUZZ_CHECK(e->blob_len < 4 || strncmp(text, e->blob, (size_t)n / 3 * 4) == 0);
}

/* What is found in a plain text has the name, no marker and no hash, in the order of the lines. */
static void
look_plain(const uint8_t *data, size_t size)
{
	struct known_entry found[KNOWN_PLAIN_FOUND];
	const char *text = (const char *)data;
	unsigned line = 0;
	int n;

	if (!known_plain(text, size))
		return;
	FUZZ_CHECK(size == 0 || memchr(text, '\0', size) == NULL);
	FUZZ_CHECK(known_plain_find(text, size, "h*", found) == -1);
	n = known_plain_find(text, size, "h.example", found);
	FUZZ_CHECK(n >= -1 && n <= KNOWN_PLAIN_FOUND);
	for (int i = 0; i < n; i++) {
		look(&found[i], data, size);
		FUZZ_CHECK(found[i].line > line && found[i].marker == KNOWN_NONE);
		FUZZ_CHECK(!found[i].hashed && found[i].hosts_len >= strlen("h.example"));
		line = found[i].line;
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct known_find f;
	struct known_entry e;

	if (known_parse(&e, (const char *)data, size))
		look(&e, data, size);
	known_find_init(&f, (const char *)data, size);
	while (known_find_next(&f, &e)) {
		FUZZ_CHECK(e.line > 0);
		look(&e, data, size);
	}
	look_plain(data, size);
	return 0;
}
