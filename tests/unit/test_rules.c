/* The tables' own laws: slots, fixes and facts that rows name exist and are used. The catalogue has a test of its own. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "core/guard.h"
#include "core/fix.h"
#include "core/plan.h"
#include "core/rule.h"

/* Facts that no rule reads: layers, the verdict, other facts or the order of probes are made of them. */
/* clang-format off: a line each, so that additions do not meet */
static const enum fact read_elsewhere[] = {
	F_INTERRUPTED,
	F_CONFIG_OK,
	F_HOSTKEY_TAKEN,
	F_AGENT_BIND_REFUSED,
	F_AGREED_RSA,
	F_AGENT_OPENSSH,
	F_CFG_SINCE_92,
	F_DIRECT,
	F_CFG_NO_PASSWORD,
	F_CFG_NO_KBDINT,
	F_BLOCK_KEY,
	F_TCP_BEGAN,
	F_TCP_OPEN,
	F_TCP_DONE,
	F_KNOWN_DONE,
	F_MUX_PATH,
	F_FWD_LOCAL,
	F_X11_ASKED,
	F_ECHO_TIMED,
	F_HOSTKEY_MATCH,
	F_METHOD_PASSWORD,
	F_METHOD_KBDINT,
	F_LOGIN_UNSUPPORTED,
	F_PROOF_BEGAN,
	F_HOST_CERT,
	F_KNOWN_COMMAND,
	F_HOSTKEY_DNS,
	F_LOCALHOST_UNCHECKED,
	F_KEX_SILENT,
	F_PROOF_TRIED,
	F_PROOF_MUTE,
	F_OTHERKEY_SHOWN,
	F_KNOWN_ELSEWHERE,
	F_SSHFP_MATCH,
	F_SSHFP_DIFFERS,
	F_SSHFP_SECURE,
	F_PROOF_HOSTKEY,
	F_TRACE_DONE,
	F_TRACE_HOP,
	F_TRACE_BEYOND,
	F_METHOD_GSSAPI,
	F_METHOD_HOSTBASED,
	F_CFG_GSSAPI,
	F_CFG_HOSTBASED,
	F_CFG_PKCS11,
	F_WAY_BROKEN,
	F_HOP,
	F_HOP_IS_LAST,
	F_WAY_ASKED,
};
/* clang-format on */

static int
count_facts(const struct rule *r, enum fact f)
{
	int n = 0;

	for (int i = 0; i < RULE_FACTS; i++)
		n += (r->all[i] == f) + (r->any[i] == f) + (r->none[i] == f);
	return n;
}

static void
rows_are_whole(void **state)
{
	(void)state;
	for (size_t i = 0; i < rules_count(); i++) {
		const struct rule *r = rule_at(i);

		if (r->summary == NULL || r->why == NULL || r->certainty == CERTAIN_NONE ||
		    (r->all[0] == F_NONE && r->any[0] == F_NONE))
			fail_msg("row %zu, %s, is not whole", i, r->id);
		if (r->certainty == CERTAIN_LIKELY && r->candidates[0] == NULL)
			fail_msg("%s is likely and names no other cause", r->id);
		if (r->candidates[0] != NULL && r->decide == NULL)
			fail_msg("%s has candidates and does not say what decides", r->id);
		for (const char *p = r->id; *p != '\0'; p++)
			assert_non_null(strchr("abcdefghijklmnopqrstuvwxyz0123456789-", *p));
	}
	assert_null(rule_at(rules_count()));
}

/* Rows are in their layer's table, and a row that no evidence could reach because of one before it is an error. */
static void
layers_follow_each_other(void **state)
{
	(void)state;
	for (size_t i = 1; i < rules_count(); i++)
		assert_true(rule_at(i - 1)->layer <= rule_at(i)->layer);
}

static void
no_two_rows_are_the_same(void **state)
{
	(void)state;
	for (size_t i = 0; i < rules_count(); i++)
		for (size_t j = 0; j < i; j++) {
			const struct rule *a = rule_at(i), *b = rule_at(j);

			if (strcmp(a->id, b->id) == 0 && a->layer == b->layer &&
			    memcmp(a->all, b->all, sizeof a->all) == 0 &&
			    memcmp(a->any, b->any, sizeof a->any) == 0 &&
			    memcmp(a->none, b->none, sizeof a->none) == 0)
				fail_msg(
				    "%s: rows %zu and %zu have the same conditions", a->id, j, i);
		}
}

static void
every_fact_is_read(void **state)
{
	(void)state;
	for (int f = 1; f < F__COUNT; f++) {
		bool used = false, listed = false;

		for (size_t i = 0; i < rules_count(); i++)
			used = used || count_facts(rule_at(i), (enum fact)f) > 0;
		for (size_t i = 0; i < sizeof read_elsewhere / sizeof *read_elsewhere; i++)
			listed = listed || read_elsewhere[i] == (enum fact)f;
		if (!used && !listed)
			fail_msg("no one reads the fact %s", fact_name((enum fact)f));
		if (used && listed)
			fail_msg("%s is listed as read elsewhere, and a rule reads it",
			    fact_name((enum fact)f));
	}
}

