/*
 * What a TAP write costs by write(2), and what it costs when a burst of them goes through io_uring in one call: for
 * docs/decisions. Frames are 64-byte UDP of as many flows as the burst is long, so that nothing can be merged, and are delivered to a
 * socket of the namespace. Bursts of the two kinds take turns, so that both see the same machine.
 *
 *   gcc -O2 -o tapwrites bench/src/main/c/tapwrites.c && ./tapwrites [ROUNDS]        as root
 */
#define _GNU_SOURCE
#include "inet.h"
#include "netns.h"

#include <linux/if.h>
#include <linux/if_tun.h>
#include <linux/io_uring.h>
#include <linux/virtio_net.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <time.h>

enum {
    BURST_MAX = 64,
    VNET_BYTES = sizeof(struct virtio_net_hdr),
    FRAME_BYTES = ETHERNET_BYTES + IPV4_BYTES + UDP_BYTES + 18,
    PORT = 5201,
    BURSTS = 200,
    SINK_BYTES = 64 << 20,
};

static uint8_t frames[BURST_MAX][VNET_BYTES + FRAME_BYTES];
static int tap;
static int sink;

static struct {
    int fd;
    struct io_uring_sqe *entries;
    unsigned *submitted;
    unsigned *submit_mask;
    unsigned *array;
    unsigned *reaped;
    unsigned *completed;
    unsigned *complete_mask;
    struct io_uring_cqe *completions;
} ring;

static uint64_t now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

static void *map_ring(size_t bytes, off_t offset)
{
    void *at = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, ring.fd, offset);
    if (at == MAP_FAILED)
        fail("mmap of the ring");
    return at;
}

/* With what helps most: one submitter, completions run in the call that waits for them, the TAP registered. */
static void open_ring(void)
{
    struct io_uring_params params = {.flags = IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN};
    ring.fd = (int)syscall(SYS_io_uring_setup, BURST_MAX, &params);
    if (ring.fd < 0)
        fail("io_uring_setup");
    uint8_t *sq = map_ring(params.sq_off.array + params.sq_entries * sizeof(unsigned), IORING_OFF_SQ_RING);
    uint8_t *cq = map_ring(params.cq_off.cqes + params.cq_entries * sizeof(struct io_uring_cqe), IORING_OFF_CQ_RING);
    ring.entries = map_ring(params.sq_entries * sizeof(struct io_uring_sqe), IORING_OFF_SQES);
    ring.submitted = (unsigned *)(sq + params.sq_off.tail);
    ring.submit_mask = (unsigned *)(sq + params.sq_off.ring_mask);
    ring.array = (unsigned *)(sq + params.sq_off.array);
    ring.reaped = (unsigned *)(cq + params.cq_off.head);
    ring.completed = (unsigned *)(cq + params.cq_off.tail);
    ring.complete_mask = (unsigned *)(cq + params.cq_off.ring_mask);
    ring.completions = (struct io_uring_cqe *)(cq + params.cq_off.cqes);
    if (syscall(SYS_io_uring_register, ring.fd, IORING_REGISTER_FILES, &tap, 1) < 0)
        fail("io_uring_register");
}

static void open_tap(void)
{
    if (unshare(CLONE_NEWNET) < 0)
        fail("unshare");
    tap = open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);
    struct ifreq request = {.ifr_name = "t0", .ifr_flags = IFF_TAP | IFF_NO_PI | IFF_VNET_HDR};
    if (tap < 0 || ioctl(tap, TUNSETIFF, &request) < 0)
        fail("TAP");
    if (system("ip link set t0 address 02:00:00:00:00:02 up && ip address add 10.0.0.2/24 dev t0") != 0)
        give_up("ip failed");
    sink = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0);
    int bytes = SINK_BYTES;
    struct sockaddr_in here = {.sin_family = AF_INET, .sin_port = htons(PORT)};
    if (sink < 0 || setsockopt(sink, SOL_SOCKET, SO_RCVBUFFORCE, &bytes, sizeof bytes) < 0
        || bind(sink, (struct sockaddr *)&here, sizeof here) < 0)
        fail("sink");
}

