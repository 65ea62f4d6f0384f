/*
 * Bursts over UDP and raw IP sockets: recvmmsg and sendmmsg between the burst table and the kernel. The message headers
 * live on the stack, a chunk at a time; only the fields that the kernel reads are set.
 */
#define _GNU_SOURCE
#include <netinet/ip.h>
#include <netinet/udp.h>
#include <string.h>
#include <sys/socket.h>

#include "jvswitch.h"
#include "slot.h"

#ifndef UDP_SEGMENT
#define UDP_SEGMENT 103 /* Linux 4.18 */
#endif
#ifndef UDP_GRO
#define UDP_GRO 104 /* Linux 5.0 */
#endif

/* Flags of both natives. The Java side is io.jvswitch.tap.DatagramQueue. */
#define JVS_IPV6 0x1	   /* the socket's family */
#define JVS_CONTROL 0x2	   /* receive: ask for ancillary data (our own address, traffic class, hops, GRO's segment size) */
#define JVS_OUTER_IPV4 0x4 /* receive: the IPv4 header stands before the payload, as raw sockets have it */
#define JVS_COALESCE 0x8   /* transmit: equal-sized datagrams to one peer leave as one UDP GSO send */

#define CHUNK 64
/* How many errors of others a receive puts up with before it gives in: datagrams may wait behind them. */
#define ATTEMPTS 64
/* A UDP payload ends at 65,535 less the IPv4 and UDP headers; older kernels take no more than 64 segments. */
#define COALESCED_BYTES 65507
#define COALESCED_SEGMENTS 64

union control {
	struct cmsghdr header;
	char bytes[CMSG_SPACE(sizeof(struct in6_pktinfo)) + 3 * CMSG_SPACE(sizeof(int))];
};

struct chunk {
	struct mmsghdr messages[CHUNK];
	struct iovec buffers[CHUNK];
	union jvs_socket_address peers[CHUNK];
	union control controls[CHUNK];
	uint8_t first_slot[CHUNK]; /* transmit: where each message begins */
	uint16_t segment_sizes[CHUNK]; /* transmit: for UDP GSO, or 0 */
};

/*
 * An ICMP error that arrived for some earlier datagram is reported to whichever call comes next: it says nothing about that
 * call's own datagrams, and is gone once it was reported. So each is worth one more attempt.
 */
static int may_be_anothers(int error)
{
	return error == ECONNREFUSED || error == EHOSTUNREACH || error == ENETUNREACH || error == EHOSTDOWN ||
	       error == ENOPROTOOPT || error == EPROTO || error == EMSGSIZE;
}

static void read_control(struct msghdr *header, struct jvs_slot *slot)
{
	for (struct cmsghdr *item = CMSG_FIRSTHDR(header); item; item = CMSG_NXTHDR(header, item)) {
		if (item->cmsg_level == IPPROTO_IP && item->cmsg_type == IP_PKTINFO) {
			struct in_pktinfo info;

			memcpy(&info, CMSG_DATA(item), sizeof(info));
			slot->local_high = 0;
			slot->local_low = jvs_mapped_low(info.ipi_addr);
		} else if (item->cmsg_level == IPPROTO_IPV6 && item->cmsg_type == IPV6_PKTINFO) {
			struct in6_pktinfo info;

			memcpy(&info, CMSG_DATA(item), sizeof(info));
			jvs_ipv6_halves(&info.ipi6_addr, &slot->local_high, &slot->local_low);
		} else if (item->cmsg_level == IPPROTO_IP && item->cmsg_type == IP_TOS) {
			slot->traffic_class = *CMSG_DATA(item);
		} else if (item->cmsg_level == IPPROTO_IPV6 && item->cmsg_type == IPV6_TCLASS) {
			int traffic_class;

			memcpy(&traffic_class, CMSG_DATA(item), sizeof(traffic_class));
			slot->traffic_class = (uint8_t)traffic_class;
		} else if ((item->cmsg_level == IPPROTO_IP && item->cmsg_type == IP_TTL) ||
			   (item->cmsg_level == IPPROTO_IPV6 && item->cmsg_type == IPV6_HOPLIMIT)) {
			int hops;

			memcpy(&hops, CMSG_DATA(item), sizeof(hops));
			slot->hops = (uint8_t)hops;
		} else if (item->cmsg_level == IPPROTO_UDP && item->cmsg_type == UDP_GRO) {
			int size;

			memcpy(&size, CMSG_DATA(item), sizeof(size));
			slot->segment_size = (uint16_t)size;
		}
	}
}

/* Finds the end of the outer IPv4 header, and in it our own address, the traffic class and the hops. */
static void read_outer_ipv4(struct jvs_slot *slot)
{
	struct iphdr outer;
	unsigned int header_length;

	if (slot->length < sizeof(outer)) {
		slot->flags |= JVS_MALFORMED;
		return;
	}
	memcpy(&outer, (const void *)(uintptr_t)slot->address, sizeof(outer));
	header_length = outer.ihl * 4U;
	if (outer.version != 4 || header_length < sizeof(outer) || header_length > slot->length) {
		slot->flags |= JVS_MALFORMED;
		return;
	}
	slot->offset = (uint8_t)header_length;
	slot->local_high = 0;
	slot->local_low = jvs_mapped_low((struct in_addr){ outer.daddr });
	slot->traffic_class = outer.tos;
	slot->hops = outer.ttl;
}

