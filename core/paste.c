/* Texts into lines of evidence, without a connection. See paste.h. */
#include "paste.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "evidence.h"
#include "recognise/recognise.h"

enum { CHUNK = 64 * 1024, DEFAULT_PORT = 22 };

struct paste {
	struct replay *replay;
	const struct target *target;
	int64_t now;
	int32_t utc_offset;
	uint16_t texts;
	bool failed; /* out of memory */
	struct recognise_case
	    found; /* what the texts say of their case, where there is no target */
	char line[EV_LINE_MAX], chunk[CHUNK];
};

struct paste *
paste_new(struct replay *r, const struct target *target, int64_t now, int32_t utc_offset)
{
	struct paste *p = calloc(1, sizeof *p);

	if (p == NULL)
		return NULL;
	p->replay = r;
	p->target = target;
	p->now = now;
	p->utc_offset = utc_offset;
	return p;
}

void
paste_free(struct paste *p)
{
	free(p);
}

static void
keep(void *arg, struct evidence *ev)
{
	struct paste *p = arg;
	size_t len = ev_encode(ev, p->line, sizeof p->line);

	if (replay_add(p->replay, p->line, len) != 0)
		p->failed = true;
}

static void
learn_case(struct paste *p, const struct recognise_case *found)
{
	if (p->found.host[0] == '\0')
		text_copy(p->found.host, sizeof p->found.host, found->host);
	if (p->found.user[0] == '\0')
		text_copy(p->found.user, sizeof p->found.user, found->user);
	if (p->found.port == 0)
		p->found.port = found->port;
}

static int
complain(FILE *messages, const char *name, const char *why)
{
	fprintf(messages, "sshmedic: %s: %s\n", name, why);
	return -1;
}

int
paste_read(struct paste *p, FILE *in, const char *name, FILE *messages)
{
	const struct target *t = p->target;
	struct recognise_options opt = { .clock = ++p->texts,
		.name = name,
		.host = t != NULL ? t->host : p->found.host,
		.user = t != NULL ? t->user : p->found.user,
		.port = (uint16_t)(t != NULL && t->port != 0 ? t->port : p->found.port),
		.client = true,
		.now = p->now,
		.utc_offset = p->utc_offset,
		.say = keep,
		.arg = p };
	struct recogniser *r = recognise_new(&opt);
	size_t n, seen = 0;

	if (r == NULL)
		return complain(messages, name, "out of memory");
	while (seen < PASTE_BYTES && (n = fread(p->chunk, 1, sizeof p->chunk, in)) > 0) {
		recognise_feed(r, p->chunk, n);
		seen += n;
	}
	if (seen >= PASTE_BYTES)
		complain(messages, name, "too long; the rest is not read");
	recognise_end(r, ferror(in) != 0 || seen >= PASTE_BYTES);
	learn_case(p, recognise_found(r));
	recognise_free(r);
	if (ferror(in))
		return complain(messages, name, strerror(errno));
	return p->failed ? complain(messages, name, "out of memory") : 0;
}

/* "alice@web1", as a person would have typed it. */
static void
put_input(const struct recognise_case *c, struct strbuf *sb)
{
	if (c->user[0] != '\0' && c->host[0] != '\0')
		sb_printf(sb, "%s@", c->user);
	sb_puts(sb, c->host);
}

/* A setting as ssh -G would have it: what is known of the case, or ssh's default. */
static void
say_setting(struct paste *p, const char *name, const char *value)
{
	struct evidence ev;

	if (value[0] == '\0')
		return;
	ev_init(&ev, EV_CONFIG_VALUE);
	ev.vantage = VANTAGE_PASTED;
	ev_str(&ev, K_NAME, name);
	ev_str(&ev, K_VALUE, value);
	keep(p, &ev);
}

static void
say_settings(struct paste *p, const struct target *t, const struct recognise_case *c)
{
	int64_t port = t != NULL && t->port != 0 ? t->port : c->port != 0 ? c->port : DEFAULT_PORT;
	char text[24];

	snprintf(text, sizeof text, "%" PRId64, port);
	say_setting(p, "port", text);
	say_setting(p, "hostname", c->host[0] != '\0' ? c->host : t != NULL ? t->host : "");
	say_setting(p, "user", t != NULL && t->user[0] != '\0' ? t->user : c->user);
}

int
paste_end(struct paste *p)
{
	const struct target *t = p->target;
	const struct recognise_case *c = &p->found;
	char input[600];
	struct strbuf sb;
	struct evidence ev;

	say_settings(p, t, c);

	sb_init(&sb, input, sizeof input);
	put_input(c, &sb);
	ev_init(&ev, EV_RUN_START);
	ev_str(&ev, K_INPUT, t != NULL ? t->input : input);
	ev_str(&ev, K_HOST, t != NULL ? t->host : c->host);
	ev_str(&ev, K_USER, t != NULL && t->user[0] != '\0' ? t->user : c->user);
	ev_int(&ev, K_PORT, t != NULL && t->port != 0 ? t->port : c->port == 22 ? 0 : c->port);
	ev_str(&ev, K_ARGS, "");
	ev_str(&ev, K_SOURCE, "text");
	ev_str(&ev, K_VERSION, SSHMEDIC_VERSION);
	ev_int(&ev, K_NOW, p->now);
	keep(p, &ev);
	ev_init(&ev, EV_RUN_END);
	ev_str(&ev, K_REASON, "done");
	ev_int(&ev, K_CONNECTIONS, 0);
	ev_int(&ev, K_FAILED_AUTH, 0);
	keep(p, &ev);
	return p->failed ? -1 : 0;
}
