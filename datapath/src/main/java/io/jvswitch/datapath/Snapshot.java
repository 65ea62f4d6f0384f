package io.jvswitch.datapath;

import io.jvswitch.encap.TunnelKind;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.agrona.collections.Int2ObjectHashMap;
import org.agrona.collections.Long2ObjectHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The switch's state as one immutable object: what translation looks at. The conductor builds a new one for every change
 * and publishes it to the workers; a worker uses one snapshot for a whole burst.
 *
 * <p>Safe to read from any thread. (The domains' MAC tables change under it, each with a version of its own.)
 */
public final class Snapshot {

    /** In a tunnel's key: GRE without one. Ids are of 32 bits at most. */
    private static final long KEYLESS = 1L << 40;

    private final long version;
    private final List<BridgeDomain> domains;
    private final Int2ObjectHashMap<BridgeDomain> domainsById = new Int2ObjectHashMap<>();
    private final @Nullable Vtep[] vteps;
    private final @Nullable LocalPort[] portsByNumber;
    // Asked for every frame that is new or stale: no look-up makes an object.
    private final Map<TunnelKind, Long2ObjectHashMap<BridgeDomain>> domainsByTunnel = new EnumMap<>(TunnelKind.class);
    private final Long2ObjectHashMap<Vtep[]> vtepsByAddress = new Long2ObjectHashMap<>();

    /**
     * @param version rises with every snapshot
     * @param ports in any order
     * @param domains in any order
     * @param vteps in any order
     */
    public Snapshot(long version, List<LocalPort> ports, List<BridgeDomain> domains, List<Vtep> vteps) {
        this.version = version;
        this.domains = List.copyOf(domains);
        this.vteps = new Vtep[vteps.stream().mapToInt(Vtep::index).max().orElse(-1) + 1];
        int highest = ports.stream().mapToInt(LocalPort::number).max().orElse(0);
        portsByNumber = new LocalPort[highest + 1];
        for (LocalPort port : ports) {
            portsByNumber[port.number()] = port;
        }
        for (BridgeDomain domain : domains) {
            domainsById.put(domain.id(), domain);
            if (domain.tunnel() != null) {
                domainsByTunnel
                        .computeIfAbsent(domain.tunnel(), kind -> new Long2ObjectHashMap<>())
                        .put(tunnelKey(domain.keyed(), domain.tunnelId()), domain);
            }
        }
        for (Vtep vtep : vteps) {
            this.vteps[vtep.index()] = vtep;
            long mixed = mix(vtep.address().hi(), vtep.address().lo());
            Vtep[] others = vtepsByAddress.get(mixed);
            Vtep[] all = others == null ? new Vtep[1] : Arrays.copyOf(others, others.length + 1);
            all[all.length - 1] = vtep;
            vtepsByAddress.put(mixed, all);
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
        return domainsById.get(id);
    }

    public List<BridgeDomain> domains() {
        return domains;
    }

    /** The VTEP with that index; only for one that it {@link #hasVtep has}. */
    public Vtep vtep(int index) {
        return Objects.requireNonNull(vteps[index], "nobody has that index");
    }

    /** Whether a VTEP has that index. A MAC table may be ahead of the snapshot, or behind it. */
    boolean hasVtep(int index) {
        return index < vteps.length && vteps[index] != null;
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