static int receive_chunk(struct jvs_slot *slot, int fd, int count, int flags)
{
	struct chunk chunk;
	int got, attempts = 0;

	for (int i = 0; i < count; i++) {
		chunk.buffers[i] = (struct iovec){ (void *)(uintptr_t)slot[i].address, slot[i].capacity };
		chunk.messages[i].msg_hdr = (struct msghdr){
			.msg_name = &chunk.peers[i],
			.msg_namelen = sizeof(chunk.peers[i]),
			.msg_iov = &chunk.buffers[i],
			.msg_iovlen = 1,
			.msg_control = flags & JVS_CONTROL ? &chunk.controls[i] : NULL,
			.msg_controllen = flags & JVS_CONTROL ? sizeof(chunk.controls[i]) : 0,
		};
	}
	do {
		got = recvmmsg(fd, chunk.messages, (unsigned int)count, MSG_DONTWAIT, NULL);
	} while (got < 0 && attempts++ < ATTEMPTS && (errno == EINTR || may_be_anothers(errno)));
	if (got < 0)
		return errno == EAGAIN ? 0 : -errno;
	for (int i = 0; i < got; i++) {
		struct msghdr *header = &chunk.messages[i].msg_hdr;

		slot[i].length = chunk.messages[i].msg_len;
		slot[i].flags = header->msg_flags & MSG_TRUNC ? JVS_TRUNCATED : 0;
		slot[i].segment_size = 0;
		slot[i].offset = 0;
		slot[i].traffic_class = 0;
		slot[i].hops = 0;
		jvs_address_halves(&chunk.peers[i], &slot[i].remote_high, &slot[i].remote_low, &slot[i].remote_port);
		if (flags & JVS_CONTROL)
			read_control(header, &slot[i]);
		if (flags & JVS_OUTER_IPV4)
			read_outer_ipv4(&slot[i]);
	}
	return got;
}

/* Fills slots until the socket is empty; returns how many, or -errno when there was an error before the first. */
JNIEXPORT jint JNICALL Java_io_jvswitch_tap_NativeCalls_datagramReceive(JNIEnv *env, jclass type, jlong table, jint fd,
									 jint count, jint flags)
{
	struct jvs_slot *slot = jvs_table(table);
	int done = 0;

	while (done < count) {
		int asked = count - done < CHUNK ? count - done : CHUNK;
		int got = receive_chunk(slot + done, fd, asked, flags);

		if (got < 0)
			return done > 0 ? done : got;
		done += got;
		if (got < asked)
			break;
	}
	return done;
}

static void put_control(struct msghdr *header, union control *control, int level, int type, const void *value,
			size_t size)
{
	struct cmsghdr *item = (struct cmsghdr *)(control->bytes + header->msg_controllen);

	item->cmsg_level = level;
	item->cmsg_type = type;
	item->cmsg_len = CMSG_LEN(size);
	memcpy(CMSG_DATA(item), value, size);
	header->msg_control = control;
	header->msg_controllen += CMSG_SPACE(size);
}

static void put_source(struct msghdr *header, union control *control, const struct jvs_slot *slot, int flags)
{
	if (flags & JVS_IPV6) {
		struct in6_pktinfo info = { .ipi6_addr = jvs_ipv6(slot->local_high, slot->local_low) };

		put_control(header, control, IPPROTO_IPV6, IPV6_PKTINFO, &info, sizeof(info));
	} else {
		struct in_pktinfo info = { .ipi_spec_dst.s_addr = htonl((uint32_t)slot->local_low) };

		put_control(header, control, IPPROTO_IP, IP_PKTINFO, &info, sizeof(info));
	}
}

static void put_traffic_class(struct msghdr *header, union control *control, int traffic_class, int flags)
{
	if (flags & JVS_IPV6)
		put_control(header, control, IPPROTO_IPV6, IPV6_TCLASS, &traffic_class, sizeof(traffic_class));
	else
		put_control(header, control, IPPROTO_IP, IP_TOS, &traffic_class, sizeof(traffic_class));
}

static int same_path(const struct jvs_slot *a, const struct jvs_slot *b)
{
	return a->remote_low == b->remote_low && a->remote_high == b->remote_high && a->remote_port == b->remote_port &&
	       a->local_low == b->local_low && a->local_high == b->local_high && a->traffic_class == b->traffic_class;
}

