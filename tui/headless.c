/*
 * Runs a diagnosis with no screen: takes the engine's lines as they come,
 * prints them, and ends with the report.
 */
#include "headless.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "../core/catalogue.h"
#include "../core/report.h"
#include "../core/roster.h"
#include "../core/rule.h"
#include "../core/veil.h"
#include "collect.h"
#include "watcher.h"

enum {
	REFUSED =
	    2, /* exit code where ssh takes the words for wrong: a sentence on stderr is all there is */
	TAKE = 64,
	EVENT_LEVEL = 1,       /* --plain prints milestones and what a person wants to see */
	ANNOUNCE_US = 1000000, /* no word of what it looks like so far in a run shorter than this */
	CANCEL_MS = 2000,      /* a cancelled run that has not ended by then is reported as it is */
	WIDTH = 80,
	WIDTH_MAX = 120
};

struct headless {
	enum option_format format;
	bool quiet;
	void (*before_report)(void *arg, const struct diag *d, struct book *b);
	void *arg;
	struct redact *names; /* of the lines so far, where they are to be hidden; else NULL */
	struct veil *veil;    /* at the end */
	FILE *out;
	int wake; /* eventfd */
	struct book *book;
	uint16_t target;
	size_t ntargets;  /* numbered from target on */
	size_t nended;    /* of them, the first whose runs have ended */
	const char *said; /* id of the finding that was last announced, NULL for none */
	size_t printed;   /* lines of the book that --plain is through with */
	bool flowing;     /* --plain prints lines as they come */
	int error;        /* errno of the first failed write */
};

/*
 * The only state that is not somebody's: what the signal handler may touch. A
 * third signal ends the process from within the handler, so that a reader of
 * our output who stands still cannot hold us.
 */
static volatile sig_atomic_t signals;
static volatile sig_atomic_t signal_fd = -1;

static void
wake_up(int fd)
{
	static const uint64_t one = 1;
	ssize_t n = write(fd, &one, sizeof one);

	(void)n; /* a full counter wakes the reader as well */
}

static void
on_signal(int sig)
{
	int saved = errno;

	(void)sig;
	if (++signals > 2)
		_exit(130);
	wake_up(signal_fd);
	errno = saved;
}

static void
catch_signals(const struct headless *h)
{
	static const int which[] = { SIGINT, SIGTERM, SIGHUP };
	struct sigaction sa = { .sa_handler = on_signal, .sa_flags = SA_RESTART }, old;

	signal_fd = h->wake;
	sigemptyset(&sa.sa_mask);
	for (size_t i = 0; i < sizeof which / sizeof which[0]; i++)
		/* What a caller such as nohup(1) had us ignore stays ignored. */
		if (sigaction(which[i], NULL, &old) == 0 && old.sa_handler != SIG_IGN)
			sigaction(which[i], &sa, NULL);
}

struct headless *
headless_new(const struct headless_options *opt, FILE *out)
{
	struct headless *h = calloc(1, sizeof *h);

	if (h == NULL)
		return NULL;
	h->format = opt->format == FORMAT_AUTO ? FORMAT_PLAIN : opt->format;
	h->quiet = opt->quiet;
	h->before_report = opt->before_report;
	h->arg = opt->arg;
	h->out = out;
	h->book = book_new();
	h->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (opt->hide && (h->names = calloc(1, sizeof *h->names)) != NULL)
		redact_init(h->names);
	if (h->book == NULL || h->wake < 0 || (opt->hide && h->names == NULL)) {
		headless_free(h);
		return NULL;
	}
	return h;
}

void
headless_free(struct headless *h)
{
	if (h == NULL)
		return;
	if (h->book != NULL)
		book_free(h->book);
	if (h->wake >= 0)
		close(h->wake);
	veil_free(h->veil);
	free(h->names);
	free(h);
}

void
headless_wake(void *headless)
{
	wake_up(((struct headless *)headless)->wake);
}

/* Remember why the output failed, once. */
static void
check_output(struct headless *h)
{
	if ((fflush(h->out) != 0 || ferror(h->out)) && h->error == 0)
		h->error = errno != 0 ? errno : EIO;
}

/* Print a line by one of the reports, its names hidden where that is wanted. */
static void
print_line(struct headless *h, const struct ev_line *line)
{
	static union { /* of one thread, the only one that prints */
		struct ev_line line;
		char room[sizeof(struct ev_line) + EV_LINE_MAX];
	} shown;

	if (h->names != NULL) {
		shown.line.n = line->n;
		shown.line.len =
		    (uint32_t)redact_line(h->names, line, shown.line.text, EV_LINE_MAX);
		line = &shown.line;
	}
	if (line->len == 0)
		return;
	if (h->format == FORMAT_PLAIN)
		report_event(line, EVENT_LEVEL, h->out);
	else
		report_json_event(line, h->out);
}

