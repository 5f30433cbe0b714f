/*
 * What was pasted, before it becomes evidence: how much, and its first lines
 * made harmless. Called by panels.c.
 */
#include "panel.h"

#include <stdio.h>
#include <string.h>

#include "../core/fpmask.h"
#include "doc.h"

enum { SHOWN = 12, LINE_LEN = 512 };

static void
title(const struct view *v, struct strbuf *sb)
{
	(void)v;
	sb_puts(sb, "Add what was pasted as evidence?");
}

static int
count_lines(const struct view *v)
{
	int n = v->paste_len > 0 && v->paste[v->paste_len - 1] != '\n';

	for (size_t i = 0; i < v->paste_len; i++)
		n += v->paste[i] == '\n';
	return n;
}

/* The first lines, and how many are left out. */
static void
put_lines(const struct view *v, struct doc *doc, int lines)
{
	const char *p = v->paste, *end = v->paste + v->paste_len;
	const char *fp = slot_text(v->d, SLOT_HOSTKEY_FP);
	char clean[LINE_LEN];
	int n = 0;

	for (; p < end && n < SHOWN; n++) {
		const char *nl = memchr(p, '\n', (size_t)(end - p));
		size_t len = nl != NULL ? (size_t)(nl - p) : (size_t)(end - p);

		if (len > 0 && p[len - 1] == '\r')
			len--;
		text_clean(clean, sizeof clean, p, len);
		if (fpmask_hidden(fp)) {
			fpmask_hide_like(clean, strlen(clean), fp);
			fpmask_hide_like(clean, strlen(clean), slot_text(v->d, SLOT_HOSTKEY_MD5));
			fpmask_hide_keys(clean, strlen(clean));
		}
		doc_row(doc, 2, ROLE_DIM, "", ROLE_TEXT, clean, v->g->more);
		p = nl != NULL ? nl + 1 : end;
	}
	if (lines > n) {
		snprintf(clean, sizeof clean, "and %d more", lines - n);
		doc_row(doc, 2, ROLE_DIM, "", ROLE_DIM, clean, v->g->more);
	}
}

static int
draw(const struct view *v, struct area a, int skip)
{
	int lines = v->paste != NULL ? count_lines(v) : 0;
	char words[128];
	struct doc doc;

	doc_begin(&doc, a, skip);
	snprintf(words, sizeof words, "%d line%s, %zu bytes. Its kind is found by itself.", lines,
	    lines == 1 ? "" : "s", v->paste_len);
	doc_para(&doc, 0, ROLE_TEXT, "", ROLE_TEXT, words);
	doc_gap(&doc);
	if (v->paste != NULL)
		put_lines(v, &doc, lines);
	doc_gap(&doc);
	doc_para(&doc, 0, ROLE_DIM, "", ROLE_DIM,
	    "y takes it as evidence of this login, Esc does not. Nothing of it is run.");
	return doc.row;
}

const struct dialog dialog_paste = { .ctx = CTX_ADD, .title = title, .draw = draw };
