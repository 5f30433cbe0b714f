/*
 * Text from outside made harmless, bounded string building, shell quoting.
 * See text.h. Called by everyone; keeps no state.
 */
#include "text.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* A range of code points that must not reach a terminal. */
struct range {
	uint32_t first, last;
};

/*
 * Characters that are invisible, that turn the direction of text around, or
 * that end a line: they let one text pose as another. In rising order.
 */
static const struct range unsafe[] = {
	{ 0x0080, 0x009f },   /* C1 controls: an 8-bit CSI among them */
	{ 0x00ad, 0x00ad },   /* soft hyphen */
	{ 0x034f, 0x034f },   /* combining grapheme joiner */
	{ 0x061c, 0x061c },   /* Arabic letter mark */
	{ 0x115f, 0x1160 },   /* Hangul fillers */
	{ 0x17b4, 0x17b5 },   /* Khmer inherent vowels */
	{ 0x180b, 0x180f },   /* Mongolian selectors and separator */
	{ 0x200b, 0x200f },   /* zero width, left-to-right and right-to-left marks */
	{ 0x2028, 0x202e },   /* line and paragraph separator, embeddings, overrides */
	{ 0x2060, 0x206f },   /* word joiner, invisible operators, isolates */
	{ 0x3164, 0x3164 },   /* Hangul filler */
	{ 0xfdd0, 0xfdef },   /* noncharacters */
	{ 0xfeff, 0xfeff },   /* byte order mark */
	{ 0xffa0, 0xffa0 },   /* half-width Hangul filler */
	{ 0xfff0, 0xfffb },   /* unassigned, interlinear annotation */
	{ 0x1d173, 0x1d17a }, /* musical format controls */
	{ 0xe0000, 0xe0fff }, /* tags and selectors: text that nobody sees */
};

/* Whether a code point may be shown as it is. */
static bool
shows(uint32_t cp)
{
	size_t lo = 0, hi = sizeof(unsafe) / sizeof(unsafe[0]);

	if (cp < 0x80)
		return cp >= 0x20 && cp != 0x7f;
	if ((cp & 0xfffe) == 0xfffe) /* the last two of each plane are noncharacters */
		return false;
	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (cp < unsafe[mid].first)
			hi = mid;
		else if (cp > unsafe[mid].last)
			lo = mid + 1;
		else
			return false;
	}
	return true;
}

/* The bytes at the start of s that can be copied as they are. */
static size_t
clean_prefix(const char *s, size_t len)
{
	size_t i = 0;

	while (i < len) {
		unsigned char c = (unsigned char)s[i];
		uint32_t cp;
		size_t n;

		if (c >= 0x20 && c < 0x7f) {
			i++;
			continue;
		}
		if (c < 0x80 || (n = text_utf8(s + i, len - i, &cp)) == 0 || !shows(cp))
			break;
		i += n;
	}
	return i;
}

/* len, less an unfinished UTF-8 character at the end of s. */
static size_t
whole_chars(const char *s, size_t len)
{
	size_t back;

	for (back = 1; back <= 3 && back <= len; back++) {
		unsigned char c = (unsigned char)s[len - back];
		size_t want = c >= 0xf0 ? 4 : c >= 0xe0 ? 3 : 2;

		if (c < 0x80)
			return len;
		if (c >= 0xc0) /* the lead byte of the last character */
			return want > back ? len - back : len;
	}
	return len;
}

size_t
text_utf8(const char *s, size_t len, uint32_t *cp)
{
	const unsigned char *u = (const unsigned char *)s;
	/* RFC 3629 section 4: the second byte's range depends on the first. */
	unsigned char lo = 0x80, hi = 0xbf;
	size_t n, i;
	uint32_t v;

	if (len == 0)
		return 0;
	if (u[0] < 0x80) {
		*cp = u[0];
		return 1;
	}
	if (u[0] < 0xc2 || u[0] > 0xf4)
		return 0;
	n = u[0] < 0xe0 ? 2 : u[0] < 0xf0 ? 3 : 4;
	if (len < n)
		return 0;
	if (u[0] == 0xe0)
		lo = 0xa0;
	else if (u[0] == 0xed)
		hi = 0x9f;
	else if (u[0] == 0xf0)
		lo = 0x90;
	else if (u[0] == 0xf4)
		hi = 0x8f;
	v = u[0] & (0xffu >> (n + 1));
	for (i = 1; i < n; i++) {
		if (u[i] < lo || u[i] > hi)
			return 0;
		v = (v << 6) | (u[i] & 0x3f);
		lo = 0x80;
		hi = 0xbf;
	}
	*cp = v;
	return n;
}

/* Write the escape for the character at s to dst (16 bytes); its source length in *used. */
static size_t
escape(char *dst, const char *s, size_t len, size_t *used)
{
	uint32_t cp;
	int n;

	*used = text_utf8(s, len, &cp);
	if (*used > 1) {
		n = snprintf(dst, 16, "\\u{%04X}", (unsigned)cp);
	} else {
		*used = 1;
		n = snprintf(dst, 16, "\\x%02X", (unsigned)(unsigned char)*s);
	}
	return (size_t)n;
}

