/*
 * Probe "mux": the shared connection that the user's own ssh would use
 * (ControlPath). Whether a socket is there, who stands behind it, and whether he
 * answers: ssh waits for a master without a limit. Nothing of it goes over a
 * network. One row in probes.c.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "child.h"
#include "job.h"
#include "probes.h"
#include "procnet.h"
#include "unixpeer.h"

enum {
	PATH_ROOM = 1024,
	TEXT_ROOM = 512,
	SUFFIX = 17 /* ".XXXXXXXXXXXXXXXX", which a new master's socket bears at first (mux.c) */
};

/* What a look at the path brings; filled on the pool. */
struct look {
	char path[PATH_ROOM];
	const char *state; /* as in evidence.def */
	int pid, err;
	char name[32], dir[PATH_ROOM];
	bool stopped;
};

/* The state of the master's own connection; filled on the pool. */
struct line_state {
	int pid;
	bool found;
	int64_t unacked, retrans;
};

struct mux {
	struct probe_run *pr;
	struct job *job;
	struct child *child;
	int pid;
	char text[TEXT_ROOM]; /* the last that ssh -O check said */
};

_Static_assert(sizeof(struct mux) <= MUX_PRIV, "room for the probe's memory");

/* ---- the socket ----------------------------------------------------------------- */

/* Where there is nothing at the path: whether a master could make its socket. */
static const char *
look_at_dir(struct look *l)
{
	char *slash;
	struct stat st;

	snprintf(l->dir, sizeof l->dir, "%s", l->path);
	if ((slash = strrchr(l->dir, '/')) == NULL)
		return "missing"; /* in whatever folder ssh runs in */
	slash[slash == l->dir] = '\0';
	if (stat(l->dir, &st) != 0) {
		l->err = errno;
		return errno == ENOENT ? "nodir" : "unwritable";
	}
	if (!S_ISDIR(st.st_mode) || access(l->dir, W_OK | X_OK) != 0) {
		l->err = S_ISDIR(st.st_mode) ? errno : ENOTDIR;
		return "unwritable";
	}
	return "missing";
}

static const char *
look_at_master(struct look *l)
{
	static const struct {
		int err;
		const char *state;
	} states[] = { { 0, "open" }, { EAGAIN, "full" }, { ECONNREFUSED, "refused" },
		{ EACCES, "denied" } };
	char state = ' ';

	l->err = unixpeer(l->path, &l->pid);
	if (l->pid > 0 && procnet_process(l->pid, l->name, sizeof l->name, &state))
		l->stopped = state == 'T' || state == 't';
	for (size_t i = 0; i < sizeof states / sizeof *states; i++)
		if (states[i].err == l->err)
			return states[i].state;
	return "error";
}

static void
look(void *data)
{
	struct look *l = data;
	struct stat st;
	size_t room = sizeof((struct sockaddr_un *)0)->sun_path;

	if (strlen(l->path) >= room) {
		l->state = "toolong";
	} else if (stat(l->path, &st) == 0) {
		l->state = S_ISSOCK(st.st_mode) ? look_at_master(l) : "nosocket";
	} else {
		l->state = look_at_dir(l);
		if (strcmp(l->state, "missing") == 0 && strlen(l->path) + SUFFIX >= room)
			l->state = "long";
	}
}

static void
say_socket(struct mux *m, const struct look *l)
{
	struct evidence ev;

	ev_init(&ev, EV_MUX_SOCKET);
	ev_str(&ev, K_PATH, l->path);
	ev_str(&ev, K_STATE, l->state);
	if (l->err != 0)
		ev_str(&ev, K_TEXT, strerror(l->err));
	if (l->dir[0] != '\0')
		ev_str(&ev, K_FILE, l->dir);
	if (l->pid > 0)
		ev_int(&ev, K_PID, l->pid);
	if (l->name[0] != '\0')
		ev_str(&ev, K_OWNER, l->name);
	if (l->stopped)
		ev_str(&ev, K_WHAT, "stopped");
	probe_emit(m->pr, &ev);
}

/* ---- the master -------------------------------------------------------------------- */