/* Words of a diagnosis, their names hidden where that is wanted. */
static void
expand(const struct headless *h, const struct diag *d, const char *words, struct strbuf *sb)
{
	struct diag *shown = h->names == NULL ? NULL : malloc(sizeof *shown);

	if (shown != NULL) {
		*shown = *d;
		redact_diag(h->names, shown);
		d = shown;
	}
	if (shown != NULL || h->names == NULL)
		diag_expand(d, words, sb);
	free(shown);
}

/* Say what it looks like where that may still change; a quick run has its report soon enough. */
static void
announce(struct headless *h, const struct diag *d)
{
	char words[2048];
	struct strbuf sb;

	if (d->verdict.final || d->last_us - d->first_us < ANNOUNCE_US || d->verdict.rule == NULL ||
	    d->verdict.healthy || (h->said != NULL && strcmp(h->said, d->verdict.rule->id) == 0))
		return;
	h->said = d->verdict.rule->id;
	sb_init(&sb, words, sizeof words);
	expand(h, d, d->verdict.rule->summary, &sb);
	fprintf(h->out, "      so far    %s, %s: %s\n", h->said,
	    certainty_name(d->verdict.certainty), words);
}

/*
 * Print the lines that came since the last call. They are held back until
 * ssh -G has ended: where it refuses the user's words, one sentence on
 * stderr is all that is to be seen.
 */
static void
print_events(struct headless *h)
{
	const struct diag *d = book_diag(h->book, h->target);

	if (!h->flowing && d != NULL)
		h->flowing =
		    fact_has(&d->facts, F_CONFIG_OK) ||
		    (fact_has(&d->facts, F_CONFIG_FAILED) && !fact_has(&d->facts, F_CFG_USAGE));
	if (!h->flowing)
		return;
	for (; h->printed < book_lines(h->book); h->printed++)
		print_line(h, book_line(h->book, h->printed));
	announce(h, d);
}

bool
outcome_not_recorded(const struct ev_line *line, char *words, size_t cap)
{
	char scratch[EV_LINE_MAX];
	struct evidence ev;

	if (strstr(line->text, ENGINE_NOT_RECORDED) == NULL ||
	    ev_decode(&ev, line->text, line->len, scratch, sizeof scratch) != EV_OK ||
	    ev.kind != EV_NOTE)
		return false;
	ev_copy(&ev, K_TEXT, words, cap);
	return strncmp(words, ENGINE_NOT_RECORDED, sizeof ENGINE_NOT_RECORDED - 1) == 0;
}

static void
take_line(struct headless *h, const struct ev_line *line)
{
	if (h->names != NULL)
		redact_learn(h->names, line);
	if (book_add(h->book, line) != EV_OK || h->quiet)
		return;
	if (h->format == FORMAT_PLAIN && h->ntargets < 2)
		print_events(h);
	else if (h->format == FORMAT_JSONL)
		print_line(h, line);
}

/* As wide as the terminal, within reason; 80 columns where there is none. */
static int
page_width(FILE *out)
{
	struct winsize ws;

	if (ioctl(fileno(out), TIOCGWINSZ, &ws) != 0 || ws.ws_col == 0)
		return WIDTH;
	return ws.ws_col < WIDTH_MAX ? ws.ws_col : WIDTH_MAX;
}

static void
print_report(struct headless *h, const struct diag *d, const struct book *b)
{
	char words[4096];
	struct strbuf sb;

	fputc('\n', h->out);
	if (h->ntargets > 1)
		fprintf(h->out, "== %s\n", slot_text(d, SLOT_DEST));
	report_text(d, b, page_width(h->out), h->out);
	if (h->ntargets > 1 || !isatty(fileno(h->out)))
		return;
	/* On a terminal the first line may have scrolled away, and the last is the one that is seen. */
	sb_init(&sb, words, sizeof words);
	diag_verdict_line(d, &sb);
	fprintf(h->out, "\n%s\n", words);
}

/* The report, and the exit code that goes with it. */
static int
finish(struct headless *h, const char *expect)
{
	const struct diag *d = book_diag(h->book, h->target);
	const struct book *b = h->book;
	int code;

	if (d == NULL)
		return 1;
	code = outcome(d, expect);
	if (h->before_report != NULL)
		h->before_report(h->arg, d, h->book);
	if (h->names != NULL) {
		if (h->veil == NULL && (h->veil = veil_new()) == NULL)
			return 1;
		veil_follow(h->veil, b);
		d = veil_diag(h->veil, d);
		b = veil_book(h->veil);
	}
	if (h->quiet) {
		outcome_say(d, code, stderr);
		return code;
	}
	if (h->format == FORMAT_JSON)
		report_json(d, b, h->ntargets > 1, h->out);
	else if (h->format == FORMAT_JSONL)
		report_json_closing(d, b, h->out);
	else if (code != REFUSED)
		print_report(h, d, b);
	check_output(h);
	if (h->error != 0) {
		fprintf(
		    stderr, "sshmedic: the report could not be written: %s\n", strerror(h->error));
		return 1;
	}
	outcome_say(d, code, stderr);
	return code;
}

