package io.jvswitch.encap.offload;

import io.jvswitch.encap.EffectiveMtu;
import io.jvswitch.encap.InnerPacket;
import io.jvswitch.wire.DropReason;
import io.jvswitch.wire.Frame;
import io.jvswitch.wire.FrameBatch;
import io.jvswitch.wire.FramePool;
import io.jvswitch.wire.NetworkOrder;
import io.jvswitch.wire.header.Checksum;
import io.jvswitch.wire.header.Ipv4Header;
import java.lang.foreign.MemorySegment;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Cuts an IPv4 packet without DF into fragments (RFC 791, sections 2.3 and 3.2), so that it fits the tunnel.
 * Fragmenting the inner packet rather than the outer one leaves reassembly to the receiving guest; the remote VTEP
 * never has to do it.
 *
 * <p>The Ethernet header and VLAN tags are repeated before each fragment. The first carries all IP options, the others
 * only those with the copied flag, without gaps. A packet that is a fragment already is cut further. Ethernet padding
 * is dropped.
 *
 * <p>Stateless, allocates nothing.
 */
public final class Ipv4Fragmenter {

    private static final int OPTION_END = 0;
    private static final int OPTION_NOP = 1;
    private static final int OPTION_COPIED = 0x80;
    private static final int OFFSET_UNIT_BYTES = 8;

    private Ipv4Fragmenter() {}

    /**
     * Appends the fragments, in order, to {@code into}; the caller owns them. {@code frame} stays the caller's. It is
     * not changed, except that a partial checksum is completed in it first: it covers all fragments together.
     *
     * <p>All or nothing: on failure nothing was appended and nothing taken from the pool.
     *
     * @param frame an IPv4 packet's frame, layers set, without a tunnel header, not a superframe
     * @param mtuBytes largest IP packet that fits for this frame ({@link EffectiveMtu#forFrame})
     * @return null, or {@link DropReason#FRAGMENTATION_FAILED} (DF, a superframe, malformed options, an MTU without
     *     room for 8 bytes after the header, too few buffers, too little room in the batch), {@link
     *     DropReason#OFFLOAD_INVALID}, or what is wrong with its IPv4 header
     */
    public static @Nullable DropReason fragment(Frame frame, int mtuBytes, FramePool pool, FrameBatch into) {
        if (!InnerPacket.isIpv4(frame)) {
            return DropReason.FRAGMENTATION_FAILED;
        }
        DropReason malformed = InnerPacket.check(frame);
        if (malformed != null) {
            return malformed;
        }
        MemorySegment seg = frame.segment();
        int at = frame.l3At();
        int laterHeaderBytes = laterHeaderBytes(seg, at);
        if (frame.gsoType() != Frame.GSO_NONE || Ipv4Header.dontFragment(seg, at) || laterHeaderBytes < 0) {
            return DropReason.FRAGMENTATION_FAILED;
        }
        // beyond this a receiver would write past its 65,535 bytes: the "ping of death"
        boolean tooFar =
                Ipv4Header.fragmentOffsetBytes(seg, at) + Ipv4Header.totalLength(seg, at) > Ipv4Header.MAX_TOTAL_BYTES;
        int limit = Math.min(into.room(), pool.free());
        int fragments = count(seg, at, laterHeaderBytes, mtuBytes, limit);
        if (tooFar || fragments == 0) {
            return DropReason.FRAGMENTATION_FAILED;
        }
        if (!Ipv4Header.checksumIsValid(seg, at)) {
            return DropReason.IPV4_BAD_CHECKSUM; // every fragment would have a right one
        }
        malformed = Checksum.complete(frame);
        if (malformed != null) {
            return malformed;
        }
        return write(frame, laterHeaderBytes, mtuBytes, pool, into);
    }

    /** How many fragments are needed, or 0 when it cannot be done with {@code limit}. */
    private static int count(MemorySegment seg, int at, int laterHeaderBytes, int mtuBytes, int limit) {
        int headerBytes = Ipv4Header.headerBytes(seg, at);
        int leftBytes = Ipv4Header.payloadBytes(seg, at);
        for (int fragments = 1; fragments <= limit; fragments++) {
            int roomBytes = mtuBytes - headerBytes;
            if (leftBytes <= roomBytes) {
                return fragments;
            }
            if (roomBytes < OFFSET_UNIT_BYTES) {
                return 0;
            }
            leftBytes -= roomBytes & -OFFSET_UNIT_BYTES;
            headerBytes = laterHeaderBytes;
        }
        return 0;
    }

