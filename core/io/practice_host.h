/*
 * The practice host: listeners on loopback, their connections, and the thread
 * and libuv loop that they all live on.
 *
 *   practice.c --new, listen, run, stop--> host --a socket--> server: open, step, step, ..., close
 *
 * What a connection says is the business of a server, of which there are
 * several kinds (practice_ssh.c, practice_raw.c, ...). Made by practice.c.
 */
#ifndef SSHMEDIC_PRACTICE_HOST_H
#define SSHMEDIC_PRACTICE_HOST_H

#include <stdbool.h>
#include <stdint.h>

struct practice_host;
struct practice_keys;
struct practice_play;

/*
 * A kind of server. All but share(), unshare() and bar() run on the host's thread,
 * and none may block.
 */
struct practice_server {
	/* What all connections share, NULL where it cannot be made. Both may be missing. */
	void *(*share)(
	    const struct practice_keys *k, const struct practice_play *play, const char *dir);
	void (*unshare)(void *shared);
	/*
	 * In the place of serving: what becomes of the bound socket fd, which stays the host's. Returns 0 or a
	 * negative errno. Where it is there, none of those below is called, and they may be missing.
	 */
	int (*bar)(void *shared, int fd);
	/* A connection begins on the non-blocking socket fd, which stays the host's. NULL: drop it. */
	void *(*open)(void *shared, int fd);
	/* Do what can be done now. Returns the events to wait for (UV_READABLE, UV_WRITABLE), 0 to end. */
	int (*step)(void *conn);
	/* In how many ms step() is to be called though nothing came; 0: not. May be missing. */
	uint64_t (*wait_ms)(void *conn);
	/* The connection ends; the host closes fd afterwards. */
	void (*close)(void *conn);
};

/* Returns NULL where there is no memory or no descriptor for it. */
struct practice_host *practice_host_new(void);
/* What its servers get to know of the practice; all must live until practice_host_stop(). */
void practice_host_about(struct practice_host *h, const struct practice_keys *keys,
    const struct practice_play *play, const char *dir);
/*
 * Listen on a free port of 127.0.0.1, or at path where it is not NULL; with s NULL only keep the place.
 * Before practice_host_run() only. Returns the port (0 for a path), or a negative errno.
 */
int practice_host_listen(
    struct practice_host *h, const struct practice_server *s, const char *path);
/* Serve on a new thread. Returns 0, or a negative errno. */
int practice_host_run(struct practice_host *h);
/* End all connections, join the thread, free. NULL is ignored. */
void practice_host_stop(struct practice_host *h);

#endif
