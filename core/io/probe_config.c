/*
 * Probe "config": asks the user's own ssh for the effective configuration
 * (`ssh -G`), which decides host, port, user, keys, algorithms and files for
 * all other probes. That it fails is evidence too. One row in probes.c.
 */
#include <errno.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "child.h"
#include "job.h"
#include "probes.h"

enum { STDERR_MAX = 8 * 1024, PASSWD_BUF = 16 * 1024 };

struct config {
	struct probe_run *pr;
	struct child *child;
	struct job *passwd;
	struct sshg *cfg; /* until it is the run's */
	int error, status, sig;
	uint64_t took_us;
	size_t err_len;
	char err[STDERR_MAX]; /* what ssh wrote to stderr */
};

_Static_assert(sizeof(struct config) <= CONFIG_PRIV, "room for the probe's memory");

/* ---- the home directory, as ssh takes it: from passwd, never from $HOME -------- */

struct passwd_job {
	uid_t uid;
	char *home;
};

static void
look_up_home(void *data)
{
	struct passwd_job *p = data;
	struct passwd pw, *found = NULL;
	char *buf = malloc(PASSWD_BUF);

	if (buf != NULL && getpwuid_r(p->uid, &pw, buf, PASSWD_BUF, &found) == 0 && found != NULL)
		p->home = strdup(found->pw_dir);
	free(buf);
}

static void
clear_passwd(void *data)
{
	free(((struct passwd_job *)data)->home);
}

/* ---- the result ------------------------------------------------------------------- */

/* The word in evidence for a fault of the configuration. */
static const char *const fault_results[] = {
	[SSHG_FAULT_NONE] = "error",
	[SSHG_FAULT_BAD_OPTION] = "bad-option",
	[SSHG_FAULT_BAD_VALUE] = "bad-option",
	[SSHG_FAULT_NO_VALUE] = "bad-option",
	[SSHG_FAULT_PERMS] = "bad-perms",
	[SSHG_FAULT_NO_FILE] = "usage",
	[SSHG_FAULT_BAD_NAME] = "usage",
	[SSHG_FAULT_BAD_ARG] = "usage",
	[SSHG_FAULT_NO_USER] = "error",
	[SSHG_FAULT_LIBRARY] = "error",
};

static void
begin_result(struct config *c, struct evidence *ev, const char *result)
{
	ev_init(ev, EV_CONFIG_RESULT);
	ev_str(ev, K_RESULT, result);
	ev_int(ev, K_TOOK_US, (int64_t)c->took_us);
}

static void
say_plain(struct config *c, const char *result, const char *text)
{
	struct evidence ev;

	begin_result(c, &ev, result);
	ev_str(&ev, K_TEXT, text);
	probe_emit(c->pr, &ev);
}

static void
say_fault(struct config *c)
{
	struct sshg_error err;
	struct evidence ev;
	const char *result;

	sshg_error(c->err, c->err_len, &err);
	result = fault_results[err.fault];
	begin_result(c, &ev, err.command_line ? "usage" : result);
	if (err.file[0] != '\0')
		ev_str(&ev, K_FILE, err.file);
	if (err.line > 0)
		ev_int(&ev, K_LINE, err.line);
	if (err.option[0] != '\0')
		ev_str(&ev, K_OPTION, err.option);
	ev_str(&ev, K_TEXT, err.text);
	ev_int(&ev, K_EXIT, c->status);
	probe_emit(c->pr, &ev);
}

static void
say_crash(struct config *c)
{
	struct sshg_error err;
	struct evidence ev;

	sshg_error(c->err, c->err_len, &err);
	begin_result(c, &ev, "crash");
	ev_str(&ev, K_SIGNAL, sigabbrev_np(c->sig));
	if (err.text[0] != '\0')
		ev_str(&ev, K_TEXT, err.text);
	probe_emit(c->pr, &ev);
}

