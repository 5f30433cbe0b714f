/* The registry of panels and windows, and small things that several of them need. Called by frame.c. */
#include "panel.h"

static const struct panel *const panels[PANEL__COUNT] = {
	[PANEL_LAYERS] = &panel_layers,
	[PANEL_TIMING] = &panel_timing,
	[PANEL_FINDINGS] = &panel_findings,
	[PANEL_LOG] = &panel_log,
	[PANEL_FIXES] = &panel_fixes,
};

static const struct dialog *const dialogs[DIALOG__COUNT] = {
	[DIALOG_HELP] = &dialog_help,
	[DIALOG_FINDING] = &dialog_finding,
	[DIALOG_FIX] = &dialog_fix,
	[DIALOG_OUTCOME] = &dialog_outcome,
	[DIALOG_HOSTKEY] = &dialog_hostkey,
	[DIALOG_RERUN] = &dialog_rerun,
	[DIALOG_PASTE] = &dialog_paste,
	[DIALOG_THEME] = &dialog_theme,
	[DIALOG_DRILL_LAYER] = &dialog_drill_layer,
	[DIALOG_DRILL_FINDING] = &dialog_drill_finding,
	[DIALOG_DRILL_TOLD] = &dialog_drill_told,
	[DIALOG_TABLE] = &dialog_table,
	[DIALOG_SAVE] = &dialog_save,
	[DIALOG_WALK] = &dialog_walk,
	[DIALOG_GLOSSARY] = &dialog_glossary,
	[DIALOG_BASELINE] = &dialog_baseline,
};

static const struct prompt prompts[PROMPT__COUNT] = {
	[PROMPT_NONE] = { "" },
	[PROMPT_SEARCH] = { "/ " },
	[PROMPT_FILTER] = { "show lines with: " },
	[PROMPT_FILE] = { "paste it now, or name a file: " },
};

const struct panel *
panel_at(enum panel_id p)
{
	return panels[p];
}

const struct dialog *
dialog_at(enum dialog_id d)
{
	return dialogs[d];
}

const struct prompt *
prompt_at(enum prompt_id p)
{
	return &prompts[p];
}

void
put_secs(struct strbuf *sb, int64_t us)
{
	if (us < 0)
		us = 0;
	if (us < 10 * 1000000LL)
		sb_printf(sb, "%d.%02ds", (int)(us / 1000000), (int)(us / 10000 % 100));
	else if (us < 100 * 1000000LL)
		sb_printf(sb, "%d.%ds", (int)(us / 1000000), (int)(us / 100000 % 10));
	else
		sb_printf(sb, "%llds", (long long)(us / 1000000));
}

int
list_top(int top, int sel, int rows, int h)
{
	if (h < 1)
		return 0;
	if (sel < top)
		top = sel;
	if (sel >= top + h)
		top = sel - h + 1;
	if (top > rows - h)
		top = rows - h;
	return top < 0 ? 0 : top;
}
