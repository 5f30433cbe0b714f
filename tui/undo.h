/*
 * --undo ID: puts back what a fix changed on this machine, from the journal. Called by main.c.
 */
#ifndef SSHMEDIC_TUI_UNDO_H
#define SSHMEDIC_TUI_UNDO_H

#include <stdio.h>

/*
 * Undo the change with this number. Says on out what was undone. Returns 0, or -1 after saying on
 * complaints why not, with the list of all changes where the number is none of theirs.
 */
int undo_run(const char *id, FILE *out, FILE *complaints);

#endif
