/* Judges whether a probe may start. Called by the engine's scheduler and by tests. Pure. */
#include "plan.h"

#include <string.h>

/* The order of the registry: a re-run that begins at one of them keeps what those before it saw. */
/* clang-format off: a line each, so that additions do not meet */
static const char *const order[] = {
	"config",
	"mux",
	"listen",
	"x11",
	"resolve",
	"tcp",
	"ports",
	"alive",
	"trace",
	"wire",
	"segment",
	"hops",
	"knownhosts",
	"hostkey",
	"otherkey",
	"vouch",
	"names",
	"keys",
	"agent",
	"auth",
	"forward",
	"session",
	"muxuse",
	"proof",
	"admin",
};
/* clang-format on */

static bool
holds_all(const struct factset *facts, const enum fact *list)
{
	for (int i = 0; i < PLAN_FACTS && list[i] != F_NONE; i++)
		if (!fact_has(facts, list[i]))
			return false;
	return true;
}

static bool
holds_any(const struct factset *facts, const enum fact *list)
{
	for (int i = 0; i < PLAN_FACTS && list[i] != F_NONE; i++)
		if (fact_has(facts, list[i]))
			return true;
	return false;
}

enum plan_state
plan_judge(const struct probe *p, const struct factset *facts)
{
	if (holds_any(facts, p->moot))
		return PLAN_MOOT;
	if (!holds_all(facts, p->needs))
		return PLAN_WAIT;
	if (p->needs_any[0] != F_NONE && !holds_any(facts, p->needs_any))
		return PLAN_WAIT;
	return PLAN_READY;
}

int
plan_rank(const char *probe, size_t len)
{
	for (size_t i = 0; i < sizeof order / sizeof *order; i++)
		if (strlen(order[i]) == len && memcmp(order[i], probe, len) == 0)
			return (int)i;
	return -1;
}
