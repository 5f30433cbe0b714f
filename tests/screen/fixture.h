/*
 * A diagnosis made by hand for the tests of the screen: a refused key with a
 * warning beside it, in several states. Included by the tests in this folder.
 */
#ifndef SSHMEDIC_TESTS_SCREEN_FIXTURE_H
#define SSHMEDIC_TESTS_SCREEN_FIXTURE_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/diag.h"
#include "core/fix.h"
#include "core/rule.h"
#include "tui/panel.h"
#include "tui/walking.h"

static const struct rule fx_rejected = {
	.id = "auth-key-rejected",
	.layer = LAYER_AUTHENTICATION,
	.severity = SEV_FAIL,
	.certainty = CERTAIN_PROVEN,
	.summary = "The server accepted none of the {keys_refused} keys offered for user {user}.",
	.why = "Each key was asked about and the server said no to each, so the account does not "
	       "list them, or the server "
	       "may not read the list.",
	.decide = "the server's log of this attempt, which names the reason for each key",
	.candidates = { "auth-key-not-listed", "auth-strictmodes" },
};

static const struct rule fx_slow = {
	.id = "slow-usedns",
	.layer = LAYER_PERFORMANCE,
	.severity = SEV_WARN,
	.certainty = CERTAIN_LIKELY,
	.summary = "2.1 s passed before authentication began: a reverse look-up on the server?",
	.why = "The phase took far longer than two round trips.",
};

static const struct rule fx_info = {
	.id = "hostkey-ok",
	.layer = LAYER_TRANSPORT,
	.severity = SEV_INFO,
	.certainty = CERTAIN_PROVEN,
	.summary = "The host key matches {known_file} line {known_line} (日本語).",
	.why = "",
};

static const struct fix fx_fixes[] = {
	{ .id = "install-key",
	    .title = "Add this public key on the server",
	    .side = SIDE_SERVER,
	    .kind = FIX_CHANGE,
	    .command = "ssh-copy-id -i {key_path} {dest}",
	    .words = "Adds the public half to authorized_keys of {user}.",
	    .risk = RISK_LOW,
	    .takes = "<1 min",
	    .undo = "remove the last line of ~/.ssh/authorized_keys",
	    .recheck = "auth" },
	{ .id = "other-key",
	    .title = "Log in with another key",
	    .side = SIDE_CLIENT,
	    .kind = FIX_CONNECT,
	    .command = "ssh -i ~/.ssh/other {dest}",
	    .risk = RISK_NONE,
	    .takes = "<1 min",
	    .recheck = "keys" },
	{ .id = "ask-admin",
	    .title = "Ask the administrator for the log",
	    .side = SIDE_SERVER,
	    .kind = FIX_MANUAL,
	    .words = "Ask for the lines of sshd at this time.",
	    .risk = RISK_NONE,
	    .takes = "5 min" },
};

static const char *const fx_lines[] = {
	"0 0.0.0 client/0 run.start input=ops@web-07 host=web-07 user=ops port=22 version=0.1.0 "
	"now=1795000000 home=1",
	"1200 0.0.0 client/0 config.result result=ok took_us=9000",
	"12000 0.0.0 client/0 resolve.addr addr=192.0.2.7 family=inet order=0",
	"12100 0.0.0 client/0 resolve.result name=web-07.example.net result=ok count=1 "
	"took_us=11000",
	"33000 0.0.0 client/0 tcp.result addr=192.0.2.7 port=22 order=0 result=open rtt_us=20100 "
	"took_us=21000",
	"53000 0.0.0 client/0 banner.ident text=\"SSH-2.0-OpenSSH_9.6p1 Ubuntu-3ubuntu13\" "
	"proto=2.0 software=OpenSSH_9.6p1 took_us=20000",
	"225000 0.0.0 client/0 kex.agreed kex=sntrup761x25519-sha512@openssh.com "
	"hostkey=ssh-ed25519 "
	"cipher_cs=chacha20-poly1305@openssh.com cipher_sc=chacha20-poly1305@openssh.com "
	"mac_cs=\"\" mac_sc=\"\"",
	"226000 0.0.0 client/0 hostkey.offered type=ssh-ed25519 "
	"fp=SHA256:7qkLmYvC1YkDk5cSu0pFv3Yw8Qw3uZ3yq1w7Z8xZx0A bits=256",
	"2312000 0.0.0 client/0 auth.methods methods=publickey,keyboard-interactive "
	"took_us=2087000",
	"2711000 0.0.0 client/0 auth.query fp=SHA256:Uo1aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa9aE "
	"type=ssh-ed25519 "
	"name=\"/home/ops/.ssh/id_ed25519 (日本語 \xc3\xa9)\" from=file listed=1 order=1 "
	"answer=refused took_us=399000",
	"3072000 0.0.0 client/0 auth.query fp=SHA256:Vo1aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa9aE "
	"type=ecdsa-sha2-nistp256 "
	"name=ops@laptop from=agent listed=1 order=2 answer=refused took_us=361000",
	"3427000 0.0.0 client/0 auth.query fp=SHA256:Wo1aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa9aE "
	"type=ssh-rsa name=deploy "
	"from=agent listed=1 order=3 answer=refused took_us=355000",
	"3429000 0.0.0 client/0 auth.end reason=disconnect code=2 text=\"Too many authentication "
	"failures\"",
	"3430000 0.0.0 client/0 run.end reason=done connections=1 failed_auth=3 took_us=3430000",
};
enum { FX_LINES = sizeof fx_lines / sizeof fx_lines[0] };

