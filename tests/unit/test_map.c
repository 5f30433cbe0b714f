/*
 * The map, tests/golden/map.tsv, is total: each message, each transcript that is
 * kept here and each finding of the catalogue has one row, and what a row names exists.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <dirent.h>
#include <unistd.h>
#include <cmocka.h>

#include "core/catalogue.h"

#define MAP "tests/golden/map.tsv"
#define MESSAGES "tests/golden/messages.tsv"
#define TRANSCRIPTS "tests/transcripts"
#define LAB_CASES "tests/lab/cases"

enum { ROWS_MAX = 4096, FIELDS = 5, FILE_MAX = 1 << 20 };

struct table {
	char *text;
	struct {
		const char *field[FIELDS];
	} row[ROWS_MAX];
	size_t n;
};

static struct table map, messages;

static char *
read_file(const char *path)
{
	FILE *in = fopen(path, "re");
	char *text = malloc(FILE_MAX);
	size_t len;

	if (in == NULL || text == NULL) {
		if (in != NULL)
			fclose(in);
		free(text);
		return NULL;
	}
	len = fread(text, 1, FILE_MAX - 1, in);
	fclose(in);
	text[len] = '\0';
	return text;
}

/* Rows of fields between tabs; a line that begins with # is a remark. A field that is not there is empty. */
static void
read_table(struct table *t, const char *path)
{
	char *line, *rest;

	t->n = 0;
	if ((t->text = rest = read_file(path)) == NULL)
		fail_msg("%s cannot be read: tests run at the top of the tree", path);
	while ((line = strsep(&rest, "\n")) != NULL) {
		if (line[0] == '#' || line[0] == '\0')
			continue;
		assert_true(t->n < ROWS_MAX);
		for (int f = 0; f < FIELDS; f++) {
			char *field = strsep(&line, "\t");

			t->row[t->n].field[f] = field != NULL ? field : "";
		}
		t->n++;
	}
}

static int
setup(void **state)
{
	(void)state;
	read_table(&map, MAP);
	read_table(&messages, MESSAGES);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	free(map.text);
	free(messages.text);
	return 0;
}

/* The only row of that kind and name, or NULL. */
static const char *const *
map_row(const char *kind, const char *name)
{
	const char *const *found = NULL;

	for (size_t i = 0; i < map.n; i++) {
		const char *const *f = map.row[i].field;

		if (strcmp(f[0], kind) != 0 || strcmp(f[1], name) != 0)
			continue;
		if (found != NULL)
			fail_msg("%s %s has two rows", kind, name);
		found = f;
	}
	return found;
}

static void
check_decision(const char *const *f, const char *id, const char *note)
{
	if (strcmp(id, "undecidable") == 0) {
		if (note[0] == '\0')
			fail_msg("%s %s is undecidable, and the reason is missing", f[0], f[1]);
	} else if (catalogue_by_id(id) == NULL) {
		fail_msg("%s %s: no finding \"%s\" in the catalogue", f[0], f[1], id);
	}
}

static void
each_message_has_a_row(void **state)
{
	(void)state;
	assert_true(messages.n > 300);
	for (size_t i = 0; i < messages.n; i++)
		if (map_row("message", messages.row[i].field[3]) == NULL)
			fail_msg("message %s has no row", messages.row[i].field[3]);
	for (size_t i = 0; i < map.n; i++) {
		const char *const *f = map.row[i].field;
		size_t m = 0;

		if (strcmp(f[0], "message") != 0)
			continue;
		check_decision(f, f[2], f[3]);
		while (m < messages.n && strcmp(messages.row[m].field[3], f[1]) != 0)
			m++;
		if (m == messages.n)
			fail_msg("message %s is not in " MESSAGES, f[1]);
	}
}

static void
each_transcript_has_a_row(void **state)
{
	DIR *dir = opendir(TRANSCRIPTS);
	const struct dirent *e;
	size_t n = 0;

	(void)state;
	for (size_t i = 0; i < map.n; i++) {
		const char *const *f = map.row[i].field;

		if (strcmp(f[0], "transcript") != 0)
			continue;
		n++;
		map_row("transcript", f[1]);
		for (int column = 2; column <= 3; column++)
			if (strcmp(f[column], "-") != 0)
				check_decision(f, f[column], f[4]);
		if (strcmp(f[2], "-") == 0 && strcmp(f[3], "-") == 0 && f[4][0] == '\0')
			fail_msg("transcript %s leads nowhere, and the reason is missing", f[1]);
	}
	assert_true(n >= 438);
	while (dir != NULL && (e = readdir(dir)) != NULL)
		if (e->d_type == DT_DIR && strchr("._", e->d_name[0]) == NULL &&
		    map_row("transcript", e->d_name) == NULL)
			fail_msg("transcript %s has no row", e->d_name);
	if (dir != NULL)
		closedir(dir);
}

