/*
 * Probe "auth": authentication on the one connection. First "none" for the
 * method list, then an unsigned question for each key in ssh's own order, and a
 * signed login with the first key that the server accepts and that can be
 * used without a person, where the host key is trusted. Other keys of the
 * user are asked about last. One row in probes.c.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "addrlist.h"
#include "../base64.h"
#include "../sigalg.h"
#include "agentpipe.h"
#include "conn.h"
#include "probes.h"
#include "proof.h"

enum {
	PUBLIC_MAX = 200,     /* of a line of authorized_keys: ed25519 and ecdsa, not RSA */
	REFUSALS_MAX = 5,     /* then other keys of the user are not asked about */
	AUTH_LIMIT_MS = 60000 /* of the whole layer, beside the limit of each step */
};

struct auth {
	struct probe_run *pr;
	struct conn *conn;
	const char *user;
	struct run_key *order[RUN_KEYS];
	int n, listed; /* the first `listed` are ssh's own list */
	int at;        /* the key in question */
	int refused;
	bool accepted_listed, over, working, cancelled;
	bool unsigned_yet; /* the limit struck while the agent was to sign */
	uint64_t step_us, start_us;
	uint64_t queries_us, asking_us; /* the first question's start, the time of all */
	int queries;
	char methods[512];
	char *banner;   /* what was said already, owned */
	bool attempted; /* a signed login was sent */
	const char
	    *sigalgs; /* what the server says it takes, the connection's; NULL if it does not say */
	ssh_key pub, priv;
	struct agentpipe *agent;
	int rc;           /* of the worker's call */
	const char *from; /* where the key that signs comes from */
};

_Static_assert(sizeof(struct auth) <= AUTH_PRIV, "probes.h gives too little room");

static void next_key(struct auth *a);

/* ---- ssh's order (sshconnect2.c, pubkey_prepare) -------------------------------- */

static enum sigalg
left_out(const struct auth *a, const struct run_key *k)
{
	const struct sshg *cfg = a->pr->run->cfg;

	return k->blob == NULL
		   ? SIGALG_OFFERED
		   : sigalg_judge(k->type, k->blob, k->blob_len, cfg->pubkeyacceptedalgorithms,
			 a->sigalgs, cfg->requiredrsasize);
}

/* A key that the list names and that ssh does not put to the server all the same. */
static bool
is_left_out(const struct auth *a, const struct run_key *k)
{
	return left_out(a, k) != SIGALG_OFFERED;
}

static bool
is_named_cert(const struct run_key *k)
{
	return k->config && k->cert_named && k->file_order > 0;
}

static bool
is_agent_and_file(const struct run_key *k)
{
	return k->in_agent && k->config;
}

static bool
is_agent(const struct run_key *k)
{
	return k->in_agent;
}

static bool
is_file(const struct run_key *k)
{
	return k->config && k->file_order > 0;
}

/* What ssh would not offer: agent keys under IdentitiesOnly, and files that nothing names. */
static bool
is_other(const struct run_key *k)
{
	return k->other || k->in_agent;
}

static int
by_agent(const struct run_key *k)
{
	return k->agent_order;
}

static int
by_file(const struct run_key *k)
{
	return k->file_order;
}

static bool
is_put(const struct auth *a, const struct run_key *k)
{
	for (int i = 0; i < a->n; i++)
		if (a->order[i] == k)
			return true;
	return false;
}

/* Append the keys of one group, in the group's own order; left: those of it that ssh leaves out. */
static void
put_group(struct auth *a, bool left, bool (*member)(const struct run_key *),
    int (*place)(const struct run_key *))
{
	const struct run *r = a->pr->run;

	for (;;) {
		struct run_key *best = NULL;

		for (int i = 0; i < r->nkeys; i++) {
			struct run_key *k = r->keys[i];

			if (member(k) && k->blob != NULL && !is_put(a, k) &&
			    is_left_out(a, k) == left && (best == NULL || place(k) < place(best)))
				best = k;
		}
		if (best == NULL)
			return;
		a->order[a->n++] = best;
	}
}

