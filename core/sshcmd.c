/* A command line of ssh taken apart; see sshcmd.h. */
#include "sshcmd.h"

#include <stdbool.h>
#include <string.h>
#include <strings.h>

#include "text.h"

enum does {
	PASS,   /* handed on, with its value */
	SWITCH, /* handed on as the -o that it stands for: of several the last one counts */
	TTY,    /* -t, -T: counted */
	SHOW,   /* shown, not done */
	BOTH,   /* handed on, so that it is looked at, and shown as not done */
	LEAVE,  /* means nothing to a diagnosis */
	NOLOGIN /* with it ssh logs in nowhere */
};

/*
 * getopt() of ssh.c, OpenSSH 9.2 to 10: "1246ab:c:e:fgi:kl:m:no:p:qstvx" "AB:CD:E:F:GI:J:KL:MNO:P:Q:R:S:TVw:W:XYy".
 * -P took no value up to 9.3, where it did nothing.
 */
static const struct option_row {
	char letter;
	bool value;
	enum does does;
	const char *as, *also; /* SWITCH: the settings that it stands for */
} rows[] = {
	{ '1', false, LEAVE, NULL, NULL },
	{ '2', false, LEAVE, NULL, NULL },
	{ '4', false, SWITCH, "AddressFamily=inet", NULL },
	{ '6', false, SWITCH, "AddressFamily=inet6", NULL },
	{ 'a', false, SWITCH, "ForwardAgent=no", NULL },
	{ 'b', true, PASS, NULL, NULL },
	{ 'c', true, PASS, NULL, NULL },
	{ 'e', true, LEAVE, NULL, NULL },
	{ 'f', false, SHOW, NULL, NULL },
	{ 'g', false, SWITCH, "GatewayPorts=yes", NULL },
	{ 'i', true, PASS, NULL, NULL },
	{ 'k', false, SWITCH, "GSSAPIDelegateCredentials=no", NULL },
	{ 'l', true, PASS, NULL, NULL },
	{ 'm', true, PASS, NULL, NULL },
	{ 'n', false, LEAVE, NULL, NULL },
	{ 'o', true, PASS, NULL, NULL },
	{ 'p', true, PASS, NULL, NULL },
	{ 'q', false, LEAVE, NULL, NULL },
	{ 's', false, SHOW, NULL, NULL },
	{ 't', false, TTY, NULL, NULL },
	{ 'v', false, LEAVE, NULL, NULL },
	{ 'x', false, SWITCH, "ForwardX11=no", NULL },
	{ 'A', false, SWITCH, "ForwardAgent=yes", NULL },
	{ 'B', true, PASS, NULL, NULL },
	{ 'C', false, SWITCH, "Compression=yes", NULL },
	{ 'D', true, BOTH, NULL, NULL },
	{ 'E', true, LEAVE, NULL, NULL },
	{ 'F', true, PASS, NULL, NULL },
	{ 'G', false, LEAVE, NULL, NULL },
	{ 'I', true, PASS, NULL, NULL },
	{ 'J', true, PASS, NULL, NULL },
	{ 'K', false, SWITCH, "GSSAPIAuthentication=yes", "GSSAPIDelegateCredentials=yes" },
	{ 'L', true, BOTH, NULL, NULL },
	{ 'M', false, SWITCH, "ControlMaster=yes", NULL },
	{ 'N', false, SHOW, NULL, NULL },
	{ 'O', true, NOLOGIN, NULL, NULL },
	{ 'P', true, PASS, NULL, NULL },
	{ 'Q', true, NOLOGIN, NULL, NULL },
	{ 'R', true, BOTH, NULL, NULL },
	{ 'S', true, PASS, NULL, NULL },
	{ 'T', false, TTY, NULL, NULL },
	{ 'V', false, NOLOGIN, NULL, NULL },
	{ 'w', true, SHOW, NULL, NULL },
	{ 'W', true, SHOW, NULL, NULL },
	{ 'X', false, SWITCH, "ForwardX11=yes", NULL },
	{ 'Y', false, SWITCH, "ForwardX11=yes", "ForwardX11Trusted=yes" },
	{ 'y', false, LEAVE, NULL, NULL },
};

