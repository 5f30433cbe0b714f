/*
 * Frames: what stands where at every size. Golden screens are text and roles
 * side by side in tests/screen/golden; UPDATE=1 writes them anew.
 */
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "fixture.h"
#include "core/baseline.h"
#include "tui/drill.h"

static const struct {
	int cols, rows;
} sizes[] = { { 120, 36 }, { 80, 24 }, { 60, 15 }, { 40, 10 }, { 20, 5 }, { 1, 1 } };

static void
frame(struct view *v, struct grid *g, int cols, int rows)
{
	struct layout l;

	assert_int_equal(grid_resize(g, cols, rows), 0);
	frame_layout(v, &l, cols, rows);
	frame_draw(v, &l, g);
}

static char *
slurp(const char *path)
{
	FILE *f = fopen(path, "r");
	char *buf = calloc(1, 1 << 18);

	if (f != NULL) {
		(void)!fread(buf, 1, (1 << 18) - 1, f);
		fclose(f);
	}
	return buf;
}

/* Compare with golden/NAME.txt: the text, a line of ---, the roles. */
static void
golden(const char *name, const struct grid *g)
{
	char path[256], *text = NULL, *want;
	size_t len;
	FILE *f = open_memstream(&text, &len);

	grid_dump(g, false, f);
	fputs("---\n", f);
	grid_dump(g, true, f);
	fclose(f);
	snprintf(path, sizeof path, "tests/screen/golden/%s.txt", name);
	if (getenv("UPDATE") != NULL) {
		f = fopen(path, "w");
		assert_non_null(f);
		fputs(text, f);
		fclose(f);
	}
	want = slurp(path);
	if (strcmp(want, text) != 0)
		print_error("%s differs (UPDATE=1 rewrites it); now:\n%s", path, text);
	assert_string_equal(text, want);
	free(want);
	free(text);
}

static void
golden_sizes(struct fixture *f, const char *what, bool ascii)
{
	for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
		struct grid g = { .ascii = ascii };
		char name[64];

		frame(&f->v, &g, sizes[i].cols, sizes[i].rows);
		snprintf(name, sizeof name, "%s-%dx%d", what, sizes[i].cols, sizes[i].rows);
		golden(name, &g);
		grid_free(&g);
	}
}

static void
failed_at_every_size(void **state)
{
	struct fixture f;

	(void)state;
	fx_begin(&f, true);
	fx_failed(&f.d);
	golden_sizes(&f, "failed", false);
	fx_end(&f);
}

static void
failed_in_ascii(void **state)
{
	struct fixture f;

	(void)state;
	fx_begin(&f, false);
	fx_failed(&f.d);
	golden_sizes(&f, "ascii", true);
	fx_end(&f);
}

static void
running_at_every_size(void **state)
{
	struct fixture f;

	(void)state;
	fx_begin(&f, true);
	fx_running(&f.d);
	golden_sizes(&f, "running", false);
	fx_end(&f);
}

static void
healthy_at_every_size(void **state)
{
	struct fixture f;

	(void)state;
	fx_begin(&f, true);
	fx_healthy(&f.d);
	golden_sizes(&f, "healthy", false);
	fx_end(&f);
}

/* Several targets in the table, and the rest of them where it does not fit. */
static void
table_at_every_size(void **state)
{
	static const char *const names[] = { "web1", "web2.example.net", "alice@web3:2222",
		"ops@a-very-long-name-of-a-host.in.a.deep.domain.example.net", "db1", "db2" };
	size_t order[12];
	struct fixture f;

	(void)state;
	fx_begin(&f, true);
	f.v.roster = roster_new(12);
	f.v.ntargets = 12;
	f.v.order = order;
	f.v.dialog = DIALOG_TABLE;
	f.v.dialog_sel = 1;
	for (size_t i = 0; i < 12; i++) {
		f.v.roster->row[i].input = names[i % 6];
		diag_init(&f.d, 0, 0);
		f.d.started = i != 5;
		f.d.naddrs = 1;
		snprintf(f.d.addrs[0].addr, sizeof f.d.addrs[0].addr, "192.0.2.%d", (int)i + 1);
		if (i % 3 == 0)
			fx_failed(&f.d);
		else if (i % 3 == 1)
			fx_healthy(&f.d);
		else if (i != 5)
			fx_running(&f.d);
		f.d.findings[0].severity = i % 3 == 0 ? SEV_FAIL : SEV_INFO;
		roster_set(f.v.roster, i, &f.d);
	}
	roster_order(f.v.roster, true, order);
	golden_sizes(&f, "table", false);
	f.v.as_given = true;
	f.v.dialog_sel = 11;
	f.v.history = "10:02:11 broke: tcp-refused; 10:14:12 healed";
	roster_order(f.v.roster, false, order);
	golden_sizes(&f, "table-given", false);
	roster_free(f.v.roster);
	fx_end(&f);
}