/* How many slots from the first can leave as one UDP GSO send: all as long as the first, but the last may be shorter. */
static int coalescible(const struct jvs_slot *slot, int count)
{
	uint32_t total = slot->length;
	int n = 1;

	if (slot->segment_size || slot->length == 0)
		return 1;
	if (count > COALESCED_SEGMENTS)
		count = COALESCED_SEGMENTS;
	while (n < count && !slot[n].segment_size && slot[n].length > 0 && slot[n].length <= slot->length &&
	       total + slot[n].length <= COALESCED_BYTES && same_path(slot, slot + n)) {
		total += slot[n].length;
		n++;
		if (slot[n - 1].length < slot->length)
			break;
	}
	return n;
}

/*
 * Where the kernel, or the route (IPsec, say), does not segment: datagram by datagram. Returns how many of the message's
 * buffers went whole; errno is set when not all did.
 */
static int send_apart(const struct msghdr *together, int fd, uint16_t segment_size)
{
	struct msghdr header = *together;

	/* The segment size is the last of the ancillary data. */
	header.msg_controllen -= CMSG_SPACE(sizeof(segment_size));
	header.msg_iovlen = 1;
	for (size_t i = 0; i < together->msg_iovlen; i++) {
		struct iovec rest = together->msg_iov[i];

		while (rest.iov_len > 0) {
			struct iovec datagram = rest;

			if (datagram.iov_len > segment_size)
				datagram.iov_len = segment_size;
			header.msg_iov = &datagram;
			if (sendmsg(fd, &header, MSG_DONTWAIT) < 0) {
				if (errno == EINTR)
					continue;
				return (int)i;
			}
			rest.iov_base = (char *)rest.iov_base + datagram.iov_len;
			rest.iov_len -= datagram.iov_len;
		}
	}
	return (int)together->msg_iovlen;
}

/* Returns how many slots went; when not all did, the status of the next says why. */
static int transmit_chunk(struct jvs_slot *slot, int fd, int count, int flags)
{
	struct chunk chunk;
	int messages = 0, sent = 0, prepared = 0, retried = -1;

	while (prepared < count) {
		struct jvs_slot *first = slot + prepared;
		struct msghdr *header = &chunk.messages[messages].msg_hdr;
		int run = flags & JVS_COALESCE ? coalescible(first, count - prepared) : 1;
		uint16_t segment_size = run > 1 ? (uint16_t)first->length : first->segment_size;
		socklen_t size = jvs_socket_address(flags & JVS_IPV6 ? AF_INET6 : AF_INET, first->remote_high,
						    first->remote_low, first->remote_port, &chunk.peers[messages]);

		if (!size) {
			first->status = -EAFNOSUPPORT;
			break;
		}
		for (int i = 0; i < run; i++)
			chunk.buffers[prepared + i] =
				(struct iovec){ (void *)(uintptr_t)first[i].address, first[i].length };
		*header = (struct msghdr){
			.msg_name = &chunk.peers[messages],
			.msg_namelen = size,
			.msg_iov = &chunk.buffers[prepared],
			.msg_iovlen = (size_t)run,
		};
		if (first->local_high | first->local_low)
			put_source(header, &chunk.controls[messages], first, flags);
		if (first->traffic_class)
			put_traffic_class(header, &chunk.controls[messages], first->traffic_class, flags);
		if (run == 1 && segment_size >= first->length)
			segment_size = 0;
		if (segment_size)
			put_control(header, &chunk.controls[messages], IPPROTO_UDP, UDP_SEGMENT, &segment_size,
				    sizeof(segment_size));
		chunk.segment_sizes[messages] = segment_size;
		chunk.first_slot[messages++] = (uint8_t)prepared;
		prepared += run;
	}
	while (sent < messages) {
		/* sendmmsg reports an error only for its first message. */
		int went = sendmmsg(fd, chunk.messages + sent, (unsigned int)(messages - sent), MSG_DONTWAIT);

		if (went < 0) {
			int failed = chunk.first_slot[sent];

			if (errno == EINTR)
				continue;
			if (may_be_anothers(errno) && retried != sent) {
				retried = sent;
				continue;
			}
			if (chunk.segment_sizes[sent] && (errno == EIO || errno == EINVAL)) {
				const struct msghdr *together = &chunk.messages[sent].msg_hdr;
				int apart = send_apart(together, fd, chunk.segment_sizes[sent]);

				if (apart == (int)together->msg_iovlen) {
					sent++;
					continue;
				}
				failed += apart;
			}
			slot[failed].status = -errno;
			return failed;
		}
		sent += went;
	}
	return prepared;
}

/* Sends slots until one fails; returns how many went, the failed slot's status says why. */
JNIEXPORT jint JNICALL Java_io_jvswitch_tap_NativeCalls_datagramTransmit(JNIEnv *env, jclass type, jlong table, jint fd,
									  jint count, jint flags)
{
	struct jvs_slot *slot = jvs_table(table);
	int done = 0;

	while (done < count) {
		int asked = count - done < CHUNK ? count - done : CHUNK;
		int went = transmit_chunk(slot + done, fd, asked, flags);

		done += went;
		if (went < asked)
			break;
	}
	return done;
}
