/*
 * What a fix does on this machine, as data. A row of fixes.c says it by a template (struct
 * change_row); change_of() fills in what a diagnosis knows. Nothing here does anything: that is
 * io/change_apply.c, whose header says how it is undone. Pure.
 */
#ifndef SSHMEDIC_CHANGE_H
#define SSHMEDIC_CHANGE_H

#include <stdbool.h>
#include <stddef.h>

#include "diag.h"
#include "fix.h"

enum { CHANGE_PATH = 1024, CHANGE_TEXT = 2048, CHANGE_ARGV = 80 };

/* A change with all its values. Whoever has it may copy it with change_copy(); it owns nothing. */
struct change {
	enum change_op op;
	char path
	    [CHANGE_PATH]; /* "~" at its front: the home directory. Of CHANGE_CONFIG "": the user's own file */
	char host
	    [256]; /* of CHANGE_CONFIG: for which host, "" for all; of CHANGE_KNOWN_HOSTS: the name */
	struct change_value {
		char keyword[40], value[512];
	} set[CHANGE_SETS];
	size_t nset;
	char add[CHANGE_TEXT];         /* of CHANGE_KNOWN_HOSTS: the line that is added; "" */
	unsigned give, take, give_dir; /* of CHANGE_MODE: bits; give_dir: to a directory */
	unsigned mode;                 /* of CHANGE_MKDIR */
	/*
	 * Of CHANGE_RUN and CHANGE_TERMINAL: the words of the fix's command, NULL at the end. A NULL followed by
	 * another word: a command of its own, to run where the one before succeeded.
	 */
	char *argv[CHANGE_ARGV];
	size_t nargv; /* the NULLs included */
	char words[CHANGE_TEXT];
};

/*
 * What the fix does, with the values of the diagnosis; of a fix that is another command line to log in with,
 * how it is kept in the configuration. False where it does nothing that this program can
 * do, where a value is missing, or where a name may not be what it was called in full: text that was made
 * harmless ("\xff") or cut.
 */
bool change_of(const struct diag *d, const struct fix *f, struct change *c);
void change_copy(struct change *dst, const struct change *src);
/* Whether the fix has a change at all, whatever is known. */
bool change_known(const struct fix *f);

/* "mode" "config" "known_hosts" "unlink" "mkdir" "run" "terminal"; "" for none. */
const char *change_op_name(enum change_op op);
/* The op of that name; CHANGE_NONE. */
enum change_op change_op_by_name(const char *name, size_t len);

/*
 * Cut a command (as fix_command() gives it) into words, as a POSIX shell would, into c->argv and
 * c->words. False where a shell would do more than that with it: only "&&" between commands is known.
 */
bool change_split(struct change *c, const char *command);

#endif
