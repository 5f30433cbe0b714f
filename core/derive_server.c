/*
 * What texts from elsewhere come to for this case: which of them are about this host and user, which
 * may prove something, and the facts and slots that follow. design.md, section 4: text proves only
 * what is tied to this case; text about another host or user is not used. Part of derive(), after the
 * client's own facts.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "diag_internal.h"
#include "fpmask.h"
#include "told.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

enum {
	RECENT_S = 3600, /* a collector's run speaks of now for so long */
	LOGIN_S = 900    /* a line of a log belongs to this login within so long of it */
};

static bool
has(const struct diag *d, enum fact f)
{
	return fact_has(&d->facts, f);
}

bool
fact_proves(const struct diag *d, enum fact f)
{
	if (f == F_NO_CLIENT_VIEW || f == F_TEXT_ONLY || f == F_STARTED || f == F_ENDED)
		return true;
	if (fact_has(&d->told_facts, f))
		return fact_has(&d->tied_facts, f);
	return !d->pasted || has(d, F_NO_CLIENT_VIEW);
}

static void
say(struct diag *d, enum fact f, const uint32_t *ev)
{
	fact_add(&d->facts, f);
	for (int i = 0; ev != NULL && i < DIAG_EV; i++)
		fact_note(d, f, ev[i]);
}

static void
say_told(struct diag *d, enum fact f, const uint32_t *ev, bool tied)
{
	say(d, f, ev);
	fact_add(&d->told_facts, f);
	if (tied)
		fact_add(&d->tied_facts, f);
}

/* The first that comes stays: rows are read in their order of weight. */
static void
put(struct diag *d, int slot, const char *text)
{
	if (slot >= 0 && text[0] != '\0' && slot_stored(d, (enum slot)slot)[0] == '\0')
		slot_fill(d, (enum slot)slot, text);
}

/* The same for a slot that a statement fills: it keeps the row, not the words. */
static void
put_told(struct diag *d, int slot, const struct diag_told *row, enum told_part part)
{
	const char *text = part == PART_TEXT   ? row->text
			   : part == PART_PATH ? row->path
					       : row->number;

	if (slot < SLOT__STORED) {
		put(d, slot, text);
	} else if (text[0] != '\0' && d->slot_told[slot - SLOT__STORED] == 0) {
		d->slot_told[slot - SLOT__STORED] =
		    (uint8_t)(1 + DIAG_PARTS * (row - d->told) + (int)part);
	}
}

/* ---- texts ---------------------------------------------------------------------------- */

static bool
addr_listed(const struct diag *d, const char *list)
{
	for (int i = 0; i < d->naddrs; i++)
		if (text_list_has(list, d->addrs[i].addr))
			return true;
	return false;
}

/* Whether input, as somebody typed a target, names that host: "user@host:port", "host". */
static bool
names_host(const char *input, const char *host)
{
	const char *at = strrchr(input, '@');
	size_t n = strlen(host);

	if (at != NULL)
		input = at + 1;
	return n > 0 && strncasecmp(input, host, n) == 0 &&
	       (input[n] == '\0' || (input[n] == ':' && strchr(host, ':') == NULL));
}

static bool
same_host(const struct diag *d, const struct diag_text *t)
{
	const char *const names[] = { slot_stored(d, SLOT_HOST), slot_stored(d, SLOT_HOSTNAME) };

	if (names[0][0] == '\0' && d->naddrs == 0)
		return true; /* the text itself says what the case is */
	if (addr_listed(d, t->addrs))
		return true;
	for (size_t i = 0; i < COUNT(names); i++)
		if (names_host(t->input, names[i]) || names_host(t->host, names[i]))
			return true;
	return false;
}

/*
 * Whether a run was made on the machine that answers here: by its host key where one was seen, else by its
 * addresses. The name alone may have been typed on another console.
 */
