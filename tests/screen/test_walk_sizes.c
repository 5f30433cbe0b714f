/*
 * The walkthrough where rows are few: of every step of every script, with the evidence of every recording that
 * leads there, the question and its answers are seen as it opens, what was decided stays in sight, and nothing
 * is cut without a mark that names the key for the rest, which shows all of it.
 */
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "core/stop.h"
#include "tui/width.h"
#include "walk_stage.h"

enum { ROWS_MAX = 256, ROW_LEN = 1024, TALL = 250, PAGES_MAX = 200, STATES_MAX = 1024, TWICE = 2 };

static const int sizes[][2] = { { 60, 15 }, { 80, 24 }, { 120, 36 } };

/* Rows of a screen, the window's without its sides. */
struct rows {
	char row[ROWS_MAX][ROW_LEN];
	int n;
	char title[ROW_LEN], end[ROW_LEN]; /* the borders above and below */
};

static struct rows page, seen, tall;
static const char *where; /* recording, script and step, for a failure */
static int cols, high;

static void
fail_at(const char *what)
{
	fail_msg("%s, %dx%d: %s\n%s", where, cols, high, what, page.title);
}

/* Between the two sides of the window; NULL where they are not both there. */
static char *
between(char *row)
{
	static const char side[] = "│";
	size_t len = strlen(row), n = sizeof side - 1;

	if (len < 2 * n || strncmp(row, side, n) != 0 || strcmp(row + len - n, side) != 0 ||
	    width_text(row) != cols)
		return NULL;
	row[len - n] = '\0';
	for (len -= n; len > 0 && row[len - 1] == ' '; len--)
		row[len - 1] = '\0';
	return row + n;
}

/* The window as it is on the screen. */
static void
take(struct app *a, int rows, struct rows *to)
{
	char *text = NULL, *at, *row;
	size_t len;
	FILE *f = open_memstream(&text, &len);
	bool in = false;

	look(a, cols, rows);
	grid_dump(&a->grid, false, f);
	fclose(f);
	to->n = 0;
	to->title[0] = to->end[0] = '\0';
	for (at = text; (row = strsep(&at, "\n")) != NULL;) {
		if (!in && strncmp(row, "┌", 3) == 0) {
			in = true;
			snprintf(to->title, ROW_LEN, "%s", row);
		} else if (in && strncmp(row, "└", 3) == 0) {
			in = false;
			snprintf(to->end, ROW_LEN, "%s", row);
		} else if (in) {
			char *words = between(row);

			if (words == NULL)
				fail_msg("%s, %dx%d: a row breaks the border: %s", where, cols,
				    rows, row);
			assert_true(to->n < ROWS_MAX);
			snprintf(to->row[to->n++], ROW_LEN, "%s", words);
		}
	}
	assert_true(to->title[0] != '\0' && to->end[0] != '\0');
	free(text);
}

static bool
has(const struct rows *r, const char *words)
{
	for (int i = 0; i < r->n; i++)
		if (strstr(r->row[i], words) != NULL)
			return true;
	return false;
}

/* What says that there is more stands in the border below, or where the question is parted from the rest. */
static bool
marks(const struct rows *r, const char *words)
{
	return strstr(r->end, words) != NULL || has(r, words);
}

/* A row without words: a border, or none. */
static bool
is_void(const char *row)
{
	return strstr(row, "────") != NULL || row[strspn(row, " │")] == '\0';
}

static void
keep(const struct rows *from, struct rows *to)
{
	for (int i = 0; i < from->n; i++) {
		bool known = is_void(from->row[i]);

		for (int k = 0; k < to->n && !known; k++)
			known = strcmp(to->row[k], from->row[i]) == 0;
		if (known)
			continue;
		assert_true(to->n < ROWS_MAX);
		memcpy(to->row[to->n++], from->row[i], ROW_LEN);
	}
}

static void
check_question(const struct walk_step *s, int answer, bool first)
{
	char label[16];

	if (s->end != WALK_ASKS) {
		if (!has(&page, "The end of this way"))
			fail_at("it does not say that this is the end");
		return;
	}
	if ((first || answer >= 0) && !has(&page, s->ask))
		fail_at("the question is out of sight");
	for (int k = 0; k < s->answers; k++) {
		snprintf(label, sizeof label, "[%d] ", k + 1);
		if ((answer < 0 ? first : k == answer) && !has(&page, label))
			fail_at("an answer is out of sight");
	}
	if (answer >= 0 && !has(&page, "<-"))
		fail_at("the answer is not marked");
	if ((first || answer >= 0) && !has(&page, "Enter goes on") && !has(&page, "type a number"))
		fail_at("it does not say what to do");
}

