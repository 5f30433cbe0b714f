/*
 * What follows from the tables of a diagnosis as a whole: facts that no single line
 * says, and the words for them. Begins from the base facts each time, so it
 * may run at any moment and again. Part of diag.h.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "diag_internal.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static const struct {
	int trips, allow_ms;
} costs[PH__COUNT] = {
#define PHASE(id, name, json, trips, allow, help) [PH_##id] = { trips, allow },
#include "phase.def"
#undef PHASE
};

/* Slots that this file fills; they are emptied before. */
/* clang-format off */
static const enum slot derived_slots[] = {
	SLOT_ADDR, SLOT_MUTE_ADDR, SLOT_TRACE, SLOT_VOUCH,
	SLOT_SSHARGS, SLOT_SSHARGS_NOPORT, SLOT_SSHARGS_NOJUMP, SLOT_SSHARGS_BINDANY,
	SLOT_MSS_MTU, SLOT_LOST_MS, SLOT_FAMILY,
	SLOT_KNOWN_FP, SLOT_KNOWN_FILE, SLOT_KNOWN_LINE, SLOT_KNOWN_NAME,
	SLOT_KEY_PATH, SLOT_KEY_FP, SLOT_KEY_MODE,
	SLOT_LEFT_KEY, SLOT_LEFT_TYPE,
	SLOT_OTHER_KEY, SLOT_OTHER_KEY_FP,
	SLOT_OPEN_KEY, SLOT_OPEN_MODE, SLOT_BAD_KEY, SLOT_ENC_KEY, SLOT_MISMATCH_KEY,
	SLOT_KEYS_ASKED, SLOT_KEYS_REFUSED,
	SLOT_RTT, SLOT_ECHO, SLOT_SLOW_MS, SLOT_SLOW_BUDGET, SLOT_TOTAL_MS,
	SLOT_TIME_CONFIG, SLOT_TIME_RESOLVE, SLOT_TIME_TCP, SLOT_TIME_PROXY, SLOT_TIME_BANNER,
	SLOT_TIME_KEX, SLOT_TIME_NONE, SLOT_TIME_GSS, SLOT_TIME_SIGN, SLOT_TIME_CHANNEL, SLOT_TIME_SHELL,
};
/* clang-format on */

static bool
has(const struct diag *d, enum fact f)
{
	return fact_has(&d->facts, f);
}

/* Add a derived fact with the evidence of a table's row (or NULL). */
static void
say(struct diag *d, enum fact f, const uint32_t *ev)
{
	fact_add(&d->facts, f);
	for (int i = 0; ev != NULL && i < DIAG_EV; i++)
		fact_note(d, f, ev[i]);
}

/* Add f if the condition holds, with the evidence of another fact. */
static void
follow(struct diag *d, bool holds, enum fact f, enum fact from)
{
	if (holds)
		say(d, f, fact_ev(d, from));
}

static void
put(struct diag *d, enum slot s, const char *text)
{
	slot_fill(d, s, text);
}

static void
put_num(struct diag *d, enum slot s, int64_t num)
{
	char text[DIAG_NUMBER_LEN];

	snprintf(text, sizeof text, "%" PRId64, num);
	put(d, s, text);
}

/* A path that did not fit its table would be another path: then there is none to show. */
static void
put_path(struct diag *d, enum slot s, const struct diag_key *k)
{
	if (k->named <= 1 && strlen(k->name) < sizeof k->name - 4)
		put(d, s, k->name);
}

/* ---- the user's own options ------------------------------------------------------------ */

/* The next quoted word of a shell line (as text_shell_quote makes them): its raw span, and its plain text. */
static bool
next_word(const char **line, const char **raw, size_t *len, char *plain, size_t cap)
{
	const char *p = *line + strspn(*line, " ");
	struct strbuf sb;
	bool quoted = false;

	sb_init(&sb, plain, cap);
	for (*raw = p; *p != '\0' && (quoted || *p != ' '); p++) {
		if (*p == '\'')
			quoted = !quoted;
		else if (!quoted && *p == '\\' && p[1] != '\0')
			sb_putc(&sb, *++p);
		else
			sb_putc(&sb, *p);
	}
	*len = (size_t)(p - *raw);
	*line = p;
	return *len > 0;
}

/* Whether the value of -o sets that keyword: "Port=22", "port 22". */
static bool
sets(const char *value, const char *keyword)
{
	size_t n = strlen(keyword);

	return strncasecmp(value, keyword, n) == 0 && (value[n] == '=' || value[n] == ' ');
}

/* The user's options without those that set one thing: by a letter ("-p"), or by -o and its keyword. */
static void
args_without(struct diag *d, enum slot s, const char *letter, const char *keyword)
{
	const char *line = d->args, *raw, *second;
	char plain[512], value[512];
	size_t len, second_len;
	struct strbuf sb;

	slot_begin(d, s, &sb);
	while (next_word(&line, &raw, &len, plain, sizeof plain)) {
		const char *rest = line;
		bool pair = (strcmp(plain, letter) == 0 || strcmp(plain, "-o") == 0) &&
			    next_word(&rest, &second, &second_len, value, sizeof value);
		bool drop = strncmp(plain, letter, 2) == 0 ||
			    (strncmp(plain, "-o", 2) == 0 && sets(plain + 2, keyword)) ||
			    (pair && strcmp(plain, "-o") == 0 && sets(value, keyword));

		if (pair) {
			len = (size_t)(second + second_len - raw);
			line = rest;
		}
		if (drop)
			continue;
		if (sb.len > 0)
			sb_putc(&sb, ' ');
		sb_add(&sb, raw, len);
	}
}