static bool
is_server(const struct diag *d, const struct diag_text *t)
{
	const char *seen = slot_stored(d, SLOT_HOSTKEY_FP);

	if (seen[0] != '\0' && t->prints[0] != '\0')
		return fpmask_list_has(t->prints, seen);
	return d->naddrs == 0 || addr_listed(d, t->addrs);
}

static bool
within(int64_t a, int64_t b, int64_t seconds)
{
	return a > 0 && b > 0 && a - b <= seconds && b - a <= seconds;
}

static void
judge_text(struct diag *d, struct diag_text *t)
{
	bool same = same_host(d, t);
	const char *user = slot_stored(d, SLOT_USER);

	t->other_host = t->collector && !same;
	t->other_user = t->user[0] != '\0' && user[0] != '\0' && strcmp(t->user, user) != 0;
	t->tied =
	    t->collector && t->whole && same && is_server(d, t) && within(t->now, d->now, RECENT_S);
}

static const struct diag_text *
text_of(const struct diag *d, const struct diag_told *row)
{
	for (int i = 0; i < d->ntexts; i++)
		if (d->texts[i].clock == row->clock)
			return &d->texts[i];
	return NULL;
}

/* ---- rows --------------------------------------------------------------------------------- */

/* Which login of a log is the case: ours by its source port, else the latest. */
struct choice {
	const struct diag_told *ours, *latest;
};

static bool
our_port(const struct diag *d, const struct diag_told *row)
{
	for (int i = 0; i < d->nports; i++)
		if (d->ports[i] == row->port)
			return true;
	return false;
}

static bool
other_user(const struct diag *d, const struct diag_told *row)
{
	const char *user = slot_stored(d, SLOT_USER);

	return row->user[0] != '\0' && user[0] != '\0' && strcmp(row->user, user) != 0;
}

static bool
later(const struct diag_told *a, const struct diag_told *b)
{
	if (a->time != b->time)
		return a->time > b->time;
	if (a->clock != b->clock)
		return a->clock > b->clock;
	return a->session > b->session;
}

static struct choice
choose_login(const struct diag *d)
{
	const struct diag_told *named = NULL;
	struct choice c = { NULL, NULL };

	for (int i = 0; i < d->ntold; i++) {
		const struct diag_told *row = &d->told[i];

		if (told_info((enum told)row->what)->scope != SCOPE_LOGIN || other_user(d, row))
			continue;
		if (our_port(d, row) && (c.ours == NULL || later(row, c.ours)))
			c.ours = row;
		if (row->user[0] != '\0' && (named == NULL || later(row, named)))
			named = row;
		if (c.latest == NULL || later(row, c.latest))
			c.latest = row;
	}
	/* Connections without a user are scanners' above all: they are this case only where it ended as early. */
	if (named != NULL && (d->nclient == 0 || has(d, F_METHODS)))
		c.latest = named;
	return c;
}

/* Whether an address that a row names is the client's: by a text's word for it, else by our own socket. */
static bool
is_client(const struct diag *d, const char *addr)
{
	for (int i = 0; i < d->ntexts; i++)
		if (!d->texts[i].other_host && strcmp(d->texts[i].client, addr) == 0)
			return true;
	return strcmp(slot_stored(d, SLOT_LOCAL), addr) == 0;
}

static bool
usable(const struct diag *d, const struct diag_told *row, const struct choice *c)
{
	const struct diag_text *t = text_of(d, row);
	enum told_scope scope = told_info((enum told)row->what)->scope;

	if (t != NULL && t->other_host)
		return false;
	if (scope == SCOPE_SERVER)
		return true;
	if (other_user(d, row))
		return false;
	/* A log bans many, scanners above all. The collector names the client's ban alone. */
	if (row->what == TOLD_BANNED && row->addr[0] != '\0' && !is_client(d, row->addr))
		return false;
	if (scope != SCOPE_LOGIN)
		return t == NULL || !t->other_user;
	/* A line of our login that names no port is used, and proves nothing. */
	if (c->ours != NULL)
		return our_port(d, row) || (row->port == 0 && row->clock == c->ours->clock &&
					       row->session == c->ours->session);
	return c->latest != NULL && row->clock == c->latest->clock &&
	       row->session == c->latest->session;
}

