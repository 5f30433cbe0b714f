/*
 * Probe "agent": which keys the agent holds that ssh would ask, by a client
 * of our own that waits for nobody: libssh's would wait for ever for an agent that
 * does not answer. One that shows none is asked whether it binds a connection to a host's key: a
 * locked one refuses all but the list, which it gives empty. One row in probes.c.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "../agentmsg.h"
#include "fingerprint.h"
#include "path.h"
#include "probes.h"
#include "procnet.h"

enum { REPLY_CAP = AGENT_REPLY_MAX + 8, PIECE = 16 * 1024 };

struct agent {
	struct probe_run *pr;
	uv_pipe_t pipe;
	uv_connect_t connect;
	uv_write_t write[2]; /* of the request, and of the one to bind */
	uint8_t request[AGENT_REQUEST_LEN], bind[AGENT_BIND_LEN];
	uint8_t *reply; /* grows as it comes */
	size_t len, cap;
	const char *source; /* "env" or "config" */
	const char *state;  /* NULL, or what it says to a binding */
	bool open, ended, binding;
	char path[PATH_LEN];
};

_Static_assert(sizeof(struct agent) <= AGENT_PRIV, "room for the probe's memory");

/* What an error of connect(2) or of the pipe means; "refused" for all others. */
static const struct {
	int uv;
	const char *result;
} errors[] = {
	{ UV_ENOENT, "missing" }, { UV_ENOTDIR, "missing" }, { UV_ECONNREFUSED, "refused" },
	{ UV_EACCES, "denied" }, { UV_EPERM, "denied" },
	{ UV_EAGAIN, "hangs" }, /* so many wait already that it cannot be answering */
};

/*
 * The process that the agent is. The kernel names the one that began to listen: an ssh-agent that went to
 * the background after that is another one, which its own variable beside SSH_AUTH_SOCK names.
 */
static bool
program(struct agent *a, char *name, size_t cap)
{
	const char *own = strcmp(a->source, "env") == 0 ? getenv("SSH_AGENT_PID") : NULL;
	struct ucred who;
	socklen_t len = sizeof who;
	char state;
	uv_os_fd_t fd;

	if (uv_fileno((uv_handle_t *)&a->pipe, &fd) != 0 ||
	    getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &who, &len) != 0 || who.pid <= 0)
		return false;
	return procnet_process(who.pid, name, cap, &state) ||
	       (own != NULL && atoi(own) > 1 && procnet_process(atoi(own), name, cap, &state));
}

static void
say_result(struct agent *a, const char *result, int64_t count, const char *text)
{
	struct evidence ev;
	char name[64]; /* of the program; the evidence points to it */

	ev_init(&ev, EV_AGENT_RESULT);
	ev_str(&ev, K_PATH, a->path[0] != '\0' ? a->path : NULL);
	ev_str(&ev, K_RESULT, result);
	if (count >= 0)
		ev_int(&ev, K_COUNT, count);
	ev_int(&ev, K_TOOK_US, (int64_t)(probe_now(a->pr) - a->pr->start_us));
	ev_str(&ev, K_SOURCE, a->source);
	ev_str(&ev, K_TEXT, text);
	if (a->state != NULL) {
		ev_str(&ev, K_STATE, a->state);
		if (program(a, name, sizeof name))
			ev_str(&ev, K_OWNER, name);
	}
	probe_emit(a->pr, &ev);
}

static void
on_closed(uv_handle_t *h)
{
	struct agent *a = h->data;

	free(a->reply);
	a->reply = NULL;
	probe_done(a->pr);
}

static void
end(struct agent *a, const char *result, int64_t count, const char *text)
{
	if (a->ended)
		return;
	a->ended = true;
	if (result != NULL)
		say_result(a, result, count, text);
	if (a->open)
		uv_close((uv_handle_t *)&a->pipe, on_closed);
	else
		probe_done(a->pr);
}

static void
end_by_error(struct agent *a, int status)
{
	for (size_t i = 0; i < sizeof errors / sizeof *errors; i++)
		if (errors[i].uv == status) {
			end(a, errors[i].result, -1, uv_strerror(status));
			return;
		}
	end(a, "refused", -1, uv_strerror(status));
}

/* ---- the reply --------------------------------------------------------------- */

static void
keep_key(struct run *r, const struct agent_key *k, const char *fp, const char *type, int order)
{
	unsigned char *blob = malloc(k->blob_len);
	struct run_key *key;

	if (blob == NULL)
		return;
	memcpy(blob, k->blob, k->blob_len);
	if ((key = run_key_add(r, fp, type, blob, k->blob_len)) == NULL)
		return;
	key->in_agent = key->usable = true;
	key->agent_order = order;
	key->cert = strstr(type, "-cert-v0") != NULL;
	if (key->name[0] == '\0')
		text_clean(key->name, sizeof key->name, k->comment, k->comment_len);
}

static void
take_key(struct agent *a, const struct agent_key *k, int order)
{
	char fp[FINGERPRINT_MAX], type[KEY_TYPE_MAX];
	struct evidence ev;

	fingerprint_of_blob(k->blob, k->blob_len, fp);
	fingerprint_type(k->blob, k->blob_len, type);
	ev_init(&ev, EV_AGENT_KEY);
	ev_str(&ev, K_TYPE, type);
	ev_str(&ev, K_FP, fp);
	ev_mem(&ev, K_COMMENT, k->comment, k->comment_len);
	ev_int(&ev, K_ORDER, order);
	probe_emit(a->pr, &ev);
	keep_key(a->pr->run, k, fp, type, order);
}

