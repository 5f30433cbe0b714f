/*
 * The plain report, verdict first: a person at three in the morning reads the
 * first three lines. Called by the headless front end and by tests.
 */
#include "report.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "baseline.h"
#include "fix.h"
#include "flow.h"
#include "report_internal.h"
#include "rule.h"

enum { WORDS_MAX = 8192 };

/* Where the report goes, and what it is about. */
struct page {
	FILE *out;
	int width;
	const struct diag *d;
	const struct book *b;
};

/* flow_text() on the page. */
static void
flow(const struct page *p, const char *head, const char *text)
{
	flow_text(p->out, p->width, head, text);
}

/* flow() with {slots} filled in. Nothing for words that are not there. */
static void
flow_words(const struct page *p, const char *head, const char *words)
{
	char buf[WORDS_MAX];
	struct strbuf sb;

	if (words == NULL)
		return;
	sb_init(&sb, buf, sizeof buf);
	diag_expand(p->d, words, &sb);
	if (sb.len > 0)
		flow(p, head, buf);
}

void
report_upper(struct strbuf *sb, const char *s)
{
	for (; *s != '\0'; s++)
		sb_putc(sb, (char)(*s >= 'a' && *s <= 'z' ? *s - 'a' + 'A' : *s));
}

void
report_time(struct strbuf *sb, int64_t us)
{
	if (us < 0)
		us = 0;
	if (us < 10000)
		sb_printf(sb, "%" PRId64 ".%" PRId64 " ms", us / 1000, us % 1000 / 100);
	else if (us < 1000000)
		sb_printf(sb, "%" PRId64 " ms", us / 1000);
	else
		sb_printf(sb, "%" PRId64 ".%" PRId64 " s", us / 1000000, us % 1000000 / 100000);
}

/* The first thing to do about the verdict, and where: the second line that is read. */
static void
print_first_fix(const struct page *p)
{
	static const char *const where[] = {
		[SIDE_CLIENT] = "Try:    ",
		[SIDE_SERVER] = "On the server: ",
		[SIDE_NETWORK] = "In the network: ",
	};
	const struct diag_fix *first = &p->d->fixes[0];
	char command[WORDS_MAX];
	struct strbuf sb;

	if (p->d->nfixes == 0 || p->d->verdict.healthy || first->finding != p->d->verdict.finding)
		return;
	sb_init(&sb, command, sizeof command);
	fix_command(p->d, first->fix, &sb);
	if (sb.len > 0) /* never broken into lines, so that it can be copied */
		fprintf(p->out, "%s%s\n", where[first->fix->side], command);
	else
		flow_words(p, where[first->fix->side], first->fix->title);
}

void
report_target(const struct diag *d, struct strbuf *sb)
{
	const char *host = slot_text(d, SLOT_HOSTNAME)[0] != '\0' ? slot_text(d, SLOT_HOSTNAME)
								  : slot_text(d, SLOT_HOST);

	if (slot_stored(d, SLOT_USER)[0] != '\0')
		sb_printf(sb, "%s at ", slot_stored(d, SLOT_USER));
	sb_puts(sb, host[0] != '\0' ? host : "not named");
	if (slot_text(d, SLOT_PORT)[0] != '\0')
		sb_printf(sb, ", port %s", slot_text(d, SLOT_PORT));
	if (slot_text(d, SLOT_ADDR)[0] != '\0' && strcmp(slot_text(d, SLOT_ADDR), host) != 0)
		sb_printf(sb, ", address %s", slot_text(d, SLOT_ADDR));
	if (slot_text(d, SLOT_VIA)[0] != '\0')
		sb_printf(sb, ", via %s", slot_text(d, SLOT_VIA));
}

static void
print_target(const struct page *p)
{
	char buf[WORDS_MAX];
	struct strbuf sb;

	sb_init(&sb, buf, sizeof buf);
	report_target(p->d, &sb);
	flow(p, "Target: ", buf);
}

static void
print_verdict(const struct page *p)
{
	char buf[WORDS_MAX];
	struct strbuf sb;

	sb_init(&sb, buf, sizeof buf);
	diag_verdict_line(p->d, &sb);
	flow(p, "", sb.len > 0 ? buf : "Nothing was decided.");
	print_first_fix(p);
	print_target(p);
}

static void
print_layers(const struct page *p)
{
	fputs("\nLayers\n", p->out);
	for (int l = 0; l < LAYER__COUNT; l++) {
		const struct diag_layer *dl = &p->d->layers[l];
		char buf[80];
		struct strbuf sb;

		sb_init(&sb, buf, sizeof buf);
		sb_printf(&sb, "  %d %-15s ", l + 1, layer_name((enum layer)l));
		report_upper(&sb, layer_state_name(dl->state));
		if (dl->state != LS_SKIP && dl->began && dl->end_us > dl->start_us) {
			while (sb.len < 28)
				sb_putc(&sb, ' ');
			report_time(&sb, (int64_t)(dl->end_us - dl->start_us));
		}
		fprintf(p->out, "%s\n", buf);
	}
}

