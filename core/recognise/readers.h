/* Every reader, for the table in readers.c. */
#ifndef SSHMEDIC_READERS_H
#define SSHMEDIC_READERS_H

#include "reader.h"

extern const struct reader reader_sshd_dump; /* sshd_dump.c: sshd -T */

#endif
