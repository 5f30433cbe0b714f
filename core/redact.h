/*
 * Redaction: stable pseudonyms for the hosts, users, addresses and key
 * comments of a diagnosis, so that a report can be handed on.
 *
 *   host-A, host-B ...   names of hosts, by which they are known to ssh or to a log
 *   user-1 ...           user names; ~user-1 for a home folder
 *   addr-1 ..., net-1 ...   addresses in any notation, and networks
 *   key-1 ...            comments of keys, identities of certificates
 *
 * Fingerprints, ports, versions, times and the names of files stay: a report without them says
 * nothing. So do root, nobody, sshd, localhost and the addresses of this machine to itself: they
 * name nobody. What is redacted is what came from outside (the text fields of evidence, the slots of a
 * diagnosis), never our own sentences: a host called "server" is hidden where it is the host, and
 * "the server accepted" stays. In a text of somebody else's a name that is also a word of ours is hidden
 * only where its neighbours show that it is the name ("server@", "host server port", "user=key").
 *
 * Called by veil.c, which shows a whole diagnosis through it, and by the front
 * ends for single lines. Pure: no clock, no I/O, no allocation.
 */
#ifndef SSHMEDIC_REDACT_H
#define SSHMEDIC_REDACT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "book.h"
#include "diag.h"
#include "text.h"

enum {
	REDACT_NAMES = 768,      /* kept; what comes later is "host-?", "addr-?" */
	REDACT_BYTES = 32 * 1024 /* of their text */
};

enum redact_kind { REDACT_HOST, REDACT_USER, REDACT_ADDR, REDACT_NET, REDACT_KEY, REDACT__COUNT };

struct redact_name {
	uint16_t at, len; /* in bytes */
	uint16_t number;  /* among its kind, from 1 */
	uint8_t kind;
	bool weak; /* also a word of ours, or very short */
	uint16_t
	    next; /* with the same first letter, longest first; 0: none, else its place and 1 */
};

struct redact {
	struct redact_name name[REDACT_NAMES];
	size_t n, used;
	uint16_t count[REDACT__COUNT];
	uint16_t first[256];
	unsigned
	    words; /* names that are no addresses: where it grows, texts from before may hold one of them */
	char bytes[REDACT_BYTES];
};

/* Begin without any name. */
void redact_init(struct redact *r);
/* Take the names of a line of evidence. The same lines in the same order give the same pseudonyms. */
void redact_learn(struct redact *r, const struct ev_line *line);
/* The text with every known name replaced, and whatever else looks like an address or user@host. Appends to out. */
void redact_text(const struct redact *r, const char *in, struct strbuf *out);
/*
 * The line with its text fields redacted, as an encoded line in dst (cap bytes, NUL-terminated). Returns its
 * length; 0 where it is no line of a kind that is known.
 */
size_t redact_line(const struct redact *r, const struct ev_line *line, char *dst, size_t cap);
/* Replace every text of a diagnosis, in place. What was concluded stays as it is. */
void redact_diag(const struct redact *r, struct diag *d);
/*
 * A target as the user gave it: the host in it is a name whatever it is called, also by a word that texts use
 * ("gate", "server"), which redact_text() leaves alone. Appends to out.
 */
void redact_given(const struct redact *r, const char *input, struct strbuf *out);
/* The pseudonym of a name by its kind, "" where it is not known. Appends to out. */
void redact_name(
    const struct redact *r, enum redact_kind kind, const char *name, struct strbuf *out);
/* The pseudonym of the host that a diagnosis is about, or "target". For the name of a file. */
void redact_target(const struct redact *r, const struct diag *d, struct strbuf *out);

#endif
