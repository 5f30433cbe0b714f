/* How many children of ssh begin at once. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "core/places.h"

static void
one_more_than_processors(void **state)
{
	struct places p;
	int first;

	(void)state;
	places_init(&p, 2);
	first = places_take(&p, 1000);
	assert_true(first >= 0);
	assert_true(places_take(&p, 2000) >= 0);
	assert_true(places_take(&p, 2500) >= 0);
	assert_int_equal(places_take(&p, 3000), -1);
	places_give(&p, first);
	assert_true(places_take(&p, 3000) >= 0);
	assert_int_equal(places_take(&p, 3000), -1);
}

static void
one_that_waits_makes_room(void **state)
{
	struct places p;

	(void)state;
	places_init(&p, 1);
	assert_true(places_take(&p, 1000) >= 0);
	assert_true(places_take(&p, 1500) >= 0);
	assert_int_equal(places_wait_us(&p, 41000), 60000);
	assert_int_equal(places_take(&p, 1000 + PLACES_YOUNG_US - 1), -1);
	assert_true(places_take(&p, 1000 + PLACES_YOUNG_US) >= 0);
}

static void
never_more_than_all(void **state)
{
	struct places p;
	uint64_t now = 1;

	(void)state;
	places_init(&p, 1);
	for (int i = 0; i < PLACES_MAX; i++, now += PLACES_YOUNG_US)
		assert_int_equal(places_take(&p, now), i);
	assert_int_equal(places_wait_us(&p, now), UINT64_MAX);
	assert_int_equal(places_take(&p, now), -1);
	places_give(&p, 3);
	assert_int_equal(places_take(&p, now), 3);
}

static void
a_machine_of_many_processors_takes_all_at_once(void **state)
{
	struct places p;

	(void)state;
	places_init(&p, 64);
	for (int i = 0; i < PLACES_MAX; i++)
		assert_true(places_take(&p, 1) >= 0);
	places_init(&p, 0);
	assert_true(places_take(&p, 1) >= 0);
	assert_true(places_take(&p, 1) >= 0);
	assert_int_equal(places_take(&p, 1), -1);
	places_give(&p, -1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_more_than_processors),
		cmocka_unit_test(one_that_waits_makes_room),
		cmocka_unit_test(never_more_than_all),
		cmocka_unit_test(a_machine_of_many_processors_takes_all_at_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
