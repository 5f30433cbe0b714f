/*
 * The front end without a screen: every change is a line that is appended,
 * commands and answers are lines that are read. The commands are those of action.def,
 * by name or by key, and carried out by the same functions; a window is printed where the
 * screen would show it. For screen readers and dumb terminals. Called by main.c.
 */
#include "app_state.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
	LINE_LEN = 1024,
	INPUT_LEN = 512,
	WORDS_LEN = 4096,
	PAGE_COLS = 78,
	PAGE_ROWS = 400, /* of a window, at most */
	VIRTUAL_ROWS = 40
};

struct linear {
	struct app *a;
	FILE *out;
	uv_poll_t in;
	char line[LINE_LEN];
	size_t len;
	bool too_long, eof;
	char held[INPUT_LEN]; /* read, but not yet obeyed: a command has the terminal */
	size_t nheld;
	/* what was said last */
	enum layer_state said[LAYER__COUNT];
	int said_run; /* the run whose end was told, -1: none */
	int sel[PANEL__COUNT];
	enum panel_id focus;
	enum dialog_id dialog; /* the window that was printed */
	enum fixing_stage stage;
	unsigned step; /* of the walkthrough */
	bool told;
	bool table; /* all targets were told in a table */
};

/* Print a window as the screen would draw it, with room for all of it. */
static void
print_window(struct linear *n)
{
	const struct view *v = &n->a->v;
	const struct dialog *dl = dialog_at(v->dialog);
	struct grid g = { .ascii = n->a->grid.ascii, .names = n->a->grid.names };
	char title[WORDS_LEN];
	struct strbuf sb;
	int rows;

	sb_init(&sb, title, sizeof title);
	dl->title(v, &sb);
	fprintf(n->out, "%s\n", title);
	if (grid_resize(&g, PAGE_COLS, PAGE_ROWS) != 0)
		return;
	rows = dl->draw(v, grid_area(&g), 0);
	g.h = rows < PAGE_ROWS ? rows : PAGE_ROWS;
	grid_dump(&g, false, n->out);
	g.h = PAGE_ROWS;
	grid_free(&g);
}

static void
say_verdict(struct linear *n)
{
	char words[WORDS_LEN];
	struct strbuf sb;

	sb_init(&sb, words, sizeof words);
	if (view_drills(&n->a->v) && n->a->v.d->ended)
		sb_puts(&sb, view_drill_words);
	else if (n->a->v.d->started)
		diag_verdict_line(n->a->v.d, &sb);
	else
		sb_puts(&sb, "The diagnosis has not begun.");
	fprintf(n->out, "%s\n", words);
}

/* Each layer whose state is not the one that was said last. */
static void
say_layers(struct linear *n)
{
	const struct diag *d = n->a->v.d;

	for (int l = 0; l < LAYER__COUNT; l++) {
		enum layer_state s = d->layers[l].state;
		char took[32] = "";
		struct strbuf sb;

		if (s == n->said[l] || s == LS_WAIT)
			continue;
		sb_init(&sb, took, sizeof took);
		if (d->layers[l].ended && d->layers[l].end_us >= d->layers[l].start_us &&
		    s != LS_SKIP) {
			sb_puts(&sb, ", ");
			put_secs(&sb, (int64_t)(d->layers[l].end_us - d->layers[l].start_us));
		}
		fprintf(n->out, "%d %s: %s%s\n", l + 1, layer_name((enum layer)l),
		    layer_state_name(s), took);
		n->said[l] = s;
	}
}

/* The end of a run: verdict, findings, and the fixes by number. */
static void
say_end(struct linear *n)
{
	const struct view *v = &n->a->v;
	const struct diag *d = v->d;
	char words[WORDS_LEN];
	struct strbuf sb;

	say_verdict(n);
	for (int i = 0; i < d->nfindings; i++) {
		sb_init(&sb, words, sizeof words);
		diag_expand(d, d->findings[i].rule->summary, &sb);
		fprintf(n->out, "Finding %d of %d, %s: %s\n", i + 1, d->nfindings,
		    certainty_name(d->findings[i].certainty), words);
	}
	for (int i = 0; i < d->nfixes; i++) {
		sb_init(&sb, words, sizeof words);
		diag_expand(d, d->fixes[i].fix->title, &sb);
		fprintf(n->out, "Fix %d: %s. On the %s, risk %s.\n", i + 1, words,
		    fix_side_name(d->fixes[i].fix->side), fix_risk_name(d->fixes[i].fix->risk));
	}
	fputs(view_drills(v)  ? "Type a to name your verdict, j for the evidence (Tab: another "
				"panel), q to quit.\n"
	      : d->nfixes > 0 ? "Type the number of a fix, ? for all commands, Enter for the "
				"verdict, q to quit.\n"
			      : "Type ? for all commands, Enter for the verdict, q to quit.\n",
	    n->out);
}

