/*
 * Probe "ports": where the target's port refuses, a look at the other ports
 * on which an SSH server usually is, and at those that the user's own
 * configuration names for this host. It reads the first line and says
 * nothing.
 *
 * Probe "alive": where the target's port is silent, whether the address answers on any of three
 * other ports, while the attempt still waits: then the host is up. A row each in probes.c.
 */
#include <errno.h>
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "job.h"
#include "path.h"
#include "probes.h"
#include "sock.h"

enum {
	PORTS_MAX = 8,
	LINE_KEPT = 255,  /* RFC 4253 4.2: an identification is no longer */
	CONNECT_MS = 200, /* beside two round trips */
	BANNER_MS = 1000,
	ALIVE_MS = 700,
	CONFIG_BYTES = 256 * 1024,
	CONFIG_LINE = 1024
};

static const int usual[] = { 22, 2222, 2200, 22022 };
/* What hosts have open, or refuse, where a port's packets are dropped. */
static const int living[] = { 443, 80, 2222 };

struct look {
	struct ports *ports;
	uv_poll_t poll;
	uv_timer_t timer;
	int fd, port, handles;
	bool connected, ended;
	uint64_t start_us;
	size_t len;
	char line[LINE_KEPT + 1];
};

struct ports {
	struct probe_run *pr;
	struct job *scan;
	const struct run_addr *addr;
	struct look look[PORTS_MAX];
	int n, handles;
	bool alive; /* it is the probe of that name */
};

_Static_assert(sizeof(struct ports) <= PORTS_PRIV, "room for the probe's memory");

/* ---- ports that the configuration names ----------------------------------------- */

struct scan {
	char file[PATH_LEN];
	char host[TARGET_HOST_MAX], hostname[TARGET_HOST_MAX];
	int port[PORTS_MAX], n;
};

/* The next word of a configuration line; *p moves behind it. */
static bool
next_word(char **p, char **word)
{
	char *s = *p + strspn(*p, " \t\r\n=");

	if (*s == '\0')
		return false;
	if (*s == '"') {
		*word = ++s;
		s += strcspn(s, "\"");
	} else {
		*word = s;
		s += strcspn(s, " \t\r\n=");
	}
	if (*s != '\0')
		*s++ = '\0';
	*p = s;
	return true;
}

/* Whether the patterns of a Host line match (ssh_config(5), PATTERNS: a negated match excludes). */
static bool
host_matches(const struct scan *sc, char *rest)
{
	bool matched = false;
	char *word;

	while (next_word(&rest, &word)) {
		const char *pattern = word[0] == '!' ? word + 1 : word;
		bool hit = fnmatch(pattern, sc->host, FNM_CASEFOLD) == 0 ||
			   fnmatch(pattern, sc->hostname, FNM_CASEFOLD) == 0;

		if (hit && word[0] == '!')
			return false;
		matched |= hit;
	}
	return matched;
}

static void
add_scanned(struct scan *sc, const char *word)
{
	long port = strtol(word, NULL, 10);

	if (port > 0 && port < 65536 && sc->n < PORTS_MAX)
		sc->port[sc->n++] = (int)port;
}

/*
 * Blocks of Match are passed over: their conditions may run commands. A block for this very host
 * counts even if an earlier Port won; that is how a typed -p is found out.
 */
static void
scan_config(void *data)
{
	struct scan *sc = data;
	char line[CONFIG_LINE], *p, *word;
	bool applies = true;
	size_t bytes = 0;
	FILE *f = fopen(sc->file, "re");

	while (f != NULL && bytes < CONFIG_BYTES && fgets(line, sizeof line, f) != NULL) {
		bytes += strlen(line);
		p = line;
		if (!next_word(&p, &word))
			continue;
		if (strcasecmp(word, "Host") == 0)
			applies = host_matches(sc, p);
		else if (strcasecmp(word, "Match") == 0)
			applies = false;
		else if (applies && strcasecmp(word, "Port") == 0 && next_word(&p, &word))
			add_scanned(sc, word);
	}
	if (f != NULL)
		fclose(f);
}

