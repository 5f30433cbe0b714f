/*
 * The command line: what the user asked for, and what is wrong with it. The
 * options themselves are option.def. Called by main.c and by tests; does
 * nothing but parse and print.
 */
#ifndef SSHMEDIC_TUI_OPTION_H
#define SSHMEDIC_TUI_OPTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "../core/io/engine.h"
#include "../core/target.h"
#include "../core/watch.h"
#include "setting.h"

enum option_id {
#define OPTION(id, sh, lo, arg, takes, group, help) OPT_##id,
#include "option.def"
#undef OPTION
	OPT__COUNT
};

/* What the program is to do. */
enum option_mode {
	MODE_RUN,
	MODE_COLLECTOR,
	MODE_HELP,
	MODE_VERSION,
	MODE_LIST_PRACTICE,
	MODE_LIST_THEMES,
	MODE_CHECK_THEME,
	MODE_EXPLAIN,
	MODE_UNDO,
	MODE_LIST_FINDINGS,
	MODE_PRINT_CONFIG,
	MODE_PRINT_KEYS,
	MODE_MANUAL,
	MODE_COMPLETION
};

/* How the result is to come out. FORMAT_AUTO: the screen where there is a terminal, else plain. */
enum option_format { FORMAT_AUTO, FORMAT_PLAIN, FORMAT_JSON, FORMAT_JSONL };

enum { OPTION_TEXTS = 16, OPTION_TARGETS = 1000 };

struct options {
	enum option_mode mode;
	enum option_format format;
	bool has_target;
	struct target target;
	struct target
	    *more; /* the targets behind the first; allocated, for as long as the program runs */
	size_t nmore;
	const char *list; /* a file of targets, "-" for stdin; NULL: none */
	const char *
	    not_done; /* of the form `ssh ...`: the words that are shown and not done; NULL: none */
	bool watch;   /* look again and again */
	uint32_t watch_s;       /* how often; 0: as the schedule has it */
	struct run_options run; /* its words point into argv */
	const char *record;     /* file names, NULL where not asked for */
	const char *replay;
	const char *baseline;        /* a recording to compare with */
	const char *report;          /* "-": stdout, and nothing else goes there */
	const char *set[OPT__COUNT]; /* the values of options that set a setting; NULL: not given */
	const char *check_theme;     /* the theme to check, by name or path */
	const char *evidence[OPTION_TEXTS]; /* files of text from elsewhere, "-" for stdin */
	size_t nevidence;
	const char *paste[OPTION_TEXTS]; /* the same, and they are all there is */
	size_t npaste;
	const char *explain; /* the id to explain */
	const char *undo;    /* the number of a change */
	unsigned pace; /* a replay on the screen: so many times as quick as it was; 0: at once */
	const char *manual;     /* the page to print; NULL: sshmedic(1) */
	const char *completion; /* the shell to complete for */
	bool practice;
	const char *practice_case; /* NULL: the default one, or any in a drill; "random": any */
	bool drill;                /* the verdict is hidden until the user has named theirs */
	const char
	    *walkthrough; /* a script or a finding to begin with; "": the general one; NULL: none */
	unsigned seen[OPT__COUNT]; /* how often each option was given */
};

/*
 * Parse argv into *o, which then refers to argv's words. Returns 0, or -1 with
 * one sentence in err: the program says it and exits 2.
 */
int options_parse(struct options *o, int argc, char *const argv[], char *err, size_t errcap);

/* Add the targets of the list that was asked for, read from in, whose name is name. Returns 0, or -1 after complaining. */
int options_read_list(struct options *o, FILE *in, const char *name, FILE *complaints);
/* Give the settings what the command line says of them. Returns 0, or -1 with a sentence in err. */
int options_settings(const struct options *o, struct settings *s, char *err, size_t errcap);

/* What an option is called and takes; its row of option.def as far as others need it. */
struct option_shape {
	char letter;          /* 0: none */
	const char *name;     /* without dashes; NULL: none */
	const char *argument; /* what its value is called; NULL: it takes none */
	bool optional;        /* a value stands in the same word only, after "=" */
};
struct option_shape option_shape(enum option_id id);
/* The words that a value may be, apart by blanks; NULL where it may be anything. */
const char *option_words(enum option_id id);

/* "-t, --timeout SECONDS": the names of an option and what it takes. */
void option_names(enum option_id id, char *buf, size_t cap);
/* What an option does, in a sentence. */
void option_explain(enum option_id id, char *buf, size_t cap);

/* --help: at most 23 lines of at most 80 columns, so that it fits one screen. */
void options_help(FILE *out);

#endif
