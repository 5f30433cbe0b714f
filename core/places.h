/*
 * The places of what keeps a processor busy: a child of ssh works for some
 * milliseconds and then has done, or waits (a Match exec that looks at a
 * network). So of the young ones there is one more than there are processors:
 * none of these is idle, and the screen keeps its share of them. One that has
 * grown old is taken to wait, and counts among all of them only. Pure; the
 * engine owns one.
 */
#ifndef SSHMEDIC_PLACES_H
#define SSHMEDIC_PLACES_H

#include <stdbool.h>
#include <stdint.h>

enum {
	PLACES_MAX = 8,
	PLACES_YOUNG_US = 100 * 1000,
};

struct places {
	int young; /* at once, at most */
	bool taken[PLACES_MAX];
	uint64_t since_us[PLACES_MAX];
};

/* All free. Fewer than one processor counts as one. */
void places_init(struct places *p, int processors);

/*
 * When one more may begin: 0 at once, else microseconds until a young one has
 * grown old, or UINT64_MAX where only the end of one makes room.
 */
uint64_t places_wait_us(const struct places *p, uint64_t now_us);

/* The number of a place that was free and is now taken, for places_give(); -1 where places_wait_us() is not 0. */
int places_take(struct places *p, uint64_t now_us);

/* It has ended. -1 is no place. */
void places_give(struct places *p, int place);

#endif
