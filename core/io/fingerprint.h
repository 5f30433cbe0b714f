/*
 * Fingerprints of public keys as ssh prints them ("SHA256:" and base64
 * without padding). Called by every probe that names a key.
 */
#ifndef SSHMEDIC_FINGERPRINT_H
#define SSHMEDIC_FINGERPRINT_H

#include <stddef.h>

enum { FINGERPRINT_MAX = 64, KEY_TYPE_MAX = 48 };

/*
 * The fingerprint of a public key blob (RFC 4253 6.6), of whatever type. A
 * certificate's is its own, not its key's. fp is "" where there is no hash.
 */
void fingerprint_of_blob(const unsigned char *blob, size_t len, char fp[FINGERPRINT_MAX]);
/* The same of a blob in base64, as in known_hosts; "" where it is none. */
void fingerprint_of_base64(const char *b64, size_t len, char fp[FINGERPRINT_MAX]);
/* The type that the blob itself names, e.g. "ssh-ed25519"; "" where it is no key. */
void fingerprint_type(const unsigned char *blob, size_t len, char type[KEY_TYPE_MAX]);

#endif
