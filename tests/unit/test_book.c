/* The book: which diagnosis a line goes to, and what a re-run takes over. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "core/book.h"
#include "core/fix.h"
#include "core/rule.h"

enum { MAX = 32 };

static struct ev_line *made[MAX];
static int nmade;

static enum ev_status
add(struct book *b, const char *text)
{
	size_t len = strlen(text);
	struct ev_line *line = malloc(sizeof *line + len + 1);

	assert_non_null(line);
	assert_true(nmade < MAX);
	line->n = (uint32_t)++nmade;
	line->len = (uint32_t)len;
	memcpy(line->text, text, len + 1);
	made[nmade - 1] = line;
	return book_add(b, line);
}

static void
drop(struct book *b)
{
	book_free(b);
	while (nmade > 0)
		free(made[--nmade]);
}

static bool
has(struct book *b, uint16_t target, enum fact f)
{
	return fact_has(&book_diag(b, target)->facts, f);
}

/* What was done to this machine stays known over re-runs; the last change counts, in any order of arrival. */
static void
a_change_is_not_of_one_run(void **state)
{
	static const char *const lines[] = {
		"1 0.0.0 client/0 run.start host=a input=a",
		"20 0.0.0 client/0 fix.applied fix=keepalive side=client id=7 state=done",
		"30 0.0.0 client/0 fix.applied fix=save-port side=client id=8 state=done",
		"31 0.0.0 client/0 fix.applied fix=server-unlock side=server id=9",
		"32 0.0.0 client/0 fix.failed fix=save-key side=client what=apply text=no",
		"33 0.0.1 client/0 run.start host=a input=a",
		"40 0.0.1 client/0 fix.undone fix=save-port side=client id=8 state=undone",
		"50 0.0.2 client/0 run.start host=a input=a from=tcp",
	};
	static const int orders[][8] = { { 0, 1, 2, 3, 4, 5, 6, 7 }, { 7, 6, 5, 4, 3, 2, 1, 0 },
		{ 2, 0, 6, 7, 1, 5, 4, 3 } };

	(void)state;
	for (size_t o = 0; o < sizeof orders / sizeof *orders; o++) {
		struct book *b = book_new();
		const struct diag_change *c;

		for (int i = 0; i < 8; i++)
			assert_int_equal(add(b, lines[orders[o][i]]), EV_OK);
		c = &book_diag(b, 0)->change;
		assert_int_equal(book_diag(b, 0)->run, 2);
		assert_int_equal(c->id, 8);
		assert_true(c->undone);
		assert_string_equal(c->fix->id, "save-port");
		drop(b);
	}
}

static void
targets_do_not_mix(void **state)
{
	struct book *b = book_new();

	(void)state;
	assert_int_equal(add(b, "1 0.0.0 client/0 run.start host=a input=a"), EV_OK);
	assert_int_equal(add(b, "1 2.0.0 client/0 config.result result=missing"), EV_OK);
	assert_null(book_diag(b, 1));
	assert_null(book_diag(b, 3));
	assert_int_equal(book_diag(b, 0)->nfindings, 0);
	assert_string_equal(book_diag(b, 2)->verdict.rule->id, "client-missing");
	drop(b);
}

static void
garbage_is_kept_and_not_folded(void **state)
{
	struct book *b = book_new();

	(void)state;
	assert_int_equal(add(b, "no evidence"), EV_BAD);
	assert_int_equal(add(b, "1 0.0.0 client/0 later.kind x=1"), EV_UNKNOWN);
	assert_int_equal(add(b, "1 65535.0.0 client/0 config.result result=ok"), EV_OK);
	assert_int_equal(book_lines(b), 3);
	assert_string_equal(book_line(b, 0)->text, "no evidence");
	assert_null(book_line(b, 3));
	assert_null(book_diag(b, 0));
	assert_null(book_diag(b, 65535));
	drop(b);
}

/* ---- lines that go ---- */

static bool
run_is_two(const void *arg, uint32_t run)
{
	(void)arg;
	return run == 2;
}

