package io.jvswitch.encap.offload;

import io.jvswitch.encap.InnerPacket;
import io.jvswitch.wire.DropReason;
import io.jvswitch.wire.Frame;
import io.jvswitch.wire.NetworkOrder;
import io.jvswitch.wire.header.Checksum;
import io.jvswitch.wire.header.Crc32c;
import io.jvswitch.wire.header.EthernetHeader;
import io.jvswitch.wire.header.IpProtocol;
import io.jvswitch.wire.header.Ipv4Header;
import io.jvswitch.wire.header.Ipv6Header;
import io.jvswitch.wire.header.SctpHeader;
import io.jvswitch.wire.header.TcpHeader;
import io.jvswitch.wire.header.UdpHeader;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * Recognises inner TCP and UDP checksums that the sender left for its NIC to complete, when there was no NIC on the
 * path.
 *
 * <p>A Linux VXLAN or GRE device on a veth, on a bridge of the same host, or on a virtual NIC with checksum offload
 * hands the inner packet on with a partial checksum: the field holds the folded sum of the pseudo header only (virtio
 * 1.2, section 5.1.6.2). Kernel endpoints know it from the {@code sk_buff}; a UDP or raw socket is not told. Without
 * this class the guest would drop every TCP segment for its wrong checksum, although ping works.
 *
 * <p>Such a frame is marked {@link Frame#CSUM_PARTIAL}, which is what it is: a TAP passes that on, and everything else
 * completes it. For a frame whose complete checksum happens to be the same number the mark is right as well, because
 * completing it yields that same number. A frame damaged on the way has one chance in 65,536 to look partial, which is
 * also the Internet checksum's chance of missing the damage.
 *
 * <p>Stateless; allocates nothing.
 */
public final class PartialChecksum {

    /**
     * No device without an offload sends a larger packet in one Ethernet frame, unless it is set up for jumbo frames.
     */
    private static final int ETHERNET_MTU_BYTES = 1_500;

    /** What every path carries (RFC 8200, section 5): the sender's segment size is not known. */
    private static final int SAFE_MTU_BYTES = 1_280;

    private PartialChecksum() {}

    /**
     * Checks where the checksum of a frame from a device is to be written. It must not overwrite a field on which the
     * decision about the frame was based: an address, a port. It may lie deeper than the transport header, in a packet
     * that the guest tunnels. An unfinished CRC32c of SCTP is completed at once, because later stages cannot tell it
     * from an Internet checksum.
     *
     * @param frame with a partial checksum, no superframe, layers set by extraction
     * @return null, or {@link DropReason#OFFLOAD_INVALID}
     */
    public static @Nullable DropReason check(Frame frame) {
        int start = frame.checksumStart();
        int offset = frame.checksumOffset();
        int l3At = frame.l3At();
        int l4At = frame.l4At();
        boolean harmless;
        if (l4At > 0) {
            if (start == l4At && offset == SctpHeader.CHECKSUM_OFFSET) {
                return completeSctp(frame);
            }
            boolean own = offset == UdpHeader.CHECKSUM_OFFSET || offset == TcpHeader.CHECKSUM_OFFSET;
            harmless = start == l4At && own || start >= l4At + UdpHeader.BYTES;
        } else if (l3At > 0) {
            boolean ipv4 = Ipv4Header.version(frame.segment(), l3At) == 4;
            harmless = start >= l3At + (ipv4 ? Ipv4Header.BYTES : Ipv6Header.BYTES);
        } else {
            harmless = start >= frame.start() + EthernetHeader.BYTES;
        }
        return harmless && start + offset + 2 <= frame.end() ? null : DropReason.OFFLOAD_INVALID;
    }

    private static @Nullable DropReason completeSctp(Frame frame) {
        int at = frame.l4At();
        if (InnerPacket.check(frame) != null || InnerPacket.transportAt(frame, IpProtocol.SCTP) != at) {
            return DropReason.OFFLOAD_INVALID;
        }
        int bytes = InnerPacket.end(frame) - at;
        if (SctpHeader.check(frame.segment(), at, bytes) != null) {
            return DropReason.OFFLOAD_INVALID;
        }
        SctpHeader.setChecksum(frame.segment(), at, 0);
        SctpHeader.setChecksum(frame.segment(), at, Crc32c.of(frame.segment(), at, bytes));
        frame.setChecksum(Frame.CSUM_VALID, 0, 0);
        return null;
    }

    /**
     * Marks the frame if its transport checksum is partial. A TCP segment with a partial checksum that is larger than
     * Ethernet's MTU was also left to a NIC to segment: it is marked as a superframe, to be cut into segments that fit
     * every path.
     *
     * @param frame an inner frame that came from the underlay, layers set by extraction
     */
    public static void recognise(Frame frame) {
        int l4At = frame.l4At();
        if (l4At == 0 || frame.checksumState() != Frame.CSUM_UNKNOWN) {
            return;
        }
        MemorySegment seg = frame.segment();
        int l3At = frame.l3At();
        boolean ipv4 = Ipv4Header.version(seg, l3At) == 4;
        int protocol = ipv4 ? Ipv4Header.protocol(seg, l3At) : Ipv6Header.nextHeader(seg, l3At);
        if (protocol != IpProtocol.TCP && protocol != IpProtocol.UDP) {
            return; // and IPv6 with extension headers, which no sender offloads
        }
        int packetBytes = ipv4 ? Ipv4Header.totalLength(seg, l3At) : Ipv6Header.totalBytes(seg, l3At);
        int transportBytes = packetBytes - (l4At - l3At);
        int fieldAt = Checksum.offsetIn(protocol);
        boolean whole = ipv4 ? !Ipv4Header.isFragment(seg, l3At) : l4At == l3At + Ipv6Header.BYTES;
        if (!whole || transportBytes < fieldAt + 2) {
            return;
        }
        int partial = Checksum.fold(Checksum.pseudo(seg, l3At, protocol, transportBytes));
        if (NetworkOrder.getU16(seg, l4At + (long) fieldAt) == partial) {
            frame.setChecksum(Frame.CSUM_PARTIAL, l4At, fieldAt);
            if (protocol == IpProtocol.TCP && packetBytes > ETHERNET_MTU_BYTES) {
                describeSuperframe(frame, ipv4);
            }
        }
    }

    private static void describeSuperframe(Frame frame, boolean ipv4) {
        MemorySegment seg = frame.segment();
        int l4At = frame.l4At();
        int headerBytes = l4At - frame.l3At() + TcpHeader.headerBytes(seg, l4At);
        int type = ipv4 ? Frame.GSO_TCPV4 : Frame.GSO_TCPV6;
        int ecn = (TcpHeader.flags(seg, l4At) & TcpHeader.FLAG_CWR) != 0 ? Frame.GSO_ECN : 0;
        frame.setGso(type | ecn, SAFE_MTU_BYTES - headerBytes, frame.l3At() - frame.start() + headerBytes);
    }
}
