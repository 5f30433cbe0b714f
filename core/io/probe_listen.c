/*
 * Probe "listen": whether ssh could listen where the local and dynamic
 * forwardings of the configuration say, and who holds the port where it could not. A
 * port is bound for a moment and never listened on. Forwardings from the server cannot be
 * tried without opening a port there, and are not. One row in probes.c.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../forwarding.h"
#include "job.h"
#include "probes.h"
#include "procnet.h"
#include "unixpeer.h"

enum { FORWARDS = 16, NAME_ROOM = 320, PASSWD_BUF = 4096 };

/* One forwarding, and what came of trying to bind its address. */
struct attempt {
	char name[NAME_ROOM];
	bool dynamic;
	struct forwarding f;
	const char *result; /* as in evidence.def */
	char addr[INET6_ADDRSTRLEN];
	int err;
	struct procnet_holder holder;
	char user[64];
};

/* All of them; tried on the pool. */
struct attempts {
	struct attempt v[FORWARDS];
	int n, family;
	bool gateway; /* GatewayPorts: all addresses where none is named */
	char control[256];
};

struct listening {
	struct probe_run *pr;
	struct job *job;
};

_Static_assert(sizeof(struct listening) <= LISTEN_PRIV, "room for the probe's memory");

/* ---- on the pool ------------------------------------------------------------------ */

/* As ssh does it (channel_setup_fwd_listener_tcpip), but for the listening. */
static int
try_bind(const struct addrinfo *ai)
{
	int fd = socket(ai->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0), on = 1, err = 0;

	if (fd < 0)
		return errno;
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
	if (ai->ai_family == AF_INET6)
		setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on);
	if (bind(fd, ai->ai_addr, ai->ai_addrlen) != 0)
		err = errno;
	close(fd);
	return err;
}

static void
find_holder(struct attempt *a, const struct addrinfo *ai, const char *control)
{
	char buf[PASSWD_BUF];
	struct passwd pw, *found = NULL;
	int master;

	if (!procnet_listener(ai->ai_addr, &a->holder))
		return;
	if (a->holder.pid > 0 && unixpeer(control, &master) == 0 && master == a->holder.pid)
		a->result = "ours";
	if (getpwuid_r((uid_t)a->holder.uid, &pw, buf, sizeof buf, &found) == 0 && found != NULL)
		snprintf(a->user, sizeof a->user, "%s", found->pw_name);
	else
		snprintf(a->user, sizeof a->user, "uid %lld", (long long)a->holder.uid);
}

/* One address that can be had is enough for ssh. */
static void
try_addresses(struct attempt *a, const struct addrinfo *list, const char *control)
{
	const struct addrinfo *taken = NULL, *shown = list;

	a->err = 0;
	for (const struct addrinfo *ai = list; ai != NULL; ai = ai->ai_next) {
		int err = try_bind(ai);

		if (err == 0) {
			a->result = "free";
			a->err = 0;
			return;
		}
		if (err == EADDRINUSE && taken == NULL)
			taken = shown = ai;
		if (a->err == 0 || (err == EADDRINUSE && a->err != EADDRINUSE))
			a->err = err;
	}
	a->result = taken != NULL ? "used" : a->err == EACCES ? "denied" : "error";
	if (shown != NULL)
		getnameinfo(shown->ai_addr, shown->ai_addrlen, a->addr, sizeof a->addr, NULL, 0,
		    NI_NUMERICHOST);
	if (taken != NULL)
		find_holder(a, taken, control);
}

static void
try_port(struct attempt *a, const struct attempts *all)
{
	bool any = strcmp(a->f.host, "*") == 0 || (a->f.host[0] == '\0' && all->gateway);
	struct addrinfo hints = { .ai_family = all->family,
		.ai_socktype = SOCK_STREAM,
		.ai_flags = (any ? AI_PASSIVE : 0) | AI_NUMERICSERV },
			*list = NULL;
	const char *host = any ? NULL : a->f.host[0] != '\0' ? a->f.host : "localhost";
	char port[8];

	snprintf(port, sizeof port, "%d", a->f.port);
	if (getaddrinfo(host, port, &hints, &list) != 0) {
		a->result = "error";
		a->err = EADDRNOTAVAIL;
		return;
	}
	try_addresses(a, list, all->control);
	freeaddrinfo(list);
}

