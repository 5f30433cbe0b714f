/*
 * The walkthrough's window: what is known, what the step finds out, how one does it by hand, which lines of
 * evidence to look at, and the question, which stays in sight. Called by panels.c.
 */
#include "panel.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "../core/glossary.h"
#include "doc.h"
#include "notes.h"
#include "walking.h"
#include "width.h"

enum {
	WIDE_COLS = 100,
	WORDS_LEN = 4096,
	LINES_MAX = 96, /* of evidence that are considered */
	LINES_SHOWN = 8,
	KNOWN_SHOWN = 5,
	LABEL = 4,
	LEAST_FLOW = 3, /* rows that the rest keeps beside a question */
	FEW_ROWS = 14,  /* with fewer the question comes first, in short if it is decided */
	NARROW_COLS = 72
};

/* How a step is laid out in an area of some size. */
struct plan {
	int question, flow; /* rows of the question, and of the rest */
	bool few;           /* the question comes first */
	bool brief;         /* of the answers only the one that is decided; the others come last */
	bool scrolls;       /* there is more than fits */
	bool stays;         /* then the question stays, and the rest scrolls */
};

/* A line of evidence of the step. */
struct line {
	const struct ev_line *ev;
	bool marked; /* it is the one to look at */
};

static void
title(const struct view *v, struct strbuf *sb)
{
	const struct walk_step *s = walker_step(&v->walk->way);

	sb_printf(sb,
	    v->cols < NARROW_COLS ? "Step %d: " : "Walkthrough step %d: ", v->walk->way.passed + 1);
	diag_expand(v->d, s->title, sb);
}

/* ---- evidence ------------------------------------------------------------------- */

/* Whether the words of an explanation stand in a line, as words of their own. */
static bool
is_about(const char *means, const char *text)
{
	size_t len = (size_t)(strstr(means, " : ") - means);

	for (const char *at = text; *at != '\0'; at++)
		if (strncasecmp(at, means, len) == 0 && !(at[len] >= 'a' && at[len] <= 'z'))
			return true;
	return false;
}

static bool
explains(const struct walk_step *s, const char *text)
{
	for (int i = 0; i < s->nmeans; i++)
		if (is_about(s->means[i], text))
			return true;
	return false;
}

static bool
is_marked(const struct walk_step *s, int answer, const struct ev_line *ev)
{
	char words[WORDS_LEN];
	struct strbuf sb;

	sb_init(&sb, words, sizeof words);
	log_describe(ev, &sb);
	return answer >= 0 ? walk_shows(&s->answer[answer], words) : explains(s, words);
}

static int
by_number(const void *a, const void *b)
{
	const struct line *x = a, *y = b;

	return x->ev->n < y->ev->n ? -1 : x->ev->n > y->ev->n;
}

/* Take the lines to look at that are marked, or those that are not; raw ones only where they are marked. */
static int
take(const struct view *v, const struct walk_step *s, int answer, bool marked,
    struct line lines[LINES_MAX], int n)
{
	for (int k = 0; k < s->nlook; k++) {
		const struct ev_line *ev;
		int run = logidx_last_run(v->log, s->look[k]);
		size_t at = 0;

		if (!marked && ev_kind_info(s->look[k])->level >= 3)
			continue;
		while (n < LINES_MAX && (ev = logidx_next(v->log, s->look[k], run, &at)) != NULL)
			if (is_marked(s, answer, ev) == marked)
				lines[n++] = (struct line){ ev, marked };
	}
	return n;
}

/* The lines to look at, in order; where there are too many, the marked ones stay. Returns how many. */
static int
collect(const struct view *v, const struct walk_step *s, int answer, struct line lines[LINES_MAX])
{
	int n = take(v, s, answer, true, lines, 0);

	n = take(v, s, answer, false, lines, n);
	qsort(lines, (size_t)n, sizeof *lines, by_number);
	return n;
}

uint32_t
walk_line(const struct view *v, int answer)
{
	static struct line lines[LINES_MAX];
	const struct walk_step *s = walker_step(&v->walk->way);
	int n = collect(v, s, answer, lines);

	for (int i = 0; i < n; i++)
		if (lines[i].marked)
			return lines[i].ev->n;
	return 0;
}

