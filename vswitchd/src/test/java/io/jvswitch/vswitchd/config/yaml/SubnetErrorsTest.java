package io.jvswitch.vswitchd.config.yaml;

import static io.jvswitch.vswitchd.config.yaml.Refusals.refusesWithHead;

import org.junit.jupiter.api.Test;

/** What is said about subnets and about what DHCP cannot serve. */
final class SubnetErrorsTest {

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
    void guestsAreToldOfServersThatThereCanBe() {
        refusesWithHead(
                """
                networks:
                  a:
                    tunnel: none
                    subnets:
                      - cidr: 10.0.0.0/24
                        dns: [8.8.8.8, 127.0.0.53]
                        ntp: [250.0.0.1]
                        dhcp: {server: 10.0.0.2, boot: {next-server: 127.0.0.1, file: x}}
                """,
                "f:7:24: networks.a.subnets[0].dns[1]: value '127.0.0.53': expected an address that hosts can have: "
                        + "127.0.0.0/8 is loopback",
                "f:8:15: networks.a.subnets[0].ntp[0]: value '250.0.0.1': expected an address that hosts can have: "
                        + "240.0.0.0/4 is reserved",
                "f:9:54: networks.a.subnets[0].dhcp.boot.next-server: value '127.0.0.1': expected an address that "
                        + "hosts can have: 127.0.0.0/8 is loopback");
    }
}
