/*
 * Probe "session": what the login is good for. First one command that prints a
 * nonce: if it does not come back, the account runs something of its own, and
 * nothing more is asked of it. Then a shell on a PTY, which must stay open,
 * and the sftp subsystem. Behind its nonce the first command also looks whether the
 * server knows the user's terminal; nothing waits for that. One row in probes.c; opens the proof's gate.
 */
#include <libssh/callbacks.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "conn.h"
#include "mark.h"
#include "probes.h"
#include "proof.h"

enum {
	OUT_KEPT = 512,            /* bytes of output that become evidence */
	READS_MAX = 256,           /* of a channel in one step, where its output floods */
	STAY_OPEN_MS = 500,        /* a shell that lives this long after its first byte is open */
	ECHO_WAIT_MS = 1000,       /* at most, for what is typed to come back */
	ECHO_NEAR_US = 100 * 1000, /* a longer round trip leaves no time to wait for a late echo */
	READY_WAIT_MS = 5000,      /* for the shell to run our line, after its first byte */
	ROOM_MS = 100,             /* for the server to free the first session */
	END_WAIT_MS =
	    1000,       /* for the first command's channel to close, on servers that mix up two */
	SFTP_REPLY = 9, /* length, type, version */
	SFTP_MAX = 34000,
	TERM_MAX = 64,
	SHELL_MAX = 128,
	LINE_MAX_LEN = 256
};

/* One channel and what came over it. */
struct lane {
	ssh_channel ch;
	struct ssh_channel_callbacks_struct cb;
	char out[OUT_KEPT], err[OUT_KEPT];
	size_t out_len, err_len;
	char signal[32];
	int core, exit;
	bool eof, closed;
	bool last;        /* keep the last bytes of the output, not the first */
	const char *find; /* what the output is searched for */
	bool found;
	uint64_t asked_us, first_us;
};

struct session {
	struct probe_run *pr;
	struct conn *conn;
	struct lane exec, shell, sftp;
	char nonce[32], line[LINE_MAX_LEN], term[TERM_MAX];
	bool term_asked, rest_said, room_waits, room_made;
	uv_timer_t watch; /* the shell must outlive it */
	uv_timer_t room;  /* for the server to free a session */
	struct mark mark; /* on what is sent from here, as ssh would set it */
	int timers;       /* that are not closed yet */
	bool stayed, sftp_over, ready, over;
	bool alone; /* the server gave no channel beside the first command's */
	uint64_t step_us, start_us, ready_us;
	uint64_t typed_us,
	    echo_us; /* when a word was typed to see it come back, and after how long it did */
	const char *request; /* in progress */
};

_Static_assert(sizeof(struct session) <= SESSION_PRIV, "probes.h gives too little room");

static void begin_shell(struct session *s);
static void step_live(void *arg);
static void begin_sftp(struct session *s);
static void on_room(uv_timer_t *timer);
static void on_watch(uv_timer_t *timer);

/* ---- ends ------------------------------------------------------------------------- */

static void
lane_free(struct lane *l)
{
	if (l->ch == NULL)
		return;
	ssh_remove_channel_callbacks(l->ch, &l->cb);
	ssh_channel_free(l->ch); /* closes it first */
	l->ch = NULL;
}

static void
on_gone(void *arg)
{
	struct session *s = arg;

	if (--s->timers == 0)
		probe_done(s->pr);
}

static void
on_timer_closed(uv_handle_t *h)
{
	on_gone(h->data);
}

static void
over(struct session *s)
{
	if (s->over)
		return;
	s->over = true;
	conn_rest(s->conn);
	lane_free(&s->exec);
	lane_free(&s->shell);
	lane_free(&s->sftp);
	s->timers = 3;
	mark_end(&s->mark);
	uv_close((uv_handle_t *)&s->watch, on_timer_closed);
	uv_close((uv_handle_t *)&s->room, on_timer_closed);
}

