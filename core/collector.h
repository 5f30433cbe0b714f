/*
 * The collector: a read-only shell script that is run on the server and says
 * what only the server knows (collector.sh, built into the program). Here it
 * gets the words of one login. Called by --collector and by the admin probe. Pure.
 */
#ifndef SSHMEDIC_COLLECTOR_H
#define SSHMEDIC_COLLECTOR_H

#include "text.h"

enum { COLLECTOR_KEYS = 64, COLLECTOR_MAX = 128 * 1024 };

/* Which login it is about. NULL or 0: not known; the script then says what it could not ask. */
struct collector_words {
	const char *target; /* as the user typed it */
	const char *user;
	int port;                         /* of the server */
	const char *laddr;                /* of the server, the address that was connected to */
	const char *client;               /* the address that the server sees, as far as we know */
	const char *client_from;          /* "given" "route" */
	const char *ports;                /* our own ports, in a comma list */
	const char *keys[COLLECTOR_KEYS]; /* fingerprints of the user's keys */
	size_t nkeys;
};

/*
 * Append the script with these words in it, each quoted for a POSIX shell; sb
 * needs room for COLLECTOR_MAX bytes. Returns 0, or -1 where it was cut.
 */
int collector_print(struct strbuf *sb, const struct collector_words *w);

#endif
