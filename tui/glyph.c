/* The two sets of characters, and which role a state or a severity is drawn in. Called by the panels. */
#include "glyph.h"

#include "width.h"

static const struct glyphs utf8_set = {
	.mark = { [LS_WAIT] = "○",
	    [LS_RUN] = "●",
	    [LS_PASS] = "✓",
	    [LS_WARN] = "!",
	    [LS_FAIL] = "✗",
	    [LS_SKIP] = "–",
	    [LS_UNKNOWN] = "?" },
	.h = "─",
	.v = "│",
	.tl = "┌",
	.tr = "┐",
	.bl = "└",
	.br = "┘",
	.full = "█",
	.empty = "░",
	.tick = "·",
	.more = "…",
	.cursor = ">",
	.cites = "◂",
	.info = "i",
	.rule = "─",
};

static const struct glyphs ascii_set = {
	.ascii = true,
	.mark = { [LS_WAIT] = "[.]",
	    [LS_RUN] = "[>]",
	    [LS_PASS] = "[+]",
	    [LS_WARN] = "[!]",
	    [LS_FAIL] = "[X]",
	    [LS_SKIP] = "[-]",
	    [LS_UNKNOWN] = "[?]" },
	.h = "-",
	.v = "|",
	.tl = "+",
	.tr = "+",
	.bl = "+",
	.br = "+",
	.full = "#",
	.empty = ".",
	.tick = ".",
	.more = "~",
	.cursor = ">",
	.cites = "<",
	.info = "[i]",
	.rule = "-",
};

static const enum role state_role[LS__COUNT] = {
	[LS_WAIT] = ROLE_WAIT,
	[LS_RUN] = ROLE_RUN,
	[LS_PASS] = ROLE_PASS,
	[LS_WARN] = ROLE_WARN,
	[LS_FAIL] = ROLE_FAIL,
	[LS_SKIP] = ROLE_SKIP,
	[LS_UNKNOWN] = ROLE_UNKNOWN,
};

/* How a severity looks: as the state that it would put a layer in. */
static const struct {
	enum layer_state as;
	enum role role;
} severities[] = {
	[SEV_INFO] = { LS__COUNT, ROLE_DIM },
	[SEV_WARN] = { LS_WARN, ROLE_WARN },
	[SEV_FAIL] = { LS_FAIL, ROLE_FAIL },
	[SEV_UNKNOWN] = { LS_UNKNOWN, ROLE_UNKNOWN },
};

const struct glyphs *
glyphs_get(bool utf8)
{
	const struct glyphs *g = &utf8_set;
	const char *const other[] = { g->h, g->v, g->tl, g->tr, g->bl, g->br, g->full, g->empty,
		g->tick, g->more, g->cites };

	if (!utf8)
		return &ascii_set;
	for (int i = 0; i < LS__COUNT; i++)
		if (width_text(g->mark[i]) != 1)
			return &ascii_set;
	for (size_t i = 0; i < sizeof other / sizeof other[0]; i++)
		if (width_text(other[i]) != 1)
			return &ascii_set;
	return g;
}

enum role
role_of_state(enum layer_state s)
{
	return (unsigned)s < LS__COUNT ? state_role[s] : ROLE_TEXT;
}

const char *
glyph_severity(const struct glyphs *g, enum severity s)
{
	enum layer_state as = (unsigned)s <= SEV_UNKNOWN ? severities[s].as : LS__COUNT;

	return as == LS__COUNT ? g->info : g->mark[as];
}

enum role
role_of_severity(enum severity s)
{
	return (unsigned)s <= SEV_UNKNOWN ? severities[s].role : ROLE_TEXT;
}
