/*
 * How a fix came out, judged on recordings: the diagnosis before it, and the one after. "Fixed" is said only
 * where the run after it came to the place where the finding was seen.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "core/book.h"
#include "core/fix.h"
#include "core/replay.h"
#include "core/rule.h"
#include "tui/fixing.h"
#include "tui/panel.h"

struct seen {
	struct replay *lines;
	struct book *book;
	struct logidx *log;
	const struct diag *d;
};

static void
see(struct seen *s, const char *practice)
{
	FILE *in, *quiet = fopen("/dev/null", "w");
	char path[96];

	snprintf(path, sizeof path, "tests/practice/%s.ev", practice);
	assert_non_null(quiet);
	if ((in = fopen(path, "re")) == NULL)
		fail_msg("%s is not there", path);
	assert_non_null(s->lines = replay_new());
	assert_non_null(s->book = book_new());
	assert_non_null(s->log = logidx_new());
	assert_int_equal(replay_read(s->lines, in, practice, quiet), 0);
	fclose(in);
	fclose(quiet);
	for (size_t i = 0; i < replay_count(s->lines); i++) {
		book_add(s->book, replay_line(s->lines, i));
		logidx_add(s->log, replay_line(s->lines, i));
	}
	s->d = book_diag(s->book, replay_target(s->lines));
	assert_non_null(s->d);
}

static void
forget(struct seen *s)
{
	logidx_free(s->log);
	book_free(s->book);
	replay_free(s->lines);
}

static void
judged(void **state)
{
	static const struct {
		const char *before, *after;
		enum fixing_result result;
	} rows[] = {
		{ "key-rejected", "healthy", RESULT_FIXED },
		{ "key-rejected", "key-rejected", RESULT_UNCHANGED },
		/* It goes on to a later failure. */
		{ "no-common-cipher", "key-rejected", RESULT_FIXED },
		{ "refused", "silent-banner", RESULT_FIXED },
		{ "silent-banner", "no-common-cipher", RESULT_FIXED },
		{ "key-rejected", "second-factor", RESULT_FIXED },
		/* The same layer fails, earlier: what was seen behind it is not known now. */
		{ "no-common-cipher", "refused", RESULT_OPEN },
		{ "no-common-cipher", "silent-banner", RESULT_OPEN },
		{ "hostkey-changed", "timeout", RESULT_OPEN },
		{ "silent-banner", "refused", RESULT_OPEN },
		{ "key-rejected", "auth-cut", RESULT_OPEN },
		{ "shell-exits", "session-lost", RESULT_OPEN },
		/* An earlier layer fails. */
		{ "key-rejected", "refused", RESULT_WORSE },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct seen before, after;
		struct fixing f;

		see(&before, rows[i].before);
		see(&after, rows[i].after);
		assert_true(before.d->verdict.finding >= 0);
		fixing_begin(&f, 0, fix_by_id("server-log"), WAY_SERVER,
		    before.d->findings[before.d->verdict.finding].rule->id);
		fixing_before(&f, before.d, before.log);
		fixing_after(&f, after.d, after.log);
		if (f.result != rows[i].result)
			fail_msg("%s, then %s: %s, not %s", rows[i].before, rows[i].after,
			    fixing_result_name(f.result), fixing_result_name(rows[i].result));
		forget(&before);
		forget(&after);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(judged),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