static void
put_listed(struct auth *a, bool left)
{
	put_group(a, left, is_named_cert, by_file);
	put_group(a, left, is_agent_and_file, by_agent);
	if (a->pr->run->cfg->identitiesonly != SSHG_YES)
		put_group(a, left, is_agent, by_agent);
	put_group(a, left, is_file, by_file);
}

static void
make_order(struct auth *a)
{
	const struct sshg *cfg = a->pr->run->cfg;

	if (cfg->pubkeyauthentication != SSHG_NO)
		put_listed(a, false);
	a->listed = a->n;
	if (cfg->pubkeyauthentication != SSHG_NO)
		put_listed(a, true);
	put_group(a, false, is_other, by_file);
}

/* ---- ends --------------------------------------------------------------------------- */

static void
drop_keys(struct auth *a)
{
	ssh_key_free(a->pub);
	ssh_key_free(a->priv);
	a->pub = a->priv = NULL;
	agentpipe_free(a->agent);
	a->agent = NULL;
}

static void
over(struct auth *a)
{
	if (a->over)
		return;
	a->over = true;
	if (a->queries > 0)
		probe_phase(
		    a->pr, PH_AUTHKEYS, a->queries_us, a->queries_us + a->asking_us, a->queries);
	drop_keys(a);
	free(a->banner);
	a->banner = NULL;
	conn_rest(a->conn);
	probe_done(a->pr);
}

static void
say_end(struct auth *a, const char *reason, int code, const char *text)
{
	struct evidence ev;

	ev_init(&ev, EV_AUTH_END);
	ev_str(&ev, K_REASON, reason);
	if (code > 0)
		ev_int(&ev, K_CODE, code);
	ev_str(&ev, K_TEXT, text);
	probe_emit(a->pr, &ev);
	/* No login of ours will run a command: only ssh itself can show more. */
	proof_gate(a->pr->run, true);
	over(a);
}

/* "Received SSH_MSG_DISCONNECT: 2:Too many authentication failures" (RFC 4253 11.1), or a mere close. */
static void
say_lost(struct auth *a)
{
	static const char mark[] = "SSH_MSG_DISCONNECT: ";
	char text[512];
	const char *p;
	int code = 0, used = 0;

	snprintf(text, sizeof text, "%s", ssh_get_error(conn_ssh(a->conn)));
	p = strstr(text, mark);
	if (p == NULL) {
		say_end(a, "closed", 0, text);
		return;
	}
	p += sizeof mark - 1;
	if (sscanf(p, "%d:%n", &code, &used) >= 1)
		p += used;
	say_end(a, "disconnect", code, p);
}

static void
say_login(struct auth *a, const char *method, const char *result, const char *text)
{
	const struct run_key *k = a->at < a->n ? a->order[a->at] : NULL;
	struct evidence ev;

	ev_init(&ev, EV_AUTH_LOGIN);
	ev_str(&ev, K_METHOD, method);
	if (k != NULL && strcmp(method, "publickey") == 0) {
		ev_str(&ev, K_FP, k->fp);
		ev_str(&ev, K_NAME, k->name);
		ev_str(&ev, K_FROM, a->from);
		if (strcmp(a->from, "cert") == 0)
			ev_str(&ev, K_COMMAND, k->command);
	}
	ev_str(&ev, K_RESULT, result);
	ev_str(&ev, K_TEXT, text);
	ev_int(&ev, K_TOOK_US, (int64_t)(probe_now(a->pr) - a->step_us));
	probe_emit(a->pr, &ev);
}

/* ---- methods ---------------------------------------------------------------------------- */

/* The names as the server sent them: libssh's bit mask loses those it does not know. */
static void
read_methods(struct auth *a)
{
	static const char mark[] = "that can continue: ";
	const char *p = strstr(ssh_get_error(conn_ssh(a->conn)), mark);

	if (p != NULL)
		snprintf(a->methods, sizeof a->methods, "%s", p + sizeof mark - 1);
}

