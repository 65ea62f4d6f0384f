/*
 * Network namespaces. A socket or TUN descriptor belongs for ever to the namespace that its opener was in, so it is enough
 * to open it on a thread of our own that has moved there; everything else may then happen on any thread of the JVM, none of
 * which ever leaves its namespace.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "jvswitch.h"

struct visit {
	int namespace_fd;
	jvs_task task;
	void *argument;
	int outcome;
};

static void *visit_namespace(void *argument)
{
	struct visit *visit = argument;

	if (setns(visit->namespace_fd, CLONE_NEWNET) < 0)
		visit->outcome = -errno;
	else
		visit->outcome = visit->task(visit->argument);
	return NULL;
}

/* Where the process already is it needs no right to enter (CAP_SYS_ADMIN). */
static int is_here(int namespace_fd)
{
	struct stat wanted, ours;

	return namespace_fd == JVS_CURRENT_NAMESPACE ||
	       (fstat(namespace_fd, &wanted) == 0 && stat("/proc/self/ns/net", &ours) == 0 &&
		wanted.st_ino == ours.st_ino && wanted.st_dev == ours.st_dev);
}

int jvs_in_namespace(int namespace_fd, jvs_task task, void *argument)
{
	struct visit visit = { namespace_fd, task, argument, 0 };
	sigset_t all, before;
	pthread_t thread;
	int failure;

	if (is_here(namespace_fd))
		return task(argument);
	/* The JVM's signal handlers expect a thread that the JVM knows. */
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	failure = pthread_create(&thread, NULL, visit_namespace, &visit);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (failure)
		return -failure;
	pthread_join(thread, NULL);
	return visit.outcome;
}

struct socket_kind {
	int domain, type, protocol;
};

static int open_socket(void *argument)
{
	const struct socket_kind *kind = argument;

	return jvs_result(socket(kind->domain, kind->type | SOCK_CLOEXEC, kind->protocol));
}

int jvs_socket(int namespace_fd, int domain, int type, int protocol)
{
	struct socket_kind kind = { domain, type, protocol };

	return jvs_in_namespace(namespace_fd, open_socket, &kind);
}

JNIEXPORT jint JNICALL Java_io_jvswitch_tap_NativeCalls_namespaceOpen(JNIEnv *env, jclass type, jlong path)
{
	return jvs_result(open((const char *)(uintptr_t)path, O_RDONLY | O_CLOEXEC));
}

static int nothing(void *argument)
{
	return 0;
}

/* 0 when the descriptor is a network namespace that we may enter. */
JNIEXPORT jint JNICALL Java_io_jvswitch_tap_NativeCalls_namespaceCheck(JNIEnv *env, jclass type, jint namespace_fd)
{
	return jvs_in_namespace(namespace_fd, nothing, NULL);
}