static void
say_check(struct mux *m, const char *result, const struct line_state *line)
{
	struct evidence ev;

	ev_init(&ev, EV_MUX_CHECK);
	ev_str(&ev, K_RESULT, result);
	if (m->pid > 0)
		ev_int(&ev, K_PID, m->pid);
	if (m->text[0] != '\0')
		ev_str(&ev, K_TEXT, m->text);
	if (line != NULL && line->found) {
		ev_int(&ev, K_UNACKED, line->unacked);
		ev_int(&ev, K_RETRANS, line->retrans);
	}
	ev_int(&ev, K_TOOK_US, (int64_t)(probe_now(m->pr) - m->pr->start_us));
	probe_emit(m->pr, &ev);
}

static void
look_at_line(void *data)
{
	struct line_state *line = data;

	line->found = procnet_waiting(line->pid, &line->unacked, &line->retrans);
}

static void
on_line_state(void *arg, void *data)
{
	struct mux *m = arg;

	m->job = NULL;
	say_check(m, "alive", data);
	probe_done(m->pr);
}

static void
begin_line(struct mux *m)
{
	static const struct job_does does = { sizeof(struct line_state), look_at_line,
		on_line_state, NULL };
	void *data;

	if ((m->job = job_new(&does, m, &data)) == NULL) {
		say_check(m, "alive", NULL);
		probe_done(m->pr);
		return;
	}
	((struct line_state *)data)->pid = m->pid;
	job_start(m->job, probe_loop(m->pr));
}

static void
on_line(void *arg, enum child_stream stream, const char *line, size_t len)
{
	struct mux *m = arg;
	const char *pid;

	(void)stream;
	if (len == 0)
		return;
	text_clean(m->text, sizeof m->text, line, len);
	if (strncmp(m->text, "Master running", 14) == 0 && (pid = strstr(m->text, "pid=")) != NULL)
		m->pid = atoi(pid + 4);
}

static void
on_end(void *arg, int error, int status, int sig)
{
	struct mux *m = arg;

	m->child = NULL;
	if (m->pr->cancelled) {
		if (m->pr->deadline_hit)
			say_check(m, "timeout", NULL);
	} else if (error != 0 || sig != 0) {
		say_check(m, "error", NULL);
	} else if (status == 0) {
		begin_line(m);
		return;
	} else {
		say_check(m, "dead", NULL);
	}
	probe_done(m->pr);
}

static int
begin_check(struct mux *m)
{
	static const struct child_callbacks cb = { on_line, on_end };
	static const char *const extra[] = { "-O", "check", NULL };
	char **argv = run_ssh_argv_over(m->pr->run, extra, NULL);

	if (argv != NULL)
		m->child = child_start(probe_loop(m->pr), argv, &cb, m);
	free(argv);
	return m->child != NULL ? 0 : -1;
}

static void
on_look(void *arg, void *data)
{
	struct mux *m = arg;
	const struct look *l = data;

	m->job = NULL;
	m->pid = l->pid;
	say_socket(m, l);
	if ((strcmp(l->state, "open") != 0 && strcmp(l->state, "full") != 0) || begin_check(m) != 0)
		probe_done(m->pr);
}

int
mux_start(struct probe_run *pr)
{
	static const struct job_does does = { sizeof(struct look), look, on_look, NULL };
	struct mux *m = pr->priv;
	const char *path = pr->run->cfg->controlpath;
	void *data;

	m->pr = pr;
	if (path[0] == '\0' || strlen(path) >= PATH_ROOM ||
	    (m->job = job_new(&does, m, &data)) == NULL)
		return -1;
	snprintf(((struct look *)data)->path, PATH_ROOM, "%s", path);
	job_start(m->job, probe_loop(pr));
	return 0;
}

void
mux_cancel(struct probe_run *pr)
{
	struct mux *m = pr->priv;

	if (m->child != NULL) {
		child_kill_now(m->child); /* on_end() finishes */
		return;
	}
	if (m->job != NULL)
		job_drop(m->job);
	m->job = NULL;
	probe_done(pr);
}
