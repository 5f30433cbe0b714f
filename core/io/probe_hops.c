/*
 * Probe "hops": nothing came through the jump hosts, so each of them is
 * diagnosed as a target of its own, in the order of the way, until one stands
 * in the way. First ssh -G says what the way is: the first jump host may have jump hosts
 * of its own. One row in probes.c; a hop's run is hop.c's.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../fix.h"
#include "../jumplist.h"
#include "../rule.h"
#include "child.h"
#include "conn.h"
#include "hop.h"
#include "path.h"
#include "probes.h"
#include "proxy.h"

enum {
	HOPS_MAX = 8,
	NAME_MAX_LEN = JUMPLIST_NAME,
	WAY_MAX = HOPS_MAX * NAME_MAX_LEN,
	WORDS = 2048,
	QUERY_WORDS = 12
};

/* A jump host: as the way names it, and what ssh -G makes of that. */
struct rung {
	char name[NAME_MAX_LEN];
	char hostname[NAME_MAX_LEN], user[TARGET_USER_MAX];
	int port; /* 0: ssh -G did not say */
	bool asked;
};

struct hops {
	struct probe_run *pr;
	struct rung rung[HOPS_MAX];
	int n, at; /* how many, and which one is looked at */
	struct child *query;
	struct sshg *cfg; /* of the query */
	struct hop *hop;
	struct target target; /* of the rung that is looked at */
	char way[WAY_MAX], port[8];
	uint64_t start_us;
	bool over;
};

_Static_assert(sizeof(struct hops) <= HOPS_PRIV, "probes.h gives too little room");

static void query_next(struct hops *h);
static void begin_hop(struct hops *h);

static void
over(struct hops *h)
{
	if (h->over)
		return;
	h->over = true;
	probe_done(h->pr);
}

/* ---- the way ------------------------------------------------------------------- */

/* Whether the name may be given to ssh (design: only what its own rules for characters let through). */
static bool
parse_rung(struct hops *h)
{
	char err[160];

	return target_parse(&h->target, h->rung[h->at].name, err, sizeof err) == 0;
}

/* Whether one of a list's names stands on the way already. */
static bool
leads_back(const struct hops *h, const char *list)
{
	for (int i = 0; i < h->n; i++)
		if (text_list_has(list, h->rung[i].name))
			return true;
	return false;
}

/* Put the names of a ProxyJump list before what is there. False where they do not fit. */
static bool
put_before(struct hops *h, const char *list)
{
	char names[HOPS_MAX][JUMPLIST_NAME];
	int n = jumplist_read(list, names, HOPS_MAX - h->n);

	memmove(h->rung + n, h->rung, (size_t)h->n * sizeof *h->rung);
	for (int i = 0; i < n; i++) {
		memset(&h->rung[i], 0, sizeof h->rung[i]);
		text_copy(h->rung[i].name, sizeof h->rung[i].name, names[i]);
	}
	h->n += n;
	return n > 0;
}

/* The names before number k, as -J takes them; "" for the first. */
static void
put_way(struct hops *h, int k)
{
	struct strbuf sb;

	sb_init(&sb, h->way, sizeof h->way);
	for (int i = 0; i < k; i++)
		sb_printf(&sb, "%s%s", i > 0 ? "," : "", h->rung[i].name);
}

/* The words that reach a hop, without its name: the user's -F file and the way. Other options are the target's alone. */
static void
put_options(struct hops *h, struct run_options *opt)
{
	const struct run_options *user = h->pr->run->opt;
	const char *file = option_word(user, 'F');

	*opt = (struct run_options){ .timeout_ms = user->timeout_ms,
		.ssh = user->ssh,
		.keydir = user->keydir,
		.agent = user->agent };
	if (file != NULL) {
		opt->args[opt->nargs++] = "-F";
		opt->args[opt->nargs++] = file;
	}
	put_way(h, h->at);
	if (h->way[0] != '\0') {
		opt->args[opt->nargs++] = "-J";
		opt->args[opt->nargs++] = h->way;
	}
}

/* ---- ssh -G ---------------------------------------------------------------------- */

static void
on_line(void *arg, enum child_stream stream, const char *line, size_t len)
{
	struct hops *h = arg;

	if (stream == CHILD_OUT)
		sshg_line(h->cfg, line, len, NULL, NULL);
}

