/*
 * What the fields of evidence and the slots of a diagnosis hold, as far as it is not plain
 * text: one row each. See redact.h.
 */
#include "redact_internal.h"

#include <string.h>

#include "redact_scan.h"

/* What a value is. */
enum holds {
	HOLDS_TEXT,    /* names may be anywhere in it: what no row speaks of */
	HOLDS_WORD,    /* one of a few words, an algorithm, a fingerprint: left as it is */
	HOLDS_DEST,    /* [user@]host[:port], as ssh takes them; several with commas */
	HOLDS_USER,    /* user names, with commas */
	HOLDS_COMMENT, /* of a key; or the path of one */
	HOLDS_SETTING  /* by the name of the setting */
};

static const struct {
	enum ev_key key;
	enum holds holds;
} by_key[] = {
	{ K_HOST, HOLDS_DEST },
	{ K_ADDR, HOLDS_DEST },
	{ K_NEXT, HOLDS_DEST },
	{ K_INPUT, HOLDS_DEST },
	{ K_USER, HOLDS_USER },
	{ K_PRINCIPALS, HOLDS_USER },
	{ K_COMMENT, HOLDS_COMMENT },
	{ K_ID, HOLDS_COMMENT },
	{ K_ALGS, HOLDS_WORD },
	{ K_ANSWER, HOLDS_WORD },
	{ K_CA_FP, HOLDS_WORD },
	{ K_CERTAINTY, HOLDS_WORD },
	{ K_CIPHER_CS, HOLDS_WORD },
	{ K_CIPHER_SC, HOLDS_WORD },
	{ K_COMP_CS, HOLDS_WORD },
	{ K_COMP_SC, HOLDS_WORD },
	{ K_ERRNO, HOLDS_WORD },
	{ K_FAMILY, HOLDS_WORD },
	{ K_FINDING, HOLDS_WORD },
	{ K_FORWARD, HOLDS_WORD },
	{ K_FP, HOLDS_WORD },
	{ K_MD5, HOLDS_WORD },
	{ K_GUESS, HOLDS_WORD },
	{ K_HOSTKEY, HOLDS_WORD },
	{ K_KEX, HOLDS_WORD },
	{ K_KIND, HOLDS_WORD },
	{ K_LAYER, HOLDS_WORD },
	{ K_MAC_CS, HOLDS_WORD },
	{ K_MAC_SC, HOLDS_WORD },
	{ K_MARKER, HOLDS_WORD },
	{ K_MATCH, HOLDS_WORD },
	{ K_METHOD, HOLDS_WORD },
	{ K_METHODS, HOLDS_WORD },
	{ K_MODE, HOLDS_WORD },
	{ K_NONCE, HOLDS_WORD },
	{ K_PHASE, HOLDS_WORD },
	{ K_PROBE, HOLDS_WORD },
	{ K_PROTO, HOLDS_WORD },
	{ K_PUB_FP, HOLDS_WORD },
	{ K_REQUEST, HOLDS_WORD },
	{ K_RESULT, HOLDS_WORD },
	{ K_SEEN, HOLDS_WORD },
	{ K_SIGNAL, HOLDS_WORD },
	{ K_SOURCE, HOLDS_WORD },
	{ K_STAGE, HOLDS_WORD },
	{ K_STATE, HOLDS_WORD },
	{ K_TYPE, HOLDS_WORD },
	{ K_VERSION, HOLDS_WORD },
	{ K_WHAT, HOLDS_WORD },
};

