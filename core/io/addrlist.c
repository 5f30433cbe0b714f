/* Lists of addresses with masks; see addrlist.h. */
#include "addrlist.h"

#include <arpa/inet.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct ip {
	unsigned char b[16];
	int bits; /* 32 or 128 */
};

static bool
read_ip(const char *text, struct ip *ip)
{
	ip->bits = inet_pton(AF_INET, text, ip->b) == 1    ? 32
		   : inet_pton(AF_INET6, text, ip->b) == 1 ? 128
							   : 0;
	return ip->bits != 0;
}

/* The first n bits of both. */
static bool
same_bits(const struct ip *a, const struct ip *b, int n)
{
	int whole = n / 8, rest = n % 8;

	return memcmp(a->b, b->b, (size_t)whole) == 0 &&
	       (rest == 0 || ((a->b[whole] ^ b->b[whole]) & (0xff00 >> rest) & 0xff) == 0);
}

/* One entry: as addrlist_has(). */
static int
holds(const char *entry, size_t len, const struct ip *ip)
{
	char text[INET6_ADDRSTRLEN + 4], *slash, *end;
	struct ip net;
	long mask;

	if (len == 0 || len >= sizeof text)
		return -1;
	memcpy(text, entry, len);
	text[len] = '\0';
	if ((slash = strchr(text, '/')) != NULL)
		*slash = '\0';
	if (!read_ip(text, &net))
		return -1;
	mask = net.bits;
	if (slash != NULL) {
		mask = strtol(slash + 1, &end, 10);
		if (slash[1] < '0' || slash[1] > '9' || *end != '\0' || mask > net.bits)
			return -1;
	}
	return net.bits == ip->bits && same_bits(&net, ip, (int)mask);
}

int
addrlist_has(const char *list, const char *addr)
{
	struct ip ip;
	int found = 0;

	if (!read_ip(addr, &ip))
		return -1;
	for (;;) {
		size_t len = strcspn(list, ",");
		int rc = holds(list, len, &ip);

		if (rc < 0)
			return -1;
		found |= rc;
		if (list[len] == '\0')
			return found;
		list += len + 1;
	}
}
