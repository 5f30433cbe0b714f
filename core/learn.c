/*
 * Folds single lines of evidence into base facts, tables and slots: one
 * function a kind, and every one of them commutative, so that the order of arrival does
 * not matter. What takes more than one line to know is derive.c's. Part of diag.h.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "diag_internal.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* A word in a field and the facts that it means. */
struct word_fact {
	const char *word;
	enum fact facts[3];
};

/* A text found anywhere in a field and the fact that it means. */
struct text_fact {
	const char *text;
	enum fact fact;
};

static void
fact(struct diag *d, const struct evidence *ev, enum fact f)
{
	fact_add(&d->base, f);
	if (ev->kind != EV_PROBE_START && ev->kind != EV_PROBE_END && ev->kind != EV_TCP_START)
		ev_note(d->fact_ev[f], ev->n); /* those say only that work went on */
}

/* Learn the facts of the row whose word the field holds. Returns whether there is one. */
static bool
word(struct diag *d, const struct evidence *ev, enum ev_key k, const struct word_fact *rows,
    size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (!ev_is(ev, k, rows[i].word))
			continue;
		for (size_t j = 0; j < COUNT(rows[i].facts) && rows[i].facts[j] != F_NONE; j++)
			fact(d, ev, rows[i].facts[j]);
		return true;
	}
	return false;
}

static bool
holds(const struct evidence *ev, enum ev_key k, const char *text)
{
	const struct ev_field *f = ev_get(ev, k);

	return f != NULL && f->s != NULL && memmem(f->s, f->len, text, strlen(text)) != NULL;
}

static bool
begins(const struct evidence *ev, enum ev_key k, const char *text)
{
	const struct ev_field *f = ev_get(ev, k);
	size_t n = strlen(text);

	return f != NULL && f->s != NULL && f->len >= n && memcmp(f->s, text, n) == 0;
}

static void
texts(struct diag *d, const struct evidence *ev, enum ev_key k, const struct text_fact *rows,
    size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (holds(ev, k, rows[i].text))
			fact(d, ev, rows[i].fact);
}

static void
greatest(int64_t *at, int64_t v)
{
	if (v > *at)
		*at = v;
}

/* The least number above zero that was offered. */
static void
least(int64_t *at, int64_t v)
{
	if (v > 0 && (*at == 0 || v < *at))
		*at = v;
}

/* A later line of a stream wins; the time is part of the line. */
static int64_t
last(const struct evidence *ev)
{
	return ev->at_us > INT64_MAX ? INT64_MIN : -(int64_t)ev->at_us;
}

/* ---- the run -------------------------------------------------------------------- */

/* The destination as a single operand of ssh: host:port is no operand of its own, ssh://host:port is. */
static void
learn_dest(struct diag *d, const struct evidence *ev)
{
	char host[DIAG_SLOT_LEN], user[DIAG_SLOT_LEN], buf[DIAG_SLOT_LEN];
	int64_t port = ev_num(ev, K_PORT, 0);
	struct strbuf sb;

	ev_copy(ev, K_HOST, host, sizeof host);
	ev_copy(ev, K_USER, user, sizeof user);
	sb_init(&sb, buf, sizeof buf);
	if (user[0] != '\0')
		sb_printf(&sb, "%s@", user);
	sb_puts(&sb, host);
	if (host[0] != '\0')
		slot_offer(d, SLOT_DEST_NOPORT, 0, buf, sb.len);
	if (port == 0 || begins(ev, K_INPUT, "ssh://")) {
		slot_field(d, SLOT_DEST, 0, ev, K_INPUT);
		return;
	}
	sb_init(&sb, buf, sizeof buf);
	sb_puts(&sb, "ssh://");
	if (user[0] != '\0')
		sb_printf(&sb, "%s@", user);
	sb_printf(&sb, strchr(host, ':') != NULL ? "[%s]:%" PRId64 : "%s:%" PRId64, host, port);
	if (host[0] != '\0')
		slot_offer(d, SLOT_DEST, 0, buf, sb.len);
}

static void
run_start(struct diag *d, const struct evidence *ev)
{
	char args[DIAG_ARGS_LEN], port[24];

	if (!d->started || ev->at_us < d->run_us)
		d->run_us = ev->at_us;
	d->started = true;
	greatest(&d->now, ev_num(ev, K_NOW, 0));
	greatest(&d->input_port, ev_num(ev, K_PORT, 0));
	ev_copy(ev, K_ARGS, args, sizeof args);
	if (d->args[0] == '\0' || (args[0] != '\0' && strcmp(args, d->args) < 0))
		text_copy(d->args, sizeof d->args, args);
	slot_field(d, SLOT_HOST, 0, ev, K_HOST);
	slot_field(d, SLOT_HOSTNAME, 1, ev, K_HOST);
	slot_field(d, SLOT_USER, 1, ev, K_USER);
	if (ev_is(ev, K_USER, "root"))
		fact(d, ev, F_USER_ROOT);
	if (ev_num(ev, K_PORT, 0) > 0) {
		snprintf(port, sizeof port, "%" PRId64, ev_num(ev, K_PORT, 0));
		slot_offer(d, SLOT_PORT, 1, port, strlen(port));
	}
	learn_dest(d, ev);
	fact(d, ev, F_STARTED);
}

static void
run_end(struct diag *d, const struct evidence *ev)
{
	char reason[sizeof d->end_reason];

	ev_copy(ev, K_REASON, reason, sizeof reason);
	if (!d->ended || strcmp(reason, d->end_reason) < 0)
		text_copy(d->end_reason, sizeof d->end_reason, reason);
	d->ended = true;
	greatest(&d->connections, ev_num(ev, K_CONNECTIONS, 0));
	greatest(&d->failed_auth, ev_num(ev, K_FAILED_AUTH, 0));
	if (ev_is(ev, K_REASON, "interrupted"))
		fact(d, ev, F_INTERRUPTED);
	fact(d, ev, F_ENDED);
}

static int
order_probe(const void *row, const void *key)
{
	return strcmp(
	    ((const struct diag_probe *)row)->name, ((const struct diag_probe *)key)->name);
}

/* The layer of a probe, by the evidence that it emits. */
static enum layer
layer_of_probe(const char *name)
{
	for (int k = 0; k < EV__COUNT; k++)
		if (strcmp(ev_kind_info((enum ev_kind)k)->probe, name) == 0)
			return ev_kind_info((enum ev_kind)k)->layer;
	return strcmp(name, "ports") == 0 ? LAYER_TRANSPORT : LAYER_NONE;
}

