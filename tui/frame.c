/*
 * The frame around the panels: header, verdict, states, tabs, boxes, windows,
 * message and hints. Called by app.c and by tests.
 */
#include "panel.h"

#include <stdio.h>
#include <string.h>

#include "doc.h"
#include "walking.h"
#include "width.h"

enum { SENTENCE_LEN = 1024, NARROW_COLS = 72 /* with fewer a window leaves no margins */ };

static int
clamp(int n, int lo, int hi)
{
	return n > hi ? (hi < lo ? lo : hi) : n < lo ? lo : n;
}

/* The verdict line: a mark, the sentence, and how sure. */
static enum role
put_verdict(const struct view *v, struct strbuf *sb)
{
	const struct diag *d = v->d;
	enum layer_state as = LS_UNKNOWN;

	if (view_drills(v) && d->ended) {
		sb_printf(sb, "%s %s", v->g->mark[LS_UNKNOWN], view_drill_words);
		return role_of_state(LS_UNKNOWN);
	}
	if (!d->ended && !d->verdict.final)
		as = d->started ? LS_RUN : LS_WAIT;
	else if (d->verdict.healthy)
		as = LS_PASS;
	else if (d->verdict.rule != NULL)
		as = d->verdict.rule->severity == SEV_UNKNOWN ? LS_UNKNOWN
		     : d->verdict.rule->severity == SEV_WARN  ? LS_WARN
							      : LS_FAIL;
	sb_printf(sb, "%s ", v->g->mark[as]);
	if (d->started)
		diag_verdict_line(d, sb);
	else
		sb_puts(sb, "Starting the diagnosis.");
	return role_of_state(as);
}

/* The right end of the header: which target, which run, how far it is. */
static void
put_progress(const struct view *v, struct strbuf *sb)
{
	const struct diag *d = v->d;

	if (v->ntargets > 1)
		sb_printf(sb, "target %d of %d  ", v->target + 1, v->ntargets);
	if (d->run > 0)
		sb_printf(sb, "run %d  ", d->run + 1);
	sb_puts(sb, d->ended ? "done " : d->started ? "running" : "starting");
	if (d->ended)
		put_secs(sb, (int64_t)(d->last_us - d->first_us));
	sb_putc(sb, ' ');
}

/* The target as it was given, and what ssh makes of it where that is something else. */
static void
put_target(const struct view *v, struct strbuf *sb)
{
	const struct diag *d = v->d;
	const char *host = slot_text(d, SLOT_HOSTNAME);
	char real[SENTENCE_LEN];
	struct strbuf rb;
	const char *given = v->input[0] != '\0' ? v->input : slot_text(d, SLOT_DEST);

	sb_init(&rb, real, sizeof real);
	if (host[0] != '\0' && slot_stored(d, SLOT_USER)[0] != '\0')
		sb_printf(&rb, strchr(host, ':') != NULL ? "%s@[%s]:%s" : "%s@%s:%s",
		    slot_stored(d, SLOT_USER), host, slot_text(d, SLOT_PORT));
	/* What was given is worth its room only where ssh makes something else of it. */
	if (rb.len == 0 || (strncmp(real, given, strlen(given)) != 0 && strcmp(given, v->tag) != 0))
		sb_printf(sb, rb.len > 0 ? "%s = " : "%s", given);
	sb_puts(sb, real);
	if (slot_text(d, SLOT_VIA)[0] != '\0')
		sb_printf(sb, "  via %s", slot_text(d, SLOT_VIA));
}

static void
draw_header(const struct view *v, struct area a)
{
	char buf[SENTENCE_LEN], right[64];
	struct strbuf sb;
	int end, x = 1;

	sb_init(&sb, right, sizeof right);
	put_progress(v, &sb);
	end = area_right(a, a.w, 12, 0, ROLE_HEADER, right);
	x += area_text(a, x, 0, ROLE_TITLE, "sshmedic");
	if (v->tag[0] != '\0')
		x += area_printf(a, x, 0, ROLE_MESSAGE, " (%s)", v->tag);
	sb_init(&sb, buf, sizeof buf);
	put_target(v, &sb);
	area_cut(a, x + 2, 0, end - x - 3, ROLE_HEADER, buf, v->g->more);
}

