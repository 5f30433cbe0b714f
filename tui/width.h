/*
 * How many columns text takes: the one width function of the screen. It
 * agrees with the terminal library by asking the same wcwidth(3), and never
 * lets a character through that a terminal may act on. Pure but for the locale.
 */
#ifndef SSHMEDIC_TUI_WIDTH_H
#define SSHMEDIC_TUI_WIDTH_H

#include <stddef.h>
#include <stdint.h>

/* Columns of a code point: 0 for combining marks, 1 or 2; -1 where it must not be shown. */
int width_char(uint32_t cp);
/*
 * The next character of s (len bytes, at least 1): its bytes are returned, its
 * code point and columns stored. A bad byte or one not to be shown is '?' of one column.
 */
size_t width_next(const char *s, size_t len, uint32_t *cp, int *cols);
/* Columns of a string. */
int width_text(const char *s);
/* How many bytes of s fit into cols columns; wide characters and marks stay whole. */
size_t width_fit(const char *s, size_t len, int cols, int *used);

#endif
