/*
 * The questions to ssh-agent: which keys do you hold? (SSH agent protocol,
 * draft-miller-ssh-agent sections 4.4 and 5), and, of one that shows none: are you locked?
 * Builds the requests and reads the replies, which come in pieces over a socket that others may own.
 * Called by the agent probe. Pure.
 */
#ifndef SSHMEDIC_AGENTMSG_H
#define SSHMEDIC_AGENTMSG_H

#include <stddef.h>
#include <stdint.h>

enum {
	AGENT_REQUEST_LEN = 5,
	AGENT_BIND_LEN = 212,
	AGENT_REPLY_MAX = 256 * 1024, /* of the message, its length field not counted; as OpenSSH */
	AGENT_KEYS_MAX = 2048         /* as OpenSSH */
};

enum agent_status {
	AGENT_OK,
	AGENT_MORE,    /* the reply is not whole yet */
	AGENT_FAILURE, /* the agent refused (locked agents answer with no keys instead) */
	AGENT_GARBAGE  /* not a reply, too big, or it contradicts itself */
};

/* A key; points into the reply. type is the key's own type, as its blob says; len 0 if it has none. */
struct agent_key {
	const uint8_t *blob;
	const char *comment, *type; /* not NUL-terminated, raw bytes */
	size_t blob_len, comment_len, type_len;
};

struct agent_reply {
	const uint8_t *p;
	size_t len;
	uint32_t count; /* keys in all */
	uint32_t next;
};

/* Write SSH_AGENTC_REQUEST_IDENTITIES to out. */
void agent_request(uint8_t out[AGENT_REQUEST_LEN]);
/*
 * Look at the bytes that came so far. AGENT_OK: the reply is whole and every key in it is within its
 * bounds; walk it with agent_next(). *why, if not NULL, says in words what is wrong, "" otherwise.
 */
enum agent_status agent_reply_read(
    struct agent_reply *r, const uint8_t *buf, size_t len, const char **why);
/*
 * Write a request to bind this one connection to a host's key (session-bind@openssh.com of OpenSSH's
 * PROTOCOL.agent) to out. The key, a session id that says what it is for, and the signature are made up, and no
 * private half exists any more: it changes nothing in the agent but what it would do on this connection.
 */
void agent_bind_request(uint8_t out[AGENT_BIND_LEN]);

enum agent_bind {
	AGENT_BIND_MORE, /* the reply is not whole yet */
	AGENT_BIND_OPEN, /* done, or the extension itself failed: a locked agent says neither */
	AGENT_BIND_SHUT, /* plain failure: locked, or one that knows no such extension */
	AGENT_BIND_OTHER /* not a reply to it */
};

/* What the bytes that came in answer to agent_bind_request() say. */
enum agent_bind agent_bind_read(const uint8_t *buf, size_t len);
/* The next key; 0 at the end. */
int agent_next(struct agent_reply *r, struct agent_key *k);

#endif
