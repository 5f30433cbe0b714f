/*
 * Times before the lines of ssh's own output, as `ts`, a journal or a script puts them there, and the
 * phases of the login that follow from them. See ssh_client.h.
 */
#include "../diag.h"
#include "ssh_client.h"

enum { S_US = 1000 * 1000, DAY_S = 24 * 3600, LEADS = 4 };

/* ---- what stands before a line ------------------------------------------------------------ */

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool
is_upper(char c)
{
	return c >= 'A' && c <= 'Z';
}

static bool
is_lower(char c)
{
	return c >= 'a' && c <= 'z';
}

static bool
number(const char **s, int digits, int64_t *n)
{
	const char *p = *s;

	for (*n = 0; digits > 0 && is_digit(*p); digits--)
		*n = *n * 10 + (*p++ - '0');
	if (p == *s)
		return false;
	*s = p;
	return true;
}

/* ".123" or ",123" as microseconds; what is behind the sixth digit does not matter. */
static int64_t
fraction(const char **s)
{
	int64_t us = 0, unit = S_US / 10;

	if ((**s != '.' && **s != ',') || !is_digit((*s)[1]))
		return 0;
	for (++*s; is_digit(**s); ++*s, unit /= 10)
		us += (**s - '0') * unit;
	return us;
}

/* "18:46:13.123" */
static bool
clock_time(const char **s, int64_t *us)
{
	const char *p = *s;
	int64_t h, m, sec;

	if (!number(&p, 2, &h) || *p++ != ':' || !number(&p, 2, &m) || *p++ != ':' ||
	    !number(&p, 2, &sec))
		return false;
	*us = ((h * 60 + m) * 60 + sec) * S_US;
	*us += fraction(&p);
	*s = p;
	return true;
}

/* "12.345" seconds since some beginning, which a blank follows. */
static bool
seconds(const char **s, int64_t *us)
{
	const char *p = *s;
	int64_t sec;

	if (!number(&p, 10, &sec) || (*p != '.' && *p != ','))
		return false;
	*us = sec * S_US + fraction(&p);
	*s = p;
	return *p == ' ' || *p == ']';
}

/* "2026-11-26T18:46:13.123+01:00", "Nov 26 18:46:13", "[18:46:13]": the time of day of it. */
static bool
stamp(const char **s, int64_t *us)
{
	const char *p = *s;
	int64_t n, day = 0;
	bool bracket = *p == '[';

	p += bracket;
	if (number(&p, 4, &n) && *p == '-' && is_digit(p[1])) {
		p++;
		if (!number(&p, 2, &n) || *p++ != '-' || !number(&p, 2, &day) ||
		    (*p != 'T' && *p != ' '))
			return false;
		p++;
	} else if (is_upper(**s) && is_lower((*s)[1]) && is_lower((*s)[2]) && (*s)[3] == ' ') {
		p = *s + 4 + strspn(*s + 4, " ");
		if (!number(&p, 2, &day) || *p++ != ' ')
			return false;
	} else {
		p = *s + bracket;
	}
	if (!clock_time(&p, us) && !seconds(&p, us))
		return false;
	*us += day * DAY_S * S_US;
	p += strspn(p, "0123456789+-:Z"); /* a time zone */
	if (bracket && *p++ != ']')
		return false;
	if (*p != ' ')
		return false;
	*s = p + strspn(p, " ");
	return true;
}

/* "host ssh[123]: " of a journal, only behind a time and only of the client. */
static const char *
journal_head(const char *s)
{
	const char *name = strchr(s, ' '), *end;

	if (name == NULL || strncmp(++name, "ssh", 3) != 0)
		return s;
	end = name + 3;
	if (*end == '[')
		end += 1 + strspn(end + 1, "0123456789") + 1;
	return end[-1] == ']' && end[0] == ':' && end[1] == ' ' ? end + 2 : s;
}

size_t
client_lead(const char *s, int64_t *us)
{
	const char *p = s;

	*us = -1;
	for (int i = 0; i < LEADS && (strncmp(p, "> ", 2) == 0 || strncmp(p, "| ", 2) == 0); i++)
		p += 2;
	if ((is_digit(*p) || *p == '[' || is_upper(*p)) && stamp(&p, us))
		p = journal_head(p);
	/* A line that is indented as a whole, by somebody who quotes it. */
	if (*p == ' ' && strncmp(p + strspn(p, " "), "debug", 5) == 0)
		p += strspn(p, " ");
	return (size_t)(p - s);
}

