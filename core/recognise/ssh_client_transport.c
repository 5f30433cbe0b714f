/* What lines of ssh say of configuration, name, TCP, proxy, identification, key exchange and host key. See ssh_client.h. */
#include <stdlib.h>

#include "../fpmask.h"
#include "../sshg.h"
#include "../wire.h"
#include "ssh_client.h"

#define ACT(name) \
	static void name(struct recogniser *r, struct ssh_client *c, const struct line *l, \
	    struct hole *h, const char *arg)
#define UNUSED(x) (void)(x)

void
client_stage(struct recogniser *r, struct ssh_client *c, enum stage s)
{
	if (s <= c->stage)
		return;
	if (c->stage < STAGE_CONNECT && s >= STAGE_CONNECT) {
		CLIENT_EV(ev, EV_CONFIG_RESULT);

		ev_str(&ev, K_RESULT, "ok");
		client_say(r, &ev);
		client_probe_over(r, c, "config");
	}
	c->stage = s;
}

/* ---- configuration ------------------------------------------------------------------------ */

/* A fault that ssh names before it connects: the live run's ssh -G says the same words. */
ACT(config_fault)
{
	struct sshg_error e;
	const char *result = arg;

	UNUSED(h);
	if (c->stage > STAGE_CONFIG || strstr(l->s, "sshd_config") != NULL)
		return;
	if (!sshg_error(l->s, l->len, &e) && result == NULL)
		return;
	if (result == NULL)
		result = e.command_line || e.fault == SSHG_FAULT_BAD_ARG ||
				 e.fault == SSHG_FAULT_BAD_NAME
			     ? "usage"
			 : e.fault == SSHG_FAULT_PERMS   ? "bad-perms"
			 : e.fault == SSHG_FAULT_NO_FILE ? "error"
			 : e.fault == SSHG_FAULT_NO_USER ? "error"
							 : "bad-option";
	CLIENT_EV(ev, EV_CONFIG_RESULT);
	ev_str(&ev, K_RESULT, result);
	ev_str(&ev, K_TEXT, e.text);
	if (e.file[0] != '\0')
		ev_str(&ev, K_FILE, e.file);
	if (e.line > 0)
		ev_int(&ev, K_LINE, e.line);
	if (e.option[0] != '\0')
		ev_str(&ev, K_OPTION, e.option);
	client_say(r, &ev);
	client_probe_over(r, c, "config");
	c->stage = STAGE_OVER;
}

ACT(nothing)
{
	UNUSED(r), UNUSED(c), UNUSED(l), UNUSED(h), UNUSED(arg);
}

static void
setting(struct recogniser *r, const char *name, const char *value)
{
	CLIENT_EV(ev, EV_CONFIG_VALUE);

	ev_str(&ev, K_NAME, name);
	ev_str(&ev, K_VALUE, value);
	client_say(r, &ev);
}

/* ---- name and TCP --------------------------------------------------------------------------- */

ACT(reading_config)
{
	UNUSED(l), UNUSED(h), UNUSED(arg);
	client_stage(r, c, STAGE_CONFIG);
}

ACT(resolve_failed)
{
	static const struct {
		const char *text, *result;
	} rows[] = {
		{ "Name or service not known", "nxdomain" },
		{ "nodename nor servname provided", "nxdomain" }, /* macOS, BSD */
		{ "Name does not resolve", "nxdomain" },          /* musl */
		{ "Temporary failure in name resolution", "temp" },
		{ "Try again", "temp" },
		{ "No address associated with hostname", "nodata" },
		{ "Address family for hostname not supported", "nodata" },
	};
	const char *result = "error";

	UNUSED(l), UNUSED(arg);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (strstr(h[1].s, rows[i].text) != NULL)
			result = rows[i].result;
	client_stage(r, c, STAGE_CONNECT);
	recognise_case(r, h[0].s, NULL, 0);
	CLIENT_EV(ev, EV_RESOLVE_RESULT);
	ev_str(&ev, K_NAME, h[0].s);
	ev_str(&ev, K_RESULT, result);
	ev_str(&ev, K_TEXT, h[1].s);
	client_say(r, &ev);
	client_probe_over(r, c, "resolve");
	c->stage = STAGE_OVER;
}

static void
attempt(struct recogniser *r, struct ssh_client *c, const char *addr, int64_t port,
    const char *result, const char *text)
{
	CLIENT_EV(ev, EV_TCP_RESULT);

	ev_str(&ev, K_ADDR, addr);
	if (port > 0)
		ev_int(&ev, K_PORT, port);
	ev_int(&ev, K_ORDER, c->attempts > 0 ? c->attempts - 1 : 0);
	ev_str(&ev, K_RESULT, result);
	if (strcmp(text, "Permission denied") == 0)
		ev_str(&ev, K_ERRNO, "EACCES");
	if (text[0] != '\0')
		ev_str(&ev, K_TEXT, text);
	client_say(r, &ev);
	c->attempt_open = false;
}

