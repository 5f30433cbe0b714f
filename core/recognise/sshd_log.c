/*
 * Reads the log of an OpenSSH server in every form in which it comes (logline.h), with what
 * other programs log beside it of the same matter: PAM in sshd's own process, nologin, systemd,
 * fail2ban, the kernel's firewall. Called by the recogniser.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "logline.h"
#include "readers.h"
#include "says.h"

enum { START_SAYS = 8, BANS = 64, BANS_SAID = 8, MESSAGE = 1024 };

/* What sshd said of its start; forgotten where it came up all the same. */
struct start {
	uint8_t what;
	bool missing;
	uint64_t number, process;
	int64_t line, time;
	char text[160], path[128];
};

struct ban {
	char addr[64], text[96];
	uint64_t number;
	int64_t time;
	bool lifted;
};

struct sshd_log {
	struct sessions sessions;
	struct start start[START_SAYS];
	int nstart;
	struct ban bans[BANS];
	char unit[48], unit_state[12];
	uint64_t unit_number;
	char asked[MESSAGE]; /* the key that a debug log saw asked about last: type and blob */
	uint64_t asked_by;
	bool began; /* a line of this log was read */
};

/* ---- whose line it is ------------------------------------------------------------------------ */

enum program {
	PROG_NONE,
	PROG_SSHD,
	PROG_NOLOGIN,
	PROG_SYSTEMD,
	PROG_FAIL2BAN,
	PROG_KERNEL,
	PROG_OTHER,
	PROG_FOREIGN
};

/* Begins with, so that sshd-session, sshd-auth and fail2ban.actions are meant too. */
static const struct {
	const char *name;
	enum program program;
} programs[] = {
	{ "sshd", PROG_SSHD },
	{ "in.sshd", PROG_SSHD },
	{ "nologin", PROG_NOLOGIN },
	{ "google_authorized_keys", PROG_SSHD },
	{ "systemd", PROG_SYSTEMD },
	{ "fail2ban", PROG_FAIL2BAN },
	{ "kernel", PROG_KERNEL },
	{ "audit", PROG_KERNEL },
	{ "dropbear", PROG_FOREIGN }, /* have readers of their own */
	{ "tinysshd", PROG_FOREIGN },
};

static enum program
program_of(const struct logline *f)
{
	if (!f->framed)
		return PROG_NONE;
	if (strcmp(f->program, "ssh") == 0)
		return PROG_FOREIGN; /* a client that runs as a unit */
	for (size_t i = 0; i < sizeof programs / sizeof *programs; i++)
		if (strncmp(f->program, programs[i].name, strlen(programs[i].name)) == 0)
			return programs[i].program;
	return PROG_OTHER;
}

/* ---- the message ------------------------------------------------------------------------------ */

static const char *
behind(const char *s, const char *prefix)
{
	size_t n = strlen(prefix);

	return strncmp(s, prefix, n) == 0 ? s + n : NULL;
}

/* Without "fatal: ", "error: ", "debug1: ", " [preauth]"; out of rsyslog's "message repeated 2 times: [ ... ]". */
static const char *
bare(const char *s, size_t len, char *out, size_t cap, bool *level)
{
	static const char *const levels[] = {
		"fatal: ", "error: ", "debug1: ", "debug2: ", "debug3: ", "info: ", "verbose: "
	};
	static const char *const tails[] = { " [preauth]", " [postauth]" };
	const char *end = s + len, *p;
	size_t n;

	if (*s == 'm' && (p = behind(s, "message repeated ")) != NULL &&
	    (p = strstr(p, " times: [ ")) != NULL && end[-1] == ']') {
		s = p + strlen(" times: [ ");
		end--;
	}
	*level = false;
	for (size_t i = 0; i < sizeof levels / sizeof *levels; i++)
		if (*s == levels[i][0] && (p = behind(s, levels[i])) != NULL) {
			s = p;
			*level = true;
			break;
		}
	while (end > s && end[-1] == ' ')
		end--;
	for (size_t i = 0; i < sizeof tails / sizeof *tails; i++) {
		n = strlen(tails[i]);
		if ((size_t)(end - s) > n && end[-1] == ']' && memcmp(end - n, tails[i], n) == 0)
			end -= n;
	}
	n = (size_t)(end - s) < cap - 1 ? (size_t)(end - s) : cap - 1;
	memcpy(out, s, n);
	out[n] = '\0';
	return out;
}

