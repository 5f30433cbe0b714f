/*
 * Probe "wire": the connection from its first byte to the proved host key.
 * Our identification goes out at once; every line of the server is kept, its
 * whole algorithm offer is read, negotiation is computed against what ssh
 * itself would offer, and libssh then does the key exchange. One row in
 * probes.c; leaves run->conn behind for auth and session.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../fpmask.h"
#include "../base64.h"
#include "../sigalg.h"
#include "../wire.h"
#include "child.h"
#include "conn.h"
#include "offer.h"
#include "probes.h"
#include "proxy.h"

enum {
	LINES_SHOWN = 20, /* prelines that become evidence one by one */
	EARLY_KEPT = 256, /* bytes by which another protocol is recognised */
	GUESS_GRACE_MS = 500,
	SILENT_MS = 3000,     /* no progress in the key exchange for so long is worth a line */
	PROXY_GRACE_MS = 1000 /* for a proxy to end after its stream */
};

struct wire {
	struct probe_run *pr;
	struct conn *conn;
	char early[EARLY_KEPT];
	size_t early_len;
	const char *guess; /* another protocol, by its first bytes */
	int lines;
	int64_t bytes;
	bool ident, kexinit, newkeys, over;
	uint64_t start_us, ident_us, kexinit_us, first_us;
	uv_timer_t silent;
	bool timed;          /* silent is open */
	bool stream_over;    /* the proxy's stream ended; its last words are still to come */
	struct child *query; /* ssh -Q after a mismatch */
	enum kex_list mismatch;
	char ours[4096], theirs[4096], add[64];
};

_Static_assert(sizeof(struct wire) <= WIRE_PRIV, "probes.h gives too little room");

/* ---- the end of the probe --------------------------------------------------- */

static void
on_timer_closed(uv_handle_t *h)
{
	struct wire *w = h->data;

	probe_done(w->pr);
}

static void
over(struct wire *w)
{
	if (w->over)
		return;
	w->over = true;
	if (w->pr->run->proxy != NULL)
		proxy_mute(w->pr->run->proxy);
	if (w->conn != NULL) {
		conn_unhook(w->conn);
		conn_rest(w->conn);
	}
	if (w->timed)
		uv_close((uv_handle_t *)&w->silent, on_timer_closed);
	else
		probe_done(w->pr);
}

static void
say_banner_end(struct wire *w, const char *reason, int err)
{
	struct evidence ev;

	ev_init(&ev, EV_BANNER_END);
	ev_str(&ev, K_REASON, reason);
	if (err != 0)
		ev_str(&ev, K_ERRNO, strerrorname_np(err));
	ev_int(&ev, K_LINES, w->lines);
	ev_int(&ev, K_BYTES, w->bytes);
	ev_str(&ev, K_GUESS, w->guess);
	ev_int(&ev, K_TOOK_US, (int64_t)(probe_now(w->pr) - w->start_us));
	probe_emit(w->pr, &ev);
	over(w);
}

static void
say_kex_result(struct wire *w, const char *result, const char *text, int err)
{
	int64_t rtt = 0, retrans = 0, unacked = 0;
	struct evidence ev;

	if (w->conn != NULL)
		conn_tcp(w->conn, &rtt, &retrans, &unacked);
	ev_init(&ev, EV_KEX_RESULT);
	ev_str(&ev, K_RESULT, result);
	ev_str(&ev, K_STAGE, kex_stage_name(w->pr->run->kex_stage));
	ev_str(&ev, K_TEXT, text);
	if (err != 0)
		ev_str(&ev, K_ERRNO, strerrorname_np(err));
	ev_int(&ev, K_UNACKED, unacked);
	ev_int(&ev, K_RETRANS, retrans);
	ev_int(&ev, K_TOOK_US, (int64_t)(probe_now(w->pr) - w->ident_us));
	probe_emit(w->pr, &ev);
}

/* ---- a stall ------------------------------------------------------------------ */

