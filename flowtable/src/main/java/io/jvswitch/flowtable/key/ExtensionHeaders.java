package io.jvswitch.flowtable.key;

import io.jvswitch.wire.NetworkOrder;
import io.jvswitch.wire.header.IpProtocol;
import io.jvswitch.wire.header.Ipv6Extensions;
import io.jvswitch.wire.header.Ipv6Header;
import java.lang.foreign.MemorySegment;

/** Which IPv6 extension headers a packet has: {@link FlowField#IPV6_EXTHDR} (OpenFlow 1.5.1, section 7.2.3.8). */
public final class ExtensionHeaders {

    /** "No next header" ends the chain. */
    public static final int NO_NEXT = 1;
    /** Encrypted payload ends it. */
    public static final int ESP = 1 << 1;

    public static final int AUTHENTICATION = 1 << 2;
    /** One or two destination options headers. */
    public static final int DESTINATION = 1 << 3;

    public static final int FRAGMENT = 1 << 4;
    public static final int ROUTING = 1 << 5;
    public static final int HOP_BY_HOP = 1 << 6;
    /** A header came more often than it should. */
    public static final int REPEATED = 1 << 7;
    /** Headers came in another order than RFC 8200, section 4.1 recommends. */
    public static final int OUT_OF_ORDER = 1 << 8;

    /** Where destination options stand that are for the routers on the way. */
    private static final int FIRST_DESTINATION_RANK = 2;
    /** Where those stand that are for the destination. */
    private static final int LAST_DESTINATION_RANK = 7;

    private static final int NEXT_HEADER_OFFSET = 0;
    private static final int LENGTH_OFFSET = 1;

    private ExtensionHeaders() {}

    /**
     * The bits of a packet.
     *
     * @param at offset of the fixed header
     * @param walk what {@link Ipv6Extensions#walk} found, without failure
     */
    static int of(MemorySegment seg, int at, long walk) {
        int end = Ipv6Extensions.transportOffset(walk);
        int protocol = Ipv6Header.nextHeader(seg, at);
        int offset = Ipv6Header.BYTES;
        int bits = 0;
        int rank = 0;
        int destinations = 0;
        while (offset < end) {
            int bit = bitOf(protocol);
            int headerRank = rankOf(protocol, rank);
            destinations += bit == DESTINATION ? 1 : 0;
            boolean again = bit == DESTINATION ? destinations > 2 : (bits & bit) != 0;
            bits |= bit | (again ? REPEATED : 0) | (headerRank < rank ? OUT_OF_ORDER : 0);
            rank = Math.max(rank, headerRank);
            int next = NetworkOrder.getU8(seg, at + offset + NEXT_HEADER_OFFSET);
            offset += bytes(seg, at + offset, protocol);
            protocol = next;
        }
        return Ipv6Extensions.isLaterFragment(walk) ? bits : bits | bitOf(protocol);
    }

    private static int bytes(MemorySegment seg, int at, int protocol) {
        int units = NetworkOrder.getU8(seg, at + LENGTH_OFFSET);
        return switch (protocol) {
            case IpProtocol.FRAGMENT -> Ipv6Extensions.FRAGMENT_BYTES;
            // RFC 4302, section 2.2: in units of 4 bytes, without the first two.
            case IpProtocol.AH -> (units + 2) * Integer.BYTES;
            default -> (units + 1) * Long.BYTES;
        };
    }

    private static int bitOf(int protocol) {
        return switch (protocol) {
            case IpProtocol.NO_NEXT_HEADER -> NO_NEXT;
            case IpProtocol.ESP -> ESP;
            case IpProtocol.AH -> AUTHENTICATION;
            case IpProtocol.DESTINATION_OPTIONS -> DESTINATION;
            case IpProtocol.FRAGMENT -> FRAGMENT;
            case IpProtocol.ROUTING -> ROUTING;
            case IpProtocol.HOP_BY_HOP -> HOP_BY_HOP;
            default -> 0;
        };
    }

    /** Where a header belongs in the recommended order, when what came before went up to {@code before}. */
    private static int rankOf(int protocol, int before) {
        return switch (protocol) {
            case IpProtocol.HOP_BY_HOP -> 1;
            case IpProtocol.DESTINATION_OPTIONS ->
                before < FIRST_DESTINATION_RANK ? FIRST_DESTINATION_RANK : LAST_DESTINATION_RANK;
            case IpProtocol.ROUTING -> 3;
            case IpProtocol.FRAGMENT -> 4;
            case IpProtocol.AH -> 5;
            default -> before;
        };
    }
}
