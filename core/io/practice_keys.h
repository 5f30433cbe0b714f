/*
 * The keys of a practice, made in memory: the server's host key, the
 * trainee's own, and a host key of the past for the case that needs one. Made
 * by practice.c, read by the servers.
 */
#ifndef SSHMEDIC_PRACTICE_KEYS_H
#define SSHMEDIC_PRACTICE_KEYS_H

#include <stdbool.h>

#include <libssh/libssh.h>

struct practice_keys {
	ssh_key host;    /* private; Ed25519, or a short RSA one */
	ssh_key trainee; /* private, Ed25519 */
	ssh_key known;   /* the host key that the trainee knows; may be host itself */
};

/* Make them; old_host: an RSA host key, stale: know another one. Returns 0 or -1. */
int practice_keys_make(struct practice_keys *k, bool old_host, bool stale);
void practice_keys_free(struct practice_keys *k);
/* Write id_ed25519, id_ed25519.pub and known_hosts (127.0.0.1, port) to dir. Returns 0 or -1. */
int practice_keys_write(const struct practice_keys *k, const char *dir, int port);

#endif
