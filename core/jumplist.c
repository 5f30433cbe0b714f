/* Lists of jump hosts; see jumplist.h. */
#include "jumplist.h"

#include <string.h>

int
jumplist_read(const char *list, char names[][JUMPLIST_NAME], int max)
{
	int n = 0;

	for (const char *s = list; *s != '\0';) {
		size_t len = strcspn(s, ",");

		if (n == max || len == 0 || len >= JUMPLIST_NAME)
			return 0;
		memcpy(names[n], s, len);
		names[n++][len] = '\0';
		s += len + (s[len] == ',');
	}
	return n;
}
