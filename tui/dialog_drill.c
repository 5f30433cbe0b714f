/*
 * The three windows of a drill: which layer fails, which finding it is, and
 * how the answer was, with the evidence that decides. Called by panels.c.
 */
#include "panel.h"

#include <stdio.h>
#include <string.h>

#include "doc.h"
#include "drill.h"
#include "width.h"

enum { LABEL = 9, WORDS_LEN = 1024, NAME_COLS = 27, LEAST_LIST = 3 };

/* Row i of a list: its name, and what it means. */
typedef void list_row(const struct view *v, int i, const char **name, const char **means);

/* ---- a numbered list to choose from --------------------------------------------------- */

/* Row i of a list. */
static void
put_row(const struct view *v, struct area a, int y, int i, const char *name, const char *means)
{
	int x = area_text(a, 0, y, ROLE_TEXT, i == v->dialog_sel ? v->g->cursor : " ");

	x += area_printf(a, x, y, ROLE_KEY, "%2d ", i + 1);
	x += area_cut(a, x, y, a.w - x, ROLE_TITLE, name, v->g->more);
	x = x < NAME_COLS + 4 ? NAME_COLS + 4 : x + 1;
	if (x < a.w)
		area_cut(a, x, y, a.w - x, ROLE_TEXT, means, v->g->more);
	if (i == v->dialog_sel)
		area_select(a, y);
}

/* What the longest meaning takes when it stands in full; 0 where no row cuts one. */
static int
means_rows(const struct view *v, int cols, int n, list_row *row)
{
	struct grid none = { 0 };
	const char *name, *means;
	bool cut = false;
	int most = 0;

	for (int i = 0; i < n; i++) {
		struct doc doc;

		row(v, i, &name, &means);
		cut |= width_text(means) > cols - NAME_COLS - 4;
		doc_begin(&doc, (struct area){ .g = &none, .w = cols }, 0);
		doc_para(&doc, 0, ROLE_TEXT, "", ROLE_TEXT, means);
		most = doc.row > most ? doc.row : most;
	}
	return cut ? most : 0;
}

/* A list of n rows, and below it in full what the chosen one means, where there is no room for that beside it. */
static int
put_list(const struct view *v, struct area a, int n, list_row *row)
{
	int below = means_rows(v, a.w, n, row), h, top;
	const char *name, *means;

	below += below > 0;
	if (a.h > 0 && a.h - below < LEAST_LIST)
		below = 0;
	h = a.h - below < n ? a.h - below : n;
	top = list_top(0, v->dialog_sel, n, h);
	for (int i = top; i < n && i - top < h; i++) {
		row(v, i, &name, &means);
		put_row(v, a, i - top, i, name, means);
	}
	if (below > 0 && h > 0 && v->dialog_sel < n) {
		struct doc doc;

		row(v, v->dialog_sel, &name, &means);
		doc_begin(&doc, area_sub(a, 0, h + 1, a.w, below - 1), 0);
		doc_para(&doc, 0, ROLE_TEXT, "", ROLE_TEXT, means);
	}
	return n + below;
}

static void
layer_title(const struct view *v, struct strbuf *sb)
{
	(void)v;
	sb_puts(sb, "Drill: where does it fail?");
}

static int
layer_rows(const struct view *v)
{
	(void)v;
	return LAYER__COUNT + 1;
}

static void
layer_row(const struct view *v, int i, const char **name, const char **means)
{
	static const char *const about[LAYER__COUNT + 1] = {
		[LAYER_TRANSPORT] = "configuration, name, connection, key exchange, host key",
		[LAYER_AUTHENTICATION] = "methods, keys, agent, account",
		[LAYER_SESSION] = "command, terminal, shell, sftp",
		[LAYER_PERFORMANCE] = "it works, and takes too long",
		"the login works, warnings or not",
	};

	(void)v;
	*name = i < LAYER__COUNT ? layer_name((enum layer)i) : "nothing fails";
	*means = about[i];
}

static int
layer_draw(const struct view *v, struct area a, int skip)
{
	(void)skip;
	return put_list(v, a, LAYER__COUNT + 1, layer_row);
}

static void
finding_title(const struct view *v, struct strbuf *sb)
{
	sb_puts(sb, "Drill: what is it?");
	if (v->drill != NULL)
		sb_printf(sb, " (%s)", layer_name(v->drill->layer));
}

static int
finding_rows(const struct view *v)
{
	return v->drill != NULL ? v->drill->n : 0;
}

static void
finding_row(const struct view *v, int i, const char **name, const char **means)
{
	*name = v->drill->choice[i]->id;
	*means = v->drill->choice[i]->means;
}

