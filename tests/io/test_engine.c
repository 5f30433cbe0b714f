/*
 * The engine's verbs against practice servers: start, cancel, run again from a
 * probe on, add text, run an argv; several targets in one engine; an end that
 * does not wait for a server that says nothing.
 */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>
#include <uv.h>

#include <cmocka.h>

#include "core/book.h"
#include "core/io/engine.h"
#include "core/io/practice.h"
#include "core/rule.h"

enum { LIMIT_NS_PER_S = 1000000000, LIMIT_S = 20 };

/* An engine with a reader's book, and how many runs of it have ended. */
struct world {
	struct engine *e;
	struct book *b;
	uv_sem_t sem;
	int ended;
};

static void
wake(void *arg)
{
	uv_sem_post(arg);
}

static void
world_open_as(struct world *w, struct engine_options opt)
{
	char err[128];

	opt.wake = wake;
	opt.arg = &w->sem;
	memset(w, 0, sizeof *w);
	uv_sem_init(&w->sem, 0);
	assert_non_null(w->b = book_new());
	assert_int_equal(engine_new(&w->e, &opt, err, sizeof err), 0);
}

static void
world_open(struct world *w, const char *record)
{
	world_open_as(w, (struct engine_options){ .record = record });
}

static void
world_close(struct world *w)
{
	assert_true(engine_free(w->e, 3000));
	book_free(w->b);
	uv_sem_destroy(&w->sem);
}

/* Take what has crossed; returns whether some line held text. */
static bool
take(struct world *w, const char *text)
{
	const struct ev_line *lines[64];
	bool found = false;
	size_t n;

	while ((n = engine_take(w->e, lines, 64)) > 0)
		for (size_t i = 0; i < n; i++) {
			book_add(w->b, lines[i]);
			w->ended += strstr(lines[i]->text, " run.end ") != NULL;
			found |= text != NULL && strstr(lines[i]->text, text) != NULL;
		}
	return found;
}

/* Wait until a line holds text, or until so many runs have ended. */
static void
wait_for(struct world *w, const char *text, int ended)
{
	uint64_t until = uv_hrtime() + (uint64_t)LIMIT_S * LIMIT_NS_PER_S;

	while (!take(w, text) && (text != NULL || w->ended < ended)) {
		assert_true(uv_hrtime() < until);
		while (uv_sem_trywait(&w->sem) != 0) {
			assert_true(uv_hrtime() < until);
			usleep(1000);
		}
	}
}

static bool
seen(const struct world *w, const char *text)
{
	for (size_t i = 0; i < book_lines(w->b); i++)
		if (strstr(book_line(w->b, i)->text, text) != NULL)
			return true;
	return false;
}

static struct practice *
practise(const char *id, struct target *t, struct run_options *opt)
{
	struct practice *p;
	char err[256];

	memset(opt, 0, sizeof *opt);
	opt->timeout_ms = 3000;
	assert_int_equal(practice_start(&p, practice_by_id(id), t, opt, err, sizeof err), 0);
	return p;
}

static void
several_targets_at_once(void **state)
{
	static const char *const ids[] = { "healthy", "key-rejected", "wrong-service" };
	struct practice *p[3];
	struct target t[3];
	struct run_options opt[3];
	struct world w;

	(void)state;
	world_open(&w, NULL);
	for (int i = 0; i < 3; i++) {
		p[i] = practise(ids[i], &t[i], &opt[i]);
		assert_int_equal(engine_start(w.e, &t[i], &opt[i]), i);
	}
	wait_for(&w, NULL, 3);
	for (uint16_t i = 0; i < 3; i++) {
		const struct diag *d = book_diag(w.b, i);
		const char *want = practice_by_id(ids[i])->finding;

		assert_non_null(d);
		assert_int_equal(d->target, i);
		assert_string_equal(d->verdict.healthy ? "healthy" : d->verdict.rule->id, want);
	}
	world_close(&w);
	for (int i = 0; i < 3; i++)
		practice_free(p[i]);
}

