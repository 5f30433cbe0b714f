/* Lines of /etc/hosts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "core/hostsfile.h"

static bool
names(const char *line, char addr[16])
{
	strcpy(addr, "none");
	return hostsfile_line(line, strlen(line), "web1.example", addr, 16);
}

static void
the_address_of_the_name_is_read(void **state)
{
	static const struct {
		const char *line, *addr;
	} rows[] = {
		{ "192.0.2.7 web1.example", "192.0.2.7" },
		{ "192.0.2.7\tdb1 web1.example\n", "192.0.2.7" },
		{ "  ::1   WEB1.Example\r\n", "::1" },
		{ "192.0.2.7 web1.example# the new one", "192.0.2.7" },
		{ "fe80::1%eth0 a b web1.example c", "fe80::1%eth0" },
	};
	char addr[16];

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		assert_true(names(rows[i].line, addr));
		assert_string_equal(addr, rows[i].addr);
	}
}

static void
other_lines_do_not_name_it(void **state)
{
	static const char *const lines[] = { "", "\n", "#", "192.0.2.7", "web1.example",
		"web1.example web1", "192.0.2.7 web1.example.org", "192.0.2.7 web1",
		"192.0.2.7 xweb1.example", "# 192.0.2.7 web1.example", "192.0.2.7 # web1.example",
		"192.0.2.7#web1.example", "#\t192.0.2.7 web1.example",
		"2001:db8:0:0:0:0:0:1 web1.example" /* longer than there is room for */ };
	char addr[16];

	(void)state;
	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
		assert_false(names(lines[i], addr));
		assert_string_equal(addr, "none");
	}
}

/* The line ends where its length says. */
static void
nothing_behind_the_line_is_read(void **state)
{
	char addr[16] = "none";

	(void)state;
	assert_false(
	    hostsfile_line("192.0.2.7 web1.example", 21, "web1.example", addr, sizeof addr));
	assert_false(
	    hostsfile_line("192.0.\0.7 web1.example", 22, "web1.example", addr, sizeof addr));
	assert_string_equal(addr, "none");
	assert_true(
	    hostsfile_line("192.0.2.7 web1.examplex", 22, "web1.example", addr, sizeof addr));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_address_of_the_name_is_read),
		cmocka_unit_test(other_lines_do_not_name_it),
		cmocka_unit_test(nothing_behind_the_line_is_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