static struct diag_probe *
probe_row(struct diag *d, const struct evidence *ev)
{
	struct diag_probe key = { 0 }, *p;

	ev_copy(ev, K_PROBE, key.name, sizeof key.name);
	if (key.name[0] == '\0')
		return NULL;
	p = table_row(d->probes, &d->nprobes, DIAG_PROBES, sizeof key, &key, order_probe);
	if (p != NULL)
		p->layer = layer_of_probe(p->name);
	return p;
}

static void
probe_start(struct diag *d, const struct evidence *ev)
{
	struct diag_probe *p = probe_row(d, ev);
	int64_t ms = ev_num(ev, K_DEADLINE_MS, 0);

	if (p == NULL)
		return;
	if (!p->began || ev->at_us < p->start_us)
		p->start_us = ev->at_us;
	p->began = true;
	if (ms > (int64_t)p->deadline_ms && ms <= UINT32_MAX)
		p->deadline_ms = (uint32_t)ms;
	if (strcmp(p->name, "proof") == 0)
		fact(d, ev, F_PROOF_BEGAN);
}

/* What is over when a probe ended by itself or at its deadline. A cancelled one settles nothing. */
static void
probe_end(struct diag *d, const struct evidence *ev)
{
	static const struct word_fact over[] = {
		{ "tcp", { F_TCP_DONE } },
		{ "ports", { F_PORTS_DONE } },
		{ "knownhosts", { F_KNOWN_DONE } },
		{ "hostkey", { F_HOSTKEY_DONE } },
		{ "keys", { F_KEYS_DONE } },
		{ "agent", { F_AGENT_DONE } },
		{ "auth", { F_AUTH_DONE } },
		{ "session", { F_SESSION_DONE } },
	};
	struct diag_probe *p = probe_row(d, ev);

	if (p == NULL)
		return;
	if (!p->ended || ev->at_us > p->end_us)
		p->end_us = ev->at_us;
	p->ended = true;
	if (ev_is(ev, K_RESULT, "deadline"))
		slot_offer(d, SLOT_STEP, last(ev), p->name, strlen(p->name));
	if (!ev_is(ev, K_RESULT, "cancelled"))
		word(d, ev, K_PROBE, over, COUNT(over));
}

/* ---- configuration ---------------------------------------------------------------- */

/* Rows of ssh -G: a setting, a value of it ("" for any but "none"), and what they mean. */
struct setting {
	const char *name, *value;
	enum fact fact;
};

static const struct setting settings[] = {
	{ "proxyjump", "", F_PROXY },
	{ "proxyjump", "", F_JUMP },
	{ "proxycommand", "", F_PROXY },
	{ "stricthostkeychecking", "yes", F_STRICT_YES },
	{ "stricthostkeychecking", "true", F_STRICT_YES },
	{ "stricthostkeychecking", "no", F_STRICT_OFF },
	{ "stricthostkeychecking", "off", F_STRICT_OFF },
	{ "stricthostkeychecking", "false", F_STRICT_OFF },
	{ "stricthostkeychecking", "accept-new", F_STRICT_OFF },
	{ "user", "root", F_USER_ROOT },
	{ "knownhostscommand", "", F_KNOWN_COMMAND },
	{ "verifyhostkeydns", "yes", F_HOSTKEY_DNS },
	{ "verifyhostkeydns", "true", F_HOSTKEY_DNS },
	{ "nohostauthenticationforlocalhost", "yes", F_LOCALHOST_UNCHECKED },
	{ "nohostauthenticationforlocalhost", "true", F_LOCALHOST_UNCHECKED },
	{ "gssapiauthentication", "yes", F_CFG_GSSAPI },
	{ "gssapiauthentication", "true", F_CFG_GSSAPI },
	{ "hostbasedauthentication", "yes", F_CFG_HOSTBASED },
	{ "hostbasedauthentication", "true", F_CFG_HOSTBASED },
	{ "pkcs11provider", "", F_CFG_PKCS11 },
	{ "identitiesonly", "yes", F_IDENTITIES_ONLY },
	{ "identitiesonly", "true", F_IDENTITIES_ONLY },
	{ "pubkeyauthentication", "no", F_CFG_NO_PUBKEY },
	{ "pubkeyauthentication", "false", F_CFG_NO_PUBKEY },
	{ "passwordauthentication", "no", F_CFG_NO_PASSWORD },
	{ "passwordauthentication", "false", F_CFG_NO_PASSWORD },
	{ "kbdinteractiveauthentication", "no", F_CFG_NO_KBDINT },
	{ "kbdinteractiveauthentication", "false", F_CFG_NO_KBDINT },
	{ "challengeresponseauthentication", "no", F_CFG_NO_KBDINT },
};

static void
config_value(struct diag *d, const struct evidence *ev)
{
	static const struct {
		const char *name;
		enum slot slot;
		int64_t rank;
	} words[] = {
		{ "hostname", SLOT_HOSTNAME, 0 },
		{ "port", SLOT_PORT, 0 },
		{ "user", SLOT_USER, 0 },
		{ "proxyjump", SLOT_VIA, 0 },
		{ "proxycommand", SLOT_VIA, 1 },
	};

	if (ev_is(ev, K_VALUE, "none"))
		return;
	for (size_t i = 0; i < COUNT(words); i++)
		if (ev_is(ev, K_NAME, words[i].name))
			slot_field(d, words[i].slot, words[i].rank, ev, K_VALUE);
	for (size_t i = 0; i < COUNT(settings); i++)
		if (ev_is(ev, K_NAME, settings[i].name) &&
		    (settings[i].value[0] == '\0' || ev_is(ev, K_VALUE, settings[i].value)))
			fact(d, ev, settings[i].fact);
}

