/*
 * The practice cases as rows: what the command line shows of each, what its
 * server does, and what the trainee has. Read by practice.c alone.
 */
#ifndef SSHMEDIC_PRACTICE_CASE_H
#define SSHMEDIC_PRACTICE_CASE_H

#include <stdbool.h>
#include <stddef.h>

#include "practice.h"
#include "practice_keys.h"
#include "practice_play.h"

struct practice_server;

struct practice_row {
	struct practice_case shown;
	const struct practice_server
	    *server;               /* which kind of server stands on the port; NULL: none */
	struct practice_play play; /* what it and the agent do */
	struct practice_want keys; /* the keys on both sides, and known_hosts */
	/*
	 * Lines of ssh_config before the ordinary ones, which are those of a jump host "gate" too: ssh takes
	 * the first of each. "{dir}" stands for the private directory, "{port}" for the server's port,
	 * "{shut}" for one where nobody listens, "{me}" for the user's name.
	 */
	const char *config;
	const char *team; /* a file "team" that config may include; others may write it */
	const char *
	    sshd; /* lines of sshd_config before the ordinary ones, where the server is practice_sshd */
};

/* The rows; the default case is the first. */
size_t practice_rows(void);
const struct practice_row *practice_row(size_t i);

#endif
