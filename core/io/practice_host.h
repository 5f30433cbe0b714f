/*
 * The practice host: a listener on loopback, its connections, and the thread
 * and libuv loop that they all live on.
 *
 *   practice.c --start, stop--> host --a socket--> server: open, step, step, ..., close
 *
 * What a connection says is the business of a server, of which there are
 * several kinds (practice_ssh.c, practice_raw.c). Started by practice.c.
 */
#ifndef SSHMEDIC_PRACTICE_HOST_H
#define SSHMEDIC_PRACTICE_HOST_H

#include <stdbool.h>

struct practice_host;
struct practice_keys;

/*
 * A kind of server. All but share() and unshare() run on the host's thread,
 * and none may block.
 */
struct practice_server {
	/* What all connections share, NULL where it cannot be made. Both may be missing. */
	void *(*share)(const struct practice_keys *k, bool refuse_keys);
	void (*unshare)(void *shared);
	/* A connection begins on the non-blocking socket fd, which stays the host's. NULL: drop it. */
	void *(*open)(void *shared, int fd);
	/* Do what can be done now. Returns the events to wait for (UV_READABLE, UV_WRITABLE), 0 to end. */
	int (*step)(void *conn);
	/* The connection ends; the host closes fd afterwards. */
	void (*close)(void *conn);
};

/*
 * Listen on a free port of 127.0.0.1 and serve on a new thread. keys must live
 * until practice_host_stop(). Returns 0, or a negative errno.
 */
int practice_host_start(struct practice_host **out, const struct practice_server *s,
    const struct practice_keys *keys, bool refuse_keys);
int practice_host_port(const struct practice_host *h);
/* End all connections, join the thread, free. NULL is ignored. */
void practice_host_stop(struct practice_host *h);

#endif