static void
config_result(struct diag *d, const struct evidence *ev)
{
	static const struct word_fact results[] = {
		{ "ok", { F_CONFIG_OK } },
		{ "usage", { F_CONFIG_FAILED, F_CFG_USAGE } },
		{ "bad-option", { F_CONFIG_FAILED, F_CFG_BAD_OPTION } },
		{ "bad-perms", { F_CONFIG_FAILED, F_CFG_BAD_PERMS } },
		{ "missing", { F_CONFIG_FAILED, F_CLIENT_MISSING } },
		{ "crash", { F_CONFIG_FAILED, F_CLIENT_CRASH_TRANSPORT } },
		{ "timeout", { F_CONFIG_FAILED, F_CFG_TIMEOUT } },
	};

	if (!word(d, ev, K_RESULT, results, COUNT(results))) {
		fact(d, ev, F_CONFIG_FAILED);
		fact(d, ev, F_CFG_ERROR);
	}
	slot_field(d, SLOT_CFG_FILE, 0, ev, K_FILE);
	if (ev_num(ev, K_LINE, 0) > 0)
		slot_field(d, SLOT_CFG_LINE, 0, ev, K_LINE);
	slot_field(d, SLOT_CFG_OPTION, 0, ev, K_OPTION);
	slot_field(d, SLOT_CFG_TEXT, 0, ev, K_TEXT);
	slot_field(d, SLOT_CFG_SIGNAL, 0, ev, K_SIGNAL);
}

/* ---- name and TCP ------------------------------------------------------------------ */

static int
order_addr(const void *row, const void *key)
{
	return strcmp(((const struct diag_addr *)row)->addr, ((const struct diag_addr *)key)->addr);
}

static struct diag_addr *
addr_row(struct diag *d, const struct evidence *ev)
{
	struct diag_addr key = { .result = ADDR_TRYING, .order = INT16_MAX }, *a;

	ev_copy(ev, K_ADDR, key.addr, sizeof key.addr);
	if (key.addr[0] == '\0')
		return NULL;
	a = table_row(d->addrs, &d->naddrs, DIAG_ADDRS, sizeof key, &key, order_addr);
	if (a != NULL) {
		int64_t order = ev_num(ev, K_ORDER, INT16_MAX);

		if (order >= 0 && order < a->order)
			a->order = (int)order;
		if (ev->kind != EV_TCP_START)
			ev_note(a->ev, ev->n);
	}
	return a;
}

static void
resolve_addr(struct diag *d, const struct evidence *ev)
{
	addr_row(d, ev);
	if (ev_get(ev, K_ADDR) != NULL && !ev_is(ev, K_ADDR, ""))
		fact(d, ev, F_ADDR);
}

static void
resolve_result(struct diag *d, const struct evidence *ev)
{
	static const struct word_fact results[] = {
		{ "nxdomain", { F_DNS_NXDOMAIN } },
		{ "temp", { F_DNS_TEMP } },
		{ "nodata", { F_DNS_NODATA } },
		{ "error", { F_DNS_ERROR } },
		{ "timeout", { F_DNS_TIMEOUT } },
	};

	word(d, ev, K_RESULT, results, COUNT(results));
	slot_field(d, SLOT_DNS_TEXT, 0, ev, K_TEXT);
}

static void
tcp_start(struct diag *d, const struct evidence *ev)
{
	struct diag_addr *a = addr_row(d, ev);

	if (a != NULL)
		a->started = true;
	fact(d, ev, F_TCP_BEGAN);
}

static void
tcp_silent(struct diag *d, const struct evidence *ev)
{
	struct diag_addr *a = addr_row(d, ev);

	if (a != NULL)
		a->started = a->silent = true;
}

/* ICMP destination unreachable (RFC 792, RFC 1122 3.2.2.1, RFC 1812 5.2.7.1; IPv6: RFC 4443 3.1). */
static const struct {
	bool v6;
	int first, last;              /* codes */
	enum addr_outcome other, own; /* sent by somebody else; by this machine */
} unreachable[] = {
	{ false, 0, 0, ADDR_HOST_UNREACH, ADDR_NO_ROUTE },
	{ false, 1, 1, ADDR_HOST_UNREACH, ADDR_NEIGHBOUR },
	{ false, 3, 3, ADDR_REFUSED_ICMP, ADDR_REFUSED_LOCAL },
	{ false, 5, 8, ADDR_HOST_UNREACH, ADDR_NO_ROUTE },
	{ false, 9, 10, ADDR_PROHIBITED, ADDR_REFUSED_LOCAL },
	{ false, 11, 12, ADDR_HOST_UNREACH, ADDR_NO_ROUTE },
	{ false, 13, 13, ADDR_PROHIBITED, ADDR_REFUSED_LOCAL },
	{ true, 0, 0, ADDR_HOST_UNREACH, ADDR_NO_ROUTE },
	{ true, 1, 1, ADDR_PROHIBITED, ADDR_REFUSED_LOCAL },
	{ true, 3, 3, ADDR_HOST_UNREACH, ADDR_NEIGHBOUR },
	{ true, 4, 4, ADDR_REFUSED_ICMP, ADDR_REFUSED_LOCAL },
	{ true, 5, 6, ADDR_PROHIBITED, ADDR_REFUSED_LOCAL },
};

static enum addr_outcome
outcome_by_icmp(const struct evidence *ev, bool v6)
{
	int64_t code = ev_num(ev, K_ICMP_CODE, -1);

	if (ev_num(ev, K_ICMP_TYPE, -1) != (v6 ? 1 : 3))
		return ADDR_OTHER;
	for (size_t i = 0; i < COUNT(unreachable); i++)
		if (unreachable[i].v6 == v6 && code >= unreachable[i].first &&
		    code <= unreachable[i].last)
			return ev_num(ev, K_SELF, 0) == 1 ? unreachable[i].own
							  : unreachable[i].other;
	return ADDR_OTHER;
}

/*
 * Without ICMP: a refusal is a reset; "unreachable" is this machine's own word. ENETUNREACH is that of
 * no route; EACCES and EPERM those of a local rule; EHOSTUNREACH alone has more than one cause.
 */
static enum addr_outcome
outcome_of(const struct evidence *ev)
{
	static const struct {
		enum ev_key key;
		const char *is;
		enum addr_outcome outcome;
	} rows[] = {
		{ K_RESULT, "open", ADDR_OPEN },
		{ K_RESULT, "cancelled", ADDR_TRYING },
		{ K_RESULT, "refused", ADDR_REFUSED },
		{ K_RESULT, "timeout", ADDR_TIMEOUT },
		{ K_ERRNO, "ETIMEDOUT", ADDR_TIMEOUT },
		{ K_ERRNO, "ENETUNREACH", ADDR_NO_ROUTE },
		{ K_ERRNO, "EACCES", ADDR_REFUSED_LOCAL },
		{ K_ERRNO, "EPERM", ADDR_REFUSED_LOCAL },
	};

	if (ev_get(ev, K_ICMP_FROM) != NULL && !ev_is(ev, K_RESULT, "open") &&
	    !ev_is(ev, K_RESULT, "cancelled"))
		return outcome_by_icmp(ev, holds(ev, K_ADDR, ":"));
	for (size_t i = 0; i < COUNT(rows); i++)
		if (ev_is(ev, rows[i].key, rows[i].is))
			return rows[i].outcome;
	return ADDR_OTHER;
}

