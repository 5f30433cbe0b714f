/*
 * core/wire.c: the clear-text beginning of a connection, in whole and in single bytes, from honest and
 * from hostile peers.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "core/wire.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* The first packet of dropbear 2022.83 with an ed25519 host key. */
/* clang-format off */
static const uint8_t dropbear[] = {
	0x00, 0x00, 0x01, 0xfc, 0x07, 0x14, 0x70, 0xc6, 0xc5, 0xdb, 0x3b, 0xc6, 0x0c, 0x12, 0x14, 0x8a,
	0xcf, 0x0a, 0x3b, 0xf7, 0xfc, 0x28, 0x00, 0x00, 0x00, 0xd8, 0x63, 0x75, 0x72, 0x76, 0x65, 0x32,
	0x35, 0x35, 0x31, 0x39, 0x2d, 0x73, 0x68, 0x61, 0x32, 0x35, 0x36, 0x2c, 0x63, 0x75, 0x72, 0x76,
	0x65, 0x32, 0x35, 0x35, 0x31, 0x39, 0x2d, 0x73, 0x68, 0x61, 0x32, 0x35, 0x36, 0x40, 0x6c, 0x69,
	0x62, 0x73, 0x73, 0x68, 0x2e, 0x6f, 0x72, 0x67, 0x2c, 0x65, 0x63, 0x64, 0x68, 0x2d, 0x73, 0x68,
	0x61, 0x32, 0x2d, 0x6e, 0x69, 0x73, 0x74, 0x70, 0x35, 0x32, 0x31, 0x2c, 0x65, 0x63, 0x64, 0x68,
	0x2d, 0x73, 0x68, 0x61, 0x32, 0x2d, 0x6e, 0x69, 0x73, 0x74, 0x70, 0x33, 0x38, 0x34, 0x2c, 0x65,
	0x63, 0x64, 0x68, 0x2d, 0x73, 0x68, 0x61, 0x32, 0x2d, 0x6e, 0x69, 0x73, 0x74, 0x70, 0x32, 0x35,
	0x36, 0x2c, 0x64, 0x69, 0x66, 0x66, 0x69, 0x65, 0x2d, 0x68, 0x65, 0x6c, 0x6c, 0x6d, 0x61, 0x6e,
	0x2d, 0x67, 0x72, 0x6f, 0x75, 0x70, 0x31, 0x34, 0x2d, 0x73, 0x68, 0x61, 0x32, 0x35, 0x36, 0x2c,
	0x64, 0x69, 0x66, 0x66, 0x69, 0x65, 0x2d, 0x68, 0x65, 0x6c, 0x6c, 0x6d, 0x61, 0x6e, 0x2d, 0x67,
	0x72, 0x6f, 0x75, 0x70, 0x31, 0x34, 0x2d, 0x73, 0x68, 0x61, 0x31, 0x2c, 0x6b, 0x65, 0x78, 0x67,
	0x75, 0x65, 0x73, 0x73, 0x32, 0x40, 0x6d, 0x61, 0x74, 0x74, 0x2e, 0x75, 0x63, 0x63, 0x2e, 0x61,
	0x73, 0x6e, 0x2e, 0x61, 0x75, 0x2c, 0x6b, 0x65, 0x78, 0x2d, 0x73, 0x74, 0x72, 0x69, 0x63, 0x74,
	0x2d, 0x73, 0x2d, 0x76, 0x30, 0x30, 0x40, 0x6f, 0x70, 0x65, 0x6e, 0x73, 0x73, 0x68, 0x2e, 0x63,
	0x6f, 0x6d, 0x00, 0x00, 0x00, 0x20, 0x73, 0x73, 0x68, 0x2d, 0x65, 0x64, 0x32, 0x35, 0x35, 0x31,
	0x39, 0x2c, 0x72, 0x73, 0x61, 0x2d, 0x73, 0x68, 0x61, 0x32, 0x2d, 0x32, 0x35, 0x36, 0x2c, 0x73,
	0x73, 0x68, 0x2d, 0x72, 0x73, 0x61, 0x00, 0x00, 0x00, 0x33, 0x63, 0x68, 0x61, 0x63, 0x68, 0x61,
	0x32, 0x30, 0x2d, 0x70, 0x6f, 0x6c, 0x79, 0x31, 0x33, 0x30, 0x35, 0x40, 0x6f, 0x70, 0x65, 0x6e,
	0x73, 0x73, 0x68, 0x2e, 0x63, 0x6f, 0x6d, 0x2c, 0x61, 0x65, 0x73, 0x31, 0x32, 0x38, 0x2d, 0x63,
	0x74, 0x72, 0x2c, 0x61, 0x65, 0x73, 0x32, 0x35, 0x36, 0x2d, 0x63, 0x74, 0x72, 0x00, 0x00, 0x00,
	0x33, 0x63, 0x68, 0x61, 0x63, 0x68, 0x61, 0x32, 0x30, 0x2d, 0x70, 0x6f, 0x6c, 0x79, 0x31, 0x33,
	0x30, 0x35, 0x40, 0x6f, 0x70, 0x65, 0x6e, 0x73, 0x73, 0x68, 0x2e, 0x63, 0x6f, 0x6d, 0x2c, 0x61,
	0x65, 0x73, 0x31, 0x32, 0x38, 0x2d, 0x63, 0x74, 0x72, 0x2c, 0x61, 0x65, 0x73, 0x32, 0x35, 0x36,
	0x2d, 0x63, 0x74, 0x72, 0x00, 0x00, 0x00, 0x17, 0x68, 0x6d, 0x61, 0x63, 0x2d, 0x73, 0x68, 0x61,
	0x31, 0x2c, 0x68, 0x6d, 0x61, 0x63, 0x2d, 0x73, 0x68, 0x61, 0x32, 0x2d, 0x32, 0x35, 0x36, 0x00,
	0x00, 0x00, 0x17, 0x68, 0x6d, 0x61, 0x63, 0x2d, 0x73, 0x68, 0x61, 0x31, 0x2c, 0x68, 0x6d, 0x61,
	0x63, 0x2d, 0x73, 0x68, 0x61, 0x32, 0x2d, 0x32, 0x35, 0x36, 0x00, 0x00, 0x00, 0x15, 0x7a, 0x6c,
	0x69, 0x62, 0x40, 0x6f, 0x70, 0x65, 0x6e, 0x73, 0x73, 0x68, 0x2e, 0x63, 0x6f, 0x6d, 0x2c, 0x6e,
	0x6f, 0x6e, 0x65, 0x00, 0x00, 0x00, 0x15, 0x7a, 0x6c, 0x69, 0x62, 0x40, 0x6f, 0x70, 0x65, 0x6e,
	0x73, 0x73, 0x68, 0x2e, 0x63, 0x6f, 0x6d, 0x2c, 0x6e, 0x6f, 0x6e, 0x65, 0x00, 0x00, 0x00, 0x00,
	0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x3c, 0x96, 0xd2, 0xd2, 0x1d, 0x84, 0x8e,
};
/* clang-format on */

