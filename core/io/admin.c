/* The words of a login of the admin's. See admin.h. */
#include "admin.h"

#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include "path.h"
#include "sock.h"

void
admin_add(struct admin_words *w, const char *word)
{
	if (w->n < ADMIN_WORDS_MAX)
		w->v[w->n++] = word;
}

static void
add_option(struct admin_words *w, const char *option)
{
	admin_add(w, "-o");
	admin_add(w, option);
}

void
admin_add_ssh(struct admin_words *w, const struct run *r)
{
	const char *file = option_word(r->opt, 'F');

	admin_add(w, r->opt->ssh != NULL ? r->opt->ssh : "ssh");
	if (file != NULL) {
		admin_add(w, "-F");
		admin_add(w, file);
	}
	add_option(w, "BatchMode=yes");
	add_option(w, "ConnectTimeout=10");
	add_option(w, "ConnectionAttempts=1");
	add_option(w, "ControlMaster=no");
	add_option(w, "ControlPath=none");
	add_option(w, "ClearAllForwardings=yes");
	add_option(w, "ForwardAgent=no");
	add_option(w, "PermitLocalCommand=no");
	if (r->cfg->remotecommand[0] != '\0')
		add_option(w, "RemoteCommand=none");
	if (r->cfg->updatehostkeys != SSHG_UNSET)
		add_option(w, "UpdateHostKeys=no");
	admin_add(w, "-T");
}

void
admin_add_login(struct admin_words *w, const struct target *login)
{
	if (login->user[0] != '\0') {
		admin_add(w, "-l");
		admin_add(w, login->user);
	}
	if (login->port != 0) {
		snprintf(w->port, sizeof w->port, "%d", login->port);
		admin_add(w, "-p");
		admin_add(w, w->port);
	}
	admin_add(w, "--");
	admin_add(w, login->host);
}

const struct run_addr *
admin_server_addr(const struct run *r)
{
	if (r->naddrs == 0)
		return NULL;
	return &r->addrs[r->chosen >= 0 ? r->chosen : 0];
}

bool
admin_is_here(const struct run *r)
{
	const struct run_addr *addr = admin_server_addr(r);

	return addr != NULL && sock_is_own((const struct sockaddr *)&addr->sa);
}

int
admin_script_file(const char *text, size_t len)
{
	int fd = memfd_create("script", MFD_CLOEXEC);

	if (fd >= 0 && (write(fd, text, len) != (ssize_t)len || lseek(fd, 0, SEEK_SET) != 0)) {
		close(fd);
		return -1;
	}
	return fd;
}
