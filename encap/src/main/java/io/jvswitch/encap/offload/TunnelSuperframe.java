package io.jvswitch.encap.offload;

import io.jvswitch.encap.InnerSuperframe;
import io.jvswitch.wire.DropReason;
import io.jvswitch.wire.Frame;
import io.jvswitch.wire.header.Checksum;
import io.jvswitch.wire.header.EtherType;
import io.jvswitch.wire.header.EthernetHeader;
import io.jvswitch.wire.header.EthernetPayload;
import io.jvswitch.wire.header.IpProtocol;
import io.jvswitch.wire.header.Ipv4Header;
import io.jvswitch.wire.header.Ipv6Header;
import io.jvswitch.wire.header.UdpHeader;
import io.jvswitch.wire.tunnel.GreHeader;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a superframe that a guest made inside a tunnel of its own: a container with a VXLAN device, for example, whose
 * veth leaves segmentation inside tunnels to the NIC.
 *
 * <pre>
 *  superframe   | Ethernet, tags | outer IP | UDP, GRE | any tunnel header | inner IP | TCP | payload |
 * </pre>
 *
 * <p>The virtio-net header says only what kind the inner packet is and where its checksum begins; that this is after
 * another IP header shows that there is a tunnel. Tunnel header and inner Ethernet header are repeated unchanged; the
 * outer headers get each segment's lengths, identification and UDP checksum (none stays none). Supported are outer UDP,
 * and GRE without checksum and sequence number, which is what the kernel's tunnels produce.
 *
 * <p>Nothing is trusted: what is inconsistent is refused. Single-threaded: one per worker. Allocates nothing.
 */
public final class TunnelSuperframe implements SuperframeCutter {

    /**
     * Outer and inner IPv4 header and the shortest tunnel header: the earliest place for an inner transport header.
     */
    private static final int MIN_OFFSET =
            EthernetHeader.BYTES + Ipv4Header.BYTES + GreHeader.OPTION_BYTES + Ipv4Header.BYTES;

    /** Not shared: between {@link #begin} and the last segment, others may be cutting as well. */
    private final Segmenter segmenter = new Segmenter();

    /** Offsets from the frame's first byte. */
    private int outerIpOffset;

    private int outerL4Offset;
    private boolean outerIpv4;
    private boolean outerUdp;
    private int index;

    /** Ready for {@link #begin}. */
    public TunnelSuperframe() {}

    /**
     * Whether the frame is a superframe inside a tunnel: its checksum begins deeper than directly after its outermost
     * IP header. Where the kernel merged it as a list of packets, no checksum is partial, and it is one if it is GRE.
     * Layers need not be set.
     */
    public static boolean matches(Frame frame) {
        if (frame.gsoType() == Frame.GSO_NONE) {
            return false;
        }
        boolean list = isList(frame);
        if (!list && frame.checksumStart() - frame.start() < MIN_OFFSET) {
            return false;
        }
        int ipAt = ipAt(frame);
        if (ipAt < 0) {
            return false;
        }
        MemorySegment seg = frame.segment();
        int protocol =
                Ipv4Header.version(seg, ipAt) == 4 ? Ipv4Header.protocol(seg, ipAt) : Ipv6Header.nextHeader(seg, ipAt);
        if (list) {
            return protocol == IpProtocol.GRE;
        }
        int headerBytes = Ipv4Header.version(seg, ipAt) == 4 ? Ipv4Header.headerBytes(seg, ipAt) : Ipv6Header.BYTES;
        return (protocol == IpProtocol.UDP || protocol == IpProtocol.GRE) && frame.checksumStart() > ipAt + headerBytes;
    }

    private static boolean isList(Frame frame) {
        return frame.checksumState() == Frame.CSUM_VALID;
    }

    /** Where the outermost IP header begins, -1 when there is none that is whole. */
    private static int ipAt(Frame frame) {
        MemorySegment seg = frame.segment();
        int ipAt = EthernetPayload.behindTags(seg, frame.start(), frame.end());
        if (ipAt == EthernetPayload.NONE) {
            return -1;
        }
        int length = frame.end() - ipAt;
        boolean whole = switch (EthernetPayload.type(seg, ipAt)) {
            case EtherType.IPV4 -> Ipv4Header.check(seg, ipAt, length) == null && !Ipv4Header.isFragment(seg, ipAt);
            case EtherType.IPV6 -> Ipv6Header.check(seg, ipAt, length) == null;
            default -> false;
        };
        return whole ? ipAt : -1;
    }

