/* Connection attempts and why they fail; see sock.h. */
#include "sock.h"

#include <arpa/inet.h>
#include <errno.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netdb.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <linux/errqueue.h>

static void
name_of(const struct sockaddr *sa, socklen_t len, char *text, size_t cap)
{
	if (getnameinfo(sa, len, text, (socklen_t)cap, NULL, 0, NI_NUMERICHOST) != 0)
		text[0] = '\0';
}

static socklen_t
size_of(const struct sockaddr *sa)
{
	return sa->sa_family == AF_INET6 ? sizeof(struct sockaddr_in6) : sizeof(struct sockaddr_in);
}

/* The address without its zone: "fe80::1%eth0" is one of ours whatever the zone. */
static bool
same_host(const struct sockaddr *a, const struct sockaddr *b)
{
	if (a->sa_family != b->sa_family)
		return false;
	if (a->sa_family == AF_INET6)
		return IN6_ARE_ADDR_EQUAL(&((const struct sockaddr_in6 *)a)->sin6_addr,
		    &((const struct sockaddr_in6 *)b)->sin6_addr);
	return ((const struct sockaddr_in *)a)->sin_addr.s_addr ==
	       ((const struct sockaddr_in *)b)->sin_addr.s_addr;
}

/* ---- our own side ------------------------------------------------------------ */

/* Loopback and link-local addresses stand behind others on an interface, as in ssh. */
static bool
is_local_only(const struct sockaddr *sa)
{
	const struct sockaddr_in6 *in6 = (const struct sockaddr_in6 *)sa;
	const struct sockaddr_in *in = (const struct sockaddr_in *)sa;

	if (sa->sa_family == AF_INET6)
		return IN6_IS_ADDR_LOOPBACK(&in6->sin6_addr) ||
		       IN6_IS_ADDR_LINKLOCAL(&in6->sin6_addr);
	return ntohl(in->sin_addr.s_addr) == INADDR_LOOPBACK;
}

const char sock_untested[] = "BindAddress is a name, of which the resolver gave no sure answer";
const char sock_nameless[] = "BindAddress is a name without an address";
const char sock_unbound[] = "the address to go out by is not one of this machine's";
static const char other_family[] = "the address to go out by is of the other family";

static int
bind_to(int fd, const struct sockaddr *sa, socklen_t len, const char **text)
{
	int rc = bind(fd, sa, len) != 0 ? errno : 0;

	if (rc != 0)
		*text =
		    rc == EADDRNOTAVAIL ? sock_unbound : "the address to go out by cannot be bound";
	return rc;
}

static int
bind_interface(int fd, const char *name, int family, const char **text)
{
	struct ifaddrs *list = NULL;
	const struct sockaddr *best = NULL;
	bool there = false;
	int rc;

	if (getifaddrs(&list) != 0) {
		*text = "the addresses of this machine cannot be listed";
		return errno;
	}
	for (const struct ifaddrs *i = list; i != NULL; i = i->ifa_next) {
		if (i->ifa_addr == NULL || (i->ifa_flags & IFF_UP) == 0 ||
		    strcmp(i->ifa_name, name) != 0)
			continue;
		there = there || i->ifa_addr->sa_family == AF_INET ||
			i->ifa_addr->sa_family == AF_INET6;
		if (i->ifa_addr->sa_family == family &&
		    (best == NULL || (is_local_only(best) && !is_local_only(i->ifa_addr))))
			best = i->ifa_addr;
	}
	rc = best != NULL ? bind_to(fd, best, size_of(best), text) : EADDRNOTAVAIL;
	if (best == NULL)
		*text = there ? other_family : sock_unbound;
	freeifaddrs(list);
	return rc;
}

/* A name that has no address of the family, as far as is known. */
static int
bind_nowhere(enum bind_state here, enum bind_state there, const char **text)
{
	if (here == BIND_NONE && there == BIND_FOUND) {
		*text = other_family;
		return EAFNOSUPPORT;
	}
	*text = here == BIND_NONE && there == BIND_NONE ? sock_nameless : sock_untested;
	return EADDRNOTAVAIL;
}

