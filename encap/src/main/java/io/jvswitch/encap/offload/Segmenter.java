package io.jvswitch.encap.offload;

import io.jvswitch.encap.EffectiveMtu;
import io.jvswitch.encap.InnerPacket;
import io.jvswitch.wire.DropReason;
import io.jvswitch.wire.Frame;
import io.jvswitch.wire.FrameBatch;
import io.jvswitch.wire.FramePool;
import io.jvswitch.wire.NetworkOrder;
import io.jvswitch.wire.header.Checksum;
import io.jvswitch.wire.header.IpProtocol;
import io.jvswitch.wire.header.Ipv4Header;
import io.jvswitch.wire.header.Ipv6Header;
import io.jvswitch.wire.header.TcpHeader;
import io.jvswitch.wire.header.UdpHeader;
import java.lang.foreign.MemorySegment;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a superframe into frames that fit the wire, as the kernel's GSO does: TCP over IPv4 and IPv6, and UDP ({@code
 * UDP_L4}).
 *
 * <pre>
 *  superframe   | tunnel header | Ethernet, tags | IP | TCP |        payload         |
 *  segments     | tunnel header | Ethernet, tags | IP | TCP | part 1 |
 *               | tunnel header | Ethernet, tags | IP | TCP | part 2 |
 *               | tunnel header | Ethernet, tags | IP | TCP | rest |
 * </pre>
 *
 * <p>Everything from the frame's first byte to its IP header is repeated unchanged: push the tunnel header first, and
 * every segment has it. In the headers of each segment are set: lengths; the IPv4 identification, counting up from the
 * superframe's; the TCP sequence number; FIN and PSH on the last segment only, CWR on the first only, URG as far as the
 * urgent data reaches; the checksums. Every payload byte is copied once.
 *
 * <p>There are three forms of output: {@link #segment} fills a batch with one frame per segment; {@link #begin} and
 * {@link #next} do the same one by one, for a sender that has few buffers; {@link #trains} writes the segments back to
 * back, ready for one UDP GSO send.
 *
 * <p>The superframe must have its layers set and a checksum that is partial or known to be right: a checksum of unknown
 * state would be replaced by right ones, which would hide damage. Single-threaded: one per worker. Allocates nothing.
 */
public final class Segmenter {

    /** How a segment's TCP or UDP checksum is written. */
    public enum Checksums {
        /** In full: for tunnels, and for devices without checksum offload. */
        COMPLETE,
        /** Only the pseudo-header's sum, marked as such in the frame: whoever transmits it completes the checksum. */
        PARTIAL
    }

    /** More segments than this (64 KB in segments of 64 bytes) are a guest's attack on our CPU time. */
    public static final int MAX_SEGMENTS = 1024;
    /** Datagrams in a train: {@code UDP_MAX_SEGMENTS} of the kernels before 6.9, half of that of later ones. */
    public static final int MAX_TRAIN_DATAGRAMS = 64;
    /** Bytes in a train: what one UDP send may carry over IPv6, 20 fewer than over IPv4. */
    public static final int MAX_TRAIN_BYTES = 65_535 - Ipv6Header.BYTES - UdpHeader.BYTES;

    private static final int NOT_IN_SUPERFRAMES = TcpHeader.FLAG_SYN | TcpHeader.FLAG_RST;
    private static final int LAST_ONLY = TcpHeader.FLAG_FIN | TcpHeader.FLAG_PSH;

    private @Nullable Frame superframe;
    private boolean ipv4;
    private boolean tcp;
    /** Offsets from the superframe's first byte. */
    private int l3Offset;

    private int l4Offset;
    private int headerBytes;

    private int payloadBytes;
    private int sizeBytes;
    private int segments;
    private int index;
    /** Sum of the pseudo-header, its length field left out. */
    private long pseudoSum;

    /** Ready for {@link #begin}. */
    public Segmenter() {}

    /**
     * Size of the largest frame that a superframe will be cut into, headers included, to be compared with {@link
     * EffectiveMtu#maxFrameBytes}. For an ordinary frame, its length. Checks no more than memory safety demands:
     * whether the frame can be cut at all, {@link #begin} says.
     */
    public static int largestSegmentBytes(Frame frame) {
        int l4At = frame.l4At();
        boolean udp = (frame.gsoType() & ~Frame.GSO_ECN) == Frame.GSO_UDP_L4;
        int leastBytes = udp ? UdpHeader.BYTES : TcpHeader.BYTES;
        if (frame.gsoType() == Frame.GSO_NONE || l4At <= frame.start() || l4At + leastBytes > frame.end()) {
            return frame.length();
        }
        int l4Bytes = udp ? UdpHeader.BYTES : TcpHeader.headerBytes(frame.segment(), l4At);
        return Math.min(frame.length(), l4At - frame.start() + l4Bytes + frame.gsoSizeBytes());
    }

    /**
     * Checks a superframe and makes it the one that {@link #next} cuts. The caller keeps it, and leaves it unchanged
     * until the last segment is taken.
     *
     * @return null; {@link DropReason#OFFLOAD_INVALID} when GSO fields, checksum fields and headers contradict each
     *     other; or {@link DropReason#IPV4_BAD_CHECKSUM}
     */
    public @Nullable DropReason begin(Frame frame) {
        superframe = null;
        index = 0;
        if (!parse(frame)) {
            segments = 0;
            return DropReason.OFFLOAD_INVALID;
        }
        if (ipv4 && !Ipv4Header.checksumIsValid(frame.segment(), frame.l3At())) {
            segments = 0;
            return DropReason.IPV4_BAD_CHECKSUM; // every segment would have a right one
        }
        superframe = frame;
        return null;
    }

    /** Bytes before the payload of the superframe that {@link #begin} took, counted from its first byte. */
    public int headerBytes() {
        return headerBytes;
    }

    /** Segments of the superframe that have not been taken yet. */
    public int remaining() {
        return segments - index;
    }

    /**
     * Makes no more segments of the superframe.
     *
     * @return how many were not taken
     */
    public int abandon() {
        int lost = remaining();
        index = segments;
        superframe = null;
        return lost;
    }

    /**
     * Bytes of each segment but the last, which may be shorter: everything before the payload, and {@code gso_size}.
     */
    public int segmentBytes() {
        return headerBytes + Math.min(sizeBytes, payloadBytes);
    }

    /**
     * Writes the next segment. It is at the superframe's offset in its buffer and has the superframe's descriptive
     * fields except for the offload fields, so layers and tunnel fields are right.
     *
     * @param into a frame that becomes the segment
     * @return whether there was a segment left and the buffer is large enough; otherwise nothing is written
     */
    public boolean next(Frame into, Checksums checksums) {
        Frame from = superframe;
        if (from == null || index == segments) {
            return false;
        }
        int bytes = headerBytes + payloadBytesOf(index);
        if (from.start() + bytes > into.capacity()) {
            return false;
        }
        into.place(from.start(), bytes);
        into.describeAs(from);
        into.clearOffload();
        write(from, index, into.segment(), into.start(), checksums);
        if (checksums == Checksums.PARTIAL) {
            into.setChecksum(
                    Frame.CSUM_PARTIAL, from.l4At(), tcp ? TcpHeader.CHECKSUM_OFFSET : UdpHeader.CHECKSUM_OFFSET);
        } else {
            into.setChecksum(Frame.CSUM_VALID, 0, 0);
        }
        index++;
        if (index == segments) {
            superframe = null;
        }
        return true;
    }

    /**
     * Appends all segments, in order, to {@code into}; the caller owns them and keeps the superframe. All or nothing.
     *
     * @return null, what {@link #begin} says, or {@link DropReason#SEGMENTATION_FAILED} when pool or batch has no room
     *     for all segments
     */
    public @Nullable DropReason segment(Frame frame, Checksums checksums, FramePool pool, FrameBatch into) {
        DropReason invalid = begin(frame);
        if (invalid != null) {
            return invalid;
        }
        if (segments > Math.min(pool.free(), into.room())) {
            return DropReason.SEGMENTATION_FAILED;
        }
        for (int left = segments; left > 0; left--) {
            Frame segment = Objects.requireNonNull(pool.take(), "the pool had as many frames as were counted");
            if (!next(segment, checksums)) {
                pool.release(segment); // buffers of one pool have the same size: not even the first segment fits
                return DropReason.SEGMENTATION_FAILED;
            }
            into.add(segment);
        }
        return null;
    }

    /**
     * Writes all segments back to back, as the payload of equal-sized UDP datagrams: push the tunnel header before.
     * Each train is one frame with {@link Frame#gsoType()} {@code GSO_UDP_L4} and {@link Frame#gsoSizeBytes()} the
     * datagram's size (a train of one datagram is an ordinary frame), of at most {@link #MAX_TRAIN_BYTES} and {@link
     * #MAX_TRAIN_DATAGRAMS}; only its last datagram may be shorter. Checksums inside are complete. Trains have the
     * superframe's descriptive fields (remote, flow hash) except for the layers. All or nothing; the caller owns the
     * trains and keeps the superframe.
     *
     * @return null, what {@link #begin} says, or {@link DropReason#SEGMENTATION_FAILED} when pool or batch has no room,
     *     or a segment is larger than a datagram
     */
    public @Nullable DropReason trains(Frame frame, FramePool pool, FrameBatch into) {
        DropReason invalid = begin(frame);
        if (invalid != null) {
            return invalid;
        }
        Frame train = pool.take();
        if (train == null) {
            return DropReason.SEGMENTATION_FAILED;
        }
        int bytes = Math.min(MAX_TRAIN_BYTES, train.tailroom());
        int datagrams = Math.min(MAX_TRAIN_DATAGRAMS, bytes / segmentBytes());
        int trains = datagrams == 0 ? 0 : (segments + datagrams - 1) / datagrams;
        if (trains == 0 || trains > Math.min(pool.free() + 1, into.room())) {
            pool.release(train);
            return DropReason.SEGMENTATION_FAILED;
        }
        writeTrain(frame, datagrams, train);
        into.add(train);
        while (index < segments) {
            Frame further = Objects.requireNonNull(pool.take(), "the pool had as many frames as were counted");
            writeTrain(frame, datagrams, further);
            into.add(further);
        }
        superframe = null;
        return null;
    }

    private void writeTrain(Frame from, int maxDatagrams, Frame train) {
        int count = Math.min(maxDatagrams, segments - index);
        int at = train.start();
        for (int i = 0; i < count; i++) {
            at += write(from, index + i, train.segment(), at, Checksums.COMPLETE);
        }
        index += count;
        train.resize(at - train.start());
        train.describeAs(from);
        train.clearOffload();
        train.setLayers(0, 0);
        if (count > 1) {
            train.setGso(Frame.GSO_UDP_L4, segmentBytes(), 0);
        }
    }

    private int payloadBytesOf(int segment) {
        return Math.min(sizeBytes, payloadBytes - segment * sizeBytes);
    }

    /** Writes a segment with its first byte at {@code at}; returns its length. */
    private int write(Frame from, int segment, MemorySegment to, int at, Checksums checksums) {
        MemorySegment seg = from.segment();
        int start = from.start();
        int bytes = payloadBytesOf(segment);
        long payloadAt = start + headerBytes + (long) segment * sizeBytes;
        MemorySegment.copy(seg, start, to, at, headerBytes);
        MemorySegment.copy(seg, payloadAt, to, at + (long) headerBytes, bytes);
        int l3At = at + l3Offset;
        int l4At = at + l4Offset;
        int transportBytes = headerBytes - l4Offset + bytes;
        if (ipv4) {
            Ipv4Header.setTotalLength(to, l3At, l4At - l3At + transportBytes);
            Ipv4Header.setIdentification(to, l3At, Ipv4Header.identification(to, l3At) + segment);
            Ipv4Header.updateChecksum(to, l3At);
        } else {
            Ipv6Header.setPayloadLength(to, l3At, l4At - l3At - Ipv6Header.BYTES + transportBytes);
        }
        if (tcp) {
            writeTcp(to, l4At, segment);
        } else {
            UdpHeader.setLength(to, l4At, transportBytes);
        }
        int field = l4At + (tcp ? TcpHeader.CHECKSUM_OFFSET : UdpHeader.CHECKSUM_OFFSET);
        long sum = pseudoSum + transportBytes;
        if (checksums == Checksums.PARTIAL) {
            NetworkOrder.putU16(to, field, Checksum.fold(sum));
        } else {
            NetworkOrder.putU16(to, field, 0);
            int checksum = Checksum.finish(sum + Checksum.sum(to, l4At, transportBytes));
            NetworkOrder.putU16(to, field, checksum == 0 && !tcp ? 0xffff : checksum);
        }
        return headerBytes + bytes;
    }

    private void writeTcp(MemorySegment to, int l4At, int segment) {
        int before = segment * sizeBytes;
        int flags = TcpHeader.flags(to, l4At);
        int cut = (segment > 0 ? TcpHeader.FLAG_CWR : 0) | (segment < segments - 1 ? LAST_ONLY : 0);
        if ((flags & TcpHeader.FLAG_URG) != 0 && segment > 0) {
            int urgent = TcpHeader.urgentPointer(to, l4At) - before;
            TcpHeader.setUrgentPointer(to, l4At, Math.max(0, urgent));
            cut |= urgent <= 0 ? TcpHeader.FLAG_URG : 0;
        }
        TcpHeader.setFlags(to, l4At, flags & ~cut);
        TcpHeader.setSequence(to, l4At, TcpHeader.sequence(to, l4At) + before);
    }

    private boolean parse(Frame frame) {
        int type = frame.gsoType() & ~Frame.GSO_ECN;
        tcp = type == Frame.GSO_TCPV4 || type == Frame.GSO_TCPV6;
        ipv4 = InnerPacket.isIpv4(frame);
        boolean known = type == Frame.GSO_UDP_L4 && (ipv4 || InnerPacket.isIpv6(frame))
                || type == Frame.GSO_TCPV4 && ipv4
                || type == Frame.GSO_TCPV6 && InnerPacket.isIpv6(frame);
        return known && parsePacket(frame) && parseTransport(frame) && checksumIsOurs(frame);
    }

    private boolean parsePacket(Frame frame) {
        int protocol = tcp ? IpProtocol.TCP : IpProtocol.UDP;
        if (InnerPacket.check(frame) != null
                || InnerPacket.transportAt(frame, protocol) != frame.l4At()
                || InnerPacket.end(frame) != frame.end()) {
            return false;
        }
        l3Offset = frame.l3At() - frame.start();
        l4Offset = frame.l4At() - frame.start();
        pseudoSum = Checksum.pseudo(frame.segment(), frame.l3At(), protocol, 0);
        return true;
    }

    private boolean parseTransport(Frame frame) {
        MemorySegment seg = frame.segment();
        int l4At = frame.l4At();
        int transportBytes = frame.end() - l4At;
        int l4Bytes;
        if (tcp) {
            if (TcpHeader.check(seg, l4At, transportBytes) != null
                    || (TcpHeader.flags(seg, l4At) & NOT_IN_SUPERFRAMES) != 0) {
                return false;
            }
            l4Bytes = TcpHeader.headerBytes(seg, l4At);
        } else {
            if (UdpHeader.check(seg, l4At, transportBytes) != null || UdpHeader.length(seg, l4At) != transportBytes) {
                return false;
            }
            l4Bytes = UdpHeader.BYTES;
        }
        headerBytes = l4Offset + l4Bytes;
        payloadBytes = transportBytes - l4Bytes;
        sizeBytes = frame.gsoSizeBytes();
        if (sizeBytes < 1 || payloadBytes < 1) {
            return false;
        }
        segments = (payloadBytes + sizeBytes - 1) / sizeBytes;
        return segments <= MAX_SEGMENTS;
    }

    private boolean checksumIsOurs(Frame frame) {
        return switch (frame.checksumState()) {
            case Frame.CSUM_VALID -> true;
            case Frame.CSUM_PARTIAL ->
                frame.checksumStart() == frame.l4At()
                        && frame.checksumOffset() == (tcp ? TcpHeader.CHECKSUM_OFFSET : UdpHeader.CHECKSUM_OFFSET);
            default -> false;
        };
    }
}
