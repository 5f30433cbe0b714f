/*
 * The screen's state, shared by its parts: app.c (loop, evidence, frames,
 * signals), app_act.c (the table of what keys do) and one app_*.c for each kind of action.
 * Included by these only.
 */
#ifndef SSHMEDIC_TUI_APP_STATE_H
#define SSHMEDIC_TUI_APP_STATE_H

#include <limits.h>
#include <uv.h>

#include "action.h"
#include "app.h"
#include "copy.h"
#include "drill.h"
#include "panel.h"
#include "save.h"
#include "screen.h"
#include "walking.h"
#include "../core/change.h"
#include "../core/veil.h"

enum {
	APP_SIGNALS = 6,
	APP_TAKE = 32, /* lines taken from the engine at a time */
	PENALTY_MIN_S =
	    15 /* sshd_config(5), PerSourcePenalties min: below that sum nothing is refused */
};

/* A search through the evidence that is shown (app_log.c). */
struct hunt {
	bool on;
	int dir,
	    more; /* further matches to go on to, with their direction, once this one is found */
	int from, rows, tried;
	bool follow; /* what it was before */
	const struct logidx *log;
	unsigned edition;
};

/* A recording under way: line number next is to come; replay NULL: none. */
struct pace {
	const struct replay *replay;
	size_t next;
	unsigned times;          /* as quick as it was */
	uint64_t begun_ms;       /* when it began here */
	uint64_t from_us, at_us; /* of its first line, and of the last one shown */
};
enum { PACE_LINES = 256 }; /* in one turn of the loop */

struct app {
	struct app_options opt;
	struct book *book;
	struct logidx *all_log, *no_log;
	struct logidx *log;        /* the one that is shown: all_log, or the veil's */
	struct app_veil *veil;     /* app_report.c; NULL until names were hidden once */
	struct table *table;       /* app_table.c; NULL: there is one target */
	struct watcher *watcher;   /* with --watch; else NULL */
	bool hide;                 /* names are hidden on the screen */
	bool copied_hidden;        /* names are hidden in what was copied last */
	bool keep;                 /* the report is to stay on the terminal at the end */
	struct diag *empty;        /* shown until there is evidence */
	struct baseline *baseline; /* shown in its window; else NULL */
	struct engine *engine;
	struct screen *screen; /* NULL in the linear front end */
	bool linear;
	void *front;               /* of the linear front end, while it runs */
	struct theme theme, drawn; /* the one that was kept, and the one that is on the screen */
	struct shelf *shelf;       /* while one is chosen */
	struct copier *copier;
	struct view v;
	struct settings set;
	struct fixing fixing;
	struct walking walking;
	struct notes *notes;
	bool
	    tried; /* the engine runs with the options of a fix that was tried, not with the user's */
	/* lines of the engine's that are still to be folded */
	const struct ev_line *lines[APP_TAKE], **taken;
	size_t ntaken;
	size_t masked; /* of the book, when all_log took its lines last */

	/* while a command has the terminal (app_aside.c) */
	bool aside;
	uv_process_t aside_child;
	uv_signal_t child_stops; /* SIGCHLD, meanwhile */
	void (*input)(
	    struct app *a, bool read); /* of the front end: read what is typed, or leave it; NULL */
	struct change aside_change;    /* its words */
	char **aside_words;
	size_t aside_nwords, aside_at;
	int aside_status;
	uint64_t aside_ended; /* when the last one ended, on the loop's clock; 0 before */
	void (*aside_done)(struct app *a, int status); /* NULL: the program ends */
	struct arrivals *login_arrivals;               /* when that grew; NULL: not watched */
	char login_log[PATH_MAX];                      /* what ssh says of a login by hand; "" */
	char *paste;                                   /* offered as evidence, not yet taken */
	bool mouse;
	bool motion; /* bars move while a probe runs */
	struct layout l;
	struct grid grid;

	uv_loop_t loop;
	uv_async_t wake;
	uv_prepare_t before_sleep;
	uv_idle_t work; /* while something takes longer than a turn (app_work.c) */
	uv_timer_t tick, frame, watch_timer, pace_timer;
	struct pace pace;
	uv_poll_t tty, strays; /* of strays only where stray_poll */
	bool stray_poll;
	int nstrays, stray_target, stray_run; /* lines kept, of which run */
	uv_signal_t sig[APP_SIGNALS];

