/*
 * Edits of ssh_config(5) text: a setting for one host put where ssh finds it first, a line
 * corrected by its number. Everything else stays byte for byte: comments, order, indentation,
 * line ends. Called by io/change_apply.c. Pure: the text comes in and goes out in memory.
 *
 * For each keyword the first value that ssh finds counts. So a setting goes into the host's own
 * block where nothing above that block may set the same keyword, else into a new block above
 * what does. A block is the host's own if all its names are: "Host web web.example.net", where
 * "web" was typed, but not "Host web mail", whose settings are mail's as well.
 */
#ifndef SSHMEDIC_SSHCONFIG_H
#define SSHMEDIC_SSHCONFIG_H

#include <stdbool.h>
#include <stddef.h>

#include "text.h"

enum { SSHCONFIG_SETS = 4, SSHCONFIG_VALUE = 2048, SSHCONFIG_WHY = 200 };

struct sshconfig_set {
	const char *keyword;
	/*
	 * As ssh is to have it, not quoted. It takes the place of the old one; but of algorithms
	 * that both begin with "+", of SetEnv and of IgnoreUnknown it is added to the old one,
	 * and what ssh reads many times (IdentityFile, LocalForward, ...) stands before it.
	 */
	const char *value;
};

struct sshconfig_edit {
	const char *host; /* as it is typed; NULL: for every host */
	struct sshconfig_set set[SSHCONFIG_SETS];
	size_t nset;
	/*
	 * Whether the files that an Include line names (words: what stands behind the keyword,
	 * not NUL-terminated) may set the keyword. NULL: they may set anything.
	 */
	bool (*included)(void *arg, const char *words, size_t len, const char *keyword);
	void *arg;
};

enum sshconfig_result {
	SSHCONFIG_NO,     /* not done; why says so */
	SSHCONFIG_SAME,   /* it is set like that already; nothing was written */
	SSHCONFIG_CHANGED /* out has the whole new text */
};

/*
 * Set keywords for a host. out (the caller's, with room for len and 4 KB more) gets the new text;
 * why (SSHCONFIG_WHY bytes) a sentence where it is not done.
 */
enum sshconfig_result sshconfig_edit(const char *text, size_t len, const struct sshconfig_edit *e,
    struct strbuf *out, char why[SSHCONFIG_WHY]);

/*
 * Put a line in the place of line number (from 1), which must still be expected (without its
 * line end, blanks around it aside); now NULL: take the line out. Indentation and line end stay.
 */
enum sshconfig_result sshconfig_line(const char *text, size_t len, int number, const char *expected,
    const char *now, struct strbuf *out, char why[SSHCONFIG_WHY]);

/*
 * Add a name to the first Host line that has the name alias. SSHCONFIG_SAME where the line
 * matches the name already.
 */
enum sshconfig_result sshconfig_name(const char *text, size_t len, const char *alias,
    const char *name, struct strbuf *out, char why[SSHCONFIG_WHY]);

/* Whether a text has a line that sets the keyword, or something that shares its place; or an Include. */
bool sshconfig_mentions(const char *text, size_t len, const char *keyword);

#endif
