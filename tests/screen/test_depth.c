/* What is sent to a terminal: how many colours, by the environment and by the user's word; and another theme while it runs. */
#include <locale.h>
#include <pty.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "tui/screen.h"
#include "tui/setting.h"

static const char first[] = "[palette]\nrose = #ff5f5f @256 203 @16 brightred\n"
			    "[roles]\nfail = rose\npass = cyan\nrun = brightcyan\nwarn = #000001\n",
		  second[] =
		      "[roles]\nfail = #102030\npass = #102030\nrun = #102030\nwarn = #102030\n"
		      "text = default on #302010\n[mono]\nfail = underline\n";

static void
read_theme(struct theme *t, const char *text)
{
	FILE *f = fmemopen((void *)(uintptr_t)text, strlen(text), "r");

	theme_read(t, f, "x.theme", stderr);
	fclose(f);
}

static const enum role drawn[] = { ROLE_FAIL, ROLE_PASS, ROLE_RUN, ROLE_WARN };

/* In the child: a word in each of four roles. With two themes, one after the other. Never returns. */
static void
draw(int color, bool other)
{
	const char *was = getenv("TERMINFO");
	struct screen *s = NULL;
	struct grid g = { 0 };
	struct theme t;
	char note[256], err[256], before[256];

	snprintf(before, sizeof before, "%s", was != NULL ? was : "");
	screen_locale(true);
	read_theme(&t, first);
	screen_prepare(color);
	if (screen_open(&s, &t, note, sizeof note, err, sizeof err) != 0) {
		printf("ERR %s", err);
		fflush(stdout);
		_exit(1);
	}
	was = getenv("TERMINFO");
	if (strcmp(was != NULL ? was : "", before) != 0)
		_exit(2);
	grid_resize(&g, 100, 10);
	for (int i = 0; i < 4; i++)
		area_text(grid_area(&g), 0, i, drawn[i], "word");
	area_text(grid_area(&g), 0, 5, ROLE_TEXT, note);
	screen_show(s, &g);
	if (other) {
		fputs("<<<", stdout);
		fflush(stdout);
		read_theme(&t, second);
		screen_theme(s, &t);
		screen_show(s, &g);
		fputs(">>>", stdout);
		fflush(stdout);
	}
	screen_close(s);
	_exit(0);
}

struct setup {
	const char *term, *colorterm, *no_color, *sty, *terminfo;
	int color;
	const char *has[3], *lacks[3];
	bool none; /* no colour at all */
};

static void
set(const char *name, const char *value)
{
	if (value != NULL)
		setenv(name, value, 1);
	else
		unsetenv(name);
}

/* All that a terminal of this kind is sent. Returns the child's exit code. */
static int
sent(const struct setup *e, bool other, char *buf, size_t cap)
{
	struct winsize ws = { .ws_row = 10, .ws_col = 100 };
	size_t n = 0;
	ssize_t got;
	int fd, status;
	pid_t pid = forkpty(&fd, NULL, NULL, &ws);

	assert_true(pid >= 0);
	if (pid == 0) {
		set("TERM", e->term);
		set("COLORTERM", e->colorterm);
		set("NO_COLOR", e->no_color);
		set("STY", e->sty);
		set("TERMINFO", e->terminfo);
		draw(e->color, other);
	}
	while (n + 1 < cap && (got = read(fd, buf + n, cap - n - 1)) > 0)
		n += (size_t)got;
	buf[n] = '\0';
	close(fd);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	for (size_t i = 0; i < n; i++)
		if (buf[i] == '\0')
			buf[i] = ' ';
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

#define TRUECOLOR "38;2;255;95;95m"
#define CUBE "38;5;203m"
#define BASIC "\033[31m"
#define BRIGHT "\033[91m"

/* Whether any colour but the default is asked for. */
static bool
coloured(const char *buf)
{
	for (const char *p = buf; (p = strstr(p, "\033[")) != NULL; p += 2) {
		const char *end = p + 2 + strspn(p + 2, "0123456789;:");

		if (*end != 'm')
			continue;
		for (const char *q = p + 2; q < end; q += strcspn(q, ";m") + 1) {
			long n = strtol(q, NULL, 10);

			if ((n >= 30 && n <= 48 && n != 39) || (n >= 90 && n <= 107))
				return true;
		}
	}
	return false;
}

static void
depths(void **state)
{
	static const struct setup t[] = {
		{ "xterm-256color", "truecolor", .has = { TRUECOLOR, "\033[36m", "\033[96m" },
		    .lacks = { "38;5" } },
		{ "xterm-256color", "24bit", .has = { TRUECOLOR, "38;2;1;0;1m" } },
		{ "xterm", "truecolor", .has = { TRUECOLOR } },
		{ "tmux-256color", "truecolor", .has = { TRUECOLOR } },
		{ "xterm-256color", .has = { CUBE, "\033[36m", "\033[96m" }, .lacks = { "38;2" } },
		{ "xterm-256color", "yes", .has = { CUBE }, .lacks = { "38;2" } },
		{ "xterm-256color", .no_color = "", .has = { CUBE } },
		{ "screen-256color", "truecolor", .sty = "1.x", .has = { CUBE },
		    .lacks = { "38;2" } },
		{ "xterm", .has = { BASIC, "\033[36m", "1m" }, .lacks = { "38;", "\033[9" } },
		{ "linux", .has = { BASIC }, .lacks = { "38;", "\033[9" } },
		{ "linux", "truecolor", .has = { BASIC }, .lacks = { "38;" } },
		{ "vt100", .none = true },
		{ "vt100", "truecolor", .none = true },
		{ "xterm-256color", "truecolor", "1", .none = true },
		/* A terminal that this machine does not know is taken for one of its family. */
		{ "xterm-unheard-of", .has = { CUBE, "xterm-unheard-of" }, .lacks = { "38;2" } },
		{ "xterm-unheard-of", "truecolor", .has = { TRUECOLOR } },
		{ "tmux-unheard-of", .has = { CUBE, "using 'screen-256color'" } },
		{ "unheard-of", .has = { "using 'vt100'" }, .none = true },
		/* What the user says wins over all of that. */
		{ "xterm-256color", "truecolor", .color = COLOR_NEVER, .none = true },
		{ "xterm-256color", "truecolor", .color = COLOR_256, .has = { CUBE },
		    .lacks = { "38;2" } },
		{ "xterm-256color", "truecolor", .color = COLOR_16, .has = { BRIGHT, "\033[36m" },
		    .lacks = { "38;" } },
		{ "xterm-256color", NULL, "1", .color = COLOR_TRUE, .has = { TRUECOLOR } },
		{ "xterm", .color = COLOR_256, .has = { CUBE } },
		{ "xterm", .color = COLOR_16, .has = { BRIGHT }, .lacks = { "38;" } },
		{ "linux", .color = COLOR_TRUE, .has = { TRUECOLOR } },
		{ "vt100", .color = COLOR_16, .has = { BRIGHT } },
		/* The user's own folder of descriptions is there again afterwards. */
		{ "xterm-256color", "truecolor", .terminfo = "/nonexistent/terminfo",
		    .has = { TRUECOLOR } },
	};

	(void)state;
	for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
		char buf[65536];

		assert_int_equal(sent(&t[i], false, buf, sizeof buf), 0);
		assert_non_null(strstr(buf, "word"));
		for (int k = 0; k < 3; k++) {
			if (t[i].has[k] != NULL && strstr(buf, t[i].has[k]) == NULL)
				fail_msg("%zu %s: no %s", i, t[i].term, t[i].has[k] + 1);
			if (t[i].lacks[k] != NULL && strstr(buf, t[i].lacks[k]) != NULL)
				fail_msg("%zu %s: has %s", i, t[i].term, t[i].lacks[k] + 1);
		}
		if (coloured(buf) == t[i].none)
			fail_msg("%zu %s: %s", i, t[i].term, t[i].none ? "colour" : "no colour");
	}
}

