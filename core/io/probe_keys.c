/*
 * Probe "keys": the key files and certificates that ssh would use, and the
 * other keys of the user, looked at on the thread pool. Where libssh and the file's
 * look leave a doubt, `ssh-keygen -y` says what ssh makes of a file. One row
 * in probes.c.
 */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "blocks.h"
#include "child.h"
#include "job.h"
#include "keyfile.h"
#include "path.h"
#include "probes.h"

enum {
	OTHERS_MAX = 32,
	ITEMS_MAX = 2 * SSHG_LIST + OTHERS_MAX,
	CERTS_MAX = 2 * SSHG_LIST,
	FIRST_LINE = 16 * 1024
};

/* A private key file, and what was found out about it. */
struct item {
	char path[PATH_LEN];
	const char *source; /* cli, config, default, other */
	struct keyfile file;
	struct keys *keys; /* of the child that confirms */
	struct child *child;
	char *line; /* what ssh-keygen -y printed */
	char err[256];
	char cert[PATH_LEN]; /* its certificate file, "" if it has none */
};

struct cert {
	char path[PATH_LEN];
	int order; /* as a file_order, where it stands in ssh's list */
	int error; /* errno; EINVAL: it holds no certificate */
	struct keyfile_pub pub;
	struct certinfo info;
};

/* All that the pool's job reads and writes. */
struct look {
	struct item item[ITEMS_MAX];
	int n;
	struct cert cert[CERTS_MAX];
	int ncerts;
	struct blocks blocks;
	int named;          /* the first of them are named by CertificateFile */
	char dir[PATH_LEN]; /* where other keys may lie, "" nowhere */
};

struct keys {
	struct probe_run *pr;
	struct job *job;
	struct look *look; /* once the job is done */
	int children;
};

_Static_assert(sizeof(struct keys) <= KEYS_PRIV, "room for the probe's memory");

/* ---- on the pool --------------------------------------------------------------- */

static bool
is_listed(const struct look *l, const char *path)
{
	for (int i = 0; i < l->n; i++)
		if (strcmp(l->item[i].path, path) == 0)
			return true;
	return false;
}

static void
add_item(struct look *l, const char *path, const char *source)
{
	if (l->n == ITEMS_MAX || is_listed(l, path))
		return;
	text_copy(l->item[l->n].path, PATH_LEN, path);
	l->item[l->n++].source = source;
}

static bool
ends_with(const char *s, const char *end)
{
	size_t n = strlen(s), m = strlen(end);

	return n > m && strcmp(s + n - m, end) == 0;
}

static int
is_public_name(const struct dirent *d)
{
	return ends_with(d->d_name, ".pub") && !ends_with(d->d_name, "-cert.pub");
}

/* Keys of the user that ssh was not told of: those with a .pub file. */
static void
add_others(struct look *l)
{
	struct dirent **list = NULL;
	int n = l->dir[0] == '\0' ? 0 : scandir(l->dir, &list, is_public_name, alphasort),
	    added = 0;
	char path[PATH_LEN + 256];

	for (int i = 0; i < n; i++) {
		int stem = (int)(strlen(list[i]->d_name) - strlen(".pub"));

		snprintf(path, sizeof path, "%s/%.*s", l->dir, stem, list[i]->d_name);
		if (added < OTHERS_MAX && strlen(path) < PATH_LEN && !is_listed(l, path)) {
			add_item(l, path, "other");
			added++;
		}
		free(list[i]);
	}
	free(list);
}

/* Keys of Host blocks that may have been meant; a key that ssh offers anyhow is none. */
static void
add_blocks(struct look *l)
{
	int configured = l->n;

	blocks_read(&l->blocks);
	for (int i = 0; i < l->blocks.n; i++) {
		char *key = l->blocks.block[i].key;

		for (int j = 0; j < configured; j++)
			if (strcmp(l->item[j].path, key) == 0)
				key[0] = '\0';
		if (key[0] != '\0')
			add_item(l, key, "other");
	}
}

static void
read_cert(struct cert *c)
{
	c->error = keyfile_read_pub(&c->pub, c->path);
	if (c->error == 0 && certinfo_read(&c->info, c->pub.blob, c->pub.len) != 0)
		c->error = EINVAL;
}

/* The certificate that lies beside a key is used where none is named, and after that key (ssh.c, load_public_identity_files). */
static void
add_sibling(struct look *l, struct item *it, int order)
{
	char path[PATH_LEN + 16];
	struct cert *c;

	snprintf(path, sizeof path, "%s-cert.pub", it->path);
	if (l->named > 0 || l->ncerts == CERTS_MAX || strlen(path) >= PATH_LEN ||
	    access(path, F_OK) != 0)
		return;
	for (int i = 0; i < l->ncerts; i++)
		if (strcmp(l->cert[i].path, path) == 0)
			return;
	c = &l->cert[l->ncerts++];
	text_copy(c->path, sizeof c->path, path);
	c->order = order;
	read_cert(c);
}