static void
derive_config(struct diag *d)
{
	put(d, SLOT_SSHARGS, d->args);
	args_without(d, SLOT_SSHARGS_NOPORT, "-p", "port");
	args_without(d, SLOT_SSHARGS_NOJUMP, "-J", "proxyjump");
	follow(d, has(d, F_CONFIG_OK) && !has(d, F_PROXY), F_DIRECT, F_CONFIG_OK);
	follow(d, has(d, F_CONFIG_OK) && !has(d, F_STRICT_YES) && !has(d, F_STRICT_OFF),
	    F_STRICT_ASK, F_CONFIG_OK);
	follow(d, has(d, F_PROXY_START_FAILED), F_PROXY_FAILED, F_PROXY_START_FAILED);
	follow(d, has(d, F_PROXY_ENDED) && !has(d, F_IDENT) && !has(d, F_BANNER_TEXT),
	    F_PROXY_FAILED, F_PROXY_ENDED);
}

/* ---- TCP --------------------------------------------------------------------------------- */

static const enum fact outcome_facts[ADDR__COUNT] = {
	[ADDR_REFUSED_LOCAL] = F_TCP_REFUSED_LOCAL,
	[ADDR_REFUSED_ICMP] = F_TCP_REFUSED_ICMP,
	[ADDR_PROHIBITED] = F_TCP_PROHIBITED,
	[ADDR_REFUSED] = F_TCP_REFUSED_RST,
	[ADDR_HOST_UNREACH] = F_TCP_HOST_UNREACH,
	[ADDR_NEIGHBOUR] = F_TCP_NEIGHBOUR,
	[ADDR_TIMEOUT] = F_TCP_TIMEOUT,
	[ADDR_UNBOUND] = F_TCP_UNBOUND,
	[ADDR_OTHER] = F_TCP_OTHER,
	[ADDR_NO_ROUTE] = F_TCP_NO_ROUTE,
};

/*
 * What an address comes to; one that was still tried when all was over never answered, or ssh never came to
 * connect to it, as what it is to connect from is not there.
 */
static enum addr_outcome
outcome_now(const struct diag *d, const struct diag_addr *a)
{
	if (a->result != ADDR_TRYING || !a->started || a->cancelled)
		return a->result;
	if (has(d, F_TCP_DONE))
		return has(d, F_BIND_ADDRESS) ? ADDR_TRYING : ADDR_TIMEOUT;
	return a->silent ? ADDR_SILENT : ADDR_TRYING;
}

/* ssh tries one address after the other: it waits for the first of them, whatever the others do. */
static void
derive_first_address(struct diag *d)
{
	const struct diag_addr *first = NULL;

	for (int i = 0; i < d->naddrs; i++)
		if (d->addrs[i].started && (first == NULL || d->addrs[i].order < first->order))
			first = &d->addrs[i];
	if (first == NULL || !has(d, F_TCP_OPEN) ||
	    (first->result != ADDR_TIMEOUT && (first->result != ADDR_TRYING || !first->cancelled)))
		return;
	say(d, F_TCP_FIRST_MUTE, first->ev);
	put(d, SLOT_MUTE_ADDR, first->addr);
	if ((strchr(first->addr, ':') != NULL) != (strchr(slot_stored(d, SLOT_ADDR), ':') != NULL))
		put(d, SLOT_FAMILY, strchr(first->addr, ':') != NULL ? "-4" : "-6");
	follow(d, has(d, F_PROOF_MUTE) && strcmp(slot_stored(d, SLOT_PROOF_MUTE), first->addr) == 0,
	    F_FIRST_TIMED_OUT, F_PROOF_MUTE);
	follow(d,
	    has(d, F_PROOF_TRIED) && strcmp(slot_stored(d, SLOT_PROOF_ADDR), first->addr) == 0,
	    F_FIRST_HELD_SSH, F_PROOF_TRIED);
}

/* The first BindAddress that ssh reads counts, but for -b, and stands before BindInterface. */
static void
derive_bind(struct diag *d)
{
	const char *any = strchr(slot_stored(d, SLOT_ADDR), ':') != NULL ? "::" : "0.0.0.0";
	char rest[DIAG_LONG_LEN];
	struct strbuf sb;

	args_without(d, SLOT_SSHARGS_BINDANY, "-b", "bindaddress");
	text_copy(rest, sizeof rest, slot_stored(d, SLOT_SSHARGS_BINDANY));
	slot_begin(d, SLOT_SSHARGS_BINDANY, &sb);
	sb_puts(&sb, "-o BindAddress=");
	sb_puts(&sb, any);
	sb_puts(&sb, rest[0] != '\0' ? " " : "");
	sb_puts(&sb, rest); /* cut where it is too long: fix_complete sees that */
}

