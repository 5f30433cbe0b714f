/*
 * core/knownhosts.c and core/base64.c: entries, and what ssh-keygen -F says of them.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "core/base64.h"
#include "core/knownhosts.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

#define ED "AAAAC3NzaC1lZDI1NTE5AAAAIC8zQAZLfzdbg3vuCeNOcvbIuVwJ99AK6zXGN43oE1QQ"

/* The output of ssh-keygen -F h.example of OpenSSH 9.2p1, keys shortened. */
static const char found[] =
    "# Host h.example found: line 2 \n"
    "h.example ssh-ed25519 " ED " mycomment here\n"
    "# Host h.example found: line 3 REVOKED\n"
    "@revoked * ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABgQCtaa0D\n"
    "# Host h.example found: line 4 CA\n"
    "@cert-authority *.example ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAI\n"
    "# Host h.example found: line 50 \n"
    "|1|3tY8Yl0sK7hxwCxfOZ4F1qJ5r7w=|sP5ZzDWFj7yGmqA8GZyl0QfRrpw=\tssh-ed25519\t" ED "\r\n";

static int
is(const char *s, size_t len, const char *want)
{
	return strlen(want) == len && memcmp(s, want, len) == 0;
}

static void
found_entries_have_line_and_marker(void **state)
{
	struct known_find f;
	struct known_entry e;

	(void)state;
	known_find_init(&f, found, sizeof(found) - 1);
	assert_true(known_find_next(&f, &e));
	assert_int_equal(e.line, 2);
	assert_int_equal(e.marker, KNOWN_NONE);
	assert_true(is(e.hosts, e.hosts_len, "h.example"));
	assert_true(is(e.type, e.type_len, "ssh-ed25519"));
	assert_true(is(e.blob, e.blob_len, ED));
	assert_true(is(e.comment, e.comment_len, "mycomment here"));
	assert_false(e.hashed);
	assert_true(known_find_next(&f, &e));
	assert_int_equal(e.line, 3);
	assert_int_equal(e.marker, KNOWN_REVOKED);
	assert_string_equal(known_marker_name(e.marker), "revoked");
	assert_true(is(e.hosts, e.hosts_len, "*"));
	assert_true(known_find_next(&f, &e));
	assert_int_equal(e.line, 4);
	assert_int_equal(e.marker, KNOWN_CA);
	assert_true(known_find_next(&f, &e));
	assert_int_equal(e.line, 50);
	assert_true(e.hashed);
	assert_true(is(e.blob, e.blob_len, ED));
	assert_int_equal(e.comment_len, 0);
	assert_false(known_find_next(&f, &e));
	assert_int_equal(f.bad, 0);
}

static void
only_announced_entries_count(void **state)
{
	static const char text[] =
	    "h ssh-ed25519 " ED "\n" /* nobody announced it */
	    "# Host h found: line 7 \n"
	    "h 1024 35 1234567\n" /* protocol 1: announced, and no entry */
	    "# Host h found: line x \n"
	    "h ssh-ed25519 " ED "\n"
	    "# Host a found: line 9 b found: line 8 \n" /* the last one counts */
	    "a ssh-ed25519 " ED;
	struct known_find f;
	struct known_entry e;

	(void)state;
	known_find_init(&f, text, sizeof(text) - 1);
	assert_true(known_find_next(&f, &e));
	assert_int_equal(e.line, 8);
	assert_false(known_find_next(&f, &e));
	assert_int_equal(f.bad, 1);
	known_find_init(&f, "", 0);
	assert_false(known_find_next(&f, &e));
}

/* Where ssh-keygen and the line itself differ about the marker, revoked holds. */
static void
revoked_is_never_lost(void **state)
{
	static const char text[] = "# Host h found: line 1 \n@revoked h ssh-ed25519 " ED "\n"
				   "# Host h found: line 2 REVOKED\nh ssh-ed25519 " ED "\n"
				   "# Host h found: line 3 CA\n@revoked h ssh-ed25519 " ED "\n";
	struct known_find f;
	struct known_entry e;
	unsigned i;

	(void)state;
	known_find_init(&f, text, sizeof(text) - 1);
	for (i = 1; i <= 3; i++) {
		assert_true(known_find_next(&f, &e));
		assert_int_equal(e.line, i);
		assert_int_equal(e.marker, KNOWN_REVOKED);
	}
}

