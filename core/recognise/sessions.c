/* The logins of a log. See sessions.h. */
#include "sessions.h"

enum {
	REUSED_S = 24 * 3600, /* a process number may come again after so long */
	GRACE_S = 600,        /* ... after a login's end */
	CHILD_S = 60          /* a session's first lines come so soon after its login */
};

/* ---- which are kept -------------------------------------------------------------------------- */

/* The user whose logins matter: of the case, or whom the text itself names. "" where nobody is named. */
static const char *
wanted_user(const struct recogniser *r)
{
	const char *user = recognise_options(r)->user;

	return user[0] != '\0' ? user : recognise_found(r)->user;
}

static int
port_index(const struct recogniser *r, int64_t port)
{
	const struct recognise_options *opt = recognise_options(r);

	for (int i = 0; port > 0 && i < RECOGNISE_PORTS; i++)
		if (opt->ports[i] == port)
			return i;
	return -1;
}

static bool
later(const struct session *a, const struct session *b)
{
	if (a->note != b->note)
		return b->note;
	if (a->time != b->time && a->time > 0 && b->time > 0)
		return a->time > b->time;
	return a->last > b->last;
}

/* Into the table in place of its earliest row, unless that is later still. */
static void
keep_latest(struct session *table, int n, const struct session *s)
{
	int least = 0;

	for (int i = 1; i < n; i++)
		if (table[i].last == 0 ||
		    (table[least].last != 0 && later(&table[least], &table[i])))
			least = i;
	if (table[least].last == 0 || later(s, &table[least]))
		table[least] = *s;
}

static bool
means_something(const struct session *s)
{
	return s->nsays > 0 || s->accepted || s->refused;
}

static void
finish(struct sessions *all, const struct recogniser *r, int i)
{
	const struct session *s = &all->open[i];
	const char *user = wanted_user(r);
	int port = port_index(r, s->port);

	if (means_something(s)) {
		if (port >= 0)
			keep_latest(&all->ours[port], 1, s);
		else if (s->user[0] == '\0')
			keep_latest(all->nameless, SESSIONS_NAMELESS, s);
		else if (user[0] == '\0' || strcmp(user, s->user) == 0)
			keep_latest(all->user, SESSIONS_USER, s);
	}
	all->used[i] = all->process[i] = all->child[i] = 0;
	if (all->raw == i + 1)
		all->raw = 0;
}

/* ---- which session a line is of --------------------------------------------------------------- */

static int
open_session(struct sessions *all, const struct recogniser *r, const struct login_line *l)
{
	int at = 0;

	for (int i = 0; i < SESSIONS_OPEN; i++) {
		if (all->used[i] < all->used[at])
			at = i;
		if (all->used[at] == 0)
			break;
	}
	if (all->used[at] != 0)
		finish(all, r, at);
	/* All but the statements' texts, which nsays leaves unread. */
	all->open[at] = (struct session){ .process = l->process,
		.first = l->number,
		.last = l->number,
		.time = l->time,
		.begun = (l->flags & LINE_BEGINS) != 0 };
	all->process[at] = l->process;
	all->used[at] = l->number;
	return at;
}

/* Whether the line cannot be of that session. */
static bool
another(const struct session *s, const struct login_line *l)
{
	if ((l->flags & (LINE_BEGINS | LINE_ALONE)) != 0)
		return true;
	if (l->port > 0 && s->port > 0 && l->port != s->port)
		return true;
	if (l->user[0] != '\0' && s->user[0] != '\0' && strcmp(l->user, s->user) != 0)
		return true;
	if (l->addr[0] != '\0' && s->addr[0] != '\0' && l->port > 0 && s->port > 0 &&
	    strcmp(l->addr, s->addr) != 0)
		return true;
	/* A process number comes again, after a day at least of a login that began and did not end. */
	return l->time > 0 && s->time > 0 && l->time - s->time > (s->ended ? GRACE_S : REUSED_S);
}

static int
of_process(const struct sessions *all, uint64_t process)
{
	int found = -1;

	for (int i = 0; i < SESSIONS_OPEN; i++)
		if ((all->process[i] == process || all->child[i] == process) &&
		    (found < 0 || all->used[i] > all->used[found]))
			found = i;
	return found;
}

/*
 * A process that the log did not speak of: up to OpenSSH 9.7 a session's lines come from a child of
 * the login's process. It is that of the login with its port; without a port it is taken for the
 * child of the login that was accepted last.
 */
