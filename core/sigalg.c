/* What ssh makes of types, sizes and signature algorithms; see sigalg.h. */
#include "sigalg.h"

#include <string.h>

#include "text.h"

#define CERT "-cert-v01@openssh.com"

static bool
is_rsa(const char *type)
{
	return strcmp(type, "ssh-rsa") == 0 || strcmp(type, "ssh-rsa" CERT) == 0;
}

static bool
is_cert(const char *type)
{
	size_t n = strlen(type), m = sizeof CERT - 1;

	return n > m && strcmp(type + n - m, CERT) == 0;
}

/* The n-th name under which an RSA key may sign, the strong ones first; NULL at the end. plain: as in server-sig-algs. */
static const char *
rsa_name(bool cert, int n, const char **plain)
{
	static const char *const names[][2] = {
		{ "rsa-sha2-512", "rsa-sha2-512" CERT },
		{ "rsa-sha2-256", "rsa-sha2-256" CERT },
		{ "ssh-rsa", "ssh-rsa" CERT },
	};

	if (n >= 3)
		return NULL;
	*plain = names[n][0];
	return names[n][cert];
}

/* Without a list of the server's ssh signs with SHA-1, as before RFC 8332; else with what both lists have. */
static enum sigalg
judge_rsa(const char *type, const char *ours, const char *theirs)
{
	bool cert = is_cert(type), any = false;
	const char *name, *plain;

	for (int i = 0; (name = rsa_name(cert, i, &plain)) != NULL; i++) {
		if (!text_list_has(ours, name))
			continue;
		any = true;
		if (theirs == NULL ? strcmp(plain, "ssh-rsa") == 0 : text_list_has(theirs, plain))
			return SIGALG_OFFERED;
	}
	return any ? SIGALG_SHA1 : SIGALG_TYPE;
}

/* A field of a blob: a 32-bit length and that many bytes (RFC 4251 5). */
static bool
take(const uint8_t **p, size_t *left, const uint8_t **field, size_t *len)
{
	uint32_t n;

	if (*left < 4)
		return false;
	n = (uint32_t)(*p)[0] << 24 | (uint32_t)(*p)[1] << 16 | (uint32_t)(*p)[2] << 8 | (*p)[3];
	if (n > *left - 4)
		return false;
	*field = *p + 4;
	*len = n;
	*p += 4 + (size_t)n;
	*left -= 4 + (size_t)n;
	return true;
}

int
sigalg_rsa_bits(const uint8_t *blob, size_t len)
{
	const uint8_t *f;
	size_t n;
	int bits;

	if (!take(&blob, &len, &f, &n) || n < 7 || memcmp(f, "ssh-rsa", 7) != 0)
		return 0;
	if (n > 7 && !take(&blob, &len, &f, &n)) /* a certificate has a nonce first */
		return 0;
	if (!take(&blob, &len, &f, &n) || !take(&blob, &len, &f, &n)) /* e, n */
		return 0;
	for (; n > 0 && *f == 0; f++)
		n--;
	if (n == 0 || n > 8192)
		return 0;
	bits = (int)n * 8;
	for (int top = 0x80; top > *f; top >>= 1)
		bits--;
	return bits;
}

enum sigalg
sigalg_judge(const char *type, const uint8_t *blob, size_t len, const char *ours,
    const char *theirs, int min_bits)
{
	int bits = is_rsa(type) ? sigalg_rsa_bits(blob, len) : 0;

	if (ours[0] != '\0' && !is_rsa(type) && !text_list_has(ours, type))
		return SIGALG_TYPE;
	if (bits > 0 && bits < min_bits)
		return SIGALG_SHORT;
	return ours[0] != '\0' && is_rsa(type) ? judge_rsa(type, ours, theirs) : SIGALG_OFFERED;
}

bool
sigalg_in_list(const char *type, const char *theirs)
{
	const char *plain;
	char name[64];

	if (theirs == NULL)
		return true;
	for (int i = 0; is_rsa(type) && rsa_name(false, i, &plain) != NULL; i++)
		if (text_list_has(theirs, plain))
			return true;
	if (is_rsa(type))
		return false;
	text_copy(name, sizeof name, type);
	if (is_cert(name))
		name[strlen(name) - (sizeof CERT - 1)] = '\0';
	if (text_list_has(theirs, name) || text_list_has(theirs, type))
		return true;
	text_copy(name + strlen(name), sizeof name - strlen(name),
	    "@openssh.com"); /* of a security key */
	return text_list_has(theirs, name);
}

const char *
sigalg_name(enum sigalg s)
{
	static const char *const names[] = { "", "algorithms", "sha1", "short" };

	return names[(unsigned)s < sizeof names / sizeof *names ? s : SIGALG_OFFERED];
}
