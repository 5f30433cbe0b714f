/* The roster of targets; see roster.h. */
#include "roster.h"

#include <stdlib.h>
#include <string.h>

#include "rule.h"

enum { GROUPS = 3, NAME_COLS = 40 };

struct roster *
roster_new(size_t n)
{
	struct roster *r = calloc(1, sizeof *r);

	if (r == NULL || (r->row = calloc(n > 0 ? n : 1, sizeof *r->row)) == NULL) {
		free(r);
		return NULL;
	}
	r->n = n;
	for (size_t i = 0; i < n; i++) {
		r->row[i].input = "";
		r->row[i].standing = STANDING_WAIT;
	}
	return r;
}

void
roster_free(struct roster *r)
{
	if (r == NULL)
		return;
	free(r->row);
	free(r);
}

/* The network of one address, by the usual size of a segment; false where it is no IPv4 address. */
static bool
net_of(const char *addr, char net[ROSTER_NET])
{
	const char *last = strrchr(addr, '.');

	net[0] = '\0';
	if (last == NULL || addr[strspn(addr, "0123456789.")] != '\0')
		return false;
	snprintf(net, ROSTER_NET, "%.*s.0/24", (int)(last - addr), addr);
	return true;
}

static void
set_net(struct roster_row *row, const struct diag *d)
{
	char net[ROSTER_NET];

	row->net[0] = '\0';
	for (int i = 0; i < d->naddrs; i++) {
		if (!net_of(d->addrs[i].addr, net) || (i > 0 && strcmp(net, row->net) != 0)) {
			row->net[0] = '\0';
			return;
		}
		memcpy(row->net, net, sizeof net);
	}
}

static enum standing
standing_of(const struct diag *d)
{
	const struct verdict *v = &d->verdict;

	if (!d->started)
		return STANDING_WAIT;
	if (!d->ended && !v->final)
		return STANDING_RUN;
	if (v->healthy) {
		for (int l = 0; l < LAYER__COUNT; l++)
			if (d->layers[l].state == LS_WARN)
				return STANDING_WARN;
		return STANDING_WELL;
	}
	return v->finding >= 0 && d->findings[v->finding].severity == SEV_FAIL ? STANDING_FAIL
									       : STANDING_UNKNOWN;
}

void
roster_set(struct roster *r, size_t i, const struct diag *d)
{
	struct roster_row *row = &r->row[i];

	if (i >= r->n)
		return;
	row->standing = standing_of(d);
	for (int l = 0; l < LAYER__COUNT; l++)
		row->layer[l] = d->layers[l].state;
	row->finding = d->verdict.healthy        ? "healthy"
		       : d->verdict.rule != NULL ? d->verdict.rule->id
						 : NULL;
	row->certainty = d->verdict.certainty;
	set_net(row, d);
}

void
roster_order(const struct roster *r, bool worst_first, size_t *order)
{
	size_t n = 0;

	if (!worst_first) {
		for (size_t i = 0; i < r->n; i++)
			order[i] = i;
		return;
	}
	for (int s = 0; s < STANDING__COUNT; s++)
		for (size_t i = 0; i < r->n; i++)
			if ((int)r->row[i].standing == s)
				order[n++] = i;
}

/* Targets that fail of the same. */
struct group {
	const char *finding;
	size_t n;
};

static const char *
group_name(const struct roster_row *row)
{
	return row->finding != NULL ? row->finding : "undecided";
}

/* The next greatest group of a standing that is not among those taken; false where none is left. */
static bool
next_group(const struct roster *r, enum standing s, const struct group *taken, int ntaken,
    struct group *best)
{
	best->n = 0;
	for (size_t i = 0; i < r->n; i++) {
		struct group g = { group_name(&r->row[i]), 0 };
		bool done = r->row[i].standing != s ||
			    (best->n > 0 && strcmp(best->finding, g.finding) == 0);

		for (int t = 0; t < ntaken; t++)
			done |= strcmp(taken[t].finding, g.finding) == 0;
		for (size_t k = i; !done && k < r->n; k++)
			g.n += r->row[k].standing == s &&
			       strcmp(group_name(&r->row[k]), g.finding) == 0;
		if (!done && g.n > best->n)
			*best = g;
	}
	return best->n > 0;
}

