/* What lines of ssh say of keys, the agent, methods and logins. See ssh_client.h. */
#include <stdlib.h>

#include "ssh_client.h"

#define ACT(name) \
	static void name(struct recogniser *r, struct ssh_client *c, const struct line *l, \
	    struct hole *h, const char *arg)
#define UNUSED(x) (void)(x)

/* ---- who ------------------------------------------------------------------------------------ */

/* "Authenticating to web1:22 as 'alice'" */
ACT(authenticating)
{
	char host[256];
	char *colon;

	UNUSED(l), UNUSED(arg);
	text_copy(host, sizeof host, h[0].s);
	colon = strrchr(host, ':');
	if (colon != NULL)
		*colon = '\0';
	text_copy(c->user, sizeof c->user, h[1].s);
	recognise_case(r, host, h[1].s, colon != NULL ? strtoll(colon + 1, NULL, 10) : 0);
}

/* ---- keys -------------------------------------------------------------------------------------- */

/* "PATH TYPE SHA256:FP explicit agent" as ssh shows a key: any part may be missing. */
static void
parse_key(const char *text, struct asked *k)
{
	const char *fp = strstr(text, " SHA256:"), *type, *end;
	size_t n;

	memset(k, 0, sizeof *k);
	if (fp == NULL) {
		text_copy(k->name, sizeof k->name, text);
		n = strlen(k->name);
		while (n > 0 && k->name[n - 1] == ' ')
			k->name[--n] = '\0';
		return;
	}
	for (type = fp; type > text && type[-1] != ' '; type--)
		;
	n = (size_t)(type > text ? type - text - 1 : 0);
	n = n < sizeof k->name ? n : sizeof k->name - 1;
	memcpy(k->name, text, n);
	n = (size_t)(fp - type);
	n = n < sizeof k->type ? n : sizeof k->type - 1;
	memcpy(k->type, type, n);
	fp++;
	end = fp + strcspn(fp, " ");
	n = (size_t)(end - fp);
	n = n < sizeof k->fp ? n : sizeof k->fp - 1;
	memcpy(k->fp, fp, n);
	k->agent = strstr(end, " agent") != NULL;
}

static void
key_file(struct recogniser *r, const char *path, const char *state, const struct asked *k,
    const char *text)
{
	CLIENT_EV(ev, EV_KEY_FILE);

	ev_str(&ev, K_PATH, path);
	ev_str(&ev, K_SOURCE, "default");
	ev_str(&ev, K_STATE, state);
	if (k != NULL && k->fp[0] != '\0') {
		ev_str(&ev, K_TYPE, k->type);
		ev_str(&ev, K_FP, k->fp);
		ev_int(&ev, K_PUB, 1);
	}
	if (text != NULL)
		ev_str(&ev, K_TEXT, text);
	client_say(r, &ev);
}

/* The public half of a key file is known to the text: what is said of the file is said of that key. */
static const struct asked *
key_of(const struct ssh_client *c, const char *path)
{
	return strcmp(c->key.name, path) == 0 ? &c->key : NULL;
}

ACT(will_attempt)
{
	struct asked k;

	UNUSED(c), UNUSED(arg), UNUSED(h);
	parse_key(l->s + strlen("Will attempt key: "), &k);
	if (k.fp[0] == '\0')
		return;
	if (k.agent) {
		CLIENT_EV(ev, EV_AGENT_KEY);

		ev_str(&ev, K_TYPE, k.type);
		ev_str(&ev, K_FP, k.fp);
		ev_str(&ev, K_COMMENT, k.name);
		client_say(r, &ev);
	} else {
		key_file(r, k.name, "ok", &k, NULL);
	}
}

/* "/home/a/.ssh/id_x" could not be used; "debug3: no such identity" is a default that is not there. */
ACT(identity_missing)
{
	UNUSED(l), UNUSED(arg);
	/* Said as a message of a file that was named, at debug level of the usual ones. */
	key_file(r, h[0].s, strstr(h[1].s, "No such file") != NULL ? "missing" : "unreadable", NULL,
	    h[1].s);
	if (c->level == 0 && strstr(h[1].s, "No such file") != NULL)
		client_says(r, "key-named-missing", h[1].s, h[0].s, 0);
}

/* sshd prints the same box for a key of its host. */
static bool
is_host_key(const char *path)
{
	const char *name = strrchr(path, '/');

	name = name == NULL ? path : name + 1;
	return strncmp(path, "/etc/ssh/", 9) == 0 || strncmp(name, "ssh_host_", 9) == 0;
}