static void
draw_verdict(const struct view *v, struct area a)
{
	char buf[SENTENCE_LEN];
	struct strbuf sb;
	enum role r;

	sb_init(&sb, buf, sizeof buf);
	r = put_verdict(v, &sb);
	if (a.h > 1) {
		struct doc doc;

		doc_begin(&doc, area_sub(a, 1, 0, a.w - 2, a.h), 0);
		doc_para(&doc, 0, r, "", r, buf);
		if (doc.row > a.h)
			area_cut(a, a.w - 1, a.h - 1, 1, r, v->g->more, v->g->more);
	} else {
		int margin = a.w >= 44;

		area_cut(a, margin, 0, a.w - margin, r, buf, v->g->more);
	}
}

/* The layers in one line: words where there is room, else marks. */
static void
draw_states(const struct view *v, struct area a)
{
	static const char initial[LAYER__COUNT] = { 'T', 'A', 'S', 'P' };
	int x = a.w >= 44;

	for (int i = 0; i < LAYER__COUNT; i++) {
		enum layer_state s = v->d->layers[i].state;
		char word[16], one[32];

		snprintf(word, sizeof word, "%s", layer_state_name(s));
		for (char *p = word; *p != '\0'; p++)
			*p = (char)(*p >= 'a' && *p <= 'z' ? *p - 32 : *p);
		snprintf(one, sizeof one, "%c:%s", initial[i], a.w >= 40 ? word : v->g->mark[s]);
		x += area_text(a, x, 0, role_of_state(s), one) + (a.w >= 44 ? 2 : 1);
	}
	if (v->d->nfixes > 0 && a.w >= 36) {
		char fixes[24];

		snprintf(
		    fixes, sizeof fixes, v->d->nfixes > 1 ? "fix 1-%d " : "fix %d ", v->d->nfixes);
		area_right(a, a.w, x, 0, ROLE_KEY, fixes);
	}
}

static void
draw_tabs(const struct view *v, struct area a)
{
	int x = 1;

	for (int i = 0; i < a.w; i++)
		area_text(a, i, 0, ROLE_BORDER, v->g->rule);
	for (int p = 0; p < PANEL__COUNT; p++) {
		bool focus = v->focus == (enum panel_id)p;

		x += area_printf(a, x, 0, focus ? ROLE_SELECT : ROLE_TITLE, focus ? "[%s]" : " %s ",
		    panel_at(p)->tab);
	}
}

static struct area
draw_box(const struct view *v, struct area a, enum role r, const char *title, const char *status)
{
	const struct glyphs *g = v->g;

	for (int x = 1; x < a.w - 1; x++) {
		area_text(a, x, 0, r, g->h);
		area_text(a, x, a.h - 1, r, g->h);
	}
	for (int y = 1; y < a.h - 1; y++) {
		area_text(a, 0, y, r, g->v);
		area_text(a, a.w - 1, y, r, g->v);
	}
	area_text(a, 0, 0, r, g->tl);
	area_text(a, a.w - 1, 0, r, g->tr);
	area_text(a, 0, a.h - 1, r, g->bl);
	area_text(a, a.w - 1, a.h - 1, r, g->br);
	if (a.w > 8) {
		int used = 0;

		area_text(a, 2, 0, r, " ");
		used = area_cut(
		    a, 3, 0, a.w - 6, r == ROLE_FOCUS ? ROLE_FOCUS : ROLE_TITLE, title, g->more);
		area_text(a, 3 + used, 0, r, " ");
		if (status[0] != '\0') {
			int at = area_right(a, a.w - 3, 6 + used, 0, ROLE_DIM, status);

			if (at < a.w - 3) {
				area_text(a, at - 1, 0, r, " ");
				area_text(a, a.w - 3, 0, r, " ");
			}
		}
	}
	return area_sub(a, 1, 1, a.w - 2, a.h - 2);
}

/* The part of a panel's rectangle that is its own to draw. */
static struct rect
inner(const struct layout *l, enum panel_id p)
{
	struct rect r = l->panel[p];

	if (l->boxed && r.h > 0)
		r = (struct rect){ r.x + 1, r.y + 1, r.w - 2, r.h - 2 < 0 ? 0 : r.h - 2 };
	return r;
}

