/* A team's own notes about findings. See notes.h. */
#include "notes.h"

#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../core/catalogue.h"
#include "../core/text.h"
#include "xdg.h"

enum { LINE_LEN = 512, ENTRIES_MAX = 4096 };

#ifndef SSHMEDIC_SYSCONFDIR
#define SSHMEDIC_SYSCONFDIR "/etc"
#endif

struct note {
	const char *id; /* of the catalogue */
	bool mine;
	char text[NOTE_BYTES + 64];
};

struct notes {
	struct note note[NOTES_MAX];
	int n;
};

/* Each line made harmless, blank lines and marks of headings left out. */
static void
keep(struct note *n, const char *raw, size_t len, bool cut)
{
	struct strbuf sb;

	sb_init(&sb, n->text, sizeof n->text);
	for (size_t at = 0; at < len && !sb.cut;) {
		const char *nl = memchr(raw + at, '\n', len - at);
		size_t end = nl != NULL ? (size_t)(nl - raw) : len;
		char clean[LINE_LEN];

		while (at < end && (raw[at] == '#' || raw[at] == ' ' || raw[at] == '\t'))
			at++;
		while (end > at && (raw[end - 1] == '\r' || raw[end - 1] == ' '))
			end--;
		if (end > at) {
			text_clean(clean, sizeof clean, raw + at, end - at);
			sb_printf(&sb, "%s%s", sb.len > 0 ? "\n" : "", clean);
		}
		at = nl != NULL ? (size_t)(nl - raw) + 1 : len;
	}
	if (cut || sb.cut) { /* make room for saying so */
		sb.len = sb.len > NOTE_BYTES ? NOTE_BYTES : sb.len;
		while (sb.len > 0 && ((unsigned char)sb.s[sb.len] & 0xC0) == 0x80)
			sb.len--;
		sb.s[sb.len] = '\0';
		sb.cut = false;
		sb_puts(&sb, "\n(the rest of the note is left out)");
	}
}

/* A plain file only, and never more than fits: what a name leads to may be anything. */
static void
read_note(struct notes *all, int dir, const char *name, const char *id, bool mine)
{
	char raw[NOTE_BYTES + 1];
	struct stat st;
	ssize_t got = -1;
	int fd = openat(dir, name, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);

	if (fd < 0)
		return;
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode))
		got = read(fd, raw, sizeof raw);
	close(fd);
	if (got <= 0 || all->n == NOTES_MAX)
		return;
	all->note[all->n] = (struct note){ .id = id, .mine = mine };
	keep(&all->note[all->n++], raw, got > NOTE_BYTES ? NOTE_BYTES : (size_t)got,
	    got > NOTE_BYTES);
}

static void
read_folder(struct notes *all, const char *path, bool mine)
{
	DIR *d = path != NULL ? opendir(path) : NULL;
	struct dirent *e;

	for (int i = 0; d != NULL && i < ENTRIES_MAX && (e = readdir(d)) != NULL; i++) {
		size_t len = strlen(e->d_name);
		char id[64];
		const struct catalogue_row *row;

		if (len < 4 || len - 3 >= sizeof id || strcmp(e->d_name + len - 3, ".md") != 0)
			continue;
		snprintf(id, sizeof id, "%.*s", (int)len - 3, e->d_name);
		if ((row = catalogue_by_id(id)) != NULL)
			read_note(all, dirfd(d), e->d_name, row->id, mine);
	}
	if (d != NULL)
		closedir(d);
}

struct notes *
notes_read(const char *system, const char *user)
{
	struct notes *n = calloc(1, sizeof *n);

	if (n == NULL)
		return NULL;
	read_folder(n, user, true);
	read_folder(n, system, false);
	return n;
}

struct notes *
notes_load(void)
{
	char path[PATH_MAX];
	bool user = xdg_path(XDG_CONFIG, "notes", path, sizeof path);

	return notes_read(SSHMEDIC_SYSCONFDIR "/sshmedic/notes", user ? path : NULL);
}

void
notes_free(struct notes *n)
{
	free(n);
}

const char *
notes_text(const struct notes *n, const char *id, bool mine)
{
	for (int i = 0; n != NULL && id != NULL && i < n->n; i++)
		if (n->note[i].mine == mine && strcmp(n->note[i].id, id) == 0)
			return n->note[i].text;
	return NULL;
}

static void
draw_one(const char *head, const char *text, struct doc *doc)
{
	char line[LINE_LEN];

	if (text == NULL)
		return;
	doc_gap(doc);
	doc_para(doc, 0, ROLE_MESSAGE, "", ROLE_MESSAGE, head);
	while (*text != '\0') {
		size_t len = strcspn(text, "\n");

		snprintf(line, sizeof line, "%.*s",
		    (int)(len < sizeof line ? len : sizeof line - 1), text);
		doc_para(doc, 2, ROLE_MESSAGE, "|", ROLE_TEXT, line);
		text += len + (text[len] == '\n');
	}
}

void
notes_draw(const struct notes *n, const char *id, struct doc *doc)
{
	draw_one("Your team's note (not from sshmedic)", notes_text(n, id, false), doc);
	draw_one("Your own note (not from sshmedic)", notes_text(n, id, true), doc);
}
