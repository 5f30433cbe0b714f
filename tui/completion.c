/* Scripts of completion, a function a shell. See completion.h. */
#include "completion.h"

#include <string.h>

#include "option.h"

/* What can stand where an option's value is: by the name of the argument, or for one option only. */
enum value { ANYTHING, FILES, HOSTS, WORDS, LISTED };

/* What the program lists: the option that prints it, and the column that is completed. */
static const struct {
	enum option_id id;
	const char *list;
	int column;
} listed[] = {
	{ OPT_PRACTICE, "--list-practice", 1 },
	{ OPT_THEME, "--list-themes", 1 },
	{ OPT_CHECK_THEME, "--list-themes", 1 },
	{ OPT_EXPLAIN, "--list-findings", 2 },
};

/* Its words are those of option_words(), or the shell's command that prints them. */
static enum value
value_of(enum option_id id, char *words, size_t cap)
{
	struct option_shape o = option_shape(id);
	const char *w = option_words(id);

	for (size_t i = 0; i < sizeof listed / sizeof listed[0]; i++)
		if (listed[i].id == id) {
			snprintf(words, cap, "sshmedic %s 2>/dev/null | awk \"{ print \\$%d }\"",
			    listed[i].list, listed[i].column);
			return LISTED;
		}
	snprintf(words, cap, "%s", w != NULL ? w : "");
	if (w != NULL)
		return WORDS;
	if (o.argument != NULL && strcmp(o.argument, "FILE") == 0)
		return FILES;
	return o.argument != NULL && strstr(o.argument, "HOST") != NULL ? HOSTS : ANYTHING;
}

/* Text within single quotes of a shell; escape: characters that get a backslash as well. */
static void
quoted(FILE *out, const char *s, const char *escape)
{
	for (; *s != '\0'; s++)
		if (*s == '\'')
			fputs("'\\''", out);
		else
			fprintf(out, "%s%c", strchr(escape, *s) != NULL ? "\\" : "", *s);
}

/* ---- bash ---- */

/* "-t|--timeout)": a branch on the word before the value. */
static void
bash_branch(FILE *out, struct option_shape o)
{
	fputs("\t", out);
	if (o.letter != 0)
		fprintf(out, "-%c%s", o.letter, o.name != NULL ? " | " : "");
	if (o.name != NULL)
		fprintf(out, "--%s", o.name);
	fputs(") ", out);
}

static void
bash_value(FILE *out, enum option_id id)
{
	char words[256];
	struct option_shape o = option_shape(id);
	enum value value = value_of(id, words, sizeof words);

	if (o.argument == NULL)
		return;
	bash_branch(out, o);
	if (o.optional)
		fputs("[ -z \"$joined\" ] || ", out);
	switch (value) {
	case ANYTHING: fputs(":", out); break;
	case FILES: fputs("_sshmedic_files", out); break;
	case HOSTS: fputs("_sshmedic_hosts", out); break;
	case WORDS: fprintf(out, "_sshmedic_words \"%s\"", words); break;
	case LISTED: fprintf(out, "_sshmedic_words \"$(%s)\"", words); break;
	}
	fprintf(out, "%s;;\n", o.optional ? " " : "; return ");
}

static void
bash(FILE *out)
{
	fputs("# Completion of sshmedic in bash.\n"
	      "_sshmedic_words() { mapfile -t COMPREPLY < <(compgen -W \"$1\" -- \"$cur\"); }\n"
	      "_sshmedic_files() {\n"
	      "\tcompopt -o filenames 2>/dev/null\n"
	      "\tmapfile -t COMPREPLY < <(compgen -f -- \"$cur\")\n"
	      "}\n"
	      "# The hosts that ssh_config names; bash-completion, where it is there, knows more.\n"
	      "_sshmedic_hosts() {\n"
	      "\tlocal user=''\n"
	      "\tif declare -F _known_hosts_real >/dev/null; then\n"
	      "\t\t_known_hosts_real -a -- \"$cur\"\n"
	      "\t\treturn\n"
	      "\tfi\n"
	      "\tcase $cur in *@*) user=${cur%@*}@ ;; esac\n"
	      "\tmapfile -t COMPREPLY < <(compgen -P \"$user\" -W \"$(awk 'tolower($1) == \"host\" "
	      "{\n"
	      "\t\tfor (i = 2; i <= NF; i++) if ($i !~ /[*?!]/) print $i }' ~/.ssh/config "
	      "2>/dev/null)\" "
	      "-- \"${cur#*@}\")\n"
	      "}\n"
	      "_sshmedic() {\n"
	      "\tlocal cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]} joined=''\n"
	      "\tCOMPREPLY=()\n"
	      "\t# --option=value is three words to bash.\n"
	      "\tif [ \"$cur\" = = ]; then\n"
	      "\t\tcur='' joined=1\n"
	      "\telif [ \"$prev\" = = ]; then\n"
	      "\t\tprev=${COMP_WORDS[COMP_CWORD - 2]} joined=1\n"
	      "\tfi\n"
	      "\tcase $prev in\n",
	    out);
	for (int i = 0; i < OPT__COUNT; i++)
		bash_value(out, (enum option_id)i);
	fputs("\tesac\n\t[ -z \"$joined\" ] || return\n\tcase $cur in\n\t-*) _sshmedic_words \"",
	    out);
	for (int i = 0; i < OPT__COUNT; i++) {
		struct option_shape o = option_shape((enum option_id)i);

		if (o.name != NULL)
			fprintf(out, "--%s ", o.name);
		else
			fprintf(out, "-%c ", o.letter);
	}
	fputs("\" ;;\n\t*) _sshmedic_hosts ;;\n\tesac\n}\ncomplete -F _sshmedic sshmedic\n", out);
}

