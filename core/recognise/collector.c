/*
 * Reads what the collector's script prints (core/collector.sh): the frame around each line, what the
 * script itself found out, and, as texts within this one, what commands printed, each bound to the reader of
 * its kind. The run's identity goes into text.source. Called by the recogniser.
 */
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

#include "logline.h"
#include "readers.h"
#include "ruleset.h"

enum {
	MARKER_LEN = 20, /* "smc-" and 16 hex digits */
	NAME_LEN = 16,
	TEXT_LEN = 256,
	PATHS_MAX = 40,
	FILES_MAX = 6,
	LISTED_MAX = 10,
	ASKED_MAX = 10,
	PRINT_LEN = 64, /* of a fingerprint */
	SLOW_MS = 1000  /* of a look-up that a login waits for */
};

/* A directory or file on the way to a user's keys. */
struct path {
	char name[TEXT_LEN];
	unsigned mode;
	char type;
	int64_t uid, gid;
};

/* A file of AuthorizedKeysFile, and the first thing on the way to it that StrictModes refuses. */
struct keysfile {
	char name[TEXT_LEN], bad[TEXT_LEN], mode[NAME_LEN], owner[NAME_LEN];
	bool missing, unreadable, read, unused; /* unused: sshd is told to look elsewhere */
	int64_t keys;
	char bad_lines[64]; /* numbers of lines that are no key */
};

/* Settings whose line is told, so that a command can edit it. */
enum { SET_ALLOW_USERS, SET_ALLOW_GROUPS, SET_DENY_USERS, SET_DENY_GROUPS, SET_SIGALGS, SET_LINES };

struct setting_line {
	char path[TEXT_LEN];
	int64_t line; /* 0: none */
};

struct frame {
	bool began, ended, whole, root;
	char marker[MARKER_LEN + 1], section[NAME_LEN];
	unsigned sections; /* that ended */

	/* meta */
	char host[64], addrs[TEXT_LEN], input[128], user[64], client[64], from[24];
	char prints[512]; /* of the host keys */
	int64_t port, now;
	int32_t utc_offset;
	bool has_zone;

	/* sshd -t */
	int64_t status;
	char t_path[TEXT_LEN], t_text[TEXT_LEN], t_dir[TEXT_LEN];
	int64_t t_line;
	bool no_hostkeys;

	/* settings that decide what other sections mean */
	bool t_valid, usepam, lax; /* lax: StrictModes no */
	bool other_keys;           /* keys may come from a command or from certificates */

	char allow_groups[TEXT_LEN], deny_groups[TEXT_LEN];
	const char *kind; /* of the reader for what the present command prints; NULL: nobody */

	/* when sshd started, when its configuration changed (and which file), when its log has a reload: epoch s, 0 unknown */
	int64_t started, changed, reloaded;
	char changed_file[TEXT_LEN];

	/* unit */
	char unit[64], unit_id[64], unit_state[NAME_LEN], socket[64];

	/* config: the first line of each setting that a command may edit */
	struct setting_line set[SET_LINES];
	int64_t include_line; /* the first, 0: none */
	bool in_match;        /* the present file's lines are behind its first Match */
	bool
	    includes; /* a file is included behind a Match: what later files say may hold for some only */
	char config[TEXT_LEN], config_file[TEXT_LEN]; /* the first file, the present one */

	/* files and keys */
	struct path path[PATHS_MAX];
	int npaths, real_from; /* where the real path's entries begin */
	struct keysfile file[FILES_MAX];
	int nfiles, at_file;                       /* the file that lines are about, -1 for none */
	char home[TEXT_LEN], home_named[TEXT_LEN]; /* as links lead, and as the account has it */
	bool home_missing;
	int64_t uid, gid;
	bool unused;
	int listed;    /* keys that were told */
	bool unlisted; /* there were more */
	char asked[ASKED_MAX]
		  [PRINT_LEN]; /* fingerprints that were looked for, and are not found yet */
	int nasked;

	int64_t dns_ms, backend_ms;

	/* account */
	bool locked, pam_nologin, own_group; /* own_group: the first group has the user's name */
	char shell[TEXT_LEN], shell_state[24], nologin[TEXT_LEN];
};

/* ---- words ------------------------------------------------------------------------------ */

/* "key=value": the value where the key is that, else NULL. */
static const char *
value_of(const char *fact, const char *key)
{
	size_t n = strlen(key);

	return strncmp(fact, key, n) == 0 && fact[n] == '=' ? fact + n + 1 : NULL;
}

static bool
take_text(const char *fact, const char *key, char *dst, size_t cap)
{
	const char *v = value_of(fact, key);

	if (v != NULL)
		text_copy(dst, cap, v);
	return v != NULL;
}

static bool
take_num(const char *fact, const char *key, int64_t *num)
{
	const char *v = value_of(fact, key);

	if (v != NULL)
		*num = strtoll(v, NULL, 10);
	return v != NULL;
}

static const struct statement none;

/* ---- meta: whose run it is ----------------------------------------------------------------- */

/* "+0130" */
static bool
take_zone(const char *s, int32_t *offset)
{
	int32_t n;

	if ((*s != '+' && *s != '-') || strspn(s + 1, "0123456789") != 4 || s[5] != '\0')
		return false;
	n = (int32_t)strtol(s + 1, NULL, 10);
	n = (n / 100 * 60 + n % 100) * 60;
	*offset = *s == '-' ? -n : n;
	return true;
}

