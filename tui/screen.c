/*
 * The terminal through ncursesw. Frames come as grids; only rows that differ
 * from the last frame are handed on. Called by app.c.
 */
#include "screen.h"

#include <curses.h>
#include <errno.h>
#include <fcntl.h>
#include <langinfo.h>
#include <limits.h>
#include <locale.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <wchar.h>

#include "../core/text.h"
#include "action.h"
#include "screen_term.h"
#include "setting.h"
#include "strays.h"

enum { PASTE_BEGIN = KEY_MAX + 1, PASTE_END = KEY_MAX + 2 };

struct screen {
	SCREEN *curses;
	FILE *in, *out;
	struct strays strays;
	bool xterm, pasting, typing;
	char *paste; /* grows to SCREEN_PASTE_MAX */
	size_t paste_len, paste_cap;
	uint64_t attrs[ROLE__COUNT];
	int pairs[ROLE__COUNT];
	struct grid shown; /* what the terminal shows */
	bool whole;        /* it shows nothing that we know of */
};

/* What screen_prepare() found. */
static struct term_choice term;
static bool prepared;

static const char paste_on[] = "\033[?2004h", paste_off[] = "\033[?2004l";

bool
screen_locale(bool utf8)
{
	const char *vars[] = { getenv("LC_ALL"), getenv("LC_CTYPE"), getenv("LANG") };

	if (setlocale(LC_CTYPE, "") == NULL) {
		/* A locale that came along with the login and is not installed here: keep its character set. */
		for (size_t i = 0; i < sizeof vars / sizeof vars[0]; i++) {
			if (vars[i] == NULL || vars[i][0] == '\0')
				continue;
			if (strcasestr(vars[i], "utf-8") != NULL ||
			    strcasestr(vars[i], "utf8") != NULL)
				setlocale(LC_CTYPE, "C.UTF-8");
			break;
		}
	}
	if (utf8 && strcmp(nl_langinfo(CODESET), "UTF-8") != 0)
		setlocale(LC_CTYPE, "C.UTF-8");
	return strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
}

static FILE *
open_input(void)
{
	const char *name = isatty(STDIN_FILENO) ? ttyname(STDIN_FILENO) : "/dev/tty";
	int fd = open(name != NULL ? name : "/dev/tty", O_RDONLY | O_NOCTTY | O_CLOEXEC);
	FILE *f;

	if (fd < 0)
		return NULL;
	if ((f = fdopen(fd, "r")) == NULL)
		close(fd);
	return f;
}

static FILE *
open_output(void)
{
	int fd = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3);
	FILE *f;

	if (fd < 0)
		return NULL;
	if ((f = fdopen(fd, "w")) == NULL)
		close(fd);
	return f;
}