static void make_frames(void)
{
    for (unsigned i = 0; i < BURST_MAX; i++) {
        uint8_t *at = frames[i] + VNET_BYTES;
        memcpy(at, "\x02\0\0\0\0\x02\x02\0\0\0\0\x01\x08\0", ETHERNET_BYTES);
        uint8_t *ip = at + ETHERNET_BYTES;
        memcpy(ip, "\x45\0\0\0\0\0\x40\0\x40\x11\0\0\x0a\0\0\x01\x0a\0\0\x02", IPV4_BYTES);
        put16(ip + 2, FRAME_BYTES - ETHERNET_BYTES);
        store_sum(ip + 10, (uint16_t)~fold(sum(ip, IPV4_BYTES)));
        put16(ip + IPV4_BYTES, (uint16_t)(20000 + i));
        put16(ip + IPV4_BYTES + 2, PORT);
        put16(ip + IPV4_BYTES + 4, FRAME_BYTES - ETHERNET_BYTES - IPV4_BYTES);
    }
}

static void by_write(unsigned burst)
{
    for (unsigned i = 0; i < burst; i++)
        if (write(tap, frames[i], sizeof frames[i]) != sizeof frames[i])
            fail("write");
}

static void by_ring(unsigned burst)
{
    unsigned tail = *ring.submitted;
    for (unsigned i = 0; i < burst; i++, tail++) {
        unsigned slot = tail & *ring.submit_mask;
        ring.entries[slot] = (struct io_uring_sqe){
            .opcode = IORING_OP_WRITE,
            .flags = IOSQE_FIXED_FILE,
            .addr = (uint64_t)(uintptr_t)frames[i],
            .len = sizeof frames[i],
        };
        ring.array[slot] = slot;
    }
    __atomic_store_n(ring.submitted, tail, __ATOMIC_RELEASE);
    if (syscall(SYS_io_uring_enter, ring.fd, burst, burst, IORING_ENTER_GETEVENTS, NULL, 0) != (long)burst)
        fail("io_uring_enter");
    unsigned head = *ring.reaped;
    for (unsigned i = 0; i < burst; i++, head++)
        if (ring.completions[head & *ring.complete_mask].res != (int)sizeof frames[i])
            give_up("a write through io_uring gave %d", ring.completions[head & *ring.complete_mask].res);
    __atomic_store_n(ring.reaped, head, __ATOMIC_RELEASE);
}

static void drain(uint64_t expected)
{
    char payload[64];
    uint64_t got = 0;
    while (recv(sink, payload, sizeof payload, 0) >= 0)
        got++;
    if (got != expected)
        give_up("%llu of %llu datagrams arrived", (unsigned long long)got, (unsigned long long)expected);
}

static uint64_t timed(void (*send)(unsigned), unsigned burst)
{
    uint64_t begin_ns = now_ns();
    for (int i = 0; i < BURSTS; i++)
        send(burst);
    uint64_t elapsed_ns = now_ns() - begin_ns;
    drain((uint64_t)BURSTS * burst);
    return elapsed_ns;
}

static int ascending(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a;
    uint64_t y = *(const uint64_t *)b;
    return x < y ? -1 : x > y;
}

int main(int count, char **words)
{
    int rounds = count > 1 ? atoi(words[1]) : 101;
    if (rounds < 1 || rounds > 10001)
        give_up("1 to 10001 rounds");
    open_tap();
    open_ring();
    make_frames();
    uint64_t *plain_ns = calloc((size_t)rounds, sizeof *plain_ns);
    uint64_t *ring_ns = calloc((size_t)rounds, sizeof *ring_ns);
    printf("frames a burst   write ns   io_uring ns   ratio   (medians of %d rounds)\n", rounds);
    const unsigned bursts[] = {1, 2, 4, 8, 16, 32, 64};
    for (unsigned b = 0; b < sizeof bursts / sizeof *bursts; b++) {
        for (int round = 0; round < rounds; round++) {
            plain_ns[round] = timed(by_write, bursts[b]);
            ring_ns[round] = timed(by_ring, bursts[b]);
        }
        qsort(plain_ns, (size_t)rounds, sizeof *plain_ns, ascending);
        qsort(ring_ns, (size_t)rounds, sizeof *ring_ns, ascending);
        double frames_sent = (double)BURSTS * bursts[b];
        double plain = (double)plain_ns[rounds / 2] / frames_sent;
        double ringed = (double)ring_ns[rounds / 2] / frames_sent;
        printf("%14u %10.0f %13.0f %7.2f\n", bursts[b], plain, ringed, ringed / plain);
    }
    free(plain_ns);
    free(ring_ns);
    return 0;
}
