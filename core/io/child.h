/*
 * A child process under the loop: argv (never a shell string), its stdout and stderr as
 * lines in real time, its end with status or signal; killed with its whole
 * process group. Called by probes that run ssh, ssh-keygen or a proxy.
 */
#ifndef SSHMEDIC_CHILD_H
#define SSHMEDIC_CHILD_H

#include <stdbool.h>
#include <stddef.h>
#include <uv.h>

enum child_stream { CHILD_OUT, CHILD_ERR };

struct child;

struct child_callbacks {
	/* One line without its newline and trailing CR; longer lines come in pieces of 8 KB. */
	void (*line)(void *arg, enum child_stream s, const char *line, size_t len);
	/* All is over and closed: status, or the signal's number if not 0; error < 0 if it could not be started (libuv code). */
	void (*end)(void *arg, int error, int status, int sig);
};

/*
 * Start argv with LC_ALL=C, SSH_ASKPASS_REQUIRE=never, no stdin, in a session
 * of its own (no terminal to prompt on). end() is called exactly once, from
 * the loop, never from within child_start(); the child frees itself after.
 * Returns NULL only out of memory.
 */
struct child *child_start(
    uv_loop_t *loop, char *const argv[], const struct child_callbacks *cb, void *arg);
/* As child_start(), with its stdin on a file of the caller, which stays the caller's. */
struct child *child_start_input(
    uv_loop_t *loop, char *const argv[], int fd_in, const struct child_callbacks *cb, void *arg);
/*
 * As child_start(), with its stdin and stdout on fds of the caller (a socketpair's end each, duplicated);
 * only stderr comes as lines. For proxies.
 */
struct child *child_start_pipe(uv_loop_t *loop, char *const argv[], int fd_in, int fd_out,
    const struct child_callbacks *cb, void *arg);
/* SIGTERM to the group, SIGKILL after 200 ms. end() still comes. */
void child_kill(struct child *c);
/* SIGKILL to the group at once. */
void child_kill_now(struct child *c);

#endif