static void
lost(struct session *s)
{
	const char *text = ssh_get_error(conn_ssh(s->conn));
	struct evidence ev;

	ev_init(&ev, EV_SESSION_END);
	ev_str(&ev, K_REASON, strstr(text, "SSH_MSG_DISCONNECT") != NULL ? "disconnect" : "closed");
	ev_str(&ev, K_REQUEST, s->request);
	ev_str(&ev, K_TEXT, text);
	probe_emit(s->pr, &ev);
	if (!s->exec.found)
		proof_gate(s->pr->run, false);
	over(s);
}

/* ---- requests ------------------------------------------------------------------------ */

static void
begin_step(struct session *s, const char *request)
{
	const struct run_options *opt = s->pr->run->opt;

	s->request = request;
	s->step_us = probe_now(s->pr);
	probe_extend(s->pr, opt->timeout_ms != 0 ? opt->timeout_ms : 10000);
}

static void
say_request(struct session *s, const char *result)
{
	struct evidence ev;

	ev_init(&ev, EV_SESSION_REQUEST);
	ev_str(&ev, K_REQUEST, s->request);
	ev_str(&ev, K_RESULT, result);
	if (strcmp(result, "refused") == 0)
		ev_str(&ev, K_TEXT, ssh_get_error(conn_ssh(s->conn)));
	else if (strcmp(result, "closed") == 0)
		ev_str(&ev, K_TEXT, "the channel was closed in the place of an answer");
	ev_int(&ev, K_TOOK_US, (int64_t)(probe_now(s->pr) - s->step_us));
	probe_emit(s->pr, &ev);
}

/* 0 while libssh waits, 1 granted, -1 refused; a lost connection ends the probe. */
static int
granted(struct session *s, int rc)
{
	if (s->over)
		return 0;
	if (rc != SSH_OK && conn_closed(s->conn)) {
		lost(s);
		return 0;
	}
	if (rc == SSH_AGAIN)
		return 0;
	say_request(s, rc == SSH_OK ? "ok" : "refused");
	return rc == SSH_OK ? 1 : -1;
}

/*
 * The same of a request on an open channel. Of one that the server closed libssh waits for the
 * answer for ever.
 */
static int
answered(struct session *s, struct lane *l, int rc)
{
	if (rc != SSH_AGAIN || s->over || conn_closed(s->conn) || !ssh_channel_is_closed(l->ch))
		return granted(s, rc);
	say_request(s, "closed");
	if (!s->exec.found)
		proof_gate(s->pr->run, false);
	over(s);
	return 0;
}

static void
on_exit_signal(ssh_session ssh, ssh_channel ch, const char *signal, int core, const char *errmsg,
    const char *lang, void *userdata)
{
	struct lane *l = userdata;

	(void)ssh;
	(void)ch;
	(void)errmsg;
	(void)lang;
	snprintf(l->signal, sizeof l->signal, "%s", signal);
	l->core = core;
}

static bool
lane_open(struct session *s, struct lane *l)
{
	l->exit = -1;
	l->find = l == &s->sftp ? NULL : s->nonce;
	if ((l->ch = ssh_channel_new(conn_ssh(s->conn))) == NULL)
		return false;
	l->cb.userdata = l;
	l->cb.channel_exit_signal_function = on_exit_signal;
	ssh_callbacks_init(&l->cb);
	ssh_set_channel_callbacks(l->ch, &l->cb);
	return true;
}

/* ---- what comes over a channel --------------------------------------------------------- */

/*
 * Where the output holds the word, printed by the command that was asked to. A
 * program in its place may repeat the request in a complaint: there "echo " stands before it.
 */
static const char *
find_printed(const char *out, size_t len, const char *word)
{
	static const char request[] = "echo ";
	size_t n = sizeof request - 1;

	for (const char *p = out, *end = out + len;
	     (p = memmem(p, (size_t)(end - p), word, strlen(word))) != NULL; p++)
		if ((size_t)(p - out) < n || memcmp(p - n, request, n) != 0)
			return p;
	return NULL;
}

