/*
 * The private directory of a practice: made with mode 700 under
 * $XDG_RUNTIME_DIR, $TMPDIR or /tmp, and removed with all that is in it. Used
 * by practice.c.
 */
#ifndef SSHMEDIC_PRACTICE_DIR_H
#define SSHMEDIC_PRACTICE_DIR_H

#include <stddef.h>

enum { PRACTICE_DIR_MAX = 512, PRACTICE_PATH_MAX = PRACTICE_DIR_MAX + 32 };

/*
 * Make the directory; path (PRACTICE_DIR_MAX bytes) gets its name. The name
 * holds only characters that ssh_config(5) takes as they are, without quotes.
 * Returns 0, or -1 with errno of the last place tried.
 */
int practice_dir_make(char *path);
/* Write a file of mode 600 in it, which must not exist. Returns 0, or -1 with errno. */
int practice_dir_write(const char *path, const char *name, const char *text);
/* Change the mode of a file in it. Returns 0, or -1 with errno. */
int practice_dir_mode(const char *path, const char *name, unsigned mode);
/* Remove its files and itself; "" is ignored. */
void practice_dir_remove(const char *path);

#endif