static void
windows(void **state)
{
	static const struct {
		enum dialog_id id;
		const char *name;
	} all[] = { { DIALOG_HELP, "help" }, { DIALOG_FINDING, "finding" },
		{ DIALOG_PASTE, "paste" }, { DIALOG_FIX, "fix" }, { DIALOG_RERUN, "rerun" } };
	struct fixture f;

	(void)state;
	fx_begin(&f, true);
	fx_failed(&f.d);
	f.v.wait_s = 17;
	f.v.paste = "Nov 23 13:41:58 web-07 sshd[912]: \033]0;x\a refused\r\n\xff\nthird";
	f.v.paste_len = strlen(f.v.paste);
	for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
		f.v.dialog = all[i].id;
		golden_sizes(&f, all[i].name, false);
	}
	fx_end(&f);
}

/* A question in the message line, and a help that is filtered. */
static void
typed(void **state)
{
	struct fixture f;

	(void)state;
	fx_begin(&f, true);
	fx_failed(&f.d);
	f.v.prompt = PROMPT_SEARCH;
	field_set(&f.v.field, "日本 refused");
	golden_sizes(&f, "search", false);
	f.v.prompt = PROMPT_NONE;
	f.v.dialog = DIALOG_HELP;
	field_set(&f.v.field, "COPY report");
	golden_sizes(&f, "help-filtered", false);
	assert_int_equal(help_action(&f.v, 0), ACTION_COPY_REPORT);
	assert_int_equal(help_action(&f.v, 1), ACTION_NONE);
	fx_end(&f);
}

/* A fix that was looked at, one that failed, and how one came out. */
static void
fixes(void **state)
{
	struct fixture f;
	struct factset facts;
	int n;

	(void)state;
	fx_begin(&f, true);
	fx_failed(&f.d);
	f.v.dialog = DIALOG_FIX;
	f.v.dialog_arg = 1;
	fixing_begin(&f.fixing, 0, &fx_fixes[1], WAY_CONNECT, "auth-key-rejected");
	golden_sizes(&f, "fix-looking", false);
	f.fixing.stage = STAGE_READY;
	f.fixing.lines = 3;
	strcpy(f.fixing.line[0], "changes /home/ops/.ssh/config, mode 0600");
	strcpy(f.fixing.line[1], "@@ line 22 @@");
	strcpy(f.fixing.line[2], "+  IdentityFile ~/.ssh/other");
	golden_sizes(&f, "fix-ready", false);
	f.v.read_only = true;
	golden_sizes(&f, "fix-read-only", false);
	f.v.read_only = false;
	fixing_before(&f.fixing, &f.d, f.log);
	f.fixing.stage = STAGE_APPLIED;
	f.v.dialog = DIALOG_OUTCOME;
	fixing_after(&f.fixing, &f.d, f.log);
	assert_int_equal(f.fixing.result, RESULT_UNCHANGED);
	golden_sizes(&f, "outcome-unchanged", false);
	/* A fault that is no more than a remark now is mended; what was one before is as it was. */
	f.d.findings[f.d.verdict.finding].severity = SEV_INFO;
	fixing_after(&f.fixing, &f.d, f.log);
	assert_int_equal(f.fixing.result, RESULT_FIXED);
	f.fixing.severe = SEV_INFO;
	fixing_after(&f.fixing, &f.d, f.log);
	assert_int_equal(f.fixing.result, RESULT_UNCHANGED);
	f.d.findings[f.d.verdict.finding].severity = SEV_FAIL;
	/* A run that was cancelled before the finding tells nothing of it. */
	n = f.d.nfindings;
	f.d.nfindings = 0;
	facts = f.d.facts;
	fact_add(&f.d.facts, F_INTERRUPTED);
	fixing_after(&f.fixing, &f.d, f.log);
	assert_int_equal(f.fixing.result, RESULT_OPEN);
	golden_sizes(&f, "outcome-open", false);
	f.d.facts = facts;
	f.d.layers[LAYER_AUTHENTICATION].state = LS_UNKNOWN;
	fixing_after(&f.fixing, &f.d, f.log);
	assert_int_equal(f.fixing.result, RESULT_OPEN);
	f.d.layers[LAYER_AUTHENTICATION].state = LS_FAIL;
	f.d.nfindings = n;
	fixing_begin(&f.fixing, 0, &fx_fixes[1], WAY_HOSTKEY, "hostkey-changed");
	f.fixing.tries = 2;
	f.v.dialog = DIALOG_HOSTKEY;
	field_set(&f.v.field, "0mT+9");
	golden_sizes(&f, "hostkey", false);
	f.fixing.tries = 0;
	golden_sizes(&f, "hostkey-locked", false);
	fixing_begin(&f.fixing, 0, &fx_fixes[1], WAY_CONNECT, "auth-key-rejected");
	fixing_before(&f.fixing, &f.d, f.log);
	f.v.dialog = DIALOG_OUTCOME;
	f.d.nfindings = 0;
	fx_healthy(&f.d);
	fixing_after(&f.fixing, &f.d, f.log);
	assert_int_equal(f.fixing.result, RESULT_FIXED);
	golden_sizes(&f, "outcome-fixed", false);
	fx_end(&f);
}

