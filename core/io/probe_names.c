/*
 * Probe "names": where the address that ssh goes by stands in /etc/hosts, whether DNS gives the same.
 * Asks the system's own resolver and nobody else, on the thread pool; nothing is asked where the file does
 * not name the host. One row in probes.c.
 */
#include <arpa/inet.h>
#include <arpa/nameser.h>
#include <netdb.h>
#include <netinet/in.h>
#include <resolv.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "../hostsfile.h"
#include "job.h"
#include "probes.h"
#include "sock.h"

#define HOSTS "/etc/hosts"

enum { ANSWER_MAX = 16 * 1024, FILE_BYTES_MAX = 16 * 1024 * 1024, LIST_LEN = 256, IPS_MAX = 16 };

/* An address, to be compared. */
struct ip {
	int family;
	unsigned char b[sizeof(struct in6_addr)]; /* the rest is zero */
};

enum names_verdict { NAMES_AGREE, NAMES_DIFFER, NAMES_SELF, NAMES_NODNS, NAMES_ERROR };

/* What the pool's job reads and writes. */
struct names_job {
	char name[NS_MAXDNAME];
	struct ip used[RUN_ADDRS]; /* what ssh goes by */
	int nused;
	struct ip file[IPS_MAX], dns[IPS_MAX]; /* those of them in the file; what DNS says */
	int nfile, ndns;
	int64_t line; /* the first of them; 0: none */
	enum names_verdict verdict;
	char text[128];
};

struct names {
	struct probe_run *pr;
	struct job *job;
};

_Static_assert(sizeof(struct names) <= NAMES_PRIV, "room for the probe's memory");

/* ---- addresses ------------------------------------------------------------------------ */

static size_t
ip_len(int family)
{
	return family == AF_INET6 ? sizeof(struct in6_addr) : sizeof(struct in_addr);
}

static bool
has_ip(const struct ip *list, int n, const struct ip *ip)
{
	for (int i = 0; i < n; i++)
		if (list[i].family == ip->family && memcmp(list[i].b, ip->b, sizeof ip->b) == 0)
			return true;
	return false;
}

static void
add_ip(struct ip *list, int *n, int family, const void *bytes)
{
	struct ip ip = { .family = family };

	memcpy(ip.b, bytes, ip_len(family));
	if (*n < IPS_MAX && !has_ip(list, *n, &ip))
		list[(*n)++] = ip;
}

/* Whether one of them is this machine. */
static bool
any_own(const struct ip *list, int n)
{
	for (int i = 0; i < n; i++) {
		struct sockaddr_in6 in6 = { .sin6_family = AF_INET6 };
		struct sockaddr_in in = { .sin_family = AF_INET };

		memcpy(&in6.sin6_addr, list[i].b, sizeof in6.sin6_addr);
		memcpy(&in.sin_addr, list[i].b, sizeof in.sin_addr);
		if (list[i].family == AF_INET && list[i].b[0] == IN_LOOPBACKNET)
			return true;
		if (sock_is_own(list[i].family == AF_INET6 ? (struct sockaddr *)&in6
							   : (struct sockaddr *)&in))
			return true;
	}
	return false;
}

/* ---- the file -------------------------------------------------------------------------- */

static void
take_line(struct names_job *j, const char *addr, int64_t number)
{
	struct ip ip = { 0 };

	if (inet_pton(AF_INET, addr, ip.b) == 1)
		ip.family = AF_INET;
	else if (inet_pton(AF_INET6, addr, ip.b) == 1)
		ip.family = AF_INET6;
	if (!has_ip(j->used, j->nused, &ip))
		return;
	add_ip(j->file, &j->nfile, ip.family, ip.b);
	if (j->line == 0)
		j->line = number;
}

static void
read_hosts(struct names_job *j)
{
	FILE *f = fopen(HOSTS, "re");
	char *text = NULL, addr[INET6_ADDRSTRLEN];
	size_t cap = 0, total = 0;
	int64_t number = 0;
	ssize_t n;

	while (f != NULL && (n = getline(&text, &cap, f)) >= 0 &&
	       (total += (size_t)n) < FILE_BYTES_MAX) {
		number++;
		if (hostsfile_line(text, (size_t)n, j->name, addr, sizeof addr))
			take_line(j, addr, number);
	}
	free(text);
	if (f != NULL)
		fclose(f);
}

/* ---- DNS ------------------------------------------------------------------------------- */

static bool
take_answer(struct names_job *j, const unsigned char *answer, int len, int family)
{
	int type = family == AF_INET6 ? ns_t_aaaa : ns_t_a;
	ns_msg msg;
	ns_rr rr;

	if (ns_initparse(answer, len, &msg) != 0)
		return false;
	for (int i = 0; i < ns_msg_count(msg, ns_s_an); i++)
		if (ns_parserr(&msg, ns_s_an, i, &rr) == 0 && (int)ns_rr_type(rr) == type &&
		    ns_rr_rdlen(rr) == ip_len(family))
			add_ip(j->dns, &j->ndns, family, ns_rr_rdata(rr));
	return true;
}

/* Ask as getaddrinfo(3) would, search list and all. False where there is no answer. */
static bool
ask(struct names_job *j, struct __res_state *state, int family)
{
	unsigned char answer[ANSWER_MAX];
	int len = res_nsearch(state, j->name, ns_c_in, family == AF_INET6 ? ns_t_aaaa : ns_t_a,
	    answer, sizeof answer);

	if (len > 0) {
		if (take_answer(
			j, answer, len < (int)sizeof answer ? len : (int)sizeof answer, family))
			return true;
		snprintf(j->text, sizeof j->text, "the answer cannot be read");
		return false;
	}
	if (state->res_h_errno == HOST_NOT_FOUND || state->res_h_errno == NO_DATA)
		return true;
	snprintf(j->text, sizeof j->text, "%s", hstrerror(state->res_h_errno));
	return false;
}

