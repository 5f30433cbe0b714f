/*
 * The folders that the XDG base directory specification gives a program.
 * Called by whoever reads or writes a file of the user's.
 */
#ifndef SSHMEDIC_TUI_XDG_H
#define SSHMEDIC_TUI_XDG_H

#include <stdbool.h>
#include <stddef.h>

enum xdg { XDG_CONFIG, XDG_STATE, XDG_DATA };

/*
 * The path of name in our own folder of a kind ("" : the folder itself). A variable that is not
 * an absolute path counts as not set. Returns false, and "" in path, where neither the
 * variable nor HOME tells, or where it does not fit.
 */
bool xdg_path(enum xdg kind, const char *name, char *path, size_t cap);

#endif