/* The words of a screen with a window in few columns, without its borders and the ends of its rows. */
static char *
window_words(struct view *v, int cols, int rows)
{
	struct grid g = { 0 };
	char *text = NULL, *to, *at;
	size_t len;
	FILE *f = open_memstream(&text, &len);

	frame(v, &g, cols, rows);
	grid_dump(&g, false, f);
	fclose(f);
	grid_free(&g);
	for (to = at = text; *at != '\0'; at++) {
		bool blank = (unsigned char)*at <= ' ' || (unsigned char)*at >= 0x80;

		if (!blank || (to > text && to[-1] != ' '))
			*to++ = blank ? ' ' : *at;
	}
	*to = '\0';
	return text;
}

/* A drill: nothing found is on the screen before the answer; then how that was. */
static void
drilled(void **state)
{
	static struct drill dr = { .on = true,
		.plausible = {
		    "auth-key-rejected", "auth-disconnected", "key-none", "banner-silent" } };
	struct fixture f;

	(void)state;
	fx_begin(&f, true);
	fx_failed(&f.d);
	f.v.drill = &dr;
	f.v.d = drill_mask(&dr, &f.d);
	assert_int_equal(f.v.d->nfixes, 0);
	golden_sizes(&f, "drill", false);
	f.v.dialog = DIALOG_DRILL_LAYER;
	golden_sizes(&f, "drill-layer", false);
	/* Another layer's list has what practices make there, and not the verdict. */
	drill_choose(&dr, &f.d, LAYER_TRANSPORT);
	assert_int_equal(dr.n, 1);
	assert_string_equal(dr.choice[0]->id, "banner-silent");
	drill_choose(&dr, &f.d, LAYER_AUTHENTICATION);
	assert_int_equal(dr.n, 3);
	f.v.dialog = DIALOG_DRILL_FINDING;
	f.v.dialog_sel = 1;
	golden_sizes(&f, "drill-finding", false);
	for (f.v.dialog_sel = 0; f.v.dialog_sel < dr.n; f.v.dialog_sel++) {
		char *words = window_words(&f.v, 60, 15);

		assert_non_null(strstr(words, dr.choice[f.v.dialog_sel]->means));
		assert_non_null(strstr(words, "Enter take it"));
		free(words);
	}
	drill_look(&dr, f.d.findings[0].ev[0]);
	drill_answer(&dr, &f.d, catalogue_by_id("auth-key-not-listed"));
	assert_int_equal(dr.result, DRILL_CLASS);
	drill_answer(&dr, &f.d, catalogue_by_id("banner-silent"));
	assert_int_equal(dr.result, DRILL_LAYER); /* as the layer was chosen */
	dr.layer = LAYER_TRANSPORT;
	drill_answer(&dr, &f.d, catalogue_by_id("banner-silent"));
	assert_int_equal(dr.result, DRILL_WRONG);
	assert_false(dr.on);
	f.v.d = &f.d;
	f.v.dialog = DIALOG_DRILL_TOLD;
	golden_sizes(&f, "drill-wrong", false);
	drill_answer(&dr, &f.d, catalogue_by_id("auth-key-rejected"));
	assert_int_equal(dr.result, DRILL_RIGHT);
	golden_sizes(&f, "drill-right", false);
	fx_end(&f);
}

/* Whether the screen shows these words. */
static bool
shows(const struct grid *g, const char *words)
{
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);
	bool found;

	grid_dump(g, false, out);
	fclose(out);
	found = strstr(text, words) != NULL;
	free(text);
	return found;
}

