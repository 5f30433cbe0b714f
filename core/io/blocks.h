/*
 * The Host blocks of the user's configuration files that may have been meant
 * and are not in force. Reads files and waits for them; called by the keys probe on the
 * thread pool.
 */
#ifndef SSHMEDIC_BLOCKS_H
#define SSHMEDIC_BLOCKS_H

#include "../hostblock.h"
#include "path.h"

enum { BLOCKS_MAX = 8 };

/* A block, and where it stands. */
struct block {
	struct hostblock b;
	const char *
	    reason; /* hostname label (hostblock.h), shadowed: it applies, and an earlier line set its user or port */
	char file[PATH_LEN];
	char key
	    [PATH_LEN]; /* its IdentityFile with ~ replaced; "" if it has none, or one with tokens */
};

struct blocks {
	/* what to look for; filled by the caller */
	char home[PATH_LEN]; /* "" if the user's own files are not read */
	char only[PATH_LEN]; /* the file of -F; "" for the usual two */
	char typed[HOSTBLOCK_NAME], hostname[HOSTBLOCK_NAME];
	char user
	    [HOSTBLOCK_USER]; /* in force; "" where it was given with the command, so that no block matters */
	int port;             /* in force; 0 likewise */
	/* found */
	struct block block[BLOCKS_MAX];
	int n;
};

void blocks_read(struct blocks *bs);

#endif
