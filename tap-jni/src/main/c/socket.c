/* Sockets of the underlay, UDP and raw IP: life and options, also those of packet sockets. Bursts are in datagram.c, packet.c. */
#define _GNU_SOURCE
#include <netinet/udp.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <linux/if_packet.h>
#include <linux/sock_diag.h>

#include "jvswitch.h"

#ifndef UDP_SEGMENT
#define UDP_SEGMENT 103 /* Linux 4.18 */
#endif
#ifndef UDP_GRO
#define UDP_GRO 104 /* Linux 5.0 */
#endif
#ifndef SO_BINDTOIFINDEX
#define SO_BINDTOIFINDEX 62 /* Linux 5.0 */
#endif
#ifndef PACKET_VNET_HDR_SZ
#define PACKET_VNET_HDR_SZ 24 /* Linux 6.4 */
#endif

/* What Java may set, whatever the family. The Java side is io.jvswitch.tap.SocketOption, with the same numbers. */
enum option {
	REUSE_PORT = 0,
	DONT_FRAGMENT,		/* 1: DF set, what is larger than the device's MTU fails with EMSGSIZE; 0: cut into fragments */
	PACKET_INFO,		/* our own address with every datagram, for a socket bound to any */
	RECEIVE_BUFFER,
	SEND_BUFFER,
	RECEIVE_TRAFFIC_CLASS,	/* DSCP and ECN of the outer header with every datagram */
	HOP_LIMIT,
	OMIT_CHECKSUM,		/* UDP checksum 0 on what is sent */
	ACCEPT_NO_CHECKSUM,	/* IPv6 only: RFC 7348 has a VTEP accept UDP checksum 0 */
	UDP_SEGMENTATION,	/* default segment size; 0 merely asks whether the kernel knows it */
	UDP_COALESCING,
	FRAME_VNET_HEADER,	/* packet sockets: a virtio-net header stands before each frame */
	FRAME_VNET_HEADER_BYTES, /* its size; kernels that know it know UDP superframes, too */
	FRAME_AUXILIARY,	/* the tag that the kernel took out of a frame comes beside it */
	FRAME_IGNORE_OUTGOING,	/* what leaves by the device is not received as well */
	ONLY_INTERFACE,		/* index of the device that everything must come by */
	FRAGMENT_BYTES,		/* IPv6 only: the largest fragment that is made, whatever the path takes */
	RECEIVE_ERRORS,		/* ICMP errors queue at the socket */
	RECEIVE_HOPS,		/* TTL or hop limit of the outer header with every datagram */
	OPTIONS
};

struct place {
	int level, name;
};

static const struct place places_v4[OPTIONS] = {
	[REUSE_PORT] = { SOL_SOCKET, SO_REUSEPORT },
	[DONT_FRAGMENT] = { IPPROTO_IP, IP_MTU_DISCOVER },
	[PACKET_INFO] = { IPPROTO_IP, IP_PKTINFO },
	[RECEIVE_BUFFER] = { SOL_SOCKET, SO_RCVBUF },
	[SEND_BUFFER] = { SOL_SOCKET, SO_SNDBUF },
	[RECEIVE_TRAFFIC_CLASS] = { IPPROTO_IP, IP_RECVTOS },
	[HOP_LIMIT] = { IPPROTO_IP, IP_TTL },
	[OMIT_CHECKSUM] = { SOL_SOCKET, SO_NO_CHECK },
	[UDP_SEGMENTATION] = { IPPROTO_UDP, UDP_SEGMENT },
	[UDP_COALESCING] = { IPPROTO_UDP, UDP_GRO },
	[ONLY_INTERFACE] = { SOL_SOCKET, SO_BINDTOIFINDEX },
	[RECEIVE_ERRORS] = { IPPROTO_IP, IP_RECVERR },
	[RECEIVE_HOPS] = { IPPROTO_IP, IP_RECVTTL },
};