static bool
is_of_texts(const char *means)
{
	static const char *const heads[] = { "ssh says ", "server's ", "sshd notes " };

	for (size_t i = 0; i < sizeof heads / sizeof *heads; i++)
		if (strncmp(means, heads[i], strlen(heads[i])) == 0)
			return true;
	return false;
}

/* What only a text from elsewhere says is explained where it stands, the rest always: one learns what to look for. */
static bool
is_of_use(const char *means, const struct line *lines, int n)
{
	char words[WORDS_LEN];
	struct strbuf sb;

	if (!is_of_texts(means))
		return true;
	for (int i = 0; i < n; i++) {
		sb_init(&sb, words, sizeof words);
		log_describe(lines[i].ev, &sb);
		if (is_about(means, words))
			return true;
	}
	return false;
}

/* The lines to look at, or those beside them. */
static void
put_lines(
    const struct view *v, const struct line *lines, int n, bool marked, int most, struct doc *doc)
{
	for (int i = 0; i < n && most > 0; i++) {
		char words[WORDS_LEN];
		struct strbuf sb;

		if (lines[i].marked != marked)
			continue;
		most--;
		sb_init(&sb, words, sizeof words);
		sb_printf(&sb, "#%u ", (unsigned)lines[i].ev->n);
		log_describe(lines[i].ev, &sb);
		if (marked)
			doc_para(doc, 2, ROLE_MARK, v->g->cites, ROLE_MARK, words);
		else
			doc_row(doc, 2, ROLE_DIM, "", ROLE_DIM, words, v->g->more);
	}
}

static void
put_means(const struct walk_step *s, const struct line *lines, int n, struct doc *doc)
{
	for (int i = 0; i < s->nmeans; i++) {
		const char *sep = strstr(s->means[i], " : ");
		char words[WORDS_LEN];

		if (!is_of_use(s->means[i], lines, n))
			continue;
		snprintf(words, sizeof words, "\"%.*s\": %s", (int)(sep - s->means[i]), s->means[i],
		    sep + 3);
		doc_para(doc, 2, ROLE_TEXT, "", ROLE_TEXT, words);
	}
}

/* What to look at comes first, then what its words mean. */
static void
put_evidence(const struct view *v, const struct walk_step *s, int answer, struct doc *doc)
{
	static struct line lines[LINES_MAX];
	int n = collect(v, s, answer, lines), marked = 0;

	if (s->nlook == 0)
		return;
	doc_para(doc, 0, ROLE_TITLE, "", ROLE_TITLE, "Evidence: look at this");
	for (int i = 0; i < n; i++)
		marked += lines[i].marked;
	if (n == 0)
		doc_para(doc, 2, ROLE_DIM, "", ROLE_DIM,
		    s->nserver > 0 ? "nothing from the server yet" : "nothing of this kind yet");
	put_lines(v, lines, n, true, LINES_SHOWN, doc);
	put_means(s, lines, n, doc);
	put_lines(v, lines, n, false, LINES_SHOWN - marked, doc);
}

static void
put_terms(const struct view *v, const struct walk_step *s, struct doc *doc)
{
	struct glossary_row row;
	char key[KEYMAP_KEYS], head[KEYMAP_KEYS + 32];

	if (s->nterms == 0)
		return;
	view_keys(v, ACTION_GLOSSARY, false, key, sizeof key);
	snprintf(head, sizeof head, "Words (%s: all)", key);
	doc_para(doc, 0, ROLE_TITLE, "", ROLE_TITLE, head);
	for (int i = 0; i < s->nterms; i++)
		if (glossary_find(s->terms[i], &row))
			glossary_draw(&row, doc);
}

/* ---- the step --------------------------------------------------------------------- */

static void
put_words(const struct view *v, struct doc *doc, const char *head, const char *template)
{
	char buf[WORDS_LEN];
	struct strbuf sb;

	if (template == NULL)
		return;
	sb_init(&sb, buf, sizeof buf);
	diag_expand(v->d, template, &sb);
	doc_para(doc, 0, ROLE_TITLE, "", ROLE_TITLE, head);
	doc_para(doc, 2, ROLE_TEXT, "", ROLE_TEXT, buf);
	doc_gap(doc);
}

