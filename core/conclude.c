/*
 * From facts to what a person is told: which rules hold, the state of each
 * layer, the verdict, its candidates and the fixes. Part of diag.h.
 */
#include <string.h>

#include "diag_internal.h"
#include "fix.h"

/* A rule that holds, before the list is cut to what is shown. */
struct held {
	const struct rule *rule;
	size_t place; /* in the table: its rank */
};

enum { HELD_MAX = 256 };

static bool
has(const struct diag *d, enum fact f)
{
	return fact_has(&d->facts, f);
}

static bool
holds(const struct diag *d, const struct rule *r)
{
	bool any = r->any[0] == F_NONE;

	for (int i = 0; i < RULE_FACTS && r->all[i] != F_NONE; i++)
		if (!has(d, r->all[i]))
			return false;
	for (int i = 0; i < RULE_FACTS && r->none[i] != F_NONE; i++)
		if (has(d, r->none[i]))
			return false;
	for (int i = 0; i < RULE_FACTS && r->any[i] != F_NONE; i++)
		any = any || has(d, r->any[i]);
	return any;
}

/* ---- findings ------------------------------------------------------------------------ */

/* The smallest number of each fact first, so that each of them is seen; then the rest. */
static void
collect_evidence(const struct diag *d, struct finding *f)
{
	const struct rule *r = f->rule;

	for (int pass = 0; pass < DIAG_EV && f->nev < DIAG_EV; pass++) {
		for (int i = 0; i < 2 * RULE_FACTS && f->nev < DIAG_EV; i++) {
			enum fact fact = i < RULE_FACTS ? r->all[i] : r->any[i - RULE_FACTS];

			if (fact != F_NONE && has(d, fact))
				f->nev = ev_note(f->ev, fact_ev(d, fact)[pass]);
		}
	}
}

/*
 * How sure a row may be here: what rests on a text that is not tied to this case, or on a
 * transcript of another login, is likely at most.
 */
static enum certainty
certainty_here(const struct diag *d, const struct rule *r)
{
	if (r->certainty != CERTAIN_PROVEN)
		return r->certainty;
	for (int i = 0; i < 2 * RULE_FACTS; i++) {
		enum fact f = i < RULE_FACTS ? r->all[i] : r->any[i - RULE_FACTS];

		if (f != F_NONE && has(d, f) && !fact_proves(d, f))
			return CERTAIN_LIKELY;
	}
	return r->certainty;
}

static bool
superseded(const struct held *held, size_t n, const char *id)
{
	for (size_t i = 0; i < n; i++)
		for (int j = 0; j < RULE_SUPERSEDES && held[i].rule->supersedes[j] != NULL; j++)
			if (strcmp(held[i].rule->supersedes[j], id) == 0)
				return true;
	return false;
}

/* Only the first row of an id counts: it knows more than those after it. */
static bool
said_before(const struct held *held, size_t n, const char *id)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(held[i].rule->id, id) == 0)
			return true;
	return false;
}

bool
diag_holds(const struct diag *d, const char *id)
{
	for (const struct rule *r = rule_next(NULL); r != NULL; r = rule_next(r))
		if (strcmp(r->id, id) == 0 && holds(d, r))
			return true;
	return false;
}

static size_t
match_rules(const struct diag *d, bool last, struct held *held, size_t n)
{
	size_t i = 0;

	for (const struct rule *r = rule_next(NULL); r != NULL && n < HELD_MAX;
	     r = rule_next(r), i++) {
		if (r->last == last && holds(d, r) && !said_before(held, n, r->id))
			held[n++] = (struct held){ r, i };
	}
	return n;
}

/* The place of a row among all. */
static size_t
rule_place(const struct rule *rule)
{
	size_t i = 0;

	for (const struct rule *r = rule_next(NULL); r != NULL && r != rule; r = rule_next(r))
		i++;
	return i;
}

static bool
explains(enum severity s)
{
	return s == SEV_FAIL || s == SEV_UNKNOWN;
}

/* FAIL before UNKNOWN before the rest: what decides the verdict; then the layer, then the place in the table. */
static int
weight(const struct held *h)
{
	static const int by_severity[] = {
		[SEV_FAIL] = 0, [SEV_UNKNOWN] = 1, [SEV_WARN] = 2, [SEV_INFO] = 2
	};

	return by_severity[h->rule->severity] * 4096 + (int)h->rule->layer * 1024 + (int)h->place;
}

static void
sort_held(struct held *held, size_t n)
{
	for (size_t i = 1; i < n; i++) {
		struct held h = held[i];
		size_t j = i;

		for (; j > 0 && weight(&held[j - 1]) > weight(&h); j--)
			held[j] = held[j - 1];
		held[j] = h;
	}
}

