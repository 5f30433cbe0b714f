/* What single lines of the session say: channels, commands, shells, sftp, the proof. See learn_internal.h. */
#include "learn_internal.h"

/* ---- session and proof ---------------------------------------------------------------------------- */

/* Length of a line end as the sanitiser shows it ("\\x0A", "\\x0D") at p, else 0. */
static size_t
line_end(const char *p, size_t len)
{
	return len >= 4 && (memcmp(p, "\\x0A", 4) == 0 || memcmp(p, "\\x0D", 4) == 0) ? 4 : 0;
}

/* Offer the first line of what somebody printed: the rest is in the evidence. */
static void
slot_first_line(
    struct diag *d, enum slot s, int64_t rank, const struct evidence *ev, enum ev_key key)
{
	const struct ev_field *f = ev_get(ev, key);
	size_t at = 0, end, n;

	if (f == NULL || f->s == NULL)
		return;
	while (at < f->len && (n = line_end(f->s + at, f->len - at)) > 0)
		at += n;
	for (end = at; end < f->len && line_end(f->s + end, f->len - end) == 0;)
		end++;
	if (end > at)
		slot_offer(d, s, rank, f->s + at, end - at);
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
	if (!ev_is(ev, K_RESULT, "ok"))
		slot_field(d, SLOT_SESSION_TEXT, 3, ev, K_TEXT);
}

static void
session_exec(struct diag *d, const struct evidence *ev)
{
	static const struct text_fact says[] = {
		{ "This account is currently not available", F_NOLOGIN_TEXT },
		{ "This service allows sftp connections only", F_SFTP_ONLY_TEXT },
	};
	int64_t status = ev_num(ev, K_EXIT, -1);
	bool ended = ev_get(ev, K_EXIT) != NULL;

	fact(d, ev, ev_is(ev, K_NONCE, "ok") ? F_NONCE_OK : F_NONCE_ABSENT);
	texts(d, ev, K_OUT, says, COUNT(says));
	texts(d, ev, K_ERR, says, COUNT(says));
	texts(d, ev, K_TEXT, says, COUNT(says));
	if (ev_get(ev, K_SIGNAL) != NULL)
		fact(d, ev, F_EXIT_SIGNAL);
	if (ended && status == 0)
		fact(d, ev, F_EXIT_ZERO);
	if (ended && status > 128 && status <= 128 + 64)
		fact(d, ev, F_EXIT_128);
	slot_field(d, SLOT_EXIT, 0, ev, K_EXIT);
	slot_field(d, SLOT_SIGNAL, 0, ev, K_SIGNAL);
	if (ev_is(ev, K_NONCE, "ok"))
		return; /* what was printed is no word of what failed */
	slot_first_line(d, SLOT_SESSION_TEXT, 0, ev, K_ERR);
	slot_first_line(d, SLOT_SESSION_TEXT, 1, ev, K_OUT);
	slot_first_line(d, SLOT_SESSION_TEXT, 2, ev, K_TEXT);
}

static void
session_shell(struct diag *d, const struct evidence *ev)
{
	bool byte = ev_get(ev, K_FIRST_US) != NULL || ev_is(ev, K_STATE, "started");

	if (byte)
		fact(d, ev, F_SHELL_STARTED);
	if (ev_is(ev, K_STATE, "open"))
		fact(d, ev, byte ? F_SHELL_OPEN : F_SHELL_SILENT);
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

	if (word(d, ev, K_RESULT, results, COUNT(results)))
		slot_first_line(d, SLOT_SESSION_TEXT, 5, ev, K_TEXT);
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
	slot_field(d, SLOT_CFG_SIGNAL, 1, ev, K_SIGNAL);
	if (!word(d, ev, K_PHASE, died ? crashed : failed, COUNT(failed)))
		fact(d, ev, died ? F_CLIENT_CRASH_TRANSPORT : F_PROOF_FAILED_TRANSPORT);
}

const learner learners_session[EV__COUNT] = {
	[EV_SESSION_REQUEST] = session_request,
	[EV_SESSION_EXEC] = session_exec,
	[EV_SESSION_SHELL] = session_shell,
	[EV_SESSION_SFTP] = session_sftp,
	[EV_SESSION_END] = session_end,
	[EV_PROOF_START] = proof_start,
	[EV_PROOF_RESULT] = proof_result,
};