/* What the steps behind have brought; of many the last ones. */
static void
put_known(const struct view *v, struct doc *doc)
{
	const struct walker *r = &v->walk->way;
	int from = 0, n = 0;

	for (int i = 0; i < r->passed; i++)
		n += r->trail[i].known[0] != '\0';
	if (n == 0)
		return;
	doc_para(doc, 0, ROLE_TITLE, "", ROLE_TITLE, "Known so far");
	for (int i = 0; i < r->passed; i++) {
		const struct walker_passed *p = &r->trail[i];
		char words[WORDS_LEN];
		struct strbuf sb;

		if (p->known[0] == '\0' || n - from++ > KNOWN_SHOWN)
			continue;
		sb_init(&sb, words, sizeof words);
		diag_expand(v->d, p->known, &sb);
		sb_puts(&sb, p->by_evidence ? "" : " (your word)");
		doc_para(doc, LABEL, p->by_evidence ? ROLE_PASS : ROLE_UNKNOWN,
		    v->g->mark[p->by_evidence ? LS_PASS : LS_UNKNOWN], ROLE_TEXT, words);
	}
	doc_gap(doc);
}

/* Commands whose values are known, under a title that stands only over some; or always, as more follows. */
static void
put_commands(const struct view *v, struct doc *doc, const char *title, bool always,
    const char *const list[], int n)
{
	const char *known[WALK_LISTED];
	char command[WORDS_LEN];
	struct strbuf sb;
	int count = walk_commands(v->d, list, n, known);

	if (count > 0 || always)
		doc_para(doc, 0, ROLE_TITLE, "", ROLE_TITLE, title);
	for (int i = 0; i < count; i++) {
		sb_init(&sb, command, sizeof command);
		sb_puts(&sb, "$ ");
		fix_expand_command(v->d, known[i], &sb);
		doc_exact(doc, 2, ROLE_COMMAND, command);
	}
}

/* What is to be run on the server, one command after the other or all of it by the collector. */
static void
put_server(const struct view *v, struct doc *doc, const struct walk_step *s)
{
	char words[WORDS_LEN], key[KEYMAP_KEYS];
	struct strbuf sb;

	if (s->nserver == 0)
		return;
	put_commands(v, doc, "On the server's console", s->end == WALK_ASKS, s->server, s->nserver);
	if (s->end == WALK_ASKS) {
		view_keys(v, ACTION_PASTE, false, key, sizeof key);
		sb_init(&sb, words, sizeof words);
		sb_puts(&sb, "or all at once: run here ");
		fix_expand_command(v->d,
		    fix_words_known(v->d, "{dest}") ? "sshmedic --collector {sshargs} {dest}"
						    : "sshmedic --collector",
		    &sb);
		sb_printf(&sb,
		    " >collect.sh, and there: sh collect.sh. Then %s takes what was printed.", key);
		doc_para(doc, 2, ROLE_TEXT, "", ROLE_TEXT, words);
	}
	doc_gap(doc);
}

/* The fixes that there are under their keys; else what the script has of them, in words. */
static void
put_fixes(const struct view *v, struct doc *doc, const struct walk_step *s)
{
	char words[WORDS_LEN], label[16];
	struct strbuf sb;
	int shown = 0;

	for (int i = 0; i < v->d->nfixes; i++) {
		const struct fix *f = v->d->fixes[i].fix;

		if (!walk_has_fix(s, f->id))
			continue;
		if (shown++ == 0)
			doc_para(doc, 0, ROLE_TITLE, "", ROLE_TITLE, "Fixes: the number shows one");
		sb_init(&sb, words, sizeof words);
		diag_expand(v->d, f->title, &sb);
		sb_printf(&sb, " (%s, risk %s)%s", fix_side_name(f->side), fix_risk_name(f->risk),
		    stop_of_fix(f) != NULL ? ": needs a second person" : "");
		snprintf(label, sizeof label, "[%d]", i + 1);
		doc_para(doc, LABEL, ROLE_KEY, label, ROLE_TEXT, words);
	}
	for (int i = 0; shown == 0 && i < s->nfixes && i < 3; i++) {
		if (i == 0)
			doc_para(doc, 0, ROLE_TITLE, "", ROLE_TITLE,
			    "What mends it (the evidence here does not fill it in)");
		sb_init(&sb, words, sizeof words);
		diag_expand(v->d, fix_by_id(s->fixes[i])->title, &sb);
		doc_para(doc, 2, ROLE_TEXT, "", ROLE_TEXT, words);
	}
	if (s->nfixes > 0)
		doc_gap(doc);
}

