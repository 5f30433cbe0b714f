/*
 * What single lines say of things that the user's own configuration adds to a
 * login: the shared connection, forwardings; and what ssh itself says in a text
 * that no probe looks at. See learn_internal.h.
 */
#include <inttypes.h>

#include "learn_internal.h"

static void
mux_socket(struct diag *d, const struct evidence *ev)
{
	static const struct word_fact states[] = {
		{ "refused", { F_MUX_REFUSED } },
		{ "nodir", { F_MUX_NODIR } },
		{ "unwritable", { F_MUX_UNWRITABLE } },
		{ "toolong", { F_MUX_TOOLONG } },
		{ "long", { F_MUX_LONG } },
	};

	word(d, ev, K_STATE, states, COUNT(states));
	if (ev_is(ev, K_WHAT, "stopped"))
		fact(d, ev, F_MUX_STOPPED);
	slot_field(d, SLOT_MUX_PATH, 0, ev, K_PATH);
	slot_field(d, SLOT_MUX_DIR, 0, ev, K_FILE);
	slot_field(d, SLOT_MUX_PID, 1, ev, K_PID);
	slot_field(d, SLOT_MUX_TEXT, 1, ev, K_TEXT);
}

static void
mux_check(struct diag *d, const struct evidence *ev)
{
	static const struct word_fact results[] = {
		{ "alive", { F_MUX_ALIVE } },
		{ "timeout", { F_MUX_HANGS } },
	};

	word(d, ev, K_RESULT, results, COUNT(results));
	if (ev_num(ev, K_UNACKED, 0) > 0 && ev_num(ev, K_RETRANS, 0) >= 2)
		fact(d, ev, F_MUX_UNACKED);
	slot_field(d, SLOT_MUX_PID, 0, ev, K_PID);
}

static void
mux_session(struct diag *d, const struct evidence *ev)
{
	static const struct word_fact results[] = {
		{ "refused", { F_MUX_SESSION_REFUSED } },
		{ "timeout", { F_MUX_SESSION_HANGS } },
	};

	if (word(d, ev, K_RESULT, results, COUNT(results)))
		slot_field(d, SLOT_MUX_TEXT, 0, ev, K_TEXT);
}

/* "ssh (process 4711)", or whose it is where only that is known. */
static void
slot_owner(struct diag *d, const struct evidence *ev)
{
	char owner[DIAG_NAME_LEN], user[64], words[DIAG_SLOT_LEN];
	int64_t pid = ev_num(ev, K_PID, 0);
	struct strbuf sb;

	ev_copy(ev, K_OWNER, owner, sizeof owner);
	ev_copy(ev, K_USER, user, sizeof user);
	sb_init(&sb, words, sizeof words);
	if (pid > 0)
		sb_printf(
		    &sb, "%s (process %" PRId64 ")", owner[0] != '\0' ? owner : "a program", pid);
	else if (user[0] != '\0')
		sb_printf(&sb, "a process of %s", user);
	else
		sb_puts(&sb, "another program");
	slot_offer(d, SLOT_FWD_OWNER, 0, words, sb.len);
}

static void
listen_result(struct diag *d, const struct evidence *ev)
{
	static const struct word_fact results[] = {
		{ "used", { F_FWD_USED } },
		{ "denied", { F_FWD_DENIED } },
		{ "error", { F_FWD_DENIED } },
	};

	if (!word(d, ev, K_RESULT, results, COUNT(results)))
		return;
	slot_field(d, SLOT_FWD, ev_is(ev, K_RESULT, "used") ? 0 : 1, ev, K_NAME);
	slot_field(d, SLOT_FWD_TEXT, 0, ev, K_TEXT);
	if (!ev_is(ev, K_RESULT, "used"))
		return;
	slot_owner(d, ev);
	if (ev_num(ev, K_SELF, 0) == 1) /* others' processes are theirs to end */
		slot_field(d, SLOT_FWD_PID, 0, ev, K_PID);
}

static void
x11_local(struct diag *d, const struct evidence *ev)
{
	static const struct word_fact states[] = {
		{ "unset", { F_X11_NO_DISPLAY } },
		{ "invalid", { F_X11_BAD_DISPLAY } },
	};
	static const struct word_fact kinds[] = {
		{ "untrusted", { F_X11_NO_COOKIE } },
		{ "trusted", { F_X11_MADE_UP } },
	};

	/* What xauth is for comes after the display. */
	if (!word(d, ev, K_STATE, states, COUNT(states)) && ev_is(ev, K_STATE, "set") &&
	    ev_is(ev, K_RESULT, "missing"))
		word(d, ev, K_KIND, kinds, COUNT(kinds));
}

/* The rows of said.def. */
static const struct {
	const char *what;
	enum fact fact;
	enum slot text, path; /* SLOT__COUNT: none */
} said[] = {
#define SLOT_NONE SLOT__COUNT
#define SAID(what, fact, text, path, help) { what, F_##fact, SLOT_##text, SLOT_##path },
#include "said.def"
#undef SAID
#undef SLOT_NONE
};

static void
client_says(struct diag *d, const struct evidence *ev)
{
	for (size_t i = 0; i < COUNT(said); i++) {
		if (!ev_is(ev, K_WHAT, said[i].what))
			continue;
		fact(d, ev, said[i].fact);
		if (said[i].text != SLOT__COUNT)
			slot_field(d, said[i].text, -(int64_t)i, ev, K_TEXT);
		if (said[i].path != SLOT__COUNT)
			slot_field(d, said[i].path, -(int64_t)i, ev, K_PATH);
	}
}

const learner learners_client[EV__COUNT] = {
	[EV_CLIENT_SAYS] = client_says,
	[EV_MUX_SOCKET] = mux_socket,
	[EV_MUX_CHECK] = mux_check,
	[EV_MUX_SESSION] = mux_session,
	[EV_LISTEN_RESULT] = listen_result,
	[EV_X11_LOCAL] = x11_local,
};
