/*
 * A second connection to an address that the run is connected to: as far as the
 * end of the key exchange, and nothing is sent after that. Called by the probes that
 * compare (segment, otherkey). One at a time for a run.
 */
#ifndef SSHMEDIC_SECOND_H
#define SSHMEDIC_SECOND_H

#include <libssh/libssh.h>

#include "fingerprint.h"
#include "probe.h"
#include "sock.h"

struct second;

/* What it tells its owner, on the loop. After one of the first three the owner may call second_end(). */
struct second_does {
	void (*connected)(void *arg, int fd);
	/* The server has come to a stage. */
	void (*reached)(void *arg, enum kex_stage stage);
	/* The exchange is over, and the server has proved to hold its host key. */
	void (*exchanged)(void *arg, ssh_session ssh);
	/* It came to nothing; result: "closed" "failed". The owner calls second_end(). */
	void (*failed)(void *arg, const char *result, const char *text);
	/* Nothing of it is open any more; the last call. */
	void (*gone)(void *arg);
};

/*
 * Begin one. hostkeys: the only host key algorithms to offer; NULL: ssh's. Counts as a connection of
 * the run. NULL where it could not begin, with a sentence in *text; then no call comes.
 */
struct second *second_new(struct probe_run *pr, const struct run_addr *a,
    const struct sock_want *want, const char *hostkeys, const struct second_does *does, void *arg,
    const char **text);
/* Take it down; gone() follows. May be called from within its calls. */
void second_end(struct second *s);
/* The host key that the server proved to hold. Returns 0, or -1 where it cannot be read. */
int second_hostkey(ssh_session ssh, char type[KEY_TYPE_MAX], char fp[FINGERPRINT_MAX]);
/* Segments that the peer has not acknowledged, and those sent again. */
void second_tcp(const struct second *s, int64_t *unacked, int64_t *retrans);

#endif
