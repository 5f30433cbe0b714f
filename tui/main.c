/*
 * The program: reads the command line, picks a front end, leaves with the
 * exit code of the diagnosis. Knows of the engine no more than its header.
 */
#include <curses.h>
#include <errno.h>
#include <fcntl.h>
#include <langinfo.h>
#include <limits.h>
#include <locale.h>
#include <malloc.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "../core/book.h"
#include "../core/catalogue.h"
#include "../core/io/engine.h"
#include "../core/io/library.h"
#include "../core/io/practice.h"
#include "../core/library.h"
#include "../core/paste.h"
#include "../core/replay.h"
#include "../core/report.h"
#include "../core/sshcmd.h"
#include "../core/veil.h"
#include "../core/walk.h"
#include "app.h"
#include "collect.h"
#include "drill.h"
#include "completion.h"
#include "headless.h"
#include "manual.h"
#include "option.h"
#include "profile.h"
#include "save.h"
#include "setting.h"
#include "theme.h"
#include "undo.h"
#include "theme_check.h"

enum { RANDOM_TRIES = 8 };
enum {
	EXIT_INTERNAL = 1,
	EXIT_USAGE = 2,
	END_MS = 200,
	PAGE_WIDTH = 80,
	PAGE_WIDTH_MAX = 120,
	MAPPED = 64 * 1024,
	PROFILES_MAX = 16 /* of more targets on one command line nothing is kept */
};

/*
 * Threads of libuv's pool, which starts them all at once: enough that a look-up, a
 * signature and the key files of one target do not wait for each other.
 */
static const char pool_size[] = "8";

/* Signals that end the program; it is ending anyway once they are ignored. */
static const int leave_signals[] = { SIGHUP, SIGINT, SIGTERM };

/* One run of the program, whatever front end shows it. */
struct session {
	const struct options *opt;
	struct settings settings;
	char note[256]; /* the first thing that is wrong with the user's files; "" */
	char not_done[SSHCMD_SHOWN_MAX + 64]; /* what of a command line of ssh is only shown; "" */
	struct theme theme;
	struct target target;
	struct run_options run;
	struct practice *practice;
	const char *expect; /* the finding that a practice case makes, or NULL */
	struct headless *headless;
	struct app *_Atomic app; /* the screen, while it is the one to wake */
	struct engine *engine;
	struct replay *replay;
	struct earlier *baseline; /* that --baseline names; or NULL */
};

static int
complain(int code, const char *text)
{
	fprintf(stderr, "sshmedic: %s\n", text);
	return code;
}

/* complain() about a word of the user's, made harmless. */
static int
complain_of(int code, const char *word, const char *text)
{
	char clean[512];

	text_clean(clean, sizeof clean, word, strlen(word));
	fprintf(stderr, "sshmedic: %s: %s\n", clean, text);
	return code;
}

/* What has to be so before the first thread: descriptors, signals, limits, the pool's size. */
static void
prepare(void)
{
	struct rlimit files;
	int fd;

	/*
	 * With a standard descriptor closed, a socket would take its place. For
	 * reading only: what is written to a closed one is an error, as it should be.
	 */
	while ((fd = open("/dev/null", O_RDONLY)) >= 0 && fd <= STDERR_FILENO)
		;
	if (fd > STDERR_FILENO)
		close(fd);
	setenv("UV_THREADPOOL_SIZE", pool_size, 1);
	signal(SIGPIPE, SIG_IGN);
	signal(SIGCHLD, SIG_DFL); /* ignored, the end of a child would be lost */
	if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
		files.rlim_cur = files.rlim_max;
		setrlimit(RLIMIT_NOFILE, &files);
	}
	/*
	 * A diagnosis is large, and little of it is used as a rule: mapped by itself, what is not written takes
	 * no memory, and what is let go is given back.
	 */
	mallopt(M_MMAP_THRESHOLD, MAPPED);
	setlocale(LC_ALL, "");
}

static void
print_version(void)
{
	const char *term = getenv("TERM");
	char clean[64];

	if (term == NULL)
		term = "";
	text_clean(clean, sizeof clean, term, strlen(term));
	printf("sshmedic %s\nlibssh %s\nlibuv %s\n%s\ncJSON %s\nterminal %s, %s\n",
	    SSHMEDIC_VERSION, library_ssh(), library_uv(), curses_version(), library_json(),
	    clean[0] != '\0' ? clean : "none", nl_langinfo(CODESET));
}

