/*
 * --explain and --list-findings: what the catalogue, the rules and the fixes say
 * of a finding, without any diagnosis. Called by main.c and by tests.
 */
#include "report.h"

#include <string.h>

#include "fix.h"
#include "flow.h"
#include "rule.h"

enum { WORDS_MAX = 4096, FIXES_MAX = 24 };

/* Lists of words that may be empty, and are here. */
static bool
is_left_out(enum slot s)
{
	const char *name = slot_name(s);

	return strncmp(name, "sshargs", 7) == 0;
}

struct placeholder {
	char name[32];
};

/* The slot's own name in capitals, as it stands in place of a value: HOSTNAME, PORT, USER. */
static struct placeholder
placeholder(enum slot s)
{
	struct placeholder p = { "" };

	text_copy(p.name, sizeof p.name, is_left_out(s) ? "" : slot_name(s));
	for (char *c = p.name; *c != '\0'; c++)
		if (*c >= 'a' && *c <= 'z')
			*c = (char)(*c - 'a' + 'A');
	return p;
}

/* What a diagnosis puts in each slot's place: said below the fixes for those that they use. */
static void
print_names(const struct fix *const *list, size_t n, int width, FILE *out)
{
	int shown = 0;

	for (int s = 0; s < SLOT__COUNT; s++) {
		char slot[64], head[80];
		bool used = false;

		snprintf(slot, sizeof slot, "{%s}", slot_name((enum slot)s));
		for (size_t i = 0; i < n && !used; i++)
			used = strstr(list[i]->title, slot) != NULL ||
			       (list[i]->words != NULL && strstr(list[i]->words, slot) != NULL) ||
			       (list[i]->command != NULL && strstr(list[i]->command, slot) != NULL);
		if (!used || is_left_out((enum slot)s))
			continue;
		if (shown++ == 0)
			fputs("  A diagnosis fills in what stands in capitals here:\n", out);
		snprintf(head, sizeof head, "    %-14s ", placeholder((enum slot)s).name);
		flow_text(out, width, head, slot_help((enum slot)s));
	}
}

static size_t
add_fixes(const struct fix **list, size_t n, const char *const *ids, size_t max)
{
	for (size_t i = 0; i < max && ids[i] != NULL && n < FIXES_MAX; i++) {
		const struct fix *f = fix_by_id(ids[i]);
		size_t k = 0;

		while (k < n && list[k] != f)
			k++;
		if (k == n && f != NULL)
			list[n++] = f;
	}
	return n;
}

/* The fixes of a finding, those of its rules first, each once. */
static size_t
fixes_of(const struct catalogue_row *row, const struct fix **list)
{
	size_t n = 0;

	for (size_t i = 0; i < rules_count(); i++)
		if (strcmp(rule_at(i)->id, row->id) == 0)
			n = add_fixes(list, n, rule_at(i)->fixes, RULE_FIXES);
	return add_fixes(list, n, row->fixes, CATALOGUE_FIXES);
}

static void
print_fix(const struct diag *d, const struct fix *f, int width, FILE *out)
{
	char words[WORDS_MAX];
	struct strbuf sb;

	sb_init(&sb, words, sizeof words);
	diag_expand(d, f->title, &sb);
	sb_printf(&sb, " (%s, %s, risk %s, takes %s)", fix_side_name(f->side),
	    fix_kind_name(f->kind), fix_risk_name(f->risk), f->takes);
	flow_text(out, width, "  - ", words);
	sb_init(&sb, words, sizeof words);
	fix_command(d, f, &sb);
	if (sb.len > 0) /* never broken into lines, so that it can be copied */
		fprintf(out, "    $ %s\n", words);
	sb_init(&sb, words, sizeof words);
	diag_expand(d, f->words, &sb);
	if (sb.len > 0)
		flow_text(out, width, "    ", words);
}