/* A change on the server that could not be kept is still there, and can be kept; undone may be less than all. */
static void
kept_or_undone_on_the_server(void **state)
{
	struct fixture f;
	struct evidence ev;
	struct grid g = { 0 };

	(void)state;
	fx_begin(&f, true);
	fx_failed(&f.d);
	fixing_begin(&f.fixing, 0, &fx_fixes[0], WAY_SERVER, "auth-key-rejected");
	fixing_before(&f.fixing, &f.d, f.log);
	f.fixing.stage = STAGE_APPLYING;
	ev_init(&ev, EV_FIX_APPLIED);
	ev_str(&ev, K_FIX, "install-key");
	ev_str(&ev, K_ID, "5c3a");
	ev_int(&ev, K_DEADLINE_MS, 60000);
	ev.at_us = 1000000;
	assert_true(fixing_take(&f.fixing, &ev));
	assert_true(fixing_waits(&f.fixing));
	ev_init(&ev, EV_FIX_FAILED);
	ev_str(&ev, K_FIX, "install-key");
	ev_str(&ev, K_TEXT, "the new login of the admin failed");
	assert_true(fixing_take(&f.fixing, &ev));
	assert_int_equal(f.fixing.stage, STAGE_APPLIED);
	f.v.dialog = DIALOG_OUTCOME;
	f.v.now_us = 21000000;
	assert_null(view_why_not(&f.v, ACTION_FIX_KEEP));
	frame(&f.v, &g, 120, 36);
	assert_true(shows(&g, "the new login of the admin failed"));
	assert_true(shows(&g, "in 40 s the server undoes it by itself"));
	ev_init(&ev, EV_FIX_UNDONE);
	ev_str(&ev, K_FIX, "install-key");
	ev_str(&ev, K_TEXT, "no new login");
	assert_true(fixing_take(&f.fixing, &ev));
	assert_false(fixing_waits(&f.fixing));
	frame(&f.v, &g, 120, 36);
	assert_true(shows(&g, "UNDONE: all is as it was before"));
	ev_int(&ev, K_LINES, 1);
	ev_str(&ev, K_ERR, "/etc/x could not be put back");
	assert_true(fixing_take(&f.fixing, &ev));
	frame(&f.v, &g, 120, 36);
	assert_false(shows(&g, "all is as it was"));
	assert_true(shows(&g, "UNDONE IN PART"));
	assert_true(shows(&g, "/etc/x could not be put back"));
	grid_free(&g);
	fx_end(&f);
}

static void
say_of(struct fixture *f, enum ev_kind kind, const char *fix, const char *id, const char *text)
{
	struct evidence ev;

	ev_init(&ev, kind);
	ev_str(&ev, K_FIX, fix);
	ev_str(&ev, K_ID, id);
	ev_str(&ev, K_TEXT, text);
	assert_true(fixing_take(&f->fixing, &ev));
}

/* The server was asked what makes the rule permanent. */
static void
say_looked(struct fixture *f)
{
	struct evidence ev;

	ev_init(&ev, EV_FIX_PREVIEW);
	ev_str(&ev, K_FIX, "keep-nft");
	ev_int(&ev, K_LINE, 1);
	ev_str(&ev, K_TEXT, "+insert rule inet f i");
	assert_true(fixing_take(&f->fixing, &ev));
	assert_int_equal(f->fixing.stage, STAGE_LOOKING);
	ev_init(&ev, EV_FIX_PREVIEW);
	ev_str(&ev, K_FIX, "keep-nft");
	ev_str(&ev, K_PATH, "/etc/nftables.conf");
	ev_str(&ev, K_COMMAND, "insert rule inet f i");
	assert_true(fixing_take(&f->fixing, &ev));
}

/* A firewall's rule is proven before s offers what makes it permanent; until that is done u undoes the rule alone. */
static void
rule_made_permanent(void **state)
{
	struct fixture f;
	struct grid g = { 0 };

	(void)state;
	fx_begin(&f, true);
	fx_failed(&f.d);
	fixing_begin(&f.fixing, 0, fix_by_id("open-nft"), WAY_SERVER, "auth-key-rejected");
	fixing_before(&f.fixing, &f.d, f.log);
	say_of(&f, EV_FIX_APPLIED, "open-nft", "1a", "");
	assert_null(fixing_keep(&f.fixing)); /* not proven yet: s keeps the rule itself */
	say_of(&f, EV_FIX_KEPT, "open-nft", "1a", "the login works now");
	assert_ptr_equal(fixing_keep(&f.fixing), fix_by_id("keep-nft"));
	f.v.dialog = DIALOG_OUTCOME;
	assert_null(view_why_not(&f.v, ACTION_FIX_KEEP));
	frame(&f.v, &g, 120, 36);
	assert_true(shows(&g, "s shows what makes it permanent"));
	f.v.read_only = true;
	assert_non_null(view_why_not(&f.v, ACTION_FIX_KEEP));
	f.v.read_only = false;

	fixing_begin_keep(&f.fixing);
	f.v.dialog = DIALOG_FIX;
	f.v.dialog_arg = FIXING_SECOND;
	assert_non_null(view_why_not(&f.v, ACTION_FIX_APPLY)); /* it is not shown yet */
	say_looked(&f);
	assert_null(view_why_not(&f.v, ACTION_FIX_APPLY));
	assert_null(view_why_not(&f.v, ACTION_COPY_COMMAND));
	assert_null(view_why_not(&f.v, ACTION_FIX_UNDO));
	assert_string_equal(f.fixing.id, "1a");
	frame(&f.v, &g, 120, 44);
	assert_true(shows(&g, "Keep the rule where nft loads"));
	assert_true(shows(&g, "+insert rule inet f i"));
	assert_true(shows(&g, "Nothing is done before y"));
	f.v.dialog_arg = 0; /* of the diagnosis none is shown with it */
	assert_non_null(view_why_not(&f.v, ACTION_FIX_APPLY));
	f.v.dialog_arg = FIXING_SECOND;

	/* By itself only the second step is undone. */
	say_of(&f, EV_FIX_APPLIED, "keep-nft", "2b", "");
	assert_string_equal(f.fixing.id, "2b");
	say_of(&f, EV_FIX_UNDONE, "keep-nft", "2b", "the login got worse");
	assert_int_equal(f.fixing.stage, STAGE_FAILED);
	assert_string_equal(f.fixing.id, "1a");
	f.v.dialog = DIALOG_OUTCOME;
	frame(&f.v, &g, 120, 36);
	assert_true(shows(&g, "NOT PERMANENT"));
	assert_false(shows(&g, "all is as it was before"));
	/* By u all of it is, and the rule's own undo is one of it. */
	f.fixing.undoing = true;
	say_of(&f, EV_FIX_UNDONE, "open-nft", "1a", "it was asked for");
	assert_int_equal(f.fixing.stage, STAGE_UNDONE);
	frame(&f.v, &g, 120, 36);
	assert_true(shows(&g, "UNDONE: all is as it was before"));
	grid_free(&g);
	fx_end(&f);
}