static uint32_t
limit_ms(const struct wire *w)
{
	if (w->pr->probe->deadline_ms != 0)
		return w->pr->probe->deadline_ms;
	return w->pr->run->opt->timeout_ms != 0 ? w->pr->run->opt->timeout_ms : 10000;
}

/* The exchange has not gone on for a while: said once, so that others may find out why meanwhile. */
static void
on_silent(uv_timer_t *timer)
{
	struct wire *w = timer->data;
	int64_t rtt = 0, retrans = 0, unacked = 0;
	struct evidence ev;

	conn_tcp(w->conn, &rtt, &retrans, &unacked);
	ev_init(&ev, EV_KEX_SILENT);
	ev_str(&ev, K_STAGE, kex_stage_name(w->pr->run->kex_stage));
	ev_int(&ev, K_ELAPSED_US,
	    (int64_t)(probe_now(w->pr) - (w->kexinit ? w->kexinit_us : w->ident_us)));
	ev_int(&ev, K_UNACKED, unacked);
	ev_int(&ev, K_RETRANS, retrans);
	probe_emit(w->pr, &ev);
}

/* The exchange has come to a stage. */
static void
reach(struct wire *w, enum kex_stage stage)
{
	uint32_t ms = limit_ms(w) / 3;

	w->pr->run->kex_stage = stage;
	if (!w->timed)
		uv_timer_init(probe_loop(w->pr), &w->silent);
	w->timed = true;
	w->silent.data = w;
	uv_timer_start(&w->silent, on_silent, ms < SILENT_MS ? ms : SILENT_MS, 0);
}

/* ---- what the tap saw ---------------------------------------------------------- */

static void
on_early(void *arg, const char *bytes, size_t len)
{
	struct wire *w = arg;
	size_t n = EARLY_KEPT - w->early_len;

	if (w->first_us == 0)
		w->first_us = probe_now(w->pr);
	w->bytes += (int64_t)len;
	if (n == 0)
		return;
	n = len < n ? len : n;
	memcpy(w->early + w->early_len, bytes, n);
	w->early_len += n;
	if (w->guess == NULL && (w->guess = guess_protocol(w->early, w->early_len)) != NULL)
		probe_extend(w->pr, GUESS_GRACE_MS); /* what follows may still say why */
}

static void
say_line(struct wire *w, const char *line, size_t len)
{
	struct evidence ev;

	if (++w->lines > LINES_SHOWN)
		return;
	ev_init(&ev, EV_BANNER_LINE);
	ev_mem(&ev, K_TEXT, line, len < 1024 ? len : 1024);
	ev_int(&ev, K_BYTES, (int64_t)len);
	ev_int(&ev, K_LINE, w->lines);
	probe_emit(w->pr, &ev);
}

static void
on_preline(void *arg, const char *line, size_t len)
{
	say_line(arg, line, len);
}

static void
on_ident(void *arg, const char *line, size_t len)
{
	struct wire *w = arg;
	struct ident id;
	struct evidence ev;

	w->ident = true;
	w->ident_us = probe_now(w->pr);
	ident_parse(&id, line, len);
	ev_init(&ev, EV_BANNER_IDENT);
	ev_mem(&ev, K_TEXT, line, len);
	ev_str(&ev, K_PROTO, id.proto);
	ev_mem(&ev, K_SOFTWARE, id.software, id.software_len);
	ev_int(&ev, K_TOOK_US, (int64_t)(w->ident_us - w->start_us));
	probe_emit(w->pr, &ev);
	if (w->pr->run->proxy != NULL)
		probe_phase(w->pr, PH_PROXY, w->start_us, w->ident_us, 0);
	else
		probe_phase(w->pr, PH_BANNER, w->start_us, w->ident_us, 0);
	if (id.kind != IDENT_V2) {
		over(w);
		return;
	}
	probe_extend(w->pr, limit_ms(w));
	reach(w, KEX_AT_IDENT);
}

