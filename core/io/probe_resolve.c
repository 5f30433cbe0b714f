/*
 * Probe "resolve": the addresses of the host name as the system's resolver
 * gives them to ssh (AF_UNSPEC or AddressFamily, SOCK_STREAM, no
 * AI_ADDRCONFIG), on the thread pool; before they are told, those of a name in
 * BindAddress, which a connection goes out by. One row in probes.c.
 */
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "bindname.h"
#include "job.h"
#include "probes.h"

enum { SHOWN_MAX = 16, PER_FAMILY = 2 };

/*
 * A look-up cannot be stopped once the resolver has begun, so the request is
 * its own owner: the probe may be gone when the answer comes.
 */
struct lookup {
	uv_getaddrinfo_t req;  /* first, so that a request is its look-up */
	struct resolve *owner; /* NULL: nobody waits any more */
};

struct resolve {
	struct probe_run *pr;
	struct lookup *lookup;
	struct job *bind;
	struct addrinfo *list; /* the answer, owned; NULL before and after */
	const char *result;
	uint64_t answer_us; /* when it came; 0 before */
};

_Static_assert(sizeof(struct resolve) <= RESOLVE_PRIV, "room for the probe's memory");

/* What a look-up's error means; the words are the ones that ssh prints. */
static const struct {
	int uv, eai;
	const char *result;
} errors[] = {
	{ UV_EAI_NONAME, EAI_NONAME, "nxdomain" },
	{ UV_EAI_AGAIN, EAI_AGAIN, "temp" },
	{ UV_EAI_NODATA, EAI_NODATA, "nodata" },
	{ UV_EAI_ADDRFAMILY, EAI_ADDRFAMILY, "nodata" },
	{ UV_EAI_FAIL, EAI_FAIL, "error" },
	{ UV_EAI_FAMILY, EAI_FAMILY, "error" },
	{ UV_EAI_MEMORY, EAI_MEMORY, "error" },
};

static void
say_result(struct resolve *rv, const char *result, const char *text, int count)
{
	struct evidence ev;

	ev_init(&ev, EV_RESOLVE_RESULT);
	ev_str(&ev, K_NAME, rv->pr->run->cfg->hostname);
	ev_str(&ev, K_RESULT, result);
	ev_str(&ev, K_TEXT, text);
	ev_int(&ev, K_COUNT, count);
	ev_int(&ev, K_TOOK_US,
	    (int64_t)((rv->answer_us != 0 ? rv->answer_us : probe_now(rv->pr)) - rv->pr->start_us));
	probe_emit(rv->pr, &ev);
}