static void
derive_tcp(struct diag *d)
{
	enum addr_outcome best = ADDR_TRYING;
	struct diag_addr *chosen = NULL;

	for (int i = 0; i < d->naddrs; i++) {
		struct diag_addr *a = &d->addrs[i];

		a->outcome = outcome_now(d, a);
		if (chosen == NULL || a->outcome < best ||
		    (a->outcome == best && a->order < chosen->order)) {
			best = a->outcome;
			chosen = a;
		}
	}
	if (chosen == NULL)
		return;
	put(d, SLOT_ADDR, chosen->addr);
	derive_bind(d);
	if (best == ADDR_OPEN || has(d, F_TCP_OPEN))
		return;
	if (has(d, F_TCP_DONE) && best != ADDR_TRYING) {
		say(d, F_TCP_FAILED, fact_ev(d, F_TCP_DONE));
		if (outcome_facts[best] != F_NONE)
			say(d, outcome_facts[best], chosen->ev);
	} else if (best == ADDR_SILENT) {
		say(d, F_TCP_SILENT, chosen->ev);
	}
}

/* An address that only a private network or this link has (RFC 1918, RFC 4193, RFC 3927, RFC 6598). */
static bool
is_private(const char *addr)
{
	unsigned a, b;

	if (strchr(addr, ':') != NULL)
		return strncasecmp(addr, "fc", 2) == 0 || strncasecmp(addr, "fd", 2) == 0 ||
		       strncasecmp(addr, "fe80", 4) == 0;
	if (sscanf(addr, "%u.%u.", &a, &b) != 2)
		return false;
	return a == 10 || a == 127 || (a == 172 && b >= 16 && b < 32) || (a == 192 && b == 168) ||
	       (a == 169 && b == 254) || (a == 100 && b >= 64 && b < 128);
}

/* What the look at the way shows, as a sentence of its own. */
static void
derive_trace(struct diag *d)
{
	const char *hop = slot_stored(d, SLOT_TRACE_HOP), *ttl = slot_stored(d, SLOT_TRACE_TTL);
	struct strbuf sb;

	follow(d,
	    has(d, F_TRACE_DONE) && !has(d, F_TRACE_BEYOND) &&
		!is_private(slot_stored(d, SLOT_ADDR)),
	    F_TRACE_GATEWAY, F_TRACE_DONE);
	slot_begin(d, SLOT_TRACE, &sb);
	if (!has(d, F_TRACE_DONE))
		sb_puts(&sb, "How far the packets come is not known.");
	else if (!has(d, F_TRACE_HOP))
		sb_puts(&sb,
		    "No router on the way says a word of packets to this port, our own gateway "
		    "neither.");
	else if (!has(d, F_TRACE_BEYOND))
		sb_printf(&sb, "On this port the answers stop behind %s, our own gateway.", hop);
	else
		sb_printf(&sb, "On this port the answers stop behind %s, hop %s of the way%s.", hop,
		    ttl, has(d, F_TRACE_NEAR) ? ", in the host's own network" : "");
}

/*
 * A path that may be told to carry less: what the small segments showed to pass with their headers, or what every
 * IPv6 path must carry (RFC 8200 section 5).
 */
static void
derive_segments(struct diag *d)
{
	enum { HEADERS = 40, IPV6_MIN = 1280 };

	if (!has(d, F_SMALL_PASSES) || slot_stored(d, SLOT_MSS)[0] == '\0')
		return;
	if (strchr(slot_stored(d, SLOT_ADDR), ':') != NULL)
		put_num(d, SLOT_MSS_MTU, IPV6_MIN);
	else
		put_num(d, SLOT_MSS_MTU, strtoll(slot_stored(d, SLOT_MSS), NULL, 10) + HEADERS);
}

/* ---- host key -------------------------------------------------------------------------------- */

enum known_relation {
	KNOWN_REVOKED,
	KNOWN_SAME,
	KNOWN_OTHER,
	KNOWN_SAME_BARE,
	KNOWN_OTHER_TYPE,
	KNOWN_NOTHING
};

/*
 * What a line means for the key shown; the first relation in the list that
 * any line has decides. ssh looks under the bare name only where the name
 * with its port does not say another key, and then only for the same key.
 */
static enum known_relation
relation(const struct diag *d, const struct diag_known *k)
{
	bool same = strcmp(k->fp, slot_stored(d, SLOT_HOSTKEY_FP)) == 0;

	if (k->revoked)
		return same ? KNOWN_REVOKED : KNOWN_NOTHING;
	if (k->ca)
		return KNOWN_NOTHING;
	if (k->bare)
		return same ? KNOWN_SAME_BARE : KNOWN_NOTHING;
	if (same)
		return KNOWN_SAME;
	return strcmp(k->type, slot_stored(d, SLOT_HOSTKEY_TYPE)) == 0 ? KNOWN_OTHER
								       : KNOWN_OTHER_TYPE;
}

static void
put_known(struct diag *d, const struct diag_known *k)
{
	put(d, SLOT_KNOWN_FP, k->fp);
	if (strlen(k->file) < sizeof k->file - 4)
		put(d, SLOT_KNOWN_FILE, k->file);
	if (strlen(k->name) < sizeof k->name - 4)
		put(d, SLOT_KNOWN_NAME, k->name);
	if (k->line > 0)
		put_num(d, SLOT_KNOWN_LINE, k->line);
}

/* No key was shown: the name under which one is kept, by the first line that is not revoked. */
static void
put_kept_name(struct diag *d)
{
	for (int i = 0; i < d->nknown; i++)
		if (!d->known[i].revoked && !d->known[i].ca) {
			put_known(d, &d->known[i]);
			return;
		}
}

