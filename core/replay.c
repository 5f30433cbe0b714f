/* Reads recordings into lines of evidence, whatever else the file holds. */
#include "replay.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "evidence.h"

struct replay {
	struct ev_line **lines;
	size_t count, cap, bytes;
	uint16_t target;
	struct evidence last; /* the latest line's coordinates */
	bool open;            /* a run of the target began and has not ended */
	char scratch[EV_LINE_MAX];
};

/* One reading: where it is, and what it had to say. */
struct reading {
	FILE *in, *messages;
	const char *name;
	unsigned long number; /* of the line, from 1 */
	unsigned long bad, unknown;
	char text[EV_LINE_MAX]; /* the line, or its head */
	size_t len;
	size_t seen; /* bytes read, kept or not */
	bool whole;  /* all of the line is in text */
};

struct replay *
replay_new(void)
{
	return calloc(1, sizeof(struct replay));
}

void
replay_free(struct replay *r)
{
	if (r == NULL)
		return;
	for (size_t i = 0; i < r->count; i++)
		free(r->lines[i]);
	free(r->lines);
	free(r);
}

size_t
replay_count(const struct replay *r)
{
	return r->count;
}

const struct ev_line *
replay_line(const struct replay *r, size_t i)
{
	return i < r->count ? r->lines[i] : NULL;
}

uint16_t
replay_target(const struct replay *r)
{
	return r->target;
}

/*
 * The next line into g->text, without its end; what does not fit is skipped over, until too much was read. False at
 * the end of the file.
 */
static bool
next_line(struct reading *g)
{
	int c = EOF;

	g->len = 0;
	g->whole = true;
	while (g->seen <= REPLAY_READ && (c = getc(g->in)) != EOF && c != '\n') {
		g->seen++;
		if (g->len < sizeof g->text - 1)
			g->text[g->len++] = (char)c;
		else
			g->whole = false;
	}
	if (c == EOF && g->len == 0)
		return false;
	g->number++;
	if (g->len > 0 && g->whole && g->text[g->len - 1] == '\r')
		g->len--;
	g->text[g->len] = '\0';
	return true;
}

int
replay_add(struct replay *r, const char *text, size_t len)
{
	struct ev_line *line;

	if (r->count == r->cap) {
		size_t cap = r->cap == 0 ? 256 : r->cap * 2;
		struct ev_line **more = realloc(r->lines, cap * sizeof *more);

		if (more == NULL)
			return -1;
		r->lines = more;
		r->cap = cap;
	}
	if ((line = malloc(sizeof *line + len + 1)) == NULL)
		return -1;
	line->n = (uint32_t)r->count + 1;
	line->len = (uint32_t)len;
	memcpy(line->text, text, len);
	line->text[len] = '\0';
	r->lines[r->count++] = line;
	r->bytes += sizeof *line + sizeof line + len + 1;
	return 0;
}

static void
complain(struct reading *g)
{
	if (++g->bad <= REPLAY_NOTES)
		fprintf(
		    g->messages, "sshmedic: %s:%lu: not a line of evidence\n", g->name, g->number);
}

/* Judge one line. Returns -1 out of memory. */
static int
take(struct replay *r, struct reading *g)
{
	struct evidence ev;
	enum ev_status status;

	if (g->len == 0 || g->text[0] == '#')
		return 0;
	status = !g->whole || memchr(g->text, '\0', g->len) != NULL
		     ? EV_BAD
		     : ev_decode(&ev, g->text, g->len, r->scratch, sizeof r->scratch);
	if (status == EV_BAD) {
		complain(g);
		return 0;
	}
	if (status == EV_UNKNOWN) {
		g->unknown++;
		return 0;
	}
	if (r->count == 0)
		r->target = ev.target;
	if (ev.target == r->target) {
		r->last = ev;
		if (ev.hop == 0 && (ev.kind == EV_RUN_START || ev.kind == EV_RUN_END))
			r->open = ev.kind == EV_RUN_START;
	}
	return replay_add(r, g->text, g->len);
}

/* A recording that was cut off: no more will come, so the run ends here, undecided where it was. */
static int
end_open_run(struct replay *r, struct reading *g)
{
	struct evidence ev;

	if (!r->open)
		return 0;
	fprintf(g->messages, "sshmedic: %s: the recording ends before its run does\n", g->name);
	ev_init(&ev, EV_RUN_END);
	ev.at_us = r->last.at_us;
	ev.target = r->last.target;
	ev.run = r->last.run;
	ev.clock = r->last.clock;
	ev_str(&ev, K_REASON, "cut off");
	g->len = ev_encode(&ev, g->text, sizeof g->text);
	return replay_add(r, g->text, g->len);
}

static void
sum_up(const struct reading *g)
{
	if (g->bad > REPLAY_NOTES)
		fprintf(g->messages,
		    "sshmedic: %s: lines beyond these that are not evidence: %lu\n", g->name,
		    g->bad - REPLAY_NOTES);
	if (g->unknown > 0)
		fprintf(g->messages,
		    "sshmedic: %s: lines of a kind that this version does not know: %lu\n", g->name,
		    g->unknown);
}

int
replay_read(struct replay *r, FILE *in, const char *name, FILE *messages)
{
	struct reading *g = calloc(1, sizeof *g);
	int result = 0;

	if (g == NULL)
		return -1;
	g->in = in;
	g->messages = messages;
	g->name = name;
	while (result == 0 && next_line(g)) {
		if (r->bytes > REPLAY_BYTES || g->seen > REPLAY_READ) {
			fprintf(messages, "sshmedic: %s:%lu: too long; the rest is not read\n",
			    name, g->number);
			break;
		}
		if (take(r, g) != 0) {
			fprintf(messages, "sshmedic: %s: out of memory\n", name);
			result = -1;
		}
	}
	if (ferror(in)) {
		fprintf(messages, "sshmedic: %s: %s\n", name, strerror(errno));
		result = -1;
	}
	if (result == 0)
		result = end_open_run(r, g);
	sum_up(g);
	free(g);
	return result;
}
