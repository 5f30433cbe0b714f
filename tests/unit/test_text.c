/*
 * core/text.c: what comes from outside is harmless after one pass, and stays as it is after a second.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "core/text.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static void
clean_makes_bytes_harmless(void **state)
{
	static const struct {
		const char *in;
		size_t len;
		const char *out;
	} rows[] = {
		{ "", 0, "" },
		{ "plain text 123 ~", 16, "plain text 123 ~" },
		{ "a\nb\tc\r", 6, "a\\x0Ab\\x09c\\x0D" },
		{ "a\0b", 3, "a\\x00b" },
		{ "\x1b[31mred", 8, "\\x1B[31mred" },
		{ "\x7f", 1, "\\x7F" },
		{ "back\\slash", 10, "back\\slash" },
		{ "gr\xc3\xbc\xc3\x9f", 6, "gr\xc3\xbc\xc3\x9f" },
		{ "\xe6\x97\xa5\xe6\x9c\xac", 6, "\xe6\x97\xa5\xe6\x9c\xac" },
		{ "\xf0\x9f\x94\x91", 4, "\xf0\x9f\x94\x91" },
		{ "\xc2\x9b"
		  "31m",
		    5, "\\u{009B}31m" }, /* C1 CSI */
		{ "\xc2\xad", 2, "\\u{00AD}" },
		{ "\xe2\x80\xae"
		  "x",
		    4, "\\u{202E}x" }, /* right-to-left override */
		{ "\xe2\x81\xa6", 3, "\\u{2066}" },
		{ "\xe2\x80\x8b", 3, "\\u{200B}" },
		{ "\xe2\x80\xa8", 3, "\\u{2028}" },
		{ "\xef\xbb\xbf", 3, "\\u{FEFF}" },
		{ "\xef\xbf\xbe", 3, "\\u{FFFE}" },
		{ "\xef\xbf\xbd", 3, "\xef\xbf\xbd" },
		{ "\xf3\xa0\x81\x81", 4, "\\u{E0041}" }, /* a tag character */
		{ "\xff\xfe", 2, "\\xFF\\xFE" },
		{ "\xc0\x80", 2, "\\xC0\\x80" },                   /* an overlong NUL */
		{ "\xed\xa0\x80", 3, "\\xED\\xA0\\x80" },          /* a surrogate */
		{ "\xf4\x90\x80\x80", 4, "\\xF4\\x90\\x80\\x80" }, /* above U+10FFFF */
		{ "\xe0\x80\xaf", 3, "\\xE0\\x80\\xAF" },
		{ "cut \xe6\x97", 6, "cut \\xE6\\x97" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(rows); i++) {
		char once[128], twice[128];
		size_t n = text_clean(once, sizeof(once), rows[i].in, rows[i].len);

		assert_string_equal(once, rows[i].out);
		assert_int_equal(n, strlen(rows[i].out));
		assert_int_equal(text_is_clean(rows[i].in, rows[i].len),
		    rows[i].len == n && memcmp(once, rows[i].in, n) == 0);
		assert_true(text_is_clean(once, n));
		text_clean(twice, sizeof(twice), once, n);
		assert_string_equal(twice, once);
	}
}

/* Every byte value, alone and after a lead byte: no control byte may come through. */
static void
clean_lets_no_control_byte_through(void **state)
{
	int a, b;

	(void)state;
	for (a = 0; a < 256; a++) {
		for (b = 0; b < 256; b++) {
			char in[2] = { (char)a, (char)b }, out[32];
			size_t n = text_clean(out, sizeof(out), in, 2), i;
			uint32_t cp;

			assert_true(text_is_clean(out, n));
			for (i = 0; i < n;) {
				size_t step = text_utf8(out + i, n - i, &cp);

				assert_true(step > 0);
				assert_true(cp >= 0x20 && cp != 0x7f && !(cp >= 0x80 && cp < 0xa0));
				i += step;
			}
		}
	}
}