static void
meta_line(struct recogniser *r, struct frame *f, const char *s)
{
	int64_t root = 0;

	(void)r;
	if (take_text(s, "host", f->host, sizeof f->host) ||
	    take_text(s, "addrs", f->addrs, sizeof f->addrs) ||
	    take_text(s, "target", f->input, sizeof f->input) ||
	    take_text(s, "user", f->user, sizeof f->user) ||
	    take_text(s, "client", f->client, sizeof f->client) ||
	    take_text(s, "client_from", f->from, sizeof f->from) || take_num(s, "port", &f->port) ||
	    take_num(s, "now", &f->now))
		return;
	if (take_num(s, "root", &root))
		f->root = root == 1;
	if (value_of(s, "tz") != NULL)
		f->has_zone = take_zone(value_of(s, "tz"), &f->utc_offset);
}

static void
put(struct evidence *ev, enum ev_key k, const char *text)
{
	if (text[0] != '\0')
		ev_str(ev, k, text);
}

/* What is known so far; the last line of a whole run says it again. */
static void
say_source(struct recogniser *r, const struct frame *f)
{
	struct evidence ev;

	ev_init(&ev, EV_TEXT_SOURCE);
	ev_int(&ev, K_WHOLE, f->whole);
	ev_int(&ev, K_ROOT, f->root);
	put(&ev, K_HOST, f->host);
	put(&ev, K_ADDRS, f->addrs);
	put(&ev, K_INPUT, f->input);
	put(&ev, K_USER, f->user);
	if (f->port > 0)
		ev_int(&ev, K_PORT, f->port);
	put(&ev, K_ADDR, f->client);
	put(&ev, K_SOURCE, f->from);
	ev_int(&ev, K_NOW, f->now);
	put(&ev, K_HOSTKEY, f->prints);
	recognise_source(r, &ev);
}

static void
meta_end(struct recogniser *r, struct frame *f, bool good)
{
	const char *at = strrchr(f->input, '@'), *host = at != NULL ? at + 1 : f->input;

	(void)good;
	say_source(r, f);
	recognise_client(r, f->client, f->port);
	if (f->has_zone)
		recognise_clock(r, f->now, f->utc_offset);
	recognise_case(r, host[0] != '\0' ? host : f->host, f->user, f->port);
}

/* ---- unit and listeners ---------------------------------------------------------------------- */

static void
unit_fact(struct recogniser *r, struct frame *f, const char *s)
{
	(void)r;
	take_text(s, "unit", f->unit, sizeof f->unit);
	take_num(s, "started", &f->started);
}

/* `systemctl show`: blocks of NAME=VALUE, each of which begins with its Id. */
static void
unit_line(struct recogniser *r, struct frame *f, const char *s)
{
	char state[NAME_LEN];

	(void)r;
	if (take_text(s, "Id", f->unit_id, sizeof f->unit_id) ||
	    !take_text(s, "ActiveState", state, sizeof state))
		return;
	if (strcmp(f->unit_id, f->unit) == 0)
		text_copy(f->unit_state, sizeof f->unit_state, state);
	/* A socket that is active holds the port: the service behind it only starts on demand. */
	if (strstr(f->unit_id, ".socket") != NULL && strcmp(state, "active") == 0)
		text_copy(f->socket, sizeof f->socket, f->unit_id);
}

static void
unit_end(struct recogniser *r, struct frame *f, bool good)
{
	char *dot = strstr(f->unit, ".service");

	(void)good;
	if (dot != NULL)
		*dot = '\0';
	if (f->socket[0] != '\0')
		recognise_told(
		    r, TOLD_UNIT, &(struct statement){ .text = f->socket, .mode = "active" });
	else if (f->unit[0] != '\0')
		recognise_told(
		    r, TOLD_UNIT, &(struct statement){ .text = f->unit, .mode = f->unit_state });
}

/* Of ADDRESS PORT PID UNIT PROGRAM what a command needs that ends it. */
static void
tell_holder(struct recogniser *r, const struct frame *f, const struct hole *h)
{
	const char *dot = strrchr(h[3].s, '.');
	int64_t port = strtoll(h[1].s, NULL, 10), pid = strtoll(h[2].s, NULL, 10);

	if (port != f->port || pid <= 1)
		return;
	/* A scope is a login's, and holds more than this program. */
	recognise_told(r, TOLD_PORT_HOLDER,
	    &(struct statement){ .text = h[4].s,
		.path = dot != NULL && strcmp(dot, ".service") == 0 ? h[3].s : NULL,
		.port = port,
		.line = pid });
}

/* "ADDRESS PORT PID UNIT PROGRAM" */
static void
listen_fact(struct recogniser *r, struct frame *f, const char *s)
{
	const char *v = value_of(s, "socket");
	struct hole h[5];
	char text[TEXT_LEN];
	struct strbuf sb;

	if (v == NULL || !line_match(v, "%s %d %s %s %s", h, 5))
		return;
	sb_init(&sb, text, sizeof text);
	if (strcmp(h[4].s, "-") != 0)
		sb_puts(&sb, h[4].s);
	/* Whose it is matters where it is not sshd. */
	if (sb.len > 0 && strcmp(h[4].s, "sshd") != 0) {
		tell_holder(r, f, h);
		sb_printf(&sb, ", process %s", h[2].s);
		if (strcmp(h[3].s, "-") != 0)
			sb_printf(&sb, " of %s", h[3].s);
	}
	recognise_told(r, TOLD_LISTENER,
	    &(struct statement){ .addr = h[0].s, .port = strtoll(h[1].s, NULL, 10), .text = text });
}

