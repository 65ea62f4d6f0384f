/*
 * To the TAP. TCP segments that continue each other become one superframe, by the rules of the kernel's own receive offload
 * (net/ipv4/tcp_offload.c): same addresses, ports, acknowledgement, options, window and so on, the right sequence number, no
 * segment after a short one, and nothing is merged whose checksum is wrong. UDP datagrams of one size and flow become one
 * likewise (net/ipv4/udp_offload.c), where the TAP takes that. The payload is not moved: the superframe is a vector over
 * the frames.
 */
#define _GNU_SOURCE
#include "pump.h"

enum {
    FLOWS = 16,
    SEGMENTS = 64,
    SUPERFRAME_BYTES = 65535,
    /* VIRTIO_NET_HDR_GSO_UDP_L4, Linux 6.2 */
    GSO_UDP_L4 = 5,
};

struct superframe {
    struct virtio_net_hdr vnet;
    struct layout layout;
    uint8_t *frame;
    uint32_t next_sequence;
    uint16_t next_id;
    unsigned mss;
    unsigned segments;
    unsigned payload_bytes;
    bool complete;
    enum checksum checksum;
    struct iovec vectors[1 + SEGMENTS];
};

static int tap_fd;
static bool tap_takes_uso;
static struct superframe open_frames[FLOWS];
static unsigned open_count;

void coalesce_to(int tap, bool uso)
{
    tap_fd = tap;
    tap_takes_uso = uso;
}

static void write_tap(const struct iovec *vectors, int count)
{
    /* A full queue or a device that is down loses the frame; so does any switch. */
    while (writev(tap_fd, vectors, count) < 0 && errno == EINTR)
        ;
}

static void write_alone(uint8_t *frame, size_t length, const struct layout *layout, enum checksum checksum)
{
    struct virtio_net_hdr vnet = {0};
    if (checksum == CHECKSUM_PARTIAL) {
        vnet.flags = VIRTIO_NET_HDR_F_NEEDS_CSUM;
        vnet.csum_start = (uint16_t)layout->l4;
        vnet.csum_offset = layout->protocol == IPPROTO_UDP ? 6 : 16;
    }
    struct iovec vectors[] = {{&vnet, VNET_BYTES}, {frame, length}};
    write_tap(vectors, 2);
}

static void write_superframe(struct superframe *open)
{
    const struct layout *layout = &open->layout;
    if (open->segments == 1) {
        write_alone(open->frame, layout->payload + open->payload_bytes, layout, open->checksum);
        return;
    }
    bool udp = layout->protocol == IPPROTO_UDP;
    uint8_t *ip = open->frame + layout->l3;
    uint8_t *l4 = open->frame + layout->l4;
    unsigned l4_bytes = layout->payload - layout->l4 + open->payload_bytes;
    if (layout->ipv6) {
        put16(ip + 4, (uint16_t)l4_bytes);
    } else {
        put16(ip + 2, (uint16_t)(IPV4_BYTES + l4_bytes));
        put16(ip + 10, 0);
        store_sum(ip + 10, (uint16_t)~fold(sum(ip, IPV4_BYTES)));
    }
    if (udp)
        put16(l4 + 4, (uint16_t)l4_bytes);
    store_sum(l4 + (udp ? 6 : 16), fold(pseudo_sum(open->frame, layout, l4_bytes)));
    open->vnet = (struct virtio_net_hdr){
        .flags = VIRTIO_NET_HDR_F_NEEDS_CSUM,
        .gso_type = udp ? GSO_UDP_L4 : layout->ipv6 ? VIRTIO_NET_HDR_GSO_TCPV6 : VIRTIO_NET_HDR_GSO_TCPV4,
        .hdr_len = (uint16_t)layout->payload,
        .gso_size = (uint16_t)open->mss,
        .csum_start = (uint16_t)layout->l4,
        .csum_offset = udp ? 6 : 16,
    };
    struct iovec vectors[2 + SEGMENTS];
    vectors[0] = (struct iovec){&open->vnet, VNET_BYTES};
    memcpy(vectors + 1, open->vectors, (1 + open->segments) * sizeof *vectors);
    write_tap(vectors, (int)(2 + open->segments));
}

static void close_superframe(unsigned i)
{
    write_superframe(&open_frames[i]);
    open_count--;
    /* Flows keep their order among each other only roughly; frames of a flow always do. */
    if (i != open_count)
        open_frames[i] = open_frames[open_count];
}

void coalesce_flush(void)
{
    for (unsigned i = 0; i < open_count; i++)
        write_superframe(&open_frames[i]);
    open_count = 0;
}

static bool same_flow(const struct superframe *open, const uint8_t *frame, const struct layout *layout)
{
    if (open->layout.l3 != layout->l3 || open->layout.ipv6 != layout->ipv6 || open->layout.protocol != layout->protocol
        || memcmp(open->frame + layout->l4, frame + layout->l4, 4) != 0)
        return false;
    const uint8_t *mine = open->frame + layout->l3;
    const uint8_t *its = frame + layout->l3;
    return layout->ipv6 ? memcmp(mine + 8, its + 8, 32) == 0 : memcmp(mine + 12, its + 12, 8) == 0;
}

