/*
 * An agent with one key: what libssh talks to when a key of the user's agent
 * is to sign. It names that key only, passes signature requests on to the
 * real agent, and can be cut off at any moment, which libssh's own agent code
 * cannot. Used by the auth probe, on the loop; libssh's end is used in the pool.
 */
#ifndef SSHMEDIC_AGENTPIPE_H
#define SSHMEDIC_AGENTPIPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <uv.h>

struct agentpipe;

/*
 * path: the real agent's socket; blob: the public key to name, copied. *fd is
 * libssh's end; libssh owns it once it is told (ssh_set_agent_socket()).
 * Returns NULL where descriptors are out.
 */
struct agentpipe *agentpipe_new(
    uv_loop_t *loop, const char *path, const unsigned char *blob, size_t len, int *fd);
/* Whether the agent answered a signature request with a refusal. */
bool agentpipe_refused(const struct agentpipe *a);
/* Whether a signature was asked for and the agent has not answered. */
bool agentpipe_waits(const struct agentpipe *a);
/* Microseconds that the agent took for the signatures that it gave. */
uint64_t agentpipe_waited_us(const struct agentpipe *a);
/* Cut both ends off: a read that waits in the pool returns at once. Frees itself on the loop. */
void agentpipe_free(struct agentpipe *a);

#endif