static void
print_fixes(const struct catalogue_row *row, int width, FILE *out)
{
	const struct fix *list[FIXES_MAX];
	size_t n = fixes_of(row, list);
	struct diag d;

	diag_init(&d, 0, 0);
	for (int s = 0; s < SLOT__COUNT; s++)
		slot_fill(&d, (enum slot)s, placeholder((enum slot)s).name);
	fputs("\nFixes\n", out);
	if (n == 0)
		fputs("  none needed\n", out);
	for (size_t i = 0; i < n; i++)
		print_fix(&d, list[i], width, out);
	print_names(list, n, width, out);
}

static bool
has_member(const struct catalogue_row *row, const char *id)
{
	for (int i = 0; i < CATALOGUE_MEMBERS && row->members[i] != NULL; i++)
		if (strcmp(row->members[i], id) == 0)
			return true;
	return false;
}

static void
print_causes(const char *head, const struct catalogue_row *row, int width, FILE *out)
{
	for (int i = 0; i < CATALOGUE_MEMBERS && row->members[i] != NULL; i++) {
		const struct catalogue_row *m = catalogue_by_id(row->members[i]);
		char words[WORDS_MAX];
		struct strbuf sb;

		sb_init(&sb, words, sizeof words);
		sb_printf(&sb, "%s: %s", m->id, m->means);
		flow_text(out, width, i == 0 ? head : "               ", words);
	}
}

/* The classes that stand for the finding where nobody can tell it from its look-alikes. */
static void
print_classes(const char *head, const struct catalogue_row *row, int width, FILE *out)
{
	char words[WORDS_MAX];
	struct strbuf sb;

	sb_init(&sb, words, sizeof words);
	for (size_t i = 0; i < catalogue_count(); i++) {
		const struct catalogue_row *c = catalogue_at(i);

		if (!has_member(c, row->id))
			continue;
		sb_printf(&sb, "%s%s (like", sb.len > 0 ? "; " : "", c->id);
		for (int m = 0; m < CATALOGUE_MEMBERS && c->members[m] != NULL; m++)
			if (strcmp(c->members[m], row->id) != 0)
				sb_printf(&sb, " %s", c->members[m]);
		sb_puts(&sb, ")");
	}
	if (sb.len == 0 && catalogue_is_class(row))
		return;
	flow_text(out, width, head, sb.len > 0 ? words : "no other finding");
}

void
report_explain(const struct catalogue_row *row, int width, FILE *out)
{
	char words[WORDS_MAX];
	struct strbuf sb;

	sb_init(&sb, words, sizeof words);
	sb_printf(&sb, "%s: %s", row->id, row->means);
	flow_text(out, width, "", words);
	fprintf(out, "\nLayer:         %s\n",
	    catalogue_layer(row) == LAYER_NONE ? "any" : layer_name(catalogue_layer(row)));
	flow_text(out, width, "Cause:         ", row->cause);
	flow_text(out, width, "How it shows:  ", row->shows);
	flow_text(out, width, "What decides:  ", row->decides);
	sb_init(&sb, words, sizeof words);
	sb_printf(&sb, "%s%s (%s)",
	    catalogue_is_class(row) ? "that it is one of those below: " : "",
	    decidable_words(row->decidable), decidable_code(row->decidable));
	flow_text(out, width, "Who can tell:  ", words);
	print_causes("Could be:      ", row, width, out);
	print_classes("Looks like:    ", row, width, out);
	if (row->only != NULL)
		flow_text(out, width, "Note:          ", row->only);
	print_fixes(row, width, out);
	flow_text(out, width, "\nSource: ", row->source);
}

void
report_findings(FILE *out)
{
	for (size_t i = 0; i < catalogue_count(); i++) {
		const struct catalogue_row *row = catalogue_at(i);
		enum layer l = catalogue_layer(row);

		fprintf(out, "%-14s %-28s %s\n", l == LAYER_NONE ? "any" : layer_name(l), row->id,
		    row->means);
	}
}
