/*
 * Look-alikes: pairs of real situations with different causes, recorded in the lab, that
 * the client cannot tell apart. The verdict claims no more than what both have in common,
 * says the same of both, and has the true cause of each among its candidates.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "core/diag.h"
#include "core/replay.h"
#include "core/rule.h"

/* A recording of tests/golden/cases, and what was wrong there. */
struct situation {
	const char *recording, *cause;
};

struct pair {
	const char *verdict;
	struct situation a, b;
};

/* clang-format off */
static const struct pair pairs[] = {
	{ "tcp-refused", { "lab-tcp-stopped", "tcp-refused-no-listener" }, { "lab-tcp-loopback-only", "tcp-refused-bind-address" } },
	{ "tcp-refused", { "lab-tcp-stopped", "tcp-refused-no-listener" }, { "lab-tcp-reset-by-firewall", "tcp-refused-firewall" } },
	{ "tcp-refused-wrong-port", { "lab-tcp-wrong-port", "tcp-refused-wrong-port" }, { "lab-lookalike-two-servers", "tcp-refused-no-listener" } },
	{ "tcp-timeout", { "lab-lookalike-all-dropped", "tcp-timeout-filtered" }, { "lab-lookalike-host-down", "tcp-timeout-host-down" } },
	{ "banner-closed", { "lab-lookalike-wrappers", "banner-closed-no-text" }, { "lab-lookalike-middlebox", "banner-reset" } },
	{ "banner-silent", { "lab-banner-silent", "banner-not-ssh" }, { "lab-banner-silent-queue", "sshd-no-resources" } },
	{ "kex-closed", { "lab-kex-reset", "crash-or-lib-mismatch" }, { "lab-lookalike-middlebox-kex", "banner-reset" } },
	{ "auth-key-rejected", { "lab-auth-key-not-listed", "auth-key-not-listed" }, { "lab-auth-file-modes", "auth-strictmodes" } },
	{ "auth-key-rejected", { "lab-auth-user-unknown", "auth-user-unknown" }, { "lab-auth-user-not-allowed", "auth-allow-deny" } },
	{ "auth-account-denied", { "lab-auth-account-rule", "pam-account-denied" }, { "lab-lookalike-pam-broken", "pam-broken" } },
	{ "auth-disconnected", { "lab-lookalike-auth-crash", "crash-or-lib-mismatch" }, { "lab-lookalike-auth-grace", "login-grace-exceeded" } },
	{ "shell-nologin", { "lab-session-nologin", "shell-nologin" }, { "lab-lookalike-forced-nologin", "forced-command" } },
	{ "shell-crash", { "lab-session-shell-killed", "shell-crash" }, { "lab-lookalike-forced-crash", "forced-command-fails" } },
	{ "forced-command-fails", { "lab-session-forced-command-fails", "forced-command-fails" }, { "lab-lookalike-shell-false", "shell-nologin" } },
};
/* clang-format on */

static void
diagnose(struct diag *d, const char *recording)
{
	struct replay *r = replay_new();
	char path[256];
	FILE *in;

	snprintf(path, sizeof path, "tests/golden/cases/%s.ev", recording);
	assert_non_null(r);
	if ((in = fopen(path, "re")) == NULL)
		fail_msg("%s cannot be read: tests run at the top of the tree", path);
	assert_int_equal(replay_read(r, in, path, stderr), 0);
	fclose(in);
	diag_init(d, replay_target(r), 0);
	for (size_t i = 0; i < replay_count(r); i++) {
		const struct ev_line *line = replay_line(r, i);
		char scratch[EV_LINE_MAX];
		struct evidence ev;

		assert_int_equal(
		    ev_decode(&ev, line->text, line->len, scratch, sizeof scratch), EV_OK);
		ev.n = line->n;
		diag_apply(d, &ev);
	}
	diag_conclude(d);
	replay_free(r);
}

static bool
has_candidate(const struct diag *d, const char *id)
{
	for (int i = 0; i < d->ncandidates; i++)
		if (strcmp(d->candidates[i]->id, id) == 0)
			return true;
	return false;
}

static void
check(const struct pair *p, const struct diag *d, const char *recording)
{
	const struct catalogue_row *row = catalogue_by_id(p->verdict);

	assert_non_null(row);
	assert_non_null(d->verdict.rule);
	if (strcmp(d->verdict.rule->id, p->verdict) != 0)
		fail_msg(
		    "%s: the verdict is %s, not %s", recording, d->verdict.rule->id, p->verdict);
	if (d->verdict.certainty == CERTAIN_PROVEN && !catalogue_is_class(row))
		fail_msg(
		    "%s: %s is called proven, and is no class of causes", recording, p->verdict);
	if (!has_candidate(d, p->a.cause) || !has_candidate(d, p->b.cause))
		fail_msg(
		    "%s: %s or %s is not among the candidates", recording, p->a.cause, p->b.cause);
	assert_non_null(d->verdict.rule->decide);
}

static void
the_verdict_claims_no_more_than_both_have(void **state)
{
	static struct diag a, b;

	(void)state;
	for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
		const struct pair *p = &pairs[i];

		assert_string_not_equal(p->a.cause, p->b.cause);
		diagnose(&a, p->a.recording);
		diagnose(&b, p->b.recording);
		check(p, &a, p->a.recording);
		check(p, &b, p->b.recording);
		if (a.verdict.certainty != b.verdict.certainty || a.ncandidates != b.ncandidates ||
		    memcmp(a.candidates, b.candidates,
			(size_t)a.ncandidates * sizeof a.candidates[0]) != 0)
			fail_msg("%s and %s get different answers", p->a.recording, p->b.recording);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_verdict_claims_no_more_than_both_have),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
