package io.jvswitch.vswitchd.conductor.bridge;

import io.jvswitch.datapath.normal.Mirror;
import io.jvswitch.datapath.normal.Network;
import io.jvswitch.datapath.normal.NetworkOptions;
import io.jvswitch.datapath.normal.NetworkPort;
import io.jvswitch.datapath.normal.NormalBridge;
import io.jvswitch.datapath.normal.bond.BondSettings;
import io.jvswitch.datapath.normal.bond.BridgeBonds;
import io.jvswitch.datapath.normal.bond.LacpState;
import io.jvswitch.datapath.normal.vlan.PortVlans;
import io.jvswitch.datapath.translate.Bridge;
import io.jvswitch.datapath.translate.Credit;
import io.jvswitch.datapath.translate.Locations;
import io.jvswitch.flowtable.mac.Fdb;
import io.jvswitch.vswitchd.plan.bridge.BridgePortSpec;
import io.jvswitch.vswitchd.plan.bridge.BridgeSpec;
import io.jvswitch.vswitchd.plan.bridge.FailMode;
import io.jvswitch.vswitchd.plan.bridge.InterfaceSpec;
import io.jvswitch.vswitchd.plan.bridge.InterfaceType;
import io.jvswitch.vswitchd.plan.bridge.MirrorSpec;
import io.jvswitch.vswitchd.plan.bridge.VlanSpec;
import io.jvswitch.vswitchd.view.BridgeView;
import io.jvswitch.vswitchd.view.InterfaceView;
import io.jvswitch.wire.MacAddress;
import io.jvswitch.wire.header.EtherType;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A bridge while it runs: its interfaces, their OpenFlow numbers, its MAC table. The conductor's. */
final class BridgeRuntime {

    /** Id of the bridge's one network, whose VLANs are told apart by its MAC table. */
    private static final int NETWORK = 0;

    /** What an internal device gets where no other port says less: Ethernet's payload. */
    private static final int DEFAULT_MTU_BYTES = 1_500;

    /** The bit that tells MAC addresses that somebody made up from those that a maker of devices gave. */
    private static final long LOCALLY_ADMINISTERED = 0x02L << 40;

    private final int id;
    private final BridgeBonds bonds;
    private final OpenFlowPorts openFlowPorts = new OpenFlowPorts();
    private final Map<String, InterfaceRuntime> interfaces = new LinkedHashMap<>();
    /** Numbers of bonds, by their ports' names. */
    private final Map<String, Integer> bondNumbers = new HashMap<>();
    /** What mirrors have copied, by their ids. */
    private final Map<String, Credit> mirrored = new HashMap<>();

    private BridgeSpec spec;
    private Fdb fdb;
    private MacAddress mac;
    private NormalBridge normal;

    /**
     * @param id in snapshots
     * @param workers that the switch has
     */
    BridgeRuntime(int id, BridgeSpec spec, int workers) {
        bonds = new BridgeBonds(workers);
        this.id = id;
        this.spec = spec;
        fdb = new Fdb(spec.macTableSize());
        mac = spec.defaultMac();
        normal = new NormalBridge(id, spec.name(), List.of(), List.of());
    }

    int id() {
        return id;
    }

    BridgeSpec spec() {
        return spec;
    }

    Fdb fdb() {
        return fdb;
    }

    Collection<InterfaceRuntime> interfaces() {
        return Collections.unmodifiableCollection(interfaces.values());
    }

    // ---- change ----

    /**
     * Becomes what a specification says, but for its interfaces. What was learnt behind a port whose tags mean
     * something else now, or that is isolated from others now, is forgotten, as by Open vSwitch.
     */
    void become(BridgeSpec next) {
        if (next.macTableSize() != fdb.capacity()) {
            fdb = new Fdb(next.macTableSize());
        }
        Map<String, BridgePortSpec> before = new HashMap<>();
        spec.ports().forEach(port -> before.put(port.name(), port));
        for (BridgePortSpec port : next.ports()) {
            BridgePortSpec was = before.get(port.name());
            if (was != null && (!was.vlans().equals(port.vlans()) || was.isolated() != port.isolated())) {
                fdb.removeLocation(numberOf(was));
            }
        }
        spec = next;
        Set<String> mirrors = new HashSet<>();
        next.mirrors().forEach(mirror -> mirrors.add(mirror.id()));
        mirrored.keySet().retainAll(mirrors);
    }