static void
put_end(const struct view *v, struct doc *doc, const struct walk_step *s)
{
	char words[WORDS_LEN], copy[KEYMAP_KEYS], save[KEYMAP_KEYS];

	put_words(v, doc,
	    s->end == WALK_STOP       ? "STOP: why"
	    : s->end == WALK_HANDOVER ? "Hand it over"
				      : "What to do",
	    s->says);
	put_server(v, doc, s);
	if (s->end == WALK_FIX) {
		put_fixes(v, doc, s);
		put_words(v, doc, "Whose it is", s->whom);
		return;
	}
	put_words(v, doc, "Whom to ask", s->whom);
	put_fixes(v, doc, s);
	view_keys(v, ACTION_COPY_HANDOVER, false, copy, sizeof copy);
	view_keys(v, ACTION_SAVE_REPORT, false, save, sizeof save);
	snprintf(words, sizeof words,
	    "%s copies what to tell them, %s saves it; names are hidden where you set it so. A "
	    "recording (--record) "
	    "opens on their screen by --replay.",
	    copy, save);
	put_words(v, doc, "For whoever takes over", words);
}

static const char *
verdict_id(const struct diag *d)
{
	return d->verdict.rule != NULL ? d->verdict.rule->id : NULL;
}

/* What the step finds out, and how one would do it without this program. */
static void
put_finds(const struct view *v, struct doc *doc, const struct walk_step *s)
{
	put_words(v, doc, "This step finds out", s->finds);
}

static void
put_hand(const struct view *v, struct doc *doc, const struct walk_step *s)
{
	int row = doc->row;

	put_commands(v, doc, "By hand, on this machine", false, s->hand, s->nhand);
	if (doc->row > row)
		doc_gap(doc);
	put_server(v, doc, s);
}

/* A rule of the evidence holds from the first step on: nobody is to learn of it at the end. */
static void
put_stop(const struct view *v, struct doc *doc)
{
	const struct stop_rule *stop = stop_of(v->d);

	if (stop == NULL)
		return;
	stop_draw(v, stop, doc);
	doc_gap(doc);
}

/* Where not all fits: what is forbidden, and for how long; why, and whom to ask, comes behind the evidence. */
static void
put_stop_short(const struct view *v, struct doc *doc)
{
	const struct stop_rule *stop = stop_of(v->d);

	if (stop == NULL)
		return;
	doc_para(doc, 0, ROLE_FAIL, "", ROLE_FAIL, stop->what);
	stop_wait(v, stop, doc);
}

/* What leads to the question: what is at hand first, be it the line that decides or what to run for one. */
static void
put_asked(const struct view *v, const struct walk_step *s, int answer, bool brief, struct doc *doc)
{
	static struct line lines[LINES_MAX];
	bool run = answer < 0 && s->nserver > 0 && collect(v, s, answer, lines) == 0;

	if (!brief)
		put_finds(v, doc, s);
	if (run)
		put_hand(v, doc, s);
	put_evidence(v, s, answer, doc);
	doc_gap(doc);
	if (brief)
		put_finds(v, doc, s);
	if (!run)
		put_hand(v, doc, s);
}

/* All of the step but its question: in one column, what is looked at now comes first. */
static void
put_narrow(const struct view *v, const struct walk_step *s, int answer, const struct plan *p,
    struct doc *doc)
{
	bool shorter = p->scrolls && s->end == WALK_ASKS;
	int at;