bool
config_is_newer(const struct diag *d)
{
	for (int i = 0; i < d->ntold; i++) {
		const struct diag_text *t = text_of(d, &d->told[i]);

		if (d->told[i].what == TOLD_CONFIG_NEWER && (t == NULL || !t->other_host))
			return true;
	}
	return false;
}

/* What sshd -T says is so for a server that has read the files as they are now. */
static bool
is_of_running(const struct diag *d, const struct diag_told *row)
{
	static const enum told by_config[] = { TOLD_SETTING, TOLD_DENIED_BY_CONFIG, TOLD_KEYS_ALL,
		TOLD_KEY_ABSENT, TOLD_ACCOUNT_LOCKED };

	for (size_t i = 0; i < COUNT(by_config); i++)
		if (row->what == by_config[i])
			return !config_is_newer(d);
	return row->what != TOLD_KEY_LISTED || strcmp(row->mode, "unused") != 0 ||
	       !config_is_newer(d);
}

static bool
tied(const struct diag *d, const struct diag_told *row)
{
	const struct diag_text *t = text_of(d, row);
	bool run = t != NULL && t->tied;
	bool user = run && t->user[0] != '\0' && !t->other_user;

	/* A reader that could not follow all of its text says so. */
	if (strcmp(row->mode, "unsure") == 0 || !is_of_running(d, row))
		return false;
	switch (told_info((enum told)row->what)->scope) {
	case SCOPE_SERVER: return run;
	case SCOPE_USER: return user;
	case SCOPE_ADDR: return user && !t->assumed;
	case SCOPE_LOGIN: return our_port(d, row) && (run || within(row->time, d->now, LOGIN_S));
	}
	return false;
}

/* ---- listening sockets ------------------------------------------------------------------------ */

static bool
is_any(const char *addr)
{
	return strcmp(addr, "*") == 0 || strcmp(addr, "0.0.0.0") == 0 || strcmp(addr, "::") == 0;
}

static bool
is_loopback(const char *addr)
{
	return strncmp(addr, "127.", 4) == 0 || strcmp(addr, "::1") == 0;
}

/* Whether a socket on addr takes connections to the address that was tried. */
static bool
covers(const struct diag *d, const struct diag_told *row)
{
	const char *tried = slot_stored(d, SLOT_ADDR);
	const struct diag_text *t = text_of(d, row);
	bool v6 = strchr(tried, ':') != NULL;

	if (strcmp(row->addr, "*") == 0 || strcmp(row->addr, tried) == 0)
		return true;
	/* Without an address that is the server's own: any that can be reached from outside. */
	if (tried[0] == '\0' || (t != NULL && t->addrs[0] != '\0' && !is_loopback(tried) &&
				    !text_list_has(t->addrs, tried)))
		return !is_loopback(row->addr);
	return is_any(row->addr) && (strchr(row->addr, ':') != NULL) == v6;
}

/* systemd holds the socket of a server that is started on demand. */
static bool
is_ssh_program(const char *program)
{
	static const char *const names[] = { "ssh", "dropbear", "systemd", "xinetd", "inetd" };

	for (size_t i = 0; i < COUNT(names); i++)
		if (strstr(program, names[i]) != NULL)
			return true;
	return program[0] == '\0';
}

static void
put_listener(struct diag *d, const struct diag_told *row)
{
	char text[96];

	snprintf(text, sizeof text, "%s port %" PRId64, row->addr, row->port);
	put(d, SLOT_LISTEN_AT, text);
}

