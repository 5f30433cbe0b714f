/*
 * What the files of the reader of ssh's own output share: what it remembers of one login, and the rows
 * that say what a line means. ssh_client.c reads lines and finds rows; ssh_client_transport.c,
 * ssh_client_auth.c and ssh_client_session.c hold the rows of their layer and what they do;
 * ssh_client_time.c turns times before the lines into phases. Nobody else includes it.
 */
#ifndef SSHMEDIC_SSH_CLIENT_H
#define SSHMEDIC_SSH_CLIENT_H

#include "reader.h"

/* How far the login is, by its markers; it never goes back (a new exchange of keys looks like the first). */
enum stage {
	STAGE_NONE, /* no line said anything of a connection */
	STAGE_CONFIG,
	STAGE_CONNECT,
	STAGE_BANNER,
	STAGE_KEXINIT,
	STAGE_KEX,
	STAGE_HOSTKEY,
	STAGE_AUTH,
	STAGE_SESSION,
	STAGE_OVER
};

/* Who may say it: ssh's messages have no mark of their own, its debug lines have. */
enum said_at { AT_MESSAGE, AT_DEBUG, AT_EITHER };

enum {
	LIST_LEN = 1024, /* of an algorithm list that is kept */
	TEXT_LEN = 512,
	WIDTH_MAX = 250,    /* a line longer than any terminal is wide: none was broken */
	PRINTED_LEN = 2048, /* of what the server and its commands printed */
	HELD_LINES = 16,
	HELD_LEN = 240,
	HOLES = 4
};

/* A key that was offered, and what became of it. */
struct asked {
	char name[192], type[48], fp[64];
	bool agent, pending, accepted, signing;
	int order;
};

struct times {
	bool seen;       /* this line has a time before it */
	int64_t now_us;  /* of the last line that had one; counted from the first */
	int64_t base_us; /* of the first */
	bool any, ran[16];
	int64_t since_us[16]; /* when a phase began, by enum phase; -1: not */
};

struct ssh_client {
	bool began, ended, second; /* second: a login after the first, which is not read */
	bool verbose;              /* a debug line was seen */
	bool crs;                  /* ... that ended in CR LF: messages of ssh do too */
	int level;                 /* of the present line; 0 a message */
	int max_level;             /* of all */
	enum stage stage;

	/* one stream, several ssh: that of the login runs others as its way */
	bool proxy, jump, outer;
	int versions, idents;
	char proxy_text[TEXT_LEN];

	char host[256], user[128], addr[64];
	int64_t port;
	int attempts;
	bool attempt_open, failed_attempt;

	bool banner_over;
	int banner_lines;

	bool peer_lists; /* the lists now are the server's */
	char ours[6][LIST_LEN], theirs[6][LIST_LEN];
	bool lists_said, kex_over;

	char hk_type[48], hk_fp[64], known_file[192];
	int64_t known_line;
	bool hk_said, hk_changed, fp_next, trusted, asks, hk_over, matches;

	struct asked key;
	int asked;
	bool none_sent, methods, partial, tty_missing, password_sent, gssapi;
	char method[32], trying[192];
	bool auth_over, logged_in, preferred_seen;

	bool channel_open, channel_failed, accepted, exit_seen, lost, sftp_spoke;
	int request; /* of the main channel: what was asked for */
	char command[192], printed[PRINTED_LEN];
	int64_t status;

	char broken
	    [PRINTED_LEN]; /* a line of ssh as wide as the terminal: the next may go on with it */
	size_t widest;
	unsigned over; /* probes that are known to be over, by bit */
	int nheld;
	struct {
		char s[HELD_LEN];
		uint64_t number;
		bool cr;
	} held[HELD_LINES];
	struct times t;
};

/* What a line means. */
struct client_row {
	enum said_at at;
	const char *pattern; /* of line_match() */
	void (*act)(struct recogniser *r, struct ssh_client *c, const struct line *l,
	    struct hole *h, const char *arg);
	const char *arg;
	bool raw; /* the line has no CR even in a text where ssh's lines have */
};

/* Tables, each ending with pattern NULL; the first row that matches wins. */
extern const struct client_row client_rows_transport[], client_rows_auth[], client_rows_session[];

/* Hand a line of the client's view over. */
void client_say(struct recogniser *r, struct evidence *ev);
/* A probe's work is known to be over, by the live run's names: "tcp", "keys", ... Said once. */
void client_probe_over(struct recogniser *r, struct ssh_client *c, const char *probe);
/* What ssh says of itself that no probe looks at: a row of said.def. NULL and 0 are left out. */
void client_says(
    struct recogniser *r, const char *what, const char *text, const char *path, int64_t port);
/* The login goes on: never back. */
void client_stage(struct recogniser *r, struct ssh_client *c, enum stage s);
/* A row's act for what ends the connection, by how far it was: "closed", "reset", "timeout". */
void client_died(struct recogniser *r, struct ssh_client *c, const char *how, const char *text);
/* The text is over. */
void client_end_transport(struct recogniser *r, struct ssh_client *c);
void client_end_auth(struct recogniser *r, struct ssh_client *c);
void client_end_session(struct recogniser *r, struct ssh_client *c);
/* A line between ssh's own, while authentication or a session goes on: a banner's, or what the command printed. */
void client_printed(struct recogniser *r, struct ssh_client *c, const struct line *l);

/* ---- time ---- */

/* The length of a time (or a quote's mark, or a journal's head) before a line of ssh, 0 for none; *us: the time, or -1. */
size_t client_lead(const char *s, int64_t *us);
/* A line with a time before it comes. */
void client_tick(struct ssh_client *c, int64_t us);
/* What passed since the line before is not known, or is a person's: phases that run are not timed. */
void client_untimed(struct ssh_client *c);
/* By the present line's marker: phases that begin or end. text: the line behind its mark of level. */
void client_phase(struct recogniser *r, struct ssh_client *c, const char *text);

#define CLIENT_EV(ev, kind) \
	struct evidence ev; \
	ev_init(&ev, kind)

#endif
