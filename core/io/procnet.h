/*
 * Who holds which TCP socket of this machine, as /proc tells it. Reads files
 * and waits for them: for jobs on the pool only (job.h). Called by the probes mux and forward.
 */
#ifndef SSHMEDIC_PROCNET_H
#define SSHMEDIC_PROCNET_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

/* A process that holds a socket; pid 0 where /proc does not show whose it is. */
struct procnet_holder {
	int pid;
	int64_t uid;
	char name[32]; /* of the program, "" where not known; bytes as the kernel has them */
};

/* Who listens on that address and port, or on all addresses with that port. False where nobody does. */
bool procnet_listener(const struct sockaddr *sa, struct procnet_holder *h);
/*
 * Bytes that the connections of a process wait to have acknowledged, and how often the oldest
 * was sent again. False where it has no TCP connection that can be seen.
 */
bool procnet_waiting(int pid, int64_t *unacked, int64_t *retrans);
/* The program's name and its state letter (proc(5): T is stopped) of a process. False where it is gone. */
bool procnet_process(int pid, char *name, size_t cap, char *state);

#endif