static void
list_practice(void)
{
	for (size_t i = 0; i < practice_count(); i++) {
		const struct practice_case *c = practice_at(i);

		printf("%-24s %s%s\n", c->id, c->title, i == 0 ? " (the default)" : "");
	}
}

/* Print a page of the manual; NULL: sshmedic(1). */
static int
manual(const char *page)
{
	if (page != NULL && strcmp(page, "config") != 0)
		return complain(EXIT_USAGE, "--manual: the only other page is config");
	if (page == NULL)
		manual_print(stdout);
	else
		manual_config_print(stdout);
	return 0;
}

static int
completion(const char *shell)
{
	if (completion_print(shell, stdout) != 0)
		return complain(EXIT_USAGE, "--completion: bash, zsh or fish");
	return 0;
}

/* Explain a finding; of an unknown one say which ids are near. */
static int
explain(const char *id)
{
	const struct catalogue_row *row = catalogue_by_id(id);
	char near[256];
	struct strbuf sb;

	if (row != NULL) {
		report_explain(row, PAGE_WIDTH, stdout);
		return 0;
	}
	sb_init(&sb, near, sizeof near);
	sb_puts(&sb, "no such finding; ");
	if (catalogue_near(id, &sb) > 0)
		sb_puts(&sb, "?");
	else
		sb_puts(&sb, "--list-findings shows all");
	return complain_of(EXIT_USAGE, id, near);
}

/* Whether the screen comes as lines of text. */
static bool
linear(const struct session *s)
{
	/* A drill asks, so that plain text is questions too. */
	return s->settings.at[SETTING_ACCESSIBLE].n != 0 ||
	       (s->opt->drill && (s->opt->format == FORMAT_PLAIN || !isatty(STDIN_FILENO) ||
				     !isatty(STDOUT_FILENO)));
}

/*
 * Whether the screen is what the user gets: on a terminal; and as lines
 * anywhere, where they were asked for on the command line.
 */
static bool
wants_screen(const struct session *s)
{
	if (s->opt->drill)
		return true;
	if (s->opt->format != FORMAT_AUTO ||
	    (s->opt->report != NULL && strcmp(s->opt->report, "-") == 0))
		return false;
	return (isatty(STDIN_FILENO) && isatty(STDOUT_FILENO)) ||
	       s->settings.at[SETTING_ACCESSIBLE].from == FROM_OPTION;
}

/* Called on the engine's thread: whichever front end shows the run takes it from here. */
static void
on_lines(void *arg)
{
	struct session *s = arg;
	struct app *app = atomic_load(&s->app);

	if (app != NULL)
		app_wake(app);
	headless_wake(s->headless);
}

/* Whether any case will do. */
static bool
any_practice(const struct options *o)
{
	return o->practice_case == NULL ? o->drill : strcmp(o->practice_case, "random") == 0;
}

/* The case that is asked for; NULL where there is none of that name. */
static const struct practice_case *
choose_practice(const struct options *o)
{
	size_t any = 0;

	if (!any_practice(o))
		return o->practice_case == NULL ? practice_at(0) : practice_by_id(o->practice_case);
	if (getrandom(&any, sizeof any, 0) != (ssize_t)sizeof any)
		any = (size_t)time(NULL);
	return practice_at(any % practice_count());
}

static int
begin_practice(struct session *s)
{
	const struct options *o = s->opt;
	const struct practice_case *c = NULL;
	uint32_t timeout_ms = s->run.timeout_ms;
	char err[512] = "";
	int r = -1;

	/* A case that cannot be made here is no reason where any will do. */
	for (int tries = any_practice(o) ? RANDOM_TRIES : 1; r != 0 && tries > 0; tries--) {
		if ((c = choose_practice(o)) == NULL)
			return complain_of(EXIT_USAGE, o->practice_case,
			    "no such practice case; --list-practice shows them");
		r = practice_start(&s->practice, c, &s->target, &s->run, err, sizeof err);
	}
	if (r != 0)
		return complain(EXIT_INTERNAL, err);
	s->run.timeout_ms = timeout_ms;
	s->run.layers = o->run.layers;
	s->expect = c->finding;
	return 0;
}

