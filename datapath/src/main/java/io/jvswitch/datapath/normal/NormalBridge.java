package io.jvswitch.datapath.normal;

import io.jvswitch.datapath.normal.bond.ArpLocks;
import io.jvswitch.datapath.normal.bond.Bond;
import io.jvswitch.datapath.translate.Locations;
import io.jvswitch.datapath.translate.Port;
import io.jvswitch.datapath.translate.Snapshot;
import io.jvswitch.datapath.translate.Translator;
import io.jvswitch.encap.TunnelKind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.agrona.collections.Int2ObjectHashMap;
import org.agrona.collections.Long2ObjectHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A bridge that forwards by itself, as Open vSwitch's NORMAL action does: its networks, its ports' places in them, and
 * the VTEPs that its tunnels lead to. The YAML configuration is one such bridge.
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
    private final List<Vtep> vteps;
    private final @Nullable Vtep[] vtepsByIndex;
    private final @Nullable NetworkPort[] portsByNumber;
    // Asked for every frame that is new or stale: no look-up makes an object.
    private final Map<TunnelKind, Long2ObjectHashMap<Network>> networksByTunnel = new EnumMap<>(TunnelKind.class);
    private final Long2ObjectHashMap<Vtep[]> vtepsByAddress;
    private final List<Bond> bonds;
    private final Int2ObjectHashMap<Bond> bondsByPort = new Int2ObjectHashMap<>();
    private final @Nullable ArpLocks arpLocks;
    private final @Nullable PortMirrors mirrors;

    /**
     * A bridge of all this.
     *
     * @param id stays the bridge's while the switch runs
     * @param name as operators know it
     * @param ports in any order
     * @param networks in any order
     * @param vteps in any order
     */
    public NormalBridge(int id, String name, List<NetworkPort> ports, List<Network> networks, List<Vtep> vteps) {
        this(
                id,
                name,
                byNumber(ports),
                byId(networks),
                List.copyOf(vteps),
                byIndex(vteps),
                byAddress(vteps),
                List.of(),
                null,
                null);
    }

    private NormalBridge(
            int id,
            String name,
            @Nullable NetworkPort[] portsByNumber,
            @Nullable Network[] networksById,
            List<Vtep> vteps,
            @Nullable Vtep[] vtepsByIndex,
            Long2ObjectHashMap<Vtep[]> vtepsByAddress,
            List<Bond> bonds,
            @Nullable ArpLocks arpLocks,
            @Nullable PortMirrors mirrors) {
        this.id = id;
        this.name = name;
        this.portsByNumber = portsByNumber;
        this.networksById = networksById;
        this.vteps = vteps;
        this.vtepsByIndex = vtepsByIndex;
        this.vtepsByAddress = vtepsByAddress;
        this.bonds = bonds;
        this.arpLocks = arpLocks;
        this.mirrors = mirrors;
        for (Bond bond : bonds) {
            bondsByPort.put(bond.number(), bond);
            bond.members().forEach(member -> bondsByPort.put((int) member, bond));
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

    private static @Nullable NetworkPort[] byNumber(Collection<NetworkPort> ports) {
        int highest = ports.stream().mapToInt(NetworkPort::number).max().orElse(0);
        @Nullable NetworkPort[] byNumber = new NetworkPort[highest + 1];
        ports.forEach(port -> byNumber[port.number()] = port);
        return byNumber;
    }

    private static @Nullable Network[] byId(Collection<Network> networks) {
        int highest = networks.stream().mapToInt(Network::id).max().orElse(-1);
        @Nullable Network[] byId = new Network[highest + 1];
        networks.forEach(network -> byId[network.id()] = network);
        return byId;
    }

    private static @Nullable Vtep[] byIndex(Collection<Vtep> vteps) {
        int highest = vteps.stream().mapToInt(Vtep::index).max().orElse(-1);
        @Nullable Vtep[] byIndex = new Vtep[highest + 1];
        vteps.forEach(vtep -> byIndex[vtep.index()] = vtep);
        return byIndex;
    }

    private static Long2ObjectHashMap<Vtep[]> byAddress(Collection<Vtep> vteps) {
        Long2ObjectHashMap<Vtep[]> byAddress = new Long2ObjectHashMap<>();
        for (Vtep vtep : vteps) {
            long mixed = mix(vtep.address().hi(), vtep.address().lo());
            Vtep[] others = byAddress.get(mixed);
            Vtep[] all = others == null ? new Vtep[1] : Arrays.copyOf(others, others.length + 1);
            all[all.length - 1] = vtep;
            byAddress.put(mixed, all);
        }
        return byAddress;
    }

    /** What the next state of the bridge differs by from this one; nothing yet. */
    public Change change() {
        return new Change(this);
    }

    /** Differences between a state of the bridge and the next. For one thread. */
    public static final class Change {

        private final NormalBridge before;
        private @Nullable NetworkPort[] ports;
        private @Nullable Network[] networks;
        private List<Vtep> vteps;
        private List<Bond> bonds;
        private @Nullable ArpLocks arpLocks;
        private @Nullable PortMirrors mirrors;

        private Change(NormalBridge before) {
            this.before = before;
            ports = before.portsByNumber.clone();
            networks = before.networksById.clone();
            vteps = before.vteps;
            bonds = before.bonds;
            arpLocks = before.arpLocks;
            mirrors = before.mirrors;
        }

        /** A port that is new or different. */
        public Change put(NetworkPort port) {
            if (port.number() >= ports.length) {
                ports = Arrays.copyOf(ports, Math.max(port.number() + 1, ports.length * 3 / 2));
            }
            ports[port.number()] = port;
            return this;
        }

        /** A port that has gone, or was not there. */
        public Change removePort(int number) {
            if (number < ports.length) {
                ports[number] = null;
            }
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

        /** All VTEPs; an immutable list that is the same object as before says that none has changed. */
        public Change vteps(List<Vtep> all) {
            vteps = List.copyOf(all);
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
        @SuppressWarnings(
                "ReferenceEquality") // an equal list would do as well, but to compare costs more than to build
        public NormalBridge build() {
            boolean same = vteps == before.vteps;
            return new NormalBridge(
                    before.id,
                    before.name,
                    ports,
                    networks,
                    vteps,
                    same ? before.vtepsByIndex : byIndex(vteps),
                    same ? before.vtepsByAddress : byAddress(vteps),
                    bonds,
                    arpLocks,
                    mirrors);
        }
    }

    private static long tunnelKey(boolean keyed, long id) {
        return keyed ? id : id | KEYLESS;
    }

    private static long mix(long hi, long lo) {
        return hi * 0x9e37_79b9_7f4a_7c15L ^ lo;
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
        return sum;
    }

    @Override
    public NormalBridge normal() {
        return this;
    }

    /**
     * The tunnel port by which all that comes from the underlay comes in: its frames' keys and remotes are the
     * networks' business.
     */
    public Port.Tunnel underlay() {
        return new Port.Tunnel(Locations.UNDERLAY, "underlay", id, null, null, null, Port.Tunnel.KEY_OF_FLOW, 0, 0);
    }

    /** A switch that has this bridge and no other, and no device but those that are ports by themselves. */
    public Snapshot snapshot(long version) {
        List<Port> ports = new ArrayList<>();
        ports.add(underlay());
        for (NetworkPort port : portsByNumber) {
            if (port != null && bond(port.number()) == null) {
                ports.add(port.device(id));
            }
        }
        return new Snapshot(version, ports, List.of(this));
    }

    /** The port of that number, or the bond that has that member; null when there is none. */
    public @Nullable NetworkPort port(int number) {
        Bond bond = bonds.isEmpty() ? null : bondsByPort.get(number);
        return bond == null ? ownPort(number) : ownPort(bond.number());
    }

    private @Nullable NetworkPort ownPort(int number) {
        return number > 0 && number < portsByNumber.length ? portsByNumber[number] : null;
    }

    /** The bond that has that number, or a member of that number; null when it is no bond's. */
    public @Nullable Bond bond(int number) {
        return bonds.isEmpty() ? null : bondsByPort.get(number);
    }

    /** Whether a port takes frames. */
    boolean isUp(Snapshot snapshot, NetworkPort port) {
        Bond bond = bond(port.number());
        return bond == null ? port.attached() : bond.isUp(snapshot);
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

    /** The VTEP with that index; only for one that it {@link #hasVtep has}. */
    public Vtep vtep(int index) {
        return Objects.requireNonNull(vtepsByIndex[index], "nobody has that index");
    }

    /** Whether a VTEP has that index. A MAC table may be ahead of the snapshot, or behind it. */
    public boolean hasVtep(int index) {
        return index < vtepsByIndex.length && vtepsByIndex[index] != null;
    }

    /** The VTEP with that outer address, null when it is not known. */
    public @Nullable Vtep vtepAt(long hi, long lo) {
        Vtep[] candidates = vtepsByAddress.get(mix(hi, lo));
        if (candidates != null) {
            for (Vtep vtep : candidates) {
                if (vtep.address().hi() == hi && vtep.address().lo() == lo) {
                    return vtep;
                }
            }
        }
        return null;
    }

    /** The network that a tunnel's key belongs to, null when none has it. */
    public @Nullable Network networkOf(TunnelKind kind, boolean keyed, long tunnelId) {
        Long2ObjectHashMap<Network> ofKind = networksByTunnel.get(kind);
        return ofKind == null ? null : ofKind.get(tunnelKey(keyed, tunnelId));
    }
}
