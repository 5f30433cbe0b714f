/*
 * SHA-1 (RFC 3174) and HMAC-SHA-1 (RFC 2104), for what OpenSSH makes of a host name that is hashed
 * in known_hosts. Called by knownhosts_edit.c, and by the journal of changes to tell whether a
 * file was changed by somebody else. Not for anything that has to withstand an attacker. Pure.
 */
#ifndef SSHMEDIC_HMAC_H
#define SSHMEDIC_HMAC_H

#include <stddef.h>
#include <stdint.h>

enum { SHA1_LEN = 20 };

/* The SHA-1 of a followed by b (b may be NULL with blen 0). */
void sha1(const void *a, size_t alen, const void *b, size_t blen, uint8_t out[SHA1_LEN]);
/* HMAC-SHA-1; key of at most 64 bytes. */
void hmac_sha1(
    const uint8_t *key, size_t keylen, const void *text, size_t len, uint8_t out[SHA1_LEN]);

#endif
