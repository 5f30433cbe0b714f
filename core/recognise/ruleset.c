/* Rules of a firewall and what they do with one connection; see ruleset.h. */
#include "ruleset.h"

#include <stdlib.h>

enum { DEPTH_MAX = 16 };

int
ruleset_chain(struct ruleset *s, const char *name)
{
	for (int i = 0; i < s->nchains; i++)
		if (strcmp(s->chains[i].name, name) == 0)
			return i;
	if (s->nchains == CHAINS_MAX) {
		s->full = true;
		return -1;
	}
	s->chains[s->nchains] = (struct fw_chain){ .policy = RULE_ACCEPT };
	text_copy(s->chains[s->nchains].name, CHAIN_NAME, name);
	return s->nchains++;
}

struct fw_rule *
ruleset_add(struct ruleset *s, int chain, const char *text)
{
	struct fw_rule *rule;

	if (chain < 0 || s->nrules == RULES_MAX) {
		s->full = true;
		return NULL;
	}
	rule = &s->rules[s->nrules++];
	*rule = (struct fw_rule){ .chain = chain, .jump = -1, .fit = FIT_YES };
	text_copy(rule->text, RULE_TEXT, text);
	return rule;
}

/* ---- what becomes of the connection ------------------------------------------------- */

struct walk {
	const struct ruleset *s;
	bool unsure; /* a rule that was passed may have let it through, or have dropped it */
	const struct fw_rule *by;
};

/* The verdict of a chain: PASS where it has none. */
static enum rule_verdict
walk_chain(struct walk *w, int chain, int depth)
{
	for (int i = 0; i < w->s->nrules && depth < DEPTH_MAX; i++) {
		const struct fw_rule *rule = &w->s->rules[i];
		enum rule_verdict v = rule->verdict;

		if (rule->chain != chain || rule->fit == FIT_NO || v == RULE_PASS)
			continue;
		if (v == RULE_JUMP) {
			struct walk inner = { .s = w->s };

			v = rule->jump < 0 ? RULE_PASS : walk_chain(&inner, rule->jump, depth + 1);
			w->unsure |= inner.unsure;
			if (v == RULE_PASS || v == RULE_RETURN)
				continue;
			if (rule->fit == FIT_YES) {
				w->by = inner.by;
				return v;
			}
		}
		if (rule->fit == FIT_MAYBE) {
			w->unsure = true;
			continue;
		}
		w->by = rule;
		return v;
	}
	return RULE_PASS;
}

/*
 * chain: where a rule that lets the connection in would have to stand, at the head; said only
 * where it is of plain letters, as it goes into commands.
 */
static void
say_verdict(struct recogniser *r, const struct walk *w, enum rule_verdict v, const char *text,
    const char *chain)
{
	static const char plain[] =
	    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_- ";

	if (v == RULE_DROP || v == RULE_REJECT)
		recognise_told(r, v == RULE_DROP ? TOLD_FW_DROP : TOLD_FW_REJECT,
		    &(struct statement){ .text = text,
			.path = chain[strspn(chain, plain)] == '\0' ? chain : NULL,
			.mode = w->unsure || w->s->full ? "unsure" : NULL });
}

void
ruleset_say(struct recogniser *r, struct ruleset *s, const char *what)
{
	char text[RULE_TEXT + CHAIN_NAME + 32];
	struct strbuf sb;

	for (int i = 0; i < s->nchains; i++) {
		struct walk w = { .s = s };
		enum rule_verdict v;

		if (!s->chains[i].base)
			continue;
		v = walk_chain(&w, i, 0);
		sb_init(&sb, text, sizeof text);
		if (v != RULE_PASS && v != RULE_RETURN && w.by != NULL) {
			sb_printf(&sb, "%s %s: %s", what, s->chains[w.by->chain].name, w.by->text);
		} else {
			v = s->chains[i].policy;
			sb_printf(&sb, "%s %s: policy %s", what, s->chains[i].name,
			    v == RULE_DROP ? "drop" : "accept");
		}
		say_verdict(r, &w, v, text, s->chains[i].name);
	}
	memset(s, 0, sizeof *s);
}

/* ---- conditions ------------------------------------------------------------------------- */

enum rule_fit
fit_and(enum rule_fit a, enum rule_fit b)
{
	return a < b ? a : b;
}

