/*
 * The report in Markdown (CommonMark with GitHub's tables), for a ticket or a page: verdict,
 * layers, findings with what was seen and their fixes, timing, and what happened in order. Texts
 * from outside stay texts: nothing in them becomes a link, a tag or an emphasis. Called by whoever
 * writes a report and by tests.
 */
#include "report.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "baseline.h"
#include "fix.h"
#include "report_internal.h"
#include "rule.h"
#include "utc.h"

enum {
	WORDS_MAX = 8192,
	TIMELINE_LEVEL = 1, /* milestones and what a person wants to see */
	FENCE_MIN = 3
};

struct page {
	FILE *out;
	const struct diag *d;
	const struct book *b;
};

/* Whether the character at s means something to Markdown, or what GitHub makes of it. */
static bool
is_special(const char *text, const char *s)
{
	if (strchr("\\`*_{}[]<>|~#&$!", *s) != NULL)
		return true;
	if (*s == ':') /* a link, without being asked */
		return s[1] == '/' && s[2] == '/';
	if (*s == '.' || *s == ')') /* the same; and a list */
		return (s - text >= 3 && memcmp(s - 3, "www", 3) == 0) ||
		       (s > text && strspn(text, "0123456789") == (size_t)(s - text));
	return s == text && strchr("-+=", *s) != NULL;
}

/* Words in a paragraph or a cell, as they are. */
static void
put(const struct page *p, const char *text)
{
	for (const char *s = text; *s != '\0'; s++) {
		if (is_special(text, s))
			putc('\\', p->out);
		else if (*s == '@') /* nobody is to be told of the report for his name */
			fputs("&#8203;", p->out);
		putc(*s, p->out);
	}
}

/* put() with {slots} filled in. Returns whether there was anything. */
static bool
put_words(const struct page *p, const char *before, const char *words, const char *behind)
{
	char buf[WORDS_MAX];
	struct strbuf sb;

	sb_init(&sb, buf, sizeof buf);
	diag_expand(p->d, words, &sb);
	if (sb.len == 0)
		return false;
	fputs(before, p->out);
	put(p, buf);
	fputs(behind, p->out);
	return true;
}

/* The longest run of "`" in s, and one more: a fence that s cannot close. */
static int
fence_of(const char *s)
{
	int longest = FENCE_MIN - 1, run = 0;

	for (; *s != '\0'; s++) {
		run = *s == '`' ? run + 1 : 0;
		longest = run > longest ? run : longest;
	}
	return longest + 1;
}

static void
fence(const struct page *p, int n, const char *indent, const char *language)
{
	fputs(indent, p->out);
	while (n-- > 0)
		putc('`', p->out);
	fprintf(p->out, "%s\n", language);
}

static void
print_head(const struct page *p)
{
	char buf[WORDS_MAX];
	struct strbuf sb;

	sb_init(&sb, buf, sizeof buf);
	report_target(p->d, &sb);
	fputs("# sshmedic: ", p->out);
	put(p, buf);
	sb_init(&sb, buf, sizeof buf);
	diag_verdict_line(p->d, &sb);
	fputs("\n\n**", p->out);
	put(p, sb.len > 0 ? buf : "Nothing was decided.");
	fputs("**\n", p->out);
}

static void
print_layers(const struct page *p)
{
	fputs("\n| Layer | State | Time |\n|---|---|---:|\n", p->out);
	for (int l = 0; l < LAYER__COUNT; l++) {
		const struct diag_layer *dl = &p->d->layers[l];
		char buf[80];
		struct strbuf sb;

		sb_init(&sb, buf, sizeof buf);
		sb_printf(&sb, "| %d %s | ", l + 1, layer_name((enum layer)l));
		report_upper(&sb, layer_state_name(dl->state));
		sb_puts(&sb, " | ");
		if (dl->state != LS_SKIP && dl->began && dl->end_us > dl->start_us)
			report_time(&sb, (int64_t)(dl->end_us - dl->start_us));
		fprintf(p->out, "%s |\n", buf);
	}
}

