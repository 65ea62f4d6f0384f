package io.jvswitch.vswitchd.config.yaml;

import static io.jvswitch.vswitchd.config.yaml.Refusals.refusesWithHead;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;

import org.junit.jupiter.api.Test;

/** What is said about addresses that nobody may have, or two have. */
final class AddressErrorsTest {

    /** RFC 1122, section 3.2.1.3; RFC 1112, section 4; RFC 4291, section 2.5.3. */
    @Test
    void nobodyHasALoopbackOrAReservedAddress() {
        String loopback = "expected an address that hosts can have: 127.0.0.0/8 is loopback";
        String reserved = "expected an address that hosts can have: 240.0.0.0/4 is reserved";
        refusesWithHead(
                """
                underlay: {local-ip: 192.0.2.1}
                networks:
                  a:
                    tunnel: vxlan
                    vni: 1
                    remotes: [240.0.0.1, 192.0.2.2]
                    hosts: [{mac: "02:00:00:00:00:01", ip: 255.0.0.1, vtep: 127.255.0.1}]
                    subnets:
                      - cidr: 10.0.0.0/24
                        gateway: 127.0.0.1
                      - cidr: 127.1.0.0/16
                        dhcp: {server: 127.1.0.1}
                      - cidr: 241.0.0.0/24
                      - {cidr: "::/64", gateway: "::1"}
                ports:
                  t1: {kind: tap, network: a, mac: "02:00:00:00:00:02", ip: 240.0.0.9}
                """,
                "f:7:15: networks.a.remotes[0]: value '240.0.0.1': " + reserved,
                "f:8:44: networks.a.hosts[0].ip: value '255.0.0.1': " + reserved,
                "f:8:61: networks.a.hosts[0].vtep: value '127.255.0.1': " + loopback,
                "f:11:18: networks.a.subnets[0].gateway: value '127.0.0.1': " + loopback,
                "f:12:15: networks.a.subnets[1].cidr: value '127.1.0.0/16': expected a prefix that hosts can have: "
                        + "127.0.0.0/8 is loopback",
                "f:14:15: networks.a.subnets[2].cidr: value '241.0.0.0/24': expected a prefix that hosts can have: "
                        + "240.0.0.0/4 is reserved",
                "f:15:34: networks.a.subnets[3].gateway: value '::1': expected an address that hosts can have: "
                        + "::1/128 is loopback",
                "f:17:61: ports.t1.ip: value '240.0.0.9': " + reserved);
    }

    /** What a port may send from besides must not be what ARP and ND would then call a lie. */
    @Test
    void noPortIsAllowedWhatIsAnothersOrNobodys() {
        String another = "expected an address that nobody else has: ";
        refusesWithHead(
                """
                networks:
                  a: {tunnel: none, subnets: [{cidr: 10.0.0.0/24, dhcp: {server: 10.0.0.2}}]}
                ports:
                  t1:
                    kind: tap
                    network: a
                    mac: "02:00:00:00:00:01"
                    ip: 10.0.0.11
                    allowed-ips: [10.0.0.11, 10.0.0.12, 10.0.0.2, 10.0.0.0/28, 224.0.0.0/8, "ff02::1", 127.0.0.1, \
                10.0.0.0/28]
                  t2: {kind: tap, network: a, mac: "02:00:00:00:00:02", ip: 10.0.0.12, allowed-ips: 10.0.0.99}
                """,
                "f:10:30: ports.t1.allowed-ips[1]: value '10.0.0.12': " + another
                        + "port t2 has it in the same network",
                "f:10:41: ports.t1.allowed-ips[2]: value '10.0.0.2': " + another
                        + "the DHCP server has it in the same network",
                "f:10:64: ports.t1.allowed-ips[4]: value '224.0.0.0/8': expected addresses that hosts can have, not a"
                        + " group's",
                "f:10:77: ports.t1.allowed-ips[5]: value 'ff02::1': expected addresses that hosts can have, not a "
                        + "group's",
                "f:10:88: ports.t1.allowed-ips[6]: value '127.0.0.1': expected an address that hosts can have: "
                        + "127.0.0.0/8 is loopback",
                "f:10:99: ports.t1.allowed-ips[7]: value '10.0.0.0/28': expected each once");
    }

    /** With its device, too: routes and the far hosts' lists say nothing of the link. */
    @Test
    void aVtepHasNoLinkLocalAddress() {
        String scope =
                "expected an address that is good beyond one link: a global or a unique local one (fd00::/8), not a"
                        + " link-local one (fe80::/10)";
        refusesWithHead(
                "underlay: {local-ip: 'fe80::1', device: eth1}",
                "f:2:22: underlay.local-ip: value 'fe80::1': " + scope);
        refusesWithHead(
                """
                underlay: {local-ip: "fd00::1"}
                networks:
                  a:
                    tunnel: gre
                    remotes: ["fd00::2", "febf::3"]
                    hosts: [{mac: "02:00:00:00:00:01", vtep: "fe80::4"}]
                """,
                "f:6:26: networks.a.remotes[1]: value 'febf::3': " + scope,
                "f:7:46: networks.a.hosts[0].vtep: value 'fe80::4': " + scope);
    }