ACT(key_open)
{
	CLIENT_EV(ev, EV_KEY_FILE);
	const struct asked *k = key_of(c, h[1].s);
	char mode[16];

	UNUSED(l), UNUSED(arg);
	if (is_host_key(h[1].s))
		return;
	text_copy(mode, sizeof mode, h[0].s);
	ev_str(&ev, K_PATH, h[1].s);
	ev_str(&ev, K_SOURCE, "default");
	ev_str(&ev, K_STATE, "ok");
	ev_str(&ev, K_MODE, mode);
	ev_int(&ev, K_OPEN, 1);
	if (k != NULL && k->fp[0] != '\0') {
		ev_str(&ev, K_FP, k->fp);
		ev_int(&ev, K_PUB, 1);
	}
	client_say(r, &ev);
}

ACT(key_unreadable)
{
	UNUSED(l), UNUSED(arg);
	if (strcmp(h[1].s, "bad permissions") == 0 ||
	    strstr(h[1].s, "incorrect passphrase") != NULL)
		return; /* the line before says more; a question follows */
	if (strcmp(h[1].s, "Permission denied") == 0 && key_of(c, h[0].s) != NULL)
		client_says(r, "key-named-missing", h[1].s, h[0].s, 0);
	else
		key_file(r, h[0].s, "unparsable", key_of(c, h[0].s), h[1].s);
}

ACT(key_short)
{
	UNUSED(c), UNUSED(l), UNUSED(arg);
	client_says(
	    r, "key-too-short", h[1].s[0] != '\0' ? h[1].s : "Invalid key length", h[0].s, 0);
}

ACT(key_mismatch)
{
	CLIENT_EV(ev, EV_KEY_FILE);
	const struct asked *k = key_of(c, h[0].s);

	UNUSED(l), UNUSED(arg);
	ev_str(&ev, K_PATH, h[0].s);
	ev_str(&ev, K_SOURCE, "default");
	ev_str(&ev, K_STATE, "ok");
	ev_str(&ev, K_MATCH, "no");
	if (k != NULL)
		ev_str(&ev, K_FP, k->fp);
	client_say(r, &ev);
	c->key.pending = c->key.accepted = c->key.signing = false;
}

/* "Skipping ssh-rsa key PATH - corresponding algorithm not in PubkeyAcceptedAlgorithms" */
ACT(key_skipped)
{
	CLIENT_EV(ev, EV_AUTH_QUERY);

	UNUSED(c), UNUSED(l);
	ev_str(&ev, K_NAME, h[1].s);
	ev_str(&ev, K_TYPE, h[0].s);
	ev_str(&ev, K_FROM, "file");
	ev_str(&ev, K_REASON, arg);
	ev_str(&ev, K_ANSWER, "skipped");
	client_say(r, &ev);
}

/* The passphrase cannot be asked for, or was wrong: the key that is being used is encrypted. */
static void
key_encrypted(struct recogniser *r, struct ssh_client *c)
{
	const char *path = c->key.name[0] != '\0' ? c->key.name : c->trying;

	if (path[0] != '\0')
		key_file(r, path, "encrypted", key_of(c, path), NULL);
}

ACT(passphrase_wrong)
{
	UNUSED(l), UNUSED(h), UNUSED(arg);
	key_encrypted(r, c);
}

/* ---- agent ----------------------------------------------------------------------------------------- */

static void
agent(struct recogniser *r, const char *result, const char *text, int64_t count)
{
	CLIENT_EV(ev, EV_AGENT_RESULT);

	ev_str(&ev, K_RESULT, result);
	if (text != NULL)
		ev_str(&ev, K_TEXT, text);
	if (count >= 0)
		ev_int(&ev, K_COUNT, count);
	client_say(r, &ev);
}

ACT(agent_unusable)
{
	static const struct {
		const char *text, *result;
	} rows[] = {
		{ "No such file or directory", "missing" },
		{ "Connection refused", "refused" },
		{ "Permission denied", "denied" },
		{ "agent not present", "unset" },
	};

	UNUSED(l), UNUSED(arg);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (strcmp(h[0].s, rows[i].text) == 0)
			agent(r, rows[i].result, h[0].s, -1);
	client_probe_over(r, c, "agent");
}

ACT(agent_empty)
{
	UNUSED(l), UNUSED(h);
	agent(r, "ok", NULL, 0);
	client_says(r, arg, NULL, NULL, 0);
	client_probe_over(r, c, "agent");
}