/* A run again from a later probe keeps what came before the connection, and nothing else. */
static void
again_from_a_probe(void **state)
{
	struct target t;
	struct run_options opt, other;
	struct practice *p = practise("key-rejected", &t, &opt);
	const struct diag *d;
	struct world w;

	(void)state;
	world_open(&w, NULL);
	engine_start(w.e, &t, &opt);
	wait_for(&w, NULL, 1);
	engine_rerun(w.e, 0, "auth", NULL);
	wait_for(&w, NULL, 2);
	d = book_diag(w.b, 0);
	assert_int_equal(d->run, 1);
	assert_true(fact_has(&d->facts, F_CONFIG_OK));
	assert_string_equal(d->verdict.rule->id, "auth-key-rejected");

	/* Another port, where nothing listens: changed options begin at the first probe. */
	other = opt;
	other.args[other.nargs++] = "-oPort=1";
	engine_rerun(w.e, 0, "auth", &other);
	wait_for(&w, NULL, 3);
	d = book_diag(w.b, 0);
	assert_int_equal(d->run, 2);
	/* The look at other ports finds the one that ssh_config names for this host. */
	assert_string_equal(d->verdict.rule->id, "tcp-refused-wrong-port");
	world_close(&w);
	practice_free(p);
}

/* While a run is under way: it ends first, then the new one begins. */
static void
again_while_it_runs(void **state)
{
	struct target t;
	struct run_options opt;
	struct practice *p = practise("silent-banner", &t, &opt);
	struct world w;

	(void)state;
	world_open(&w, NULL);
	engine_start(w.e, &t, &opt);
	wait_for(&w, "probe.start probe=wire", 0);
	engine_rerun(w.e, 0, "", &opt);
	wait_for(&w, "0.0.1 client/0 probe.start probe=wire", 0);
	assert_int_equal(w.ended, 1);
	engine_cancel(w.e, 0);
	wait_for(&w, NULL, 2);
	assert_int_equal(diag_exit_code(book_diag(w.b, 0)), 130);
	world_close(&w);
	practice_free(p);
}

/* Leaving does not wait for a server that says nothing. */
static void
leaving_is_quick(void **state)
{
	struct target t;
	struct run_options opt;
	struct practice *p = practise("silent-banner", &t, &opt);
	struct world w;
	uint64_t begun;

	(void)state;
	world_open(&w, NULL);
	engine_start(w.e, &t, &opt);
	wait_for(&w, "probe.start probe=wire", 0);
	begun = uv_hrtime();
	world_close(&w);
	assert_true(uv_hrtime() - begun < LIMIT_NS_PER_S); /* the limit of its step is 3 s */
	practice_free(p);
}

static void
text_and_commands_become_evidence(void **state)
{
	char *argv[] = { (char *)"sh", (char *)"-c", (char *)"echo 'one; two' >&2; exit 3", NULL };
	char *none[] = { (char *)"/no/such/program", NULL };
	struct target t;
	struct run_options opt;
	struct practice *p = practise("wrong-service", &t, &opt);
	static const char pasted[] = "port 22\npubkeyauthentication \033[2Jno\nusepam yes";
	struct world w;

	(void)state;
	world_open(&w, NULL);
	engine_start(w.e, &t, &opt);
	wait_for(&w, NULL, 1);
	engine_add_text(w.e, 0, "paste", pasted, sizeof pasted - 1);
	wait_for(&w, "server/1 text.source name=paste kind=\"sshd -T\" lines=3", 0);
	assert_true(seen(&w, "server/1 text.says what=setting text=no path=pubkeyauthentication"));
	engine_add_file(w.e, 0, "/no/such/file");
	wait_for(&w, "/no/such/file could not be read", 0);
	for (size_t i = 0; i < book_lines(w.b); i++)
		assert_null(strchr(book_line(w.b, i)->text, '\033'));
	engine_exec(w.e, 0, argv);
	wait_for(&w, "ended with status 3", 0);
	engine_exec(w.e, 0, none);
	wait_for(&w, "could not be started", 0);
	world_close(&w);
	practice_free(p);
}

