/*
 * The life of a diagnosis: its tables and slots, what lines it takes in, and
 * the names and words that readers show. Folding itself is learn.c, derive.c and conclude.c.
 */
#include "diag.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "diag_internal.h"

static const struct {
	const char *name, *json, *help;
} phases[PH__COUNT] = {
#define PHASE(id, name, json, trips, allow, help) [PH_##id] = { name, json, help },
#include "phase.def"
#undef PHASE
};

static const char *const slots[SLOT__COUNT] = {
#define SLOT(id, name, help) [SLOT_##id] = name,
#define TOLD_SLOT SLOT
#include "slot.def"
#undef TOLD_SLOT
#undef SLOT
};

static const char *const slot_helps[SLOT__COUNT] = {
#define SLOT(id, name, help) [SLOT_##id] = help,
#define TOLD_SLOT SLOT
#include "slot.def"
#undef TOLD_SLOT
#undef SLOT
};

/* ---- tables ---------------------------------------------------------------------- */

int
ev_note(uint32_t ev[DIAG_EV], uint32_t n)
{
	int count = 0, i;

	while (count < DIAG_EV && ev[count] != 0)
		count++;
	if (n == 0)
		return count;
	for (i = 0; i < count && ev[i] < n; i++)
		;
	if (i == DIAG_EV || (i < count && ev[i] == n))
		return count;
	if (count < DIAG_EV)
		count++;
	memmove(ev + i + 1, ev + i, (size_t)(count - i - 1) * sizeof *ev);
	ev[i] = n;
	return count;
}

const uint32_t *
fact_ev(const struct diag *d, enum fact f)
{
	static const uint32_t none[DIAG_EV];
	int row = d->notes.row[f];

	return row == 0 ? none : d->notes.ev[row - 1];
}

void
fact_note(struct diag *d, enum fact f, uint32_t n)
{
	struct fact_notes *notes = &d->notes;

	if (n == 0)
		return;
	if (notes->row[f] == 0)
		notes->row[f] = ++notes->n;
	ev_note(notes->ev[notes->row[f] - 1], n);
}

void
fact_forget(struct diag *d, enum fact f)
{
	if (d->notes.row[f] != 0)
		memset(d->notes.ev[d->notes.row[f] - 1], 0, sizeof d->notes.ev[0]);
}

/*
 * A table is kept in its rows' order. When it is full the greatest row
 * gives way: what stays are the least keys, whatever the order of arrival. A row that
 * once gave way, or never found room, cannot come back, so none is ever half told.
 */
void *
table_row(void *table, int *n, int max, size_t size, const void *key,
    int (*order)(const void *row, const void *key))
{
	char *rows = table;
	int i, c = 1;

	for (i = 0; i < *n && (c = order(rows + (size_t)i * size, key)) < 0; i++)
		;
	if (i < *n && c == 0)
		return rows + (size_t)i * size;
	if (i == max)
		return NULL;
	if (*n < max)
		++*n;
	memmove(
	    rows + (size_t)(i + 1) * size, rows + (size_t)i * size, (size_t)(*n - i - 1) * size);
	memcpy(rows + (size_t)i * size, key, size);
	return rows + (size_t)i * size;
}

/* ---- the store of slots ---------------------------------------------------------------- */

static const uint16_t lengths[SLOT__STORED] = {
#define SLOT(id, name, help) [SLOT_##id] = sizeof(((struct slot_room *)0)->in_##id),
#define TOLD_SLOT(id, name, help)
#include "slot.def"
#undef TOLD_SLOT
#undef SLOT
};

enum { CUT_MARK = 3 }; /* "..." */

static char *
place(struct diag *d, enum slot s)
{
	struct slot_store *store = &d->slots;

	if (store->at[s] == 0) {
		store->at[s] = (uint16_t)(1 + store->used);
		store->used = (uint16_t)(store->used + lengths[s]);
	}
	return store->text + store->at[s] - 1;
}

const char *
slot_stored(const struct diag *d, enum slot s)
{
	if (d->slot_own[s])
		return slot_stored(d->own, s);
	return d->slots.at[s] == 0 ? "" : d->slots.text + d->slots.at[s] - 1;
}

void
slot_empty(struct diag *d, enum slot s)
{
	if (d->slots.at[s] != 0)
		place(d, s)[0] = '\0';
	d->slot_own[s] = false;
}

void
slot_begin(struct diag *d, enum slot s, struct strbuf *sb)
{
	d->slot_own[s] = false;
	sb_init(sb, place(d, s), lengths[s]);
}

