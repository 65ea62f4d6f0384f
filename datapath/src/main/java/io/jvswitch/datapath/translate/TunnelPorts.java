package io.jvswitch.datapath.translate;

import io.jvswitch.encap.TunnelFlags;
import io.jvswitch.encap.TunnelKind;
import io.jvswitch.flowtable.key.FlowField;
import io.jvswitch.flowtable.key.FlowReader;
import io.jvswitch.wire.IpAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import org.agrona.collections.Long2ObjectHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Which tunnel port a frame from the underlay came in by: the one that fixes most of what the frame has. As in Open
 * vSwitch a fixed key counts more than a fixed remote address, and that more than a fixed local one; the kind comes
 * last.
 *
 * <p>Looks at no more of a frame than the ports fix, so that a switch whose tunnel ports take everything from the flow
 * keeps megaflows for all VTEPs together. Immutable; a look-up allocates nothing.
 */
final class TunnelPorts {

    private static final TunnelPorts NONE = new TunnelPorts(List.of());

    /** What the ports of a level fix. */
    private record Shape(boolean key, boolean remote, boolean local, boolean kind) {

        static Shape of(Port.Tunnel port) {
            return new Shape(
                    port.key() != Port.Tunnel.KEY_OF_FLOW,
                    port.remote() != null,
                    port.local() != null,
                    port.kind() != null);
        }

        int rank() {
            return (key ? 8 : 0) | (remote ? 4 : 0) | (local ? 2 : 0) | (kind ? 1 : 0);
        }
    }

    private static final class Level {
        final Shape shape;
        final Long2ObjectHashMap<Port.Tunnel[]> ports = new Long2ObjectHashMap<>();

        Level(Shape shape) {
            this.shape = shape;
        }

        void add(Port.Tunnel port) {
            IpAddress remote = port.remote();
            IpAddress local = port.local();
            TunnelKind kind = port.kind();
            long hash = hash(
                    shape.key ? port.key() : 0,
                    remote == null ? 0 : remote.hi(),
                    remote == null ? 0 : remote.lo(),
                    local == null ? 0 : local.hi(),
                    local == null ? 0 : local.lo(),
                    kind == null ? 0 : TunnelFlags.of(kind));
            Port.Tunnel[] others = ports.get(hash);
            Port.Tunnel[] all = others == null ? new Port.Tunnel[1] : Arrays.copyOf(others, others.length + 1);
            all[all.length - 1] = port;
            ports.put(hash, all);
        }
    }

    private final List<Level> levels;

    private TunnelPorts(Collection<Port.Tunnel> ports) {
        levels = new ArrayList<>();
        for (Port.Tunnel port : ports) {
            Shape shape = Shape.of(port);
            Level level = null;
            for (Level known : levels) {
                level = known.shape.equals(shape) ? known : level;
            }
            if (level == null) {
                level = new Level(shape);
                levels.add(level);
            }
            level.add(port);
        }
        levels.sort(Comparator.comparingInt((Level level) -> level.shape.rank()).reversed());
    }

    static TunnelPorts of(Collection<Port.Tunnel> ports) {
        return ports.isEmpty() ? NONE : new TunnelPorts(ports);
    }

    /** The port that the frame came in by, null when none takes it. */
    Port.@Nullable Tunnel classify(FlowReader frame) {
        for (int i = 0; i < levels.size(); i++) {
            Port.Tunnel port = find(levels.get(i), frame);
            if (port != null) {
                return port;
            }
        }
        return null;
    }

    private static Port.@Nullable Tunnel find(Level level, FlowReader frame) {
        Shape shape = level.shape;
        long key = 0;
        int kind = 0;
        if (shape.key || shape.kind) {
            int flags = (int) frame.get(FlowField.TUNNEL_FLAGS, TunnelFlags.IDENTITY_MASK);
            kind = shape.kind ? flags & TunnelFlags.KIND_MASK : 0;
            if (shape.key) {
                key = (flags & TunnelFlags.KEYED) == 0 ? Port.Tunnel.KEYLESS : frame.get(FlowField.TUNNEL_ID);
            }
        }
        long remoteHi = shape.remote ? frame.getHi(FlowField.TUNNEL_SRC) : 0;
        long remoteLo = shape.remote ? frame.get(FlowField.TUNNEL_SRC) : 0;
        long localHi = shape.local ? frame.getHi(FlowField.TUNNEL_DST) : 0;
        long localLo = shape.local ? frame.get(FlowField.TUNNEL_DST) : 0;
        Port.Tunnel[] candidates = level.ports.get(hash(key, remoteHi, remoteLo, localHi, localLo, kind));
        if (candidates != null) {
            for (Port.Tunnel port : candidates) {
                if ((!shape.key || port.key() == key)
                        && is(port.remote(), remoteHi, remoteLo)
                        && is(port.local(), localHi, localLo)
                        && isKind(port.kind(), kind)) {
                    return port;
                }
            }
        }
        return null;
    }

    private static boolean isKind(@Nullable TunnelKind fixed, int kind) {
        return fixed == null || TunnelFlags.of(fixed) == kind;
    }

    private static boolean is(@Nullable IpAddress fixed, long hi, long lo) {
        return fixed == null || fixed.hi() == hi && fixed.lo() == lo;
    }

    private static long hash(long key, long remoteHi, long remoteLo, long localHi, long localLo, int kind) {
        long hash = key;
        hash = hash * 0x9e37_79b9_7f4a_7c15L + remoteHi;
        hash = hash * 0x9e37_79b9_7f4a_7c15L + remoteLo;
        hash = hash * 0x9e37_79b9_7f4a_7c15L + localHi;
        hash = hash * 0x9e37_79b9_7f4a_7c15L + localLo;
        return hash * 0x9e37_79b9_7f4a_7c15L + kind;
    }
}
