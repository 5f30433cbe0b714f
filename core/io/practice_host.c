/* The listener, the connections and the thread of practice_host.h. */
#include "practice_host.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include <uv.h>

/* More than any diagnosis opens at a time; beyond that a connection is dropped. */
enum { LINKS_MAX = 64, DOORS_MAX = 4 };

/* A listener. */
struct door {
	struct practice_host *host;
	const struct practice_server *server; /* NULL: a place that is kept, and shut */
	void *shared;
	uv_poll_t poll;
	int fd;
};

struct link {
	struct link *next, **back; /* in the host's list */
	struct door *door;
	void *conn; /* the server's */
	uv_poll_t poll;
	uv_timer_t timer;
	int fd, handles;
};

struct practice_host {
	const struct practice_keys *keys;
	const struct practice_play *play;
	const char *dir;
	struct door doors[DOORS_MAX];
	int ndoors;
	struct link *links;
	int nlinks;
	bool running;
	uv_loop_t loop;
	uv_async_t stop;
	uv_thread_t thread;
};

static void
on_link_closed(uv_handle_t *handle)
{
	struct link *l = handle->data;

	/* libuv polls the socket no more from here on: only now may it be closed. */
	if (--l->handles > 0)
		return;
	close(l->fd);
	free(l);
}

static void
end_link(struct link *l)
{
	*l->back = l->next;
	if (l->next != NULL)
		l->next->back = l->back;
	l->door->host->nlinks--;
	l->door->server->close(l->conn);
	uv_close((uv_handle_t *)&l->poll, on_link_closed);
	uv_close((uv_handle_t *)&l->timer, on_link_closed);
}

static void on_link(uv_poll_t *poll, int status, int events);
static void on_timer(uv_timer_t *timer);

static void
step_link(struct link *l)
{
	const struct practice_server *s = l->door->server;
	const int one = 1;
	uint64_t ms = 0;
	int events;

	/*
	 * ssh sends some small packets in a row without TCP_NODELAY: where we have
	 * nothing to say in between, the second waits 40 ms for our ACK of the
	 * first. The kernel forgets this option, so it is set each time.
	 */
	setsockopt(l->fd, IPPROTO_TCP, TCP_QUICKACK, &one, sizeof(one));
	events = s->step(l->conn);
	if (events == 0 || uv_poll_start(&l->poll, events, on_link) != 0) {
		end_link(l);
		return;
	}
	if (s->wait_ms != NULL)
		ms = s->wait_ms(l->conn);
	uv_timer_stop(&l->timer);
	if (ms > 0)
		uv_timer_start(&l->timer, on_timer, ms, 0);
}

static void
on_link(uv_poll_t *poll, int status, int events)
{
	struct link *l = poll->data;

	(void)events;
	if (status < 0)
		end_link(l); /* a reset, whatever number libuv gives it */
	else
		step_link(l);
}

static void
on_timer(uv_timer_t *timer)
{
	step_link(timer->data);
}

/* Serve fd, or close it where that cannot be. */
static void
begin_link(struct door *d, int fd)
{
	struct practice_host *h = d->host;
	const int one = 1;
	struct link *l = NULL;

	if (h->nlinks >= LINKS_MAX || (l = calloc(1, sizeof(*l))) == NULL)
		goto drop;
	/* Without it our own small packets wait in the same way as step_link() tells. */
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	if ((l->conn = d->server->open(d->shared, fd)) == NULL)
		goto drop;
	if (uv_poll_init(&h->loop, &l->poll, fd) != 0) {
		d->server->close(l->conn);
		goto drop;
	}
	uv_timer_init(&h->loop, &l->timer);
	l->poll.data = l->timer.data = l;
	l->handles = 2;
	l->door = d;
	l->fd = fd;
	l->next = h->links;
	l->back = &h->links;
	if (l->next != NULL)
		l->next->back = &l->next;
	h->links = l;
	h->nlinks++;
	step_link(l);
	return;
drop:
	free(l);
	close(fd);
}

