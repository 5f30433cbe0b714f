/* Two runs compared, and the profile of one that worked. See baseline.h. */
#include "baseline.h"

#include <stdlib.h>
#include <string.h>

#include "fpmask.h"
#include "plan.h"
#include "report_internal.h"
#include "utc.h"

/* A time is told where it is off by more than this, and by more than half. */
enum { SLACK_US = 100000, TEXT = BASELINE_TEXT, FP_LEN = 72, HIDDEN_MAX = 8 };

/* What is compared: where a run says it, and under which name it is told. */
static const struct row {
	const char *what;
	enum ev_kind kind;
	enum ev_key key;
	bool list;
} rows[] = {
	{ "address", EV_TCP_RESULT, K_ADDR, false },
	{ "banner", EV_BANNER_IDENT, K_TEXT, false },
	{ "host key", EV_HOSTKEY_OFFERED, K_FP, false },
	{ "key exchange", EV_KEX_SERVER, K_KEX, true },
	{ "host key algorithms", EV_KEX_SERVER, K_HOSTKEY, true },
	{ "ciphers to the server", EV_KEX_SERVER, K_CIPHER_CS, true },
	{ "ciphers from the server", EV_KEX_SERVER, K_CIPHER_SC, true },
	{ "MACs to the server", EV_KEX_SERVER, K_MAC_CS, true },
	{ "MACs from the server", EV_KEX_SERVER, K_MAC_SC, true },
	{ "compression to the server", EV_KEX_SERVER, K_COMP_CS, true },
	{ "compression from the server", EV_KEX_SERVER, K_COMP_SC, true },
	{ "methods", EV_AUTH_METHODS, K_METHODS, true },
	{ "signature algorithms", EV_AUTH_SIGALGS, K_ALGS, true },
};

enum { ROWS = sizeof rows / sizeof rows[0], HOSTKEY_ROW = 2 };

/* What one run saw. */
struct seen {
	int64_t at;
	bool has[ROWS];
	char text[ROWS][4096];
	bool timed[PH__COUNT];
	int64_t took_us[PH__COUNT];
	char hidden[HIDDEN_MAX][FP_LEN]; /* fingerprints whose end is hidden */
	int nhidden;
	char scratch[EV_LINE_MAX];
};

/* ---- what a run saw ---------------------------------------------------------------------- */

static int
rank_of(const char *probe)
{
	return plan_rank(probe, strlen(probe));
}

/* Forget what a run that begins anew from a probe on will see again. */
static void
forget(struct seen *s, const struct evidence *start)
{
	char from[32];
	int rank;

	ev_copy(start, K_FROM, from, sizeof from);
	rank = rank_of(from);
	for (int i = 0; i < (int)ROWS; i++)
		if (rank <= rank_of(ev_kind_info(rows[i].kind)->probe))
			s->has[i] = false;
	memset(s->timed, 0, sizeof s->timed);
}

static void
keep_hidden(struct seen *s, const struct evidence *ev)
{
	char fp[FP_LEN];

	ev_copy(ev, K_FP, fp, sizeof fp);
	if (fpmask_hidden(fp) && s->nhidden < HIDDEN_MAX)
		text_copy(s->hidden[s->nhidden++], FP_LEN, fp);
}

static enum phase
phase_of(const struct evidence *ev)
{
	int p = 0;

	while (p < PH__COUNT && !ev_is(ev, K_PHASE, phase_name((enum phase)p)))
		p++;
	return (enum phase)p;
}

/* Whether a line says what a row compares: a connection that opened, the first list of methods. */
static bool
counts(const struct evidence *ev)
{
	if (ev->kind == EV_TCP_RESULT)
		return ev_is(ev, K_RESULT, "open");
	return ev->kind != EV_AUTH_METHODS || ev_num(ev, K_PARTIAL, 0) == 0;
}

static void
take(struct seen *s, const struct evidence *ev)
{
	enum phase p = ev->kind == EV_PHASE ? phase_of(ev) : PH__COUNT;

	if (ev->kind == EV_RUN_START) {
		forget(s, ev);
		s->at = ev_num(ev, K_NOW, 0);
	}
	if (ev->kind == EV_HOSTKEY_OFFERED || ev->kind == EV_HOSTKEY_OTHER)
		keep_hidden(s, ev);
	if (p < PH__COUNT) {
		s->timed[p] = true;
		s->took_us[p] = ev_num(ev, K_TOOK_US, 0);
	}
	for (int i = 0; i < (int)ROWS; i++)
		if (ev->kind == rows[i].kind && counts(ev) && ev_get(ev, rows[i].key) != NULL) {
			ev_copy(ev, rows[i].key, s->text[i], sizeof s->text[i]);
			s->has[i] = true;
		}
}

