package io.jvswitch.encap;

import io.jvswitch.wire.DropReason;
import io.jvswitch.wire.EtherType;
import io.jvswitch.wire.EthernetHeader;
import io.jvswitch.wire.Frame;
import io.jvswitch.wire.Ipv4Header;
import io.jvswitch.wire.Ipv6Extensions;
import io.jvswitch.wire.Ipv6Header;
import io.jvswitch.wire.NetworkOrder;
import io.jvswitch.wire.SnapHeader;
import io.jvswitch.wire.VlanTag;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * Which IP packet a frame carries at {@link Frame#l3At()}, checked anew where a packet is rebuilt and not only passed
 * on.
 */
final class InnerPacket {

    private static final int MAX_TAGS = 2;

    private InnerPacket() {}

    /**
     * Finds the IP header of an Ethernet frame behind at most two VLAN tags, and sets it as the network layer.
     *
     * @return whether there is one that passes {@link #check}
     */
    static boolean locate(Frame frame) {
        MemorySegment seg = frame.segment();
        int typeAt = frame.start() + EthernetHeader.TYPE_OFFSET;
        for (int tags = 0; tags < MAX_TAGS; tags++) {
            if (!VlanTag.isTpid(NetworkOrder.getU16(seg, typeAt))
                    || VlanTag.check(seg, typeAt, frame.end() - typeAt) != null) {
                break;
            }
            typeAt += VlanTag.BYTES;
        }
        frame.setLayers(typeAt + 2, 0);
        return (isIpv4(frame) || isIpv6(frame)) && check(frame) == null;
    }

    /**
     * Where the IP header of an Ethernet frame lies, behind however many VLAN tags and SNAP headers: as far as its
     * traffic class can be trusted, no further.
     *
     * @return its offset, or -1 when there is none, or none that is whole and of the announced version
     */
    static int ipAt(MemorySegment seg, int at, int length) {
        int end = at + length;
        int typeAt = at + EthernetHeader.TYPE_OFFSET;
        int type = length < EthernetHeader.BYTES ? 0 : NetworkOrder.getU16(seg, typeAt);
        while (VlanTag.isTpid(type) || type < EtherType.MINIMUM) {
            boolean tag = VlanTag.isTpid(type);
            type = !tag
                    ? SnapHeader.type(seg, typeAt + 2L, end)
                    : VlanTag.check(seg, typeAt, end - typeAt) == null ? VlanTag.type(seg, typeAt) : SnapHeader.NONE;
            if (type == SnapHeader.NONE) {
                return -1;
            }
            typeAt += tag ? VlanTag.BYTES : SnapHeader.BYTES;
        }
        int l3At = typeAt + 2;
        boolean whole = type == EtherType.IPV4 && l3At + Ipv4Header.BYTES <= end && Ipv4Header.version(seg, l3At) == 4
                || type == EtherType.IPV6 && l3At + Ipv6Header.BYTES <= end && Ipv6Header.version(seg, l3At) == 6;
        return whole ? l3At : -1;
    }

    /** DSCP and ECN of the packet whose IPv4 or IPv6 header lies at {@code l3At}. */
    static int trafficClass(MemorySegment seg, int l3At) {
        return Ipv4Header.version(seg, l3At) == 4 ? Ipv4Header.tos(seg, l3At) : Ipv6Header.trafficClass(seg, l3At);
    }

    /** DSCP and ECN of the packet at {@link Frame#l3At()}; 0 for what is none, or was never looked at. */
    static int trafficClass(Frame frame) {
        return switch (type(frame)) {
            case EtherType.IPV4 -> Ipv4Header.tos(frame.segment(), frame.l3At());
            case EtherType.IPV6 -> Ipv6Header.trafficClass(frame.segment(), frame.l3At());
            default -> 0;
        };
    }

    /** Whether the type before the network header announces IPv4. */
    static boolean isIpv4(Frame frame) {
        return type(frame) == EtherType.IPV4;
    }

    /** Whether the type before the network header announces IPv6. */
    static boolean isIpv6(Frame frame) {
        return type(frame) == EtherType.IPV6;
    }

    /** Null when header and lengths of the announced packet hold, else why not. */
    static @Nullable DropReason check(Frame frame) {
        MemorySegment seg = frame.segment();
        int at = frame.l3At();
        int length = frame.end() - at;
        return isIpv4(frame) ? Ipv4Header.check(seg, at, length) : Ipv6Header.check(seg, at, length);
    }

    /** Where a packet that passed {@link #check} ends; bytes of the frame behind it are padding. */
    static int end(Frame frame) {
        MemorySegment seg = frame.segment();
        int at = frame.l3At();
        return at + (isIpv4(frame) ? Ipv4Header.totalLength(seg, at) : Ipv6Header.totalBytes(seg, at));
    }

    /**
     * Where the transport header of a whole packet (no fragment) of {@code protocol} that passed {@link #check} begins,
     * or -1 when it is something else.
     */
    static int transportAt(Frame frame, int protocol) {
        MemorySegment seg = frame.segment();
        int at = frame.l3At();
        if (isIpv4(frame)) {
            boolean whole = !Ipv4Header.isFragment(seg, at) && Ipv4Header.protocol(seg, at) == protocol;
            return whole ? at + Ipv4Header.headerBytes(seg, at) : -1;
        }
        long walk = Ipv6Extensions.walk(seg, at);
        boolean whole = Ipv6Extensions.failure(walk) == null
                && !Ipv6Extensions.isFragment(walk)
                && Ipv6Extensions.protocol(walk) == protocol;
        return whole ? at + Ipv6Extensions.transportOffset(walk) : -1;
    }

    /** The EtherType that stands directly before the network header, or -1 when the layers were never set. */
    private static int type(Frame frame) {
        int at = frame.l3At();
        if (at < frame.start() + EthernetHeader.BYTES || at >= frame.end()) {
            return -1;
        }
        return NetworkOrder.getU16(frame.segment(), at - 2);
    }
}