ACT(agent_bind_refused)
{
	UNUSED(c), UNUSED(l), UNUSED(h), UNUSED(arg);
	client_says(r, "agent-bind-refused", NULL, NULL, 0);
}

ACT(agent_keys)
{
	UNUSED(l), UNUSED(arg);
	agent(r, "ok", NULL, strtoll(h[0].s, NULL, 10));
	client_probe_over(r, c, "agent");
}

/* ---- questions, signatures, answers -------------------------------------------------------------------- */

static void
query(struct recogniser *r, struct ssh_client *c, const char *answer)
{
	CLIENT_EV(ev, EV_AUTH_QUERY);

	ev_str(&ev, K_FP, c->key.fp);
	if (c->key.type[0] != '\0')
		ev_str(&ev, K_TYPE, c->key.type);
	ev_str(&ev, K_NAME, c->key.name);
	ev_str(&ev, K_FROM, c->key.agent ? "agent" : "file");
	ev_int(&ev, K_LISTED, 1);
	ev_int(&ev, K_ORDER, c->key.order);
	ev_str(&ev, K_ANSWER, answer);
	client_say(r, &ev);
}

static void
login(struct recogniser *r, struct ssh_client *c, const char *method, const char *result,
    const char *text)
{
	CLIENT_EV(ev, EV_AUTH_LOGIN);

	ev_str(&ev, K_METHOD, method);
	if (strcmp(method, "publickey") == 0) {
		ev_str(&ev, K_FP, c->key.fp);
		ev_str(&ev, K_NAME, c->key.name);
		ev_str(&ev, K_FROM, c->key.agent ? "agent" : "file");
	}
	ev_str(&ev, K_RESULT, result);
	if (text != NULL)
		ev_str(&ev, K_TEXT, text);
	client_say(r, &ev);
}

ACT(offering)
{
	const char *text = strstr(l->s, "public key: ");

	UNUSED(r), UNUSED(arg), UNUSED(h);
	if (text == NULL)
		return;
	parse_key(text + strlen("public key: "), &c->key);
	c->key.order = ++c->asked;
	c->key.pending = true;
}

ACT(accepts)
{
	struct asked k;

	UNUSED(arg), UNUSED(h);
	parse_key(l->s + strlen("Server accepts key: "), &k);
	/* Before 7.9 it names no key: "pkalg ssh-rsa blen 279". */
	if (c->key.name[0] == '\0')
		text_copy(c->key.name, sizeof c->key.name, k.name);
	query(r, c, "accepted");
	c->key.pending = c->key.accepted = true;
}

/* A key that the server accepts and that was not signed with: its passphrase could not be asked for. */
ACT(nothing_sent)
{
	UNUSED(l), UNUSED(h), UNUSED(arg);
	if (c->key.pending && c->key.accepted)
		key_encrypted(r, c);
	c->key.pending = c->key.signing = false;
}

ACT(signing)
{
	UNUSED(r), UNUSED(l), UNUSED(h), UNUSED(arg);
	c->key.signing = true;
}

/* The agent did not sign, for whatever reason. */
ACT(agent_refused)
{
	UNUSED(h), UNUSED(arg);
	c->key.agent = true;
	login(r, c, "publickey", "error", l->s);
	c->key.pending = c->key.accepted = c->key.signing = false;
}

ACT(signing_failed)
{
	UNUSED(h), UNUSED(arg);
	client_says(r, "no-mutual-sigalg", l->s, c->key.name, 0);
	c->key.pending = false;
}

ACT(trying_private)
{
	UNUSED(r), UNUSED(l), UNUSED(arg);
	text_copy(c->trying, sizeof c->trying, h[0].s);
	memset(&c->key, 0, sizeof c->key);
}

/* What this ssh is told to try: without keys, none is offered. */
ACT(preferred)
{
	UNUSED(l), UNUSED(arg);
	if (c->preferred_seen)
		return;
	c->preferred_seen = true;
	if (!text_list_has(h[0].s, "publickey")) {
		CLIENT_EV(ev, EV_CONFIG_VALUE);

		ev_str(&ev, K_NAME, "pubkeyauthentication");
		ev_str(&ev, K_VALUE, "no");
		client_say(r, &ev);
	}
}

ACT(next_method)
{
	UNUSED(r), UNUSED(l), UNUSED(arg);
	text_copy(c->method, sizeof c->method, h[0].s);
	c->password_sent = false;
}

