/* What single lines of the session say: channels, commands, shells, sftp, the proof. See learn_internal.h. */
#include <inttypes.h>
#include <stdio.h>

#include "learn_internal.h"

/* ---- session and proof ---------------------------------------------------------------------------- */

static bool
line_holds(const struct printed *line, const char *text)
{
	return memmem(line->s, line->len, text, strlen(text)) != NULL;
}

static bool
line_ends(const struct printed *line, const char *text)
{
	size_t n = strlen(text);

	return line->len > n && memcmp(line->s + line->len - n, text, n) == 0;
}

/*
 * "Could not chdir to home directory PATH: REASON" (do_child of sshd's
 * session.c). A path that is shown with an escape is not the path itself: then none is kept.
 */
static void
line_of_home(struct diag *d, const struct evidence *ev, const struct printed *line)
{
	static const char head[] = "Could not chdir to home directory ",
			  gone[] = ": No such file or directory";
	size_t len = line->len, n = sizeof head - 1;
	bool absent = line_ends(line, gone);
	const char *path = line->s + n;

	if (len <= n || memcmp(line->s, head, n) != 0)
		return;
	fact(d, ev, absent ? F_HOME_ABSENT_TEXT : F_HOME_CLOSED_TEXT);
	slot_offer(d, SLOT_HOME_TEXT, 0, line->s, len);
	for (len -= n; len > 0 && path[len] != ':';)
		len--;
	if (len > 1 && path[0] == '/' && memchr(path, '\\', len) == NULL)
		slot_offer(d, SLOT_HOME, 0, path, len);
}

/* What shells say where the server's limits stop them. */
static void
line_of_limit(struct diag *d, const struct evidence *ev, const struct printed *line)
{
	static const struct text_fact says[] = {
		{ "fork: retry: Resource temporarily unavailable", F_FORK_TEXT },
		{ "fork: Resource temporarily unavailable", F_FORK_TEXT },
		{ "fork failed: resource temporarily unavailable", F_FORK_TEXT }, /* zsh */
		{ "No space left on device", F_DISK_TEXT },
	};

	for (size_t i = 0; i < COUNT(says); i++) {
		if (!line_holds(line, says[i].text))
			continue;
		fact(d, ev, says[i].fact);
		slot_offer(
		    d, SLOT_LIMIT_TEXT, says[i].fact == F_FORK_TEXT ? 0 : 1, line->s, line->len);
	}
}

/* The lines that sshd itself or the shell printed for us, on either stream. */
static void
lines_printed(struct diag *d, const struct evidence *ev)
{
	static const enum ev_key keys[] = { K_OUT, K_ERR };
	struct printed line;

	for (size_t i = 0; i < COUNT(keys); i++)
		for (size_t at = 0; next_line(ev_get(ev, keys[i]), &at, &line);) {
			line_of_home(d, ev, &line);
			line_of_limit(d, ev, &line);
		}
}

/*
 * What sshd prints where it cannot start the account's shell: its path and the
 * reason, and not one line more (do_child). It saw to the shell before the login, unless
 * the account lives below another root.
 */
static void
shell_absent(struct diag *d, const struct evidence *ev)
{
	static const char gone[] = ": No such file or directory";
	const struct ev_field *err = ev_get(ev, K_ERR);
	struct printed line, more;
	size_t at = 0;

	if (ev_num(ev, K_EXIT, -1) != 1 || ev_get(ev, K_OUT) != NULL || !next_line(err, &at, &line))
		return;
	if (line.s[0] == '/' && line_ends(&line, gone) &&
	    memchr(line.s, ' ', line.len - (sizeof gone - 1)) == NULL &&
	    !next_line(err, &at, &more))
		fact(d, ev, F_SHELL_ABSENT_TEXT);
}

