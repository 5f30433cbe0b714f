/* Sockets and their holders from /proc; see procnet.h. */
#include "procnet.h"

#include <dirent.h>
#include <inttypes.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../nettable.h"

enum { LINE_LEN = 512, PATH_ROOM = 64 };

static const char *const tables[] = { "/proc/net/tcp", "/proc/net/tcp6" };

/* Calls see() for each row of both tables until it says stop. */
static void
each_row(bool (*see)(void *arg, const struct nettable_row *row), void *arg)
{
	char line[LINE_LEN];
	struct nettable_row row;
	bool go = true;

	for (size_t i = 0; i < sizeof tables / sizeof *tables && go; i++) {
		FILE *f = fopen(tables[i], "re");

		if (f == NULL)
			continue;
		while (go && fgets(line, sizeof line, f) != NULL)
			if (nettable_parse(line, &row))
				go = see(arg, &row);
		fclose(f);
	}
}

/* Calls see() with the inode of each socket that the process holds, as far as it may be seen. */
static void
each_socket(int pid, bool (*see)(void *arg, uint64_t inode), void *arg)
{
	char path[PATH_ROOM], link[PATH_ROOM];
	const struct dirent *e;
	DIR *dir;
	bool go = true;

	snprintf(path, sizeof path, "/proc/%d/fd", pid);
	if ((dir = opendir(path)) == NULL)
		return;
	while (go && (e = readdir(dir)) != NULL) {
		uint64_t inode;
		ssize_t n = readlinkat(dirfd(dir), e->d_name, link, sizeof link - 1);

		if (n <= 0)
			continue;
		link[n] = '\0';
		if (sscanf(link, "socket:[%20" SCNu64 "]", &inode) == 1)
			go = see(arg, inode);
	}
	closedir(dir);
}

/* ---- processes ------------------------------------------------------------------ */

bool
procnet_process(int pid, char *name, size_t cap, char *state)
{
	char path[PATH_ROOM], line[LINE_LEN];
	const char *open, *close;
	FILE *f;
	bool got;

	snprintf(path, sizeof path, "/proc/%d/stat", pid);
	if ((f = fopen(path, "re")) == NULL)
		return false;
	got = fgets(line, sizeof line, f) != NULL;
	fclose(f);
	if (!got || (open = strchr(line, '(')) == NULL || (close = strrchr(line, ')')) == NULL ||
	    close < open || close[1] != ' ')
		return false;
	snprintf(name, cap, "%.*s", (int)(close - open - 1), open + 1);
	*state = close[2];
	return true;
}

/* ---- who listens ------------------------------------------------------------------ */

struct listener {
	const unsigned char *addr;
	size_t len;
	uint16_t port;
	bool found;
	struct nettable_row row;
};

static bool
is_any(const struct nettable_row *row)
{
	static const unsigned char zero[16];

	return memcmp(row->addr, zero, row->len) == 0;
}

static bool
see_listener(void *arg, const struct nettable_row *row)
{
	struct listener *l = arg;
	bool same = row->len == l->len && memcmp(row->addr, l->addr, l->len) == 0;
	static const unsigned char zero[16];
	bool all = memcmp(l->addr, zero, l->len) == 0;

	if (row->state != NETTABLE_LISTEN || row->port != l->port ||
	    !(same || is_any(row) || (all && row->len == l->len)))
		return true;
	l->row = *row;
	l->found = true;
	return !same; /* one on this very address explains most */
}

struct holder {
	uint64_t inode;
	bool found;
};

static bool
see_inode(void *arg, uint64_t inode)
{
	struct holder *h = arg;

	h->found = inode == h->inode;
	return !h->found;
}

/* Look through the processes whose descriptors we may see. */
static int
find_process(uint64_t inode)
{
	DIR *dir = opendir("/proc");
	const struct dirent *e;
	struct holder h = { inode, false };
	int pid = 0;

	while (dir != NULL && !h.found && (e = readdir(dir)) != NULL) {
		if ((pid = atoi(e->d_name)) > 0)
			each_socket(pid, see_inode, &h);
	}
	if (dir != NULL)
		closedir(dir);
	return h.found ? pid : 0;
}

bool
procnet_listener(const struct sockaddr *sa, struct procnet_holder *h)
{
	struct listener l = { 0 };
	char state;

	memset(h, 0, sizeof *h);
	if (sa->sa_family == AF_INET) {
		const struct sockaddr_in *in = (const void *)sa;

		l.addr = (const unsigned char *)&in->sin_addr;
		l.len = sizeof in->sin_addr;
		l.port = ntohs(in->sin_port);
	} else if (sa->sa_family == AF_INET6) {
		const struct sockaddr_in6 *in6 = (const void *)sa;

		l.addr = in6->sin6_addr.s6_addr;
		l.len = sizeof in6->sin6_addr;
		l.port = ntohs(in6->sin6_port);
	} else {
		return false;
	}
	each_row(see_listener, &l);
	if (!l.found)
		return false;
	h->uid = l.row.uid;
	h->pid = find_process(l.row.inode);
	if (h->pid != 0 && !procnet_process(h->pid, h->name, sizeof h->name, &state))
		h->name[0] = '\0';
	return true;
}

/* ---- what a process waits for ------------------------------------------------------- */

enum { SOCKETS = 32 }; /* of a process that are looked for */

struct waiting {
	uint64_t inode[SOCKETS];
	int n;
	bool found;
	int64_t unacked, retrans;
};

static bool
keep_inode(void *arg, uint64_t inode)
{
	struct waiting *w = arg;

	w->inode[w->n++] = inode;
	return w->n < SOCKETS;
}

static bool
see_connection(void *arg, const struct nettable_row *row)
{
	struct waiting *w = arg;

	for (int i = 0; i < w->n && row->state == NETTABLE_ESTABLISHED; i++) {
		if (w->inode[i] != row->inode)
			continue;
		w->found = true;
		w->unacked += row->unacked;
		if (row->retrans > w->retrans)
			w->retrans = row->retrans;
	}
	return true;
}

bool
procnet_waiting(int pid, int64_t *unacked, int64_t *retrans)
{
	struct waiting w = { .n = 0 };

	each_socket(pid, keep_inode, &w);
	if (w.n > 0)
		each_row(see_connection, &w);
	*unacked = w.unacked;
	*retrans = w.retrans;
	return w.found;
}
