package io.jvswitch.wire.header;

import io.jvswitch.wire.DropReason;
import io.jvswitch.wire.Frame;
import io.jvswitch.wire.NetworkOrder;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * Network service header (RFC 8300, section 2): a base header and a service path header of 4 bytes each, then context
 * headers, up to 252 bytes in all. It stands behind the layer 2 headers and before a whole packet or frame.
 *
 * <pre>
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |Ver|O|U|    TTL    |   Length  |U|U|U|U|MD Type| Next Protocol |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |          Service Path Identifier              | Service Index |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |  MD type 1: four words of context; MD type 2: any number of   |
 * |  variable-length context headers                              |
 * </pre>
 *
 * <p>Length counts words of 4 bytes. Unassigned bits (U) are ignored on receipt, sent as 0 and left alone on
 * forwarding.
 */
public final class NshHeader {

    /** Base header and service path header. */
    public static final int BYTES = 8;
    /** Size with the four words of MD type 1. */
    public static final int MD1_BYTES = 24;
    /** Largest size: the length field has six bits. */
    public static final int MAX_BYTES = 252;

    /** Four words of context of a fixed meaning to the service path. */
    public static final int MD_TYPE_1 = 1;
    /** Context headers of variable length. */
    public static final int MD_TYPE_2 = 2;

    public static final int NEXT_IPV4 = 1;
    public static final int NEXT_IPV6 = 2;
    public static final int NEXT_ETHERNET = 3;
    public static final int NEXT_NSH = 4;
    public static final int NEXT_MPLS = 5;

    /** TTL where nothing else is configured (RFC 8300, section 2.2). */
    public static final int DEFAULT_TTL = 63;
    /** Words of context in MD type 1. */
    public static final int CONTEXT_WORDS = 4;

    private static final int VERSION_SHIFT = 14;
    private static final int FLAGS_SHIFT = 12;
    private static final int FLAGS_MASK = 3;
    private static final int TTL_SHIFT = 6;
    private static final int SIX_BITS = 0x3f;
    private static final int MD_TYPE_OFFSET = 2;
    private static final int NEXT_OFFSET = 3;
    private static final int PATH_OFFSET = 4;
    private static final int INDEX_OFFSET = 7;
    private static final int MD_TYPE_MASK = 0xf;
    private static final int WORD_BYTES = 4;

    private NshHeader() {}

    /**
     * Checks version and length.
     *
     * @param length bytes from {@code at} to the end of the frame
     * @return null, {@link DropReason#NSH_TRUNCATED} or {@link DropReason#NSH_INVALID}
     */
    public static @Nullable DropReason check(MemorySegment seg, long at, int length) {
        if (length < BYTES) {
            return DropReason.NSH_TRUNCATED;
        }
        int bytes = headerBytes(seg, at);
        boolean sound = NetworkOrder.getU16(seg, at) >>> VERSION_SHIFT == 0
                && bytes >= BYTES
                && (mdType(seg, at) != MD_TYPE_1 || bytes == MD1_BYTES);
        if (!sound) {
            return DropReason.NSH_INVALID;
        }
        return bytes > length ? DropReason.NSH_TRUNCATED : null;
    }

    /** O, of OAM packets, and the unassigned bit beside it: two bits. */
    public static int flags(MemorySegment seg, long at) {
        return NetworkOrder.getU16(seg, at) >>> FLAGS_SHIFT & FLAGS_MASK;
    }

    /** 0 to 63. */
    public static int ttl(MemorySegment seg, long at) {
        return NetworkOrder.getU16(seg, at) >>> TTL_SHIFT & SIX_BITS;
    }

    /** Size of the whole header, context included. */
    public static int headerBytes(MemorySegment seg, long at) {
        return (NetworkOrder.getU16(seg, at) & SIX_BITS) * WORD_BYTES;
    }

    /** {@link #MD_TYPE_1}, {@link #MD_TYPE_2}, or one that is not known. */
    public static int mdType(MemorySegment seg, long at) {
        return NetworkOrder.getU8(seg, at + MD_TYPE_OFFSET) & MD_TYPE_MASK;
    }

    /** What follows: one of the {@code NEXT_} constants. */
    public static int nextProtocol(MemorySegment seg, long at) {
        return NetworkOrder.getU8(seg, at + NEXT_OFFSET);
    }

    /** Service path identifier, 24 bits. */
    public static int servicePath(MemorySegment seg, long at) {
        return NetworkOrder.getU24(seg, at + PATH_OFFSET);
    }

    /** Service index, 0 to 255. */
    public static int serviceIndex(MemorySegment seg, long at) {
        return NetworkOrder.getU8(seg, at + INDEX_OFFSET);
    }

