/*
 * Reads modes and owners of the paths to authorized_keys: `ls -la`, `ls -ld`, `namei -l`, `stat`, and
 * labels, `ls -Z`. Says which of them StrictModes refuses: nobody but the owner may write the file
 * or a directory up to the home, and the owner is the user or root (misc.c, safe_path of OpenSSH).
 * Called by the recogniser.
 */
#include <stdlib.h>

#include "readers.h"

/* What a line says of one path. */
struct entry {
	char mode[12]; /* "drwxr-xr-x", or "0755" */
	char owner[48], group[48], name[200];
	bool dir, group_write, other_write;
};

struct files {
	char path[256],
	    home[256]; /* of namei: so far; and of the file that it is about, up to .ssh */
	bool namei;
	char stat_path[256];
	struct entry here, above; /* "." and ".." of a listing */
	bool listed_keys;         /* authorized_keys stands in it: "." is ~/.ssh */
};

/* ---- one path --------------------------------------------------------------------------- */

static bool
is_mode(const char *s)
{
	return strspn(s, "-dlbcpsrwxStTs") >= 10 && strchr("-dl", s[0]) != NULL &&
	       strchr("r-", s[1]) != NULL && strchr("w-", s[2]) != NULL &&
	       (s[10] == '\0' || s[10] == ' ' || s[10] == '.' || s[10] == '+');
}

static void
set_mode(struct entry *e, const char *mode)
{
	text_copy(e->mode, 11, mode);
	e->dir = mode[0] == 'd';
	e->group_write = mode[5] == 'w';
	e->other_write = mode[8] == 'w';
}

/*
 * Whether sshd refuses it. Group write where the group is the user's own is let pass by Debian's
 * sshd and refused by others: not said.
 */
static bool
is_bad(const struct recogniser *r, const struct entry *e, const char **why)
{
	const char *user = recognise_options(r)->user;

	if (e->other_write || (e->group_write && strcmp(e->owner, e->group) != 0)) {
		*why = NULL;
		return true;
	}
	*why = "owner";
	return user[0] != '\0' && strcmp(e->owner, "root") != 0 && strcmp(e->owner, user) != 0 &&
	       e->owner[0] != '\0' && strcmp(e->owner, "0") != 0 &&
	       e->owner[strspn(e->owner, "0123456789")] != '\0';
}

/* "-rw-rw-rw-" as "0666": what chmod takes to put it back. */
static void
octal(const char *mode, char out[8])
{
	int v = 0;
	struct strbuf sb;

	sb_init(&sb, out, 8);
	if (mode[0] >= '0' && mode[0] <= '9') {
		sb_puts(&sb, mode);
		return;
	}
	for (int i = 1; i < 10 && mode[i] != '\0'; i++)
		v = 2 * v + (mode[i] != '-' && mode[i] != 'S' && mode[i] != 'T');
	sb_printf(&sb, "%04o", (unsigned)v);
}

static void
judge(struct recogniser *r, const struct entry *e, const char *path, int64_t place)
{
	const char *why;
	char mode[8];

	if (!is_bad(r, e, &why))
		return;
	octal(e->mode, mode);
	recognise_told(r, TOLD_PATH_BAD,
	    &(struct statement){ .path = path, .mode = mode, .text = why, .line = place });
}

static const char *
base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash != NULL && slash[1] != '\0' ? slash + 1 : path;
}

/* Whether a path is on the way to the keys, as far as its name tells: home itself is not known by its name. */
static bool
is_on_the_way(const char *path)
{
	const char *name = base_name(path);

	return strcmp(name, ".ssh") == 0 || strncmp(name, "authorized_keys", 15) == 0 ||
	       (strncmp(path, "/home/", 6) == 0 && strchr(path + 6, '/') == NULL) ||
	       strcmp(path, "/root") == 0;
}

/* ---- ls ----------------------------------------------------------------------------------- */

/* "drwxr-xr-x 2 alice alice 4096 Nov  1 10:00 .ssh": false where it is another kind of line. */
static bool
parse_ls(const struct line *l, struct entry *e)
{
	const char *p = l->s;
	char word[64];

	memset(e, 0, sizeof *e);
	if (!is_mode(p))
		return false;
	set_mode(e, p);
	for (int i = 0; i < 8;
	     i++) { /* links, owner, group, size, three of the time; then the name */
		size_t n;

		p += strcspn(p, " ");
		p += strspn(p, " ");
		n = strcspn(p, " ");
		if (i == 7)
			break;
		if (n == 0 || n >= sizeof word)
			return false;
		memcpy(word, p, n);
		word[n] = '\0';
		if (i == 0 && word[strspn(word, "0123456789")] != '\0')
			return false;
		if (i == 1)
			text_copy(e->owner, sizeof e->owner, word);
		if (i == 2)
			text_copy(e->group, sizeof e->group, word);
		if (i == 4 && strchr(word, '-') != NULL)
			i++; /* 2026-11-01 10:00: two words and not three */
	}
	text_copy(e->name, sizeof e->name, p);
	if (strstr(e->name, " -> ") != NULL)
		*strstr(e->name, " -> ") = '\0';
	return e->name[0] != '\0';
}

static bool
take_ls(struct recogniser *r, struct files *s, const struct entry *e)
{
	if (strcmp(e->name, ".") == 0)
		s->here = *e;
	else if (strcmp(e->name, "..") == 0)
		s->above = *e;
	else if (is_on_the_way(e->name))
		judge(r, e, e->name, 1);
	else
		return false;
	s->listed_keys |= strncmp(e->name, "authorized_keys", 15) == 0;
	return true;
}

/* ---- namei -l -------------------------------------------------------------------------------- */

