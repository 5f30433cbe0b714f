/*
 * The tap: relays bytes between the peer's stream and libssh's socket, and
 * reads on the way what libssh does not show: lines before the identification, the
 * identification, cleartext packets, their times, and the very last bytes before a
 * reset. Used by conn.c only.
 */
#ifndef SSHMEDIC_TAP_H
#define SSHMEDIC_TAP_H

#include "conn.h"

struct tap;

/* Takes over both descriptors, which must be non-blocking stream sockets. */
struct tap *tap_new(
    uv_loop_t *loop, int outer, int inner, const struct conn_hooks *hooks, void *arg);
void tap_unhook(struct tap *t);
/* Push what libssh still has to say to the peer as far as the kernel takes it, then close. */
void tap_free(struct tap *t);
enum conn_end tap_end(const struct tap *t);
int tap_outer(const struct tap *t);
/* Bytes that went to libssh so far: a session that is woken again and again without any is stuck. */
uint64_t tap_relayed(const struct tap *t);

#endif