/* Where a kind means something else by a key than others do. */
static const struct {
	enum ev_kind kind;
	enum ev_key key;
	enum holds holds;
} by_kind[] = {
	{ EV_CONFIG_VALUE, K_NAME, HOLDS_WORD },
	{ EV_CONFIG_VALUE, K_VALUE, HOLDS_SETTING },
	{ EV_CONFIG_BLOCK, K_NAME, HOLDS_DEST },
	{ EV_RESOLVE_RESULT, K_NAME, HOLDS_DEST },
	{ EV_HOP_RESULT, K_NAME, HOLDS_DEST },
	{ EV_KNOWN_ENTRY, K_NAME, HOLDS_DEST },
	{ EV_KNOWN_ELSEWHERE, K_NAME, HOLDS_DEST },
	{ EV_HOSTKEY_SSHFP, K_NAME, HOLDS_DEST },
	{ EV_HOP_RESULT, K_FIX, HOLDS_TEXT },
	{ EV_KEY_FILE, K_OWNER, HOLDS_USER },
	{ EV_KEY_CERT, K_SOURCE, HOLDS_TEXT },
	{ EV_AUTH_QUERY, K_SOURCE, HOLDS_TEXT },
	{ EV_AUTH_QUERY, K_NAME, HOLDS_COMMENT },
	{ EV_AUTH_LOGIN, K_NAME, HOLDS_COMMENT },
	{ EV_SESSION_REST, K_NAME, HOLDS_WORD },
	{ EV_RUN_START, K_FROM, HOLDS_WORD },
	{ EV_AUTH_QUERY, K_FROM, HOLDS_WORD },
	{ EV_AUTH_LOGIN, K_FROM, HOLDS_WORD },
};

/* Settings of ssh -G. */
static const struct {
	const char *name;
	enum holds holds;
} by_setting[] = {
	{ "host", HOLDS_DEST },
	{ "hostname", HOLDS_DEST },
	{ "hostkeyalias", HOLDS_DEST },
	{ "proxyjump", HOLDS_DEST },
	{ "bindaddress", HOLDS_DEST },
	{ "user", HOLDS_USER },
};

static const struct {
	enum slot slot;
	enum holds holds;
} by_slot[] = {
	{ SLOT_HOST, HOLDS_DEST },
	{ SLOT_HOSTNAME, HOLDS_DEST },
	{ SLOT_DEST, HOLDS_DEST },
	{ SLOT_DEST_NOPORT, HOLDS_DEST },
	{ SLOT_BLOCK_NAME, HOLDS_DEST },
	{ SLOT_HOP, HOLDS_DEST },
	{ SLOT_HOP_HOST, HOLDS_DEST },
	{ SLOT_HOP_NEXT, HOLDS_DEST },
	{ SLOT_KNOWN_NAME, HOLDS_DEST },
	{ SLOT_ELSEWHERE, HOLDS_DEST },
	{ SLOT_USER, HOLDS_USER },
	{ SLOT_BLOCK_USER, HOLDS_USER },
	{ SLOT_NAMED_USER, HOLDS_USER },
	{ SLOT_CERT_NAMES, HOLDS_USER },
	{ SLOT_LEFT_KEY, HOLDS_COMMENT },
	{ SLOT_OTHER_KEY, HOLDS_COMMENT },
	{ SLOT_LOGIN_KEY, HOLDS_COMMENT },
	{ SLOT_KEX_OURS, HOLDS_WORD },
	{ SLOT_KEX_THEIRS, HOLDS_WORD },
	{ SLOT_KEX_ADD, HOLDS_WORD },
	{ SLOT_HK_OURS, HOLDS_WORD },
	{ SLOT_HK_THEIRS, HOLDS_WORD },
	{ SLOT_HK_ADD, HOLDS_WORD },
	{ SLOT_HOSTKEY_FP, HOLDS_WORD },
	{ SLOT_HOSTKEY_MD5, HOLDS_WORD },
	{ SLOT_KNOWN_FP, HOLDS_WORD },
	{ SLOT_METHODS, HOLDS_WORD },
	{ SLOT_METHODS_LEFT, HOLDS_WORD },
	{ SLOT_UNIT, HOLDS_WORD },
	{ SLOT_STEP, HOLDS_WORD },
};

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static enum holds
setting_holds(const struct evidence *ev)
{
	for (size_t i = 0; i < COUNT(by_setting); i++)
		if (ev_is(ev, K_NAME, by_setting[i].name))
			return by_setting[i].holds;
	return HOLDS_TEXT;
}

