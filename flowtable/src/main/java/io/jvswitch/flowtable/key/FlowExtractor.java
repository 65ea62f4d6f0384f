package io.jvswitch.flowtable.key;

import io.jvswitch.wire.DropReason;
import io.jvswitch.wire.Frame;
import io.jvswitch.wire.IpAddress;
import io.jvswitch.wire.NetworkOrder;
import io.jvswitch.wire.header.EtherType;
import io.jvswitch.wire.header.EthernetHeader;
import io.jvswitch.wire.header.IpProtocol;
import io.jvswitch.wire.header.Ipv4Header;
import io.jvswitch.wire.header.TcpHeader;
import io.jvswitch.wire.header.UdpHeader;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * Reads a frame once, from front to back, into a {@link FlowKey}.
 *
 * <p>What is not understood stays unread: an unknown EtherType gives a key of layer 2 only, an unknown IP protocol one
 * without ports. What is understood is checked, so that whoever acts on the frame later may trust the offsets that are
 * left in it. Bytes behind an IP packet's length are padding.
 *
 * <p>At most two VLAN tags go into the key. Behind them it is looked through what some receiver strips before it
 * believes the rest: tags without a VLAN (VID 0), of which Linux takes any number, and SNAP headers, with such tags
 * behind them, which bridges to Wi-Fi take (VU#855201). A further tag that has a VLAN ends that: its TPID is then the
 * EtherType. An IEEE 802.3 frame has the EtherType of its SNAP header, or {@link FlowField#ETH_TYPE_NONE}.
 *
 * <p>Superframes (virtio-net header with gso_size) are read as the one large packet that they look like.
 *
 * <p>Stateless; allocates nothing.
 */
public final class FlowExtractor {

    /** Shortest frame that {@link #readUsual} reads. */
    private static final int USUAL_UDP_BYTES = EthernetHeader.BYTES + Ipv4Header.BYTES + UdpHeader.BYTES;
    /** EtherType, then version 4 and a header of five 32-bit words. */
    private static final int USUAL_TYPE_AND_VERSION = EtherType.IPV4 << 8 | 0x45;

    private static final int FRAGMENT_BITS = Ipv4Header.FLAG_MF | Ipv4Header.OFFSET_MASK;

    // Where readUsual's loads begin.
    private static final int LOAD_B = Long.BYTES;
    private static final int LOAD_C = 2 * Long.BYTES;
    private static final int LOAD_D = 3 * Long.BYTES;
    private static final int LOAD_E = 4 * Long.BYTES;

    private FlowExtractor() {}

    /**
     * Fills the key from the frame's bytes and its metadata (port of arrival, tunnel), and leaves in the frame what was
     * found: {@link Frame#setLayers} and {@link Frame#setFlowHash}.
     *
     * <p>{@link FlowField#RECIRC_ID}, the connection-tracking fields, {@link FlowField#DP_HASH} and all of {@link
     * FlowField.Region#PIPELINE} become 0, and so do tunnel options, which {@link Frame} does not carry. The frame has an
     * Ethernet header: else {@link #extractPacket}.
     *
     * @return null, or the reason to drop the frame, and then the key is empty
     */
    public static @Nullable DropReason extract(Frame frame, FlowKey key) {
        long before = key.present;
        key.present = 0;
        if (key.presentHigh != 0) {
            key.clearHigh();
        }
        if (readUsual(frame, key)) {
            key.clearWords(before & ~key.present);
            return null;
        }
        return extractAny(frame, key, before);
    }

    /**
     * {@link #extract} without the short way for {@linkplain #readUsual usual frames}.
     *
     * @param before presence bits of the words that the key's last use has written
     */
    static @Nullable DropReason extractAny(Frame frame, FlowKey key, long before) {
        key.present = 0;
        return finish(key, before, EthernetExtractor.read(frame, key));
    }

    /**
     * {@link #extract} of a packet whose Ethernet header was taken away: {@link FlowField#PACKET_TYPE} and {@link
     * FlowField#ETH_TYPE} are what {@link Frame#packetType()} says, it has no tags, and its addresses are 0.
     *
     * @return null, or the reason to drop the packet, and then the key is empty
     */
    public static @Nullable DropReason extractPacket(Frame frame, FlowKey key) {
        long before = key.present;
        key.present = 0;
        if (key.presentHigh != 0) {
            key.clearHigh();
        }
        return finish(key, before, EthernetExtractor.readPacket(frame, key));
    }

    private static @Nullable DropReason finish(FlowKey key, long before, @Nullable DropReason reason) {
        if (reason == null) {
            key.clearWords(before & ~key.present);
        } else {
            // What was written before the fault was found is not in the map yet.
            key.present = before | FlowLayout.FRAME_WORDS;
            key.clear();
        }
        return reason;
    }

    /**
     * The short way for what most frames are: TCP or UDP over IPv4, without tags, IP options and fragmentation, and
     * well formed. The headers are read in five loads of eight bytes, which share out the fields by shifting.
     *
     * <pre>
     *   0  | destination MAC                       | source |    a
     *   8  | source MAC (rest)   |  type  | v/ihl |  tos    |    b
     *  16  | total length |  id  | flags, offset | ttl | p. |    c
     *  24  | checksum | source address        | destination |    d
     *  32  | (rest) | source port | destination port | ...  |    e
     * </pre>
     *
     * @return whether the frame is such a one; what was written of the key is void when it is not
     */
    private static boolean readUsual(Frame frame, FlowKey key) {
        int at = frame.start();
        int length = frame.length();
        if (length < USUAL_UDP_BYTES) {
            return false;
        }
        MemorySegment seg = frame.segment();
        long b = NetworkOrder.getLong(seg, at + LOAD_B);
        long c = NetworkOrder.getLong(seg, at + LOAD_C);
        if ((b >>> 8 & 0xff_ffff) != USUAL_TYPE_AND_VERSION || (c >>> 16 & FRAGMENT_BITS) != 0) {
            return false;
        }
        int protocol = (int) c & 0xff;
        int l4Bytes = (int) (c >>> 48) - Ipv4Header.BYTES;
        if (l4Bytes > length - EthernetHeader.BYTES - Ipv4Header.BYTES) {
            return false;
        }
        long e = NetworkOrder.getLong(seg, at + LOAD_E);
        int l4At = at + EthernetHeader.BYTES + Ipv4Header.BYTES;
        long tcpFlags = 0;
        if (protocol == IpProtocol.TCP) {
            if (TcpHeader.check(seg, l4At, l4Bytes) != null) {
                return false;
            }
            tcpFlags = (long) TcpHeader.flags(seg, l4At) << FlowLayout.TCP_FLAGS_SHIFT;
        } else if (protocol != IpProtocol.UDP || UdpHeader.check(seg, l4At, l4Bytes) != null) {
            return false;
        }
        long a = NetworkOrder.getLong(seg, at);
        long d = NetworkOrder.getLong(seg, at + LOAD_D);
        readMetadata(frame, key);
        long[] words = key.words;
        long ethDst = a >>> 16;
        long ethSrc = (a & 0xffff) << 32 | b >>> 32;
        long tos = b & 0xff;
        long ttl = c >>> 8 & 0xff;
        long ports = e >>> 16 & 0xffff_ffffL;
        long transport = (long) protocol << FlowLayout.PROTO_SHIFT
                | tos << FlowLayout.TOS_SHIFT
                | ttl << FlowLayout.TTL_SHIFT
                | ports << FlowLayout.L4_DST_SHIFT;
        long source = IpAddress.mappedLo((int) (d >>> 16));
        long destination = IpAddress.mappedLo((int) (d << 16 | e >>> 48));
        words[FlowLayout.DESTINATION_WORD] =
                ethDst << FlowLayout.ETH_DST_SHIFT | (long) EtherType.IPV4 << FlowLayout.ETH_TYPE_SHIFT;
        words[FlowLayout.SOURCE_WORD] = ethSrc << FlowLayout.ETH_SRC_SHIFT;
        words[FlowLayout.TRANSPORT_WORD] = transport;
        words[FlowLayout.IP_SRC_WORD] = source;
        words[FlowLayout.IP_DST_WORD] = destination;
        long present = key.present | FlowLayout.USUAL_WORDS;
        long flags = words[FlowLayout.FLAGS_WORD] | tcpFlags;
        words[FlowLayout.FLAGS_WORD] = flags;
        key.present = flags != 0 ? present | FlowLayout.FLAGS_WORDS : present;
        frame.setLayers(at + EthernetHeader.BYTES, l4At);
        frame.setFlowHash(FlowHash.ofIp(0, source, 0, destination, transport));
        return true;
    }

    /** Port and tunnel. The word of the flags is always written here; others add to it. */
    static void readMetadata(Frame frame, FlowKey key) {
        long[] words = key.words;
        words[FlowLayout.PORT_WORD] = (long) frame.inPort() << FlowLayout.IN_PORT_SHIFT;
        int flags = frame.tunnelFlags();
        words[FlowLayout.FLAGS_WORD] = (flags & 0xffffL) << FlowLayout.TUNNEL_FLAGS_SHIFT;
        if ((flags | frame.tunnelId() | frame.remoteHi() | frame.remoteLo()) != 0) {
            words[FlowLayout.TUNNEL_ID_WORD] = frame.tunnelId();
            words[FlowLayout.TUNNEL_SRC_HI_WORD] = frame.remoteHi();
            words[FlowLayout.TUNNEL_SRC_WORD] = frame.remoteLo();
            words[FlowLayout.TUNNEL_DST_HI_WORD] = frame.localHi();
            words[FlowLayout.TUNNEL_DST_WORD] = frame.localLo();
            words[FlowLayout.TUNNEL_OUTER_WORD] = (long) frame.outerHops() << FlowLayout.TUNNEL_TTL_SHIFT
                    | (long) frame.outerTrafficClass() << FlowLayout.TUNNEL_TOS_SHIFT
                    | (long) frame.groupPolicyFlags() << FlowLayout.TUNNEL_GBP_FLAGS_SHIFT
                    | (long) frame.groupPolicyId() << FlowLayout.TUNNEL_GBP_ID_SHIFT;
            key.present |= FlowLayout.TUNNEL_WORDS;
        }
    }
}
