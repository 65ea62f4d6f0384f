package io.jvswitch.vswitchd.config.yaml;

import static io.jvswitch.vswitchd.config.yaml.Refusals.refuses;
import static io.jvswitch.vswitchd.config.yaml.Refusals.refusesWithHead;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

/** What is said about ports and tunnels that cannot be. */
final class PortErrorsTest {

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