static const struct {
	enum phase p;
	int64_t start_us, took_us, budget_us;
} fx_phases[] = {
	{ PH_CONFIG, 0, 9000, 300000 },
	{ PH_RESOLVE, 1000, 11000, 300000 },
	{ PH_TCP, 12000, 21000, 70000 },
	{ PH_BANNER, 33000, 20000, 220000 },
	{ PH_KEX, 53000, 172000, 340000 },
	{ PH_AUTHNONE, 225000, 2087000, 290000 },
	{ PH_AUTHKEYS, 2312000, 1115000, 1200000 },
};

struct fixture {
	struct diag d;
	struct logidx *log;
	struct view v;
	struct keymap keys;
	struct fixing fixing;
	struct walking walking;
	struct ev_line *line[FX_LINES];
};

static inline struct ev_line *
fx_line(uint32_t n, const char *text)
{
	size_t len = strlen(text);
	struct ev_line *l = malloc(sizeof *l + len + 1);

	l->n = n;
	l->len = (uint32_t)len;
	memcpy(l->text, text, len + 1);
	return l;
}

static inline void
fx_slot(struct diag *d, enum slot s, const char *text)
{
	slot_fill(d, s, text);
}

static inline void
fx_words(struct diag *d)
{
	fx_slot(d, SLOT_HOST, "web-07");
	fx_slot(d, SLOT_HOSTNAME, "web-07.example.net");
	fx_slot(d, SLOT_PORT, "22");
	fx_slot(d, SLOT_USER, "ops");
	fx_slot(d, SLOT_DEST, "ops@web-07");
	fx_slot(d, SLOT_VIA, "bastion");
	fx_slot(d, SLOT_KEYS_REFUSED, "3");
	fx_slot(d, SLOT_KNOWN_FILE, "/home/ops/.ssh/known_hosts");
	fx_slot(d, SLOT_KNOWN_LINE, "14");
	fx_slot(d, SLOT_KEY_PATH, "/home/ops/.ssh/id_ed25519");
}

static inline void
fx_probe(struct diag *d, const char *name, enum layer l, uint64_t start, uint64_t end,
    uint32_t deadline_ms)
{
	struct diag_probe *p = &d->probes[d->nprobes++];

	snprintf(p->name, sizeof p->name, "%s", name);
	p->layer = l;
	p->start_us = start;
	p->end_us = end;
	p->ended = end != 0;
	p->running = end == 0;
	p->deadline_ms = deadline_ms;
}

static inline void
fx_layer(struct diag *d, enum layer l, enum layer_state s, uint64_t start, uint64_t end)
{
	d->layers[l] = (struct diag_layer){
		.state = s, .began = end > 0, .ended = true, .start_us = start, .end_us = end
	};
}