/* Which process it is, and its unit, for a command that ends it. */
static void
put_holder(struct diag *d, const struct diag_told *listener)
{
	for (int i = 0; i < d->ntold; i++) {
		const struct diag_told *row = &d->told[i];

		if (row->what != TOLD_PORT_HOLDER || row->clock != listener->clock ||
		    row->port != listener->port)
			continue;
		put_told(d, SLOT_HOLDER, row, PART_TEXT);
		put_told(d, SLOT_HOLDER_UNIT, row, PART_PATH);
		put_told(d, SLOT_HOLDER_PID, row, PART_LINE);
		return;
	}
}

static int64_t
wanted_port(const struct diag *d)
{
	int64_t port = 0;

	for (const char *p = slot_stored(d, SLOT_PORT); *p >= '0' && *p <= '9' && port < 65536; p++)
		port = port * 10 + (*p - '0');
	return port > 0 ? port : 22;
}

/*
 * Whether sshd's configuration names the port, and a socket unit listens on another one, as where systemd was
 * not told of a new Port. The list of sockets is whole, and none takes connections to the port.
 */
static void
derive_socket_unit(struct diag *d, const struct choice *c, const struct diag_told *all)
{
	const struct diag_told *unit = NULL, *held = NULL, *port = NULL;

	for (int i = 0; i < d->ntold; i++) {
		const struct diag_told *row = &d->told[i];

		if (!usable(d, row, c))
			continue;
		if (row->what == TOLD_UNIT && strcmp(row->mode, "active") == 0 &&
		    strstr(row->text, ".socket") != NULL)
			unit = row;
		if (row->what == TOLD_LISTENER && strncmp(row->text, "systemd", 7) == 0)
			held = row;
		if (row->what == TOLD_SETTING && strcmp(row->path, "port") == 0 &&
		    strtoll(row->text, NULL, 10) == wanted_port(d))
			port = row;
	}
	if (unit == NULL || held == NULL || port == NULL)
		return;
	say_told(d, F_SRV_SOCKET_PORT, held->ev,
	    tied(d, all) && tied(d, unit) && tied(d, held) && tied(d, port));
	put_listener(d, held);
}

static void
derive_listeners(struct diag *d, const struct choice *c)
{
	const struct diag_told *all = NULL, *here = NULL, *elsewhere = NULL;

	for (int i = 0; i < d->ntold; i++) {
		const struct diag_told *row = &d->told[i];

		if (!usable(d, row, c))
			continue;
		if (row->what == TOLD_LISTENERS_ALL)
			all = row;
		if (row->what != TOLD_LISTENER || row->port != wanted_port(d))
			continue;
		if (!covers(d, row))
			elsewhere = elsewhere == NULL ? row : elsewhere;
		else if (here == NULL)
			here = row;
	}
	if (here != NULL && is_ssh_program(here->text)) {
		say_told(d, F_SRV_LISTENS, here->ev, tied(d, here));
	} else if (here != NULL) {
		say_told(d, F_SRV_PORT_OTHERS, here->ev, tied(d, here));
		put(d, SLOT_TAKEN_BY, here->text);
		put_holder(d, here);
	} else if (all != NULL && elsewhere != NULL) {
		say_told(d, F_SRV_LISTEN_ELSEWHERE, elsewhere->ev, tied(d, all));
		put_listener(d, elsewhere);
	} else if (all != NULL) {
		say_told(d, F_SRV_NO_LISTENER, all->ev, tied(d, all));
		derive_socket_unit(d, c, all);
	}
}

/* ---- the account's keys, and settings ------------------------------------------------------------ */

/* Whether the key is one that ssh has for this login. */
static bool
is_ours(const struct diag *d, const char *fp)
{
	for (int i = 0; i < d->nkeys; i++)
		if (strcmp(d->keys[i].fp, fp) == 0 &&
		    (d->keys[i].asked || d->keys[i].config || d->keys[i].in_agent))
			return true;
	return false;
}

static bool
is_used(const struct diag_key *k)
{
	return k->fp[0] != '\0' && (k->asked || k->config);
}

static bool
have_keys(const struct diag *d)
{
	for (int i = 0; i < d->nkeys; i++)
		if (is_used(&d->keys[i]))
			return true;
	return false;
}