/* ---- phases ----------------------------------------------------------------------------------- */

void
client_tick(struct ssh_client *c, int64_t us)
{
	struct times *t = &c->t;

	if (!t->any) {
		t->any = true;
		t->base_us = us;
	}
	us -= t->base_us;
	/* Behind midnight, or a clock that was set: time does not go back. */
	if (us < t->now_us) {
		if (t->now_us - us > 12LL * 3600 * S_US)
			us += (int64_t)DAY_S * S_US;
		if (us < t->now_us) {
			t->base_us -= t->now_us - us;
			us = t->now_us;
		}
	}
	t->now_us = us;
}

void
client_untimed(struct ssh_client *c)
{
	memset(c->t.ran, 0, sizeof c->t.ran);
}

static void
begin(struct ssh_client *c, enum phase p)
{
	c->t.ran[p] = true;
	c->t.since_us[p] = c->t.now_us;
}

static void
end(struct recogniser *r, struct ssh_client *c, enum phase p)
{
	int64_t took = c->t.now_us - c->t.since_us[p];

	if (!c->t.ran[p])
		return;
	c->t.ran[p] = false;
	CLIENT_EV(ev, EV_PHASE);
	ev_str(&ev, K_PHASE, phase_name(p));
	ev_int(&ev, K_START_US, c->t.since_us[p]);
	ev_int(&ev, K_TOOK_US, took);
	client_say(r, &ev);
}

/* Commands that take no time of their own: what passes until their end is the shell's. */
static bool
is_quick(const char *command)
{
	static const char *const quick[] = { "true", ":", "exit", "id", "whoami", "hostname", "pwd",
		"date", "echo", "uptime", "uname" };
	size_t n = strcspn(command, " ");

	for (size_t i = 0; i < sizeof quick / sizeof *quick; i++)
		if (strlen(quick[i]) == n && strncmp(command, quick[i], n) == 0)
			return strpbrk(command, ";&|`$") == NULL;
	return false;
}

/*
 * In a login by hand a person may be asked: by ssh here (a host key, a passphrase, a password), by an ssh that
 * carries it, or on another device while the server waits (a push behind a password or a code). That time is nobody's slowness:
 * such a phase is not said.
 */
static bool
is_a_persons(const struct ssh_client *c, enum phase p)
{
	switch (p) {
	case PH_PROXY:
	case PH_BANNER: return c->proxy;
	case PH_HOSTKEY: return !c->matches;
	case PH_AUTHSIGN: return !c->key.signing;
	default: return false;
	}
}

/* Lines behind which ssh itself waits, for a person or for a command of the user's. */
static bool
ssh_waits(const char *text)
{
	return strncmp(text, "Learned new hostkey: ", 21) == 0 ||
	       strncmp(text, "Executing /", 11) == 0;
}

/* The marker that a line begins with; which phases it ends, up to two, and which it begins. */
struct marker {
	const char *text;
	enum phase ends[3], begins; /* PH__COUNT: none */
	enum stage before;          /* only before this stage, unless STAGE_NONE */
};

