/*
 * The recogniser: text from elsewhere in, evidence out, with no need to say which kind of
 * text it is. A text is read as a stream of lines, in bounded memory; each line goes to the
 * reader (reader.h) that claims it, so that kinds may be mixed in one text.
 *
 *   bytes --recognise_feed()--> lines --reader of their kind--> evidence --say()--> log and book
 *
 * Called by the engine for --evidence, --admin and pasted text, by paste.c for --paste, and by
 * tests and fuzzers. Pure: no file, no clock, no environment.
 */
#ifndef SSHMEDIC_RECOGNISE_H
#define SSHMEDIC_RECOGNISE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../evidence.h"

enum {
	RECOGNISE_LINE =
	    4096, /* bytes of a line that are looked at; the rest of a longer one is passed over */
	RECOGNISE_PORTS = 6,
	RECOGNISE_SAYS_MAX = 2000 /* lines of evidence that one text may become */
};

/* When a text's bytes came, for one that was watched as it grew. */
struct arrival {
	uint64_t bytes; /* as long the text was then */
	int64_t
	    us; /* since some beginning; negative: its writer stood still here, for nobody knows how long */
};

struct recognise_options {
	uint16_t clock;   /* the text's number, from 1: its clock domain */
	const char *name; /* of the file, for the log; "stdin", "paste" */
	const char *host,
	    *user; /* of the case, "" where not known: which of a log's logins matter */
	uint16_t ports[RECOGNISE_PORTS]; /* source ports of our own connections, 0 for none */
	uint16_t port;                   /* of the server; 0: not known, 22 is taken */
	const char *source; /* the client's address as the server sees it, "" where not known */
	/*
	 * Whether a transcript of ssh becomes the client's view (only where there is no live one). If
	 * not, its lines are shown as being of another login.
	 */
	bool client;
	/*
	 * It is a login that this program itself began, in a file of ssh's own messages (-vvv -E): said as
	 * what the user's own ssh shows (vantage proof), and read as nothing but a transcript. With client.
	 */
	bool own;
	/* Of such a login, when its lines came, ascending; NULL: not known. They live as long as the recogniser. */
	const struct arrival *arrivals;
	size_t narrivals;
	int64_t now;        /* epoch seconds: the year of a log without one; 0: not known */
	int32_t utc_offset; /* seconds east of UTC of a log without a time zone */
	void (*say)(
	    void *arg, struct evidence *ev); /* ev and its texts live during the call only */
	void *arg;
};

struct recogniser;

/* The case that a text itself names; "" and 0 where it does not. */
struct recognise_case {
	char host[256], user[256];
	int64_t port;
};

/* Returns NULL out of memory. The options' texts are copied; text beyond 255 bytes is cut. */
struct recogniser *recognise_new(const struct recognise_options *opt);
/* Read on; any bytes, cut anywhere. */
void recognise_feed(struct recogniser *r, const char *bytes, size_t len);
/* The text is over (cut: not read to its end): what readers held back is said, text.source last. */
void recognise_end(struct recogniser *r, bool cut);
/* What the text said so far of host, user and port of its case. */
const struct recognise_case *recognise_found(const struct recogniser *r);
void recognise_free(struct recogniser *r);

#endif