static void
send_bytes(const struct screen *s, const char *bytes, size_t len)
{
	fflush(s->out);
	while (len > 0) {
		ssize_t n = write(fileno(s->out), bytes, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return;
		bytes += n;
		len -= (size_t)n;
	}
}

static void
set_modes(struct screen *s)
{
	raw();
	noecho();
	nonl();
	intrflush(stdscr, FALSE);
	keypad(stdscr, TRUE);
	nodelay(stdscr, TRUE);
	curs_set(0);
	if (getenv("ESCDELAY") == NULL)
		set_escdelay(getenv("SSH_CONNECTION") != NULL ? 25 : 5);
	if (s->xterm) {
		define_key("\033[200~", PASTE_BEGIN);
		define_key("\033[201~", PASTE_END);
		send_bytes(s, paste_on, sizeof paste_on - 1);
	}
}

void
screen_prepare(int color)
{
	term_choose(&term, STDOUT_FILENO, color);
	prepared = true;
}

static SCREEN *
new_terminal(FILE *out, FILE *in)
{
	SCREEN *curses = newterm(term.name, out, in);

	term_opened(&term);
	return curses != NULL ? curses : newterm(term.name, out, in); /* with no words of ours */
}

int
screen_open(struct screen **out, const struct theme *t, char *note, size_t notecap, char *err,
    size_t errcap)
{
	struct screen *s = calloc(1, sizeof *s);

	if (s == NULL)
		return -1;
	if (!prepared)
		screen_prepare(COLOR_AUTO);
	if (!isatty(STDOUT_FILENO) || (s->in = open_input()) == NULL ||
	    (s->out = open_output()) == NULL) {
		snprintf(err, errcap, "there is no terminal");
		goto fail;
	}
	text_copy(note, notecap, term.note);
	text_copy(err, errcap, term.err);
	if (term.name[0] == '\0')
		goto fail;
	crash_prepare(fileno(s->out));
	if ((s->curses = new_terminal(s->out, s->in)) == NULL) {
		snprintf(err, errcap, "the terminal could not be set up");
		goto fail;
	}
	s->xterm = term_like_xterm();
	strays_begin(&s->strays);
	crash_arm(s->xterm ? paste_off : "", s->strays.saved);
	set_modes(s);
	screen_theme(s, t);
	screen_redraw(s);
	*out = s;
	return 0;
fail:
	if (s->in != NULL)
		fclose(s->in);
	if (s->out != NULL)
		fclose(s->out);
	free(s);
	return -1;
}

void
screen_close(struct screen *s)
{
	if (s == NULL)
		return;
	if (s->xterm)
		send_bytes(s, paste_off, sizeof paste_off - 1);
	endwin();
	crash_disarm();
	delscreen(s->curses);
	strays_end(&s->strays);
	fclose(s->in);
	fclose(s->out);
	grid_free(&s->shown);
	free(s->paste);
	free(s);
}

int
screen_fd(const struct screen *s)
{
	return fileno(s->in);
}

int
screen_stray_fd(const struct screen *s)
{
	return s->strays.out;
}

void
screen_strays(struct screen *s, void (*take)(void *arg, const char *line), void *arg)
{
	strays_read(&s->strays, take, arg);
}

bool
screen_gone(const struct screen *s)
{
	struct pollfd p = { .fd = fileno(s->in), .events = POLLIN };

	return poll(&p, 1, 0) == 1 && (p.revents & (POLLHUP | POLLERR | POLLNVAL)) != 0;
}

static const struct {
	int curses;
	uint32_t key;
} key_map[] = {
	{ KEY_UP, KEYCODE_UP },
	{ KEY_DOWN, KEYCODE_DOWN },
	{ KEY_LEFT, KEYCODE_LEFT },
	{ KEY_RIGHT, KEYCODE_RIGHT },
	{ KEY_HOME, KEYCODE_HOME },
	{ KEY_END, KEYCODE_END },
	{ KEY_PPAGE, KEYCODE_PGUP },
	{ KEY_NPAGE, KEYCODE_PGDN },
	{ KEY_BTAB, KEYCODE_BACKTAB },
	{ KEY_ENTER, '\r' },
	{ KEY_BACKSPACE, KEYCODE_BACKSPACE },
	{ KEY_DC, KEYCODE_DELETE },
	{ KEY_MOUSE, KEYCODE_MOUSE },
};

/* One more character of a paste; what is beyond the limit is left out. */
static void
keep_pasted(struct screen *s, wint_t wc)
{
	char mb[MB_LEN_MAX];
	mbstate_t st = { 0 };
	/* Terminals send the end of a line as the key for it. */
	size_t n = wcrtomb(mb, wc == '\r' ? L'\n' : (wchar_t)wc, &st);

	if (n == (size_t)-1 || s->paste_len + n > SCREEN_PASTE_MAX)
		return;
	if (s->paste_len + n > s->paste_cap) {
		size_t cap = s->paste_cap == 0 ? 4096 : s->paste_cap * 2;
		char *more = realloc(s->paste, cap);

		if (more == NULL)
			return;
		s->paste = more;
		s->paste_cap = cap;
	}
	memcpy(s->paste + s->paste_len, mb, n);
	s->paste_len += n;
}

void
screen_mouse_on(struct screen *s, bool on)
{
	(void)s;
	mouseinterval(0); /* a press is reported at once */
	mousemask(on ? BUTTON1_PRESSED | BUTTON4_PRESSED | BUTTON5_PRESSED : 0, NULL);
}

enum mouse
screen_mouse(struct screen *s, int *x, int *y)
{
	MEVENT e;

	(void)s;
	if (getmouse(&e) != OK)
		return MOUSE_NONE;
	*x = e.x;
	*y = e.y;
	return (e.bstate & BUTTON4_PRESSED) != 0   ? MOUSE_WHEEL_UP
	       : (e.bstate & BUTTON5_PRESSED) != 0 ? MOUSE_WHEEL_DOWN
	       : (e.bstate & BUTTON1_PRESSED) != 0 ? MOUSE_CLICK
						   : MOUSE_NONE;
}

const char *
screen_pasted(const struct screen *s, size_t *len)
{
	*len = s->paste_len;
	return s->paste != NULL ? s->paste : "";
}

/* A function key of ncurses; 0 where it means nothing to us. */
static uint32_t
map_key(struct screen *s, int code)
{
	if (code == PASTE_BEGIN || code == PASTE_END) {
		bool ended = s->pasting && code == PASTE_END;

		s->pasting = code == PASTE_BEGIN;
		if (s->pasting)
			s->paste_len = 0;
		return ended ? KEYCODE_PASTE : 0;
	}
	if (code > KEY_F0 && code <= KEY_F0 + 12)
		return KEYCODE_F0 + (uint32_t)(code - KEY_F0);
	for (size_t i = 0; i < sizeof key_map / sizeof key_map[0]; i++)
		if (key_map[i].curses == code)
			return key_map[i].key;
	return 0;
}

uint32_t
screen_key(struct screen *s)
{
	wint_t wc;
	int r;

	/* What means nothing is read over: 0 says that nothing is left. */
	while ((r = get_wch(&wc)) != ERR) {
		uint32_t key = r == KEY_CODE_YES ? map_key(s, (int)wc)
			       : wc == '\n'      ? '\r'
						 : (uint32_t)wc;

		if (s->pasting && r == OK)
			keep_pasted(s, wc);
		else if (key != 0 && !s->pasting)
			return key;
	}
	return 0;
}

void
screen_size(const struct screen *s, int *cols, int *rows)
{
	(void)s;
	*cols = COLS;
	*rows = LINES;
}

void
screen_resize(struct screen *s)
{
	struct winsize ws;

	if (ioctl(fileno(s->out), TIOCGWINSZ, &ws) != 0 || ws.ws_row == 0 || ws.ws_col == 0)
		return;
	if (ws.ws_row == LINES && ws.ws_col == COLS)
		return;
	resizeterm(ws.ws_row, ws.ws_col);
	screen_redraw(s);
}

/* One cell to where ncurses keeps its picture. */
static void
put_cell(const struct screen *s, int y, int x, const struct cell *c)
{
	wchar_t text[CELL_BYTES];
	size_t n = 0, len = strlen(c->ch);
	int pair = s->pairs[c->role];
	cchar_t cc;

	for (size_t i = 0; i < len && n < 3;) {
		uint32_t cp;
		size_t used = text_utf8(c->ch + i, len - i, &cp);

		if (used == 0)
			break;
		text[n++] = (wchar_t)cp;
		i += used;
	}
	text[n] = L'\0';
	if (n > 0 && setcchar(&cc, text, (attr_t)s->attrs[c->role], 0, &pair) == OK)
		mvadd_wch(y, x, &cc);
}

void
screen_show(struct screen *s, const struct grid *g)
{
	if (s->shown.w != g->w || s->shown.h != g->h) {
		if (grid_resize(&s->shown, g->w, g->h) != 0)
			return;
		s->whole = true;
	}
	for (int y = 0; y < g->h && y < LINES; y++) {
		const struct cell *now = g->cell + (size_t)y * (size_t)g->w;
		struct cell *was = s->shown.cell + (size_t)y * (size_t)g->w;

		if (!s->whole && memcmp(now, was, (size_t)g->w * sizeof *now) == 0)
			continue;
		for (int x = 0; x < g->w && x < COLS; x++)
			if (now[x].width > 0)
				put_cell(s, y, x, &now[x]);
		memcpy(was, now, (size_t)g->w * sizeof *now);
	}
	s->whole = false;
	if (s->typing != g->typing)
		curs_set((s->typing = g->typing) ? 1 : 0);
	move(g->cy, g->cx);
	refresh();
}

enum colour_depth
screen_depth(const struct screen *s)
{
	(void)s;
	return term.depth;
}

void
screen_theme(struct screen *s, const struct theme *t)
{
	cchar_t blank;

	term_colours(&term, t, s->attrs, s->pairs);
	if (setcchar(&blank, L" ", A_NORMAL, 0, &s->pairs[ROLE_TEXT]) == OK)
		bkgrndset(&blank);
	s->whole =
	    true; /* every cell is handed on once more; ncurses sends those that look different */
}

void
screen_redraw(struct screen *s)
{
	s->whole = true;
	clearok(curscr, TRUE);
}

/*
 * Stop as Ctrl-Z stops a job: everyone of our process group, ourselves last
 * and by a signal to this very thread, so that nothing is drawn in between.
 */
static void
stop_job(void)
{
	struct sigaction ignore = { .sa_handler = SIG_IGN }, dflt = { .sa_handler = SIG_DFL },
			 before;

	sigaction(SIGTSTP, &ignore, &before);
	kill(0, SIGTSTP);
	sigaction(SIGTSTP, &dflt, NULL);
	raise(SIGTSTP);
	sigaction(SIGTSTP, &before, NULL);
}

void
screen_resume(struct screen *s)
{
	strays_hide(&s->strays);
	endwin(); /* so that the next refresh sets everything up from the start */
	if (s->xterm)
		send_bytes(s, paste_on, sizeof paste_on - 1);
	refresh();
	curs_set(s->typing);
	screen_resize(s);
	screen_redraw(s);
}

void
screen_aside(struct screen *s, bool forget)
{
	if (forget)
		flushinp();
	if (s->xterm)
		send_bytes(s, paste_off, sizeof paste_off - 1);
	curs_set(1);
	endwin();
	strays_show(&s->strays);
}

void
screen_suspend(struct screen *s)
{
	screen_aside(s, false);
	stop_job();
	crash_prepare(fileno(s->out)); /* the shell may have changed how the terminal is set */
	screen_resume(s);
}

bool
screen_send(struct screen *s, const char *bytes, size_t len)
{
	if (s == NULL || !s->xterm)
		return false;
	send_bytes(s, bytes, len);
	return true;
}