static void
on_written(uv_write_t *w, int status)
{
	struct agent *a = w->data;

	if (status < 0 && status != UV_ECANCELED && status != UV_EPIPE && !a->binding)
		end_by_error(a, status);
}

static void
send_request(struct agent *a, uint8_t *request, size_t len)
{
	uv_buf_t buf = uv_buf_init((char *)request, (unsigned)len);
	uv_write_t *w = &a->write[a->binding];

	w->data = a;
	uv_write(w, (uv_stream_t *)&a->pipe, &buf, 1, on_written);
}

static void
ask_to_bind(struct agent *a)
{
	a->binding = true;
	a->len = 0;
	agent_bind_request(a->bind);
	send_request(a, a->bind, sizeof a->bind);
}

static void
take_binding(struct agent *a)
{
	switch (agent_bind_read(a->reply, a->len)) {
	case AGENT_BIND_MORE: return;
	case AGENT_BIND_OPEN: a->state = "open"; break;
	case AGENT_BIND_SHUT: a->state = "shut"; break;
	case AGENT_BIND_OTHER: break;
	}
	end(a, "ok", 0, NULL);
}

static void
take_reply(struct agent *a)
{
	struct agent_reply reply;
	struct agent_key k;
	const char *why;
	int n = 0;

	switch (agent_reply_read(&reply, a->reply, a->len, &why)) {
	case AGENT_MORE: return;
	case AGENT_FAILURE: end(a, "denied", -1, "it refuses to list its keys"); return;
	case AGENT_GARBAGE: end(a, "garbage", -1, why); return;
	case AGENT_OK: break;
	}
	while (agent_next(&reply, &k))
		take_key(a, &k, ++n);
	text_copy(a->pr->run->agent_path, sizeof a->pr->run->agent_path, a->path);
	if (n > 0)
		end(a, "ok", n, NULL);
	else
		ask_to_bind(a);
}

/* ---- the talk ---------------------------------------------------------------- */

static void
on_alloc(uv_handle_t *h, size_t hint, uv_buf_t *buf)
{
	struct agent *a = h->data;

	(void)hint;
	*buf = uv_buf_init(NULL, 0);
	if (a->cap - a->len < PIECE && a->cap < REPLY_CAP) {
		size_t cap = a->cap + 2 * PIECE;
		uint8_t *p = realloc(a->reply, cap);

		if (p == NULL)
			return;
		a->reply = p;
		a->cap = cap;
	}
	*buf = uv_buf_init((char *)a->reply + a->len, (unsigned)(a->cap - a->len));
}

static void
on_read(uv_stream_t *s, ssize_t n, const uv_buf_t *buf)
{
	struct agent *a = s->data;

	(void)buf;
	if (a->ended || n == 0)
		return;
	if (n < 0 && a->binding) {
		end(a, "ok", 0, NULL);
	} else if (n == UV_EOF || n == UV_ECONNRESET) {
		end(a, "garbage", -1, "it closed the connection without an answer");
	} else if (n == UV_ENOBUFS) {
		end(a, "garbage", -1, "its answer has no end");
	} else if (n < 0) {
		end_by_error(a, (int)n);
	} else {
		a->len += (size_t)n;
		(a->binding ? take_binding : take_reply)(a);
	}
}

static void
on_connected(uv_connect_t *c, int status)
{
	struct agent *a = c->data;

	if (a->ended)
		return;
	if (status < 0) {
		end_by_error(a, status);
		return;
	}
	agent_request(a->request);
	send_request(a, a->request, sizeof a->request);
	uv_read_start((uv_stream_t *)&a->pipe, on_alloc, on_read);
}

/* ---- which agent ------------------------------------------------------------- */

/*
 * As ssh chooses: IdentityAgent (ssh_config(5): a path, "none",
 * "SSH_AUTH_SOCK" or "$VARIABLE"), else the environment. a->path stays empty
 * where there is none.
 */
static void
choose(struct agent *a)
{
	const struct run *r = a->pr->run;
	const char *configured = r->cfg->identityagent, *path;

	a->source = "config";
	if (r->opt->agent != NULL) {
		text_copy(a->path, sizeof a->path, r->opt->agent);
		return;
	}
	if (strcmp(configured, "none") == 0)
		return;
	if (configured[0] != '\0' && strcmp(configured, "SSH_AUTH_SOCK") != 0) {
		if (configured[0] == '$' && configured[1] != '{')
			text_copy(a->path, sizeof a->path,
			    (path = getenv(configured + 1)) != NULL ? path : configured);
		else
			path_expand(r, configured, a->path, sizeof a->path);
		return;
	}
	a->source = "env";
	if ((path = getenv("SSH_AUTH_SOCK")) != NULL)
		text_copy(a->path, sizeof a->path, path);
}

int
agent_start(struct probe_run *pr)
{
	struct agent *a = pr->priv;

	a->pr = pr;
	choose(a);
	if (a->path[0] == '\0') {
		end(a, "unset", -1, NULL);
		return 0;
	}
	if (strlen(a->path) >= sizeof((struct sockaddr_un *)0)->sun_path) {
		end(a, "missing", -1, "the path is too long for a socket");
		return 0;
	}
	uv_pipe_init(probe_loop(pr), &a->pipe, 0);
	a->pipe.data = a->connect.data = a;
	a->open = true;
	uv_pipe_connect(&a->connect, &a->pipe, a->path, on_connected);
	return 0;
}

void
agent_cancel(struct probe_run *pr)
{
	struct agent *a = pr->priv;

	if (a->binding)
		end(a, "ok", 0, NULL);
	else if (pr->deadline_hit)
		end(a, "hangs", -1, "it took the connection and did not answer");
	else
		end(a, NULL, -1, NULL);
}
