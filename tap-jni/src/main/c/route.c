/* What the kernel's routing says about a remote address. */
#define _GNU_SOURCE
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "jvswitch.h"

/* The Java side is io.jvswitch.tap.Routes. */
struct jvs_route {
	uint64_t remote_high, remote_low; /* in */
	uint64_t source_high, source_low; /* in: our address, or 0 to let the kernel choose; out: the one used */
	uint64_t gateway_high, gateway_low; /* out: 0 when the remote is on the link */
	int32_t interface_index; /* out */
	int32_t path_mtu; /* out: the route's, the device's or the learnt one, whichever the kernel goes by */
};

static_assert(sizeof(struct jvs_route) == 56, "Routes.ROUTE_BYTES");

/* A connected UDP socket sends nothing, but the kernel has chosen route, source and path MTU for it. */
static int ask_socket(int namespace_fd, int family, struct jvs_route *route)
{
	union jvs_socket_address address;
	socklen_t size = sizeof(address);
	uint16_t port;
	int fd = jvs_socket(namespace_fd, family, SOCK_DGRAM, 0);
	int outcome = 0;

	if (fd < 0)
		return fd;
	if (route->source_high | route->source_low) {
		socklen_t length = jvs_socket_address(family, route->source_high, route->source_low, 0, &address);

		if (!length)
			outcome = -EAFNOSUPPORT;
		else if (bind(fd, &address.any, length) < 0)
			outcome = -errno;
	}
	if (!outcome) {
		/* Any port will do; 9 is "discard" (RFC 863). */
		socklen_t length = jvs_socket_address(family, route->remote_high, route->remote_low, 9, &address);

		if (connect(fd, &address.any, length) < 0 || getsockname(fd, &address.any, &size) < 0)
			outcome = -errno;
		else
			jvs_address_halves(&address, &route->source_high, &route->source_low, &port);
	}
	if (!outcome) {
		socklen_t length = sizeof(route->path_mtu);
		int level = family == AF_INET ? IPPROTO_IP : IPPROTO_IPV6;
		int name = family == AF_INET ? IP_MTU : IPV6_MTU;

		outcome = jvs_result(getsockopt(fd, level, name, &route->path_mtu, &length));
	}
	close(fd);
	return outcome;
}

static void put_address(struct jvs_request *request, unsigned short type, int family, uint64_t high, uint64_t low)
{
	if (family == AF_INET) {
		struct in_addr address = { htonl((uint32_t)low) };

		jvs_put_attribute(request, type, &address, sizeof(address));
	} else {
		struct in6_addr address = jvs_ipv6(high, low);

		jvs_put_attribute(request, type, &address, sizeof(address));
	}
}

/* Netlink adds the outgoing device and the gateway. */
static int ask_netlink(int namespace_fd, int family, struct jvs_route *route)
{
	unsigned char bits = family == AF_INET ? 32 : 128;
	struct jvs_request request = {
		.header = { .nlmsg_len = NLMSG_LENGTH(sizeof(struct rtmsg)), .nlmsg_type = RTM_GETROUTE },
		.route = { .rtm_family = (unsigned char)family, .rtm_dst_len = bits, .rtm_src_len = bits },
	};
	char answer[4096] __attribute__((aligned(NLMSG_ALIGNTO)));
	struct nlmsghdr *header = (struct nlmsghdr *)answer;
	int fd = jvs_socket(namespace_fd, AF_NETLINK, SOCK_RAW, NETLINK_ROUTE);
	int outcome, left;

	if (fd < 0)
		return fd;
	put_address(&request, RTA_DST, family, route->remote_high, route->remote_low);
	put_address(&request, RTA_SRC, family, route->source_high, route->source_low);
	outcome = jvs_netlink_call(fd, &request, answer, sizeof(answer));
	close(fd);
	if (outcome < 0)
		return outcome;
	if (header->nlmsg_type != RTM_NEWROUTE)
		return -EBADMSG;
	left = (int)RTM_PAYLOAD(header);
	for (struct rtattr *item = RTM_RTA(NLMSG_DATA(header)); RTA_OK(item, left); item = RTA_NEXT(item, left)) {
		if (item->rta_type == RTA_OIF && RTA_PAYLOAD(item) == sizeof(int32_t)) {
			memcpy(&route->interface_index, RTA_DATA(item), sizeof(int32_t));
		} else if (item->rta_type == RTA_GATEWAY && RTA_PAYLOAD(item) == sizeof(struct in_addr)) {
			struct in_addr address;

			memcpy(&address, RTA_DATA(item), sizeof(address));
			route->gateway_low = jvs_mapped_low(address);
		} else if (item->rta_type == RTA_GATEWAY && RTA_PAYLOAD(item) == sizeof(struct in6_addr)) {
			struct in6_addr address;

			memcpy(&address, RTA_DATA(item), sizeof(address));
			jvs_ipv6_halves(&address, &route->gateway_high, &route->gateway_low);
		}
	}
	return 0;
}

JNIEXPORT jint JNICALL Java_io_jvswitch_tap_NativeCalls_routeRead(JNIEnv *env, jclass type, jint namespace_fd,
								   jlong address)
{
	struct jvs_route *route = (struct jvs_route *)(uintptr_t)address;
	union jvs_socket_address probe;
	int family = jvs_socket_address(AF_INET, route->remote_high, route->remote_low, 0, &probe) ? AF_INET : AF_INET6;
	int outcome;

	route->gateway_high = 0;
	route->gateway_low = 0;
	route->interface_index = 0;
	outcome = ask_socket(namespace_fd, family, route);
	return outcome < 0 ? outcome : ask_netlink(namespace_fd, family, route);
}
