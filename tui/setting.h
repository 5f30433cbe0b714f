/*
 * Settings: what the configuration files, the environment and the command
 * line say of the program itself. Owns the parser of the files; the program never
 * writes one. Called by main.c.
 *
 * Who wins, from the first on: what the system's file locks; the command line; the
 * environment; the user's file; the system's file; the table (setting.def).
 */
#ifndef SSHMEDIC_TUI_SETTING_H
#define SSHMEDIC_TUI_SETTING_H

#include <stdbool.h>
#include <stdio.h>

#include "action.h"

enum setting {
#define SETTING(id, section, name, kind, initial, takes, help) SETTING_##id,
#include "setting.def"
#undef SETTING
	SETTING__COUNT,
	SETTING_NONE = SETTING__COUNT
};

/* The places of words among those that setting.def lists. */
enum { CHARSET_AUTO, CHARSET_UTF8, CHARSET_ASCII };
enum { COLOR_AUTO, COLOR_NEVER, COLOR_16, COLOR_256, COLOR_TRUE };
enum { AUTO, OFF, ON }; /* motion, mouse */
enum { REDACT_OFF, REDACT_REPORT, REDACT_ALWAYS };
enum { ROUTE_AUTO, ROUTE_TMUX, ROUTE_OSC52, ROUTE_COMMAND, ROUTE_FILE };

enum setting_source { FROM_TABLE, FROM_SYSTEM, FROM_USER, FROM_ENVIRONMENT, FROM_OPTION };

enum { SETTING_LEN = 256 };

struct settings {
	struct {
		char text[SETTING_LEN];
		int n; /* of a word its place in the list, of a number itself */
		enum setting_source from;
		bool locked; /* by the system's file */
	} at[SETTING__COUNT];
	struct keymap keys;
};

/* As the table says. */
void settings_default(struct settings *s);
/*
 * Give a setting a value, if its source may. Returns 0; -1 with a sentence in err where the value is
 * none that it takes, or where it is locked and the value would be another.
 */
int setting_set(struct settings *s, enum setting what, const char *value, enum setting_source from,
    char *err, size_t errcap);
/*
 * Read a configuration file called label. What is wrong with it goes to complaints as
 * "label:line: sentence", and reading goes on. Returns the number of complaints.
 */
int settings_read(
    struct settings *s, FILE *f, const char *label, enum setting_source from, FILE *complaints);
/*
 * Read the system's file, the user's file and the environment, in this order. Files that are not
 * there are no complaint.
 */
void settings_load(struct settings *s, FILE *complaints);
/* The configuration in force, as a file with comments; what nobody set is commented out. */
void settings_print(const struct settings *s, FILE *out);
/* The keys in force, as the [keys] section of a file. */
void settings_print_keys(const struct settings *s, FILE *out);

/* "[ui] theme": a setting's name; and what it is, takes, and is where nobody says otherwise. */
void setting_explain(enum setting what, char *tag, size_t tagcap, char *help, size_t helpcap);

/* The words that it may be, apart by blanks; NULL where it is a number or any text. */
const char *setting_words(enum setting what);

/* Whether a setting that is auto, off or on means on: auto is on unless this session came by SSH. */
bool setting_on(const struct settings *s, enum setting what);

#endif
