/* The table of actions and the names of keys. Called by app.c, the hint line and the help. */
#include "action.h"

#include <string.h>

static const struct action_info actions[ACTION__COUNT] = {
#define MAIN CTX_MAIN
#define FIXDLG CTX_FIXDLG
#define ASK CTX_ASK
#define PICK CTX_PICK
#define DETAIL CTX_DETAIL
#define ADD CTX_ADD
#define OUTCOME CTX_OUTCOME
#define WALK CTX_WALK
#define TYPE CTX_TYPE
#define TABLE CTX_TABLE
#define DIALOG CTX_DIALOG
#define ANY CTX_ANY
#define ACTION(id, run, keys, where, group, hint, help) \
	[ACTION_##id] = { #id, keys, hint, help, where, GROUP_##group },
#include "action.def"
#undef ACTION
};

static const struct {
	const char *name;
	uint32_t key;
} names[] = {
	{ "Up", KEYCODE_UP },
	{ "Down", KEYCODE_DOWN },
	{ "Left", KEYCODE_LEFT },
	{ "Right", KEYCODE_RIGHT },
	{ "Home", KEYCODE_HOME },
	{ "End", KEYCODE_END },
	{ "PgUp", KEYCODE_PGUP },
	{ "PgDn", KEYCODE_PGDN },
	{ "Shift-Tab", KEYCODE_BACKTAB },
	{ "Tab", '\t' },
	{ "Enter", '\r' },
	{ "Esc", 27 },
	{ "Space", ' ' },
	{ "Backspace", KEYCODE_BACKSPACE },
	{ "Delete", KEYCODE_DELETE },
};

const struct action_info *
action_info(enum action a)
{
	return &actions[(unsigned)a < ACTION__COUNT ? a : 0];
}

const char *
action_group_name(enum action_group g)
{
	static const char *const group[GROUP__COUNT] = {
		[GROUP_MOVE] = "Move",
		[GROUP_LOOK] = "Look",
		[GROUP_DO] = "Do",
		[GROUP_LEAVE] = "Leave",
	};

	return (unsigned)g < GROUP__COUNT ? group[g] : "";
}

const char *
action_name(enum action a, char buf[ACTION_NAME_LEN])
{
	const char *id = action_info(a)->id;
	size_t i = 0;

	for (; i < ACTION_NAME_LEN - 1 && id[i] != '\0'; i++)
		buf[i] = (char)(id[i] == '_' ? '-' : id[i] | 0x20);
	buf[i] = '\0';
	return buf;
}

enum action
action_by_name(const char *name)
{
	char buf[ACTION_NAME_LEN];

	for (int a = 0; a < ACTION__COUNT; a++)
		if (strcmp(action_name((enum action)a, buf), name) == 0)
			return (enum action)a;
	return ACTION_NONE;
}

void
keymap_default(struct keymap *km)
{
	for (int a = 0; a < ACTION__COUNT; a++)
		text_copy(km->keys[a], sizeof km->keys[a], actions[a].keys);
}

uint32_t
key_by_name(const char *name, size_t len)
{
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		if (strlen(names[i].name) == len && memcmp(names[i].name, name, len) == 0)
			return names[i].key;
	if (len == 6 && memcmp(name, "Ctrl-", 5) == 0 && name[5] >= '@' && name[5] <= '_')
		return (uint32_t)name[5] & 0x1f;
	if (len >= 2 && len <= 3 && name[0] == 'F' && name[1] >= '1' && name[1] <= '9') {
		uint32_t n = (uint32_t)(name[1] - '0');

		if (len == 3 && name[2] >= '0' && name[2] <= '9')
			n = n * 10 + (uint32_t)(name[2] - '0');
		return n <= 12 ? KEYCODE_F0 + n : 0;
	}
	return len == 1 ? (uint32_t)(unsigned char)name[0] : 0;
}

size_t
key_first(const char *keys)
{
	return strcspn(keys, " ");
}

/* Whether a key is text where there is a field to type in. */
static bool
is_text(uint32_t key)
{
	return key >= ' ' && key < KEYCODE_BASE && key != 0x7f;
}

enum action
action_lookup(const struct keymap *km, uint32_t key, unsigned ctx, int *nth)
{
	for (int a = 0; a < ACTION__COUNT; a++) {
		const char *k = km->keys[a];

		if ((actions[a].where & ctx) == 0 || ((ctx & CTX_TYPE) != 0 && is_text(key)))
			continue;
		for (*nth = 0; *k != '\0'; (*nth)++) {
			size_t len = key_first(k);

			if (key_by_name(k, len) == key)
				return (enum action)a;
			k += len;
			k += *k == ' ';
		}
	}
	*nth = 0;
	return ACTION_NONE;
}

/* Whether an action has a key. */
static bool
has_key(const struct keymap *km, enum action a, uint32_t key)
{
	for (const char *k = km->keys[a]; *k != '\0'; k += *k == ' ') {
		size_t len = key_first(k);

		if (key_by_name(k, len) == key)
			return true;
		k += len;
	}
	return false;
}

/* Contexts in which a key reaches its action: letters never where there is a field. */
static unsigned
reach(enum action a, uint32_t key)
{
	return is_text(key) ? actions[a].where & ~(unsigned)CTX_TYPE : actions[a].where;
}

enum action
keymap_clash(const struct keymap *km, enum action a)
{
	for (const char *k = km->keys[a]; *k != '\0'; k += *k == ' ') {
		size_t len = key_first(k);
		uint32_t key = key_by_name(k, len);

		for (int b = 0; b < ACTION__COUNT; b++)
			if (b != (int)a && (reach(a, key) & reach((enum action)b, key)) != 0 &&
			    has_key(km, (enum action)b, key))
				return (enum action)b;
		k += len;
	}
	return ACTION_NONE;
}
