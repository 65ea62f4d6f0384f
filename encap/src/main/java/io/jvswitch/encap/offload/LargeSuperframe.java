package io.jvswitch.encap.offload;

import io.jvswitch.wire.DropReason;
import io.jvswitch.wire.Frame;
import io.jvswitch.wire.FramePool;
import io.jvswitch.wire.NetworkOrder;
import io.jvswitch.wire.header.Checksum;
import io.jvswitch.wire.header.EtherType;
import io.jvswitch.wire.header.EthernetHeader;
import io.jvswitch.wire.header.EthernetPayload;
import io.jvswitch.wire.header.IpProtocol;
import io.jvswitch.wire.header.Ipv4Header;
import io.jvswitch.wire.header.Ipv6Header;
import io.jvswitch.wire.header.TcpHeader;
import io.jvswitch.wire.tunnel.VxlanHeader;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a TCP superframe whose IP packet is longer than 65,535 bytes (Linux's BIG TCP: a {@code gso_max_size} or {@code
 * gro_max_size} above 65,536) into superframes that fit IP's length fields, and a tunnel's train.
 *
 * <pre>
 *  IPv4   | total length 0   | TCP | payload, up to 512 KB |
 *  IPv6   | payload length 0 | hop-by-hop: jumbo payload, RFC 2675 | TCP | payload |
 *  IPv6   | payload length 0 | TCP | payload |
 * </pre>
 *
 * <p>What did not fit the frame's buffer is in {@link FramePool#spill()}. The pieces have whole segments, sequence
 * numbers and flags as if the sender had made them; the jumbo payload option, which never appears on the wire, is
 * removed. Allocates nothing.
 */
public final class LargeSuperframe implements SuperframeCutter {

    /** Longer frames hold more than an IP packet of 65,535 bytes, unless they have VLAN tags. */
    private static final int MIN_BYTES = Ipv4Header.MAX_TOTAL_BYTES + EthernetHeader.BYTES;

    private static final int MAX_SEGMENTS = 8 * Segmenter.MAX_SEGMENTS;
    private static final int LAST_ONLY = TcpHeader.FLAG_FIN | TcpHeader.FLAG_PSH;
    private static final int REFUSED_FLAGS = TcpHeader.FLAG_SYN | TcpHeader.FLAG_RST | TcpHeader.FLAG_URG;

    /**
     * Size of a hop-by-hop header with only the jumbo payload option, and its first four bytes except for the next
     * header.
     */
    private static final int JUMBO_BYTES = 8;

    private static final int JUMBO_LENGTH = 4;
    private static final int JUMBO_OPTION = 0x00c204;

    private final FramePool pool;
    private @Nullable Frame superframe;
    private boolean ipv4;
    /** Offsets from the superframe's first byte. */
    private int l3Offset;

    private int jumboOffset;
    private int l4Offset;
    private int payloadOffset;
    /** Bytes of the jumbo payload option's header, 0 for none. */
    private int jumboBytes;

    private int payloadBytes;
    private int pieceBytes;
    private int segmentsAPiece;
    private int pieces;
    private int index;

    /** @param pool whose frames are cut */
    public LargeSuperframe(FramePool pool) {
        this.pool = pool;
    }

    /** Whether the frame's IP packet is longer than its length field can express. Layers need not be set. */
    public static boolean matches(Frame frame) {
        return frame.excessBytes() > 0 || frame.length() > MIN_BYTES && hasNoLength(frame);
    }

    private static boolean hasNoLength(Frame frame) {
        MemorySegment seg = frame.segment();
        int ipAt = ipAt(frame);
        if (ipAt == EthernetPayload.NONE) {
            return false;
        }
        return switch (EthernetPayload.type(seg, ipAt)) {
            case EtherType.IPV4 -> Ipv4Header.totalLength(seg, ipAt) == 0;
            case EtherType.IPV6 -> Ipv6Header.payloadLength(seg, ipAt) == 0;
            default -> false;
        };
    }

    private static int ipAt(Frame frame) {
        return EthernetPayload.behindTags(frame.segment(), frame.start(), frame.end());
    }

