/*
 * Reads `sshd -T`, with and without -C: the effective settings, a lower-case keyword and its
 * value a line, several hundred bytes of which begin with "port". Called by the recogniser.
 */
#include "readers.h"

/* The settings that a diagnosis reads: see derive_server.c. */
static const char *const wanted[] = { "pubkeyauthentication", "passwordauthentication",
	"kbdinteractiveauthentication", "permitrootlogin", "authorizedkeysfile",
	"authorizedkeyscommand", "trustedusercakeys", "usedns", "forcecommand", "allowusers",
	"allowgroups", "denyusers", "denygroups", "maxsessions", "permittty", "usepam",
	"listenaddress", "port", "strictmodes", "authenticationmethods", "subsystem",
	"pubkeyacceptedalgorithms", "allowtcpforwarding", "permitopen", "maxstartups",
	"logingracetime", "maxauthtries", "chrootdirectory", "revokedkeys" };

/* Settings that only a dump has next to each other; a sshd_config has other letters and comments. */
static const char *const marks[] = { "port ", "addressfamily ", "listenaddress ", "usepam ",
	"logingracetime ", "x11displayoffset ", "maxauthtries ", "maxsessions ",
	"clientaliveinterval ", "permitrootlogin ", "pubkeyauthentication ", "authorizedkeysfile ",
	"usedns " };

struct dump {
	bool began;
};

static bool
is_keyword(const struct line *l)
{
	size_t n = strspn(l->s, "abcdefghijklmnopqrstuvwxyz0123456789");

	return n >= 4 && n < 48 && l->s[n] == ' ' && l->s[n + 1] != '\0' && l->s[n + 1] != '=';
}

static enum claim
dump_claims(const struct recogniser *r, const void *state, const struct line *l)
{
	const struct dump *d = state;

	(void)r;
	for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
		if (line_begins(l, marks[i]))
			return CLAIM_MAYBE;
	return d->began && is_keyword(l) ? CLAIM_PART : CLAIM_NONE;
}

static bool
dump_take(struct recogniser *r, void *state, const struct line *l)
{
	struct dump *d = state;
	char name[48];
	size_t n = strcspn(l->s, " ");

	d->began = true;
	if (n >= sizeof name)
		return false;
	memcpy(name, l->s, n);
	name[n] = '\0';
	for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++)
		if (strcmp(name, wanted[i]) == 0) {
			recognise_told(r, TOLD_SETTING,
			    &(struct statement){
				.path = name, .text = l->s + n + strspn(l->s + n, " ") });
			return true;
		}
	return false;
}

static void
dump_end(struct recogniser *r, void *state, bool another)
{
	struct dump *d = state;

	(void)r;
	(void)another;
	d->began = false;
}

const struct reader reader_sshd_dump = { "sshd -T", sizeof(struct dump), dump_claims, dump_take,
	dump_end };
