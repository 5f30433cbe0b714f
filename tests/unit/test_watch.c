/* core/watch.c: how often, how much, and what changed, with a clock that is given. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/rule.h"
#include "core/watch.h"

static struct diag d;
static const struct rule refused = {
	.id = "tcp-refused", .layer = LAYER_TRANSPORT, .severity = SEV_FAIL
};
static const struct rule rejected = {
	.id = "auth-key-rejected", .layer = LAYER_AUTHENTICATION, .severity = SEV_FAIL
};

static const struct rule silent = {
	.id = "banner-silent", .layer = LAYER_TRANSPORT, .severity = SEV_FAIL
};

enum says { WORKS, DOWN, NO_KEY, UP, SILENT };

static uint16_t run; /* number of the next one */

/* A run has ended like this; UP: a look at the transport found it well. */
static const struct diag *
says(enum says what)
{
	diag_init(&d, 0, run++);
	d.layers[LAYER_TRANSPORT].state = what == DOWN || what == SILENT ? LS_FAIL : LS_PASS;
	d.verdict.healthy = what == WORKS;
	d.verdict.rule = what == DOWN     ? &refused
			 : what == SILENT ? &silent
			 : what == NO_KEY ? &rejected
					  : NULL;
	if (what == NO_KEY)
		d.layers[LAYER_AUTHENTICATION].state = LS_FAIL;
	return &d;
}

static struct watch_change
look(struct watch *w, int64_t at_ms, enum watch_look kind, enum says what)
{
	struct watch_change c;

	watch_begin(w, kind, at_ms);
	assert_int_equal(watch_next(w, at_ms + 3600000, true), LOOK_NONE); /* one at a time */
	watch_end(w, says(what), at_ms / 1000, &c);
	return c;
}

static void
breaks_and_heals(void **state)
{
	struct watch w = { 0 };
	struct watch_change c;

	(void)state;
	assert_int_equal(watch_next(&w, 0, false), LOOK_WHOLE);
	c = look(&w, 0, LOOK_WHOLE, WORKS);
	assert_string_equal(c.text, "works");
	assert_int_equal(watch_next(&w, 299999, false), LOOK_NONE);
	assert_int_equal(watch_next(&w, 300000, false), LOOK_TRANSPORT); /* nobody logs in */
	assert_false(look(&w, 300000, LOOK_TRANSPORT, UP).changed);
	c = look(&w, 600000, LOOK_TRANSPORT, DOWN);
	assert_string_equal(c.text, "broke: tcp-refused");
	assert_int_equal(w.stands[w.nstands - 1].since_s, 600);
	assert_int_equal(watch_next(&w, 659999, false), LOOK_NONE);
	assert_int_equal(watch_next(&w, 660000, false), LOOK_TRANSPORT);
	assert_false(look(&w, 660000, LOOK_TRANSPORT, DOWN).changed);
	/* it is back: whether the login works is found out before anything is said */
	assert_false(look(&w, 720000, LOOK_TRANSPORT, UP).changed);
	assert_int_equal(watch_next(&w, 720001, false), LOOK_WHOLE);
	c = look(&w, 720001, LOOK_WHOLE, WORKS);
	assert_string_equal(c.text, "healed");
	assert_int_equal(watch_next(&w, 720002, false), LOOK_NONE);
}

