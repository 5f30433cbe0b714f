/* A change on the server, from its preview to its proof. See serverfix.h. */
#include "serverfix.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../guard.h"
#include "../rule.h"
#include "admin.h"
#include "child.h"
#include "engine_internal.h"

enum { OUT_MAX = 64 * 1024, STEP_MS = 200000, UNDECIDED = -1, HEALTHY = 2 * LAYER__COUNT };

enum step {
	STEP_NONE,
	STEP_LOOK, /* what would make a rule permanent */
	STEP_APPLY,
	STEP_TRY, /* the target is diagnosed again */
	STEP_KEEP,
	STEP_UNDO,
	STEP_REPORT,
	STEP__COUNT
};

struct serverfix {
	struct subject *s;
	enum step step;
	const struct fix *fix; /* NULL of a change that an earlier run of the program made */
	bool local, quit;
	bool armed;      /* applied, and neither kept nor undone */
	int standing;    /* of the target's login before the change */
	char trial[160]; /* a sentence: how it went after the change */
	char id[GUARD_ID], token[GUARD_ID];
	/*
	 * What makes the rule of a firewall permanent that is made now or was kept last, by what was known before
	 * it let the login in; NULL: nothing.
	 */
	const struct fix *keep;
	char of[GUARD_ID], place[GUARD_TEXT], keeps[40], from[64]; /* its change, once kept */
	char seen[64];                                             /* what was shown of it */
	struct target login;                                       /* of the admin */
	struct child *child;
	uv_timer_t limit;
	int script; /* a file in memory, -1 */
	char *out;  /* what the script printed, OUT_MAX */
	size_t len;
	char last[512]; /* the last line on stderr */
	struct guard_said said;
};

/*
 * The script goes to a file and runs from there, as it keeps a copy of itself; as root where that needs
 * no password. The words are for a POSIX shell and harmless to others; SSH_CONNECTION is that of this very login.
 */
#define RUN_FILE \
	"run=\"f=\\$(mktemp) && cat >\\\"\\$f\\\" && sh \\\"\\$f\\\" \\\"\\$@\\\"; r=\\$?; rm -f " \
	"\\\"\\$f\\\"; exit \\$r\"; "
#define AS_ROOT \
	"if [ \"$(id -u)\" != 0 ] && sudo -n -k sh -c : </dev/null >/dev/null 2>&1; " \
	"then exec sudo -n -k sh -c \"$run\" guard \"$@\"; else exec sh -c \"$run\" guard " \
	"\"$@\"; fi"

static const char run_here[] = RUN_FILE "set -- connection= \"login=$(id -un)\"; " AS_ROOT;
static const char run_there[] =
    "sh -c '" RUN_FILE "set -- \"connection=$SSH_CONNECTION\" \"login=$(id -un)\"; " AS_ROOT "'";

/* ---- evidence ------------------------------------------------------------------ */

static void
begin(struct serverfix *x, struct evidence *ev, enum ev_kind kind)
{
	ev_init(ev, kind);
	ev_str(ev, K_FIX,
	    x->fix != NULL           ? x->fix->id
	    : x->said.fix[0] != '\0' ? x->said.fix
				     : NULL);
	ev_str(ev, K_SIDE, fix_side_name(SIDE_SERVER));
	ev_str(ev, K_HOST, x->local ? NULL : x->s->opt.admin);
	ev_str(ev, K_ID, x->id[0] != '\0' ? x->id : NULL);
}

static void
say(struct serverfix *x, struct evidence *ev)
{
	engine_say(x->s, ev, VANTAGE_CLIENT, 0);
}

static void
say_failed(struct serverfix *x, const char *reason, const char *text)
{
	struct evidence ev;

	begin(x, &ev, EV_FIX_FAILED);
	ev_str(&ev, K_REASON, reason);
	ev_str(&ev, K_TEXT, text);
	ev_str(&ev, K_COMMAND, x->said.command[0] != '\0' ? x->said.command : NULL);
	say(x, &ev);
}

