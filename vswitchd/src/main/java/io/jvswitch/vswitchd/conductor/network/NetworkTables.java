package io.jvswitch.vswitchd.conductor.network;

import io.jvswitch.arp.NeighbourTable;
import io.jvswitch.datapath.normal.StationRole;
import io.jvswitch.datapath.normal.StationTable;
import io.jvswitch.vswitchd.plan.HostSpec;
import io.jvswitch.vswitchd.plan.NetworkSpec;
import io.jvswitch.vswitchd.plan.PortSpec;
import io.jvswitch.vswitchd.plan.SubnetSpec;
import io.jvswitch.wire.IpAddress;
import io.jvswitch.wire.MacAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Who is where in a network, and who has which address, in the form that workers read. Each change is worked in by
 * itself, at a cost
 * that does not depend on how large the network is. The conductor's.
 *
 * <p>Of several that claim an address, the switch's own services win, then a bound port that carries frames, then a
 * host. What a change
 * takes away therefore uncovers what it hid.
 */
public final class NetworkTables {

    private final Function<IpAddress, @Nullable Integer> vtepPort;
    private @Nullable NetworkSpec spec;
    private final Map<MacAddress, HostSpec> hosts = new LinkedHashMap<>();
    private final Map<IpAddress, HostSpec> hostIps = new LinkedHashMap<>();
    private final Map<Integer, Member> members = new LinkedHashMap<>();
    /** Bound ports by their guest's address, whether they carry frames or not. */
    private final Map<MacAddress, Member> bound = new LinkedHashMap<>();
    /** Those that carry frames. */
    private final Map<MacAddress, Member> guests = new LinkedHashMap<>();

    private final Map<IpAddress, Member> guestIps = new LinkedHashMap<>();
    private final Map<IpAddress, MacAddress> servers = new LinkedHashMap<>();
    private List<Integer> flood = List.of();
    /** How many hosts are behind a VTEP, by its tunnel port's number. */
    private final Map<Integer, Integer> hostsBehind = new LinkedHashMap<>();

    /** Whose place or role may be another one now; empty between changes. */
    private final Set<MacAddress> touchedMacs = new HashSet<>();
    /** Whose holder may be another one now; empty between changes. */
    private final Set<IpAddress> touchedIps = new HashSet<>();
    /** What stations said of themselves. */
    private final Map<MacAddress, StationRole> learntRoles = new HashMap<>();

    /** Null after a change. */
    private @Nullable List<Integer> ports;
    /** Null after a change. */
    private @Nullable Set<Integer> vteps;

    private StationTable stations = StationTable.of();
    private StationTable roles = StationTable.of();
    private NeighbourTable neighbours = NeighbourTable.of();

    /** A port as it was worked in last. */
    private record Member(int number, PortSpec spec, boolean isPlace) {

        /** The guest's address while the guest can be reached there, null else. */
        @Nullable
        MacAddress guest() {
            return isPlace ? spec.mac() : null;
        }
    }

    /**
     * @param vtepPort number of the tunnel port of a VTEP by its address, null for this switch's own, where a port is
     * the place
     */
    public NetworkTables(Function<IpAddress, @Nullable Integer> vtepPort) {
        this.vtepPort = vtepPort;
    }

    /** Where addresses live by configuration. */
    public StationTable stations() {
        return stations;
    }

    /** What is known of stations' roles: as a host or as a port, when it is both. */
    public StationTable roles() {
        return roles;
    }

    /** What the ARP and neighbour-discovery responders answer from. */
    public NeighbourTable neighbours() {
        return neighbours;
    }

    /** Numbers of the tunnel ports of VTEPs that get a copy of what is flooded. */
    public List<Integer> flood() {
        return flood;
    }

    /**
     * Numbers of the tunnel ports of VTEPs that are in the flood list or have a host behind them; the same object until
     * they change.
     */
    public Set<Integer> knownVteps() {
        Set<Integer> known = vteps;
        if (known == null) {
            Set<Integer> all = new HashSet<>(flood);
            all.addAll(hostsBehind.keySet());
            known = Set.copyOf(all);
            vteps = known;
        }
        return known;
    }

