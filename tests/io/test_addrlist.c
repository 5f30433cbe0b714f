/* Lists of addresses with masks, as certificates hold them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/io/addrlist.h"

static const struct {
	const char *list, *addr;
	int has;
} cases[] = {
	{ "192.0.2.7", "192.0.2.7", 1 },
	{ "192.0.2.7", "192.0.2.8", 0 },
	{ "192.0.2.0/24", "192.0.2.255", 1 },
	{ "192.0.2.0/24", "192.0.3.0", 0 },
	{ "192.0.2.0/25", "192.0.2.127", 1 },
	{ "192.0.2.0/25", "192.0.2.128", 0 },
	{ "192.0.2.130/31", "192.0.2.131", 1 },
	{ "0.0.0.0/0", "198.51.100.9", 1 },
	{ "0.0.0.0/0", "2001:db8::1", 0 },
	{ "10.0.0.0/8,192.0.2.0/24", "192.0.2.7", 1 },
	{ "10.0.0.0/8,2001:db8::/32", "2001:db8:7::1", 1 },
	{ "2001:db8::/33", "2001:db8:8000::1", 0 },
	{ "2001:db8::1", "2001:DB8:0::1", 1 },
	{ "::/0", "::1", 1 },
	/* Nothing can be said. */
	{ "", "192.0.2.7", -1 },
	{ "192.0.2.0/24,", "192.0.2.7", -1 },
	{ "192.0.2.0/33", "192.0.2.7", -1 },
	{ "192.0.2.0/", "192.0.2.7", -1 },
	{ "192.0.2.0/-1", "192.0.2.7", -1 },
	{ "192.0.2.0/8x", "192.0.2.7", -1 },
	{ "192.0.2.*", "192.0.2.7", -1 },
	{ "!192.0.2.7", "192.0.2.7", -1 },
	{ "192.0.2.0/24", "", -1 },
	{ "192.0.2.0/24", "fe80::1%eth0", -1 },
};

static void
each_list_holds_what_it_says(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		if (addrlist_has(cases[i].list, cases[i].addr) != cases[i].has)
			fail_msg("\"%s\" and \"%s\": not %d", cases[i].list, cases[i].addr,
			    cases[i].has);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_list_holds_what_it_says),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
