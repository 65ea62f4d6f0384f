/*
 * Going to the background, the pidfile and the monitor, as Open vSwitch's daemons have them: the parent ends only when
 * the daemon is ready, and with its status when it is not to be; the pidfile's lock is what ovs-appctl knows it by.
 */
#define _GNU_SOURCE
#include "launcher.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* Of a JVM that has no heap left (-XX:+ExitOnOutOfMemoryError). */
#define OUT_OF_HEAP_STATUS 3

/* A daemon that dies at once is not started again more often than this. */
#define MIN_RESTART_SECONDS 10

/* 128 and the signal's number is how the JVM ends that was ended by a signal. */
#define SIGNAL_STATUS 128

/* The end of a pipe at which somebody waits to hear that the daemon is ready; -1: nobody. */
static int ready_fd = -1;
static const char *made_pidfile;
static pid_t made_by;

/* Where the arguments stand: what ps shows can be written over. */
static char *title;
static size_t title_bytes;

/*
 * Forks. In the parent: waits until the child is ready, and returns its process id; ends with the child's status if it
 * ends first. In the child: returns 0.
 */
static pid_t fork_and_wait(void)
{
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) {
        fatal("pipe failed (%s)", strerror(errno));
    }
    pid_t child = fork();
    if (child < 0) {
        fatal("fork failed (%s)", strerror(errno));
    }
    if (child == 0) {
        close(ends[0]);
        ready_fd = ends[1];
        return 0;
    }
    close(ends[1]);
    char byte;
    ssize_t bytes;
    do {
        bytes = read(ends[0], &byte, 1);
    } while (bytes < 0 && errno == EINTR);
    close(ends[0]);
    if (bytes == 1) {
        return child;
    }
    int status;
    while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    if (WIFEXITED(status) && WEXITSTATUS(status) != 0) {
        exit(WEXITSTATUS(status)); /* it has said why */
    }
    if (WIFSIGNALED(status)) {
        fatal("fork child died before signaling startup (killed (%s))", strsignal(WTERMSIG(status)));
    }
    fatal("fork child died before signaling startup (exit status %d)", WEXITSTATUS(status));
}

static void tell_ready(int fd)
{
    if (fd < 0) {
        return;
    }
    while (write(fd, "", 1) < 0 && errno == EINTR) {
    }
    close(fd);
}

/* As a daemon that has detached does: it keeps no folder and no terminal busy. */
static void leave(const struct options *options)
{
    if (options->change_directory && chdir("/") != 0) {
        perror(PROGRAM ": chdir /");
    }
    int null = open("/dev/null", O_RDWR | O_CLOEXEC);
    if (null >= 0) {
        for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
            dup2(null, fd);
        }
        if (null > STDERR_FILENO) {
            close(null);
        }
    }
}

void daemon_is_ready(const struct options *options)
{
    int fd = ready_fd;
    ready_fd = -1;
    if (options->detach) {
        leave(options);
    }
    tell_ready(fd);
}

static struct flock whole_file(short type)
{
    return (struct flock){.l_type = type, .l_whence = SEEK_SET};
}

static void remove_pidfile(int status, void *unused)
{
    (void) unused;
    if (made_pidfile != NULL && made_by == getpid()) {
        unlink(made_pidfile);
    }
    /* A JVM turns the signal that ended it into a status; a shell and a service manager expect the signal. */
    int by_signal = status - SIGNAL_STATUS;
    if (made_by == getpid() && (by_signal == SIGTERM || by_signal == SIGINT || by_signal == SIGHUP || by_signal == SIGALRM)) {
        signal(by_signal, SIG_DFL);
        raise(by_signal);
    }
}

static void refuse_second(const char *pidfile)
{
    int fd = open(pidfile, O_RDWR | O_CLOEXEC);
    if (fd < 0) {
        return;
    }
    struct flock lock = whole_file(F_WRLCK);
    if (fcntl(fd, F_GETLK, &lock) == 0 && lock.l_type != F_UNLCK) {
        fatal("%s: already running as pid %ld, aborting", pidfile, (long) lock.l_pid);
    }
    close(fd);
}

