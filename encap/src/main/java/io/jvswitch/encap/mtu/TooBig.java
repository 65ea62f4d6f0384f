package io.jvswitch.encap.mtu;

import io.jvswitch.encap.EffectiveMtu;
import io.jvswitch.encap.InnerPacket;
import io.jvswitch.encap.offload.Ipv4Fragmenter;
import io.jvswitch.encap.offload.Segmenter;
import io.jvswitch.wire.Frame;
import io.jvswitch.wire.MacAddress;
import io.jvswitch.wire.header.Checksum;
import io.jvswitch.wire.header.EthernetHeader;
import io.jvswitch.wire.header.IcmpHeader;
import io.jvswitch.wire.header.Icmpv6Header;
import io.jvswitch.wire.header.IpProtocol;
import io.jvswitch.wire.header.Ipv4Header;
import io.jvswitch.wire.header.Ipv6Extensions;
import io.jvswitch.wire.header.Ipv6Header;
import java.lang.foreign.MemorySegment;

/**
 * What to do with a packet that is too large for its tunnel: tell its sender, fragment it, or just count it.
 *
 * <p>The answer comes from the packet's own destination, both Ethernet and IP address, as with Linux's tunnels: a
 * bridge has no address of its own in the guests' subnet, and a guest accepts an error that comes from its peer. VLAN
 * tags are kept. It quotes as much of the packet as fits in 576 bytes (IPv4; RFC 1812, section 4.3.2.3) or 1280 (IPv6;
 * RFC 4443, section 3.2).
 *
 * <p>Stateless, allocates nothing. The caller limits the rate ({@link ErrorRateLimiter}).
 */
public final class TooBig {

    /** What became of the packet. */
    public enum Outcome {
        /** An ICMP "fragmentation needed" (RFC 1191) was written. */
        ANSWERED_ICMP,
        /** An ICMPv6 "packet too big" (RFC 8201) was written. */
        ANSWERED_ICMPV6,
        /** IPv4 without DF: {@link Ipv4Fragmenter} is to cut it. Nothing was written. */
        MUST_FRAGMENT,
        /** No error may be sent for it. Nothing was written. */
        SILENT
    }

    private static final int TTL = 64;
    /** Largest ICMP error (RFC 1812, section 4.3.2.3). */
    private static final int IPV4_ANSWER_BYTES = 576;
    /**
     * Every IPv4 link carries packets of this size (RFC 791, section 3.2), and no host goes below it (RFC 1191, section
     * 3).
     */
    private static final int IPV4_MIN_MTU_BYTES = 68;

    private static final int CODE_0 = 0;

    private TooBig() {}

    /** Whether it is an IPv4 packet that may be cut into fragments: well formed and without DF. */
    public static boolean mayFragment(Frame frame) {
        return InnerPacket.isIpv4(frame)
                && InnerPacket.check(frame) == null
                && !Ipv4Header.dontFragment(frame.segment(), frame.l3At());
    }

    /**
     * Whether it must cross the tunnel though it is too large, in fragments of the tunnel's packet: IPv6 up to 1280
     * bytes, which senders need not make smaller (RFC 8200, section 5; RFC 2473, section 7.1), and packets that their
     * sender may send but cannot be told about.
     *
     * @param frame layers set, without a tunnel header
     * @param mtuBytes largest IP packet that fits for this frame
     * @param guestMtuBytes largest IP packet that guests may send
     */
    public static boolean mustCross(Frame frame, int mtuBytes, int guestMtuBytes) {
        int linkBytes = frame.l3At() > 0 ? frame.l3At() - frame.start() : EthernetHeader.BYTES;
        int packetBytes = Segmenter.largestSegmentBytes(frame) - linkBytes;
        if (packetBytes <= Ipv6Header.MIN_MTU_BYTES && InnerPacket.isIpv6(frame)) {
            return true;
        }
        return packetBytes <= guestMtuBytes && !mayAnswer(frame, mtuBytes);
    }

    /** Whether an ICMP error may be sent for it; not called for packets that {@link #mayFragment}. */
    private static boolean mayAnswer(Frame original, int mtuBytes) {
        if (InnerPacket.isIpv4(original)) {
            return isBetweenHosts(original) && mayAnswerIpv4(original, mtuBytes);
        }
        return InnerPacket.isIpv6(original) && isBetweenHosts(original) && mayAnswerIpv6(original);
    }

