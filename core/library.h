/*
 * Which versions of the libraries run with this program, for --version. What
 * core itself uses; core/io/library.h has the rest.
 */
#ifndef SSHMEDIC_LIBRARY_H
#define SSHMEDIC_LIBRARY_H

/* Version of cJSON, e.g. "1.7.15". */
const char *library_json(void);

#endif
