/*
 * --collector: the script for the server's console, with the words of one
 * login in it. Called by main.c and headless.c.
 */
#ifndef SSHMEDIC_TUI_COLLECT_H
#define SSHMEDIC_TUI_COLLECT_H

#include <stdio.h>

#include "../core/book.h"

/*
 * Print the script to out, with what the lines of b say about d's target; d
 * NULL: with no words in it. Returns the exit code.
 */
int collect_print(const struct book *b, const struct diag *d, FILE *out);

#endif
