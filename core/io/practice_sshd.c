/* The sshd of practice_sshd.h. */
#include "practice_sshd.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <uv.h>

#include "../text.h"
#include "practice_dir.h"
#include "practice_run.h"

enum { LOOK_MS = 20 };

/* sshd wants its whole path, as it starts itself again. */
static const char *const places[] = { "/usr/sbin/sshd", "/usr/local/sbin/sshd", "/sbin/sshd",
	"/usr/lib/ssh/sshd", "/usr/bin/sshd" };

/*
 * No PAM, no file of the account's own, and no session: what the cases need
 * of a login ends before one, and a shell would read the user's startup files.
 */
static const char ordinary[] = "HostKey %s/host_key\n"
			       "PidFile none\n"
			       "AuthorizedKeysFile %s/authorized_keys\n"
			       "StrictModes no\n"
			       "UsePAM no\n"
			       "PermitRootLogin prohibit-password\n"
			       "PasswordAuthentication no\n"
			       "KbdInteractiveAuthentication no\n"
			       "PermitUserRC no\n"
			       "PermitUserEnvironment no\n"
			       "PermitTTY no\n"
			       "X11Forwarding no\n"
			       "AllowAgentForwarding no\n"
			       "AllowTcpForwarding local\n"
			       "ForceCommand internal-sftp\n"
			       "Subsystem sftp internal-sftp\n"
			       "UseDNS no\n";

static const char *
find_sshd(void)
{
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++)
		if (access(places[i], X_OK) == 0)
			return places[i];
	return NULL;
}

static int
write_files(const struct practice_keys *k, const char *dir, const char *more)
{
	char text[sizeof(ordinary) + 6 * PRACTICE_DIR_MAX];
	struct strbuf sb;

	sb_init(&sb, text, sizeof(text));
	sb_puts(&sb, more != NULL ? more : "");
	sb_printf(&sb, ordinary, dir, dir);
	if (sb.cut || practice_dir_write(dir, "sshd_config", text) != 0)
		return -1;
	return practice_keys_write_server(k, dir);
}

int
practice_sshd_prepare(
    const struct practice_keys *k, const char *dir, const char *more, char *err, size_t errcap)
{
	char config[PRACTICE_PATH_MAX], said[256];
	const char *sshd = find_sshd();
	const char *argv[] = { sshd, "-t", "-f", config, NULL };

	if (sshd == NULL) {
		snprintf(err, errcap,
		    "this practice case needs sshd, which is not installed here (openssh-server)");
		return -1;
	}
	if (write_files(k, dir, more) != 0) {
		snprintf(err, errcap,
		    "the files of the practice could not be written; is the disk full?");
		return -1;
	}
	snprintf(config, sizeof(config), "%s/sshd_config", dir);
	if (practice_run_wait(argv, NULL, said, sizeof(said)) == 0)
		return 0;
	said[strcspn(said, "\r\n")] = '\0';
	snprintf(err, errcap, "this practice case needs sshd, which does not run here: %s", said);
	return -1;
}

/* A connection: the sshd that has it. */
struct conn {
	pid_t pid;
};

struct shared {
	const char *sshd;
	int err; /* its log */
	char config[PRACTICE_PATH_MAX];
};

static void *
share_sshd(const struct practice_keys *k, const struct practice_play *play, const char *dir)
{
	char log[PRACTICE_PATH_MAX];
	struct shared *sh = calloc(1, sizeof(*sh));

	(void)k;
	(void)play;
	if (sh == NULL)
		return NULL;
	sh->sshd = find_sshd();
	snprintf(sh->config, sizeof(sh->config), "%s/sshd_config", dir);
	snprintf(log, sizeof(log), "%s/sshd.log", dir);
	sh->err = open(log, O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (sh->sshd == NULL || sh->err < 0) {
		free(sh);
		return NULL;
	}
	return sh;
}

static void
unshare_sshd(void *shared)
{
	struct shared *sh = shared;

	close(sh->err);
	free(sh);
}

static void *
open_sshd(void *shared, int fd)
{
	struct shared *sh = shared;
	const char *argv[] = { sh->sshd, "-i", "-e", "-f", sh->config, NULL };
	struct practice_run how = { .in_out = fd, .err = sh->err };
	struct conn *c = calloc(1, sizeof(*c));
	int flags = fcntl(fd, F_GETFL);

	if (c == NULL)
		return NULL;
	/* sshd expects a socket that blocks, and puts it as it likes; the flag is one with ours. */
	fcntl(fd, F_SETFL, flags & ~O_NONBLOCK);
	if ((c->pid = practice_run_start(argv, &how)) < 0) {
		free(c);
		return NULL;
	}
	return c;
}

/* Nothing to do but to see whether it is at its end. */
static int
step_sshd(void *conn)
{
	struct conn *c = conn;

	if (c->pid > 0 && waitpid(c->pid, NULL, WNOHANG) == c->pid)
		c->pid = -1;
	return c->pid > 0 ? UV_DISCONNECT : 0;
}

static uint64_t
wait_sshd(void *conn)
{
	(void)conn;
	return LOOK_MS;
}

static void
close_sshd(void *conn)
{
	struct conn *c = conn;

	practice_run_end(c->pid);
	free(c);
}

const struct practice_server practice_sshd = {
	.share = share_sshd,
	.unshare = unshare_sshd,
	.open = open_sshd,
	.step = step_sshd,
	.wait_ms = wait_sshd,
	.close = close_sshd,
};
