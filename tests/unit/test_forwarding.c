/* Forwardings as ssh -G prints them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "core/forwarding.h"

static void
where_it_listens_is_read(void **state)
{
	static const struct {
		const char *words, *host, *path;
		int port;
	} rows[] = {
		{ "8080 [db]:5432", "", "", 8080 },
		{ "1080", "", "", 1080 },
		{ "[127.0.0.1]:99 [x]:1", "127.0.0.1", "", 99 },
		{ "[::1]:65535 [x]:1", "::1", "", 65535 },
		{ "[*]:80 /tmp/r.sock", "*", "", 80 },
		{ "/tmp/s.sock [db]:5432", "", "/tmp/s.sock", 0 },
	};
	struct forwarding f;

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		assert_true(forwarding_parse(rows[i].words, &f));
		assert_string_equal(f.host, rows[i].host);
		assert_string_equal(f.path, rows[i].path);
		assert_int_equal(f.port, rows[i].port);
	}
}

static void
what_is_none_is_refused(void **state)
{
	static const char *const words[] = { "", " ", "x", "0 [a]:1", "65536 [a]:1", "123456", "[",
		"[]", "[]:80", "[a]", "[a]:", "[a]80", "[a]:x", "[a b]:80", "8080x" };
	struct forwarding f;
	char longer[400];

	(void)state;
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		assert_false(forwarding_parse(words[i], &f));
	memset(longer, 'a', sizeof longer);
	longer[0] = '/';
	longer[sizeof longer - 1] = '\0';
	assert_false(forwarding_parse(longer, &f));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(where_it_listens_is_read),
		cmocka_unit_test(what_is_none_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
