/*
 * Where theme files are looked for: the user's folder, those for data, the
 * installed one, and beside the program. Called by theme.c, for --list-themes
 * and by the picker.
 */
#include "theme.h"

#include <dirent.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../core/text.h"
#include "xdg.h"

enum { ITEMS_MAX = 128 };

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

/* Number i of the folders in a list with colons; false after the last. Only absolute ones count. */
static bool
nth_of(const char *list, int i, char *dir, size_t cap)
{
	for (; i > 0 && *list != '\0'; i--) {
		list += strcspn(list, ":");
		list += *list == ':';
	}
	dir[0] = '\0';
	if (*list == '/')
		snprintf(dir, cap, "%.*s/sshmedic/themes", (int)strcspn(list, ":"), list);
	return *list != '\0';
}

/* The folder of themes number i, "" where there is none, in the order of search. False after the last. */
static bool
theme_dir(int i, char *dir, size_t cap)
{
	/* Beside the program, beside its build folder, and where that has folders of its own. */
	static const char *const beside[] = { "themes", "../themes", "../../themes" };
	const char *data = getenv("XDG_DATA_DIRS");
	char exe[PATH_MAX - 16];

	dir[0] = '\0';
	if (i == 0) {
		xdg_path(XDG_CONFIG, "themes", dir, cap);
		return true;
	}
	if (data == NULL || data[0] == '\0')
		data =
		    "/usr/local/share:/usr/share"; /* as the XDG base directory specification says */
	if (nth_of(data, --i, dir, cap))
		return true;
	for (int n = 0; nth_of(data, n, exe, sizeof exe); n++)
		i--;
	if (i == 0) {
		snprintf(dir, cap, "%s/themes", SSHMEDIC_DATADIR);
		return true;
	}
	if (--i >= (int)(sizeof beside / sizeof beside[0]))
		return false;
	program_dir(exe, sizeof exe);
	if (exe[0] != '\0')
		snprintf(dir, cap, "%s/%s", exe, beside[i]);
	return true;
}

bool
theme_path(int i, const char *name, char *path, size_t cap)
{
	char dir[PATH_MAX];

	if (!theme_dir(i, dir, sizeof dir))
		return false;
	if (dir[0] == '\0' || (size_t)snprintf(path, cap, "%s/%s.theme", dir, name) >= cap)
		path[0] = '\0';
	return true;
}

static int
by_name(const void *a, const void *b)
{
	return strcmp(((const struct theme_item *)a)->name, ((const struct theme_item *)b)->name);
}

static bool
seen(const struct theme_item *items, size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(items[i].name, name) == 0)
			return true;
	return false;
}

/* Add a theme; what is out of memory is left out. */
static void
add(struct theme_item *items, size_t *n, const char *name, const char *path, bool own)
{
	struct theme_item it = { strdup(name), strdup(path), own };

	if (it.name == NULL || it.path == NULL) {
		free(it.name);
		free(it.path);
		return;
	}
	items[(*n)++] = it;
}

/* The themes of a folder, sorted, behind the *n that are there. */
static void
add_dir(struct theme_item *items, size_t *n, const char *dir, bool own)
{
	DIR *d = opendir(dir);
	size_t first = *n;
	struct dirent *e;

	while (d != NULL && *n < ITEMS_MAX && (e = readdir(d)) != NULL) {
		size_t len = strlen(e->d_name);
		char name[NAME_MAX + 1], path[PATH_MAX + NAME_MAX + 2];

		if (len <= 6 || e->d_name[0] == '.' || strcmp(e->d_name + len - 6, ".theme") != 0 ||
		    !text_is_clean(e->d_name, len))
			continue;
		snprintf(name, sizeof name, "%.*s", (int)len - 6, e->d_name);
		snprintf(path, sizeof path, "%s/%s", dir, e->d_name);
		if (!seen(items, first, name))
			add(items, n, name, path, own);
	}
	if (d != NULL)
		closedir(d);
	qsort(items + first, *n - first, sizeof *items, by_name);
}

size_t
theme_items(struct theme_item **items)
{
	size_t n = 0;
	char dir[PATH_MAX];

	if ((*items = calloc(ITEMS_MAX, sizeof **items)) == NULL)
		return 0;
	add(*items, &n, "default", "", false);
	for (int i = 0; theme_dir(i, dir, sizeof dir); i++)
		if (dir[0] != '\0')
			add_dir(*items, &n, dir, i == 0);
	return n;
}

void
theme_items_free(struct theme_item *items, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		free(items[i].name);
		free(items[i].path);
	}
	free(items);
}

void
theme_list(FILE *out)
{
	struct theme_item *items;
	size_t n = theme_items(&items);

	for (size_t i = 0; i < n; i++)
		fprintf(out, "%-16s %s\n", items[i].name,
		    items[i].path[0] != '\0' ? items[i].path : "built in");
	theme_items_free(items, n);
}
