package io.jvswitch.wire.header;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.jvswitch.wire.DropReason;
import io.jvswitch.wire.testing.Hex;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Holds a header's check to every length that its bytes can be cut to, each in memory of exactly that size. */
public final class Truncation {

    /** A header's {@code check}. */
    public interface Check {
        @Nullable
        DropReason check(MemorySegment seg, long at, int length);
    }

    private Truncation() {}

    /** Every cut below {@code needed} bytes gives {@code reason}, every other one passes. */
    public static void assertRefused(byte[] whole, int needed, DropReason reason, Check check) {
        for (int length = 0; length <= whole.length; length++) {
            DropReason found = check.check(Hex.segment(Arrays.copyOf(whole, length)), 0, length);
            if (length < needed) {
                assertEquals(reason, found, "cut to " + length + " bytes");
            } else {
                assertNull(found, "cut to " + length + " bytes");
            }
        }
    }

    /** The part of a frame from {@code from} on. */
    static byte[] tail(byte[] frame, int from) {
        return Arrays.copyOfRange(frame, from, frame.length);
    }
}
