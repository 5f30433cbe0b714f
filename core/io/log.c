/* The shared log of evidence lines and its recording; see log.h. */
#include "log.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <uv.h>

struct log {
	uv_mutex_t lock; /* over lines, count, cap, taken and last */
	struct ev_line **lines;
	size_t count, cap, taken;
	uint32_t last; /* number of the newest line */
	FILE *record;  /* NULL if nothing is recorded, or after an error */
};

static FILE *
open_record(const char *path, bool over, char *err, size_t errcap)
{
	int flags = O_WRONLY | O_CREAT | O_CLOEXEC | (over ? O_TRUNC : O_EXCL);
	int fd = open(path, flags, 0600);
	FILE *f;

	if (fd >= 0 && fchmod(fd, 0600) == 0 && (f = fdopen(fd, "w")) != NULL) {
		fputs(LOG_RECORD_HEADER "\n", f);
		return f;
	}
	if (errno == EEXIST)
		snprintf(err, errcap, "%s exists; a recording overwrites nothing", path);
	else
		snprintf(err, errcap, "cannot record to %s: %s", path, strerror(errno));
	if (fd >= 0)
		close(fd);
	return NULL;
}

int
log_new(struct log **out, const char *record, bool over, char *err, size_t errcap)
{
	struct log *l = calloc(1, sizeof *l);

	if (l == NULL) {
		snprintf(err, errcap, "out of memory");
		return -1;
	}
	if (record != NULL && (l->record = open_record(record, over, err, errcap)) == NULL) {
		free(l);
		return -1;
	}
	uv_mutex_init(&l->lock);
	*out = l;
	return 0;
}

void
log_free(struct log *l)
{
	if (l == NULL)
		return;
	if (l->record != NULL)
		fclose(l->record);
	for (size_t i = 0; i < l->count; i++)
		free(l->lines[i]);
	free(l->lines);
	uv_mutex_destroy(&l->lock);
	free(l);
}

static bool
make_room(struct log *l)
{
	size_t cap = l->cap == 0 ? 256 : l->cap * 2;
	struct ev_line **lines;

	if (l->count < l->cap)
		return true;
	if ((lines = realloc(l->lines, cap * sizeof *lines)) == NULL)
		return false;
	l->lines = lines;
	l->cap = cap;
	return true;
}

const struct ev_line *
log_append(struct log *l, const char *text, size_t len)
{
	struct ev_line *line = malloc(sizeof *line + len + 1);

	if (line == NULL)
		return NULL;
	line->len = (uint32_t)len;
	memcpy(line->text, text, len);
	line->text[len] = '\0';
	uv_mutex_lock(&l->lock);
	if (!make_room(l)) {
		uv_mutex_unlock(&l->lock);
		free(line);
		return NULL;
	}
	line->n = ++l->last;
	l->lines[l->count++] = line;
	uv_mutex_unlock(&l->lock);
	if (l->record != NULL)
		fprintf(l->record, "%s\n", line->text);
	return line;
}

size_t
log_take(struct log *l, const struct ev_line **out, size_t max)
{
	size_t n = 0;

	uv_mutex_lock(&l->lock);
	while (n < max && l->taken < l->count)
		out[n++] = l->lines[l->taken++];
	uv_mutex_unlock(&l->lock);
	return n;
}

void
log_drop(struct log *l, const uint32_t *n, size_t count)
{
	size_t kept = 0, gone = 0, taken = 0;

	uv_mutex_lock(&l->lock);
	for (size_t i = 0; i < l->count; i++) {
		struct ev_line *line = l->lines[i];

		while (gone < count && n[gone] < line->n)
			gone++;
		if (i < l->taken && gone < count && n[gone] == line->n) {
			free(line);
			continue;
		}
		taken += i < l->taken;
		l->lines[kept++] = line;
	}
	l->count = kept;
	l->taken = taken;
	uv_mutex_unlock(&l->lock);
}

size_t
log_lines(struct log *l)
{
	size_t n;

	uv_mutex_lock(&l->lock);
	n = l->count;
	uv_mutex_unlock(&l->lock);
	return n;
}

int
log_flush(struct log *l)
{
	int saved;

	if (l->record == NULL || (fflush(l->record) == 0 && !ferror(l->record)))
		return 0;
	saved = errno != 0 ? errno : EIO;
	fclose(l->record);
	l->record = NULL;
	return saved;
}
