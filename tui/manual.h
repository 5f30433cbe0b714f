/*
 * The manual pages, made from the tables of options, settings and keys, so
 * that it cannot say anything else than they do. Called by main.c.
 */
#ifndef SSHMEDIC_TUI_MANUAL_H
#define SSHMEDIC_TUI_MANUAL_H

#include <stdio.h>

/* sshmedic(1) in the man(7) macros: `sshmedic --manual | man -l -`. */
void manual_print(FILE *out);
/* sshmedic-config(5): the files of settings, keys and themes. */
void manual_config_print(FILE *out);

#endif
