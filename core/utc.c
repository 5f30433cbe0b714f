/* The Gregorian calendar. See utc.h. */
#include "utc.h"

#include <inttypes.h>

/* The day that is so many days after 1970-01-01: 400 years are always 146097 days, counted from March on. */
static void
put_day(struct strbuf *sb, int64_t days)
{
	int64_t z = days + 719468, era = z / 146097, doe = z % 146097;
	int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100), mp = (5 * doy + 2) / 153;
	int64_t month = mp < 10 ? mp + 3 : mp - 9, year = yoe + era * 400 + (month <= 2);

	sb_printf(sb, "%04" PRId64 "-%02" PRId64 "-%02" PRId64, year, month,
	    doy - (153 * mp + 2) / 5 + 1);
}

void
utc_put(struct strbuf *sb, int64_t t)
{
	int64_t s = t % 86400;

	put_day(sb, t / 86400);
	sb_printf(
	    sb, " %02" PRId64 ":%02" PRId64 ":%02" PRId64 " UTC", s / 3600, s / 60 % 60, s % 60);
}
