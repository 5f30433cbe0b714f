/* The catalogue's own laws: one whole row for every id, and each row found by a rule or marked as never found. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "core/catalogue.h"
#include "core/fix.h"
#include "core/rule.h"

static int
plain(const char *words)
{
	return words != NULL && words[0] != '\0' && strpbrk(words, "{}\n\t") == NULL;
}

static void
rows_are_whole(void **state)
{
	(void)state;
	assert_in_range(catalogue_count(), 150, 1000);
	for (size_t i = 0; i < catalogue_count(); i++) {
		const struct catalogue_row *row = catalogue_at(i);

		if (catalogue_by_id(row->id) != row)
			fail_msg("two rows have the id %s", row->id);
		for (const char *p = row->id; *p != '\0'; p++)
			assert_non_null(strchr("abcdefghijklmnopqrstuvwxyz0123456789-", *p));
		if (!plain(row->means) || !plain(row->cause) || !plain(row->shows) ||
		    !plain(row->decides) || !plain(row->source))
			fail_msg("%s has an empty part, or one with a slot in it", row->id);
		if (strchr(".:", row->means[strlen(row->means) - 1]) != NULL)
			fail_msg("%s: its meaning is a clause, not a sentence", row->id);
	}
	assert_null(catalogue_at(catalogue_count()));
	assert_null(catalogue_by_id("no-such-id"));
}

/* A class names at least one cause that looks the same; each is an id of its own, named once. */
static void
members_exist(void **state)
{
	(void)state;
	for (size_t i = 0; i < catalogue_count(); i++) {
		const struct catalogue_row *row = catalogue_at(i);

		for (int m = 0; m < CATALOGUE_MEMBERS && row->members[m] != NULL; m++) {
			if (catalogue_by_id(row->members[m]) == NULL)
				fail_msg("%s: no member %s", row->id, row->members[m]);
			assert_string_not_equal(row->members[m], row->id);
			for (int n = 0; n < m; n++)
				assert_string_not_equal(row->members[m], row->members[n]);
		}
	}
}

static int
is_member(const struct catalogue_row *row, const char *id)
{
	for (int m = 0; m < CATALOGUE_MEMBERS && row->members[m] != NULL; m++)
		if (strcmp(row->members[m], id) == 0)
			return 1;
	return 0;
}

/* What rules name is in the catalogue, in the layer that it says; what a class may be is among its members. */
static void
every_id_of_a_rule_has_a_row(void **state)
{
	(void)state;
	for (size_t i = 0; i < rules_count(); i++) {
		const struct rule *r = rule_at(i);
		const struct catalogue_row *row = catalogue_by_id(r->id);

		if (row == NULL)
			fail_msg("%s is not in the catalogue", r->id);
		if (catalogue_layer(row) != LAYER_NONE && catalogue_layer(row) != r->layer)
			fail_msg("%s is in another layer of the catalogue", r->id);
		for (int c = 0; c < RULE_CANDIDATES && r->candidates[c] != NULL; c++) {
			if (catalogue_by_id(r->candidates[c]) == NULL)
				fail_msg("%s: candidate %s is not in the catalogue", r->id,
				    r->candidates[c]);
			if (catalogue_is_class(row) && strcmp(r->candidates[c], r->id) != 0 &&
			    !is_member(row, r->candidates[c]))
				fail_msg("%s: candidate %s is not among the members of the class",
				    r->id, r->candidates[c]);
		}
		for (int s = 0; s < RULE_SUPERSEDES && r->supersedes[s] != NULL; s++)
			if (catalogue_by_id(r->supersedes[s]) == NULL)
				fail_msg("%s: it supersedes %s, which is not in the catalogue",
				    r->id, r->supersedes[s]);
	}
}

static void
a_row_without_a_rule_says_why(void **state)
{
	(void)state;
	for (size_t i = 0; i < catalogue_count(); i++) {
		const struct catalogue_row *row = catalogue_at(i);
		const struct rule *r = rule_by_id(row->id);

		if (r == NULL && !plain(row->only))
			fail_msg("%s: no rule finds it, and its row does not say why", row->id);
		if (r != NULL && row->only != NULL)
			fail_msg("%s: a rule finds it; take .only out of its row", row->id);
	}
}

static int
rules_name_a_fix(const char *id)
{
	for (size_t i = 0; i < rules_count(); i++)
		if (strcmp(rule_at(i)->id, id) == 0 && rule_at(i)->fixes[0] != NULL)
			return 1;
	return 0;
}

/* Something can be done about each finding, unless nothing is wrong. */
static void
each_id_has_a_fix(void **state)
{
	(void)state;
	for (size_t i = 0; i < catalogue_count(); i++) {
		const struct catalogue_row *row = catalogue_at(i);

		for (int f = 0; f < CATALOGUE_FIXES && row->fixes[f] != NULL; f++)
			if (fix_by_id(row->fixes[f]) == NULL)
				fail_msg("%s: no fix %s", row->id, row->fixes[f]);
		if (row->fixes[0] == NULL && !rules_name_a_fix(row->id) &&
		    strcmp(row->id, "healthy") != 0)
			fail_msg("%s has no fix", row->id);
	}
}

static void
codes_have_words(void **state)
{
	(void)state;
	for (int d = DEC_CLIENT; d <= DEC_OWNER; d++) {
		assert_true(plain(decidable_code((enum decidable)d)));
		assert_true(plain(decidable_words((enum decidable)d)));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows_are_whole),
		cmocka_unit_test(members_exist),
		cmocka_unit_test(every_id_of_a_rule_has_a_row),
		cmocka_unit_test(a_row_without_a_rule_says_why),
		cmocka_unit_test(each_id_has_a_fix),
		cmocka_unit_test(codes_have_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
