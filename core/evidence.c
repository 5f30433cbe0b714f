/*
 * The codec between evidence values and lines of text, and the tables made
 * from evidence.def. Called by the engine, readers, replay and tests. Pure.
 */
#include "evidence.h"

#include <inttypes.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

/* Lengths beside the names: a line is looked up often. */
static const uint8_t kind_len[EV__COUNT] = {
#define EVIDENCE(id, name, layer, probe, level, help) [EV_##id] = sizeof(name) - 1,
#include "evidence.def"
#undef EVIDENCE
};

static const uint8_t key_len[K__COUNT] = {
#define KEY(id, name, type) [K_##id] = sizeof(name) - 1,
#include "evidence.def"
#undef KEY
};

static const struct ev_kind_info kinds[EV__COUNT] = {
#define EVIDENCE(id, name, layer, probe, level, help) \
	[EV_##id] = { name, LAYER_##layer, probe, level, help },
#include "evidence.def"
#undef EVIDENCE
};

static const struct {
	const char *name;
	char type;
} keys[K__COUNT] = {
#define I 'I'
#define S 'S'
#define KEY(id, name, type) [K_##id] = { name, type },
#include "evidence.def"
#undef KEY
#undef I
#undef S
};

static const char *const vantages[VANTAGE__COUNT] = {
	[VANTAGE_CLIENT] = "client",
	[VANTAGE_PROOF] = "proof",
	[VANTAGE_SERVER] = "server",
	[VANTAGE_PASTED] = "pasted",
};

const struct ev_kind_info *
ev_kind_info(enum ev_kind k)
{
	return &kinds[(unsigned)k < EV__COUNT ? k : EV_NOTE];
}

const char *
ev_key_name(enum ev_key k)
{
	return (unsigned)k < K__COUNT ? keys[k].name : "?";
}

bool
ev_key_is_int(enum ev_key k)
{
	return (unsigned)k < K__COUNT && keys[k].type == 'I';
}

const char *
ev_vantage_name(enum vantage v)
{
	return (unsigned)v < VANTAGE__COUNT ? vantages[v] : "client";
}

void
ev_init(struct evidence *ev, enum ev_kind k)
{
	memset(ev, 0, sizeof *ev);
	ev->kind = k;
}

void
ev_mem(struct evidence *ev, enum ev_key k, const char *s, size_t len)
{
	if (s == NULL || ev->nfields == EV_FIELDS_MAX)
		return;
	ev->f[ev->nfields++] = (struct ev_field){ .key = k, .s = s, .len = len };
}

void
ev_str(struct evidence *ev, enum ev_key k, const char *s)
{
	if (s != NULL)
		ev_mem(ev, k, s, strlen(s));
}

void
ev_int(struct evidence *ev, enum ev_key k, int64_t num)
{
	if (ev->nfields < EV_FIELDS_MAX)
		ev->f[ev->nfields++] = (struct ev_field){ .key = k, .num = num };
}

const struct ev_field *
ev_get(const struct evidence *ev, enum ev_key k)
{
	for (size_t i = 0; i < ev->nfields; i++)
		if (ev->f[i].key == k)
			return &ev->f[i];
	return NULL;
}

int64_t
ev_num(const struct evidence *ev, enum ev_key k, int64_t dflt)
{
	const struct ev_field *f = ev_get(ev, k);

	return f == NULL ? dflt : f->num;
}

bool
ev_is(const struct evidence *ev, enum ev_key k, const char *s)
{
	const struct ev_field *f = ev_get(ev, k);

	return f != NULL && f->s != NULL && f->len == strlen(s) && memcmp(f->s, s, f->len) == 0;
}

const char *
ev_copy(const struct evidence *ev, enum ev_key k, char *dst, size_t cap)
{
	const struct ev_field *f = ev_get(ev, k);
	struct strbuf sb;

	sb_init(&sb, dst, cap);
	if (f == NULL)
		return dst;
	if (f->s != NULL)
		sb_add(&sb, f->s, f->len);
	else
		sb_printf(&sb, "%" PRId64, f->num);
	return dst;
}

/* Characters that a value may consist of without quotes: letters, digits and _./:@%+,*~^-[]#!=? (a hidden end has these) */
static bool
is_bare(const char *s, size_t len)
{
	/* A bit a character, in words of 32. */
	static const uint32_t safe[4] = { 0x00000000, 0xa7fffc2a, 0xefffffff, 0x47fffffe };

	for (size_t i = 0; i < len; i++) {
		unsigned char ch = (unsigned char)s[i];

		if (ch > 127 || (safe[ch / 32] >> ch % 32 & 1) == 0)
			return false;
	}
	return len > 0;
}

static void
put_text(struct strbuf *sb, const char *s, size_t len)
{
	if (is_bare(s, len)) {
		sb_add(sb, s, len);
		return;
	}
	sb_putc(sb, '"');
	for (size_t i = 0; i < len; i++) {
		if (s[i] == '"' || s[i] == '\\')
			sb_putc(sb, '\\');
		sb_putc(sb, s[i]);
	}
	sb_putc(sb, '"');
}

/* The longest head of a text of len bytes that fits room bytes once quoted, at a character's end. */
static size_t
fit_text(const char *s, size_t len, size_t room)
{
	size_t used = 2, i = 0;

	if (2 * len + 2 <= room)
		return len;
	while (i < len) {
		uint32_t cp;
		size_t n = text_utf8(s + i, len - i, &cp);
		size_t cost;

		if (n == 0)
			n = 1;
		cost = n + ((s[i] == '"' || s[i] == '\\') ? 1 : 0);
		if (used + cost > room)
			break;
		used += cost;
		i += n;
	}
	return i;
}

static void
put_field(struct strbuf *sb, const struct ev_field *f)
{
	size_t name = strlen(ev_key_name(f->key)), room;
	char clean[EV_LINE_MAX];

	if (sb->len + name + 24 >= sb->cap) /* a number, or quotes and some text */
		return;
	sb_putc(sb, ' ');
	sb_puts(sb, ev_key_name(f->key));
	sb_putc(sb, '=');
	if (ev_key_is_int(f->key)) {
		sb_printf(sb, "%" PRId64, f->num);
		return;
	}
	if (f->s == NULL) {
		sb_puts(sb, "\"\"");
		return;
	}
	room = sb->cap - sb->len - 1;
	size_t len = text_clean(clean, sizeof clean, f->s, f->len);
	put_text(sb, clean, fit_text(clean, len, room));
}

size_t
ev_encode(const struct evidence *ev, char *dst, size_t cap)
{
	struct strbuf sb;

	sb_init(&sb, dst, cap < EV_LINE_MAX ? cap : EV_LINE_MAX);
	sb_printf(&sb, "%" PRIu64 " %u.%u.%u %s/%u %s", ev->at_us, ev->target, ev->hop, ev->run,
	    ev_vantage_name(ev->vantage), ev->clock, ev_kind_info(ev->kind)->name);
	for (size_t i = 0; i < ev->nfields; i++)
		put_field(&sb, &ev->f[i]);
	return sb.len;
}

/* A cursor over one line. */
struct cursor {
	const char *s, *end;
};

static bool
take_char(struct cursor *c, char ch)
{
	if (c->s == c->end || *c->s != ch)
		return false;
	c->s++;
	return true;
}

static bool
take_uint(struct cursor *c, uint64_t max, uint64_t *out)
{
	const char *start = c->s;
	uint64_t v = 0;

	while (c->s < c->end && *c->s >= '0' && *c->s <= '9') {
		uint64_t digit = (uint64_t)(*c->s - '0');

		if (v > (max - digit) / 10)
			return false;
		v = v * 10 + digit;
		c->s++;
	}
	*out = v;
	return c->s > start;
}

/* A word of lower-case letters, digits and . _ - into the line itself. */
static size_t
take_word(struct cursor *c, const char **word)
{
	*word = c->s;
	while (c->s < c->end && ((*c->s >= 'a' && *c->s <= 'z') || (*c->s >= '0' && *c->s <= '9') ||
				    *c->s == '.' || *c->s == '_' || *c->s == '-'))
		c->s++;
	return (size_t)(c->s - *word);
}

static int
vantage_of(const char *word, size_t len)
{
	for (int i = 0; i < VANTAGE__COUNT; i++)
		if (strlen(vantages[i]) == len && memcmp(vantages[i], word, len) == 0)
			return i;
	return -1;
}

/*
 * Where a word was found the last time, for each value of its hash: a look
 * through a whole table was a third of the reading of a line. Any thread may
 * read and write; an entry is a hint that is_kind() or is_key() checks.
 */
enum { HINTS = 1024 };

static _Atomic uint16_t kind_hints[HINTS], key_hints[HINTS];

static size_t
hint_of(const char *word, size_t len)
{
	uint32_t h = 2166136261U; /* FNV-1a */

	for (size_t i = 0; i < len; i++)
		h = (h ^ (unsigned char)word[i]) * 16777619U;
	return (h ^ h >> 16) % HINTS;
}

static bool
is_kind(int i, const char *word, size_t len)
{
	return kind_len[i] == len && memcmp(kinds[i].name, word, len) == 0;
}

static bool
is_key(int i, const char *word, size_t len)
{
	return key_len[i] == len && memcmp(keys[i].name, word, len) == 0;
}

static int
find_word(_Atomic uint16_t *hints, int n, bool (*is)(int, const char *, size_t), const char *word,
    size_t len)
{
	_Atomic uint16_t *hint = &hints[hint_of(word, len)];
	int i = atomic_load_explicit(hint, memory_order_relaxed);

	if (is(i, word, len))
		return i;
	for (i = 0; i < n; i++)
		if (is(i, word, len)) {
			atomic_store_explicit(hint, (uint16_t)i, memory_order_relaxed);
			return i;
		}
	return -1;
}

static int
kind_of(const char *word, size_t len)
{
	return find_word(kind_hints, EV__COUNT, is_kind, word, len);
}

static int
key_of(const char *word, size_t len)
{
	return find_word(key_hints, K__COUNT, is_key, word, len);
}

int
ev_target(const char *line, size_t len)
{
	struct cursor c = { line, line + len };
	uint64_t at, target;

	return take_uint(&c, UINT64_MAX, &at) && take_char(&c, ' ') &&
		       take_uint(&c, 65535, &target) && take_char(&c, '.')
		   ? (int)target
		   : -1;
}

int64_t
ev_run(const char *line, size_t len)
{
	struct cursor c = { line, line + len };
	uint64_t at, target, hop, run;

	return take_uint(&c, UINT64_MAX, &at) && take_char(&c, ' ') &&
		       take_uint(&c, 65535, &target) && take_char(&c, '.') &&
		       take_uint(&c, 65535, &hop) && take_char(&c, '.') &&
		       take_uint(&c, INT32_MAX, &run) && take_char(&c, ' ')
		   ? (int64_t)run
		   : -1;
}

static enum ev_status
take_head(struct evidence *ev, struct cursor *c)
{
	uint64_t at, target, hop, run, clock;
	const char *word;
	size_t len;
	int v, k;

	if (!take_uint(c, UINT64_MAX, &at) || !take_char(c, ' ') || !take_uint(c, 65535, &target) ||
	    !take_char(c, '.') || !take_uint(c, 65535, &hop) || !take_char(c, '.') ||
	    !take_uint(c, INT32_MAX, &run) || !take_char(c, ' '))
		return EV_BAD;
	len = take_word(c, &word);
	if ((v = vantage_of(word, len)) < 0 || !take_char(c, '/') || !take_uint(c, 65535, &clock) ||
	    !take_char(c, ' '))
		return EV_BAD;
	if ((len = take_word(c, &word)) == 0)
		return EV_BAD;
	k = kind_of(word, len);
	ev_init(ev, k < 0 ? EV_NOTE : (enum ev_kind)k);
	ev->at_us = at;
	ev->target = (uint16_t)target;
	ev->hop = (uint16_t)hop;
	ev->run = (uint32_t)run;
	ev->clock = (uint16_t)clock;
	ev->vantage = (enum vantage)v;
	return k < 0 ? EV_UNKNOWN : EV_OK;
}

/* A value, quoted or bare, cleaned into scratch; what comes in is not trusted to be clean. */
static bool
take_value(struct cursor *c, char **scratch, char *scratch_end, struct ev_field *f)
{
	char raw[EV_LINE_MAX];
	size_t len = 0;

	if (take_char(c, '"')) {
		for (;;) {
			if (c->s == c->end || len == sizeof raw)
				return false;
			if (*c->s == '"')
				break;
			if (*c->s == '\\' && ++c->s == c->end)
				return false;
			raw[len++] = *c->s++;
		}
		c->s++;
	} else {
		while (c->s < c->end && *c->s != ' ' && len < sizeof raw)
			raw[len++] = *c->s++;
		if (!is_bare(raw, len))
			return false;
	}
	f->s = *scratch;
	f->len = text_clean(*scratch, (size_t)(scratch_end - *scratch), raw, len);
	*scratch += f->len + 1;
	return true;
}

static int64_t
number_of(const struct ev_field *f)
{
	struct cursor c = { f->s, f->s + f->len };
	bool minus = take_char(&c, '-');
	uint64_t v;

	if (!take_uint(&c, INT64_MAX, &v) || c.s != c.end)
		return 0;
	return minus ? -(int64_t)v : (int64_t)v;
}

enum ev_status
ev_decode(struct evidence *ev, const char *line, size_t len, char *scratch, size_t cap)
{
	struct cursor c = { line, line + len };
	char *end = scratch + cap;
	enum ev_status status;

	if (len >= EV_LINE_MAX || cap < len + 1 || (status = take_head(ev, &c)) == EV_BAD)
		return EV_BAD;
	while (c.s < c.end) {
		struct ev_field f = { 0 };
		const char *word;
		size_t n;
		int k;

		if (!take_char(&c, ' ') || (n = take_word(&c, &word)) == 0 || !take_char(&c, '=') ||
		    scratch >= end || !take_value(&c, &scratch, end, &f))
			return EV_BAD;
		if ((k = key_of(word, n)) < 0 || ev->nfields == EV_FIELDS_MAX)
			continue;
		f.key = (enum ev_key)k;
		if (ev_key_is_int(f.key)) {
			f.num = number_of(&f);
			f.s = NULL;
			f.len = 0;
		}
		ev->f[ev->nfields++] = f;
	}
	return status;
}
