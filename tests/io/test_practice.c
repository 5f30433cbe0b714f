/*
 * The practice servers, seen by the two clients that a diagnosis uses: the
 * user's own ssh, and libssh.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <libssh/libssh.h>

#include "core/io/practice.h"

enum { WORDS_MAX = 32, TEXT_MAX = 8192, CHILD_MS = 20000 };

/* A practice and what the tests read from it. */
struct world {
	struct practice *p;
	struct target t;
	struct run_options opt;
	char dir[600];
	int port;
};

/* How a child ended and what it wrote. */
struct result {
	int status;
	size_t nout;
	char out[TEXT_MAX], err[TEXT_MAX];
};

/* A child at work. */
struct child {
	pid_t pid;
	int out, err;
};

static int
count_entries(const char *path)
{
	DIR *d = opendir(path);
	int n = 0;

	assert_non_null(d);
	while (readdir(d) != NULL)
		n++;
	closedir(d);
	return n;
}

/* Begin a case. False: it needs sshd, and there is none here. */
static bool
begin(struct world *w, const char *id)
{
	char err[256] = "", line[1024];
	FILE *f;

	memset(w, 0, sizeof(*w));
	if (practice_start(&w->p, practice_by_id(id), &w->t, &w->opt, err, sizeof(err)) != 0) {
		if (strncmp(err, "this practice case needs sshd", 29) == 0)
			return false;
		fail_msg("%s: %s", id, err);
	}
	assert_int_equal(w->opt.nargs, 2);
	assert_string_equal(w->opt.args[0], "-F");
	snprintf(w->dir, sizeof(w->dir), "%s", w->opt.args[1]);
	*strrchr(w->dir, '/') = '\0';
	assert_non_null(f = fopen(w->opt.args[1], "r"));
	while (fgets(line, sizeof(line), f) != NULL)
		(void)sscanf(line, " Port %d", &w->port);
	fclose(f);
	assert_in_range(w->port, 1, 65535);
	return true;
}

static void
end(struct world *w)
{
	struct stat st;

	practice_free(w->p);
	assert_int_equal(stat(w->dir, &st), -1);
	assert_int_equal(errno, ENOENT);
}

/* Start `ssh -F config words...`; standard input is in (len bytes). */
static struct child
start_ssh(const struct world *w, const char *const words[], const void *in, size_t len)
{
	struct child c;
	const char *argv[WORDS_MAX] = { "ssh", "-F", w->opt.args[1], "-o", "BatchMode=yes" };
	int n = 5, fd = memfd_create("in", 0);

	while (*words != NULL && n < WORDS_MAX - 1)
		argv[n++] = *words++;
	c.out = memfd_create("out", 0);
	c.err = memfd_create("err", 0);
	assert_int_equal(write(fd, in, len), (ssize_t)len);
	lseek(fd, 0, SEEK_SET);
	if ((c.pid = fork()) == 0) {
		if (dup2(fd, 0) < 0 || dup2(c.out, 1) < 0 || dup2(c.err, 2) < 0)
			_exit(126);
		execvp(argv[0], (char *const *)argv);
		_exit(126);
	}
	assert_true(c.pid > 0);
	close(fd);
	return c;
}

static size_t
slurp(int fd, char *text)
{
	ssize_t n = pread(fd, text, TEXT_MAX - 1, 0);

	assert_true(n >= 0);
	text[n] = '\0';
	close(fd);
	return (size_t)n;
}

/* Wait for a child; one that takes too long is killed, and its status is -1. */
static struct result
wait_ssh(struct child c)
{
	const struct timespec tick = { .tv_nsec = 5 * 1000 * 1000 };
	struct result r = { .status = -1 };
	int status;

	for (int ms = 0; waitpid(c.pid, &status, WNOHANG) == 0; ms += 5) {
		if (ms > CHILD_MS) {
			kill(c.pid, SIGKILL);
			waitpid(c.pid, &status, 0);
			break;
		}
		nanosleep(&tick, NULL);
	}
	if (WIFEXITED(status))
		r.status = WEXITSTATUS(status);
	r.nout = slurp(c.out, r.out);
	slurp(c.err, r.err);
	return r;
}

