/*
 * Golden cases: recordings in, reports out. Every cases/NAME.ev must give the
 * text in NAME.txt and the one line in NAME.expect, and the same diagnosis in
 * any order of its lines. UPDATE=1 in the environment writes .txt and .expect
 * anew instead. Links the pure core alone.
 *
 *   golden [NAME ...]      from the top of the tree
 *   SHUFFLES=N golden      N orders of each recording and not 1000, for a quick look
 */
#include <dirent.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/book.h"
#include "core/diag.h"
#include "core/fix.h"
#include "core/replay.h"
#include "core/report.h"
#include "core/rule.h"

enum { WIDTH = 80, ALL_ORDERS = 6, SHUFFLES = 1000, JOBS_MAX = 8, PRINT_MAX = 64 * 1024 };

static const char dir[] = "tests/golden/cases";

/* One case under test. */
struct golden {
	char name[200];
	struct replay *lines;
	size_t n;
	size_t *order;
	char first[PRINT_MAX],
	    other[PRINT_MAX]; /* the diagnosis in the order of the file, and in another */
	unsigned long orders;
};

static void
path_of(const struct golden *g, const char *suffix, char *path, size_t cap)
{
	snprintf(path, cap, "%s/%s.%s", dir, g->name, suffix);
}

/* The diagnosis of the lines in that order. The book is the caller's. */
static const struct diag *
diagnose(const struct golden *g, struct book *b)
{
	for (size_t i = 0; i < g->n; i++)
		book_add(b, replay_line(g->lines, g->order[i]));
	return book_diag(b, replay_target(g->lines));
}

/* verdict, certainty, exit code and layer states: the line of NAME.expect */
static void
print_expect(const struct diag *d, struct strbuf *sb)
{
	const struct verdict *v = &d->verdict;

	sb_printf(sb, "%s %s %d",
	    v->healthy        ? "healthy"
	    : v->rule != NULL ? v->rule->id
			      : "none",
	    certainty_name(v->certainty), diag_exit_code(d));
	for (int l = 0; l < LAYER__COUNT; l++)
		sb_printf(
		    sb, " %s=%s", layer_name((enum layer)l), layer_state_name(d->layers[l].state));
	sb_putc(sb, '\n');
}

/* Everything that must not depend on the order of arrival; evidence numbers are left out. */
static void
print_diag(const struct diag *d, char *buf)
{
	char words[8192];
	struct strbuf sb, w;

	sb_init(&sb, buf, PRINT_MAX);
	print_expect(d, &sb);
	sb_printf(&sb, "final %d\n", d->verdict.final);
	for (int i = 0; i < d->ncandidates; i++)
		sb_printf(&sb, "candidate %s\n", d->candidates[i]->id);
	for (int i = 0; i < d->nfindings; i++) {
		const struct finding *f = &d->findings[i];

		sb_init(&w, words, sizeof words);
		diag_expand(d, f->rule->summary, &w);
		sb_printf(&sb, "finding %s %s %s nev=%d: %s\n", f->rule->id,
		    severity_name(f->severity), certainty_name(f->certainty), f->nev, words);
	}
	for (int i = 0; i < d->nfixes; i++) {
		sb_init(&w, words, sizeof words);
		fix_command(d, d->fixes[i].fix, &w);
		sb_printf(
		    &sb, "fix %s of %d: %s\n", d->fixes[i].fix->id, d->fixes[i].finding, words);
	}
}

/* Whether the lines in their present order give the same diagnosis as at first; says what differs. */
static bool
same_in_this_order(struct golden *g)
{
	struct book *b = book_new();
	const struct diag *d = b == NULL ? NULL : diagnose(g, b);
	bool same;

	g->orders++;
	g->other[0] = '\0';
	if (d != NULL)
		print_diag(d, g->other);
	same = strcmp(g->first, g->other) == 0;
	if (!same) {
		printf(
		    "FAIL %s: another order gives another diagnosis\n--- in order\n%s--- shuffled:",
		    g->name, g->first);
		for (size_t i = 0; i < g->n; i++)
			printf(" %zu", g->order[i] + 1);
		printf("\n%s", g->other);
	}
	book_free(b);
	return same;
}

static void
swap(size_t *a, size_t *b)
{
	size_t t = *a;

	*a = *b;
	*b = t;
}

/* Heap's algorithm over the first k places. */
static bool
every_order(struct golden *g, size_t k)
{
	if (k <= 1)
		return same_in_this_order(g);
	for (size_t i = 0; i < k; i++) {
		if (!every_order(g, k - 1))
			return false;
		swap(&g->order[k % 2 == 0 ? i : 0], &g->order[k - 1]);
	}
	return true;
}

