/* Reports into files. See save.h. */
#include "save.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "../core/report.h"
#include "../core/veil.h"
#include "xdg.h"

enum { PAGE_WIDTH = 80, TRIES = 100 };

enum save_kind
save_kind_of(const char *path)
{
	static const struct {
		const char *end;
		enum save_kind kind;
	} ends[] = { { ".json", SAVE_JSON }, { ".md", SAVE_MARKDOWN },
		{ ".markdown", SAVE_MARKDOWN } };
	size_t len = strlen(path);

	for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
		size_t n = strlen(ends[i].end);

		if (len > n && strcmp(path + len - n, ends[i].end) == 0)
			return ends[i].kind;
	}
	return SAVE_TEXT;
}

static void
print(enum save_kind kind, const struct diag *d, const struct book *b, int width, FILE *out)
{
	switch (kind) {
	case SAVE_TEXT: report_text(d, b, width, out); break;
	case SAVE_MARKDOWN: report_markdown(d, b, out); break;
	case SAVE_JSON: report_json(d, b, false, out); break;
	}
}

int
save_print(enum save_kind kind, const struct diag *d, const struct book *b, bool hide, int width,
    FILE *out)
{
	struct veil *v;

	if (!hide) {
		print(kind, d, b, width, out);
		return 0;
	}
	if ((v = veil_new()) == NULL)
		return -1;
	veil_follow(v, b);
	print(kind, veil_diag(v, d), veil_book(v), width, out);
	veil_free(v);
	return 0;
}

/* Give the finished file its name, unless that is taken. Returns 0, or -1 with errno. */
static int
place(const char *from, const char *to)
{
	if (renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE) == 0)
		return 0;
	if (errno != EINVAL && errno != ENOSYS)
		return -1;
	/* A file system without that flag: a second name, which is never made over another. */
	return link(from, to) != 0 || unlink(from) != 0 ? -1 : 0;
}

/* Fill an open file. Returns 0, or -1 with errno. */
static int
fill(int fd, const char *path, const struct diag *d, const struct book *b, bool hide)
{
	FILE *f = fdopen(fd, "we");
	int r;

	if (f == NULL) {
		close(fd);
		return -1;
	}
	errno = 0;
	r = save_print(save_kind_of(path), d, b, hide, PAGE_WIDTH, f);
	if (fflush(f) != 0 || ferror(f) || fsync(fd) != 0)
		r = -1;
	if (r != 0 && errno == 0)
		errno = ENOMEM;
	return fclose(f) != 0 ? -1 : r;
}

static int
complain(const char *path, char *err, size_t errcap)
{
	char clean[512];
	int saved = errno;

	text_clean(clean, sizeof clean, path, strlen(path));
	snprintf(err, errcap, "%s: %s", clean,
	    saved == EEXIST ? "exists; nothing was written" : strerror(saved));
	errno = saved;
	return -1;
}

int
save_report(const char *path, const struct diag *d, const struct book *b, bool hide, char *err,
    size_t errcap)
{
	char temp[PATH_MAX];
	int fd, saved;

	if ((size_t)snprintf(temp, sizeof temp, "%s.XXXXXX", path) >= sizeof temp) {
		errno = ENAMETOOLONG;
		return complain(path, err, errcap);
	}
	if ((fd = mkostemp(temp, O_CLOEXEC)) < 0) /* mode 600 */
		return complain(path, err, errcap);
	if (fill(fd, path, d, b, hide) == 0 && place(temp, path) == 0)
		return 0;
	saved = errno;
	unlink(temp);
	errno = saved;
	return complain(path, err, errcap);
}

/* Make a folder and those above it, for the user alone. Returns whether it is there. */
static bool
make_folder(char *path)
{
	struct stat st;

	for (char *s = path + 1; (s = strchr(s, '/')) != NULL; s++) {
		*s = '\0';
		mkdir(path, 0700);
		*s = '/';
	}
	return (mkdir(path, 0700) == 0 || errno == EEXIST) && stat(path, &st) == 0 &&
	       S_ISDIR(st.st_mode) && access(path, W_OK | X_OK) == 0;
}

/* What the target is called where names are hidden. */
static void
put_target(const struct diag *d, const struct book *b, struct strbuf *sb)
{
	struct redact *r = calloc(1, sizeof *r);

	if (r == NULL) {
		sb_puts(sb, "target");
		return;
	}
	redact_init(r);
	for (size_t i = 0; i < book_lines(b); i++)
		redact_learn(r, book_line(b, i));
	redact_target(r, d, sb);
	free(r);
}

int
save_new(const struct diag *d, const struct book *b, bool hide, char *path, size_t cap, char *err,
    size_t errcap)
{
	char folder[PATH_MAX], name[128], when[32] = "";
	time_t now = time(NULL);
	struct strbuf sb;
	struct tm tm;

	if (!xdg_path(XDG_STATE, "reports", folder, sizeof folder) || !make_folder(folder))
		text_copy(folder, sizeof folder, ".");
	if (localtime_r(&now, &tm) != NULL)
		strftime(when, sizeof when, "%Y%m%d-%H%M%S", &tm);
	sb_init(&sb, name, sizeof name);
	put_target(d, b, &sb);
	for (char *s = name; *s != '\0'; s++) /* a name that is left as it is may be anything */
		if (*s == '/' || *s == ' ')
			*s = '_';
	for (int i = 1; i <= TRIES; i++) {
		char more[16] = "";

		if (i > 1)
			snprintf(more, sizeof more, "-%d", i);
		if ((size_t)snprintf(
			path, cap, "%s/sshmedic-%s-%s%s.md", folder, name, when, more) >= cap) {
			errno = ENAMETOOLONG;
			return complain(folder, err, errcap);
		}
		if (save_report(path, d, b, hide, err, errcap) == 0)
			return 0;
		if (errno != EEXIST)
			return -1;
	}
	return -1;
}