static void
on_door(uv_poll_t *poll, int status, int events)
{
	struct door *d = poll->data;
	int fd;

	(void)events;
	if (status < 0)
		return;
	while ((fd = accept4(d->fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0)
		begin_link(d, fd);
}

static void
on_stop(uv_async_t *stop)
{
	struct practice_host *h = stop->data;

	while (h->links != NULL)
		end_link(h->links);
	for (int i = 0; i < h->ndoors; i++)
		if (h->doors[i].poll.data != NULL)
			uv_close((uv_handle_t *)&h->doors[i].poll, NULL);
	uv_close((uv_handle_t *)&h->stop, NULL);
}

static void
serve(void *arg)
{
	struct practice_host *h = arg;

	uv_run(&h->loop, UV_RUN_DEFAULT);
}

struct practice_host *
practice_host_new(void)
{
	struct practice_host *h = calloc(1, sizeof(*h));

	if (h == NULL || uv_loop_init(&h->loop) != 0) {
		free(h);
		return NULL;
	}
	if (uv_async_init(&h->loop, &h->stop, on_stop) != 0) {
		uv_loop_close(&h->loop);
		free(h);
		return NULL;
	}
	h->stop.data = h;
	return h;
}

/* A socket that is bound to path, or where that is NULL to a free port of loopback. A negative errno. */
static int
bind_local(const char *path, int *port)
{
	struct sockaddr_in in = { .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	struct sockaddr_un un = { .sun_family = AF_UNIX };
	struct sockaddr *sa = path != NULL ? (struct sockaddr *)&un : (struct sockaddr *)&in;
	socklen_t len = path != NULL ? sizeof(un) : sizeof(in);
	int fd, r;

	if (path != NULL && strlen(path) >= sizeof(un.sun_path))
		return -ENAMETOOLONG;
	if (path != NULL)
		memcpy(un.sun_path, path, strlen(path) + 1);
	if ((fd = socket(sa->sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)) < 0)
		return -errno;
	if (bind(fd, sa, len) != 0 || getsockname(fd, sa, &len) != 0) {
		r = -errno;
		close(fd);
		return r;
	}
	*port = path != NULL ? 0 : ntohs(in.sin_port);
	return fd;
}

/* Let connections in once the loop runs. Returns 0 or a negative errno. */
static int
open_door(struct door *d)
{
	int r;

	if (d->server->bar != NULL)
		return d->server->bar(d->shared, d->fd);
	if (listen(d->fd, LINKS_MAX) != 0)
		return -errno;
	if ((r = uv_poll_init(&d->host->loop, &d->poll, d->fd)) != 0)
		return r;
	d->poll.data = d;
	return uv_poll_start(&d->poll, UV_READABLE, on_door);
}

void
practice_host_about(struct practice_host *h, const struct practice_keys *keys,
    const struct practice_play *play, const char *dir)
{
	h->keys = keys;
	h->play = play;
	h->dir = dir;
}

int
practice_host_listen(struct practice_host *h, const struct practice_server *s, const char *path)
{
	struct door *d = &h->doors[h->ndoors];
	int port = 0, r;

	if (h->ndoors == DOORS_MAX)
		return -EMFILE;
	if ((d->fd = bind_local(path, &port)) < 0)
		return d->fd;
	h->ndoors++;
	d->host = h;
	d->server = s;
	if (s == NULL)
		return port;
	if (s->share != NULL && (d->shared = s->share(h->keys, h->play, h->dir)) == NULL)
		return -ENOMEM;
	if ((r = open_door(d)) != 0)
		return r;
	return port;
}

/*
 * The thread takes no signal meant for the program, and no SIGPIPE from a
 * socket; those that tell of a crash stay as they are.
 */
int
practice_host_run(struct practice_host *h)
{
	static const int crashes[] = { SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGTRAP };
	sigset_t all, old;
	int r;

	sigfillset(&all);
	for (size_t i = 0; i < sizeof(crashes) / sizeof(crashes[0]); i++)
		sigdelset(&all, crashes[i]);
	pthread_sigmask(SIG_SETMASK, &all, &old);
	r = uv_thread_create(&h->thread, serve, h);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	h->running = r == 0;
	return r;
}

void
practice_host_stop(struct practice_host *h)
{
	if (h == NULL)
		return;
	if (h->running) {
		uv_async_send(&h->stop);
		uv_thread_join(&h->thread);
	} else {
		on_stop(&h->stop);
		uv_run(&h->loop, UV_RUN_DEFAULT);
	}
	uv_loop_close(&h->loop);
	for (int i = 0; i < h->ndoors; i++) {
		if (h->doors[i].shared != NULL)
			h->doors[i].server->unshare(h->doors[i].shared);
		close(h->doors[i].fd);
	}
	free(h);
}
