/*
 * The keys of a practice, made in memory: the server's host key, the
 * trainee's own, and others that a case needs; and the files that they lie in.
 * Made by practice.c, read by the servers.
 */
#ifndef SSHMEDIC_PRACTICE_KEYS_H
#define SSHMEDIC_PRACTICE_KEYS_H

#include <stdbool.h>

#include <libssh/libssh.h>

/* What known_hosts says of the server. */
enum practice_known { KNOWN_RIGHT, KNOWN_OTHER, KNOWN_NOTHING, KNOWN_REVOKED };

/* How the trainee's private key lies in id_ed25519. */
enum practice_file {
	KEYFILE_GOOD,
	KEYFILE_OPEN,     /* others may read it */
	KEYFILE_LOCKED,   /* it has a passphrase */
	KEYFILE_DAMAGED,  /* the second half of it is missing */
	KEYFILE_GONE,     /* it is not there, nor is its public half */
	KEYFILE_NONE,     /* and ssh is not told of any */
	KEYFILE_MISNAMED, /* its .pub file is another key's */
	KEYFILE_OTHER,    /* another key lies there, and the trainee's nowhere */
	KEYFILE_ELSEWHERE /* another key lies there; the trainee's is in id_work, which ssh is not told */
};

struct practice_want {
	bool old_host; /* the host key is RSA, with SHA-1 signatures only */
	enum practice_known known;
	enum practice_file file;
};

struct practice_keys {
	ssh_key host;    /* private; Ed25519, or a short RSA one */
	ssh_key trainee; /* private, Ed25519 */
	ssh_key other;   /* private, of the host key's type: no longer, or never, the right one */
	bool old_host;
};

/* Make them. Returns 0 or -1. */
int practice_keys_make(struct practice_keys *k, const struct practice_want *want);
void practice_keys_free(struct practice_keys *k);
/* Write id_ed25519, id_ed25519.pub and known_hosts (127.0.0.1, port) to dir. Returns 0 or -1. */
int practice_keys_write(
    const struct practice_keys *k, const struct practice_want *want, const char *dir, int port);
/* Write what sshd needs: host_key, and authorized_keys with the trainee's key. Returns 0 or -1. */
int practice_keys_write_server(const struct practice_keys *k, const char *dir);
/*
 * Write the private keys for an agent, the files "agent.0" and so on: that of the trainee, behind
 * strangers others that nobody knows. Returns 0 or -1.
 */
int practice_keys_write_agent(const struct practice_keys *k, const char *dir, int strangers);

#endif
