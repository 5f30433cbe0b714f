/*
 * Reads the server's configuration: `sshd -T`, with and without -C (the settings in effect, a
 * lower-case keyword and its value a line), and a sshd_config itself, which says less, as
 * Include and Match may change what it seems to say. Called by the recogniser.
 */
#include <strings.h>

#include "readers.h"

/* The settings that a diagnosis reads: see derive_server.c. */
static const char *const wanted[] = { "port", "pubkeyauthentication", "permitrootlogin",
	"authorizedkeysfile", "usedns", "forcecommand", "strictmodes", "usepam", "maxsessions",
	"permittty", "allowtcpforwarding", "chrootdirectory" };

/* Settings that only a dump has next to each other; a sshd_config has other letters and comments. */
static const char *const marks[] = { "port ", "addressfamily ", "listenaddress ", "usepam ",
	"logingracetime ", "x11displayoffset ", "maxauthtries ", "maxsessions ",
	"clientaliveinterval ", "permitrootlogin ", "pubkeyauthentication ", "authorizedkeysfile ",
	"usedns " };

enum { ALLOW_USERS, DENY_USERS, LISTS };

static const char *const list_names[LISTS] = { "allowusers", "denyusers" };

struct config {
	bool began, match;   /* match: below a Match line of a sshd_config */
	bool listed[LISTS];  /* the list has entries */
	bool named[LISTS];   /* one of them is the user, from anywhere */
	bool perhaps[LISTS]; /* ... from some hosts */
};

/* ---- what both forms say ------------------------------------------------------------------- */

/* A pattern of the user's name: "*" and "?" as in ssh_config(5), PATTERNS. */
static bool
pattern_fits(const char *p, size_t len, const char *s)
{
	if (len == 0)
		return *s == '\0';
	if (*p == '*') {
		for (;; s++) {
			if (pattern_fits(p + 1, len - 1, s))
				return true;
			if (*s == '\0')
				return false;
		}
	}
	return *s != '\0' && (*p == '?' || *p == *s) && pattern_fits(p + 1, len - 1, s + 1);
}

/* One entry of AllowUsers or DenyUsers: "user" or "user@host" (sshd_config(5)). */
static void
take_entry(struct config *c, int list, const char *entry, size_t len, const char *user)
{
	const char *at = memchr(entry, '@', len);
	size_t name = at != NULL ? (size_t)(at - entry) : len;

	c->listed[list] = true;
	/* A pattern of many stars would take for ever to compare; nobody writes one. */
	if (name > 64)
		c->perhaps[list] = true;
	else if (!pattern_fits(entry, name, user))
		return;
	else if (at != NULL)
		c->perhaps[list] = true;
	else
		c->named[list] = true;
}

static bool
take_list(const struct recogniser *r, struct config *c, const char *name, const char *value)
{
	for (int i = 0; i < LISTS; i++) {
		if (strcasecmp(name, list_names[i]) != 0)
			continue;
		for (value += strspn(value, " "); *value != '\0'; value += strspn(value, " ")) {
			size_t n = strcspn(value, " ");

			take_entry(c, i, value, n, recognise_options(r)->user);
			value += n;
		}
		return true;
	}
	return false;
}

/* Which kinds of user keys a list of algorithms has room for: a list of hundreds of letters in a few words. */
static void
say_algorithms(struct recogniser *r, const char *list, const char *mode)
{
	static const char *const kinds[] = { "ssh-ed25519", "ecdsa-sha2-nistp256",
		"ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521", "rsa-sha2-512", "rsa-sha2-256",
		"ssh-rsa", "sk-ssh-ed25519@openssh.com", "sk-ecdsa-sha2-nistp256@openssh.com" };
	char text[256];
	struct strbuf sb;

	sb_init(&sb, text, sizeof text);
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (text_list_has(list, kinds[i]))
			sb_printf(&sb, sb.len > 0 ? ",%.19s" : "%.19s", kinds[i]);
	recognise_told(r, TOLD_SETTING,
	    &(struct statement){ .path = "pubkeyacceptedalgorithms", .text = text, .mode = mode });
}

static bool
take_setting(
    struct recogniser *r, struct config *c, const char *name, const char *value, const char *mode)
{
	if (take_list(r, c, name, value))
		return true;
	if (strcasecmp(name, "pubkeyacceptedalgorithms") == 0 && strchr("+-^", value[0]) == NULL) {
		say_algorithms(r, value, mode);
		return true;
	}
	for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++)
		if (strcasecmp(name, wanted[i]) == 0) {
			recognise_told(r, TOLD_SETTING,
			    &(struct statement){ .path = wanted[i], .text = value, .mode = mode });
			return true;
		}
	return false;
}