static int
begin_engine(struct session *s, uint16_t *number)
{
	struct engine_options eo = { .wake = on_lines,
		.arg = s,
		.record = s->opt->record,
		.give_way = atomic_load(&s->app) != NULL && s->opt->nmore >= BOOK_MANY };
	char err[1024];

	if (engine_new(&s->engine, &eo, err, sizeof err) != 0)
		return complain(s->opt->record != NULL ? EXIT_USAGE : EXIT_INTERNAL, err);
	*number = engine_start(s->engine, &s->target, &s->run);
	for (size_t i = 0; i < s->opt->nmore; i++) /* numbered in this order */
		engine_start(s->engine, &s->opt->more[i], &s->run);
	for (size_t i = 0; i < s->opt->nevidence; i++)
		engine_add_file(s->engine, *number, s->opt->evidence[i]);
	return 0;
}

/* As wide as the terminal, within reason. */
static int
terminal_width(void)
{
	struct winsize ws;

	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &ws) != 0 || ws.ws_col == 0)
		return PAGE_WIDTH;
	return ws.ws_col < PAGE_WIDTH_MAX ? ws.ws_col : PAGE_WIDTH_MAX;
}

/* Whether names are hidden where at least this is set. */
static bool
hides(const struct session *s, int least)
{
	return s->settings.at[SETTING_REDACT].n >= least;
}

/* Write the report that was asked for. Returns code, or the one of a report that could not be written. */
static int
write_report(const struct session *s, const struct diag *d, const struct book *b, int code)
{
	const char *path = s->opt->report;
	bool hide = hides(s, REDACT_REPORT);
	char err[1024];

	if (path == NULL || code == EXIT_USAGE || code == EXIT_INTERNAL)
		return code;
	if (d == NULL)
		return complain_of(EXIT_INTERNAL, path, "there is no diagnosis to report");
	if (strcmp(path, "-") == 0)
		return save_print(SAVE_TEXT, d, b, hide, PAGE_WIDTH, NULL, stdout) == 0
			   ? code
			   : complain(EXIT_INTERNAL, "out of memory");
	if (save_report(path, d, b, hide, err, sizeof err) != 0)
		return complain(EXIT_INTERNAL, err);
	return code;
}

/* After a run without a screen. */
static int
headless_end(struct session *s, int code)
{
	return write_report(s, headless_diag(s->headless), headless_book(s->headless), code);
}

/* outcome_say() after a screen, with names hidden where it hid them. */
static void
say_outcome(const struct app *app, const struct diag *d, int code)
{
	struct veil *v = app_hides(app) ? veil_new() : NULL;

	if (v != NULL) {
		veil_follow(v, app_book(app));
		d = veil_diag(v, d);
	}
	if (v != NULL || !app_hides(app))
		outcome_say(d, code, stderr);
	veil_free(v);
}

/*
 * On the screen: a live run, or the lines of a replay. Returns the exit code,
 * or APP_NO_SCREEN where plain text has to do.
 */
static int
run_screen(struct session *s, uint16_t number)
{
	struct app *app = atomic_load(&s->app);
	const struct diag *d;
	char err[512] = "";
	int code, end = linear(s) ? app_run_linear(app, s->engine, stdout)
				  : app_run(app, s->engine, err, sizeof err);

	if (end == APP_NO_SCREEN) {
		complain(0, err);
		return end;
	}
	d = app_diag(app, number);
	if (end == APP_INTERRUPTED)
		return write_report(s, d, app_book(app), end);
	if (end != APP_QUIT)
		return end;
	code = d == NULL ? EXIT_INTERNAL : outcome(d, s->expect);
	for (size_t i = 1; code == 0 && i <= s->opt->nmore; i++)
		if (app_diag(app, (uint16_t)(number + i)) != NULL)
			code = outcome(app_diag(app, (uint16_t)(number + i)), NULL);
	if (d != NULL && app_keeps(app))
		save_print(
		    SAVE_TEXT, d, app_book(app), app_hides(app), terminal_width(), NULL, stdout);
	if (d != NULL)
		say_outcome(app, d, code);
	return write_report(s, d, app_book(app), code);
}

/* Whether the last good run of each host is kept and compared with: of live runs, where nobody forbids it. */
static bool
keeps_profiles(const struct session *s)
{
	return s->replay == NULL && s->opt->npaste == 0 && s->practice == NULL &&
	       s->opt->nmore < PROFILES_MAX && s->settings.at[SETTING_PROFILE].n != 0 &&
	       s->settings.at[SETTING_FIX_MODE].n == 0;
}

