/* What lines of ssh say of the session, of forwardings, of the shared connection and of sftp. See ssh_client.h. */
#include <stdlib.h>

#include "ssh_client.h"

#define ACT(name) \
	static void name(struct recogniser *r, struct ssh_client *c, const struct line *l, \
	    struct hole *h, const char *arg)
#define UNUSED(x) (void)(x)

static void
request(struct recogniser *r, const char *what, const char *result, const char *text)
{
	CLIENT_EV(ev, EV_SESSION_REQUEST);

	ev_str(&ev, K_REQUEST, what);
	ev_str(&ev, K_RESULT, result);
	ev_str(&ev, K_TEXT, text);
	client_say(r, &ev);
}

/* Without -v the login itself leaves no trace; what fails behind it does. */
static void
logged_in(struct recogniser *r, struct ssh_client *c)
{
	if (c->logged_in)
		return;
	c->logged_in = true;
	if (!c->trusted) {
		c->trusted = true;
		client_says(r, "hostkey-taken", NULL, NULL, 0);
	}
	client_stage(r, c, STAGE_AUTH);
	CLIENT_EV(ev, EV_AUTH_LOGIN);
	ev_str(&ev, K_METHOD, "other");
	ev_str(&ev, K_RESULT, "success");
	client_say(r, &ev);
	client_probe_over(r, c, "auth");
	client_stage(r, c, STAGE_SESSION);
}

/* ---- the session's channel ----------------------------------------------------------------- */

ACT(nothing)
{
	UNUSED(r), UNUSED(c), UNUSED(l), UNUSED(h), UNUSED(arg);
}

ACT(channel_opened)
{
	UNUSED(r), UNUSED(l), UNUSED(h), UNUSED(arg);
	c->channel_open = true;
}

ACT(sftp_speaks)
{
	UNUSED(r), UNUSED(l), UNUSED(h), UNUSED(arg);
	c->sftp_spoke = true;
}

ACT(command)
{
	UNUSED(r), UNUSED(arg), UNUSED(h);
	c->channel_open = true;
	text_copy(c->command, sizeof c->command, strstr(l->s, ": ") + 2);
	c->request = line_begins(l, "Sending subsystem") ? 's' : 'e';
}

ACT(accepted)
{
	UNUSED(r), UNUSED(l), UNUSED(h);
	c->accepted = true;
	c->channel_open = true;
	c->request = arg[0];
	c->printed[0] = '\0'; /* what came before was the server's banner */
}

/* "channel 0: open failed: administratively prohibited: open failed" */
ACT(open_failed)
{
	const char *reason = strstr(l->s, "open failed: ") + strlen("open failed: ");
	bool prohibited = strncmp(reason, "administratively prohibited", 27) == 0;
	bool session = strcmp(reason, "connect failed: open failed") == 0;
	int64_t number = strtoll(h[0].s, NULL, 10);

	UNUSED(arg);
	logged_in(r, c);
	/* OpenSSH refuses a session so; a forwarded connection has words of its own. */
	if (number == 0 && (!c->channel_open || session) && !c->accepted) {
		request(r, "channel", "refused", l->s);
		c->channel_failed = true;
	} else if (session) {
		request(r, "second channel", "refused", l->s);
	} else {
		client_says(r, prohibited ? "fwd-refused" : "fwd-target", l->s, NULL, 0);
	}
}

ACT(request_failed)
{
	UNUSED(h);
	logged_in(r, c);
	request(r, arg, "refused", l->s);
	if (strcmp(arg, "pty") != 0)
		c->channel_failed = true;
}

ACT(x11_failed)
{
	UNUSED(h), UNUSED(arg);
	logged_in(r, c);
	client_says(r, "x11-refused", l->s, NULL, 0);
}

ACT(exit_signal)
{
	CLIENT_EV(ev, EV_SESSION_EXEC);

	UNUSED(l), UNUSED(h), UNUSED(arg);
	if (c->exit_seen)
		return;
	c->exit_seen = true;
	ev_str(&ev, K_NONCE, "absent");
	ev_str(&ev, K_SIGNAL, "that ssh does not name");
	ev_str(&ev, K_TEXT, c->printed[0] != '\0' ? c->printed : "it died of a signal");
	client_say(r, &ev);
}

