/* Reads a text on the pool; see textjob.h. */
#include "textjob.h"

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../evidence.h"
#include "../paste.h"
#include "job.h"

enum { CHUNK = 64 * 1024 };

/* What the pool's thread works on: a file or a text in, encoded lines out. */
struct reading {
	char *path, *text; /* one of them; owned */
	size_t len;
	char *name, *host, *user, *source; /* owned; opt points at them */
	struct arrival *arrivals;          /* likewise */
	struct recognise_options opt;
	uint16_t target;
	uint32_t run;
	atomic_bool stop;
	int error;
	size_t limit; /* of path, what is read of it */
	bool cut;     /* the limit was reached */
	char *lines;  /* encoded lines, each with a newline behind it */
	size_t used, cap;
	char line[EV_LINE_MAX], chunk[CHUNK];
};

struct textjob {
	struct job *job;
	struct reading *reading;
	const struct textjob_does *does;
	void *arg;
};

/* ---- on the pool ----------------------------------------------------------------- */

static void
keep(void *arg, struct evidence *ev)
{
	struct reading *g = arg;
	size_t len;

	ev->target = g->target;
	ev->run = g->run;
	len = ev_encode(ev, g->line, sizeof g->line);
	if (g->used + len + 1 > g->cap) {
		size_t cap = 2 * (g->cap + len + 1);
		char *more = realloc(g->lines, cap);

		if (more == NULL) {
			g->error = ENOMEM;
			return;
		}
		g->lines = more;
		g->cap = cap;
	}
	memcpy(g->lines + g->used, g->line, len);
	g->lines[g->used + len] = '\n';
	g->used += len + 1;
}

/* How much to read at once: within what is left of the limit. */
static size_t
next_len(const struct reading *g, size_t done)
{
	size_t left = g->limit - done;

	return left < sizeof g->chunk ? left : sizeof g->chunk;
}

static void
read_file(struct reading *g, struct recogniser *r)
{
	bool is_stdin = strcmp(g->path, "-") == 0;
	int fd = is_stdin ? STDIN_FILENO : open(g->path, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : 1;
	size_t done = 0, len;

	while (n > 0 && !atomic_load(&g->stop) && (len = next_len(g, done)) > 0) {
		n = read(fd, g->chunk, len);
		if (n > 0) {
			recognise_feed(r, g->chunk, (size_t)n);
			done += (size_t)n;
		} else if (n < 0 && errno == EINTR) {
			n = 1;
		}
	}
	g->cut = done == g->limit;
	if (n < 0)
		g->error = errno;
	if (fd >= 0 && !is_stdin)
		close(fd);
}

static void
work(void *data)
{
	struct reading *g = *(struct reading **)data;
	struct recogniser *r = recognise_new(&g->opt);

	if (r == NULL) {
		g->error = ENOMEM;
		return;
	}
	if (g->path != NULL)
		read_file(g, r);
	else
		recognise_feed(r, g->text, g->len);
	recognise_end(r, g->error != 0 || g->cut);
	recognise_free(r);
}

/* ---- on the loop -------------------------------------------------------------------- */

static void
reading_free(struct reading *g)
{
	if (g == NULL)
		return;
	free(g->path);
	free(g->text);
	free(g->name);
	free(g->host);
	free(g->user);
	free(g->source);
	free(g->arrivals);
	free(g->lines);
	free(g);
}

static void
clear(void *data)
{
	reading_free(*(struct reading **)data);
}

static void
done(void *arg, void *data)
{
	struct textjob *j = arg;
	struct reading *g = *(struct reading **)data;
	char *at = g->lines, *end = g->lines + g->used, *nl;

	for (; at < end && (nl = memchr(at, '\n', (size_t)(end - at))) != NULL; at = nl + 1)
		j->does->line(j->arg, at, (size_t)(nl - at));
	j->does->end(j->arg, g->error);
	free(j);
}

static char *
copy(const char *s)
{
	char *c = strdup(s != NULL ? s : "");

	if (c == NULL)
		abort();
	return c;
}

static struct reading *
reading_new(const char *path, const char *text, size_t len, const struct recognise_options *opt)
{
	struct reading *g = calloc(1, sizeof *g);

	if (g == NULL)
		return NULL;
	g->opt = *opt;
	g->opt.name = g->name = copy(opt->name);
	g->opt.host = g->host = copy(opt->host);
	g->opt.user = g->user = copy(opt->user);
	g->opt.source = g->source = copy(opt->source);
	if (opt->narrivals > 0 && (g->arrivals = calloc(opt->narrivals, sizeof *g->arrivals)))
		memcpy(g->arrivals, opt->arrivals, opt->narrivals * sizeof *g->arrivals);
	g->opt.arrivals = g->arrivals;
	g->opt.narrivals = g->arrivals != NULL ? opt->narrivals : 0;
	g->opt.say = keep;
	g->opt.arg = g;
	if (path != NULL) {
		g->path = copy(path);
		g->limit = len > 0 ? len : PASTE_BYTES;
	} else if ((g->text = malloc(len + 1)) != NULL) {
		memcpy(g->text, text, len);
		g->len = len;
	} else {
		reading_free(g);
		return NULL;
	}
	return g;
}

struct textjob *
textjob_start(uv_loop_t *loop, const char *path, const char *text, size_t len,
    const struct recognise_options *opt, uint16_t target, uint32_t run,
    const struct textjob_does *does, void *arg)
{
	static const struct job_does job_does = { sizeof(struct reading *), work, done, clear };
	struct textjob *j = calloc(1, sizeof *j);
	void *data = NULL;

	if (j == NULL || (j->reading = reading_new(path, text, len, opt)) == NULL ||
	    (j->job = job_new(&job_does, j, &data)) == NULL) {
		if (j != NULL)
			reading_free(j->reading);
		free(j);
		return NULL;
	}
	j->reading->target = target;
	j->reading->run = run;
	j->does = does;
	j->arg = arg;
	*(struct reading **)data = j->reading;
	job_start(j->job, loop);
	return j;
}

void
textjob_drop(struct textjob *j)
{
	atomic_store(&j->reading->stop, true);
	job_drop(j->job);
	free(j);
}
