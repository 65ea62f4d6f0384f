/*
 * The floor of the benchmark: what the kernel allows a program that stands between a TAP and a UDP socket and does nothing
 * but what a tunnel must. It has the offloads that the kernel offers: superframes with a virtio-net header on the TAP, cut
 * and merged in this program (segment.c, coalesce.c), UDP_SEGMENT and UDP_GRO on the socket, bursts by sendmmsg and
 * recvmmsg. It has no table, learns nothing, answers nothing and knows one peer.
 *
 *   pump tunnel TAP GUEST_NETNS LOCAL_IP REMOTE_IP VNI
 *   pump local TAP1 GUEST1_NETNS TAP2 GUEST2_NETNS        superframes pass as they are, small datagrams are merged
 */
#define _GNU_SOURCE
#include "pump.h"

#include <linux/if.h>
#include <linux/if_tun.h>
#include <netinet/udp.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>

#ifndef TUN_F_USO4
#define TUN_F_USO4 0x20
#define TUN_F_USO6 0x40
#endif

enum {
    VXLAN_PORT = 4789,
    DATAGRAMS = 16,
    RECEIVE_BUFFER_BYTES = 8 << 20,
    /* In front of each frame: the virtio-net header is read here, then the VXLAN header written. */
    HEADROOM_BYTES = 64,
};

static uint8_t frames[BURST_FRAMES][HEADROOM_BYTES + FRAME_BYTES];
static uint8_t datagrams[DATAGRAMS][FRAME_BYTES];

static int open_tap(const char *name, const char *netns, bool *uso)
{
    int home = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
    enter_netns(netns);
    int fd = open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0)
        fail("/dev/net/tun");
    struct ifreq request = {.ifr_flags = IFF_TAP | IFF_NO_PI | IFF_VNET_HDR};
    snprintf(request.ifr_name, sizeof request.ifr_name, "%s", name);
    if (ioctl(fd, TUNSETIFF, &request) < 0)
        fail("cannot make the TAP %s in %s", name, netns);
    unsigned tso = TUN_F_CSUM | TUN_F_TSO4 | TUN_F_TSO6 | TUN_F_TSO_ECN;
    *uso = ioctl(fd, TUNSETOFFLOAD, tso | TUN_F_USO4 | TUN_F_USO6) == 0;
    if (!*uso && ioctl(fd, TUNSETOFFLOAD, tso) < 0)
        fail("TUNSETOFFLOAD on %s", name);
    if (setns(home, CLONE_NEWNET) < 0)
        fail("cannot return to the own network namespace");
    close(home);
    return fd;
}

static struct sockaddr_in address(const char *text)
{
    struct sockaddr_in result = {.sin_family = AF_INET, .sin_port = htons(VXLAN_PORT)};
    if (inet_pton(AF_INET, text, &result.sin_addr) != 1)
        give_up("'%s' is not an IPv4 address", text);
    return result;
}

static int open_tunnel(const char *local, const char *remote)
{
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    int on = 1;
    int bytes = RECEIVE_BUFFER_BYTES;
    struct sockaddr_in here = address(local);
    struct sockaddr_in there = address(remote);
    if (fd < 0 || setsockopt(fd, SOL_UDP, UDP_GRO, &on, sizeof on) < 0
        || setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &bytes, sizeof bytes) < 0
        || setsockopt(fd, SOL_SOCKET, SO_SNDBUFFORCE, &bytes, sizeof bytes) < 0
        || bind(fd, (struct sockaddr *)&here, sizeof here) < 0 || connect(fd, (struct sockaddr *)&there, sizeof there) < 0)
        fail("UDP socket on %s", local);
    return fd;
}

/* A burst from the TAP into the tunnel. */
static void tap_to_tunnel(int tap)
{
    size_t total = 0;
    for (int i = 0; i < BURST_FRAMES && total < BURST_BYTES; i++) {
        uint8_t *at = frames[i] + HEADROOM_BYTES - VNET_BYTES;
        ssize_t length = read(tap, at, VNET_BYTES + FRAME_BYTES);
        if (length <= VNET_BYTES)
            break;
        struct virtio_net_hdr vnet;
        memcpy(&vnet, at, sizeof vnet);
        segment_add(&vnet, frames[i] + HEADROOM_BYTES, (size_t)length - VNET_BYTES);
        total += (size_t)length;
    }
    segment_flush();
}

