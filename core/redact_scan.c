/* Shapes of names and addresses in a text. See redact_scan.h. */
#include "redact_scan.h"

#include <string.h>

enum { V4_LEN = 4, V6_GROUPS = 8, NAME_MAX = 255 };

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static int
hex_value(char c)
{
	if (is_digit(c))
		return c - '0';
	c = (char)(c | 0x20);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool
is_letter(char c)
{
	return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
}

static bool
is_word(char c)
{
	return is_digit(c) || is_letter(c) || (unsigned char)c >= 0x80;
}

/* Whether what stands before i is the sanitiser's "\xHH". */
static bool
escape_before(const char *s, size_t i)
{
	return i >= 4 && s[i - 4] == '\\' && s[i - 3] == 'x' && hex_value(s[i - 2]) >= 0 &&
	       hex_value(s[i - 1]) >= 0;
}

bool
redact_edge(const char *s, size_t len, size_t i)
{
	return i == 0 || i >= len || !is_word(s[i - 1]) || !is_word(s[i]) || escape_before(s, i);
}

static bool
is_host_char(char c)
{
	return is_word(c) || c == '-' || c == '.';
}

static bool
is_user_char(char c)
{
	return is_word(c) || c == '-' || c == '.' || c == '_' || c == '+' || c == '$';
}

static size_t
span(const char *s, size_t len, size_t i, bool (*is)(char))
{
	size_t n = 0;

	while (i + n < len && n < NAME_MAX && is(s[i + n]))
		n++;
	while (n > 0 && (s[i + n - 1] == '.' || s[i + n - 1] == '-')) /* the sentence's own */
		n--;
	return n;
}

size_t
redact_host_len(const char *s, size_t len, size_t i)
{
	return span(s, len, i, is_host_char);
}

size_t
redact_user_len(const char *s, size_t len, size_t i)
{
	return span(s, len, i, is_user_char);
}

/* ---- addresses -------------------------------------------------------------------- */

/* a.b.c.d at the head of s; its length, or 0. */
static size_t
take_v4(const char *s, size_t len, uint8_t out[V4_LEN])
{
	size_t i = 0;

	for (int part = 0; part < V4_LEN; part++) {
		unsigned v = 0;
		size_t digits = 0;

		if (part > 0 && (i == len || s[i++] != '.'))
			return 0;
		for (; i < len && is_digit(s[i]) && digits < 3; i++, digits++)
			v = v * 10 + (unsigned)(s[i] - '0');
		if (digits == 0 || v > 255)
			return 0;
		out[part] = (uint8_t)v;
	}
	return i;
}

static void
map_v4(uint8_t addr[16], const uint8_t v4[V4_LEN])
{
	memset(addr, 0, 10);
	memset(addr + 10, 0xff, 2);
	memcpy(addr + 12, v4, V4_LEN);
}

/* RFC 4291 section 2.2: groups, one "::" for groups of zeros, the last 32 bits perhaps as IPv4. */
static bool
parse_v6(const char *s, size_t len, uint8_t addr[16])
{
	uint8_t head[16] = { 0 };
	size_t n = 0, gap = SIZE_MAX, i = 0;

	while (i < len) {
		unsigned v = 0;
		size_t digits = 0;

		if (s[i] == ':' && i + 1 < len && s[i + 1] == ':' && gap == SIZE_MAX) {
			gap = n;
			i += 2;
			continue;
		}
		if (n > 0 && gap != n && s[i++] != ':')
			return false;
		if (n <= 12 && take_v4(s + i, len - i, head + n) == len - i && i < len) {
			n += V4_LEN;
			break;
		}
		for (; i < len && hex_value(s[i]) >= 0 && digits < 4; i++, digits++)
			v = v << 4 | (unsigned)hex_value(s[i]);
		if (digits == 0 || n == 16)
			return false;
		head[n++] = (uint8_t)(v >> 8);
		head[n++] = (uint8_t)v;
	}
	if (n == 16 ? gap != SIZE_MAX : gap == SIZE_MAX)
		return false;
	if (gap == SIZE_MAX)
		gap = 16;
	memset(addr, 0, 16);
	memcpy(addr, head, gap);
	memcpy(addr + 16 - (n - gap), head + gap, n - gap);
	return true;
}

bool
redact_addr(const char *s, size_t len, uint8_t addr[16])
{
	const char *zone;
	uint8_t v4[V4_LEN];

	if (len > 1 && s[0] == '[' && s[len - 1] == ']') {
		s++;
		len -= 2;
	}
	if (len > 0 && take_v4(s, len, v4) == len) {
		map_v4(addr, v4);
		return true;
	}
	if ((zone = memchr(s, '%', len)) != NULL)
		len = (size_t)(zone - s);
	return len > 1 && memchr(s, ':', len) != NULL && parse_v6(s, len, addr);
}

bool
redact_is_common(const uint8_t addr[16])
{
	static const uint8_t zero[16] = { 0 };
	static const uint8_t mapped[12] = { [10] = 0xff, [11] = 0xff };

	if (memcmp(addr, mapped, sizeof mapped) == 0)
		return addr[12] == 127 || addr[12] == 255 || memcmp(addr + 12, zero, 4) == 0;
	return memcmp(addr, zero, 15) == 0 && addr[15] <= 1;
}

/* Length of an IPv6 address at i, in what may be more: a colon or a port behind it. */
static size_t
v6_len(const char *s, size_t len, size_t i, uint8_t addr[16])
{
	size_t n = 0, colons = 0;

	for (; i + n < len && (hex_value(s[i + n]) >= 0 || s[i + n] == ':'); n++)
		colons += s[i + n] == ':';
	if (colons < 2)
		return 0;
	if (i + n < len && s[i + n] == '.') /* the last 32 bits as IPv4 */
		while (i + n < len && (is_digit(s[i + n]) || s[i + n] == '.'))
			n++;
	while (n > 0 && s[i + n - 1] == '.')
		n--;
	if (n > 45 || (i + n < len && is_word(s[i + n])))
		return 0;
	if (parse_v6(s + i, n, addr))
		return n;
	return n > 3 && s[i + n - 1] == ':' && parse_v6(s + i, n - 1, addr) ? n - 1 : 0;
}

static size_t
v4_len(const char *s, size_t len, size_t i, uint8_t addr[16])
{
	uint8_t v4[V4_LEN];
	size_t n = take_v4(s + i, len - i, v4);

	if (n == 0 || (i + n < len && is_digit(s[i + n])) ||
	    (i + n + 1 < len && s[i + n] == '.' && is_digit(s[i + n + 1])))
		return 0;
	map_v4(addr, v4);
	return n;
}

/* 192.0.2.* */
static size_t
pattern_len(const char *s, size_t len, size_t i)
{
	size_t n = 0, digits = 0, dots = 0, stars = 0;

	for (; i + n < len && (is_digit(s[i + n]) || strchr(".*?", s[i + n]) != NULL) &&
	       s[i + n] != '\0';
	     n++) {
		digits += is_digit(s[i + n]);
		dots += s[i + n] == '.';
		stars += s[i + n] == '*';
	}
	return digits > 0 && dots > 0 && stars > 0 ? n : 0;
}

static struct redact_found
look_addr(const char *s, size_t len, size_t i)
{
	struct redact_found f = { .token = TOKEN_NONE };

	if (hex_value(s[i]) < 0 && s[i] != ':')
		return f;
	if (i > 0 && !escape_before(s, i) &&
	    (is_digit(s[i - 1]) || (s[i - 1] == '.' && i > 1 && is_digit(s[i - 2]))))
		return f;
	if ((f.len = v4_len(s, len, i, f.addr)) == 0 &&
	    (i == 0 || escape_before(s, i) || (s[i - 1] != ':' && !is_word(s[i - 1]))))
		f.len = v6_len(s, len, i, f.addr);
	if (f.len > 0) {
		f.token = i + f.len + 1 < len && s[i + f.len] == '/' && is_digit(s[i + f.len + 1])
			      ? TOKEN_NET
			      : TOKEN_ADDR;
		f.is_addr = true;
	} else if (is_digit(s[i]) && redact_edge(s, len, i) &&
		   (f.len = pattern_len(s, len, i)) > 0) {
		f.token = TOKEN_NET;
		f.name = (struct redact_part){ 0, f.len };
	}
	return f;
}

/* ---- names ------------------------------------------------------------------------ */

static bool
begins(const char *s, size_t len, size_t i, const char *word)
{
	size_t n = strlen(word);

	return i <= len && n <= len - i && memcmp(s + i, word, n) == 0;
}

/* Whether word stands right before i. */
static bool
follows(const char *s, size_t i, const char *word)
{
	size_t n = strlen(word);

	return n <= i && memcmp(s + i - n, word, n) == 0;
}

static bool
same(const char *s, size_t len, const char *word)
{
	if (strlen(word) != len)
		return false;
	for (size_t i = 0; i < len; i++)
		if ((s[i] | ((unsigned)(s[i] - 'A') < 26 ? 0x20 : 0)) != word[i])
			return false;
	return true;
}

static bool
one_of(const char *s, size_t len, const char *const *list)
{
	for (; *list != NULL; list++)
		if (same(s, len, *list))
			return true;
	return false;
}

/* Domains that stand behind the @ of an algorithm's or a request's name (RFC 4251 section 6), or in a manual's address. */
static bool
is_of_protocol(const char *s, size_t len)
{
	static const char *const owners[] = { "openssh.com", "libssh.org", "libssh2.org", "ssh.com",
		"matt.ucc.asn.au", "lysator.liu.se", "tinyssh.org", "bitvise.com",
		"roumenpetrov.info", "putty.projects.tartarus.org", "www.openssh.com",
		"freedesktop.org", NULL };

	return one_of(s, len, owners);
}

/* The same where a long list of algorithms was cut within the domain. */
static bool
is_cut_protocol(const char *s, size_t len, size_t i, const struct redact_found *f)
{
	static const char *const heads[] = { "sk-", "ssh-ed25519", "ssh-rsa", "ecdsa-sha2-",
		"rsa-sha2-", "webauthn-sk-", "curve25519-", "sntrup761", "chacha20-", "hmac-",
		"umac-", NULL };
	const char *host = s + i + f->host.at;

	if (is_of_protocol(host, f->host.len))
		return true;
	for (size_t k = 0; heads[k] != NULL; k++)
		if (begins(s, len, i, heads[k]))
			return f->host.len < 11 && memcmp(host, "openssh.com", f->host.len) == 0;
	return false;
}

static struct redact_found
look_home(const char *s, size_t len, size_t i)
{
	static const char *const above[] = { "/home/", "/Users/", NULL };
	struct redact_found f = { .token = TOKEN_NONE };

	for (size_t k = 0; above[k] != NULL; k++) {
		size_t n = strlen(above[k]);

		if (!begins(s, len, i, above[k]) ||
		    (f.name.len = redact_user_len(s, len, i + n)) == 0)
			continue;
		f.token = TOKEN_HOME;
		f.name.at = n;
		f.len = n + f.name.len;
	}
	return f;
}

static struct redact_found
look_login(const char *s, size_t len, size_t i)
{
	struct redact_found f = { .token = TOKEN_NONE };
	size_t user = redact_user_len(s, len, i), at = i + user + 1, host;

	if (user == 0 || at >= len || s[at - 1] != '@')
		return f;
	f.name.len = user;
	if (s[at] == '[' && memchr(s + at, ']', len - at) != NULL)
		at++;
	f.host.at = at - i;
	if ((host = v4_len(s, len, at, f.addr)) > 0 || (host = v6_len(s, len, at, f.addr)) > 0)
		f.is_addr = true;
	else if ((host = redact_host_len(s, len, at)) == 0)
		return f;
	f.host.len = host;
	f.len = f.host.at + host;
	f.token = !f.is_addr && is_cut_protocol(s, len, i, &f) ? TOKEN_PLAIN : TOKEN_LOGIN;
	return f;
}

/* Whether a time of day, with or without a date and zone, and one blank stand before i. */
static bool
time_before(const char *s, size_t i)
{
	size_t colons = 0, digits = 0, n = 1;

	if (i < 9 || s[i - 1] != ' ')
		return false;
	for (;
	     n < i && n < 40 && (is_digit(s[i - 1 - n]) || strchr(":.TZ+-", s[i - 1 - n]) != NULL);
	     n++) {
		colons += s[i - 1 - n] == ':';
		digits += is_digit(s[i - 1 - n]);
	}
	return colons >= 2 && digits >= 6;
}

/* "web-07 sshd[912]:" behind a time */
static bool
is_log_host(const char *s, size_t len, size_t i, size_t n)
{
	size_t p = i + n + 1;

	if (!time_before(s, i) || p >= len || s[p - 1] != ' ')
		return false;
	while (p < len && (is_word(s[p]) || strchr("_-./()", s[p]) != NULL))
		p++;
	if (p == i + n + 1 || !is_letter(s[i + n + 1]))
		return false;
	return begins(s, len, p, "[") || begins(s, len, p, ": ");
}

/* A name with a dot whose last label is that of a domain. File names have other ends. */
static bool
is_in_domain(const char *s, size_t len, size_t i, size_t n)
{
	static const char *const ends[] = { "com", "net", "org", "edu", "gov", "mil", "io", "eu",
		"de", "uk", "us", "fr", "nl", "ch", "se", "dk", "fi", "es", "cz", "ru", "cn", "jp",
		"kr", "br", "au", "ca", "nz", "internal", "intranet", "local", "lan", "corp",
		"home", "private", "lab", "test", "example", "localdomain", NULL };
	size_t dot = n;

	(void)len;
	while (dot > 0 && s[i + dot - 1] != '.')
		dot--;
	if (dot < 2 || !one_of(s + i + dot, n - dot, ends) || is_of_protocol(s + i, n))
		return false;
	return i == 0 || s[i - 1] != '/' || follows(s, i, "://");
}

/* A process in a log, a line of a file. */
static bool
is_number(const char *s, size_t len)
{
	size_t n = 0;

	while (n < len && is_digit(s[n]))
		n++;
	return n == len;
}

/* What sshd's log, PAM and ssh say before and behind a name. */
struct around {
	const char *before, *behind;
};

static bool
stands_in(const struct around *row, size_t rows, const char *s, size_t len, size_t i, size_t n)
{
	for (size_t k = 0; k < rows; k++)
		if (follows(s, i, row[k].before) && begins(s, len, i + n, row[k].behind))
			return true;
	return false;
}

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static struct redact_found
look_host(const char *s, size_t len, size_t i)
{
	static const struct around hosts[] = { { "host ", " port " }, { "hostname ", ": " },
		{ "Connecting to ", " [" }, { "Connecting to ", " port " },
		{ "Authenticating to ", ":" }, { "host '", "'" }, { "host '", " (" },
		{ "Host '", "'" }, { "added '", "'" }, { "getaddrinfo for ", " [" },
		{ " maps to ", "," }, { "rhost=", "" }, { "Connected to ", "." },
		{ "Connection to ", " closed" } };
	size_t n = redact_host_len(s, len, i);
	struct redact_found f = { .token = TOKEN_NONE, .len = n, .name = { 0, n } };
	bool bracket = follows(s, i, "[") && begins(s, len, i + n, "]:") && !is_number(s + i, n);
	bool uname = follows(s, i, "Linux ") && begins(s, len, i + n, " ") && i + n + 1 < len &&
		     is_digit(s[i + n + 1]);

	if (n > 0 && (bracket || uname || is_log_host(s, len, i, n) || is_in_domain(s, len, i, n) ||
			 stands_in(hosts, COUNT(hosts), s, len, i, n)))
		f.token = TOKEN_HOST;
	return f;
}

static struct redact_found
look_user(const char *s, size_t len, size_t i)
{
	static const struct around users[] = { { "user=", "" }, { "user=\"", "" }, { "User=", "" },
		{ "ssh -l ", "" }, { "for ", " from " }, { "user ", " from " }, { "user ", " by " },
		{ "user ", "(uid" }, { "for user ", "" }, { "as user ", "" },
		{ "invalid user ", "" }, { "illegal user ", "" }, { "authenticating user ", "" },
		{ "Invalid user ", "" }, { "Disconnected from user ", "" }, { "User ", " from " },
		{ "User ", " not " }, { "user \"", "\"" }, { " as '", "'" },
		{ "information for ", "" } };
	static const char *const words[] = { "invalid", "illegal", "authenticating", "user",
		"unknown", "connection", "connections", "the", "this", "a", "key", "keys", "login",
		"logins", NULL };
	size_t n = redact_user_len(s, len, i);
	struct redact_found f = { .token = TOKEN_NONE, .len = n, .name = { 0, n } };

	if (n > 0 && i > 0 && strchr(" =\"'", s[i - 1]) != NULL && !one_of(s + i, n, words) &&
	    stands_in(users, COUNT(users), s, len, i, n))
		f.token = TOKEN_USER;
	return f;
}

/* The identity of a certificate: often a person's name. */
static struct redact_found
look_key(const char *s, size_t len, size_t i)
{
	static const struct around ids[] = { { "ID \"", "\"" }, { " ID ", " (serial " } };
	struct redact_found f = { .token = TOKEN_NONE };

	for (size_t k = 0; k < COUNT(ids); k++) {
		size_t n = 0;

		if (!follows(s, i, ids[k].before))
			continue;
		while (n < NAME_MAX && i + n < len && !begins(s, len, i + n, ids[k].behind))
			n++;
		if (n > 0 && begins(s, len, i + n, ids[k].behind))
			f = (struct redact_found){ .token = TOKEN_KEY, .len = n, .name = { 0, n } };
	}
	return f;
}

struct redact_found
redact_look(const char *s, size_t len, size_t i)
{
	static struct redact_found (*const looks[])(
	    const char *, size_t, size_t) = { look_user, look_host };
	struct redact_found f = { .token = TOKEN_NONE };

	if (i >= len)
		return f;
	if (s[i] == '/')
		return look_home(s, len, i);
	if (redact_edge(s, len, i) && (f = look_key(s, len, i)).token != TOKEN_NONE)
		return f;
	if (redact_edge(s, len, i) && is_word(s[i]) &&
	    (f = look_login(s, len, i)).token != TOKEN_NONE)
		return f;
	if ((f = look_addr(s, len, i)).token != TOKEN_NONE || !redact_edge(s, len, i) ||
	    !is_word(s[i]))
		return f;
	for (size_t k = 0; k < COUNT(looks) && f.token == TOKEN_NONE; k++)
		f = looks[k](s, len, i);
	return f;
}
