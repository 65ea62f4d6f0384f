package io.jvswitch.vswitchd.config.yaml;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is said about wrong configurations: every error, at its line and column. */
final class ConfigErrorsTest {

    private static void refuses(String text, String... errors) {
        ConfigException e = assertThrows(ConfigException.class, () -> ConfigReader.read("f", text));
        assertEquals(String.join("\n", errors), e.getMessage());
    }

    private static void refusesWithHead(String text, String... errors) {
        refuses("switch: {name: hv1}\n" + text, errors);
    }

    @Test
    void nothing() {
        refuses("", "f:1:1: switch: missing: expected a section with keys");
        refuses("- a", "f:1:1: value '[...]': expected a section with keys");
    }

    @Test
    void everyErrorOfAFileAtOnce() {
        refuses(
                """
                switch:
                  name: hv 1
                  workers: 0
                  wrokers: 2
                  name: hv2
                underlay:
                  local-ip: 192.0.2.300
                  udp-port: 4789x
                networks:
                  blue:
                    tunnel: vxlna
                    vni: -1
                    remotes: [192.0.2.2, 224.0.0.1]
                    subnets:
                      - cidr: 10.0.0.1/24
                        dhcp: {pool: 10.0.0.9-10.0.0.2, lease: forever}
                    hosts:
                      - {mac: "01:00:5e:00:00:01", vtep: 192.0.2.1}
                ports:
                  tap-with-a-long-name:
                    kind: systme
                    network: [blue]
                    queues: 65
                    colour: blue
                """,
                "f:2:9: switch.name: value 'hv 1': expected a name of 1 to 63 letters, digits, dots, dashes and "
                        + "underscores",
                "f:3:12: switch.workers: value '0': expected a number 1 to 64",
                "f:4:3: switch.wrokers: unknown key, did you mean 'workers'?",
                "f:5:3: switch.name: duplicate key: already given at line 2",
                "f:7:13: underlay.local-ip: value '192.0.2.300': expected a unicast IPv4 or IPv6 address",
                "f:8:13: underlay.udp-port: value '4789x': expected a number 1 to 65535",
                "f:11:13: networks.blue.tunnel: value 'vxlna': expected one of vxlan, gre, none",
                "f:12:10: networks.blue.vni: value '-1': expected a number 0 to 16777215 (VXLAN) or 4294967295 (GRE)",
                "f:13:26: networks.blue.remotes[1]: value '224.0.0.1': expected a unicast IPv4 or IPv6 address",
                "f:15:15: networks.blue.subnets[0].cidr: value '10.0.0.1/24': expected a prefix like 10.0.0.0/24 or "
                        + "2001:db8::/64 with"
                        + " its host bits zero",
                "f:16:15: networks.blue.subnets[0].dhcp.server: missing: expected a unicast IPv4 or IPv6 address",
                "f:16:22: networks.blue.subnets[0].dhcp.pool: value '10.0.0.9-10.0.0.2': expected FIRST-LAST like"
                        + " 10.0.0.100-10.0.0.199, FIRST not above LAST",
                "f:16:48: networks.blue.subnets[0].dhcp.lease: value 'forever': expected a duration like 90s, 30m, "
                        + "12h or 1d, from 10s"
                        + " to 3650d",
                "f:18:15: networks.blue.hosts[0].mac: value '01:00:5e:00:00:01': expected a unicast MAC address like"
                        + " \"02:00:00:00:00:01\"",
                "f:20:3: ports.tap-with-a-long-name: value 'tap-with-a-long-name': expected an interface name of 1 "
                        + "to 15 printable"
                        + " ASCII characters without '/', ':', '%' and spaces",
                "f:21:11: ports.tap-with-a-long-name.kind: value 'systme': expected one of tap, system, internal",
                "f:22:14: ports.tap-with-a-long-name.network: value '[...]': expected a name of 1 to 63 letters, "
                        + "digits, dots, dashes"
                        + " and underscores",
                "f:23:13: ports.tap-with-a-long-name.queues: value '65': expected a number 1 to 64",
                "f:24:5: ports.tap-with-a-long-name.colour: unknown key");
    }

