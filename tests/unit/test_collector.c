/* The collector's script with the words of a login in it: quoted, whole, and nothing else changed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/collector.h"

static char text[COLLECTOR_MAX];

static void
print(const struct collector_words *w)
{
	struct strbuf sb;

	sb_init(&sb, text, sizeof text);
	assert_int_equal(collector_print(&sb, w), 0);
}

static void
has_line(const char *line)
{
	char want[512];

	snprintf(want, sizeof want, "\n%s\n", line);
	if (strstr(text, want) == NULL)
		fail_msg("no line: %s", line);
}

static char *
read_file(const char *path)
{
	FILE *f = fopen(path, "r");
	char *s = calloc(1, COLLECTOR_MAX);

	assert_non_null(f);
	assert_non_null(s);
	assert_true(fread(s, 1, COLLECTOR_MAX - 1, f) > 1000);
	fclose(f);
	return s;
}

static void
test_plain(void **state)
{
	const struct collector_words none = { 0 };
	char *file = read_file("core/collector.sh"), *mark = strstr(file, "#@PARAMETERS@\n");
	size_t before;

	(void)state;
	assert_non_null(mark);
	before = (size_t)(mark - file);
	print(&none);
	/* The file of the tree, without its mark. */
	assert_memory_equal(text, file, before);
	assert_string_equal(text + before, mark + strlen("#@PARAMETERS@\n"));
	free(file);
}

static void
test_words(void **state)
{
	const struct collector_words w = { .target = "it's; rm -rf \"$HOME\" `x`\n#@PARAMETERS@",
		.user = "DOM\\bob",
		.port = 2222,
		.laddr = "10.0.0.1",
		.client = "fd00::2",
		.client_from = "route",
		.ports = "4000,4001",
		.keys = { "SHA256:a+/b", "SHA256:c", "SHA256:'; x" },
		.nkeys = 3 };

	(void)state;
	print(&w);
	has_line("target='it'\\''s; rm -rf \"$HOME\" `x`\n#@PARAMETERS@'");
	has_line("user='DOM\\bob'");
	has_line("port=2222");
	has_line("laddr=10.0.0.1");
	has_line("client=fd00::2");
	has_line("client_from=route");
	has_line("ports=4000,4001");
	has_line("keys='SHA256:a+/b SHA256:c'");
	has_line("main \"$@\"");
}

static void
test_cut(void **state)
{
	const struct collector_words none = { 0 };
	struct strbuf sb;

	(void)state;
	sb_init(&sb, text, 4096);
	assert_int_equal(collector_print(&sb, &none), -1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_plain),
		cmocka_unit_test(test_words),
		cmocka_unit_test(test_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