static void
clean_cuts_between_characters(void **state)
{
	char out[8];

	(void)state;
	assert_int_equal(text_clean(out, 4, "ab\xc3\xbc", 4), 2);
	assert_string_equal(out, "ab");
	assert_int_equal(text_clean(out, 5, "ab\xc3\xbc", 4), 4);
	assert_int_equal(text_clean(out, 5, "ab\n", 3), 2); /* an escape fits whole or not at all */
	assert_string_equal(out, "ab");
	assert_int_equal(text_clean(out, 1, "ab", 2), 0);
	assert_string_equal(out, "");
	out[0] = 'x';
	assert_int_equal(text_clean(out, 0, "ab", 2), 0);
	assert_int_equal(out[0], 'x');
}

static void
utf8_knows_its_borders(void **state)
{
	static const struct {
		const char *s;
		size_t len, used;
		uint32_t cp;
	} rows[] = {
		{ "A", 1, 1, 'A' },
		{ "\xc2\x80", 2, 2, 0x80 },
		{ "\xdf\xbf", 2, 2, 0x7ff },
		{ "\xe0\xa0\x80", 3, 3, 0x800 },
		{ "\xed\x9f\xbf", 3, 3, 0xd7ff },
		{ "\xee\x80\x80", 3, 3, 0xe000 },
		{ "\xf0\x90\x80\x80", 4, 4, 0x10000 },
		{ "\xf4\x8f\xbf\xbf", 4, 4, 0x10ffff },
		{ "\xc1\xbf", 2, 0, 0 },
		{ "\xe0\x9f\xbf", 3, 0, 0 },
		{ "\xf0\x8f\xbf\xbf", 4, 0, 0 },
		{ "\x80", 1, 0, 0 },
		{ "\xf5\x80\x80\x80", 4, 0, 0 },
		{ "\xc3", 1, 0, 0 },
		{ "\xe2\x82", 2, 0, 0 },
		{ "\xc3\x28", 2, 0, 0 },
		{ "", 0, 0, 0 },
	};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(rows); i++) {
		uint32_t cp = 0;

		assert_int_equal(text_utf8(rows[i].s, rows[i].len, &cp), rows[i].used);
		if (rows[i].used > 0)
			assert_int_equal(cp, rows[i].cp);
	}
}

static void
strbuf_keeps_its_bounds(void **state)
{
	char buf[8];
	struct strbuf sb;

	(void)state;
	sb_init(&sb, buf, sizeof(buf));
	assert_string_equal(buf, "");
	sb_puts(&sb, "abc");
	sb_printf(&sb, "%d", 12);
	sb_putc(&sb, '!');
	assert_string_equal(buf, "abc12!");
	assert_false(sb.cut);
	sb_puts(&sb, "\xc3\xbc"); /* two bytes where one fits */
	assert_true(sb.cut);
	assert_string_equal(buf, "abc12!");
	sb_putc(&sb, 'z'); /* nothing follows a cut */
	assert_string_equal(buf, "abc12!");
	sb_init(&sb, buf, sizeof(buf));
	sb_printf(&sb, "%s", "123456\xc3\xbc");
	assert_true(sb.cut);
	assert_string_equal(buf, "123456");
	assert_int_equal(sb.len, 6);
	sb_init(&sb, buf, 1);
	sb_putc(&sb, 'x');
	assert_true(sb.cut);
	assert_string_equal(buf, "");
}

static void
strbuf_takes_exactly_what_fits(void **state)
{
	char buf[8];
	struct strbuf sb;

	(void)state;
	sb_init(&sb, buf, sizeof(buf));
	sb_puts(&sb, "1234567");
	assert_false(sb.cut);
	assert_int_equal(sb.len, 7);
	sb_init(&sb, buf, sizeof(buf));
	sb_printf(&sb, "%s", "1234567");
	assert_false(sb.cut);
	assert_string_equal(buf, "1234567");
}

