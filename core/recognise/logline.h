/*
 * The frame of a line of a log: when, on which host, by which program and process, and the
 * message in it. Called by the readers of logs. Pure.
 *
 *   Nov 26 18:50:00 web1 sshd[812]: MESSAGE           syslog, journalctl -o short(-precise)
 *   2026-11-26T18:50:00.1+01:00 web1 sshd[812]: MESSAGE    rsyslog, journalctl -o short-iso
 *   1790000000.123456 web1 sshd[812]: MESSAGE         journalctl -o short-unix
 *   {"MESSAGE":"...","_PID":"812",...}                journalctl -o json
 *   <38>1 2026-11-26T18:50:00Z web1 sshd 812 - - MESSAGE   RFC 5424
 *   Thu Nov 26 18:50:00 2026 auth.info sshd[812]: MESSAGE  logread
 *   [812] Nov 26 18:50:00 MESSAGE                     dropbear -E
 *   2026-11-26T18:50:00.123456789Z MESSAGE            docker logs -t: no program
 *   MESSAGE                                           sshd -e, -E, -d; docker logs
 */
#ifndef SSHMEDIC_LOGLINE_H
#define SSHMEDIC_LOGLINE_H

#include "reader.h"

enum { LOG_NAME = 64 };

struct logline {
	int64_t time; /* epoch seconds, 0 where the line has none that can be known */
	int64_t pid;  /* 0 where none is named */
	bool framed;  /* a program is named: a log's own frame stands before the message */
	bool stamped; /* a time stands before it */
	char host[LOG_NAME], program[LOG_NAME]; /* "" where none; cut where longer */
	const char *message;                    /* in the line, or in text */
	size_t len;
	char text[RECOGNISE_LINE]; /* of a message that stood in JSON */
};

/*
 * Read the frame of l. now and offset as in recognise_options: a stamp without a year or a zone
 * is taken by them. l->s must outlive out.
 */
void logline_parse(const char *s, size_t len, int64_t now, int32_t utc_offset, struct logline *out);
/* One number for a process on the line's host, never 0; 0 for pid 0. */
uint64_t logline_process(const struct logline *f, int64_t pid);

#endif
