/* Which terminal description is used, and what its colours are. Called by screen.c. */
#include "screen_term.h"

#include <curses.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <term.h>

#include "../core/text.h"
#include "setting.h"

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

/* Find the description to use, and leave it loaded. Returns false with a sentence in t->err. */
static bool
choose_name(struct term_choice *t, int fd)
{
	const char *term = getenv("TERM"), *use = term;
	char clean[64];

	if (term == NULL || term[0] == '\0' || strcmp(term, "dumb") == 0) {
		snprintf(t->err, sizeof t->err,
		    "the terminal says that it cannot place the cursor (TERM is %s)",
		    term == NULL || term[0] == '\0' ? "not set" : "dumb");
		return false;
	}
	text_clean(clean, sizeof clean, term, strlen(term));
	if (strlen(term) >= sizeof t->name || !known(use, fd)) {
		use = family(term);
		if (!known(use, fd) && !known(use = "vt100", fd)) {
			snprintf(t->err, sizeof t->err,
			    "no description of the terminal '%s' is installed", clean);
			return false;
		}
		snprintf(t->note, sizeof t->note,
		    "terminal '%s' is not known on this machine; using '%s'", clean, use);
	}
	if (!can("cup")) {
		snprintf(t->err, sizeof t->err, "the terminal '%s' cannot place the cursor", clean);
		return false;
	}
	text_copy(t->name, sizeof t->name, use);
	return true;
}

/* Whether terminal or environment say that all colours are there. */
static bool
says_true(const struct term_choice *t)
{
	const char *ct = getenv("COLORTERM"), *sty = getenv("STY");

	if (tigetflag("RGB") > 0 || tigetnum("RGB") > 0 || can("RGB") || tigetflag("Tc") > 0)
		return true;
	/* GNU screen and the console have the variable from the terminal that they were started in. */
	if ((sty != NULL && sty[0] != '\0') || strncmp(t->name, "linux", 5) == 0)
		return false;
	return ct != NULL && (strcmp(ct, "truecolor") == 0 || strcmp(ct, "24bit") == 0) &&
	       tigetnum("colors") >= 8;
}

static enum colour_depth
choose_depth(const struct term_choice *t, int color)
{
	static const enum colour_depth asked[] = {
		[COLOR_NEVER] = DEPTH_MONO,
		[COLOR_16] = DEPTH_16,
		[COLOR_256] = DEPTH_256,
		[COLOR_TRUE] = DEPTH_TRUE,
	};
	const char *no = getenv("NO_COLOR");
	int has = tigetnum("colors");

	if (color != COLOR_AUTO)
		return asked[color];
	if (no != NULL && no[0] != '\0')
		return DEPTH_MONO;
	return says_true(t) ? DEPTH_TRUE
	       : has >= 256 ? DEPTH_256
	       : has >= 8   ? DEPTH_16
			    : DEPTH_MONO;
}

/* The colours of our own descriptions. */
static const int own_colours[DEPTH__COUNT] = {
	[DEPTH_16] = 16, [DEPTH_256] = 256, [DEPTH_TRUE] = 1 << 24
};

/*
 * Our own description in the environment. The environment must not move while
 * other threads read it, so what is to be there again after newterm() is
 * written over it in place.
 */
static char *own_terminfo, *users_terminfo;

void
term_choose(struct term_choice *t, int fd, int color)
{
	const char *users = getenv("TERMINFO");
	int has;

	memset(t, 0, sizeof *t);
	if (choose_name(t, fd)) {
		has = tigetnum("colors");
		t->depth = choose_depth(t, color);
		/* A terminal of 8 colours is asked for the bright ones by bold, unless the user says 16. */
		if (t->depth != DEPTH_MONO &&
		    (has < (color == COLOR_AUTO && t->depth == DEPTH_16 ? 8
									: own_colours[t->depth]) ||
			(has > 0xffff && t->depth != DEPTH_TRUE)))
			own_terminfo = term_describe(t->name, own_colours[t->depth]);
	}
	forget();
	if (own_terminfo == NULL)
		return;
	users_terminfo = users != NULL ? strdup(users) : NULL;
	t->wider = putenv(own_terminfo) == 0;
}

/* An ncurses that takes no description from the environment has the terminal's own instead. */
static void
settle(struct term_choice *t)
{
	int has = tigetnum("colors");

	if (!t->wider || has == own_colours[t->depth])
		return;
	t->wider = false;
	t->depth = has > 0xffff ? DEPTH_TRUE
		   : has >= 256 ? DEPTH_256
		   : has >= 8   ? DEPTH_16
				: DEPTH_MONO;
}

void
term_opened(struct term_choice *t)
{
	size_t len = own_terminfo != NULL ? strlen(own_terminfo) : 0;

	if (own_terminfo != NULL && users_terminfo != NULL &&
	    strlen(users_terminfo) + sizeof "TERMINFO=" <= len)
		strcpy(own_terminfo + sizeof "TERMINFO=" - 1, users_terminfo);
	else if (own_terminfo != NULL)
		own_terminfo[0] = '\0'; /* a variable without a name or a value is none */
	free(users_terminfo);
	users_terminfo = own_terminfo = NULL; /* the words themselves stay in the environment */
	settle(t);
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
number(const struct term_choice *term, const struct colour *c, int dflt, attr_t *bold)
{
	int own = term->wider ? 256 : 8; /* numbers below are the terminal's, the others 0xRRGGBB */
	int n = term->depth == DEPTH_16 ? c->c16 : c->c256;

	if (c->rgb == COLOUR_DEFAULT)
		return dflt;
	if (term->depth == DEPTH_TRUE && COLORS > 0xffff) {
		if (c->rgb >= own)
			return c->rgb;
		if (c->rgb >= 0)
			return c->rgb | 0x010000; /* a red that nobody sees */
		n = COLOUR_NAMED - c->rgb;
		if (n < own)
			return n;
	} else if (n < COLORS) {
		return n;
	} else {
		n = c->c16;
	}
	if (n >= 8)
		*bold = A_BOLD;
	return n & 7;
}

void
term_colours(const struct term_choice *term, const struct theme *t, uint64_t attrs[ROLE__COUNT],
    int pairs[ROLE__COUNT])
{
	bool colour = term->depth != DEPTH_MONO && has_colors() && start_color() == OK;
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
		if (!colour || (l->fg.rgb == COLOUR_DEFAULT && l->bg.rgb == COLOUR_DEFAULT))
			continue;
		if (r + 1 < COLOR_PAIRS &&
		    init_extended_pair(r + 1, number(term, &l->fg, fg, &bold),
			number(term, &l->bg, bg, &ignored)) == OK)
			pairs[r] = r + 1;
		attrs[r] |= bold;
	}
}
