/*
 * Entries of known_hosts (sshd(8), SSH_KNOWN_HOSTS FILE FORMAT) and the
 * output of `ssh-keygen -F NAME -f FILE`, which finds the entries of a name; for
 * files so plain that there is only one answer, the same search here. Called by the
 * known hosts probe. Pure.
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

enum { KNOWN_PLAIN_FOUND = 32 };

/*
 * Whether a file's text is plain: each line is blank, a comment, or an entry with nothing to interpret. That is,
 * no marker, no hash, no pattern and none but printable ASCII among the hosts, a key of a type that every OpenSSH
 * has, in base64 that decodes to that type; no NUL, no overlong line. Of such a text known_plain_find() says
 * what ssh-keygen -F would say (hostkeys_foreach() of hostfile.c, match_pattern_list() of match.c).
 */
bool known_plain(const char *text, size_t len);
/*
 * The entries of a name in a plain text, in the order of their lines, into found. Returns how many, or -1 where the
 * name is no plain one or there are more of them than KNOWN_PLAIN_FOUND: ask ssh-keygen then.
 */
int known_plain_find(
    const char *text, size_t len, const char *name, struct known_entry found[KNOWN_PLAIN_FOUND]);

/* "none" "revoked" "ca". */
const char *known_marker_name(enum known_marker m);

#endif
