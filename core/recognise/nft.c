/*
 * Reads `nft list ruleset` (nft(8)): chains that hook into input, and what their rules do with
 * a new connection to the port. Called by the recogniser.
 */
#include <stdlib.h>

#include "readers.h"
#include "ruleset.h"

struct nft {
	struct ruleset rules;
	char table[CHAIN_NAME];
	int chain;     /* that is being read, -1 outside of one */
	bool in_table; /* between a table's braces */
	int depth;     /* of braces */
};

/* A rule's words: those in braces or quotes are one. */
struct words {
	char s[512];
	char *at;
};

static const char *
next_word(struct words *w)
{
	char *p = w->at + strspn(w->at, " "), *end;

	if (*p == '\0')
		return NULL;
	if (*p == '{')
		end = strchr(p, '}') != NULL ? strchr(p, '}') + 1 : p + strlen(p);
	else if (*p == '"')
		end = strchr(p + 1, '"') != NULL ? strchr(p + 1, '"') + 1 : p + strlen(p);
	else
		end = p + strcspn(p, " ");
	w->at = *end == '\0' ? end : end + 1;
	*end = '\0';
	return p;
}

static enum rule_fit
not_fit(enum rule_fit fit)
{
	return fit == FIT_YES ? FIT_NO : fit == FIT_NO ? FIT_YES : FIT_MAYBE;
}

/* ---- conditions: each takes the words that belong to it ------------------------------ */

static const char *
value_of(struct words *w, bool *negated)
{
	const char *word = next_word(w);

	*negated = word != NULL && strcmp(word, "!=") == 0;
	return *negated ? next_word(w) : word;
}

static enum rule_fit
fit_sources(const struct recogniser *r, const char *list)
{
	return fit_any(r, list, fit_source);
}

static enum rule_fit
on_state(const struct recogniser *r, const char *value)
{
	(void)r;
	return strstr(value, "new") != NULL    ? FIT_YES
	       : strstr(value, "vmap") != NULL ? FIT_MAYBE
					       : FIT_NO;
}

static enum rule_fit
on_interface(const struct recogniser *r, const char *value)
{
	const char *from = recognise_options(r)->source;
	bool local = strncmp(from, "127.", 4) == 0 || strcmp(from, "::1") == 0;

	if (strcmp(value, "\"lo\"") == 0 || strcmp(value, "lo") == 0)
		return from[0] == '\0' ? FIT_MAYBE : local ? FIT_YES : FIT_NO;
	return FIT_MAYBE;
}

static enum rule_fit
on_protocol(const struct recogniser *r, const char *value)
{
	(void)r;
	return strstr(value, "tcp") != NULL || strcmp(value, "6") == 0 ? FIT_YES : FIT_NO;
}

static enum rule_fit
on_family(const struct recogniser *r, const char *value)
{
	bool v6 = strchr(recognise_options(r)->source, ':') != NULL;

	if (recognise_options(r)->source[0] == '\0')
		return FIT_MAYBE;
	return (strcmp(value, "ipv6") == 0) == v6 ? FIT_YES : FIT_NO;
}

/* "fib daddr type local", as ufw asks: the connection is to an address of this machine, and no other kind. */
static enum rule_fit
on_address_type(const struct recogniser *r, const char *value)
{
	(void)r;
	return strcmp(value, "local") == 0 || strcmp(value, "unicast") == 0 ? FIT_YES : FIT_NO;
}

static enum rule_fit
on_anything(const struct recogniser *r, const char *value)
{
	(void)r;
	(void)value;
	return FIT_MAYBE;
}

static const struct {
	const char *a, *b; /* one word or two */
	enum rule_fit (*fit)(const struct recogniser *r, const char *value);
} conditions[] = {
	{ "ct", "state", on_state },
	{ "iif", NULL, on_interface },
	{ "iifname", NULL, on_interface },
	{ "tcp", "dport", fit_port },
	{ "th", "dport", fit_port },
	{ "ip", "saddr", fit_sources },
	{ "ip6", "saddr", fit_sources },
	{ "ip", "protocol", on_protocol },
	{ "meta", "l4proto", on_protocol },
	{ "ip6", "nexthdr", on_protocol },
	{ "meta", "nfproto", on_family },
	{ "ip", "daddr", on_anything },
	{ "ip6", "daddr", on_anything },
	{ "tcp", "flags", on_anything },
	{ "tcp", "sport", on_anything },
	{ "limit", "rate", on_anything },
	{ "daddr", "type", on_address_type },
};

/* Words that say nothing of whether the rule holds; those that take a word after them. */
static const char *const remarks[] = { "counter", "log", "prefix", "comment", "packets", "bytes",
	"level", "flags", "with", "type" };

static bool
is_remark(struct words *w, const char *word)
{
	for (size_t i = 0; i < sizeof remarks / sizeof *remarks; i++)
		if (strcmp(word, remarks[i]) == 0) {
			if (i >= 2 && i < 9)
				next_word(w);
			return true;
		}
	return false;
}

static bool
is_verdict(struct nft *s, struct fw_rule *rule, struct words *w, const char *word)
{
	static const struct {
		const char *word;
		enum rule_verdict verdict;
	} verdicts[] = {
		{ "accept", RULE_ACCEPT },
		{ "drop", RULE_DROP },
		{ "reject", RULE_REJECT },
		{ "return", RULE_RETURN },
		{ "jump", RULE_JUMP },
		{ "goto", RULE_JUMP },
	};
	char name[2 * CHAIN_NAME];

	for (size_t i = 0; i < sizeof verdicts / sizeof *verdicts; i++) {
		if (strcmp(word, verdicts[i].word) != 0)
			continue;
		rule->verdict = verdicts[i].verdict;
		if (rule->verdict == RULE_JUMP && (word = next_word(w)) != NULL) {
			struct strbuf sb;

			sb_init(&sb, name, sizeof name);
			sb_printf(&sb, "%s %s", s->table, word);
			rule->jump = ruleset_chain(&s->rules, name);
		}
		if (rule->verdict == RULE_REJECT)
			w->at += strlen(w->at); /* "with icmpx admin-prohibited" */
		return true;
	}
	return false;
}

