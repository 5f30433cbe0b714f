/*
 * A small unified diff of two texts, for the preview of a change: 3 lines around each change. Bounded
 * work: where more than LINEDIFF_SPAN lines lie between the first and the last difference, all
 * of them count as replaced. Called by io/change_apply.c. Pure.
 */
#ifndef SSHMEDIC_LINEDIFF_H
#define SSHMEDIC_LINEDIFF_H

#include <stddef.h>

enum { LINEDIFF_SPAN = 160, LINEDIFF_CONTEXT = 3 };

/*
 * Hand over the diff line by line: mark is '@' (line: the hunk's line number in the new text, text empty),
 * ' ', '-' or '+'; text is the line without its line end, not NUL-terminated. Nothing where both
 * are equal. Returns how many lines were handed over, at most max; left gets the rest.
 */
size_t linediff(const char *a, size_t alen, const char *b, size_t blen, size_t max, size_t *left,
    void (*say)(void *arg, char mark, size_t line, const char *text, size_t len), void *arg);

#endif