static void
listen_end(struct recogniser *r, struct frame *f, bool good)
{
	(void)f;
	if (good)
		recognise_told(r, TOLD_LISTENERS_ALL, &none);
}

/* ---- sshd -t -------------------------------------------------------------------------------- */

static void
check_fact(struct recogniser *r, struct frame *f, const char *s)
{
	(void)r;
	take_num(s, "status", &f->status);
}

/* What it says of its configuration; the first complaint is the one to mend first. */
static void
check_line(struct recogniser *r, struct frame *f, const char *s)
{
	static const char *const faults[] = { "%q: line %d: %q", "%q line %d: %q" };
	struct hole h[3];

	(void)r;
	if (strstr(s, "no hostkeys available") != NULL)
		f->no_hostkeys = true;
	if (line_match(s, "Missing privilege separation directory: %q", h, 1) ||
	    line_match(s, "%q must be owned by root and not group or world-writable.", h, 1))
		text_copy(f->t_dir, sizeof f->t_dir, h[0].s);
	for (size_t i = 0; i < sizeof faults / sizeof *faults && f->t_line == 0; i++)
		if (line_match(s, faults[i], h, 3) && h[0].s[0] == '/' &&
		    strstr(h[2].s, "Deprecated option") == NULL &&
		    strstr(h[2].s, "Unsupported option") == NULL) {
			text_copy(f->t_path, sizeof f->t_path, h[0].s);
			text_copy(f->t_text, sizeof f->t_text, h[2].s);
			f->t_line = strtoll(h[1].s, NULL, 10);
		}
}

static void
check_end(struct recogniser *r, struct frame *f, bool good)
{
	(void)good; /* its status is that of sshd -t */
	if (f->status == 0)
		return;
	if (f->t_line > 0)
		recognise_told(r, TOLD_CONFIG_INVALID,
		    &(struct statement){ .text = f->t_text, .path = f->t_path, .line = f->t_line });
	if (f->t_dir[0] != '\0')
		recognise_told(
		    r, TOLD_NO_PRIVSEP, &(struct statement){ .path = f->t_dir, .text = "sshd -t" });
	/* Whoever is not root cannot read them, and hears the same. */
	if (f->no_hostkeys && f->root)
		recognise_told(r, TOLD_NO_HOSTKEYS,
		    &(struct statement){ .text = "no hostkeys available -- exiting" });
}

/* ---- sshd -T -------------------------------------------------------------------------------- */

static void
effective_fact(struct recogniser *r, struct frame *f, const char *s)
{
	int64_t status = 1;

	(void)r;
	if (take_num(s, "status", &status))
		f->t_valid = status == 0;
}

static bool
is_setting(const char *s, const char *name, const char *value)
{
	size_t n = strlen(name);

	return strncmp(s, name, n) == 0 && s[n] == ' ' && strcmp(s + n + 1, value) == 0;
}

/* sshd -T prints a line for each group, or all in one. */
static void
add_word(char list[TEXT_LEN], const char *words)
{
	size_t used = strlen(list);

	snprintf(list + used, TEXT_LEN - used, "%s%s", used > 0 ? " " : "", words);
}

static void
effective_line(struct recogniser *r, struct frame *f, const char *s)
{
	if (!f->t_valid)
		return;
	f->usepam |= is_setting(s, "usepam", "yes");
	f->lax |= is_setting(s, "strictmodes", "no");
	if (strncmp(s, "allowgroups ", 12) == 0)
		add_word(f->allow_groups, s + 12);
	if (strncmp(s, "denygroups ", 11) == 0)
		add_word(f->deny_groups, s + 11);
	if ((strncmp(s, "authorizedkeyscommand ", 22) == 0 ||
		strncmp(s, "trustedusercakeys ", 18) == 0) &&
	    strcmp(strchr(s, ' '), " none") != 0)
		f->other_keys = true;
	recognise_section(r, "sshd -T", s, strlen(s));
}

/* ---- config: which line sets what ---------------------------------------------------------------- */

static bool
is_file_of_sshd(const char *path)
{
	return strncmp(path, "/etc/ssh/", 9) == 0;
}

/* A line that a command may edit: of /etc/ssh, and in force whoever logs in. */
static void
keep_line(struct frame *f, int setting, const char *path, int64_t line)
{
	struct setting_line *s = &f->set[setting];

	bool first = strcmp(path, f->config) == 0;

	if (f->in_match || !is_file_of_sshd(path) || (f->includes && !first))
		return;
	/* The first value counts, and a file that is included stands where its Include does. */
	if (s->line > 0 && (first || strcmp(s->path, f->config) != 0 || f->include_line == 0 ||
			       s->line < f->include_line))
		return;
	text_copy(s->path, sizeof s->path, path);
	s->line = line;
}