static void
session_request(struct diag *d, const struct evidence *ev)
{
	static const struct {
		const char *request, *result;
		enum fact fact;
	} rows[] = {
		{ "channel", "refused", F_CHANNEL_REFUSED },
		{ "exec", "refused", F_EXEC_REFUSED },
		{ "exec", "timeout", F_EXEC_TIMEOUT },
		{ "pty", "refused", F_PTY_REFUSED },
		{ "second channel", "refused", F_SECOND_REFUSED },
		{ "shell", "refused", F_SHELL_REFUSED },
		{ "shell", "timeout", F_SHELL_SILENT },
		{ "sftp", "refused", F_SFTP_REFUSED },
		{ "sftp", "timeout", F_SFTP_STALLED },
		{ "channel", "timeout", F_SESSION_STALLED },
		{ "pty", "timeout", F_SESSION_STALLED },
	};

	for (size_t i = 0; i < COUNT(rows); i++)
		if (ev_is(ev, K_REQUEST, rows[i].request) && ev_is(ev, K_RESULT, rows[i].result))
			fact(d, ev, rows[i].fact);
	if (ev_is(ev, K_RESULT, "closed") && !ev_is(ev, K_REQUEST, "sftp"))
		fact(d, ev, F_SESSION_LOST);
	if (!ev_is(ev, K_RESULT, "ok") && !ev_is(ev, K_REQUEST, "second channel"))
		slot_field(d, SLOT_SESSION_TEXT, 3, ev, K_TEXT);
}

static void
session_exec(struct diag *d, const struct evidence *ev)
{
	static const struct text_fact says[] = {
		{ "This account is currently not available", F_NOLOGIN_TEXT },
		{ "This service allows sftp connections only", F_SFTP_ONLY_TEXT },
		{ "too many logins for ", F_LOGINS_TEXT }, /* pam_limits */
	};
	int64_t status = ev_num(ev, K_EXIT, -1);
	bool ended = ev_get(ev, K_EXIT) != NULL;

	fact(d, ev, ev_is(ev, K_NONCE, "ok") ? F_NONCE_OK : F_NONCE_ABSENT);
	account_words(d, ev);
	texts(d, ev, K_OUT, says, COUNT(says));
	texts(d, ev, K_ERR, says, COUNT(says));
	texts(d, ev, K_TEXT, says, COUNT(says));
	if (ev_get(ev, K_SIGNAL) != NULL)
		fact(d, ev, F_EXIT_SIGNAL);
	if (ended && status == 0)
		fact(d, ev, F_EXIT_ZERO);
	if (ended && status > 128 && status <= 128 + 64)
		fact(d, ev, F_EXIT_128);
	if (ended && status == 254)
		fact(d, ev, F_EXIT_254);
	if (ended && (status == 126 || status == 127))
		fact(d, ev, F_EXIT_UNRUNNABLE);
	if (ev_get(ev, K_OUT) != NULL || ev_get(ev, K_ERR) != NULL)
		fact(d, ev, F_EXEC_SAID);
	shell_absent(d, ev);
	lines_printed(d, ev);
	slot_field(d, SLOT_EXIT, 0, ev, K_EXIT);
	slot_field(d, SLOT_SIGNAL, 0, ev, K_SIGNAL);
	if (ev_is(ev, K_NONCE, "ok"))
		return; /* what was printed is no word of what failed */
	slot_first_line(d, SLOT_SESSION_TEXT, 0, ev, K_ERR);
	slot_first_line(d, SLOT_SESSION_TEXT, 1, ev, K_OUT);
	slot_first_line(d, SLOT_SESSION_TEXT, 2, ev, K_TEXT);
}

static void
session_rest(struct diag *d, const struct evidence *ev)
{
	const struct ev_field *shell = ev_get(ev, K_SHELL);

	lines_printed(d, ev);
	if (shell != NULL && shell->s != NULL && shell->len >= 5 &&
	    memcmp(shell->s + shell->len - 5, "/bash", 5) == 0)
		fact(d, ev, F_SHELL_BASH);
	if (!ev_is(ev, K_RESULT, "missing"))
		return;
	fact(d, ev, F_TERM_UNKNOWN);
	slot_field(d, SLOT_TERM, 0, ev, K_NAME);
}

