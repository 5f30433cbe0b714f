/*
 * What goes out of the screen: reports into files and onto the terminal, and names hidden on
 * the screen itself. Called by app.c and app_act.c.
 */
#include "app_state.h"

#include <stdlib.h>

#include "reportjob.h"
#include "save.h"

/* Where names are hidden, what the view shows is made from the veil: no panel knows the rest. */
struct app_veil {
	struct veil *veil;
	struct logidx *log;  /* the one that is shown; NULL until all lines were made once */
	struct logidx *next; /* of the edition that is made, where that is another one; else NULL */
	size_t lines;        /* of the edition that next, or log, has */
	unsigned edition;
	const struct diag *shown; /* what the view got last; NULL: nothing yet */
	char input[1024];
};

/* The index that gets the lines which the veil makes. NULL out of memory. */
static struct logidx *
filling(struct app_veil *w)
{
	if (w->edition != veil_edition(w->veil) || (w->log == NULL && w->next == NULL)) {
		w->edition = veil_edition(w->veil);
		w->lines = 0;
		logidx_free(w->next);
		w->next = logidx_new();
	}
	return w->next != NULL ? w->next : w->log;
}

/* All lines are there: they are what is shown from now on. */
static void
show_next(struct app *a, struct app_veil *w)
{
	struct logidx *old = w->log;

	w->log = w->next;
	w->next = NULL;
	if (a->log == old && old != NULL) {
		uint32_t still = app_still(a);

		app_hold(a);
		a->v.log = a->log = w->log;
		logidx_filter(a->log, (uint16_t)a->v.target, a->v.level);
		app_refilter(a);
		app_hold_row(a);
		app_still_at(a, still);
	}
	logidx_free(old);
	veil_use(w->veil);
}

/* The veil, where names are hidden. NULL where they are not, or out of memory. */
static struct app_veil *
veil_of(struct app *a)
{
	struct app_veil *w = a->veil;

	if (!a->hide)
		return NULL;
	if (w == NULL && (w = a->veil = calloc(1, sizeof *w)) == NULL)
		return NULL;
	if (w->veil == NULL && (w->veil = veil_new()) == NULL)
		return NULL;
	return w;
}

bool
app_veil_work(struct app *a, size_t lines)
{
	struct app_veil *w = veil_of(a);
	struct logidx *x;
	const struct book *b;
	bool whole;

	if (w == NULL)
		return true;
	whole = veil_work(w->veil, a->book, lines);
	b = veil_book(w->veil);
	if ((x = filling(w)) == NULL)
		return true;
	for (; w->lines < book_lines(b); w->lines++)
		if (logidx_add(x, book_line(b, w->lines)) != 0)
			return true;
	if (whole && w->next != NULL)
		show_next(a, w);
	return whole;
}

/* The log that is shown from now on, with the filter that is set. */
static void
show_log(struct app *a, struct logidx *log)
{
	if (a->log == log)
		return;
	app_hold(a);
	a->v.log = a->log = log;
	logidx_filter(log, (uint16_t)a->v.target, a->v.level);
	app_refilter(a);
	app_hold_row(a);
}

static bool
veil_whole(const struct app *a, const struct app_veil *w)
{
	return w->next == NULL && w->log != NULL && veil_percent(w->veil, a->book) == 100;
}

int
app_veil_percent(const struct app *a)
{
	const struct app_veil *w = a->veil;

	if (!a->hide || w == NULL || w->veil == NULL || veil_whole(a, w))
		return 100;
	return veil_percent(w->veil, a->book);
}

