/* Names of layers and of their states, declared once. */
#include "layer.h"

#include <string.h>

static const char *const layer_names[LAYER__COUNT + 1] = {
	[LAYER_TRANSPORT] = "transport",
	[LAYER_AUTHENTICATION] = "authentication",
	[LAYER_SESSION] = "session",
	[LAYER_PERFORMANCE] = "performance",
	[LAYER_NONE] = "none",
};

static const char *const state_names[LS__COUNT] = {
	[LS_WAIT] = "wait",
	[LS_RUN] = "run",
	[LS_PASS] = "pass",
	[LS_WARN] = "warn",
	[LS_FAIL] = "fail",
	[LS_SKIP] = "skip",
	[LS_UNKNOWN] = "unknown",
};

const char *
layer_name(enum layer l)
{
	return (unsigned)l <= LAYER_NONE ? layer_names[l] : "none";
}

enum layer
layer_by_name(const char *name)
{
	for (int l = 0; l < LAYER__COUNT; l++)
		if (strcmp(layer_names[l], name) == 0)
			return (enum layer)l;
	return LAYER_NONE;
}

const char *
layer_state_name(enum layer_state s)
{
	return (unsigned)s < LS__COUNT ? state_names[s] : "unknown";
}