/* After partial success libssh gives the list as bits only. */
static void
read_methods_left(struct auth *a)
{
	static const struct {
		int bit;
		const char *name;
	} known[] = {
		{ SSH_AUTH_METHOD_PUBLICKEY, "publickey" },
		{ SSH_AUTH_METHOD_PASSWORD, "password" },
		{ SSH_AUTH_METHOD_INTERACTIVE, "keyboard-interactive" },
		{ SSH_AUTH_METHOD_HOSTBASED, "hostbased" },
		{ SSH_AUTH_METHOD_GSSAPI_MIC, "gssapi-with-mic" },
	};
	int bits = ssh_userauth_list(conn_ssh(a->conn), NULL);
	struct strbuf sb;

	sb_init(&sb, a->methods, sizeof a->methods);
	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		if (bits & known[i].bit)
			sb_printf(&sb, "%s%s", sb.len > 0 ? "," : "", known[i].name);
}

static void
say_methods(struct auth *a, bool partial)
{
	struct evidence ev;

	if (partial)
		read_methods_left(a);
	else
		read_methods(a);
	ev_init(&ev, EV_AUTH_METHODS);
	ev_str(&ev, K_METHODS, a->methods);
	if (partial)
		ev_int(&ev, K_PARTIAL, 1);
	ev_int(&ev, K_TOOK_US, (int64_t)(probe_now(a->pr) - a->step_us));
	probe_emit(a->pr, &ev);
}

/* ssh prints a banner as it came, between its own lines: the proof must know what might imitate them. */
static void
keep_banner(struct run *r, const char *banner)
{
	char text[4 * 4096 + 1];

	text_clean(text, sizeof text, banner, strnlen(banner, 4096));
	r->banner_seen = true;
	r->banner_imitates |=
	    strstr(text, PROOF_NOTE_MARK) != NULL || strstr(text, PROOF_GSS_MARK) != NULL;
}

/* libssh keeps the server's last text: what PAM says of the account comes with the answer to a signed login. */
static void
say_banner(struct auth *a)
{
	char *banner = ssh_get_issue_banner(conn_ssh(a->conn));
	struct evidence ev;

	if (banner == NULL)
		return;
	if (a->banner == NULL || strcmp(a->banner, banner) != 0) {
		ev_init(&ev, EV_AUTH_BANNER);
		ev_mem(&ev, K_TEXT, banner, strnlen(banner, 4096));
		if (a->attempted)
			ev_str(&ev, K_METHOD, "publickey");
		probe_emit(a->pr, &ev);
		keep_banner(a->pr->run, banner);
		free(a->banner);
		a->banner = strdup(banner);
	}
	ssh_string_free_char(banner);
}

/* Whether libssh's answer is final and was not cut off. */
static bool
answered(struct auth *a, int rc)
{
	if (rc == SSH_AUTH_AGAIN && !conn_closed(a->conn))
		return false;
	if (rc != SSH_AUTH_SUCCESS && rc != SSH_AUTH_PARTIAL && conn_closed(a->conn)) {
		a->rc = SSH_AUTH_ERROR;
		return true;
	}
	a->rc = rc;
	return true;
}

static void
begin_step(struct auth *a)
{
	const struct run_options *opt = a->pr->run->opt;
	uint32_t ms = opt->timeout_ms != 0 ? opt->timeout_ms : 10000;

	a->step_us = probe_now(a->pr);
	if (a->step_us - a->start_us < (uint64_t)AUTH_LIMIT_MS * 1000)
		probe_extend(a->pr, ms);
}

/* ---- the signed login ------------------------------------------------------------------- */