/* "file=MODE UID CTIME NAME", "set=LINE KEYWORD FILE", "names=LINE KEYWORD FILE": a Deny rule has the user's name */
static void
config_fact(struct recogniser *r, struct frame *f, const char *s)
{
	static const struct {
		const char *key, *keyword;
		int setting;
	} rows[] = {
		{ "set", "allowusers", SET_ALLOW_USERS },
		{ "set", "allowgroups", SET_ALLOW_GROUPS },
		{ "names", "denyusers", SET_DENY_USERS },
		{ "names", "denygroups", SET_DENY_GROUPS },
		{ "set", "pubkeyacceptedalgorithms", SET_SIGALGS },
		{ "set", "pubkeyacceptedkeytypes", SET_SIGALGS },
	};
	const char *set = value_of(s, "set"), *names = value_of(s, "names");
	struct hole h[3], age[4];

	(void)r;
	if (value_of(s, "file") != NULL && line_match(value_of(s, "file"), "%d %d %d %q", age, 4) &&
	    strtoll(age[2].s, NULL, 10) > f->changed) {
		f->changed = strtoll(age[2].s, NULL, 10);
		text_copy(f->changed_file, sizeof f->changed_file, age[3].s);
	}
	if ((set == NULL && names == NULL) ||
	    !line_match(set != NULL ? set : names, "%d %s %q", h, 3))
		return;
	if (f->config[0] == '\0')
		text_copy(f->config, sizeof f->config, h[2].s);
	if (strcmp(f->config_file, h[2].s) != 0) {
		text_copy(f->config_file, sizeof f->config_file, h[2].s);
		f->in_match = false;
	}
	f->in_match |= strcmp(h[1].s, "match") == 0;
	if (strcmp(h[1].s, "include") == 0) {
		f->includes |= f->in_match;
		if (f->include_line == 0)
			f->include_line = strtoll(h[0].s, NULL, 10);
	}
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (value_of(s, rows[i].key) != NULL && strcmp(h[1].s, rows[i].keyword) == 0)
			keep_line(f, rows[i].setting, h[2].s, strtoll(h[0].s, NULL, 10));
}

/*
 * The lines with the word that a command would put there or take out. Of groups it is the one of the
 * user's own name alone: another lets more people in, or means more than a login.
 */
static void
tell_lines(struct recogniser *r, const struct frame *f)
{
	static const char plain[] =
	    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-";
	static const struct {
		const char *mode;
		bool word, group;
	} rows[SET_LINES] = {
		[SET_ALLOW_USERS] = { "allowusers", true, false },
		[SET_ALLOW_GROUPS] = { "allowgroups", true, true },
		[SET_DENY_USERS] = { "denyusers", true, false },
		[SET_DENY_GROUPS] = { "denygroups", true, true },
		[SET_SIGALGS] = { "sigalgs", false, false },
	};
	bool word =
	    f->user[0] != '\0' && f->user[0] != '-' && f->user[strspn(f->user, plain)] == '\0';

	/* sshd -t reads this file. */
	if (strcmp(f->config, "/etc/ssh/sshd_config") != 0)
		return;
	for (int i = 0; i < SET_LINES; i++) {
		if (f->set[i].line == 0 || (rows[i].word && !word) ||
		    (rows[i].group && !f->own_group))
			continue;
		recognise_told(r, TOLD_SETTING_LINE,
		    &(struct statement){ .text = rows[i].word ? f->user : NULL,
			.path = f->set[i].path,
			.mode = rows[i].mode,
			.line = f->set[i].line });
	}
}

/* ---- log: whether sshd has read its configuration since it changed ------------------------------- */

/* sshd keeps its process, and so its start, when it is told to read its files anew. */
static void
note_reload(const struct recogniser *r, struct frame *f, const char *s)
{
	const struct recognise_options *opt = recognise_options(r);
	struct logline l;

	if (strstr(s, "Received SIGHUP; restarting.") == NULL &&
	    strstr(s, "Server listening on ") == NULL)
		return;
	logline_parse(s, strlen(s), opt->now, opt->utc_offset, &l);
	if (l.framed && l.time > f->reloaded)
		f->reloaded = l.time;
}

/* A start is known to the second at best, and by a clock that is counted from the boot. */
static void
log_end(struct recogniser *r, struct frame *f, bool good)
{
	enum { SLACK_S = 2 };
	int64_t read = f->reloaded > f->started ? f->reloaded : f->started;

	(void)good;
	if (f->started > 0 && f->changed > read + SLACK_S)
		recognise_told(
		    r, TOLD_CONFIG_NEWER, &(struct statement){ .path = f->changed_file });
}

/* ---- files: the way to the user's keys ------------------------------------------------------------ */

/* "MODE STRING UID GID SIZE CTIME NAME" */
static void
take_path(struct frame *f, const char *v)
{
	struct hole h[7];
	struct path *p = &f->path[f->npaths];

	if (f->npaths == PATHS_MAX || !line_match(v, "%s %s %d %d %d %d %q", h, 7))
		return;
	*p = (struct path){ .mode = (unsigned)strtoul(h[0].s, NULL, 8),
		.type = h[1].s[0],
		.uid = strtoll(h[2].s, NULL, 10),
		.gid = strtoll(h[3].s, NULL, 10) };
	text_copy(p->name, sizeof p->name, h[6].s);
	f->npaths++;
}

/*
 * Whether sshd surely refuses it (misc.c, safe_path): another owner than root and the user, or
 * writable by others. Where only the group may write and it is the user's own, Debian's sshd looks
 * at who is in it, so that this stays open.
 */
