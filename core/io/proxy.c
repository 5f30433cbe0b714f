/* Jump hosts and proxy commands as children; see proxy.h. */
#include "proxy.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "child.h"

enum { PROXY_WORDS = 24, PROXY_TEXT = 4096, LINES_MAX = 2000 /* a child may talk for ever */ };

struct proxy {
	struct probe_run *pr; /* NULL once muted */
	struct child *child;  /* NULL once ended */
	uint64_t start_us;
	int lines;
	bool freed;
	void (*ended)(void *);
	void *arg;
	char via[1024], port[8], where[TARGET_HOST_MAX + 16]; /* words of the argv */
	struct target hop;
	char command[PROXY_TEXT];
};

/* ---- what to run -------------------------------------------------------------- */

struct argv {
	char *v[PROXY_WORDS + 1];
	int n;
};

static void
add(struct argv *a, const char *word)
{
	if (a->n < PROXY_WORDS)
		a->v[a->n++] = (char *)word;
}

/* The user's -F file is the jump host's as well; other options are not, as in ssh. */
static const char *
config_file(const struct run_options *opt)
{
	const char *file = NULL;

	for (size_t i = 0; i < opt->nargs; i++) {
		if (strcmp(opt->args[i], "-F") == 0 && i + 1 < opt->nargs)
			file = opt->args[i + 1];
		else if (strncmp(opt->args[i], "-F", 2) == 0 && opt->args[i][2] != '\0')
			file = opt->args[i] + 2;
	}
	return file;
}

/* ssh reaches the last hop of a chain through the ones before it. */
static int
jump_argv(struct proxy *p, const struct run *r, struct argv *a)
{
	const char *last = strrchr(r->cfg->proxyjump, ',');
	char err[160];

	snprintf(p->via, sizeof p->via, "%.*s", last == NULL ? 0 : (int)(last - r->cfg->proxyjump),
	    r->cfg->proxyjump);
	if (target_parse(&p->hop, last == NULL ? r->cfg->proxyjump : last + 1, err, sizeof err) !=
	    0)
		return -1;
	snprintf(p->where, sizeof p->where, "[%s]:%d", r->cfg->hostname, r->cfg->port);
	add(a, r->opt->ssh != NULL ? r->opt->ssh : "ssh");
	if (config_file(r->opt) != NULL) {
		add(a, "-F");
		add(a, config_file(r->opt));
	}
	if (p->via[0] != '\0') {
		add(a, "-J");
		add(a, p->via);
	}
	if (p->hop.user[0] != '\0') {
		add(a, "-l");
		add(a, p->hop.user);
	}
	if (p->hop.port != 0) {
		snprintf(p->port, sizeof p->port, "%d", p->hop.port);
		add(a, "-p");
		add(a, p->port);
	}
	add(a, "-v");
	add(a, "-oBatchMode=yes");
	add(a, "-oControlMaster=no"); /* a new master would stay behind in the background */
	add(a, "-W");
	add(a, p->where);
	add(a, "--");
	add(a, p->hop.host);
	return 0;
}

/* %h %p %r %n %% of ssh_config(5) ProxyCommand; other tokens stay for ssh to explain. */
static void
expand(struct strbuf *sb, const struct run *r)
{
	char port[8];

	snprintf(port, sizeof port, "%d", r->cfg->port);
	for (const char *s = r->cfg->proxycommand; *s != '\0'; s++) {
		if (*s != '%' || s[1] == '\0') {
			sb_putc(sb, *s);
			continue;
		}
		switch (*++s) {
		case 'h': sb_puts(sb, r->cfg->hostname); break;
		case 'p': sb_puts(sb, port); break;
		case 'r': sb_puts(sb, r->cfg->user); break;
		case 'n': sb_puts(sb, r->t->host); break;
		case '%': sb_putc(sb, '%'); break;
		default: sb_printf(sb, "%%%c", *s);
		}
	}
}

/* As ssh does: the user's shell, which is replaced by the command. */
static int
command_argv(struct proxy *p, const struct run *r, struct argv *a)
{
	const char *shell = getenv("SHELL");
	struct strbuf sb;

	sb_init(&sb, p->command, sizeof p->command);
	sb_puts(&sb, "exec ");
	expand(&sb, r);
	add(a, shell != NULL && shell[0] != '\0' ? shell : "/bin/sh");
	add(a, "-c");
	add(a, p->command);
	return sb.cut ? -1 : 0;
}

