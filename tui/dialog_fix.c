/*
 * The preview of a fix: what it is for, the exact command, risk, time, undo
 * what it would do to which file, and what proves it. Called by panels.c.
 */
#include "panel.h"

#include <stdio.h>

#include "action.h"
#include "doc.h"

enum { LABEL = 8, WORDS_LEN = 4096, EVIDENCE = 3 };

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

/* The one of the diagnosis, or what makes the rule of one permanent. */
static const struct fix *
shown(const struct view *v)
{
	const struct diag_fix *df = chosen(v);

	return df != NULL ? df->fix : view_fix_shown(v) ? v->fixing->fix : NULL;
}

static void
title(const struct view *v, struct strbuf *sb)
{
	const struct diag_fix *df = chosen(v);

	if (df == NULL) {
		sb_puts(sb, "Fix");
		if (shown(v) != NULL)
			sb_printf(sb, ": %s", shown(v)->title);
		return;
	}
	sb_printf(sb, "Fix %d of %d: ", v->dialog_arg + 1, v->d->nfixes);
	diag_expand(v->d, df->fix->title, sb);
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

/* The lines that the finding rests on: why this is offered. */
static void
evidence(const struct view *v, struct doc *doc, const struct finding *f)
{
	char buf[WORDS_LEN];
	struct strbuf sb;

	for (int i = 0; i < f->nev && i < EVIDENCE; i++) {
		const struct ev_line *line = logidx_by_number(v->log, f->ev[i]);

		sb_init(&sb, buf, sizeof buf);
		sb_printf(&sb, "#%u ", (unsigned)f->ev[i]);
		if (line != NULL)
			log_describe(line, &sb);
		doc_row(doc, LABEL, ROLE_TITLE, i == 0 ? "Why" : "", ROLE_TEXT, buf, v->g->more);
	}
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

/* What it would do, line by line as the engine found it; a diff in the colours of one. */
static void
preview(const struct view *v, struct doc *doc)
{
	const struct fixing *f = v->fixing;
	char more[48];

	if (!view_fix_shown(v))
		return;
	if (f->stage == STAGE_LOOKING)
		doc_para(doc, LABEL, ROLE_TITLE, "Does", ROLE_DIM, "looking at what is there...");
	for (int i = 0; i < f->lines; i++) {
		const char *line = f->line[i];
		enum role r = line[0] == '+'   ? ROLE_PASS
			      : line[0] == '-' ? ROLE_FAIL
			      : line[0] == '@' ? ROLE_DIM
					       : ROLE_TEXT;

		doc_row(doc, LABEL, ROLE_TITLE,
		    i == 0 ? (f->way == WAY_CONNECT ? "Keeps" : "Does") : "", r, line, v->g->more);
	}
	if (f->more > 0) {
		snprintf(more, sizeof more, "and %d lines more", f->more);
		doc_para(doc, LABEL, ROLE_DIM, "", ROLE_DIM, more);
	}
	if (f->text[0] != '\0')
		doc_para(doc, LABEL, f->stage == STAGE_FAILED ? ROLE_FAIL : ROLE_TITLE,
		    f->stage == STAGE_FAILED ? "Not" : "Note",
		    f->stage == STAGE_FAILED ? ROLE_FAIL : ROLE_TEXT, f->text);
}

/* What y does, by the way that the fix is made; NULL where it does nothing. */
static const char *
way_words(const struct view *v)
{
	static const char *const words[] = {
		[WAY_COPY] = NULL,
		[WAY_CONNECT] = "y tries it now, by a run with these options; s writes them into "
				"your ssh_config",
		[WAY_CLIENT] = "y makes the change (a copy is kept, u undoes it), and tests again "
			       "what it mends",
		[WAY_TERMINAL] = "y runs it on this terminal, where it may ask you; the screen "
				 "comes back after it",
		[WAY_HOSTKEY] = "y puts the confirmed key in the place of the old one (a copy is "
				"kept, u undoes it)",
		[WAY_SERVER] = "y makes it on the server with a roll-back armed there: unless a "
			       "new login works in "
			       "time, the server undoes it by itself",
		[WAY_LOGIN] = "y logs in by your own ssh on this terminal, where it may ask you; "
			      "what it says is evidence",
	};

	return v->read_only || !v->live || !view_fix_shown(v) ? NULL : words[v->fixing->way];
}

static void
what_next(const struct view *v, struct doc *doc, const struct fix *f)
{
	static const char *const stages[] = {
		[STAGE_NONE] = NULL,
		[STAGE_LOOKING] = NULL,
		[STAGE_READY] = NULL,
		[STAGE_APPLYING] = "it is being applied",
		[STAGE_APPLIED] = "it is applied; the diagnosis runs again",
		[STAGE_FAILED] = "it was not made: see above; c copies the command",
		[STAGE_UNDONE] = "it is undone",
	};
	const char *words = view_fix_shown(v) ? stages[v->fixing->stage] : NULL;

	if (words == NULL)
		words = way_words(v);

	if (words == NULL)
		words =
		    f->kind == FIX_CONNECT
			? "run it: it logs in, or says why not; r tests the old command line again"
			: "press r to diagnose again and see whether it helped";
	doc_para(doc, LABEL, ROLE_TITLE, "Then", ROLE_TEXT, words);
	if (f->recheck != NULL && way_words(v) != NULL) {
		char from[96];

		snprintf(
		    from, sizeof from, "from \"%s\" on, which proves it or does not", f->recheck);
		doc_para(doc, LABEL, ROLE_TITLE, "Tests", ROLE_TEXT, from);
	}
	doc_gap(doc);
	if (v->read_only)
		words = "Read-only: nothing is applied from here. c copies the command.";
	else if (way_words(v) != NULL)
		words = "Nothing is done before y. Enter does nothing here.";
	else
		words =
		    f->command != NULL
			? "Nothing is run from here: copy the command with c and run it yourself."
			: "Nothing is run from here: this one takes a person.";
	doc_para(doc, 0, ROLE_DIM, "", ROLE_DIM, words);
}

/* What is done by hand is known only to who does it: nothing here can name its undo. */
static const char *
undo_words(const struct fix *f)
{
	if (f->undo != NULL)
		return f->undo;
	return f->kind == FIX_MANUAL && f->risk > RISK_NONE ? "by hand as well" : "nothing to undo";
}

/* What it is for: a finding, or the rule that a fix has made. */
static void
reason(const struct view *v, struct doc *doc, const struct diag_fix *df)
{
	if (df != NULL)
		words(v, doc, "For", v->d->findings[df->finding].rule->summary);
	else
		doc_para(doc, LABEL, ROLE_TITLE, "For", ROLE_TEXT,
		    "the rule lets the login in, and ends when the firewall's rules are loaded "
		    "anew");
}

/* The exact command: of a rule that is made permanent, what the server was asked about it. */
static void
exact(const struct view *v, struct doc *doc, const struct fix *f)
{
	if (chosen(v) != NULL) {
		command(v, doc, f);
	} else if (v->fixing->command[0] != '\0') {
		if (v->fixing->stage == STAGE_FAILED)
			doc_para(doc, LABEL, ROLE_TITLE, "By hand", ROLE_TEXT, "what would do it:");
		else
			doc_para(doc, LABEL, ROLE_TITLE, "Does", ROLE_TEXT,
			    v->fixing->lines > 1 ? "the file gets this line, and no other change:"
						 : "this runs:");
		doc_gap(doc);
		doc_exact(doc, 2, ROLE_COMMAND, v->fixing->command);
		doc_gap(doc);
	}
}

static int
draw(const struct view *v, struct area a, int skip)
{
	const struct diag_fix *df = chosen(v);
	const struct fix *f = shown(v);
	char buf[160];
	struct doc doc;

	doc_begin(&doc, a, skip);
	if (f == NULL) {
		doc_para(&doc, 0, ROLE_DIM, "", ROLE_DIM, "This fix is not offered any more.");
		return doc.row;
	}
	if (stop_of_fix(f) != NULL) {
		stop_draw(v, stop_of_fix(f), &doc);
		doc_gap(&doc);
	}
	reason(v, &doc, df);
	snprintf(buf, sizeof buf, "%s: %s", side_words[f->side], kind_words[f->kind]);
	doc_para(&doc, LABEL, ROLE_TITLE, "Where", ROLE_TEXT, buf);
	exact(v, &doc, f);
	words(v, &doc, "What", f->words);
	if (df != NULL)
		evidence(v, &doc, &v->d->findings[df->finding]);
	preview(v, &doc);
	doc_para(&doc, LABEL, ROLE_TITLE, "Risk", f->risk >= RISK_MEDIUM ? ROLE_WARN : ROLE_TEXT,
	    risk_words[f->risk]);
	words(v, &doc, "Takes", f->takes);
	words(v, &doc, "Undo", undo_words(f));
	what_next(v, &doc, f);
	return doc.row;
}

const struct dialog dialog_fix = { .ctx = CTX_FIXDLG, .title = title, .draw = draw };
