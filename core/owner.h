/*
 * Whom a finding belongs to: who can act on it once it is handed over. Called by handover.c and
 * by tests. Pure data.
 */
#ifndef SSHMEDIC_OWNER_H
#define SSHMEDIC_OWNER_H

enum owner {
	OWNER_NONE,     /* nobody: nothing was found, or nothing was decided */
	OWNER_NETWORK,  /* names, routes, firewalls, VPN, the path */
	OWNER_SERVER,   /* the host, its sshd, and what runs there */
	OWNER_IDENTITY, /* accounts, keys on record, certificates, second factors */
	OWNER_USER      /* the user's own machine, settings and keys */
};

/* OWNER_NONE for an id that is not known. */
enum owner owner_of(const char *finding);
/* "network" "server" "identity" "user" "nobody" */
const char *owner_name(enum owner o);
/* Who that is, in a few words. */
const char *owner_words(enum owner o);

#endif
