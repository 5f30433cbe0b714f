/* What --explain and --list-findings print: three ids word for word, and every id whole. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "core/report.h"

enum { WIDTH = 80, TEXT_MAX = 64 * 1024 };

/* What report_explain() prints; the caller frees it. */
static char *
explained(const char *id)
{
	const struct catalogue_row *row = catalogue_by_id(id);
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	assert_non_null(row);
	assert_non_null(out);
	report_explain(row, WIDTH, out);
	fclose(out);
	return text;
}

/* UPDATE=1 in the environment writes the files anew. */
static void
three_ids_word_for_word(void **state)
{
	static const char *const ids[] = { "cfg-bad-perms", "banner-silent",
		"auth-home-unavailable" };
	static char want[TEXT_MAX];

	(void)state;
	for (size_t i = 0; i < sizeof ids / sizeof *ids; i++) {
		char path[256], *text = explained(ids[i]);
		bool update = getenv("UPDATE") != NULL;
		FILE *f;
		size_t len;

		snprintf(path, sizeof path, "tests/golden/explain/%s.txt", ids[i]);
		if ((f = fopen(path, update ? "we" : "re")) == NULL)
			fail_msg("%s: tests run at the top of the tree", path);
		if (update) {
			fputs(text, f);
		} else {
			len = fread(want, 1, sizeof want - 1, f);
			want[len] = '\0';
			if (strcmp(text, want) != 0)
				fail_msg("%s differs; --explain prints:\n%s", path, text);
		}
		fclose(f);
		free(text);
	}
}

static size_t
columns(const char *line, size_t len)
{
	size_t n = 0;

	for (size_t i = 0; i < len; i++)
		n += ((unsigned char)line[i] & 0xc0) != 0x80;
	return n;
}

/* A label without words, a value that is not known ("?"), or a line that is too wide and no command. */
static void
check_line(const char *id, const char *line, size_t len)
{
	bool command = strncmp(line, "    $ ", 6) == 0;

	if (columns(line, len) > WIDTH && !command)
		fail_msg("%s: too wide: %.*s", id, (int)len, line);
	if (len > 0 && len <= 15 && strchr(" :", line[len - 1]) != NULL)
		fail_msg("%s: an empty part: %.*s", id, (int)len, line);
	if (memchr(line, '{', len) != NULL && !command)
		fail_msg("%s: a slot is left: %.*s", id, (int)len, line);
	for (size_t i = 0; i < len; i++)
		assert_true((unsigned char)line[i] >= ' ');
}

static void
every_id_is_explained_whole(void **state)
{
	static const char *const parts[] = { "\nLayer:", "\nCause:", "\nHow it shows:",
		"\nWhat decides:", "\nWho can tell:", "\n\nFixes\n  ", "\n\nSource:" };

	(void)state;
	for (size_t i = 0; i < catalogue_count(); i++) {
		const char *id = catalogue_at(i)->id;
		char *text = explained(id);

		assert_int_equal(strncmp(text, id, strlen(id)), 0);
		for (size_t k = 0; k < sizeof parts / sizeof *parts; k++)
			if (strstr(text, parts[k]) == NULL)
				fail_msg("%s: no part%s", id, parts[k]);
		if (strstr(text, "\nCould be:") == NULL && strstr(text, "\nLooks like:") == NULL)
			fail_msg("%s: no look-alikes", id);
		for (const char *line = text; *line != '\0'; line += strcspn(line, "\n") + 1)
			check_line(id, line, strcspn(line, "\n"));
		free(text);
	}
}

static void
the_list_has_each_id_once(void **state)
{
	char *text = NULL;
	size_t len, lines = 0;
	FILE *out = open_memstream(&text, &len);

	(void)state;
	assert_non_null(out);
	report_findings(out);
	fclose(out);
	for (size_t i = 0; i < len; i++)
		lines += text[i] == '\n';
	assert_int_equal(lines, catalogue_count());
	assert_int_equal(strncmp(text, "transport      cfg-usage                    ssh ", 48), 0);
	assert_non_null(strstr(text, "\nany            healthy                      the login "));
	free(text);
}

static void
near_ids_are_found(void **state)
{
	static const struct {
		const char *id, *near;
	} rows[] = {
		{ "tcp-refusd", "did you mean tcp-refused, " },
		{ "auth-strict-modes", "did you mean auth-strictmodes" },
		{ "maxstartups", "did you mean banner-maxstartups" },
		{ "zzzzzz", "" },
		{ "", "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		char words[256];
		struct strbuf sb;
		int n;

		sb_init(&sb, words, sizeof words);
		n = catalogue_near(rows[i].id, &sb);
		assert_int_equal(n > 0, rows[i].near[0] != '\0');
		if (strncmp(words, rows[i].near, strlen(rows[i].near)) != 0)
			fail_msg("%s: %s", rows[i].id, words);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(three_ids_word_for_word),
		cmocka_unit_test(every_id_is_explained_whole),
		cmocka_unit_test(the_list_has_each_id_once),
		cmocka_unit_test(near_ids_are_found),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
