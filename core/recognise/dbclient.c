/*
 * Reads what Dropbear's client prints: a line that says how the connection ended, and a few of
 * the host's key. Its usual build has no debug lines. Called by the recogniser.
 */
#include <stdlib.h>

#include "readers.h"
#include "ssh_client.h"

static void
word(struct recogniser *r, enum ev_kind kind, enum ev_key key, const char *value, const char *text)
{
	CLIENT_EV(ev, kind);

	ev_str(&ev, key, value);
	if (text != NULL)
		ev_str(&ev, K_TEXT, text);
	client_say(r, &ev);
}

/* The host's key was shown: all before it works. */
static void
hostkey(struct recogniser *r, struct ssh_client *c)
{
	CLIENT_EV(ev, EV_HOSTKEY_OFFERED);

	if (c->hk_said)
		return;
	c->hk_said = true;
	word(r, EV_CONFIG_RESULT, K_RESULT, "ok", NULL);
	word(r, EV_KEX_RESULT, K_RESULT, "done", NULL);
	ev_str(&ev, K_TYPE, c->hk_type);
	ev_str(&ev, K_FP, c->hk_fp);
	client_say(r, &ev);
	client_probe_over(r, c, "knownhosts");
	client_probe_over(r, c, "hostkey");
}

/* ---- how it ended ------------------------------------------------------------------------ */

static void
connect_failed(struct recogniser *r, struct ssh_client *c, const char *why)
{
	static const struct {
		const char *text, *result;
	} names[] = {
		{ "Temporary failure", "temp" },
		{ "Name or service not known", "nxdomain" },
		{ "No address associated", "nodata" },
		{ "", "error" },
	};
	CLIENT_EV(ev, EV_TCP_RESULT);

	for (size_t i = 0; strstr(why, "Error resolving") != NULL; i++)
		if (strstr(why, names[i].text) != NULL) {
			word(r, EV_RESOLVE_RESULT, K_RESULT, names[i].result, why);
			return;
		}
	ev_str(&ev, K_ADDR, c->host);
	ev_int(&ev, K_PORT, c->port);
	ev_int(&ev, K_ORDER, 0);
	ev_str(&ev, K_RESULT,
	    strstr(why, "refused") != NULL       ? "refused"
	    : strstr(why, "timed out") != NULL   ? "timeout"
	    : strstr(why, "No route") != NULL    ? "unreachable"
	    : strstr(why, "unreachable") != NULL ? "unreachable"
						 : "error");
	ev_str(&ev, K_TEXT, why);
	client_say(r, &ev);
	client_probe_over(r, c, "tcp");
}

/* "No matching algo enc c->s": neither list is in it. */
static void
no_match(struct recogniser *r, const char *which)
{
	static const struct {
		const char *word, *what, *option;
	} rows[] = {
		{ "hostkey", "hostkey", "HostKeyAlgorithms" },
		{ "enc", "cipher", "Ciphers" },
		{ "mac", "mac", "MACs" },
		{ "comp", "comp", "Compression" },
		{ "", "kex", "KexAlgorithms" },
	};
	CLIENT_EV(ev, EV_KEX_MISMATCH);
	size_t i = 0;

	while (strstr(which, rows[i].word) == NULL)
		i++;
	ev_str(&ev, K_WHAT, rows[i].what);
	ev_str(&ev, K_OPTION, rows[i].option);
	ev_str(&ev, K_OURS, "what is not in the text");
	ev_str(&ev, K_THEIRS, "what dbclient does not name");
	client_say(r, &ev);
}

static void
auth_over(struct recogniser *r, struct ssh_client *c, const char *reason, const char *text)
{
	word(r, EV_AUTH_END, K_REASON, reason, text);
	client_probe_over(r, c, "auth");
}

