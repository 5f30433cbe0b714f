/*
 * Evidence: what a probe saw, as a typed value and as one line of text.
 *
 * One line of evidence is one line of the log panel, of a recording, of a
 * golden test and of a bug report. Probes build a value with ev_init() and
 * ev_str()/ev_int(); the engine stamps and encodes it; readers decode the
 * line. Both directions lose nothing. Pure.
 *
 *   at_us target.hop.run vantage/clock kind key=value key="text with blanks"
 *   5120 0.0.0 client/0 tcp.result addr=192.0.2.7 port=22 result=refused
 */
#ifndef SSHMEDIC_EVIDENCE_H
#define SSHMEDIC_EVIDENCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "layer.h"
#include "text.h"

enum {
	EV_FIELDS_MAX = 24,     /* fields a line may carry */
	EV_LINE_MAX = 32 * 1024 /* bytes of an encoded line; a KEXINIT fits */
};

/* evidence.def is read for one of these at a time, whatever a file or a checker has defined before. */
#undef EVIDENCE
#undef KEY
enum ev_kind {
#define EVIDENCE(id, name, layer, probe, level, help) EV_##id,
#include "evidence.def"
#undef EVIDENCE
	EV__COUNT
};

enum ev_key {
#define KEY(id, name, type) K_##id,
#include "evidence.def"
#undef KEY
	K__COUNT
};

/* From where it was seen. */
enum vantage { VANTAGE_CLIENT, VANTAGE_PROOF, VANTAGE_SERVER, VANTAGE_PASTED, VANTAGE__COUNT };

/* A row of evidence.def. */
struct ev_kind_info {
	const char *name;
	enum layer layer;
	const char *probe; /* "" where the engine itself says it */
	int level;         /* 0 milestone to 3 raw */
	const char *help;
};

struct ev_field {
	enum ev_key key;
	const char *s; /* text of the value, not NUL-terminated; not owned */
	size_t len;
	int64_t num; /* of an integer key; 0 where the text is no number */
};

struct evidence {
	uint64_t at_us;  /* since the engine's start, in its clock domain */
	uint32_t n;      /* number of the line in its log, from 1; 0 before */
	uint16_t target; /* which target of the engine */
	uint16_t hop;    /* 0 the target itself, 1.. jump hosts in order */
	uint32_t run;    /* re-runs count up from 0 */
	uint16_t clock;  /* times are compared within one clock domain only */
	enum vantage vantage;
	enum ev_kind kind;
	size_t nfields;
	struct ev_field f[EV_FIELDS_MAX];
};

enum ev_status {
	EV_OK,
	EV_BAD = -1,    /* not a line of evidence */
	EV_UNKNOWN = -2 /* well formed, of a kind that this version does not know */
};

const struct ev_kind_info *ev_kind_info(enum ev_kind k);
const char *ev_key_name(enum ev_key k);
bool ev_key_is_int(enum ev_key k);
const char *ev_vantage_name(enum vantage v);

/* Begin an empty value of kind k; coordinates zero. */
void ev_init(struct evidence *ev, enum ev_kind k);
/*
 * Add a field. Text is referenced, not copied: it must live until the value
 * is encoded. NULL text and fields beyond EV_FIELDS_MAX are left out. The encoder cleans the text.
 */
void ev_str(struct evidence *ev, enum ev_key k, const char *s);
void ev_mem(struct evidence *ev, enum ev_key k, const char *s, size_t len);
void ev_int(struct evidence *ev, enum ev_key k, int64_t num);

/* The field, or NULL. */
const struct ev_field *ev_get(const struct evidence *ev, enum ev_key k);
/* The number, or dflt where the field is missing or no number. */
int64_t ev_num(const struct evidence *ev, enum ev_key k, int64_t dflt);
/* Whether the field is there and its text is exactly s. */
bool ev_is(const struct evidence *ev, enum ev_key k, const char *s);
/* Copy the field's text to dst; "" where it is missing. Returns dst. */
const char *ev_copy(const struct evidence *ev, enum ev_key k, char *dst, size_t cap);

/*
 * Write ev as one line without a newline to dst (cap bytes, NUL-terminated).
 * Over-long text is cut so that the line stays within min(cap, EV_LINE_MAX) and
 * decodable. Returns the length.
 */
size_t ev_encode(const struct evidence *ev, char *dst, size_t cap);

/* The target that a line is about, by its head alone; -1 where it is no line of ours. */
int ev_target(const char *line, size_t len);
/* Its run, by its head alone; -1 where it is no line of ours. */
int64_t ev_run(const char *line, size_t len);
/*
 * Read one line (len bytes, no newline). The values point into line or into
 * scratch (cap bytes, at least len), which must live as long as ev is used.
 * Unknown keys are left out. Returns EV_OK, EV_BAD or EV_UNKNOWN.
 */
enum ev_status ev_decode(
    struct evidence *ev, const char *line, size_t len, char *scratch, size_t cap);

/*
 * The part of a line that a person reads in the log: kind and fields in
 * plain words, e.g. "192.0.2.7 port 22: refused"; a jump host's line begins with "hop 1: ". Appends to sb.
 */
void ev_describe(const struct evidence *ev, struct strbuf *sb);

#endif
