/* What single lines of the authentication layer say: keys, agent, methods, logins. See learn_internal.h. */
#include <stdio.h>

#include "learn_internal.h"

/* ---- keys and agent ------------------------------------------------------------------------ */

/* The key of a row is its fingerprint; where that is not known, its path, which never looks like one. */
static int
order_key(const void *row, const void *key)
{
	const struct diag_key *a = row, *b = key;
	int c = strcmp(a->fp, b->fp);

	return c != 0 || a->fp[0] != '\0' ? c : strcmp(a->name, b->name);
}

static struct diag_key *
key_row(struct diag *d, const struct evidence *ev, const char *fp, enum ev_key name, int64_t named)
{
	struct diag_key key = { .named = INT64_MAX }, *k;
	char text[sizeof key.name];

	ev_copy(ev, name, text, sizeof text);
	text_copy(key.fp, sizeof key.fp, fp);
	if (fp[0] == '\0')
		text_copy(key.name, sizeof key.name, text);
	if (fp[0] == '\0' && text[0] == '\0')
		return NULL;
	k = table_row(d->keys, &d->nkeys, DIAG_KEYS, sizeof key, &key, order_key);
	if (k == NULL)
		return NULL;
	ev_note(k->ev, ev->n);
	if (text[0] != '\0' &&
	    (named < k->named || (named == k->named && strcmp(text, k->name) < 0))) {
		text_copy(k->name, sizeof k->name, text);
		k->named = named;
	}
	ev_copy(ev, K_TYPE, text, sizeof k->type);
	if (text[0] != '\0' && (k->type[0] == '\0' || strcmp(text, k->type) < 0))
		text_copy(k->type, sizeof k->type, text);
	return k;
}

/* The key that ssh offers in the place of the file's own, as NAME.pub holds it. */
static void
misnamed_key(struct diag *d, const struct evidence *ev)
{
	char fp[64];
	struct diag_key *k;

	ev_copy(ev, K_PUB_FP, fp, sizeof fp);
	if (fp[0] != '\0' && (k = key_row(d, ev, fp, K_PATH, 1)) != NULL)
		k->misnamed = true;
}

/* The usual names are looked for and seldom all there; a file that somebody named is another matter. */
static void
missing_key(struct diag *d, const struct evidence *ev)
{
	bool cli = ev_is(ev, K_SOURCE, "cli");

	if (!ev_is(ev, K_STATE, "missing") || (!cli && !ev_is(ev, K_SOURCE, "config")))
		return;
	fact(d, ev, F_KEY_FILE_GONE);
	if (cli)
		fact(d, ev, F_KEY_CLI_MISSING);
	slot_field(d, SLOT_MISSING_KEY, cli ? 0 : 1, ev, K_PATH);
}

static void
key_file(struct diag *d, const struct evidence *ev)
{
	char fp[64], mode[8];
	bool used = !ev_is(ev, K_SOURCE, "other");
	bool bad = ev_is(ev, K_STATE, "unparsable") || ev_is(ev, K_STATE, "unreadable");
	struct diag_key *k;

	ev_copy(ev, K_FP, fp, sizeof fp);
	if (fp[0] == '\0')
		ev_copy(ev, K_PUB_FP, fp, sizeof fp);
	/* A file that ssh uses names the key before one that it does not. */
	if ((k = key_row(d, ev, fp, K_PATH, used ? 0 : 1)) == NULL)
		return;
	if (used && ev_is(ev, K_MATCH, "no"))
		misnamed_key(d, ev);
	k = key_row(d, ev, fp, K_PATH, used ? 0 : 1); /* a new row may have moved it */
	k->config |= used;
	if (!ev_is(ev, K_STATE, "missing"))
		k->in_file = true;
	else if (used)
		k->missing = true;
	k->pub_only |= ev_is(ev, K_STATE, "public");
	k->unparsable |= bad;
	k->encrypted |= ev_is(ev, K_STATE, "encrypted");
	k->open |= ev_num(ev, K_OPEN, 0) == 1;
	k->pub |= ev_num(ev, K_PUB, 0) == 1;
	k->mismatch |= ev_is(ev, K_MATCH, "no");
	ev_copy(ev, K_MODE, mode, sizeof mode);
	if (mode[0] != '\0' && (k->mode[0] == '\0' || strcmp(mode, k->mode) < 0))
		text_copy(k->mode, sizeof k->mode, mode);
	missing_key(d, ev);
	if (used && bad)
		slot_field(d, SLOT_BAD_TEXT, 0, ev, K_TEXT);
}