/* The families that the file gives; another one it does not speak of. */
static bool
ask_dns(struct names_job *j)
{
	static const int families[] = { AF_INET, AF_INET6 };
	struct __res_state state = { 0 };
	bool ok = true;

	if (res_ninit(&state) != 0) {
		snprintf(j->text, sizeof j->text, "no resolver");
		return false;
	}
	state.retry = 1; /* the probe's limit is short, and the pool is not for waiting */
	for (size_t f = 0; f < sizeof families / sizeof *families; f++) {
		bool wanted = false;

		for (int i = 0; i < j->nfile; i++)
			wanted = wanted || j->file[i].family == families[f];
		ok = (!wanted || ask(j, &state, families[f])) && ok;
	}
	res_nclose(&state);
	return ok;
}

/* ---- both ------------------------------------------------------------------------------ */

/* A machine's own name often stands for a loopback address in its file. */
static bool
is_own_name(const char *name)
{
	char own[256];

	return gethostname(own, sizeof own) == 0 && strnlen(own, sizeof own) < sizeof own &&
	       strcasecmp(own, name) == 0;
}

static enum names_verdict
compare(const struct names_job *j)
{
	if (j->ndns == 0)
		return NAMES_NODNS;
	for (int i = 0; i < j->nfile; i++)
		if (has_ip(j->dns, j->ndns, &j->file[i]))
			return NAMES_AGREE;
	if (any_own(j->file, j->nfile) && (is_own_name(j->name) || any_own(j->dns, j->ndns)))
		return NAMES_SELF;
	return NAMES_DIFFER;
}

static void
look(void *data)
{
	struct names_job *j = data;

	read_hosts(j);
	if (j->nfile > 0)
		j->verdict = ask_dns(j) ? compare(j) : NAMES_ERROR;
}

static void
list_ips(const struct ip *list, int n, char *text, size_t cap)
{
	char one[INET6_ADDRSTRLEN];
	struct strbuf sb;

	sb_init(&sb, text, cap);
	for (int i = 0; i < n; i++)
		if (inet_ntop(list[i].family, list[i].b, one, sizeof one) != NULL)
			sb_printf(&sb, "%s%s", i > 0 ? "," : "", one);
}

static void
on_looked(void *arg, void *data)
{
	static const char *const verdicts[] = { "agree", "differ", "self", "nodns", "error" };
	struct names *n = arg;
	struct names_job *j = data;
	char ours[LIST_LEN], theirs[LIST_LEN * 4], first[INET6_ADDRSTRLEN];
	struct evidence ev;

	n->job = NULL;
	if (j->nfile > 0) {
		list_ips(j->file, j->nfile, ours, sizeof ours);
		list_ips(j->dns, j->ndns, theirs, sizeof theirs);
		list_ips(j->dns, j->ndns > 0, first, sizeof first);
		ev_init(&ev, EV_RESOLVE_NAMES);
		ev_str(&ev, K_NAME, j->name);
		ev_str(&ev, K_FILE, HOSTS);
		ev_int(&ev, K_LINE, j->line);
		ev_str(&ev, K_RESULT, verdicts[j->verdict]);
		ev_str(&ev, K_OURS, ours);
		ev_str(&ev, K_THEIRS, theirs[0] != '\0' ? theirs : NULL);
		ev_str(&ev, K_ADDR, first[0] != '\0' ? first : NULL);
		ev_str(&ev, K_TEXT, j->text[0] != '\0' ? j->text : NULL);
		ev_int(&ev, K_TOOK_US, (int64_t)(probe_now(n->pr) - n->pr->start_us));
		probe_emit(n->pr, &ev);
	}
	probe_done(n->pr);
}

/* An address needs no file. */
bool
names_wanted(const struct run *r)
{
	unsigned char literal[sizeof(struct in6_addr)];
	const char *name = r->cfg != NULL ? r->cfg->hostname : "";

	return name[0] != '\0' && strchr(name, ':') == NULL &&
	       inet_pton(AF_INET, name, literal) != 1 && strlen(name) < NS_MAXDNAME;
}

int
names_start(struct probe_run *pr)
{
	static const struct job_does does = { sizeof(struct names_job), look, on_looked, NULL };
	const struct run *r = pr->run;
	struct names *n = pr->priv;
	struct names_job *j;
	void *data;

	n->pr = pr;
	if ((n->job = job_new(&does, n, &data)) == NULL)
		return -1;
	j = data;
	text_copy(j->name, sizeof j->name, r->cfg->hostname);
	for (int i = 0; i < r->naddrs; i++) {
		const struct sockaddr *sa = (const struct sockaddr *)&r->addrs[i].sa;

		add_ip(j->used, &j->nused, sa->sa_family,
		    sa->sa_family == AF_INET6
			? (const void *)&((const struct sockaddr_in6 *)sa)->sin6_addr
			: (const void *)&((const struct sockaddr_in *)sa)->sin_addr);
	}
	job_start(n->job, probe_loop(pr));
	return 0;
}

void
names_cancel(struct probe_run *pr)
{
	struct names *n = pr->priv;

	if (n->job == NULL)
		return;
	job_drop(n->job);
	n->job = NULL;
	probe_done(pr);
}