/* "/home/alice/.ssh/authorized_keys:1: key options: agent-forwarding pty" (auth_log_authopts). */
static void
session_note(struct diag *d, const struct evidence *ev)
{
	static const char mark[] = ": key options:";
	const struct ev_field *f = ev_get(ev, K_TEXT);
	const char *at, *end, *pty;

	if (f == NULL || f->s == NULL || (at = memmem(f->s, f->len, mark, sizeof mark - 1)) == NULL)
		return;
	end = f->s + f->len;
	pty = memmem(at, (size_t)(end - at), " pty", 4);
	if (pty != NULL && (pty + 4 == end || pty[4] == ' ')) {
		fact(d, ev, F_NOTE_PTY);
		return;
	}
	fact(d, ev, F_NOTE_NO_PTY);
	slot_offer(d, SLOT_KEY_PLACE, 0, f->s, (size_t)(at - f->s));
}

static void
session_shell(struct diag *d, const struct evidence *ev)
{
	bool byte = ev_get(ev, K_FIRST_US) != NULL || ev_is(ev, K_STATE, "started");

	if (byte)
		fact(d, ev, F_SHELL_STARTED);
	if (ev_is(ev, K_STATE, "open"))
		fact(d, ev, byte ? F_SHELL_OPEN : F_SHELL_SILENT);
	if (ev_num(ev, K_ECHO_US, 0) > 0) {
		fact(d, ev, F_ECHO_TIMED);
		least(&d->echo_us, ev_num(ev, K_ECHO_US, 0));
	}
	if (ev_is(ev, K_STATE, "busy"))
		fact(d, ev, F_SHELL_BUSY);
	if (ev_is(ev, K_STATE, "ended"))
		fact(d, ev, F_SHELL_ENDED);
	if (ev_get(ev, K_SIGNAL) != NULL)
		fact(d, ev, F_SHELL_SIGNAL);
	slot_field(d, SLOT_EXIT, 1, ev, K_EXIT);
	slot_field(d, SLOT_SIGNAL, 1, ev, K_SIGNAL);
	if (ev_is(ev, K_STATE, "ended"))
		slot_first_line(d, SLOT_SESSION_TEXT, 4, ev, K_OUT);
	lines_printed(d, ev);
}

/* The number that sftp makes of the first four bytes, most significant first; -1 where they are not known. */
static int64_t
first_word(const struct evidence *ev)
{
	const struct ev_field *f = ev_get(ev, K_TEXT);
	int64_t code = ev_num(ev, K_CODE, -1);

	if (code >= 0 || f == NULL || f->s == NULL || f->len < 4)
		return code;
	for (int i = 0; i < 4; i++) { /* plain characters stand for themselves in a cleaned text */
		if (f->s[i] <= ' ' || f->s[i] > '~' || f->s[i] == '\\')
			return -1;
		code = (i == 0 ? 0 : code << 8) + f->s[i];
	}
	return code;
}

/* That number, and the four bytes that it is made of: 1466264675 ("Welc"). */
static void
slot_code(struct diag *d, const struct evidence *ev)
{
	int64_t code = first_word(ev);
	char raw[4], text[4 * 8], words[64];

	if (code < 0 || code > UINT32_MAX)
		return;
	for (int i = 0; i < 4; i++)
		raw[i] = (char)(code >> (24 - 8 * i));
	text_clean(text, sizeof text, raw, sizeof raw);
	snprintf(words, sizeof words, "%" PRId64 " (\"%s\")", code, text);
	slot_offer(d, SLOT_SFTP_CODE, 0, words, strlen(words));
}

static void
session_sftp(struct diag *d, const struct evidence *ev)
{
	static const struct word_fact results[] = {
		{ "refused", { F_SFTP_REFUSED } },
		{ "polluted", { F_SFTP_POLLUTED } },
		{ "closed", { F_SFTP_REFUSED } },
		{ "timeout", { F_SFTP_STALLED } },
	};

	word(d, ev, K_RESULT, results, COUNT(results));
	if (!ev_is(ev, K_RESULT, "polluted"))
		return;
	slot_first_line(d, SLOT_SFTP_TEXT, 0, ev, K_TEXT);
	slot_code(d, ev);
}

static void
session_end(struct diag *d, const struct evidence *ev)
{
	fact(d, ev, ev_is(ev, K_REASON, "timeout") ? F_SESSION_STALLED : F_SESSION_LOST);
	slot_field(d, SLOT_SESSION_TEXT, 6, ev, K_TEXT);
}

static void
proof_start(struct diag *d, const struct evidence *ev)
{
	fact(d, ev, F_PROOF_BEGAN);
}

