/* What each kind of change looks at, does and takes back: a row each, at the end. See change_do.h. */
#include "change_do.h"

#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "../knownhosts_edit.h"
#include "../linediff.h"
#include "../sshconfig.h"

enum { LINE_LEN = 4096, ROOM = 8192, INCLUDED_FILES = 64, RUN_LIMIT_MS = 30000, OUTPUT = 600 };

extern char **environ;

/* ---- words --------------------------------------------------------------------------------- */

static int fail(char err[CHANGE_ERR], const char *fmt, ...) __attribute__((format(printf, 2, 3)));
static void say(struct change_plan *p, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

static int
fail(char err[CHANGE_ERR], const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(err, CHANGE_ERR, fmt, ap);
	va_end(ap);
	return -1;
}

static void
say(struct change_plan *p, const char *fmt, ...)
{
	char line[LINE_LEN];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(line, sizeof line, fmt, ap);
	va_end(ap);
	if (p->nlines < CHANGE_LINES && (p->lines[p->nlines] = strdup(line)) != NULL)
		p->nlines++;
}

/* A path with "~" as the home directory. */
static int
expand(const struct change_env *env, const char *path, char out[PATH_LEN], char err[CHANGE_ERR])
{
	int n = path[0] == '~' && path[1] == '/'
		    ? snprintf(out, PATH_LEN, "%s%s", env->home, path + 1)
		    : snprintf(out, PATH_LEN, "%s", path);

	return n < PATH_LEN ? 0 : fail(err, "%s: too long a name", path);
}

void
change_temp_name(const char *path, const char *id, char temp[PATH_LEN])
{
	char dir[PATH_LEN];

	wholefile_dir(path, dir);
	if (snprintf(temp, PATH_LEN, "%s/.sshmedic-%s.new", dir, id) >= PATH_LEN)
		temp[0] = '\0';
}

/* ---- files: configuration and known hosts ------------------------------------------------------- */

static void
diff_line(void *arg, char mark, size_t line, const char *text, size_t len)
{
	if (mark == '@')
		say(arg, "@@ line %zu @@", line);
	else
		say(arg, "%c%.*s", mark, (int)(len < LINE_LEN - 2 ? len : LINE_LEN - 2), text);
}

static void
show_edit(struct change_plan *p)
{
	const char *asked = p->path;
	size_t left = 0;

	if (!p->file.exists)
		say(p, "makes %s, mode 0600", p->file.real);
	else
		say(p, "changes %s, mode %04o", p->file.real, (unsigned)p->file.st.st_mode & 07777);
	if (strcmp(asked, p->file.real) != 0)
		say(p, "which is where %s leads", asked);
	linediff(p->file.exists ? p->file.bytes : "", p->file.len, p->new_bytes, p->new_len,
	    CHANGE_LINES - 10, &left, diff_line, p);
	if (left > 0)
		say(p, "and %zu lines more", left);
}

/* Read the file, have room for its new text. */
static int
begin_edit(struct change_plan *p, struct strbuf *out, char err[CHANGE_ERR])
{
	if (wholefile_read(&p->file, p->path, true, err, CHANGE_ERR) != 0)
		return -1;
	if (p->file.exists && access(p->file.real, W_OK) != 0 && geteuid() != 0)
		return fail(err, "%s is read-only", p->file.real);
	if ((p->new_bytes = malloc(p->file.len + ROOM)) == NULL)
		return fail(err, "out of memory");
	sb_init(out, p->new_bytes, p->file.len + ROOM);
	return 0;
}

/* Whether a file that is included, by its path, may set a keyword. What cannot be read may. */
static bool
file_mentions(const char *path, const char *keyword)
{
	struct wholefile f;
	char err[CHANGE_ERR];
	bool may;

	if (wholefile_read(&f, path, false, err, sizeof err) != 0)
		return true;
	may = f.exists && sshconfig_mentions(f.bytes, f.len, keyword);
	wholefile_free(&f);
	return may;
}

static bool
pattern_mentions(const char *pattern, const char *keyword)
{
	glob_t g;
	bool may = false;
	int r = glob(pattern, 0, NULL, &g);

	if (r == GLOB_NOMATCH)
		return false;
	if (r != 0)
		return true;
	if (g.gl_pathc > INCLUDED_FILES)
		may = true;
	for (size_t i = 0; i < g.gl_pathc && !may; i++)
		may = file_mentions(g.gl_pathv[i], keyword);
	globfree(&g);
	return may;
}

/* The words of an Include: relative ones lie in ~/.ssh. */
static bool
included(void *arg, const char *words, size_t len, const char *keyword)
{
	const struct change_env *env = arg;
	char pattern[PATH_LEN];

	for (size_t at = 0; at < len;) {
		size_t n = 0;
		const char *w = words + at;
		int r;

		while (at + n < len && w[n] != ' ' && w[n] != '\t')
			n++;
		at += n + 1;
		if (n == 0)
			continue;
		if (memchr(w, '"', n) != NULL || memchr(w, '%', n) != NULL ||
		    memchr(w, '$', n) != NULL)
			return true;
		if (w[0] == '/')
			r = snprintf(pattern, sizeof pattern, "%.*s", (int)n, w);
		else if (n > 1 && w[0] == '~' && w[1] == '/')
			r = snprintf(
			    pattern, sizeof pattern, "%s%.*s", env->home, (int)n - 1, w + 1);
		else
			r = snprintf(pattern, sizeof pattern, "%s/.ssh/%.*s", env->home, (int)n, w);
		if (r >= PATH_LEN || (w[0] == '~' && (n < 2 || w[1] != '/')))
			return true;
		if (pattern_mentions(pattern, keyword))
			return true;
	}
	return false;
}

static enum sshconfig_result
edit_config(const struct change_env *env, struct change_plan *p, struct strbuf *out,
    char why[SSHCONFIG_WHY])
{
	const struct change *c = &p->c;
	const char *text = p->file.exists ? p->file.bytes : "";
	struct sshconfig_edit e = { .host = c->host[0] != '\0' ? c->host : NULL,
		.nset = c->nset,
		.included = included,
		.arg = (void *)(uintptr_t)env };

	if (c->nset == 1 && strcmp(c->set[0].keyword, "Host") == 0)
		return sshconfig_name(text, p->file.len, c->host, c->set[0].value, out, why);
	for (size_t i = 0; i < c->nset; i++)
		e.set[i] = (struct sshconfig_set){ c->set[i].keyword, c->set[i].value };
	return sshconfig_edit(text, p->file.len, &e, out, why);
}

static int
preview_config(const struct change_env *env, struct change_plan *p, char err[CHANGE_ERR])
{
	const char *path = p->c.path[0] != '\0'     ? p->c.path
			   : env->config[0] != '\0' ? env->config
						    : "~/.ssh/config";
	char why[SSHCONFIG_WHY];
	struct strbuf out;

	if (p->c.path[0] == '\0' && strcasecmp(env->config, "none") == 0)
		return fail(err, "ssh is told to read no configuration (-F none)");
	if (expand(env, path, p->path, err) != 0 || begin_edit(p, &out, err) != 0)
		return -1;
	switch (edit_config(env, p, &out, why)) {
	case SSHCONFIG_NO: return fail(err, "%s: %s", p->file.real, why);
	case SSHCONFIG_SAME: return fail(err, "%s says so already", p->file.real);
	case SSHCONFIG_CHANGED: break;
	}
	p->new_len = out.len;
	show_edit(p);
	return 0;
}

static int
preview_known(const struct change_env *env, struct change_plan *p, char err[CHANGE_ERR])
{
	struct known_edit did;
	struct strbuf out;

	if (expand(env, p->c.path, p->path, err) != 0 || begin_edit(p, &out, err) != 0)
		return -1;
	if (p->file.exists && memchr(p->file.bytes, '\0', p->file.len) != NULL)
		return fail(err, "%s is no text", p->file.real);
	if (!known_edit(p->file.exists ? p->file.bytes : "", p->file.len, p->c.host,
		p->c.add[0] != '\0' ? p->c.add : NULL, &out, &did))
		return fail(err, "%s: there is no room for it", p->file.real);
	if (did.removed + did.narrowed == 0 && p->c.add[0] == '\0')
		return did.kept_at > 0 ? fail(err,
					     "line %d of %s has to be edited by hand: it names %s "
					     "by a pattern or has a marker",
					     did.kept_at, p->file.real, p->c.host)
				       : fail(err, "%s does not name %s", p->file.real, p->c.host);
	p->new_len = out.len;
	show_edit(p);
	if (did.kept_at > 0)
		say(p, "line %d matches %s as well, by a pattern or with a marker, and stays",
		    did.kept_at, p->c.host);
	return 0;
}

static bool
same_file(const struct wholefile *a, const struct wholefile *b)
{
	if (a->exists != b->exists || strcmp(a->real, b->real) != 0)
		return false;
	return !a->exists || (a->len == b->len && memcmp(a->bytes, b->bytes, a->len) == 0 &&
				 a->st.st_mode == b->st.st_mode && a->st.st_uid == b->st.st_uid &&
				 a->st.st_gid == b->st.st_gid);
}

static int
check_edit(const struct change_plan *p, char err[CHANGE_ERR])
{
	struct wholefile now;
	bool same;

	if (wholefile_read(&now, p->path, true, err, CHANGE_ERR) != 0)
		return -1;
	same = same_file(&now, &p->file);
	wholefile_free(&now);
	return same ? 0
		    : fail(err, "%s was changed meanwhile: look at the fix again", p->file.real);
}

/* The topmost folder above a file that is not there; "" where its folder is. */
static void
missing_top(const char *path, char top[PATH_LEN])
{
	char dir[PATH_LEN];
	struct stat st;

	top[0] = '\0';
	wholefile_dir(path, dir);
	while (strlen(dir) > 1 && stat(dir, &st) != 0) {
		snprintf(top, PATH_LEN, "%s", dir);
		wholefile_dir(top, dir);
	}
}

static void
describe_edit(const struct change_plan *p, struct journal_entry *e)
{
	snprintf(e->path, sizeof e->path, "%s", p->file.real);
	missing_top(p->file.real, e->made);
	if (p->file.exists)
		journal_sum(p->file.bytes, p->file.len, e->old_sum);
	journal_sum(p->new_bytes, p->new_len, e->new_sum);
	e->old_mode = e->new_mode = p->file.exists ? p->file.st.st_mode & 07777 : 0600;
}

static int
apply_edit(const struct change_plan *p, const struct journal_entry *e, char err[CHANGE_ERR])
{
	char temp[PATH_LEN], dir[PATH_LEN], made[PATH_LEN];
	int error;

	wholefile_dir(e->path, dir);
	if (!p->file.exists && (error = wholefile_mkdirs(dir, 0700, made)) != 0)
		return fail(err, "%s: %s", dir, strerror(error));
	change_temp_name(e->path, e->id, temp);
	return wholefile_write(
	    &p->file, temp, p->new_bytes, p->new_len, e->new_mode, err, CHANGE_ERR);
}

static enum change_looks
look_edit(const struct journal_entry *e)
{
	struct wholefile f;
	char err[CHANGE_ERR], sum[JOURNAL_SUM];
	enum change_looks looks = LOOKS_OTHER;

	if (wholefile_read(&f, e->path, false, err, sizeof err) != 0)
		return LOOKS_OTHER;
	if (!f.exists)
		return e->old_sum[0] == '\0' ? LOOKS_OLD : LOOKS_OTHER;
	journal_sum(f.bytes, f.len, sum);
	if (strcmp(sum, e->new_sum) == 0 && (f.st.st_mode & 07777) == e->new_mode)
		looks = LOOKS_NEW;
	else if (strcmp(sum, e->old_sum) == 0)
		looks = LOOKS_OLD;
	wholefile_free(&f);
	return looks;
}

/* The backup's bytes in the place of the present ones. */
static int
put_back(const struct journal_entry *e, const struct wholefile *now, const struct wholefile *old,
    char err[CHANGE_ERR])
{
	char temp[PATH_LEN], sum[JOURNAL_SUM];

	if (!old->exists)
		return fail(err, "the backup %s is not there", old->real);
	journal_sum(old->bytes, old->len, sum);
	if (strcmp(sum, e->old_sum) != 0)
		return fail(err, "the backup %s is not what was kept", old->real);
	change_temp_name(e->path, e->id, temp);
	return wholefile_write(now, temp, old->bytes, old->len, e->old_mode, err, CHANGE_ERR);
}

static int
undo_edit(struct journal *j, const struct journal_entry *e, char err[CHANGE_ERR])
{
	char backup[PATH_LEN], dir[PATH_LEN];
	struct wholefile now, old;
	int r = -1;

	if (e->old_sum[0] == '\0') { /* there was no file */
		if (unlink(e->path) != 0)
			return fail(err, "%s: %s", e->path, strerror(errno));
		wholefile_sync_dir(e->path);
		wholefile_dir(e->path, dir);
		if (e->made[0] != '\0')
			wholefile_rmdirs(dir, e->made);
		return 0;
	}
	journal_backup_path(j, e->id, backup);
	if (wholefile_read(&now, e->path, true, err, CHANGE_ERR) != 0)
		return -1;
	if (wholefile_read(&old, backup, false, err, CHANGE_ERR) == 0) {
		r = put_back(e, &now, &old, err);
		wholefile_free(&old);
	}
	wholefile_free(&now);
	return r;
}

/* ---- modes -------------------------------------------------------------------------------------- */

/* The file or folder that a path leads to. */
static int
find(const struct change_env *env, struct change_plan *p, char err[CHANGE_ERR])
{
	char path[PATH_LEN], *real;

	if (expand(env, p->c.path, path, err) != 0)
		return -1;
	if ((real = realpath(path, NULL)) == NULL)
		return fail(err, "%s: %s", path, strerror(errno));
	snprintf(p->path, sizeof p->path, "%s", real);
	free(real);
	return lstat(p->path, &p->st) == 0 ? 0 : fail(err, "%s: %s", p->path, strerror(errno));
}

static int
preview_mode(const struct change_env *env, struct change_plan *p, char err[CHANGE_ERR])
{
	unsigned old;

	if (find(env, p, err) != 0)
		return -1;
	if (!S_ISREG(p->st.st_mode) && !S_ISDIR(p->st.st_mode))
		return fail(err, "%s is neither a file nor a folder", p->path);
	if (p->st.st_uid != geteuid() && geteuid() != 0)
		return fail(err, "%s belongs to somebody else", p->path);
	old = p->st.st_mode & 07777;
	p->new_mode = (old & ~p->c.take) | p->c.give | (S_ISDIR(p->st.st_mode) ? p->c.give_dir : 0);
	if (p->new_mode == old)
		return fail(err, "%s has the mode %04o already", p->path, old);
	say(p, "changes the mode of %s", p->path);
	say(p, "-%04o", old);
	say(p, "+%04o", (unsigned)p->new_mode);
	return 0;
}

static int
check_mode(const struct change_plan *p, char err[CHANGE_ERR])
{
	struct stat st;

	if (lstat(p->path, &st) != 0)
		return fail(err, "%s: %s", p->path, strerror(errno));
	if (st.st_mode != p->st.st_mode || st.st_ino != p->st.st_ino || st.st_dev != p->st.st_dev)
		return fail(err, "%s was changed meanwhile: look at the fix again", p->path);
	return 0;
}

static void
describe_mode(const struct change_plan *p, struct journal_entry *e)
{
	snprintf(e->path, sizeof e->path, "%s", p->path);
	e->old_mode = p->st.st_mode & 07777;
	e->new_mode = (unsigned)p->new_mode;
}

static int
apply_mode(const struct change_plan *p, const struct journal_entry *e, char err[CHANGE_ERR])
{
	(void)p;
	return chmod(e->path, e->new_mode) == 0 ? 0 : fail(err, "%s: %s", e->path, strerror(errno));
}

static enum change_looks
look_mode(const struct journal_entry *e)
{
	struct stat st;

	if (lstat(e->path, &st) != 0 || S_ISLNK(st.st_mode))
		return LOOKS_OTHER;
	return (st.st_mode & 07777) == e->new_mode   ? LOOKS_NEW
	       : (st.st_mode & 07777) == e->old_mode ? LOOKS_OLD
						     : LOOKS_OTHER;
}

static int
undo_mode(struct journal *j, const struct journal_entry *e, char err[CHANGE_ERR])
{
	(void)j;
	return chmod(e->path, e->old_mode) == 0 ? 0 : fail(err, "%s: %s", e->path, strerror(errno));
}

/* ---- sockets ------------------------------------------------------------------------------------ */

/* Whether a socket file is that of nobody. */
static bool
is_dead(const char *path)
{
	struct sockaddr_un sa = { .sun_family = AF_UNIX };
	int fd, r, error;

	if (strlen(path) >= sizeof sa.sun_path)
		return false;
	memcpy(sa.sun_path, path, strlen(path));
	if ((fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)) < 0)
		return false;
	r = connect(fd, (struct sockaddr *)&sa, sizeof sa);
	error = errno;
	close(fd);
	return r != 0 && error == ECONNREFUSED;
}