/* Whether the connection stays on this machine (sockaddr_is_local of sshconnect.c). */
static bool
is_loopback(const struct diag *d)
{
	const char *addr = slot_stored(d, SLOT_ADDR);

	return has(d, F_TCP_OPEN) && (strncmp(addr, "127.", 4) == 0 || strcmp(addr, "::1") == 0);
}

static void
derive_hostkey(struct diag *d)
{
	static const enum fact facts[] = { F_HOSTKEY_REVOKED, F_HOSTKEY_MATCH, F_HOSTKEY_CHANGED,
		F_HOSTKEY_MATCH, F_HOSTKEY_OTHER_TYPE };
	const struct diag_known *found[KNOWN_NOTHING + 1] = { NULL };
	int r = KNOWN_REVOKED;

	if (has(d, F_LOCALHOST_UNCHECKED) && has(d, F_HOSTKEY_DONE) && is_loopback(d)) {
		follow(d, has(d, F_HOSTKEY), F_HOSTKEY_MATCH, F_HOSTKEY);
		follow(d, has(d, F_HOSTKEY), F_TRUSTED, F_HOSTKEY);
		return;
	}
	/* A text shows that ssh went on behind the key; what made it do so, it may not show. */
	follow(d, has(d, F_HOSTKEY_TAKEN), F_TRUSTED, F_HOSTKEY_TAKEN);
	if (has(d, F_TCP_FAILED))
		put_kept_name(d);
	if (has(d, F_HOSTKEY_TAKEN) || !has(d, F_KNOWN_DONE) || !has(d, F_HOSTKEY))
		return;
	for (int i = 0; i < d->nknown; i++) {
		enum known_relation rel = relation(d, &d->known[i]);

		if (found[rel] == NULL)
			found[rel] = &d->known[i];
	}
	while (r < KNOWN_NOTHING && found[r] == NULL)
		r++;
	if (has(d, F_KRL_REVOKED))
		r = KNOWN_REVOKED;
	if (r < KNOWN_NOTHING) {
		say(d, facts[r], fact_ev(d, F_HOSTKEY));
		if (found[r] != NULL) {
			say(d, facts[r], found[r]->ev);
			put_known(d, found[r]);
		}
	}
	follow(d, has(d, F_KRL_REVOKED), F_HOSTKEY_REVOKED, F_KRL_REVOKED);
	follow(d, r >= KNOWN_OTHER_TYPE, F_HOSTKEY_UNKNOWN, F_HOSTKEY);
	follow(d, has(d, F_HOSTKEY_DONE) && (r == KNOWN_SAME || r == KNOWN_SAME_BARE), F_TRUSTED,
	    F_HOSTKEY_MATCH);
	follow(d, has(d, F_HOSTKEY_DONE) && r >= KNOWN_OTHER_TYPE && has(d, F_STRICT_OFF),
	    F_TRUSTED, F_HOSTKEY);
	follow(d,
	    has(d, F_HOSTKEY_UNKNOWN) && has(d, F_HOSTKEY_DONE) && !has(d, F_TRUSTED) &&
		((has(d, F_KNOWN_CA) && has(d, F_HOST_CERT)) || has(d, F_KNOWN_COMMAND) ||
		    has(d, F_HOSTKEY_DNS)),
	    F_SSH_MAY_TRUST, F_HOSTKEY);
}

/* What the other connection showed, against what is known; a revoked line vouches for nothing. */
/* ssh refuses such a key before it looks at known_hosts (verify_host_key of sshconnect.c, 9.1 and later). */
static void
derive_hostkey_length(struct diag *d)
{
	follow(d,
	    has(d, F_HOSTKEY) && has(d, F_AGREED_RSA) && d->hostkey_bits > 0 &&
		d->hostkey_bits < d->rsa_min,
	    F_HOSTKEY_BELOW, F_HOSTKEY);
}

static void
derive_otherkey(struct diag *d)
{
	const uint32_t *ev = fact_ev(d, F_OTHERKEY_SHOWN);
	bool known = false, match = false, revoked = false;

	for (int i = 0; i < d->nknown && has(d, F_OTHERKEY_SHOWN); i++) {
		const struct diag_known *k = &d->known[i];
		bool same = strcmp(k->fp, slot_stored(d, SLOT_OTHERKEY_FP)) == 0;

		revoked = revoked || (k->revoked && same);
		if (k->revoked || k->ca || k->bare ||
		    strcmp(k->type, slot_stored(d, SLOT_OTHERKEY_TYPE)) != 0)
			continue;
		known = true;
		match = match || same;
	}
	if (known && !revoked)
		say(d, match ? F_OTHERKEY_MATCH : F_OTHERKEY_DIFFERS, ev);
}

/* What else is known of a key that is not known for this name, as sentences of their own. */
static void
derive_vouch(struct diag *d)
{
	struct strbuf sb;

	slot_begin(d, SLOT_VOUCH, &sb);
	if (has(d, F_KNOWN_ELSEWHERE))
		sb_printf(&sb, "The same key is kept for %s in %s line %s.",
		    slot_stored(d, SLOT_ELSEWHERE), slot_stored(d, SLOT_ELSEWHERE_FILE),
		    slot_stored(d, SLOT_ELSEWHERE_LINE));
	if (has(d, F_SSHFP_MATCH) || has(d, F_SSHFP_DIFFERS))
		sb_printf(&sb, "%sThe SSHFP record in DNS names %s key (%s).",
		    sb.len > 0 ? " " : "", has(d, F_SSHFP_MATCH) ? "this very" : "another",
		    has(d, F_SSHFP_SECURE) ? "signed, says your resolver" : "unsigned, no proof");
	if (sb.len == 0)
		sb_puts(&sb, "Nothing else that was looked at speaks for it.");
}

