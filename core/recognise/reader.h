/*
 * What a reader of one kind of text is, and what it may do. One file a kind (or a family of
 * kinds), one row in readers.c. A reader holds its memory in its state and says what it saw; it
 * draws no conclusion beyond what the text itself says.
 */
#ifndef SSHMEDIC_READER_H
#define SSHMEDIC_READER_H

#include <string.h>

#include "../text.h"
#include "../told.h"
#include "recognise.h"

/* A line of the text: made harmless, without its line end, escape sequences or byte order mark. */
struct line {
	const char *s; /* NUL-terminated, valid UTF-8 without control characters but tabs */
	size_t len;
	uint64_t number; /* from 1 */
	bool
	    cr; /* it ended in CR LF: a mark of ssh's own words (messages of other programs do not) */
	bool cut; /* the rest of it was passed over */
};

/* How surely a line is of a kind. */
enum claim {
	CLAIM_NONE,
	CLAIM_PART, /* it may go on with a text of this kind: only where the line before was of it */
	CLAIM_MAYBE,  /* it looks like one */
	CLAIM_CERTAIN /* no other kind looks so; or it begins such a text */
};

struct reader {
	const char *kind;  /* "ssh -v", "sshd log", "ss": stands in text.source */
	size_t state_size; /* zeroed at first; the recogniser allocates and frees */
	enum claim (*claims)(const struct recogniser *r, const void *state, const struct line *l);
	/* A line of this kind. Returns whether it meant something. */
	bool (*take)(struct recogniser *r, void *state, const struct line *l);
	/* The text is over, or a line of another kind came (another: not over); say what was held back. NULL: nothing is. */
	void (*end)(struct recogniser *r, void *state, bool another);
};

/* Readers, the surest first: of equal claims the first wins. Ends with kind NULL. */
extern const struct reader *const readers[];

/* The options that the recogniser was made with. */
const struct recognise_options *recognise_options(const struct recogniser *r);

/*
 * Hand a line of evidence over: stamped with the text's clock and the present line's number as
 * its time. Texts are cleaned by the encoder. Vantage: SERVER for what it says of the server,
 * PASTED for a client's view.
 */
void recognise_say(struct recogniser *r, struct evidence *ev, enum vantage v);

/*
 * When the present line came, -1 where that is not known. *paused: whether the writer stood still since the line
 * before, so that no time can be measured across it. Asked once a line.
 */
int64_t recognise_arrival(struct recogniser *r, bool *paused);

/* A statement for recognise_told(); NULL and 0 are left out. */
struct statement {
	const char *text, *path, *mode, *user, *addr;
	int64_t line, port, session, time;
	uint64_t number; /* the text's line that said it, 0: the present one */
};
void recognise_told(struct recogniser *r, enum told what, const struct statement *s);

/* Say that this line is about another case, and why ("another login", "another user"); bounded in number. */
void recognise_other(struct recogniser *r, const struct line *l, const char *reason);

/* The case that the text itself names ("Authenticating to web1:22 as 'alice'"); the first of each stays. NULL, 0: not said. */
void recognise_case(struct recogniser *r, const char *host, const char *user, int64_t port);

/* The text itself says from which address the server sees the client, and which port is in question (0: as it was). */
void recognise_client(struct recogniser *r, const char *addr, int64_t port);
/* The text itself says when it was made, and how many seconds its clock's zone is east of UTC: for times without them. */
void recognise_clock(struct recogniser *r, int64_t now, int32_t utc_offset);

/*
 * What a collector's run says of itself goes into text.source: fields that the collector's reader
 * learned, given once. The value's texts are copied.
 */
void recognise_source(struct recogniser *r, const struct evidence *fields);

/*
 * Read on as a text of its own within this one, which belongs to that kind only (NULL: whichever
 * claims it): for the sections of a collector's run. A section with another name ends the one before.
 */
void recognise_section(struct recogniser *r, const char *kind, const char *line, size_t len);
/* The section's text is over. */
void recognise_section_end(struct recogniser *r);
/* Whether the present line is of such a section: then it is known whose reader's it is. */
bool recognise_in_section(const struct recogniser *r);

/* ---- small helpers for readers ------------------------------------------------------------------- */

static inline bool
line_begins(const struct line *l, const char *text)
{
	size_t n = strlen(text);

	return l->len >= n && memcmp(l->s, text, n) == 0;
}

static inline bool
line_holds(const struct line *l, const char *text)
{
	return strstr(l->s, text) != NULL;
}

/* What a hole of a pattern took. */
struct hole {
	char s[192];
};

/*
 * Match all of s against a pattern of literal text with holes: "%s" takes a word without blanks,
 * "%q" anything up to the last place of the literal text that follows the hole, "%d" decimal digits;
 * "%*" at the end takes the rest unseen. Up to max holes go to out (cut where they are longer). A hole
 * may be empty ("%q", "%s" before a literal). Returns whether it matched.
 */
bool line_match(const char *s, const char *pattern, struct hole *out, int max);

#endif
