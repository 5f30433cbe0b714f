/* The hand-over message. See handover.h. */
#include "handover.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "baseline.h"
#include "fix.h"
#include "owner.h"
#include "report_internal.h"
#include "rule.h"
#include "utc.h"

enum {
	WORDS_MAX = 2048,
	LABEL = 10, /* columns of the words in front */
	ITEMS = 10,
	SCRAP = 48,         /* bytes of a second thing that are worth a line */
	FIXES_MAX = 12,     /* changes that are looked at */
	FACT_COMMON = 1000, /* more rules than there are */
	FEW = 4,            /* others that make no difference */
	RARER = 16,         /* how much that a line is rare counts over what it is */
	WIDE = 0x1100       /* characters from here on may be two columns wide */
};

/* One thing that is said. */
struct item {
	char text[WORDS_MAX];
	const char *label;
	int want; /* lines at most, where others need theirs */
	size_t
	    tail; /* where a second thing begins, that is left out where too little of it would show; or 0 */
};

struct message {
	const struct diag *d;
	const struct book *b;
	const struct handover_times *t;
	struct item items[ITEMS];
	int n;
};

/* Begin an item; an empty one is left out. want: lines that it may have where others leave room. */
static struct item *
item(struct message *m, const char *label, int want, struct strbuf *sb)
{
	struct item *it = &m->items[m->n++];

	it->label = label;
	it->want = want;
	sb_init(sb, it->text, sizeof it->text);
	return it;
}

/* ---- lines --------------------------------------------------------------------------- */

/* Bytes of s that fit cols columns, cut behind a word where one ends in time. *all: nothing is left. */
static size_t
fitting(const char *s, int cols, bool *all)
{
	size_t len = strlen(s), i = 0, blank = 0;
	uint32_t cp;

	while (i < len) {
		size_t n = text_utf8(s + i, len - i, &cp);

		if (n == 0)
			n = 1;
		cols -= cp >= WIDE ? 2 : 1;
		if (cols < 0)
			break;
		i += n;
		if (s[i] == ' ' || s[i] == '\0' || (s[i - 1] == ',' && s[i] != ' '))
			blank = i;
	}
	*all = i == len;
	return *all || blank == 0 ? i : blank;
}

/* The bytes of an address of a machine to itself at the beginning of s, 0 for none. */
static size_t
loopback(const char *s)
{
	size_t n = strncmp(s, "127.", 4) == 0 ? strspn(s, "0123456789.") : 0;

	while (n > 0 && s[n - 1] == '.') /* a sentence ends */
		n--;
	if (n == 0 && strncmp(s, "::1", 3) == 0 && strspn(s, "0123456789abcdef:") == 3)
		n = 3;
	return n;
}

/*
 * A redaction leaves the addresses of a machine to itself, and root, which every machine has. In a message
 * that is handed on no address stays, nor the name of whom it is for.
 */
static void
hide_rest(struct item *it)
{
	static const char root[] = "root at ";
	char text[WORDS_MAX];
	struct strbuf sb;

	if (strncmp(it->text, root, sizeof root - 1) == 0) {
		text_copy(text, sizeof text, it->text + sizeof root - 1);
		sb_init(&sb, it->text, sizeof it->text);
		sb_printf(&sb, "superuser at %s", text);
	}

	text_copy(text, sizeof text, it->text);
	sb_init(&sb, it->text, sizeof it->text);
	for (const char *s = text; *s != '\0';) {
		bool begins = s == text || strchr(" [(@,;=\"'", s[-1]) != NULL;
		size_t n = begins ? loopback(s) : 0;

		if (n > 0)
			sb_puts(&sb, "loopback");
		else
			sb_putc(&sb, *s);
		s += n > 0 ? n : 1;
	}
}

