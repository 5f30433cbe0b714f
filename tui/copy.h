/*
 * The clipboard: by a command of the user's, by tmux where we are inside it, else by the
 * terminal's own sequence (OSC 52), and always into a private file. Says which way it went
 * and claims no more than it knows. Called by app.c.
 */
#ifndef SSHMEDIC_TUI_COPY_H
#define SSHMEDIC_TUI_COPY_H

#include <stddef.h>
#include <uv.h>

#include "screen.h"
#include "setting.h"

enum {
	COPY_OSC52_MAX =
	    74994, /* bytes of text: more, in base64, is longer than the sequence may be */
	COPY_LIMIT_MS = 3000 /* of a program that takes the text */
};

struct copier;

/*
 * s: NULL where there is no screen to send a sequence to. The way and the command are those of the
 * settings, which live as long as the copier. Returns NULL
 * only out of memory. done is called with a sentence once a copy has gone its way.
 */
struct copier *copier_new(uv_loop_t *loop, struct screen *s, const struct settings *set,
    void (*done)(void *arg, const char *words), void *arg);
/* Copy text; returns at once. One at a time: while one is under way, done says so. */
void copier_copy(struct copier *c, const char *text, size_t len);
/* End what is under way; the memory goes once the loop has closed its handles. */
void copier_free(struct copier *c);

#endif