/* Two connections within seconds were shown two keys of one type: there are two machines. */
static void
derive_backends(struct diag *d)
{
	follow(d,
	    has(d, F_HOSTKEY) && has(d, F_PROOF_HOSTKEY) &&
		strcmp(slot_stored(d, SLOT_PROOF_TYPE), slot_stored(d, SLOT_HOSTKEY_TYPE)) == 0 &&
		strncmp(slot_stored(d, SLOT_PROOF_FP), "SHA256:", 7) == 0 &&
		strncmp(slot_stored(d, SLOT_HOSTKEY_FP), "SHA256:", 7) == 0 &&
		strcmp(slot_stored(d, SLOT_PROOF_FP), slot_stored(d, SLOT_HOSTKEY_FP)) != 0,
	    F_BACKENDS, F_PROOF_HOSTKEY);
}

/* ---- keys ---------------------------------------------------------------------------------------- */

static bool
is_left_out(const struct diag_key *k)
{
	return !k->listed && (k->left_type || k->left_sha1 || k->left_short);
}

/* Whether ssh would put the key before the server: from a file that it names, or from the agent. */
static bool
would_offer(const struct diag *d, const struct diag_key *k)
{
	bool file = k->config && k->in_file && !k->unparsable && (!k->open || k->pub) &&
		    (!k->encrypted || k->pub);
	bool agent = k->in_agent && (k->config || !has(d, F_IDENTITIES_ONLY));

	return !has(d, F_CFG_NO_PUBKEY) && !is_left_out(k) && (file || agent || k->listed);
}

/* A key whose private half ssh cannot use as it is: the facts for it, by what the server said of it. */
static void
unusable(
    struct diag *d, const struct diag_key *k, enum fact is, enum fact accepted, enum fact unasked)
{
	say(d, is, k->ev);
	if (k->accepted)
		say(d, accepted, k->ev);
	else if (!k->refused)
		say(d, unasked, k->ev);
}

static void
derive_broken_key(struct diag *d, const struct diag_key *k)
{
	if (!k->config || k->in_agent || k->missing)
		return;
	if (k->open) {
		unusable(d, k, F_KEY_PERMS_OPEN, F_KEY_OPEN_ACCEPTED, F_KEY_OPEN_UNASKED);
		if (slot_stored(d, SLOT_OPEN_KEY)[0] == '\0' || k->accepted) {
			put_path(d, SLOT_OPEN_KEY, k);
			put(d, SLOT_OPEN_MODE, k->mode);
		}
	} else if (k->unparsable) {
		unusable(d, k, F_KEY_UNPARSABLE, F_KEY_BAD_ACCEPTED, F_KEY_BAD_UNASKED);
		if (slot_stored(d, SLOT_BAD_KEY)[0] == '\0' || k->accepted)
			put_path(d, SLOT_BAD_KEY, k);
	} else if (k->encrypted) {
		unusable(d, k, F_KEY_ENCRYPTED, F_KEY_ENCRYPTED_ACCEPTED, F_KEY_ENCRYPTED_UNASKED);
		if (slot_stored(d, SLOT_ENC_KEY)[0] == '\0' || k->accepted)
			put_path(d, SLOT_ENC_KEY, k);
	} else if (k->pub_only && k->accepted) {
		say(d, F_KEY_PUBLIC_ACCEPTED, k->ev);
		put_path(d, SLOT_PUB_KEY, k);
	} else if (k->mismatch) {
		say(d, F_KEY_MISMATCH, k->ev);
		if (k->accepted && !k->listed)
			say(d, F_MISMATCH_ACCEPTED, k->ev);
		else if (k->refused)
			say(d, F_MISMATCH_REFUSED, k->ev);
		if (slot_stored(d, SLOT_MISMATCH_KEY)[0] == '\0' || k->accepted)
			put_path(d, SLOT_MISMATCH_KEY, k);
	}
}

/* What the server said of the key that only another Host block names. */
static void
derive_block_key(struct diag *d)
{
	bool asked = false;

	for (int i = 0; i < d->nkeys && has(d, F_BLOCK_KEY); i++) {
		const struct diag_key *k = &d->keys[i];

		if (strcmp(k->name, slot_stored(d, SLOT_BLOCK_KEY)) != 0)
			continue;
		asked = asked || k->accepted || k->refused;
		if (k->accepted && !k->listed)
			say(d, F_BLOCK_KEY_ACCEPTED, k->ev);
	}
	follow(d, has(d, F_BLOCK_KEY) && !asked, F_BLOCK_KEY_UNASKED, F_BLOCK_KEY);
}

/* A key of ssh's list that it does not put to the server. */
static void
derive_left_out(struct diag *d, const struct diag_key *k)
{
	if (!is_left_out(k))
		return;
	say(d, F_LEFT_OUT, k->ev);
	if (!k->accepted) {
		say(d, k->refused ? F_KEY_REFUSED : F_LEFT_OUT_UNASKED, k->ev);
	} else {
		say(d,
		    k->left_short  ? F_LEFT_SHORT_ACCEPTED
		    : k->left_type ? F_LEFT_TYPE_ACCEPTED
				   : F_LEFT_SHA1_ACCEPTED,
		    k->ev);
	}
	if (slot_stored(d, SLOT_LEFT_KEY)[0] == '\0' || k->accepted) {
		put(d, SLOT_LEFT_KEY, k->name);
		put(d, SLOT_LEFT_TYPE, k->type);
	}
}