/* It is refused: why, and the line that a person can add is there to be copied. */
static void
rule_stays_for_the_time_being(void **state)
{
	struct fixture f;
	struct evidence ev;
	struct grid g = { 0 };

	(void)state;
	fx_begin(&f, true);
	fx_failed(&f.d);
	fixing_begin(&f.fixing, 0, fix_by_id("open-nft"), WAY_SERVER, "auth-key-rejected");
	fixing_before(&f.fixing, &f.d, f.log);
	say_of(&f, EV_FIX_APPLIED, "open-nft", "1a", "");
	say_of(&f, EV_FIX_KEPT, "open-nft", "1a", "the login works now");
	fixing_begin_keep(&f.fixing);
	f.v.dialog = DIALOG_FIX;
	f.v.dialog_arg = FIXING_SECOND;
	ev_init(&ev, EV_FIX_FAILED);
	ev_str(&ev, K_FIX, "keep-nft");
	ev_str(&ev, K_TEXT, "the file does not make the chain");
	ev_str(&ev, K_COMMAND, "insert rule inet f i accept");
	assert_true(fixing_take(&f.fixing, &ev));
	assert_non_null(view_why_not(&f.v, ACTION_FIX_APPLY));
	assert_null(view_why_not(&f.v, ACTION_COPY_COMMAND));
	assert_null(view_why_not(&f.v, ACTION_FIX_UNDO));
	frame(&f.v, &g, 120, 44);
	assert_true(shows(&g, "the file does not make the chain"));
	assert_true(shows(&g, "insert rule inet f i accept"));
	grid_free(&g);
	fx_end(&f);
}

/* y does what the window shows, or nothing. */
static void
apply_is_of_what_is_shown(void **state)
{
	struct fixture f;
	struct evidence ev;

	(void)state;
	fx_begin(&f, true);
	fx_failed(&f.d);
	f.v.dialog = DIALOG_FIX;
	f.v.dialog_arg = 1;
	fixing_begin(&f.fixing, 0, &fx_fixes[1], WAY_CLIENT, "auth-key-rejected");
	f.fixing.stage = STAGE_READY;
	assert_null(view_why_not(&f.v, ACTION_FIX_APPLY));
	f.v.dialog_arg = 0; /* the window of another fix */
	assert_non_null(view_why_not(&f.v, ACTION_FIX_APPLY));
	f.v.dialog_arg = -1; /* of one that is not offered any more */
	assert_non_null(view_why_not(&f.v, ACTION_FIX_APPLY));
	f.v.dialog_arg = 1;
	f.v.target = 1; /* the same fix of another target */
	assert_non_null(view_why_not(&f.v, ACTION_FIX_APPLY));
	f.fixing.stage = STAGE_APPLIED;
	strcpy(f.fixing.id, "7");
	assert_non_null(view_why_not(&f.v, ACTION_FIX_UNDO));
	f.v.target = 0;
	assert_null(view_why_not(&f.v, ACTION_FIX_UNDO));
	f.v.read_only = true;
	assert_non_null(view_why_not(&f.v, ACTION_FIX_UNDO));
	f.v.read_only = false;
	/* What is said of another target's fix is not of this one. */
	ev_init(&ev, EV_FIX_UNDONE);
	ev_str(&ev, K_FIX, fx_fixes[1].id);
	ev.target = 1;
	assert_false(fixing_take(&f.fixing, &ev));
	assert_int_equal(f.fixing.stage, STAGE_APPLIED);
	ev.target = 0;
	assert_true(fixing_take(&f.fixing, &ev));
	assert_int_equal(f.fixing.stage, STAGE_UNDONE);
	/* A confirmed host key unlocks the fix that asked for it, and no other. */
	ev_init(&ev, EV_HOSTKEY_CONFIRM);
	ev_str(&ev, K_RESULT, "ok");
	assert_false(fixing_take(&f.fixing, &ev));
	fixing_begin(&f.fixing, 0, &fx_fixes[1], WAY_HOSTKEY, "hostkey-changed");
	assert_non_null(view_why_not(&f.v, ACTION_FIX_APPLY));
	assert_true(fixing_take(&f.fixing, &ev));
	assert_null(view_why_not(&f.v, ACTION_FIX_APPLY));
	fx_end(&f);
}

