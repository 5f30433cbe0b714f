/*
 * What a run holds between its probes: keys merged by fingerprint, sockets,
 * and the argv of the user's ssh. See run.h.
 */
#include "run.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "conn.h"
#include "proxy.h"

const char *
kex_stage_name(enum kex_stage s)
{
	static const char *const names[] = { "none", "ident", "offer", "keys" };

	return names[s];
}

struct run_key *
run_key_by_fp(struct run *r, const char *fp)
{
	for (int i = 0; i < r->nkeys; i++)
		if (strcmp(r->keys[i]->fp, fp) == 0)
			return r->keys[i];
	return NULL;
}

struct run_key *
run_key_add(struct run *r, const char *fp, const char *type, unsigned char *blob, size_t len)
{
	struct run_key *k = run_key_by_fp(r, fp);

	if (k != NULL) {
		free(blob);
		return k;
	}
	if (r->nkeys == RUN_KEYS || (k = calloc(1, sizeof *k)) == NULL) {
		free(blob);
		return NULL;
	}
	text_copy(k->fp, sizeof k->fp, fp);
	text_copy(k->type, sizeof k->type, type);
	k->blob = blob;
	k->blob_len = len;
	r->keys[r->nkeys++] = k;
	return k;
}

static void
clear_keys(struct run *r)
{
	for (int i = 0; i < r->nkeys; i++) {
		free(r->keys[i]->blob);
		free(r->keys[i]->sources);
		free(r->keys[i]->command);
		free(r->keys[i]);
		r->keys[i] = NULL;
	}
	r->nkeys = 0;
}

void
run_clear_connection(struct run *r)
{
	for (int i = 0; i < r->naddrs; i++) {
		if (r->addrs[i].fd >= 0)
			close(r->addrs[i].fd);
		r->addrs[i].fd = -1;
	}
	if (r->conn != NULL)
		conn_free(r->conn);
	if (r->proxy != NULL)
		proxy_free(r->proxy);
	r->conn = NULL;
	r->proxy = NULL;
	clear_keys(r);
	memset(r->known, 0, sizeof r->known);
	r->nknown = 0;
	r->chosen = -1;
	r->proof = NULL; /* it ended before its run did */
	r->gate = GATE_WAIT;
	r->kex_stage = KEX_AT_NOTHING;
	r->retrans = 0;
	r->agent_path[0] = r->hostkey_fp[0] = r->hostkey_type[0] = '\0';
	r->hostkey_changed = r->hostkey_confirmed = false;
	r->hostkey_wrong = 0;
	free(r->hostkey_b64);
	r->hostkey_b64 = NULL;
	r->banner_seen = r->banner_imitates = false;
	r->trusted = false;
	r->connections = r->failed_auth = r->nports = 0;
	r->client[0] = '\0';
}

void
run_clear(struct run *r)
{
	struct engine *engine = r->engine;

	run_clear_connection(r);
	free(r->cfg);
	free(r->home);
	memset(r, 0, sizeof *r);
	r->engine = engine;
	r->chosen = -1;
}

/*
 * A vector of words with room for them in the same allocation. Filled twice:
 * without a vector it only counts.
 */
struct words {
	char **v;
	size_t n;
	char *room;
	size_t bytes;
};

static void
add(struct words *w, const char *word)
{
	size_t len = strlen(word) + 1;

	if (w->v != NULL) {
		w->v[w->n] = memcpy(w->room, word, len);
		w->room += len;
	}
	w->n++;
	w->bytes += len;
}

static void
add_all(struct words *w, const char *const list[])
{
	for (size_t i = 0; list != NULL && list[i] != NULL; i++)
		add(w, list[i]);
}

static void
fill(struct words *w, const struct run *r, const char *const over[], const char *const extra[],
    const char *const command[])
{
	char port[12];

	add(w, r->opt->ssh != NULL ? r->opt->ssh : "ssh");
	add_all(w, over);
	for (size_t i = 0; i < r->opt->nargs; i++)
		add(w, r->opt->args[i]);
	/* Of repeated options ssh takes the first: -l and -p in args win, as they do over a destination. */
	if (r->t->user[0] != '\0') {
		add(w, "-l");
		add(w, r->t->user);
	}
	if (r->t->port != 0) {
		snprintf(port, sizeof port, "%d", r->t->port);
		add(w, "-p");
		add(w, port);
	}
	add_all(w, extra);
	add(w, "--");
	add(w, r->t->host);
	add_all(w, command);
}

static char **
make_argv(const struct run *r, const char *const over[], const char *const extra[],
    const char *const command[])
{
	struct words w = { NULL, 0, NULL, 0 };
	char **v;

	fill(&w, r, over, extra, command);
	if ((v = malloc((w.n + 1) * sizeof *v + w.bytes)) == NULL)
		return NULL;
	w = (struct words){ v, 0, (char *)(v + w.n + 1), 0 };
	fill(&w, r, over, extra, command);
	v[w.n] = NULL;
	return v;
}

char **
run_ssh_argv(const struct run *r, const char *const extra[], const char *const command[])
{
	return make_argv(r, NULL, extra, command);
}

char **
run_ssh_argv_over(const struct run *r, const char *const extra[], const char *const command[])
{
	return make_argv(r, extra, NULL, command);
}
