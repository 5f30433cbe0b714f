/*
 * Probe "vouch": what else may be said of a host key that known_hosts does not hold for this name:
 * the same key under other names in known_hosts, SSHFP records of the name (RFC 4255), and whether ssh
 * could write the key down at all. Nothing is sent to the server. One row in probes.c.
 */
#include <arpa/inet.h>
#include <arpa/nameser.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <resolv.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "../base64.h"
#include "fingerprint.h"
#include "job.h"
#include "path.h"
#include "probes.h"

enum {
	FILES_MAX = 8,
	OTHERS_MAX = 4,
	KNOWN_BYTES_MAX = 16 * 1024 * 1024,
	ANSWER_MAX = 16 * 1024,
	TYPE_SSHFP = 44,
	SSHFP_SHA256 = 2
};

struct vouch {
	struct probe_run *pr;
	struct job *files, *dns;
	uint64_t start_us;
};

_Static_assert(sizeof(struct vouch) <= VOUCH_PRIV, "room for the probe's memory");

static void
finish(struct vouch *v)
{
	if (v->files == NULL && v->dns == NULL)
		probe_done(v->pr);
}

/* ---- known_hosts -------------------------------------------------------------------- */

/* What the pool's job reads and writes: a file on a dead share may hold it for ever. */
struct files_job {
	char file[FILES_MAX][PATH_LEN];
	int n;
	int64_t days[FILES_MAX]; /* since the file was changed, -1: not known */
	bool write;              /* the first is the one that ssh would write */
	char *key;               /* owned */
	struct {
		char file[PATH_LEN], name[256];
		int64_t line;
	} other[OTHERS_MAX];
	int nothers;
	int write_errno;
	bool own;               /* what cannot be written is this user's */
	char blocked[PATH_LEN]; /* the file or folder that cannot be written */
};

static void
add_other(struct files_job *j, const char *file, int64_t line, const struct known_entry *e)
{
	const char *name = e->hashed ? "(a hashed name)" : e->hosts;
	size_t len = e->hashed ? strlen(name) : e->hosts_len;

	if (j->nothers == OTHERS_MAX || e->marker != KNOWN_NONE)
		return;
	text_copy(j->other[j->nothers].file, PATH_LEN, file);
	text_clean(j->other[j->nothers].name, sizeof j->other[0].name, name, len);
	j->other[j->nothers++].line = line;
}

static void
search_file(struct files_job *j, const char *file)
{
	FILE *f = fopen(file, "re");
	char *text = NULL;
	size_t cap = 0, total = 0;
	int64_t line = 0;
	ssize_t n;

	while (f != NULL && (n = getline(&text, &cap, f)) >= 0 &&
	       (total += (size_t)n) < KNOWN_BYTES_MAX) {
		struct known_entry e;

		line++;
		if (strstr(text, j->key) == NULL)
			continue;
		n -= n > 0 && text[n - 1] == '\n';
		if (known_parse(&e, text, (size_t)n))
			add_other(j, file, line, &e);
	}
	free(text);
	if (f != NULL)
		fclose(f);
}

/* Whether ssh could add a line to the file (add_host_to_hostfile() of OpenSSH: it may make ~/.ssh). */
static void
try_writing(struct files_job *j)
{
	struct stat st;
	char *slash;

	text_copy(j->blocked, sizeof j->blocked, j->file[0]);
	if (access(j->blocked, W_OK) == 0)
		return;
	j->write_errno = errno;
	while (j->write_errno == ENOENT && (slash = strrchr(j->blocked, '/')) != NULL &&
	       slash != j->blocked) {
		*slash = '\0';
		j->write_errno = access(j->blocked, W_OK | X_OK) == 0 ? 0 : errno;
	}
	j->own = stat(j->blocked, &st) == 0 && st.st_uid == geteuid();
}

/* A file's age in days: no line in it can be younger. */
static int64_t
age_of(const char *file)
{
	struct stat st;
	time_t now = time(NULL);

	return stat(file, &st) == 0 && now >= st.st_mtime ? (int64_t)(now - st.st_mtime) / 86400
							  : -1;
}

static void
look_at_files(void *data)
{
	struct files_job *j = data;

	for (int i = 0; i < j->n; i++) {
		search_file(j, j->file[i]);
		j->days[i] = age_of(j->file[i]);
	}
	if (j->write)
		try_writing(j);
}

