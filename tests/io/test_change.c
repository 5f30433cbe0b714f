/*
 * Changes made and undone in a folder of their own: bytes, modes, links, odd names; what is refused;
 * and a kill at every system call of an edit, after which the file is the old or the new one, whole,
 * and the journal says which.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <unistd.h>
#include <cmocka.h>

#include "core/io/change_apply.h"

static char dir[64];
static struct change_env env;
static char err[CHANGE_ERR], id[JOURNAL_ID];

/* ---- the folder ----------------------------------------------------------------------- */

static const char *
in(const char *name)
{
	static char path[4][PATH_LEN];
	static int turn;

	turn = (turn + 1) % 4;
	snprintf(path[turn], PATH_LEN, "%s/%s", dir, name);
	return path[turn];
}

static void
put(const char *name, const char *text, mode_t mode)
{
	int fd = open(in(name), O_WRONLY | O_CREAT | O_TRUNC, 0600);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	assert_int_equal(fchmod(fd, mode), 0);
	close(fd);
}

static const char *
get(const char *name)
{
	static char text[64 * 1024];
	FILE *f = fopen(in(name), "r");
	size_t n = 0;

	if (f == NULL)
		return NULL;
	n = fread(text, 1, sizeof text - 1, f);
	text[n] = '\0';
	fclose(f);
	return text;
}

static unsigned
mode_of(const char *name)
{
	struct stat st;

	return lstat(in(name), &st) == 0 ? st.st_mode & 07777 : 0;
}

static void
remove_all(const char *path)
{
	DIR *d = opendir(path);
	struct dirent *e;

	while (d != NULL && (e = readdir(d)) != NULL) {
		char sub[PATH_LEN];

		if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0)
			continue;
		snprintf(sub, sizeof sub, "%s/%s", path, e->d_name);
		if (unlink(sub) != 0)
			remove_all(sub);
	}
	if (d != NULL)
		closedir(d);
	rmdir(path);
}

static int
setup(void **state)
{
	(void)state;
	snprintf(dir, sizeof dir, "/tmp/sshmedic-change-XXXXXX");
	if (mkdtemp(dir) == NULL)
		return -1;
	memset(&env, 0, sizeof env);
	snprintf(env.home, sizeof env.home, "%s", dir);
	snprintf(env.state, sizeof env.state, "%s/state/sshmedic", dir);
	return mkdir(in(".ssh"), 0700);
}

static int
teardown(void **state)
{
	(void)state;
	remove_all(dir);
	return 0;
}

/* ---- changes ----------------------------------------------------------------------------- */

static struct change
port_change(void)
{
	struct change c = { .op = CHANGE_CONFIG, .host = "web", .nset = 1 };

	strcpy(c.set[0].keyword, "Port");
	strcpy(c.set[0].value, "2222");
	return c;
}

static int
make(const struct change *c)
{
	struct change_plan *p = change_preview(&env, "save-port", c, err);
	int r;

	if (p == NULL)
		return -1;
	assert_non_null(change_plan_line(p, 0));
	r = change_apply(&env, p, id, err);
	change_plan_free(p);
	return r;
}

static char state_of[12];

static void
keep_state(void *arg, const struct journal_entry *e)
{
	if (strcmp(e->id, arg) == 0)
		snprintf(state_of, sizeof state_of, "%s", e->state);
}

static const char *
state(const char *number)
{
	snprintf(state_of, sizeof state_of, "none");
	assert_int_equal(change_list(&env, keep_state, (void *)(uintptr_t)number, err), 0);
	return state_of;
}

static const char old_config[] = "# mine\nHost web\n\tUser a \xff\r\n\nHost *\n\tPort 1";
static const char new_config[] =
    "# mine\nHost web\n\tUser a \xff\r\n\tPort 2222\n\nHost *\n\tPort 1";

static void
an_edit_is_made_and_undone(void **s)
{
	struct change c = port_change();
	char fix[40];

	(void)s;
	put(".ssh/config", old_config, 0640);
	assert_int_equal(make(&c), 0);
	assert_string_equal(get(".ssh/config"), new_config);
	assert_int_equal(mode_of(".ssh/config"), 0640);
	assert_int_equal(mode_of("state/sshmedic/backup"), 0700);
	assert_int_equal(mode_of("state/sshmedic"), 0700);
	assert_int_equal(mode_of("state/sshmedic/journal"), 0600);
	assert_int_equal(mode_of("state/sshmedic/backup/1"), 0600);
	assert_string_equal(get("state/sshmedic/backup/1"), old_config);
	assert_string_equal(id, "1");
	assert_string_equal(state("1"), "done");
	assert_int_equal(make(&c), -1); /* it says so already */
	assert_int_equal(change_undo(&env, "1", fix, err), 0);
	assert_string_equal(fix, "save-port");
	assert_string_equal(get(".ssh/config"), old_config);
	assert_int_equal(mode_of(".ssh/config"), 0640);
	assert_string_equal(state("1"), "undone");
	assert_int_equal(change_undo(&env, "1", NULL, err), -1);
	assert_non_null(strstr(err, "undone already"));
	assert_int_equal(change_undo(&env, "7", NULL, err), -1);
	assert_int_equal(make(&c), 0);
	assert_string_equal(id, "2");
}

