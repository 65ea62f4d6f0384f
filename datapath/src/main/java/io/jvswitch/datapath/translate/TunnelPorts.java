package io.jvswitch.datapath.translate;

import io.jvswitch.encap.TunnelFlags;
import io.jvswitch.encap.TunnelKind;
import io.jvswitch.flowtable.key.FlowField;
import io.jvswitch.flowtable.key.FlowReader;
import io.jvswitch.wire.AddressTable;
import io.jvswitch.wire.IpAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which tunnel port a frame from the underlay came in by: the one that fixes most of what the frame has. As in Open
 * vSwitch a fixed key counts more than a fixed remote address, and that more than a fixed local one; the kind comes
 * last.
 *
 * <p>Looks at no more of a frame than it must, as each bit looked at is one that a forger can vary, and have a megaflow
 * for each value. Addresses are looked at only where some port may take the frame's key: where a level of ports fixes
 * keys, one of them must have it; where it does not, the ports' bridge is {@linkplain Bridge#takesKey asked}.
 *
 * <p>Immutable; a change makes a new one that shares nearly all with the one before. A look-up allocates nothing.
 */
final class TunnelPorts {

    static final TunnelPorts NONE = new TunnelPorts(List.of());

    private static final long MULTIPLIER = 0x9e37_79b9_7f4a_7c15L;

    /** What the ports of a level fix; all of them are one bridge's. */
    private record Shape(int bridge, boolean key, boolean remote, boolean local, boolean kind) {

        static Shape of(Port.Tunnel port) {
            return new Shape(
                    port.bridge(),
                    port.key() != Port.Tunnel.KEY_OF_FLOW,
                    port.remote() != null,
                    port.local() != null,
                    port.kind() != null);
        }

        int rank() {
            return (key ? 8 : 0) | (remote ? 4 : 0) | (local ? 2 : 0) | (kind ? 1 : 0);
        }

        boolean fixesAddresses() {
            return remote || local;
        }
    }

    /**
     * Ports of one shape.
     *
     * @param ports their numbers, by what they fix
     * @param keys how many there are of each key, where they fix one
     */
    private record Level(Shape shape, AddressTable ports, AddressTable keys) {

        private static Level of(Shape shape) {
            return new Level(shape, AddressTable.of(), AddressTable.of());
        }

        private Level with(Port.Tunnel port) {
            long others = others(port.key(), port.local(), port.kind());
            long hi = hi(port.remote(), others);
            long lo = lo(port.remote(), others);
            long known = ports.get(hi, lo);
            if (known != AddressTable.ABSENT) {
                throw new IllegalArgumentException("tunnel port " + port.name()
                        + " is to take the frames that port number " + known
                        + " takes: it must differ in kind, key, local or remote address");
            }
            return new Level(shape, ports.with(hi, lo, port.number()), keys.with(0, port.key(), ofKey(port) + 1));
        }

        private Level without(Port.Tunnel port) {
            long others = others(port.key(), port.local(), port.kind());
            long left = ofKey(port) - 1;
            return new Level(
                    shape,
                    ports.without(hi(port.remote(), others), lo(port.remote(), others)),
                    left == 0 ? keys.without(0, port.key()) : keys.with(0, port.key(), left));
        }

        private long ofKey(Port.Tunnel port) {
            return keys.get(0, port.key());
        }

        private static long hi(@Nullable IpAddress remote, long others) {
            return (remote == null ? 0 : remote.hi()) ^ others;
        }

        private static long lo(@Nullable IpAddress remote, long others) {
            return (remote == null ? 0 : remote.lo()) + others;
        }
    }

    /** The most that is fixed first. */
    private final List<Level> levels;

    private TunnelPorts(List<Level> levels) {
        this.levels = levels;
    }

    /**
     * What is fixed beside the remote address, as one number: 0 for nothing. Those who are learnt fix nothing but their
     * address, which nobody can make up so that it meets another's.
     */
    private static long others(long key, @Nullable IpAddress local, @Nullable TunnelKind kind) {
        return others(
                key,
                local == null ? 0 : local.hi(),
                local == null ? 0 : local.lo(),
                kind == null ? 0 : TunnelFlags.of(kind));
    }

