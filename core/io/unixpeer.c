/* The other side of a unix socket; see unixpeer.h. */
#include "unixpeer.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

int
unixpeer(const char *path, int *pid)
{
	struct sockaddr_un sa = { .sun_family = AF_UNIX };
	struct ucred who;
	socklen_t len = sizeof who;
	int fd, err = 0;

	*pid = 0;
	if (strlen(path) >= sizeof sa.sun_path)
		return ENAMETOOLONG;
	if ((fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)) < 0)
		return errno;
	memcpy(sa.sun_path, path, strlen(path) + 1);
	if (connect(fd, (const struct sockaddr *)&sa, sizeof sa) != 0)
		err = errno;
	else if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &who, &len) == 0 && who.pid > 0)
		*pid = who.pid;
	close(fd);
	return err;
}
