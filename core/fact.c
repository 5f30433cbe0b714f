/* The names of facts, made from fact.def. Called by tests and by whoever shows a plan. Pure. */
#include "fact.h"

static const struct {
	const char *name, *help;
} facts[F__COUNT] = {
	[F_NONE] = { "NONE", "no fact" },
#define FACT(id, help) [F_##id] = { #id, help },
#include "fact.def"
#undef FACT
};

const char *
fact_name(enum fact f)
{
	return facts[(unsigned)f < F__COUNT ? f : F_NONE].name;
}

const char *
fact_help(enum fact f)
{
	return facts[(unsigned)f < F__COUNT ? f : F_NONE].help;
}
