/* The folders of the XDG base directory specification. */
#include "xdg.h"

#include <stdio.h>
#include <stdlib.h>

static const struct {
	const char *variable, *below_home;
} kinds[] = {
	[XDG_CONFIG] = { "XDG_CONFIG_HOME", ".config" },
	[XDG_STATE] = { "XDG_STATE_HOME", ".local/state" },
	[XDG_DATA] = { "XDG_DATA_HOME", ".local/share" },
};

bool
xdg_path(enum xdg kind, const char *name, char *path, size_t cap)
{
	const char *base = getenv(kinds[kind].variable), *home = getenv("HOME"),
		   *slash = name[0] != '\0' ? "/" : "";
	int n = -1;

	if (base != NULL && base[0] == '/')
		n = snprintf(path, cap, "%s/sshmedic%s%s", base, slash, name);
	else if (home != NULL && home[0] == '/')
		n = snprintf(
		    path, cap, "%s/%s/sshmedic%s%s", home, kinds[kind].below_home, slash, name);
	if (n >= 0 && (size_t)n < cap)
		return true;
	path[0] = '\0';
	return false;
}