static void
key_cert(struct diag *d, const struct evidence *ev)
{
	char fp[64];
	struct diag_key *k;

	ev_copy(ev, K_FP, fp, sizeof fp);
	if ((k = key_row(d, ev, fp, K_PATH, 2)) == NULL)
		return;
	k->cert = true;
	if (ev_is(ev, K_MATCH, "no") && ev_is(ev, K_KIND, "user")) {
		fact(d, ev, F_CERT_OTHER_USER);
		slot_field(d, SLOT_CERT_NAMES, 0, ev, K_PRINCIPALS);
	}
	k->cert_expired |= ev_is(ev, K_STATE, "expired") || ev_is(ev, K_STATE, "early");
}

static void
agent_result(struct diag *d, const struct evidence *ev)
{
	static const struct word_fact results[] = {
		{ "ok", { F_AGENT_DONE } },
		{ "unset", { F_AGENT_DONE, F_AGENT_UNSET } },
		{ "missing", { F_AGENT_DONE, F_AGENT_UNREACHABLE } },
		{ "refused", { F_AGENT_DONE, F_AGENT_UNREACHABLE } },
		{ "denied", { F_AGENT_DONE, F_AGENT_UNREACHABLE } },
		{ "garbage", { F_AGENT_DONE, F_AGENT_UNREACHABLE } },
		{ "hangs", { F_AGENT_DONE, F_AGENT_HANGS } },
	};
	static const struct word_fact states[] = {
		{ "open", { F_AGENT_OPEN } },
		{ "shut", { F_AGENT_BIND_REFUSED } },
	};

	word(d, ev, K_RESULT, results, COUNT(results));
	slot_field(d, SLOT_AGENT_PATH, 0, ev, K_PATH);
	if (ev_is(ev, K_RESULT, "ok"))
		slot_field(d, SLOT_AGENT_COUNT, 0, ev, K_COUNT);
	if (ev_is(ev, K_RESULT, "ok") && ev_num(ev, K_COUNT, -1) == 0)
		fact(d, ev, F_AGENT_EMPTY);
	word(d, ev, K_STATE, states, COUNT(states));
	if (ev_is(ev, K_OWNER, "ssh-agent"))
		fact(d, ev, F_AGENT_OPENSSH);
	slot_field(d, SLOT_AGENT_TEXT, 0, ev, ev_get(ev, K_TEXT) != NULL ? K_TEXT : K_RESULT);
}

static void
agent_key(struct diag *d, const struct evidence *ev)
{
	char fp[64];
	struct diag_key *k;

	ev_copy(ev, K_FP, fp, sizeof fp);
	if (fp[0] != '\0' && (k = key_row(d, ev, fp, K_COMMENT, 3)) != NULL)
		k->in_agent = true;
}

/* ---- Host blocks ------------------------------------------------------------------------------- */

/* One block is told of, the first; the others are in the evidence. */
static void
config_block(struct diag *d, const struct evidence *ev)
{
	static const struct {
		enum ev_key key;
		enum fact fact;
		enum slot slot;
	} sets[] = {
		{ K_USER, F_BLOCK_USER, SLOT_BLOCK_USER },
		{ K_PORT, F_BLOCK_PORT, SLOT_BLOCK_PORT },
		{ K_PATH, F_BLOCK_KEY, SLOT_BLOCK_KEY },
	};
	char at[DIAG_SLOT_LEN], file[DIAG_SLOT_LEN - 24];

	if (ev_num(ev, K_ORDER, 0) != 1)
		return;
	fact(d, ev, ev_is(ev, K_REASON, "shadowed") ? F_BLOCK_SHADOWED : F_BLOCK_MEANT);
	for (size_t i = 0; i < COUNT(sets); i++) {
		if (ev_get(ev, sets[i].key) == NULL)
			continue;
		fact(d, ev, sets[i].fact);
		slot_field(d, sets[i].slot, 0, ev, sets[i].key);
	}
	slot_field(d, SLOT_BLOCK_NAME, 0, ev, K_NAME);
	ev_copy(ev, K_FILE, file, sizeof file);
	snprintf(at, sizeof at, "%s:%lld", file, (long long)ev_num(ev, K_LINE, 0));
	slot_offer(d, SLOT_BLOCK_AT, 0, at, strlen(at));
}

/* ---- authentication --------------------------------------------------------------------------- */

