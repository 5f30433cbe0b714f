/* Profiles in files. See profile.h. */
#include "profile.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../core/replay.h"
#include "save.h"
#include "xdg.h"

enum { NAME_LEN = 180, FILE_MAX = 64 * 1024 * 1024 };

struct earlier {
	struct replay *lines;
	struct book *book;
};

/* A name with everything else than letters, digits and a few signs as %XX; no dot in front. */
static void
put_safe(struct strbuf *sb, const char *s)
{
	for (; *s != '\0'; s++) {
		unsigned char c = (unsigned char)*s;
		bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
			     (c >= '0' && c <= '9') || c == '-' || c == '_' ||
			     (c == '.' && sb->len > 0);

		if (plain)
			sb_putc(sb, (char)c);
		else
			sb_printf(sb, "%%%02X", c);
	}
}

/* FNV-1a: tells names apart that are too long to stand as they are. */
static uint64_t
hash(const char *s)
{
	uint64_t h = 14695981039346656037U;

	for (; *s != '\0'; s++)
		h = (h ^ (unsigned char)*s) * 1099511628211U;
	return h;
}

bool
profile_path(const struct diag *d, char *path, size_t cap)
{
	const char *host = slot_text(d, SLOT_HOSTNAME);
	char folder[PATH_MAX], name[NAME_LEN], whole[2048];
	struct strbuf sb;
	int n;

	if (host[0] == '\0' || slot_stored(d, SLOT_USER)[0] == '\0' ||
	    !xdg_path(XDG_STATE, "profiles", folder, sizeof folder))
		return false;
	sb_init(&sb, whole, sizeof whole);
	put_safe(&sb, host);
	sb_printf(&sb, "+%s+", slot_text(d, SLOT_PORT));
	put_safe(&sb, slot_stored(d, SLOT_USER));
	text_copy(name, sizeof name, whole);
	n = snprintf(path, cap, "%s/%s", folder, name);
	if (strcmp(name, whole) != 0)
		n = snprintf(path, cap, "%s/%s+%016" PRIx64, folder, name, hash(whole));
	return n > 0 && (size_t)n + 4 < cap && strcat(path, ".ev") != NULL;
}

char *
profile_text(const struct diag *d, const struct book *b, size_t *len)
{
	char *text = NULL;
	FILE *out = profile_worthy(d) ? open_memstream(&text, len) : NULL;
	bool whole = out != NULL && profile_write(d, b, out);

	if (out != NULL && (fclose(out) != 0 || !whole)) {
		free(text);
		return NULL;
	}
	return text;
}

static int
write_all(int fd, const char *text, size_t len)
{
	while (len > 0) {
		ssize_t n = write(fd, text, len);

		if (n < 0 && errno != EINTR)
			return -1;
		if (n > 0) {
			text += n;
			len -= (size_t)n;
		}
	}
	return fsync(fd);
}

int
profile_store(const char *path, const char *text, size_t len)
{
	char temp[PATH_MAX], folder[PATH_MAX];
	int fd, saved, r;

	text_copy(folder, sizeof folder, path);
	*strrchr(folder, '/') = '\0';
	if (!save_make_folder(folder))
		return -1;
	if ((size_t)snprintf(temp, sizeof temp, "%s.XXXXXX", path) >= sizeof temp) {
		errno = ENAMETOOLONG;
		return -1;
	}
	if ((fd = mkostemp(temp, O_CLOEXEC)) < 0) /* mode 600 */
		return -1;
	r = write_all(fd, text, len);
	if (close(fd) != 0 || r != 0 || rename(temp, path) != 0) {
		saved = errno;
		unlink(temp);
		errno = saved;
		return -1;
	}
	return 0;
}

/* Open a plain file: nothing that could block, such as a pipe. */
static FILE *
open_plain(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	struct stat st;
	FILE *f;

	if (fd < 0)
		return NULL;
	if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode) || st.st_size > FILE_MAX) {
		close(fd);
		errno = EINVAL;
		return NULL;
	}
	if ((f = fdopen(fd, "r")) == NULL)
		close(fd);
	return f;
}

/* The lines of a recording, folded. */
static struct earlier *
fold(FILE *in, FILE *messages)
{
	struct earlier *e = calloc(1, sizeof *e);

	if (e == NULL)
		return NULL;
	e->book = book_new();
	e->lines = replay_new();
	if (e->lines == NULL || replay_read(e->lines, in, "", messages) != 0 ||
	    replay_count(e->lines) == 0) {
		earlier_free(e);
		return NULL;
	}
	for (size_t i = 0; i < replay_count(e->lines); i++)
		book_keep(e->book, replay_line(e->lines, i));
	return e;
}

struct earlier *
earlier_read(const char *path, char *err, size_t errcap)
{
	FILE *in = open_plain(path), *nowhere;
	struct earlier *e = NULL;
	char clean[512];

	err[0] = '\0';
	if (in == NULL && errno == ENOENT)
		return NULL;
	text_clean(clean, sizeof clean, path, strlen(path));
	if (in == NULL) {
		snprintf(err, errcap, "%s: %s", clean,
		    errno == EINVAL ? "not a file that can be a recording" : strerror(errno));
		return NULL;
	}
	nowhere = fopen("/dev/null", "we");
	if (nowhere != NULL) {
		e = fold(in, nowhere);
		fclose(nowhere);
	}
	fclose(in);
	if (e == NULL)
		snprintf(err, errcap, "%s: no evidence in it to compare with", clean);
	return e;
}

const struct book *
earlier_book(const struct earlier *e)
{
	return e->book;
}

void
earlier_free(struct earlier *e)
{
	if (e == NULL)
		return;
	book_free(e->book);
	replay_free(e->lines);
	free(e);
}
