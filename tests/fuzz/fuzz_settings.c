/* Configuration files: any bytes give complaints at most, settings within their range, and keys that work. */
#include "fuzz.h"

#include <string.h>

#ifndef SSHMEDIC_SYSCONFDIR
#define SSHMEDIC_SYSCONFDIR "/nonexistent"
#endif
/* The program's own files: the fuzzers are linked with the core alone. */
#include "tui/action.c"
#include "tui/setting.c"
#include "tui/xdg.c"

/* What a person reads: lines of printable text. */
static void
check_said(char *said, size_t len)
{
	for (size_t i = 0; i < len; i++)
		FUZZ_CHECK((unsigned char)said[i] >= 0x20 || said[i] == '\n');
	free(said);
}

static int
read_bytes(struct settings *s, const uint8_t *data, size_t size, enum setting_source from)
{
	FILE *f = fmemopen((void *)(uintptr_t)data, size, "r"), *out;
	char *said = NULL;
	size_t len = 0;
	int wrong = 0;

	out = open_memstream(&said, &len);
	if (f != NULL && out != NULL)
		wrong = settings_read(s, f, "fuzz", from, out);
	if (f != NULL)
		fclose(f);
	if (out != NULL)
		fclose(out);
	FUZZ_CHECK((wrong > 0) == (len > 0));
	check_said(said, len);
	return wrong;
}

static void
check(const struct settings *s)
{
	for (int i = 0; i < SETTING__COUNT; i++) {
		FUZZ_CHECK(memchr(s->at[i].text, 0, SETTING_LEN) != NULL);
		if (rows[i].kind == WORD)
			FUZZ_CHECK(place(rows[i].takes, s->at[i].text) == s->at[i].n);
		else if (rows[i].kind == NUMBER)
			FUZZ_CHECK(number(rows[i].takes, s->at[i].text) == s->at[i].n);
	}
	for (int a = 0; a < ACTION__COUNT; a++)
		FUZZ_CHECK(keymap_clash(&s->keys, (enum action)a) == ACTION_NONE);
}

/* The first half is the system's file, the other one the user's: what is locked stays. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct settings s, before;
	size_t half = size / 2;
	char *said = NULL;
	size_t len = 0;
	FILE *out;

	if (size < 2)
		return 0;
	settings_default(&s);
	read_bytes(&s, data, half, FROM_SYSTEM);
	check(&s);
	before = s;
	read_bytes(&s, data + half, size - half, FROM_USER);
	check(&s);
	for (int i = 0; i < SETTING__COUNT; i++) {
		FUZZ_CHECK(s.at[i].locked == before.at[i].locked);
		if (s.at[i].locked)
			FUZZ_CHECK(strcmp(s.at[i].text, before.at[i].text) == 0);
	}
	if ((out = open_memstream(&said, &len)) == NULL)
		return 0;
	settings_print(&s, out);
	fclose(out);
	check_said(said, len);
	return 0;
}