static int
of_parent(struct sessions *all, const struct login_line *l)
{
	int found = -1;

	for (int i = 0; i < SESSIONS_OPEN; i++) {
		const struct session *s = &all->open[i];

		if (all->used[i] == 0 || !s->accepted || s->process == 0)
			continue;
		if (l->port > 0 ? l->port != s->port || strcmp(l->addr, s->addr) != 0
				: all->child[i] != 0 || s->ended ||
				      (s->time > 0 && l->time > s->time + CHILD_S))
			continue;
		if (found < 0 || s->last > all->open[found].last)
			found = i;
	}
	if (found >= 0) {
		all->child[found] = l->process;
		all->open[found].child_sure = l->port > 0;
	}
	return found;
}

/* The child was taken for another login's: what it said is not this login's. */
static void
disown(struct sessions *all, int at)
{
	struct session *s = &all->open[at];
	int n = 0;

	for (int i = 0; i < s->nsays; i++)
		if (!s->says[i].child)
			s->says[n++] = s->says[i];
	s->nsays = (uint8_t)n;
	all->child[at] = 0;
}

/* The latest session without a process that has this port. */
static int
raw_with_port(const struct sessions *all, int64_t port)
{
	for (int i = 0; i < SESSIONS_OPEN; i++)
		if (all->used[i] != 0 && all->process[i] == 0 && all->open[i].port == port &&
		    !all->open[i].ended)
			return i;
	return -1;
}

/*
 * Lines that name no process are of the login that was spoken of last, until one names another
 * port. Where logins go on side by side, which of them a line without a port is of is not known.
 */
static int
raw_session(struct sessions *all, const struct recogniser *r, const struct login_line *l)
{
	int now = all->raw - 1, at;
	bool side_by_side;

	if (now >= 0 && !another(&all->open[now], l) &&
	    (!all->open[now].ended || l->port == 0 || l->port == all->open[now].port))
		return now;
	side_by_side = now >= 0 && !all->open[now].ended;
	at = l->port > 0 && (l->flags & LINE_BEGINS) == 0 ? raw_with_port(all, l->port) : -1;
	if (at < 0)
		at = open_session(all, r, l);
	if (side_by_side) {
		all->open[at].mixed = true;
		if (all->used[now] != 0)
			all->open[now].mixed = true;
	}
	all->raw = at + 1;
	return at;
}

/* Another program speaks of a user's login: it is that user's latest. */
static int
latest_of(const struct sessions *all, const char *user)
{
	int found = -1;

	for (int i = 0; i < SESSIONS_OPEN; i++)
		if (all->used[i] != 0 && strcmp(all->open[i].user, user) == 0 &&
		    (found < 0 || all->open[i].last > all->open[found].last))
			found = i;
	return found;
}

static int
session_of(struct sessions *all, const struct recogniser *r, const struct login_line *l)
{
	int at;

	if ((l->flags & LINE_LATEST) != 0)
		at = latest_of(all, l->user);
	else if (l->process == 0)
		return raw_session(all, r, l);
	else
		at = of_process(all, l->process);
	if (at < 0 && ((l->flags & LINE_CHILD) != 0 ||
			  (l->port > 0 && (l->flags & (LINE_BEGINS | LINE_ALONE)) == 0)))
		at = of_parent(all, l);
	if (at >= 0 && another(&all->open[at], l)) {
		if (all->process[at] == l->process || (l->flags & LINE_LATEST) != 0)
			finish(all, r, at);
		else
			disown(all, at);
		at = -1;
	}
	return at >= 0 ? at : open_session(all, r, l);
}

/* ---- what a line adds ------------------------------------------------------------------------------ */

static const char *
or_empty(const char *s)
{
	return s != NULL ? s : "";
}

/* Of one kind of statement a session has the first; a path, a mode that comes later goes into it. */
static void
add_statement(struct session *s, const struct login_line *l)
{
	struct login_says *y;

	for (int i = 0; i < s->nsays; i++) {
		y = &s->says[i];
		if (y->what != l->what)
			continue;
		if (y->path[0] == '\0')
			text_copy(y->path, sizeof y->path, or_empty(l->path));
		return;
	}
	if (s->nsays == SESSION_SAYS)
		return;
	y = &s->says[s->nsays++];
	y->what = (uint8_t)l->what;
	y->own = l->port > 0;
	y->child = s->process != l->process;
	y->missing = (l->flags & LINE_MISSING) != 0;
	y->number = l->number;
	y->line = l->line;
	text_copy(y->text, sizeof y->text, or_empty(l->text));
	text_copy(y->path, sizeof y->path, or_empty(l->path));
	text_copy(y->mode, sizeof y->mode, or_empty(l->mode));
}

/* A name that is too long must not become another one by being cut. */
static void
put_user(struct session *s, const char *user)
{
	if (strlen(user) < sizeof s->user)
		text_copy(s->user, sizeof s->user, user);
	else
		text_copy(s->user, sizeof s->user, "(a name that is too long)");
}

