/*
 * The practice server that speaks SSH: libssh's server side, non-blocking, one
 * conn for each connection. Requests come by libssh's messages, not by its
 * callbacks: a callback's answer is sent only after it returned, so that the
 * output of a command would overtake the "yes" to it. Data and ends of
 * channels do come by callback, for these only note what came; everything is
 * sent from step_ssh().
 */
#include "practice_ssh.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <uv.h>

#include <libssh/callbacks.h>
#include <libssh/libssh.h>
#include <libssh/server.h>

#include "practice_keys.h"
#include "practice_out.h"
#include "practice_play.h"
#include "practice_shell.h"

enum { CHANS_MAX = 16, ROUNDS_MAX = 64, AUTH_MAX = 50 };

/* What all connections share. */
struct shared {
	ssh_bind bind;
	ssh_key trainee; /* public half of the key that is let in */
	const struct practice_play *play;
};

enum role { ROLE_NONE, ROLE_EXEC, ROLE_SHELL, ROLE_SFTP };

struct conn;

/* A session channel. */
struct chan {
	struct chan *next;
	const struct practice_play *play;
	ssh_channel ch;
	struct ssh_channel_callbacks_struct cb;
	enum role role;
	bool pty, eof, gone; /* gone: the client closed it */
	bool early_taken;
	bool over;   /* nothing more will be said but the exit status */
	bool killed; /* ... and that a signal ended it */
	int status;
	uint64_t speaks_at; /* nothing is said before */
	struct practice_shell shell;
	struct practice_sftp sftp;
	struct practice_out out, err;
};

struct conn {
	const struct shared *shared;
	ssh_session s;
	int fd; /* the host's socket; libssh has a duplicate */
	struct ssh_callbacks_struct cb;
	bool keyed, authed;
	int attempts, refused;
	enum practice_pause paused; /* the pause that was, or is, made */
	uint64_t due;               /* when it ends; 0: none is being made */
	ssh_message held;           /* what is answered then */
	bool ended;
	struct chan *chans;
	int nchans;
};

/* libssh makes the socket blocking now and then. A duplicate shares the flag. */
static void
unblock(const struct conn *c)
{
	int flags = fcntl(c->fd, F_GETFL);

	if (flags >= 0 && (flags & O_NONBLOCK) == 0)
		fcntl(c->fd, F_SETFL, flags | O_NONBLOCK);
}

static uint64_t
now_ms(void)
{
	return uv_hrtime() / 1000000;
}

/* Whether to wait now: the play's pause at that place, made once. */
static bool
pauses(struct conn *c, enum practice_pause place)
{
	if (c->due != 0 && now_ms() >= c->due)
		c->due = 0;
	if (c->shared->play->pause == place && c->paused != place) {
		c->paused = place;
		c->due = now_ms() + c->shared->play->pause_ms;
	}
	return c->due != 0;
}

/* Channels. */

/* Bytes of the client for what the channel runs. */
static void
feed(struct chan *n, const void *data, size_t len)
{
	if (n->over)
		return;
	if (n->role == ROLE_SHELL && n->play->shell == SHELL_SILENT)
		return;
	if (n->role == ROLE_SHELL) {
		practice_shell_input(&n->shell, data, len, &n->out);
		n->over = n->shell.ended;
		n->status = n->shell.status;
	} else if (n->role == ROLE_SFTP && !practice_sftp_input(&n->sftp, data, len, &n->out)) {
		n->over = true;
		n->status = 1;
	}
}

static int
on_data(ssh_session s, ssh_channel ch, void *data, uint32_t len, int is_stderr, void *arg)
{
	struct chan *n = arg;

	(void)s;
	(void)ch;
	/*
	 * ssh does not wait for the "yes" to a request before it sends what is on
	 * its standard input; take_early() fetches that from libssh later.
	 */
	if (n->role == ROLE_NONE)
		return 0;
	if (!is_stderr)
		feed(n, data, len);
	return (int)len;
}

