/*
 * Files that are read whole and written whole: whoever looks, at whatever moment, also after
 * a kill or a power cut, finds the old file or the new one. Called by change_apply.c and journal.c.
 */
#ifndef SSHMEDIC_WHOLEFILE_H
#define SSHMEDIC_WHOLEFILE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>

#include "path.h"

enum { WHOLEFILE_MAX = 1024 * 1024 };

/* A file as it was read. Freed by wholefile_free(). */
struct wholefile {
	char real[PATH_LEN]; /* links followed */
	bool exists;
	struct stat st;
	char *bytes; /* NULL where it does not exist */
	size_t len;
};

/*
 * Read path, links followed, up to WHOLEFILE_MAX. A file that is not there is no error if its folder is,
 * or may be made: exists is false. Refuses what is no plain file and, for writing, what has
 * several names (hard links) or belongs to somebody else. Returns 0, or -1 with a sentence in err.
 */
int wholefile_read(
    struct wholefile *f, const char *path, bool for_writing, char *err, size_t errcap);
void wholefile_free(struct wholefile *f);

/*
 * Put bytes in the place of f->real by way of the file temp in the same folder: with mode (of its
 * permission bits), owner and extended attributes (ACLs among them) of f where it exists. Synced to disk. Returns 0,
 * or -1 with a sentence; the old file is whole then.
 */
int wholefile_write(const struct wholefile *f, const char *temp, const char *bytes, size_t len,
    mode_t mode, char *err, size_t errcap);
/* Sync the folder that path is in. */
void wholefile_sync_dir(const char *path);
/* Cut path to its folder: "." for a bare name. */
void wholefile_dir(const char *path, char dir[PATH_LEN]);
/*
 * Make a folder and those above it that are not there, with a mode; made gets the topmost that was
 * made, "" for none. Returns 0 or an errno.
 */
int wholefile_mkdirs(const char *path, mode_t mode, char made[PATH_LEN]);
/* Remove the folders from path up to top, as far as they are empty. */
void wholefile_rmdirs(const char *path, const char *top);

#endif
