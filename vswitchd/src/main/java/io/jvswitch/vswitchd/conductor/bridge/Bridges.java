package io.jvswitch.vswitchd.conductor.bridge;

import io.jvswitch.datapath.normal.NormalNews;
import io.jvswitch.datapath.translate.Credit;
import io.jvswitch.datapath.translate.Locations;
import io.jvswitch.datapath.translate.Snapshot;
import io.jvswitch.vswitchd.conductor.port.PortNumbers;
import io.jvswitch.vswitchd.conductor.port.PortRuntime;
import io.jvswitch.vswitchd.plan.bridge.BridgePortSpec;
import io.jvswitch.vswitchd.plan.bridge.BridgeSpec;
import io.jvswitch.vswitchd.plan.bridge.InterfaceSpec;
import io.jvswitch.vswitchd.view.BridgeView;
import io.jvswitch.wire.MacAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The bridges that run. Devices are attached by others, who tell what becomes of them; patch ports and bonds, which
 * have none, are made here. The conductor's.
 */
public final class Bridges {

    /** In snapshots the bridge of all networks is number 0. */
    private static final int FIRST_ID = 1;

    private static final int AGEING_BUDGET = 65_536;
    private static final long LOCALLY_ADMINISTERED = 0x02L << 40;
    private static final long GROUP = 0x01L << 40;

    private final PortNumbers numbers;
    private final int workers;
    private final Map<String, BridgeRuntime> bridges = new LinkedHashMap<>();
    private final Map<String, InterfaceRuntime> interfaces = new HashMap<>();
    private final Map<String, Integer> ids = new HashMap<>();
    /** Those that are not any more as the workers have them. */
    private final Set<BridgeRuntime> changed = new LinkedHashSet<>();

    private final Set<Integer> goneBridges = new HashSet<>();
    /** Numbers of patch ports that have gone. */
    private final Set<Integer> goneNumbers = new HashSet<>();

    private long nowNs;
    private Runnable whenStatusChanges = () -> {};

    /**
     * No bridges yet.
     *
     * @param numbers of ports, shared with those that are no bridge's
     * @param workers how many there are
     */
    public Bridges(PortNumbers numbers, int workers) {
        this.numbers = numbers;
        this.workers = workers;
    }

    /** Has somebody told, on the conductor's thread, when {@link #views} may say something else than before. */
    public void whenStatusChanges(Runnable listener) {
        whenStatusChanges = listener;
    }

    /** Whether the device of that port is an interface of a bridge. */
    public boolean has(PortRuntime port) {
        return !interfaces.isEmpty() && interfaceOf(port) != null;
    }

    private @Nullable InterfaceRuntime interfaceOf(PortRuntime port) {
        InterfaceRuntime one = interfaces.get(port.spec().name());
        return one != null && one.spec().type().isDevice() ? one : null;
    }

    // ---- change ----

    /**
     * Removes, adds and changes bridges. Devices of interfaces that are not wanted any more have gone before.
     *
     * @param portNamed the port that has a device, for an interface that comes to another bridge with its device
     * @param lines gets one for each that has changed
     */
    public void become(
            Collection<BridgeSpec> wanted, Function<String, @Nullable PortRuntime> portNamed, List<String> lines) {
        Map<String, BridgeSpec> next = new LinkedHashMap<>();
        wanted.forEach(spec -> next.put(spec.name(), spec));
        for (BridgeRuntime bridge : List.copyOf(bridges.values())) {
            BridgeSpec stays = next.get(bridge.spec().name());
            if (bridge.spec().equals(stays)) {
                continue;
            }
            removeInterfaces(bridge, stays == null ? List.of() : stays.ports());
            if (stays == null) {
                remove(bridge);
                lines.add("bridge " + bridge.spec().name() + " removed");
            }
        }
        for (BridgeSpec spec : next.values()) {
            BridgeRuntime running = bridges.get(spec.name());
            if (running == null) {
                int id = ids.computeIfAbsent(spec.name(), any -> FIRST_ID + ids.size());
                running = new BridgeRuntime(id, spec, workers);
                goneBridges.remove(id);
                bridges.put(spec.name(), running);
                lines.add("bridge " + spec.name() + " added");
            } else if (running.spec().equals(spec)) {
                continue;
            } else {
                lines.add("bridge " + spec.name() + " changed");
            }
            changed.add(running);
            running.become(spec);
            addInterfaces(running, portNamed);
            numberBonds(running);
        }
        changePatches();
    }

    private void remove(BridgeRuntime bridge) {
        bridge.bondNumbers().keySet().forEach(port -> numbers.release(bondName(port)));
        bridges.remove(bridge.spec().name());
        changed.remove(bridge);
        goneBridges.add(bridge.id());
    }

    /** Those that the bridge is not to have any more, or that are to be of another type. */
    private void removeInterfaces(BridgeRuntime bridge, List<BridgePortSpec> stay) {
        Map<String, InterfaceSpec> wanted = new HashMap<>();
        stay.forEach(port -> port.interfaces().forEach(one -> wanted.put(one.name(), one)));
        for (InterfaceRuntime one : List.copyOf(bridge.interfaces())) {
            InterfaceSpec next = wanted.get(one.spec().name());
            if (next != null && next.type() == one.spec().type()) {
                continue;
            }
            bridge.remove(one);
            interfaces.remove(one.spec().name(), one);
            if (!one.spec().type().isDevice()) {
                numbers.release(one.spec().name());
                goneNumbers.add(one.number());
            }
        }
    }

