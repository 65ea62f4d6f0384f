package io.jvswitch.datapath;

import io.jvswitch.encap.TunnelKind;
import io.jvswitch.wire.IpAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.agrona.collections.Int2ObjectHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The switch's state as one immutable object: what translation looks at. The conductor builds a new one for every change
 * and publishes it to the workers; a worker uses one snapshot for a whole burst.
 *
 * <p>Safe to read from any thread. (The domains' MAC tables change under it, each with a version of its own.)
 */
public final class Snapshot {

    private record TunnelKey(TunnelKind kind, boolean keyed, long id) {}

    private final long version;
    private final List<BridgeDomain> domains;
    private final Int2ObjectHashMap<BridgeDomain> domainsById = new Int2ObjectHashMap<>();
    private final List<Vtep> vteps;
    private final @Nullable LocalPort[] portsByNumber;
    private final Map<TunnelKey, BridgeDomain> domainsByTunnel = new HashMap<>();
    private final Map<IpAddress, Vtep> vtepsByAddress = new HashMap<>();

    /**
     * @param version rises with every snapshot
     * @param ports in any order
     * @param domains in any order
     * @param vteps each at its index
     */
    public Snapshot(long version, List<LocalPort> ports, List<BridgeDomain> domains, List<Vtep> vteps) {
        this.version = version;
        this.domains = List.copyOf(domains);
        this.vteps = List.copyOf(vteps);
        int highest = ports.stream().mapToInt(LocalPort::number).max().orElse(0);
        portsByNumber = new LocalPort[highest + 1];
        for (LocalPort port : ports) {
            portsByNumber[port.number()] = port;
        }
        for (BridgeDomain domain : domains) {
            domainsById.put(domain.id(), domain);
            if (domain.tunnel() != null) {
                domainsByTunnel.put(new TunnelKey(domain.tunnel(), domain.keyed(), domain.tunnelId()), domain);
            }
        }
        for (Vtep vtep : vteps) {
            vtepsByAddress.put(vtep.address(), vtep);
        }
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

    public Vtep vtep(int index) {
        return vteps.get(index);
    }

    /** The VTEP with that outer address, null when it is not known. */
    public @Nullable Vtep vtepAt(long hi, long lo) {
        return vtepsByAddress.get(new IpAddress(hi, lo));
    }

    /** The network that a tunnel's key belongs to, null when none has it. */
    public @Nullable BridgeDomain domainOf(TunnelKind kind, boolean keyed, long tunnelId) {
        return domainsByTunnel.get(new TunnelKey(kind, keyed, tunnelId));
    }
}
