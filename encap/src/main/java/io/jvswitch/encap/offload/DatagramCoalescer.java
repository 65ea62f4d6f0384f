package io.jvswitch.encap.offload;

import io.jvswitch.encap.InnerPacket;
import io.jvswitch.wire.Frame;
import io.jvswitch.wire.NetworkOrder;
import io.jvswitch.wire.header.Checksum;
import io.jvswitch.wire.header.IpProtocol;
import io.jvswitch.wire.header.Ipv4Header;
import io.jvswitch.wire.header.Ipv6Header;
import io.jvswitch.wire.header.UdpHeader;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Merges equal-sized UDP datagrams of one flow that leave by one device into superframes ({@code UDP_L4}, USO), as the
 * kernel does on receipt with {@code rx-udp-gro-forwarding}: the receiver's stack handles 64 datagrams at once, and its
 * socket still gets every datagram separately.
 *
 * <p>A datagram joins when it is as long as the first (a shorter one is the last) and agrees with it in everything that
 * a superframe can say only once: Ethernet header and tags, addresses, ports, DSCP, ECN, TTL, DF, flow label. The IPv4
 * identification counts up by one, or DF makes it meaningless (RFC 6864). No IP options, no extension headers, no
 * fragments, no datagram without payload. Checksums are verified before they are replaced by a partial one, unless they
 * are partial already; a datagram with a wrong one, or none, passes by itself, unchanged.
 *
 * <p>{@link Segmenter} cuts it into the same datagrams again, except for identifications under DF. The order within a
 * flow is kept: a datagram that does not join ends its flow's superframe. At most {@value #FLOWS} grow at a time.
 * Nothing waits: {@link #finish} ends them all. Owned by one worker; allocates nothing after construction.
 */
public final class DatagramCoalescer {

    /** {@link #join}: the frame joined nothing. */
    public static final int NONE = -1;

    /** How many superframes can grow at a time: as many flows as a burst for one device usually has. */
    private static final int FLOWS = 8;

    private static final class Flow {
        @Nullable
        Frame frame;

        int place;
        int datagrams;
        int sizeBytes;
        boolean open;
        boolean verified;
    }

    private final Flow[] flows = new Flow[FLOWS];
    /** Hash of each flow, in one array that is searched for every frame. */
    private final int[] hashes = new int[FLOWS];

    private int active;
    /** The flow whose superframe is ended next to make room. */
    private int next;

    /** A coalescer without flows. */
    public DatagramCoalescer() {
        Arrays.setAll(flows, i -> new Flow());
    }

    /**
     * Lets a frame join the superframe of its flow. A frame that does not join ends the superframe of its flow, if
     * there is one: offer every frame in order, and call {@link #begin} with those that did not join.
     *
     * @param frame extracted: layers and flow hash are set; the caller keeps it, and releases it when it joined
     * @return the place that {@link #begin} was given for the superframe, or {@link #NONE}
     */
    public int join(Frame frame) {
        int hash = frame.flowHash();
        for (int i = 0; i < active; i++) {
            Flow flow = flows[i];
            Frame first = flow.frame;
            if (hashes[i] != hash || first == null) {
                continue;
            }
            if (flow.open && isDatagram(frame) && continues(flow, first, frame) && isVerified(flow, first, frame)) {
                merge(flow, first, frame);
                return flow.place;
            }
            end(flow);
            return NONE;
        }
        return NONE;
    }

    /**
     * Makes a frame that did not join the first of a new superframe, if it may be one. Until {@link #finish} it must
     * stay where it is, and nobody else may change it.
     *
     * @param place what {@link #join} returns for those that join it
     */
    public void begin(Frame frame, int place) {
        if (!isDatagram(frame)) {
            return;
        }
        int slot = free();
        hashes[slot] = frame.flowHash();
        Flow flow = flows[slot];
        flow.frame = frame;
        flow.place = place;
        flow.datagrams = 1;
        flow.sizeBytes = frame.end() - frame.l4At() - UdpHeader.BYTES;
        flow.open = true;
        flow.verified = false;
    }

    /** Ends all superframes: lengths, checksums and offload fields are written. A single datagram is left unchanged. */
    public void finish() {
        for (int i = 0; i < active; i++) {
            end(flows[i]);
        }
        active = 0;
        next = 0;
    }

    private int free() {
        if (active < FLOWS) {
            return active++;
        }
        for (int i = 0; i < FLOWS; i++) {
            if (flows[i].frame == null) {
                return i;
            }
        }
        int slot = next;
        next = (next + 1) % FLOWS;
        end(flows[slot]);
        return slot;
    }

    /**
     * Whether the frame is one whole UDP datagram with some payload, in an IP packet without options, and nothing after
     * it.
     */
    private static boolean isDatagram(Frame frame) {
        int l3At = frame.l3At();
        int l4At = frame.l4At();
        boolean ipv4 = InnerPacket.isIpv4(frame);
        if (frame.gsoType() != Frame.GSO_NONE
                || l4At + UdpHeader.BYTES >= frame.end()
                || !ipv4 && !InnerPacket.isIpv6(frame)) {
            return false;
        }
        MemorySegment seg = frame.segment();
        int length = frame.end() - l3At;
        if ((ipv4 ? Ipv4Header.check(seg, l3At, length) : Ipv6Header.check(seg, l3At, length)) != null) {
            return false;
        }
        boolean plain = ipv4
                ? l4At - l3At == Ipv4Header.BYTES
                        && Ipv4Header.protocol(seg, l3At) == IpProtocol.UDP
                        && !Ipv4Header.isFragment(seg, l3At)
                : l4At - l3At == Ipv6Header.BYTES && Ipv6Header.nextHeader(seg, l3At) == IpProtocol.UDP;
        return plain
                && (ipv4 ? Ipv4Header.totalLength(seg, l3At) : Ipv6Header.totalBytes(seg, l3At)) == length
                && UdpHeader.length(seg, l4At) == frame.end() - l4At
                && (frame.checksumState() == Frame.CSUM_PARTIAL
                        ? frame.checksumStart() == l4At && frame.checksumOffset() == UdpHeader.CHECKSUM_OFFSET
                        : UdpHeader.checksum(seg, l4At) != 0);
    }

    private static boolean continues(Flow flow, Frame first, Frame frame) {
        int bytes = frame.end() - frame.l4At() - UdpHeader.BYTES;
        int ethernetBytes = first.l3At() - first.start();
        return bytes <= flow.sizeBytes
                && bytes <= first.tailroom()
                && flow.datagrams < Segmenter.MAX_TRAIN_DATAGRAMS
                && first.end() - first.l3At() + bytes <= Ipv4Header.MAX_TOTAL_BYTES
                && frame.l3At() - frame.start() == ethernetBytes
                && ByteRanges.equal(first.segment(), first.start(), frame.segment(), frame.start(), ethernetBytes)
                && (InnerPacket.isIpv4(frame) ? sameIpv4(flow, first, frame) : sameIpv6(first, frame))
                && NetworkOrder.getInt(first.segment(), first.l4At())
                        == NetworkOrder.getInt(frame.segment(), frame.l4At());
    }

    /** Type of service, flags, TTL, addresses; the EtherTypes are equal already. */
    private static boolean sameIpv4(Flow flow, Frame first, Frame frame) {
        MemorySegment here = first.segment();
        MemorySegment there = frame.segment();
        long a = first.l3At();
        long b = frame.l3At();
        int step = Ipv4Header.identification(there, b) - Ipv4Header.identification(here, a) & 0xffff;
        return (Ipv4Header.dontFragment(there, b) || step == flow.datagrams)
                && NetworkOrder.getU16(here, a + Ipv4Header.VERSION_OFFSET)
                        == NetworkOrder.getU16(there, b + Ipv4Header.VERSION_OFFSET)
                && NetworkOrder.getInt(here, a + Ipv4Header.FLAGS_OFFSET)
                        == NetworkOrder.getInt(there, b + Ipv4Header.FLAGS_OFFSET)
                && NetworkOrder.getLong(here, a + Ipv4Header.SOURCE_OFFSET)
                        == NetworkOrder.getLong(there, b + Ipv4Header.SOURCE_OFFSET);
    }

    /** Traffic class, flow label, next header, hop limit, addresses. */
    private static boolean sameIpv6(Frame first, Frame frame) {
        MemorySegment here = first.segment();
        MemorySegment there = frame.segment();
        long a = first.l3At();
        long b = frame.l3At();
        return NetworkOrder.getInt(here, a + Ipv6Header.VERSION_OFFSET)
                        == NetworkOrder.getInt(there, b + Ipv6Header.VERSION_OFFSET)
                && NetworkOrder.getU16(here, a + Ipv6Header.NEXT_HEADER_OFFSET)
                        == NetworkOrder.getU16(there, b + Ipv6Header.NEXT_HEADER_OFFSET)
                && ByteRanges.equal(
                        here,
                        a + Ipv6Header.SOURCE_OFFSET,
                        there,
                        b + Ipv6Header.SOURCE_OFFSET,
                        Ipv6Header.BYTES - Ipv6Header.SOURCE_OFFSET);
    }

    private static boolean isVerified(Flow flow, Frame first, Frame frame) {
        if (!flow.verified) {
            if (!isRight(first)) {
                return false;
            }
            flow.verified = true;
        }
        return isRight(frame);
    }

    /**
     * Whether both checksums are right; the UDP one may also be still to be computed, or verified by somebody we trust.
     */
    private static boolean isRight(Frame frame) {
        MemorySegment seg = frame.segment();
        int l3At = frame.l3At();
        int l4At = frame.l4At();
        return (!InnerPacket.isIpv4(frame) || Ipv4Header.checksumIsValid(seg, l3At))
                && (frame.checksumState() != Frame.CSUM_UNKNOWN
                        || Checksum.transportIsValid(seg, l3At, IpProtocol.UDP, l4At, frame.end() - l4At));
    }

    private static void merge(Flow flow, Frame first, Frame frame) {
        int payloadAt = frame.l4At() + UdpHeader.BYTES;
        int bytes = frame.end() - payloadAt;
        int end = first.end();
        first.resize(first.length() + bytes);
        MemorySegment.copy(frame.segment(), payloadAt, first.segment(), end, bytes);
        flow.datagrams++;
        flow.open = bytes == flow.sizeBytes;
    }

    private static void end(Flow flow) {
        Frame frame = flow.frame;
        flow.frame = null;
        if (frame == null || flow.datagrams == 1) {
            return;
        }
        MemorySegment seg = frame.segment();
        int l3At = frame.l3At();
        int l4At = frame.l4At();
        int transportBytes = frame.end() - l4At;
        if (InnerPacket.isIpv4(frame)) {
            Ipv4Header.setTotalLength(seg, l3At, frame.end() - l3At);
            Ipv4Header.updateChecksum(seg, l3At);
        } else {
            Ipv6Header.setPayloadLength(seg, l3At, transportBytes);
        }
        UdpHeader.setLength(seg, l4At, transportBytes);
        Checksum.setPartial(frame, l3At, IpProtocol.UDP, l4At, transportBytes);
        frame.setGso(Frame.GSO_UDP_L4, flow.sizeBytes, l4At + UdpHeader.BYTES - frame.start());
    }
}