    /**
     * {@inheritDoc}
     *
     * @return null; {@link DropReason#RX_TOO_LONG} when it is no TCP superframe; {@link DropReason#OFFLOAD_INVALID}
     *     when its headers and its offload fields contradict each other; or {@link DropReason#IPV4_BAD_CHECKSUM}
     */
    @Override
    public @Nullable DropReason begin(Frame frame) {
        superframe = null;
        index = 0;
        pieces = 0;
        int type = frame.gsoType() & ~Frame.GSO_ECN;
        if (type != Frame.GSO_TCPV4 && type != Frame.GSO_TCPV6) {
            return DropReason.RX_TOO_LONG;
        }
        ipv4 = type == Frame.GSO_TCPV4;
        int ipAt = ipAt(frame);
        if (ipAt == EthernetPayload.NONE) {
            return DropReason.OFFLOAD_INVALID;
        }
        l3Offset = ipAt - frame.start();
        boolean parsed = ipv4 ? parseIpv4(frame, ipAt) : parseIpv6(frame, ipAt);
        if (!parsed || !parseTcp(frame)) {
            return DropReason.OFFLOAD_INVALID;
        }
        if (ipv4 && !Ipv4Header.checksumIsValid(frame.segment(), ipAt)) {
            pieces = 0;
            return DropReason.IPV4_BAD_CHECKSUM; // every piece would have a right one
        }
        superframe = frame;
        return null;
    }

    private boolean parseIpv4(Frame frame, int ipAt) {
        MemorySegment seg = frame.segment();
        int headerBytes = Ipv4Header.headerBytes(seg, ipAt);
        jumboBytes = 0;
        l4Offset = l3Offset + headerBytes;
        jumboOffset = l4Offset;
        return NetworkOrder.getU16(seg, ipAt - 2L) == EtherType.IPV4
                && Ipv4Header.version(seg, ipAt) == 4
                && headerBytes >= Ipv4Header.BYTES
                && Ipv4Header.totalLength(seg, ipAt) == 0
                && Ipv4Header.protocol(seg, ipAt) == IpProtocol.TCP
                && !Ipv4Header.isFragment(seg, ipAt);
    }

    private boolean parseIpv6(Frame frame, int ipAt) {
        MemorySegment seg = frame.segment();
        int nextAt = ipAt + Ipv6Header.BYTES;
        jumboOffset = l3Offset + Ipv6Header.BYTES;
        if (NetworkOrder.getU16(seg, ipAt - 2L) != EtherType.IPV6
                || Ipv6Header.version(seg, ipAt) != 6
                || Ipv6Header.payloadLength(seg, ipAt) != 0) {
            return false;
        }
        int protocol = Ipv6Header.nextHeader(seg, ipAt);
        jumboBytes = 0;
        if (protocol == IpProtocol.HOP_BY_HOP) {
            int packetBytes = frame.end() + frame.excessBytes() - nextAt;
            int head = NetworkOrder.getInt(seg, nextAt);
            if ((head & 0xffffff) != JUMBO_OPTION || NetworkOrder.getInt(seg, nextAt + JUMBO_LENGTH) != packetBytes) {
                return false;
            }
            protocol = head >>> 24;
            jumboBytes = JUMBO_BYTES;
        }
        l4Offset = jumboOffset + jumboBytes;
        return protocol == IpProtocol.TCP;
    }

    private boolean parseTcp(Frame frame) {
        MemorySegment seg = frame.segment();
        int l4At = frame.start() + l4Offset;
        boolean checksumIsOurs = frame.checksumState() == Frame.CSUM_VALID
                || frame.checksumState() == Frame.CSUM_PARTIAL
                        && frame.checksumStart() == l4At
                        && frame.checksumOffset() == TcpHeader.CHECKSUM_OFFSET;
        if (!checksumIsOurs
                || TcpHeader.check(seg, l4At, frame.end() - l4At) != null
                || (TcpHeader.flags(seg, l4At) & REFUSED_FLAGS) != 0) {
            return false;
        }
        int tcpBytes = TcpHeader.headerBytes(seg, l4At);
        payloadOffset = l4Offset + tcpBytes;
        payloadBytes = frame.length() + frame.excessBytes() - payloadOffset;
        int sizeBytes = frame.gsoSizeBytes();
        int packetHeaderBytes = payloadOffset - jumboBytes - l3Offset;
        int fitting = sizeBytes < 1 ? 0 : (Ipv4Header.MAX_TOTAL_BYTES - packetHeaderBytes) / sizeBytes;
        if (fitting < 1 || payloadBytes < 1 || payloadBytes / sizeBytes > MAX_SEGMENTS) {
            return false;
        }
        int datagramBytes = VxlanHeader.BYTES + payloadOffset + sizeBytes;
        int inTrain = Math.min(Segmenter.MAX_TRAIN_DATAGRAMS, Segmenter.MAX_TRAIN_BYTES / datagramBytes);
        segmentsAPiece = Math.max(1, Math.min(fitting, inTrain));
        pieceBytes = segmentsAPiece * sizeBytes;
        pieces = (payloadBytes + pieceBytes - 1) / pieceBytes;
        return true;
    }

