package io.jvswitch.vswitchd.conductor.underlay;

import io.jvswitch.datapath.translate.TunnelTraffic;
import io.jvswitch.vswitchd.view.TunnelTrafficView;
import io.jvswitch.wire.IpAddress;
import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The remote VTEPs that the switch knows, each with a tunnel port whose number stays its own while it is known, so that
 * MAC tables may store it, and the MTU of the path to it. The conductor's.
 *
 * <p>Which tunnel ports a snapshot differs in from the last one, it notes ({@link #takeChanged}).
 */
public final class VtepTable {

    /**
     * Of VTEPs that were forgotten, for so many it is waited until all that they sent is counted: workers settle what
     * flows have counted within a second or two.
     */
    private static final int MAX_FORGOTTEN = 1_024;

    private final NavigableMap<Integer, Vtep> byNumber = new TreeMap<>();
    private final Map<IpAddress, Integer> numbers = new HashMap<>();
    private final TunnelNumbers tunnelNumbers = new TunnelNumbers();
    /** Numbers of those that the configuration names, or did. */
    private final BitSet configured = new BitSet();

    private final Set<Integer> changed = new LinkedHashSet<>();
    /** Of learnt VTEPs that are known no more, or that the configuration has come to name; the oldest first. */
    private final Deque<TunnelTraffic> forgotten = new ArrayDeque<>();

    private TunnelTrafficView forgottenBefore = TunnelTrafficView.NONE;

    private final int udpPort;
    private final int workers;

    /**
     * Nobody yet.
     *
     * @param udpPort UDP destination port of VXLAN
     * @param workers who counts
     */
    public VtepTable(int udpPort, int workers) {
        this.udpPort = udpPort;
        this.workers = workers;
    }

    /** The VTEP of an address that the configuration names, added when it is new. */
    Vtep of(IpAddress address, int pathMtuBytesWhenNew) {
        Vtep known = find(address);
        Vtep vtep = known != null ? known : add(tunnelNumbers.takeNew(), address, pathMtuBytesWhenNew);
        if (known != null && !isConfigured(known)) {
            // what is counted of those that were learnt stays with them
            forget(known.traffic());
            vtep = known.withTraffic(TunnelTraffic.of(workers));
            put(vtep);
        }
        configured.set(vtep.number());
        return vtep;
    }

    /** Adds a VTEP that nobody knew. */
    public Vtep learn(IpAddress address, int pathMtuBytes, long nowNs) {
        return add(tunnelNumbers.take(nowNs), address, pathMtuBytes);
    }

    private Vtep add(int number, IpAddress address, int pathMtuBytes) {
        Vtep vtep = new Vtep(number, address, udpPort, pathMtuBytes, TunnelTraffic.of(workers));
        numbers.put(address, number);
        put(vtep);
        return vtep;
    }

    /** Nothing larger than this leaves the host: no path takes more. */
    void limitPathMtus(int maxBytes) {
        for (Vtep vtep : List.copyOf(byNumber.values())) {
            if (vtep.pathMtuBytes() > maxBytes) {
                put(vtep.withPathMtu(maxBytes));
            }
        }
    }

    private void put(Vtep vtep) {
        byNumber.put(vtep.number(), vtep);
        changed.add(vtep.number());
    }

    /** Forgets a VTEP; what was learnt at its place must be forgotten, too. */
    public void remove(Vtep vtep, long nowNs) {
        byNumber.remove(vtep.number());
        numbers.remove(vtep.address());
        changed.add(vtep.number());
        tunnelNumbers.giveBack(vtep.number(), nowNs);
        forget(vtep.traffic());
    }

    private void forget(TunnelTraffic traffic) {
        forgotten.add(traffic);
        if (forgotten.size() > MAX_FORGOTTEN) {
            forgottenBefore = forgottenBefore.plus(read(forgotten.remove()));
        }
    }

    /** The VTEP of an address, null when it is not known. */
    @Nullable
    public Vtep find(IpAddress address) {
        Integer number = numbers.get(address);
        return number == null ? null : byNumber.get(number);
    }

    /** The VTEP whose tunnel port has a number now, null when none has. */
    @Nullable
    public Vtep at(int number) {
        return byNumber.get(number);
    }

    /** Whether the configuration names it, or did. */
    public boolean isConfigured(Vtep vtep) {
        return configured.get(vtep.number());
    }

    /**
     * Whether a number meant the VTEP that has it now when a worker said something of it.
     *
     * @param toldNs the worker's time
     */
    public boolean isCurrent(int number, long toldNs) {
        return at(number) != null && tunnelNumbers.isCurrent(number, toldNs);
    }

    /** All of them, by number; as they are at any time. */
    public Collection<Vtep> all() {
        return Collections.unmodifiableCollection(byNumber.values());
    }

    int size() {
        return byNumber.size();
    }

    /** The one after a number, or, after the last, the first; null when there is none at all. */
    @Nullable
    Vtep after(int number) {
        Map.Entry<Integer, Vtep> next = byNumber.higherEntry(number);
        next = next == null ? byNumber.firstEntry() : next;
        return next == null ? null : next.getValue();
    }

    /** Notes a path's MTU; returns whether it is another one than before. */
    boolean setPathMtu(Vtep vtep, int pathMtuBytes) {
        if (vtep.pathMtuBytes() == pathMtuBytes) {
            return false;
        }
        put(vtep.withPathMtu(pathMtuBytes));
        return true;
    }

    // ---- for who makes snapshots ----

    /** Whether {@link #takeChanged} has something. */
    public boolean hasChanged() {
        return !changed.isEmpty();
    }

    /** Numbers of the tunnel ports that have come, gone or changed since the last call. */
    public List<Integer> takeChanged() {
        List<Integer> all = List.copyOf(changed);
        changed.clear();
        return all;
    }

    // ---- what they count ----

    /** What crossed the tunnel to a VTEP since it is known. */
    public static TunnelTrafficView traffic(Vtep vtep) {
        return read(vtep.traffic());
    }

    /** What crossed tunnels to VTEPs while no configuration named them, also those that are known no more. */
    public TunnelTrafficView learntTraffic() {
        TunnelTrafficView sum = forgottenBefore;
        for (TunnelTraffic traffic : forgotten) {
            sum = sum.plus(read(traffic));
        }
        for (Vtep vtep : byNumber.values()) {
            sum = isConfigured(vtep) ? sum : sum.plus(traffic(vtep));
        }
        return sum;
    }

    private static TunnelTrafficView read(TunnelTraffic traffic) {
        return new TunnelTrafficView(
                traffic.received().frames(),
                traffic.received().bytes(),
                traffic.sent().frames(),
                traffic.sent().bytes());
    }
}
