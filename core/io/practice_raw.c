/*
 * The practice server that does not speak SSH, or not to the end. A
 * connection reads what comes, says what its play has to say, at once and
 * after the first line of the client, and then no more; it reads on until the
 * client leaves. What it can say of SSH is its identification and an offer of
 * algorithms (RFC 4253 section 7.1), for ciphers that libssh does not have. (A close with unread bytes would become a reset, which can
 * cost the client the answer.)
 */
#include "practice_raw.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <uv.h>

#include "practice_play.h"

enum { DRIP_MS = 200, KEXINIT = 20, OFFER_MAX = 512 };

const char practice_http_answer[] = "HTTP/1.1 400 Bad Request\r\n"
				    "Server: practice\r\n"
				    "Content-Type: text/html\r\n"
				    "Content-Length: 50\r\n"
				    "Connection: close\r\n"
				    "\r\n"
				    "<html><body><h1>400 Bad Request</h1></body></html>";

struct raw {
	const struct practice_play *play;
	int fd;
	const char *say; /* what is yet to be sent */
	size_t left;     /* of it */
	char first[OFFER_MAX];
	bool asked;    /* a whole line came */
	bool answered; /* what is said after that is in say, or sent */
	bool shut;     /* our side is closed */
	uint64_t drip_at;
};

static void *
share_raw(const struct practice_keys *k, const struct practice_play *play, const char *dir)
{
	(void)k;
	(void)dir;
	return (void *)play;
}

static void
unshare_raw(void *shared)
{
	(void)shared; /* practice.c's */
}

static size_t
put_u32(char *to, size_t v)
{
	for (int i = 0; i < 4; i++)
		to[i] = (char)(v >> (24 - 8 * i) & 0xff);
	return 4;
}

static size_t
put_list(char *to, const char *names)
{
	size_t len = strlen(names);

	put_u32(to, len);
	memcpy(to + 4, names, len);
	return 4 + len;
}

/* The packet of an offer that has but one cipher. Its lists are short: it fits. Returns its length. */
static size_t
put_offer(char *to, const char *cipher)
{
	const char *const lists[] = { "curve25519-sha256,diffie-hellman-group14-sha256",
		"ssh-ed25519", cipher, cipher, "hmac-sha2-256", "hmac-sha2-256", "none", "none", "",
		"" };
	size_t n = 5, pad; /* behind the length of the packet and that of its padding */

	to[n++] = KEXINIT;
	n += 16; /* a cookie of zeroes */
	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++)
		n += put_list(to + n, lists[i]);
	n += 5; /* no guess follows, and no extension */
	pad = 4 + (8 - (n + 4) % 8) % 8;
	put_u32(to, n + pad - 4);
	to[4] = (char)pad;
	return n + pad;
}

/* What is said at once. */
static void
greet(struct raw *c)
{
	const struct practice_play *p = c->play;

	if (p->greeting != NULL) {
		c->left = strlen(p->greeting);
		memcpy(c->first, p->greeting, c->left);
	}
	if (p->ciphers != NULL)
		c->left += put_offer(c->first + c->left, p->ciphers);
	c->say = c->first;
}

static void *
open_raw(void *shared, int fd)
{
	struct raw *c = calloc(1, sizeof(*c));

	if (c == NULL)
		return NULL;
	c->play = shared;
	c->fd = fd;
	greet(c);
	return c;
}

/* Read some of what is there; the loop comes back for more. False: the client left. */
static bool
read_raw(struct raw *c)
{
	char buf[4096];
	ssize_t n;

	n = recv(c->fd, buf, sizeof(buf), 0);
	if (n > 0 && memchr(buf, '\n', (size_t)n) != NULL)
		c->asked = true;
	return n > 0 || (n < 0 && (errno == EAGAIN || errno == EINTR));
}

/* Send what can be sent now. False: the client left. */
static bool
send_raw(struct raw *c)
{
	while (c->left > 0) {
		ssize_t n = send(c->fd, c->say, c->left, MSG_NOSIGNAL);

		if (n < 0)
			return errno == EAGAIN || errno == EINTR;
		c->say += n;
		c->left -= (size_t)n;
	}
	return true;
}

static void
say(struct raw *c, const char *text)
{
	c->say = text;
	c->left = strlen(text);
}

/* What comes next, where all was sent. */
static void
go_on(struct raw *c)
{
	const struct practice_play *p = c->play;
	uint64_t now = uv_hrtime() / 1000000;

	if (p->answer != NULL && c->asked && !c->answered) {
		say(c, p->answer);
		c->answered = true;
	} else if (p->drip != NULL && now >= c->drip_at) {
		say(c, p->drip);
		c->drip_at = now + DRIP_MS;
	}
}

static int
step_raw(void *conn)
{
	struct raw *c = conn;

	if (!read_raw(c) || !send_raw(c))
		return 0;
	if (c->left == 0)
		go_on(c);
	if (!send_raw(c))
		return 0;
	if (c->left > 0)
		return UV_READABLE | UV_WRITABLE;
	if (c->play->hangs_up && !c->shut && (c->answered || c->play->answer == NULL)) {
		shutdown(c->fd, SHUT_WR);
		c->shut = true;
	}
	return UV_READABLE;
}

static uint64_t
wait_raw(void *conn)
{
	struct raw *c = conn;

	return c->play->drip != NULL ? DRIP_MS : 0;
}

static void
close_raw(void *conn)
{
	free(conn);
}

const struct practice_server practice_raw = {
	.share = share_raw,
	.unshare = unshare_raw,
	.open = open_raw,
	.step = step_raw,
	.wait_ms = wait_raw,
	.close = close_raw,
};