/* What an attempt says of its address; the row may be missing where there are too many. */
static void
learn_attempt(struct diag_addr *a, const struct evidence *ev, enum addr_outcome outcome)
{
	if (a == NULL)
		return;
	a->started = true;
	if (outcome < a->result)
		a->result = outcome;
	a->cancelled |= ev_is(ev, K_RESULT, "cancelled");
	greatest(&a->retrans, ev_num(ev, K_RETRANS, 0));
	greatest(&a->took_us, ev_num(ev, K_TOOK_US, 0));
	if (outcome == ADDR_OPEN)
		least(&a->rtt_us, ev_num(ev, K_RTT_US, 0));
}

static void
tcp_result(struct diag *d, const struct evidence *ev)
{
	struct diag_addr *a = addr_row(d, ev);
	enum addr_outcome outcome = outcome_of(ev);
	int64_t rank = (int64_t)outcome * INT16_MAX + ev_num(ev, K_ORDER, INT16_MAX);

	learn_attempt(a, ev, outcome);
	if (outcome == ADDR_TRYING)
		return;
	slot_field(d, SLOT_LOCAL, rank, ev, K_LOCAL);
	slot_field(d, SLOT_ERRNO, rank, ev, ev_get(ev, K_TEXT) != NULL ? K_TEXT : K_ERRNO);
	slot_field(d, SLOT_ICMP_FROM, rank, ev, K_ICMP_FROM);
	if (ev_num(ev, K_RETRANS, 0) > 0)
		fact(d, ev, F_TCP_RETRANS);
	if (outcome == ADDR_OPEN) {
		fact(d, ev, F_TCP_OPEN);
		least(&d->rtt_us, ev_num(ev, K_RTT_US, 0));
	}
}

static void
port_result(struct diag *d, const struct evidence *ev)
{
	int64_t port = ev_num(ev, K_PORT, 0);

	if (!ev_is(ev, K_RESULT, "ssh") || port <= 0)
		return;
	fact(d, ev, F_OTHER_PORT_SSH);
	slot_field(d, SLOT_OTHER_PORT, port, ev, K_PORT);
	slot_field(d, SLOT_OTHER_IDENT, port, ev, K_TEXT);
}

/* ---- proxy and banner ---------------------------------------------------------------- */

static void
proxy_line(struct diag *d, const struct evidence *ev)
{
	static const struct text_fact says[] = {
		{ "Permission denied (", F_PROXY_SAYS_DENIED },
		{ "administratively prohibited", F_PROXY_SAYS_PROHIBITED },
		{ "open failed: connect failed", F_PROXY_SAYS_CONNECT },
		{ "ssh: connect to host ", F_PROXY_SAYS_UNREACHABLE },
		{ "ssh: Could not resolve hostname ", F_PROXY_SAYS_UNREACHABLE },
	};

	if (ev_num(ev, K_LEVEL, 0) > 0 || begins(ev, K_TEXT, "debug"))
		return;
	texts(d, ev, K_TEXT, says, COUNT(says));
	/* What the inner ssh says of forwarding explains more than the words on its way out. */
	slot_field(d, SLOT_PROXY_TEXT,
	    holds(ev, K_TEXT, "failed") || holds(ev, K_TEXT, "ssh: ") || holds(ev, K_TEXT, "denied")
		? INT64_MIN
		: last(ev),
	    ev, K_TEXT);
}

static void
proxy_result(struct diag *d, const struct evidence *ev)
{
	static const struct word_fact results[] = {
		{ "failed", { F_PROXY_START_FAILED } },
		{ "ended", { F_PROXY_ENDED } },
	};

	word(d, ev, K_RESULT, results, COUNT(results));
	slot_field(d, SLOT_PROXY_TEXT, INT64_MAX, ev, K_TEXT);
}

static void
banner_line(struct diag *d, const struct evidence *ev)
{
	static const struct text_fact says[] = {
		{ "Exceeded MaxStartups", F_BANNER_MAXSTARTUPS },
		{ "Not allowed at this time", F_BANNER_NOT_ALLOWED },
	};

	fact(d, ev, F_BANNER_TEXT);
	texts(d, ev, K_TEXT, says, COUNT(says));
	slot_field(d, SLOT_BANNER_TEXT, ev_num(ev, K_LINE, INT16_MAX), ev, K_TEXT);
}

static void
banner_ident(struct diag *d, const struct evidence *ev)
{
	/* RFC 4253 5.1: 1.99 is a server that speaks both. */
	if (begins(ev, K_PROTO, "2.") || ev_is(ev, K_PROTO, "1.99"))
		fact(d, ev, F_IDENT);
	else
		fact(d, ev, begins(ev, K_PROTO, "1.") ? F_BANNER_PROTO1 : F_BANNER_BAD_VERSION);
	if (begins(ev, K_SOFTWARE, "OpenSSH"))
		fact(d, ev, F_IDENT_OPENSSH);
	slot_field(d, SLOT_IDENT, 0, ev, K_TEXT);
	slot_field(d, SLOT_SOFTWARE, 0, ev, K_SOFTWARE);
}

static void
banner_end(struct diag *d, const struct evidence *ev)
{
	static const struct word_fact reasons[] = {
		{ "eof", { F_BANNER_EOF } },
		{ "reset", { F_BANNER_EOF, F_BANNER_RESET } },
		{ "timeout", { F_BANNER_TIMEOUT } },
		{ "toolong", { F_BANNER_TOOLONG } },
		{ "invalid", { F_BANNER_TOOLONG } },
		{ "lines", { F_BANNER_ENDLESS } },
	};

	fact(d, ev, F_BANNER_END);
	word(d, ev, K_REASON, reasons, COUNT(reasons));
	if (ev_is(ev, K_REASON, "timeout") && ev_num(ev, K_LINES, 0) >= 3)
		fact(d, ev, F_BANNER_ENDLESS);
	if (ev_num(ev, K_BYTES, 0) > 0 || ev_num(ev, K_LINES, 0) > 0)
		fact(d, ev, F_BANNER_TEXT);
	if (ev_get(ev, K_GUESS) != NULL && !ev_is(ev, K_GUESS, "")) {
		fact(d, ev, F_BANNER_PROTOCOL);
		slot_field(d, SLOT_PROTOCOL, 0, ev, K_GUESS);
	}
}