/* sftp lost what it talked to before it said a word. */
ACT(sftp_closed)
{
	CLIENT_EV(ev, EV_SESSION_SFTP);

	UNUSED(l), UNUSED(h), UNUSED(arg);
	if (c->stage != STAGE_SESSION || c->channel_failed || c->request != 's')
		return;
	ev_str(&ev, K_RESULT, "closed");
	client_say(r, &ev);
	c->channel_failed = true;
}

/* What is printed where a command was not run, whatever its status. */
static bool
says_not_run(const struct ssh_client *c)
{
	static const char *const words[] = { "This account is currently not available",
		"This service allows sftp connections only",
		"Password change required but no TTY" };

	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (strstr(c->printed, words[i]) != NULL)
			return true;
	return false;
}

/* Whether words of a missing or broken program are about what the user asked for. */
static bool
names_command(const struct ssh_client *c)
{
	char first[64];
	size_t n = strcspn(c->command, " ");

	if (n == 0 || n >= sizeof first)
		return c->command[0] != '\0' && c->printed[0] == '\0';
	memcpy(first, c->command, n);
	first[n] = '\0';
	return c->printed[0] == '\0' || strstr(c->printed, first) != NULL;
}

/*
 * Whether the status is the user's own command's. 254 is sshd's where no session was
 * begun; 126 and 127 are a shell's for a program that is not there, which may be a forced one.
 */
static bool
ran(const struct ssh_client *c)
{
	if (c->status == 0)
		return !says_not_run(c);
	if (c->status == 254 || says_not_run(c))
		return false;
	if (c->status == 1 && c->printed[0] == '/' &&
	    strstr(c->printed, ": No such file or directory") != NULL)
		return false;
	if (c->status == 126 || c->status == 127)
		return names_command(c);
	return strstr(c->printed, "Exec format error") == NULL;
}

ACT(exit_status)
{
	CLIENT_EV(ev, EV_SESSION_EXEC);

	UNUSED(l), UNUSED(arg);
	if (c->exit_seen || c->lost || c->channel_failed || h[0].s[0] == '-' || !c->accepted)
		return;
	c->exit_seen = true;
	c->status = strtoll(h[0].s, NULL, 10);
	/* The server's first packet is shown at -vv; without it nothing was there. */
	if (c->request == 's' && (c->status != 0 || (!c->sftp_spoke && c->max_level >= 2))) {
		sftp_closed(r, c, l, h, NULL);
		return;
	}
	ev_str(&ev, K_NONCE, ran(c) ? "ok" : "absent");
	ev_int(&ev, K_EXIT, c->status);
	if (c->printed[0] != '\0')
		ev_str(&ev, K_ERR, c->printed);
	client_say(r, &ev);
}

/* ---- forwarding ---------------------------------------------------------------------------------- */

ACT(says)
{
	UNUSED(h);
	if (c->stage >= STAGE_SESSION)
		logged_in(r, c);
	client_says(r, arg, l->s, NULL, 0);
}

ACT(forward_failed)
{
	UNUSED(h);
	logged_in(r, c);
	client_says(r, arg, l->s, NULL, 0);
	if (line_begins(l, "Error: "))
		c->lost = true;
}

/* ---- the end of a session ---------------------------------------------------------------------------- */

/* "Connection to web1 closed by remote host.": without a word of the protocol before it. */
ACT(closed_by_host)
{
	CLIENT_EV(ev, EV_SESSION_END);

	UNUSED(h), UNUSED(arg);
	if (c->stage == STAGE_OVER)
		return;
	logged_in(r, c);
	c->lost = true;
	if (c->accepted || !c->verbose)
		client_says(r, "closed-by-host", l->s, NULL, 0);
	ev_str(&ev, K_REASON, "closed");
	ev_str(&ev, K_TEXT, l->s);
	client_say(r, &ev);
	c->stage = STAGE_OVER;
}