static void
draw_panel(const struct view *v, const struct layout *l, struct area all, enum panel_id p)
{
	struct rect r = l->panel[p];
	struct area a = area_sub(all, r.x, r.y, r.w, r.h);
	bool focus = v->focus == p && v->dialog == DIALOG_NONE;
	char status[96];
	struct strbuf sb;

	if (r.h <= 0 || r.w <= 0)
		return;
	sb_init(&sb, status, sizeof status);
	if (panel_at(p)->status != NULL)
		panel_at(p)->status(v, &sb);
	if (l->boxed)
		a = draw_box(v, a, focus ? ROLE_FOCUS : ROLE_BORDER, panel_at(p)->title, status);
	panel_at(p)->draw(v, a, focus);
}

/* How many of the digits mean something in the walkthrough: answers where the evidence gives none, or fixes. */
static int
walk_numbers(const struct view *v)
{
	const struct walk_step *s = walker_step(&v->walk->way);
	int most = 0;

	if (s->end == WALK_ASKS)
		return walk_decided(v->d, s) >= 0 || (v->d->started && !v->d->ended) ? 0
										     : s->answers;
	for (int i = 0; i < v->d->nfixes; i++)
		if (!view_fix_locked(v, i))
			most = i + 1;
	return most;
}

/* What a walkthrough hints at besides what it can do: its own keys come first, then how to hand over. */
static bool
walk_hints(const struct view *v, enum action a)
{
	enum walk_end end = walker_step(&v->walk->way)->end;

	switch (a) {
	case ACTION_RERUN_ALL:
	case ACTION_EVIDENCE_NEXT: return false;
	case ACTION_WALK_NUMBER: return walk_numbers(v) > 0;
	case ACTION_PASTE: return end == WALK_ASKS;
	case ACTION_COPY_HANDOVER: return end == WALK_HANDOVER || end == WALK_STOP;
	default: return true;
	}
}

/* Whether a hint is of use now: the action can be done, and belongs to what has the keys. */
static bool
hint_applies(const struct view *v, enum action a)
{
	if (a == ACTION_LEVEL_NEXT && v->focus != PANEL_LOG)
		return false;
	if (a == ACTION_FIX_PREVIEW && v->dialog != DIALOG_NONE)
		return false;
	if (v->dialog == DIALOG_WALK ? !walk_hints(v, a) : a == ACTION_COPY_HANDOVER)
		return false;
	/* A person is asked for only where one is needed. */
	if (a == ACTION_LOGIN &&
	    (v->d->verdict.rule == NULL || v->d->verdict.rule->severity != SEV_UNKNOWN))
		return false;
	return view_why_not(v, a) == NULL;
}

/* The key and the word of a hint; of digits those that mean something now. */
static const char *
hint_text(const struct view *v, enum action a, char *key, size_t cap)
{
	const char *word = action_info(a)->hint;
	int most = a == ACTION_FIX_PREVIEW ? v->d->nfixes : 0;

	if (a == ACTION_WALK_NUMBER) {
		most = walk_numbers(v);
		if (walker_step(&v->walk->way)->end != WALK_ASKS)
			word = action_info(ACTION_FIX_PREVIEW)->hint;
	}
	if (most > 0 && most < 9 && strcmp(v->keys->keys[a], action_info(a)->keys) == 0)
		snprintf(key, cap, most == 1 ? "1" : "1-%d", most);
	else
		view_keys(v, a, v->d->nfixes > 8, key, cap);
	return word;
}

/* The question in the message line, with its field. */
static void
draw_prompt(const struct view *v, struct area a)
{
	int x = a.w >= 44;

	area_blank(a);
	x += area_text(a, x, 0, ROLE_KEY, prompt_at(v->prompt)->label);
	field_draw(&v->field, a, x, 0, ROLE_TEXT);
}

