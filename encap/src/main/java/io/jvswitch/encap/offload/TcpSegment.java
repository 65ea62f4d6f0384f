package io.jvswitch.encap.offload;

import io.jvswitch.wire.NetworkOrder;
import io.jvswitch.wire.header.Checksum;
import io.jvswitch.wire.header.EtherType;
import io.jvswitch.wire.header.EthernetPayload;
import io.jvswitch.wire.header.IpProtocol;
import io.jvswitch.wire.header.Ipv4Header;
import io.jvswitch.wire.header.Ipv6Header;
import io.jvswitch.wire.header.TcpHeader;
import java.lang.foreign.MemorySegment;

/**
 * Where the headers of a TCP segment are in memory, and comparisons of two segments. Reused: {@link #parse} makes it
 * another.
 *
 * <p>Everything that {@link #sameFlow} and {@link #mayFollow} compare was checked by {@link #parse}, so the comparisons
 * trust it.
 */
final class TcpSegment {

    /** A frame with more tags is not merged: each one makes the {@link HeaderTemplate} of every flow longer. */
    static final int MAX_TAGS = 2;

    /** A segment with one of these flags cannot be part of a superframe. */
    private static final int NEVER_MERGED = TcpHeader.FLAG_SYN | TcpHeader.FLAG_RST | TcpHeader.FLAG_URG;
    /** Flags in which segments of one superframe may differ: the last may have PSH and FIN, the first may have CWR. */
    static final int MAY_DIFFER = TcpHeader.FLAG_FIN | TcpHeader.FLAG_PSH | TcpHeader.FLAG_CWR;

    private MemorySegment seg = MemorySegment.NULL;
    private int at;
    private int l3At;
    private int l4At;
    private int payloadAt;
    private int end;
    private boolean ipv4;
    private boolean plain;
    private int hash;

    /**
     * Looks at an Ethernet frame.
     *
     * @return whether it carries a TCP segment that is no fragment and whose ports can be read, plain or not
     */
    boolean parse(MemorySegment memory, int frameAt, int length) {
        int limit = frameAt + length;
        int ipAt = EthernetPayload.behindTags(memory, frameAt, limit, MAX_TAGS);
        if (ipAt == EthernetPayload.NONE) {
            return false;
        }
        int type = EthernetPayload.type(memory, ipAt);
        seg = memory;
        at = frameAt;
        l3At = ipAt;
        ipv4 = type == EtherType.IPV4;
        boolean tcp = ipv4 ? parseIpv4(limit) : type == EtherType.IPV6 && parseIpv6(limit);
        return tcp && parseTcp();
    }

    /**
     * Does the work of {@link #parse} and of all comparisons but two in a few loads, for the usual next segment of a
     * flow: the frame should differ from {@code first} at most in sequence number, identification, lengths and
     * checksums, and in the flags that may differ. What equals a header that was checked needs no check.
     *
     * @param first plain
     * @param template of {@code first}
     * @return whether it is such a frame: plain, with a right IPv4 header checksum, and only {@link #followsId}, the
     *     sequence number and the TCP checksum remain to be checked. If not, nothing is known about it, and {@link
     *     #parse} must be called
     */
    boolean parseLike(TcpSegment first, HeaderTemplate template, MemorySegment memory, int frameAt, int length) {
        if (length <= first.payloadAt - first.at || !template.matches(memory, frameAt)) {
            return false;
        }
        seg = memory;
        at = frameAt;
        l3At = frameAt + (first.l3At - first.at);
        l4At = frameAt + (first.l4At - first.at);
        payloadAt = frameAt + (first.payloadAt - first.at);
        end = frameAt + length;
        ipv4 = first.ipv4;
        plain = true;
        hash = first.hash;
        return (ipv4 ? isWholeIpv4(first) : Ipv6Header.totalBytes(seg, l3At) == end - l3At)
                && (flags() & TcpHeader.FLAG_CWR) == 0;
    }

