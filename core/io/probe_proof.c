/*
 * Probe "proof": runs the user's own ssh in batch mode, with all that it says,
 * and with nothing that would change a file or open a port. It waits at a
 * gate after its login; see proof.h. One row in probes.c.
 *
 *   ssh ... logs in -> LocalCommand reads a FIFO ... gate opens: a line is written
 *                                                 -> LocalCommand ends -> ssh sends its command
 */
#include "proof.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "child.h"
#include "probes.h"

enum {
	DIR_MAX = 256,
	FIFO_MAX = DIR_MAX + 8,
	WORDS_MAX = 48,
	LINES_MAX = 2000, /* that become evidence: a server may make ssh talk for ever */
	GSS_MS = 45000,   /* libkrb5 asks each server several times, with growing waits */
	TOTAL_MS = 60000,
	STEP_MS = 10000
};

enum proof_phase { PROOF_TRANSPORT, PROOF_AUTHENTICATION, PROOF_SESSION };

static const char *const phase_names[] = { "transport", "authentication", "session" };

struct proof {
	struct probe_run *pr;
	struct child *child;
	enum proof_phase phase;
	bool noted;  /* what sshd notes about a login has come, if it notes anything */
	bool banner; /* the server sent text of its own before the login */
	int fifo;    /* its write end, held open; -1 */
	int lines;
	uint64_t gss_us; /* when ssh began to try GSSAPI; 0: it is not at it */
	char dir[DIR_MAX], path[FIFO_MAX];
	char last[1024]; /* the last message of ssh that is no debugging */
};

_Static_assert(sizeof(struct proof) <= PROOF_PRIV, "room for the probe's memory");

/* ---- the gate ------------------------------------------------------------------ */

