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

/*
 * The terminal description to use: TERM, else its family's, else vt100.
 * Returns NULL where nothing can place the cursor, with a sentence in err.
 */
const char *term_choose(int fd, char *note, size_t notecap, char *err, size_t errcap);
/* Whether it takes the control sequences of xterm (by its mouse report, in the terminal description). */
bool term_like_xterm(void);

/* ncurses attributes and colour pair of each role, after newterm(). */
void term_colours(const struct theme *t, uint64_t attrs[ROLE__COUNT], int pairs[ROLE__COUNT]);

/* Remember how fd is now; from here on a crash restores it. */
void crash_prepare(int fd);
/* The control sequences that undo ours are known from newterm() on; extra are our own. */
void crash_arm(const char *extra, int saved_stderr);
void crash_disarm(void);

#endif
