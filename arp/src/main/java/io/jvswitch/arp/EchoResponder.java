package io.jvswitch.arp;

import io.jvswitch.wire.DropReason;
import io.jvswitch.wire.Frame;
import io.jvswitch.wire.header.Checksum;
import io.jvswitch.wire.header.EthernetHeader;
import io.jvswitch.wire.header.IcmpHeader;
import io.jvswitch.wire.header.IpProtocol;
import io.jvswitch.wire.header.Ipv4Header;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * Answers pings of the switch's own addresses (RFC 792; RFC 1122, section 3.2.2.6), such as the DHCP servers': the
 * first thing that people try.
 *
 * <p>Stateless: safe from any thread. Allocates nothing.
 */
public final class EchoResponder {

    private static final int TTL = 64;
    /** Multicast, reserved and broadcast addresses have these or higher values in their first four bits. */
    private static final int CLASS_D = 0xe;

    private EchoResponder() {}

    /**
     * Turns an echo request into its reply, in place.
     *
     * @param request an unfragmented ICMP echo request, with {@link Frame#l3At()} and {@link Frame#l4At()} set; the
     *     caller keeps it
     * @return null, or {@link DropReason#DESTINATION_RESERVED} for one that must not be answered: wrong checksums, a
     *     source that cannot be a host's, or IP options, which the reply would have to answer as well
     */
    public static @Nullable DropReason answer(Frame request) {
        MemorySegment seg = request.segment();
        int ethernetAt = request.start();
        int ipAt = request.l3At();
        int icmpAt = request.l4At();
        int source = Ipv4Header.source(seg, ipAt);
        int icmpBytes = Ipv4Header.payloadBytes(seg, ipAt);
        if (Ipv4Header.headerBytes(seg, ipAt) != Ipv4Header.BYTES
                || !isStation(source)
                || !Ipv4Header.checksumIsValid(seg, ipAt)
                || !Checksum.transportIsValid(seg, ipAt, IpProtocol.ICMP, icmpAt, icmpBytes)) {
            return DropReason.DESTINATION_RESERVED;
        }
        long server = EthernetHeader.destination(seg, ethernetAt);
        EthernetHeader.setDestination(seg, ethernetAt, EthernetHeader.source(seg, ethernetAt));
        EthernetHeader.setSource(seg, ethernetAt, server);
        Ipv4Header.setSource(seg, ipAt, Ipv4Header.destination(seg, ipAt));
        Ipv4Header.setDestination(seg, ipAt, source);
        Ipv4Header.setTtl(seg, ipAt, TTL);
        Ipv4Header.updateChecksum(seg, ipAt);
        int rest = IcmpHeader.identifier(seg, icmpAt) << 16 | IcmpHeader.sequence(seg, icmpAt);
        IcmpHeader.write(seg, icmpAt, IcmpHeader.TYPE_ECHO_REPLY, 0, rest);
        Checksum.setTransport(seg, ipAt, IpProtocol.ICMP, icmpAt, icmpBytes);
        return null;
    }

    private static boolean isStation(int ipv4) {
        return ipv4 != 0 && ipv4 >>> 28 < CLASS_D;
    }
}
