/*
 * How soon the kernel lets the screen's thread run when there is work for more threads than the machine
 * has processors. Called by app.c.
 */
#ifndef SSHMEDIC_URGENCY_H
#define SSHMEDIC_URGENCY_H

/*
 * Ask for short turns that come soon, for the calling thread: a key then waits for no other's turn to end. It
 * gets no larger share. Linux 6.12 and later (sched_setattr(2), sched_runtime of SCHED_OTHER); elsewhere nothing changes.
 */
void urgency_ask(void);

#endif
