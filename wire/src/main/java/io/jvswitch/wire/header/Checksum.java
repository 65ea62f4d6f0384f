package io.jvswitch.wire.header;

import io.jvswitch.wire.DropReason;
import io.jvswitch.wire.Frame;
import io.jvswitch.wire.NetworkOrder;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * The Internet checksum (RFC 1071): the one's complement of the one's complement sum of 16-bit words, an odd last byte
 * padded with zero.
 *
 * <p>A <em>sum</em> here is not complemented and may be unfolded (more than 16 bits); sums are added with {@code +}.
 * {@link #finish} folds and complements one into a <em>checksum</em>, 0 to 0xffff, as fields hold it. A range that is
 * intact sums, with its checksum field, to 0xffff.
 *
 * <p>Stateless; allocates nothing.
 */
public final class Checksum {

    /** Ranges of at least this size are taken for payloads rather than headers. */
    private static final int LONG_BYTES = 192;

    private Checksum() {}

    /**
     * Sum of a range, wherever it begins.
     *
     * @return the folded sum, 0 to 0xffff
     */
    public static int sum(MemorySegment seg, long at, int length) {
        // One's complement sums do not depend on byte order (RFC 1071, section 2 (B)), so words are summed in the
        // machine's order and the result is swapped once. Carries collect in the upper half of the long, which no int's
        // worth of bytes can overflow.
        long sum = length < LONG_BYTES ? sumOfFewLongs(seg, at, length) : sumOfManyLongs(seg, at, length);
        int i = length & -8;
        if (i <= length - 4) {
            sum += NetworkOrder.getNativeU32(seg, at + i);
            i += 4;
        }
        if (i <= length - 2) {
            sum += NetworkOrder.getNativeU16(seg, at + i);
            i += 2;
        }
        int folded = NetworkOrder.fromNative16(fold(sum));
        return i < length ? fold(folded + (NetworkOrder.getU8(seg, at + i) << 8)) : folded;
    }

    /**
     * Sum of the whole longs of a range. The same loop exists twice: the compiler unrolls a loop according to its
     * average number of iterations, so headers would keep it from using vector instructions for payloads, which are
     * three to five times as fast.
     */
    private static long sumOfManyLongs(MemorySegment seg, long at, int length) {
        long sum = 0;
        for (int i = 0; i <= length - 8; i += 8) {
            long word = NetworkOrder.getNativeLong(seg, at + i);
            sum += (word & 0xffff_ffffL) + (word >>> 32);
        }
        return sum;
    }

    private static long sumOfFewLongs(MemorySegment seg, long at, int length) {
        long sum = 0;
        for (int i = 0; i <= length - 8; i += 8) {
            long word = NetworkOrder.getNativeLong(seg, at + i);
            sum += (word & 0xffff_ffffL) + (word >>> 32);
        }
        return sum;
    }

    /** Folds a sum to 16 bits; only a sum of zeros gives 0. */
    public static int fold(long sum) {
        long folded = (sum & 0xffff_ffffL) + (sum >>> 32);
        folded = (folded & 0xffff) + (folded >>> 16);
        folded = (folded & 0xffff) + (folded >>> 16);
        return (int) ((folded & 0xffff) + (folded >>> 16));
    }

    /** The checksum of a sum: folded and complemented, 0 to 0xffff. */
    public static int finish(long sum) {
        return ~fold(sum) & 0xffff;
    }

    /**
     * Sum of two consecutive ranges of a message, given the sum of each.
     *
     * @param firstBytes length of the first; when odd, the second's bytes are swapped (RFC 1071, section 2 (B))
     * @return the folded sum
     */
    public static int concat(long first, int firstBytes, long second) {
        int folded = fold(second);
        int placed = (firstBytes & 1) == 0 ? folded : (folded & 0xff) << 8 | folded >>> 8;
        return fold(fold(first) + placed);
    }

    /** Sum of the pseudo-header of TCP and UDP over IPv4 (RFC 9293, section 3.1). */
    public static long pseudoIpv4(int source, int destination, int protocol, int transportBytes) {
        return (source & 0xffff_ffffL) + (destination & 0xffff_ffffL) + protocol + transportBytes;
    }

    /** Sum of the pseudo-header over IPv6 (RFC 8200, section 8.1). */
    public static long pseudoIpv6(
            long sourceHi, long sourceLo, long destinationHi, long destinationLo, int protocol, int transportBytes) {
        return halves(sourceHi)
                + halves(sourceLo)
                + halves(destinationHi)
                + halves(destinationLo)
                + protocol
                + transportBytes;
    }

    private static long halves(long word) {
        return (word & 0xffff_ffffL) + (word >>> 32);
    }

    /**
     * Sum of the pseudo-header of the packet whose IPv4 or IPv6 header is at {@code ipAt}; its version says which.
     *
     * <p>The destination is taken from the fixed header, so a packet with a routing header must have reached its last
     * hop.
     *
     * @param transportBytes length of transport header and payload
     */
    public static long pseudo(MemorySegment seg, long ipAt, int protocol, int transportBytes) {
        if (isIpv4(seg, ipAt)) {
            return pseudoIpv4(
                    Ipv4Header.source(seg, ipAt), Ipv4Header.destination(seg, ipAt), protocol, transportBytes);
        }
        return pseudoIpv6(
                Ipv6Header.sourceHi(seg, ipAt),
                Ipv6Header.sourceLo(seg, ipAt),
                Ipv6Header.destinationHi(seg, ipAt),
                Ipv6Header.destinationLo(seg, ipAt),
                protocol,
                transportBytes);
    }

    private static boolean isIpv4(MemorySegment seg, long ipAt) {
        return Ipv4Header.version(seg, ipAt) == 4;
    }

    /** Initial value of the transport checksum's sum: the pseudo-header's, but 0 for ICMP over IPv4. */
    private static long transportStart(MemorySegment seg, long ipAt, int protocol, int transportBytes) {
        return protocol == IpProtocol.ICMP ? 0 : pseudo(seg, ipAt, protocol, transportBytes);
    }

    /**
     * Where the checksum lies in a TCP, UDP, ICMP or ICMPv6 header.
     *
     * @throws IllegalArgumentException for a protocol that has no Internet checksum
     */
    public static int offsetIn(int protocol) {
        return switch (protocol) {
            case IpProtocol.TCP -> TcpHeader.CHECKSUM_OFFSET;
            case IpProtocol.UDP -> UdpHeader.CHECKSUM_OFFSET;
            case IpProtocol.ICMP, IpProtocol.ICMPV6 -> IcmpHeader.CHECKSUM_OFFSET;
            default -> throw new IllegalArgumentException("protocol " + protocol + " has no Internet checksum");
        };
    }

    /**
     * Whether the checksum of a whole TCP, UDP, ICMP or ICMPv6 message is right. UDP without one (0) is right over IPv4
     * (RFC 768) and wrong over IPv6 (RFC 8200, section 8.1).
     *
     * @param ipAt offset of the IPv4 or IPv6 header
     * @param at offset of the transport header
     * @param length bytes of transport header and payload: for UDP its length field, otherwise the IP payload's
     */
    public static boolean transportIsValid(MemorySegment seg, long ipAt, int protocol, long at, int length) {
        if (protocol == IpProtocol.UDP && UdpHeader.checksum(seg, at) == 0) {
            return isIpv4(seg, ipAt);
        }
        return fold(transportStart(seg, ipAt, protocol, length) + sum(seg, at, length)) == 0xffff;
    }

    /**
     * Computes and writes the checksum of a whole TCP, UDP, ICMP or ICMPv6 message; a UDP checksum of 0 becomes 0xffff
     * (RFC 768). The parameters are {@link #transportIsValid}'s.
     */
    public static void setTransport(MemorySegment seg, long ipAt, int protocol, long at, int length) {
        long field = at + offsetIn(protocol);
        NetworkOrder.putU16(seg, field, 0);
        int checksum = finish(transportStart(seg, ipAt, protocol, length) + sum(seg, at, length));
        NetworkOrder.putU16(seg, field, checksum == 0 && protocol == IpProtocol.UDP ? 0xffff : checksum);
    }

    /**
     * Writes a partial checksum (the folded sum of the pseudo-header, not complemented) and marks it as such in the
     * frame: whoever transmits the frame completes it. The parameters are {@link #transportIsValid}'s.
     */
    public static void setPartial(Frame frame, long ipAt, int protocol, int at, int length) {
        int offset = offsetIn(protocol);
        NetworkOrder.putU16(
                frame.segment(), (long) at + offset, fold(transportStart(frame.segment(), ipAt, protocol, length)));
        frame.setChecksum(Frame.CSUM_PARTIAL, at, offset);
    }

    /**
     * Completes a partial checksum in software: sums from {@link Frame#checksumStart()} to the end of the frame. Does
     * nothing when the frame's checksum is not partial. A result of 0 is written as 0xffff, which is equivalent for
     * every receiver and necessary for UDP.
     *
     * <p>Not for superframes: each segment has a checksum of its own.
     *
     * @return null, or {@link DropReason#OFFLOAD_INVALID} when the field lies outside the frame, and then it is
     *     unchanged
     */
    public static @Nullable DropReason complete(Frame frame) {
        if (frame.checksumState() != Frame.CSUM_PARTIAL) {
            return null;
        }
        int start = frame.checksumStart();
        int offset = frame.checksumOffset();
        if (start < frame.start() || offset < 0 || start > frame.end() || offset > frame.end() - start - 2) {
            return DropReason.OFFLOAD_INVALID;
        }
        int checksum = finish(sum(frame.segment(), start, frame.end() - start));
        NetworkOrder.putU16(frame.segment(), (long) start + offset, checksum == 0 ? 0xffff : checksum);
        frame.setChecksum(Frame.CSUM_VALID, 0, 0);
        return null;
    }

    /**
     * What the change of a word adds to a sum that covers it (RFC 1624, equation 3): for {@link #changed} and {@link
     * #changedPartial}. The changes of several words add up.
     *
     * @param before up to 64 bits as an unsigned number, whose last bit lies at an even distance from where the sum
     *     begins
     */
    public static long change(long before, long after) {
        return halves(~before) + halves(after);
    }

    /** The checksum after changes of what it covers; for UDP see {@link #update16}. */
    public static int changed(int checksum, long changes) {
        return finish((~checksum & 0xffff) + changes);
    }

    /** A partial checksum, which is a sum and not complemented, after changes of the pseudo-header. */
    public static int changedPartial(int sum, long changes) {
        return fold(sum + changes);
    }

    /**
     * The new checksum when a 16-bit word that it covers changes (RFC 1624, equation 3). The word must lie at an even
     * distance from where the sum begins.
     *
     * <p>For UDP: do not update a checksum of 0, which means none; write a result of 0 as 0xffff.
     */
    public static int update16(int checksum, int before, int after) {
        return finish((~checksum & 0xffff) + (~before & 0xffff) + (after & 0xffff));
    }

    /** As {@link #update16}, for 32 bits, such as an IPv4 address. */
    public static int update32(int checksum, int before, int after) {
        return finish((~checksum & 0xffff) + (~before & 0xffff_ffffL) + (after & 0xffff_ffffL));
    }

    /** As {@link #update16}, for 48 bits in the low bits of a {@code long}, such as a MAC address. */
    public static int update48(int checksum, long before, long after) {
        return finish((~checksum & 0xffff) + halves(~before & 0xffff_ffff_ffffL) + halves(after & 0xffff_ffff_ffffL));
    }

    /** As {@link #update16}, for 64 bits, such as half of an IPv6 address. */
    public static int update64(int checksum, long before, long after) {
        return finish((~checksum & 0xffff) + halves(~before) + halves(after));
    }
}