static void
look_at_all(void *data)
{
	struct look *l = data;
	int configured = l->n;

	add_blocks(l);
	add_others(l);
	for (int i = 0; i < l->ncerts; i++)
		read_cert(&l->cert[i]);
	for (int i = 0; i < l->n; i++) {
		keyfile_read(&l->item[i].file, l->item[i].path);
		if (i < configured)
			add_sibling(l, &l->item[i], CERTS_MAX + 2 * i + 2);
	}
}

static void
clear_look(struct look *l)
{
	for (int i = 0; i < l->n; i++) {
		keyfile_clear(&l->item[i].file);
		free(l->item[i].line);
	}
	for (int i = 0; i < l->ncerts; i++)
		keyfile_clear_pub(&l->cert[i].pub);
	free(l);
}

/* The job's data is only a pointer, so that its result can outlive the job. */
static void
run_look(void *data)
{
	look_at_all(*(struct look **)data);
}

static void
drop_look(void *data)
{
	if (*(struct look **)data != NULL)
		clear_look(*(struct look **)data);
}

/* ---- the run's keys ------------------------------------------------------------ */

static struct run_key *
keep_key(struct run *r, const struct keyfile_pub *p, const char *path)
{
	unsigned char *blob = malloc(p->len);
	struct run_key *k;

	if (blob == NULL)
		return NULL;
	memcpy(blob, p->blob, p->len);
	if ((k = run_key_add(r, p->fp, p->type, blob, p->len)) == NULL)
		return NULL;
	if (k->path[0] == '\0' || !k->in_file) {
		text_copy(k->path, sizeof k->path, path);
		text_copy(k->name, sizeof k->name, path);
	}
	return k;
}

static bool
can_sign(const struct keyfile *f)
{
	return f->state == KEYFILE_OK && !f->open;
}

/* The private key and its .pub file are two keys. */
static bool
is_mixed(const struct keyfile *f)
{
	return f->own.blob != NULL && f->pub.blob != NULL && f->state != KEYFILE_UNPARSABLE &&
	       strcmp(f->own.fp, f->pub.fp) != 0;
}

static void
place_in_list(struct run_key *k, int order)
{
	k->config = true;
	if (k->file_order == 0)
		k->file_order = order;
}

/* What ssh puts to the server in the place of the file's own key: it looks at NAME.pub first (sshkey_load_public). */
static void
keep_misnamed(struct run *r, const struct item *it, int order)
{
	struct run_key *k = keep_key(r, &it->file.pub, it->path);

	if (k == NULL)
		return;
	k->misnamed = true;
	k->usable = k->in_agent;
	place_in_list(k, order);
}

/* ssh asks about the key of the .pub file, else about that which the private file itself shows. */
static void
keep_item(struct run *r, const struct item *it, int order)
{
	const struct keyfile *f = &it->file;
	const struct keyfile_pub *p = f->own.blob != NULL ? &f->own : &f->pub;
	bool other = strcmp(it->source, "other") == 0, mixed = is_mixed(f);
	struct run_key *k;

	if (mixed && !other)
		keep_misnamed(r, it, order);
	if (p->blob == NULL || (k = keep_key(r, p, it->path)) == NULL || (other && k->misnamed))
		return;
	k->in_file = f->state == KEYFILE_OK || f->state == KEYFILE_ENCRYPTED;
	k->encrypted = f->state == KEYFILE_ENCRYPTED;
	k->open = f->open;
	k->usable |= can_sign(f);
	if (other || mixed)
		k->other = !k->config;
	else
		place_in_list(k, order);
}

/* The private key that a certificate is for. */
static struct item *
item_of(struct look *l, const struct cert *c)
{
	char fp[FINGERPRINT_MAX];

	fingerprint_of_blob(c->info.plain, c->info.plain_len, fp);
	for (int i = 0; i < l->n; i++) {
		const struct keyfile *f = &l->item[i].file;

		if (strcmp(f->own.fp, fp) == 0 ||
		    (f->own.blob == NULL && strcmp(f->pub.fp, fp) == 0))
			return &l->item[i];
	}
	return NULL;
}

static const char *
cert_state(const struct cert *c, time_t now)
{
	if (c->error != 0)
		return "unparsable";
	if ((uint64_t)now >= c->info.to)
		return "expired";
	return (uint64_t)now < c->info.from ? "early" : "ok";
}