/* Whole, or without the name of the function that said it. */
static bool
understand(const char *message, struct said *out)
{
	size_t n;

	if (says_match(sshd_says, message, out))
		return true;
	n = strspn(message, "abcdefghijklmnopqrstuvwxyz0123456789_");
	return n > 2 && message[n] == ':' && message[n + 1] == ' ' &&
	       says_match(sshd_says, message + n + 2, out);
}

/* ---- sshd ---------------------------------------------------------------------------------------- */

static void
started(struct sshd_log *log, uint64_t process)
{
	int n = 0;

	/* What it said in this same start, and came up in spite of, stands: an address that it could not bind. */
	for (int i = 0; i < log->nstart; i++) {
		const struct start *s = &log->start[i];
		bool bind = s->what == TOLD_PORT_TAKEN || s->what == TOLD_PORT_SELINUX ||
			    s->what == TOLD_BIND_ADDRESS;

		if (s->what == TOLD_HOSTCERT_BAD || (s->process == process && bind))
			log->start[n++] = *s;
	}
	log->nstart = n;
}

static void
start_says(struct sshd_log *log, const struct said *said, const struct logline *f, uint64_t number)
{
	struct start *s;

	for (int i = 0; i < log->nstart; i++)
		if (log->start[i].what == said->row->what &&
		    log->start[i].process == logline_process(f, f->pid))
			return;
	if (log->nstart == START_SAYS)
		memmove(log->start, log->start + 1, (size_t)--log->nstart * sizeof *log->start);
	s = &log->start[log->nstart++];
	s->what = (uint8_t)said->row->what;
	s->missing = (said->row->flags & (LINE_MISSING | SAY_STOPS)) != 0;
	s->number = number;
	s->process = logline_process(f, f->pid);
	s->line = said->path[0] != '\0' ? said->line : 0;
	s->time = f->time;
	text_copy(s->text, sizeof s->text, said->text);
	text_copy(s->path, sizeof s->path, said->path);
}

static void
login_says(struct sshd_log *log, struct recogniser *r, const struct said *said,
    const struct logline *f, const struct line *l)
{
	bool nologin = (said->row->flags & LINE_LATEST) != 0;
	struct login_line line = { .process = logline_process(
				       f, said->process > 0 ? said->process : f->pid),
		.child = 0,
		.time = f->time,
		.number = l->number,
		.user = said->user,
		.addr = said->addr,
		.port = said->port,
		.flags = said->row->flags,
		.what = said->row->what,
		.text = said->text,
		.path = said->path,
		.line = said->path[0] != '\0' ? said->line : 0 };

	if ((said->row->flags & LINE_FORKS) != 0) {
		line.process = logline_process(f, f->pid);
		line.child = logline_process(f, said->process);
	}
	if ((said->row->flags & LINE_ALONE) != 0)
		line.process = l->number | (uint64_t)1 << 63; /* the listener's own is no login's */
	if (nologin && (said->user[0] == '\0' || strcmp(said->user, "UNKNOWN") == 0))
		return;
	sessions_add(&log->sessions, r, &line);
}

/* Whether options of a key's line hold cert-authority; what stands in quotes is another option's. */
static bool
marks_authority(const char *s, const char *end)
{
	static const char word[] = "cert-authority";
	const size_t n = sizeof word - 1;
	bool quoted = false, begins = true;

	for (; s < end; s++) {
		if (begins && !quoted && (size_t)(end - s) >= n && strncmp(s, word, n) == 0 &&
		    (s + n == end || s[n] == ','))
			return true;
		if (*s == '\\' && quoted && s + 1 < end)
			s++;
		else if (*s == '"')
			quoted = !quoted;
		begins = *s == ',' && !quoted;
	}
	return false;
}

