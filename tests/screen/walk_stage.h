/*
 * A recording or a pasted text on the screen, and keys for it: what the tests of the walkthrough play. Included by
 * them, after the headers of cmocka.
 */
#ifndef SSHMEDIC_TESTS_WALK_STAGE_H
#define SSHMEDIC_TESTS_WALK_STAGE_H

#include <stdio.h>
#include <string.h>

#include "core/paste.h"
#include "core/replay.h"
#include "tui/app_state.h"

#define PRACTICE "tests/practice/"

static const struct {
	const char *file, *keys; /* after W: the way along the layers */
	const char *walk, *end;  /* where it ends */
} plays[] = {
#include "walk_plays.h"
};

struct stage {
	struct app *a;
	struct replay *r;
};

static inline void
look(struct app *a, int cols, int rows)
{
	if (a->stale)
		app_refresh(a);
	assert_int_equal(grid_resize(&a->grid, cols, rows), 0);
	frame_layout(&a->v, &a->l, cols, rows);
	frame_draw(&a->v, &a->l, &a->grid);
}

static inline void
show(struct stage *s, const char *walk)
{
	static const struct app_options none = { 0 };
	struct app_options o = none;

	o.walk = walk;
	assert_non_null(s->a = app_new(&o));
	s->a->v.g = glyphs_get(true);
	s->a->grid.ascii = false;
	for (size_t i = 0; i < replay_count(s->r); i++)
		app_feed(s->a, replay_line(s->r, i));
	app_refresh(s->a);
	look(s->a, 80, 24);
}

static inline void
open_stage(struct stage *s, const char *path, const char *walk)
{
	FILE *in = fopen(path, "r"), *quiet = fopen("/dev/null", "w");

	if (in == NULL)
		fail_msg("%s is not there", path);
	assert_non_null(s->r = replay_new());
	assert_int_equal(replay_read(s->r, in, path, quiet), 0);
	fclose(in);
	fclose(quiet);
	show(s, walk);
}

/* The same with what somebody pastes: texts of a folder of tests/transcripts, "" for none. */
static inline void
open_texts(
    struct stage *s, const char *folder, const char *client, const char *server, const char *walk)
{
	const char *const names[] = { client, server };
	struct paste *p;

	assert_non_null(s->r = replay_new());
	assert_non_null(p = paste_new(s->r, NULL, 1790000000, 0));
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		char path[512];
		FILE *in;

		if (names[i][0] == '\0')
			continue;
		snprintf(path, sizeof path, "tests/transcripts/%s/%s", folder, names[i]);
		assert_non_null(in = fopen(path, "r"));
		assert_int_equal(paste_read(p, in, names[i], stderr), 0);
		fclose(in);
	}
	assert_int_equal(paste_end(p), 0);
	paste_free(p);
	show(s, walk);
}

static inline void
close_stage(struct stage *s)
{
	app_free(s->a);
	replay_free(s->r);
}

/* One key, as on_tty() of app.c takes it. */
static inline void
key(struct app *a, const char *name)
{
	int nth;
	uint32_t code = key_by_name(name, strlen(name));
	enum action what = action_lookup(&a->set.keys, code, view_context(&a->v), &nth);

	assert_true(code != 0);
	if (what == ACTION_NONE)
		app_type(a, code);
	else
		app_act(a, what, nth);
	if (a->stale)
		app_refresh(a);
}

static inline void
keys(struct app *a, const char *names)
{
	char copy[256], *at = copy, *name;

	snprintf(copy, sizeof copy, "%s", names);
	while ((name = strsep(&at, " ")) != NULL)
		if (name[0] != '\0')
			key(a, name);
}

static inline const struct walk_step *
step(const struct app *a)
{
	return walker_step(&a->walking.way);
}

#endif
