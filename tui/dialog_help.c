/* The help: every key, from the table of actions, and what the marks mean. Called by panels.c. */
#include "panel.h"

#include <stdio.h>
#include <string.h>

#include "action.h"
#include "doc.h"

enum { KEYS = 14 };

static void
title(const struct view *v, struct strbuf *sb)
{
	(void)v;
	sb_puts(sb, "Help: all keys");
}

/* The keys of an action as a person writes them; nine digits become "1-9". */
static void
put_keys(enum action a, char *buf, size_t cap)
{
	text_copy(buf, cap, a == ACTION_FIX ? "1-9" : action_info(a)->keys);
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

static int
draw(const struct view *v, struct area a, int skip)
{
	struct doc doc;

	doc_begin(&doc, a, skip);
	for (int g = 0; g < GROUP__COUNT; g++) {
		doc_para(
		    &doc, 0, ROLE_TITLE, "", ROLE_TITLE, action_group_name((enum action_group)g));
		for (int i = 0; i < ACTION__COUNT; i++) {
			char keys[64] = "  ";

			if ((int)action_info((enum action)i)->group != g)
				continue;
			put_keys((enum action)i, keys + 2, sizeof keys - 2);
			doc_para(&doc, KEYS, ROLE_KEY, keys, ROLE_TEXT,
			    action_info((enum action)i)->help);
		}
		doc_gap(&doc);
	}
	marks(v, &doc);
	return doc.row;
}

const struct dialog dialog_help = { .ctx = CTX_READ, .title = title, .draw = draw };
