/*
 * A child process under the loop: started as the leader of a session of its
 * own, read line by line, killed as a group, and ended once all is closed.
 * Called by the probes that run ssh, ssh-keygen or a proxy, and by the engine.
 */
#include "child.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
	PIECE_MAX = 8192, /* longer lines are handed over in pieces */
	TERM_MS = 200,    /* between SIGTERM and SIGKILL */
	DRAIN_MS = 200    /* a grandchild may hold a pipe open for ever */
};

struct stream {
	uv_pipe_t pipe;
	struct child *child;
	bool open;
	size_t len; /* of an unfinished line */
	char line[PIECE_MAX];
};

/*
 * uv_spawn() forks, and a fork copies what the kernel knows of our memory: with hundreds of targets that
 * costs more than ssh -G itself. posix_spawn() shares it until the exec, and a descriptor of the process tells
 * its end. Where the kernel gives none (before Linux 5.3) uv_spawn() has to do.
 */
struct child {
	uv_process_t process; /* of uv_spawn() */
	uv_poll_t end;        /* of posix_spawn(), on pidfd */
	bool forked;          /* by uv_spawn() */
	int pidfd;            /* -1: there is none */
	pid_t pid;
	uv_timer_t timer; /* for SIGKILL, then for the pipes' end */
	struct stream stream[2];
	struct child_callbacks cb;
	void *arg;
	int handles; /* not closed yet */
	int error, status, sig;
	bool running, exited, closing;
	char buf[PIECE_MAX]; /* what was just read, of either stream */
};

/* Kept out of the child: ssh would ask for a passphrase in a window. */
static const char *const env_without[] = {
	"LC_ALL=", "DISPLAY=", "WAYLAND_DISPLAY=", "SSH_ASKPASS=", "SSH_ASKPASS_REQUIRE="
};
static const char *const env_with[] = { "LC_ALL=C", "SSH_ASKPASS_REQUIRE=never" };

#define ARRAY_SIZE(a) (sizeof(a) / sizeof *(a))

static bool
env_dropped(const char *word)
{
	for (size_t i = 0; i < ARRAY_SIZE(env_without); i++)
		if (strncmp(word, env_without[i], strlen(env_without[i])) == 0)
			return true;
	return false;
}

/* The environment for a child: a vector to free(), its words are not owned. */
static char **
env_make(void)
{
	size_t n = 0, out = 0;
	char **env;

	while (environ != NULL && environ[n] != NULL)
		n++;
	if ((env = calloc(n + ARRAY_SIZE(env_with) + 1, sizeof *env)) == NULL)
		return NULL;
	for (size_t i = 0; i < n; i++)
		if (!env_dropped(environ[i]))
			env[out++] = environ[i];
	for (size_t i = 0; i < ARRAY_SIZE(env_with); i++)
		env[out++] = (char *)env_with[i];
	return env;
}

static void
on_closed(uv_handle_t *h)
{
	struct child *c = h->data;

	if (--c->handles > 0)
		return;
	if (c->pidfd >= 0)
		close(c->pidfd);
	if (c->cb.end != NULL)
		c->cb.end(c->arg, c->error, c->status, c->sig);
	free(c);
}

static void
say(struct stream *st, const char *line, size_t len)
{
	struct child *c = st->child;

	if (c->cb.line != NULL)
		c->cb.line(c->arg, st == &c->stream[CHILD_OUT] ? CHILD_OUT : CHILD_ERR, line, len);
}

/* The line in the buffer is complete. */
static void
finish_line(struct stream *st)
{
	size_t len = st->len;

	if (len > 0 && st->line[len - 1] == '\r')
		len--;
	st->len = 0;
	say(st, st->line, len);
}

static void
feed(struct stream *st, const char *s, size_t len)
{
	for (const char *end = s + len; s < end;) {
		const char *nl = memchr(s, '\n', (size_t)(end - s));
		size_t n = (size_t)((nl == NULL ? end : nl) - s);

		if (n > PIECE_MAX - st->len)
			n = PIECE_MAX - st->len;
		memcpy(st->line + st->len, s, n);
		st->len += n;
		s += n;
		if (s < end && *s == '\n') {
			finish_line(st);
			s++;
		} else if (st->len == PIECE_MAX) {
			st->len = 0;
			say(st, st->line, PIECE_MAX);
		}
	}
}

static void
close_all(struct child *c)
{
	if (c->closing)
		return;
	c->closing = true;
	for (int i = 0; i < 2; i++) {
		struct stream *st = &c->stream[i];

		if (st->open && st->len > 0)
			finish_line(st);
		st->open = false;
		if (st->child != NULL)
			uv_close((uv_handle_t *)&st->pipe, on_closed);
	}
	uv_close((uv_handle_t *)&c->timer, on_closed);
	if (c->forked)
		uv_close((uv_handle_t *)&c->process, on_closed);
	else if (c->pidfd >= 0)
		uv_close((uv_handle_t *)&c->end, on_closed);
}

