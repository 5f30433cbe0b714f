/*
 * Reads the logs of the small servers: Dropbear's, in syslog or as dropbear -E writes it, and
 * tinysshd's, which names a connection by a word of its own. Called by the recogniser.
 */
#include "logline.h"
#include "readers.h"
#include "says.h"

enum { SERVER_SAYS = 4, MESSAGE = 1024 };

#define BEGINS LINE_BEGINS
#define ENDS LINE_ENDS
#define REFUSED LINE_REFUSED
#define ELSE LINE_MISSING

/* clang-format off */
/* Dropbear 2014.63 to 2025.88: svr-main.c, svr-auth*.c, svr-session.c, common-algo.c. */
static const struct says_row dropbear_says[] = {
	{ .pattern = "Child connection from %A", .flags = BEGINS },
	{ .pattern = "Pubkey auth succeeded for '%u' with %- from %A, extra auth required", .what = TOLD_MORE_FACTORS, .flags = REFUSED | ELSE },
	{ .pattern = "Pubkey auth succeeded for '%u' with %- from %A", .flags = LINE_ACCEPTED },
	{ .pattern = "Password auth succeeded for '%u' from %A, extra auth required", .what = TOLD_MORE_FACTORS, .flags = REFUSED | ELSE },
	{ .pattern = "Password auth succeeded for '%u' from %A", .flags = LINE_ACCEPTED },
	{ .pattern = "PAM password auth succeeded for '%u' from %A", .flags = LINE_ACCEPTED },
	{ .pattern = "Bad password attempt for '%u' from %A", .what = TOLD_PASSWORD_WRONG, .flags = REFUSED | ELSE },
	{ .pattern = "Bad PAM password attempt for '%u' from %A", .what = TOLD_PASSWORD_WRONG, .flags = REFUSED | ELSE },
	{ .pattern = "Exit before auth from <%A>: (user '%u', %n fails): Max auth tries reached%*", .what = TOLD_TOO_MANY, .flags = REFUSED | ENDS },
	{ .pattern = "Exit before auth from <%A>: Max auth tries reached - user '%u'", .what = TOLD_TOO_MANY, .flags = REFUSED | ENDS },
	{ .pattern = "Exit before auth from <%A>: (user '%u', %n fails): Timeout before auth", .what = TOLD_GRACE, .flags = REFUSED | ENDS },
	{ .pattern = "Exit before auth from <%A>: Timeout before auth", .what = TOLD_GRACE, .flags = REFUSED | ENDS },
	{ .pattern = "Exit before auth from <%A>: (user '%u', %n fails): %-", .flags = REFUSED | ENDS },
	{ .pattern = "Exit before auth from <%A>: No matching algo hostkey", .what = TOLD_HOSTKEY_MISMATCH, .flags = ENDS },
	{ .pattern = "Exit before auth from <%A>: No matching algo %t", .what = TOLD_KEX_MISMATCH, .flags = ENDS },
	{ .pattern = "Exit before auth from <%A>: %-", .flags = ENDS },
	{ .pattern = "Exit before auth (user '%u', %n fails): Max auth tries reached%*", .what = TOLD_TOO_MANY, .flags = REFUSED | ENDS },
	{ .pattern = "Exit before auth (user '%u', %n fails): %-", .flags = REFUSED | ENDS },
	{ .pattern = "Exit before auth: %-", .flags = ENDS },
	{ .pattern = "Exit (%u) from <%A>: Idle timeout", .what = TOLD_SERVER_CLOSED, .flags = ENDS },
	{ .pattern = "Exit (%u) from <%A>: Keepalive timeout", .what = TOLD_SERVER_CLOSED, .flags = ENDS },
	{ .pattern = "Exit (%u) from <%A>: %-", .flags = ENDS },
	{ .pattern = "Exit (%u): %-", .flags = ENDS },
	{ .pattern = "Login attempt for nonexistent user '%u' from %A", .what = TOLD_USER_UNKNOWN, .flags = REFUSED },
	{ .pattern = "Login attempt for nonexistent user from %A", .what = TOLD_USER_UNKNOWN, .flags = REFUSED },
	{ .pattern = "Login attempt for nonexistent user", .what = TOLD_USER_UNKNOWN, .flags = REFUSED },
	{ .pattern = "User '%u' has invalid shell, rejected", .what = TOLD_SHELL_BAD, .flags = REFUSED },
	{ .pattern = "User account '%u' is locked", .what = TOLD_LOCKED, .flags = REFUSED },
	{ .pattern = "root login rejected", .what = TOLD_ROOT_REFUSED, .flags = REFUSED, .user = "root" },
	{ .pattern = "%f must be owned by user or root, and not writable by group or others", .what = TOLD_BAD_MODES, .flags = REFUSED, .needle = " must be owned by user or root" },
	{ .pattern = "%f must be owned by user or root", .what = TOLD_BAD_MODES, .flags = REFUSED, .needle = " must be owned by user or root" },
	{ .pattern = "Bad public key options at %f:%n", .what = TOLD_OPTION_BAD, .flags = REFUSED },
	{ .pattern = "Pubkey auth attempt with unknown algo for '%u' from %A", .what = TOLD_SIGALG_REFUSED, .flags = REFUSED },
	{ .pattern = "Early exit: No hostkeys available.%*", .what = TOLD_NO_HOSTKEYS, .flags = SAY_SERVER },
	{ .pattern = "Failed listening on '%n': %-ddress already in use", .what = TOLD_PORT_TAKEN, .flags = SAY_SERVER },
	{ .pattern = NULL },
};