/* Where all of a group are in one network: which, and how many there work. */
static void
put_net(const struct roster *r, enum standing s, const struct group *g, struct strbuf *sb)
{
	const char *net = NULL;
	size_t others = 0;

	for (size_t i = 0; i < r->n; i++) {
		if (r->row[i].standing != s || strcmp(group_name(&r->row[i]), g->finding) != 0)
			continue;
		if (r->row[i].net[0] == '\0' || (net != NULL && strcmp(net, r->row[i].net) != 0))
			return;
		net = r->row[i].net;
	}
	if (net == NULL || g->n < 2)
		return;
	for (size_t i = 0; i < r->n; i++)
		others += r->row[i].standing >= STANDING_WARN && strcmp(r->row[i].net, net) == 0;
	sb_printf(sb, ", all in %s", net);
	if (others > 0)
		sb_printf(sb, " (%zu there work%s)", others, others == 1 ? "s" : "");
}

static size_t
count(const struct roster *r, enum standing s)
{
	size_t n = 0;

	for (size_t i = 0; i < r->n; i++)
		n += r->row[i].standing == s;
	return n;
}

static void
put_groups(const struct roster *r, enum standing s, struct strbuf *sb)
{
	struct group taken[GROUPS];
	size_t left = count(r, s);
	int n = 0;

	while (n < GROUPS && next_group(r, s, taken, n, &taken[n])) {
		sb_printf(sb, "%s%zu %s", n == 0 ? ": " : "; ", taken[n].n, taken[n].finding);
		put_net(r, s, &taken[n], sb);
		left -= taken[n++].n;
	}
	if (left > 0)
		sb_printf(sb, "; %zu of something else", left);
}

void
roster_summary(const struct roster *r, struct strbuf *sb)
{
	size_t fail = count(r, STANDING_FAIL), unknown = count(r, STANDING_UNKNOWN),
	       open = count(r, STANDING_RUN) + count(r, STANDING_WAIT),
	       well = count(r, STANDING_WELL) + count(r, STANDING_WARN);

	if (open > 0)
		sb_printf(sb, "%zu of %zu still run; ", open, r->n);
	if (fail > 0) {
		sb_printf(sb, "%zu of %zu fail", fail, r->n);
		put_groups(r, STANDING_FAIL, sb);
	} else if (open == 0 && unknown == 0) {
		sb_printf(sb, "all %zu work", r->n);
		if (count(r, STANDING_WARN) > 0)
			sb_printf(sb, ", %zu with a warning", count(r, STANDING_WARN));
	} else {
		sb_puts(sb, open > 0 ? "none fails so far" : "none fails");
	}
	if (unknown > 0) {
		sb_printf(sb, ". %zu undecided", unknown);
		put_groups(r, STANDING_UNKNOWN, sb);
	}
	if (well > 0 && (fail > 0 || unknown > 0 || open > 0))
		sb_printf(sb, ". %zu work%s", well, well == 1 ? "s" : "");
}

static void
print_row(const struct roster_row *row, int cols, FILE *out)
{
	fprintf(out, "%-*s", cols, row->input);
	for (int l = 0; l < LAYER__COUNT; l++)
		fprintf(out, "  %-7s", layer_state_name(row->layer[l]));
	fprintf(out, "  %s", row->finding != NULL ? row->finding : "-");
	if (row->finding != NULL && row->certainty != CERTAIN_PROVEN)
		fprintf(out, " (%s)", certainty_name(row->certainty));
	putc('\n', out);
}

void
roster_print(const struct roster *r, const struct redact *names, FILE *out)
{
	size_t *order = calloc(r->n > 0 ? r->n : 1, sizeof *order);
	char words[ROSTER_WORDS];
	struct strbuf sb;
	int cols = 4;

	if (order == NULL)
		return;
	for (size_t i = 0; i < r->n; i++)
		if ((int)strlen(r->row[i].input) > cols)
			cols = (int)strlen(r->row[i].input);
	cols = cols > NAME_COLS ? NAME_COLS : cols;
	fprintf(out, "%-*s  %-7s  %-7s  %-7s  %-7s  verdict\n", cols, "host", "transp.", "auth.",
	    "session", "perf.");
	roster_order(r, true, order);
	for (size_t i = 0; i < r->n; i++)
		print_row(&r->row[order[i]], cols, out);
	sb_init(&sb, words, sizeof words);
	roster_summary(r, &sb);
	if (names != NULL) {
		char clear[ROSTER_WORDS];

		memcpy(clear, words, sizeof clear);
		sb_init(&sb, words, sizeof words);
		redact_text(names, clear, &sb);
	}
	fprintf(out, "\n%s.\n", words);
	free(order);
}
