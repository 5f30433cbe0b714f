/*
 * What takes longer than a turn of the loop, in slices or beside it, comes to what it comes to at once: a search, a
 * filter, and the reports that Y, R and w make with names hidden; and it can be given up.
 */
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <dirent.h>
#include <unistd.h>
#include <cmocka.h>

#include "core/replay.h"
#include "tui/app_state.h"
#include "tui/reportjob.h"

enum { LINES = 12000 };

struct stage {
	struct replay *r;
	struct app *a;
	struct ev_line *later;
};

/* A practice's recording, made long by lines with names in them. */
static int
setup(void **state)
{
	static struct stage s;
	static const struct app_options none = { 0 };
	struct app_options o = none;
	FILE *in = fopen("tests/practice/key-not-offered.ev", "r");
	char text[256];

	if (in == NULL)
		in = fopen("tests/practice/healthy.ev", "r");
	assert_non_null(in);
	assert_non_null(s.r = replay_new());
	assert_int_equal(replay_read(s.r, in, "practice", stderr), 0);
	fclose(in);
	for (int i = 0; i < LINES; i++) {
		snprintf(text, sizeof text,
		    "%d 0.0.0 proof/0 proof.line level=1 text=\"debug1: line %d from 198.51.100.%d "
		    "for user%d at "
		    "web%d.example.net port %d\"",
		    900000 + i, i, i % 250, i % 40, i % 30, i % 7000);
		assert_int_equal(replay_add(s.r, text, strlen(text)), 0);
	}
	assert_non_null(s.a = app_new(&o));
	s.a->v.g = glyphs_get(true);
	for (size_t i = 0; i < replay_count(s.r); i++)
		app_feed(s.a, replay_line(s.r, i));
	s.a->v.level = 3;
	app_refresh(s.a);
	*state = &s;
	return 0;
}

static int
teardown(void **state)
{
	struct stage *s = *state;

	app_free(s->a);
	replay_free(s->r);
	free(s->later);
	return 0;
}

/* Whether the words of a line have these. */
static bool
has(const struct ev_line *line, const char *words)
{
	struct field f = { 0 };
	char text[4096];
	struct strbuf sb;

	field_set(&f, words);
	sb_init(&sb, text, sizeof text);
	log_describe(line, &sb);
	return field_matches(&f, text);
}

/* The row that a search from one finds, going round the end; -1: none. */
static int
plain_search(const struct app *a, int from, int dir, const char *words)
{
	int n = (int)logidx_count(a->log);

	for (int i = 1; i <= n; i++) {
		int row = ((from + dir * i) % n + n) % n;

		if (has(logidx_line(a->log, (size_t)row), words))
			return row;
	}
	return -1;
}

/* Turns of the loop until the work is done. Returns how many. */
static int
turns(struct app *a)
{
	int n = 0;

	while (a->hunt.on || !logidx_whole(a->log)) {
		uv_run(&a->loop, UV_RUN_NOWAIT);
		n++;
	}
	return n;
}

static void
a_search_finds_the_same(void **state)
{
	static const struct {
		int from;
		const char *words;
	} tries[] = { { 0, "line 11990 " }, { 5, "line 77 port" },
		{ 6000, "web7.example.net port 37" }, { 11000, "run.start" },
		{ 11000, "line 4999 " }, { 40, "debug1" }, { 3, "no line has these" } };
	struct app *a = ((struct stage *)*state)->a;
	int most = 0;

	for (size_t i = 0; i < sizeof tries / sizeof *tries; i++)
		for (int dir = 1; dir >= -1; dir -= 2) {
			int want, n;

			a->v.sel[PANEL_LOG] = tries[i].from;
			field_set(&a->v.field, tries[i].words);
			field_set(&a->v.search, tries[i].words);
			want = plain_search(a, tries[i].from, dir, tries[i].words);
			if (dir > 0)
				app_search(a);
			else
				act_match_prev(a, 0);
			n = turns(a);
			most = n > most ? n : most;
			assert_int_equal(a->v.sel[PANEL_LOG], want < 0 ? tries[i].from : want);
		}
	assert_in_range(most, 2, 1000000); /* it was in slices */
}

static void
a_filter_keeps_the_same(void **state)
{
	struct app *a = ((struct stage *)*state)->a;
	size_t n = logidx_count(a->log), kept = 0;
	const struct ev_line **want = calloc(n, sizeof(const struct ev_line *));

	assert_non_null(want);
	for (size_t i = 0; i < n; i++)
		if (has(logidx_line(a->log, i), "user7"))
			want[kept++] = logidx_line(a->log, i);
	assert_in_range(kept, 100, n - 1);
	field_set(&a->v.field, "user7");
	app_filter(a);
	assert_in_range(turns(a), 1, 1000000);
	assert_int_equal(logidx_count(a->log), kept);
	for (size_t i = 0; i < kept; i++)
		assert_ptr_equal(logidx_line(a->log, i), want[i]);
	field_set(&a->v.field, "");
	app_filter(a);
	turns(a);
	assert_int_equal(logidx_count(a->log), n);
	free(want);
}

/* ---- reports ---- */

struct got {
	char *text, path[512];
	size_t len;
	int ends, moves;
};

static void
moves(void *arg)
{
	((struct got *)arg)->moves++;
}

