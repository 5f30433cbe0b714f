/*
 * A team's own notes about findings: ID.md in /etc/sshmedic/notes and in the user's own
 * sshmedic/notes. Read once, before the loop begins; made harmless. Called by app.c, drawn by the
 * walkthrough and by the window of a finding.
 */
#ifndef SSHMEDIC_TUI_NOTES_H
#define SSHMEDIC_TUI_NOTES_H

#include "doc.h"

enum { NOTES_MAX = 64, NOTE_BYTES = 4096 };

struct notes;

/* Read the notes of both folders, of files that name a finding. Returns NULL out of memory. */
struct notes *notes_load(void);
/* The same from two folders, either of them NULL. */
struct notes *notes_read(const char *system, const char *user);
void notes_free(struct notes *n);
/* The lines of a note about a finding, '\n' between them; mine: the user's own, else the system's. NULL: none. */
const char *notes_text(const struct notes *n, const char *id, bool mine);
/* Draw what the team says of a finding, marked as theirs; nothing where there is no note. n may be NULL. */
void notes_draw(const struct notes *n, const char *id, struct doc *doc);

#endif