/* A row that says so of a key, of files too long to be told. */
static const struct diag_told *
absent(const struct diag *d, const struct choice *c, const char *fp)
{
	for (int i = 0; i < d->ntold; i++)
		if (d->told[i].what == TOLD_KEY_ABSENT && usable(d, &d->told[i], c) &&
		    strcmp(d->told[i].text, fp) == 0)
			return &d->told[i];
	return NULL;
}

/* The same of each key that ssh has for this login: the row of the last, NULL where one may be listed. */
static const struct diag_told *
all_absent(const struct diag *d, const struct choice *c)
{
	const struct diag_told *row = NULL;

	for (int i = 0; i < d->nkeys; i++)
		if (is_used(&d->keys[i]) && (row = absent(d, c, d->keys[i].fp)) == NULL)
			return NULL;
	return row;
}

static void
derive_listed_keys(struct diag *d, const struct choice *c)
{
	const struct diag_told *all = NULL;

	for (int i = 0; i < d->ntold; i++) {
		const struct diag_told *row = &d->told[i];

		if (!usable(d, row, c))
			continue;
		if (row->what == TOLD_KEYS_ALL)
			all = row;
		if (row->what != TOLD_KEY_LISTED || !is_ours(d, row->text))
			continue;
		/* mode "unused": the file is not one that sshd is told to read */
		say_told(d,
		    strcmp(row->mode, "unused") == 0 ? F_SRV_KEYS_ELSEWHERE : F_SRV_KEY_LISTED,
		    row->ev, tied(d, row));
		put(d, SLOT_KEYS_THERE, row->path);
	}
	if (all == NULL)
		all = all_absent(d, c);
	if (all != NULL && have_keys(d) && !has(d, F_SRV_KEY_LISTED))
		say_told(d, F_SRV_KEY_NOT_LISTED, all->ev, tied(d, all));
}

/* A setting of sshd -T, a value of it ("" for any but "none" and "no"), and what it means. */
static const struct {
	const char *name, *value;
	enum fact fact;
	int slot;
} settings[] = {
	{ "pubkeyauthentication", "no", F_SRV_PUBKEY_OFF, -1 },
	{ "usedns", "yes", F_SRV_USEDNS, -1 },
	{ "forcecommand", "", F_SRV_FORCED, SLOT_FORCED },
	{ "authorizedkeysfile", "", F_NONE, SLOT_KEYS_FILES },
};

/* Whether the server's list of algorithms (its kinds, cut to 19 letters) has none for a key that it refused. */
static void
derive_algorithms(struct diag *d, const struct diag_told *row)
{
	static const struct {
		const char *type, *algorithms[4];
	} kinds[] = {
		{ "ssh-ed25519", { "ssh-ed25519" } },
		{ "ecdsa-sha2-nistp256", { "ecdsa-sha2-nistp256" } },
		{ "ecdsa-sha2-nistp384", { "ecdsa-sha2-nistp384" } },
		{ "ecdsa-sha2-nistp521", { "ecdsa-sha2-nistp521" } },
		{ "ssh-rsa", { "rsa-sha2-512", "rsa-sha2-256", "ssh-rsa" } },
	};
	int refused = 0, without = 0;

	for (int i = 0; i < d->nkeys; i++) {
		const struct diag_key *k = &d->keys[i];

		if (!k->listed || !k->refused || k->accepted || k->cert)
			continue;
		refused++;
		for (size_t j = 0; j < COUNT(kinds); j++) {
			bool any = false;

			if (strcmp(k->type, kinds[j].type) != 0)
				continue;
			for (size_t n = 0;
			     n < COUNT(kinds[j].algorithms) && kinds[j].algorithms[n] != NULL; n++)
				any = any || text_list_has(row->text, kinds[j].algorithms[n]);
			without += !any;
			if (!any)
				put(d, SLOT_SIGALG, k->type);
		}
	}
	/* Only where it is so of each of them: else another refusal is left unexplained. */
	if (refused > 0 && without == refused)
		say_told(d, F_SRV_SIGALG, row->ev, tied(d, row));
	else
		slot_empty(d, SLOT_SIGALG);
}