static void
draw_hints(const struct view *v, struct area a)
{
	bool panels = v->dialog == DIALOG_NONE && v->prompt == PROMPT_NONE;
	enum action out = panels ? ACTION_QUIT : ACTION_BACK;
	int x = a.w >= 44, last;
	char key[KEYMAP_KEYS];

	/* The way out is named first of all, but in a window of few columns. */
	hint_text(v, out, key, sizeof key);
	last = width_text(key) + 1 + width_text(action_info(out)->hint) + 2;
	if (key[0] == '\0' || !hint_applies(v, out) || (out == ACTION_BACK && a.w < 44))
		last = 0;
	for (int i = 0; i < ACTION__COUNT; i++) {
		const struct action_info *info = action_info((enum action)i);
		const char *word;
		int need;

		if (info->hint[0] == '\0' || (info->where & view_context(v)) == 0 ||
		    v->keys->keys[i][0] == '\0' || !hint_applies(v, (enum action)i))
			continue;
		word = hint_text(v, (enum action)i, key, sizeof key);
		need = width_text(key) + 1 + width_text(word);
		if (x + need + (i == (int)out ? 0 : last) > a.w)
			continue;
		x += area_text(a, x, 0, ROLE_KEY, key) + 1;
		x += area_text(a, x, 0, ROLE_HINT, word) + 2;
	}
}

/* That there is more, and the key for it, at the edge where the text is cut. */
static void
draw_more(const struct view *v, const struct layout *l, struct area box)
{
	bool above = v->dialog_top > 0, below = v->dialog_top + l->inside.h < l->window_rows;
	int y = box.h - 1 + (l->window_fixed < 0 ? l->window_fixed : 0);

	if (box.h >= 3 && (above || below))
		area_right(box, box.w - 2 - (l->window_fixed < 0), 2, y, ROLE_KEY,
		    !above  ? " PgDn: more "
		    : below ? " PgUp PgDn: more "
			    : " PgUp: more ");
}

static void
draw_dialog(const struct view *v, const struct layout *l, struct area all)
{
	const struct dialog *dl = dialog_at(v->dialog);
	struct area box = area_sub(all, l->window.x, l->window.y, l->window.w, l->window.h);
	struct area in = area_sub(all, l->inside.x, l->inside.y, l->inside.w, l->inside.h);
	char title[256], status[32] = "";
	struct strbuf sb;

	sb_init(&sb, title, sizeof title);
	dl->title(v, &sb);
	area_blank(box);
	box.g->cx = box.x;
	box.g->cy = box.y;
	if (dl->rows != NULL && dl->rows(v) > 0)
		snprintf(status, sizeof status, "%d of %d", v->dialog_sel + 1, dl->rows(v));
	else if (l->window_rows > in.h)
		snprintf(status, sizeof status, "%d of %d", v->dialog_top + in.h, l->window_rows);
	if (box.h >= 3)
		draw_box(v, box, ROLE_FOCUS, title, status);
	dl->draw(v, in, v->dialog_top);
	if (dl->rows == NULL)
		draw_more(v, l, box);
}

void
frame_draw(const struct view *v, const struct layout *l, struct grid *g)
{
	struct area all = grid_area(g);
	const char *said = v->message;
#define AT(r) area_sub(all, (r).x, (r).y, (r).w, (r).h)

	grid_clear(g);
	if (said[0] == '\0' && v->history != NULL && l->message.y != l->hints.y)
		said = v->history;
	if (l->header.h > 0)
		draw_header(v, AT(l->header));
	draw_verdict(v, AT(l->verdict));
	if (l->states.h > 0)
		draw_states(v, AT(l->states));
	if (l->tabs.h > 0)
		draw_tabs(v, AT(l->tabs));
	for (int p = 0; p < PANEL__COUNT; p++)
		draw_panel(v, l, all, (enum panel_id)p);
	if (v->dialog != DIALOG_NONE)
		draw_dialog(v, l, all);
	if (l->hints.h > 0 && (v->message[0] == '\0' || l->hints.y != l->message.y)) {
		area_blank(AT(l->hints));
		draw_hints(v, AT(l->hints));
	}
	if (v->prompt != PROMPT_NONE && l->message.h > 0) {
		draw_prompt(v, AT(l->message));
	} else if (said[0] != '\0' && l->message.h > 0) {
		area_blank(AT(l->message));
		area_cut(AT(l->message), l->cols >= 44, 0, l->cols - (l->cols >= 44), ROLE_MESSAGE,
		    said, v->g->more);
	}
#undef AT
}

