/*
 * What our own connections offer in the key exchange: what ssh would, as far as libssh knows it.
 * Called by the probes that make a connection (wire, segment, otherkey).
 */
#ifndef SSHMEDIC_OFFER_H
#define SSHMEDIC_OFFER_H

#include <libssh/libssh.h>

#include "run.h"

/*
 * ssh's own lists, host key types that are known for this host first, as ssh orders them. A list
 * that libssh does not know at all keeps its default; the exchange then ends without a match.
 * hostkeys: the only host key algorithms to offer, comma-separated; NULL: ssh's.
 */
void offer_set(const struct run *r, ssh_session s, const char *hostkeys);

#endif
