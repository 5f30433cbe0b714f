/*
 * The sanitiser: its output holds no control character, is valid UTF-8, and
 * does not change when it is cleaned again, whatever the room.
 * The first byte of the input sets the room.
 */
#include <string.h>

#include "core/text.h"
#include "fuzz.h"

static void
look(const char *s, size_t len)
{
	size_t i, n;
	uint32_t cp;

	FUZZ_CHECK(text_is_clean(s, len));
	for (i = 0; i < len; i += n) {
		n = text_utf8(s + i, len - i, &cp);
		FUZZ_CHECK(n > 0 && cp >= 0x20 && cp != 0x7f && (cp < 0x80 || cp > 0x9f));
		FUZZ_CHECK(cp != 0x202e && cp != 0x200b && cp != 0xfeff);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static char once[1 << 16], twice[1 << 16], quoted[1 << 18];
	struct strbuf sb;
	size_t cap, n, m;

	if (size < 1)
		return 0;
	cap = data[0] < 128 ? sizeof(once) : (size_t)data[0] - 127;
	n = text_clean(once, cap, (const char *)data + 1, size - 1);
	FUZZ_CHECK(n < cap && strlen(once) == n);
	look(once, n);
	m = text_clean(twice, sizeof(twice), once, n);
	FUZZ_CHECK(m == n && memcmp(once, twice, n) == 0);
	if (text_is_clean((const char *)data + 1, size - 1) && cap > size)
		FUZZ_CHECK(n == size - 1 && memcmp(once, data + 1, n) == 0);

	sb_init(&sb, quoted, cap < sizeof(once) ? cap : sizeof(quoted));
	sb_printf(&sb, "%s|", once);
	sb_add(&sb, once, n);
	look(sb.s, sb.len);
	text_shell_quote(&sb, once);
	FUZZ_CHECK(sb.len < sb.cap && strlen(sb.s) == sb.len);
	text_copy(twice, cap, once);
	text_list_has(once, "x");
	return 0;
}