/* A run without a screen has ended: keep its profile, or read the one of its host. */
static void
before_report(void *arg, const struct diag *d, struct book *b)
{
	const struct session *s = arg;
	char path[PATH_MAX], err[512];
	struct earlier *e = s->baseline;
	size_t len = 0;
	char *text;

	if (keeps_profiles(s) && profile_path(d, path, sizeof path)) {
		if ((text = profile_text(d, b, &len)) != NULL &&
		    profile_store(path, text, len) != 0)
			complain_of(0, path, strerror(errno));
		else if (text == NULL && e == NULL && !d->verdict.healthy &&
			 (e = earlier_read(path, err, sizeof err)) == NULL && err[0] != '\0')
			complain(0, err);
		free(text);
	}
	if (e != NULL)
		book_set_earlier(b, d->target, earlier_book(e));
}

/* The screen, made before the engine's thread. NULL where none is wanted or to be had. */
static struct app *
new_screen(const struct session *s, const struct target *const *targets, size_t ntargets)
{
	static const char *plausible[DRILL_CHOICES]; /* NULL-terminated */
	struct app_options ao = {
		.targets = targets,
		.ntargets = ntargets,
		.theme = &s->theme,
		.run = &s->run,
		.settings = &s->settings,
		.watch = s->opt->watch,
		.watch_s = s->opt->watch_s,
		.walk = s->opt->walkthrough,
		.profiles = keeps_profiles(s),
		.note = s->note[0] != '\0' ? s->note : NULL,
		.drill = s->opt->drill,
		.plausible = plausible,
		.tag = s->opt->drill         ? "drill"
		       : s->practice != NULL ? "practice"
		       : s->opt->npaste > 0  ? "paste"
		       : s->replay != NULL   ? "replay"
					     : NULL,
	};

	for (size_t i = 0; i < practice_count() && i + 1 < DRILL_CHOICES; i++)
		plausible[i] = practice_at(i)->finding;
	return wants_screen(s) ? app_new(&ao) : NULL;
}

/* Of `sshmedic ssh ...`: what of the command is only shown. */
static void
note_not_done(struct session *s)
{
	char clean[SSHCMD_SHOWN_MAX];

	if (s->opt->not_done == NULL)
		return;
	text_clean(clean, sizeof clean, s->opt->not_done, strlen(s->opt->not_done));
	snprintf(
	    s->not_done, sizeof s->not_done, "of the command this is not done here: %s", clean);
	s->run.note = s->not_done;
	if (s->note[0] == '\0')
		text_copy(s->note, sizeof s->note, s->not_done);
	if (!wants_screen(s) && s->opt->format <= FORMAT_PLAIN) /* JSON has it among its evidence */
		complain(0, s->not_done);
}

static int
diagnose(struct session *s)
{
	size_t n = 1 + s->opt->nmore;
	const struct target **targets =
	    calloc(n, sizeof *targets); /* the screen's, as long as it is */
	uint16_t number = 0;
	int code;

	if (targets == NULL)
		return complain(EXIT_INTERNAL, strerror(errno));
	targets[0] = &s->target;
	for (size_t i = 1; i < n; i++)
		targets[i] = &s->opt->more[i - 1];
	s->target = s->opt->target;
	s->run = s->opt->run;
	if (s->run.timeout_ms == 0)
		s->run.timeout_ms = (uint32_t)s->settings.at[SETTING_TIMEOUT].n * 1000;
	note_not_done(s);
	s->run.collect = !s->opt->practice && n == 1 &&
			 !s->opt->watch; /* looking at this machine takes a second, for each */
	if (s->opt->practice && (code = begin_practice(s)) != 0)
		return code;
	atomic_store(&s->app, new_screen(s, targets, n));
	if ((code = begin_engine(s, &number)) != 0)
		return code;
	if (atomic_load(&s->app) != NULL && s->baseline != NULL)
		app_compare(s->app, number, earlier_book(s->baseline));
	code = atomic_load(&s->app) != NULL ? run_screen(s, number) : APP_NO_SCREEN;
	if (code == APP_NO_SCREEN && s->opt->watch)
		return headless_end(
		    s, headless_watch(s->headless, s->engine, number, targets, n, s->opt->watch_s,
			   &s->run, s->opt->report != NULL || s->opt->record != NULL));
	if (code == APP_NO_SCREEN)
		code = headless_end(s, headless_live(s->headless, s->engine, number, n, s->expect));
	return code;
}