    /** Length and header checksum, which is right when the changes since {@code first}'s add up to 0 (RFC 1071). */
    private boolean isWholeIpv4(TcpSegment first) {
        int totalBytes = Ipv4Header.totalLength(seg, l3At);
        int change = totalBytes
                - Ipv4Header.totalLength(first.seg, first.l3At)
                + Ipv4Header.identification(seg, l3At)
                - Ipv4Header.identification(first.seg, first.l3At)
                + NetworkOrder.getU16(seg, l3At + (long) Ipv4Header.CHECKSUM_OFFSET)
                - NetworkOrder.getU16(first.seg, first.l3At + (long) Ipv4Header.CHECKSUM_OFFSET);
        return totalBytes == end - l3At && change % 0xffff == 0;
    }

    private boolean parseIpv4(int limit) {
        if (Ipv4Header.check(seg, l3At, limit - l3At) != null
                || Ipv4Header.protocol(seg, l3At) != IpProtocol.TCP
                || Ipv4Header.isFragment(seg, l3At)) {
            return false;
        }
        l4At = l3At + Ipv4Header.headerBytes(seg, l3At);
        end = l3At + Ipv4Header.totalLength(seg, l3At);
        plain = end == limit && l4At - l3At == Ipv4Header.BYTES && Ipv4Header.checksumIsValid(seg, l3At);
        hash = Ipv4Header.source(seg, l3At) * 31 + Ipv4Header.destination(seg, l3At);
        return true;
    }

    private boolean parseIpv6(int limit) {
        if (Ipv6Header.check(seg, l3At, limit - l3At) != null || Ipv6Header.nextHeader(seg, l3At) != IpProtocol.TCP) {
            return false;
        }
        l4At = l3At + Ipv6Header.BYTES;
        end = l3At + Ipv6Header.totalBytes(seg, l3At);
        plain = end == limit;
        hash = Long.hashCode(Ipv6Header.sourceLo(seg, l3At)) * 31 + Long.hashCode(Ipv6Header.destinationLo(seg, l3At));
        return true;
    }

    private boolean parseTcp() {
        if (TcpHeader.check(seg, l4At, end - l4At) != null) {
            return false;
        }
        payloadAt = l4At + TcpHeader.headerBytes(seg, l4At);
        plain &= end > payloadAt && (TcpHeader.flags(seg, l4At) & NEVER_MERGED) == 0;
        hash = hash * 31 + NetworkOrder.getInt(seg, l4At);
        return true;
    }

    /** Becomes a copy of another, which describes the same bytes. */
    void set(TcpSegment other) {
        seg = other.seg;
        at = other.at;
        l3At = other.l3At;
        l4At = other.l4At;
        payloadAt = other.payloadAt;
        end = other.end;
        ipv4 = other.ipv4;
        plain = other.plain;
        hash = other.hash;
    }

    /** Drops the reference to the memory. */
    void clear() {
        seg = MemorySegment.NULL;
    }

    /**
     * Whether it could be part of a superframe: no IP options, no padding, some payload, a right IPv4 header checksum,
     * no SYN, RST, URG.
     */
    boolean isPlain() {
        return plain;
    }

    boolean isIpv4() {
        return ipv4;
    }

    /** Hash of addresses and ports. */
    int hash() {
        return hash;
    }

    /** The frame's first byte. */
    int at() {
        return at;
    }

    int l3At() {
        return l3At;
    }

    int l4At() {
        return l4At;
    }

    int payloadAt() {
        return payloadAt;
    }

    int payloadBytes() {
        return end - payloadAt;
    }

    MemorySegment memory() {
        return seg;
    }

    int flags() {
        return TcpHeader.flags(seg, l4At);
    }

    int sequence() {
        return TcpHeader.sequence(seg, l4At);
    }

    /** Whether the TCP checksum is right: a pass over the payload. */
    boolean checksumIsValid() {
        return Checksum.transportIsValid(seg, l3At, IpProtocol.TCP, l4At, end - l4At);
    }

    /** Whether Ethernet header, tags, addresses and ports are equal. */
    boolean sameFlow(TcpSegment other) {
        return hash == other.hash
                && ipv4 == other.ipv4
                && l3At - at == other.l3At - other.at
                && samePorts(other)
                && ByteRanges.equal(seg, at, other.seg, other.at, l3At - at)
                && (ipv4
                        ? sameRange(other, Ipv4Header.SOURCE_OFFSET, Ipv4Header.BYTES)
                        : sameRange(other, Ipv6Header.SOURCE_OFFSET, Ipv6Header.BYTES));
    }

