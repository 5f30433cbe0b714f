/*
 * A piece of work on the thread pool whose owner may walk away: what cannot be
 * interrupted (a file system, NSS, key decryption) must not hold up the end of
 * a probe. Called by probes.
 */
#ifndef SSHMEDIC_JOB_H
#define SSHMEDIC_JOB_H

#include <stddef.h>
#include <uv.h>

struct job;

struct job_does {
	size_t size;                         /* bytes of data, zeroed at first */
	void (*work)(void *data);            /* on the pool; touches data and nothing else */
	void (*done)(void *arg, void *data); /* on the loop; not called after job_drop() */
	void (*clear)(void *data); /* on the loop, at last: free what data holds; may be NULL */
};

/*
 * Prepare a job; *data is to be filled in before job_start(). Returns NULL
 * out of memory.
 */
struct job *job_new(const struct job_does *does, void *arg, void **data);
/* Queue it. The job frees itself after done(). */
void job_start(struct job *j, uv_loop_t *loop);
/* The owner waits no longer: done() will not come. A job that was not queued is freed at once. */
void job_drop(struct job *j);

#endif
