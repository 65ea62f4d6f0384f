package io.jvswitch.tap;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/** Memory that takes room only where it was written to, unlike an arena's, which is filled with zeros at once. */
final class MappedMemory {

    private MappedMemory() {}

    /** So many bytes, given back when the segment is unreachable; null when there are none. */
    static @Nullable MemorySegment map(long bytes) {
        long address = NativeCalls.memoryMap(bytes);
        return address < 0 ? null : of(address, bytes);
    }

    /** Something that the kernel has mapped, to be unmapped when the segment is unreachable. */
    @SuppressWarnings("restricted") // the mapping is as long as is said, and lives as long as the arena
    static MemorySegment of(long address, long bytes) {
        return MemorySegment.ofAddress(address)
                .reinterpret(bytes, Arena.ofAuto(), mapped -> NativeCalls.memoryUnmap(mapped.address(), bytes));
    }
}