void
slot_offer(struct diag *d, enum slot s, int64_t rank, const char *text, size_t len)
{
	char buf[DIAG_LONG_LEN];
	const char *at;
	struct strbuf sb;

	d->slot_own[s] = false;
	at = slot_stored(d, s);
	sb_init(&sb, buf, lengths[s] - CUT_MARK);
	sb_add(&sb, text, len);
	if (sb.len == 0)
		return;
	if (sb.cut) { /* seen by whoever reads it, and by slot_is_cut() */
		sb.cap = lengths[s];
		sb.cut = false;
		sb_puts(&sb, "...");
	}
	if (at[0] == '\0' || rank < d->slot_rank[s] ||
	    (rank == d->slot_rank[s] && strcmp(buf, at) < 0)) {
		memcpy(place(d, s), buf, sb.len + 1);
		d->slot_rank[s] = rank;
	}
}

void
slot_field(struct diag *d, enum slot s, int64_t rank, const struct evidence *ev, enum ev_key k)
{
	char buf[DIAG_LONG_LEN];

	ev_copy(ev, k, buf, sizeof buf);
	slot_offer(d, s, rank, buf, strlen(buf));
}

/* ---- life ------------------------------------------------------------------------- */

void
diag_init(struct diag *d, uint16_t target, uint32_t run)
{
	memset(d, 0, sizeof *d);
	diag_init_zeroed(d, target, run);
}

void
diag_init_zeroed(struct diag *d, uint16_t target, uint32_t run)
{
	d->target = target;
	d->run = run;
	d->verdict.finding = -1;
}

void
diag_init_again(struct diag *d, uint16_t target, uint32_t run)
{
	struct diag *own = d->own;

	diag_init(d, target, run);
	d->own = own;
	if (own != NULL)
		diag_init(own, target, run);
}

/* What texts say comes as rows of its own kinds, whatever the vantage; a transcript of a client as a client's lines. */
static bool
is_folded(const struct evidence *ev)
{
	bool text = ev->kind == EV_TEXT_SOURCE || ev->kind == EV_TEXT_SAYS;

	return text ? ev->clock > 0 : ev->vantage != VANTAGE_SERVER;
}

/* What was done about it is no view of what is wrong. */
static bool
is_of_fix(const struct evidence *ev)
{
	return ev->kind == EV_FIX_PREVIEW || ev->kind == EV_FIX_APPLIED ||
	       ev->kind == EV_FIX_KEPT || ev->kind == EV_FIX_FAILED || ev->kind == EV_FIX_UNDONE;
}

static bool
is_client_view(const struct evidence *ev)
{
	return ev->kind != EV_RUN_START && ev->kind != EV_RUN_END && ev->kind != EV_NOTE &&
	       ev->kind != EV_WATCH_KEPT && ev->kind != EV_STDERR_LINE &&
	       ev->kind != EV_CONFIG_VALUE && ev->kind != EV_TEXT_SOURCE &&
	       ev->kind != EV_TEXT_SAYS && ev->kind != EV_TEXT_OTHER && !is_of_fix(ev);
}

enum diag_place
diag_place_of(enum ev_kind k)
{
	static const char *const way[] = { "tcp", "wire", "auth", "session" };
	bool end = k == EV_BANNER_END || k == EV_KEX_SILENT || k == EV_KEX_RESULT ||
		   k == EV_AUTH_END || k == EV_SESSION_END;

	for (size_t i = 0; i < sizeof way / sizeof *way; i++)
		if (strcmp(ev_kind_info(k)->probe, way[i]) == 0)
			return end ? PLACE_END : PLACE_STAGE;
	return PLACE_BESIDE;
}

bool
diag_is_of_own_login(const struct evidence *ev)
{
	return ev->vantage == VANTAGE_PROOF && ev->clock > 0;
}

void
diag_apply(struct diag *d, const struct evidence *ev)
{
	/* What a jump host shows is of its own diagnosis: here it would pose as the target's. */
	if (ev->target != d->target || ev->run != d->run || ev->hop != d->hop ||
	    (unsigned)ev->kind >= EV__COUNT)
		return;
	if (!is_folded(ev))
		return;
	if (diag_is_of_own_login(ev)) {
		learn_own_login(d, ev);
		return;
	}
	if (d->nev == 0 || ev->at_us < d->first_us)
		d->first_us = ev->at_us;
	if (ev->at_us > d->last_us)
		d->last_us = ev->at_us;
	d->nev++;
	d->nclient += is_client_view(ev);
	if (ev->vantage == VANTAGE_CLIENT && ev->kind > d->reached &&
	    diag_place_of(ev->kind) == PLACE_STAGE)
		d->reached = ev->kind;
	d->pasted |= ev->vantage == VANTAGE_PASTED;
	learn(d, ev);
}

