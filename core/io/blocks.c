/* Configuration files and what they include, read for their Host blocks; see blocks.h. */
#include "blocks.h"

#include <fcntl.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { DEPTH_MAX = 8, FILES_MAX = 64, FILE_MAX_BYTES = 256 * 1024 };

/* One file under way. */
struct reading {
	struct blocks *bs;
	const char *file, *dir; /* dir: where its relative includes lie */
	int depth, *files;
};

static void read_file(struct reading r);

/* "~/x" with the home directory; a path with tokens is left out. */
static void
expand(const struct blocks *bs, const char *path, char *out, size_t cap)
{
	int n;

	out[0] = '\0';
	if (strchr(path, '%') != NULL || strchr(path, '$') != NULL)
		return;
	if (path[0] == '~' && path[1] == '/')
		n = snprintf(out, cap, "%s%s", bs->home, path + 1);
	else
		n = snprintf(out, cap, "%s", path[0] == '/' ? path : "");
	if (n < 0 || (size_t)n >= cap)
		out[0] = '\0';
}

/* Whether what the block sets is not what is in force. */
static bool
differs(const struct blocks *bs, const struct hostblock *b)
{
	return (b->user[0] != '\0' && bs->user[0] != '\0' && strcmp(b->user, bs->user) != 0) ||
	       (b->port != 0 && bs->port != 0 && b->port != bs->port);
}

static void
on_block(void *arg, const struct hostblock *b)
{
	const struct reading *r = arg;
	struct blocks *bs = r->bs;
	const char *reason = hostblock_meant(b, bs->typed, bs->hostname);
	struct block *out;

	if (b->applies && b->alias[0] != '\0' && differs(bs, b))
		reason = "shadowed";
	else if (reason != NULL && b->identity[0] == '\0' && !differs(bs, b))
		reason = NULL;
	if (reason == NULL || bs->n == BLOCKS_MAX)
		return;
	out = &bs->block[bs->n++];
	out->b = *b;
	out->reason = reason;
	text_copy(out->file, sizeof out->file, r->file);
	expand(bs, b->identity, out->key, sizeof out->key);
	if (bs->user[0] == '\0' || strcmp(b->user, bs->user) == 0)
		out->b.user[0] = '\0';
	if (bs->port == 0 || b->port == bs->port)
		out->b.port = 0;
}

static void
include(const struct reading *outer, char *words)
{
	struct reading r = *outer;
	char pattern[PATH_LEN];
	glob_t g;
	char *w;

	r.depth++;
	while (r.depth < DEPTH_MAX && (w = hostblock_word(&words)) != NULL) {
		if (w[0] == '/' || w[0] == '~')
			expand(r.bs, w, pattern, sizeof pattern);
		else if ((size_t)snprintf(pattern, sizeof pattern, "%s/%s", r.dir, w) >=
			 sizeof pattern)
			continue;
		if (pattern[0] == '\0' || glob(pattern, 0, NULL, &g) != 0)
			continue;
		for (size_t i = 0; i < g.gl_pathc; i++) {
			r.file = g.gl_pathv[i];
			read_file(r);
		}
		globfree(&g);
	}
}

static char *
slurp(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	struct stat st;
	char *text = NULL;
	ssize_t n = 0, got = 0;

	if (fd < 0)
		return NULL;
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) &&
	    (text = malloc(FILE_MAX_BYTES + 1)) != NULL)
		while (n < FILE_MAX_BYTES &&
		       (got = read(fd, text + n, (size_t)(FILE_MAX_BYTES - n))) > 0)
			n += got;
	close(fd);
	if (text != NULL)
		text[n] = '\0';
	return text;
}

static void
read_file(struct reading r)
{
	struct hostblock_reader reader;
	char *text, *line, *next, *words;
	int number = 0;

	if ((*r.files)++ >= FILES_MAX || (text = slurp(r.file)) == NULL)
		return;
	hostblock_begin(&reader, r.bs->typed, on_block, &r);
	for (next = text; (line = strsep(&next, "\n")) != NULL;)
		if ((words = hostblock_line(&reader, ++number, line)) != NULL)
			include(&r, words);
	hostblock_end(&reader);
	free(text);
}

void
blocks_read(struct blocks *bs)
{
	char user[PATH_LEN + 16], dir[PATH_LEN + 8];
	int files = 0;
	struct reading r = { .bs = bs, .files = &files };

	snprintf(dir, sizeof dir, "%s/.ssh", bs->home);
	snprintf(user, sizeof user, "%s/config", dir);
	r.dir = dir;
	r.file = bs->only[0] != '\0' ? bs->only : user;
	if (bs->home[0] != '\0' || bs->only[0] != '\0')
		read_file(r);
	if (bs->only[0] != '\0')
		return;
	r.dir = "/etc/ssh";
	r.file = "/etc/ssh/ssh_config";
	read_file(r);
}
