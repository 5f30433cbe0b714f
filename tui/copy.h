/*
 * The clipboard: by tmux where we are inside it, else by the terminal's own
 * sequence (OSC 52), and always into a private file. Says which way it went
 * and claims no more than it knows. Called by app.c.
 */
#ifndef SSHMEDIC_TUI_COPY_H
#define SSHMEDIC_TUI_COPY_H

#include <stddef.h>
#include <uv.h>

#include "screen.h"

struct copier;

/* Returns NULL only out of memory. done is called with a sentence once a copy has gone its way. */
struct copier *copier_new(
    uv_loop_t *loop, struct screen *s, void (*done)(void *arg, const char *words), void *arg);
/* Copy text; returns at once. One at a time: while one is under way, done says so. */
void copier_copy(struct copier *c, const char *text, size_t len);
/* End what is under way; the memory goes once the loop has closed its handles. */
void copier_free(struct copier *c);

#endif