/*
 * At DEBUG2 sshd shows the key that it is asked about, and lines with options that it tries: one that
 * holds the same key, marked as an authority's, is why the key itself is not taken.
 */
static void
debug_line(struct sshd_log *log, struct recogniser *r, const struct logline *f,
    const struct line *l, const char *message)
{
	static const char asks[] = " querying public key ", tries[] = ": check options: '";
	uint64_t process = logline_process(f, f->pid);
	char path[128];
	const char *p, *key, *colon;

	if ((p = strstr(message, asks)) != NULL) {
		text_copy(log->asked, sizeof log->asked, p + sizeof asks - 1);
		log->asked_by = process;
		return;
	}
	if (message[0] != '/' || log->asked[0] == '\0' || log->asked_by != process ||
	    (p = strstr(message, tries)) == NULL || (key = strstr(p, log->asked)) == NULL ||
	    key[-1] != ' ' || !marks_authority(p + sizeof tries - 1, key - 1))
		return;
	for (colon = p - 1; colon > message && *colon >= '0' && *colon <= '9'; colon--)
		;
	if (*colon != ':' || (size_t)(colon - message) >= sizeof path)
		return;
	memcpy(path, message, (size_t)(colon - message));
	path[colon - message] = '\0';
	sessions_add(&log->sessions, r,
	    &(struct login_line){ .process = process,
		.time = f->time,
		.number = l->number,
		.user = "",
		.addr = "",
		.what = TOLD_LINE_AUTHORITY,
		.path = path,
		.line = strtoll(colon + 1, NULL, 10) });
}

static bool
sshd_line(struct sshd_log *log, struct recogniser *r, const struct logline *f, const struct line *l)
{
	char message[MESSAGE];
	struct said said;
	bool level;

	bare(f->message, f->len, message, sizeof message, &level);
	if (level)
		debug_line(log, r, f, l, message);
	if (!understand(message, &said))
		return false;
	if ((said.row->flags & SAY_LISTENS) != 0)
		started(log, logline_process(f, f->pid));
	else if ((said.row->flags & SAY_SERVER) != 0)
		start_says(log, &said, f, l->number);
	else
		login_says(log, r, &said, f, l);
	return said.row->what != TOLD_NONE || said.row->flags != 0;
}

/* ---- other programs ------------------------------------------------------------------------------- */

static void
unit_says(struct sshd_log *log, const char *message, uint64_t number)
{
	static const char *const units[] = { "sshd", "ssh", "dropbear" };
	static const struct {
		const char *text, *state;
	} states[] = { { "Failed to start ", "failed" }, { "Failed with result ", "failed" },
		{ "Start request repeated too quickly", "failed" }, { "Started ", "active" },
		{ "Stopped ", "inactive" }, { "Deactivated successfully", "inactive" } };
	const char *unit = NULL;
	char name[32];

	for (size_t i = 0; i < sizeof units / sizeof *units && unit == NULL; i++) {
		const char *p;

		snprintf(name, sizeof name, "%s.service", units[i]);
		p = strstr(message, name);
		if (p != NULL && (p == message || p[-1] == ' '))
			unit = units[i];
	}
	for (size_t i = 0; unit != NULL && i < sizeof states / sizeof *states; i++) {
		if (strstr(message, states[i].text) == NULL)
			continue;
		text_copy(log->unit, sizeof log->unit, unit);
		text_copy(log->unit_state, sizeof log->unit_state, states[i].state);
		log->unit_number = number;
		return;
	}
}

static void
ban(struct sshd_log *log, const char *addr, const char *text, bool lifted, const struct logline *f,
    uint64_t number)
{
	struct ban *b = &log->bans[0];

	for (int i = 0; i < BANS; i++) {
		if (strcmp(log->bans[i].addr, addr) == 0) {
			b = &log->bans[i];
			break;
		}
		if (log->bans[i].number < b->number)
			b = &log->bans[i];
	}
	text_copy(b->addr, sizeof b->addr, addr);
	text_copy(b->text, sizeof b->text, text);
	b->number = number;
	b->time = f->time;
	b->lifted = lifted;
}