/* The path broke under a session that ran; before one ran, the server's end of it did. */
ACT(broke)
{
	CLIENT_EV(ev, EV_SESSION_END);

	UNUSED(h), UNUSED(arg);
	if (c->stage == STAGE_OVER)
		return;
	logged_in(r, c);
	c->lost = true;
	if (c->accepted || !c->verbose || line_begins(l, "Timeout, server"))
		client_says(r, "broke", l->s, NULL, 0);
	ev_str(&ev, K_REASON, "closed");
	ev_str(&ev, K_TEXT, l->s);
	client_say(r, &ev);
	c->stage = STAGE_OVER;
}

/* ---- shared connections ---------------------------------------------------------------------------------- */

static void
socket_state(struct recogniser *r, const char *state, const char *path, const char *text)
{
	CLIENT_EV(ev, EV_MUX_SOCKET);

	ev_str(&ev, K_STATE, state);
	ev_str(&ev, K_PATH, path);
	ev_str(&ev, K_TEXT, text);
	client_say(r, &ev);
}

ACT(mux_socket)
{
	UNUSED(c);
	socket_state(r, arg, h[0].s, l->s);
	if (strcmp(arg, "toolong") == 0)
		c->stage = STAGE_OVER;
}

ACT(mux_refused)
{
	CLIENT_EV(ev, EV_MUX_SESSION);

	UNUSED(c), UNUSED(l), UNUSED(arg);
	ev_str(&ev, K_RESULT, "refused");
	ev_str(&ev, K_TEXT, h[0].s);
	client_say(r, &ev);
}

/* A session in a shared connection: the login and its host key are the master's. */
ACT(mux_master)
{
	UNUSED(l), UNUSED(h), UNUSED(arg);
	logged_in(r, c);
	c->accepted = c->channel_open = true;
	c->request = 'e';
}

/* ---- sftp --------------------------------------------------------------------------------------------------- */

/* The length that sftp read is the first four bytes of what came. */
ACT(too_long)
{
	CLIENT_EV(ev, EV_SESSION_SFTP);
	int64_t code = strtoll(h[0].s, NULL, 10);
	char text[8];

	UNUSED(l), UNUSED(arg);
	logged_in(r, c);
	for (int i = 0; i < 4; i++)
		text[i] = (char)(code >> (24 - 8 * i));
	ev_str(&ev, K_RESULT, "polluted");
	ev_mem(&ev, K_TEXT, text, 4);
	ev_int(&ev, K_CODE, code);
	client_say(r, &ev);
	c->channel_failed = true;
}

/* rsync's words (compat.c, setup_protocol): the version that it read is none. */
ACT(stream_unclean)
{
	UNUSED(h), UNUSED(arg);
	logged_in(r, c);
	client_says(r, "stream-unclean", l->s, NULL, 0);
	c->channel_failed = true;
}

void
client_end_session(struct recogniser *r, struct ssh_client *c)
{
	if (c->logged_in)
		client_probe_over(r, c, "session");
}