static struct result
run_ssh(const struct world *w, const char *const words[], const char *in)
{
	return wait_ssh(start_ssh(w, words, in, strlen(in)));
}

#define WORDS(...) ((const char *const[]){ __VA_ARGS__, NULL })

static void
expect(const struct result *r, int status, const char *out, const char *err)
{
	if (r->status != status || strstr(r->out, out) == NULL || strstr(r->err, err) == NULL)
		fail_msg("status %d, not %d\nout: %s\nerr: %s", r->status, status, r->out, r->err);
}

static void
every_case_is_complete(void **state)
{
	(void)state;
	assert_true(practice_count() >= 32);
	assert_string_equal(practice_at(0)->id, "key-rejected");
	assert_null(practice_at(practice_count()));
	assert_null(practice_by_id("no-such-case"));
	for (size_t i = 0; i < practice_count(); i++) {
		const struct practice_case *c = practice_at(i);

		assert_ptr_equal(practice_by_id(c->id), c);
		assert_true(strlen(c->title) > 10);
		assert_true(strlen(c->finding) > 3);
	}
}

/* Whether others may read or write a file of a case on purpose. */
static bool
is_open_on_purpose(const char *id, const char *name)
{
	return strcmp(name, "team") == 0 ||
	       (strcmp(id, "key-open") == 0 && strcmp(name, "id_ed25519") == 0);
}

static void
directory_is_private(void **state)
{
	struct world w;
	struct stat st;
	struct dirent *e;
	DIR *d;
	int files;

	(void)state;
	for (size_t i = 0; i < practice_count(); i++) {
		const char *id = practice_at(i)->id;

		if (!begin(&w, id))
			continue;
		assert_int_equal(stat(w.dir, &st), 0);
		assert_int_equal(st.st_mode & 0777, 0700);
		assert_non_null(d = opendir(w.dir));
		for (files = 0; (e = readdir(d)) != NULL;) {
			if (e->d_name[0] == '.' || is_open_on_purpose(id, e->d_name))
				continue;
			assert_int_equal(fstatat(dirfd(d), e->d_name, &st, 0), 0);
			if ((st.st_mode & 0077) != 0 && S_ISREG(st.st_mode))
				fail_msg("%s: %s has mode %o", id, e->d_name, st.st_mode);
			files++;
		}
		closedir(d);
		assert_true(files >= 2); /* config and known_hosts */
		assert_string_equal(w.t.host, "practice");
		/* Nothing of the user's own: nowhere, or in the directory. */
		assert_true(w.opt.keydir[0] == '\0' || strcmp(w.opt.keydir, w.dir) == 0);
		assert_true(
		    w.opt.agent[0] == '\0' || strncmp(w.opt.agent, w.dir, strlen(w.dir)) == 0);
		end(&w);
	}
}

static void
odd_temporary_directory_is_passed_over(void **state)
{
	char base[] = "/tmp/odd %h XXXXXX";
	struct world w;

	(void)state;
	assert_non_null(mkdtemp(base));
	unsetenv("XDG_RUNTIME_DIR");
	setenv("TMPDIR", base, 1);
	begin(&w, "healthy");
	assert_memory_equal(w.dir, "/tmp/sshmedic-practice-", 23);
	end(&w);
	setenv("TMPDIR", "/nonexistent", 1);
	begin(&w, "healthy");
	end(&w);
	unsetenv("TMPDIR");
	assert_int_equal(rmdir(base), 0);
}

static void
ssh_runs_commands(void **state)
{
	struct result r;
	struct world w;

	(void)state;
	begin(&w, "healthy");
	r = run_ssh(&w, WORDS("practice", "true"), "");
	expect(&r, 0, "", "");
	assert_string_equal(r.out, "");
	assert_string_equal(r.err, "");
	r = run_ssh(&w, WORDS("practice", "echo 'one  two' three"), "");
	expect(&r, 0, "", "");
	assert_string_equal(r.out, "one  two three\n");
	r = run_ssh(&w, WORDS("practice", "rm", "-rf", "/"), "");
	expect(&r, 127, "", "practice: rm: command not found\n");
	r = run_ssh(&w, WORDS("-l", "somebody", "practice", "true"), "");
	expect(&r, 255, "", "Permission denied (publickey).");
	end(&w);
}

