/* Lists of jump hosts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "core/jumplist.h"

enum { MAX = 3 };

static void
names_come_in_their_order(void **state)
{
	char names[MAX][JUMPLIST_NAME];

	(void)state;
	assert_int_equal(jumplist_read("a", names, MAX), 1);
	assert_string_equal(names[0], "a");
	assert_int_equal(jumplist_read("a,bob@b:2222,ssh://c", names, MAX), 3);
	assert_string_equal(names[0], "a");
	assert_string_equal(names[1], "bob@b:2222");
	assert_string_equal(names[2], "ssh://c");
}

static void
what_is_no_list_has_no_names(void **state)
{
	static const char *const lists[] = { "", ",", ",a", "a,,b", "a,b,c,d" };
	char names[MAX][JUMPLIST_NAME];

	(void)state;
	for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
		assert_int_equal(jumplist_read(lists[i], names, MAX), 0);
}

static void
a_name_fits_or_is_none(void **state)
{
	char names[MAX][JUMPLIST_NAME], list[JUMPLIST_NAME + 1];

	(void)state;
	memset(list, 'x', sizeof list);
	list[JUMPLIST_NAME] = '\0';
	assert_int_equal(jumplist_read(list, names, MAX), 0);
	assert_int_equal(jumplist_read(list + 1, names, MAX), 1);
	assert_int_equal(strlen(names[0]), JUMPLIST_NAME - 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_come_in_their_order),
		cmocka_unit_test(what_is_no_list_has_no_names),
		cmocka_unit_test(a_name_fits_or_is_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
