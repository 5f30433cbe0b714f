/*
 * core/namelist.c: negotiation as OpenSSH's client does it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "core/namelist.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

#define KEX \
	"sntrup761x25519-sha512@openssh.com,curve25519-sha256,diffie-hellman-group14-sha256,ext-" \
	"info-c"
#define CIPHERS "chacha20-poly1305@openssh.com,aes128-ctr,aes256-gcm@openssh.com"
#define MACS "umac-64-etm@openssh.com,hmac-sha2-256"

/* Lists with the same content in both directions. */
static struct kex_lists
offer(const char *kex, const char *hostkey, const char *cipher, const char *mac, const char *comp)
{
	struct kex_lists k;
	size_t i;

	for (i = 0; i < KEX__COUNT; i++)
		k.list[i] = namelist_of("");
	k.first_follows = false;
	k.list[KEX_KEX] = namelist_of(kex);
	k.list[KEX_HOSTKEY] = namelist_of(hostkey);
	k.list[KEX_CIPHER_CS] = k.list[KEX_CIPHER_SC] = namelist_of(cipher);
	k.list[KEX_MAC_CS] = k.list[KEX_MAC_SC] = namelist_of(mac);
	k.list[KEX_COMP_CS] = k.list[KEX_COMP_SC] = namelist_of(comp);
	return k;
}

static void
lists_are_walked_by_name(void **state)
{
	struct namelist l = namelist_of(",a,,bc,d,"), name;
	char out[32] = "";

	(void)state;
	assert_int_equal(namelist_count(l), 3);
	while (namelist_next(&l, &name)) {
		strncat(out, name.s, name.len);
		strncat(out, "|", 2);
	}
	assert_string_equal(out, "a|bc|d|");
	assert_true(namelist_has(namelist_of("a,bc"), namelist_of("bc")));
	assert_false(namelist_has(namelist_of("a,bc"), namelist_of("b")));
	assert_false(namelist_has(namelist_of("a,bc"), namelist_of("bcd")));
	assert_false(namelist_has(namelist_of("a,,b"), namelist_of("")));
	assert_false(namelist_has(namelist_of(""), namelist_of("")));
}

