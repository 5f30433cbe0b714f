/* Settings: who wins, what is refused, locks, and keys given by the user. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tui/setting.h"

static char said[4096];

/* Read text as a file of a source; returns the number of complaints, which are in said. */
static int
read_text(struct settings *s, const char *text, enum setting_source from)
{
	FILE *in = fmemopen((void *)(uintptr_t)text, strlen(text), "r"),
	     *out = fmemopen(said, sizeof said, "w");
	int n;

	assert_true(in != NULL && out != NULL);
	said[0] = '\0';
	n = settings_read(s, in, "conf", from, out);
	fclose(in);
	fclose(out);
	return n;
}

/* A line with a NUL byte is no text, and the line behind it counts; nothing of a file reaches a terminal raw. */
static void
bytes(void **state)
{
	static const char text[] = "[ui]\ntheme = a\0b\n[fix]\nmode = read-only\n";
	static const char nul[] = "[ui]\nfps = 7\0\nfps = 9\n";
	struct settings s;
	char out[8192], err[64];
	FILE *in = fmemopen((void *)(uintptr_t)text, sizeof text - 1, "r"),
	     *to = fmemopen(out, sizeof out, "w");

	(void)state;
	settings_default(&s);
	assert_true(in != NULL && to != NULL);
	assert_int_equal(settings_read(&s, in, "conf", FROM_SYSTEM, to), 1);
	fclose(in);
	fclose(to);
	assert_non_null(strstr(out, "conf:2: a line that begins with 'theme = a' is no text"));
	assert_int_equal(s.at[SETTING_FIX_MODE].n, 1);
	in = fmemopen((void *)(uintptr_t)nul, sizeof nul - 1, "r");
	to = fmemopen(out, sizeof out, "w");
	assert_true(in != NULL && to != NULL);
	assert_int_equal(settings_read(&s, in, "conf", FROM_SYSTEM, to), 1);
	fclose(in);
	assert_int_equal(s.at[SETTING_FPS].n, 9);
	assert_int_equal(
	    setting_set(&s, SETTING_THEME, "\033]0;x\a", FROM_USER, err, sizeof err), 0);
	rewind(to);
	settings_print(&s, to);
	fclose(to);
	assert_non_null(strstr(out, "theme = "));
	assert_null(strchr(out, '\033'));
	assert_null(strchr(out, '\a'));
}

static void
sources(void **state)
{
	struct settings s;
	char err[256];

	(void)state;
	settings_default(&s);
	assert_string_equal(s.at[SETTING_THEME].text, "default");
	assert_int_equal(s.at[SETTING_FPS].n, 5);
	assert_int_equal(read_text(&s,
			     "# a comment\n; another\n\n[ui]\n theme = dark   # behind it\n"
			     "fps=12\r\n[fix]\nmode = read-only\n",
			     FROM_USER),
	    0);
	assert_string_equal(s.at[SETTING_THEME].text, "dark");
	assert_int_equal(s.at[SETTING_FPS].n, 12);
	assert_int_equal(s.at[SETTING_FIX_MODE].n, 1);
	assert_int_equal(read_text(&s, "[ui]\ntheme = light\n", FROM_SYSTEM), 0);
	assert_string_equal(s.at[SETTING_THEME].text, "dark"); /* the user's file wins */
	assert_int_equal(setting_set(&s, SETTING_THEME, "mono", FROM_OPTION, err, sizeof err), 0);
	assert_string_equal(s.at[SETTING_THEME].text, "mono");
}

/* The same values and the same keys. */
static void
assert_same(const struct settings *a, const struct settings *b)
{
	for (int i = 0; i < SETTING__COUNT; i++) {
		assert_string_equal(a->at[i].text, b->at[i].text);
		assert_int_equal(a->at[i].n, b->at[i].n);
	}
	for (int i = 0; i < ACTION__COUNT; i++)
		assert_string_equal(a->keys.keys[i], b->keys.keys[i]);
}

static void
wrong_lines(void **state)
{
	static const char *const lines[] = { "theme = x", "[ui]\nthame = x", "[ui]\nfps = 0",
		"[ui]\nfps = 31", "[ui]\nfps = 5x", "[ui]\nfps =", "[ui]\ncolor = blue",
		"[ui]\njust words", "[keys]\nno-such-command = q", "[keys]\nquit = Hyper-Q",
		"[keys]\nquit =", "lock = fix.mode" };
	struct settings s, before;

	(void)state;
	settings_default(&s);
	before = s;
	for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
		if (read_text(&s, lines[i], FROM_USER) != 1)
			fail_msg("'%s' was taken", lines[i]);
		assert_true(strncmp(said, "conf:", 5) == 0);
		assert_same(&s, &before);
	}
	assert_int_equal(read_text(&s, "[ui]\n\033]0;x\a = \xff\n", FROM_USER), 1);
	for (const char *c = said; *c != '\0'; c++)
		assert_true((unsigned char)*c >= ' ' || *c == '\n');
}

