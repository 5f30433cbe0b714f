/*
 * A text from elsewhere read on the thread pool: a file or bytes in memory through the recogniser,
 * its lines of evidence handed over on the loop when it is at its end. Called by engine.c.
 */
#ifndef SSHMEDIC_TEXTJOB_H
#define SSHMEDIC_TEXTJOB_H

#include <stddef.h>
#include <uv.h>

#include "../recognise/recognise.h"

struct textjob;

struct textjob_does {
	/* One encoded line of evidence; on the loop, in order. */
	void (*line)(void *arg, const char *line, size_t len);
	/* All lines were handed over, or error (errno) says why the file could not be read. The job frees itself after. */
	void (*end)(void *arg, int error);
};

/*
 * Begin to read path (its first len bytes; 0: all), or, where it is NULL, text (len bytes, copied). opt's texts are copied; its say and arg
 * are the job's. target and run are stamped on the lines. Returns NULL out of memory.
 */
struct textjob *textjob_start(uv_loop_t *loop, const char *path, const char *text, size_t len,
    const struct recognise_options *opt, uint16_t target, uint32_t run,
    const struct textjob_does *does, void *arg);
/* Nobody waits any more: line() and end() will not come. */
void textjob_drop(struct textjob *j);

#endif
