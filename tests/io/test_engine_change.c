/*
 * Fixes by the engine's verbs, on a configuration of their own: looked at, applied, tested anew, undone by
 * their number; and what is refused. The target is a port of this machine on which nobody listens.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <uv.h>

#include <cmocka.h>

#include "core/book.h"
#include "core/fix.h"
#include "core/io/engine.h"

enum { LIMIT_S = 30 };

static const char config[] = "Host web\n  HostName 127.0.0.1\n  Port 1\n";
static const char fixed[] =
    "Host web\n  HostName 127.0.0.1\n  Port 1\n  ServerAliveInterval 30\n  ServerAliveCountMax 3\n";

static char dir[] = "/tmp/sshmedic-engine-XXXXXX", path[64], state[64];
static struct engine *e;
static struct book *b;
static uv_sem_t sem;
static uint16_t number;

static void
wake(void *arg)
{
	uv_sem_post(arg);
}

/* Take lines until one holds text; it is copied to found. */
static void
wait_for(const char *text, char *found, size_t cap)
{
	uint64_t until = uv_hrtime() + (uint64_t)LIMIT_S * 1000000000;
	const struct ev_line *line;

	for (;;) {
		while (engine_take(e, &line, 1) == 1) {
			book_add(b, line);
			if (strstr(line->text, text) == NULL)
				continue;
			if (found != NULL)
				snprintf(found, cap, "%s", line->text);
			return;
		}
		while (uv_sem_trywait(&sem) != 0) {
			if (uv_hrtime() > until)
				fail_msg("no line with %s", text);
			usleep(1000);
		}
	}
}

static const char *
text_of(const char *name)
{
	static char text[4096];
	FILE *f = fopen(name, "r");
	size_t n;

	assert_non_null(f);
	n = fread(text, 1, sizeof text - 1, f);
	text[n] = '\0';
	fclose(f);
	return text;
}

static int
setup(void **s)
{
	FILE *f;

	(void)s;
	if (mkdtemp(dir) == NULL)
		return -1;
	snprintf(path, sizeof path, "%s/config", dir);
	snprintf(state, sizeof state, "%s/state", dir);
	if (setenv("XDG_STATE_HOME", state, 1) != 0 || (f = fopen(path, "w")) == NULL)
		return -1;
	fputs(config, f);
	return fclose(f);
}

static int
teardown(void **s)
{
	char command[128];

	(void)s;
	snprintf(command, sizeof command, "rm -r %s", dir);
	return system(command);
}

static void
open_engine(void)
{
	struct engine_options opt = { .wake = wake, .arg = &sem };
	struct run_options run = { .args = { "-F", path }, .nargs = 2 };
	struct target t;
	char err[256];

	uv_sem_init(&sem, 0);
	assert_non_null(b = book_new());
	assert_int_equal(engine_new(&e, &opt, err, sizeof err), 0);
	assert_int_equal(target_parse(&t, "web", err, sizeof err), 0);
	number = engine_start(e, &t, &run);
	wait_for(" run.end ", NULL, 0);
}

static void
close_engine(void)
{
	assert_true(engine_free(e, 5000));
	book_free(b);
	uv_sem_destroy(&sem);
}

static void
a_fix_is_applied_tested_and_undone(void **s)
{
	char line[1024];

	(void)s;
	open_engine();
	assert_int_equal(book_diag(b, number)->change.id, 0);
	engine_apply(e, number, "keepalive");
	wait_for(" fix.failed ", line, sizeof line);
	assert_non_null(strstr(line, "not looked at"));
	engine_preview(e, number, "keepalive");
	wait_for("ServerAliveInterval 30", line, sizeof line);
	assert_non_null(strstr(line, " fix.preview "));
	wait_for("state=end", line, sizeof line);
	assert_non_null(strstr(line, "what=config"));
	assert_string_equal(text_of(path), config);
	engine_apply(e, number, "keepalive");
	wait_for(" fix.applied ", line, sizeof line);
	assert_non_null(strstr(line, "id=1"));
	assert_string_equal(text_of(path), fixed);
	wait_for(" run.start ", NULL, 0);
	wait_for(" run.end ", NULL, 0);
	assert_int_equal(book_diag(b, number)->run, 1);
	assert_int_equal(book_diag(b, number)->change.id, 1);
	assert_string_equal(book_diag(b, number)->change.fix->id, "keepalive");
	assert_false(book_diag(b, number)->change.undone);
	engine_apply(e, number, "keepalive"); /* a second yes is not one */
	wait_for(" fix.failed ", NULL, 0);
	close_engine();

	open_engine(); /* another run of the program */
	engine_undo(e, "1");
	wait_for(" fix.undone ", line, sizeof line);
	assert_non_null(strstr(line, "fix=keepalive"));
	assert_string_equal(text_of(path), config);
	wait_for(" run.end ", NULL, 0);
	assert_true(book_diag(b, number)->change.undone);
	engine_undo(e, "1");
	wait_for(" fix.failed ", line, sizeof line);
	assert_non_null(strstr(line, "undone already"));
	close_engine();
}

static void
what_it_cannot_do_is_said(void **s)
{
	static const struct {
		const char *fix, *why;
	} rows[] = {
		{ "no-such-fix", "no such fix" },
		{ "start-sshd", "cannot do it" },
		{ "save-key", "not known" },
		{ "remove-socket", "not known" },
	};
	char line[1024];

	(void)s;
	open_engine();
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		engine_preview(e, number, rows[i].fix);
		wait_for(" fix.failed ", line, sizeof line);
		assert_non_null(strstr(line, rows[i].why));
	}
	engine_preview(e, number, "make-key");
	wait_for("state=end", line, sizeof line);
	assert_non_null(strstr(line, "what=terminal"));
	engine_apply(e, number, "make-key");
	wait_for(" fix.failed ", line, sizeof line);
	assert_non_null(strstr(line, "terminal"));
	for (int status = 3; status >= 0; status -= 3) { /* as the front end would have run it */
		engine_preview(e, number, "make-key");
		wait_for("state=end", NULL, 0);
		engine_ran(e, number, "make-key", status);
		wait_for(status != 0 ? "status 3" : " fix.applied ", line, sizeof line);
		assert_non_null(strstr(line, "fix=make-key"));
	}
	wait_for(" run.end ", NULL, 0);
	assert_int_equal(book_diag(b, number)->change.id, 3);
	engine_undo(e, "3");
	wait_for(" fix.failed ", line, sizeof line);
	assert_non_null(strstr(line, "ran a command"));
	engine_preview(e, number, "keepalive"); /* the end does not wait for it, nor lose it */
	close_engine();
	assert_string_equal(text_of(path), config);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_fix_is_applied_tested_and_undone),
		cmocka_unit_test(what_it_cannot_do_is_said),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