/* ssh makes the socket anew and takes none away (StreamLocalBindUnlink no). */
static void
try_path(struct attempt *a)
{
	char dir[sizeof a->f.path];
	char *slash;
	struct stat st;

	snprintf(dir, sizeof dir, "%s", a->f.path);
	if ((slash = strrchr(dir, '/')) != NULL)
		slash[slash == dir] = '\0';
	if (lstat(a->f.path, &st) == 0) {
		a->result = "used";
		a->err = EADDRINUSE;
	} else if (access(dir, W_OK | X_OK) != 0) {
		a->err = errno;
		a->result = a->err == EACCES ? "denied" : "error";
	} else {
		a->result = "free";
	}
}

static void
try_all(void *data)
{
	struct attempts *all = data;

	for (int i = 0; i < all->n; i++)
		if (all->v[i].f.path[0] != '\0')
			try_path(&all->v[i]);
		else
			try_port(&all->v[i], all);
}

/* ---- on the loop ------------------------------------------------------------------- */

static void
say(struct listening *l, const struct attempt *a)
{
	struct evidence ev;

	ev_init(&ev, EV_LISTEN_RESULT);
	ev_str(&ev, K_WHAT, a->dynamic ? "dynamic" : "local");
	ev_str(&ev, K_NAME, a->name);
	ev_str(&ev, K_ADDR, a->addr[0] != '\0' ? a->addr : NULL);
	if (a->f.path[0] != '\0')
		ev_str(&ev, K_PATH, a->f.path);
	else
		ev_int(&ev, K_PORT, a->f.port);
	ev_str(&ev, K_RESULT, a->result);
	if (a->err != 0) {
		ev_str(&ev, K_ERRNO, strerrorname_np(a->err));
		ev_str(&ev, K_TEXT, strerror(a->err));
	}
	if (a->holder.pid > 0) {
		ev_int(&ev, K_PID, a->holder.pid);
		ev_str(&ev, K_OWNER, a->holder.name);
	}
	ev_str(&ev, K_USER, a->user[0] != '\0' ? a->user : NULL);
	if (a->holder.pid > 0 && a->holder.uid == (int64_t)getuid())
		ev_int(&ev, K_SELF, 1);
	probe_emit(l->pr, &ev);
}

static void
on_tried(void *arg, void *data)
{
	struct listening *l = arg;
	const struct attempts *all = data;

	l->job = NULL;
	for (int i = 0; i < all->n; i++)
		say(l, &all->v[i]);
	probe_done(l->pr);
}

static void
add(struct attempts *all, const struct sshg_list *list, bool dynamic)
{
	for (unsigned i = 0; i < list->n && all->n < FORWARDS; i++) {
		struct attempt *a = &all->v[all->n];

		/* ssh -G prints forwardings of sockets among the dynamic ones as well. */
		if (!forwarding_parse(list->item[i], &a->f) || (dynamic && a->f.path[0] != '\0'))
			continue;
		snprintf(a->name, sizeof a->name, "%s", list->item[i]);
		a->dynamic = dynamic;
		all->n++;
	}
}

int
listen_start(struct probe_run *pr)
{
	static const struct job_does does = { sizeof(struct attempts), try_all, on_tried, NULL };
	struct listening *l = pr->priv;
	const struct sshg *cfg = pr->run->cfg;
	struct attempts *all;
	void *data;

	l->pr = pr;
	if ((l->job = job_new(&does, l, &data)) == NULL)
		return -1;
	all = data;
	all->family = strcmp(cfg->addressfamily, "inet") == 0    ? AF_INET
		      : strcmp(cfg->addressfamily, "inet6") == 0 ? AF_INET6
								 : AF_UNSPEC;
	all->gateway = cfg->gatewayports == SSHG_YES;
	snprintf(all->control, sizeof all->control, "%s", cfg->controlpath);
	add(all, &cfg->localforward, false);
	add(all, &cfg->dynamicforward, true);
	job_start(l->job, probe_loop(pr));
	return 0;
}

void
listen_cancel(struct probe_run *pr)
{
	struct listening *l = pr->priv;

	if (l->job != NULL)
		job_drop(l->job);
	l->job = NULL;
	probe_done(pr);
}