	if (shorter)
		put_stop_short(v, doc);
	else
		put_stop(v, doc);
	if (s->end != WALK_ASKS)
		put_end(v, doc, s);
	else
		put_asked(v, s, answer, p->brief, doc);
	if (shorter)
		put_stop(v, doc);
	put_known(v, doc);
	at = doc->row;
	notes_draw(v->notes, verdict_id(v->d), doc);
	if (doc->row > at)
		doc_gap(doc);
	put_terms(v, s, doc);
}

static void
put_left(const struct view *v, const struct walk_step *s, struct doc *doc)
{
	put_stop(v, doc);
	if (s->end != WALK_ASKS)
		put_end(v, doc, s);
	put_known(v, doc);
	if (s->end == WALK_ASKS) {
		put_finds(v, doc, s);
		put_hand(v, doc, s);
	}
	notes_draw(v->notes, verdict_id(v->d), doc);
}

/* ---- the question ------------------------------------------------------------------ */

static void
put_answer(const struct walk_step *s, int k, int answer, struct doc *doc)
{
	char label[16], words[WORDS_LEN];

	snprintf(label, sizeof label, "[%d]", k + 1);
	snprintf(words, sizeof words, "%s%s", s->answer[k].text, k == answer ? "  <-" : "");
	doc_para(doc, LABEL, ROLE_KEY, label, k == answer ? ROLE_MARK : ROLE_TEXT, words);
}

static void
put_state(const struct view *v, int answer, int all, struct doc *doc)
{
	char words[WORDS_LEN], next[KEYMAP_KEYS], skip[KEYMAP_KEYS];
	uint32_t n = answer >= 0 ? walk_line(v, answer) : 0;

	view_keys(v, ACTION_WALK_NEXT, false, next, sizeof next);
	view_keys(v, ACTION_WALK_SKIP, false, skip, sizeof skip);
	if (answer >= 0 && n > 0)
		snprintf(words, sizeof words, "The evidence says: %d of %d, line #%u. %s goes on.",
		    answer + 1, all, (unsigned)n, next);
	else if (answer >= 0)
		snprintf(words, sizeof words, "The evidence says: %d of %d. %s goes on.",
		    answer + 1, all, next);
	else if (v->d->started && !v->d->ended)
		snprintf(words, sizeof words,
		    "Still being tested: the answer comes by itself. %s skips.", skip);
	else
		snprintf(words, sizeof words,
		    "The evidence does not tell: type a number. %s skips.", skip);
	doc_para(doc, 0, ROLE_MESSAGE, "", answer >= 0 ? ROLE_PASS : ROLE_MESSAGE, words);
}

/* brief: only the answer that the evidence decides for. */
static void
put_question(
    const struct view *v, const struct walk_step *s, int answer, bool brief, struct doc *doc)
{
	char key[KEYMAP_KEYS], words[KEYMAP_KEYS + 96];

	if (s->end != WALK_ASKS) {
		view_keys(v, ACTION_WALK_BACK, false, key, sizeof key);
		snprintf(words, sizeof words, "The end of this way: %s. %s goes back a step.",
		    s->end == WALK_FIX        ? "a fix"
		    : s->end == WALK_HANDOVER ? "a hand-over"
					      : "STOP",
		    key);
		doc_para(doc, 0, ROLE_MESSAGE, "", s->end == WALK_STOP ? ROLE_FAIL : ROLE_MESSAGE,
		    words);
		return;
	}
	doc_para(doc, 0, ROLE_TITLE, "", ROLE_TITLE, s->ask);
	for (int k = 0; k < s->answers; k++)
		if (!brief || k == answer)
			put_answer(s, k, answer, doc);
	put_state(v, answer, s->answers, doc);
}

/* The answers that the evidence speaks against, where there was no room for them above. */
static void
put_others(const struct walk_step *s, int answer, struct doc *doc)
{
	doc_gap(doc);
	doc_para(doc, 0, ROLE_TITLE, "", ROLE_TITLE, "Not so, by the evidence");
	for (int k = 0; k < s->answers; k++)
		if (k != answer)
			put_answer(s, k, answer, doc);
}

static int
question_rows(const struct view *v, const struct walk_step *s, int answer, bool brief, int cols)
{
	struct grid none = { 0 };
	struct doc doc;

	doc_begin(&doc, (struct area){ .g = &none, .w = cols }, 0);
	put_question(v, s, answer, brief, &doc);
	return doc.row;
}