    /**
     * Decides, and writes the answer when there is to be one.
     *
     * <p>No error may be sent for multicast and broadcast, for packets that are errors themselves, for later fragments,
     * for a source that is not a single host (RFC 1122, section 3.2.2; RFC 4443, section 2.4 (e)), and for packets that
     * are not IP. RFC 4443 exempts this error from its rule for multicast, but requires a unicast source (section 2.2),
     * which the packet's own destination is not. No IPv6 sender is told less than 1280, because it would have to ignore
     * it (RFC 8201, section 4).
     *
     * @param original the packet's frame, layers set, without a tunnel header; the caller keeps it, and it is not
     *     changed
     * @param mtuBytes largest IP packet that fits for this frame ({@link EffectiveMtu#forFrame})
     * @param into an empty frame that becomes the answer, to be sent back to where {@code original} came from;
     *     unchanged unless answered
     */
    public static Outcome answer(Frame original, int mtuBytes, Frame into) {
        if (mayFragment(original)) {
            return Outcome.MUST_FRAGMENT;
        }
        if (!mayAnswer(original, mtuBytes)) {
            return Outcome.SILENT;
        }
        if (InnerPacket.isIpv4(original)) {
            return writeIpv4(original, mtuBytes, into) ? Outcome.ANSWERED_ICMP : Outcome.SILENT;
        }
        int toldBytes = Math.max(mtuBytes, Ipv6Header.MIN_MTU_BYTES);
        return writeIpv6(original, toldBytes, into) ? Outcome.ANSWERED_ICMPV6 : Outcome.SILENT;
    }

    /** Whether neither MAC address is a group address. */
    private static boolean isBetweenHosts(Frame original) {
        MemorySegment seg = original.segment();
        int at = original.start();
        return !MacAddress.isMulticast(EthernetHeader.destination(seg, at))
                && !MacAddress.isMulticast(EthernetHeader.source(seg, at));
    }

    private static boolean mayAnswerIpv4(Frame original, int mtuBytes) {
        MemorySegment seg = original.segment();
        int at = original.l3At();
        if (mtuBytes < IPV4_MIN_MTU_BYTES
                || InnerPacket.check(original) != null
                || !Ipv4Header.checksumIsValid(seg, at)
                || Ipv4Header.isLaterFragment(seg, at)
                || !isIpv4Host(Ipv4Header.source(seg, at))
                || !isIpv4Host(Ipv4Header.destination(seg, at))) {
            return false;
        }
        if (Ipv4Header.protocol(seg, at) != IpProtocol.ICMP) {
            return true;
        }
        int icmpAt = at + Ipv4Header.headerBytes(seg, at);
        return IcmpHeader.check(seg, icmpAt, Ipv4Header.payloadBytes(seg, at)) == null
                && !IcmpHeader.isError(IcmpHeader.type(seg, icmpAt));
    }

    /**
     * Whether an address can be one host's: not 0/8, not loopback, not multicast, reserved or broadcast (RFC 1122,
     * section 3.2.1.3).
     */
    private static boolean isIpv4Host(int address) {
        int first = address >>> 24;
        return first != 0 && first != 127 && first < 224;
    }

    private static boolean writeIpv4(Frame original, int mtuBytes, Frame into) {
        MemorySegment from = original.segment();
        int originalAt = original.l3At();
        int quotedBytes = Math.min(
                Ipv4Header.totalLength(from, originalAt), IPV4_ANSWER_BYTES - Ipv4Header.BYTES - IcmpHeader.BYTES);
        int icmpBytes = IcmpHeader.BYTES + quotedBytes;
        int at = writeLink(original, Ipv4Header.BYTES + icmpBytes, into);
        if (at < 0) {
            return false;
        }
        MemorySegment seg = into.segment();
        int icmpAt = at + Ipv4Header.BYTES;
        int answerer = Ipv4Header.destination(from, originalAt);
        int sender = Ipv4Header.source(from, originalAt);
        int totalBytes = Ipv4Header.BYTES + icmpBytes;
        Ipv4Header.write(seg, at, 0, totalBytes, 0, Ipv4Header.FLAG_DF, TTL, IpProtocol.ICMP, answerer, sender);
        IcmpHeader.write(
                seg, icmpAt, IcmpHeader.TYPE_DESTINATION_UNREACHABLE, IcmpHeader.CODE_FRAGMENTATION_NEEDED, mtuBytes);
        MemorySegment.copy(from, originalAt, seg, icmpAt + (long) IcmpHeader.BYTES, quotedBytes);
        Checksum.setTransport(seg, at, IpProtocol.ICMP, icmpAt, icmpBytes);
        into.setLayers(at, icmpAt);
        return true;
    }

