/*
 * Cuts a text into lines, gives each to the reader that claims it, and hands on what readers
 * say. Knows no kind of text itself. See recognise.h.
 */
#include "recognise.h"

#include <stdlib.h>
#include <string.h>

#include "reader.h"

enum {
	DEFAULT_PORT = 22,
	READERS_MAX = 32,
	NAME_MAX_LEN = 256,
	KINDS_LEN = 256,
	OTHERS_MAX = 20,
	RAW = 2 * RECOGNISE_LINE
};

/* How a text begins that is not UTF-8: two bytes a character. */
enum encoding { ENC_UNKNOWN, ENC_BYTES, ENC_UTF16LE, ENC_UTF16BE };

struct recogniser {
	struct recognise_options opt;
	char name[NAME_MAX_LEN], host[NAME_MAX_LEN], user[NAME_MAX_LEN], client[64];
	void *state[READERS_MAX];
	unsigned long used_by[READERS_MAX];
	int nreaders, current; /* reader of the line before, -1 for none */
	int section;           /* reader that a section is bound to; -1: any */
	bool in_section;
	enum encoding encoding;
	unsigned char head[3]; /* first bytes, until the encoding is known */
	size_t nhead;
	int half; /* of a two-byte character, -1 for none */
	char raw[RAW];
	size_t nraw;
	bool overlong;
	uint64_t number, bytes, used;
	uint64_t line_end; /* bytes up to the end of the present line */
	size_t arrival;    /* of the options' arrivals, those that are behind */
	unsigned long said, others;
	struct recognise_case found;
	struct evidence source; /* fields of a collector's run; their texts in source_text */
	char source_text[2048];
};

static int reader_named(const struct recogniser *r, const char *kind);

/* ---- life ---------------------------------------------------------------------------- */

struct recogniser *
recognise_new(const struct recognise_options *opt)
{
	struct recogniser *r = calloc(1, sizeof *r);

	if (r == NULL)
		return NULL;
	r->opt = *opt;
	text_copy(r->name, sizeof r->name, opt->name != NULL ? opt->name : "");
	text_copy(r->host, sizeof r->host, opt->host != NULL ? opt->host : "");
	text_copy(r->user, sizeof r->user, opt->user != NULL ? opt->user : "");
	text_copy(r->client, sizeof r->client, opt->source != NULL ? opt->source : "");
	r->opt.source = r->client;
	r->opt.port = opt->port != 0 ? opt->port : DEFAULT_PORT;
	r->opt.name = r->name;
	r->opt.host = r->host;
	r->opt.user = r->user;
	r->current = r->section = r->half = -1;
	ev_init(&r->source, EV_TEXT_SOURCE);
	for (; readers[r->nreaders] != NULL; r->nreaders++)
		if (r->nreaders == READERS_MAX ||
		    (r->state[r->nreaders] = calloc(1, readers[r->nreaders]->state_size + 1)) ==
			NULL) {
			recognise_free(r);
			return NULL;
		}
	if (opt->own) {
		r->section = reader_named(r, "ssh");
		r->in_section = true;
	}
	return r;
}

void
recognise_free(struct recogniser *r)
{
	if (r == NULL)
		return;
	for (int i = 0; i < r->nreaders; i++)
		free(r->state[i]);
	free(r);
}

const struct recognise_options *
recognise_options(const struct recogniser *r)
{
	return &r->opt;
}

int64_t
recognise_arrival(struct recogniser *r, bool *paused)
{
	const struct recognise_options *o = &r->opt;

	*paused = false;
	for (; r->arrival < o->narrivals; r->arrival++) {
		const struct arrival *a = &o->arrivals[r->arrival];

		if (a->us < 0)
			*paused |= a->bytes < r->line_end;
		if (a->bytes >= r->line_end)
			return a->us;
	}
	return -1;
}

/* ---- what readers say ------------------------------------------------------------------- */

static void
say_at(struct recogniser *r, struct evidence *ev, enum vantage v, uint64_t number)
{
	if (r->said++ >= RECOGNISE_SAYS_MAX && ev->kind != EV_TEXT_SOURCE)
		return;
	ev->vantage = v;
	ev->clock = r->opt.clock;
	ev->at_us = number;
	r->opt.say(r->opt.arg, ev);
}

void
recognise_say(struct recogniser *r, struct evidence *ev, enum vantage v)
{
	say_at(r, ev, v, r->number);
}

static void
add_int(struct evidence *ev, enum ev_key k, int64_t num)
{
	if (num != 0)
		ev_int(ev, k, num);
}

