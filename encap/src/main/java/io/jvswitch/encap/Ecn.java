package io.jvswitch.encap;

import io.jvswitch.wire.DropReason;
import io.jvswitch.wire.Frame;
import io.jvswitch.wire.header.Ipv4Header;
import io.jvswitch.wire.header.Ipv6Header;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * Explicit congestion notification where a tunnel ends (RFC 6040, section 4.2; RFC 9601 for tunnels with a header
 * between the two of IP): a router of the underlay that marks the outer header means the inner packet.
 *
 * <pre>
 *                         outer header
 *   inner     Not-ECT   ECT(0)    ECT(1)    CE
 *   Not-ECT   Not-ECT   Not-ECT   Not-ECT   dropped
 *   ECT(0)    ECT(0)    ECT(0)    ECT(1)    CE
 *   ECT(1)    ECT(1)    ECT(1)    ECT(1)    CE
 *   CE        CE        CE        CE        CE
 * </pre>
 *
 * <p>A frame without an IP packet passes whatever the outer header says: its sender could neither ask for marks nor
 * learn of them. Stateless, allocates nothing.
 */
public final class Ecn {

    /** The packet's transport does not understand ECN (RFC 3168, section 5). */
    public static final int NOT_ECT = 0;
    /**
     * The packet's transport understands ECN; experimental uses give this codepoint a meaning of its own (RFC 8311).
     */
    public static final int ECT_1 = 1;
    /** The packet's transport understands ECN. */
    public static final int ECT_0 = 2;
    /** A router on the way was congested. */
    public static final int CE = 3;

    /** The ECN field's bits in a traffic class. */
    static final int MASK = 3;

    private static final int DROP = -1;

    private Ecn() {}

    /** Whether an outer header changes any packet: ECT(1) and CE have this bit, the others do not. */
    public static boolean changesInner(int outerTrafficClass) {
        return (outerTrafficClass & 1) != 0;
    }

    /**
     * Applies the outer header's mark ({@link Frame#outerTrafficClass()}) to the IP packet of an Ethernet frame that
     * was just taken out of a tunnel. Applying it twice is the same as once. Layers need not be set; a malformed packet
     * stays as it is.
     *
     * @return null, or {@link DropReason#TUNNEL_CE_NOT_ECT}, and then the frame is unchanged
     */
    public static @Nullable DropReason decapsulate(Frame inner) {
        int outer = inner.outerTrafficClass();
        return changesInner(outer) ? decapsulate(inner.segment(), inner.start(), inner.length(), outer) : null;
    }

    /**
     * As {@link #decapsulate(Frame)}, for an Ethernet frame that begins at {@code at} and an outer header for which
     * {@link #changesInner} holds.
     */
    public static @Nullable DropReason decapsulate(MemorySegment seg, int at, int length, int outerTrafficClass) {
        int l3At = InnerPacket.ipAt(seg, at, length);
        if (l3At < 0) {
            return null;
        }
        int trafficClass = InnerPacket.trafficClass(seg, l3At);
        int inner = trafficClass & MASK;
        int combined = combine(inner, outerTrafficClass & MASK);
        if (combined == DROP) {
            return DropReason.TUNNEL_CE_NOT_ECT;
        }
        if (combined != inner) {
            int marked = trafficClass & ~MASK | combined;
            if (Ipv4Header.version(seg, l3At) == 4) {
                Ipv4Header.changeTos(seg, l3At, marked);
            } else {
                Ipv6Header.setTrafficClass(seg, l3At, marked);
            }
        }
        return null;
    }

    /** DSCP and ECN of a traffic class in words, as {@code 0xba (DSCP 46, ECT(0))}. */
    public static String text(int trafficClass) {
        String ecn = switch (trafficClass & MASK) {
            case CE -> "CE";
            case ECT_0 -> "ECT(0)";
            case ECT_1 -> "ECT(1)";
            default -> "Not-ECT";
        };
        return "0x" + Integer.toHexString(trafficClass) + " (DSCP " + (trafficClass >>> 2) + ", " + ecn + ")";
    }

    private static int combine(int inner, int outer) {
        return switch (outer) {
            case CE -> inner == NOT_ECT ? DROP : CE;
            case ECT_1 -> inner == ECT_0 ? ECT_1 : inner;
            default -> inner;
        };
    }
}