/* Print an item in at most lines lines. Returns how many it took, and in *shown its bytes; out NULL: only that. */
static int
put_item(const struct item *it, int lines, FILE *out, size_t *shown)
{
	const char *s = it->text;
	int n = 0;

	while (*s != '\0' && n < lines) {
		bool all, last = n == lines - 1;
		size_t len = fitting(s, HANDOVER_COLS - LABEL, &all);

		if (last && !all)
			len = fitting(s, HANDOVER_COLS - LABEL - 3, &all);
		if (out != NULL)
			fprintf(out, "%-*s%.*s%s\n", LABEL, n == 0 ? it->label : "", (int)len, s,
			    last && s[len] != '\0' ? "..." : "");
		s += len;
		s += strspn(s, " ");
		n++;
	}
	*shown = (size_t)(s - it->text);
	return n;
}

/* Whether lines lines are too few for all of an item. */
static bool
is_cut(const struct item *it, int lines)
{
	size_t shown;

	put_item(it, lines, NULL, &shown);
	return it->text[shown] != '\0';
}

/* Leave a second thing out of which lines lines would show only a scrap. */
static void
drop_scrap(struct item *it, int lines)
{
	size_t shown;

	if (it->tail == 0 || !is_cut(it, lines))
		return;
	put_item(it, lines, NULL, &shown);
	if (shown < it->tail + SCRAP)
		it->text[it->tail] = '\0';
}

/* Give each item its lines: one, then what it wants, then what is left to those that are cut. */
static void
share_lines(struct message *m, int lines[])
{
	int spare = HANDOVER_LINES - m->n, before;

	for (int i = 0; i < m->n; i++)
		lines[i] = 1;
	do {
		before = spare;
		for (int i = 0; i < m->n && spare > 0; i++)
			if (lines[i] < m->items[i].want && is_cut(&m->items[i], lines[i])) {
				lines[i]++;
				spare--;
			}
	} while (spare < before);
	do {
		before = spare;
		for (int i = 0; i < m->n && spare > 0; i++)
			if (is_cut(&m->items[i], lines[i])) {
				lines[i]++;
				spare--;
			}
	} while (spare < before);
}

/* ---- what is said ------------------------------------------------------------------------ */

static const struct finding *
deciding_finding(const struct diag *d)
{
	return d->verdict.finding >= 0 && !d->verdict.healthy ? &d->findings[d->verdict.finding]
							      : NULL;
}

static void
add_head(struct message *m)
{
	const struct verdict *v = &m->d->verdict;
	const struct finding *f = deciding_finding(m->d);
	struct strbuf sb;

	item(m, "SSH", 1, &sb);
	if (v->healthy)
		sb_printf(&sb, "works: healthy, %s", certainty_name(v->certainty));
	else if (f == NULL)
		sb_puts(&sb, m->d->ended ? "undecided" : "undecided, still testing");
	else
		sb_printf(&sb, "%s: layer %s, %s, %s%s",
		    f->severity == SEV_FAIL && f->rule->layer == LAYER_PERFORMANCE ? "is slow"
		    : f->severity == SEV_FAIL                                      ? "fails"
										   : "undecided",
		    layer_name(f->rule->layer), f->rule->id, certainty_name(f->certainty),
		    v->final ? "" : ", still testing");
}

static void
add_summary(struct message *m)
{
	const struct finding *f = deciding_finding(m->d);
	struct strbuf sb;

	item(m, "What", 2, &sb);
	if (f != NULL)
		diag_expand(m->d, f->rule->summary, &sb);
	else
		diag_verdict_line(m->d, &sb);
}

static void
add_whom(struct message *m)
{
	struct strbuf sb;

	item(m, "For", 1, &sb);
	report_target(m->d, &sb);
}

/* "40 s", "5 min", "3 h", "2 days" */
static void
put_span(struct strbuf *sb, int64_t s)
{
	static const struct {
		int64_t from, unit;
		const char *name;
	} units[] = { { 2 * 86400, 86400, "days" }, { 2 * 3600, 3600, "h" }, { 120, 60, "min" },
		{ 0, 1, "s" } };
	int i = 0;

	while (s < units[i].from)
		i++;
	sb_printf(sb, "%" PRId64 " %s", s / units[i].unit, units[i].name);
}