/* Read the recording. Returns 0, or an exit code. */
static int
read_recording(struct session *s)
{
	const char *path = s->opt->replay;
	bool is_stdin = strcmp(path, "-") == 0;
	FILE *in = is_stdin ? stdin : fopen(path, "re");
	char name[512];
	int r;

	text_clean(name, sizeof name, is_stdin ? "stdin" : path, strlen(is_stdin ? "stdin" : path));
	if (in == NULL)
		return complain_of(EXIT_USAGE, path, strerror(errno));
	if ((s->replay = replay_new()) == NULL)
		return complain(EXIT_INTERNAL, "out of memory");
	r = replay_read(s->replay, in, name, stderr);
	if (!is_stdin)
		fclose(in);
	if (r != 0)
		return EXIT_USAGE;
	if (replay_count(s->replay) == 0)
		return complain_of(EXIT_USAGE, name, "no evidence in it");
	return 0;
}

/* Open a file of the user's, or stdin for "-"; *name is how to call it. NULL after saying why not. */
static FILE *
open_text(const char *path, const char **name)
{
	FILE *in = strcmp(path, "-") == 0 ? stdin : fopen(path, "re");

	*name = in == stdin ? "stdin" : path;
	if (in == NULL)
		complain_of(EXIT_USAGE, path, strerror(errno));
	return in;
}

static int
read_text(struct paste *p, const char *path)
{
	const char *name;
	FILE *in = open_text(path, &name);
	char clean[512];
	int r;

	if (in == NULL)
		return -1;
	text_clean(clean, sizeof clean, name, strlen(name));
	r = paste_read(p, in, clean, stderr);
	if (in != stdin)
		fclose(in);
	return r;
}

/* Read the texts that are to be diagnosed without a connection. Returns 0, or an exit code. */
static int
read_pasted(struct session *s)
{
	const struct options *o = s->opt;
	time_t now = time(NULL);
	struct tm tm = { 0 };
	struct paste *p;
	int code = 0;

	localtime_r(&now, &tm);
	if ((s->replay = replay_new()) == NULL ||
	    (p = paste_new(s->replay, o->has_target ? &o->target : NULL, (int64_t)now,
		 (int32_t)tm.tm_gmtoff)) == NULL)
		return complain(EXIT_INTERNAL, "out of memory");
	for (size_t i = 0; code == 0 && i < o->npaste; i++)
		code = read_text(p, o->paste[i]) != 0 ? EXIT_USAGE : 0;
	for (size_t i = 0; code == 0 && i < o->nevidence; i++)
		code = read_text(p, o->evidence[i]) != 0 ? EXIT_USAGE : 0;
	if (code == 0 && paste_end(p) != 0)
		code = complain(EXIT_INTERNAL, "out of memory");
	paste_free(p);
	return code;
}

static int
replay(struct session *s)
{
	int code = s->opt->npaste > 0 ? read_pasted(s) : read_recording(s);
	struct app *app;

	if (code != 0)
		return code;
	if ((app = new_screen(s, NULL, 0)) != NULL) {
		atomic_store(&s->app, app);
		if (s->opt->pace > 0)
			app_pace(app, s->replay, s->opt->pace);
		for (size_t i = 0; s->opt->pace == 0 && i < replay_count(s->replay); i++)
			app_feed(app, replay_line(s->replay, i));
		if (s->baseline != NULL)
			app_compare(app, replay_target(s->replay), earlier_book(s->baseline));
		code = run_screen(s, replay_target(s->replay));
		if (code != APP_NO_SCREEN)
			return code;
	}
	return headless_end(s, headless_replay(s->headless, s->replay, s->expect));
}

/* Read the list of targets. Returns 0, or an exit code. */
static int
read_list(struct options *o)
{
	const char *name;
	FILE *in = open_text(o->list, &name);
	char clean[512];
	int r;

	if (in == NULL)
		return EXIT_USAGE;
	text_clean(clean, sizeof clean, name, strlen(name));
	r = options_read_list(o, in, clean, stderr);
	if (in != stdin)
		fclose(in);
	return r == 0 ? 0 : EXIT_USAGE;
}