    /** Numbers of its ports; the same object until one comes or goes. */
    public List<Integer> ports() {
        List<Integer> numbers = ports;
        if (numbers == null) {
            numbers = List.copyOf(members.keySet());
            ports = numbers;
        }
        return numbers;
    }

    // ---- change ----

    /** The network is configured like this now. */
    void become(NetworkSpec next) {
        NetworkSpec before = spec;
        spec = next;
        List<Integer> remotes =
                next.remotes().stream().map(vtepPort).filter(Objects::nonNull).toList();
        if (!remotes.equals(flood)) {
            flood = remotes;
            vteps = null;
        }
        changeHosts(before == null ? List.of() : before.hosts(), next.hosts());
        if (before == null
                || before.arpResponder() != next.arpResponder()
                || !before.subnets().equals(next.subnets())) {
            List<IpAddress> all = new ArrayList<>(servers.keySet());
            servers.clear();
            for (SubnetSpec subnet : next.subnets()) {
                if (subnet.dhcp() != null) {
                    servers.put(subnet.dhcp().server(), subnet.dhcp().serverMac());
                }
            }
            all.addAll(servers.keySet());
            all.addAll(hostIps.keySet());
            all.addAll(guestIps.keySet());
            touchedIps.addAll(all);
            touchedMacs.addAll(hosts.keySet()); // a subnet's gateway is a router
            touchedMacs.addAll(bound.keySet());
        }
        refreshTouched();
    }

    /** Lists differ in few places: what they have in common at both ends are the same objects. */
    @SuppressWarnings("ReferenceEquality") // an equal host that is another object is found equal further down
    private void changeHosts(List<HostSpec> before, List<HostSpec> after) {
        int first = 0;
        while (first < Math.min(before.size(), after.size()) && before.get(first) == after.get(first)) {
            first++;
        }
        int last = 0;
        while (last < Math.min(before.size(), after.size()) - first
                && before.get(before.size() - 1 - last) == after.get(after.size() - 1 - last)) {
            last++;
        }
        List<HostSpec> came = after.subList(first, after.size() - last);
        Set<HostSpec> stay = new HashSet<>(came);
        for (HostSpec host : before.subList(first, before.size() - last)) {
            if (!stay.contains(host)) {
                removeHost(host);
            }
        }
        for (HostSpec host : came) {
            if (!host.equals(hosts.get(host.mac()))) {
                addHost(host);
            }
        }
    }

    private void addHost(HostSpec host) {
        hosts.put(host.mac(), host);
        host.ips().forEach(ip -> hostIps.put(ip, host));
        Integer behind = vtepPort.apply(host.vtep());
        if (behind != null) {
            int count = hostsBehind.merge(behind, 1, Integer::sum);
            vteps = count == 1 ? null : vteps;
        }
        touch(host.mac(), host.ips());
    }

    private void removeHost(HostSpec host) {
        hosts.remove(host.mac(), host);
        host.ips().forEach(ip -> hostIps.remove(ip, host));
        Integer behind = vtepPort.apply(host.vtep());
        if (behind != null) {
            Integer left = hostsBehind.computeIfPresent(behind, (port, count) -> count == 1 ? null : count - 1);
            vteps = left == null ? null : vteps;
        }
        touch(host.mac(), host.ips());
    }

    /**
     * A port of the network is new, or different.
     *
     * @param isPlace whether frames can be sent there
     * @return whether the network is another one by it
     */
    public boolean put(int number, PortSpec port, boolean isPlace) {
        Member member = new Member(number, port, isPlace);
        Member before = members.put(member.number(), member);
        if (member.equals(before)) {
            return false;
        }
        if (before == null) {
            ports = null;
        }
        forget(before);
        MacAddress mac = port.mac();
        if (mac != null) {
            bound.put(mac, member);
            if (isPlace) {
                guests.put(mac, member);
                port.ips().forEach(ip -> guestIps.put(ip, member));
            }
            touch(mac, port.ips());
        }
        refreshTouched();
        return true;
    }

    /** A port has left the network. */
    public void remove(int port) {
        forget(members.remove(port));
        ports = null;
        refreshTouched();
    }

    private void forget(@Nullable Member member) {
        MacAddress mac = member == null ? null : member.spec().mac();
        if (member != null && mac != null) {
            bound.remove(mac, member);
            guests.remove(mac, member);
            member.spec().ips().forEach(ip -> guestIps.remove(ip, member));
            touch(mac, member.spec().ips());
        }
    }

