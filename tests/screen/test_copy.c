/*
 * The ways to a clipboard, on a terminal of our own: a child draws to it and copies, and what
 * arrives at the terminal's other end, in files and in the sentence for the user is what it should be.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/base64.h"
#include "tui/copy.h"

static const char *term; /* NULL: no screen */

enum { OUT_MAX = 256 * 1024, WAIT_MS = 20000 };

static char home[64];
static struct settings set;

/* What came of a copy. */
static struct {
	char words[4096];  /* the sentence */
	char out[OUT_MAX]; /* what the terminal got */
	size_t len;
	char seq[OUT_MAX]; /* the OSC 52 sequence that was meant */
} got;

static char *
in_home(const char *name)
{
	static char path[4][256];
	static int i;

	i = (i + 1) % 4;
	snprintf(path[i], sizeof path[i], "%s/%s", home, name);
	return path[i];
}

static const char *
content(const char *path)
{
	static char text[OUT_MAX];
	FILE *f = fopen(path, "re");
	size_t n = f == NULL ? 0 : fread(text, 1, sizeof text - 1, f);

	text[n] = '\0';
	if (f != NULL)
		fclose(f);
	return text;
}

static void
script(const char *name, const char *body)
{
	FILE *f = fopen(in_home(name), "we");

	assert_non_null(f);
	fprintf(f, "#!/bin/sh\n%s\n", body);
	fclose(f);
	assert_int_equal(chmod(in_home(name), 0700), 0);
}

static int
begin(void **state)
{
	(void)state;
	snprintf(home, sizeof home, "/tmp/sshmedic-copy-XXXXXX");
	assert_non_null(mkdtemp(home));
	settings_default(&set);
	term = "xterm-256color";
	unsetenv("TMUX");
	unsetenv("STY");
	setenv("XDG_RUNTIME_DIR", home, 1);
	setenv("PATH", "/usr/bin:/bin", 1);
	return 0;
}

static int
end(void **state)
{
	char command[128];

	(void)state;
	setenv("PATH", "/usr/bin:/bin", 1);
	snprintf(command, sizeof command, "rm -rf %s", home);
	return system(command);
}

/* ---- the child ------------------------------------------------------------------------- */

struct child {
	uv_loop_t loop;
	FILE *say;
};

static void
on_done(void *arg, const char *words)
{
	struct child *c = arg;

	fputs(words, c->say);
	uv_stop(&c->loop);
}

static void
run_child(int fd, const char *text, size_t len)
{
	struct child c = { .say = fdopen(fd, "we") };
	struct screen *s = NULL;
	struct copier *copier;
	struct theme theme;
	char note[256], err[256] = "";

	signal(SIGPIPE, SIG_IGN); /* as main() does */
	if (term != NULL)
		setenv("TERM", term, 1);
	screen_locale(true);
	theme_default(&theme);
	uv_loop_init(&c.loop);
	if (term != NULL && screen_open(&s, &theme, note, sizeof note, err, sizeof err) != 0)
		fprintf(c.say, "no screen: %s", err);
	copier = copier_new(&c.loop, s, &set, on_done, &c);
	copier_copy(copier, text, len);
	uv_run(&c.loop, UV_RUN_DEFAULT);
	copier_free(copier);
	screen_close(s);
	fclose(c.say);
	_exit(0);
}

/* Take what an end has. Returns false once it is shut. */
static bool
take(int fd, char *to, size_t cap, size_t *len)
{
	ssize_t n = read(fd, to + *len, cap - 1 - *len);

	if (n > 0)
		*len += (size_t)n;
	to[*len] = '\0';
	return n > 0;
}

/* Copy text in a child with a terminal of its own. */
static void
copy(const char *text, size_t len)
{
	struct winsize ws = { .ws_row = 24, .ws_col = 80 };
	int says[2], master, status;
	size_t words = 0;
	pid_t pid;
	bool open[2] = { true, true };

	memset(&got, 0, sizeof got);
	assert_int_equal(pipe(says), 0);
	if ((pid = forkpty(&master, NULL, NULL, &ws)) == 0) {
		close(says[0]);
		run_child(says[1], text, len);
	}
	assert_true(pid > 0);
	close(says[1]);
	while (open[0] || open[1]) {
		struct pollfd p[2] = { { .fd = open[0] ? master : -1, .events = POLLIN },
			{ .fd = open[1] ? says[0] : -1, .events = POLLIN } };

		assert_true(poll(p, 2, WAIT_MS) > 0);
		if (p[0].revents != 0)
			open[0] = take(master, got.out, sizeof got.out, &got.len);
		if (p[1].revents != 0)
			open[1] = take(says[0], got.words, sizeof got.words, &words);
	}
	close(master);
	close(says[0]);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	strcpy(got.seq, "\033]52;c;");
	base64_encode(got.seq + 7, sizeof got.seq - 8, (const uint8_t *)text, len);
	strcat(got.seq, "\a");
}

