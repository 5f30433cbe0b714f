/* The codec of evidence: both ways without loss, and nothing raw gets through. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "core/evidence.h"

static char scratch[EV_LINE_MAX], line[EV_LINE_MAX + 64];

static enum ev_status
decode(struct evidence *ev, const char *text)
{
	return ev_decode(ev, text, strlen(text), scratch, sizeof scratch);
}

static void
every_kind_and_key_comes_back(void **state)
{
	(void)state;
	for (int k = 0; k < EV__COUNT; k++) {
		for (int key = 0; key < K__COUNT; key++) {
			struct evidence ev, back;
			char text[64];

			ev_init(&ev, (enum ev_kind)k);
			ev.at_us = UINT64_MAX;
			ev.target = 65535;
			ev.hop = 2;
			ev.run = 70000; /* a watch gets there */
			ev.clock = 4;
			ev.vantage = VANTAGE_PROOF;
			if (ev_key_is_int((enum ev_key)key))
				ev_int(&ev, (enum ev_key)key, -42);
			else
				ev_str(&ev, (enum ev_key)key, "a \"b\" \\ c=d \xc3\xa9");
			ev_encode(&ev, line, sizeof line);
			assert_int_equal(decode(&back, line), EV_OK);
			assert_int_equal(back.kind, k);
			assert_true(back.at_us == UINT64_MAX && back.target == 65535 &&
				    back.hop == 2 && back.run == 70000 && back.clock == 4 &&
				    back.vantage == VANTAGE_PROOF);
			assert_int_equal(back.nfields, 1);
			if (ev_key_is_int((enum ev_key)key))
				assert_int_equal(ev_num(&back, (enum ev_key)key, 0), -42);
			else
				assert_string_equal(
				    ev_copy(&back, (enum ev_key)key, text, sizeof text),
				    "a \"b\" \\ c=d \xc3\xa9");
		}
	}
}

static void
control_characters_never_pass(void **state)
{
	struct evidence ev;

	(void)state;
	ev_init(&ev, EV_BANNER_LINE);
	ev_mem(&ev, K_TEXT, "\x1b[2J\0\n\xff\xc2\x9b", 9);
	ev_encode(&ev, line, sizeof line);
	assert_true(text_is_clean(line, strlen(line)));
	assert_int_equal(decode(&ev, "1 0.0.0 client/0 note text=\"a\x1b]0;x\x07\""), EV_OK);
	assert_true(text_is_clean(ev.f[0].s, ev.f[0].len));
}

static void
what_is_no_line_is_refused(void **state)
{
	static const char *const bad[] = { "", " ", "1", "x 0.0.0 client/0 note",
		"1 0.0 client/0 note", "1 0.0.0 moon/0 note", "1 0.0.2147483648 client/0 note",
		"18446744073709551616 0.0.0 client/0 note", "1 0.0.0 client/0 ",
		"1 0.0.0 client/0 note text",
		"1 0.0.0 client/0 note text=", "1 0.0.0 client/0 note text=\"open",
		"1 0.0.0 client/0 note text=\"a\\", "1 0.0.0 client/0 note  text=a",
		"1 0.0.0 client/0 note text=\"a\"b" };
	struct evidence ev;

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		if (decode(&ev, bad[i]) != EV_BAD)
			fail_msg("taken: %s", bad[i]);
}

static void
what_is_unknown_is_skipped(void **state)
{
	struct evidence ev;

	(void)state;
	assert_int_equal(decode(&ev, "1 0.0.0 client/0 later.kind text=a"), EV_UNKNOWN);
	assert_int_equal(decode(&ev, "1 0.0.0 client/0 note later=1 text=a count=many"), EV_OK);
	assert_int_equal(ev.nfields, 2);
	assert_int_equal(ev_num(&ev, K_COUNT, 7), 0);
	assert_int_equal(ev_num(&ev, K_PORT, 7), 7);
	assert_null(ev_get(&ev, K_PORT));
	assert_true(ev_is(&ev, K_TEXT, "a"));
	assert_false(ev_is(&ev, K_TEXT, "ab"));
	assert_false(ev_is(&ev, K_COUNT, "0"));
}

static void
too_much_is_cut_and_can_still_be_read(void **state)
{
	static char big[2 * EV_LINE_MAX];
	struct evidence ev, back;

	(void)state;
	memset(big, '"', sizeof big - 1);
	ev_init(&ev, EV_NOTE);
	for (int i = 0; i < EV_FIELDS_MAX + 3; i++)
		ev_str(&ev, K_TEXT, big);
	assert_int_equal(ev.nfields, EV_FIELDS_MAX);
	for (size_t cap = 64; cap < sizeof line; cap = cap * 2 + 1) {
		size_t len = ev_encode(&ev, line, cap);

		assert_true(len < cap && len < EV_LINE_MAX);
		assert_int_equal(decode(&back, line), EV_OK);
	}
}

static void
as_many_fields_as_fit(void **state)
{
	struct evidence ev;
	struct strbuf sb;

	(void)state;
	sb_init(&sb, line, sizeof line);
	sb_puts(&sb, "1 0.0.0 client/0 note");
	for (int i = 0; i < 2 * EV_FIELDS_MAX; i++)
		sb_printf(&sb, " port=%d", i);
	assert_int_equal(decode(&ev, line), EV_OK);
	assert_int_equal(ev.nfields, EV_FIELDS_MAX);
	assert_int_equal(ev_num(&ev, K_PORT, -1), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_kind_and_key_comes_back),
		cmocka_unit_test(control_characters_never_pass),
		cmocka_unit_test(what_is_no_line_is_refused),
		cmocka_unit_test(what_is_unknown_is_skipped),
		cmocka_unit_test(too_much_is_cut_and_can_still_be_read),
		cmocka_unit_test(as_many_fields_as_fit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