    @Test
    void emptyAndMistypedValues() {
        refuses(
                """
                switch:
                  name:
                  spin: 5
                underlay: here
                networks: [blue]
                ports:
                  a/b: {kind: tap, network: n}
                  underlay: {kind: tap, network: n}
                  any: {kind: tap, network: n}
                """,
                "f:2:8: switch.name: value '': expected a name of 1 to 63 letters, digits, dots, dashes and "
                        + "underscores",
                "f:3:9: switch.spin: value '5': expected a duration like 90s, 30m, 12h or 1d, from 0s to 1s",
                "f:4:11: underlay: value 'here': expected a section with keys",
                "f:5:11: networks: value '[...]': expected names, each with a section",
                "f:7:3: ports.a/b: value 'a/b': expected an interface name of 1 to 15 printable ASCII characters "
                        + "without '/', ':', '%'"
                        + " and spaces",
                "f:8:3: ports.underlay: value 'underlay': expected another name: this one stands for the tunnels in "
                        + "all output",
                "f:9:3: ports.any: value 'any': expected another name: this one stands for all ports in 'capture any'");
    }

    @Test
    void tunnelsAndTheirKeys() {
        refusesWithHead(
                """
                underlay: {local-ip: 192.0.2.1}
                networks:
                  a: {tunnel: vxlan}
                  b: {tunnel: vxlan, vni: 16777216}
                  c: {tunnel: vxlan, vni: 7}
                  d: {tunnel: vxlan, vni: 7}
                  e: {tunnel: gre}
                  f: {tunnel: gre}
                  g: {tunnel: gre, vni: 7}
                  h: {tunnel: none, vni: 9, remotes: [192.0.2.9]}
                  i: {tunnel: vxlan, vni: 1, remotes: [192.0.2.1, "2001:db8::1", 192.0.2.2, 192.0.2.2]}
                """,
                "f:4:3: networks.a.vni: missing: expected a number 0 to 16777215, as tunnel is vxlan",
                "f:5:27: networks.b.vni: value '16777216': expected a number 0 to 16777215, as tunnel is vxlan",
                "f:7:27: networks.d.vni: value '7': expected another number: network 'c' has this one",
                "f:9:3: networks.f.vni: missing: expected a GRE key, as network 'e' uses keyless GRE",
                "f:11:26: networks.h.vni: value '9': expected no vni, as tunnel is none",
                "f:11:38: networks.h.remotes: expected none, as tunnel is none",
                "f:12:51: networks.i.remotes[1]: value '2001:db8::1': expected an IPv4 address, as "
                        + "underlay.local-ip is 192.0.2.1",
                "f:12:77: networks.i.remotes[3]: value '192.0.2.2': expected each remote once");
    }

    @Test
    void theTrafficClassOfOuterHeaders() {
        refusesWithHead(
                """
                underlay: {local-ip: 192.0.2.1}
                networks:
                  a: {tunnel: none, tos: inherit, ecn: compatibility}
                  b: {tunnel: gre, vni: 8, tos: 185, ecn: copy}
                  c: {tunnel: gre, vni: 9, tos: 256, ecn: true}
                  d: {tunnel: gre, vni: 10, tos: 0xb9, ecn: NORMAL}
                  e: {tunnel: none, tos: 0xb8}
                """,
                "f:4:26: networks.a.tos: value 'inherit': expected none, as tunnel is none",
                "f:4:40: networks.a.ecn: value 'compatibility': expected none, as tunnel is none",
                "f:5:33: networks.b.tos: value '185': expected inherit, or a multiple of 4 from 0 to 252 (as 0xb8 "
                        + "or 184)",
                "f:5:43: networks.b.ecn: value 'copy': expected normal or compatibility",
                "f:6:33: networks.c.tos: value '256': expected inherit, or a multiple of 4 from 0 to 252 (as 0xb8 "
                        + "or 184)",
                "f:6:43: networks.c.ecn: value 'true': expected normal or compatibility",
                "f:7:34: networks.d.tos: value '0xb9': expected inherit, or a multiple of 4 from 0 to 252 (as 0xb8 "
                        + "or 184)",
                "f:7:45: networks.d.ecn: value 'NORMAL': expected normal or compatibility",
                "f:8:26: networks.e.tos: value '0xb8': expected none, as tunnel is none");
    }

    @Test
    void aTunnelNeedsAnUnderlay() {
        refusesWithHead(
                "networks: {a: {tunnel: gre}}",
                "f:1:1: underlay: missing: expected a section with local-ip, as network 'a' has a tunnel");
        refusesWithHead(
                "underlay: {local-ip: '2001:db8::1', mtu: 1279}",
                "f:2:42: underlay.mtu: value '1279': expected at least 1280, as local-ip is an IPv6 address");
    }

