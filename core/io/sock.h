/*
 * TCP connection attempts on sockets of our own: begun without blocking, as
 * ssh would (BindAddress, BindInterface), and, where one fails, all that the
 * kernel knows of why. Called by the probes that open connections.
 */
#ifndef SSHMEDIC_SOCK_H
#define SSHMEDIC_SOCK_H

#include <stdbool.h>

#include "run.h"

/* Why an attempt failed. */
struct sock_failure {
	int err; /* errno; 0 if the attempt did not fail */
	bool icmp;
	int icmp_type, icmp_code; /* of ICMP, or ICMPv6 for an IPv6 address */
	char from[64];            /* who sent the ICMP message */
	bool self;                /* an address of this machine */
};

/* What an attempt is to differ in from ssh's own; all zero: in nothing. */
struct sock_want {
	int port; /* another one than the address's */
	int mss;  /* TCP_MAXSEG: the longest segment in both directions, in bytes */
	int ttl;  /* IP_TTL, IPV6_UNICAST_HOPS: after how many routers a packet dies */
};

/* What sock_connect says where the address or interface to go out by is not on this machine. */
extern const char sock_unbound[];
/* ... where it is a name, and the resolver says that it has no address. */
extern const char sock_nameless[];
/* ... where it is a name, and what ssh would bind is not known. */
extern const char sock_untested[];

/*
 * Begin a connection to address a. Returns the
 * socket (non-blocking, close-on-exec, the caller's) or -1; *err is 0
 * (connected), EINPROGRESS, or why it failed at once, and *text what failed
 * where it was not connect(2).
 */
int sock_connect(const struct run *r, const struct run_addr *a, const struct sock_want *want,
    int *err, const char **text);
/*
 * How an attempt on fd ended (connect(2) with SO_ERROR, ip(7) with IP_RECVERR).
 * err: what connect(2) itself said, or 0 to ask for SO_ERROR.
 */
void sock_failure(int fd, int err, struct sock_failure *f);
/* Our own address of the socket; "" where there is none. */
void sock_local(int fd, char *text, size_t cap);
/* Our own port of a connected socket; 0 where it has none. */
int sock_local_port(int fd);
/* Whether an address is one of this machine's own. */
bool sock_is_own(const struct sockaddr *sa);
/*
 * The interface that has the socket's own address (name is IF_NAMESIZE bytes) and its MTU.
 * Returns whether there is one.
 */
bool sock_interface(int fd, char *name, int *mtu);

#endif