static enum holds
field_holds(const struct evidence *ev, enum ev_key key)
{
	for (size_t i = 0; i < COUNT(by_kind); i++)
		if (by_kind[i].kind == ev->kind && by_kind[i].key == key)
			return by_kind[i].holds == HOLDS_SETTING ? setting_holds(ev)
								 : by_kind[i].holds;
	for (size_t i = 0; i < COUNT(by_key); i++)
		if (by_key[i].key == key)
			return by_key[i].holds;
	return HOLDS_TEXT;
}

static enum holds
slot_holds(enum slot s)
{
	for (size_t i = 0; i < COUNT(by_slot); i++)
		if (by_slot[i].slot == s)
			return by_slot[i].holds;
	return HOLDS_TEXT;
}

/* ---- one value ----------------------------------------------------------------------- */

/* The parts of a destination: what stands around user and host stays. */
struct dest {
	size_t user, user_len, host, host_len;
};

/* [ssh://][user@]host[:port], [host]:port. False for what is none of these. */
static bool
split_dest(const char *s, size_t len, struct dest *d)
{
	static const char scheme[] = "ssh://";
	size_t i = len >= 6 && memcmp(s, scheme, 6) == 0 ? 6 : 0, at = i;
	const char *p;

	memset(d, 0, sizeof *d);
	for (size_t k = i; k < len; k++) {
		if (s[k] == ' ' || s[k] == '*' || s[k] == '?' || s[k] == '!' || s[k] == '"')
			return false;
		if (s[k] == '@')
			at = k + 1; /* a user's name may hold one */
	}
	d->user = i;
	d->user_len = at > i ? at - 1 - i : 0;
	d->host = at;
	d->host_len = len - at;
	if (at < len && s[at] == '[' && (p = memchr(s + at, ']', len - at)) != NULL) {
		d->host++;
		d->host_len = (size_t)(p - (s + at)) - 1;
	} else if ((p = memchr(s + at, ':', len - at)) != NULL &&
		   memchr(p + 1, ':', len - (size_t)(p + 1 - s)) == NULL) {
		d->host_len = (size_t)(p - (s + at));
	}
	while (d->host_len > 0 && s[d->host + d->host_len - 1] == '/')
		d->host_len--;
	return d->host_len > 0 && memchr(s + d->host, '/', d->host_len) == NULL; /* a network */
}

static void
put_host(const struct redact *r, const char *s, size_t len, struct strbuf *out)
{
	uint8_t addr[16];

	if (redact_addr(s, len, addr))
		redact_put_addr(r, REDACT_ADDR, addr, s, len, out);
	else
		redact_put(r, REDACT_HOST, s, len, out);
}

static void
put_dest(const struct redact *r, const char *s, size_t len, struct strbuf *out)
{
	struct dest d;
	size_t end;

	if (!split_dest(s, len, &d)) {
		redact_mem(r, s, len, out);
		return;
	}
	end = d.host + d.host_len;
	sb_add(out, s, d.user);
	if (d.user_len > 0)
		redact_put(r, REDACT_USER, s + d.user, d.user_len, out);
	sb_add(out, s + d.user + d.user_len, d.host - d.user - d.user_len);
	put_host(r, s + d.host, d.host_len, out);
	sb_add(out, s + end, len - end);
}

static void
put_user(const struct redact *r, const char *s, size_t len, struct strbuf *out)
{
	redact_put(r, REDACT_USER, s, len, out);
}

/* What is a path, a login or an address is no more than a text; and ssh-keygen's own names say nothing. */
static bool
is_comment(const char *s, size_t len)
{
	bool words = memchr(s, ' ', len) != NULL;

	if (len == 0 || s[0] == '/' || s[0] == '~' || (len > 3 && memcmp(s, "id_", 3) == 0))
		return false;
	return words || (memchr(s, '/', len) == NULL && memchr(s, '@', len) == NULL);
}