static void
print_seen(const struct page *p, const struct finding *f)
{
	int shown = 0;

	for (int i = 0; i < f->nev; i++) {
		const struct ev_line *line = report_line(p->b, f->ev[i]);
		char text[REPORT_SEEN_MAX + 8];
		struct strbuf sb;

		sb_init(&sb, text, sizeof text);
		if (line == NULL || !report_seen(line, &sb))
			continue;
		if (shown++ == 0)
			fputs("\nSeen:\n\n", p->out);
		fprintf(p->out, "- \\#%" PRIu32 " ", f->ev[i]);
		put(p, text);
		putc('\n', p->out);
	}
}

static void
print_candidates(const struct page *p, const struct finding *f)
{
	if (p->d->ncandidates > 0)
		fputs("\nCould be:\n\n", p->out);
	for (int i = 0; i < p->d->ncandidates; i++) {
		fprintf(p->out, "%d. `%s`: ", i + 1, p->d->candidates[i]->id);
		put(p, p->d->candidates[i]->means);
		putc('\n', p->out);
	}
	put_words(p, "\nTo decide: ", diag_decide(p->d, f), "\n");
}

static void
print_fix(const struct page *p, int i)
{
	const struct fix *f = p->d->fixes[i].fix;
	char buf[WORDS_MAX];
	struct strbuf sb;

	fprintf(p->out, "\n**Fix %d: ", i + 1);
	put_words(p, "", f->title, "**");
	fprintf(p->out, " (%s, %s, risk %s", fix_side_name(f->side), fix_kind_name(f->kind),
	    fix_risk_name(f->risk));
	if (f->takes != NULL) {
		fputs(", takes ", p->out);
		put(p, f->takes);
	}
	fputs(")\n", p->out);
	sb_init(&sb, buf, sizeof buf);
	fix_command(p->d, f, &sb);
	if (sb.len > 0) {
		int n = fence_of(buf);

		putc('\n', p->out);
		fence(p, n, "", "sh");
		fprintf(p->out, "%s\n", buf);
		fence(p, n, "", "");
	}
	put_words(p, "\n", f->words, "\n");
	put_words(p, "\nUndo: ", f->undo, "\n");
}

static void
print_finding(const struct page *p, int i)
{
	const struct finding *f = &p->d->findings[i];

	fprintf(p->out, "\n### %s (%s, %s)\n", f->rule->id, severity_name(f->severity),
	    certainty_name(f->certainty));
	put_words(p, "\n", f->rule->summary, "\n");
	put_words(p, "\nWhy: ", f->rule->why, "\n");
	print_seen(p, f);
	if (i == p->d->verdict.finding)
		print_candidates(p, f);
	for (int k = 0; k < p->d->nfixes; k++)
		if (p->d->fixes[k].finding == i)
			print_fix(p, k);
}

static void
print_timing(const struct page *p)
{
	int shown = 0;

	for (int i = 0; i < PH__COUNT; i++) {
		const struct diag_phase *ph = &p->d->phases[i];

		if (!ph->seen)
			continue;
		if (shown++ == 0)
			fputs("\n## Timing\n\n| Phase | Took, ms | Budget, ms | "
			      "|\n|---|---:|---:|---|\n",
			    p->out);
		fprintf(p->out, "| %s | %" PRId64 ".%" PRId64 " | %" PRId64 " | %s |\n",
		    phase_name((enum phase)i), ph->took_us / 1000, ph->took_us % 1000 / 100,
		    ph->budget_us / 1000,
		    ph->much_over ? "far over"
		    : ph->over    ? "over"
				  : "");
	}
}

