package io.jvswitch.encap;

import io.jvswitch.wire.DropReason;
import io.jvswitch.wire.Frame;
import io.jvswitch.wire.header.EtherType;
import io.jvswitch.wire.tunnel.GeneveHeader;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * Geneve (RFC 8926): an Ethernet frame in a UDP datagram, with room for options. We send none; on receipt those that
 * are not critical are stepped over.
 *
 * <pre>
 *  | outer IP | UDP to 6081 | Geneve, 8 bytes | inner Ethernet frame |
 *  '-------- the socket's --'------------ the datagram --------------'
 * </pre>
 *
 * <p>Stateless, allocates nothing.
 */
public final class Geneve {

    private Geneve() {}

    /**
     * Puts a Geneve header without options before the frame. The inner frame's checksums must be complete by the time a
     * socket sends it.
     *
     * @param vni virtual network identifier, 0 to 2^24-1
     * @return false when there is no headroom, and then the frame is unchanged: {@link DropReason#HEADROOM}
     */
    public static boolean push(Frame frame, int vni) {
        if (!OuterHeader.push(frame, GeneveHeader.BYTES)) {
            return false;
        }
        GeneveHeader.write(frame.segment(), frame.start(), 0, false, EtherType.TRANSPARENT_ETHERNET, vni);
        return true;
    }

    /**
     * Checks and strips the Geneve header and its options and notes the VNI in the frame's tunnel fields.
     *
     * <p>Every option is looked at, whatever the header's C bit says: that bit is the sender's word, and an option that
     * must be understood must be (RFC 8926, section 3.5).
     *
     * @return null, or why the frame is to be dropped, and then it is unchanged: {@link DropReason#GENEVE_TRUNCATED},
     *     {@link DropReason#GENEVE_BAD_VERSION}, {@link DropReason#GENEVE_CONTROL}, {@link
     *     DropReason#GENEVE_BAD_PROTOCOL}, {@link DropReason#GENEVE_CRITICAL_OPTION}, {@link
     *     DropReason#ETHERNET_TRUNCATED}
     */
    public static @Nullable DropReason pop(Frame frame) {
        MemorySegment seg = frame.segment();
        int at = frame.start();
        DropReason malformed = check(seg, at, frame.length());
        if (malformed == null) {
            malformed = OuterHeader.strip(frame, GeneveHeader.headerBytes(seg, at));
        }
        if (malformed == null) {
            frame.setTunnel(GeneveHeader.vni(seg, at), TunnelFlags.GENEVE | TunnelFlags.KEYED);
        }
        return malformed;
    }

    private static @Nullable DropReason check(MemorySegment seg, long at, int length) {
        DropReason malformed = GeneveHeader.check(seg, at, length);
        if (malformed != null) {
            return malformed;
        }
        if (GeneveHeader.isControl(seg, at)) {
            return DropReason.GENEVE_CONTROL;
        }
        if (GeneveHeader.protocol(seg, at) != EtherType.TRANSPARENT_ETHERNET) {
            return DropReason.GENEVE_BAD_PROTOCOL;
        }
        long option = GeneveHeader.firstOption(seg, at);
        while (option >= 0) {
            if ((GeneveHeader.optionType(seg, option) & GeneveHeader.OPTION_CRITICAL) != 0) {
                return DropReason.GENEVE_CRITICAL_OPTION;
            }
            option = GeneveHeader.nextOption(seg, at, option);
        }
        return null;
    }
}
