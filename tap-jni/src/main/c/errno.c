/* io.jvswitch.tap.Errno knows these numbers; they are the same on x86-64 and AArch64 (asm-generic/errno.h). */
#include <assert.h>
#include <string.h>

#include "jvswitch.h"

static_assert(EPERM == 1 && ENOENT == 2 && EIO == 5 && ENXIO == 6 && E2BIG == 7 && EBADF == 9 && EAGAIN == 11 && ENOMEM == 12,
	      "Errno");
static_assert(EACCES == 13 && EBUSY == 16 && EEXIST == 17 && ENODEV == 19 && EINVAL == 22 && EMFILE == 24 && ENOTTY == 25,
	      "Errno");
static_assert(EBADFD == 77 && EMSGSIZE == 90 && ENOPROTOOPT == 92 && EOPNOTSUPP == 95 && EAFNOSUPPORT == 97, "Errno");
static_assert(EADDRINUSE == 98 && EADDRNOTAVAIL == 99 && ENETDOWN == 100 && ENETUNREACH == 101 && ENOBUFS == 105,
	      "Errno");
static_assert(EHOSTDOWN == 112 && EHOSTUNREACH == 113, "Errno");

/* The C library's words for an error number. */
JNIEXPORT jstring JNICALL Java_io_jvswitch_tap_NativeCalls_errnoText(JNIEnv *env, jclass type, jint number)
{
	return (*env)->NewStringUTF(env, strerror(number));
}
