package io.jvswitch.datapath.translate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.jvswitch.encap.TunnelFlags;
import io.jvswitch.encap.TunnelKind;
import io.jvswitch.flowtable.key.FlowField;
import io.jvswitch.flowtable.key.FlowKey;
import io.jvswitch.flowtable.key.FlowMask;
import io.jvswitch.flowtable.key.FlowReader;
import io.jvswitch.wire.IpAddress;
import io.jvswitch.wire.testing.Seed;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A snapshot that is made of another one, and which tunnel port takes what. */
final class SnapshotTest {

    private static final String REMOTE = "192.0.2.7";
    private static final String OTHER = "192.0.2.8";
    private static final String LOCAL = "192.0.2.1";
    private static final int FIRST = Locations.FIRST_TUNNEL;
    private static final TunnelTraffic TRAFFIC = TunnelTraffic.of(1);

    private final FlowMask looked = new FlowMask();

    /** A bridge that has a use for one key only. */
    private record Wants42() implements Bridge {
        @Override
        public int id() {
            return 0;
        }

        @Override
        public String name() {
            return "wants 42";
        }

        @Override
        public Translator translator() {
            return step -> {};
        }

        @Override
        public long version() {
            return 0;
        }

        @Override
        public boolean takesKey(FlowReader frame) {
            return frame.get(FlowField.TUNNEL_ID) == 42;
        }
    }

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
                1_500,
                TRAFFIC);
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

    /** Who sent what nobody takes is for a forger to vary, and no bit for a megaflow. */
    @Test
    void addressesAreLookedAtWhereSomePortTakesTheKey() {
        FlowMask identity = new FlowMask()
                .bits(FlowField.TUNNEL_FLAGS, TunnelFlags.IDENTITY_MASK)
                .exact(FlowField.TUNNEL_ID);
        Snapshot fixed = new Snapshot(1, List.of(tunnel(1, null, null, REMOTE, 42)), List.of());
        assertEquals(1, arrival(fixed, REMOTE, 42));
        assertEquals(new FlowMask().or(identity).exact(FlowField.TUNNEL_SRC), looked);
        assertEquals(0, arrival(fixed, REMOTE, 43));
        assertEquals(identity, looked);
        Snapshot ofBridge = new Snapshot(
                1, List.of(tunnel(1, null, null, REMOTE, Port.Tunnel.KEY_OF_FLOW)), List.of(new Wants42()));
        assertEquals(1, arrival(ofBridge, REMOTE, 42));
        assertEquals(0, arrival(ofBridge, REMOTE, 43));
        assertEquals(new FlowMask().exact(FlowField.TUNNEL_ID), looked);
    }

    @Test
    void noTwoTunnelPortsTakeTheSameFrames() {
        Snapshot one = new Snapshot(1, List.of(tunnel(FIRST, TunnelKind.VXLAN, LOCAL, REMOTE, 42)), List.of());
        Port.Tunnel same = tunnel(FIRST + 1, TunnelKind.VXLAN, LOCAL, REMOTE, 42);
        assertThrows(IllegalArgumentException.class, () -> one.change().put(same));
        Snapshot moved = one.change().removePort(FIRST).put(same).build(2);
        assertEquals(FIRST + 1, arrival(moved, REMOTE, 42));
        assertNull(moved.port(FIRST));
        Snapshot different = one.change()
                .put(tunnel(FIRST, TunnelKind.VXLAN, LOCAL, OTHER, 42))
                .put(same)
                .build(2);
        assertEquals(FIRST + 1, arrival(different, REMOTE, 42));
        assertEquals(FIRST, arrival(different, OTHER, 42));
    }

    /** What is found by many changes is what one snapshot of the same ports finds. */
    @Test
    void portsThatComeAndGoAreFoundAsIfTheyHadAlwaysBeenThere() {
        RandomGenerator random = Seed.random(SnapshotTest.class);
        List<Port.Tunnel> possible = new ArrayList<>();
        for (TunnelKind kind : new TunnelKind[] {null, TunnelKind.VXLAN, TunnelKind.GRE}) {
            for (String local : new String[] {null, LOCAL}) {
                for (String remote : new String[] {null, REMOTE, OTHER}) {
                    for (long key : new long[] {Port.Tunnel.KEY_OF_FLOW, Port.Tunnel.KEYLESS, 0, 42}) {
                        possible.add(tunnel(FIRST + possible.size(), kind, local, remote, key));
                    }
                }
            }
        }
        Set<Port.Tunnel> there = new LinkedHashSet<>();
        Snapshot changed = Snapshot.empty();
        for (int step = 0; step < 2_000; step++) {
            Port.Tunnel port = possible.get(random.nextInt(possible.size()));
            boolean goes = random.nextInt(8) != 0 && there.remove(port);
            Snapshot.Change change = changed.change();
            if (goes) {
                change.removePort(port.number());
            } else {
                there.add(port);
                change.put(port);
            }
            changed = change.build(step);
            Snapshot whole = new Snapshot(step, there, List.of());
            int flags = random.nextInt(1, 3) | (random.nextBoolean() ? TunnelFlags.KEYED : 0);
            String remote = random.nextBoolean() ? REMOTE : random.nextBoolean() ? OTHER : "2001:db8::7";
            long id = (flags & TunnelFlags.KEYED) == 0 ? 0 : random.nextBoolean() ? 42 : random.nextInt(2);
            int found = arrival(changed, flags, remote, id);
            FlowMask mask = new FlowMask();
            mask.copyFrom(looked);
            assertEquals(arrival(whole, flags, remote, id), found);
            assertEquals(looked, mask);
            assertEquals(best(there, flags, remote, id), found);
        }
    }

    /** By trying each. */
    private static int best(Collection<Port.Tunnel> ports, int flags, String remote, long id) {
        boolean keyed = (flags & TunnelFlags.KEYED) != 0;
        return ports.stream()
                .filter(port ->
                        port.key() == Port.Tunnel.KEY_OF_FLOW || port.key() == (keyed ? id : Port.Tunnel.KEYLESS))
                .filter(port -> port.remote() == null || port.remote().equals(IpAddress.parse(remote)))
                .filter(port -> port.kind() == null || TunnelFlags.of(port.kind()) == (flags & TunnelFlags.KIND_MASK))
                .max(Comparator.comparing((Port.Tunnel port) -> port.key() != Port.Tunnel.KEY_OF_FLOW)
                        .thenComparing(port -> port.remote() != null)
                        .thenComparing(port -> port.local() != null)
                        .thenComparing(port -> port.kind() != null))
                .map(Port.Tunnel::number)
                .orElse(0);
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
