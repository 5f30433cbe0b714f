/*
 * Probe "otherkey": where the server shows a host key that is not the known one, whether it still
 * holds a known key of another type. A second connection offers only the types that known_hosts has and
 * the first did not show; it ends with the key exchange, in which the server proves
 * to hold what it shows. Whether it is the known one is for the reducer to join. One row in probes.c.
 */
#include <stdio.h>
#include <string.h>

#include "probes.h"
#include "second.h"

enum { ALGS_MAX = 256 };

struct otherkey {
	struct probe_run *pr;
	struct second *second;
	char algs[ALGS_MAX]; /* what is asked for */
	bool over;
	uint64_t start_us;
};

_Static_assert(sizeof(struct otherkey) <= OTHERKEY_PRIV, "room for the probe's memory");

static void
on_gone(void *arg)
{
	probe_done(((struct otherkey *)arg)->pr);
}

static void
finish(struct otherkey *o, const char *result, const char *text, const char *type, const char *fp)
{
	struct evidence ev;

	if (o->over)
		return;
	o->over = true;
	ev_init(&ev, EV_HOSTKEY_OTHER);
	ev_str(&ev, K_RESULT, result);
	ev_str(&ev, K_TYPE, type);
	ev_str(&ev, K_FP, fp);
	ev_str(&ev, K_OURS, o->algs);
	ev_str(&ev, K_TEXT, text);
	ev_int(&ev, K_TOOK_US, (int64_t)(probe_now(o->pr) - o->start_us));
	probe_emit(o->pr, &ev);
	if (o->second != NULL)
		second_end(o->second);
	o->second = NULL;
}

static void
on_reached(void *arg, enum kex_stage stage)
{
	(void)arg;
	(void)stage;
}

static void
on_exchanged(void *arg, ssh_session ssh)
{
	struct otherkey *o = arg;
	char type[KEY_TYPE_MAX], fp[FINGERPRINT_MAX];

	if (second_hostkey(ssh, type, fp) == 0)
		finish(o, "shown", NULL, type, fp);
	else
		finish(o, "failed", "the key cannot be read", NULL, NULL);
}

static void
on_failed(void *arg, const char *result, const char *text)
{
	finish(arg, result, text, NULL, NULL);
}

static bool
is_type(const char *type, const char *alg, size_t len)
{
	static const char *const rsa[] = { "rsa-sha2-512", "rsa-sha2-256" };

	for (size_t i = 0; strcmp(type, "ssh-rsa") == 0 && i < 2; i++)
		if (strlen(rsa[i]) == len && memcmp(rsa[i], alg, len) == 0)
			return true;
	return strlen(type) == len && memcmp(type, alg, len) == 0;
}

/* Whether known_hosts has a key of the algorithm's type, and the server showed one of another. */
static bool
is_wanted(const struct run *r, struct namelist alg)
{
	if (is_type(r->hostkey_type, alg.s, alg.len))
		return false;
	for (int i = 0; i < r->nknown; i++)
		if (!r->known[i].ca && !r->known[i].revoked && !r->known[i].bare &&
		    is_type(r->known[i].type, alg.s, alg.len))
			return true;
	return false;
}

/* Of what the server offers, in its order: what is worth asking for. */
static void
put_algs(const struct run *r, struct otherkey *o)
{
	struct namelist list = namelist_of(r->server_hostkeys), alg;
	struct strbuf sb;

	sb_init(&sb, o->algs, sizeof o->algs);
	while (namelist_next(&list, &alg)) {
		if (!is_wanted(r, alg) || sb.len + alg.len + 2 > sizeof o->algs)
			continue;
		if (sb.len > 0)
			sb_putc(&sb, ',');
		sb_add(&sb, alg.s, alg.len);
	}
}

int
otherkey_start(struct probe_run *pr)
{
	static const struct second_does does = { NULL, on_reached, on_exchanged, on_failed,
		on_gone };
	static const struct sock_want as_ssh;
	struct otherkey *o = pr->priv;
	struct run *r = pr->run;
	const char *text;

	o->pr = pr;
	o->start_us = probe_now(pr);
	if (r->chosen < 0)
		return -1;
	put_algs(r, o);
	if (o->algs[0] == '\0')
		return -1; /* the server has no such key, or none is known */
	o->second = second_new(pr, &r->addrs[r->chosen], &as_ssh, o->algs, &does, o, &text);
	if (o->second == NULL) {
		finish(o, "failed", text, NULL, NULL);
		return -1;
	}
	return 0;
}

void
otherkey_cancel(struct probe_run *pr)
{
	finish(
	    pr->priv, "failed", pr->deadline_hit ? "no answer in time" : "cancelled", NULL, NULL);
}
