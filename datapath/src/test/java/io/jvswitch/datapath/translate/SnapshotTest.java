package io.jvswitch.datapath.translate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.jvswitch.encap.TunnelFlags;
import io.jvswitch.encap.TunnelKind;
import io.jvswitch.flowtable.key.FlowField;
import io.jvswitch.flowtable.key.FlowKey;
import io.jvswitch.flowtable.key.FlowMask;
import io.jvswitch.flowtable.key.FlowReader;
import io.jvswitch.wire.IpAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A snapshot that is made of another one, and which tunnel port takes what. */
final class SnapshotTest {

    private static final String REMOTE = "192.0.2.7";
    private static final String OTHER = "192.0.2.8";
    private static final String LOCAL = "192.0.2.1";

    private final FlowMask looked = new FlowMask();

    private static Port.Device device(int number, int mtuBytes) {
        return new Port.Device(number, "p" + number, 0, mtuBytes, true);
    }

    private static Port.Tunnel tunnel(
            int number, @Nullable TunnelKind kind, @Nullable String local, @Nullable String remote, long key) {
        return new Port.Tunnel(
                number,
                "tun" + number,
                0,
                kind,
                local == null ? null : IpAddress.parse(local),
                remote == null ? null : IpAddress.parse(remote),
                key,
                4789,
                1_500);
    }

    /** The number of the port that a VXLAN frame comes in by, 0 for none. */
    private int arrival(Snapshot snapshot, String remote, long vni) {
        return arrival(snapshot, TunnelFlags.VXLAN | TunnelFlags.KEYED, remote, vni);
    }

    private int arrival(Snapshot snapshot, int flags, String remote, long id) {
        FlowKey key = new FlowKey();
        key.set(FlowField.TUNNEL_FLAGS, flags);
        key.set(FlowField.TUNNEL_ID, id);
        IpAddress source = IpAddress.parse(remote);
        key.set(FlowField.TUNNEL_SRC, source.hi(), source.lo());
        IpAddress destination = IpAddress.parse(LOCAL);
        key.set(FlowField.TUNNEL_DST, destination.hi(), destination.lo());
        FlowReader reader = new FlowReader();
        looked.clear();
        reader.reset(key, looked);
        Port.Tunnel port = snapshot.arrival(reader);
        return port == null ? 0 : port.number();
    }

    @Test
    void differsByWhatChangedOnly() {
        Snapshot first = Snapshot.empty()
                .change()
                .put(device(1, 1_500))
                .put(device(900, 1_500))
                .build(1);
        Snapshot second = first.change()
                .put(device(1, 1_400))
                .removePort(900)
                .removePort(7)
                .build(2);
        assertEquals(1, first.version());
        assertEquals(device(1, 1_500), first.port(1));
        assertNotNull(first.port(900));
        assertEquals(2, second.version());
        assertEquals(device(1, 1_400), second.port(1));
        assertNull(second.port(900));
    }

    @Test
    void bridgesComeAndGo() {
        Bridge bridge = new TestBridge(3, step -> {});
        Snapshot first = Snapshot.empty().change().put(bridge).build(1);
        assertSame(bridge, first.bridge(3));
        assertNull(first.bridge(2));
        assertNull(first.bridge(9));
        assertNull(first.change().removeBridge(3).build(2).bridge(3));
    }

    /** Open vSwitch's order: a fixed key, then a fixed remote address, then a fixed local one. */
    @Test
    void theTunnelPortThatFixesMostTakesTheFrame() {
        Snapshot all = new Snapshot(
                1,
                List.of(
                        tunnel(1, null, null, null, Port.Tunnel.KEY_OF_FLOW),
                        tunnel(2, null, null, REMOTE, Port.Tunnel.KEY_OF_FLOW),
                        tunnel(3, null, LOCAL, REMOTE, Port.Tunnel.KEY_OF_FLOW),
                        tunnel(4, null, null, null, 42),
                        tunnel(5, null, null, REMOTE, 42),
                        tunnel(6, TunnelKind.VXLAN, null, REMOTE, 42)),
                List.of());
        assertEquals(6, arrival(all, REMOTE, 42));
        assertEquals(5, arrival(all.change().removePort(6).build(2), REMOTE, 42));
        assertEquals(4, arrival(all, OTHER, 42));
        assertEquals(3, arrival(all, REMOTE, 43));
        assertEquals(2, arrival(all.change().removePort(3).build(2), REMOTE, 43));
        assertEquals(1, arrival(all, OTHER, 43));
        assertEquals(0, arrival(all.change().removePort(1).build(2), OTHER, 43));
    }

    @Test
    void greWithoutAKeyIsNotGreWithKeyZero() {
        Snapshot both = new Snapshot(
                1,
                List.of(
                        tunnel(1, TunnelKind.GRE, null, null, Port.Tunnel.KEYLESS),
                        tunnel(2, TunnelKind.GRE, null, null, 0)),
                List.of());
        assertEquals(1, arrival(both, TunnelFlags.GRE, REMOTE, 0));
        assertEquals(2, arrival(both, TunnelFlags.GRE | TunnelFlags.KEYED, REMOTE, 0));
        assertEquals(0, arrival(both, REMOTE, 0), "VXLAN");
    }

    @Test
    void whatNoPortFixesIsNotLookedAt() {
        arrival(new Snapshot(1, List.of(tunnel(1, null, null, null, Port.Tunnel.KEY_OF_FLOW)), List.of()), REMOTE, 42);
        assertEquals(new FlowMask(), looked);
        arrival(
                new Snapshot(1, List.of(tunnel(1, null, null, REMOTE, Port.Tunnel.KEY_OF_FLOW)), List.of()),
                REMOTE,
                42);
        assertEquals(new FlowMask().exact(FlowField.TUNNEL_SRC), looked);
    }
}