static bool
read_stream(struct lane *l, int is_stderr, char *keep, size_t *kept, uint64_t now)
{
	char buf[OUT_KEPT / 2];
	int n = ssh_channel_read_nonblocking(l->ch, buf, sizeof buf, is_stderr);
	size_t room = OUT_KEPT - *kept;

	if (n <= 0)
		return false;
	if (l->first_us == 0)
		l->first_us = now;
	if (l->last && room < (size_t)n) {
		memmove(keep, keep + OUT_KEPT / 2, *kept - OUT_KEPT / 2);
		*kept -= OUT_KEPT / 2;
		room = OUT_KEPT - *kept;
	}
	if (room > 0) {
		room = (size_t)n < room ? (size_t)n : room;
		memcpy(keep + *kept, buf, room);
		*kept += room;
	}
	if (!is_stderr && l->find != NULL && find_printed(keep, *kept, l->find) != NULL)
		l->found = true;
	return true;
}

/*
 * Take what is there. After the end of file the exit status may still be on
 * its way; asking for it is what makes libssh read on.
 */
static void
lane_read(struct session *s, struct lane *l)
{
	uint64_t now = probe_now(s->pr);
	int reads = 0;

	if (l->ch == NULL)
		return;
	while (reads++ < READS_MAX && (read_stream(l, 0, l->out, &l->out_len, now) ||
					  read_stream(l, 1, l->err, &l->err_len, now)))
		;
	if (reads > READS_MAX)
		conn_again(s->conn);
	l->eof = ssh_channel_is_eof(l->ch) != 0;
	if (l->eof || ssh_channel_is_closed(l->ch))
		l->exit = ssh_channel_get_exit_status(l->ch);
	l->closed = ssh_channel_is_closed(l->ch) != 0;
}

static void
put_output(struct evidence *ev, const struct lane *l)
{
	if (l->out_len > 0)
		ev_mem(ev, K_OUT, l->out, l->out_len);
	if (l->err_len > 0)
		ev_mem(ev, K_ERR, l->err, l->err_len);
	if (l->exit >= 0)
		ev_int(ev, K_EXIT, l->exit);
	if (l->signal[0] != '\0') {
		ev_str(ev, K_SIGNAL, l->signal);
		ev_int(ev, K_CORE, l->core);
	}
	if (l->first_us != 0)
		ev_int(ev, K_FIRST_US, (int64_t)(l->first_us - l->asked_us));
}

/* ---- the rest of the first command -------------------------------------------------------- */

/* What follows "nonce=": the status of infocmp, and after a comma the account's shell. */
struct rest {
	int status; /* -1 before it is there */
	char shell[SHELL_MAX];
};

static void
read_rest(const struct session *s, struct rest *r)
{
	const struct lane *l = &s->exec;
	char mark[sizeof s->nonce + 1], text[SHELL_MAX + 8];
	const char *at, *end;
	size_t n;

	r->status = -1;
	r->shell[0] = '\0';
	snprintf(mark, sizeof mark, "%s=", s->nonce);
	if ((at = memmem(l->out, l->out_len, mark, strlen(mark))) == NULL)
		return;
	at += strlen(mark);
	n = (size_t)(l->out + l->out_len - at);
	if ((end = memchr(at, '\n', n)) == NULL || (size_t)(end - at) >= sizeof text)
		return;
	text_clean(text, sizeof text, at, (size_t)(end - at));
	if ((n = strspn(text, "0123456789")) == 0 || n > 3)
		return;
	r->status = atoi(text);
	if (text[n] == ',')
		snprintf(r->shell, sizeof r->shell, "%s", text + n + 1);
}

static void
say_rest(struct session *s, const struct rest *r)
{
	struct evidence ev;

	s->rest_said = true;
	ev_init(&ev, EV_SESSION_REST);
	if (s->term_asked) {
		ev_str(&ev, K_NAME, s->term);
		ev_str(&ev, K_RESULT,
		    r->status == 0   ? "ok"
		    : r->status == 1 ? "missing"
				     : "unknown");
	}
	ev_str(&ev, K_SHELL, r->shell[0] != '\0' ? r->shell : NULL);
	if (s->exec.err_len > 0)
		ev_mem(&ev, K_ERR, s->exec.err, s->exec.err_len);
	probe_emit(s->pr, &ev);
}

