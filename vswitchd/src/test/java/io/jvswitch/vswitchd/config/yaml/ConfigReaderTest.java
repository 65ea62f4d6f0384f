package io.jvswitch.vswitchd.config.yaml;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jvswitch.datapath.worker.NettyReactor;
import io.jvswitch.dhcp.subnet.DhcpBoot;
import io.jvswitch.dhcp.subnet.DhcpOption;
import io.jvswitch.encap.OuterTos;
import io.jvswitch.vswitchd.plan.DhcpSpec;
import io.jvswitch.vswitchd.plan.HostSpec;
import io.jvswitch.vswitchd.plan.IpPrefix;
import io.jvswitch.vswitchd.plan.IpRange;
import io.jvswitch.vswitchd.plan.NetworkSpec;
import io.jvswitch.vswitchd.plan.NetworkTunnel;
import io.jvswitch.vswitchd.plan.PortGuardSpec;
import io.jvswitch.vswitchd.plan.PortKind;
import io.jvswitch.vswitchd.plan.PortSpec;
import io.jvswitch.vswitchd.plan.PortVlanSpec;
import io.jvswitch.vswitchd.plan.RouteSpec;
import io.jvswitch.vswitchd.plan.SubnetSpec;
import io.jvswitch.vswitchd.plan.SwitchSpec;
import io.jvswitch.vswitchd.plan.TuningSpec;
import io.jvswitch.vswitchd.plan.UnderlaySpec;
import io.jvswitch.vswitchd.plan.VlanRange;
import io.jvswitch.wire.IpAddress;
import io.jvswitch.wire.MacAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ConfigReaderTest {

    /** The configuration that the guide shows. */
    static final String EXAMPLE = """
            switch:
              name: hv1
              workers: 2
              control-socket: /run/jvswitch/hv1.sock
              state-dir: /var/lib/jvswitch/hv1
            underlay:
              local-ip: 192.0.2.1
            networks:
              blue:
                tunnel: vxlan
                vni: 42
                remotes: [192.0.2.2]
                learning: true
                subnets:
                  - cidr: 10.0.0.0/24
                    gateway: 10.0.0.1
                    dns: [10.0.0.53]
                    routes: [{to: 172.16.0.0/12, via: 10.0.0.254}]
                    dhcp: {server: 10.0.0.2, pool: 10.0.0.100-10.0.0.199, lease: 1d}
                hosts:
                  - {mac: "02:00:00:00:00:02", ip: 10.0.0.12, vtep: 192.0.2.2}
            ports:
              tap-vm1:
                kind: tap
                network: blue
                mac: "02:00:00:00:00:01"
                ip: 10.0.0.11
                queues: 1
            """;

    @Test
    void readsTheGuidesExample() throws ConfigException {
        SwitchSpec spec = ConfigReader.read("hv1.yaml", EXAMPLE);
        assertEquals("hv1", spec.name());
        assertEquals(2, spec.workers());
        assertEquals(Path.of("/run/jvswitch/hv1.sock"), spec.controlSocket());
        assertEquals(TuningSpec.DEFAULT, spec.tuning());
        assertEquals(new UnderlaySpec(IpAddress.parse("192.0.2.1"), null, 0, 4789, 8), spec.underlay());

        NetworkSpec blue = spec.networks().get("blue");
        assertNotNull(blue);
        assertEquals(NetworkTunnel.VXLAN, blue.tunnel());
        assertEquals(42, blue.vni());
        assertEquals(List.of(IpAddress.parse("192.0.2.2")), blue.remotes());
        assertEquals(
                List.of(new HostSpec(
                        MacAddress.parse("02:00:00:00:00:02"),
                        List.of(IpAddress.parse("10.0.0.12")),
                        IpAddress.parse("192.0.2.2"))),
                blue.hosts());
        SubnetSpec subnet = blue.subnets().getFirst();
        assertEquals("10.0.0.0/24", subnet.cidr().toString());
        assertEquals(
                List.of(new RouteSpec(IpPrefix.parse("172.16.0.0/12"), IpAddress.parse("10.0.0.254"))),
                subnet.routes());
        DhcpSpec dhcp = subnet.dhcp();
        assertNotNull(dhcp);
        assertEquals(Duration.ofDays(1), dhcp.lease());
        assertEquals(List.of(IpRange.parse("10.0.0.100-10.0.0.199")), dhcp.pools());

        assertEquals(
                new PortSpec(
                        "tap-vm1",
                        PortKind.TAP,
                        "blue",
                        MacAddress.parse("02:00:00:00:00:01"),
                        List.of(IpAddress.parse("10.0.0.11")),
                        1,
                        null,
                        0,
                        null,
                        false,
                        PortVlanSpec.NONE,
                        null,
                        PortGuardSpec.NONE,
                        true,
                        0),
                spec.ports().get("tap-vm1"));
    }

    @Test
    void readsWhatABoundPortMaySend() throws ConfigException {
        SwitchSpec spec = ConfigReader.read("f", """
                switch: {name: hv1}
                networks: {blue: {tunnel: none}}
                ports:
                  t1:
                    {kind: tap, network: blue, mac: "02:00:00:00:00:01", allowed-ips: [10.9.0.0/16, "fe80::/10", 10.0.0.9]}
                  t2: {kind: tap, network: blue, mac: "02:00:00:00:00:02", router: true, dhcp-server: true}
                  t3: {kind: tap, network: blue, router: false}
                """);
        PortSpec first = spec.ports().get("t1");
        assertNotNull(first);
        assertEquals(
                new PortGuardSpec(
                        List.of(
                                IpPrefix.parse("10.9.0.0/16"),
                                IpPrefix.parse("fe80::/10"),
                                IpPrefix.parse("10.0.0.9/32")),
                        null,
                        false),
                first.guard());
        assertEquals(
                List.of(new PortGuardSpec(List.of(), true, true), new PortGuardSpec(List.of(), false, false)),
                spec.ports().values().stream().skip(1).map(PortSpec::guard).toList());
    }

    @Test
    void readsHowManyFramesAPortMayFlood() throws ConfigException {
        SwitchSpec spec = ConfigReader.read("f", """
                switch: {name: hv1}
                networks: {blue: {tunnel: none}}
                ports:
                  t1: {kind: tap, network: blue, storm-control: 1}
                  t2: {kind: system, network: blue, storm-control: 10000000}
                  t3: {kind: internal, network: blue}
                """);
        assertEquals(
                List.of(1, 10_000_000, 0),
                spec.ports().values().stream().map(PortSpec::stormControl).toList());
    }

    @Test
    void refusesAllowedAddressesThatAreNone() {
        ConfigException refused = assertThrows(ConfigException.class, () -> ConfigReader.read("f", """
                switch: {name: hv1}
                networks: {blue: {tunnel: none}}
                ports:
                  t1: {kind: tap, network: blue, mac: "02:00:00:00:00:01", allowed-ips: 10.9.0.1/16}
                  t2: {kind: tap, network: blue, allowed-ips: 10.9.0.1}
                """));
        String text = String.valueOf(refused.getMessage());
        assertTrue(
                text.contains("ports.t1.allowed-ips: value '10.9.0.1/16': expected an address or a prefix")
                        && text.contains("ports.t2.mac: missing: expected a MAC address beside allowed-ips"),
                text);
    }

    @Test
    void readsVlans() throws ConfigException {
        SwitchSpec spec = ConfigReader.read("f", """
                switch: {name: hv1}
                networks: {blue: {tunnel: none}, red: {tunnel: none}, green: {tunnel: none}}
                ports:
                  eth1: {kind: system, network: green, vlans: {20: red, 10: blue}, vlan-protocol: 802.1ad}
                  tap1: {kind: tap, network: blue, vlan: 7}
                  tap2: {kind: tap, network: blue, trunks: [5, 100-199]}
                  tap3: {kind: tap, network: blue, trunks: none}
                """);
        PortSpec eth1 = Objects.requireNonNull(spec.ports().get("eth1"));
        assertEquals(new PortVlanSpec(0, Map.of(10, "blue", 20, "red"), List.of(), true), eth1.vlans());
        assertEquals(Set.of("green", "blue", "red"), eth1.networks());
        assertEquals(10, eth1.vlanOf("blue"));
        assertEquals(0, eth1.vlanOf("green"));
        PortSpec tap1 = Objects.requireNonNull(spec.ports().get("tap1"));
        assertEquals(Map.of(7, "blue"), tap1.taggedNetworks());
        assertEquals(7, tap1.vlanOf("blue"));
        assertEquals(
                List.of(new VlanRange(5, 5), new VlanRange(100, 199)),
                Objects.requireNonNull(spec.ports().get("tap2")).vlans().trunks());
        assertEquals(
                List.of(VlanRange.NONE),
                Objects.requireNonNull(spec.ports().get("tap3")).vlans().trunks());
    }

    @Test
    void fillsInDefaults() throws ConfigException {
        SwitchSpec spec = ConfigReader.read("f", """
                switch: {name: hv9}
                networks:
                  local: {tunnel: none}
                ports:
                """);
        assertEquals(1, spec.workers());
        assertEquals(Path.of("/run/jvswitch/hv9.sock"), spec.controlSocket());
        assertEquals(Path.of("/var/lib/jvswitch/hv9"), spec.stateDir());
        assertNull(spec.underlay());
        assertEquals(
                new NetworkSpec(
                        "local",
                        NetworkTunnel.NONE,
                        NetworkSpec.NO_VNI,
                        List.of(),
                        true,
                        false,
                        0,
                        OuterTos.DEFAULT,
                        true,
                        List.of(),
                        List.of()),
                spec.networks().get("local"));
    }

    @Test
    void aServersMacAddressIsTheSameOnEveryHost() {
        MacAddress mac = DhcpKeys.derivedMac("blue", IpAddress.parse("10.0.0.2"));
        assertEquals(mac, DhcpKeys.derivedMac("blue", IpAddress.parse("10.0.0.2")));
        assertEquals("06:6a", mac.toString().substring(0, 5));
    }

    /** As Neutron has them: a router that is on the link and not in the subnet, and subnets of one address. */
    @Test
    void gatewaysAndServersMayLieOutsideTheSubnet() throws ConfigException {
        SwitchSpec spec = ConfigReader.read("f", """
                switch: {name: a}
                networks:
                  blue:
                    tunnel: none
                    subnets:
                      - cidr: "2001:db8:1::/64"
                        gateway: "fe80::1"
                        routes: [{to: "2001:db8:2::/48", via: "fe80::1"}]
                      - cidr: 10.0.0.0/24
                        gateway: 192.0.2.1
                        routes: [{to: 10.9.0.0/16, via: 192.0.2.1}, {to: 198.51.100.0/24, via: 0.0.0.0}, {to: 10.8.0.0/16, via: 198.51.100.7}]
                        dhcp: {server: 10.0.0.2}
                      - {cidr: 203.0.113.5/32, gateway: 169.254.0.1, dhcp: {server: 169.254.0.2, pool: 203.0.113.5}}
                      - {cidr: 203.0.113.6/32, gateway: 169.254.0.1, dhcp: {server: 169.254.0.2}}
                      - {cidr: 203.0.113.8/31, gateway: 203.0.113.8, dhcp: {server: 10.0.0.2}}
                """);
        NetworkSpec blue = spec.networks().get("blue");
        assertNotNull(blue);
        assertEquals(IpAddress.parse("fe80::1"), blue.subnets().getFirst().gateway());
        assertEquals(IpAddress.parse("192.0.2.1"), blue.subnets().get(1).gateway());
        assertEquals(5, blue.subnets().size());
    }

    @Test
    void readsWhatGuestsBootFromAndOptionsByNumber() throws ConfigException {
        SwitchSpec spec = ConfigReader.read("f", """
                switch: {name: a}
                networks:
                  blue:
                    tunnel: none
                    subnets:
                      - cidr: 10.0.0.0/24
                        dhcp:
                          server: 10.0.0.2
                          boot:
                            next-server: 10.0.0.9
                            server-name: tftp
                            file: undionly.kpxe
                            files: {7: ipxe.efi, 9: ipxe.efi}
                            ipxe-file: "http://10.0.0.9/boot.ipxe"
                          options:
                            43: "hex:01 04:c0a80001"
                            252: text:http://wpad/wpad.dat
                            44: ip:10.0.0.5, 10.0.0.6
                            13: u16:64
                            2: u32:4294967295
                            19: u8:1
                          always-send: 43
                          ipv6-only-wait: 30m
                """);
        NetworkSpec blue = spec.networks().get("blue");
        assertNotNull(blue);
        DhcpSpec dhcp = blue.subnets().getFirst().dhcp();
        assertNotNull(dhcp);
        assertEquals(
                new DhcpBoot(
                        IpAddress.parse("10.0.0.9"),
                        "tftp",
                        "undionly.kpxe",
                        Map.of(7, "ipxe.efi", 9, "ipxe.efi"),
                        "http://10.0.0.9/boot.ipxe"),
                dhcp.boot());
        assertEquals(
                List.of(
                        new DhcpOption(43, "0104c0a80001", true),
                        new DhcpOption(252, "687474703a2f2f777061642f777061642e646174", false),
                        new DhcpOption(44, "0a0000050a000006", false),
                        new DhcpOption(13, "0040", false),
                        new DhcpOption(2, "ffffffff", false),
                        new DhcpOption(19, "01", false)),
                dhcp.options());
        assertEquals(Duration.ofMinutes(30), dhcp.ipv6OnlyWait());
    }

    @Test
    void readsTuningAndOptionalKeys() throws ConfigException {
        SwitchSpec spec = ConfigReader.read("f", """
                switch: {name: a, pool-frames: 512, max-flows: 5000, flow-idle: 1500ms, mac-age: 30s, mac-table-size: 99, spin: 0us, reactor: io_uring}
                underlay: {local-ip: "2001:db8::1", device: eth1, mtu: 9000, udp-port: 8472, sockets: 2}
                networks:
                  keyless: {tunnel: gre, remotes: "2001:db8::2", learning: false, allow-unknown-vteps: true, mtu: 8000, arp-responder: false}
                  keyed: {tunnel: gre, vni: 4294967295, tos: 0xb8, ecn: compatibility}
                  inheriting: {tunnel: gre, vni: 1, tos: inherit, ecn: normal}
                  v6:
                    tunnel: none
                    subnets: [{cidr: "2001:db8:1::/64", gateway: "2001:db8:1::1"}]
                ports:
                  t0: {kind: tap, network: v6, mac: 02-00-00-00-00-0A, ip: ["2001:db8:1::a", "fe80::a"], netns: /proc/1/ns/net, mtu: 1400, hostname: vm}
                """);
        assertEquals(
                new TuningSpec(
                        512,
                        5000,
                        Duration.ofMillis(1500),
                        Duration.ofSeconds(30),
                        99,
                        Duration.ZERO,
                        NettyReactor.Kind.IO_URING),
                spec.tuning());
        assertEquals(new UnderlaySpec(IpAddress.parse("2001:db8::1"), "eth1", 9000, 8472, 2), spec.underlay());
        NetworkSpec keyed = spec.networks().get("keyed");
        assertNotNull(keyed);
        assertEquals(0xffff_ffffL, keyed.vni());
        assertEquals(new OuterTos(0xb8, false, false), keyed.tos());
        NetworkSpec inheriting = spec.networks().get("inheriting");
        assertNotNull(inheriting);
        assertEquals(new OuterTos(0, true, true), inheriting.tos());
        PortSpec port = spec.ports().get("t0");
        assertNotNull(port);
        assertEquals("/proc/1/ns/net", port.netns());
        assertEquals(1400, port.mtuBytes());
        assertEquals("vm", port.hostname());
        assertEquals("02:00:00:00:00:0a", String.valueOf(port.mac()));
    }

    @Test
    void readsRequestsAsJson() throws ConfigException {
        PortSpec port = ConfigReader.readPort(
                "{\"name\":\"tap1\",\"kind\":\"tap\",\"network\":\"blue\",\"mac\":\"02:00:00:00:00:01\",\"ip\":[\"10.0.0.1\"]}");
        assertEquals("tap1", port.name());
        NetworkSpec network = ConfigReader.readNetwork("{\"name\":\"red\",\"tunnel\":\"vxlan\",\"vni\":7}");
        assertEquals(7, network.vni());
        ConfigReader.NetworkHost host = ConfigReader.readHost(
                "{\"network\": \"blue\", \"mac\": \"02:00:00:00:00:02\", \"vtep\": \"192.0.2.2\"}");
        assertEquals("blue", host.network());
        ConfigException e = assertThrows(ConfigException.class, () -> ConfigReader.readPort("{\"kind\": \"tap\"}"));
        assertEquals("""
                request:1:1: name: missing: expected an interface name of 1 to 15 printable ASCII characters without '/', ':', '%' and spaces
                request:1:1: network: missing: expected the name of a network, or vlans""", e.getMessage());
    }

    @Test
    void saysWhyAFileCannotBeRead(@TempDir Path dir) throws Exception {
        Path missing = dir.resolve("none.yaml");
        assertEquals(
                missing + ":1:1: does not exist: expected a configuration file",
                assertThrows(ConfigException.class, () -> ConfigReader.read(missing))
                        .getMessage());
        Path binary = dir.resolve("binary");
        Files.write(binary, new byte[] {'a', (byte) 0xff});
        assertEquals(
                binary + ":1:1: not text: expected UTF-8",
                assertThrows(ConfigException.class, () -> ConfigReader.read(binary))
                        .getMessage());
        Path huge = Path.of("/dev/zero");
        assertEquals(
                "/dev/zero:1:1: too large: expected at most 8 MiB",
                assertThrows(ConfigException.class, () -> ConfigReader.read(huge))
                        .getMessage());
        assertEquals(
                dir + ":1:1: cannot be read: Is a directory",
                assertThrows(ConfigException.class, () -> ConfigReader.read(dir))
                        .getMessage());
    }
}