    void add(InterfaceRuntime one) {
        interfaces.put(one.spec().name(), one);
    }

    void remove(InterfaceRuntime one) {
        interfaces.remove(one.spec().name());
        openFlowPorts.release(one.spec().name());
        fdb.removeLocation(one.number());
    }

    /** An interface has another specification, of the same type. */
    void change(InterfaceRuntime one, InterfaceSpec next) {
        one.become(next);
        if (next.requestedNumber() > 0 && next.requestedNumber() != one.openFlowPort() && !one.isLocal()) {
            openFlowPorts.release(next.name());
            one.setOpenFlowPort(0);
        }
    }

    /** The bonds that it has are these, by the ports' names. */
    void setBondNumbers(Map<String, Integer> numbers) {
        bondNumbers.forEach((name, number) -> {
            if (!number.equals(numbers.get(name))) {
                fdb.removeLocation(number);
            }
        });
        bondNumbers.clear();
        bondNumbers.putAll(numbers);
    }

    Map<String, Integer> bondNumbers() {
        return Collections.unmodifiableMap(bondNumbers);
    }

    /** The number that a port is known by in the MAC table, {@link Locations#NONE} for none. */
    private int numberOf(BridgePortSpec port) {
        if (port.isBond()) {
            return bondNumbers.getOrDefault(port.name(), Locations.NONE);
        }
        InterfaceRuntime only = port.interfaces().isEmpty()
                ? null
                : interfaces.get(port.interfaces().getFirst().name());
        return only == null ? Locations.NONE : only.number();
    }

    /**
     * Gives each interface that is there its OpenFlow number, and devices what they shall have: the local port's MAC
     * address, internal devices' MTUs.
     */
    void settle() {
        numberInterfaces();
        chooseMac();
        int mtuBytes = mtuBytes();
        for (InterfaceRuntime one : interfaces.values()) {
            InterfaceSpec wanted = one.spec();
            if (one.port() == null || one.mtuBytes() == 0) {
                continue;
            }
            MacAddress own = one.isLocal() ? mac : wanted.mac();
            if (wanted.type() == InterfaceType.INTERNAL && own != null) {
                one.port().giveMac(own);
            }
            if (wanted.mtuBytes() > 0) {
                one.port().giveMtu(wanted.mtuBytes());
            } else if (wanted.type() == InterfaceType.INTERNAL) {
                one.port().giveMtu(mtuBytes);
            }
            one.follow(one.port());
        }
    }

    private void numberInterfaces() {
        Set<Integer> wanted = new HashSet<>();
        List<InterfaceRuntime> without = new ArrayList<>();
        for (InterfaceRuntime one : interfaces.values()) {
            if (one.openFlowPort() == 0 && one.isLocal()) {
                one.setOpenFlowPort(OpenFlowPorts.LOCAL);
            } else if (one.openFlowPort() == 0) {
                without.add(one);
                wanted.add(wantedNumber(one));
            }
        }
        openFlowPorts.reserve(wanted);
        without.sort(Comparator.comparing(one -> wantedNumber(one) == 0));
        for (InterfaceRuntime one : without) {
            if (one.isThere()) {
                one.setOpenFlowPort(openFlowPorts.take(one.spec().name(), wantedNumber(one)));
            }
        }
    }

    private static int wantedNumber(InterfaceRuntime one) {
        InterfaceSpec spec = one.spec();
        return spec.requestedNumber() > 0 ? spec.requestedNumber() : spec.formerNumber();
    }

