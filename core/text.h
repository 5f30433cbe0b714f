/*
 * Text from outside made harmless, and text for the outside made safe.
 *
 * Owns: the one sanitiser (every byte that comes from a server, a file, an
 * agent or a child goes through it once, where it enters), bounded string
 * building, and quoting for a POSIX shell. Called by everyone. Pure.
 */
#ifndef SSHMEDIC_TEXT_H
#define SSHMEDIC_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A bounded, always NUL-terminated string under construction. */
struct strbuf {
	char *s;
	size_t cap; /* of s, the NUL included; at least 1 */
	size_t len;
	bool cut; /* something did not fit */
};

/* Begin an empty string in buf, which the caller owns. */
void sb_init(struct strbuf *sb, char *buf, size_t cap);
/* Append; what does not fit is dropped at a UTF-8 boundary and cut is set. */
void sb_add(struct strbuf *sb, const char *s, size_t len);
void sb_puts(struct strbuf *sb, const char *s);
void sb_putc(struct strbuf *sb, char c);
void sb_printf(struct strbuf *sb, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/*
 * Copy len bytes of src to dst (cap bytes, always NUL-terminated) as valid
 * UTF-8 without control characters: C0, DEL and bytes that are not UTF-8
 * become \xHH; C1, bidirectional, zero-width and line-separating characters
 * and other code points that a terminal may act on become \u{HHHH}. Idempotent. Returns the
 * length written; what does not fit is dropped at a character boundary.
 */
size_t text_clean(char *dst, size_t cap, const char *src, size_t len);
/* Whether text_clean() would change nothing. */
bool text_is_clean(const char *s, size_t len);

/*
 * Decode one UTF-8 character of s (len bytes). Returns its length in bytes
 * and its code point in *cp, or 0 where the bytes are not UTF-8 (RFC 3629).
 */
size_t text_utf8(const char *s, size_t len, uint32_t *cp);

/*
 * Append word to sb so that a POSIX shell reads it back as one word: bare where only
 * safe characters occur, else in single quotes.
 */
void text_shell_quote(struct strbuf *sb, const char *word);

/* Append the line NAME=value, quoted, to a script; nothing where value is NULL or empty. */
void text_shell_assign(struct strbuf *sb, const char *name, const char *value);

/* Copy src into dst (cap bytes), cutting at a character boundary. */
void text_copy(char *dst, size_t cap, const char *src);

/* How many letters must be changed, added or left out to make b of a; 63 where one is longer than that. */
size_t text_distance(const char *a, const char *b);

/* Whether item stands in the comma-separated list (RFC 4251 section 5 name-list). */
bool text_list_has(const char *list, const char *item);

#endif
