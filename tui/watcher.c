/* Looks again and again; see watcher.h. */
#include "watcher.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "../core/text.h"

enum { AT_ONCE = 32, HISTORY = 200, WHEN = 16, STAMP = 32, TELL = 2048 };

struct watched {
	struct watch w;
	uint32_t next_run; /* the first run that was not judged */
	bool dropped;      /* not all evidence is there any more */
	char history[HISTORY];
};

struct watcher {
	uint16_t first;
	size_t n, running;
	size_t begun;                 /* looks, since evidence was dropped last */
	struct run_options transport; /* the user's, without what is behind the host key */
	const struct run_options *run;
	struct watcher_does does;
	struct watched *at;
};

struct watcher *
watcher_new(uint16_t first, size_t n, uint32_t every_s, const struct run_options *run,
    const struct watcher_does *does)
{
	struct watcher *w = calloc(1, sizeof *w);

	if (w == NULL || (w->at = calloc(n, sizeof *w->at)) == NULL)
		abort();
	w->first = first;
	w->n = w->running = n;
	w->run = run;
	w->transport = *run;
	w->transport.layers = 1U << LAYER_TRANSPORT;
	w->transport.note = NULL;
	w->begun = n;
	w->does = *does;
	for (size_t i = 0; i < n; i++) {
		w->at[i].w.every_s = every_s;
		w->at[i].w.looking = LOOK_WHOLE;
	}
	return w;
}

void
watcher_free(struct watcher *w)
{
	if (w == NULL)
		return;
	free(w->at);
	free(w);
}

/* Keep the change behind those before it; the oldest give way. */
static void
remember(struct watched *at, const char *when, const char *text)
{
	char all[HISTORY + WATCH_TEXT + WHEN + 8];
	const char *s = all;
	size_t len;

	snprintf(all, sizeof all, "%s%s%s %s", at->history, at->history[0] != '\0' ? "; " : "",
	    when, text);
	while ((len = strlen(s)) >= HISTORY && strstr(s, "; ") != NULL)
		s = strstr(s, "; ") + 2;
	text_copy(at->history, sizeof at->history, s);
}

static void
judge(struct watcher *w, size_t i, const struct diag *d, int64_t wall_s)
{
	struct watched *at = &w->at[i];
	struct watch_change c;
	time_t t = (time_t)wall_s;
	struct tm tm = { 0 };
	char when[WHEN] = "";

	if (at->w.looking != LOOK_NONE)
		w->running--;
	at->next_run = d->run + 1;
	watch_end(&at->w, d, wall_s, &c);
	if (!c.changed)
		return;
	if (localtime_r(&t, &tm) != NULL)
		strftime(when, sizeof when, "%H:%M:%S", &tm);
	remember(at, when, c.text);
	w->does.changed(w->does.arg, i, &c, when);
}

/*
 * Let evidence go that is not kept. Of many targets at once, so that what it costs to go through all lines is shared by as many
 * looks. It waits while somebody reads the lines.
 */
static void
drop(struct watcher *w, struct engine *e, struct book *b)
{
	struct ev_numbers gone = { 0 };

	if (w->begun < w->n || !book_can_drop(b))
		return;
	w->begun = 0;
	for (size_t i = 0; i < w->n; i++) {
		size_t before = gone.n;

		book_spare(b, (uint16_t)(w->first + i), watch_keeps, &w->at[i].w, &gone);
		w->at[i].dropped |= gone.n > before;
	}
	if (gone.n > 0) {
		ev_numbers_sort(&gone);
		if (w->does.drops != NULL)
			w->does.drops(w->does.arg, &gone);
		book_drop(b, &gone);
		engine_forget(e, gone.v, gone.n);
	}
	free(gone.v);
}

static void
put_time(struct strbuf *sb, int64_t wall_s)
{
	time_t t = (time_t)wall_s;
	struct tm tm = { 0 };
	char when[STAMP] = "";

	if (localtime_r(&t, &tm) != NULL)
		strftime(when, sizeof when, "%Y-%m-%d %H:%M:%S", &tm);
	sb_puts(sb, when);
}