static void
first_common_follows_our_order(void **state)
{
	static const struct {
		const char *ours, *theirs, *common;
	} rows[] = {
		{ "a,b,c", "c,b", "b" },
		{ "a", "b", "" },
		{ "", "a", "" },
		{ "a", "", "" },
		{ "ext-info-c,a", "ext-info-c,a", "a" },
		{ "ext-info-c", "ext-info-c", "" },
		{ "kex-strict-c-v00@openssh.com", "kex-strict-c-v00@openssh.com", "" },
		{ "ext-info-s", "ext-info-s", "" },
		{ "aes128-ctr", "aes128-ctr ", "" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(rows); i++)
		assert_true(namelist_eq(
		    namelist_first_common(namelist_of(rows[i].ours), namelist_of(rows[i].theirs)),
		    rows[i].common));
}

static void
intersection_and_order(void **state)
{
	char buf[64];
	struct strbuf sb;

	(void)state;
	sb_init(&sb, buf, sizeof(buf));
	assert_int_equal(namelist_intersect(namelist_of("a,b,ext-info-c,c,d"),
			     namelist_of("d,ext-info-c,x,a"), &sb),
	    2);
	assert_string_equal(buf, "a,d");
	sb_init(&sb, buf, sizeof(buf));
	assert_int_equal(namelist_intersect(namelist_of("a"), namelist_of("b"), &sb), 0);
	assert_string_equal(buf, "");
	sb_init(&sb, buf, sizeof(buf));
	namelist_reorder_first(namelist_of("a,b,c,d"), namelist_of("d,b,x"), &sb);
	assert_string_equal(buf, "b,d,a,c");
	sb_init(&sb, buf, sizeof(buf));
	namelist_reorder_first(namelist_of("a,b"), namelist_of(""), &sb);
	assert_string_equal(buf, "a,b");
}

static void
algorithms_know_their_key_type(void **state)
{
	(void)state;
	assert_string_equal(hostkey_alg_type("rsa-sha2-512"), "ssh-rsa");
	assert_string_equal(hostkey_alg_type("rsa-sha2-256"), "ssh-rsa");
	assert_string_equal(hostkey_alg_type("ssh-rsa"), "ssh-rsa");
	assert_string_equal(hostkey_alg_type("ssh-ed25519"), "ssh-ed25519");
	assert_string_equal(
	    hostkey_alg_type("rsa-sha2-512-cert-v01@openssh.com"), "ssh-rsa-cert-v01@openssh.com");
	assert_true(cipher_is_aead(namelist_of("chacha20-poly1305@openssh.com")));
	assert_true(cipher_is_aead(namelist_of("aes256-gcm@openssh.com")));
	assert_false(cipher_is_aead(namelist_of("aes256-ctr")));
	assert_false(cipher_is_aead(namelist_of("")));
}

static void
agreement_names_each_choice(void **state)
{
	struct kex_lists c = offer(KEX, "ssh-ed25519,rsa-sha2-512", "aes128-ctr,aes256-ctr", MACS,
	    "none,zlib@openssh.com");
	struct kex_lists s = offer("curve25519-sha256,ext-info-c", "ssh-rsa,rsa-sha2-512",
	    "aes256-ctr", "hmac-sha2-256", "zlib@openssh.com,none");
	struct kex_choice got;

	(void)state;
	assert_true(negotiate(&c, &s, &got));
	assert_int_equal(got.mismatch, KEX__COUNT);
	assert_true(namelist_eq(got.list[KEX_KEX], "curve25519-sha256"));
	assert_true(namelist_eq(got.list[KEX_HOSTKEY], "rsa-sha2-512"));
	assert_true(namelist_eq(got.list[KEX_CIPHER_SC], "aes256-ctr"));
	assert_true(namelist_eq(got.list[KEX_CIPHER_CS], "aes256-ctr"));
	assert_true(namelist_eq(got.list[KEX_MAC_CS], "hmac-sha2-256"));
	assert_true(namelist_eq(got.list[KEX_COMP_CS], "none"));
}

static void
mismatches_come_in_the_order_of_ssh(void **state)
{
	static const struct {
		const char *kex, *hostkey, *cipher, *mac, *comp;
		enum kex_list mismatch;
		const char *what, *option;
	} rows[] = {
		{ "x", "x", "x", "x", "x", KEX_KEX, "kex", "KexAlgorithms" },
		{ "ext-info-c", "ssh-rsa", CIPHERS, MACS, "none", KEX_KEX, "kex", "KexAlgorithms" },
		{ KEX, "ssh-rsa", "x", "x", "x", KEX_HOSTKEY, "hostkey", "HostKeyAlgorithms" },
		{ KEX, "ssh-ed25519", "3des-cbc", "x", "x", KEX_CIPHER_SC, "cipher", "Ciphers" },
		{ KEX, "ssh-ed25519", "aes128-ctr", "hmac-md5", "x", KEX_MAC_SC, "mac", "MACs" },
		{ KEX, "ssh-ed25519", "aes128-ctr", MACS, "zlib", KEX_COMP_SC, "comp",
		    "Compression" },
		/* An AEAD cipher needs no MAC. */
		{ KEX, "ssh-ed25519", "chacha20-poly1305@openssh.com", "hmac-md5", "none",
		    KEX__COUNT, "", "" },
		{ KEX, "ssh-ed25519", "aes256-gcm@openssh.com", "", "none", KEX__COUNT, "", "" },
	};
	struct kex_lists c =
	    offer(KEX, "ssh-ed25519,rsa-sha2-512", CIPHERS, MACS, "none,zlib@openssh.com");
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(rows); i++) {
		struct kex_lists s =
		    offer(rows[i].kex, rows[i].hostkey, rows[i].cipher, rows[i].mac, rows[i].comp);
		struct kex_choice got;

		assert_int_equal(negotiate(&c, &s, &got), rows[i].mismatch == KEX__COUNT);
		assert_int_equal(got.mismatch, rows[i].mismatch);
		if (got.mismatch == KEX__COUNT) {
			assert_int_equal(got.list[KEX_MAC_SC].len, 0);
			continue;
		}
		assert_string_equal(kex_list_what(got.mismatch), rows[i].what);
		assert_string_equal(kex_list_option(got.mismatch), rows[i].option);
	}
}

static void
directions_are_judged_apart(void **state)
{
	struct kex_lists c = offer(KEX, "ssh-ed25519", CIPHERS, MACS, "none"), s = c;
	struct kex_choice got;

	(void)state;
	s.list[KEX_CIPHER_CS] = namelist_of("3des-cbc");
	assert_false(negotiate(&c, &s, &got));
	assert_int_equal(got.mismatch, KEX_CIPHER_CS);
	s.list[KEX_CIPHER_CS] = namelist_of("aes128-ctr"); /* not AEAD to them, AEAD from them */
	s.list[KEX_MAC_CS] = s.list[KEX_MAC_SC] = namelist_of("hmac-md5");
	assert_false(negotiate(&c, &s, &got));
	assert_int_equal(got.mismatch, KEX_MAC_CS);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lists_are_walked_by_name),
		cmocka_unit_test(first_common_follows_our_order),
		cmocka_unit_test(intersection_and_order),
		cmocka_unit_test(algorithms_know_their_key_type),
		cmocka_unit_test(agreement_names_each_choice),
		cmocka_unit_test(mismatches_come_in_the_order_of_ssh),
		cmocka_unit_test(directions_are_judged_apart),
	};

	return cmocka_run_group_tests_name("namelist", tests, NULL, NULL);
}
