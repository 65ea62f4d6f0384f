package io.jvswitch.datapath.translate;

import io.jvswitch.datapath.normal.BridgeDomain;
import io.jvswitch.encap.TunnelKind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.agrona.collections.Long2ObjectHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The switch's state as one immutable object: what translation looks at. The conductor makes a new one for every
 * change, which shares
 * with the one before it what did not change ({@link #change}), and publishes it to the workers; a worker uses one
 * snapshot for a whole
 * burst.
 *
 * <p>Safe to read from any thread. (The domains' MAC tables change under it, each with a version of its own.)
 */
public final class Snapshot {

    /** In a tunnel's key: GRE without one. Ids are of 32 bits at most. */
    private static final long KEYLESS = 1L << 40;

    private final long version;
    private final List<BridgeDomain> domains;
    private final @Nullable BridgeDomain[] domainsById;
    private final List<Vtep> vteps;
    private final @Nullable Vtep[] vtepsByIndex;
    private final @Nullable LocalPort[] portsByNumber;
    // Asked for every frame that is new or stale: no look-up makes an object.
    private final Map<TunnelKind, Long2ObjectHashMap<BridgeDomain>> domainsByTunnel = new EnumMap<>(TunnelKind.class);
    private final Long2ObjectHashMap<Vtep[]> vtepsByAddress;

    /**
     * A snapshot of everything.
     *
     * @param version rises with every snapshot
     * @param ports in any order
     * @param domains in any order
     * @param vteps in any order
     */
    public Snapshot(long version, List<LocalPort> ports, List<BridgeDomain> domains, List<Vtep> vteps) {
        this(version, byNumber(ports), byId(domains), List.copyOf(vteps), byIndex(vteps), byAddress(vteps));
    }

    private Snapshot(
            long version,
            @Nullable LocalPort[] portsByNumber,
            @Nullable BridgeDomain[] domainsById,
            List<Vtep> vteps,
            @Nullable Vtep[] vtepsByIndex,
            Long2ObjectHashMap<Vtep[]> vtepsByAddress) {
        this.version = version;
        this.portsByNumber = portsByNumber;
        this.domainsById = domainsById;
        this.vteps = vteps;
        this.vtepsByIndex = vtepsByIndex;
        this.vtepsByAddress = vtepsByAddress;
        List<BridgeDomain> all = new ArrayList<>(domainsById.length);
        for (BridgeDomain domain : domainsById) {
            if (domain == null) {
                continue;
            }
            all.add(domain);
            if (domain.tunnel() != null) {
                domainsByTunnel
                        .computeIfAbsent(domain.tunnel(), kind -> new Long2ObjectHashMap<>())
                        .put(tunnelKey(domain.keyed(), domain.tunnelId()), domain);
            }
        }
        domains = List.copyOf(all);
    }

    private static @Nullable LocalPort[] byNumber(Collection<LocalPort> ports) {
        int highest = ports.stream().mapToInt(LocalPort::number).max().orElse(0);
        @Nullable LocalPort[] byNumber = new LocalPort[highest + 1];
        ports.forEach(port -> byNumber[port.number()] = port);
        return byNumber;
    }

    private static @Nullable BridgeDomain[] byId(Collection<BridgeDomain> domains) {
        int highest = domains.stream().mapToInt(BridgeDomain::id).max().orElse(-1);
        @Nullable BridgeDomain[] byId = new BridgeDomain[highest + 1];
        domains.forEach(domain -> byId[domain.id()] = domain);
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

    /** What the next snapshot differs by from this one; nothing yet. */
    public Change change() {
        return new Change(this);
    }

    /** Differences between a snapshot and the next. For one thread. */
    public static final class Change {

        private final Snapshot before;
        private @Nullable LocalPort[] ports;
        private @Nullable BridgeDomain[] domains;
        private List<Vtep> vteps;

        private Change(Snapshot before) {
            this.before = before;
            ports = before.portsByNumber.clone();
            domains = before.domainsById.clone();
            vteps = before.vteps;
        }

        /** A port that is new or different. */
        public Change put(LocalPort port) {
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
        public Change put(BridgeDomain domain) {
            if (domain.id() >= domains.length) {
                domains = Arrays.copyOf(domains, Math.max(domain.id() + 1, domains.length * 3 / 2));
            }
            domains[domain.id()] = domain;
            return this;
        }

        /** A network that has gone, or was not there. */
        public Change removeDomain(int id) {
            if (id < domains.length) {
                domains[id] = null;
            }
            return this;
        }

        /** All VTEPs; an immutable list that is the same object as before says that none has changed. */
        public Change vteps(List<Vtep> all) {
            vteps = List.copyOf(all);
            return this;
        }

        /** The next snapshot. */
        @SuppressWarnings(
                "ReferenceEquality") // an equal list would do as well, but to compare costs more than to build
        public Snapshot build(long version) {
            boolean same = vteps == before.vteps;
            return new Snapshot(
                    version,
                    ports,
                    domains,
                    vteps,
                    same ? before.vtepsByIndex : byIndex(vteps),
                    same ? before.vtepsByAddress : byAddress(vteps));
        }
    }

    private static long tunnelKey(boolean keyed, long id) {
        return keyed ? id : id | KEYLESS;
    }

    private static long mix(long hi, long lo) {
        return hi * 0x9e37_79b9_7f4a_7c15L ^ lo;
    }

    /** A switch without ports and networks. */
    public static Snapshot empty() {
        return new Snapshot(0, List.of(), List.of(), List.of());
    }

    public long version() {
        return version;
    }

    /** The port of that number, null when there is none. */
    public @Nullable LocalPort port(int number) {
        return number > 0 && number < portsByNumber.length ? portsByNumber[number] : null;
    }

    /** The network with that id, null when there is none. */
    public @Nullable BridgeDomain domain(int id) {
        return id >= 0 && id < domainsById.length ? domainsById[id] : null;
    }

    public List<BridgeDomain> domains() {
        return domains;
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
    public @Nullable BridgeDomain domainOf(TunnelKind kind, boolean keyed, long tunnelId) {
        Long2ObjectHashMap<BridgeDomain> ofKind = domainsByTunnel.get(kind);
        return ofKind == null ? null : ofKind.get(tunnelKey(keyed, tunnelId));
    }
}
