/* Theme files: what is read, what is refused and where, bases, the search, and the shipped themes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "tui/theme.h"

static char root[] = "/tmp/sshmedic-theme-XXXXXX"; /* holds config/ and data/ */

/* Read a theme from text; the complaints go to said. Returns their number. */
static int
read_text(struct theme *t, const char *text, char *said, size_t cap)
{
	FILE *in = fmemopen((void *)(uintptr_t)text, strlen(text), "r"),
	     *out = fmemopen(said, cap, "w");
	int n = theme_read(t, in, "x.theme", out);

	fclose(in);
	fclose(out);
	return n;
}

static void
put_file(const char *dir, const char *name, const char *text)
{
	char path[512];
	FILE *f;

	snprintf(path, sizeof path, "%s/%s/sshmedic/themes/%s.theme", root, dir, name);
	assert_non_null(f = fopen(path, "w"));
	fputs(text, f);
	fclose(f);
}

/* Load a theme by name; the complaints go to said. */
static int
load(struct theme *t, const char *name, char *said, size_t cap)
{
	FILE *out = fmemopen(said, cap, "w");
	int n = theme_load(t, name, out);

	fclose(out);
	return n;
}

static void
theme_files(void **state)
{
	char said[4096] = "";
	struct theme t;

	(void)state;
	assert_int_equal(
	    read_text(&t,
		"\xef\xbb\xbfname = Mine  # a remark\r\nkind=dark\n\n[roles]\nfail = sky on "
		"#000000 bold underline\npass = 42\ntext\t=\tdefault\nwarn = on brightred\n"
		"run = 5 reverse\n[palette]\nsky = #56b4e9 @256 74 @16 brightcyan\n"
		"[mono]\nfail = reverse\npass = plain\n",
		said, sizeof said),
	    0);
	assert_string_equal(t.name, "Mine");
	assert_int_equal(t.kind, KIND_DARK);
	assert_int_equal(t.look[ROLE_FAIL].fg.rgb, 0x56b4e9);
	assert_int_equal(t.look[ROLE_FAIL].fg.c256, 74);
	assert_int_equal(t.look[ROLE_FAIL].fg.c16, 14);
	assert_int_equal(t.look[ROLE_FAIL].bg.c256, 16);
	assert_int_equal(t.look[ROLE_FAIL].attrs, LOOK_BOLD | LOOK_UNDERLINE);
	assert_int_equal(t.look[ROLE_FAIL].mono, LOOK_REVERSE);
	assert_int_equal(t.look[ROLE_PASS].fg.rgb, 0x00d787);
	assert_int_equal(t.look[ROLE_PASS].fg.c256, 42);
	assert_int_equal(t.look[ROLE_TEXT].fg.c256, -1);
	assert_int_equal(t.look[ROLE_WARN].fg.rgb, COLOUR_DEFAULT);
	assert_int_equal(t.look[ROLE_WARN].bg.c16, 9);
	assert_int_equal(t.look[ROLE_RUN].fg.rgb, COLOUR_NAMED - 5);
	assert_int_equal(t.look[ROLE_RUN].fg.c256, 5);
}

