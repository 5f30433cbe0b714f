/* Walkthrough scripts: any bytes give a complaint or a script whose texts and ways lie within it. */
#include "fuzz.h"

#include <string.h>

#include "core/walk.h"
#include "core/walker.h"

/* The program's own scripts are made by the Makefile; here there are none. */
extern const char *const walk_texts[];
const char *const walk_texts[] = { NULL };

static void
check_text(const struct walk *w, const char *s)
{
	if (s == NULL)
		return;
	FUZZ_CHECK(fuzz_within(s, strlen(s) + 1, w->text, sizeof w->text));
	FUZZ_CHECK(text_is_clean(s, strlen(s)));
}

static void
check_step(const struct walk *w, const struct walk_step *s, const struct diag *d)
{
	int k = walk_decided(d, s);

	FUZZ_CHECK(k >= -1 && k < s->answers);
	FUZZ_CHECK((s->end == WALK_ASKS) == (s->answers > 0));
	check_text(w, s->name);
	check_text(w, s->finds);
	check_text(w, s->says);
	for (int i = 0; i < s->nmeans; i++)
		FUZZ_CHECK(strstr(s->means[i], " : ") != NULL);
	for (int i = 0; i < s->answers; i++) {
		check_text(w, s->answer[i].text);
		FUZZ_CHECK(s->answer[i].to < w->steps);
		FUZZ_CHECK(s->answer[i].to >= 0 || s->answer[i].next[0] == '@');
		walk_shows(&s->answer[i], "server is SSH-2.0-x");
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct walk w;
	static struct diag d;
	char err[128];

	if (walk_parse(&w, (const char *)data, size, err, sizeof err) != 0) {
		FUZZ_CHECK(memchr(err, 0, sizeof err) != NULL);
		return 0;
	}
	diag_init(&d, 0, 0);
	d.ended = true;
	FUZZ_CHECK(w.steps > 0 && w.steps <= WALK_STEPS);
	for (int i = 0; i < w.steps; i++)
		check_step(&w, &w.step[i], &d);
	return 0;
}