static void
say_message(struct linear *n)
{
	if (n->a->v.message[0] != '\0')
		fprintf(n->out, "%s\n", n->a->v.message);
	n->a->v.message[0] = '\0';
}

/* A window that opened by itself, or a fix of which more is known now. */
static void
say_window(struct linear *n)
{
	const struct view *v = &n->a->v;
	bool more = (v->dialog == DIALOG_FIX && v->fixing->stage != n->stage) ||
		    (v->dialog == DIALOG_OUTCOME && v->fixing->told && !n->told) ||
		    (v->dialog == DIALOG_WALK && v->walk->serial != n->step);

	if (v->dialog == DIALOG_FIX && v->fixing->stage == STAGE_LOOKING)
		fputs(n->stage != STAGE_LOOKING ? "Looking at what it would do.\n" : "", n->out);
	else if (v->dialog != DIALOG_NONE && (v->dialog != n->dialog || more))
		print_window(n);
	n->dialog = v->dialog;
	n->stage = v->fixing->stage;
	n->told = v->fixing->told;
	n->step = v->walk->serial;
}

/* Of several targets: all of them, once the last has come to its end. */
static void
say_table(struct linear *n)
{
	if (n->table || !app_table_over(n->a))
		return;
	n->table = true;
	n->a->v.dialog = DIALOG_TABLE;
	print_window(n);
	n->a->v.dialog = DIALOG_NONE;
}

/* What the evidence brought since the last turn. */
static void
tell(struct linear *n)
{
	struct app *a = n->a;

	if (a->stale)
		app_refresh(a);
	frame_layout(&a->v, &a->l, a->l.cols, a->l.rows);
	if ((int)a->v.d->run != n->said_run || !a->v.d->ended)
		say_layers(n);
	say_message(n);
	if (a->v.d->ended && (int)a->v.d->run != n->said_run) {
		n->said_run = (int)a->v.d->run;
		say_end(n);
	}
	say_window(n);
	say_table(n);
	fflush(n->out);
	a->dirty = false;
	if (n->eof && !a->running && a->watcher == NULL && (a->table == NULL || n->table))
		app_leave(a, APP_QUIT);
}

/* The selected row, where it or the panel is another than before. */
static void
say_selected(struct linear *n)
{
	const struct view *v = &n->a->v;
	enum panel_id p = v->focus;
	char words[WORDS_LEN];
	struct strbuf sb;

	if (p == n->focus && v->sel[p] == n->sel[p])
		return;
	sb_init(&sb, words, sizeof words);
	if (p == PANEL_LOG && logidx_line(v->log, (size_t)v->sel[p]) != NULL)
		log_describe(logidx_line(v->log, (size_t)v->sel[p]), &sb);
	else
		panel_at(p)->copy(v, &sb);
	fprintf(n->out, "%s %d of %d: %s\n", panel_at(p)->title, v->sel[p] + 1,
	    panel_at(p)->rows(v), words[0] != '\0' ? words : "nothing");
	n->focus = p;
	memcpy(n->sel, v->sel, sizeof n->sel);
}

/* After a command: what it opened, what it asks, where it went. */
static void
say_after(struct linear *n, enum dialog_id before)
{
	struct view *v = &n->a->v;

	say_message(n); /* the next line may be here already */
	if (v->dialog != before || v->walk->serial != n->step)
		say_window(n);
	if (v->dialog == DIALOG_DRILL_LAYER || v->dialog == DIALOG_DRILL_FINDING)
		fputs("Type its number; Esc goes back.\n", n->out);
	if (v->dialog == DIALOG_DRILL_TOLD) { /* it is read, and any command can follow */
		v->dialog = DIALOG_NONE;
		say_end(n);
	}
	if (v->dialog == DIALOG_HELP) { /* it is read, and any command can follow */
		v->dialog = n->dialog = app_home(n->a);
		fputs("A command is its key, or its name as --print-keys has it.\n", n->out);
	}
	if (v->prompt != PROMPT_NONE)
		fprintf(n->out, "%s\n", prompt_at(v->prompt)->label);
	else if (v->dialog == DIALOG_NONE)
		say_selected(n);
}

/* The action that a word means now: by its key, or by its name. */
static enum action
meant(const struct linear *n, const char *word, int *nth)
{
	unsigned ctx = view_context(&n->a->v);
	uint32_t key = key_by_name(word, strlen(word));
	enum action what;

	*nth = 0;
	if (key != 0 && (what = action_lookup(
			     &n->a->set.keys, key, ctx & ~(unsigned)CTX_TYPE, nth)) != ACTION_NONE)
		return what;
	what = action_by_name(word);
	return what != ACTION_NONE && (action_info(what)->where & ctx) != 0 ? what : ACTION_NONE;
}