/* ---- key exchange and host key ---------------------------------------------------------- */

static void
kex_server(struct diag *d, const struct evidence *ev)
{
	if (holds(ev, K_HOSTKEY, "-cert-v01@openssh.com"))
		fact(d, ev, F_HOST_CERT);
}

static void
kex_mismatch(struct diag *d, const struct evidence *ev)
{
	static const char *const order[] = { "kex", "cipher", "mac", "comp" };
	bool add = ev_get(ev, K_ADD) != NULL && !ev_is(ev, K_ADD, "");
	int64_t rank = 0;

	if (ev_is(ev, K_WHAT, "hostkey")) {
		fact(d, ev, F_KEX_NO_HOSTKEY);
		if (add)
			fact(d, ev, F_HK_CAN_ADD);
		slot_field(d, SLOT_HK_OURS, 0, ev, K_OURS);
		slot_field(d, SLOT_HK_THEIRS, 0, ev, K_THEIRS);
		slot_field(d, SLOT_HK_ADD, 0, ev, K_ADD);
		return;
	}
	fact(d, ev, F_KEX_NO_ALG);
	if (add)
		fact(d, ev, F_KEX_CAN_ADD);
	while (rank < (int64_t)COUNT(order) && !ev_is(ev, K_WHAT, order[rank]))
		rank++;
	slot_field(d, SLOT_KEX_WHAT, rank, ev, K_WHAT);
	slot_field(d, SLOT_KEX_OURS, rank, ev, K_OURS);
	slot_field(d, SLOT_KEX_THEIRS, rank, ev, K_THEIRS);
	slot_field(d, SLOT_KEX_OPTION, rank, ev, K_OPTION);
	slot_field(d, SLOT_KEX_ADD, rank, ev, K_ADD);
}

static void
kex_result(struct diag *d, const struct evidence *ev)
{
	static const struct word_fact results[] = {
		{ "done", { F_KEX_DONE } },
		{ "closed", { F_KEX_CLOSED } },
		{ "reset", { F_KEX_CLOSED } },
		{ "timeout", { F_KEX_STALL } },
		{ "corrupt", { F_KEX_CORRUPT } },
		{ "unsupported", { F_KEX_UNSUPPORTED } },
	};

	if (!word(d, ev, K_RESULT, results, COUNT(results)))
		fact(d, ev, F_KEX_ERROR);
	if (ev_num(ev, K_UNACKED, 0) > 0)
		fact(d, ev, F_KEX_UNACKED);
	slot_field(d, SLOT_KEX_TEXT, 0, ev, K_TEXT);
}

/* Revoked lines first, so that a table that overflows never loses one to a plain line. */
static int
order_known(const void *row, const void *key)
{
	const struct diag_known *a = row, *b = key;
	int c;

	if (a->revoked != b->revoked)
		return a->revoked ? -1 : 1;
	if (a->bare != b->bare)
		return a->bare ? 1 : -1;
	if ((c = strcmp(a->file, b->file)) != 0 || (c = strcmp(a->fp, b->fp)) != 0 ||
	    (c = strcmp(a->type, b->type)) != 0 || (c = strcmp(a->name, b->name)) != 0)
		return c;
	if (a->line != b->line)
		return a->line < b->line ? -1 : 1;
	return (int)a->ca - (int)b->ca;
}

static void
known_entry(struct diag *d, const struct evidence *ev)
{
	struct diag_known key = { 0 }, *k;

	ev_copy(ev, K_TYPE, key.type, sizeof key.type);
	ev_copy(ev, K_FP, key.fp, sizeof key.fp);
	ev_copy(ev, K_FILE, key.file, sizeof key.file);
	ev_copy(ev, K_NAME, key.name, sizeof key.name);
	key.line = ev_num(ev, K_LINE, 0);
	key.revoked = ev_is(ev, K_MARKER, "revoked");
	key.ca = ev_is(ev, K_MARKER, "ca");
	key.bare = ev_num(ev, K_BARE, 0) == 1;
	if (key.ca)
		fact(d, ev, F_KNOWN_CA);
	k = table_row(d->known, &d->nknown, DIAG_KNOWN, sizeof key, &key, order_known);
	if (k != NULL)
		ev_note(k->ev, ev->n);
}

static void
hostkey_offered(struct diag *d, const struct evidence *ev)
{
	fact(d, ev, F_HOSTKEY);
	slot_field(d, SLOT_HOSTKEY_TYPE, 0, ev, K_TYPE);
	slot_field(d, SLOT_HOSTKEY_FP, 0, ev, K_FP);
}

static void
hostkey_krl(struct diag *d, const struct evidence *ev)
{
	if (ev_num(ev, K_REVOKED, 0) == 1)
		fact(d, ev, F_KRL_REVOKED);
	if (ev_is(ev, K_RESULT, "unreadable"))
		fact(d, ev, F_KRL_UNREADABLE);
	fact(d, ev, F_HOSTKEY_DONE);
}

/* ---- keys and agent ------------------------------------------------------------------------ */

/* The key of a row is its fingerprint; where that is not known, its path, which never looks like one. */
static int
order_key(const void *row, const void *key)
{
	const struct diag_key *a = row, *b = key;
	int c = strcmp(a->fp, b->fp);

	return c != 0 || a->fp[0] != '\0' ? c : strcmp(a->name, b->name);
}

static struct diag_key *
key_row(struct diag *d, const struct evidence *ev, const char *fp, enum ev_key name, int64_t named)
{
	struct diag_key key = { .named = INT64_MAX }, *k;
	char text[sizeof key.name];

	ev_copy(ev, name, text, sizeof text);
	text_copy(key.fp, sizeof key.fp, fp);
	if (fp[0] == '\0')
		text_copy(key.name, sizeof key.name, text);
	if (fp[0] == '\0' && text[0] == '\0')
		return NULL;
	k = table_row(d->keys, &d->nkeys, DIAG_KEYS, sizeof key, &key, order_key);
	if (k == NULL)
		return NULL;
	ev_note(k->ev, ev->n);
	if (text[0] != '\0' &&
	    (named < k->named || (named == k->named && strcmp(text, k->name) < 0))) {
		text_copy(k->name, sizeof k->name, text);
		k->named = named;
	}
	ev_copy(ev, K_TYPE, text, sizeof k->type);
	if (text[0] != '\0' && (k->type[0] == '\0' || strcmp(text, k->type) < 0))
		text_copy(k->type, sizeof k->type, text);
	return k;
}