static void
end_if_over(struct child *c)
{
	if (c->exited && !c->stream[0].open && !c->stream[1].open)
		close_all(c);
}

static void
on_alloc(uv_handle_t *h, size_t hint, uv_buf_t *buf)
{
	struct child *c = h->data;

	(void)hint;
	*buf = uv_buf_init(c->buf, sizeof c->buf);
}

static void
on_read(uv_stream_t *s, ssize_t n, const uv_buf_t *buf)
{
	struct child *c = s->data;
	struct stream *st =
	    &c->stream[s == (uv_stream_t *)&c->stream[CHILD_OUT].pipe ? CHILD_OUT : CHILD_ERR];

	if (n > 0)
		feed(st, buf->base, (size_t)n);
	if (n >= 0)
		return;
	if (st->len > 0)
		finish_line(st);
	st->open = false;
	uv_read_stop(s);
	end_if_over(c);
}

static void
on_drained(uv_timer_t *timer)
{
	close_all(timer->data);
}

/*
 * The leader is gone, what it left behind goes too: nothing that a child
 * started may outlive it.
 */
static void
ended(struct child *c, int64_t status, int sig)
{
	kill(-c->pid, SIGKILL);
	c->running = false;
	c->exited = true;
	c->status = (int)status;
	c->sig = sig;
	uv_timer_start(&c->timer, on_drained, DRAIN_MS, 0);
	end_if_over(c);
}

static void
on_ended(uv_process_t *process, int64_t status, int sig)
{
	ended(process->data, status, sig);
}

static void
on_pidfd(uv_poll_t *poll, int uv_status, int events)
{
	struct child *c = poll->data;
	int status = 0;

	(void)uv_status;
	(void)events;
	uv_poll_stop(poll);
	while (waitpid(c->pid, &status, 0) < 0 && errno == EINTR)
		;
	if (WIFSIGNALED(status))
		ended(c, 0, WTERMSIG(status));
	else
		ended(c, WEXITSTATUS(status), 0);
}

static void
on_patience_over(uv_timer_t *timer)
{
	child_kill_now(timer->data);
}

/* A pipe to read lines from, as the child's stream i. */
static uv_stdio_container_t
read_end(uv_loop_t *loop, struct child *c, int i)
{
	struct stream *st = &c->stream[i];

	st->child = c;
	uv_pipe_init(loop, &st->pipe, 0);
	st->pipe.data = c;
	c->handles++;
	return (uv_stdio_container_t){ .flags = UV_CREATE_PIPE | UV_WRITABLE_PIPE,
		.data.stream = (uv_stream_t *)&st->pipe };
}

static uv_stdio_container_t
given_fd(int fd)
{
	return (uv_stdio_container_t){ .flags = UV_INHERIT_FD, .data.fd = fd };
}

/* A pipe whose read end is the child's stream i; returns the write end, or a negative error. */
static int
read_pipe(uv_loop_t *loop, struct child *c, int i)
{
	struct stream *st = &c->stream[i];
	int fd[2], err;

	if (pipe2(fd, O_CLOEXEC) != 0)
		return -errno;
	st->child = c;
	uv_pipe_init(loop, &st->pipe, 0);
	st->pipe.data = c;
	c->handles++;
	if ((err = uv_pipe_open(&st->pipe, fd[0])) == 0)
		return fd[1];
	close(fd[0]);
	close(fd[1]);
	return err;
}

