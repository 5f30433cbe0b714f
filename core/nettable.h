/*
 * A line of the kernel's table of TCP sockets (/proc/net/tcp and tcp6, proc(5)).
 * Called by core/io/procnet.c. Pure.
 */
#ifndef SSHMEDIC_NETTABLE_H
#define SSHMEDIC_NETTABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { NETTABLE_ESTABLISHED = 1, NETTABLE_LISTEN = 10 };

struct nettable_row {
	unsigned char addr[16]; /* own address, in network order; the first len bytes */
	size_t len;             /* 4 or 16 */
	uint16_t port;
	unsigned state;   /* NETTABLE_… */
	uint32_t unacked; /* bytes that wait to be acknowledged */
	uint32_t retrans; /* how often the oldest of them was sent again */
	uint32_t uid;
	uint64_t inode;
};

/* Read one line (NUL-terminated). False for the table's head and for what is no such line. */
bool nettable_parse(const char *line, struct nettable_row *row);

#endif