static void
keep_text(char **kept, const char *text)
{
	if (*kept == NULL && text[0] != '\0')
		*kept = strdup(text);
}

static void
keep_cert(struct run *r, struct look *l, const struct cert *c, const char *state)
{
	const struct item *it = item_of(l, c);
	struct run_key *k = keep_key(r, &c->pub, it != NULL ? it->path : "");

	if (k == NULL)
		return;
	text_copy(k->name, sizeof k->name, c->path);
	keep_text(&k->sources, c->info.sources);
	keep_text(&k->command, c->info.command);
	k->cert = k->config = true;
	k->cert_named |= c->order <= l->named;
	if (k->file_order == 0)
		k->file_order = c->order;
	if (it == NULL)
		return;
	k->in_file = it->file.state == KEYFILE_OK || it->file.state == KEYFILE_ENCRYPTED;
	k->encrypted = it->file.state == KEYFILE_ENCRYPTED;
	k->open = it->file.open;
	k->usable |= can_sign(&it->file) && strcmp(state, "ok") == 0;
}

/* ---- evidence ------------------------------------------------------------------ */

static const char *
match_of(const struct keyfile *f)
{
	if (f->own.blob == NULL || f->pub.blob == NULL || f->state == KEYFILE_UNPARSABLE)
		return "unknown";
	return is_mixed(f) ? "no" : "yes";
}

static void
say_item(struct keys *ks, const struct item *it)
{
	const struct keyfile *f = &it->file;
	const struct keyfile_pub *p = f->own.blob != NULL ? &f->own : &f->pub;
	struct evidence ev;

	ev_init(&ev, EV_KEY_FILE);
	ev_str(&ev, K_PATH, it->path);
	ev_str(&ev, K_SOURCE, it->source);
	ev_str(&ev, K_STATE, keyfile_state_name(f->state));
	if (f->mode[0] != '\0') {
		ev_str(&ev, K_MODE, f->mode);
		ev_str(&ev, K_OWNER, f->owner);
		ev_int(&ev, K_OPEN, f->open);
	}
	if (p->blob != NULL) {
		ev_str(&ev, K_TYPE, p->type);
		ev_str(&ev, K_FP, p->fp);
	}
	if (f->pub.blob != NULL)
		ev_str(&ev, K_PUB_FP, f->pub.fp);
	ev_int(&ev, K_PUB, p->blob != NULL);
	ev_str(&ev, K_MATCH, match_of(f));
	if (f->state == KEYFILE_UNREADABLE || f->state == KEYFILE_UNPARSABLE)
		ev_str(&ev, K_TEXT, f->why[0] != '\0' ? f->why : it->err);
	if (it->cert[0] != '\0')
		ev_str(&ev, K_CERT, it->cert);
	probe_emit(ks->pr, &ev);
}

static void
say_cert(struct keys *ks, const struct cert *c, const char *state)
{
	char ca[FINGERPRINT_MAX], serial[24];
	struct evidence ev;

	ev_init(&ev, EV_KEY_CERT);
	ev_str(&ev, K_PATH, c->path);
	if (c->error == 0) {
		fingerprint_of_blob(c->info.ca, c->info.ca_len, ca);
		snprintf(serial, sizeof serial, "%llu", (unsigned long long)c->info.serial);
		ev_str(&ev, K_TYPE, c->pub.type);
		ev_str(&ev, K_FP, c->pub.fp);
		ev_str(&ev, K_ID, c->info.id);
		ev_str(&ev, K_SERIAL, serial);
		if (c->info.from != 0)
			ev_int(&ev, K_VALID_FROM, (int64_t)c->info.from);
		if (c->info.to <= INT64_MAX)
			ev_int(&ev, K_VALID_TO, (int64_t)c->info.to);
		ev_str(&ev, K_PRINCIPALS, c->info.principals);
		if (c->info.principals[0] != '\0')
			ev_str(&ev, K_MATCH,
			    text_list_has(c->info.principals, ks->pr->run->cfg->user) ? "yes"
										      : "no");
		ev_str(&ev, K_CA_FP, ca);
		ev_str(&ev, K_KIND, c->info.user ? "user" : "host");
		ev_str(&ev, K_SOURCE, c->info.sources[0] != '\0' ? c->info.sources : NULL);
		ev_str(&ev, K_COMMAND, c->info.command[0] != '\0' ? c->info.command : NULL);
	}
	ev_str(&ev, K_STATE, state);
	probe_emit(ks->pr, &ev);
}

