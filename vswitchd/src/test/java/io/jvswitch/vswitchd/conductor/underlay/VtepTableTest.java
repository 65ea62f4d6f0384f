package io.jvswitch.vswitchd.conductor.underlay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jvswitch.datapath.translate.Locations;
import io.jvswitch.vswitchd.view.TunnelTrafficView;
import io.jvswitch.wire.IpAddress;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Who has which tunnel port, and whose account is which. */
final class VtepTableTest {

    private static final IpAddress ONE = IpAddress.parse("192.0.2.1");
    private static final IpAddress TWO = IpAddress.parse("192.0.2.2");
    private static final int FIRST = Locations.FIRST_TUNNEL;
    private static final long SECOND_NS = 1_000_000_000L;

    private final VtepTable vteps = new VtepTable(4789, 2);

    /** A worker settles what flows have counted, long after the VTEP was found perhaps. */
    private static void receive(Vtep vtep, int worker, long frames) {
        vtep.traffic().received().add(worker, frames, 100 * frames, 1);
    }

    private static TunnelTrafficView received(long frames) {
        return new TunnelTrafficView(frames, 100 * frames, 0, 0);
    }

    @Test
    void aSnapshotIsToldOfWhatChangedAndNothingElse() {
        assertFalse(vteps.hasChanged());
        vteps.of(ONE, 1_500);
        Vtep two = vteps.of(TWO, 1_500);
        assertTrue(vteps.hasChanged());
        assertEquals(List.of(FIRST, FIRST + 1), vteps.takeChanged());
        assertSame(two, vteps.of(TWO, 1_400), "known");
        assertFalse(vteps.setPathMtu(two, 1_500));
        assertFalse(vteps.hasChanged());
        assertTrue(vteps.setPathMtu(two, 1_400));
        assertEquals(List.of(FIRST + 1), vteps.takeChanged());
        assertSame(two.traffic(), Objects.requireNonNull(vteps.find(TWO)).traffic(), "the same port");
    }

    @Test
    void noPathTakesMoreThanTheDeviceUnderIt() {
        vteps.of(ONE, 1_500);
        vteps.of(TWO, 1_350);
        vteps.takeChanged();
        vteps.limitPathMtus(1_400);
        assertEquals(List.of(FIRST), vteps.takeChanged());
        assertEquals(1_400, Objects.requireNonNull(vteps.find(ONE)).pathMtuBytes());
        assertEquals(1_350, Objects.requireNonNull(vteps.find(TWO)).pathMtuBytes());
    }

    @Test
    void theNextAfterTheLastIsTheFirst() {
        assertNull(vteps.after(0));
        Vtep one = vteps.of(ONE, 1_500);
        Vtep two = vteps.of(TWO, 1_500);
        assertEquals(one, vteps.after(0));
        assertEquals(two, vteps.after(FIRST));
        assertEquals(one, vteps.after(FIRST + 1));
    }

    /** A counter that falls would be taken for one that began anew. */
    @Test
    void whatLearntOnesCountedStaysInTheirSumWhateverBecomesOfThem() {
        Vtep gone = vteps.learn(ONE, 1_500, 0);
        Vtep named = vteps.learn(TWO, 1_500, 0);
        receive(gone, 0, 3);
        receive(gone, 1, 4);
        receive(named, 0, 10);
        assertEquals(received(7), VtepTable.traffic(gone));
        assertEquals(received(17), vteps.learntTraffic());
        vteps.remove(gone, 0);
        receive(gone, 1, 1);
        assertEquals(received(18), vteps.learntTraffic(), "one that a worker settled after that");
        Vtep again = vteps.learn(ONE, 1_500, 3 * SECOND_NS);
        assertEquals(gone.number(), again.number());
        assertEquals(received(0), VtepTable.traffic(again), "begins anew");
        Vtep configured = vteps.of(TWO, 1_500);
        receive(configured, 0, 100);
        assertEquals(named.number(), configured.number());
        assertEquals(received(100), VtepTable.traffic(configured), "what it sent since it is named");
        assertEquals(received(18), vteps.learntTraffic());
        assertNotEquals(named.traffic(), configured.traffic());
    }

    @Test
    void ofVeryManyThatAreForgottenTheSumStays() {
        for (int i = 0; i < 5_000; i++) {
            Vtep vtep = vteps.learn(IpAddress.ofIpv4(0xc612_0000 + i), 1_500, i * SECOND_NS);
            receive(vtep, 0, 1);
            vteps.remove(vtep, i * SECOND_NS);
        }
        assertEquals(received(5_000), vteps.learntTraffic());
        assertEquals(0, vteps.size());
    }
}
