/*
 * A key file of the user as it lies on the disk: the private key, its public
 * half, its certificate; what ssh would make of them. Blocks; called by the
 * keys probe on the thread pool.
 */
#ifndef SSHMEDIC_KEYFILE_H
#define SSHMEDIC_KEYFILE_H

#include <stdbool.h>
#include <stddef.h>

#include "../certinfo.h"
#include "fingerprint.h"

enum keyfile_state {
	KEYFILE_OK,
	KEYFILE_MISSING,
	KEYFILE_UNREADABLE,
	KEYFILE_UNPARSABLE,
	KEYFILE_ENCRYPTED,
	KEYFILE_PUBLIC /* NAME.pub itself: it picks a key that the agent holds */
};

/* A public key: a .pub file's, or one known from the private key. */
struct keyfile_pub {
	unsigned char *blob; /* owned; NULL if there is none */
	size_t len;
	char fp[FINGERPRINT_MAX], type[KEY_TYPE_MAX];
};

struct keyfile {
	enum keyfile_state state;
	char mode[8];           /* octal, "0600"; "" if there is no file */
	char owner[48];         /* by passwd, else the number */
	bool open;              /* others may read it, so that ssh refuses it (authfile.c) */
	bool suspect;           /* ssh-keygen is to be asked what ssh makes of it */
	char why[160];          /* why it may be unparsable, or unreadable; "" if not known */
	struct keyfile_pub own; /* the private key's public half */
	struct keyfile_pub pub; /* of the .pub file */
};

/* Look at a private key file and its .pub file. Never asks for a passphrase, never follows a FIFO. */
void keyfile_read(struct keyfile *k, const char *path);
/* Read a file of one public key or certificate ("type base64 comment"). Returns 0, or an errno (EINVAL: it holds none). */
int keyfile_read_pub(struct keyfile_pub *p, const char *path);
/* The same from its line of text. Returns 0 or -1. */
int keyfile_parse_pub(struct keyfile_pub *p, const char *line, size_t len);
void keyfile_clear(struct keyfile *k);
void keyfile_clear_pub(struct keyfile_pub *p);
/* "ok" "missing" "unreadable" "unparsable" "encrypted" "public". */
const char *keyfile_state_name(enum keyfile_state s);

#endif