static void
auth_methods(struct diag *d, const struct evidence *ev)
{
	static const struct {
		const char *method;
		enum fact fact;
	} rows[] = {
		{ "publickey", F_METHOD_PUBLICKEY },
		{ "password", F_METHOD_PASSWORD },
		{ "keyboard-interactive", F_METHOD_KBDINT },
		{ "gssapi-with-mic", F_METHOD_OTHER },
		{ "gssapi-keyex", F_METHOD_OTHER },
		{ "hostbased", F_METHOD_OTHER },
		{ "gssapi-with-mic", F_METHOD_GSSAPI },
		{ "gssapi-keyex", F_METHOD_GSSAPI },
		{ "hostbased", F_METHOD_HOSTBASED },
	};
	char list[DIAG_SLOT_LEN];

	if (ev_num(ev, K_PARTIAL, 0) == 1) {
		slot_field(d, SLOT_METHODS_LEFT, 0, ev, K_METHODS);
		if (ev_is(ev, K_METHODS, "publickey"))
			fact(d, ev, F_LEFT_KEYS);
		return;
	}
	ev_copy(ev, K_METHODS, list, sizeof list);
	for (size_t i = 0; i < COUNT(rows); i++)
		if (text_list_has(list, rows[i].method))
			fact(d, ev, rows[i].fact);
	slot_field(d, SLOT_METHODS, 0, ev, K_METHODS);
	fact(d, ev, F_METHODS);
}

/* What Linux-PAM's modules say of an account (pam_nologin, pam_unix, pam_faillock, pam_tally2), in English. */
static const struct text_fact pam_texts[] = {
	{ "System is booting up", F_SAYS_NOLOGIN },
	{ "System is going down", F_SAYS_NOLOGIN },
	{ "Unprivileged users are not permitted to log in", F_SAYS_NOLOGIN },
	{ "Your account has expired", F_SAYS_EXPIRED },
	{ "The account is locked due to", F_SAYS_LOCKED },
	{ "Account locked due to", F_SAYS_LOCKED },
	{ "You are required to change your password immediately", F_SAYS_PASSWORD },
};

static void
auth_banner(struct diag *d, const struct evidence *ev)
{
	slot_field(d, SLOT_AUTH_TEXT, 1, ev, K_TEXT);
	if (!ev_is(ev, K_METHOD, "publickey"))
		return; /* it stands before every login, whatever comes of it */
	fact(d, ev, F_SAYS_TEXT);
	texts(d, ev, K_TEXT, pam_texts, COUNT(pam_texts));
	slot_first_line(d, SLOT_ACCOUNT_TEXT, 0, ev, K_TEXT);
}

/* A name that useradd(8) would make. */
static bool
is_user_name(const char *s, size_t len)
{
	static const char letters[] =
	    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-";

	for (size_t i = 0; i < len; i++)
		if (s[i] == '\0' || strchr(letters, s[i]) == NULL)
			return false;
	return len > 0 && len <= 32 && s[0] != '-';
}

/* The forced command of cloud-init (disable_root_opts): 'Please login as the user "ubuntu" rather than the user "root".' */
static void
other_user(struct diag *d, const struct evidence *ev)
{
	static const char before[] = "Please login as the user \"",
			  after[] = "\" rather than the user \"";
	const struct ev_field *f = ev_get(ev, K_OUT);
	const char *at, *end;

	if (f == NULL || f->s == NULL ||
	    (at = memmem(f->s, f->len, before, sizeof before - 1)) == NULL)
		return;
	at += sizeof before - 1;
	end = memmem(at, (size_t)(f->s + f->len - at), after, sizeof after - 1);
	if (end == NULL || !is_user_name(at, (size_t)(end - at)))
		return;
	fact(d, ev, F_OTHER_USER_TEXT);
	slot_offer(d, SLOT_NAMED_USER, 0, at, (size_t)(end - at));
}

void
account_words(struct diag *d, const struct evidence *ev)
{
	if (ev_is(ev, K_NONCE, "ok"))
		return;
	other_user(d, ev);
	/* do_pwchange() in session.c of OpenSSH */
	if (holds(ev, K_ERR, "Password change required but no TTY available"))
		fact(d, ev, F_PASSWORD_NO_TTY);
}

