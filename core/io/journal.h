/*
 * The journal of what fixes did on this machine, in $XDG_STATE_HOME/sshmedic (default
 * ~/.local/state/sshmedic), private to the user:
 *
 *   journal      lines of text, only added to: an intent before a change, "done" after it,
 *                "undoing" before it is undone, "undone" after
 *   backup/ID    the file as it was before
 *   lock         held by the one program that changes something
 *
 * A program that was killed in between leaves an intent; whoever opens the journal next looks at
 * the file and writes down what came of it. Called by change_apply.c.
 */
#ifndef SSHMEDIC_JOURNAL_H
#define SSHMEDIC_JOURNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "../fix.h"
#include "path.h"

enum { JOURNAL_ID = 16, JOURNAL_SUM = 41 };

/* One change, with what its last line says of it. */
struct journal_entry {
	char id[JOURNAL_ID]; /* a number from 1 */
	char fix[40];
	enum change_op op;
	char state
	    [12]; /* intent done failed undoing undone unclear(killed, and neither the old nor the new is there) */
	int64_t time;        /* epoch s, of the last line */
	char path[PATH_LEN]; /* links followed */
	char made[PATH_LEN]; /* the topmost folder that was made for it; "" */
	char old_sum[JOURNAL_SUM], new_sum[JOURNAL_SUM]; /* "" where the file was not there */
	unsigned old_mode, new_mode;                     /* permission bits */
	char text[512];                                  /* of a command: itself */
};

struct journal;

/*
 * Open the journal in a state folder (made if need be) and lock it. NULL with a sentence in
 * err, where another program holds it too.
 */
struct journal *journal_open(const char *state, char *err, size_t errcap);
void journal_close(struct journal *j);

size_t journal_count(const struct journal *j);
const struct journal_entry *journal_at(const struct journal *j, size_t i);
const struct journal_entry *journal_find(const struct journal *j, const char *id);

/* A number for a new change, and the file for its backup. */
void journal_new_id(struct journal *j, char id[JOURNAL_ID]);
void journal_backup_path(const struct journal *j, const char *id, char path[PATH_LEN]);
/* Keep bytes as the backup of id. Returns 0, or -1 with a sentence. */
int journal_backup(
    struct journal *j, const char *id, const char *bytes, size_t len, char *err, size_t errcap);
/* Write a whole entry down; of one that is there, only its state. Returns 0, or -1 with a sentence. */
int journal_write(struct journal *j, const struct journal_entry *e, char *err, size_t errcap);
int journal_state(struct journal *j, const char *id, const char *state, char *err, size_t errcap);

/* The sum that entries hold, in hexadecimal. */
void journal_sum(const char *bytes, size_t len, char sum[JOURNAL_SUM]);

#endif
