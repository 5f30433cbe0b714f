/* Certificates as ssh-keygen -s makes them, whole, cut short and bent. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "core/base64.h"
#include "core/certinfo.h"

/* ssh-keygen -s ca -I 'build host' -n alice,bob -V 20260101000000Z:20270101000000Z -z 7 u.pub */
static const char user_cert[] = "AAAAIHNzaC1lZDI1NTE5LWNlcnQtdjAxQG9wZW5zc2guY29tAAAAICXfYv1NlleFUz"
				"90cbcWlu1LIYbYZWarCpUp33g7e4OiAAAA"
				"IAxEVQpWCZJKhsW6fCOSQegivzKS61L/iQZ3fLI+A/"
				"scAAAAAAAAAAcAAAABAAAACmJ1aWxkIGhvc3QAAAAQAAAABWFsaWNlAAAA"
				"A2JvYgAAAABpVbkAAAAAAGs27IAAAAAAAAAAggAAABVwZXJtaXQtWDExLWZvcndhcm"
				"RpbmcAAAAAAAAAF3Blcm1pdC1hZ2VudC1m"
				"b3J3YXJkaW5nAAAAAAAAABZwZXJtaXQtcG9ydC1mb3J3YXJkaW5nAAAAAAAAAApwZX"
				"JtaXQtcHR5AAAAAAAAAA5wZXJtaXQtdXNl"
				"ci1yYwAAAAAAAAAAAAAAMwAAAAtzc2gtZWQyNTUxOQAAACA4XIZD2zK487vriyAd7i"
				"BNlRSgzdk6l6uC+NLTm1wUWAAAAFMAAAAL"
				"c3NoLWVkMjU1MTkAAABAFbIRZUyyjxYcstuBAKe6dxXFeWyg6S/"
				"25ipSilgmdjF04wQ74NC9LW3aVU3O0oIy0LSVpqATaYbqfdrO"
				"4FPxBw==";
/* ssh-keygen -s ca -I 'night build' -n alice -O source-address=192.0.2.0/24,2001:db8::/32 -O force-command='echo one, two' -O clear u.pub */
static const char bound_cert[] =
    "AAAAIHNzaC1lZDI1NTE5LWNlcnQtdjAxQG9wZW5zc2guY29tAAAAIHIYSD/Bp4q0J4tjzuFCFPRd"
    "Qd72mNgRn7CzeJe+M7GPAAAAIPc4Zy6RUptVJuwcqIsPOd5q7tkzAoKY/sDW3jIy3EwRAAAAAAAA"
    "AAAAAAABAAAAC25pZ2h0IGJ1aWxkAAAACQAAAAVhbGljZQAAAAAAAAAA//////////8AAABaAAAA"
    "DWZvcmNlLWNvbW1hbmQAAAARAAAADWVjaG8gb25lLCB0d28AAAAOc291cmNlLWFkZHJlc3MAAAAe"
    "AAAAGjE5Mi4wLjIuMC8yNCwyMDAxOmRiODo6LzMyAAAAAAAAAAAAAAAzAAAAC3NzaC1lZDI1NTE5"
    "AAAAIGrujjLiiUU8TcbV5Kcz6xO80V5c1h4xP/6bgspplxWIAAAAUwAAAAtzc2gtZWQyNTUxOQAA"
    "AEDvusBjRKKD2bP26yDyouVHy5WGgrbeBBKedlPXRoobMN9gaDckLo4mZtU/Ntsjz4zKIS3KMAVX"
    "B707h9yPIVkH";
static const char user_key[] =
    "AAAAC3NzaC1lZDI1NTE5AAAAIAxEVQpWCZJKhsW6fCOSQegivzKS61L/iQZ3fLI+A/sc";
static const char ca_key[] = "AAAAC3NzaC1lZDI1NTE5AAAAIDhchkPbMrjzu+uLIB3uIE2VFKDN2TqXq4L40tObXBRY";

static uint8_t blob[1024], other[1024];
static struct certinfo ci;

static size_t
decode(uint8_t *dst, const char *b64)
{
	long n = base64_decode(dst, sizeof blob, b64, strlen(b64));

	assert_true(n > 0);
	return (size_t)n;
}