/* ---- one port ---------------------------------------------------------------------- */

static void
finish(struct ports *p)
{
	if (p->handles == 0 && p->scan == NULL)
		probe_done(p->pr);
}

static void
on_closed(uv_handle_t *h)
{
	struct look *l = h->data;

	if (--l->handles > 0)
		return;
	close(l->fd);
	l->ports->handles--;
	finish(l->ports);
}

static void
say(struct look *l, const char *result, const char *text)
{
	struct evidence ev;

	ev_init(&ev, EV_PORT_RESULT);
	ev_int(&ev, K_PORT, l->port);
	ev_str(&ev, K_ADDR, l->ports->addr->text);
	ev_str(&ev, K_RESULT, result);
	if (l->ports->alive)
		ev_int(&ev, K_ALIVE, l->connected || strcmp(result, "refused") == 0);
	ev_str(&ev, K_TEXT, text);
	ev_int(&ev, K_TOOK_US, (int64_t)(probe_now(l->ports->pr) - l->start_us));
	probe_emit(l->ports->pr, &ev);
}

static void
end_look(struct look *l, const char *result)
{
	if (l->ended)
		return;
	l->ended = true;
	say(l, result, l->len > 0 ? l->line : NULL);
	uv_close((uv_handle_t *)&l->poll, on_closed);
	uv_close((uv_handle_t *)&l->timer, on_closed);
}

/* What the port says is SSH, or something else once a line is whole. */
static void
judge_line(struct look *l)
{
	char *end;

	l->line[l->len] = '\0';
	if ((end = strchr(l->line, '\n')) == NULL && l->len < LINE_KEPT)
		return;
	if (end != NULL) {
		*end = '\0';
		if (end > l->line && end[-1] == '\r')
			end[-1] = '\0';
	}
	end_look(l, strncmp(l->line, "SSH-", 4) == 0 ? "ssh" : "other");
}

static void
read_line(struct look *l)
{
	ssize_t n = read(l->fd, l->line + l->len, LINE_KEPT - l->len);

	if (n > 0) {
		l->len += (size_t)n;
		judge_line(l);
	} else if (n == 0 || (errno != EAGAIN && errno != EINTR)) {
		end_look(l, l->len > 0 ? "other" : "closed");
	}
}

static void
on_late(uv_timer_t *timer)
{
	struct look *l = timer->data;

	end_look(l, l->len > 0 ? "other" : "silent");
}

static void
on_ready(uv_poll_t *poll, int status, int events)
{
	struct look *l = poll->data;
	struct sock_failure f;

	(void)events;
	if (l->ended)
		return;
	if (l->connected) {
		read_line(l);
		if (!l->ended && status < 0)
			uv_poll_start(poll, UV_READABLE, on_ready);
		return;
	}
	sock_failure(l->fd, 0, &f);
	if (f.err != 0) {
		end_look(l, f.icmp ? "rejected" : f.err == ECONNREFUSED ? "refused" : "silent");
		return;
	}
	l->connected = true;
	if (l->ports->alive && l->port < 1024) {
		end_look(l, "open");
		return;
	}
	uv_timer_start(&l->timer, on_late, BANNER_MS, 0);
	uv_poll_start(poll, UV_READABLE, on_ready);
}

