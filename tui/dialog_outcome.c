/*
 * How a fix came out: the verdict before and after, each with the evidence
 * that it rests on. Called by panels.c.
 */
#include "panel.h"

#include <stdio.h>

#include "doc.h"

enum { LABEL = 8, WORDS_LEN = 1024 };

static const struct {
	enum role role;
	const char *words;
} results[] = {
	[RESULT_NONE] = { ROLE_TEXT, "The diagnosis runs again." },
	[RESULT_FIXED] = { ROLE_PASS, "FIXED: the finding is gone." },
	[RESULT_UNCHANGED] = { ROLE_WARN, "UNCHANGED: the finding is still there." },
	[RESULT_WORSE] = { ROLE_FAIL,
	    "WORSE: the login gets less far than before. u undoes the fix." },
	[RESULT_OPEN] = { ROLE_WARN, "NOT DECIDED: this run did not come to where the finding was "
				     "seen, or another stands for it "
				     "now. r runs again." },
};

static void
title(const struct view *v, struct strbuf *sb)
{
	sb_puts(sb, "Fix: ");
	sb_puts(sb, v->fixing->title);
}

static void
put_state(struct doc *doc, const char *label, const struct fixing_state *s)
{
	doc_para(doc, LABEL, ROLE_TITLE, label, ROLE_TEXT, s->verdict);
	for (int i = 0; i < FIXING_SEEN && s->seen[i][0] != '\0'; i++)
		doc_para(doc, LABEL, ROLE_DIM, i == 0 ? "  seen" : "", ROLE_DIM, s->seen[i]);
	doc_gap(doc);
}

/* What can be done with it now. */
static void
put_next(struct doc *doc, const struct fixing *f, uint64_t now_us)
{
	char words[WORDS_LEN];

	if (f->text[0] != '\0')
		doc_para(doc, LABEL, ROLE_TITLE, "Note", ROLE_TEXT, f->text);
	if (fixing_waits(f)) {
		int64_t left = (f->until_us - (int64_t)now_us + 999999) / 1000000;

		snprintf(words, sizeof words,
		    "in %d s the server undoes it by itself unless it is kept: s keeps it by a new "
		    "login, u undoes it now",
		    left > 0 ? (int)left : 0);
		doc_para(doc, LABEL, ROLE_TITLE, "Until", ROLE_WARN, words);
	} else if (f->asked)
		doc_para(doc, LABEL, ROLE_TITLE, "Until", ROLE_WARN,
		    "the time is over, and the server undoes it by itself; it is asked whether it "
		    "has");
	else if (fixing_keep(f) != NULL)
		doc_para(doc, LABEL, ROLE_TITLE, "Next", ROLE_TEXT,
		    "s shows what makes it permanent: the rule ends when the firewall's rules are "
		    "loaded anew");
	else if (f->way == WAY_CONNECT && !f->kept && f->lines > 0)
		doc_para(doc, LABEL, ROLE_TITLE, "Next", ROLE_TEXT,
		    "s writes it into your ssh_config, so that the plain command works");
	if (f->stage == STAGE_UNDONE)
		return;
	if (f->way == WAY_TERMINAL && f->undo[0] != '\0') /* what the command did is not ours */
		doc_para(doc, LABEL, ROLE_TITLE, "Undo", ROLE_TEXT, f->undo);
	if (f->id[0] == '\0')
		return;
	snprintf(words, sizeof words,
	    f->first != NULL ? "u, by the admin's login: all as it was, and the rule taken out"
	    : f->way == WAY_SERVER ? "u, by the admin's login"
				   : "u, or later: sshmedic --undo %s",
	    f->id);
	doc_para(doc, LABEL, ROLE_TITLE, "Undo", ROLE_TEXT, words);
}

/* How it stands with what makes a rule permanent. */
static void
second_result(const struct fixing *f, enum role *r, const char **words)
{
	*r = ROLE_WARN;
	if (f->stage == STAGE_FAILED) {
		*words = "NOT PERMANENT: it was undone by itself, and the rule stays as it was.";
	} else if (f->result == RESULT_FIXED && f->kept) {
		*r = ROLE_PASS;
		*words = "PERMANENT: the rule comes back when the rules are loaded anew.";
	} else if (f->result == RESULT_FIXED) {
		*words = "WRITTEN: the login works; a new login of the admin's is to keep it.";
	}
}

static void
put_result(struct doc *doc, const struct fixing *f)
{
	enum role r = results[f->result].role;
	const char *words = results[f->result].words;

	if (f->stage == STAGE_UNDONE && f->wrong > 0) {
		r = ROLE_FAIL;
		words = "UNDONE IN PART: something could not be put back, see the note.";
	} else if (f->stage == STAGE_UNDONE) {
		words = "UNDONE: all is as it was before.";
	} else if (f->first != NULL) {
		second_result(f, &r, &words);
	}
	doc_para(doc, 0, r, "", r, words);
}

static int
draw(const struct view *v, struct area a, int skip)
{
	const struct fixing *f = v->fixing;
	struct doc doc;

	doc_begin(&doc, a, skip);
	put_result(&doc, f);
	if (f->result == RESULT_FIXED && f->stage != STAGE_UNDONE && f->after.exit_code != 0)
		doc_para(&doc, 0, ROLE_WARN, "", ROLE_WARN,
		    "The login is not whole yet: what is left stands below, with fixes of its "
		    "own.");
	doc_gap(&doc);
	put_state(&doc, "Before", &f->before);
	if (f->stage == STAGE_UNDONE && !f->told)
		doc_para(&doc, LABEL, ROLE_TITLE, "Now", ROLE_TEXT, "it is tested again");
	else if (f->result != RESULT_NONE)
		put_state(&doc, "After", &f->after);
	put_next(&doc, f, v->now_us);
	return doc.row;
}

const struct dialog dialog_outcome = { .ctx = CTX_OUTCOME, .title = title, .draw = draw };
