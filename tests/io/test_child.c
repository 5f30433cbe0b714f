/* Children under the loop: their lines, their end, their group, their descriptors. Real processes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include <uv.h>

#include "core/io/child.h"

enum { TEXT_MAX = 256 * 1024 };

struct seen {
	char out[TEXT_MAX], err[TEXT_MAX]; /* lines, each with a newline */
	int lines, ends, error, status, sig;
	size_t longest;
	struct child *child;
	char kill_at[32]; /* kill the child when this line comes */
};

static struct seen seen;

static void
on_line(void *arg, enum child_stream s, const char *line, size_t len)
{
	struct seen *x = arg;
	char *to = s == CHILD_OUT ? x->out : x->err;
	size_t at = strlen(to);

	snprintf(to + at, TEXT_MAX - at, "%.*s\n", (int)len, line);
	x->lines++;
	if (len > x->longest)
		x->longest = len;
	if (x->kill_at[0] != '\0' && len == strlen(x->kill_at) &&
	    memcmp(line, x->kill_at, len) == 0)
		child_kill(x->child);
}

static void
on_end(void *arg, int error, int status, int sig)
{
	struct seen *x = arg;

	x->ends++;
	x->error = error;
	x->status = status;
	x->sig = sig;
}

static const struct child_callbacks callbacks = { on_line, on_end };

/* Run argv to its end; the loop must be left with nothing open. Returns ms. */
static uint64_t
run(char *const argv[], const char *kill_at)
{
	uint64_t start = uv_hrtime();
	uv_loop_t loop;

	memset(&seen, 0, sizeof seen);
	snprintf(seen.kill_at, sizeof seen.kill_at, "%s", kill_at != NULL ? kill_at : "");
	uv_loop_init(&loop);
	seen.child = child_start(&loop, argv, &callbacks, &seen);
	assert_non_null(seen.child);
	assert_int_equal(seen.ends, 0);
	uv_run(&loop, UV_RUN_DEFAULT);
	assert_int_equal(uv_loop_close(&loop), 0);
	assert_int_equal(seen.ends, 1);
	return (uv_hrtime() - start) / 1000000;
}

static uint64_t
sh(const char *script, const char *kill_at)
{
	const char *argv[] = { "sh", "-c", script, NULL };

	return run((char *const *)argv, kill_at);
}

static int
count_fds(void)
{
	DIR *d = opendir("/proc/self/fd");
	int n = 0;

	while (readdir(d) != NULL)
		n++;
	closedir(d);
	return n;
}

static bool
is_gone(int pid)
{
	for (int i = 0; i < 50; i++) {
		char path[64], state = 0;
		FILE *f;

		if (kill(pid, 0) != 0 && errno == ESRCH)
			return true;
		snprintf(path, sizeof path, "/proc/%d/stat", pid);
		/* A killed orphan may wait as a zombie for an init that is slow to reap. */
		if ((f = fopen(path, "re")) != NULL) {
			if (fscanf(f, "%*d (%*[^)]) %c", &state) != 1)
				state = 0;
			fclose(f);
		}
		if (state == 'Z')
			return true;
		usleep(20000);
	}
	return false;
}

static void
lines_of_both_streams_and_the_status(void **state)
{
	(void)state;
	sh("printf 'one\\r\\ntwo\\n\\nlast'; echo trouble >&2; exit 7", NULL);
	assert_string_equal(seen.out, "one\ntwo\n\nlast\n");
	assert_string_equal(seen.err, "trouble\n");
	assert_int_equal(seen.error, 0);
	assert_int_equal(seen.status, 7);
	assert_int_equal(seen.sig, 0);
}

static void
a_signal_is_told(void **state)
{
	(void)state;
	sh("kill -SEGV $$", NULL);
	assert_int_equal(seen.sig, SIGSEGV);
}

static void
a_missing_program_is_an_error_from_the_loop(void **state)
{
	const char *argv[] = { "/nonexistent/ssh", NULL };

	(void)state;
	run((char *const *)argv, NULL);
	assert_int_equal(seen.error, UV_ENOENT);
}

