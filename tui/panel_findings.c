/*
 * What was found: a list, verdict first, and the explanation of the selected
 * finding: what was seen, why it means that, what else it could be, what
 * would decide. Called by panels.c.
 */
#include "panel.h"

#include <stdio.h>

#include "doc.h"
#include "width.h"

enum { LABEL = 8, WORDS_LEN = 2048 };

static const char *const layer_words[LAYER__COUNT + 1] = {
	[LAYER_TRANSPORT] = "transp",
	[LAYER_AUTHENTICATION] = "auth",
	[LAYER_SESSION] = "session",
	[LAYER_PERFORMANCE] = "perf",
	[LAYER_NONE] = "",
};

const struct finding *
view_finding(const struct view *v)
{
	int i = v->sel[PANEL_FINDINGS];

	return i >= 0 && i < v->d->nfindings ? &v->d->findings[i] : NULL;
}

bool
view_cites(const struct view *v, uint32_t n)
{
	const struct finding *f = view_finding(v);

	for (int i = 0; f != NULL && i < f->nev; i++)
		if (f->ev[i] == n)
			return true;
	return false;
}

/* "fix 1 2": the keys of a finding's fixes. */
static void
put_fixes(const struct view *v, int finding, struct strbuf *sb)
{
	for (int i = 0, any = 0; i < v->d->nfixes; i++)
		if (v->d->fixes[i].finding == finding)
			sb_printf(sb, any++ > 0 ? " %d" : "fix %d", i + 1);
}

/* Columns that the keys of the fixes take, so that what is left of them lines up. */
static int
fix_columns(const struct view *v)
{
	int most = 0;

	for (int i = 0; i < v->d->nfindings; i++) {
		char fixes[32];
		struct strbuf sb;

		sb_init(&sb, fixes, sizeof fixes);
		put_fixes(v, i, &sb);
		most = (int)sb.len > most ? (int)sb.len : most;
	}
	return most > 0 ? most + 1 : 0;
}

static void
draw_row(const struct view *v, struct area a, int y, int i, bool selected, bool focus)
{
	const struct finding *f = &v->d->findings[i];
	char words[WORDS_LEN], fixes[32];
	struct strbuf sb;
	int x, end = a.w, fix_cols = fix_columns(v);

	x = area_text(a, 0, y, ROLE_TEXT, selected ? v->g->cursor : " ") + 1;
	x += area_text(a, x, y, role_of_severity(f->severity), glyph_severity(v->g, f->severity)) +
	     1;
	if (a.w >= 40) {
		area_text(a, x, y, ROLE_DIM, layer_words[f->rule->layer]);
		x += 8;
	}
	if (fix_cols > 0 && a.w - fix_cols >= x + 16) {
		sb_init(&sb, fixes, sizeof fixes);
		put_fixes(v, i, &sb);
		area_text(a, a.w - fix_cols + 1, y, ROLE_KEY, fixes);
		end -= fix_cols;
	}
	if (a.w >= 60) {
		area_text(a, end - 8, y, ROLE_DIM, certainty_name(f->certainty));
		end -= 9;
	}
	sb_init(&sb, words, sizeof words);
	diag_expand(v->d, f->rule->summary, &sb);
	area_cut(a, x, y, end - x, ROLE_TEXT, words, v->g->more);
	if (selected && focus)
		area_select(a, y);
}

/* One row for each line of evidence: its number and what it says. The whole of it stands in the log. */
static void
explain_seen(const struct view *v, struct doc *doc, const char *label, uint32_t n)
{
	const struct ev_line *line = logidx_by_number(v->log, n);
	char words[WORDS_LEN];
	struct strbuf sb;

	sb_init(&sb, words, sizeof words);
	sb_printf(&sb, "#%u ", (unsigned)n);
	if (line != NULL)
		log_describe(line, &sb);
	doc_row(doc, LABEL, ROLE_TITLE, label, ROLE_TEXT, words, v->g->more);
}

static void
explain_words(const struct view *v, struct doc *doc, const char *label, const char *template)
{
	char words[WORDS_LEN];
	struct strbuf sb;

	if (template == NULL || template[0] == '\0')
		return;
	sb_init(&sb, words, sizeof words);
	diag_expand(v->d, template, &sb);
	doc_para(doc, LABEL, ROLE_TITLE, label, ROLE_TEXT, words);
}

