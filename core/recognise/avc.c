/*
 * Reads what SELinux denied sshd: a line of the audit log, as the file has it, ausearch prints it, or the
 * kernel logs it. Called by the recogniser, and by the reader of logs (sshd_log.c) for the kernel's lines.
 */
#include "readers.h"

/* A word "NAME=value" or NAME="value" of the line; "" where it is not there. */
static void
word_of(const char *s, const char *name, char *out, size_t cap)
{
	const char *at = strstr(s, name);
	struct strbuf sb;
	bool quoted;

	sb_init(&sb, out, cap);
	if (at == NULL)
		return;
	at += strlen(name);
	quoted = *at == '"';
	at += quoted;
	sb_add(&sb, at, strcspn(at, quoted ? "\"" : " "));
}

/* "system_u:object_r:user_home_t:s0": the type */
static const char *
type_of(char *context)
{
	char *role = strchr(context, ':');
	char *type = role != NULL ? strchr(role + 1, ':') : NULL;

	if (type == NULL)
		return "";
	type++;
	type[strcspn(type, ":")] = '\0';
	return type;
}

bool
avc_line(struct recogniser *r, const char *s)
{
	const char *avc = strstr(s, "avc:  denied  { ");
	char program[32], name[128], context[128], class[16];

	if (avc == NULL)
		return false;
	word_of(avc, " comm=", program, sizeof program);
	word_of(avc, " name=", name, sizeof name);
	word_of(avc, " tcontext=", context, sizeof context);
	word_of(avc, " tclass=", class, sizeof class);
	/* A denial that is only noted (permissive) keeps nobody out. */
	if (strncmp(program, "sshd", 4) != 0 || strstr(avc, "permissive=1") != NULL ||
	    (strcmp(class, "file") != 0 && strcmp(class, "dir") != 0) ||
	    (strncmp(name, "authorized_keys", 15) != 0 && strcmp(name, ".ssh") != 0))
		return false;
	recognise_told(
	    r, TOLD_LABEL_BAD, &(struct statement){ .path = name, .text = type_of(context) });
	return true;
}

static enum claim
avc_claims(const struct recogniser *r, const void *state, const struct line *l)
{
	(void)r;
	(void)state;
	return line_begins(l, "type=AVC ") ? CLAIM_CERTAIN : CLAIM_NONE;
}

static bool
avc_take(struct recogniser *r, void *state, const struct line *l)
{
	(void)state;
	return avc_line(r, l->s);
}

const struct reader reader_avc = { "audit log", 0, avc_claims, avc_take, NULL };