static const struct place places_v6[OPTIONS] = {
	[REUSE_PORT] = { SOL_SOCKET, SO_REUSEPORT },
	[DONT_FRAGMENT] = { IPPROTO_IPV6, IPV6_MTU_DISCOVER },
	[PACKET_INFO] = { IPPROTO_IPV6, IPV6_RECVPKTINFO },
	[RECEIVE_BUFFER] = { SOL_SOCKET, SO_RCVBUF },
	[SEND_BUFFER] = { SOL_SOCKET, SO_SNDBUF },
	[RECEIVE_TRAFFIC_CLASS] = { IPPROTO_IPV6, IPV6_RECVTCLASS },
	[HOP_LIMIT] = { IPPROTO_IPV6, IPV6_UNICAST_HOPS },
	[OMIT_CHECKSUM] = { IPPROTO_UDP, UDP_NO_CHECK6_TX },
	[ACCEPT_NO_CHECKSUM] = { IPPROTO_UDP, UDP_NO_CHECK6_RX },
	[UDP_SEGMENTATION] = { IPPROTO_UDP, UDP_SEGMENT },
	[UDP_COALESCING] = { IPPROTO_UDP, UDP_GRO },
	[ONLY_INTERFACE] = { SOL_SOCKET, SO_BINDTOIFINDEX },
	[FRAGMENT_BYTES] = { IPPROTO_IPV6, IPV6_MTU },
	[RECEIVE_ERRORS] = { IPPROTO_IPV6, IPV6_RECVERR },
	[RECEIVE_HOPS] = { IPPROTO_IPV6, IPV6_RECVHOPLIMIT },
};

static const struct place places_packet[OPTIONS] = {
	[RECEIVE_BUFFER] = { SOL_SOCKET, SO_RCVBUF },
	[SEND_BUFFER] = { SOL_SOCKET, SO_SNDBUF },
	[FRAME_VNET_HEADER] = { SOL_PACKET, PACKET_VNET_HDR },
	[FRAME_VNET_HEADER_BYTES] = { SOL_PACKET, PACKET_VNET_HDR_SZ },
	[FRAME_AUXILIARY] = { SOL_PACKET, PACKET_AUXDATA },
	[FRAME_IGNORE_OUTGOING] = { SOL_PACKET, PACKET_IGNORE_OUTGOING },
};

static_assert(IP_PMTUDISC_PROBE == IPV6_PMTUDISC_PROBE && IP_PMTUDISC_DONT == IPV6_PMTUDISC_DONT, "one value for both families");

/* 0, or -errno; ENOPROTOOPT when the family has no such option. */
static int find_place(int fd, int option, struct place *place)
{
	int domain;
	socklen_t size = sizeof(domain);

	if (getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &domain, &size) < 0)
		return -errno;
	if (option < 0 || option >= OPTIONS)
		return -EINVAL;
	*place = domain == AF_PACKET ? places_packet[option] :
		 domain == AF_INET6  ? places_v6[option] :
				       places_v4[option];
	return place->name ? 0 : -ENOPROTOOPT;
}

JNIEXPORT jint JNICALL Java_io_jvswitch_tap_NativeCalls_socketSet(JNIEnv *env, jclass type, jint fd, jint option,
								   jint value)
{
	struct place place;
	int failure = find_place(fd, option, &place);

	if (failure)
		return failure;
	/* PROBE and not DO: what a path takes is for us to know, as the kernel believes any ICMP error that quotes a packet of ours. */
	if (option == DONT_FRAGMENT)
		value = value ? IP_PMTUDISC_PROBE : IP_PMTUDISC_DONT;
	/* Beyond net.core.rmem_max and wmem_max when we may (CAP_NET_ADMIN). */
	if (option == RECEIVE_BUFFER && setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &value, sizeof(value)) == 0)
		return 0;
	if (option == SEND_BUFFER && setsockopt(fd, SOL_SOCKET, SO_SNDBUFFORCE, &value, sizeof(value)) == 0)
		return 0;
	return jvs_result(setsockopt(fd, place.level, place.name, &value, sizeof(value)));
}

JNIEXPORT jint JNICALL Java_io_jvswitch_tap_NativeCalls_socketGet(JNIEnv *env, jclass type, jint fd, jint option)
{
	struct place place;
	int value = 0;
	socklen_t size = sizeof(value);
	int failure = find_place(fd, option, &place);

	if (failure)
		return failure;
	return getsockopt(fd, place.level, place.name, &value, &size) < 0 ? -errno : value;
}

