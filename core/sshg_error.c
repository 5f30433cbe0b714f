/*
 * What ssh writes to stderr when its configuration or command line is at
 * fault, recognised by tables of its own words. Part of sshg.h.
 */
#include <string.h>

#include "sshg.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* A line, or a part of it. */
struct span {
	const char *s;
	size_t len;
};

/* Where a message names a file or a word. */
enum names { NAMES_NOTHING, NAMES_FILE, NAMES_FILE_COLON, NAMES_WORD, NAMES_QUOTED };

struct phrase {
	const char *start; /* what the line begins with; with anywhere, what it holds */
	bool anywhere;
	enum sshg_fault fault; /* SSHG_FAULT_NONE: a remark that harms nothing */
	enum names names;
};

/* After "FILE line N: " or "FILE: line N: ". What matches no row is a bad value. */
static const struct phrase in_file[] = {
	{ "Bad configuration option: ", false, SSHG_FAULT_BAD_OPTION, NAMES_WORD },
	{ "Unsupported option ", false, SSHG_FAULT_NONE,
	    NAMES_NOTHING }, /* once known, ignored now */
	{ "Deprecated option ", false, SSHG_FAULT_NONE, NAMES_NOTHING },
	{ "no argument after keyword ", false, SSHG_FAULT_NO_VALUE, NAMES_QUOTED },
	{ "no argument after ", false, SSHG_FAULT_NO_VALUE, NAMES_QUOTED },
	{ "Missing ", false, SSHG_FAULT_NO_VALUE, NAMES_QUOTED },
	{ "missing ", false, SSHG_FAULT_NO_VALUE, NAMES_QUOTED },
	{ "", false, SSHG_FAULT_BAD_VALUE, NAMES_QUOTED },
};

/* Lines without a file and a line number. */
static const struct phrase bare[] = {
	{ "debug1: ", false, SSHG_FAULT_NONE, NAMES_NOTHING },
	{ "debug2: ", false, SSHG_FAULT_NONE, NAMES_NOTHING },
	{ "debug3: ", false, SSHG_FAULT_NONE, NAMES_NOTHING },
	{ "OpenSSH_", false, SSHG_FAULT_NONE, NAMES_NOTHING },
	{ "Pseudo-terminal will not be allocated", false, SSHG_FAULT_NONE, NAMES_NOTHING },
	{ "Warning: ", false, SSHG_FAULT_NONE, NAMES_NOTHING },
	{ ": terminating, ", true, SSHG_FAULT_NONE, NAMES_NOTHING },
	{ "Bad owner or permissions on ", false, SSHG_FAULT_PERMS, NAMES_FILE },
	{ "Can't open user config file ", false, SSHG_FAULT_NO_FILE, NAMES_FILE_COLON },
	{ "hostname contains invalid characters", false, SSHG_FAULT_BAD_NAME, NAMES_NOTHING },
	{ "remote username contains invalid characters", false, SSHG_FAULT_BAD_NAME,
	    NAMES_NOTHING },
	{ "Bad port ", false, SSHG_FAULT_BAD_ARG, NAMES_QUOTED },
	{ "Unknown cipher type ", false, SSHG_FAULT_BAD_ARG, NAMES_QUOTED },
	{ "Unknown mac type ", false, SSHG_FAULT_BAD_ARG, NAMES_QUOTED },
	{ "Invalid -J argument", false, SSHG_FAULT_BAD_ARG, NAMES_NOTHING },
	{ "Cannot specify -J with ProxyCommand", false, SSHG_FAULT_BAD_ARG, NAMES_NOTHING },
	{ "Only a single -J option is permitted", false, SSHG_FAULT_BAD_ARG, NAMES_NOTHING },
	{ "inconsistent options: ProxyCommand+ProxyJump", false, SSHG_FAULT_BAD_ARG,
	    NAMES_NOTHING },
	{ "Bad escape character ", false, SSHG_FAULT_BAD_ARG, NAMES_QUOTED },
	{ "unknown option -- ", false, SSHG_FAULT_BAD_ARG, NAMES_WORD },
	{ "option requires an argument -- ", false, SSHG_FAULT_BAD_ARG, NAMES_WORD },
	{ "Unsupported query ", false, SSHG_FAULT_BAD_ARG, NAMES_QUOTED },
	{ "usage: ssh ", false, SSHG_FAULT_BAD_ARG, NAMES_NOTHING },
	{ "No user exists for uid ", false, SSHG_FAULT_NO_USER, NAMES_NOTHING },
	{ "OpenSSL version mismatch", false, SSHG_FAULT_LIBRARY, NAMES_NOTHING },
	{ "error while loading shared libraries", true, SSHG_FAULT_LIBRARY, NAMES_NOTHING },
	{ "version `", true, SSHG_FAULT_LIBRARY, NAMES_NOTHING },
};

static bool
begins(struct span l, const char *word)
{
	size_t n = strlen(word);

	return l.len >= n && memcmp(l.s, word, n) == 0;
}

static struct span
skip(struct span l, size_t n)
{
	struct span rest = { l.s + n, l.len - n };

	return rest;
}

