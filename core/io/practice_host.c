/* The listener, the connections and the thread of practice_host.h. */
#include "practice_host.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>
#include <uv.h>

/* More than any diagnosis opens at a time; beyond that a connection is dropped. */
enum { LINKS_MAX = 64 };

struct link {
	struct link *next, **back; /* in the host's list */
	struct practice_host *host;
	void *conn; /* the server's */
	uv_poll_t poll;
	int fd;
};

struct practice_host {
	const struct practice_server *server;
	void *shared;
	int fd, port;
	struct link *links;
	int nlinks;
	uv_loop_t loop;
	uv_poll_t listener;
	uv_async_t stop;
	uv_thread_t thread;
};

static void
on_link_closed(uv_handle_t *handle)
{
	struct link *l = handle->data;

	/* libuv polls the socket no more from here on: only now may it be closed. */
	close(l->fd);
	free(l);
}

static void
end_link(struct link *l)
{
	struct practice_host *h = l->host;

	*l->back = l->next;
	if (l->next != NULL)
		l->next->back = l->back;
	h->nlinks--;
	h->server->close(l->conn);
	uv_close((uv_handle_t *)&l->poll, on_link_closed);
}

static void on_link(uv_poll_t *poll, int status, int events);

static void
step_link(struct link *l)
{
	const int one = 1;
	int events;

	/*
	 * ssh sends some small packets in a row without TCP_NODELAY: where we have
	 * nothing to say in between, the second waits 40 ms for our ACK of the
	 * first. The kernel forgets this option, so it is set each time.
	 */
	setsockopt(l->fd, IPPROTO_TCP, TCP_QUICKACK, &one, sizeof(one));
	events = l->host->server->step(l->conn);
	if (events == 0 || uv_poll_start(&l->poll, events, on_link) != 0)
		end_link(l);
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

/* Serve fd, or close it where that cannot be. */
static void
begin_link(struct practice_host *h, int fd)
{
	const int one = 1;
	struct link *l = NULL;

	if (h->nlinks >= LINKS_MAX || (l = calloc(1, sizeof(*l))) == NULL)
		goto drop;
	/* Without it our own small packets wait in the same way as step_link() tells. */
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	if ((l->conn = h->server->open(h->shared, fd)) == NULL)
		goto drop;
	if (uv_poll_init(&h->loop, &l->poll, fd) != 0) {
		h->server->close(l->conn);
		goto drop;
	}
	l->poll.data = l;
	l->host = h;
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
on_listener(uv_poll_t *poll, int status, int events)
{
	struct practice_host *h = poll->data;
	int fd;

	(void)events;
	if (status < 0)
		return;
	while ((fd = accept4(h->fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0)
		begin_link(h, fd);
}

static void
on_stop(uv_async_t *stop)
{
	struct practice_host *h = stop->data;

	while (h->links != NULL)
		end_link(h->links);
	uv_close((uv_handle_t *)&h->listener, NULL);
	uv_close((uv_handle_t *)&h->stop, NULL);
}

static void
serve(void *arg)
{
	struct practice_host *h = arg;

	uv_run(&h->loop, UV_RUN_DEFAULT);
}

/* A listening socket on a free port of loopback. Returns 0 or a negative errno. */
static int
listen_local(struct practice_host *h)
{
	struct sockaddr_in sa = { .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof(sa);

	h->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (h->fd < 0 || bind(h->fd, (struct sockaddr *)&sa, sizeof(sa)) != 0 ||
	    listen(h->fd, LINKS_MAX) != 0 || getsockname(h->fd, (struct sockaddr *)&sa, &len) != 0)
		return -errno;
	h->port = ntohs(sa.sin_port);
	return 0;
}

/*
 * The thread takes no signal meant for the program, and no SIGPIPE from a
 * socket; those that tell of a crash stay as they are.
 */
static int
start_thread(struct practice_host *h)
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
	return r;
}

/* Put the listener and the stop signal into the loop. Returns 0 or a negative errno. */
static int
fill_loop(struct practice_host *h)
{
	int r;

	if ((r = uv_async_init(&h->loop, &h->stop, on_stop)) != 0)
		return r;
	h->stop.data = h;
	if ((r = uv_poll_init(&h->loop, &h->listener, h->fd)) != 0) {
		uv_close((uv_handle_t *)&h->stop, NULL);
		return r;
	}
	h->listener.data = h;
	if ((r = uv_poll_start(&h->listener, UV_READABLE, on_listener)) == 0)
		r = start_thread(h);
	if (r != 0)
		on_stop(&h->stop);
	return r;
}

static void
free_host(struct practice_host *h)
{
	if (h->shared != NULL)
		h->server->unshare(h->shared);
	if (h->fd >= 0)
		close(h->fd);
	free(h);
}

int
practice_host_start(struct practice_host **out, const struct practice_server *s,
    const struct practice_keys *keys, bool refuse_keys)
{
	struct practice_host *h;
	int r = -ENOMEM;

	if ((h = calloc(1, sizeof(*h))) == NULL)
		return -ENOMEM;
	h->server = s;
	h->fd = -1;
	if (s->share != NULL && (h->shared = s->share(keys, refuse_keys)) == NULL)
		goto fail;
	if ((r = listen_local(h)) != 0 || (r = uv_loop_init(&h->loop)) != 0)
		goto fail;
	if ((r = fill_loop(h)) != 0) {
		uv_run(&h->loop, UV_RUN_DEFAULT);
		uv_loop_close(&h->loop);
		goto fail;
	}
	*out = h;
	return 0;
fail:
	free_host(h);
	return r;
}

int
practice_host_port(const struct practice_host *h)
{
	return h->port;
}

void
practice_host_stop(struct practice_host *h)
{
	if (h == NULL)
		return;
	uv_async_send(&h->stop);
	uv_thread_join(&h->thread);
	uv_loop_close(&h->loop);
	free_host(h);
}
