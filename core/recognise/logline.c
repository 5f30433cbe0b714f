/* Frames of log lines. See logline.h. */
#include "logline.h"

enum { DAY_S = 86400, WORDS = 4 };

/* ---- time ------------------------------------------------------------------------------- */

/* Days from 1970-01-01 to a date of the Gregorian calendar (Hinnant's days_from_civil). */
static int64_t
days(int64_t year, int month, int day)
{
	int64_t era, of_era, of_year;

	year -= month <= 2;
	era = (year >= 0 ? year : year - 399) / 400;
	of_era = year - era * 400;
	of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
	return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

static int64_t
year_of(int64_t epoch)
{
	int64_t year = 1970 + epoch / (365 * DAY_S + DAY_S / 4);

	while (days(year + 1, 1, 1) * DAY_S <= epoch)
		year++;
	while (days(year, 1, 1) * DAY_S > epoch)
		year--;
	return year;
}

/* n digits; -1 where there are none. */
static int
digits(const char *s, int n)
{
	int v = 0;

	for (int i = 0; i < n; i++) {
		if (s[i] < '0' || s[i] > '9')
			return -1;
		v = v * 10 + (s[i] - '0');
	}
	return v;
}

/* "18:50:00", with a part of a second or without. Returns what follows, or NULL. */
static const char *
clock_time(const char *s, int *seconds)
{
	int h = digits(s, 2), m, sec;

	if (h < 0 || s[2] != ':' || (m = digits(s + 3, 2)) < 0 || s[5] != ':' ||
	    (sec = digits(s + 6, 2)) < 0)
		return NULL;
	*seconds = (h * 60 + m) * 60 + sec;
	s += 8;
	if ((*s == '.' || *s == ',') && s[1] >= '0' && s[1] <= '9')
		for (s++; *s >= '0' && *s <= '9'; s++)
			;
	return s;
}

static int
month_of(const char *s)
{
	static const char names[] = "JanFebMarAprMayJunJulAugSepOctNovDec";

	for (int i = 0; i < 12; i++)
		if (memcmp(s, names + 3 * i, 3) == 0)
			return i + 1;
	return 0;
}

/* "Nov 26 18:50:00", "Nov  6 18:50:00 2026". Without a year it is the latest such date that is not ahead. */
static const char *
classic(const char *s, int64_t now, int32_t offset, struct logline *out)
{
	int month = month_of(s), day, seconds;
	int64_t year, at;

	if (month == 0 || s[3] != ' ')
		return NULL;
	day = s[4] == ' ' ? digits(s + 5, 1) : digits(s + 4, 2);
	if (day < 1 || s[6] != ' ' || (s = clock_time(s + 7, &seconds)) == NULL)
		return NULL;
	if (*s == ' ' && digits(s + 1, 4) > 1970 && (s[5] == ' ' || s[5] == ':')) {
		at = days(digits(s + 1, 4), month, day) * DAY_S + seconds - offset;
		s += 5;
	} else if (now > 0) {
		year = year_of(now + offset);
		at = days(year, month, day) * DAY_S + seconds - offset;
		if (at > now + DAY_S)
			at = days(year - 1, month, day) * DAY_S + seconds - offset;
	} else {
		at = 0;
	}
	out->time = at > 0 ? at : 0;
	return s;
}

/* "2026-11-26T18:50:00.123+01:00", "2026-11-26 18:50:00,123": without a zone the server's own. */
static const char *
iso(const char *s, int32_t offset, struct logline *out)
{
	int year = digits(s, 4), month, day, seconds, h, m;
	int64_t at;

	if (year < 1970 || s[4] != '-' || (month = digits(s + 5, 2)) < 1 || month > 12 ||
	    s[7] != '-' || (day = digits(s + 8, 2)) < 1 || (s[10] != 'T' && s[10] != ' '))
		return NULL;
	if ((s = clock_time(s + 11, &seconds)) == NULL)
		return NULL;
	at = days(year, month, day) * DAY_S + seconds;
	if (*s == 'Z') {
		s++;
	} else if ((*s == '+' || *s == '-') && (h = digits(s + 1, 2)) >= 0) {
		int sign = *s == '+' ? 1 : -1;

		s += s[3] == ':' ? 4 : 3;
		m = digits(s, 2);
		s += m >= 0 ? 2 : 0;
		at -= sign * ((int64_t)h * 3600 + (m > 0 ? m * 60 : 0));
	} else {
		at -= offset;
	}
	out->time = at > 0 ? at : 0;
	return s;
}

/* "1790000000.123456" */
static const char *
unix_time(const char *s, struct logline *out)
{
	size_t n = strspn(s, "0123456789"), frac;

	if (n < 9 || n > 11 || s[n] != '.' || (frac = strspn(s + n + 1, "0123456789")) < 3)
		return NULL;
	out->time = 0;
	for (size_t i = 0; i < n; i++)
		out->time = out->time * 10 + (s[i] - '0');
	return s + n + 1 + frac;
}

/* "[ 1234.567890]", as the kernel and journalctl -o short-monotonic have it: no time of day. */
static const char *
monotonic(const char *s)
{
	size_t blanks, n;

	if (*s != '[')
		return NULL;
	blanks = strspn(++s, " ");
	n = strspn(s + blanks, "0123456789");
	s += blanks + n;
	if (n == 0 || *s != '.' || (n = strspn(s + 1, "0123456789")) == 0 || s[n + 1] != ']')
		return NULL;
	return s + n + 2;
}

static const char *
stamp(const char *s, size_t len, int64_t now, int32_t offset, struct logline *out)
{
	const char *rest = NULL;

	if (len < 12)
		return NULL;
	/* "Thu Nov 26 ...", "Thu 2026-11-26 ..." */
	if (s[0] >= 'A' && s[0] <= 'Z' && s[3] == ' ' && month_of(s) == 0)
		s += 4;
	if (s[0] >= '0' && s[0] <= '9') {
		if ((rest = iso(s, offset, out)) == NULL)
			rest = unix_time(s, out);
		/* journalctl -o short-full names the zone as a word: UTC is as good as none. */
		if (rest != NULL && strncmp(rest, " UTC ", 5) == 0)
			rest += 4;
	} else if (s[0] == '[') {
		rest = monotonic(s);
	} else if (s[0] >= 'A' && s[0] <= 'S') {
		rest = classic(s, now, offset, out);
	}
	return rest != NULL && (*rest == ' ' || *rest == ':') ? rest : NULL;
}

/* ---- host, program and process -------------------------------------------------------------- */

static void
copy(char *at, const char *s, size_t n)
{
	n = n < LOG_NAME - 1 ? n : LOG_NAME - 1;
	memcpy(at, s, n);
	at[n] = '\0';
}

/* "/usr/sbin/sshd", "(sshd)", "sshd(pam_unix)": the name alone. */
static void
put_program(struct logline *out, const char *s, size_t n)
{
	const char *slash = memrchr(s, '/', n), *paren;

	if (slash != NULL) {
		n -= (size_t)(slash + 1 - s);
		s = slash + 1;
	}
	if (n > 2 && s[0] == '(' && s[n - 1] == ')') {
		s++;
		n -= 2;
	}
	if ((paren = memchr(s, '(', n)) != NULL)
		n = (size_t)(paren - s);
	copy(out->program, s, n);
}

/* The word is "sshd[812]:" or "sshd:". */
static bool
program_word(const char *s, size_t n, struct logline *out)
{
	size_t name;
	int64_t pid = 0;

	if (n < 2 || s[n - 1] != ':')
		return false;
	name = --n;
	if (s[n - 1] == ']') {
		const char *open = memrchr(s, '[', n);

		if (open == NULL || open == s || open + 1 == s + n - 1 || s + n - open > 12)
			return false;
		for (const char *p = open + 1; p < s + n - 1; p++) {
			if (*p < '0' || *p > '9')
				return false;
			pid = pid * 10 + (*p - '0');
		}
		name = (size_t)(open - s);
	}
	put_program(out, s, name);
	out->pid = pid;
	out->framed = true;
	return true;
}

/* "auth.info", "authpriv.notice", "<auth.info>": what busybox and BSD put beside the host. */
static bool
is_facility(const char *s, size_t n)
{
	static const char *const names[] = { "auth.", "authpriv.", "daemon.", "user.", "kern.",
		"local" };

	if (n > 0 && *s == '<')
		return true;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (strncmp(s, names[i], strlen(names[i])) == 0)
			return memchr(s, '.', n) != NULL;
	return false;
}

/* What stands behind the time: a host and such, then the program. Where no program is, all of it is the message. */
static const char *
origin(const char *s, struct logline *out)
{
	const char *p = s;

	for (int i = 0; i < WORDS; i++) {
		size_t n;

		p += strspn(p, " ");
		n = strcspn(p, " ");
		if (n == 0)
			break;
		if (program_word(p, n, out))
			return p + n + strspn(p + n, " ");
		/* fail2ban's own log: "fail2ban.actions        [812]: NOTICE" */
		if (i == 0 && strncmp(p, "fail2ban.", 9) == 0) {
			copy(out->program, p, n);
			out->framed = true;
			p += n + strspn(p + n, " ");
			return p + strcspn(p, " ");
		}
		if (p[n - 1] == ':')
			break;
		if (out->host[0] == '\0' && !is_facility(p, n))
			copy(out->host, p, n);
		p += n;
	}
	out->host[0] = '\0';
	return s + strspn(s, " ");
}

/* RFC 5424, section 6: VERSION, time, host, program, process, message id, structured data, message. */
static const char *
rfc5424(const char *s, int32_t offset, struct logline *out)
{
	const char *word[4];
	size_t n[4];

	if (s[0] != '1' || s[1] != ' ' || (s = iso(s + 2, offset, out)) == NULL)
		return NULL;
	for (int i = 0; i < 4; i++) {
		s += strspn(s, " ");
		word[i] = s;
		if ((n[i] = strcspn(s, " ")) == 0)
			return NULL;
		s += n[i];
	}
	s += strspn(s, " ");
	if (*s == '-')
		s++;
	else if (*s == '[' && (s = strstr(s, "] ")) != NULL)
		s++;
	if (s == NULL)
		return NULL;
	copy(out->host, word[0], n[0]);
	put_program(out, word[1], n[1]);
	for (size_t i = 0; i < n[2] && i < 10 && word[2][i] >= '0' && word[2][i] <= '9'; i++)
		out->pid = out->pid * 10 + (word[2][i] - '0');
	out->framed = out->stamped = true;
	return s + strspn(s, " ");
}

/* ---- journalctl -o json ------------------------------------------------------------------------ */

static int
hex4(const char *s)
{
	int v = 0;

	for (int i = 0; i < 4; i++) {
		int c = s[i];
		int d = c >= '0' && c <= '9'   ? c - '0'
			: c >= 'a' && c <= 'f' ? c - 'a' + 10
			: c >= 'A' && c <= 'F' ? c - 'A' + 10
					       : -1;

		if (d < 0)
			return -1;
		v = v * 16 + d;
	}
	return v;
}

/* A JSON string (RFC 8259, section 7) from behind its quote; what is not printable ASCII becomes '?'. */
static const char *
json_string(const char *s, char *out, size_t cap, size_t *len)
{
	size_t n = 0;

	for (; *s != '"'; s++) {
		char c = *s;

		if (c == '\0')
			return NULL;
		if (c == '\\') {
			c = *++s;
			if (c == 'u') {
				int v = hex4(s + 1);

				if (v < 0)
					return NULL;
				s += 4;
				c = v >= 0x20 && v < 0x7f ? (char)v : '?';
			} else if (c == '\0') {
				return NULL;
			} else if (strchr("\"\\/", c) == NULL) {
				c = c == 't' ? ' ' : '?';
			}
		}
		if (n + 1 < cap)
			out[n++] = c;
	}
	out[n] = '\0';
	if (len != NULL)
		*len = n;
	return s + 1;
}

static int64_t
number(const char *s)
{
	int64_t v = 0;

	for (int i = 0; i < 18 && s[i] >= '0' && s[i] <= '9'; i++)
		v = v * 10 + (s[i] - '0');
	return v;
}

static void
json_field(struct logline *out, const char *name, const char *value, bool *program)
{
	if (strcmp(name, "_PID") == 0 || (strcmp(name, "SYSLOG_PID") == 0 && out->pid == 0))
		out->pid = number(value);
	else if (strcmp(name, "__REALTIME_TIMESTAMP") == 0)
		out->time = number(value) / 1000000;
	else if (strcmp(name, "_HOSTNAME") == 0)
		copy(out->host, value, strlen(value));
	else if (strcmp(name, "SYSLOG_IDENTIFIER") == 0 ||
		 (strcmp(name, "_COMM") == 0 && !*program))
		put_program(out, value, strlen(value));
	*program |= strcmp(name, "SYSLOG_IDENTIFIER") == 0;
}

/* An object of flat fields. A message that is an array of bytes, as of binary text, is passed over. */
static bool
json(const char *s, struct logline *out)
{
	char name[LOG_NAME], value[LOG_NAME];
	bool program = false, message = false;

	out->text[0] = '\0';
	s++;
	for (;;) {
		s += strspn(s, " ,");
		if (*s != '"' || (s = json_string(s + 1, name, sizeof name, NULL)) == NULL)
			break;
		s += strspn(s, " ");
		if (*s++ != ':')
			break;
		s += strspn(s, " ");
		if (*s != '"') {
			if (*s == '[' && (s = strchr(s, ']')) == NULL)
				break;
			s += strcspn(s, ",}");
			continue;
		}
		if (strcmp(name, "MESSAGE") == 0) {
			s = json_string(s + 1, out->text, sizeof out->text, &out->len);
			message = s != NULL;
		} else if ((s = json_string(s + 1, value, sizeof value, NULL)) != NULL) {
			json_field(out, name, value, &program);
		}
		if (s == NULL)
			break;
	}
	out->message = out->text;
	out->framed = out->stamped = message && out->program[0] != '\0';
	return message;
}

/* "[31916] Nov 23 01:28:05 Not backgrounding": so writes dropbear -E, and nothing else. */
static bool
own_pid(const char **s, struct logline *out)
{
	size_t n;

	if (**s != '[' || (n = strspn(*s + 1, "0123456789")) == 0 || n > 10 ||
	    strncmp(*s + 1 + n, "] ", 2) != 0)
		return false;
	out->pid = number(*s + 1);
	*s += n + 3;
	return true;
}

/* ---- all of it ------------------------------------------------------------------------------------ */

void
logline_parse(const char *s, size_t len, int64_t now, int32_t utc_offset, struct logline *out)
{
	const char *end = s + len, *rest;
	bool dropbear;
	size_t skip;

	out->time = out->pid = 0;
	out->framed = out->stamped = false;
	out->host[0] = out->program[0] = '\0';
	if (*s == '{' && strstr(s, "\"MESSAGE\"") != NULL && json(s, out))
		return;
	out->time = out->pid = 0;
	out->host[0] = out->program[0] = '\0';
	skip = strspn(s, " ");
	s += skip;
	if (*s == '<' && (skip = strspn(s + 1, "0123456789")) > 0 && s[skip + 1] == '>') {
		s += skip + 2;
		if ((rest = rfc5424(s, utc_offset, out)) != NULL) {
			out->message = rest;
			out->len = (size_t)(end - rest);
			return;
		}
		out->pid = 0;
	}
	dropbear = own_pid(&s, out);
	rest = stamp(s, (size_t)(end - s), now, utc_offset, out);
	if (rest != NULL && dropbear) {
		out->stamped = out->framed = true;
		copy(out->program, "dropbear", 8);
		s = rest + strspn(rest, " ");
	} else if (rest != NULL) {
		out->stamped = true;
		s = origin(rest + (*rest == ':'), out);
	} else {
		out->time = out->pid = 0;
	}
	out->message = s;
	out->len = (size_t)(end - s);
}

uint64_t
logline_process(const struct logline *f, int64_t pid)
{
	uint64_t h = 1469598103934665603u; /* FNV-1a */

	if (pid == 0)
		return 0;
	for (const char *p = f->host; *p != '\0'; p++)
		h = (h ^ (unsigned char)*p) * 1099511628211u;
	h = (h << 24) ^ (uint64_t)pid;
	return h != 0 ? h : 1;
}