/* Denied before allowed, as sshd asks (auth.c, allowed_user). */
static void
say_lists(struct recogniser *r, const struct config *c, const char *mode)
{
	const char *user = recognise_options(r)->user, *rule = NULL;

	if (user[0] == '\0')
		return;
	if (c->named[DENY_USERS])
		rule = "DenyUsers";
	else if (c->listed[ALLOW_USERS] && !c->named[ALLOW_USERS] && !c->perhaps[ALLOW_USERS])
		rule = "AllowUsers";
	if (rule != NULL)
		recognise_told(r, TOLD_DENIED_BY_CONFIG,
		    &(struct statement){ .text = rule, .user = user, .mode = mode });
}

/* The keyword of a line, cut out; NULL where the line begins with none. */
static const char *
keyword(const struct line *l, char out[48], const char **value)
{
	const char *p = l->s + strspn(l->s, " ");
	size_t n = strspn(p, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789");

	if (n < 4 || n >= 48 || (p[n] != ' ' && p[n] != '='))
		return NULL;
	memcpy(out, p, n);
	out[n] = '\0';
	*value = p + n + strspn(p + n, " =");
	return **value != '\0' ? out : NULL;
}

/* ---- sshd -T ---------------------------------------------------------------------------------- */

static enum claim
dump_claims(const struct recogniser *r, const void *state, const struct line *l)
{
	const struct config *c = state;
	char name[48];
	const char *value;

	(void)r;
	if (l->s[0] < 'a' || l->s[0] > 'z')
		return CLAIM_NONE;
	for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
		if (line_begins(l, marks[i]))
			return CLAIM_MAYBE;
	return c->began && keyword(l, name, &value) != NULL ? CLAIM_PART : CLAIM_NONE;
}

static bool
dump_take(struct recogniser *r, void *state, const struct line *l)
{
	struct config *c = state;
	char name[48];
	const char *value;

	c->began = true;
	return keyword(l, name, &value) != NULL && take_setting(r, c, name, value, NULL);
}

static void
dump_end(struct recogniser *r, void *state, bool another)
{
	(void)another;
	say_lists(r, state, NULL);
	memset(state, 0, sizeof(struct config));
}

/* ---- sshd_config --------------------------------------------------------------------------------- */

static bool
is_config_keyword(const char *name)
{
	static const char *const others[] = { "Port", "ListenAddress", "HostKey", "Match",
		"Include", "Subsystem", "AcceptEnv", "PrintMotd", "X11Forwarding",
		"PasswordAuthentication", "KbdInteractiveAuthentication",
		"ChallengeResponseAuthentication", "SyslogFacility", "LogLevel", "LoginGraceTime",
		"MaxAuthTries", "AllowGroups", "DenyGroups", "AuthenticationMethods",
		"PubkeyAcceptedAlgorithms", "MaxStartups" };

	for (size_t i = 0; i < sizeof others / sizeof *others; i++)
		if (strcmp(name, others[i]) == 0)
			return true;
	for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++)
		if (strcasecmp(name, wanted[i]) == 0)
			return true;
	return strcasecmp(name, "AllowUsers") == 0 || strcasecmp(name, "DenyUsers") == 0;
}

static enum claim
config_claims(const struct recogniser *r, const void *state, const struct line *l)
{
	const struct config *c = state;
	char name[48];
	const char *value, *p = l->s + strspn(l->s, " ");

	(void)r;
	if (*p >= 'A' && *p <= 'Z' && keyword(l, name, &value) != NULL && is_config_keyword(name))
		return CLAIM_MAYBE;
	return c->began && *p == '#' ? CLAIM_PART : CLAIM_NONE;
}

/* What a Match block says is for some logins only: nothing is claimed of it. */
static bool
config_take(struct recogniser *r, void *state, const struct line *l)
{
	struct config *c = state;
	char name[48];
	const char *value;

	c->began = true;
	if (keyword(l, name, &value) == NULL)
		return false;
	if (strcasecmp(name, "match") == 0)
		c->match = true;
	return !c->match && take_setting(r, c, name, value, "unsure");
}

static void
config_end(struct recogniser *r, void *state, bool another)
{
	(void)another;
	say_lists(r, state, "unsure");
	memset(state, 0, sizeof(struct config));
}

const struct reader reader_sshd_dump = { "sshd -T", sizeof(struct config), dump_claims, dump_take,
	dump_end };
const struct reader reader_sshd_config = { "sshd_config", sizeof(struct config), config_claims,
	config_take, config_end };