static void
auth_query(struct diag *d, const struct evidence *ev)
{
	char fp[64];
	struct diag_key *k;
	int64_t order = ev_num(ev, K_ORDER, 0);

	ev_copy(ev, K_FP, fp, sizeof fp);
	if ((k = key_row(d, ev, fp, K_NAME, 4)) == NULL)
		return;
	k->left_type |= ev_is(ev, K_REASON, "algorithms");
	k->left_sha1 |= ev_is(ev, K_REASON, "sha1");
	k->left_short |= ev_is(ev, K_REASON, "short");
	if (ev_is(ev, K_ANSWER, "skipped"))
		return;
	k->unserved |= ev_num(ev, K_SERVED, 1) == 0;
	k->asked = true;
	if (ev_num(ev, K_LISTED, 0) == 1)
		slot_field(d, SLOT_PUBLIC_KEY, order, ev, K_PUBLIC);
	k->listed |= ev_num(ev, K_LISTED, 0) == 1;
	k->accepted |= ev_is(ev, K_ANSWER, "accepted");
	k->refused |= ev_is(ev, K_ANSWER, "refused");
	if (ev_is(ev, K_MATCH, "no") && ev_is(ev, K_ANSWER, "refused"))
		fact(d, ev, F_CERT_OTHER_SOURCE);
	if (ev_num(ev, K_LISTED, 0) == 1 && order > 0 && order <= INT16_MAX &&
	    (k->order == 0 || order < k->order))
		k->order = (int)order;
}

static void
auth_login(struct diag *d, const struct evidence *ev)
{
	static const struct word_fact results[] = {
		{ "success", { F_LOGIN_OK } },
		{ "partial", { F_LOGIN_PARTIAL } },
		{ "denied", { F_LOGIN_DENIED } },
		{ "closed", { F_LOGIN_CLOSED } },
		{ "unsupported", { F_LOGIN_UNSUPPORTED } },
		{ "error", { F_LOGIN_ERROR } },
	};
	char fp[64];
	struct diag_key *k = NULL;

	/* A password or a code: what a text tells of one, as none is given here. */
	if ((ev_is(ev, K_METHOD, "password") || ev_is(ev, K_METHOD, "keyboard-interactive")) &&
	    ev_is(ev, K_RESULT, "denied")) {
		fact(d, ev, F_PASSWORD_REFUSED);
		return;
	}
	/* "none" is no attempt with a key: only its success says something. */
	if (ev_is(ev, K_METHOD, "none") && !ev_is(ev, K_RESULT, "success"))
		return;
	word(d, ev, K_RESULT, results, COUNT(results));
	if (ev_is(ev, K_RESULT, "error") && ev_is(ev, K_FROM, "agent"))
		fact(d, ev, F_LOGIN_AGENT_ERROR);
	if (ev_is(ev, K_RESULT, "success") && ev_get(ev, K_COMMAND) != NULL)
		fact(d, ev, F_LOGIN_CERT_FORCED);
	slot_field(d, SLOT_LOGIN_KEY, 0, ev, K_NAME);
	slot_field(d, SLOT_AUTH_TEXT, 0, ev, K_TEXT);
	ev_copy(ev, K_FP, fp, sizeof fp);
	if (fp[0] != '\0' && (k = key_row(d, ev, fp, K_NAME, 4)) != NULL) {
		k->login_ok |= ev_is(ev, K_RESULT, "success");
		k->login_denied |= ev_is(ev, K_RESULT, "denied");
		k->login_partial |= ev_is(ev, K_RESULT, "partial");
	}
}

static void
auth_end(struct diag *d, const struct evidence *ev)
{
	static const struct word_fact reasons[] = {
		{ "closed", { F_AUTH_CLOSED } },
		{ "timeout", { F_AUTH_TIMEOUT } },
		{ "error", { F_AUTH_ERROR } },
	};

	fact(d, ev, F_AUTH_DONE);
	/* input_userauth_request() in auth2.c of OpenSSH */
	if (holds(ev, K_TEXT, "no authentication methods enabled"))
		fact(d, ev, F_METHODS_IMPOSSIBLE);
	/* OpenSSH's words (auth.c, auth_maxtries_exceeded); Dropbear's begin alike. */
	if (holds(ev, K_TEXT, "Too many authentication failures") ||
	    holds(ev, K_TEXT, "Max auth tries"))
		fact(d, ev, F_AUTH_TOO_MANY);
	else if (ev_is(ev, K_REASON, "disconnect"))
		fact(d, ev, F_AUTH_DISCONNECT);
	else
		word(d, ev, K_REASON, reasons, COUNT(reasons));
	if (!ev_is(ev, K_REASON, "done"))
		slot_field(d, SLOT_AUTH_TEXT, -1, ev, K_TEXT);
}