static void
a_long_line_comes_in_pieces(void **state)
{
	(void)state;
	sh("head -c 20000 /dev/zero | tr '\\0' x; echo; echo end", NULL);
	assert_int_equal(seen.longest, 8192);
	assert_int_equal(seen.lines, 4);
	assert_int_equal(strlen(seen.out), 20000 + 3 + 4);
}

static void
nobody_can_be_asked_for_a_secret(void **state)
{
	(void)state;
	setenv("DISPLAY", ":9", 1);
	setenv("SSH_ASKPASS", "/bin/false", 1);
	setenv("LC_ALL", "C.UTF-8", 1);
	sh("echo \"$LC_ALL,$DISPLAY,$SSH_ASKPASS,$SSH_ASKPASS_REQUIRE\";"
	   "if (: </dev/tty) 2>/dev/null; then echo tty; else echo none; fi; cat; echo eof",
	    NULL);
	assert_string_equal(seen.out, "C,,,never\nnone\neof\n");
}

static void
what_a_child_left_behind_is_killed(void **state)
{
	uint64_t ms;
	(void)state;
	ms = sh("sleep 60 & echo $!", NULL);
	assert_true(ms < 5000);
	assert_int_equal(seen.status, 0);
	assert_true(atoi(seen.out) > 1);
	assert_true(is_gone(atoi(seen.out)));
}

static void
a_kill_ends_the_group(void **state)
{
	uint64_t ms;
	(void)state;
	ms = sh("sleep 60 & echo $!; echo ready; wait", "ready");
	assert_true(ms < 5000);
	assert_int_equal(seen.sig, SIGTERM);
	assert_true(is_gone(atoi(seen.out)));
}

static void
who_ignores_sigterm_is_killed_for_good(void **state)
{
	uint64_t ms;
	(void)state;
	ms = sh("trap '' TERM; echo ready; sleep 60 & while :; do wait; done", "ready");
	assert_true(ms < 5000);
	assert_int_equal(seen.sig, SIGKILL);
}

static void
no_descriptor_leaks(void **state)
{
	int before, fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
	(void)state;

	/* What the test itself was started with is not the child's doing. */
	for (int i = 3; i < 1024; i++)
		fcntl(i, F_SETFD, FD_CLOEXEC);
	before = count_fds();
	for (int i = 0; i < 5; i++)
		sh("ls /proc/self/fd | wc -l", NULL);
	assert_int_equal(count_fds(), before);
	assert_true(atoi(seen.out) <= 4); /* 0, 1, 2 and the folder itself */
	close(fd);
}

static void
a_proxy_speaks_through_given_descriptors(void **state)
{
	const char *argv[] = { "sh", "-c", "echo note >&2; exec cat", NULL };
	uv_loop_t loop;
	char buf[16] = "";
	int sp[2];

	(void)state;
	memset(&seen, 0, sizeof seen);
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sp), 0);
	uv_loop_init(&loop);
	seen.child = child_start_pipe(&loop, (char *const *)argv, sp[1], sp[1], &callbacks, &seen);
	assert_non_null(seen.child);
	close(sp[1]);
	assert_int_equal(write(sp[0], "hello", 5), 5);
	shutdown(sp[0], SHUT_WR);
	uv_run(&loop, UV_RUN_DEFAULT);
	assert_int_equal(uv_loop_close(&loop), 0);
	assert_int_equal(read(sp[0], buf, sizeof buf), 5);
	assert_string_equal(buf, "hello");
	assert_string_equal(seen.err, "note\n");
	assert_int_equal(seen.ends, 1);
	close(sp[0]);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_of_both_streams_and_the_status),
		cmocka_unit_test(a_signal_is_told),
		cmocka_unit_test(a_missing_program_is_an_error_from_the_loop),
		cmocka_unit_test(a_long_line_comes_in_pieces),
		cmocka_unit_test(nobody_can_be_asked_for_a_secret),
		cmocka_unit_test(what_a_child_left_behind_is_killed),
		cmocka_unit_test(a_kill_ends_the_group),
		cmocka_unit_test(who_ignores_sigterm_is_killed_for_good),
		cmocka_unit_test(no_descriptor_leaks),
		cmocka_unit_test(a_proxy_speaks_through_given_descriptors),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
