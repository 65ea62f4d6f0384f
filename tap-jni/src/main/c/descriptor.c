/* Descriptors of any kind. */
#include <fcntl.h>
#include <unistd.h>

#include "jvswitch.h"

/* No retry on EINTR: Linux has freed the descriptor by then, and another thread may already hold its number. */
JNIEXPORT jint JNICALL Java_io_jvswitch_tap_NativeCalls_close(JNIEnv *env, jclass type, jint fd)
{
	return jvs_result(close(fd));
}

JNIEXPORT jint JNICALL Java_io_jvswitch_tap_NativeCalls_duplicate(JNIEnv *env, jclass type, jint fd)
{
	return jvs_result(fcntl(fd, F_DUPFD_CLOEXEC, 0));
}