static bool
is_unsafe(const struct frame *f, const struct path *p)
{
	if (p->type == 'l')
		return false; /* what it points to is what counts */
	if (p->uid != 0 && p->uid != f->uid)
		return true;
	return (p->mode & 02) != 0 || ((p->mode & 020) != 0 && p->gid != f->gid);
}

/* The file first, then each directory up to the home, or to / where it is outside of it. */
static void
judge_file(struct frame *f)
{
	struct keysfile *k = f->at_file >= 0 ? &f->file[f->at_file] : NULL;

	if (k == NULL || k->missing || f->uid < 0 || f->lax)
		return;
	for (int i = f->npaths - 1; i >= f->real_from; i--) {
		const struct path *p = &f->path[i];

		if (is_unsafe(f, p)) {
			text_copy(k->bad, sizeof k->bad, p->name);
			if (p->uid != 0 && p->uid != f->uid)
				snprintf(k->owner, sizeof k->owner, "%lld", (long long)p->uid);
			snprintf(k->mode, sizeof k->mode, "%04o", p->mode);
			return;
		}
		if (strcmp(p->name, f->home) == 0)
			return;
	}
}

static int
file_of(const struct frame *f, const char *name)
{
	for (int i = 0; i < f->nfiles; i++)
		if (strcmp(f->file[i].name, name) == 0)
			return i;
	return -1;
}

static void
begin_file(struct frame *f, const char *name)
{
	judge_file(f);
	f->npaths = f->real_from = 0;
	f->at_file = -1;
	if (name == NULL || f->nfiles == FILES_MAX)
		return;
	f->at_file = f->nfiles++;
	f->file[f->at_file] = (struct keysfile){ 0 };
	text_copy(f->file[f->at_file].name, TEXT_LEN, name);
}

static void
files_fact(struct recogniser *r, struct frame *f, const char *s)
{
	struct keysfile *k = f->at_file >= 0 ? &f->file[f->at_file] : NULL;
	const char *v;

	(void)r;
	if (take_num(s, "uid", &f->uid) || take_num(s, "gid", &f->gid) ||
	    take_text(s, "home_real", f->home, sizeof f->home) ||
	    take_text(s, "home", f->home_named, sizeof f->home_named))
		return;
	if ((v = value_of(s, "missing")) != NULL && strcmp(v, f->home_named) == 0)
		f->home_missing = true;
	if ((v = value_of(s, "keysfile")) != NULL)
		begin_file(f, v);
	else if (value_of(s, "used") != NULL)
		begin_file(f, NULL);
	else if (value_of(s, "real") != NULL)
		f->real_from = f->npaths;
	else if ((v = value_of(s, "path")) != NULL)
		take_path(f, v);
	else if (k != NULL && ((v = value_of(s, "missing")) != NULL) && strcmp(v, k->name) == 0)
		k->missing = true;
	else if (k != NULL && value_of(s, "denied") != NULL)
		k->unreadable = true;
}

static void
files_end(struct recogniser *r, struct frame *f, bool good)
{
	size_t n = strlen(f->home_named);
	bool inside = f->nfiles > 0;

	begin_file(f, NULL);
	for (int i = 0; i < f->nfiles; i++)
		inside = inside && strncmp(f->file[i].name, f->home_named, n) == 0 &&
			 f->file[i].name[n] == '/';
	if (good && f->t_valid && !f->other_keys && f->home_missing && inside)
		recognise_told(r, TOLD_HOME_MISSING, &(struct statement){ .path = f->home_named });
}

/* ---- keys ------------------------------------------------------------------------------------- */

/* from="LIST": whether it leaves the client's address out, by addresses alone; names are sshd's to look up. */
static void
judge_from(struct recogniser *r, const char *options, const char *path, int64_t line)
{
	const char *at = strstr(options, "from=\""), *end;
	char list[TEXT_LEN];

	if (at == NULL || (at > options && at[-1] != ',') || (end = strchr(at + 6, '"')) == NULL ||
	    (size_t)(end - at) >= sizeof list)
		return;
	memcpy(list, at + 6, (size_t)(end - at - 6));
	list[end - at - 6] = '\0';
	for (char *word = list, *comma; word != NULL; word = comma) {
		if ((comma = strchr(word, ',')) != NULL)
			*comma++ = '\0';
		if (fit_source(r, word) != FIT_NO)
			return;
	}
	memcpy(list, at + 6, (size_t)(end - at - 6));
	recognise_told(
	    r, TOLD_KEY_FROM, &(struct statement){ .text = list, .path = path, .line = line });
}

/* Whether a line's options hold one without a value; quoted text in them does not count (auth-options.c). */
static bool
has_option(const char *options, const char *name)
{
	size_t n = strlen(name);
	bool quoted = false, begins = true;

	for (const char *p = options; *p != '\0'; p++) {
		if (begins && !quoted && strncasecmp(p, name, n) == 0 &&
		    (p[n] == ',' || p[n] == '\0'))
			return true;
		if (*p == '\\' && p[1] == '"')
			p++;
		else if (*p == '"')
			quoted = !quoted;
		begins = *p == ',';
	}
	return false;
}

/* "bad=LINE": a line that is no key, as it stands. */
static void
take_bad_line(struct keysfile *k, const char *number)
{
	size_t used = strlen(k->bad_lines);
	struct strbuf sb;

	if (used + strlen(number) + 6 >= sizeof k->bad_lines)
		return;
	sb_init(&sb, k->bad_lines + used, sizeof k->bad_lines - used);
	sb_printf(&sb, "%s %s", used > 0 ? "," : "line", number);
}

