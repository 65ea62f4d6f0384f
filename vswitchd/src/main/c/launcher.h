/*
 * ovs-vswitchd: the program that Open vSwitch's tools, service and suite start. It does what a daemon has to do before
 * there are threads (fork, pidfile and its lock, monitor, user), then makes the JVM in its own process, so that the
 * process id, its name in /proc/PID/comm, signals and exit statuses are the daemon's.
 */
#ifndef JVSWITCH_LAUNCHER_H
#define JVSWITCH_LAUNCHER_H

#include <stdbool.h>
#include <stdnoreturn.h>

#define PROGRAM "ovs-vswitchd"

struct options {
    bool detach;
    bool change_directory; /* to "/", as a daemon that is detached does */
    bool monitor;
    bool lock_memory;
    bool overwrite_pidfile;
    char *pidfile;  /* absolute; NULL: none */
    char *log_file; /* absolute; NULL: none */
    char *user;     /* USER[:GROUP]; NULL: as it was started */
    /* What the JVM's side is told: options as --NAME[=VALUE], then the database, if it was named. */
    char **java;
    int java_count;
};

/* options.c: understands the command line; ends the program at --help, --version and what is wrong. */
void parse_options(struct options *options, int argc, char **argv);

/* The folder of sockets and pidfile: OVS_RUNDIR, or Open vSwitch's own. */
const char *run_directory(void);

/* daemon.c: returns in the process that becomes the daemon. */
void become_daemon(const struct options *options, int argc, char **argv);

/* Tells whoever waits that the daemon is ready, and lets go of the terminal. */
void daemon_is_ready(const struct options *options);

/* user.c: another user, with the capabilities that a switch needs. */
void become_user(const char *user_and_group);

/* jvm.c: runs the daemon; the status that the process is to end with. */
int run_jvm(const struct options *options);

/* Says on stderr what is wrong, and ends the program with status 1. */
noreturn void fatal(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* malloc and its kin that end the program where there is no memory. */
void *allocate(unsigned long bytes);
char *format_text(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