/* The other causes, ranked: of the verdict as the reducer ranked them, else as the row lists them. */
static void
explain_candidates(const struct view *v, struct doc *doc, const struct finding *f)
{
	bool verdict = v->sel[PANEL_FINDINGS] == v->d->verdict.finding;
	int n = verdict ? v->d->ncandidates : RULE_CANDIDATES;

	for (int i = 0; i < n; i++) {
		const char *id = verdict ? v->d->candidates[i]->id : f->rule->candidates[i];
		const struct catalogue_row *row;

		if (id == NULL)
			break;
		row = catalogue_by_id(id);
		explain_words(v, doc, i == 0 ? "Or:" : "", row != NULL ? row->means : id);
	}
}

int
findings_explain(const struct view *v, struct area a, int skip)
{
	const struct finding *f = view_finding(v);
	char words[WORDS_LEN];
	struct strbuf sb;
	struct doc doc;

	doc_begin(&doc, a, skip);
	if (f == NULL)
		return 0;
	sb_init(&sb, words, sizeof words);
	diag_expand(v->d, f->rule->summary, &sb);
	doc_para(&doc, 0, ROLE_TITLE, "", ROLE_TITLE, words);
	for (int i = 0; i < f->nev; i++)
		explain_seen(v, &doc, i == 0 ? "Seen:" : "", f->ev[i]);
	explain_words(v, &doc, "Why:", f->rule->why);
	explain_candidates(v, &doc, f);
	explain_words(v, &doc, "Decide:", diag_decide(v->d, f));
	sb_init(&sb, words, sizeof words);
	sb_printf(&sb, "%s, %s", f->rule->id, certainty_name(f->certainty));
	doc_para(&doc, LABEL, ROLE_DIM, "Id:", ROLE_DIM, words);
	return doc.row;
}

int
findings_explain_rows(const struct view *v, int cols)
{
	struct grid none = { 0 };

	return findings_explain(v, (struct area){ .g = &none, .w = cols < 1 ? 1 : cols }, 0);
}

static void
draw(const struct view *v, struct area a, bool focus)
{
	int n = v->d->nfindings, list = n, top;

	if (n == 0) {
		const char *what = view_drills(v)          ? "Hidden until you answer."
				   : v->d->verdict.healthy ? "Nothing is wrong: the login works."
				   : v->d->ended           ? "Nothing was found."
							   : "Nothing found yet.";

		area_cut(a, 0, 0, a.w, ROLE_DIM, what, v->g->more);
		return;
	}
	if (a.h >= 5 && list > a.h / 2)
		list = a.h / 2;
	if (list > a.h)
		list = a.h;
	top = list_top(0, v->sel[PANEL_FINDINGS], n, list);
	for (int i = 0; i < list; i++)
		draw_row(v, a, i, top + i, top + i == v->sel[PANEL_FINDINGS], focus);
	if (a.h - list >= 2) {
		bool gap = a.h - list >= 4;

		struct area below = area_sub(a, 1, list + gap, a.w - 2, a.h);

		if (findings_explain(v, below, v->top[PANEL_FINDINGS]) - v->top[PANEL_FINDINGS] >
		    below.h)
			area_right(below, below.w, 0, below.h - 1, ROLE_KEY, " PgDn: more");
	}
}

static int
rows(const struct view *v)
{
	return v->d->nfindings;
}

static void
status(const struct view *v, struct strbuf *sb)
{
	if (v->d->nfindings > 0)
		sb_printf(sb, "%d of %d", v->sel[PANEL_FINDINGS] + 1, v->d->nfindings);
}

static void
copy(const struct view *v, struct strbuf *sb)
{
	const struct finding *f = view_finding(v);

	if (f == NULL)
		return;
	diag_expand(v->d, f->rule->summary, sb);
	sb_printf(sb, " (%s, %s)", f->rule->id, certainty_name(f->certainty));
}

const struct panel panel_findings = {
	.title = "Findings",
	.tab = "Findings",
	.rows = rows,
	.status = status,
	.draw = draw,
	.copy = copy,
};