/* The way cannot be told: it leads over the same jump host twice, or over too many. ssh itself would go on for ever. */
static void
say_circle(struct hops *h, const char *list)
{
	struct rung *r = &h->rung[h->at];
	char text[WORDS];
	struct evidence ev;
	struct strbuf sb;

	sb_init(&sb, text, sizeof text);
	sb_printf(
	    &sb, "the configuration leads the way to it over %s, and so round in a circle", list);
	ev_init(&ev, EV_HOP_RESULT);
	ev_int(&ev, K_HOP, 1);
	ev_int(&ev, K_COUNT, h->n);
	ev_str(&ev, K_NAME, r->name);
	ev_str(&ev, K_HOST, h->target.host);
	ev_str(&ev, K_ARGS, "");
	ev_str(&ev, K_RESULT, "failed");
	ev_str(&ev, K_FINDING, "jump-loop");
	ev_str(&ev, K_LAYER, layer_name(LAYER_TRANSPORT));
	ev_str(&ev, K_CERTAINTY, certainty_name(CERTAIN_PROVEN));
	ev_str(&ev, K_TEXT, text);
	probe_emit(h->pr, &ev);
}

static void
say_too_many(struct hops *h)
{
	struct evidence ev;

	ev_init(&ev, EV_NOTE);
	ev_str(&ev, K_TEXT, "the way leads over more jump hosts than are looked at");
	probe_emit(h->pr, &ev);
}

static void
on_query_end(void *arg, int error, int status, int sig)
{
	struct hops *h = arg;
	struct rung *r = &h->rung[h->at];
	struct sshg *cfg = h->cfg;
	bool ok = error == 0 && sig == 0 && status == 0;
	char list[WAY_MAX] = "";

	h->query = NULL;
	h->cfg = NULL;
	r->asked = true;
	if (ok && strlen(cfg->hostname) < sizeof r->hostname) {
		text_copy(r->hostname, sizeof r->hostname, cfg->hostname);
		text_copy(r->user, sizeof r->user, cfg->user);
		r->port = cfg->port;
	}
	/* Only the first one's own configuration can lead over more of them: the others have a -J. */
	if (ok && h->at == 0 && strcmp(cfg->proxyjump, "none") != 0)
		text_copy(list, sizeof list, cfg->proxyjump);
	free(cfg);
	if (h->pr->cancelled) {
		over(h);
	} else if (list[0] != '\0' && leads_back(h, list)) {
		say_circle(h, list);
		over(h);
	} else if (list[0] != '\0' && !put_before(h, list)) {
		say_too_many(h);
		over(h);
	} else {
		query_next(h);
	}
}

static void
query(struct hops *h)
{
	static const struct child_callbacks cb = { on_line, on_query_end };
	struct run_options opt;
	struct run r = { .t = &h->target, .opt = &opt };
	static const char *const extra[] = { "-G", NULL };
	char **argv;

	put_options(h, &opt);
	argv = run_ssh_argv(&r, extra, NULL);
	if (argv == NULL || (h->cfg = malloc(sizeof *h->cfg)) == NULL)
		abort();
	sshg_init(h->cfg);
	h->query = child_start(probe_loop(h->pr), argv, &cb, h);
	free(argv);
	if (h->query == NULL)
		on_query_end(h, -1, 0, 0);
}

/* Ask ssh about the next one that it was not asked about; when all are known, begin. */
static void
query_next(struct hops *h)
{
	for (h->at = 0; h->at < h->n && h->rung[h->at].asked; h->at++)
		;
	if (h->at == h->n) {
		h->at = 0;
		begin_hop(h);
	} else if (parse_rung(h)) {
		query(h);
	} else {
		h->rung[h->at].asked = true;
		query_next(h);
	}
}

/* ---- what a hop came to ------------------------------------------------------------- */

static const char *
result_of(const struct diag *d)
{
	const struct verdict *v = &d->verdict;

	if (fact_has(&d->facts, F_LOGIN_OK))
		return "works";
	if (v->rule == NULL || v->rule->last || v->healthy)
		return "unknown";
	return d->findings[v->finding].severity == SEV_FAIL ? "failed" : "human";
}