static void
ends(void *arg, const struct reportjob_end *e)
{
	struct got *g = arg;

	g->ends++;
	g->len = e->len;
	assert_non_null(g->text = malloc(e->len + 1));
	memcpy(g->text, e->text, e->len);
	g->text[e->len] = '\0';
	snprintf(g->path, sizeof g->path, "%s", e->file && e->error == NULL ? e->path : "");
}

static const struct reportjob_does does = { moves, ends };

static char *
at_once(struct app *a, enum save_kind kind, bool hide, size_t *len)
{
	char *text = NULL;
	FILE *f = open_memstream(&text, len);

	assert_int_equal(save_print(kind, book_diag(a->book, 0), a->book, hide, 80, NULL, f), 0);
	fclose(f);
	return text;
}

/* Byte for byte; the message says how long ago it was, so that one that a second ends in is made again. */
static bool
same(struct app *a, enum save_kind kind, bool hide)
{
	struct got g = { 0 };
	size_t len;
	char *want = at_once(a, kind, hide, &len);
	struct reportjob *j = reportjob_start(
	    &a->loop, kind, book_diag(a->book, 0), a->book, hide, false, false, &does, &g);
	bool is;

	if (hide)
		assert_non_null(j); /* beside the loop */
	while (g.ends == 0)
		uv_run(&a->loop, UV_RUN_NOWAIT);
	assert_int_equal(g.ends, 1);
	if (hide)
		assert_in_range(g.moves, 2, 100000);
	is = g.len == len && memcmp(g.text, want, len) == 0;
	free(want);
	free(g.text);
	return is;
}

static void
a_report_is_the_same(void **state)
{
	struct app *a = ((struct stage *)*state)->a;

	for (int k = 0; k < SAVE__COUNT; k++)
		for (int hide = 0; hide <= 1; hide++)
			if (!same(a, (enum save_kind)k, hide) && !same(a, (enum save_kind)k, hide))
				fail_msg("kind %d, hidden %d: another", k, hide);
}

/* Lines that come meanwhile are not in it, and do it no harm. */
static void
a_report_is_of_its_begin(void **state)
{
	struct app *a = ((struct stage *)*state)->a;
	static const char more[] = "990000 0.0.0 client/0 note text=\"it came later\"";
	struct ev_line *line = malloc(sizeof *line + sizeof more);
	struct got g = { 0 };
	size_t len;
	char *want = at_once(a, SAVE_JSON, true, &len);

	assert_non_null(line);
	((struct stage *)*state)->later = line;
	line->n = 900000;
	line->len = sizeof more - 1;
	memcpy(line->text, more, sizeof more);
	assert_non_null(reportjob_start(
	    &a->loop, SAVE_JSON, book_diag(a->book, 0), a->book, true, false, false, &does, &g));
	for (int i = 0; i < 500; i++)
		app_feed(a, line);
	while (g.ends == 0)
		uv_run(&a->loop, UV_RUN_NOWAIT);
	assert_int_equal(g.len, len);
	assert_memory_equal(g.text, want, len);
	free(want);
	free(g.text);
}

static int
files_in(const char *folder)
{
	DIR *d = opendir(folder);
	int n = 0;

	for (struct dirent *e; d != NULL && (e = readdir(d)) != NULL;)
		n += e->d_name[0] != '.';
	if (d != NULL)
		closedir(d);
	return n;
}

static void
a_report_can_be_given_up(void **state)
{
	struct app *a = ((struct stage *)*state)->a;
	char home[] = "/tmp/sshmedic-slices-XXXXXX", folder[128], command[160];
	struct got g = { 0 };

	assert_non_null(mkdtemp(home));
	setenv("XDG_STATE_HOME", home, 1);
	snprintf(folder, sizeof folder, "%s/sshmedic/reports", home);
	/* By Esc; nothing of it stays, and the next one can be asked for at once. */
	a->set.at[SETTING_REDACT].n = REDACT_REPORT;
	app_report(a, SAVE_JSON, true);
	assert_non_null(a->report);
	app_report(a, SAVE_JSON, true);
	assert_non_null(strstr(a->v.message, "still being made"));
	app_refresh(a);
	assert_string_equal(a->v.busy, "making the report");
	act_back(a, 0);
	assert_null(a->report);
	assert_string_equal(a->v.message, "the report is given up");
	assert_non_null(reportjob_start(
	    &a->loop, SAVE_TEXT, book_diag(a->book, 0), a->book, true, true, false, &does, &g));
	while (g.ends == 0)
		uv_run(&a->loop, UV_RUN_NOWAIT);
	assert_int_equal(access(g.path, R_OK), 0);
	for (int i = 0; i < 200 && files_in(folder) > 1; i++) /* the other thread ends */
		usleep(20000);
	assert_int_equal(files_in(folder), 1);
	free(g.text);
	snprintf(command, sizeof command, "rm -rf %s", home);
	assert_int_equal(system(command), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_search_finds_the_same),
		cmocka_unit_test(a_filter_keeps_the_same),
		cmocka_unit_test(a_report_is_the_same),
		cmocka_unit_test(a_report_can_be_given_up),
		cmocka_unit_test(a_report_is_of_its_begin),
	};

	setlocale(LC_ALL, "C.UTF-8");
	return cmocka_run_group_tests(tests, setup, teardown);
}
