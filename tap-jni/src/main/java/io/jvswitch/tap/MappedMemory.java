package io.jvswitch.tap;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/** Memory that becomes resident only where it is written to, unlike an arena's, which is zeroed at once. */
final class MappedMemory {

    private MappedMemory() {}

    /** Maps {@code bytes} of memory, unmapped when the segment is unreachable; null when there is not enough. */
    static @Nullable MemorySegment map(long bytes) {
        long address = NativeCalls.memoryMap(bytes);
        return address < 0 ? null : of(address, bytes);
    }

    /** Wraps a mapping that already exists, to be unmapped when the segment is unreachable. */
    @SuppressWarnings("restricted") // the mapping is as long as is said, and lives as long as the arena
    static MemorySegment of(long address, long bytes) {
        return MemorySegment.ofAddress(address)
                .reinterpret(bytes, Arena.ofAuto(), mapped -> NativeCalls.memoryUnmap(mapped.address(), bytes));
    }
}
