/* Fingerprints with their end hidden. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "core/fpmask.h"

static const char whole[] = "SHA256:W3CWv9isoNsEJCLcxXpHtAeqDy5C8TXYG2K0mT+9IQY";

static void
hidden(void **state)
{
	char fp[sizeof whole];

	(void)state;
	memcpy(fp, whole, sizeof whole);
	assert_false(fpmask_hidden(fp));
	fpmask_hide(fp);
	assert_string_equal(fp, "SHA256:W3CWv9isoNsEJCLcxXpHtAeqDy5C8TXYG2K????????");
	assert_true(fpmask_hidden(fp));
	assert_true(fpmask_same(fp, whole));
	assert_true(fpmask_same(whole, fp));
	assert_false(fpmask_same(fp, "SHA256:X3CWv9isoNsEJCLcxXpHtAeqDy5C8TXYG2K0mT+9IQY"));
	assert_false(fpmask_same(whole, "SHA256:W3CWv9isoNsEJCLcxXpHtAeqDy5C8TXYG2K0mT+9IQZ"));
	assert_false(fpmask_same(fp, "SHA256:W3CW"));
	assert_true(
	    fpmask_list_has("SHA256:aaaa,SHA256:W3CWv9isoNsEJCLcxXpHtAeqDy5C8TXYG2K0mT+9IQY", fp));
	assert_false(fpmask_list_has("SHA256:aaaa,,", fp));
	assert_false(fpmask_list_has("", fp));
}

static void
confirmed(void **state)
{
	(void)state;
	assert_true(fpmask_confirms(whole, "mT+9IQY") == false); /* one too few */
	assert_true(fpmask_confirms(whole, "0mT+9IQY"));
	assert_true(fpmask_confirms(whole, "  0mT+9IQY "));
	assert_false(fpmask_confirms(whole, "0mt+9iqy"));
	assert_false(fpmask_confirms(whole, "????????"));
	assert_false(fpmask_confirms(whole, ""));
	assert_false(fpmask_confirms(whole, "K0mT+9IQY"));
	assert_false(fpmask_confirms(whole, "0mT+9IQY x"));
	assert_false(fpmask_confirms("", "        "));
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(hidden), cmocka_unit_test(confirmed) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