/* The path goes into LocalCommand, which a shell and ssh's own %-expansion read. */
static bool
is_plain_path(const char *s)
{
	return s != NULL && s[0] == '/' &&
	       s[strspn(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/._-")] ==
		   '\0';
}

static int
make_dir(struct proof *p)
{
	const char *const places[] = { getenv("XDG_RUNTIME_DIR"), getenv("TMPDIR"), "/tmp" };

	for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
		if (!is_plain_path(places[i]) ||
		    (size_t)snprintf(p->dir, sizeof p->dir, "%s/sshmedic-XXXXXX", places[i]) >=
			sizeof p->dir)
			continue;
		if (mkdtemp(p->dir) != NULL)
			return 0;
	}
	p->dir[0] = '\0';
	return -1;
}

static int
make_gate(struct proof *p)
{
	if (make_dir(p) != 0)
		return -1;
	snprintf(p->path, sizeof p->path, "%s/gate", p->dir);
	if (mkfifo(p->path, 0600) != 0)
		return -1;
	/* Both ends are held, so that neither side waits in open(2) and what is written stays until read. */
	p->fifo = open(p->path, O_RDWR | O_CLOEXEC | O_NONBLOCK);
	return p->fifo < 0 ? -1 : 0;
}

static void
remove_gate(struct proof *p)
{
	if (p->fifo >= 0)
		close(p->fifo);
	p->fifo = -1;
	if (p->path[0] != '\0')
		unlink(p->path);
	if (p->dir[0] != '\0')
		rmdir(p->dir);
	p->path[0] = p->dir[0] = '\0';
}

static uint32_t
step_ms(const struct proof *p)
{
	uint32_t ms = p->pr->run->opt->timeout_ms;

	return ms != 0 ? ms : STEP_MS;
}

/* A step begins: it has the limit of a step, and all of them together have one too. */
static void
limit_step(struct proof *p, uint32_t ms)
{
	uint64_t used = (probe_now(p->pr) - p->pr->start_us) / 1000;

	if (used < TOTAL_MS)
		probe_extend(p->pr, used + ms < TOTAL_MS ? ms : (uint32_t)(TOTAL_MS - used));
}

static void
apply_gate(struct proof *p)
{
	if (p->pr->run->gate == GATE_SHUT) {
		if (p->child != NULL)
			child_kill_now(p->child);
	} else if (p->pr->run->gate == GATE_OPEN && p->fifo >= 0) {
		if (write(p->fifo, "\n", 1) != 1)
			child_kill_now(p->child);
		limit_step(p, step_ms(p));
	}
}

void
proof_gate(struct run *r, bool open)
{
	if (r->gate != GATE_WAIT)
		return;
	r->gate = open ? GATE_OPEN : GATE_SHUT;
	if (r->proof != NULL)
		apply_gate(r->proof);
}

/* ---- what ssh says -------------------------------------------------------------- */

/* A phase begins where one of these is seen. */
static const struct {
	const char *text;
	enum proof_phase phase;
} markers[] = {
	{ "SSH2_MSG_SERVICE_ACCEPT received", PROOF_AUTHENTICATION },
	{ "Authentications that can continue", PROOF_AUTHENTICATION },
	{ "Authentication succeeded", PROOF_SESSION }, /* before 8.5 */
	{ "Authenticated to ", PROOF_SESSION },
	{ "Entering interactive session", PROOF_SESSION },
};

/* Plain lines of ssh -v that tell no trouble. */
static const char *const remarks[] = { "OpenSSH_", "Authenticated to ",
	"Transferred: ", "Bytes per second: ", "Pseudo-terminal will not be allocated",
	"Warning: Permanently added" };

static int
level_of(const char *text)
{
	return strncmp(text, "debug", 5) == 0 && text[5] >= '1' && text[5] <= '3' && text[6] == ':'
		   ? text[5] - '0'
		   : 0;
}

static void
follow_phase(struct proof *p, const char *text)
{
	for (size_t i = 0; i < sizeof markers / sizeof *markers; i++) {
		if (markers[i].phase <= p->phase || strstr(text, markers[i].text) == NULL)
			continue;
		p->phase = markers[i].phase;
		/* Behind the login ssh waits for the gate, whose opener has limits of its own. */
		limit_step(p, p->phase == PROOF_SESSION && p->pr->run->gate == GATE_WAIT
				  ? TOTAL_MS
				  : step_ms(p));
	}
}

/* Where one of these is seen, the session begins: what comes now may be the account's own words. */
static const char *const session_marks[] = { "channel_input_open_confirmation",
	"Sending command: ", "Sending environment" };

static void
say_proof_note(struct proof *p, const char *text)
{
	struct evidence ev;

	ev_init(&ev, EV_PROOF_NOTE);
	ev_str(&ev, K_TEXT, text);
	probe_emit_from(p->pr, &ev, VANTAGE_PROOF, 0);
}

/*
 * The notes of sshd come between the login and the session, as messages of the
 * protocol that ssh prints behind a mark. A banner is printed as it came and
 * might imitate them: where it holds that mark, or our own connection has not
 * seen the banner, no note counts.
 */
static void
follow_notes(struct proof *p, const char *text)
{
	static const char mark[] = "debug1: " PROOF_NOTE_MARK;
	const struct run *r = p->pr->run;

	if (strstr(text, "input_userauth_banner") != NULL)
		p->banner = true;
	for (size_t i = 0; i < sizeof session_marks / sizeof *session_marks; i++)
		p->noted |= strstr(text, session_marks[i]) != NULL;
	if (p->noted || p->phase != PROOF_SESSION || strncmp(text, mark, sizeof mark - 1) != 0)
		return;
	if (r->banner_imitates || (p->banner && !r->banner_seen))
		return;
	say_proof_note(p, text + sizeof mark - 1);
}

/* ---- the time that GSSAPI takes ------------------------------------------------------ */

/* Where one of these is seen, ssh no longer waits for tickets: it sends something, or gives up. */
static const char *const gss_ends[] = { "debug3: send packet: ", "debug2: we did not send a packet",
	"debug1: Next authentication method: ", "debug1: Authentications that can continue",
	"Authenticated to " };

static void
say_gss(struct proof *p)
{
	const struct run *r = p->pr->run;
	uint64_t start = p->gss_us;
	struct evidence ev;

	p->gss_us = 0;
	/* A banner is printed as it came: one that might imitate the beginning makes the time worthless. */
	if (r->banner_imitates || (p->banner && !r->banner_seen))
		return;
	ev_init(&ev, EV_PHASE);
	ev_str(&ev, K_PHASE, phase_name(PH_AUTHGSS));
	ev_int(&ev, K_START_US, (int64_t)start);
	ev_int(&ev, K_TOOK_US, (int64_t)(probe_now(p->pr) - start));
	probe_emit_from(p->pr, &ev, VANTAGE_PROOF, 0);
}

/*
 * Our own connection does no GSSAPI: ssh's lines tell what it takes. Only the time before ssh
 * sends a packet counts; nothing of the server is in it. The ssh of a jump host prints
 * the same lines into the same stream, so that behind one nothing is said.
 */
static void
follow_gss(struct proof *p, const char *text)
{
	static const char begin[] = "debug1: " PROOF_GSS_MARK;
	const struct sshg *cfg = p->pr->run->cfg;

	if (p->phase != PROOF_AUTHENTICATION && p->gss_us == 0)
		return;
	for (size_t i = 0; p->gss_us != 0 && i < sizeof gss_ends / sizeof *gss_ends; i++) {
		if (strncmp(text, gss_ends[i], strlen(gss_ends[i])) != 0)
			continue;
		say_gss(p);
		if (p->phase == PROOF_AUTHENTICATION)
			limit_step(p, step_ms(p));
	}
	if (strncmp(text, begin, sizeof begin - 1) != 0 || cfg->proxyjump[0] != '\0' ||
	    cfg->proxycommand[0] != '\0')
		return;
	p->gss_us = probe_now(p->pr);
	limit_step(p, GSS_MS);
}

/* What ssh says of the host before the login; nothing that a server can write into a banner comes so early. */
static const struct {
	const char *begin, *what;
} host_lines[] = {
	{ "debug1: Server host key: ", "key" },
	{ "debug1: Server host certificate: ", "cert" },
	{ "Certificate invalid: ", "invalid" },
	{ "debug1: No matching CA found. Retry with plain key", "no-ca" },
	{ "debug1: Connecting to ", "tries" },
	{ "debug1: connect to address ", "unanswered" },
};

static void
say_host(struct proof *p, const char *what, const char *rest)
{
	size_t type = strcspn(rest, " ");
	const char *open = strchr(rest, '['), *close = open != NULL ? strchr(open, ']') : NULL;
	struct evidence ev;

	if (strcmp(what, "unanswered") == 0 && strstr(rest, "timed out") == NULL)
		return;
	ev_init(&ev, EV_PROOF_HOST);
	ev_str(&ev, K_WHAT, what);
	if (strcmp(what, "tries") == 0 && close != NULL)
		ev_mem(&ev, K_ADDR, open + 1, (size_t)(close - open - 1));
	else if (strcmp(what, "unanswered") == 0)
		ev_mem(&ev, K_ADDR, rest, type);
	else if (strcmp(what, "key") == 0 && rest[type] == ' ') {
		ev_mem(&ev, K_TYPE, rest, type);
		ev_str(&ev, K_FP, rest + type + 1);
	} else if (rest[0] != '\0') {
		ev_str(&ev, K_TEXT, rest);
	}
	probe_emit_from(p->pr, &ev, VANTAGE_PROOF, 0);
}

static void
follow_host(struct proof *p, const char *text)
{
	for (size_t i = 0; i < sizeof host_lines / sizeof *host_lines; i++) {
		size_t len = strlen(host_lines[i].begin);

		if (p->phase == PROOF_TRANSPORT && strncmp(text, host_lines[i].begin, len) == 0)
			say_host(p, host_lines[i].what, text + len);
	}
}

static void
keep_last(struct proof *p, const char *text)
{
	/* Some debugging output goes on in further lines, which are indented. */
	if (text[0] == '\0' || text[0] == ' ' || text[0] == '\t')
		return;
	for (size_t i = 0; i < sizeof remarks / sizeof *remarks; i++)
		if (strncmp(text, remarks[i], strlen(remarks[i])) == 0)
			return;
	text_copy(p->last, sizeof p->last, text);
}

static void
on_line(void *arg, enum child_stream stream, const char *line, size_t len)
{
	struct proof *p = arg;
	char text[2048];
	struct evidence ev;
	int level;

	if (stream != CHILD_ERR || p->pr->run->gate == GATE_SHUT)
		return;
	text_clean(text, sizeof text, line, len);
	level = level_of(text);
	/* A server's banner may imitate these lines: they name the phase in a text and decide nothing else. */
	if (level > 0 || strncmp(text, "Authenticated to ", 17) == 0)
		follow_phase(p, text);
	follow_gss(p, text);
	follow_host(p, text);
	if (level > 0)
		follow_notes(p, text);
	if (level == 0)
		keep_last(p, text);
	if (p->lines++ >= LINES_MAX)
		return;
	ev_init(&ev, EV_PROOF_LINE);
	ev_str(&ev, K_TEXT, text);
	ev_int(&ev, K_LEVEL, level);
	probe_emit_from(p->pr, &ev, VANTAGE_PROOF, 0);
}

static void
say_result(struct proof *p, int error, int status, int sig)
{
	struct evidence ev;
	const char *text = p->last;

	ev_init(&ev, EV_PROOF_RESULT);
	if (p->pr->deadline_hit)
		text = "ssh did not end in time";
	else if (error != 0)
		text = uv_strerror(error);
	else if (sig != 0)
		ev_str(&ev, K_SIGNAL, sigabbrev_np(sig));
	else
		ev_int(&ev, K_EXIT, status);
	ev_int(&ev, K_TOOK_US, (int64_t)(probe_now(p->pr) - p->pr->start_us));
	ev_str(&ev, K_TEXT, text);
	ev_str(&ev, K_PHASE, phase_names[p->phase]);
	probe_emit_from(p->pr, &ev, VANTAGE_PROOF, 0);
}

static void
on_end(void *arg, int error, int status, int sig)
{
	struct proof *p = arg;
	struct run *r = p->pr->run;

	p->child = NULL;
	r->proof = NULL;
	remove_gate(p);
	if (r->gate != GATE_SHUT && (!p->pr->cancelled || p->pr->deadline_hit))
		say_result(p, error, status, sig);
	probe_done(p->pr);
}

/* ---- the command ------------------------------------------------------------------ */

struct words {
	const char *v[WORDS_MAX + 1];
	int n;
};

static void
add_option(struct words *w, const char *option)
{
	if (w->n + 2 <= WORDS_MAX) {
		w->v[w->n++] = "-o";
		w->v[w->n++] = option;
	}
}

static bool
is_known(const struct run *r)
{
	/* Where our own connection never saw the host key, any key of the host must be the known one. */
	if (r->hostkey_fp[0] == '\0')
		return r->nknown > 0;
	for (int i = 0; i < r->nknown; i++)
		if (!r->known[i].revoked &&
		    (r->known[i].ca || strcmp(r->known[i].fp, r->hostkey_fp) == 0))
			return true;
	return false;
}

/*
 * Against side effects: no master connection is used or made, no port opened, no
 * file written, no agent filled. Options that the installed ssh did not list
 * are left out: it would not know them.
 */
static void
add_options(struct words *w, const struct run *r, const char *local_command)
{
	const struct sshg *cfg = r->cfg;
	bool lax =
	    cfg->stricthostkeychecking == SSHG_NO || cfg->stricthostkeychecking == SSHG_ACCEPT_NEW;

	w->v[w->n++] = "-vvv";
	w->v[w->n++] = "-T";
	add_option(w, "BatchMode=yes");
	add_option(w, "ControlMaster=no");
	add_option(w, "ControlPath=none");
	add_option(w, "ClearAllForwardings=yes");
	add_option(w, "ForwardAgent=no");
	add_option(w, local_command != NULL ? "PermitLocalCommand=yes" : "PermitLocalCommand=no");
	if (local_command != NULL)
		add_option(w, local_command);
	if (cfg->remotecommand[0] != '\0')
		add_option(w, "RemoteCommand=none");
	if (cfg->updatehostkeys != SSHG_UNSET)
		add_option(w, "UpdateHostKeys=no");
	if (cfg->addkeystoagent != SSHG_UNSET)
		add_option(w, "AddKeysToAgent=no");
	if (cfg->sessiontype[0] != '\0') { /* both came with 8.7 */
		add_option(w, "SessionType=default");
		add_option(w, "ForkAfterAuthentication=no");
	}
	/* Who lets ssh take unknown keys by itself gets that, but none is written down. */
	add_option(
	    w, lax && !is_known(r) ? "StrictHostKeyChecking=no" : "StrictHostKeyChecking=yes");
	if (lax && !is_known(r))
		add_option(w, "UserKnownHostsFile=/dev/null");
}

/* Of repeated options ssh takes the first: ours go before the user's. */
static void
move_to_front(char **argv, int from, int n)
{
	for (int i = 0; i < n; i++) {
		char *word = argv[from + i];

		memmove(&argv[2 + i], &argv[1 + i], (size_t)(from - 1) * sizeof *argv);
		argv[1 + i] = word;
	}
}

/* Where run_ssh_argv() puts extra words. */
static int
extra_at(const struct run *r)
{
	return 1 + (int)r->opt->nargs + (r->t->user[0] != '\0' ? 2 : 0) + (r->t->port != 0 ? 2 : 0);
}

static char **
make_argv(const struct run *r, const char *local_command)
{
	static const char *const command[] = { "true", NULL };
	struct words w = { { NULL }, 0 };
	char **argv;

	add_options(&w, r, local_command);
	if ((argv = run_ssh_argv(r, w.v, command)) != NULL)
		move_to_front(argv, extra_at(r), w.n);
	return argv;
}

/* The command as a person would type it. */
static void
say_start(struct proof *p)
{
	static const char *const extra[] = { "-v", "-o", "BatchMode=yes", NULL };
	static const char *const command[] = { "true", NULL };
	char **argv = run_ssh_argv(p->pr->run, extra, command);
	char text[4096];
	struct strbuf sb;
	struct evidence ev;

	if (argv == NULL)
		return;
	sb_init(&sb, text, sizeof text);
	for (int i = 0; argv[i] != NULL; i++) {
		if (i > 0)
			sb_putc(&sb, ' ');
		text_shell_quote(&sb, argv[i]);
	}
	free(argv);
	ev_init(&ev, EV_PROOF_START);
	ev_str(&ev, K_COMMAND, text);
	probe_emit_from(p->pr, &ev, VANTAGE_PROOF, 0);
}

static void
say_note(struct proof *p, const char *text)
{
	struct evidence ev;

	ev_init(&ev, EV_NOTE);
	ev_str(&ev, K_TEXT, text);
	probe_emit(p->pr, &ev);
}

int
proof_start(struct probe_run *pr)
{
	static const struct child_callbacks cb = { on_line, on_end };
	struct proof *p = pr->priv;
	struct run *r = pr->run;
	char local[FIFO_MAX + 64], **argv;

	p->pr = pr;
	p->fifo = -1;
	/* Our own connection ended before the host key: no command of ours can run twice. */
	if (r->hostkey_fp[0] == '\0')
		proof_gate(r, true);
	if (r->gate == GATE_SHUT)
		return -1;
	if (r->gate == GATE_WAIT && make_gate(p) != 0) {
		say_note(p,
		    "no proof: there is no directory in which it could wait for the first command");
		remove_gate(p);
		return -1;
	}
	snprintf(local, sizeof local, "LocalCommand=exec head -n 1 %s", p->path);
	argv = make_argv(r, p->fifo >= 0 ? local : NULL);
	pr->run->connections++;
	if (argv == NULL || (p->child = child_start(probe_loop(pr), argv, &cb, p)) == NULL) {
		free(argv);
		remove_gate(p);
		return -1;
	}
	free(argv);
	r->proof = p;
	say_start(p);
	limit_step(p, step_ms(p));
	return 0;
}

void
proof_cancel(struct probe_run *pr)
{
	struct proof *p = pr->priv;

	if (p->child != NULL)
		child_kill_now(p->child); /* on_end() finishes */
}
