/* Times of the calendar, in words. Called by whoever tells a person when. Pure. */
#ifndef SSHMEDIC_UTC_H
#define SSHMEDIC_UTC_H

#include <stdint.h>

#include "text.h"

/* Append "2026-11-26 22:50:00 UTC" for seconds since the epoch; not before 1970. */
void utc_put(struct strbuf *sb, int64_t t);

#endif