static void
say_preview(struct serverfix *x, const struct guard_words *w)
{
	struct evidence ev;
	char list[GUARD_TEXT];

	text_copy(list, sizeof list, w->touches != NULL ? w->touches : "");
	for (char *p = list; (p = strchr(p, '\n')) != NULL;)
		*p = ' ';
	begin(x, &ev, EV_FIX_PREVIEW);
	ev_str(&ev, K_COMMAND, w->edit);
	ev_str(&ev, K_NEXT, w->then);
	ev_str(&ev, K_PATH, list[0] != '\0' ? list : NULL);
	say(x, &ev);
}

/* A line of what a look found. */
struct looked {
	struct serverfix *x;
	int64_t n;
};

static void
say_line(void *arg, const char *line)
{
	struct looked *l = arg;
	struct evidence ev;

	begin(l->x, &ev, EV_FIX_PREVIEW);
	ev_int(&ev, K_LINE, ++l->n);
	ev_str(&ev, K_TEXT, line);
	say(l->x, &ev);
}

static void
say_applied(struct serverfix *x)
{
	struct evidence ev;

	begin(x, &ev, EV_FIX_APPLIED);
	if (x->said.folder[0] != '\0') { /* a report does not say it again */
		ev_str(&ev, K_PATH, x->said.folder);
		ev_int(&ev, K_DEADLINE_MS, x->said.window_s * 1000);
	}
	ev_str(&ev, K_TEXT, x->said.out[0] != '\0' ? x->said.out : NULL);
	say(x, &ev);
}

static void
say_kept(struct serverfix *x)
{
	struct evidence ev;

	begin(x, &ev, EV_FIX_KEPT);
	ev_str(&ev, K_TEXT, x->trial[0] != '\0' ? x->trial : x->said.why);
	say(x, &ev);
}

static void
say_undone(struct serverfix *x, const char *text)
{
	struct evidence ev;

	begin(x, &ev, EV_FIX_UNDONE);
	ev_str(&ev, K_REASON, x->said.reason[0] != '\0' ? x->said.reason : NULL);
	ev_str(&ev, K_TEXT, text);
	if (x->said.restored >= 0)
		ev_int(&ev, K_COUNT, x->said.restored);
	if (x->said.wrong > 0) {
		ev_int(&ev, K_LINES, x->said.wrong);
		ev_str(&ev, K_ERR, x->said.remark);
	}
	say(x, &ev);
}

/* ---- how the target's login stands --------------------------------------------------- */

/* How far it comes: the higher the better. */
static int
standing_of(const struct diag *d)
{
	if (d == NULL || (!d->verdict.healthy && d->verdict.rule == NULL))
		return UNDECIDED;
	if (d->verdict.healthy)
		return HEALTHY;
	return 2 * (int)d->verdict.rule->layer + (d->verdict.rule->severity == SEV_UNKNOWN);
}

/* ---- running the script ------------------------------------------------------------------ */

static void step_over(struct serverfix *x, const char *trouble);

static void
on_line(void *arg, enum child_stream stream, const char *line, size_t len)
{
	struct serverfix *x = arg;

	if (stream == CHILD_ERR) {
		if (len > 0)
			text_clean(x->last, sizeof x->last, line, len);
		return;
	}
	if (len + 1 > OUT_MAX - x->len)
		return;
	memcpy(x->out + x->len, line, len);
	x->len += len;
	x->out[x->len++] = '\n';
}

static void
on_end(void *arg, int error, int status, int sig)
{
	struct serverfix *x = arg;

	(void)status;
	x->child = NULL;
	uv_timer_stop(&x->limit);
	close(x->script);
	x->script = -1;
	guard_read(&x->said, x->out, x->len);
	step_over(x, error != 0        ? uv_strerror(error)
		     : x->said.whole   ? NULL
		     : sig != 0        ? "it was ended before it was done"
		     : x->last[0] != 0 ? x->last
				       : "it printed nothing");
}

static void
on_limit(uv_timer_t *timer)
{
	struct serverfix *x = timer->data;

	if (x->child != NULL)
		child_kill_now(x->child); /* its end goes on */
}

