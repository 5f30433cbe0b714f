/*
 * Reading the clear-text beginning of an SSH connection. See wire.h.
 */
#include "wire.h"

#include <string.h>

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static uint32_t
get_u32(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

/* Identification */

void
ident_init(struct ident_reader *r)
{
	memset(r, 0, sizeof(*r));
}

/* After a failure: keep what comes, as long as there is room. */
static void
keep_rest(struct ident_reader *r, const char *p, size_t len)
{
	size_t room = IDENT_LINE_MAX - (r->raw_len < IDENT_LINE_MAX ? r->raw_len : IDENT_LINE_MAX);

	if (len > room)
		len = room;
	if (len > 0)
		memcpy(r->line + r->raw_len, p, len);
	r->raw_len += len;
	r->len = r->raw_len;
}

/* A line is whole: is it the identification? As in OpenSSH "SSH-" alone is none. */
static enum ident_event
end_line(struct ident_reader *r)
{
	if (r->len > 4 && memcmp(r->line, "SSH-", 4) == 0)
		return IDENT_DONE;
	return ++r->lines >= IDENT_LINES_MAX ? IDENT_TOO_MANY : IDENT_PRELINE;
}

/* Add one byte to the line. */
static enum ident_event
take_byte(struct ident_reader *r, char c)
{
	bool after_cr = r->raw_len > r->len;

	r->line[r->raw_len++] = c;
	if (c == '\n')
		return end_line(r);
	if (c == '\r') /* OpenSSH takes any number of them; here the buffer ends it */
		return r->raw_len > IDENT_LINE_MAX + 1 ? IDENT_TOO_LONG : IDENT_MORE;
	if (c == '\0' || after_cr)
		return IDENT_INVALID;
	r->len = r->raw_len;
	return r->len > IDENT_LINE_MAX ? IDENT_TOO_LONG : IDENT_MORE;
}

enum ident_event
ident_feed(struct ident_reader *r, const void *buf, size_t len, size_t *used)
{
	const char *p = buf;
	size_t i = 0;

	*used = 0;
	if (r->last == IDENT_DONE)
		return r->last;
	if (r->last == IDENT_PRELINE)
		r->len = r->raw_len = 0;
	if (r->last == IDENT_PRELINE || r->last == IDENT_MORE) {
		r->last = IDENT_MORE;
		while (i < len && r->last == IDENT_MORE)
			r->last = take_byte(r, p[i++]);
	}
	if (r->last == IDENT_INVALID || r->last == IDENT_TOO_LONG)
		r->len = r->raw_len;
	if (r->last >= IDENT_TOO_LONG) {
		if (r->last != IDENT_TOO_MANY)
			keep_rest(r, p + i, len - i);
		i = len;
	}
	r->bytes += i;
	*used = i;
	return r->last;
}

size_t
ident_held(const struct ident_reader *r, const char **bytes)
{
	bool whole = r->last == IDENT_PRELINE || r->last == IDENT_DONE || r->last == IDENT_TOO_MANY;

	*bytes = r->line;
	return whole ? 0 : r->len;
}

/* A decimal number of at most 5 digits at *p; false if there is none. */
static bool
small_number(const char **p, const char *end, int *n)
{
	const char *s = *p;

	for (*n = 0; *p < end && **p >= '0' && **p <= '9' && *p - s < 5; (*p)++)
		*n = *n * 10 + (**p - '0');
	return *p > s;
}

void
ident_parse(struct ident *id, const char *line, size_t len)
{
	const char *p, *end = line + len, *blank;
	int major, minor;

	memset(id, 0, sizeof(*id));
	id->kind = IDENT_MALFORMED;
	id->software = id->comments = "";
	if (len < 4 || memcmp(line, "SSH-", 4) != 0)
		return;
	p = line + 4;
	if (!small_number(&p, end, &major) || p == end || *p++ != '.' ||
	    !small_number(&p, end, &minor) || p == end || *p++ != '-' || p == end)
		return;
	/* 1.99 is a server that speaks both (RFC 4253 section 5.1). */
	id->kind = major == 2 || (major == 1 && minor == 99) ? IDENT_V2 : IDENT_V1;
	memcpy(id->proto, line + 4, (size_t)(p - 1 - (line + 4)));
	blank = memchr(p, ' ', (size_t)(end - p));
	id->software = p;
	id->software_len = (size_t)((blank != NULL ? blank : end) - p);
	if (blank != NULL) {
		id->comments = blank + 1;
		id->comments_len = (size_t)(end - blank - 1);
	}
}

/* Protocols by their first bytes */

/* bytes stand at offset at; has, where set, stands anywhere in the first 512 bytes, in any case. */
struct signature {
	const char *name;
	const char *bytes;
	unsigned char len, at;
	const char *has;
};

#define SIG(name, at, bytes, has) \
	{ \
		name, bytes, sizeof(bytes) - 1, at, has \
	}

static const struct signature signatures[] = {
	SIG("HTTP", 0, "HTTP/", NULL),
	SIG("HTTP", 0, "<!DOCTYPE", NULL),
	SIG("HTTP", 0, "<!doctype", NULL),
	SIG("HTTP", 0, "<html", NULL),
	SIG("HTTP", 0, "<HTML", NULL),
	SIG("RTSP", 0, "RTSP/", NULL),
	SIG("SIP", 0, "SIP/2.0", NULL),
	SIG("TLS", 0, "\x15\x03\x00", NULL), /* an alert: it did not understand us */
	SIG("TLS", 0, "\x15\x03\x01", NULL),
	SIG("TLS", 0, "\x15\x03\x02", NULL),
	SIG("TLS", 0, "\x15\x03\x03", NULL),
	SIG("TLS", 0, "\x15\x03\x04", NULL),
	SIG("TLS", 0, "\x16\x03", NULL),       /* a handshake record */
	SIG("MySQL", 1, "\0\0\0\x0a", NULL),   /* a greeting of protocol 10: length, number 0 */
	SIG("MySQL", 1, "\0\0\0\xff", NULL),   /* an error instead of it */
	SIG("MySQL", 1, "\0\0\x01\xff", NULL), /* an error as answer to what we sent */
	SIG("PostgreSQL", 0, "E\0\0", "FATAL"),
	SIG("PostgreSQL", 0, "EFATAL", NULL),
	SIG("PostgreSQL", 0, "EERROR", NULL),
	SIG("Redis", 0, "-ERR unknown command", NULL),
	SIG("Redis", 0, "-ERR wrong number", NULL),
	SIG("Redis", 0, "-ERR Protocol error", NULL),
	SIG("Redis", 0, "-DENIED", NULL),
	SIG("Redis", 0, "-NOAUTH", NULL),
	SIG("POP3", 0, "+OK", NULL),
	SIG("POP3", 0, "-ERR", NULL),
	SIG("IMAP", 0, "* OK", NULL),
	SIG("IMAP", 0, "* PREAUTH", NULL),
	SIG("IMAP", 0, "* BYE", NULL),
	SIG("SMTP", 0, "220", "SMTP"),
	SIG("SMTP", 0, "220", "postfix"),
	SIG("SMTP", 0, "220", "exim"),
	SIG("SMTP", 0, "554", "SMTP"),
	SIG("SMTP", 0, "421", "SMTP"),
	SIG("FTP", 0, "220", "FTP"),
	SIG("FTP", 0, "220", "FileZilla"),
	SIG("FTP", 0, "421", "FTP"),
	SIG("FTP", 0, "530", "FTP"),
	SIG("SMTP or FTP", 0, "220 ", NULL),
	SIG("SMTP or FTP", 0, "220-", NULL),
	SIG("NNTP", 0, "200", "NNTP"),
	SIG("NNTP", 0, "201", "NNTP"),
	SIG("NNTP", 0, "200", "news"),
	SIG("RDP", 0, "\x03\0\0\x13\x0e\xd0", NULL), /* TPKT, connection confirm */
	SIG("RDP", 0, "\x03\0\0\x0b\x06\xd0", NULL),
	SIG("RDP", 0, "\x03\0\0\x09\x02\xf0\x80", NULL),
	SIG("telnet", 0, "\xff\xfb", NULL), /* IAC WILL, WONT, DO, DONT */
	SIG("telnet", 0, "\xff\xfc", NULL),
	SIG("telnet", 0, "\xff\xfd", NULL),
	SIG("telnet", 0, "\xff\xfe", NULL),
	SIG("VNC", 0, "RFB 0", NULL),
	SIG("rsync", 0, "@RSYNCD:", NULL),
	SIG("AMQP", 0, "AMQP", NULL),
	SIG("XMPP", 0, "<?xml", "stream"),
	SIG("XMPP", 0, "<stream:stream", NULL),
	SIG("SMB", 4, "\xffSMB", NULL),
	SIG("SMB", 4, "\xfeSMB", NULL),
	SIG("LDAP", 0, "\x30\x0c\x02\x01", NULL),
	SIG("memcached", 0, "ERROR\r\n", NULL),
	SIG("IRC", 0, "NOTICE AUTH", NULL),
	SIG("IRC", 0, ":", "NOTICE"),
};

static char
lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool
has_word(const char *s, size_t len, const char *word)
{
	size_t n = strlen(word), i, k;

	for (i = 0; i + n <= len; i++) {
		for (k = 0; k < n && lower(s[i + k]) == lower(word[k]); k++)
			;
		if (k == n)
			return true;
	}
	return false;
}

const char *
guess_protocol(const void *bytes, size_t len)
{
	const char *s = bytes;
	size_t i;

	if (len > 512)
		len = 512;
	for (i = 0; i < COUNT(signatures); i++) {
		const struct signature *g = &signatures[i];

		if (len >= (size_t)g->at + g->len && memcmp(s + g->at, g->bytes, g->len) == 0 &&
		    (g->has == NULL || has_word(s, len, g->has)))
			return g->name;
	}
	return NULL;
}

/* Packets */

void
packet_init(struct packet_reader *r)
{
	memset(r, 0, sizeof(*r));
}

/* What is wrong with a packet's first five bytes; PACKET_MORE if nothing. */
static enum packet_event
check_header(const uint8_t *p)
{
	uint32_t len = get_u32(p);

	if (len > PACKET_LEN_MAX)
		return PACKET_TOO_LONG;
	if (len < 1 + 1 + 4)
		return PACKET_TOO_SHORT;
	if ((len + 4) % 8 != 0)
		return PACKET_UNALIGNED;
	if (p[4] < 4 || (uint32_t)p[4] + 2 > len)
		return PACKET_BAD_PADDING;
	return PACKET_MORE;
}

/* Take bytes until have reaches want; how many were taken. */
static size_t
fill(struct packet_reader *r, size_t want, const uint8_t *p, size_t len)
{
	size_t n = want > r->have ? want - r->have : 0;

	if (n > len)
		n = len;
	if (n > 0)
		memcpy(r->buf + r->have, p, n);
	r->have += n;
	return n;
}

/* A packet is whole. */
static enum packet_event
finish(struct packet_reader *r)
{
	r->payload = r->buf + 5;
	r->payload_len = get_u32(r->buf) - r->buf[4] - 1;
	r->type = r->payload[0];
	r->count++;
	return PACKET_READY;
}

enum packet_event
packet_feed(struct packet_reader *r, const void *buf, size_t len, size_t *used)
{
	const uint8_t *p = buf;
	size_t n = 0;

	*used = 0;
	if (r->last == PACKET_READY) {
		r->last = r->type == MSG_NEWKEYS ? PACKET_ENCRYPTED : PACKET_MORE;
		r->have = 0;
	}
	if (r->last == PACKET_ENCRYPTED)
		return r->last;
	if (r->last == PACKET_MORE) {
		bool was_short = r->have < 5;

		n = fill(r, 5, p, len);
		if (was_short && r->have == 5)
			r->last = check_header(r->buf);
	}
	if (r->last == PACKET_MORE && r->have >= 5) {
		size_t want = get_u32(r->buf) + 4;

		n += fill(r, want, p + n, len - n);
		if (r->have == want)
			r->last = finish(r);
	}
	if (r->last > PACKET_ENCRYPTED) {
		fill(r, sizeof(r->buf), p + n, len - n);
		n = len;
	}
	*used = n;
	return r->last;
}

size_t
packet_held(const struct packet_reader *r, const uint8_t **bytes)
{
	*bytes = r->buf;
	return r->last == PACKET_READY || r->last == PACKET_ENCRYPTED ? 0 : r->have;
}

const char *
packet_event_words(enum packet_event e)
{
	static const char *const words[] = {
		[PACKET_MORE] = "incomplete packet",
		[PACKET_READY] = "packet",
		[PACKET_ENCRYPTED] = "encrypted",
		[PACKET_TOO_LONG] = "packet longer than allowed, or no packet at all",
		[PACKET_TOO_SHORT] = "packet too short",
		[PACKET_UNALIGNED] = "packet length is no multiple of 8",
		[PACKET_BAD_PADDING] = "packet with impossible padding",
	};

	return words[e];
}

/* KEXINIT */

enum kexinit_status
kexinit_parse(struct kex_lists *k, const uint8_t *payload, size_t len)
{
	size_t at = 1 + KEXINIT_COOKIE, i;

	for (i = 0; i < KEX__COUNT; i++)
		k->list[i] = namelist_of("");
	k->first_follows = false;
	if (len < 1 || payload[0] != MSG_KEXINIT)
		return KEXINIT_NOT_ONE;
	if (len < at)
		return KEXINIT_SHORT;
	for (i = 0; i < KEX__COUNT; i++) {
		uint32_t n;

		if (len - at < 4)
			return KEXINIT_SHORT;
		n = get_u32(payload + at);
		at += 4;
		if (n > len - at)
			return KEXINIT_BAD_LIST;
		k->list[i].s = (const char *)payload + at;
		k->list[i].len = n;
		at += n;
	}
	if (len - at < 1 + 4)
		return KEXINIT_SHORT;
	k->first_follows = payload[at] != 0;
	return len - at == 1 + 4 ? KEXINIT_OK : KEXINIT_TRAILING;
}

const char *
kexinit_status_words(enum kexinit_status s)
{
	static const char *const words[] = {
		[KEXINIT_OK] = "ok",
		[KEXINIT_NOT_ONE] = "not an algorithm offer",
		[KEXINIT_SHORT] = "the algorithm offer ends too early",
		[KEXINIT_BAD_LIST] = "a list in the algorithm offer is longer than the packet",
		[KEXINIT_TRAILING] = "text after the end of the algorithm offer",
	};

	return words[s];
}