/* ---- evidence --------------------------------------------------------------------- */

static void
say_result(struct proxy *p, const char *result, const char *text, int status, int sig)
{
	struct evidence ev;
	char name[16];

	if (p->pr == NULL)
		return;
	ev_init(&ev, EV_PROXY_RESULT);
	ev_str(&ev, K_RESULT, result);
	ev_str(&ev, K_TEXT, text);
	if (sig != 0) {
		snprintf(name, sizeof name, "%d", sig);
		ev_str(&ev, K_SIGNAL, name);
	} else if (status >= 0) {
		ev_int(&ev, K_EXIT, status);
	}
	ev_int(&ev, K_TOOK_US, (int64_t)(probe_now(p->pr) - p->start_us));
	probe_emit_from(p->pr, &ev, VANTAGE_CLIENT, 0);
}

static void
say_start(struct proxy *p, const struct argv *a)
{
	char text[PROXY_TEXT];
	struct strbuf sb;
	struct evidence ev;

	sb_init(&sb, text, sizeof text);
	for (int i = 0; i < a->n; i++) {
		if (i > 0)
			sb_putc(&sb, ' ');
		text_shell_quote(&sb, a->v[i]);
	}
	ev_init(&ev, EV_PROXY_RESULT);
	ev_str(&ev, K_RESULT, "started");
	ev_str(&ev, K_COMMAND, text);
	probe_emit_from(p->pr, &ev, VANTAGE_CLIENT, 0);
}

static void
on_line(void *arg, enum child_stream stream, const char *line, size_t len)
{
	struct proxy *p = arg;
	struct evidence ev;

	(void)stream;
	if (p->pr == NULL || p->lines++ >= LINES_MAX)
		return;
	ev_init(&ev, EV_PROXY_LINE);
	ev_mem(&ev, K_TEXT, line, len);
	ev_int(&ev, K_LEVEL, len > 6 && memcmp(line, "debug", 5) == 0);
	probe_emit_from(p->pr, &ev, VANTAGE_CLIENT, 0);
}

static void
on_end(void *arg, int error, int status, int sig)
{
	struct proxy *p = arg;

	p->child = NULL;
	if (error != 0)
		say_result(p, "failed", uv_strerror(error), -1, 0);
	else
		say_result(p, "ended", NULL, status, sig);
	if (p->freed)
		free(p);
	else if (p->pr != NULL)
		p->ended(p->arg);
}

/* ---- life ----------------------------------------------------------------------------- */

struct proxy *
proxy_new(struct probe_run *pr, int *fd, void (*ended)(void *), void *arg)
{
	static const struct child_callbacks cb = { on_line, on_end };
	struct proxy *p = calloc(1, sizeof *p);
	const struct run *r = pr->run;
	struct argv a = { .n = 0 };
	int pair[2], bad;

	if (p == NULL)
		abort();
	p->pr = pr;
	p->ended = ended;
	p->arg = arg;
	p->start_us = probe_now(pr);
	bad = r->cfg->proxyjump[0] != '\0' ? jump_argv(p, r, &a) : command_argv(p, r, &a);
	if (bad != 0 || socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0) {
		say_result(
		    p, "failed", bad ? "the proxy's name cannot be used" : strerror(errno), -1, 0);
		free(p);
		return NULL;
	}
	pr->run->connections++;
	say_start(p, &a);
	p->child = child_start_pipe(probe_loop(pr), a.v, pair[1], pair[1], &cb, p);
	close(pair[1]);
	*fd = pair[0];
	return p;
}

void
proxy_untested(struct probe_run *pr)
{
	struct evidence ev;

	ev_init(&ev, EV_PROXY_RESULT);
	ev_str(&ev, K_RESULT, "untested");
	ev_str(&ev, K_TEXT, "ProxyUseFdpass: only ssh itself takes over what the command opens");
	probe_emit(pr, &ev);
}

bool
proxy_ended(const struct proxy *p)
{
	return p->child == NULL;
}

void
proxy_mute(struct proxy *p)
{
	p->pr = NULL;
}

void
proxy_free(struct proxy *p)
{
	if (p == NULL)
		return;
	p->pr = NULL;
	p->freed = true;
	if (p->child == NULL)
		free(p);
	else
		child_kill(p->child);
}