ACT(password_sent)
{
	UNUSED(r), UNUSED(l), UNUSED(h), UNUSED(arg);
	c->password_sent = true;
}

ACT(no_tty)
{
	UNUSED(l), UNUSED(h), UNUSED(arg);
	c->tty_missing = true;
	if (strcmp(c->method, "publickey") == 0)
		key_encrypted(r, c);
}

static void
methods(struct recogniser *r, struct ssh_client *c, const char *list)
{
	CLIENT_EV(ev, EV_AUTH_METHODS);

	ev_str(&ev, K_METHODS, list);
	ev_int(&ev, K_PARTIAL, c->partial);
	client_say(r, &ev);
	c->methods = true;
}

/* What the answer "no" was the answer to. */
static void
refused(struct recogniser *r, struct ssh_client *c)
{
	bool secret =
	    strcmp(c->method, "password") == 0 || strcmp(c->method, "keyboard-interactive") == 0;

	if (c->key.pending && c->key.accepted && c->key.signing)
		login(r, c, "publickey", "denied", NULL);
	else if (c->key.pending && !c->key.accepted)
		query(r, c, "refused");
	else if (secret && c->password_sent && !c->tty_missing)
		login(r, c, c->method, "denied", NULL);
	c->key.pending = c->key.signing = false;
}

ACT(can_continue)
{
	const char *list = l->s + strlen("Authentications that can continue: ");

	UNUSED(h), UNUSED(arg);
	client_stage(r, c, STAGE_AUTH);
	if (!c->methods || c->partial) {
		methods(r, c, list);
		c->partial = false;
		if (!c->none_sent) {
			c->none_sent = true;
			return;
		}
	}
	refused(r, c);
}

ACT(partial)
{
	UNUSED(l), UNUSED(arg);
	login(r, c, h[0].s[0] != '\0' ? h[0].s : "publickey", "partial", NULL);
	c->key.pending = c->key.signing = false;
	c->partial = true;
}

static void
over(struct recogniser *r, struct ssh_client *c)
{
	if (c->verbose) {
		client_probe_over(r, c, "keys");
		client_probe_over(r, c, "agent");
	}
	client_probe_over(r, c, "auth");
}

ACT(authenticated)
{
	const char *method = strstr(l->s, "\"");

	UNUSED(h), UNUSED(arg);
	if (c->logged_in || c->stage >= STAGE_SESSION)
		return;
	c->logged_in = true;
	if (method == NULL)
		method = strstr(l->s, "(");
	login(r, c,
	    method != NULL && strncmp(method + 1, "publickey", 9) == 0 ? "publickey" : "other",
	    "success", NULL);
	over(r, c);
	client_stage(r, c, STAGE_SESSION);
}

/* "alice@web1: Permission denied (publickey)." */
ACT(denied)
{
	const char *list = strrchr(l->s, '(');
	char user[128], text[256];
	const char *at = strrchr(h[0].s, '@');
	size_t n;

	UNUSED(arg);
	if (c->stage >= STAGE_SESSION)
		return;
	client_stage(r, c, STAGE_HOSTKEY);
	if (at != NULL) {
		text_copy(user, sizeof user, h[0].s);
		if ((size_t)(at - h[0].s) < sizeof user)
			user[at - h[0].s] = '\0';
		recognise_case(r, at + 1, user, 0);
	}
	if (!c->trusted) {
		c->trusted = true;
		client_says(r, "hostkey-taken", NULL, NULL, 0);
	}
	client_stage(r, c, STAGE_AUTH);
	text_copy(text, sizeof text, list != NULL ? list + 1 : "");
	n = strcspn(text, ")");
	text[n] = '\0';
	c->partial = c->partial && !c->methods;
	if (!c->methods)
		methods(r, c, text);
	if (!c->auth_over) {
		CLIENT_EV(ev, EV_AUTH_END);

		ev_str(&ev, K_REASON, "done");
		client_say(r, &ev);
	}
	c->auth_over = true;
	over(r, c);
	c->stage = STAGE_OVER;
}

/* ssh says it of passwords only; without -v it is the only trace of one. */
ACT(try_again)
{
	UNUSED(l), UNUSED(h), UNUSED(arg);
	if (!c->verbose && c->stage < STAGE_SESSION)
		login(r, c, "password", "denied", NULL);
}