/* A fingerprint of the user's that the script looks for in the files. */
static void
ask_key(struct frame *f, const char *fp)
{
	if (f->nasked < ASKED_MAX && strlen(fp) < PRINT_LEN)
		text_copy(f->asked[f->nasked++], PRINT_LEN, fp);
}

static void
found_key(struct frame *f, const char *fp)
{
	for (int i = 0; i < f->nasked; i++)
		if (strcmp(f->asked[i], fp) == 0)
			f->asked[i][0] = '\0';
}

/*
 * "LINE OURS BITS FINGERPRINT TYPE OPTIONS". Of a key that is the user's, what StrictModes
 * refuses on the way to its file is the cause; that of a file without one is none.
 */
static void
take_key(struct recogniser *r, struct frame *f, const char *v)
{
	const struct keysfile *k = f->at_file >= 0 ? &f->file[f->at_file] : NULL;
	struct hole h[6];
	bool ours;

	if (k == NULL || !line_match(v, "%d %d %d %s %s %q", h, 6))
		return;
	ours = strcmp(h[1].s, "1") == 0;
	if (!f->unused)
		found_key(f, h[3].s);
	if (ours && !f->unused && has_option(h[5].s, "cert-authority")) {
		recognise_told(r, TOLD_LINE_AUTHORITY, &(struct statement){ .path = k->name });
		return;
	}
	if (!ours && f->listed >= LISTED_MAX) {
		f->unlisted = true;
		return;
	}
	f->listed++;
	recognise_told(r, TOLD_KEY_LISTED,
	    &(struct statement){ .text = h[3].s,
		.path = k->name,
		.mode = f->unused ? "unused" : NULL,
		.line = strtoll(h[0].s, NULL, 10) });
	if (!ours || f->unused)
		return;
	judge_from(r, h[5].s, k->name, strtoll(h[0].s, NULL, 10));
	if (k->bad[0] != '\0')
		recognise_told(r, TOLD_PATH_BAD,
		    &(struct statement){ .path = k->bad,
			.mode = k->mode,
			.text = k->owner[0] != '\0' ? k->owner : NULL });
}

static void
keys_fact(struct recogniser *r, struct frame *f, const char *s)
{
	const char *v, *unused = value_of(s, "unused");

	if ((v = value_of(s, "keysfile")) != NULL || unused != NULL) {
		f->unused = unused != NULL;
		f->at_file = file_of(f, f->unused ? unused : v);
		if (f->at_file < 0 && f->nfiles < FILES_MAX)
			begin_file(f, f->unused ? unused : v);
		if (f->at_file >= 0) {
			f->file[f->at_file].read = true;
			f->file[f->at_file].unused = f->unused;
		}
	} else if ((v = value_of(s, "key")) != NULL) {
		take_key(r, f, v);
	} else if (f->at_file >= 0 && (v = value_of(s, "bad")) != NULL) {
		take_bad_line(&f->file[f->at_file], v);
	} else if ((v = value_of(s, "asked")) != NULL) {
		ask_key(f, v);
	} else if (f->at_file >= 0) {
		take_num(s, "count", &f->file[f->at_file].keys);
	}
}

static bool
in_home(const struct frame *f, const char *path)
{
	size_t n = strlen(f->home);

	return n > 1 && strncmp(path, f->home, n) == 0 && path[n] == '/';
}

static void
keys_end(struct recogniser *r, struct frame *f, bool good)
{
	bool all = good && f->t_valid && !f->other_keys && f->nfiles > 0;

	for (int i = 0; i < f->nfiles; i++) {
		const struct keysfile *k = &f->file[i];
		const char *state = k->unused    ? "unused"
				    : k->missing ? "missing"
				    : k->read    ? "ok"
						 : "unreadable";

		recognise_told(r, TOLD_KEYS_FILE,
		    &(struct statement){ .path = k->name,
			.mode = state,
			.line = k->keys,
			.text = !k->unused && in_home(f, k->name) ? "home" : NULL });
		if (k->bad_lines[0] != '\0' && !k->unused)
			recognise_told(r, TOLD_LINE_BAD,
			    &(struct statement){ .path = k->name, .text = k->bad_lines });
		all &= k->missing || k->read;
	}
	if (all && !f->unlisted)
		recognise_told(r, TOLD_KEYS_ALL, &none);
	/* Of a long list the script has told each key that was asked for. */
	for (int i = 0; i < f->nasked && all && f->unlisted; i++)
		if (f->asked[i][0] != '\0')
			recognise_told(
			    r, TOLD_KEY_ABSENT, &(struct statement){ .text = f->asked[i] });
}

/* ---- account ------------------------------------------------------------------------------------ */

/* Whether two lists of words have one in common. */
static bool
share_word(const char *a, const char *b)
{
	for (size_t n; *(a += strspn(a, " ")) != '\0'; a += n) {
		n = strcspn(a, " ");
		for (const char *p = b; *(p += strspn(p, " ")) != '\0'; p += strcspn(p, " "))
			if (strcspn(p, " ") == n && memcmp(p, a, n) == 0)
				return true;
	}
	return false;
}

