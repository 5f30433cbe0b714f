/*
 * The one connection of a run: a byte stream of ours (a TCP socket, or a
 * socket to a proxy's pipes), the tap that reads and times what passes, and
 * the libssh session behind it. Made by the wire probe, then used by auth and
 * session; one probe at a time drives it. The engine's thread only.
 *
 *   peer <--outer fd--> tap (sniffs) <--socketpair--> libssh session
 */
#ifndef SSHMEDIC_CONN_H
#define SSHMEDIC_CONN_H

#include <libssh/libssh.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <uv.h>

struct conn;

/* How the peer's side ended. */
enum conn_end { CONN_OPEN, CONN_EOF, CONN_RESET };

/* What the tap saw; called on the loop while the early part passes. */
struct conn_hooks {
	/* Raw bytes of the server before its identification. */
	void (*early)(void *arg, const char *bytes, size_t len);
	/* A whole line before the identification, without its line end. */
	void (*preline)(void *arg, const char *line, size_t len);
	/* The identification line (RFC 4253 4.2). */
	void (*ident)(void *arg, const char *line, size_t len);
	/* A cleartext packet's payload (RFC 4253 6), up to and with NEWKEYS, before it is handed on. */
	void (*packet)(void *arg, bool from_server, const unsigned char *payload, size_t len);
	/* The server's bytes cannot be SSH; why is a sentence. Nothing more is handed on. */
	void (*bad)(void *arg, const char *why);
	/* The peer's side ended; held is an unfinished last line before the identification. */
	void (*ended)(void *arg, enum conn_end how, int err, const char *held, size_t len);
};

/*
 * Take over fd, a connected non-blocking stream socket, and make an unused
 * libssh session over it. Returns NULL out of memory or descriptors.
 */
struct conn *conn_new(uv_loop_t *loop, int fd, const struct conn_hooks *hooks, void *arg);
/* The hooks go to nobody from now on. */
void conn_unhook(struct conn *c);
/* Politely disconnect, close and free. Handles close on the loop later; the caller forgets c at once. */
void conn_free(struct conn *c);

ssh_session conn_ssh(struct conn *c);
/*
 * From now on call step(arg) now and whenever the session may go on. A step
 * makes one libssh call after another until one says AGAIN. It may call
 * conn_drive() for the next step, or conn_rest().
 */
void conn_drive(struct conn *c, void (*step)(void *arg), void *arg);
/* Nobody drives; bytes of the peer wait. */
void conn_rest(struct conn *c);
/* From a step: it left something undone, and is to be made again though no byte comes. */
void conn_again(struct conn *c);
/* Whether the session or the peer is gone. To be asked after every libssh call that did not succeed. */
bool conn_closed(struct conn *c);
enum conn_end conn_end(const struct conn *c);
/*
 * The signature algorithms that the server says it takes (server-sig-algs, RFC 8308 3.1), clean text, or NULL
 * where it sent none. To be asked once its first answer in authentication is there; the connection's.
 */
const char *conn_sigalgs(struct conn *c);
/* Round trip and retransmissions now, from TCP_INFO; 0 where the stream is no TCP. */
void conn_tcp(const struct conn *c, int64_t *rtt_us, int64_t *retrans, int64_t *unacked);
/* How often in a row the oldest segment in flight was sent again in vain; 0 where the stream is no TCP. */
int64_t conn_timeouts(const struct conn *c);
/* Put this byte into the IP header of what is sent from now on, again or for the first time. False where the stream is no TCP. */
bool conn_mark(const struct conn *c, int byte);

/*
 * Run work(arg) on the thread pool with the whole session handed over, then
 * after(arg) on the loop. Meanwhile nothing drives the session, and it may not be freed.
 */
void conn_work(struct conn *c, void (*work)(void *arg), void (*after)(void *arg), void *arg);

#endif
