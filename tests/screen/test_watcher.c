/*
 * A watch that goes on and on, by a clock that is given: what it keeps in memory is bounded, on the engine's side and
 * on the reader's, and what it keeps is told. LOOKS=1000 in the environment: as many looks, and what each costs is printed.
 */
#include <arpa/inet.h>
#include <malloc.h>
#include <setjmp.h>
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
#include "core/io/engine_internal.h"
#include "core/io/log.h"
#include "core/rule.h"
#include "tui/logidx.h"
#include "tui/watcher.h"

enum { LOOKS = 40, EVERY_S = 2, LIMIT_S = 20 };

struct world {
	struct engine *e;
	struct book *b;
	struct logidx *x;
	struct watcher *w;
	struct run_options run;
	uv_sem_t sem;
	int64_t now_ms;
	int changes;
	int listener; /* a port that is open; -1 */
};

static void
wake(void *arg)
{
	uv_sem_post(arg);
}

static void
changed(void *arg, size_t i, const struct watch_change *c, const char *when)
{
	(void)i, (void)c, (void)when;
	((struct world *)arg)->changes++;
}

static void
drops(void *arg, const struct ev_numbers *gone)
{
	logidx_drop(((struct world *)arg)->x, gone);
}

/* A port of this machine that refuses: bound, and nobody listens. */
static int
closed_port(uint16_t *port)
{
	struct sockaddr_in at = { .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof at;
	const int on = 1;
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	assert_int_equal(setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on), 0);
	assert_int_equal(bind(fd, (struct sockaddr *)&at, sizeof at), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&at, &len), 0);
	*port = ntohs(at.sin_port);
	return fd;
}

