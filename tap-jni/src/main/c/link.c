/* News of links, addresses and routes, as the kernel tells them over netlink; io.jvswitch.tap.LinkMonitor reads them. */
#define _GNU_SOURCE
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "jvswitch.h"

#define LINK_BUFFER_BYTES (1 << 20)

JNIEXPORT jint JNICALL Java_io_jvswitch_tap_NativeCalls_linkOpen(JNIEnv *env, jclass type, jint namespace_fd)
{
	struct sockaddr_nl address = {
		.nl_family = AF_NETLINK,
		.nl_groups = RTMGRP_LINK | RTMGRP_IPV4_IFADDR | RTMGRP_IPV6_IFADDR | RTMGRP_IPV4_ROUTE |
			     RTMGRP_IPV6_ROUTE,
	};
	int size = LINK_BUFFER_BYTES;
	int fd = jvs_socket(namespace_fd, AF_NETLINK, SOCK_RAW | SOCK_NONBLOCK, NETLINK_ROUTE);

	if (fd < 0)
		return fd;
	/* Where this is refused the default holds some hundred messages; an overrun is noticed and repaired. */
	setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size));
	if (bind(fd, (struct sockaddr *)&address, sizeof(address)) < 0) {
		int failure = -errno;

		close(fd);
		return failure;
	}
	return fd;
}

/* Asks for all links that there are; the answers come as if each were news. */
JNIEXPORT jint JNICALL Java_io_jvswitch_tap_NativeCalls_linkDump(JNIEnv *env, jclass type, jint fd)
{
	struct {
		struct nlmsghdr header;
		struct ifinfomsg link;
	} request = {
		.header = { .nlmsg_len = sizeof(request),
			    .nlmsg_type = RTM_GETLINK,
			    .nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP },
	};

	return send(fd, &request, sizeof(request), 0) < 0 ? -errno : 0;
}

/* One message from the kernel, or 0 when there is none; -ENOBUFS when some were lost. */
JNIEXPORT jint JNICALL Java_io_jvswitch_tap_NativeCalls_linkReceive(JNIEnv *env, jclass type, jint fd, jlong address,
								     jint capacity)
{
	for (;;) {
		struct sockaddr_nl sender;
		socklen_t size = sizeof(sender);
		ssize_t got = recvfrom(fd, (void *)(uintptr_t)address, (size_t)capacity, MSG_TRUNC,
				       (struct sockaddr *)&sender, &size);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return errno == EAGAIN ? 0 : -errno;
		if (sender.nl_pid != 0)
			continue; /* another process may send to us; the kernel is 0 */
		return got > capacity ? -ENOBUFS : (int)got;
	}
}

/* Waits until there is something to read: 1, 0 when the time has passed first. */
JNIEXPORT jint JNICALL Java_io_jvswitch_tap_NativeCalls_linkWait(JNIEnv *env, jclass type, jint fd, jint timeout_ms)
{
	struct pollfd ready = { .fd = fd, .events = POLLIN };
	int outcome = poll(&ready, 1, timeout_ms);

	return outcome < 0 && errno == EINTR ? 0 : jvs_result(outcome);
}
