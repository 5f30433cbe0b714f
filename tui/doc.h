/*
 * Flowing text in an area: paragraphs that wrap, with labels and hanging
 * indents, and a scroll position. Called by the findings panel and by the
 * dialogs; the same calls with an area of no height measure the text.
 */
#ifndef SSHMEDIC_TUI_DOC_H
#define SSHMEDIC_TUI_DOC_H

#include "grid.h"

struct doc {
	struct area a;
	int skip; /* rows scrolled away above */
	int row;  /* rows so far, the skipped ones included */
};

void doc_begin(struct doc *d, struct area a, int skip);
/* A paragraph with a label in the first indent columns ("" for none), wrapped at blanks. */
void doc_para(struct doc *d, int indent, enum role label_role, const char *label, enum role r,
    const char *text);
/* The same in one row, cut at its end with more. */
void doc_row(struct doc *d, int indent, enum role label_role, const char *label, enum role r,
    const char *text, const char *more);
/* Text that must stay as it is, such as a command: cut into rows at the last column only. */
void doc_exact(struct doc *d, int indent, enum role r, const char *text);
void doc_gap(struct doc *d);

#endif