static int
finding_draw(const struct view *v, struct area a, int skip)
{
	(void)skip;
	return put_list(v, a, finding_rows(v), finding_row);
}

/* ---- how it was ------------------------------------------------------------------------ */

static void
told_title(const struct view *v, struct strbuf *sb)
{
	(void)v;
	sb_puts(sb, "Drill: how you did");
}

static const struct {
	enum role role;
	const char *words;
} results[] = {
	[DRILL_RIGHT] = { ROLE_PASS, "RIGHT: that is it." },
	[DRILL_CLASS] = { ROLE_WARN,
	    "NEARLY: one of the two is a cause of the other. The evidence carries this much:" },
	[DRILL_LAYER] = { ROLE_WARN, "NOT QUITE: the layer is right, the finding is another." },
	[DRILL_WRONG] = { ROLE_FAIL, "NO: it is something else." },
};

/* What decides, and whether the user went to it. */
static void
put_evidence(const struct view *v, struct doc *doc, const struct finding *f)
{
	int overlooked = 0;

	for (int i = 0; i < f->nev; i++) {
		const struct ev_line *line = logidx_by_number(v->log, f->ev[i]);
		bool looked = drill_looked(v->drill, f->ev[i]);
		char words[WORDS_LEN];
		struct strbuf sb;

		sb_init(&sb, words, sizeof words);
		sb_printf(&sb, "#%u ", (unsigned)f->ev[i]);
		if (line != NULL)
			log_describe(line, &sb);
		if (!looked)
			sb_puts(&sb, "  (you did not go to it)");
		overlooked += !looked;
		doc_para(doc, LABEL, ROLE_TITLE, i == 0 ? "Decides:" : "",
		    looked ? ROLE_TEXT : ROLE_WARN, words);
	}
	if (f->nev > 0 && overlooked == 0)
		doc_para(doc, LABEL, ROLE_DIM, "", ROLE_DIM, "You went to every line of it.");
}

static void
put_words(const struct view *v, struct doc *doc, const char *label, const char *template)
{
	char words[WORDS_LEN];
	struct strbuf sb;

	if (template == NULL || template[0] == '\0')
		return;
	sb_init(&sb, words, sizeof words);
	diag_expand(v->d, template, &sb);
	doc_para(doc, LABEL, ROLE_TITLE, label, ROLE_TEXT, words);
}

/* What would have shown if the answer were right. */
static void
put_answer(struct doc *doc, const struct drill *dr)
{
	char words[WORDS_LEN];

	snprintf(words, sizeof words, "%s: %s", dr->answer->id, dr->answer->means);
	doc_para(doc, LABEL, ROLE_TITLE, "You said", ROLE_TEXT, words);
	if (dr->result != DRILL_RIGHT && dr->answer->decides != NULL)
		doc_para(doc, LABEL, ROLE_DIM, "  shows", ROLE_DIM, dr->answer->decides);
}

static int
told_draw(const struct view *v, struct area a, int skip)
{
	const struct drill *dr = v->drill;
	const struct diag *d = v->d;
	const struct finding *f = d->verdict.finding >= 0 && d->verdict.finding < d->nfindings
				      ? &d->findings[d->verdict.finding]
				      : NULL;
	char words[WORDS_LEN];
	struct strbuf sb;
	struct doc doc;

	doc_begin(&doc, a, skip);
	if (dr == NULL || dr->answer == NULL)
		return doc.row;
	doc_para(&doc, 0, results[dr->result].role, "", results[dr->result].role,
	    results[dr->result].words);
	doc_gap(&doc);
	put_answer(&doc, dr);
	sb_init(&sb, words, sizeof words);
	diag_verdict_line(d, &sb);
	doc_para(&doc, LABEL, ROLE_TITLE, "Verdict", ROLE_TEXT, words);
	if (f != NULL && !d->verdict.healthy) {
		put_evidence(v, &doc, f);
		put_words(v, &doc, "Why", f->rule->why);
		put_words(v, &doc, "Open", diag_decide(d, f));
	}
	doc_gap(&doc);
	doc_para(&doc, 0, ROLE_DIM, "", ROLE_DIM,
	    "Findings and fixes are shown from here on; the number of a fix shows it.");
	return doc.row;
}

const struct dialog dialog_drill_layer = {
	.ctx = CTX_PICK, .title = layer_title, .draw = layer_draw, .rows = layer_rows
};
const struct dialog dialog_drill_finding = {
	.ctx = CTX_PICK, .title = finding_title, .draw = finding_draw, .rows = finding_rows
};
const struct dialog dialog_drill_told = { .ctx = CTX_READ, .title = told_title, .draw = told_draw };