static int
check_socket(const struct change_plan *p, char err[CHANGE_ERR])
{
	struct stat st;

	if (lstat(p->path, &st) != 0)
		return fail(err, "%s: %s", p->path, strerror(errno));
	if (!S_ISSOCK(st.st_mode))
		return fail(err, "%s is no socket", p->path);
	if (st.st_uid != geteuid() && geteuid() != 0)
		return fail(err, "%s belongs to somebody else", p->path);
	return is_dead(p->path) ? 0 : fail(err, "somebody may listen on %s", p->path);
}

static int
preview_socket(const struct change_env *env, struct change_plan *p, char err[CHANGE_ERR])
{
	if (expand(env, p->c.path, p->path, err) != 0 || check_socket(p, err) != 0)
		return -1;
	if (lstat(p->path, &p->st) != 0)
		return fail(err, "%s: %s", p->path, strerror(errno));
	say(p, "removes the socket %s, on which nobody listens", p->path);
	return 0;
}

static int
apply_socket(const struct change_plan *p, const struct journal_entry *e, char err[CHANGE_ERR])
{
	(void)p;
	if (unlink(e->path) != 0)
		return fail(err, "%s: %s", e->path, strerror(errno));
	wholefile_sync_dir(e->path);
	return 0;
}

static void
describe_socket(const struct change_plan *p, struct journal_entry *e)
{
	snprintf(e->path, sizeof e->path, "%s", p->path);
	e->old_mode = p->st.st_mode & 07777;
}