static void
lines_that_are_no_entry(void **state)
{
	static const char *const rows[] = { "", "   ", "\t", "# comment", "h", "h ssh-ed25519",
		"@revoked", "@revoked h", "@unknown h ssh-ed25519 " ED, "h 1024 35 123",
		"h ssh-ed25519 not*base64", "@ h ssh-ed25519 " ED, "h ssh-ed25519 \033[31m" };
	struct known_entry e;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(rows); i++)
		assert_false(known_parse(&e, rows[i], strlen(rows[i])));
	assert_false(known_parse(&e, "h ssh-ed25519 AA\0AA", 19));
	assert_true(known_parse(&e, "  h\t ssh-x \t " ED " \t", strlen(ED) + 15));
	assert_true(is(e.type, e.type_len, "ssh-x"));
	assert_true(known_parse(&e, "[h]:22,1.2.3.4,!x ssh-ed25519 " ED, strlen(ED) + 30));
	assert_true(is(e.hosts, e.hosts_len, "[h]:22,1.2.3.4,!x"));
}

static void
base64_goes_both_ways(void **state)
{
	static const struct {
		const char *plain, *coded;
	} rows[] = {
		/* RFC 4648 section 10 */
		{ "", "" },
		{ "f", "Zg==" },
		{ "fo", "Zm8=" },
		{ "foo", "Zm9v" },
		{ "foob", "Zm9vYg==" },
		{ "fooba", "Zm9vYmE=" },
		{ "foobar", "Zm9vYmFy" },
	};
	uint8_t bin[256];
	char text[400];
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(rows); i++) {
		size_t n = strlen(rows[i].plain), cn = strlen(rows[i].coded);

		assert_int_equal(
		    base64_encode(text, sizeof(text), (const uint8_t *)rows[i].plain, n), cn);
		assert_string_equal(text, rows[i].coded);
		assert_int_equal(base64_decode(bin, sizeof(bin), rows[i].coded, cn), n);
		assert_memory_equal(bin, rows[i].plain, n);
		assert_int_equal(base64_decode(bin, n, rows[i].coded, cn), n);
		if (n > 0) {
			assert_int_equal(base64_decode(bin, n - 1, rows[i].coded, cn), -1);
			assert_int_equal(
			    base64_encode(text, cn, (const uint8_t *)rows[i].plain, n), -1);
		}
	}
	assert_int_equal(
	    base64_decode(bin, sizeof(bin), "Zm8", 3), 2); /* fingerprints have no padding */
	for (i = 0; i < 256; i++)
		bin[i] = (uint8_t)i;
	assert_int_equal(base64_encode(text, sizeof(text), bin, 256), 344);
	memset(bin, 0, sizeof(bin));
	assert_int_equal(base64_decode(bin, sizeof(bin), text, 344), 256);
	for (i = 0; i < 256; i++)
		assert_int_equal(bin[i], i);
}

static void
base64_refuses_what_is_none(void **state)
{
	static const char *const rows[] = { "Z", "Zg=", "Z===", "====", "=", "Zm9v=", "Zm 9",
		"Zm-9", "Zg==Zg==", "\xc3\xbcZZ", "Zm9vY" };
	uint8_t bin[64];
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(rows); i++)
		assert_int_equal(base64_decode(bin, sizeof(bin), rows[i], strlen(rows[i])), -1);
}

static void
a_blob_begins_with_its_type(void **state)
{
	uint8_t bin[64];

	(void)state;
	assert_int_equal(base64_decode(bin, sizeof(bin), ED, strlen(ED)), 51);
	assert_memory_equal(bin, "\0\0\0\x0bssh-ed25519", 15);
}

#define RSA "AAAAB3NzaC1yc2EAAAADAQABAAAABGFiY2Q="

static bool
plain(const char *text)
{
	return known_plain(text, strlen(text));
}

