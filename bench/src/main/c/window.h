/*
 * The window of a measurement: the clock, what the load counts, and what the machine and the switch's processes had spent at the
 * window's two ends. For load.c.
 */
#ifndef JVSWITCH_BENCH_WINDOW_H
#define JVSWITCH_BENCH_WINDOW_H

#include "netns.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <time.h>

enum {
    STREAMS_MAX = 64,
};

static atomic_bool stop;

/* One a thread, a cache line each. */
struct counter {
    _Alignas(64) _Atomic uint64_t value;
};

static struct counter received[STREAMS_MAX];
static struct counter sent;

static uint64_t now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

static void sleep_until(uint64_t deadline_ns)
{
    struct timespec at = {(time_t)(deadline_ns / 1000000000u), (long)(deadline_ns % 1000000000u)};
    while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &at, NULL) == EINTR)
        ;
}

static void add(struct counter *counter, uint64_t amount)
{
    /* Single writer: a plain load and store, no locked instruction. */
    atomic_store_explicit(&counter->value, atomic_load_explicit(&counter->value, memory_order_relaxed) + amount,
                          memory_order_relaxed);
}

static uint64_t get(struct counter *counter)
{
    return atomic_load_explicit(&counter->value, memory_order_relaxed);
}

static uint64_t total_received(void)
{
    uint64_t total = 0;
    for (int i = 0; i < STREAMS_MAX; i++)
        total += get(&received[i]);
    return total;
}

static bool stopped(void)
{
    return atomic_load_explicit(&stop, memory_order_relaxed);
}

static void print_first_line(const char *key, const char *path)
{
    char line[1024];
    FILE *file = fopen(path, "r");
    if (file == NULL || fgets(line, sizeof line, file) == NULL)
        fail("cannot read %s: has the switch ended?", path);
    fclose(file);
    line[strcspn(line, "\n")] = 0;
    printf("%s=%s\n", key, line);
}

static void print_processes(const char *when, const char *pids)
{
    char key[64];
    char path[64];
    snprintf(key, sizeof key, "%s.machine", when);
    print_first_line(key, "/proc/stat");
    snprintf(key, sizeof key, "%s.process", when);
    for (const char *pid = pids; *pid != '-' && *pid != 0; pid += *pid == ',') {
        int length = (int)strcspn(pid, ",");
        snprintf(path, sizeof path, "/proc/%.*s/stat", length, pid);
        print_first_line(key, path);
        pid += length;
    }
}

/* Lets the load run, and prints what came in between the ends of the window. */
static void measure(unsigned warmup_ms, unsigned measure_ms, const char *pids)
{
    uint64_t begin_ns = now_ns() + warmup_ms * 1000000ull;
    sleep_until(begin_ns);
    print_processes("begin", pids);
    begin_ns = now_ns();
    uint64_t begin = total_received();
    uint64_t begin_sent = get(&sent);
    sleep_until(begin_ns + measure_ms * 1000000ull);
    uint64_t end_ns = now_ns();
    uint64_t end = total_received();
    uint64_t end_sent = get(&sent);
    print_processes("end", pids);
    printf("ns=%llu\n", (unsigned long long)(end_ns - begin_ns));
    printf("received=%llu\n", (unsigned long long)(end - begin));
    printf("sent=%llu\n", (unsigned long long)(end_sent - begin_sent));
    fflush(stdout);
    atomic_store(&stop, true);
}

#endif