/* The address that this machine would use towards another: the kernel's routes say so, no packet goes out. */
static const char *
local_for(const struct addrinfo *ai, char *text, size_t cap)
{
	struct sockaddr_storage sa;
	socklen_t len = sizeof sa;
	int fd = socket(ai->ai_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	bool ok = fd >= 0 && connect(fd, ai->ai_addr, ai->ai_addrlen) == 0 &&
		  getsockname(fd, (struct sockaddr *)&sa, &len) == 0 &&
		  getnameinfo((struct sockaddr *)&sa, len, text, (socklen_t)cap, NULL, 0,
		      NI_NUMERICHOST) == 0;

	if (fd >= 0)
		close(fd);
	return ok ? text : NULL;
}

static void
say_addr(struct resolve *rv, const struct addrinfo *ai, const char *text, int order)
{
	char local[NI_MAXHOST];
	struct evidence ev;

	ev_init(&ev, EV_RESOLVE_ADDR);
	ev_str(&ev, K_ADDR, text);
	ev_str(&ev, K_FAMILY, ai->ai_family == AF_INET6 ? "inet6" : "inet");
	ev_int(&ev, K_ORDER, order);
	/* Where a connection follows, it says this itself. */
	if (rv->pr->run->opt->here)
		ev_str(&ev, K_LOCAL, local_for(ai, local, sizeof local));
	probe_emit(rv->pr, &ev);
}

/* Keep the first two of each family for the connection. */
static void
keep_addr(struct run *r, const struct addrinfo *ai, const char *text)
{
	struct run_addr *a;
	int same = 0;

	for (int i = 0; i < r->naddrs; i++)
		same += r->addrs[i].sa.ss_family == ai->ai_family;
	if (same == PER_FAMILY || r->naddrs == RUN_ADDRS)
		return;
	a = &r->addrs[r->naddrs++];
	memset(a, 0, sizeof *a);
	memcpy(&a->sa, ai->ai_addr, ai->ai_addrlen);
	a->len = (socklen_t)ai->ai_addrlen;
	a->fd = -1;
	text_copy(a->text, sizeof a->text, text);
}

static int
take_addrs(struct resolve *rv, const struct addrinfo *list)
{
	char text[NI_MAXHOST];
	int n = 0;

	for (const struct addrinfo *ai = list; ai != NULL && n < SHOWN_MAX; ai = ai->ai_next) {
		if (ai->ai_family != AF_INET && ai->ai_family != AF_INET6)
			continue;
		if (getnameinfo(ai->ai_addr, ai->ai_addrlen, text, sizeof text, NULL, 0,
			NI_NUMERICHOST) != 0)
			continue;
		say_addr(rv, ai, text, n++);
		keep_addr(rv->pr->run, ai, text);
	}
	return n;
}

static void
say_error(struct resolve *rv, int status)
{
	for (size_t i = 0; i < sizeof errors / sizeof *errors; i++)
		if (errors[i].uv == status) {
			say_result(rv, errors[i].result, gai_strerror(errors[i].eai), 0);
			return;
		}
	say_result(rv, "error", uv_strerror(status), 0);
}

/* The answer is told, and with it a connection may begin. */
static void
tell(struct resolve *rv)
{
	int n = take_addrs(rv, rv->list);

	say_result(rv, n > 0 ? rv->result : "nodata", NULL, n);
	freeaddrinfo(rv->list);
	rv->list = NULL;
	probe_done(rv->pr);
}

static void
on_bind(void *arg, void *data)
{
	struct resolve *rv = arg;

	rv->bind = NULL;
	rv->pr->run->bind = ((struct bindname_job *)data)->found;
	tell(rv);
}

/* Before the addresses are told: what ssh goes out by, if that is a name. */
static void
take_answer(struct resolve *rv, struct addrinfo *list, const char *result)
{
	static const struct job_does does = { sizeof(struct bindname_job), bindname_look, on_bind,
		NULL };
	const char *name = rv->pr->run->cfg->bindaddress;
	struct bindname_job *j;
	void *data;

	rv->list = list;
	rv->result = result;
	rv->answer_us = probe_now(rv->pr);
	if (rv->pr->run->opt->here || !bindname_needed(name) || strlen(name) >= sizeof j->name ||
	    (rv->bind = job_new(&does, rv, &data)) == NULL) {
		tell(rv);
		return;
	}
	j = data;
	text_copy(j->name, sizeof j->name, name);
	job_start(rv->bind, probe_loop(rv->pr));
}

static void
on_answer(uv_getaddrinfo_t *req, int status, struct addrinfo *list)
{
	struct lookup *l = (struct lookup *)req;
	struct resolve *rv = l->owner;

	if (rv == NULL) {
		uv_freeaddrinfo(list);
	} else if (status == 0) {
		rv->lookup = NULL;
		probe_phase(rv->pr, PH_RESOLVE, rv->pr->start_us, probe_now(rv->pr), 0);
		take_answer(rv, list, "ok");
	} else {
		rv->lookup = NULL;
		say_error(rv, status);
		probe_done(rv->pr);
	}
	free(l);
}

static int
family_of(const struct sshg *cfg)
{
	if (strcmp(cfg->addressfamily, "inet") == 0)
		return AF_INET;
	return strcmp(cfg->addressfamily, "inet6") == 0 ? AF_INET6 : AF_UNSPEC;
}

/* An address needs no resolver. Returns whether the host was one; all is said then. */
static bool
take_literal(struct resolve *rv, const char *host, const char *port, struct addrinfo hints)
{
	struct addrinfo *list = NULL;
	int rc;

	hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV;
	rc = getaddrinfo(host, port, &hints, &list);
	if (rc == 0) {
		take_answer(rv, list, "literal");
		return true;
	}
	if (rc == EAI_ADDRFAMILY) {
		say_result(rv, "nodata", gai_strerror(rc), 0);
		probe_done(rv->pr);
		return true;
	}
	return false;
}

int
resolve_start(struct probe_run *pr)
{
	struct resolve *rv = pr->priv;
	const struct sshg *cfg = pr->run->cfg;
	struct addrinfo hints = { .ai_family = family_of(cfg), .ai_socktype = SOCK_STREAM };
	char port[12];
	int rc;

	rv->pr = pr;
	pr->run->naddrs = 0;
	snprintf(port, sizeof port, "%d", cfg->port);
	memset(&pr->run->bind, 0, sizeof pr->run->bind);
	if (take_literal(rv, cfg->hostname, port, hints))
		return 0;
	if ((rv->lookup = calloc(1, sizeof *rv->lookup)) == NULL) {
		say_result(rv, "error", "out of memory", 0);
		return -1;
	}
	rv->lookup->owner = rv;
	rc = uv_getaddrinfo(
	    probe_loop(pr), &rv->lookup->req, on_answer, cfg->hostname, port, &hints);
	if (rc == 0)
		return 0;
	free(rv->lookup);
	rv->lookup = NULL;
	say_error(rv, rc);
	return -1;
}

void
resolve_cancel(struct probe_run *pr)
{
	struct resolve *rv = pr->priv;

	if (rv->bind != NULL) { /* the name to go out by is not known: the addresses are */
		job_drop(rv->bind);
		rv->bind = NULL;
		tell(rv);
		return;
	}
	if (rv->lookup == NULL)
		return;
	rv->lookup->owner = NULL;
	uv_cancel((uv_req_t *)&rv->lookup->req);
	rv->lookup = NULL;
	if (pr->deadline_hit)
		say_result(rv, "timeout", "the resolver did not answer in time", 0);
	probe_done(pr);
}
