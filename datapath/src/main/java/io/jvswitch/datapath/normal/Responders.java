package io.jvswitch.datapath.normal;

import io.jvswitch.arp.ArpResponder;
import io.jvswitch.arp.NeighbourResponder;
import io.jvswitch.arp.NeighbourTable;
import io.jvswitch.arp.ResponderDecision;
import io.jvswitch.flowtable.key.FlowField;
import io.jvswitch.flowtable.key.FlowReader;
import io.jvswitch.wire.DropReason;
import io.jvswitch.wire.IpAddress;
import io.jvswitch.wire.MacAddress;
import io.jvswitch.wire.header.EtherType;
import io.jvswitch.wire.header.IcmpHeader;
import io.jvswitch.wire.header.IpProtocol;

/** What the switch answers itself, so that it never crosses the underlay: ARP, neighbour discovery, DHCP. */
final class Responders {

    private static final int ND_SOLICITATION = 135;
    private static final int DHCP_SERVER_PORT = 67;

    private Responders() {}

    /** Whether the frame's way ends here; if not, it is forwarded. */
    static boolean answer(NormalStep step) {
        if (step.port() == null) {
            return false; // each switch answers for its own guests only
        }
        if (step.vlan() != 0) {
            return false; // a VLAN of the guests' own: the network's addresses, servers and bindings are not there
        }
        FlowReader key = step.key();
        return switch ((int) key.get(FlowField.ETH_TYPE)) {
            case EtherType.ARP -> arp(step);
            case EtherType.IPV4 -> dhcp(step) || echo(step) || service(step);
            case EtherType.IPV6 -> neighbour(step);
            default -> service(step);
        };
    }

    private static boolean arp(NormalStep step) {
        FlowReader key = step.key();
        NeighbourTable neighbours = step.network().neighbours();
        int target = (int) key.get(FlowField.IP_DST);
        ResponderDecision decision = ArpResponder.decide(
                (int) key.get(FlowField.IP_PROTO),
                key.get(FlowField.ARP_SHA),
                (int) key.get(FlowField.IP_SRC),
                target,
                key.get(FlowField.ETH_DST),
                neighbours);
        return switch (decision) {
            case ANSWER -> {
                long mac = neighbours.macOf(0, IpAddress.mappedLo(target));
                if (step.tracing()) {
                    step.say("ARP for " + IpAddress.ipv4ToString(target) + " is answered here: it is at "
                            + MacAddress.toString(mac));
                }
                step.answerArp(mac);
                yield true;
            }
            case SILENT -> {
                step.drop(DropReason.RESPONDER_SILENT);
                yield true;
            }
            case FORWARD -> service(step);
        };
    }

    private static boolean neighbour(NormalStep step) {
        FlowReader key = step.key();
        if (!key.is(FlowField.IP_PROTO, IpProtocol.ICMPV6) || !key.is(FlowField.L4_SRC, ND_SOLICITATION)) {
            return service(step);
        }
        NeighbourTable neighbours = step.network().neighbours();
        long hi = key.getHi(FlowField.ND_TARGET);
        long lo = key.get(FlowField.ND_TARGET);
        ResponderDecision decision =
                NeighbourResponder.decide(key.get(FlowField.ETH_SRC), hi, lo, key.get(FlowField.ETH_DST), neighbours);
        return switch (decision) {
            case ANSWER -> {
                long mac = neighbours.macOf(hi, lo);
                if (step.tracing()) {
                    step.say("neighbour solicitation for " + IpAddress.toString(hi, lo) + " is answered here: it is at "
                            + MacAddress.toString(mac));
                }
                step.answerNeighbour(mac, neighbours.isRouter(hi, lo));
                yield true;
            }
            case SILENT -> {
                step.drop(DropReason.RESPONDER_SILENT);
                yield true;
            }
            case FORWARD -> service(step);
        };
    }

    /** Whether an IPv4 packet goes to the network's DHCP server here, and to nobody else. */
    static boolean isForDhcpServer(NormalStep step) {
        FlowReader key = step.key();
        if (!step.network().dhcp() || !key.is(FlowField.IP_PROTO, IpProtocol.UDP)) {
            return false;
        }
        // The destination's MAC was looked at before. Of ports, ordinary traffic needs to show a few bits only.
        long destination = key.get(FlowField.ETH_DST);
        return (destination == MacAddress.BROADCAST || step.network().isServiceMac(destination))
                && key.isByPrefix(FlowField.L4_DST, DHCP_SERVER_PORT);
    }

    private static boolean dhcp(NormalStep step) {
        if (!isForDhcpServer(step)) {
            return false;
        }
        step.say("a DHCP request: the conductor answers");
        step.takeOffCableTag();
        step.toDhcp();
        return true;
    }

    /** A ping of a service's own address, as a person tries it. */
    private static boolean echo(NormalStep step) {
        FlowReader key = step.key();
        long destination = key.get(FlowField.ETH_DST);
        boolean asked = step.network().isServiceMac(destination)
                && key.is(FlowField.IP_PROTO, IpProtocol.ICMP)
                && key.is(FlowField.L4_SRC, IcmpHeader.TYPE_ECHO_REQUEST)
                && key.is(FlowField.L4_DST, 0)
                && key.is(FlowField.IP_FRAG, FlowField.FRAG_NONE)
                && step.network().neighbours().macOfIpv4((int) key.get(FlowField.IP_DST)) == destination;
        if (asked) {
            step.say("a ping of an address of the switch's own is answered here");
            step.answerEcho();
        }
        return asked;
    }

    /** Nothing else is answered at the switch's own MACs, and nothing for them leaves. */
    private static boolean service(NormalStep step) {
        if (!step.network().isServiceMac(step.key().get(FlowField.ETH_DST))) {
            return false;
        }
        step.drop(DropReason.DESTINATION_RESERVED);
        return true;
    }
}
