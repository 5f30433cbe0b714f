/*
 * The JSON report, schema 1: every key always there, null where it is void.
 * Called by the headless front end and by tests. cJSON does the printing.
 */
#include "report.h"

#include <cjson/cJSON.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "baseline.h"
#include "fix.h"
#include "library.h"
#include "rule.h"

enum { SCHEMA = 1, WORDS_MAX = 8192 };

/* Add text, once more made valid UTF-8 without control characters; null where it is NULL or empty. */
static void
put_text(cJSON *o, const char *key, const char *text)
{
	size_t len = text == NULL ? 0 : strlen(text), cap = len * 8 + 1;
	char *clean =
	    len == 0 ? NULL : malloc(cap); /* one byte becomes \xHH, a character \u{HHHH} */

	if (clean == NULL) {
		cJSON_AddNullToObject(o, key);
		return;
	}
	text_clean(clean, cap, text, len);
	cJSON_AddStringToObject(o, key, clean);
	free(clean);
}

/*
 * Numbers of evidence, of which there are many, are printed here: cJSON takes
 * each for a fraction, prints it, reads it back and compares.
 */
static void
put_int(cJSON *o, const char *key, int64_t n)
{
	char number[32];

	snprintf(number, sizeof number, "%" PRId64, n);
	cJSON_AddRawToObject(o, key, number);
}

/* Add microseconds as milliseconds with one decimal, an integer where whole. */
static void
put_ms(cJSON *o, const char *key, int64_t us)
{
	int64_t tenths = us / 100;
	int rest = (int)(tenths % 10);
	const char *sign = tenths < 0 && tenths > -10 ? "-" : "";
	char number[32];

	if (rest == 0) {
		put_int(o, key, tenths / 10);
		return;
	}
	snprintf(number, sizeof number, "%s%" PRId64 ".%d", sign, tenths / 10, abs(rest));
	cJSON_AddRawToObject(o, key, number);
}

/* Add a row's words with their {slots} filled in. */
static void
put_words(cJSON *o, const char *key, const struct diag *d, const char *words)
{
	char buf[WORDS_MAX];
	struct strbuf sb;

	sb_init(&sb, buf, sizeof buf);
	if (words != NULL)
		diag_expand(d, words, &sb);
	put_text(o, key, buf);
}

/* Read line i of d's target. The text lives in scratch. */
static bool
read_line(const struct book *b, const struct diag *d, size_t i, struct evidence *ev, char *scratch)
{
	const struct ev_line *line = book_target_line(b, d->target, i);

	return ev_decode(ev, line->text, line->len, scratch, EV_LINE_MAX) == EV_OK &&
	       ev->target == d->target;
}

static cJSON *
jump_hosts(const char *list)
{
	cJSON *via = cJSON_CreateArray();
	char one[DIAG_SLOT_LEN];

	if (strcmp(list, "none") == 0)
		return via;
	for (const char *s = list; *s != '\0';) {
		size_t len = strcspn(s, ",");
		struct strbuf sb;

		sb_init(&sb, one, sizeof one);
		sb_add(&sb, s, len);
		if (len > 0)
			cJSON_AddItemToArray(via, cJSON_CreateString(one));
		s += len + (s[len] == ',');
	}
	return via;
}

/* What the target is: as typed, from the beginning of its run, and as ssh -G makes of it. */
static cJSON *
target_object(const struct diag *d, const struct book *b)
{
	cJSON *o = cJSON_CreateObject();
	char scratch[EV_LINE_MAX], input[2048] = "", host[1100] = "", via[1024] = "";
	struct evidence ev;

	for (size_t i = 0; i < book_target_lines(b, d->target); i++) {
		if (!read_line(b, d, i, &ev, scratch) || ev.hop != 0)
			continue;
		if (ev.kind == EV_RUN_START) {
			ev_copy(&ev, K_INPUT, input, sizeof input);
			ev_copy(&ev, K_HOST, host, sizeof host);
		} else if (ev.kind == EV_CONFIG_VALUE && ev_is(&ev, K_NAME, "proxyjump")) {
			ev_copy(&ev, K_VALUE, via, sizeof via);
		}
	}
	put_text(o, "input", input);
	put_text(
	    o, "host", slot_text(d, SLOT_HOSTNAME)[0] != '\0' ? slot_text(d, SLOT_HOSTNAME) : host);
	if (atoi(slot_text(d, SLOT_PORT)) > 0)
		cJSON_AddNumberToObject(o, "port", atoi(slot_text(d, SLOT_PORT)));
	else
		cJSON_AddNullToObject(o, "port");
	put_text(o, "user", slot_stored(d, SLOT_USER));
	cJSON_AddItemToObject(o, "via", jump_hosts(via));
	return o;
}

