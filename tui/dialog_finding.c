/*
 * A finding, whole: what was seen, why it means that, what else it could be,
 * what would decide, and its fixes by their keys. Called by panels.c.
 */
#include "panel.h"

#include <stdio.h>

#include "doc.h"
#include "notes.h"

enum { LABEL = 8, WORDS_LEN = 1024 };

static void
title(const struct view *v, struct strbuf *sb)
{
	const struct finding *f = view_finding(v);

	if (f == NULL)
		sb_puts(sb, "Finding");
	else
		sb_printf(sb, "Finding %d of %d: %s, %s", v->sel[PANEL_FINDINGS] + 1,
		    v->d->nfindings, f->rule->id, certainty_name(f->certainty));
}

static void
put_fix(const struct view *v, struct doc *doc, int i)
{
	const struct fix *f = v->d->fixes[i].fix;
	char words[WORDS_LEN], label[8];
	struct strbuf sb;

	sb_init(&sb, words, sizeof words);
	diag_expand(v->d, f->title, &sb);
	sb_printf(
	    &sb, " (%s, risk %s, %s)", fix_side_name(f->side), fix_risk_name(f->risk), f->takes);
	snprintf(label, sizeof label, "[%d]", i + 1);
	doc_para(doc, LABEL, ROLE_KEY, label, ROLE_TEXT, words);
}

static int
draw(const struct view *v, struct area a, int skip)
{
	const struct stop_rule *stop;
	struct doc doc;
	int rows = findings_explain(v, a, skip), any = 0;

	doc_begin(&doc, a, skip);
	doc.row = rows;
	if (view_finding(v) == NULL) {
		doc_para(&doc, 0, ROLE_DIM, "", ROLE_DIM, "It is not there any more.");
		return doc.row;
	}
	if ((stop = stop_of_finding(view_finding(v))) != NULL) {
		doc_gap(&doc);
		stop_draw(v, stop, &doc);
	}
	notes_draw(v->notes, view_finding(v)->rule->id, &doc);
	doc_gap(&doc);
	for (int i = 0; i < v->d->nfixes; i++) {
		if (v->d->fixes[i].finding != v->sel[PANEL_FINDINGS])
			continue;
		if (any++ == 0)
			doc_para(&doc, 0, ROLE_TITLE, "", ROLE_TITLE, "Fixes");
		put_fix(v, &doc, i);
	}
	if (any == 0)
		doc_para(&doc, 0, ROLE_DIM, "", ROLE_DIM, "No fix belongs to it.");
	return doc.row;
}

const struct dialog dialog_finding = { .ctx = CTX_DETAIL, .title = title, .draw = draw };
