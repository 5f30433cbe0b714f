/* TCP_INFO; see tcpinfo.h. */
#include "tcpinfo.h"

#include <linux/tcp.h>
#include <netinet/in.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>

/* Older kernels return a shorter structure: a field counts only where it ends within len. */
#define HAS(len, field) \
	((len) >= offsetof(struct tcp_info, field) + sizeof((struct tcp_info){ 0 }.field))

int
tcpinfo_get(int fd, struct tcpinfo *out)
{
	struct tcp_info ti;
	socklen_t len = sizeof ti;

	memset(out, 0, sizeof *out);
	memset(&ti, 0, sizeof ti);
	if (getsockopt(fd, IPPROTO_TCP, TCP_INFO, &ti, &len) != 0)
		return -1;
	out->rtt_us = ti.tcpi_rtt;
	out->retrans = ti.tcpi_total_retrans;
	out->unacked = ti.tcpi_unacked;
	out->timeouts = ti.tcpi_retransmits;
	/* The kernel says ~0 before the first sample. */
	if (HAS(len, tcpi_min_rtt) && ti.tcpi_min_rtt != UINT32_MAX)
		out->min_rtt_us = ti.tcpi_min_rtt;
	return 0;
}
