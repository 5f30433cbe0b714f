/* Theme files: any bytes give complaints at most, colours that the screen can take, and figures that can be. */
#include "fuzz.h"

#ifndef SSHMEDIC_DATADIR
#define SSHMEDIC_DATADIR "/nonexistent"
#endif
/* The program's own files: the fuzzers are linked with the core alone. */
#include "tui/theme.c"
#include "tui/theme_colour.c"
#include "tui/theme_find.c"
#include "tui/width.c"
#include "tui/glyph.c"
#include "tui/theme_check.c"
#include "tui/xdg.c"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	FILE *f, *out;
	char *said = NULL;
	size_t len = 0;
	static struct theme_check check;
	struct theme t;

	if (size == 0)
		return 0;
	f = fmemopen((void *)(uintptr_t)data, size, "r");
	out = open_memstream(&said, &len);
	if (f != NULL && out != NULL) {
		theme_default(&t);
		theme_read(&t, f, "fuzz", out);
		theme_check(&check, &t, true);
		theme_check_print(&check, out);
		for (int d = DEPTH_16; d <= DEPTH_TRUE; d++)
			for (int r = 0; r < ROLE__COUNT; r++) {
				double c = check.depth[d].contrast[r];

				FUZZ_CHECK(c < 0 || (c >= 1 && c < 21.01));
			}
		for (int r = 0; r < ROLE__COUNT; r++)
			FUZZ_CHECK(t.look[r].fg.c256 <= 255 && t.look[r].bg.c16 <= 15 &&
				   t.look[r].fg.c256 >= -1);
	}
	if (f != NULL)
		fclose(f);
	if (out != NULL)
		fclose(out);
	for (size_t i = 0; i < len; i++)
		FUZZ_CHECK((unsigned char)said[i] >= 0x20 || said[i] == '\n');
	free(said);
	return 0;
}
