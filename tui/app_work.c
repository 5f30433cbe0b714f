/*
 * What takes longer than a turn of the loop, where the evidence is long: hiding names, the filter, a search. A
 * slice at a time, in this order, until nothing is left; keys and frames come between. A short log is through
 * with the first slice, which is done at once. Called by app.c and app_log.c.
 */
#include "app_state.h"
#include "reportjob.h"

enum {
	SLICE_NS = 1000 * 1000, /* of a turn, which may take 5 ms; a frame is part of it */
	STEP = 2                /* lines between two looks at the clock */
};

/* Each does up to STEP lines' worth, and returns whether nothing is left to do. */
static bool (*const works[])(
    struct app *a, size_t lines) = { app_veil_work, app_filter_work, app_search_work };

/* Returns whether all is done. */
static bool
slice(struct app *a)
{
	uint64_t end = uv_hrtime() + SLICE_NS;

	for (size_t i = 0; i < sizeof works / sizeof works[0]; i++)
		while (!works[i](a, STEP))
			if (!a->linear && uv_hrtime() >= end)
				return false;
	return true;
}

static void
on_idle(uv_idle_t *h)
{
	struct app *a = h->data;

	if (slice(a)) {
		uv_idle_stop(h);
		app_touch(a);
	}
	a->dirty = true; /* how far it is */
}

void
app_work_show(struct app *a)
{
	const struct hunt *h = &a->hunt;
	int hidden = app_veil_percent(a);

	if (a->report != NULL) {
		a->v.busy = "making the report";
		a->v.busy_percent = reportjob_percent(a->report);
		return;
	}
	a->v.busy = hidden < 100            ? "hiding names"
		    : !logidx_whole(a->log) ? "filtering"
		    : h->on                 ? "searching"
					    : NULL;
	a->v.busy_percent = hidden < 100            ? hidden
			    : !logidx_whole(a->log) ? logidx_percent(a->log)
			    : h->on && h->rows > 0  ? (int)((int64_t)h->tried * 100 / h->rows)
						    : 0;
}

void
app_work(struct app *a)
{
	if (!uv_is_active((uv_handle_t *)&a->work) && !slice(a))
		uv_idle_start(&a->work, on_idle);
}