static void
finish(struct config *c)
{
	if (c->child != NULL || c->passwd != NULL)
		return;
	if (c->pr->cancelled) {
		if (c->pr->deadline_hit)
			say_plain(c, "timeout", "ssh -G did not end in time");
	} else if (c->error == UV_ENOENT) {
		say_plain(c, "missing", "no ssh client was found");
	} else if (c->error != 0) {
		say_plain(c, "unstarted", uv_strerror(c->error));
	} else if (c->sig != 0) {
		say_crash(c);
	} else if (c->status != 0) {
		say_fault(c);
	} else if (c->cfg->hostname[0] == '\0') {
		say_plain(c, "error", "ssh -G printed no host name");
	} else {
		c->pr->run->cfg = c->cfg;
		c->cfg = NULL;
		probe_phase(c->pr, PH_CONFIG, c->pr->start_us, c->pr->start_us + c->took_us, 0);
		say_plain(c, "ok", NULL);
	}
	free(c->cfg);
	c->cfg = NULL;
	probe_done(c->pr);
}

/* ---- ssh -G ----------------------------------------------------------------------- */

static void
say_value(struct config *c, const char *line, size_t len)
{
	const struct sshg_row *row;
	const char *value;
	size_t vlen;
	struct evidence ev;

	row = sshg_line(c->cfg, line, len, &value, &vlen);
	if (row == NULL || !row->shown || c->pr->cancelled)
		return;
	ev_init(&ev, EV_CONFIG_VALUE);
	ev_str(&ev, K_NAME, row->name);
	ev_mem(&ev, K_VALUE, value, vlen);
	probe_emit(c->pr, &ev);
}

static void
on_line(void *arg, enum child_stream s, const char *line, size_t len)
{
	struct config *c = arg;

	if (s == CHILD_OUT) {
		say_value(c, line, len);
		return;
	}
	if (len >= STDERR_MAX - c->err_len)
		return;
	memcpy(c->err + c->err_len, line, len);
	c->err_len += len;
	c->err[c->err_len++] = '\n';
}

static void
on_end(void *arg, int error, int status, int sig)
{
	struct config *c = arg;

	c->child = NULL;
	c->error = error;
	c->status = status;
	c->sig = sig;
	c->took_us = probe_now(c->pr) - c->pr->start_us;
	finish(c);
}

static void
on_home(void *arg, void *data)
{
	struct config *c = arg;
	struct passwd_job *p = data;

	c->passwd = NULL;
	free(c->pr->run->home);
	c->pr->run->home = p->home;
	p->home = NULL;
	finish(c);
}

int
config_start(struct probe_run *pr)
{
	static const struct child_callbacks cb = { on_line, on_end };
	static const struct job_does does = { sizeof(struct passwd_job), look_up_home, on_home,
		clear_passwd };
	static const char *const extra[] = { "-G", NULL };
	struct config *c = pr->priv;
	char **argv = run_ssh_argv(pr->run, extra, NULL);
	void *data;

	c->pr = pr;
	if (argv == NULL || (c->cfg = malloc(sizeof *c->cfg)) == NULL)
		goto fail;
	sshg_init(c->cfg);
	if ((c->child = child_start(probe_loop(pr), argv, &cb, c)) == NULL)
		goto fail;
	free(argv);
	if ((c->passwd = job_new(&does, c, &data)) != NULL) {
		((struct passwd_job *)data)->uid = getuid();
		job_start(c->passwd, probe_loop(pr));
	}
	return 0;
fail:
	free(argv);
	free(c->cfg);
	say_plain(c, "error", "out of memory");
	return -1;
}

void
config_cancel(struct probe_run *pr)
{
	struct config *c = pr->priv;

	if (c->passwd != NULL)
		job_drop(c->passwd);
	c->passwd = NULL;
	c->took_us = probe_now(pr) - pr->start_us;
	if (c->child != NULL)
		child_kill_now(c->child); /* on_end() finishes */
	else
		finish(c);
}