/* ---- zsh ---- */

/* The names of ssh_config too, which _hosts does not know; behind a user as well. */
#define ZSH_HOSTS "{compset -P \"*@\"; _ssh_hosts}"

static void
zsh_action(FILE *out, enum option_id id)
{
	char words[256];

	switch (value_of(id, words, sizeof words)) {
	case ANYTHING: fputs(" ", out); break;
	case FILES: fputs("_files", out); break;
	case HOSTS: fputs(ZSH_HOSTS, out); break;
	case WORDS: fprintf(out, "(%s)", words); break;
	case LISTED: fprintf(out, "{compadd -- ${(f)\"$(%s)\"}}", words); break;
	}
}

/* One way to write the option: its letter or its name. */
static void
zsh_option(FILE *out, enum option_id id, bool letter)
{
	struct option_shape o = option_shape(id);
	char help[512];

	option_explain(id, help, sizeof help);
	if (letter)
		fprintf(out, "\t'*-%c%s[", o.letter, o.argument != NULL ? "+" : "");
	else
		fprintf(out, "\t'*--%s%s[", o.name,
		    o.argument == NULL ? ""
		    : o.optional       ? "=-"
				       : "=");
	quoted(out, help, "[]:\\");
	fputs("]", out);
	if (o.argument != NULL) {
		fputs(o.optional ? "::" : ":", out);
		quoted(out, o.argument, "[]:\\");
		fputs(":", out);
		zsh_action(out, id);
	}
	fputs("' \\\n", out);
}

static void
zsh(FILE *out)
{
	fputs("#compdef sshmedic\n# Completion of sshmedic in zsh.\n_arguments -s -S \\\n", out);
	for (int i = 0; i < OPT__COUNT; i++) {
		struct option_shape o = option_shape((enum option_id)i);

		if (o.letter != 0)
			zsh_option(out, (enum option_id)i, true);
		if (o.name != NULL)
			zsh_option(out, (enum option_id)i, false);
	}
	fputs("\t'*:host:" ZSH_HOSTS "'\n", out);
}

/* ---- fish ---- */

static void
fish_option(FILE *out, enum option_id id)
{
	struct option_shape o = option_shape(id);
	char help[512], words[256];

	option_explain(id, help, sizeof help);
	fputs("complete -c sshmedic", out);
	if (o.letter != 0)
		fprintf(out, " -s %c", o.letter);
	if (o.name != NULL)
		fprintf(out, " -l %s", o.name);
	if (o.argument != NULL)
		switch (value_of(id, words, sizeof words)) {
		case ANYTHING: fputs(" -x", out); break;
		case FILES: fputs(" -r -F", out); break;
		case HOSTS: fputs(" -x -a '(__fish_complete_user_at_hosts)'", out); break;
		case WORDS: fprintf(out, " -x -a '%s'", words); break;
		case LISTED: fprintf(out, " -x -a '(%s)'", words); break;
		}
	fputs(" -d '", out);
	for (const char *c = help; *c != '\0'; c++)
		fprintf(out, "%s%c", strchr("'\\", *c) != NULL ? "\\" : "", *c);
	fputs("'\n", out);
}

static void
fish(FILE *out)
{
	fputs("# Completion of sshmedic in fish.\n"
	      "complete -c sshmedic -f -a '(__fish_complete_user_at_hosts)'\n",
	    out);
	for (int i = 0; i < OPT__COUNT; i++)
		fish_option(out, (enum option_id)i);
}

int
completion_print(const char *shell, FILE *out)
{
	static const struct {
		const char *name;
		void (*print)(FILE *);
	} shells[] = { { "bash", bash }, { "zsh", zsh }, { "fish", fish } };

	for (size_t i = 0; i < sizeof shells / sizeof shells[0]; i++)
		if (strcmp(shells[i].name, shell) == 0) {
			shells[i].print(out);
			return 0;
		}
	return -1;
}
