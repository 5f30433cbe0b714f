/*
 * The probes of the client's side against real things: ssh, ssh-keygen,
 * ssh-agent, sshd and sockets on loopback, in a private directory. A small
 * host stands in for the engine and keeps what the probes say.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>
#include <uv.h>

#include "core/io/hop.h"
#include "core/io/probes.h"
#include "core/io/proof.h"

enum { LINES_MAX = 4000 };

/* ---- the host of a probe ------------------------------------------------------- */

static struct {
	uv_loop_t loop;
	struct run run;
	struct run_options opt;
	struct target target;
	char *line[LINES_MAX];
	int lines;
	char dir[64];
} host;

struct task {
	struct probe_run pr;
	uv_timer_t deadline;
};

uv_loop_t *
probe_loop(struct probe_run *pr)
{
	(void)pr;
	return &host.loop;
}

uint64_t
probe_now(struct probe_run *pr)
{
	(void)pr;
	return uv_hrtime() / 1000;
}

void
probe_emit_from(struct probe_run *pr, struct evidence *ev, enum vantage v, uint16_t hop)
{
	static char text[EV_LINE_MAX];
	(void)pr;
	ev->vantage = v;
	ev->hop = hop;
	ev_encode(ev, text, sizeof text);
	if (host.lines < LINES_MAX)
		host.line[host.lines++] = strdup(text);
}

void
probe_emit(struct probe_run *pr, struct evidence *ev)
{
	probe_emit_from(pr, ev, VANTAGE_CLIENT, 0);
}

void
probe_phase(struct probe_run *pr, enum phase p, uint64_t start_us, uint64_t end_us, int trips)
{
	(void)pr;
	(void)p;
	(void)trips;
	assert_true(end_us >= start_us);
}

void
probe_extend(struct probe_run *pr, uint32_t ms)
{
	struct task *t = (struct task *)pr;

	uv_timer_start(&t->deadline, t->deadline.timer_cb, ms, 0);
}

void
probe_done(struct probe_run *pr)
{
	struct task *t = (struct task *)pr;

	assert_false(pr->done);
	pr->done = true;
	uv_close((uv_handle_t *)&t->deadline, NULL);
}

/* What the engine alone has (engine_internal.h). */
struct subject;
struct subject *schedule_subject(struct probe_run *pr);
void engine_read_text(
    struct subject *s, const char *name, const char *path, const char *bytes, size_t len);

struct subject *
schedule_subject(struct probe_run *pr)
{
	(void)pr;
	return NULL;
}

void
engine_read_text(
    struct subject *s, const char *name, const char *path, const char *bytes, size_t len)
{
	(void)s;
	(void)name;
	(void)path;
	(void)bytes;
	(void)len;
	fail_msg("a text was handed to the engine");
}

/* A jump host's run is the engine's (hop.c): no probe that is tested here may begin one. */
struct hop *
hop_start(struct probe_run *pr, const struct hop_order *order, void (*ended)(void *arg), void *arg)
{
	(void)pr;
	(void)order;
	(void)ended;
	(void)arg;
	fail_msg("a jump host's run was begun");
	return NULL;
}

void
hop_cancel(struct hop *h)
{
	(void)h;
}

const struct diag *
hop_diag(struct hop *h)
{
	(void)h;
	return NULL;
}

const struct run *
hop_run(const struct hop *h)
{
	(void)h;
	return NULL;
}

void
hop_free(struct hop *h)
{
	(void)h;
}

static void
on_deadline(uv_timer_t *timer)
{
	struct task *t = timer->data;

	t->pr.cancelled = t->pr.deadline_hit = true;
	t->pr.probe->cancel(&t->pr);
}

static const struct probe *
probe_named(const char *name)
{
	for (int i = 0; probes[i].name != NULL; i++)
		if (strcmp(probes[i].name, name) == 0)
			return &probes[i];
	fail();
	return NULL;
}

static void
begin(struct task *t, const char *name, uint32_t ms)
{
	memset(t, 0, sizeof *t);
	t->pr.probe = probe_named(name);
	t->pr.run = &host.run;
	t->pr.start_us = probe_now(&t->pr);
	t->pr.priv = calloc(1, t->pr.probe->priv_size);
	uv_timer_init(&host.loop, &t->deadline);
	t->deadline.data = t;
	uv_timer_start(&t->deadline, on_deadline, ms, 0);
	if (t->pr.probe->start(&t->pr) != 0)
		probe_done(&t->pr);
}

static void
forget_lines(void)
{
	while (host.lines > 0)
		free(host.line[--host.lines]);
}

/* Run a probe to its end; nothing of it may be open then. */
static void
probe(const char *name, uint32_t ms)
{
	struct task t;

	forget_lines();
	begin(&t, name, ms);
	uv_run(&host.loop, UV_RUN_DEFAULT);
	assert_true(t.pr.done);
	free(t.pr.priv);
}

/* The first line of that kind that holds all the words, NULL at the end. */
static const char *
find_line(const char *kind, const char *word, const char *word2)
{
	char lead[64];

	snprintf(lead, sizeof lead, "/0 %s ", kind);
	for (int i = 0; i < host.lines; i++)
		if (strstr(host.line[i], lead) != NULL && strstr(host.line[i], word) != NULL &&
		    strstr(host.line[i], word2) != NULL)
			return host.line[i];
	return NULL;
}

