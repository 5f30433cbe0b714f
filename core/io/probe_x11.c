/*
 * Probe "x11": what ssh finds on this machine for the X11 forwarding that its
 * configuration asks for: DISPLAY, and the xauth program. No X server is spoken to.
 * One row in probes.c.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "job.h"
#include "probes.h"

/* Where xauth is; looked for on the pool, as a file system may hang. */
struct xauth {
	char path[1024];
	bool found;
};

struct x11 {
	struct probe_run *pr;
	struct job *job;
};

_Static_assert(sizeof(struct x11) <= X11_PRIV, "room for the probe's memory");

static void
look_for(void *data)
{
	struct xauth *x = data;
	struct stat st;

	x->found = x->path[0] != '\0' && stat(x->path, &st) == 0;
}

/* As ssh judges it (client_x11_display_valid() of clientloop.c): an empty one is a name too. */
static const char *
display_state(const char *display)
{
	if (display == NULL)
		return "unset";
	for (const char *p = display; *p != '\0'; p++)
		if (!(*p >= 'a' && *p <= 'z') && !(*p >= 'A' && *p <= 'Z') &&
		    !(*p >= '0' && *p <= '9') && strchr(":/.-_", *p) == NULL)
			return "invalid";
	return "set";
}

static void
on_looked(void *arg, void *data)
{
	struct x11 *x = arg;
	const struct xauth *found = data;
	const char *display = getenv("DISPLAY");
	struct evidence ev;

	x->job = NULL;
	ev_init(&ev, EV_X11_LOCAL);
	ev_str(&ev, K_STATE, display_state(display));
	ev_str(&ev, K_VALUE, display);
	if (found->path[0] != '\0') {
		ev_str(&ev, K_PATH, found->path);
		ev_str(&ev, K_RESULT, found->found ? "ok" : "missing");
	}
	ev_str(
	    &ev, K_KIND, x->pr->run->cfg->forwardx11trusted == SSHG_YES ? "trusted" : "untrusted");
	probe_emit(x->pr, &ev);
	probe_done(x->pr);
}

int
x11_start(struct probe_run *pr)
{
	static const struct job_does does = { sizeof(struct xauth), look_for, on_looked, NULL };
	struct x11 *x = pr->priv;
	struct xauth *sought;
	void *data;

	x->pr = pr;
	if (strcmp(pr->run->cfg->sessiontype, "none") ==
	    0) { /* -N: there is no session to ask for it in */
		probe_done(pr);
		return 0;
	}
	if ((x->job = job_new(&does, x, &data)) == NULL)
		return -1;
	sought = data;
	snprintf(sought->path, sizeof sought->path, "%s", pr->run->cfg->xauthlocation);
	job_start(x->job, probe_loop(pr));
	return 0;
}

void
x11_cancel(struct probe_run *pr)
{
	struct x11 *x = pr->priv;

	if (x->job != NULL)
		job_drop(x->job);
	x->job = NULL;
	probe_done(pr);
}
