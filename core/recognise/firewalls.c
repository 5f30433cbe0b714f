/*
 * Reads what the programs above the packet filter say: `ufw status`, `firewall-cmd --list-all`,
 * `fail2ban-client status JAIL`. Called by the recogniser.
 */
#include <stdlib.h>

#include "readers.h"
#include "ruleset.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* ---- ufw status [verbose] -------------------------------------------------------------- */

struct ufw {
	bool active, decided, began;
	bool denies; /* its default for what comes in */
};

static enum claim
ufw_claims(const struct recogniser *r, const void *state, const struct line *l)
{
	const struct ufw *s = state;

	(void)r;
	if (line_begins(l, "Status: active") || line_begins(l, "Status: inactive") ||
	    (line_begins(l, "Default: ") && line_holds(l, "(incoming)")))
		return CLAIM_CERTAIN;
	return s->began ? CLAIM_PART : CLAIM_NONE;
}

/* "22/tcp", "22", "OpenSSH", "Anywhere", "22/tcp (v6)": the port that a row is about. */
static enum rule_fit
ufw_port(const struct recogniser *r, const char *to)
{
	char port[32];
	size_t n = strcspn(to, "/ ");

	if (strncmp(to, "Anywhere", 8) == 0)
		return FIT_YES;
	if (strncmp(to, "OpenSSH", 7) == 0)
		return recognise_options(r)->port == 22 ? FIT_YES : FIT_NO;
	if (to[n] == '/' && strncmp(to + n, "/tcp", 4) != 0)
		return FIT_NO;
	if (n >= sizeof port)
		return FIT_MAYBE;
	memcpy(port, to, n);
	port[n] = '\0';
	return fit_port(r, port);
}

static void
ufw_row(struct recogniser *r, struct ufw *s, const struct line *l)
{
	static const char *const actions[] = { " ALLOW", " LIMIT", " DENY", " REJECT" };
	enum rule_fit fit;
	char from[64], text[160];
	struct strbuf sb;
	const char *at = NULL;
	size_t i;

	for (i = 0; i < COUNT(actions) && (at = strstr(l->s, actions[i])) == NULL; i++)
		;
	if (i == COUNT(actions) || s->decided || strstr(l->s, " OUT") != NULL)
		return;
	at += strlen(actions[i]);
	at += strspn(at, " ");
	if (strncmp(at, "IN ", 3) == 0)
		at += 3 + strspn(at + 3, " ");
	text_copy(from, sizeof from, at);
	from[strcspn(from, " ")] = '\0';
	fit = fit_and(
	    ufw_port(r, l->s), strcmp(from, "Anywhere") == 0 ? FIT_YES : fit_source(r, from));
	if (fit != FIT_YES)
		return;
	s->decided = true;
	sb_init(&sb, text, sizeof text);
	sb_printf(&sb, "ufw: %s", l->s);
	if (i >= 2)
		recognise_told(r, i == 2 ? TOLD_FW_DROP : TOLD_FW_REJECT,
		    &(struct statement){ .text = text, .path = "allow" });
}

static bool
ufw_take(struct recogniser *r, void *state, const struct line *l)
{
	struct ufw *s = state;

	s->began = true;
	if (line_begins(l, "Status: active"))
		s->active = s->denies =
		    true; /* without "verbose" the default is not shown: it is deny as installed */
	else if (line_begins(l, "Default: "))
		s->denies = line_begins(l, "Default: deny") || line_begins(l, "Default: reject");
	else if (s->active)
		ufw_row(r, s, l);
	return true;
}

static void
ufw_end(struct recogniser *r, void *state, bool another)
{
	struct ufw *s = state;

	(void)another;
	if (s->active && s->denies && !s->decided)
		recognise_told(r, TOLD_FW_DROP,
		    &(struct statement){
			.text = "ufw: no rule allows the port, and its default is deny",
			.path = "allow" });
	memset(s, 0, sizeof *s);
}

/* ---- firewall-cmd --list-all ------------------------------------------------------------- */

struct firewalld {
	bool began, allows;
	char zone[48], target[24];
};

static bool
is_zone(const char *s)
{
	static const char plain[] =
	    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-";

	return *s != '\0' && s[strspn(s, plain)] == '\0';
}

