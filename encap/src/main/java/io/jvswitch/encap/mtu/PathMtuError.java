package io.jvswitch.encap.mtu;

import io.jvswitch.encap.Gre;
import io.jvswitch.encap.TunnelKind;
import io.jvswitch.wire.IpAddress;
import io.jvswitch.wire.NetworkOrder;
import io.jvswitch.wire.header.Checksum;
import io.jvswitch.wire.header.EtherType;
import io.jvswitch.wire.header.EthernetHeader;
import io.jvswitch.wire.header.IcmpHeader;
import io.jvswitch.wire.header.Icmpv6Header;
import io.jvswitch.wire.header.IpProtocol;
import io.jvswitch.wire.header.Ipv4Header;
import io.jvswitch.wire.header.Ipv6Header;
import io.jvswitch.wire.header.UdpHeader;
import io.jvswitch.wire.header.VlanTag;
import io.jvswitch.wire.tunnel.GreHeader;
import io.jvswitch.wire.tunnel.VxlanHeader;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * A router's report that a tunnel's packet was too big for the next link (RFC 1191; RFC 8201), with what it quotes of
 * the packet: the only means of telling whether we sent it (RFC 8201, section 4; RFC 5927, section 7). Anybody can send
 * such a report.
 *
 * @param local the packet's source
 * @param remote its destination
 * @param mtuBytes MTU of the next link; 0 from a router that does not say (RFC 1191, section 5)
 * @param packetBytes how large the packet was
 * @param kind VXLAN or GRE
 * @param sourcePort UDP source port, 0 for GRE
 * @param destinationPort UDP destination port, 0 for GRE
 * @param id VNI or GRE key, {@link #UNQUOTED} when the quote ends before it, {@link #KEYLESS} for GRE without a key
 * @param guestMac source of the inner frame, {@link #UNQUOTED} when the quote ends before it
 * @param guestVlan VLAN id of the inner frame's first tag, 0 without one
 */
public record PathMtuError(
        IpAddress local,
        IpAddress remote,
        int mtuBytes,
        int packetBytes,
        TunnelKind kind,
        int sourcePort,
        int destinationPort,
        long id,
        long guestMac,
        int guestVlan) {

    /** Not part of the quote; an IPv4 router need quote no more than 8 bytes after the IP header (RFC 792). */
    public static final long UNQUOTED = -1;

    /** A GRE header without a key. */
    public static final long KEYLESS = -2;

    /** The minimum that a router quotes after the IP header. */
    private static final int MIN_QUOTED_BYTES = 8;

    /**
     * Reads an ICMP message.
     *
     * @param message ICMPv6, or IPv4 with its header, as a raw socket delivers them; of ICMPv6 the kernel has verified
     *     the checksum
     * @param ipv4 which of the two
     * @return null when it is anything else, or is damaged
     */
    public static @Nullable PathMtuError read(MemorySegment message, boolean ipv4) {
        int length = (int) Math.min(message.byteSize(), Integer.MAX_VALUE);
        return ipv4 ? readIcmp(message, length) : readIcmpv6(message, length);
    }

    private static @Nullable PathMtuError readIcmp(MemorySegment seg, int length) {
        if (Ipv4Header.check(seg, 0, length) != null) {
            return null;
        }
        int at = Ipv4Header.headerBytes(seg, 0);
        int bytes = Ipv4Header.totalLength(seg, 0) - at;
        boolean tooBig = IcmpHeader.check(seg, at, bytes) == null
                && Checksum.finish(Checksum.sum(seg, at, bytes)) == 0
                && IcmpHeader.type(seg, at) == IcmpHeader.TYPE_DESTINATION_UNREACHABLE
                && IcmpHeader.code(seg, at) == IcmpHeader.CODE_FRAGMENTATION_NEEDED;
        int quotedAt = at + IcmpHeader.BYTES;
        if (!tooBig || length - quotedAt < Ipv4Header.BYTES || Ipv4Header.version(seg, quotedAt) != 4) {
            return null;
        }
        int headerBytes = Ipv4Header.headerBytes(seg, quotedAt);
        if (headerBytes < Ipv4Header.BYTES || Ipv4Header.isLaterFragment(seg, quotedAt)) {
            return null;
        }
        return readQuoted(
                seg,
                quotedAt + headerBytes,
                length,
                Ipv4Header.protocol(seg, quotedAt),
                IpAddress.ofIpv4(Ipv4Header.source(seg, quotedAt)),
                IpAddress.ofIpv4(Ipv4Header.destination(seg, quotedAt)),
                IcmpHeader.nextHopMtu(seg, at),
                Ipv4Header.totalLength(seg, quotedAt));
    }

    private static @Nullable PathMtuError readIcmpv6(MemorySegment seg, int length) {
        boolean tooBig = length >= Icmpv6Header.MESSAGE_BYTES + Ipv6Header.BYTES
                && Icmpv6Header.type(seg, 0) == Icmpv6Header.TYPE_PACKET_TOO_BIG;
        int quotedAt = Icmpv6Header.MESSAGE_BYTES;
        if (!tooBig || Ipv6Header.version(seg, quotedAt) != 6) {
            return null;
        }
        // We send no extension headers; and for a fragmented packet a router's report could not make the fragments
        // smaller.
        return readQuoted(
                seg,
                quotedAt + Ipv6Header.BYTES,
                length,
                Ipv6Header.nextHeader(seg, quotedAt),
                new IpAddress(Ipv6Header.sourceHi(seg, quotedAt), Ipv6Header.sourceLo(seg, quotedAt)),
                new IpAddress(Ipv6Header.destinationHi(seg, quotedAt), Ipv6Header.destinationLo(seg, quotedAt)),
                (int) Math.min(Icmpv6Header.mtu(seg, 0), Integer.MAX_VALUE),
                Ipv6Header.totalBytes(seg, quotedAt));
    }

    private static @Nullable PathMtuError readQuoted(
            MemorySegment seg,
            int at,
            int end,
            int protocol,
            IpAddress local,
            IpAddress remote,
            int mtuBytes,
            int packetBytes) {
        if (end - at < MIN_QUOTED_BYTES) {
            return null;
        }
        if (protocol == IpProtocol.UDP) {
            int vxlanAt = at + UdpHeader.BYTES;
            boolean quoted = end - vxlanAt >= VxlanHeader.BYTES;
            return new PathMtuError(
                    local,
                    remote,
                    mtuBytes,
                    packetBytes,
                    TunnelKind.VXLAN,
                    UdpHeader.sourcePort(seg, at),
                    UdpHeader.destinationPort(seg, at),
                    quoted ? VxlanHeader.vni(seg, vxlanAt) : UNQUOTED,
                    sourceMac(seg, vxlanAt + VxlanHeader.BYTES, end),
                    vlan(seg, vxlanAt + VxlanHeader.BYTES, end));
        }
        if (protocol != IpProtocol.GRE || GreHeader.protocol(seg, at) != EtherType.TRANSPARENT_ETHERNET) {
            return null;
        }
        int flags = GreHeader.flags(seg, at);
        boolean keyed = flags == GreHeader.FLAG_KEY;
        if (!keyed && flags != 0) {
            return null; // we send no other flags
        }
        return new PathMtuError(
                local,
                remote,
                mtuBytes,
                packetBytes,
                TunnelKind.GRE,
                0,
                0,
                keyed ? GreHeader.key(seg, at) : KEYLESS,
                sourceMac(seg, at + Gre.headerBytes(keyed), end),
                vlan(seg, at + Gre.headerBytes(keyed), end));
    }

    private static long sourceMac(MemorySegment seg, int at, int end) {
        return end - at < EthernetHeader.BYTES ? UNQUOTED : EthernetHeader.source(seg, at);
    }

    private static int vlan(MemorySegment seg, int at, int end) {
        int tagAt = at + EthernetHeader.TYPE_OFFSET;
        boolean tagged = end - tagAt >= VlanTag.BYTES + 2 && VlanTag.isTpid(NetworkOrder.getU16(seg, tagAt));
        return tagged ? VlanTag.vid(seg, tagAt) : 0;
    }
}