    @Test
    void tunnelsMayStayOnTheHost() throws ConfigException {
        String onHost =
                "underlay: {local-ip: %s}\nnetworks: {a: {tunnel: vxlan, vni: 1, remotes: [%s]}}\nswitch: {name: a}\n";
        assertEquals(
                1,
                ConfigReader.read("f", onHost.formatted("127.0.0.1", "127.0.0.2"))
                        .networks()
                        .size());
        refuses(
                onHost.formatted("192.0.2.1", "127.0.0.2"),
                "f:2:49: networks.a.remotes[0]: value '127.0.0.2': expected an address that hosts can have: "
                        + "127.0.0.0/8 is loopback");
        refuses(
                onHost.formatted("240.0.0.1", "192.0.2.2"),
                "f:1:22: underlay.local-ip: value '240.0.0.1': expected an address that hosts can have: "
                        + "240.0.0.0/4 is reserved");
    }

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
    void subnets() {
        refusesWithHead(
                """
                networks:
                  a:
                    tunnel: none
                    subnets:
                      - cidr: 10.0.0.0/24
                        gateway: "fe80::1"
                        dns: ["2001:db8::53", 10.9.9.9]
                        ntp: "2001:db8::123"
                        routes:
                          - {to: "2001:db8::/32", via: 10.0.0.1}
                          - {to: 10.1.0.0/16, via: 10.1.0.1}
                          - {to: 10.2.0.0/16, via: 0.0.0.0}
                        dhcp:
                          server: 10.0.0.255
                          pool: [10.0.0.0-10.0.0.9, 10.0.0.9-10.0.1.0, 10.0.0.200-10.0.0.255]
                      - cidr: 10.0.0.128/25
                      - cidr: "2001:db8::/64"
                        dhcp: {server: "2001:db8::1"}
                      - cidr: 10.5.0.0/24
                        gateway: 10.5.0.1
                        dhcp: {server: 10.5.0.1, pool: [10.5.0.1-10.5.0.9, 10.5.0.9]}
                """,
                "f:7:18: networks.a.subnets[0].gateway: value 'fe80::1': expected an IPv4 address",
                "f:8:15: networks.a.subnets[0].dns[0]: value '2001:db8::53': expected an IPv4 address",
                "f:9:14: networks.a.subnets[0].ntp: value '2001:db8::123': expected an IPv4 address",
                "f:11:18: networks.a.subnets[0].routes[0].to: value '2001:db8::/32': expected an IPv4 prefix",
                "f:12:36: networks.a.subnets[0].routes[1].via: value '10.1.0.1': expected an address inside "
                        + "10.0.0.0/24, the"
                        + " gateway, one that another route makes on-link, or 0.0.0.0 for on-link",
                "f:15:19: networks.a.subnets[0].dhcp.server: value '10.0.0.255': expected an address other than the "
                        + "network's and the"
                        + " broadcast address of 10.0.0.0/24",
                "f:16:18: networks.a.subnets[0].dhcp.pool[0]: value '10.0.0.0-10.0.0.9': expected a range without "
                        + "the network's and the"
                        + " broadcast address of 10.0.0.0/24",
                "f:16:37: networks.a.subnets[0].dhcp.pool[1]: value '10.0.0.9-10.0.1.0': expected a range inside "
                        + "10.0.0.0/24",
                "f:16:56: networks.a.subnets[0].dhcp.pool[2]: value '10.0.0.200-10.0.0.255': expected a range "
                        + "without the network's and"
                        + " the broadcast address of 10.0.0.0/24",
                "f:16:56: networks.a.subnets[0].dhcp.pool[2]: value '10.0.0.200-10.0.0.255': expected a range "
                        + "without dhcp.server"
                        + " 10.0.0.255",
                "f:16:56: networks.a.subnets[0].dhcp.pool[2]: value '10.0.0.200-10.0.0.255': expected a range apart "
                        + "from"
                        + " 10.0.0.9-10.0.1.0",
                "f:17:15: networks.a.subnets[1].cidr: value '10.0.0.128/25': expected a prefix apart from "
                        + "10.0.0.0/24 of the same"
                        + " network",
                "f:19:15: networks.a.subnets[2].dhcp: expected none, as 2001:db8::/64 is an IPv6 subnet: DHCPv6 is "
                        + "not supported",
                "f:22:24: networks.a.subnets[3].dhcp.server: value '10.5.0.1': expected an address other than the "
                        + "gateway's: jvswitch"
                        + " answers ARP for it",
                "f:22:41: networks.a.subnets[3].dhcp.pool[0]: value '10.5.0.1-10.5.0.9': expected a range without "
                        + "dhcp.server 10.5.0.1",
                "f:22:41: networks.a.subnets[3].dhcp.pool[0]: value '10.5.0.1-10.5.0.9': expected a range without "
                        + "the gateway 10.5.0.1",
                "f:22:60: networks.a.subnets[3].dhcp.pool[1]: value '10.5.0.9': expected a range apart from "
                        + "10.5.0.1-10.5.0.9");
    }

