/*
 * Completion of the command line in a shell: scripts for bash, zsh and fish, made
 * from the table of options. Called by main.c; `make install` installs them.
 */
#ifndef SSHMEDIC_TUI_COMPLETION_H
#define SSHMEDIC_TUI_COMPLETION_H

#include <stdio.h>

/* Print the script for a shell, "bash", "zsh" or "fish". Returns 0, or -1 where it is none of them. */
int completion_print(const char *shell, FILE *out);

#endif
