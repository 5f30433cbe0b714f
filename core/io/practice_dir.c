/* The private directory of practice_dir.h. */
#include "practice_dir.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/*
 * Blanks, quotes, '%', '$' and '~' mean something in ssh_config(5) and differ
 * between versions of ssh: a base with any of them is passed over.
 */
static bool
is_plain(const char *base)
{
	static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "abcdefghijklmnopqrstuvwxyz0123456789/._-+,@:";

	return base[0] == '/' && base[strspn(base, plain)] == '\0';
}

static int
make_under(const char *base, char *path)
{
	int n;

	n = snprintf(path, PRACTICE_DIR_MAX, "%s/sshmedic-practice-XXXXXX", base);
	if (n < 0 || n >= PRACTICE_DIR_MAX) {
		errno = ENAMETOOLONG;
		return -1;
	}
	return mkdtemp(path) != NULL ? 0 : -1;
}

int
practice_dir_make(char *path)
{
	const char *const bases[] = { getenv("XDG_RUNTIME_DIR"), getenv("TMPDIR"), "/tmp" };

	for (size_t i = 0; i < sizeof(bases) / sizeof(bases[0]); i++)
		if (bases[i] != NULL && is_plain(bases[i]) && make_under(bases[i], path) == 0)
			return 0;
	path[0] = '\0';
	return -1;
}

int
practice_dir_write(const char *path, const char *name, const char *text)
{
	char full[PRACTICE_PATH_MAX];
	size_t len = strlen(text), done = 0;
	int fd, saved;

	snprintf(full, sizeof(full), "%s/%s", path, name);
	if ((fd = open(full, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600)) < 0)
		return -1;
	while (done < len) {
		ssize_t n = write(fd, text + done, len - done);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0) {
			saved = errno;
			close(fd);
			errno = saved;
			return -1;
		}
		done += (size_t)n;
	}
	return close(fd);
}

int
practice_dir_mode(const char *path, const char *name, unsigned mode)
{
	char full[PRACTICE_PATH_MAX];

	snprintf(full, sizeof(full), "%s/%s", path, name);
	return chmod(full, mode);
}

void
practice_dir_remove(const char *path)
{
	struct dirent *e;
	DIR *d;

	if (path[0] == '\0')
		return;
	/* The directory is ours alone and flat; what ssh leaves there is a file or a socket. */
	if ((d = opendir(path)) != NULL) {
		while ((e = readdir(d)) != NULL)
			if (strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0)
				unlinkat(dirfd(d), e->d_name, 0);
		closedir(d);
	}
	rmdir(path);
}
