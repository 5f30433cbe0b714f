/*
 * Transcripts of real failures: each folder of tests/transcripts leads to the finding that
 * tests/golden/map.tsv gives it, from what the client printed alone, and from that and what the server's side printed.
 * Nothing that rests on such text may be proven from the client's side alone. Links the pure core alone.
 *
 *   transcripts [-v] [FOLDER ...]      from the top of the tree; -v prints the report of each
 */
#include <dirent.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/book.h"
#include "core/diag.h"
#include "core/paste.h"
#include "core/report.h"
#include "core/rule.h"

#define MAP "tests/golden/map.tsv"
#define DIR_OF_ALL "tests/transcripts"

enum { FIELDS = 5, FILES_MAX = 16, LINE_MAX_LEN = 2048, WIDTH = 90, NOW = 1790000000 };

static bool verbose;

/* The names of a folder's files that begin so, in byte order. */
static int
files_of(const char *folder, const char *begin, char name[FILES_MAX][256])
{
	char path[1024];
	const struct dirent *e;
	int n = 0;
	DIR *d;

	snprintf(path, sizeof path, "%s/%.255s", DIR_OF_ALL, folder);
	if ((d = opendir(path)) == NULL)
		return 0;
	while ((e = readdir(d)) != NULL && n < FILES_MAX) {
		int i = n;

		if (strncmp(e->d_name, begin, strlen(begin)) != 0)
			continue;
		for (; i > 0 && strcmp(name[i - 1], e->d_name) > 0; i--)
			memcpy(name[i], name[i - 1], sizeof name[i]);
		snprintf(name[i], sizeof name[i], "%.255s", e->d_name);
		n++;
	}
	closedir(d);
	return n;
}

static int
read_files(struct paste *p, const char *folder, const char *begin)
{
	char name[FILES_MAX][256];
	int n = files_of(folder, begin, name);

	for (int i = 0; i < n; i++) {
		char path[1024];
		FILE *in;

		snprintf(path, sizeof path, "%s/%.255s/%.255s", DIR_OF_ALL, folder, name[i]);
		if ((in = fopen(path, "re")) == NULL)
			return 0;
		paste_read(p, in, name[i], stderr);
		fclose(in);
	}
	return n;
}

/* A finding that the verdict is, or that is a warning beside a login that works or that no text tells of. */
static bool
leads_to(const struct diag *d, const char *id)
{
	const struct verdict *v = &d->verdict;
	bool open = d->nclient == 0 && v->rule != NULL && strcmp(v->rule->id, "undecided") == 0;

	if (strcmp(id, "healthy") == 0)
		return v->healthy;
	if (!v->healthy && !open)
		return v->rule != NULL && strcmp(v->rule->id, id) == 0;
	for (int i = 0; i < d->nfindings; i++)
		if (strcmp(d->findings[i].rule->id, id) == 0)
			return true;
	return false;
}

static void
print_verdict(const struct diag *d)
{
	const struct verdict *v = &d->verdict;

	printf("%s (%s)",
	    v->healthy        ? "healthy"
	    : v->rule != NULL ? v->rule->id
			      : "none",
	    certainty_name(v->certainty));
	for (int i = v->healthy ? 0 : 1; i < d->nfindings && i < 5; i++)
		printf(" %s:%s", severity_name(d->findings[i].severity), d->findings[i].rule->id);
	printf("\n");
}

/* Whether the folder's texts lead to the id. texts: "client." alone, or with "server." */
static bool
check(const char *folder, const char *id, bool server)
{
	struct replay *r = replay_new();
	struct book *b = book_new();
	struct paste *p = r == NULL || b == NULL ? NULL : paste_new(r, NULL, NOW, 0);
	const struct diag *d;
	bool good = false;
	int n = 0;

	if (p != NULL) {
		n = read_files(p, folder, "client.");
		if (server)
			n += read_files(p, folder, "server.");
		paste_end(p);
		for (size_t i = 0; i < replay_count(r); i++)
			book_add(b, replay_line(r, i));
		d = book_diag(b, replay_target(r));
		good = n > 0 && d != NULL && leads_to(d, id);
		if (good && !server && d->verdict.certainty == CERTAIN_PROVEN) {
			printf("FAIL %s: proven by a text of the client's side\n", folder);
			good = false;
		} else if (!good) {
			printf("FAIL %s%s: not %s but ", folder,
			    server ? " with the server's text" : "", id);
			print_verdict(d);
		}
		if (verbose && d != NULL) {
			if (verbose)
				for (size_t i = 0; i < replay_count(r); i++)
					printf("  %.*s\n", (int)replay_line(r, i)->len,
					    replay_line(r, i)->text);
			print_verdict(d);
		}
	}
	paste_free(p);
	book_free(b);
	replay_free(r);
	return good;
}

static bool
is_wanted(const char *folder, int n, char **names)
{
	for (int i = 0; i < n; i++)
		if (strcmp(names[i], folder) == 0)
			return true;
	return n == 0;
}

int
main(int argc, char **argv)
{
	FILE *map = fopen(MAP, "re");
	char line[LINE_MAX_LEN], name[FILES_MAX][256];
	int failed = 0, passed = 0, first = 1;

	if (map == NULL) {
		fprintf(stderr, "%s: not here; run at the top of the tree\n", MAP);
		return 2;
	}
	if (argc > 1 && strcmp(argv[1], "-v") == 0) {
		verbose = true;
		first = 2;
	}
	while (fgets(line, sizeof line, map) != NULL) {
		char *rest = line, *f[FIELDS] = { 0 };
		bool good = true;

		line[strcspn(line, "\n")] = '\0';
		for (int i = 0; i < FIELDS && rest != NULL; i++)
			f[i] = strsep(&rest, "\t");
		if (f[3] == NULL || strcmp(f[0], "transcript") != 0 ||
		    !is_wanted(f[1], argc - first, argv + first))
			continue;
		if (strcmp(f[2], "-") != 0 && strcmp(f[2], "undecidable") != 0)
			good = check(f[1], f[2], false);
		else if (files_of(f[1], "server.", name) == 0)
			continue;
		if (files_of(f[1], "server.", name) > 0 && strcmp(f[3], "-") != 0 &&
		    strcmp(f[3], "undecidable") != 0)
			good = check(f[1], f[3], true) && good;
		passed += good;
		failed += !good;
	}
	fclose(map);
	printf("%d passed, %d failed\n", passed, failed);
	return failed > 0 || passed == 0;
}
