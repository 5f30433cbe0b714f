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
hidden_in_text(void **state)
{
	char text[] = "key SHA256:W3CWv9isoNsEJCLcxXpHtAeqDy5C8TXYG2K0mT+9IQY, or "
		      "W3CWv9isoNsEJCLcxXpHtAeqDy5C8TXYG2K0mT+9IQY";
	char other[] = "SHA256:X3CWv9isoNsEJCLcxXpHtAeqDy5C8TXYG2K0mT+9IQY";

	(void)state;
	fpmask_hide_in(
	    text, strlen(text) - 1, whole); /* the last one is not whole within this length */
	assert_string_equal(text, "key SHA256:W3CWv9isoNsEJCLcxXpHtAeqDy5C8TXYG2K????????, or "
				  "W3CWv9isoNsEJCLcxXpHtAeqDy5C8TXYG2K0mT+9IQY");
	fpmask_hide_in(text, strlen(text), whole);
	assert_null(strstr(text, "0mT+9IQY"));
	fpmask_hide_in(other, strlen(other), whole);
	assert_string_equal(other, "SHA256:X3CWv9isoNsEJCLcxXpHtAeqDy5C8TXYG2K0mT+9IQY");
	fpmask_hide_in(other, strlen(other), ""); /* none is known */
	assert_string_equal(other, "SHA256:X3CWv9isoNsEJCLcxXpHtAeqDy5C8TXYG2K0mT+9IQY");
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
	const struct CMUnitTest tests[] = { cmocka_unit_test(hidden),
		cmocka_unit_test(hidden_in_text), cmocka_unit_test(confirmed) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