/* The newest run of a target, or of the first one that the book names (target < 0). NULL out of memory. */
static struct seen *
see(const struct book *b, int target)
{
	struct seen *s = calloc(1, sizeof *s);
	struct evidence ev;

	for (size_t i = 0; s != NULL && i < book_lines(b); i++) {
		const struct ev_line *line = book_line(b, i);

		if (ev_decode(&ev, line->text, line->len, s->scratch, sizeof s->scratch) != EV_OK ||
		    ev.hop != 0 || ev.vantage != VANTAGE_CLIENT || ev.clock != 0)
			continue;
		target = target < 0 ? ev.target : target;
		if (ev.target == target)
			take(s, &ev);
	}
	return s;
}

/* ---- the comparison -------------------------------------------------------------------- */

/* Append the items of a list that another one does not have. */
static void
missing_in(const char *list, const char *other, struct strbuf *sb)
{
	for (const char *s = list; *s != '\0';) {
		size_t len = strcspn(s, ",");
		char one[160];
		struct strbuf ob;

		sb_init(&ob, one, sizeof one);
		sb_add(&ob, s, len);
		if (len > 0 && !text_list_has(other, one))
			sb_printf(sb, "%s%s", sb->len > 0 ? "," : "", one);
		s += len + (s[len] == ',');
	}
}

static struct baseline_change *
add(struct baseline *w, const char *what, bool list)
{
	struct baseline_change *c = &w->changes[w->n < BASELINE_CHANGES ? w->n++ : w->n - 1];

	memset(c, 0, sizeof *c);
	text_copy(c->what, sizeof c->what, what);
	c->list = list;
	return c;
}

static void
compare_row(struct baseline *w, int i, const struct seen *before, const struct seen *now)
{
	const char *a = before->text[i], *b = now->text[i];
	struct baseline_change *c;
	struct strbuf ab, bb;

	if (i == HOSTKEY_ROW ? fpmask_same(a, b) : strcmp(a, b) == 0)
		return;
	c = add(w, rows[i].what, rows[i].list);
	sb_init(&ab, c->before, sizeof c->before);
	sb_init(&bb, c->now, sizeof c->now);
	if (!rows[i].list) {
		sb_puts(&ab, a);
		sb_puts(&bb, b);
		return;
	}
	missing_in(a, b, &ab);
	missing_in(b, a, &bb);
	if (ab.len == 0 && bb.len == 0) /* the same in another order: ssh goes by its own */
		w->n--;
}

static void
compare_times(struct baseline *w, const struct seen *before, const struct seen *now)
{
	for (int p = 0; p < PH__COUNT; p++) {
		int64_t a = before->took_us[p], b = now->took_us[p], off = a > b ? a - b : b - a;
		char what[BASELINE_WHAT];
		struct baseline_change *c;
		struct strbuf sb;

		if (!before->timed[p] || !now->timed[p])
			continue;
		w->compared++;
		if (off <= SLACK_US || off <= (a > b ? a : b) / 2)
			continue;
		sb_init(&sb, what, sizeof what);
		sb_printf(&sb, "time of %s", phase_name((enum phase)p));
		c = add(w, what, false);
		sb_init(&sb, c->before, sizeof c->before);
		report_time(&sb, a);
		sb_init(&sb, c->now, sizeof c->now);
		report_time(&sb, b);
	}
}

/* No end of a fingerprint comes out of the earlier run that this one hides. */
static void
hide_ends(struct baseline *w, const struct seen *now)
{
	for (int i = 0; i < w->n; i++)
		for (int k = 0; k < now->nhidden; k++)
			if (fpmask_same(w->changes[i].before, now->hidden[k]))
				fpmask_hide(w->changes[i].before);
}

/* Whether an earlier run worked: its own lines say so. */
static bool
worked(const struct book *earlier)
{
	struct book *b = book_new();
	const struct diag *d = NULL;
	char scratch[EV_LINE_MAX];
	struct evidence ev;
	bool well;

	for (size_t i = 0; i < book_lines(earlier); i++) {
		const struct ev_line *line = book_line(earlier, i);

		book_add(b, line);
		if (d == NULL &&
		    ev_decode(&ev, line->text, line->len, scratch, sizeof scratch) == EV_OK)
			d = book_diag(b, ev.target);
	}
	d = d != NULL ? book_diag(b, d->target) : NULL;
	well = d != NULL && d->verdict.healthy;
	book_free(b);
	return well;
}

struct baseline *
baseline_compare(const struct diag *d, const struct book *b)
{
	const struct book *earlier = book_earlier(b, d->target);
	struct baseline *w = earlier != NULL ? calloc(1, sizeof *w) : NULL;
	struct seen *before = w != NULL ? see(earlier, -1) : NULL;
	struct seen *now = before != NULL ? see(b, d->target) : NULL;

	if (now != NULL) {
		w->at = before->at > 0 ? before->at : 0;
		w->worked = worked(earlier);
		for (int i = 0; i < (int)ROWS; i++)
			if (before->has[i] && now->has[i]) {
				w->compared++;
				compare_row(w, i, before, now);
			}
		compare_times(w, before, now);
		hide_ends(w, now);
	}
	free(before);
	free(now);
	return w;
}

