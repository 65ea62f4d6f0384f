package io.jvswitch.vswitchd.conductor.state;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.jvswitch.datapath.translate.Locations;
import io.jvswitch.datapath.worker.ConductorEvent;
import io.jvswitch.wire.IpAddress;
import org.junit.jupiter.api.Test;

final class RefusalsTest {
    private static final long SECOND_NS = 1_000_000_000L;

    private final Refusals refusals = new Refusals();

    private static ConductorEvent.TransmitRefused to(String vtep) {
        return new ConductorEvent.TransmitRefused(
                Locations.UNDERLAY, "sendmmsg: EINVAL (Invalid argument)", IpAddress.parse(vtep));
    }

    @Test
    void theLineNamesPortPeerCallAndError() {
        assertEquals(
                "port underlay: the kernel refuses frames for fd00::2 (drop reason tx-refused): sendmmsg: EINVAL "
                        + "(Invalid argument)",
                refusals.line("underlay", to("fd00::2"), 0));
        assertEquals(
                "port vm1: the kernel refuses frames (drop reason tx-refused): without saying why",
                refusals.line("vm1", new ConductorEvent.TransmitRefused(3, null, null), 0));
    }

    @Test
    void theLikeIsLoggedOnceAMinute() {
        assertNotNull(refusals.line("underlay", to("fd00::2"), 0));
        assertNull(refusals.line("underlay", to("fd00::2"), 59 * SECOND_NS));
        assertNotNull(refusals.line("underlay", to("fd00::3"), 59 * SECOND_NS));
        assertNotNull(refusals.line("underlay", to("fd00::2"), 60 * SECOND_NS));
    }
}
