/* What the reports that people read share. Included by report_*.c only. */
#ifndef SSHMEDIC_REPORT_INTERNAL_H
#define SSHMEDIC_REPORT_INTERNAL_H

#include "book.h"
#include "diag.h"

enum {
	REPORT_SEEN_MAX =
	    300 /* bytes shown of one line of evidence; a list of algorithms is longer */
};

/* Append a time: "0.4 ms", "38 ms", "2.1 s". */
void report_time(struct strbuf *sb, int64_t us);
/* Append a word in capitals. */
void report_upper(struct strbuf *sb, const char *s);
/* Append what a line of evidence says, cut where it is long. Returns whether it is one. */
bool report_seen(const struct ev_line *line, struct strbuf *sb);
/* The line with that evidence number, or NULL. */
const struct ev_line *report_line(const struct book *b, uint32_t n);
/* Append user, host, port, address and way of the target. */
void report_target(const struct diag *d, struct strbuf *sb);
/* Append time, connections, failed logins and round trip. */
void report_spent(const struct diag *d, struct strbuf *sb);

#endif