static struct ident_reader ir;
static struct packet_reader pr;

/* Feed all of in, chunk bytes at a time, and write what came as one line of text to out. */
static void
feed_ident(const char *in, size_t len, size_t chunk, char *out, size_t cap)
{
	size_t at = 0, n = 0;

	ident_init(&ir);
	out[0] = '\0';
	while (at < len) {
		size_t used, give = len - at < chunk ? len - at : chunk;
		enum ident_event e = ident_feed(&ir, in + at, give, &used);

		at += used;
		if (e == IDENT_MORE) {
			assert_int_equal(used, give);
			continue;
		}
		n += (size_t)snprintf(out + n, cap - n, "%d<%.*s>", e, (int)ir.len, ir.line);
		if (e != IDENT_PRELINE)
			break;
	}
	snprintf(out + n, cap - n, "@%zu", at);
}

static void
ident_comes_whole_in_any_pieces(void **state)
{
	static const struct {
		const char *in, *out;
	} rows[] = {
		{ "SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u10\r\nxyz",
		    "2<SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u10>@41" },
		{ "SSH-2.0-x\nrest", "2<SSH-2.0-x>@10" },
		{ "hello\r\nworld\n\r\nSSH-2.0-x\r\n", "1<hello>1<world>1<>2<SSH-2.0-x>@26" },
		{ "SSH-\nSSH-2.0-x\n", "1<SSH->2<SSH-2.0-x>@15" },
		{ "a\r\r\nSSH-2.0-x\n", "1<a>2<SSH-2.0-x>@14" },
		{ "Exceeded MaxStartups", "@20" },
	};
	size_t i, chunk;

	(void)state;
	for (i = 0; i < COUNT(rows); i++) {
		for (chunk = 1; chunk < 50; chunk++) {
			char out[200];

			feed_ident(rows[i].in, strlen(rows[i].in), chunk, out, sizeof(out));
			assert_string_equal(out, rows[i].out);
		}
	}
}

