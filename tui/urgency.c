/* Short turns for the screen's thread; see urgency.h. */
#include "urgency.h"

#include <sched.h>
#include <stdint.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { TURN_NS = 100 * 1000 }; /* the least that Linux grants */

void
urgency_ask(void)
{
#ifdef SYS_sched_setattr
	/* The kernel's struct sched_attr, first version; the C library of Debian 12 has none. */
	struct {
		uint32_t size, policy;
		uint64_t flags;
		int32_t nice;
		uint32_t priority;
		uint64_t runtime, deadline, period;
	} attr = { .size = sizeof attr, .policy = SCHED_OTHER, .runtime = TURN_NS };

	attr.nice = getpriority(PRIO_PROCESS, 0); /* as it is */

	syscall(SYS_sched_setattr, 0, &attr, 0);
#endif
}
