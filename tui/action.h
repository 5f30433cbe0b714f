/*
 * Actions: what a key means where. The table is action.def; app_*.c carry
 * actions out; the hint line and the help are printed from the same rows, with the keys
 * that the user gave them (struct keymap). Pure.
 */
#ifndef SSHMEDIC_TUI_ACTION_H
#define SSHMEDIC_TUI_ACTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../core/text.h"

enum action {
#define ACTION(id, run, keys, where, group, hint, help) ACTION_##id,
#include "action.def"
#undef ACTION
	ACTION__COUNT,
	ACTION_NONE = ACTION__COUNT
};

/* Where the keys go, as bits. */
enum {
	CTX_MAIN = 1 << 0,    /* the panels */
	CTX_FIXDLG = 1 << 1,  /* the preview of a fix */
	CTX_ASK = 1 << 2,     /* a question */
	CTX_READ = 1 << 3,    /* a window to read */
	CTX_PICK = 1 << 4,    /* a list to choose from */
	CTX_TYPE = 1 << 5,    /* a field: letters are its text, whatever they mean elsewhere */
	CTX_DETAIL = 1 << 6,  /* a finding, whole */
	CTX_ADD = 1 << 7,     /* text that may become evidence */
	CTX_OUTCOME = 1 << 8, /* how a fix came out */
	CTX_TABLE = 1 << 9,   /* the table of targets */
	CTX_WALK = 1 << 10,   /* the walkthrough */
	CTX_DIALOG = CTX_FIXDLG | CTX_ASK | CTX_READ | CTX_PICK | CTX_DETAIL | CTX_ADD |
		     CTX_OUTCOME | CTX_WALK,
	CTX_ANY = CTX_MAIN | CTX_DIALOG | CTX_TYPE | CTX_TABLE
};

enum action_group { GROUP_MOVE, GROUP_LOOK, GROUP_DO, GROUP_LEAVE, GROUP__COUNT };

/* A key is its code point (Ctrl-A is 1), or one of these. */
enum {
	KEYCODE_BASE = 0x110000,
	KEYCODE_UP,
	KEYCODE_DOWN,
	KEYCODE_LEFT,
	KEYCODE_RIGHT,
	KEYCODE_HOME,
	KEYCODE_END,
	KEYCODE_PGUP,
	KEYCODE_PGDN,
	KEYCODE_BACKTAB,
	KEYCODE_F0, /* F1 is KEYCODE_F0 + 1 */
	KEYCODE_FMAX = KEYCODE_F0 + 12,
	KEYCODE_BACKSPACE,
	KEYCODE_DELETE,
	KEYCODE_MOUSE, /* screen_mouse() says what; no key can be given this meaning */
	KEYCODE_PASTE /* a whole paste is waiting (screen_pasted()); no key can be given this meaning */
};

struct action_info {
	const char *id; /* as in action.def */
	const char *keys, *hint, *help;
	unsigned where;
	enum action_group group;
};

enum { KEYMAP_KEYS = 64, ACTION_NAME_LEN = 24 };

/* Which keys each action has: those of the table, or what the user gave it. */
struct keymap {
	char keys[ACTION__COUNT][KEYMAP_KEYS]; /* as in action.def */
};

const struct action_info *action_info(enum action a);
const char *action_group_name(enum action_group g);
/* The command's name ("panel-next"); buf must hold ACTION_NAME_LEN. Returns buf. */
const char *action_name(enum action a, char buf[ACTION_NAME_LEN]);
/* The action of a name; ACTION_NONE where there is none. */
enum action action_by_name(const char *name);

void keymap_default(struct keymap *km);
/* Another action that one of the action's keys would reach in some context where it works; ACTION_NONE: there is none. */
enum action keymap_clash(const struct keymap *km, enum action a);
/* What a key does in a context; *nth is its place among the action's keys, from 0. */
enum action action_lookup(const struct keymap *km, uint32_t key, unsigned ctx, int *nth);
/* The code of a key's name ("q", "Ctrl-L", "PgUp", "F5"); 0 where there is none. */
uint32_t key_by_name(const char *name, size_t len);
/* Length of the first key name in a list, for showing it. */
size_t key_first(const char *keys);

#endif
