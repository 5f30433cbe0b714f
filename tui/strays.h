/*
 * What libraries write to standard error while the screen is up: into a pipe instead, from which it
 * comes back in lines, and never on the screen. Called by screen.c.
 */
#ifndef SSHMEDIC_TUI_STRAYS_H
#define SSHMEDIC_TUI_STRAYS_H

#include <stdbool.h>
#include <stddef.h>

enum { STRAY_LINE_MAX = 512 }; /* bytes of a line; the rest of it is left out */

struct strays {
	int saved; /* standard error as it was; -1: it is no terminal and was left alone */
	int in; /* the pipe's end to write to, never waited for; /dev/null where there is no pipe; -1 */
	int out; /* to be polled and read; -1: no pipe */
	char line[STRAY_LINE_MAX];
	size_t len;
};

/* Standard error goes into a pipe from now on, where it is a terminal. Whoever finds the pipe full loses what he wrote. */
void strays_begin(struct strays *s);
/* Standard error is the terminal again, for a while or for good. */
void strays_show(const struct strays *s);
/* Into the pipe again. */
void strays_hide(const struct strays *s);
/*
 * Read once, without waiting, at most some thousand bytes; take gets each whole line, made harmless
 * (text_clean()), without its end; empty ones are left out. What has no end yet waits for it.
 */
void strays_read(struct strays *s, void (*take)(void *arg, const char *line), void *arg);
/* As strays_show(), for good; what is not read is lost. */
void strays_end(struct strays *s);

#endif