    @Override
    public int remaining() {
        return pieces - index;
    }

    @Override
    public boolean next(Frame into) {
        Frame from = superframe;
        int headerBytes = payloadOffset - jumboBytes;
        if (from == null || index == pieces || from.start() + headerBytes + pieceBytes > into.capacity()) {
            return false;
        }
        int before = index * pieceBytes;
        int bytes = Math.min(pieceBytes, payloadBytes - before);
        int start = from.start();
        into.place(start, headerBytes + bytes);
        into.describeAs(from);
        into.clearOffload();
        MemorySegment to = into.segment();
        MemorySegment.copy(from.segment(), start, to, start, jumboOffset);
        int behindJumbo = jumboOffset + jumboBytes;
        MemorySegment.copy(
                from.segment(), start + behindJumbo, to, start + jumboOffset, (long) payloadOffset - behindJumbo);
        copyPayload(from, before, to, start + headerBytes, bytes);
        writeHeaders(from, into, before, bytes);
        index++;
        if (index == pieces) {
            superframe = null;
        }
        return true;
    }

    private void copyPayload(Frame from, int offset, MemorySegment to, int at, int bytes) {
        int inBuffer = from.length() - payloadOffset;
        int first = Math.clamp(inBuffer - offset, 0, bytes);
        if (first > 0) {
            MemorySegment.copy(from.segment(), (long) from.start() + payloadOffset + offset, to, at, first);
        }
        MemorySegment spill = pool.spill();
        if (first < bytes && spill != null) {
            long spillAt = (long) from.excessAt() + offset + first - inBuffer;
            MemorySegment.copy(spill, spillAt, to, (long) at + first, (long) bytes - first);
        }
    }

    private void writeHeaders(Frame from, Frame into, int before, int bytes) {
        MemorySegment to = into.segment();
        int l3At = into.start() + l3Offset;
        int l4At = into.start() + l4Offset - jumboBytes;
        int packetBytes = into.end() - l3At;
        if (ipv4) {
            Ipv4Header.setTotalLength(to, l3At, packetBytes);
            Ipv4Header.setIdentification(to, l3At, Ipv4Header.identification(to, l3At) + index * segmentsAPiece);
            Ipv4Header.updateChecksum(to, l3At);
        } else {
            Ipv6Header.setPayloadLength(to, l3At, packetBytes - Ipv6Header.BYTES);
            Ipv6Header.setNextHeader(to, l3At, IpProtocol.TCP);
        }
        int cut = (index > 0 ? TcpHeader.FLAG_CWR : 0) | (index < pieces - 1 ? LAST_ONLY : 0);
        TcpHeader.setFlags(to, l4At, TcpHeader.flags(to, l4At) & ~cut);
        TcpHeader.setSequence(to, l4At, TcpHeader.sequence(to, l4At) + before);
        Checksum.setPartial(into, l3At, IpProtocol.TCP, l4At, into.end() - l4At);
        if (bytes > from.gsoSizeBytes()) {
            int type = ipv4 ? Frame.GSO_TCPV4 : Frame.GSO_TCPV6;
            int ecn = index == 0 ? from.gsoType() & Frame.GSO_ECN : 0;
            into.setGso(type | ecn, from.gsoSizeBytes(), into.length() - bytes);
        }
    }
}