/* The words of Microsoft's PAM module at the prompt, by its documentation (login-using-aad). */
ACT(cloud_role)
{
	UNUSED(h), UNUSED(arg);
	if (c->stage < STAGE_SESSION)
		client_says(r, "cloud-role", l->s, NULL, 0);
}

/* "Received disconnect from 192.0.2.7 port 22:2: Too many authentication failures" */
ACT(disconnected)
{
	const char *text = strstr(l->s, " port ");

	UNUSED(h), UNUSED(arg);
	if (c->stage == STAGE_OVER || c->auth_over)
		return;
	text = text != NULL ? strstr(text, ": ") : NULL;
	text = text != NULL ? text + 2 : l->s;
	if (c->stage >= STAGE_SESSION) {
		client_died(r, c, "closed", text);
		return;
	}
	if (c->stage < STAGE_AUTH && c->verbose && !c->trusted) {
		client_died(r, c, "closed", l->s);
		return;
	}
	if (c->key.pending && !c->key.accepted)
		query(r, c, "closed");
	c->auth_over = true;
	CLIENT_EV(ev, EV_AUTH_END);
	ev_str(&ev, K_REASON, "disconnect");
	ev_str(&ev, K_TEXT, text);
	client_say(r, &ev);
	over(r, c);
	c->stage = STAGE_OVER;
}

ACT(remote_note)
{
	CLIENT_EV(ev, EV_PROOF_NOTE);

	UNUSED(c), UNUSED(h), UNUSED(arg);
	ev_str(&ev, K_TEXT, l->s + strlen("Remote: "));
	client_say(r, &ev);
	if (strstr(l->s, "Server has disabled port forwarding") != NULL)
		client_says(r, "fwd-disabled", l->s + strlen("Remote: "), NULL, 0);
}

ACT(hostbased)
{
	UNUSED(c), UNUSED(h), UNUSED(arg);
	client_says(r, "hostbased", l->s, NULL, 0);
}

/* A banner of the server's, before a login or with the answer to one; or what a command printed. */
void
client_printed(struct recogniser *r, struct ssh_client *c, const struct line *l)
{
	struct strbuf sb = { .s = c->printed, .cap = sizeof c->printed, .len = strlen(c->printed) };

	if (l->len == 0 || c->stage < STAGE_AUTH || c->stage == STAGE_OVER)
		return;
	if (c->stage == STAGE_AUTH) {
		CLIENT_EV(ev, EV_AUTH_BANNER);

		ev_str(&ev, K_TEXT, l->s);
		if (c->key.signing)
			ev_str(&ev, K_METHOD, "publickey");
		client_say(r, &ev);
	}
	if (sb.len > 0)
		sb_puts(&sb, "\\x0A");
	sb_add(&sb, l->s, l->len);
}

void
client_end_auth(struct recogniser *r, struct ssh_client *c)
{
	if (c->stage != STAGE_AUTH || c->auth_over)
		return;
	/* A question that is still open when the text ends is a person's. */
	over(r, c);
}