/*
 * Why a login by hand failed, by what it says of itself, where the run knows of no failure and of no login that
 * works: the row that the same words lead to in any transcript. NULL: nothing of it.
 */
static const struct rule *
own_failure(const struct diag *d, const struct held *held, size_t n)
{
	const struct diag *o = d->own;
	const struct rule *r = o != NULL ? o->verdict.rule : NULL;

	if (r == NULL || o->findings[o->verdict.finding].severity != SEV_FAIL ||
	    has(d, F_LOGIN_OK) || has(d, F_PROOF_OK) || has(d, F_PERSON_SHELL) ||
	    (has(d, F_PERSON_IN) && r->layer < LAYER_SESSION) || r->last)
		return NULL;
	for (size_t i = 0; i < n; i++)
		if (held[i].rule->severity == SEV_FAIL)
			return NULL;
	return r;
}

static bool
mentions(const char *words, const char *slot)
{
	size_t n = strlen(slot);

	for (const char *p = words; p != NULL && (p = strchr(p, '{')) != NULL; p++)
		if (strncmp(p + 1, slot, n) == 0 && p[1 + n] == '}')
			return true;
	return false;
}

/* The words of such a row are about that login; so is what the run has no word for. */
static void
take_own_slots(struct diag *d, const struct rule *r)
{
	for (int s = 0; s < SLOT__STORED; s++) {
		const char *name = slot_name((enum slot)s);

		d->slot_own[s] =
		    slot_stored(d->own, (enum slot)s)[0] != '\0' &&
		    (slot_stored(d, (enum slot)s)[0] == '\0' || mentions(r->summary, name) ||
			mentions(r->why, name) || mentions(r->decide, name));
	}
}

static void
find(struct diag *d)
{
	struct held held[HELD_MAX];
	size_t n = match_rules(d, false, held, 0);
	const struct rule *own = own_failure(d, held, n);
	bool explained = d->verdict.healthy;

	d->own_rule = own;
	if (own != NULL && n < HELD_MAX) {
		held[n++] = (struct held){ own, rule_place(own) };
		take_own_slots(d, own);
	}

	for (size_t i = 0; i < n; i++)
		explained = explained || explains(held[i].rule->severity);
	if (!explained)
		n = match_rules(d, true, held, n);
	sort_held(held, n);
	for (size_t i = 0; i < n && d->nfindings < DIAG_FINDINGS; i++) {
		const struct rule *r = held[i].rule;

		if (superseded(held, n, r->id))
			continue;
		struct finding *f = &d->findings[d->nfindings++];

		*f = (struct finding){
			.rule = r, .certainty = certainty_here(d, r), .severity = r->severity
		};
		if (r == own)
			*f = d->own->findings[d->own->verdict.finding];
		else
			collect_evidence(d, f);
	}
}

/* The first finding of that severity in the layer, or -1. */
static int
finding_of(const struct diag *d, enum layer l, enum severity s)
{
	for (int i = 0; i < d->nfindings; i++)
		if (d->findings[i].rule->layer == l && d->findings[i].severity == s)
			return i;
	return -1;
}

/* ---- layers ------------------------------------------------------------------------------ */

static void
time_layers(struct diag *d)
{
	for (int l = 0; l < LAYER__COUNT; l++)
		d->layers[l] = (struct diag_layer){ .state = LS_WAIT };
	for (int i = 0; i < d->nprobes; i++) {
		const struct diag_probe *p = &d->probes[i];
		struct diag_layer *l =
		    &d->layers[p->layer < LAYER__COUNT ? p->layer : LAYER_TRANSPORT];

		if (!p->began || p->layer == LAYER_NONE) /* beside the login: no layer's time */
			continue;
		if (!l->began || p->start_us < l->start_us)
			l->start_us = p->start_us;
		if (p->ended && p->end_us > l->end_us)
			l->end_us = p->end_us;
		l->began = true;
	}
}

static bool
layer_runs(const struct diag *d, enum layer l)
{
	for (int i = 0; i < d->nprobes; i++)
		if (d->probes[i].layer == l && d->probes[i].running)
			return true;
	return false;
}

/* A text shows one session, not the tests of a live run: what was asked for in it ran. */
static bool
shell_tested(const struct diag *d)
{
	if (has(d, F_TEXT_ONLY))
		return has(d, F_NONCE_OK);
	return has(d, F_SHELL_OPEN) || (has(d, F_PTY_REFUSED) && has(d, F_SESSION_DONE));
}

