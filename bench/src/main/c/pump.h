/* The two halves of the pump: superframes to segments, and segments to superframes. */
#ifndef JVSWITCH_BENCH_PUMP_H
#define JVSWITCH_BENCH_PUMP_H

#include "inet.h"
#include "netns.h"

#include <linux/virtio_net.h>
#include <sys/socket.h>
#include <sys/uio.h>

enum {
    VXLAN_BYTES = 8,
    VNET_BYTES = sizeof(struct virtio_net_hdr),
    FRAME_BYTES = 65536 + 64,
    /* The largest UDP payload over IPv4, and the kernel's UDP_MAX_SEGMENTS of old (linux/udp.h). */
    DATAGRAM_BYTES = 65507,
    DATAGRAM_SEGMENTS = 64,
    /* Frames read from the TAP before they are sent, and bytes: what is still in the second-level cache when it is sent. */
    BURST_FRAMES = 64,
    BURST_BYTES = 512 << 10,
    HEADER_BYTES = 192,
};

/* segment.c: frames of the TAP become datagrams. */
void segment_init(int udp, uint32_t vni);
/* Takes a frame, which stays where it is until segment_flush; `frame` has VXLAN_BYTES to spare in front of it. */
void segment_add(const struct virtio_net_hdr *vnet, uint8_t *frame, size_t length);
void segment_flush(void);

/* coalesce.c: frames become superframes on a TAP. */
enum checksum {
    /* Verified before the frame is merged. */
    CHECKSUM_UNKNOWN,
    /* The field holds the pseudo header's sum: the sender's kernel has left it to the device. */
    CHECKSUM_PARTIAL,
};
/* Where frames go from now on; UDP is merged only for one that takes USO. */
void coalesce_to(int tap, bool uso);
/* Takes a frame, which stays where it is until coalesce_flush. */
void coalesce_add(uint8_t *frame, size_t length, enum checksum checksum);
void coalesce_flush(void);

#endif
