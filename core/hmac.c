/* SHA-1 and its HMAC; see hmac.h. */
#include "hmac.h"

#include <string.h>

enum { BLOCK = 64 };

struct state {
	uint32_t h[5];
	uint8_t block[BLOCK];
	size_t used;
	uint64_t total;
};

static uint32_t
rol(uint32_t x, int n)
{
	return (x << n) | (x >> (32 - n));
}

/* RFC 3174, 6.1: the function and the constant of a round. */
static uint32_t
mix(int t, uint32_t b, uint32_t c, uint32_t d)
{
	if (t < 20)
		return ((b & c) | (~b & d)) + 0x5a827999u;
	if (t < 40)
		return (b ^ c ^ d) + 0x6ed9eba1u;
	if (t < 60)
		return ((b & c) | (b & d) | (c & d)) + 0x8f1bbcdcu;
	return (b ^ c ^ d) + 0xca62c1d6u;
}

static void
crunch(struct state *s)
{
	uint32_t w[80], h[5];

	for (int t = 0; t < 16; t++)
		w[t] = (uint32_t)s->block[4 * t] << 24 | (uint32_t)s->block[4 * t + 1] << 16 |
		       (uint32_t)s->block[4 * t + 2] << 8 | s->block[4 * t + 3];
	for (int t = 16; t < 80; t++)
		w[t] = rol(w[t - 3] ^ w[t - 8] ^ w[t - 14] ^ w[t - 16], 1);
	memcpy(h, s->h, sizeof h);
	for (int t = 0; t < 80; t++) {
		uint32_t temp = rol(h[0], 5) + mix(t, h[1], h[2], h[3]) + h[4] + w[t];

		h[4] = h[3];
		h[3] = h[2];
		h[2] = rol(h[1], 30);
		h[1] = h[0];
		h[0] = temp;
	}
	for (int i = 0; i < 5; i++)
		s->h[i] += h[i];
}

static void
feed(struct state *s, const uint8_t *p, size_t len)
{
	s->total += len;
	while (len > 0) {
		size_t n = BLOCK - s->used < len ? BLOCK - s->used : len;

		memcpy(s->block + s->used, p, n);
		s->used += n;
		p += n;
		len -= n;
		if (s->used == BLOCK) {
			crunch(s);
			s->used = 0;
		}
	}
}

static void
finish(struct state *s, uint8_t out[SHA1_LEN])
{
	static const uint8_t pad[BLOCK] = { 0x80 };
	uint64_t bits = s->total * 8;
	uint8_t tail[8];

	for (int i = 0; i < 8; i++)
		tail[i] = (uint8_t)(bits >> (56 - 8 * i));
	feed(s, pad, s->used < 56 ? 56 - s->used : 120 - s->used);
	feed(s, tail, sizeof tail);
	for (int i = 0; i < SHA1_LEN; i++)
		out[i] = (uint8_t)(s->h[i / 4] >> (24 - 8 * (i % 4)));
}

void
sha1(const void *a, size_t alen, const void *b, size_t blen, uint8_t out[SHA1_LEN])
{
	struct state s = { .h = { 0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0 } };

	feed(&s, a, alen);
	if (blen > 0)
		feed(&s, b, blen);
	finish(&s, out);
}

void
hmac_sha1(const uint8_t *key, size_t keylen, const void *text, size_t len, uint8_t out[SHA1_LEN])
{
	uint8_t inner[BLOCK], outer[BLOCK], digest[SHA1_LEN];

	memset(inner, 0x36, BLOCK);
	memset(outer, 0x5c, BLOCK);
	for (size_t i = 0; i < keylen && i < BLOCK; i++) {
		inner[i] ^= key[i];
		outer[i] ^= key[i];
	}
	sha1(inner, BLOCK, text, len, digest);
	sha1(outer, BLOCK, digest, SHA1_LEN, out);
}
