/*
 * The terminal: opened, drawn to from a grid, read key by key, and given back
 * as it was on every kind of exit. The only user of ncurses. Called by app.c.
 */
#ifndef SSHMEDIC_TUI_SCREEN_H
#define SSHMEDIC_TUI_SCREEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "grid.h"
#include "theme.h"

enum { SCREEN_PASTE_MAX = 1024 * 1024 };

struct screen;

/*
 * Set the character set from the environment, or take it to be UTF-8 whatever that says; before any
 * thread is started. Returns whether it is UTF-8.
 */
bool screen_locale(bool utf8);
/*
 * Find out what the terminal is and how many colours it gets, by the environment and color
 * (COLOR_* of setting.h). Before any thread is started: it may put TERMINFO into the environment
 * until screen_open() has read it.
 */
void screen_prepare(int color);
/*
 * Take the terminal. Signals of the loop must have been started before, so
 * that ncurses installs no handlers of its own. Returns 0; or -1 with a
 * sentence in err where there is no terminal that can place the cursor.
 * note receives a remark for the user, or "".
 */
int screen_open(struct screen **out, const struct theme *t, char *note, size_t notecap, char *err,
    size_t errcap);
/* Give the terminal back. NULL-safe. */
void screen_close(struct screen *s);

/* To be polled for input; its own open file, so that no other descriptor becomes non-blocking. */
int screen_fd(const struct screen *s);
/* To be polled for what libraries write to standard error while the screen is up; -1: nothing of it is kept. */
int screen_stray_fd(const struct screen *s);
/* Read some of it; take gets each line, harmless, of at most STRAY_LINE_MAX bytes before that (strays.h). Waits for nothing. */
void screen_strays(struct screen *s, void (*take)(void *arg, const char *line), void *arg);
/* The other end of the terminal is gone. */
bool screen_gone(const struct screen *s);
/*
 * The next key (action.h), or 0 where none is waiting. What is pasted (bracketed paste) comes as
 * one KEYCODE_PASTE at its end, never as keys.
 */
uint32_t screen_key(struct screen *s);
enum mouse { MOUSE_NONE, MOUSE_CLICK, MOUSE_WHEEL_UP, MOUSE_WHEEL_DOWN };

/* Take the mouse from the terminal, or give it back. */
void screen_mouse_on(struct screen *s, bool on);
/* What the mouse did, after a KEYCODE_MOUSE: at which cell. */
enum mouse screen_mouse(struct screen *s, int *x, int *y);
/* The bytes of the last paste, as UTF-8 but otherwise raw, at most SCREEN_PASTE_MAX of them; the screen's, until the next key is read. */
const char *screen_pasted(const struct screen *s, size_t *len);
void screen_size(const struct screen *s, int *cols, int *rows);
/* The terminal's size may have changed. */
void screen_resize(struct screen *s);
/* Bring the terminal to what the grid says; sends only what differs. */
void screen_show(struct screen *s, const struct grid *g);
/* How many colours it has. */
enum colour_depth screen_depth(const struct screen *s);
/* Draw in another theme from the next frame on, which sends what looks different. */
void screen_theme(struct screen *s, const struct theme *t);
/* Forget what the terminal shows: the next frame is drawn whole. */
void screen_redraw(struct screen *s);
/*
 * Give the terminal to somebody else for a while, as it was before; screen_resume() takes it again. forget:
 * what was typed ahead is for nobody, as it answered no question.
 */
void screen_aside(struct screen *s, bool forget);
/* Take the terminal again after something else had it, and draw anew. */
void screen_resume(struct screen *s);
/* Give the terminal back, stop the job, and take the terminal again when it is continued. */
void screen_suspend(struct screen *s);
/* Send bytes past ncurses, for the clipboard. Returns false without a screen (NULL), and where the terminal would not understand such sequences. */
bool screen_send(struct screen *s, const char *bytes, size_t len);

#endif
