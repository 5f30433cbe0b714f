/*
 * Edits of a known_hosts file (sshd(8), SSH_KNOWN_HOSTS FILE FORMAT): a name is taken out, or its
 * key replaced. Lines with a marker (@revoked, @cert-authority) and all else stay byte for byte. Called by
 * io/change_apply.c. Pure.
 */
#ifndef SSHMEDIC_KNOWNHOSTS_EDIT_H
#define SSHMEDIC_KNOWNHOSTS_EDIT_H

#include <stddef.h>

#include "text.h"

/* What was done. */
struct known_edit {
	int removed;  /* lines that are gone */
	int narrowed; /* lines that name other hosts as well and lost only this name */
	int kept;     /* lines that match the name and stay: with a marker, or by a pattern */
	int kept_at;  /* the number of the first of these, from 1; 0 */
};

/*
 * Take a name (as it stands there: host, or [host]:port; case aside) out of text. A line that has this
 * name only, plain or hashed ("|1|"), goes; out of a list only the name does. Then line, if
 * not NULL, is added at the end ("host type key", without a newline). out needs room for len and
 * the line. Returns false where out is too small.
 */
bool known_edit(const char *text, size_t len, const char *name, const char *line,
    struct strbuf *out, struct known_edit *did);

/* Whether one element of a line's hosts (len bytes, perhaps hashed) is the name; patterns do not count. */
bool known_name_is(const char *host, size_t len, const char *name);

#endif