    @Test
    void whatDhcpCannotServe() {
        refusesWithHead(
                """
                networks:
                  a:
                    tunnel: none
                    subnets:
                      - cidr: 20.0.0.0/7
                        dhcp: {server: 20.0.0.1}
                      - cidr: 10.6.0.0/24
                        dns: [10.9.9.9%s]
                        dhcp: {server: 10.6.1.1}
                      - cidr: 10.7.0.0/30
                        gateway: 10.7.0.3
                        dhcp: {server: "::1"}
                      - cidr: 10.8.0.1/32
                        dhcp: {server: 169.254.0.2, pool: 10.8.0.1}
                      - cidr: 10.8.0.2/32
                        dhcp: {server: 169.254.0.2, server-mac: "02:00:00:00:00:02"}
                """.formatted(", 10.9.9.9".repeat(63)),
                "f:7:15: networks.a.subnets[0].dhcp: expected none, as 20.0.0.0/7 is larger than a /8",
                "f:9:14: networks.a.subnets[1].dns: expected at most 63 addresses, as many as DHCP can tell",
                "f:10:24: networks.a.subnets[1].dhcp.server: value '10.6.1.1': expected an address inside 10.6.0.0/24",
                "f:12:18: networks.a.subnets[2].gateway: value '10.7.0.3': expected an address other than the "
                        + "network's and the"
                        + " broadcast address of 10.7.0.0/30",
                "f:13:24: networks.a.subnets[2].dhcp.server: value '::1': expected an IPv4 address",
                "f:17:49: networks.a.subnets[4].dhcp.server-mac: value '02:00:00:00:00:02': expected"
                        + " 06:6a:30:94:82:ef, as server 169.254.0.2 has it in another subnet of the same network");
    }

