/* Lines of /proc/net/tcp and tcp6; see nettable.h. */
#include "nettable.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { WORD_HEX = 8 }; /* digits of one 32-bit word */

static bool
is_hex(const char *s, size_t n)
{
	return strspn(s, "0123456789abcdefABCDEF") == n;
}

/* Addresses are printed as 32-bit words in the machine's own order. */
static bool
read_address(const char *hex, struct nettable_row *row)
{
	size_t n = strlen(hex);

	if ((n != WORD_HEX && n != 4 * WORD_HEX) || !is_hex(hex, n))
		return false;
	row->len = n / 2;
	for (size_t i = 0; i < n / WORD_HEX; i++) {
		uint32_t word;

		if (sscanf(hex + i * WORD_HEX, "%8" SCNx32, &word) != 1)
			return false;
		memcpy(row->addr + i * sizeof word, &word, sizeof word);
	}
	return true;
}

bool
nettable_parse(const char *line, struct nettable_row *row)
{
	char addr[40], peer[40];
	unsigned port, peer_port;

	memset(row, 0, sizeof *row);
	if (sscanf(line,
		" %*u: %39[0-9A-Fa-f]:%4x %39[0-9A-Fa-f]:%4x %2x %8" SCNx32
		":%*8x %*2x:%*8x %8" SCNx32 " %10" SCNu32 " %*u %20" SCNu64,
		addr, &port, peer, &peer_port, &row->state, &row->unacked, &row->retrans, &row->uid,
		&row->inode) != 9)
		return false;
	row->port = (uint16_t)port;
	/* scanf takes a sign before its digits. */
	return port <= UINT16_MAX && row->state <= UINT8_MAX && read_address(addr, row);
}
