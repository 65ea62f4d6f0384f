package io.jvswitch.vswitchd.conductor.underlay;

import io.jvswitch.datapath.translate.Locations;
import io.jvswitch.vswitchd.conductor.network.NetworkRuntime;
import io.jvswitch.wire.IpAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import java.util.function.ToIntFunction;
import org.agrona.collections.LongHashSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * VTEPs that no configuration names, where a network allows such. Anybody on the underlay can make some up, so there is
 * a bound, and none stays for ever: one that was silent for as long as a MAC address is kept is forgotten.
 *
 * <p>When there is no room for another, the one that has been silent the longest gives way, at a bounded rate, and only
 * to one that is heard a second time: those who make up a sender for each frame push nobody out. The conductor's.
 */
public final class LearntVteps {

    private static final Logger LOG = LoggerFactory.getLogger(LearntVteps.class);

    static final int MOST = 4_096;
    private static final long SWEEP_NS = TimeUnit.SECONDS.toNanos(10);
    private static final int TAKEOVERS_PER_SECOND = 64;
    private static final long TAKEOVER_NS = TimeUnit.SECONDS.toNanos(1) / TAKEOVERS_PER_SECOND;
    private static final int MAX_HEARD_ONCE = 32_768;
    private static final long LOG_PERIOD_NS = TimeUnit.MINUTES.toNanos(1);

    private final VtepTable vteps;
    private final ToIntFunction<IpAddress> pathMtu;
    private final IntConsumer forget;
    /** When each was heard last, as far as is known. */
    private final Map<IpAddress, Long> heardNs = new HashMap<>();
    /** Of those that there was no room for, in this sweep's time and in the one before. */
    private LongHashSet heardOnce = new LongHashSet();

    private LongHashSet heardOnceBefore = new LongHashSet();
    private long nextTakeoverNs = Long.MIN_VALUE;
    private long nextSweepNs = Long.MIN_VALUE;
    private long nextLogNs = Long.MIN_VALUE;

    /**
     * @param pathMtu of a VTEP that is new
     * @param forget told the {@linkplain Locations location} of a VTEP that is forgotten
     */
    public LearntVteps(VtepTable vteps, ToIntFunction<IpAddress> pathMtu, IntConsumer forget) {
        this.vteps = vteps;
        this.pathMtu = pathMtu;
        this.forget = forget;
    }

    /**
     * A frame came from a VTEP that its worker did not know; says whether it is known from now on, and was not before.
     */
    public boolean heard(IpAddress address, long nowNs) {
        if (vteps.find(address) != null) {
            return false; // told before the worker had the news
        }
        if (heardNs.size() >= MOST && !makeRoom(address, nowNs)) {
            return false;
        }
        vteps.learn(address, pathMtu.applyAsInt(address), nowNs);
        heardNs.put(address, nowNs);
        return true;
    }

    private boolean makeRoom(IpAddress address, long nowNs) {
        if (nowNs - nextLogNs >= 0 || nextLogNs == Long.MIN_VALUE) {
            nextLogNs = nowNs + LOG_PERIOD_NS;
            LOG.warn(
                    "underlay: {} VTEPs are known that no network names, as many as can be; one more is {}: if "
                            + "these are not your hosts, "
                            + "say 'allow-unknown-vteps: false', or keep strangers off the underlay",
                    MOST,
                    address);
        }
        if (isFirst(address) || nextTakeoverNs != Long.MIN_VALUE && nowNs - nextTakeoverNs < 0) {
            return false;
        }
        nextTakeoverNs = nowNs + TAKEOVER_NS;
        IpAddress silent = null;
        long sinceNs = 0;
        for (Map.Entry<IpAddress, Long> entry : heardNs.entrySet()) {
            if (silent == null || entry.getValue() - sinceNs < 0) {
                silent = entry.getKey();
                sinceNs = entry.getValue();
            }
        }
        remove(Objects.requireNonNull(silent), nowNs);
        return true;
    }

    private boolean isFirst(IpAddress address) {
        long hash = (address.hi() ^ address.lo() * 0x9e37_79b9_7f4a_7c15L) & Long.MAX_VALUE;
        if (heardOnce.contains(hash) || heardOnceBefore.contains(hash)) {
            return false;
        }
        if (heardOnce.size() >= MAX_HEARD_ONCE) {
            turn();
        }
        heardOnce.add(hash);
        return true;
    }

    private void turn() {
        LongHashSet old = heardOnceBefore;
        heardOnceBefore = heardOnce;
        heardOnce = old;
        heardOnce.clear();
    }

    private void remove(IpAddress address, long nowNs) {
        heardNs.remove(address);
        Vtep vtep = vteps.find(address);
        if (vtep != null && !vteps.isConfigured(vtep)) {
            vteps.remove(vtep, nowNs);
            forget.accept(vtep.number());
        }
    }

    /**
     * Once a second.
     *
     * @param networks whose MAC tables tell who was heard since
     * @param maxAgeNs how long a silent one is kept
     * @return whether one was forgotten
     */
    public boolean tick(Iterable<NetworkRuntime> networks, long nowNs, long maxAgeNs) {
        if (heardNs.isEmpty() || nextSweepNs != Long.MIN_VALUE && nowNs - nextSweepNs < 0) {
            return false;
        }
        nextSweepNs = nowNs + SWEEP_NS;
        turn();
        for (NetworkRuntime network : networks) {
            if (network.spec().allowUnknownVteps()) {
                network.fdb().forEach((mac, vlan, location, lastSeenNs, isStatic) -> heardAt(location, lastSeenNs));
            }
        }
        List<IpAddress> silent = heardNs.entrySet().stream()
                .filter(entry -> nowNs - entry.getValue() >= maxAgeNs)
                .map(Map.Entry::getKey)
                .toList();
        silent.forEach(address -> remove(address, nowNs));
        return !silent.isEmpty();
    }

    private void heardAt(int location, long seenNs) {
        Vtep vtep = Locations.isTunnel(location) ? vteps.at(location) : null;
        if (vtep != null) {
            heardNs.computeIfPresent(vtep.address(), (address, before) -> seenNs - before > 0 ? seenNs : before);
        }
    }
}
