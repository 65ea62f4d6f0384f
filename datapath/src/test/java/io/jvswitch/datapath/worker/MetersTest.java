package io.jvswitch.datapath.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jvswitch.datapath.translate.Action.Meter;
import io.jvswitch.datapath.translate.Action.Meter.Unit;
import org.junit.jupiter.api.Test;

final class MetersTest {

    private static final long SECOND = 1_000_000_000;

    private final Meters meters = new Meters();

    private int passed(Meter meter, int frames, int bytes, long nowNs) {
        int passed = 0;
        for (int i = 0; i < frames; i++) {
            passed += meters.admits(meter, bytes, nowNs) ? 1 : 0;
        }
        return passed;
    }

    @Test
    void packetsAreCountedByNumber() {
        Meter meter = new Meter(7, Unit.PACKETS, 100, 20);
        assertEquals(20, passed(meter, 50, 1_500, 0), "the bucket begins full");
        assertEquals(1, passed(meter, 50, 64, SECOND / 100));
        assertEquals(20, passed(meter, 50, 64, 10 * SECOND), "and holds no more than the burst");
    }

    @Test
    void kilobitsAreCountedByLength() {
        Meter meter = new Meter(7, Unit.KILOBITS, 1_000, 80);
        assertEquals(10, passed(meter, 50, 1_000, 0), "80,000 bits");
        assertEquals(12, passed(meter, 50, 1_000, SECOND / 10) + passed(meter, 50, 1_000, SECOND * 116 / 1_000));
    }

    @Test
    void noTimeIsLostToRounding() {
        Meter meter = new Meter(7, Unit.PACKETS, 3, 1);
        int passed = 0;
        for (int ms = 0; ms < 10_000; ms++) {
            passed += passed(meter, 1, 64, ms * 1_000_000L);
        }
        assertEquals(30, passed);
    }

    @Test
    void aFrameLargerThanTheBurstPassesAFullBucketAndIsPaidForAfterwards() {
        Meter meter = new Meter(7, Unit.KILOBITS, 1_000, 80);
        assertTrue(meters.admits(meter, 60_000, 0), "480 kbit");
        assertFalse(meters.admits(meter, 100, SECOND * 400 / 1_000), "400 kbit later there is a debt of none");
        assertTrue(meters.admits(meter, 100, SECOND * 401 / 1_000));
    }

    @Test
    void metersDoNotShareABucket() {
        assertEquals(1, passed(new Meter(1, Unit.PACKETS, 1, 1), 9, 64, 0));
        assertEquals(1, passed(new Meter(2, Unit.PACKETS, 1, 1), 9, 64, 0));
        assertEquals(1, passed(new Meter(-1, Unit.PACKETS, 1, 1), 9, 64, 0));
    }

    @Test
    void aChangedMeterBeginsFull() {
        assertEquals(1, passed(new Meter(1, Unit.PACKETS, 1, 1), 9, 64, 0));
        assertEquals(5, passed(new Meter(1, Unit.PACKETS, 1, 5), 9, 64, 0));
    }

    @Test
    void aClockThatStepsBackGivesNothing() {
        Meter meter = new Meter(1, Unit.PACKETS, 1, 1);
        assertTrue(meters.admits(meter, 64, 5 * SECOND));
        assertFalse(meters.admits(meter, 64, 0));
        assertTrue(meters.admits(meter, 64, 7 * SECOND));
    }

    @Test
    void theLargestRateDoesNotOverflow() {
        Meter meter = new Meter(1, Unit.KILOBITS, Meter.MAX_RATE, Meter.MAX_RATE);
        assertTrue(meters.admits(meter, 65_535, 0));
        assertTrue(meters.admits(meter, 65_535, Long.MAX_VALUE / 2));
        assertTrue(meters.admits(meter, 65_535, Long.MAX_VALUE));
    }

    @Test
    void ratesThatMakeNoSenseAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> new Meter(1, Unit.PACKETS, 0, 1));
        assertThrows(IllegalArgumentException.class, () -> new Meter(1, Unit.PACKETS, 1, 0));
        assertThrows(IllegalArgumentException.class, () -> new Meter(1, Unit.PACKETS, Meter.MAX_RATE + 1, 1));
    }
}