static void
ident_line_is_kept_raw_for_the_relay(void **state)
{
	char out[100];

	(void)state;
	feed_ident("pre\r\nSSH-2.0-x\r\n", 16, 1, out, sizeof(out));
	assert_int_equal(ir.raw_len, 11);
	assert_memory_equal(ir.line, "SSH-2.0-x\r\n", 11);
	assert_int_equal(ir.bytes, 16);
	assert_int_equal(ir.lines, 1);
}

static void
unfinished_line_is_not_lost(void **state)
{
	const char *held;
	char out[100];

	(void)state;
	feed_ident("first\r\nExceeded MaxStartups", 27, 3, out, sizeof(out));
	assert_string_equal(out, "1<first>@27");
	assert_int_equal(ident_held(&ir, &held), 20);
	assert_memory_equal(held, "Exceeded MaxStartups", 20);
	feed_ident("whole\r\n", 7, 7, out, sizeof(out));
	assert_int_equal(ident_held(&ir, &held), 0);
}

/* As OpenSSH: a NUL, or a CR within a line, ends it at once; what follows is still kept. */
static void
binary_greeting_is_invalid_and_kept(void **state)
{
	static const char mysql[] = "J\0\0\0\n8.0.36-0ubuntu0.22.04.1\0rest";
	const char *held;
	size_t used, n;

	(void)state;
	ident_init(&ir);
	assert_int_equal(ident_feed(&ir, mysql, 1, &used), IDENT_MORE);
	assert_int_equal(ident_feed(&ir, mysql + 1, 9, &used), IDENT_INVALID);
	assert_int_equal(used, 9);
	assert_int_equal(ident_feed(&ir, mysql + 10, sizeof(mysql) - 11, &used), IDENT_INVALID);
	n = ident_held(&ir, &held);
	assert_int_equal(n, sizeof(mysql) - 1);
	assert_memory_equal(held, mysql, n);
	assert_int_equal(ir.bytes, n);
	assert_string_equal(guess_protocol(held, n), "MySQL");

	ident_init(&ir);
	assert_int_equal(ident_feed(&ir, "a\rb", 3, &used), IDENT_INVALID);
	n = ident_held(&ir, &held);
	assert_int_equal(n, 3);
	assert_memory_equal(held, "a\rb", 3);
}

static void
line_length_is_limited_as_in_openssh(void **state)
{
	static char line[20000];
	size_t used;
	unsigned more;

	(void)state;
	memset(line, 'x', sizeof(line));
	ident_init(&ir);
	assert_int_equal(ident_feed(&ir, line, IDENT_LINE_MAX, &used), IDENT_MORE);
	assert_int_equal(ident_feed(&ir, "\r\n", 2, &used), IDENT_PRELINE);
	assert_int_equal(ir.len, IDENT_LINE_MAX);
	assert_int_equal(ident_feed(&ir, line, IDENT_LINE_MAX, &used), IDENT_MORE);
	assert_int_equal(ident_feed(&ir, "x", 1, &used), IDENT_TOO_LONG);
	for (more = 0; more < 10; more++) {
		assert_int_equal(ident_feed(&ir, line, sizeof(line), &used), IDENT_TOO_LONG);
		assert_int_equal(used, sizeof(line));
	}
	assert_true(ir.len <= sizeof(ir.line));
	memset(line, '\r', sizeof(line)); /* no end to the ends */
	ident_init(&ir);
	assert_int_equal(ident_feed(&ir, line, sizeof(line), &used), IDENT_TOO_LONG);
}