    private void addInterfaces(BridgeRuntime bridge, Function<String, @Nullable PortRuntime> portNamed) {
        for (BridgePortSpec port : bridge.spec().ports()) {
            for (InterfaceSpec spec : port.interfaces()) {
                InterfaceRuntime running = interfaces.get(spec.name());
                if (running != null && !running.spec().equals(spec)) {
                    bridge.change(running, spec);
                } else if (running == null) {
                    InterfaceRuntime one = new InterfaceRuntime(bridge, spec, numbers.take(spec.name()), randomMac());
                    goneNumbers.remove(one.number());
                    interfaces.put(spec.name(), one);
                    bridge.add(one);
                    PortRuntime device = portNamed.apply(spec.name());
                    if (device != null && spec.type().isDevice()) {
                        one.follow(device);
                    }
                }
            }
        }
    }

    private static MacAddress randomMac() {
        long bits = ThreadLocalRandom.current().nextLong() & MacAddress.BROADCAST;
        return new MacAddress(bits & ~GROUP | LOCALLY_ADMINISTERED);
    }

    private static String bondName(String port) {
        return "bond " + port;
    }

    private void numberBonds(BridgeRuntime bridge) {
        Map<String, Integer> bonds = new HashMap<>();
        for (BridgePortSpec port : bridge.spec().ports()) {
            if (port.isBond()) {
                bonds.put(port.name(), numbers.take(bondName(port.name())));
            }
        }
        bridge.bondNumbers().keySet().stream()
                .filter(port -> !bonds.containsKey(port))
                .forEach(port -> numbers.release(bondName(port)));
        bridge.setBondNumbers(bonds);
    }

    /** A cable's other end may have come or gone. */
    private void changePatches() {
        for (InterfaceRuntime one : interfaces.values()) {
            if (!one.spec().type().isDevice()) {
                changed.add(one.bridge());
            }
        }
    }

    /** Something of a port's device has changed, or it has come or gone. */
    public void changed(PortRuntime port) {
        InterfaceRuntime one = interfaceOf(port);
        if (one != null) {
            one.follow(port);
            changed.add(one.bridge());
        }
    }

    /** A port is no longer the switch's. */
    @SuppressWarnings("ReferenceEquality") // another port may have its name by now
    public void gone(PortRuntime port) {
        InterfaceRuntime one = interfaceOf(port);
        if (one != null && one.port() == port) {
            one.loseDevice();
            changed.add(one.bridge());
        }
    }

    /** A port begins or ceases to be a place: what was learnt behind one that has gone down is wrong from now on. */
    public void placeChanged(PortRuntime port) {
        InterfaceRuntime one = interfaceOf(port);
        if (one != null && !port.isPlace()) {
            one.bridge().fdb().removeLocation(port.number());
        }
    }

    /** The MTU that an interface's device gets, 0 when it is no bridge's or keeps its own. */
    public int mtuBytes(String device) {
        InterfaceRuntime one = interfaces.get(device);
        if (one == null) {
            return 0;
        }
        return one.spec().mtuBytes() > 0 ? one.spec().mtuBytes() : one.bridge().mtuBytes();
    }

    /**
     * A source address was seen in one of the bridges.
     *
     * @return false when it was in none of them
     */
    @SuppressWarnings("ReferenceEquality") // a bridge's table is that one
    public boolean learn(NormalNews.Learn learn, long nowNs) {
        for (BridgeRuntime bridge : bridges.values()) {
            if (bridge.fdb() == learn.fdb()) {
                if (bridge.mayLearn(learn.location())) {
                    bridge.fdb().learn(learn.mac(), learn.vlan(), learn.location(), nowNs);
                }
                return true;
            }
        }
        return false;
    }

    /** What time it is for what follows; at least once a cycle of the conductor's. */
    public void setTime(long newNowNs) {
        nowNs = newNowNs;
    }

    /** Once a second: what has not been heard for long is forgotten. */
    public void tick() {
        for (BridgeRuntime bridge : bridges.values()) {
            if (bridge.tick(nowNs, AGEING_BUDGET)) {
                changed.add(bridge);
            }
        }
    }

    // ---- what workers get ----

    /** Whether workers have all bridges as they are. */
    public boolean isCurrent() {
        return changed.isEmpty() && goneBridges.isEmpty() && goneNumbers.isEmpty();
    }

    /** Puts what has changed into the next snapshot. */
    public void publish(Snapshot.Change next) {
        goneBridges.forEach(next::removeBridge);
        goneNumbers.forEach(next::removePort);
        for (BridgeRuntime bridge : changed) {
            bridge.settle();
            for (InterfaceRuntime one : bridge.interfaces()) {
                next.put(one.published(this::numberOf));
            }
            next.put(bridge.publish(any -> new Credit(workers, nowNs), nowNs));
        }
        goneBridges.clear();
        goneNumbers.clear();
    }

    private int numberOf(String name) {
        InterfaceRuntime one = interfaces.get(name);
        return one == null ? Locations.NONE : one.number();
    }

    /** The workers get the next snapshot. */
    public void published() {
        changed.clear();
        whenStatusChanges.run();
    }

    // ---- views ----

    /** As they are now. */
    public List<BridgeView> views() {
        List<BridgeView> views = new ArrayList<>();
        bridges.values().forEach(bridge -> views.add(bridge.view()));
        return views;
    }

    /** The bridge of that name, null when there is none. */
    @Nullable
    BridgeRuntime named(String name) {
        return bridges.get(name);
    }

    /** How many port numbers the bridges need for what has no device. */
    public static int numbersFor(Collection<BridgeSpec> bridges) {
        int count = 0;
        for (BridgeSpec bridge : bridges) {
            for (BridgePortSpec port : bridge.ports()) {
                count += port.isBond() ? 1 : 0;
                count += (int) port.interfaces().stream()
                        .filter(one -> !one.type().isDevice())
                        .count();
            }
        }
        return count;
    }
}