/* Four bytes of "10.1.2.3" at the end of sixteen, as an IPv4-mapped address (RFC 4291 2.5.5.2). */
static bool
parse_v4(const char *s, unsigned char out[16])
{
	memset(out, 0, 16);
	out[10] = out[11] = 0xff;
	for (int i = 0; i < 4; i++) {
		char *end;
		long v = strtol(s, &end, 10);

		if (end == s || v < 0 || v > 255 || *end != (i < 3 ? '.' : '\0'))
			return false;
		out[12 + i] = (unsigned char)v;
		s = end + 1;
	}
	return true;
}

static bool
parse_v6(const char *s, unsigned char out[16])
{
	int n = 0, gap = -1;

	memset(out, 0, 16);
	if (s[0] == ':' && s[1] == ':') {
		gap = 0;
		s += 2;
	}
	while (*s != '\0') {
		char *end;
		long v = strtol(s, &end, 16);

		if (end == s || v < 0 || v > 0xffff || n == 8)
			return false;
		out[2 * n] = (unsigned char)(v >> 8);
		out[2 * n + 1] = (unsigned char)v;
		n++;
		if (*end == '\0')
			break;
		if (*end != ':')
			return false;
		s = end + 1;
		if (*s == ':') {
			if (gap >= 0)
				return false;
			gap = n;
			s++;
		}
	}
	if (gap >= 0) {
		memmove(out + 16 - 2 * (n - gap), out + 2 * gap, (size_t)(2 * (n - gap)));
		memset(out + 2 * gap, 0, (size_t)(16 - 2 * n));
		return n < 8;
	}
	return n == 8;
}

static bool
parse_address(const char *s, unsigned char out[16], bool *v4)
{
	*v4 = strchr(s, ':') == NULL;
	return *v4 ? parse_v4(s, out) : parse_v6(s, out);
}

static bool
same_bits(const unsigned char *a, const unsigned char *b, long bits)
{
	size_t whole = (size_t)bits / 8;
	int rest = (int)(bits % 8);

	if (memcmp(a, b, whole) != 0)
		return false;
	return rest == 0 || (a[whole] ^ b[whole]) >> (8 - rest) == 0;
}

enum rule_fit
fit_source(const struct recogniser *r, const char *net)
{
	unsigned char ours[16], theirs[16];
	char addr[64];
	const char *slash = strchr(net, '/');
	size_t n = slash != NULL ? (size_t)(slash - net) : strlen(net);
	bool v4, net_v4;
	long bits;

	if (n >= sizeof addr)
		return FIT_MAYBE;
	memcpy(addr, net, n);
	addr[n] = '\0';
	if (!parse_address(addr, theirs, &net_v4))
		return FIT_MAYBE;
	bits = slash != NULL ? strtol(slash + 1, NULL, 10) : net_v4 ? 32 : 128;
	if (bits < 0 || bits > (net_v4 ? 32 : 128) || (slash != NULL && strchr(slash, '.') != NULL))
		return FIT_MAYBE;
	if (bits == 0)
		return FIT_YES;
	if (!parse_address(recognise_options(r)->source, ours, &v4))
		return FIT_MAYBE;
	if (v4 != net_v4)
		return FIT_NO;
	return same_bits(ours, theirs, bits + (net_v4 ? 96 : 0)) ? FIT_YES : FIT_NO;
}

enum rule_fit
fit_any(const struct recogniser *r, const char *list,
    enum rule_fit (*one)(const struct recogniser *r, const char *word))
{
	static const char between[] = " ,{}";
	enum rule_fit best = FIT_NO;
	char word[64];

	for (list += strspn(list, between); *list != '\0'; list += strspn(list, between)) {
		size_t n = strcspn(list, between);
		enum rule_fit fit = FIT_MAYBE;

		if (n < sizeof word) {
			memcpy(word, list, n);
			word[n] = '\0';
			fit = one(r, word);
		}
		best = fit > best ? fit : best;
		list += n;
	}
	return best;
}

/* One port, one range, or a name. */
static enum rule_fit
fit_one_port(const struct recogniser *r, const char *word)
{
	long port = (long)recognise_options(r)->port;
	char *end;
	long first = strtol(word, &end, 10), last = first;

	if (end == word)
		return strcmp(word, "ssh") == 0 ? (port == 22 ? FIT_YES : FIT_NO) : FIT_MAYBE;
	if (*end == ':' || *end == '-')
		last = strtol(end + 1, &end, 10);
	if (*end != '\0')
		return FIT_MAYBE;
	return port >= first && port <= last ? FIT_YES : FIT_NO;
}

enum rule_fit
fit_port(const struct recogniser *r, const char *list)
{
	return fit_any(r, list, fit_one_port);
}
