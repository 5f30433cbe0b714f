/*
 * Text from elsewhere, of any kind: what is said of it is well formed and bounded, and no text of the client's
 * side proves anything.
 */
#include <string.h>

#include "core/diag.h"
#include "core/evidence.h"
#include "core/recognise/recognise.h"
#include "core/rule.h"
#include "fuzz.h"

static struct diag d;
static unsigned long said;

static void
check(void *arg, struct evidence *ev)
{
	static char line[EV_LINE_MAX], scratch[EV_LINE_MAX];
	struct evidence back;
	size_t len = ev_encode(ev, line, sizeof line);

	(void)arg;
	FUZZ_CHECK(++said <= RECOGNISE_SAYS_MAX + 1);
	FUZZ_CHECK(text_is_clean(line, len));
	FUZZ_CHECK(ev_decode(&back, line, len, scratch, sizeof scratch) == EV_OK);
	back.n = (uint32_t)said;
	diag_apply(&d, &back);
}

static void
begin_run(void)
{
	struct evidence ev;

	ev_init(&ev, EV_RUN_START);
	ev_str(&ev, K_INPUT, "alice@web1");
	ev_str(&ev, K_HOST, "web1");
	ev_str(&ev, K_USER, "alice");
	ev_str(&ev, K_SOURCE, "text");
	check(NULL, &ev);
	ev_init(&ev, EV_RUN_END);
	ev_str(&ev, K_REASON, "done");
	check(NULL, &ev);
	said = 0;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	size_t half = size > 0 ? data[0] * size / 256 : 0;
	struct recognise_options opt = { .clock = 1,
		.name = "fuzz",
		.host = "web1",
		.user = "alice",
		.client = size % 2 == 0,
		.now = 1790000000,
		.say = check };
	struct recogniser *r = recognise_new(&opt);

	FUZZ_CHECK(r != NULL);
	diag_init(&d, 0, 0);
	begin_run();
	recognise_feed(r, (const char *)data, half);
	recognise_feed(r, (const char *)data + half, size - half);
	recognise_end(r, false);
	recognise_free(r);
	diag_conclude(&d);
	FUZZ_CHECK(!d.verdict.healthy || d.verdict.certainty != CERTAIN_PROVEN);
	return 0;
}
