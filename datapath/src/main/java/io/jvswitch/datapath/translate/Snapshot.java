package io.jvswitch.datapath.translate;

import io.jvswitch.flowtable.key.FlowReader;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The switch's state as one immutable object: what translation looks at. The conductor makes a new one for every
 * change, which shares with the one before it what did not change ({@link #change}), and publishes it to the workers; a
 * worker uses one snapshot for a whole burst.
 *
 * <p>Safe to read from any thread. What bridges look up live (MAC tables, rules) changes under it, each with versions
 * of its own.
 */
public final class Snapshot {

    private final long version;
    private final @Nullable Port[] portsByNumber;
    private final @Nullable Bridge[] bridgesById;
    private final TunnelPorts arrivals;
    private final RuleVersions rules;

    /**
     * A snapshot of everything.
     *
     * @param version rises with every snapshot
     * @param ports in any order; tunnels are numbered like all others
     * @param bridges in any order
     * @param rules the version at which all of them look up rules
     */
    public Snapshot(
            long version, Collection<? extends Port> ports, Collection<? extends Bridge> bridges, RuleVersions rules) {
        this(version, byNumber(ports), byId(bridges), TunnelPorts.of(tunnelsOf(ports)), rules);
    }

    /** A snapshot of everything, of bridges that look up no rules. */
    public Snapshot(long version, Collection<? extends Port> ports, Collection<? extends Bridge> bridges) {
        this(version, ports, bridges, new RuleVersions());
    }

    private Snapshot(
            long version,
            @Nullable Port[] portsByNumber,
            @Nullable Bridge[] bridgesById,
            TunnelPorts arrivals,
            RuleVersions rules) {
        this.version = version;
        this.rules = rules;
        this.portsByNumber = portsByNumber;
        this.bridgesById = bridgesById;
        this.arrivals = arrivals;
    }

    private static @Nullable Port[] byNumber(Collection<? extends Port> ports) {
        int highest = ports.stream().mapToInt(Port::number).max().orElse(0);
        @Nullable Port[] byNumber = new Port[highest + 1];
        ports.forEach(port -> byNumber[port.number()] = port);
        return byNumber;
    }

    private static @Nullable Bridge[] byId(Collection<? extends Bridge> bridges) {
        int highest = bridges.stream().mapToInt(Bridge::id).max().orElse(-1);
        @Nullable Bridge[] byId = new Bridge[highest + 1];
        bridges.forEach(bridge -> byId[bridge.id()] = bridge);
        return byId;
    }

    private static List<Port.Tunnel> tunnelsOf(Collection<? extends Port> ports) {
        return ports.stream()
                .filter(Port.Tunnel.class::isInstance)
                .map(Port.Tunnel.class::cast)
                .toList();
    }

    /** What the next snapshot differs by from this one; nothing yet. */
    public Change change() {
        return new Change(this);
    }

    /** Differences between a snapshot and the next. For one thread. */
    public static final class Change {

        private final Snapshot before;
        private @Nullable Port[] ports;
        private @Nullable Bridge[] bridges;
        private boolean tunnelsChanged;

        private Change(Snapshot before) {
            this.before = before;
            ports = before.portsByNumber.clone();
            bridges = before.bridgesById.clone();
        }

        /** A port that is new or different. */
        public Change put(Port port) {
            int number = port.number();
            if (number >= ports.length) {
                ports = Arrays.copyOf(ports, Math.max(number + 1, ports.length * 3 / 2));
            }
            tunnelsChanged |= port instanceof Port.Tunnel || ports[number] instanceof Port.Tunnel;
            ports[number] = port;
            return this;
        }

        /** A port that has gone, or was not there. */
        public Change removePort(int number) {
            if (number < ports.length) {
                tunnelsChanged |= ports[number] instanceof Port.Tunnel;
                ports[number] = null;
            }
            return this;
        }

        /** A bridge that is new or different. */
        public Change put(Bridge bridge) {
            if (bridge.id() >= bridges.length) {
                bridges = Arrays.copyOf(bridges, Math.max(bridge.id() + 1, bridges.length * 3 / 2));
            }
            bridges[bridge.id()] = bridge;
            return this;
        }

        /** A bridge that has gone, or was not there. */
        public Change removeBridge(int id) {
            if (id < bridges.length) {
                bridges[id] = null;
            }
            return this;
        }

        /** The next snapshot. */
        public Snapshot build(long version) {
            TunnelPorts arrivals = tunnelsChanged
                    ? TunnelPorts.of(tunnelsOf(
                            Arrays.stream(ports).filter(Objects::nonNull).toList()))
                    : before.arrivals;
            return new Snapshot(version, ports, bridges, arrivals, before.rules);
        }
    }

    /** A switch without ports and bridges. */
    public static Snapshot empty() {
        return new Snapshot(0, List.of(), List.of());
    }

    public long version() {
        return version;
    }

    /** The version at which its bridges look up rules: lives as long as the switch, and changes under the snapshot. */
    public RuleVersions rules() {
        return rules;
    }

    /** The port of that number, null when there is none. */
    public @Nullable Port port(int number) {
        return number > 0 && number < portsByNumber.length ? portsByNumber[number] : null;
    }

    /** The tunnel port that a frame from the underlay came in by, null when none takes it. */
    Port.@Nullable Tunnel arrival(FlowReader frame) {
        return arrivals.classify(frame);
    }

    /** Bridges' ids are below this. */
    public int bridgeIds() {
        return bridgesById.length;
    }

    /** The bridge with that id, null when there is none. */
    public @Nullable Bridge bridge(int id) {
        return id >= 0 && id < bridgesById.length ? bridgesById[id] : null;
    }
}
