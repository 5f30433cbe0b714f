/* What keys do to the evidence: jump, level, follow. Called by app_act.c. */
#include "app_state.h"

enum { WORDS_LEN = 4096 };

/* Put the log on evidence number n, in as much detail as that takes. */
void
app_go_to(struct app *a, uint32_t n)
{
	struct view *v = &a->v;
	const struct ev_line *line = logidx_line(a->log, logidx_find(a->log, n));

	v->frozen = -1;
	a->hold = 0;
	if (line == NULL || line->n != n) {
		field_set(&v->filter, "");
		logidx_keep(a->log, NULL, NULL);
		v->level = VIEW_LEVELS - 1;
		logidx_filter(a->log, (uint16_t)v->target, v->level);
	}
	v->focus = PANEL_LOG;
	v->follow = false;
	v->sel[PANEL_LOG] = (int)logidx_find(a->log, n);
}

/* The next line in a direction that the selected finding rests on, around the end. */
static void
go_evidence(struct app *a, int dir)
{
	const struct finding *f = view_finding(&a->v);
	const struct ev_line *line = logidx_line(a->log, (size_t)a->v.sel[PANEL_LOG]);
	uint32_t at = line != NULL && a->v.focus == PANEL_LOG ? line->n : 0, best = 0, edge = 0;

	for (int i = 0; f != NULL && i < f->nev; i++) {
		uint32_t n = f->ev[i];

		if (n == 0)
			continue;
		if (edge == 0 || (dir > 0 ? n < edge : n > edge))
			edge = n;
		if ((dir > 0 ? n > at : n < at) && (best == 0 || (dir > 0 ? n < best : n > best)))
			best = n;
	}
	if (edge == 0)
		app_say(a, "the selected finding names no line of evidence");
	else
		app_go_to(a, best != 0 ? best : edge);
}

void
act_evidence(struct app *a, int nth)
{
	(void)nth;
	if (app_walk_evidence(a))
		return;
	a->walking.open = false;
	a->v.dialog = DIALOG_NONE;
	go_evidence(a, 1);
}

void
act_evidence_prev(struct app *a, int nth)
{
	(void)nth;
	a->walking.open = false;
	a->v.dialog = DIALOG_NONE;
	go_evidence(a, -1);
}

void
act_level(struct app *a, int nth)
{
	static const char *const what[VIEW_LEVELS] = { "milestones only",
		"what a person wants to see", "detail", "everything, raw" };

	(void)nth;
	app_hold(a);
	a->v.level = (a->v.level + 1) % VIEW_LEVELS;
	logidx_filter(a->log, (uint16_t)a->v.target, a->v.level);
	app_work(a);
	app_hold_row(a);
	app_say(a, "evidence level %d: %s", a->v.level, what[a->v.level]);
}

void
act_follow(struct app *a, int nth)
{
	(void)nth;
	a->v.follow = !a->v.follow;
	app_say(a, a->v.follow ? "the evidence follows the newest line"
			       : "the evidence stays where it is");
}

static bool
line_matches(const struct app *a, size_t i)
{
	char words[WORDS_LEN];
	struct strbuf sb;

	sb_init(&sb, words, sizeof words);
	log_describe(logidx_line(a->log, i), &sb);
	return field_matches(&a->v.search, words);
}

/* The rows are not those that the search began in, or the user went elsewhere. */
static bool
hunt_is_void(const struct app *a)
{
	const struct hunt *h = &a->hunt;

	return h->log != a->log || h->edition != logidx_edition(a->log) ||
	       a->v.sel[PANEL_LOG] != h->from;
}

static void
hunt_begin(struct app *a, int dir)
{
	struct hunt *h = &a->hunt;

	h->tried = 0;
	h->dir = dir;
	h->from = a->v.sel[PANEL_LOG];
	h->rows = (int)logidx_count(a->log);
	h->log = a->log;
	h->edition = logidx_edition(a->log);
}

bool
app_search_stop(struct app *a)
{
	bool was = a->hunt.on;

	a->hunt.on = false;
	return was;
}

static void
hunt_found(struct app *a, int here)
{
	struct hunt *h = &a->hunt;

	a->v.focus = PANEL_LOG;
	a->v.sel[PANEL_LOG] = here;
	h->on = false;
	if (h->dir > 0 ? here <= h->from : here >= h->from)
		app_say(a, "the search went around the end");
	else
		app_touch(a);
	if (h->more != 0) {
		int dir = h->more > 0 ? 1 : -1;

		h->more -= dir;
		hunt_begin(a, dir);
		h->on = true;
	}
}

