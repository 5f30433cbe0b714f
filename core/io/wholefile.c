/* Files read and written whole; see wholefile.h. */
#include "wholefile.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/xattr.h>
#include <unistd.h>

enum { NAMES_MAX = 16 * 1024, VALUE_MAX = 64 * 1024 };

static int
fail(char *err, size_t errcap, const char *path, const char *text)
{
	snprintf(err, errcap, "%s %s", path, text);
	return -1;
}

static int
fail_errno(char *err, size_t errcap, const char *path, int error)
{
	snprintf(err, errcap, "%s: %s", path, strerror(error));
	return -1;
}

void
wholefile_dir(const char *path, char dir[PATH_LEN])
{
	const char *slash = strrchr(path, '/');

	if (slash == NULL)
		snprintf(dir, PATH_LEN, ".");
	else
		snprintf(dir, PATH_LEN, "%.*s", slash == path ? 1 : (int)(slash - path), path);
}

/* The path with its links followed; of a file that is not there, that of its folder and its name. */
static int
find_real(const char *path, char real[PATH_LEN], char *err, size_t errcap)
{
	char *found = realpath(path, NULL), dir[PATH_LEN];
	struct stat st;
	int n;

	if (found == NULL && errno == ENOENT) {
		if (lstat(path, &st) == 0)
			return fail(err, errcap, path, "is a symbolic link to nothing");
		wholefile_dir(path, dir);
		if ((found = realpath(dir, NULL)) == NULL) { /* to be made with its folder */
			n = snprintf(real, PATH_LEN, "%s", path);
			return n < PATH_LEN ? 0 : fail(err, errcap, path, "is too long a name");
		}
		n = snprintf(real, PATH_LEN, "%s/%s", strcmp(found, "/") == 0 ? "" : found,
		    strrchr(path, '/') != NULL ? strrchr(path, '/') + 1 : path);
	} else if (found == NULL) {
		return fail_errno(err, errcap, path, errno);
	} else {
		n = snprintf(real, PATH_LEN, "%s", found);
	}
	free(found);
	return n < PATH_LEN ? 0 : fail(err, errcap, path, "is too long a name");
}

static int
read_all(struct wholefile *f, int fd)
{
	ssize_t n = 1;

	if ((f->bytes = malloc(WHOLEFILE_MAX + 1)) == NULL)
		return ENOMEM;
	while (f->len <= WHOLEFILE_MAX && n > 0) {
		n = read(fd, f->bytes + f->len, WHOLEFILE_MAX + 1 - f->len);
		if (n > 0)
			f->len += (size_t)n;
		else if (n < 0 && errno == EINTR)
			n = 1;
	}
	return n < 0 ? errno : 0;
}

/* What must be so of a file that is to be replaced. */
static int
may_replace(const struct wholefile *f, char *err, size_t errcap)
{
	if (f->st.st_nlink > 1)
		return fail(err, errcap, f->real,
		    "has several names (hard links): the others would keep the old text");
	if (f->st.st_uid != geteuid() && geteuid() != 0)
		return fail(err, errcap, f->real, "belongs to somebody else");
	return 0;
}

int
wholefile_read(struct wholefile *f, const char *path, bool for_writing, char *err, size_t errcap)
{
	int fd, error;

	memset(f, 0, sizeof *f);
	if (find_real(path, f->real, err, errcap) != 0)
		return -1;
	fd = open(f->real, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY | O_NOFOLLOW);
	if (fd < 0 && (errno == ENOENT))
		return 0;
	if (fd < 0)
		return fail_errno(err, errcap, f->real, errno);
	f->exists = true;
	if (fstat(fd, &f->st) != 0 || !S_ISREG(f->st.st_mode)) {
		close(fd);
		return fail(err, errcap, f->real, "is no plain file");
	}
	error = read_all(f, fd);
	close(fd);
	if (error == 0 && f->len <= WHOLEFILE_MAX &&
	    (!for_writing || may_replace(f, err, errcap) == 0))
		return 0;
	if (error != 0)
		fail_errno(err, errcap, f->real, error);
	else if (f->len > WHOLEFILE_MAX)
		fail(err, errcap, f->real, "is larger than 1 MB");
	wholefile_free(f);
	return -1;
}

