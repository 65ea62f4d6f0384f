package io.jvswitch.encap.mtu;

import io.jvswitch.encap.EffectiveMtu;
import io.jvswitch.wire.Frame;
import io.jvswitch.wire.NetworkOrder;
import io.jvswitch.wire.header.Checksum;
import io.jvswitch.wire.header.IpProtocol;
import io.jvswitch.wire.header.Ipv4Header;
import io.jvswitch.wire.header.Ipv6Extensions;
import io.jvswitch.wire.header.Ipv6Header;
import io.jvswitch.wire.header.TcpHeader;
import java.lang.foreign.MemorySegment;

/**
 * Lowers the maximum segment size that a TCP SYN announces to what fits the tunnel, so that TCP never sends segments
 * that would have to be refused (RFC 9293, section 3.7.1; RFC 2923, section 2.3 on why waiting for ICMP is not enough).
 *
 * <p>The option's value counts fixed headers only (RFC 6691, section 2): MTU less 40 for IPv4, less 60 for IPv6. It is
 * lowered, never raised; a SYN without the option means 536 or 1220 bytes, which fit, and is left without one;
 * malformed options are left alone, and so is a segment that TCP-AO signs with its options (RFC 5925, section 5.1).
 *
 * <p>The checksum is updated incrementally (RFC 1624), never computed anew: a damaged segment stays damaged. A partial
 * checksum does not cover the option yet and stays as it is.
 *
 * <p>Stateless, allocates nothing.
 */
public final class MssClamp {

    private static final int IPV4_HEADERS_BYTES = Ipv4Header.BYTES + TcpHeader.BYTES;
    private static final int IPV6_HEADERS_BYTES = Ipv6Header.BYTES + TcpHeader.BYTES;
    /** TCP authentication option (RFC 5925, section 2.2). */
    private static final int OPTION_AUTHENTICATION = 29;

    private MssClamp() {}

    /**
     * Clamps the frame in place. Call it for any frame whose layers are set; all except TCP segments with SYN pass
     * unchanged.
     *
     * @param frame a frame that extraction found well formed
     * @param mtuBytes the IP MTU of untagged frames ({@link EffectiveMtu#of}); the frame's VLAN tags are subtracted
     *     here
     * @return whether the option was lowered
     */
    public static boolean clamp(Frame frame, int mtuBytes) {
        int l4At = frame.l4At();
        if (l4At == 0 || l4At + TcpHeader.BYTES > frame.end()) {
            return false;
        }
        MemorySegment seg = frame.segment();
        if ((NetworkOrder.getU8(seg, l4At + (long) TcpHeader.LOW_FLAGS_OFFSET) & TcpHeader.FLAG_SYN) == 0) {
            return false; // most frames end here: the bit is tested before it is known to be a TCP flag
        }
        int l3At = frame.l3At();
        boolean ipv4 = Ipv4Header.version(seg, l3At) == 4;
        int tcpBytes = ipv4 ? tcpBytesOfIpv4(seg, l3At, l4At) : tcpBytesOfIpv6(seg, l3At, l4At);
        if (TcpHeader.check(seg, l4At, Math.min(tcpBytes, frame.end() - l4At)) != null) {
            return false;
        }
        int limit = EffectiveMtu.forFrame(frame, mtuBytes) - (ipv4 ? IPV4_HEADERS_BYTES : IPV6_HEADERS_BYTES);
        return limit > 0 && lower(frame, l4At, limit);
    }

    /** Bytes of the TCP segment, or -1 when it is not one. */
    private static int tcpBytesOfIpv4(MemorySegment seg, int l3At, int l4At) {
        if (Ipv4Header.protocol(seg, l3At) != IpProtocol.TCP || Ipv4Header.isLaterFragment(seg, l3At)) {
            return -1;
        }
        return l3At + Ipv4Header.totalLength(seg, l3At) - l4At;
    }

    private static int tcpBytesOfIpv6(MemorySegment seg, int l3At, int l4At) {
        if (Ipv6Header.version(seg, l3At) != 6) {
            return -1;
        }
        long walk = Ipv6Extensions.walk(seg, l3At);
        if (Ipv6Extensions.failure(walk) != null
                || Ipv6Extensions.protocol(walk) != IpProtocol.TCP
                || Ipv6Extensions.isLaterFragment(walk)) {
            return -1;
        }
        return l3At + Ipv6Header.totalBytes(seg, l3At) - l4At;
    }

    private static boolean lower(Frame frame, int l4At, int limit) {
        MemorySegment seg = frame.segment();
        long option = TcpHeader.findOption(seg, l4At, TcpHeader.OPTION_MSS);
        if (option < 0 || TcpHeader.optionBytes(seg, option) != TcpHeader.MSS_OPTION_BYTES) {
            return false;
        }
        long valueAt = option + TcpHeader.OPTION_VALUE_OFFSET;
        int announced = NetworkOrder.getU16(seg, valueAt);
        if (announced <= limit || TcpHeader.findOption(seg, l4At, OPTION_AUTHENTICATION) >= 0) {
            return false;
        }
        NetworkOrder.putU16(seg, valueAt, limit);
        boolean partial = frame.checksumState() == Frame.CSUM_PARTIAL && frame.checksumStart() == l4At;
        if (!partial) {
            boolean odd = (valueAt - l4At & 1) != 0;
            int before = odd ? swapped(announced) : announced;
            int after = odd ? swapped(limit) : limit;
            TcpHeader.setChecksum(seg, l4At, Checksum.update16(TcpHeader.checksum(seg, l4At), before, after));
        }
        return true;
    }

    /** A value that straddles two words changes the sum as its swapped bytes would (RFC 1071, section 2 (B)). */
    private static int swapped(int value) {
        return (value & 0xff) << 8 | value >>> 8;
    }
}