static void
obey(struct linear *n, char *line)
{
	struct app *a = n->a;
	enum dialog_id before = a->v.dialog;
	enum action what;
	int nth;

	if (a->v.prompt != PROMPT_NONE || (view_context(&a->v) & CTX_TYPE) != 0) {
		field_set(&a->v.field, line);
		act_accept(a, 0);
		say_after(n, before);
		return;
	}
	line[strcspn(line, " \t\r")] = '\0';
	if (line[0] == '\0' && a->v.dialog == DIALOG_NONE) {
		say_verdict(n);
		return;
	}
	/* A list is chosen from by number. */
	if (a->v.dialog != DIALOG_NONE && dialog_at(a->v.dialog)->rows != NULL && line[0] >= '0' &&
	    line[0] <= '9') {
		int row = atoi(line);

		if (row < 1 || row > dialog_at(a->v.dialog)->rows(&a->v)) {
			fputs("There is no such number.\n", n->out);
			return;
		}
		a->v.dialog_sel = row - 1;
		act_accept(a, 0);
		say_after(n, before);
		return;
	}
	what = meant(n, line[0] == '\0' ? "Enter" : line, &nth);
	if (what == ACTION_NONE) {
		fprintf(n->out, "%s\n",
		    a->v.dialog != DIALOG_NONE ? "No answer to this. Esc goes back."
					       : "No such command. ? lists them.");
		return;
	}
	app_act(a, what, nth);
	say_after(n, before);
}

static void
on_line(struct linear *n)
{
	n->line[n->len] = '\0';
	if (n->too_long)
		fputs("That line is too long.\n", n->out);
	else
		obey(n, n->line);
	n->len = 0;
	n->too_long = false;
}

/* Obey lines until one gives the terminal to a command: what is behind it waits. */
static void
eat(struct linear *n, const char *bytes, size_t len)
{
	size_t i;

	for (i = 0; i < len && n->a->result == APP_NO_SCREEN && !n->a->aside; i++) {
		if (bytes[i] == '\n')
			on_line(n);
		else if (n->len + 1 < sizeof n->line)
			n->line[n->len++] = bytes[i];
		else
			n->too_long = true;
	}
	n->nheld = len - i;
	memmove(n->held, bytes + i, len - i);
}

static void
on_input(uv_poll_t *p, int status, int events)
{
	struct linear *n = p->data;
	char buf[INPUT_LEN];
	ssize_t got = status < 0 ? 0 : read(STDIN_FILENO, buf, sizeof buf);

	(void)events;
	if (got < 0 && (errno == EINTR || errno == EAGAIN))
		return;
	if (got <= 0) { /* nobody asks any more: what runs is told to its end */
		uv_poll_stop(p);
		n->eof = true;
	} else {
		eat(n, buf, (size_t)got);
	}
	if (!n->a->aside)
		tell(n);
}

/* Read what is typed; or leave it to the command that has the terminal. */
static void
read_input(struct app *a, bool on)
{
	struct linear *n = a->front;
	char held[INPUT_LEN];
	size_t len = n->nheld;

	if (!on) {
		uv_poll_stop(&n->in);
		return;
	}
	if (!n->eof)
		uv_poll_start(&n->in, UV_READABLE, on_input);
	memcpy(held, n->held, len);
	eat(n, held, len);
}

static void
on_turn(uv_prepare_t *p)
{
	struct app *a = p->data;

	if (a->dirty && !a->aside)
		tell(a->front);
}

/* Begin: what is diagnosed, and what there is already. */
static void
greet(struct linear *n)
{
	struct app *a = n->a;

	app_refresh(a);
	frame_layout(&a->v, &a->l, PAGE_COLS, VIRTUAL_ROWS);
	if (a->opt.note != NULL)
		fprintf(n->out, "%s\n", a->opt.note);
	fprintf(n->out, "sshmedic: diagnosing %s. ? lists the commands, q quits.\n",
	    a->v.input[0] == '\0' ? "a recording"
	    : app_hides(a)        ? "what you named"
				  : a->v.input);
	app_take(a);
	tell(n);
}

int
app_run_linear(struct app *a, struct engine *e, FILE *out)
{
	struct linear *n = calloc(1, sizeof *n);
	bool in;

	if (n == NULL)
		return APP_NO_SCREEN;
	*n = (struct linear){ .a = a, .out = out, .said_run = -1, .focus = PANEL_FINDINGS };
	a->linear = true;
	a->v.dialog = DIALOG_NONE; /* the table comes at the end */
	a->front = n;
	app_open(a, e);
	a->copier = copier_new(&a->loop, NULL, &a->set, app_copied, a);
	greet(n);
	in = uv_poll_init(&a->loop, &n->in, STDIN_FILENO) == 0;
	n->in.data = n;
	if (in) {
		a->input = read_input;
		read_input(a, true);
	} else {
		n->eof = true; /* a file, or nothing */
	}
	uv_prepare_start(&a->before_sleep, on_turn);
	if (in || a->running)
		uv_run(&a->loop, UV_RUN_DEFAULT);
	if (in)
		uv_close((uv_handle_t *)&n->in, NULL);
	app_close(a, false);
	a->front = NULL;
	free(n);
	return a->result == APP_NO_SCREEN ? APP_QUIT : a->result;
}