enum { ROWS = sizeof rows / sizeof rows[0] };

/* What a terminal was asked for by -t and -T. */
enum tty { TTY_UNSAID, TTY_NO, TTY_YES, TTY_FORCE };

static const char *const tty_words[] = {
	[TTY_NO] = "RequestTTY=no",
	[TTY_YES] = "RequestTTY=yes",
	[TTY_FORCE] = "RequestTTY=force",
};

struct parse {
	struct sshcmd *c;
	struct strbuf shown, err;
	int argc, at;
	char *const *argv;
	enum tty tty;
	bool user, port; /* the destination names one: ssh takes no later one */
};

static int
fail(struct parse *p, const char *text)
{
	sb_puts(&p->err, text);
	return -1;
}

static int
fail_letter(struct parse *p, char letter, const char *text)
{
	char clean[16];

	text_clean(clean, sizeof clean, &letter, 1);
	sb_printf(&p->err, "ssh -%s %s", clean, text);
	return -1;
}

static const char *
flag_of(char letter)
{
	static const char flags[ROWS][3] = {
		"-1",
		"-2",
		"-4",
		"-6",
		"-a",
		"-b",
		"-c",
		"-e",
		"-f",
		"-g",
		"-i",
		"-k",
		"-l",
		"-m",
		"-n",
		"-o",
		"-p",
		"-q",
		"-s",
		"-t",
		"-v",
		"-x",
		"-A",
		"-B",
		"-C",
		"-D",
		"-E",
		"-F",
		"-G",
		"-I",
		"-J",
		"-K",
		"-L",
		"-M",
		"-N",
		"-O",
		"-P",
		"-Q",
		"-R",
		"-S",
		"-T",
		"-V",
		"-w",
		"-W",
		"-X",
		"-Y",
		"-y",
	};
	int i = 0;

	while (i < ROWS - 1 && flags[i][1] != letter)
		i++;
	return flags[i];
}

/* Two words at the end of what is handed on, or at its begin, before those that they overrule. */
static int
push(struct parse *p, const char *flag, const char *value, bool first)
{
	struct sshcmd *c = p->c;
	const char **at = c->args + (first ? 0 : c->nargs);

	if (c->nargs + 2 > SSHCMD_ARGS_MAX)
		return fail(p, "too many options for ssh");
	memmove(at + 2, at, (c->nargs - (size_t)(at - c->args)) * sizeof *at);
	at[0] = flag;
	at[1] = value;
	c->nargs += 2;
	return 0;
}

static void
show(struct parse *p, const char *flag, const char *value)
{
	if (p->shown.len > 0)
		sb_putc(&p->shown, ' ');
	sb_puts(&p->shown, flag);
	if (value != NULL) {
		sb_putc(&p->shown, ' ');
		text_shell_quote(&p->shown, value);
	}
}

/* Whether an -o sets what the destination has set already. */
static bool
sets(const char *option, const char *name)
{
	size_t len = strlen(name);

	while (*option == ' ' || *option == '\t')
		option++;
	return strncasecmp(option, name, len) == 0 &&
	       (option[len] == '=' || option[len] == ' ' || option[len] == '\t');
}

/* Whether the destination has decided it: of users and ports ssh takes the first. */
static bool
too_late(const struct parse *p, char letter, const char *value)
{
	bool user = letter == 'l' || (letter == 'o' && sets(value, "user")),
	     port = letter == 'p' || (letter == 'o' && sets(value, "port"));

	return (user && p->user) || (port && p->port);
}

static int
take_switch(struct parse *p, const struct option_row *row)
{
	if (row->also != NULL && push(p, "-o", row->also, true) != 0)
		return -1;
	return push(p, "-o", row->as, true);
}