static void
login_ended(struct auth *a)
{
	struct run *r = a->pr->run;

	/* What the agent took, or the person at it, is no time of the server's. */
	if (a->agent != NULL)
		a->step_us += agentpipe_waited_us(a->agent);
	probe_phase(a->pr, PH_AUTHSIGN, a->step_us, probe_now(a->pr), 0);
	switch (a->rc) {
	case SSH_AUTH_SUCCESS:
		say_login(a, "publickey", "success", NULL);
		say_banner(a);
		over(a);
		return;
	case SSH_AUTH_PARTIAL:
		say_login(a, "publickey", "partial", NULL);
		say_banner(a);
		say_methods(a, true);
		break;
	case SSH_AUTH_DENIED:
		say_login(a, "publickey", "denied", NULL);
		say_banner(a);
		r->failed_auth++;
		say_methods(a, false);
		break;
	default:
		if (a->agent != NULL && agentpipe_refused(a->agent) && !conn_closed(a->conn)) {
			say_login(a, "publickey", "error", "the agent refused to sign");
			break;
		}
		say_login(a, "publickey", "closed", ssh_get_error(conn_ssh(a->conn)));
		say_banner(a);
		say_lost(a);
		return;
	}
	drop_keys(a);
	a->at++;
	next_key(a);
}

/*
 * A worker has the session and the keys: nothing of them may go before it is
 * back. A cancelled login ends then; cutting the agent off makes that soon.
 */
static bool
worker_back(struct auth *a)
{
	a->working = false;
	if (!a->cancelled)
		return true;
	auth_cancel(a->pr);
	return false;
}

static void
hand_over(struct auth *a, void (*work)(void *), void (*after)(void *))
{
	a->working = true;
	conn_work(a->conn, work, after, a);
}

static void
step_file_login(void *arg)
{
	struct auth *a = arg;

	if (!a->over && answered(a, ssh_userauth_publickey(conn_ssh(a->conn), a->user, a->priv)))
		login_ended(a);
}

/* No one is asked: that a passphrase was wanted was seen before. */
static int
no_passphrase(const char *prompt, char *buf, size_t len, int echo, int verify, void *userdata)
{
	(void)prompt;
	(void)buf;
	(void)len;
	(void)echo;
	(void)verify;
	(void)userdata;
	return -1;
}

/* In the pool: reading and signing with a big key takes longer than a loop may wait. */
static void
sign_with_file(void *arg)
{
	struct auth *a = arg;
	const struct run_key *k = a->order[a->at];

	a->rc = SSH_AUTH_ERROR;
	if (ssh_pki_import_privkey_file(k->path, NULL, no_passphrase, NULL, &a->priv) != SSH_OK)
		return;
	if (k->cert && ssh_pki_copy_cert_to_privkey(a->pub, a->priv) != SSH_OK)
		return;
	a->rc = ssh_userauth_publickey(conn_ssh(a->conn), a->user, a->priv);
}

static void
file_signed(void *arg)
{
	struct auth *a = arg;

	if (!worker_back(a))
		return;
	if (a->priv == NULL || (a->rc == SSH_AUTH_ERROR && !conn_closed(a->conn))) {
		say_login(
		    a, "publickey", "unsupported", "our own connection cannot sign with this key");
		drop_keys(a);
		a->at++;
		next_key(a);
	} else if (a->rc == SSH_AUTH_AGAIN) {
		conn_drive(a->conn, step_file_login, a);
	} else {
		answered(a, a->rc);
		login_ended(a);
	}
}

/* In the pool, each call of it: libssh waits for its agent without limit. */
static void
sign_with_agent(void *arg)
{
	struct auth *a = arg;

	a->rc = ssh_userauth_agent(conn_ssh(a->conn), a->user);
}

static void
agent_signed(void *arg)
{
	struct auth *a = arg;

	if (worker_back(a) && answered(a, a->rc))
		login_ended(a);
}

static void
step_agent_login(void *arg)
{
	struct auth *a = arg;

	if (!a->over)
		hand_over(a, sign_with_agent, agent_signed);
}

static void
begin_login(struct auth *a)
{
	const struct run *r = a->pr->run;
	struct run_key *k = a->order[a->at];
	int fd;

	begin_step(a);
	a->attempted = true;
	conn_rest(a->conn);
	if (k->in_agent && r->agent_path[0] != '\0') {
		a->from = "agent";
		a->agent =
		    agentpipe_new(probe_loop(a->pr), r->agent_path, k->blob, k->blob_len, &fd);
		if (a->agent != NULL) {
			ssh_set_agent_socket(conn_ssh(a->conn), fd);
			conn_drive(a->conn, step_agent_login, a);
			return;
		}
	}
	a->from = k->cert ? "cert" : "file";
	hand_over(a, sign_with_file, file_signed);
}

