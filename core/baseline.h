/*
 * What changed since it last worked: a run compared with an earlier one of the same host, and the profile
 * that is kept of a run that worked. It tells and decides nothing: no verdict rests on it.
 *
 *   book (this run) + book_earlier() --baseline_compare()--> changes --> the reports, the screen
 *
 * A profile is a small recording: the lines of evidence that are compared, without names of keys, users
 * and files. So whatever reads recordings reads it. Called by the reports, the screen, tui/profile.c and tests.
 * Pure but for the FILE given (allocates).
 */
#ifndef SSHMEDIC_BASELINE_H
#define SSHMEDIC_BASELINE_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "book.h"
#include "diag.h"

enum { BASELINE_CHANGES = 32, BASELINE_WHAT = 40, BASELINE_TEXT = 1024 };

struct baseline_change {
	char what[BASELINE_WHAT]; /* "banner", "kex", "host key", "methods", "time auth.none" ... */
	bool list; /* before: what is no longer on it; now: what is new on it; both may be "" */
	char before[BASELINE_TEXT], now[BASELINE_TEXT];
};

struct baseline {
	int64_t at;   /* when the earlier run began, epoch s; 0 where not known */
	bool worked;  /* it was healthy */
	int compared; /* things that both runs saw */
	int n;
	struct baseline_change changes[BASELINE_CHANGES];
};

/*
 * Compare the newest run of d's target in b with the one that the book has as its earlier one. Only what
 * both saw is compared. The end of a fingerprint that is hidden in this run stays hidden, whatever
 * the earlier one shows. Returns NULL where there is none to compare with; else the caller frees it.
 */
struct baseline *baseline_compare(const struct diag *d, const struct book *b);
/* A change in words: "A -> B", or "no longer: a,b; new: c". Appends to sb. */
void baseline_words(const struct baseline_change *c, struct strbuf *sb);
/* "what changed since it worked at 2026-11-26 22:50:00 UTC". Appends to sb. */
void baseline_title(const struct baseline *w, struct strbuf *sb);

/* Whether a run is one to keep a profile of: it ended, and a login worked. */
bool profile_worthy(const struct diag *d);
/*
 * Write the profile of the newest run of d's target. Returns whether it is one: a run that began in the middle
 * has not seen all, and is none.
 */
bool profile_write(const struct diag *d, const struct book *b, FILE *out);

#endif