void
recognise_told(struct recogniser *r, enum told what, const struct statement *s)
{
	struct evidence ev;

	ev_init(&ev, EV_TEXT_SAYS);
	ev_str(&ev, K_WHAT, told_info(what)->name);
	ev_str(&ev, K_TEXT, s->text);
	ev_str(&ev, K_PATH, s->path);
	ev_str(&ev, K_MODE, s->mode);
	add_int(&ev, K_LINE, s->line);
	ev_str(&ev, K_USER, s->user);
	ev_str(&ev, K_ADDR, s->addr);
	add_int(&ev, K_PORT, s->port);
	add_int(&ev, K_SESSION, s->session);
	add_int(&ev, K_TIME, s->time);
	say_at(r, &ev, VANTAGE_SERVER, s->number > 0 ? s->number : r->number);
}

void
recognise_other(struct recogniser *r, const struct line *l, const char *reason)
{
	struct evidence ev;

	if (r->others++ >= OTHERS_MAX)
		return;
	ev_init(&ev, EV_TEXT_OTHER);
	ev_str(&ev, K_REASON, reason);
	ev_mem(&ev, K_TEXT, l->s, l->len < 400 ? l->len : 400);
	recognise_say(r, &ev, r->opt.own ? VANTAGE_PROOF : VANTAGE_PASTED);
}

void
recognise_client(struct recogniser *r, const char *addr, int64_t port)
{
	text_copy(r->client, sizeof r->client, addr);
	if (port > 0 && port <= UINT16_MAX)
		r->opt.port = (uint16_t)port;
}

void
recognise_clock(struct recogniser *r, int64_t now, int32_t utc_offset)
{
	if (now > 0)
		r->opt.now = now;
	r->opt.utc_offset = utc_offset;
}

void
recognise_case(struct recogniser *r, const char *host, const char *user, int64_t port)
{
	if (host != NULL && r->found.host[0] == '\0')
		text_copy(r->found.host, sizeof r->found.host, host);
	if (user != NULL && r->found.user[0] == '\0')
		text_copy(r->found.user, sizeof r->found.user, user);
	if (port > 0 && r->found.port == 0)
		r->found.port = port;
}

const struct recognise_case *
recognise_found(const struct recogniser *r)
{
	return &r->found;
}

void
recognise_source(struct recogniser *r, const struct evidence *fields)
{
	struct strbuf sb;

	ev_init(&r->source, EV_TEXT_SOURCE);
	sb_init(&sb, r->source_text, sizeof r->source_text);
	for (size_t i = 0; i < fields->nfields; i++) {
		const struct ev_field *f = &fields->f[i];
		size_t at = sb.len;

		if (ev_key_is_int(f->key)) {
			ev_int(&r->source, f->key, f->num);
			continue;
		}
		sb_add(&sb, f->s, f->len);
		ev_mem(&r->source, f->key, r->source_text + at, sb.len - at);
	}
}

/* ---- lines ---------------------------------------------------------------------------------- */

/* Of all readers the one that claims the line most surely; PART counts for the present one only. */
static int
claimant(const struct recogniser *r, const struct line *l)
{
	enum claim best = CLAIM_NONE;
	int who = -1;

	/* Nobody outbids the present reader where it is certain: the others need not look at a long log. */
	if (r->current >= 0 && (!r->in_section || r->section < 0 || r->section == r->current) &&
	    readers[r->current]->claims(r, r->state[r->current], l) == CLAIM_CERTAIN)
		return r->current;
	for (int i = 0; i < r->nreaders; i++) {
		enum claim c;

		if (r->in_section && r->section >= 0 && i != r->section)
			continue;
		c = readers[i]->claims(r, r->state[i], l);
		if (c == CLAIM_PART && i != r->current)
			c = CLAIM_NONE;
		/* A text goes on as it was unless something surer begins. */
		if (c > best || (c == best && c != CLAIM_NONE && i == r->current)) {
			best = c;
			who = i;
		}
	}
	return who;
}

static void
end_reader(struct recogniser *r, bool another)
{
	if (r->current >= 0 && readers[r->current]->end != NULL)
		readers[r->current]->end(r, r->state[r->current], another);
}

static void
take(struct recogniser *r, const struct line *l)
{
	int who = claimant(r, l);

	if (who < 0)
		return; /* an empty line, a prompt, a remark: whatever is being read goes on behind it */
	if (who != r->current) {
		end_reader(r, true);
		r->current = who;
	}
	if (readers[who]->take(r, r->state[who], l)) {
		r->used++;
		r->used_by[who]++;
	}
}

