package io.jvswitch.encap;

import io.jvswitch.wire.DropReason;
import io.jvswitch.wire.Frame;
import io.jvswitch.wire.header.EtherType;
import io.jvswitch.wire.tunnel.GreHeader;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * GRE that carries Ethernet frames (RFC 2784, key and sequence number of RFC 2890, protocol 0x6558): what Linux calls
 * gretap and Open vSwitch gre.
 *
 * <pre>
 *  | outer IP, protocol 47 | GRE, 4 or 8 bytes | inner Ethernet frame |
 *  '------ the socket's ---'----------- the IP payload ---------------'
 * </pre>
 *
 * <p>The underlay is a raw IP socket. We send a key at most: a checksum costs a pass over the frame and protects
 * little, and a sequence number would make the peer drop reordered frames. Both are accepted: the checksum is verified;
 * the sequence number is ignored, since nothing may wait for a late frame. Stateless, allocates nothing.
 */
public final class Gre {

    private static final int SAFE_MTU_BYTES = 1280;

    private Gre() {}

    /** Number of bytes that {@link #push} puts before a frame. */
    public static int headerBytes(boolean keyed) {
        return keyed ? GreHeader.BYTES + GreHeader.OPTION_BYTES : GreHeader.BYTES;
    }

    /**
     * Puts a GRE header before the frame. The inner frame's checksums must be complete by the time a socket sends it.
     *
     * @param keyed whether the header carries {@code key}
     * @param key all 32 bits of it
     * @return false when there is no headroom, and then the frame is unchanged: {@link DropReason#HEADROOM}
     */
    public static boolean push(Frame frame, boolean keyed, int key) {
        if (!OuterHeader.push(frame, headerBytes(keyed))) {
            return false;
        }
        int flags = keyed ? GreHeader.FLAG_KEY : 0;
        GreHeader.write(frame.segment(), frame.start(), flags, EtherType.TRANSPARENT_ETHERNET, key, 0);
        return true;
    }

    /** As {@link #pop(Frame, int)} for segments that fit every path: an MTU of {@value #SAFE_MTU_BYTES}. */
    public static @Nullable DropReason pop(Frame frame) {
        return pop(frame, SAFE_MTU_BYTES);
    }

    /**
     * Checks and strips the GRE header of a received IP payload and notes key and flags in the frame's tunnel fields.
     *
     * <p>What the kernel's GRO merged on the way to a raw socket becomes a superframe, or at least has its checksum
     * marked as partial: {@link Frame#gsoType()}, {@link Frame#checksumState()}. The socket says so by {@link
     * Frame#GSO_INNER}; where it cannot, TCP is recognised ({@link MergedTcp}). A GRE checksum before it is the first
     * segment's, verified by the kernel and wrong for the whole packet; it is ignored then.
     *
     * @param mtuBytes inner IP MTU of untagged frames: the assumed size of a merged superframe's segments when the
     *     kernel does not tell
     * @return null, or why the frame is to be dropped, and then it is unchanged: {@link DropReason#GRE_TRUNCATED},
     *     {@link DropReason#GRE_BAD_VERSION}, {@link DropReason#GRE_BAD_FLAGS}, {@link DropReason#GRE_BAD_PROTOCOL},
     *     {@link DropReason#GRE_BAD_CHECKSUM}, {@link DropReason#ETHERNET_TRUNCATED}, {@link
     *     DropReason#SEGMENTS_UNKNOWN}
     */
    public static @Nullable DropReason pop(Frame frame, int mtuBytes) {
        MemorySegment seg = frame.segment();
        int at = frame.start();
        DropReason malformed = GreHeader.check(seg, at, frame.length());
        if (malformed != null) {
            return malformed;
        }
        if (GreHeader.protocol(seg, at) != EtherType.TRANSPARENT_ETHERNET) {
            return DropReason.GRE_BAD_PROTOCOL;
        }
        boolean intact = GreHeader.checksumIsValid(seg, at, frame.length());
        int flags = GreHeader.flags(seg, at);
        int headerBytes = GreHeader.headerBytes(flags);
        malformed = OuterHeader.strip(frame, headerBytes);
        if (malformed != null) {
            return intact ? malformed : DropReason.GRE_BAD_CHECKSUM;
        }
        malformed = describe(frame, mtuBytes, intact);
        if (malformed != null) {
            frame.push(headerBytes);
            return malformed;
        }
        boolean keyed = (flags & GreHeader.FLAG_KEY) != 0;
        frame.setTunnel(keyed ? GreHeader.key(seg, at) : 0, tunnelFlags(flags));
        return null;
    }

    private static @Nullable DropReason describe(Frame frame, int mtuBytes, boolean intact) {
        if (frame.gsoType() != Frame.GSO_INNER) {
            return MergedTcp.describe(frame, mtuBytes) || intact ? null : DropReason.GRE_BAD_CHECKSUM;
        }
        return InnerSuperframe.describe(frame, frame.gsoSizeBytes()) ? null : DropReason.SEGMENTS_UNKNOWN;
    }

    private static int tunnelFlags(int flags) {
        return TunnelFlags.GRE
                | ((flags & GreHeader.FLAG_KEY) != 0 ? TunnelFlags.KEYED : 0)
                | ((flags & GreHeader.FLAG_CHECKSUM) != 0 ? TunnelFlags.CHECKSUM : 0)
                | ((flags & GreHeader.FLAG_SEQUENCE) != 0 ? TunnelFlags.SEQUENCE : 0);
    }
}