/* A rule names it, or the catalogue for an id that has no rule, or a fix whose firewall rule it makes permanent. */
static bool
some_row_names_fix(const char *id)
{
	const struct guard_row *row;

	for (size_t i = 0; (row = guard_row_at(i)) != NULL; i++)
		if (row->keep != NULL && strcmp(row->keep, id) == 0)
			return true;
	for (size_t i = 0; i < rules_count(); i++)
		for (int j = 0; j < RULE_FIXES && rule_at(i)->fixes[j] != NULL; j++)
			if (strcmp(rule_at(i)->fixes[j], id) == 0)
				return true;
	for (size_t i = 0; i < catalogue_count(); i++)
		for (int j = 0; j < CATALOGUE_FIXES && catalogue_at(i)->fixes[j] != NULL; j++)
			if (strcmp(catalogue_at(i)->fixes[j], id) == 0)
				return true;
	return false;
}

static void
fixes_exist_are_used_and_whole(void **state)
{
	(void)state;
	for (size_t i = 0; i < rules_count(); i++)
		for (int j = 0; j < RULE_FIXES && rule_at(i)->fixes[j] != NULL; j++)
			if (fix_by_id(rule_at(i)->fixes[j]) == NULL)
				fail_msg("%s: no fix %s", rule_at(i)->id, rule_at(i)->fixes[j]);
	for (size_t i = 0; i < fixes_count(); i++) {
		const struct fix *f = fix_at(i);

		if (!some_row_names_fix(f->id))
			fail_msg("no row names the fix %s", f->id);
		if (fix_by_id(f->id) != f)
			fail_msg("two fixes have the id %s", f->id);
		assert_true(
		    (f->kind == FIX_MANUAL) == (f->command == NULL && f->change.op == CHANGE_NONE));
		assert_true(f->title != NULL && f->takes != NULL &&
			    (f->command != NULL || f->words != NULL));
		assert_true((f->undo != NULL) == (f->kind == FIX_CHANGE));
		if (plan_rank(f->recheck, strlen(f->recheck)) < 0)
			fail_msg("%s: no probe %s", f->id, f->recheck);
	}
	assert_null(fix_by_id("no-such-fix"));
	assert_null(fix_at(fixes_count()));
}

/* What a front end could take for one key's work must not be: forgetting a host key. */
static void
forgetting_a_host_key_is_never_safe(void **state)
{
	(void)state;
	for (size_t i = 0; i < fixes_count(); i++)
		if (fix_at(i)->command != NULL &&
		    strstr(fix_at(i)->command, "ssh-keygen -R") != NULL)
			assert_int_equal(fix_at(i)->risk, RISK_HIGH);
}

/* A word with a slot is quoted as one: an operator of the shell at its ends would be part of it. */
static void
slots_stand_apart_from_operators(void **state)
{
	static const char operators[] = ";<>&|()$`";

	(void)state;
	for (size_t i = 0; i < fixes_count(); i++) {
		const char *p = fix_at(i)->command;

		while (p != NULL && *p != '\0') {
			size_t n = strcspn(p, " ");

			if (memchr(p, '{', n) != NULL && (strchr(operators, p[0]) != NULL ||
							     strchr(operators, p[n - 1]) != NULL))
				fail_msg("%s: an operator is quoted in \"%s\"", fix_at(i)->id, p);
			p += n + strspn(p + n, " ");
		}
	}
}

static void
check_slots(const char *where, const char *words)
{
	for (; words != NULL && (words = strchr(words, '{')) != NULL; words++) {
		const char *close = strchr(words, '}');
		bool known = false;

		assert_non_null(close);
		for (int s = 0; s < SLOT__COUNT; s++)
			known = known ||
				(strlen(slot_name((enum slot)s)) == (size_t)(close - words - 1) &&
				    strncmp(words + 1, slot_name((enum slot)s),
					(size_t)(close - words - 1)) == 0);
		if (!known)
			fail_msg("%s: unknown slot in \"%s\"", where, words);
	}
}

static void
slots_are_known(void **state)
{
	(void)state;
	for (size_t i = 0; i < rules_count(); i++) {
		check_slots(rule_at(i)->id, rule_at(i)->summary);
		check_slots(rule_at(i)->id, rule_at(i)->why);
		check_slots(rule_at(i)->id, rule_at(i)->decide);
	}
	for (size_t i = 0; i < fixes_count(); i++) {
		check_slots(fix_at(i)->id, fix_at(i)->command);
		check_slots(fix_at(i)->id, fix_at(i)->words);
		check_slots(fix_at(i)->id, fix_at(i)->undo);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows_are_whole),
		cmocka_unit_test(layers_follow_each_other),
		cmocka_unit_test(no_two_rows_are_the_same),
		cmocka_unit_test(every_fact_is_read),
		cmocka_unit_test(fixes_exist_are_used_and_whole),
		cmocka_unit_test(forgetting_a_host_key_is_never_safe),
		cmocka_unit_test(slots_stand_apart_from_operators),
		cmocka_unit_test(slots_are_known),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
