/*
 * The screen steps aside: a command of the user's runs on the terminal, with
 * all that it asks, and the screen comes back when it ends. Called by app_fix.c and
 * app_login.c.
 */
#include "app_state.h"

#include <stdio.h>
#include <unistd.h>

/* The next command of a list, begun at word i; NULL behind the last. */
static char *const *
command_at(struct app *a, size_t i)
{
	return i < a->aside_nwords ? &a->aside_words[i] : NULL;
}

/* The terminal is ours again. */
static void
come_back(struct app *a, int status)
{
	a->aside = false;
	if (a->screen != NULL) {
		screen_resume(a->screen);
		uv_poll_start(&a->tty, UV_READABLE | UV_DISCONNECT, app_on_tty);
	}
	app_touch(a);
	a->aside_done(a, status);
}

static int start(struct app *a);

static void
on_closed(uv_handle_t *h)
{
	struct app *a = h->data;

	while (a->aside_at < a->aside_nwords && a->aside_words[a->aside_at] != NULL)
		a->aside_at++;
	a->aside_at++; /* behind the command that ended */
	if (a->aside_status == 0 && command_at(a, a->aside_at) != NULL && start(a) == 0)
		return;
	come_back(a, a->aside_status);
}

static void
on_exit(uv_process_t *p, int64_t status, int sig)
{
	struct app *a = p->data;

	a->aside_status = sig != 0 ? 128 + sig : (int)status;
	uv_close((uv_handle_t *)p, on_closed);
}

static int
start(struct app *a)
{
	uv_stdio_container_t io[3] = { { .flags = UV_INHERIT_FD, .data.fd = STDIN_FILENO },
		{ .flags = UV_INHERIT_FD, .data.fd = STDOUT_FILENO },
		{ .flags = UV_INHERIT_FD, .data.fd = STDOUT_FILENO } };
	char **argv = &a->aside_words[a->aside_at];
	uv_process_options_t o = {
		.file = argv[0], .args = argv, .exit_cb = on_exit, .stdio = io, .stdio_count = 3
	};

	a->aside_child.data = a;
	return uv_spawn(&a->loop, &a->aside_child, &o);
}

bool
app_step_aside(struct app *a, const struct change *c, const char *words,
    void (*done)(struct app *a, int status))
{
	int r;

	if (a->aside || c->nargv == 0 || c->argv[0] == NULL)
		return false;
	change_copy(&a->aside_change, c);
	a->aside_words = a->aside_change.argv;
	a->aside_nwords = c->nargv;
	a->aside_at = 0;
	a->aside_done = done;
	a->aside = true;
	if (a->screen != NULL) {
		uv_poll_stop(&a->tty);
		screen_aside(a->screen);
	}
	printf("\r\nsshmedic: %s\r\n", words);
	fflush(stdout);
	if ((r = start(a)) != 0) {
		uv_close((uv_handle_t *)&a->aside_child, NULL);
		a->aside = false;
		if (a->screen != NULL) {
			screen_resume(a->screen);
			uv_poll_start(&a->tty, UV_READABLE | UV_DISCONNECT, app_on_tty);
		}
		app_say(a, "%s could not be started: %s", a->aside_words[0], uv_strerror(r));
		return false;
	}
	return true;
}