static void
what_was_not_there_is_made_and_goes_again(void **s)
{
	struct change c = port_change();

	(void)s;
	rmdir(in(".ssh"));
	assert_int_equal(make(&c), 0);
	assert_string_equal(get(".ssh/config"), "Host web\n    Port 2222\n");
	assert_int_equal(mode_of(".ssh/config"), 0600);
	assert_int_equal(mode_of(".ssh"), 0700);
	assert_int_equal(change_undo(&env, id, NULL, err), 0);
	assert_null(get(".ssh/config"));
	assert_int_equal(mode_of(".ssh"), 0);
}

static void
nothing_of_somebody_else_is_lost(void **s)
{
	struct change c = port_change();
	struct change_plan *p;

	(void)s;
	put(".ssh/config", old_config, 0600);
	p = change_preview(&env, "save-port", &c, err);
	assert_non_null(p);
	put(".ssh/config", "Host web\n", 0600); /* between the look and the yes */
	assert_int_equal(change_apply(&env, p, id, err), -1);
	assert_non_null(strstr(err, "meanwhile"));
	change_plan_free(p);
	assert_string_equal(get(".ssh/config"), "Host web\n");
	assert_int_equal(make(&c), 0);
	put(".ssh/config", "Host web\n  Port 3\n", 0600);
	assert_int_equal(change_undo(&env, id, NULL, err), -1);
	assert_non_null(strstr(err, "somebody else"));
	assert_non_null(strstr(err, "/backup/"));
	assert_string_equal(get(".ssh/config"), "Host web\n  Port 3\n");
	assert_string_equal(state(id), "done");
}

static void
links_are_followed(void **s)
{
	struct change c = port_change();
	struct stat st;

	(void)s;
	assert_int_equal(mkdir(in("dot files"), 0700), 0);
	put("dot files/it's \xfe", old_config, 0604);
	assert_int_equal(symlink("../dot files/it's \xfe", in(".ssh/config")), 0);
	assert_int_equal(make(&c), 0);
	assert_int_equal(lstat(in(".ssh/config"), &st), 0);
	assert_true(S_ISLNK(st.st_mode));
	assert_string_equal(get("dot files/it's \xfe"), new_config);
	assert_int_equal(mode_of("dot files/it's \xfe"), 0604);
	assert_int_equal(change_undo(&env, id, NULL, err), 0);
	assert_string_equal(get("dot files/it's \xfe"), old_config);
	assert_int_equal(lstat(in(".ssh/config"), &st), 0);
	assert_true(S_ISLNK(st.st_mode));
}

static void
what_it_may_not_replace_is_refused(void **s)
{
	struct change c = port_change();
	char big[4096];

	(void)s;
	put("other", old_config, 0600);
	assert_int_equal(link(in("other"), in(".ssh/config")), 0);
	assert_int_equal(make(&c), -1);
	assert_non_null(strstr(err, "hard links"));
	unlink(in(".ssh/config"));
	assert_int_equal(symlink("nowhere", in(".ssh/config")), 0);
	assert_int_equal(make(&c), -1);
	unlink(in(".ssh/config"));
	assert_int_equal(mkfifo(in(".ssh/config"), 0600), 0);
	assert_int_equal(make(&c), -1);
	assert_non_null(strstr(err, "no plain file"));
	unlink(in(".ssh/config"));
	memset(big, '#', sizeof big);
	big[sizeof big - 1] = '\0';
	put(".ssh/config", "", 0600);
	for (int i = 0; i < 260; i++) {
		int fd = open(in(".ssh/config"), O_WRONLY | O_APPEND);

		assert_int_equal(write(fd, big, sizeof big - 1), sizeof big - 1);
		close(fd);
	}
	assert_int_equal(make(&c), -1);
	assert_non_null(strstr(err, "larger"));
	snprintf(env.config, sizeof env.config, "none");
	assert_int_equal(make(&c), -1);
}