/* Look at the next rows, around the end. */
bool
app_search_work(struct app *a, size_t lines)
{
	struct hunt *h = &a->hunt;

	if (!h->on)
		return true;
	if (h->log == NULL) { /* the rows are known now */
		hunt_begin(a, h->dir);
	} else if (hunt_is_void(a)) {
		h->on = false;
		return true;
	}
	for (; lines > 0; lines--) {
		int n = h->rows, here;

		if (h->tried++ == n) {
			h->on = false;
			a->v.follow = h->follow;
			app_say(a, "no line at this level has: %s", a->v.search.text);
			return true;
		}
		here = ((h->from + h->dir * h->tried) % n + n) % n;
		if (line_matches(a, (size_t)here)) {
			hunt_found(a, here);
			return !h->on;
		}
	}
	return false;
}

/* The next line in a direction that has the words; the log stays where it is meanwhile. */
static void
find(struct app *a, int dir)
{
	struct hunt *h = &a->hunt;

	if (a->v.search.text[0] == '\0') {
		app_say(a, "nothing was searched for yet; / asks for words");
		return;
	}
	if (h->on) {
		h->more += dir;
		return;
	}
	*h = (struct hunt){ .on = true, .dir = dir, .follow = a->v.follow };
	a->v.follow = false;
	app_work(a);
}

void
act_search(struct app *a, int nth)
{
	(void)nth;
	app_prompt(a, PROMPT_SEARCH, "");
}

void
app_search(struct app *a)
{
	app_search_stop(a);
	if (a->v.field.text[0] != '\0')
		a->v.search = a->v.field;
	find(a, 1);
}

void
act_match_next(struct app *a, int nth)
{
	(void)nth;
	find(a, 1);
}

void
act_match_prev(struct app *a, int nth)
{
	(void)nth;
	find(a, -1);
}

/* Whether a line has the words of the filter. */
static bool
kept(const void *arg, const struct ev_line *line)
{
	const struct app *a = arg;
	char words[WORDS_LEN];
	struct strbuf sb;

	sb_init(&sb, words, sizeof words);
	log_describe(line, &sb);
	return field_matches(&a->v.filter, words);
}

void
app_refilter(struct app *a)
{
	logidx_keep(a->log, a->v.filter.text[0] != '\0' ? kept : NULL, a);
}

void
app_hold(struct app *a)
{
	const struct ev_line *line = logidx_line(a->log, (size_t)a->v.sel[PANEL_LOG]);

	if (a->hold == 0 || a->hold_row != a->v.sel[PANEL_LOG])
		a->hold = line != NULL ? line->n : 0;
}

void
app_hold_row(struct app *a)
{
	if (a->hold == 0)
		return;
	a->hold_row = a->v.sel[PANEL_LOG] = (int)logidx_find(a->log, a->hold);
	if (logidx_whole(a->log) && a->log != a->no_log)
		a->hold = 0;
}

/* The number of the first line behind those that are held still; 0: none are. */
uint32_t
app_still(const struct app *a)
{
	const struct ev_line *last =
	    a->v.frozen > 0 ? logidx_line(a->log, (size_t)a->v.frozen - 1) : NULL;

	return last != NULL ? last->n + 1 : 0;
}

void
app_still_at(struct app *a, uint32_t n)
{
	if (n != 0)
		a->v.frozen = (int)logidx_find(a->log, n);
}

void
app_log_drop(struct app *a, const struct ev_numbers *gone)
{
	uint32_t still = app_still(a);
	bool shown = a->log == a->all_log;

	if (shown)
		app_hold(a);
	logidx_drop(a->all_log, gone);
	if (!shown) /* the veil's, which is made anew */
		return;
	app_hold_row(a);
	app_still_at(a, still);
	if (!logidx_whole(a->log))
		app_work(a);
	a->dirty = true;
}

bool
app_filter_work(struct app *a, size_t lines)
{
	bool whole;

	if (logidx_whole(a->log))
		return true;
	if (a->hold != 0 && a->v.sel[PANEL_LOG] != a->hold_row)
		a->hold = 0; /* the user went elsewhere */
	whole = logidx_work(a->log, lines);
	app_hold_row(a);
	return whole;
}

void
act_filter(struct app *a, int nth)
{
	(void)nth;
	app_prompt(a, PROMPT_FILTER, a->v.filter.text);
}

void
app_filter(struct app *a)
{
	app_hold(a);
	a->v.filter = a->v.field;
	a->v.focus = PANEL_LOG;
	a->v.frozen = -1;
	app_refilter(a);
	app_hold_row(a);
	app_work(a);
}

void
act_freeze(struct app *a, int nth)
{
	(void)nth;
	if (a->v.frozen >= 0) {
		a->v.frozen = -1;
		app_say(a, "the evidence goes on");
		return;
	}
	if (!logidx_whole(a->log)) {
		app_say(a, "the filter is still at work");
		return;
	}
	a->v.frozen = (int)logidx_count(a->log);
	a->v.follow = false;
	app_say(a, "the evidence is held still; probes go on");
}
