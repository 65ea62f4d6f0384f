/*
 * What the files of libjvswitch share. Every native returns a count, a descriptor or 0, or -errno; none throws: Java turns
 * -errno into an exception that knows the device and the remedy (io.jvswitch.tap.NativeException). None keeps state, so
 * any thread may call; who may use a descriptor at a time is the Java classes' promise.
 */
#ifndef JVS_JVSWITCH_H
#define JVS_JVSWITCH_H

#include <assert.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdint.h>

#include <linux/netlink.h>
#include <linux/rtnetlink.h>

#include "io_jvswitch_tap_NativeCalls.h" /* made by javac -h: a signature that differs from Java's does not compile */

/* The natives' argument for "the network namespace that the process is in". */
#define JVS_CURRENT_NAMESPACE (-1)

static inline int jvs_result(int outcome)
{
	return outcome < 0 ? -errno : outcome;
}

/* Opens a descriptor, or whatever a task returns: non-negative, or -errno. */
typedef int (*jvs_task)(void *argument);

/* namespace.c: runs a task in a network namespace, on a thread that ends with it. The caller's thread stays where it is. */
int jvs_in_namespace(int namespace_fd, jvs_task task, void *argument);
int jvs_socket(int namespace_fd, int domain, int type, int protocol);

/* address.c */
union jvs_socket_address {
	struct sockaddr any;
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;
};
void jvs_address_halves(const union jvs_socket_address *from, uint64_t *high, uint64_t *low, uint16_t *port);
/* Fills a socket address of the family and returns its size, or 0 when the halves are not of that family. */
socklen_t jvs_socket_address(int family, uint64_t high, uint64_t low, uint16_t port,
			     union jvs_socket_address *to);
uint64_t jvs_mapped_low(struct in_addr address);
void jvs_ipv6_halves(const struct in6_addr *address, uint64_t *high, uint64_t *low);
struct in6_addr jvs_ipv6(uint64_t high, uint64_t low);

/* netlink.c: sends one request and waits for its answer. */
struct jvs_request {
	struct nlmsghdr header;
	union {
		struct ifinfomsg link;
		struct rtmsg route;
	};
	char attributes[128];
};
void jvs_put_attribute(struct jvs_request *request, unsigned short type, const void *value, unsigned short size);
/* Returns the answer's length, 0 for a bare acknowledgement, or -errno. */
int jvs_netlink_call(int fd, struct jvs_request *request, void *answer, unsigned int capacity);

#endif