bool
report_seen(const struct ev_line *line, struct strbuf *sb)
{
	char scratch[EV_LINE_MAX], text[REPORT_SEEN_MAX];
	struct evidence ev;
	struct strbuf tb;

	if (ev_decode(&ev, line->text, line->len, scratch, sizeof scratch) != EV_OK)
		return false;
	sb_init(&tb, text, sizeof text - 3);
	ev_describe(&ev, &tb);
	sb_puts(sb, text);
	if (tb.cut)
		sb_puts(sb, "...");
	return true;
}

const struct ev_line *
report_line(const struct book *b, uint32_t n)
{
	/* As a rule the lines are numbered from 1 on, and all are there. */
	if (n > 0 && n <= book_lines(b) && book_line(b, n - 1)->n == n)
		return book_line(b, n - 1);
	for (size_t i = 0; i < book_lines(b); i++)
		if (book_line(b, i)->n == n)
			return book_line(b, i);
	return NULL;
}

/* The line of evidence with that number, as the log shows it. */
static void
print_seen(const struct page *p, uint32_t n)
{
	const struct ev_line *line = report_line(p->b, n);
	char text[REPORT_SEEN_MAX + 8], head[32];
	struct strbuf sb, hb;

	sb_init(&sb, text, sizeof text);
	if (line == NULL || !report_seen(line, &sb))
		return;
	sb_init(&hb, head, sizeof head);
	sb_printf(&hb, "      #%-4" PRIu32 " ", n);
	flow(p, head, text);
}

static void
print_candidates(const struct page *p, const struct finding *f)
{
	const struct diag *d = p->d;

	for (int i = 0; i < d->ncandidates; i++) {
		char buf[WORDS_MAX];
		struct strbuf sb;

		sb_init(&sb, buf, sizeof buf);
		sb_printf(&sb, "%s: %s", d->candidates[i]->id, d->candidates[i]->means);
		flow(p, i == 0 ? "    Could be:  " : "               ", buf);
	}
	flow_words(p, "    To decide: ", diag_decide(p->d, f));
}

/* The fixes of a finding by number, e.g. "    Fixes:     1, 2". */
static void
print_fix_numbers(const struct page *p, int finding)
{
	int shown = 0;

	for (int i = 0; i < p->d->nfixes; i++)
		if (p->d->fixes[i].finding == finding)
			fprintf(p->out, shown++ == 0 ? "    Fixes:     %d" : ", %d", i + 1);
	if (shown > 0)
		putc('\n', p->out);
}

static void
print_finding(const struct page *p, int i)
{
	static const char *const marks[] = {
		[SEV_INFO] = "[i]",
		[SEV_WARN] = "[!]",
		[SEV_FAIL] = "[X]",
		[SEV_UNKNOWN] = "[?]",
	};
	const struct finding *f = &p->d->findings[i];
	bool verdict = i == p->d->verdict.finding;

	fprintf(p->out, "  %s %s (%s)\n", marks[f->severity], f->rule->id,
	    certainty_name(f->certainty));
	if (!verdict) /* its sentence is the first line of the report */
		flow_words(p, "    ", f->rule->summary);
	flow_words(p, "    Why:       ", f->rule->why);
	if (f->nev > 0)
		fputs("    Seen:\n", p->out);
	for (int n = 0; n < f->nev; n++)
		print_seen(p, f->ev[n]);
	if (verdict)
		print_candidates(p, f);
	print_fix_numbers(p, i);
}

static void
print_fix(const struct page *p, int i)
{
	const struct fix *f = p->d->fixes[i].fix;
	char buf[WORDS_MAX], head[16];
	struct strbuf sb;

	sb_init(&sb, head, sizeof head);
	sb_printf(&sb, "  %d ", i + 1);
	sb_init(&sb, buf, sizeof buf);
	diag_expand(p->d, f->title, &sb);
	sb_printf(&sb, " (%s, %s, risk %s", fix_side_name(f->side), fix_kind_name(f->kind),
	    fix_risk_name(f->risk));
	if (f->takes != NULL)
		sb_printf(&sb, ", takes %s", f->takes);
	sb_putc(&sb, ')');
	flow(p, head, buf);
	sb_init(&sb, buf, sizeof buf);
	fix_command(p->d, f, &sb);
	if (sb.len > 0) /* never broken into lines, so that it can be copied */
		fprintf(p->out, "    $ %s\n", buf);
	flow_words(p, "    ", f->words);
	flow_words(p, "    Undo: ", f->undo);
}

