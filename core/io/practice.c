/*
 * A practice: its private directory, its keys, its server, and the words that
 * make a diagnosis (or the user's own ssh) go there and nowhere else. Used by
 * the front ends and by tests through practice.h.
 *
 *   case --> keys --> server on a free port --> files in the directory --> target and options
 */
#include "practice.h"

#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../text.h"
#include "practice_agent.h"
#include "practice_case.h"
#include "practice_dir.h"
#include "practice_host.h"
#include "practice_keys.h"
#include "practice_sshd.h"

enum { CONFIG_MAX = 16 * PRACTICE_DIR_MAX, STRANGERS = 8 };

struct practice {
	const struct practice_row *row;
	char dir[PRACTICE_DIR_MAX];
	char config[PRACTICE_PATH_MAX];
	struct practice_keys keys;
	struct practice_host *host;
	int port, shut;                /* of the server, and where nobody listens */
	char key[PRACTICE_PATH_MAX];   /* what ssh is told of the trainee's key */
	char agent[PRACTICE_PATH_MAX]; /* the socket; "" if there is none */
	pid_t agent_pid;
	char me[64]; /* the user's name, for sshd */
};

/*
 * Each path of the user's own ssh has its place here, so that no default of
 * it, which lies in the home directory, is ever looked at.
 */
static const char ordinary[] = "\tHostName 127.0.0.1\n"
			       "\tPort {port}\n"
			       "\tUser trainee\n"
			       "\tIdentityFile {key}\n"
			       "\tIdentitiesOnly yes\n"
			       "\tIdentityAgent {agent}\n"
			       "\tUserKnownHostsFile {dir}/known_hosts\n"
			       "\tGlobalKnownHostsFile /dev/null\n"
			       "\tStrictHostKeyChecking yes\n"
			       "\tUpdateHostKeys no\n"
			       "\tPreferredAuthentications publickey\n"
			       "\tGSSAPIAuthentication no\n"
			       "\tHostbasedAuthentication no\n"
			       "\tControlMaster no\n"
			       "\tControlPath none\n"
			       "\tForwardAgent no\n"
			       "\tForwardX11 no\n";

/* Append what the word at s, which ends before a brace, stands for. Returns its length. */
static size_t
put_word(const struct practice *p, const char *s, struct strbuf *sb)
{
	const struct {
		const char *word, *text;
		int number;
	} words[] = {
		{ "dir", p->dir, 0 },
		{ "port", NULL, p->port },
		{ "shut", NULL, p->shut },
		{ "me", p->me, 0 },
		{ "key", p->key, 0 },
		{ "agent", p->agent[0] != '\0' ? p->agent : "none", 0 },
	};
	size_t n = strcspn(s, "}");

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (n == strlen(words[i].word) && memcmp(s, words[i].word, n) == 0) {
			if (words[i].text != NULL)
				sb_puts(sb, words[i].text);
			else
				sb_printf(sb, "%d", words[i].number);
		}
	return n;
}

/* Append lines with what their words in braces stand for. */
static void
expand(const struct practice *p, const char *lines, struct strbuf *sb)
{
	for (const char *s = lines; *s != '\0';) {
		size_t n = strcspn(s, "{");

		sb_add(sb, s, n);
		s += n;
		if (*s == '{')
			s += put_word(p, s + 1, sb) + 2;
	}
}

static int
write_config(const struct practice *p)
{
	char text[CONFIG_MAX];
	struct strbuf sb;

	sb_init(&sb, text, sizeof(text));
	if (p->row->config != NULL)
		expand(p, p->row->config, &sb);
	sb_puts(&sb, "Host practice gate\n");
	expand(p, ordinary, &sb);
	if (sb.cut || practice_dir_write(p->dir, "config", text) != 0)
		return -1;
	if (p->row->team == NULL)
		return 0;
	if (practice_dir_write(p->dir, "team", p->row->team) != 0)
		return -1;
	return practice_dir_mode(p->dir, "team", 0666);
}

static const struct practice_row *
row_of(const struct practice_case *c)
{
	for (size_t i = 0; i < practice_rows(); i++)
		if (&practice_row(i)->shown == c)
			return practice_row(i);
	return NULL;
}

static void
describe(const struct practice *p, struct target *t, struct run_options *opt)
{
	memset(t, 0, sizeof(*t));
	snprintf(t->input, sizeof(t->input), "practice");
	snprintf(t->host, sizeof(t->host), "practice");
	opt->args[0] = "-F";
	opt->args[1] = p->config;
	opt->nargs = 2;
	opt->keydir = p->row->keys.file == KEYFILE_ELSEWHERE ? p->dir : "";
	opt->agent = p->agent;
}