/* Descriptions that say so themselves; where this machine has none, there is nothing to test. */
static void
direct(void **state)
{
	static const struct setup own = { "xterm-direct", .has = { NULL } },
				  less = { "xterm-direct", .color = COLOR_256 };
	char buf[65536];

	(void)state;
	if (access("/usr/share/terminfo/x/xterm-direct", R_OK) != 0)
		skip();
	assert_int_equal(sent(&own, false, buf, sizeof buf), 0);
	assert_true(strstr(buf, "38:2::255:95:95m") != NULL || strstr(buf, TRUECOLOR) != NULL);
	assert_non_null(strstr(buf, "\033[36m"));
	assert_int_equal(sent(&less, false, buf, sizeof buf), 0);
	assert_non_null(strstr(buf, CUBE));
}

static void
no_screen(void **state)
{
	static const struct setup dumb = { "dumb", .has = { NULL } },
				  unset = { NULL, .has = { NULL } };
	char buf[65536];

	(void)state;
	assert_int_equal(sent(&dumb, false, buf, sizeof buf), 1);
	assert_non_null(
	    strstr(buf, "ERR the terminal says that it cannot place the cursor (TERM is dumb)"));
	assert_int_equal(sent(&unset, false, buf, sizeof buf), 1);
	assert_non_null(strstr(buf, "TERM is not set"));
}

/* Another theme: what looks different is sent again, and the screen is not cleared for it. */
static void
other_theme(void **state)
{
	static const struct {
		struct setup e;
		const char *fg, *bg;
	} t[] = {
		{ { "xterm-256color", "truecolor", .has = { NULL } }, "38;2;16;32;48m",
		    "48;2;48;32;16m" },
		{ { "xterm-256color", .has = { NULL } }, "38;5;", "48;5;" },
		{ { "vt100", .has = { NULL } }, "\033[0;4m", "word" },
	};
	char buf[65536], *begin, *end;

	(void)state;
	for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
		assert_int_equal(sent(&t[i].e, true, buf, sizeof buf), 0);
		assert_non_null(begin = strstr(buf, "<<<"));
		assert_non_null(end = strstr(buf, ">>>"));
		*end = '\0';
		assert_non_null(strstr(begin, t[i].fg));
		assert_non_null(strstr(begin, t[i].bg));
		assert_non_null(strstr(begin, "word"));
		assert_null(strstr(begin, "\033[2J"));
		assert_null(strstr(begin, "\033[H\033[J"));
		assert_null(strstr(begin, TRUECOLOR));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(depths),
		cmocka_unit_test(direct),
		cmocka_unit_test(no_screen),
		cmocka_unit_test(other_theme),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