/* What it starts runs behind the caller's own, where that was asked for. */
static void
it_gives_way(void **state)
{
	static char word[] = "nice";
	char *argv[] = { word, NULL }, mine[32], behind[32];
	int nice = getpriority(PRIO_PROCESS, 0);
	struct target t;
	struct run_options opt;
	struct practice *p = practise("wrong-service", &t, &opt);

	(void)state;
	if (nice > 9)
		skip();
	snprintf(mine, sizeof mine, "note level=0 text=%d", nice);
	snprintf(behind, sizeof behind, "note level=0 text=%d", nice + 10);
	for (int way = 0; way < 2; way++) {
		struct world w;

		world_open_as(&w, (struct engine_options){ .give_way = way });
		engine_start(w.e, &t, &opt);
		wait_for(&w, NULL, 1);
		engine_exec(w.e, 0, argv);
		wait_for(&w, way ? behind : mine, 0);
		world_close(&w);
	}
	practice_free(p);
}

/* ---- a change on the server: the admin's ssh is a script that says what guard.sh would say ---- */

#define M "smc-0123456789abcdef"
#define REPLY(state, lines, n) \
	"sshmedic-guard 1 " M "\n" M " guard= state=" state "\n" lines M " end. lines=" n "\n"

static char admin_dir[] = "/tmp/sshmedic-test-XXXXXX";

static void
write_file(const char *name, const char *text)
{
	char path[64];
	FILE *f;

	snprintf(path, sizeof path, "%s/%s", admin_dir, name);
	assert_non_null(f = fopen(path, "w"));
	fputs(text, f);
	fclose(f);
}

/* Of a login to "adm" the script takes the verb out of its stdin, notes it, and prints the file of that name. */
static void
make_admin(struct run_options *opt, char path[64])
{
	char text[512];

	assert_non_null(mkdtemp(admin_dir));
	snprintf(text, sizeof text,
	    "#!/bin/sh\ncase \" $* \" in *' adm '*) ;; *) exec ssh \"$@\" ;; esac\n"
	    "verb=$(sed -n 's/^verb=\\([a-z]*\\)$/\\1/p')\n"
	    "echo \"$verb\" >>%s/verbs\n[ ! -f \"%s/$verb\" ] || cat \"%s/$verb\"\n",
	    admin_dir, admin_dir, admin_dir);
	write_file("ssh", text);
	snprintf(path, 64, "%s/ssh", admin_dir);
	chmod(path, 0755);
	opt->ssh = path;
	opt->admin = "adm";
}

static void
remove_admin(void)
{
	static const char *const names[] = { "ssh", "verbs", "apply", "disarm", "fire", "report" };
	char path[64];

	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		snprintf(path, sizeof path, "%s/%s", admin_dir, names[i]);
		unlink(path);
	}
	assert_int_equal(rmdir(admin_dir), 0);
}

