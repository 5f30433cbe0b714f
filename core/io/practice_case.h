/*
 * The practice cases as rows: what the command line shows of each, and what
 * its server does. Read by practice.c alone.
 */
#ifndef SSHMEDIC_PRACTICE_CASE_H
#define SSHMEDIC_PRACTICE_CASE_H

#include <stdbool.h>
#include <stddef.h>

#include "practice.h"
#include "practice_host.h"

struct practice_row {
	struct practice_case shown;
	const struct practice_server *server; /* which kind of server stands on the port */
	bool refuse_keys;                     /* it lets nobody in */
	bool stale_known;                     /* known_hosts holds another key than the server's */
	bool old_hostkey; /* it has an RSA key and offers SHA-1 signatures only */
};

/* The rows; the default case is the first. */
size_t practice_rows(void);
const struct practice_row *practice_row(size_t i);

#endif
