/*
 * Recordings: a file of evidence, read line by line. The first line is
 * "# sshmedic recording 1"; other lines that begin with # are comments, the
 * rest are lines of evidence (evidence.h). Called by the program for --replay and by
 * tests. Reads the FILE it is given, and nothing else.
 */
#ifndef SSHMEDIC_REPLAY_H
#define SSHMEDIC_REPLAY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "book.h"

enum {
	REPLAY_NOTES = 10, /* lines complained about one by one */
	REPLAY_BYTES =
	    64 * 1024 * 1024,          /* of evidence kept; the rest of a longer file is not read */
	REPLAY_READ = 2 * REPLAY_BYTES /* of anything: what has no end is no recording */
};

struct replay;

/* Returns NULL out of memory. */
struct replay *replay_new(void);
void replay_free(struct replay *r);
/*
 * Read in to its end. What is not evidence is named on messages as
 * "name:line: not a line of evidence", the first REPLAY_NOTES of them, then
 * their number. No line is held in memory that is not evidence, however long.
 * Returns 0; or -1 where the file cannot be read on (said on messages too), with the lines so far kept.
 */
int replay_read(struct replay *r, FILE *in, const char *name, FILE *messages);

/* Add a line of evidence that was made elsewhere (paste.c). Returns -1 out of memory. */
int replay_add(struct replay *r, const char *line, size_t len);

/* The lines of evidence, numbered from 1 as they stand in the file. They live as long as r. */
size_t replay_count(const struct replay *r);
const struct ev_line *replay_line(const struct replay *r, size_t i);
/* The target that the recording is about: the first one that a line names. */
uint16_t replay_target(const struct replay *r);

#endif
