/*
 * A wire with a round trip: two TUN devices, one in the network namespace of
 * each of two processes, and this relay between them, which holds every
 * packet for half the round trip, loses some, and swallows those above a
 * size. The real TCP stacks on both sides do the rest. Started by lib.sh
 * (lab_rtt), for the lab and for the benchmark.
 *
 *   relay PID_A PID_B      then lines on stdin: ROUND_TRIP_MS LOSS_PERCENT MTU [MTU_BACK [FIRST LAST]]
 *
 * Of the packets with TCP data from A to B, those numbered FIRST to LAST since the line are lost.
 * MTU is for the way from A to B, MTU_BACK for the way back (without it: the same).
 *
 * Prints "ready" once both devices (lab0) exist. Ends when stdin ends.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <poll.h>
#include <sched.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

enum { QUEUE = 4096, PACKET = 2048 };

struct packet {
	int64_t due_ns;
	uint32_t len;
	unsigned char data[PACKET];
};

/* Packets on their way to one side, in order of arrival; the delay is the same for all. */
struct lane {
	int to;
	unsigned head, count, mtu;
	struct packet ring[QUEUE];
};

static struct lane lanes[2];
static int64_t half_ns;
static unsigned loss_percent, first_lost, last_lost, data_packets;
static uint32_t dice = 2463534242u;

static int64_t
now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return ((int64_t)t.tv_sec * 1000000000 + t.tv_nsec);
}

/* xorshift with a fixed seed: the same run loses the same packets. */
static bool
lost(void)
{
	dice ^= dice << 13;
	dice ^= dice >> 17;
	dice ^= dice << 5;
	return (dice % 100 < loss_percent);
}

/* Whether an IPv4 packet carries TCP data. */
static bool
has_data(const unsigned char *p, size_t len)
{
	size_t ip = (size_t)(p[0] & 15) * 4;

	return (len > ip + 20 && p[0] >> 4 == 4 && p[9] == 6 &&
		len > ip + (size_t)(p[ip + 12] >> 4) * 4);
}

/* One of those that a line named; retransmissions count as packets of their own. */
static bool
named(const struct lane *l, const unsigned char *p, size_t len)
{
	if (l != &lanes[0] || last_lost == 0 || !has_data(p, len))
		return (false);
	data_packets++;
	return (data_packets >= first_lost && data_packets <= last_lost);
}

static int
tun_open(const char *pid)
{
	char path[64];
	struct ifreq ifr = { 0 };
	int ns, fd;

	snprintf(path, sizeof path, "/proc/%s/ns/net", pid);
	if ((ns = open(path, O_RDONLY | O_CLOEXEC)) == -1 || setns(ns, CLONE_NEWNET) == -1)
		return (-1);
	close(ns);
	if ((fd = open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC)) == -1)
		return (-1);
	ifr.ifr_flags = IFF_TUN | IFF_NO_PI;
	snprintf(ifr.ifr_name, sizeof ifr.ifr_name, "lab0");
	if (ioctl(fd, TUNSETIFF, &ifr) == -1) {
		close(fd);
		return (-1);
	}
	return (fd);
}

static void
lane_take(struct lane *l, int from)
{
	struct packet *p, spare;
	ssize_t n;

	for (;;) {
		p = l->count < QUEUE ? &l->ring[(l->head + l->count) % QUEUE] : &spare;
		if ((n = read(from, p->data, sizeof p->data)) <= 0)
			return;
		if (p == &spare || (unsigned)n > l->mtu || lost() || named(l, p->data, (size_t)n))
			continue;
		p->len = (uint32_t)n;
		p->due_ns = now_ns() + half_ns;
		l->count++;
	}
}

static void
lane_give(struct lane *l, int64_t now)
{
	while (l->count > 0 && l->ring[l->head].due_ns <= now) {
		const struct packet *p = &l->ring[l->head];

		/* A device that is down or full loses the packet, as a wire would. */
		if (write(l->to, p->data, p->len) == -1 && errno == EINTR)
			continue;
		l->head = (l->head + 1) % QUEUE;
		l->count--;
	}
}

/* The nearest due time as a ppoll timeout; NULL where nothing waits. */
static struct timespec *
next_due(struct timespec *ts)
{
	int64_t due = INT64_MAX, wait;
	int i;

	for (i = 0; i < 2; i++)
		if (lanes[i].count > 0 && lanes[i].ring[lanes[i].head].due_ns < due)
			due = lanes[i].ring[lanes[i].head].due_ns;
	if (due == INT64_MAX)
		return (NULL);
	wait = due - now_ns();
	if (wait < 0)
		wait = 0;
	ts->tv_sec = wait / 1000000000;
	ts->tv_nsec = wait % 1000000000;
	return (ts);
}

/* One line of settings. Returns false at the end of stdin. */
static bool
settings(void)
{
	char line[128];
	unsigned ms, loss, there, back, first, last;
	int words;
	ssize_t n = read(STDIN_FILENO, line, sizeof line - 1);

	if (n <= 0)
		return (n == -1 && errno == EINTR);
	line[n] = '\0';
	if ((words = sscanf(line, "%u %u %u %u %u %u", &ms, &loss, &there, &back, &first, &last)) >=
	    3) {
		half_ns = (int64_t)ms * 500000;
		loss_percent = loss;
		lanes[0].mtu = there;
		lanes[1].mtu = words >= 4 ? back : there;
		first_lost = words == 6 ? first : 0;
		last_lost = words == 6 ? last : 0;
		data_packets = 0;
	}
	return (true);
}

int
main(int argc, char **argv)
{
	struct pollfd fds[3];
	struct timespec ts;
	int a, b;

	if (argc != 3) {
		fprintf(stderr, "usage: relay PID_A PID_B\n");
		return (2);
	}
	if ((a = tun_open(argv[1])) == -1 || (b = tun_open(argv[2])) == -1) {
		fprintf(stderr, "relay: %s\n", strerror(errno));
		return (1);
	}
	lanes[0].to = b;
	lanes[1].to = a;
	lanes[0].mtu = lanes[1].mtu = 65535;
	fds[0] = (struct pollfd){ .fd = a, .events = POLLIN };
	fds[1] = (struct pollfd){ .fd = b, .events = POLLIN };
	fds[2] = (struct pollfd){ .fd = STDIN_FILENO, .events = POLLIN };
	printf("ready\n");
	fflush(stdout);
	for (;;) {
		if (ppoll(fds, 3, next_due(&ts), NULL) == -1 && errno != EINTR)
			return (1);
		if (fds[2].revents != 0 && !settings())
			return (0);
		if (fds[0].revents != 0)
			lane_take(&lanes[0], a);
		if (fds[1].revents != 0)
			lane_take(&lanes[1], b);
		lane_give(&lanes[0], now_ns());
		lane_give(&lanes[1], now_ns());
	}
}
