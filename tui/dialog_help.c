/*
 * The help, which is the palette of commands as well: every action from the
 * table, filtered by what is typed (its words, its name or its key), and run by Enter.
 * With an empty field what the marks mean stands below. Called by panels.c.
 */
#include "panel.h"

#include <stdio.h>
#include <string.h>

#include "doc.h"

enum { KEYS = 14, LINE_LEN = 256 };

static void
title(const struct view *v, struct strbuf *sb)
{
	(void)v;
	sb_puts(sb, "Help: keys and commands");
}

/* Whether an action belongs into the help: what only takes or leaves a list does not. */
static bool
listed(const struct view *v, enum action a)
{
	char keys[KEYMAP_KEYS], name[ACTION_NAME_LEN], all[LINE_LEN];

	if (a == ACTION_ACCEPT || a == ACTION_CLOSE)
		return false;
	view_keys(v, a, true, keys, sizeof keys);
	snprintf(all, sizeof all, "%s %s %s", keys, action_name(a, name), action_info(a)->help);
	return field_matches(&v->field, all);
}

/* The actions that are shown, by groups. */
static int
collect(const struct view *v, enum action shown[ACTION__COUNT])
{
	int n = 0;

	for (int g = 0; g < GROUP__COUNT; g++)
		for (int a = 0; a < ACTION__COUNT; a++)
			if ((int)action_info((enum action)a)->group == g &&
			    listed(v, (enum action)a))
				shown[n++] = (enum action)a;
	return n;
}

enum action
help_action(const struct view *v, int n)
{
	enum action shown[ACTION__COUNT];

	return n >= 0 && n < collect(v, shown) ? shown[n] : ACTION_NONE;
}

static int
rows(const struct view *v)
{
	enum action shown[ACTION__COUNT];

	return collect(v, shown);
}

static void
marks(const struct view *v, struct doc *doc)
{
	static const char *const meaning[LS__COUNT] = {
		[LS_WAIT] = "not begun",
		[LS_RUN] = "being tested",
		[LS_PASS] = "tested, and it works",
		[LS_WARN] = "works, with a warning",
		[LS_FAIL] = "tested, and it does not work",
		[LS_SKIP] = "not tested, because a lower layer failed",
		[LS_UNKNOWN] = "could not be tested, or needs a human",
	};

	doc_para(doc, 0, ROLE_TITLE, "", ROLE_TITLE, "Marks");
	for (int s = 0; s < LS__COUNT; s++) {
		char label[24];

		snprintf(label, sizeof label, "  %s", v->g->mark[s]);
		doc_para(
		    doc, KEYS, role_of_state((enum layer_state)s), label, ROLE_TEXT, meaning[s]);
	}
	doc_gap(doc);
	doc_para(doc, 0, ROLE_TITLE, "", ROLE_TITLE, "How sure");
	doc_para(doc, KEYS, ROLE_KEY, "  proven", ROLE_TEXT, "the evidence allows no other cause");
	doc_para(doc, KEYS, ROLE_KEY, "  likely", ROLE_TEXT,
	    "the evidence points there; another cause is possible");
	doc_para(doc, KEYS, ROLE_KEY, "  possible", ROLE_TEXT, "one of several causes");
}

/* One action; what cannot be done now says why. Returns the row that it began in. */
static int
put_action(const struct view *v, struct doc *doc, enum action a, bool selected)
{
	const char *why = view_why_not(v, a);
	char label[KEYMAP_KEYS + 4], name[ACTION_NAME_LEN], text[LINE_LEN];
	int at = doc->row;

	snprintf(label, sizeof label, "%s ", selected ? v->g->cursor : " ");
	view_keys(v, a, true, label + strlen(label), sizeof label - strlen(label));
	snprintf(text, sizeof text, "%s%s%s%s", action_info(a)->help, why != NULL ? " (now: " : "",
	    why != NULL ? why : "", why != NULL ? ")" : "");
	if (v->field.text[0] != '\0') {
		action_name(a, name);
		snprintf(text + strlen(text), sizeof text - strlen(text), " [%s]", name);
	}
	doc_para(doc, KEYS, ROLE_KEY, label, why != NULL ? ROLE_DIM : ROLE_TEXT, text);
	return at;
}

/* All of it, flowing; *first and *last are the rows of the chosen action. */
static int
body(const struct view *v, struct area a, int skip, int *first, int *last)
{
	enum action shown[ACTION__COUNT];
	int n = collect(v, shown), group = -1;
	struct doc doc;

	doc_begin(&doc, a, skip);
	*first = *last = 0;
	for (int i = 0; i < n; i++) {
		int g = (int)action_info(shown[i])->group;

		if (g != group) {
			if (group >= 0)
				doc_gap(&doc);
			doc_para(&doc, 0, ROLE_TITLE, "", ROLE_TITLE,
			    action_group_name((enum action_group)g));
			group = g;
		}
		if (i == v->dialog_sel)
			*first = doc.row - (i == 0);
		put_action(v, &doc, shown[i], i == v->dialog_sel);
		if (i == v->dialog_sel)
			*last = doc.row - 1;
	}
	if (n == 0)
		doc_para(&doc, 0, ROLE_DIM, "", ROLE_DIM, "no command has these words");
	if (v->field.text[0] == '\0') {
		doc_gap(&doc);
		marks(v, &doc);
	}
	return doc.row;
}

static int
draw(const struct view *v, struct area a, int skip)
{
	static const char label[] = "find: ";
	struct grid none = { 0 };
	int first, last, h = a.h > 2 ? a.h - 2 : a.h,
			 all = body(v, (struct area){ .g = &none, .w = a.w }, 0, &first, &last);

	(void)skip;
	if (a.h == 0)
		return all + 2;
	if (a.h > 2) {
		int x = area_text(a, 0, 0, ROLE_KEY, label);

		if (v->field.text[0] == '\0')
			area_cut(a, x + 2, 0, a.w - x - 2, ROLE_DIM, "type to filter; Enter runs",
			    v->g->more);
		field_draw(&v->field, a, x, 0, ROLE_TEXT);
		a = area_sub(a, 0, 2, a.w, h);
	}
	body(v, a, last >= h ? last - h + 1 : 0, &first, &last);
	return all + 2;
}

const struct dialog dialog_help = {
	.ctx = CTX_TYPE | CTX_PICK, .title = title, .draw = draw, .rows = rows
};