static void
derive_setting(struct diag *d, const struct diag_told *row)
{
	if (strcmp(row->path, "pubkeyacceptedalgorithms") == 0 && !has(d, F_SRV_SIGALG))
		derive_algorithms(d, row);
	if (strcmp(row->path, "permitrootlogin") == 0 && strcmp(row->text, "no") == 0 &&
	    has(d, F_USER_ROOT))
		say_told(d, F_SRV_ROOT_REFUSED, row->ev, tied(d, row));
	for (size_t i = 0; i < COUNT(settings); i++) {
		if (strcmp(row->path, settings[i].name) != 0)
			continue;
		if (settings[i].value[0] != '\0' ? strcmp(row->text, settings[i].value) != 0
						 : strcmp(row->text, "none") == 0)
			continue;
		put(d, settings[i].slot, row->text);
		if (settings[i].fact != F_NONE)
			say_told(d, settings[i].fact, row->ev, tied(d, row));
	}
}

/* Both kinds of iptables have a chain of that name: the first that refuses goes with its own program. */
static void
put_rule_of(struct diag *d, enum slot slot, const struct diag_told *row)
{
	char program[32];
	size_t n = strcspn(row->text, " ");

	put(d, slot, row->path);
	if (slot != SLOT_FW_IPTABLES || n >= sizeof program)
		return;
	memcpy(program, row->text, n);
	program[n] = '\0';
	put(d, SLOT_FW_IPTABLES_BY, program);
}

/* Which program's rule it is, and the words by which that program names its place. */
static void
put_firewall(struct diag *d, const struct diag_told *row)
{
	static const struct {
		const char *begins;
		enum slot slot;
	} programs[] = {
		{ "nft ", SLOT_FW_NFT },
		{ "iptables ", SLOT_FW_IPTABLES },
		{ "iptables-legacy ", SLOT_FW_IPTABLES },
		{ "ufw", SLOT_FW_UFW },
		{ "firewalld ", SLOT_FW_ZONE },
	};
	static const char plain[] =
	    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_- ";

	/* These words go into a command as they are. */
	if (row->path[strspn(row->path, plain)] != '\0')
		return;
	for (size_t i = 0; i < COUNT(programs); i++)
		if (strncmp(row->text, programs[i].begins, strlen(programs[i].begins)) == 0)
			put_rule_of(d, programs[i].slot, row);
}

/* The client's address as the server sees it: by the collector's run, else our own. */
static void
put_seen_from(struct diag *d)
{
	for (int i = 0; i < d->ntexts; i++)
		if (!d->texts[i].other_host && !d->texts[i].assumed)
			put(d, SLOT_SEEN_FROM, d->texts[i].client);
	put(d, SLOT_SEEN_FROM, slot_stored(d, SLOT_LOCAL));
}

/* A socket that holds the port stands for the service that it starts. */
static void
put_unit(struct diag *d, const char *unit)
{
	size_t n = strcspn(unit, ".");
	char service[64];

	put(d, SLOT_UNIT, unit);
	if (n < sizeof service) {
		memcpy(service, unit, n);
		service[n] = '\0';
		put(d, SLOT_SERVICE, service);
	}
}

/* The file that a key can be put into: one that is there goes before one that is not. */
static void
put_keys_file(struct diag *d, const struct diag_told *row)
{
	enum slot slot = row->text[0] != '\0' ? SLOT_KEYS_HOME : SLOT_KEYS_SYSTEM;
	bool there = strcmp(row->mode, "ok") == 0;

	if (!there && strcmp(row->mode, "missing") != 0)
		return;
	if (there)
		d->slot_told[slot - SLOT__STORED] = 0;
	put_told(d, slot, row, PART_PATH);
}

