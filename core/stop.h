/*
 * Stop rules: where the program says STOP, why, and whom to ask. One row a rule. Read by the
 * walkthrough, the window of a finding and the window of a fix. Pure.
 */
#ifndef SSHMEDIC_STOP_H
#define SSHMEDIC_STOP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "diag.h"
#include "fix.h"

struct stop_rule {
	const char *id;
	const char *findings; /* ids with "|" between them; NULL: a rule about fixes */
	const char *
	    fixes; /* ids of fixes that need a second person, besides server changes of high risk */
	const char *what, *why, *whom;
	int64_t
	    wait_s; /* after the end of a run a retry is safe by the defaults of what bans; 0: no such time */
};

size_t stop_count(void);
const struct stop_rule *stop_at(size_t i);
/* The rule that a finding falls under, or NULL. */
const struct stop_rule *stop_of_finding(const struct finding *f);
/* The rule that the first of the findings that has one falls under, or NULL. */
const struct stop_rule *stop_of(const struct diag *d);
/* The rule that a fix falls under, or NULL. */
const struct stop_rule *stop_of_fix(const struct fix *f);
/* Seconds until a retry is safe, at now_us of the clock of the evidence; 0 where nothing is to be waited for. */
int64_t stop_wait_s(const struct diag *d, uint64_t now_us);

#endif