static void
on_eof(ssh_session s, ssh_channel ch, void *arg)
{
	struct chan *n = arg;

	(void)s;
	(void)ch;
	n->eof = true;
}

static void
on_close(ssh_session s, ssh_channel ch, void *arg)
{
	struct chan *n = arg;

	(void)s;
	(void)ch;
	n->gone = true;
}

static void
free_chan(struct chan *n)
{
	ssh_remove_channel_callbacks(n->ch, &n->cb);
	ssh_channel_free(
	    n->ch); /* closes it; libssh keeps what it needs until the client closed it too */
	free(n);
}

static void
open_chan(struct conn *c, ssh_message m)
{
	struct chan *n;

	if (!c->authed || ssh_message_subtype(m) != SSH_CHANNEL_SESSION || c->nchans >= CHANS_MAX ||
	    c->shared->play->refuses_session || (n = calloc(1, sizeof(*n))) == NULL) {
		ssh_message_reply_default(m);
		return;
	}
	if ((n->ch = ssh_message_channel_request_open_reply_accept(m)) == NULL) {
		free(n);
		return;
	}
	n->play = c->shared->play;
	n->cb.userdata = n;
	n->cb.channel_data_function = on_data;
	n->cb.channel_eof_function = on_eof;
	n->cb.channel_close_function = on_close;
	ssh_callbacks_init(&n->cb);
	ssh_set_channel_callbacks(n->ch, &n->cb);
	n->next = c->chans;
	c->chans = n;
	c->nchans++;
}

static bool
request_pty(struct chan *n, ssh_message m)
{
	(void)m;
	n->pty = true;
	return true;
}

static bool
request_resize(struct chan *n, ssh_message m)
{
	(void)m;
	return n->pty;
}

/* What the account's forced command says, in the place of what was asked for. */
static void
run_forced(struct chan *n, bool refused)
{
	practice_out_puts(refused ? &n->err : &n->out, n->play->forced);
	n->status = n->play->forced_status;
	n->over = true;
}

static bool
request_exec(struct chan *n, ssh_message m)
{
	if (n->role != ROLE_NONE)
		return false;
	n->role = ROLE_EXEC;
	if (n->play->forced != NULL) {
		run_forced(n, n->play->forced_status != 0);
		return true;
	}
	n->status = practice_shell_run(
	    ssh_message_channel_request_command(m), n->pty, &n->out, n->pty ? &n->out : &n->err);
	n->over = true;
	return true;
}

static bool
request_shell(struct chan *n, ssh_message m)
{
	(void)m;
	if (n->role != ROLE_NONE)
		return false;
	n->role = ROLE_SHELL;
	n->shell.pty = n->pty;
	if (n->play->pause == PAUSE_SHELL)
		n->speaks_at = now_ms() + n->play->pause_ms;
	if (n->play->forced != NULL)
		run_forced(n, false);
	else if (n->play->shell_text != NULL)
		practice_out_puts(&n->out, n->play->shell_text);
	else if (n->play->shell != SHELL_SILENT)
		practice_shell_begin(&n->shell, &n->out);
	if (n->play->shell == SHELL_ENDS || n->play->shell == SHELL_KILLED) {
		n->killed = n->play->shell == SHELL_KILLED;
		n->over = true;
	}
	return true;
}

static bool
request_subsystem(struct chan *n, ssh_message m)
{
	if (n->role != ROLE_NONE || strcmp(ssh_message_channel_request_subsystem(m), "sftp") != 0)
		return false;
	n->role = ROLE_SFTP;
	return true;
}

/* What a channel may ask for. All else (env, x11, agent forwarding) is refused. */
static const struct {
	int subtype;
	bool (*ask)(struct chan *n, ssh_message m); /* true: granted */
} requests[] = {
	{ SSH_CHANNEL_REQUEST_PTY, request_pty },
	{ SSH_CHANNEL_REQUEST_WINDOW_CHANGE, request_resize },
	{ SSH_CHANNEL_REQUEST_EXEC, request_exec },
	{ SSH_CHANNEL_REQUEST_SHELL, request_shell },
	{ SSH_CHANNEL_REQUEST_SUBSYSTEM, request_subsystem },
};

