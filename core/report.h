/*
 * The reports: text, Markdown and JSON, readers of the same const struct diag, and
 * what the catalogue says of a finding.
 * Called by the headless front ends and by tests. Pure but for the FILE given.
 */
#ifndef SSHMEDIC_REPORT_H
#define SSHMEDIC_REPORT_H

#include <stdio.h>

#include "book.h"
#include "diag.h"

/*
 * The whole plain report: verdict, layers, findings with evidence and fixes,
 * timing. Lines of at most width columns where words allow.
 */
void report_text(const struct diag *d, const struct book *b, int width, FILE *out);
/*
 * The report in Markdown, for a ticket: the same, with a table of the layers, the fixes under their
 * findings, and what happened in order. Texts from outside are escaped.
 */
void report_markdown(const struct diag *d, const struct book *b, FILE *out);
/* What the catalogue knows of a finding, in lines of at most width columns where words allow. */
void report_explain(const struct catalogue_row *row, int width, FILE *out);
/* Every finding: layer ("any" where it belongs to none), id, meaning; one line each. */
void report_findings(FILE *out);
/* One line for one event, as --plain prints it live. level: greatest log level shown. Returns whether it printed. */
bool report_event(const struct ev_line *line, int level, FILE *out);
/* The JSON document of schema 1 (one line if compact), newline at the end. */
int report_json(const struct diag *d, const struct book *b, bool compact, FILE *out);
/* One evidence object, as --jsonl prints it live; NULL-safe. */
int report_json_event(const struct ev_line *line, FILE *out);
/* The closing {"report": …} line of --jsonl. */
int report_json_closing(const struct diag *d, const struct book *b, FILE *out);

/* --watch: a change as one JSON object, {"watch": {"at", "target", "change", "finding"}}; at is seconds since the epoch. */
int report_json_change(
    int64_t at, const char *target, const char *change, const char *finding, FILE *out);

#endif
