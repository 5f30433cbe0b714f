/*
 * The theme picker: the themes that are there, and what the chosen one is
 * like. The whole screen is drawn in it meanwhile (app_theme.c). Called by panels.c.
 */
#include "panel.h"

#include <stdio.h>
#include <string.h>

#include "doc.h"
#include "shelf.h"

enum {
	LIST_COLS = 33,
	WIDE_COLS = 62,
	NOTE_ROWS = 2,
	/* name, states, samples, contrast, eyes, notes and what to press, with two gaps */
	PREVIEW_ROWS = 1 + 4 + 2 + 1 + VISION__COUNT + NOTE_ROWS + 1 + 2
};

static void
title(const struct view *v, struct strbuf *sb)
{
	(void)v;
	sb_puts(sb, "Theme");
}

static int
rows(const struct view *v)
{
	return v->shelf != NULL ? (int)v->shelf->n : 0;
}

/* "2 errors", "3 warnings", or "". */
static void
worth(const struct shelf_theme *t, char *buf, size_t cap)
{
	int n = t->faults > 0 ? t->faults : t->check.warnings;

	buf[0] = '\0';
	if (n > 0)
		snprintf(
		    buf, cap, "%d %s%s", n, t->faults > 0 ? "error" : "warning", n == 1 ? "" : "s");
}

static void
draw_list(const struct view *v, struct area a)
{
	int n = rows(v), top = list_top(0, v->dialog_sel, n, a.h);

	for (int i = top; i < n && i - top < a.h; i++) {
		const struct shelf_theme *t = &v->shelf->at[i];
		int y = i - top, end;
		char words[32];

		worth(t, words, sizeof words);
		end = area_right(a, a.w, 20, y, t->faults > 0 ? ROLE_FAIL : ROLE_WARN, words);
		area_text(a, 0, y, ROLE_TEXT, i == v->dialog_sel ? v->g->cursor : " ");
		area_cut(a, 2, y, end < 14 ? end - 3 : 11, ROLE_TEXT, t->name, v->g->more);
		if (end > 19)
			area_text(
			    a, 14, y, ROLE_DIM, t->own ? "own" : theme_kind_name(t->theme.kind));
		if (i == v->dialog_sel)
			area_select(a, y);
	}
}

/* Every state as it looks, two in a row. */
static void
put_states(const struct view *v, struct doc *doc)
{
	for (int s = 0; s < LS__COUNT; s += 2) {
		struct area a = area_sub(doc->a, 0, doc->row - doc->skip, doc->a.w, 1);

		for (int k = s; k < s + 2 && k < LS__COUNT && doc->row >= doc->skip; k++)
			area_printf(a, k == s ? 0 : 14, 0, role_of_state((enum layer_state)k),
			    "%s %s", v->g->mark[k], layer_state_name((enum layer_state)k));
		doc->row++;
	}
}

/* Kinds of text, each in its role. */
static void
put_samples(struct doc *doc)
{
	static const enum role samples[] = { ROLE_TEXT, ROLE_DIM, ROLE_TITLE, ROLE_MARK, ROLE_KEY,
		ROLE_COMMAND, ROLE_MESSAGE, ROLE_OVER, ROLE_SELECT };
	struct area a = area_sub(doc->a, 0, doc->row - doc->skip, doc->a.w, 2);
	int x = 0, y = 0;

	for (size_t i = 0; i < sizeof samples / sizeof samples[0] && doc->row >= doc->skip; i++) {
		int need = (int)strlen(role_name(samples[i]));

		if (x + need > a.w) {
			x = 0;
			y++;
		}
		x += area_text(a, x, y, samples[i], role_name(samples[i])) + 1;
	}
	doc->row += 2;
}

