/*
 * Reads what the server knows of the account: a line of `getent passwd`, `passwd -S`, `chage -l`;
 * and `df`. Called by the recogniser.
 */
#include <stdlib.h>

#include "readers.h"

enum { DAY = 24 * 3600 };

/* ---- passwd -S: "alice L 2026-11-20 0 99999 7 -1" ------------------------------------------- */

static bool
parse_status(const struct line *l, struct hole h[3])
{
	static const char *const states[] = { "P", "L", "NP", "PS", "LK" };

	if (!line_match(l->s, "%s %s %s %*", h, 3))
		return false;
	for (size_t i = 0; i < sizeof states / sizeof *states; i++)
		if (strcmp(h[1].s, states[i]) == 0)
			return h[2].s[0] >= '0' && h[2].s[0] <= '9' &&
			       strpbrk(h[2].s, "-/") != NULL;
	return false;
}

static enum claim
status_claims(const struct recogniser *r, const void *state, const struct line *l)
{
	struct hole h[3];

	(void)r;
	(void)state;
	return l->len < 120 && parse_status(l, h) ? CLAIM_MAYBE : CLAIM_NONE;
}

/* Whether the lock keeps keys out depends on UsePAM, which this line does not show. */
static bool
status_take(struct recogniser *r, void *state, const struct line *l)
{
	struct hole h[3];

	(void)state;
	if (!parse_status(l, h))
		return false;
	if (h[1].s[0] == 'L')
		recognise_told(r, TOLD_ACCOUNT_LOCKED,
		    &(struct statement){ .user = h[0].s, .mode = "unsure" });
	return true;
}

/* ---- chage -l ---------------------------------------------------------------------------------- */

/* "Nov 01, 2026" as days since 1970 (days_from_civil by H. Hinnant); -1 where it is no date. */
static long
day_of(const char *s)
{
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	const char *at;
	char name[4];
	long y, m, d, era, doy;
	char *end;

	if (strlen(s) < 12)
		return -1;
	memcpy(name, s, 3);
	name[3] = '\0';
	if ((at = strstr(months, name)) == NULL || (at - months) % 3 != 0)
		return -1;
	m = (at - months) / 3 + 1;
	d = strtol(s + 4, &end, 10);
	if (*end != ',')
		return -1;
	y = strtol(end + 1, NULL, 10);
	if (d < 1 || d > 31 || y < 1970 || y > 9999)
		return -1;
	y -= m <= 2;
	era = y / 400;
	doy = (153 * (m + (m > 2 ? -3 : 9)) + 2) / 5 + d - 1;
	return era * 146097 + (y - era * 400) * 365 + (y - era * 400) / 4 - (y - era * 400) / 100 +
	       doy - 719468;
}

static enum claim
chage_claims(const struct recogniser *r, const void *state, const struct line *l)
{
	(void)r;
	(void)state;
	return (line_begins(l, "Account expires") || line_begins(l, "Password expires") ||
		   line_begins(l, "Last password change") || line_begins(l, "Password inactive") ||
		   line_begins(l, "Minimum number of days") ||
		   line_begins(l, "Maximum number of days")) &&
		       line_holds(l, ":")
		   ? CLAIM_CERTAIN
		   : CLAIM_NONE;
}

static bool
chage_take(struct recogniser *r, void *state, const struct line *l)
{
	const char *value = strchr(l->s, ':');
	int64_t today = recognise_options(r)->now / DAY;
	long day;

	(void)state;
	value += 1 + strspn(value + 1, " ");
	day = day_of(value);
	if (line_begins(l, "Account expires") && day >= 0 && today > 0 && day <= today)
		recognise_told(r, TOLD_EXPIRED, &(struct statement){ .text = value });
	if (line_begins(l, "Password expires") &&
	    (strncmp(value, "password must be changed", 24) == 0 ||
		(day >= 0 && today > 0 && day < today)))
		recognise_told(r, TOLD_PASSWORD_EXPIRED, &(struct statement){ .text = value });
	return true;
}

/* ---- df: "/dev/sda1  41152736 41152736  0 100% /" --------------------------------------------------- */

struct df {
	bool heading;
};

static enum claim
df_claims(const struct recogniser *r, const void *state, const struct line *l)
{
	const struct df *s = state;

	(void)r;
	if (line_begins(l, "Filesystem ") && (line_holds(l, "Mounted on")))
		return CLAIM_CERTAIN;
	return s->heading && line_holds(l, "% /") ? CLAIM_PART : CLAIM_NONE;
}

static bool
df_take(struct recogniser *r, void *state, const struct line *l)
{
	struct df *s = state;
	const char *percent = strstr(l->s, "% /");

	if (percent == NULL) {
		s->heading = true;
		return true;
	}
	if (percent - l->s >= 3 && strncmp(percent - 3, "100", 3) == 0 &&
	    strncmp(l->s, "/dev/loop", 9) != 0)
		recognise_told(r, TOLD_DISK_FULL, &(struct statement){ .path = percent + 2 });
	return true;
}

static void
df_end(struct recogniser *r, void *state, bool another)
{
	(void)r;
	(void)another;
	((struct df *)state)->heading = false;
}

const struct reader reader_passwd_status = { "passwd -S", 0, status_claims, status_take, NULL };
const struct reader reader_chage = { "chage -l", 0, chage_claims, chage_take, NULL };
const struct reader reader_df = { "df", sizeof(struct df), df_claims, df_take, df_end };
