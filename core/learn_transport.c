/*
 * What single lines of the transport layer say: configuration, name, TCP, proxy,
 * identification, key exchange, host key. See learn_internal.h.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "learn_internal.h"

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
	{ "localforward", "", F_FWD_LOCAL },
	{ "dynamicforward", "", F_FWD_LOCAL },
	{ "remoteforward", "", F_FWD_REMOTE },
	{ "clearallforwardings", "yes", F_FWD_CLEARED },
	{ "clearallforwardings", "true", F_FWD_CLEARED },
	{ "exitonforwardfailure", "yes", F_FWD_EXIT },
	{ "exitonforwardfailure", "true", F_FWD_EXIT },
	{ "requesttty", "yes", F_TTY_MUST },
	{ "requesttty", "true", F_TTY_MUST },
	{ "requesttty", "force", F_TTY_MUST },
	{ "requesttty", "no", F_TTY_NOT },
	{ "requesttty", "false", F_TTY_NOT },
	{ "forwardx11", "yes", F_X11_ASKED },
	{ "forwardx11", "true", F_X11_ASKED },
	{ "controlpath", "", F_MUX_PATH },
	{ "controlmaster", "yes", F_MUX_MASTER },
	{ "controlmaster", "true", F_MUX_MASTER },
	{ "controlmaster", "auto", F_MUX_MASTER },
	{ "controlmaster", "ask", F_MUX_MASTER },
	{ "controlmaster", "autoask", F_MUX_MASTER },
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
	{ "enableescapecommandline", "", F_CFG_SINCE_92 },
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

/* A setting that is a number; the least where lines contradict each other, so that their order does not matter. */
static void
setting_number(const struct evidence *ev, int64_t *n)
{
	char text[16];
	int64_t v;

	ev_copy(ev, K_VALUE, text, sizeof text);
	v = strtoll(text, NULL, 10);
	if (v > 0 && (*n == 0 || v < *n))
		*n = v;
}

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
		{ "bindaddress", SLOT_BIND, 0 },
		{ "bindinterface", SLOT_BIND, 1 },
		{ "remoteforward", SLOT_FWD_REMOTE, 0 },
	};

	if (ev_is(ev, K_VALUE, "none"))
		return;
	for (size_t i = 0; i < COUNT(words); i++)
		if (ev_is(ev, K_NAME, words[i].name))
			slot_field(d, words[i].slot, words[i].rank, ev, K_VALUE);
	if (ev_is(ev, K_NAME, "requiredrsasize"))
		setting_number(ev, &d->rsa_min);
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
		{ "unstarted", { F_CONFIG_FAILED, F_CFG_UNSTARTED } },
		{ "crash", { F_CONFIG_FAILED, F_CLIENT_CRASH_TRANSPORT } },
		{ "timeout", { F_CONFIG_FAILED, F_CFG_TIMEOUT } },
	};

	if (!word(d, ev, K_RESULT, results, COUNT(results))) {
		fact(d, ev, F_CONFIG_FAILED);
		fact(d, ev, F_CFG_ERROR);
	}
	if (begins(ev, K_TEXT, "jumphost loop via "))
		fact(d, ev, F_CFG_LOOP);
	slot_field(d, SLOT_CFG_FILE, 0, ev, K_FILE);
	if (ev_num(ev, K_LINE, 0) > 0)
		slot_field(d, SLOT_CFG_LINE, 0, ev, K_LINE);
	slot_field(d, SLOT_CFG_OPTION, 0, ev, K_OPTION);
	slot_field(d, SLOT_CFG_TEXT, 0, ev, K_TEXT);
	slot_field(d, SLOT_CFG_SIGNAL, 0, ev, K_SIGNAL);
	client_signal(d, ev);
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
resolve_names(struct diag *d, const struct evidence *ev)
{
	char ours[96], file[64], at[DIAG_SLOT_LEN];

	if (!ev_is(ev, K_RESULT, "differ"))
		return;
	fact(d, ev, F_NAMES_DIFFER);
	ev_copy(ev, K_OURS, ours, sizeof ours);
	ev_copy(ev, K_FILE, file, sizeof file);
	snprintf(at, sizeof at, "%s (%s line %" PRId64 ")", ours, file, ev_num(ev, K_LINE, 0));
	slot_offer(d, SLOT_HOSTS_AT, 0, at, strlen(at));
	slot_field(d, SLOT_DNS_ADDR, 0, ev, K_ADDR);
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
		{ K_RESULT, "unbound", ADDR_UNBOUND },
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

/* The least ports stay where there are too many. */
static void
learn_source_port(struct diag *d, int64_t port)
{
	int i = 0;

	if (port <= 0 || port > 65535)
		return;
	while (i < d->nports && d->ports[i] < port)
		i++;
	if (i == DIAG_PORTS || (i < d->nports && d->ports[i] == port))
		return;
	if (d->nports < DIAG_PORTS)
		d->nports++;
	memmove(&d->ports[i + 1], &d->ports[i], (size_t)(d->nports - i - 1) * sizeof *d->ports);
	d->ports[i] = port;
}

static void
tcp_result(struct diag *d, const struct evidence *ev)
{
	struct diag_addr *a = addr_row(d, ev);
	enum addr_outcome outcome = outcome_of(ev);
	int64_t rank = (int64_t)outcome * INT16_MAX + ev_num(ev, K_ORDER, INT16_MAX);

	learn_attempt(a, ev, outcome);
	learn_source_port(d, ev_num(ev, K_LPORT, 0));
	if (ev_is(ev, K_RESULT, "untested"))
		fact(d, ev, F_TCP_UNTESTED);
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

/* The farthest router has the least rank. */
static void
trace_hop(struct diag *d, const struct evidence *ev)
{
	int64_t ttl = ev_num(ev, K_TTL, 0);

	if (ttl < 1 || ttl > 255)
		return;
	fact(d, ev, F_TRACE_HOP);
	if (ttl > 1)
		fact(d, ev, F_TRACE_BEYOND);
	if (ev_num(ev, K_NEAR, 0) == 1)
		fact(d, ev, F_TRACE_NEAR);
	slot_field(d, SLOT_TRACE_HOP, -ttl, ev, K_FROM);
	slot_field(d, SLOT_TRACE_TTL, -ttl, ev, K_TTL);
}

static void
trace_result(struct diag *d, const struct evidence *ev)
{
	if (ev_is(ev, K_RESULT, "done"))
		fact(d, ev, F_TRACE_DONE);
}

static void
port_result(struct diag *d, const struct evidence *ev)
{
	int64_t port = ev_num(ev, K_PORT, 0);

	if (ev_num(ev, K_ALIVE, 0) == 1) {
		fact(d, ev, F_ALIVE);
		slot_field(d, SLOT_ALIVE_PORT, port, ev, K_PORT);
	}
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
		{ "untested", { F_PROXY_FDPASS } },
	};
	int64_t status = ev_num(ev, K_EXIT, 0);

	word(d, ev, K_RESULT, results, COUNT(results));
	slot_field(d, SLOT_PROXY_RUN, 0, ev, K_COMMAND);
	if (ev_is(ev, K_RESULT, "ended") && (status != 0 || ev_get(ev, K_SIGNAL) != NULL))
		fact(d, ev, F_PROXY_EXIT_BAD);
	/* sh(1): no such program, or none that may be run. */
	if (ev_is(ev, K_RESULT, "ended") && (status == 126 || status == 127))
		fact(d, ev, F_PROXY_CANNOT_RUN);
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
	if (!begins(ev, K_TEXT, "SSH-") &&
	    (holds(ev, K_TEXT, "SSH-2.0-") || holds(ev, K_TEXT, "SSH-1.99-")))
		fact(d, ev, F_BANNER_BEHIND);
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
	if (begins(ev, K_SOFTWARE, "tinyssh"))
		fact(d, ev, F_IDENT_NODS);
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
		{ "lines", { F_BANNER_ENDLESS, F_BANNER_MANY } },
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

/* The hybrids of OpenSSH: a large second key goes beside the elliptic curve's. */
static void
kex_agreed(struct diag *d, const struct evidence *ev)
{
	if (begins(ev, K_KEX, "sntrup761x25519-") || begins(ev, K_KEX, "mlkem768x25519-"))
		fact(d, ev, F_KEX_PQ);
	if (begins(ev, K_HOSTKEY, "rsa-sha2-") || begins(ev, K_HOSTKEY, "ssh-rsa"))
		fact(d, ev, F_AGREED_RSA);
}

static void
kex_mismatch(struct diag *d, const struct evidence *ev)
{
	static const char *const order[] = { "kex", "cipher", "mac", "comp" };
	bool add = ev_get(ev, K_ADD) != NULL && !ev_is(ev, K_ADD, "");
	int64_t rank = 0;

	if (ev_is(ev, K_ADD, "")) /* looked for, and none found */
		fact(d, ev, F_KEX_CANNOT_ADD);

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
kex_silent(struct diag *d, const struct evidence *ev)
{
	fact(d, ev, F_KEX_SILENT);
}

static void
segment_result(struct diag *d, const struct evidence *ev)
{
	static const struct word_fact small[] = {
		{ "past", { F_SMALL_PASSES } },
		{ "stalled", { F_SMALL_STALLS } },
	};
	static const struct word_fact large[] = {
		{ "past", { F_LARGE_PASSES } },
		{ "stalled", { F_LARGE_STALLS } },
	};

	if (ev_num(ev, K_MSS, 0) > 0)
		word(d, ev, K_RESULT, small, COUNT(small));
	else
		word(d, ev, K_RESULT, large, COUNT(large));
	if (ev_num(ev, K_MSS, 0) > 0)
		slot_field(d, SLOT_MSS, 0, ev, K_MSS);
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
	/* What ssh ended with, in a text: sshconnect2.c, verify_host_key_callback() */
	if (begins(ev, K_TEXT, "Bad server host key: Invalid key length"))
		fact(d, ev, F_HOSTKEY_SHORT);
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
	slot_field(d, SLOT_HOSTKEY_MD5, 0, ev, K_MD5);
	if (ev_num(ev, K_BITS, 0) > d->hostkey_bits)
		d->hostkey_bits = ev_num(ev, K_BITS, 0);
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

static void
hostkey_other(struct diag *d, const struct evidence *ev)
{
	if (!ev_is(ev, K_RESULT, "shown"))
		return;
	fact(d, ev, F_OTHERKEY_SHOWN);
	slot_field(d, SLOT_OTHERKEY_TYPE, 0, ev, K_TYPE);
	slot_field(d, SLOT_OTHERKEY_FP, 0, ev, K_FP);
	slot_field(d, SLOT_OTHERKEY_ALGS, 0, ev, K_OURS);
}

static void
known_elsewhere(struct diag *d, const struct evidence *ev)
{
	int64_t line = ev_num(ev, K_LINE, INT16_MAX);

	fact(d, ev, F_KNOWN_ELSEWHERE);
	slot_field(d, SLOT_ELSEWHERE, line, ev, K_NAME);
	slot_field(d, SLOT_ELSEWHERE_FILE, line, ev, K_FILE);
	slot_field(d, SLOT_ELSEWHERE_LINE, line, ev, K_LINE);
}

static void
known_write(struct diag *d, const struct evidence *ev)
{
	if (!ev_is(ev, K_RESULT, "no"))
		return;
	fact(d, ev, F_KNOWN_UNWRITABLE);
	if (ev_is(ev, K_OWNER, "self"))
		fact(d, ev, F_KNOWN_UNWRITABLE_OWN);
	slot_field(d, SLOT_UNWRITABLE, 0, ev, K_PATH);
	slot_field(d, SLOT_UNWRITABLE_TEXT, 0, ev, K_TEXT);
}

static void
hostkey_sshfp(struct diag *d, const struct evidence *ev)
{
	static const struct word_fact results[] = {
		{ "match", { F_SSHFP_MATCH } },
		{ "differs", { F_SSHFP_DIFFERS } },
	};

	if (word(d, ev, K_RESULT, results, COUNT(results)) && ev_num(ev, K_SECURE, 0) == 1)
		fact(d, ev, F_SSHFP_SECURE);
}

static void
proof_host(struct diag *d, const struct evidence *ev)
{
	static const struct word_fact whats[] = {
		{ "key", { F_PROOF_HOSTKEY } },
		{ "invalid", { F_HOST_CERT_INVALID } },
		{ "no-ca", { F_HOST_CERT_NO_CA } },
		{ "tries", { F_PROOF_TRIED } },
		{ "unanswered", { F_PROOF_MUTE } },
	};

	word(d, ev, K_WHAT, whats, COUNT(whats));
	if (ev_is(ev, K_WHAT, "tries"))
		slot_field(d, SLOT_PROOF_ADDR, last(ev), ev, K_ADDR);
	else if (ev_is(ev, K_WHAT, "unanswered"))
		slot_field(d, SLOT_PROOF_MUTE, 0, ev, K_ADDR);
	else if (ev_is(ev, K_WHAT, "key")) {
		slot_field(d, SLOT_PROOF_TYPE, 0, ev, K_TYPE);
		slot_field(d, SLOT_PROOF_FP, 0, ev, K_FP);
	} else if (ev_is(ev, K_WHAT, "invalid")) {
		slot_field(d, SLOT_HOST_CERT_TEXT, 0, ev, K_TEXT);
		if (holds(ev, K_TEXT, "principal"))
			fact(d, ev, F_HOST_CERT_NAME);
	} else if (ev_is(ev, K_WHAT, "cert")) {
		slot_field(d, SLOT_HOST_CERT, 0, ev, K_TEXT);
	}
}

const learner learners_transport[EV__COUNT] = {
	[EV_CONFIG_VALUE] = config_value,
	[EV_CONFIG_RESULT] = config_result,
	[EV_RESOLVE_ADDR] = resolve_addr,
	[EV_RESOLVE_RESULT] = resolve_result,
	[EV_RESOLVE_NAMES] = resolve_names,
	[EV_TCP_START] = tcp_start,
	[EV_TCP_SILENT] = tcp_silent,
	[EV_TCP_RESULT] = tcp_result,
	[EV_TRACE_HOP] = trace_hop,
	[EV_TRACE_RESULT] = trace_result,
	[EV_PORT_RESULT] = port_result,
	[EV_PROXY_LINE] = proxy_line,
	[EV_PROXY_RESULT] = proxy_result,
	[EV_BANNER_LINE] = banner_line,
	[EV_BANNER_IDENT] = banner_ident,
	[EV_BANNER_END] = banner_end,
	[EV_KEX_SERVER] = kex_server,
	[EV_KEX_AGREED] = kex_agreed,
	[EV_KEX_MISMATCH] = kex_mismatch,
	[EV_KEX_SILENT] = kex_silent,
	[EV_SEGMENT_RESULT] = segment_result,
	[EV_KEX_RESULT] = kex_result,
	[EV_KNOWN_ENTRY] = known_entry,
	[EV_HOSTKEY_OFFERED] = hostkey_offered,
	[EV_HOSTKEY_KRL] = hostkey_krl,
	[EV_HOSTKEY_OTHER] = hostkey_other,
	[EV_KNOWN_ELSEWHERE] = known_elsewhere,
	[EV_KNOWN_WRITE] = known_write,
	[EV_HOSTKEY_SSHFP] = hostkey_sshfp,
	[EV_PROOF_HOST] = proof_host,
};
