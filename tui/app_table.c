/*
 * The table of targets: kept up to date a little in every turn, so that no key
 * waits for it; opening a target, and going back. Called by app.c and app_act.c.
 */
#include "app_state.h"

#include <stdlib.h>

#include "../core/roster.h"

enum { SLICE_US = 2000 }; /* of concluding, in a turn */

struct table {
	struct roster *roster;
	size_t *order;
	uint16_t *queue; /* targets of which lines came, in a ring of roster->n */
	bool *queued;
	size_t first, count;
	size_t selected; /* the target that the user went to */
	bool moved;      /* they went there: the row is followed where it goes */
};

static struct table *
table_new(const struct app_options *opt)
{
	size_t n = opt->ntargets;
	struct table *t = calloc(1, sizeof *t);

	if (t == NULL)
		return NULL;
	t->roster = roster_new(n);
	t->order = calloc(n, sizeof *t->order);
	t->queue = calloc(n, sizeof *t->queue);
	t->queued = calloc(n, sizeof *t->queued);
	if (t->roster == NULL || t->order == NULL || t->queue == NULL || t->queued == NULL)
		abort();
	for (size_t i = 0; i < n; i++)
		t->roster->row[i].input = opt->targets[i]->input;
	return t;
}

void
app_table_free(struct app *a)
{
	struct table *t = a->table;

	if (t == NULL)
		return;
	roster_free(t->roster);
	free(t->order);
	free(t->queue);
	free(t->queued);
	free(t);
	a->table = NULL;
}

/* Bring the rows into their order, and keep the selection on its target. */
static void
put_in_order(struct app *a)
{
	struct table *t = a->table;

	roster_order(t->roster, !a->v.as_given, t->order);
	if (a->v.dialog != DIALOG_TABLE || !t->moved)
		return;
	for (size_t i = 0; i < t->roster->n; i++)
		if (t->order[i] == t->selected)
			a->v.dialog_sel = (int)i;
}

void
app_table_begin(struct app *a)
{
	if (a->opt.ntargets < 2 || (a->table = table_new(&a->opt)) == NULL)
		return;
	a->v.roster = a->table->roster;
	a->v.order = a->table->order;
	put_in_order(a);
	a->v.dialog = DIALOG_TABLE;
}

void
app_table_line(struct app *a, const struct ev_line *line)
{
	struct table *t = a->table;
	int target = t == NULL ? -1 : ev_target(line->text, line->len);

	if (target < 0 || (size_t)target >= t->roster->n || t->queued[target])
		return;
	t->queued[target] = true;
	t->queue[(t->first + t->count++) % t->roster->n] = (uint16_t)target;
}

bool
app_table_step(struct app *a)
{
	struct table *t = a->table;
	uint64_t until = uv_hrtime() + SLICE_US * 1000ULL;

	if (t == NULL || t->count == 0)
		return false;
	do {
		uint16_t target = t->queue[t->first];
		const struct diag *d = book_diag(a->book, target);

		t->first = (t->first + 1) % t->roster->n;
		t->count--;
		t->queued[target] = false;
		if (d != NULL)
			roster_set(t->roster, target, d);
		if (t->roster->n > BOOK_MANY && (int)target != a->v.target)
			book_rest(a->book, target);
	} while (t->count > 0 && uv_hrtime() < until);
	put_in_order(a);
	a->dirty = true;
	return t->count > 0;
}

bool
app_table_over(const struct app *a)
{
	const struct table *t = a->table;

	if (t == NULL || t->count > 0)
		return false;
	for (size_t i = 0; i < t->roster->n; i++)
		if (t->roster->row[i].standing == STANDING_RUN ||
		    t->roster->row[i].standing == STANDING_WAIT)
			return false;
	return true;
}

/* After a key: the target of the selected row is the one that commands are about. */
void
app_table_follow(struct app *a)
{
	struct table *t = a->table;
	int n;

	if (t == NULL || a->v.dialog != DIALOG_TABLE)
		return;
	n = (int)t->roster->n;
	a->v.dialog_sel = a->v.dialog_sel < 0 ? 0 : a->v.dialog_sel >= n ? n - 1 : a->v.dialog_sel;
	t->selected = t->order[a->v.dialog_sel];
	t->moved = t->moved || a->v.dialog_sel > 0;
	if (a->v.target != (int)t->selected)
		app_target(a, (int)t->selected);
}

void
act_table_open(struct app *a, int nth)
{
	(void)nth;
	app_table_follow(a);
	a->v.dialog = DIALOG_NONE;
}

void
act_table(struct app *a, int nth)
{
	(void)nth;
	if (a->table == NULL) {
		app_say(a, "there is one target only");
		return;
	}
	app_dialog(a, DIALOG_TABLE, 0);
	a->table->selected = (size_t)a->v.target;
	a->table->moved = true;
	put_in_order(a);
}

void
act_table_order(struct app *a, int nth)
{
	(void)nth;
	a->v.as_given = !a->v.as_given;
	put_in_order(a);
}