/* A text is of all runs after it: it stays with the last one. So does a run that is wanted, and the newest. */
static void
what_no_run_has_goes(void **state)
{
	static const char *const lines[] = {
		"1 0.0.0 client/0 run.start host=a input=a from=\"\"",
		"2 0.0.0 pasted/1 text.source name=x kind=unknown lines=1 used=0",
		"3 0.0.0 client/0 config.result result=ok",
		"4 0.0.1 client/0 run.start host=a input=a from=\"\"",
		"5 0.1.1 client/0 config.result result=missing",
		"6 0.0.1 client/0 config.result result=ok",
		"7 1.0.0 client/0 config.result result=missing",
		"8 0.0.2 client/0 run.start host=a input=a from=\"\"",
		"9 0.0.2 client/0 config.result result=ok",
		"10 0.0.3 client/0 run.start host=a input=a from=\"\"",
		"11 0.0.4 client/0 run.start host=a input=a from=\"\"",
		"no evidence",
		"12 0.0.4 client/0 config.result result=missing",
	};
	static const uint32_t gone[] = { 1, 3, 4, 5, 6, 10 }, kept[] = { 2, 7, 8, 9, 11, 12, 13 };
	struct ev_numbers l = { 0 };
	struct book *b = book_new(), *copy;

	(void)state;
	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
		add(b, lines[i]);
	book_spare(b, 0, run_is_two, NULL, &l);
	book_spare(b, 3, run_is_two, NULL, &l); /* there is no such target */
	ev_numbers_sort(&l);
	assert_int_equal(l.n, 6);
	assert_memory_equal(l.v, gone, sizeof gone);
	copy = book_copy(b);
	assert_false(book_can_drop(b)); /* somebody reads them */
	book_drop(b, &l);
	assert_int_equal(book_lines(b), 13);
	book_free(copy);
	assert_true(book_can_drop(b));
	book_drop(b, &l);
	assert_int_equal(book_dropped(b), 6);
	assert_int_equal(book_lines(b), 7);
	for (size_t i = 0; i < 7; i++)
		assert_int_equal(book_line(b, i)->n, kept[i]);
	assert_int_equal(book_target_lines(b, 0), 5);
	assert_int_equal(book_target_lines(b, 1), 1);
	for (size_t i = 0; i < l.n; i++) { /* nobody has them any more */
		free(made[l.v[i] - 1]);
		made[l.v[i] - 1] = NULL;
	}
	assert_string_equal(book_diag(b, 0)->verdict.rule->id, "client-missing");
	assert_int_equal(book_diag(b, 0)->ntexts, 1);
	add(b, "14 0.0.5 client/0 run.start host=a input=a from=\"\"");
	assert_int_equal(book_diag(b, 0)->ntexts, 1);
	book_rest(b, 1);
	assert_string_equal(book_diag(b, 1)->verdict.rule->id, "client-missing");
	free(l.v);
	drop(b);
}

/* A watch of every two seconds gets there in a day and a half. */
static void
runs_beyond_sixteen_bits(void **state)
{
	struct book *b = book_new();

	(void)state;
	add(b, "1 0.0.65535 client/0 run.start input=a host=a from=\"\"");
	add(b, "2 0.0.65535 client/0 config.result result=missing");
	add(b, "3 0.0.65536 client/0 run.start input=a host=a from=\"\"");
	assert_int_equal(book_run(b, 0), 65536);
	assert_int_equal(book_diag(b, 0)->run, 65536);
	assert_int_equal(book_diag(b, 0)->nfindings, 0);
	add(b, "4 0.0.65536 client/0 run.end reason=done");
	assert_true(book_ended(b, 0));
	drop(b);
}

