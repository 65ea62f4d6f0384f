/* Memory that takes room only where it is written to; and the end of whatever was mapped. */
#define _GNU_SOURCE
#include <sys/mman.h>

#include "jvswitch.h"

/* Its address, or -errno. */
JNIEXPORT jlong JNICALL Java_io_jvswitch_tap_NativeCalls_memoryMap(JNIEnv *env, jclass type, jlong bytes)
{
	void *memory = mmap(NULL, (size_t)bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	return memory == MAP_FAILED ? -errno : (jlong)(uintptr_t)memory;
}

JNIEXPORT void JNICALL Java_io_jvswitch_tap_NativeCalls_memoryUnmap(JNIEnv *env, jclass type, jlong address, jlong bytes)
{
	munmap((void *)(uintptr_t)address, (size_t)bytes);
}