static enum change_looks
look_socket(const struct journal_entry *e)
{
	struct stat st;

	if (lstat(e->path, &st) != 0)
		return errno == ENOENT ? LOOKS_NEW : LOOKS_OTHER;
	return S_ISSOCK(st.st_mode) && is_dead(e->path) ? LOOKS_OLD : LOOKS_OTHER;
}

/* A socket on which nobody listens again. */
static int
undo_socket(struct journal *j, const struct journal_entry *e, char err[CHANGE_ERR])
{
	struct sockaddr_un sa = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0), r = -1;

	(void)j;
	if (fd < 0 || strlen(e->path) >= sizeof sa.sun_path) {
		errno = fd < 0 ? errno : ENAMETOOLONG;
	} else {
		memcpy(sa.sun_path, e->path, strlen(e->path));
		r = bind(fd, (struct sockaddr *)&sa, sizeof sa);
		if (r == 0)
			r = chmod(e->path, e->old_mode);
	}
	if (r != 0)
		fail(err, "%s: %s", e->path, strerror(errno));
	if (fd >= 0)
		close(fd);
	return r;
}

/* ---- folders ------------------------------------------------------------------------------------ */

static int
check_mkdir(const struct change_plan *p, char err[CHANGE_ERR])
{
	struct stat st;

	if (lstat(p->path, &st) == 0)
		return fail(err, "%s is there", p->path);
	return errno == ENOENT ? 0 : fail(err, "%s: %s", p->path, strerror(errno));
}