static void
request_on_chan(struct conn *c, ssh_message m)
{
	ssh_channel ch = ssh_message_channel_request_channel(m);
	struct chan *n = c->chans;

	while (n != NULL && n->ch != ch)
		n = n->next;
	if (n != NULL && (c->shared->play->closes & 1u << ssh_message_subtype(m)) != 0) {
		ssh_channel_close(n->ch);
		n->gone = true;
		return;
	}
	for (size_t i = 0; n != NULL && i < sizeof(requests) / sizeof(requests[0]); i++)
		if (requests[i].subtype == ssh_message_subtype(m) &&
		    (c->shared->play->refuses & 1u << requests[i].subtype) == 0 &&
		    requests[i].ask(n, m)) {
			ssh_message_channel_request_reply_success(m);
			return;
		}
	ssh_message_reply_default(m);
}

/* Send what waits in o. True: some went out. */
static bool
flush(struct chan *n, struct practice_out *o, bool to_stderr)
{
	int r;

	/* Without a window libssh would wait: the step after the client's next packet tries again. */
	if (o->len == 0 || n->gone || now_ms() < n->speaks_at ||
	    ssh_channel_window_size(n->ch) == 0)
		return false;
	r = to_stderr ? ssh_channel_write_stderr(n->ch, o->b, (uint32_t)o->len)
		      : ssh_channel_write(n->ch, o->b, (uint32_t)o->len);
	if (r <= 0)
		return false;
	practice_out_drop(o, (size_t)r);
	return true;
}

/* Data that came before there was anything to take it. True: there was some. */
static bool
take_early(struct chan *n)
{
	char buf[4096];
	bool any = false;
	int r;

	if (n->role == ROLE_NONE || n->early_taken)
		return false;
	n->early_taken = true;
	while ((r = ssh_channel_read_nonblocking(n->ch, buf, sizeof(buf), 0)) > 0) {
		feed(n, buf, (size_t)r);
		any = true;
	}
	return any;
}

/* Say what a channel has to say. True: something went out, or the channel may be freed. */
static bool
step_chan(struct chan *n)
{
	bool moved = take_early(n);

	if (n->eof && !n->over && n->role != ROLE_NONE) {
		if (n->role == ROLE_SHELL) {
			practice_shell_eof(&n->shell, &n->out);
			n->status = n->shell.status;
		}
		n->over = true;
	}
	moved |= flush(n, &n->out, false);
	moved |= flush(n, &n->err, true);
	if (n->over && !n->gone && n->out.len == 0 && n->err.len == 0) {
		if (n->killed)
			ssh_channel_request_send_exit_signal(n->ch, "SEGV", 1, "", "");
		else
			ssh_channel_request_send_exit_status(n->ch, n->status);
		ssh_channel_send_eof(n->ch);
		ssh_channel_close(n->ch);
		n->gone = true;
	}
	return moved || n->gone;
}

static bool
step_chans(struct conn *c)
{
	struct chan **at = &c->chans, *n;
	bool moved = false;

	while ((n = *at) != NULL) {
		moved |= step_chan(n);
		if (n->gone) {
			*at = n->next;
			c->nchans--;
			free_chan(n);
		} else {
			at = &n->next;
		}
	}
	return moved;
}

/* Messages. */

/*
 * The two getters are marked as deprecated in favour of the callbacks, see the
 * head of this file; libssh has them to this day.
 */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