static void
add_since(struct message *m)
{
	const struct handover_times *t = m->t;
	bool well = m->d->verdict.healthy;
	struct strbuf sb;

	item(m, well ? "Seen at" : "Since", 1, &sb);
	if (t->first_seen == 0) {
		sb_puts(&sb, "not known: no clock in the evidence");
		return;
	}
	sb_puts(&sb, well ? "" : "seen ");
	utc_put(&sb, t->first_seen);
	if (!well && t->last_seen > t->first_seen) {
		sb_puts(&sb, ", again ");
		put_span(&sb, t->last_seen - t->first_seen);
		sb_puts(&sb, " later");
	}
	if (t->now >= t->last_seen && t->now > 0) {
		sb_puts(&sb, "; sent ");
		put_span(&sb, t->now - t->last_seen);
		sb_puts(&sb, " after");
	}
}

/* What stands beyond doubt: layers that were passed, findings that are proven. */
static void
add_proven(struct message *m)
{
	const struct diag *d = m->d;
	struct strbuf sb;

	item(m, "Proven", 1, &sb);
	for (int i = 0; i < d->nfindings; i++)
		if (d->findings[i].certainty == CERTAIN_PROVEN &&
		    d->findings[i].severity != SEV_INFO)
			sb_printf(&sb, "%s%s", sb.len > 0 ? ", " : "", d->findings[i].rule->id);
	for (int l = 0, n = 0; l < LAYER__COUNT; l++)
		if (d->layers[l].state == LS_PASS)
			sb_printf(&sb, "%s%s",
			    n++ > 0       ? ", "
			    : sb.len == 0 ? "passed: "
					  : "; passed: ",
			    layer_name((enum layer)l));
	if (sb.len == 0)
		sb_puts(&sb, "nothing yet");
}

/* How many rules of other findings ask for a fact: what many ask for says little of any of them. */
static int
others_with(enum fact fact, const char *id)
{
	int n = 0;

	for (const struct rule *r = rule_next(NULL); r != NULL; r = rule_next(r))
		for (int i = 0; i < RULE_FACTS; i++)
			if ((r->all[i] == fact || r->any[i] == fact) && strcmp(r->id, id) != 0) {
				n++;
				break;
			}
	return n;
}

static bool
rests_on(const struct diag *d, enum fact fact, uint32_t n)
{
	const uint32_t *ev = fact_ev(d, fact);

	for (int i = 0; i < DIAG_EV && ev[i] != 0; i++)
		if (ev[i] == n)
			return true;
	return false;
}

/* Of a finding's facts that line n shows the rarest: how many others ask for it. What line told shows is less news. */
static int
rarity(const struct diag *d, const struct finding *f, uint32_t n, uint32_t told)
{
	int least = FACT_COMMON;

	for (int i = 0; i < 2 * RULE_FACTS; i++) {
		enum fact fact = i < RULE_FACTS ? f->rule->all[i] : f->rule->any[i - RULE_FACTS];
		int others;

		if (fact == F_NONE || !rests_on(d, fact, n))
			continue;
		others = others_with(fact, f->rule->id) + (rests_on(d, fact, told) ? FEW : 0);
		least = others < least ? others : least;
	}
	return least;
}

/*
 * How well a line of evidence stands for a finding, least first: what the server itself says decides what the
 * client cannot; then what few other findings rest on; of that what is of the finding's layer, and the plainer.
 */
static int
weight(const struct evidence *ev, const struct finding *f, int rare)
{
	const struct ev_kind_info *k = ev_kind_info(ev->kind);

	if (ev->kind == EV_RUN_START || ev->kind == EV_RUN_END)
		return 2 * FACT_COMMON * RARER;
	if (ev->vantage == VANTAGE_SERVER || ev->vantage == VANTAGE_PASTED)
		return k->level;
	return rare / FEW * RARER + (k->layer == f->rule->layer ? 4 : 8) + k->level;
}

/*
 * The number of the line of the finding's evidence that says most, 0 for none. told: one that is said already, so
 * that what else the finding rests on comes next; or 0.
 */
