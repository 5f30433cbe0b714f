/*
 * A diagnosis from text alone: files go through the recogniser into lines of evidence, as a
 * recording would hold them. Nothing is connected to, looked up or run. Called by the program
 * for --paste and by tests. Reads the FILEs it is given, and nothing else.
 */
#ifndef SSHMEDIC_PASTE_H
#define SSHMEDIC_PASTE_H

#include <stdio.h>

#include "replay.h"
#include "target.h"

#define PASTE_BYTES ((size_t)1 << 30) /* of one text; the rest of a longer one is not read */

struct paste;

/*
 * Begin; lines go to r, which must outlive it. target: whom the texts are about, NULL where only
 * they can say. now: epoch seconds, utc_offset: seconds east of UTC, for logs without a year or zone.
 * Returns NULL out of memory.
 */
struct paste *paste_new(
    struct replay *r, const struct target *target, int64_t now, int32_t utc_offset);
/* Read one text to its end. Returns 0, or -1 where the file cannot be read on or memory is out (said on messages). */
int paste_read(struct paste *p, FILE *in, const char *name, FILE *messages);
/* All texts are read: the run's beginning and end are added. Returns 0, or -1 out of memory. */
int paste_end(struct paste *p);
void paste_free(struct paste *p);

#endif
