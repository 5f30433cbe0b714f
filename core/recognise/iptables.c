/*
 * Reads `iptables -S`, `iptables-save`, `iptables -L -n` (and ip6tables'): what the INPUT chain
 * and those that it calls do with a new connection to the port. Called by the recogniser.
 */
#include <stdlib.h>
#include <string.h>

#include "readers.h"
#include "ruleset.h"

struct iptables {
	struct ruleset rules;
	bool listing;     /* between the heading of a chain and what is none of its rows */
	int chain;        /* of a listing */
	bool other_table; /* *nat, *mangle, *raw of iptables-save */
};

static enum claim
iptables_claims(const struct recogniser *r, const void *state, const struct line *l)
{
	const struct iptables *s = state;

	(void)r;
	if (line_begins(l, "-A ") || line_begins(l, "-P ") || line_begins(l, "-N ") ||
	    line_begins(l, "*filter") || line_begins(l, "*nat") || line_begins(l, "*mangle") ||
	    line_begins(l, "*raw") ||
	    (line_begins(l, "Chain ") &&
		(line_holds(l, "(policy ") || line_holds(l, " references)"))))
		return CLAIM_CERTAIN;
	if (line_begins(l, ":") || line_begins(l, "COMMIT") || line_begins(l, "*"))
		return CLAIM_PART;
	return s->listing && l->len > 0 ? CLAIM_PART : CLAIM_NONE;
}

