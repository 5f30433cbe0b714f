/* What the diagnosis of a jump host says to the target that lies behind it. See learn_internal.h. */
#include "learn_internal.h"

/* Note the lines that decided a jump host's diagnosis: "41,57". */
static void
note_seen(struct diag *d, const struct evidence *ev, enum fact f)
{
	char list[DIAG_SLOT_LEN];
	uint32_t n = 0;

	ev_copy(ev, K_SEEN, list, sizeof list);
	for (const char *p = list;; p++) {
		if (*p >= '0' && *p <= '9') {
			n = n < UINT32_MAX / 10 - 1 ? n * 10 + (uint32_t)(*p - '0') : UINT32_MAX;
			continue;
		}
		fact_note(d, f, n == UINT32_MAX ? 0 : n); /* no log is that long */
		n = 0;
		if (*p == '\0')
			return;
	}
}

static void
say(struct diag *d, const struct evidence *ev, enum fact f)
{
	fact(d, ev, f);
	note_seen(d, ev, f);
}

/* The words for the hop that stands in the way: the first on the way that does. */
static void
learn_words(struct diag *d, const struct evidence *ev, enum ev_key text)
{
	int64_t rank = ev_num(ev, K_HOP, 0);

	slot_field(d, SLOT_HOP, rank, ev, K_NAME);
	slot_field(d, SLOT_HOP_HOST, rank, ev, K_HOST);
	slot_field(d, SLOT_HOP_ARGS, rank, ev, K_ARGS);
	slot_field(d, SLOT_HOP_TEXT, rank, ev, text);
	slot_field(d, SLOT_HOP_NEXT, rank, ev, K_NEXT);
	slot_field(d, SLOT_HOP_KEY, rank, ev, K_PATH);
	slot_field(d, SLOT_HOP_FIX, rank, ev, K_FIX);
}

static bool
is_last(const struct evidence *ev)
{
	return ev_num(ev, K_HOP, 0) == ev_num(ev, K_COUNT, -1);
}

/* A jump host that lets the user in: what it made of the way on. */
static void
learn_way(struct diag *d, const struct evidence *ev)
{
	if (ev_is(ev, K_FORWARD, "prohibited")) {
		say(d, ev, F_HOP_PROHIBITS);
	} else if (ev_is(ev, K_FORWARD, "failed")) {
		say(d, ev, is_last(ev) ? F_HOP_TARGET_FAILED : F_HOP_NEXT_FAILED);
	} else if (ev_is(ev, K_FORWARD, "tries")) {
		say(d, ev, is_last(ev) ? F_HOP_TRIES : F_HOP_TRIES_NEXT);
	} else if (is_last(ev) && (ev_is(ev, K_FORWARD, "ok") || ev_is(ev, K_FORWARD, "ident"))) {
		say(d, ev, F_WAY_OPEN);
		if (ev_is(ev, K_FORWARD, "ident"))
			say(d, ev, F_WAY_IDENT);
	} else {
		return;
	}
	learn_words(d, ev, K_REPLY);
}

/* A jump host that does not let the user in. */
static void
learn_stop(struct diag *d, const struct evidence *ev)
{
	bool auth = ev_is(ev, K_LAYER, "authentication");

	if (ev_is(ev, K_RESULT, "human")) {
		say(d, ev, auth ? F_HOP_HUMAN_AUTH : F_HOP_HUMAN_TRANSPORT);
	} else {
		say(d, ev, auth ? F_HOP_FAILED_AUTH : F_HOP_FAILED_TRANSPORT);
		if (ev_is(ev, K_CERTAINTY, "proven"))
			fact(d, ev, F_HOP_PROVEN);
	}
	if (ev_get(ev, K_PATH) != NULL && !ev_is(ev, K_PATH, "")) {
		say(d, ev, F_HOP_OTHER_KEY);
		if (ev_num(ev, K_CLI, 0) == 1)
			say(d, ev, F_HOP_CLI_KEY);
	}
	if (ev_is(ev, K_FINDING, "jump-loop"))
		say(d, ev, F_HOP_LOOP);
	if (is_last(ev))
		fact(d, ev, F_HOP_IS_LAST);
	learn_words(d, ev, K_TEXT);
}

static void
hop_result(struct diag *d, const struct evidence *ev)
{
	if (ev_is(ev, K_RESULT, "works"))
		learn_way(d, ev);
	else if (ev_is(ev, K_RESULT, "failed") || ev_is(ev, K_RESULT, "human"))
		learn_stop(d, ev);
}

/* On the jump host's own side: what it made of the way on. */
static void
forward_result(struct diag *d, const struct evidence *ev)
{
	static const struct word_fact results[] = {
		{ "ok", { F_WAY_OPEN } },
		{ "prohibited", { F_HOP_PROHIBITS } },
		{ "failed", { F_HOP_NEXT_FAILED } },
		{ "timeout", { F_HOP_TRIES } },
	};

	fact(d, ev, F_WAY_ASKED);
	word(d, ev, K_RESULT, results, COUNT(results));
	if (begins(ev, K_IDENT, "SSH-"))
		fact(d, ev, F_WAY_IDENT);
	slot_field(d, SLOT_HOP_TEXT, 0, ev, ev_get(ev, K_IDENT) != NULL ? K_IDENT : K_TEXT);
}

const learner learners_hop[EV__COUNT] = {
	[EV_HOP_RESULT] = hop_result,
	[EV_FORWARD_RESULT] = forward_result,
};
