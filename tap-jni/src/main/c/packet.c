/*
 * Existing devices through AF_PACKET sockets (packet(7), include/uapi/linux/if_packet.h): every frame that the device
 * receives arrives at the socket behind a virtio-net header, and what is sent leaves by the device as if its own stack had
 * sent it.
 */
#define _GNU_SOURCE
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <linux/filter.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>

#include "jvswitch.h"
#include "slot.h"

#ifndef PACKET_FANOUT_FLAG_IGNORE_OUTGOING
#define PACKET_FANOUT_FLAG_IGNORE_OUTGOING 0x4000
#endif

#define CHUNK 64
/* How many errors that are no frame's a receive puts up with before it gives in: frames may wait behind them. */
#define ATTEMPTS 4

union control {
	struct cmsghdr header;
	char bytes[CMSG_SPACE(sizeof(struct tpacket_auxdata))];
};

/* A socket that receives nothing until it is bound: protocol 0. */
JNIEXPORT jint JNICALL Java_io_jvswitch_tap_NativeCalls_packetOpen(JNIEnv *env, jclass type, jint namespace_fd)
{
	return jvs_socket(namespace_fd, AF_PACKET, SOCK_RAW | SOCK_NONBLOCK, 0);
}

JNIEXPORT jint JNICALL Java_io_jvswitch_tap_NativeCalls_packetBind(JNIEnv *env, jclass type, jint fd, jint index)
{
	struct sockaddr_ll address = {
		.sll_family = AF_PACKET,
		.sll_protocol = htons(ETH_P_ALL),
		.sll_ifindex = index,
	};

	return jvs_result(bind(fd, (struct sockaddr *)&address, sizeof(address)));
}

/* The device counts those who want it promiscuous; closing the socket takes our wish back. */
JNIEXPORT jint JNICALL Java_io_jvswitch_tap_NativeCalls_packetPromiscuous(JNIEnv *env, jclass type, jint fd, jint index)
{
	struct packet_mreq wish = { .mr_ifindex = index, .mr_type = PACKET_MR_PROMISC };

	return jvs_result(setsockopt(fd, SOL_PACKET, PACKET_ADD_MEMBERSHIP, &wish, sizeof(wish)));
}

/*
 * Which frames a socket takes (Admission of PacketDevice has the same numbers). A group of sockets takes the device's
 * frames in place of its members, and only its own flag keeps out what leaves by the device; where the kernel has no such
 * flag, each member's filter does. A socket that is bound but not yet in its group gets every frame, and so takes none
 * until all have joined.
 */
enum admission { ADMIT_NOTHING, ADMIT_ALL, ADMIT_INCOMING };

JNIEXPORT jint JNICALL Java_io_jvswitch_tap_NativeCalls_packetAdmit(JNIEnv *env, jclass type, jint fd, jint admission)
{
	struct sock_filter nothing[] = { BPF_STMT(BPF_RET | BPF_K, 0) };
	struct sock_filter incoming[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, (uint32_t)(SKF_AD_OFF + SKF_AD_PKTTYPE)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, PACKET_OUTGOING, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, 0),
		BPF_STMT(BPF_RET | BPF_K, UINT32_MAX),
	};
	struct sock_fprog program = { 1, nothing };

	if (admission == ADMIT_ALL)
		return jvs_result(setsockopt(fd, SOL_SOCKET, SO_DETACH_FILTER, &program, sizeof(program)));
	if (admission == ADMIT_INCOMING)
		program = (struct sock_fprog){ 4, incoming };
	return jvs_result(setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof(program)));
}

/*
 * Spreads frames over the sockets of a group by a hash of their flow, the same for both directions. A negative group makes
 * a new one with a number that nobody else in the namespace has. Returns the group's number. The socket must be bound to a
 * device that is up. -EINVAL also when the kernel cannot keep out of a group what leaves by the device, which is asked for
 * with ignore_outgoing.
 */
JNIEXPORT jint JNICALL Java_io_jvswitch_tap_NativeCalls_packetFanout(JNIEnv *env, jclass type, jint fd, jint group,
								     jboolean ignore_outgoing)
{
	uint32_t flags = PACKET_FANOUT_HASH | (group < 0 ? PACKET_FANOUT_FLAG_UNIQUEID : 0) |
			 (ignore_outgoing ? PACKET_FANOUT_FLAG_IGNORE_OUTGOING : 0);
	uint32_t value = flags << 16 | (group < 0 ? 0 : (uint16_t)group);
	socklen_t size = sizeof(value);

	if (setsockopt(fd, SOL_PACKET, PACKET_FANOUT, &value, sizeof(value)) < 0 ||
	    getsockopt(fd, SOL_PACKET, PACKET_FANOUT, &value, &size) < 0)
		return -errno;
	return (int)(value & 0xffff);
}

/* Frames that the kernel dropped since the last call because the socket's buffer was full. */
JNIEXPORT jint JNICALL Java_io_jvswitch_tap_NativeCalls_packetDrops(JNIEnv *env, jclass type, jint fd)
{
	struct tpacket_stats statistics = { 0 };
	socklen_t size = sizeof(statistics);

	if (getsockopt(fd, SOL_PACKET, PACKET_STATISTICS, &statistics, &size) < 0)
		return -errno;
	return (int)(statistics.tp_drops & 0x7fffffff);
}

