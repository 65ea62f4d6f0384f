package io.jvswitch.wire.header;

import io.jvswitch.wire.DropReason;
import io.jvswitch.wire.NetworkOrder;
import io.jvswitch.wire.tunnel.GeneveHeader;
import io.jvswitch.wire.tunnel.GreHeader;
import io.jvswitch.wire.tunnel.VxlanHeader;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * Reads a frame as a switch would: each header is checked, and after a check that passed every accessor is used and
 * every option walked, tunnels and what they carry included. What the fuzz tests drive; any exception is a defect of a
 * check.
 */
final class HeaderWalk {

    private static final int MAX_DEPTH = 4;

    private final MemorySegment seg;
    private final int end;
    /** Everything read goes in here, so that no read is thought useless. */
    private long digest;

    private HeaderWalk(MemorySegment seg, int end) {
        this.seg = seg;
        this.end = end;
    }

    /** Walks a frame that fills its segment; gives the reason for which it would be dropped, or null. */
    static @Nullable DropReason frame(MemorySegment seg) {
        HeaderWalk walk = new HeaderWalk(seg, (int) seg.byteSize());
        DropReason reason = walk.ethernet(0, 0);
        return walk.digest == Long.MIN_VALUE + 1 ? DropReason.RX_ERROR : reason;
    }

    /** Walks a DHCP message that fills its segment. */
    static @Nullable DropReason dhcpMessage(MemorySegment seg) {
        return new HeaderWalk(seg, (int) seg.byteSize()).dhcp(0, (int) seg.byteSize());
    }

    private void read(long value) {
        digest = digest * 31 + value;
    }

    private @Nullable DropReason ethernet(int at, int depth) {
        DropReason reason = EthernetHeader.check(seg, at, end - at);
        if (reason != null || depth == MAX_DEPTH) {
            return reason;
        }
        read(EthernetHeader.destination(seg, at) ^ EthernetHeader.source(seg, at));
        int type = EthernetHeader.type(seg, at);
        int next = at + EthernetHeader.BYTES;
        while (VlanTag.isTpid(type)) {
            int tagAt = next - 2;
            reason = VlanTag.check(seg, tagAt, end - tagAt);
            if (reason != null) {
                return reason;
            }
            read(VlanTag.tpid(seg, tagAt) ^ VlanTag.tci(seg, tagAt));
            type = VlanTag.type(seg, tagAt);
            next += VlanTag.BYTES;
        }
        return switch (type) {
            case EtherType.ARP -> arp(next);
            case EtherType.IPV4 -> ipv4(next, depth);
            case EtherType.IPV6 -> ipv6(next, depth);
            default -> null;
        };
    }

    private @Nullable DropReason arp(int at) {
        DropReason reason = ArpPacket.check(seg, at, end - at);
        if (reason == null) {
            read(ArpPacket.operation(seg, at) ^ ArpPacket.senderMac(seg, at) ^ ArpPacket.targetMac(seg, at));
            read(ArpPacket.senderIp(seg, at) ^ ArpPacket.targetIp(seg, at));
        }
        return reason;
    }

    private @Nullable DropReason ipv4(int at, int depth) {
        DropReason reason = Ipv4Header.check(seg, at, end - at);
        if (reason == null) {
            reason = Ipv4Header.checkFragment(seg, at);
        }
        if (reason != null) {
            return reason;
        }
        read(Ipv4Header.checksumIsValid(seg, at) ? 1 : 0);
        read(Ipv4Header.optionBytes(seg, at) ^ Ipv4Header.fragmentOffsetBytes(seg, at));
        if (Ipv4Header.isLaterFragment(seg, at)) {
            return null;
        }
        int next = at + Ipv4Header.headerBytes(seg, at);
        int length = Ipv4Header.payloadBytes(seg, at);
        return transport(at, Ipv4Header.protocol(seg, at), next, length, Ipv4Header.isFragment(seg, at), depth);
    }

    private @Nullable DropReason ipv6(int at, int depth) {
        DropReason reason = Ipv6Header.check(seg, at, end - at);
        if (reason != null) {
            return reason;
        }
        long walk = Ipv6Extensions.walk(seg, at);
        reason = Ipv6Extensions.failure(walk);
        if (reason != null) {
            return reason;
        }
        if (Ipv6Extensions.isFragment(walk)) {
            int fragmentAt = at + Ipv6Extensions.fragmentOffset(walk);
            read(Ipv6Extensions.fragmentIdentification(seg, fragmentAt));
            read(Ipv6Extensions.fragmentOffsetBytes(seg, fragmentAt));
        }
        int offset = Ipv6Extensions.transportOffset(walk);
        int length = Ipv6Header.totalBytes(seg, at) - offset;
        if (length < 0) {
            throw new AssertionError("the walk left the packet");
        }
        if (Ipv6Extensions.isLaterFragment(walk)) {
            return null;
        }
        boolean fragment = Ipv6Extensions.moreFragments(walk);
        return transport(at, Ipv6Extensions.protocol(walk), at + offset, length, fragment, depth);
    }

    private @Nullable DropReason transport(int ipAt, int protocol, int at, int length, boolean fragment, int depth) {
        return switch (protocol) {
            case IpProtocol.TCP -> tcp(ipAt, at, length);
            case IpProtocol.UDP -> udp(ipAt, at, length, fragment, depth);
            case IpProtocol.ICMP -> {
                DropReason reason = IcmpHeader.check(seg, at, length);
                if (reason == null) {
                    read(IcmpHeader.type(seg, at) ^ IcmpHeader.nextHopMtu(seg, at));
                }
                yield reason;
            }
            case IpProtocol.ICMPV6 -> icmpv6(ipAt, at, length);
            case IpProtocol.SCTP -> {
                DropReason reason = SctpHeader.check(seg, at, length);
                if (reason == null) {
                    read(SctpHeader.sourcePort(seg, at) ^ SctpHeader.verificationTag(seg, at));
                    read(SctpHeader.checksum(seg, at));
                }
                yield reason;
            }
            case IpProtocol.GRE -> gre(at, length, depth);
            default -> null;
        };
    }

