/*
 * Words broken into lines of a page. Called by the reports that are read by
 * people: report_text.c and report_explain.c. Pure but for the FILE given.
 */
#ifndef SSHMEDIC_FLOW_H
#define SSHMEDIC_FLOW_H

#include <stdio.h>

/*
 * Print text in lines of at most width columns where its words allow, the first
 * after head, the others indented as far. Breaks at blanks, and after commas inside a
 * long list. A character counts as one column.
 */
void flow_text(FILE *out, int width, const char *head, const char *text);

#endif
