/*
 * What an OpenSSH certificate says of itself (PROTOCOL.certkeys of OpenSSH):
 * key, id, validity, principals, critical options, signing authority. Nothing is verified here. Called by
 * the keys probe. Pure.
 */
#ifndef SSHMEDIC_CERTINFO_H
#define SSHMEDIC_CERTINFO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { CERT_PLAIN_MAX = 4096, CERT_TEXT_MAX = 512 };

struct certinfo {
	bool user; /* a user's certificate; else a host's */
	uint64_t serial;
	uint64_t from, to; /* epoch s; to UINT64_MAX: for ever */
	char id[CERT_TEXT_MAX];
	char principals[CERT_TEXT_MAX]; /* comma-separated, clean text; "" for all */
	/* Critical options, clean text; "" where there is none. */
	char sources[CERT_TEXT_MAX]; /* source-address: a list of addresses with masks */
	char command[CERT_TEXT_MAX]; /* force-command */
	const uint8_t *ca;           /* the authority's public key, into the blob */
	size_t ca_len;
	uint8_t plain[CERT_PLAIN_MAX]; /* the public key without the certificate (RFC 4253 6.6) */
	size_t plain_len;
};

/* Read a certificate blob. Returns 0, or -1 where it is none of a known type, or cut short. */
int certinfo_read(struct certinfo *ci, const uint8_t *blob, size_t len);

#endif