/* Whether the layer was tested and works, whatever warnings there are. */
static bool
works(const struct diag *d, enum layer l)
{
	switch (l) {
	case LAYER_TRANSPORT: return has(d, F_TRUSTED) || has(d, F_PROOF_OK) || has(d, F_PERSON_IN);
	case LAYER_AUTHENTICATION:
		return has(d, F_LOGIN_OK) || has(d, F_PROOF_OK) || has(d, F_PERSON_IN);
	case LAYER_SESSION:
		return (has(d, F_NONCE_OK) && shell_tested(d)) || has(d, F_PERSON_SHELL);
	case LAYER_PERFORMANCE:
		/* Of a person's shell ssh does not say when its first byte comes; of a command it does. */
		if (has(d, F_PERSON_SHELL) && d->phases[PH_AUTHNONE].seen &&
		    d->phases[PH_CHANNEL].seen && d->phases[PH_EXEC].seen)
			return true;
		return has(d, F_LOGIN_OK) && has(d, F_SESSION_DONE) && shell_tested(d) &&
		       d->phases[PH_AUTHNONE].seen && d->phases[PH_CHANNEL].seen;
	default: return false;
	}
}

static enum layer_state
judge_layer(const struct diag *d, enum layer l)
{
	for (int low = 0; low < (int)l; low++)
		if (d->layers[low].state == LS_FAIL || d->layers[low].state == LS_SKIP)
			return LS_SKIP;
	if (works(d, l))
		return finding_of(d, l, SEV_WARN) >= 0 ? LS_WARN : LS_PASS;
	if (finding_of(d, l, SEV_UNKNOWN) >= 0 && !layer_runs(d, l))
		return LS_UNKNOWN;
	if (d->ended)
		return LS_UNKNOWN;
	if (layer_runs(d, l))
		return LS_RUN;
	if (l == LAYER_PERFORMANCE)
		return has(d, F_LOGIN_OK) ? LS_RUN : LS_WAIT;
	return d->layers[l].began && (l == LAYER_TRANSPORT || d->layers[l - 1].state == LS_PASS ||
					 d->layers[l - 1].state == LS_WARN)
		   ? LS_RUN
		   : LS_WAIT;
}

static void
judge_layers(struct diag *d)
{
	time_layers(d);
	for (int l = 0; l < LAYER__COUNT; l++) {
		struct diag_layer *layer = &d->layers[l];

		layer->state = finding_of(d, (enum layer)l, SEV_FAIL) >= 0
				   ? LS_FAIL
				   : judge_layer(d, (enum layer)l);
		layer->ended = layer->state != LS_WAIT && layer->state != LS_RUN;
	}
	/* Performance has no probe of its own: it is what the whole login took. */
	d->layers[LAYER_PERFORMANCE].start_us = d->first_us;
	d->layers[LAYER_PERFORMANCE].end_us = d->last_us;
}

/* ---- verdict ------------------------------------------------------------------------------- */

/* Whether the login works, and how surely. Our own connection and the user's own ssh must agree. */
static enum certainty
health(const struct diag *d)
{
	bool ours = has(d, F_LOGIN_OK) && has(d, F_NONCE_OK);
	bool shell = has(d, F_SHELL_STARTED) || (has(d, F_PTY_REFUSED) && has(d, F_SESSION_DONE));
	bool done = d->ended && strcmp(d->end_reason, "done") == 0;

	if (has(d, F_SHELL_BUSY))
		return CERTAIN_NONE;
	if (has(d, F_TEXT_ONLY))
		return ours && !has(d, F_SESSION_LOST) ? CERTAIN_LIKELY : CERTAIN_NONE;
	if (ours && shell && has(d, F_PROOF_OK))
		return shell_tested(d) ? CERTAIN_PROVEN : CERTAIN_LIKELY;
	/* Only ssh itself could log in: its command ran, a shell was not tried. */
	if (has(d, F_PROOF_OK) &&
	    (has(d, F_LOGIN_UNSUPPORTED) || has(d, F_KEX_UNSUPPORTED) || has(d, F_PROXY_FDPASS) ||
		has(d, F_SSH_MAY_TRUST) || has(d, F_SSH_MAY_LOGIN)))
		return CERTAIN_LIKELY;
	/* A person did what is left for one, and had a session. */
	if (has(d, F_PERSON_SHELL))
		return CERTAIN_LIKELY;
	/* What was asked for is tested, and works; nobody asked for more. */
	if (done && ours && shell_tested(d) && !has(d, F_PROOF_BEGAN))
		return CERTAIN_LIKELY;
	if (done && has(d, F_TRUSTED) && diag_probe_by_name(d, "keys") == NULL)
		return CERTAIN_LIKELY;
	if (done && has(d, F_LOGIN_OK) && diag_probe_by_name(d, "auth") != NULL &&
	    diag_probe_by_name(d, "session") == NULL && !has(d, F_PROOF_BEGAN) &&
	    !has(d, F_NONCE_OK) && !has(d, F_NONCE_ABSENT))
		return CERTAIN_LIKELY;
	return CERTAIN_NONE;
}