/* Where the key's line with from= stands, and its fingerprint, by which a command knows the line again. */
static void
put_source(struct diag *d, const struct diag_told *from)
{
	for (int i = 0; i < d->ntold; i++) {
		const struct diag_told *row = &d->told[i];

		if (row->what != TOLD_KEY_LISTED || row->clock != from->clock || from->line == 0 ||
		    row->line != from->line || strcmp(row->path, from->path) != 0)
			continue;
		put_told(d, SLOT_SOURCE_PATH, from, PART_PATH);
		put_told(d, SLOT_SOURCE_LINE, from, PART_LINE);
		put_told(d, SLOT_SOURCE_FP, row, PART_TEXT);
		return;
	}
}

static void
derive_row(struct diag *d, const struct diag_told *row)
{
	const struct told_info *info = told_info((enum told)row->what);

	if (info->fact != F_NONE)
		say_told(d, info->fact, row->ev, tied(d, row));
	put_told(d, info->text_slot, row, PART_TEXT);
	put_told(d, info->path_slot, row, PART_PATH);
	put_told(d, info->line_slot, row, PART_LINE);
	if (info->path_slot == SLOT_MODES_PATH &&
	    strcmp(row->path, slot_text(d, SLOT_MODES_PATH)) == 0)
		put(d, SLOT_MODES_MODE, row->mode);
	if (row->what == TOLD_FW_DROP || row->what == TOLD_FW_REJECT)
		put_firewall(d, row);
	if (row->what == TOLD_UNIT)
		put_unit(d, row->text);
	if (row->what == TOLD_PATH_BAD && strcmp(row->path, slot_text(d, SLOT_MODES_PATH)) == 0) {
		put_told(d, SLOT_OWNER, row, PART_TEXT);
		put_told(d, row->text[0] != '\0' ? SLOT_OWNER_PATH : -1, row, PART_PATH);
	}
	if (row->what == TOLD_KEYS_FILE)
		put_keys_file(d, row);
	if (row->what == TOLD_KEY_FROM)
		put_source(d, row);
	if (row->what == TOLD_SETTING)
		derive_setting(d, row);
}

/*
 * The line of the configuration to be edited, by what is wrong: which rule keeps the account out, which kind
 * of key is refused. SHA-1 is not added to a list.
 */
static void
derive_setting_lines(struct diag *d, const struct choice *c)
{
	const char *rule = slot_text(d, SLOT_DENY_RULE), *sigalg = slot_stored(d, SLOT_SIGALG);
	bool safe =
	    sigalg[0] != '\0' && strcmp(sigalg, "ssh-rsa") != 0 && strcmp(sigalg, "ssh-dss") != 0;

	for (int i = 0; i < d->ntold; i++) {
		const struct diag_told *row = &d->told[i];
		bool deny = strncmp(row->mode, "deny", 4) == 0;

		if (row->what != TOLD_SETTING_LINE || !usable(d, row, c))
			continue;
		if (strcasecmp(row->mode, rule) == 0) {
			put_told(d, deny ? SLOT_DENY_FILE : SLOT_ALLOW_FILE, row, PART_PATH);
			put_told(d, deny ? SLOT_DENY_LINE : SLOT_ALLOW_LINE, row, PART_LINE);
			put_told(d, deny ? SLOT_DENY_WORD : SLOT_ALLOW_WORD, row, PART_TEXT);
		} else if (strcmp(row->mode, "sigalgs") == 0 && safe) {
			put_told(d, SLOT_SIGALG_FILE, row, PART_PATH);
			put_told(d, SLOT_SIGALG_LINE, row, PART_LINE);
		}
	}
}

/* ---- the client's side of it --------------------------------------------------------------------- */

