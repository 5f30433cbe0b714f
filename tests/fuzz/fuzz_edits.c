/*
 * Edits of a configuration and of known_hosts: whatever the file holds, no line goes but for those that are said to
 * be taken out, a second time changes nothing, and the diff ends.
 */
#include <stdlib.h>
#include <string.h>

#include "core/knownhosts_edit.h"
#include "core/linediff.h"
#include "core/sshconfig.h"
#include "fuzz.h"

enum { ROOM = 8192 };

static int
lines_of(const char *s, size_t len)
{
	int n = len > 0 && s[len - 1] != '\n';

	for (size_t i = 0; i < len; i++)
		n += s[i] == '\n';
	return n;
}

static void
count(void *arg, char mark, size_t line, const char *text, size_t len)
{
	FUZZ_CHECK(mark == '@' || mark == ' ' || mark == '+' || mark == '-');
	FUZZ_CHECK(line < 1000000 && (len == 0 || text != NULL));
	++*(int *)arg;
}

static void
config(const char *text, size_t len, const struct sshconfig_edit *e)
{
	char *out = malloc(len + ROOM), *again = malloc(len + 2 * ROOM), why[SSHCONFIG_WHY];
	struct strbuf sb, twice;
	size_t left;
	int lines = 0;

	if (out == NULL || again == NULL)
		abort();
	sb_init(&sb, out, len + ROOM);
	sb_init(&twice, again, len + 2 * ROOM);
	if (sshconfig_edit(text, len, e, &sb, why) == SSHCONFIG_CHANGED) {
		FUZZ_CHECK(lines_of(out, sb.len) >= lines_of(text, len));
		FUZZ_CHECK(sshconfig_edit(out, sb.len, e, &twice, why) == SSHCONFIG_SAME);
		linediff(text, len, out, sb.len, 50, &left, count, &lines);
		FUZZ_CHECK(lines > 0 && lines <= 50);
	}
	free(out);
	free(again);
}

static void
known(const char *text, size_t len)
{
	char *out = malloc(len + ROOM), *again = malloc(len + ROOM);
	struct known_edit did, none;
	struct strbuf sb, twice;

	if (out == NULL || again == NULL)
		abort();
	sb_init(&sb, out, len + ROOM);
	sb_init(&twice, again, len + ROOM);
	FUZZ_CHECK(known_edit(text, len, "web", NULL, &sb, &did));
	FUZZ_CHECK(lines_of(text, len) - lines_of(out, sb.len) == did.removed);
	FUZZ_CHECK(known_edit(out, sb.len, "web", NULL, &twice, &none));
	FUZZ_CHECK(none.removed == 0 && none.narrowed == 0 && sb.len == twice.len);
	free(out);
	free(again);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct sshconfig_edit edits[] = {
		{ .host = "web", .set = { { "Port", "22" } }, .nset = 1 },
		{ .host = "web",
		    .set = { { "IdentityFile", "/a b" }, { "IdentitiesOnly", "yes" } },
		    .nset = 2 },
		{ .host = "web", .set = { { "HostKeyAlgorithms", "+ssh-rsa" } }, .nset = 1 },
		{ .host = "web", .set = { { "ProxyJump", "none" } }, .nset = 1 },
		{ .host = "web", .set = { { "SetEnv", "TERM=x" } }, .nset = 1 },
		{ .set = { { "IgnoreUnknown", "Foo" } }, .nset = 1 },
	};
	char *text = malloc(size + 1);

	if (text == NULL)
		return 0;
	memcpy(text, data, size);
	text[size] = '\0';
	for (size_t i = 0; i < sizeof edits / sizeof *edits; i++)
		config(text, size, &edits[i]);
	known(text, size);
	free(text);
	return 0;
}