/* tinysshd 20190101 to 20250501: main_tinysshd.c, subprocess_auth.c, packet_auth.c; behind "tinysshd: WORD: info: ". */
static const struct says_row tinysshd_says[] = {
	{ .pattern = "connection from %A %*", .flags = BEGINS },
	{ .pattern = "connection from %A{%*", .flags = BEGINS },
	{ .pattern = "auth: account %u: not exist%*", .what = TOLD_USER_UNKNOWN, .flags = REFUSED },
	{ .pattern = "auth: account %u: %*", .flags = REFUSED },
	{ .pattern = "auth: bad mode: directory writable by group or others: %f (access denied)%*", .what = TOLD_BAD_MODES, .flags = REFUSED },
	{ .pattern = "auth: bad mode: file writable by group or others: %f (access denied)%*", .what = TOLD_BAD_MODES, .flags = REFUSED },
	{ .pattern = "auth: bad owner: %f (access denied)%*", .what = TOLD_BAD_MODES, .flags = REFUSED },
	{ .pattern = "auth: unable to authorize using authorized_keys: key not found%*", .what = TOLD_KEY_UNKNOWN, .flags = REFUSED },
	{ .pattern = "auth: %u: %- accepted%*", .flags = LINE_ACCEPTED },
	{ .pattern = "authentication failed%*", .flags = REFUSED | ENDS },
	{ .pattern = "unable to chdir to %f (file does not exist)%*", .what = TOLD_NO_HOSTKEYS, .flags = SAY_SERVER },
	{ .pattern = "finished%*", .flags = ENDS },
	{ .pattern = NULL },
};
/* clang-format on */

struct small_log {
	struct sessions sessions;
	int server_says;
};

/* What is said of the server, at most so often; what is said of a login, to the table of them. */
static bool
say(struct small_log *log, struct recogniser *r, const struct said *said, const struct logline *f,
    const struct line *l, uint64_t process)
{
	struct login_line line = { .process = process,
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

	if ((said->row->flags & SAY_SERVER) == 0) {
		sessions_add(&log->sessions, r, &line);
	} else if (log->server_says < SERVER_SAYS) {
		log->server_says++;
		recognise_told(r, said->row->what,
		    &(struct statement){ .text = said->text, .path = said->path, .time = f->time });
	}
	return true;
}

static void
parse(const struct recogniser *r, const struct line *l, struct logline *f)
{
	const struct recognise_options *opt = recognise_options(r);

	logline_parse(l->s, l->len, opt->now, opt->utc_offset, f);
}

static void
small_end(struct recogniser *r, void *state, bool another)
{
	struct small_log *log = state;

	if (another)
		return;
	sessions_end(&log->sessions, r);
	log->server_says = 0;
}

/* ---- Dropbear ---------------------------------------------------------------------------------- */

static enum claim
dropbear_claims(const struct recogniser *r, const void *state, const struct line *l)
{
	struct logline f;

	(void)state;
	if (strstr(l->s, "dropbear") == NULL && l->s[0] != '[')
		return CLAIM_NONE;
	parse(r, l, &f);
	return f.framed && strncmp(f.program, "dropbear", 8) == 0 ? CLAIM_CERTAIN : CLAIM_NONE;
}

static bool
dropbear_take(struct recogniser *r, void *state, const struct line *l)
{
	char message[MESSAGE];
	struct logline f;
	struct said said;

	parse(r, l, &f);
	text_copy(message, sizeof message, f.message);
	if (!says_match(dropbear_says, message, &said))
		return false;
	return say(state, r, &said, &f, l, logline_process(&f, f.pid));
}

const struct reader reader_dropbear_log = { "dropbear log", sizeof(struct small_log),
	dropbear_claims, dropbear_take, small_end };

/* ---- tinysshd ----------------------------------------------------------------------------------- */

/* "tinysshd: 1njQIJn2: info: MESSAGE", in a frame or without: the message, and the word as a number. */
static const char *
tiny_message(const char *s, uint64_t *process)
{
	static const char *const levels[] = { "info: ", "warning: ", "fatal: " };
	uint64_t h = 1469598103934665603u;
	size_t n;

	if (strncmp(s, "tinysshd: ", 10) != 0)
		return NULL;
	s += 10;
	n = strcspn(s, ": ");
	if (n == 0 || n > 16 || s[n] != ':' || s[n + 1] != ' ')
		return NULL;
	for (size_t i = 0; i < n; i++)
		h = (h ^ (unsigned char)s[i]) * 1099511628211u;
	*process = h != 0 ? h : 1;
	s += n + 2;
	for (size_t i = 0; i < sizeof levels / sizeof *levels; i++)
		if (strncmp(s, levels[i], strlen(levels[i])) == 0)
			return s + strlen(levels[i]);
	return NULL;
}

static enum claim
tinysshd_claims(const struct recogniser *r, const void *state, const struct line *l)
{
	struct logline f;
	uint64_t process;

	(void)state;
	if (strstr(l->s, "tinysshd: ") == NULL)
		return CLAIM_NONE;
	parse(r, l, &f);
	return tiny_message(f.message, &process) != NULL ? CLAIM_CERTAIN : CLAIM_NONE;
}

static bool
tinysshd_take(struct recogniser *r, void *state, const struct line *l)
{
	char message[MESSAGE];
	const char *text;
	struct logline f;
	struct said said;
	uint64_t process;

	parse(r, l, &f);
	if ((text = tiny_message(f.message, &process)) == NULL)
		return false;
	text_copy(message, sizeof message, text);
	if (!says_match(tinysshd_says, message, &said))
		return false;
	return say(state, r, &said, &f, l, process);
}

const struct reader reader_tinysshd_log = { "tinysshd log", sizeof(struct small_log),
	tinysshd_claims, tinysshd_take, small_end };
