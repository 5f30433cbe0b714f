/*
 * Entries of known_hosts (sshd(8), SSH_KNOWN_HOSTS FILE FORMAT) and the
 * output of `ssh-keygen -F NAME -f FILE`, which finds the entries of a name.
 * Called by the known hosts probe. Pure.
 */
#ifndef SSHMEDIC_KNOWNHOSTS_H
#define SSHMEDIC_KNOWNHOSTS_H

#include <stdbool.h>
#include <stddef.h>

enum known_marker { KNOWN_NONE, KNOWN_REVOKED, KNOWN_CA };

/* An entry; the texts point into the input and are not NUL-terminated. */
struct known_entry {
	unsigned line; /* in the file, from 1; 0 where not known */
	enum known_marker marker;
	bool hashed;                               /* the host name is hashed ("|1|…") */
	const char *hosts, *type, *blob, *comment; /* blob: the key in base64 */
	size_t hosts_len, type_len, blob_len, comment_len;
};

/*
 * Read one line of known_hosts (no newline). False for blank lines, comments,
 * entries without a key, unknown markers, and keys of protocol 1.
 */
bool known_parse(struct known_entry *e, const char *line, size_t len);

/* Walks the output of `ssh-keygen -F`; begin with known_find_init(). */
struct known_find {
	const char *rest;
	size_t len;
	unsigned line;  /* of the last "found: line N" */
	bool announced; /* and its entry has not come yet */
	enum known_marker marker;
	unsigned bad; /* announced lines that were no entry */
};

void known_find_init(struct known_find *f, const char *text, size_t len);
/*
 * The next entry with its line number and marker, as ssh-keygen found it; false at the
 * end. Lines that ssh-keygen did not announce are passed over.
 */
bool known_find_next(struct known_find *f, struct known_entry *e);

/* "none" "revoked" "ca". */
const char *known_marker_name(enum known_marker m);

#endif
