/*
 * A line of /etc/hosts (hosts(5)), read to tell which of them gives a host its
 * address. Called by core/io/probe_names.c. Pure.
 */
#ifndef SSHMEDIC_HOSTSFILE_H
#define SSHMEDIC_HOSTSFILE_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Whether the line (len bytes, its end left out or not) names that host, in capitals or not.
 * addr (cap bytes) gets the line's address as it stands there; false where that does not fit.
 */
bool hostsfile_line(const char *line, size_t len, const char *name, char *addr, size_t cap);

#endif
