/*
 * Standard error while the screen is up, on a terminal of our own: what is written to it comes back in
 * harmless lines and does not reach the terminal, nobody waits, and afterwards it is the terminal again.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <fcntl.h>
#include <pty.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "tui/strays.h"

static int before = -1, master = -1, slave = -1;
static struct strays strays;

static struct {
	int n;
	char last[STRAY_LINE_MAX * 4 + 1], all[4096];
} got;

static void
take(void *arg, const char *line)
{
	(void)arg;
	got.n++;
	snprintf(got.last, sizeof got.last, "%s", line);
	if (strlen(got.all) + strlen(line) + 2 < sizeof got.all)
		strcat(strcat(got.all, line), "|");
}

static void
write_to_stderr(const char *bytes, size_t len)
{
	assert_int_equal(write(STDERR_FILENO, bytes, len), (ssize_t)len);
}
#define WRITE(words) write_to_stderr(words, sizeof(words) - 1)

/* What the terminal got since the last call. */
static const char *
on_terminal(void)
{
	static char text[1024];
	ssize_t n = read(master, text, sizeof text - 1);

	text[n > 0 ? n : 0] = '\0';
	return text;
}

static int
begin(void **state)
{
	(void)state;
	memset(&got, 0, sizeof got);
	before = dup(STDERR_FILENO);
	assert_int_equal(openpty(&master, &slave, NULL, NULL, NULL), 0);
	assert_int_equal(fcntl(master, F_SETFL, O_NONBLOCK), 0);
	assert_int_equal(dup2(slave, STDERR_FILENO), STDERR_FILENO);
	strays_begin(&strays);
	return 0;
}

static int
end(void **state)
{
	(void)state;
	strays_end(&strays);
	dup2(before, STDERR_FILENO);
	close(before);
	close(slave);
	close(master);
	return 0;
}

static void
lines_come_back_harmless(void **state)
{
	(void)state;
	assert_true(strays.out >= 0);
	WRITE("one\r\n\n\033[2Jtwo\xff\nthr");
	strays_read(&strays, take, NULL);
	assert_string_equal(got.all, "one|\\x1B[2Jtwo\\xFF|");
	WRITE("ee\n");
	strays_read(&strays, take, NULL);
	assert_string_equal(got.last, "three");
	assert_string_equal(on_terminal(), "");
	strays_read(&strays, take, NULL); /* there is nothing: it does not wait */
	assert_int_equal(got.n, 3);
}

static void
long_lines_are_cut(void **state)
{
	char line[3 * STRAY_LINE_MAX];

	(void)state;
	memset(line, '\a', sizeof line); /* four bytes each once they are harmless */
	line[sizeof line - 1] = '\n';
	write_to_stderr(line, sizeof line);
	WRITE("next\n");
	strays_read(&strays, take, NULL);
	assert_int_equal(got.n, 2);
	assert_int_equal(strstr(got.all, "|") - got.all, STRAY_LINE_MAX * 4);
	assert_string_equal(got.last, "next");
}

static void
nobody_waits_where_it_is_full(void **state)
{
	char block[4096];
	int refused = 0, reads = 0, n;

	(void)state;
	memset(block, 'x', sizeof block);
	block[sizeof block - 1] = '\n';
	alarm(20); /* a writer that waits would wait for ever */
	for (int i = 0; i < 1024; i++)
		refused += write(STDERR_FILENO, block, sizeof block) < 0;
	assert_true(refused > 0 && refused < 1024);
	do {
		n = got.n;
		strays_read(&strays, take, NULL);
		assert_true(got.n - n <= 1); /* one call reads a block, not all */
		reads++;
	} while (got.n > n);
	alarm(0);
	assert_int_equal(got.n, 1024 - refused);
	WRITE("after\n");
	strays_read(&strays, take, NULL);
	assert_string_equal(got.last, "after");
}

static void
the_terminal_has_it_meanwhile_and_afterwards(void **state)
{
	(void)state;
	strays_show(&strays);
	WRITE("aside");
	assert_string_equal(on_terminal(), "aside");
	strays_hide(&strays);
	strays_hide(&strays);
	WRITE("up\n");
	strays_read(&strays, take, NULL);
	assert_string_equal(got.all, "up|");
	assert_string_equal(on_terminal(), "");
	strays_end(&strays);
	WRITE("over");
	assert_string_equal(on_terminal(), "over");
	assert_int_equal(fcntl(STDERR_FILENO, F_GETFL) & O_NONBLOCK, 0);
}

static void
what_is_no_terminal_is_left_alone(void **state)
{
	int ends[2];
	char text[8] = "";

	(void)state;
	strays_end(&strays);
	assert_int_equal(pipe(ends), 0);
	assert_int_equal(dup2(ends[1], STDERR_FILENO), STDERR_FILENO);
	strays_begin(&strays);
	assert_true(strays.out < 0 && strays.saved < 0);
	WRITE("kept");
	strays_read(&strays, take, NULL);
	assert_int_equal(got.n, 0);
	assert_int_equal(read(ends[0], text, sizeof text - 1), 4);
	assert_string_equal(text, "kept");
	close(ends[0]);
	close(ends[1]);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(lines_come_back_harmless, begin, end),
		cmocka_unit_test_setup_teardown(long_lines_are_cut, begin, end),
		cmocka_unit_test_setup_teardown(nobody_waits_where_it_is_full, begin, end),
		cmocka_unit_test_setup_teardown(
		    the_terminal_has_it_meanwhile_and_afterwards, begin, end),
		cmocka_unit_test_setup_teardown(what_is_no_terminal_is_left_alone, begin, end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
