/*
 * Reads what ssh itself prints: with -v, -vv or -vvv, of OpenSSH 7 to 10, and without. The
 * login is followed by its markers; what each line means is in the tables of the ssh_client_*.c
 * beside this one. Lines become the evidence that our own probes would have made, so that the same
 * rules find the same. Called by the recogniser.
 *
 * messages.md section 0 of the reference: ssh's messages end in CR LF and what others print in LF; function names
 * before a text change from release to release; with ProxyJump a second ssh writes to the same stream.
 */
#include "ssh_client.h"

#include <stdlib.h>

#include "readers.h"

/* ---- what is said ---------------------------------------------------------------------- */

void
client_say(struct recogniser *r, struct evidence *ev)
{
	recognise_say(r, ev, recognise_options(r)->own ? VANTAGE_PROOF : VANTAGE_PASTED);
}

void
client_probe_over(struct recogniser *r, struct ssh_client *c, const char *probe)
{
	static const char *const names[] = { "config", "resolve", "tcp", "knownhosts", "hostkey",
		"keys", "agent", "auth", "session" };
	CLIENT_EV(ev, EV_PROBE_END);

	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		if (strcmp(names[i], probe) != 0)
			continue;
		if (c->over & 1u << i)
			return;
		c->over |= 1u << i;
	}
	ev_str(&ev, K_PROBE, probe);
	ev_str(&ev, K_RESULT, "done");
	client_say(r, &ev);
}

void
client_says(
    struct recogniser *r, const char *what, const char *text, const char *path, int64_t port)
{
	CLIENT_EV(ev, EV_CLIENT_SAYS);

	ev_str(&ev, K_WHAT, what);
	ev_str(&ev, K_TEXT, text);
	ev_str(&ev, K_PATH, path);
	if (port > 0)
		ev_int(&ev, K_PORT, port);
	client_say(r, &ev);
}

/* ---- lines of ssh -------------------------------------------------------------------------- */

/* Behind a time, a quote's mark or a journal's head. */
static struct line
behind_lead(const struct line *l, int64_t *us)
{
	size_t n = client_lead(l->s, us);
	struct line bare = *l;

	bare.s += n;
	bare.len -= n;
	return bare;
}

/* Behind "debug2: "; the level, 0 for a message. */
static int
level_of(struct line *l)
{
	int level;

	if (l->len < 8 || memcmp(l->s, "debug", 5) != 0 || l->s[5] < '1' || l->s[5] > '3' ||
	    memcmp(l->s + 6, ": ", 2) != 0)
		return 0;
	level = l->s[5] - '0';
	l->s += 8;
	l->len -= 8;
	return level;
}

static bool
row_fits(const struct ssh_client *c, const struct client_row *row, const struct line *l, int level,
    struct hole *h)
{
	if ((row->at == AT_DEBUG && level == 0) || (row->at == AT_MESSAGE && level > 0))
		return false;
	/* Where ssh's lines end in CR, a message without one is somebody else's. */
	if (level == 0 && c->crs && !l->cr && !row->raw)
		return false;
	return line_match(l->s, row->pattern, h, HOLES);
}

static const struct client_row *
find_row(const struct ssh_client *c, const struct line *l, int level, struct hole *h)
{
	static const struct client_row *const tables[] = { client_rows_transport, client_rows_auth,
		client_rows_session };

	for (size_t i = 0; i < sizeof tables / sizeof *tables; i++)
		for (const struct client_row *row = tables[i]; row->pattern != NULL; row++)
			if (row_fits(c, row, l, level, h))
				return row;
	return NULL;
}

/* "OpenSSH_9.2p1 Debian-2+deb12u10, OpenSSL 3.0.19 27 Jan 2026": how each ssh begins. */
static bool
is_version(const struct line *l)
{
	return line_begins(l, "OpenSSH_") &&
	       (line_holds(l, ", OpenSSL ") || line_holds(l, ", LibreSSL ") ||
		   line_holds(l, ", BoringSSL ") || line_holds(l, ", without OpenSSL"));
}

/* ---- several ssh on one stream ---------------------------------------------------------------- */

/* Whether the line is of the login's own ssh, not of one that carries it. */
static bool
is_outer(const struct ssh_client *c, const struct line *l, int level)
{
	if (!c->proxy || c->outer || line_holds(l, "UNKNOWN port 65535"))
		return true;
	if (c->idents >= c->versions)
		return true;
	if (line_begins(l, "kex_exchange_identification: ") ||
	    line_begins(l, "ssh_exchange_identification: ") ||
	    line_begins(l, "Connection timed out during banner exchange") ||
	    line_begins(l, "banner exchange: "))
		return c->idents >= c->versions - 1;
	return level > 0 && c->versions <= 1;
}

