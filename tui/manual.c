/* The manual page. See manual.h. */
#include "manual.h"

#include <string.h>

#include "action.h"
#include "option.h"
#include "setting.h"

/* Text of ours in roff: a line's first "." or "'", and each backslash and dash, are text. */
static void
put(FILE *out, const char *s)
{
	if (*s == '.' || *s == '\'')
		fputs("\\&", out);
	for (; *s != '\0'; s++)
		if (*s == '\\')
			fputs("\\e", out);
		else if (*s == '-')
			fputs("\\-", out);
		else
			putc(*s, out);
}

/* A tagged paragraph. */
static void
item(FILE *out, const char *tag, const char *text)
{
	fputs(".TP\n.B ", out);
	put(out, tag);
	putc('\n', out);
	put(out, text);
	putc('\n', out);
}

static void
options(FILE *out)
{
	for (int i = 0; i < OPT__COUNT; i++) {
		char names[128], help[512];

		option_names((enum option_id)i, names, sizeof names);
		option_explain((enum option_id)i, help, sizeof help);
		item(out, names, help);
	}
}

static void
keys(FILE *out)
{
	for (int g = 0; g < GROUP__COUNT; g++) {
		fprintf(out, ".SS %s\n", action_group_name((enum action_group)g));
		for (int a = 0; a < ACTION__COUNT; a++) {
			const struct action_info *info = action_info((enum action)a);
			char tag[KEYMAP_KEYS + ACTION_NAME_LEN + 8], name[ACTION_NAME_LEN];

			if ((int)info->group != g)
				continue;
			snprintf(tag, sizeof tag, "%s (%s)",
			    info->keys[0] != '\0' ? info->keys : "none",
			    action_name((enum action)a, name));
			item(out, tag, info->help);
		}
	}
}

static void
settings(FILE *out)
{
	for (int i = 0; i < SETTING__COUNT; i++) {
		char tag[64], help[512];

		setting_explain((enum setting)i, tag, sizeof tag, help, sizeof help);
		item(out, tag, help);
	}
}

static const char head[] =
    ".TH SSHMEDIC 1\n"
    ".SH NAME\n"
    "sshmedic \\- find out why an SSH login fails or is slow, and offer the fix\n"
    ".SH SYNOPSIS\n"
    ".B sshmedic\n"
    ".RI [ options ] \" [\" user @] host [: port ]\n"
    "\\&... |\n.B ssh\n.RI [ \"ssh arguments\" ]\n"
    ".SH DESCRIPTION\n"
    "Diagnoses an SSH login along four layers: transport, authentication, session and performance. "
    "It runs "
    "the login as your own ssh would, with your configuration, and says which layer fails, why, "
    "how sure that "
    "is, and on which evidence it rests. Fixes stand under the number keys: each is shown before "
    "anything is "
    "done. For screen readers there is\n"
    ".BR \\-\\-accessible .\n"
    "An alias of ssh_config(5), ssh://user@host:port and several hosts are taken as well.\n"
    ".SH OPTIONS\n";

static const char files[] =
    ".SH FILES\n"
    ".TP\n.I ~/.config/sshmedic/config\nThe configuration, by $XDG_CONFIG_HOME; see\n"
    ".BR sshmedic\\-config (5).\nIt is never written.\n"
    ".B \\-\\-print\\-config\nprints one to begin with.\n"
    ".TP\n.I /etc/sshmedic/config\nThe system\\(aqs; a line \\(dqlock = fix.mode ui.theme\\(dq "
    "there holds "
    "settings.\n"
    ".TP\n.I ~/.config/sshmedic/themes\nThemes of yours.\n"
    ".TP\n.I /etc/sshmedic/notes/ID.md, ~/.config/sshmedic/notes/ID.md\nA team\\(aqs own words "
    "about a finding.\n"
    ".TP\n.I ~/.local/state/sshmedic\nThe journal of fixes, copies of what they changed, and "
    "below profiles the last good run of each host, by $XDG_STATE_HOME.\n"
    ".SH ENVIRONMENT\n"
    ".B NO_COLOR, ACCESSIBLE, SSHMEDIC_THEME, COLORTERM, TERM, ESCDELAY\n"
    ".SH EXIT STATUS\n"
    "0 the login works, warnings or not; 10 it fails in transport, 11 in authentication, 12 in the "
    "session; "
    "13 it works and is slow; 20 not decided, or it needs a person; 1 internal error; 2 wrong "
    "options or "
    "files; 130 interrupted. Of several hosts the first that is not 0.\n"
    ".SH SEE ALSO\n"
    ".BR sshmedic\\-config (5),\n.BR ssh (1),\n.BR ssh_config (5),\n.BR ssh\\-keygen (1),\n.BR "
    "sshd (8)\n";

