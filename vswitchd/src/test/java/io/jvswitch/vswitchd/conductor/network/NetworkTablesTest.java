package io.jvswitch.vswitchd.conductor.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jvswitch.arp.NeighbourTable;
import io.jvswitch.arp.NodeKind;
import io.jvswitch.datapath.normal.StationRole;
import io.jvswitch.datapath.translate.Locations;
import io.jvswitch.vswitchd.config.yaml.ConfigReader;
import io.jvswitch.vswitchd.plan.NetworkSpec;
import io.jvswitch.vswitchd.plan.PortSpec;
import io.jvswitch.vswitchd.plan.SwitchSpec;
import io.jvswitch.wire.IpAddress;
import io.jvswitch.wire.MacAddress;
import io.jvswitch.wire.testing.Seed;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Change by change it comes to the same as all at once. */
final class NetworkTablesTest {
    private static final int GUESTS = 12;
    private static final IpAddress OWN = IpAddress.parse("192.0.2.1");
    private static final IpAddress SERVER = IpAddress.parse("10.0.0.200");

    private final Map<IpAddress, Integer> vteps = new HashMap<>();
    private final NetworkTables tables = new NetworkTables(this::vtep);

    private @Nullable Integer vtep(IpAddress address) {
        return address.equals(OWN) ? null : vteps.computeIfAbsent(address, any -> Locations.ofTunnel(vteps.size()));
    }

    private static String mac(int guest) {
        return "02:00:00:00:00:" + (10 + guest);
    }

    private static String ip(int guest) {
        return "10.0.0." + (10 + guest);
    }

    /** Guest i has the address i, or one of two others that some time are another's. */
    private static SwitchSpec spec(boolean responder, boolean dhcp, List<String> hosts, List<String> ports)
            throws Exception {
        return ConfigReader.read("f", """
                switch: {name: hv1}
                underlay: {local-ip: 192.0.2.1}
                networks:
                  blue:
                    tunnel: vxlan
                    vni: 42
                    remotes: [192.0.2.9]
                    arp-responder: %s
                    %s
                    hosts: [%s]
                ports: {%s}
                """.formatted(
                        responder,
                        dhcp ? "subnets: [{cidr: 10.0.0.0/24, dhcp: {server: " + SERVER + "}}]" : "",
                        String.join(", ", hosts),
                        String.join(", ", ports)));
    }

    private static NetworkSpec blue(SwitchSpec spec) {
        return Objects.requireNonNull(spec.networks().get("blue"));
    }

    /**
     * Lists that all hosts share name this one, too: nothing is sent to it, and its guests are where their ports are.
     */
    @Test
    void thisSwitchItselfIsNoPlaceBehindATunnel() throws Exception {
        String shared = "{mac: '" + mac(0) + "', ip: " + ip(0) + ", vtep: 192.0.2.1}";
        String other = "{mac: '" + mac(1) + "', ip: " + ip(1) + ", vtep: 192.0.2.9}";
        tables.become(blue(spec(true, false, List.of(shared, other), List.of()))
                .withRemotes(List.of(OWN, IpAddress.parse("192.0.2.9"))));
        int there = Objects.requireNonNull(vtep(IpAddress.parse("192.0.2.9")));
        assertEquals(List.of(there), tables.flood());
        assertEquals(Set.of(there), tables.knownVteps());
        assertEquals(Locations.NONE, tables.stations().get(bits(0)));
        assertEquals(there, tables.stations().get(bits(1)));
        assertEquals(2, tables.allNeighbours().size(), "both are answered for");
        tables.become(blue(spec(true, false, List.of(other), List.of())));
        assertEquals(1, tables.allNeighbours().size());
    }

    private static long bits(int guest) {
        return MacAddress.parse(mac(guest)).bits();
    }