static void
key_file(struct diag *d, const struct evidence *ev)
{
	char fp[64], mode[8];
	bool used = !ev_is(ev, K_SOURCE, "other");
	struct diag_key *k;

	ev_copy(ev, K_FP, fp, sizeof fp);
	if (fp[0] == '\0')
		ev_copy(ev, K_PUB_FP, fp, sizeof fp);
	/* A file that ssh uses names the key before one that it does not. */
	if ((k = key_row(d, ev, fp, K_PATH, used ? 0 : 1)) == NULL)
		return;
	k->config |= used;
	if (!ev_is(ev, K_STATE, "missing"))
		k->in_file = true;
	else if (used)
		k->missing = true;
	k->pub_only |= ev_is(ev, K_STATE, "public");
	k->unparsable |= ev_is(ev, K_STATE, "unparsable") || ev_is(ev, K_STATE, "unreadable");
	k->encrypted |= ev_is(ev, K_STATE, "encrypted");
	k->open |= ev_num(ev, K_OPEN, 0) == 1;
	k->pub |= ev_num(ev, K_PUB, 0) == 1;
	k->mismatch |= ev_is(ev, K_MATCH, "no");
	ev_copy(ev, K_MODE, mode, sizeof mode);
	if (mode[0] != '\0' && (k->mode[0] == '\0' || strcmp(mode, k->mode) < 0))
		text_copy(k->mode, sizeof k->mode, mode);
	if (used && k->unparsable)
		slot_field(d, SLOT_BAD_TEXT, 0, ev, K_TEXT);
}

static void
key_cert(struct diag *d, const struct evidence *ev)
{
	char fp[64];
	struct diag_key *k;

	ev_copy(ev, K_FP, fp, sizeof fp);
	if ((k = key_row(d, ev, fp, K_PATH, 2)) == NULL)
		return;
	k->cert = true;
	k->cert_expired |= ev_is(ev, K_STATE, "expired") || ev_is(ev, K_STATE, "early");
}

static void
agent_result(struct diag *d, const struct evidence *ev)
{
	static const struct word_fact results[] = {
		{ "ok", { F_AGENT_DONE } },
		{ "unset", { F_AGENT_DONE, F_AGENT_UNSET } },
		{ "missing", { F_AGENT_DONE, F_AGENT_UNREACHABLE } },
		{ "refused", { F_AGENT_DONE, F_AGENT_UNREACHABLE } },
		{ "denied", { F_AGENT_DONE, F_AGENT_UNREACHABLE } },
		{ "garbage", { F_AGENT_DONE, F_AGENT_UNREACHABLE } },
		{ "hangs", { F_AGENT_DONE, F_AGENT_HANGS } },
	};

	word(d, ev, K_RESULT, results, COUNT(results));
	slot_field(d, SLOT_AGENT_PATH, 0, ev, K_PATH);
	if (ev_is(ev, K_RESULT, "ok"))
		slot_field(d, SLOT_AGENT_COUNT, 0, ev, K_COUNT);
	slot_field(d, SLOT_AGENT_TEXT, 0, ev, ev_get(ev, K_TEXT) != NULL ? K_TEXT : K_RESULT);
}

static void
agent_key(struct diag *d, const struct evidence *ev)
{
	char fp[64];
	struct diag_key *k;

	ev_copy(ev, K_FP, fp, sizeof fp);
	if (fp[0] != '\0' && (k = key_row(d, ev, fp, K_COMMENT, 3)) != NULL)
		k->in_agent = true;
}

/* ---- authentication --------------------------------------------------------------------------- */

static void
auth_methods(struct diag *d, const struct evidence *ev)
{
	static const struct {
		const char *method;
		enum fact fact;
	} rows[] = {
		{ "publickey", F_METHOD_PUBLICKEY },
		{ "password", F_METHOD_PASSWORD },
		{ "keyboard-interactive", F_METHOD_KBDINT },
		{ "gssapi-with-mic", F_METHOD_OTHER },
		{ "gssapi-keyex", F_METHOD_OTHER },
		{ "hostbased", F_METHOD_OTHER },
		{ "gssapi-with-mic", F_METHOD_GSSAPI },
		{ "gssapi-keyex", F_METHOD_GSSAPI },
		{ "hostbased", F_METHOD_HOSTBASED },
	};
	char list[DIAG_SLOT_LEN];

	if (ev_num(ev, K_PARTIAL, 0) == 1) {
		slot_field(d, SLOT_METHODS_LEFT, 0, ev, K_METHODS);
		return;
	}
	ev_copy(ev, K_METHODS, list, sizeof list);
	for (size_t i = 0; i < COUNT(rows); i++)
		if (text_list_has(list, rows[i].method))
			fact(d, ev, rows[i].fact);
	slot_field(d, SLOT_METHODS, 0, ev, K_METHODS);
	fact(d, ev, F_METHODS);
}

static void
auth_banner(struct diag *d, const struct evidence *ev)
{
	slot_field(d, SLOT_AUTH_TEXT, 1, ev, K_TEXT);
}

static void
auth_query(struct diag *d, const struct evidence *ev)
{
	char fp[64];
	struct diag_key *k;
	int64_t order = ev_num(ev, K_ORDER, 0);

	ev_copy(ev, K_FP, fp, sizeof fp);
	if ((k = key_row(d, ev, fp, K_NAME, 4)) == NULL || ev_is(ev, K_ANSWER, "skipped"))
		return;
	k->asked = true;
	k->listed |= ev_num(ev, K_LISTED, 0) == 1;
	k->accepted |= ev_is(ev, K_ANSWER, "accepted");
	k->refused |= ev_is(ev, K_ANSWER, "refused");
	if (ev_num(ev, K_LISTED, 0) == 1 && order > 0 && order <= INT16_MAX &&
	    (k->order == 0 || order < k->order))
		k->order = (int)order;
}

