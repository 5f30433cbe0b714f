/* Reports into files: private, whole or not at all, never over one that is there, and without a name. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/replay.h"
#include "tui/save.h"

#define CASE "tests/golden/cases/auth-key-rejected.ev"

static char home[64], tree[4096];
static struct replay *lines;
static struct book *book;
static const struct diag *diag;

static int
begin(void **state)
{
	FILE *in = fopen(CASE, "re");

	(void)state;
	assert_non_null(in);
	assert_non_null(getcwd(tree, sizeof tree));
	snprintf(home, sizeof home, "/tmp/sshmedic-save-XXXXXX");
	assert_non_null(mkdtemp(home));
	assert_int_equal(chdir(home), 0);
	lines = replay_new();
	book = book_new();
	replay_read(lines, in, CASE, stderr);
	fclose(in);
	for (size_t i = 0; i < replay_count(lines); i++)
		book_add(book, replay_line(lines, i));
	diag = book_diag(book, replay_target(lines));
	unsetenv("XDG_STATE_HOME");
	setenv("HOME", home, 1);
	return 0;
}

static int
end(void **state)
{
	char command[256];

	(void)state;
	book_free(book);
	replay_free(lines);
	assert_int_equal(chdir(tree), 0);
	snprintf(command, sizeof command, "chmod -R u+w %s && rm -rf %s", home, home);
	return system(command);
}

static const char *
content(const char *path)
{
	static char text[64 * 1024];
	FILE *f = fopen(path, "re");
	size_t n;

	assert_non_null(f);
	n = fread(text, 1, sizeof text - 1, f);
	text[n] = '\0';
	fclose(f);
	return text;
}

static int
files_in(const char *folder)
{
	struct dirent **list = NULL;
	int n = scandir(folder, &list, NULL, NULL);

	for (int i = 0; i < n; i++)
		free(list[i]);
	free(list);
	return n - 2;
}

static int
mode_of(const char *path)
{
	struct stat st;

	assert_int_equal(lstat(path, &st), 0);
	return st.st_mode & 0777;
}

static void
the_kind_is_in_the_name(void **state)
{
	(void)state;
	assert_int_equal(save_kind_of("a.json"), SAVE_JSON);
	assert_int_equal(save_kind_of("/x/a.md"), SAVE_MARKDOWN);
	assert_int_equal(save_kind_of("a.markdown"), SAVE_MARKDOWN);
	assert_int_equal(save_kind_of("a.txt"), SAVE_TEXT);
	assert_int_equal(save_kind_of("json"), SAVE_TEXT);
	assert_int_equal(save_kind_of(".md"), SAVE_TEXT);
}

static void
a_report_is_private_and_whole(void **state)
{
	char err[512] = "";

	(void)state;
	umask(0);
	assert_int_equal(save_report("r.json", diag, book, true, err, sizeof err), 0);
	assert_int_equal(save_report("r.md", diag, book, true, err, sizeof err), 0);
	assert_int_equal(save_report("r.txt", diag, book, false, err, sizeof err), 0);
	assert_int_equal(files_in("."), 3);
	assert_int_equal(mode_of("r.json"), 0600);
	assert_int_equal(mode_of("r.txt"), 0600);
	assert_non_null(strstr(content("r.json"), "\"input\":\t\"user-1@host-A\""));
	assert_null(strstr(content("r.json"), "alice"));
	assert_int_equal(strncmp(content("r.md"), "# sshmedic: user-1 at host-A", 28), 0);
	assert_null(strstr(content("r.md"), "web1"));
	assert_non_null(strstr(content("r.txt"), "alice at web1"));
	umask(022);
}

static void
nothing_is_written_over(void **state)
{
	char err[512] = "";
	FILE *f = fopen("mine.txt", "we");

	(void)state;
	fputs("mine", f);
	fclose(f);
	assert_int_equal(save_report("mine.txt", diag, book, true, err, sizeof err), -1);
	assert_string_equal(err, "mine.txt: exists; nothing was written");
	assert_string_equal(content("mine.txt"), "mine");
	assert_int_equal(symlink("nowhere", "link.txt"), 0);
	assert_int_equal(save_report("link.txt", diag, book, true, err, sizeof err), -1);
	assert_int_equal(files_in("."), 2); /* what was begun is gone */
	assert_int_equal(save_report("no/such/r.txt", diag, book, true, err, sizeof err), -1);
	assert_non_null(strstr(err, "No such file or directory"));
}

static void
a_new_name_is_of_no_name(void **state)
{
	char path[512], second[512], err[512] = "", folder[128];

	(void)state;
	assert_int_equal(
	    save_new(SAVE_MARKDOWN, diag, book, true, NULL, path, sizeof path, err, sizeof err), 0);
	assert_int_equal(
	    save_new(SAVE_MARKDOWN, diag, book, true, NULL, second, sizeof second, err, sizeof err),
	    0);
	assert_string_not_equal(path, second);
	snprintf(folder, sizeof folder, "%s/.local/state/sshmedic/reports/sshmedic-host-A-2", home);
	assert_int_equal(strncmp(path, folder, strlen(folder)), 0);
	assert_string_equal(path + strlen(path) - 3, ".md");
	assert_int_equal(mode_of(path), 0600);
	snprintf(folder, sizeof folder, "%s/.local/state/sshmedic/reports", home);
	assert_int_equal(mode_of(folder), 0700);
	assert_int_equal(files_in(folder), 2);
	assert_null(strstr(content(path), "alice"));
}

/* Where there can be no folder of ours, the report lands where the user is. */
static void
without_a_folder_it_lands_here(void **state)
{
	char path[512], err[512] = "";
	FILE *f = fopen("file", "we");

	(void)state;
	fclose(f);
	setenv("XDG_STATE_HOME", "/proc/nowhere", 1);
	assert_int_equal(
	    save_new(SAVE_MARKDOWN, diag, book, true, NULL, path, sizeof path, err, sizeof err), 0);
	assert_int_equal(strncmp(path, "./sshmedic-host-A-", 18), 0);
	assert_int_equal(mode_of(path), 0600);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_kind_is_in_the_name),
		cmocka_unit_test_setup_teardown(a_report_is_private_and_whole, begin, end),
		cmocka_unit_test_setup_teardown(nothing_is_written_over, begin, end),
		cmocka_unit_test_setup_teardown(a_new_name_is_of_no_name, begin, end),
		cmocka_unit_test_setup_teardown(without_a_folder_it_lands_here, begin, end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