void
diag_conclude(struct diag *d)
{
	if (d->own != NULL && d->own->own_clock > 0) {
		derive(d->own);
		conclude(d->own);
	}
	derive(d);
	conclude(d);
}

const struct diag_probe *
diag_probe_by_name(const struct diag *d, const char *name)
{
	for (int i = 0; i < d->nprobes; i++)
		if (strcmp(d->probes[i].name, name) == 0)
			return &d->probes[i];
	return NULL;
}

int
diag_exit_code(const struct diag *d)
{
	enum { EXIT_USAGE = 2, EXIT_LAYER = 10, EXIT_UNDECIDED = 20, EXIT_INTERRUPTED = 130 };
	const struct verdict *v = &d->verdict;

	if (fact_has(&d->facts, F_INTERRUPTED))
		return EXIT_INTERRUPTED;
	if (v->healthy)
		return 0;
	if (v->finding < 0 || d->findings[v->finding].severity != SEV_FAIL)
		return EXIT_UNDECIDED;
	if (fact_has(&d->facts, F_CFG_USAGE))
		return EXIT_USAGE;
	return EXIT_LAYER + (int)v->rule->layer;
}

/* ---- words ------------------------------------------------------------------------- */

static int
slot_by_name(const char *name, size_t len)
{
	for (int s = 0; s < SLOT__COUNT; s++)
		if (strlen(slots[s]) == len && memcmp(slots[s], name, len) == 0)
			return s;
	return -1;
}

/*
 * What an empty slot becomes. At the end of a sentence, after a colon, it is
 * left out with the colon and with quotation marks; else it is a question mark. Returns the words that go on.
 */
static const char *
put_empty(struct strbuf *sb, const char *rest)
{
	const char *lead = *rest == '"' ? ": \"" : ": ";
	size_t n = strlen(lead);

	if (rest[*rest == '"'] == '\0' && sb->len > n &&
	    memcmp(sb->s + sb->len - n, lead, n) == 0) {
		sb->len -= n;
		sb->s[sb->len] = '\0';
		return rest + strlen(rest);
	}
	sb_putc(sb, '?');
	return rest;
}

void
diag_expand(const struct diag *d, const char *words, struct strbuf *sb)
{
	while (words != NULL && *words != '\0') {
		const char *open = strchr(words, '{');
		const char *close = open != NULL ? strchr(open, '}') : NULL;
		int s;

		if (close == NULL) {
			sb_puts(sb, words);
			return;
		}
		sb_add(sb, words, (size_t)(open - words));
		s = slot_by_name(open + 1, (size_t)(close - open - 1));
		if (s < 0)
			sb_add(sb, open, (size_t)(close - open + 1));
		else
			sb_puts(sb, slot_text(d, (enum slot)s));
		words = close + 1;
		if (s >= 0 && slot_text(d, (enum slot)s)[0] == '\0')
			words = put_empty(sb, words);
	}
}

static void
put_upper(struct strbuf *sb, const char *s)
{
	for (; *s != '\0'; s++)
		sb_putc(sb, *s >= 'a' && *s <= 'z' ? (char)(*s - 'a' + 'A') : *s);
}

/* "HEALTHY: the login works, 2 warnings" */
static void
put_healthy(const struct diag *d, struct strbuf *sb)
{
	int warnings = 0;

	for (int i = 0; i < d->nfindings; i++)
		warnings += d->findings[i].severity == SEV_WARN;
	sb_puts(sb, fact_has(&d->facts, F_LOGIN_OK) || fact_has(&d->facts, F_PROOF_OK) ||
			    fact_has(&d->facts, F_PERSON_SHELL)
			? "HEALTHY: the login works"
			: "HEALTHY: the transport works");
	if (d->verdict.certainty != CERTAIN_PROVEN)
		sb_puts(sb, d->ended ? ", as far as it was tested" : " so far");
	if (warnings > 0)
		sb_printf(sb, ", %d warning%s", warnings, warnings == 1 ? "" : "s");
}