static void
inner_line(struct recogniser *r, struct ssh_client *c, const struct line *l, int level)
{
	if (line_begins(l, "Remote protocol version "))
		c->idents++;
	if (level > 0 || l->len == 0)
		return;
	text_copy(c->proxy_text, sizeof c->proxy_text, l->s);
	CLIENT_EV(ev, EV_PROXY_LINE);

	ev_str(&ev, K_TEXT, l->s);
	client_say(r, &ev);
}

/* ---- a line ------------------------------------------------------------------------------------- */

static void
line_of_login(struct recogniser *r, struct ssh_client *c, struct line l, int level)
{
	struct hole h[HOLES] = { 0 };
	const struct client_row *row;

	if (!is_outer(c, &l, level)) {
		inner_line(r, c, &l, level);
		/* The last identification on the way is that of the login's own server. */
		if (c->idents < c->versions || !line_begins(&l, "Remote protocol version "))
			return;
		c->outer = true;
	}
	c->level = level;
	c->max_level = level > c->max_level ? level : c->max_level;
	if (level > 0 || c->stage > STAGE_NONE)
		client_phase(r, c, l.s);
	row = find_row(c, &l, level, h);
	if (row != NULL)
		row->act(r, c, &l, h, row->arg);
	else if (level == 0)
		client_printed(r, c, &l);
}

/* Without -v nothing says yet whether a line is of the login's ssh or of one that carries it. */
static bool
hold(struct ssh_client *c, const struct line *l)
{
	if (c->nheld == HELD_LINES)
		return false;
	text_copy(c->held[c->nheld].s, HELD_LEN, l->s);
	c->held[c->nheld].number = l->number;
	c->held[c->nheld++].cr = l->cr;
	return true;
}

/* The words of a proxy whose command is not shown. */
static void
learn_plain_proxy(struct recogniser *r, struct ssh_client *c)
{
	bool jump = false, proxy = false;

	for (int i = 0; i < c->nheld; i++) {
		proxy = proxy || strstr(c->held[i].s, "UNKNOWN port 65535") != NULL;
		jump = jump || strstr(c->held[i].s, "stdio forwarding failed") != NULL ||
		       strstr(c->held[i].s, ": Permission denied (") != NULL ||
		       strncmp(c->held[i].s, "ssh: ", 5) == 0;
	}
	if (!proxy)
		return;
	c->proxy = true;
	c->jump = jump;
	c->versions = 1;
	CLIENT_EV(ev, EV_CONFIG_VALUE);
	ev_str(&ev, K_NAME, jump ? "proxyjump" : "proxycommand");
	ev_str(&ev, K_VALUE, "(not shown)");
	client_say(r, &ev);
}

static void
release(struct recogniser *r, struct ssh_client *c, bool use)
{
	int n = c->nheld;

	if (use)
		learn_plain_proxy(r, c);
	c->nheld = 0;
	for (int i = 0; i < n; i++) {
		struct line l = { .s = c->held[i].s,
			.len = strlen(c->held[i].s),
			.number = c->held[i].number,
			.cr = c->held[i].cr };

		/* Said of the command line, before the first line of -v. */
		if (use || line_begins(&l, "Warning: Identity file "))
			line_of_login(r, c, l, 0);
		else
			recognise_other(r, &l, "an earlier login");
	}
}

static void
new_process(struct recogniser *r, struct ssh_client *c)
{
	release(r, c, false); /* what was tried without -v, before it was tried with it */
	c->verbose = true;
	c->versions++;
	if (c->versions > 1 && !c->proxy)
		c->second = true;
	client_stage(r, c, STAGE_CONFIG);
}

/* What ssh prints into the middle of a line that a command has not ended. */
static const char *
debug_within(const struct line *l)
{
	const char *at = l->s + 1;

	while (l->len > 8 && (at = strstr(at, "debug")) != NULL) {
		if (at[5] >= '1' && at[5] <= '3' && at[6] == ':' && at[7] == ' ')
			return at;
		at++;
	}
	return NULL;
}

static void
one_line(struct recogniser *r, struct ssh_client *c, struct line l)
{
	int level = level_of(&l);

	c->began = true;
	if (is_version(&l)) {
		new_process(r, c);
		return;
	}
	if (level > 0) {
		if (!c->verbose)
			release(r, c, false);
		c->verbose = true;
		c->crs |= l.cr;
	} else if (!c->verbose && hold(c, &l)) {
		return;
	}
	if (!c->verbose)
		release(r, c, true);
	if (c->second) {
		struct hole h[HOLES];

		if (level == 0 && find_row(c, &l, level, h) != NULL)
			recognise_other(r, &l, "a later login");
		return;
	}
	line_of_login(r, c, l, level);
}