/* The words of the system for a failed connection; who sent what is not in them. */
static const char *
attempt_result(const char *text)
{
	static const struct {
		const char *text, *result;
	} rows[] = {
		{ "Connection refused", "refused" },
		{ "timed out", "timeout" },
		{ "No route to host", "unreachable" },
		{ "unreachable", "unreachable" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (strstr(text, rows[i].text) != NULL)
			return rows[i].result;
	return "error";
}

ACT(connecting)
{
	UNUSED(l), UNUSED(arg);
	client_stage(r, c, STAGE_CONNECT);
	text_copy(c->host, sizeof c->host, h[0].s);
	text_copy(c->addr, sizeof c->addr, h[1].s);
	c->port = strtoll(h[2].s, NULL, 10);
	recognise_case(r, h[0].s, NULL, c->port);
	c->attempts++;
	c->attempt_open = true;
	CLIENT_EV(ev, EV_TCP_START);
	ev_str(&ev, K_ADDR, c->addr);
	ev_int(&ev, K_PORT, c->port);
	ev_int(&ev, K_ORDER, c->attempts - 1);
	client_say(r, &ev);
}

ACT(established)
{
	UNUSED(l), UNUSED(h), UNUSED(arg);
	client_stage(r, c, STAGE_CONNECT);
	attempt(r, c, c->addr, c->port, "open", "");
	client_probe_over(r, c, "tcp");
	client_stage(r, c, STAGE_BANNER);
}

ACT(address_failed)
{
	UNUSED(l), UNUSED(arg);
	client_stage(r, c, STAGE_CONNECT);
	attempt(r, c, h[0].s, strtoll(h[1].s, NULL, 10), attempt_result(h[2].s), h[2].s);
	c->failed_attempt = true;
}

ACT(connect_failed)
{
	int64_t port = strtoll(h[1].s, NULL, 10);

	UNUSED(l), UNUSED(arg);
	client_stage(r, c, STAGE_CONNECT);
	recognise_case(r, h[0].s, NULL, port);
	/* "failure": no system call failed after the socket; the reason is on the line before. */
	if (!c->failed_attempt && strcmp(h[2].s, "failure") != 0)
		attempt(r, c, c->addr[0] != '\0' ? c->addr : h[0].s, port, attempt_result(h[2].s),
		    h[2].s);
	client_probe_over(r, c, "tcp");
	c->stage = STAGE_OVER;
}

ACT(bind_failed)
{
	UNUSED(arg), UNUSED(h);
	client_stage(r, c, STAGE_CONNECT);
	client_says(r, "bind-address", l->s, NULL, 0);
	c->attempt_open = false;
}

/* ---- proxy ------------------------------------------------------------------------------------ */

/* Where a jump host is asked to go: "-W '[web1]:22'". */
static void
learn_way(struct recogniser *r, struct ssh_client *c, const char *command)
{
	const char *w = strstr(command, " -W "), *end;
	char host[256];
	size_t n;

	if (w == NULL)
		return;
	c->jump = true;
	w += 4;
	w += strspn(w, "'\"[");
	n = strcspn(w, "]");
	if (n == strlen(w))
		n = strcspn(w, ":");
	if (n >= sizeof host)
		return;
	memcpy(host, w, n);
	host[n] = '\0';
	end = w + n + (w[n] == ']');
	recognise_case(r, host, NULL, *end == ':' ? strtoll(end + 1, NULL, 10) : 0);
}

ACT(proxy_runs)
{
	const char *command = strstr(l->s, ": ");

	UNUSED(arg), UNUSED(h);
	client_stage(r, c, STAGE_CONNECT);
	if (command == NULL || c->proxy)
		return;
	command += 2;
	if (strncmp(command, "exec ", 5) == 0)
		command += 5;
	c->proxy = true;
	if (c->versions == 0)
		c->versions = 1;
	learn_way(r, c, command);
	setting(r, c->jump ? "proxyjump" : "proxycommand", command);
	CLIENT_EV(ev, EV_PROXY_RESULT);
	ev_str(&ev, K_RESULT, "started");
	ev_str(&ev, K_COMMAND, command);
	client_say(r, &ev);
	client_stage(r, c, STAGE_BANNER);
}

static void
proxy_ended(struct recogniser *r, struct ssh_client *c)
{
	CLIENT_EV(ev, EV_PROXY_RESULT);

	if (!c->proxy)
		return;
	/* A shell that finds no such program ends so; the proxy never ran. */
	ev_str(&ev, K_RESULT,
	    strstr(c->proxy_text, "not found") != NULL && !c->jump ? "failed" : "ended");
	if (c->proxy_text[0] != '\0')
		ev_str(&ev, K_TEXT, c->proxy_text);
	client_say(r, &ev);
}

/* ---- identification ------------------------------------------------------------------------------ */

static void
banner_over(struct recogniser *r, struct ssh_client *c, const char *reason)
{
	if (c->banner_over || c->stage > STAGE_BANNER)
		return;
	client_stage(r, c, STAGE_BANNER);
	c->banner_over = true;
	CLIENT_EV(ev, EV_BANNER_END);
	ev_str(&ev, K_REASON, reason);
	if (c->banner_lines > 0)
		ev_int(&ev, K_LINES, c->banner_lines);
	if (strcmp(reason, "invalid") == 0 || strcmp(reason, "toolong") == 0)
		ev_int(&ev, K_BYTES, 1);
	client_say(r, &ev);
}

ACT(banner_ended)
{
	UNUSED(l), UNUSED(h);
	client_stage(r, c, STAGE_BANNER);
	if (strcmp(arg, "timeout") != 0)
		proxy_ended(r, c);
	banner_over(r, c, arg);
}

ACT(banner_line)
{
	const char *text = strstr(l->s, ": banner line "), *guess;
	int64_t number;
	char *end;

	UNUSED(arg), UNUSED(h);
	if (text == NULL || c->stage > STAGE_BANNER)
		return;
	client_stage(r, c, STAGE_BANNER);
	text += strlen(": banner line ");
	number = strtoll(text, &end, 10);
	text = strncmp(end, ": ", 2) == 0 ? end + 2 : end;
	if (c->banner_lines++ > 8)
		return;
	CLIENT_EV(ev, EV_BANNER_LINE);
	ev_str(&ev, K_TEXT, text);
	ev_int(&ev, K_LINE, number + 1);
	client_say(r, &ev);
	if ((guess = guess_protocol(text, strlen(text))) == NULL)
		return;
	CLIENT_EV(over, EV_BANNER_END);
	ev_str(&over, K_REASON, "eof");
	ev_str(&over, K_GUESS, guess);
	ev_int(&over, K_LINES, c->banner_lines);
	client_say(r, &over);
	c->banner_over = true;
}

static void
ident(struct recogniser *r, struct ssh_client *c, const char *proto, const char *software)
{
	char text[TEXT_LEN];
	struct strbuf sb;

	sb_init(&sb, text, sizeof text);
	sb_printf(&sb, "SSH-%s-%s", proto, software);
	CLIENT_EV(ev, EV_BANNER_IDENT);
	ev_str(&ev, K_TEXT, text);
	ev_str(&ev, K_PROTO, proto);
	ev_str(&ev, K_SOFTWARE, software);
	client_say(r, &ev);
	c->banner_over = true;
}

ACT(remote_version)
{
	const char *software = strstr(l->s, ", remote software version ");

	UNUSED(arg);
	if (c->stage >= STAGE_KEXINIT || software == NULL)
		return;
	if (!c->proxy && !(c->over & 1u << 2)) {
		attempt(r, c, c->addr, c->port, "open", "");
		client_probe_over(r, c, "tcp");
	}
	c->idents++;
	ident(r, c, h[0].s, software + strlen(", remote software version "));
	client_stage(r, c, STAGE_KEXINIT);
}

ACT(protocol_1)
{
	UNUSED(l), UNUSED(h), UNUSED(arg);
	if (c->banner_over)
		return;
	client_stage(r, c, STAGE_BANNER);
	ident(r, c, "1.5", "");
	c->stage = STAGE_OVER;
}

ACT(bad_ident)
{
	UNUSED(l), UNUSED(arg);
	if (c->banner_over)
		return;
	client_stage(r, c, STAGE_BANNER);
	CLIENT_EV(ev, EV_BANNER_IDENT);
	ev_str(&ev, K_TEXT, h[0].s);
	ev_str(&ev, K_PROTO, "?");
	client_say(r, &ev);
	c->banner_over = true;
	c->stage = STAGE_OVER;
}

/* ---- key exchange ------------------------------------------------------------------------------------ */

static const struct {
	const char *label, *what,
	    *option; /* in ssh's lists; kex.mismatch; the option that sets it */
	enum ev_key key;
	const char *message; /* "no matching X found" */
} kinds[] = {
	{ "KEX algorithms: ", "kex", "KexAlgorithms", K_KEX, "key exchange method" },
	{ "host key algorithms: ", "hostkey", "HostKeyAlgorithms", K_HOSTKEY, "host key type" },
	{ "ciphers ctos: ", "cipher", "Ciphers", K_CIPHER_CS, "cipher" },
	{ "MACs ctos: ", "mac", "MACs", K_MAC_CS, "MAC" },
	{ "compression ctos: ", "comp", "Compression", K_COMP_CS, "compression method" },
};

enum { KINDS = sizeof kinds / sizeof *kinds };

ACT(kexinit_sent)
{
	UNUSED(l), UNUSED(h), UNUSED(arg);
	client_stage(r, c, STAGE_KEXINIT);
}

ACT(kexinit_received)
{
	UNUSED(l), UNUSED(h), UNUSED(arg);
	client_stage(r, c, STAGE_KEX);
}

ACT(lists_of)
{
	UNUSED(r), UNUSED(l), UNUSED(h);
	c->peer_lists = arg != NULL;
}

ACT(list_line)
{
	UNUSED(h), UNUSED(arg);
	if (c->stage >= STAGE_HOSTKEY || c->lists_said)
		return;
	for (int i = 0; i < KINDS; i++)
		if (line_begins(l, kinds[i].label))
			text_copy(c->peer_lists ? c->theirs[i] : c->ours[i], LIST_LEN,
			    l->s + strlen(kinds[i].label));
	if (!c->peer_lists || !line_begins(l, kinds[KINDS - 1].label))
		return;
	c->lists_said = true;
	CLIENT_EV(ev, EV_KEX_SERVER);
	for (int i = 0; i < KINDS; i++)
		ev_str(&ev, kinds[i].key, c->theirs[i]);
	client_say(r, &ev);
}

/*
 * Algorithms that each OpenSSH of 7 to 10 can do and does not offer unasked, the least weak first
 * (myproposal.h). What ssh -Q says on the machine itself is not in a transcript.
 */
static const char *
can_add(const char *theirs)
{
	static const char *const known[] = { "rsa-sha2-512", "rsa-sha2-256", "ssh-rsa",
		"curve25519-sha256", "diffie-hellman-group14-sha256", "diffie-hellman-group14-sha1",
		"diffie-hellman-group-exchange-sha1", "diffie-hellman-group1-sha1", "aes256-ctr",
		"aes128-ctr", "aes256-gcm@openssh.com", "aes256-cbc", "aes192-cbc", "aes128-cbc",
		"3des-cbc", "hmac-sha2-256", "hmac-sha2-512", "hmac-sha1", "hmac-sha1-96",
		"hmac-md5" };

	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		if (text_list_has(theirs, known[i]))
			return known[i];
	return "";
}

/* Lists are cut in what is kept of a hole: the whole offer is behind this mark. */
static const char *
offer_of(const struct line *l)
{
	const char *at = strstr(l->s, "Their offer: ");

	return at != NULL ? at + strlen("Their offer: ") : "";
}

static void
kex_over(struct recogniser *r, struct ssh_client *c, const char *result, const char *text)
{
	if (c->kex_over)
		return;
	c->kex_over = true;
	CLIENT_EV(ev, EV_KEX_RESULT);
	ev_str(&ev, K_RESULT, result);
	if (text != NULL)
		ev_str(&ev, K_TEXT, text);
	client_say(r, &ev);
}

ACT(no_match)
{
	UNUSED(arg);
	if (c->kex_over || c->stage >= STAGE_AUTH)
		return;
	client_stage(r, c, STAGE_KEX);
	for (int i = 0; i < KINDS; i++) {
		if (strcmp(h[2].s, kinds[i].message) != 0)
			continue;
		CLIENT_EV(ev, EV_KEX_MISMATCH);
		ev_str(&ev, K_WHAT, kinds[i].what);
		ev_str(&ev, K_OURS, c->ours[i][0] != '\0' ? c->ours[i] : "what is not in the text");
		ev_str(&ev, K_THEIRS, offer_of(l));
		ev_str(&ev, K_OPTION, kinds[i].option);
		ev_str(&ev, K_ADD, can_add(offer_of(l)));
		client_say(r, &ev);
	}
	kex_over(r, c, "error", l->s);
	c->stage = STAGE_OVER;
}

/* "message authentication code incorrect", "Bad packet length 1349676916." */
ACT(corrupt)
{
	UNUSED(h), UNUSED(arg);
	if (c->stage == STAGE_OVER)
		return;
	if (c->stage < STAGE_AUTH)
		kex_over(r, c, "corrupt", l->s);
	else
		client_says(r, "corrupt", l->s, NULL, 0);
	c->stage = STAGE_OVER;
}

ACT(protocol_error)
{
	UNUSED(arg), UNUSED(h);
	/* The signature is checked behind the host key's line, where the exchange seems to be over (kexgen.c). */
	if (c->stage < STAGE_AUTH && line_holds(l, ": error in libcrypto"))
		client_says(r, "crypto-refused", l->s, NULL, 0);
	if (c->stage < STAGE_AUTH)
		kex_over(r, c, "error", l->s);
	else
		client_died(r, c, "closed", l->s);
	c->stage = STAGE_OVER;
}

ACT(not_post_quantum)
{
	UNUSED(c), UNUSED(h), UNUSED(arg), UNUSED(l);
	client_says(r, "not-post-quantum", NULL, NULL, 0);
}

/* ---- host key ------------------------------------------------------------------------------------------- */

/* ssh's short name of a type as the protocol has it. */
static const char *
key_type(const char *name)
{
	static const struct {
		const char *shown, *type;
	} rows[] = {
		{ "ED25519", "ssh-ed25519" },
		{ "RSA", "ssh-rsa" },
		{ "ECDSA", "ecdsa-sha2-nistp256" },
		{ "DSA", "ssh-dss" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (strcmp(name, rows[i].shown) == 0)
			return rows[i].type;
	return name;
}

static void
hostkey_shown(struct recogniser *r, struct ssh_client *c, const char *type, const char *fp)
{
	char shown[sizeof c->hk_fp];

	if (c->hk_said)
		return;
	c->hk_said = true;
	text_copy(c->hk_type, sizeof c->hk_type, type);
	text_copy(c->hk_fp, sizeof c->hk_fp, fp);
	kex_over(r, c, "done", NULL);
	CLIENT_EV(ev, EV_HOSTKEY_OFFERED);
	ev_str(&ev, K_TYPE, type);
	text_copy(shown, sizeof shown, fp);
	if (recognise_options(r)->own && c->hk_changed)
		fpmask_hide(shown); /* nobody shall have it from us who is to confirm it */
	ev_str(&ev, K_FP, shown);
	client_say(r, &ev);
}

ACT(server_hostkey)
{
	UNUSED(l), UNUSED(arg);
	if (c->stage >= STAGE_AUTH)
		return;
	if (recognise_options(r)->own) { /* said when it is known whether it has changed */
		text_copy(c->hk_type, sizeof c->hk_type, key_type(h[0].s));
		text_copy(c->hk_fp, sizeof c->hk_fp, h[1].s);
		kex_over(r, c, "done", NULL);
	} else {
		hostkey_shown(r, c, key_type(h[0].s), h[1].s);
	}
	client_stage(r, c, STAGE_HOSTKEY);
}

ACT(found_key)
{
	UNUSED(l), UNUSED(r);
	UNUSED(arg);
	text_copy(c->known_file, sizeof c->known_file, h[0].s);
	c->known_line = strtoll(h[1].s, NULL, 10);
}

/* A known_hosts line, as far as the text shows it. */
static void
known(struct recogniser *r, struct ssh_client *c, const char *fp, const char *marker)
{
	CLIENT_EV(ev, EV_KNOWN_ENTRY);

	ev_str(&ev, K_TYPE, c->hk_type);
	ev_str(&ev, K_FP, fp);
	ev_str(&ev, K_MARKER, marker);
	if (c->known_file[0] != '\0')
		ev_str(&ev, K_FILE, c->known_file);
	if (c->known_line > 0)
		ev_int(&ev, K_LINE, c->known_line);
	client_say(r, &ev);
}

static void
judged(struct recogniser *r, struct ssh_client *c)
{
	if (c->hk_over)
		return;
	c->hk_over = true;
	if (!c->hk_said)
		hostkey_shown(r, c, c->hk_type, c->hk_fp);
	client_probe_over(r, c, "knownhosts");
	client_probe_over(r, c, "hostkey");
}

/* Not the end of it: a certificate may be out of its time, the address may have another key. */
ACT(host_known)
{
	UNUSED(h), UNUSED(arg);
	if (c->stage >= STAGE_AUTH)
		return;
	client_stage(r, c, STAGE_HOSTKEY);
	c->matches = !line_holds(l, "host certificate");
}

/* "Warning: Permanently added": unseen, unless ssh asked a person, who said yes. */
ACT(host_added)
{
	UNUSED(l), UNUSED(arg);
	if (c->stage >= STAGE_AUTH || c->trusted)
		return;
	client_stage(r, c, STAGE_HOSTKEY);
	c->trusted = true;
	if (c->hk_type[0] == '\0')
		text_copy(c->hk_type, sizeof c->hk_type, key_type(h[1].s));
	if (c->asks)
		known(r, c, c->hk_fp, "none");
	else
		setting(r, "stricthostkeychecking", "accept-new");
	judged(r, c);
}

ACT(host_asks)
{
	UNUSED(l), UNUSED(h), UNUSED(arg);
	client_stage(r, c, STAGE_HOSTKEY);
	c->asks = true;
}

ACT(host_unwritable)
{
	UNUSED(arg);
	client_says(r, "knownhosts-unwritable", l->s, h[0].s, 0);
	if (!c->trusted && c->stage < STAGE_AUTH) {
		c->trusted = true;
		client_stage(r, c, STAGE_HOSTKEY);
		setting(r, "stricthostkeychecking", "accept-new");
		judged(r, c);
	}
}

ACT(host_changed)
{
	UNUSED(l), UNUSED(h), UNUSED(arg), UNUSED(r);
	c->hk_changed = true;
}

ACT(fingerprint_next)
{
	UNUSED(r), UNUSED(l), UNUSED(arg);
	c->fp_next = true;
	text_copy(c->hk_type, sizeof c->hk_type, key_type(h[0].s));
}

ACT(fingerprint)
{
	size_t n =
	    strspn(l->s + 7, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=");
	char fp[64];

	UNUSED(h), UNUSED(arg), UNUSED(r);
	if (!c->fp_next || n + 8 > sizeof fp)
		return;
	c->fp_next = false;
	memcpy(fp, l->s, n + 7);
	fp[n + 7] = '\0';
	if (c->hk_fp[0] == '\0')
		text_copy(c->hk_fp, sizeof c->hk_fp, fp);
}

/* The line of known_hosts that does not fit; what its key is, ssh does not say. */
ACT(offending)
{
	UNUSED(l), UNUSED(arg);
	if (c->stage >= STAGE_AUTH || !c->hk_changed)
		return;
	client_stage(r, c, STAGE_HOSTKEY);
	text_copy(c->known_file, sizeof c->known_file, h[1].s);
	c->known_line = strtoll(h[2].s, NULL, 10);
	if (c->hk_type[0] == '\0')
		text_copy(c->hk_type, sizeof c->hk_type, key_type(h[0].s));
	known(r, c, "(not shown)", "none");
	judged(r, c);
}

ACT(host_strict)
{
	UNUSED(l);
	client_stage(r, c, STAGE_HOSTKEY);
	if (c->hk_type[0] == '\0')
		text_copy(c->hk_type, sizeof c->hk_type, key_type(h[0].s));
	setting(r, "stricthostkeychecking", arg);
	judged(r, c);
}

ACT(host_revoked)
{
	UNUSED(l), UNUSED(arg), UNUSED(h);
	client_stage(r, c, STAGE_HOSTKEY);
	known(r, c, c->hk_fp, "revoked");
	judged(r, c);
}

/* RevokedHostKeys names the key (arg "1"), or cannot be read. */
ACT(host_krl)
{
	UNUSED(l);
	client_stage(r, c, STAGE_HOSTKEY);
	CLIENT_EV(ev, EV_HOSTKEY_KRL);
	ev_int(&ev, K_REVOKED, 1);
	if (arg == NULL)
		ev_str(&ev, K_RESULT, "unreadable");
	ev_str(&ev, K_FILE, h[2].s);
	client_say(r, &ev);
	judged(r, c);
}

ACT(host_cert)
{
	UNUSED(h);
	if (c->stage >= STAGE_AUTH)
		return;
	client_says(r, arg, l->s, NULL, 0);
}

ACT(known_command)
{
	UNUSED(arg), UNUSED(h);
	client_says(r, "knownhosts-command", l->s, NULL, 0);
	c->stage = STAGE_OVER;
}

/* Alone it is an unknown host that nobody could be asked about, or who said no. */
ACT(host_refused)
{
	UNUSED(l), UNUSED(h), UNUSED(arg);
	if (c->stage >= STAGE_AUTH)
		return;
	client_stage(r, c, STAGE_HOSTKEY);
	if (c->matches &&
	    !c->hk_over) /* the name's key fits, the address's is another, and ssh would ask */
		known(r, c, "(not shown)", "none");
	judged(r, c);
	c->stage = STAGE_OVER;
}

ACT(newkeys)
{
	UNUSED(l), UNUSED(h), UNUSED(arg);
	if (c->stage >= STAGE_AUTH || c->stage < STAGE_KEX)
		return;
	/* Whatever made ssh trust the key, it went on. */
	if (c->matches)
		known(r, c, c->hk_fp, "none");
	else if (!c->trusted)
		client_says(r, "hostkey-taken", NULL, NULL, 0);
	if (c->hk_changed)
		client_says(r, "hostkey-changed-taken", NULL, c->known_file, 0);
	c->trusted = true;
	judged(r, c);
	client_stage(r, c, STAGE_AUTH);
}

/* ---- the end ----------------------------------------------------------------------------------------------- */

ACT(died)
{
	UNUSED(h);
	client_died(r, c, arg, l->s);
}

/* In the state in which the text stops, without a word of ssh: it still waits, or somebody ended it. */
void
client_end_transport(struct recogniser *r, struct ssh_client *c)
{
	if (c->stage == STAGE_BANNER && !c->banner_over && c->verbose) {
		if (c->proxy)
			proxy_ended(r, c);
		banner_over(r, c, "timeout");
	} else if ((c->stage == STAGE_KEXINIT || c->stage == STAGE_KEX) && !c->kex_over) {
		kex_over(r, c, "timeout", "the text ends here");
	} else if (c->stage == STAGE_CONNECT && c->attempt_open && c->verbose) {
		attempt(r, c, c->addr, c->port, "timeout", "");
		client_probe_over(r, c, "tcp");
	}
}

static void
died_before_auth(struct recogniser *r, struct ssh_client *c, const char *how, const char *text)
{
	if (c->stage <= STAGE_BANNER) {
		bool known_stage = c->verbose || c->banner_over || c->proxy;

		if (strcmp(how, "timeout") != 0)
			proxy_ended(r, c);
		if (known_stage)
			banner_over(r, c, strcmp(how, "closed") == 0 ? "eof" : how);
		else
			client_says(r, "ended-somewhere", text, NULL, 0);
	} else if (!c->trusted || c->stage < STAGE_AUTH) {
		kex_over(r, c, how, text);
	}
}

void
client_died(struct recogniser *r, struct ssh_client *c, const char *how, const char *text)
{
	enum stage at = c->stage;

	if (at == STAGE_OVER)
		return;
	if (at < STAGE_HOSTKEY || (at == STAGE_HOSTKEY && !c->trusted))
		died_before_auth(r, c, how, text);
	else if (at < STAGE_SESSION) {
		CLIENT_EV(ev, EV_AUTH_END);

		if (c->auth_over)
			return;
		c->auth_over = true;
		if (c->key.pending && c->key.accepted && strcmp(how, "timeout") != 0) {
			CLIENT_EV(login, EV_AUTH_LOGIN);

			ev_str(&login, K_METHOD, "publickey");
			ev_str(&login, K_FP, c->key.fp);
			ev_str(&login, K_NAME, c->key.name);
			ev_str(&login, K_FROM, c->key.agent ? "agent" : "file");
			ev_str(&login, K_RESULT, "closed");
			ev_str(&login, K_TEXT, c->printed[0] != '\0' ? c->printed : text);
			client_say(r, &login);
		}
		ev_str(&ev, K_REASON, strcmp(how, "timeout") == 0 ? "timeout" : "closed");
		ev_str(&ev, K_TEXT, c->printed[0] != '\0' ? c->printed : text);
		client_say(r, &ev);
	} else {
		CLIENT_EV(ev, EV_SESSION_END);

		c->lost = true;
		ev_str(&ev, K_REASON, "closed");
		ev_str(&ev, K_TEXT, text);
		client_say(r, &ev);
	}
	c->stage = STAGE_OVER;
}

/* ---- rows ------------------------------------------------------------------------------------------------------ */

/* clang-format off */
const struct client_row client_rows_transport[] = {
	/* configuration */
	{ AT_EITHER, "Reading configuration data %*", reading_config, NULL, false },
	{ AT_MESSAGE, "jumphost loop via %*", config_fault, "error", true },
	{ AT_MESSAGE, "%q: terminating, %d bad configuration options", nothing, NULL, true },
	{ AT_MESSAGE, "%q line %d: Deprecated option %*", nothing, NULL, true },
	{ AT_MESSAGE, "%q line %d: Unsupported option %*", nothing, NULL, true },
	{ AT_MESSAGE, "%q: line %d: Bad configuration option: %q", config_fault, NULL, true },
	{ AT_MESSAGE, "%q line %d: %q", config_fault, NULL, true },
	{ AT_MESSAGE, "Bad owner or permissions on %q", config_fault, "bad-perms", true },
	{ AT_MESSAGE, "Can't open user config file %q: %q", config_fault, "error", true },
	{ AT_MESSAGE, "Unknown cipher type '%q'", config_fault, "usage", true },
	{ AT_MESSAGE, "Unknown mac type '%q'", config_fault, "usage", true },
	{ AT_MESSAGE, "Bad port '%q'", config_fault, "usage", true },
	{ AT_MESSAGE, "hostname contains invalid characters", config_fault, "usage", true },
	{ AT_MESSAGE, "remote username contains invalid characters", config_fault, "usage", true },
	{ AT_MESSAGE, "No user exists for uid %d", config_fault, "error", true },
	{ AT_MESSAGE, "OpenSSL version mismatch%*", config_fault, "error", true },

	/* name, TCP */
	{ AT_MESSAGE, "ssh: Could not resolve hostname %q: %q", resolve_failed, NULL, false },
	{ AT_MESSAGE, "ssh: connect to host %q port %d: %q", connect_failed, NULL, false },
	{ AT_DEBUG, "Connecting to %q [%q] port %d.", connecting, NULL, false },
	{ AT_DEBUG, "Connection established.", established, NULL, false },
	{ AT_DEBUG, "connect to address %q port %d: %q", address_failed, NULL, false },
	{ AT_MESSAGE, "bind %q: Cannot assign requested address", bind_failed, NULL, false },
	{ AT_MESSAGE, "bind: Cannot assign requested address", bind_failed, NULL, false },
	{ AT_MESSAGE, "getifaddrs: %q: no suitable addresses", bind_failed, NULL, false },
	{ AT_MESSAGE, "getaddrinfo: %q: %q", bind_failed, NULL, false },
	{ AT_DEBUG, "Executing proxy command: %*", proxy_runs, NULL, false },
	{ AT_DEBUG, "Executing proxy dialer command: %*", proxy_runs, NULL, false },

	/* identification */
	{ AT_DEBUG, "Remote protocol version %s, remote software version %*", remote_version, NULL, false },
	{ AT_EITHER, "kex_exchange_identification: Connection closed by remote host", banner_ended, "eof", false },
	{ AT_EITHER, "ssh_exchange_identification: Connection closed by remote host", banner_ended, "eof", false },
	{ AT_EITHER, "kex_exchange_identification: read: Connection reset by peer", banner_ended, "reset", false },
	{ AT_EITHER, "ssh_exchange_identification: read: Connection reset by peer", banner_ended, "reset", false },
	{ AT_EITHER, "kex_exchange_identification: banner line contains invalid characters", banner_ended, "invalid", false },
	{ AT_EITHER, "kex_exchange_identification: banner line too long", banner_ended, "toolong", false },
	{ AT_EITHER, "kex_exchange_identification: No SSH version received in first %*", banner_ended, "lines", false },
	{ AT_EITHER, "kex_exchange_identification: banner line %*", banner_line, NULL, false },
	{ AT_EITHER, "ssh_exchange_identification: banner line %*", banner_line, NULL, false },
	{ AT_EITHER, "Bad remote protocol version identification: '%q'", bad_ident, NULL, false },
	{ AT_MESSAGE, "Protocol major versions differ: %*", protocol_1, NULL, false },
	{ AT_MESSAGE, "banner exchange: Connection to %q port %d: could not read protocol version", protocol_1, NULL, false },
	{ AT_MESSAGE, "banner exchange: Connection to %q port %d: invalid format", banner_ended, "invalid", false },
	{ AT_MESSAGE, "Connection timed out during banner exchange", banner_ended, "timeout", false },

	/* key exchange */
	{ AT_DEBUG, "SSH2_MSG_KEXINIT sent", kexinit_sent, NULL, false },
	{ AT_DEBUG, "SSH2_MSG_KEXINIT received", kexinit_received, NULL, false },
	{ AT_DEBUG, "local client KEXINIT proposal", lists_of, NULL, false },
	{ AT_DEBUG, "peer server KEXINIT proposal", lists_of, "peer", false },
	{ AT_DEBUG, "KEX algorithms: %*", list_line, NULL, false },
	{ AT_DEBUG, "host key algorithms: %*", list_line, NULL, false },
	{ AT_DEBUG, "ciphers ctos: %*", list_line, NULL, false },
	{ AT_DEBUG, "MACs ctos: %*", list_line, NULL, false },
	{ AT_DEBUG, "compression ctos: %*", list_line, NULL, false },
	{ AT_MESSAGE, "Unable to negotiate with %q port %d: no matching %q found. Their offer: %*", no_match, NULL, false },
	{ AT_MESSAGE, "ssh_dispatch_run_fatal: Connection to %q port %d: message authentication code incorrect", corrupt, NULL, false },
	{ AT_MESSAGE, "ssh_dispatch_run_fatal: Connection to %q port %d: incorrect signature", corrupt, NULL, false },
	{ AT_MESSAGE, "ssh_dispatch_run_fatal: Connection to %q port %d: %q", protocol_error, NULL, false },
	{ AT_MESSAGE, "Bad server host key: %q", protocol_error, NULL, false },
	{ AT_MESSAGE, "Corrupted MAC on input.", corrupt, NULL, false },
	{ AT_MESSAGE, "Bad packet length %*", corrupt, NULL, false },
	{ AT_MESSAGE, "padding error: %*", corrupt, NULL, false },
	{ AT_MESSAGE, "** WARNING: connection is not using a post-quantum key exchange algorithm.", not_post_quantum, NULL, false },

	/* host key */
	{ AT_DEBUG, "Server host key: %s %q", server_hostkey, NULL, false },
	{ AT_DEBUG, "Found key in %q:%d", found_key, NULL, false },
	{ AT_DEBUG, "Found matching %q key in %q:%d", nothing, NULL, false },
	{ AT_DEBUG, "Host '%q' is known and matches the %*", host_known, NULL, false },
	{ AT_MESSAGE, "Warning: Permanently added '%q' (%q) to the list of known hosts.%*", host_added, NULL, false },
	{ AT_MESSAGE, "The authenticity of host '%*", host_asks, NULL, true },
	{ AT_MESSAGE, "Failed to add the host to the list of known hosts (%q).", host_unwritable, NULL, false },
	{ AT_MESSAGE, "@    WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!     @", host_changed, NULL, true },
	{ AT_MESSAGE, "The fingerprint for the %s key sent by the remote host is", fingerprint_next, NULL, true },
	{ AT_MESSAGE, "SHA256:%*", fingerprint, NULL, true },
	{ AT_MESSAGE, "Offending %q key in %q:%d", offending, NULL, true },
	{ AT_MESSAGE, "@       WARNING: POSSIBLE DNS SPOOFING DETECTED!          @", host_changed, NULL, true },
	{ AT_MESSAGE, "No %s host key is known for %q and you have requested strict checking.", host_strict, "yes", false },
	{ AT_MESSAGE, "The %s host key for %q is marked as revoked.", host_revoked, NULL, true },
	{ AT_MESSAGE, "Host key %s %s revoked by file %q", host_krl, "1", false },
	{ AT_MESSAGE, "Error checking host key %s %s in revoked keys file %q: %q", host_krl, NULL, false },
	{ AT_EITHER, "Certificate invalid: %*", host_cert, "hostcert-invalid", false },
	{ AT_DEBUG, "No matching CA found. Retry with plain key", host_cert, "hostcert-unknown-ca", false },
	{ AT_MESSAGE, "and the key for the corresponding IP address %*", nothing, NULL, true },
	{ AT_MESSAGE, "KnownHostsCommand failed", known_command, NULL, false },
	{ AT_MESSAGE, "KnownHostsCommand-%s %q failed, status %d", nothing, NULL, false },
	{ AT_MESSAGE, "Host key verification failed.", host_refused, NULL, false },
	{ AT_DEBUG, "SSH2_MSG_NEWKEYS sent", newkeys, NULL, false },

	/* what ends it, whatever goes on */
	{ AT_MESSAGE, "Connection closed by %q port %d", died, "closed", false },
	{ AT_MESSAGE, "Connection reset by %q port %d", died, "reset", false },
	{ AT_MESSAGE, "Connection to %q port %d timed out", died, "timeout", false },
	{ .pattern = NULL },
};
/* clang-format on */