/*
 * A name that was looked up before. ssh takes the first of its addresses; where that one is not here and
 * another is, the resolver's order decides, which need not be the same for ssh.
 */
static int
bind_named(int fd, const struct run_bind *b, int family, const char **text)
{
	bool v6 = family == AF_INET6;
	int rc = bind_nowhere(v6 ? b->v6 : b->v4, v6 ? b->v4 : b->v6, text), tried = 0;

	for (int i = 0; i < b->n; i++) {
		const struct sockaddr *sa = (const struct sockaddr *)&b->sa[i];
		int one;

		if (sa->sa_family != family)
			continue;
		one = bind_to(fd, sa, size_of(sa), text);
		if (tried++ == 0)
			rc = one;
		if (one == 0) {
			*text = rc == 0 ? NULL : sock_untested;
			break;
		}
	}
	return rc;
}

static int
bind_address(int fd, const struct run *r, int family, const char **text)
{
	struct addrinfo hints = { .ai_socktype = SOCK_STREAM,
		.ai_flags = AI_PASSIVE | AI_NUMERICHOST };
	struct addrinfo *ai = NULL;
	int rc = EAFNOSUPPORT;

	if (getaddrinfo(r->cfg->bindaddress, NULL, &hints, &ai) != 0)
		return bind_named(fd, &r->bind, family, text);
	if (ai->ai_family == family)
		rc = bind_to(fd, ai->ai_addr, ai->ai_addrlen, text);
	else
		*text = other_family;
	freeaddrinfo(ai);
	return rc;
}

static int
bind_as_configured(int fd, const struct run *r, int family, const char **text)
{
	if (r->cfg->bindaddress[0] != '\0')
		return bind_address(fd, r, family, text);
	if (r->cfg->bindinterface[0] != '\0')
		return bind_interface(fd, r->cfg->bindinterface, family, text);
	return 0;
}

static void
set_wants(int fd, bool v6, const struct sock_want *want)
{
	if (want->mss != 0)
		setsockopt(fd, IPPROTO_TCP, TCP_MAXSEG, &want->mss, sizeof want->mss);
	if (want->ttl != 0)
		setsockopt(fd, v6 ? IPPROTO_IPV6 : IPPROTO_IP, v6 ? IPV6_UNICAST_HOPS : IP_TTL,
		    &want->ttl, sizeof want->ttl);
}

int
sock_connect(const struct run *r, const struct run_addr *a, const struct sock_want *want, int *err,
    const char **text)
{
	struct sockaddr_storage to = a->sa;
	bool v6 = to.ss_family == AF_INET6;
	int one = 1;
	int fd = socket(to.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_TCP);

	*text = NULL;
	if (fd < 0) {
		*err = errno;
		*text = "no socket";
		return -1;
	}
	if (want->port != 0 && v6)
		((struct sockaddr_in6 *)&to)->sin6_port = htons((uint16_t)want->port);
	else if (want->port != 0)
		((struct sockaddr_in *)&to)->sin_port = htons((uint16_t)want->port);
	set_wants(fd, v6, want);
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
	setsockopt(
	    fd, v6 ? IPPROTO_IPV6 : IPPROTO_IP, v6 ? IPV6_RECVERR : IP_RECVERR, &one, sizeof one);
	*err = bind_as_configured(fd, r, to.ss_family, text);
	if (*err == 0 && connect(fd, (struct sockaddr *)&to, a->len) != 0)
		*err = errno;
	return fd;
}

void
sock_local(int fd, char *text, size_t cap)
{
	struct sockaddr_storage sa;
	socklen_t len = sizeof sa;

	text[0] = '\0';
	if (getsockname(fd, (struct sockaddr *)&sa, &len) == 0)
		name_of((struct sockaddr *)&sa, len, text, cap);
}

int
sock_local_port(int fd)
{
	struct sockaddr_storage sa;
	socklen_t len = sizeof sa;

	if (getsockname(fd, (struct sockaddr *)&sa, &len) != 0)
		return 0;
	if (sa.ss_family == AF_INET)
		return ntohs(((struct sockaddr_in *)&sa)->sin_port);
	return sa.ss_family == AF_INET6 ? ntohs(((struct sockaddr_in6 *)&sa)->sin6_port) : 0;
}

