/* Stop rules. See stop.h. */
#include "stop.h"

#include <string.h>

#include "rule.h"

enum {
	BAN_S =
	    600 /* sshd_config(5), PerSourcePenalties max; fail2ban's jail.conf, bantime: ten minutes */
};

static const struct stop_rule rules[] = {
	{ .id = "hostkey",
	    .findings = "hostkey-changed|hostkey-revoked|hostkey-multi-backend",
	    .what = "STOP: do not log in, and delete nothing from known_hosts.",
	    .why = "The host key is not the one that is trusted. A rebuilt server looks so, and "
		   "somebody in between as "
		   "well; no test from here tells them apart.",
	    .whom = "who runs the server, by telephone: they read the fingerprint on its console. "
		    "Security, if "
		    "nobody knows of a change" },
	{ .id = "ban",
	    .findings = "banner-source-penalty|tcp-refused-banned|pam-faillock",
	    .what = "STOP: do not try again yet.",
	    .why = "The server counts failed attempts from this address, and each further one "
		   "makes the wait longer, "
		   "for all who come from here.",
	    .whom = "who runs the server, if it cannot wait: they see the ban, and can lift it",
	    .wait_s = BAN_S },
	{ .id = "possible-ban",
	    .findings = "auth-too-many-keys|auth-password-rejected",
	    .what = "STOP: do not try again and again.",
	    .why = "Each refused key or password counts as a failed login. A few more, and the "
		   "server or its fail2ban "
		   "locks this address out.",
	    .whom = "who keeps the accounts or runs the server, before the next try" },
	{ .id = "second-person",
	    .fixes = "unlock-account|server-unlock|amend-allow|allow-line|deny-line|amend-from|"
		     "amend-from-line|permit-root|"
		     "amend-pam|amend-methods|grant-role|extend-account|remove-nologin|move-"
		     "nologin|server-nologin|"
		     "server-pubkey-on|server-pubkey-on-by-hand|open-nft|open-iptables|open-ufw|"
		     "open-firewalld|"
		     "open-firewall|set-shell|server-set-shell",
	    .what = "STOP: this needs a second person.",
	    .why = "It changes who may come in. Somebody set it so, perhaps on purpose.",
	    .whom = "who decides about access to this server; then do it together" },
};

enum { RULES = sizeof rules / sizeof rules[0] };

size_t
stop_count(void)
{
	return RULES;
}

const struct stop_rule *
stop_at(size_t i)
{
	return i < RULES ? &rules[i] : NULL;
}

/* Whether a word stands in a list with "|" between its words. */
static bool
listed(const char *list, const char *word)
{
	size_t len = strlen(word);

	for (const char *at = list; at != NULL; at = strchr(at, '|')) {
		at += *at == '|';
		if (strncmp(at, word, len) == 0 && (at[len] == '\0' || at[len] == '|'))
			return true;
	}
	return false;
}

const struct stop_rule *
stop_of_finding(const struct finding *f)
{
	for (size_t i = 0; i < RULES; i++)
		if (listed(rules[i].findings, f->rule->id))
			return &rules[i];
	return NULL;
}

const struct stop_rule *
stop_of(const struct diag *d)
{
	const struct stop_rule *r = NULL;

	for (int i = 0; r == NULL && i < d->nfindings; i++)
		r = d->findings[i].severity == SEV_INFO ? NULL : stop_of_finding(&d->findings[i]);
	return r;
}

const struct stop_rule *
stop_of_fix(const struct fix *f)
{
	for (size_t i = 0; i < RULES; i++)
		if (rules[i].fixes != NULL && (listed(rules[i].fixes, f->id) ||
						  (f->side == SIDE_SERVER && f->risk == RISK_HIGH)))
			return &rules[i];
	return NULL;
}

int64_t
stop_wait_s(const struct diag *d, uint64_t now_us)
{
	const struct stop_rule *r = stop_of(d);
	int64_t gone;

	if (r == NULL || r->wait_s == 0 || !d->ended)
		return 0;
	gone = now_us > d->last_us ? (int64_t)((now_us - d->last_us) / 1000000) : 0;
	return gone < r->wait_s ? r->wait_s - gone : 0;
}
