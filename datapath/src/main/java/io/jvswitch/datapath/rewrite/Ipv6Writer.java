package io.jvswitch.datapath.rewrite;

import io.jvswitch.datapath.translate.SetField;
import io.jvswitch.wire.Frame;
import io.jvswitch.wire.header.Checksum;
import io.jvswitch.wire.header.Ipv6Extensions;
import io.jvswitch.wire.header.Ipv6Header;
import java.lang.foreign.MemorySegment;

/**
 * Writes the IPv6 header, and the checksum of the transport header where it covers what changed: the destination only
 * when no routing header leads further (RFC 8200, section 8.1).
 */
final class Ipv6Writer {

    private Ipv6Writer() {}

    static void write(Frame frame, SetField set) {
        MemorySegment seg = frame.segment();
        int at = frame.l3At();
        switch (set.field()) {
            case IP_SRC -> {
                long beforeHi = Ipv6Header.sourceHi(seg, at);
                long beforeLo = Ipv6Header.sourceLo(seg, at);
                long hi = set.applyToHi(beforeHi);
                long lo = set.applyTo(beforeLo);
                Ipv6Header.setSource(seg, at, hi, lo);
                followAddress(frame, Checksum.change(beforeHi, hi) + Checksum.change(beforeLo, lo));
            }
            case IP_DST -> {
                long beforeHi = Ipv6Header.destinationHi(seg, at);
                long beforeLo = Ipv6Header.destinationLo(seg, at);
                long hi = set.applyToHi(beforeHi);
                long lo = set.applyTo(beforeLo);
                Ipv6Header.setDestination(seg, at, hi, lo);
                if (!Ipv6Extensions.isUnderWay(seg, at)) {
                    followAddress(frame, Checksum.change(beforeHi, hi) + Checksum.change(beforeLo, lo));
                }
            }
            case IP_TOS -> Ipv6Header.setTrafficClass(seg, at, (int) set.applyTo(Ipv6Header.trafficClass(seg, at)));
            case IP_TTL -> Ipv6Header.setHopLimit(seg, at, (int) set.applyTo(Ipv6Header.hopLimit(seg, at)));
            case IPV6_LABEL -> Ipv6Header.setFlowLabel(seg, at, (int) set.applyTo(Ipv6Header.flowLabel(seg, at)));
            default -> {} // of ARP
        }
    }

    private static void followAddress(Frame frame, long change) {
        if (frame.l4At() != 0) {
            int protocol = Ipv6Extensions.protocol(Ipv6Extensions.walk(frame.segment(), frame.l3At()));
            TransportChecksum.followAddress(frame, protocol, change);
        }
    }
}
