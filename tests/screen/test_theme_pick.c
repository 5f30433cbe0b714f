/* The theme picker: which themes it has, what it says of them, and that it fits every size. */
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <unistd.h>

#include "fixture.h"
#include "tui/shelf.h"

static char root[] = "/tmp/sshmedic-pick-XXXXXX";

static void
put_file(const char *name, const char *text)
{
	char path[256];
	FILE *f;

	snprintf(path, sizeof path, "%s/sshmedic/themes/%s.theme", root, name);
	assert_non_null(f = fopen(path, "w"));
	fputs(text, f);
	fclose(f);
}

/* The frame with the picker open, as text; roles: one letter a cell instead. */
static char *
picture(struct fixture *f, int cols, int rows, bool roles)
{
	struct grid g = { 0 };
	struct layout l;
	char *text;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	assert_int_equal(grid_resize(&g, cols, rows), 0);
	frame_layout(&f->v, &l, cols, rows);
	frame_draw(&f->v, &l, &g);
	grid_dump(&g, roles, out);
	fclose(out);
	grid_free(&g);
	return text;
}

static void
expect(struct fixture *f, int cols, int rows, const char *words, bool there)
{
	char *text = picture(f, cols, rows, false);

	if ((strstr(text, words) != NULL) != there)
		fail_msg("%s: %s\n%s", words, there ? "missing" : "shown", text);
	free(text);
}

static void
begin(struct fixture *f, const struct shelf *s)
{
	fx_begin(f, true);
	fx_failed(&f->d);
	f->v.dialog = DIALOG_THEME;
	f->v.shelf = s;
}

static int
place(const struct shelf *s, const char *name)
{
	for (size_t i = 0; i < s->n; i++)
		if (strcmp(s->at[i].name, name) == 0)
			return (int)i;
	fail_msg("no theme %s", name);
	return -1;
}

static void
what_is_there(void **state)
{
	struct theme t, odd;
	struct shelf *s;

	(void)state;
	put_file("mine", "kind = dark\n[roles]\nfail = redd\nrun = 99\n");
	theme_default(&t);
	s = shelf_new(&t, DEPTH_256);
	assert_true(s->n >= 2);
	assert_int_equal(shelf_find(s, &t), 0);
	assert_string_equal(s->at[0].name, "default");
	assert_true(s->at[place(s, "mine")].own);
	assert_int_equal(s->at[place(s, "mine")].faults, 1);
	assert_int_equal(s->at[0].faults, 0);
	assert_true(s->at[0].check.warnings > 0);

	/* A theme from elsewhere stands before the others. */
	odd = t;
	odd.look[ROLE_FAIL].attrs = LOOK_ITALIC;
	snprintf(odd.name, sizeof odd.name, "from elsewhere");
	shelf_free(s);
	s = shelf_new(&odd, DEPTH_256);
	assert_string_equal(s->at[0].name, "from elsewhere");
	assert_string_equal(s->at[1].name, "default");
	assert_int_equal(shelf_find(s, &odd), 0);
	assert_int_equal(shelf_find(s, &t), 1);
	shelf_free(s);

	/* Opened again it has the file as it is now. */
	put_file("mine", "kind = dark\n");
	s = shelf_new(&t, DEPTH_256);
	assert_int_equal(s->at[place(s, "mine")].faults, 0);
	shelf_free(s);
}

static void
what_it_says(void **state)
{
	struct fixture f;
	struct theme t;
	struct shelf *s;
	char *roles;

	(void)state;
	put_file("faint", "name = Faint\nkind = dark\nbase = ground\n[roles]\nhint = #333333\n");
	put_file("ground", "[roles]\ntext = #ffffff on #000000\ndim = #c0c0c0\n");
	put_file("wrong", "[roles]\nfail = redd\n");
	theme_default(&t);
	s = shelf_new(&t, DEPTH_TRUE);
	begin(&f, s);
	f.v.dialog_sel = place(s, "default");
	expect(&f, 100, 30, "the terminal's own colours", true);
	expect(&f, 100, 30, "~6 (pass and warn)", true);
	expect(&f, 100, 30, "3 warnings", true);
	expect(&f, 100, 30, "Enter keeps it for this session", true);
	f.v.dialog_sel = place(s, "faint");
	expect(&f, 100, 30, "> faint", true);
	expect(&f, 100, 30, "Faint", true);
	expect(&f, 100, 30, "1.7 at least (hint)", true);
	expect(&f, 100, 30, "true: hint has a contrast of 1.66", true);
	f.v.dialog_sel = place(s, "wrong");
	expect(&f, 100, 30, "its file has faults", true);
	expect(&f, 100, 30, "1 error", true);
	s->depth = DEPTH_MONO;
	expect(&f, 100, 30, "pairs of states", true);
	expect(&f, 100, 30, "at least", false);
	/* The states are drawn in their roles: the letters of pass, warn, fail, unknown. */
	roles = picture(&f, 100, 30, true);
	for (int r = ROLE_WAIT; r <= ROLE_UNKNOWN; r++) {
		char cells[8];

		memset(cells, 'A' + r, 4);
		cells[4] = '\0';
		if (strstr(roles, cells) == NULL)
			fail_msg("no cells of %s:\n%s", role_name((enum role)r), roles);
	}
	free(roles);
	shelf_free(s);
	fx_end(&f);
}

/* No size, no choice and no number of themes draws outside, and the chosen one is in sight. */
static void
every_size(void **state)
{
	struct fixture f;
	struct theme t;
	struct shelf *s;

	(void)state;
	for (int i = 0; i < 40; i++) {
		char name[16];

		snprintf(name, sizeof name, "many%02d", i);
		put_file(name, "[roles]\nrun = 99\n");
	}
	theme_default(&t);
	s = shelf_new(&t, DEPTH_16);
	assert_true(s->n > 40);
	begin(&f, s);
	for (int cols = 1; cols < 130; cols += 7)
		for (int rows = 1; rows < 40; rows += 3)
			for (size_t i = 0; i < s->n; i += 11) {
				f.v.dialog_sel = (int)i;
				free(picture(&f, cols, rows, false));
			}
	for (size_t i = 0; i < s->n; i++) {
		char chosen[80];

		snprintf(chosen, sizeof chosen, "> %.8s", s->at[i].name);
		f.v.dialog_sel = (int)i;
		expect(&f, 100, 30, chosen, true);
		expect(&f, 44, 16, chosen, true);
		expect(&f, 24, 6, chosen, true);
	}
	f.v.dialog_sel = 1000;
	expect(&f, 100, 30, "Theme", true);
	assert_int_equal(f.v.dialog_sel, s->n - 1);
	shelf_free(s);
	fx_end(&f);
}

static int
make_root(void **state)
{
	char cmd[256];

	(void)state;
	if (mkdtemp(root) == NULL)
		return -1;
	setenv("XDG_CONFIG_HOME", root, 1);
	snprintf(cmd, sizeof cmd, "mkdir -p %s/sshmedic/themes", root);
	return system(cmd);
}

static int
remove_root(void **state)
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
		cmocka_unit_test(what_is_there),
		cmocka_unit_test(what_it_says),
		cmocka_unit_test(every_size),
	};

	setlocale(LC_CTYPE, "C.UTF-8");
	return cmocka_run_group_tests(tests, make_root, remove_root);
}