/* "NOTICE  [sshd] Ban 192.0.2.1": fail2ban's own words, jail and address. */
static const struct says_row ban_says[] = {
	{ .pattern = "%-[%t] Ban %a", .flags = 1 },
	{ .pattern = "%-[%t] Restore Ban %a", .flags = 1 },
	{ .pattern = "%-[%t] Unban %a" },
	{ .pattern = NULL },
};

static bool
ban_line(struct sshd_log *log, const struct logline *f, const struct line *l)
{
	char text[96], message[MESSAGE];
	struct said said;
	struct strbuf sb;

	text_copy(message, sizeof message, f->message);
	if (strstr(message, "an ") == NULL || !says_match(ban_says, message, &said))
		return false;
	sb_init(&sb, text, sizeof text);
	sb_printf(&sb, "fail2ban, jail %s", said.text);
	ban(log, said.addr, text, said.row->flags == 0, f, l->number);
	return true;
}

/* A word of the kernel's line about a packet: "SRC=192.0.2.1". */
static bool
kernel_word(const char *message, const char *name, char *out, size_t cap)
{
	const char *p = strstr(message, name);
	struct strbuf sb;

	if (p == NULL)
		return false;
	p += strlen(name);
	sb_init(&sb, out, cap);
	sb_add(&sb, p, strcspn(p, " "));
	return sb.len > 0;
}

/* What SELinux denied sshd; or "[UFW BLOCK] IN=eth0 ... SRC=192.0.2.1 ... PROTO=TCP ... DPT=22": only a block that says so. */
static bool
kernel_line(
    struct sshd_log *log, struct recogniser *r, const struct logline *f, const struct line *l)
{
	char addr[64], port[16], text[96];
	struct strbuf sb;

	if (avc_line(r, f->message))
		return true;
	if (strstr(f->message, " BLOCK]") == NULL || strstr(f->message, " PROTO=TCP ") == NULL ||
	    !kernel_word(f->message, " SRC=", addr, sizeof addr) ||
	    !kernel_word(f->message, " DPT=", port, sizeof port))
		return false;
	sb_init(&sb, text, sizeof text);
	sb_printf(&sb, "ufw blocks port %s", port);
	ban(log, addr, text, false, f, l->number);
	return true;
}

/* ---- the reader -------------------------------------------------------------------------------------- */

static void
parse(const struct recogniser *r, const struct line *l, struct logline *f)
{
	const struct recognise_options *opt = recognise_options(r);

	logline_parse(l->s, l->len, opt->now, opt->utc_offset, f);
}

/* Debug lines that only a server has, and those with which a client begins. */
static const struct {
	const char *text;
	enum claim claim;
} debug_marks[] = {
	{ "sshd version ", CLAIM_CERTAIN },
	{ "Set /proc/self/oom_score_adj ", CLAIM_CERTAIN },
	{ "Reading configuration data ", CLAIM_NONE },
	{ "Connecting to ", CLAIM_NONE },
};

/* "  #0 server-session (t10 ...": a channel of a list of those that are open. */
static bool
is_channel(const char *message)
{
	message += strspn(message, " ");
	return message[0] == '#' && message[1] >= '0' && message[1] <= '9';
}