static void
a_change_on_the_server(void **state)
{
	struct target t;
	struct run_options opt;
	struct practice *p = practise("key-rejected", &t, &opt);
	char ssh[64];
	struct world w;

	(void)state;
	make_admin(&opt, ssh);
	world_open(&w, NULL);
	engine_start(w.e, &t, &opt);
	engine_server_apply(w.e, 0, "start-unit");
	wait_for(&w, "reason=not-now text=\"a diagnosis is under way", 0);
	wait_for(&w, NULL, 1);
	engine_server_apply(w.e, 0, "no-such-fix");
	wait_for(&w, "there is no such fix", 0);
	engine_server_apply(w.e, 0, "chmod-config");
	wait_for(&w, "fix.failed fix=chmod-config side=server host=adm reason=not-this", 0);
	engine_server_revert(w.e, 0, NULL);
	wait_for(&w, "no change was made on the server", 0);
	engine_server_preview(w.e, 0, "start-unit");
	wait_for(&w,
	    "fix.preview fix=start-unit side=server host=adm command=\"sshd -t && :\" next=start",
	    0);

	/* The login does not come about; then the server refuses. */
	engine_server_apply(w.e, 0, "start-unit");
	wait_for(&w, "host=adm reason=login text=\"it printed nothing", 0);
	write_file("apply",
	    REPLY("refused", M " guard= reason=lockout-admin\n" M " guard= why=no way\n", "3"));
	engine_server_apply(w.e, 0, "start-unit");
	wait_for(&w, "reason=lockout-admin text=\"no way\"", 0);
	assert_false(seen(&w, "fix.applied"));

	/* It is applied, the login fails as it did, a new login keeps it; and it is undone. */
	write_file("apply",
	    REPLY("armed", M " guard= id=00ff\n" M " guard= token=abcd\n" M " guard= window=120\n",
		"4"));
	write_file("disarm", REPLY("kept", M " guard= why=said\n", "2"));
	write_file("fire",
	    REPLY("fired", M " guard= why=asked\n" M " guard= restored=2\n" M " guard= wrong=0\n",
		"4"));
	engine_server_apply(w.e, 0, "start-unit");
	wait_for(&w,
	    "fix.kept fix=start-unit side=server host=adm id=00ff text=\"the login fails as before",
	    0);
	assert_true(seen(&w, "fix.applied fix=start-unit side=server host=adm id=00ff"));
	assert_true(seen(&w, "0.0.1 client/0 run.end"));
	engine_server_revert(w.e, 0, NULL);
	wait_for(
	    &w, "fix.undone fix=start-unit side=server host=adm id=00ff text=asked count=2", 0);
	wait_for(&w, "0.0.2 client/0 run.end", 0);

	/* By its id, of an earlier run of the program. */
	write_file(
	    "report", REPLY("kept", M " guard= why=said\n" M " guard= fix=server-chmod\n", "3"));
	engine_server_report(w.e, 0, "0aff");
	wait_for(&w, "fix.kept fix=server-chmod side=server host=adm id=0aff text=said", 0);
	engine_server_report(w.e, 0, "0aff; x");
	wait_for(&w, "that is no change on a server", 0);
	write_file(
	    "fire", REPLY("fired", M " guard= why=asked\n" M " guard= fix=server-chmod\n", "3"));
	engine_server_revert(w.e, 0, "0aff");
	wait_for(&w, "fix.undone fix=server-chmod side=server host=adm id=0aff text=asked", 0);
	wait_for(&w, "0.0.3 client/0 run.end", 0);
	assert_false(seen(&w, "abcd")); /* the token is nobody else's */
	world_close(&w);
	practice_free(p);
	remove_admin();
}

static void
a_recording_is_private_and_overwrites_nothing(void **state)
{
	char dir[] = "/tmp/sshmedic-test-XXXXXX", path[64], err[128];
	struct engine_options again = { .record = path };
	struct engine *e;
	struct target t;
	struct run_options opt;
	struct practice *p = practise("wrong-service", &t, &opt);
	struct stat st;
	struct world w;

	(void)state;
	assert_non_null(mkdtemp(dir));
	snprintf(path, sizeof path, "%s/r.ev", dir);
	world_open(&w, path);
	engine_start(w.e, &t, &opt);
	wait_for(&w, NULL, 1);
	world_close(&w);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	assert_true(st.st_size > 1000);
	assert_int_equal(engine_new(&e, &again, err, sizeof err), -1);
	assert_non_null(strstr(err, "exists"));
	unlink(path);
	rmdir(dir);
	practice_free(p);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(several_targets_at_once),
		cmocka_unit_test(again_from_a_probe),
		cmocka_unit_test(again_while_it_runs),
		cmocka_unit_test(leaving_is_quick),
		cmocka_unit_test(text_and_commands_become_evidence),
		cmocka_unit_test(it_gives_way),
		cmocka_unit_test(a_change_on_the_server),
		cmocka_unit_test(a_recording_is_private_and_overwrites_nothing),
	};

	setenv("UV_THREADPOOL_SIZE", "32", 0);
	signal(SIGPIPE, SIG_IGN);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