/* The same words mean another step before the host's key was accepted and behind it. */
static void
exited(struct recogniser *r, struct ssh_client *c, const char *why)
{
	bool disconnect = strstr(why, "Disconnect received") != NULL;

	if (strncmp(why, "Connect failed: ", 16) == 0) {
		connect_failed(r, c, why + 16);
	} else if (strncmp(why, "No matching algo", 16) == 0) {
		no_match(r, why + 16);
		word(r, EV_KEX_RESULT, K_RESULT, "error", why);
	} else if (strncmp(why, "No auth methods could be used", 29) == 0) {
		hostkey(r, c);
		client_says(r, "hostkey-taken", NULL, NULL, 0);
		word(r, EV_AUTH_METHODS, K_METHODS, "publickey", NULL);
		auth_over(r, c, "done", NULL);
	} else if (c->trusted && (disconnect || strstr(why, "Remote closed") != NULL)) {
		auth_over(r, c, disconnect ? "disconnect" : "closed", why);
	} else if (strstr(why, "Remote closed the connection") != NULL) {
		word(r, EV_CONFIG_RESULT, K_RESULT, "ok", NULL);
		word(r, EV_BANNER_END, K_REASON, "eof", NULL);
	}
}

/* ---- lines ----------------------------------------------------------------------------------- */

static void
learn_case(struct recogniser *r, struct ssh_client *c, const struct hole *h)
{
	const char *at = strrchr(h[1].s, '@');
	size_t n = at != NULL ? (size_t)(at - h[1].s) : 0;

	text_copy(c->host, sizeof c->host, at != NULL ? at + 1 : h[1].s);
	c->port = strtoll(h[2].s, NULL, 10);
	if (n < sizeof c->user) {
		memcpy(c->user, h[1].s, n);
		c->user[n] = '\0';
	}
	recognise_case(r, c->host, n > 0 ? c->user : NULL, c->port);
}

static bool
is_fingerprint(const struct line *l, struct hole *h)
{
	return line_match(l->s, "(%s fingerprint %q)", h, HOLES);
}

static enum claim
dbclient_claims(const struct recogniser *r, const void *state, const struct line *l)
{
	const struct ssh_client *c = state;
	struct hole h[HOLES];

	(void)r;
	if (line_match(l->s, "%qdbclient: Connection to %s:%d exited: %q", h, HOLES) ||
	    line_match(l->s, "%qdbclient: %*", h, HOLES) ||
	    line_match(l->s, "Host '%q' key accepted unconditionally.", h, HOLES) ||
	    line_match(l->s, "Host '%q' is not in the trusted hosts file.", h, HOLES) ||
	    line_match(l->s, "%s host key mismatch for %q !", h, HOLES))
		return CLAIM_CERTAIN;
	return c->began && l->len > 0 ? CLAIM_PART : CLAIM_NONE;
}

static bool
dbclient_take(struct recogniser *r, void *state, const struct line *l)
{
	struct ssh_client *c = state;
	struct hole h[HOLES] = { 0 };

	c->began = true;
	if (!recognise_options(r)->client) {
		if (line_holds(l, " exited: "))
			recognise_other(r, l, "another login");
		return true;
	}
	if (line_match(l->s, "%qdbclient: Connection to %s:%d exited: %q", h, HOLES)) {
		learn_case(r, c, h);
		exited(r, c, strstr(l->s, " exited: ") + strlen(" exited: "));
	} else if (line_match(l->s, "Host '%q' key accepted unconditionally.", h, HOLES)) {
		recognise_case(r, h[0].s, NULL, 0);
		c->trusted = true;
	} else if (line_match(l->s, "Host '%q' is not in the trusted hosts file.", h, HOLES)) {
		recognise_case(r, h[0].s, NULL, 0);
	} else if (line_match(l->s, "%s host key mismatch for %q !", h, HOLES)) {
		CLIENT_EV(ev, EV_KNOWN_ENTRY);

		recognise_case(r, h[1].s, NULL, 0);
		text_copy(c->hk_type, sizeof c->hk_type, h[0].s);
		ev_str(&ev, K_TYPE, h[0].s);
		ev_str(&ev, K_FP, "(not shown)");
		ev_str(&ev, K_MARKER, "none");
		client_say(r, &ev);
		hostkey(r, c);
	} else if (is_fingerprint(l, h)) {
		text_copy(c->hk_type, sizeof c->hk_type, h[0].s);
		text_copy(c->hk_fp, sizeof c->hk_fp, h[1].s);
		hostkey(r, c);
		if (c->trusted)
			client_says(r, "hostkey-taken", NULL, NULL, 0);
	} else {
		return false;
	}
	return true;
}

const struct reader reader_dbclient = { "dbclient", sizeof(struct ssh_client), dbclient_claims,
	dbclient_take, NULL };
