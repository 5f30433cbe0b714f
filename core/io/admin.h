/*
 * A login of the admin's on the server, by the user's own ssh (--admin), or a
 * shell here where the target is this machine: the words of its argv. Used by the
 * admin probe and by changes on the server.
 */
#ifndef SSHMEDIC_IO_ADMIN_H
#define SSHMEDIC_IO_ADMIN_H

#include "run.h"

enum { ADMIN_WORDS_MAX = 40 };

/* An argv under construction; its words are the caller's. */
struct admin_words {
	const char *v[ADMIN_WORDS_MAX + 1];
	int n;
	char port[12];
};

void admin_add(struct admin_words *w, const char *word);
/*
 * The user's own ssh, in batch mode and on a connection of its own, with the configuration
 * file that was given for the target, and with no side effects.
 */
void admin_add_ssh(struct admin_words *w, const struct run *r);
/* The destination of a login: an alias, [user@]host or ssh:// with a port. */
void admin_add_login(struct admin_words *w, const struct target *login);
/* The address that the server is known under here: the one in use, else the one that ssh tries first; NULL if none. */
const struct run_addr *admin_server_addr(const struct run *r);
/* Whether the target is this machine, by that address. */
bool admin_is_here(const struct run *r);
/* A text as a file in memory, to be a child's stdin; the caller closes it. -1 out of memory. */
int admin_script_file(const char *text, size_t len);

#endif