static void
start_look(struct ports *p, int port, uint64_t connect_ms)
{
	struct sock_want want = { .port = port };
	struct look *l = &p->look[p->n++];
	const char *text;
	int err;

	l->ports = p;
	l->port = port;
	l->start_us = probe_now(p->pr);
	l->fd = sock_connect(p->pr->run, p->addr, &want, &err, &text);
	if (l->fd < 0)
		return;
	if ((err != 0 && err != EINPROGRESS) ||
	    uv_poll_init(probe_loop(p->pr), &l->poll, l->fd) != 0) {
		say(l, err == ECONNREFUSED ? "refused" : "silent", NULL);
		close(l->fd);
		return;
	}
	uv_timer_init(probe_loop(p->pr), &l->timer);
	l->poll.data = l->timer.data = l;
	l->handles = 2;
	p->handles++;
	uv_timer_start(&l->timer, on_late, connect_ms, 0);
	uv_poll_start(&l->poll, UV_WRITABLE, on_ready);
}

/* ---- all of them ------------------------------------------------------------------- */

static void
add_port(int *list, int *n, int port, int refused)
{
	for (int i = 0; i < *n; i++)
		if (list[i] == port)
			return;
	if (port != refused && *n < PORTS_MAX)
		list[(*n)++] = port;
}

static void
on_scanned(void *arg, void *data)
{
	struct ports *p = arg;
	struct scan *sc = data;
	int list[PORTS_MAX], n = 0, refused = p->pr->run->cfg->port;

	p->scan = NULL;
	for (int i = 0; i < sc->n && i < PORTS_MAX / 2; i++)
		add_port(list, &n, sc->port[i], refused);
	for (size_t i = 0; i < sizeof usual / sizeof *usual; i++)
		add_port(list, &n, usual[i], refused);
	/* The refusal has shown the round trip: a port that drops packets is not waited for. */
	for (int i = 0; i < n; i++)
		start_look(p, list[i], CONNECT_MS + 2 * p->addr->refused_us / 1000);
	finish(p);
}

/* ssh reads the file of -F instead of the user's own. */
static void
find_config(const struct run *r, char *path, size_t cap)
{
	const char *file = option_word(r->opt, 'F');

	if (file != NULL)
		snprintf(path, cap, "%s", file);
	else
		snprintf(path, cap, "%s/.ssh/config", r->home != NULL ? r->home : "");
}

/* Nothing has shown the round trip: what answers within the limit counts. */
int
alive_start(struct probe_run *pr)
{
	struct ports *p = pr->priv;
	const struct run *r = pr->run;

	p->pr = pr;
	p->alive = true;
	for (int i = r->naddrs - 1; i >= 0; i--)
		if (r->addrs[i].silent)
			p->addr = &r->addrs[i];
	if (p->addr == NULL)
		return -1;
	for (size_t i = 0; i < sizeof living / sizeof *living; i++)
		if (living[i] != r->cfg->port)
			start_look(p, living[i], ALIVE_MS);
	if (p->handles == 0)
		return -1;
	return 0;
}

void
alive_cancel(struct probe_run *pr)
{
	ports_cancel(pr);
}

int
ports_start(struct probe_run *pr)
{
	static const struct job_does does = { sizeof(struct scan), scan_config, on_scanned, NULL };
	struct ports *p = pr->priv;
	const struct run *r = pr->run;
	struct scan *sc;
	void *data;

	p->pr = pr;
	for (int i = r->naddrs - 1; i >= 0; i--)
		if (r->addrs[i].refused_us != 0)
			p->addr = &r->addrs[i];
	if (p->addr == NULL || (p->scan = job_new(&does, p, &data)) == NULL)
		return -1;
	sc = data;
	find_config(r, sc->file, sizeof sc->file);
	text_copy(sc->host, sizeof sc->host, r->t->host);
	text_copy(sc->hostname, sizeof sc->hostname, r->cfg->hostname);
	job_start(p->scan, probe_loop(pr));
	return 0;
}

void
ports_cancel(struct probe_run *pr)
{
	struct ports *p = pr->priv;

	if (p->scan != NULL)
		job_drop(p->scan);
	p->scan = NULL;
	for (int i = 0; i < p->n; i++)
		if (p->look[i].handles > 0)
			end_look(&p->look[i], "silent");
	finish(p);
}