	struct drill drill;
	const struct diag *told; /* what is shown, without what a drill hides */

	bool dirty, urgent; /* a frame is due; it may not wait */
	bool stale;         /* lines were folded since the view was made */
	bool running;       /* the run shown has begun and has not ended */
	bool asked_to_stop; /* Ctrl-C was pressed in this run */
	uint32_t hold;      /* evidence that stays selected while the filter is at work; 0: none */
	int hold_row;       /* where it was put last */
	struct reportjob *report; /* one that is being made; NULL: none */
	struct hunt hunt;
	uint64_t last_frame;
	int result;
	uint32_t counted_run; /* the last run whose cost is in penalty_until_us */
	uint64_t penalty_until_us;
};

/* A recording that is shown at its own pace (app_pace.c). */
void app_pace_begin(struct app *a);
/* Show the rest at once; whether there was any. */
bool app_pace_rest(struct app *a);
void app_pace_end(struct app *a);
/* Begin and end what both front ends have: signals, timers, the copier. tty: the loop polls a->tty. */
void app_open(struct app *a, struct engine *e);
void app_close(struct app *a, bool tty);
/* What the copier says once a copy has gone its way; arg is the app. */
void app_copied(void *arg, const char *words);
/* Take what the engine has to say. */
void app_take(struct app *a);
/* A frame is due at once: the user did something. */
void app_touch(struct app *a);
/* Put a sentence into the message line. */
void app_say(struct app *a, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* End the loop with a result of app_run(). */
void app_leave(struct app *a, int result);
/* Point the view at the newest diagnosis and time. */
void app_refresh(struct app *a);
/* Give the log that is shown the filter that is set; app_filter_work() applies it. */
void app_refilter(struct app *a);
/* Copy text to the clipboard; hidden: its names are. */
void app_copy(struct app *a, const char *text, size_t len, bool hidden);
/* A run of a target has ended: its profile is kept, or read to compare with. */
void app_run_ended(struct app *a, uint16_t target);
/* Bring the comparison that a window shows up to date. Part of app_refresh(). */
void app_baseline(struct app *a);
/* The lines as they may be shown: the veil's, where names are hidden. */
const struct book *app_shown_book(const struct app *a);
/* Make the view show what may be shown. Part of app_refresh(). */
void app_veil(struct app *a);
/* Go on with what takes longer than a turn, or begin it. */
void app_work(struct app *a);
/* Tell the view what is under way. Part of app_refresh(). */
void app_work_show(struct app *a);
/* Its parts: up to so many lines' worth; each returns whether nothing is left to do. */
bool app_veil_work(struct app *a, size_t lines);
bool app_filter_work(struct app *a, size_t lines);
bool app_search_work(struct app *a, size_t lines);
/* The selected line stays selected, although other rows are shown from now on: call it before and after. */
void app_hold(struct app *a);
void app_hold_row(struct app *a);
/* Lines go from the log that is shown, or it becomes another one: what is held still of it goes on to be. */
uint32_t app_still(const struct app *a);
void app_still_at(struct app *a, uint32_t n);
/* Lines are about to be dropped from the book. */
void app_log_drop(struct app *a, const struct ev_numbers *gone);
/* A search that is under way ends; whether there was one. */
bool app_search_stop(struct app *a);
void app_veil_free(struct app *a);
/* How much of hiding names is done; 100 where nothing is left to do. */
int app_veil_percent(const struct app *a);
/* Whether names are hidden in what is saved and copied as a report. */
bool app_hides_in_reports(const struct app *a);
/* Make a report of the target, for the clipboard or into a new file: at once, or beside the loop. */
void app_report(struct app *a, enum save_kind kind, bool file);
/* Give up the one that is being made. Returns whether there was one. */
bool app_report_stop(struct app *a);
/* Carry out an action; nth is the place of its key among the action's keys. */
void app_act(struct app *a, enum action what, int nth);
/* The window that is seen when another one closes: the walkthrough's, where it is open, else none. */
enum dialog_id app_home(const struct app *a);
/* Begin a walkthrough: a script by its name, or by the id of a finding; "": the general one. False: there is none. */
bool app_walk_begin(struct app *a, const char *id);
/* In the walkthrough, go to the line of evidence that its step marks. False elsewhere. */
bool app_walk_evidence(struct app *a);
/* The view is new: evidence may have answered the step. */
void app_walk_observe(struct app *a);
/* A key that is no action: into the field, where there is one. */
void app_type(struct app *a, uint32_t key);
/* What was pasted, raw: into the field, where there is one. */
void app_paste(struct app *a, const char *bytes, size_t len);
/* Open a window, with an empty field. */
void app_dialog(struct app *a, enum dialog_id d, int arg);
/* Ask in the message line; text is what the field begins with. */
void app_prompt(struct app *a, enum prompt_id p, const char *text);
/* Put the log on evidence number n, in as much detail as that takes. */
void app_go_to(struct app *a, uint32_t n);
/* The mouse did something. */
void app_mouse(struct app *a);
/*
 * Give the terminal to the commands of c (CHANGE_TERMINAL or CHANGE_RUN), one after the other while each
 * ends with 0; words are printed before them. done is called when the screen is back, with the last
 * status, or with a negative error of libuv where a command could not be started. False where another
 * command has the terminal, or c has none.
 */
bool app_step_aside(struct app *a, const struct change *c, const char *words,
    void (*done)(struct app *a, int status));
/* The program ends: so does the command that has the terminal, which puts its modes back. */
void app_aside_end(struct app *a);
/* A line of evidence that may be about a fix. */
void app_fix_line(struct app *a, const struct ev_line *line);
/* The window that tells how it came out is being closed. */
void app_fix_read(struct app *a);
/* The view is new: a run that tells how a fix came out may have ended. */
void app_fix_judge(struct app *a);
/* Remove the file of a login by hand, where there is one. */
void app_login_forget(struct app *a);
/* The watch on that file ends. */
void app_login_unwatch(struct app *a);
/* The command that has the terminal, and we with it, stood still until now. */
void app_login_stood(struct app *a);
/* Check the end of the new host key that was typed. */
void app_confirm_hostkey(struct app *a);
/* Show only the evidence that has the words in the field. */
void app_filter(struct app *a);
/* Read the file that the field names as evidence. */
void app_add_file(struct app *a);
/* Show pasted bytes, copied, and ask whether they are evidence. */
void app_offer_text(struct app *a, const char *bytes, size_t len);
/* Search the evidence for the words in the field, from the line below the selected one. */
void app_search(struct app *a);

/* --watch: its timer begins and ends with the loop; lines came, or something is due; the user ran it by a key. */
void app_watch_begin(struct app *a);
void app_watch_end(struct app *a);
void app_watch_turn(struct app *a);
void app_watch_asked(struct app *a);
/* Whether every row of the table has come to its end. */
bool app_table_over(const struct app *a);
/* Another target is the one that is shown. */
void app_target(struct app *a, int target);
/* The table of several targets: begins on the screen; a line came; some of them are looked at, true: others wait. */
void app_table_begin(struct app *a);
void app_table_free(struct app *a);
void app_table_line(struct app *a, const struct ev_line *line);
bool app_table_step(struct app *a);
/* After a key in the table: the selected row is the target. */
void app_table_follow(struct app *a);
/* A drill (app_drill.c): hide what it hides, part of app_refresh(); whether it hides, and says so; its answers. */
void app_drill_mask(struct app *a);
bool app_drill_hides(struct app *a);
void app_drill_layer(struct app *a);
void app_drill_finding(struct app *a);
/* A digit in the lists of a drill: the row of that number is selected. */
void app_drill_number(struct app *a, uint32_t key);
/* Before a frame: the screen gets the theme that it is to be drawn in. */
void app_show_theme(struct app *a);
/* Save the report of the kind that is chosen. */
void app_save(struct app *a);
/* Keep the chosen theme for the session. */
void app_keep_theme(struct app *a);

/* The functions that action.def names. nth is the place of the key among the action's keys. */
#define ACTION(id, run, keys, where, group, hint, help) void run(struct app *a, int nth);
#include "action.def"
#undef ACTION

#endif
