/* The journal of changes; see journal.h. */
#include "journal.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "../change.h"
#include "../hmac.h"
#include "wholefile.h"

enum { JOURNAL_MAX = 16 * 1024 * 1024, LINE_MAX_LEN = 4 * PATH_LEN * 3 };

struct journal {
	char state[PATH_LEN];
	int fd, lock;
	bool torn; /* its last line has no end: a kill in the middle of it */
	struct journal_entry *entries;
	size_t n, cap;
};

/* ---- the lines ---------------------------------------------------------------------------- */

/* Fields by their names. Values have %XX for bytes that would end or split a line. */
enum field_type { TEXT, OP, OCTAL, NUMBER };
static const struct {
	const char *name;
	enum field_type type;
	size_t at, size;
} fields[] = {
#define FIELD(name, type, member) \
	{ \
		name, type, offsetof(struct journal_entry, member), \
		    sizeof(((struct journal_entry *)0)->member) \
	}
	FIELD("id", TEXT, id),
	FIELD("time", NUMBER, time),
	FIELD("state", TEXT, state),
	FIELD("fix", TEXT, fix),
	FIELD("op", OP, op),
	FIELD("path", TEXT, path),
	FIELD("made", TEXT, made),
	FIELD("old", TEXT, old_sum),
	FIELD("new", TEXT, new_sum),
	FIELD("oldmode", OCTAL, old_mode),
	FIELD("newmode", OCTAL, new_mode),
	FIELD("text", TEXT, text),
#undef FIELD
};

enum { STATE_FIELDS = 3 }; /* the first of them tell a new state */

static void
put_escaped(struct strbuf *sb, const char *s)
{
	for (; *s != '\0'; s++)
		if ((unsigned char)*s <= ' ' || (unsigned char)*s >= 0x7f || *s == '%')
			sb_printf(sb, "%%%02X", (unsigned char)*s);
		else
			sb_putc(sb, *s);
}

