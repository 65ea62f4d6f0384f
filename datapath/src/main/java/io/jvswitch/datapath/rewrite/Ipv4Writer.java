package io.jvswitch.datapath.rewrite;

import io.jvswitch.datapath.translate.SetField;
import io.jvswitch.wire.Frame;
import io.jvswitch.wire.header.Checksum;
import io.jvswitch.wire.header.Ipv4Header;
import java.lang.foreign.MemorySegment;

/** Writes the IPv4 header, with its checksum and, for addresses, that of the transport header. */
final class Ipv4Writer {

    private static final long ADDRESS_BITS = 0xffff_ffffL;

    private Ipv4Writer() {}

    static void write(Frame frame, SetField set) {
        MemorySegment seg = frame.segment();
        int at = frame.l3At();
        switch (set.field()) {
            case IP_SRC -> {
                int before = Ipv4Header.source(seg, at);
                int after = set.applyToIpv4(before);
                Ipv4Header.setSource(seg, at, after);
                followAddress(frame, before, after);
            }
            case IP_DST -> {
                int before = Ipv4Header.destination(seg, at);
                int after = set.applyToIpv4(before);
                Ipv4Header.setDestination(seg, at, after);
                followAddress(frame, before, after);
            }
            case IP_TOS -> Ipv4Header.changeTos(seg, at, (int) set.applyTo(Ipv4Header.tos(seg, at)));
            case IP_TTL -> Ipv4Header.changeTtl(seg, at, (int) set.applyTo(Ipv4Header.ttl(seg, at)));
            default -> {} // of IPv6 or ARP
        }
    }

    private static void followAddress(Frame frame, int before, int after) {
        if (before == after) {
            return;
        }
        MemorySegment seg = frame.segment();
        int at = frame.l3At();
        long change = Checksum.change(before & ADDRESS_BITS, after & ADDRESS_BITS);
        Ipv4Header.setChecksum(seg, at, Checksum.changed(Ipv4Header.checksum(seg, at), change));
        TransportChecksum.followAddress(frame, Ipv4Header.protocol(seg, at), change);
    }
}
