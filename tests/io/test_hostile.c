/*
 * A server may send anything at any time: raw servers with truncated, lying,
 * oversized and random bytes, all diagnosed at once by one engine. Each run
 * must end in time with a transport verdict, and no line of evidence may hold
 * a control character. Random cases come from a fixed seed.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include <uv.h>

#include <cmocka.h>

#include "core/book.h"
#include "core/io/engine.h"
#include "core/rule.h"

enum { CASES = 48, BODY = 40000, STEP_MS = 1500, LIMIT_S = 40 };

struct server {
	int listener, client;
	unsigned char *body;
	size_t len, sent;
	bool close_after; /* else it stays open and silent */
	int port;
};

static struct server servers[CASES];
static volatile bool stop;
static uint32_t seed = 20240229;

static uint32_t
rnd(void)
{
	seed = seed * 1664525u + 1013904223u;
	return seed >> 8;
}

static void
put(struct server *s, const void *p, size_t len)
{
	if (s->len + len <= BODY) {
		memcpy(s->body + s->len, p, len);
		s->len += len;
	}
}

static void
put_str(struct server *s, const char *t)
{
	put(s, t, strlen(t));
}

static void
put_u32(struct server *s, uint32_t v)
{
	unsigned char b[4] = { (unsigned char)(v >> 24), (unsigned char)(v >> 16),
		(unsigned char)(v >> 8), (unsigned char)v };

	put(s, b, 4);
}

/* A KEXINIT that a client could agree with; lie: a list's length points beyond the end. */
static void
put_kexinit(struct server *s, bool lie)
{
	static const char *const lists[] = { "curve25519-sha256", "ssh-ed25519", "aes128-ctr",
		"aes128-ctr", "hmac-sha2-256", "hmac-sha2-256", "none", "none", "", "" };
	unsigned char payload[512];
	size_t n = 0, pad;

	payload[n++] = 20;
	memset(payload + n, 0x5a, 16);
	n += 16;
	for (size_t i = 0; i < 10; i++) {
		size_t len = strlen(lists[i]), said = lie && i == 3 ? 0x7fffffff : len;

		payload[n++] = (unsigned char)(said >> 24);
		payload[n++] = (unsigned char)(said >> 16);
		payload[n++] = (unsigned char)(said >> 8);
		payload[n++] = (unsigned char)said;
		memcpy(payload + n, lists[i], len);
		n += len;
	}
	memset(payload + n, 0, 5);
	n += 5;
	pad = 8 - (5 + n) % 8;
	if (pad < 4)
		pad += 8;
	put_u32(s, (uint32_t)(1 + n + pad));
	put(s, &(unsigned char){ (unsigned char)pad }, 1);
	put(s, payload, n);
	memset(payload, 0, pad);
	put(s, payload, pad);
}

/* The hand-made cases come first; then random bytes behind each stage. */
static void
make_body(struct server *s, int i)
{
	static const char ident[] = "SSH-2.0-hostile\r\n";
	unsigned char b;

	s->close_after = i % 2 == 0;
	if (i < 2) {
		put_str(s, "\033]0;owned\007\033[2J hello\r\n");
	} else if (i < 4) {
		for (int k = 0; k < 20000; k++)
			put(s, "A", 1);
	} else if (i < 6) {
		put(s, "SSH-2.0-a\0b\r\n", 13);
	} else if (i < 8) {
		put_str(s, ident);
		put_u32(s, 0xffffffff);
	} else if (i < 10) {
		put_str(s, ident);
		put_kexinit(s, true);
	} else if (i < 12) {
		put_str(s, ident);
		put_kexinit(s, false);
		put_u32(s, 12);
		put(s, "\x0a\x15", 2);
	} else if (i < 14) {
		for (int k = 0; k < 1500; k++)
			put_str(s, "line\n");
	} else if (i < 16) {
		put_str(s, "SSH-1.5-old\n");
	} else if (i < 18) {
		put_str(s, ident);
		put_kexinit(s, false);
		for (int k = 0; k < 50; k++)
			put_kexinit(s, false);
	} else {
		if (i % 3 > 0)
			put_str(s, ident);
		if (i % 3 > 1)
			put_kexinit(s, false);
		for (uint32_t n = rnd() % 3000; n > 0; n--) {
			b = (unsigned char)rnd();
			put(s, &b, 1);
		}
	}
}

