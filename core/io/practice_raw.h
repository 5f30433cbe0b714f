/* Practice servers that do not speak SSH: plain sockets. Named by practice_case.c. */
#ifndef SSHMEDIC_PRACTICE_RAW_H
#define SSHMEDIC_PRACTICE_RAW_H

#include "practice_host.h"

extern const struct practice_server practice_http; /* answers the first line as a web server does */
extern const struct practice_server practice_silent; /* reads, and never says a word */

#endif