static void
put_comment(const struct redact *r, const char *s, size_t len, struct strbuf *out)
{
	if (is_comment(s, len))
		redact_put(r, REDACT_KEY, s, len, out);
	else
		redact_mem(r, s, len, out);
}

static void
learn_dest(struct redact *r, const char *s, size_t len)
{
	struct dest d;

	if (!split_dest(s, len, &d)) {
		redact_learn_text(r, s, len);
		return;
	}
	redact_learn_name(r, REDACT_USER, s + d.user, d.user_len);
	redact_learn_name(r, REDACT_HOST, s + d.host, d.host_len);
}

static void
learn_user(struct redact *r, const char *s, size_t len)
{
	redact_learn_name(r, REDACT_USER, s, len);
}

static void
learn_comment(struct redact *r, const char *s, size_t len)
{
	if (is_comment(s, len))
		redact_learn_name(r, REDACT_KEY, s, len);
	else
		redact_learn_text(r, s, len);
}

static void
put_word(const struct redact *r, const char *s, size_t len, struct strbuf *out)
{
	(void)r;
	sb_add(out, s, len);
}

static void
learn_word(struct redact *r, const char *s, size_t len)
{
	(void)r;
	(void)s;
	(void)len;
}

static const struct {
	void (*put)(const struct redact *r, const char *s, size_t len, struct strbuf *out);
	void (*learn)(struct redact *r, const char *s, size_t len);
	bool list; /* each item between commas by itself */
} values[] = {
	[HOLDS_TEXT] = { redact_mem, redact_learn_text, false },
	[HOLDS_WORD] = { put_word, learn_word, false },
	[HOLDS_DEST] = { put_dest, learn_dest, true },
	[HOLDS_USER] = { put_user, learn_user, true },
	[HOLDS_COMMENT] = { put_comment, learn_comment, false },
};

/* The next item of a list, without the blanks around it; at moves behind its comma. */
static struct redact_part
next_item(const char *s, size_t len, size_t *at)
{
	const char *comma = memchr(s + *at, ',', len - *at);
	size_t end = comma != NULL ? (size_t)(comma - s) : len;
	struct redact_part p = { *at, end - *at };

	while (p.len > 0 && s[p.at] == ' ') {
		p.at++;
		p.len--;
	}
	while (p.len > 0 && s[p.at + p.len - 1] == ' ')
		p.len--;
	*at = end + (comma != NULL);
	return p;
}

static void
put_value(const struct redact *r, enum holds h, const char *s, size_t len, struct strbuf *out)
{
	size_t at = 0, shown = 0;

	if (!values[h].list) {
		values[h].put(r, s, len, out);
		return;
	}
	while (at < len) {
		struct redact_part p = next_item(s, len, &at);

		sb_add(out, s + shown, p.at - shown);
		values[h].put(r, s + p.at, p.len, out);
		shown = p.at + p.len;
	}
	sb_add(out, s + shown, len - shown);
}

static void
learn_value(struct redact *r, enum holds h, const char *s, size_t len)
{
	size_t at = 0;

	if (!values[h].list)
		values[h].learn(r, s, len);
	while (values[h].list && at < len) {
		struct redact_part p = next_item(s, len, &at);

		values[h].learn(r, s + p.at, p.len);
	}
}

/* ---- lines and diagnoses ------------------------------------------------------------- */

void
redact_learn(struct redact *r, const struct ev_line *line)
{
	char scratch[EV_LINE_MAX];
	struct evidence ev;

	if (ev_decode(&ev, line->text, line->len, scratch, sizeof scratch) == EV_BAD)
		return;
	for (size_t i = 0; i < ev.nfields; i++)
		if (ev.f[i].s != NULL)
			learn_value(r, field_holds(&ev, ev.f[i].key), ev.f[i].s, ev.f[i].len);
}