static void
derive_answer(struct diag *d, const struct diag_key *k)
{
	if (!k->asked)
		return;
	say(d, F_KEY_ASKED, k->ev);
	if (k->listed && k->refused && !k->accepted)
		say(d, F_KEY_REFUSED, k->ev);
	if (k->listed && k->accepted)
		say(d, F_KEY_ACCEPTED, k->ev);
	if (k->listed && k->accepted &&
	    (strcmp(k->type, "ssh-rsa") == 0 || strncmp(k->type, "sk-", 3) == 0))
		say(d, F_KEY_ACCEPTED_FUSSY, k->ev);
	if (k->unserved && k->refused && !k->accepted)
		say(d, F_KEY_UNSERVED, k->ev);
	if (k->misnamed && k->accepted && k->listed && !k->in_agent)
		say(d, F_MISNAMED_ACCEPTED, k->ev);
	if (!k->listed && k->accepted && !is_left_out(k) && !k->mismatch) {
		say(d, F_OTHER_KEY_ACCEPTED, k->ev);
		if (k->in_agent && !k->in_file)
			say(d, F_OTHER_AGENT_ACCEPTED, k->ev);
		if (k->in_agent && !k->in_file)
			put(d, SLOT_OTHER_KEY, k->name); /* the agent's comment */
		else
			put_path(d, SLOT_OTHER_KEY, k);
		put(d, SLOT_OTHER_KEY_FP, k->fp);
	}
}

static void
derive_keys(struct diag *d)
{
	int asked = 0, refused = 0;

	for (int i = 0; i < d->nkeys; i++) {
		const struct diag_key *k = &d->keys[i];

		asked += k->asked;
		refused += k->refused && !k->accepted;
		if (would_offer(d, k))
			say(d, F_KEY_TO_OFFER, k->ev);
		if (k->cert_expired)
			say(d, F_CERT_EXPIRED, k->ev);
		derive_broken_key(d, k);
		derive_left_out(d, k);
		derive_answer(d, k);
		if (k->config && k->in_file && slot_stored(d, SLOT_KEY_PATH)[0] == '\0') {
			put_path(d, SLOT_KEY_PATH, k);
			put(d, SLOT_KEY_FP, k->fp);
			put(d, SLOT_KEY_MODE, k->mode);
		}
	}
	derive_block_key(d);
	/*
	 * A locked agent hides its keys. One without session binding refuses that too: an old one, or one of
	 * another make. What stands in ssh's own words does not tell those; here the program does, and the age of the ssh beside it.
	 */
	follow(d,
	    has(d, F_AGENT_EMPTY) && has(d, F_AGENT_BIND_REFUSED) &&
		(has(d, F_TEXT_ONLY) || (has(d, F_AGENT_OPENSSH) && has(d, F_CFG_SINCE_92))),
	    F_AGENT_LOCKED, F_AGENT_BIND_REFUSED);
	put_num(d, SLOT_KEYS_ASKED, asked);
	put_num(d, SLOT_KEYS_REFUSED, refused);
}

static void
derive_auth(struct diag *d)
{
	static const enum fact otherwise[] = { F_LOGIN_OK, F_LOGIN_PARTIAL, F_LOGIN_DENIED,
		F_LOGIN_CLOSED, F_LOGIN_UNSUPPORTED, F_LOGIN_ERROR, F_AUTH_TOO_MANY,
		F_AUTH_DISCONNECT, F_AUTH_CLOSED, F_AUTH_TIMEOUT, F_AUTH_ERROR };
	bool exhausted = has(d, F_AUTH_DONE) && has(d, F_METHODS);

	follow(d, has(d, F_METHOD_PASSWORD) && !has(d, F_CFG_NO_PASSWORD), F_METHOD_HUMAN,
	    F_METHOD_PASSWORD);
	follow(d, has(d, F_METHOD_KBDINT) && !has(d, F_CFG_NO_KBDINT), F_METHOD_HUMAN,
	    F_METHOD_KBDINT);
	for (size_t i = 0; i < COUNT(otherwise); i++)
		exhausted = exhausted && !has(d, otherwise[i]);
	/* A ticket, a host's own key or a token may still get in: ssh itself shows it. */
	follow(d,
	    exhausted && has(d, F_TRUSTED) &&
		((has(d, F_METHOD_GSSAPI) && has(d, F_CFG_GSSAPI)) ||
		    (has(d, F_METHOD_HOSTBASED) && has(d, F_CFG_HOSTBASED)) ||
		    (has(d, F_METHOD_PUBLICKEY) && has(d, F_CFG_PKCS11))),
	    F_SSH_MAY_LOGIN, F_METHODS);
	follow(d,
	    exhausted && !has(d, F_PROOF_OK) &&
		(!has(d, F_SSH_MAY_LOGIN) || has(d, F_PROOF_FAILED)),
	    F_AUTH_EXHAUSTED, F_METHODS);
}

/* ---- time ------------------------------------------------------------------------------------------ */

enum {
	OVER_US = 300 * 1000,
	MUCH_US = 1000 * 1000,
	RTT_HIGH_US = 150 * 1000,
	SLOW_LOGIN_US = 3000 * 1000
};

