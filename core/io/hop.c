/* A jump host's run inside its target's; see hop.h. What runs when is schedule.c's, as for a target. */
#include "hop.h"

#include <stdlib.h>

#include "engine_internal.h"

/* A subject of its own that no front end sees, and its diagnosis. */
struct hop {
	struct subject *subject, *parent;
	void (*ended)(void *arg);
	void *arg;
	char next_host[TARGET_HOST_MAX];
};

static void
on_ended(void *arg)
{
	struct hop *h = arg;

	h->ended(h->arg);
}

struct hop *
hop_start(struct probe_run *pr, const struct hop_order *order, void (*ended)(void *arg), void *arg)
{
	struct subject *parent = schedule_subject(pr), *s;
	struct hop *h = calloc(1, sizeof *h);

	if (h == NULL ||
	    (s = subject_new_hop(parent, order->number, order->target, order->opt)) == NULL)
		abort();
	h->subject = s;
	h->parent = parent;
	h->ended = ended;
	h->arg = arg;
	s->ended = on_ended;
	s->ended_arg = h;
	schedule_begin(s, "");
	s->run.target_opt = order->target_opt;
	if (order->next_host != NULL) {
		text_copy(h->next_host, sizeof h->next_host, order->next_host);
		s->run.next_host = h->next_host;
		s->run.next_port = order->next_port;
	}
	parent->hop_subject = s;
	return h;
}

void
hop_cancel(struct hop *h)
{
	schedule_cancel(h->subject, "cancelled");
}

const struct diag *
hop_diag(struct hop *h)
{
	return subject_diag(h->subject);
}

const struct run *
hop_run(const struct hop *h)
{
	return &h->subject->run;
}

void
hop_free(struct hop *h)
{
	if (h->parent->hop_subject == h->subject)
		h->parent->hop_subject = NULL;
	subject_free(h->subject);
	free(h);
}
