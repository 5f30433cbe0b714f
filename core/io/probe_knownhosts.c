/*
 * Probe "knownhosts": asks `ssh-keygen -F` which lines of the user's and the
 * system's known_hosts files are about this host, so that hashes, patterns
 * and markers mean what they mean to OpenSSH. A plain file (known_plain()) has
 * none of these: it is read on the pool and searched here, for with hundreds of targets the children cost
 * more than all else. One row in probes.c.
 */
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "child.h"
#include "fingerprint.h"
#include "job.h"
#include "path.h"
#include "probes.h"

enum {
	SEARCHES_MAX = 4 * SSHG_LIST,
	AT_ONCE = 8, /* children */
	OUTPUT_MAX = 256 * 1024,
	PLAIN_MAX = 1024 * 1024, /* bytes of a file that is searched here */
	NAME_MAX_LEN = TARGET_HOST_MAX + 16
};

/* One name in one file. */
struct search {
	struct knownhosts *kh;
	struct child *child;
	char file[PATH_LEN], name[NAME_MAX_LEN];
	bool bare, answered;
	char *out;
	size_t len;
	char err[256];
};

struct knownhosts {
	struct probe_run *pr;
	struct search *search; /* n of them */
	struct job *job;       /* reads the files */
	int n, next, running;
};

_Static_assert(sizeof(struct knownhosts) <= KNOWNHOSTS_PRIV, "room for the probe's memory");

static void start_searches(struct knownhosts *kh);

/* ---- evidence ---------------------------------------------------------------- */

static void
say_file(struct knownhosts *kh, const char *file, const char *result, int count, const char *text)
{
	struct evidence ev;

	ev_init(&ev, EV_KNOWN_FILE);
	ev_str(&ev, K_FILE, file);
	ev_str(&ev, K_RESULT, result);
	ev_int(&ev, K_COUNT, count);
	ev_str(&ev, K_TEXT, text);
	probe_emit(kh->pr, &ev);
}

static void
keep(struct run *r, const struct known_entry *e, const char *fp, bool bare)
{
	struct run_known *k;

	if (r->nknown == RUN_KNOWN)
		return;
	k = &r->known[r->nknown++];
	snprintf(k->type, sizeof k->type, "%.*s", (int)e->type_len, e->type);
	text_copy(k->fp, sizeof k->fp, fp);
	k->revoked = e->marker == KNOWN_REVOKED;
	k->ca = e->marker == KNOWN_CA;
	k->bare = bare;
}

static void
say_entry(struct search *s, const struct known_entry *e)
{
	struct evidence ev;
	char fp[FINGERPRINT_MAX];

	fingerprint_of_base64(e->blob, e->blob_len, fp);
	keep(s->kh->pr->run, e, fp, s->bare);
	ev_init(&ev, EV_KNOWN_ENTRY);
	ev_str(&ev, K_NAME, s->name);
	ev_str(&ev, K_FILE, s->file);
	ev_int(&ev, K_LINE, e->line);
	ev_mem(&ev, K_TYPE, e->type, e->type_len);
	ev_str(&ev, K_FP, fp);
	ev_str(&ev, K_MARKER, known_marker_name(e->marker));
	ev_int(&ev, K_BARE, s->bare);
	ev_int(&ev, K_HASHED, e->hashed);
	probe_emit(s->kh->pr, &ev);
}

/* ssh-keygen ends with 1 where it found nothing, and with 255 where it could not look. */
static void
conclude(struct search *s, int error, int status, int sig)
{
	struct known_find find;
	struct known_entry e;
	int count = 0;

	if (error != 0 || sig != 0 || status > 1) {
		say_file(s->kh, s->file, "error", 0,
		    error != 0          ? uv_strerror(error)
		    : s->err[0] != '\0' ? s->err
					: NULL);
		return;
	}
	known_find_init(&find, s->out, s->len);
	while (known_find_next(&find, &e)) {
		say_entry(s, &e);
		count++;
	}
	say_file(s->kh, s->file, "ok", count, NULL);
}

/* ---- children ---------------------------------------------------------------- */