/* Of groups by name; what patterns mean is sshd's to say, in its log. */
static void
judge_groups(struct recogniser *r, const struct frame *f, const char *groups)
{
	const char *rule = NULL;

	if (groups[0] == '\0' || f->allow_groups[strcspn(f->allow_groups, "*?!")] != '\0' ||
	    f->deny_groups[strcspn(f->deny_groups, "*?!")] != '\0')
		return;
	if (share_word(f->deny_groups, groups))
		rule = "DenyGroups";
	else if (f->allow_groups[0] != '\0' && !share_word(f->allow_groups, groups))
		rule = "AllowGroups";
	if (rule != NULL)
		recognise_told(r, TOLD_DENIED_BY_CONFIG, &(struct statement){ .text = rule });
}

static bool
first_is(const char *words, const char *word)
{
	size_t n = strcspn(words, " ");

	return n > 0 && strlen(word) == n && strncmp(words, word, n) == 0;
}

static void
account_fact(struct recogniser *r, struct frame *f, const char *s)
{
	const char *v = value_of(s, "command");

	if (strcmp(s, "exists=0") == 0)
		recognise_told(r, TOLD_NO_ACCOUNT, &none);
	if (value_of(s, "groups") != NULL && f->t_valid)
		judge_groups(r, f, value_of(s, "groups"));
	if (value_of(s, "groups") != NULL)
		f->own_group = first_is(value_of(s, "groups"), f->user);
	if (strncmp(s, "password=locked", 15) == 0)
		f->locked = true;
	if (strcmp(s, "pam_nologin=1") == 0)
		f->pam_nologin = true;
	if (value_of(s, "nologin") != NULL && f->nologin[0] == '\0')
		take_text(s, "nologin", f->nologin, sizeof f->nologin);
	if (v != NULL) {
		size_t n = strcspn(v, " ");

		snprintf(f->shell_state, sizeof f->shell_state, "%.*s", (int)n, v);
		text_copy(f->shell, sizeof f->shell, v[n] == ' ' ? v + n + 1 : "");
	}
}

/*
 * Without PAM sshd itself refuses a locked account, and looks at /etc/nologin once the session
 * begins (auth.c, session.c); with PAM only pam_nologin does that.
 */
static void
account_end(struct recogniser *r, struct frame *f, bool good)
{
	(void)good;
	tell_lines(r, f);
	if (f->locked && f->t_valid && !f->usepam)
		recognise_told(r, TOLD_ACCOUNT_LOCKED, &none);
	if (strcmp(f->shell_state, "missing") == 0 || strcmp(f->shell_state, "not-executable") == 0)
		recognise_told(r, TOLD_ACCOUNT_SHELL, &(struct statement){ .path = f->shell });
	if (f->nologin[0] != '\0' && f->t_valid &&
	    (f->usepam ? f->pam_nologin : strcmp(f->nologin, "/etc/nologin") == 0))
		recognise_told(r, TOLD_NOLOGIN, &(struct statement){ .path = f->nologin });
}

/* ---- host keys, bans ------------------------------------------------------------------------------- */

/* "BITS FINGERPRINT (TYPE) FILE": which server it is. */
static void
hostkeys_fact(struct recogniser *r, struct frame *f, const char *s)
{
	const char *v = value_of(s, "fingerprint");
	struct hole h[4];
	size_t used = strlen(f->prints);

	(void)r;
	if (v != NULL && line_match(v, "%d %s (%q) %q", h, 4) &&
	    used + strlen(h[1].s) + 2 < sizeof f->prints)
		snprintf(
		    f->prints + used, sizeof f->prints - used, "%s%s", used > 0 ? "," : "", h[1].s);
}

static void
dns_fact(struct recogniser *r, struct frame *f, const char *s)
{
	(void)r;
	take_num(s, "took_ms", &f->dns_ms);
}

static void
backend_fact(struct recogniser *r, struct frame *f, const char *s)
{
	(void)r;
	take_num(s, "took_ms", &f->backend_ms);
}

static void
backend_end(struct recogniser *r, struct frame *f, bool good)
{
	if (good && f->dns_ms >= SLOW_MS && f->backend_ms < SLOW_MS / 4)
		recognise_told(r, TOLD_DNS_SLOW, &none);
}

/* fail2ban-client names of all banned addresses this client's alone, by the script's doing. */
static void
bans_line(struct recogniser *r, struct frame *f, const char *s)
{
	const char *list = strstr(s, "Banned IP list:");
	char text[TEXT_LEN];

	if (list == NULL || f->client[0] == '\0' || strstr(list, f->client) == NULL)
		return;
	snprintf(text, sizeof text, "fail2ban, %s", f->client);
	recognise_told(r, TOLD_BANNED, &(struct statement){ .text = text, .addr = f->client });
}

/* ---- the frame -------------------------------------------------------------------------------------- */

/* What the lines of a section mean: those of the script, those of commands, its end. */
static const struct section {
	const char *name;
	void (*fact)(struct recogniser *r, struct frame *f, const char *s);
	void (*line)(struct recogniser *r, struct frame *f, const char *s);
	void (*end)(struct recogniser *r, struct frame *f, bool good);
} sections[] = {
	{ "meta", NULL, meta_line, meta_end },
	{ "unit", unit_fact, unit_line, unit_end },
	{ "listen", listen_fact, NULL, listen_end },
	{ "sshd-t", check_fact, check_line, check_end },
	{ "sshd-T", effective_fact, effective_line, NULL },
	{ "config", config_fact, NULL, NULL },
	{ "log", NULL, NULL, log_end },
	{ "files", files_fact, NULL, files_end },
	{ "keys", keys_fact, NULL, keys_end },
	{ "account", account_fact, NULL, account_end },
	{ "hostkeys", hostkeys_fact, NULL, NULL },
	{ "bans", NULL, bans_line, NULL },
	{ "dns", dns_fact, NULL, NULL },
	{ "backend", backend_fact, NULL, backend_end },
};