static int
preview_mkdir(const struct change_env *env, struct change_plan *p, char err[CHANGE_ERR])
{
	char top[PATH_LEN];

	if (expand(env, p->c.path, p->path, err) != 0)
		return -1;
	while (strlen(p->path) > 1 && p->path[strlen(p->path) - 1] == '/')
		p->path[strlen(p->path) - 1] = '\0';
	if (p->path[0] != '/')
		return fail(err, "%s is not named from / on", p->path);
	if (check_mkdir(p, err) != 0)
		return -1;
	missing_top(p->path, top);
	say(p, "makes the folder %s, mode %04o", p->path, p->c.mode);
	if (top[0] != '\0')
		say(p, "and those above it from %s on", top);
	return 0;
}

static void
describe_mkdir(const struct change_plan *p, struct journal_entry *e)
{
	snprintf(e->path, sizeof e->path, "%s", p->path);
	missing_top(p->path, e->made);
	if (e->made[0] == '\0')
		snprintf(e->made, sizeof e->made, "%s", p->path);
	e->new_mode = p->c.mode;
}

static int
apply_mkdir(const struct change_plan *p, const struct journal_entry *e, char err[CHANGE_ERR])
{
	char made[PATH_LEN];
	int error = wholefile_mkdirs(p->path, e->new_mode, made);

	return error == 0 ? 0 : fail(err, "%s: %s", p->path, strerror(error));
}

