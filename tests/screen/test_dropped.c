/*
 * The screen while lines of earlier looks go (--watch): what is selected, held still, filtered and hidden of the rest stays as
 * it is, and nothing looks at what has gone, which is freed.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "tui/app_state.h"

enum { RUNS = 6, KEPT = 3, LINES = 4 }; /* a run */

static struct ev_line *made[RUNS * LINES];

static void
feed(struct app *a, uint32_t n, const char *text)
{
	size_t len = strlen(text);
	struct ev_line *line = malloc(sizeof *line + len + 1);

	assert_non_null(line);
	line->n = n;
	line->len = (uint32_t)len;
	memcpy(line->text, text, len + 1);
	made[n - 1] = line;
	app_feed(a, line);
}

static void
begin(struct app *a)
{
	char text[256];
	uint32_t n = 0;

	for (int run = 0; run < RUNS; run++) {
		snprintf(text, sizeof text,
		    "%u 0.0.%d client/0 run.start host=web1.example.net input=web1 from=\"\"", n,
		    run);
		feed(a, ++n, text);
		snprintf(text, sizeof text, "%u 0.0.%d client/0 config.result result=ok", n, run);
		feed(a, ++n, text);
		snprintf(text, sizeof text,
		    "%u 0.0.%d client/0 tcp.result addr=192.0.2.7 port=22 result=refused", n, run);
		feed(a, ++n, text);
		snprintf(text, sizeof text, "%u 0.0.%d client/0 run.end reason=done", n, run);
		feed(a, ++n, text);
	}
}

static bool
is_late(const void *arg, uint32_t run)
{
	(void)arg;
	return run >= RUNS - KEPT;
}

/* As the watch does it. */
static void
drop(struct app *a)
{
	struct ev_numbers gone = { 0 };

	book_spare(a->book, 0, is_late, NULL, &gone);
	assert_int_equal(gone.n, (RUNS - KEPT) * LINES);
	ev_numbers_sort(&gone);
	app_log_drop(a, &gone);
	book_drop(a->book, &gone);
	for (size_t i = 0; i < gone.n; i++) {
		free(made[gone.v[i] - 1]);
		made[gone.v[i] - 1] = NULL;
	}
	free(gone.v);
}

static struct app *
opened(void)
{
	static const struct app_options none = { 0 };
	struct app *a = app_new(&none);

	assert_non_null(a);
	a->v.g = glyphs_get(true);
	begin(a);
	a->v.level = 3;
	app_refresh(a);
	return a;
}

static void
closed(struct app *a)
{
	app_free(a);
	for (size_t i = 0; i < sizeof made / sizeof *made; i++) {
		free(made[i]);
		made[i] = NULL;
	}
}

static void
turns(struct app *a)
{
	for (int i = 0; i < 20; i++) {
		uv_run(&a->loop, UV_RUN_NOWAIT);
		app_refresh(a);
	}
}

/* The number of a row's line; 0: there is none. */
static uint32_t
number(const struct app *a, int row)
{
	const struct ev_line *line = row < 0 ? NULL : logidx_line(a->log, (size_t)row);

	return line != NULL ? line->n : 0;
}

static void
selected_and_still(void **state)
{
	struct app *a = opened();

	(void)state;
	a->v.sel[PANEL_LOG] = 15;
	a->v.follow = false;
	a->v.frozen = 18;
	drop(a);
	turns(a);
	assert_int_equal(logidx_count(a->log), KEPT * LINES);
	assert_int_equal(logidx_total(a->log), KEPT * LINES);
	assert_int_equal(number(a, a->v.sel[PANEL_LOG]), 16);
	assert_int_equal(number(a, a->v.frozen), 19);
	closed(a);
}

/* What was selected went: the one that stands there now. All that was held still went: nothing is there, and nothing comes. */
static void
gone_from_under(void **state)
{
	struct app *a = opened();

	(void)state;
	a->v.sel[PANEL_LOG] = 5;
	a->v.follow = false;
	a->v.frozen = 7;
	drop(a);
	turns(a);
	assert_int_equal(number(a, a->v.sel[PANEL_LOG]), (RUNS - KEPT) * LINES + 1);
	assert_int_equal(a->v.frozen, 0);
	closed(a);
}

static void
filtered(void **state)
{
	struct app *a = opened();

	(void)state;
	field_set(&a->v.field, "refused");
	app_filter(a);
	turns(a);
	assert_int_equal(logidx_count(a->log), RUNS);
	drop(a);
	turns(a);
	assert_int_equal(logidx_count(a->log), KEPT);
	assert_int_equal(number(a, 0), (RUNS - KEPT) * LINES + 3);
	closed(a);
}

/* Names are hidden: what is shown is made anew, and nothing else is meanwhile. A report reads all lines to its end. */
static void
hidden(void **state)
{
	struct app *a = opened();
	struct book *copy;

	(void)state;
	act_redact(a, 0);
	turns(a);
	assert_ptr_not_equal(a->log, a->all_log);
	assert_int_equal(logidx_count(a->log), RUNS * LINES);
	a->v.frozen = 18;
	copy = book_copy(a->book);
	assert_false(book_can_drop(a->book));
	book_free(copy);
	drop(a);
	app_refresh(a);
	turns(a);
	assert_int_equal(app_veil_percent(a), 100);
	assert_int_equal(logidx_count(a->log), KEPT * LINES);
	assert_int_equal(book_lines(app_shown_book(a)), KEPT * LINES);
	assert_int_equal(number(a, 0), (RUNS - KEPT) * LINES + 1);
	assert_int_equal(number(a, a->v.frozen), 19);
	for (size_t i = 0; i < logidx_count(a->log); i++)
		assert_null(strstr(logidx_line(a->log, i)->text, "web1"));
	act_redact(a, 0);
	turns(a);
	assert_int_equal(logidx_count(a->log), KEPT * LINES);
	closed(a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(selected_and_still),
		cmocka_unit_test(gone_from_under), cmocka_unit_test(filtered),
		cmocka_unit_test(hidden) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