static bool
is_trainee(const struct shared *sh, ssh_message m)
{
	ssh_key key;

	return sh->play->login != LOGIN_NOBODY &&
	       ssh_message_subtype(m) == SSH_AUTH_METHOD_PUBLICKEY &&
	       ssh_message_auth_user(m) != NULL &&
	       strcmp(ssh_message_auth_user(m), "trainee") == 0 &&
	       (key = ssh_message_auth_pubkey(m)) != NULL &&
	       ssh_key_cmp(key, sh->trainee, SSH_KEY_CMP_PUBLIC) == 0;
}

static enum ssh_publickey_state_e
key_state(ssh_message m)
{
	return ssh_message_auth_publickey_state(m);
}

static bool
is_signed(ssh_message m)
{
	return ssh_message_subtype(m) == SSH_AUTH_METHOD_PUBLICKEY &&
	       key_state(m) != SSH_PUBLICKEY_STATE_NONE;
}
#pragma GCC diagnostic pop

/* Words for the person at the client (RFC 4252 5.4). */
static void
say_text(struct conn *c, const char *text)
{
	ssh_string s = ssh_string_from_char(text);

	if (s != NULL)
		ssh_send_issue_banner(c->s, s);
	ssh_string_free(s);
}

/* End the connection as the protocol has it, with the reason (RFC 4253 11.1). There is no channel yet. */
static void
end_with(struct conn *c, const char *reason)
{
	ssh_session_set_disconnect_message(c->s, reason);
	ssh_disconnect(c->s);
	c->ended = true;
}

/* No: and by which methods it might go on. */
static void
refuse(struct conn *c, ssh_message m)
{
	const struct practice_play *p = c->shared->play;

	ssh_message_auth_set_methods(
	    m, (int)(p->methods != 0 ? p->methods : SSH_AUTH_METHOD_PUBLICKEY));
	if (ssh_message_subtype(m) != SSH_AUTH_METHOD_NONE && p->tries > 0 &&
	    ++c->refused >= p->tries) {
		end_with(c, "Too many authentication failures");
	} else if (p->login == LOGIN_CUT) {
		c->ended = true;
	} else {
		ssh_message_reply_default(m);
	}
}

/* The trainee's key has signed. */
static void
admit(struct conn *c, ssh_message m)
{
	const struct practice_play *p = c->shared->play;

	if (p->text != NULL)
		say_text(c, p->text);
	switch (p->login) {
	case LOGIN_DENIED: refuse(c, m); break;
	case LOGIN_CLOSED: c->ended = true; break;
	case LOGIN_PARTIAL:
		ssh_message_auth_set_methods(m, SSH_AUTH_METHOD_INTERACTIVE);
		ssh_message_auth_reply_success(m, 1);
		break;
	default:
		ssh_message_auth_reply_success(m, 0);
		c->authed = true;
		break;
	}
}

static void
authenticate(struct conn *c, ssh_message m)
{
	c->attempts++;
	if (is_trainee(c->shared, m) && key_state(m) == SSH_PUBLICKEY_STATE_NONE)
		ssh_message_auth_reply_pk_ok_simple(m);
	else if (is_trainee(c->shared, m) && key_state(m) == SSH_PUBLICKEY_STATE_VALID)
		admit(c, m);
	else
		refuse(c, m);
}

static void
take_message(struct conn *c, ssh_message m)
{
	if (ssh_message_type(m) == SSH_REQUEST_CHANNEL &&
	    (c->shared->play->drops & 1u << ssh_message_subtype(m)) != 0) {
		c->ended = true;
		return;
	}
	switch (ssh_message_type(m)) {
	case SSH_REQUEST_SERVICE: ssh_message_service_reply_success(m); break;
	case SSH_REQUEST_AUTH: authenticate(c, m); break;
	case SSH_REQUEST_CHANNEL_OPEN: open_chan(c, m); break;
	case SSH_REQUEST_CHANNEL: request_on_chan(c, m); break;
	default: ssh_message_reply_default(m); break;
	}
}