/* The kernel takes the outermost tag out of the frame and tells it beside. */
static void read_control(struct msghdr *header, struct jvs_slot *slot)
{
	for (struct cmsghdr *item = CMSG_FIRSTHDR(header); item; item = CMSG_NXTHDR(header, item)) {
		struct tpacket_auxdata more;

		if (item->cmsg_level != SOL_PACKET || item->cmsg_type != PACKET_AUXDATA)
			continue;
		memcpy(&more, CMSG_DATA(item), sizeof(more));
		if (more.tp_status & TP_STATUS_VLAN_VALID) {
			slot->flags |= JVS_TAGGED;
			slot->vlan_tci = more.tp_vlan_tci;
			slot->vlan_tpid = more.tp_status & TP_STATUS_VLAN_TPID_VALID ? more.tp_vlan_tpid : ETH_P_8021Q;
		}
	}
}

/* The index of the socket's device, -ENODEV when it was deleted, or moved to another namespace. */
static int bound_index(int fd)
{
	struct sockaddr_ll address;
	socklen_t size = sizeof(address);

	if (getsockname(fd, (struct sockaddr *)&address, &size) < 0)
		return -errno;
	return address.sll_ifindex > 0 ? address.sll_ifindex : -ENODEV;
}

JNIEXPORT jint JNICALL Java_io_jvswitch_tap_NativeCalls_packetIndex(JNIEnv *env, jclass type, jint fd)
{
	return bound_index(fd);
}

/*
 * Fills slots until the socket is empty; returns how many, or -errno when there was an error before the first. A device
 * that goes down is told as ENETDOWN once, and is no error; -ENODEV when the device is gone. Unless spill is 0, what of a
 * frame finds no room in its slot goes to spill, of which each slot has spill_bytes.
 */
JNIEXPORT jint JNICALL Java_io_jvswitch_tap_NativeCalls_packetReceive(JNIEnv *env, jclass type, jlong table, jint fd,
								       jint count, jlong spill, jint spill_bytes)
{
	struct jvs_slot *slot = jvs_table(table);
	struct mmsghdr messages[CHUNK];
	struct iovec buffers[CHUNK][2];
	union control controls[CHUNK];
	int got, attempts = 0;

	if (count > CHUNK)
		count = CHUNK;
	for (int i = 0; i < count; i++) {
		buffers[i][0] = (struct iovec){ (void *)(uintptr_t)slot[i].address, slot[i].capacity };
		buffers[i][1] = (struct iovec){ (char *)(uintptr_t)spill + (size_t)i * (size_t)spill_bytes,
						(size_t)spill_bytes };
		messages[i].msg_hdr = (struct msghdr){
			.msg_iov = buffers[i],
			.msg_iovlen = spill ? 2 : 1,
			.msg_control = &controls[i],
			.msg_controllen = sizeof(controls[i]),
		};
	}
	for (;;) {
		got = recvmmsg(fd, messages, (unsigned int)count, MSG_DONTWAIT, NULL);
		if (got >= 0)
			break;
		if (errno == EAGAIN)
			return 0;
		if (errno == ENETDOWN && bound_index(fd) < 0)
			return -ENODEV;
		if ((errno != EINTR && errno != ENETDOWN) || attempts++ == ATTEMPTS)
			return errno == ENETDOWN ? 0 : -errno;
	}
	for (int i = 0; i < got; i++) {
		slot[i].length = messages[i].msg_len;
		slot[i].flags = messages[i].msg_hdr.msg_flags & MSG_TRUNC ? JVS_TRUNCATED : 0;
		read_control(&messages[i].msg_hdr, &slot[i]);
	}
	return got;
}

/* Sends slots until one fails; returns how many went, the failed slot's status says why. */
JNIEXPORT jint JNICALL Java_io_jvswitch_tap_NativeCalls_packetTransmit(JNIEnv *env, jclass type, jlong table, jint fd,
									jint count)
{
	struct jvs_slot *slot = jvs_table(table);
	struct mmsghdr messages[CHUNK];
	struct iovec buffers[CHUNK];
	int sent = 0, retried = -1;

	if (count > CHUNK)
		count = CHUNK;
	for (int i = 0; i < count; i++) {
		buffers[i] = (struct iovec){ (void *)(uintptr_t)slot[i].address, slot[i].length };
		messages[i].msg_hdr = (struct msghdr){ .msg_iov = &buffers[i], .msg_iovlen = 1 };
	}
	while (sent < count) {
		/* sendmmsg reports an error only for its first message. */
		int went = sendmmsg(fd, messages + sent, (unsigned int)(count - sent), MSG_DONTWAIT);

		if (went >= 0) {
			sent += went;
		} else if (errno == EINTR) {
			continue;
		} else if (errno != EAGAIN && errno != ENOBUFS && retried != sent) {
			/* An error that waits on the socket (a receive's, a device that was down) is told to whoever comes next. */
			retried = sent;
		} else {
			slot[sent].status = -errno;
			break;
		}
	}
	return sent;
}
