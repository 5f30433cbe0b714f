/*
 * Paths of the configuration as ssh reads them: "~" by passwd, %-tokens and
 * ${VARIABLES} (ssh_config(5), TOKENS and ENVIRONMENT VARIABLES). Called by
 * probes that open what `ssh -G` names.
 */
#ifndef SSHMEDIC_PATH_H
#define SSHMEDIC_PATH_H

#include <stdbool.h>
#include <stddef.h>

#include "run.h"

enum { PATH_LEN = 1024 };

/*
 * Expand path into dst. Returns false and copies path as it is where a token
 * is not known here (%C and the like) or the result does not fit.
 */
bool path_expand(const struct run *r, const char *path, char *dst, size_t cap);

/* The argument of the user's last option -X (one letter), e.g. 'F'; NULL if it is not among the options. */
const char *option_word(const struct run_options *opt, char letter);

/* The n-th file, from 0, that the options name as a key: -i, and -o IdentityFile; NULL at the end. */
const char *identity_word(const struct run_options *opt, int n);

#endif