static int64_t
now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

/* Of many targets, one that is not looked at takes no room. */
static void
rest(struct headless *h, uint16_t target)
{
	if (h->ntargets > BOOK_MANY)
		book_rest(h->book, target);
}

/* Take all that the engine has. Returns whether every target's run has ended. */
static bool
drain(struct headless *h, struct engine *e)
{
	const struct ev_line *lines[TAKE];
	char words[256];
	uint64_t count;
	ssize_t r = read(h->wake, &count, sizeof count);
	size_t n;

	(void)r; /* the counter says no more than that somebody called */
	while ((n = engine_take(e, lines, TAKE)) > 0)
		for (size_t i = 0; i < n; i++) {
			take_line(h, lines[i]);
			if (outcome_not_recorded(lines[i], words, sizeof words))
				fprintf(stderr, "sshmedic: %s\n", words);
		}
	if (h->format != FORMAT_JSON)
		check_output(h);
	while (h->nended < h->ntargets && book_ended(h->book, (uint16_t)(h->target + h->nended)))
		rest(h, (uint16_t)(h->target + h->nended++));
	return h->nended == h->ntargets;
}

/* Take what comes until the target's run has ended, or somebody wants out. */
static void
follow(struct headless *h, struct engine *e, uint16_t target)
{
	struct pollfd pfd = { .fd = h->wake, .events = POLLIN };
	int64_t give_up = -1;

	h->target = target;
	catch_signals(h);
	while (!drain(h, e) && signals < 2) {
		int64_t left = -1;

		if ((signals > 0 || h->error != 0) && give_up < 0) {
			for (size_t i = 0; i < h->ntargets; i++)
				engine_cancel(e, (uint16_t)(target + i));
			give_up = now_ms() + CANCEL_MS;
		}
		if (give_up >= 0 && (left = give_up - now_ms()) <= 0)
			break;
		poll(&pfd, 1, (int)left);
	}
}

/* The names of a table are hidden as those of the reports above it. */
static void
print_table(struct headless *h, uint16_t target, size_t n)
{
	struct roster *r = roster_new(n);
	char *names = NULL;

	if (r == NULL || (names = calloc(n, ROSTER_WORDS)) == NULL)
		goto out;
	for (size_t i = 0; i < n; i++) {
		const struct diag *d = book_diag(h->book, (uint16_t)(target + i));
		struct strbuf sb;

		if (d == NULL)
			continue;
		sb_init(&sb, names + i * ROSTER_WORDS, ROSTER_WORDS);
		expand(h, d, "{dest}", &sb);
		r->row[i].input = names + i * ROSTER_WORDS;
		roster_set(r, i, d);
		rest(h, (uint16_t)(target + i));
	}
	putc('\n', h->out);
	roster_print(r, h->names, h->out);
	check_output(h);
out:
	free(names);
	roster_free(r);
}

int
headless_live(struct headless *h, struct engine *e, uint16_t target, size_t n, const char *expect)
{
	int code;

	h->ntargets = n;
	follow(h, e, target);
	if (signals > 1)
		return 130;
	code = finish(h, expect);
	for (size_t i = 1; i < n; i++) {
		int c;

		rest(h, h->target);
		h->target = (uint16_t)(target + i);
		c = finish(h, expect);
		code = code == 0 ? c : code;
	}
	if (n > 1 && h->format == FORMAT_PLAIN && !h->quiet)
		print_table(h, target, n);
	return signals > 0 && h->error == 0 ? 130 : code;
}

/* Where a change is printed. */
struct changes {
	struct headless *h;
	bool quiet;
	const struct target *const *targets;
};

static void
print_change(void *arg, size_t i, const struct watch_change *c, const char *when)
{
	const struct changes *to = arg;
	struct headless *h = to->h;
	char name[TARGET_INPUT_MAX];
	struct strbuf sb;

	if (to->quiet)
		return;
	sb_init(&sb, name, sizeof name);
	if (h->names != NULL)
		redact_given(h->names, to->targets[i]->input, &sb);
	else
		sb_puts(&sb, to->targets[i]->input);
	if (h->format == FORMAT_JSONL)
		report_json_change((int64_t)time(NULL), name, c->text, c->finding, h->out);
	else
		fprintf(h->out, "%s %s %s\n", when, name, c->text);
	check_output(h);
}