/*
 * Take what the first command still says, while other things go on. Its channel is left to the
 * server to close: one that is closed on a command that still runs makes Dropbear 2022 fall over.
 */
static void
follow_exec(struct session *s)
{
	struct lane *l = &s->exec;
	struct rest rest;

	if (l->ch == NULL || !l->found)
		return;
	lane_read(s, l);
	read_rest(s, &rest);
	if (!s->rest_said && (l->closed || rest.status >= 0))
		say_rest(s, &rest);
	if (l->closed && !s->alone) /* there its own end is waited for */
		lane_free(l);
}

/* ---- sftp -------------------------------------------------------------------------------- */

/* What sftp takes for the length of the first packet. */
static uint32_t
first_word(const struct lane *l)
{
	const unsigned char *p = (const unsigned char *)l->out;

	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static void
say_sftp(struct session *s, const char *result)
{
	struct lane *l = &s->sftp;
	struct evidence ev;
	char version[16];

	ev_init(&ev, EV_SESSION_SFTP);
	ev_str(&ev, K_RESULT, result);
	if (strcmp(result, "ok") == 0) {
		snprintf(version, sizeof version, "%d", (unsigned char)l->out[8]);
		ev_str(&ev, K_VERSION, version);
	} else if (l->out_len > 0) {
		ev_mem(&ev, K_TEXT, l->out, l->out_len);
	}
	if (strcmp(result, "polluted") == 0 && l->out_len >= 4)
		ev_int(&ev, K_CODE, first_word(l));
	ev_int(&ev, K_TOOK_US, (int64_t)(probe_now(s->pr) - s->step_us));
	probe_emit(s->pr, &ev);
	s->sftp_over = true;
	lane_free(l);
}

/* SSH_FXP_VERSION is what must come first (draft-ietf-secsh-filexfer-02, section 4). */
static void
judge_sftp(struct session *s)
{
	struct lane *l = &s->sftp;
	uint32_t len = first_word(l);

	if (l->out_len >= SFTP_REPLY && len >= 5 && len <= SFTP_MAX && l->out[4] == 2)
		say_sftp(s, "ok");
	else if (l->out_len >= 4 && len > SFTP_MAX)
		say_sftp(s, "polluted");
	else if (l->closed || l->eof)
		say_sftp(s, l->out_len > 0 ? "polluted" : "closed");
}

static void
step_sftp_subsystem(void *arg)
{
	static const unsigned char init[] = { 0, 0, 0, 5, 1, 0, 0, 0, 3 };
	struct session *s = arg;
	int g;

	lane_read(s, &s->shell);
	if ((g = granted(s, ssh_channel_request_subsystem(s->sftp.ch, "sftp"))) == 0)
		return;
	if (g > 0)
		ssh_channel_write(s->sftp.ch, init, sizeof init);
	else
		say_sftp(s, "refused");
	conn_drive(s->conn, step_live, s);
}

/* The server gets a moment: it only frees a session when it has read nothing more for a while. */
static void
step_between(void *arg)
{
	struct session *s = arg;

	if (s->over)
		return;
	lane_read(s, &s->shell);
	if (conn_closed(s->conn))
		lost(s);
}

/*
 * A server that gives two sessions at a time has room when the first command has ended and
 * both ends of its channel are closed; it is waited for no longer than the shell.
 */
static void
step_sftp_room(void *arg)
{
	struct session *s = arg;

	if (s->over)
		return;
	lane_read(s, &s->shell);
	follow_exec(s);
	if (conn_closed(s->conn)) {
		lost(s);
	} else if (s->exec.ch == NULL || s->stayed) {
		s->room_waits = false;
		uv_update_time(s->room.loop);
		uv_timer_start(&s->room, on_room, s->stayed ? 0 : ROOM_MS, 0);
		conn_drive(s->conn, step_between, s);
	}
}

static void
step_sftp_open(void *arg)
{
	struct session *s = arg;
	int rc = ssh_channel_open_session(s->sftp.ch), g;

	lane_read(s, &s->shell);
	if (rc == SSH_ERROR && !s->over && !s->alone && !s->room_made && !conn_closed(s->conn)) {
		s->room_made = s->room_waits = true;
		lane_free(&s->sftp);
		conn_drive(s->conn, step_sftp_room, s);
		return;
	}
	if ((g = granted(s, rc)) == 0)
		return;
	if (g < 0) { /* MaxSessions 1: it says nothing about sftp */
		say_sftp(s, "untested");
		conn_drive(s->conn, step_live, s);
		return;
	}
	begin_step(s, "sftp");
	s->sftp.asked_us = s->step_us;
	conn_drive(s->conn, step_sftp_subsystem, s);
}

static void
begin_sftp(struct session *s)
{
	begin_step(s, "second channel");
	if (!lane_open(s, &s->sftp)) {
		s->sftp_over = true;
		conn_drive(s->conn, step_live, s);
		return;
	}
	conn_drive(s->conn, step_sftp_open, s);
}

/* ---- the shell ------------------------------------------------------------------------------ */

static void
say_shell(struct session *s, const char *state)
{
	struct lane *l = &s->shell;
	struct evidence ev;
	uint64_t end = s->ready_us != 0 ? s->ready_us : l->first_us;

	ev_init(&ev, EV_SESSION_SHELL);
	ev_str(&ev, K_STATE, state);
	if (strcmp(state, "ended") != 0 && l->first_us != 0)
		ev_int(&ev, K_FIRST_US, (int64_t)(l->first_us - l->asked_us));
	else
		put_output(&ev, l); /* what a shell said last tells why it ended */
	if (s->echo_us != 0)
		ev_int(&ev, K_ECHO_US, (int64_t)s->echo_us);
	ev_int(&ev, K_TOOK_US, (int64_t)(probe_now(s->pr) - l->asked_us));
	probe_emit(s->pr, &ev);
	if (end != 0 && strcmp(state, "busy") != 0)
		probe_phase(s->pr, PH_SHELL, l->asked_us, end, 0);
}

/* A remark, which no shell runs: a word that is looked for in what comes back. */
static const char typed_word[] = "sshmedic-echo";

static void
type_word(struct session *s)
{
	char line[32];

	snprintf(line, sizeof line, " # %s", typed_word);
	s->shell.out_len = 0;
	s->shell.find = typed_word;
	s->shell.found = false;
	s->typed_us = probe_now(s->pr);
	ssh_channel_write(s->shell.ch, line, (uint32_t)strlen(line));
	if (s->stayed) {
		uv_update_time(s->watch.loop);
		uv_timer_start(&s->watch, on_watch, ECHO_WAIT_MS, 0);
	}
}

/* Whether the echo came, or is waited for no longer. On a near host a late one is worth a moment. */
static bool
echo_settled(const struct session *s)
{
	int64_t rtt = 0, retrans, unacked;

	if (s->typed_us == 0 || s->echo_us != 0)
		return true;
	conn_tcp(s->conn, &rtt, &retrans, &unacked);
	return rtt == 0 || rtt > ECHO_NEAR_US ||
	       probe_now(s->pr) - s->typed_us >= (uint64_t)ECHO_WAIT_MS * 1000;
}

static bool
shell_ended(const struct session *s)
{
	return s->shell.eof || s->shell.closed || s->shell.signal[0] != '\0';
}

/*
 * Both the shell and sftp are on their way: end when sftp has answered and the
 * shell either ended, or ran our line and stayed open long enough.
 */
static void
step_live(void *arg)
{
	struct session *s = arg;
	struct lane *l = &s->shell;

	if (s->over)
		return;
	lane_read(s, l);
	follow_exec(s);
	if (s->sftp.ch != NULL && !s->sftp_over) {
		lane_read(s, &s->sftp);
		judge_sftp(s);
	}
	if (!s->ready && l->found) {
		s->ready = true;
		s->ready_us = probe_now(s->pr);
		type_word(s);
	} else if (s->typed_us != 0 && s->echo_us == 0 && l->found) {
		s->echo_us = probe_now(s->pr) - s->typed_us;
	}
	if (conn_closed(s->conn)) {
		lost(s);
		return;
	}
	if (!s->sftp_over)
		return;
	if (shell_ended(s) && l->closed) {
		say_shell(s, "ended");
		over(s);
	} else if (s->stayed && echo_settled(s) &&
		   (s->ready || probe_now(s->pr) - l->first_us >= (uint64_t)READY_WAIT_MS * 1000)) {
		say_shell(s, s->ready ? "open" : "busy");
		over(s);
	}
}

static void
on_watch(uv_timer_t *timer)
{
	struct session *s = timer->data;

	s->stayed = true;
	if (!s->over && s->room_waits)
		conn_drive(s->conn, step_sftp_room, s);
	else if (!s->over && s->sftp_over)
		conn_drive(s->conn, step_live, s);
	if (!s->over)
		uv_timer_start(timer, on_watch, s->ready ? ECHO_WAIT_MS : READY_WAIT_MS, 0);
}

/* The first byte starts the clock of "still open"; meanwhile sftp is asked for. */
static void
step_shell_first(void *arg)
{
	struct session *s = arg;
	struct lane *l = &s->shell;

	if (s->over)
		return;
	lane_read(s, l);
	follow_exec(s);
	if (conn_closed(s->conn)) {
		lost(s);
	} else if (l->first_us != 0 || shell_ended(s)) {
		struct evidence ev;

		if (l->first_us != 0) {
			ev_init(&ev, EV_SESSION_SHELL);
			ev_str(&ev, K_STATE, "started");
			ev_int(&ev, K_FIRST_US, (int64_t)(l->first_us - l->asked_us));
			probe_emit(s->pr, &ev);
		}
		uv_update_time(s->watch.loop);
		uv_timer_start(&s->watch, on_watch, STAY_OPEN_MS, 0);
		begin_sftp(s);
	}
}

static void
step_shell(void *arg)
{
	struct session *s = arg;
	int g = answered(s, &s->shell, ssh_channel_request_shell(s->shell.ch));

	if (g == 0)
		return;
	if (g < 0) {
		lane_free(&s->shell);
		over(s);
		return;
	}
	/*
	 * A login message may come long before the shell listens: a line that it
	 * runs shows when it does. The blank keeps it out of most histories.
	 */
	ssh_channel_write(s->shell.ch, s->line, (uint32_t)strlen(s->line));
	conn_drive(s->conn, step_shell_first, s);
}

static void
step_pty(void *arg)
{
	struct session *s = arg;
	int g = answered(s, &s->shell, ssh_channel_request_pty_size(s->shell.ch, s->term, 80, 24));

	if (g == 0)
		return;
	begin_step(s, "shell"); /* without a PTY too: the shell itself may work */
	s->shell.asked_us = s->step_us;
	conn_drive(s->conn, step_shell, s);
}

static void
on_room(uv_timer_t *timer)
{
	struct session *s = timer->data;

	if (!s->over && s->shell.ch == NULL)
		begin_shell(s);
	else if (!s->over)
		begin_sftp(s);
}

/*
 * A server that gives one session at a time has room for a shell when it has
 * seen both ends of the first command's channel close. It acknowledges neither;
 * sshd only looks at a new request first if it comes in the same read.
 */
static void
step_exec_gone(void *arg)
{
	struct session *s = arg;

	if (s->over)
		return;
	lane_read(s, &s->exec);
	if (s->exec.closed) {
		follow_exec(s);
		lane_free(&s->exec);
		conn_rest(s->conn);
		uv_timer_start(&s->room, on_room, ROOM_MS, 0);
	} else if (conn_closed(s->conn)) {
		lost(s);
	}
}

static void
step_shell_open(void *arg)
{
	struct session *s = arg;
	int rc = ssh_channel_open_session(s->shell.ch), g;

	if (rc == SSH_ERROR && !s->over && !s->alone && !conn_closed(s->conn)) {
		s->alone = true;
		s->request = "second channel";
		say_request(s, "refused");
		s->request = "channel";
		lane_free(&s->shell);
		conn_drive(s->conn, step_exec_gone, s);
		return;
	}
	if ((g = granted(s, rc)) == 0)
		return;
	if (!s->term_asked) /* nothing more is awaited of it */
		lane_free(&s->exec);
	if (g < 0) {
		over(s);
		return;
	}
	mark_set(&s->mark, true, "shell");
	begin_step(s, "pty");
	conn_drive(s->conn, step_pty, s);
}

static void
begin_shell(struct session *s)
{
	/* Split, so that the terminal's echo of what we type is not taken for what the shell prints. */
	snprintf(s->line, sizeof s->line, " echo ssh\"\"%s\n", s->nonce + 3);
	begin_step(s, "channel");
	s->shell.last = true;
	if (!lane_open(s, &s->shell)) {
		over(s);
		return;
	}
	conn_drive(s->conn, step_shell_open, s);
}

/* ---- the first command --------------------------------------------------------------------------- */

static void
say_exec(struct session *s)
{
	struct lane *l = &s->exec;
	bool came = l->found;
	struct evidence ev;

	ev_init(&ev, EV_SESSION_EXEC);
	ev_str(&ev, K_NONCE, came ? "ok" : "absent");
	put_output(&ev, l);
	ev_int(&ev, K_TOOK_US, (int64_t)(probe_now(s->pr) - l->asked_us));
	probe_emit(s->pr, &ev);
	if (came) /* what else ran may take the time it likes */
		probe_phase(s->pr, PH_EXEC, l->asked_us, l->first_us, 0);
	proof_gate(s->pr->run, came);
}

/*
 * Dropbear takes the end of a command for that of a channel opened meanwhile, and closes it. So
 * the shell waits for the first channel to close, unless something else keeps that open.
 */
static void
step_exec_ends(void *arg)
{
	struct session *s = arg;

	if (s->over)
		return;
	lane_read(s, &s->exec);
	if (s->exec.closed) {
		uv_timer_stop(&s->room);
		begin_shell(s);
	} else if (conn_closed(s->conn)) {
		lost(s);
	}
}

static void
after_exec(struct session *s)
{
	if (s->pr->run
		->openssh) { /* how the command ends tells nothing more: no round trip for it */
		begin_shell(s);
		return;
	}
	uv_update_time(s->room.loop);
	uv_timer_start(&s->room, on_room, END_WAIT_MS, 0);
	conn_drive(s->conn, step_exec_ends, s);
}

static void
step_exec_read(void *arg)
{
	struct session *s = arg;

	if (s->over)
		return;
	lane_read(s, &s->exec);
	if (s->exec.found) {
		say_exec(s);
		after_exec(s);
	} else if (s->exec.closed) {
		say_exec(s);
		over(s);
	} else if (conn_closed(s->conn)) {
		lost(s);
	}
}

static void
step_exec(void *arg)
{
	struct session *s = arg;
	int g = answered(s, &s->exec, ssh_channel_request_exec(s->exec.ch, s->line));

	if (g == 0)
		return;
	if (g < 0) {
		proof_gate(s->pr->run, false);
		over(s);
		return;
	}
	conn_drive(s->conn, step_exec_read, s);
}

static void
step_open(void *arg)
{
	struct session *s = arg;
	int g = granted(s, ssh_channel_open_session(s->exec.ch));

	if (g == 0)
		return;
	probe_phase(s->pr, PH_CHANNEL, s->step_us, probe_now(s->pr), 0);
	if (g < 0) {
		proof_gate(s->pr->run, false);
		over(s);
		return;
	}
	mark_set(&s->mark, false, "exec");
	begin_step(s, "exec");
	s->exec.asked_us = s->step_us;
	conn_drive(s->conn, step_exec, s);
}

/* A word that nobody else would print. */
static void
make_nonce(struct session *s)
{
	unsigned char raw[8] = { 0 };
	struct strbuf sb;

	if (getrandom(raw, sizeof raw, GRND_NONBLOCK) < 0)
		memcpy(raw, &s->start_us, sizeof raw);
	sb_init(&sb, s->nonce, sizeof s->nonce);
	sb_puts(&sb, "sshmedic-");
	for (size_t i = 0; i < sizeof raw; i++)
		sb_printf(&sb, "%02x", raw[i]);
}

/* The terminal type that ssh would ask for: SetEnv may name another than the user's own. */
static void
take_term(struct session *s)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
				    "+._-";
	const struct sshg *cfg = s->pr->run->cfg;
	const char *term = getenv("TERM");

	for (unsigned i = 0; cfg != NULL && i < cfg->setenv.n; i++)
		if (strncmp(cfg->setenv.item[i], "TERM=", 5) == 0)
			term = cfg->setenv.item[i] + 5;
	if (term == NULL || term[0] == '\0' || strlen(term) >= sizeof s->term)
		term = "xterm";
	snprintf(s->term, sizeof s->term, "%s", term);
	/* Others are asked nothing more: Dropbear 2022 dies of a command that ends while a channel is opened. */
	s->term_asked = s->pr->run->openssh && term[0] != '-' && term[strspn(term, plain)] == '\0';
}