static void
each_panel_zoomed(void **state)
{
	struct fixture f;

	(void)state;
	fx_begin(&f, true);
	fx_failed(&f.d);
	f.v.zoom = true;
	for (int p = 0; p < PANEL__COUNT; p++) {
		struct grid g = { 0 };
		char name[64];

		f.v.focus = (enum panel_id)p;
		frame(&f.v, &g, 100, 30);
		assert_int_equal(f.v.focus, p);
		snprintf(name, sizeof name, "zoom-%s", panel_at((enum panel_id)p)->tab);
		golden(name, &g);
		grid_free(&g);
	}
	fx_end(&f);
}

/* The words of a frame, to be freed. */
static char *
words_of(struct view *v, int cols, int rows)
{
	struct grid g = { 0 };
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	frame(v, &g, cols, rows);
	grid_dump(&g, false, out);
	fclose(out);
	grid_free(&g);
	return text;
}

/* The hints name the keys that do something: of one fix one, and none to add text to a recording. */
static void
hints_of_use(void **state)
{
	static const char *const want[] = { "", " 1 fix  ", " 1-2 fix  " };
	struct fixture f;
	char *text;

	(void)state;
	fx_begin(&f, true);
	fx_failed(&f.d);
	for (int n = 1; n <= 2; n++) {
		f.d.nfixes = n;
		text = words_of(&f.v, 100, 30);
		assert_non_null(strstr(text, want[n]));
		free(text);
	}
	for (int live = 0; live <= 1; live++) {
		f.v.live = live;
		text = words_of(&f.v, 120, 36);
		assert_int_equal(strstr(text, " p paste  ") != NULL, live);
		free(text);
	}
	fx_end(&f);
}

/* At 80x24 the zoomed layers leave room for as many phases as a login has. */
static void
phases_beside_layers(void **state)
{
	struct fixture f;
	char *text, *at;
	int n = 0;

	(void)state;
	fx_begin(&f, true);
	fx_failed(&f.d);
	for (int p = 0; p < PH__COUNT; p++)
		f.d.phases[p] = (struct diag_phase){
			.seen = p < 13, .start_us = p * 1000, .took_us = 1000, .budget_us = 300000
		};
	f.v.zoom = true;
	f.v.focus = PANEL_LAYERS;
	at = text = words_of(&f.v, 80, 24);
	while ((at = strstr(at, " of 0.300s")) != NULL) {
		at++;
		n++;
	}
	assert_int_equal(n, 13);
	free(text);
	fx_end(&f);
}

/* No cell of any frame holds a control character or half of a wide one. */
static void
check_cells(const struct grid *g)
{
	for (int i = 0; i < g->w * g->h; i++) {
		const struct cell *c = &g->cell[i];
		int x = i % g->w;

		for (const char *p = c->ch; *p != '\0'; p++)
			assert_false((unsigned char)*p < 0x20 || *p == 0x7f);
		assert_true(c->role < ROLE__COUNT);
		if (c->width == 2) {
			assert_true(x + 1 < g->w);
			assert_int_equal(c[1].width, 0);
		}
		if (c->width == 0) {
			assert_true(x > 0);
			assert_int_equal(c[-1].width, 2);
		}
	}
}