static uint32_t
best_line(const struct message *m, const struct finding *f, uint32_t told)
{
	uint32_t best = 0;
	int least = INT32_MAX;

	for (int i = 0; i < f->nev; i++) {
		const struct ev_line *line = report_line(m->b, f->ev[i]);
		char scratch[EV_LINE_MAX];
		struct evidence ev;
		int w;

		if (line == NULL || f->ev[i] == told ||
		    ev_decode(&ev, line->text, line->len, scratch, sizeof scratch) != EV_OK)
			continue;
		w = weight(&ev, f, rarity(m->d, f, f->ev[i], told));
		if (w > least) /* of equals the last one: it decided */
			continue;
		least = w;
		best = f->ev[i];
	}
	return best;
}

/* The deciding evidence: the line that says most with its number, and the next one where it finds room. */
static void
add_evidence(struct message *m)
{
	const struct finding *f = deciding_finding(m->d);
	uint32_t first = f != NULL ? best_line(m, f, 0) : 0, second;
	struct strbuf sb;
	struct item *it = item(m, "Evidence", 2, &sb);

	if (first == 0) {
		sb_puts(&sb, m->d->verdict.healthy ? "the login's own success"
						   : "none: nothing was seen that decides");
		return;
	}
	sb_printf(&sb, "#%" PRIu32 " ", first);
	report_seen(report_line(m->b, first), &sb);
	if ((second = best_line(m, f, first)) == 0)
		return;
	it->tail = sb.len;
	sb_printf(&sb, "; #%" PRIu32 " ", second);
	report_seen(report_line(m->b, second), &sb);
}

/* What became of the changes, by the last word on each. */
struct tried {
	struct {
		char fix[64];
		const char *how;
	} at[FIXES_MAX];
	int n;
	char first_args[EV_LINE_MAX]; /* of the first run */
	bool other;                   /* a run with another command line */
};

/* How a kind of line leaves a fix, NULL for one that does not say. */
static const char *
outcome(const struct evidence *ev)
{
	switch (ev->kind) {
	case EV_FIX_APPLIED: return "applied";
	case EV_FIX_KEPT: return "kept";
	case EV_FIX_FAILED: return ev_is(ev, K_WHAT, "preview") ? NULL : "failed";
	case EV_FIX_UNDONE: return "undone";
	default: return NULL;
	}
}

static void
take_fix(struct tried *t, const struct evidence *ev)
{
	const char *how = outcome(ev);
	char fix[64];
	int i = 0;

	if (ev->kind == EV_RUN_START) {
		char args[EV_LINE_MAX];

		ev_copy(ev, K_ARGS, args, sizeof args);
		if (ev->run == 0)
			text_copy(t->first_args, sizeof t->first_args, args);
		else
			t->other = t->other || strcmp(args, t->first_args) != 0;
	}
	if (how == NULL || ev_copy(ev, K_FIX, fix, sizeof fix)[0] == '\0')
		return;
	while (i < t->n && strcmp(t->at[i].fix, fix) != 0)
		i++;
	if (i == FIXES_MAX)
		return;
	t->n = i == t->n ? i + 1 : t->n;
	text_copy(t->at[i].fix, sizeof t->at[i].fix, fix);
	t->at[i].how = how;
}

static void
add_tried(struct message *m)
{
	struct tried *t = calloc(1, sizeof *t);
	struct strbuf sb;

	item(m, "Tried", 1, &sb);
	for (size_t i = 0; t != NULL && i < book_lines(m->b); i++) {
		const struct ev_line *line = book_line(m->b, i);
		char scratch[EV_LINE_MAX];
		struct evidence ev;

		if (ev_decode(&ev, line->text, line->len, scratch, sizeof scratch) == EV_OK &&
		    ev.target == m->d->target && ev.hop == 0)
			take_fix(t, &ev);
	}
	for (int i = 0; t != NULL && i < t->n; i++)
		sb_printf(&sb, "%s%s: %s", i == 0 ? "" : ", ", t->at[i].fix, t->at[i].how);
	if (t != NULL && t->other)
		sb_printf(&sb, "%sother options of ssh, for a run", sb.len > 0 ? ", " : "");
	if (sb.len == 0)
		sb_puts(&sb, "nothing was changed");
	free(t);
}