/* xorshift64: the same shuffles on every machine. */
static uint64_t
next_random(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

static int
shuffles(void)
{
	const char *n = getenv("SHUFFLES");

	return n != NULL && atoi(n) > 0 ? atoi(n) : SHUFFLES;
}

static bool
many_orders(struct golden *g)
{
	uint64_t seed = 0x5353484d45444943;

	for (int round = 0, last = shuffles(); round < last; round++) {
		for (size_t i = g->n; i > 1; i--)
			swap(&g->order[i - 1], &g->order[next_random(&seed) % i]);
		if (!same_in_this_order(g))
			return false;
	}
	return true;
}

/* Compare text with the file NAME.suffix, or write it there. */
static bool
matches(const struct golden *g, const char *suffix, const char *text, bool update)
{
	char path[512], want[PRINT_MAX];
	FILE *f;
	size_t n;

	path_of(g, suffix, path, sizeof path);
	if ((f = fopen(path, update ? "we" : "re")) == NULL) {
		printf("FAIL %s: cannot open %s\n", g->name, path);
		return false;
	}
	if (update) {
		bool ok = fputs(text, f) != EOF;

		return fclose(f) == 0 && ok;
	}
	n = fread(want, 1, sizeof want - 1, f);
	want[n] = '\0';
	fclose(f);
	if (strcmp(want, text) == 0)
		return true;
	printf("FAIL %s: %s differs\n--- expected\n%s--- is\n%s", g->name, path, want, text);
	return false;
}

/* The first look at a case: its report and its line of expectation. */
static bool
check_report(struct golden *g, bool update)
{
	struct book *b = book_new();
	const struct diag *d = b == NULL ? NULL : diagnose(g, b);
	char line[512], *text = NULL;
	size_t len = 0;
	struct strbuf sb;
	FILE *out;
	bool ok;

	if (d == NULL || (out = open_memstream(&text, &len)) == NULL) {
		printf("FAIL %s: no diagnosis\n", g->name);
		book_free(b);
		return false;
	}
	sb_init(&sb, line, sizeof line);
	print_expect(d, &sb);
	print_diag(d, g->first);
	report_text(d, b, WIDTH, out);
	fclose(out);
	ok = matches(g, "expect", line, update);
	ok = matches(g, "txt", text, update) && ok;
	free(text);
	book_free(b);
	return ok;
}

static bool
load(struct golden *g)
{
	char path[512];
	FILE *in;
	int r;

	path_of(g, "ev", path, sizeof path);
	if ((in = fopen(path, "re")) == NULL || (g->lines = replay_new()) == NULL) {
		printf("FAIL %s: cannot open %s\n", g->name, path);
		if (in != NULL)
			fclose(in);
		return false;
	}
	r = replay_read(g->lines, in, path, stdout);
	fclose(in);
	g->n = replay_count(g->lines);
	g->order = calloc(g->n + 1, sizeof *g->order);
	for (size_t i = 0; g->order != NULL && i < g->n; i++)
		g->order[i] = i;
	if (r != 0 || g->n == 0 || g->order == NULL)
		printf("FAIL %s: no evidence\n", g->name);
	return r == 0 && g->n > 0 && g->order != NULL;
}

static bool
check_case(const char *name, bool update)
{
	struct golden *g = calloc(1, sizeof *g);
	bool ok;

	if (g == NULL)
		return false;
	snprintf(g->name, sizeof g->name, "%s", name);
	ok = load(g) && check_report(g, update);
	if (ok && !update)
		ok = g->n <= ALL_ORDERS ? every_order(g, g->n) : many_orders(g);
	if (ok)
		printf("ok   %s: %zu lines, %lu orders\n", name, g->n, g->orders);
	replay_free(g->lines);
	free(g->order);
	free(g);
	return ok;
}

static int
is_recording(const struct dirent *e)
{
	size_t len = strlen(e->d_name);

	return len > 3 && len < 200 && strcmp(e->d_name + len - 3, ".ev") == 0;
}

/* Every jobs-th case from the first-th on; how many passed and failed. */
struct share {
	int first, jobs, passed, failed;
};

static void
check_share(struct share *share, int n, char *argv[], struct dirent **found)
{
	const char *update = getenv("UPDATE");

	for (int i = share->first; i < n; i += share->jobs) {
		char name[256];

		snprintf(name, sizeof name, "%s", found == NULL ? argv[i + 1] : found[i]->d_name);
		if (found != NULL)
			name[strlen(name) - 3] = '\0';
		if (check_case(name, update != NULL && *update != '\0'))
			share->passed++;
		else
			share->failed++;
	}
}

/* A process each, as the cases have nothing to do with each other. A share whose process dies has failed. */
static void
run_shares(struct share *shares, int jobs, int n, char *argv[], struct dirent **found)
{
	pid_t pids[JOBS_MAX];

	for (int k = 0; k < jobs; k++) {
		shares[k] = (struct share){ .first = k, .jobs = jobs };
		fflush(stdout);
		if ((pids[k] = fork()) == 0) {
			check_share(&shares[k], n, argv, found);
			fflush(stdout);
			_exit(0);
		}
	}
	for (int k = 0; k < jobs; k++) {
		int status = -1;

		if (pids[k] < 0 || waitpid(pids[k], &status, 0) != pids[k] || status != 0)
			shares[k].failed++;
	}
}

int
main(int argc, char *argv[])
{
	struct dirent **found = NULL;
	long cores = sysconf(_SC_NPROCESSORS_ONLN);
	int passed = 0, failed = 0,
	    jobs = cores < 1          ? 1
		   : cores < JOBS_MAX ? (int)cores
				      : JOBS_MAX,
	    n = argc > 1 ? argc - 1 : scandir(dir, &found, is_recording, alphasort);
	struct share *shares = mmap(NULL, JOBS_MAX * sizeof *shares, PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (shares == MAP_FAILED)
		return 1;
	setvbuf(stdout, NULL, _IOFBF, 1 << 16);
	run_shares(shares, jobs, n, argv, found);
	for (int k = 0; k < jobs; k++) {
		passed += shares[k].passed;
		failed += shares[k].failed;
	}
	for (int i = 0; found != NULL && i < n; i++)
		free(found[i]);
	free(found);
	/* A process that died before its end left cases out. */
	if (passed + failed < n)
		failed += n - passed - failed;
	printf("golden: %d passed, %d failed\n", passed, failed);
	return failed == 0 && passed > 0 ? 0 : 1;
}
