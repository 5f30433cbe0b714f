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
/* Lines of b were replaced (book_masked()): x, which has its lines in the same order, takes them. */
void logidx_renew(struct logidx *x, const struct book *b);
/* Lines are about to be dropped (book_drop()), sorted: x forgets them. */
void logidx_drop(struct logidx *x, const struct ev_numbers *gone);
/* Show lines of a target up to a level. */
void logidx_filter(struct logidx *x, uint16_t target, int level);
/*
 * Of these, show only what keep() is true for; NULL: all. It is asked once a line, by logidx_work(), and at once
 * about lines that are added when all others were asked about.
 */
void logidx_keep(
    struct logidx *x, bool (*keep)(const void *arg, const struct ev_line *line), const void *arg);
/* Go on with the lines that keep() was not asked about, at most asks of them. Returns whether all are through. */
bool logidx_work(struct logidx *x, size_t asks);
/* Whether all lines are through; and how many of 100 are. What is shown before is the beginning of it. */
bool logidx_whole(const struct logidx *x);
int logidx_percent(const struct logidx *x);
/* Changes where the lines that are shown become others, and not only more. */
unsigned logidx_edition(const struct logidx *x);
/* Lines shown, and lines of the target at all levels. */
size_t logidx_count(const struct logidx *x);
size_t logidx_total(const struct logidx *x);
const struct ev_line *logidx_line(const struct logidx *x, size_t i);
/* The line with evidence number n, shown or not; NULL if there is none. */
const struct ev_line *logidx_by_number(const struct logidx *x, uint32_t n);
/* The last run of the target that is shown in which there is a line of a kind; -1 where there is none. */
int logidx_last_run(const struct logidx *x, enum ev_kind kind);
/*
 * The next line of a kind in a run of the target that is shown, at any level; *at begins with 0 and is
 * moved behind it. NULL where there is no more.
 */
const struct ev_line *logidx_next(const struct logidx *x, enum ev_kind kind, int run, size_t *at);
/* Place of evidence number n among those shown, or the place where it would stand. */
size_t logidx_find(const struct logidx *x, uint32_t n);

#endif