static int
hex(char c)
{
	return c >= '0' && c <= '9' ? c - '0' : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

static bool
unescape(char *dst, size_t cap, const char *s, size_t len)
{
	size_t n = 0;

	for (size_t i = 0; i < len; i++) {
		char c = s[i];

		if (c == '%') {
			if (i + 2 >= len || hex(s[i + 1]) < 0 || hex(s[i + 2]) < 0)
				return false;
			c = (char)(hex(s[i + 1]) * 16 + hex(s[i + 2]));
			i += 2;
		}
		if (c == '\0' || n + 1 >= cap)
			return false;
		dst[n++] = c;
	}
	dst[n] = '\0';
	return true;
}

static bool
take_field(struct journal_entry *e, size_t f, const char *s, size_t len)
{
	char *at = (char *)e + fields[f].at, text[32];

	if (fields[f].type == TEXT)
		return unescape(at, fields[f].size, s, len);
	if (fields[f].type == OP) {
		e->op = change_op_by_name(s, len);
		return e->op != CHANGE_NONE;
	}
	if (!unescape(text, sizeof text, s, len) || text[0] == '\0' ||
	    text[strspn(text, "0123456789")] != '\0')
		return false;
	if (fields[f].type == OCTAL)
		*(unsigned *)(void *)at = (unsigned)strtoul(text, NULL, 8);
	else
		*(int64_t *)(void *)at = strtoll(text, NULL, 10);
	return true;
}

/* One line into an entry; false for what is none, or was not written to its end (" ."). Fields that a later version may add are passed over. */
static bool
read_line(struct journal_entry *e, const char *line, size_t len)
{
	memset(e, 0, sizeof *e);
	if (len < 2 || line[len - 2] != ' ' || line[len - 1] != '.')
		return false;
	for (size_t at = 0; at < len;) {
		const char *word = line + at, *end = memchr(word, ' ', len - at);
		size_t n = end != NULL ? (size_t)(end - word) : len - at;
		const char *equals = memchr(word, '=', n);

		for (size_t f = 0; equals != NULL && f < sizeof fields / sizeof *fields; f++)
			if (strlen(fields[f].name) == (size_t)(equals - word) &&
			    memcmp(fields[f].name, word, (size_t)(equals - word)) == 0 &&
			    !take_field(e, f, equals + 1, n - (size_t)(equals + 1 - word)))
				return false;
		at += n + 1;
	}
	return e->id[0] >= '1' && e->id[0] <= '9' && e->id[strspn(e->id, "0123456789")] == '\0' &&
	       e->state[0] != '\0';
}

static void
put_field(struct strbuf *sb, const struct journal_entry *e, size_t f)
{
	const char *at = (const char *)e + fields[f].at;

	if (f > 0)
		sb_putc(sb, ' ');
	sb_printf(sb, "%s=", fields[f].name);
	if (fields[f].type == TEXT)
		put_escaped(sb, at);
	else if (fields[f].type == OP)
		sb_puts(sb, change_op_name(e->op));
	else if (fields[f].type == OCTAL)
		sb_printf(sb, "%04o", *(const unsigned *)(const void *)at);
	else
		sb_printf(sb, "%" PRId64, *(const int64_t *)(const void *)at);
}

/* ---- reading ------------------------------------------------------------------------------ */

static struct journal_entry *
entry_of(struct journal *j, const char *id)
{
	for (size_t i = j->n; i-- > 0;)
		if (strcmp(j->entries[i].id, id) == 0)
			return &j->entries[i];
	return NULL;
}

static bool
add_entry(struct journal *j, const struct journal_entry *e)
{
	struct journal_entry *there = entry_of(j, e->id);

	if (there != NULL) {
		text_copy(there->state, sizeof there->state, e->state);
		there->time = e->time;
		return true;
	}
	if (e->op == CHANGE_NONE)
		return true; /* a state of what is not known */
	if (j->n == j->cap) {
		size_t cap = j->cap * 2 + 8;
		struct journal_entry *more = realloc(j->entries, cap * sizeof *more);

		if (more == NULL)
			return false;
		j->entries = more;
		j->cap = cap;
	}
	j->entries[j->n++] = *e;
	return true;
}

static int
read_journal(struct journal *j)
{
	struct stat st;
	char *text, *at, *nl;
	size_t len;
	ssize_t got;
	int error = 0;

	if (fstat(j->fd, &st) != 0)
		return errno;
	if (st.st_size > JOURNAL_MAX)
		return EFBIG;
	len = (size_t)st.st_size;
	if ((text = malloc(len + 1)) == NULL)
		return ENOMEM;
	for (size_t n = 0; n < len && error == 0; n += (size_t)got)
		if ((got = pread(j->fd, text + n, len - n, (off_t)n)) <= 0)
			error = got < 0 ? errno : EIO;
	for (at = text; error == 0 && at < text + len; at = nl + 1) {
		struct journal_entry e;

		if ((nl = memchr(at, '\n', (size_t)(text + len - at))) == NULL) {
			j->torn = true;
			break;
		}
		if (read_line(&e, at, (size_t)(nl - at)) && !add_entry(j, &e))
			error = ENOMEM;
	}
	free(text);
	return error;
}

/* ---- opening ------------------------------------------------------------------------------ */

static int
open_in(const char *state, const char *name, int flags)
{
	char path[PATH_LEN];

	if (snprintf(path, sizeof path, "%s/%s", state, name) >= (int)sizeof path) {
		errno = ENAMETOOLONG;
		return -1;
	}
	return open(path, flags | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
}

static int
open_all(struct journal *j, char *err, size_t errcap)
{
	char backup[PATH_LEN], made[PATH_LEN];
	int error = ENAMETOOLONG;

	if (snprintf(backup, sizeof backup, "%s/backup", j->state) < (int)sizeof backup)
		error = wholefile_mkdirs(backup, 0700, made);
	if (error == 0 && (j->lock = open_in(j->state, "lock", O_RDWR)) < 0)
		error = errno;
	if (error == 0 && flock(j->lock, LOCK_EX | LOCK_NB) != 0) {
		if (errno == EWOULDBLOCK) {
			snprintf(err, errcap, "another sshmedic is about to change something");
			return -1;
		}
		error = errno;
	}
	if (error == 0 && (j->fd = open_in(j->state, "journal", O_RDWR | O_APPEND)) < 0)
		error = errno;
	if (error == 0)
		error = read_journal(j);
	if (error == 0)
		return 0;
	snprintf(err, errcap, "the journal in %s: %s", j->state, strerror(error));
	return -1;
}

struct journal *
journal_open(const char *state, char *err, size_t errcap)
{
	struct journal *j = calloc(1, sizeof *j);

	if (j == NULL) {
		snprintf(err, errcap, "out of memory");
		return NULL;
	}
	j->fd = j->lock = -1;
	snprintf(j->state, sizeof j->state, "%s", state);
	if (open_all(j, err, errcap) == 0)
		return j;
	journal_close(j);
	return NULL;
}

void
journal_close(struct journal *j)
{
	if (j->fd >= 0)
		close(j->fd);
	if (j->lock >= 0)
		close(j->lock);
	free(j->entries);
	free(j);
}

size_t
journal_count(const struct journal *j)
{
	return j->n;
}

const struct journal_entry *
journal_at(const struct journal *j, size_t i)
{
	return i < j->n ? &j->entries[i] : NULL;
}

const struct journal_entry *
journal_find(const struct journal *j, const char *id)
{
	for (size_t i = 0; i < j->n; i++)
		if (strcmp(j->entries[i].id, id) == 0)
			return &j->entries[i];
	return NULL;
}

/* ---- writing ------------------------------------------------------------------------------ */

void
journal_backup_path(const struct journal *j, const char *id, char path[PATH_LEN])
{
	if (snprintf(path, PATH_LEN, "%s/backup/%s", j->state, id) >= PATH_LEN)
		path[0] = '\0';
}

void
journal_new_id(struct journal *j, char id[JOURNAL_ID])
{
	unsigned long last = 0;
	char path[PATH_LEN];
	struct stat st;

	for (size_t i = 0; i < j->n; i++)
		if (strtoul(j->entries[i].id, NULL, 10) > last)
			last = strtoul(j->entries[i].id, NULL, 10);
	do {
		snprintf(id, JOURNAL_ID, "%lu", ++last);
		journal_backup_path(j, id, path);
	} while (lstat(path, &st) == 0);
}

int
journal_backup(
    struct journal *j, const char *id, const char *bytes, size_t len, char *err, size_t errcap)
{
	struct wholefile f = { .exists = false };
	char temp[PATH_LEN];

	journal_backup_path(j, id, f.real);
	if (snprintf(temp, sizeof temp, "%s/backup/.new", j->state) >= (int)sizeof temp) {
		snprintf(err, errcap, "%s: the name is too long", j->state);
		return -1;
	}
	unlink(temp); /* of one that was killed; the lock is ours */
	return wholefile_write(&f, temp, bytes, len, 0600, err, errcap);
}

static int
append(struct journal *j, struct strbuf *sb, char *err, size_t errcap)
{
	size_t at = 0;

	sb_puts(sb, " .\n");
	while (!sb->cut && at < sb->len) {
		ssize_t n = write(j->fd, sb->s + at, sb->len - at);

		if (n < 0 && errno != EINTR)
			break;
		at += n > 0 ? (size_t)n : 0;
	}
	if (!sb->cut && at == sb->len && fsync(j->fd) == 0) {
		j->torn = false;
		return 0;
	}
	j->torn = true;
	snprintf(err, errcap, "the journal in %s cannot be written: %s", j->state,
	    sb->cut ? "too long a line" : strerror(errno));
	return -1;
}

static int
write_fields(struct journal *j, const struct journal_entry *e, size_t n, char *err, size_t errcap)
{
	static const size_t cap = LINE_MAX_LEN;
	char *line = malloc(cap);
	struct strbuf sb;
	int r;

	if (line == NULL) {
		snprintf(err, errcap, "out of memory");
		return -1;
	}
	sb_init(&sb, line, cap);
	if (j->torn) /* the torn line stays, and is passed over */
		sb_putc(&sb, '\n');
	for (size_t f = 0; f < n; f++)
		put_field(&sb, e, f);
	r = append(j, &sb, err, errcap);
	free(line);
	return r;
}

int
journal_write(struct journal *j, const struct journal_entry *e, char *err, size_t errcap)
{
	struct journal_entry copy = *e;

	copy.time = (int64_t)time(NULL);
	if (write_fields(j, &copy, sizeof fields / sizeof *fields, err, errcap) != 0)
		return -1;
	if (add_entry(j, &copy))
		return 0;
	snprintf(err, errcap, "out of memory");
	return -1;
}

int
journal_state(struct journal *j, const char *id, const char *state, char *err, size_t errcap)
{
	struct journal_entry *e = entry_of(j, id);

	if (e == NULL) {
		snprintf(err, errcap, "no change has the number %s", id);
		return -1;
	}
	text_copy(e->state, sizeof e->state, state);
	e->time = (int64_t)time(NULL);
	return write_fields(j, e, STATE_FIELDS, err, errcap);
}

void
journal_sum(const char *bytes, size_t len, char sum[JOURNAL_SUM])
{
	uint8_t digest[SHA1_LEN];

	sha1(bytes, len, NULL, 0, digest);
	for (size_t i = 0; i < SHA1_LEN; i++)
		snprintf(sum + 2 * i, 3, "%02x", digest[i]);
}
