/* core/roster.c: the table of targets, and the sentence over it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/roster.h"
#include "core/rule.h"

static const struct rule timeouts = {
	.id = "tcp-timeout", .layer = LAYER_TRANSPORT, .severity = SEV_FAIL
};
static const struct rule refused = {
	.id = "tcp-refused", .layer = LAYER_TRANSPORT, .severity = SEV_FAIL
};
static const struct rule human = {
	.id = "auth-needs-human", .layer = LAYER_AUTHENTICATION, .severity = SEV_UNKNOWN
};

/* Target i has ended with a finding (NULL: it works), at an address. */
static void
ended(struct roster *r, size_t i, const struct rule *rule, const char *addr)
{
	static struct diag d;

	diag_init(&d, 0, 0);
	d.started = d.ended = true;
	d.verdict = (struct verdict){ .rule = rule,
		.healthy = rule == NULL,
		.finding = rule == NULL ? -1 : 0,
		.certainty = CERTAIN_PROVEN };
	if (rule != NULL) {
		d.findings[0] = (struct finding){ .rule = rule, .severity = rule->severity };
		d.nfindings = 1;
	}
	d.layers[LAYER_TRANSPORT].state = rule == NULL ? LS_PASS : LS_FAIL;
	snprintf(d.addrs[0].addr, sizeof d.addrs[0].addr, "%s", addr);
	d.naddrs = addr[0] != '\0';
	roster_set(r, i, &d);
}

static void
says(const struct roster *r, const char *wanted)
{
	char words[ROSTER_WORDS];
	struct strbuf sb;

	sb_init(&sb, words, sizeof words);
	roster_summary(r, &sb);
	assert_string_equal(words, wanted);
}

static void
what_they_have_in_common(void **state)
{
	struct roster *r = roster_new(6);

	(void)state;
	says(r, "6 of 6 still run; none fails so far");
	for (size_t i = 0; i < 6; i++)
		ended(r, i, NULL, "10.1.1.1");
	says(r, "all 6 work");
	ended(r, 0, &timeouts, "10.1.2.3");
	says(r, "1 of 6 fail: 1 tcp-timeout. 5 work");
	ended(r, 1, &timeouts, "10.1.2.4");
	ended(r, 2, &refused, "10.1.3.4");
	says(r, "3 of 6 fail: 2 tcp-timeout, all in 10.1.2.0/24; 1 tcp-refused. 3 work");
	/* only what is true: one of the network works, or one is elsewhere */
	ended(r, 3, NULL, "10.1.2.9");
	says(r, "3 of 6 fail: 2 tcp-timeout, all in 10.1.2.0/24 (1 there works); 1 "
		"tcp-refused. 3 work");
	ended(r, 4, &timeouts, "10.1.20.9");
	says(r, "4 of 6 fail: 3 tcp-timeout; 1 tcp-refused. 2 work");
	ended(r, 4, &timeouts, ""); /* behind a jump host, say */
	says(r, "4 of 6 fail: 3 tcp-timeout; 1 tcp-refused. 2 work");
	ended(r, 5, &human, "10.1.1.1");
	says(r,
	    "4 of 6 fail: 3 tcp-timeout; 1 tcp-refused. 1 undecided: 1 auth-needs-human. 1 works");
	roster_free(r);
}

static void
order(void **state)
{
	struct roster *r = roster_new(5);
	size_t o[5];
	static const size_t worst[] = { 3, 1, 0, 2, 4 }, given[] = { 0, 1, 2, 3, 4 };

	(void)state;
	ended(r, 1, &human, "");
	ended(r, 2, NULL, "");
	ended(r, 3, &refused, "");
	ended(r, 4, NULL, "");
	roster_order(r, true, o);
	assert_memory_equal(o, worst, sizeof o);
	roster_order(r, false, o);
	assert_memory_equal(o, given, sizeof o);
	roster_free(r);
}

static void
text(void **state)
{
	struct roster *r = roster_new(2);
	char *out = NULL;
	size_t len;
	FILE *f = open_memstream(&out, &len);

	(void)state;
	r->row[0].input = "web1";
	r->row[1].input = "alice@web2";
	ended(r, 0, NULL, "");
	ended(r, 1, &refused, "");
	roster_print(r, NULL, f);
	fclose(f);
	assert_string_equal(out, "host        transp.  auth.    session  perf.    verdict\n"
				 "alice@web2  fail     wait     wait     wait     tcp-refused\n"
				 "web1        pass     wait     wait     wait     healthy\n"
				 "\n1 of 2 fail: 1 tcp-refused. 1 works.\n");
	free(out);
	roster_free(r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_they_have_in_common),
		cmocka_unit_test(order),
		cmocka_unit_test(text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