void
wholefile_free(struct wholefile *f)
{
	free(f->bytes);
	f->bytes = NULL;
}

/* ---- writing ---------------------------------------------------------------------------- */

void
wholefile_sync_dir(const char *path)
{
	char dir[PATH_LEN];
	int fd;

	wholefile_dir(path, dir);
	fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd >= 0) {
		fsync(fd);
		close(fd);
	}
}

/* ACLs must come along; what only the system may set (labels) is left to it. */
static int
copy_attributes(const char *from, int to)
{
	char *names = malloc(NAMES_MAX), *value = malloc(VALUE_MAX);
	ssize_t len = names != NULL ? listxattr(from, names, NAMES_MAX) : -1, n;
	int error = names == NULL || value == NULL ? ENOMEM : 0;

	if (len < 0 && error == 0 && errno != ENOTSUP)
		error = errno;
	for (ssize_t at = 0; error == 0 && at < len; at += (ssize_t)strlen(names + at) + 1) {
		if (strncmp(names + at, "user.", 5) != 0 &&
		    strncmp(names + at, "system.posix_acl", 16) != 0)
			continue;
		if ((n = getxattr(from, names + at, value, VALUE_MAX)) < 0 ||
		    fsetxattr(to, names + at, value, (size_t)n, 0) != 0)
			error = errno;
	}
	free(names);
	free(value);
	return error;
}

static int
write_all(int fd, const char *bytes, size_t len)
{
	while (len > 0) {
		ssize_t n = write(fd, bytes, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return errno;
		bytes += n;
		len -= (size_t)n;
	}
	return 0;
}

/* The owner as before, then what a change of the owner takes away, the mode. */
static int
same_owner(const struct wholefile *f, int fd)
{
	struct stat st;

	if (!f->exists)
		return 0;
	if (fstat(fd, &st) != 0)
		return errno;
	if ((st.st_uid != f->st.st_uid || st.st_gid != f->st.st_gid) &&
	    fchown(fd, f->st.st_uid, f->st.st_gid) != 0)
		return errno;
	return copy_attributes(f->real, fd);
}

int
wholefile_write(const struct wholefile *f, const char *temp, const char *bytes, size_t len,
    mode_t mode, char *err, size_t errcap)
{
	int fd = open(temp, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600), error;

	if (fd < 0)
		return fail_errno(err, errcap, temp, errno);
	if ((error = write_all(fd, bytes, len)) == 0)
		error = same_owner(f, fd);
	if (error == 0 && fchmod(fd, mode & 07777) != 0)
		error = errno;
	if (error == 0 && fsync(fd) != 0)
		error = errno;
	if (close(fd) != 0 && error == 0)
		error = errno;
	if (error == 0 && rename(temp, f->real) != 0)
		error = errno;
	if (error != 0) {
		unlink(temp);
		return fail_errno(err, errcap, f->real, error);
	}
	wholefile_sync_dir(f->real);
	return 0;
}

/* ---- folders ------------------------------------------------------------------------------ */

int
wholefile_mkdirs(const char *path, mode_t mode, char made[PATH_LEN])
{
	char part[PATH_LEN];
	size_t len = strlen(path);
	struct stat st;

	made[0] = '\0';
	if (len >= sizeof part)
		return ENAMETOOLONG;
	for (size_t n = 1; n <= len; n++) {
		if (path[n] != '/' && path[n] != '\0')
			continue;
		memcpy(part, path, n);
		part[n] = '\0';
		if (mkdir(part, mode) == 0) {
			if (made[0] == '\0')
				snprintf(made, PATH_LEN, "%s", part);
			if (chmod(part, mode) != 0)
				return errno;
			wholefile_sync_dir(part);
		} else if (errno != EEXIST && stat(part, &st) != 0) {
			return errno;
		}
	}
	return stat(path, &st) != 0 ? errno : S_ISDIR(st.st_mode) ? 0 : ENOTDIR;
}

void
wholefile_rmdirs(const char *path, const char *top)
{
	char part[PATH_LEN], up[PATH_LEN];

	snprintf(part, sizeof part, "%s", path);
	while (strlen(part) >= strlen(top) && rmdir(part) == 0) {
		wholefile_sync_dir(part);
		wholefile_dir(part, up);
		snprintf(part, sizeof part, "%s", up);
	}
}