/* Wait for the looks that are under way, at most so long. Returns whether they are over. */
static bool
looks_end(struct headless *h, struct engine *e, int64_t ms)
{
	struct pollfd pfd = { .fd = h->wake, .events = POLLIN };
	int64_t until = now_ms() + ms, left;

	for (;;) {
		size_t i = 0;

		drain(h, e);
		while (i < h->ntargets && book_ended(h->book, (uint16_t)(h->target + i)))
			i++;
		if (i == h->ntargets || signals > 1 || (left = until - now_ms()) <= 0)
			return i == h->ntargets;
		poll(&pfd, 1, (int)left);
	}
}

/* Let what is under way come to its end, or cancel it. */
static void
settle_looks(struct headless *h, struct engine *e)
{
	const struct diag *d;

	if (!looks_end(h, e, CANCEL_MS)) {
		for (size_t i = 0; i < h->ntargets; i++)
			engine_cancel(e, (uint16_t)(h->target + i));
		looks_end(h, e, CANCEL_MS);
	}
	d = book_diag(h->book, h->target);
	if (h->before_report != NULL && d != NULL && d->ended)
		h->before_report(h->arg, d, h->book);
}

int
headless_watch(struct headless *h, struct engine *e, uint16_t target,
    const struct target *const *targets, size_t n, uint32_t every_s, const struct run_options *run,
    bool settle)
{
	struct pollfd pfd = { .fd = h->wake, .events = POLLIN };
	struct changes to = { h, h->quiet, targets };
	struct watcher *w = watcher_new(
	    target, n, every_s, run, &(struct watcher_does){ .changed = print_change, .arg = &to });

	h->quiet = true; /* of the evidence nothing is printed */
	h->target = target;
	h->ntargets = n;
	catch_signals(h);
	while (signals == 0 && h->error == 0) {
		int64_t left;

		drain(h, e);
		left = watcher_step(w, e, h->book, now_ms(), (int64_t)time(NULL));
		poll(&pfd, 1, left < 0 || left > 3600000 ? -1 : (int)left + 1);
	}
	watcher_free(w);
	if (settle && signals > 0)
		settle_looks(h, e);
	return signals > 0 ? 130 : 1;
}

int
headless_collector(struct headless *h, struct engine *e, uint16_t target)
{
	const struct diag *d;
	int code;

	h->format = FORMAT_JSON; /* nothing is printed on the way */
	h->ntargets = 1;
	follow(h, e, target);
	if (signals > 0)
		return 130;
	if ((d = book_diag(h->book, target)) == NULL)
		return 1;
	if (!fact_has(&d->facts, F_CONFIG_OK)) {
		code = outcome(d, NULL);
		if (code == REFUSED)
			outcome_say(d, code, stderr);
		else
			fprintf(
			    stderr, "sshmedic: ssh -G failed: %s\n", slot_text(d, SLOT_CFG_TEXT));
		return REFUSED;
	}
	return collect_print(h->book, d, h->out);
}

int
headless_replay(struct headless *h, const struct replay *r, const char *expect)
{
	h->target = replay_target(r);
	for (size_t i = 0; i < replay_count(r) && h->error == 0; i++) {
		take_line(h, replay_line(r, i));
		if (ferror(h->out))
			check_output(h);
	}
	if (h->error == 0 && book_diag(h->book, h->target) == NULL) {
		fputs("sshmedic: the recording holds no diagnosis\n", stderr);
		return REFUSED;
	}
	return finish(h, expect);
}

const struct diag *
headless_diag(struct headless *h)
{
	return book_diag(h->book, h->target);
}

const struct book *
headless_book(const struct headless *h)
{
	return h->book;
}

/* Whether the verdict is that finding, or a cause of the class that it is. */
static bool
is_verdict(const struct diag *d, const char *id)
{
	const struct catalogue_row *row = catalogue_by_id(id);
	const char *verdict = d->verdict.healthy        ? "healthy"
			      : d->verdict.rule != NULL ? d->verdict.rule->id
							: "";

	if (strcmp(verdict, id) == 0)
		return true;
	for (int i = 0; row != NULL && i < CATALOGUE_MEMBERS && row->members[i] != NULL; i++)
		if (strcmp(verdict, row->members[i]) == 0)
			return true;
	return false;
}

int
outcome(const struct diag *d, const char *expect)
{
	if (expect == NULL)
		return diag_exit_code(d);
	if (is_verdict(d, expect))
		return 0;
	for (int i = 0; d->verdict.healthy && i < d->nfindings; i++)
		if (strcmp(d->findings[i].rule->id, expect) == 0)
			return 0;
	return 1;
}

void
outcome_say(const struct diag *d, int code, FILE *messages)
{
	if (code == REFUSED)
		fprintf(messages, "sshmedic: ssh refuses this: %s\n", slot_text(d, SLOT_CFG_TEXT));
}