/*
 * The nonce comes first, by any shell's own echo. What follows is for a POSIX
 * shell; where there is none it fails, and nothing is known. The mark before its status is
 * split, so that a repetition of the request is not taken for it.
 */
static void
make_line(struct session *s)
{
	if (s->term_asked)
		snprintf(s->line, sizeof s->line,
		    "echo %s; sh -c 'infocmp %s >/dev/null 2>&1; echo ssh\"\"%s=$?,$SHELL'",
		    s->nonce, s->term, s->nonce + 3);
	else
		snprintf(s->line, sizeof s->line, "echo %s", s->nonce);
}

int
session_start(struct probe_run *pr)
{
	struct session *s = pr->priv;

	s->pr = pr;
	s->conn = pr->run->conn;
	s->start_us = probe_now(pr);
	if (s->conn == NULL)
		return -1;
	make_nonce(s);
	take_term(s);
	make_line(s);
	uv_timer_init(probe_loop(pr), &s->watch);
	uv_timer_init(probe_loop(pr), &s->room);
	s->watch.data = s->room.data = s;
	mark_begin(&s->mark, pr, s->conn, on_gone, s);
	begin_step(s, "channel");
	s->exec.last = true; /* startup files may print before our command does */
	if (!lane_open(s, &s->exec)) {
		over(s);
		return 0;
	}
	conn_drive(s->conn, step_open, s);
	return 0;
}

/* What the time limit struck. */
static void
say_timeout(struct session *s)
{
	if (s->exec.ch != NULL && s->exec.asked_us != 0 && !s->exec.found) {
		say_request(s, "timeout");
		say_exec(s);
	} else if (s->sftp.ch != NULL) {
		say_sftp(s, "timeout");
		say_shell(s, s->ready ? "open" : "busy");
	} else if (s->shell.first_us != 0) {
		say_shell(s, s->ready ? "open" : "busy");
	} else {
		say_request(s, "timeout");
	}
}

void
session_cancel(struct probe_run *pr)
{
	struct session *s = pr->priv;

	if (s->over)
		return;
	if (pr->deadline_hit)
		say_timeout(s);
	if (!s->exec.found)
		proof_gate(pr->run, false);
	over(s);
}
