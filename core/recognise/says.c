/* Patterns of messages, matched. See says.h. */
#include "says.h"

enum { DEPTH = 8 };

static size_t
address(const char *s)
{
	return strspn(s, "0123456789abcdefABCDEFghijklmnopqrstuvwxyzGHIJKLMNOPQRSTUVWXYZ.:%_-");
}

/* "192.0.2.1:40001", "[::1]:40001": how much of it is the address. */
static size_t
address_port(const char *s, size_t *port)
{
	size_t n = address(s);

	while (n > 0 && s[n - 1] != ':')
		n--;
	*port = n;
	return n > 1 && s[n] >= '0' && s[n] <= '9' ? n - 1 : 0;
}

static int64_t
value(const char *s, size_t n)
{
	int64_t v = 0;

	for (size_t i = 0; i < n && i < 18; i++)
		v = v * 10 + (s[i] - '0');
	return v;
}

static void
copy(char *at, size_t cap, const char *s, size_t n)
{
	struct strbuf sb;

	sb_init(&sb, at, cap);
	sb_add(&sb, s, n);
}

static void
take(struct said *out, char hole, const char *s, size_t n)
{
	switch (hole) {
	case 'u': copy(out->user, sizeof out->user, s, n); break;
	case 'a': copy(out->addr, sizeof out->addr, s, n); break;
	case 't': copy(out->text, sizeof out->text, s, n); break;
	case 'f': copy(out->path, sizeof out->path, s, n); break;
	case 'p': out->port = value(s, n); break;
	case 'n': out->line = value(s, n); break;
	case 'P': out->process = value(s, n); break;
	default: break;
	}
}

static bool match(const char *s, const char *end, const char *pattern, struct said *out, int depth);

/* A hole that may hold anything: the longest that lets the rest match. */
static bool
match_free(const char *s, const char *end, const char *pattern, struct said *out, int depth)
{
	char next = pattern[2];

	if (next == '\0') {
		take(out, pattern[1], s, (size_t)(end - s));
		return true;
	}
	for (const char *p = end; p > s; p--) {
		if (next != '%' && *p != next)
			continue;
		if (match(p, end, pattern + 2, out, depth + 1)) {
			take(out, pattern[1], s, (size_t)(p - s));
			return true;
		}
	}
	/* It may be empty: a user without a name. */
	if (match(s, end, pattern + 2, out, depth + 1)) {
		take(out, pattern[1], s, 0);
		return true;
	}
	return false;
}

static bool
match_hole(const char *s, const char *end, const char *pattern, struct said *out, int depth)
{
	char type = pattern[1];
	size_t n, port;

	if (type == '*')
		return true;
	if (type == 'A') {
		n = address_port(s, &port);
		if (n == 0)
			return false;
		take(out, 'a', s[0] == '[' ? s + 1 : s, n);
		n = strspn(s + port, "0123456789");
		take(out, 'p', s + port, n);
		return match(s + port + n, end, pattern + 2, out, depth + 1);
	}
	if (type != 'a' && strchr("pnP", type) == NULL)
		return match_free(s, end, pattern, out, depth);
	n = type == 'a' ? address(s) : strspn(s, "0123456789");
	if (n == 0 || !match(s + n, end, pattern + 2, out, depth + 1))
		return false;
	take(out, type, s, n);
	return true;
}

static bool
match(const char *s, const char *end, const char *pattern, struct said *out, int depth)
{
	while (*pattern != '\0' && *pattern != '%')
		if (*s++ != *pattern++)
			return false;
	if (*pattern == '\0')
		return s == end;
	return depth < DEPTH && match_hole(s, end, pattern, out, depth);
}

static bool
two_ports(const char *message)
{
	const char *first = strstr(message, " port ");

	return first != NULL && strstr(first + 1, " port ") != NULL;
}

static bool
row_fits(const struct says_row *row, const char *message, const char *end, struct said *out)
{
	if (*row->pattern != '%' && *row->pattern != *message)
		return false;
	if (row->needle != NULL && strstr(message, row->needle) == NULL)
		return false;
	out->user[0] = out->addr[0] = out->text[0] = out->path[0] = '\0';
	out->port = out->line = out->process = 0;
	return match(message, end, row->pattern, out, 0);
}

bool
says_match(const struct says_row *table, const char *message, struct said *out)
{
	const char *end = message + strlen(message);

	for (const struct says_row *row = table; row->pattern != NULL; row++) {
		if (!row_fits(row, message, end, out))
			continue;
		out->row = row;
		if ((row->flags & SAY_ONCE) != 0 && two_ports(message)) {
			out->user[0] = out->addr[0] = '\0';
			out->port = 0;
		}
		if (row->user != NULL)
			text_copy(out->user, sizeof out->user, row->user);
		if (row->text != NULL)
			text_copy(out->text, sizeof out->text, row->text);
		else if (out->text[0] == '\0')
			text_copy(out->text, sizeof out->text, message);
		return true;
	}
	return false;
}
