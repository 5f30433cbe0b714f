/* The buffer of practice_out.h. */
#include "practice_out.h"

#include <string.h>

void
practice_out_add(struct practice_out *o, const void *data, size_t len)
{
	if (len > sizeof(o->b) - o->len)
		return;
	memcpy(o->b + o->len, data, len);
	o->len += len;
}

void
practice_out_puts(struct practice_out *o, const char *s)
{
	practice_out_add(o, s, strlen(s));
}

void
practice_out_drop(struct practice_out *o, size_t n)
{
	if (n > o->len)
		n = o->len;
	o->len -= n;
	memmove(o->b, o->b + n, o->len);
}