/* As the step opens, what is looked at first: the line that decides, else what to run where the answer is. */
static void
check_first(struct app *a, const struct walk_step *s, int answer)
{
	uint32_t n = answer >= 0 ? walk_line(&a->v, answer) : 0;
	char words[32];

	snprintf(words, sizeof words, "◂ #%u ", (unsigned)n);
	if (n > 0 && !has(&page, words))
		fail_at("the line that decides is out of sight");
	if (s->end == WALK_ASKS && stop_of(a->v.d) != NULL && !has(&page, "STOP: "))
		fail_at("STOP is out of sight");
	if (high >= 24 && answer < 0 && s->nserver > 0 &&
	    has(&tall, "nothing from the server yet") && !has(&page, "On the server's console"))
		fail_at("what to run on the server is out of sight");
}

/* Page by page to the end and back: all is seen, and each page says what lies before and behind it. */
static void
check_pages(struct app *a, const struct walk_step *s, int answer)
{
	int pages = 0, last;
	bool more;

	a->v.dialog_top = 0;
	seen.n = 0;
	do {
		int before = a->v.dialog_top;

		take(a, high, &page);
		check_question(s, answer, pages == 0);
		if (pages == 0)
			check_first(a, s, answer);
		keep(&page, &seen);
		if (marks(&page, "PgUp") != (before > 0))
			fail_at("what lies above is not marked as it is");
		key(a, "PgDn");
		look(a, cols, high);
		more = a->v.dialog_top > before;
		if (marks(&page, "PgDn: more") != more && marks(&page, "PgDn more") != more)
			fail_at("what follows is not marked as it is");
	} while (more && ++pages < PAGES_MAX);
	assert_true(pages < PAGES_MAX);
	last = a->v.dialog_top;
	key(a, "End");
	look(a, cols, high);
	assert_int_equal(a->v.dialog_top, last);
	key(a, "PgUp");
	look(a, cols, high);
	if (last > 0 && a->v.dialog_top >= last)
		fail_at("PgUp does nothing at the end");
	key(a, "Home");
	look(a, cols, high);
	assert_int_equal(a->v.dialog_top, 0);
}

static void
check_step(struct app *a)
{
	const struct walk_step *s = step(a);
	int answer = walk_decided(a->v.d, s);

	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
		cols = sizes[i][0];
		high = sizes[i][1];
		a->v.message[0] = '\0';
		take(a, TALL, &tall);
		check_pages(a, s, answer);
		if (strstr(page.title, "…") != NULL)
			fail_at("the title is cut");
		assert_false(marks(&tall, "PgDn"));
		for (int k = 0; k < tall.n; k++) {
			bool there = is_void(tall.row[k]);

			for (int m = 0; m < seen.n && !there; m++)
				there = strcmp(seen.row[m], tall.row[k]) == 0;
			if (!there)
				fail_msg(
				    "%s, %dx%d: never seen: %s", where, cols, high, tall.row[k]);
		}
	}
}

/* Whether a step with this answer was looked at twice: the layers below pass alike in most recordings. */
static bool
is_known(const struct app *a)
{
	static struct {
		char walk[WALKER_NAME];
		int step, answer, times;
	} states[STATES_MAX];
	const struct walker *r = &a->walking.way;
	int answer = walk_decided(a->v.d, step(a)), i = 0;

	while (states[i].times > 0 && (strcmp(states[i].walk, r->walk.name) != 0 ||
					  states[i].step != r->at || states[i].answer != answer))
		assert_true(++i < STATES_MAX);
	snprintf(states[i].walk, sizeof states[i].walk, "%s", r->walk.name);
	states[i].step = r->at;
	states[i].answer = answer;
	return states[i].times++ >= TWICE;
}

static void
name_it(const struct app *a, const char *file)
{
	static char name[256];

	snprintf(name, sizeof name, "%s, %s/%s", file, a->walking.way.walk.name, step(a)->name);
	where = name;
}

/* As a person comes there: what is known grows on the way. */
static void
on_the_way(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof plays / sizeof *plays; i++) {
		struct stage s;
		char copy[256], *at = copy, *name;

		open_stage(&s, plays[i].file, "");
		snprintf(copy, sizeof copy, "%s", plays[i].keys);
		while ((name = strsep(&at, " ")) != NULL) {
			name_it(s.a, plays[i].file);
			if (!is_known(s.a))
				check_step(s.a);
			key(s.a, name);
		}
		name_it(s.a, plays[i].file);
		check_step(s.a);
		close_stage(&s);
	}
}

static void
all_steps_of_all_scripts(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof plays / sizeof *plays; i++) {
		struct stage s;

		open_stage(&s, plays[i].file, plays[i].walk);
		for (int k = 0; k < s.a->walking.way.walk.steps; k++) {
			s.a->walking.way.at = k;
			name_it(s.a, plays[i].file);
			if (!is_known(s.a))
				check_step(s.a);
		}
		close_stage(&s);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(on_the_way),
		cmocka_unit_test(all_steps_of_all_scripts),
	};

	setlocale(LC_ALL, "C.UTF-8");
	setenv("LC_ALL", "C.UTF-8", 1);
	setenv("XDG_CONFIG_HOME", "/nonexistent", 1);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
