/* The practice server that speaks SSH, by libssh's server side. Named by practice_case.c. */
#ifndef SSHMEDIC_PRACTICE_SSH_H
#define SSHMEDIC_PRACTICE_SSH_H

#include "practice_host.h"

extern const struct practice_server practice_ssh;

#endif
