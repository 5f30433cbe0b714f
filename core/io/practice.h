/*
 * Practice: faulty SSH servers hosted on loopback by the program itself, so
 * that the whole diagnosis can be seen with no network, no root and no second
 * host. A case brings its own ssh_config, known_hosts, keys and agent in a
 * private directory; nothing of the user's is read or touched. Runs on a
 * thread and libuv loop of its own (libssh's server side and raw sockets),
 * keys are made in memory.
 */
#ifndef SSHMEDIC_PRACTICE_H
#define SSHMEDIC_PRACTICE_H

#include <stddef.h>

#include "engine.h"

struct practice;

struct practice_case {
	const char *id;    /* name on the command line, e.g. "key-rejected" */
	const char *title; /* one line for --list-practice */
	const char
	    *finding; /* the verdict that the case makes; or a warning, where the login works */
};

size_t practice_count(void);
const struct practice_case *practice_at(size_t i);
const struct practice_case *practice_by_id(const char *id);

/*
 * Start the server of a case. On success *t and *opt describe the target (words in opt
 * live as long as the practice does: -F config and so on, keydir, agent). Returns 0, or -1 with a sentence in err.
 */
int practice_start(struct practice **out, const struct practice_case *c, struct target *t,
    struct run_options *opt, char *err, size_t errcap);
/* Stop the server, join its thread, remove the private directory. */
void practice_free(struct practice *p);

#endif
