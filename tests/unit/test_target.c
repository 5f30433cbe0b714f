/*
 * core/target.c: what ssh accepts is accepted, what could run or hide something is refused.
 * The lists were made with `ssh -G -- X` of OpenSSH 9.2p1 (Debian 12).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "core/target.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static void
accepts_what_ssh_accepts(void **state)
{
	static const struct {
		const char *in, *user, *host;
		int port;
	} rows[] = {
		{ "web1", "", "web1", 0 }, { "alice@web1", "alice", "web1", 0 },
		{ "alice@web1:2222", "alice", "web1", 2222 }, { "web1:22", "", "web1", 22 },
		{ "web1:65535", "", "web1", 65535 }, { "web1:0022", "", "web1", 22 },
		{ "web1:x22", "", "web1:x22", 0 }, /* part of the name, as for ssh */
		{ "DOM\\bob@h", "DOM\\bob", "h", 0 }, { "u@v@h", "u@v", "h", 0 },
		{ "h_x", "", "h_x", 0 }, { "h.", "", "h.", 0 }, { "%h", "", "%h", 0 },
		{ "u%h$x@x", "u%h$x", "x", 0 }, { "~u#=:/@h", "~u#=:/", "h", 0 },
		{ "h*?!#~/x", "", "h*?!#~/x", 0 },
		{ "\xc3\xbc@h\xc3\xbc", "\xc3\xbc", "h\xc3\xbc", 0 },
		{ "192.0.2.1:22", "", "192.0.2.1", 22 }, { "::1", "", "::1", 0 },
		{ "2001:db8::1:22", "", "2001:db8::1:22", 0 }, /* an address, not a port */
		{ "[::1]", "", "::1", 0 }, { "u@[2001:db8::1]:2222", "u", "2001:db8::1", 2222 },
		{ "fe80::1%eth0", "", "fe80::1%eth0", 0 }, { "[h]:22", "", "h", 22 },
		{ "ssh://h", "", "h", 0 }, { "ssh://h/", "", "h", 0 }, { "ssh://h:", "", "h", 0 },
		{ "ssh://u@h:2222", "u", "h", 2222 }, { "ssh://u@h:2222/", "u", "h", 2222 },
		{ "ssh://h.:22", "", "h", 22 }, { "ssh://u:pw@h", "u:pw", "h", 0 },
		{ "ssh://u;x=y@h", "u", "h", 0 }, { "ssh://u%41%5cb@h", "uA\\b", "h", 0 },
		{ "ssh://u@[2001:db8::1]:22", "u", "2001:db8::1", 22 },
		{ "SSH://h", "", "SSH://h", 0 }, /* ssh takes it for a name */
	};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(rows); i++) {
		struct target t;
		char err[256] = "";

		if (target_parse(&t, rows[i].in, err, sizeof(err)) != 0)
			fail_msg("%s was refused: %s", rows[i].in, err);
		assert_string_equal(t.input, rows[i].in);
		assert_string_equal(t.user, rows[i].user);
		assert_string_equal(t.host, rows[i].host);
		assert_int_equal(t.port, rows[i].port);
	}
}

static void
refuses_what_could_run_or_hide_something(void **state)
{
	static const char *const rows[] = { "", "@h", "u@", "u@v@", ":22", "u@:22", "h:", "[]",
		"[]:22", "[::1", "[::1]x", "[::1]:", "a b", " h", "h ", "u v@h", "a\tb", "a\nb",
		"a\001b", "a\033[1mb", "a\177b", "u\n@h", "u\033@h", "a`b", "a$(id)", "$(id)@h",
		"a;b", "a|b", "a&b", "a<b", "a>b", "a'b", "a\"b", "a\\b", "a(b", "a)b", "a{b",
		"a}b", "a,b", "u;id@h", "u`id`@h", "u'@h", "u\"@h", "u|x@h", "u&@h", "u<@h", "u(@h",
		"u{@h", "u\\@h", "-oProxyCommand=id", "-h", "u@-h", "-u@h", "u@[-h]", "h:0", "h:00",
		"h:65536", "h:99999999999999999999", "ssh://", "ssh:///", "ssh://u@", "ssh://@h",
		"ssh://h:0", "ssh://h:65536", "ssh://h:abc", "ssh://h/path", "ssh://h:/",
		"ssh://::1", "ssh://h:22:33", "ssh://[::1", "ssh://u@v@h", "ssh://h%41",
		"ssh://h\xc3\xbc", "ssh://_h", "ssh://.h", "ssh://h..x", "ssh://u%3Bid@h",
		"ssh://u%00@h", "ssh://u%4@h", "ssh://u%@h", "ssh://u%4g@h", "ssh://u%20v@h",
		"ssh://u+v@h", "ssh://u%0a@h", "ssh://;x@h", "h\377", "u\377@h", "h\xe2\x80\xaex",
		"h\xe2\x80\x8b", "h\xc2\x9bm" };
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(rows); i++) {
		struct target t;
		char err[256] = "", *p;

		if (target_parse(&t, rows[i], err, sizeof(err)) != -1)
			fail_msg("%s was accepted", rows[i]);
		assert_true(err[0] != '\0');
		for (p = err; *p != '\0'; p++) /* nothing of the input may reach the terminal */
			assert_true(*p >= 0x20 && *p < 0x7f);
	}
}

static void
refuses_over_long_parts(void **state)
{
	char in[5000], err[256];
	struct target t;

	(void)state;
	memset(in, 'a', sizeof(in));
	in[255] = '\0';
	assert_int_equal(target_parse(&t, in, err, sizeof(err)), 0);
	in[255] = 'a';
	in[256] = '\0';
	assert_int_equal(target_parse(&t, in, err, sizeof(err)), -1);
	in[256] = 'a';
	in[300] = '\0';
	assert_int_equal(target_parse(&t, in, err, sizeof(err)), -1);
	assert_non_null(strstr(err, "host name is longer than 255"));
	in[300] = '@'; /* now a user name */
	in[302] = '\0';
	assert_int_equal(target_parse(&t, in, err, sizeof(err)), -1);
	assert_non_null(strstr(err, "user name"));
	in[302] = 'a';
	in[4999] = '\0';
	assert_int_equal(target_parse(&t, in, err, sizeof(err)), -1);
	memcpy(in, "ssh://", 6);
	in[300] = 'a';
	in[1300] = '\0';
	assert_int_equal(target_parse(&t, in, err, sizeof(err)), -1);
}

static void
fits_its_error_into_any_buffer(void **state)
{
	struct target t;
	char err[4] = "xxx";

	(void)state;
	assert_int_equal(target_parse(&t, "h:0", err, sizeof(err)), -1);
	assert_string_equal(err, "por");
	assert_int_equal(target_parse(&t, "h:0", NULL, 0), -1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(accepts_what_ssh_accepts),
		cmocka_unit_test(refuses_what_could_run_or_hide_something),
		cmocka_unit_test(refuses_over_long_parts),
		cmocka_unit_test(fits_its_error_into_any_buffer),
	};

	return cmocka_run_group_tests_name("target", tests, NULL, NULL);
}