    private boolean samePorts(TcpSegment other) {
        return NetworkOrder.getInt(seg, l4At + (long) TcpHeader.SOURCE_PORT_OFFSET)
                == NetworkOrder.getInt(other.seg, other.l4At + (long) TcpHeader.SOURCE_PORT_OFFSET);
    }

    /** Whether bytes {@code from} to {@code to} of the IP headers are equal. */
    private boolean sameRange(TcpSegment other, int from, int to) {
        return ByteRanges.equal(seg, (long) l3At + from, other.seg, (long) other.l3At + from, to - from);
    }

    /**
     * Whether, apart from the sequence number, this segment may be {@code distance} segments after {@code first} in one
     * superframe.
     *
     * @param fixedId whether the previous segments all had the same IPv4 identification
     */
    boolean mayFollow(TcpSegment first, int distance, boolean fixedId) {
        return (ipv4 ? sameIpv4(first, distance, fixedId) : sameIpv6(first)) && sameTcp(first);
    }

    /**
     * Whether the identification counts up, or stays the same where DF makes it meaningless (RFC 6864); IPv6 has none.
     */
    boolean followsId(TcpSegment first, int distance, boolean fixedId) {
        if (!ipv4) {
            return true;
        }
        int step = Ipv4Header.identification(seg, l3At) - Ipv4Header.identification(first.seg, first.l3At) & 0xffff;
        return fixedId ? step == 0 : step == (distance & 0xffff);
    }

    /** Type of service, TTL, protocol, DF, identification. */
    private boolean sameIpv4(TcpSegment first, int distance, boolean fixedId) {
        return Ipv4Header.tos(seg, l3At) == Ipv4Header.tos(first.seg, first.l3At)
                && Ipv4Header.ttl(seg, l3At) == Ipv4Header.ttl(first.seg, first.l3At)
                && Ipv4Header.flagsAndOffset(seg, l3At) == Ipv4Header.flagsAndOffset(first.seg, first.l3At)
                && followsId(first, distance, fixedId);
    }

    /** Whether the IPv4 identification is the first's, which DF permits. */
    boolean repeatsId(TcpSegment first) {
        return ipv4
                && Ipv4Header.dontFragment(seg, l3At)
                && Ipv4Header.identification(seg, l3At) == Ipv4Header.identification(first.seg, first.l3At);
    }

    /** Traffic class, flow label, next header and hop limit. */
    private boolean sameIpv6(TcpSegment first) {
        return NetworkOrder.getInt(seg, l3At + (long) Ipv6Header.VERSION_OFFSET)
                        == NetworkOrder.getInt(first.seg, first.l3At + (long) Ipv6Header.VERSION_OFFSET)
                && NetworkOrder.getU16(seg, l3At + (long) Ipv6Header.NEXT_HEADER_OFFSET)
                        == NetworkOrder.getU16(first.seg, first.l3At + (long) Ipv6Header.NEXT_HEADER_OFFSET);
    }

    /** Acknowledgment number, data offset, flags, window, urgent pointer and options; only the first may have CWR. */
    private boolean sameTcp(TcpSegment first) {
        int flags = NetworkOrder.getU16(seg, l4At + (long) TcpHeader.FLAGS_OFFSET);
        int firstFlags = NetworkOrder.getU16(first.seg, first.l4At + (long) TcpHeader.FLAGS_OFFSET);
        return ((flags ^ firstFlags) & ~MAY_DIFFER) == 0
                && (flags & TcpHeader.FLAG_CWR) == 0
                && TcpHeader.acknowledgment(seg, l4At) == TcpHeader.acknowledgment(first.seg, first.l4At)
                && TcpHeader.window(seg, l4At) == TcpHeader.window(first.seg, first.l4At)
                && TcpHeader.urgentPointer(seg, l4At) == TcpHeader.urgentPointer(first.seg, first.l4At)
                && equalWords(first, l4At + TcpHeader.BYTES, first.l4At + TcpHeader.BYTES, payloadAt);
    }

    /** Compares ranges of whole 32-bit words, here up to {@code hereEnd}. */
    private boolean equalWords(TcpSegment other, int here, int there, int hereEnd) {
        for (int i = 0; here + i < hereEnd; i += 4) {
            if (NetworkOrder.getInt(seg, (long) here + i) != NetworkOrder.getInt(other.seg, (long) there + i)) {
                return false;
            }
        }
        return true;
    }
}