static void
put_list(struct evidence *ev, enum ev_key k, struct namelist list)
{
	ev_mem(ev, k, list.s, list.len);
}

static void
say_lists(struct wire *w, enum ev_kind kind, const struct namelist list[KEX__COUNT], int64_t took)
{
	struct evidence ev;

	ev_init(&ev, kind);
	put_list(&ev, K_KEX, list[KEX_KEX]);
	put_list(&ev, K_HOSTKEY, list[KEX_HOSTKEY]);
	put_list(&ev, K_CIPHER_CS, list[KEX_CIPHER_CS]);
	put_list(&ev, K_CIPHER_SC, list[KEX_CIPHER_SC]);
	put_list(&ev, K_MAC_CS, list[KEX_MAC_CS]);
	put_list(&ev, K_MAC_SC, list[KEX_MAC_SC]);
	put_list(&ev, K_COMP_CS, list[KEX_COMP_CS]);
	put_list(&ev, K_COMP_SC, list[KEX_COMP_SC]);
	if (took >= 0)
		ev_int(&ev, K_TOOK_US, took);
	probe_emit(w->pr, &ev);
}

static void
say_mismatch(struct wire *w)
{
	struct evidence ev;

	ev_init(&ev, EV_KEX_MISMATCH);
	ev_str(&ev, K_WHAT, kex_list_what(w->mismatch));
	ev_str(&ev, K_OURS, w->ours);
	ev_str(&ev, K_THEIRS, w->theirs);
	ev_str(&ev, K_OPTION, kex_list_option(w->mismatch));
	ev_str(&ev, K_ADD, w->add);
	probe_emit(w->pr, &ev);
	over(w);
}

/* A line of ssh -Q: an algorithm that this ssh knows, whether it offers it or not. */
static void
on_query_line(void *arg, enum child_stream stream, const char *line, size_t len)
{
	struct wire *w = arg;
	struct namelist name = { line, len };

	if (stream == CHILD_OUT && w->add[0] == '\0' && len < sizeof w->add &&
	    namelist_has(namelist_of(w->theirs), name))
		snprintf(w->add, sizeof w->add, "%.*s", (int)len, line);
}

static void
on_query_end(void *arg, int error, int status, int sig)
{
	struct wire *w = arg;

	(void)error;
	(void)status;
	(void)sig;
	w->query = NULL;
	say_mismatch(w);
}

/* A list as people read it: without the markers that are no algorithms. */
static void
put_algorithms(char *dst, size_t cap, struct namelist list)
{
	struct namelist name;
	struct strbuf sb;

	sb_init(&sb, dst, cap);
	while (namelist_next(&list, &name)) {
		if (namelist_is_marker(name))
			continue;
		if (sb.len > 0)
			sb_putc(&sb, ',');
		sb_add(&sb, name.s, name.len);
	}
}

/* Nothing in common: which of theirs could this ssh be told to use for this one host? */
static void
ask_mismatch(struct wire *w, const struct kex_lists *ours, const struct kex_lists *theirs)
{
	static const char *const words[KEX__COUNT] = {
		[KEX_KEX] = "kex",
		[KEX_HOSTKEY] = "HostKeyAlgorithms",
		[KEX_CIPHER_CS] = "cipher",
		[KEX_CIPHER_SC] = "cipher",
		[KEX_MAC_CS] = "mac",
		[KEX_MAC_SC] = "mac",
	};
	static const struct child_callbacks cb = { on_query_line, on_query_end };
	const struct run_options *opt = w->pr->run->opt;
	struct namelist a = ours->list[w->mismatch], b = theirs->list[w->mismatch];
	char *argv[] = { (char *)(opt->ssh != NULL ? opt->ssh : "ssh"), (char *)"-Q",
		(char *)words[w->mismatch], NULL };

	put_algorithms(w->ours, sizeof w->ours, a);
	put_algorithms(w->theirs, sizeof w->theirs, b);
	conn_unhook(w->conn);
	conn_rest(w->conn);
	if (words[w->mismatch] == NULL)
		say_mismatch(w);
	else
		w->query = child_start(probe_loop(w->pr), argv, &cb, w);
}