static bool
any_runs_up_to(const struct diag *d, enum layer l)
{
	for (int low = 0; low <= (int)l; low++)
		if (layer_runs(d, (enum layer)low))
			return true;
	return false;
}

/* What still runs cannot change a proven failure below it, once every lower layer has come to its end. */
static bool
is_final(const struct diag *d)
{
	const struct verdict *v = &d->verdict;

	const struct diag_probe *admin = diag_probe_by_name(d, "admin");

	if (d->ended)
		return true;
	/* It belongs to no layer, and what the server says of itself may decide any. */
	if (admin != NULL && admin->running)
		return false;
	if (v->rule == NULL || d->findings[v->finding].severity != SEV_FAIL ||
	    v->certainty != CERTAIN_PROVEN || any_runs_up_to(d, v->rule->layer))
		return false;
	for (int low = 0; low < (int)v->rule->layer; low++)
		if (!d->layers[low].ended)
			return false;
	return true;
}

/* The verdict is the first finding where that one explains a failure or an unknown; they are sorted so. */
static void
decide(struct diag *d)
{
	struct verdict *v = &d->verdict;

	if (d->nfindings > 0 && explains(d->findings[0].severity)) {
		v->healthy = false;
		v->finding = 0;
		v->rule = d->findings[0].rule;
		v->certainty = d->findings[0].certainty;
	}
	v->final = is_final(d);
}

const char *
diag_decide(const struct diag *d, const struct finding *f)
{
	if (f->rule->decide != NULL || f->certainty == f->rule->certainty)
		return f->rule->decide;
	if (config_is_newer(d))
		return "sshd's configuration on the server has changed since sshd started, and its "
		       "log has no reload since: "
		       "sshd -t, a reload, and another attempt.";
	return "Evidence that is tied to this login: the output of sshmedic --collector, run on "
	       "the server now, "
	       "or the log's lines with the source port of an attempt made by sshmedic.";
}

/* What else it could be, where a row that would be proven is not for want of a tie: what the class allows. */
static const struct rule *
row_with_candidates(const struct diag *d)
{
	const struct rule *r = d->verdict.rule;

	if (r == NULL || r->candidates[0] != NULL || d->verdict.certainty == r->certainty)
		return r;
	for (int i = 0; i < RULE_SUPERSEDES && r->supersedes[i] != NULL; i++) {
		const struct rule *class = rule_by_id(r->supersedes[i]);

		if (class != NULL && class->candidates[0] != NULL)
			return class;
	}
	return r;
}

static void
rank_candidates(struct diag *d)
{
	const struct rule *r = row_with_candidates(d);

	for (int i = 0; r != NULL && i < RULE_CANDIDATES && r->candidates[i] != NULL; i++) {
		const struct catalogue_row *c = catalogue_by_id(r->candidates[i]);

		if (c != NULL && d->ncandidates < DIAG_CANDIDATES)
			d->candidates[d->ncandidates++] = c;
	}
}

static bool
offered_already(const struct diag *d, const struct fix *f)
{
	for (int i = 0; i < d->nfixes; i++)
		if (d->fixes[i].fix == f)
			return true;
	return false;
}

/* What rests on a login by hand alone is another connection's: the run is to see it before anything is changed. */
static bool
is_of_own(const struct diag *d, const struct finding *f)
{
	return d->own_rule == f->rule && f->rule->layer < LAYER_SESSION;
}

/* Fixes of the verdict first; one whose command lacks a value is no fix. */
static void
offer_fixes(struct diag *d)
{
	for (int i = 0; i < d->nfindings; i++) {
		const struct rule *r = d->findings[i].rule;

		for (int j = 0; j < RULE_FIXES && r->fixes[j] != NULL; j++) {
			const struct fix *f = fix_by_id(r->fixes[j]);

			if (f == NULL || d->nfixes == DIAG_FIXES || offered_already(d, f) ||
			    !fix_complete(d, f) ||
			    (f->kind == FIX_CHANGE && is_of_own(d, &d->findings[i])))
				continue;
			d->fixes[d->nfixes++] = (struct diag_fix){ .fix = f, .finding = i };
		}
	}
}

void
conclude(struct diag *d)
{
	enum certainty healthy = health(d);

	d->nfindings = d->nfixes = d->ncandidates = 0;
	d->verdict = (struct verdict){
		.finding = -1, .healthy = healthy != CERTAIN_NONE, .certainty = healthy
	};
	memset(d->findings, 0, sizeof d->findings);
	find(d);
	judge_layers(d);
	decide(d);
	rank_candidates(d);
	offer_fixes(d);
}
