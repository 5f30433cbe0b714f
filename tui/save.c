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

#include "../core/handover.h"
#include "../core/report.h"
#include "../core/veil.h"
#include "xdg.h"

enum { PAGE_WIDTH = 80, TRIES = 100, VEIL_LINES = 500 };

/* What each kind is, and what its files end in; the first ending is the one that we give. */
static const struct {
	const char *ends[2], *words;
} kinds[SAVE__COUNT] = {
	[SAVE_HANDOVER] = { { ".msg" }, "hand-over message, 12 lines" },
	[SAVE_MARKDOWN] = { { ".md", ".markdown" }, "full report, Markdown" },
	[SAVE_TEXT] = { { ".txt" }, "full report, text" },
	[SAVE_JSON] = { { ".json" }, "full report, JSON" },
};

enum save_kind
save_kind_of(const char *path)
{
	size_t len = strlen(path);

	for (int k = 0; k < SAVE__COUNT; k++)
		for (int i = 0; i < 2 && kinds[k].ends[i] != NULL; i++) {
			size_t n = strlen(kinds[k].ends[i]);

			if (len > n && strcmp(path + len - n, kinds[k].ends[i]) == 0)
				return (enum save_kind)k;
		}
	return SAVE_TEXT;
}

const char *
save_kind_words(enum save_kind kind)
{
	return kinds[kind].words;
}

/* t: of the lines as they are, whatever is hidden in those of b. */
static void
print(enum save_kind kind, const struct diag *d, const struct book *b,
    const struct handover_times *t, bool hide, int width, FILE *out)
{
	switch (kind) {
	case SAVE_HANDOVER: handover_write(d, b, t, hide, out); break;
	case SAVE_MARKDOWN: report_markdown(d, b, out); break;
	case SAVE_JSON: report_json(d, b, false, out); break;
	default: report_text(d, b, width, out); break;
	}
}

/* Whether whoever looks on, if anybody does, wants it to go on. */
static bool
goes_on(const struct save_watch *w, int percent)
{
	if (w == NULL || w->go_on(w->arg, percent))
		return true;
	errno = ECANCELED;
	return false;
}

int
save_print(enum save_kind kind, const struct diag *d, const struct book *b, bool hide, int width,
    const struct save_watch *w, FILE *out)
{
	struct handover_times t = { 0 };
	struct veil *v;

	if (!goes_on(w, 0))
		return -1;
	if (kind == SAVE_HANDOVER)
		handover_times(&t, b, d->target, (int64_t)time(NULL));
	if (!hide) {
		print(kind, d, b, &t, hide, width, out);
		return goes_on(w, 100) ? 0 : -1;
	}
	if ((v = veil_new()) == NULL)
		return -1;
	while (!veil_work(v, b, VEIL_LINES))
		if (!goes_on(w, veil_percent(v, b))) {
			veil_free(v);
			return -1;
		}
	print(kind, veil_diag(v, d), veil_book(v), &t, hide, width, out);
	veil_free(v);
	return goes_on(w, 100) ? 0 : -1;
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
fill(int fd, const char *path, const struct diag *d, const struct book *b, bool hide,
    const struct save_watch *w)
{
	FILE *f = fdopen(fd, "we");
	int r;

	if (f == NULL) {
		close(fd);
		return -1;
	}
	errno = 0;
	r = save_print(save_kind_of(path), d, b, hide, PAGE_WIDTH, w, f);
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

static int
write_report(const char *path, const struct diag *d, const struct book *b, bool hide,
    const struct save_watch *w, char *err, size_t errcap)
{
	char temp[PATH_MAX];
	int fd, saved;

	if ((size_t)snprintf(temp, sizeof temp, "%s.XXXXXX", path) >= sizeof temp) {
		errno = ENAMETOOLONG;
		return complain(path, err, errcap);
	}
	if ((fd = mkostemp(temp, O_CLOEXEC)) < 0) /* mode 600 */
		return complain(path, err, errcap);
	if (fill(fd, path, d, b, hide, w) == 0 && place(temp, path) == 0)
		return 0;
	saved = errno;
	unlink(temp);
	errno = saved;
	return complain(path, err, errcap);
}

int
save_report(const char *path, const struct diag *d, const struct book *b, bool hide, char *err,
    size_t errcap)
{
	return write_report(path, d, b, hide, NULL, err, errcap);
}

bool
save_make_folder(char *path)
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
save_new(enum save_kind kind, const struct diag *d, const struct book *b, bool hide,
    const struct save_watch *w, char *path, size_t cap, char *err, size_t errcap)
{
	char folder[PATH_MAX], name[128], when[32] = "";
	time_t now = time(NULL);
	struct strbuf sb;
	struct tm tm;

	if (!xdg_path(XDG_STATE, "reports", folder, sizeof folder) || !save_make_folder(folder))
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
		if ((size_t)snprintf(path, cap, "%s/sshmedic-%s-%s%s%s", folder, name, when, more,
			kinds[kind].ends[0]) >= cap) {
			errno = ENAMETOOLONG;
			return complain(folder, err, errcap);
		}
		if (write_report(path, d, b, hide, w, err, errcap) == 0)
			return 0;
		if (errno != EEXIST)
			return -1;
	}
	return -1;
}
