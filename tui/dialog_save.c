/* The question what to save: the kinds of reports (save.h). Called by panels.c. */
#include "panel.h"

#include "doc.h"
#include "save.h"

static void
title(const struct view *v, struct strbuf *sb)
{
	(void)v;
	sb_puts(sb, "Save what?");
}

static int
rows(const struct view *v)
{
	(void)v;
	return SAVE__COUNT;
}

static int
draw(const struct view *v, struct area a, int skip)
{
	struct doc doc;

	doc_begin(&doc, a, skip);
	for (int k = 0; k < SAVE__COUNT; k++) {
		doc_row(&doc, 2, ROLE_TEXT, k == v->dialog_sel ? v->g->cursor : " ", ROLE_TEXT,
		    save_kind_words((enum save_kind)k), v->g->more);
		if (k == v->dialog_sel && doc.row > skip)
			area_select(a, doc.row - 1 - skip);
	}
	doc_gap(&doc);
	doc_para(&doc, 0, ROLE_DIM, "", ROLE_DIM,
	    v->hides ? "Names are hidden in it. Only you can read the file."
		     : "Names are in it. Only you can read the file.");
	return doc.row;
}

const struct dialog dialog_save = { .ctx = CTX_PICK, .title = title, .draw = draw, .rows = rows };
