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
	int32_t learnt; /* out: whether path_mtu is what ICMP told the kernel */
	int32_t route_mtu; /* out: what the route itself says, or 0; only asked for when path_mtu is learnt */
};

static_assert(sizeof(struct jvs_route) == 64, "Routes.ROUTE_BYTES");

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

/* The MTU among a route's metrics, or 0. */
static int32_t mtu_of(struct rtattr *metrics)
{
	int left = (int)RTA_PAYLOAD(metrics);

	for (struct rtattr *item = RTA_DATA(metrics); RTA_OK(item, left); item = RTA_NEXT(item, left)) {
		if (item->rta_type == RTAX_MTU && RTA_PAYLOAD(item) == sizeof(int32_t)) {
			int32_t mtu;

			memcpy(&mtu, RTA_DATA(item), sizeof(mtu));
			return mtu;
		}
	}
	return 0;
}

/* Fills in what an answer says; returns the MTU among its metrics, or 0. */
static int32_t read_answer(struct nlmsghdr *header, struct jvs_route *route)
{
	int left = (int)RTM_PAYLOAD(header);
	int32_t mtu = 0;

	for (struct rtattr *item = RTM_RTA(NLMSG_DATA(header)); RTA_OK(item, left); item = RTA_NEXT(item, left)) {
		if (item->rta_type == RTA_METRICS) {
			mtu = mtu_of(item);
		} else if (item->rta_type == RTA_OIF && RTA_PAYLOAD(item) == sizeof(int32_t)) {
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
	return mtu;
}

/* Asks for the route to the remote; returns the MTU among its metrics, 0 without one, or -errno. */
static int32_t ask_route(int fd, int family, unsigned int flags, struct jvs_route *route)
{
	unsigned char bits = family == AF_INET ? 32 : 128;
	struct jvs_request request = {
		.header = { .nlmsg_len = NLMSG_LENGTH(sizeof(struct rtmsg)), .nlmsg_type = RTM_GETROUTE },
		.route = { .rtm_family = (unsigned char)family,
			   .rtm_dst_len = bits,
			   .rtm_src_len = bits,
			   .rtm_flags = flags },
	};
	char answer[4096] __attribute__((aligned(NLMSG_ALIGNTO)));
	struct nlmsghdr *header = (struct nlmsghdr *)answer;
	int outcome;

	put_address(&request, RTA_DST, family, route->remote_high, route->remote_low);
	put_address(&request, RTA_SRC, family, route->source_high, route->source_low);
	outcome = jvs_netlink_call(fd, &request, answer, sizeof(answer));
	if (outcome < 0)
		return outcome;
	if (header->nlmsg_type != RTM_NEWROUTE)
		return -EBADMSG;
	return read_answer(header, route);
}

/*
 * Netlink adds the outgoing device and the gateway, and tells whether the path's MTU is what ICMP taught the kernel: the entry
 * of the routing table, which ICMP does not change, then says another one or none (RTM_F_FIB_MATCH, Linux 4.13).
 */
static int ask_netlink(int namespace_fd, int family, struct jvs_route *route)
{
	int fd = jvs_socket(namespace_fd, AF_NETLINK, SOCK_RAW, NETLINK_ROUTE);
	int32_t mtu;

	if (fd < 0)
		return fd;
	mtu = ask_route(fd, family, 0, route);
	if (mtu > 0) {
		struct jvs_route entry = *route;
		int32_t configured = ask_route(fd, family, RTM_F_FIB_MATCH, &entry);

		route->learnt = configured >= 0 && configured != mtu;
		route->route_mtu = configured;
	}
	close(fd);
	return mtu < 0 ? mtu : 0;
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
	route->learnt = 0;
	route->route_mtu = 0;
	outcome = ask_socket(namespace_fd, family, route);
	return outcome < 0 ? outcome : ask_netlink(namespace_fd, family, route);
}
