package io.jvswitch.datapath.normal;

import io.jvswitch.datapath.normal.bond.ArpLocks;
import io.jvswitch.datapath.normal.bond.Bond;
import io.jvswitch.datapath.translate.Locations;
import io.jvswitch.datapath.translate.Port;
import io.jvswitch.datapath.translate.PortArray;
import io.jvswitch.datapath.translate.Snapshot;
import io.jvswitch.datapath.translate.Translator;
import io.jvswitch.datapath.translate.TunnelTraffic;
import io.jvswitch.encap.TunnelFlags;
import io.jvswitch.encap.TunnelKind;
import io.jvswitch.flowtable.key.FlowField;
import io.jvswitch.flowtable.key.FlowReader;
import io.jvswitch.wire.IpAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.agrona.collections.Int2ObjectHashMap;
import org.agrona.collections.Long2ObjectHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A bridge that forwards by itself, as Open vSwitch's NORMAL action does: its networks, and its ports' places in them.
 * The YAML configuration is one such bridge. Its tunnel ports have no place of their own: networks name them.
 *
 * <p>Immutable; a change makes a new one that shares with the one before it what did not change ({@link #change}). Safe
 * to read from any thread. (The networks' MAC tables change under it, each with versions of its own.)
 */
public final class NormalBridge implements HasNormal {

    /** In a tunnel's key: GRE without one. Ids are of 32 bits at most. */
    private static final long KEYLESS = 1L << 40;

    private final int id;
    private final String name;
    private final List<Network> networks;
    private final @Nullable Network[] networksById;
    private final PortArray<NetworkPort> ports;
    private final boolean hasTunnelPorts;
    // Asked for every frame that is new or stale: no look-up makes an object.
    private final Map<TunnelKind, Long2ObjectHashMap<Network>> networksByTunnel = new EnumMap<>(TunnelKind.class);
    private final List<Bond> bonds;
    private final Int2ObjectHashMap<BondOutput> bondsByPort = new Int2ObjectHashMap<>();
    private final @Nullable ArpLocks arpLocks;
    private final @Nullable PortMirrors mirrors;

    /**
     * A bridge of all this.
     *
     * @param id stays the bridge's while the switch runs
     * @param name as operators know it
     * @param ports in any order
     * @param networks in any order
     */
    public NormalBridge(int id, String name, List<NetworkPort> ports, List<Network> networks) {
        this(id, name, PortArray.of(ports, NetworkPort::number), byId(networks), List.of(), null, null);
    }

    private NormalBridge(
            int id,
            String name,
            PortArray<NetworkPort> ports,
            @Nullable Network[] networksById,
            List<Bond> bonds,
            @Nullable ArpLocks arpLocks,
            @Nullable PortMirrors mirrors) {
        this.id = id;
        this.name = name;
        this.ports = ports;
        hasTunnelPorts = ports.hasTunnels();
        this.networksById = networksById;
        this.bonds = bonds;
        this.arpLocks = arpLocks;
        this.mirrors = mirrors;
        for (Bond bond : bonds) {
            BondOutput output = new BondOutput(bond);
            bondsByPort.put(bond.number(), output);
            bond.members().forEach(member -> bondsByPort.put((int) member, output));
        }
        List<Network> all = new ArrayList<>(networksById.length);
        for (Network network : networksById) {
            if (network == null) {
                continue;
            }
            all.add(network);
            if (network.tunnel() != null) {
                networksByTunnel
                        .computeIfAbsent(network.tunnel(), kind -> new Long2ObjectHashMap<>())
                        .put(tunnelKey(network.keyed(), network.tunnelId()), network);
            }
        }
        networks = List.copyOf(all);
    }

    private static @Nullable Network[] byId(Collection<Network> networks) {
        int highest = networks.stream().mapToInt(Network::id).max().orElse(-1);
        @Nullable Network[] byId = new Network[highest + 1];
        networks.forEach(network -> byId[network.id()] = network);
        return byId;
    }

    /** What the next state of the bridge differs by from this one; nothing yet. */
    public Change change() {
        return new Change(this);
    }

    /** Differences between a state of the bridge and the next. For one thread. */
    public static final class Change {

        private final NormalBridge before;
        private final PortArray.Change<NetworkPort> ports;
        private @Nullable Network[] networks;
        private List<Bond> bonds;
        private @Nullable ArpLocks arpLocks;
        private @Nullable PortMirrors mirrors;

        private Change(NormalBridge before) {
            this.before = before;
            ports = before.ports.change();
            networks = before.networksById.clone();
            bonds = before.bonds;
            arpLocks = before.arpLocks;
            mirrors = before.mirrors;
        }

        /** A port that is new or different. */
        public Change put(NetworkPort port) {
            ports.put(port.number(), port);
            return this;
        }

        /** A port that has gone, or was not there. */
        public Change removePort(int number) {
            ports.remove(number);
            return this;
        }

        /** A network that is new or different. */
        public Change put(Network network) {
            if (network.id() >= networks.length) {
                networks = Arrays.copyOf(networks, Math.max(network.id() + 1, networks.length * 3 / 2));
            }
            networks[network.id()] = network;
            return this;
        }

        /** A network that has gone, or was not there. */
        public Change removeNetwork(int id) {
            if (id < networks.length) {
                networks[id] = null;
            }
            return this;
        }

        /**
         * All bonds; each is a port of the bridge, too, by its own number, and its members are not.
         *
         * @param locks stays the bridge's while it has bonds
         */
        public Change bonds(List<Bond> all, ArpLocks locks) {
            bonds = List.copyOf(all);
            arpLocks = bonds.isEmpty() ? null : locks;
            return this;
        }

        /** All mirrors, 64 at most. */
        public Change mirrors(List<Mirror> all) {
            mirrors = all.isEmpty() ? null : new PortMirrors(all);
            return this;
        }

        /** The next state. */
        public NormalBridge build() {
            return new NormalBridge(before.id, before.name, ports.build(), networks, bonds, arpLocks, mirrors);
        }
    }

    private static long tunnelKey(boolean keyed, long id) {
        return keyed ? id : id | KEYLESS;
    }

    @Override
    public int id() {
        return id;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Translator translator() {
        return NormalTranslator.INSTANCE;
    }

    @Override
    public long version() {
        long sum = 0;
        for (int i = 0; i < networks.size(); i++) {
            sum += networks.get(i).fdb().version();
        }
        for (int i = 0; i < bonds.size(); i++) {
            sum += bonds.get(i).buckets().version();
        }
        return sum;
    }

    @Override
    public NormalBridge normal() {
        return this;
    }

    /**
     * The tunnel port of all that comes from the underlay and from none of the VTEPs that have one: which network may
     * have that, the networks say.
     *
     * @param traffic what it counts
     */
    public Port.Tunnel underlay(TunnelTraffic traffic) {
        return new Port.Tunnel(
                Locations.UNDERLAY, "underlay", id, null, null, null, Port.Tunnel.KEY_OF_FLOW, 0, 0, traffic);
    }

    /**
     * The tunnel port of a VTEP that networks share: it takes and sends what they have, with the kind and key of each.
     *
     * @param number from {@link Locations#FIRST_TUNNEL} on
     * @param udpPort UDP destination port of VXLAN
     * @param pathMtuBytes MTU of the underlay path towards it (outer IP packet)
     * @param traffic what it counts
     */
    public Port.Tunnel vtep(int number, IpAddress address, int udpPort, int pathMtuBytes, TunnelTraffic traffic) {
        return new Port.Tunnel(
                number,
                "VTEP " + address,
                id,
                null,
                null,
                address,
                Port.Tunnel.KEY_OF_FLOW,
                udpPort,
                pathMtuBytes,
                traffic);
    }

    /** {@link #snapshot(long, Collection)} of a switch without tunnels. */
    public Snapshot snapshot(long version) {
        return snapshot(version, List.of());
    }

    /**
     * A switch that has this bridge and no other, and no device but those that are ports by themselves.
     *
     * @param tunnels all of them
     */
    public Snapshot snapshot(long version, Collection<Port.Tunnel> tunnels) {
        List<Port> all = new ArrayList<>(tunnels);
        ports.forEach(port -> {
            if (bond(port.number()) == null && !Locations.isTunnel(port.number())) {
                all.add(port.device(id));
            }
        });
        return new Snapshot(version, all, List.of(this));
    }

    /** The port of that number, or the bond that has that member; null when there is none. */
    public @Nullable NetworkPort port(int number) {
        Bond bond = bond(number);
        return bond == null ? ownPort(number) : ownPort(bond.number());
    }

    private @Nullable NetworkPort ownPort(int number) {
        return ports.get(number);
    }

    /** The bond that has that number, or a member of that number; null when it is no bond's. */
    public @Nullable Bond bond(int number) {
        BondOutput output = bondOutput(number);
        return output == null ? null : output.bond();
    }

    /** How frames leave by the bond that has that number, or a member of that number; null when it is no bond's. */
    @Nullable
    BondOutput bondOutput(int number) {
        return bonds.isEmpty() ? null : bondsByPort.get(number);
    }

    /** Whether a port takes frames. */
    boolean isUp(NetworkPort port) {
        Bond bond = bond(port.number());
        return bond == null ? port.attached() : bond.isUp();
    }

    /** Whether frames go from one port to another: not between two that are isolated. */
    boolean arePermitted(int from, int to) {
        NetworkPort source = port(from);
        if (source == null || !source.isolated()) {
            return true;
        }
        NetworkPort target = port(to);
        return target == null || !target.isolated();
    }

    /** Addresses that must not move to a bond for a while; null when there is no bond. */
    @Nullable
    ArpLocks arpLocks() {
        return arpLocks;
    }

    /** The mirrors, null when there is none. */
    @Nullable
    PortMirrors portMirrors() {
        return mirrors;
    }

    /** Whether a port is there for the copies of a mirror and nothing else. */
    boolean isMirrorOutput(int port) {
        return mirrors != null && mirrors.isOutput(port);
    }

    /** The network with that id, null when there is none. */
    public @Nullable Network network(int id) {
        return id >= 0 && id < networksById.length ? networksById[id] : null;
    }

    public List<Network> networks() {
        return networks;
    }

    /** Where tunnel ports are ports like others, it is for them to say; else the networks take the keys they have. */
    @Override
    public boolean takesKey(FlowReader frame) {
        return hasTunnelPorts || networkOf(frame) != null;
    }

    /** The network that the frame's kind and key belong to, null when none has them. */
    @Nullable
    Network networkOf(FlowReader frame) {
        int flags = (int) frame.get(FlowField.TUNNEL_FLAGS, TunnelFlags.IDENTITY_MASK);
        TunnelKind kind = TunnelFlags.kind(flags);
        boolean keyed = kind != TunnelKind.GRE || (flags & TunnelFlags.KEYED) != 0;
        return networkOf(kind, keyed, frame.get(FlowField.TUNNEL_ID));
    }

    /** The network that a tunnel's key belongs to, null when none has it. */
    public @Nullable Network networkOf(TunnelKind kind, boolean keyed, long tunnelId) {
        Long2ObjectHashMap<Network> ofKind = networksByTunnel.get(kind);
        return ofKind == null ? null : ofKind.get(tunnelKey(keyed, tunnelId));
    }
}