/* The least contrast of text, where that is known. */
static void
put_contrast(const struct check_depth *cd, struct doc *doc)
{
	enum role least = ROLE__COUNT;
	char buf[96];

	for (int r = 0; r < ROLE__COUNT; r++)
		if (r != ROLE_BORDER && r != ROLE_BAR && cd->contrast[r] >= 0 &&
		    (least == ROLE__COUNT || cd->contrast[r] < cd->contrast[least]))
			least = (enum role)r;
	if (least == ROLE__COUNT)
		doc_para(doc, 10, ROLE_TITLE, "contrast", ROLE_TEXT, "the terminal's own colours");
	else {
		snprintf(buf, sizeof buf, "%s%.1f at least (%s)", cd->known[least] ? "" : "~",
		    cd->contrast[least], role_name(least));
		doc_para(doc, 10, ROLE_TITLE, "contrast", ROLE_TEXT, buf);
	}
}

/* The closest states for each kind of eyes. */
static void
put_closest(const struct check_depth *cd, struct doc *doc)
{
	for (int i = 0; i < VISION__COUNT; i++) {
		const struct check_pair *p = &cd->closest[i];
		char buf[96] = "states have no colours";

		if (p->distance >= 0)
			snprintf(buf, sizeof buf, "%s%.0f (%s and %s)", p->known ? "" : "~",
			    p->distance, role_name(p->a), role_name(p->b));
		doc_para(doc, 10, ROLE_TITLE, vision_name((enum vision)i), ROLE_TEXT, buf);
		if (p->distance < 0)
			return;
	}
}

static void
put_notes(const struct view *v, const struct shelf_theme *t, struct doc *doc)
{
	int shown = 0;

	if (t->faults > t->check.errors) {
		doc_row(doc, 0, ROLE_FAIL, "", ROLE_FAIL,
		    "its file has faults; --check-theme names them", v->g->more);
		shown++;
	}
	for (int error = 1; error >= 0; error--)
		for (int i = 0; i < t->check.nnotes && shown < NOTE_ROWS; i++)
			if (t->check.note[i].error == (error == 1)) {
				doc_row(doc, 0, ROLE_WARN, "", error ? ROLE_FAIL : ROLE_WARN,
				    t->check.note[i].text, v->g->more);
				shown++;
			}
}

/* What the chosen theme is like. */
static void
draw_preview(const struct view *v, struct area a)
{
	const struct shelf_theme *t = &v->shelf->at[v->dialog_sel];
	enum colour_depth d = v->shelf->depth;
	struct doc doc;
	char buf[96];

	doc_begin(&doc, a, 0);
	doc_row(&doc, 0, ROLE_TITLE, "", ROLE_TITLE, t->theme.name, v->g->more);
	put_states(v, &doc);
	put_samples(&doc);
	doc_gap(&doc);
	if (d == DEPTH_MONO) {
		snprintf(buf, sizeof buf,
		    "%d of %d pairs of states differ by attributes, "
		    "the others by their marks",
		    t->check.mono_attrs, t->check.mono_pairs);
		doc_para(&doc, 0, ROLE_TEXT, "", ROLE_TEXT, buf);
	} else {
		put_contrast(&t->check.depth[d], &doc);
		put_closest(&t->check.depth[d], &doc);
	}
	put_notes(v, t, &doc);
	doc_gap(&doc);
	doc_row(&doc, 0, ROLE_DIM, "", ROLE_DIM, "Enter keeps it for this session, Esc does not",
	    v->g->more);
}

static int
draw(const struct view *v, struct area a, int skip)
{
	int n = rows(v), list;
	bool wide = a.w >= WIDE_COLS;
	/* As tall for every theme, so that the window stays where it is. */
	int all = !wide ? n + 1 + PREVIEW_ROWS : n > PREVIEW_ROWS ? n : PREVIEW_ROWS;

	(void)skip;
	if (n == 0 || a.h == 0)
		return all;
	/* Below each other the preview gets what the list leaves, and that is half at most. */
	list = wide || a.h < 6 ? a.h : n < a.h / 2 ? n : a.h / 2;
	draw_list(v, area_sub(a, 0, 0, wide ? LIST_COLS : a.w, list));
	if (wide)
		draw_preview(v, area_sub(a, LIST_COLS + 2, 0, a.w - LIST_COLS - 2, a.h));
	else if (list < a.h)
		draw_preview(v, area_sub(a, 0, list + 1, a.w, a.h - list - 1));
	return all;
}

const struct dialog dialog_theme = { .ctx = CTX_PICK, .title = title, .draw = draw, .rows = rows };