/* What the client saw that a cause on the server may explain. */
static void
derive_symptoms(struct diag *d)
{
	static const struct {
		enum fact may;
		enum fact any[8];
		enum fact none[3];
	} rows[] = {
		{ F_MAY_REFUSED, { F_TCP_REFUSED_RST, F_TCP_REFUSED_ICMP }, { F_NONE } },
		{ F_MAY_TIMEOUT, { F_TCP_TIMEOUT, F_TCP_SILENT }, { F_NONE } },
		{ F_MAY_CLOSED,
		    { F_BANNER_EOF, F_BANNER_TEXT, F_BANNER_MAXSTARTUPS, F_BANNER_NOT_ALLOWED },
		    { F_IDENT } },
		{ F_MAY_KEX,
		    { F_KEX_CLOSED, F_KEX_NO_ALG, F_KEX_NO_HOSTKEY, F_KEX_ERROR, F_KEX_STALL },
		    { F_KEX_DONE } },
		{ F_MAY_DENIED,
		    { F_AUTH_EXHAUSTED, F_LOGIN_DENIED, F_LOGIN_CLOSED, F_AUTH_CLOSED,
			F_AUTH_DISCONNECT, F_AUTH_TOO_MANY, F_PROOF_FAILED_AUTH },
		    { F_LOGIN_OK, F_PROOF_OK } },
		{ F_MAY_SESSION,
		    { F_NONCE_ABSENT, F_EXEC_REFUSED, F_CHANNEL_REFUSED, F_SESSION_LOST,
			F_SHELL_ENDED, F_SHELL_REFUSED, F_PROOF_FAILED_SESSION },
		    { F_NONE } },
	};

	if (d->nclient == 0 && d->ntold > 0)
		say(d, F_NO_CLIENT_VIEW, NULL);
	for (size_t i = 0; i < COUNT(rows); i++) {
		bool holds = has(d, F_NO_CLIENT_VIEW);

		for (size_t j = 0; j < COUNT(rows[i].any) && rows[i].any[j] != F_NONE; j++)
			holds = holds || has(d, rows[i].any[j]);
		for (size_t j = 0; j < COUNT(rows[i].none) && rows[i].none[j] != F_NONE; j++)
			holds = holds && !has(d, rows[i].none[j]);
		if (holds)
			say(d, rows[i].may, NULL);
	}
}

/* Slots that only texts fill are emptied before: what is usable may have changed. All that told.def names is here. */
static void
empty_slots(struct diag *d)
{
	static const enum slot own[] = { SLOT_LISTEN_AT, SLOT_TAKEN_BY, SLOT_UNIT, SLOT_MODES_MODE,
		SLOT_KEYS_FILES, SLOT_KEYS_THERE, SLOT_FORCED, SLOT_FW_NFT, SLOT_FW_IPTABLES,
		SLOT_FW_IPTABLES_BY, SLOT_FW_UFW, SLOT_FW_ZONE, SLOT_SEEN_FROM, SLOT_SERVICE,
		SLOT_SIGALG };

	for (size_t i = 0; i < COUNT(own); i++)
		slot_empty(d, own[i]);
	memset(d->slot_told, 0, sizeof d->slot_told);
}

/* Beside its slot, which judges the rows: that of another login must not count as somebody else's. */
static void
put_login_user(struct diag *d, const struct choice *c)
{
	const struct diag_told *row = c->ours != NULL ? c->ours : c->latest;

	text_copy(d->login_user, sizeof d->login_user, row != NULL ? row->user : "");
}

void
derive_server(struct diag *d)
{
	struct choice c;

	memset(&d->told_facts, 0, sizeof d->told_facts);
	memset(&d->tied_facts, 0, sizeof d->tied_facts);
	empty_slots(d);
	for (int i = 0; i < d->ntexts; i++)
		judge_text(d, &d->texts[i]);
	c = choose_login(d);
	put_login_user(d, &c);
	for (int i = 0; i < d->ntold; i++)
		if (usable(d, &d->told[i], &c))
			derive_row(d, &d->told[i]);
	derive_listeners(d, &c);
	derive_listed_keys(d, &c);
	derive_setting_lines(d, &c);
	derive_symptoms(d);
	put_seen_from(d);
}