/* Print the script for the server's console: with what this machine knows of a target, or as it is. */
static int
collector(const struct options *o)
{
	static struct session s; /* as in run_session() */
	uint16_t number = 0;
	int code;

	if (!o->has_target)
		return collect_print(NULL, NULL, stdout);
	s.opt = o;
	s.target = o->target;
	s.run = o->run;
	s.run.here = true;
	if ((s.headless = headless_new(&(struct headless_options){ .quiet = true }, stdout)) ==
	    NULL)
		return complain(EXIT_INTERNAL, strerror(errno));
	if ((code = begin_engine(&s, &number)) != 0)
		return code;
	code = headless_collector(s.headless, s.engine, number);
	engine_free(s.engine, END_MS);
	return code;
}

/* Say on stderr, line by line, what is wrong with the user's files; the first is kept for the screen. Frees text. */
static void
complain_lines(struct session *s, char *text)
{
	for (char *line = text, *end; line != NULL && (end = strchr(line, '\n')) != NULL;
	     line = end + 1) {
		*end = '\0';
		complain(0, line);
		if (s->note[0] == '\0')
			text_copy(s->note, sizeof s->note, line);
	}
	free(text);
}

/* Load the theme that was asked for. Returns -1 where there is none. */
static int
load_theme(struct session *s, const char *name)
{
	char *text = NULL;
	size_t len = 0;
	FILE *complaints = open_memstream(&text, &len);
	int r;

	if (complaints == NULL)
		return complain(-1, strerror(errno));
	r = theme_load(&s->theme, name, complaints);
	fclose(complaints);
	complain_lines(s, text);
	return r;
}

/* Read the configuration: files, environment, command line. Returns 0, or an exit code. */
static int
load_settings(struct session *s)
{
	char *text = NULL, err[512];
	size_t len = 0;
	FILE *complaints = open_memstream(&text, &len);

	if (complaints == NULL)
		return complain(EXIT_INTERNAL, strerror(errno));
	settings_load(&s->settings, complaints);
	fclose(complaints);
	complain_lines(s, text);
	if (options_settings(s->opt, &s->settings, err, sizeof err) != 0)
		return complain(EXIT_USAGE, err);
	return 0;
}

/* The theme by name; one that only a file or the environment names may be missing. */
static int
choose_theme(struct session *s)
{
	const char *name = s->settings.at[SETTING_THEME].text;

	theme_default(&s->theme);
	if (strcmp(name, "default") == 0 || load_theme(s, name) >= 0 ||
	    s->settings.at[SETTING_THEME].from != FROM_OPTION)
		return 0;
	return EXIT_USAGE;
}

/* A file that is to be written at the end: not there yet, and its folder is. Returns 0, or an exit code. */
static int
check_new_file(const char *path)
{
	const char *slash = strrchr(path, '/');
	char folder[PATH_MAX];
	struct stat st;

	if (lstat(path, &st) == 0)
		return complain_of(EXIT_USAGE, path, "exists; remove it first");
	snprintf(folder, sizeof folder, "%.*s", slash == NULL ? 1 : (int)(slash - path) + 1,
	    slash == NULL ? "." : path);
	if (access(folder, W_OK | X_OK) != 0)
		return complain_of(EXIT_USAGE, path, strerror(errno));
	return 0;
}

/* The walkthrough that was asked for is there, and somebody to go through it. Returns 0, or an exit code. */
static int
check_walkthrough(const struct session *s)
{
	static struct walk w;
	const char *id = s->opt->walkthrough;
	char names[512];
	struct strbuf sb;

	if (!wants_screen(s))
		return complain(EXIT_USAGE,
		    "--walkthrough asks questions: it needs a terminal, or --accessible");
	if (id[0] == '\0' || walk_load(&w, id))
		return 0;
	sb_init(&sb, names, sizeof names);
	sb_puts(&sb, "no walkthrough, and none is about such a finding; there are:");
	for (size_t i = 0; i < walk_count(); i++)
		if (walk_parse(&w, walk_text(i), strlen(walk_text(i)), (char[128]){ 0 }, 128) == 0)
			sb_printf(&sb, " %s", w.name);
	return complain_of(EXIT_USAGE, id, names);
}

