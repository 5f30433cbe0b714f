/* Certificates taken apart; see certinfo.h. */
#include "certinfo.h"

#include <string.h>

#include "text.h"

/* A certificate's type, its key's own type, and how many strings the public key has. */
static const struct {
	const char *cert, *plain;
	int fields;
} types[] = {
	{ "ssh-rsa-cert-v01@openssh.com", "ssh-rsa", 2 },
	{ "ssh-dss-cert-v01@openssh.com", "ssh-dss", 4 },
	{ "ecdsa-sha2-nistp256-cert-v01@openssh.com", "ecdsa-sha2-nistp256", 2 },
	{ "ecdsa-sha2-nistp384-cert-v01@openssh.com", "ecdsa-sha2-nistp384", 2 },
	{ "ecdsa-sha2-nistp521-cert-v01@openssh.com", "ecdsa-sha2-nistp521", 2 },
	{ "ssh-ed25519-cert-v01@openssh.com", "ssh-ed25519", 1 },
	{ "sk-ecdsa-sha2-nistp256-cert-v01@openssh.com", "sk-ecdsa-sha2-nistp256@openssh.com", 3 },
	{ "sk-ssh-ed25519-cert-v01@openssh.com", "sk-ssh-ed25519@openssh.com", 2 },
};

enum { CERT_USER = 1 }; /* SSH_CERT_TYPE_USER */

struct reader {
	const uint8_t *p;
	size_t len;
	bool bad; /* it ended too early; all that follows is empty */
};

static const uint8_t *
take(struct reader *r, size_t n)
{
	const uint8_t *p = r->p;

	if (r->bad || n > r->len) {
		r->bad = true;
		return NULL;
	}
	r->p += n;
	r->len -= n;
	return p;
}

static uint64_t
take_int(struct reader *r, int bytes)
{
	const uint8_t *p = take(r, (size_t)bytes);
	uint64_t v = 0;

	for (int i = 0; p != NULL && i < bytes; i++)
		v = v << 8 | p[i];
	return v;
}

/* A string of RFC 4251 section 5. */
static struct reader
take_string(struct reader *r)
{
	size_t n = (size_t)take_int(r, 4);
	const uint8_t *p = take(r, n);

	return (struct reader){ p, p == NULL ? 0 : n, p == NULL };
}

static void
put_string(struct certinfo *ci, const void *s, size_t n)
{
	uint8_t *p = ci->plain + ci->plain_len;

	p[0] = (uint8_t)(n >> 24);
	p[1] = (uint8_t)(n >> 16);
	p[2] = (uint8_t)(n >> 8);
	p[3] = (uint8_t)n;
	memcpy(p + 4, s, n);
	ci->plain_len += 4 + n;
}

/* The public key: its type, then the strings that the certificate carries of it. */
static int
copy_plain(struct certinfo *ci, struct reader *r, const char *type, int fields)
{
	put_string(ci, type, strlen(type));
	for (int i = 0; i < fields; i++) {
		struct reader s = take_string(r);

		if (r->bad || ci->plain_len + 4 + s.len > CERT_PLAIN_MAX)
			return -1;
		put_string(ci, s.p, s.len);
	}
	return 0;
}

static void
read_principals(struct certinfo *ci, struct reader list)
{
	struct strbuf sb;
	char name[CERT_TEXT_MAX];

	sb_init(&sb, ci->principals, sizeof ci->principals);
	while (list.len > 0 && !list.bad) {
		struct reader s = take_string(&list);

		if (s.bad)
			return;
		text_clean(name, sizeof name, (const char *)s.p, s.len);
		if (sb.len > 0)
			sb_putc(&sb, ',');
		sb_puts(&sb, name);
	}
}

/* Pairs of a name and, in a string of their own, its value. */
static void
read_options(struct certinfo *ci, struct reader list)
{
	const struct {
		const char *name;
		char *to;
	} options[] = {
		{ "source-address", ci->sources },
		{ "force-command", ci->command },
	};

	while (list.len > 0 && !list.bad) {
		struct reader name = take_string(&list), data = take_string(&list),
			      value = take_string(&data);

		for (size_t i = 0; i < sizeof options / sizeof *options; i++)
			if (!value.bad && value.p != NULL && name.p != NULL &&
			    strlen(options[i].name) == name.len &&
			    memcmp(options[i].name, name.p, name.len) == 0)
				text_clean(
				    options[i].to, CERT_TEXT_MAX, (const char *)value.p, value.len);
	}
}

int
certinfo_read(struct certinfo *ci, const uint8_t *blob, size_t len)
{
	struct reader r = { blob, len, false }, type = take_string(&r), s;
	size_t i;

	memset(ci, 0, sizeof *ci);
	for (i = 0; i < sizeof types / sizeof *types; i++)
		if (strlen(types[i].cert) == type.len &&
		    memcmp(types[i].cert, type.p, type.len) == 0)
			break;
	if (i == sizeof types / sizeof *types)
		return -1;
	take_string(&r); /* nonce */
	if (copy_plain(ci, &r, types[i].plain, types[i].fields) != 0)
		return -1;
	ci->serial = take_int(&r, 8);
	ci->user = take_int(&r, 4) == CERT_USER;
	s = take_string(&r);
	text_clean(ci->id, sizeof ci->id, s.p == NULL ? "" : (const char *)s.p, s.len);
	read_principals(ci, take_string(&r));
	ci->from = take_int(&r, 8);
	ci->to = take_int(&r, 8);
	read_options(ci, take_string(&r));
	take_string(&r); /* extensions */
	take_string(&r); /* reserved */
	s = take_string(&r);
	ci->ca = s.p;
	ci->ca_len = s.len;
	return r.bad ? -1 : 0;
}
