/* What changed since an earlier run, or since it last worked. Called by panels.c. */
#include "panel.h"

#include <stdio.h>

#include "../core/baseline.h"
#include "doc.h"

static void
title(const struct view *v, struct strbuf *sb)
{
	(void)v;
	sb_puts(sb, "What changed");
}

static int
draw(const struct view *v, struct area a, int skip)
{
	const struct baseline *w = v->baseline;
	char words[2 * BASELINE_TEXT + 64];
	struct strbuf sb;
	struct doc doc;

	doc_begin(&doc, a, skip);
	if (w == NULL) {
		doc_para(&doc, 0, ROLE_DIM, "", ROLE_DIM, "There is nothing to compare with.");
		return doc.row;
	}
	sb_init(&sb, words, sizeof words);
	baseline_title(w, &sb);
	words[0] = 'W';
	doc_para(&doc, 0, ROLE_TITLE, "", ROLE_TITLE, words);
	doc_gap(&doc);
	for (int i = 0; i < w->n; i++) {
		doc_para(&doc, 0, ROLE_KEY, "", ROLE_KEY, w->changes[i].what);
		sb_init(&sb, words, sizeof words);
		baseline_words(&w->changes[i], &sb);
		doc_para(&doc, 2, ROLE_TEXT, "", ROLE_TEXT, words);
	}
	if (w->n == 0) {
		snprintf(words, sizeof words, "Nothing of the %d things that both runs saw.",
		    w->compared);
		doc_para(&doc, 0, ROLE_TEXT, "", ROLE_TEXT, words);
	}
	doc_gap(&doc);
	doc_para(&doc, 0, ROLE_DIM, "", ROLE_DIM,
	    "A change is no cause yet: the verdict rests on this run alone.");
	return doc.row;
}

const struct dialog dialog_baseline = { .ctx = CTX_READ, .title = title, .draw = draw };