static enum change_looks
look_mkdir(const struct journal_entry *e)
{
	struct stat st;

	if (lstat(e->path, &st) != 0)
		return errno == ENOENT ? LOOKS_OLD : LOOKS_OTHER;
	return S_ISDIR(st.st_mode) ? LOOKS_NEW : LOOKS_OTHER;
}

static int
undo_mkdir(struct journal *j, const struct journal_entry *e, char err[CHANGE_ERR])
{
	struct stat st;

	(void)j;
	wholefile_rmdirs(e->path, e->made);
	if (lstat(e->path, &st) == 0)
		return fail(err, "%s is not empty", e->path);
	return 0;
}

/* ---- commands ----------------------------------------------------------------------------------- */

static void
put_command(const struct change *c, struct strbuf *sb)
{
	for (size_t i = 0; i + 1 < c->nargv; i++) {
		if (i > 0)
			sb_putc(sb, ' ');
		if (c->argv[i] != NULL)
			text_shell_quote(sb, c->argv[i]);
		else
			sb_puts(sb, "&&");
	}
}

static int
show_command(struct change_plan *p, const char *how)
{
	char line[LINE_LEN / 2];
	struct strbuf sb;

	sb_init(&sb, line, sizeof line);
	put_command(&p->c, &sb);
	say(p, "%s %s", how, line);
	return 0;
}

