/* Network devices of any kind, by name, in the namespace of the socket that the caller brings. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stddef.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <linux/if.h>
#include <linux/if_arp.h>
#include <linux/sockios.h>

#include "jvswitch.h"

/* The Java side is io.jvswitch.tap.NetDevice. */
struct jvs_device {
	char name[IFNAMSIZ]; /* in */
	int32_t index;
	int32_t mtu;
	uint32_t flags; /* IFF_UP, IFF_RUNNING */
	uint32_t hardware; /* ARPHRD_ETHER */
	uint64_t mac; /* low 48 bits, first octet highest */
};

static_assert(sizeof(struct jvs_device) == 40, "NetDevice.DEVICE_BYTES");

static int device_request(int fd, unsigned long call, jlong name, struct ifreq *request)
{
	memcpy(request->ifr_name, (const char *)(uintptr_t)name, IFNAMSIZ - 1);
	request->ifr_name[IFNAMSIZ - 1] = 0;
	return jvs_result(ioctl(fd, call, request));
}

/* A socket to ask about devices with. */
JNIEXPORT jint JNICALL Java_io_jvswitch_tap_NativeCalls_deviceSocket(JNIEnv *env, jclass type, jint namespace_fd)
{
	return jvs_socket(namespace_fd, AF_INET, SOCK_DGRAM, 0);
}

JNIEXPORT jint JNICALL Java_io_jvswitch_tap_NativeCalls_deviceRead(JNIEnv *env, jclass type, jint fd, jlong address)
{
	struct jvs_device *device = (struct jvs_device *)(uintptr_t)address;
	struct ifreq request = { 0 };
	int failure;

	if ((failure = device_request(fd, SIOCGIFINDEX, address, &request)))
		return failure;
	device->index = request.ifr_ifindex;
	if ((failure = device_request(fd, SIOCGIFMTU, address, &request)))
		return failure;
	device->mtu = request.ifr_mtu;
	if ((failure = device_request(fd, SIOCGIFFLAGS, address, &request)))
		return failure;
	device->flags = (uint16_t)request.ifr_flags;
	if ((failure = device_request(fd, SIOCGIFHWADDR, address, &request)))
		return failure;
	device->hardware = request.ifr_hwaddr.sa_family;
	device->mac = 0;
	for (int i = 0; i < 6; i++)
		device->mac = device->mac << 8 | (uint8_t)request.ifr_hwaddr.sa_data[i];
	return 0;
}

/* The kernel's answer for one device, which is cut off and not refused when it is longer. */
struct link_answer {
	char bytes[32768] __attribute__((aligned(NLMSG_ALIGNTO)));
};

/* Asks for one device in a namespace. */
static int read_link(jint namespace_fd, struct jvs_request *request, struct link_answer *answer)
{
	int fd = jvs_socket(namespace_fd, AF_NETLINK, SOCK_RAW, NETLINK_ROUTE);
	int outcome;

	if (fd < 0)
		return fd;
	outcome = jvs_netlink_call(fd, request, answer->bytes, sizeof(answer->bytes));
	close(fd);
	if (outcome < 0)
		return outcome;
	return ((struct nlmsghdr *)answer->bytes)->nlmsg_type == RTM_NEWLINK ? 0 : -EBADMSG;
}

/* Copies a part of an attribute's value; says whether the answer has it. */
static int find_in_link(struct link_answer *answer, unsigned short type, size_t at, void *value, size_t size)
{
	struct nlmsghdr *header = (struct nlmsghdr *)answer->bytes;
	int left = (int)IFLA_PAYLOAD(header);

	for (struct rtattr *item = IFLA_RTA(NLMSG_DATA(header)); RTA_OK(item, left); item = RTA_NEXT(item, left)) {
		if (item->rta_type == type && RTA_PAYLOAD(item) >= at + size) {
			memcpy(value, (char *)RTA_DATA(item) + at, size);
			return 1;
		}
	}
	return 0;
}

/* The index of the bridge, bond or other device that this one is enslaved to, 0 for none. */
JNIEXPORT jint JNICALL Java_io_jvswitch_tap_NativeCalls_deviceMaster(JNIEnv *env, jclass type, jint namespace_fd,
								     jint index)
{
	struct jvs_request request = {
		.header = { .nlmsg_len = NLMSG_LENGTH(sizeof(struct ifinfomsg)), .nlmsg_type = RTM_GETLINK },
		.link = { .ifi_family = AF_UNSPEC, .ifi_index = index },
	};
	struct link_answer answer;
	int32_t master;
	int failure = read_link(namespace_fd, &request, &answer);

	if (failure)
		return failure;
	return find_in_link(&answer, IFLA_MASTER, 0, &master, sizeof(master)) ? master : 0;
}

/* What a device has counted, as many of struct rtnl_link_stats64's fields as there is room for. */
static int read_statistics(int namespace_fd, const char *text, size_t at, void *values, size_t size)
{
	struct jvs_request request = {
		.header = { .nlmsg_len = NLMSG_LENGTH(sizeof(struct ifinfomsg)), .nlmsg_type = RTM_GETLINK },
		.link = { .ifi_family = AF_UNSPEC },
	};
	struct link_answer answer;
	int failure;

	jvs_put_attribute(&request, IFLA_IFNAME, text, (unsigned short)(strnlen(text, IFNAMSIZ - 1) + 1));
	failure = read_link(namespace_fd, &request, &answer);
	if (failure)
		return failure;
	return find_in_link(&answer, IFLA_STATS64, at, values, size) ? 0 : -EBADMSG;
}