static void
attributes_come_along(void **s)
{
	struct change c = port_change();
	char value[16] = "";

	(void)s;
	put(".ssh/config", old_config, 0600);
	if (setxattr(in(".ssh/config"), "user.sshmedic", "kept", 4, 0) != 0)
		skip();
	assert_int_equal(make(&c), 0);
	assert_int_equal(getxattr(in(".ssh/config"), "user.sshmedic", value, sizeof value), 4);
	assert_string_equal(value, "kept");
	assert_int_equal(change_undo(&env, id, NULL, err), 0);
	assert_int_equal(getxattr(in(".ssh/config"), "user.sshmedic", value, sizeof value), 4);
}

static void
an_include_is_looked_into(void **s)
{
	struct change c = port_change();

	(void)s;
	assert_int_equal(mkdir(in(".ssh/conf.d"), 0700), 0);
	put(".ssh/conf.d/a", "User x\n", 0600);
	put(".ssh/config", "Include conf.d/*\nHost web\n  User y\n", 0600);
	assert_int_equal(make(&c), 0);
	assert_string_equal(
	    get(".ssh/config"), "Include conf.d/*\nHost web\n  User y\n  Port 2222\n");
	assert_int_equal(change_undo(&env, id, NULL, err), 0);
	put(".ssh/conf.d/b", "Port 7\n", 0600);
	assert_int_equal(make(&c), 0);
	assert_string_equal(get(".ssh/config"),
	    "Host web\n  Port 2222\n\nHost *\nInclude conf.d/*\nHost web\n  User y\n");
}

#define KEY "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJr0CvKSNoZ0NQPdjnmPZBWbIyMFUGF0ClCYkPbJv7wz"

static void
a_host_key_is_forgotten_and_back(void **s)
{
	struct change c = {
		.op = CHANGE_KNOWN_HOSTS, .path = "~/.ssh/known_hosts", .host = "[web]:22"
	};

	(void)s;
	put(".ssh/known_hosts", "[web]:22,b " KEY "\n[web]:22 " KEY "\nweb " KEY "\n", 0644);
	assert_int_equal(make(&c), 0);
	assert_string_equal(get(".ssh/known_hosts"), "b " KEY "\nweb " KEY "\n");
	assert_int_equal(mode_of(".ssh/known_hosts"), 0644);
	assert_int_equal(make(&c), -1);
	assert_int_equal(change_undo(&env, id, NULL, err), 0);
	assert_string_equal(
	    get(".ssh/known_hosts"), "[web]:22,b " KEY "\n[web]:22 " KEY "\nweb " KEY "\n");
}

/* ssh-keygen -R and -F are the judges: both forget the same, but that a list loses only the name. */
static void
known_hosts_as_ssh_keygen_has_it(void **s)
{
	struct change c = { .op = CHANGE_KNOWN_HOSTS };
	char command[1024];

	(void)s;
	put("kh", "web " KEY "\nmail " KEY "\n[web]:2222 " KEY "\n@revoked web " KEY "\n# end\n",
	    0600);
	snprintf(command, sizeof command,
	    "cd %s && ssh-keygen -q -H -f kh 2>/dev/null >/dev/null; cp kh mine && cp kh theirs && "
	    "ssh-keygen -q -R web -f theirs >/dev/null 2>&1",
	    dir);
	assert_int_equal(system(command), 0);
	assert_non_null(strstr(get("kh"), "|1|"));
	snprintf(c.path, sizeof c.path, "%s", in("mine"));
	snprintf(c.host, sizeof c.host, "WEB");
	assert_int_equal(make(&c), 0);
	snprintf(command, sizeof command, "cmp -s %s %s", in("mine"), in("theirs"));
	assert_int_equal(system(command), 0);
	snprintf(command, sizeof command,
	    "ssh-keygen -F mail -f %s >/dev/null && ssh-keygen -F '[web]:2222' -f %s >/dev/null && "
	    "! ssh-keygen -F web -f %s | grep -v REVOKED | grep -q found",
	    in("mine"), in("mine"), in("mine"));
	assert_int_equal(system(command), 0);
}