/* The agent of the case. Returns 0 or -1. */
static int
start_agent(struct practice *p)
{
	const enum practice_agent kind = p->row->play.agent;
	int strangers = kind == AGENT_CROWDED ? STRANGERS : 0;
	char names[STRANGERS + 1][PRACTICE_PATH_MAX], *files[STRANGERS + 2] = { NULL };

	if (kind == AGENT_NONE)
		return 0;
	snprintf(p->agent, sizeof(p->agent), "%s/agent.sock", p->dir);
	if (kind == AGENT_STALE)
		return practice_host_listen(p->host, NULL, p->agent);
	if (kind == AGENT_HANGS || kind == AGENT_REFUSES)
		return practice_host_listen(p->host, &practice_ill_agent, p->agent);
	if (practice_keys_write_agent(&p->keys, p->dir, strangers) != 0)
		return -1;
	for (int i = 0; i <= strangers; i++) {
		snprintf(names[i], sizeof(names[i]), "%s/agent.%d", p->dir, i);
		files[i] = names[i];
	}
	p->agent_pid = practice_agent_start(p->agent, files);
	for (int i = 0; i <= strangers; i++)
		unlink(names[i]);
	if (p->agent_pid <= 0)
		return -1;
	return kind == AGENT_LOCKED ? practice_agent_lock(p->agent) : 0;
}

/* The server of the case, and a port where nobody listens. Returns 0 or -1. */
static int
start_host(struct practice *p)
{
	const struct practice_row *row = p->row;

	if ((p->host = practice_host_new()) == NULL)
		return -1;
	practice_host_about(p->host, &p->keys, &row->play, p->dir);
	p->shut = practice_host_listen(p->host, NULL, NULL);
	p->port = practice_host_listen(p->host, row->server, NULL);
	if (p->shut < 0 || p->port < 0 || start_agent(p) != 0)
		return -1;
	return practice_host_run(p->host);
}

/* sshd's own files. Returns 0, or -1 with a sentence in err. */
static int
prepare_sshd(const struct practice *p, char *err, size_t errcap)
{
	char text[CONFIG_MAX];
	struct strbuf sb;

	sb_init(&sb, text, sizeof(text));
	if (p->row->sshd != NULL)
		expand(p, p->row->sshd, &sb);
	return practice_sshd_prepare(&p->keys, p->dir, text, err, errcap);
}

/* The user's name, for the cases in which sshd is run as the user. */
static void
find_me(struct practice *p)
{
	struct passwd pw, *found = NULL;
	char room[4096];

	if (getpwuid_r(getuid(), &pw, room, sizeof(room), &found) == 0 && found != NULL)
		snprintf(p->me, sizeof(p->me), "%s", found->pw_name);
}

/* What could not be done, or NULL. */
static const char *
set_up(struct practice *p, char *err, size_t errcap)
{
	if (practice_dir_make(p->dir) != 0)
		return "no private directory could be made for the practice; set TMPDIR";
	find_me(p);
	snprintf(p->config, sizeof(p->config), "%s/config", p->dir);
	snprintf(p->key, sizeof(p->key), "%s", p->row->keys.file == KEYFILE_NONE ? "none" : "");
	if (p->key[0] == '\0')
		snprintf(p->key, sizeof(p->key), "%s/id_ed25519", p->dir);
	if (practice_keys_make(&p->keys, &p->row->keys) != 0)
		return "the keys of the practice could not be made";
	if (p->row->server == &practice_sshd && prepare_sshd(p, err, errcap) != 0)
		return err;
	if (start_host(p) != 0)
		return "the practice server could not be started on 127.0.0.1";
	if (practice_keys_write(&p->keys, &p->row->keys, p->dir, p->port) != 0 ||
	    write_config(p) != 0)
		return "the files of the practice could not be written; is the disk full?";
	return NULL;
}

int
practice_start(struct practice **out, const struct practice_case *c, struct target *t,
    struct run_options *opt, char *err, size_t errcap)
{
	const struct practice_row *row = row_of(c);
	const char *fault = "no such practice case";
	struct practice *p = NULL;

	if (row != NULL) {
		fault = "out of memory";
		if ((p = calloc(1, sizeof(*p))) != NULL) {
			p->row = row;
			fault = set_up(p, err, errcap);
		}
	}
	if (fault != NULL) {
		if (fault != err)
			snprintf(err, errcap, "%s", fault);
		practice_free(p);
		return -1;
	}
	describe(p, t, opt);
	*out = p;
	return 0;
}

void
practice_free(struct practice *p)
{
	if (p == NULL)
		return;
	practice_host_stop(p->host);
	practice_agent_stop(p->agent_pid);
	practice_keys_free(&p->keys);
	practice_dir_remove(p->dir);
	free(p);
}
