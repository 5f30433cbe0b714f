/* What a theme is worth: the figures against published ones, each note made once, and the shipped themes. */
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "tui/theme_check.h"

static double
rounded(double x)
{
	return (double)(long)(x + 0.5);
}

/* Figures that others have published: WCAG's ends, and pairs that its tools give. */
static void
contrasts(void **state)
{
	(void)state;
	assert_true(contrast_ratio(0x000000, 0xffffff) == 21.0);
	assert_true(contrast_ratio(0x336699, 0x336699) == 1.0);
	assert_int_equal((int)(contrast_ratio(0x767676, 0xffffff) * 100), 454);
	assert_int_equal((int)(contrast_ratio(0xffffff, 0x777777) * 100), 447);
	assert_int_equal((int)(contrast_ratio(0xcd0000, 0x000000) * 10), 35);
}

/* The closest of four states under each vision, for three known palettes. */
static void
palettes(void **state)
{
	static const struct {
		int32_t c[4];
		double apart[VISION__COUNT];
	} t[] = {
		{ { 0x00cd00, 0xcdcd00, 0xcd0000, 0x00cdcd }, { 56, 6, 16, 11 } },
		{ { 0x5fd7af, 0xffd75f, 0xff5f5f, 0x5fafff }, { 70, 28, 32, 15 } },
		{ { 0x56b4e9, 0xf0e442, 0xd55e00, 0xcc79a7 }, { 57, 21, 31, 36 } },
	};

	(void)state;
	for (size_t i = 0; i < sizeof t / sizeof t[0]; i++)
		for (int v = 0; v < VISION__COUNT; v++) {
			double least = 1000;

			for (int a = 0; a < 4; a++)
				for (int b = 0; b < a; b++) {
					double d =
					    colour_distance(t[i].c[a], t[i].c[b], (enum vision)v);

					least = d < least ? d : least;
				}
			assert_true(rounded(least) == t[i].apart[v]);
		}
	assert_true(colour_distance(0x123456, 0x123456, VISION_TRITAN) == 0);
	/* Black and white are 100 apart for every eye. */
	for (int v = 0; v < VISION__COUNT; v++)
		assert_true(rounded(colour_distance(0, 0xffffff, (enum vision)v)) == 100);
}

/* A theme that is in order but for what text says. */
static void
read_theme(struct theme *t, const char *text)
{
	static const char sound[] =
	    "[palette]\nground = #000000\n"
	    "[roles]\ntext = #ffffff on #000000\ndim = #c0c0c0\n"
	    "border = #808080\nfocus = #ffffff\nselect = ground on #ffffff\n"
	    "wait = #c0c0c0\nskip = #c0c0c0\nhint = #c0c0c0\nbar = #ffffff\n"
	    "over = #ffffff\nmessage = #ffffff\npass = #5fafff\n"
	    "warn = #ffd75f\nfail = #d75f00\nrun = #d787af\n"
	    "unknown = #ffffff\n";
	char all[2048], said[1024] = "";
	FILE *in, *out = fmemopen(said, sizeof said, "w");

	snprintf(all, sizeof all, "%s", sound);
	for (const char *line = text; *line != '\0'; line += strcspn(line, "\n") + 1) {
		/* Replace the line of the same key, else add it. */
		char key[64], *at;

		snprintf(key, sizeof key, "\n%.*s", (int)strcspn(line, "=") + 1, line);
		if (line[0] != '[' && (at = strstr(all, key)) != NULL)
			memmove(at + 1, strchr(at + 1, '\n') + 1, strlen(strchr(at + 1, '\n')));
		snprintf(all + strlen(all), sizeof all - strlen(all), "%.*s\n",
		    (int)strcspn(line, "\n"), line);
	}
	in = fmemopen(all, strlen(all), "r");
	if (theme_read(t, in, "x.theme", out) != 0) {
		fflush(out);
		fail_msg("%s", said);
	}
	fclose(in);
	fclose(out);
}

static bool
has_note(const struct theme_check *c, bool error, const char *words)
{
	for (int i = 0; i < c->nnotes; i++)
		if (c->note[i].error == error && strstr(c->note[i].text, words) != NULL)
			return true;
	return false;
}

