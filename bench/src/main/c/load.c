/*
 * The load of the benchmark, generator and sink in one process: a socket belongs to the network namespace in which it was
 * made, so one program holds both ends of a measurement, with one clock and without anything to agree about. It does as
 * little as a program can do with ordinary sockets, and does the same for every switch.
 *
 *   load tcp FROM TO ADDRESS STREAMS WARMUP_MS MEASURE_MS PIDS        bytes that the sink has read
 *   load udp FROM TO ADDRESS FRAMES_PER_SECOND WARMUP_MS MEASURE_MS PIDS
 *                                       18-byte datagrams (64-byte frames) that the sink has read; rate 0 is "all you can"
 *   load rr FROM TO ADDRESS FRAMES_PER_SECOND WARMUP_MS MEASURE_MS PIDS HISTOGRAM_FILE
 *                                       64 bytes there and back over TCP, one at a time; beside datagrams as of `udp`, which
 *                                       are what `received` and `sent` count, unless the rate is 0
 *   load first FROM TO ADDRESS LIMIT_MS                               when the first datagram arrived
 *
 * FROM and TO are names of `ip netns`. PIDS are the switch's processes, with commas between them, or "-". Output is lines
 * KEY=VALUE. `begin.` and `end.` lines hold /proc/stat and each /proc/PID/stat as they stood at the window's two ends.
 */
#define _GNU_SOURCE
#include "histogram.h"
#include "netns.h"
#include "window.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <sys/socket.h>

enum {
    PORT = 5201,
    STREAM_BUFFER_BYTES = 128 << 10,
    /* 18 bytes, and 8 of UDP, 20 of IPv4, 14 of Ethernet and the 4 of its check sequence, are 64. */
    DATAGRAM_BYTES = 18,
    DATAGRAM_BURST = 32,
    /* Deep enough that a sink which waits for a core loses nothing that the switch delivered. */
    DATAGRAM_BUFFER_BYTES = 16 << 20,
    REQUEST_BYTES = 64,
    ANSWER_SECONDS = 10,
    PACE_NS = 500000,
};

static const char *from_netns;
static const char *to_netns;
static struct sockaddr_in target = {.sin_family = AF_INET};

static int socket_in(const char *netns, int type)
{
    enter_netns(netns);
    int fd = socket(AF_INET, type | SOCK_CLOEXEC, 0);
    if (fd < 0)
        fail("socket in %s", netns);
    return fd;
}

static pthread_t start(void *(*run)(void *), void *argument)
{
    pthread_t thread;
    errno = pthread_create(&thread, NULL, run, argument);
    if (errno != 0)
        fail("pthread_create");
    return thread;
}

/* --- TCP ------------------------------------------------------------------------------------------------------------- */

static int connections[STREAMS_MAX];
static int accepted[STREAMS_MAX];

static void connect_streams(int count)
{
    int listener = socket_in(to_netns, SOCK_STREAM);
    int on = 1;
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(listener, (struct sockaddr *)&target, sizeof target) < 0 || listen(listener, STREAMS_MAX) < 0)
        fail("cannot listen in %s", to_netns);
    for (int i = 0; i < count; i++) {
        connections[i] = socket_in(from_netns, SOCK_STREAM);
        if (connect(connections[i], (struct sockaddr *)&target, sizeof target) < 0)
            fail("cannot connect from %s to %s", from_netns, to_netns);
        accepted[i] = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
        if (accepted[i] < 0)
            fail("accept");
    }
    close(listener);
}

