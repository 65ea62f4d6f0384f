/*
 * Round-trip times, counted where they are measured: a run of any length takes the same memory, and no sample is left out. Log-linear
 * as an HdrHistogram of three digits: below 2,048 ns each nanosecond has a counter, above it a counter is at most a 1,024th wide.
 * Written by one thread.
 */
#ifndef JVSWITCH_BENCH_HISTOGRAM_H
#define JVSWITCH_BENCH_HISTOGRAM_H

#include "netns.h"

#include <stdint.h>

enum {
    HALF = 1024,
    /* The longest is 2^40 ns, 18 minutes: longer than any window. */
    SHIFT_MAX = 29,
};

static uint64_t histogram[(SHIFT_MAX + 2) * HALF];

static void histogram_add(uint64_t ns)
{
    unsigned shift = ns < 2 * HALF ? 0 : (unsigned)(63 - __builtin_clzll(ns)) - 10;
    if (shift > SHIFT_MAX)
        give_up("a round trip took %llu ns", (unsigned long long)ns);
    histogram[shift * HALF + (ns >> shift)]++;
}

/* Pairs of 64-bit numbers: the middle of what a counter counts, in nanoseconds, and how many there were. */
static void histogram_write(const char *path)
{
    FILE *file = fopen(path, "w");
    if (file == NULL)
        fail("cannot write %s", path);
    for (unsigned i = 0; i < (SHIFT_MAX + 2) * HALF; i++) {
        unsigned shift = i < 2 * HALF ? 0 : i / HALF - 1;
        uint64_t pair[2] = {((uint64_t)(i - shift * HALF) << shift) + ((1ull << shift) >> 1), histogram[i]};
        if (pair[1] > 0 && fwrite(pair, sizeof pair, 1, file) != 1)
            fail("cannot write %s", path);
    }
    if (fclose(file) != 0)
        fail("cannot write %s", path);
}

#endif