static enum claim
firewalld_claims(const struct recogniser *r, const void *state, const struct line *l)
{
	const struct firewalld *s = state;

	(void)r;
	if (line_holds(l, " (active") || line_holds(l, " (default, active"))
		return l->s[0] != ' ' ? CLAIM_MAYBE : CLAIM_NONE;
	if (line_begins(l, "  target: ") || line_begins(l, "  rich rules:"))
		return CLAIM_CERTAIN;
	/* Its heading where no interface is bound to the zone: the zone's name alone. */
	if (!s->began && recognise_in_section(r) && is_zone(l->s))
		return CLAIM_MAYBE;
	return s->began && l->s[0] == ' ' ? CLAIM_PART : CLAIM_NONE;
}

static bool
firewalld_take(struct recogniser *r, void *state, const struct line *l)
{
	struct firewalld *s = state;
	struct hole h[1];
	char port[16];
	struct strbuf sb;

	s->began = true;
	sb_init(&sb, port, sizeof port);
	sb_printf(&sb, "%d/tcp", recognise_options(r)->port);
	if (l->s[0] != ' ' && line_match(l->s, "%s (%*", h, 1))
		text_copy(s->zone, sizeof s->zone, h[0].s);
	else if (is_zone(l->s))
		text_copy(s->zone, sizeof s->zone, l->s);
	else if (line_match(l->s, "  target: %q", h, 1))
		text_copy(s->target, sizeof s->target, h[0].s);
	else if (line_begins(l, "  services:"))
		s->allows |= recognise_options(r)->port == 22 && line_holds(l, " ssh");
	else if (line_begins(l, "  ports:"))
		s->allows |= line_holds(l, port);
	else if (line_holds(l, "rule ") && line_holds(l, "accept"))
		s->allows = true; /* a rich rule may let it in: nothing is claimed */
	return true;
}

static void
firewalld_end(struct recogniser *r, void *state, bool another)
{
	struct firewalld *s = state;
	bool drop = strcmp(s->target, "DROP") == 0;
	char text[128];
	struct strbuf sb;

	(void)another;
	if (s->target[0] != '\0' && !s->allows && strcmp(s->target, "ACCEPT") != 0) {
		sb_init(&sb, text, sizeof text);
		sb_printf(&sb, "firewalld zone %s: no service or port lets it in", s->zone);
		recognise_told(r, drop ? TOLD_FW_DROP : TOLD_FW_REJECT,
		    &(struct statement){ .text = text, .path = s->zone });
	}
	memset(s, 0, sizeof *s);
}

/* ---- fail2ban-client status JAIL ----------------------------------------------------------- */

struct fail2ban {
	char jail[48];
	bool began;
};

static enum claim
fail2ban_claims(const struct recogniser *r, const void *state, const struct line *l)
{
	const struct fail2ban *s = state;

	(void)r;
	if (line_begins(l, "Status for the jail: ") || line_holds(l, "Banned IP list:"))
		return CLAIM_CERTAIN;
	return s->began && (line_begins(l, "|") || line_begins(l, "`")) ? CLAIM_PART : CLAIM_NONE;
}

static bool
fail2ban_take(struct recogniser *r, void *state, const struct line *l)
{
	struct fail2ban *s = state;
	const char *client = recognise_options(r)->source, *list = strstr(l->s, "Banned IP list:");
	char text[96], padded[RECOGNISE_LINE + 4], wanted[72];
	struct strbuf sb;
	struct hole h[1];

	s->began = true;
	if (line_match(l->s, "Status for the jail: %q", h, 1))
		text_copy(s->jail, sizeof s->jail, h[0].s);
	if (list == NULL || client[0] == '\0')
		return true;
	sb_init(&sb, padded, sizeof padded);
	sb_printf(&sb, " %s ", list + strlen("Banned IP list:"));
	sb_init(&sb, wanted, sizeof wanted);
	sb_printf(&sb, " %s ", client);
	if (strstr(padded, wanted) == NULL)
		return true;
	sb_init(&sb, text, sizeof text);
	sb_printf(&sb, "fail2ban, jail %s", s->jail);
	recognise_told(r, TOLD_BANNED, &(struct statement){ .text = text, .addr = client });
	return true;
}

const struct reader reader_ufw = { "ufw", sizeof(struct ufw), ufw_claims, ufw_take, ufw_end };
const struct reader reader_firewalld = { "firewall-cmd", sizeof(struct firewalld), firewalld_claims,
	firewalld_take, firewalld_end };
const struct reader reader_fail2ban = { "fail2ban", sizeof(struct fail2ban), fail2ban_claims,
	fail2ban_take, NULL };
