/* The glossary: the words of the walkthrough's step first, then all of them. Called by panels.c. */
#include "panel.h"

#include <string.h>

#include "../core/glossary.h"
#include "doc.h"
#include "walking.h"

enum { TERM = 18 };

static void
title(const struct view *v, struct strbuf *sb)
{
	(void)v;
	sb_puts(sb, "Glossary");
}

void
glossary_draw(const struct glossary_row *row, struct doc *doc)
{
	char term[GLOSSARY_TERM];

	memcpy(term, row->term, sizeof term);
	for (char *p = term; *p != '\0'; p++)
		if (*p == '-' && strcmp(row->term, "accept-new") != 0)
			*p = ' ';
	doc_para(doc, TERM, ROLE_KEY, term, ROLE_TEXT, row->text);
}

static int
draw(const struct view *v, struct area a, int skip)
{
	const struct walk_step *s =
	    v->walk != NULL && v->walk->open ? walker_step(&v->walk->way) : NULL;
	struct glossary_row row;
	struct doc doc;

	doc_begin(&doc, a, skip);
	if (s != NULL && s->nterms > 0) {
		doc_para(&doc, 0, ROLE_TITLE, "", ROLE_TITLE, "In this step");
		for (int i = 0; i < s->nterms; i++)
			if (glossary_find(s->terms[i], &row))
				glossary_draw(&row, &doc);
		doc_gap(&doc);
		doc_para(&doc, 0, ROLE_TITLE, "", ROLE_TITLE, "All");
	}
	for (size_t i = 0; glossary_at(i, &row); i++)
		glossary_draw(&row, &doc);
	return doc.row;
}

const struct dialog dialog_glossary = { .ctx = CTX_READ, .title = title, .draw = draw };