static const struct marker markers[] = {
	{ "OpenSSH_", { PH__COUNT }, PH_CONFIG, STAGE_CONNECT },
	{ "resolving \"", { PH_CONFIG, PH__COUNT }, PH_RESOLVE, STAGE_CONNECT },
	{ "resolve_host: lookup ", { PH_CONFIG, PH__COUNT }, PH_RESOLVE, STAGE_CONNECT },
	{ "ssh_connect_direct: entering", { PH_CONFIG, PH_RESOLVE, PH__COUNT }, PH__COUNT,
	    STAGE_NONE },
	{ "Executing proxy command: ", { PH_CONFIG, PH_RESOLVE, PH__COUNT }, PH_PROXY,
	    STAGE_BANNER },
	{ "Connecting to ", { PH_CONFIG, PH_RESOLVE, PH__COUNT }, PH_TCP, STAGE_CONNECT },
	{ "Connection established.", { PH_TCP, PH__COUNT }, PH__COUNT, STAGE_NONE },
	{ "Local version string ", { PH__COUNT }, PH_BANNER, STAGE_KEXINIT },
	{ "Remote protocol version ", { PH_PROXY, PH_BANNER, PH__COUNT }, PH__COUNT, STAGE_NONE },
	{ "SSH2_MSG_KEXINIT sent", { PH__COUNT }, PH_KEXINIT, STAGE_AUTH },
	{ "SSH2_MSG_KEXINIT received", { PH_KEXINIT, PH__COUNT }, PH__COUNT, STAGE_NONE },
	{ "expecting SSH2_MSG_KEX", { PH__COUNT }, PH_KEX, STAGE_AUTH },
	{ "Server host key: ", { PH_KEX, PH__COUNT }, PH_HOSTKEY, STAGE_AUTH },
	{ "SSH2_MSG_NEWKEYS sent", { PH_HOSTKEY, PH__COUNT }, PH__COUNT, STAGE_NONE },
	{ "SSH2_MSG_SERVICE_ACCEPT received", { PH__COUNT }, PH_AUTHNONE, STAGE_NONE },
	{ "Authentications that can continue: ", { PH_AUTHNONE, PH_AUTHKEYS, PH_AUTHSIGN },
	    PH__COUNT, STAGE_NONE },
	{ "Next authentication method: gssapi", { PH_AUTHGSS, PH__COUNT }, PH_AUTHGSS, STAGE_NONE },
	{ "Next authentication method: ", { PH_AUTHGSS, PH__COUNT }, PH__COUNT, STAGE_NONE },
	{ "Offering public key: ", { PH__COUNT }, PH_AUTHKEYS, STAGE_NONE },
	{ "Offering ", { PH__COUNT }, PH_AUTHKEYS, STAGE_NONE },
	{ "Server accepts key: ", { PH_AUTHKEYS, PH__COUNT }, PH__COUNT, STAGE_NONE },
	{ "we sent a password packet", { PH__COUNT }, PH_AUTHSIGN, STAGE_NONE },
	{ "send packet: type 61", { PH__COUNT }, PH_AUTHSIGN, STAGE_NONE },
	{ "receive packet: type 60", { PH_AUTHSIGN, PH__COUNT }, PH__COUNT, STAGE_NONE },
	{ "receive packet: type 52", { PH_AUTHSIGN, PH_AUTHNONE, PH_AUTHGSS }, PH__COUNT,
	    STAGE_NONE },
	{ "Authenticated to ", { PH_AUTHSIGN, PH_AUTHNONE, PH_AUTHGSS }, PH_CHANNEL, STAGE_NONE },
	{ "Authentication succeeded ", { PH_AUTHSIGN, PH_AUTHNONE, PH_AUTHGSS }, PH_CHANNEL,
	    STAGE_NONE },
	{ "receive packet: type 91", { PH_CHANNEL, PH__COUNT }, PH__COUNT, STAGE_NONE },
	{ "channel_input_open_confirmation: ", { PH_CHANNEL, PH__COUNT }, PH__COUNT, STAGE_NONE },
	{ "Sending command: ", { PH_CHANNEL, PH__COUNT }, PH__COUNT, STAGE_NONE },
	{ "client_input_channel_req: channel 0 rtype exit-status", { PH_EXEC, PH__COUNT },
	    PH__COUNT, STAGE_NONE },
};

void
client_phase(struct recogniser *r, struct ssh_client *c, const char *text)
{
	bool own = recognise_options(r)->own;

	if (!c->t.any)
		return;
	if (own && ssh_waits(text))
		client_untimed(c);
	/* The signature or the answer to it goes out; making it took our own time. */
	if (c->key.signing && strcmp(text, "send packet: type 50") == 0)
		begin(c, PH_AUTHSIGN);
	if (strcmp(text, "exec request accepted on channel 0") == 0 && is_quick(c->command))
		begin(c, PH_EXEC);
	/* A shell whose input is at its end does nothing but start. */
	if (c->request == 'h' && strcmp(text, "channel 0: send eof") == 0)
		begin(c, PH_EXEC);
	for (size_t i = 0; i < sizeof markers / sizeof *markers; i++) {
		const struct marker *m = &markers[i];

		if (strncmp(text, m->text, strlen(m->text)) != 0)
			continue;
		for (size_t j = 0; j < sizeof m->ends / sizeof *m->ends && m->ends[j] != PH__COUNT;
		     j++) {
			if (own && is_a_persons(c, m->ends[j]))
				c->t.ran[m->ends[j]] = false;
			end(r, c, m->ends[j]);
		}
		if (m->begins != PH__COUNT && (m->before == STAGE_NONE || c->stage < m->before))
			begin(c, m->begins);
		return;
	}
}