static enum rule_verdict
verdict_by_name(const char *name)
{
	static const struct {
		const char *name;
		enum rule_verdict verdict;
	} rows[] = {
		{ "ACCEPT", RULE_ACCEPT },
		{ "DROP", RULE_DROP },
		{ "REJECT", RULE_REJECT },
		{ "RETURN", RULE_RETURN },
		{ "LOG", RULE_PASS },
		{ "NFLOG", RULE_PASS },
		{ "MARK", RULE_PASS },
		{ "ULOG", RULE_PASS },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (strcmp(name, rows[i].name) == 0)
			return rows[i].verdict;
	return RULE_JUMP;
}

static void
set_target(struct iptables *s, struct fw_rule *rule, const char *name)
{
	rule->verdict = verdict_by_name(name);
	if (rule->verdict == RULE_JUMP)
		rule->jump = ruleset_chain(&s->rules, name);
}

/* Packets to this machine enter INPUT by themselves. */
static int
chain_named(struct iptables *s, const char *name)
{
	int c = ruleset_chain(&s->rules, name);

	if (c >= 0 && strcmp(name, "INPUT") == 0)
		s->rules.chains[c].base = true;
	return c;
}

/* ---- rules as commands -------------------------------------------------------------------- */

static enum rule_fit
on_protocol(const struct recogniser *r, const char *value)
{
	(void)r;
	return strcmp(value, "tcp") == 0 || strcmp(value, "6") == 0 || strcmp(value, "all") == 0
		   ? FIT_YES
		   : FIT_NO;
}

static enum rule_fit
on_state(const struct recogniser *r, const char *value)
{
	(void)r;
	return strstr(value, "NEW") != NULL ? FIT_YES : FIT_NO;
}

static enum rule_fit
on_interface(const struct recogniser *r, const char *value)
{
	const char *from = recognise_options(r)->source;

	if (strcmp(value, "lo") != 0 || from[0] == '\0')
		return FIT_MAYBE;
	return strncmp(from, "127.", 4) == 0 || strcmp(from, "::1") == 0 ? FIT_YES : FIT_NO;
}

static enum rule_fit
on_remark(const struct recogniser *r, const char *value)
{
	(void)r;
	(void)value;
	return FIT_YES;
}

/* Options with a value; what is not here makes a rule unsure. */
static const struct {
	const char *option;
	enum rule_fit (*fit)(const struct recogniser *r, const char *value);
} options[] = {
	{ "-p", on_protocol }, { "-m", on_remark }, { "--dport", fit_port },
	{ "--dports", fit_port }, { "--destination-port", fit_port }, { "-s", fit_source },
	{ "-i", on_interface }, { "--state", on_state }, { "--ctstate", on_state },
	{ "--reject-with", on_remark }, { "--comment", on_remark }, { "--log-prefix", on_remark },
	{ "--log-level", on_remark },
	{ "--tcp-flags", NULL }, /* takes two values, and a SYN is what they ask for as a rule */
};

static const char *
next_word(char **at)
{
	char *p = *at + strspn(*at, " "), *end;

	if (*p == '\0')
		return NULL;
	end =
	    *p == '"' && strchr(p + 1, '"') != NULL ? strchr(p + 1, '"') + 1 : p + strcspn(p, " ");
	*at = *end == '\0' ? end : end + 1;
	*end = '\0';
	return p;
}

static enum rule_fit
fit_option(const struct recogniser *r, const char *option, const char *value)
{
	for (size_t i = 0; i < sizeof options / sizeof *options; i++)
		if (strcmp(options[i].option, option) == 0)
			return options[i].fit == NULL || value == NULL ? FIT_MAYBE
								       : options[i].fit(r, value);
	return FIT_MAYBE;
}

static void
take_command(struct recogniser *r, struct iptables *s, const struct line *l)
{
	char text[512], *at = text;
	const char *chain, *word;
	struct fw_rule *rule;
	bool negated = false;

	text_copy(text, sizeof text, l->s + 3);
	if ((chain = next_word(&at)) == NULL ||
	    (rule = ruleset_add(&s->rules, chain_named(s, chain), l->s)) == NULL)
		return;
	while ((word = next_word(&at)) != NULL) {
		const char *value;
		enum rule_fit fit;

		if (strcmp(word, "!") == 0) {
			negated = true;
			continue;
		}
		value = next_word(&at);
		if (strcmp(word, "-j") == 0 || strcmp(word, "-g") == 0) {
			if (value != NULL)
				set_target(s, rule, value);
			continue;
		}
		fit = fit_option(r, word, value);
		if (negated)
			fit = fit == FIT_YES ? FIT_NO : fit == FIT_NO ? FIT_YES : FIT_MAYBE;
		rule->fit = fit_and(rule->fit, fit);
		negated = false;
	}
}

/* "-P INPUT DROP", ":INPUT DROP [0:0]" */
static void
take_policy(struct iptables *s, const char *text)
{
	struct hole h[2];
	int c;

	if (!line_match(text, "%s %s", h, 2) && !line_match(text, "%s %s %*", h, 2))
		return;
	c = chain_named(s, h[0].s);
	if (c >= 0 && strcmp(h[1].s, "DROP") == 0)
		s->rules.chains[c].policy = RULE_DROP;
}

/* ---- rules as a listing --------------------------------------------------------------------- */

static void
take_heading(struct iptables *s, const struct line *l)
{
	struct hole h[2];

	s->listing = false;
	if (!line_match(l->s, "Chain %s (policy %s%*", h, 2) &&
	    !line_match(l->s, "Chain %s (%*", h, 1))
		return;
	s->chain = chain_named(s, h[0].s);
	s->listing = s->chain >= 0;
	if (s->listing && line_holds(l, "(policy DROP"))
		s->rules.chains[s->chain].policy = RULE_DROP;
}

/* What stands behind the addresses: "tcp dpt:22", "state NEW", "ctstate RELATED,ESTABLISHED", "reject-with ...". */
static enum rule_fit
fit_extras(const struct recogniser *r, const char *extras)
{
	const char *p;
	char port[32];
	enum rule_fit fit = FIT_YES;

	if ((p = strstr(extras, "dpt:")) != NULL) {
		text_copy(port, sizeof port, p + 4);
		port[strcspn(port, " ")] = '\0';
		fit = fit_and(fit, fit_port(r, port));
	}
	if ((p = strstr(extras, "dpts:")) != NULL || (p = strstr(extras, "dports ")) != NULL)
		fit = fit_and(fit, FIT_MAYBE);
	if ((p = strstr(extras, "state ")) != NULL && strstr(p, "NEW") == NULL)
		fit = FIT_NO;
	if (strstr(extras, "match-set") != NULL || strstr(extras, "limit") != NULL ||
	    strstr(extras, "recent") != NULL)
		fit = fit_and(fit, FIT_MAYBE);
	return fit;
}

/* "[pkts bytes] target prot opt [in out] source destination extras", as -n prints it. */
static void
take_row(struct recogniser *r, struct iptables *s, const struct line *l)
{
	char text[512], *at = text;
	const char *target, *prot, *opt, *source, *in = NULL;
	struct fw_rule *rule;
	bool verbose = l->s[strspn(l->s, " ")] >= '0' && l->s[strspn(l->s, " ")] <= '9';
	char extras[256];

	text_copy(text, sizeof text, l->s);
	if (verbose) {
		next_word(&at);
		next_word(&at);
	}
	target = next_word(&at);
	prot = next_word(&at);
	opt = next_word(&at);
	if (verbose) {
		in = next_word(&at);
		next_word(&at);
	}
	source = next_word(&at);
	next_word(&at);
	text_copy(extras, sizeof extras, at);
	if (target == NULL || opt == NULL || source == NULL || strcmp(target, "target") == 0 ||
	    strcmp(prot, "prot") == 0 ||
	    (rule = ruleset_add(&s->rules, s->chain, l->s + strspn(l->s, " "))) == NULL)
		return;
	set_target(s, rule, target);
	rule->fit =
	    fit_and(on_protocol(r, strcmp(prot, "0") == 0 ? "all" : prot), fit_source(r, source));
	rule->fit = fit_and(rule->fit, fit_extras(r, extras));
	if (in != NULL && strcmp(in, "*") != 0)
		rule->fit = fit_and(rule->fit, on_interface(r, in));
}

static bool
iptables_take(struct recogniser *r, void *state, const struct line *l)
{
	struct iptables *s = state;

	if (line_begins(l, "*")) {
		s->other_table = strcmp(l->s, "*filter") != 0;
	} else if (line_begins(l, "Chain ")) {
		take_heading(s, l);
	} else if (s->other_table) {
		return false;
	} else if (line_begins(l, "-A ")) {
		take_command(r, s, l);
	} else if (line_begins(l, "-P ")) {
		take_policy(s, l->s + 3);
	} else if (line_begins(l, ":")) {
		take_policy(s, l->s + 1);
	} else if (s->listing) {
		take_row(r, s, l);
	}
	return true;
}

static void
say_rules(struct recogniser *r, struct iptables *s, const char *what)
{
	if (s->rules.nchains > 0)
		ruleset_say(r, &s->rules, what);
	s->listing = s->other_table = false;
}

static void
iptables_end(struct recogniser *r, void *state, bool another)
{
	struct iptables *s = state;

	(void)another;
	say_rules(r, s, "iptables");
}

/* What the collector's script asked by name; of a paste the reader above is the first to claim it. */

static void
legacy_end(struct recogniser *r, void *state, bool another)
{
	(void)another;
	say_rules(r, state, "iptables-legacy");
}

/* Rules for the addresses of the other family meet no packet of the client's. */
static void
ip6tables_end(struct recogniser *r, void *state, bool another)
{
	const char *source = recognise_options(r)->source;
	struct iptables *s = state;

	(void)another;
	if (source[0] != '\0' && strchr(source, ':') == NULL)
		memset(&s->rules, 0, sizeof s->rules);
	say_rules(r, s, "ip6tables");
}

const struct reader reader_iptables = { "iptables", sizeof(struct iptables), iptables_claims,
	iptables_take, iptables_end };
const struct reader reader_iptables_legacy = { "iptables-legacy", sizeof(struct iptables),
	iptables_claims, iptables_take, legacy_end };
const struct reader reader_ip6tables = { "ip6tables", sizeof(struct iptables), iptables_claims,
	iptables_take, ip6tables_end };
