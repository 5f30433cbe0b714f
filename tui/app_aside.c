/*
 * The screen steps aside: a command of the user's runs on the terminal, with
 * all that it asks, and the screen comes back when it ends. Called by app_fix.c,
 * app_login.c and, where the program ends meanwhile, by app.c.
 */
#include "app_state.h"

#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

enum { GRACE_MS = 2000 }; /* for a command that is asked to end */

/* The next command of a list, begun at word i; NULL behind the last. */
static char *const *
command_at(struct app *a, size_t i)
{
	return i < a->aside_nwords ? &a->aside_words[i] : NULL;
}

/* The terminal is ours again; where the program ends, nobody waits for it. */
static void
come_back(struct app *a)
{
	a->aside = false;
	uv_update_time(&a->loop);
	a->aside_ended = uv_now(&a->loop);
	uv_signal_stop(&a->child_stops);
	if (a->aside_done == NULL)
		return;
	if (a->screen != NULL)
		screen_resume(a->screen);
	app_touch(a);
	a->aside_done(a, a->aside_status);
	if (a->input != NULL)
		a->input(a, true);
}

static void start(struct app *a);

static void
on_closed(uv_handle_t *h)
{
	struct app *a = h->data;

	if (a->aside_status != 0) {
		come_back(a);
		return;
	}
	while (a->aside_at < a->aside_nwords && a->aside_words[a->aside_at] != NULL)
		a->aside_at++;
	a->aside_at++; /* behind the command that ended */
	if (command_at(a, a->aside_at) != NULL)
		start(a);
	else
		come_back(a);
}

static void
on_exit(uv_process_t *p, int64_t status, int sig)
{
	struct app *a = p->data;

	a->aside_status = sig != 0 ? 128 + sig : (int)status;
	uv_close((uv_handle_t *)p, on_closed);
}

/* One that cannot be started ends at once: its handle is closed before it is used again. */
static void
start(struct app *a)
{
	uv_stdio_container_t io[3] = { { .flags = UV_INHERIT_FD, .data.fd = STDIN_FILENO },
		{ .flags = UV_INHERIT_FD, .data.fd = STDOUT_FILENO },
		{ .flags = UV_INHERIT_FD, .data.fd = STDOUT_FILENO } };
	char **argv = &a->aside_words[a->aside_at];
	uv_process_options_t o = {
		.file = argv[0], .args = argv, .exit_cb = on_exit, .stdio = io, .stdio_count = 3
	};
	int r = uv_spawn(&a->loop, &a->aside_child, &o);

	a->aside_child.data = a;
	a->aside_status = r;
	if (r != 0)
		uv_close((uv_handle_t *)&a->aside_child, on_closed);
}

/* As the shell's job control would have stopped us, had we not a handler for it. */
static void
stop_job(void)
{
	struct sigaction dflt = { .sa_handler = SIG_DFL }, before;

	sigaction(SIGTSTP, &dflt, &before);
	raise(SIGTSTP);
	sigaction(SIGTSTP, &before, NULL);
}

/*
 * The command was stopped, by Ctrl-Z or by itself (~^Z of ssh): so is the job, or no shell would take the
 * terminal. Each stop is told once.
 */
static void
on_child_stops(uv_signal_t *h, int sig)
{
	struct app *a = h->data;
	siginfo_t info = { 0 };

	(void)sig;
	if (a->aside && a->aside_child.pid > 0 &&
	    waitid(P_PID, (id_t)a->aside_child.pid, &info, WSTOPPED | WNOHANG) == 0 &&
	    info.si_pid != 0) {
		stop_job();
		app_login_stood(a);
	}
}

bool
app_step_aside(struct app *a, const struct change *c, const char *words,
    void (*done)(struct app *a, int status))
{
	if (a->aside || c->nargv == 0 || c->argv[0] == NULL)
		return false;
	change_copy(&a->aside_change, c);
	a->aside_words = a->aside_change.argv;
	a->aside_nwords = c->nargv;
	a->aside_at = 0;
	a->aside_done = done;
	a->aside = true;
	if (a->input != NULL)
		a->input(a, false);
	if (a->screen != NULL)
		screen_aside(a->screen, true);
	printf("\r\nsshmedic: %s\r\n", words);
	fflush(stdout);
	uv_signal_start(&a->child_stops, on_child_stops, SIGCHLD);
	start(a);
	return true;
}

static void
on_stubborn(uv_timer_t *t)
{
	struct app *a = t->data;

	uv_process_kill(&a->aside_child, SIGKILL);
}

void
app_aside_end(struct app *a)
{
	if (!a->aside)
		return;
	a->aside_done = NULL;
	a->aside_nwords = 0;
	uv_prepare_stop(&a->before_sleep);
	uv_timer_start(&a->tick, on_stubborn, GRACE_MS, 0);
	if (!uv_is_closing((uv_handle_t *)&a->aside_child)) {
		uv_process_kill(&a->aside_child, SIGTERM);
		uv_process_kill(&a->aside_child, SIGCONT);
	}
	while (a->aside)
		uv_run(&a->loop, UV_RUN_ONCE);
	uv_timer_stop(&a->tick);
}
