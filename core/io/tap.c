/*
 * The wire tap; see tap.h. Each direction is a pump: read when its buffer is
 * empty, look at the bytes, write as far as the other side takes them, and
 * read no more until they are gone.
 */
#include "tap.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../wire.h"

enum {
	PUMP_BUF = 16 * 1024,
	TURNS = 32 /* of a pump in one wake-up, so that a flood cannot keep the loop */
};

/* A descriptor under the loop. */
struct side {
	int fd;
	uv_poll_t poll;
	int events; /* armed */
};

/* Bytes on their way from one side to the other. */
struct pump {
	char buf[PUMP_BUF + sizeof(((struct ident_reader *)0)->line)];
	size_t at, len;
	bool eof; /* nothing more will come */
};

struct tap {
	struct side outer, inner;
	struct pump down, up;                            /* from the peer to libssh, and back */
	struct ident_reader *ident_down, *ident_up;      /* until the identification; then NULL */
	struct packet_reader *packets_down, *packets_up; /* then until NEWKEYS; then NULL */
	const struct conn_hooks *hooks;
	void *arg;
	enum conn_end end;
	bool reset, bad, unhooked, freed, told;
	int err;
	uint64_t relayed;
	int closing;
};

static void work(struct tap *t);

/* ---- looking ------------------------------------------------------------------ */

static void
bad(struct tap *t, const char *why)
{
	if (t->bad)
		return;
	t->bad = true;
	if (!t->unhooked)
		t->hooks->bad(t->arg, why);
}

static void
look_packets(
    struct tap *t, struct packet_reader **reader, bool from_server, const char *p, size_t len)
{
	while (len > 0 && *reader != NULL && !t->bad) {
		size_t used;
		enum packet_event e = packet_feed(*reader, p, len, &used);

		p += used;
		len -= used;
		if (e == PACKET_READY && !t->unhooked)
			t->hooks->packet(
			    t->arg, from_server, (*reader)->payload, (*reader)->payload_len);
		if (e == PACKET_READY && (*reader)->type != MSG_NEWKEYS)
			continue;
		if (e == PACKET_READY || e == PACKET_ENCRYPTED) {
			free(*reader);
			*reader = NULL;
		} else if (e != PACKET_MORE) {
			bad(t, packet_event_words(e));
		}
	}
}

static struct packet_reader *
new_packets(void)
{
	struct packet_reader *r = malloc(sizeof *r);

	if (r == NULL)
		abort();
	packet_init(r);
	return r;
}

/* The server's side until its identification: lines go to the hooks, not to libssh. */
static size_t
look_ident(struct tap *t, const char *p, size_t len)
{
	struct ident_reader *r = t->ident_down;
	size_t taken = 0;

	if (!t->unhooked)
		t->hooks->early(t->arg, p, len);
	while (taken < len && t->ident_down != NULL && !t->bad) {
		size_t used;
		enum ident_event e = ident_feed(r, p + taken, len - taken, &used);

		taken += used;
		if (e == IDENT_PRELINE) {
			if (!t->unhooked)
				t->hooks->preline(t->arg, r->line, r->len);
		} else if (e == IDENT_DONE) {
			memcpy(t->down.buf, r->line, r->raw_len);
			t->down.len = r->raw_len;
			if (!t->unhooked)
				t->hooks->ident(t->arg, r->line, r->len);
			free(t->ident_down);
			t->ident_down = NULL;
			t->packets_down = new_packets();
		} else if (e != IDENT_MORE) {
			bad(t, e == IDENT_TOO_LONG   ? "toolong"
			       : e == IDENT_TOO_MANY ? "lines"
						     : "invalid");
		}
	}
	return taken;
}

/* Fresh bytes of the server: what of them goes to libssh is left in the pump. */
static void
look_down(struct tap *t, const char *fresh, size_t len)
{
	size_t taken = 0;

	t->down.at = t->down.len = 0;
	if (t->ident_down != NULL)
		taken = look_ident(t, fresh, len);
	look_packets(t, &t->packets_down, true, fresh + taken, len - taken);
	if (t->bad || t->ident_down != NULL)
		return;
	memcpy(t->down.buf + t->down.len, fresh + taken, len - taken);
	t->down.len += len - taken;
}

static void
look_up(struct tap *t, const char *p, size_t len)
{
	while (len > 0 && t->ident_up != NULL) {
		size_t used;
		enum ident_event e = ident_feed(t->ident_up, p, len, &used);

		p += used;
		len -= used;
		if (e == IDENT_MORE || e == IDENT_PRELINE)
			continue;
		free(t->ident_up);
		t->ident_up = NULL;
		if (e == IDENT_DONE)
			t->packets_up = new_packets();
	}
	look_packets(t, &t->packets_up, false, p, len);
}

/* ---- pumping ----------------------------------------------------------------------- */

/* Whether an error of the peer's stream means that it is gone. */
static bool
note_error(struct tap *t, int err)
{
	if (err == EAGAIN || err == EWOULDBLOCK || err == EINTR)
		return false;
	t->err = err;
	t->reset = true;
	return true;
}

/*
 * Read all that the kernel still holds, after a reset too: the reason is often in it. Returns whether bytes came.
 */
static bool
read_down(struct tap *t)
{
	char fresh[PUMP_BUF];
	ssize_t n;

	if (t->down.eof || t->down.at < t->down.len || t->bad)
		return false;
	n = recv(t->outer.fd, fresh, sizeof fresh, 0);
	if (n > 0) {
		look_down(t, fresh, (size_t)n);
		return true;
	}
	if (n < 0 && !note_error(t, errno))
		return false;
	t->down.eof = true;
	return false;
}

