package io.jvswitch.encap;

import io.jvswitch.wire.Frame;
import io.jvswitch.wire.header.EthernetHeader;
import io.jvswitch.wire.header.Ipv4Header;
import io.jvswitch.wire.header.Ipv6Header;
import io.jvswitch.wire.header.UdpHeader;
import io.jvswitch.wire.tunnel.GeneveHeader;
import io.jvswitch.wire.tunnel.VxlanHeader;

/**
 * How large a packet may be to fit through a tunnel.
 *
 * <pre>
 *  |&lt;------------------------- path MTU ---------------------------&gt;|
 *  | outer IP | UDP | tunnel header | inner Ethernet | tags | inner IP packet |
 *  | 20 or 40 | 0/8 |    4 to 8     |       14       | 4*n  |  inner MTU      |
 * </pre>
 *
 * <p>The MTU that a guest is told ({@link #of}) is that of an untagged frame. A VLAN tag inside the tunnel counts as 4
 * bytes against it: the same outer packet then holds an IP packet 4 bytes shorter, which {@link #forFrame} works out.
 * Whole frames are compared with {@link #maxFrameBytes}, which is independent of tags.
 *
 * <p>At a path MTU of 1500, over IPv4: VXLAN and Geneve 1450, GRE 1462, GRE with key 1458; over IPv6 20 less. Geneve is
 * counted without options: jvswitch sends none.
 */
public final class EffectiveMtu {

    /** Smallest MTU that a link may have for IPv4 (RFC 791, section 3.2). */
    public static final int IPV4_MINIMUM_BYTES = 68;

    private EffectiveMtu() {}

    /**
     * The inner IP MTU of untagged frames.
     *
     * @param kind the tunnel
     * @param keyed whether GRE carries a key; has no meaning for the others
     * @param ipv6Underlay whether the outer header is IPv6
     * @param pathMtuBytes largest outer IP packet
     * @return bytes, never negative
     */
    public static int of(TunnelKind kind, boolean keyed, boolean ipv6Underlay, int pathMtuBytes) {
        return Math.max(0, pathMtuBytes - overheadBytes(kind, keyed, ipv6Underlay));
    }

    /**
     * What the tunnel adds to an inner IP packet: outer IP, UDP, tunnel header and the inner Ethernet header without
     * tags.
     */
    public static int overheadBytes(TunnelKind kind, boolean keyed, boolean ipv6Underlay) {
        return outerBytes(kind, keyed, ipv6Underlay) + EthernetHeader.BYTES;
    }

    /** What the tunnel adds to an inner frame: outer IP, UDP and tunnel header. */
    public static int outerBytes(TunnelKind kind, boolean keyed, boolean ipv6Underlay) {
        int transport = kind == TunnelKind.GRE ? 0 : UdpHeader.BYTES;
        return (ipv6Underlay ? Ipv6Header.BYTES : Ipv4Header.BYTES) + transport + headerBytes(kind, keyed);
    }

    /** What push puts before a frame: the tunnel header alone. */
    public static int headerBytes(TunnelKind kind, boolean keyed) {
        return switch (kind) {
            case VXLAN -> VxlanHeader.BYTES;
            case GRE -> Gre.headerBytes(keyed);
            case GENEVE -> GeneveHeader.BYTES;
        };
    }

    /**
     * The largest inner frame, with Ethernet header and tags but without FCS: longer ones do not fit, whatever their
     * tags.
     *
     * @return bytes, never negative
     */
    public static int maxFrameBytes(TunnelKind kind, boolean keyed, boolean ipv6Underlay, int pathMtuBytes) {
        return Math.max(0, pathMtuBytes - outerBytes(kind, keyed, ipv6Underlay));
    }

    /** The largest frame for an inner IP MTU of untagged frames: 14 bytes more. */
    public static int maxFrameBytes(int mtuBytes) {
        return mtuBytes + EthernetHeader.BYTES;
    }

    /**
     * The IP MTU for this frame's sender: {@code mtuBytes} less 4 for each VLAN tag that the frame carries.
     *
     * @param frame a frame whose {@link Frame#l3At()} is set
     * @param mtuBytes the IP MTU of untagged frames, see {@link #of}
     */
    public static int forFrame(Frame frame, int mtuBytes) {
        return mtuBytes - (frame.l3At() - frame.start() - EthernetHeader.BYTES);
    }
}