void
manual_print(FILE *out)
{
	fputs(head, out);
	options(out);
	fputs(".SH KEYS\nEach has a name, by which the palette (:) finds it and [keys] of the "
	      "configuration "
	      "gives it other keys.\n",
	    out);
	keys(out);
	fputs(files, out);
}

static void
roles(FILE *out)
{
	static const struct {
		const char *name, *help;
	} rows[] = {
#define ROLE(id, name, look, mono, help) { name, help },
#include "role.def"
#undef ROLE
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		item(out, rows[i].name, rows[i].help);
}

static const char config_head[] =
    ".TH SSHMEDIC\\-CONFIG 5\n"
    ".SH NAME\n"
    "sshmedic\\-config \\- configuration, keys, themes and notes of sshmedic\n"
    ".SH SYNOPSIS\n"
    ".I /etc/sshmedic/config\n.br\n.I ~/.config/sshmedic/config\n"
    ".SH DESCRIPTION\n"
    "The program reads the system\\(aqs file, then the user\\(aqs, and writes neither. An option "
    "of the "
    "command line wins over the environment, that over the user\\(aqs file, that over the "
    "system\\(aqs. "
    "A line \\(dqlock = fix.mode ui.theme\\(dq before the first section of the system\\(aqs file "
    "holds "
    "settings: nobody after it changes them. Lines are \\(dqname = value\\(dq below a section in "
    "brackets; "
    "from # on a line is a comment. What is not understood is said on stderr, with its line, and "
    "left out.\n"
    ".B sshmedic \\-\\-print\\-config\nprints the configuration in force as a file to copy.\n"
    ".SH SETTINGS\n";

static const char config_keys[] =
    ".SH KEYS\n"
    "Below [keys] stands \\(dqcommand = key, key\\(dq, or \\(dqcommand = none\\(dq. A key is a "
    "character, or one of "
    "Ctrl\\-A to Ctrl\\-_, F1 to F12, Up, Down, Left, Right, Home, End, PgUp, PgDn, Tab, "
    "Shift\\-Tab, Enter, Esc, "
    "Space. A key that two commands would have in one place is refused and the default stays.\n"
    ".B sshmedic \\-\\-print\\-keys\nprints them all.\n";

static const char config_themes[] =
    ".SH THEMES\n"
    "A theme is a file NAME.theme in\n.I ~/.config/sshmedic/themes\nor in the folder of those "
    "shipped. It begins with "
    "\\(dqname\\(dq, \\(dqbase\\(dq (the theme whose looks it has where it sets none) and "
    "\\(dqkind\\(dq (dark, light "
    "or any). [palette] names colours: \\(dqsky = #56b4e9 @256 75 @16 brightcyan\\(dq. [roles] "
    "gives looks: "
    "\\(dqfail = red on ground bold\\(dq. [mono] gives attributes where there is no colour: bold, "
    "dim, underline, "
    "reverse, italic, plain.\n"
    ".B sshmedic \\-\\-check\\-theme NAME\nsays what it is worth to the eye. The roles:\n";

static const char config_end[] = ".SH SEE ALSO\n.BR sshmedic (1)\n";

void
manual_config_print(FILE *out)
{
	fputs(config_head, out);
	settings(out);
	fputs(config_keys, out);
	fputs(config_themes, out);
	roles(out);
	fputs(config_end, out);
}