static int
start_child(struct serverfix *x)
{
	static const struct child_callbacks cb = { on_line, on_end };
	struct admin_words w = { { NULL }, 0, "" };

	if (x->local) {
		admin_add(&w, "sh");
		admin_add(&w, "-c");
		admin_add(&w, run_here);
	} else {
		admin_add_ssh(&w, &x->s->run);
		admin_add_login(&w, &x->login);
		admin_add(&w, run_there);
	}
	x->child = child_start_input(&x->s->engine->loop, (char *const *)w.v, x->script, &cb, x);
	return x->child != NULL ? 0 : -1;
}

/* Begin a step with these words. Its end calls step_over(). */
static void
run_script(struct serverfix *x, enum step step, const struct guard_words *w)
{
	char *text = malloc(GUARD_MAX);
	struct strbuf sb;

	if (text == NULL)
		abort();
	sb_init(&sb, text, GUARD_MAX);
	x->step = step;
	x->len = 0;
	x->last[0] = '\0';
	memset(&x->said, 0, sizeof x->said);
	x->script = guard_print(&sb, w) == 0 ? admin_script_file(sb.s, sb.len) : -1;
	free(text);
	if (x->script < 0 || start_child(x) != 0) {
		if (x->script >= 0)
			close(x->script);
		x->script = -1;
		step_over(x, "out of memory");
		return;
	}
	uv_update_time(x->limit.loop);
	uv_timer_start(&x->limit, on_limit, STEP_MS, 0);
}

/* Whether a fix makes the rule of another permanent. */
static bool
is_keep(const struct fix *f)
{
	const struct guard_row *row = f != NULL ? guard_row(f) : NULL;

	return row != NULL && row->keeps != NULL;
}

static void
run_again(struct serverfix *x, enum step step, const char *verb)
{
	struct guard_words w = { .verb = verb, .id = x->id, .token = x->token };

	run_script(x, step, &w);
}

/* ---- after each step ------------------------------------------------------------------------ */

static void
on_trial_end(void *arg)
{
	struct serverfix *x = arg;
	struct subject *s = x->s;
	int now = s->cancelled ? UNDECIDED : standing_of(subject_diag(s));

	if (x->step != STEP_TRY || x->quit)
		return;
	x->step = STEP_NONE;
	if (now == UNDECIDED && x->standing != UNDECIDED) {
		say_failed(x, "undecided",
		    "whether the login works now is not known: unless the change is kept, the "
		    "server undoes it");
		return;
	}
	text_copy(x->trial, sizeof x->trial,
	    now == HEALTHY       ? "the login works now"
	    : now > x->standing  ? "the login comes further than before"
	    : now == x->standing ? "the login fails as before: the change can be undone"
				 : "the login got worse");
	if (now < x->standing)
		run_again(x, STEP_UNDO, is_keep(x->fix) ? "fire_one" : "fire");
	else
		run_again(x, STEP_KEEP, "disarm");
}

static void
after_look(struct serverfix *x, const char *trouble)
{
	struct looked l = { .x = x };
	struct evidence ev;

	if (trouble != NULL || x->said.state != GUARD_READY) {
		say_failed(x, trouble != NULL ? "login" : x->said.reason,
		    trouble != NULL          ? trouble
		    : x->said.why[0] != '\0' ? x->said.why
					     : "the script says nothing of it");
		return;
	}
	memcpy(x->seen, x->said.seen, sizeof x->seen);
	guard_read_lines(&x->said, x->out, x->len, say_line, &l);
	if (x->said.remark[0] != '\0')
		say_line(&l, x->said.remark);
	begin(x, &ev, EV_FIX_PREVIEW);
	ev_str(&ev, K_COMMAND, x->said.command[0] != '\0' ? x->said.command : NULL);
	ev_str(&ev, K_PATH, x->said.path);
	say(x, &ev);
}