/* Leave out escape sequences (ECMA-48), as coloured logs have them. Returns the new length. */
static size_t
drop_escapes(char *s, size_t len)
{
	size_t out = 0;

	for (size_t i = 0; i < len; i++) {
		if (s[i] != '\033') {
			s[out++] = s[i];
			continue;
		}
		if (i + 1 >= len || s[i + 1] != '[')
			continue;
		for (i += 2; i < len && (unsigned char)s[i] < 0x40; i++)
			;
	}
	return out;
}

static void
end_line(struct recogniser *r)
{
	char clean[2 * RECOGNISE_LINE];
	struct line l = { .number = ++r->number, .cut = r->overlong };
	size_t n = r->nraw;

	r->nraw = 0;
	r->overlong = false;
	if (n > 0 && r->raw[n - 1] == '\r') {
		l.cr = true;
		n--;
	}
	n = drop_escapes(r->raw, n);
	for (size_t i = 0; i < n; i++)
		if (r->raw[i] == '\t')
			r->raw[i] = ' ';
	l.len = text_clean(clean, sizeof clean, r->raw, n);
	l.s = clean;
	take(r, &l);
}

static void
put_byte(struct recogniser *r, char c)
{
	if (c == '\n') {
		end_line(r);
	} else if (r->nraw < RECOGNISE_LINE) {
		r->raw[r->nraw++] = c;
	} else {
		r->overlong = true;
	}
}

/* ---- bytes ------------------------------------------------------------------------------------- */

/* Two bytes a character: what is not ASCII becomes a question mark. */
static void
put_half(struct recogniser *r, unsigned char c)
{
	int first = r->half;
	unsigned unit;

	if (first < 0) {
		r->half = c;
		return;
	}
	r->half = -1;
	unit = r->encoding == ENC_UTF16LE ? (unsigned)c << 8 | (unsigned)first
					  : (unsigned)first << 8 | c;
	put_byte(r, unit < 0x80 ? (char)unit : '?');
}

static void
put(struct recogniser *r, unsigned char c)
{
	if (r->encoding == ENC_BYTES)
		put_byte(r, (char)c);
	else
		put_half(r, c);
}

/* By a byte order mark (The Unicode Standard, 23.8), or by an ASCII letter beside a zero. */
static void
begin(struct recogniser *r)
{
	const unsigned char *h = r->head;
	size_t skip = 0;

	r->encoding = ENC_BYTES;
	if (r->nhead >= 2 && h[0] == 0xff && h[1] == 0xfe) {
		r->encoding = ENC_UTF16LE;
		skip = 2;
	} else if (r->nhead >= 2 && h[0] == 0xfe && h[1] == 0xff) {
		r->encoding = ENC_UTF16BE;
		skip = 2;
	} else if (r->nhead == 3 && h[0] == 0xef && h[1] == 0xbb && h[2] == 0xbf) {
		skip = 3;
	} else if (r->nhead >= 2 && h[0] >= 0x20 && h[0] < 0x7f && h[1] == 0) {
		r->encoding = ENC_UTF16LE;
	} else if (r->nhead >= 2 && h[0] == 0 && h[1] >= 0x20 && h[1] < 0x7f) {
		r->encoding = ENC_UTF16BE;
	}
	for (size_t i = skip; i < r->nhead; i++)
		put(r, h[i]);
}

void
recognise_feed(struct recogniser *r, const char *bytes, size_t len)
{
	uint64_t before = r->bytes;
	size_t i = 0;

	r->bytes += len;
	r->line_end = r->bytes;
	while (r->encoding == ENC_UNKNOWN && i < len) {
		r->head[r->nhead++] = (unsigned char)bytes[i++];
		if (r->nhead == sizeof r->head)
			begin(r);
	}
	while (i < len && r->encoding == ENC_BYTES) {
		const char *nl = memchr(bytes + i, '\n', len - i);
		size_t n = nl != NULL ? (size_t)(nl - bytes) - i : len - i;
		size_t room = RECOGNISE_LINE - r->nraw, fits = n < room ? n : room;

		memcpy(r->raw + r->nraw, bytes + i, fits);
		r->nraw += fits;
		r->overlong |= n > fits;
		i += n;
		if (nl != NULL) {
			r->line_end = before + ++i;
			end_line(r);
		}
	}
	for (; i < len; i++)
		put(r, (unsigned char)bytes[i]);
}

