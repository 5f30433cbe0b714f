/*
 * Who listens on a unix socket. Does not wait. Called by jobs of the probes mux and listen.
 */
#ifndef SSHMEDIC_UNIXPEER_H
#define SSHMEDIC_UNIXPEER_H

/*
 * Connect to path and hang up at once. Returns 0 and the process that listens in *pid (0 where
 * the kernel does not say), or the error number of socket(2) or connect(2): ECONNREFUSED where nobody does,
 * EAGAIN where so many wait already that it cannot be answering, ENAMETOOLONG.
 */
int unixpeer(const char *path, int *pid);

#endif