/* clang-format off */
const struct client_row client_rows_auth[] = {
	{ AT_DEBUG, "Authenticating to %q as '%q'", authenticating, NULL, false },

	/* keys and agent */
	{ AT_DEBUG, "Will attempt key: %*", will_attempt, NULL, false },
	{ AT_MESSAGE, "Warning: Identity file %q not accessible: %q.", identity_missing, NULL, true },
	{ AT_EITHER, "no such identity: %q: %q", identity_missing, NULL, false },
	{ AT_MESSAGE, "Permissions 0%d for '%q' are too open.", key_open, NULL, false },
	{ AT_EITHER, "Load key \"%q\": %q", key_unreadable, NULL, false },
	{ AT_EITHER, "load pubkey \"%q\": Invalid key length", key_short, NULL, false },
	{ AT_EITHER, "load identity pubkey \"%q\": Invalid key length", key_short, NULL, false },
	{ AT_DEBUG, "load_identity_file: Skipping key %q: Invalid key length", key_short, NULL, false },
	{ AT_EITHER, "identity_sign: private key %q contents do not match public", key_mismatch, NULL, false },
	{ AT_DEBUG, "Skipping %s key %q - corresponding algo not in PubkeyAcceptedAlgorithms", key_skipped, "algorithms", false },
	{ AT_DEBUG, "Skipping %s key %q - corresponding algorithm not in PubkeyAcceptedAlgorithms", key_skipped, "algorithms", false },
	{ AT_DEBUG, "Skipping %s key %q - not in PubkeyAcceptedKeyTypes", key_skipped, "algorithms", false },
	{ AT_DEBUG, "Skipping %s key %q - corresponding algorithm not supported by server", key_skipped, "sha1", false },
	{ AT_DEBUG, "bad passphrase given, try again...", passphrase_wrong, NULL, false },
	{ AT_DEBUG, "get_agent_identities: ssh_get_authentication_socket: %q", agent_unusable, NULL, false },
	{ AT_DEBUG, "pubkey_prepare: ssh_get_authentication_socket: %q", agent_unusable, NULL, false },
	{ AT_DEBUG, "get_agent_identities: ssh_fetch_identitylist: agent contains no identities", agent_empty, "agent-empty", false },
	{ AT_DEBUG, "pubkey_prepare: ssh_fetch_identitylist: agent contains no identities", agent_empty, "agent-empty", false },
	{ AT_DEBUG, "get_agent_identities: ssh_agent_bind_hostkey: agent refused operation", agent_bind_refused, NULL, false },
	{ AT_DEBUG, "get_agent_identities: agent returned %d keys", agent_keys, NULL, false },

	/* authentication */
	{ AT_DEBUG, "Next authentication method: %s", next_method, NULL, false },
	{ AT_DEBUG, "Authentications that can continue: %*", can_continue, NULL, false },
	{ AT_DEBUG, "Offering public key: %*", offering, NULL, false },
	{ AT_DEBUG, "Offering %s public key: %*", offering, NULL, false },
	{ AT_DEBUG, "Server accepts key: %*", accepts, NULL, false },
	{ AT_DEBUG, "sign_and_send_pubkey: signing using %*", signing, NULL, false },
	{ AT_DEBUG, "sign_and_send_pubkey: using %*", signing, NULL, false },
	{ AT_DEBUG, "sign_and_send_pubkey: %s SHA256:%*", signing, NULL, false },
	{ AT_EITHER, "sign_and_send_pubkey: signing failed %* agent refused operation", agent_refused, NULL, false },
	{ AT_EITHER, "sign_and_send_pubkey: signing failed for %q from agent: %q", agent_refused, NULL, false },
	{ AT_EITHER, "sign_and_send_pubkey: signing failed: agent refused operation", agent_refused, NULL, false },
	{ AT_EITHER, "sign_and_send_pubkey: no mutual signature supported", signing_failed, NULL, false },
	{ AT_DEBUG, "send_pubkey_test: no mutual signature algorithm", signing_failed, NULL, false },
	{ AT_DEBUG, "we did not send a packet, disable method", nothing_sent, NULL, false },
	{ AT_DEBUG, "preferred %q", preferred, NULL, false },
	{ AT_DEBUG, "Trying private key: %q", trying_private, NULL, false },
	{ AT_DEBUG, "read_passphrase: can't open /dev/tty: %q", no_tty, NULL, false },
	{ AT_DEBUG, "we sent a password packet, wait for reply", password_sent, NULL, false },
	{ AT_DEBUG, "input_userauth_info_req: num_prompts %d", password_sent, NULL, false },
	{ AT_DEBUG, "Authenticated using \"%q\" with partial success.", partial, NULL, false },
	{ AT_MESSAGE, "Authenticated using \"%q\" with partial success.", partial, NULL, false },
	{ AT_EITHER, "Authenticated with partial success.", partial, NULL, false },
	{ AT_EITHER, "Authenticated to %q using \"%q\".", authenticated, NULL, false },
	{ AT_EITHER, "Authentication succeeded (%q).", authenticated, NULL, false },
	{ AT_MESSAGE, "%q: Permission denied (%q).", denied, NULL, false },
	{ AT_MESSAGE, "Permission denied (%q).", denied, NULL, false },
	{ AT_MESSAGE, "Access denied: %q be assigned a role with action 'Microsoft.Compute/virtualMachines/%*", cloud_role, NULL, true },
	{ AT_MESSAGE, "Permission denied, please try again.", try_again, NULL, false },
	{ AT_MESSAGE, "Received disconnect from %q", disconnected, NULL, false },
	{ AT_MESSAGE, "ssh-keysign not enabled in %q", hostbased, NULL, true },
	{ AT_MESSAGE, "ssh_keysign: no reply", hostbased, NULL, false },
	{ AT_DEBUG, "Remote: %*", remote_note, NULL, false },
	{ .pattern = NULL },
};
/* clang-format on */
