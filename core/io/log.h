/*
 * The log: every line of evidence of one engine, immutable, in order of
 * arrival, until both sides let go of it. Written on the engine's thread, taken by one reader on another.
 * Also writes the recording.
 */
#ifndef SSHMEDIC_LOG_H
#define SSHMEDIC_LOG_H

#include <stdbool.h>
#include <stddef.h>

#include "../book.h"

struct log;

/* First line of a recording. */
#define LOG_RECORD_HEADER "# sshmedic recording 1"

/* record: file to make with mode 600, or NULL. Returns 0, or -1 with a sentence in err. */
int log_new(struct log **out, const char *record, bool over, char *err, size_t errcap);
void log_free(struct log *l);
/* Append a line; returns the stored one, which lives until log_drop() or log_free(). NULL out of memory. Engine's thread. */
const struct ev_line *log_append(struct log *l, const char *text, size_t len);
/* Lines that were not taken yet, at most max. The reader's thread. */
size_t log_take(struct log *l, const struct ev_line **out, size_t max);
/*
 * Free lines that were taken and that nobody has any more, by their numbers in ascending order. What was recorded stays.
 * Engine's thread.
 */
void log_drop(struct log *l, const uint32_t *n, size_t count);
/* How many lines are in memory. Any thread. */
size_t log_lines(struct log *l);
/* Push buffered lines to the recording's file. Returns 0, or an errno once when writing fails. */
int log_flush(struct log *l);

#endif