static void
serve(void *arg)
{
	(void)arg;
	while (!stop) {
		struct pollfd p[CASES];

		for (int i = 0; i < CASES; i++)
			p[i] = (struct pollfd){ .fd = servers[i].client >= 0 ? servers[i].client
									     : servers[i].listener,
				.events = servers[i].client >= 0 && servers[i].sent < servers[i].len
					      ? POLLOUT
					      : POLLIN };
		if (poll(p, CASES, 50) <= 0)
			continue;
		for (int i = 0; i < CASES; i++) {
			struct server *s = &servers[i];
			char sink[4096];
			ssize_t n;

			if (p[i].revents == 0)
				continue;
			if (s->client < 0) {
				s->client =
				    accept4(s->listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
				continue;
			}
			if (s->sent < s->len) {
				n = send(
				    s->client, s->body + s->sent, s->len - s->sent, MSG_NOSIGNAL);
				s->sent = n > 0             ? s->sent + (size_t)n
					  : errno == EAGAIN ? s->sent
							    : s->len;
				continue;
			}
			n = recv(s->client, sink, sizeof sink, 0);
			if (n <= 0 || s->close_after)
				close(s->client), s->client = -2;
		}
	}
}

static void
open_servers(void)
{
	for (int i = 0; i < CASES; i++) {
		struct sockaddr_in sa = { .sin_family = AF_INET,
			.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
		socklen_t len = sizeof sa;
		struct server *s = &servers[i];

		s->client = -1;
		assert_non_null(s->body = malloc(BODY));
		s->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
		assert_int_equal(bind(s->listener, (struct sockaddr *)&sa, len), 0);
		assert_int_equal(listen(s->listener, 4), 0);
		assert_int_equal(getsockname(s->listener, (struct sockaddr *)&sa, &len), 0);
		s->port = ntohs(sa.sin_port);
		make_body(s, i);
	}
}

static void
wake(void *arg)
{
	uv_sem_post(arg);
}

static void
check_line(const struct ev_line *line)
{
	for (uint32_t i = 0; i < line->len; i++)
		assert_false((unsigned char)line->text[i] < 0x20 || line->text[i] == 0x7f);
}

/* Take lines until every target has ended. */
static void
collect(struct engine *e, struct book *b, uv_sem_t *sem)
{
	uint64_t until = uv_hrtime() + (uint64_t)LIMIT_S * 1000000000;
	int ended = 0;

	while (ended < CASES) {
		const struct ev_line *lines[256];
		size_t n;

		assert_true(uv_hrtime() < until);
		uv_sem_wait(sem);
		while ((n = engine_take(e, lines, 256)) > 0)
			for (size_t i = 0; i < n; i++) {
				check_line(lines[i]);
				book_add(b, lines[i]);
				ended += strstr(lines[i]->text, " run.end ") != NULL;
			}
	}
}

static void
hostile_servers_get_a_finding(void **state)
{
	char cfg[] = "/tmp/sshmedic-test-XXXXXX", err[128];
	int fd = mkstemp(cfg);
	struct engine_options eo = { .wake = wake };
	struct engine *e;
	struct book *b = book_new();
	uv_thread_t thread;
	uv_sem_t sem;

	(void)state;
	assert_true(fd >= 0);
	dprintf(fd, "Host *\n User x\n IdentityFile /dev/null\n IdentityAgent none\n"
		    " UserKnownHostsFile /dev/null\n GlobalKnownHostsFile /dev/null\n");
	close(fd);
	uv_sem_init(&sem, 0);
	eo.arg = &sem;
	open_servers();
	uv_thread_create(&thread, serve, NULL);
	assert_int_equal(engine_new(&e, &eo, err, sizeof err), 0);
	for (int i = 0; i < CASES; i++) {
		struct run_options opt = { .args = { "-F", cfg },
			.nargs = 2,
			.timeout_ms = STEP_MS,
			.keydir = "",
			.agent = "" };
		struct target t;
		char name[32];

		snprintf(name, sizeof name, "127.0.0.1:%d", servers[i].port);
		assert_int_equal(target_parse(&t, name, err, sizeof err), 0);
		assert_int_equal(engine_start(e, &t, &opt), i);
	}
	collect(e, b, &sem);
	for (int i = 0; i < CASES; i++) {
		const struct diag *d = book_diag(b, (uint16_t)i);

		assert_non_null(d);
		if (d->verdict.rule == NULL || d->verdict.rule->layer != LAYER_TRANSPORT)
			fail_msg("case %d has no transport verdict", i);
		assert_int_equal(diag_exit_code(d), 10);
	}
	stop = true;
	uv_thread_join(&thread);
	assert_true(engine_free(e, 3000));
	book_free(b);
	for (int i = 0; i < CASES; i++) {
		free(servers[i].body);
		close(servers[i].listener);
		if (servers[i].client >= 0)
			close(servers[i].client);
	}
	uv_sem_destroy(&sem);
	unlink(cfg);
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(hostile_servers_get_a_finding) };

	setenv("UV_THREADPOOL_SIZE", "32", 0);
	signal(SIGPIPE, SIG_IGN);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