static void
authentication_is_left_alone(void **state)
{
	struct watch w = { .every_s = WATCH_LEAST_S };
	struct watch_change c;

	(void)state;
	c = look(&w, 0, LOOK_WHOLE, NO_KEY);
	assert_string_equal(c.text, "fails: auth-key-rejected");
	/* the floor holds, whatever was asked for, and no look is a login */
	for (int64_t t = 0, begun = 0; t < 3600000; t += 500) {
		enum watch_look l = watch_next(&w, t, false);

		assert_int_not_equal(l, LOOK_WHOLE);
		if (l == LOOK_NONE)
			continue;
		assert_true(t - begun >= WATCH_AUTH_S * 1000);
		begun = t;
		assert_false(look(&w, t, l, UP).changed);
	}
	/* it goes away, and comes back: still no login */
	c = look(&w, 4000000, LOOK_TRANSPORT, DOWN);
	assert_string_equal(c.text, "now tcp-refused, before auth-key-rejected");
	c = look(&w, 4100000, LOOK_TRANSPORT, UP);
	assert_string_equal(c.text, "now auth-key-rejected, before tcp-refused");
	assert_int_equal(watch_next(&w, 4100001, false), LOOK_NONE);
	/* but by a key */
	assert_int_equal(watch_next(&w, 4100001, true), LOOK_WHOLE);
	c = look(&w, 4100001, LOOK_WHOLE, WORKS);
	assert_string_equal(c.text, "healed");
	/* and then the interval is the user's */
	assert_int_equal(watch_due_ms(&w), 4100001 + WATCH_LEAST_S * 1000);
}

static void
down_from_the_start(void **state)
{
	struct watch w = { 0 };
	struct watch_change c = look(&w, 0, LOOK_WHOLE, DOWN);

	(void)state;
	assert_string_equal(c.text, "fails: tcp-refused");
	assert_int_equal(watch_due_ms(&w), WATCH_DOWN_S * 1000);
	assert_false(look(&w, 60000, LOOK_TRANSPORT, UP).changed);
	c = look(&w, 60001, watch_next(&w, 60001, false), NO_KEY);
	assert_string_equal(c.text, "now auth-key-rejected, before tcp-refused");
	assert_int_equal(watch_due_ms(&w), 60001 + WATCH_CALM_S * 1000);
}

static void
an_interrupted_look_says_nothing(void **state)
{
	struct watch w = { 0 };
	struct watch_change c;

	(void)state;
	look(&w, 0, LOOK_WHOLE, WORKS);
	watch_begin(&w, LOOK_TRANSPORT, 300000);
	says(DOWN);
	fact_add(&d.facts, F_INTERRUPTED);
	watch_end(&w, &d, 301, &c);
	assert_false(c.changed);
	assert_false(w.down);
	assert_int_equal(watch_next(&w, 600000, false), LOOK_TRANSPORT);
}

/* The run of the last looks, of the last changes, of the last login, and of when it broke. */
static void
what_is_kept(void **state)
{
	static const enum says flips[] = { WORKS, DOWN, SILENT, DOWN, SILENT, DOWN, SILENT };
	struct watch w = { 0 };
	uint32_t runs[WATCH_KEPT];
	size_t n, k = 0;
	int64_t t = 0;

	(void)state;
	run = 0;
	for (size_t i = 0; i < sizeof flips / sizeof *flips; i++)
		for (int again = 0; again < 10; again++, t += 60000)
			look(&w, t, i == 0 && again == 0 ? LOOK_WHOLE : LOOK_TRANSPORT, flips[i]);
	/* Runs 0 to 69: the change to run 10 broke it, and is not among the last five. */
	n = watch_kept(&w, runs);
	assert_int_equal(n, WATCH_KEPT);
	for (uint32_t i = 0; i < 70; i++) {
		bool want = i == 0 || i == 10 || (i >= 20 && i % 10 == 0) || i > 66;

		assert_int_equal(watch_keeps(&w, i), want);
		if (want)
			assert_int_equal(runs[k++], i);
	}
	assert_int_equal(k, n);
	assert_true(watch_keeps(&w, 70)); /* the next one */
	assert_int_equal(w.changes, 7);
	assert_int_equal(w.stands[0].looks, 10);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(breaks_and_heals),
		cmocka_unit_test(authentication_is_left_alone),
		cmocka_unit_test(down_from_the_start),
		cmocka_unit_test(an_interrupted_look_says_nothing),
		cmocka_unit_test(what_is_kept),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