/* What it made of the way on; NULL where it was not asked. */
static const char *
forward_of(const struct diag *d)
{
	static const struct {
		enum fact fact;
		const char *word;
	} rows[] = {
		{ F_HOP_PROHIBITS, "prohibited" },
		{ F_HOP_NEXT_FAILED, "failed" },
		{ F_HOP_TRIES, "tries" },
		{ F_WAY_IDENT, "ident" },
		{ F_WAY_OPEN, "ok" },
		{ F_WAY_ASKED, "other" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (fact_has(&d->facts, rows[i].fact))
			return rows[i].word;
	return NULL;
}

static void
put_seen(const struct diag *d, char *dst, size_t cap)
{
	const struct verdict *v = &d->verdict;
	const uint32_t *ev = fact_ev(d, F_WAY_ASKED);
	struct strbuf sb;

	if (!fact_has(&d->facts, F_LOGIN_OK) && v->finding >= 0)
		ev = d->findings[v->finding].ev;
	sb_init(&sb, dst, cap);
	for (int i = 0; i < DIAG_EV && ev[i] != 0; i++)
		sb_printf(&sb, "%s%u", i > 0 ? "," : "", (unsigned)ev[i]);
}

/* The command of the verdict's first fix that changes something here, at a low risk. */
static void
put_fix(const struct diag *d, char *dst, size_t cap)
{
	struct strbuf sb;

	sb_init(&sb, dst, cap);
	for (int i = 0; i < d->nfixes && sb.len == 0; i++) {
		const struct fix *f = d->fixes[i].fix;

		if (d->fixes[i].finding == d->verdict.finding && f->kind == FIX_CHANGE &&
		    f->side == SIDE_CLIENT && f->risk <= RISK_LOW)
			fix_command(d, f, &sb);
	}
	if (sb.cut) /* it would be another command */
		sb_init(&sb, dst, cap);
}

/* Whether the file stands among the -i words of the target's command line. */
static bool
is_cli_key(const struct hops *h, const char *path)
{
	const struct run_options *opt = h->pr->run->opt;
	char expanded[PATH_LEN];
	const char *word;

	for (int n = 0; (word = identity_word(opt, n)) != NULL; n++) {
		path_expand(h->pr->run, word, expanded, sizeof expanded);
		if (strcmp(expanded, path) == 0)
			return true;
	}
	return false;
}

/* A key in a file that it would take and ssh does not offer to it; one of the command line first. */
static const char *
other_key(const struct hops *h, const struct diag *d, bool *cli)
{
	const char *path = NULL;

	for (int i = 0; i < d->nkeys; i++) {
		const struct diag_key *k = &d->keys[i];
		bool named = k->named <= 1 && strlen(k->name) < sizeof k->name - 4;

		if (!k->accepted || k->listed || !k->in_file || !named)
			continue;
		if (is_cli_key(h, k->name)) {
			*cli = true;
			return k->name;
		}
		path = k->name;
	}
	return path;
}

/* The words that reach it, for ssh and for a person. */
static void
put_args(struct hops *h, struct strbuf *sb)
{
	struct run_options opt;

	put_options(h, &opt);
	for (size_t i = 0; i < opt.nargs; i++) {
		if (i > 0)
			sb_putc(sb, ' ');
		text_shell_quote(sb, opt.args[i]);
	}
	if (h->target.user[0] != '\0') {
		sb_puts(sb, sb->len > 0 ? " -l " : "-l ");
		text_shell_quote(sb, h->target.user);
	}
	if (h->target.port != 0)
		sb_printf(sb, "%s-p %d", sb->len > 0 ? " " : "", h->target.port);
}

static void
put_next(const struct hops *h, char *dst, size_t cap)
{
	bool last = h->at + 1 == h->n;
	const struct sshg *cfg = h->pr->run->cfg;
	const char *host = last ? cfg->hostname : h->rung[h->at + 1].hostname;

	snprintf(dst, cap, strchr(host, ':') != NULL ? "[%s]:%d" : "%s:%d", host,
	    last ? cfg->port : h->rung[h->at + 1].port);
}

static void
say_hop(struct hops *h, const struct diag *d)
{
	const struct rung *r = &h->rung[h->at];
	const struct verdict *v = &d->verdict;
	bool works = fact_has(&d->facts, F_LOGIN_OK), cli = false;
	const char *forward = works ? forward_of(d) : NULL;
	char args[WORDS], text[WORDS], fix[WORDS], seen[80], next[NAME_MAX_LEN + 8];
	struct evidence ev;
	struct strbuf sb;

	ev_init(&ev, EV_HOP_RESULT);
	ev_int(&ev, K_HOP, h->at + 1);
	ev_int(&ev, K_COUNT, h->n);
	ev_str(&ev, K_NAME, r->name);
	ev_str(&ev, K_HOST, h->target.host);
	ev_str(&ev, K_USER, r->user);
	ev_int(&ev, K_PORT, r->port);
	sb_init(&sb, args, sizeof args);
	put_args(h, &sb);
	ev_str(&ev, K_ARGS, args);
	ev_str(&ev, K_RESULT, result_of(d));
	if (!works && v->rule != NULL) {
		sb_init(&sb, text, sizeof text);
		diag_expand(d, v->rule->summary, &sb);
		ev_str(&ev, K_FINDING, v->rule->id);
		ev_str(&ev, K_LAYER, layer_name(v->rule->layer));
		ev_str(&ev, K_CERTAINTY, certainty_name(v->certainty));
		ev_str(&ev, K_TEXT, text);
		put_fix(d, fix, sizeof fix);
		ev_str(&ev, K_FIX, fix[0] != '\0' ? fix : NULL);
		ev_str(&ev, K_PATH, other_key(h, d, &cli));
		if (cli)
			ev_int(&ev, K_CLI, 1);
	}
	if (forward != NULL) {
		put_next(h, next, sizeof next);
		ev_str(&ev, K_NEXT, next);
		ev_str(&ev, K_FORWARD, forward);
		ev_str(&ev, K_REPLY, slot_text(d, SLOT_HOP_TEXT));
	}
	put_seen(d, seen, sizeof seen);
	ev_str(&ev, K_SEEN, seen);
	ev_int(&ev, K_TOOK_US, (int64_t)(probe_now(h->pr) - h->start_us));
	probe_emit(h->pr, &ev);
}

/* Whether the next one can be looked at: this one lets the user in and opens the way to it. */
static bool
goes_on(const struct diag *d)
{
	const char *forward = forward_of(d);

	return fact_has(&d->facts, F_LOGIN_OK) &&
	       (forward == NULL || strcmp(forward, "ok") == 0 || strcmp(forward, "ident") == 0);
}

static void
on_hop_ended(void *arg)
{
	struct hops *h = arg;
	const struct diag *d = hop_diag(h->hop);
	bool on = goes_on(d);

	h->pr->run->connections += hop_run(h->hop)->connections;
	h->pr->run->failed_auth += hop_run(h->hop)->failed_auth;
	if (!h->pr->cancelled)
		say_hop(h, d);
	hop_free(h->hop);
	h->hop = NULL;
	if (h->pr->cancelled || !on || ++h->at == h->n)
		over(h);
	else
		begin_hop(h);
}

/* ---- one after the other --------------------------------------------------------------- */

static void
begin_hop(struct hops *h)
{
	struct run_options opt;
	struct hop_order order = { .number = (uint16_t)(h->at + 1),
		.target = &h->target,
		.opt = &opt,
		.target_opt = h->pr->run->opt };
	bool last = h->at + 1 == h->n;

	if (!parse_rung(h)) {
		over(h);
		return;
	}
	put_options(h, &opt);
	if (last) {
		order.next_host = h->pr->run->cfg->hostname;
		order.next_port = h->pr->run->cfg->port;
	} else if (h->rung[h->at + 1].port != 0) {
		order.next_host = h->rung[h->at + 1].hostname;
		order.next_port = h->rung[h->at + 1].port;
	}
	h->start_us = probe_now(h->pr);
	h->hop = hop_start(h->pr, &order, on_hop_ended, h);
}

int
hops_start(struct probe_run *pr)
{
	struct hops *h = pr->priv;
	struct run *r = pr->run;

	h->pr = pr;
	/* The way that led nowhere is closed first: it may still hold the jump hosts. */
	conn_free(r->conn);
	r->conn = NULL;
	proxy_free(r->proxy);
	r->proxy = NULL;
	if (!put_before(h, r->cfg->proxyjump))
		return -1;
	query_next(h);
	return 0;
}

void
hops_cancel(struct probe_run *pr)
{
	struct hops *h = pr->priv;

	if (h->query != NULL)
		child_kill_now(h->query); /* its end finishes */
	else if (h->hop != NULL)
		hop_cancel(h->hop);
	else
		over(h);
}
