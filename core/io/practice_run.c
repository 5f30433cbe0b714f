/* The programs of practice_run.h. */
#include "practice_run.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum { WORD_MAX = 4096 };

pid_t
practice_run_start(const char *const argv[], const struct practice_run *how)
{
	char path[WORD_MAX], agent[WORD_MAX];
	char *env[] = { path, how->agent != NULL ? agent : NULL, NULL };
	const char *search = getenv("PATH");
	posix_spawn_file_actions_t files;
	posix_spawnattr_t attr;
	sigset_t none, all;
	pid_t pid = -1;

	snprintf(path, sizeof(path), "PATH=%s", search != NULL ? search : "/usr/bin:/bin");
	snprintf(agent, sizeof(agent), "SSH_AUTH_SOCK=%s", how->agent != NULL ? how->agent : "");
	sigemptyset(&none);
	sigfillset(&all);
	posix_spawnattr_init(&attr);
	/* A group of its own: Ctrl-C at the terminal is not meant for it. */
	posix_spawnattr_setflags(
	    &attr, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
	posix_spawnattr_setsigmask(&attr, &none);
	posix_spawnattr_setsigdefault(&attr, &all);
	posix_spawnattr_setpgroup(&attr, 0);
	posix_spawn_file_actions_init(&files);
	if (how->in_out >= 0) {
		posix_spawn_file_actions_adddup2(&files, how->in_out, STDIN_FILENO);
		posix_spawn_file_actions_adddup2(&files, how->in_out, STDOUT_FILENO);
	} else {
		posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
		posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
	}
	if (how->err >= 0)
		posix_spawn_file_actions_adddup2(&files, how->err, STDERR_FILENO);
	else
		posix_spawn_file_actions_addopen(&files, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
	if (posix_spawnp(&pid, argv[0], &files, &attr, (char *const *)argv, env) != 0)
		pid = -1;
	posix_spawn_file_actions_destroy(&files);
	posix_spawnattr_destroy(&attr);
	return pid;
}

/* Wait for it. Its exit status, or -1. */
static int
wait_for(pid_t pid)
{
	int status;

	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return -1;
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

int
practice_run_wait(const char *const argv[], const char *agent, char *said, size_t cap)
{
	struct practice_run how = { .in_out = -1, .err = -1, .agent = agent };
	int r = -1;
	pid_t pid;

	if (said != NULL) {
		said[0] = '\0';
		how.err = memfd_create("errors", MFD_CLOEXEC);
	}
	if ((pid = practice_run_start(argv, &how)) > 0)
		r = wait_for(pid);
	if (how.err >= 0) {
		ssize_t n = pread(how.err, said, cap - 1, 0);

		said[n > 0 ? n : 0] = '\0';
		close(how.err);
	}
	return r;
}

void
practice_run_end(pid_t pid)
{
	if (pid <= 0)
		return;
	kill(pid, SIGTERM);
	wait_for(pid);
}
