/*
 * Base64 both ways. See base64.h.
 */
#include "base64.h"

#include <limits.h>
#include <string.h>

static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/* The value of a digit, or -1. */
static int
value(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	return c == '+' ? 62 : c == '/' ? 63 : -1;
}

long
base64_decode(uint8_t *dst, size_t cap, const char *src, size_t len)
{
	uint32_t bits = 0;
	unsigned nbits = 0;
	size_t out = 0, i, pad = 0;

	while (pad < 2 && pad < len && src[len - 1 - pad] == '=')
		pad++;
	if (pad > 0 && len % 4 != 0)
		return -1;
	len -= pad;
	if (len % 4 == 1 || len > LONG_MAX)
		return -1;
	for (i = 0; i < len; i++) {
		int v = value(src[i]);

		if (v < 0)
			return -1;
		bits = (bits << 6 | (uint32_t)v) & 0xffffff;
		nbits += 6;
		if (nbits >= 8) {
			nbits -= 8;
			if (out == cap)
				return -1;
			dst[out++] = (uint8_t)(bits >> nbits);
		}
	}
	return (long)out;
}

long
base64_encode(char *dst, size_t cap, const uint8_t *src, size_t len)
{
	size_t i, out = 0;

	if (cap > 0)
		dst[0] = '\0';
	if (len > LONG_MAX / 2 || (len + 2) / 3 * 4 + 1 > cap)
		return -1;
	for (i = 0; i < len; i += 3) {
		size_t n = len - i < 3 ? len - i : 3;
		uint32_t v = (uint32_t)src[i] << 16 | (n > 1 ? (uint32_t)src[i + 1] << 8 : 0) |
			     (n > 2 ? src[i + 2] : 0);

		dst[out++] = digits[v >> 18];
		dst[out++] = digits[v >> 12 & 63];
		dst[out++] = n > 1 ? digits[v >> 6 & 63] : '=';
		dst[out++] = n > 2 ? digits[v & 63] : '=';
	}
	dst[out] = '\0';
	return (long)out;
}