/* "drwx------ alice alice .ssh" */
static bool
parse_namei(const struct line *l, struct entry *e)
{
	struct hole h[3];
	const char *p = l->s + strspn(l->s, " ");

	memset(e, 0, sizeof *e);
	if (!is_mode(p) || p[10] != ' ')
		return false;
	p += 11;
	p += strspn(p, " ");
	if (!line_match(p, "%s %q", h, 2))
		return false;
	set_mode(e, l->s + strspn(l->s, " "));
	text_copy(e->owner, sizeof e->owner, h[0].s);
	p = h[1].s + strspn(h[1].s, " ");
	text_copy(e->group, sizeof e->group, p);
	e->group[strcspn(e->group, " ")] = '\0';
	p += strcspn(p, " ");
	p += strspn(p, " ");
	text_copy(e->name, sizeof e->name, p);
	return e->name[0] != '\0' && strchr(e->name, ' ') == NULL;
}

static bool
take_namei(struct recogniser *r, struct files *s, const struct entry *e)
{
	size_t n = strlen(s->path), home = strlen(s->home);
	struct strbuf sb;

	if (strcmp(e->name, "/") == 0) {
		s->path[0] = '\0';
		return true;
	}
	sb_init(&sb, s->path + n, sizeof s->path - n);
	sb_printf(&sb, "/%s", e->name);
	/* sshd looks at the file and at the directories up to the home, not above it. */
	if (home > 0 && strncmp(s->path, s->home, home) == 0)
		judge(r, e, s->path, (int64_t)strlen(s->path));
	return true;
}

static void
begin_namei(struct files *s, const struct line *l)
{
	char *ssh;

	s->namei = true;
	s->path[0] = '\0';
	text_copy(s->home, sizeof s->home, l->s + 3);
	ssh = strstr(s->home, "/.ssh");
	if (ssh != NULL)
		*ssh = '\0';
	else
		s->home[0] = '\0';
}

/* ---- stat ---------------------------------------------------------------------------------------- */

static bool
take_stat(struct recogniser *r, struct files *s, const struct line *l)
{
	const char *p = l->s + strspn(l->s, " ");
	const char *uid;
	struct hole h[2];
	struct entry e = { 0 };

	if (strncmp(p, "File: ", 6) == 0) {
		text_copy(s->stat_path, sizeof s->stat_path, p + 6);
		return true;
	}
	if (!line_match(p, "Access: (%d/%s)%*", h, 2) || strlen(h[1].s) < 10 ||
	    (uid = strstr(p, "Uid: (")) == NULL || (uid = strchr(uid, '/')) == NULL)
		return false;
	set_mode(&e, h[1].s);
	text_copy(e.mode, sizeof e.mode, h[0].s);
	uid += 1 + strspn(uid + 1, " ");
	text_copy(e.owner, sizeof e.owner, uid);
	e.owner[strcspn(e.owner, ")")] = '\0';
	if (is_on_the_way(s->stat_path))
		judge(r, &e, s->stat_path, 1);
	return true;
}

/* ---- ls -Z ---------------------------------------------------------------------------------------- */

/* "unconfined_u:object_r:user_home_t:s0 authorized_keys": sshd may read ssh_home_t (selinux policy, ssh.te). */
static bool
take_label(struct recogniser *r, const struct line *l)
{
	const char *label = strstr(l->s, ":object_r:"), *name = strrchr(l->s, ' ');
	char type[48];

	if (label == NULL || name == NULL || !is_on_the_way(name + 1) ||
	    strncmp(name + 1, "/home/", 6) == 0)
		return false;
	text_copy(type, sizeof type, label + strlen(":object_r:"));
	type[strcspn(type, ": ")] = '\0';
	if (strcmp(type, "ssh_home_t") != 0)
		recognise_told(
		    r, TOLD_LABEL_BAD, &(struct statement){ .path = name + 1, .text = type });
	return true;
}

/* ---- the reader ------------------------------------------------------------------------------------- */

static enum claim
files_claims(const struct recogniser *r, const void *state, const struct line *l)
{
	const struct files *s = state;
	const char *p = l->s + strspn(l->s, " ");
	struct entry e;

	(void)r;
	if (line_begins(l, "f: /"))
		return CLAIM_CERTAIN;
	if (l->s[0] == '-' || l->s[0] == 'd' || l->s[0] == 'l' || s->namei)
		if (parse_ls(l, &e) || (s->namei && parse_namei(l, &e)))
			return CLAIM_CERTAIN;
	if (strncmp(p, "File: ", 6) == 0 || strncmp(p, "Access: (", 9) == 0)
		return CLAIM_MAYBE;
	return strstr(l->s, ":object_r:") != NULL && strstr(l->s, "avc:") == NULL ? CLAIM_MAYBE
										  : CLAIM_NONE;
}

static bool
files_take(struct recogniser *r, void *state, const struct line *l)
{
	struct files *s = state;
	struct entry e;

	if (line_begins(l, "f: /")) {
		begin_namei(s, l);
		return true;
	}
	if (strstr(l->s, ":object_r:") != NULL)
		return take_label(r, l);
	if (s->namei && parse_namei(l, &e))
		return take_namei(r, s, &e);
	if (parse_ls(l, &e))
		return take_ls(r, s, &e);
	return take_stat(r, s, l);
}

static void
files_end(struct recogniser *r, void *state, bool another)
{
	struct files *s = state;

	(void)another;
	if (s->listed_keys && s->here.mode[0] != '\0')
		judge(r, &s->here, "~/.ssh", 1);
	if (s->listed_keys && s->above.mode[0] != '\0')
		judge(r, &s->above, "~", 1);
	memset(s, 0, sizeof *s);
}

const struct reader reader_files = { "ls", sizeof(struct files), files_claims, files_take,
	files_end };