/* clang-format off */
const struct client_row client_rows_session[] = {
	{ AT_DEBUG, "channel_input_open_confirmation: channel 0: callback %*", channel_opened, NULL, false },
	{ AT_DEBUG, "Remote version: %d%*", sftp_speaks, NULL, false },
	{ AT_DEBUG, "Sending command: %*", command, NULL, false },
	{ AT_DEBUG, "Sending subsystem: %*", command, NULL, false },
	{ AT_DEBUG, "exec request accepted on channel %d", accepted, "e", false },
	{ AT_DEBUG, "shell request accepted on channel %d", accepted, "h", false },
	{ AT_DEBUG, "subsystem request accepted on channel %d", accepted, "s", false },
	{ AT_MESSAGE, "channel %d: open failed: %*", open_failed, NULL, false },
	{ AT_MESSAGE, "PTY allocation request failed on channel %d", request_failed, "pty", false },
	{ AT_MESSAGE, "shell request failed on channel %d", request_failed, "shell", false },
	{ AT_MESSAGE, "exec request failed on channel %d", request_failed, "exec", false },
	{ AT_MESSAGE, "subsystem request failed on channel %d", request_failed, "sftp", false },
	{ AT_MESSAGE, "X11 forwarding request failed on channel %d", x11_failed, NULL, false },
	{ AT_DEBUG, "X11 forwarding requested but DISPLAY not set", says, "x11-no-display", false },
	{ AT_MESSAGE, "DISPLAY \"%q\" invalid; disabling X11 forwarding", says, "x11-bad-display", false },
	{ AT_DEBUG, "client_input_channel_req: channel 0 rtype exit-signal %*", exit_signal, NULL, false },
	{ AT_MESSAGE, "  #%d %*", nothing, NULL, true },
	{ AT_MESSAGE, "Transferred: sent %*", nothing, NULL, true },
	{ AT_MESSAGE, "Bytes per second: sent %*", nothing, NULL, true },
	{ AT_MESSAGE, "Connection to %q closed.", nothing, NULL, true },
	{ AT_MESSAGE, "Shared connection to %q closed.", nothing, NULL, true },
	{ AT_MESSAGE, "Pseudo-terminal will not be allocated because stdin is not a terminal.%*", nothing, NULL, true },
	{ AT_MESSAGE, "Killed by signal %d.", nothing, NULL, true },
	{ AT_DEBUG, "Received exit status from master %q", exit_status, NULL, false },
	{ AT_DEBUG, "Exit status %q", exit_status, NULL, false },

	{ AT_MESSAGE, "bind [%q]:%d: %q", says, "fwd-listen", false },
	{ AT_MESSAGE, "channel_setup_fwd_listener_tcpip: cannot listen to port: %d", says, "fwd-listen", false },
	{ AT_MESSAGE, "Could not request local forwarding.", says, "fwd-listen", false },
	{ AT_MESSAGE, "Could not request tunnel forwarding.", says, "fwd-listen", false },
	{ AT_MESSAGE, "Could not request remote forwarding.", says, "fwd-listen", false },
	{ AT_MESSAGE, "Tunnel device open failed.", says, "fwd-listen", false },
	{ AT_MESSAGE, "Warning: remote port forwarding failed for listen %*", forward_failed, "fwd-listen", false },
	{ AT_MESSAGE, "Error: remote port forwarding failed for listen %*", forward_failed, "fwd-listen", false },

	{ AT_MESSAGE, "Connection to %q closed by remote host.", closed_by_host, NULL, false },
	{ AT_MESSAGE, "client_loop: send disconnect: %*", broke, NULL, false },
	{ AT_MESSAGE, "packet_write_wait: Connection to %q: Broken pipe", broke, NULL, false },
	{ AT_MESSAGE, "Read from remote host %q: %q", broke, NULL, false },
	{ AT_MESSAGE, "Timeout, server %q not responding.", broke, NULL, false },

	{ AT_EITHER, "Control socket connect(%q): Connection refused", mux_socket, "refused", false },
	{ AT_EITHER, "ControlSocket %q already exists, disabling multiplexing", mux_socket, "refused", false },
	{ AT_MESSAGE, "ControlPath too long ('%q' >= %d bytes)", mux_socket, "toolong", false },
	{ AT_MESSAGE, "unix_listener: cannot bind to path %q: %q", mux_socket, "nodir", false },
	{ AT_MESSAGE, "unix_listener: path \"%q\" too long for Unix domain socket", mux_socket, "long", false },
	{ AT_MESSAGE, "mux_client_request_session: session request failed: %q", mux_refused, NULL, false },
	{ AT_DEBUG, "mux_client_request_session: master session id: %d", mux_master, NULL, false },

	{ AT_MESSAGE, "protocol version mismatch -- is your shell clean?", stream_unclean, NULL, true },
	{ AT_MESSAGE, "Received message too long %d", too_long, NULL, true },
	{ AT_MESSAGE, "Connection closed%*", sftp_closed, NULL, true },
	{ .pattern = NULL },
};
/* clang-format on */