static void
auth_login(struct diag *d, const struct evidence *ev)
{
	static const struct word_fact results[] = {
		{ "success", { F_LOGIN_OK } },
		{ "partial", { F_LOGIN_PARTIAL } },
		{ "denied", { F_LOGIN_DENIED } },
		{ "closed", { F_LOGIN_CLOSED } },
		{ "unsupported", { F_LOGIN_UNSUPPORTED } },
		{ "error", { F_LOGIN_ERROR } },
	};
	char fp[64];
	struct diag_key *k = NULL;

	/* "none" is no attempt with a key: only its success says something. */
	if (ev_is(ev, K_METHOD, "none") && !ev_is(ev, K_RESULT, "success"))
		return;
	word(d, ev, K_RESULT, results, COUNT(results));
	if (ev_is(ev, K_RESULT, "error") && ev_is(ev, K_FROM, "agent"))
		fact(d, ev, F_LOGIN_AGENT_ERROR);
	slot_field(d, SLOT_LOGIN_KEY, 0, ev, K_NAME);
	slot_field(d, SLOT_AUTH_TEXT, 0, ev, K_TEXT);
	ev_copy(ev, K_FP, fp, sizeof fp);
	if (fp[0] != '\0' && (k = key_row(d, ev, fp, K_NAME, 4)) != NULL) {
		k->login_ok |= ev_is(ev, K_RESULT, "success");
		k->login_denied |= ev_is(ev, K_RESULT, "denied");
		k->login_partial |= ev_is(ev, K_RESULT, "partial");
	}
}

static void
auth_end(struct diag *d, const struct evidence *ev)
{
	static const struct word_fact reasons[] = {
		{ "closed", { F_AUTH_CLOSED } },
		{ "timeout", { F_AUTH_TIMEOUT } },
		{ "error", { F_AUTH_ERROR } },
	};

	fact(d, ev, F_AUTH_DONE);
	/* OpenSSH's words (auth.c, auth_maxtries_exceeded); Dropbear's begin alike. */
	if (holds(ev, K_TEXT, "Too many authentication failures") ||
	    holds(ev, K_TEXT, "Max auth tries"))
		fact(d, ev, F_AUTH_TOO_MANY);
	else if (ev_is(ev, K_REASON, "disconnect"))
		fact(d, ev, F_AUTH_DISCONNECT);
	else
		word(d, ev, K_REASON, reasons, COUNT(reasons));
	if (!ev_is(ev, K_REASON, "done"))
		slot_field(d, SLOT_AUTH_TEXT, -1, ev, K_TEXT);
}

/* ---- session and proof ---------------------------------------------------------------------------- */

/* Length of a line end as the sanitiser shows it ("\\x0A", "\\x0D") at p, else 0. */
static size_t
line_end(const char *p, size_t len)
{
	return len >= 4 && (memcmp(p, "\\x0A", 4) == 0 || memcmp(p, "\\x0D", 4) == 0) ? 4 : 0;
}

/* Offer the first line of what somebody printed: the rest is in the evidence. */
static void
slot_first_line(
    struct diag *d, enum slot s, int64_t rank, const struct evidence *ev, enum ev_key key)
{
	const struct ev_field *f = ev_get(ev, key);
	size_t at = 0, end, n;

	if (f == NULL || f->s == NULL)
		return;
	while (at < f->len && (n = line_end(f->s + at, f->len - at)) > 0)
		at += n;
	for (end = at; end < f->len && line_end(f->s + end, f->len - end) == 0;)
		end++;
	if (end > at)
		slot_offer(d, s, rank, f->s + at, end - at);
}

static void
session_request(struct diag *d, const struct evidence *ev)
{
	static const struct {
		const char *request, *result;
		enum fact fact;
	} rows[] = {
		{ "channel", "refused", F_CHANNEL_REFUSED },
		{ "exec", "refused", F_EXEC_REFUSED },
		{ "exec", "timeout", F_EXEC_TIMEOUT },
		{ "pty", "refused", F_PTY_REFUSED },
		{ "shell", "refused", F_SHELL_REFUSED },
		{ "shell", "timeout", F_SHELL_SILENT },
		{ "sftp", "refused", F_SFTP_REFUSED },
		{ "sftp", "timeout", F_SFTP_STALLED },
		{ "channel", "timeout", F_SESSION_STALLED },
		{ "pty", "timeout", F_SESSION_STALLED },
	};

	for (size_t i = 0; i < COUNT(rows); i++)
		if (ev_is(ev, K_REQUEST, rows[i].request) && ev_is(ev, K_RESULT, rows[i].result))
			fact(d, ev, rows[i].fact);
	if (ev_is(ev, K_RESULT, "closed") && !ev_is(ev, K_REQUEST, "sftp"))
		fact(d, ev, F_SESSION_LOST);
	if (!ev_is(ev, K_RESULT, "ok"))
		slot_field(d, SLOT_SESSION_TEXT, 3, ev, K_TEXT);
}

static void
session_exec(struct diag *d, const struct evidence *ev)
{
	static const struct text_fact says[] = {
		{ "This account is currently not available", F_NOLOGIN_TEXT },
		{ "This service allows sftp connections only", F_SFTP_ONLY_TEXT },
	};
	int64_t status = ev_num(ev, K_EXIT, -1);
	bool ended = ev_get(ev, K_EXIT) != NULL;

	fact(d, ev, ev_is(ev, K_NONCE, "ok") ? F_NONCE_OK : F_NONCE_ABSENT);
	texts(d, ev, K_OUT, says, COUNT(says));
	texts(d, ev, K_ERR, says, COUNT(says));
	texts(d, ev, K_TEXT, says, COUNT(says));
	if (ev_get(ev, K_SIGNAL) != NULL)
		fact(d, ev, F_EXIT_SIGNAL);
	if (ended && status == 0)
		fact(d, ev, F_EXIT_ZERO);
	if (ended && status > 128 && status <= 128 + 64)
		fact(d, ev, F_EXIT_128);
	slot_field(d, SLOT_EXIT, 0, ev, K_EXIT);
	slot_field(d, SLOT_SIGNAL, 0, ev, K_SIGNAL);
	if (ev_is(ev, K_NONCE, "ok"))
		return; /* what was printed is no word of what failed */
	slot_first_line(d, SLOT_SESSION_TEXT, 0, ev, K_ERR);
	slot_first_line(d, SLOT_SESSION_TEXT, 1, ev, K_OUT);
	slot_first_line(d, SLOT_SESSION_TEXT, 2, ev, K_TEXT);
}

