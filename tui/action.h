/*
 * Actions: what a key means where. The table is action.def; app.c carries
 * actions out, the hint line and the help are printed from the same rows. Pure.
 */
#ifndef SSHMEDIC_TUI_ACTION_H
#define SSHMEDIC_TUI_ACTION_H

#include <stddef.h>
#include <stdint.h>

enum action {
#define ACTION(id, keys, where, group, hint, help) ACTION_##id,
#include "action.def"
#undef ACTION
	ACTION__COUNT,
	ACTION_NONE = ACTION__COUNT
};

/* Where the keys go, as bits. */
enum {
	CTX_MAIN = 1 << 0,   /* the panels */
	CTX_FIXDLG = 1 << 1, /* the preview of a fix */
	CTX_ASK = 1 << 2,    /* a question */
	CTX_READ = 1 << 3,   /* a window to read, such as the help */
	CTX_DIALOG = CTX_FIXDLG | CTX_ASK | CTX_READ,
	CTX_ANY = CTX_MAIN | CTX_DIALOG
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
	KEYCODE_FMAX = KEYCODE_F0 + 12
};

struct action_info {
	const char *name; /* as in action.def, for tests */
	const char *keys, *hint, *help;
	unsigned where;
	enum action_group group;
};

const struct action_info *action_info(enum action a);
const char *action_group_name(enum action_group g);
/* What a key does in a context; *nth is its place among the action's keys, from 0. */
enum action action_lookup(uint32_t key, unsigned ctx, int *nth);
/* The code of a key's name ("q", "Ctrl-L", "PgUp", "F5"); 0 where there is none. */
uint32_t key_by_name(const char *name, size_t len);
/* Length of the first key name in a list, for showing it. */
size_t key_first(const char *keys);

#endif