static void
print_timing(const struct page *p)
{
	const struct diag *d = p->d;
	int shown = 0;

	for (int i = 0; i < PH__COUNT; i++) {
		const struct diag_phase *ph = &d->phases[i];

		if (!ph->seen)
			continue;
		if (shown++ == 0)
			fputs("\nTiming, in ms       took   budget\n", p->out);
		fprintf(p->out, "  %-15s %6" PRId64 ".%" PRId64 " %8" PRId64 "%s\n",
		    phase_name((enum phase)i), ph->took_us / 1000, ph->took_us % 1000 / 100,
		    ph->budget_us / 1000,
		    ph->much_over ? "  far over"
		    : ph->over    ? "  over"
				  : "");
	}
}

/* What changed since an earlier run, where there is one. */
static void
print_baseline(const struct page *p)
{
	struct baseline *w = baseline_compare(p->d, p->b);
	char buf[WORDS_MAX], head[BASELINE_WHAT + 8];
	struct strbuf sb;

	if (w == NULL)
		return;
	sb_init(&sb, buf, sizeof buf);
	baseline_title(w, &sb);
	buf[0] = 'W';
	fprintf(p->out, "\n%s\n", buf);
	for (int i = 0; i < w->n; i++) {
		sb_init(&sb, buf, sizeof buf);
		baseline_words(&w->changes[i], &sb);
		snprintf(head, sizeof head, "  %s: ", w->changes[i].what);
		flow(p, head, buf);
	}
	if (w->n == 0)
		fprintf(p->out,
		    w->compared > 0 ? "  nothing of the %d things that both runs saw\n"
				    : "  the two runs saw nothing in common\n",
		    w->compared);
	free(w);
}

/* Of a watch: what stood before, and which runs are still in memory, as its newest look says. */
static void
print_watch(const struct page *p)
{
	for (size_t i = book_target_lines(p->b, p->d->target); i-- > 0;) {
		const struct ev_line *line = book_target_line(p->b, p->d->target, i);
		char scratch[EV_LINE_MAX], buf[WORDS_MAX];
		struct evidence ev;

		if (strstr(line->text, " watch.kept ") == NULL ||
		    ev_decode(&ev, line->text, line->len, scratch, sizeof scratch) != EV_OK ||
		    ev.kind != EV_WATCH_KEPT)
			continue;
		fputc('\n', p->out);
		flow(p, "Watch: ", ev_copy(&ev, K_TEXT, buf, sizeof buf));
		return;
	}
}

void
report_spent(const struct diag *d, struct strbuf *sb)
{
	report_time(sb, d->last_us > d->first_us ? (int64_t)(d->last_us - d->first_us) : 0);
	sb_printf(sb, ", %" PRId64 " connection%s, %" PRId64 " failed login%s", d->connections,
	    d->connections == 1 ? "" : "s", d->failed_auth, d->failed_auth == 1 ? "" : "s");
	if (d->rtt_us > 0) {
		sb_puts(sb, "; round trip ");
		report_time(sb, d->rtt_us);
	}
}

static void
print_spent(const struct page *p)
{
	char buf[200];
	struct strbuf sb;

	sb_init(&sb, buf, sizeof buf);
	report_spent(p->d, &sb);
	fprintf(p->out, "\nSpent: %s\n", buf);
}

void
report_text(const struct diag *d, const struct book *b, int width, FILE *out)
{
	struct page p = { .out = out, .width = width, .d = d, .b = b };

	print_verdict(&p);
	print_layers(&p);
	if (d->nfindings > 0)
		fputs("\nFindings\n", out);
	for (int i = 0; i < d->nfindings; i++)
		print_finding(&p, i);
	if (d->nfixes > 0)
		fputs("\nFixes\n", out);
	for (int i = 0; i < d->nfixes; i++)
		print_fix(&p, i);
	print_timing(&p);
	print_baseline(&p);
	print_watch(&p);
	print_spent(&p);
}

bool
report_event(const struct ev_line *line, int level, FILE *out)
{
	char scratch[EV_LINE_MAX], text[EV_LINE_MAX];
	struct evidence ev;
	struct strbuf sb;

	if (line == NULL ||
	    ev_decode(&ev, line->text, line->len, scratch, sizeof scratch) != EV_OK ||
	    ev_kind_info(ev.kind)->level > level)
		return false;
	sb_init(&sb, text, sizeof text);
	ev_describe(&ev, &sb);
	fprintf(out, "%5" PRIu64 ".%03" PRIu64 " %-15s %s\n", ev.at_us / 1000000,
	    ev.at_us / 1000 % 1000, ev_kind_info(ev.kind)->name, text);
	return true;
}