static bool continues(const struct superframe *open, const uint8_t *frame, const struct layout *layout, unsigned bytes)
{
    const uint8_t *ip = frame + layout->l3;
    const uint8_t *tcp = frame + layout->l4;
    const uint8_t *open_ip = open->frame + layout->l3;
    const uint8_t *open_tcp = open->frame + layout->l4;
    bool udp = layout->protocol == IPPROTO_UDP;
    if (open->complete || bytes > open->mss || open->segments == SEGMENTS || open->layout.payload != layout->payload
        || layout->payload - layout->l3 + open->payload_bytes + bytes > SUPERFRAME_BYTES
        || (!udp && get32(tcp + 4) != open->next_sequence))
        return false;
    bool same_network = layout->ipv6
        ? memcmp(ip, open_ip, 4) == 0 && ip[7] == open_ip[7]
        : ip[1] == open_ip[1] && ip[8] == open_ip[8] && get16(ip + 6) == get16(open_ip + 6)
            && (get16(ip + 4) == open->next_id || (udp && (get16(ip + 6) & 0x4000)));
    /* Ethernet and tag, then acknowledgement and header length, window, urgent pointer and options. */
    return same_network && memcmp(frame, open->frame, layout->l3) == 0
        && (udp || (memcmp(tcp + 8, open_tcp + 8, 5) == 0
        && memcmp(tcp + 14, open_tcp + 14, 2) == 0 && memcmp(tcp + 18, open_tcp + 18, layout->payload - layout->l4 - 18) == 0));
}

/* A partial one is right by definition; the IPv4 header's never is partial. */
static bool checksum_is_right(const uint8_t *frame, const struct layout *layout, enum checksum checksum)
{
    unsigned l4_bytes = layout->end - layout->l4;
    return (checksum == CHECKSUM_PARTIAL
               || fold(pseudo_sum(frame, layout, l4_bytes) + sum(frame + layout->l4, l4_bytes)) == 0xffff)
        && (layout->ipv6 || fold(sum(frame + layout->l3, IPV4_BYTES)) == 0xffff);
}

/* Whether a frame is of a kind that superframes are made of. */
static bool can_merge(const uint8_t *frame, const struct layout *layout, size_t length, enum checksum checksum)
{
    if (layout->payload == layout->end || layout->end != length || !checksum_is_right(frame, layout, checksum))
        return false;
    const uint8_t *l4 = frame + layout->l4;
    if (layout->protocol == IPPROTO_TCP)
        return (l4[13] & ~(TCP_PSH | TCP_FIN)) == TCP_ACK;
    /* Without a checksum a datagram has nothing that a superframe could say. */
    return tap_takes_uso && get16(l4 + 4) == layout->end - layout->l4 && (checksum == CHECKSUM_PARTIAL || get16(l4 + 6) != 0);
}

static void open_superframe(struct superframe *open, uint8_t *frame, const struct layout *layout, enum checksum checksum)
{
    open->layout = *layout;
    open->frame = frame;
    open->checksum = checksum;
    open->next_sequence = get32(frame + layout->l4 + 4);
    open->next_id = get16(frame + layout->l3 + 4);
    open->mss = layout->end - layout->payload;
    open->segments = 0;
    open->payload_bytes = 0;
    open->vectors[0] = (struct iovec){frame, layout->payload};
}

void coalesce_add(uint8_t *frame, size_t length, enum checksum checksum)
{
    struct layout layout = look(frame, length);
    if (layout.protocol == 0) {
        /* It may be a fragment of a flow that waits. */
        coalesce_flush();
        write_alone(frame, length, &layout, checksum);
        return;
    }
    unsigned bytes = layout.end - layout.payload;
    unsigned flow = 0;
    while (flow < open_count && !same_flow(&open_frames[flow], frame, &layout))
        flow++;
    if (!can_merge(frame, &layout, length, checksum)) {
        if (flow < open_count)
            close_superframe(flow);
        write_alone(frame, length, &layout, checksum);
        return;
    }
    if (flow < open_count && !continues(&open_frames[flow], frame, &layout, bytes)) {
        close_superframe(flow);
        flow = open_count;
    }
    if (flow == open_count) {
        if (open_count == FLOWS)
            close_superframe(0);
        flow = open_count++;
        open_superframe(&open_frames[flow], frame, &layout, checksum);
    }
    struct superframe *open = &open_frames[flow];
    open->segments++;
    open->vectors[open->segments] = (struct iovec){frame + layout.payload, bytes};
    open->payload_bytes += bytes;
    open->next_sequence += bytes;
    open->next_id++;
    open->complete = bytes < open->mss;
    if (layout.protocol == IPPROTO_TCP) {
        uint8_t flags = frame[layout.l4 + 13];
        open->frame[layout.l4 + 13] |= flags;
        open->complete |= (flags & (TCP_PSH | TCP_FIN)) != 0;
    }
}