    @Test
    void eachAddressHasOneOwner() {
        refusesWithHead(
                """
                underlay: {local-ip: 192.0.2.1}
                networks:
                  a:
                    tunnel: gre
                    subnets: [{cidr: 10.0.0.0/24, dhcp: {server: 10.0.0.2, server-mac: "02:00:00:00:00:02"}}]
                    hosts:
                      - {mac: "02:00:00:00:00:0a", ip: [10.0.0.10, 10.1.0.10], vtep: 192.0.2.1}
                      - {mac: "02:00:00:00:00:0A", ip: 10.0.0.10, vtep: "2001:db8::1"}
                      - {mac: "02:00:00:00:00:02", ip: 10.0.0.2, vtep: 192.0.2.2}
                  b: {tunnel: none, hosts: [{mac: "02:00:00:00:00:0a", vtep: 192.0.2.2}]}
                ports:
                  t0: {kind: tap, network: a, mac: "02:00:00:00:00:0a", ip: 10.0.0.10}
                  t1: {kind: tap, network: a, ip: 10.0.0.0, hostname: vm1}
                  t2: {kind: tap, network: c, hostname: vm2}
                  t3: {kind: tap, network: b, mac: "02:00:00:00:00:0b", ip: 172.16.0.1}
                """,
                "f:8:52: networks.a.hosts[0].ip[1]: value '10.1.0.10': expected an address inside a subnet of "
                        + "network 'a': 10.0.0.0/24",
                "f:9:15: networks.a.hosts[1].mac: value '02:00:00:00:00:0a': expected an address of its own: host "
                        + "02:00:00:00:00:0a has"
                        + " it in the same network",
                "f:9:40: networks.a.hosts[1].ip: value '10.0.0.10': expected an address of its own: host "
                        + "02:00:00:00:00:0a has it in the"
                        + " same network",
                "f:9:57: networks.a.hosts[1].vtep: value '2001:db8::1': expected an IPv4 address, as "
                        + "underlay.local-ip is 192.0.2.1",
                "f:10:15: networks.a.hosts[2].mac: value '02:00:00:00:00:02': expected an address of its own: the "
                        + "DHCP server has it in"
                        + " the same network",
                "f:10:40: networks.a.hosts[2].ip: value '10.0.0.2': expected an address of its own: the DHCP server "
                        + "has it in the same"
                        + " network",
                "f:11:28: networks.b.hosts: expected none, as tunnel is none: a guest of this host is a port",
                "f:13:36: ports.t0.mac: value '02:00:00:00:00:0a': expected an address of its own: host "
                        + "02:00:00:00:00:0a has it in the"
                        + " same network",
                "f:13:61: ports.t0.ip: value '10.0.0.10': expected an address of its own: host 02:00:00:00:00:0a "
                        + "has it in the same"
                        + " network",
                "f:14:3: ports.t1.mac: missing: expected a MAC address beside ip",
                "f:14:35: ports.t1.ip: value '10.0.0.0': expected an address other than the network's and the "
                        + "broadcast address of"
                        + " 10.0.0.0/24",
                "f:15:3: ports.t2.mac: missing: expected a MAC address beside hostname",
                "f:15:28: ports.t2.network: value 'c': expected the name of a network: a, b");
    }

    /** A guest that migrates: a port on both hosts, and on each an entry for the time that it is on the other. */
    @Test
    void aHostMayBeBesideTheSystemPortOfTheSameGuestAndNoOther() {
        String head = """
                underlay: {local-ip: 192.0.2.1}
                networks:
                  a:
                    tunnel: gre
                    hosts:
                      - {mac: "02:00:00:00:00:0a", ip: [10.0.0.10, "fd00::10"], vtep: 192.0.2.2}
                      - {mac: "02:00:00:00:00:0b", ip: 10.0.0.11, vtep: 192.0.2.2}
                ports:
                  v1: {kind: system, network: a, mac: "02:00:00:00:00:0a", ip: [10.0.0.10, "fd00::10"]}
                """;
        assertDoesNotThrow(() -> ConfigReader.read("f", "switch: {name: hv1}\n" + head));
        refusesWithHead(
                head + "  v2: {kind: system, network: a, mac: \"02:00:00:00:00:0a\", ip: 10.0.0.10}\n",
                "f:11:39: ports.v2.mac: value '02:00:00:00:00:0a': expected an address of its own: port v1 has it "
                        + "in the same network",
                "f:11:64: ports.v2.ip: value '10.0.0.10': expected an address of its own: port v1 has it in the "
                        + "same network");
        refusesWithHead(
                head + "  v2: {kind: system, network: a, mac: \"02:00:00:00:00:0c\", ip: 10.0.0.11}\n",
                "f:11:64: ports.v2.ip: value '10.0.0.11': expected an address of its own: host 02:00:00:00:00:0b "
                        + "has it in the same"
                        + " network");
        refusesWithHead(
                head + "  t2: {kind: tap, network: a, mac: \"02:00:00:00:00:0b\"}\n",
                "f:11:36: ports.t2.mac: value '02:00:00:00:00:0b': expected an address of its own: host "
                        + "02:00:00:00:00:0b has it in"
                        + " the same network");
    }
}