/* A burst from the tunnel to the TAP. */
static void tunnel_to_tap(int tunnel, const uint8_t vni[3])
{
    static struct mmsghdr messages[DATAGRAMS];
    static struct iovec vectors[DATAGRAMS];
    static union {
        struct cmsghdr header;
        char bytes[CMSG_SPACE(sizeof(int))];
    } controls[DATAGRAMS];
    for (int i = 0; i < DATAGRAMS; i++) {
        vectors[i] = (struct iovec){datagrams[i], FRAME_BYTES};
        messages[i].msg_hdr = (struct msghdr){
            .msg_iov = &vectors[i],
            .msg_iovlen = 1,
            .msg_control = &controls[i],
            .msg_controllen = sizeof controls[i],
        };
    }
    int count = recvmmsg(tunnel, messages, DATAGRAMS, 0, NULL);
    for (int i = 0; i < count; i++) {
        unsigned length = messages[i].msg_len;
        unsigned segment = length;
        struct cmsghdr *control = CMSG_FIRSTHDR(&messages[i].msg_hdr);
        if (control != NULL && control->cmsg_level == SOL_UDP && control->cmsg_type == UDP_GRO) {
            int size;
            memcpy(&size, CMSG_DATA(control), sizeof size);
            segment = (unsigned)size;
        }
        for (unsigned at = 0; at < length; at += segment) {
            unsigned bytes = length - at < segment ? length - at : segment;
            uint8_t *header = datagrams[i] + at;
            if (bytes > VXLAN_BYTES + ETHERNET_BYTES && header[0] == 0x08 && memcmp(header + 4, vni, 3) == 0)
                coalesce_add(header + VXLAN_BYTES, bytes - VXLAN_BYTES, CHECKSUM_UNKNOWN);
        }
    }
    coalesce_flush();
}

/* Whether a frame is UDP that may be merged: not one of the guest's own superframes, and with its checksum as it should be left. */
static bool is_small_datagram(const struct virtio_net_hdr *vnet, const uint8_t *frame, size_t length)
{
    if (vnet->gso_type != VIRTIO_NET_HDR_GSO_NONE)
        return false;
    struct layout layout = look(frame, length);
    return layout.protocol == IPPROTO_UDP
        && (!(vnet->flags & VIRTIO_NET_HDR_F_NEEDS_CSUM) || (vnet->csum_start == layout.l4 && vnet->csum_offset == 6));
}

/* A burst from TAP to TAP. Superframes go with their header as they are, and so does all that is not UDP. */
static void tap_to_tap(int from, int to, bool uso)
{
    coalesce_to(to, uso);
    for (int i = 0; i < BURST_FRAMES; i++) {
        uint8_t *at = frames[i] + HEADROOM_BYTES - VNET_BYTES;
        ssize_t length = read(from, at, VNET_BYTES + FRAME_BYTES);
        if (length <= VNET_BYTES)
            break;
        struct virtio_net_hdr vnet;
        memcpy(&vnet, at, sizeof vnet);
        if (uso && is_small_datagram(&vnet, at + VNET_BYTES, (size_t)length - VNET_BYTES)) {
            bool partial = vnet.flags & VIRTIO_NET_HDR_F_NEEDS_CSUM;
            coalesce_add(at + VNET_BYTES, (size_t)length - VNET_BYTES, partial ? CHECKSUM_PARTIAL : CHECKSUM_UNKNOWN);
            continue;
        }
        /* A superframe of UDP must not overtake what waits. */
        if (vnet.gso_type != VIRTIO_NET_HDR_GSO_TCPV4 && vnet.gso_type != VIRTIO_NET_HDR_GSO_TCPV6)
            coalesce_flush();
        (void)!write(to, at, (size_t)length);
    }
    coalesce_flush();
}

static void watch(int epoll, int fd)
{
    struct epoll_event event = {.events = EPOLLIN, .data.fd = fd};
    if (epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event) < 0)
        fail("epoll_ctl");
}

int main(int count, char **words)
{
    bool tunnelled = count == 7 && strcmp(words[1], "tunnel") == 0;
    if (!tunnelled && !(count == 6 && strcmp(words[1], "local") == 0))
        give_up("usage: pump tunnel TAP NETNS LOCAL REMOTE VNI | pump local TAP1 NETNS1 TAP2 NETNS2");
    bool left_uso;
    bool right_uso = false;
    int left = open_tap(words[2], words[3], &left_uso);
    int right = tunnelled ? open_tunnel(words[4], words[5]) : open_tap(words[4], words[5], &right_uso);
    uint32_t vni = tunnelled ? (uint32_t)strtoul(words[6], NULL, 10) : 0;
    uint8_t vni_bytes[4];
    put32(vni_bytes, vni << 8);
    segment_init(right, vni);
    coalesce_to(left, left_uso);

    int epoll = epoll_create1(EPOLL_CLOEXEC);
    watch(epoll, left);
    watch(epoll, right);
    for (;;) {
        struct epoll_event ready[2];
        int events = epoll_wait(epoll, ready, 2, -1);
        for (int i = 0; i < events; i++) {
            int fd = ready[i].data.fd;
            if (!tunnelled)
                tap_to_tap(fd, fd == left ? right : left, fd == left ? right_uso : left_uso);
            else if (fd == left)
                tap_to_tunnel(left);
            else
                tunnel_to_tap(right, vni_bytes);
        }
    }
}