/* Frames that the device did not take from its own stack since it was made: for a TAP, what its queues had no room for. */
JNIEXPORT jlong JNICALL Java_io_jvswitch_tap_NativeCalls_deviceTransmitDrops(JNIEnv *env, jclass type,
									      jint namespace_fd, jlong name)
{
	uint64_t drops;
	int failure = read_statistics(namespace_fd, (const char *)(uintptr_t)name,
				      offsetof(struct rtnl_link_stats64, tx_dropped), &drops, sizeof(drops));

	return failure ? failure : (jlong)drops;
}

/* The first fields of struct rtnl_link_stats64, as many as DeviceStatistics.FIELDS says. */
JNIEXPORT jint JNICALL Java_io_jvswitch_tap_NativeCalls_deviceStatistics(JNIEnv *env, jclass type, jint namespace_fd,
									 jlong name, jlong values, jint fields)
{
	return read_statistics(namespace_fd, (const char *)(uintptr_t)name, 0, (void *)(uintptr_t)values,
			       (size_t)fields * sizeof(uint64_t));
}

JNIEXPORT jint JNICALL Java_io_jvswitch_tap_NativeCalls_deviceName(JNIEnv *env, jclass type, jint fd, jint index,
								    jlong name)
{
	struct ifreq request = { .ifr_ifindex = index };

	if (ioctl(fd, SIOCGIFNAME, &request) < 0)
		return -errno;
	memcpy((char *)(uintptr_t)name, request.ifr_name, IFNAMSIZ);
	return 0;
}

JNIEXPORT jint JNICALL Java_io_jvswitch_tap_NativeCalls_deviceSetMtu(JNIEnv *env, jclass type, jint fd, jlong name,
								      jint bytes)
{
	struct ifreq request = { .ifr_mtu = bytes };

	return device_request(fd, SIOCSIFMTU, name, &request);
}

JNIEXPORT jint JNICALL Java_io_jvswitch_tap_NativeCalls_deviceSetMac(JNIEnv *env, jclass type, jint fd, jlong name,
								      jlong mac)
{
	struct ifreq request = { .ifr_hwaddr.sa_family = ARPHRD_ETHER };

	for (int i = 0; i < 6; i++)
		request.ifr_hwaddr.sa_data[i] = (char)(mac >> (40 - 8 * i));
	return device_request(fd, SIOCSIFHWADDR, name, &request);
}

JNIEXPORT jint JNICALL Java_io_jvswitch_tap_NativeCalls_deviceSetUp(JNIEnv *env, jclass type, jint fd, jlong name,
								     jboolean up)
{
	struct ifreq request = { 0 };
	int failure = device_request(fd, SIOCGIFFLAGS, name, &request);

	if (failure)
		return failure;
	request.ifr_flags = (short)(up ? request.ifr_flags | IFF_UP : request.ifr_flags & ~IFF_UP);
	return device_request(fd, SIOCSIFFLAGS, name, &request);
}

/* How large a superframe the owner's stack may make, its largest header included; the owner can say otherwise later. */
JNIEXPORT jint JNICALL Java_io_jvswitch_tap_NativeCalls_deviceSetGsoMax(JNIEnv *env, jclass type, jint namespace_fd,
									 jint index, jint bytes)
{
	struct jvs_request request = {
		.header = { .nlmsg_len = NLMSG_LENGTH(sizeof(struct ifinfomsg)),
			    .nlmsg_type = RTM_NEWLINK,
			    .nlmsg_flags = NLM_F_ACK },
		.link = { .ifi_family = AF_UNSPEC, .ifi_index = index },
	};
	uint32_t most = (uint32_t)bytes;
	char answer[1024] __attribute__((aligned(NLMSG_ALIGNTO)));
	int fd = jvs_socket(namespace_fd, AF_NETLINK, SOCK_RAW, NETLINK_ROUTE);
	int outcome;

	if (fd < 0)
		return fd;
	jvs_put_attribute(&request, IFLA_GSO_MAX_SIZE, &most, sizeof(most));
	outcome = jvs_netlink_call(fd, &request, answer, sizeof(answer));
	close(fd);
	return outcome;
}

/* Moves a device from one namespace to another and gives it a name there, which may be the one that it has. */
JNIEXPORT jint JNICALL Java_io_jvswitch_tap_NativeCalls_deviceMove(JNIEnv *env, jclass type, jint from_namespace_fd,
								    jint index, jint to_namespace_fd, jlong new_name)
{
	struct jvs_request request = {
		.header = { .nlmsg_len = NLMSG_LENGTH(sizeof(struct ifinfomsg)),
			    .nlmsg_type = RTM_NEWLINK,
			    .nlmsg_flags = NLM_F_ACK },
		.link = { .ifi_family = AF_UNSPEC, .ifi_index = index },
	};
	const char *text = (const char *)(uintptr_t)new_name;
	char answer[1024] __attribute__((aligned(NLMSG_ALIGNTO)));
	int target = to_namespace_fd;
	int fd = jvs_socket(from_namespace_fd, AF_NETLINK, SOCK_RAW, NETLINK_ROUTE);
	int outcome;

	if (fd < 0)
		return fd;
	if (target == JVS_CURRENT_NAMESPACE)
		target = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
	if (target < 0) {
		outcome = -errno;
	} else {
		jvs_put_attribute(&request, IFLA_NET_NS_FD, &target, sizeof(target));
		jvs_put_attribute(&request, IFLA_IFNAME, text, (unsigned short)(strnlen(text, IFNAMSIZ - 1) + 1));
		outcome = jvs_netlink_call(fd, &request, answer, sizeof(answer));
	}
	if (target >= 0 && target != to_namespace_fd)
		close(target);
	close(fd);
	return outcome;
}