static int
preview_run(const struct change_env *env, struct change_plan *p, char err[CHANGE_ERR])
{
	(void)env;
	(void)err;
	return show_command(p, "runs");
}

static int
preview_terminal(const struct change_env *env, struct change_plan *p, char err[CHANGE_ERR])
{
	(void)env;
	(void)err;
	return show_command(p, "runs on the terminal:");
}

static int
check_run(const struct change_plan *p, char err[CHANGE_ERR])
{
	return p->c.nargv > 0 ? 0 : fail(err, "there is no command");
}

static void
describe_run(const struct change_plan *p, struct journal_entry *e)
{
	struct strbuf sb;

	sb_init(&sb, e->text, sizeof e->text);
	put_command(&p->c, &sb);
}

/* Start a command with no stdin and no terminal; its output goes to out. Returns 0 or an errno. */
static int
spawn(pid_t *pid, char *const argv[], int out)
{
	posix_spawn_file_actions_t fa;
	posix_spawnattr_t at;
	sigset_t none, dflt;
	int error;

	sigemptyset(&none);
	sigfillset(&dflt);
	posix_spawn_file_actions_init(&fa);
	posix_spawnattr_init(&at);
	posix_spawn_file_actions_addopen(&fa, 0, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_adddup2(&fa, out, 1);
	posix_spawn_file_actions_adddup2(&fa, out, 2);
	posix_spawnattr_setsigmask(&at, &none);
	posix_spawnattr_setsigdefault(&at, &dflt);
	posix_spawnattr_setflags(
	    &at, POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
	error = posix_spawnp(pid, argv[0], &fa, &at, argv, environ);
	posix_spawn_file_actions_destroy(&fa);
	posix_spawnattr_destroy(&at);
	return error;
}

static int64_t
now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

/* Read what it says, up to its end or the limit; the last part of it stays. False at the limit. */
static bool
listen_to(int fd, char output[OUTPUT])
{
	int64_t until = now_ms() + RUN_LIMIT_MS;
	char chunk[512];
	size_t len = 0;

	output[0] = '\0';
	for (;;) {
		struct pollfd pfd = { .fd = fd, .events = POLLIN };
		int64_t left = until - now_ms();
		ssize_t n;

		if (left <= 0 || (poll(&pfd, 1, (int)left) == 0))
			return false;
		n = read(fd, chunk, sizeof chunk);
		if (n == 0 || (n < 0 && errno != EINTR))
			return true;
		for (ssize_t i = 0; i < n; i++) {
			if (len + 1 == OUTPUT) {
				memmove(output, output + OUTPUT / 2, OUTPUT / 2);
				len -= OUTPUT / 2;
			}
			output[len++] = chunk[i] != '\0' ? chunk[i] : '?';
		}
		output[len] = '\0';
	}
}

static int
run_one(char *const argv[], char err[CHANGE_ERR])
{
	char output[OUTPUT];
	int fd[2], status = 0, error;
	bool ended;
	pid_t pid;

	if (pipe2(fd, O_CLOEXEC) != 0)
		return fail(err, "%s", strerror(errno));
	error = spawn(&pid, argv, fd[1]);
	close(fd[1]);
	if (error != 0) {
		close(fd[0]);
		return fail(err, "%s: %s", argv[0], strerror(error));
	}
	ended = listen_to(fd[0], output);
	close(fd[0]);
	if (!ended)
		kill(-pid, SIGKILL);
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	while (output[0] != '\0' && strchr("\r\n ", output[strlen(output) - 1]) != NULL)
		output[strlen(output) - 1] = '\0';
	if (!ended)
		return fail(err, "%s did not end in time", argv[0]);
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return 0;
	return fail(err, "%s ended with %s %d%s%s", argv[0],
	    WIFEXITED(status) ? "status" : "signal",
	    WIFEXITED(status) ? WEXITSTATUS(status) : WTERMSIG(status),
	    output[0] != '\0' ? ": " : "", output);
}

static int
apply_run(const struct change_plan *p, const struct journal_entry *e, char err[CHANGE_ERR])
{
	(void)e;
	for (size_t i = 0; i < p->c.nargv; i++) {
		if (run_one(&p->c.argv[i], err) != 0)
			return -1;
		while (p->c.argv[i] != NULL)
			i++;
	}
	return 0;
}

const struct change_do change_does[CHANGE__COUNT] = {
	[CHANGE_MODE] = { preview_mode, check_mode, describe_mode, apply_mode, look_mode,
	    undo_mode },
	[CHANGE_CONFIG] = { preview_config, check_edit, describe_edit, apply_edit, look_edit,
	    undo_edit },
	[CHANGE_KNOWN_HOSTS] = { preview_known, check_edit, describe_edit, apply_edit, look_edit,
	    undo_edit },
	[CHANGE_UNLINK_SOCKET] = { preview_socket, check_socket, describe_socket, apply_socket,
	    look_socket, undo_socket },
	[CHANGE_MKDIR] = { preview_mkdir, check_mkdir, describe_mkdir, apply_mkdir, look_mkdir,
	    undo_mkdir },
	[CHANGE_RUN] = { preview_run, check_run, describe_run, apply_run, NULL, NULL },
	[CHANGE_TERMINAL] = { preview_terminal, NULL, describe_run, NULL, NULL, NULL },
};
