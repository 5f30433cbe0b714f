/*
 * Name-lists and negotiation. See namelist.h.
 */
#include "namelist.h"

#include <string.h>

static bool
same(struct namelist a, struct namelist b)
{
	return a.len == b.len && (a.len == 0 || memcmp(a.s, b.s, a.len) == 0);
}

static bool
starts_with(struct namelist name, const char *prefix)
{
	size_t n = strlen(prefix);

	return name.len >= n && memcmp(name.s, prefix, n) == 0;
}

static void
append(struct strbuf *sb, struct namelist name, size_t *count)
{
	if ((*count)++ > 0)
		sb_putc(sb, ',');
	sb_add(sb, name.s, name.len);
}

struct namelist
namelist_of(const char *s)
{
	struct namelist l = { s, strlen(s) };

	return l;
}

bool
namelist_next(struct namelist *rest, struct namelist *name)
{
	while (rest->len > 0) {
		const char *comma = memchr(rest->s, ',', rest->len);
		size_t n = comma != NULL ? (size_t)(comma - rest->s) : rest->len;
		size_t step = n + (comma != NULL);

		name->s = rest->s;
		name->len = n;
		rest->s += step;
		rest->len -= step;
		if (n > 0)
			return true;
	}
	return false;
}

bool
namelist_has(struct namelist list, struct namelist name)
{
	struct namelist item;

	while (namelist_next(&list, &item))
		if (same(item, name))
			return true;
	return false;
}

bool
namelist_eq(struct namelist name, const char *s)
{
	return same(name, namelist_of(s));
}

size_t
namelist_count(struct namelist list)
{
	struct namelist item;
	size_t n = 0;

	while (namelist_next(&list, &item))
		n++;
	return n;
}

bool
namelist_is_marker(struct namelist name)
{
	return namelist_eq(name, "ext-info-c") || namelist_eq(name, "ext-info-s") ||
	       starts_with(name, "kex-strict-");
}

struct namelist
namelist_first_common(struct namelist ours, struct namelist theirs)
{
	struct namelist item, none = { "", 0 };

	while (namelist_next(&ours, &item))
		if (!namelist_is_marker(item) && namelist_has(theirs, item))
			return item;
	return none;
}

size_t
namelist_intersect(struct namelist ours, struct namelist theirs, struct strbuf *sb)
{
	struct namelist item;
	size_t n = 0;

	while (namelist_next(&ours, &item))
		if (!namelist_is_marker(item) && namelist_has(theirs, item))
			append(sb, item, &n);
	return n;
}

void
namelist_reorder_first(struct namelist list, struct namelist preferred, struct strbuf *sb)
{
	struct namelist rest, item;
	size_t n = 0;
	int pass;

	for (pass = 0; pass < 2; pass++)
		for (rest = list; namelist_next(&rest, &item);)
			if (namelist_has(preferred, item) == (pass == 0))
				append(sb, item, &n);
}

const char *
hostkey_alg_type(const char *alg)
{
	static const struct {
		const char *alg, *type;
	} rows[] = {
		/* RFC 8332: new signatures, the same key. */
		{ "rsa-sha2-256", "ssh-rsa" },
		{ "rsa-sha2-512", "ssh-rsa" },
		{ "rsa-sha2-256-cert-v01@openssh.com", "ssh-rsa-cert-v01@openssh.com" },
		{ "rsa-sha2-512-cert-v01@openssh.com", "ssh-rsa-cert-v01@openssh.com" },
	};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (strcmp(alg, rows[i].alg) == 0)
			return rows[i].type;
	return alg;
}

bool
cipher_is_aead(struct namelist cipher)
{
	static const char *const names[] = { "chacha20-poly1305@openssh.com",
		"aes128-gcm@openssh.com", "aes256-gcm@openssh.com" };
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (namelist_eq(cipher, names[i]))
			return true;
	return false;
}

bool
negotiate(const struct kex_lists *client, const struct kex_lists *server, struct kex_choice *out)
{
	/* kex_choose_conf() of kex.c: what comes in is chosen before what goes out. */
	static const struct {
		enum kex_list list, aead; /* aead: not needed where this choice is an AEAD cipher */
	} order[] = {
		{ KEX_KEX, KEX__COUNT },
		{ KEX_HOSTKEY, KEX__COUNT },
		{ KEX_CIPHER_SC, KEX__COUNT },
		{ KEX_MAC_SC, KEX_CIPHER_SC },
		{ KEX_COMP_SC, KEX__COUNT },
		{ KEX_CIPHER_CS, KEX__COUNT },
		{ KEX_MAC_CS, KEX_CIPHER_CS },
		{ KEX_COMP_CS, KEX__COUNT },
	};
	size_t i;

	for (i = 0; i < KEX__COUNT; i++)
		out->list[i] = namelist_of("");
	out->mismatch = KEX__COUNT;
	for (i = 0; i < sizeof(order) / sizeof(order[0]); i++) {
		enum kex_list k = order[i].list;

		if (order[i].aead != KEX__COUNT && cipher_is_aead(out->list[order[i].aead]))
			continue;
		out->list[k] = namelist_first_common(client->list[k], server->list[k]);
		if (out->list[k].len == 0) {
			out->mismatch = k;
			return false;
		}
	}
	return true;
}

/* A row for each list of a KEXINIT. */
static const struct {
	const char *what, *option;
} kinds[KEX__COUNT] = {
	[KEX_KEX] = { "kex", "KexAlgorithms" },
	[KEX_HOSTKEY] = { "hostkey", "HostKeyAlgorithms" },
	[KEX_CIPHER_CS] = { "cipher", "Ciphers" },
	[KEX_CIPHER_SC] = { "cipher", "Ciphers" },
	[KEX_MAC_CS] = { "mac", "MACs" },
	[KEX_MAC_SC] = { "mac", "MACs" },
	[KEX_COMP_CS] = { "comp", "Compression" },
	[KEX_COMP_SC] = { "comp", "Compression" },
	[KEX_LANG_CS] = { "lang", "" },
	[KEX_LANG_SC] = { "lang", "" },
};

const char *
kex_list_what(enum kex_list k)
{
	return kinds[k].what;
}

const char *
kex_list_option(enum kex_list k)
{
	return kinds[k].option;
}
