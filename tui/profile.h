/*
 * Profiles: of each host the last run that worked, kept to compare a later one with (core/baseline.h). Small
 * recordings in our state folder, mode 600, replaced as a whole. Owns their files and names. Called by
 * main.c and app_profile.c; what touches files may block, and is run where that does no harm.
 */
#ifndef SSHMEDIC_TUI_PROFILE_H
#define SSHMEDIC_TUI_PROFILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "../core/baseline.h"

struct earlier; /* a recording to compare with, and its book */

/*
 * The file of a host's profile, by host name, port and user as ssh uses them. Whatever they hold, it is one safe
 * name in our own folder. False where there is no such folder, or the diagnosis does not know them.
 */
bool profile_path(const struct diag *d, char *path, size_t cap);
/* The profile of a run as text, to be freed; NULL where the run is none to keep. */
char *profile_text(const struct diag *d, const struct book *b, size_t *len);
/* Write it: private, whole or not at all. Returns 0, or -1 with errno. */
int profile_store(const char *path, const char *text, size_t len);

/*
 * Read a recording to compare with. NULL with a sentence in err: it cannot be read, or holds no evidence.
 * Of a missing file err is "". What in it is no evidence is passed over.
 */
struct earlier *earlier_read(const char *path, char *err, size_t errcap);
const struct book *earlier_book(const struct earlier *e);
void earlier_free(struct earlier *e);

#endif
