package io.jvswitch.datapath.rewrite;

import io.jvswitch.datapath.translate.SetField;
import io.jvswitch.wire.Frame;
import io.jvswitch.wire.NetworkOrder;
import io.jvswitch.wire.header.Checksum;
import io.jvswitch.wire.header.EtherType;
import io.jvswitch.wire.header.Icmpv6Header;
import io.jvswitch.wire.header.IpProtocol;
import io.jvswitch.wire.header.Ipv6Extensions;
import io.jvswitch.wire.header.Ipv6Header;
import io.jvswitch.wire.header.NeighbourDiscovery;
import java.lang.foreign.MemorySegment;

/** Writes target, flags and link-layer address options of neighbour discovery, with the message's checksum. */
final class NeighbourWriter {

    private NeighbourWriter() {}

    static void write(Frame frame, SetField set) {
        MemorySegment seg = frame.segment();
        int at = frame.l4At();
        int ipAt = frame.l3At();
        if (at == 0
                || HeaderWriter.networkType(frame) != EtherType.IPV6
                || Ipv6Extensions.protocol(Ipv6Extensions.walk(seg, ipAt)) != IpProtocol.ICMPV6) {
            return;
        }
        int type = Icmpv6Header.type(seg, at);
        int bytes = ipAt + Ipv6Header.totalBytes(seg, ipAt) - at;
        // extraction has checked the message as what it was then: its type may be another by now
        if (!NeighbourDiscovery.isMessage(type) || bytes < NeighbourDiscovery.fixedBytes(type)) {
            return;
        }
        switch (set.field()) {
            case ND_TARGET -> setTarget(frame, type, set);
            case ND_RESERVED -> setReserved(frame, type, set);
            case ND_OPTIONS_TYPE -> setOptionType(frame, type, bytes, set);
            case ARP_SHA -> setOption(frame, bytes, NeighbourDiscovery.OPTION_SOURCE_LINK_LAYER, set);
            case ARP_THA -> setOption(frame, bytes, NeighbourDiscovery.OPTION_TARGET_LINK_LAYER, set);
            default -> throw new IllegalArgumentException(set.toString());
        }
    }

    private static void setTarget(Frame frame, int type, SetField set) {
        if (!NeighbourDiscovery.hasTarget(type)) {
            return;
        }
        MemorySegment seg = frame.segment();
        int at = frame.l4At();
        long beforeHi = NeighbourDiscovery.targetHi(seg, at);
        long beforeLo = NeighbourDiscovery.targetLo(seg, at);
        long hi = set.applyToHi(beforeHi);
        long lo = set.applyTo(beforeLo);
        NeighbourDiscovery.setTarget(seg, at, hi, lo);
        follow(frame, Checksum.change(beforeHi, hi) + Checksum.change(beforeLo, lo));
    }

    private static boolean isOfNeighbours(int type) {
        return type == Icmpv6Header.TYPE_NEIGHBOUR_SOLICITATION || type == Icmpv6Header.TYPE_NEIGHBOUR_ADVERTISEMENT;
    }

    /** Flags and reserved bits: one word. */
    private static void setReserved(Frame frame, int type, SetField set) {
        if (!isOfNeighbours(type)) {
            return;
        }
        MemorySegment seg = frame.segment();
        int at = frame.l4At();
        long before = NeighbourDiscovery.flags(seg, at) & 0xffff_ffffL;
        long after = set.applyTo(before);
        NeighbourDiscovery.setFlags(seg, at, (int) after);
        follow(frame, Checksum.change(before, after));
    }

    /** The type of the first link-layer address option. */
    private static void setOptionType(Frame frame, int type, int bytes, SetField set) {
        MemorySegment seg = frame.segment();
        long option = NeighbourDiscovery.findLinkLayerOption(seg, frame.l4At(), bytes);
        if (!isOfNeighbours(type) || option < 0) {
            return;
        }
        int before = NetworkOrder.getU16(seg, option);
        NeighbourDiscovery.setOptionType(seg, option, (int) set.applyTo(NeighbourDiscovery.optionType(seg, option)));
        follow(frame, Checksum.change(before, NetworkOrder.getU16(seg, option)));
    }

    private static void setOption(Frame frame, int bytes, int kind, SetField set) {
        MemorySegment seg = frame.segment();
        int at = frame.l4At();
        long option = NeighbourDiscovery.findOption(seg, at, bytes, kind);
        if (option < 0 || NeighbourDiscovery.optionBytes(seg, option) != NeighbourDiscovery.LINK_LAYER_OPTION_BYTES) {
            return;
        }
        long before = NeighbourDiscovery.optionMac(seg, option);
        long after = set.applyTo(before);
        NeighbourDiscovery.setOptionMac(seg, option, after);
        follow(frame, Checksum.change(before, after));
    }

    private static void follow(Frame frame, long change) {
        TransportChecksum.followMessage(frame, IpProtocol.ICMPV6, change);
    }
}
