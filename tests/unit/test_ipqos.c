/* The marks of IPQoS. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "core/ipqos.h"

static void
terminals_and_others_have_marks_of_their_own(void **state)
{
	static const struct {
		const char *setting;
		int interactive, bulk;
	} rows[] = {
		{ "af21 cs1", 0x48, 0x20 },
		{ "lowdelay throughput", 0x10, 0x08 },
		{ "ef", 0xb8, 0xb8 },
		{ "af21 none", 0x48, -1 },
		{ "none cs1", -1, 0x20 },
		{ "none", -1, -1 },
		{ "0x10 8", 0x10, 0x08 },
		{ "", -1, -1 },
		{ "what 256", -1, -1 },
		{ "0123456789abcdefg", -1, -1 },
	};
	char name[16];

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		assert_int_equal(
		    ipqos_mark(rows[i].setting, true, name, sizeof name), rows[i].interactive);
		assert_int_equal(
		    ipqos_mark(rows[i].setting, false, name, sizeof name), rows[i].bulk);
	}
}

static void
a_mark_has_its_word(void **state)
{
	char name[16];

	(void)state;
	ipqos_mark("af21 cs1", true, name, sizeof name);
	assert_string_equal(name, "af21");
	ipqos_mark("af21 cs1", false, name, sizeof name);
	assert_string_equal(name, "cs1");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(terminals_and_others_have_marks_of_their_own),
		cmocka_unit_test(a_mark_has_its_word),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