static bool
terminal_got(const char *bytes)
{
	return memmem(got.out, got.len, bytes, strlen(bytes)) != NULL;
}

/* The sentence is head, the file's name and nothing else. */
static void
said(const char *head, const char *file)
{
	char want[1024];

	snprintf(want, sizeof want, "%s%s", head, file);
	assert_string_equal(got.words, want);
}

/* ---- the tests ---------------------------------------------------------------------------- */

static void
by_the_terminal(void **state)
{
	struct stat st;

	(void)state;
	copy("one\ntwo", 7);
	assert_true(terminal_got(got.seq));
	said("sent to the terminal's clipboard (OSC 52): 2 lines; if a paste is empty: ",
	    in_home("sshmedic/clip.txt"));
	assert_string_equal(content(in_home("sshmedic/clip.txt")), "one\ntwo");
	assert_int_equal(stat(in_home("sshmedic/clip.txt"), &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	assert_int_equal(stat(in_home("sshmedic"), &st), 0);
	assert_int_equal(st.st_mode & 0777, 0700);
}

/* GNU screen passes it on in strings of its own, none of them long. */
static void
through_gnu_screen(void **state)
{
	static char joined[OUT_MAX];
	char text[2000];
	size_t n = 0;

	(void)state;
	memset(text, 'x', sizeof text);
	setenv("STY", "1.pts", 1);
	copy(text, sizeof text);
	for (char *at = strstr(got.out, "\033P\033]52;"), *stop;
	     at != NULL && strncmp(at, "\033P", 2) == 0; at = stop + 2) {
		assert_non_null(stop = strstr(at + 3, "\033\\"));
		assert_true(stop - at <= 256);
		memcpy(joined + n, at + 2, (size_t)(stop - at - 2));
		n += (size_t)(stop - at - 2);
	}
	joined[n] = '\0';
	assert_string_equal(joined, got.seq);
}

static void
no_longer_than_a_terminal_takes(void **state)
{
	static char text[COPY_OSC52_MAX + 1];

	(void)state;
	memset(text, 'x', sizeof text);
	copy(text, COPY_OSC52_MAX);
	assert_true(terminal_got(got.seq));
	assert_true(strlen(got.seq) <= 100000);
	copy(text, COPY_OSC52_MAX + 1);
	assert_false(terminal_got("\033]52;"));
	said("too long for a terminal's clipboard: 1 line; they are in ",
	    in_home("sshmedic/clip.txt"));
	assert_int_equal(strlen(content(in_home("sshmedic/clip.txt"))), COPY_OSC52_MAX + 1);
}

static void
a_terminal_that_knows_no_such_thing(void **state)
{
	(void)state;
	term = "vt100";
	copy("one", 3);
	assert_false(terminal_got("52;c"));
	said("this terminal has no clipboard: 1 line; they are in ", in_home("sshmedic/clip.txt"));
}

/* As lines for a screen reader, there is no screen to send it to. */
static void
without_a_screen(void **state)
{
	(void)state;
	term = NULL;
	copy("one", 3);
	assert_int_equal(got.len, 0);
	said("to no clipboard: 1 line; they are in ", in_home("sshmedic/clip.txt"));
}

static void
by_tmux(void **state)
{
	char path[256];

	(void)state;
	script("tmux", "echo \"$@\" >\"$XDG_RUNTIME_DIR/args\"; cat >\"$XDG_RUNTIME_DIR/buffer\"");
	snprintf(path, sizeof path, "%s:/usr/bin:/bin", home);
	setenv("PATH", path, 1);
	setenv("TMUX", "/tmp/x,1,0", 1);
	copy("one\n", 4);
	assert_string_equal(content(in_home("args")), "load-buffer -w -\n");
	assert_string_equal(content(in_home("buffer")), "one\n");
	assert_false(terminal_got("\033]52;"));
	said("copied by tmux: 1 line; also in ", in_home("sshmedic/clip.txt"));
}

/* A tmux before 3.2 does not know -w. */
static void
an_old_tmux_is_passed_over(void **state)
{
	char path[256];

	(void)state;
	script("tmux", "echo 'usage: load-buffer [-b buffer-name] path' >&2; exit 1");
	snprintf(path, sizeof path, "%s:/usr/bin:/bin", home);
	setenv("PATH", path, 1);
	setenv("TMUX", "/tmp/x,1,0", 1);
	copy("one", 3);
	assert_true(terminal_got(got.seq));
	assert_non_null(strstr(got.words, "(OSC 52)"));
	setenv("PATH", "/nowhere", 1); /* and one that is not there */
	copy("two", 3);
	assert_true(terminal_got(got.seq));
}

static void
choose(enum setting what, const char *value)
{
	char err[256];

	assert_int_equal(setting_set(&set, what, value, FROM_USER, err, sizeof err), 0);
}

static void
by_a_command(void **state)
{
	(void)state;
	choose(SETTING_COMMAND, "cat > $XDG_RUNTIME_DIR/taken");
	copy("one\ntwo\n", 8);
	assert_string_equal(content(in_home("taken")), "one\ntwo\n");
	assert_false(terminal_got("\033]52;"));
	said("taken by cat: 2 lines; also in ", in_home("sshmedic/clip.txt"));
	choose(SETTING_COMMAND, "exit 3"); /* one that fails is passed over */
	copy("one", 3);
	assert_true(terminal_got(got.seq));
}

/* More than a pipe holds, to a program that reads none of it and one that stays. */
static void
a_command_that_does_not_read(void **state)
{
	static char text[70000];

	(void)state;
	memset(text, 'x', sizeof text);
	choose(SETTING_COMMAND, "exec true");
	copy(text, sizeof text);
	assert_non_null(strstr(got.words, "taken by exec"));
	choose(SETTING_COMMAND, "exec tail -f /dev/null");
	copy(text, sizeof text);
	assert_true(terminal_got(got.seq));
}

static void
the_way_that_is_set(void **state)
{
	(void)state;
	choose(SETTING_ROUTE, "file");
	choose(SETTING_COMMAND, "cat > $XDG_RUNTIME_DIR/taken");
	copy("one", 3);
	assert_false(terminal_got("\033]52;"));
	assert_string_equal(content(in_home("taken")), "");
	said("to no clipboard: 1 line; they are in ", in_home("sshmedic/clip.txt"));
	choose(SETTING_ROUTE, "osc52");
	copy("two", 3);
	assert_true(terminal_got(got.seq));
	choose(SETTING_ROUTE, "tmux"); /* where there is none */
	copy("two", 3);
	assert_false(terminal_got("\033]52;"));
}

/* A folder that others may write to holds nothing of ours; without a runtime folder there is another. */
static void
only_into_a_private_folder(void **state)
{
	char folder[128];

	(void)state;
	assert_int_equal(mkdir(in_home("sshmedic"), 0700), 0);
	assert_int_equal(chmod(in_home("sshmedic"), 0777), 0);
	copy("one", 3);
	said("sent to the terminal's clipboard (OSC 52): 1 line", "");
	assert_int_not_equal(access(in_home("sshmedic/clip.txt"), F_OK), 0);
	unsetenv("XDG_RUNTIME_DIR");
	setenv("TMPDIR", home, 1);
	copy("one", 3);
	snprintf(folder, sizeof folder, "sshmedic-%ld/clip.txt", (long)geteuid());
	assert_string_equal(content(in_home(folder)), "one");
	unsetenv("TMPDIR");
}

/* What another program left there does not stay readable, and a link is not followed. */
static void
the_file_is_private_whatever_was_there(void **state)
{
	struct stat st;
	FILE *f;

	(void)state;
	assert_int_equal(mkdir(in_home("sshmedic"), 0700), 0);
	f = fopen(in_home("sshmedic/clip.txt"), "we");
	fputs("something longer", f);
	fclose(f);
	chmod(in_home("sshmedic/clip.txt"), 0644);
	copy("one", 3);
	assert_string_equal(content(in_home("sshmedic/clip.txt")), "one");
	assert_int_equal(stat(in_home("sshmedic/clip.txt"), &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	assert_int_equal(unlink(in_home("sshmedic/clip.txt")), 0);
	assert_int_equal(symlink(in_home("elsewhere"), in_home("sshmedic/clip.txt")), 0);
	copy("one", 3);
	assert_int_not_equal(access(in_home("elsewhere"), F_OK), 0);
}

int
main(void)
{
#define T(t) cmocka_unit_test_setup_teardown(t, begin, end)
	const struct CMUnitTest tests[] = {
		T(by_the_terminal),
		T(through_gnu_screen),
		T(no_longer_than_a_terminal_takes),
		T(a_terminal_that_knows_no_such_thing),
		T(without_a_screen),
		T(by_tmux),
		T(an_old_tmux_is_passed_over),
		T(by_a_command),
		T(a_command_that_does_not_read),
		T(the_way_that_is_set),
		T(only_into_a_private_folder),
		T(the_file_is_private_whatever_was_there),
	};
#undef T

	return cmocka_run_group_tests(tests, NULL, NULL);
}
