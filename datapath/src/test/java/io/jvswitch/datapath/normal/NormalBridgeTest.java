package io.jvswitch.datapath.normal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.jvswitch.datapath.testing.TestSwitch;
import io.jvswitch.encap.TunnelKind;
import io.jvswitch.wire.IpAddress;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** A bridge that is made of another one. */
final class NormalBridgeTest {
    private static final IpAddress REMOTE = IpAddress.parse("192.0.2.7");
    private static final NormalBridge EMPTY = new NormalBridge(0, "empty", List.of(), List.of(), List.of());

    private static NetworkPort port(int number, int mtuBytes) {
        return new NetworkPort(number, "p" + number, 0, mtuBytes, true);
    }

    private static Network blue() {
        return new TestSwitch(1)
                .tunnel(TunnelKind.VXLAN, 42, true)
                .bridge()
                .networks()
                .getFirst();
    }

    @Test
    void differsByWhatChangedOnly() {
        List<Vtep> vteps = List.of(new Vtep(0, REMOTE, 4789, 1_500));
        NormalBridge first = EMPTY.change()
                .put(port(1, 1_500))
                .put(port(900, 1_500))
                .put(blue())
                .vteps(vteps)
                .build();
        NormalBridge second =
                first.change().put(port(1, 1_400)).removePort(900).removePort(7).build();
        assertEquals(1_500, Objects.requireNonNull(first.port(1)).mtuBytes());
        assertNotNull(first.port(900));
        assertEquals(1_400, Objects.requireNonNull(second.port(1)).mtuBytes());
        assertNull(second.port(900));
        assertSame(first.network(0), second.network(0));
        assertEquals(
                REMOTE,
                Objects.requireNonNull(second.vtepAt(REMOTE.hi(), REMOTE.lo())).address());
    }

    @Test
    void aNetworkThatGoesIsFoundNoMore() {
        Network blue = blue();
        NormalBridge first = EMPTY.change().put(blue).build();
        NormalBridge second = first.change().removeNetwork(blue.id()).build();
        assertEquals(List.of(blue), first.networks());
        assertSame(blue, first.networkOf(TunnelKind.VXLAN, blue.keyed(), blue.tunnelId()));
        assertEquals(List.of(), second.networks());
        assertNull(second.network(blue.id()));
        assertNull(second.networkOf(TunnelKind.VXLAN, blue.keyed(), blue.tunnelId()));
    }

    @Test
    void aPathThatChangedIsAnotherVtep() {
        NormalBridge first =
                EMPTY.change().vteps(List.of(new Vtep(0, REMOTE, 4789, 1_500))).build();
        NormalBridge second =
                first.change().vteps(List.of(new Vtep(0, REMOTE, 4789, 1_400))).build();
        assertEquals(1_400, second.vtep(0).pathMtuBytes());
        assertEquals(
                1_400,
                Objects.requireNonNull(second.vtepAt(REMOTE.hi(), REMOTE.lo())).pathMtuBytes());
    }
}
