/* When a probe may start. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "core/plan.h"

static const struct probe probe = {
	.name = "x",
	.needs = { F_CONFIG_OK, F_KNOWN_DONE },
	.needs_any = { F_TCP_OPEN, F_PROXY },
	.moot = { F_HOSTKEY_CHANGED },
};

static void
needs_all_and_one_of_any(void **state)
{
	struct factset s = { { 0 } };

	(void)state;
	assert_int_equal(plan_judge(&probe, &s), PLAN_WAIT);
	fact_add(&s, F_CONFIG_OK);
	fact_add(&s, F_TCP_OPEN);
	assert_int_equal(plan_judge(&probe, &s), PLAN_WAIT);
	fact_add(&s, F_KNOWN_DONE);
	assert_int_equal(plan_judge(&probe, &s), PLAN_READY);
}

static void
any_alone_is_not_enough_and_needed(void **state)
{
	struct factset s = { { 0 } };

	(void)state;
	fact_add(&s, F_CONFIG_OK);
	fact_add(&s, F_KNOWN_DONE);
	assert_int_equal(plan_judge(&probe, &s), PLAN_WAIT);
	fact_add(&s, F_PROXY);
	assert_int_equal(plan_judge(&probe, &s), PLAN_READY);
}

static void
moot_wins_over_ready(void **state)
{
	struct factset s = { { 0 } };

	(void)state;
	fact_add(&s, F_HOSTKEY_CHANGED);
	assert_int_equal(plan_judge(&probe, &s), PLAN_MOOT);
	fact_add(&s, F_CONFIG_OK);
	fact_add(&s, F_KNOWN_DONE);
	fact_add(&s, F_PROXY);
	assert_int_equal(plan_judge(&probe, &s), PLAN_MOOT);
}

static void
ranks_follow_the_way_of_a_login(void **state)
{
	static const char *const names[] = { "config", "resolve", "tcp", "wire", "auth",
		"session" };

	(void)state;
	for (size_t i = 1; i < sizeof names / sizeof *names; i++)
		assert_true(plan_rank(names[i - 1], strlen(names[i - 1])) <
			    plan_rank(names[i], strlen(names[i])));
	assert_int_equal(plan_rank("", 0), -1);
	assert_int_equal(plan_rank("conf", 4), -1);
}

static void
facts_have_names(void **state)
{
	(void)state;
	assert_string_equal(fact_name(F_TCP_OPEN), "TCP_OPEN");
	assert_string_equal(fact_help(F_TCP_OPEN), "an address accepted the connection");
	assert_string_equal(fact_name((enum fact)F__COUNT), "NONE");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(needs_all_and_one_of_any),
		cmocka_unit_test(any_alone_is_not_enough_and_needed),
		cmocka_unit_test(moot_wins_over_ready),
		cmocka_unit_test(ranks_follow_the_way_of_a_login),
		cmocka_unit_test(facts_have_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
