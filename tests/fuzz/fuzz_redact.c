/*
 * Redaction: whatever the text, what it shows by its shape is learned and gone, no IPv4 address is left
 * but those that name nobody, and the text stays clean. The first line of the input is
 * learned as evidence, the rest is a text.
 */
#include <string.h>

#include "core/redact.h"
#include "core/redact_scan.h"
#include "fuzz.h"

static struct redact names;

static void
learn(const char *s, size_t len)
{
	static union {
		struct ev_line line;
		char room[sizeof(struct ev_line) + EV_LINE_MAX + 1];
	} u;
	static char shown[EV_LINE_MAX];

	if (len >= EV_LINE_MAX)
		return;
	u.line.n = 1;
	u.line.len = (uint32_t)len;
	memcpy(u.line.text, s, len);
	u.line.text[len] = '\0';
	redact_learn(&names, &u.line);
	FUZZ_CHECK(redact_line(&names, &u.line, shown, sizeof shown) < sizeof shown);
}

/* No address may be left that names a machine. */
static void
look(const char *s, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		struct redact_found f = redact_look(s, len, i);

		FUZZ_CHECK(f.token == TOKEN_NONE || (f.len > 0 && f.len <= len - i));
		/* Behind a pseudonym "::7" is an address, where behind a word it was none. */
		if (f.token == TOKEN_ADDR && memchr(s + i, ':', f.len) == NULL)
			FUZZ_CHECK(redact_is_common(f.addr));
		i += f.token != TOKEN_NONE ? f.len - 1 : 0;
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static char text[1 << 14], once[1 << 18];
	const uint8_t *end = size > 0 ? memchr(data, '\n', size) : NULL;
	size_t line = end != NULL ? (size_t)(end - data) : 0, at = end != NULL ? line + 1 : 0;
	struct strbuf sb;

	redact_init(&names);
	learn((const char *)data, line);
	text_clean(text, sizeof text, (const char *)data + at, size - at);
	sb_init(&sb, once, sizeof once);
	redact_text(&names, text, &sb);
	FUZZ_CHECK(strlen(once) == sb.len && text_is_clean(once, sb.len));
	look(once, sb.len);
	return 0;
}
