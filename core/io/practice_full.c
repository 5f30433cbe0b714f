/*
 * The practice server that never answers, without root and without a packet
 * filter: it listens and accepts nothing, and its own connections fill the
 * queue. A full queue makes Linux drop each further SYN without a word, on
 * loopback as anywhere. The connections are kept as long as the server is.
 */
#include "practice_full.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

enum { FILL_MAX = 8, FILL_MS = 1000 };

struct full {
	int fd[FILL_MAX];
	int n;
};

static void *
share_full(const struct practice_keys *k, const struct practice_play *play, const char *dir)
{
	(void)k;
	(void)play;
	(void)dir;
	return calloc(1, sizeof(struct full));
}

static void
unshare_full(void *shared)
{
	struct full *f = shared;

	while (f->n > 0)
		close(f->fd[--f->n]);
	free(f);
}

/* Whether a listener takes no more: of one, the kernel tells these two by the names of something else. */
static bool
is_full(int fd)
{
	struct tcp_info info = { 0 };
	socklen_t len = sizeof(info);

	return getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &len) == 0 &&
	       info.tcpi_unacked > info.tcpi_sacked; /* that wait, and the backlog */
}

/* One more connection. Returns 0 or a negative errno. */
static int
fill(struct full *f, const struct sockaddr_in *to)
{
	struct pollfd p = { .events = POLLOUT };

	if (f->n == FILL_MAX)
		return -ENOTSUP;
	if ((p.fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)) < 0)
		return -errno;
	f->fd[f->n++] = p.fd;
	if (connect(p.fd, (const struct sockaddr *)to, sizeof(*to)) != 0 && errno != EINPROGRESS)
		return -errno;
	return poll(&p, 1, FILL_MS) == 1 ? 0 : -ETIMEDOUT;
}

static int
bar_full(void *shared, int fd)
{
	struct sockaddr_in sa;
	socklen_t len = sizeof(sa);
	int r = 0;

	if (listen(fd, 0) != 0 || getsockname(fd, (struct sockaddr *)&sa, &len) != 0)
		return -errno;
	while (r == 0 && !is_full(fd))
		r = fill(shared, &sa);
	return r;
}

const struct practice_server practice_full = {
	.share = share_full,
	.unshare = unshare_full,
	.bar = bar_full,
};
