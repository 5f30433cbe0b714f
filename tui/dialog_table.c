/*
 * The table of several targets, on the whole screen: what they have in common
 * in a sentence, then a row a target with its layers and its verdict. Enter opens the target. Called by panels.c.
 */
#include "panel.h"

#include <stdio.h>
#include <string.h>

#include "../core/redact.h"
#include "../core/roster.h"
#include "../core/target.h"
#include "doc.h"
#include "width.h"

enum { WORD_COLS = 72, NAME_LEAST = 8 };

static void
title(const struct view *v, struct strbuf *sb)
{
	sb_printf(sb, "%d targets, %s", v->ntargets, v->as_given ? "as given" : "worst first");
}

static int
rows(const struct view *v)
{
	return v->roster != NULL ? (int)v->roster->n : 0;
}

static enum layer_state
mark_of(enum standing s)
{
	static const enum layer_state marks[STANDING__COUNT] = {
		[STANDING_FAIL] = LS_FAIL,
		[STANDING_UNKNOWN] = LS_UNKNOWN,
		[STANDING_RUN] = LS_RUN,
		[STANDING_WAIT] = LS_WAIT,
		[STANDING_WARN] = LS_WARN,
		[STANDING_WELL] = LS_PASS,
	};

	return marks[s];
}

/* The states of the layers: words where there is room, else marks. Returns the columns used. */
static int
put_states(
    const struct view *v, struct area a, int x, int y, const struct roster_row *row, bool words)
{
	for (int l = 0; l < LAYER__COUNT; l++) {
		enum layer_state s = row->layer[l];
		char word[8];

		snprintf(word, sizeof word, "%.4s", layer_state_name(s));
		for (char *p = word; *p != '\0'; p++)
			*p = (char)(*p >= 'a' && *p <= 'z' ? *p - 32 : *p);
		area_text(
		    a, x + l * (words ? 5 : 2), y, role_of_state(s), words ? word : v->g->mark[s]);
	}
	return LAYER__COUNT * (words ? 5 : 2);
}

static void
put_row(
    const struct view *v, struct area a, int y, const struct roster_row *row, int name, bool words)
{
	enum layer_state s = mark_of(row->standing);
	enum role r = role_of_state(s);
	char verdict[96], given[TARGET_INPUT_MAX];
	struct strbuf sb;
	int x = 2;

	area_text(a, 0, y, r, v->g->mark[s]);
	sb_init(&sb, given, sizeof given);
	if (a.g->names != NULL)
		redact_given(a.g->names, row->input, &sb);
	else
		sb_puts(&sb, row->input);
	area_cut(a, x, y, name, ROLE_TEXT, given, v->g->more);
	x += name + 1;
	x += put_states(v, a, x, y, row, words) + 1;
	snprintf(verdict, sizeof verdict, "%s%s%s%s", row->finding != NULL ? row->finding : "",
	    row->finding != NULL && row->certainty != CERTAIN_PROVEN ? " (" : "",
	    row->finding != NULL && row->certainty != CERTAIN_PROVEN
		? certainty_name(row->certainty)
		: "",
	    row->finding != NULL && row->certainty != CERTAIN_PROVEN ? ")" : "");
	area_cut(a, x, y, a.w - x, r, verdict, v->g->more);
}

/* As wide as the longest name, within what the verdict leaves. */
static int
name_cols(const struct view *v, int most)
{
	int cols = NAME_LEAST;

	for (size_t i = 0; i < v->roster->n && cols < most; i++) {
		int w = width_text(v->roster->row[i].input);

		cols = w > cols ? w : cols;
	}
	return cols < most ? cols : most;
}

/* What they have in common. Returns the rows it took. */
static int
put_summary(const struct view *v, struct area a)
{
	char words[ROSTER_WORDS];
	struct strbuf sb;
	struct doc doc;

	sb_init(&sb, words, sizeof words);
	roster_summary(v->roster, &sb);
	if (a.h >= 8) {
		int most = a.h / 4;

		doc_begin(&doc, area_sub(a, 0, 0, a.w, most), 0);
		doc_para(&doc, 0, ROLE_TITLE, "", ROLE_TITLE, words);
		return doc.row < most ? doc.row : most;
	}
	area_cut(a, 0, 0, a.w, ROLE_TITLE, words, v->g->more);
	return 1;
}

static int
draw(const struct view *v, struct area a, int skip)
{
	bool words = a.w >= WORD_COLS;
	int n = rows(v), used, name, top;
	struct area list;

	(void)skip;
	if (n == 0 || a.h == 0)
		return n + 2;
	used = put_summary(v, a);
	list = area_sub(a, 0, used, a.w, a.h - used);
	if (list.h <= 0)
		return n + 2;
	name = name_cols(
	    v, a.w / 2 - (words ? 8 : 4) < NAME_LEAST ? NAME_LEAST : a.w / 2 - (words ? 8 : 4));
	if (list.h > 4 && words) {
		area_text(list, 2, 0, ROLE_DIM, "host");
		area_text(list, name + 3, 0, ROLE_DIM, "tra  auth ses  perf verdict");
		list = area_sub(list, 0, 1, list.w, list.h - 1);
	}
	top = list_top(v->dialog_sel - list.h / 2, v->dialog_sel, n, list.h);
	for (int y = 0; y < list.h && top + y < n; y++) {
		put_row(v, list, y, &v->roster->row[v->order[top + y]], name, words);
		if (top + y == v->dialog_sel)
			area_select(list, y);
	}
	return n + 2;
}

const struct dialog dialog_table = {
	.ctx = CTX_TABLE, .title = title, .draw = draw, .rows = rows, .full = true
};