/* What stood, oldest first. */
static void
put_stands(struct strbuf *sb, const struct watch *w)
{
	for (uint32_t i = 0; i < w->nstands; i++) {
		const struct watch_stand *s = &w->stands[i];
		char words[WATCH_TEXT];

		if (i == 0 &&
		    w->changes > w->nstands) /* what it was before is not known any more */
			text_copy(words, sizeof words, s->finding);
		else
			watch_words(i == 0 ? NULL : s[-1].finding, s->finding, words, sizeof words);
		sb_puts(sb, i == 0 ? "" : "; ");
		put_time(sb, s->since_s);
		sb_printf(sb, " %s (looks: %u)", words, s->looks);
	}
	if (w->changes > w->nstands)
		sb_printf(sb, "; changes before: %u", w->changes - w->nstands);
}

/* The runs up to the last one whose evidence is there, as the screen numbers them: "1, 4, 810 to 812". */
static void
put_kept(struct strbuf *sb, const struct watch *w)
{
	uint32_t runs[WATCH_KEPT];
	size_t n = watch_kept(w, runs);

	for (size_t i = 0; i < n; i++) {
		size_t last = i;

		while (last + 1 < n && runs[last + 1] == runs[last] + 1)
			last++;
		sb_printf(sb, i == 0 ? "%u" : ", %u", runs[i] + 1);
		if (last > i)
			sb_printf(sb, last > i + 1 ? " to %u" : ", %u", runs[last] + 1);
		i = last;
	}
}

/* What a look says of those before it, once their evidence is not all there. NULL: it is. */
static const char *
tell(const struct watched *at, char *text, size_t cap)
{
	struct strbuf sb;

	if (!at->dropped)
		return NULL;
	sb_init(&sb, text, cap);
	put_stands(&sb, &at->w);
	sb_printf(
	    &sb, ". Of the %u runs so far these at least are still in memory: ", at->w.run + 1);
	put_kept(&sb, &at->w);
	return text;
}

static void
begin(struct watcher *w, struct engine *e, struct book *b, size_t i, enum watch_look look,
    int64_t now_ms)
{
	struct run_options opt = look == LOOK_WHOLE ? *w->run : w->transport;
	char text[TELL];

	drop(w, e, b);
	w->begun++;
	watch_begin(&w->at[i].w, look, now_ms);
	w->running++;
	opt.kept = tell(&w->at[i], text, sizeof text);
	engine_rerun(e, (uint16_t)(w->first + i), NULL, &opt);
}

int64_t
watcher_step(struct watcher *w, struct engine *e, struct book *b, int64_t now_ms, int64_t wall_s)
{
	int64_t least = -1;

	for (size_t i = 0; i < w->n; i++) {
		struct watched *at = &w->at[i];
		uint16_t target = (uint16_t)(w->first + i);
		enum watch_look look;
		int64_t left;

		/* Whether a newer run has ended: only then is anything concluded. */
		if (book_ended(b, target) && book_run(b, target) >= at->next_run)
			judge(w, i, book_diag(b, target), wall_s);
		if (at->w.looking != LOOK_NONE)
			continue;
		look = watch_next(&at->w, now_ms, false);
		if (look != LOOK_NONE && w->running < AT_ONCE) {
			begin(w, e, b, i, look, now_ms);
			continue;
		}
		left = look != LOOK_NONE ? 100 : watch_due_ms(&at->w) - now_ms;
		least = least < 0 || left < least ? left : least;
	}
	return least;
}

void
watcher_asked(struct watcher *w, size_t i, int64_t now_ms)
{
	if (i >= w->n)
		return;
	if (w->at[i].w.looking == LOOK_NONE)
		w->running++;
	watch_begin(&w->at[i].w, LOOK_WHOLE, now_ms);
}

const char *
watcher_history(const struct watcher *w, size_t i)
{
	return i < w->n ? w->at[i].history : "";
}
