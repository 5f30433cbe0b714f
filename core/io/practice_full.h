/*
 * The practice server that never answers: a port whose queue is full, so that
 * the kernel drops each SYN. Named by practice_case.c.
 */
#ifndef SSHMEDIC_PRACTICE_FULL_H
#define SSHMEDIC_PRACTICE_FULL_H

#include "practice_host.h"

extern const struct practice_server practice_full;

#endif