static void
ssh_gets_a_shell(void **state)
{
	struct result r;
	struct world w;

	(void)state;
	begin(&w, "healthy");
	r = run_ssh(&w, WORDS("-tt", "practice"), "echo hello\nexit 7\n");
	expect(&r, 7, "practice$ echo hello\r\nhello\r\npractice$ exit 7\r\n", "");
	/* Backspace, interrupt, and end of file as a terminal sends them. */
	r = run_ssh(&w, WORDS("-tt", "practice"), "echo ab\177c\nnonsense\003\004");
	expect(&r, 0, "\r\nac\r\npractice$ nonsense^C\r\npractice$ exit\r\n", "");
	r = run_ssh(&w, WORDS("-T", "practice"), "false\necho last words");
	expect(&r, 0, "", "");
	assert_string_equal(r.out, "last words\n");
	end(&w);
}

static void
ssh_gets_sftp(void **state)
{
	/* INIT version 3, then REALPATH of "." with id 7. */
	static const char in[] = "\0\0\0\5\1\0\0\0\3"
				 "\0\0\0\12\20\0\0\0\7\0\0\0\1.";
	static const char out[] = "\0\0\0\5\2\0\0\0\3"
				  "\0\0\0\21\145\0\0\0\7\0\0\0\10\0\0\0\0\0\0\0";
	struct result r;
	struct world w;

	(void)state;
	begin(&w, "healthy");
	r = wait_ssh(start_ssh(&w, WORDS("-s", "practice", "sftp"), in, sizeof(in) - 1));
	expect(&r, 0, "", "");
	assert_int_equal(r.nout, sizeof(out));
	assert_memory_equal(r.out, out, sizeof(out));
	/* A length that no packet has ends it. */
	r = run_ssh(&w, WORDS("-s", "practice", "sftp"), "this is not sftp");
	expect(&r, 1, "", "");
	r = run_ssh(&w, WORDS("-s", "practice", "netconf"), "");
	expect(&r, 255, "", "subsystem request failed");
	end(&w);
}

static void
connections_run_side_by_side(void **state)
{
	struct child c[4];
	struct result r;
	struct world w;

	(void)state;
	begin(&w, "healthy");
	for (size_t i = 0; i < 4; i++)
		c[i] = start_ssh(&w, WORDS("practice", "echo", "side", "by", "side"), "", 0);
	for (size_t i = 0; i < 4; i++) {
		r = wait_ssh(c[i]);
		expect(&r, 0, "side by side\n", "");
	}
	end(&w);
}

static void
every_key_is_refused(void **state)
{
	struct result r;
	struct world w;

	(void)state;
	begin(&w, "key-rejected");
	r = run_ssh(&w, WORDS("-v", "practice", "true"), "");
	expect(&r, 255, "", "Permission denied (publickey).");
	expect(&r, 255, "", "Offering public key: ");
	assert_null(strstr(r.err, "Server accepts key"));
	end(&w);
}

static void
host_key_is_another_one(void **state)
{
	struct result r;
	struct world w;

	(void)state;
	begin(&w, "hostkey-changed");
	r = run_ssh(&w, WORDS("practice", "true"), "");
	expect(&r, 255, "", "REMOTE HOST IDENTIFICATION HAS CHANGED!");
	expect(&r, 255, "", "Offending ED25519 key in ");
	end(&w);
}

static void
old_host_key_is_not_agreed_on(void **state)
{
	struct result r;
	struct world w;

	(void)state;
	begin(&w, "no-common-hostkey-alg");
	r = run_ssh(&w, WORDS("practice", "true"), "");
	expect(&r, 255, "", "no matching host key type found. Their offer: ssh-rsa\r\n");
	/* The remedy works. */
	r = run_ssh(&w, WORDS("-o", "HostKeyAlgorithms=+ssh-rsa", "practice", "echo in"), "");
	expect(&r, 0, "in\n", "");
	end(&w);
}

