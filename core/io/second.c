/* A connection that goes no further than the key exchange; see second.h. */
#include "second.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../base64.h"
#include "../wire.h"
#include "conn.h"
#include "offer.h"

enum { HOSTKEYS_MAX = 512 };

struct second {
	struct probe_run *pr;
	const struct second_does *does;
	void *arg;
	char hostkeys[HOSTKEYS_MAX]; /* "" for ssh's own */
	int fd;                      /* until the tap has it */
	uv_poll_t poll;
	uv_timer_t end;
	struct conn *conn;
	int handles;
	bool polled, over, failed;
};

/* ---- the end -------------------------------------------------------------------- */

static void
on_closed(uv_handle_t *h)
{
	struct second *s = h->data;

	if (--s->handles > 0)
		return;
	if (s->fd >= 0)
		close(s->fd);
	s->does->gone(s->arg);
	free(s);
}

/* A connection is not taken down from within its own calls. */
static void
on_end(uv_timer_t *timer)
{
	struct second *s = timer->data;

	if (s->conn != NULL)
		conn_free(s->conn);
	s->conn = NULL;
	if (s->polled)
		uv_close((uv_handle_t *)&s->poll, on_closed);
	s->polled = false;
	uv_close((uv_handle_t *)timer, on_closed);
}

void
second_end(struct second *s)
{
	if (s->over)
		return;
	s->over = true;
	if (s->conn != NULL) {
		conn_unhook(s->conn);
		conn_rest(s->conn);
	}
	uv_timer_start(&s->end, on_end, 0, 0);
}

static void
fail(struct second *s, const char *result, const char *text)
{
	if (s->over || s->failed)
		return;
	s->failed = true;
	s->does->failed(s->arg, result, text);
}

/* ---- what passes ------------------------------------------------------------------- */

static void
reach(struct second *s, enum kex_stage stage)
{
	if (!s->over)
		s->does->reached(s->arg, stage);
}

static void
on_bytes(void *arg, const char *bytes, size_t len)
{
	(void)arg;
	(void)bytes;
	(void)len;
}

static void
on_ident(void *arg, const char *line, size_t len)
{
	(void)line;
	(void)len;
	reach(arg, KEX_AT_IDENT);
}

static void
on_packet(void *arg, bool from_server, const unsigned char *payload, size_t len)
{
	(void)len;
	if (from_server && payload[0] == MSG_KEXINIT)
		reach(arg, KEX_AT_OFFER);
	else if (from_server && payload[0] == MSG_NEWKEYS)
		reach(arg, KEX_AT_KEYS);
}

static void
on_bad(void *arg, const char *why)
{
	fail(arg, "failed", why);
}

static void
on_ended(void *arg, enum conn_end how, int err, const char *held, size_t len)
{
	(void)held;
	(void)len;
	fail(arg, "closed", how == CONN_RESET ? strerror(err) : NULL);
}

static void
step(void *arg)
{
	struct second *s = arg;
	int rc;

	if (s->over || s->failed)
		return;
	rc = ssh_connect(conn_ssh(s->conn));
	if (s->over || s->failed)
		return;
	if (rc == SSH_OK) {
		conn_rest(s->conn);
		s->does->exchanged(s->arg, conn_ssh(s->conn));
	} else if (rc != SSH_AGAIN || conn_closed(s->conn)) {
		fail(s, "failed", ssh_get_error(conn_ssh(s->conn)));
	}
}

/* ---- the beginning --------------------------------------------------------------------- */

/* Nobody polls the socket any more: it is the tap's. */
static void
on_handed_over(uv_handle_t *h)
{
	static const struct conn_hooks hooks = { on_bytes, on_bytes, on_ident, on_packet, on_bad,
		on_ended };
	struct second *s = h->data;

	if (s->over) {
		on_closed(h);
		return;
	}
	s->handles--; /* the timer is still there */
	if ((s->conn = conn_new(probe_loop(s->pr), s->fd, &hooks, s)) == NULL) {
		fail(s, "failed", "no descriptors or memory left");
		return;
	}
	s->fd = -1;
	offer_set(s->pr->run, conn_ssh(s->conn), s->hostkeys[0] != '\0' ? s->hostkeys : NULL);
	conn_drive(s->conn, step, s);
}

static void
on_connected(uv_poll_t *poll, int status, int events)
{
	struct second *s = poll->data;
	int err = 0;
	socklen_t len = sizeof err;

	(void)status;
	(void)events;
	if (s->over)
		return;
	if (getsockopt(s->fd, SOL_SOCKET, SO_ERROR, &err, &len) != 0)
		err = errno;
	if (err != 0) {
		fail(s, "failed", strerror(err));
		return;
	}
	s->pr->run->connections++;
	if (s->does->connected != NULL)
		s->does->connected(s->arg, s->fd);
	if (s->over)
		return;
	s->polled = false;
	uv_close((uv_handle_t *)poll, on_handed_over);
}

struct second *
second_new(struct probe_run *pr, const struct run_addr *a, const struct sock_want *want,
    const char *hostkeys, const struct second_does *does, void *arg, const char **text)
{
	struct second *s = calloc(1, sizeof *s);
	int err;

	*text = "out of memory";
	if (s == NULL)
		return NULL;
	s->pr = pr;
	s->does = does;
	s->arg = arg;
	text_copy(s->hostkeys, sizeof s->hostkeys, hostkeys == NULL ? "" : hostkeys);
	s->fd = sock_connect(pr->run, a, want, &err, text);
	if ((err != 0 && err != EINPROGRESS) ||
	    uv_poll_init(probe_loop(pr), &s->poll, s->fd) != 0) {
		if (*text == NULL)
			*text = strerror(err);
		if (s->fd >= 0)
			close(s->fd);
		free(s);
		return NULL;
	}
	uv_timer_init(probe_loop(pr), &s->end);
	s->poll.data = s->end.data = s;
	s->handles = 2;
	s->polled = true;
	uv_poll_start(&s->poll, UV_WRITABLE, on_connected);
	return s;
}

int
second_hostkey(ssh_session ssh, char type[KEY_TYPE_MAX], char fp[FINGERPRINT_MAX])
{
	unsigned char blob[RUN_BLOB];
	ssh_key key = NULL;
	char *b64 = NULL;
	long len = -1;

	if (ssh_get_server_publickey(ssh, &key) == SSH_OK &&
	    ssh_pki_export_pubkey_base64(key, &b64) == SSH_OK)
		len = base64_decode(blob, sizeof blob, b64, strlen(b64));
	ssh_key_free(key);
	ssh_string_free_char(b64);
	if (len < 0)
		return -1;
	fingerprint_of_blob(blob, (size_t)len, fp);
	fingerprint_type(blob, (size_t)len, type);
	return 0;
}

void
second_tcp(const struct second *s, int64_t *unacked, int64_t *retrans)
{
	int64_t rtt;

	*unacked = *retrans = 0;
	if (s != NULL && s->conn != NULL)
		conn_tcp(s->conn, &rtt, retrans, unacked);
}
