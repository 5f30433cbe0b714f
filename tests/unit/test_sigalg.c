/* Whether ssh offers a key: types, sizes, and the signature algorithms of both sides. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "core/sigalg.h"

#define NEW "ssh-ed25519,ecdsa-sha2-nistp256,rsa-sha2-512,rsa-sha2-256"
#define CERT "-cert-v01@openssh.com"

static size_t
field(uint8_t *at, const void *bytes, size_t n)
{
	at[0] = at[1] = 0;
	at[2] = (uint8_t)(n >> 8);
	at[3] = (uint8_t)n;
	if (n > 0)
		memcpy(at + 4, bytes, n);
	return 4 + n;
}

/* An RSA public key, or certificate, of that many bits. */
static size_t
rsa(uint8_t *blob, const char *type, int bits)
{
	uint8_t number[1025] = { 0 };
	size_t n = 0, bytes = (size_t)(bits + 7) / 8;

	number[1] = (uint8_t)(1 << (bits - 1) % 8);
	n += field(blob, type, strlen(type));
	if (strlen(type) > 7)
		n += field(blob + n, "nonce", 5);
	n += field(blob + n, "\1\0\1", 3);
	/* An mpint has a zero before a first byte with its top bit set. */
	n +=
	    bits % 8 == 0 ? field(blob + n, number, bytes + 1) : field(blob + n, number + 1, bytes);
	return n;
}

static void
ssh_offers_as_openssh_does(void **state)
{
	static const struct {
		const char *type, *ours, *theirs;
		int bits, min;
		enum sigalg want;
	} rows[] = {
		{ "ssh-ed25519", NEW, NULL, 0, 1024, SIGALG_OFFERED },
		{ "ssh-ed25519", NEW, "rsa-sha2-512", 0, 1024, SIGALG_OFFERED },
		{ "ssh-ed25519", "rsa-sha2-512", NULL, 0, 1024, SIGALG_TYPE },
		{ "ssh-ed25519", "ssh-ed25519" CERT, NULL, 0, 1024, SIGALG_TYPE },
		{ "ssh-ed25519" CERT, "ssh-ed25519" CERT, NULL, 0, 1024, SIGALG_OFFERED },
		{ "ssh-ed25519", "", NULL, 0, 1024, SIGALG_OFFERED },
		{ "ssh-rsa", NEW, NULL, 2048, 1024, SIGALG_SHA1 },
		{ "ssh-rsa", NEW ",ssh-rsa", NULL, 2048, 1024, SIGALG_OFFERED },
		{ "ssh-rsa", NEW, "ssh-rsa", 2048, 1024, SIGALG_SHA1 },
		{ "ssh-rsa", NEW, "ssh-ed25519,rsa-sha2-256", 2048, 1024, SIGALG_OFFERED },
		{ "ssh-rsa", "rsa-sha2-512", "rsa-sha2-256", 2048, 1024, SIGALG_SHA1 },
		{ "ssh-rsa", "ssh-ed25519", "rsa-sha2-256", 2048, 1024, SIGALG_TYPE },
		{ "ssh-rsa", "", NULL, 2048, 0, SIGALG_OFFERED },
		{ "ssh-rsa", NEW, "rsa-sha2-512", 1024, 2048, SIGALG_SHORT },
		{ "ssh-rsa", NEW, "rsa-sha2-512", 2047, 2048, SIGALG_SHORT },
		{ "ssh-rsa", NEW, "rsa-sha2-512", 2048, 2048, SIGALG_OFFERED },
		{ "ssh-rsa" CERT, "rsa-sha2-512" CERT, "rsa-sha2-512", 2048, 1024, SIGALG_OFFERED },
		{ "ssh-rsa" CERT, "rsa-sha2-512", "rsa-sha2-512", 2048, 1024, SIGALG_TYPE },
		{ "ssh-rsa" CERT, "rsa-sha2-512" CERT, NULL, 2048, 1024, SIGALG_SHA1 },
		{ "ssh-rsa" CERT, "rsa-sha2-512" CERT, "rsa-sha2-512", 1024, 2048, SIGALG_SHORT },
	};
	uint8_t blob[4096];

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		size_t n = rows[i].bits > 0 ? rsa(blob, rows[i].type, rows[i].bits) : 0;

		if (sigalg_judge(rows[i].type, blob, n, rows[i].ours, rows[i].theirs,
			rows[i].min) != rows[i].want)
			fail_msg("row %zu", i);
	}
}

static void
bits_are_counted_in_whole_blobs_only(void **state)
{
	uint8_t blob[4096];
	size_t n = rsa(blob, "ssh-rsa", 3072);

	(void)state;
	assert_int_equal(sigalg_rsa_bits(blob, n), 3072);
	for (size_t cut = 0; cut < n; cut++)
		assert_int_equal(sigalg_rsa_bits(blob, cut), 0);
	assert_int_equal(sigalg_rsa_bits((const uint8_t *)"\0\0\0\7ssh-dss", 11), 0);
	n = rsa(blob, "ssh-rsa" CERT, 2049);
	assert_int_equal(sigalg_rsa_bits(blob, n), 2049);
}

static void
the_servers_list_names_base_types(void **state)
{
	(void)state;
	assert_true(sigalg_in_list("ssh-ed25519", NULL));
	assert_true(sigalg_in_list("ssh-ed25519", NEW));
	assert_false(sigalg_in_list("ssh-ed25519", "rsa-sha2-512"));
	assert_true(sigalg_in_list("ssh-ed25519" CERT, NEW));
	assert_true(sigalg_in_list("ssh-rsa", "rsa-sha2-256"));
	assert_false(sigalg_in_list("ssh-rsa", "ssh-ed25519"));
	assert_true(sigalg_in_list("sk-ssh-ed25519" CERT, "sk-ssh-ed25519@openssh.com"));
	assert_string_equal(sigalg_name(SIGALG_OFFERED), "");
	assert_string_equal(sigalg_name(SIGALG_SHA1), "sha1");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ssh_offers_as_openssh_does),
		cmocka_unit_test(bits_are_counted_in_whole_blobs_only),
		cmocka_unit_test(the_servers_list_names_base_types),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
