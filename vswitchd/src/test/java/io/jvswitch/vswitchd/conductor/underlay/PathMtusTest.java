package io.jvswitch.vswitchd.conductor.underlay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jvswitch.wire.IpAddress;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** How long and how far a router is believed, and where the way out is. */
final class PathMtusTest {
    private static final IpAddress FOUR = IpAddress.parse("192.0.2.2");
    private static final IpAddress SIX = IpAddress.parse("2001:db8::2");
    private static final long NOW_NS = Long.MAX_VALUE - 1; // wraps around soon

    private final PathMtus paths = new PathMtus();

    @Test
    void aSmallerPathCountsForTenMinutes() {
        assertTrue(paths.learn(FOUR, 1400, 1500, NOW_NS));
        assertEquals(1400, paths.limit(FOUR, 1500));
        assertEquals(1380, paths.limit(FOUR, 1380), "the route takes less");
        assertEquals(1500, paths.limit(SIX, 1500), "another path");
        paths.expire(NOW_NS + TimeUnit.MINUTES.toNanos(10) - 1);
        assertEquals(1400, paths.limit(FOUR, 1500));
        paths.expire(NOW_NS + TimeUnit.MINUTES.toNanos(10));
        assertEquals(1500, paths.limit(FOUR, 1500));
    }

    @Test
    void whatIsNotSmallerSaysNothing() {
        assertFalse(paths.learn(FOUR, 1500, 1500, NOW_NS));
        assertTrue(paths.learn(FOUR, 1300, 1500, NOW_NS));
        assertFalse(paths.learn(FOUR, 1400, 1300, NOW_NS));
        assertEquals(1300, paths.limit(FOUR, 1500));
    }

    /** RFC 8201, section 4: less than 1280 is discarded. RFC 791, section 3.1: every host takes 576. */
    @Test
    void noPathGoesBelowTheLeast() {
        assertFalse(paths.learn(SIX, 1279, 1500, NOW_NS));
        assertEquals(1500, paths.limit(SIX, 1500));
        assertTrue(paths.learn(SIX, 1280, 1500, NOW_NS));
        assertTrue(paths.learn(FOUR, 0, 1500, NOW_NS));
        assertEquals(576, paths.limit(FOUR, 1500));
        assertFalse(paths.learn(FOUR, 68, 576, NOW_NS));
    }

    @Test
    void theDefaultRoutesDevicesAreRead() {
        assertEquals(
                List.of("eth0"),
                WayOut.ipv4Devices(List.of(
                        "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT",
                        "eth0\t00000000\t0102000A\t0003\t0\t0\t0\t00000000\t0\t0\t0",
                        "eth1\t0002000A\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0",
                        "eth2\t00000000\t00000000\t0001\t0\t0\t0\t00000080\t0\t0\t0",
                        "cut\t00000000")));
        String any = "0".repeat(32);
        assertEquals(
                List.of("eth0", "lo"),
                WayOut.ipv6Devices(List.of(
                        "fd00000b000000000000000000000000 40 " + any + " 00 " + any
                                + " 00000100 00000001 00000000 00000001     eth1",
                        any + " 00 " + any
                                + " 00 fd00000b000000000000000000000002 00000400 00000003 00000000 00000003     eth0",
                        any + " 00 " + any + " 00 " + any + " ffffffff 00000001 00000000 00200200       lo",
                        "")));
    }
}