void
app_veil(struct app *a)
{
	struct view *v = &a->v;
	struct app_veil *w = veil_of(a);
	struct strbuf sb;

	if (w == NULL && !a->hide) {
		if (a->veil != NULL)
			a->veil->shown = NULL;
		a->grid.names = NULL;
		show_log(a, a->all_log);
		return;
	}
	if (w != NULL && !veil_whole(a, w))
		app_work(a);
	show_log(a, w != NULL && w->log != NULL ? w->log : a->no_log);
	if (w == NULL || !veil_knows(w->veil, a->book)) { /* nothing is shown rather than a name */
		bool before = w != NULL && w->shown != NULL && w->shown->target == v->d->target;

		v->d = before ? w->shown : a->empty;
		v->input = before ? w->input : "";
		return;
	}
	a->grid.names = veil_names(w->veil);
	v->d = w->shown = veil_diag(w->veil, v->d);
	sb_init(&sb, w->input, sizeof w->input);
	redact_given(veil_names(w->veil), v->input, &sb);
	v->input = w->input;
}

void
app_veil_free(struct app *a)
{
	if (a->veil == NULL)
		return;
	logidx_free(a->veil->log);
	logidx_free(a->veil->next);
	veil_free(a->veil->veil);
	free(a->veil);
}

const struct book *
app_shown_book(const struct app *a)
{
	return a->hide && a->veil != NULL && a->veil->veil != NULL ? veil_book(a->veil->veil)
								   : a->book;
}

void
act_redact(struct app *a, int nth)
{
	(void)nth;
	if (a->hide && a->set.at[SETTING_REDACT].n == REDACT_ALWAYS) {
		app_say(a, "names stay hidden: redact = always");
		return;
	}
	a->hide = !a->hide;
	app_refresh(a);
	app_say(a, a->hide ? "names and addresses are hidden, in what is copied as well"
			   : "names and addresses are shown");
}

bool
app_hides_in_reports(const struct app *a)
{
	return a->hide || a->set.at[SETTING_REDACT].n >= REDACT_REPORT;
}

void
act_save_report(struct app *a, int nth)
{
	(void)nth;
	if (app_drill_hides(a))
		return;
	if (book_diag(a->book, (uint16_t)a->v.target) == NULL) {
		app_say(a, "there is nothing to report yet");
		return;
	}
	a->v.hides = app_hides_in_reports(a);
	app_dialog(a, DIALOG_SAVE, 0);
}

/* ---- reports, which may take a while ---- */

static void
report_moves(void *arg)
{
	app_touch(arg);
}

static void
report_ends(void *arg, const struct reportjob_end *e)
{
	struct app *a = arg;

	a->report = NULL;
	if (!e->file)
		app_copy(a, e->text, e->len, e->hidden);
	else if (e->error == NULL)
		app_say(a, "saved %s%s", e->path, e->hidden ? " (names hidden)" : "");
	else
		app_say(a, "not saved: %s", e->error);
	app_touch(a);
}

void
app_report(struct app *a, enum save_kind kind, bool file)
{
	static const struct reportjob_does does = { report_moves, report_ends };
	const struct diag *d = book_diag(a->book, (uint16_t)a->v.target);

	if (a->report != NULL) {
		app_say(a, "a report is still being made; Esc gives it up");
		return;
	}
	if (d == NULL)
		return;
	a->report = reportjob_start(
	    &a->loop, kind, d, a->book, app_hides_in_reports(a), file, a->linear, &does, a);
	if (a->report != NULL)
		app_say(a, "the report is being made; Esc gives it up");
}

bool
app_report_stop(struct app *a)
{
	bool was = a->report != NULL;

	reportjob_drop(a->report);
	a->report = NULL;
	return was;
}

void
app_save(struct app *a)
{
	a->v.dialog = app_home(a);
	app_report(a, (enum save_kind)a->v.dialog_sel, true);
}

void
act_quit_keep(struct app *a, int nth)
{
	(void)nth;
	if (app_drill_hides(a))
		return;
	a->keep = true;
	app_leave(a, APP_QUIT);
}

bool
app_keeps(const struct app *a)
{
	return a->keep;
}

bool
app_hides(const struct app *a)
{
	return a->hide;
}

const struct book *
app_book(const struct app *a)
{
	return a->book;
}