/* The same port, with somebody behind it. */
static int
open_port(uint16_t port)
{
	struct sockaddr_in at = { .sin_family = AF_INET,
		.sin_port = htons(port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	const int on = 1;

	assert_int_equal(setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on), 0);
	assert_int_equal(bind(fd, (struct sockaddr *)&at, sizeof at), 0);
	assert_int_equal(listen(fd, 8), 0);
	return fd;
}

/* Somebody who speaks HTTP. */
static void
serve(int listener)
{
	static const char words[] = "HTTP/1.1 400 Bad Request\r\n\r\n";
	int fd = listener >= 0 ? accept4(listener, NULL, NULL, SOCK_CLOEXEC) : -1;

	if (fd < 0)
		return;
	assert_int_equal(write(fd, words, sizeof words - 1), sizeof words - 1);
	shutdown(fd, SHUT_WR);
	close(fd);
}

static size_t
lines_of(const struct world *s, uint32_t run)
{
	size_t n = 0;

	for (size_t i = 0; i < book_lines(s->b); i++)
		n += ev_run(book_line(s->b, i)->text, book_line(s->b, i)->len) == (int64_t)run;
	return n;
}

static void
take(struct world *s)
{
	const struct ev_line *lines[64];
	size_t n;

	while ((n = engine_take(s->e, lines, 64)) > 0)
		for (size_t i = 0; i < n; i++) {
			book_add(s->b, lines[i]);
			logidx_add(s->x, lines[i]);
		}
}

/* Until run number n has ended. */
static void
wait_for(struct world *s, unsigned n)
{
	uint64_t until = uv_hrtime() + (uint64_t)LIMIT_S * 1000000000;

	while (take(s), !book_ended(s->b, 0) || book_run(s->b, 0) < n) {
		assert_true(uv_hrtime() < until);
		while (uv_sem_trywait(&s->sem) != 0) {
			assert_true(uv_hrtime() < until);
			serve(s->listener);
			usleep(200);
		}
	}
}

static void
open_world(struct world *s, uint16_t port)
{
	static const char *const args[] = { "-F", "/dev/null", "-o",
		"UserKnownHostsFile=/dev/null" };
	struct watcher_does does = { .changed = changed, .drops = drops, .arg = s };
	struct target t;
	char err[256];

	memset(s, 0, sizeof *s);
	s->listener = -1;
	uv_sem_init(&s->sem, 0);
	s->b = book_new();
	s->x = logidx_new();
	for (size_t i = 0; i < 4; i++)
		s->run.args[s->run.nargs++] = args[i];
	s->run.keydir = s->run.agent = "";
	assert_int_equal(target_parse(&t, "127.0.0.1", err, sizeof err), 0);
	t.port = port;
	assert_int_equal(engine_new(&s->e, &(struct engine_options){ .wake = wake, .arg = &s->sem },
			     err, sizeof err),
	    0);
	assert_int_equal(engine_start(s->e, &t, &s->run), 0);
	s->w = watcher_new(0, 1, EVERY_S, &s->run, &does);
	logidx_filter(s->x, 0, 3);
	wait_for(s, 0);
}

static void
close_world(struct world *s)
{
	watcher_free(s->w);
	assert_true(engine_free(s->e, 3000));
	logidx_free(s->x);
	book_free(s->b);
	uv_sem_destroy(&s->sem);
}

/* The next look, from its begin to its end. */
static void
look(struct world *s)
{
	unsigned next = book_run(s->b, 0) + 1;

	watcher_step(s->w, s->e, s->b, s->now_ms, 1800000000 + s->now_ms / 1000);
	s->now_ms += EVERY_S * 1000;
	watcher_step(s->w, s->e, s->b, s->now_ms, 1800000000 + s->now_ms / 1000);
	wait_for(s, next);
}

static size_t
bytes(const struct book *b)
{
	size_t n = 0;

	for (size_t i = 0; i < book_lines(b); i++)
		n += sizeof(struct ev_line) + book_line(b, i)->len + 1;
	return n;
}

/* What a look costs, and what is there by then. */
static void
tell(struct world *s, int i, uint64_t took_us)
{
	uint64_t at = uv_hrtime();

	logidx_filter(s->x, 0, 2); /* what a change of level does */
	logidx_filter(s->x, 0, 3);
	logidx_last_run(s->x, EV_HOSTKEY_OFFERED);
	printf("look %5d: %6zu lines, %8zu bytes of text, heap %8zu, look %6.1f ms, level and back "
	       "%.3f ms\n",
	    i, book_lines(s->b), bytes(s->b), (size_t)mallinfo2().uordblks, (double)took_us / 1e3,
	    (double)(uv_hrtime() - at) / 1e6);
}

/* Lines of the look that has most. */
static size_t
most_of_a_look(const struct book *b)
{
	size_t most = 0, n = 0;
	int64_t at = -1;

	for (size_t i = 0; i < book_lines(b); i++) {
		const struct ev_line *line = book_line(b, i);

		n = ev_run(line->text, line->len) == at ? n + 1 : 1;
		at = ev_run(line->text, line->len);
		most = n > most ? n : most;
	}
	return most;
}

/* What the newest look said of those before it. */
static const char *
told(const struct book *b)
{
	for (size_t i = book_lines(b); i-- > 0;)
		if (strstr(book_line(b, i)->text, " watch.kept ") != NULL)
			return ev_run(book_line(b, i)->text, book_line(b, i)->len) ==
				       (int64_t)book_run(b, 0)
				   ? book_line(b, i)->text
				   : "of another look";
	return "nothing";
}

/* Whether it is said that a run is in memory: "...: 1, 4, 38 to 40", from 1. */
static bool
is_told(const char *text, uint32_t run)
{
	const char *s = strstr(text, "still in memory: ");
	unsigned long from = 0, to;
	char *end;

	for (s = s != NULL ? s + 17 : ""; *s >= '0' && *s <= '9'; s = end + strspn(end, ", ")) {
		from = to = strtoul(s, &end, 10);
		if (strncmp(end, " to ", 4) == 0)
			to = strtoul(end + 4, &end, 10);
		if (run + 1 >= from && run + 1 <= to)
			return true;
	}
	return false;
}

/* Both sides have few lines, the same ones in the index, and what the findings rest on. */
static void
check(struct world *s)
{
	const struct diag *d = book_diag(s->b, 0);
	size_t most = (WATCH_KEPT + 1) * most_of_a_look(s->b);

	assert_in_range(book_lines(s->b), 1, most);
	assert_in_range(log_lines(s->e->log), 1, most);
	assert_in_range(log_lines(s->e->log), book_lines(s->b), most);
	assert_int_equal(logidx_total(s->x), book_lines(s->b));
	assert_true(d->nfindings > 0);
	for (int i = 0; i < d->nfindings; i++)
		for (int k = 0; k < d->findings[i].nev; k++)
			assert_non_null(logidx_by_number(s->x, d->findings[i].ev[k]));
}

static void
what_it_keeps_is_bounded(void **state)
{
	const char *many = getenv("LOOKS");
	int looks = many != NULL ? atoi(many) : LOOKS;
	struct world s;
	uint16_t port;
	int fd = closed_port(&port);

	(void)state;
	open_world(&s, port);
	for (int i = 1; i <= looks; i++) {
		uint64_t at = uv_hrtime();

		look(&s);
		if (many != NULL && (i < 4 || i % (looks / 10) == 0))
			tell(&s, i, (uv_hrtime() - at) / 1000);
		check(&s);
		if (i < WATCH_LOOKS + 2)
			assert_string_equal(told(s.b), "nothing");
		for (uint32_t run = 0; i >= WATCH_LOOKS + 2 && i <= LOOKS && run < (uint32_t)i;
		     run++)
			assert_int_equal(is_told(told(s.b), run), lines_of(&s, run) > 0);
	}
	assert_int_equal(book_run(s.b, 0), looks);
	assert_int_equal(s.changes, 1);
	assert_int_equal(logidx_count(s.x), book_lines(s.b));
	close_world(&s);
	close(fd);
}

/* A port that now speaks HTTP and now refuses: the last changes keep their evidence. */
static void
changes_are_kept(void **state)
{
	enum { CHANGES = WATCH_STANDS + 4, EACH = WATCH_LOOKS + 2 };
	uint32_t began[CHANGES];
	struct world s;
	uint16_t port;
	int fd = closed_port(&port);

	(void)state;
	open_world(&s, port);
	for (int c = 0; c < CHANGES; c++) {
		s.listener = c % 2 == 0 ? open_port(port) : -1;
		began[c] = (uint32_t)book_run(s.b, 0) + 1;
		for (int i = 0; i < EACH; i++) {
			look(&s);
			check(&s);
		}
		if (s.listener >= 0)
			close(s.listener);
	}
	assert_int_equal(s.changes, 1 + CHANGES);
	for (int c = 0; c < CHANGES; c++)
		assert_int_equal(lines_of(&s, began[c]) > 0, c >= CHANGES - WATCH_STANDS);
	assert_non_null(strstr(told(s.b), " changes before: 5."));
	close_world(&s);
	close(fd);
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(what_it_keeps_is_bounded),
		cmocka_unit_test(changes_are_kept) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
