/* The practice server that does not speak SSH, or not to the end: a plain socket. Named by practice_case.c. */
#ifndef SSHMEDIC_PRACTICE_RAW_H
#define SSHMEDIC_PRACTICE_RAW_H

#include "practice_host.h"

/* As nginx answers a line that is no request. */
extern const char practice_http_answer[];

extern const struct practice_server practice_raw;

#endif