    private static boolean mayAnswerIpv6(Frame original) {
        MemorySegment seg = original.segment();
        int at = original.l3At();
        if (InnerPacket.check(original) != null
                || !isIpv6Host(Ipv6Header.sourceHi(seg, at), Ipv6Header.sourceLo(seg, at))
                || !isIpv6Host(Ipv6Header.destinationHi(seg, at), Ipv6Header.destinationLo(seg, at))) {
            return false;
        }
        long walk = Ipv6Extensions.walk(seg, at);
        if (Ipv6Extensions.failure(walk) != null || Ipv6Extensions.isLaterFragment(walk)) {
            return false;
        }
        if (Ipv6Extensions.protocol(walk) != IpProtocol.ICMPV6) {
            return true;
        }
        int icmpOffset = Ipv6Extensions.transportOffset(walk);
        int icmpAt = at + icmpOffset;
        if (Icmpv6Header.check(seg, icmpAt, Ipv6Header.totalBytes(seg, at) - icmpOffset) != null) {
            return false;
        }
        int type = Icmpv6Header.type(seg, icmpAt);
        return !Icmpv6Header.isError(type) && type != Icmpv6Header.TYPE_REDIRECT;
    }

    /** Whether an address can be one host's: not unspecified, loopback or multicast. */
    private static boolean isIpv6Host(long hi, long lo) {
        boolean unspecifiedOrLoopback = hi == 0 && (lo & ~1L) == 0;
        return !unspecifiedOrLoopback && hi >>> 56 != 0xff;
    }

    private static boolean writeIpv6(Frame original, int mtuBytes, Frame into) {
        MemorySegment from = original.segment();
        int originalAt = original.l3At();
        int quotedBytes = Math.min(
                Ipv6Header.totalBytes(from, originalAt),
                Ipv6Header.MIN_MTU_BYTES - Ipv6Header.BYTES - Icmpv6Header.MESSAGE_BYTES);
        int icmpBytes = Icmpv6Header.MESSAGE_BYTES + quotedBytes;
        int at = writeLink(original, Ipv6Header.BYTES + icmpBytes, into);
        if (at < 0) {
            return false;
        }
        MemorySegment seg = into.segment();
        int icmpAt = at + Ipv6Header.BYTES;
        Ipv6Header.write(seg, at, 0, 0, icmpBytes, IpProtocol.ICMPV6, TTL);
        Ipv6Header.setSource(
                seg, at, Ipv6Header.destinationHi(from, originalAt), Ipv6Header.destinationLo(from, originalAt));
        Ipv6Header.setDestination(
                seg, at, Ipv6Header.sourceHi(from, originalAt), Ipv6Header.sourceLo(from, originalAt));
        Icmpv6Header.write(seg, icmpAt, Icmpv6Header.TYPE_PACKET_TOO_BIG, CODE_0, mtuBytes);
        MemorySegment.copy(from, originalAt, seg, icmpAt + (long) Icmpv6Header.MESSAGE_BYTES, quotedBytes);
        Checksum.setTransport(seg, at, IpProtocol.ICMPV6, icmpAt, icmpBytes);
        into.setLayers(at, icmpAt);
        return true;
    }

    /**
     * Makes {@code into} a frame with room for {@code packetBytes}, with the original's Ethernet header and tags,
     * addresses swapped.
     *
     * @return where the packet begins, or -1 when the buffer is too small, and then it is unchanged
     */
    private static int writeLink(Frame original, int packetBytes, Frame into) {
        MemorySegment from = original.segment();
        int linkAt = original.start();
        int linkBytes = original.l3At() - linkAt;
        if (!into.resize(linkBytes + packetBytes)) {
            return -1;
        }
        MemorySegment seg = into.segment();
        int at = into.start();
        MemorySegment.copy(from, linkAt, seg, at, linkBytes);
        EthernetHeader.setDestination(seg, at, EthernetHeader.source(from, linkAt));
        EthernetHeader.setSource(seg, at, EthernetHeader.destination(from, linkAt));
        return at + linkBytes;
    }
}