/* A line of the timeline in sb; false for what is too much detail. */
static bool
timeline(const struct page *p, size_t i, struct strbuf *sb)
{
	const struct ev_line *line = book_target_line(p->b, p->d->target, i);
	char scratch[EV_LINE_MAX];
	struct evidence ev;

	if (ev_decode(&ev, line->text, line->len, scratch, sizeof scratch) != EV_OK ||
	    ev_kind_info(ev.kind)->level > TIMELINE_LEVEL)
		return false;
	sb_printf(sb, "%4" PRIu64 ".%03" PRIu64 "  %-15s ", ev.at_us / 1000000,
	    ev.at_us / 1000 % 1000,
	    ev.vantage == VANTAGE_CLIENT ? ev_kind_info(ev.kind)->name
					 : ev_vantage_name(ev.vantage));
	return report_seen(line, sb);
}

/* The wall clock's time at 0.000, for whoever looks beside it into a server's log; 0 where no line tells. */
static int64_t
clock_at_zero(const struct page *p)
{
	char scratch[EV_LINE_MAX];
	struct evidence ev;

	for (size_t i = 0; i < book_target_lines(p->b, p->d->target); i++) {
		const struct ev_line *line = book_target_line(p->b, p->d->target, i);
		int64_t at;

		if (ev_decode(&ev, line->text, line->len, scratch, sizeof scratch) != EV_OK ||
		    ev.kind != EV_RUN_START)
			continue;
		at = ev_num(&ev, K_NOW, 0) - (int64_t)(ev.at_us / 1000000);
		return at > 0 ? at : 0;
	}
	return 0;
}

static void
print_clock(const struct page *p)
{
	int64_t at = clock_at_zero(p);
	char text[64];
	struct strbuf sb;

	if (at == 0)
		return;
	sb_init(&sb, text, sizeof text);
	utc_put(&sb, at);
	fprintf(p->out, "In seconds since %s, by this machine's clock.\n\n", text);
}

static void
print_timeline(const struct page *p)
{
	int n = FENCE_MIN;
	char text[REPORT_SEEN_MAX + 64];
	struct strbuf sb;

	for (size_t i = 0; i < book_target_lines(p->b, p->d->target); i++) {
		sb_init(&sb, text, sizeof text);
		if (timeline(p, i, &sb) && fence_of(text) > n)
			n = fence_of(text);
	}
	fputs("\n## What happened\n\n", p->out);
	print_clock(p);
	fence(p, n, "", "text");
	for (size_t i = 0; i < book_target_lines(p->b, p->d->target); i++) {
		sb_init(&sb, text, sizeof text);
		if (timeline(p, i, &sb))
			fprintf(p->out, "%s\n", text);
	}
	fence(p, n, "", "");
}

/* What changed since an earlier run, where there is one. */
static void
print_baseline(const struct page *p)
{
	struct baseline *w = baseline_compare(p->d, p->b);
	char buf[WORDS_MAX];
	struct strbuf sb;

	if (w == NULL)
		return;
	sb_init(&sb, buf, sizeof buf);
	baseline_title(w, &sb);
	buf[0] = 'W';
	fprintf(p->out, "\n## %s\n\n", buf);
	for (int i = 0; i < w->n; i++) {
		sb_init(&sb, buf, sizeof buf);
		baseline_words(&w->changes[i], &sb);
		fprintf(p->out, "- %s: ", w->changes[i].what);
		put(p, buf);
		putc('\n', p->out);
	}
	if (w->n == 0)
		fprintf(p->out, "Nothing of the %d things that both runs saw.\n", w->compared);
	free(w);
}

static void
print_spent(const struct page *p)
{
	char buf[200];
	struct strbuf sb;

	sb_init(&sb, buf, sizeof buf);
	report_spent(p->d, &sb);
	fprintf(p->out, "\nSpent: %s. By sshmedic %s.\n", buf, SSHMEDIC_VERSION);
}

void
report_markdown(const struct diag *d, const struct book *b, FILE *out)
{
	struct page p = { .out = out, .d = d, .b = b };

	print_head(&p);
	print_layers(&p);
	if (d->nfindings > 0)
		fputs("\n## Findings\n", out);
	for (int i = 0; i < d->nfindings; i++)
		print_finding(&p, i);
	print_timing(&p);
	print_baseline(&p);
	print_timeline(&p);
	print_spent(&p);
}