static void
plain_files_have_nothing_to_interpret(void **state)
{
	static const char *const yes[] = { "", "\n\n", "# *|1|@\n", "  \t\r\n", "h ssh-ed25519 " ED,
		" h\tssh-ed25519\t" ED "\r\n", "[::1]:22,H ssh-ed25519 " ED " any * comment\n",
		"h ssh-rsa " RSA "\n#\nh ssh-ed25519 " ED "\n" };
	static const char *const no[] = { "* ssh-ed25519 " ED, "h,!i ssh-ed25519 " ED,
		"h? ssh-ed25519 " ED, "|1|a|b ssh-ed25519 " ED, "a,|1|a|b ssh-ed25519 " ED,
		"@revoked h ssh-ed25519 " ED, "@cert-authority h ssh-ed25519 " ED,
		"@new h ssh-ed25519 " ED, "h ssh-ed25519", "h", "h 1024 35 123", "h ssh-rsa " ED,
		"h ssh-ed25519 " RSA, "h ssh-ed25519 AAAA", "h ssh-ed25519 " ED "A",
		"h ssh-dss " RSA, "h ssh-ed25519 not*base64", "\xc3\xbc ssh-ed25519 " ED,
		"h\r ssh-ed25519 " ED, "h\001 ssh-ed25519 " ED, "h SSH-ED25519 " ED,
		"h ssh-ed25519 " ED "\n@revoked\n", "\r# no comment to ssh-keygen\n" };
	char line[6000];

	(void)state;
	for (size_t i = 0; i < COUNT(yes); i++)
		assert_true(plain(yes[i]));
	for (size_t i = 0; i < COUNT(no); i++)
		if (plain(no[i]))
			fail_msg("plain: %s", no[i]);
	assert_false(known_plain("#\0\n", 3));
	snprintf(line, sizeof line, "%0255d ssh-ed25519 " ED, 1);
	assert_true(plain(line));
	snprintf(line, sizeof line, "%0256d ssh-ed25519 " ED, 1);
	assert_false(plain(line));
	snprintf(line, sizeof line, "#%04095d", 1);
	assert_true(plain(line));
	snprintf(line, sizeof line, "#%04096d", 1);
	assert_false(plain(line));
}

static void
plain_entries_are_found_in_order(void **state)
{
	static const char text[] =
	    "# h\nh ssh-ed25519 " ED "\n\nhh ssh-ed25519 " ED "\na,H,,b ssh-rsa " RSA
	    " x\r\n[h]:22 ssh-rsa " RSA "\nh ssh-ed25519 " ED;
	static const unsigned lines[] = { 2, 5, 7 };
	struct known_entry e[KNOWN_PLAIN_FOUND];
	char many[8192] = "", *at = many;

	(void)state;
	assert_true(plain(text));
	assert_int_equal(known_plain_find(text, sizeof text - 1, "h", e), COUNT(lines));
	for (size_t i = 0; i < COUNT(lines); i++)
		assert_int_equal(e[i].line, lines[i]);
	assert_true(is(e[1].type, e[1].type_len, "ssh-rsa"));
	assert_true(is(e[1].blob, e[1].blob_len, RSA));
	assert_int_equal(known_plain_find(text, sizeof text - 1, "[H]:22", e), 1);
	assert_int_equal(e[0].line, 6);
	assert_int_equal(known_plain_find(text, sizeof text - 1, "x", e), 0);
	assert_int_equal(known_plain_find("", 0, "h", e), 0);
	assert_int_equal(known_plain_find(text, sizeof text - 1, "", e), -1);
	assert_int_equal(known_plain_find(text, sizeof text - 1, "h*", e), -1);
	assert_int_equal(known_plain_find(text, sizeof text - 1, "a b", e), -1);
	for (int i = 0; i < KNOWN_PLAIN_FOUND; i++)
		at += sprintf(at, "h ssh-ed25519 " ED "\n");
	assert_int_equal(known_plain_find(many, (size_t)(at - many), "h", e), KNOWN_PLAIN_FOUND);
	at += sprintf(at, "h ssh-ed25519 " ED "\n");
	assert_int_equal(known_plain_find(many, (size_t)(at - many), "h", e), -1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(found_entries_have_line_and_marker),
		cmocka_unit_test(only_announced_entries_count),
		cmocka_unit_test(revoked_is_never_lost),
		cmocka_unit_test(lines_that_are_no_entry),
		cmocka_unit_test(plain_files_have_nothing_to_interpret),
		cmocka_unit_test(plain_entries_are_found_in_order),
		cmocka_unit_test(base64_goes_both_ways),
		cmocka_unit_test(base64_refuses_what_is_none),
		cmocka_unit_test(a_blob_begins_with_its_type),
	};

	return cmocka_run_group_tests_name("knownhosts", tests, NULL, NULL);
}
