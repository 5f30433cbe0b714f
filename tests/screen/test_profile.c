/* Profiles in files: private, replaced as a whole, under names that are safe whatever a host is called; and bad files. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/replay.h"
#include "tui/profile.h"

static char home[64];
static struct replay *lines;
static struct book *book;
static const struct diag *diag;

static int
begin(void **state)
{
	FILE *in = fopen("tests/practice/healthy.ev", "re");

	(void)state;
	assert_non_null(in);
	snprintf(home, sizeof home, "/tmp/sshmedic-profile-XXXXXX");
	assert_non_null(mkdtemp(home));
	setenv("HOME", home, 1);
	unsetenv("XDG_STATE_HOME");
	lines = replay_new();
	book = book_new();
	replay_read(lines, in, "healthy", stderr);
	fclose(in);
	for (size_t i = 0; i < replay_count(lines); i++)
		book_add(book, replay_line(lines, i));
	diag = book_diag(book, replay_target(lines));
	return 0;
}

static int
end(void **state)
{
	char command[128];

	(void)state;
	book_free(book);
	replay_free(lines);
	snprintf(command, sizeof command, "rm -rf %s", home);
	return system(command);
}

static void
kept_and_read(void **state)
{
	char path[512], want[256], err[512];
	struct stat st;
	size_t len = 0;
	char *text = profile_text(diag, book, &len);
	struct earlier *e;
	struct baseline *w;

	(void)state;
	assert_non_null(text);
	assert_true(profile_path(diag, path, sizeof path));
	snprintf(
	    want, sizeof want, "%s/.local/state/sshmedic/profiles/127.0.0.1+2222+trainee.ev", home);
	assert_string_equal(path, want);
	assert_null(earlier_read(path, err, sizeof err));
	assert_string_equal(err, "");
	umask(0);
	assert_int_equal(profile_store(path, text, len), 0);
	assert_int_equal(profile_store(path, text, len), 0); /* over the one before */
	umask(022);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	assert_int_equal(st.st_size, len);
	*strrchr(want, '/') = '\0';
	assert_int_equal(stat(want, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0700);
	e = earlier_read(path, err, sizeof err);
	assert_non_null(e);
	book_set_earlier(book, diag->target, earlier_book(e));
	free(text);
	w = baseline_compare(diag, book);
	assert_true(w->worked);
	assert_int_equal(w->n, 0);
	free(w);
	earlier_free(e);
}

/* The diagnosis with another host and user. */
static void
named(struct diag *d, const char *host, const char *user)
{
	*d = *diag;
	slot_fill(d, SLOT_HOSTNAME, host);
	slot_fill(d, SLOT_USER, user);
}

static void
names_are_safe(void **state)
{
	static struct diag d;
	static char host[400];
	char a[1024], b[1024];

	(void)state;
	named(&d, "../../etc/passwd", ".bob/\x1b[31m");
	assert_true(profile_path(&d, a, sizeof a));
	assert_string_equal(strrchr(a, '/'), "/%2E.%2F..%2Fetc%2Fpasswd+2222+.bob%2F%1B%5B31m.ev");
	named(&d, "fe80::1%eth0", "a+b");
	assert_true(profile_path(&d, a, sizeof a));
	assert_string_equal(strrchr(a, '/'), "/fe80%3A%3A1%25eth0+2222+a%2Bb.ev");
	memset(host, 'x', sizeof host - 1);
	named(&d, host, "alice");
	assert_true(profile_path(&d, a, sizeof a));
	named(&d, host, "bob");
	assert_true(profile_path(&d, b, sizeof b));
	assert_string_not_equal(a, b);
	assert_true(strlen(strrchr(a, '/') + 1) < 255);
	named(&d, "", "alice");
	assert_false(profile_path(&d, a, sizeof a));
}

static void
bad_files_are_told(void **state)
{
	char path[256], err[512];
	FILE *f;

	(void)state;
	snprintf(path, sizeof path, "%s/bad", home);
	f = fopen(path, "we");
	assert_non_null(f);
	for (int i = 0; i < 100000; i++)
		fputc(i * 7919 & 0xff, f);
	fputs("\n1 0.0.0 client/0 kex.server kex=", f);
	for (int i = 0; i < 50000; i++)
		fputc('x', f);
	fclose(f);
	assert_null(earlier_read(path, err, sizeof err));
	assert_non_null(strstr(err, "no evidence in it to compare with"));
	assert_null(earlier_read(home, err, sizeof err));
	assert_non_null(strstr(err, "not a file that can be a recording"));
	assert_int_equal(unlink(path), 0);
	assert_int_equal(mkfifo(path, 0600), 0);
	assert_null(earlier_read(path, err, sizeof err)); /* and it does not wait */
	assert_non_null(strstr(err, "not a file"));
}

static void
a_folder_that_cannot_be(void **state)
{
	char path[256];

	(void)state;
	snprintf(path, sizeof path, "/proc/nowhere/x.ev");
	assert_int_equal(profile_store(path, "x", 1), -1);
	assert_int_not_equal(errno, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(kept_and_read, begin, end),
		cmocka_unit_test_setup_teardown(names_are_safe, begin, end),
		cmocka_unit_test_setup_teardown(bad_files_are_told, begin, end),
		cmocka_unit_test_setup_teardown(a_folder_that_cannot_be, begin, end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
