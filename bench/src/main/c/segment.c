/*
 * From the TAP to the tunnel. A superframe is cut at its gso_size; headers are written anew for each segment, the payload
 * stays where it was read, and both reach the kernel as one vector. Segments of one size follow each other in one datagram
 * of up to 64 KB that the kernel (or the device) cuts: UDP_SEGMENT. Small frames of one size share a datagram likewise.
 */
#define _GNU_SOURCE
#include "pump.h"

#include <netinet/udp.h>

enum {
    DATAGRAMS = 64,
    HEADERS = 2048,
    VECTORS = 2 * HEADERS,
};

struct datagram {
    struct iovec *vectors;
    unsigned vector_count;
    unsigned segments;
    unsigned segment_bytes;
    unsigned bytes;
    bool complete;
};

static int udp_socket;
static uint8_t vxlan[VXLAN_BYTES] = {0x08};
static struct datagram datagrams[DATAGRAMS];
static unsigned datagram_count;
static struct iovec vectors[VECTORS];
static unsigned vector_count;
static uint8_t headers[HEADERS][HEADER_BYTES];
static unsigned header_count;

void segment_init(int udp, uint32_t vni)
{
    udp_socket = udp;
    put32(vxlan + 4, vni << 8);
}

void segment_flush(void)
{
    static struct mmsghdr messages[DATAGRAMS];
    static union {
        struct cmsghdr header;
        char bytes[CMSG_SPACE(sizeof(uint16_t))];
    } controls[DATAGRAMS];

    for (unsigned i = 0; i < datagram_count; i++) {
        struct datagram *datagram = &datagrams[i];
        messages[i].msg_hdr = (struct msghdr){.msg_iov = datagram->vectors, .msg_iovlen = datagram->vector_count};
        if (datagram->segments > 1) {
            uint16_t size = (uint16_t)datagram->segment_bytes;
            controls[i].header = (struct cmsghdr){
                .cmsg_level = SOL_UDP, .cmsg_type = UDP_SEGMENT, .cmsg_len = CMSG_LEN(sizeof size)};
            memcpy(CMSG_DATA(&controls[i].header), &size, sizeof size);
            messages[i].msg_hdr.msg_control = &controls[i];
            messages[i].msg_hdr.msg_controllen = sizeof controls[i];
        }
    }
    for (unsigned done = 0; done < datagram_count;) {
        int taken = sendmmsg(udp_socket, messages + done, datagram_count - done, 0);
        if (taken < 0) {
            if (errno == EIO)
                give_up("the kernel does not cut datagrams for a device without checksum offload (Linux 6.11 and later do)");
            if (errno != EINTR && errno != ENOBUFS && errno != EAGAIN && errno != ECONNREFUSED)
                fail("sendmmsg");
            taken = errno == EINTR ? 0 : 1;
        }
        done += (unsigned)taken;
    }
    datagram_count = 0;
    vector_count = 0;
    header_count = 0;
}

/* Room for a segment of a head (with the VXLAN header) and a payload, which may be empty. */
static void append(uint8_t *head, unsigned head_bytes, const uint8_t *payload, unsigned payload_bytes)
{
    unsigned bytes = head_bytes + payload_bytes;
    struct datagram *datagram = datagram_count > 0 ? &datagrams[datagram_count - 1] : NULL;
    if (datagram == NULL || datagram->complete || bytes > datagram->segment_bytes
        || datagram->bytes + bytes > DATAGRAM_BYTES || datagram->segments == DATAGRAM_SEGMENTS) {
        if (datagram_count == DATAGRAMS)
            segment_flush();
        datagram = &datagrams[datagram_count++];
        *datagram = (struct datagram){.vectors = &vectors[vector_count], .segment_bytes = bytes};
    }
    /* Only the last segment of a datagram may be shorter. */
    datagram->complete = bytes < datagram->segment_bytes;
    datagram->segments++;
    datagram->bytes += bytes;
    vectors[vector_count++] = (struct iovec){head, head_bytes};
    datagram->vector_count++;
    if (payload_bytes > 0) {
        vectors[vector_count++] = (struct iovec){(void *)payload, payload_bytes};
        datagram->vector_count++;
    }
}

static void add_segment(const uint8_t *frame, const struct layout *layout, unsigned at, unsigned bytes, unsigned index,
                        bool last, uint64_t payload_sum)
{
    uint8_t *head = headers[header_count++];
    memcpy(head, vxlan, VXLAN_BYTES);
    uint8_t *out = head + VXLAN_BYTES;
    memcpy(out, frame, layout->payload);
    uint8_t *ip = out + layout->l3;
    uint8_t *l4 = out + layout->l4;
    unsigned l4_bytes = layout->payload - layout->l4 + bytes;
    if (layout->ipv6) {
        put16(ip + 4, (uint16_t)l4_bytes);
    } else {
        put16(ip + 2, (uint16_t)(IPV4_BYTES + l4_bytes));
        put16(ip + 4, (uint16_t)(get16(ip + 4) + index));
        put16(ip + 10, 0);
        store_sum(ip + 10, (uint16_t)~fold(sum(ip, IPV4_BYTES)));
    }
    unsigned checksum_at = 6;
    if (layout->protocol == IPPROTO_TCP) {
        checksum_at = 16;
        put32(l4 + 4, get32(l4 + 4) + (at - layout->payload));
        if (!last)
            l4[13] &= (uint8_t)~(TCP_FIN | TCP_PSH);
        if (index > 0)
            l4[13] &= (uint8_t)~TCP_CWR;
    } else {
        put16(l4 + 4, (uint16_t)l4_bytes);
    }
    put16(l4 + checksum_at, 0);
    uint16_t checksum = (uint16_t)~fold(
        pseudo_sum(out, layout, l4_bytes) + sum(l4, layout->payload - layout->l4) + payload_sum);
    store_sum(l4 + checksum_at, checksum == 0 && layout->protocol == IPPROTO_UDP ? 0xffff : checksum);
    append(head, VXLAN_BYTES + layout->payload, frame + at, bytes);
}

void segment_add(const struct virtio_net_hdr *vnet, uint8_t *frame, size_t length)
{
    if (vnet->gso_type == VIRTIO_NET_HDR_GSO_NONE) {
        size_t start = vnet->csum_start;
        size_t at = start + vnet->csum_offset;
        if (vnet->flags & VIRTIO_NET_HDR_F_NEEDS_CSUM && at + 2 <= length) {
            /* The field holds the pseudo header's sum already. */
            uint16_t checksum = (uint16_t)~fold(sum(frame + start, length - start));
            store_sum(frame + at, checksum == 0 ? 0xffff : checksum);
        }
        if (vector_count + 1 > VECTORS)
            segment_flush();
        memcpy(frame - VXLAN_BYTES, vxlan, VXLAN_BYTES);
        append(frame - VXLAN_BYTES, (unsigned)(VXLAN_BYTES + length), NULL, 0);
        return;
    }
    struct layout layout = look(frame, length);
    unsigned size = vnet->gso_size;
    if (layout.protocol == 0 || size == 0 || VXLAN_BYTES + layout.payload > HEADER_BYTES)
        return;
    unsigned segments = (layout.end - layout.payload + size - 1) / size;
    if (header_count + segments > HEADERS || vector_count + 2 * segments > VECTORS)
        segment_flush();
    for (unsigned i = 0, at = layout.payload; i < segments; i++, at += size) {
        unsigned bytes = layout.end - at < size ? layout.end - at : size;
        add_segment(frame, &layout, at, bytes, i, i == segments - 1, sum(frame + at, bytes));
    }
}
