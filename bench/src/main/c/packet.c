/*
 * packet send DEVICE SECONDS BYTES FRAMES_PER_SECOND: sends UDP frames of so many bytes with the time in them; those beyond
 * 1514 bytes are superframes of UDP in datagrams of 1472. Rate 0 is as many as go.
 *
 * packet recvmmsg|ring DEVICE SECONDS [BLOCK_TIMEOUT_MS [BLOCK_BYTES]]: receives from a device through one packet socket with
 * virtio-net headers, as a switch would (every frame is copied to a buffer of its own), and prints what it cost. `ring` is
 * TPACKET_V3. docs/decisions/0050 has the figures; packet.sh beside this file lays out the devices and runs both.
 *
 * Prints: frames, frames a second, bytes, frames that the kernel dropped, CPU seconds of this process a million frames, and of
 * frames that begin with "time" behind a UDP header over IPv4, what they waited (mean and largest, microseconds).
 */
#define _GNU_SOURCE
#include <errno.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>

#include <arpa/inet.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>

#define BURST 64
#define BUFFER (66 << 10)
#define SOCKET_BYTES (8 << 20)
#define HEADER 10
#define PAYLOAD_AT 42

static char (*buffers)[BUFFER];
static uint64_t frames, bytes, stamped, waited_ns, longest_ns;