    private static long others(long key, long localHi, long localLo, int kind) {
        long hash = key + 1; // KEY_OF_FLOW counts as nothing
        hash = hash * MULTIPLIER + localHi;
        hash = hash * MULTIPLIER + localLo;
        hash = hash * MULTIPLIER + kind;
        return hash ^ hash >>> 32;
    }

    /**
     * With one more port.
     *
     * @throws IllegalArgumentException when there is one that takes the same frames
     */
    TunnelPorts with(Port.Tunnel port) {
        Shape shape = Shape.of(port);
        List<Level> next = new ArrayList<>(levels);
        for (int i = 0; i < next.size(); i++) {
            if (next.get(i).shape.equals(shape)) {
                next.set(i, next.get(i).with(port));
                return new TunnelPorts(next);
            }
        }
        next.add(Level.of(shape).with(port));
        next.sort(Comparator.comparingInt((Level level) -> level.shape.rank()).reversed());
        return new TunnelPorts(next);
    }

    /** Without a port that it has. */
    TunnelPorts without(Port.Tunnel port) {
        Shape shape = Shape.of(port);
        List<Level> next = new ArrayList<>();
        for (Level level : levels) {
            Level rest = level.shape.equals(shape) ? level.without(port) : level;
            if (rest.ports.size() > 0) {
                next.add(rest);
            }
        }
        return new TunnelPorts(next);
    }

    /** Whether two ports take the same frames. */
    static boolean isAlike(Port.Tunnel one, Port.Tunnel other) {
        return Shape.of(one).equals(Shape.of(other))
                && one.key() == other.key()
                && one.kind() == other.kind()
                && equals(one.remote(), other.remote())
                && equals(one.local(), other.local());
    }

    private static boolean equals(@Nullable IpAddress one, @Nullable IpAddress other) {
        return one == null ? other == null : one.equals(other);
    }

    /**
     * The port that the frame came in by, null when none takes it.
     *
     * @param snapshot whose tunnel ports these are
     */
    Port.@Nullable Tunnel classify(FlowReader frame, Snapshot snapshot) {
        for (int i = 0; i < levels.size(); i++) {
            Port.Tunnel port = find(levels.get(i), frame, snapshot);
            if (port != null) {
                return port;
            }
        }
        return null;
    }

    private static Port.@Nullable Tunnel find(Level level, FlowReader frame, Snapshot snapshot) {
        Shape shape = level.shape;
        long key = Port.Tunnel.KEY_OF_FLOW;
        int kind = 0;
        if (shape.key) {
            int flags = (int) frame.get(FlowField.TUNNEL_FLAGS, TunnelFlags.IDENTITY_MASK);
            key = (flags & TunnelFlags.KEYED) == 0 ? Port.Tunnel.KEYLESS : frame.get(FlowField.TUNNEL_ID);
            if (level.keys.get(0, key) == AddressTable.ABSENT) {
                return null;
            }
        } else if (shape.fixesAddresses()) {
            Bridge bridge = snapshot.bridge(shape.bridge);
            if (bridge != null && !bridge.takesKey(frame)) {
                return null;
            }
        }
        if (shape.kind) {
            kind = (int) frame.get(FlowField.TUNNEL_FLAGS, TunnelFlags.KIND_MASK);
        }
        long remoteHi = shape.remote ? frame.getHi(FlowField.TUNNEL_SRC) : 0;
        long remoteLo = shape.remote ? frame.get(FlowField.TUNNEL_SRC) : 0;
        long localHi = shape.local ? frame.getHi(FlowField.TUNNEL_DST) : 0;
        long localLo = shape.local ? frame.get(FlowField.TUNNEL_DST) : 0;
        long others = others(key, localHi, localLo, kind);
        long number = level.ports.get(remoteHi ^ others, remoteLo + others);
        if (number != AddressTable.ABSENT
                && snapshot.port((int) number) instanceof Port.Tunnel port
                && port.key() == key
                && is(port.remote(), remoteHi, remoteLo)
                && is(port.local(), localHi, localLo)
                && isKind(port.kind(), kind)) {
            return port;
        }
        return null;
    }

    private static boolean isKind(@Nullable TunnelKind fixed, int kind) {
        return fixed == null || TunnelFlags.of(fixed) == kind;
    }

    private static boolean is(@Nullable IpAddress fixed, long hi, long lo) {
        return fixed == null || fixed.hi() == hi && fixed.lo() == lo;
    }
}