/* ---- the unsigned questions ---------------------------------------------------------------- */

/* The public key itself, for whoever is to put it into authorized_keys; a long one does not fit there. */
static void
put_public(struct evidence *ev, const struct run_key *k, char line[PUBLIC_MAX])
{
	size_t n = strlen(k->type);

	if (k->cert || k->blob == NULL || n + 2 > PUBLIC_MAX)
		return;
	memcpy(line, k->type, n);
	line[n] = ' ';
	if (base64_encode(line + n + 1, PUBLIC_MAX - n - 1, k->blob, k->blob_len) > 0)
		ev_str(ev, K_PUBLIC, line);
}

static void
say_query(struct auth *a, const char *answer, const char *text)
{
	const struct run_key *k = a->order[a->at];
	char public[PUBLIC_MAX];
	struct evidence ev;

	ev_init(&ev, EV_AUTH_QUERY);
	ev_str(&ev, K_FP, k->fp);
	ev_str(&ev, K_TYPE, k->type);
	ev_str(&ev, K_NAME, k->name);
	ev_str(&ev, K_FROM, k->in_agent ? "agent" : k->cert ? "cert" : "file");
	ev_int(&ev, K_LISTED, a->at < a->listed);
	ev_int(&ev, K_ORDER, a->at + 1);
	if (a->at >= a->listed && is_left_out(a, k))
		ev_str(&ev, K_REASON, sigalg_name(left_out(a, k)));
	if (!sigalg_in_list(k->type, a->sigalgs))
		ev_int(&ev, K_SERVED, 0);
	ev_str(&ev, K_ANSWER, answer);
	if (k->sources != NULL && addrlist_has(k->sources, a->pr->run->client) == 0) {
		ev_str(&ev, K_MATCH, "no");
		ev_str(&ev, K_SOURCE, k->sources);
		ev_str(&ev, K_LOCAL, a->pr->run->client);
	}
	put_public(&ev, k, public);
	ev_str(&ev, K_TEXT, text);
	ev_int(&ev, K_TOOK_US, (int64_t)(probe_now(a->pr) - a->step_us));
	probe_emit(a->pr, &ev);
}

/* Whether the private half can sign without a person. */
static bool
usable(const struct auth *a, const struct run_key *k)
{
	return a->pr->run->trusted && (k->in_agent || k->usable);
}

static void
query_ended(struct auth *a)
{
	struct run_key *k = a->order[a->at];

	a->asking_us += probe_now(a->pr) - a->step_us;
	if (a->rc == SSH_AUTH_SUCCESS) {
		say_query(a, "accepted", NULL);
		a->accepted_listed |= a->at < a->listed;
		if (a->at < a->listed && usable(a, k)) {
			begin_login(a);
			return;
		}
	} else if (a->rc == SSH_AUTH_DENIED) {
		read_methods(a);
		say_query(a, "refused", NULL);
		a->refused++;
		a->pr->run->failed_auth++;
	} else {
		if (conn_closed(a->conn)) {
			say_query(a, "closed", NULL);
			say_banner(a);
			say_lost(a);
			return;
		}
		say_query(a, "skipped", ssh_get_error(conn_ssh(a->conn)));
	}
	drop_keys(a);
	a->at++;
	next_key(a);
}

static void
step_query(void *arg)
{
	struct auth *a = arg;

	if (a->over || !answered(a, ssh_userauth_try_publickey(conn_ssh(a->conn), a->user, a->pub)))
		return;
	query_ended(a);
}

static int
import_public(const struct run_key *k, ssh_key *out)
{
	size_t cap = (k->blob_len + 2) / 3 * 4 + 1;
	char *b64 = malloc(cap);
	enum ssh_keytypes_e type = ssh_key_type_from_name(k->type);
	int rc = SSH_ERROR;

	if (b64 != NULL && type != SSH_KEYTYPE_UNKNOWN &&
	    base64_encode(b64, cap, k->blob, k->blob_len) > 0)
		rc = k->cert ? ssh_pki_import_cert_base64(b64, type, out)
			     : ssh_pki_import_pubkey_base64(b64, type, out);
	free(b64);
	return rc;
}

