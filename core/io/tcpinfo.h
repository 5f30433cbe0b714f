/*
 * What the kernel knows of a TCP connection (tcp(7), TCP_INFO). In a file of
 * its own because <linux/tcp.h>, which alone has all the fields, cannot be
 * included beside <uv.h>. Called by whoever owns the socket.
 */
#ifndef SSHMEDIC_TCPINFO_H
#define SSHMEDIC_TCPINFO_H

#include <stdint.h>

struct tcpinfo {
	int64_t rtt_us;     /* smoothed; right after connect(2) it is that of the SYN */
	int64_t min_rtt_us; /* 0 where the kernel does not say */
	int64_t retrans;    /* segments sent again so far, SYNs included */
	int64_t unacked;    /* segments in flight */
	int64_t timeouts;   /* in a row, of the oldest of these */
};

/* Returns 0, or -1 with *out zero where fd is no TCP socket. */
int tcpinfo_get(int fd, struct tcpinfo *out);

#endif