/* Every size, every panel, every window, with text that means harm and numbers that are absurd. */
static void
hostile_at_all_sizes(void **state)
{
	struct fixture f;
	struct grid g = { 0 };

	(void)state;
	fx_begin(&f, true);
	fx_failed(&f.d);
	fx_slot(&f.d, SLOT_USER,
	    "\033]0;x\a\xe2\x80\xae日\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xff");
	fx_slot(&f.d, SLOT_HOSTNAME,
	    "日本語日本語日本語日本語日本語日本語日本語日本語日本語日本語日本語");
	f.d.phases[PH_TCP].took_us = INT64_MAX;
	f.d.phases[PH_KEX].start_us = INT64_MAX;
	f.d.phases[PH_KEX].took_us = INT64_MAX;
	f.d.phases[PH_AUTHNONE].start_us = INT64_MIN;
	fx_probe(&f.d, "wire", LAYER_TRANSPORT, UINT64_MAX, 0, UINT32_MAX);
	fx_probe(&f.d, "wire", LAYER_SESSION, 0, 0, 1);
	f.d.layers[LAYER_SESSION].state = LS_RUN;
	f.d.layers[LAYER_PERFORMANCE].start_us = UINT64_MAX;
	f.v.now_us = UINT64_MAX;
	f.v.xoff = 3;
	for (int cols = 1; cols < 130; cols += cols < 50 ? 1 : 7)
		for (int rows = 1; rows < 45; rows += rows < 12 ? 1 : 5)
			for (int k = 0; k < PANEL__COUNT + DIALOG__COUNT; k++) {
				f.v.focus = k < PANEL__COUNT ? (enum panel_id)k : PANEL_LOG;
				f.v.dialog = k < PANEL__COUNT ? DIALOG_NONE
							      : (enum dialog_id)(k - PANEL__COUNT);
				f.v.dialog_arg = k % 4;
				f.v.dialog_top = k * 3;
				f.v.zoom = rows % 2;
				frame(&f.v, &g, cols, rows);
				check_cells(&g);
			}
	grid_free(&g);
	fx_end(&f);
}

static bool
overlap(const struct rect *a, const struct rect *b)
{
	return a->h > 0 && b->h > 0 && a->x < b->x + b->w && b->x < a->x + a->w &&
	       a->y < b->y + b->h && b->y < a->y + a->h;
}

/* Panels lie within the screen and never over one another or over the lines around them. */
static void
rectangles(void **state)
{
	(void)state;
	for (int cols = 1; cols < 200; cols += 3)
		for (int rows = 1; rows < 80; rows++)
			for (int k = 0; k < 40; k++) {
				struct layout_want w = { .cols = cols,
					.rows = rows,
					.findings = k % 9,
					.explain = k,
					.fixes = k % 10,
					.verdict_cols = k * 6,
					.zoom = k % 7 == 0,
					.focus = (enum panel_id)(k % PANEL__COUNT) };
				struct layout l;
				struct rect r[PANEL__COUNT + 5];
				int n = 0;

				layout_compute(&l, &w);
				for (int p = 0; p < PANEL__COUNT; p++)
					r[n++] = l.panel[p];
				if (l.kind != LAYOUT_TINY)
					r[n++] = l.hints;
				r[n++] = l.header;
				r[n++] = l.verdict;
				r[n++] = l.states;
				r[n++] = l.tabs;
				for (int i = 0; i < n; i++) {
					if (r[i].h == 0)
						continue;
					assert_true(
					    r[i].x >= 0 && r[i].y >= 0 && r[i].w > 0 && r[i].h > 0);
					assert_true(
					    r[i].x + r[i].w <= cols && r[i].y + r[i].h <= rows);
					for (int j = 0; j < i; j++)
						assert_false(overlap(&r[i], &r[j]));
				}
				assert_true(l.verdict.h > 0);
			}
}

static bool
keeps_third(const void *arg, const struct ev_line *line)
{
	++*(int *)arg;
	return line->n % 3 == 0;
}

/* What is looked for a slice at a time is what is found at once; each line is asked about once. */
static void
in_slices(struct logidx *x, struct ev_line **line, uint32_t n)
{
	struct logidx *once = logidx_new();
	int asked = 0, asked_once = 0, slices = 0;

	logidx_filter(once, 1, 3);
	logidx_keep(once, keeps_third, &asked_once);
	for (uint32_t i = 0; i < n; i++)
		assert_int_equal(logidx_add(once, line[i]), 0);
	assert_true(logidx_whole(once));
	logidx_keep(x, keeps_third, &asked);
	assert_false(logidx_whole(x));
	assert_int_equal(logidx_count(x), 0);
	while (!logidx_work(x, 7)) {
		assert_true(asked <= 7 * ++slices);
		for (size_t i = 0; i < logidx_count(x); i++)
			assert_ptr_equal(logidx_line(x, i), logidx_line(once, i));
		if (slices % 64 ==
		    0) /* a change of level in the midst of it asks about nothing again */
			logidx_filter(x, 1, 0), logidx_filter(x, 1, 3);
	}
	assert_true(slices > 300 && logidx_percent(x) == 100);
	assert_int_equal(asked, n / 2);
	assert_int_equal(logidx_count(x), logidx_count(once));
	assert_int_equal(logidx_total(x), logidx_total(once));
	for (size_t i = 0; i < logidx_count(x); i++)
		assert_ptr_equal(logidx_line(x, i), logidx_line(once, i));
	logidx_free(once);
}