/* The phases in order, the facts for being over budget, and the slot for the words. */
static const struct {
	enum phase phase;
	enum fact over, much;
	enum slot words;
} judged[] = {
	{ PH_CONFIG, F_OVER_CONFIG, F_MUCH_CONFIG, SLOT_TIME_CONFIG },
	{ PH_RESOLVE, F_OVER_RESOLVE, F_MUCH_RESOLVE, SLOT_TIME_RESOLVE },
	{ PH_TCP, F_OVER_TCP, F_MUCH_TCP, SLOT_TIME_TCP },
	{ PH_PROXY, F_OVER_PROXY, F_MUCH_PROXY, SLOT_TIME_PROXY },
	{ PH_BANNER, F_OVER_BANNER, F_MUCH_BANNER, SLOT_TIME_BANNER },
	{ PH_KEXINIT, F_OVER_KEX, F_MUCH_KEX, SLOT_TIME_KEX },
	{ PH_KEX, F_OVER_KEX, F_MUCH_KEX, SLOT_TIME_KEX },
	{ PH_HOSTKEY, F_OVER_KEX, F_MUCH_KEX, SLOT_TIME_KEX },
	{ PH_AUTHNONE, F_OVER_AUTHNONE, F_MUCH_AUTHNONE, SLOT_TIME_NONE },
	{ PH_AUTHGSS, F_OVER_GSS, F_MUCH_GSS, SLOT_TIME_GSS },
	{ PH_AUTHKEYS, F_OVER_SIGN, F_MUCH_SIGN, SLOT_TIME_SIGN },
	{ PH_AUTHSIGN, F_OVER_SIGN, F_MUCH_SIGN, SLOT_TIME_SIGN },
	{ PH_CHANNEL, F_OVER_CHANNEL, F_MUCH_CHANNEL, SLOT_TIME_CHANNEL },
	{ PH_EXEC, F_OVER_SHELL, F_MUCH_SHELL, SLOT_TIME_SHELL },
	{ PH_SHELL, F_OVER_SHELL, F_MUCH_SHELL, SLOT_TIME_SHELL },
};

/*
 * The round trip that budgets reckon with. Through a proxy no handshake of
 * our own shows it; the quicker of two phases with one round trip each is no less than it.
 */
static int64_t
round_trip(const struct diag *d)
{
	const struct diag_phase *b = &d->phases[PH_BANNER], *k = &d->phases[PH_KEXINIT];

	if (d->rtt_us > 0)
		return d->rtt_us;
	if (b->seen && k->seen)
		return b->took_us < k->took_us ? b->took_us : k->took_us;
	return b->seen ? b->took_us : k->seen ? k->took_us : 0;
}

static int64_t
bounded_product(int64_t a, int64_t b)
{
	return b != 0 && a > INT64_MAX / 4 / b ? INT64_MAX / 4 : a * b;
}

static void
put_time(struct diag *d, enum slot s, const struct diag_phase *ph)
{
	struct strbuf sb;

	slot_begin(d, s, &sb);
	sb_printf(&sb, "%" PRId64 " ms, where %" PRId64 " ms would do", ph->took_us / 1000,
	    ph->budget_us / 1000);
}

/*
 * What n segments sent again one after the other can cost at most: the kernel waits a round trip and
 * 0.2 s, then twice as long each time (RFC 6298 with Linux's least timeout); some slack is added.
 */
static int64_t
lost_time(int64_t rtt, int64_t n)
{
	enum { LEAST_US = 200 * 1000, DOUBLINGS = 6 };

	return bounded_product(
		   2 * rtt + LEAST_US, (INT64_C(1) << (n < DOUBLINGS ? n : DOUBLINGS)) - 1) +
	       OVER_US;
}

/* Whether the phase is late by no more than its lost segments cost; then it is the path that is slow, not the phase. */
static bool
late_by_loss(
    struct diag *d, const struct diag_phase *ph, int64_t rtt, int64_t excess, int64_t *lost)
{
	if (ph->retrans <= 0 || excess <= 0 || excess > lost_time(rtt, ph->retrans))
		return false;
	*lost += excess;
	if (*lost >= MUCH_US)
		say(d, ph == &d->phases[PH_BANNER] ? F_LOSSY : F_LOSSY_LATER, ph->ev);
	return true;
}

