/*
 * Programs of the machine that a practice needs: run to their end, or beside
 * it. No shell, and nothing of the user's environment but PATH. Called by
 * practice_agent.c, practice_keys.c and practice_sshd.c.
 */
#ifndef SSHMEDIC_PRACTICE_RUN_H
#define SSHMEDIC_PRACTICE_RUN_H

#include <stddef.h>
#include <sys/types.h>

/* What a child has for its standard input and output, its errors, and in its environment. -1, NULL: none. */
struct practice_run {
	int in_out, err;
	const char *agent; /* SSH_AUTH_SOCK */
};

/* Start argv, a path or a name to be found by PATH. It takes no signal of ours. Returns its id, or -1. */
pid_t practice_run_start(const char *const argv[], const struct practice_run *how);
/* Run it to its end. Returns its exit status, or -1; what it says in errors goes to said (cap bytes), if not NULL. */
int practice_run_wait(const char *const argv[], const char *agent, char *said, size_t cap);
/* End a child, and wait until it is gone; -1 is ignored. */
void practice_run_end(pid_t pid);

#endif