    /**
     * The configured address, or the lowest of the ports' that a maker of devices gave, the local port's excluded, or
     * the default.
     */
    private void chooseMac() {
        MacAddress configured = spec.mac();
        if (configured != null) {
            mac = configured;
            return;
        }
        Set<String> outputs = new HashSet<>();
        spec.mirrors().forEach(mirror -> {
            if (mirror.outputPort() != null) {
                outputs.add(mirror.outputPort());
            }
        });
        MacAddress lowest = null;
        for (BridgePortSpec port : spec.ports()) {
            MacAddress candidate = outputs.contains(port.name()) ? null : macOf(port);
            if (candidate != null
                    && !MacAddress.isMulticast(candidate.bits())
                    && (candidate.bits() & LOCALLY_ADMINISTERED) == 0
                    && !MacAddress.isBridgeReserved(candidate.bits())
                    && candidate.bits() != 0
                    && (lowest == null || Long.compare(candidate.bits(), lowest.bits()) < 0)) {
                lowest = candidate;
            }
        }
        mac = lowest == null ? spec.defaultMac() : lowest;
    }

    /** Of a bond, that of the member whose name comes first. */
    private @Nullable MacAddress macOf(BridgePortSpec port) {
        if (port.mac() != null) {
            return port.mac();
        }
        InterfaceSpec first = port.interfaces().stream()
                .min(Comparator.comparing(InterfaceSpec::name))
                .orElse(null);
        InterfaceRuntime one = first == null ? null : interfaces.get(first.name());
        return one == null || one.isLocal() ? null : one.mac();
    }

    /** The MTU of internal devices that ask for none: the least of the others'. */
    int mtuBytes() {
        return interfaces.values().stream()
                .filter(InterfaceRuntime::decidesMtu)
                .mapToInt(InterfaceRuntime::mtuBytes)
                .min()
                .orElse(DEFAULT_MTU_BYTES);
    }

    /**
     * Once a second.
     *
     * @return whether workers need the bridge anew
     */
    boolean tick(long nowNs, int budget) {
        fdb.expire(nowNs, spec.macAge().toNanos(), budget);
        openFlowPorts.tick();
        return bonds.run(this::isUp, _ -> LacpState.OFF, nowNs);
    }

    /** Whether an address may be learnt at a location. */
    boolean mayLearn(int location) {
        return normal.network(NETWORK) != null && normal.port(location) != null && isUp(location);
    }

    private boolean isUp(int location) {
        for (InterfaceRuntime one : interfaces.values()) {
            if (one.number() == location) {
                return one.isUp();
            }
        }
        return bondNumbers.containsValue(location);
    }

    // ---- what workers get ----

    /**
     * The bridge, as workers see it.
     *
     * @param credits makes an account for a mirror
     */
    Bridge publish(Function<String, Credit> credits, long nowNs) {
        List<NetworkPort> ports = new ArrayList<>();
        List<Integer> numbers = new ArrayList<>();
        List<BondSettings> settings = new ArrayList<>();
        for (BridgePortSpec port : spec.ports()) {
            NetworkPort published = port.isBond() ? publishBond(port, settings) : publishPort(port);
            if (published != null) {
                ports.add(published);
                numbers.add(published.number());
            }
        }
        bonds.configure(settings, _ -> Locations.NONE, this::isUp, nowNs);
        bonds.run(this::isUp, _ -> LacpState.OFF, nowNs);
        NetworkOptions options =
                new NetworkOptions(false, spec.forwardsReserved(), spec.knownTags(), spec.floodVlans());
        Network network = Network.ofBridge(NETWORK, spec.name(), numbers, fdb, options);
        normal = new NormalBridge(id, spec.name(), ports, List.of(network))
                .change()
                .bonds(bonds.bonds(), bonds.locks())
                .mirrors(mirrors(credits))
                .build();
        return spec.failMode() == FailMode.SECURE ? new SilentBridge(normal) : normal;
    }