/* "ssh -v,sshd log": the kinds that meant something, in the order of the table. */
static void
put_kinds(const struct recogniser *r, struct strbuf *sb)
{
	for (int i = 0; i < r->nreaders; i++) {
		if (r->used_by[i] == 0)
			continue;
		if (sb->len > 0)
			sb_putc(sb, ',');
		sb_puts(sb, readers[i]->kind);
	}
	if (sb->len == 0)
		sb_puts(sb, "nothing that is known here");
}

void
recognise_end(struct recogniser *r, bool cut)
{
	char kinds[KINDS_LEN];
	struct strbuf sb;
	struct evidence ev;

	if (r->encoding == ENC_UNKNOWN)
		begin(r);
	if (r->nraw > 0 || r->overlong)
		end_line(r);
	for (int i = 0; i < r->nreaders; i++)
		if (readers[i]->end != NULL)
			readers[i]->end(r, r->state[i], false);
	r->current = -1;
	sb_init(&sb, kinds, sizeof kinds);
	put_kinds(r, &sb);
	ev = r->source;
	ev_str(&ev, K_NAME, r->name);
	ev_str(&ev, K_KIND, kinds);
	ev_int(&ev, K_LINES, (int64_t)r->number);
	ev_int(&ev, K_BYTES, (int64_t)r->bytes);
	ev_int(&ev, K_USED, (int64_t)r->used);
	ev_int(&ev, K_CUT, cut);
	recognise_say(r, &ev, VANTAGE_SERVER);
}

/* ---- sections of a collector's run ------------------------------------------------------------------ */

static int
reader_named(const struct recogniser *r, const char *kind)
{
	for (int i = 0; kind != NULL && i < r->nreaders; i++)
		if (strcmp(readers[i]->kind, kind) == 0)
			return i;
	return -1;
}

/* The collector's reader calls this from within its own take(): its place as the present reader is kept. */
void
recognise_section(struct recogniser *r, const char *kind, const char *line, size_t len)
{
	struct line l = { .s = line, .len = len, .number = r->number };
	int outer = r->current;

	r->section = reader_named(r, kind);
	if (kind != NULL && r->section < 0)
		return; /* nobody here reads it, and nobody else shall */
	r->in_section = true;
	r->current = r->section;
	take(r, &l);
	r->section = -1;
	r->in_section = false;
	r->current = outer;
}

bool
recognise_in_section(const struct recogniser *r)
{
	return r->in_section && r->section >= 0;
}

void
recognise_section_end(struct recogniser *r)
{
	for (int i = 0; i < r->nreaders; i++)
		if (i != r->current && readers[i]->end != NULL)
			readers[i]->end(r, r->state[i], true);
}

/* ---- patterns --------------------------------------------------------------------------------------- */

/* How many bytes of s a hole takes; next is the literal text behind it. -1 where it cannot. */
static long
hole(char type, const char *s, const char *next)
{
	size_t lit = strcspn(next, "%"), n = 0;
	char literal[128];
	const char *end;

	if (type == 'd') {
		n = strspn(s, "0123456789");
		return n > 0 ? (long)n : -1;
	}
	if (type == 's') {
		n = strcspn(s, " ");
		if (lit == 0)
			return n > 0 ? (long)n : -1;
	}
	if (lit == 0)
		return *next == '\0' ? (long)strlen(s) : -1;
	if (lit >= sizeof literal)
		return -1;
	memcpy(literal, next, lit);
	literal[lit] = '\0';
	/* The last place where the literal stands: a name may hold it too, what follows a name is ssh's own. */
	end = NULL;
	for (const char *p = strstr(s, literal); p != NULL; p = strstr(p + 1, literal)) {
		if (type == 's' && (size_t)(p - s) > n)
			break;
		end = p;
	}
	return end != NULL ? (long)(end - s) : -1;
}

bool
line_match(const char *s, const char *pattern, struct hole *out, int max)
{
	int n = 0;

	while (*pattern != '\0') {
		long len;

		if (*pattern != '%') {
			if (*s++ != *pattern++)
				return false;
			continue;
		}
		if (pattern[1] == '*')
			return true;
		len = hole(pattern[1], s, pattern + 2);
		if (len < 0)
			return false;
		if (n < max) {
			size_t keep = sizeof out->s - 1;

			keep = (size_t)len < keep ? (size_t)len : keep;
			memcpy(out[n].s, s, keep);
			out[n++].s[keep] = '\0';
		}
		s += len;
		pattern += 2;
	}
	return *s == '\0';
}
