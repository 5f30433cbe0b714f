/* Fingerprints with their end hidden. See fpmask.h. */
#include "fpmask.h"

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base64.h"

static const char mask[] = "????????";

_Static_assert(sizeof mask - 1 == FPMASK_TAIL, "a mark for each character that is hidden");

void
fpmask_hide(char *fp)
{
	size_t len = strlen(fp);

	if (len > FPMASK_TAIL)
		memcpy(fp + len - FPMASK_TAIL, mask, FPMASK_TAIL);
}

void
fpmask_hide_in(char *text, size_t len, const char *fp)
{
	const char *print = strchr(fp, ':');
	size_t n = strlen(print = print != NULL ? print + 1 : fp);
	char *end = text + len, *at;

	if (n <= FPMASK_TAIL)
		return;
	while ((at = memmem(text, (size_t)(end - text), print, n)) != NULL) {
		text = at + n;
		memcpy(text - FPMASK_TAIL, mask, FPMASK_TAIL);
	}
}

enum {
	SHOWN_B64 = 32, /* characters of a fingerprint that stay, a whole number of bytes */
	SHOWN_BYTES = SHOWN_B64 / 4 * 3,
	SHA256_BYTES = 32,
	MD5_BYTES = 16,
	MD5_SHOWN = MD5_BYTES - FPMASK_TAIL / 2,
	KEY_TAIL = 32 /* characters of a key itself: what is left cannot be hashed */
};

static int
digit(char c)
{
	return c >= '0' && c <= '9'   ? c - '0'
	       : c >= 'a' && c <= 'f' ? c - 'a' + 10
	       : c >= 'A' && c <= 'F' ? c - 'A' + 10
				      : -1;
}

/*
 * Where n bytes stand at the begin of text as hex digits of either case, with or without one ':' between
 * two bytes: the end of them; else NULL. want may be NULL: any bytes.
 */
static char *
hex_bytes(char *text, const char *end, const uint8_t *want, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		int hi, lo;

		if (i > 0 && text < end && *text == ':')
			text++;
		if (end - text < 2 || (hi = digit(text[0])) < 0 || (lo = digit(text[1])) < 0 ||
		    (want != NULL && want[i] != (hi << 4 | lo)))
			return NULL;
		text += 2;
	}
	return text;
}

/* Hide all but the first shown of n bytes in hex, wherever these first ones stand. */
static void
hide_hex(char *text, size_t len, const uint8_t *first, size_t shown, size_t n)
{
	char *end = text + len, *at, *last;

	for (; text < end; text++) {
		if ((at = hex_bytes(text, end, first, shown)) == NULL)
			continue;
		if (at < end && *at == ':')
			at++;
		if ((last = hex_bytes(at, end, NULL, n - shown)) == NULL)
			continue;
		for (; at < last; at++)
			if (*at != ':')
				*at = '?';
		text = last - 1;
	}
}

/* The first bytes of the hash that a fingerprint shows; false where it is none. */
static bool
first_bytes(const char *fp, uint8_t bytes[SHOWN_BYTES])
{
	return strncmp(fp, "SHA256:", 7) == 0 && strlen(fp + 7) > SHOWN_B64 &&
	       base64_decode(bytes, SHOWN_BYTES, fp + 7, SHOWN_B64) == SHOWN_BYTES;
}

static bool
is_base64(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       c == '+' || c == '/' || c == '=';
}

void
fpmask_hide_keys(char *text, size_t len)
{
	char *end = text + len, *at;

	while ((at = memmem(text, (size_t)(end - text), "AAAA", 4)) != NULL) {
		for (text = at; text < end && is_base64(*text);)
			text++;
		if (text - at > 2 * KEY_TAIL)
			memset(text - KEY_TAIL, '?', KEY_TAIL);
	}
}