/* All is over: a key rejected, a warning, a remark, three fixes. */
static inline void
fx_failed(struct diag *d)
{
	fx_probe(d, "config", LAYER_TRANSPORT, 0, 9000, 10000);
	fx_probe(d, "resolve", LAYER_TRANSPORT, 1000, 12000, 10000);
	fx_probe(d, "tcp", LAYER_TRANSPORT, 12000, 33000, 10000);
	fx_probe(d, "wire", LAYER_TRANSPORT, 33000, 230000, 10000);
	fx_probe(d, "agent", LAYER_AUTHENTICATION, 225000, 230000, 3000);
	fx_probe(d, "auth", LAYER_AUTHENTICATION, 230000, 3430000, 10000);
	fx_layer(d, LAYER_TRANSPORT, LS_PASS, 0, 230000);
	fx_layer(d, LAYER_AUTHENTICATION, LS_FAIL, 230000, 3430000);
	fx_layer(d, LAYER_SESSION, LS_SKIP, 0, 0);
	fx_layer(d, LAYER_PERFORMANCE, LS_WARN, 0, 3430000);
	d->findings[0] =
	    (struct finding){ &fx_rejected, CERTAIN_PROVEN, SEV_FAIL, { 10, 11, 12 }, 3 };
	d->findings[1] = (struct finding){ &fx_slow, CERTAIN_LIKELY, SEV_WARN, { 9 }, 1 };
	d->findings[2] = (struct finding){ &fx_info, CERTAIN_PROVEN, SEV_INFO, { 8 }, 1 };
	d->nfindings = 3;
	d->candidates[0] = catalogue_by_id("auth-key-not-listed");
	d->candidates[1] = catalogue_by_id("auth-strictmodes");
	d->ncandidates = 2;
	for (int i = 0; i < 3; i++)
		d->fixes[i] = (struct diag_fix){ &fx_fixes[i], i == 2 ? 1 : 0 };
	d->nfixes = 3;
	d->verdict = (struct verdict){
		.rule = &fx_rejected, .certainty = CERTAIN_PROVEN, .final = true, .finding = 0
	};
	d->ended = true;
	d->last_us = 3430000;
	d->connections = 1;
	d->failed_auth = 3;
	for (size_t i = 0; i < sizeof fx_phases / sizeof fx_phases[0]; i++)
		d->phases[fx_phases[i].p] = (struct diag_phase){ .seen = true,
			.start_us = fx_phases[i].start_us,
			.took_us = fx_phases[i].took_us,
			.budget_us = fx_phases[i].budget_us,
			.over = fx_phases[i].took_us > fx_phases[i].budget_us + 300000 };
	d->rtt_us = 20100;
}

/* The login works; nothing was found. */
static inline void
fx_healthy(struct diag *d)
{
	for (int l = 0; l < LAYER__COUNT; l++)
		fx_layer(d, (enum layer)l, LS_PASS, 0, 400000);
	d->verdict = (struct verdict){
		.certainty = CERTAIN_PROVEN, .healthy = true, .final = true, .finding = -1
	};
	d->ended = true;
	d->last_us = 400000;
}

/* In the middle of it: the third probe of the transport runs. */
static inline void
fx_running(struct diag *d)
{
	fx_probe(d, "config", LAYER_TRANSPORT, 0, 9000, 10000);
	fx_probe(d, "resolve", LAYER_TRANSPORT, 1000, 12000, 10000);
	fx_probe(d, "tcp", LAYER_TRANSPORT, 12000, 0, 10000);
	d->layers[LAYER_TRANSPORT] = (struct diag_layer){ .state = LS_RUN, .began = true };
	d->verdict.finding = -1;
	d->last_us = 33000;
}

static inline void
fx_begin(struct fixture *f, bool utf8)
{
	memset(f, 0, sizeof *f);
	diag_init(&f->d, 0, 0);
	f->d.started = true;
	fx_words(&f->d);
	f->log = logidx_new();
	logidx_filter(f->log, 0, 3);
	for (uint32_t i = 0; i < FX_LINES; i++) {
		f->line[i] = fx_line(i + 1, fx_lines[i]);
		logidx_add(f->log, f->line[i]);
	}
	f->v = (struct view){ .d = &f->d,
		.log = f->log,
		.g = glyphs_get(utf8),
		.now_us = 4100000,
		.live = true,
		.input = "ops@web-07",
		.tag = "",
		.ntargets = 1,
		.focus = PANEL_FINDINGS,
		.follow = true,
		.level = 3,
		.frozen = -1,
		.fixing = &f->fixing,
		.keys = &f->keys };
	keymap_default(&f->keys);
	walker_begin(&f->walking.way, "general");
	f->v.walk = &f->walking;
}

static inline void
fx_end(struct fixture *f)
{
	for (int i = 0; i < FX_LINES; i++)
		free(f->line[i]);
	logidx_free(f->log);
}

#endif
