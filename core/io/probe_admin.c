/*
 * Probe "admin": the collector's script on the server itself, by another login
 * of the user's own ssh (--admin), or by a shell here where the target is this
 * machine. It comes last, and only where the login does not work as it should.
 * What the script prints is read as any text from a server is. One row in probes.c.
 *
 *   ssh -G ADMIN               whether the way there is a direct one
 *   ssh ADMIN 'sh -s' <script  or: sh -s <script
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../collector.h"
#include "admin.h"
#include "child.h"
#include "engine_internal.h"
#include "probes.h"

enum { OUT_MAX = 512 * 1024 };

struct admin {
	struct probe_run *pr;
	struct child *child; /* ssh -G, then the one that runs the script */
	bool local;          /* no login is needed */
	struct target login; /* else: that of the admin */
	bool indirect;       /* the way to the admin's host goes through another machine */
	int script;          /* a file in memory, -1 */
	char *out;           /* what the script printed, OUT_MAX */
	size_t len;
	bool cut;
	char last[512]; /* the last line on stderr */
};

_Static_assert(sizeof(struct admin) <= ADMIN_PRIV, "room for the probe's memory");

/*
 * As root where that needs no password, else as the login is. The words are
 * for a POSIX shell and harmless to others; SSH_CONNECTION is that of this very login.
 */
#define AS_ROOT(words) \
	"if [ \"$(id -u)\" != 0 ] && sudo -n -k sh -c : </dev/null >/dev/null 2>&1; " \
	"then exec sudo -n -k sh -s -- " words "; else exec sh -s -- " words "; fi"

static const char run_here[] = AS_ROOT("");
static const char run_there[] = "sh -c '" AS_ROOT("") "'";
static const char run_there_direct[] = "sh -c '" AS_ROOT("connection=\"$SSH_CONNECTION\"") "'";

/* ---- evidence ------------------------------------------------------------------ */

static void
say_result(struct admin *a, const char *result, int status, const char *text)
{
	struct evidence ev;

	ev_init(&ev, EV_ADMIN_RESULT);
	ev_str(&ev, K_HOST, a->local ? NULL : a->pr->run->opt->admin);
	ev_str(&ev, K_RESULT, result);
	if (status >= 0)
		ev_int(&ev, K_EXIT, status);
	ev_int(&ev, K_BYTES, (int64_t)a->len);
	ev_str(&ev, K_TEXT, text != NULL && *text != '\0' ? text : NULL);
	ev_int(&ev, K_TOOK_US, (int64_t)(probe_now(a->pr) - a->pr->start_us));
	probe_emit(a->pr, &ev);
}

static void
finish(struct admin *a)
{
	if (a->script >= 0)
		close(a->script);
	a->script = -1;
	free(a->out);
	a->out = NULL;
	probe_done(a->pr);
}

/* ---- the script ------------------------------------------------------------------ */

static void
take_ports(const struct run *r, struct strbuf *sb)
{
	for (int i = 0; i < r->nports; i++)
		sb_printf(sb, "%s%d", i == 0 ? "" : ",", r->ports[i]);
}

static void
take_words(const struct admin *a, struct collector_words *w)
{
	const struct run *r = a->pr->run;
	const struct run_addr *addr = admin_server_addr(r);

	w->target = r->t->input;
	w->user = r->cfg->user;
	w->port = r->cfg->port;
	w->laddr = addr != NULL ? addr->text : NULL;
	w->client = r->client;
	/* Between two addresses of one machine nothing translates them. */
	w->client_from = r->client[0] == '\0' ? NULL : a->local ? "given" : "route";
	for (int i = 0; i < r->nkeys && w->nkeys < COLLECTOR_KEYS; i++)
		w->keys[w->nkeys++] = r->keys[i]->fp;
}

/* The script with this login's words, as a file in memory to be a child's stdin. Returns 0 or -1. */
static int
make_script(struct admin *a)
{
	struct collector_words w = { 0 };
	char ports[RUN_PORTS * 6 + 1], *text = malloc(COLLECTOR_MAX);
	struct strbuf sb;
	int r = -1;

	if (text == NULL)
		return -1;
	sb_init(&sb, ports, sizeof ports);
	take_ports(a->pr->run, &sb);
	w.ports = ports;
	take_words(a, &w);
	sb_init(&sb, text, COLLECTOR_MAX);
	if (collector_print(&sb, &w) == 0 && (a->script = admin_script_file(sb.s, sb.len)) >= 0)
		r = 0;
	free(text);
	return r;
}

/* ---- running it ------------------------------------------------------------------ */

static void
on_line(void *arg, enum child_stream stream, const char *line, size_t len)
{
	struct admin *a = arg;

	if (stream == CHILD_ERR) {
		if (len > 0)
			text_clean(a->last, sizeof a->last, line, len);
		return;
	}
	if (a->cut || len + 1 > OUT_MAX - a->len) {
		a->cut = true;
		return;
	}
	memcpy(a->out + a->len, line, len);
	a->len += len;
	a->out[a->len++] = '\n';
}