    /**
     * Checks a frame for which {@link #matches} holds, sets its layers to the inner packet's and makes it the one that
     * {@link #next} cuts. The caller keeps it, and leaves it unchanged until the last segment is taken.
     *
     * @return null, or {@link DropReason#OFFLOAD_INVALID}
     */
    @Override
    public @Nullable DropReason begin(Frame frame) {
        MemorySegment seg = frame.segment();
        index = 0;
        int ipAt = ipAt(frame);
        if (ipAt < 0) {
            return DropReason.OFFLOAD_INVALID;
        }
        outerIpv4 = Ipv4Header.version(seg, ipAt) == 4;
        int protocol = outerIpv4 ? Ipv4Header.protocol(seg, ipAt) : Ipv6Header.nextHeader(seg, ipAt);
        int l4At = ipAt + (outerIpv4 ? Ipv4Header.headerBytes(seg, ipAt) : Ipv6Header.BYTES);
        outerUdp = protocol == IpProtocol.UDP;
        outerIpOffset = ipAt - frame.start();
        outerL4Offset = l4At - frame.start();
        int end = ipAt + (outerIpv4 ? Ipv4Header.totalLength(seg, ipAt) : Ipv6Header.totalBytes(seg, ipAt));
        int innerFrom = l4At + outerBytes(frame, l4At);
        if (isList(frame) && !describeList(frame, l4At, innerFrom)) {
            return DropReason.OFFLOAD_INVALID;
        }
        int innerAt = end == frame.end() ? innerIpAt(frame, innerFrom) : -1;
        if (innerAt < 0) {
            return DropReason.OFFLOAD_INVALID;
        }
        frame.setLayers(innerAt, frame.checksumStart());
        return segmenter.begin(frame);
    }

    /** Makes the inner checksum of Ethernet in GRE partial, as it is in superframes that were not merged as a list. */
    private static boolean describeList(Frame frame, int greAt, int innerFrom) {
        if (innerFrom + EthernetHeader.BYTES > frame.end()
                || GreHeader.protocol(frame.segment(), greAt) != EtherType.TRANSPARENT_ETHERNET) {
            return false;
        }
        int start = frame.start();
        int length = frame.length();
        int type = frame.gsoType();
        int sizeBytes = frame.gsoSizeBytes();
        frame.place(innerFrom, frame.end() - innerFrom);
        boolean described = InnerSuperframe.describe(frame, sizeBytes);
        frame.place(start, length);
        return described && frame.gsoType() == type;
    }

    /** Size of the outer transport header; more than there is for an unknown one. */
    private int outerBytes(Frame frame, int l4At) {
        MemorySegment seg = frame.segment();
        int length = frame.end() - l4At;
        if (outerUdp) {
            return UdpHeader.check(seg, l4At, length) == null && UdpHeader.length(seg, l4At) == length
                    ? UdpHeader.BYTES
                    : frame.capacity();
        }
        boolean plain = GreHeader.check(seg, l4At, length) == null
                && !GreHeader.hasChecksum(seg, l4At)
                && !GreHeader.hasSequence(seg, l4At);
        return plain ? GreHeader.headerBytes(seg, l4At) : frame.capacity();
    }

    /**
     * Where the IP header of the transport header at the checksum's start begins, -1 when there is none.
     */
    private static int innerIpAt(Frame frame, int from) {
        MemorySegment seg = frame.segment();
        int l4At = frame.checksumStart();
        int ipv6At = l4At - Ipv6Header.BYTES;
        if ((frame.gsoType() & ~Frame.GSO_ECN) != Frame.GSO_TCPV4
                && ipv6At >= from
                && Ipv6Header.check(seg, ipv6At, frame.end() - ipv6At) == null) {
            return ipv6At;
        }
        for (int at = l4At - Ipv4Header.BYTES; at >= Math.max(from, l4At - Ipv4Header.MAX_BYTES); at -= 4) {
            if (Ipv4Header.version(seg, at) == 4 && Ipv4Header.headerBytes(seg, at) == l4At - at) {
                return at;
            }
        }
        return -1;
    }

    /** Segments of the superframe that have not been taken yet. */
    @Override
    public int remaining() {
        return segmenter.remaining();
    }

    /**
     * Writes the next segment, a frame with complete checksums, inside and outside.
     *
     * @param into a frame that becomes the segment
     * @return whether there was a segment left and the buffer is large enough
     */
    @Override
    public boolean next(Frame into) {
        if (!segmenter.next(into, Segmenter.Checksums.COMPLETE)) {
            return false;
        }
        MemorySegment seg = into.segment();
        int ipAt = into.start() + outerIpOffset;
        int l4At = into.start() + outerL4Offset;
        int transportBytes = into.end() - l4At;
        if (outerIpv4) {
            Ipv4Header.setTotalLength(seg, ipAt, into.end() - ipAt);
            Ipv4Header.setIdentification(seg, ipAt, Ipv4Header.identification(seg, ipAt) + index);
            Ipv4Header.updateChecksum(seg, ipAt);
        } else {
            Ipv6Header.setPayloadLength(seg, ipAt, transportBytes);
        }
        if (outerUdp) {
            UdpHeader.setLength(seg, l4At, transportBytes);
            if (UdpHeader.checksum(seg, l4At) != 0) {
                Checksum.setTransport(seg, ipAt, IpProtocol.UDP, l4At, transportBytes);
            }
        }
        into.setLayers(0, 0);
        index++;
        return true;
    }
}
