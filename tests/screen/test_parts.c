/* The parts that frames are made of: widths, cells, wrapped text, fields and keys. */
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tui/action.h"
#include "tui/doc.h"
#include "tui/field.h"
#include "tui/glyph.h"
#include "tui/grid.h"
#include "tui/width.h"

static void
widths(void **state)
{
	static const struct {
		const char *s;
		int cols;
	} t[] = { { "", 0 }, { "abc", 3 }, { "日本", 4 }, { "e\xcc\x81", 1 }, { "\033[31m", 5 },
		{ "\xff\xfe", 2 }, { "\xe2\x80\xae", 1 }, { "✓", 1 }, { "\xc2\x9b", 1 } };
	int used;

	(void)state;
	for (size_t i = 0; i < sizeof t / sizeof t[0]; i++)
		assert_int_equal(width_text(t[i].s), t[i].cols);
	assert_int_equal(width_fit("日本", 6, 3, &used), 3);
	assert_int_equal(used, 2);
	assert_int_equal(
	    width_fit("e\xcc\x81x", 4, 1, &used), 3); /* the mark stays with its base */
	assert_int_equal(width_char(0x7f), -1);
	assert_int_equal(width_char(0x9b), -1);
	assert_int_equal(width_char(0x202e), -1);
}

/* The first row of a grid as text. */
static const char *
row(const struct grid *g)
{
	static char buf[1024];
	char *end = buf;

	for (int x = 0; x < g->w; x++)
		end += snprintf(end, sizeof buf - (size_t)(end - buf), "%s", g->cell[x].ch);
	return buf;
}

static void
cells(void **state)
{
	struct grid g = { 0 };
	struct area a;

	(void)state;
	assert_int_equal(grid_resize(&g, 6, 2), 0);
	a = grid_area(&g);
	area_text(a, 0, 0, ROLE_TEXT,
	    "a\033b\x7f\xff"
	    "c");
	assert_string_equal(row(&g), "a?b??c");
	area_text(a, 4, 0, ROLE_FAIL, "日本");
	assert_string_equal(row(&g), "a?b?日");
	area_text(a, 5, 0, ROLE_TEXT, "x"); /* over the right half: the left one goes */
	assert_string_equal(row(&g), "a?b? x");
	area_text(a, 3, 0, ROLE_TEXT, "日");
	area_text(a, 2, 0, ROLE_TEXT, "本"); /* over the left half: the right one goes */
	assert_string_equal(row(&g), "a?本 x");
	area_text(a, 5, 0, ROLE_TEXT, "日"); /* no room for its right half */
	assert_string_equal(row(&g), "a?本  ");
	area_text(a, -1, 0, ROLE_TEXT, "zy");
	assert_string_equal(row(&g), "y?本  ");
	area_text(a, 0, 0, ROLE_TEXT,
	    "e\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81|");
	assert_int_equal(g.cell[0].ch[0], 'e');
	assert_string_equal(g.cell[1].ch, "|");
	area_text(a, 0, 7, ROLE_TEXT, "below the grid");
	area_text(area_sub(a, 2, 0, 2, 1), 0, 0, ROLE_PASS, "clipped");
	assert_string_equal(row(&g) + strlen(g.cell[0].ch), "|cl  ");
	assert_int_equal(area_cut(a, 0, 0, 4, ROLE_TEXT, "abcdef", "~"), 4);
	assert_string_equal(row(&g), "abc~  ");
	grid_free(&g);
}

static void
ascii_cells(void **state)
{
	struct grid g = { .ascii = true };

	(void)state;
	assert_int_equal(grid_resize(&g, 8, 1), 0);
	area_text(grid_area(&g), 0, 0, ROLE_TEXT, "é日e\xcc\x81✓");
	assert_string_equal(row(&g), "???e?   ");
	grid_free(&g);
	for (int s = 0; s < LS__COUNT; s++)
		for (const char *p = glyphs_get(false)->mark[s]; *p != '\0'; p++)
			assert_true(*p > ' ' && *p < 0x7f);
}

/* Every mark differs from every other, in both sets: colour is not what tells them apart. */
static void
marks_differ(void **state)
{
	(void)state;
	for (int set = 0; set < 2; set++)
		for (int i = 0; i < LS__COUNT; i++)
			for (int j = 0; j < i; j++)
				assert_string_not_equal(
				    glyphs_get(set)->mark[i], glyphs_get(set)->mark[j]);
}

static void
wrapped_text(void **state)
{
	struct grid g = { 0 };
	struct doc d;

	(void)state;
	assert_int_equal(grid_resize(&g, 12, 6), 0);
	doc_begin(&d, grid_area(&g), 0);
	doc_para(&d, 4, ROLE_TITLE, "Why", ROLE_TEXT, "one two three-and-more");
	assert_int_equal(d.row, 3);
	assert_string_equal(row(&g), "Why one two ");
	doc_exact(&d, 2, ROLE_COMMAND, "ssh -o  A=b host");
	assert_int_equal(d.row, 5);
	doc_begin(&d, (struct area){ .g = &g, .w = 12 }, 0); /* measured, not drawn */
	doc_para(&d, 4, ROLE_TITLE, "Why", ROLE_TEXT, "");
	assert_int_equal(d.row, 1);
	for (int w = 1; w < 12; w++) { /* ends at any width, wide characters included */
		doc_begin(&d, (struct area){ .g = &g, .w = w, .h = 6 }, 0);
		doc_para(&d, 4, ROLE_TITLE, "Label", ROLE_TEXT, "日本語 a 日本語日本語");
		doc_exact(&d, 2, ROLE_TEXT, "日本語日本語");
	}
	grid_free(&g);
}