static void
finish(struct knownhosts *kh)
{
	for (int i = 0; i < kh->n; i++)
		free(kh->search[i].out);
	free(kh->search);
	kh->search = NULL;
	kh->n = 0;
	probe_done(kh->pr);
}

static void
on_line(void *arg, enum child_stream stream, const char *line, size_t len)
{
	struct search *s = arg;
	char *out;

	if (stream == CHILD_ERR) {
		text_clean(s->err, sizeof s->err, line, len);
		return;
	}
	if (s->len + len + 1 > OUTPUT_MAX || (out = realloc(s->out, s->len + len + 1)) == NULL)
		return;
	s->out = out;
	memcpy(out + s->len, line, len);
	out[s->len + len] = '\n';
	s->len += len + 1;
}

static void
on_end(void *arg, int error, int status, int sig)
{
	struct search *s = arg;
	struct knownhosts *kh = s->kh;

	s->child = NULL;
	kh->running--;
	if (!kh->pr->cancelled)
		conclude(s, error, status, sig);
	start_searches(kh);
}

static void
start_search(struct search *s)
{
	static const struct child_callbacks cb = { on_line, on_end };
	const char *argv[] = { "ssh-keygen", "-F", s->name, "-f", s->file, NULL };

	s->child = child_start(probe_loop(s->kh->pr), (char *const *)argv, &cb, s);
	if (s->child == NULL)
		say_file(s->kh, s->file, "error", 0, "out of memory");
	else
		s->kh->running++;
}

static void
start_searches(struct knownhosts *kh)
{
	while (!kh->pr->cancelled && kh->running < AT_ONCE && kh->next < kh->n) {
		struct search *s = &kh->search[kh->next++];

		if (!s->answered)
			start_search(s);
	}
	if (kh->running == 0)
		finish(kh);
}

/* ---- plain files ------------------------------------------------------------- */

/* A search, as the pool has it. */
struct plain {
	char file[PATH_LEN], name[NAME_MAX_LEN];
	char *text; /* of the file, of the first search in it only */
	int count;  /* of found, which point into the text; -1: ask ssh-keygen */
	struct known_entry found[KNOWN_PLAIN_FOUND];
};

struct reading {
	struct plain *plain; /* n of them, in the order of the searches */
	int n;
};

/* A regular file's whole text, up to PLAIN_MAX bytes, in memory of its own; NULL where it is anything else. */
static char *
read_text(const char *file, size_t *len)
{
	int fd = open(file, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	struct stat st;
	char *text = NULL;
	size_t cap;
	ssize_t n = -1;

	*len = 0;
	if (fd < 0)
		return NULL;
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_size <= PLAIN_MAX) {
		cap = (size_t)st.st_size + 1; /* the end has to come before it is full */
		text = malloc(cap);
		while (text != NULL && *len < cap && (n = read(fd, text + *len, cap - *len)) > 0)
			*len += (size_t)n;
	}
	close(fd);
	if (n != 0) {
		free(text);
		return NULL;
	}
	return text;
}

static void
on_read(void *data)
{
	struct reading *r = data;
	const char *text = NULL;
	size_t len = 0;

	for (int i = 0; i < r->n; i++) {
		struct plain *p = &r->plain[i];

		if (i == 0 || strcmp(p->file, r->plain[i - 1].file) != 0) {
			text = p->text = read_text(p->file, &len);
			if (text != NULL && !known_plain(text, len))
				text = NULL;
		}
		p->count = text != NULL ? known_plain_find(text, len, p->name, p->found) : -1;
	}
}

static void
on_read_done(void *arg, void *data)
{
	struct knownhosts *kh = arg;
	struct reading *r = data;

	kh->job = NULL;
	for (int i = 0; i < r->n; i++) {
		struct search *s = &kh->search[i];
		const struct plain *p = &r->plain[i];

		if ((s->answered = p->count >= 0)) {
			for (int k = 0; k < p->count; k++)
				say_entry(s, &p->found[k]);
			say_file(kh, s->file, "ok", p->count, NULL);
		}
	}
	start_searches(kh);
}

static void
on_read_clear(void *data)
{
	struct reading *r = data;

	for (int i = 0; i < r->n; i++)
		free(r->plain[i].text);
	free(r->plain);
}

