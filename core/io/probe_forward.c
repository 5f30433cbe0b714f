/*
 * Probe "forward": whether a jump host, after the login, opens the way to what
 * comes behind it, as `ssh -W` asks it to (RFC 4254 7.2), and what answers there first.
 * Nothing is sent through. One row in probes.c; runs for jump hosts only.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conn.h"
#include "probes.h"

enum {
	IDENT_KEPT = 255,     /* RFC 4253 4.2: an identification is no longer */
	ANSWER_WAIT_MS = 3000 /* for the first line from behind */
};

struct forward {
	struct probe_run *pr;
	ssh_channel ch;
	char line[IDENT_KEPT + 1];
	size_t len;
	bool open, over;
};

_Static_assert(sizeof(struct forward) <= FORWARD_PRIV, "probes.h gives too little room");

static void
over(struct forward *f)
{
	f->over = true;
	conn_rest(f->pr->run->conn);
	if (f->ch != NULL)
		ssh_channel_free(f->ch); /* closes it first */
	f->ch = NULL;
	probe_done(f->pr);
}

static void
say(struct forward *f, const char *result, int code, const char *text)
{
	const struct run *r = f->pr->run;
	struct evidence ev;

	ev_init(&ev, EV_FORWARD_RESULT);
	ev_str(&ev, K_HOST, r->next_host);
	ev_int(&ev, K_PORT, r->next_port);
	ev_str(&ev, K_RESULT, result);
	if (code > 0)
		ev_int(&ev, K_CODE, code);
	ev_str(&ev, K_TEXT, text);
	if (f->len > 0)
		ev_mem(&ev, K_IDENT, f->line, f->len);
	ev_int(&ev, K_TOOK_US, (int64_t)(probe_now(f->pr) - f->pr->start_us));
	probe_emit(f->pr, &ev);
	over(f);
}

/* "Channel opening failure: channel 43 error (2) Connection refused": the reason code of RFC 4254 5.1 and the server's words. */
static void
say_refused(struct forward *f)
{
	static const char *const results[] = { "other", "prohibited", "failed", "other", "other" };
	static const char mark[] = " error (";
	char text[512];
	const char *p;
	int code = 0, used = 0;

	snprintf(text, sizeof text, "%s", ssh_get_error(conn_ssh(f->pr->run->conn)));
	if (strncmp(text, "Channel opening failure: ", 25) != 0 ||
	    (p = strstr(text, mark)) == NULL ||
	    sscanf(p + sizeof mark - 1, "%d) %n", &code, &used) < 1 || code < 1) {
		say(f, conn_closed(f->pr->run->conn) ? "closed" : "other", 0, text);
		return;
	}
	p = used > 0 ? p + sizeof mark - 1 + used : "";
	say(f, results[(size_t)code < sizeof results / sizeof *results ? code : 0], code, p);
}

/* The first line is all that is wanted. */
static void
step_read(void *arg)
{
	struct forward *f = arg;
	char *nl;
	int n;

	if (f->over)
		return;
	n = ssh_channel_read_nonblocking(
	    f->ch, f->line + f->len, (uint32_t)(IDENT_KEPT - f->len), 0);
	if (n > 0)
		f->len += (size_t)n;
	nl = memchr(f->line, '\n', f->len);
	if (nl != NULL)
		f->len = (size_t)(nl - f->line);
	while (nl != NULL && f->len > 0 && f->line[f->len - 1] == '\r')
		f->len--;
	if (nl != NULL || f->len == IDENT_KEPT || n == SSH_ERROR || n == SSH_EOF ||
	    ssh_channel_is_eof(f->ch) || conn_closed(f->pr->run->conn))
		say(f, "ok", 0, NULL);
}

static void
step_open(void *arg)
{
	struct forward *f = arg;
	const struct run *r = f->pr->run;
	int rc;

	if (f->over)
		return;
	/* The originator as OpenSSH gives it for -W (channels.c, channel_connect_stdio_fwd). */
	rc = ssh_channel_open_forward(f->ch, r->next_host, r->next_port, "127.0.0.1", 65535);
	if (rc == SSH_AGAIN && !conn_closed(r->conn))
		return;
	if (rc != SSH_OK) {
		say_refused(f);
		return;
	}
	f->open = true;
	f->pr->run->connections++; /* the jump host's, on our behalf */
	probe_extend(f->pr, ANSWER_WAIT_MS);
	conn_drive(r->conn, step_read, f);
}

int
forward_start(struct probe_run *pr)
{
	struct forward *f = pr->priv;

	f->pr = pr;
	if (pr->run->conn == NULL || pr->run->next_host == NULL ||
	    (f->ch = ssh_channel_new(conn_ssh(pr->run->conn))) == NULL)
		return -1;
	conn_drive(pr->run->conn, step_open, f);
	return 0;
}

void
forward_cancel(struct probe_run *pr)
{
	struct forward *f = pr->priv;

	if (f->over)
		return;
	if (pr->deadline_hit)
		say(f, f->open ? "ok" : "timeout", 0, NULL);
	else
		over(f);
}