static void
on_server_kexinit(struct wire *w, const unsigned char *payload, size_t len)
{
	struct kex_lists ours, theirs;
	struct kex_choice choice;
	enum kexinit_status bad = kexinit_parse(&theirs, payload, len);

	if (bad != KEXINIT_OK) {
		say_kex_result(w, "corrupt", kexinit_status_words(bad), 0);
		over(w);
		return;
	}
	w->kexinit = true;
	w->kexinit_us = probe_now(w->pr);
	reach(w, KEX_AT_OFFER);
	probe_phase(w->pr, PH_KEXINIT, w->ident_us, w->kexinit_us, 0);
	snprintf(w->pr->run->server_hostkeys, sizeof w->pr->run->server_hostkeys, "%.*s",
	    (int)theirs.list[KEX_HOSTKEY].len, theirs.list[KEX_HOSTKEY].s);
	say_lists(w, EV_KEX_SERVER, theirs.list, (int64_t)(w->kexinit_us - w->ident_us));
	sshg_kex_lists(w->pr->run->cfg, &ours);
	if (negotiate(&ours, &theirs, &choice)) {
		say_lists(w, EV_KEX_AGREED, choice.list, -1);
		return;
	}
	w->mismatch = choice.mismatch;
	ask_mismatch(w, &ours, &theirs);
}

/* SSH_MSG_DISCONNECT: a reason code and words (RFC 4253 11.1). */
static void
on_disconnect(struct wire *w, const unsigned char *payload, size_t len)
{
	char text[256] = "";
	uint32_t said = 0;

	if (len >= 9)
		said = (uint32_t)payload[5] << 24 | (uint32_t)payload[6] << 16 |
		       (uint32_t)payload[7] << 8 | payload[8];
	if (len >= 9 && said <= len - 9)
		text_clean(text, sizeof text, (const char *)payload + 9, said);
	say_kex_result(w, "closed", text, 0);
	over(w);
}

static void
on_packet(void *arg, bool from_server, const unsigned char *payload, size_t len)
{
	struct wire *w = arg;

	if (!from_server || w->over || w->query != NULL)
		return;
	if (payload[0] == MSG_DISCONNECT) {
		on_disconnect(w, payload, len);
	} else if (payload[0] == MSG_KEXINIT && !w->kexinit) {
		on_server_kexinit(w, payload, len);
	} else if (payload[0] == MSG_NEWKEYS) {
		w->newkeys = true;
		reach(w, KEX_AT_KEYS);
		probe_phase(w->pr, PH_KEX, w->kexinit_us, probe_now(w->pr), 0);
	}
}

/* why is a word for banner.end before the identification, a sentence after it. */
static void
on_bad(void *arg, const char *why)
{
	struct wire *w = arg;

	if (w->over)
		return;
	if (!w->ident) {
		say_line(w, w->early, w->early_len);
		say_banner_end(w, why, 0);
	} else {
		say_kex_result(w, "corrupt", why, 0);
		over(w);
	}
}

static void
on_ended(void *arg, enum conn_end how, int err, const char *held, size_t len)
{
	struct wire *w = arg;

	if (w->over || w->query != NULL)
		return;
	if (w->pr->run->proxy != NULL && !proxy_ended(w->pr->run->proxy) && !w->newkeys) {
		w->stream_over = true;
		probe_extend(w->pr, PROXY_GRACE_MS);
		return;
	}
	if (!w->ident) {
		if (len >= 4 && memcmp(held, "SSH-", 4) == 0)
			w->bytes -= (int64_t)len; /* an identification cut short is no other text */
		else if (len > 0)
			say_line(w, held, len);
		say_banner_end(w, how == CONN_RESET ? "reset" : "eof", err);
		return;
	}
	if (w->newkeys)
		return; /* libssh may still end the exchange from what it holds; step() sees the close */
	say_kex_result(w, how == CONN_RESET ? "reset" : "closed", NULL, err);
	over(w);
}