static int
take(struct parse *p, const struct option_row *row, const char *value)
{
	const char *flag = flag_of(row->letter);

	switch (row->does) {
	case LEAVE: return 0;
	case NOLOGIN:
		return fail_letter(p, row->letter, "logs in nowhere: there is nothing to diagnose");
	case SWITCH: return take_switch(p, row);
	case TTY:
		p->tty = row->letter == 'T' ? TTY_NO : p->tty >= TTY_YES ? TTY_FORCE : TTY_YES;
		return 0;
	case SHOW: show(p, flag, value); return 0;
	case BOTH: show(p, flag, value); break;
	case PASS: break;
	}
	return too_late(p, row->letter, value) ? 0 : push(p, flag, value, false);
}

/* Letters of one word; the rest of it, or the next word, is the value of the first that takes one. */
static int
take_word(struct parse *p, const char *word)
{
	for (const char *s = word + 1; *s != '\0'; s++) {
		const struct option_row *row = NULL;
		const char *value = NULL;

		for (int i = 0; i < ROWS && row == NULL; i++)
			if (rows[i].letter == *s)
				row = &rows[i];
		if (row == NULL)
			return fail_letter(p, *s, "is no option that ssh knows");
		if (row->value) {
			if (s[1] != '\0')
				value = s + 1;
			else if (p->at + 1 < p->argc)
				value = p->argv[++p->at];
			else
				return fail_letter(p, *s, "needs a value");
		}
		if (take(p, row, value) != 0)
			return -1;
		if (row->value)
			break;
	}
	return 0;
}

/* Options up to the next operand. Returns -1, or whether "--" ended them. */
static int
take_options(struct parse *p)
{
	for (; p->at < p->argc; p->at++) {
		const char *word = p->argv[p->at];

		if (strcmp(word, "--") == 0) {
			p->at++;
			return 1;
		}
		if (word[0] != '-' || word[1] == '\0')
			return 0;
		if (take_word(p, word) != 0)
			return -1;
	}
	return 0;
}

static void
take_destination(struct parse *p)
{
	const char *dest = p->argv[p->at++], *host;
	bool uri = strncmp(dest, "ssh://", 6) == 0;

	p->c->dest = dest;
	host = strrchr(dest, '@');
	p->user = host != NULL;
	host = host != NULL ? host + 1 : uri ? dest + 6 : dest;
	/* The colon behind brackets, or the only one. */
	if (host[0] == '[' && strchr(host, ']') != NULL)
		host = strchr(host, ']');
	host = strchr(host, ':');
	p->port = uri && host != NULL && host[1] >= '0' && host[1] <= '9';
}

/* What is left is the remote command: ssh joins its words with blanks, whatever they hold. */
static void
show_command(struct parse *p)
{
	char words[SSHCMD_SHOWN_MAX / 2];
	struct strbuf sb;

	if (p->at == p->argc)
		return;
	sb_init(&sb, words, sizeof words);
	for (int i = p->at; i < p->argc; i++) {
		if (i > p->at)
			sb_putc(&sb, ' ');
		sb_puts(&sb, p->argv[i]);
	}
	if (p->shown.len > 0)
		sb_putc(&p->shown, ' ');
	text_shell_quote(&p->shown, words);
}

int
sshcmd_parse(struct sshcmd *c, int argc, char *const argv[], char *err, size_t errcap)
{
	struct parse p = { .c = c, .argc = argc, .argv = argv };
	int ended;

	memset(c, 0, sizeof *c);
	sb_init(&p.shown, c->shown, sizeof c->shown);
	sb_init(&p.err, err, errcap);
	if ((ended = take_options(&p)) < 0)
		return -1;
	if (p.at == argc)
		return fail(&p,
		    "ssh without a destination: which host? (a host called ssh: sshmedic ssh ssh)");
	take_destination(&p);
	if (!ended && take_options(&p) < 0)
		return -1;
	show_command(&p);
	return p.tty != TTY_UNSAID ? push(&p, "-o", tty_words[p.tty], true) : 0;
}
