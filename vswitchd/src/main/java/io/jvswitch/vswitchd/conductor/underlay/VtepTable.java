package io.jvswitch.vswitchd.conductor.underlay;

import io.jvswitch.datapath.normal.Vtep;
import io.jvswitch.wire.IpAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The remote VTEPs that the switch knows, each with an index that stays its own while it is known, so that MAC tables
 * may store it, and the MTU of the path to it. The conductor's.
 *
 * <p>The index of one that was removed becomes another's only after {@value #REST_SECONDS} seconds, and what a worker
 * told of the index before is refused then ({@link #isCurrent}).
 */
public final class VtepTable {

    private static final int REST_SECONDS = 2;
    private static final long REST_NS = TimeUnit.SECONDS.toNanos(REST_SECONDS);

    private record Freed(int index, long atNs) {}

    private final List<@Nullable Vtep> byIndex = new ArrayList<>();
    private final Map<IpAddress, Integer> indexes = new HashMap<>();
    /** Of those that the configuration names. */
    private final BitSet configured = new BitSet();

    private final Queue<Freed> free = new ArrayDeque<>();
    /** When an index that had been another's was given away. */
    private final Map<Integer, Long> reusedNs = new HashMap<>();

    private final int udpPort;
    /** Null after a change. */
    private @Nullable List<Vtep> all;

    public VtepTable(int udpPort) {
        this.udpPort = udpPort;
    }

    /** The VTEP of an address that the configuration names, added when it is new. */
    Vtep of(IpAddress address, int pathMtuBytesWhenNew) {
        Vtep known = find(address);
        Vtep vtep = known != null ? known : add(byIndex.size(), address, pathMtuBytesWhenNew);
        configured.set(vtep.index());
        return vtep;
    }

    /** Adds a VTEP that nobody knew. */
    public Vtep learn(IpAddress address, int pathMtuBytes, long nowNs) {
        Freed rested = free.peek();
        if (rested == null || nowNs - rested.atNs < REST_NS) {
            return add(byIndex.size(), address, pathMtuBytes);
        }
        free.remove();
        reusedNs.put(rested.index, nowNs);
        return add(rested.index, address, pathMtuBytes);
    }

    private Vtep add(int index, IpAddress address, int pathMtuBytes) {
        Vtep vtep = new Vtep(index, address, udpPort, pathMtuBytes);
        all = null;
        indexes.put(address, index);
        if (index == byIndex.size()) {
            byIndex.add(vtep);
        } else {
            byIndex.set(index, vtep);
        }
        return vtep;
    }

    /** Forgets a VTEP; what was learnt at its place must be forgotten, too. */
    public void remove(Vtep vtep, long nowNs) {
        all = null;
        byIndex.set(vtep.index(), null);
        indexes.remove(vtep.address());
        reusedNs.remove(vtep.index());
        free.add(new Freed(vtep.index(), nowNs));
    }

    /** The VTEP of an address, null when it is not known. */
    @Nullable
    public Vtep find(IpAddress address) {
        Integer index = indexes.get(address);
        return index == null ? null : byIndex.get(index);
    }

    /** The VTEP that has an index now, null when none has. */
    @Nullable
    public Vtep at(int index) {
        return index < byIndex.size() ? byIndex.get(index) : null;
    }

    /** Whether the configuration names it, or did. */
    public boolean isConfigured(Vtep vtep) {
        return configured.get(vtep.index());
    }

    /**
     * Whether an index meant the VTEP that has it now when a worker said something of it.
     *
     * @param toldNs the worker's time
     */
    public boolean isCurrent(int index, long toldNs) {
        Long sinceNs = reusedNs.get(index);
        return at(index) != null && (sinceNs == null || toldNs - sinceNs > -REST_NS / 2);
    }

    /** All of them; the same list until something changes. */
    public List<Vtep> all() {
        List<Vtep> known = all;
        if (known == null) {
            known = byIndex.stream().filter(Objects::nonNull).toList();
            all = known;
        }
        return known;
    }

    /** How many indexes there are, of which some may be nobody's. */
    int indexes() {
        return byIndex.size();
    }

    /** Notes a path's MTU; returns whether it is another one than before. */
    boolean setPathMtu(Vtep vtep, int pathMtuBytes) {
        if (vtep.pathMtuBytes() == pathMtuBytes) {
            return false;
        }
        all = null;
        byIndex.set(vtep.index(), new Vtep(vtep.index(), vtep.address(), vtep.udpPort(), pathMtuBytes));
        return true;
    }
}