static void
a_mode_is_set_and_back(void **s)
{
	struct change c = { .op = CHANGE_MODE, .give = 0600, .take = 0177 };

	(void)s;
	put("id key", "x", 0444);
	snprintf(c.path, sizeof c.path, "%s", in("id key"));
	assert_int_equal(make(&c), 0);
	assert_int_equal(mode_of("id key"), 0600);
	assert_int_equal(make(&c), -1);
	assert_int_equal(change_undo(&env, id, NULL, err), 0);
	assert_int_equal(mode_of("id key"), 0444);
	assert_int_equal(make(&c), 0);
	assert_int_equal(chmod(in("id key"), 0640), 0);
	assert_int_equal(change_undo(&env, id, NULL, err), -1);
	assert_int_equal(mode_of("id key"), 0640);
	snprintf(c.path, sizeof c.path, "/dev/null");
	assert_int_equal(make(&c), -1);
}

static int
listen_at(const char *path)
{
	struct sockaddr_un sa = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	snprintf(sa.sun_path, sizeof sa.sun_path, "%s", path);
	assert_int_equal(bind(fd, (struct sockaddr *)&sa, sizeof sa), 0);
	assert_int_equal(listen(fd, 1), 0);
	return fd;
}

static void
a_dead_socket_goes_and_comes_back(void **s)
{
	struct change c = { .op = CHANGE_UNLINK_SOCKET };
	struct stat st;
	int fd = listen_at(in("cm sock"));

	(void)s;
	snprintf(c.path, sizeof c.path, "%s", in("cm sock"));
	assert_int_equal(make(&c), -1); /* somebody listens */
	close(fd);
	assert_int_equal(chmod(in("cm sock"), 0600), 0);
	assert_int_equal(make(&c), 0);
	assert_int_equal(lstat(in("cm sock"), &st), -1);
	assert_int_equal(change_undo(&env, id, NULL, err), 0);
	assert_int_equal(lstat(in("cm sock"), &st), 0);
	assert_true(S_ISSOCK(st.st_mode));
	assert_int_equal(st.st_mode & 07777, 0600);
	put("cm file", "", 0600);
	snprintf(c.path, sizeof c.path, "%s", in("cm file"));
	assert_int_equal(make(&c), -1);
}

static void
a_folder_is_made_and_goes(void **s)
{
	struct change c = { .op = CHANGE_MKDIR, .mode = 0700 };

	(void)s;
	snprintf(c.path, sizeof c.path, "%s", in("a/b"));
	assert_int_equal(make(&c), 0);
	assert_int_equal(mode_of("a/b"), 0700);
	put("a/b/x", "", 0600);
	assert_int_equal(change_undo(&env, id, NULL, err), -1);
	assert_int_equal(mode_of("a/b"), 0700);
	unlink(in("a/b/x"));
	assert_int_equal(change_undo(&env, id, NULL, err), 0);
	assert_int_equal(mode_of("a"), 0);
}

static void
commands_run_without_a_shell(void **s)
{
	struct change c = { .op = CHANGE_RUN };
	char command[512];

	(void)s;
	snprintf(command, sizeof command, "touch '%s' && touch %s", in("$(x) '*"), in("second"));
	assert_false(change_split(&c, command)); /* the quote ends too early */
	snprintf(command, sizeof command, "touch '%s' && touch %s", in("$(x) *"), in("second"));
	assert_true(change_split(&c, command));
	assert_int_equal(make(&c), 0);
	assert_non_null(get("$(x) *"));
	assert_non_null(get("second"));
	assert_int_equal(change_undo(&env, id, NULL, err), -1);
	assert_non_null(strstr(err, "ran a command"));
	snprintf(command, sizeof command, "ls /no/such && touch %s", in("third"));
	assert_true(change_split(&c, command));
	assert_int_equal(make(&c), -1);
	assert_non_null(strstr(err, "No such file"));
	assert_null(get("third"));
	assert_string_equal(state(id), "failed");
	assert_true(change_split(&c, "no-such-program-at-all x"));
	assert_int_equal(make(&c), -1);
	c.op = CHANGE_TERMINAL;
	assert_int_equal(make(&c), -1);
	assert_non_null(strstr(err, "terminal"));
}

static void
two_programs_do_not_meet(void **s)
{
	struct change c = port_change();
	int fd;

	(void)s;
	assert_int_equal(make(&c), 0);
	fd = open(in("state/sshmedic/lock"), O_RDWR);
	assert_int_equal(flock(fd, LOCK_EX), 0);
	assert_int_equal(change_undo(&env, id, NULL, err), -1);
	assert_non_null(strstr(err, "another sshmedic"));
	close(fd);
	assert_int_equal(change_undo(&env, id, NULL, err), 0);
}

/* ---- a kill at every system call ---------------------------------------------------------------- */

