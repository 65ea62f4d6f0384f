#define _GNU_SOURCE
#include "launcher.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

int main(int argc, char **argv)
{
    struct options options;
    /* A long-lived daemon's name is what was typed; getopt's messages have it from here. */
    parse_options(&options, argc, argv);
    become_daemon(&options, argc, argv);
    if (options.user != NULL) {
        become_user(options.user);
    }
    /* Only what is touched: a JVM reserves much more than it uses. */
    if (options.lock_memory && mlockall(MCL_CURRENT | MCL_FUTURE | MCL_ONFAULT) != 0) {
        fprintf(stderr, PROGRAM ": mlockall failed: %s\n", strerror(errno));
    }
    return run_jvm(&options);
}