static void
notes(void **state)
{
	static const struct {
		const char *text;
		bool cvd, error;
		const char *note; /* NULL: no errors */
	} t[] = {
		{ "", true, false, NULL },
		{ "hint = #707070\n", false, true, "true: hint has a contrast of 4.24, below 4.5" },
		{ "hint = #ffffff dim\n", false, false, NULL }, /* half of it is left */
		{ "hint = #c0c0c0 dim\n", false, true, "true: hint has a contrast of 3." },
		{ "[palette]\nx = #c0c0c0 @256 240\n[roles]\nhint = x\n", false, true,
		    "256: hint has" },
		{ "[palette]\nx = #c0c0c0 @16 black\n[roles]\nhint = x\n", false, false,
		    "16: hint has a contrast of 1.00" },
		{ "hint = blue\n", false, false, "true: hint has a contrast of" },
		{ "bar = #303030\n", false, false, "true: bar has a contrast of 1.59, below 3.0" },
		{ "border = #101010\n", false, false, NULL },
		{ "hint = default\n", false, false, NULL },
		{ "hint = brightblack\n", false, false,
		    "8 colours: hint may have the colour of its background" },
		{ "pass = #d787a7\n", false, false,
		    "true: pass and run are" }, /* close, but no cvd theme */
		{ "pass = #d787a7\n", true, true, "true: pass and run are" },
		{ "fail = red\npass = red\n", true, false,
		    "true: pass and fail are 0.0 apart for eyes without a deficiency, below 20" },
		{ "fail = ground on #5fafff\n", false, false, "true: pass and fail are 0.0 apart" },
		{ "fail = #5fafff reverse\n", false, false, "true: pass and fail are 0.0 apart" },
		{ "select = plain\n", false, true, "256: the selected line looks like any other" },
		{ "select = underline\n", false, false, NULL },
		{ "[mono]\nselect = plain\n", false, true,
		    "mono: the selected line looks like any other" },
		{ "[mono]\nfocus = dim\n", false, false,
		    "mono: the panel that has the keys looks like any other" },
		/* Marks tell states apart even where attributes do not. */
		{ "[mono]\nfail = plain\nwarn = plain\nrun = plain\n", false, false, NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
		struct theme_check c;
		struct theme th;

		read_theme(&th, t[i].text);
		theme_check(&c, &th, t[i].cvd);
		if ((t[i].note != NULL && !has_note(&c, t[i].error, t[i].note)) ||
		    (c.errors > 0) != t[i].error) {
			theme_check_print(&c, stderr);
			fail_msg("%s: not as expected", t[i].text);
		}
	}
}

static void
without_colour(void **state)
{
	struct theme_check c;
	struct theme t;

	(void)state;
	read_theme(&t, "[mono]\nwait = plain\nrun = plain\npass = plain\nwarn = plain\n"
		       "fail = plain\nskip = plain\nunknown = bold\n");
	theme_check(&c, &t, false);
	assert_int_equal(c.mono_pairs, 21);
	assert_int_equal(c.mono_attrs, 6);
	assert_int_equal(c.errors, 0);
}

/* The terminal's own colours have no figures. */
static void
unknown_colours(void **state)
{
	struct theme_check c;
	struct theme t;
	char *text;
	size_t len;
	FILE *f;

	(void)state;
	theme_default(&t);
	theme_check(&c, &t, false);
	assert_true(c.depth[DEPTH_TRUE].contrast[ROLE_TEXT] < 0);
	assert_true(c.depth[DEPTH_TRUE].contrast[ROLE_FAIL] < 0);
	assert_false(c.depth[DEPTH_256].closest[VISION_PROTAN].known);
	assert_int_equal(c.depth[DEPTH_256].closest[VISION_PROTAN].a, ROLE_PASS);
	assert_int_equal(c.depth[DEPTH_256].closest[VISION_PROTAN].b, ROLE_WARN);
	assert_int_equal(c.errors, 0);
	f = open_memstream(&text, &len);
	theme_check_print(&c, f);
	fclose(f);
	assert_non_null(strstr(text, "pass warn ~6"));
	free(text);
}

static void
shipped(void **state)
{
	static const char *const name[] = { "default", "dark", "light", "contrast", "cvd-dark",
		"cvd-light", "mono", "amber" };

	(void)state;
	assert_true(theme_is_cvd("cvd-dark"));
	assert_true(theme_is_cvd("./themes/cvd-light.theme"));
	assert_false(theme_is_cvd("cvd-x/dark"));
	for (size_t i = 0; i < sizeof name / sizeof name[0]; i++) {
		struct theme_check c;
		struct theme t;
		char path[64];

		snprintf(path, sizeof path, "./themes/%s.theme", name[i]);
		assert_int_equal(theme_load(&t, path, stderr), 0);
		theme_check(&c, &t, theme_is_cvd(path));
		if (c.errors != 0)
			theme_check_print(&c, stderr);
		assert_int_equal(c.errors, 0);
		/* Without colour they differ by more than the marks. */
		assert_true(c.mono_attrs >= 20);
	}
}

static void
as_a_command(void **state)
{
	char dir[] = "/tmp/sshmedic-check-XXXXXX", path[64], *text;
	size_t len;
	FILE *f, *out;

	(void)state;
	assert_non_null(mkdtemp(dir));
	snprintf(path, sizeof path, "%s/x.theme", dir);
	f = fopen(path, "w");
	fputs("[roles]\nfail = redd\n", f);
	fclose(f);
	out = open_memstream(&text, &len);
	assert_int_equal(theme_check_run("default", out), 0);
	assert_int_equal(theme_check_run("./themes/mono.theme", out), 0);
	assert_int_equal(theme_check_run(path, out), 1);
	fflush(out);
	assert_non_null(strstr(text, "x.theme:2: 'redd' is neither"));
	assert_int_equal(theme_check_run("/nonexistent/x.theme", out), 2);
	fclose(out);
	free(text);
	unlink(path);
	rmdir(dir);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(contrasts),
		cmocka_unit_test(palettes),
		cmocka_unit_test(notes),
		cmocka_unit_test(without_colour),
		cmocka_unit_test(unknown_colours),
		cmocka_unit_test(shipped),
		cmocka_unit_test(as_a_command),
	};

	setlocale(LC_CTYPE, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