/* Where the run is: the lowest layer that has not come to its end. */
static void
put_running(const struct diag *d, struct strbuf *sb)
{
	int l = LAYER_TRANSPORT;

	while (
	    l < LAYER_PERFORMANCE && d->layers[l].state != LS_RUN && d->layers[l].state != LS_WAIT)
		l++;
	put_upper(sb, layer_name((enum layer)l));
	sb_puts(sb, d->ended ? ": undecided" : ": running…");
}

void
diag_verdict_line(const struct diag *d, struct strbuf *sb)
{
	const struct verdict *v = &d->verdict;

	if (v->healthy) {
		put_healthy(d, sb);
		return;
	}
	if (v->rule == NULL) {
		put_running(d, sb);
		return;
	}
	put_upper(sb, layer_name(v->rule->layer));
	sb_puts(sb, d->findings[v->finding].severity == SEV_FAIL ? " FAILED: " : " UNKNOWN: ");
	diag_expand(d, v->rule->summary, sb);
	if (v->rule->last) /* it claims nothing that could be sure or not */
		return;
	sb_printf(sb, " (%s, %s%s)", v->rule->id, certainty_name(v->certainty),
	    v->final ? "" : ", still testing");
}

const char *
certainty_name(enum certainty c)
{
	static const char *const names[] = { "none", "possible", "likely", "proven" };

	return names[(unsigned)c < sizeof names / sizeof *names ? c : CERTAIN_NONE];
}

const char *
severity_name(enum severity s)
{
	static const char *const names[] = { "info", "warn", "fail", "unknown" };

	return names[(unsigned)s < sizeof names / sizeof *names ? s : SEV_INFO];
}

const char *
phase_name(enum phase p)
{
	return phases[(unsigned)p < PH__COUNT ? p : PH_CONFIG].name;
}

const char *
phase_json(enum phase p)
{
	return phases[(unsigned)p < PH__COUNT ? p : PH_CONFIG].json;
}

const char *
phase_help(enum phase p)
{
	return phases[(unsigned)p < PH__COUNT ? p : PH_CONFIG].help;
}

static const char *
told_part(const struct diag_told *row, int part)
{
	return part == PART_TEXT ? row->text : part == PART_PATH ? row->path : row->number;
}

/* The row that a slot of a statement is read from, NULL for none; which part of it. */
static const struct diag_told *
told_row(const struct diag *d, enum slot s, int *part)
{
	int ref = d->slot_told[s - SLOT__STORED] - 1;

	*part = ref % DIAG_PARTS;
	return ref < 0 ? NULL : &d->told[ref / DIAG_PARTS];
}

const char *
slot_text(const struct diag *d, enum slot s)
{
	const struct diag_told *row;
	int part;

	if (s == SLOT_USER && slot_stored(d, s)[0] == '\0')
		return d->login_user;
	if (s < SLOT__STORED)
		return slot_stored(d, s);
	row = told_row(d, s, &part);
	return row == NULL ? "" : told_part(row, part);
}

bool
slot_is_cut(const struct diag *d, enum slot s)
{
	enum { CHARACTER = 4 }; /* bytes at most; a text is cut between two */
	int part = PART_TEXT;
	size_t len = s < SLOT__STORED ? lengths[s] : DIAG_ROW_LEN;

	if (s >= SLOT__STORED && (told_row(d, s, &part) == NULL || part == PART_LINE))
		return false;
	return strlen(slot_text(d, s)) >= len - CHARACTER;
}

void
slot_fill(struct diag *d, enum slot s, const char *text)
{
	int i = (int)s - SLOT__STORED;
	struct diag_told *row;

	if (i < 0 && text[0] == '\0') {
		slot_empty(d, s);
		return;
	}
	if (i < 0) {
		d->slot_own[s] = false;
		text_copy(place(d, s), lengths[s], text);
		return;
	}
	row = &d->told[i / DIAG_PARTS];
	switch (i % DIAG_PARTS) {
	case PART_TEXT: text_copy(row->text, sizeof row->text, text); break;
	case PART_PATH: text_copy(row->path, sizeof row->path, text); break;
	default: text_copy(row->number, sizeof row->number, text); break;
	}
	d->slot_told[i] = (uint8_t)(1 + i);
}

const char *
slot_name(enum slot s)
{
	return slots[(unsigned)s < SLOT__COUNT ? s : SLOT_HOST];
}

const char *
slot_help(enum slot s)
{
	return slot_helps[(unsigned)s < SLOT__COUNT ? s : SLOT_HOST];
}
