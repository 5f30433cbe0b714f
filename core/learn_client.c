/*
 * What single lines say of things that the user's own configuration adds to a
 * login: the shared connection. See learn_internal.h.
 */
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

const learner learners_client[EV__COUNT] = {
	[EV_MUX_SOCKET] = mux_socket,
	[EV_MUX_CHECK] = mux_check,
	[EV_MUX_SESSION] = mux_session,
};
