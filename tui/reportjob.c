/* A report made beside the screen's loop. See reportjob.h. */
#include "reportjob.h"

#include <limits.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

enum {
	PAGE_WIDTH = 80,
	AT_ONCE_NS = 2 * 1000 * 1000 /* what a turn of the loop may wait for it */
};

struct reportjob {
	/* the thread's, until it is over */
	enum save_kind kind;
	bool hide, file;
	struct diag d;
	struct book *b; /* lines alone */
	char *text;
	size_t len;
	char path[PATH_MAX], err[PATH_MAX + 64];
	int result;

	atomic_int percent;
	atomic_bool stop;

	/* the loop's */
	uv_thread_t thread;
	uv_mutex_t lock;
	uv_cond_t cond;
	bool over; /* under lock */
	uv_async_t bell;
	const struct reportjob_does *does; /* NULL: dropped */
	void *arg;
};

/* ---- on the thread ---------------------------------------------------------------------- */

static bool
go_on(void *arg, int percent)
{
	struct reportjob *j = arg;

	if (atomic_exchange(&j->percent, percent) != percent)
		uv_async_send(&j->bell);
	return !atomic_load(&j->stop);
}

static void
into_memory(struct reportjob *j, const struct save_watch *w)
{
	FILE *f = open_memstream(&j->text, &j->len);

	if (f == NULL)
		return;
	j->result = save_print(j->kind, &j->d, j->b, j->hide, PAGE_WIDTH, w, f);
	if (fclose(f) != 0)
		j->result = -1;
}

static void
work(void *arg)
{
	struct reportjob *j = arg;
	struct save_watch w = { go_on, j };

	j->result = -1;
	if (j->file)
		j->result = save_new(j->kind, &j->d, j->b, j->hide, &w, j->path, sizeof j->path,
		    j->err, sizeof j->err);
	else
		into_memory(j, &w);
	uv_mutex_lock(&j->lock);
	j->over = true;
	uv_cond_signal(&j->cond);
	uv_mutex_unlock(&j->lock);
	uv_async_send(&j->bell);
}

/* ---- on the loop ------------------------------------------------------------------------ */

static void
on_closed(uv_handle_t *h)
{
	struct reportjob *j = h->data;

	uv_mutex_destroy(&j->lock);
	uv_cond_destroy(&j->cond);
	book_free(j->b);
	free(j->text);
	free(j);
}

/* The thread is over: its job is told of, and is gone. */
static void
finish(struct reportjob *j)
{
	const struct reportjob_does *does = j->does;

	uv_thread_join(&j->thread);
	if (does != NULL && !atomic_load(&j->stop))
		does->end(j->arg, &(struct reportjob_end){ .file = j->file,
				      .hidden = j->hide,
				      .text = j->text != NULL && j->result == 0 ? j->text : "",
				      .len = j->text != NULL && j->result == 0 ? j->len : 0,
				      .path = j->path,
				      .error = j->result != 0 ? j->err : NULL });
	uv_close((uv_handle_t *)&j->bell, on_closed);
}

static bool
is_over(struct reportjob *j)
{
	bool over;

	uv_mutex_lock(&j->lock);
	over = j->over;
	uv_mutex_unlock(&j->lock);
	return over;
}

static void
on_bell(uv_async_t *bell)
{
	struct reportjob *j = bell->data;

	if (is_over(j))
		finish(j);
	else if (j->does != NULL)
		j->does->moves(j->arg);
}

/* Wait for the thread, at most so long; UINT64_MAX: to its end. Returns whether it is over. */
static bool
wait_for(struct reportjob *j, uint64_t ns)
{
	uint64_t until = uv_hrtime() + ns, now;
	bool over;

	uv_mutex_lock(&j->lock);
	while (!j->over && (ns == UINT64_MAX || (now = uv_hrtime()) < until))
		if (ns == UINT64_MAX)
			uv_cond_wait(&j->cond, &j->lock);
		else
			uv_cond_timedwait(&j->cond, &j->lock, until - now);
	over = j->over;
	uv_mutex_unlock(&j->lock);
	return over;
}

struct reportjob *
reportjob_start(uv_loop_t *loop, enum save_kind kind, const struct diag *d, struct book *b,
    bool hide, bool file, bool at_once, const struct reportjob_does *does, void *arg)
{
	struct reportjob *j = calloc(1, sizeof *j);

	if (j == NULL)
		return NULL;
	j->kind = kind;
	j->hide = hide;
	j->file = file;
	j->d = *d;
	j->b = book_copy(b);
	j->does = does;
	j->arg = arg;
	uv_mutex_init(&j->lock);
	uv_cond_init(&j->cond);
	uv_async_init(loop, &j->bell, on_bell);
	j->bell.data = j;
	if (uv_thread_create(&j->thread, work, j) != 0) {
		uv_close((uv_handle_t *)&j->bell, on_closed);
		return NULL;
	}
	if (!wait_for(j, at_once ? UINT64_MAX : AT_ONCE_NS))
		return j;
	finish(j);
	return NULL;
}

int
reportjob_percent(const struct reportjob *j)
{
	return atomic_load(&j->percent);
}

void
reportjob_drop(struct reportjob *j)
{
	if (j == NULL)
		return;
	j->does = NULL;
	atomic_store(&j->stop, true);
}