static void
number_of_lines_is_limited_as_in_openssh(void **state)
{
	size_t used;
	int i;

	(void)state;
	ident_init(&ir);
	for (i = 1; i < IDENT_LINES_MAX; i++)
		assert_int_equal(ident_feed(&ir, "x\n", 2, &used), IDENT_PRELINE);
	assert_int_equal(ident_feed(&ir, "last\n", 5, &used), IDENT_TOO_MANY);
	assert_int_equal(ir.len, 4);
	assert_memory_equal(ir.line, "last", 4);
	assert_int_equal(ident_feed(&ir, "SSH-2.0-x\n", 10, &used), IDENT_TOO_MANY);
}

static void
nothing_is_taken_after_the_ident(void **state)
{
	size_t used = 99;

	(void)state;
	ident_init(&ir);
	assert_int_equal(ident_feed(&ir, "SSH-2.0-x\nabc", 13, &used), IDENT_DONE);
	assert_int_equal(used, 10);
	assert_int_equal(ident_feed(&ir, "abc", 3, &used), IDENT_DONE);
	assert_int_equal(used, 0);
}

static void
ident_is_taken_apart(void **state)
{
	static const struct {
		const char *line;
		enum ident_kind kind;
		const char *proto, *software, *comments;
	} rows[] = {
		{ "SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u10", IDENT_V2, "2.0", "OpenSSH_9.2p1",
		    "Debian-2+deb12u10" },
		{ "SSH-2.0-dropbear_2022.83", IDENT_V2, "2.0", "dropbear_2022.83", "" },
		{ "SSH-1.99-Cisco-1.25", IDENT_V2, "1.99", "Cisco-1.25", "" },
		{ "SSH-1.5-old", IDENT_V1, "1.5", "old", "" },
		{ "SSH-3.0-x", IDENT_V1, "3.0", "x", "" },
		{ "SSH-2.0- x", IDENT_V2, "2.0", "", "x" },
		{ "SSH-2.0-a b c", IDENT_V2, "2.0", "a", "b c" },
		{ "SSH-2.0-", IDENT_MALFORMED, "", "", "" },
		{ "SSH-2.0", IDENT_MALFORMED, "", "", "" },
		{ "SSH-2-x", IDENT_MALFORMED, "", "", "" },
		{ "SSH-x.y-z", IDENT_MALFORMED, "", "", "" },
		{ "SSH-", IDENT_MALFORMED, "", "", "" },
		{ "SSH", IDENT_MALFORMED, "", "", "" },
		{ "", IDENT_MALFORMED, "", "", "" },
		{ "SSH-999999999999.0-x", IDENT_MALFORMED, "", "", "" },
		{ "HTTP/1.1 400 Bad Request", IDENT_MALFORMED, "", "", "" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(rows); i++) {
		struct ident id;

		ident_parse(&id, rows[i].line, strlen(rows[i].line));
		assert_int_equal(id.kind, rows[i].kind);
		assert_string_equal(id.proto, rows[i].proto);
		assert_int_equal(id.software_len, strlen(rows[i].software));
		assert_memory_equal(id.software, rows[i].software, id.software_len);
		assert_int_equal(id.comments_len, strlen(rows[i].comments));
		assert_memory_equal(id.comments, rows[i].comments, id.comments_len);
	}
}

static void
protocols_are_recognised(void **state)
{
#define B(s) s, sizeof(s) - 1
	static const struct {
		const char *bytes;
		size_t len;
		const char *name;
	} rows[] = {
		{ B("HTTP/1.1 400 Bad Request"), "HTTP" },
		{ B("<html><head>"), "HTTP" },
		{ B("\x15\x03\x01\x00\x02\x02\x46"), "TLS" },
		{ B("\x15\x03\x03\0\2\2\26"), "TLS" },
		{ B("\x16\x03\x01"), "TLS" },
		{ B("220 mail.example ESMTP Postfix"), "SMTP" },
		{ B("220 (vsFTPd 3.0.3)"), "FTP" },
		{ B("220 ProFTPD Server"), "FTP" },
		{ B("220---------- Welcome to Pure-FTPd"), "FTP" },
		{ B("220 hello"), "SMTP or FTP" },
		{ B("\x45\0\0\0\xffj\4Host 'x' is not allowed"), "MySQL" },
		{ B("\x5b\0\0\0\n11.4.2-MariaDB\0"), "MySQL" },
		{ B("E\0\0\0\x90SFATAL\0VFATAL\0C0A000\0"), "PostgreSQL" },
		{ B("-ERR unknown command 'SSH-2.0-OpenSSH_9.2p1'"), "Redis" },
		{ B("-DENIED Redis is running in protected mode"), "Redis" },
		{ B("-ERR bad"), "POP3" },
		{ B("+OK Dovecot ready."), "POP3" },
		{ B("* OK [CAPABILITY IMAP4rev1]"), "IMAP" },
		{ B("\3\0\0\x13\x0e\xd0\0\0\x12\x34\0"), "RDP" },
		{ B("\xff\xfd\x18\xff\xfd\x20"), "telnet" },
		{ B("RFB 003.008\n"), "VNC" },
		{ B("@RSYNCD: 31.0"), "rsync" },
		{ B("SSH-2.0-OpenSSH_9.2p1"), NULL },
		{ B("Exceeded MaxStartups"), NULL },
		{ B("Not allowed at this time"), NULL },
		{ B(""), NULL },
		{ B("H"), NULL },
		{ B("\x15"), NULL },
		{ B("J\0\0"), NULL },
	};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(rows); i++) {
		const char *name = guess_protocol(rows[i].bytes, rows[i].len);

		if (rows[i].name == NULL)
			assert_null(name);
		else
			assert_string_equal(name, rows[i].name);
	}
}

