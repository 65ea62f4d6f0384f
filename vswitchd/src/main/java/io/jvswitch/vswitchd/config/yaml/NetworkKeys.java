package io.jvswitch.vswitchd.config.yaml;

import io.jvswitch.encap.OuterTos;
import io.jvswitch.vswitchd.plan.HostSpec;
import io.jvswitch.vswitchd.plan.NetworkSpec;
import io.jvswitch.vswitchd.plan.NetworkTunnel;
import io.jvswitch.vswitchd.plan.SubnetSpec;
import io.jvswitch.wire.IpAddress;
import io.jvswitch.wire.MacAddress;
import java.util.ArrayList;
import java.util.List;

/** The keys of a network and of its {@code hosts}. */
final class NetworkKeys {

    private static final Key<NetworkTunnel> TUNNEL = Key.required(
            "tunnel",
            Values.choice(NetworkTunnel.class),
            "How frames travel between hosts: `vxlan` (RFC 7348), `gre` (RFC 2784 and 2890, protocol 0x6558), or "
                    + "`none` for a network "
                    + "of this host only.");
    private static final Key<Long> VNI = Key.optional(
            "vni",
            Values.key32(),
            "required for `vxlan`; keyless for `gre`",
            "VXLAN network identifier (24 bits), or the GRE key (32 bits). At most one network may use keyless GRE.");
    private static final Key<IpAddress> REMOTES = Key.some(
            "remotes",
            Values.UNICAST_IP,
            "VTEPs that get a copy of each broadcast, multicast and unknown-unicast frame (head-end replication). "
                    + "All hosts may have "
                    + "one list: this host's own `local-ip` is left out.");
    private static final Key<Boolean> LEARNING = Key.defaulted(
            "learning",
            Values.FLAG,
            true,
            "true",
            "Whether MAC addresses are learned from tunnel traffic. Without it `hosts` alone says who is behind the "
                    + "tunnel, and frames "
                    + "to anybody else there are flooded. What ports send is learned in any case.");
    private static final Key<Boolean> ALLOW_UNKNOWN_VTEPS = Key.defaulted(
            "allow-unknown-vteps",
            Values.FLAG,
            false,
            "false",
            "Whether frames are taken from VTEPs that are neither in `remotes` nor a host's. At most 4,096 such are "
                    + "known at a time; one that "
                    + "is silent for `mac-age` is forgotten, and when there is no room, the one that has been "
                    + "silent the longest gives way.");
    private static final Key<Integer> MTU = Key.optional(
            "mtu",
            Values.number(UnderlayKeys.MIN_MTU_BYTES, UnderlayKeys.MAX_MTU_BYTES),
            "the underlay's less the tunnel's overhead; 1500 without a tunnel",
            "MTU of the guests in bytes: told by DHCP, enforced by TCP MSS clamping and ICMP.");
    private static final Key<OuterTos> TOS = Key.defaulted(
            "tos",
            Values.OUTER_DSCP,
            OuterTos.DEFAULT,
            "0",
            "DSCP of the tunnel's outer headers: `inherit` takes it from the packet inside (0 for what is no IP "
                    + "packet); a number is "
                    + "the octet with its two ECN bits 0, as `tos` of Linux's and Open vSwitch's tunnels (0xb8 is "
                    + "EF).");
    private static final Key<Boolean> ECN = Key.defaulted(
            "ecn",
            Values.ECN_MODE,
            true,
            "normal",
            "`normal` copies the ECN field of the packet inside to the outer header, so that the underlay can mark "
                    + "instead of "
                    + "dropping (RFC 6040); `compatibility` never does, for peers that lose the marks. Marks of "
                    + "packets that come in are "
                    + "passed on in both.");
    private static final Key<Boolean> ARP_RESPONDER = Key.defaulted(
            "arp-responder",
            Values.FLAG,
            true,
            "true",
            "Whether ARP requests and IPv6 neighbour solicitations for known addresses are answered locally.");

    private static final Key<MacAddress> MAC = Key.required("mac", Values.UNICAST_MAC, "MAC address of the host.");
    private static final Key<IpAddress> IP =
            Key.some("ip", Values.UNICAST_IP, "Its addresses; ARP and neighbour solicitations for them are answered.");
    private static final Key<IpAddress> VTEP = Key.required(
            "vtep",
            Values.UNICAST_IP,
            "The VTEP behind which it lives: the `local-ip` of its switch. With this host's own the entry only "
                    + "answers ARP and ND: the guest is where its port is.");
    private static final Key<Boolean> ROUTER = Key.optional(
            "router",
            Values.FLAG,
            "as it says itself",
            "Whether the host routes: the answers for it must tell (R flag), or guests drop their default route. "
                    + "When absent it is learnt "
                    + "from its own advertisements, and until then nothing is answered for a link-local address of "
                    + "it. The holder of a "
                    + "subnet's `gateway` routes.");
    static final KeyTable HOST_TABLE = new KeyTable(
            "networks.NAME.hosts[]",
            "A VM or container behind another VTEP (what Neutron calls l2population): answered locally, sent "
                    + "straight. A `system` port "
                    + "may have the same addresses: the guest migrates, and is here while its device is. Also by "
                    + "`jvswitch host add`.",
            List.of(MAC, IP, VTEP, ROUTER));

    private static final Key<Section> SUBNETS =
            Key.sections("subnets", Key.Shape.SECTION_LIST, SubnetKeys.TABLE, false, "IP subnets of the network.");
    private static final Key<Section> HOSTS =
            Key.sections("hosts", Key.Shape.SECTION_LIST, HOST_TABLE, false, "Who lives behind which VTEP.");

    static final KeyTable TABLE = new KeyTable(
            "networks.NAME",
            "A network: one layer-2 broadcast domain. Also by `jvswitch network add`.",
            List.of(TUNNEL, VNI, REMOTES, LEARNING, ALLOW_UNKNOWN_VTEPS, MTU, TOS, ECN, ARP_RESPONDER, SUBNETS, HOSTS));

    private NetworkKeys() {}

    static NetworkSpec read(Section section, String name) {
        Long vni = section.find(VNI);
        Integer mtu = section.find(MTU);
        List<SubnetSpec> subnets = new ArrayList<>();
        for (Section subnet : section.sectionList(SUBNETS)) {
            subnets.add(SubnetKeys.read(subnet, name));
        }
        List<HostSpec> hosts = new ArrayList<>();
        for (Section host : section.sectionList(HOSTS)) {
            hosts.add(readHost(host));
        }
        return new NetworkSpec(
                name,
                section.require(TUNNEL, NetworkTunnel.NONE),
                vni == null ? NetworkSpec.NO_VNI : vni,
                section.list(REMOTES),
                section.get(LEARNING),
                section.get(ALLOW_UNKNOWN_VTEPS),
                mtu == null ? 0 : mtu,
                section.get(TOS).withEcn(section.get(ECN)),
                section.get(ARP_RESPONDER),
                subnets,
                hosts);
    }

    static HostSpec readHost(Section section) {
        return new HostSpec(
                section.require(MAC, StandIns.MAC),
                section.list(IP),
                section.require(VTEP, StandIns.IP),
                section.find(ROUTER));
    }
}
