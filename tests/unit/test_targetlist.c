/* core/targetlist.c: a file of targets, a line each. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/targetlist.h"

/* Read a text; what came out as "a,b", and the complaints. */
static int
read_text(const char *text, size_t len, size_t max, char *out, size_t cap, char **said)
{
	struct targetlist l = { NULL, 0 };
	FILE *in = fmemopen((void *)text, len, "r");
	size_t n = 0;
	FILE *complaints = open_memstream(said, &n);
	int r;

	assert_non_null(in);
	r = targetlist_read(&l, in, "hosts", max, complaints);
	fclose(in);
	fclose(complaints);
	out[0] = '\0';
	for (size_t i = 0; i < l.n; i++)
		snprintf(
		    out + strlen(out), cap - strlen(out), "%s%s", i > 0 ? "," : "", l.v[i].input);
	free(l.v);
	return r;
}

#define READ(text, max) read_text(text, sizeof(text) - 1, max, out, sizeof out, &said)

static void
lists(void **state)
{
	char out[512], *said = NULL;

	(void)state;
	assert_int_equal(READ("web1\n", 10), 0);
	assert_string_equal(out, "web1");
	free(said);
	assert_int_equal(
	    READ("# the web\n\n  web1  # first\r\n\t\na@web2:22\nweb#3\nweb1\nssh://h/", 10), 0);
	assert_string_equal(out, "web1,a@web2:22,web#3,ssh://h/");
	assert_string_equal(said, "");
	free(said);
}

static void
bad_lines(void **state)
{
	char out[512], *said = NULL;

	(void)state;
	assert_int_equal(READ("web1\nweb 2\n\n-oX=y\nb\0c\n", 10), -1);
	assert_string_equal(out, "web1");
	assert_string_equal(said,
	    "sshmedic: hosts:2: host name contains a blank\nsshmedic: hosts:4: host name begins "
	    "with '-'\n"
	    "sshmedic: hosts:5: host name contains a control or invisible character\n");
	free(said);
	assert_int_equal(READ("a\nb\nc\nd\n", 2), -1);
	assert_string_equal(out, "a,b");
	assert_string_equal(said,
	    "sshmedic: hosts:3: more than 2 targets\nsshmedic: hosts:4: more than 2 targets\n");
	free(said);
}

static void
long_lines(void **state)
{
	static char text[TARGETLIST_LINE * 3];
	char out[512], *said = NULL;

	(void)state;
	memset(text, 'a', sizeof text);
	memcpy(text + sizeof text - 6, "\nweb1\n", 6);
	assert_int_equal(read_text(text, sizeof text, 10, out, sizeof out, &said), -1);
	assert_string_equal(out, "web1");
	assert_string_equal(said, "sshmedic: hosts:1: the line is too long\n");
	free(said);
	/* Many wrong lines are ten complaints and a count. */
	for (size_t i = 0; i + 1 < 60; i += 2)
		memcpy(text + i, "-\n", 2);
	assert_int_equal(read_text(text, 60, 10, out, sizeof out, &said), -1);
	assert_non_null(strstr(said, "sshmedic: hosts:10: "));
	assert_null(strstr(said, "sshmedic: hosts:11: "));
	assert_non_null(strstr(said, "sshmedic: hosts: 20 more lines are wrong\n"));
	free(said);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lists),
		cmocka_unit_test(bad_lines),
		cmocka_unit_test(long_lines),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