/* A packet around payload: padding 4 to 11 bytes. Returns its length. */
static size_t
make_packet(uint8_t *out, const void *payload, size_t len)
{
	size_t pad = 4 + (8 - (5 + len + 4) % 8) % 8, body = 1 + len + pad;

	out[0] = (uint8_t)(body >> 24);
	out[1] = (uint8_t)(body >> 16);
	out[2] = (uint8_t)(body >> 8);
	out[3] = (uint8_t)body;
	out[4] = (uint8_t)pad;
	memcpy(out + 5, payload, len);
	memset(out + 5 + len, 0xaa, pad);
	return 4 + body;
}

static void
packets_come_whole_in_any_pieces(void **state)
{
	uint8_t stream[400];
	size_t len = 0, chunk;

	(void)state;
	len += make_packet(stream + len,
	    "\x02"
	    "ignore",
	    7);
	len += make_packet(stream + len, "\x14", 1);
	len += make_packet(stream + len,
	    "\x01"
	    "a longer payload that needs two blocks",
	    39);
	len += make_packet(stream + len, "\x15", 1);
	memset(stream + len, 0xee, 40); /* encrypted from here on */
	for (chunk = 1; chunk < 100; chunk++) {
		size_t at = 0, used, types[4] = { 0 }, lens[4] = { 0 }, n = 0;
		enum packet_event e = PACKET_MORE;

		packet_init(&pr);
		while (at < len + 40) {
			size_t give = len + 40 - at < chunk ? len + 40 - at : chunk;

			e = packet_feed(&pr, stream + at, give, &used);
			at += used;
			if (e == PACKET_ENCRYPTED)
				break;
			assert_true(e == PACKET_READY || (e == PACKET_MORE && used == give));
			if (e == PACKET_READY) {
				assert_true(n < 4);
				types[n] = pr.type;
				lens[n++] = pr.payload_len;
			}
		}
		assert_int_equal(e, PACKET_ENCRYPTED);
		assert_int_equal(at, len);
		assert_int_equal(n, 4);
		assert_int_equal(types[0], MSG_IGNORE);
		assert_int_equal(types[1], MSG_KEXINIT);
		assert_int_equal(types[2], MSG_DISCONNECT);
		assert_int_equal(types[3], MSG_NEWKEYS);
		assert_int_equal(lens[0], 7);
		assert_int_equal(lens[2], 39);
		assert_int_equal(pr.count, 4);
	}
}