/* As uv_spawn() leaves it: signals as they are by default, none blocked, a session of its own. */
static int
spawn_as(struct child *c, char *const argv[], char **env, const int fd[3])
{
	posix_spawn_file_actions_t files;
	posix_spawnattr_t attr;
	sigset_t all, none;
	int err;

	sigfillset(&all);
	sigemptyset(&none);
	posix_spawn_file_actions_init(&files);
	posix_spawnattr_init(&attr);
	posix_spawnattr_setsigdefault(&attr, &all);
	posix_spawnattr_setsigmask(&attr, &none);
	posix_spawnattr_setflags(
	    &attr, POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
	if (fd[0] < 0)
		posix_spawn_file_actions_addopen(&files, 0, "/dev/null", O_RDONLY, 0);
	for (int i = 0; i < 3; i++)
		if (fd[i] >= 0)
			posix_spawn_file_actions_adddup2(&files, fd[i], i);
	err = posix_spawnp(&c->pid, argv[0], &files, &attr, argv, env);
	posix_spawnattr_destroy(&attr);
	posix_spawn_file_actions_destroy(&files);
	return -err;
}

/* What a child gets is shared with it: it waits there, as programs expect. */
static void
make_blocking(int fd)
{
	int flags = fcntl(fd, F_GETFL);

	if (flags >= 0 && (flags & O_NONBLOCK) != 0)
		fcntl(fd, F_SETFL, flags & ~O_NONBLOCK);
}

/* Whether the kernel tells of a process by a descriptor: tried on ourselves. */
static bool
has_pidfd(void)
{
	int fd = (int)syscall(SYS_pidfd_open, getpid(), 0);

	if (fd < 0)
		return false;
	close(fd);
	return true;
}

/* Hear of the end of the process that was started. */
static int
watch_end(uv_loop_t *loop, struct child *c)
{
	int err;

	if ((c->pidfd = (int)syscall(SYS_pidfd_open, c->pid, 0)) < 0)
		err = -errno;
	else if ((err = uv_poll_init(loop, &c->end, c->pidfd)) == 0) {
		c->end.data = c;
		c->handles++;
		return uv_poll_start(&c->end, UV_READABLE, on_pidfd);
	} else {
		close(c->pidfd);
		c->pidfd = -1;
	}
	kill(-c->pid, SIGKILL);
	waitpid(c->pid, NULL, 0);
	return err;
}

/* By posix_spawn(). */
static int
start_shared(
    uv_loop_t *loop, struct child *c, char *const argv[], char **env, int fd_in, int fd_out)
{
	int fd[3] = { fd_in, fd_out, -1 }, made[2] = { -1, -1 }, err = 0;

	if (fd_in >= 0)
		make_blocking(fd_in);
	if (fd_out >= 0)
		make_blocking(fd_out);
	else
		fd[1] = made[0] = read_pipe(loop, c, CHILD_OUT);
	fd[2] = made[1] = read_pipe(loop, c, CHILD_ERR);
	if (fd[1] < 0 || fd[2] < 0)
		err = fd[1] < 0 ? fd[1] : fd[2];
	else
		err = spawn_as(c, argv, env, fd);
	for (int i = 0; i < 2; i++)
		if (made[i] >= 0)
			close(made[i]);
	if (err == 0)
		err = watch_end(loop, c);
	return err;
}

/* By uv_spawn(). */
static int
start_forked(
    uv_loop_t *loop, struct child *c, char *const argv[], char **env, int fd_in, int fd_out)
{
	uv_stdio_container_t io[3] = { { .flags = UV_IGNORE } };
	uv_process_options_t opt = { .exit_cb = on_ended,
		.file = argv[0],
		.args = (char **)argv,
		.env = env,
		.flags = UV_PROCESS_DETACHED,
		.stdio = io,
		.stdio_count = 3 };
	int err;

	if (fd_in >= 0)
		io[0] = given_fd(fd_in);
	io[1] = fd_out >= 0 ? given_fd(fd_out) : read_end(loop, c, CHILD_OUT);
	io[2] = read_end(loop, c, CHILD_ERR);
	c->forked = true;
	c->handles++;
	err = uv_spawn(loop, &c->process, &opt);
	c->pid = err == 0 ? c->process.pid : 0;
	return err;
}

static struct child *
start(uv_loop_t *loop, char *const argv[], int fd_in, int fd_out, const struct child_callbacks *cb,
    void *arg)
{
	struct child *c = calloc(1, sizeof *c);
	char **env = env_make();

	if (c == NULL || env == NULL) {
		free(env);
		free(c);
		return NULL;
	}
	c->cb = *cb;
	c->arg = arg;
	c->pidfd = -1;
	c->handles = 1;
	c->process.data = c->timer.data = c;
	uv_timer_init(loop, &c->timer);
	c->error = (has_pidfd() ? start_shared : start_forked)(loop, c, argv, env, fd_in, fd_out);
	free(env);
	if (c->error != 0) {
		close_all(c);
		return c;
	}
	c->running = true;
	for (int i = 0; i < 2; i++)
		if (c->stream[i].child != NULL)
			c->stream[i].open = uv_read_start((uv_stream_t *)&c->stream[i].pipe,
						on_alloc, on_read) == 0;
	return c;
}

struct child *
child_start(uv_loop_t *loop, char *const argv[], const struct child_callbacks *cb, void *arg)
{
	return start(loop, argv, -1, -1, cb, arg);
}

struct child *
child_start_input(
    uv_loop_t *loop, char *const argv[], int fd_in, const struct child_callbacks *cb, void *arg)
{
	return start(loop, argv, fd_in, -1, cb, arg);
}

struct child *
child_start_pipe(uv_loop_t *loop, char *const argv[], int fd_in, int fd_out,
    const struct child_callbacks *cb, void *arg)
{
	return start(loop, argv, fd_in, fd_out, cb, arg);
}

void
child_kill(struct child *c)
{
	if (!c->running)
		return;
	kill(-c->pid, SIGTERM);
	uv_timer_start(&c->timer, on_patience_over, TERM_MS, 0);
}

void
child_kill_now(struct child *c)
{
	if (!c->running)
		return;
	kill(-c->pid, SIGKILL);
}
