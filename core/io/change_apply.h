/*
 * Changes of this machine (change.h) shown, made and undone. A change is first previewed: what it
 * would do, read from the files as they are. Applied is what was previewed, and only while
 * that is still so. Each step is written to the journal (journal.h) before and after; what was there
 * before is kept. Called by the engine on the thread pool, by the program for --undo, and by tests;
 * blocks on the disk and on commands that it runs. No shell has a part in it.
 *
 *   how it is undone:  mode: the old mode; config, known_hosts: the old bytes and mode, or no file where
 *   there was none; unlink: a socket that nobody listens on; mkdir: removed if empty; run: not at all
 */
#ifndef SSHMEDIC_CHANGE_APPLY_H
#define SSHMEDIC_CHANGE_APPLY_H

#include <stdbool.h>
#include <stddef.h>

#include "../change.h"
#include "journal.h"

enum { CHANGE_ERR = 1400, CHANGE_LINES = 200 };

/* Where things lie. */
struct change_env {
	char home[PATH_LEN];  /* what "~" stands for */
	char state[PATH_LEN]; /* of the journal */
	char config
	    [PATH_LEN]; /* the configuration that ssh is told to read (-F); "": ~/.ssh/config */
};

/*
 * Fill in the environment: home as given, NULL: by passwd (which may block); state by
 * $XDG_STATE_HOME or $HOME, else below home; config may be NULL. False where there is no home or a name is too long.
 */
bool change_env_init(struct change_env *env, const char *home, const char *config);

/* What a change would do. */
struct change_plan;

/*
 * Look at what is there. Returns NULL with a sentence in err where the change cannot be made, is made
 * already, or there is nothing to do. The plan is the caller's: change_plan_free().
 */
struct change_plan *change_preview(
    const struct change_env *env, const char *fix, const struct change *c, char err[CHANGE_ERR]);
void change_plan_free(struct change_plan *p);
/* The preview, line by line: what is done to which file, then the diff ("@@ line 7 @@", " ", "-", "+"). NULL at the end. */
const char *change_plan_line(const struct change_plan *p, size_t i);
const struct change *change_plan_change(const struct change_plan *p);
const char *change_plan_fix(const struct change_plan *p);

/*
 * Make the change; id gets its number in the journal. Refused where anything is not as it was when it was previewed, and
 * for CHANGE_TERMINAL, which the front end runs. Returns 0, or -1 with a sentence.
 */
int change_apply(const struct change_env *env, const struct change_plan *p, char id[JOURNAL_ID],
    char err[CHANGE_ERR]);

/*
 * Write down that the front end ran the command of a CHANGE_TERMINAL on the terminal, and whether it succeeded. id
 * gets its number. Returns 0, or -1 with a sentence.
 */
int change_ran(const struct change_env *env, const struct change_plan *p, bool succeeded,
    char id[JOURNAL_ID], char err[CHANGE_ERR]);

/*
 * Put back what was there before the change with that number. Refused where somebody has
 * changed it since; the sentence says where the backup is. fix (40 bytes; may be NULL) gets the fix. Returns 0, or -1.
 */
int change_undo(const struct change_env *env, const char *id, char fix[40], char err[CHANGE_ERR]);

/* Every entry of the journal, oldest first, once what a killed program left is settled. Returns 0, or -1 with a sentence. */
int change_list(const struct change_env *env,
    void (*each)(void *arg, const struct journal_entry *e), void *arg, char err[CHANGE_ERR]);

#endif