static void
says_what_ssh_keygen_put_in(void **state)
{
	size_t len = decode(blob, user_cert), n;
	(void)state;

	assert_int_equal(certinfo_read(&ci, blob, len), 0);
	assert_true(ci.user);
	assert_int_equal(ci.serial, 7);
	assert_int_equal(ci.from, 1767225600); /* 2026-01-01 00:00:00 UTC */
	assert_int_equal(ci.to, 1798761600);   /* 2027-01-01 00:00:00 UTC */
	assert_string_equal(ci.id, "build host");
	assert_string_equal(ci.principals, "alice,bob");
	n = decode(other, user_key);
	assert_int_equal(ci.plain_len, n);
	assert_memory_equal(ci.plain, other, n);
	n = decode(other, ca_key);
	assert_int_equal(ci.ca_len, n);
	assert_memory_equal(ci.ca, other, n);
}

static void
critical_options_are_read(void **state)
{
	(void)state;
	assert_int_equal(certinfo_read(&ci, blob, decode(blob, user_cert)), 0);
	assert_string_equal(ci.sources, "");
	assert_string_equal(ci.command, "");
	assert_int_equal(certinfo_read(&ci, blob, decode(blob, bound_cert)), 0);
	assert_string_equal(ci.sources, "192.0.2.0/24,2001:db8::/32");
	assert_string_equal(ci.command, "echo one, two");
}

/* A value that is longer than its option is no value. */
static void
an_option_that_lies_about_its_length_is_empty(void **state)
{
	size_t len = decode(blob, bound_cert);
	uint8_t *value = memmem(blob, len, "192.0.2.0/24", 12);
	(void)state;

	assert_non_null(value);
	value[-1]++;
	assert_int_equal(certinfo_read(&ci, blob, len), 0);
	assert_string_equal(ci.sources, "");
	assert_string_equal(ci.command, "echo one, two");
}

static void
a_plain_key_is_none(void **state)
{
	(void)state;
	assert_int_equal(certinfo_read(&ci, blob, decode(blob, user_key)), -1);
	assert_int_equal(certinfo_read(&ci, blob, 0), -1);
}

/* Every shorter length ends before the authority's key does, or within the signature behind it. */
static void
cut_anywhere_it_stays_in_bounds(void **state)
{
	size_t len = decode(blob, user_cert), signature = 4 + 4 + 11 + 4 + 64;
	(void)state;

	for (size_t cut = 0; cut < len; cut++) {
		uint8_t *copy = malloc(cut + 1); /* so that a sanitizer sees a byte too many */
		int rc;

		memcpy(copy, blob, cut);
		rc = certinfo_read(&ci, copy, cut);
		assert_int_equal(rc, cut < len - signature ? -1 : 0);
		free(copy);
	}
}

static void
lying_lengths_are_refused(void **state)
{
	size_t len = decode(blob, user_cert);
	(void)state;

	for (size_t at = 0; at + 4 <= len; at++) {
		memcpy(other, blob, len);
		memset(other + at, 0xff, 4);
		certinfo_read(&ci, other, len);
		assert_true(ci.plain_len <= sizeof ci.plain);
	}
	memcpy(other, blob, len);
	memset(other + 4 + 32, 0xff, 4); /* the nonce's length */
	assert_int_equal(certinfo_read(&ci, other, len), -1);
}

static void
an_id_with_escapes_is_made_harmless(void **state)
{
	size_t len = decode(blob, user_cert);
	uint8_t *id = memmem(blob, len, "build host", 10);
	(void)state;

	assert_non_null(id);
	id[0] = 0x1b;
	assert_int_equal(certinfo_read(&ci, blob, len), 0);
	assert_null(strchr(ci.id, 0x1b));
	assert_non_null(strstr(ci.id, "uild host"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(says_what_ssh_keygen_put_in),
		cmocka_unit_test(critical_options_are_read),
		cmocka_unit_test(an_option_that_lies_about_its_length_is_empty),
		cmocka_unit_test(a_plain_key_is_none),
		cmocka_unit_test(cut_anywhere_it_stays_in_bounds),
		cmocka_unit_test(lying_lengths_are_refused),
		cmocka_unit_test(an_id_with_escapes_is_made_harmless),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
