/*
 * What both programs of the benchmark need: threads and sockets in other network namespaces, and failing with a reason.
 */
#ifndef JVSWITCH_BENCH_NETNS_H
#define JVSWITCH_BENCH_NETNS_H

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Ends the program with what is wrong. */
#define give_up(...)                                                                                                      \
    do {                                                                                                                  \
        fprintf(stderr, __VA_ARGS__);                                                                                     \
        fputc('\n', stderr);                                                                                              \
        exit(1);                                                                                                          \
    } while (0)

/* The same after a system call, with the call's own reason. */
#define fail(...)                                                                                                         \
    do {                                                                                                                  \
        int error = errno;                                                                                                \
        fprintf(stderr, __VA_ARGS__);                                                                                     \
        fprintf(stderr, ": %s\n", strerror(error));                                                                       \
        exit(1);                                                                                                          \
    } while (0)

/* Moves the calling thread into a namespace that `ip netns` made. */
static inline void enter_netns(const char *name)
{
    char path[256];
    snprintf(path, sizeof path, "/var/run/netns/%s", name);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0 || setns(fd, CLONE_NEWNET) < 0)
        fail("cannot enter the network namespace %s", path);
    close(fd);
}

#endif