/* Why the stream ended is in what the proxy said before it went. */
static void
on_proxy_ended(void *arg)
{
	struct wire *w = arg;

	if (w->stream_over)
		on_ended(w, CONN_EOF, 0, "", 0);
}

/* ---- libssh --------------------------------------------------------------------------- */

/* The length of an RSA key; 0 of another kind. */
static int
rsa_bits(const char *b64)
{
	uint8_t blob[4096];
	long len = base64_decode(blob, sizeof blob, b64, strlen(b64));

	return len > 0 ? sigalg_rsa_bits(blob, (size_t)len) : 0;
}

/*
 * Whether known_hosts has another key of this type and not this one, and ssh would refuse it for that
 * (where StrictHostKeyChecking is off the user has decided). The probe of known_hosts has ended.
 */
static bool
is_changed(const struct run *r)
{
	bool other = false;

	for (int i = 0; i < r->nknown; i++) {
		const struct run_known *k = &r->known[i];

		if (k->revoked || k->ca || strcmp(k->type, r->hostkey_type) != 0)
			continue;
		if (strcmp(k->fp, r->hostkey_fp) == 0)
			return false;
		other = true;
	}
	return other && r->cfg->stricthostkeychecking != SSHG_NO;
}

static void
keep_md5(struct run *r, ssh_key key)
{
	unsigned char *hash = NULL;
	size_t len = 0;

	r->has_hostkey_md5 =
	    ssh_get_publickey_hash(key, SSH_PUBLICKEY_HASH_MD5, &hash, &len) == 0 &&
	    len == sizeof r->hostkey_md5;
	if (r->has_hostkey_md5)
		memcpy(r->hostkey_md5, hash, len);
	ssh_clean_pubkey_hash(&hash);
}

static void
say_hostkey(struct wire *w)
{
	struct run *r = w->pr->run;
	unsigned char *hash = NULL;
	size_t hash_len = 0;
	ssh_key key = NULL;
	char *fp = NULL, shown[sizeof r->hostkey_fp], md5[FPMASK_MD5_LEN];
	struct evidence ev;

	if (ssh_get_server_publickey(conn_ssh(w->conn), &key) != SSH_OK)
		return;
	if (ssh_get_publickey_hash(key, SSH_PUBLICKEY_HASH_SHA256, &hash, &hash_len) == 0)
		fp = ssh_get_fingerprint_hash(SSH_PUBLICKEY_HASH_SHA256, hash, hash_len);
	snprintf(r->hostkey_fp, sizeof r->hostkey_fp, "%s", fp == NULL ? "" : fp);
	snprintf(r->hostkey_type, sizeof r->hostkey_type, "%s",
	    ssh_key_type(key) == SSH_KEYTYPE_ECDSA || ssh_key_type(key) == SSH_KEYTYPE_ECDSA_P256
		? ssh_pki_key_ecdsa_name(key)
		: ssh_key_type_to_char(ssh_key_type(key)));
	keep_md5(r, key);
	r->hostkey_changed = is_changed(r);
	snprintf(shown, sizeof shown, "%s", r->hostkey_fp);
	if (r->hostkey_changed)
		fpmask_hide(shown);
	ev_init(&ev, EV_HOSTKEY_OFFERED);
	ev_str(&ev, K_TYPE, r->hostkey_type);
	ev_str(&ev, K_FP, shown);
	if (r->hostkey_changed && r->has_hostkey_md5) {
		fpmask_md5(md5, r->hostkey_md5);
		ev_str(&ev, K_MD5, md5);
	}
	if (r->hostkey_b64 == NULL && ssh_pki_export_pubkey_base64(key, &r->hostkey_b64) != SSH_OK)
		r->hostkey_b64 = NULL;
	if (r->hostkey_b64 != NULL && rsa_bits(r->hostkey_b64) > 0)
		ev_int(&ev, K_BITS, rsa_bits(r->hostkey_b64));
	probe_emit(w->pr, &ev);
	ssh_string_free_char(fp);
	ssh_clean_pubkey_hash(&hash);
	ssh_key_free(key);
}