static void
lying_packets_are_named(void **state)
{
	static const struct {
		const char *bytes;
		size_t len;
		enum packet_event e;
	} rows[] = {
		{ B("\xff\xff\xff\xff\4"), PACKET_TOO_LONG },
		{ B("\0\0\x88\xbc\4"), PACKET_TOO_LONG },
		{ B("Protocol mismatch.\n"), PACKET_TOO_LONG },
		{ B("\0\0\0\0\4"), PACKET_TOO_SHORT },
		{ B("\0\0\0\4\4"), PACKET_TOO_SHORT },
		{ B("\0\0\0\5\4"), PACKET_TOO_SHORT },
		{ B("\0\0\0\x0d\4"), PACKET_UNALIGNED },
		{ B("\0\0\0\x0c\3"), PACKET_BAD_PADDING },
		{ B("\0\0\0\x0c\x0b"), PACKET_BAD_PADDING },
		{ B("\0\0\0\x0c\xff"), PACKET_BAD_PADDING },
		{ B("\0\0\0\x0c\x0a"), PACKET_MORE },
		{ B("\0\0\0\x0c"), PACKET_MORE },
	};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(rows); i++) {
		const uint8_t *held;
		size_t used;

		packet_init(&pr);
		assert_int_equal(packet_feed(&pr, rows[i].bytes, rows[i].len, &used), rows[i].e);
		assert_int_equal(used, rows[i].len);
		assert_int_equal(packet_held(&pr, &held), rows[i].len);
		assert_memory_equal(held, rows[i].bytes, rows[i].len);
		assert_true(packet_event_words(rows[i].e)[0] != '\0');
		if (rows[i].e != PACKET_MORE)
			assert_int_equal(packet_feed(&pr, "x", 1, &used), rows[i].e);
	}
}

static void
longest_packet_fits(void **state)
{
	static uint8_t big[PACKET_BUF_MAX + 100];
	size_t used, body = 34996; /* the largest length up to 35000 that is aligned */

	(void)state;
	big[2] = (uint8_t)(body >> 8);
	big[3] = (uint8_t)body;
	big[4] = 4;
	big[5] = MSG_IGNORE;
	packet_init(&pr);
	assert_int_equal(packet_feed(&pr, big, sizeof(big), &used), PACKET_READY);
	assert_int_equal(used, body + 4);
	assert_int_equal(pr.payload_len, body - 5);
	packet_init(&pr);
	big[0] = 1;
	assert_int_equal(packet_feed(&pr, big, sizeof(big), &used), PACKET_TOO_LONG);
	assert_int_equal(packet_feed(&pr, big, sizeof(big), &used), PACKET_TOO_LONG);
	assert_true(pr.have <= sizeof(pr.buf));
}

