/*
 * The target operand taken apart as ssh(1) does it. Called by the command
 * line and by whoever reads a list of targets. See target.h.
 */
#include "target.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "text.h"

enum {
	HOST_LEN = 255, /* a name in the DNS has at most 254 bytes (RFC 1035, final dot included) */
	URI_PREFIX = 6  /* "ssh://" */
};

/* A piece of the operand. */
struct part {
	const char *s;
	size_t len;
};

/* What a name may not hold: valid_hostname() and valid_ruser() of ssh.c (9.6, and 9.2 of Debian 12). */
struct name_rule {
	const char *what;
	const char *forbidden;
	size_t max;
};

static const struct name_rule host_rule = { "host name", "'`\"$\\;&<>|(){},", HOST_LEN };
static const struct name_rule user_rule = { "user name", "'`\";&<>|(){}", TARGET_USER_MAX - 1 };

static int
refuse(char *err, size_t errcap, const char *what, const char *why)
{
	struct strbuf sb;

	if (errcap > 0) {
		sb_init(&sb, err, errcap);
		sb_printf(&sb, "%s %s", what, why);
	}
	return -1;
}

static struct part
part_of(const char *s, const char *end)
{
	struct part p = { s, (size_t)(end - s) };

	return p;
}

/* Check one name and copy it to dst, which holds rule->max bytes and a NUL. */
static int
take_name(char *dst, struct part p, const struct name_rule *rule, char *err, size_t errcap)
{
	char why[80];
	size_t i;

	if (p.len == 0)
		return refuse(err, errcap, rule->what, "is empty");
	if (p.len > rule->max) {
		snprintf(why, sizeof(why), "is longer than %zu characters", rule->max);
		return refuse(err, errcap, rule->what, why);
	}
	if (p.s[0] == '-')
		return refuse(err, errcap, rule->what, "begins with '-'");
	for (i = 0; i < p.len; i++) {
		if (p.s[i] == ' ')
			return refuse(err, errcap, rule->what, "contains a blank");
		if (strchr(rule->forbidden, p.s[i]) != NULL && p.s[i] != '\0') {
			snprintf(why, sizeof(why), "contains %c, which ssh does not allow", p.s[i]);
			return refuse(err, errcap, rule->what, why);
		}
	}
	/* Control characters, and what would look like another name: not UTF-8, bidirectional, invisible. */
	if (!text_is_clean(p.s, p.len))
		return refuse(err, errcap, rule->what, "contains a control or invisible character");
	if (rule == &user_rule && p.s[p.len - 1] == '\\')
		return refuse(err, errcap, rule->what, "ends with \\, which ssh does not allow");
	memcpy(dst, p.s, p.len);
	dst[p.len] = '\0';
	return 0;
}

/* The decimal number in p, or -1 where it is none from 1 to 65535. */
static int
port_number(struct part p)
{
	int n = 0;
	size_t i;

	for (i = 0; i < p.len; i++) {
		if (p.s[i] < '0' || p.s[i] > '9')
			return -1;
		n = n * 10 + (p.s[i] - '0');
		if (n > 65535)
			return -1;
	}
	return n == 0 ? -1 : n;
}

static bool
all_digits(struct part p)
{
	size_t i;

	for (i = 0; i < p.len; i++)
		if (p.s[i] < '0' || p.s[i] > '9')
			return false;
	return p.len > 0;
}

static int
take_port(struct target *t, struct part p, char *err, size_t errcap)
{
	if (p.len == 0)
		return refuse(err, errcap, "port", "is missing after the colon");
	if ((t->port = port_number(p)) == -1)
		return refuse(err, errcap, "port", "is not a number from 1 to 65535");
	return 0;
}

/* "[host]" or "[host]:port". */
static int
take_bracketed(struct target *t, struct part p, char *err, size_t errcap)
{
	const char *end = p.s + p.len, *close = memchr(p.s, ']', p.len);

	if (close == NULL)
		return refuse(err, errcap, "host name", "has no closing ]");
	if (close + 1 < end) {
		if (close[1] != ':')
			return refuse(err, errcap, "host name", "has text after ]");
		if (take_port(t, part_of(close + 2, end), err, errcap) != 0)
			return -1;
	}
	return take_name(t->host, part_of(p.s + 1, close), &host_rule, err, errcap);
}

/*
 * "host" or "host:port". More than one colon is an IPv6 address; one colon with no number behind it is
 * part of the name, as it is for ssh.
 */
static int
take_plain(struct target *t, struct part p, char *err, size_t errcap)
{
	const char *end = p.s + p.len, *colon = memchr(p.s, ':', p.len);

	if (colon != NULL && memchr(colon + 1, ':', (size_t)(end - colon - 1)) == NULL) {
		struct part port = part_of(colon + 1, end);

		if (port.len == 0 || all_digits(port)) {
			if (take_port(t, port, err, errcap) != 0)
				return -1;
			p = part_of(p.s, colon);
		}
	}
	return take_name(t->host, p, &host_rule, err, errcap);
}