static const char *const rerun[] = {
	"1 0.0.0 client/0 run.start input=a host=a from=\"\"",
	"2 0.0.0 client/0 config.result result=ok",
	"3 0.0.0 client/0 phase phase=config start_us=1 took_us=1",
	"4 0.0.0 client/0 probe.end probe=config result=done",
	"5 0.0.0 client/0 resolve.addr addr=192.0.2.7 order=0",
	"6 0.0.0 client/0 tcp.result addr=192.0.2.7 port=22 result=refused",
	"7 0.0.0 client/0 probe.end probe=tcp result=done",
	"8 0.0.0 client/0 run.end reason=done connections=3",
	"9 0.0.1 client/0 run.start input=a host=a from=tcp",
	"10 0.0.1 client/0 tcp.result addr=192.0.2.7 port=22 result=open",
};

static void
check_rerun(struct book *b)
{
	const struct diag *d = book_diag(b, 0);

	assert_int_equal(d->run, 1);
	assert_true(has(b, 0, F_CONFIG_OK));
	assert_true(has(b, 0, F_ADDR));
	assert_true(has(b, 0, F_TCP_OPEN));
	assert_false(has(b, 0, F_TCP_DONE));
	assert_false(has(b, 0, F_ENDED));
	assert_true(d->phases[PH_CONFIG].seen);
	assert_int_equal(d->connections, 0);
	assert_int_equal(d->first_us, 9);
	assert_int_equal(d->nfindings, 0);
}

static void
a_rerun_takes_over_what_came_before_its_probe(void **state)
{
	enum { N = sizeof rerun / sizeof *rerun };
	struct book *b = book_new();

	(void)state;
	for (size_t i = 0; i < N; i++)
		add(b, rerun[i]);
	check_rerun(b);
	drop(b);
	b = book_new();
	for (size_t i = N; i > 0; i--)
		add(b, rerun[i - 1]);
	check_rerun(b);
	drop(b);
	b = book_new();
	for (size_t i = 0; i < N; i++)
		add(b, rerun[i * 7 % N]);
	check_rerun(b);
	drop(b);
}

static void
takeover_goes_on_from_run_to_run(void **state)
{
	struct book *b = book_new();

	(void)state;
	for (size_t i = 0; i < sizeof rerun / sizeof *rerun; i++)
		add(b, rerun[i]);
	add(b, "11 0.0.2 client/0 run.start input=a host=a from=resolve");
	assert_true(has(b, 0, F_CONFIG_OK));
	assert_false(has(b, 0, F_ADDR));
	add(b, "12 0.0.3 client/0 run.start input=a host=a from=\"\"");
	assert_false(has(b, 0, F_CONFIG_OK));
	assert_int_equal(book_diag(b, 0)->run, 3);
	drop(b);
}

/* Neither its facts nor its end are the target's, and the target's are not taken over into it. */
static void
a_jump_host_speaks_for_itself(void **state)
{
	struct book *b = book_new();

	(void)state;
	assert_int_equal(add(b, "1 0.0.0 client/0 run.start host=a input=a"), EV_OK);
	assert_int_equal(
	    add(b, "2 0.1.0 client/0 run.start host=jump input=jump user=root"), EV_OK);
	assert_int_equal(add(b, "3 0.1.0 client/0 config.result result=missing"), EV_OK);
	assert_int_equal(add(b, "4 0.1.0 client/0 proxy.result result=ended exit=255"), EV_OK);
	assert_int_equal(add(b, "5 0.1.0 client/0 run.end reason=done"), EV_OK);
	assert_string_equal(slot_text(book_diag(b, 0), SLOT_HOST), "a");
	assert_int_equal(book_diag(b, 0)->nfindings, 0);
	assert_false(book_diag(b, 0)->ended);
	assert_false(has(b, 0, F_HOP));
	assert_false(has(b, 0, F_USER_ROOT));
	assert_int_equal(book_lines(b), 5);
	drop(b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_no_run_has_goes),
		cmocka_unit_test(runs_beyond_sixteen_bits),
		cmocka_unit_test(targets_do_not_mix),
		cmocka_unit_test(a_change_is_not_of_one_run),
		cmocka_unit_test(garbage_is_kept_and_not_folded),
		cmocka_unit_test(a_rerun_takes_over_what_came_before_its_probe),
		cmocka_unit_test(takeover_goes_on_from_run_to_run),
		cmocka_unit_test(a_jump_host_speaks_for_itself),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
