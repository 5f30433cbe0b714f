/* Places of what keeps a processor busy; see places.h. Called by core/io/schedule.c. */
#include "places.h"

#include <string.h>

void
places_init(struct places *p, int processors)
{
	memset(p, 0, sizeof *p);
	p->young = processors < 1 ? 2 : processors + 1;
}

uint64_t
places_wait_us(const struct places *p, uint64_t now_us)
{
	uint64_t oldest = UINT64_MAX; /* of the young ones */
	int young = 0, taken = 0;

	for (int i = 0; i < PLACES_MAX; i++) {
		taken += p->taken[i];
		if (!p->taken[i] || now_us - p->since_us[i] >= PLACES_YOUNG_US)
			continue;
		young++;
		if (p->since_us[i] < oldest)
			oldest = p->since_us[i];
	}
	if (taken == PLACES_MAX)
		return UINT64_MAX;
	return young < p->young ? 0 : oldest + PLACES_YOUNG_US - now_us;
}

int
places_take(struct places *p, uint64_t now_us)
{
	int i = 0;

	if (places_wait_us(p, now_us) != 0)
		return -1;
	while (p->taken[i])
		i++;
	p->taken[i] = true;
	p->since_us[i] = now_us;
	return i;
}

void
places_give(struct places *p, int place)
{
	if (place >= 0)
		p->taken[place] = false;
}