    private void touch(MacAddress mac, List<IpAddress> ips) {
        touchedMacs.add(mac);
        touchedIps.addAll(ips);
    }

    /** Once all of a change is worked in: what goes and comes again was never away. */
    private void refreshTouched() {
        touchedMacs.forEach(this::refresh);
        touchedIps.forEach(this::refresh);
        touchedMacs.clear();
        touchedIps.clear();
    }

    /** A station said whether it routes. */
    void learnRole(MacAddress mac, StationRole role) {
        learntRoles.put(mac, role);
        refresh(mac);
    }

    private void refresh(MacAddress mac) {
        Member guest = guests.get(mac);
        HostSpec host = hosts.get(mac);
        Integer vtep = host == null ? null : vtepPort.apply(host.vtep());
        if (guest != null) {
            stations = stations.with(mac.bits(), guest.number());
        } else if (vtep != null) {
            stations = stations.with(mac.bits(), vtep);
        } else {
            stations = stations.without(mac.bits());
        }
        if (guest == null && host == null) {
            learntRoles.remove(mac);
        }
        StationRole role = roleOf(mac);
        if (role.code() == roles.get(mac.bits())) {
            return;
        }
        roles = role == StationRole.UNKNOWN ? roles.without(mac.bits()) : roles.with(mac.bits(), role.code());
        if (host != null) {
            host.ips().forEach(this::refresh);
        }
        if (guest != null) {
            guest.spec().ips().forEach(this::refresh);
        }
    }

    private StationRole roleOf(MacAddress mac) {
        HostSpec host = hosts.get(mac);
        Member port = bound.get(mac);
        StationRole asHost = host == null ? StationRole.UNKNOWN : roleOf(host);
        StationRole asPort = port == null
                ? StationRole.UNKNOWN
                : roleOf(port.spec().guard().router(), mac, port.spec().ips());
        return asPort.isConfigured() || asHost == StationRole.UNKNOWN ? asPort : asHost;
    }

    /** Whether a host routes, as far as that is known. */
    public StationRole roleOf(HostSpec host) {
        return roleOf(host.router(), host.mac(), host.ips());
    }

    private StationRole roleOf(@Nullable Boolean configured, MacAddress mac, List<IpAddress> ips) {
        if (configured != null) {
            return StationRole.configured(configured);
        }
        for (SubnetSpec subnet : spec == null ? List.<SubnetSpec>of() : spec.subnets()) {
            if (subnet.gateway() != null && ips.contains(subnet.gateway())) {
                return StationRole.configured(true);
            }
        }
        return learntRoles.getOrDefault(mac, StationRole.UNKNOWN);
    }

    private void refresh(IpAddress ip) {
        Neighbour holder = holderOf(ip);
        neighbours = holder == null
                ? neighbours.without(ip)
                : neighbours.with(ip, holder.mac(), holder.role().kind());
    }

    // ---- views ----

    private @Nullable Neighbour holderOf(IpAddress ip) {
        MacAddress server = servers.get(ip);
        if (server != null) {
            return new Neighbour(ip, server, StationRole.configured(false), "switch", "switch");
        }
        if (spec == null || !spec.arpResponder()) {
            return null;
        }
        Member guest = guestIps.get(ip);
        if (guest != null && guest.guest() != null) {
            return new Neighbour(
                    ip,
                    guest.guest(),
                    roleOf(guest.guest()),
                    "port",
                    guest.spec().name());
        }
        HostSpec host = hostIps.get(ip);
        return host == null
                ? null
                : new Neighbour(
                        ip, host.mac(), roleOf(host.mac()), "host", host.vtep().toString());
    }

    /** Everything that the switch answers ARP and neighbour solicitations for. */
    public List<Neighbour> allNeighbours() {
        Set<IpAddress> all = new LinkedHashSet<>(hostIps.keySet());
        all.addAll(guestIps.keySet());
        all.addAll(servers.keySet());
        List<Neighbour> holders = new ArrayList<>();
        for (IpAddress ip : all) {
            Neighbour holder = holderOf(ip);
            if (holder != null) {
                holders.add(holder);
            }
        }
        return holders;
    }
}
