/*
 * The way back to a sane terminal after a crash: everything is prepared while
 * all is well, so that the handler only makes calls that a signal handler may
 * make. A process has one terminal, so this state is static. Called by screen.c.
 */
#include <curses.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <term.h>
#include <termios.h>
#include <unistd.h>

#include "screen_term.h"

enum { RESET_MAX = 256, STACK_LEN = 64 * 1024 };

static const int crash_signals[] = { SIGSEGV, SIGABRT, SIGBUS, SIGFPE, SIGILL };
enum { NSIGNALS = sizeof crash_signals / sizeof crash_signals[0] };

static struct {
	int fd, saved_stderr;
	volatile sig_atomic_t armed;
	struct termios tio;
	char reset[RESET_MAX];
	size_t len;
	struct sigaction before[NSIGNALS];
	void *stack;
} crash;

static void
on_crash(int sig)
{
	static const char words[] = "\r\nsshmedic: internal error; the terminal was restored.\r\n";

	if (crash.armed) {
		crash.armed = 0;
		(void)!write(crash.fd, crash.reset, crash.len);
		tcsetattr(crash.fd, TCSANOW, &crash.tio);
		if (crash.saved_stderr >= 0)
			dup2(crash.saved_stderr, STDERR_FILENO);
		(void)!write(STDERR_FILENO, words, sizeof words - 1);
	}
	raise(sig); /* SA_RESETHAND: with the default action, once this handler has returned */
}

/* Append a capability without its padding ("$<5>"). */
static void
add_cap(const char *name)
{
	const char *s = tigetstr(name);

	if (s == NULL || s == (char *)-1)
		return;
	while (*s != '\0' && crash.len < RESET_MAX) {
		if (s[0] == '$' && s[1] == '<' && strchr(s, '>') != NULL) {
			s = strchr(s, '>') + 1;
			continue;
		}
		crash.reset[crash.len++] = *s++;
	}
}

void
crash_prepare(int fd)
{
	crash.fd = fd;
	tcgetattr(fd, &crash.tio);
}

void
crash_arm(const char *extra, int saved_stderr)
{
	static const char *const caps[] = { "sgr0", "cnorm", "rmkx", "rmcup" };
	struct sigaction sa = { .sa_handler = on_crash,
		.sa_flags = (int)(SA_RESETHAND | SA_ONSTACK) };
	size_t n = strlen(extra);
	stack_t st;

	crash.len = n < RESET_MAX ? n : 0;
	memcpy(crash.reset, extra, crash.len);
	for (size_t i = 0; i < sizeof caps / sizeof caps[0]; i++)
		add_cap(caps[i]);
	crash.saved_stderr = saved_stderr;
	if (crash.stack == NULL && (crash.stack = malloc(STACK_LEN)) != NULL) {
		st = (stack_t){ .ss_sp = crash.stack, .ss_size = STACK_LEN };
		sigaltstack(&st, NULL);
	}
	sigemptyset(&sa.sa_mask);
	for (int i = 0; i < NSIGNALS; i++)
		sigaction(crash_signals[i], &sa, &crash.before[i]);
	crash.armed = 1;
}

void
crash_disarm(void)
{
	stack_t off = { .ss_flags = SS_DISABLE };

	if (!crash.armed)
		return;
	crash.armed = 0;
	for (int i = 0; i < NSIGNALS; i++)
		sigaction(crash_signals[i], &crash.before[i], NULL);
	sigaltstack(&off, NULL);
	free(crash.stack);
	crash.stack = NULL;
}
