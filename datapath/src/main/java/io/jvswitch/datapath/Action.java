package io.jvswitch.datapath;

import io.jvswitch.encap.EffectiveMtu;
import io.jvswitch.encap.TunnelKind;
import io.jvswitch.wire.DropReason;
import io.jvswitch.wire.IpAddress;
import io.jvswitch.wire.MacAddress;

/**
 * One thing that is done to a frame: what a verdict is a list of. The text forms are those of {@code ovs-ofctl}, where it
 * has one.
 */
public sealed interface Action {

    /** Leaves by a local port. */
    record Output(int port) implements Action {
        @Override
        public String toString() {
            return "output:" + port;
        }
    }

    /**
     * Is encapsulated and leaves by the underlay.
     *
     * @param kind of tunnel
     * @param id VNI or GRE key
     * @param keyed whether GRE carries the key
     * @param remote outer destination
     * @param udpPort outer UDP destination port, where the tunnel has one
     * @param mtuBytes largest inner IP packet for this path
     */
    record Tunnel(TunnelKind kind, long id, boolean keyed, IpAddress remote, int udpPort, int mtuBytes)
            implements Action {

        /** The action for a domain's tunnel to one VTEP. */
        static Tunnel to(BridgeDomain domain, TunnelKind kind, Vtep vtep) {
            boolean ipv6 = !vtep.address().isIpv4();
            int mtu = Math.min(domain.mtuBytes(), EffectiveMtu.of(kind, domain.keyed(), ipv6, vtep.pathMtuBytes()));
            return new Tunnel(kind, domain.tunnelId(), domain.keyed(), vtep.address(), vtep.udpPort(), mtu);
        }

        @Override
        public String toString() {
            return "tunnel(" + kind.label() + ",id=" + id + ",dst=" + remote + ",mtu=" + mtuBytes + ")";
        }
    }

    /** A TCP SYN's maximum segment size is lowered to what fits the MTU. */
    record ClampMss(int mtuBytes) implements Action {
        @Override
        public String toString() {
            return "clamp_mss(mtu=" + mtuBytes + ")";
        }
    }

    /** An ARP request is turned into its reply and sent back. */
    record AnswerArp(long mac) implements Action {
        @Override
        public String toString() {
            return "arp_reply(" + MacAddress.toString(mac) + ")";
        }
    }

    /** An IPv6 neighbour solicitation is turned into its advertisement and sent back. */
    record AnswerNeighbour(long mac, boolean router) implements Action {
        @Override
        public String toString() {
            return "nd_advertisement(" + MacAddress.toString(mac) + ")";
        }
    }

    /** Goes to the conductor's DHCP server. */
    record ToDhcp(int domain) implements Action {
        @Override
        public String toString() {
            return "dhcp";
        }
    }

    /** Ends here. */
    record Drop(DropReason reason) implements Action {
        @Override
        public String toString() {
            return "drop(" + reason.label() + ")";
        }
    }
}
