/*
 * What goes out of the screen: reports into files and onto the terminal, and names hidden on
 * the screen itself. Called by app.c and app_act.c.
 */
#include "app_state.h"

#include <limits.h>
#include <stdlib.h>

#include "save.h"

/* Where names are hidden, what the view shows is made from the veil: no panel knows the rest. */
struct app_veil {
	struct veil *veil;
	struct logidx *log;
	size_t lines; /* of the veil that the log has */
	bool fresh;   /* the log was begun anew */
	char input[1024];
};

static bool
add_lines(struct app_veil *w)
{
	const struct book *b = veil_book(w->veil);

	for (; w->lines < book_lines(b); w->lines++)
		if (logidx_add(w->log, book_line(b, w->lines)) != 0)
			return false;
	return true;
}

/* Bring the veil to the book's end. Returns NULL out of memory. */
static struct app_veil *
follow(struct app *a)
{
	struct app_veil *w = a->veil;

	if (w == NULL && (w = a->veil = calloc(1, sizeof *w)) == NULL)
		return NULL;
	if (w->veil == NULL && (w->veil = veil_new()) == NULL)
		return NULL;
	if (veil_follow(w->veil, a->book) || w->log == NULL) {
		logidx_free(w->log);
		w->lines = 0;
		w->fresh = true;
		if ((w->log = logidx_new()) == NULL)
			return NULL;
	}
	return add_lines(w) ? w : NULL;
}

/* The log that is shown from now on, with the filter that is set. */
static void
show_log(struct app *a, struct logidx *log, bool fresh)
{
	bool other = a->log != log || fresh;

	a->v.log = a->log = log;
	if (other)
		app_refilter(a);
}

void
app_veil(struct app *a)
{
	struct view *v = &a->v;
	struct app_veil *w = a->hide ? follow(a) : NULL;
	struct strbuf sb;

	if (a->hide && w == NULL) { /* nothing is shown rather than a name */
		v->d = a->empty;
		v->input = "";
		show_log(a, a->no_log, false);
		return;
	}
	a->grid.names = w != NULL ? veil_names(w->veil) : NULL;
	show_log(a, w != NULL ? w->log : a->all_log, w != NULL && w->fresh);
	if (w == NULL)
		return;
	w->fresh = false;
	v->d = veil_diag(w->veil, v->d);
	sb_init(&sb, w->input, sizeof w->input);
	redact_text(veil_names(w->veil), v->input, &sb);
	v->input = w->input;
}

void
app_veil_free(struct app *a)
{
	if (a->veil == NULL)
		return;
	logidx_free(a->veil->log);
	veil_free(a->veil->veil);
	free(a->veil);
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
	if (book_diag(a->book, (uint16_t)a->v.target) == NULL) {
		app_say(a, "there is nothing to report yet");
		return;
	}
	a->v.hides = app_hides_in_reports(a);
	app_dialog(a, DIALOG_SAVE, 0);
}

void
app_save(struct app *a)
{
	const struct diag *d = book_diag(a->book, (uint16_t)a->v.target);
	enum save_kind kind = (enum save_kind)a->v.dialog_sel;
	bool hide = app_hides_in_reports(a);
	char path[PATH_MAX], err[PATH_MAX + 64];

	a->v.dialog = DIALOG_NONE;
	if (d != NULL && save_new(kind, d, a->book, hide, path, sizeof path, err, sizeof err) == 0)
		app_say(a, "saved %s%s", path, hide ? " (names hidden)" : "");
	else if (d != NULL)
		app_say(a, "not saved: %s", err);
}

void
act_quit_keep(struct app *a, int nth)
{
	(void)nth;
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