static enum claim
client_claims(const struct recogniser *r, const void *state, const struct line *l)
{
	const struct ssh_client *c = state;
	struct hole h[HOLES];
	int64_t us;
	struct line bare = behind_lead(l, &us);
	int level = level_of(&bare);

	(void)r;
	if (is_version(&bare))
		return CLAIM_CERTAIN;
	if (level > 0)
		return line_begins(&bare, "sshd version ") ? CLAIM_NONE : CLAIM_MAYBE;
	if (line_holds(&bare, "sshd_config"))
		return CLAIM_NONE; /* the server's words about its file are alike */
	if (bare.len > 0 && find_row(c, &bare, 0, h) != NULL)
		return CLAIM_MAYBE;
	return c->began && bare.len > 0 ? CLAIM_PART : CLAIM_NONE;
}

/*
 * A text that was copied from a terminal has its lines broken at the terminal's width: a line of ssh
 * as wide as the widest, and then one that begins like none of ssh's.
 */
static bool
goes_on(const struct ssh_client *c, const struct line *bare)
{
	struct line l = *bare;
	struct hole h[HOLES];

	return c->broken[0] != '\0' && c->widest <= WIDTH_MAX && level_of(&l) == 0 && l.len > 0 &&
	       !is_version(&l) && find_row(c, &l, 0, h) == NULL;
}

static void
flush_broken(struct recogniser *r, struct ssh_client *c)
{
	char text[PRINTED_LEN];
	struct line l = { .s = text, .len = strlen(c->broken) };

	if (l.len == 0)
		return;
	memcpy(text, c->broken, l.len + 1);
	c->broken[0] = '\0';
	one_line(r, c, l);
}

/* Whether the line may have been broken: it waits for the next one. */
static bool
keep_broken(struct ssh_client *c, const struct line *l, const struct line *bare)
{
	struct line plain = *bare;

	if (l->len > c->widest)
		c->widest = l->len;
	if (l->cr || l->len != c->widest || l->len < 60 || c->widest > WIDTH_MAX ||
	    (level_of(&plain) == 0 && !c->verbose))
		return false;
	text_copy(c->broken, sizeof c->broken, bare->s);
	return true;
}

/* When a line of a login that was watched came, or -1: then nothing can be timed across it. */
static int64_t
arrival(struct recogniser *r, struct ssh_client *c)
{
	bool paused;
	int64_t us = recognise_arrival(r, &paused);

	if (paused || us < 0)
		client_untimed(c);
	return us;
}

static bool
client_take(struct recogniser *r, void *state, const struct line *l)
{
	struct ssh_client *c = state;
	struct hole h[HOLES];
	int64_t us;
	struct line bare = behind_lead(l, &us), head;
	const char *within;

	if (!recognise_options(r)->client) {
		if (level_of(&bare) > 0 || find_row(c, &bare, 0, h) == NULL)
			return false;
		recognise_other(r, l, "another login");
		return true;
	}
	if (goes_on(c, &bare)) {
		size_t at = strlen(c->broken);

		text_copy(c->broken + at, sizeof c->broken - at, bare.s);
		if (l->len == c->widest)
			return true;
		flush_broken(r, c);
		return true;
	}
	flush_broken(r, c);
	if (recognise_options(r)->own)
		us = arrival(r, c);
	if (us >= 0)
		client_tick(c, us);
	c->t.seen = us >= 0;
	if (!line_begins(&bare, "debug") && (within = debug_within(&bare)) != NULL) {
		char text[TEXT_LEN];

		head = bare;
		head.len = (size_t)(within - bare.s);
		bare.s = within;
		bare.len -= head.len;
		head.len = head.len < sizeof text - 1 ? head.len : sizeof text - 1;
		memcpy(text, head.s, head.len);
		text[head.len] = '\0';
		head.s = text;
		head.cr = false;
		one_line(r, c, head);
	}
	if (!keep_broken(c, l, &bare))
		one_line(r, c, bare);
	return true;
}

static void
client_end(struct recogniser *r, void *state, bool another)
{
	struct ssh_client *c = state;

	if (another || c->ended || !c->began || !recognise_options(r)->client)
		return;
	c->ended = true;
	flush_broken(r, c);
	release(r, c, true);
	client_end_transport(r, c);
	client_end_auth(r, c);
	client_end_session(r, c);
}

const struct reader reader_ssh_client = { "ssh", sizeof(struct ssh_client), client_claims,
	client_take, client_end };