    private @Nullable NetworkPort publishPort(BridgePortSpec port) {
        InterfaceRuntime only = interfaces.get(port.interfaces().getFirst().name());
        return only == null || only.openFlowPort() == 0
                ? null
                : NetworkPort.ofBridge(
                        only.number(),
                        port.name(),
                        NETWORK,
                        only.mtuBytes(),
                        only.isUp(),
                        vlans(port.vlans()),
                        port.isolated());
    }

    private @Nullable NetworkPort publishBond(BridgePortSpec port, List<BondSettings> settings) {
        int number = Objects.requireNonNull(bondNumbers.get(port.name()), "a bond without a number");
        List<Integer> members = new ArrayList<>();
        int primary = Locations.NONE;
        int mtuBytes = Integer.MAX_VALUE;
        for (InterfaceSpec member : port.interfaces()) {
            InterfaceRuntime one = interfaces.get(member.name());
            if (one != null && one.openFlowPort() != 0) {
                members.add(one.number());
                primary = member.name().equals(port.bond().primary()) ? one.number() : primary;
                mtuBytes = Math.min(mtuBytes, one.mtuBytes());
            }
        }
        if (members.isEmpty()) {
            return null;
        }
        settings.add(new BondSettings(
                number,
                port.name(),
                port.bond().mode(),
                members,
                primary,
                false,
                port.bond().allMembersActive(),
                port.bond().hashBasis(),
                port.bond().upDelay().toNanos(),
                port.bond().downDelay().toNanos(),
                port.bond().rebalance().toNanos()));
        return NetworkPort.ofBridge(number, port.name(), NETWORK, mtuBytes, true, vlans(port.vlans()), port.isolated());
    }

    private List<Mirror> mirrors(Function<String, Credit> credits) {
        Map<String, Integer> numbers = new HashMap<>();
        spec.ports().forEach(port -> numbers.put(port.name(), numberOf(port)));
        List<Mirror> mirrors = new ArrayList<>();
        for (MirrorSpec mirror : spec.mirrors()) {
            mirrors.add(new Mirror(
                    mirror.name(),
                    mirror.all(),
                    numbers(mirror.sources(), numbers),
                    numbers(mirror.destinations(), numbers),
                    mirror.vlans(),
                    mirror.outputPort() == null
                            ? Locations.NONE
                            : numbers.getOrDefault(mirror.outputPort(), Locations.NONE),
                    mirror.outputVlan(),
                    mirror.snaplen(),
                    mirrored.computeIfAbsent(mirror.id(), credits)));
        }
        return mirrors;
    }

    private static Set<Integer> numbers(Set<String> names, Map<String, Integer> all) {
        Set<Integer> numbers = new HashSet<>();
        for (String name : names) {
            Integer number = all.get(name);
            if (number != null && number != Locations.NONE) {
                numbers.add(number);
            }
        }
        return numbers;
    }

    private static PortVlans vlans(VlanSpec spec) {
        int tpid = spec.serviceTag() ? EtherType.SERVICE_VLAN : EtherType.VLAN;
        PortVlans vlans = switch (spec.mode()) {
            case ACCESS -> PortVlans.access(spec.vid());
            case TRUNK -> PortVlans.trunk(spec.trunks());
            case NATIVE_TAGGED -> PortVlans.nativeTagged(spec.vid(), spec.trunks());
            case NATIVE_UNTAGGED -> PortVlans.nativeUntagged(spec.vid(), spec.trunks());
            case DOT1Q_TUNNEL -> PortVlans.dot1qTunnel(spec.vid(), tpid, spec.customerVlans());
        };
        return vlans.with(spec.priorityTags());
    }

    // ---- views ----

    BridgeView view() {
        List<InterfaceView> views = new ArrayList<>();
        interfaces.values().forEach(one -> views.add(one.view()));
        Long configured = spec.datapathId();
        return new BridgeView(spec.name(), mac, configured == null ? mac.bits() : configured, views);
    }
}