static uint64_t now_ns(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

static void die(const char *what)
{
	perror(what);
	exit(1);
}

static double cpu_seconds(void)
{
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
	       (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

/* A frame without its virtio-net header. */
static void received(const char *frame, size_t length)
{
	uint64_t sent, wait;

	frames++;
	bytes += length;
	if (length < PAYLOAD_AT + 12 || memcmp(frame + PAYLOAD_AT, "time", 4))
		return;
	memcpy(&sent, frame + PAYLOAD_AT + 4, sizeof(sent));
	wait = now_ns(CLOCK_MONOTONIC) - sent;
	stamped++;
	waited_ns += wait;
	if (wait > longest_ns)
		longest_ns = wait;
}

static void by_recvmmsg(int fd, uint64_t end)
{
	struct mmsghdr messages[BURST];
	struct iovec places[BURST];
	struct pollfd ready = { .fd = fd, .events = POLLIN };

	memset(messages, 0, sizeof(messages));
	for (int i = 0; i < BURST; i++) {
		places[i] = (struct iovec){ buffers[i], BUFFER };
		messages[i].msg_hdr.msg_iov = &places[i];
		messages[i].msg_hdr.msg_iovlen = 1;
	}
	while (now_ns(CLOCK_MONOTONIC) < end) {
		int got = recvmmsg(fd, messages, BURST, MSG_DONTWAIT, NULL);

		if (got < 0 && errno != EAGAIN && errno != ENETDOWN)
			die("recvmmsg");
		if (got <= 0)
			poll(&ready, 1, 100);
		for (int i = 0; i < got; i++)
			received(buffers[i] + HEADER, messages[i].msg_len - HEADER);
	}
}

static void by_ring(int fd, uint64_t end, const char *ring, const struct tpacket_req3 *request)
{
	struct pollfd ready = { .fd = fd, .events = POLLIN };
	unsigned int at = 0;

	while (now_ns(CLOCK_MONOTONIC) < end) {
		struct tpacket_block_desc *block = (struct tpacket_block_desc *)(ring + (size_t)at * request->tp_block_size);
		struct tpacket3_hdr *frame;

		if (!(__atomic_load_n(&block->hdr.bh1.block_status, __ATOMIC_ACQUIRE) & TP_STATUS_USER)) {
			poll(&ready, 1, 100);
			continue;
		}
		frame = (struct tpacket3_hdr *)((char *)block + block->hdr.bh1.offset_to_first_pkt);
		for (uint32_t i = 0; i < block->hdr.bh1.num_pkts; i++) {
			char *to = buffers[i % BURST];
			size_t length = frame->tp_snaplen < BUFFER - HEADER ? frame->tp_snaplen : BUFFER - HEADER;

			/* The header stands right before the frame. */
			memcpy(to, (char *)frame + frame->tp_mac - HEADER, HEADER + length);
			received(to + HEADER, length);
			frame = (struct tpacket3_hdr *)((char *)frame + frame->tp_next_offset);
		}
		__atomic_store_n(&block->hdr.bh1.block_status, TP_STATUS_KERNEL, __ATOMIC_RELEASE);
		at = (at + 1) % request->tp_block_nr;
	}
}

static int transmit(const char *device, uint64_t seconds, unsigned int length, uint64_t rate)
{
	/* An address that nobody has: the receiving host's stack throws it away at once. */
	static const unsigned char headers[PAYLOAD_AT] = {
		2, 0, 0, 0, 0, 0x77, 2, 0, 0, 0, 0, 0x78, 8, 0, 0x45, 0, 0, 0, 0, 1, 0x40, 0, 64, IPPROTO_UDP,
		0, 0, 192, 0, 2, 1, 192, 0, 2, 2, 0x9c, 0x40, 0x9c, 0x40, 0, 0, 0, 0,
	};
	static const struct { uint8_t flags, type; uint16_t header, size, start, offset; } superframe = { 1, 5, 42, 1472, 34, 6 };
	struct sockaddr_ll address = { .sll_family = AF_PACKET, .sll_ifindex = (int)if_nametoindex(device) };
	struct mmsghdr messages[BURST] = { 0 };
	struct iovec place = { calloc(1, BUFFER), HEADER + length };
	unsigned char *frame = (unsigned char *)place.iov_base + HEADER;
	uint16_t ip = htons((uint16_t)(length - 14)), udp = htons((uint16_t)(length - 34));
	int fd = socket(AF_PACKET, SOCK_RAW, 0), on = 1, burst = rate ? 1 : BURST;
	uint64_t begin = now_ns(CLOCK_MONOTONIC), sent = 0;

	if (length < PAYLOAD_AT + 12 || length > BUFFER - HEADER)
		return 2;
	if (fd < 0 || bind(fd, (struct sockaddr *)&address, sizeof(address)) ||
	    setsockopt(fd, SOL_PACKET, PACKET_VNET_HDR, &on, sizeof(on)))
		die("packet socket");
	if (length > 1514)
		memcpy(place.iov_base, &superframe, HEADER);
	memcpy(frame, headers, sizeof(headers));
	memcpy(frame + 16, &ip, 2);
	memcpy(frame + 38, &udp, 2);
	memcpy(frame + PAYLOAD_AT, "time", 4);
	for (int i = 0; i < burst; i++) {
		messages[i].msg_hdr.msg_iov = &place;
		messages[i].msg_hdr.msg_iovlen = 1;
	}
	for (uint64_t now = begin; now < begin + seconds * 1000000000; now = now_ns(CLOCK_MONOTONIC)) {
		if (rate && begin + sent * 1000000000 / rate > now) {
			struct timespec until = { 0, (long)(begin + sent * 1000000000 / rate - now) };

			nanosleep(&until, NULL);
		}
		now = now_ns(CLOCK_MONOTONIC);
		memcpy(frame + PAYLOAD_AT + 4, &now, sizeof(now));
		on = sendmmsg(fd, messages, (unsigned int)burst, 0);
		if (on > 0)
			sent += (uint64_t)on;
		else if (errno != ENOBUFS && errno != EAGAIN)
			die("sendmmsg");
	}
	/* The kernel's work up to the socket is done in the sender's time, and with a ring that is also the copy. */
	printf("send     frames %9lu  CPU s/M frames %6.3f\n", sent, sent ? cpu_seconds() * 1e6 / (double)sent : 0);
	return 0;
}

int main(int argc, char **argv)
{
	int ring = argc > 1 && !strcmp(argv[1], "ring"), on = 1, size = SOCKET_BYTES, version = TPACKET_V3;
	struct sockaddr_ll address = { .sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_ALL) };
	struct tpacket_req3 request = { 0 };
	struct tpacket_stats_v3 statistics = { 0 };
	socklen_t statistics_size = sizeof(statistics);
	const char *memory = NULL;
	uint64_t begin, took;
	double cpu;
	int fd;

	if (argc > 5 && !strcmp(argv[1], "send"))
		return transmit(argv[2], (uint64_t)atoi(argv[3]), (unsigned int)atoi(argv[4]), (uint64_t)atoi(argv[5]));
	if (argc < 4) {
		fprintf(stderr, "usage: packet send DEVICE SECONDS BYTES FRAMES_PER_SECOND\n       packet recvmmsg|ring DEVICE SECONDS [BLOCK_TIMEOUT_MS [BLOCK_BYTES]]\n");
		return 2;
	}
	buffers = malloc((size_t)BURST * BUFFER);
	memset(buffers, 0, (size_t)BURST * BUFFER);
	fd = socket(AF_PACKET, SOCK_RAW, 0);
	if (fd < 0 || setsockopt(fd, SOL_PACKET, PACKET_IGNORE_OUTGOING, &on, sizeof(on)))
		die("packet socket");
	if (ring && setsockopt(fd, SOL_PACKET, PACKET_VERSION, &version, sizeof(version)))
		die("PACKET_VERSION");
	if (setsockopt(fd, SOL_PACKET, PACKET_VNET_HDR, &on, sizeof(on)))
		die("PACKET_VNET_HDR");
	if (ring) {
		request.tp_block_size = argc > 5 ? (unsigned int)atoi(argv[5]) : 256 << 10;
		request.tp_block_nr = 2 * SOCKET_BYTES / request.tp_block_size;
		request.tp_frame_size = 2048;
		request.tp_frame_nr = request.tp_block_size / request.tp_frame_size * request.tp_block_nr;
		request.tp_retire_blk_tov = argc > 4 ? (unsigned int)atoi(argv[4]) : 1;
		if (setsockopt(fd, SOL_PACKET, PACKET_RX_RING, &request, sizeof(request)))
			die("PACKET_RX_RING");
		memory = mmap(NULL, (size_t)request.tp_block_size * request.tp_block_nr, PROT_READ | PROT_WRITE, MAP_SHARED,
			      fd, 0);
		if (memory == MAP_FAILED)
			die("mmap");
	} else if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size))) {
		die("SO_RCVBUFFORCE");
	}
	address.sll_ifindex = (int)if_nametoindex(argv[2]);
	if (bind(fd, (struct sockaddr *)&address, sizeof(address)))
		die("bind");
	begin = now_ns(CLOCK_MONOTONIC);
	if (ring)
		by_ring(fd, begin + (uint64_t)atoi(argv[3]) * 1000000000, memory, &request);
	else
		by_recvmmsg(fd, begin + (uint64_t)atoi(argv[3]) * 1000000000);
	took = now_ns(CLOCK_MONOTONIC) - begin;
	cpu = cpu_seconds();
	if (getsockopt(fd, SOL_PACKET, PACKET_STATISTICS, &statistics, &statistics_size))
		die("PACKET_STATISTICS");
	printf("%-8s frames %9lu  kpps %7.1f  Gbit/s %6.2f  dropped %9u  CPU s/M frames %6.3f  CPU s/GB %6.3f", argv[1],
	       frames, (double)frames * 1e6 / (double)took, (double)bytes * 8 / (double)took, statistics.tp_drops,
	       frames ? cpu * 1e6 / (double)frames : 0, bytes ? cpu * 1e9 / (double)bytes : 0);
	if (stamped)
		printf("  waited us mean %.0f max %.0f", (double)waited_ns / 1e3 / (double)stamped, (double)longest_ns / 1e3);
	printf("\n");
	return 0;
}