static void
cipher_that_nobody_has(void **state)
{
	struct result r;
	struct world w;

	(void)state;
	begin(&w, "no-cipher-left");
	r = run_ssh(&w, WORDS("practice", "true"), "");
	expect(&r, 255, "", "no matching cipher found. Their offer: blowfish-cbc\r\n");
	end(&w);
}

/* A socket, connected where somebody listens; or, with SOCK_NONBLOCK in flags, on its way there. */
static int
try_to_connect(const struct world *w, int flags)
{
	struct sockaddr_in sa = { .sin_family = AF_INET,
		.sin_port = htons((uint16_t)w->port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | flags, 0);

	(void)connect(fd, (struct sockaddr *)&sa, sizeof(sa));
	return fd;
}

static int
connect_to(const struct world *w)
{
	struct sockaddr_in sa;
	socklen_t len = sizeof(sa);
	int fd = try_to_connect(w, 0);

	assert_int_equal(getpeername(fd, (struct sockaddr *)&sa, &len), 0);
	return fd;
}

/* A client's offer (RFC 4253, section 7.1) that nobody shares, behind its identification. */
static size_t
put_hasty_offer(unsigned char *out)
{
	static const char ident[] = "SSH-2.0-hasty\r\n";
	unsigned char *packet = out + sizeof(ident) - 1, *at = packet + 6;
	size_t len;

	memcpy(out, ident, sizeof(ident) - 1);
	packet[5] = 20; /* SSH_MSG_KEXINIT */
	memset(at, 7, 16);
	at += 16;
	for (int i = 0; i < 10; i++) { /* name-lists, the languages' empty ones at the end */
		memcpy(at, i < 8 ? "\0\0\0\4none" : "\0\0\0\0", i < 8 ? 8 : 4);
		at += i < 8 ? 8 : 4;
	}
	memset(at, 0, 5);
	at += 5;
	packet[4] = (unsigned char)(8 - (at - packet) % 8 + 4);
	memset(at, 0, packet[4]);
	at += packet[4];
	len = (size_t)(at - packet) - 4;
	packet[0] = packet[1] = 0;
	packet[2] = (unsigned char)(len >> 8);
	packet[3] = (unsigned char)len;
	return (size_t)(at - out);
}

/* A real sshd makes its offer before it has read the client's: so does ours, however early that one comes. */
static void
server_makes_its_offer_first(void **state)
{
	unsigned char out[1024], in[4096];
	size_t len = 0, n = put_hasty_offer(out);
	struct world w;
	ssize_t r;
	int fd;

	(void)state;
	begin(&w, "no-common-cipher");
	fd = connect_to(&w);
	assert_int_equal(send(fd, out, n, MSG_NOSIGNAL), n);
	while (len < sizeof(in) && (r = read(fd, in + len, sizeof(in) - len)) > 0)
		len += (size_t)r;
	assert_true(len > 200);
	assert_memory_equal(in, "SSH-2.0-", 8);
	assert_non_null(memmem(in, len, "aes256-cbc", 10));
	close(fd);
	end(&w);
}

static void
web_server_answers_and_closes(void **state)
{
	char text[TEXT_MAX];
	size_t len = 0;
	ssize_t n;
	struct result r;
	struct world w;
	int fd;

	(void)state;
	begin(&w, "wrong-service");
	fd = connect_to(&w);
	assert_int_equal(send(fd, "SSH-2.0-test\r\n", 14, 0), 14);
	while ((n = read(fd, text + len, sizeof(text) - 1 - len)) > 0)
		len += (size_t)n;
	assert_int_equal(n, 0); /* an orderly end, no reset */
	text[len] = '\0';
	assert_memory_equal(text, "HTTP/1.1 400 Bad Request\r\n", 26);
	assert_non_null(strstr(text, "Content-Length: 50\r\n"));
	assert_int_equal(strlen(strstr(text, "\r\n\r\n") + 4), 50);
	close(fd);
	r = run_ssh(&w, WORDS("-v", "practice", "true"), "");
	expect(&r, 255, "", "HTTP/1.1 400 Bad Request");
	end(&w);
}

static void
silent_server_says_nothing(void **state)
{
	struct pollfd p = { .events = POLLIN };
	struct result r;
	struct world w;

	(void)state;
	begin(&w, "silent-banner");
	p.fd = connect_to(&w);
	assert_int_equal(send(p.fd, "SSH-2.0-test\r\n", 14, 0), 14);
	assert_int_equal(poll(&p, 1, 300), 0);
	r = run_ssh(&w, WORDS("-o", "ConnectTimeout=1", "practice", "true"), "");
	expect(&r, 255, "", "Connection timed out during banner exchange");
	end(&w); /* with a connection open */
	assert_int_equal(poll(&p, 1, 2000), 1);
	close(p.fd);
}

/* No connection is made, not by the SYNs that are sent again either, and nobody who leaves makes room. */
static void
full_server_never_answers(void **state)
{
	struct pollfd p[4];
	struct result r;
	struct world w;

	(void)state;
	begin(&w, "timeout");
	for (size_t i = 0; i < 4; i++)
		p[i] =
		    (struct pollfd){ .fd = try_to_connect(&w, SOCK_NONBLOCK), .events = POLLOUT };
	assert_int_equal(poll(p, 4, 1500), 0);
	close(p[0].fd);
	r = run_ssh(&w, WORDS("-o", "ConnectTimeout=2", "practice", "true"), "");
	expect(&r, 255, "", "Connection timed out");
	assert_int_equal(poll(p + 1, 3, 0), 0);
	end(&w); /* the port is gone, and says so to what is sent again */
	for (size_t i = 1; i < 4; i++)
		close(p[i].fd);
}

/* One libssh connection that got as far as the login. */
static ssh_session
log_in(const struct world *w)
{
	const bool no = false;
	ssh_session s = ssh_new();
	ssh_key key = NULL;
	char path[700];
	long timeout = 10;

	ssh_options_set(s, SSH_OPTIONS_PROCESS_CONFIG, &no);
	ssh_options_set(s, SSH_OPTIONS_SSH_DIR, "/nonexistent");
	ssh_options_set(s, SSH_OPTIONS_KNOWNHOSTS, "/dev/null");
	ssh_options_set(s, SSH_OPTIONS_GLOBAL_KNOWNHOSTS, "/dev/null");
	ssh_options_set(s, SSH_OPTIONS_HOST, "127.0.0.1");
	ssh_options_set(s, SSH_OPTIONS_PORT, &w->port);
	ssh_options_set(s, SSH_OPTIONS_USER, "trainee");
	ssh_options_set(s, SSH_OPTIONS_TIMEOUT, &timeout);
	if (ssh_connect(s) != SSH_OK)
		fail_msg("%s", ssh_get_error(s));
	assert_int_equal(ssh_userauth_none(s, NULL), SSH_AUTH_DENIED);
	assert_int_equal(ssh_userauth_list(s, NULL), SSH_AUTH_METHOD_PUBLICKEY);
	assert_null(ssh_get_issue_banner(s));
	snprintf(path, sizeof(path), "%s/id_ed25519.pub", w->dir);
	assert_int_equal(ssh_pki_import_pubkey_file(path, &key), SSH_OK);
	assert_int_equal(ssh_userauth_try_publickey(s, NULL, key), SSH_AUTH_SUCCESS);
	ssh_key_free(key);
	snprintf(path, sizeof(path), "%s/id_ed25519", w->dir);
	assert_int_equal(ssh_pki_import_privkey_file(path, NULL, NULL, NULL, &key), SSH_OK);
	assert_int_equal(ssh_userauth_publickey(s, NULL, key), SSH_AUTH_SUCCESS);
	ssh_key_free(key);
	return s;
}

static ssh_channel
open_channel(ssh_session s)
{
	ssh_channel ch = ssh_channel_new(s);

	assert_int_equal(ssh_channel_open_session(ch), SSH_OK);
	return ch;
}

static void
check_exec(ssh_session s, const char *command, const char *out, int status)
{
	ssh_channel ch = open_channel(s);
	char text[256];
	int n;

	assert_int_equal(ssh_channel_request_exec(ch, command), SSH_OK);
	n = ssh_channel_read_timeout(ch, text, sizeof(text) - 1, 0, 5000);
	assert_true(n >= 0);
	text[n] = '\0';
	assert_string_equal(text, out);
	assert_int_equal(ssh_channel_get_exit_status(ch), status);
	ssh_channel_free(ch);
}

static void
check_shell(ssh_session s)
{
	ssh_channel ch = open_channel(s);
	char text[512];
	int n = 0, r;

	assert_int_equal(ssh_channel_request_pty_size(ch, "xterm", 80, 24), SSH_OK);
	assert_int_equal(ssh_channel_request_shell(ch), SSH_OK);
	while (n == 0 || text[n - 1] != ' ') {
		r = ssh_channel_read_timeout(ch, text + n, sizeof(text) - (size_t)n, 0, 5000);
		assert_true(r > 0);
		n += r;
	}
	assert_memory_equal(text + n - 10, "practice$ ", 10);
	/* It stays open, and a second shell on the channel is refused. */
	assert_int_equal(ssh_channel_read_timeout(ch, text, sizeof(text), 0, 600), 0);
	assert_false(ssh_channel_is_eof(ch));
	assert_int_equal(ssh_channel_request_shell(ch), SSH_ERROR);
	ssh_channel_send_eof(ch);
	assert_int_equal(ssh_channel_get_exit_status(ch), 0);
	ssh_channel_free(ch);
}

static void
check_sftp(ssh_session s)
{
	static const unsigned char init[] = { 0, 0, 0, 5, 1, 0, 0, 0, 3 };
	static const unsigned char version[] = { 0, 0, 0, 5, 2, 0, 0, 0, 3 };
	unsigned char got[sizeof(version)];
	ssh_channel ch = open_channel(s);

	assert_int_equal(ssh_channel_request_sftp(ch), SSH_OK);
	assert_int_equal(ssh_channel_write(ch, init, sizeof(init)), sizeof(init));
	assert_int_equal(ssh_channel_read_timeout(ch, got, sizeof(got), 0, 5000), sizeof(got));
	assert_memory_equal(got, version, sizeof(version));
	ssh_channel_close(ch);
	ssh_channel_free(ch);
}

/* A client need not wait for the answer to its request before it writes; ssh does not. */
static void
data_before_the_request_is_kept(void **state)
{
	char text[64];
	ssh_channel ch;
	ssh_session s;
	struct world w;

	(void)state;
	begin(&w, "healthy");
	s = log_in(&w);
	ch = open_channel(s);
	assert_int_equal(ssh_channel_write(ch, "echo early\n", 11), 11);
	assert_int_equal(ssh_channel_send_eof(ch), SSH_OK);
	assert_int_equal(ssh_channel_request_shell(ch), SSH_OK);
	assert_int_equal(ssh_channel_read_timeout(ch, text, sizeof(text), 0, 5000), 6);
	assert_memory_equal(text, "early\n", 6);
	assert_int_equal(ssh_channel_get_exit_status(ch), 0);
	ssh_channel_free(ch);
	ssh_disconnect(s);
	ssh_free(s);
	end(&w);
}

static void
long_input_does_no_harm(void **state)
{
	static char in[300001];
	struct result r;
	struct world w;

	(void)state;
	memset(in, 'x', sizeof(in) - 1);
	begin(&w, "healthy");
	r = run_ssh(&w, WORDS("-T", "practice"), in);
	expect(&r, 127, "xxx: command not found\n", "");
	memcpy(in + sizeof(in) - 12, "\necho there", 11);
	r = run_ssh(&w, WORDS("-T", "practice"), in);
	expect(&r, 0, "\nthere\n", "");
	end(&w);
}

static void
libssh_opens_channel_after_channel(void **state)
{
	ssh_session s, beside;
	struct world w;

	(void)state;
	begin(&w, "healthy");
	s = log_in(&w);
	beside = log_in(&w);
	for (int i = 0; i < 40; i++)
		check_exec(s, "echo nonce-1234", "nonce-1234\n", 0);
	check_exec(s, "reboot", "", 127);
	check_shell(s);
	check_sftp(s);
	check_exec(beside, "true", "", 0);
	check_exec(s, "true", "", 0);
	ssh_disconnect(s);
	ssh_free(s);
	end(&w); /* with a login open */
	ssh_free(beside);
}

/* Bytes that are no SSH, and clients that leave in the middle, harm nobody. */
static void
server_outlives_rude_clients(void **state)
{
	static const char *const rude[] = { "", "SSH-2.0-x\r\n", "\r\n\r\n\r\n",
		"GET / HTTP/1.0\r\n\r\n", "SSH-2.0-x\r\n\377\377\377\377\377\377\377\377",
		"SSH-2.0-x\r\n\1\1\1\1\1\1\1\1" };
	const struct linger reset = { .l_onoff = 1 };
	struct result r;
	struct world w;

	(void)state;
	begin(&w, "healthy");
	for (int i = 0; i < 100; i++) {
		const char *text = rude[(size_t)i % (sizeof(rude) / sizeof(rude[0]))];
		int fd = connect_to(&w);

		(void)send(fd, text, strlen(text), MSG_NOSIGNAL);
		if (i % 2 == 1)
			setsockopt(fd, SOL_SOCKET, SO_LINGER, &reset, sizeof(reset));
		close(fd);
	}
	r = run_ssh(&w, WORDS("practice", "echo alive"), "");
	expect(&r, 0, "alive\n", "");
	end(&w);
}

static void
nothing_is_left_behind(void **state)
{
	int fds, threads;
	struct world w;

	(void)state;
	begin(&w, "healthy"); /* what the libraries open once and keep is open from here on */
	ssh_free(log_in(&w));
	end(&w);
	fds = count_entries("/proc/self/fd");
	threads = count_entries("/proc/self/task");
	for (size_t i = 0; i < practice_count(); i++) {
		struct pollfd p = { .events = POLLIN };

		if (!begin(&w, practice_at(i)->id))
			continue;
		assert_int_equal(count_entries("/proc/self/task"), threads + 1);
		p.fd = try_to_connect(&w, SOCK_NONBLOCK);
		poll(&p, 1, 200); /* it speaks or is silent: the server has the connection */
		end(&w);
		close(p.fd);
	}
	assert_int_equal(count_entries("/proc/self/fd"), fds);
	assert_int_equal(count_entries("/proc/self/task"), threads);
}

static void
two_practices_at_once(void **state)
{
	struct world a, b;
	struct result r;

	(void)state;
	begin(&a, "healthy");
	begin(&b, "key-rejected");
	assert_int_not_equal(a.port, b.port);
	r = run_ssh(&a, WORDS("practice", "echo a"), "");
	expect(&r, 0, "a\n", "");
	r = run_ssh(&b, WORDS("practice", "echo b"), "");
	expect(&r, 255, "", "Permission denied");
	end(&a);
	end(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_case_is_complete),
		cmocka_unit_test(directory_is_private),
		cmocka_unit_test(odd_temporary_directory_is_passed_over),
		cmocka_unit_test(ssh_runs_commands),
		cmocka_unit_test(ssh_gets_a_shell),
		cmocka_unit_test(ssh_gets_sftp),
		cmocka_unit_test(connections_run_side_by_side),
		cmocka_unit_test(every_key_is_refused),
		cmocka_unit_test(host_key_is_another_one),
		cmocka_unit_test(old_host_key_is_not_agreed_on),
		cmocka_unit_test(cipher_that_nobody_has),
		cmocka_unit_test(server_makes_its_offer_first),
		cmocka_unit_test(web_server_answers_and_closes),
		cmocka_unit_test(silent_server_says_nothing),
		cmocka_unit_test(full_server_never_answers),
		cmocka_unit_test(libssh_opens_channel_after_channel),
		cmocka_unit_test(data_before_the_request_is_kept),
		cmocka_unit_test(long_input_does_no_harm),
		cmocka_unit_test(server_outlives_rude_clients),
		cmocka_unit_test(nothing_is_left_behind),
		cmocka_unit_test(two_practices_at_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