static void
session_mark(struct diag *d, const struct evidence *ev)
{
	if (ev_is(ev, K_RESULT, "lost"))
		fact(d, ev, F_MARK_LOST);
}

static void
proof_result(struct diag *d, const struct evidence *ev)
{
	static const struct word_fact crashed[] = {
		{ "transport", { F_CLIENT_CRASH_TRANSPORT } },
		{ "authentication", { F_CLIENT_CRASH_AUTH } },
		{ "session", { F_CLIENT_CRASH_SESSION } },
	};
	static const struct word_fact failed[] = {
		{ "transport", { F_PROOF_FAILED_TRANSPORT } },
		{ "authentication", { F_PROOF_FAILED_AUTH } },
		{ "session", { F_PROOF_FAILED_SESSION } },
	};
	bool died = ev_get(ev, K_SIGNAL) != NULL;

	slot_field(d, SLOT_PROOF_TEXT, 0, ev, K_TEXT);
	if (!died && ev_get(ev, K_EXIT) != NULL && ev_num(ev, K_EXIT, -1) == 0) {
		fact(d, ev, F_PROOF_OK);
		return;
	}
	fact(d, ev, F_PROOF_FAILED);
	/* sshconnect.c, ssh_proxy_fdpass_connect() */
	if (begins(ev, K_TEXT, "proxy dialer did not pass back a connection"))
		fact(d, ev, F_PROXY_NO_FD);
	/* sshconnect2.c, verify_host_key_callback(); packet.c, sshpkt_vfatal() */
	if (begins(ev, K_TEXT, "Bad server host key: Invalid key length"))
		fact(d, ev, F_HOSTKEY_SHORT);
	if (begins(ev, K_TEXT, "ssh_dispatch_run_fatal: ") &&
	    holds(ev, K_TEXT, ": error in libcrypto") && ev_is(ev, K_PHASE, "transport"))
		fact(d, ev, F_PROOF_LIBCRYPTO);
	slot_field(d, SLOT_CFG_SIGNAL, 1, ev, K_SIGNAL);
	client_signal(d, ev);
	if (!word(d, ev, K_PHASE, died ? crashed : failed, COUNT(failed)))
		fact(d, ev, died ? F_CLIENT_CRASH_TRANSPORT : F_PROOF_FAILED_TRANSPORT);
}

enum { SSH_FAILED = 255 }; /* ssh's own status, where it was not the session that ended */

/* ssh's own messages in a file of its own: no word of the server's comes there. */
static void
login_result(struct diag *d, const struct evidence *ev)
{
	int64_t status = ev_num(ev, K_EXIT, SSH_FAILED);
	const char *ran =
	    ev_is(ev, K_STATE, "open") ? "a shell" : "the command of your configuration";

	if (!ev_is(ev, K_RESULT, "in"))
		return;
	fact(d, ev, F_PERSON_IN);
	slot_field(d, SLOT_OWN_METHOD, 0, ev, K_METHOD);
	if (status == SSH_FAILED)
		return;
	if (ev_is(ev, K_STATE, "open") || ev_is(ev, K_STATE, "command")) {
		fact(d, ev, F_PERSON_SHELL);
		slot_offer(d, SLOT_OWN_RAN, 0, ran, strlen(ran));
	} else if (ev_is(ev, K_STATE, "ended")) {
		fact(d, ev, status == 0 ? F_PERSON_ENDED_WELL : F_PERSON_ENDED);
		slot_field(d, SLOT_OWN_EXIT, 0, ev, K_EXIT);
	}
}

const learner learners_session[EV__COUNT] = {
	[EV_LOGIN_RESULT] = login_result,
	[EV_SESSION_REQUEST] = session_request,
	[EV_SESSION_EXEC] = session_exec,
	[EV_SESSION_REST] = session_rest,
	[EV_PROOF_NOTE] = session_note,
	[EV_SESSION_SHELL] = session_shell,
	[EV_SESSION_SFTP] = session_sftp,
	[EV_SESSION_END] = session_end,
	[EV_PROOF_START] = proof_start,
	[EV_SESSION_MARK] = session_mark,
	[EV_PROOF_RESULT] = proof_result,
};
