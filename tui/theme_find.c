/*
 * Where theme files are looked for: the user's folder, the installed one, and
 * beside the program. Called by theme.c and for --list-themes.
 */
#include "theme.h"

#include <dirent.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../core/text.h"

enum { SEEN_MAX = 128 };

/* The folder that the program lies in; "" where that is not known. */
static void
program_dir(char *dir, size_t cap)
{
	ssize_t n = readlink("/proc/self/exe", dir, cap - 1);
	char *slash;

	dir[n > 0 ? n : 0] = '\0';
	if ((slash = strrchr(dir, '/')) != NULL)
		*slash = '\0';
}

/* The folder of themes number i, "" where there is none, in the order of search. False after the last. */
static bool
theme_dir(int i, char *dir, size_t cap)
{
	/* Beside the program, beside its build folder, and where that has folders of its own. */
	static const char *const beside[] = { "themes", "../themes", "../../themes" };
	const char *xdg = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");
	char exe[PATH_MAX - 16];

	dir[0] = '\0';
	if (i == 0) {
		if (xdg != NULL && xdg[0] == '/')
			snprintf(dir, cap, "%s/sshmedic/themes", xdg);
		else if (home != NULL && home[0] == '/')
			snprintf(dir, cap, "%s/.config/sshmedic/themes", home);
		return true;
	}
	if (i == 1) {
		snprintf(dir, cap, "%s/themes", SSHMEDIC_DATADIR);
		return true;
	}
	if (i - 2 >= (int)(sizeof beside / sizeof beside[0]))
		return false;
	program_dir(exe, sizeof exe);
	if (exe[0] != '\0')
		snprintf(dir, cap, "%s/%s", exe, beside[i - 2]);
	return true;
}

FILE *
theme_open(const char *name, char *path, size_t cap)
{
	char dir[PATH_MAX];
	FILE *f;

	if (strchr(name, '/') != NULL) {
		snprintf(path, cap, "%s", name);
		return fopen(path, "re");
	}
	for (int i = 0; theme_dir(i, dir, sizeof dir); i++) {
		if (dir[0] == '\0' || snprintf(path, cap, "%s/%s.theme", dir, name) >= (int)cap)
			continue;
		if ((f = fopen(path, "re")) != NULL)
			return f;
	}
	return NULL;
}

static int
by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The names of themes in a folder, sorted. */
static size_t
read_dir(const char *dir, char *names[], size_t max)
{
	DIR *d = opendir(dir);
	struct dirent *e;
	size_t n = 0;

	while (d != NULL && n < max && (e = readdir(d)) != NULL) {
		size_t len = strlen(e->d_name);

		if (len > 6 && e->d_name[0] != '.' && strcmp(e->d_name + len - 6, ".theme") == 0 &&
		    text_is_clean(e->d_name, len) &&
		    (names[n] = strndup(e->d_name, len - 6)) != NULL)
			n++;
	}
	if (d != NULL)
		closedir(d);
	qsort(names, n, sizeof names[0], by_name);
	return n;
}

void
theme_list(FILE *out)
{
	char *seen[SEEN_MAX], dir[PATH_MAX];
	size_t nseen = 0;

	fprintf(out, "%-16s built in\n", "default");
	for (int i = 0; theme_dir(i, dir, sizeof dir) && nseen < SEEN_MAX; i++) {
		size_t first = nseen,
		       n = dir[0] == '\0' ? 0 : read_dir(dir, seen + first, SEEN_MAX - first);

		for (size_t k = first; k < first + n; k++) {
			bool known = strcmp(seen[k], "default") == 0;

			for (size_t j = 0; j < first && !known; j++)
				known = strcmp(seen[j], seen[k]) == 0;
			if (!known)
				fprintf(out, "%-16s %s/%s.theme\n", seen[k], dir, seen[k]);
		}
		nseen += n;
	}
	for (size_t k = 0; k < nseen; k++)
		free(seen[k]);
}