/* What a role leaves open is as plain text has it, also where only a base or nobody set the role. */
static void
open_colours(void **state)
{
	char said[512] = "";
	struct theme t;

	(void)state;
	assert_int_equal(read_text(&t,
			     "[roles]\nkey = bold\nwarn = 99\nhint = default on default\n"
			     "text = #ffffff on #000080\n",
			     said, sizeof said),
	    0);
	assert_int_equal(t.look[ROLE_KEY].fg.rgb, 0xffffff);
	assert_int_equal(t.look[ROLE_KEY].bg.rgb, 0x000080);
	assert_int_equal(t.look[ROLE_KEY].attrs, LOOK_BOLD);
	assert_int_equal(t.look[ROLE_WARN].fg.c256, 99);
	assert_int_equal(t.look[ROLE_WARN].bg.rgb, 0x000080);
	assert_int_equal(t.look[ROLE_DIM].bg.rgb, 0x000080); /* built in as "dim" */
	assert_int_equal(t.look[ROLE_HINT].bg.rgb, COLOUR_DEFAULT);
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
		{ "[roles]\nfailure = red\n", "x.theme:2: there is no role 'failure'\n" },
		{ "[roles]\nfial = red\n",
		    "x.theme:2: there is no role 'fial'; did you mean 'fail'?" },
		{ "[roles]\nfail = redd\n",
		    "x.theme:2: 'redd' is neither a colour nor an attribute" },
		{ "[roles]\nfail = #12345\n", "'#12345' is neither" },
		{ "[roles]\nfail = 256\n", "'256' is neither" },
		{ "[roles]\nfail = red green\n", "x.theme:2: 'green' is one colour too many" },
		{ "[roles]\nfail = red on\n", "x.theme:2: 'on' is followed by no colour" },
		{ "[roles]\nfail =\n", "x.theme:2: 'fail' has no look" },
		{ "[roles]\nfail = red\nfail = blue\n",
		    "x.theme:3: 'fail' is in line 2 already; the last one counts" },
		{ "[palette]\nsky = blueish\n", "x.theme:2: 'sky' has no colour" },
		{ "[palette]\nbold = #112233\n",
		    "x.theme:2: 'bold' cannot be the name of a colour" },
		{ "[palette]\nsky = #112233 @17 red\n", "only '@256 number' and '@16 name'" },
		{ "[palette]\nsky = #112233 @16 #445566\n", "only '@256 number' and '@16 name'" },
		{ "[mono]\nfail = red\n", "'red' is not an attribute" },
		{ "[mono]\nfail =\n", "x.theme:2: 'fail' has no attributes" },
		{ "base = no-such-theme\n", "x.theme:1: no theme 'no-such-theme'" },
		{ "base = ../dark\n", "x.theme:1: base is the name of a theme, without a folder" },
		{ "kind = pink\n", "x.theme:1: kind is dark, light or any" },
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

/* Several faults come in the order of their lines. */
static void
order_of_faults(void **state)
{
	char said[4096] = "";
	struct theme t;

	(void)state;
	assert_int_equal(read_text(&t,
			     "base = nobody\n[mono]\nfail = loud\n[roles]\nfail = loud\nnone\n"
			     "[palette]\nx = y\n",
			     said, sizeof said),
	    5);
	for (int line = 1, was = 0, n = 0; n < 5; n++) {
		const char *p = strstr(said, "x.theme:");

		for (int i = 0; i < n; i++)
			p = strstr(p + 1, "x.theme:");
		assert_int_equal(sscanf(p, "x.theme:%d:", &line), 1);
		assert_true(line > was);
		was = line;
	}
}

static void
long_theme_files(void **state)
{
	static char text[3 * 4100];
	char said[4096] = "";
	struct theme t;

	(void)state;
	memset(text, 'x', sizeof text);
	snprintf(text + 2000, sizeof text - 2000, "\n[roles]\nwarn = 99\n");
	assert_int_equal(read_text(&t, text, said, sizeof said), 1);
	assert_non_null(strstr(said, "x.theme:1: the line is longer"));
	assert_int_equal(t.look[ROLE_WARN].fg.c256, 99);

	text[0] = '\0';
	for (int i = 0; i < 4098; i++)
		memcpy(text + 3 * (size_t)i, "#\n\n", 4);
	assert_int_equal(read_text(&t, text, said, sizeof said), 1);
	assert_non_null(strstr(said, "x.theme:4096: the rest is not read"));

	text[0] = '\0';
	for (int i = 0, n = snprintf(text, sizeof text, "[palette]\n"); i < 66; i++)
		n += snprintf(text + n, sizeof text - (size_t)n, "c%d = %d\n", i, i);
	assert_int_equal(read_text(&t, text, said, sizeof said), 2);
	assert_non_null(strstr(said, "x.theme:66: more than 64 colours"));
}

/* Bases: looks, palette and kind come along, names do not; a palette changed below changes inherited looks. */
static void
bases(void **state)
{
	char said[4096] = "";
	struct theme t;

	(void)state;
	put_file("data", "ground",
	    "name = Ground\nkind = light\n[palette]\nsky = 33\nsun = 44\n"
	    "[roles]\nfail = sky\nwarn = sun\n[mono]\nfail = dim\n");
	put_file("data", "middle", "base = ground\n[roles]\nrun = sun on sky\n");
	put_file("config", "top", "base = middle\n[palette]\nsun = 55\n[mono]\nwarn = bold\n");
	assert_int_equal(load(&t, "top", said, sizeof said), 0);
	assert_string_equal(t.name, "top");
	assert_int_equal(t.kind, KIND_LIGHT);
	assert_int_equal(t.look[ROLE_FAIL].fg.c256, 33);
	assert_int_equal(t.look[ROLE_FAIL].mono, LOOK_DIM);
	assert_int_equal(t.look[ROLE_WARN].fg.c256, 55);
	assert_int_equal(t.look[ROLE_WARN].mono, LOOK_BOLD);
	assert_int_equal(t.look[ROLE_RUN].fg.c256, 55);
	assert_int_equal(t.look[ROLE_RUN].bg.c256, 33);

	/* The user's own of the same name is based on the one that it hides. */
	put_file("config", "ground", "base = ground\n[roles]\nfail = 77\n");
	assert_int_equal(load(&t, "ground", said, sizeof said), 0);
	assert_int_equal(t.look[ROLE_FAIL].fg.c256, 77);
	assert_int_equal(t.look[ROLE_WARN].fg.c256, 44);
}

/* Cycles and long chains are said, with the file and line that closes them. */
static void
bad_bases(void **state)
{
	char said[4096] = "", name[16], text[64];
	struct theme t;

	(void)state;
	put_file("config", "self", "base = self\n[roles]\nfail = 99\n");
	assert_int_equal(load(&t, "self", said, sizeof said), 1);
	assert_non_null(strstr(said, "self.theme:1: 'self' is based on this theme itself\n"));
	assert_int_equal(t.look[ROLE_FAIL].fg.c256, 99);

	put_file("config", "one", "base = two\n[roles]\nfail = 11\n");
	put_file("config", "two", "\nbase = one\n[roles]\nwarn = 22\n");
	assert_int_equal(load(&t, "one", said, sizeof said), 1);
	assert_non_null(strstr(said, "two.theme:2: 'one' is based on this theme itself\n"));
	assert_int_equal(t.look[ROLE_FAIL].fg.c256, 11);
	assert_int_equal(t.look[ROLE_WARN].fg.c256, 22);

	for (int i = 0; i < 9; i++) {
		snprintf(name, sizeof name, "deep%d", i);
		snprintf(text, sizeof text, "base = deep%d\n[roles]\nfail = %d\n", i + 1, 20 + i);
		put_file("config", name, i < 8 ? text : "[roles]\nwarn = 99\n");
	}
	assert_int_equal(load(&t, "deep0", said, sizeof said), 1);
	assert_non_null(strstr(said, "deep7.theme:1: more than 8 themes are based on each other"));
	assert_int_equal(t.look[ROLE_FAIL].fg.c256, 20);
	assert_int_equal(load(&t, "deep1", said, sizeof said), 0);
	assert_int_equal(t.look[ROLE_WARN].fg.c256, 99);

	/* A fault of the base is the base's, with its own place. */
	put_file("config", "faulty", "[roles]\nfail = redd\nwarn = 44\n");
	put_file("config", "user", "base = faulty\n");
	assert_int_equal(load(&t, "user", said, sizeof said), 1);
	assert_non_null(strstr(said, "faulty.theme:2: 'redd' is neither"));
	assert_int_equal(t.look[ROLE_WARN].fg.c256, 44);
}

/* Which of two files of a name is taken, and how a file is named. */
static void
search(void **state)
{
	char said[1024] = "", path[512], *list;
	struct theme_item *items;
	struct theme t;
	size_t len, n, own = 0;
	FILE *f;

	(void)state;
	put_file("data", "both", "[roles]\nfail = 1\nwarn = 2\n");
	assert_int_equal(load(&t, "both", said, sizeof said), 0);
	assert_int_equal(t.look[ROLE_FAIL].fg.c256, 1);
	put_file("config", "both", "[roles]\nfail = 3\n");
	assert_int_equal(load(&t, "both", said, sizeof said), 0);
	assert_int_equal(t.look[ROLE_FAIL].fg.c256, 3);
	assert_int_equal(t.look[ROLE_WARN].fg.c16, 3); /* the hidden one is no base */

	snprintf(path, sizeof path, "%s/data/sshmedic/themes/both.theme", root);
	assert_int_equal(load(&t, path, said, sizeof said), 0);
	assert_int_equal(t.look[ROLE_FAIL].fg.c256, 1);
	assert_int_equal(load(&t, "no-such", said, sizeof said), -1);
	assert_non_null(strstr(said, "no-such: there is no such theme"));
	assert_int_equal(load(&t, root, said, sizeof said), -1);
	assert_non_null(strstr(said, "Is a directory"));
	assert_int_equal(t.look[ROLE_FAIL].fg.c16, 1); /* the built-in one */

	n = theme_items(&items);
	assert_true(n > 8);
	assert_string_equal(items[0].name, "default");
	for (size_t i = 0; i < n; i++) {
		own += items[i].own;
		for (size_t j = 0; j < i; j++)
			assert_string_not_equal(items[i].name, items[j].name);
	}
	assert_true(own > 0 && own < n);
	theme_items_free(items, n);

	f = open_memstream(&list, &len);
	theme_list(f);
	fclose(f);
	snprintf(path, sizeof path, "%s/config/sshmedic/themes/both.theme", root);
	assert_non_null(strstr(list, path));
	snprintf(path, sizeof path, "%s/data/sshmedic/themes/both.theme", root);
	assert_null(strstr(list, path));
	free(list);
}

/* The files that are shipped are without fault, and default.theme says what is built in. */
static void
shipped_themes(void **state)
{
	static const struct {
		const char *name;
		enum theme_kind kind;
	} shipped[] = {
		{ "default", KIND_ANY },
		{ "dark", KIND_DARK },
		{ "light", KIND_LIGHT },
		{ "contrast", KIND_DARK },
		{ "cvd-dark", KIND_DARK },
		{ "cvd-light", KIND_LIGHT },
		{ "mono", KIND_ANY },
		{ "amber", KIND_DARK },
	};
	struct theme built, t;

	(void)state;
	theme_default(&built);
	for (size_t i = 0; i < sizeof shipped / sizeof shipped[0]; i++) {
		char path[64], said[4096] = "";

		snprintf(path, sizeof path, "./themes/%s.theme", shipped[i].name);
		if (load(&t, path, said, sizeof said) != 0)
			fail_msg("%s", said);
		assert_int_equal(t.kind, shipped[i].kind);
		assert_string_not_equal(t.name, path);
		if (i == 0)
			assert_memory_equal(t.look, built.look, sizeof t.look);
		else
			assert_memory_not_equal(t.look, built.look, sizeof t.look);
		/* Themes of a kind paint the background, the others leave it alone. */
		assert_int_equal(t.look[ROLE_TEXT].bg.rgb >= 0, t.kind != KIND_ANY);
	}
}

static int
begin(void **state)
{
	char cmd[256], dir[64];

	(void)state;
	if (mkdtemp(root) == NULL)
		return -1;
	snprintf(cmd, sizeof cmd, "mkdir -p %s/config/sshmedic/themes %s/data/sshmedic/themes",
	    root, root);
	snprintf(dir, sizeof dir, "%s/config", root);
	setenv("XDG_CONFIG_HOME", dir, 1);
	snprintf(dir, sizeof dir, "relative::%s/data", root);
	setenv("XDG_DATA_DIRS", dir, 1);
	return system(cmd);
}

static int
end(void **state)
{
	char cmd[256];

	(void)state;
	snprintf(cmd, sizeof cmd, "rm -r %s", root);
	return system(cmd);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(theme_files),
		cmocka_unit_test(open_colours),
		cmocka_unit_test(bad_theme_files),
		cmocka_unit_test(order_of_faults),
		cmocka_unit_test(long_theme_files),
		cmocka_unit_test(bases),
		cmocka_unit_test(bad_bases),
		cmocka_unit_test(search),
		cmocka_unit_test(shipped_themes),
	};

	return cmocka_run_group_tests(tests, begin, end);
}