/* Opens, nonblocking, a socket of the address's family: UDP, or raw IP for a protocol number. IPv6 is IPv6 only. */
static int open_for(int namespace_fd, uint64_t high, uint64_t low, int kind, int protocol)
{
	union jvs_socket_address probe;
	int family = jvs_socket_address(AF_INET, high, low, 0, &probe) ? AF_INET : AF_INET6;
	int fd = jvs_socket(namespace_fd, family, kind | SOCK_NONBLOCK, protocol);
	int only = 1;

	if (fd >= 0 && family == AF_INET6)
		setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &only, sizeof(only));
	return fd;
}

JNIEXPORT jint JNICALL Java_io_jvswitch_tap_NativeCalls_udpOpen(JNIEnv *env, jclass type, jint namespace_fd, jlong high,
								 jlong low)
{
	return open_for(namespace_fd, (uint64_t)high, (uint64_t)low, SOCK_DGRAM, IPPROTO_UDP);
}

JNIEXPORT jint JNICALL Java_io_jvswitch_tap_NativeCalls_rawOpen(JNIEnv *env, jclass type, jint namespace_fd, jlong high,
								 jlong low, jint protocol)
{
	return open_for(namespace_fd, (uint64_t)high, (uint64_t)low, SOCK_RAW, protocol);
}

/* A link-local IPv6 address needs the interface that it is of; 0 for any other. */
JNIEXPORT jint JNICALL Java_io_jvswitch_tap_NativeCalls_socketBind(JNIEnv *env, jclass type, jint fd, jlong high,
								    jlong low, jint port, jint interface_index)
{
	union jvs_socket_address address;
	socklen_t size = jvs_socket_address(AF_INET, (uint64_t)high, (uint64_t)low, (uint16_t)port, &address);

	if (!size) {
		size = jvs_socket_address(AF_INET6, (uint64_t)high, (uint64_t)low, (uint16_t)port, &address);
		address.v6.sin6_scope_id = (uint32_t)interface_index;
	}
	return jvs_result(bind(fd, &address.any, size));
}

/* From now on only what this address and port sends is received. */
JNIEXPORT jint JNICALL Java_io_jvswitch_tap_NativeCalls_socketConnect(JNIEnv *env, jclass type, jint fd, jlong high,
								       jlong low, jint port)
{
	union jvs_socket_address address;
	socklen_t size = jvs_socket_address(AF_INET, (uint64_t)high, (uint64_t)low, (uint16_t)port, &address);

	if (!size)
		size = jvs_socket_address(AF_INET6, (uint64_t)high, (uint64_t)low, (uint16_t)port, &address);
	return jvs_result(connect(fd, &address.any, size));
}

/*
 * A name that one process in a network namespace can have: taken as long as somebody has the socket open, given back by the
 * kernel when its process ends. -EADDRINUSE when it is taken.
 */
JNIEXPORT jint JNICALL Java_io_jvswitch_tap_NativeCalls_claimName(JNIEnv *env, jclass type, jint namespace_fd, jlong name)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	/* The first byte is 0: an abstract name, which no file system knows. */
	int length = snprintf(address.sun_path + 1, sizeof(address.sun_path) - 1, "%s", (const char *)(uintptr_t)name);
	int fd = jvs_socket(namespace_fd, AF_UNIX, SOCK_DGRAM, 0);

	if (fd >= 0 && bind(fd, (struct sockaddr *)&address,
			    (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + (size_t)length)) < 0) {
		int failure = -errno;

		close(fd);
		return failure;
	}
	return fd;
}

JNIEXPORT jint JNICALL Java_io_jvswitch_tap_NativeCalls_socketPort(JNIEnv *env, jclass type, jint fd)
{
	union jvs_socket_address address;
	socklen_t size = sizeof(address);
	uint64_t high, low;
	uint16_t port;

	if (getsockname(fd, &address.any, &size) < 0)
		return -errno;
	jvs_address_halves(&address, &high, &low, &port);
	return port;
}

/* Datagrams that the kernel dropped because the receive buffer was full, since the socket was opened. */
JNIEXPORT jlong JNICALL Java_io_jvswitch_tap_NativeCalls_socketDrops(JNIEnv *env, jclass type, jint fd)
{
	uint32_t memory[SK_MEMINFO_VARS] = { 0 };
	socklen_t size = sizeof(memory);

	if (getsockopt(fd, SOL_SOCKET, SO_MEMINFO, memory, &size) < 0)
		return -errno;
	return memory[SK_MEMINFO_DROPS];
}