static void
say_block(struct keys *ks, const struct block *b, int order)
{
	struct evidence ev;

	if (b->b.user[0] == '\0' && b->b.port == 0 && b->key[0] == '\0')
		return;
	ev_init(&ev, EV_CONFIG_BLOCK);
	ev_str(&ev, K_FILE, b->file);
	ev_int(&ev, K_LINE, b->b.line);
	ev_str(&ev, K_NAME, b->b.alias);
	ev_str(&ev, K_REASON, b->reason);
	ev_int(&ev, K_ORDER, order);
	if (b->b.user[0] != '\0')
		ev_str(&ev, K_USER, b->b.user);
	if (b->b.port != 0)
		ev_int(&ev, K_PORT, b->b.port);
	if (b->key[0] != '\0')
		ev_str(&ev, K_PATH, b->key);
	probe_emit(ks->pr, &ev);
}

static void
tell(struct keys *ks)
{
	struct look *l = ks->look;
	time_t now = time(NULL);

	for (int i = 0; i < l->blocks.n; i++)
		say_block(ks, &l->blocks.block[i], i + 1);
	for (int i = 0; i < l->ncerts; i++) {
		struct item *it = l->cert[i].error == 0 ? item_of(l, &l->cert[i]) : NULL;

		if (it != NULL)
			text_copy(it->cert, sizeof it->cert, l->cert[i].path);
	}
	for (int i = 0; i < l->n; i++) {
		say_item(ks, &l->item[i]);
		keep_item(ks->pr->run, &l->item[i], CERTS_MAX + 2 * i + 1);
	}
	for (int i = 0; i < l->ncerts; i++) {
		const struct cert *c = &l->cert[i];
		const char *state = cert_state(c, now);

		say_cert(ks, c, state);
		if (c->error == 0 && c->info.user)
			keep_cert(ks->pr->run, l, c, state);
	}
}

static void
finish(struct keys *ks)
{
	if (ks->job != NULL || ks->children > 0)
		return;
	if (ks->look != NULL) {
		if (!ks->pr->cancelled || ks->pr->deadline_hit)
			tell(ks);
		clear_look(ks->look);
		ks->look = NULL;
	}
	probe_done(ks->pr);
}

/* ---- ssh-keygen -y: what ssh makes of a file that is in doubt --------------------- */

static void
on_line(void *arg, enum child_stream stream, const char *line, size_t len)
{
	struct item *it = arg;

	if (stream == CHILD_ERR)
		text_clean(it->err, sizeof it->err, line, len);
	else if (it->line == NULL && len < FIRST_LINE)
		it->line = strndup(line, len);
}

static void
on_end(void *arg, int error, int status, int sig)
{
	struct item *it = arg;
	struct keyfile *f = &it->file;
	struct keys *ks = it->keys;

	it->child = NULL;
	ks->children--;
	if (error == 0 && sig == 0 && status == 0 && it->line != NULL) {
		f->state = KEYFILE_OK;
		if (f->own.blob == NULL)
			keyfile_parse_pub(&f->own, it->line, strlen(it->line));
	} else if (error == 0 && sig == 0 && strstr(it->err, "incorrect passphrase") != NULL) {
		f->state = KEYFILE_ENCRYPTED;
	} else if (error == 0 && sig == 0) {
		f->state = KEYFILE_UNPARSABLE;
	}
	finish(ks);
}

/* A key that others may read would be refused for that alone. */
static void
confirm(struct keys *ks, struct item *it)
{
	static const struct child_callbacks cb = { on_line, on_end };
	const char *argv[] = { "ssh-keygen", "-y", "-P", "", "-f", it->path, NULL };

	if (!it->file.suspect || it->file.open || strcmp(it->source, "other") == 0)
		return;
	it->keys = ks;
	it->child = child_start(probe_loop(ks->pr), (char *const *)argv, &cb, it);
	if (it->child != NULL)
		ks->children++;
}

static void
on_looked(void *arg, void *data)
{
	struct keys *ks = arg;
	struct look **l = data;

	ks->job = NULL;
	ks->look = *l;
	*l = NULL;
	for (int i = 0; i < ks->look->n; i++)
		confirm(ks, &ks->look->item[i]);
	finish(ks);
}

/* ---- what to look at --------------------------------------------------------------- */

/* What ssh -G lists where no IdentityFile is set (readconf.c, fill_default_options). */
static const char *const default_names[] = { "id_rsa", "id_dsa", "id_ecdsa", "id_ecdsa_sk",
	"id_ed25519", "id_ed25519_sk", "id_xmss" };

