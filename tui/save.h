/*
 * Reports into files: private (mode 600), whole or not at all, and never over one that is
 * there. Owns the choice between a hand-over message, text, Markdown and JSON, and whether names are hidden in it.
 * Called by main.c and by the screen's actions.
 */
#ifndef SSHMEDIC_TUI_SAVE_H
#define SSHMEDIC_TUI_SAVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "../core/book.h"
#include "../core/diag.h"

enum save_kind { SAVE_HANDOVER, SAVE_MARKDOWN, SAVE_TEXT, SAVE_JSON, SAVE__COUNT };

/*
 * Who looks on while a report is made: called now and then with how much is done, of 100. Where it returns false, the report is
 * given up: nothing of it stays, and the error is ECANCELED.
 */
struct save_watch {
	bool (*go_on)(void *arg, int percent);
	void *arg;
};

/* By the end of the name: .msg (the hand-over message), .md, .json; text for any other. */
enum save_kind save_kind_of(const char *path);
/* What a kind is, in a few words. */
const char *save_kind_words(enum save_kind kind);
/*
 * Print a report, with every name hidden (core/veil.h) or as it is. width: of text. w: NULL for none. Returns 0, or -1
 * out of memory or given up.
 */
int save_print(enum save_kind kind, const struct diag *d, const struct book *b, bool hide,
    int width, const struct save_watch *w, FILE *out);
/*
 * Write a report to path, its kind by save_kind_of(). Returns 0, or -1 with the reason in err: also where
 * path is there already.
 */
int save_report(const char *path, const struct diag *d, const struct book *b, bool hide, char *err,
    size_t errcap);
/* Make a folder and those above it, for the user alone. Returns whether it is there and can be written to. */
bool save_make_folder(char *path);
/*
 * Write a report of a kind under a new name, made of the target's pseudonym and the time, into
 * our folder for reports, or into the current folder where that cannot be had. Returns 0 with the
 * path in path, or -1 with the reason in err.
 */
int save_new(enum save_kind kind, const struct diag *d, const struct book *b, bool hide,
    const struct save_watch *w, char *path, size_t cap, char *err, size_t errcap);

#endif
