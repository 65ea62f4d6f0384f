package io.jvswitch.encap.mtu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ErrorRateLimiterTest {

    private static final long SECOND_NS = 1_000_000_000L;

    private static int taken(ErrorRateLimiter limiter, int port, long nowNs, int tries) {
        int taken = 0;
        for (int i = 0; i < tries; i++) {
            taken += limiter.tryTake(port, nowNs) ? 1 : 0;
        }
        return taken;
    }

    /** Also for a clock that begins below zero or wraps, as System.nanoTime may. */
    @ParameterizedTest
    @ValueSource(longs = {0, 1_000, -5_000_000_000L, Long.MAX_VALUE - 500_000_000L, Long.MIN_VALUE})
    void givesTheBurstThenTheRate(long startNs) {
        ErrorRateLimiter limiter = new ErrorRateLimiter(100, 10);
        assertEquals(10, taken(limiter, 1, startNs, 50));
        assertFalse(limiter.isAvailable(1, startNs + 9_999_999));
        assertTrue(limiter.isAvailable(1, startNs + 10_000_000));
        assertEquals(1, taken(limiter, 1, startNs + 10_000_000, 5));
        int taken = 0;
        for (int ms = 20; ms <= 1010; ms += 1) {
            taken += limiter.tryTake(1, startNs + ms * 1_000_000L) ? 1 : 0;
        }
        assertEquals(100, taken);
        assertEquals(10, taken(limiter, 1, startNs + 100 * SECOND_NS, 50), "silence fills the bucket, no more");
    }

    @Test
    void oneGuestCannotTakeAnothersErrors() {
        ErrorRateLimiter limiter = new ErrorRateLimiter(100, 10);
        assertEquals(10, taken(limiter, 1, 0, 1000));
        assertEquals(10, taken(limiter, 2, 0, 1000));
    }

    @Test
    void lookingTakesNothing() {
        ErrorRateLimiter limiter = new ErrorRateLimiter(1, 1);
        assertTrue(limiter.isAvailable(7, 5));
        assertTrue(limiter.isAvailable(7, 5));
        assertTrue(limiter.tryTake(7, 5));
        assertFalse(limiter.isAvailable(7, 5));
    }

    @Test
    void aStepBackIsNoTime() {
        ErrorRateLimiter limiter = new ErrorRateLimiter(10, 2);
        assertEquals(2, taken(limiter, 1, SECOND_NS, 5));
        assertFalse(limiter.tryTake(1, 0));
        assertTrue(limiter.tryTake(1, SECOND_NS + 100_000_000));
        assertFalse(limiter.tryTake(1, SECOND_NS + 100_000_000));
    }

    @Test
    void refusesRatesThatAreNone() {
        assertThrows(IllegalArgumentException.class, () -> new ErrorRateLimiter(0, 1));
        assertThrows(IllegalArgumentException.class, () -> new ErrorRateLimiter(1_000_001, 1));
        assertThrows(IllegalArgumentException.class, () -> new ErrorRateLimiter(1, 0));
    }
}
