/*
 * The clear-text beginning of an SSH connection, read byte by byte as it
 * passes: lines before the identification, the identification, unencrypted
 * packets up to NEWKEYS, and the KEXINIT in them. Incremental, no
 * allocation. Called by the wire tap and by the port look. Pure.
 *
 *   bytes -> ident_feed() --prelines--> evidence
 *                         --ident-----> packet_feed() --KEXINIT--> kexinit_parse()
 */
#ifndef SSHMEDIC_WIRE_H
#define SSHMEDIC_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "namelist.h"

enum {
	IDENT_LINE_MAX = 8192,  /* bytes of a line without its end: SSH_MAX_BANNER_LEN of OpenSSH */
	IDENT_LINES_MAX = 1024, /* lines before the identification: SSH_MAX_PRE_BANNER_LINES */
	PACKET_LEN_MAX = 35000, /* packet_length, RFC 4253 section 6.1 */
	PACKET_BUF_MAX = 35008,
	KEXINIT_COOKIE = 16
};

/* Message numbers that the tap names (RFC 4253 section 12). */
enum {
	MSG_DISCONNECT = 1,
	MSG_IGNORE = 2,
	MSG_UNIMPLEMENTED = 3,
	MSG_DEBUG = 4,
	MSG_EXT_INFO = 7,
	MSG_KEXINIT = 20,
	MSG_NEWKEYS = 21
};

enum ident_event {
	IDENT_MORE,     /* all input is used, no whole line yet */
	IDENT_PRELINE,  /* a line before the identification; feed the rest */
	IDENT_DONE,     /* the identification; what follows is packets */
	IDENT_TOO_LONG, /* a line is longer than IDENT_LINE_MAX: ssh gives up here */
	IDENT_TOO_MANY, /* IDENT_LINES_MAX lines, the last of them in line: ssh gives up here */
	IDENT_INVALID   /* a NUL, or a CR within a line: ssh gives up here */
};

/*
 * line holds the current line, raw; len leaves its end (LF or CR LF) out, raw_len does not.
 * A whole line stays until the next feed.
 */
struct ident_reader {
	char line[IDENT_LINE_MAX + 4];
	size_t len, raw_len;
	unsigned lines; /* prelines so far */
	uint64_t bytes; /* all bytes so far */
	enum ident_event last;
};

void ident_init(struct ident_reader *r);
/*
 * Take bytes up to the end of one line. *used says how many of len bytes were
 * taken; after IDENT_DONE the rest belongs to packet_feed(), and r->line with
 * r->raw_len is what to relay: prelines are not relayed. After IDENT_DONE
 * nothing more is taken. After the three failures
 * bytes are still taken and kept in line as long as there is room, so that
 * what was said can be shown; the event stays the same.
 */
enum ident_event ident_feed(struct ident_reader *r, const void *buf, size_t len, size_t *used);
/* Bytes of a line that has no end yet: what is left when the peer closes. */
size_t ident_held(const struct ident_reader *r, const char **bytes);

/* How OpenSSH takes an identification string (RFC 4253 section 4.2). */
enum ident_kind { IDENT_V2, IDENT_V1, IDENT_MALFORMED };

struct ident {
	enum ident_kind kind; /* IDENT_V1: protocol 1 only (or an unknown major version) */
	char proto[16];       /* "2.0" "1.99" "1.5"; "" if malformed */
	const char *software; /* software version, into the line */
	size_t software_len;
	const char *comments; /* what follows the first blank */
	size_t comments_len;
};

/* Take an identification line (without its end) apart. */
void ident_parse(struct ident *id, const char *line, size_t len);

/*
 * The protocol that speaks like this, by the first bytes it sent: "HTTP",
 * "TLS", "SMTP", "FTP", "MySQL", "PostgreSQL", "Redis", "RDP", "telnet",
 * "IMAP", "POP3", "VNC" and others; NULL if it is not recognised.
 */
const char *guess_protocol(const void *bytes, size_t len);

enum packet_event {
	PACKET_MORE,       /* all input is used, no whole packet yet */
	PACKET_READY,      /* type, payload and payload_len are set, until the next feed */
	PACKET_ENCRYPTED,  /* NEWKEYS has passed; nothing more is taken */
	PACKET_TOO_LONG,   /* length over PACKET_LEN_MAX: often text instead of a packet */
	PACKET_TOO_SHORT,  /* length too small for a payload and its padding */
	PACKET_UNALIGNED,  /* length is no multiple of the block size, 8 */
	PACKET_BAD_PADDING /* padding under 4 bytes, or longer than the packet */
};

struct packet_reader {
	uint8_t buf[PACKET_BUF_MAX];
	size_t have;
	enum packet_event last;
	uint8_t type;
	const uint8_t *payload; /* the type byte first, as in RFC 4253 */
	size_t payload_len;     /* at least 1 */
	uint32_t count;         /* packets so far */
};

void packet_init(struct packet_reader *r);
/*
 * Take bytes up to the end of one packet (RFC 4253 section 6, no encryption,
 * no MAC). *used says how many. An error stays; its bytes, and those that
 * follow as long as there is room, are kept in buf for packet_held().
 */
enum packet_event packet_feed(struct packet_reader *r, const void *buf, size_t len, size_t *used);
/* Bytes of a packet that is not whole, or of what is no packet. */
size_t packet_held(const struct packet_reader *r, const uint8_t **bytes);
/* The event in words: "packet longer than allowed" … */
const char *packet_event_words(enum packet_event e);

enum kexinit_status {
	KEXINIT_OK,
	KEXINIT_NOT_ONE,  /* the payload's type is another */
	KEXINIT_SHORT,    /* ends before the lists do */
	KEXINIT_BAD_LIST, /* a list's length points beyond the end */
	KEXINIT_TRAILING  /* bytes after the end; ssh refuses them. The lists are set */
};

/*
 * Read a KEXINIT (RFC 4253 section 7.1). The lists point into payload; their bytes
 * are as the peer sent them. On an error the lists not reached are empty.
 */
enum kexinit_status kexinit_parse(struct kex_lists *k, const uint8_t *payload, size_t len);
/* "ok" or what is wrong, in words. */
const char *kexinit_status_words(enum kexinit_status s);

#endif
