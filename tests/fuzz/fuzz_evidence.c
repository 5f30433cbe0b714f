/*
 * Lines of evidence from anywhere: what decodes encodes back to the same
 * value, is free of control characters, and never upsets a diagnosis, its words or its fixes.
 */
#include <string.h>

#include "core/book.h"
#include "core/fix.h"
#include "core/rule.h"
#include "tests/fuzz/fuzz.h"

enum { LINES_MAX = 256 };

static void
check_round_trip(const char *text, size_t len)
{
	static char scratch[EV_LINE_MAX], again[EV_LINE_MAX], once[EV_LINE_MAX], twice[EV_LINE_MAX];
	struct evidence ev, back;
	size_t n;

	if (ev_decode(&ev, text, len, scratch, sizeof scratch) != EV_OK)
		return;
	n = ev_encode(&ev, once, sizeof once);
	FUZZ_CHECK(text_is_clean(once, n));
	FUZZ_CHECK(ev_decode(&back, once, n, again, sizeof again) == EV_OK);
	FUZZ_CHECK(ev_encode(&back, twice, sizeof twice) == n);
	FUZZ_CHECK(memcmp(once, twice, n) == 0);
}

static void
check_diag(const struct diag *d)
{
	static char words[16 * 1024];
	struct strbuf sb;

	sb_init(&sb, words, sizeof words);
	diag_verdict_line(d, &sb);
	for (int i = 0; i < d->nfindings; i++) {
		diag_expand(d, d->findings[i].rule->summary, &sb);
		diag_expand(d, d->findings[i].rule->why, &sb);
	}
	for (int i = 0; i < d->nfixes; i++)
		fix_command(d, d->fixes[i].fix, &sb);
	FUZZ_CHECK(text_is_clean(words, sb.len));
	FUZZ_CHECK(d->verdict.rule == NULL || d->verdict.finding == 0);
	FUZZ_CHECK(diag_exit_code(d) >= 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct book *b = book_new();
	struct ev_line *made[LINES_MAX];
	uint32_t n = 0;
	size_t at = 0;

	while (at < size && n < LINES_MAX) {
		const uint8_t *nl = memchr(data + at, '\n', size - at);
		size_t len = nl != NULL ? (size_t)(nl - data) - at : size - at;
		struct ev_line *line = malloc(sizeof *line + len + 1);

		if (line == NULL)
			abort();
		memcpy(line->text, data + at, len);
		line->text[len] = '\0';
		line->len = (uint32_t)len;
		made[n++] = line;
		line->n = n;
		check_round_trip(line->text, len);
		book_add(b, line);
		at += len + 1;
	}
	for (uint16_t t = 0; t < 4; t++)
		if (book_diag(b, t) != NULL)
			check_diag(book_diag(b, t));
	book_free(b);
	while (n > 0)
		free(made[--n]);
	return 0;
}
