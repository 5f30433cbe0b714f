/*
 * The identification exchange: any bytes, in any pieces, give the same lines.
 * The first byte of the input is the size of a piece.
 */
#include <string.h>

#include "core/wire.h"
#include "fuzz.h"

static struct ident_reader whole, pieces;

/* Feed until one event or the end of the input. */
static enum ident_event
step(struct ident_reader *r, const uint8_t *data, size_t size, size_t *at, size_t chunk)
{
	while (*at < size) {
		size_t give = size - *at < chunk ? size - *at : chunk, used;
		enum ident_event e = ident_feed(r, data + *at, give, &used);

		FUZZ_CHECK(used <= give);
		FUZZ_CHECK(r->raw_len <= sizeof(r->line) && r->len <= r->raw_len);
		*at += used;
		if (e != IDENT_MORE)
			return e;
		FUZZ_CHECK(used == give);
	}
	return IDENT_MORE;
}

static void
look(const struct ident_reader *r)
{
	struct ident id;
	const char *held;

	ident_parse(&id, r->line, r->len);
	FUZZ_CHECK(fuzz_within(id.software, id.software_len, r->line, r->len));
	FUZZ_CHECK(fuzz_within(id.comments, id.comments_len, r->line, r->len));
	FUZZ_CHECK(ident_held(r, &held) <= sizeof(r->line));
	guess_protocol(held, ident_held(r, &held));
	guess_protocol(r->line, r->len);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	size_t chunk, a = 0, b = 0;
	enum ident_event ea, eb;

	if (size < 1)
		return 0;
	chunk = data[0] == 0 ? 1 : data[0];
	data++;
	size--;
	ident_init(&whole);
	ident_init(&pieces);
	do {
		ea = step(&whole, data, size, &a, size);
		eb = step(&pieces, data, size, &b, chunk);
		FUZZ_CHECK(ea == eb);
		if (ea == IDENT_MORE || ea == IDENT_PRELINE || ea == IDENT_DONE) {
			FUZZ_CHECK(a == b && whole.len == pieces.len);
			FUZZ_CHECK(memcmp(whole.line, pieces.line, whole.raw_len) == 0);
		}
		look(&whole);
		look(&pieces);
	} while (ea == IDENT_PRELINE);
	return 0;
}