static void
session_shell(struct diag *d, const struct evidence *ev)
{
	bool byte = ev_get(ev, K_FIRST_US) != NULL || ev_is(ev, K_STATE, "started");

	if (byte)
		fact(d, ev, F_SHELL_STARTED);
	if (ev_is(ev, K_STATE, "open"))
		fact(d, ev, byte ? F_SHELL_OPEN : F_SHELL_SILENT);
	if (ev_is(ev, K_STATE, "busy"))
		fact(d, ev, F_SHELL_BUSY);
	if (ev_is(ev, K_STATE, "ended"))
		fact(d, ev, F_SHELL_ENDED);
	if (ev_get(ev, K_SIGNAL) != NULL)
		fact(d, ev, F_SHELL_SIGNAL);
	slot_field(d, SLOT_EXIT, 1, ev, K_EXIT);
	slot_field(d, SLOT_SIGNAL, 1, ev, K_SIGNAL);
	if (ev_is(ev, K_STATE, "ended"))
		slot_first_line(d, SLOT_SESSION_TEXT, 4, ev, K_OUT);
}

static void
session_sftp(struct diag *d, const struct evidence *ev)
{
	static const struct word_fact results[] = {
		{ "refused", { F_SFTP_REFUSED } },
		{ "polluted", { F_SFTP_POLLUTED } },
		{ "closed", { F_SFTP_REFUSED } },
		{ "timeout", { F_SFTP_STALLED } },
	};

	if (word(d, ev, K_RESULT, results, COUNT(results)))
		slot_first_line(d, SLOT_SESSION_TEXT, 5, ev, K_TEXT);
}

static void
session_end(struct diag *d, const struct evidence *ev)
{
	fact(d, ev, ev_is(ev, K_REASON, "timeout") ? F_SESSION_STALLED : F_SESSION_LOST);
	slot_field(d, SLOT_SESSION_TEXT, 6, ev, K_TEXT);
}

static void
proof_start(struct diag *d, const struct evidence *ev)
{
	fact(d, ev, F_PROOF_BEGAN);
}

static void
proof_result(struct diag *d, const struct evidence *ev)
{
	static const struct word_fact crashed[] = {
		{ "transport", { F_CLIENT_CRASH_TRANSPORT } },
		{ "authentication", { F_CLIENT_CRASH_AUTH } },
		{ "session", { F_CLIENT_CRASH_SESSION } },
	};
	static const struct word_fact failed[] = {
		{ "transport", { F_PROOF_FAILED_TRANSPORT } },
		{ "authentication", { F_PROOF_FAILED_AUTH } },
		{ "session", { F_PROOF_FAILED_SESSION } },
	};
	bool died = ev_get(ev, K_SIGNAL) != NULL;

	slot_field(d, SLOT_PROOF_TEXT, 0, ev, K_TEXT);
	if (!died && ev_get(ev, K_EXIT) != NULL && ev_num(ev, K_EXIT, -1) == 0) {
		fact(d, ev, F_PROOF_OK);
		return;
	}
	fact(d, ev, F_PROOF_FAILED);
	slot_field(d, SLOT_CFG_SIGNAL, 1, ev, K_SIGNAL);
	if (!word(d, ev, K_PHASE, died ? crashed : failed, COUNT(failed)))
		fact(d, ev, died ? F_CLIENT_CRASH_TRANSPORT : F_PROOF_FAILED_TRANSPORT);
}

/* ---- time ------------------------------------------------------------------------------------------- */

static void
phase(struct diag *d, const struct evidence *ev)
{
	int64_t start = ev_num(ev, K_START_US, 0), took = ev_num(ev, K_TOOK_US, 0);
	int64_t trips = ev_num(ev, K_TRIPS, 0);

	if (start < 0 || took < 0)
		return;
	for (int p = 0; p < PH__COUNT; p++) {
		struct diag_phase *ph = &d->phases[p];

		if (!ev_is(ev, K_PHASE, phase_name((enum phase)p)))
			continue;
		if (!ph->seen || took > ph->took_us ||
		    (took == ph->took_us && start < ph->start_us)) {
			ph->start_us = start;
			ph->took_us = took;
		}
		ph->seen = true;
		if (trips > ph->trips && trips <= INT16_MAX)
			ph->trips = (int)trips;
		ev_note(ph->ev, ev->n);
	}
}

typedef void (*learner)(struct diag *, const struct evidence *);

static const learner learners[EV__COUNT] = {
	[EV_RUN_START] = run_start,
	[EV_RUN_END] = run_end,
	[EV_PROBE_START] = probe_start,
	[EV_PROBE_END] = probe_end,
	[EV_CONFIG_VALUE] = config_value,
	[EV_CONFIG_RESULT] = config_result,
	[EV_RESOLVE_ADDR] = resolve_addr,
	[EV_RESOLVE_RESULT] = resolve_result,
	[EV_TCP_START] = tcp_start,
	[EV_TCP_SILENT] = tcp_silent,
	[EV_TCP_RESULT] = tcp_result,
	[EV_PORT_RESULT] = port_result,
	[EV_PROXY_LINE] = proxy_line,
	[EV_PROXY_RESULT] = proxy_result,
	[EV_BANNER_LINE] = banner_line,
	[EV_BANNER_IDENT] = banner_ident,
	[EV_BANNER_END] = banner_end,
	[EV_KEX_SERVER] = kex_server,
	[EV_KEX_MISMATCH] = kex_mismatch,
	[EV_KEX_RESULT] = kex_result,
	[EV_KNOWN_ENTRY] = known_entry,
	[EV_HOSTKEY_OFFERED] = hostkey_offered,
	[EV_HOSTKEY_KRL] = hostkey_krl,
	[EV_KEY_FILE] = key_file,
	[EV_KEY_CERT] = key_cert,
	[EV_AGENT_RESULT] = agent_result,
	[EV_AGENT_KEY] = agent_key,
	[EV_AUTH_METHODS] = auth_methods,
	[EV_AUTH_BANNER] = auth_banner,
	[EV_AUTH_QUERY] = auth_query,
	[EV_AUTH_LOGIN] = auth_login,
	[EV_AUTH_END] = auth_end,
	[EV_SESSION_REQUEST] = session_request,
	[EV_SESSION_EXEC] = session_exec,
	[EV_SESSION_SHELL] = session_shell,
	[EV_SESSION_SFTP] = session_sftp,
	[EV_SESSION_END] = session_end,
	[EV_PROOF_START] = proof_start,
	[EV_PROOF_RESULT] = proof_result,
	[EV_PHASE] = phase,
};

void
learn(struct diag *d, const struct evidence *ev)
{
	if (learners[ev->kind] != NULL)
		learners[ev->kind](d, ev);
}