static void
real_kexinit_is_read(void **state)
{
	static const char *const lists[KEX__COUNT] = {
		[KEX_KEX] = "curve25519-sha256,curve25519-sha256@libssh.org,ecdh-sha2-nistp521,"
			    "ecdh-sha2-nistp384,ecdh-sha2-nistp256,diffie-hellman-group14-sha256,"
			    "diffie-hellman-group14-sha1,kexguess2@matt.ucc.asn.au,"
			    "kex-strict-s-v00@openssh.com",
		[KEX_HOSTKEY] = "ssh-ed25519,rsa-sha2-256,ssh-rsa",
		[KEX_CIPHER_CS] = "chacha20-poly1305@openssh.com,aes128-ctr,aes256-ctr",
		[KEX_CIPHER_SC] = "chacha20-poly1305@openssh.com,aes128-ctr,aes256-ctr",
		[KEX_MAC_CS] = "hmac-sha1,hmac-sha2-256",
		[KEX_MAC_SC] = "hmac-sha1,hmac-sha2-256",
		[KEX_COMP_CS] = "zlib@openssh.com,none",
		[KEX_COMP_SC] = "zlib@openssh.com,none",
		[KEX_LANG_CS] = "",
		[KEX_LANG_SC] = "",
	};
	struct kex_lists k;
	size_t used, i;

	(void)state;
	packet_init(&pr);
	assert_int_equal(packet_feed(&pr, dropbear, sizeof(dropbear), &used), PACKET_READY);
	assert_int_equal(pr.type, MSG_KEXINIT);
	assert_int_equal(kexinit_parse(&k, pr.payload, pr.payload_len), KEXINIT_OK);
	for (i = 0; i < KEX__COUNT; i++)
		assert_true(namelist_eq(k.list[i], lists[i]));
	assert_false(k.first_follows);
}

/* Cut the offer at every length: never past the end, never taken for whole. */
static void
short_kexinit_is_refused(void **state)
{
	static uint8_t payload[1000];
	struct kex_lists k;
	size_t used, n, i, whole;

	(void)state;
	packet_init(&pr);
	packet_feed(&pr, dropbear, sizeof(dropbear), &used);
	whole = pr.payload_len;
	memcpy(payload, pr.payload, whole);
	for (n = 0; n < whole; n++) {
		enum kexinit_status s = kexinit_parse(&k, payload, n);

		assert_true(s == KEXINIT_NOT_ONE || s == KEXINIT_SHORT || s == KEXINIT_BAD_LIST);
		assert_true(kexinit_status_words(s)[0] != '\0');
		for (i = 0; i < KEX__COUNT; i++)
			assert_true(k.list[i].len == 0 ||
				    k.list[i].s + k.list[i].len <= (const char *)payload + n);
	}
	payload[whole] = 0;
	assert_int_equal(kexinit_parse(&k, payload, whole + 1), KEXINIT_TRAILING);
	assert_true(namelist_has(k.list[KEX_MAC_CS], namelist_of("hmac-sha2-256")));
	payload[whole - 5] = 1;
	assert_int_equal(kexinit_parse(&k, payload, whole), KEXINIT_OK);
	assert_true(k.first_follows);
	memset(payload + 17, 0xff, 4); /* a list of 4 GB */
	assert_int_equal(kexinit_parse(&k, payload, whole), KEXINIT_BAD_LIST);
	payload[0] = MSG_DISCONNECT;
	assert_int_equal(kexinit_parse(&k, payload, whole), KEXINIT_NOT_ONE);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ident_comes_whole_in_any_pieces),
		cmocka_unit_test(ident_line_is_kept_raw_for_the_relay),
		cmocka_unit_test(unfinished_line_is_not_lost),
		cmocka_unit_test(binary_greeting_is_invalid_and_kept),
		cmocka_unit_test(line_length_is_limited_as_in_openssh),
		cmocka_unit_test(number_of_lines_is_limited_as_in_openssh),
		cmocka_unit_test(nothing_is_taken_after_the_ident),
		cmocka_unit_test(ident_is_taken_apart),
		cmocka_unit_test(protocols_are_recognised),
		cmocka_unit_test(packets_come_whole_in_any_pieces),
		cmocka_unit_test(lying_packets_are_named),
		cmocka_unit_test(longest_packet_fits),
		cmocka_unit_test(real_kexinit_is_read),
		cmocka_unit_test(short_kexinit_is_refused),
	};

	return cmocka_run_group_tests_name("wire", tests, NULL, NULL);
}