/* Whether an address is one of this machine's own. */
bool
sock_is_own(const struct sockaddr *sa)
{
	struct ifaddrs *list = NULL;
	bool own = false;

	if (getifaddrs(&list) != 0)
		return false;
	for (const struct ifaddrs *i = list; i != NULL && !own; i = i->ifa_next)
		own = i->ifa_addr != NULL && same_host(i->ifa_addr, sa);
	freeifaddrs(list);
	return own;
}

bool
sock_interface(int fd, char *name, int *mtu)
{
	struct sockaddr_storage sa;
	socklen_t len = sizeof sa;
	struct ifaddrs *list = NULL;
	struct ifreq req = { 0 };
	bool found = false;

	if (getsockname(fd, (struct sockaddr *)&sa, &len) != 0 || getifaddrs(&list) != 0)
		return false;
	for (const struct ifaddrs *i = list; i != NULL && !found; i = i->ifa_next) {
		found = i->ifa_addr != NULL && same_host(i->ifa_addr, (struct sockaddr *)&sa);
		if (found)
			snprintf(req.ifr_name, sizeof req.ifr_name, "%s", i->ifa_name);
	}
	freeifaddrs(list);
	if (!found || ioctl(fd, SIOCGIFMTU, &req) != 0)
		return false;
	snprintf(name, IF_NAMESIZE, "%s", req.ifr_name);
	*mtu = req.ifr_mtu;
	return true;
}

/* ---- why it failed ----------------------------------------------------------- */

/* Whether the address is one of this machine's. 127.0.0.0/8 is without being listed. */
static bool
is_own(const struct sockaddr *sa)
{
	struct ifaddrs *list = NULL;
	bool own = false;

	if (sa->sa_family == AF_INET &&
	    ntohl(((const struct sockaddr_in *)sa)->sin_addr.s_addr) >> 24 == IN_LOOPBACKNET)
		return true;
	if (getifaddrs(&list) != 0)
		return false;
	for (const struct ifaddrs *i = list; i != NULL && !own; i = i->ifa_next)
		own = i->ifa_addr != NULL && same_host(i->ifa_addr, sa);
	freeifaddrs(list);
	return own;
}

static void
take_icmp(const struct sock_extended_err *ee, struct sock_failure *f)
{
	const struct sockaddr *from = SO_EE_OFFENDER(ee);

	if (ee->ee_origin != SO_EE_ORIGIN_ICMP && ee->ee_origin != SO_EE_ORIGIN_ICMP6)
		return;
	f->icmp = true;
	f->icmp_type = ee->ee_type;
	f->icmp_code = ee->ee_code;
	if (from->sa_family != AF_INET && from->sa_family != AF_INET6)
		return;
	name_of(from, size_of(from), f->from, sizeof f->from);
	f->self = is_own(from);
}

/* One message of the error queue. Returns whether there was one. */
static bool
read_queue(int fd, struct sock_failure *f)
{
	union {
		struct cmsghdr align;
		char bytes[512];
	} control;
	char data[64];
	struct iovec iov = { data, sizeof data };
	struct msghdr m = { .msg_iov = &iov,
		.msg_iovlen = 1,
		.msg_control = &control,
		.msg_controllen = sizeof control };

	if (recvmsg(fd, &m, MSG_ERRQUEUE | MSG_DONTWAIT) < 0)
		return false;
	for (struct cmsghdr *c = CMSG_FIRSTHDR(&m); c != NULL; c = CMSG_NXTHDR(&m, c))
		if ((c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_RECVERR) ||
		    (c->cmsg_level == IPPROTO_IPV6 && c->cmsg_type == IPV6_RECVERR))
			take_icmp((const struct sock_extended_err *)CMSG_DATA(c), f);
	return true;
}

void
sock_failure(int fd, int err, struct sock_failure *f)
{
	socklen_t len = sizeof f->err;

	memset(f, 0, sizeof *f);
	/* SO_ERROR comes first: reading the queue may clear it. */
	if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &f->err, &len) != 0)
		f->err = errno;
	if (err != 0)
		f->err = err;
	for (int i = 0; i < 8 && read_queue(fd, f); i++)
		;
}