static bool
is_default(const char *listed)
{
	if (strncmp(listed, "~/.ssh/", 7) != 0)
		return false;
	for (size_t i = 0; i < sizeof default_names / sizeof *default_names; i++)
		if (strcmp(listed + 7, default_names[i]) == 0)
			return true;
	return false;
}

static const char *
source_of(const struct run *r, const char *listed)
{
	const char *word;

	for (int i = 0; (word = identity_word(r->opt, i)) != NULL; i++)
		if (strcmp(word, listed) == 0)
			return "cli";
	return is_default(listed) ? "default" : "config";
}

static void
list_files(const struct run *r, struct look *l)
{
	const struct sshg *cfg = r->cfg;
	const char *word;
	char path[PATH_LEN];

	for (unsigned i = 0; i < cfg->identityfile.n; i++) {
		if (strcmp(cfg->identityfile.item[i], "none") == 0)
			continue;
		path_expand(r, cfg->identityfile.item[i], path, sizeof path);
		add_item(l, path, source_of(r, cfg->identityfile.item[i]));
	}
	/* ssh drops an -i that names no file, and says so in a warning only. */
	for (int i = 0; (word = identity_word(r->opt, i)) != NULL; i++) {
		path_expand(r, word, path, sizeof path);
		add_item(l, path, "cli");
	}
	/* What the command line names for the target is not offered to its jump hosts, and may be what they want. */
	for (int i = 0; r->target_opt != NULL && (word = identity_word(r->target_opt, i)) != NULL;
	     i++) {
		path_expand(r, word, path, sizeof path);
		add_item(l, path, "other");
	}
	for (unsigned i = 0;
	     i < cfg->certificatefile.n && strcmp(cfg->certificatefile.item[i], "none") != 0; i++) {
		struct cert *c = &l->cert[l->ncerts++];

		path_expand(r, cfg->certificatefile.item[i], c->path, sizeof c->path);
		c->order = (int)i + 1;
	}
	l->named = l->ncerts;
	if (r->opt->keydir != NULL)
		text_copy(l->dir, sizeof l->dir, r->opt->keydir);
	else if (r->home != NULL)
		snprintf(l->dir, sizeof l->dir, "%s/.ssh", r->home);
}

/* Whether the command itself sets this option of ssh_config(5), by its letter or by -o. */
static bool
is_given(const struct run_options *opt, char letter, const char *name)
{
	size_t n = strlen(name);

	for (size_t i = 0; i < opt->nargs; i++) {
		const char *a = opt->args[i];

		if (a[0] != '-')
			continue;
		if (a[1] == letter)
			return true;
		if (a[1] != 'o')
			continue;
		a = a[2] != '\0' ? a + 2 : i + 1 < opt->nargs ? opt->args[i + 1] : "";
		if (strncasecmp(a, name, n) == 0 && (a[n] == '=' || a[n] == ' '))
			return true;
	}
	return false;
}

static void
what_to_look_for(const struct run *r, struct blocks *bs)
{
	const char *only = option_word(r->opt, 'F');

	if (r->home != NULL)
		text_copy(bs->home, sizeof bs->home, r->home);
	if (only != NULL)
		path_expand(r, only, bs->only, sizeof bs->only);
	text_copy(bs->typed, sizeof bs->typed, r->t->host);
	text_copy(bs->hostname, sizeof bs->hostname, r->cfg->hostname);
	if (r->t->user[0] == '\0' && !is_given(r->opt, 'l', "user"))
		text_copy(bs->user, sizeof bs->user, r->cfg->user);
	if (r->t->port == 0 && !is_given(r->opt, 'p', "port"))
		bs->port = r->cfg->port;
}

int
keys_start(struct probe_run *pr)
{
	static const struct job_does does = { sizeof(struct look *), run_look, on_looked,
		drop_look };
	struct keys *ks = pr->priv;
	struct look *l = calloc(1, sizeof *l);
	void *data;

	ks->pr = pr;
	if (l == NULL || (ks->job = job_new(&does, ks, &data)) == NULL) {
		free(l);
		return -1;
	}
	list_files(pr->run, l);
	what_to_look_for(pr->run, &l->blocks);
	*(struct look **)data = l;
	job_start(ks->job, probe_loop(pr));
	return 0;
}

void
keys_cancel(struct probe_run *pr)
{
	struct keys *ks = pr->priv;

	if (ks->job != NULL)
		job_drop(ks->job);
	ks->job = NULL;
	for (int i = 0; ks->look != NULL && i < ks->look->n; i++)
		if (ks->look->item[i].child != NULL)
			child_kill_now(ks->look->item[i].child);
	finish(ks);
}