/* False where there is nothing to read, or no memory: the children have it all then. */
static bool
start_reading(struct knownhosts *kh)
{
	static const struct job_does does = { sizeof(struct reading), on_read, on_read_done,
		on_read_clear };
	struct reading *r;
	void *data;

	if (kh->n == 0 || (kh->job = job_new(&does, kh, &data)) == NULL)
		return false;
	r = data;
	if ((r->plain = calloc((size_t)kh->n, sizeof *r->plain)) == NULL) {
		job_drop(kh->job);
		kh->job = NULL;
		return false;
	}
	r->n = kh->n;
	for (int i = 0; i < r->n; i++) {
		text_copy(r->plain[i].file, sizeof r->plain[i].file, kh->search[i].file);
		text_copy(r->plain[i].name, sizeof r->plain[i].name, kh->search[i].name);
	}
	job_start(kh->job, probe_loop(kh->pr));
	return true;
}

/* ---- what to look for -------------------------------------------------------- */

static void
add_search(struct knownhosts *kh, const char *file, const char *name, bool bare)
{
	struct search *s;

	if (kh->n == SEARCHES_MAX)
		return;
	s = &kh->search[kh->n++];
	s->kh = kh;
	s->bare = bare;
	text_copy(s->file, sizeof s->file, file);
	text_copy(s->name, sizeof s->name, name);
}

/* The host's name in lower case, as ssh looks it up. */
static void
lower(char *dst, size_t cap, const char *src)
{
	size_t i;

	for (i = 0; src[i] != '\0' && i + 1 < cap; i++)
		dst[i] = (char)tolower((unsigned char)src[i]);
	dst[i] = '\0';
}

/*
 * HostKeyAlias alone, or [host]:port; where the port is not 22, ssh falls
 * back to the host alone (check_host_key() of sshconnect.c).
 */
static void
add_names(struct knownhosts *kh, const char *file)
{
	const struct sshg *cfg = kh->pr->run->cfg;
	char host[TARGET_HOST_MAX], name[NAME_MAX_LEN];

	if (cfg->hostkeyalias[0] != '\0') {
		lower(host, sizeof host, cfg->hostkeyalias);
		add_search(kh, file, host, false);
		return;
	}
	lower(host, sizeof host, cfg->hostname);
	if (cfg->port == 22) {
		add_search(kh, file, host, false);
		return;
	}
	snprintf(name, sizeof name, "[%s]:%d", host, cfg->port);
	add_search(kh, file, name, false);
	add_search(kh, file, host, true);
}

static void
add_file(struct knownhosts *kh, const char *configured)
{
	char file[PATH_LEN];

	if (strcmp(configured, "none") == 0 || strcmp(configured, "/dev/null") == 0)
		return;
	path_expand(kh->pr->run, configured, file, sizeof file);
	if (access(file, R_OK) == 0)
		add_names(kh, file);
	else
		say_file(kh, file, errno == ENOENT || errno == ENOTDIR ? "missing" : "unreadable",
		    0, strerror(errno));
}

int
knownhosts_start(struct probe_run *pr)
{
	struct knownhosts *kh = pr->priv;
	const struct sshg *cfg = pr->run->cfg;

	kh->pr = pr;
	if ((kh->search = calloc(SEARCHES_MAX, sizeof *kh->search)) == NULL)
		return -1;
	for (unsigned i = 0; i < cfg->userknownhostsfile.n; i++)
		add_file(kh, cfg->userknownhostsfile.item[i]);
	for (unsigned i = 0; i < cfg->globalknownhostsfile.n; i++)
		add_file(kh, cfg->globalknownhostsfile.item[i]);
	if (!start_reading(kh))
		start_searches(kh);
	return 0;
}

void
knownhosts_cancel(struct probe_run *pr)
{
	struct knownhosts *kh = pr->priv;

	if (kh->job != NULL) {
		job_drop(kh->job);
		kh->job = NULL;
	}
	if (kh->running == 0) {
		if (!pr->done)
			finish(kh);
		return;
	}
	for (int i = 0; i < kh->n; i++)
		if (kh->search[i].child != NULL)
			child_kill_now(kh->search[i].child);
}