static void shut_streams(int count)
{
    /* A reset ends both ends at once: nothing queued in the switch keeps the next measurement waiting. */
    struct linger reset = {.l_onoff = 1};
    for (int i = 0; i < count; i++) {
        shutdown(accepted[i], SHUT_RDWR);
        shutdown(connections[i], SHUT_RDWR);
        setsockopt(accepted[i], SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
        setsockopt(connections[i], SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
    }
}

static void *stream_source(void *argument)
{
    int fd = connections[(intptr_t)argument];
    char *buffer = calloc(1, STREAM_BUFFER_BYTES);
    while (!stopped())
        if (send(fd, buffer, STREAM_BUFFER_BYTES, MSG_NOSIGNAL) <= 0 && !stopped())
            fail("a stream broke");
    free(buffer);
    return NULL;
}

static void *stream_sink(void *argument)
{
    intptr_t i = (intptr_t)argument;
    char *buffer = calloc(1, STREAM_BUFFER_BYTES);
    ssize_t length;
    while (!stopped() && (length = recv(accepted[i], buffer, STREAM_BUFFER_BYTES, 0)) > 0)
        add(&received[i], (uint64_t)length);
    free(buffer);
    return NULL;
}

static void tcp(int streams, unsigned warmup_ms, unsigned measure_ms, const char *pids)
{
    pthread_t threads[2 * STREAMS_MAX];
    connect_streams(streams);
    for (intptr_t i = 0; i < streams; i++) {
        threads[2 * i] = start(stream_sink, (void *)i);
        threads[2 * i + 1] = start(stream_source, (void *)i);
    }
    measure(warmup_ms, measure_ms, pids);
    shut_streams(streams);
    for (int i = 0; i < 2 * streams; i++)
        pthread_join(threads[i], NULL);
}

/* --- UDP ------------------------------------------------------------------------------------------------------------- */

static int datagram_source;
static int datagram_sink;
static uint64_t frames_per_second;

static void connect_datagrams(void)
{
    datagram_sink = socket_in(to_netns, SOCK_DGRAM);
    int bytes = DATAGRAM_BUFFER_BYTES;
    setsockopt(datagram_sink, SOL_SOCKET, SO_RCVBUFFORCE, &bytes, sizeof bytes);
    /* The sink looks from time to time whether it is to end. */
    struct timeval patience = {.tv_usec = 100000};
    setsockopt(datagram_sink, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    if (bind(datagram_sink, (struct sockaddr *)&target, sizeof target) < 0)
        fail("cannot bind in %s", to_netns);
    datagram_source = socket_in(from_netns, SOCK_DGRAM);
    if (connect(datagram_source, (struct sockaddr *)&target, sizeof target) < 0)
        fail("no route in %s", from_netns);
}

static void send_burst(struct mmsghdr *messages, unsigned count)
{
    while (count > 0) {
        int taken = sendmmsg(datagram_source, messages, count, 0);
        if (taken < 0) {
            if (errno != ENOBUFS && errno != EAGAIN && errno != ECONNREFUSED && errno != EINTR)
                fail("sendmmsg");
            /* The device's queue is full: that frame is lost, as it would be behind the device. */
            taken = 1;
        }
        add(&sent, (unsigned)taken);
        messages += taken;
        count -= (unsigned)taken;
    }
}

static void *source_datagrams(void *unused)
{
    static char payload[DATAGRAM_BYTES];
    struct iovec vector = {payload, sizeof payload};
    struct mmsghdr messages[DATAGRAM_BURST];
    memset(messages, 0, sizeof messages);
    for (int i = 0; i < DATAGRAM_BURST; i++)
        messages[i].msg_hdr = (struct msghdr){.msg_iov = &vector, .msg_iovlen = 1};

    uint64_t start_ns = now_ns();
    uint64_t tick_ns = start_ns;
    uint64_t due = 0;
    uint64_t done = 0;
    while (!stopped()) {
        if (frames_per_second == 0) {
            send_burst(messages, DATAGRAM_BURST);
            continue;
        }
        tick_ns += PACE_NS;
        sleep_until(tick_ns);
        due = (tick_ns - start_ns) / 1000 * frames_per_second / 1000000;
        while (done < due) {
            unsigned count = due - done < DATAGRAM_BURST ? (unsigned)(due - done) : DATAGRAM_BURST;
            send_burst(messages, count);
            done += count;
        }
    }
    (void)unused;
    return NULL;
}

static void *sink_datagrams(void *unused)
{
    static char payloads[DATAGRAM_BURST][DATAGRAM_BYTES];
    struct iovec vectors[DATAGRAM_BURST];
    struct mmsghdr messages[DATAGRAM_BURST];
    memset(messages, 0, sizeof messages);
    for (int i = 0; i < DATAGRAM_BURST; i++) {
        vectors[i] = (struct iovec){payloads[i], DATAGRAM_BYTES};
        messages[i].msg_hdr = (struct msghdr){.msg_iov = &vectors[i], .msg_iovlen = 1};
    }
    while (!stopped()) {
        int count = recvmmsg(datagram_sink, messages, DATAGRAM_BURST, MSG_WAITFORONE, NULL);
        if (count > 0)
            add(&received[0], (unsigned)count);
    }
    (void)unused;
    return NULL;
}

static void udp(unsigned warmup_ms, unsigned measure_ms, const char *pids)
{
    connect_datagrams();
    pthread_t sink = start(sink_datagrams, NULL);
    pthread_t source = start(source_datagrams, NULL);
    measure(warmup_ms, measure_ms, pids);
    pthread_join(source, NULL);
    pthread_join(sink, NULL);
}

/* --- Request and response -------------------------------------------------------------------------------------------- */

static atomic_bool recording;

static bool move_all(int fd, char *buffer, bool out)
{
    for (size_t done = 0; done < REQUEST_BYTES;) {
        ssize_t length = out ? send(fd, buffer + done, REQUEST_BYTES - done, MSG_NOSIGNAL)
                             : recv(fd, buffer + done, REQUEST_BYTES - done, 0);
        if (length <= 0)
            return false;
        done += (size_t)length;
    }
    return true;
}

static void *answer(void *unused)
{
    char buffer[REQUEST_BYTES];
    while (move_all(accepted[0], buffer, false) && move_all(accepted[0], buffer, true))
        ;
    (void)unused;
    return NULL;
}

static void *ask(void *unused)
{
    char buffer[REQUEST_BYTES] = {0};
    while (!stopped()) {
        uint64_t start_ns = now_ns();
        if (!move_all(connections[0], buffer, true) || !move_all(connections[0], buffer, false))
            give_up("the connection of requests and answers broke");
        if (atomic_load_explicit(&recording, memory_order_relaxed))
            histogram_add(now_ns() - start_ns);
    }
    (void)unused;
    return NULL;
}

/* What was answered before the window is left out; what was asked within it and answered later counts as well. */
static void request_response(unsigned warmup_ms, unsigned measure_ms, const char *pids, const char *path)
{
    pthread_t source = 0;
    pthread_t sink = 0;
    connect_streams(1);
    int on = 1;
    setsockopt(connections[0], IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    setsockopt(accepted[0], IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (frames_per_second > 0) {
        connect_datagrams();
        sink = start(sink_datagrams, NULL);
        source = start(source_datagrams, NULL);
    }
    pthread_t server = start(answer, NULL);
    pthread_t client = start(ask, NULL);
    sleep_until(now_ns() + warmup_ms * 1000000ull);
    atomic_store(&recording, true);
    measure(0, measure_ms, pids);
    struct timespec limit;
    clock_gettime(CLOCK_REALTIME, &limit);
    limit.tv_sec += ANSWER_SECONDS;
    if (pthread_timedjoin_np(client, NULL, &limit) != 0)
        give_up("a request was not answered within %d s", ANSWER_SECONDS);
    shut_streams(1);
    pthread_join(server, NULL);
    if (frames_per_second > 0) {
        pthread_join(source, NULL);
        pthread_join(sink, NULL);
    }
    histogram_write(path);
}

/* --- The first frame ------------------------------------------------------------------------------------------------- */

static void first(unsigned limit_ms)
{
    connect_datagrams();
    char payload[DATAGRAM_BYTES] = {0};
    uint64_t start_ns = now_ns();
    uint64_t tick_ns = start_ns;
    while (recv(datagram_sink, payload, sizeof payload, MSG_DONTWAIT) < 0) {
        if (tick_ns - start_ns > limit_ms * 1000000ull)
            give_up("nothing arrived within %u ms", limit_ms);
        (void)!send(datagram_source, payload, sizeof payload, MSG_DONTWAIT);
        tick_ns += PACE_NS;
        sleep_until(tick_ns);
    }
    printf("first=%llu\n", (unsigned long long)now_ns());
}

/* --- The command line ------------------------------------------------------------------------------------------------ */

static unsigned number(const char *text)
{
    char *end;
    unsigned long value = strtoul(text, &end, 10);
    if (*text == 0 || *end != 0 || value > UINT32_MAX) {
        give_up("'%s' is not a number", text);
    }
    return (unsigned)value;
}

int main(int count, char **words)
{
    const char *what = count > 1 ? words[1] : "";
    if (count < 6)
        give_up("usage: load tcp|udp|rr|first FROM TO ADDRESS …: see load.c");
    from_netns = words[2];
    to_netns = words[3];
    target.sin_port = htons(PORT);
    if (inet_pton(AF_INET, words[4], &target.sin_addr) != 1)
        give_up("'%s' is not an IPv4 address", words[4]);

    if (strcmp(what, "tcp") == 0 && count == 9) {
        unsigned streams = number(words[5]);
        if (streams < 1 || streams > STREAMS_MAX)
            give_up("1 to %d streams", STREAMS_MAX);
        tcp((int)streams, number(words[6]), number(words[7]), words[8]);
    } else if (strcmp(what, "udp") == 0 && count == 9) {
        frames_per_second = number(words[5]);
        udp(number(words[6]), number(words[7]), words[8]);
    } else if (strcmp(what, "rr") == 0 && count == 10) {
        frames_per_second = number(words[5]);
        request_response(number(words[6]), number(words[7]), words[8], words[9]);
    } else if (strcmp(what, "first") == 0 && count == 6) {
        first(number(words[5]));
    } else {
        give_up("'%s' with %d words: see load.c for what is expected", what, count - 1);
    }
    return 0;
}