static void
clear_files(void *data)
{
	free(((struct files_job *)data)->key);
}

static void
on_files(void *arg, void *data)
{
	struct vouch *v = arg;
	struct files_job *j = data;
	struct evidence ev;

	v->files = NULL;
	for (int i = 0; i < j->n; i++) {
		if (j->days[i] < 0)
			continue;
		ev_init(&ev, EV_KNOWN_AGE);
		ev_str(&ev, K_FILE, j->file[i]);
		ev_int(&ev, K_DAYS, j->days[i]);
		probe_emit(v->pr, &ev);
	}
	for (int i = 0; i < j->nothers; i++) {
		ev_init(&ev, EV_KNOWN_ELSEWHERE);
		ev_str(&ev, K_NAME, j->other[i].name);
		ev_str(&ev, K_FILE, j->other[i].file);
		ev_int(&ev, K_LINE, j->other[i].line);
		probe_emit(v->pr, &ev);
	}
	if (j->write) {
		ev_init(&ev, EV_KNOWN_WRITE);
		ev_str(&ev, K_FILE, j->file[0]);
		ev_str(&ev, K_RESULT, j->write_errno == 0 ? "ok" : "no");
		ev_str(&ev, K_PATH, j->blocked);
		ev_str(&ev, K_OWNER, j->own ? "self" : "other");
		if (j->write_errno != 0)
			ev_str(&ev, K_TEXT, strerror(j->write_errno));
		probe_emit(v->pr, &ev);
	}
	finish(v);
}

static void
add_file(struct files_job *j, const struct run *r, const char *configured, bool first)
{
	if (strcmp(configured, "none") == 0 || strcmp(configured, "/dev/null") == 0 ||
	    j->n == FILES_MAX)
		return;
	if (path_expand(r, configured, j->file[j->n], PATH_LEN)) {
		j->write |= first;
		j->n++;
	}
}

static void
start_files(struct vouch *v)
{
	static const struct job_does does = { sizeof(struct files_job), look_at_files, on_files,
		clear_files };
	const struct run *r = v->pr->run;
	struct files_job *j;
	void *data;

	if (r->hostkey_b64 == NULL || (v->files = job_new(&does, v, &data)) == NULL)
		return;
	j = data;
	for (unsigned i = 0; i < r->cfg->userknownhostsfile.n; i++)
		add_file(j, r, r->cfg->userknownhostsfile.item[i], i == 0);
	for (unsigned i = 0; i < r->cfg->globalknownhostsfile.n; i++)
		add_file(j, r, r->cfg->globalknownhostsfile.item[i], false);
	if ((j->key = strdup(r->hostkey_b64)) == NULL)
		abort();
	job_start(v->files, probe_loop(v->pr));
}

/* ---- SSHFP ------------------------------------------------------------------------------ */

enum sshfp { SSHFP_NONE, SSHFP_MATCH, SSHFP_DIFFERS, SSHFP_ERROR };

struct dns_job {
	char name[NS_MAXDNAME], fp[FINGERPRINT_MAX];
	int alg; /* RFC 4255 3.1.1 and its successors */
	enum sshfp found;
	bool
	    secure; /* the resolver vouches for the answer, and the system trusts it (resolv.conf(5), trust-ad) */
	int count;
	char text[128];
};

static const struct {
	const char *type;
	int alg;
} algs[] = {
	{ "ssh-rsa", 1 },
	{ "ssh-dss", 2 },
	{ "ecdsa-sha2-nistp256", 3 },
	{ "ecdsa-sha2-nistp384", 3 },
	{ "ecdsa-sha2-nistp521", 3 },
	{ "ssh-ed25519", 4 },
};

/* A record about this type of key by SHA-256; others say nothing here. */
static void
take_record(struct dns_job *j, const unsigned char *data, size_t len)
{
	char fp[FINGERPRINT_MAX] = "SHA256:";

	if (len != 2 + 32 || data[0] != j->alg || data[1] != SSHFP_SHA256)
		return;
	base64_encode(fp + 7, sizeof fp - 7, data + 2, 32);
	fp[strcspn(fp, "=")] = '\0'; /* fingerprints have no padding */
	j->count++;
	if (strcmp(fp, j->fp) == 0)
		j->found = SSHFP_MATCH;
	else if (j->found == SSHFP_NONE)
		j->found = SSHFP_DIFFERS;
}

