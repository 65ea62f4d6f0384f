package io.jvswitch.encap;

import io.jvswitch.wire.DropReason;
import io.jvswitch.wire.Frame;
import io.jvswitch.wire.header.EtherType;
import io.jvswitch.wire.header.EthernetHeader;
import io.jvswitch.wire.header.EthernetPayload;
import io.jvswitch.wire.header.Ipv4Header;
import io.jvswitch.wire.header.Ipv6Extensions;
import io.jvswitch.wire.header.Ipv6Header;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * The IP packet that a frame carries at {@link Frame#l3At()}, checked again wherever a packet is rebuilt instead of
 * just forwarded.
 */
public final class InnerPacket {

    private InnerPacket() {}

    /**
     * Finds the IP header of an Ethernet frame behind VLAN tags, and sets it as the network layer.
     *
     * @return whether there is one that passes {@link #check}
     */
    static boolean locate(Frame frame) {
        int l3At = EthernetPayload.behindTags(frame.segment(), frame.start(), frame.end());
        if (l3At == EthernetPayload.NONE) {
            return false;
        }
        frame.setLayers(l3At, 0);
        return (isIpv4(frame) || isIpv6(frame)) && check(frame) == null;
    }

    /**
     * Where the IP header of an Ethernet frame lies, behind VLAN tags and SNAP headers: as far as its traffic class can
     * be trusted, no further.
     *
     * @return its offset, or -1 when there is none, or none that is whole and of the announced version
     */
    static int ipAt(MemorySegment seg, int at, int length) {
        int end = at + length;
        int l3At = EthernetPayload.behindTagsAndSnap(seg, at, end);
        if (l3At == EthernetPayload.NONE) {
            return -1;
        }
        boolean whole = switch (EthernetPayload.type(seg, l3At)) {
            case EtherType.IPV4 -> l3At + Ipv4Header.BYTES <= end && Ipv4Header.version(seg, l3At) == 4;
            case EtherType.IPV6 -> l3At + Ipv6Header.BYTES <= end && Ipv6Header.version(seg, l3At) == 6;
            default -> false;
        };
        return whole ? l3At : -1;
    }

    /** DSCP and ECN of the packet whose IPv4 or IPv6 header lies at {@code l3At}. */
    static int trafficClass(MemorySegment seg, int l3At) {
        return Ipv4Header.version(seg, l3At) == 4 ? Ipv4Header.tos(seg, l3At) : Ipv6Header.trafficClass(seg, l3At);
    }

    /** DSCP and ECN of the packet at {@link Frame#l3At()}; 0 where there is none, or the layers are not set. */
    static int trafficClass(Frame frame) {
        return switch (type(frame)) {
            case EtherType.IPV4 -> Ipv4Header.tos(frame.segment(), frame.l3At());
            case EtherType.IPV6 -> Ipv6Header.trafficClass(frame.segment(), frame.l3At());
            default -> 0;
        };
    }

    /** Whether the type before the network header announces IPv4. */
    public static boolean isIpv4(Frame frame) {
        return type(frame) == EtherType.IPV4;
    }

    /** Whether the type before the network header announces IPv6. */
    public static boolean isIpv6(Frame frame) {
        return type(frame) == EtherType.IPV6;
    }

    /** Null when header and lengths of the announced packet are valid, else what is wrong. */
    public static @Nullable DropReason check(Frame frame) {
        MemorySegment seg = frame.segment();
        int at = frame.l3At();
        int length = frame.end() - at;
        return isIpv4(frame) ? Ipv4Header.check(seg, at, length) : Ipv6Header.check(seg, at, length);
    }

    /** Where a packet that passed {@link #check} ends; bytes of the frame after it are padding. */
    public static int end(Frame frame) {
        MemorySegment seg = frame.segment();
        int at = frame.l3At();
        return at + (isIpv4(frame) ? Ipv4Header.totalLength(seg, at) : Ipv6Header.totalBytes(seg, at));
    }

    /**
     * Where the transport header of a whole packet (no fragment) of {@code protocol} that passed {@link #check} begins,
     * or -1 when it is something else.
     */
    public static int transportAt(Frame frame, int protocol) {
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

    /** The EtherType directly before the network header, or -1 when the layers were never set. */
    private static int type(Frame frame) {
        int at = frame.l3At();
        if (at < frame.start() + EthernetHeader.BYTES || at >= frame.end()) {
            return -1;
        }
        return EthernetPayload.type(frame.segment(), at);
    }
}