void
baseline_words(const struct baseline_change *c, struct strbuf *sb)
{
	if (!c->list) {
		sb_printf(sb, "%s -> %s", c->before, c->now);
		return;
	}
	if (c->before[0] != '\0')
		sb_printf(sb, "no longer: %s%s", c->before, c->now[0] != '\0' ? "; " : "");
	if (c->now[0] != '\0')
		sb_printf(sb, "new: %s", c->now);
}

void
baseline_title(const struct baseline *w, struct strbuf *sb)
{
	sb_puts(sb, w->worked ? "what changed since it worked" : "what changed since another run");
	if (w->at > 0) {
		sb_puts(sb, " at ");
		utc_put(sb, w->at);
	}
}

/* ---- the profile ------------------------------------------------------------------------ */

/* The fields of a kind that are kept in a profile, besides its result. */
static const struct {
	enum ev_kind kind;
	enum ev_key keys[9]; /* up to K__COUNT */
} kept[] = {
	{ EV_RUN_START, { K_VERSION, K_NOW, K_PORT, K__COUNT } },
	{ EV_CONFIG_RESULT, { K_RESULT, K__COUNT } },
	{ EV_TCP_RESULT, { K_ADDR, K_PORT, K_ORDER, K_RESULT, K_RTT_US, K__COUNT } },
	{ EV_BANNER_IDENT, { K_TEXT, K_PROTO, K_SOFTWARE, K__COUNT } },
	{ EV_KEX_SERVER, { K_KEX, K_HOSTKEY, K_CIPHER_CS, K_CIPHER_SC, K_MAC_CS, K_MAC_SC,
			     K_COMP_CS, K_COMP_SC, K__COUNT } },
	{ EV_KEX_RESULT, { K_RESULT, K_STAGE, K__COUNT } },
	{ EV_HOSTKEY_OFFERED, { K_TYPE, K_FP, K_BITS, K__COUNT } },
	{ EV_AUTH_METHODS, { K_METHODS, K_PARTIAL, K__COUNT } },
	{ EV_AUTH_SIGALGS, { K_ALGS, K__COUNT } },
	{ EV_AUTH_LOGIN, { K_METHOD, K_RESULT, K__COUNT } },
	{ EV_SESSION_EXEC, { K_NONCE, K_EXIT, K__COUNT } },
	{ EV_SESSION_SHELL, { K_STATE, K_FIRST_US, K__COUNT } },
	{ EV_PHASE, { K_PHASE, K_START_US, K_TOOK_US, K_TRIPS, K__COUNT } },
	{ EV_RUN_END, { K_REASON, K__COUNT } },
};

bool
profile_worthy(const struct diag *d)
{
	return d->ended && d->verdict.healthy && strcmp(d->end_reason, "done") == 0 &&
	       (fact_has(&d->facts, F_LOGIN_OK) || fact_has(&d->facts, F_PROOF_OK));
}

/* The line with the fields that are kept alone. False where its kind is not. */
static bool
strip(const struct evidence *ev, struct evidence *out)
{
	for (size_t i = 0; i < sizeof kept / sizeof kept[0]; i++) {
		if (kept[i].kind != ev->kind)
			continue;
		ev_init(out, ev->kind);
		out->at_us = ev->at_us;
		for (int k = 0; kept[i].keys[k] != K__COUNT; k++) {
			const struct ev_field *f = ev_get(ev, kept[i].keys[k]);

			if (f != NULL && ev_key_is_int(f->key))
				ev_int(out, f->key, f->num);
			else if (f != NULL)
				ev_mem(out, f->key, f->s, f->len);
		}
		return true;
	}
	return false;
}

bool
profile_write(const struct diag *d, const struct book *b, FILE *out)
{
	bool whole = false;
	char scratch[EV_LINE_MAX], text[EV_LINE_MAX];
	struct evidence ev, small;

	fputs("# sshmedic recording 1\n# a run that worked: what sshmedic compares a later one "
	      "with\n",
	    out);
	for (size_t i = 0; i < book_lines(b); i++) {
		const struct ev_line *line = book_line(b, i);

		if (ev_decode(&ev, line->text, line->len, scratch, sizeof scratch) != EV_OK ||
		    ev.target != d->target || ev.hop != 0 || ev.run != d->run || ev.clock != 0 ||
		    ev.vantage != VANTAGE_CLIENT || !strip(&ev, &small))
			continue;
		ev_encode(&small, text, sizeof text);
		fprintf(out, "%s\n", text);
		whole = whole || ev.kind == EV_HOSTKEY_OFFERED;
	}
	return whole;
}