/* The place of a message, for the play's pause. */
static enum practice_pause
place_of(ssh_message m)
{
	if (ssh_message_type(m) == SSH_REQUEST_CHANNEL_OPEN)
		return PAUSE_CHANNEL;
	if (ssh_message_type(m) != SSH_REQUEST_AUTH)
		return PAUSE_NONE;
	if (ssh_message_subtype(m) == SSH_AUTH_METHOD_NONE)
		return PAUSE_METHODS;
	return is_signed(m) ? PAUSE_SIGNED : PAUSE_NONE;
}

static bool
take_messages(struct conn *c)
{
	bool any = false;

	for (int i = 0; i < ROUNDS_MAX && !c->ended; i++) {
		if (c->held == NULL && (c->held = ssh_message_get(c->s)) == NULL)
			break;
		if (pauses(c, place_of(c->held)))
			break;
		take_message(c, c->held);
		ssh_message_free(c->held);
		c->held = NULL;
		any = true;
	}
	return any;
}

/* The connection. */

static bool
is_dead(const struct conn *c)
{
	return c->ended || (ssh_get_status(c->s) & (SSH_CLOSED | SSH_CLOSED_ERROR)) != 0 ||
	       ssh_is_connected(c->s) == 0 || c->attempts > AUTH_MAX;
}

/* False: not yet, or never. */
static bool
exchange_keys(struct conn *c)
{
	enum practice_pause place = PAUSE_BANNER;

	/* The client's identification is there once ours went out: its offer is the next to come. */
	if (!c->keyed && ssh_get_clientbanner(c->s) != NULL)
		place = PAUSE_KEX;
	if (!c->keyed && pauses(c, place))
		return false;
	if (!c->keyed)
		c->keyed = ssh_handle_key_exchange(c->s) == SSH_OK;
	unblock(c);
	return c->keyed && !is_dead(c);
}

static int
step_ssh(void *arg)
{
	struct conn *c = arg;
	bool more = true;

	if (exchange_keys(c))
		/*
		 * Whatever writes may also read, and so leave a message in libssh's
		 * queue of which the socket tells no more: go round until nothing moves.
		 */
		for (int i = 0; more && !is_dead(c) && i < ROUNDS_MAX; i++) {
			more = take_messages(c);
			unblock(c);
			more |= step_chans(c);
			unblock(c);
		}
	/* What comes in a pause waits in the kernel, which would call us for it again and again. */
	if (c->due != 0)
		return UV_DISCONNECT;
	if (is_dead(c))
		return 0;
	return UV_READABLE | (ssh_get_poll_flags(c->s) & SSH_WRITE_PENDING ? UV_WRITABLE : 0);
}

static uint64_t
wait_ssh(void *arg)
{
	const struct conn *c = arg;
	uint64_t at = c->due, now = now_ms();

	for (const struct chan *n = c->chans; n != NULL; n = n->next)
		if (n->speaks_at > now && (at == 0 || n->speaks_at < at))
			at = n->speaks_at;
	if (at == 0)
		return 0;
	return at > now ? at - now : 1;
}

static void
close_ssh(void *arg)
{
	struct conn *c = arg;
	struct chan *n;

	while ((n = c->chans) != NULL) {
		c->chans = n->next;
		free_chan(n);
	}
	if (c->held != NULL)
		ssh_message_free(c->held);
	ssh_free(c->s);
	free(c);
}

/*
 * libssh has read the client's identification and makes its own offer next. It
 * would keep that until the socket says that it can be written to, and read on
 * meanwhile: with a client whose offer has come already and that shares nothing
 * it would close and have said nothing, which no sshd does. An empty socket can.
 */
static void
on_status(void *arg, float progress)
{
	struct conn *c = arg;

	(void)progress;
	ssh_set_fd_towrite(c->s);
}

