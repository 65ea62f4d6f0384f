package io.jvswitch.flowtable.key;

import io.jvswitch.wire.ArpPacket;
import io.jvswitch.wire.DropReason;
import io.jvswitch.wire.EtherType;
import io.jvswitch.wire.EthernetHeader;
import io.jvswitch.wire.Frame;
import io.jvswitch.wire.IcmpHeader;
import io.jvswitch.wire.Icmpv6Header;
import io.jvswitch.wire.IpAddress;
import io.jvswitch.wire.IpProtocol;
import io.jvswitch.wire.Ipv4Header;
import io.jvswitch.wire.Ipv6Extensions;
import io.jvswitch.wire.Ipv6Header;
import io.jvswitch.wire.NeighbourDiscovery;
import io.jvswitch.wire.NetworkOrder;
import io.jvswitch.wire.SctpHeader;
import io.jvswitch.wire.SnapHeader;
import io.jvswitch.wire.TcpHeader;
import io.jvswitch.wire.UdpHeader;
import io.jvswitch.wire.VlanTag;
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

    /** How many priority tags behind the second tag, and SNAP headers, are looked through: more than anybody sends. */
    private static final int MAX_LAYERS = 8;

    /** Presence bits of the words that keys of one kind have in common. */
    private static final int ETHERNET_WORDS = 1 << 0 | 1 << 1 | 1 << 2;

    private static final int TUNNEL_WORDS = 1 << 14 | 1 << 15 | 1 << 16 | 1 << 17 | 1 << 18;
    private static final int IPV4_WORDS = 1 << 4 | 1 << 6 | 1 << 8;
    private static final int IPV6_WORDS = IPV4_WORDS | 1 << 5 | 1 << 7;
    private static final int ARP_WORDS = IPV4_WORDS | 1 << 10 | 1 << 11;

    /** Shortest frame that {@link #readUsual} reads. */
    private static final int USUAL_UDP_BYTES = EthernetHeader.BYTES + Ipv4Header.BYTES + UdpHeader.BYTES;
    /** EtherType, then version 4 and a header of five 32-bit words. */
    private static final int USUAL_TYPE_AND_VERSION = EtherType.IPV4 << 8 | 0x45;

    private static final int FRAGMENT_BITS = Ipv4Header.FLAG_MF | Ipv4Header.OFFSET_MASK;

    private FlowExtractor() {}

    /**
     * Fills the key from the frame's bytes and its metadata (port of arrival, tunnel), and leaves in the frame what was
     * found: {@link Frame#setLayers} and {@link Frame#setFlowHash}.
     *
     * <p>{@link FlowField#RECIRC_ID} and the connection-tracking fields become 0.
     *
     * @return null, or the reason to drop the frame, and then the key is empty
     */
    public static @Nullable DropReason extract(Frame frame, FlowKey key) {
        int before = key.present;
        key.present = 0;
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
    static @Nullable DropReason extractAny(Frame frame, FlowKey key, int before) {
        key.present = 0;
        DropReason reason = read(frame, key);
        if (reason == null) {
            key.clearWords(before & ~key.present);
        } else {
            key.present = -1 >>> 32 - FlowField.WORDS;
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
        long b = NetworkOrder.getLong(seg, at + 8);
        long c = NetworkOrder.getLong(seg, at + 16);
        if ((b >>> 8 & 0xff_ffff) != USUAL_TYPE_AND_VERSION || (c >>> 16 & FRAGMENT_BITS) != 0) {
            return false;
        }
        int protocol = (int) c & 0xff;
        int l4Bytes = (int) (c >>> 48) - Ipv4Header.BYTES;
        if (l4Bytes > length - EthernetHeader.BYTES - Ipv4Header.BYTES) {
            return false;
        }
        long e = NetworkOrder.getLong(seg, at + 32);
        int l4At = at + EthernetHeader.BYTES + Ipv4Header.BYTES;
        long tcpFlags = 0;
        if (protocol == IpProtocol.TCP) {
            if (TcpHeader.check(seg, l4At, l4Bytes) != null) {
                return false;
            }
            tcpFlags = (long) TcpHeader.flags(seg, l4At) << 48;
        } else if (protocol != IpProtocol.UDP || UdpHeader.check(seg, l4At, l4Bytes) != null) {
            return false;
        }
        long a = NetworkOrder.getLong(seg, at);
        long d = NetworkOrder.getLong(seg, at + 24);
        readMetadata(frame, key);
        long[] words = key.words;
        long transport = (long) protocol << 56 | (b & 0xff) << 48 | (c & 0xff00) << 32 | e >>> 16 & 0xffff_ffffL;
        long source = IpAddress.mappedLo((int) (d >>> 16));
        long destination = IpAddress.mappedLo((int) (d << 16 | e >>> 48));
        words[1] = a & ~0xffffL | EtherType.IPV4;
        words[2] = a << 48 | b >>> 32 << 16;
        words[4] = transport;
        words[6] = source;
        words[8] = destination;
        int present = key.present | ETHERNET_WORDS | IPV4_WORDS;
        long flags = words[9] | tcpFlags;
        words[9] = flags;
        key.present = flags != 0 ? present | 1 << 9 : present;
        frame.setLayers(at + EthernetHeader.BYTES, l4At);
        frame.setFlowHash(FlowHash.ofIp(0, source, 0, destination, transport));
        return true;
    }

    private static @Nullable DropReason read(Frame frame, FlowKey key) {
        MemorySegment seg = frame.segment();
        long[] words = key.words;
        int at = frame.start();
        int end = frame.end();
        DropReason reason = EthernetHeader.check(seg, at, end - at);
        if (reason != null) {
            return reason;
        }
        readMetadata(frame, key);
        int present = key.present | ETHERNET_WORDS;
        int typeAt = at + EthernetHeader.TYPE_OFFSET;
        int type = NetworkOrder.getU16(seg, typeAt);
        long tci = 0;
        if (VlanTag.isTpid(type)) {
            reason = VlanTag.check(seg, typeAt, end - typeAt);
            if (reason != null) {
                return reason;
            }
            tci = VlanTag.tci(seg, typeAt) | FlowField.VLAN_PRESENT;
            long tags = (long) type << 48;
            type = VlanTag.type(seg, typeAt);
            typeAt += VlanTag.BYTES;
            if (VlanTag.isTpid(type)) {
                reason = VlanTag.check(seg, typeAt, end - typeAt);
                if (reason != null) {
                    return reason;
                }
                tags |= (long) (VlanTag.tci(seg, typeAt) | FlowField.VLAN_PRESENT) << 32 | (long) type << 16;
                type = VlanTag.type(seg, typeAt);
                typeAt += VlanTag.BYTES;
            }
            words[3] = tags;
            present |= 1 << 3;
        }
        int layers = 0;
        while (VlanTag.isTpid(type) || type < EtherType.MINIMUM) {
            if (++layers > MAX_LAYERS) {
                return DropReason.VLAN_TOO_DEEP;
            }
            if (type < EtherType.MINIMUM) {
                int inner = SnapHeader.type(seg, typeAt + 2L, end);
                if (inner == SnapHeader.NONE) {
                    type = FlowField.ETH_TYPE_NONE;
                    break;
                }
                type = inner;
                typeAt += SnapHeader.BYTES;
            } else {
                reason = VlanTag.check(seg, typeAt, end - typeAt);
                if (reason != null) {
                    return reason;
                }
                if (VlanTag.vid(seg, typeAt) != 0) {
                    break;
                }
                type = VlanTag.type(seg, typeAt);
                typeAt += VlanTag.BYTES;
            }
        }
        int l3At = typeAt + 2;
        long destination = EthernetHeader.destination(seg, at);
        long source = EthernetHeader.source(seg, at);
        words[1] = destination << 16 | type;
        words[2] = source << 16 | tci;
        key.present = present;
        switch (type) {
            case EtherType.IPV4 -> {
                reason = readIpv4(frame, key, seg, l3At, end);
            }
            case EtherType.IPV6 -> {
                reason = readIpv6(frame, key, seg, l3At, end);
            }
            case EtherType.ARP -> {
                frame.setFlowHash(FlowHash.ofEthernet(destination, source, type));
                reason = readArp(frame, key, seg, l3At, end);
            }
            default -> {
                frame.setFlowHash(FlowHash.ofEthernet(destination, source, type));
                frame.setLayers(0, 0);
            }
        }
        if (words[9] != 0) {
            key.present |= 1 << 9;
        }
        return reason;
    }

    /** Port and tunnel. Word 9 is always written here; others add to it. */
    private static void readMetadata(Frame frame, FlowKey key) {
        long[] words = key.words;
        words[0] = (long) frame.inPort() << 32;
        int flags = frame.tunnelFlags();
        words[9] = (flags & 0xffffL) << 32;
        if ((flags | frame.tunnelId() | frame.remoteHi() | frame.remoteLo()) != 0) {
            words[14] = frame.tunnelId();
            words[15] = frame.remoteHi();
            words[16] = frame.remoteLo();
            words[17] = frame.localHi();
            words[18] = frame.localLo();
            key.present |= TUNNEL_WORDS;
        }
    }

    private static @Nullable DropReason readArp(Frame frame, FlowKey key, MemorySegment seg, int at, int end) {
        DropReason reason = ArpPacket.check(seg, at, end - at);
        if (reason != null) {
            return reason;
        }
        long[] words = key.words;
        int operation = ArpPacket.operation(seg, at);
        words[4] = operation > 0xff ? 0 : (long) operation << 56;
        words[6] = IpAddress.mappedLo(ArpPacket.senderIp(seg, at));
        words[8] = IpAddress.mappedLo(ArpPacket.targetIp(seg, at));
        words[10] = ArpPacket.senderMac(seg, at);
        words[11] = ArpPacket.targetMac(seg, at);
        key.present |= ARP_WORDS;
        frame.setLayers(at, 0);
        return null;
    }

    private static @Nullable DropReason readIpv4(Frame frame, FlowKey key, MemorySegment seg, int at, int end) {
        DropReason reason = Ipv4Header.check(seg, at, end - at);
        if (reason != null) {
            return reason;
        }
        int fragment = FlowField.FRAG_NONE;
        if (Ipv4Header.isFragment(seg, at)) {
            reason = Ipv4Header.checkFragment(seg, at);
            if (reason != null) {
                return reason;
            }
            fragment = Ipv4Header.isLaterFragment(seg, at) ? FlowField.FRAG_LATER : FlowField.FRAG_FIRST;
        }
        int protocol = Ipv4Header.protocol(seg, at);
        long[] words = key.words;
        words[4] = (long) protocol << 56
                | (long) Ipv4Header.tos(seg, at) << 48
                | (long) Ipv4Header.ttl(seg, at) << 40
                | (long) fragment << 32;
        words[6] = IpAddress.mappedLo(Ipv4Header.source(seg, at));
        words[8] = IpAddress.mappedLo(Ipv4Header.destination(seg, at));
        key.present |= IPV4_WORDS;
        frame.setLayers(at, 0);
        if (fragment != FlowField.FRAG_LATER) {
            int l4At = at + Ipv4Header.headerBytes(seg, at);
            int l4Bytes = at + Ipv4Header.totalLength(seg, at) - l4At;
            reason = protocol == IpProtocol.ICMP
                    ? readIcmp(key, seg, l4At, l4Bytes)
                    : readTransport(key, seg, l4At, l4Bytes, protocol, fragment);
            if (reason != null) {
                return fragment == FlowField.FRAG_FIRST && isCutShort(reason, seg, l4At)
                        ? DropReason.IPV4_TINY_FRAGMENT
                        : reason;
            }
            if (hasTransportHeader(protocol) || protocol == IpProtocol.ICMP) {
                frame.setLayers(at, l4At);
            }
        }
        frame.setFlowHash(FlowHash.ofIp(0, words[6], 0, words[8], words[4]));
        return null;
    }

    private static @Nullable DropReason readIpv6(Frame frame, FlowKey key, MemorySegment seg, int at, int end) {
        DropReason reason = Ipv6Header.check(seg, at, end - at);
        if (reason != null) {
            return reason;
        }
        long walk = Ipv6Extensions.walk(seg, at);
        reason = Ipv6Extensions.failure(walk);
        if (reason != null) {
            return reason;
        }
        int protocol = Ipv6Extensions.protocol(walk);
        int fragment = FlowField.FRAG_NONE;
        if (Ipv6Extensions.isLaterFragment(walk)) {
            // As Open vSwitch has it: what the fragment header names may be one more extension header.
            protocol = IpProtocol.FRAGMENT;
            fragment = FlowField.FRAG_LATER;
        } else if (Ipv6Extensions.moreFragments(walk)) {
            fragment = FlowField.FRAG_FIRST;
        }
        long[] words = key.words;
        words[4] = (long) protocol << 56
                | (long) Ipv6Header.trafficClass(seg, at) << 48
                | (long) Ipv6Header.hopLimit(seg, at) << 40
                | (long) fragment << 32;
        words[5] = Ipv6Header.sourceHi(seg, at);
        words[6] = Ipv6Header.sourceLo(seg, at);
        words[7] = Ipv6Header.destinationHi(seg, at);
        words[8] = Ipv6Header.destinationLo(seg, at);
        words[9] |= Ipv6Header.flowLabel(seg, at);
        key.present |= IPV6_WORDS;
        frame.setLayers(at, 0);
        if (fragment != FlowField.FRAG_LATER) {
            int l4At = at + Ipv6Extensions.transportOffset(walk);
            int l4Bytes = at + Ipv6Header.totalBytes(seg, at) - l4At;
            reason = protocol == IpProtocol.ICMPV6
                    ? readIcmpv6(key, seg, at, l4At, l4Bytes, Ipv6Extensions.isFragment(walk))
                    : readTransport(key, seg, l4At, l4Bytes, protocol, fragment);
            if (reason != null) {
                return fragment == FlowField.FRAG_FIRST && isCutShort(reason, seg, l4At)
                        ? DropReason.IPV6_TINY_FRAGMENT
                        : reason;
            }
            if (hasTransportHeader(protocol) || protocol == IpProtocol.ICMPV6) {
                frame.setLayers(at, l4At);
            }
        }
        frame.setFlowHash(FlowHash.ofIp(words[5], words[6], words[7], words[8], words[4]));
        return null;
    }

    private static boolean hasTransportHeader(int protocol) {
        return protocol == IpProtocol.TCP || protocol == IpProtocol.UDP || protocol == IpProtocol.SCTP;
    }

    /** Ports and TCP flags, where the protocol is known to have them. */
    private static @Nullable DropReason readTransport(
            FlowKey key, MemorySegment seg, int at, int bytes, int protocol, int fragment) {
        DropReason reason;
        if (protocol == IpProtocol.TCP) {
            reason = TcpHeader.check(seg, at, bytes);
            if (reason == null) {
                key.words[9] |= (long) TcpHeader.flags(seg, at) << 48;
            }
        } else if (protocol == IpProtocol.UDP) {
            reason = fragment == FlowField.FRAG_NONE
                    ? UdpHeader.check(seg, at, bytes)
                    : UdpHeader.checkFirstFragment(seg, at, bytes);
        } else if (protocol == IpProtocol.SCTP) {
            reason = SctpHeader.check(seg, at, bytes);
        } else {
            return null;
        }
        if (reason == null) {
            // Source and destination port are the first four bytes of all three.
            key.words[4] |= NetworkOrder.getU32(seg, at);
        }
        return reason;
    }

    private static @Nullable DropReason readIcmp(FlowKey key, MemorySegment seg, int at, int bytes) {
        DropReason reason = IcmpHeader.check(seg, at, bytes);
        if (reason == null) {
            key.words[4] |= (long) IcmpHeader.type(seg, at) << 16 | IcmpHeader.code(seg, at);
        }
        return reason;
    }

    /** ICMPv6, with target and link-layer addresses of neighbour discovery, which must not be fragmented (RFC 6980). */
    private static @Nullable DropReason readIcmpv6(
            FlowKey key, MemorySegment seg, int ipAt, int at, int bytes, boolean fragmented) {
        DropReason reason = Icmpv6Header.check(seg, at, bytes);
        if (reason != null) {
            return reason;
        }
        long[] words = key.words;
        int type = Icmpv6Header.type(seg, at);
        words[4] |= (long) type << 16 | Icmpv6Header.code(seg, at);
        if (!NeighbourDiscovery.isMessage(type)) {
            return null;
        }
        reason = fragmented ? DropReason.ND_INVALID : NeighbourDiscovery.check(seg, ipAt, at, bytes);
        if (reason != null) {
            return reason;
        }
        long flags = 0;
        if (NeighbourDiscovery.hasTarget(type)) {
            words[12] = NeighbourDiscovery.targetHi(seg, at);
            words[13] = NeighbourDiscovery.targetLo(seg, at);
            key.present |= 1 << 12 | 1 << 13;
            flags = type == Icmpv6Header.TYPE_REDIRECT ? 0 : NeighbourDiscovery.flags(seg, at) >>> 16;
        }
        words[10] =
                flags << 48 | NeighbourDiscovery.linkLayer(seg, at, bytes, NeighbourDiscovery.OPTION_SOURCE_LINK_LAYER);
        words[11] = NeighbourDiscovery.linkLayer(seg, at, bytes, NeighbourDiscovery.OPTION_TARGET_LINK_LAYER);
        key.present |= 1 << 10 | 1 << 11;
        return null;
    }

    /** Whether a transport header was refused because the packet ends within it, and not because of what it says. */
    private static boolean isCutShort(DropReason reason, MemorySegment seg, int at) {
        return switch (reason) {
            case TCP_TRUNCATED, UDP_TRUNCATED, SCTP_TRUNCATED, ICMP_TRUNCATED -> true;
            case TCP_BAD_DATA_OFFSET -> TcpHeader.headerBytes(seg, at) >= TcpHeader.BYTES;
            default -> false;
        };
    }
}
