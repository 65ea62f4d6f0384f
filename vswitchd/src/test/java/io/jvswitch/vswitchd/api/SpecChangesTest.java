package io.jvswitch.vswitchd.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jvswitch.vswitchd.config.yaml.ConfigException;
import io.jvswitch.vswitchd.config.yaml.ConfigReader;
import io.jvswitch.vswitchd.plan.NetworkSpec;
import io.jvswitch.vswitchd.plan.SwitchSpec;
import io.jvswitch.vswitchd.plan.check.SpecChecks;
import io.jvswitch.wire.IpAddress;
import io.jvswitch.wire.MacAddress;
import io.jvswitch.wire.testing.Seed;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

final class SpecChangesTest {

    private static final String CONFIG = """
            switch: {name: hv1}
            underlay: {local-ip: 192.0.2.1}
            networks:
              blue:
                tunnel: vxlan
                vni: 42
                subnets: [{cidr: 10.0.0.0/24}]
                hosts: [{mac: "02:00:00:00:00:02", ip: 10.0.0.12, vtep: 192.0.2.2}]
            ports:
              t1: {kind: tap, network: blue, mac: "02:00:00:00:00:01", ip: 10.0.0.11}
            """;

    private final SwitchSpec spec;

    SpecChangesTest() throws ConfigException {
        spec = ConfigReader.read("f", CONFIG);
    }

    private static void refused(String message, Executable change) {
        assertEquals(
                message, assertThrows(ControlRefusedException.class, change).getMessage());
    }

    @Test
    void portsComeAndGo() throws ConfigException {
        SwitchSpec more = SpecChanges.addPort(spec, ConfigReader.readPort("{name: t2, kind: tap, network: blue}"));
        assertEquals(List.of("t1", "t2"), List.copyOf(more.ports().keySet()));
        assertEquals(spec, SpecChanges.removePort(more, "t2"));
        refused("port t9: does not exist; see 'jvswitch port list'", () -> SpecChanges.removePort(spec, "t9"));
        refused(
                "port t1: exists already; remove it first, or choose another name",
                () -> SpecChanges.addPort(spec, ConfigReader.readPort("{name: t1, kind: tap, network: blue}")));
        refused(
                "port t2: value '02:00:00:00:00:02': mac: expected an address of its own: host 02:00:00:00:00:02 "
                        + "has it in the same"
                        + " network; ip[0]: expected an address inside a subnet of network 'blue': 10.0.0.0/24; "
                        + "nothing was changed",
                () -> SpecChanges.addPort(
                        spec,
                        ConfigReader.readPort(
                                "{name: t2, kind: tap, network: blue, mac: '02:00:00:00:00:02', ip: 10.1.0.1}")));
    }

    @Test
    void networksComeAndGo() throws ConfigException {
        SwitchSpec more = SpecChanges.addNetwork(spec, ConfigReader.readNetwork("{name: red, tunnel: gre}"));
        assertEquals(List.of("blue", "red"), List.copyOf(more.networks().keySet()));
        assertEquals(spec, SpecChanges.removeNetwork(more, "red"));
        refused(
                "network blue: ports are attached to it: t1; remove them first with 'jvswitch port remove'",
                () -> SpecChanges.removeNetwork(spec, "blue"));
        refused(
                "network green: value '42': vni: expected another number: network 'blue' has this one; nothing was "
                        + "changed",
                () -> SpecChanges.addNetwork(spec, ConfigReader.readNetwork("{name: green, tunnel: vxlan, vni: 42}")));
        refused(
                "network red: does not exist; see 'jvswitch network list'",
                () -> SpecChanges.removeNetwork(spec, "red"));
    }

    /** Whoever adds is told of what was added, not that something else is wrong all of a sudden. */
    @Test
    void aHostWithAPortsAddressesIsWhatIsWrong() throws ConfigException {
        ConfigReader.NetworkHost host =
                ConfigReader.readHost("{network: blue, mac: '02:00:00:00:00:01', ip: 10.0.0.11, vtep: 192.0.2.3}");
        refused(
                "host 02:00:00:00:00:01 of network blue: value '02:00:00:00:00:01': mac: expected an address of its "
                        + "own: port t1"
                        + " has it in the same network; ip[0]: expected an address of its own: port t1 has it in "
                        + "the same network;"
                        + " nothing was changed",
                () -> SpecChanges.addHost(spec, host.network(), host.host()));
    }