/* A message without a frame: surely a server's, or one that a client might say too, or debug text. */
static enum claim
raw_claim(const struct sshd_log *log, const struct logline *f)
{
	char message[MESSAGE];
	struct said said;
	bool level;

	if (f->len == 0)
		return CLAIM_NONE;
	bare(f->message, f->len, message, sizeof message, &level);
	if (understand(message, &said) &&
	    ((said.row->flags & SAY_SSHD) == 0 || strstr(said.path, "sshd") != NULL)) {
		if ((said.row->flags & (LINE_BEGINS | SAY_LISTENS)) != 0)
			return CLAIM_CERTAIN;
		return (said.row->flags & SAY_BOTH) == 0 || log->began ? CLAIM_MAYBE : CLAIM_NONE;
	}
	for (size_t i = 0; i < sizeof debug_marks / sizeof *debug_marks; i++)
		if (behind(message, debug_marks[i].text) != NULL)
			return debug_marks[i].claim;
	/*
	 * As sure as the client, whose debug lines look the same, as do its lists of channels: whichever
	 * of the two reads stays at it.
	 */
	return log->began && (level || is_channel(f->message)) ? CLAIM_MAYBE : CLAIM_NONE;
}

static enum claim
sshd_log_claims(const struct recogniser *r, const void *state, const struct line *l)
{
	struct logline f;

	parse(r, l, &f);
	switch (program_of(&f)) {
	case PROG_NONE: return raw_claim(state, &f);
	case PROG_FOREIGN: return CLAIM_NONE;
	case PROG_OTHER: return CLAIM_PART; /* a log has them; whose they are, is not said here */
	default: return CLAIM_CERTAIN;
	}
}

static bool
sshd_log_take(struct recogniser *r, void *state, const struct line *l)
{
	struct sshd_log *log = state;
	struct logline f;
	bool meant = false;

	parse(r, l, &f);
	switch (program_of(&f)) {
	case PROG_NONE:
	case PROG_NOLOGIN:
	case PROG_SSHD: meant = sshd_line(log, r, &f, l); break;
	case PROG_SYSTEMD: unit_says(log, f.message, l->number); break;
	case PROG_FAIL2BAN: meant = ban_line(log, &f, l); break;
	case PROG_KERNEL: meant = kernel_line(log, r, &f, l); break;
	default: break;
	}
	log->began |= meant;
	return meant;
}

static void
say_start(struct sshd_log *log, struct recogniser *r)
{
	bool reasons = false;

	for (int i = 0; i < log->nstart; i++)
		reasons |= !log->start[i].missing && log->start[i].what != TOLD_HOSTCERT_BAD;
	for (int i = 0; i < log->nstart; i++) {
		const struct start *s = &log->start[i];

		if (!reasons || !s->missing)
			recognise_told(r, (enum told)s->what,
			    &(struct statement){ .text = s->text,
				.path = s->path[0] != '\0' ? s->path : NULL,
				.line = s->line,
				.time = s->time,
				.number = s->number });
	}
	if (strcmp(log->unit_state, "failed") == 0)
		recognise_told(r, TOLD_UNIT,
		    &(struct statement){
			.text = log->unit, .mode = log->unit_state, .number = log->unit_number });
}

/* The latest that are in force. Whose they are, the address says; a ban may have been lifted by hand. */
static void
say_bans(struct sshd_log *log, struct recogniser *r)
{
	for (int n = 0; n < BANS_SAID; n++) {
		struct ban *b = NULL;

		for (int i = 0; i < BANS; i++)
			if (log->bans[i].number > 0 && !log->bans[i].lifted &&
			    (b == NULL || log->bans[i].number > b->number))
				b = &log->bans[i];
		if (b == NULL)
			return;
		recognise_told(r, TOLD_BANNED,
		    &(struct statement){ .text = b->text,
			.addr = b->addr,
			.mode = "unsure",
			.time = b->time,
			.number = b->number });
		b->lifted = true;
	}
}

static void
sshd_log_end(struct recogniser *r, void *state, bool another)
{
	struct sshd_log *log = state;

	/* Other lines between those of a log do not end it: a terminal's prompts, another program's. */
	if (another)
		return;
	sessions_end(&log->sessions, r);
	say_start(log, r);
	say_bans(log, r);
	log->nstart = 0;
	log->unit_state[0] = '\0';
	memset(log->bans, 0, sizeof log->bans);
}

const struct reader reader_sshd_log = { "sshd log", sizeof(struct sshd_log), sshd_log_claims,
	sshd_log_take, sshd_log_end };