size_t
redact_line(const struct redact *r, const struct ev_line *line, char *dst, size_t cap)
{
	char scratch[EV_LINE_MAX], text[2 * EV_LINE_MAX];
	struct evidence ev, was;
	struct strbuf sb;

	if (ev_decode(&ev, line->text, line->len, scratch, sizeof scratch) != EV_OK)
		return 0;
	was = ev;
	sb_init(&sb, text, sizeof text);
	for (size_t i = 0; i < ev.nfields; i++) {
		size_t from = sb.len;

		if (was.f[i].s == NULL)
			continue;
		put_value(r, field_holds(&was, was.f[i].key), was.f[i].s, was.f[i].len, &sb);
		ev.f[i].s = text + from;
		ev.f[i].len = sb.len - from;
	}
	return ev_encode(&ev, dst, cap);
}

/* A text of cap bytes, in place. */
static void
hide(const struct redact *r, enum holds h, char *s, size_t cap)
{
	char text[DIAG_ARGS_LEN];
	struct strbuf sb;

	if (s[0] == '\0')
		return;
	sb_init(&sb, text, cap < sizeof text ? cap : sizeof text);
	put_value(r, h, s, strlen(s), &sb);
	text_copy(s, cap, text);
}

#define HIDE(h, array) hide(r, h, array, sizeof(array))

static void
hide_keys(const struct redact *r, struct diag *d)
{
	for (int i = 0; i < d->nknown; i++) {
		HIDE(HOLDS_TEXT, d->known[i].file);
		HIDE(HOLDS_DEST, d->known[i].name);
	}
	for (int i = 0; i < d->nkeys; i++)
		HIDE(HOLDS_COMMENT, d->keys[i].name);
}

static void
hide_texts(const struct redact *r, struct diag *d)
{
	for (int i = 0; i < d->ntexts; i++) {
		HIDE(HOLDS_DEST, d->texts[i].host);
		HIDE(HOLDS_TEXT, d->texts[i].addrs);
		HIDE(HOLDS_DEST, d->texts[i].input);
		HIDE(HOLDS_USER, d->texts[i].user);
		HIDE(HOLDS_TEXT, d->texts[i].client);
	}
	for (int i = 0; i < d->ntold; i++) {
		HIDE(HOLDS_USER, d->told[i].user);
		HIDE(HOLDS_DEST, d->told[i].addr);
		HIDE(HOLDS_TEXT, d->told[i].path);
		HIDE(HOLDS_TEXT, d->told[i].text);
	}
	HIDE(HOLDS_USER, d->login_user);
}

static void
hide_slot(const struct redact *r, struct diag *d, enum slot s)
{
	char text[DIAG_LONG_LEN];
	const char *was = slot_text(d, s);
	struct strbuf sb;

	if (was[0] == '\0')
		return;
	sb_init(&sb, text, sizeof text);
	put_value(r, slot_holds(s), was, strlen(was), &sb);
	slot_fill(d, s, text);
}

void
redact_diag(const struct redact *r, struct diag *d)
{
	for (int s = 0; s < SLOT__STORED; s++)
		hide_slot(r, d, (enum slot)s);
	d->own = NULL; /* what is read of it stands in the slots now */
	HIDE(HOLDS_TEXT, d->args);
	for (int i = 0; i < d->naddrs; i++)
		HIDE(HOLDS_DEST, d->addrs[i].addr);
	hide_keys(r, d);
	hide_texts(r, d);
}

void
redact_target(const struct redact *r, const struct diag *d, struct strbuf *out)
{
	const char *host = slot_stored(d, SLOT_HOST)[0] != '\0' ? slot_stored(d, SLOT_HOST)
								: slot_stored(d, SLOT_HOSTNAME);
	size_t len = out->len;

	if (host[0] != '\0')
		put_host(r, host, strlen(host), out);
	if (out->len == len)
		sb_puts(out, "target");
}
