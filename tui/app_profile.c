/*
 * What changed since it last worked, on the screen; and the profiles of hosts, read and written in the pool so
 * that no key waits for a disk. Called by app.c.
 */
#include "app_state.h"

#include <stdlib.h>
#include <string.h>

#include "profile.h"

/* A profile that is read or written. */
struct job {
	uv_work_t work;
	struct app *a;
	uint16_t target;
	char path[PATH_MAX], err[512];
	char *text; /* to be written; NULL: it is to be read */
	size_t len;
	struct earlier *earlier; /* what was read */
};

static void
do_job(uv_work_t *w)
{
	struct job *j = w->data;

	if (j->text == NULL)
		j->earlier = earlier_read(j->path, j->err, sizeof j->err);
	else if (profile_store(j->path, j->text, j->len) != 0)
		snprintf(j->err, sizeof j->err, "the profile was not kept: %s", strerror(errno));
}

static void
job_done(uv_work_t *w, int status)
{
	struct job *j = w->data;
	struct app *a = j->a;

	if (status == 0 && j->earlier != NULL) {
		/* Kept as long as the app: the book reads it. */
		book_set_earlier(a->book, j->target, earlier_book(j->earlier));
		if (j->target == a->v.target)
			app_say(a, "it worked before: b shows what changed since");
	} else if (j->err[0] != '\0') {
		app_say(a, "%s", j->err);
	}
	free(j->text);
	free(j);
}

static void
begin_job(struct app *a, const struct diag *d, char *text, size_t len)
{
	struct job *j = calloc(1, sizeof *j);

	if (j == NULL || !profile_path(d, j->path, sizeof j->path)) {
		free(text);
		free(j);
		return;
	}
	j->work.data = j;
	j->a = a;
	j->target = d->target;
	j->text = text;
	j->len = len;
	if (uv_queue_work(&a->loop, &j->work, do_job, job_done) != 0) {
		free(text);
		free(j);
	}
}

void
app_run_ended(struct app *a, uint16_t target)
{
	const struct diag *d = book_diag(a->book, target);
	size_t len = 0;
	char *text;

	if (!a->opt.profiles || a->engine == NULL || d == NULL || !d->ended)
		return;
	if ((text = profile_text(d, a->book, &len)) != NULL)
		begin_job(a, d, text, len);
	else if (!d->verdict.healthy && book_earlier(a->book, target) == NULL)
		begin_job(a, d, NULL, 0);
}

void
app_compare(struct app *a, uint16_t target, const struct book *earlier)
{
	book_set_earlier(a->book, target, earlier);
}

void
act_baseline(struct app *a, int nth)
{
	(void)nth;
	if (book_earlier(a->book, (uint16_t)a->v.target) == NULL)
		app_say(a, "no run that worked is known of this host; --baseline FILE names one");
	else
		app_dialog(a, DIALOG_BASELINE, 0);
}

void
app_baseline(struct app *a)
{
	free(a->baseline);
	a->v.baseline = a->baseline = NULL;
	if (a->v.dialog == DIALOG_BASELINE)
		a->v.baseline = a->baseline = baseline_compare(a->v.d, app_shown_book(a));
}
