/*
 * The book: lines of evidence in, diagnoses out. It routes each line to the
 * diagnosis of its target and run. The engine keeps one to know what to run
 * next; a reader keeps its own, fed with the same lines. Pure (allocates).
 */
#ifndef SSHMEDIC_BOOK_H
#define SSHMEDIC_BOOK_H

#include "diag.h"

/* One immutable line of the log; lives as long as the engine or the replay that made it, or until it is dropped (book_drop()). */
struct ev_line {
	uint32_t n; /* from 1 */
	uint32_t len;
	char text[]; /* NUL-terminated, no newline */
};

struct book;

/* Numbers of lines. All zero: none. */
struct ev_numbers {
	uint32_t *v; /* owned */
	size_t n, cap;
};
void ev_numbers_sort(struct ev_numbers *l);
/* Whether n is among them; sorted. */
bool ev_numbers_has(const struct ev_numbers *l, uint32_t n);

enum { BOOK_MANY = 32 }; /* of more targets, those that ended are let rest */

struct book *book_new(void);
void book_free(struct book *b);
/*
 * Fold a line. A run.start of a later run opens a new diagnosis which takes over
 * what probes before its "from" had seen. Returns the kind's log status.
 */
enum ev_status book_add(struct book *b, const struct ev_line *line);
/*
 * Make ready for a line, at most max lines' worth of it: where it tells of a changed host key, the end of that key's
 * fingerprint is hidden first in the lines before it. Returns whether it is ready. Until then no other line may be added.
 * book_add() does by itself, at once, what is left.
 */
bool book_prepare(struct book *b, const struct ev_line *line, size_t max);
/*
 * How many lines were replaced by others that hide more: the end of a changed host key's fingerprint, which a
 * text told before the key was seen. Where it grows, book_line() gives others than those that were added.
 */
size_t book_masked(const struct book *b);
/* Keep a line for book_line() without folding it: its diagnosis is elsewhere. */
void book_keep(struct book *b, const struct ev_line *line);
/*
 * A book with the lines that b has now, and no diagnosis, to be read beside b by another thread. The lines are
 * not copied; b, which may get more and drops none meanwhile, is to live as long. It is freed by the thread that b is of.
 */
struct book *book_copy(struct book *b);
/*
 * Add to out the numbers of a target's lines that may go: of the runs that keeps() is false for, but for the newest one, what
 * no run that stays has taken over.
 */
void book_spare(const struct book *b, uint16_t target, bool (*keeps)(const void *arg, uint32_t run),
    const void *arg, struct ev_numbers *out);
/* Whether lines can be dropped now: no copy reads them, and none is being made ready. */
bool book_can_drop(const struct book *b);
/*
 * Forget lines, sorted, and the runs that have none left, while book_can_drop(). They may be freed after. What others know of
 * a line by its place among all lines is void.
 */
void book_drop(struct book *b, const struct ev_numbers *gone);
/* How many lines were dropped so far. */
size_t book_dropped(const struct book *b);
/* Let the diagnosis of an ended run go: it is made again from its lines when it is asked for. What book_diag() gave is gone. */
void book_rest(struct book *b, uint16_t target);
/* Newest diagnosis of a target, concluded; NULL if there is none. */
const struct diag *book_diag(struct book *b, uint16_t target);
/* Whether the newest run of a target has ended, without concluding anything. */
bool book_ended(const struct book *b, uint16_t target);
/* The number of its newest run. */
uint32_t book_run(const struct book *b, uint16_t target);
/* The lines of one target so far, in order of arrival. */
size_t book_target_lines(const struct book *b, uint16_t target);
const struct ev_line *book_target_line(const struct book *b, uint16_t target, size_t i);
/*
 * An earlier run that a target's runs are compared with (baseline.h): a book of its own, which must
 * live as long as b. It has no say in any diagnosis.
 */
void book_set_earlier(struct book *b, uint16_t target, const struct book *earlier);
/* NULL where there is none. */
const struct book *book_earlier(const struct book *b, uint16_t target);
/* One after the other: the i-th, and of which target it is; NULL past the end. */
const struct book *book_earlier_at(const struct book *b, size_t i, uint16_t *target);
/* All lines so far, in order of arrival, whatever their target. */
size_t book_lines(const struct book *b);
const struct ev_line *book_line(const struct book *b, size_t i);

#endif
