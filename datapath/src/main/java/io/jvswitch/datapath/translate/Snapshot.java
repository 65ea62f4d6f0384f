package io.jvswitch.datapath.translate;

import io.jvswitch.flowtable.key.FlowReader;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
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
    private final PortArray<Port> ports;
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
        this(version, PortArray.of(ports, Port::number), byId(bridges), tunnelsOf(ports), rules);
    }

    /** A snapshot of everything, of bridges that look up no rules. */
    public Snapshot(long version, Collection<? extends Port> ports, Collection<? extends Bridge> bridges) {
        this(version, ports, bridges, new RuleVersions());
    }

    private Snapshot(
            long version,
            PortArray<Port> ports,
            @Nullable Bridge[] bridgesById,
            TunnelPorts arrivals,
            RuleVersions rules) {
        this.version = version;
        this.rules = rules;
        this.ports = ports;
        this.bridgesById = bridgesById;
        this.arrivals = arrivals;
    }

    private static @Nullable Bridge[] byId(Collection<? extends Bridge> bridges) {
        int highest = bridges.stream().mapToInt(Bridge::id).max().orElse(-1);
        @Nullable Bridge[] byId = new Bridge[highest + 1];
        bridges.forEach(bridge -> byId[bridge.id()] = bridge);
        return byId;
    }

    private static TunnelPorts tunnelsOf(Collection<? extends Port> ports) {
        TunnelPorts tunnels = TunnelPorts.NONE;
        for (Port port : ports) {
            tunnels = port instanceof Port.Tunnel tunnel ? tunnels.with(tunnel) : tunnels;
        }
        return tunnels;
    }

    /** What the next snapshot differs by from this one; nothing yet. */
    public Change change() {
        return new Change(this);
    }

    /** Differences between a snapshot and the next. For one thread. */
    public static final class Change {

        private final Snapshot before;
        private final PortArray.Change<Port> ports;
        private @Nullable Bridge[] bridges;
        private TunnelPorts arrivals;

        private Change(Snapshot before) {
            this.before = before;
            ports = before.ports.change();
            bridges = before.bridgesById.clone();
            arrivals = before.arrivals;
        }

        /**
         * A port that is new or different.
         *
         * @throws IllegalArgumentException for a tunnel port that is to take the frames that another one takes
         */
        public Change put(Port port) {
            Port old = ports.get(port.number());
            if (!(old instanceof Port.Tunnel before
                    && port instanceof Port.Tunnel now
                    && TunnelPorts.isAlike(before, now))) {
                forget(old);
                arrivals = port instanceof Port.Tunnel tunnel ? arrivals.with(tunnel) : arrivals;
            }
            ports.put(port.number(), port);
            return this;
        }

        /** A port that has gone, or was not there. */
        public Change removePort(int number) {
            forget(ports.get(number));
            ports.remove(number);
            return this;
        }

        private void forget(@Nullable Port port) {
            arrivals = port instanceof Port.Tunnel tunnel ? arrivals.without(tunnel) : arrivals;
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
            return new Snapshot(version, ports.build(), bridges, arrivals, before.rules);
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
        return ports.get(number);
    }

    /** The tunnel port that a frame from the underlay came in by, null when none takes it. */
    Port.@Nullable Tunnel arrival(FlowReader frame) {
        return arrivals.classify(frame, this);
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
