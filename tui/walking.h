/*
 * The walkthrough as the screen has it: the way, and what the user does with its window. app_walk.c
 * changes it, dialog_walk.c draws it.
 */
#ifndef SSHMEDIC_TUI_WALKING_H
#define SSHMEDIC_TUI_WALKING_H

#include <stdbool.h>
#include <stdint.h>

#include "../core/walker.h"

struct walking {
	struct walker way;
	int target;      /* whose way it is */
	bool begun;      /* there is a way: W goes on with it */
	bool on;         /* fixes are locked until the cause is known */
	bool open;       /* its window is what other windows go back to */
	bool waited;     /* this step was seen without an answer, and nothing was left to run */
	int copied;      /* commands of this step that were copied */
	unsigned serial; /* changes with every step that is gone */
};

#endif