static void
after_apply(struct serverfix *x, const char *trouble)
{
	struct subject *s = x->s;
	char text[640];

	if (trouble != NULL) {
		snprintf(text, sizeof text,
		    "%.400s: if the change was begun on the server, it is undone there by itself",
		    trouble);
		say_failed(x, x->len == 0 ? "login" : "cut", text);
		return;
	}
	memcpy(x->id, x->said.id, sizeof x->id);
	memcpy(x->token, x->said.token, sizeof x->token);
	if (x->said.state != GUARD_ARMED) {
		say_failed(x, x->said.reason,
		    x->said.why[0] != '\0' ? x->said.why : "the script says nothing of it");
		if (x->said.restored >= 0)
			say_undone(x, x->said.why);
		x->id[0] = '\0';
		return;
	}
	x->armed = true;
	say_applied(x);
	x->step = STEP_TRY;
	s->ended = on_trial_end;
	s->ended_arg = x;
	schedule_begin(s, x->fix->recheck);
}

static void
after_decision(struct serverfix *x, const char *trouble)
{
	char text[640];

	if (trouble == NULL && x->said.state == GUARD_KEPT) {
		x->armed = false;
		if (!is_keep(x->fix))
			memcpy(x->of, x->id, sizeof x->of);
		say_kept(x);
	} else if (trouble == NULL && x->said.state == GUARD_FIRED) {
		x->armed = false;
		if (!is_keep(x->fix) || x->trial[0] == '\0')
			x->keep = NULL; /* there is no rule any more */
		say_undone(x, x->step == STEP_UNDO && x->trial[0] != '\0' ? x->trial : x->said.why);
		schedule_begin(x->s, x->fix != NULL ? x->fix->recheck : ""); /* how it stands now */
	} else if (trouble == NULL) {
		say_failed(x, x->said.reason, x->said.why);
	} else {
		snprintf(text, sizeof text, "the new login of the admin failed (%.400s)%s", trouble,
		    x->armed ? ": unless one works in time, the server undoes the change" : "");
		say_failed(x, "login", text);
	}
}

static void
after_report(struct serverfix *x, const char *trouble)
{
	enum guard_state state = trouble == NULL ? x->said.state : GUARD_NONE;

	if (state == GUARD_ARMED)
		say_applied(x);
	else if (state == GUARD_KEPT)
		say_kept(x);
	else if (state == GUARD_FIRED)
		say_undone(x, x->said.why);
	else
		say_failed(x, trouble != NULL ? "login" : guard_state_name(state),
		    trouble != NULL ? trouble : x->said.why);
	if (state == GUARD_KEPT || state == GUARD_FIRED)
		x->armed = false;
}

static void
step_over(struct serverfix *x, const char *trouble)
{
	static void (*const after[STEP__COUNT])(struct serverfix *, const char *) = {
		[STEP_LOOK] = after_look,
		[STEP_APPLY] = after_apply,
		[STEP_KEEP] = after_decision,
		[STEP_UNDO] = after_decision,
		[STEP_REPORT] = after_report,
	};
	enum step step = x->step;

	x->s->engine->news = true;
	if (x->quit)
		return;
	after[step](x, trouble);
	if (x->step == step)
		x->step = STEP_NONE;
}

/* ---- verbs ------------------------------------------------------------------------------------- */

static struct serverfix *
serverfix_of(struct subject *s)
{
	struct serverfix *x = s->server_fix;

	if (x != NULL)
		return x;
	if ((x = calloc(1, sizeof *x)) == NULL || (x->out = malloc(OUT_MAX)) == NULL)
		abort();
	x->s = s;
	x->script = -1;
	uv_timer_init(&s->engine->loop, &x->limit);
	x->limit.data = x;
	s->server_fix = x;
	return x;
}

/* A wish that comes to nothing before it is one of a fix. */
static void
say_refused(struct subject *s, const char *fix, const char *text)
{
	struct evidence ev;

	ev_init(&ev, EV_FIX_FAILED);
	ev_str(&ev, K_FIX, fix);
	ev_str(&ev, K_SIDE, fix_side_name(SIDE_SERVER));
	ev_str(&ev, K_REASON, "not-now");
	ev_str(&ev, K_TEXT, text);
	engine_say(s, &ev, VANTAGE_CLIENT, 0);
}