static void
derive_times(struct diag *d)
{
	int64_t rtt = round_trip(d), lost = 0, total = 0, worst = 0, shown[SLOT__COUNT] = { 0 };

	for (size_t i = 0; i < COUNT(judged); i++) {
		struct diag_phase *ph = &d->phases[judged[i].phase];
		int64_t trips = ph->trips > 0 ? ph->trips : costs[judged[i].phase].trips, excess;

		ph->budget_us =
		    bounded_product(rtt, trips) + (int64_t)costs[judged[i].phase].allow_ms * 1000;
		ph->over = ph->much_over = false;
		if (!ph->seen)
			continue;
		excess = ph->took_us - ph->budget_us;
		if (late_by_loss(d, ph, rtt, excess, &lost))
			excess = 0;
		ph->over = excess > OVER_US;
		ph->much_over = excess > MUCH_US;
		/* ssh starts a shell or a command, not both; it reads its configuration before it says a word. */
		if (judged[i].phase != PH_EXEC && judged[i].phase != PH_CONFIG &&
		    total < INT64_MAX / 4 && ph->took_us < INT64_MAX / 4)
			total += ph->took_us;
		if (ph->over) {
			say(d, judged[i].over, ph->ev);
			say(d, F_OVER_ANY, ph->ev);
			if (excess > shown[judged[i].words]) {
				shown[judged[i].words] = excess;
				put_time(d, judged[i].words, ph);
			}
		}
		if (ph->much_over)
			say(d, judged[i].much, ph->ev);
		if (excess > worst) {
			worst = excess;
			put_num(d, SLOT_SLOW_MS, ph->took_us / 1000);
			put_num(d, SLOT_SLOW_BUDGET, ph->budget_us / 1000);
		}
	}
	if (d->gss_here_us > 0 && d->gss_here_us == d->phases[PH_AUTHGSS].took_us)
		say(d, F_GSS_HERE, d->phases[PH_AUTHGSS].ev);
	put_num(d, SLOT_TOTAL_MS, total / 1000);
	put_num(d, SLOT_LOST_MS, lost / 1000);
	if (total > SLOW_LOGIN_US)
		say(d, F_LOGIN_SLOW, d->phases[PH_SHELL].ev);
}

static void
derive_path(struct diag *d)
{
	if (d->rtt_us > 0)
		put_num(d, SLOT_RTT, d->rtt_us / 1000);
	if (d->echo_us > 0)
		put_num(d, SLOT_ECHO, d->echo_us / 1000);
	follow(
	    d, d->echo_us > 0 && d->echo_us - round_trip(d) > OVER_US, F_ECHO_SLOW, F_ECHO_TIMED);
	for (int i = 0; i < d->naddrs; i++) {
		const struct diag_addr *a = &d->addrs[i];

		if (a->result != ADDR_OPEN)
			continue;
		if (a->rtt_us == d->rtt_us && d->rtt_us > RTT_HIGH_US)
			say(d, F_RTT_HIGH, a->ev);
		/* The first SYN is sent again after 1 s (RFC 6298 2.1). */
		if (a->retrans > 0 && a->took_us >= MUCH_US) {
			say(d, F_LOSSY, a->ev);
			put_num(d, SLOT_LOST_MS,
			    strtoll(slot_stored(d, SLOT_LOST_MS), NULL, 10) + a->took_us / 1000);
		}
	}
}

/* ---- a login by hand ------------------------------------------------------------------------------ */

/* The end of the last phase that was seen. */
static int64_t
phases_end(const struct diag *d)
{
	int64_t end = 0;

	for (int p = 0; p < PH__COUNT; p++) {
		const struct diag_phase *ph = &d->phases[p];

		if (ph->seen && ph->start_us < INT64_MAX / 4 && ph->took_us < INT64_MAX / 4 &&
		    ph->start_us + ph->took_us > end)
			end = ph->start_us + ph->took_us;
	}
	return end;
}

/*
 * The phases that only a login by hand went through. They are shown one behind the other and behind the run's: what
 * lay between them was a person's time, and is no part of the login's.
 */
static void
derive_own(struct diag *d)
{
	const struct diag *o = d->own;
	int64_t at;

	for (int p = 0; p < PH__COUNT; p++)
		if (d->phases[p].own)
			d->phases[p] = (struct diag_phase){ 0 };
	at = phases_end(d);
	for (int p = 0; p < PH__COUNT && o != NULL && has(d, F_PERSON_IN); p++) {
		struct diag_phase *ph = &d->phases[p];

		if (ph->seen || !o->phases[p].seen)
			continue;
		*ph = o->phases[p];
		ph->own = true;
		ph->start_us = at;
		at += ph->took_us < INT64_MAX / 64 ? ph->took_us : 0;
	}
	follow(d, has(d, F_NONCE_OK), F_THROUGH, F_NONCE_OK);
	follow(d, !has(d, F_NONCE_OK) && has(d, F_PERSON_SHELL), F_THROUGH, F_PERSON_SHELL);
	if (o != NULL && o->verdict.rule != NULL && o->verdict.rule->layer == LAYER_SESSION &&
	    o->findings[o->verdict.finding].severity == SEV_FAIL)
		say(d, F_OWN_EXPLAINS, o->findings[o->verdict.finding].ev);
}

/* ---- all --------------------------------------------------------------------------------------------- */

static void
begin(struct diag *d)
{
	d->facts = d->base;
	/* Lines taken over from an earlier run are older than this one. */
	if (d->started)
		d->first_us = d->run_us;
	for (int f = 0; f < F__COUNT; f++)
		if (!fact_has(&d->base, (enum fact)f))
			fact_forget(d, (enum fact)f);
	for (size_t i = 0; i < COUNT(derived_slots); i++)
		slot_empty(d, derived_slots[i]);
	memset(d->slot_own, 0, sizeof d->slot_own);
	for (int i = 0; i < d->nprobes; i++)
		d->probes[i].running = d->probes[i].began && !d->probes[i].ended && !d->ended;
}

void
derive(struct diag *d)
{
	begin(d);
	derive_config(d);
	derive_hops(d);
	derive_tcp(d);
	derive_first_address(d);
	derive_trace(d);
	derive_segments(d);
	derive_hostkey(d);
	derive_hostkey_length(d);
	derive_otherkey(d);
	derive_vouch(d);
	derive_backends(d);
	derive_keys(d);
	derive_auth(d);
	derive_own(d);
	derive_times(d);
	derive_path(d);
	derive_server(d);
}