    @Test
    void changesInAnyOrderComeToTheSame() throws Exception {
        RandomGenerator random = Seed.random(NetworkTablesTest.class);
        Map<Integer, String> hosts = new HashMap<>();
        Map<Integer, String> ports = new HashMap<>();
        Map<Integer, Boolean> places = new HashMap<>();
        boolean responder = true;
        boolean dhcp = false;
        for (int step = 0; step < 600; step++) {
            int guest = random.nextInt(GUESTS);
            switch (random.nextInt(6)) {
                case 0 -> hosts.remove(guest);
                case 1 ->
                    hosts.put(
                            guest,
                            "{mac: '" + mac(guest) + "', ip: [" + ip(guest) + "], vtep: 192.0.2."
                                    + (1 + random.nextInt(4)) + "}");
                case 2 -> {
                    ports.remove(guest);
                    places.remove(guest);
                }
                case 3 -> {
                    ports.put(
                            guest,
                            "p" + guest + ": {kind: system, network: blue, mac: '" + mac(guest) + "', ip: [" + ip(guest)
                                    + (random.nextBoolean() ? ", " + ip(guest + GUESTS) : "") + "]}");
                    places.put(guest, random.nextBoolean());
                }
                case 4 -> responder = random.nextInt(4) > 0;
                default -> dhcp = random.nextBoolean();
            }
            SwitchSpec all = spec(responder, dhcp, new ArrayList<>(hosts.values()), new ArrayList<>(ports.values()));
            tables.become(blue(all));
            for (int i = 0; i < GUESTS; i++) {
                PortSpec port = all.ports().get("p" + i);
                if (port == null) {
                    tables.remove(100 + i);
                } else {
                    tables.put(100 + i, port, Objects.requireNonNull(places.get(i)));
                }
            }
            check(all, places);
        }
    }

    private void check(SwitchSpec all, Map<Integer, Boolean> places) {
        NetworkSpec blue = blue(all);
        Map<MacAddress, Integer> stations = new HashMap<>();
        Map<IpAddress, MacAddress> neighbours = new HashMap<>();
        Set<Integer> known = new HashSet<>(Set.of(Objects.requireNonNull(vtep(IpAddress.parse("192.0.2.9")))));
        blue.hosts().forEach(host -> {
            Integer index = vtep(host.vtep());
            if (index != null) {
                stations.put(host.mac(), index);
                known.add(index);
            }
            if (blue.arpResponder()) {
                host.ips().forEach(ip -> neighbours.put(ip, host.mac()));
            }
        });
        for (int i = 0; i < GUESTS; i++) {
            PortSpec port = all.ports().get("p" + i);
            if (port != null && Boolean.TRUE.equals(places.get(i))) {
                MacAddress mac = Objects.requireNonNull(port.mac());
                stations.put(mac, 100 + i);
                if (blue.arpResponder()) {
                    port.ips().forEach(ip -> neighbours.put(ip, mac));
                }
            }
        }
        blue.subnets()
                .forEach(subnet -> neighbours.put(
                        SERVER, Objects.requireNonNull(subnet.dhcp()).serverMac()));
        for (int i = 0; i < GUESTS; i++) {
            MacAddress mac = MacAddress.parse(mac(i));
            assertEquals(
                    stations.getOrDefault(mac, Locations.NONE),
                    tables.stations().get(mac.bits()));
        }
        Map<IpAddress, MacAddress> answered = new HashMap<>();
        tables.neighbours().forEach((hi, lo, mac, kind) -> answered.put(new IpAddress(hi, lo), new MacAddress(mac)));
        assertEquals(neighbours, answered);
        Map<IpAddress, MacAddress> shown = new HashMap<>();
        tables.allNeighbours().forEach(neighbour -> shown.put(neighbour.ip(), neighbour.mac()));
        assertEquals(neighbours, shown);
        assertEquals(stations.size(), tables.stations().size());
        assertEquals(known, tables.knownVteps());
        assertEquals(NeighbourTable.UNKNOWN, tables.neighbours().macOf(0, 0));
    }

    /** A station's own word outlives a change of its other properties, and goes with the station. */
    @Test
    void aLearntRoleIsTheStationsWhereverItIs() throws Exception {
        MacAddress mac = MacAddress.parse(mac(1));
        IpAddress ip = IpAddress.parse(ip(1));
        String host = "{mac: '" + mac + "', ip: [" + ip + "], vtep: 192.0.2.%d}";
        tables.become(blue(spec(true, false, List.of(host.formatted(2)), List.of())));
        assertEquals(StationRole.UNKNOWN.code(), tables.roles().get(mac.bits()));
        tables.learnRole(mac, StationRole.LEARNT_ROUTER);
        assertEquals(StationRole.LEARNT_ROUTER.code(), tables.roles().get(mac.bits()));
        assertEquals(NodeKind.ROUTER, tables.neighbours().kindOf(ip.hi(), ip.lo()));
        tables.become(blue(spec(true, false, List.of(host.formatted(3)), List.of())));
        assertEquals(StationRole.LEARNT_ROUTER.code(), tables.roles().get(mac.bits()));
        tables.become(blue(spec(true, false, List.of(), List.of())));
        assertTrue(tables.roles().isEmpty());
        tables.become(blue(spec(true, false, List.of(host.formatted(2)), List.of())));
        assertEquals(NodeKind.UNKNOWN, tables.neighbours().kindOf(ip.hi(), ip.lo()));
    }
}