/*
 * libssh's word for why it gave up. No common algorithm on its side means
 * something else than on ssh's: those were computed before.
 */
static void
say_failure(struct wire *w)
{
	char text[512];
	const char *err = ssh_get_error(conn_ssh(w->conn));

	snprintf(text, sizeof text, "%s", err);
	if (!w->ident)
		return; /* the tap says how the banner ended */
	if (strstr(text, "no match for method") != NULL)
		say_kex_result(w, "unsupported", text, 0);
	else if (conn_end(w->conn) == CONN_RESET)
		say_kex_result(w, "reset", text, 0);
	else if (conn_end(w->conn) == CONN_EOF || strstr(text, "SSH_MSG_DISCONNECT") != NULL)
		say_kex_result(w, "closed", text, 0);
	else
		say_kex_result(w, w->kexinit ? "error" : "corrupt", text, 0);
	over(w);
}

static void
step(void *arg)
{
	struct wire *w = arg;
	int rc;

	if (w->over || w->query != NULL)
		return;
	rc = ssh_connect(conn_ssh(w->conn));
	if (w->over || w->query != NULL)
		return;
	if (rc == SSH_OK) {
		say_hostkey(w);
		say_kex_result(w, "done", NULL, 0);
		over(w);
	} else if (rc != SSH_AGAIN || conn_closed(w->conn)) {
		say_failure(w);
	}
}

int
wire_start(struct probe_run *pr)
{
	static const struct conn_hooks hooks = { on_early, on_preline, on_ident, on_packet, on_bad,
		on_ended };
	struct wire *w = pr->priv;
	struct run *r = pr->run;
	int fd = -1;

	w->pr = pr;
	w->start_us = probe_now(pr);
	r->kex_stage = KEX_AT_NOTHING;
	if (r->chosen >= 0) {
		fd = r->addrs[r->chosen].fd;
		r->addrs[r->chosen].fd = -1;
	} else if (r->cfg->proxyusefdpass == SSHG_YES && r->cfg->proxyjump[0] == '\0') {
		proxy_untested(pr);
		return -1;
	} else if ((r->proxy = proxy_new(pr, &fd, on_proxy_ended, w)) == NULL) {
		return -1;
	}
	if (fd < 0)
		return -1;
	if ((w->conn = conn_new(probe_loop(pr), fd, &hooks, w)) == NULL) {
		say_kex_result(w, "error", "no descriptors or memory left", 0);
		return -1;
	}
	r->conn = w->conn;
	offer_set(r, conn_ssh(w->conn), NULL);
	conn_drive(w->conn, step, w);
	return 0;
}

/* Also the end of the time limit: which step it struck is the finding. */
void
wire_cancel(struct probe_run *pr)
{
	struct wire *w = pr->priv;

	if (w->over)
		return;
	if (w->query != NULL) {
		child_kill_now(w->query); /* its end says the mismatch */
		return;
	}
	if (pr->deadline_hit && w->stream_over) { /* the proxy lives on, and its stream is closed */
		say_banner_end(w, "eof", 0);
		return;
	}
	if (pr->deadline_hit && !w->ident) {
		if (w->lines == 0 && w->early_len > 0)
			say_line(w, w->early, w->early_len);
		say_banner_end(w, "timeout", 0);
		return;
	}
	if (pr->deadline_hit)
		say_kex_result(w, "timeout", NULL, 0);
	over(w);
}
