/*
 * TAP devices (kernel: Documentation/networking/tuntap.rst, include/uapi/linux/if_tun.h). A descriptor of /dev/net/tun is
 * one queue of the device that TUNSETIFF ties it to.
 */
#include <fcntl.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <linux/if.h>
#include <linux/if_tun.h>

#include "jvswitch.h"
#include "slot.h"

#ifndef TUNGETDEVNETNS /* Linux 5.2 */
#define TUNGETDEVNETNS _IO('T', 227)
#endif

static int open_tun(void *argument)
{
	return jvs_result(open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC));
}

JNIEXPORT jint JNICALL Java_io_jvswitch_tap_NativeCalls_tapOpen(JNIEnv *env, jclass type, jint namespace_fd)
{
	return jvs_in_namespace(namespace_fd, open_tun, NULL);
}

/* TUNSETIFF: creates the device, or attaches to it. The 16-byte name is updated: the kernel fills a "%d" in. */
JNIEXPORT jint JNICALL Java_io_jvswitch_tap_NativeCalls_tapAttach(JNIEnv *env, jclass type, jint fd, jlong name,
								   jboolean queues, jboolean vnet, jboolean exclusive)
{
	char *text = (char *)(uintptr_t)name;
	struct ifreq request = { .ifr_flags = IFF_TAP | IFF_NO_PI };

	if (queues)
		request.ifr_flags |= IFF_MULTI_QUEUE;
	if (vnet)
		request.ifr_flags |= IFF_VNET_HDR;
	if (exclusive)
		request.ifr_flags |= (short)IFF_TUN_EXCL;
	memcpy(request.ifr_name, text, IFNAMSIZ - 1);
	if (ioctl(fd, TUNSETIFF, &request) < 0)
		return -errno;
	memcpy(text, request.ifr_name, IFNAMSIZ);
	return 0;
}

/* The name that the device has now: it can be renamed under us. */
JNIEXPORT jint JNICALL Java_io_jvswitch_tap_NativeCalls_tapName(JNIEnv *env, jclass type, jint fd, jlong name)
{
	struct ifreq request = { 0 };

	if (ioctl(fd, TUNGETIFF, &request) < 0)
		return -errno;
	memcpy((char *)(uintptr_t)name, request.ifr_name, IFNAMSIZ);
	return 0;
}

/* A descriptor of the namespace that the device is in now: it can be moved under us. */
JNIEXPORT jint JNICALL Java_io_jvswitch_tap_NativeCalls_tapNamespace(JNIEnv *env, jclass type, jint fd)
{
	return jvs_result(ioctl(fd, TUNGETDEVNETNS));
}

JNIEXPORT jint JNICALL Java_io_jvswitch_tap_NativeCalls_tapSetVnetHeader(JNIEnv *env, jclass type, jint fd, jint bytes)
{
	int little_endian = 1;

	if (ioctl(fd, TUNSETVNETLE, &little_endian) < 0)
		return -errno;
	return jvs_result(ioctl(fd, TUNSETVNETHDRSZ, &bytes));
}

JNIEXPORT jint JNICALL Java_io_jvswitch_tap_NativeCalls_tapSetOffload(JNIEnv *env, jclass type, jint fd, jint flags)
{
	return jvs_result(ioctl(fd, TUNSETOFFLOAD, (unsigned long)(unsigned int)flags));
}

JNIEXPORT jint JNICALL Java_io_jvswitch_tap_NativeCalls_tapSetPersistent(JNIEnv *env, jclass type, jint fd, jboolean on)
{
	return jvs_result(ioctl(fd, TUNSETPERSIST, (unsigned long)on));
}

JNIEXPORT jint JNICALL Java_io_jvswitch_tap_NativeCalls_tapSetCarrier(JNIEnv *env, jclass type, jint fd, jboolean on)
{
	int carrier = on;

	return jvs_result(ioctl(fd, TUNSETCARRIER, &carrier));
}

/* Takes one queue of a multi-queue device out of the kernel's choice, so that no frame waits where nobody reads. */
JNIEXPORT jint JNICALL Java_io_jvswitch_tap_NativeCalls_tapDetach(JNIEnv *env, jclass type, jint fd)
{
	struct ifreq request = { .ifr_flags = IFF_DETACH_QUEUE };

	return jvs_result(ioctl(fd, TUNSETQUEUE, &request));
}

/* Fills slots until the queue is empty; returns how many, or -errno when there was an error before the first. */
JNIEXPORT jint JNICALL Java_io_jvswitch_tap_NativeCalls_tapReceive(JNIEnv *env, jclass type, jlong table, jint fd,
								    jint count)
{
	struct jvs_slot *slot = jvs_table(table);
	int i = 0;

	while (i < count) {
		ssize_t got = read(fd, (void *)(uintptr_t)slot[i].address, slot[i].capacity);

		if (got < 0) {
			if (errno == EINTR)
				continue;
			return i > 0 || errno == EAGAIN ? i : -errno;
		}
		slot[i].length = (uint32_t)got;
		/* The kernel does not say that it cut a frame: one that fills the room counts as cut. */
		slot[i].flags = (size_t)got == slot[i].capacity ? JVS_TRUNCATED : 0;
		i++;
	}
	return i;
}

/* Sends slots until one fails; returns how many went, the failed slot's status says why. */
JNIEXPORT jint JNICALL Java_io_jvswitch_tap_NativeCalls_tapTransmit(JNIEnv *env, jclass type, jlong table, jint fd,
								     jint count)
{
	struct jvs_slot *slot = jvs_table(table);
	int i = 0;

	while (i < count) {
		if (write(fd, (const void *)(uintptr_t)slot[i].address, slot[i].length) < 0) {
			if (errno == EINTR)
				continue;
			slot[i].status = -errno;
			break;
		}
		i++;
	}
	return i;
}
