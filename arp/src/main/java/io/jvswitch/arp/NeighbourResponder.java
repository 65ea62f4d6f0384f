package io.jvswitch.arp;

import io.jvswitch.wire.DropReason;
import io.jvswitch.wire.Frame;
import io.jvswitch.wire.IpAddress;
import io.jvswitch.wire.MacAddress;
import io.jvswitch.wire.header.Checksum;
import io.jvswitch.wire.header.EthernetHeader;
import io.jvswitch.wire.header.Icmpv6Header;
import io.jvswitch.wire.header.IpProtocol;
import io.jvswitch.wire.header.Ipv6Header;
import io.jvswitch.wire.header.NeighbourDiscovery;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * Answers IPv6 neighbour solicitations for the addresses of a {@link NeighbourTable} (RFC 4861, section 7.2), including
 * duplicate address detection (RFC 4862, section 5.4): the counterpart of {@link ArpResponder}, with the same two
 * parts.
 *
 * <p>Stateless: safe from any thread. Allocates nothing.
 */
public final class NeighbourResponder {

    /** {@code ff02::1}, all nodes of the link (RFC 4291, section 2.7.1). */
    private static final long ALL_NODES_HI = 0xff02_0000_0000_0000L;

    private static final long ALL_NODES_LO = 1;
    /** {@code 33:33:00:00:00:01}, the MAC address of {@code ff02::1} (RFC 2464, section 7). */
    private static final long ALL_NODES_MAC = 0x3333_0000_0001L;

    private static final int ADVERTISEMENT_BYTES =
            NeighbourDiscovery.BYTES + NeighbourDiscovery.LINK_LAYER_OPTION_BYTES;

    private NeighbourResponder() {}

    /**
     * What to do with a neighbour solicitation that passed {@link NeighbourDiscovery#check}.
     *
     * <ul>
     *   <li>For a known host it is answered.
     *   <li>One that is sent directly to the holder is forwarded: it asks whether the holder is still there (RFC 4861,
     *       section 7.3), which only the holder can say. This is how a host switches from a router that has failed to
     *       another one.
     *   <li>For a link-local address of a holder that may or may not be a router it is forwarded: an answer without the
     *       R flag would take the requester's default route away (section 7.2.5), and one with it would add a route
     *       that leads nowhere.
     *   <li>Duplicate address detection (source {@code ::}) for an address that somebody else holds is answered, which
     *       tells the sender that the address is taken.
     *   <li>The holder's own solicitation for its own address (above all its duplicate address detection) must not be
     *       answered. If multicast, it is dropped, for the reasons given at {@link ArpResponder#decide}.
     *   <li>For an unknown host it is forwarded.
     * </ul>
     *
     * <p>The decision does not depend on the source address. It depends on the target, and on the two MAC addresses
     * when the target is known.
     *
     * @param ethSrc the frame's source MAC, low 48 bits
     * @param targetHi high half of the target address
     * @param targetLo low half of the target address
     * @param ethDst the frame's destination MAC, low 48 bits
     * @param table the network's neighbours
     */
    public static ResponderDecision decide(
            long ethSrc, long targetHi, long targetLo, long ethDst, NeighbourTable table) {
        // The table keeps IPv4 addresses as ::ffff:a.b.c.d; on the wire nobody has such an address (RFC 4291, section
        // 2.5.5.2), and neighbour discovery must not find IPv4 entries.
        long holder = IpAddress.isIpv4(targetHi, targetLo) ? NeighbourTable.UNKNOWN : table.macOf(targetHi, targetLo);
        if (holder == NeighbourTable.UNKNOWN) {
            return ResponderDecision.FORWARD;
        }
        if (ethDst == holder) {
            return ResponderDecision.FORWARD;
        }
        if (ethSrc == holder) {
            return MacAddress.isMulticast(ethDst) ? ResponderDecision.SILENT : ResponderDecision.FORWARD;
        }
        boolean mayRoute =
                NeighbourDiscovery.isLinkLocal(targetHi) && table.kindOf(targetHi, targetLo) == NodeKind.UNKNOWN;
        return mayRoute ? ResponderDecision.FORWARD : ResponderDecision.ANSWER;
    }

    /**
     * Turns a solicitation into the advertisement that answers it, in place.
     *
     * <p>Tags are kept, extension headers and the solicitation's options are not; the target link-layer address option
     * is always present, so the frame may grow by 8 bytes. The override flag is set, as the holder itself would set it:
     * this is not a proxy's answer (section 7.2.8), which would contain the proxy's own MAC. To a source of {@code ::}
     * it goes to all nodes with the solicited flag clear, otherwise to the source with the flag set (RFC 4861, section
     * 7.2.4). {@link Frame#l4At()} is updated.
     *
     * @param solicitation passed {@link NeighbourDiscovery#check}, with {@link Frame#l3At()} and {@link Frame#l4At()}
     *     set; the caller keeps it
     * @param mac the answer: the MAC address that holds the target address, low 48 bits
     * @param router whether the holder is a router ({@link NeighbourTable#isRouter}): hosts drop a default router that
     *     says that it is not a router (section 7.2.5)
     * @return null, or {@link DropReason#NO_BUFFER} when the buffer has no room for the 8 bytes, and then the frame is
     *     unchanged
     */
    public static @Nullable DropReason answer(Frame solicitation, long mac, boolean router) {
        MemorySegment seg = solicitation.segment();
        int ethernetAt = solicitation.start();
        int ipAt = solicitation.l3At();
        int icmpAt = ipAt + Ipv6Header.BYTES;
        long targetHi = NeighbourDiscovery.targetHi(seg, solicitation.l4At());
        long targetLo = NeighbourDiscovery.targetLo(seg, solicitation.l4At());
        if (!solicitation.resize(icmpAt - ethernetAt + ADVERTISEMENT_BYTES)) {
            return DropReason.NO_BUFFER;
        }
        long askerHi = Ipv6Header.sourceHi(seg, ipAt);
        long askerLo = Ipv6Header.sourceLo(seg, ipAt);
        int flags = NeighbourDiscovery.FLAG_OVERRIDE | (router ? NeighbourDiscovery.FLAG_ROUTER : 0);
        long askerMac = EthernetHeader.source(seg, ethernetAt);
        if ((askerHi | askerLo) == 0) {
            askerHi = ALL_NODES_HI;
            askerLo = ALL_NODES_LO;
            askerMac = ALL_NODES_MAC;
        } else {
            flags |= NeighbourDiscovery.FLAG_SOLICITED;
        }
        EthernetHeader.setDestination(seg, ethernetAt, askerMac);
        EthernetHeader.setSource(seg, ethernetAt, mac);
        Ipv6Header.write(seg, ipAt, 0, 0, ADVERTISEMENT_BYTES, IpProtocol.ICMPV6, NeighbourDiscovery.HOP_LIMIT);
        Ipv6Header.setSource(seg, ipAt, targetHi, targetLo);
        Ipv6Header.setDestination(seg, ipAt, askerHi, askerLo);
        NeighbourDiscovery.write(seg, icmpAt, Icmpv6Header.TYPE_NEIGHBOUR_ADVERTISEMENT, flags, targetHi, targetLo);
        NeighbourDiscovery.writeLinkLayerOption(
                seg, icmpAt + NeighbourDiscovery.BYTES, NeighbourDiscovery.OPTION_TARGET_LINK_LAYER, mac);
        Checksum.setTransport(seg, ipAt, IpProtocol.ICMPV6, icmpAt, ADVERTISEMENT_BYTES);
        solicitation.clearOffload();
        solicitation.setLayers(ipAt, icmpAt);
        return null;
    }
}