    @Test
    void hostsComeMoveAndGo() throws ConfigException {
        MacAddress mac = MacAddress.parse("02:00:00:00:00:02");
        ConfigReader.NetworkHost moved =
                ConfigReader.readHost("{network: blue, mac: '02:00:00:00:00:02', ip: 10.0.0.12, vtep: 192.0.2.3}");
        SwitchSpec after = SpecChanges.addHost(spec, moved.network(), moved.host());
        NetworkSpec blue = after.networks().get("blue");
        assertNotNull(blue);
        assertEquals(List.of(moved.host()), blue.hosts());
        NetworkSpec empty =
                SpecChanges.removeHost(after, "blue", mac).networks().get("blue");
        assertNotNull(empty);
        assertTrue(empty.hosts().isEmpty());
        refused(
                "host 02:00:00:00:00:99 of network blue: does not exist; see 'jvswitch host list'",
                () -> SpecChanges.removeHost(spec, "blue", MacAddress.parse("02:00:00:00:00:99")));
        refused(
                "host 02:00:00:00:00:09 of network blue: value '2001:db8::1': vtep: expected an IPv4 address, as"
                        + " underlay.local-ip is 192.0.2.1; nothing was changed",
                () -> SpecChanges.addHost(
                        spec,
                        "blue",
                        ConfigReader.readHost("{network: blue, mac: '02:00:00:00:00:09', vtep: '2001:db8::1'}")
                                .host()));
        refused(
                "network red: does not exist; see 'jvswitch network list'",
                () -> SpecChanges.removeHost(spec, "red", mac));
    }

    @Test
    void whatOnlyARestartCanChangeIsRefused() throws ConfigException {
        SpecChanges.requireReloadable(spec, ConfigReader.read("f", CONFIG.replace("vni: 42", "vni: 43")));
        String remedy =
                " cannot change while the switch runs; put the old value back, or restart the daemon; nothing was "
                        + "changed";
        SwitchSpec workers = ConfigReader.read("f", CONFIG.replace("hv1", "hv1, workers: 2"));
        refused("switch.workers:" + remedy, () -> SpecChanges.requireReloadable(spec, workers));
        SwitchSpec underlay = ConfigReader.read("f", CONFIG.replace("192.0.2.1}", "192.0.2.1, mtu: 9000}"));
        refused("underlay:" + remedy, () -> SpecChanges.requireReloadable(spec, underlay));
        SwitchSpec both = ConfigReader.read(
                "f", CONFIG.replace("hv1", "hv1, workers: 2").replace("192.0.2.1}", "192.0.2.1, mtu: 9000}"));
        refused(
                "switch.workers, underlay:" + remedy.replace("value", "values"),
                () -> SpecChanges.requireReloadable(spec, both));
    }

    @Test
    void filtersNameWhatExists() {
        assertEquals("t1", SpecChanges.requirePort(spec, "t1"));
        assertEquals("underlay", SpecChanges.requirePort(spec, "underlay"));
        refused("port x: does not exist; see 'jvswitch port list'", () -> SpecChanges.requirePort(spec, "x"));
    }

    private interface Change {
        SwitchSpec of(SwitchSpec before) throws ConfigException;
    }

    /** What is refused is what the checks of a file would find, whatever the change is. */
    @Test
    void looksAtAllThatAChangeCanContradict() throws ConfigException {
        RandomGenerator random = Seed.random(SpecChangesTest.class);
        SwitchSpec running = spec;
        int refused = 0;
        int accepted = 0;
        for (int step = 0; step < 3_000; step++) {
            String mac = "02:00:00:00:00:0" + (1 + random.nextInt(9));
            String ip = (random.nextInt(20) == 0 ? "10.9.0." : "10.0.0.") + (1 + random.nextInt(12));
            String network = random.nextInt(20) == 0 ? "none" : random.nextBoolean() ? "blue" : "green";
            String name = "t" + random.nextInt(6);
            String more = random.nextInt(3) == 0 ? ", allowed-ips: 10.0.0." + (1 + random.nextInt(12)) : "";
            String bound = random.nextBoolean() ? ", mac: '" + mac + "', ip: [" + ip + "]" + more : "";
            Change change = switch (random.nextInt(7)) {
                case 0, 1 ->
                    before -> {
                        ConfigReader.NetworkHost host = ConfigReader.readHost("{network: " + network + ", mac: '" + mac
                                + "', ip: [" + ip + "], vtep: 192.0.2." + (1 + random.nextInt(3)) + "}");
                        return SpecChanges.addHost(before, host.network(), host.host());
                    };
                case 2 -> before -> SpecChanges.removeHost(before, network, MacAddress.parse(mac));
                case 3 ->
                    before -> SpecChanges.addPort(
                            before,
                            ConfigReader.readPort("{name: " + name
                                    + ", kind: "
                                    + (random.nextBoolean() ? "tap" : "system, device: t" + random.nextInt(6))
                                    + ", network: " + network + bound + "}"));
                case 4 -> before -> SpecChanges.removePort(before, name);
                case 5 ->
                    before -> SpecChanges.addNetwork(
                            before,
                            ConfigReader.readNetwork("{name: green, tunnel: "
                                    + (random.nextBoolean() ? "vxlan, vni: " + (40 + random.nextInt(4)) : "none")
                                    + "}"));
                default ->
                    random.nextInt(4) == 0
                            ? before -> SpecChanges.removeNetwork(before, "green")
                            : before -> SpecChanges.addRemote(
                                    before, network, IpAddress.parse("192.0.2." + (1 + random.nextInt(9))));
            };
            try {
                running = change.of(running);
                accepted++;
                assertEquals(List.of(), SpecChecks.check(running));
            } catch (ControlRefusedException e) {
                refused++;
            }
        }
        assertTrue(accepted > 100, () -> "too few were accepted");
        assertTrue(refused > 100, () -> "too few were refused");
    }
}