    /** A word of context of {@link #MD_TYPE_1}, {@code word} from 0 to 3. */
    public static int context(MemorySegment seg, long at, int word) {
        return NetworkOrder.getInt(seg, at + BYTES + (long) word * WORD_BYTES);
    }

    public static void setFlags(MemorySegment seg, long at, int flags) {
        int rest = NetworkOrder.getU16(seg, at) & ~(FLAGS_MASK << FLAGS_SHIFT);
        NetworkOrder.putU16(seg, at, rest | (flags & FLAGS_MASK) << FLAGS_SHIFT);
    }

    public static void setTtl(MemorySegment seg, long at, int ttl) {
        int rest = NetworkOrder.getU16(seg, at) & ~(SIX_BITS << TTL_SHIFT);
        NetworkOrder.putU16(seg, at, rest | (ttl & SIX_BITS) << TTL_SHIFT);
    }

    public static void setServicePath(MemorySegment seg, long at, int servicePath) {
        NetworkOrder.putU24(seg, at + PATH_OFFSET, servicePath);
    }

    public static void setServiceIndex(MemorySegment seg, long at, int serviceIndex) {
        NetworkOrder.putU8(seg, at + INDEX_OFFSET, serviceIndex);
    }

    public static void setContext(MemorySegment seg, long at, int word, int value) {
        NetworkOrder.putInt(seg, at + BYTES + (long) word * WORD_BYTES, value);
    }

    /**
     * Writes base header and service path header.
     *
     * @param headerBytes size of the whole header, a multiple of 4
     */
    public static void write(
            MemorySegment seg,
            long at,
            int flags,
            int ttl,
            int headerBytes,
            int mdType,
            int nextProtocol,
            int servicePath,
            int serviceIndex) {
        int first = (flags & FLAGS_MASK) << FLAGS_SHIFT
                | (ttl & SIX_BITS) << TTL_SHIFT
                | headerBytes / WORD_BYTES & SIX_BITS;
        NetworkOrder.putU16(seg, at, first);
        NetworkOrder.putU8(seg, at + MD_TYPE_OFFSET, mdType & MD_TYPE_MASK);
        NetworkOrder.putU8(seg, at + NEXT_OFFSET, nextProtocol);
        setServicePath(seg, at, servicePath);
        setServiceIndex(seg, at, serviceIndex);
    }

    /**
     * Where the frame's header lies.
     *
     * @return an offset in the segment, or {@link LinkLayer#NONE} for a frame that has no sound one
     */
    public static int at(Frame frame) {
        int at = LinkLayer.payloadAt(frame);
        boolean present = at != LinkLayer.NONE
                && LinkLayer.type(frame, at) == EtherType.NSH
                && check(frame.segment(), at, frame.end() - at) == null;
        return present ? at : LinkLayer.NONE;
    }

    /**
     * Puts room for a header before the whole frame, which begins with it from now on; the caller writes it. What lies
     * behind it has no layers that anybody looks at.
     *
     * @param bytes size of the header, a multiple of 4
     * @return null, or {@link DropReason#HEADROOM}, and then the frame is unchanged
     */
    public static @Nullable DropReason push(Frame frame, int bytes) {
        if (!frame.push(bytes)) {
            return DropReason.HEADROOM;
        }
        frame.setPacketType(EtherType.NSH);
        frame.setLayers(0, 0);
        return null;
    }

    /**
     * Takes the header away that the frame begins with; the frame then begins with what it carried, and its layers are
     * not known any more.
     *
     * @return null, {@link DropReason#NSH_TRUNCATED}, or {@link DropReason#NSH_INVALID} also for a frame that does not
     *     begin with one, or whose next protocol is not known
     */
    public static @Nullable DropReason pop(Frame frame) {
        if (frame.packetType() != EtherType.NSH) {
            return DropReason.NSH_INVALID;
        }
        int at = frame.start();
        DropReason invalid = check(frame.segment(), at, frame.length());
        if (invalid != null) {
            return invalid;
        }
        int type = switch (nextProtocol(frame.segment(), at)) {
            case NEXT_IPV4 -> EtherType.IPV4;
            case NEXT_IPV6 -> EtherType.IPV6;
            case NEXT_ETHERNET -> Frame.ETHERNET;
            case NEXT_NSH -> EtherType.NSH;
            case NEXT_MPLS -> EtherType.MPLS_UNICAST;
            default -> -1;
        };
        if (type < 0) {
            return DropReason.NSH_INVALID;
        }
        frame.pop(headerBytes(frame.segment(), at));
        frame.setPacketType(type);
        frame.setLayers(type == EtherType.IPV4 || type == EtherType.IPV6 ? frame.start() : 0, 0);
        return null;
    }
}