void
sessions_add(struct sessions *all, const struct recogniser *r, const struct login_line *l)
{
	int at = session_of(all, r, l);
	struct session *s = &all->open[at];

	s->last = all->used[at] = l->number;
	if (l->time > 0)
		s->time = l->time;
	if (s->user[0] == '\0' && l->user[0] != '\0')
		put_user(s, l->user);
	if (s->addr[0] == '\0')
		text_copy(s->addr, sizeof s->addr, l->addr);
	if (s->port == 0)
		s->port = l->port;
	if ((l->flags & LINE_FORKS) != 0) {
		all->child[at] = l->child;
		s->child_sure = true;
	}
	s->child_sure |= l->port > 0 && l->process != s->process && l->process == all->child[at];
	s->note |= (l->flags & LINE_NOTE) != 0;
	s->accepted |= (l->flags & LINE_ACCEPTED) != 0;
	s->ended |= (l->flags & LINE_ENDS) != 0;
	if ((l->flags & LINE_TAKEN) != 0) {
		s->taken = true;
		s->refused = false; /* the keys before it are none of the matter any more */
	}
	if ((l->flags & LINE_REFUSED) != 0 && (l->flags & LINE_ENDS) == 0)
		s->taken = false;
	if ((l->flags & LINE_REFUSED) != 0 && !s->refused && !s->taken) {
		s->refused = true;
		text_copy(s->refusal, sizeof s->refusal, or_empty(l->text));
	}
	if (l->what != TOLD_NONE)
		add_statement(s, l);
}

/* ---- the end ------------------------------------------------------------------------------------- */

static void
say(struct recogniser *r, const struct session *s, enum told what, const struct login_says *y)
{
	/* Lines of one process are of one login; without processes, those behind "Connection from". */
	bool sure =
	    s->process != 0 ? y == NULL || !y->child || s->child_sure : s->begun && !s->mixed;
	bool own = y != NULL && y->own;
	const char *text = y != NULL ? y->text : what == TOLD_LOGIN_REFUSED ? s->refusal : "";

	recognise_told(r, what,
	    &(struct statement){ .text = text[0] != '\0' ? text : NULL,
		.path = y != NULL && y->path[0] != '\0' ? y->path : NULL,
		.mode = y != NULL && y->mode[0] != '\0' ? y->mode : NULL,
		.line = y != NULL ? y->line : 0,
		.user = s->user[0] != '\0' ? s->user : NULL,
		.addr = s->addr[0] != '\0' ? s->addr : NULL,
		.port = sure || own ? s->port : 0,
		.session = (int64_t)s->first,
		.time = s->note ? 0 : s->time,
		.number = y != NULL ? y->number : s->last });
}

static void
say_session(struct recogniser *r, const struct session *s)
{
	int reasons = 0;

	for (int i = 0; i < s->nsays; i++)
		reasons += !s->says[i].missing;
	for (int i = 0; i < s->nsays; i++)
		if (reasons == 0 || !s->says[i].missing)
			say(r, s, (enum told)s->says[i].what, &s->says[i]);
	if (s->accepted)
		say(r, s, TOLD_LOGIN_ACCEPTED, NULL);
	else if (s->refused && s->nsays == 0)
		say(r, s, TOLD_LOGIN_REFUSED, NULL);
}

/* The case that the log names, where nobody else did: the user that all of its logins are of. */
static void
name_case(struct sessions *all, struct recogniser *r)
{
	const char *user = NULL;

	if (wanted_user(r)[0] != '\0')
		return;
	for (int i = 0; i < SESSIONS_USER; i++) {
		if (all->user[i].last == 0)
			continue;
		if (user != NULL && strcmp(user, all->user[i].user) != 0)
			return;
		user = all->user[i].user;
	}
	recognise_case(r, NULL, user, 0);
}

static void
say_table(struct recogniser *r, const struct session *table, int n)
{
	for (int i = 0; i < n; i++)
		if (table[i].last != 0)
			say_session(r, &table[i]);
}

void
sessions_end(struct sessions *all, struct recogniser *r)
{
	for (int i = 0; i < SESSIONS_OPEN; i++)
		if (all->used[i] != 0)
			finish(all, r, i);
	name_case(all, r);
	say_table(r, all->ours, RECOGNISE_PORTS);
	say_table(r, all->user, SESSIONS_USER);
	say_table(r, all->nameless, SESSIONS_NAMELESS);
	memset(all->ours, 0, sizeof all->ours);
	memset(all->user, 0, sizeof all->user);
	memset(all->nameless, 0, sizeof all->nameless);
}