static cJSON *
layers_array(const struct diag *d)
{
	cJSON *a = cJSON_CreateArray();

	for (int l = 0; l < LAYER__COUNT; l++) {
		const struct diag_layer *dl = &d->layers[l];
		cJSON *o = cJSON_CreateObject();

		cJSON_AddStringToObject(o, "id", layer_name((enum layer)l));
		cJSON_AddStringToObject(o, "state", layer_state_name(dl->state));
		if (dl->state != LS_SKIP && dl->began && dl->end_us >= dl->start_us)
			put_ms(o, "duration_ms", (int64_t)(dl->end_us - dl->start_us));
		else
			cJSON_AddNullToObject(o, "duration_ms");
		cJSON_AddItemToArray(a, o);
	}
	return a;
}

static void
put_certainty(cJSON *o, enum certainty c)
{
	put_text(o, "certainty", c == CERTAIN_NONE ? NULL : certainty_name(c));
}

static cJSON *
verdict_object(const struct diag *d)
{
	const struct verdict *v = &d->verdict;
	const struct rule *r = v->healthy ? NULL : v->rule;
	cJSON *o = cJSON_CreateObject(), *candidates = cJSON_CreateArray();
	char line[WORDS_MAX];
	struct strbuf sb;

	sb_init(&sb, line, sizeof line);
	if (v->healthy)
		diag_verdict_line(d, &sb);
	else if (r != NULL && r->summary != NULL)
		diag_expand(d, r->summary, &sb);
	put_text(o, "finding", v->healthy ? "healthy" : r != NULL ? r->id : NULL);
	put_text(o, "layer", r != NULL ? layer_name(r->layer) : NULL);
	put_certainty(o, v->healthy || r != NULL ? v->certainty : CERTAIN_NONE);
	put_text(o, "summary", line);
	for (int i = 0; i < d->ncandidates; i++)
		cJSON_AddItemToArray(candidates, cJSON_CreateString(d->candidates[i]->id));
	cJSON_AddItemToObject(o, "candidates", candidates);
	put_words(
	    o, "decide", d, v->finding >= 0 ? diag_decide(d, &d->findings[v->finding]) : NULL);
	return o;
}

static cJSON *
fix_object(const struct diag *d, const struct fix *f)
{
	cJSON *o = cJSON_CreateObject();
	char command[WORDS_MAX];
	struct strbuf sb;

	sb_init(&sb, command, sizeof command);
	fix_command(d, f, &sb);
	put_text(o, "id", f->id);
	put_words(o, "title", d, f->title);
	put_text(o, "side", fix_side_name(f->side));
	put_text(o, "kind", fix_kind_name(f->kind));
	put_text(o, "command", command);
	put_text(o, "risk", fix_risk_name(f->risk));
	put_text(o, "takes", f->takes);
	put_words(o, "undo", d, f->undo);
	return o;
}

static cJSON *
finding_object(const struct diag *d, int i)
{
	const struct finding *f = &d->findings[i];
	cJSON *o = cJSON_CreateObject(), *numbers = cJSON_CreateArray(),
	      *fixes = cJSON_CreateArray();

	put_text(o, "id", f->rule->id);
	put_text(o, "layer", layer_name(f->rule->layer));
	put_text(o, "severity", severity_name(f->severity));
	put_certainty(o, f->certainty);
	put_words(o, "summary", d, f->rule->summary);
	put_words(o, "why", d, f->rule->why);
	for (int n = 0; n < f->nev; n++)
		cJSON_AddItemToArray(numbers, cJSON_CreateNumber(f->ev[n]));
	cJSON_AddItemToObject(o, "evidence", numbers);
	for (int n = 0; n < d->nfixes; n++)
		if (d->fixes[n].finding == i)
			cJSON_AddItemToArray(fixes, fix_object(d, d->fixes[n].fix));
	cJSON_AddItemToObject(o, "fixes", fixes);
	return o;
}

static cJSON *
findings_array(const struct diag *d)
{
	cJSON *a = cJSON_CreateArray();

	for (int i = 0; i < d->nfindings; i++)
		cJSON_AddItemToArray(a, finding_object(d, i));
	return a;
}

/* Fine phases that share a JSON id are one row: the first one's start, the sum of times and budgets. */
static cJSON *
phases_array(const struct diag *d)
{
	cJSON *a = cJSON_CreateArray();
	bool done[PH__COUNT] = { false };

	for (int p = 0; p < PH__COUNT; p++) {
		int64_t start = INT64_MAX, took = 0, budget = 0;
		cJSON *o;

		if (done[p] || !d->phases[p].seen)
			continue;
		for (int q = p; q < PH__COUNT; q++) {
			const struct diag_phase *dp = &d->phases[q];

			if (!dp->seen ||
			    strcmp(phase_json((enum phase)q), phase_json((enum phase)p)) != 0)
				continue;
			done[q] = true;
			start = dp->start_us < start ? dp->start_us : start;
			took += dp->took_us;
			budget += dp->budget_us;
		}
		start -= (int64_t)d->first_us;
		o = cJSON_CreateObject();
		cJSON_AddStringToObject(o, "id", phase_json((enum phase)p));
		put_ms(o, "start_ms", start < 0 ? 0 : start);
		put_ms(o, "duration_ms", took);
		put_ms(o, "budget_ms", budget);
		cJSON_AddItemToArray(a, o);
	}
	return a;
}

