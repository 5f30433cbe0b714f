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

#include "practice_case.h"
#include "practice_dir.h"
#include "practice_host.h"
#include "practice_keys.h"

struct practice {
	char dir[PRACTICE_DIR_MAX];
	char config[PRACTICE_PATH_MAX];
	struct practice_keys keys;
	struct practice_host *host;
};

/*
 * Each path of the user's own ssh has its place here, so that no default of
 * it, which lies in the home directory, is ever looked at.
 */
static const char config_text[] = "Host practice\n"
				  "\tHostName 127.0.0.1\n"
				  "\tPort %d\n"
				  "\tUser trainee\n"
				  "\tIdentityFile %s/id_ed25519\n"
				  "\tIdentitiesOnly yes\n"
				  "\tIdentityAgent none\n"
				  "\tUserKnownHostsFile %s/known_hosts\n"
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

static int
write_config(const struct practice *p)
{
	char text[sizeof(config_text) + 2 * PRACTICE_DIR_MAX];

	snprintf(text, sizeof(text), config_text, practice_host_port(p->host), p->dir, p->dir);
	return practice_dir_write(p->dir, "config", text);
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
	opt->keydir = "";
	opt->agent = "";
}

/* What could not be done, or NULL. */
static const char *
set_up(struct practice *p, const struct practice_row *row)
{
	if (practice_dir_make(p->dir) != 0)
		return "no private directory could be made for the practice; set TMPDIR";
	snprintf(p->config, sizeof(p->config), "%s/config", p->dir);
	if (practice_keys_make(&p->keys, row->old_hostkey, row->stale_known) != 0)
		return "the keys of the practice could not be made";
	if (practice_host_start(&p->host, row->server, &p->keys, row->refuse_keys) != 0)
		return "the practice server could not be started on 127.0.0.1";
	if (practice_keys_write(&p->keys, p->dir, practice_host_port(p->host)) != 0 ||
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
		if ((p = calloc(1, sizeof(*p))) != NULL)
			fault = set_up(p, row);
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