/* Take one condition or remark, whose first word is given. */
static void
take_words(const struct recogniser *r, struct nft *s, struct fw_rule *rule, struct words *w,
    const char *word)
{
	char *back = w->at;
	const char *second, *value;
	bool negated;

	if (is_verdict(s, rule, w, word) || is_remark(w, word))
		return;
	if (strcmp(word, "fib") == 0) /* what it asks about stands behind it */
		return;
	if (strcmp(word, "udp") == 0 || strncmp(word, "icmp", 4) == 0 ||
	    strcmp(word, "sctp") == 0) {
		rule->fit = FIT_NO;
		next_word(w);
		next_word(w);
		return;
	}
	second = next_word(w);
	for (size_t i = 0; i < sizeof conditions / sizeof *conditions; i++) {
		enum rule_fit fit;

		if (strcmp(conditions[i].a, word) != 0 ||
		    (conditions[i].b != NULL &&
			(second == NULL || strcmp(conditions[i].b, second) != 0)))
			continue;
		negated = conditions[i].b == NULL && second != NULL && strcmp(second, "!=") == 0;
		value = conditions[i].b != NULL || negated ? value_of(w, &negated) : second;
		if (conditions[i].b == NULL && second != NULL && strcmp(second, "!=") == 0)
			negated = true;
		fit = value == NULL ? FIT_MAYBE : conditions[i].fit(r, value);
		rule->fit = fit_and(rule->fit, negated ? not_fit(fit) : fit);
		return;
	}
	(void)back;
	rule->fit = fit_and(rule->fit, FIT_MAYBE);
}

/* ---- lines ------------------------------------------------------------------------------ */

static enum claim
nft_claims(const struct recogniser *r, const void *state, const struct line *l)
{
	const struct nft *s = state;

	(void)r;
	if (line_begins(l, "table ") && line_holds(l, " {"))
		return CLAIM_CERTAIN;
	return s->depth > 0 ? CLAIM_CERTAIN : CLAIM_NONE; /* all between the braces is its own */
}

/* Whether a table may see the client's packets: one of the other family of addresses does not. */
static bool
may_be_of(const struct recogniser *r, const char *table)
{
	const char *source = recognise_options(r)->source;
	bool v6 = strchr(source, ':') != NULL;

	return source[0] == '\0' || (strncmp(table, "ip ", 3) == 0       ? !v6
					: strncmp(table, "ip6 ", 4) == 0 ? v6
									 : true);
}

static void
take_chain_type(const struct recogniser *r, struct nft *s, const char *text)
{
	struct fw_chain *c = &s->rules.chains[s->chain];

	c->base = strstr(text, "hook input") != NULL && strstr(text, "type filter") != NULL &&
		  may_be_of(r, s->table);
	if (strstr(text, "policy drop") != NULL)
		c->policy = RULE_DROP;
}

static void
take_rule(struct recogniser *r, struct nft *s, const char *text)
{
	struct fw_rule *rule = ruleset_add(&s->rules, s->chain, text);
	struct words w;
	const char *word;

	if (rule == NULL)
		return;
	text_copy(w.s, sizeof w.s, text);
	w.at = w.s;
	while ((word = next_word(&w)) != NULL)
		take_words(r, s, rule, &w, word);
}

/* "table inet filter {" or "chain input {": the words between. */
static void
take_opening(struct nft *s, const char *text)
{
	char name[2 * CHAIN_NAME];
	struct strbuf sb;
	size_t n = strcspn(text, "{");

	if (strncmp(text, "table ", 6) == 0) {
		sb_init(&sb, s->table, sizeof s->table);
		sb_add(&sb, text + 6, n > 7 ? n - 7 : 0);
	} else if (strncmp(text, "chain ", 6) == 0) {
		sb_init(&sb, name, sizeof name);
		sb_printf(&sb, "%s ", s->table);
		sb_add(&sb, text + 6, n > 7 ? n - 7 : 0);
		s->chain = ruleset_chain(&s->rules, name);
	}
}

static bool
nft_take(struct recogniser *r, void *state, const struct line *l)
{
	struct nft *s = state;
	const char *text = l->s + strspn(l->s, " ");
	size_t len = strlen(text);

	if (s->depth == 0)
		s->chain = -1;
	if (len > 0 && text[len - 1] == '{') {
		s->depth++;
		take_opening(s, text);
		return true;
	}
	if (strcmp(text, "}") == 0) {
		if (s->depth > 0)
			s->depth--;
		s->chain = -1;
		return true;
	}
	if (s->chain < 0 || len == 0)
		return s->depth > 0;
	if (strncmp(text, "type ", 5) == 0 && strstr(text, " hook ") != NULL)
		take_chain_type(r, s, text);
	else
		take_rule(r, s, text);
	return true;
}

static void
nft_end(struct recogniser *r, void *state, bool another)
{
	struct nft *s = state;

	(void)another;
	if (s->rules.nchains > 0)
		ruleset_say(r, &s->rules, "nft");
	s->depth = 0;
	s->chain = -1;
}

const struct reader reader_nft = { "nft", sizeof(struct nft), nft_claims, nft_take, nft_end };
