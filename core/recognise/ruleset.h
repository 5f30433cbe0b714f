/*
 * Firewall rules as nft and iptables write them, in one form, and what they do with a new
 * connection from the client to the port. Called by the readers nft.c and iptables.c.
 */
#ifndef SSHMEDIC_RULESET_H
#define SSHMEDIC_RULESET_H

#include "reader.h"

enum { RULES_MAX = 400, CHAINS_MAX = 64, CHAIN_NAME = 64, RULE_TEXT = 128 };

enum rule_verdict { RULE_PASS, RULE_ACCEPT, RULE_DROP, RULE_REJECT, RULE_JUMP, RULE_RETURN };

/* How a rule's conditions fit the connection. */
enum rule_fit {
	FIT_NO,
	FIT_MAYBE, /* it has a condition that is not understood, or the client's address is not known */
	FIT_YES
};

struct fw_rule {
	int chain, jump; /* indices of chains; jump -1 for none */
	enum rule_fit fit;
	enum rule_verdict verdict;
	char text[RULE_TEXT];
};

struct fw_chain {
	char name[CHAIN_NAME]; /* "table/chain" where there are tables */
	bool base;             /* packets to this machine enter it by themselves */
	enum rule_verdict policy;
};

struct ruleset {
	struct fw_rule rules[RULES_MAX];
	int nrules;
	struct fw_chain chains[CHAINS_MAX];
	int nchains;
	bool full; /* something did not fit: nothing is sure */
};

/* The chain of that name, made where it is new; -1 where there is no room. */
int ruleset_chain(struct ruleset *s, const char *name);
/* A rule at the end of a chain; its text is copied. NULL where there is no room. */
struct fw_rule *ruleset_add(struct ruleset *s, int chain, const char *text);
/*
 * Say which rule drops or rejects the connection, if one does; mode "unsure" where a rule before it
 * might have let it pass. Then begin anew.
 */
void ruleset_say(struct recogniser *r, struct ruleset *s, const char *what);

/* Of two fits that must both hold. */
enum rule_fit fit_and(enum rule_fit a, enum rule_fit b);
/* The best fit of a list's words (commas, blanks, braces between them) by that measure. */
enum rule_fit fit_any(const struct recogniser *r, const char *list,
    enum rule_fit (*one)(const struct recogniser *r, const char *word));
/* How "10.0.0.0/8", "fd00::/8", "10.1.2.3" fits the client's address; MAYBE where that is not known or the text is none. */
enum rule_fit fit_source(const struct recogniser *r, const char *net);
/* How a port, a range "20:30" or "20-30", a service name or a list of these (commas, blanks, braces) fits the port. */
enum rule_fit fit_port(const struct recogniser *r, const char *list);

#endif
