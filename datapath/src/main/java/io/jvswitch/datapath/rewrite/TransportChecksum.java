package io.jvswitch.datapath.rewrite;

import io.jvswitch.wire.Frame;
import io.jvswitch.wire.NetworkOrder;
import io.jvswitch.wire.header.Checksum;
import io.jvswitch.wire.header.IpProtocol;
import java.lang.foreign.MemorySegment;

/**
 * Lets the checksum of a transport header follow what changed of what it covers: one that is complete all of it; one
 * that a guest left partial, which is the sum of the pseudo-header, only addresses; UDP's none stays none.
 */
final class TransportChecksum {

    private TransportChecksum() {}

    /**
     * An address of the pseudo-header changed.
     *
     * @param protocol of the transport header, if the frame has one
     * @param change what {@link Checksum#change} says
     */
    static void followAddress(Frame frame, int protocol, long change) {
        if (frame.l4At() != 0
                && (protocol == IpProtocol.TCP || protocol == IpProtocol.UDP || protocol == IpProtocol.ICMPV6)) {
            follow(frame, protocol, change, true);
        }
    }

    /** Something of the message itself changed: of TCP, UDP, ICMP or ICMPv6. */
    static void followMessage(Frame frame, int protocol, long change) {
        follow(frame, protocol, change, false);
    }

    private static void follow(Frame frame, int protocol, long change, boolean pseudoHeader) {
        MemorySegment seg = frame.segment();
        int offset = Checksum.offsetIn(protocol);
        long field = (long) frame.l4At() + offset;
        int before = NetworkOrder.getU16(seg, field);
        boolean partial = frame.checksumState() == Frame.CSUM_PARTIAL
                && frame.checksumStart() == frame.l4At()
                && frame.checksumOffset() == offset;
        boolean udp = protocol == IpProtocol.UDP;
        if (partial) {
            if (pseudoHeader) {
                NetworkOrder.putU16(seg, field, Checksum.changedPartial(before, change));
            }
        } else if (!udp || before != 0) {
            int after = Checksum.changed(before, change);
            NetworkOrder.putU16(seg, field, udp && after == 0 ? 0xffff : after);
        }
    }
}