void
fpmask_hide_key(char *text, size_t len, const struct fpmask_key *k)
{
	size_t n = k->base64 != NULL ? strcspn(k->base64, "=") : 0;
	uint8_t bytes[SHOWN_BYTES];
	char *end = text + len, *at = text;

	fpmask_hide_in(text, len, k->fp);
	if (first_bytes(k->fp, bytes))
		hide_hex(text, len, bytes, SHOWN_BYTES, SHA256_BYTES);
	if (k->has_md5)
		hide_hex(text, len, k->md5, MD5_SHOWN, MD5_BYTES);
	while (n > 2 * KEY_TAIL && (at = memmem(at, (size_t)(end - at), k->base64, n)) != NULL) {
		at += n;
		memset(at - KEY_TAIL, '?', KEY_TAIL);
	}
}

void
fpmask_md5(char text[FPMASK_MD5_LEN], const uint8_t md5[16])
{
	static const char digits[] = "0123456789abcdef";
	char *to = text + 4;

	memcpy(text, "MD5:", 4);
	for (size_t i = 0; i < MD5_BYTES; i++) {
		bool shown = i < MD5_SHOWN;

		*to++ = shown ? digits[md5[i] >> 4] : '?';
		*to++ = shown ? digits[md5[i] & 15] : '?';
		*to++ = ':';
	}
	to[-1] = '\0';
}

/* The bytes of an MD5 fingerprint that show, where it is one whose end is hidden. */
static bool
md5_shown(const char *hidden, uint8_t bytes[MD5_SHOWN])
{
	const char *p = hidden + 4;

	if (strncmp(hidden, "MD5:", 4) != 0 || strlen(hidden) != FPMASK_MD5_LEN - 1)
		return false;
	for (size_t i = 0; i < MD5_SHOWN; i++, p += 3) {
		int hi = digit(p[0]), lo = digit(p[1]);

		if (hi < 0 || lo < 0)
			return false;
		bytes[i] = (uint8_t)(hi << 4 | lo);
	}
	return *p == '?';
}

void
fpmask_hide_like(char *text, size_t len, const char *hidden)
{
	const char *print = strchr(hidden, ':');
	char *end = text + len, *at = text;
	uint8_t bytes[SHOWN_BYTES];
	size_t n;

	if (md5_shown(hidden, bytes)) {
		hide_hex(text, len, bytes, MD5_SHOWN, MD5_BYTES);
		return;
	}
	if (!fpmask_hidden(hidden) || print == NULL)
		return;
	n = strlen(++print) - FPMASK_TAIL;
	while (n > 0 && (at = memmem(at, (size_t)(end - at), print, n)) != NULL) {
		at += n;
		for (size_t i = 0; i < FPMASK_TAIL && at < end && is_base64(*at); i++)
			*at++ = '?';
	}
	if (first_bytes(hidden, bytes))
		hide_hex(text, len, bytes, SHOWN_BYTES, SHA256_BYTES);
}

bool
fpmask_hidden(const char *fp)
{
	size_t len = strlen(fp);

	return len > FPMASK_TAIL && strcmp(fp + len - FPMASK_TAIL, mask) == 0;
}

static bool
same(const char *a, size_t alen, const char *b)
{
	size_t blen = strlen(b), n = blen;

	if (alen != blen || blen <= FPMASK_TAIL)
		return alen == blen && memcmp(a, b, blen) == 0;
	if (memcmp(a + alen - FPMASK_TAIL, mask, FPMASK_TAIL) == 0 || fpmask_hidden(b))
		n -= FPMASK_TAIL;
	return memcmp(a, b, n) == 0;
}

bool
fpmask_same(const char *a, const char *b)
{
	return same(a, strlen(a), b);
}

bool
fpmask_list_has(const char *list, const char *fp)
{
	for (;;) {
		size_t len = strcspn(list, ",");

		if (same(list, len, fp))
			return true;
		if (list[len] == '\0')
			return false;
		list += len + 1;
	}
}

bool
fpmask_confirms(const char *fp, const char *typed)
{
	size_t len = strlen(fp), n;

	typed += strspn(typed, " \t");
	n = strcspn(typed, " \t");
	if (n != FPMASK_TAIL || typed[n + strspn(typed + n, " \t")] != '\0' || len <= FPMASK_TAIL)
		return false;
	return memcmp(fp + len - FPMASK_TAIL, typed, FPMASK_TAIL) == 0;
}