static void *
open_ssh(void *shared, int fd)
{
	struct shared *sh = shared;
	struct conn *c;
	int dupe;

	if ((c = calloc(1, sizeof(*c))) == NULL)
		return NULL;
	c->shared = sh;
	c->fd = fd;
	if ((dupe = fcntl(fd, F_DUPFD_CLOEXEC, 3)) < 0 || (c->s = ssh_new()) == NULL)
		goto fail;
	ssh_set_blocking(c->s, 0);
	if (ssh_bind_accept_fd(sh->bind, c->s, dupe) != SSH_OK)
		goto fail;
	c->cb.userdata = c;
	c->cb.connect_status_function = on_status;
	ssh_callbacks_init(&c->cb);
	ssh_set_callbacks(c->s, &c->cb);
	ssh_set_auth_methods(
	    c->s, (int)(sh->play->methods != 0 ? sh->play->methods : SSH_AUTH_METHOD_PUBLICKEY));
	return c;
fail:
	/* libssh closes the duplicate with the session, if it came to know it. */
	if (dupe >= 0 && (c->s == NULL || ssh_get_fd(c->s) != dupe))
		close(dupe);
	ssh_free(c->s);
	free(c);
	return NULL;
}

static void
unshare_ssh(void *shared)
{
	struct shared *sh = shared;

	ssh_bind_free(sh->bind);
	ssh_key_free(sh->trainee);
	free(sh);
}

/* Offer these algorithms alone, both ways where there are two; NULL: what libssh has. */
static bool
offer_only(
    ssh_bind bind, const char *list, enum ssh_bind_options_e there, enum ssh_bind_options_e back)
{
	return list == NULL || (ssh_bind_options_set(bind, there, list) == SSH_OK &&
				   ssh_bind_options_set(bind, back, list) == SSH_OK);
}

static void *
share_ssh(const struct practice_keys *k, const struct practice_play *play, const char *dir)
{
	const bool no = false;
	struct shared *sh;
	ssh_key host = NULL;

	(void)dir;
	if ((sh = calloc(1, sizeof(*sh))) == NULL)
		return NULL;
	sh->play = play;
	if ((sh->bind = ssh_bind_new()) == NULL)
		goto fail;
	/* No configuration file of the machine's own. */
	ssh_bind_options_set(sh->bind, SSH_BIND_OPTIONS_PROCESS_CONFIG, &no);
	ssh_bind_options_set(sh->bind, SSH_BIND_OPTIONS_BANNER, "practice");
	/* Only the case of a server that knows no signature but SHA-1's has an RSA key. */
	if (k->old_host && ssh_bind_options_set(
			       sh->bind, SSH_BIND_OPTIONS_HOSTKEY_ALGORITHMS, "ssh-rsa") != SSH_OK)
		goto fail;
	if (!offer_only(sh->bind, play->ciphers, SSH_BIND_OPTIONS_CIPHERS_C_S,
		SSH_BIND_OPTIONS_CIPHERS_S_C) ||
	    !offer_only(
		sh->bind, play->macs, SSH_BIND_OPTIONS_HMAC_C_S, SSH_BIND_OPTIONS_HMAC_S_C) ||
	    !offer_only(
		sh->bind, play->kex, SSH_BIND_OPTIONS_KEY_EXCHANGE, SSH_BIND_OPTIONS_KEY_EXCHANGE))
		goto fail;
	if ((host = ssh_key_dup(k->host)) == NULL ||
	    ssh_bind_options_set(sh->bind, SSH_BIND_OPTIONS_IMPORT_KEY, host) != SSH_OK)
		goto fail;
	host = NULL; /* the bind's from here on */
	if (ssh_pki_export_privkey_to_pubkey(k->trainee, &sh->trainee) != SSH_OK)
		goto fail;
	return sh;
fail:
	ssh_key_free(host);
	unshare_ssh(sh);
	return NULL;
}

const struct practice_server practice_ssh = {
	.share = share_ssh,
	.unshare = unshare_ssh,
	.open = open_ssh,
	.step = step_ssh,
	.wait_ms = wait_ssh,
	.close = close_ssh,
};
