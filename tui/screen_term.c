/* Which terminal description is used, and what its colours are. Called by screen.c. */
#include "screen_term.h"

#include <curses.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <term.h>

#include "../core/text.h"

/* Names that this machine may not know, and what they understand as well. */
static const struct {
	const char *prefix, *use;
} families[] = {
	{ "xterm", "xterm-256color" },
	{ "foot", "xterm-256color" },
	{ "alacritty", "xterm-256color" },
	{ "kitty", "xterm-256color" },
	{ "wezterm", "xterm-256color" },
	{ "ghostty", "xterm-256color" },
	{ "konsole", "xterm-256color" },
	{ "gnome", "xterm-256color" },
	{ "vte", "xterm-256color" },
	{ "iterm", "xterm-256color" },
	{ "rxvt", "xterm-256color" },
	{ "st-", "xterm-256color" },
	{ "putty", "xterm-256color" },
	{ "tmux", "screen-256color" },
	{ "screen", "screen-256color" },
	{ "", "vt100" },
};

/* ncurses makes its own copy later. */
static void
forget(void)
{
	if (cur_term != NULL)
		del_curterm(cur_term);
}

/* Whether there is a description of that name; if so, it is the one that can() asks. */
static bool
known(const char *name, int fd)
{
	int status;

	forget();
	return setupterm(name, fd, &status) == OK;
}

static bool
can(const char *cap)
{
	const char *s = tigetstr(cap);

	return s != NULL && s != (char *)-1 && s[0] != '\0';
}

static const char *
family(const char *term)
{
	size_t i = 0;

	while (strncmp(term, families[i].prefix, strlen(families[i].prefix)) != 0)
		i++;
	return families[i].use;
}

const char *
term_choose(int fd, char *note, size_t notecap, char *err, size_t errcap)
{
	const char *term = getenv("TERM"), *ct = getenv("COLORTERM"), *use = term;
	char clean[64];
	bool cup;

	note[0] = '\0';
	if (term == NULL || term[0] == '\0' || strcmp(term, "dumb") == 0) {
		snprintf(err, errcap,
		    "the terminal says that it cannot place the cursor (TERM is %s)",
		    term == NULL || term[0] == '\0' ? "not set" : "dumb");
		return NULL;
	}
	text_clean(clean, sizeof clean, term, strlen(term));
	if (!known(use, fd)) {
		use = family(term);
		if (!known(use, fd) && !known(use = "vt100", fd)) {
			snprintf(
			    err, errcap, "no description of the terminal '%s' is installed", clean);
			return NULL;
		}
		snprintf(note, notecap, "terminal '%s' is not known on this machine; using '%s'",
		    clean, use);
	} else if (strcmp(term, "xterm") == 0 && ct != NULL &&
		   (strcmp(ct, "truecolor") == 0 || strcmp(ct, "24bit") == 0) &&
		   known("xterm-256color", fd)) {
		use = "xterm-256color"; /* it says itself that it has more colours than its name */
	}
	cup = can("cup");
	forget();
	if (!cup) {
		snprintf(err, errcap, "the terminal '%s' cannot place the cursor", clean);
		return NULL;
	}
	return use;
}

bool
term_like_xterm(void)
{
	const char *mouse = tigetstr("kmous");

	/* The Linux console has the mouse report, but prints what it does not know. */
	return mouse != NULL && mouse != (char *)-1 && strncmp(mouse, "\033[", 2) == 0 &&
	       strncmp(termname(), "linux", 5) != 0;
}

static const struct {
	unsigned look;
	attr_t attr;
} attr_map[] = {
	{ LOOK_BOLD, A_BOLD },
	{ LOOK_DIM, A_DIM },
	{ LOOK_UNDERLINE, A_UNDERLINE },
	{ LOOK_REVERSE, A_REVERSE },
#ifdef A_ITALIC
	{ LOOK_ITALIC, A_ITALIC },
#endif
};

static attr_t
attrs_of(unsigned look)
{
	attr_t a = A_NORMAL;

	for (size_t i = 0; i < sizeof attr_map / sizeof attr_map[0]; i++)
		if (look & attr_map[i].look)
			a |= attr_map[i].attr;
	return a;
}

/* The number of a colour here; dflt for the terminal's own. *bold is set where bright means bold. */
static int
number(const struct colour *c, int dflt, attr_t *bold)
{
	if (c->c256 < 0)
		return dflt;
	if (COLORS > 0xffff) /* numbers are 0xRRGGBB; the first eight are still names */
		return c->rgb > 7 ? c->rgb : c->c16 & 7;
	if (COLORS >= 256)
		return c->c256;
	if (COLORS >= 16 || c->c16 < 8)
		return c->c16;
	*bold = A_BOLD;
	return c->c16 - 8;
}

void
term_colours(const struct theme *t, uint64_t attrs[ROLE__COUNT], int pairs[ROLE__COUNT])
{
	const char *no = getenv("NO_COLOR");
	bool colour = (no == NULL || no[0] == '\0') && has_colors() && start_color() == OK;
	int fg = -1, bg = -1;

	if (colour && use_default_colors() != OK) {
		fg = COLOR_WHITE;
		bg = COLOR_BLACK;
	}
	for (int r = 0; r < ROLE__COUNT; r++) {
		const struct look *l = &t->look[r];
		attr_t bold = 0, ignored = 0;

		pairs[r] = 0;
		attrs[r] = attrs_of(colour ? l->attrs : l->mono);
		if (!colour || (l->fg.c256 < 0 && l->bg.c256 < 0))
			continue;
		if (r + 1 < COLOR_PAIRS && init_extended_pair(r + 1, number(&l->fg, fg, &bold),
					       number(&l->bg, bg, &ignored)) == OK)
			pairs[r] = r + 1;
		attrs[r] |= bold;
	}
}