/* Who reads what a command prints, by the section and the command's first words. */
static const struct {
	const char *section, *command, *kind;
} commands[] = {
	{ "log", "", "sshd log" },
	{ "account", "chage -l ", "chage -l" },
	{ "disk", "df -kP ", "df" },
	{ "firewall", "nft ", "nft" },
	{ "firewall", "iptables ", "iptables" },
	{ "firewall", "iptables-legacy ", "iptables-legacy" },
	{ "firewall", "ip6tables", "ip6tables" },
	{ "firewall", "ufw ", "ufw" },
	{ "firewall", "firewall-cmd ", "firewall-cmd" },
};

static void
take_command(struct recogniser *r, struct frame *f, const char *command)
{
	if (f->kind != NULL)
		recognise_section_end(r);
	f->kind = NULL;
	for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
		if (strcmp(f->section, commands[i].section) == 0 &&
		    strncmp(command, commands[i].command, strlen(commands[i].command)) == 0)
			f->kind = commands[i].kind;
}

static const struct section *
section_named(const char *name)
{
	for (size_t i = 0; i < sizeof sections / sizeof *sections; i++)
		if (strcmp(sections[i].name, name) == 0)
			return &sections[i];
	return NULL;
}

/* "rc=N cut=0|1 why=...": good where the section says all that there was. */
static void
end_section(struct recogniser *r, struct frame *f, const char *s)
{
	const struct section *sec = section_named(f->section);
	static const char all[] = "rc=0 cut=0 why=", nameless[] = "not root: whose";
	const char *why = strncmp(s, all, sizeof all - 1) == 0 ? s + sizeof all - 1 : NULL;
	/* A list of sockets without their programs is whole all the same. */
	bool good =
	    why != NULL && (*why == '\0' || (strcmp(f->section, "listen") == 0 &&
						strncmp(why, nameless, sizeof nameless - 1) == 0));

	if (f->kind != NULL || strcmp(f->section, "sshd-T") == 0)
		recognise_section_end(r);
	f->kind = NULL;
	if (sec != NULL && sec->end != NULL)
		sec->end(r, f, good);
	f->sections++;
	f->section[0] = '\0';
}

static void
end_frame(struct recogniser *r, struct frame *f, const char *s)
{
	f->ended = true;
	f->whole = f->section[0] == '\0' && strncmp(s, "sections=", 9) == 0 &&
		   strtoul(s + 9, NULL, 10) == f->sections && f->sections > 0;
	say_source(r, f);
}

/* A line of the run behind its marker: "SECTION[=$.] text". Returns whether it meant something. */
static bool
take_framed(struct recogniser *r, struct frame *f, const char *s)
{
	size_t n = strcspn(s, " "), len = n;
	char kind = n > 0 ? s[n - 1] : '\0';
	const char *text = s[n] == ' ' ? s + n + 1 : "";
	const struct section *sec;
	char name[NAME_LEN];

	if (kind == '.' || kind == '=' || kind == '$')
		len--;
	if (len == 0 || len >= sizeof name)
		return false;
	memcpy(name, s, len);
	name[len] = '\0';
	if (kind == '.' && strcmp(name, "end") == 0) {
		end_frame(r, f, text);
		return true;
	}
	text_copy(f->section, sizeof f->section, name);
	sec = section_named(name);
	if (kind == '.')
		end_section(r, f, text);
	else if (kind == '$')
		take_command(r, f, text);
	else if (kind == '=' && sec != NULL && sec->fact != NULL)
		sec->fact(r, f, text);
	else if (kind != '=' && sec != NULL && sec->line != NULL)
		sec->line(r, f, text);
	else if (kind != '=' && f->kind != NULL) {
		if (strcmp(name, "log") == 0)
			note_reload(r, f, text);
		recognise_section(r, f->kind, text, strlen(text));
	} else
		return false;
	return true;
}

static const char header[] = "sshmedic-collector 1 smc-";

static enum claim
collector_claims(const struct recogniser *r, const void *state, const struct line *l)
{
	const struct frame *f = state;

	(void)r;
	if (line_begins(l, header))
		return CLAIM_CERTAIN;
	return f->began && line_begins(l, f->marker) && l->s[MARKER_LEN] == ' ' ? CLAIM_CERTAIN
										: CLAIM_NONE;
}

static bool
collector_take(struct recogniser *r, void *state, const struct line *l)
{
	struct frame *f = state;

	if (line_begins(l, header)) {
		/* One run a text: of a second one nothing is believed, and the first is cut off by it. */
		if (f->began || l->len != sizeof header - 1 + 16)
			return false;
		f->began = true;
		f->at_file = -1;
		f->uid = f->gid = -1;
		text_copy(f->marker, sizeof f->marker, l->s + l->len - MARKER_LEN);
		return true;
	}
	return !f->ended && take_framed(r, f, l->s + MARKER_LEN + 1);
}

const struct reader reader_collector = { "collector", sizeof(struct frame), collector_claims,
	collector_take, NULL };
