/*
 * The practice's agent. One that holds keys and signs is the machine's own
 * ssh-agent, started for the practice alone; one that is ill is a server of
 * practice_host.h at a socket of the private directory. Called by practice.c.
 */
#ifndef SSHMEDIC_PRACTICE_AGENT_H
#define SSHMEDIC_PRACTICE_AGENT_H

#include <sys/types.h>

#include "practice_host.h"

/* Answers as its play's agent does, or not at all. */
extern const struct practice_server practice_ill_agent;

/*
 * Start ssh-agent at the socket path, as a child that ends with this process, and give it the private keys
 * in these files (NULL-terminated). Returns its process id, or -1.
 */
pid_t practice_agent_start(const char *path, char *const files[]);
/* Lock it with the passphrase "practice". Returns 0 or -1. */
int practice_agent_lock(const char *path);
/* End it; -1 is ignored. */
void practice_agent_stop(pid_t pid);

#endif