/* Each key name is known, and no key means two things in one place. */
static void
keys(void **state)
{
	struct keymap km;

	(void)state;
	keymap_default(&km);
	for (int a = 0; a < ACTION__COUNT; a++) {
		const struct action_info *info = action_info((enum action)a);
		char name[ACTION_NAME_LEN];
		int n = 0;

		assert_int_equal(action_by_name(action_name((enum action)a, name)), a);
		assert_true(strlen(info->keys) < KEYMAP_KEYS);

		assert_true(info->where != 0);
		assert_true(info->help[0] != '\0');
		for (const char *k = info->keys; *k != '\0'; n++) {
			size_t len = key_first(k);
			uint32_t key = key_by_name(k, len);

			assert_int_not_equal(key, 0);
			for (unsigned ctx = 1; ctx <= CTX_TYPE; ctx <<= 1) {
				int nth;

				if ((info->where & ctx) == 0 ||
				    (ctx == CTX_TYPE && key >= ' ' && key < KEYCODE_BASE))
					continue;
				if (action_lookup(&km, key, ctx, &nth) != (enum action)a ||
				    nth != n)
					fail_msg("%s: %.*s means something else as well", info->id,
					    (int)len, k);
			}
			k += len;
			k += *k == ' ';
		}
		assert_true(n > 0);
	}
}

static void
key_names(void **state)
{
	struct keymap km;
	int nth;

	(void)state;
	keymap_default(&km);
	assert_int_equal(key_by_name("Ctrl-C", 6), 3);
	assert_int_equal(key_by_name("F10", 3), KEYCODE_F0 + 10);
	assert_int_equal(key_by_name("F13", 3), 0);
	assert_int_equal(key_by_name("Hyper-X", 7), 0);
	assert_int_equal(key_by_name("[", 1), '[');
	assert_int_equal(action_lookup(&km, '3', CTX_MAIN, &nth), ACTION_FIX_PREVIEW);
	assert_int_equal(nth, 2);
	assert_int_equal(action_lookup(&km, '3', CTX_READ, &nth), ACTION_NONE);
	assert_int_equal(action_lookup(&km, 'y', CTX_ASK, &nth), ACTION_CONFIRM);
	assert_int_equal(action_lookup(&km, 'q', CTX_READ, &nth), ACTION_CLOSE);
	assert_int_equal(action_lookup(&km, 'q', CTX_TYPE | CTX_PICK, &nth), ACTION_NONE);
	assert_int_equal(action_lookup(&km, KEYCODE_DOWN, CTX_TYPE, &nth), ACTION_MOVE_DOWN);
	assert_int_equal(action_lookup(&km, 0x1F600, CTX_ANY, &nth), ACTION_NONE);
}

/* A field keeps whole characters, and what is harmless of what is pasted. */
static void
fields(void **state)
{
	struct field f = { 0 };

	(void)state;
	field_set(&f, "ab");
	assert_true(field_key(&f, 0x65e5));
	assert_string_equal(f.text, "ab日");
	assert_false(field_key(&f, KEYCODE_LEFT));
	assert_true(field_key(&f, 'x'));
	assert_string_equal(f.text, "abx日");
	assert_true(field_key(&f, KEYCODE_DELETE));
	assert_true(field_key(&f, KEYCODE_BACKSPACE));
	assert_string_equal(f.text, "ab");
	assert_false(field_key(&f, KEYCODE_F0 + 1));
	assert_false(field_key(&f, 27));
	assert_true(field_insert(&f, " c\n\033[31m\xff", 9));
	assert_string_equal(f.text, "ab c \\x1B[31m\\xFF");
	assert_true(field_key(&f, 'W' & 0x1f));
	assert_string_equal(f.text, "ab c ");
	assert_true(field_matches(&f, "A C in capitals, and B") == false);
	assert_true(field_matches(&f, "cAB"));
	for (int i = 0; i < 400; i++)
		field_insert(&f, "日", 3);
	assert_true(strlen(f.text) < FIELD_LEN && strlen(f.text) > FIELD_LEN - 4);
	assert_true(text_is_clean(f.text, strlen(f.text)));
	assert_false(field_key(&f, KEYCODE_DELETE));
	assert_true(field_key(&f, KEYCODE_BACKSPACE));
	assert_true(text_is_clean(f.text, strlen(f.text)));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(widths),
		cmocka_unit_test(cells),
		cmocka_unit_test(ascii_cells),
		cmocka_unit_test(marks_differ),
		cmocka_unit_test(wrapped_text),
		cmocka_unit_test(keys),
		cmocka_unit_test(key_names),
		cmocka_unit_test(fields),
	};

	setlocale(LC_CTYPE, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
