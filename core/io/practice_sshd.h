/*
 * The practice server that is the machine's own sshd, for what only sshd
 * does: one process for each connection (sshd -i), run as the user, with a
 * configuration and keys of the private directory. Named by practice_case.c.
 */
#ifndef SSHMEDIC_PRACTICE_SSHD_H
#define SSHMEDIC_PRACTICE_SSHD_H

#include <stddef.h>

#include "practice_host.h"
#include "practice_keys.h"

extern const struct practice_server practice_sshd;

/*
 * Write its files to dir and let it look at them (sshd -t). more: lines of sshd_config before the ordinary
 * ones. Returns 0, or -1 with a sentence in err: sshd is not there, or what it says.
 */
int practice_sshd_prepare(
    const struct practice_keys *k, const char *dir, const char *more, char *err, size_t errcap);

#endif