static cJSON *
evidence_object(const struct evidence *ev, uint32_t n)
{
	cJSON *o = cJSON_CreateObject();
	char text[EV_LINE_MAX + 1024];
	struct strbuf sb;

	sb_init(&sb, text, sizeof text);
	ev_describe(ev, &sb);
	put_int(o, "n", n);
	put_ms(o, "at_ms", (int64_t)ev->at_us);
	cJSON_AddStringToObject(o, "vantage", ev_vantage_name(ev->vantage));
	put_int(o, "hop", ev->hop);
	cJSON_AddStringToObject(o, "kind", ev_kind_info(ev->kind)->name);
	put_text(o, "text", text);
	return o;
}

static cJSON *
evidence_array(const struct diag *d, const struct book *b)
{
	cJSON *a = cJSON_CreateArray();
	char scratch[EV_LINE_MAX];
	struct evidence ev;

	for (size_t i = 0; i < book_target_lines(b, d->target); i++)
		if (read_line(b, d, i, &ev, scratch))
			cJSON_AddItemToArray(
			    a, evidence_object(&ev, book_target_line(b, d->target, i)->n));
	return a;
}

/* What changed since an earlier run; null where there is none. */
static cJSON *
baseline_object(const struct diag *d, const struct book *b)
{
	struct baseline *w = baseline_compare(d, b);
	cJSON *o = w == NULL ? cJSON_CreateNull() : cJSON_CreateObject(), *a;

	if (w == NULL)
		return o;
	if (w->at > 0)
		cJSON_AddNumberToObject(o, "now", (double)w->at);
	else
		cJSON_AddNullToObject(o, "now");
	cJSON_AddBoolToObject(o, "healthy", w->worked);
	cJSON_AddNumberToObject(o, "compared", w->compared);
	cJSON_AddItemToObject(o, "changes", a = cJSON_CreateArray());
	for (int i = 0; i < w->n; i++) {
		cJSON *c = cJSON_CreateObject();

		put_text(c, "what", w->changes[i].what);
		put_text(c, "before", w->changes[i].before);
		put_text(c, "now", w->changes[i].now);
		cJSON_AddItemToArray(a, c);
	}
	free(w);
	return o;
}

static cJSON *
report_object(const struct diag *d, const struct book *b)
{
	cJSON *o = cJSON_CreateObject(), *spent = cJSON_CreateObject();

	cJSON_AddNumberToObject(o, "schema", SCHEMA);
	cJSON_AddStringToObject(o, "version", SSHMEDIC_VERSION);
	cJSON_AddItemToObject(o, "target", target_object(d, b));
	put_ms(
	    o, "duration_ms", d->last_us > d->first_us ? (int64_t)(d->last_us - d->first_us) : 0);
	cJSON_AddItemToObject(o, "layers", layers_array(d));
	cJSON_AddItemToObject(o, "verdict", verdict_object(d));
	cJSON_AddItemToObject(o, "findings", findings_array(d));
	cJSON_AddItemToObject(o, "phases", phases_array(d));
	cJSON_AddItemToObject(o, "evidence", evidence_array(d, b));
	cJSON_AddNumberToObject(spent, "connections", (double)d->connections);
	cJSON_AddNumberToObject(spent, "failed_auth", (double)d->failed_auth);
	cJSON_AddItemToObject(o, "spent", spent);
	cJSON_AddItemToObject(o, "baseline", baseline_object(d, b));
	return o;
}

/* Print o and its newline, and free it. Returns 0, or -1 where it could not be written. */
static int
print(cJSON *o, bool compact, FILE *out)
{
	char *s = compact ? cJSON_PrintUnformatted(o) : cJSON_Print(o);
	int r = -1;

	if (s != NULL && fputs(s, out) != EOF && putc('\n', out) != EOF)
		r = 0;
	cJSON_free(s);
	cJSON_Delete(o);
	return r;
}

int
report_json(const struct diag *d, const struct book *b, bool compact, FILE *out)
{
	return print(report_object(d, b), compact, out);
}

int
report_json_event(const struct ev_line *line, FILE *out)
{
	char scratch[EV_LINE_MAX];
	struct evidence ev;

	if (line == NULL || ev_decode(&ev, line->text, line->len, scratch, sizeof scratch) != EV_OK)
		return 0;
	return print(evidence_object(&ev, line->n), true, out);
}

int
report_json_closing(const struct diag *d, const struct book *b, FILE *out)
{
	cJSON *o = cJSON_CreateObject();

	cJSON_AddItemToObject(o, "report", report_object(d, b));
	return print(o, true, out);
}

int
report_json_change(
    int64_t at, const char *target, const char *change, const char *finding, FILE *out)
{
	cJSON *o = cJSON_CreateObject(), *w = cJSON_CreateObject();

	cJSON_AddNumberToObject(w, "at", (double)at);
	put_text(w, "target", target);
	put_text(w, "change", change);
	put_text(w, "finding", finding);
	cJSON_AddItemToObject(o, "watch", w);
	return print(o, true, out);
}

const char *
library_json(void)
{
	return cJSON_Version();
}