    private static @Nullable DropReason write(
            Frame frame, int laterHeaderBytes, int mtuBytes, FramePool pool, FrameBatch into) {
        MemorySegment seg = frame.segment();
        int at = frame.l3At();
        int linkBytes = at - frame.start();
        int flagsAndOffset = Ipv4Header.flagsAndOffset(seg, at);
        int offsetUnits = flagsAndOffset & Ipv4Header.OFFSET_MASK;
        int headerBytes = Ipv4Header.headerBytes(seg, at);
        long dataAt = at + (long) headerBytes;
        int leftBytes = Ipv4Header.payloadBytes(seg, at);
        int largestEnd = at + Math.min(mtuBytes, Ipv4Header.totalLength(seg, at));
        boolean first = true;
        while (first || leftBytes > 0) {
            int roomBytes = mtuBytes - headerBytes;
            boolean last = leftBytes <= roomBytes;
            int dataBytes = last ? leftBytes : roomBytes & -OFFSET_UNIT_BYTES;
            Frame fragment = Objects.requireNonNull(pool.take(), "the pool had as many frames as were counted");
            if (first && largestEnd > fragment.capacity()) {
                pool.release(fragment);
                return DropReason.FRAGMENTATION_FAILED;
            }
            fragment.describeAs(frame);
            fragment.place(frame.start(), linkBytes + headerBytes + dataBytes);
            fragment.setLayers(at, first ? frame.l4At() : 0);
            fragment.setChecksum(Frame.CSUM_UNKNOWN, 0, 0);
            MemorySegment to = fragment.segment();
            int repeatedBytes = linkBytes + (first ? headerBytes : Ipv4Header.BYTES);
            MemorySegment.copy(seg, frame.start(), to, frame.start(), repeatedBytes);
            if (headerBytes > Ipv4Header.BYTES && !first) {
                copyOptions(seg, at, to, headerBytes);
            }
            MemorySegment.copy(seg, dataAt, to, at + (long) headerBytes, dataBytes);
            int more = last ? flagsAndOffset & Ipv4Header.FLAG_MF : Ipv4Header.FLAG_MF;
            Ipv4Header.setHeaderBytes(to, at, headerBytes);
            Ipv4Header.setTotalLength(to, at, headerBytes + dataBytes);
            Ipv4Header.setFlagsAndOffset(to, at, more | offsetUnits);
            Ipv4Header.updateChecksum(to, at);
            into.add(fragment);
            dataAt += dataBytes;
            leftBytes -= dataBytes;
            offsetUnits += dataBytes / OFFSET_UNIT_BYTES;
            headerBytes = laterHeaderBytes;
            first = false;
        }
        return null;
    }

    /** Header length of the second and later fragments, or -1 when the options do not fit the header. */
    private static int laterHeaderBytes(MemorySegment seg, int at) {
        long end = at + (long) Ipv4Header.headerBytes(seg, at);
        int copiedBytes = 0;
        for (long option = at + (long) Ipv4Header.BYTES; option < end; ) {
            int kind = NetworkOrder.getU8(seg, option);
            if (kind == OPTION_END) {
                break;
            }
            if (kind == OPTION_NOP) {
                option++;
                continue;
            }
            int bytes = option + 1 < end ? NetworkOrder.getU8(seg, option + 1) : 0;
            if (bytes < 2 || option + bytes > end) {
                return -1;
            }
            if ((kind & OPTION_COPIED) != 0) {
                copiedBytes += bytes;
            }
            option += bytes;
        }
        return Ipv4Header.BYTES + (copiedBytes + 3 & -4);
    }

    /** Writes the copied options of a header that {@link #laterHeaderBytes} accepted, and pads them to whole words. */
    private static void copyOptions(MemorySegment seg, int at, MemorySegment to, int headerBytes) {
        long end = at + (long) Ipv4Header.headerBytes(seg, at);
        long put = at + (long) Ipv4Header.BYTES;
        for (long option = put; option < end && NetworkOrder.getU8(seg, option) != OPTION_END; ) {
            int kind = NetworkOrder.getU8(seg, option);
            int bytes = kind == OPTION_NOP ? 1 : NetworkOrder.getU8(seg, option + 1);
            if ((kind & OPTION_COPIED) != 0) {
                MemorySegment.copy(seg, option, to, put, bytes);
                put += bytes;
            }
            option += bytes;
        }
        for (; put < at + (long) headerBytes; put++) {
            NetworkOrder.putU8(to, put, OPTION_END);
        }
    }
}