/* Check the user's files before anything is begun. */
static int
check_files(struct session *s)
{
	const struct options *o = s->opt;
	char err[1024];
	struct stat st;
	int code;

	if (o->walkthrough != NULL && (code = check_walkthrough(s)) != 0)
		return code;
	if (o->record != NULL && lstat(o->record, &st) == 0)
		return complain_of(EXIT_USAGE, o->record, "exists; remove it first");
	if (o->report != NULL && strcmp(o->report, "-") != 0 &&
	    (code = check_new_file(o->report)) != 0)
		return code;
	for (size_t i = 0; i < o->nevidence; i++)
		if (strcmp(o->evidence[i], "-") != 0 && access(o->evidence[i], R_OK) != 0)
			return complain_of(EXIT_USAGE, o->evidence[i], strerror(errno));
	if (o->baseline != NULL &&
	    (s->baseline = earlier_read(o->baseline, err, sizeof err)) == NULL)
		return err[0] != '\0' ? complain(EXIT_USAGE, err)
				      : complain_of(EXIT_USAGE, o->baseline, strerror(ENOENT));
	return choose_theme(s);
}

static int
run_session(const struct options *o)
{
	static struct session s; /* lives as long as threads of its engine may */
	struct headless_options ho;
	int code;

	s.opt = o;
	if ((code = load_settings(&s)) != 0 || (code = check_files(&s)) != 0)
		return code;
	ho = (struct headless_options){ .format = o->format,
		.hide = hides(&s, REDACT_ALWAYS),
		.quiet = o->report != NULL && strcmp(o->report, "-") == 0,
		.before_report = before_report,
		.arg = &s };
	if ((s.headless = headless_new(&ho, stdout)) == NULL)
		return complain(EXIT_INTERNAL, strerror(errno));
	code = o->replay != NULL || o->npaste > 0 ? replay(&s) : diagnose(&s);
	/* A second hang-up of a closing terminal must not leave the practice's keys behind. */
	for (size_t i = 0; i < sizeof leave_signals / sizeof *leave_signals; i++)
		signal(leave_signals[i], SIG_IGN);
	/* What cannot be cancelled is left behind: _exit() follows. */
	if (s.engine != NULL)
		engine_free(s.engine, END_MS);
	if (s.practice != NULL)
		practice_free(s.practice);
	return code;
}

/* Print the configuration in force, or a part of it. */
static int
print_settings(const struct options *o, void (*print)(const struct settings *, FILE *))
{
	static struct session s; /* as in run_session() */
	int code;

	s.opt = o;
	if ((code = load_settings(&s)) == 0)
		print(&s.settings, stdout);
	return code;
}

/* Put back what a fix changed. */
static int
undo(const struct options *o)
{
	static struct session s; /* as in run_session() */
	int code;

	s.opt = o;
	if ((code = load_settings(&s)) != 0)
		return code;
	if (s.settings.at[SETTING_FIX_MODE].n != 0)
		return complain(EXIT_USAGE, "read-only: nothing is changed, and nothing undone");
	return undo_run(o->undo, stdout, stderr) == 0 ? 0 : EXIT_USAGE;
}

static int
run(int argc, char *argv[])
{
	static struct options o;
	char err[1024];
	int code;

	if (options_parse(&o, argc, argv, err, sizeof err) != 0)
		return complain(EXIT_USAGE, err);
	switch (o.mode) {
	case MODE_COLLECTOR: return collector(&o);
	case MODE_HELP: options_help(stdout); return 0;
	case MODE_MANUAL: return manual(o.manual);
	case MODE_COMPLETION: return completion(o.completion);
	case MODE_VERSION: print_version(); return 0;
	case MODE_LIST_PRACTICE: list_practice(); return 0;
	case MODE_LIST_THEMES: theme_list(stdout); return 0;
	case MODE_CHECK_THEME: return theme_check_run(o.check_theme, stdout);
	case MODE_EXPLAIN: return explain(o.explain);
	case MODE_UNDO: return undo(&o);
	case MODE_LIST_FINDINGS: report_findings(stdout); return 0;
	case MODE_PRINT_CONFIG: return print_settings(&o, settings_print);
	case MODE_PRINT_KEYS: return print_settings(&o, settings_print_keys);
	case MODE_RUN: break;
	}
	if (o.list != NULL && (code = read_list(&o)) != 0)
		return code;
	return run_session(&o);
}

int
main(int argc, char *argv[])
{
	int code;

	prepare();
	code = run(argc, argv);
	if ((fflush(stdout) != 0 || ferror(stdout)) && code != EXIT_INTERNAL)
		code = complain(EXIT_INTERNAL, "the output could not be written");
	_exit(code);
}