/* All but the question, in one column or two. Returns its rows. */
static int
flow(const struct view *v, const struct walk_step *s, int answer, const struct plan *p,
    struct area a, int skip)
{
	struct doc left, right;
	bool wide = a.w >= WIDE_COLS;
	int w = wide ? a.w * 55 / 100 : a.w;

	doc_begin(&left, area_sub(a, 0, 0, w - wide, a.h), skip);
	if (!wide)
		put_narrow(v, s, answer, p, &left);
	else
		put_left(v, s, &left);
	if (p->brief)
		put_others(s, answer, &left);
	if (!wide)
		return left.row;
	doc_begin(&right, area_sub(a, w + 2, 0, a.w - w - 2, a.h), skip);
	for (int y = skip < 0 ? -skip : 0; y < a.h; y++)
		area_text(a, w, y, ROLE_BORDER, v->g->v);
	put_evidence(v, s, answer, &right);
	doc_gap(&right);
	put_terms(v, s, &right);
	return left.row > right.row ? left.row : right.row;
}

static struct plan
plan_for(const struct view *v, int answer, int cols, int rows)
{
	const struct walk_step *s = walker_step(&v->walk->way);
	struct grid none = { 0 };
	struct area a = { .g = &none, .w = cols };
	struct plan p = { .question = question_rows(v, s, answer, false, cols) };

	p.few = s->end == WALK_ASKS && (rows < FEW_ROWS || p.question + 1 + LEAST_FLOW > rows);
	p.brief = p.few && answer >= 0 && s->answers > 1;
	if (p.brief)
		p.question = question_rows(v, s, answer, true, cols);
	p.flow = flow(v, s, answer, &p, a, 0);
	p.scrolls = p.question + 1 + p.flow > rows;
	if (p.scrolls)
		p.flow = flow(v, s, answer, &p, a, 0);
	p.stays = p.scrolls && p.question + 1 + LEAST_FLOW <= rows;
	return p;
}

static int
fixed(const struct view *v, int cols, int rows)
{
	int answer = walk_decided(v->d, walker_step(&v->walk->way));
	struct plan p = plan_for(v, answer, cols, rows);

	return !p.stays ? 0 : p.few ? p.question + 1 : -(p.question + 1);
}

/* The question, then the rest. */
static void
draw_first(const struct view *v, int answer, const struct plan *p, struct area a, int skip)
{
	const struct walk_step *s = walker_step(&v->walk->way);
	int at = p->question - (p->stays ? 0 : skip), below = p->stays ? p->question + 1 : 0;
	struct doc doc;

	doc_begin(&doc, a, p->stays ? 0 : skip);
	put_question(v, s, answer, p->brief, &doc);
	for (int x = 0; x < a.w; x++)
		area_text(a, x, at, ROLE_BORDER, v->g->rule);
	flow(v, s, answer, p, area_sub(a, 0, below, a.w, a.h - below),
	    p->stays ? skip : skip - p->question - 1);
}

/* The question behind all that leads to it. */
static void
draw_last(const struct view *v, int answer, const struct plan *p, struct area a, int skip)
{
	const struct walk_step *s = walker_step(&v->walk->way);
	int end = p->stays ? a.h - p->question - 1 : p->flow - skip;
	struct doc doc;

	flow(v, s, answer, p, area_sub(a, 0, 0, a.w, end < a.h ? end : a.h), skip);
	for (int x = 0; p->stays && x < a.w; x++)
		area_text(a, x, end, ROLE_BORDER, v->g->rule);
	doc_begin(&doc, a, 0);
	doc.row = end + 1;
	put_question(v, s, answer, p->brief, &doc);
}

static int
draw(const struct view *v, struct area a, int skip)
{
	int answer = walk_decided(v->d, walker_step(&v->walk->way));
	struct plan p = plan_for(v, answer, a.w, a.h);

	(p.few ? draw_first : draw_last)(v, answer, &p, a, skip);
	return p.flow + 1 + p.question;
}

const struct dialog dialog_walk = {
	.ctx = CTX_WALK, .title = title, .whole = true, .draw = draw, .fixed = fixed
};