static bool
holds(struct span l, const char *word)
{
	return memmem(l.s, l.len, word, strlen(word)) != NULL;
}

/* The text in the first pair of quotes, as a span; empty if there is none. */
static struct span
quoted(struct span l)
{
	struct span none = { l.s, 0 };
	size_t i, k;

	for (i = 0; i < l.len && l.s[i] != '"' && l.s[i] != '\''; i++)
		;
	for (k = i + 1; k < l.len; k++)
		if (l.s[k] == l.s[i]) {
			struct span word = { l.s + i + 1, k - i - 1 };

			return word;
		}
	return none;
}

/*
 * Split "FILE line 7: REST" or "FILE: line 7: REST". False if the line has no such form.
 */
static bool
split_line(struct span l, struct span *file, int *number, struct span *rest)
{
	static const char mark[] = " line ";
	const char *at = l.s;

	while ((at = memmem(at, (size_t)(l.s + l.len - at), mark, sizeof(mark) - 1)) != NULL) {
		const char *p = at + sizeof(mark) - 1, *end = l.s + l.len, *digits = p;
		int n = 0;

		for (; p < end && *p >= '0' && *p <= '9' && p - digits < 9; p++)
			n = n * 10 + (*p - '0');
		if (p > digits && end - p >= 2 && p[0] == ':' && p[1] == ' ') {
			file->s = l.s;
			file->len = (size_t)(at - l.s);
			if (file->len > 0 && at[-1] == ':')
				file->len--;
			*number = n;
			*rest = skip(l, (size_t)(p + 2 - l.s));
			return true;
		}
		at = digits;
	}
	return false;
}

static const struct phrase *
match(const struct phrase *table, size_t count, struct span l)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (table[i].anywhere ? holds(l, table[i].start) : begins(l, table[i].start))
			return &table[i];
	return NULL;
}

/* Fill in what a recognised message names; l is the message from the phrase on. */
static void
take_names(struct sshg_error *err, const struct phrase *ph, struct span l)
{
	struct span rest = ph->anywhere ? l : skip(l, strlen(ph->start)), word = rest;
	const char *colon;

	switch (ph->names) {
	case NAMES_NOTHING: return;
	case NAMES_FILE: text_clean(err->file, sizeof(err->file), rest.s, rest.len); return;
	case NAMES_FILE_COLON:
		colon = memmem(rest.s, rest.len, ": ", 2);
		if (colon != NULL)
			rest.len = (size_t)(colon - rest.s);
		text_clean(err->file, sizeof(err->file), rest.s, rest.len);
		return;
	case NAMES_QUOTED: word = quoted(rest); break;
	case NAMES_WORD: break;
	}
	text_clean(err->option, sizeof(err->option), word.s, word.len);
}

/* Judge one line; false for a remark or a line that says nothing known. *harmless tells which. */
static bool
judge(struct sshg_error *err, struct span l, bool *harmless)
{
	struct span file, rest = l;
	const struct phrase *ph = match(bare, COUNT(bare), l);
	int number = 0;

	*harmless = false;
	file.len = 0;
	if (ph == NULL && split_line(l, &file, &number, &rest))
		ph = match(in_file, COUNT(in_file), rest);
	if (ph == NULL)
		return false;
	if (ph->fault == SSHG_FAULT_NONE) {
		*harmless = true;
		return false;
	}
	err->fault = ph->fault;
	if (file.len > 0) {
		err->line = number;
		err->command_line = begins(file, "command-line") && number == 0;
		if (!err->command_line)
			text_clean(err->file, sizeof(err->file), file.s, file.len);
	}
	take_names(err, ph, rest);
	return true;
}

bool
sshg_error(const char *text, size_t len, struct sshg_error *err)
{
	bool harmless;

	memset(err, 0, sizeof(*err));
	while (len > 0) {
		const char *nl = memchr(text, '\n', len);
		size_t n = nl != NULL ? (size_t)(nl - text) : len, step = n + (nl != NULL);
		struct span l = { text, n };
		bool found;

		while (l.len > 0 && l.s[l.len - 1] == '\r')
			l.len--;
		found = judge(err, l, &harmless);
		if (l.len > 0 && !harmless)
			text_clean(err->text, sizeof(err->text), l.s, l.len);
		if (found)
			return true;
		text += step;
		len -= step;
	}
	return false;
}

const char *
sshg_fault_name(enum sshg_fault f)
{
	static const char *const names[] = {
		[SSHG_FAULT_NONE] = "none",
		[SSHG_FAULT_BAD_OPTION] = "bad-option",
		[SSHG_FAULT_BAD_VALUE] = "bad-value",
		[SSHG_FAULT_NO_VALUE] = "no-value",
		[SSHG_FAULT_PERMS] = "bad-perms",
		[SSHG_FAULT_NO_FILE] = "no-file",
		[SSHG_FAULT_BAD_NAME] = "bad-name",
		[SSHG_FAULT_BAD_ARG] = "bad-argument",
		[SSHG_FAULT_NO_USER] = "no-user",
		[SSHG_FAULT_LIBRARY] = "library",
	};

	return names[f];
}