static int
hex_digit(char c)
{
	static const char digits[] = "0123456789abcdef";
	const char *at;

	if (c >= 'A' && c <= 'F')
		c = (char)(c - 'A' + 'a');
	at = c != '\0' ? strchr(digits, c) : NULL;
	return at != NULL ? (int)(at - digits) : -1;
}

/* Decode %HH and '+' (RFC 3986; '+' as ssh does) of p into dst; the length, or -1. */
static int
uri_decode(char *dst, size_t cap, struct part p)
{
	size_t n = 0, i;

	for (i = 0; i < p.len; i++) {
		int c = (unsigned char)p.s[i];

		if (c == '+') {
			c = ' ';
		} else if (c == '%') {
			int hi, lo;

			if (p.len - i < 3 || (hi = hex_digit(p.s[i + 1])) < 0 ||
			    (lo = hex_digit(p.s[i + 2])) < 0)
				return -1;
			c = hi * 16 + lo;
			i += 2;
		}
		if (c == '\0' || n == cap)
			return -1;
		dst[n++] = (char)c;
	}
	return (int)n;
}

/* The user name of a URI ends before connection parameters (";..."). */
static int
take_uri_user(struct target *t, struct part p, char *err, size_t errcap)
{
	char name[TARGET_INPUT_MAX];
	const char *params = memchr(p.s, ';', p.len);
	int n;

	if (params != NULL)
		p = part_of(p.s, params);
	if ((n = uri_decode(name, sizeof(name), p)) < 0)
		return refuse(err, errcap, "user name", "has a bad % escape");
	return take_name(t->user, part_of(name, name + n), &user_rule, err, errcap);
}

/* The host of a URI keeps to the rules of valid_domain() in misc.c; a final dot is dropped. */
static int
take_uri_host(struct target *t, struct part p, char *err, size_t errcap)
{
	static const char ok[] =
	    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.";
	size_t n;

	if (take_plain(t, p, err, errcap) != 0)
		return -1;
	n = strlen(t->host);
	if (t->host[strspn(t->host, ok)] != '\0' || strchr("-_.", t->host[0]) != NULL ||
	    strstr(t->host, "..") != NULL)
		return refuse(
		    err, errcap, "host name", "is not one that ssh takes in a ssh:// address");
	if (n > 1 && t->host[n - 1] == '.')
		t->host[n - 1] = '\0';
	return 0;
}

/* What follows "ssh://". */
static int
parse_uri(struct target *t, struct part p, char *err, size_t errcap)
{
	const char *end = p.s + p.len, *slash = memchr(p.s, '/', p.len), *at;

	if (slash != NULL) {
		if (slash + 1 != end)
			return refuse(
			    err, errcap, "ssh:// address", "has a path, which ssh does not take");
		end = slash;
	}
	at = memchr(p.s, '@', (size_t)(end - p.s));
	if (at != NULL) {
		if (take_uri_user(t, part_of(p.s, at), err, errcap) != 0)
			return -1;
		p.s = at + 1;
	}
	if (slash == NULL && end > p.s && end[-1] == ':') /* an empty port is the default one */
		end--;
	p = part_of(p.s, end);
	if (p.len > 0 && p.s[0] == '[')
		return take_bracketed(t, p, err, errcap);
	return take_uri_host(t, p, err, errcap);
}

static int
parse(struct target *t, const char *input, bool as_ssh, char *err, size_t errcap)
{
	size_t len = strlen(input);
	struct part p = { input, len };
	const char *at;

	memset(t, 0, sizeof(*t));
	if (len == 0)
		return refuse(err, errcap, "target", "is empty");
	if (len >= sizeof(t->input))
		return refuse(err, errcap, "target", "is too long");
	memcpy(t->input, input, len + 1);
	if (strncmp(input, "ssh://", URI_PREFIX) == 0)
		return parse_uri(t, part_of(input + URI_PREFIX, input + len), err, errcap);
	if ((at = strrchr(input, '@')) != NULL) {
		if (take_name(t->user, part_of(input, at), &user_rule, err, errcap) != 0)
			return -1;
		p = part_of(at + 1, input + len);
	}
	if (as_ssh)
		return take_name(t->host, p, &host_rule, err, errcap);
	if (p.len > 0 && p.s[0] == '[')
		return take_bracketed(t, p, err, errcap);
	return take_plain(t, p, err, errcap);
}

int
target_parse(struct target *t, const char *input, char *err, size_t errcap)
{
	return parse(t, input, false, err, errcap);
}

int
target_parse_as_ssh(struct target *t, const char *input, char *err, size_t errcap)
{
	return parse(t, input, true, err, errcap);
}