/* The log draws what is in sight only, follows its end, and finds a line by its number at any level. */
static void
log_index(void **state)
{
	struct logidx *x = logidx_new();
	enum { N = 5000 };
	size_t at = 0;
	static struct ev_line *line[N];

	(void)state;
	logidx_filter(x, 0, 1);
	for (uint32_t i = 0; i < N; i++) {
		char text[128];

		snprintf(text, sizeof text, "%u %u.0.%u client/0 %s text=x", i, i % 2, i / 3000,
		    i % 4 < 2 ? "banner.line" : "proof.line");
		line[i] = fx_line(i + 1, text);
		assert_int_equal(logidx_add(x, line[i]), 0);
	}
	assert_int_equal(logidx_count(x), N / 4);
	assert_int_equal(logidx_total(x), N / 2);
	assert_int_equal(logidx_line(x, 1)->n, 5);
	assert_null(logidx_line(x, N / 4));
	assert_int_equal(logidx_find(x, 5), 1);
	assert_int_equal(logidx_find(x, 4), 1);
	assert_ptr_equal(logidx_by_number(x, 4), line[3]);
	assert_null(logidx_by_number(x, N + 1));
	assert_null(logidx_by_number(x, 0));
	/* By kind: of this target and of one run, at any level. */
	assert_int_equal(logidx_last_run(x, EV_PROOF_LINE), 1);
	assert_int_equal(logidx_last_run(x, EV_HOSTKEY_OFFERED), -1);
	assert_ptr_equal(logidx_next(x, EV_PROOF_LINE, 1, &at), line[3002]);
	assert_ptr_equal(logidx_next(x, EV_PROOF_LINE, 1, &at), line[3006]);
	at = N;
	assert_null(logidx_next(x, EV_PROOF_LINE, 1, &at));
	at = 0;
	assert_ptr_equal(logidx_next(x, EV_BANNER_LINE, 0, &at), line[0]);
	logidx_filter(x, 1, 3);
	assert_int_equal(logidx_count(x), N / 2);
	assert_int_equal(logidx_line(x, 0)->n, 2);
	in_slices(x, line, N);
	logidx_free(x);
	for (uint32_t i = 0; i < N; i++)
		free(line[i]);
}

/* b: a value, a list of which some is gone and some new, one of which all is gone, and a time. */
static void
what_changed(void **state)
{
	static struct baseline w = { .at = 1795733399,
		.worked = true,
		.compared = 17,
		.n = 5,
		.changes = {
		    { "banner", false, "SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3",
			"SSH-2.0-OpenSSH_9.9" },
		    { "host key", false, "SHA256:Gp6FK6DIQ0VvfLnuHnC78bQ5voksWFTJOPA55S0JcU0",
			"SHA256:BcrhlfGpF9+MbHOPXvX+vJHNLfFe8qYfDIik8wcKK+g" },
		    { "key exchange", true, "diffie-hellman-group14-sha256",
			"sntrup761x25519-sha512,mlkem768x25519-sha256" },
		    { "methods", true, "password", "" },
		    { "time auth.none", false, "12 ms", "2.1 s" },
		} };
	static const struct baseline none = { .worked = true, .compared = 17 };
	struct fixture f;

	(void)state;
	fx_begin(&f, true);
	fx_failed(&f.d);
	f.v.dialog = DIALOG_BASELINE;
	f.v.baseline = &w;
	golden_sizes(&f, "baseline", false);
	f.v.baseline = &none;
	golden_sizes(&f, "baseline-none", false);
	fx_end(&f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_changed),
		cmocka_unit_test(failed_at_every_size),
		cmocka_unit_test(failed_in_ascii),
		cmocka_unit_test(running_at_every_size),
		cmocka_unit_test(healthy_at_every_size),
		cmocka_unit_test(table_at_every_size),
		cmocka_unit_test(windows),
		cmocka_unit_test(typed),
		cmocka_unit_test(fixes),
		cmocka_unit_test(kept_or_undone_on_the_server),
		cmocka_unit_test(rule_made_permanent),
		cmocka_unit_test(rule_stays_for_the_time_being),
		cmocka_unit_test(apply_is_of_what_is_shown),
		cmocka_unit_test(each_panel_zoomed),
		cmocka_unit_test(drilled),
		cmocka_unit_test(hints_of_use),
		cmocka_unit_test(phases_beside_layers),
		cmocka_unit_test(hostile_at_all_sizes),
		cmocka_unit_test(rectangles),
		cmocka_unit_test(log_index),
	};

	setlocale(LC_CTYPE, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
