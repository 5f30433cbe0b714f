/* What the guard's script printed: any text, cut anywhere; what is sent back to a server is digits and letters a to f. */
#include <string.h>

#include "core/guard.h"
#include "fuzz.h"

static void
check_word(const char *s, size_t cap)
{
	FUZZ_CHECK(memchr(s, '\0', cap) != NULL);
	FUZZ_CHECK(s[strspn(s, "0123456789abcdef")] == '\0');
}

static void
check_text(const char *s, size_t cap)
{
	FUZZ_CHECK(memchr(s, '\0', cap) != NULL);
	FUZZ_CHECK(text_is_clean(s, strlen(s)));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct guard_said said;

	guard_read(&said, (const char *)data, size);
	FUZZ_CHECK((unsigned)said.state < GUARD__COUNT);
	check_word(said.id, sizeof said.id);
	check_word(said.token, sizeof said.token);
	check_text(said.fix, sizeof said.fix);
	check_text(said.reason, sizeof said.reason);
	check_text(said.why, sizeof said.why);
	check_text(said.folder, sizeof said.folder);
	check_text(said.remark, sizeof said.remark);
	check_text(said.out, sizeof said.out);
	return 0;
}