static bool
read_up(struct tap *t)
{
	ssize_t n;

	if (t->up.eof || t->up.at < t->up.len)
		return false;
	n = recv(t->inner.fd, t->up.buf, PUMP_BUF, 0);
	if (n > 0) {
		t->up.at = 0;
		t->up.len = (size_t)n;
		look_up(t, t->up.buf, (size_t)n);
		return true;
	}
	if (n == 0 || (errno != EAGAIN && errno != EINTR))
		t->up.eof = true;
	return false;
}

static bool
write_down(struct tap *t)
{
	ssize_t n;

	if (t->down.at == t->down.len)
		return false;
	n = send(t->inner.fd, t->down.buf + t->down.at, t->down.len - t->down.at, MSG_NOSIGNAL);
	if (n > 0) {
		t->down.at += (size_t)n;
		t->relayed += (uint64_t)n;
	} else if (n < 0 && errno != EAGAIN && errno != EINTR) {
		t->down.at = t->down.len = 0; /* libssh is gone; go on reading what the peer says */
	}
	return n > 0;
}

static bool
write_up(struct tap *t)
{
	ssize_t n;

	if (t->up.at == t->up.len)
		return false;
	n = send(t->outer.fd, t->up.buf + t->up.at, t->up.len - t->up.at, MSG_NOSIGNAL);
	if (n > 0) {
		t->up.at += (size_t)n;
	} else if (n < 0 && note_error(t, errno)) {
		t->up.at = t->up.len =
		    0; /* the peer takes nothing more; what it said is still read */
		t->up.eof = true;
	}
	return n > 0;
}

static void
tell_end(struct tap *t)
{
	const char *held = "";
	size_t len = 0;

	if (t->told || !t->down.eof || t->down.at < t->down.len)
		return;
	t->told = true;
	t->end = t->reset ? CONN_RESET : CONN_EOF;
	shutdown(t->inner.fd, SHUT_WR);
	if (t->ident_down != NULL)
		len = ident_held(t->ident_down, &held);
	if (!t->unhooked)
		t->hooks->ended(t->arg, t->end, t->err, held, len);
}

static void on_side(uv_poll_t *poll, int status, int events);

static void
arm_side(struct side *s, int want)
{
	if (want == s->events)
		return;
	s->events = want;
	if (want == 0)
		uv_poll_stop(&s->poll);
	else
		uv_poll_start(&s->poll, want, on_side);
}

static void
arm(struct tap *t)
{
	int outer = 0, inner = 0;

	if (t->freed)
		return;
	if (!t->down.eof && t->down.at == t->down.len && !t->bad)
		outer |= UV_READABLE;
	if (t->up.at < t->up.len)
		outer |= UV_WRITABLE;
	if (!t->up.eof && t->up.at == t->up.len)
		inner |= UV_READABLE;
	if (t->down.at < t->down.len)
		inner |= UV_WRITABLE;
	arm_side(&t->outer, outer);
	arm_side(&t->inner, inner);
}

static void
work(struct tap *t)
{
	bool moved;
	int turns = 0;

	do {
		moved = read_down(t);
		moved |= write_down(t);
		moved |= read_up(t);
		moved |= write_up(t);
	} while (moved && !t->freed && ++turns < TURNS);
	if (!t->freed)
		tell_end(t);
	arm(t);
}

static void
on_side(uv_poll_t *poll, int status, int events)
{
	struct tap *t = poll->data;
	struct side *s = poll == &t->outer.poll ? &t->outer : &t->inner;

	(void)events;
	if (status < 0) /* POLLERR: libuv stopped the handle; the truth comes from recv */
		s->events = 0;
	work(t);
}

/* ---- life ------------------------------------------------------------------------------ */

static int
side_init(uv_loop_t *loop, struct side *s, int fd, struct tap *t)
{
	s->fd = fd;
	s->poll.data = t;
	return uv_poll_init(loop, &s->poll, fd);
}

struct tap *
tap_new(uv_loop_t *loop, int outer, int inner, const struct conn_hooks *hooks, void *arg)
{
	struct tap *t = calloc(1, sizeof *t);

	if (t == NULL || (t->ident_down = malloc(sizeof *t->ident_down)) == NULL ||
	    (t->ident_up = malloc(sizeof *t->ident_up)) == NULL)
		abort();
	ident_init(t->ident_down);
	ident_init(t->ident_up);
	t->hooks = hooks;
	t->arg = arg;
	if (side_init(loop, &t->outer, outer, t) != 0 || side_init(loop, &t->inner, inner, t) != 0)
		abort(); /* both are fresh stream sockets */
	arm(t);
	return t;
}

void
tap_unhook(struct tap *t)
{
	t->unhooked = true;
}

static void
on_closed(uv_handle_t *h)
{
	struct tap *t = h->data;

	if (--t->closing > 0)
		return;
	close(t->outer.fd);
	close(t->inner.fd);
	free(t->ident_down);
	free(t->ident_up);
	free(t->packets_down);
	free(t->packets_up);
	free(t);
}

void
tap_free(struct tap *t)
{
	t->unhooked = true;
	while (read_up(t) || write_up(t))
		;
	t->freed = true;
	t->closing = 2;
	shutdown(t->outer.fd, SHUT_RDWR);
	uv_close((uv_handle_t *)&t->outer.poll, on_closed);
	uv_close((uv_handle_t *)&t->inner.poll, on_closed);
}

enum conn_end
tap_end(const struct tap *t)
{
	return t->end;
}

int
tap_outer(const struct tap *t)
{
	return t->outer.fd;
}

uint64_t
tap_relayed(const struct tap *t)
{
	return t->relayed;
}