/* Why nothing can be done now; NULL where it can. */
static const char *
hindrance(const struct subject *s, const struct serverfix *x)
{
	if (s->active)
		return "a diagnosis is under way: wait for its end";
	if (x->step != STEP_NONE)
		return "another step of a change is under way";
	return NULL;
}

/* Whether the way to the server is there; says so where it is not. */
static bool
find_way(struct serverfix *x)
{
	struct subject *s = x->s;
	const struct diag *d = subject_diag(s);
	char err[256];

	x->local = s->opt.admin == NULL;
	if (d != NULL &&
	    (fact_has(&d->facts, F_HOSTKEY_CHANGED) || fact_has(&d->facts, F_HOSTKEY_REVOKED)))
		say_failed(x, "hostkey", "the server's host key is another than the known one");
	else if (s->run.cfg == NULL || d == NULL)
		say_failed(x, "config", "the target was not diagnosed yet");
	else if (x->local && !admin_is_here(&s->run))
		say_failed(x, "no-admin",
		    "this needs another login that works on the server (--admin), or the server "
		    "itself");
	else if (!x->local && target_parse(&x->login, s->opt.admin, err, sizeof err) != 0)
		say_failed(x, "no-admin", err);
	else
		return true;
	return false;
}

/* The words that make a rule permanent: the diagnosis may know nothing of it any more. */
static int
keep_words(const struct serverfix *x, struct guard_words *w)
{
	if (x->fix != x->keep || x->of[0] == '\0')
		return -1;
	w->fix = x->fix->id;
	w->keeps = x->keeps;
	w->place = x->place;
	w->of = x->of;
	w->seen = x->seen[0] != '\0' ? x->seen : NULL;
	w->client = x->from;
	return 0;
}

/* The words of the fix, or fix.failed. */
static bool
find_words(struct serverfix *x, struct guard_words *w, struct guard_room *room)
{
	const struct run *r = &x->s->run;
	const struct diag *d = subject_diag(x->s);
	const struct run_addr *addr = admin_server_addr(r);

	memset(w, 0, sizeof *w);
	x->said.command[0] = '\0';
	if ((is_keep(x->fix) ? keep_words(x, w) : guard_of_fix(w, room, d, x->fix)) != 0) {
		say_failed(x, "not-this",
		    "this fix is not made from here, or a value that it needs is not known");
		return false;
	}
	w->verb = "apply";
	w->user = r->cfg->user;
	w->port = r->cfg->port;
	if (!is_keep(x->fix))
		w->client = slot_text(d, SLOT_SEEN_FROM);
	w->laddr = addr != NULL ? addr->text : NULL;
	w->here = x->local;
	w->window_s = (int)x->s->opt.window_s;
	return true;
}

/* What will make this rule permanent, if it is one of a firewall. */
static void
note_keep(struct serverfix *x, const struct guard_words *w)
{
	const struct guard_row *row = guard_row(x->fix);
	const struct fix *keep = row->keep != NULL ? fix_by_id(row->keep) : NULL;
	struct guard_room *room = malloc(sizeof *room);
	struct guard_words more = { 0 };

	if (room == NULL)
		abort();
	x->keep = NULL;
	x->of[0] = x->seen[0] = '\0';
	if (keep != NULL && w->client != NULL && strlen(w->client) < sizeof x->from &&
	    guard_of_fix(&more, room, subject_diag(x->s), keep) == 0) {
		x->keep = keep;
		text_copy(x->place, sizeof x->place, more.place);
		text_copy(x->keeps, sizeof x->keeps, more.keeps);
		text_copy(x->from, sizeof x->from, w->client);
	}
	free(room);
}

