/* When a file grew. See arrivals.h. */
#include "arrivals.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MOST = 4096 }; /* a login has some hundred; a long session's are of no use */

struct arrivals {
	uv_fs_event_t event;
	int fd;
	uint64_t start_ns;
	struct arrival list[MOST];
	size_t n;
};

static void
note(struct arrivals *w, bool paused)
{
	uint64_t now = uv_hrtime();
	struct stat st;

	if (w->n == MOST || fstat(w->fd, &st) != 0 || st.st_size < 0)
		return;
	if (!paused && w->n > 0 && w->list[w->n - 1].bytes == (uint64_t)st.st_size)
		return;
	w->list[w->n++] = (struct arrival){ .bytes = (uint64_t)st.st_size,
		.us = paused ? -1 : (int64_t)((now - w->start_ns) / 1000) };
	if (w->n == MOST)
		uv_fs_event_stop(&w->event);
}

static void
on_event(uv_fs_event_t *h, const char *name, int events, int status)
{
	(void)name;
	(void)events;
	if (status == 0)
		note(h->data, false);
}

static void
on_closed(uv_handle_t *h)
{
	struct arrivals *w = h->data;

	close(w->fd);
	free(w);
}

struct arrivals *
arrivals_new(uv_loop_t *loop, const char *path)
{
	struct arrivals *w = calloc(1, sizeof *w);

	if (w == NULL)
		return NULL;
	w->fd = open(path, O_RDONLY | O_CLOEXEC);
	if (w->fd < 0 || uv_fs_event_init(loop, &w->event) != 0) {
		if (w->fd >= 0)
			close(w->fd);
		free(w);
		return NULL;
	}
	w->event.data = w;
	w->start_ns = uv_hrtime();
	if (uv_fs_event_start(&w->event, on_event, path, 0) != 0) {
		arrivals_free(w);
		return NULL;
	}
	return w;
}

void
arrivals_pause(struct arrivals *w)
{
	note(w, true);
}

int64_t
arrivals_when(const struct arrivals *w, uint64_t bytes)
{
	size_t i = 0;

	while (i < w->n && w->list[i].bytes < bytes)
		i++;
	return i < w->n ? w->list[i].us : -1;
}

const struct arrival *
arrivals_list(const struct arrivals *w, size_t *n)
{
	*n = w->n;
	return w->list;
}

void
arrivals_free(struct arrivals *w)
{
	if (w != NULL)
		uv_close((uv_handle_t *)&w->event, on_closed);
}