/* The descriptor stays open: closing any descriptor of the file would let go of the lock. */
static void make_pidfile(const struct options *options)
{
    made_by = getpid();
    on_exit(remove_pidfile, NULL);
    if (options->pidfile == NULL) {
        return;
    }
    char *fresh = format_text("%s.tmp", options->pidfile);
    int fd = open(fresh, O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    if (fd < 0) {
        fatal("%s: create failed (%s)", fresh, strerror(errno));
    }
    struct flock lock = whole_file(F_WRLCK);
    if (fcntl(fd, F_SETLK, &lock) != 0) {
        fatal("%s: fcntl(F_SETLK) failed (%s)", fresh, strerror(errno));
    }
    if (ftruncate(fd, 0) != 0) {
        fatal("%s: truncate failed (%s)", fresh, strerror(errno));
    }
    if (dprintf(fd, "%ld\n", (long) getpid()) < 0) {
        fatal("%s: write failed (%s)", fresh, strerror(errno));
    }
    if (!options->overwrite_pidfile) {
        refuse_second(options->pidfile);
    }
    if (rename(fresh, options->pidfile) != 0) {
        fatal("failed to rename \"%s\" to \"%s\" (%s)", fresh, options->pidfile, strerror(errno));
    }
    made_pidfile = options->pidfile;
    free(fresh);
}

static void show_title(const char *text)
{
    memset(title, 0, title_bytes);
    strncpy(title, text, title_bytes - 1);
}

static bool is_crash(int status)
{
    static const int CRASHES[] = {SIGABRT, SIGALRM, SIGBUS, SIGFPE, SIGILL, SIGPIPE, SIGSEGV, SIGXCPU, SIGXFSZ};
    if (WIFEXITED(status)) {
        return WEXITSTATUS(status) == OUT_OF_HEAP_STATUS;
    }
    for (size_t i = 0; i < sizeof CRASHES / sizeof CRASHES[0]; i++) {
        if (WTERMSIG(status) == CRASHES[i]) {
            return true;
        }
    }
    return false;
}

/* Returns in a new daemon when the last one has crashed; ends as the daemon ended when it was told to end. */
static void monitor(pid_t daemon)
{
    time_t started = time(NULL);
    int crashes = 0;
    for (;;) {
        char *text = crashes == 0
                ? format_text(PROGRAM ": monitoring pid %ld (healthy)", (long) daemon)
                : format_text(PROGRAM ": monitoring pid %ld (%d crashes)", (long) daemon, crashes);
        show_title(text);
        free(text);
        int status;
        while (waitpid(daemon, &status, 0) < 0 && errno == EINTR) {
        }
        if (!is_crash(status)) {
            if (WIFSIGNALED(status)) {
                signal(WTERMSIG(status), SIG_DFL);
                raise(WTERMSIG(status));
            }
            exit(WIFEXITED(status) ? WEXITSTATUS(status) : EXIT_FAILURE);
        }
        crashes++;
        time_t lived = time(NULL) - started;
        if (lived < MIN_RESTART_SECONDS) {
            sleep(MIN_RESTART_SECONDS - lived);
        }
        started = time(NULL);
        daemon = fork_and_wait();
        if (daemon == 0) {
            show_title(PROGRAM);
            return;
        }
    }
}

void become_daemon(const struct options *options, int argc, char **argv)
{
    title = argv[0];
    title_bytes = argv[argc - 1] + strlen(argv[argc - 1]) + 1 - argv[0];
    if (options->pidfile != NULL && !options->overwrite_pidfile) {
        refuse_second(options->pidfile);
    }
    if (options->detach) {
        if (fork_and_wait() != 0) {
            _exit(EXIT_SUCCESS);
        }
        setsid();
    }
    if (options->monitor) {
        int waiting = ready_fd;
        pid_t daemon = fork_and_wait();
        if (daemon != 0) {
            if (options->detach) {
                leave(options);
            }
            tell_ready(waiting);
            monitor(daemon);
        } else if (waiting >= 0) {
            close(waiting);
        }
    }
    make_pidfile(options);
}