static int
file_holds(const char *path, const char *words)
{
	char *text = read_file(path);
	int holds = text != NULL && strstr(text, words) != NULL;

	free(text);
	return holds;
}

static int
lab_has(const char *name)
{
	DIR *dir = opendir(LAB_CASES);
	const struct dirent *e;
	char path[512], words[128];
	int found = 0;

	snprintf(words, sizeof words, "\nrow %s ", name);
	while (dir != NULL && !found && (e = readdir(dir)) != NULL) {
		snprintf(path, sizeof path, LAB_CASES "/%s", e->d_name);
		found = e->d_name[0] != '.' && file_holds(path, words);
	}
	if (dir != NULL)
		closedir(dir);
	return found;
}

/* Whether the test that a word such as "golden:NAME" names is there, and for a transcript that it leads to the id. */
static int
test_exists(const char *id, const char *word)
{
	const char *name = strchr(word, ':') + 1;
	char path[512];

	if (strncmp(word, "lab:", 4) == 0)
		return lab_has(name);
	if (strncmp(word, "golden:", 7) == 0) {
		snprintf(path, sizeof path, "tests/golden/cases/%s.ev", name);
		return access(path, R_OK) == 0;
	}
	if (strncmp(word, "unit:", 5) == 0) {
		snprintf(path, sizeof path, "\t{ \"%s\", ", name);
		return file_holds("tests/unit/test_diag.c", path);
	}
	if (strncmp(word, "transcript:", 11) == 0) {
		const char *const *f = map_row("transcript", name);

		return f != NULL && (strcmp(f[2], id) == 0 || strcmp(f[3], id) == 0);
	}
	return 0;
}

static void
check_tests(const char *const *f)
{
	char words[1024], *rest = words, *word;
	int live = 0, recorded = 0, text = 0;

	snprintf(words, sizeof words, "%s", f[3]);
	while ((word = strsep(&rest, " ")) != NULL) {
		if (strchr(word, ':') == NULL || !test_exists(f[1], word))
			fail_msg("finding %s: there is no test \"%s\"", f[1], word);
		live += strncmp(word, "lab:", 4) == 0;
		text += strncmp(word, "transcript:", 11) == 0;
		recorded += strncmp(word, "golden:", 7) == 0 || strncmp(word, "unit:", 5) == 0;
	}
	if (strcmp(f[2], live ? "live" : recorded ? "recorded" : text ? "text" : "") != 0)
		fail_msg("finding %s is not tested %s", f[1], f[2]);
}

static void
each_finding_has_a_row(void **state)
{
	(void)state;
	for (size_t i = 0; i < catalogue_count(); i++)
		if (map_row("finding", catalogue_at(i)->id) == NULL)
			fail_msg("finding %s has no row", catalogue_at(i)->id);
	for (size_t i = 0; i < map.n; i++) {
		const char *const *f = map.row[i].field;

		if (strcmp(f[0], "finding") != 0)
			continue;
		if (catalogue_by_id(f[1]) == NULL)
			fail_msg("finding %s is not in the catalogue", f[1]);
		if (f[3][0] == '\0')
			fail_msg("finding %s: where it is tested is missing", f[1]);
		if (strcmp(f[2], "none") != 0)
			check_tests(f);
	}
}

static void
there_is_nothing_else(void **state)
{
	(void)state;
	for (size_t i = 0; i < map.n; i++) {
		const char *kind = map.row[i].field[0];

		if (strcmp(kind, "message") != 0 && strcmp(kind, "transcript") != 0 &&
		    strcmp(kind, "finding") != 0)
			fail_msg("row %zu: \"%s\" is no kind of row", i, kind);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_message_has_a_row),
		cmocka_unit_test(each_transcript_has_a_row),
		cmocka_unit_test(each_finding_has_a_row),
		cmocka_unit_test(there_is_nothing_else),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