/* The last line of a whole run; see collector.sh. */
static bool
is_whole(const struct admin *a)
{
	static const char end[] = " end. sections=";
	size_t from = a->len > 128 ? a->len - 128 : 0;

	return !a->cut && memmem(a->out + from, a->len - from, end, sizeof end - 1) != NULL;
}

static void
on_end(void *arg, int error, int status, int sig)
{
	struct admin *a = arg;
	struct run *r = a->pr->run;
	char name[160];

	a->child = NULL;
	if (error != 0)
		say_result(a, "error", -1, uv_strerror(error));
	else if (a->pr->cancelled)
		say_result(a, a->pr->deadline_hit ? "timeout" : "cancelled", -1, NULL);
	else if (a->len == 0)
		say_result(a, "failed", status, sig != 0 ? "ended by a signal" : a->last);
	else
		say_result(a, is_whole(a) ? "ok" : "cut", status, is_whole(a) ? NULL : a->last);
	if (a->len > 0 && (!a->pr->cancelled || a->pr->deadline_hit)) {
		snprintf(name, sizeof name, "%s", a->local ? "this machine" : r->opt->admin);
		engine_read_text(schedule_subject(a->pr), name, NULL, a->out, a->len);
	}
	finish(a);
}

static int
start(struct admin *a, const struct admin_words *w, int fd, const struct child_callbacks *cb)
{
	uv_loop_t *loop = probe_loop(a->pr);
	char *const *argv = (char *const *)w->v;

	a->child =
	    fd >= 0 ? child_start_input(loop, argv, fd, cb, a) : child_start(loop, argv, cb, a);
	return a->child != NULL ? 0 : -1;
}

/* The script, here or there. */
static int
start_script(struct admin *a)
{
	static const struct child_callbacks cb = { on_line, on_end };
	struct admin_words w = { { NULL }, 0, "" };

	if (a->local) {
		admin_add(&w, "sh");
		admin_add(&w, "-c");
		admin_add(&w, run_here);
	} else {
		admin_add_ssh(&w, a->pr->run);
		admin_add_login(&w, &a->login);
		admin_add(&w, a->indirect ? run_there : run_there_direct);
		a->pr->run->connections++;
	}
	return start(a, &w, a->script, &cb);
}

/* ---- the way to the admin's host ---------------------------------------------------- */

/* A way through another machine shows as that machine's address in SSH_CONNECTION. */
static void
on_config_line(void *arg, enum child_stream stream, const char *line, size_t len)
{
	static const char *const ways[] = { "proxyjump ", "proxycommand " };
	struct admin *a = arg;

	for (size_t i = 0; stream == CHILD_OUT && i < sizeof ways / sizeof *ways; i++) {
		size_t n = strlen(ways[i]);

		if (len > n && memcmp(line, ways[i], n) == 0 &&
		    !(len == n + 4 && memcmp(line + n, "none", 4) == 0))
			a->indirect = true;
	}
	if (stream == CHILD_ERR)
		on_line(arg, stream, line, len);
}

static void
on_config_end(void *arg, int error, int status, int sig)
{
	struct admin *a = arg;

	a->child = NULL;
	if (a->pr->cancelled)
		say_result(a, a->pr->deadline_hit ? "timeout" : "cancelled", -1, NULL);
	else if (error != 0 || status != 0 || sig != 0)
		say_result(a, "failed", status, error != 0 ? uv_strerror(error) : a->last);
	else if (start_script(a) == 0)
		return;
	else
		say_result(a, "error", -1, "out of memory");
	finish(a);
}

static int
start_config(struct admin *a)
{
	static const struct child_callbacks cb = { on_config_line, on_config_end };
	struct admin_words w = { { NULL }, 0, "" };

	admin_add_ssh(&w, a->pr->run);
	admin_add(&w, "-G");
	admin_add_login(&w, &a->login);
	return start(a, &w, -1, &cb);
}

/* ---- life ------------------------------------------------------------------------------ */

bool
admin_wanted(const struct run *r)
{
	return r->opt->admin != NULL || (r->opt->collect && admin_is_here(r));
}

int
admin_start(struct probe_run *pr)
{
	struct admin *a = pr->priv;
	const struct run *r = pr->run;

	a->pr = pr;
	a->script = -1;
	a->local = r->opt->admin == NULL;
	if (!a->local && target_parse(&a->login, r->opt->admin, a->last, sizeof a->last) != 0) {
		say_result(a, "failed", -1, a->last);
		return -1;
	}
	if ((a->out = malloc(OUT_MAX)) == NULL || make_script(a) != 0 ||
	    (a->local ? start_script(a) : start_config(a)) != 0) {
		say_result(a, "error", -1, "out of memory");
		if (a->script >= 0)
			close(a->script);
		free(a->out);
		return -1;
	}
	return 0;
}

void
admin_cancel(struct probe_run *pr)
{
	struct admin *a = pr->priv;

	if (a->child != NULL)
		child_kill_now(a->child); /* its end finishes */
}
