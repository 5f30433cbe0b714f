/*
 * Probe "hostkey": what RevokedHostKeys of the configuration says about the
 * key that the server proved to hold (ssh_config(5)). Whether known_hosts
 * knows the key is for the reducer to join; this ends the judgement's evidence.
 * One row in probes.c.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "child.h"
#include "job.h"
#include "probes.h"

enum { REVOKED_FILE_MAX = 4 * 1024 * 1024 };

enum found { LISTED_NO, LISTED_YES, IS_KRL, UNREADABLE };

/* What the pool's job reads and writes: a file on a dead share may hold it for ever. */
struct search {
	char path[1024], text[256];
	char *key; /* owned */
	enum found found;
};

struct hostkey {
	struct probe_run *pr;
	struct job *job;  /* the search, while it runs */
	char path[1024];  /* RevokedHostKeys, as a path */
	char keyfile[64]; /* the host key as a file, for ssh-keygen; "" if none */
	char text[256];
	enum found found;
	struct child *child;
	uint64_t start_us;
};

_Static_assert(sizeof(struct hostkey) <= HOSTKEY_PRIV, "probes.h gives too little room");

static void
say(struct hostkey *h, bool revoked)
{
	struct evidence ev;

	ev_init(&ev, EV_HOSTKEY_KRL);
	ev_str(&ev, K_FILE, h->path);
	ev_int(&ev, K_REVOKED, revoked);
	if (h->found == UNREADABLE)
		ev_str(&ev, K_RESULT, "unreadable");
	ev_str(&ev, K_TEXT, h->text[0] == '\0' ? NULL : h->text);
	probe_emit(h->pr, &ev);
}

/* ssh refuses every key when it cannot read the list. */
static void
say_unreadable(struct hostkey *h)
{
	h->found = UNREADABLE;
	say(h, true);
}

static void
end(struct hostkey *h)
{
	probe_phase(h->pr, PH_HOSTKEY, h->start_us, probe_now(h->pr), 0);
	if (h->keyfile[0] != '\0')
		unlink(h->keyfile);
	probe_done(h->pr);
}

/* ssh-keygen -Q prints "PATH (COMMENT): REVOKED", or ": ok". */
static void
on_line(void *arg, enum child_stream stream, const char *line, size_t len)
{
	struct hostkey *h = arg;

	if (stream == CHILD_OUT && len > 7 && memcmp(line + len - 7, "REVOKED", 7) == 0)
		h->found = LISTED_YES;
	else if (stream == CHILD_ERR)
		snprintf(h->text, sizeof h->text, "%.*s", (int)(len < 200 ? len : 200), line);
}

static void
on_end(void *arg, int error, int status, int sig)
{
	struct hostkey *h = arg;

	h->child = NULL;
	if (error == 0 && sig == 0 && (status == 0 || h->found == LISTED_YES))
		say(h, h->found == LISTED_YES);
	else if (!h->pr->cancelled || h->pr->deadline_hit)
		say_unreadable(h);
	end(h);
}

static void
query_krl(struct hostkey *h)
{
	static const struct child_callbacks cb = { on_line, on_end };
	const struct run *r = h->pr->run;
	char *argv[] = { (char *)"ssh-keygen", (char *)"-Q", (char *)"-f", h->path, h->keyfile,
		NULL };
	int fd;

	snprintf(h->keyfile, sizeof h->keyfile, "/tmp/sshmedic-hostkey-XXXXXX");
	if ((fd = mkostemp(h->keyfile, O_CLOEXEC)) < 0) {
		h->keyfile[0] = '\0';
		snprintf(h->text, sizeof h->text, "cannot make a file for ssh-keygen: %s",
		    strerror(errno));
		say(h, false);
		end(h);
		return;
	}
	dprintf(fd, "%s %s\n", r->hostkey_type, r->hostkey_b64);
	close(fd);
	h->child = child_start(probe_loop(h->pr), argv, &cb, h);
}

/* A text list of keys is searched here; a KRL is for ssh-keygen. */
static void
search(void *data)
{
	struct search *se = data;
	FILE *f = fopen(se->path, "re");
	char *line = NULL;
	size_t cap = 0, total = 0;
	ssize_t n;

	if (f == NULL) {
		snprintf(se->text, sizeof se->text, "%s", strerror(errno));
		se->found = UNREADABLE;
		return;
	}
	while ((n = getline(&line, &cap, f)) >= 0 && (total += (size_t)n) < REVOKED_FILE_MAX) {
		if (total == (size_t)n && n >= 7 && memcmp(line, "SSHKRL\n", 7) == 0) {
			se->found = IS_KRL;
			break;
		}
		if (line[0] != '#' && strstr(line, se->key) != NULL)
			se->found = LISTED_YES;
	}
	free(line);
	fclose(f);
}

static void
clear_search(void *data)
{
	free(((struct search *)data)->key);
}

static void
on_searched(void *arg, void *data)
{
	struct hostkey *h = arg;
	struct search *se = data;

	h->job = NULL;
	h->found = se->found;
	text_copy(h->text, sizeof h->text, se->text);
	if (h->found == IS_KRL) {
		query_krl(h);
		return;
	}
	say(h, h->found != LISTED_NO);
	end(h);
}

static int
start_search(struct hostkey *h)
{
	static const struct job_does does = { sizeof(struct search), search, on_searched,
		clear_search };
	struct search *se;
	void *data;

	if ((h->job = job_new(&does, h, &data)) == NULL)
		return -1;
	se = data;
	text_copy(se->path, sizeof se->path, h->path);
	if ((se->key = strdup(h->pr->run->hostkey_b64)) == NULL)
		abort();
	job_start(h->job, probe_loop(h->pr));
	return 0;
}

int
hostkey_start(struct probe_run *pr)
{
	struct hostkey *h = pr->priv;
	const char *list = pr->run->cfg->revokedhostkeys;

	h->pr = pr;
	h->start_us = probe_now(pr);
	if (list[0] == '\0' || strcmp(list, "none") == 0 || pr->run->hostkey_b64 == NULL) {
		end(h);
		return 0;
	}
	if (list[0] == '~' && list[1] == '/' && pr->run->home != NULL)
		snprintf(h->path, sizeof h->path, "%s%s", pr->run->home, list + 1);
	else
		snprintf(h->path, sizeof h->path, "%s", list);
	return start_search(h);
}

void
hostkey_cancel(struct probe_run *pr)
{
	struct hostkey *h = pr->priv;

	if (h->child != NULL) {
		child_kill_now(h->child); /* on_end() finishes */
		return;
	}
	if (h->job != NULL)
		job_drop(h->job);
	h->job = NULL;
	if (pr->deadline_hit) {
		snprintf(h->text, sizeof h->text, "it could not be read in time");
		say_unreadable(h);
	}
	end(h);
}
