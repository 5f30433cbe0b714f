/*
 * A change on a server as a front end asks the engine for it, for the lab: diagnoses the target, applies
 * the fix, prints each line of evidence, and ends when the change is decided.
 *
 *   serverfix [-a ADMIN] [-w SECONDS] [-r] [-k KIND] [-u FILE] TARGET FIX
 *     -w  window in which a new login must keep the change
 *     -r  undo it once it is kept
 *     -k  end this process by SIGKILL at the first line of that kind
 *     -u  remove that file once the change is applied
 *
 * Exit 0 where the last thing that was said is fix.kept, 3 fix.undone, 4 fix.failed; 1 else.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <uv.h>

#include "core/io/engine.h"

static uv_sem_t bell;
static const char *kill_at, *remove_then;

static void
wake(void *arg)
{
	(void)arg;
	uv_sem_post(&bell);
}

static bool
is_kind(const char *line, const char *kind)
{
	char word[40];

	snprintf(word, sizeof word, " %s ", kind);
	return strstr(line, word) != NULL;
}

/* Print what has come; the number in kinds[] of the last line that is of one of them, or -1. */
static int
take(struct engine *e, const char *const kinds[])
{
	const struct ev_line *lines[64];
	int found = -1;
	size_t n;

	while ((n = engine_take(e, lines, 64)) > 0)
		for (size_t i = 0; i < n; i++) {
			printf("%s\n", lines[i]->text);
			fflush(stdout);
			if (kill_at != NULL && is_kind(lines[i]->text, kill_at))
				raise(SIGKILL);
			if (remove_then != NULL && is_kind(lines[i]->text, "fix.applied"))
				unlink(remove_then);
			for (int k = 0; kinds[k] != NULL; k++)
				if (is_kind(lines[i]->text, kinds[k]))
					found = k;
		}
	return found;
}

static int
wait_for(struct engine *e, const char *const kinds[])
{
	int k;

	while ((k = take(e, kinds)) < 0)
		uv_sem_wait(&bell);
	return k;
}

int
main(int argc, char **argv)
{
	static const char *const end[] = { "run.end", NULL }, *const decided[] = { "fix.kept",
		"fix.undone", "fix.failed", NULL };
	static const int status[] = { 0, 3, 4 };
	struct run_options opt = { .timeout_ms = 3000 };
	struct engine_options eopt = { .wake = wake };
	struct engine *e;
	struct target t;
	char err[256];
	bool revert = false;
	int c, k;

	while ((c = getopt(argc, argv, "a:w:rk:u:")) != -1) {
		switch (c) {
		case 'a': opt.admin = optarg; break;
		case 'w': opt.window_s = (uint32_t)atoi(optarg); break;
		case 'r': revert = true; break;
		case 'k': kill_at = optarg; break;
		case 'u': remove_then = optarg; break;
		default: return 2;
		}
	}
	if (argc - optind != 2 || target_parse(&t, argv[optind], err, sizeof err) != 0)
		return 2;
	opt.collect = opt.admin == NULL;
	uv_sem_init(&bell, 0);
	if (engine_new(&e, &eopt, err, sizeof err) != 0)
		return 1;
	engine_start(e, &t, &opt);
	wait_for(e, end);
	engine_server_apply(e, 0, argv[optind + 1]);
	k = wait_for(e, decided);
	if (k == 0 && revert) {
		engine_server_revert(e, 0, NULL);
		k = wait_for(e, decided);
	}
	engine_free(e, 3000);
	return status[k];
}