size_t
text_clean(char *dst, size_t cap, const char *src, size_t len)
{
	size_t out = 0;

	if (cap == 0)
		return 0;
	while (len > 0) {
		size_t run = clean_prefix(src, len), room = cap - 1 - out, used, n;
		char esc[16];

		if (run > room) {
			run = whole_chars(src, room);
			memcpy(dst + out, src, run);
			out += run;
			break;
		}
		if (run > 0)
			memcpy(dst + out, src, run);
		out += run;
		src += run;
		len -= run;
		if (len == 0)
			break;
		n = escape(esc, src, len, &used);
		if (n > cap - 1 - out)
			break;
		memcpy(dst + out, esc, n);
		out += n;
		src += used;
		len -= used;
	}
	dst[out] = '\0';
	return out;
}

bool
text_is_clean(const char *s, size_t len)
{
	return clean_prefix(s, len) == len;
}

void
sb_init(struct strbuf *sb, char *buf, size_t cap)
{
	sb->s = buf;
	sb->cap = cap;
	sb->len = 0;
	sb->cut = false;
	buf[0] = '\0';
}

/* After something was cut nothing more is added: the text ends there and has no hole. */
void
sb_add(struct strbuf *sb, const char *s, size_t len)
{
	size_t room = sb->cap - 1 - sb->len;

	if (sb->cut)
		return;
	if (len > room) {
		len = whole_chars(s, room);
		sb->cut = true;
	}
	if (len > 0)
		memcpy(sb->s + sb->len, s, len);
	sb->len += len;
	sb->s[sb->len] = '\0';
}

void
sb_puts(struct strbuf *sb, const char *s)
{
	sb_add(sb, s, strlen(s));
}

void
sb_putc(struct strbuf *sb, char c)
{
	sb_add(sb, &c, 1);
}

void
sb_printf(struct strbuf *sb, const char *fmt, ...)
{
	size_t room = sb->cap - sb->len;
	va_list ap;
	int n;

	if (sb->cut)
		return;
	va_start(ap, fmt);
	n = vsnprintf(sb->s + sb->len, room, fmt, ap);
	va_end(ap);
	if (n < 0) {
		sb->s[sb->len] = '\0';
		sb->cut = true;
	} else if ((size_t)n >= room) {
		sb->len += whole_chars(sb->s + sb->len, room - 1);
		sb->s[sb->len] = '\0';
		sb->cut = true;
	} else {
		sb->len += (size_t)n;
	}
}

/* Whether a shell takes the word as it is. A leading '=' is a path look-up in zsh. */
static bool
needs_no_quote(const char *word)
{
	static const char safe[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				   "0123456789@%_+=:,./-";

	return word[0] != '\0' && word[0] != '=' && word[strspn(word, safe)] == '\0';
}

/* All or nothing: half a quoted word would swallow what the user types after it. */
void
text_shell_quote(struct strbuf *sb, const char *word)
{
	static const char quote[] = "'\\''";
	size_t start = sb->len;

	if (needs_no_quote(word)) {
		sb_puts(sb, word);
	} else {
		sb_putc(sb, '\'');
		for (; *word != '\0'; word++) {
			size_t n = strcspn(word, "'");

			sb_add(sb, word, n);
			word += n;
			if (*word == '\0')
				break;
			sb_add(sb, quote, sizeof(quote) - 1);
		}
		sb_putc(sb, '\'');
	}
	if (sb->cut) {
		sb->len = start;
		sb->s[start] = '\0';
	}
}

void
text_shell_assign(struct strbuf *sb, const char *name, const char *value)
{
	if (value == NULL || *value == '\0')
		return;
	sb_puts(sb, name);
	sb_putc(sb, '=');
	text_shell_quote(sb, value);
	sb_putc(sb, '\n');
}

void
text_copy(char *dst, size_t cap, const char *src)
{
	size_t len = strlen(src);

	if (cap == 0)
		return;
	if (len > cap - 1)
		len = whole_chars(src, cap - 1);
	memmove(dst, src, len);
	dst[len] = '\0';
}

bool
text_list_has(const char *list, const char *item)
{
	size_t want = strlen(item);

	while (want > 0 && *list != '\0') {
		size_t n = strcspn(list, ",");

		if (n == want && memcmp(list, item, n) == 0)
			return true;
		list += n + (list[n] == ',');
	}
	return false;
}

size_t
text_distance(const char *a, const char *b)
{
	size_t row[64], lb = strlen(b);

	if (lb >= 63 || strlen(a) >= 63)
		return 63;
	for (size_t j = 0; j <= lb; j++)
		row[j] = j;
	for (size_t i = 1; a[i - 1] != '\0'; i++) {
		size_t diagonal = row[0];

		row[0] = i;
		for (size_t j = 1; j <= lb; j++) {
			size_t best = diagonal + (a[i - 1] != b[j - 1]);

			diagonal = row[j];
			if (row[j] + 1 < best)
				best = row[j] + 1;
			if (row[j - 1] + 1 < best)
				best = row[j - 1] + 1;
			row[j] = best;
		}
	}
	return row[lb];
}
