/* A raw socket that hears of packets that were too big for their path; io.jvswitch.tap.TooBigSocket reads it. */
#define _GNU_SOURCE
#include <netinet/icmp6.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <linux/icmp.h>

#include "jvswitch.h"

/* Errors come as fast as senders are told of a new path; a flood of forged ones shall cost no memory. */
#define ICMP_BUFFER_BYTES (64 << 10)

/* Lets only "fragmentation needed" and its like pass, or ICMPv6 "packet too big". */
static int filter(int fd, int family)
{
	if (family == AF_INET) {
		struct icmp_filter unreachable = { .data = ~(1U << ICMP_DEST_UNREACH) };

		return setsockopt(fd, SOL_RAW, ICMP_FILTER, &unreachable, sizeof(unreachable));
	} else {
		struct icmp6_filter too_big;

		ICMP6_FILTER_SETBLOCKALL(&too_big);
		ICMP6_FILTER_SETPASS(ICMP6_PACKET_TOO_BIG, &too_big);
		return setsockopt(fd, IPPROTO_ICMPV6, ICMP6_FILTER, &too_big, sizeof(too_big));
	}
}

JNIEXPORT jint JNICALL Java_io_jvswitch_tap_NativeCalls_icmpOpen(JNIEnv *env, jclass type, jint namespace_fd, jlong high,
								  jlong low)
{
	union jvs_socket_address address;
	socklen_t size = jvs_socket_address(AF_INET, (uint64_t)high, (uint64_t)low, 0, &address);
	int family = size ? AF_INET : AF_INET6;
	int buffer = ICMP_BUFFER_BYTES;
	int fd = jvs_socket(namespace_fd, family, SOCK_RAW | SOCK_NONBLOCK,
			    family == AF_INET ? IPPROTO_ICMP : IPPROTO_ICMPV6);

	if (fd < 0)
		return fd;
	if (!size)
		size = jvs_socket_address(AF_INET6, (uint64_t)high, (uint64_t)low, 0, &address);
	if (filter(fd, family) < 0 || setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &buffer, sizeof(buffer)) < 0 ||
	    bind(fd, &address.any, size) < 0) {
		int failure = -errno;

		close(fd);
		return failure;
	}
	return fd;
}

/* One message, for IPv4 behind its IP header; 0 when there is none. What does not fit is cut off. */
JNIEXPORT jint JNICALL Java_io_jvswitch_tap_NativeCalls_icmpReceive(JNIEnv *env, jclass type, jint fd, jlong address,
								     jint capacity)
{
	ssize_t got;

	do {
		got = recv(fd, (void *)(uintptr_t)address, (size_t)capacity, 0);
	} while (got < 0 && errno == EINTR);
	if (got < 0)
		return errno == EAGAIN ? 0 : -errno;
	return (int)got;
}

/* Waits until there is a message: 1, 0 when the socket was shut down. */
JNIEXPORT jint JNICALL Java_io_jvswitch_tap_NativeCalls_icmpWait(JNIEnv *env, jclass type, jint fd)
{
	struct pollfd ready = { .fd = fd, .events = POLLIN };
	int outcome;

	do {
		outcome = poll(&ready, 1, -1);
	} while (outcome < 0 && errno == EINTR);
	if (outcome < 0)
		return -errno;
	return !(ready.revents & POLLHUP);
}

/* Ends the waiting of another thread, now or the next one. */
JNIEXPORT void JNICALL Java_io_jvswitch_tap_NativeCalls_icmpShutdown(JNIEnv *env, jclass type, jint fd)
{
	/* It is not connected, says the kernel, and does it all the same. */
	shutdown(fd, SHUT_RDWR);
}