    @Test
    void whatGuestsCannotBootFromOrBeTold() {
        String value =
                "expected TYPE:VALUE like text:abc, hex:0102ff, ip:10.0.0.5,10.0.0.6, u8:1, u16:64 or u32:3600, at"
                        + " most 1024 bytes";
        refusesWithHead(
                """
                networks:
                  a:
                    tunnel: none
                    subnets:
                      - cidr: 10.5.0.0/24
                        dhcp:
                          server: 10.5.0.1
                          boot: {file: pxelinux.0, ipxe-file: "http://10.5.0.9/x", files: {7: a.efi, 65536: b.efi}, fiel: x}
                          options: {3: ip:10.5.0.9, 43: "hex:0g", 44: "ip:::1", 13: u16:65536, 252: plain, 0: u8:1, 300: u8:1, 209: "text:"}
                      - cidr: 10.6.0.0/24
                        dhcp:
                          server: 10.6.0.1
                          boot: {next-server: "2001:db8::1", file: "\u00fcber"}
                          options: {209: text:b}
                          always-send: [209, 210]
                          ipv6-only-wait: 60s
                """,
                "f:9:24: networks.a.subnets[0].dhcp.boot.file: value 'pxelinux.0': expected a URL, or a "
                        + "next-server to load the file from",
                "f:9:79: networks.a.subnets[0].dhcp.boot.files.7: value 'a.efi': expected a URL, or a "
                        + "next-server to load the file from",
                "f:9:86: networks.a.subnets[0].dhcp.boot.files.65536: value '65536': expected a number 0 to " + "65535",
                "f:9:101: networks.a.subnets[0].dhcp.boot.fiel: unknown key, did you mean 'file'?",
                "f:10:21: networks.a.subnets[0].dhcp.options.3: value '3': expected another option: this one is "
                        + "set by a key of its own, or by the server itself",
                "f:10:41: networks.a.subnets[0].dhcp.options.43: value 'hex:0g': " + value,
                "f:10:55: networks.a.subnets[0].dhcp.options.44: value 'ip:::1': " + value,
                "f:10:69: networks.a.subnets[0].dhcp.options.13: value 'u16:65536': " + value,
                "f:10:85: networks.a.subnets[0].dhcp.options.252: value 'plain': " + value,
                "f:10:92: networks.a.subnets[0].dhcp.options.0: value '0': expected the number of an option, 1 "
                        + "to 254",
                "f:10:101: networks.a.subnets[0].dhcp.options.300: value '300': expected the number of an "
                        + "option, 1 to 254",
                "f:10:117: networks.a.subnets[0].dhcp.options.209: value 'text:': " + value,
                "f:14:31: networks.a.subnets[1].dhcp.boot.next-server: value '2001:db8::1': expected a unicast "
                        + "IPv4 address",
                "f:14:52: networks.a.subnets[1].dhcp.boot.file: value '\u00fcber': expected 1 to 255 printable "
                        + "ASCII characters",
                "f:16:30: networks.a.subnets[1].dhcp.always-send[1]: value '210': expected a number among " + "options",
                "f:17:27: networks.a.subnets[1].dhcp.ipv6-only-wait: value '60s': expected a duration like 90s, "
                        + "30m, 12h or 1d, from 5m to 3650d");
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

    @Test
    void keysMayBeAnything() {
        refusesWithHead(
                "ports: {t: {kind]: tap, 'a[0]': b, '': c, network: n}}",
                "f:2:17: not valid YAML: while parsing a flow mapping expected ',' or '}', but got ]");
        refusesWithHead(
                """
                ports:
                  t:
                    kind]: tap
                    a[0]: b
                    "": c
                """,
                "f:3:3: ports.t.kind: missing: expected one of tap, system, internal",
                "f:3:3: ports.t.network: missing: expected the name of a network, or vlans",
                "f:4:5: ports.t.kind]: unknown key, did you mean 'kind'?",
                "f:5:5: ports.t.a[0]: unknown key",
                "f:6:5: ports.t.: unknown key");
    }

    @Test
    void brokenYaml() {
        refuses(
                "switch: {name: a",
                "f:1:17: not valid YAML: while parsing a flow mapping expected ',' or '}', but got <stream end>");
        refuses(
                "switch:\n\tname: a",
                "f:2:1: not valid YAML: while scanning for the next token found character '\\t(TAB)' that cannot "
                        + "start any token. (Do not use \\t(TAB) for indentation)");
        refuses(
                "a: 1\n%\n",
                "f:2:2: not valid YAML: while scanning a directive expected alphabetic or numeric character, but "
                        + "found \\n(10)");
        refuses("a: 1\n---\nb: 2", "f:2:1: a second document: expected one");
        refuses("? [a]\n: b", "f:1:3: a key that is a collection: expected a word");
        refuses("a: *b", "f:1:4: value '*b': expected an anchor &b that ends before this alias");
        refuses("a: &b [*b]", "f:1:8: value '*b': expected an anchor &b that ends before this alias");
    }

    @Test
    void valuesAreShownOnOneLine() {
        refuses(
                "switch: {name: \"a\\nb\\e" + "x".repeat(100) + "\"}",
                "f:1:16: switch.name: value 'a\\nb\\u001b" + "x".repeat(76)
                        + "...': expected a name of 1 to 63 letters, digits, dots, dashes and underscores");
    }

    @Test
    void neitherDepthNorAliasesExhaustTheReader() {
        refuses("[".repeat(100_000), "f:1:33: nested too deeply: expected at most 32 levels");
        StringBuilder bomb = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for (int i = 1; i < 12; i++) {
            bomb.append("a").append(i).append(": &a").append(i).append(" [");
            bomb.append(("*a" + (i - 1) + ", ").repeat(10)).append("]\n");
        }
        assertTimeoutPreemptively(
                Duration.ofSeconds(20),
                () -> refuses(bomb.toString(), "f:6:45: too large: expected at most 1000000 values, aliases expanded"));
    }

    @Test
    void aDeviceIsOnePortsAlone() {
        String head = "networks: {blue: {tunnel: none}}\nports:\n";
        refusesWithHead(
                head + "  a: {kind: system, network: blue, device: eth0}\n"
                        + "  b: {kind: system, network: blue, device: eth0}\n"
                        + "  eth0: {kind: tap, network: blue}\n"
                        + "  c: {kind: system, network: blue, device: eth0, netns: web}\n",
                "f:5:44: ports.b.device: value 'eth0': expected a device of its own: port a has this one",
                "f:6:3: ports.eth0: value 'eth0': expected a device of its own: port a has this one");
        refusesWithHead(
                head + "  a: {kind: tap, network: blue, device: eth0}\n",
                "f:4:41: ports.a.device: value 'eth0': expected no device, as kind is tap: the device has the "
                        + "port's name");
        refusesWithHead(
                "underlay: {local-ip: 192.0.2.1, device: eth0}\n" + head + "  eth0: {kind: system, network: blue}\n",
                "f:5:3: ports.eth0: value 'eth0': expected another device: this one is underlay.device, which "
                        + "carries the tunnels");
        refusesWithHead(
                head + "  eth0: {kind: system, network: blue, offloads: false}\n",
                "f:4:49: ports.eth0.offloads: value 'false': expected no offloads, as kind is system: switch them "
                        + "off on the device with ethtool -K");
    }

    @Test
    void stormControlThatIsNoRate() {
        String head = "networks: {blue: {tunnel: none}}\nports:\n";
        for (String value : List.of("0", "-1", "10000001", "1.5", "1k", "off", "99999999999999999999")) {
            refusesWithHead(
                    head + "  a: {kind: tap, network: blue, storm-control: " + value + "}\n",
                    "f:4:48: ports.a.storm-control: value '" + value + "': expected a number 1 to 10000000");
        }
    }

    @Test
    void tagsThatContradictEachOther() {
        String head = "networks: {blue: {tunnel: none}, red: {tunnel: none}}\nports:\n";
        refusesWithHead(
                head + "  a: {kind: tap}\n",
                "f:4:3: ports.a.network: missing: expected the name of a network, or vlans");
        refusesWithHead(
                head + "  a: {kind: tap, vlan: 10, vlans: {11: red}}\n",
                "f:4:24: ports.a.vlan: value '10': expected no vlan without network, whose tag it is");
        refusesWithHead(
                head + "  a: {kind: tap, network: blue, vlan: 4095}\n",
                "f:4:39: ports.a.vlan: value '4095': expected a number 1 to 4094");
        refusesWithHead(
                head + "  a: {kind: tap, vlans: {0: blue, ten: red}}\n",
                "f:4:26: ports.a.vlans.0: value '0': expected a number 1 to 4094",
                "f:4:35: ports.a.vlans.ten: value 'ten': expected a number 1 to 4094");
        refusesWithHead(
                head + "  a: {kind: tap, vlans: blue}\n",
                "f:4:25: ports.a.vlans: value 'blue': expected a mapping like {10: name}");
        refusesWithHead(
                head + "  a: {kind: tap, vlans: {10: blue, 10: red}}\n",
                "f:4:36: ports.a.vlans.10: duplicate key: already given at line 4");
        refusesWithHead(
                head + "  a: {kind: tap, network: blue, vlan: 10, vlans: {10: red}}\n",
                "f:4:55: ports.a.vlans.10: value 'red': expected another VLAN: 10 is network blue's");
        refusesWithHead(
                head + "  a: {kind: tap, network: blue, vlans: {10: red, 11: red, 12: blue, 13: green}}\n",
                "f:4:54: ports.a.vlans.11: value 'red': expected each network once: the port has this one as VLAN 10",
                "f:4:63: ports.a.vlans.12: value 'blue': expected each network once: the port has this one without "
                        + "a tag",
                "f:4:73: ports.a.vlans.13: value 'green': expected the name of a network: blue, red");
        refusesWithHead(
                head + "  a: {kind: tap, network: blue, vlan: 10, trunks: [5, 100-99]}\n",
                "f:4:55: ports.a.trunks[1]: value '100-99': expected a VLAN 1 to 4094, a range like 100-199, or none");
        refusesWithHead(
                head + "  a: {kind: tap, network: blue, vlan: 10, trunks: [5, 100-199]}\n",
                "f:4:51: ports.a.trunks: expected no trunks beside vlan or vlans: there the outer tag is the port's "
                        + "and not the guest's");
        refusesWithHead(
                head + "  a: {kind: tap, network: blue, vlan-protocol: 802.1ad}\n",
                "f:4:48: ports.a.vlan-protocol: value '802.1ad': expected no vlan-protocol without vlan or vlans");
        refusesWithHead(
                head + "  a: {kind: tap, vlans: {10: blue}, mac: \"02:00:00:00:00:01\"}\n",
                "f:4:42: ports.a.mac: value '02:00:00:00:00:01': expected no mac beside vlans: many stations are "
                        + "behind such a port");
    }
}
