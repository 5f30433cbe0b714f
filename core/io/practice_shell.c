/* The commands, the interactive shell and the sftp answers of practice_shell.h. */
#include "practice_shell.h"

#include <stdlib.h>
#include <string.h>

enum {
	WORDS_MAX = 64,
	KEY_EOF = 0x04,
	KEY_INTERRUPT = 0x03,
	KEY_BACKSPACE = 0x08,
	KEY_DELETE = 0x7f,
	EXIT_NOT_FOUND = 127
};

enum {
	FXP_INIT = 1,
	FXP_VERSION = 2,
	FXP_STATUS = 101,
	FX_OP_UNSUPPORTED = 8,
	FXP_MAX = 256 * 1024
};

static const char prompt[] = "practice$ ";
static const char welcome[] = "Practice server: echo, true, false and exit are all it knows.\r\n";

/*
 * Split line into words in place: blanks separate, quotes keep them together.
 * A backslash keeps the next character. Returns the number of words.
 */
static size_t
split(char *line, char *words[], size_t max)
{
	char *from = line, *to = line, quote = '\0';
	size_t n = 0;

	for (;;) {
		while (*from == ' ' || *from == '\t')
			from++;
		if (*from == '\0' || n == max)
			return n;
		words[n++] = to;
		for (; *from != '\0' && (quote != '\0' || (*from != ' ' && *from != '\t'));
		     from++) {
			if (quote == '\0' && (*from == '\'' || *from == '"'))
				quote = *from;
			else if (*from == quote)
				quote = '\0';
			else if (*from == '\\' && quote != '\'' && from[1] != '\0')
				*to++ = *++from;
			else
				*to++ = *from;
		}
		if (*from != '\0')
			from++;
		*to++ = '\0';
	}
}

int
practice_shell_run(const char *line, bool pty, struct practice_out *out, struct practice_out *err)
{
	const char *newline = pty ? "\r\n" : "\n";
	char copy[PRACTICE_LINE_MAX * 4], *words[WORDS_MAX];
	size_t len = strlen(line), n;

	if (len >= sizeof(copy)) {
		practice_out_puts(err, "practice: the command is too long");
		practice_out_puts(err, newline);
		return EXIT_NOT_FOUND;
	}
	memcpy(copy, line, len + 1);
	n = split(copy, words, WORDS_MAX);
	if (n == 0 || strcmp(words[0], "true") == 0)
		return 0;
	if (strcmp(words[0], "false") == 0)
		return 1;
	if (strcmp(words[0], "exit") == 0)
		return n > 1 ? atoi(words[1]) & 0xff : 0;
	if (strcmp(words[0], "echo") == 0) {
		for (size_t i = 1; i < n; i++) {
			practice_out_puts(out, i > 1 ? " " : "");
			practice_out_puts(out, words[i]);
		}
		practice_out_puts(out, newline);
		return 0;
	}
	practice_out_puts(err, "practice: ");
	practice_out_puts(err, words[0]);
	practice_out_puts(err, ": command not found");
	practice_out_puts(err, newline);
	return EXIT_NOT_FOUND;
}

void
practice_shell_begin(const struct practice_shell *sh, struct practice_out *out)
{
	if (sh->pty) {
		practice_out_puts(out, welcome);
		practice_out_puts(out, prompt);
	}
}

static bool
is_exit(const char *line)
{
	line += strspn(line, " \t");
	return strncmp(line, "exit", 4) == 0 && strchr(" \t", line[4]) != NULL;
}

/* The line is complete. */
static void
run_line(struct practice_shell *sh, struct practice_out *out)
{
	sh->line[sh->len] = '\0';
	sh->len = 0;
	sh->ended = is_exit(sh->line);
	sh->status = practice_shell_run(sh->line, sh->pty, out, out);
	if (sh->pty && !sh->ended)
		practice_out_puts(out, prompt);
}

/* What the keys of a terminal do beside being typed. True: c was one of them. */
static bool
edit_line(struct practice_shell *sh, char c, struct practice_out *out)
{
	switch (c) {
	case KEY_EOF:
		if (sh->len == 0) {
			practice_out_puts(out, "exit\r\n");
			sh->ended = true;
		}
		return true;
	case KEY_INTERRUPT:
		sh->len = 0;
		practice_out_puts(out, "^C\r\n");
		practice_out_puts(out, prompt);
		return true;
	case KEY_BACKSPACE:
	case KEY_DELETE:
		if (sh->len > 0) {
			sh->len--;
			practice_out_puts(out, "\b \b");
		}
		return true;
	default: return false;
	}
}

void
practice_shell_input(
    struct practice_shell *sh, const char *in, size_t len, struct practice_out *out)
{
	for (size_t i = 0; i < len && !sh->ended; i++) {
		bool end = in[i] == '\n' || (sh->pty && in[i] == '\r');

		if (sh->pty && edit_line(sh, in[i], out))
			continue;
		if (end) {
			if (sh->pty)
				practice_out_puts(out, "\r\n");
			run_line(sh, out);
		} else if ((unsigned char)in[i] >= ' ' && sh->len < sizeof(sh->line) - 1) {
			sh->line[sh->len++] = in[i];
			if (sh->pty)
				practice_out_add(out, &in[i], 1);
		}
	}
}

void
practice_shell_eof(struct practice_shell *sh, struct practice_out *out)
{
	if (!sh->ended && sh->len > 0)
		run_line(sh, out);
	sh->ended = true;
}

static uint32_t
read_u32(const unsigned char *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

/* The head of a packet is there: answer it. */
static void
answer_sftp(const struct practice_sftp *s, struct practice_out *out)
{
	static const unsigned char version[] = { 0, 0, 0, 5, FXP_VERSION, 0, 0, 0, 3 };
	unsigned char status[] = { 0, 0, 0, 17, FXP_STATUS, 0, 0, 0, 0, /* request id */
		0, 0, 0, FX_OP_UNSUPPORTED, 0, 0, 0, 0 /* no message */, 0, 0, 0,
		0 /* no language */ };

	if (s->head[4] == FXP_INIT) {
		practice_out_add(out, version, sizeof(version));
		return;
	}
	memcpy(status + 5, s->head + 5, 4);
	practice_out_add(out, status, sizeof(status));
}

bool
practice_sftp_input(
    struct practice_sftp *s, const unsigned char *in, size_t len, struct practice_out *out)
{
	while (len > 0) {
		if (s->left > 0) {
			size_t skip = len < s->left ? len : s->left;

			s->left -= (uint32_t)skip;
			in += skip;
			len -= skip;
			continue;
		}
		s->head[s->have++] = *in++;
		len--;
		if (s->have < sizeof(s->head))
			continue;
		s->have = 0;
		/* The length counts the type and what follows it; the head holds five bytes of that. */
		s->left = read_u32(s->head);
		if (s->left < 5 || s->left > FXP_MAX)
			return false;
		s->left -= 5;
		answer_sftp(s, out);
	}
	return true;
}