/* ---- what sshd notes behind a login ------------------------------------------------------------- */

/*
 * Notes of OpenSSH's sshd (auth2-pubkey.c, auth2-pubkeyfile.c), which it keeps until a login
 * is through. What stands before a note's text is the file and line that it speaks of;
 * what stands behind it, up to a quote where the text ends in one, is its matter.
 */
static const struct note {
	const char *text;
	enum fact fact;
	enum slot place, matter, whole; /* SLOT__COUNT: none; whole: all of it */
} notes[] = {
	{ "bad ownership or modes for file ", F_NOTE_MODES, SLOT__COUNT, SLOT_NOTE_MODES,
	    SLOT__COUNT },
	{ "bad ownership or modes for directory ", F_NOTE_MODES, SLOT__COUNT, SLOT_NOTE_MODES,
	    SLOT__COUNT },
	{ ": Your host '", F_NOTE_SOURCE, SLOT_NOTE_SOURCE, SLOT_NOTE_HOST, SLOT__COUNT },
	{ ": Your address '", F_NOTE_CERT_SOURCE, SLOT__COUNT, SLOT_NOTE_HOST, SLOT__COUNT },
	{ ": entry expired at ", F_NOTE_EXPIRED, SLOT_NOTE_EXPIRED, SLOT_NOTE_EXPIRY, SLOT__COUNT },
	{ ": bad key options: ", F_NOTE_OPTIONS, SLOT_NOTE_OPTIONS, SLOT_NOTE_OPTIONS_TEXT,
	    SLOT__COUNT },
	{ "Certificate invalid: name is not a listed principal", F_NOTE_CERT_NAME, SLOT__COUNT,
	    SLOT__COUNT, SLOT_NOTE_CERT },
	{ "Certificate does not contain an authorized principal", F_NOTE_CERT_NAME, SLOT__COUNT,
	    SLOT__COUNT, SLOT_NOTE_CERT },
	{ "Certificate lacks principal list", F_NOTE_CERT_NAME, SLOT__COUNT, SLOT__COUNT,
	    SLOT_NOTE_CERT },
	{ "Certificate invalid: expired", F_NOTE_CERT_TIME, SLOT__COUNT, SLOT__COUNT,
	    SLOT_NOTE_CERT_TIME },
	{ "Certificate invalid: not yet valid", F_NOTE_CERT_TIME, SLOT__COUNT, SLOT__COUNT,
	    SLOT_NOTE_CERT_TIME },
};

/* Offer what there is of a note; a slot that its row does not name gets nothing. */
static void
offer_part(struct diag *d, enum slot s, const char *from, const char *to)
{
	if (s != SLOT__COUNT)
		slot_offer(d, s, 0, from, (size_t)(to - from));
}

static void
take_note(struct diag *d, const struct evidence *ev, const struct note *n, const char *at)
{
	const struct ev_field *f = ev_get(ev, K_TEXT);
	size_t len = strlen(n->text);
	const char *matter = at + len, *end = f->s + f->len, *quote = NULL;

	if (n->text[len - 1] == '\'')
		quote = memchr(matter, '\'', (size_t)(end - matter));
	fact(d, ev, n->fact);
	offer_part(d, n->place, f->s, at);
	offer_part(d, n->matter, matter, quote != NULL ? quote : end);
	offer_part(d, n->whole, at, end);
}

static void
proof_note(struct diag *d, const struct evidence *ev)
{
	const struct ev_field *f = ev_get(ev, K_TEXT);

	for (size_t i = 0; f != NULL && f->s != NULL && i < COUNT(notes); i++) {
		const char *at = memmem(f->s, f->len, notes[i].text, strlen(notes[i].text));

		if (at == NULL)
			continue;
		take_note(d, ev, &notes[i], at);
		return;
	}
}

const learner learners_authentication[EV__COUNT] = {
	[EV_CONFIG_BLOCK] = config_block,
	[EV_KEY_FILE] = key_file,
	[EV_KEY_CERT] = key_cert,
	[EV_AGENT_RESULT] = agent_result,
	[EV_AGENT_KEY] = agent_key,
	[EV_AUTH_METHODS] = auth_methods,
	[EV_AUTH_BANNER] = auth_banner,
	[EV_AUTH_QUERY] = auth_query,
	[EV_AUTH_LOGIN] = auth_login,
	[EV_AUTH_END] = auth_end,
	[EV_PROOF_NOTE] = proof_note,
};