/* Common to preview and apply. */
static struct serverfix *
look_up(struct subject *s, const char *fix, struct guard_words *w, struct guard_room *room)
{
	struct serverfix *x = serverfix_of(s);
	const struct fix *f = fix_by_id(fix);
	const char *why = hindrance(s, x);

	if (f == NULL || why != NULL) {
		say_refused(s, fix, f == NULL ? "there is no such fix" : why);
		return NULL;
	}
	if (!x->armed) {
		x->id[0] = '\0';
		x->fix = f;
	} else if (x->fix != f) {
		say_refused(
		    s, fix, "a change is applied and not decided yet: keep or undo it first");
		return NULL;
	}
	return find_way(x) && find_words(x, w, room) ? x : NULL;
}

void
serverfix_preview(struct subject *s, const char *fix)
{
	struct guard_words w;
	struct guard_room *room = malloc(sizeof *room);
	struct serverfix *x;

	if (room == NULL)
		abort();
	if ((x = look_up(s, fix, &w, room)) != NULL && is_keep(x->fix) && !x->armed) {
		w.verb = "look";
		w.seen = NULL;
		x->seen[0] = '\0';
		run_script(x, STEP_LOOK, &w);
	} else if (x != NULL) {
		say_preview(x, &w);
	}
	free(room);
}

void
serverfix_apply(struct subject *s, const char *fix)
{
	struct guard_words w;
	struct guard_room *room = malloc(sizeof *room);
	struct serverfix *x;

	if (room == NULL)
		abort();
	if ((x = look_up(s, fix, &w, room)) != NULL && x->armed) {
		say_refused(s, fix, "it is applied already");
	} else if (x != NULL) {
		x->standing = standing_of(subject_diag(s));
		x->trial[0] = '\0';
		if (!is_keep(x->fix)) {
			note_keep(x, &w);
			say_preview(x, &w);
		}
		run_script(x, STEP_APPLY, &w);
	}
	free(room);
}

/* Whether it may name a change, so that it may go into the script. */
static bool
is_id(const char *id)
{
	size_t n = strlen(id);

	return n > 0 && n < GUARD_ID && strspn(id, "0123456789abcdef") == n;
}

/* Take a change of an earlier run of the program as the last one. Returns why not, or NULL. */
static const char *
take_id(struct serverfix *x, const char *id)
{
	if (id == NULL || strcmp(id, x->id) == 0)
		return x->id[0] == '\0' ? "no change was made on the server" : NULL;
	if (!is_id(id))
		return "that is no change on a server";
	if (x->armed)
		return "a change is applied and not decided yet: keep or undo it first";
	snprintf(x->id, sizeof x->id, "%s", id);
	x->token[0] = '\0';
	x->fix = NULL;
	return NULL;
}

static void
decide(struct subject *s, const char *id, enum step step, const char *verb)
{
	struct serverfix *x = serverfix_of(s);
	const char *why = hindrance(s, x);

	if (why == NULL)
		why = take_id(x, id);
	if (why != NULL) {
		say_refused(s, x->fix != NULL ? x->fix->id : NULL, why);
		return;
	}
	x->trial[0] = '\0';
	if (find_way(x))
		run_again(x, step, verb);
}

void
serverfix_keep(struct subject *s)
{
	decide(s, NULL, STEP_KEEP, "disarm");
}

void
serverfix_revert(struct subject *s, const char *id)
{
	decide(s, id, STEP_UNDO, "fire");
}

void
serverfix_report(struct subject *s, const char *id)
{
	decide(s, id, STEP_REPORT, "report");
}

/* ---- life ------------------------------------------------------------------------------------------ */

bool
serverfix_busy(const struct subject *s)
{
	return s->server_fix != NULL && s->server_fix->child != NULL;
}

void
serverfix_quit(struct subject *s)
{
	struct serverfix *x = s->server_fix;

	if (x == NULL || x->quit)
		return;
	x->quit = true;
	if (x->child != NULL)
		child_kill_now(x->child);
	uv_close((uv_handle_t *)&x->limit, NULL);
}

void
serverfix_free(struct subject *s)
{
	if (s->server_fix == NULL)
		return;
	free(s->server_fix->out);
	free(s->server_fix);
	s->server_fix = NULL;
}