/* What would decide; where nothing is open, what to do about it first. */
static void
add_decide(struct message *m)
{
	const struct diag *d = m->d;
	const struct finding *f = deciding_finding(d);
	const char *words = f != NULL ? diag_decide(d, f) : NULL;
	struct strbuf sb;

	item(m, "Decides", 2, &sb);
	if (words != NULL) {
		diag_expand(d, words, &sb);
		return;
	}
	if (d->verdict.healthy)
		sb_puts(&sb, "nothing is open");
	else
		sb_puts(&sb, f != NULL && f->certainty == CERTAIN_PROVEN
				 ? "nothing is open, the cause is proven"
				 : "what the server's log says of this attempt");
	for (int i = 0; f != NULL && i < d->nfixes; i++)
		if (d->fixes[i].finding == d->verdict.finding) {
			sb_puts(&sb, "; to do: ");
			diag_expand(d, d->fixes[i].fix->title, &sb);
			return;
		}
}

/* What changed since it worked, where that is known. */
static void
add_changed(struct message *m)
{
	struct baseline *w = baseline_compare(m->d, m->b);
	struct strbuf sb;

	if (w == NULL)
		return;
	item(m, "Changed", 1, &sb);
	sb_puts(&sb, w->worked ? "since it worked, " : "since ");
	if (w->at > 0)
		utc_put(&sb, w->at);
	else
		sb_puts(&sb, "another run");
	for (int i = 0; i < w->n; i++)
		sb_printf(&sb, "%s%s", i == 0 ? ": " : ", ", w->changes[i].what);
	if (w->n == 0)
		sb_puts(&sb, ": nothing that both saw");
	free(w);
}

static void
add_owner(struct message *m)
{
	const struct finding *f = deciding_finding(m->d);
	enum owner o = f != NULL ? owner_of(f->rule->id) : OWNER_NONE;
	struct strbuf sb;

	item(m, "Owner", 1, &sb);
	sb_printf(&sb, "%s (%s); by sshmedic %s", owner_name(o), owner_words(o), SSHMEDIC_VERSION);
}

/* ---- the message ------------------------------------------------------------------------- */

void
handover_write(const struct diag *d, const struct book *b, const struct handover_times *t,
    bool hidden, FILE *out)
{
	struct message *m = calloc(1, sizeof *m);
	int lines[ITEMS];
	size_t shown;

	if (m == NULL)
		return;
	m->d = d;
	m->b = b;
	m->t = t;
	add_head(m);
	add_summary(m);
	add_whom(m);
	add_since(m);
	add_proven(m);
	add_evidence(m);
	add_changed(m);
	add_tried(m);
	add_decide(m);
	add_owner(m);
	for (int i = 0; hidden && i < m->n; i++)
		hide_rest(&m->items[i]);
	share_lines(m, lines);
	for (int i = 0; i < m->n; i++) {
		drop_scrap(&m->items[i], lines[i]);
		put_item(&m->items[i], lines[i], out, &shown);
	}
	free(m);
}

/* Take a line of a target; a run that ended well ends what went before. */
static void
take_time(struct handover_times *t, struct book *runs, const struct ev_line *line,
    const struct evidence *ev)
{
	const struct diag *d;

	if (ev->kind == EV_RUN_START && ev_num(ev, K_NOW, 0) > 0) {
		t->last_seen = ev_num(ev, K_NOW, 0);
		if (t->first_seen == 0)
			t->first_seen = t->last_seen;
	}
	book_add(runs, line);
	if (ev->kind == EV_RUN_END && (d = book_diag(runs, ev->target)) != NULL &&
	    d->verdict.healthy)
		t->first_seen = 0;
}

void
handover_times(struct handover_times *t, const struct book *b, uint16_t target, int64_t now)
{
	struct book *runs = book_new();

	*t = (struct handover_times){ .now = now };
	for (size_t i = 0; i < book_lines(b); i++) {
		const struct ev_line *line = book_line(b, i);
		char scratch[EV_LINE_MAX];
		struct evidence ev;

		if (ev_decode(&ev, line->text, line->len, scratch, sizeof scratch) == EV_OK &&
		    ev.target == target && ev.hop == 0)
			take_time(t, runs, line, &ev);
	}
	if (t->first_seen == 0)
		t->first_seen = t->last_seen;
	book_free(runs);
}
