/*
 * Probe "muxuse": whether the shared connection takes one more session. Our
 * first command has shown that the account runs what it is asked to; this runs
 * the same kind of command by the user's own ssh through the master, and
 * through nothing else: where the master refuses, ssh is not let connect by itself.
 * One row in probes.c.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "child.h"
#include "probes.h"

struct muxuse {
	struct probe_run *pr;
	struct child *child;
	bool refused;
	char text[512]; /* what ssh said last; the refusal where there is one */
};

_Static_assert(sizeof(struct muxuse) <= MUXUSE_PRIV, "room for the probe's memory");

static void
say(struct muxuse *m, const char *result)
{
	struct evidence ev;

	ev_init(&ev, EV_MUX_SESSION);
	ev_str(&ev, K_RESULT, result);
	ev_str(&ev, K_TEXT, m->text[0] != '\0' ? m->text : NULL);
	ev_int(&ev, K_TOOK_US, (int64_t)(probe_now(m->pr) - m->pr->start_us));
	probe_emit(m->pr, &ev);
}

static void
on_line(void *arg, enum child_stream stream, const char *line, size_t len)
{
	static const char refusal[] = "session request failed: ";
	struct muxuse *m = arg;

	if (stream != CHILD_ERR || len == 0 || m->refused)
		return;
	text_clean(m->text, sizeof m->text, line, len);
	m->refused = strncmp(m->text, "mux_client_", 11) == 0 && strstr(m->text, refusal) != NULL;
}

static void
on_end(void *arg, int error, int status, int sig)
{
	struct muxuse *m = arg;

	m->child = NULL;
	if (m->pr->cancelled) {
		if (m->pr->deadline_hit)
			say(m, "timeout");
	} else if (m->refused) {
		say(m, "refused");
	} else {
		say(m, error == 0 && sig == 0 && status == 0 ? "ok" : "failed");
	}
	probe_done(m->pr);
}

int
muxuse_start(struct probe_run *pr)
{
	static const struct child_callbacks cb = { on_line, on_end };
	/* A proxy that only fails stands where ssh would connect for itself. */
	static const char *const over[] = { "-T", "-o", "BatchMode=yes", "-o", "ControlMaster=no",
		"-o", "ProxyCommand=exit 1", "-o", "RemoteCommand=none", "-o",
		"ClearAllForwardings=yes", "-o", "ForwardAgent=no", "-o", "PermitLocalCommand=no",
		"-o", "LogLevel=ERROR", NULL };
	static const char *const command[] = { "true", NULL };
	struct muxuse *m = pr->priv;
	char **argv = run_ssh_argv_over(pr->run, over, command);

	m->pr = pr;
	if (argv != NULL)
		m->child = child_start(probe_loop(pr), argv, &cb, m);
	free(argv);
	return m->child != NULL ? 0 : -1;
}

void
muxuse_cancel(struct probe_run *pr)
{
	struct muxuse *m = pr->priv;

	if (m->child != NULL)
		child_kill_now(m->child); /* on_end() finishes */
}
