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
    "\\&...\n"
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
    ".TP\n.I ~/.config/sshmedic/config\nThe configuration, by $XDG_CONFIG_HOME. It is never "
    "written. "
    ".B \\-\\-print\\-config\nprints one to begin with.\n"
    ".TP\n.I /etc/sshmedic/config\nThe system\\(aqs; a line \\(dqlock = fix.mode ui.theme\\(dq "
    "there holds "
    "settings.\n"
    ".TP\n.I ~/.config/sshmedic/themes\nThemes of yours.\n"
    ".TP\n.I ~/.local/state/sshmedic\nThe journal of fixes, and copies of what they changed, by "
    "$XDG_STATE_HOME.\n"
    ".SH ENVIRONMENT\n"
    ".B NO_COLOR, ACCESSIBLE, SSHMEDIC_THEME, COLORTERM, TERM, ESCDELAY\n"
    ".SH EXIT STATUS\n"
    "0 the login works, warnings or not; 10 it fails in transport, 11 in authentication, 12 in the "
    "session; "
    "13 it works and is slow; 20 not decided, or it needs a person; 1 internal error; 2 wrong "
    "options or "
    "files; 130 interrupted. Of several hosts the first that is not 0.\n"
    ".SH SEE ALSO\n"
    ".BR ssh (1),\n.BR ssh_config (5),\n.BR ssh\\-keygen (1),\n.BR sshd (8)\n";

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
	fputs(".SH CONFIGURATION\nSections in brackets, and name = value.\n", out);
	settings(out);
	fputs(files, out);
}
