/*
 * The preview of a fix: what it is for, the exact command, risk, time, undo
 * and what proves it. It runs nothing. Called by panels.c.
 */
#include "panel.h"

#include <stdio.h>

#include "action.h"
#include "doc.h"

enum { LABEL = 8, WORDS_LEN = 4096 };

static const char *const side_words[] = {
	[SIDE_CLIENT] = "on this machine",
	[SIDE_SERVER] = "on the server",
	[SIDE_NETWORK] = "in the network between",
};

static const char *const kind_words[] = {
	[FIX_CONNECT] = "another command line to log in with; changes nothing",
	[FIX_CHANGE] = "changes something",
	[FIX_MANUAL] = "to be done by hand",
};

static const char *const risk_words[] = {
	[RISK_NONE] = "none",
	[RISK_LOW] = "low",
	[RISK_MEDIUM] = "medium: read the words above first",
	[RISK_HIGH] = "HIGH: be sure of what you do",
};

static const struct diag_fix *
chosen(const struct view *v)
{
	return v->dialog_arg >= 0 && v->dialog_arg < v->d->nfixes ? &v->d->fixes[v->dialog_arg]
								  : NULL;
}

static void
title(const struct view *v, struct strbuf *sb)
{
	const struct diag_fix *df = chosen(v);

	sb_printf(sb, "Fix %d of %d", v->dialog_arg + 1, v->d->nfixes);
	if (df != NULL) {
		sb_puts(sb, ": ");
		diag_expand(v->d, df->fix->title, sb);
	}
}

static void
words(const struct view *v, struct doc *doc, const char *label, const char *template)
{
	char buf[WORDS_LEN];
	struct strbuf sb;

	if (template == NULL || template[0] == '\0')
		return;
	sb_init(&sb, buf, sizeof buf);
	diag_expand(v->d, template, &sb);
	doc_para(doc, LABEL, ROLE_TITLE, label, ROLE_TEXT, buf);
}

static void
command(const struct view *v, struct doc *doc, const struct fix *f)
{
	char buf[WORDS_LEN];
	struct strbuf sb;

	if (f->command == NULL)
		return;
	sb_init(&sb, buf, sizeof buf);
	fix_command(v->d, f, &sb);
	doc_gap(doc);
	doc_exact(doc, 2, ROLE_COMMAND, buf);
	doc_gap(doc);
}

static void
what_next(struct doc *doc, const struct fix *f)
{
	doc_para(doc, LABEL, ROLE_TITLE, "Then", ROLE_TEXT,
	    f->kind == FIX_CONNECT
		? "run it: it logs in, or says why not; r tests the old command line again"
		: "press r to diagnose again and see whether it helped");
	doc_gap(doc);
	doc_para(doc, 0, ROLE_DIM, "", ROLE_DIM,
	    f->command != NULL
		? "Nothing is run from here: copy the command with c and run it yourself."
		: "Nothing is run from here: this one takes a person.");
}

/* What is done by hand is known only to who does it: nothing here can name its undo. */
static const char *
undo_words(const struct fix *f)
{
	if (f->undo != NULL)
		return f->undo;
	return f->kind == FIX_MANUAL && f->risk > RISK_NONE ? "by hand as well" : "nothing to undo";
}

static int
draw(const struct view *v, struct area a, int skip)
{
	const struct diag_fix *df = chosen(v);
	char buf[160];
	struct doc doc;

	doc_begin(&doc, a, skip);
	if (df == NULL) {
		doc_para(&doc, 0, ROLE_DIM, "", ROLE_DIM, "This fix is not offered any more.");
		return doc.row;
	}
	words(v, &doc, "For", v->d->findings[df->finding].rule->summary);
	snprintf(buf, sizeof buf, "%s: %s", side_words[df->fix->side], kind_words[df->fix->kind]);
	doc_para(&doc, LABEL, ROLE_TITLE, "Where", ROLE_TEXT, buf);
	command(v, &doc, df->fix);
	words(v, &doc, "What", df->fix->words);
	doc_para(&doc, LABEL, ROLE_TITLE, "Risk",
	    df->fix->risk >= RISK_MEDIUM ? ROLE_WARN : ROLE_TEXT, risk_words[df->fix->risk]);
	words(v, &doc, "Takes", df->fix->takes);
	words(v, &doc, "Undo", undo_words(df->fix));
	what_next(&doc, df->fix);
	return doc.row;
}

const struct dialog dialog_fix = { .ctx = CTX_FIXDLG, .title = title, .draw = draw };