/*
 * For keys that ssh leaves out the question is put as an ssh with other settings
 * would put it. Nothing is ever signed so.
 */
static void
ask_for_left_out(struct auth *a)
{
	static const int any_size = 768;
	char all[4096];

	snprintf(all, sizeof all, "%s,%s", a->pr->run->cfg->pubkeyacceptedalgorithms,
	    a->order[a->at]->type);
	ssh_options_set(conn_ssh(a->conn), SSH_OPTIONS_PUBLICKEY_ACCEPTED_TYPES, all);
	ssh_options_set(conn_ssh(a->conn), SSH_OPTIONS_RSA_MIN_SIZE, &any_size);
}

/*
 * Ask about the next key. Keys beyond ssh's own list only at a trusted host,
 * where none of the list would do, and as long as refusals are few: each
 * counts on the server.
 */
static void
next_key(struct auth *a)
{
	struct run_key *k;

	while (a->at < a->n) {
		if (!text_list_has(a->methods, "publickey"))
			break;
		if (a->at >= a->listed &&
		    (!a->pr->run->trusted || a->accepted_listed || a->refused >= REFUSALS_MAX))
			break;
		k = a->order[a->at];
		begin_step(a);
		if (a->at >= a->listed)
			ask_for_left_out(a);
		if (import_public(k, &a->pub) == SSH_OK) {
			if (a->queries++ == 0)
				a->queries_us = a->step_us;
			conn_drive(a->conn, step_query, a);
			return;
		}
		say_query(a, "skipped", "our own connection cannot ask about this type of key");
		a->at++;
	}
	say_end(a, "done", 0, NULL);
}

/* ---- the first request ------------------------------------------------------------------------ */

static void
say_sigalgs(struct auth *a)
{
	struct evidence ev;

	a->sigalgs = conn_sigalgs(a->conn);
	ev_init(&ev, EV_AUTH_SIGALGS);
	ev_str(&ev, K_ALGS, a->sigalgs != NULL ? a->sigalgs : "");
	probe_emit(a->pr, &ev);
}

static void
step_none(void *arg)
{
	struct auth *a = arg;

	if (a->over || !answered(a, ssh_userauth_none(conn_ssh(a->conn), a->user)))
		return;
	if (a->rc != SSH_AUTH_ERROR)
		probe_phase(a->pr, PH_AUTHNONE, a->step_us, probe_now(a->pr), 0);
	if (a->rc == SSH_AUTH_SUCCESS) {
		say_login(a, "none", "success", NULL);
		say_banner(a);
		over(a);
		return;
	}
	if (a->rc == SSH_AUTH_ERROR) {
		say_banner(a);
		say_lost(a);
		return;
	}
	say_methods(a, false);
	say_banner(a);
	say_sigalgs(a);
	make_order(a);
	next_key(a);
}

int
auth_start(struct probe_run *pr)
{
	struct auth *a = pr->priv;

	a->pr = pr;
	a->conn = pr->run->conn;
	a->user = pr->run->cfg->user;
	a->start_us = probe_now(pr);
	if (a->conn == NULL)
		return -1;
	begin_step(a);
	conn_drive(a->conn, step_none, a);
	return 0;
}

void
auth_cancel(struct probe_run *pr)
{
	struct auth *a = pr->priv;

	a->cancelled = true;
	if (a->working) {
		a->unsigned_yet = a->agent != NULL && agentpipe_waits(a->agent);
		agentpipe_free(a->agent);
		a->agent = NULL;
	} else if (pr->deadline_hit && a->unsigned_yet) {
		say_login(a, "publickey", "error",
		    "no signature in time: it may wait for a touch, a PIN or a confirmation");
		say_end(a, "done", 0, NULL);
	} else if (pr->deadline_hit)
		say_end(a, "timeout", 0, NULL);
	else
		over(a);
}