static void
shell_quote_makes_one_word(void **state)
{
	static const struct {
		const char *in, *out;
	} rows[] = {
		{ "plain-1.2_x:/@%+,=", "plain-1.2_x:/@%+,=" },
		{ "", "''" },
		{ "a b", "'a b'" },
		{ "it's", "'it'\\''s'" },
		{ "'", "''\\'''" },
		{ "$(id)", "'$(id)'" },
		{ "`id`", "'`id`'" },
		{ "~/x", "'~/x'" },
		{ "a;b", "'a;b'" },
		{ "*", "'*'" },
		{ "a\\b", "'a\\b'" },
		{ "!x", "'!x'" },
		{ "=x", "'=x'" },
		{ "\xc3\xbc", "'\xc3\xbc'" },
		{ "a'b'", "'a'\\''b'\\'''" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(rows); i++) {
		char buf[64];
		struct strbuf sb;

		sb_init(&sb, buf, sizeof(buf));
		text_shell_quote(&sb, rows[i].in);
		assert_string_equal(buf, rows[i].out);
	}
}

/* Half a quoted word would swallow the rest of a command. */
static void
shell_quote_is_all_or_nothing(void **state)
{
	char buf[8];
	struct strbuf sb;

	(void)state;
	sb_init(&sb, buf, sizeof(buf));
	sb_puts(&sb, "x ");
	text_shell_quote(&sb, "long word");
	assert_true(sb.cut);
	assert_string_equal(buf, "x ");
}

/* The shell itself is the judge: every byte that a C string can hold comes back. */
static void
shell_reads_quoted_words_back(void **state)
{
	char word[256], quoted[1100], cmd[1200], back[600];
	struct strbuf sb;
	FILE *sh;
	size_t n;
	int i;

	(void)state;
	for (i = 1; i < 256; i++)
		word[i - 1] = (char)i;
	word[255] = '\0';
	sb_init(&sb, quoted, sizeof(quoted));
	text_shell_quote(&sb, word);
	assert_false(sb.cut);
	snprintf(cmd, sizeof(cmd), "printf %%s %s", quoted);
	assert_non_null(sh = popen(cmd, "r"));
	n = fread(back, 1, sizeof(back) - 1, sh);
	assert_int_equal(pclose(sh), 0);
	back[n] = '\0';
	assert_string_equal(back, word);
}

static void
copy_and_list(void **state)
{
	char buf[4];

	(void)state;
	text_copy(buf, sizeof(buf), "abcdef");
	assert_string_equal(buf, "abc");
	text_copy(buf, sizeof(buf), "ab\xc3\xbc");
	assert_string_equal(buf, "ab");
	text_copy(buf, sizeof(buf), "");
	assert_string_equal(buf, "");
	assert_true(text_list_has("publickey,password", "password"));
	assert_true(text_list_has("publickey", "publickey"));
	assert_false(text_list_has("publickey,password", "pass"));
	assert_false(text_list_has("publickey,passwords", "password"));
	assert_false(text_list_has("", "a"));
	assert_false(text_list_has("a,,b", ""));
	assert_true(text_list_has("a,,b", "b"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(clean_makes_bytes_harmless),
		cmocka_unit_test(clean_lets_no_control_byte_through),
		cmocka_unit_test(clean_cuts_between_characters),
		cmocka_unit_test(utf8_knows_its_borders),
		cmocka_unit_test(strbuf_keeps_its_bounds),
		cmocka_unit_test(strbuf_takes_exactly_what_fits),
		cmocka_unit_test(shell_quote_makes_one_word),
		cmocka_unit_test(shell_quote_is_all_or_nothing),
		cmocka_unit_test(shell_reads_quoted_words_back),
		cmocka_unit_test(copy_and_list),
	};

	return cmocka_run_group_tests_name("text", tests, NULL, NULL);
}