/* What the content of the view asks of the layout. */
static void
want(const struct view *v, struct layout_want *w)
{
	char buf[SENTENCE_LEN];
	struct strbuf sb;

	sb_init(&sb, buf, sizeof buf);
	put_verdict(v, &sb);
	w->verdict_cols = width_text(buf) + 2;
	w->findings = v->d->nfindings;
	w->explain = w->cols >= 72 ? findings_explain_rows(v, w->cols - 40) : 0;
	w->fixes = v->d->nfixes;
	w->zoom = v->zoom;
	w->focus = v->focus;
}

/* Where the open window stands, how much text it has, and how much of it scrolls. */
static void
place_window(const struct view *v, struct layout *l)
{
	const struct dialog *dl = dialog_at(v->dialog);
	struct grid none = { 0 };
	struct area a = { .g = &none };
	int cols = l->cols, rows = l->rows,
	    w = cols < NARROW_COLS ? cols
		: cols - 4 > 84    ? 84
				   : cols - 4,
	    h = rows > 1 ? rows - 1 : rows; /* the hints stay in sight */
	/* Where rows are few the verdict gives way to a window that takes all there is. */
	int top = rows >= 12 ? l->verdict.y + l->verdict.h : 0,
	    bottom = l->message.h > 0 && rows >= 12 ? l->message.y : h, need;

	if (dl->whole) {
		l->window = (struct rect){ 0, top, cols, bottom - top };
	} else if (dl->full) {
		l->window = (struct rect){ 0, 0, cols, h };
	} else {
		a.w = w - 4;
		need = dl->draw(v, a, 0) + 2;
		h = need < h ? need : h;
		l->window = (struct rect){ (cols - w) / 2, (rows - 1 - h) / 2, w, h };
	}
	l->inside = l->window;
	if (l->window.h >= 3) {
		l->inside.x++;
		l->inside.y++;
		l->inside.w -= 2;
		l->inside.h -= 2;
	}
	l->inside.x++;
	l->inside.w = l->inside.w < 2 ? 0 : l->inside.w - 2;
	a.w = l->inside.w;
	a.h = dl->whole ? l->inside.h : 0;
	l->window_rows = dl->draw(v, a, 0);
	l->window_fixed = dl->fixed != NULL ? dl->fixed(v, a.w, a.h) : 0;
}

/* The window, and what of it the view is at. */
static void
layout_window(struct view *v, struct layout *l)
{
	const struct dialog *dl = dialog_at(v->dialog);
	int moves;

	if (dl->rows != NULL)
		v->dialog_sel = clamp(v->dialog_sel, 0, dl->rows(v) - 1);
	place_window(v, l);
	moves = l->inside.h - (l->window_fixed < 0 ? -l->window_fixed : l->window_fixed);
	/* A row of a list may take several of the screen. */
	v->page = dl->rows != NULL ? moves / 2 : moves - 1;
	if (v->page < 1)
		v->page = 1;
	v->dialog_top =
	    dl->rows != NULL ? 0 : clamp(v->dialog_top, 0, l->window_rows - l->inside.h);
}

void
frame_layout(struct view *v, struct layout *l, int cols, int rows)
{
	struct layout_want w = { .cols = cols, .rows = rows };

	want(v, &w);
	layout_compute(l, &w);
	if (l->boxed && l->panel[v->focus].h == 0) { /* its panel is not shown at this size */
		w.focus = v->focus = v->focus == PANEL_TIMING ? PANEL_LAYERS : PANEL_FINDINGS;
		layout_compute(l, &w);
	}
	v->rail_timing = l->kind == LAYOUT_NORMAL;
	v->cols = cols;
	for (int p = 0; p < PANEL__COUNT; p++) {
		int n = panel_at(p)->rows(v), h = inner(l, (enum panel_id)p).h;

		v->sel[p] = clamp(v->sel[p], 0, n - 1);
		if (p == PANEL_LOG && v->follow)
			v->sel[p] = clamp(n - 1, 0, n - 1);
		if (p == PANEL_FINDINGS)
			v->top[p] = clamp(v->top[p], 0,
			    findings_explain_rows(v, inner(l, PANEL_FINDINGS).w - 2) - 1);
		else
			v->top[p] = list_top(v->top[p], v->sel[p], n, h);
	}
	if (v->dialog != DIALOG_NONE)
		layout_window(v, l);
}
