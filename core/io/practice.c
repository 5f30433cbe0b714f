/*
 * A practice: its private directory, its keys, its server, and the words that
 * make a diagnosis (or the user's own ssh) go there and nowhere else. Used by
 * the front ends and by tests through practice.h.
 *
 *   case --> keys --> server on a free port --> files in the directory --> target and options
 */
#include "practice.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../text.h"
#include "practice_case.h"
#include "practice_dir.h"
#include "practice_host.h"
#include "practice_keys.h"

enum { CONFIG_MAX = 16 * PRACTICE_DIR_MAX };

struct practice {
	const struct practice_row *row;
	char dir[PRACTICE_DIR_MAX];
	char config[PRACTICE_PATH_MAX];
	struct practice_keys keys;
	struct practice_host *host;
	int port, shut; /* of the server, and where nobody listens */
};

/*
 * Each path of the user's own ssh has its place here, so that no default of
 * it, which lies in the home directory, is ever looked at.
 */
static const char ordinary[] = "\tHostName 127.0.0.1\n"
			       "\tPort {port}\n"
			       "\tUser trainee\n"
			       "\tIdentityFile {dir}/id_ed25519\n"
			       "\tIdentitiesOnly yes\n"
			       "\tIdentityAgent none\n"
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

/* Append lines with what their words in braces stand for. */
static void
expand(const struct practice *p, const char *lines, struct strbuf *sb)
{
	for (const char *s = lines; *s != '\0';) {
		size_t n = strcspn(s, "{");

		sb_add(sb, s, n);
		s += n;
		if (strncmp(s, "{dir}", 5) == 0)
			sb_puts(sb, p->dir);
		else if (strncmp(s, "{port}", 6) == 0)
			sb_printf(sb, "%d", p->port);
		else if (strncmp(s, "{shut}", 6) == 0)
			sb_printf(sb, "%d", p->shut);
		else
			sb_add(sb, s, strcspn(s, "}") + (*s != '\0'));
		s += strcspn(s, "}");
		s += *s != '\0';
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
	sb_puts(&sb, "Host practice\n");
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
	opt->agent = "";
}

/* The server of the case, and a port where nobody listens. Returns 0 or -1. */
static int
start_host(struct practice *p)
{
	const struct practice_row *row = p->row;

	if ((p->host = practice_host_new()) == NULL)
		return -1;
	p->shut = practice_host_shut_port(p->host);
	p->port = row->server == NULL
		      ? p->shut
		      : practice_host_listen(p->host, row->server, &p->keys, &row->play, NULL);
	if (p->shut < 0 || p->port < 0)
		return -1;
	return practice_host_run(p->host);
}

/* What could not be done, or NULL. */
static const char *
set_up(struct practice *p)
{
	if (practice_dir_make(p->dir) != 0)
		return "no private directory could be made for the practice; set TMPDIR";
	snprintf(p->config, sizeof(p->config), "%s/config", p->dir);
	if (practice_keys_make(&p->keys, &p->row->keys) != 0)
		return "the keys of the practice could not be made";
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
			fault = set_up(p);
		}
	}
	if (fault != NULL) {
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
	practice_keys_free(&p->keys);
	practice_dir_remove(p->dir);
	free(p);
}
