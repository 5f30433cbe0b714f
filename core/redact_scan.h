/*
 * What in a text looks like a host, a user or an address, by its shape alone:
 * addresses in any notation, user@host, home folders, the heads of log lines. Called
 * by redact.c only. Pure.
 */
#ifndef SSHMEDIC_REDACT_SCAN_H
#define SSHMEDIC_REDACT_SCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum redact_token {
	TOKEN_NONE,
	TOKEN_ADDR,  /* 192.0.2.7, ::ffff:192.0.2.7, fd00::1 */
	TOKEN_NET,   /* the address before "/24"; 192.0.2.* as a whole, and then no address */
	TOKEN_HOME,  /* /home/NAME */
	TOKEN_LOGIN, /* NAME@HOST; the host may be an address */
	TOKEN_HOST,  /* [NAME]:22, the host of a log line, a name in a domain */
	TOKEN_USER,  /* the name in "user=NAME", "for NAME from" */
	TOKEN_KEY,   /* the identity of a certificate, as ssh and sshd print it */
	TOKEN_PLAIN  /* looks like one of these and is none: to be left as it is, as a whole */
};

/* A part of a text. */
struct redact_part {
	size_t at, len;
};

struct redact_found {
	enum redact_token token;
	size_t len;              /* of the whole, from where it was looked for */
	struct redact_part name; /* the user, the host or the pattern, in the whole */
	struct redact_part host; /* TOKEN_LOGIN: behind the @ */
	uint8_t addr[16];        /* TOKEN_ADDR, TOKEN_NET; IPv4 as ::ffff:a.b.c.d */
	bool is_addr;            /* addr is one; of TOKEN_LOGIN: the host is one */
};

/* Whether a word may begin at i of s (len bytes), or end before i. Letters, digits and what is not ASCII make words. */
bool redact_edge(const char *s, size_t len, size_t i);
/* What begins at i. */
struct redact_found redact_look(const char *s, size_t len, size_t i);
/* Read the whole of s as an address, brackets and a zone allowed. */
bool redact_addr(const char *s, size_t len, uint8_t addr[16]);
/* Addresses that name no machine: this one itself, all of them, masks. */
bool redact_is_common(const uint8_t addr[16]);
/* How many bytes from i on could be of a host's or a user's name. */
size_t redact_host_len(const char *s, size_t len, size_t i);
size_t redact_user_len(const char *s, size_t len, size_t i);

#endif