static void
locks(void **state)
{
	struct settings s;
	char err[256];

	(void)state;
	settings_default(&s);
	assert_int_equal(
	    read_text(&s, "lock = fix.mode, ui.theme\n[fix]\nmode = read-only\n", FROM_SYSTEM), 0);
	assert_int_equal(read_text(&s, "[fix]\nmode = ask\n", FROM_USER), 1);
	assert_int_equal(s.at[SETTING_FIX_MODE].n, 1);
	assert_int_equal(
	    setting_set(&s, SETTING_FIX_MODE, "ask", FROM_OPTION, err, sizeof err), -1);
	assert_non_null(strstr(err, "read-only"));
	assert_int_equal(
	    setting_set(&s, SETTING_FIX_MODE, "read-only", FROM_OPTION, err, sizeof err), 0);
	assert_int_equal(read_text(&s, "lock = ui.nothing theme", FROM_SYSTEM), 2);
}

static void
keys(void **state)
{
	struct settings s;
	int nth;

	(void)state;
	settings_default(&s);
	assert_int_equal(
	    read_text(&s, "[keys]\nquit = F11\nrerun-all = none\nzoom = F4, F7\n", FROM_USER), 0);
	assert_int_equal(action_lookup(&s.keys, KEYCODE_F0 + 11, CTX_MAIN, &nth), ACTION_QUIT);
	assert_int_equal(action_lookup(&s.keys, 'r', CTX_MAIN, &nth), ACTION_NONE);
	assert_int_equal(action_lookup(&s.keys, KEYCODE_F0 + 7, CTX_MAIN, &nth), ACTION_ZOOM);
	assert_int_equal(nth, 1);
	/* A key that is somebody's: the default stays, and the line is named. */
	assert_int_equal(read_text(&s, "[keys]\nfollow = x\n", FROM_USER), 1);
	assert_non_null(strstr(said, "conf:2: a key of 'follow' belongs to 'cancel'"));
	assert_int_equal(action_lookup(&s.keys, 'x', CTX_MAIN, &nth), ACTION_CANCEL);
	assert_int_equal(action_lookup(&s.keys, 'f', CTX_MAIN, &nth), ACTION_FOLLOW);
	/* Two that change places do not clash. */
	assert_int_equal(read_text(&s, "[keys]\nfollow = x\ncancel = f\n", FROM_USER), 0);
	assert_int_equal(action_lookup(&s.keys, 'x', CTX_MAIN, &nth), ACTION_FOLLOW);
	/* A key in another context is no clash: y copies, confirms. */
	assert_int_equal(keymap_clash(&s.keys, ACTION_CONFIRM), ACTION_NONE);
}

/* What --print-config and --print-keys print is read back as what was in force. */
static void
printed(void **state)
{
	struct settings s, again;
	char *text = NULL, *p;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	(void)state;
	settings_default(&s);
	read_text(&s, "[ui]\ntheme = dark\n[keys]\nquit = F11, F12\nfollow = none\n", FROM_USER);
	settings_print(&s, out);
	fclose(out);
	settings_default(&again);
	assert_int_equal(read_text(&again, text, FROM_USER), 0);
	assert_same(&s, &again);
	/* And so it is with each comment sign taken off: what is shown is what can be written. */
	for (p = text; (p = strstr(p, "\n#")) != NULL; p++)
		if (p[2] != ' ')
			p[1] = ' ';
	settings_default(&again);
	assert_int_equal(read_text(&again, text, FROM_USER), 0);
	assert_same(&s, &again);
	free(text);
}

/* The user's file by XDG, the environment above it; a file that is not there is nothing to complain of. */
static void
loaded(void **state)
{
	char dir[] = "/tmp/sshmedic-test-XXXXXX", path[128];
	struct settings s;
	FILE *f;

	(void)state;
	assert_non_null(mkdtemp(dir));
	setenv("XDG_CONFIG_HOME", dir, 1);
	unsetenv("NO_COLOR");
	settings_load(&s, stderr);
	assert_int_equal(s.at[SETTING_COLOR].n, COLOR_AUTO);
	snprintf(path, sizeof path, "%s/sshmedic", dir);
	mkdir(path, 0700);
	snprintf(path, sizeof path, "%s/sshmedic/config", dir);
	assert_non_null(f = fopen(path, "w"));
	fputs("[ui]\ncolor = 256\ntheme = dark\n", f);
	fclose(f);
	setenv("NO_COLOR", "1", 1);
	setenv("SSHMEDIC_THEME", "light", 1);
	settings_load(&s, stderr);
	assert_int_equal(s.at[SETTING_COLOR].n, COLOR_NEVER);
	assert_string_equal(s.at[SETTING_THEME].text, "light");
	unsetenv("NO_COLOR");
	unsetenv("SSHMEDIC_THEME");
	settings_load(&s, stderr);
	assert_int_equal(s.at[SETTING_COLOR].n, COLOR_256);
	unlink(path);
	snprintf(path, sizeof path, "%s/sshmedic", dir);
	rmdir(path);
	rmdir(dir);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bytes),
		cmocka_unit_test(sources),
		cmocka_unit_test(wrong_lines),
		cmocka_unit_test(locks),
		cmocka_unit_test(keys),
		cmocka_unit_test(printed),
		cmocka_unit_test(loaded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
