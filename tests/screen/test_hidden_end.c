/*
 * The end of a changed host key's fingerprint on the screen: in the window of what is pasted, in what was pasted
 * before the key was seen, and in what is copied and saved of either.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "core/replay.h"
#include "tui/app_state.h"
#include "tui/save.h"

#define SHA "SHA256:W3CWv9isoNsEJCLcxXpHtAeqDy5C8TXYG2K0mT+9IQY"
#define HEX "5b7096bfd8aca0db042422dcc57a47b407aa0f2e42f135d81b62b4993fbd2106"
#define MD5 "00:11:22:33:44:55:66:77:88:99:aa:bb:cc:dd:ee:ff"
#define KEY "AAAAC3NzaC1lZDI1NTE5AAAAIHVr0LkZ0eD1xT3mJq8Yb5c2nWf7uPzK4sXhRvAoGiQe"

static const char *const lines[] = {
	"1 0.0.0 client/0 run.start input=web1 host=web1 user=alice port=0 now=1795000000",
	"2 0.0.0 pasted/1 note text=\"a key " SHA "\"",
	"3 0.0.0 pasted/1 note text=\"a key MD5:" MD5 "\"",
	"4 0.0.0 pasted/1 note text=\"a key " HEX "\"",
	"5 0.0.0 pasted/1 note text=\"web1 ssh-ed25519 " KEY "\"",
	"6 0.0.0 client/0 hostkey.offered type=ssh-ed25519 "
	"fp=SHA256:W3CWv9isoNsEJCLcxXpHtAeqDy5C8TXYG2K???????? "
	"md5=MD5:00:11:22:33:44:55:66:77:88:99:aa:bb:??:??:??:??",
};
enum { LINES = sizeof lines / sizeof lines[0] };

/* The ends, one a notation. */
static const char *const ends[] = { "0mT+9IQY", "cc:dd:ee:ff", "62b4993fbd2106", "RvAoGiQe" };
enum { ENDS = sizeof ends / sizeof ends[0] };

/* The whole screen as text. */
static char *
screen(struct app *a)
{
	struct layout l;
	char *text = NULL;
	size_t len;
	FILE *f = open_memstream(&text, &len);

	if (a->stale)
		app_refresh(a);
	assert_int_equal(grid_resize(&a->grid, 200, 50), 0);
	frame_layout(&a->v, &l, 200, 50);
	frame_draw(&a->v, &l, &a->grid);
	grid_dump(&a->grid, false, f);
	fclose(f);
	return text;
}

/* Which of the ends a text has. */
static unsigned
which(char *text)
{
	unsigned set = 0;

	for (unsigned i = 0; i < ENDS; i++)
		set |= (unsigned)(strstr(text, ends[i]) != NULL) << i;
	free(text);
	return set;
}

static char *
report(struct app *a, enum save_kind kind)
{
	char *text = NULL;
	size_t len;
	FILE *f = open_memstream(&text, &len);

	save_print(kind, book_diag(a->book, 0), a->book, false, 80, NULL, f);
	fclose(f);
	return text;
}

static struct app *
begin(struct replay *r)
{
	static const struct app_options none = { 0 };
	struct app_options o = none;
	struct app *a;

	assert_non_null(a = app_new(&o));
	a->v.g = glyphs_get(true);
	for (int i = 0; i < LINES; i++)
		assert_int_equal(replay_add(r, lines[i], strlen(lines[i])), 0);
	for (int i = 0; i < LINES - 1; i++)
		app_feed(a, replay_line(r, (size_t)i));
	a->v.level = 3;
	logidx_filter(a->log, 0, 3);
	a->stale = true;
	return a;
}

static void
in_what_was_pasted_before(void **state)
{
	struct replay *r = replay_new();
	struct app *a = begin(r);

	(void)state;
	assert_int_equal(which(screen(a)), (1 << ENDS) - 1);
	app_feed(a, replay_line(r, LINES - 1));
	assert_int_equal(which(screen(a)), 0);
	for (int k = 0; k < SAVE__COUNT; k++)
		assert_int_equal(which(report(a, (enum save_kind)k)), 0);
	for (int i = 0; i < LINES; i++) {
		char *line = strdup(logidx_line(a->log, (size_t)i)->text);

		assert_int_equal(which(line), 0);
	}
	app_free(a);
	replay_free(r);
}

static void
in_the_window_of_a_paste(void **state)
{
	static const char text[] = "a key " SHA "\na key MD5:" MD5 "\na key " HEX "\n" KEY "\n";
	struct replay *r = replay_new();
	struct app *a = begin(r);

	(void)state;
	a->v.level = 0;
	logidx_filter(a->log, 0, 0);
	a->v.paste = text;
	a->v.paste_len = sizeof text - 1;
	a->v.dialog = DIALOG_PASTE;
	assert_int_equal(which(screen(a)), (1 << ENDS) - 1);
	app_feed(a, replay_line(r, LINES - 1));
	assert_int_equal(which(screen(a)), 0);
	a->v.paste = NULL;
	app_free(a);
	replay_free(r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(in_what_was_pasted_before),
		cmocka_unit_test(in_the_window_of_a_paste),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
