/* Work on the thread pool that may be abandoned; see job.h. */
#include "job.h"

#include <stdbool.h>
#include <stdlib.h>

struct job {
	uv_work_t work; /* first, so that a request is its job */
	const struct job_does *does;
	void *arg;
	bool queued, dropped;
	max_align_t data[];
};

static void
on_work(uv_work_t *w)
{
	struct job *j = (struct job *)w;

	j->does->work(j->data);
}

static void
job_free(struct job *j)
{
	if (j->does->clear != NULL)
		j->does->clear(j->data);
	free(j);
}

static void
on_after(uv_work_t *w, int status)
{
	struct job *j = (struct job *)w;

	(void)status; /* only a dropped job is taken from the queue */
	if (!j->dropped)
		j->does->done(j->arg, j->data);
	job_free(j);
}

struct job *
job_new(const struct job_does *does, void *arg, void **data)
{
	struct job *j = calloc(1, sizeof *j + does->size);

	if (j == NULL)
		return NULL;
	j->does = does;
	j->arg = arg;
	*data = j->data;
	return j;
}

void
job_start(struct job *j, uv_loop_t *loop)
{
	j->queued = true;
	uv_queue_work(loop, &j->work, on_work, on_after);
}

void
job_drop(struct job *j)
{
	j->dropped = true;
	if (j->queued)
		uv_cancel((uv_req_t *)&j->work); /* on_after() comes either way */
	else
		job_free(j);
}
