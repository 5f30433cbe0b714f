/*
 * Which lines of the book the log panel shows: those of one target up to a
 * level of detail, and of these the ones that are looked for. Knows four bytes a line, so
 * that a change of level needs no decoding. Called by app.c and panel_log.c.
 */
#ifndef SSHMEDIC_TUI_LOGIDX_H
#define SSHMEDIC_TUI_LOGIDX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../core/book.h"

struct logidx;

struct logidx *logidx_new(void);
void logidx_free(struct logidx *x);
/* The next line in order of arrival; lives as long as the index. Returns 0, or -1 out of memory. */
int logidx_add(struct logidx *x, const struct ev_line *line);
/* Show lines of a target up to a level. */
void logidx_filter(struct logidx *x, uint16_t target, int level);
/* Of these, show only what keep() is true for; NULL: all. It is asked once a line. */
void logidx_keep(
    struct logidx *x, bool (*keep)(const void *arg, const struct ev_line *line), const void *arg);
/* Lines shown, and lines of the target at all levels. */
size_t logidx_count(const struct logidx *x);
size_t logidx_total(const struct logidx *x);
const struct ev_line *logidx_line(const struct logidx *x, size_t i);
/* The line with evidence number n, shown or not; NULL if there is none. */
const struct ev_line *logidx_by_number(const struct logidx *x, uint32_t n);
/* The greatest evidence number, 0 where there is no line. */
uint32_t logidx_last(const struct logidx *x);
/* Place of evidence number n among those shown, or the place where it would stand. */
size_t logidx_find(const struct logidx *x, uint32_t n);

#endif