static void
expect(const char *kind, const char *word, const char *word2)
{
	if (find_line(kind, word, word2) != NULL)
		return;
	for (int i = 0; i < host.lines; i++)
		print_message("    %s\n", host.line[i]);
	fail_msg("no line %s with %s %s", kind, word, word2);
}

/* ---- the private directory -------------------------------------------------------- */

static const char *
file(const char *name)
{
	static char path[4][256];
	static int turn;

	turn = (turn + 1) % 4;
	snprintf(path[turn], sizeof path[turn], "%s/%s", host.dir, name);
	return path[turn];
}

static const char *
write_file(const char *name, const char *text, mode_t mode)
{
	const char *path = file(name);
	FILE *f;

	unlink(path);
	f = fopen(path, "we");
	assert_non_null(f);
	fputs(text, f);
	fclose(f);
	chmod(path, mode);
	return path;
}

static void shell(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

static void
shell(const char *fmt, ...)
{
	char command[2048];
	int n = snprintf(command, sizeof command, "cd %s && ", host.dir);
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(command + n, sizeof command - (size_t)n, fmt, ap);
	va_end(ap);
	if (system(command) != 0)
		fail_msg("failed: %s", command);
}

/* The first line that a command prints. */
static const char *
output(const char *command)
{
	static char text[2048];
	char all[2048];
	FILE *f;

	snprintf(all, sizeof all, "cd %s && %s", host.dir, command);
	f = popen(all, "r");
	if (fgets(text, sizeof text, f) == NULL)
		text[0] = '\0';
	pclose(f);
	text[strcspn(text, "\n")] = '\0';
	return text;
}

/* A run whose configuration is this text; the agent and the user's own keys are left alone. */
static void
configure(const char *target, const char *config)
{
	char err[128];

	run_clear(&host.run);
	memset(&host.opt, 0, sizeof host.opt);
	assert_int_equal(target_parse(&host.target, target, err, sizeof err), 0);
	host.run.t = &host.target;
	host.run.opt = &host.opt;
	host.opt.args[0] = "-F";
	host.opt.args[1] = write_file("config", config, 0600);
	host.opt.nargs = 2;
	host.opt.keydir = "";
}

static void
configured(const char *target, const char *config)
{
	configure(target, config);
	probe("config", 10000);
	expect("config.result", "result=ok", "");
}

/* A socket that listens on a free port of 127.0.0.1. */
static int
listener(int backlog, int *port)
{
	struct sockaddr_in in = { .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof in;
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	assert_int_equal(bind(fd, (struct sockaddr *)&in, len), 0);
	if (backlog >= 0)
		assert_int_equal(listen(fd, backlog), 0);
	getsockname(fd, (struct sockaddr *)&in, &len);
	*port = ntohs(in.sin_port);
	return fd;
}

/* ---- config ------------------------------------------------------------------------ */

static void
config_tells_settings(void **state)
{
	(void)state;
	configured("bob@alias", "Host alias\n HostName 127.0.0.1\n Port 2299\n User eve\n");
	assert_string_equal(host.run.cfg->hostname, "127.0.0.1");
	assert_string_equal(host.run.cfg->user, "bob");
	assert_int_equal(host.run.cfg->port, 2299);
	assert_non_null(host.run.home);
	expect("config.value", "name=port", "value=2299");
}

static void
config_names_a_bad_option(void **state)
{
	(void)state;
	configure("h", "Host *\n  Nonsense yes\n");
	probe("config", 10000);
	expect("config.result", "result=bad-option", "line=2");
	expect("config.result", "option=", host.opt.args[1]);
	assert_null(host.run.cfg);
}

static void
config_names_bad_modes(void **state)
{
	(void)state;
	configure("h", "");
	chmod(host.opt.args[1], 0666);
	shell("chmod 0666 config");
	/* Only a file that ssh finds by itself is checked; -F is taken as it is. */
	probe("config", 10000);
	expect("config.result", "result=ok", "");
	host.opt.ssh = write_file("ssh",
	    "#!/bin/sh\necho 'Bad owner or permissions on /home/x/.ssh/config' >&2\nexit 255\n",
	    0755);
	run_clear(&host.run);
	host.run.t = &host.target;
	host.run.opt = &host.opt;
	probe("config", 10000);
	expect("config.result", "result=bad-perms", "file=/home/x/.ssh/config");
}

static void
config_tells_how_the_client_fails(void **state)
{
	(void)state;
	configure("h", "");
	host.opt.ssh = "/nonexistent/ssh";
	probe("config", 10000);
	expect("config.result", "result=missing", "");
	host.opt.ssh = write_file("crash", "#!/bin/sh\nkill -SEGV $$\n", 0755);
	probe("config", 10000);
	expect("config.result", "result=crash", "signal=SEGV");
	host.opt.ssh = write_file("slow", "#!/bin/sh\nsleep 60\n", 0755);
	probe("config", 300);
	expect("config.result", "result=timeout", "");
	host.opt.ssh = NULL;
	host.opt.args[2] = "-o";
	host.opt.args[3] = "Nonsense=1";
	host.opt.nargs = 4;
	probe("config", 10000);
	expect("config.result", "result=usage", "");
}

/* ---- resolve, tcp, ports ----------------------------------------------------------- */

static void
resolve_takes_addresses(void **state)
{
	(void)state;
	configured("127.0.0.1", "");
	probe("resolve", 10000);
	expect("resolve.result", "result=literal", "count=1");
	expect("resolve.addr", "addr=127.0.0.1", "order=0");
	assert_int_equal(host.run.naddrs, 1);
	configured("127.0.0.1", "AddressFamily inet6\n");
	probe("resolve", 10000);
	expect("resolve.result", "result=nodata", "");
	assert_int_equal(host.run.naddrs, 0);
	configured("::1", "");
	probe("resolve", 10000);
	expect("resolve.addr", "addr=::1", "family=inet6");
	configured("localhost", "AddressFamily inet\n");
	probe("resolve", 10000);
	expect("resolve.result", "result=ok", "name=localhost");
}

static void
target_at(int port, const char *config)
{
	char text[512];

	snprintf(text, sizeof text, "Port %d\n%s", port, config);
	configured("127.0.0.1", text);
	probe("resolve", 10000);
}

static void
tcp_opens(void **state)
{
	int port, fd = listener(4, &port);
	(void)state;

	target_at(port, "");
	probe("tcp", 5000);
	expect("tcp.result", "result=open", "local=127.0.0.1");
	expect("tcp.result", "rtt_us=", "took_us=");
	assert_int_equal(host.run.chosen, 0);
	assert_true(host.run.addrs[0].fd >= 0);
	assert_int_equal(fcntl(host.run.addrs[0].fd, F_GETFD), FD_CLOEXEC);
	assert_int_equal(host.run.connections, 1);
	close(fd);
}

static void
tcp_is_refused(void **state)
{
	int port, fd = listener(-1, &port); /* bound, so that nobody else listens there */
	(void)state;

	target_at(port, "");
	probe("tcp", 5000);
	expect("tcp.result", "result=refused", "errno=ECONNREFUSED");
	assert_null(find_line("tcp.result", "icmp_type", ""));
	assert_int_equal(host.run.chosen, -1);
	close(fd);
}

/* A full backlog drops further SYNs: the only silence that loopback has. */
static void
tcp_is_silent(void **state)
{
	struct sockaddr_in in = { .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int port, fd = listener(0, &port), filler[4];
	uint64_t start;
	(void)state;

	in.sin_port = htons((uint16_t)port);
	for (int i = 0; i < 4; i++) {
		filler[i] = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
		(void)connect(filler[i], (struct sockaddr *)&in, sizeof in);
	}
	usleep(50000);
	target_at(port, "");
	start = uv_hrtime();
	probe("tcp", 3500);
	assert_true((uv_hrtime() - start) / 1000000 < 4500);
	expect("tcp.silent", "addr=127.0.0.1", "retrans=");
	expect("tcp.result", "result=timeout", "");
	target_at(port, "ConnectTimeout 1\n");
	start = uv_hrtime();
	probe("tcp", 9000);
	assert_true((uv_hrtime() - start) / 1000000 < 2500);
	for (int i = 0; i < 4; i++)
		close(filler[i]);
	close(fd);
}

static void
tcp_goes_on_with_the_first_that_opens(void **state)
{
	int port, fd = listener(4, &port);
	uint64_t start;
	(void)state;

	target_at(port, "");
	host.run.naddrs = 2;
	host.run.addrs[1] = host.run.addrs[0];
	/* Another address of loopback, on which nobody listens. */
	((struct sockaddr_in *)&host.run.addrs[0].sa)->sin_addr.s_addr = htonl(0x7f000002);
	((struct sockaddr_in *)&host.run.addrs[0].sa)->sin_port = htons((uint16_t)port);
	start = uv_hrtime();
	probe("tcp", 9000);
	assert_true((uv_hrtime() - start) / 1000000 < 2000);
	assert_int_equal(host.run.chosen, 1);
	expect("tcp.result", "order=0", "result=refused");
	expect("tcp.result", "order=1", "result=open");
	close(fd);
}

static void
on_port_client(uv_poll_t *poll, int status, int events)
{
	int fd, listen_fd = *(int *)poll->data;
	(void)status;
	(void)events;

	if ((fd = accept4(listen_fd, NULL, NULL, SOCK_CLOEXEC)) >= 0) {
		assert_int_equal(write(fd, "SSH-2.0-Elsewhere\r\n", 19), 19);
		close(fd);
	}
	uv_close((uv_handle_t *)poll, NULL);
}

static void
ports_find_the_one_in_the_configuration(void **state)
{
	int port, other, fd = listener(-1, &port), fd2 = listener(4, &other);
	char config[256];
	uv_poll_t poll;
	uint64_t start;
	(void)state;

	snprintf(
	    config, sizeof config, "Host elsewhere\n Port 9\nHost 127.0.0.*\n Port %d\n", other);
	target_at(port, config);
	probe("tcp", 5000);
	expect("tcp.result", "result=refused", "");
	uv_poll_init(&host.loop, &poll, fd2);
	poll.data = &fd2;
	uv_poll_start(&poll, UV_READABLE, on_port_client);
	start = uv_hrtime();
	probe("ports", 3000);
	assert_true((uv_hrtime() - start) / 1000000 < 2500);
	snprintf(config, sizeof config, "port=%d ", other);
	expect("port.result", config, "result=ssh");
	expect("port.result", config, "text=SSH-2.0-Elsewhere");
	assert_non_null(find_line("port.result", "port=22022 ", ""));
	assert_null(find_line("port.result", "port=9 ", ""));
	close(fd);
	close(fd2);
}

/* ---- known hosts --------------------------------------------------------------------- */

static void
known_hosts_mean_what_they_mean_to_ssh(void **state)
{
	char fp[128], config[512];
	(void)state;

	shell("rm -f hk* kh*; ssh-keygen -q -t ed25519 -N '' -C '' -f hk; ssh-keygen -q -t ed25519 "
	      "-N '' -C '' -f hk2");
	shell("(echo '# a comment'; printf '[127.0.0.1]:2299 '; cat hk.pub; printf '@revoked * '; "
	      "cat hk2.pub) >kh");
	shell("(printf '127.0.0.1 '; cat hk.pub) >kh2; ssh-keygen -q -H -f kh2 2>/dev/null "
	      ">/dev/null");
	snprintf(fp, sizeof fp, "fp=%s", output("ssh-keygen -lf hk.pub | cut -d' ' -f2"));
	snprintf(config, sizeof config,
	    "Port 2299\nUserKnownHostsFile %s/kh %s/missing\nGlobalKnownHostsFile %s/kh2\n",
	    host.dir, host.dir, host.dir);
	configured("127.0.0.1", config);
	probe("knownhosts", 10000);
	expect("known.entry", "line=2", fp);
	expect("known.entry", "marker=revoked", "line=3");
	expect("known.entry", "bare=1", "hashed=1");
	expect("known.file", "missing", "result=missing");
	expect("known.file", "/kh ", "result=ok");
	assert_true(host.run.nknown >= 3);
}

#define ED "AAAAC3NzaC1lZDI1NTE5AAAAIC8zQAZLfzdbg3vuCeNOcvbIuVwJ99AK6zXGN43oE1QQ"
#define RSA "AAAAB3NzaC1yc2EAAAADAQABAAAABGFiY2Q="
#define KEY " ssh-ed25519 " ED "\n"

static const struct {
	bool plain;
	const char *text;
} known_files[] = {
	{ true, "" },
	{ true, "web.example" KEY },
	{ true, "web.example ssh-ed25519 " ED },                            /* no final newline */
	{ true, "# c\r\n\r\nweb.example ssh-ed25519 " ED "\r\nother" KEY }, /* CRLF */
	{ true, "WEB.Example,10.0.0.1" KEY "other,web.example" KEY },
	{ true, "[web.example]:2299" KEY "[WEB.EXAMPLE]:2299,web.example" KEY },
	{ true, "[fd00::1]:2299,[FD00::1]:2299" KEY "fd00::1" KEY "[fd00::1]:22" KEY },
	{ true, "web.example" KEY "web.example" KEY "\n \t\n#x\n  # y\nweb.example" KEY },
	{ true, "\tweb.example\t ssh-rsa \t" RSA "\tcomment web.example\t\n" },
	{ true, "web.example.org" KEY "xweb.example" KEY ",,web.example,," KEY },
	{ true, "web.example ssh-ed25519 " ED " # * ? ! |1| @revoked\n" },
	{ false, "web.example ssh-ed25519 AAAA\n" },
	{ false, "web.example ssh-ed25519 no*base64\n"
		 "web.example" KEY },
	{ false, "web.example 1024 35 1234567\n"
		 "web.example" KEY },
	{ false, "web.example ssh-rsa " ED "\n" },
	{ false, "*.example,!web.example" KEY },
	{ false, "web.exampl?" KEY },
	{ false, "@revoked web.example" KEY },
	{ false, "@cert-authority *.example" KEY },
	{ false, "web.example\n" },
};

static char *
all_lines(void)
{
	static char text[2][16 * 1024];
	static int turn;
	struct strbuf sb;

	turn = !turn;
	sb_init(&sb, text[turn], sizeof text[turn]);
	for (int i = 0; i < host.lines; i++)
		sb_printf(&sb, "%s\n", host.line[i]);
	assert_false(sb.cut);
	return text[turn];
}

static int
by_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The searches of two names end in any order as children. */
static char *
known_hosts_say(bool sorted)
{
	host.run.nknown = 0;
	probe("knownhosts", 10000);
	if (sorted)
		qsort(host.line, (size_t)host.lines, sizeof *host.line, by_text);
	return all_lines();
}

/* The lines' numbers as ssh-keygen itself says them. */
static void
found_as_by_ssh_keygen(const char *name)
{
	char command[256], lines[64], word[32];
	const char *p;
	int n = 0, at;

	snprintf(command, sizeof command,
	    "ssh-keygen -F '%s' -f kh | sed -n 's/.* found: line //p' | tr -d '\n'", name);
	snprintf(lines, sizeof lines, "%s", output(command));
	for (p = lines; sscanf(p, "%d %n", &n, &at) == 1; p += at) {
		snprintf(word, sizeof word, " line=%d ", n);
		expect("known.entry", word, name);
	}
	assert_int_equal(*p, '\0');
}

/* Without ssh-keygen plain files alone are answered; a last line for it alone shows what it says of the same. */
static void
plain_known_hosts_are_read_as_ssh_keygen_does(void **state)
{
	static const struct {
		const char *host, *port, *name, *bare;
	} names[] = { { "web.example", "22", "web.example", NULL },
		{ "web.example", "2299", "[web.example]:2299", "web.example" },
		{ "fd00::1", "2299", "[fd00::1]:2299", "fd00::1" } };
	char config[512], *path = strdup(getenv("PATH"));

	(void)state;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		snprintf(config, sizeof config,
		    "HostName %s\nPort %s\nUserKnownHostsFile %s/kh\nGlobalKnownHostsFile none\n",
		    names[i].host, names[i].port, host.dir);
		configured("known", config);
		for (size_t k = 0; k < sizeof known_files / sizeof *known_files; k++) {
			const char *text = known_files[k].text, *here, *there;
			bool two = names[i].bare != NULL;

			write_file("kh", text, 0600);
			setenv("PATH", host.dir, 1);
			here = known_hosts_say(two);
			setenv("PATH", path, 1);
			if (!known_files[k].plain) {
				expect("known.file", "result=error", "");
				continue;
			}
			found_as_by_ssh_keygen(names[i].name);
			shell("printf '\\n@revoked nobody.example ssh-ed25519 " ED "\\n' >>kh");
			there = known_hosts_say(two);
			assert_string_equal(here, there);
		}
	}
	free(path);
}

static void
long_known_hosts_are_read_up_to_a_limit(void **state)
{
	char config[512], *path = strdup(getenv("PATH"));

	(void)state;
	shell("yes 2>/dev/null '[a.example]:2222,b.example ssh-ed25519 " ED
	      "' | sed '4999s/^/web.example,/;5000q' "
	      ">kh; cat kh kh kh >kh2");
	snprintf(config, sizeof config,
	    "UserKnownHostsFile %s/kh %s/kh2\nGlobalKnownHostsFile none\n", host.dir, host.dir);
	configured("web.example", config);
	setenv("PATH", host.dir, 1);
	probe("knownhosts", 10000);
	setenv("PATH", path, 1);
	expect("known.entry", " line=4999 ", "/kh ");
	expect("known.file", "/kh ", "result=ok count=1");
	expect("known.file", "/kh2 ", "result=error");
	probe("knownhosts", 10000);
	expect("known.entry", " line=14999 ", "/kh2 ");
	expect("known.file", "/kh2 ", "result=ok count=3");
	free(path);
}

/* ---- keys ---------------------------------------------------------------------------- */

static void
keys_configured(const char *names)
{
	char config[4096] = "", copy[512], *save, *name;
	struct strbuf sb;

	sb_init(&sb, config, sizeof config);
	snprintf(copy, sizeof copy, "%s", names);
	for (name = strtok_r(copy, " ", &save); name != NULL; name = strtok_r(NULL, " ", &save))
		sb_printf(&sb, "IdentityFile %s/%s\n", host.dir, name);
	configured("127.0.0.1", config);
}

static void
expect_key(const char *name, const char *what)
{
	char path[256];

	snprintf(path, sizeof path, "path=%s/%s ", host.dir, name);
	expect("key.file", path, what);
}

static void
keys_are_told_apart(void **state)
{
	char fp[128];
	(void)state;

	shell("rm -f id_*; for k in ok open mixed other; do ssh-keygen -q -t ed25519 -N '' -C '' "
	      "-f id_$k; done;"
	      "ssh-keygen -q -t ed25519 -N secret -a 4 -f id_enc; rm id_enc.pub;"
	      "ssh-keygen -q -t rsa -b 2048 -m PEM -N secret -f id_pem; rm id_pem.pub; chmod 0644 "
	      "id_open;"
	      "cp id_ok.pub id_mixed.pub; cp id_ok.pub id_public; chmod 600 id_public; : >id_empty;"
	      "sed 's/$/\\r/' id_ok >id_crlf; head -3 id_ok >id_cut; chmod 600 id_crlf id_cut "
	      "id_empty; mkfifo id_fifo");
	keys_configured("id_ok id_open id_enc id_pem id_mixed id_public id_empty id_crlf id_cut "
			"id_fifo id_none");
	host.opt.keydir = host.dir;
	probe("keys", 10000);
	snprintf(fp, sizeof fp, "fp=%s", output("ssh-keygen -lf id_ok.pub | cut -d' ' -f2"));
	expect_key("id_ok", "state=ok");
	expect_key("id_ok", fp);
	expect_key("id_ok", "match=yes");
	expect_key("id_open", "open=1");
	expect_key("id_enc", "state=encrypted");
	snprintf(fp, sizeof fp, "fp=%s", output("ssh-keygen -lf id_enc | cut -d' ' -f2"));
	expect_key("id_enc", fp);
	expect_key("id_pem", "state=encrypted");
	expect_key("id_mixed", "match=no");
	expect_key("id_public", "it holds a public key");
	expect_key("id_empty", "the file is empty");
	expect_key("id_crlf", "state=unparsable");
	expect_key("id_crlf", "CR LF");
	expect_key("id_cut", "cut off");
	expect_key("id_fifo", "state=unreadable");
	expect_key("id_none", "state=missing");
	expect_key("id_other", "source=other");
	assert_null(find_line("key.file", "id_ok ", "source=other"));
}

static void
keys_are_left_for_the_login(void **state)
{
	struct run_key *k;
	(void)state;

	keys_configured("id_open id_ok id_enc");
	host.opt.keydir = host.dir;
	probe("keys", 10000);
	k = run_key_by_fp(&host.run, output("ssh-keygen -lf id_ok.pub | cut -d' ' -f2"));
	assert_non_null(k);
	assert_true(k->config && k->in_file && k->usable && !k->other && !k->encrypted);
	assert_true(k->blob_len > 32);
	assert_true(
	    k->file_order >
	    run_key_by_fp(&host.run, output("ssh-keygen -lf id_open | cut -d' ' -f2"))->file_order);
	k = run_key_by_fp(&host.run, output("ssh-keygen -lf id_open | cut -d' ' -f2"));
	assert_true(k->open && !k->usable);
	k = run_key_by_fp(&host.run, output("ssh-keygen -lf id_enc | cut -d' ' -f2"));
	assert_true(k->encrypted && !k->usable);
	k = run_key_by_fp(&host.run, output("ssh-keygen -lf id_other | cut -d' ' -f2"));
	assert_true(k->other && !k->config);
}

static void
certificates_are_dated(void **state)
{
	(void)state;
	shell("rm -f ca* id_ok-cert.pub id_late*; ssh-keygen -q -t ed25519 -N '' -f ca; cp id_ok "
	      "id_late; cp id_ok.pub id_late.pub;"
	      "ssh-keygen -q -s ca -I 'my id' -n alice,bob -V +1h -z 7 id_ok.pub;"
	      "ssh-keygen -q -s ca -I old -n alice -V 20200101:20200102 id_late.pub");
	keys_configured("id_ok id_late");
	probe("keys", 10000);
	expect("key.cert", "id_ok-cert.pub", "state=ok");
	expect("key.cert", "id_ok-cert.pub", "principals=alice,bob");
	expect("key.cert", "id_ok-cert.pub", "serial=7");
	expect("key.cert", "id_ok-cert.pub", output("ssh-keygen -lf ca.pub | cut -d' ' -f2"));
	expect("key.cert", "id_late-cert.pub", "state=expired");
	expect_key("id_ok", "cert=");
	for (int i = 0; i < host.run.nkeys; i++)
		if (host.run.keys[i]->cert)
			assert_true(host.run.keys[i]->path[0] != '\0');
	shell("rm -f id_ok-cert.pub id_late-cert.pub");
}

static void
an_identity_of_the_command_line_that_is_missing_is_told(void **state)
{
	(void)state;
	keys_configured("id_ok");
	host.opt.args[2] = "-i";
	host.opt.args[3] = "/nonexistent/key";
	host.opt.nargs = 4;
	probe("keys", 10000);
	expect("key.file", "path=/nonexistent/key", "source=cli");
	expect("key.file", "path=/nonexistent/key", "state=missing");
}

/* ---- agent --------------------------------------------------------------------------- */

static void
agent_lists_its_keys(void **state)
{
	const char *words;
	pid_t pid;
	char path[128], fp[128];
	(void)state;

	snprintf(path, sizeof path, "%s", file("agent"));
	unlink(path);
	words = output("ssh-agent -a agent -s | sed -n 's/.*PID=\\([0-9]*\\);.*/\\1/p' | head -1");
	pid = (pid_t)atoi(words);
	assert_true(pid > 1);
	shell("SSH_AUTH_SOCK=%s ssh-add -q id_ok 2>/dev/null", path);
	configured("127.0.0.1", "");
	host.opt.agent = path;
	probe("agent", 2000);
	kill(pid, SIGTERM);
	snprintf(fp, sizeof fp, "fp=%s", output("ssh-keygen -lf id_ok.pub | cut -d' ' -f2"));
	expect("agent.result", "result=ok", "count=1");
	expect("agent.key", fp, "order=1");
	assert_string_equal(host.run.agent_path, path);
	assert_int_equal(host.run.nkeys, 1);
	assert_true(host.run.keys[0]->in_agent);
}

/* A real one, empty: it binds; and locked: it refuses. */
static void
an_empty_agent_is_asked_to_bind(void **state)
{
	pid_t pid;
	char path[128], number[16];
	(void)state;

	snprintf(path, sizeof path, "%s", file("agent2"));
	unlink(path);
	pid = (pid_t)atoi(
	    output("ssh-agent -a agent2 -s | sed -n 's/.*PID=\\([0-9]*\\);.*/\\1/p' | head -1"));
	assert_true(pid > 1);
	configured("127.0.0.1", "");
	snprintf(number, sizeof number, "%d", (int)pid);
	setenv("SSH_AUTH_SOCK", path, 1);
	setenv("SSH_AGENT_PID", number, 1);
	probe("agent", 2000);
	expect("agent.result", "count=0 ", "state=open");
	expect("agent.result", "source=env", "owner=ssh-agent");
	write_file("askpass", "#!/bin/sh\necho word\n", 0700);
	shell("SSH_ASKPASS=./askpass SSH_ASKPASS_REQUIRE=force SSH_AUTH_SOCK=%s "
	      "ssh-add -x </dev/null 2>/dev/null >&2",
	    path);
	probe("agent", 2000);
	kill(pid, SIGTERM);
	unsetenv("SSH_AUTH_SOCK");
	unsetenv("SSH_AGENT_PID");
	expect("agent.result", "result=ok", "state=shut");
	expect("agent.result", "count=0 ", "owner=ssh-agent");
}

static void
agent_fails_in_many_ways(void **state)
{
	struct sockaddr_un un = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	char path[128];
	(void)state;

	snprintf(path, sizeof path, "%s", file("deaf"));
	unlink(path);
	text_copy(un.sun_path, sizeof un.sun_path, path);
	assert_int_equal(bind(fd, (struct sockaddr *)&un, sizeof un), 0);
	configured("127.0.0.1", "");
	host.opt.agent = path;
	probe("agent", 2000);
	expect("agent.result", "result=refused", "");
	listen(fd, 4);
	probe("agent", 200);
	expect("agent.result", "result=hangs", "");
	host.opt.agent = "/nonexistent/agent";
	probe("agent", 2000);
	expect("agent.result", "result=missing", "");
	host.opt.agent = "";
	probe("agent", 2000);
	expect("agent.result", "result=unset", "");
	assert_string_equal(host.run.agent_path, "");
	configured("127.0.0.1", "IdentityAgent none\n");
	probe("agent", 2000);
	expect("agent.result", "result=unset", "source=config");
	close(fd);
}

/* ---- proof --------------------------------------------------------------------------- */

struct gate_plan {
	uv_timer_t timer;
	int ms;
	bool open;
	bool early; /* the command had run before the gate was touched */
};

static void
on_gate_time(uv_timer_t *timer)
{
	struct gate_plan *g = timer->data;

	g->early = access(file("ran"), F_OK) == 0;
	proof_gate(&host.run, g->open);
	uv_close((uv_handle_t *)timer, NULL);
}

/* A login to a real sshd whose forced command leaves a mark; the gate moves after a second. */
static void
prove(int port, struct gate_plan *g)
{
	char config[1024];

	unlink(file("ran"));
	snprintf(config, sizeof config,
	    "Port %d\nIdentityFile %s/id_ok\nIdentitiesOnly yes\nIdentityAgent none\n"
	    "UserKnownHostsFile %s/kh_proof\nGlobalKnownHostsFile none\nControlPath "
	    "%s/mux\nControlMaster auto\n"
	    "RemoteCommand never\n",
	    port, host.dir, host.dir, host.dir);
	configured("127.0.0.1", config);
	host.opt.args[2] = "-o";
	host.opt.args[3] = "PermitLocalCommand=no";
	host.opt.nargs = 4;
	text_copy(host.run.hostkey_fp, sizeof host.run.hostkey_fp,
	    output("ssh-keygen -lf hk.pub | cut -d' ' -f2"));
	uv_timer_init(&host.loop, &g->timer);
	g->timer.data = g;
	uv_timer_start(&g->timer, on_gate_time, (uint64_t)g->ms, 0);
	probe("proof", 60000);
}

static int
gates_left(void)
{
	return atoi(output("ls -d gates/sshmedic-?????? 2>/dev/null | wc -l"));
}

static void
the_proof_waits_at_its_gate(void **state)
{
	struct gate_plan opens = { .ms = 1200, .open = true },
			 shuts = { .ms = 1200, .open = false };
	int port, fd = listener(-1, &port);
	char config[2048], *runtime;
	pid_t pid;
	(void)state;

	close(fd);
	if (access("/usr/sbin/sshd", X_OK) != 0 ||
	    (getuid() == 0 && mkdir("/run/sshd", 0755) != 0 && errno != EEXIST)) {
		print_message("skipped: no sshd to run here\n");
		skip();
	}
	snprintf(config, sizeof config,
	    "ListenAddress 127.0.0.1:%d\nHostKey %s/hk\nAuthorizedKeysFile "
	    "%s/authorized\nStrictModes no\nUsePAM no\n"
	    "PidFile none\nPermitRootLogin yes\nForceCommand echo >>%s/ran; exit 5\n",
	    port, host.dir, host.dir, host.dir);
	write_file("sshd_config", config, 0600);
	shell("cat id_ok.pub >authorized; (printf '[127.0.0.1]:%d '; cat hk.pub) >kh_proof", port);
	if ((pid = fork()) == 0) {
		execl("/usr/sbin/sshd", "/usr/sbin/sshd", "-D", "-e", "-f", file("sshd_config"),
		    "-E", file("sshd.log"), NULL);
		_exit(127);
	}
	usleep(500000);
	/* A folder of its own: others make gates of their own in the usual one. */
	shell("mkdir -m 700 gates");
	runtime = getenv("XDG_RUNTIME_DIR") != NULL ? strdup(getenv("XDG_RUNTIME_DIR")) : NULL;
	setenv("XDG_RUNTIME_DIR", file("gates"), 1);
	prove(port, &opens);
	assert_false(opens.early);
	expect("proof.start", "command=", "BatchMode=yes");
	expect("proof.result", "exit=5", "phase=session");
	assert_string_equal(output("wc -l <ran"), "1");
	assert_int_not_equal(access(file("mux"), F_OK), 0);
	prove(port, &shuts);
	assert_false(shuts.early);
	assert_null(find_line("proof.result", "", ""));
	usleep(300000);
	assert_int_not_equal(access(file("ran"), F_OK), 0);
	proof_gate(&host.run, true);
	assert_int_equal(host.run.gate, GATE_SHUT);
	kill(pid, SIGTERM);
	waitpid(pid, NULL, 0);
	assert_int_equal(gates_left(), 0);
	if (runtime != NULL)
		setenv("XDG_RUNTIME_DIR", runtime, 1);
	else
		unsetenv("XDG_RUNTIME_DIR");
	free(runtime);
}

static void
the_proof_names_where_ssh_failed(void **state)
{
	char config[256];
	int port, fd = listener(-1, &port);
	(void)state;

	snprintf(config, sizeof config, "Port %d\n", port);
	configured("127.0.0.1", config);
	proof_gate(&host.run, true);
	probe("proof", 20000);
	expect("proof.result", "exit=255", "phase=transport");
	expect("proof.result", "Connection refused", "");
	expect("proof.line", "level=1", "");
	close(fd);
}

/* An ssh that waits in GSSAPI for half a second, and then as long for the server's answer. */
#define GSS_SSH(banner) \
	"#!/bin/sh\nexec >&2\necho 'debug1: SSH2_MSG_SERVICE_ACCEPT received'\n" banner \
	"echo 'debug1: Next authentication method: gssapi-with-mic'\nsleep 0.5\n" \
	"echo 'debug3: send packet: type 50'\nsleep 0.5\n" \
	"echo 'debug1: Next authentication method: publickey'\n" \
	"echo 'Authenticated to h ([127.0.0.1]:22) using \"publickey\".'\n"

static const char *
gss_time(const char *config, const char *ssh, bool banner_seen, bool imitates)
{
	configured("h", config);
	host.run.banner_seen = banner_seen;
	host.run.banner_imitates = imitates;
	host.opt.ssh = write_file("gss", ssh, 0755);
	proof_gate(&host.run, true);
	probe("proof", 20000);
	expect("proof.result", "exit=0", "phase=session");
	host.opt.ssh = NULL;
	return find_line("phase", "phase=auth.gssapi", "took_us=");
}

static void
the_proof_times_gssapi(void **state)
{
	static const char banner[] = GSS_SSH("echo 'debug3: input_userauth_banner: entering'\n");
	const char *line = gss_time("", GSS_SSH(""), false, false);
	long us;
	(void)state;

	assert_non_null(line);
	assert_non_null(strstr(line, "proof/0"));
	us = atol(strstr(line, "took_us=") + strlen("took_us="));
	assert_in_range(us, 450000, 950000);
	assert_non_null(gss_time("", banner, true, false));
	assert_null(gss_time("", banner, true, true));
	assert_null(gss_time("", banner, false, false));
	assert_null(gss_time("ProxyJump j\n", GSS_SSH(""), false, false));
	host.run.banner_seen = host.run.banner_imitates = false;
}

/* ---- all ----------------------------------------------------------------------------- */

static int
set_up(void **state)
{
	(void)state;
	signal(SIGPIPE, SIG_IGN);
	unsetenv("SSH_AUTH_SOCK");
	snprintf(host.dir, sizeof host.dir, "/tmp/sshmedic.test.XXXXXX");
	uv_loop_init(&host.loop);
	return mkdtemp(host.dir) == NULL ? -1 : 0;
}

static int
tear_down(void **state)
{
	char command[128];
	(void)state;

	run_clear(&host.run);
	forget_lines();
	snprintf(command, sizeof command, "rm -rf %s", host.dir);
	return uv_loop_close(&host.loop) != 0 || system(command) != 0 ? -1 : 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(config_tells_settings),
		cmocka_unit_test(config_names_a_bad_option),
		cmocka_unit_test(config_names_bad_modes),
		cmocka_unit_test(config_tells_how_the_client_fails),
		cmocka_unit_test(resolve_takes_addresses),
		cmocka_unit_test(tcp_opens),
		cmocka_unit_test(tcp_is_refused),
		cmocka_unit_test(tcp_is_silent),
		cmocka_unit_test(tcp_goes_on_with_the_first_that_opens),
		cmocka_unit_test(ports_find_the_one_in_the_configuration),
		cmocka_unit_test(known_hosts_mean_what_they_mean_to_ssh),
		cmocka_unit_test(plain_known_hosts_are_read_as_ssh_keygen_does),
		cmocka_unit_test(long_known_hosts_are_read_up_to_a_limit),
		cmocka_unit_test(keys_are_told_apart),
		cmocka_unit_test(keys_are_left_for_the_login),
		cmocka_unit_test(certificates_are_dated),
		cmocka_unit_test(an_identity_of_the_command_line_that_is_missing_is_told),
		cmocka_unit_test(agent_lists_its_keys),
		cmocka_unit_test(an_empty_agent_is_asked_to_bind),
		cmocka_unit_test(agent_fails_in_many_ways),
		cmocka_unit_test(the_proof_waits_at_its_gate),
		cmocka_unit_test(the_proof_names_where_ssh_failed),
		cmocka_unit_test(the_proof_times_gssapi),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
