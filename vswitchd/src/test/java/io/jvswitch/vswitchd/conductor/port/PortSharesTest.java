package io.jvswitch.vswitchd.conductor.port;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

final class PortSharesTest {
    private static final long SECOND_NS = 1_000_000_000L;

    private final PortShares shares = new PortShares();

    private int take(int port, int wanted, long nowNs) {
        int taken = 0;
        for (int i = 0; i < wanted; i++) {
            taken += shares.takeDhcp(port, nowNs) ? 1 : 0;
        }
        return taken;
    }

    @Test
    void aPortThatFloodsGetsItsRateAndAnotherAllThatItAsksFor() {
        long nowNs = Long.MAX_VALUE - SECOND_NS; // System.nanoTime() may wrap
        assertEquals(PortShares.DHCP_BURST, take(1, 36_000, nowNs));
        for (int millisecond = 0; millisecond < 3_000; millisecond++) {
            nowNs += SECOND_NS / 1_000;
            assertEquals(PortShares.DHCP_REQUESTS_PER_SECOND / 1_000, take(1, 36, nowNs));
            assertTrue(shares.takeDhcp(2, nowNs));
        }
        shares.forget(1);
        assertEquals(PortShares.DHCP_BURST, take(1, 36_000, nowNs), "another port's");
    }

    @Test
    void aClockThatStandsStillGivesNothing() {
        take(1, PortShares.DHCP_BURST, 5);
        assertEquals(0, take(1, 10, 5));
        assertEquals(0, take(1, 10, 4));
        assertEquals(1, take(1, 10, 5 + SECOND_NS / PortShares.DHCP_REQUESTS_PER_SECOND));
    }
}
