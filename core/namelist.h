/*
 * Name-lists of RFC 4251 section 5 and the negotiation of RFC 4253 section
 * 7.1, computed as OpenSSH's client does it. Lists point into a packet or a
 * configuration; their bytes may be hostile. Called by the wire tap and the
 * key exchange's evidence. Pure.
 */
#ifndef SSHMEDIC_NAMELIST_H
#define SSHMEDIC_NAMELIST_H

#include <stdbool.h>
#include <stddef.h>

#include "text.h"

/* A comma-separated list, or one name of it. Not NUL-terminated; not owned. */
struct namelist {
	const char *s;
	size_t len;
};

/* The ten lists of a KEXINIT, in its order. */
enum kex_list {
	KEX_KEX,
	KEX_HOSTKEY,
	KEX_CIPHER_CS,
	KEX_CIPHER_SC,
	KEX_MAC_CS,
	KEX_MAC_SC,
	KEX_COMP_CS,
	KEX_COMP_SC,
	KEX_LANG_CS,
	KEX_LANG_SC,
	KEX__COUNT
};

struct kex_lists {
	struct namelist list[KEX__COUNT];
	bool first_follows; /* first_kex_packet_follows */
};

/* What client and server agree on. An implicit MAC leaves its list empty. */
struct kex_choice {
	struct namelist list[KEX__COUNT];
	enum kex_list mismatch; /* the first list without a common name; KEX__COUNT if all agree */
};

struct namelist namelist_of(const char *s);
/* The next name: *name is set and *rest moves on; false at the end. Empty names are skipped. */
bool namelist_next(struct namelist *rest, struct namelist *name);
bool namelist_has(struct namelist list, struct namelist name);
bool namelist_eq(struct namelist name, const char *s);
size_t namelist_count(struct namelist list);
/*
 * Whether a name of a key exchange list only signals an extension and is no
 * algorithm: ext-info-c, ext-info-s (RFC 8308) and kex-strict-*.
 */
bool namelist_is_marker(struct namelist name);

/* The first name of ours that theirs has too; len 0 if there is none. Markers never match. */
struct namelist namelist_first_common(struct namelist ours, struct namelist theirs);
/* Append the common names to sb, in our order. Markers are left out. Returns how many. */
size_t namelist_intersect(struct namelist ours, struct namelist theirs, struct strbuf *sb);
/* Append list to sb: first its names that preferred has, then the others, each in list's order. */
void namelist_reorder_first(struct namelist list, struct namelist preferred, struct strbuf *sb);

/*
 * The type of the key that a host key or signature algorithm uses: "ssh-rsa" for "rsa-sha2-512",
 * the RSA certificate type for its SHA-2 forms; else alg itself.
 */
const char *hostkey_alg_type(const char *alg);
/* Whether a cipher authenticates by itself, so that the MAC is not negotiated (PROTOCOL 1.6). */
bool cipher_is_aead(struct namelist cipher);

/*
 * Negotiate: true and the choice in *out, or false with the first mismatch in
 * the order in which OpenSSH's client looks: key exchange, host key, then
 * cipher, MAC and compression from the server to us, then those to the server.
 */
bool negotiate(
    const struct kex_lists *client, const struct kex_lists *server, struct kex_choice *out);

/* "kex" "hostkey" "cipher" "mac" "comp" "lang": the word in evidence. */
const char *kex_list_what(enum kex_list k);
/* The ssh_config option that sets the list: "KexAlgorithms" …; "" for languages. */
const char *kex_list_option(enum kex_list k);

#endif
