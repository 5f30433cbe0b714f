/* The parts that frames are made of: widths, cells, wrapped text, keys and theme files. */
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
#include "tui/theme.h"
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

/* Read a theme from text; the complaints go to said. Returns their number. */
static int
read_text(struct theme *t, const char *text, char *said, size_t cap)
{
	FILE *in = fmemopen((void *)(uintptr_t)text, strlen(text), "r"),
	     *out = fmemopen(said, cap, "w");
	int n;

	theme_default(t);
	n = theme_read(t, in, "x.theme", out);
	fclose(in);
	fclose(out);
	return n;
}

static void
theme_files(void **state)
{
	char said[4096] = "";
	struct theme t;

	(void)state;
	assert_int_equal(read_text(&t,
			     "name = Mine  # a remark\nkind=dark\n\n[palette]\nsky = #56b4e9 @256 "
			     "74 @16 brightcyan\n"
			     "[roles]\nfail = sky on #000000 bold underline\npass = "
			     "42\ntext\t=\tdefault\n[mono]\nfail = reverse\n",
			     said, sizeof said),
	    0);
	assert_string_equal(t.name, "Mine");
	assert_int_equal(t.look[ROLE_FAIL].fg.rgb, 0x56b4e9);
	assert_int_equal(t.look[ROLE_FAIL].fg.c256, 74);
	assert_int_equal(t.look[ROLE_FAIL].fg.c16, 14);
	assert_int_equal(t.look[ROLE_FAIL].bg.c256, 16);
	assert_int_equal(t.look[ROLE_FAIL].attrs, LOOK_BOLD | LOOK_UNDERLINE);
	assert_int_equal(t.look[ROLE_FAIL].mono, LOOK_REVERSE);
	assert_int_equal(t.look[ROLE_PASS].fg.c256, 42);
	assert_int_equal(t.look[ROLE_TEXT].fg.c256, -1);
}

/* Each fault is named with its line, and what follows is read all the same. */
static void
bad_theme_files(void **state)
{
	static const struct {
		const char *text, *said;
	} t[] = {
		{ "colour = red\n", "x.theme:1: 'colour' is not a setting" },
		{ "\nno equals sign\n", "x.theme:2: not 'name = value'" },
		{ "[rolls]\nfail = red\n", "x.theme:1: there is no section [rolls]" },
		{ "[roles]\nfailure = red\n", "x.theme:2: there is no role 'failure'" },
		{ "[roles]\nfail = redd\n",
		    "x.theme:2: 'redd' is neither a colour nor an attribute" },
		{ "[roles]\nfail = #12345\n", "'#12345' is neither" },
		{ "[roles]\nfail = 256\n", "'256' is neither" },
		{ "[palette]\nsky = blueish\n", "x.theme:2: 'sky' has no colour" },
		{ "[palette]\nsky = #112233 @17 red\n", "only '@256 number' and '@16 name'" },
		{ "[mono]\nfail = red\n", "'red' is not an attribute" },
		{ "base = no-such-theme\n", "no theme 'no-such-theme'" },
		{ "kind = pink\n", "kind is dark, light or any" },
		{ "[roles]\n\033]0;x\a = red\n", "there is no role '\\x1B]0;x\\x07'" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
		char said[4096] = "", text[512];
		struct theme th;

		snprintf(text, sizeof text, "%s[roles]\nwarn = 99\n", t[i].text);
		assert_int_equal(read_text(&th, text, said, sizeof said), 1);
		if (strstr(said, t[i].said) == NULL)
			fail_msg("'%s' gave '%s'", t[i].text, said);
		assert_int_equal(th.look[ROLE_WARN].fg.c256, 99);
		for (const char *p = said; *p != '\0'; p++)
			assert_true((unsigned char)*p >= 0x20 || *p == '\n');
	}
}

static void
long_theme_lines(void **state)
{
	char said[4096] = "", text[4096];
	struct theme t;

	(void)state;
	memset(text, 'x', sizeof text);
	snprintf(text + 2000, sizeof text - 2000, "\n[roles]\nwarn = 99\n");
	assert_int_equal(read_text(&t, text, said, sizeof said), 1);
	assert_non_null(strstr(said, "x.theme:1: the line is longer"));
	assert_int_equal(t.look[ROLE_WARN].fg.c256, 99);
}

/* The files that are shipped are without fault, and default.theme says what is built in. */
static void
shipped_themes(void **state)
{
	static const char *const files[] = { "themes/default.theme", "themes/contrast.theme" };
	struct theme built, t;

	(void)state;
	theme_default(&built);
	for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
		FILE *f = fopen(files[i], "r");

		assert_non_null(f);
		theme_default(&t);
		assert_int_equal(theme_read(&t, f, files[i], stderr), 0);
		fclose(f);
		if (i == 0)
			assert_memory_equal(t.look, built.look, sizeof t.look);
		else
			assert_memory_not_equal(t.look, built.look, sizeof t.look);
		for (int a = ROLE_WAIT; a <= ROLE_UNKNOWN; a++)
			assert_true(t.look[a].fg.c256 >= -1 && t.look[a].fg.c256 < 256 &&
				    t.look[a].fg.c16 < 16);
	}
}

static void
theme_search(void **state)
{
	char dir[] = "/tmp/sshmedic-theme-XXXXXX", path[128], said[512] = "", *list;
	size_t len;
	struct theme t;
	FILE *f;

	(void)state;
	assert_non_null(mkdtemp(dir));
	snprintf(path, sizeof path, "mkdir -p %s/sshmedic/themes", dir);
	assert_int_equal(system(path), 0);
	snprintf(path, sizeof path, "%s/sshmedic/themes/mine.theme", dir);
	f = fopen(path, "w");
	fputs("base = mine\n[roles]\nfail = 99\n", f); /* based on itself: said, and not for ever */
	fclose(f);
	setenv("XDG_CONFIG_HOME", dir, 1);
	f = fmemopen(said, sizeof said, "w");
	assert_int_equal(theme_load(&t, "mine", f), 0);
	assert_int_equal(t.look[ROLE_FAIL].fg.c256, 99);
	assert_int_equal(theme_load(&t, path, NULL), 0);
	assert_int_equal(theme_load(&t, "default", NULL), 0);
	assert_int_equal(theme_load(&t, "no-such", f), -1);
	fclose(f);
	assert_non_null(strstr(said, "no-such: there is no such theme"));
	f = open_memstream(&list, &len);
	theme_list(f);
	fclose(f);
	assert_non_null(strstr(list, "default"));
	assert_non_null(strstr(list, "mine "));
	free(list);
	unlink(path);
	snprintf(path, sizeof path, "rm -r %s", dir);
	assert_int_equal(system(path), 0);
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
		cmocka_unit_test(theme_files),
		cmocka_unit_test(bad_theme_files),
		cmocka_unit_test(long_theme_lines),
		cmocka_unit_test(shipped_themes),
		cmocka_unit_test(theme_search),
	};

	setlocale(LC_CTYPE, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
