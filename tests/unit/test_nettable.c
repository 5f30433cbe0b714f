/* Lines of the kernel's socket table, as it printed them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <arpa/inet.h>
#include <cmocka.h>

#include "core/nettable.h"

static void
a_listener_and_a_connection_are_read(void **state)
{
	static const unsigned char loopback[4] = { 127, 0, 0, 1 };
	struct nettable_row row;

	(void)state;
	assert_true(
	    nettable_parse(htonl(1) == 1 /* big endian: the words are printed the other way round */
			       ? "   0: 7F000001:1F90 00000000:0000 0A 00000000:00000000 "
				 "00:00000000 00000000  1000        0 48213 1 0\n"
			       : "   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 "
				 "00:00000000 00000000  1000        0 48213 1 0\n",
		&row));
	assert_int_equal(row.len, 4);
	assert_memory_equal(row.addr, loopback, 4);
	assert_int_equal(row.port, 8080);
	assert_int_equal(row.state, NETTABLE_LISTEN);
	assert_int_equal(row.uid, 1000);
	assert_int_equal(row.inode, 48213);
	assert_true(nettable_parse("  12: 02014D0A:B2C4 02024D0A:0016 01 00000034:00000000 "
				   "01:0000006E 00000003  2101        0 51002 2 0 32 4 0 1 7",
	    &row));
	assert_int_equal(row.state, NETTABLE_ESTABLISHED);
	assert_int_equal(row.unacked, 0x34);
	assert_int_equal(row.retrans, 3);
}

static void
an_address_of_the_other_family_has_sixteen_bytes(void **state)
{
	static const unsigned char any[16];
	struct nettable_row row;

	(void)state;
	assert_true(nettable_parse("   1: 00000000000000000000000000000000:0016 "
				   "00000000000000000000000000000000:0000 0A 00000000:00000000 "
				   "00:00000000 00000000     0        0 7 1 0",
	    &row));
	assert_int_equal(row.len, 16);
	assert_memory_equal(row.addr, any, 16);
	assert_int_equal(row.port, 22);
}

static void
what_is_no_row_is_refused(void **state)
{
	static const char *const lines[] = { "",
		"  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid "
		" timeout inode",
		"   0: 0100007F:1F90",
		"   0: 0100007:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000 "
		"0 1",
		"   0: 0100007F:1F90 00000000:0000 -A 00000000:00000000 00:00000000 00000000  1000 "
		"0 1",
		"   0: 0100007F:-F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000 "
		"0 1",
		"   0: 0100007F00:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000  "
		"1000 0 1",
		"   0: ZZZZZZZZ:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000 "
		"0 1" };
	struct nettable_row row;

	(void)state;
	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
		assert_false(nettable_parse(lines[i], &row));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_listener_and_a_connection_are_read),
		cmocka_unit_test(an_address_of_the_other_family_has_sixteen_bytes),
		cmocka_unit_test(what_is_no_row_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