/* Run what in a child and kill it before its n-th system call. Returns false where it ended before that. */
static bool
killed_at(int n, void (*what)(void))
{
	int status = 0, calls = 0;
	pid_t pid = fork();

	if (pid == 0) {
		if (ptrace(PTRACE_TRACEME, 0, NULL, NULL) != 0)
			_exit(77);
		raise(SIGSTOP);
		what();
		_exit(0);
	}
	assert_true(pid > 0 && waitpid(pid, &status, 0) == pid);
	if (WIFEXITED(status)) {
		if (WEXITSTATUS(status) == 77)
			skip();
		return false;
	}
	ptrace(PTRACE_SETOPTIONS, pid, NULL, PTRACE_O_TRACESYSGOOD);
	for (;;) {
		assert_int_equal(ptrace(PTRACE_SYSCALL, pid, NULL, NULL), 0);
		assert_int_equal(waitpid(pid, &status, 0), pid);
		if (WIFEXITED(status))
			return false;
		assert_true(WIFSTOPPED(status));
		/* Two stops for each: before and behind it. */
		if (WSTOPSIG(status) == (SIGTRAP | 0x80) && calls++ == n) {
			kill(pid, SIGKILL);
			assert_int_equal(waitpid(pid, &status, 0), pid);
			return true;
		}
	}
}

static void
child_edit(void)
{
	struct change c = port_change();

	_exit(make(&c) == 0 ? 0 : 1);
}

static void
child_undo(void)
{
	_exit(change_undo(&env, "1", NULL, err) == 0 ? 0 : 1);
}

/* No file of a change that was cut off lies about. */
static void
no_leftovers(void)
{
	DIR *d = opendir(in(".ssh"));
	struct dirent *e;

	while ((e = readdir(d)) != NULL)
		assert_null(strstr(e->d_name, ".sshmedic"));
	closedir(d);
}

static void
a_kill_leaves_the_old_or_the_new(void **s)
{
	int n, olds = 0, news = 0;

	(void)s;
	for (n = 0;; n++) {
		bool killed, is_old;
		const char *st;

		remove_all(in("state"));
		put(".ssh/config", old_config, 0640);
		killed = killed_at(n, child_edit);
		is_old = strcmp(get(".ssh/config"), old_config) == 0;
		if (!is_old)
			assert_string_equal(get(".ssh/config"), new_config);
		assert_int_equal(mode_of(".ssh/config"), 0640);
		is_old ? olds++ : news++;
		st = state("1");
		no_leftovers();
		if (!is_old) {
			assert_string_equal(st, "done");
			assert_int_equal(change_undo(&env, "1", NULL, err), 0);
			assert_string_equal(get(".ssh/config"), old_config);
		} else if (strcmp(st, "none") != 0) {
			assert_string_equal(st, "failed");
		}
		if (!killed)
			break;
	}
	assert_true(olds > 20 && news > 3);
	print_message("%d kills: %d left the old file, %d the new one\n", n, olds, news);
}

static void
a_kill_of_an_undo_leaves_the_old_or_the_new(void **s)
{
	struct change c = port_change();
	int n, olds = 0, news = 0;

	(void)s;
	for (n = 0;; n++) {
		bool killed, is_old;

		remove_all(in("state"));
		put(".ssh/config", old_config, 0600);
		assert_int_equal(make(&c), 0);
		killed = killed_at(n, child_undo);
		is_old = strcmp(get(".ssh/config"), old_config) == 0;
		if (!is_old)
			assert_string_equal(get(".ssh/config"), new_config);
		is_old ? olds++ : news++;
		assert_string_equal(state("1"), is_old ? "undone" : "done");
		no_leftovers();
		if (!is_old)
			assert_int_equal(change_undo(&env, "1", NULL, err), 0);
		assert_string_equal(get(".ssh/config"), old_config);
		if (!killed)
			break;
	}
	assert_true(olds > 3 && news > 20);
}

int
main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(an_edit_is_made_and_undone),
		TEST(what_was_not_there_is_made_and_goes_again),
		TEST(nothing_of_somebody_else_is_lost),
		TEST(links_are_followed),
		TEST(what_it_may_not_replace_is_refused),
		TEST(attributes_come_along),
		TEST(an_include_is_looked_into),
		TEST(a_host_key_is_forgotten_and_back),
		TEST(known_hosts_as_ssh_keygen_has_it),
		TEST(a_mode_is_set_and_back),
		TEST(a_dead_socket_goes_and_comes_back),
		TEST(a_folder_is_made_and_goes),
		TEST(commands_run_without_a_shell),
		TEST(two_programs_do_not_meet),
		TEST(a_kill_leaves_the_old_or_the_new),
		TEST(a_kill_of_an_undo_leaves_the_old_or_the_new),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
