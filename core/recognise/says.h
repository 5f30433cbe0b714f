/*
 * What a server's message says: rows of patterns, and the matcher. One table a kind of
 * server (sshd_says.c, dropbear_log.c). Called by the readers of logs. Pure.
 *
 * Names and texts of the other side stand in these messages, and they may be made to look like
 * messages. What ssh itself says stands at both ends of a line, so that a hole for a name takes as
 * much as it can, and a pattern is matched to the line's end.
 */
#ifndef SSHMEDIC_SAYS_H
#define SSHMEDIC_SAYS_H

#include "sessions.h"

/* What a row means beyond its statement, beside LINE_... of sessions.h. */
enum {
	SAY_SERVER = 1 << 10,  /* of the server as a whole */
	SAY_LISTENS = 1 << 11, /* sshd is up */
	SAY_STOPS = 1 << 12,   /* ... and down */
	SAY_BOTH =
	    1 << 13, /* the client says it too: alone it does not make a text a server's log */
	SAY_ONCE =
	    1 << 14, /* words of the other side stand behind the port: two ports are one too many */
	SAY_SSHD = 1 << 15, /* without a frame only where the path is sshd's */
};

struct says_row {
	/*
	 * Literal text with holes: %u user, %a address, %A address:port, %p port, %n line or
	 * another number, %P process that it is about, %t text, %f path, %- anything, %* the rest.
	 */
	const char *pattern;
	enum told what;
	unsigned flags;
	const char *needle;      /* the message holds this too; NULL for nothing */
	const char *user, *text; /* where the message itself does not name them */
};

/* What a message said. Texts that no hole took are "", but text is then the message where the row says something. */
struct said {
	const struct says_row *row;
	char user[96], addr[64], text[160], path[128];
	int64_t port, line, process;
};

/* The first row of a table (it ends with pattern NULL) that fits the message. */
bool says_match(const struct says_row *table, const char *message, struct said *out);

extern const struct says_row sshd_says[];

#endif
