/*
 * What screen.c needs to know of the terminal before and after ncurses: which
 * terminal description to use, colours for roles, and the way back after a
 * crash. Called by screen.c only.
 */
#ifndef SSHMEDIC_TUI_SCREEN_TERM_H
#define SSHMEDIC_TUI_SCREEN_TERM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "theme.h"

/* What was found out of the terminal. */
struct term_choice {
	char name
	    [64]; /* of the description for newterm(): TERM, else its family's, else vt100; "" where nothing can place the cursor */
	char note[256]; /* a remark for the user, or "" */
	char err[256];  /* why there is no name */
	enum colour_depth depth;
	bool wider; /* the description is one of our own, with more colours */
};

/*
 * Choose description and depth for the terminal at fd by the environment
 * and by color (COLOR_* of setting.h). May put a description of our own into
 * the environment, so it comes before any thread; term_opened() takes it out
 * again without moving the environment.
 */
void term_choose(struct term_choice *t, int fd, int color);
/* After newterm(): the environment as it was, and *t as the terminal came to be. */
void term_opened(struct term_choice *t);
/* A description called name like the one that setupterm() loaded, with that many colours: "TERMINFO=..." for putenv(). NULL where it does not fit. */
char *term_describe(const char *name, int colours);
/* Whether it takes the control sequences of xterm (by its mouse report, in the terminal description). */
bool term_like_xterm(void);

/* ncurses attributes and colour pair of each role, after newterm(); again for another theme. */
void term_colours(const struct term_choice *term, const struct theme *t,
    uint64_t attrs[ROLE__COUNT], int pairs[ROLE__COUNT]);

/* Remember how fd is now; from here on a crash restores it. */
void crash_prepare(int fd);
/* The control sequences that undo ours are known from newterm() on; extra are our own. */
void crash_arm(const char *extra, int saved_stderr);
void crash_disarm(void);

#endif