static void
take_answer(struct dns_job *j, const unsigned char *answer, int len)
{
	ns_msg msg;
	ns_rr rr;

	if (ns_initparse(answer, len, &msg) != 0) {
		j->found = SSHFP_ERROR;
		snprintf(j->text, sizeof j->text, "the answer cannot be read");
		return;
	}
	j->secure = ns_msg_getflag(msg, ns_f_ad) != 0;
	for (int i = 0; i < ns_msg_count(msg, ns_s_an); i++)
		if (ns_parserr(&msg, ns_s_an, i, &rr) == 0 && (int)ns_rr_type(rr) == TYPE_SSHFP)
			take_record(j, ns_rr_rdata(rr), ns_rr_rdlen(rr));
}

static void
ask_dns(void *data)
{
	struct dns_job *j = data;
	struct __res_state state = { 0 };
	unsigned char answer[ANSWER_MAX];
	int len;

	if (res_ninit(&state) != 0) {
		j->found = SSHFP_ERROR;
		snprintf(j->text, sizeof j->text, "no resolver");
		return;
	}
	len = res_nquery(&state, j->name, ns_c_in, TYPE_SSHFP, answer, sizeof answer);
	if (len > 0) {
		take_answer(j, answer, len < (int)sizeof answer ? len : (int)sizeof answer);
	} else if (state.res_h_errno != HOST_NOT_FOUND && state.res_h_errno != NO_DATA) {
		j->found = SSHFP_ERROR;
		snprintf(j->text, sizeof j->text, "%s", hstrerror(state.res_h_errno));
	}
	res_nclose(&state);
}

static void
on_dns(void *arg, void *data)
{
	static const char *const results[] = { "none", "match", "differs", "error" };
	struct vouch *v = arg;
	struct dns_job *j = data;
	struct evidence ev;

	v->dns = NULL;
	ev_init(&ev, EV_HOSTKEY_SSHFP);
	ev_str(&ev, K_NAME, j->name);
	ev_str(&ev, K_RESULT, results[j->found]);
	ev_int(&ev, K_SECURE, j->secure);
	ev_int(&ev, K_COUNT, j->count);
	ev_str(&ev, K_TEXT, j->text[0] != '\0' ? j->text : NULL);
	ev_int(&ev, K_TOOK_US, (int64_t)(probe_now(v->pr) - v->start_us));
	probe_emit(v->pr, &ev);
	finish(v);
}

/* An address has no SSHFP record of its own, and a name that a proxy looks up is not ours to ask about. */
static void
start_dns(struct vouch *v)
{
	static const struct job_does does = { sizeof(struct dns_job), ask_dns, on_dns, NULL };
	const struct run *r = v->pr->run;
	const char *name = r->cfg->hostname;
	unsigned char literal[sizeof(struct in6_addr)];
	int alg = 0;
	struct dns_job *j;
	void *data;

	for (size_t i = 0; i < sizeof algs / sizeof *algs; i++)
		if (strcmp(algs[i].type, r->hostkey_type) == 0)
			alg = algs[i].alg;
	if (alg == 0 || r->chosen < 0 || inet_pton(AF_INET, name, literal) == 1 ||
	    strchr(name, ':') != NULL || strlen(name) >= sizeof j->name ||
	    (v->dns = job_new(&does, v, &data)) == NULL)
		return;
	j = data;
	j->alg = alg;
	text_copy(j->name, sizeof j->name, name);
	text_copy(j->fp, sizeof j->fp, r->hostkey_fp);
	job_start(v->dns, probe_loop(v->pr));
}

int
vouch_start(struct probe_run *pr)
{
	struct vouch *v = pr->priv;

	v->pr = pr;
	v->start_us = probe_now(pr);
	start_files(v);
	start_dns(v);
	return v->files == NULL && v->dns == NULL ? -1 : 0;
}

void
vouch_cancel(struct probe_run *pr)
{
	struct vouch *v = pr->priv;

	if (v->files != NULL)
		job_drop(v->files);
	if (v->dns != NULL)
		job_drop(v->dns);
	v->files = v->dns = NULL;
	finish(v);
}