    private @Nullable DropReason tcp(int ipAt, int at, int length) {
        DropReason reason = TcpHeader.check(seg, at, length);
        if (reason != null) {
            return reason;
        }
        read(TcpHeader.flags(seg, at) ^ TcpHeader.urgentPointer(seg, at));
        read(Checksum.transportIsValid(seg, ipAt, IpProtocol.TCP, at, length) ? 1 : 0);
        int headerEnd = at + TcpHeader.headerBytes(seg, at);
        for (long o = TcpHeader.firstOption(seg, at); o >= 0; o = TcpHeader.nextOption(seg, at, o)) {
            inside(o, TcpHeader.optionBytes(seg, o), headerEnd);
        }
        return null;
    }

    private @Nullable DropReason udp(int ipAt, int at, int length, boolean fragment, int depth) {
        DropReason reason = fragment ? UdpHeader.checkFirstFragment(seg, at, length) : UdpHeader.check(seg, at, length);
        if (reason != null || fragment) {
            return reason;
        }
        int bytes = UdpHeader.length(seg, at);
        read(Checksum.transportIsValid(seg, ipAt, IpProtocol.UDP, at, bytes) ? 1 : 0);
        int next = at + UdpHeader.BYTES;
        return switch (UdpHeader.destinationPort(seg, at)) {
            case VxlanHeader.UDP_PORT -> {
                reason = VxlanHeader.check(seg, next, bytes - UdpHeader.BYTES);
                if (reason != null) {
                    yield reason;
                }
                read(VxlanHeader.vni(seg, next));
                yield ethernet(next + VxlanHeader.BYTES, depth + 1);
            }
            case GeneveHeader.UDP_PORT -> geneve(next, bytes - UdpHeader.BYTES, depth);
            case DhcpMessage.SERVER_PORT, DhcpMessage.CLIENT_PORT -> dhcp(next, bytes - UdpHeader.BYTES);
            default -> null;
        };
    }

    private @Nullable DropReason icmpv6(int ipAt, int at, int length) {
        DropReason reason = Icmpv6Header.check(seg, at, length);
        if (reason != null) {
            return reason;
        }
        int type = Icmpv6Header.type(seg, at);
        if (NeighbourDiscovery.isMessage(type)) {
            reason = NeighbourDiscovery.check(seg, ipAt, at, length);
            if (reason != null) {
                return reason;
            }
            if (NeighbourDiscovery.hasTarget(type)) {
                read(NeighbourDiscovery.targetHi(seg, at) ^ NeighbourDiscovery.targetLo(seg, at));
            }
            for (int option = 0; option < 16; option++) {
                long o = NeighbourDiscovery.findOption(seg, at, length, option);
                if (o >= 0) {
                    inside(o, NeighbourDiscovery.optionBytes(seg, o), at + length);
                    read(NeighbourDiscovery.linkLayer(seg, at, length, option));
                }
            }
        }
        return null;
    }

    private @Nullable DropReason gre(int at, int length, int depth) {
        DropReason reason = GreHeader.check(seg, at, length);
        if (reason != null) {
            return reason;
        }
        read(GreHeader.hasKey(seg, at) ? GreHeader.key(seg, at) : 0);
        read(GreHeader.hasSequence(seg, at) ? GreHeader.sequence(seg, at) : 0);
        read(GreHeader.checksumIsValid(seg, at, length) ? 1 : 0);
        return GreHeader.protocol(seg, at) == EtherType.TRANSPARENT_ETHERNET
                ? ethernet(at + GreHeader.headerBytes(seg, at), depth + 1)
                : DropReason.GRE_BAD_PROTOCOL;
    }

    private @Nullable DropReason geneve(int at, int length, int depth) {
        DropReason reason = GeneveHeader.check(seg, at, length);
        if (reason != null) {
            return reason;
        }
        int headerEnd = at + GeneveHeader.headerBytes(seg, at);
        read(GeneveHeader.vni(seg, at));
        for (long o = GeneveHeader.firstOption(seg, at); o >= 0; o = GeneveHeader.nextOption(seg, at, o)) {
            inside(o, GeneveHeader.optionBytes(seg, o), headerEnd);
            read(GeneveHeader.optionClass(seg, o) ^ GeneveHeader.optionType(seg, o));
        }
        return GeneveHeader.protocol(seg, at) == EtherType.TRANSPARENT_ETHERNET
                ? ethernet(headerEnd, depth + 1)
                : DropReason.GENEVE_BAD_PROTOCOL;
    }

    private @Nullable DropReason dhcp(int at, int length) {
        DropReason reason = DhcpMessage.check(seg, at, length);
        if (reason != null) {
            return reason;
        }
        read(DhcpMessage.clientMac(seg, at) ^ DhcpMessage.messageType(seg, at, length));
        int options = 0;
        for (long o = DhcpMessage.firstOption(seg, at, length);
                o >= 0;
                o = DhcpMessage.nextOption(seg, at, length, o)) {
            inside(o, 2 + DhcpMessage.optionLength(seg, o), at + length);
            if (++options > length) {
                throw new AssertionError("the walk over the options does not end");
            }
        }
        return null;
    }

    private void inside(long at, int bytes, long limit) {
        if (at + bytes > limit) {
            throw new AssertionError("an option at " + at + " of " + bytes + " bytes reaches beyond " + limit);
        }
        read(NetworkOrder.getU8(seg, at + bytes - 1));
    }
}
