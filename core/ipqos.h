/*
 * The quality-of-service marks of IPQoS, as ssh -G prints them ("af21 cs1"). Called by the session probe. Pure.
 */
#ifndef SSHMEDIC_IPQOS_H
#define SSHMEDIC_IPQOS_H

#include <stdbool.h>
#include <stddef.h>

/*
 * The byte that ssh puts into IP headers (IP_TOS, IPV6_TCLASS) once a session is open: of a terminal's where
 * interactive, else of others. name (cap bytes) gets its word. -1 where ssh sets none, or the word is not known.
 */
int ipqos_mark(const char *setting, bool interactive, char *name, size_t cap);

#endif
