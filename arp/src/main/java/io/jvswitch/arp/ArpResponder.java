package io.jvswitch.arp;

import io.jvswitch.wire.Frame;
import io.jvswitch.wire.MacAddress;
import io.jvswitch.wire.NetworkOrder;
import io.jvswitch.wire.header.ArpPacket;
import io.jvswitch.wire.header.EthernetHeader;
import java.lang.foreign.MemorySegment;

/**
 * Answers ARP requests for the addresses of a {@link NeighbourTable}, so that no broadcast for a known host leaves the
 * switch (RFC 826; for probes and announcements RFC 5227).
 *
 * <p>It has two parts. {@link #decide} is a pure function of fields of the flow key, so its decision can be kept in a
 * megaflow that matches on them; {@link #answer} is the action, which turns the request into the reply in place.
 *
 * <p>Stateless: safe from any thread. Allocates nothing.
 */
public final class ArpResponder {

    private ArpResponder() {}

    /**
     * What to do with an ARP packet that passed {@link ArpPacket#check}.
     *
     * <ul>
     *   <li>A request for a known host is answered, whether broadcast or unicast: a unicast one only refreshes the
     *       requester's cache, and the table knows better than a requester with an outdated one.
     *   <li>A probe (sender 0.0.0.0) or an announcement of an address that somebody else holds is answered with the
     *       holder's MAC. For the claimant this is the conflict that RFC 5227 (sections 2.1.1 and 2.4) makes it look
     *       for, and the announcement does not poison other hosts' caches.
     *   <li>A holder's announcement of its own address is forwarded, so that remote caches learn it.
     *   <li>A holder's probe for its own address must not be answered, or the holder would give the address up. If
     *       broadcast, it is dropped: the configuration has already said whose the address is, and flooding it would
     *       let any guest deny another one its address. If unicast, it is for that station to answer.
     *   <li>Everything else is forwarded: requests for unknown hosts, replies, other operations.
     * </ul>
     *
     * <p>Depends on all its parameters when the operation is a request and the target is known, and on the operation
     * alone when it is not a request.
     *
     * @param opcode the packet's operation
     * @param senderMac its sender hardware address, low 48 bits
     * @param senderIp its sender protocol address
     * @param targetIp its target protocol address
     * @param ethDst the frame's destination MAC, low 48 bits
     * @param table the network's neighbours
     */
    public static ResponderDecision decide(
            int opcode, long senderMac, int senderIp, int targetIp, long ethDst, NeighbourTable table) {
        if (opcode != ArpPacket.OPERATION_REQUEST) {
            return ResponderDecision.FORWARD;
        }
        long holder = table.macOfIpv4(targetIp);
        if (holder == NeighbourTable.UNKNOWN) {
            return ResponderDecision.FORWARD;
        }
        if (senderMac != holder) {
            // A reply to a group address or to zeros helps no one, and flooding the request would be a way around the
            // responder.
            return senderMac == 0 || MacAddress.isMulticast(senderMac)
                    ? ResponderDecision.SILENT
                    : ResponderDecision.ANSWER;
        }
        boolean announcement = senderIp == targetIp;
        return announcement || !MacAddress.isMulticast(ethDst) ? ResponderDecision.FORWARD : ResponderDecision.SILENT;
    }

    /**
     * Turns a request into its reply, in place: the Ethernet addresses, with tags kept, and the ARP packet. The frame
     * is cut if it was longer than necessary and than Ethernet's minimum, and never gets longer; padding is zeroed.
     *
     * @param request an ARP request that passed {@link ArpPacket#check}, with {@link Frame#l3At()} set; the caller
     *     keeps it
     * @param mac the answer: the MAC address that holds the target address, low 48 bits
     */
    public static void answer(Frame request, long mac) {
        MemorySegment seg = request.segment();
        int ethernetAt = request.start();
        int arpAt = request.l3At();
        // RFC 826 takes the requester's hardware address from the ARP packet. The frame itself goes back to the station
        // that sent it, which differs only behind a bridge that translates MAC addresses, and is the reachable one
        // there.
        EthernetHeader.setDestination(seg, ethernetAt, EthernetHeader.source(seg, ethernetAt));
        EthernetHeader.setSource(seg, ethernetAt, mac);
        int askedIp = ArpPacket.targetIp(seg, arpAt);
        ArpPacket.setOperation(seg, arpAt, ArpPacket.OPERATION_REPLY);
        ArpPacket.setTargetMac(seg, arpAt, ArpPacket.senderMac(seg, arpAt));
        ArpPacket.setTargetIp(seg, arpAt, ArpPacket.senderIp(seg, arpAt));
        ArpPacket.setSenderMac(seg, arpAt, mac);
        ArpPacket.setSenderIp(seg, arpAt, askedIp);
        int headerBytes = arpAt - ethernetAt + ArpPacket.BYTES;
        int length = Math.min(request.length(), Math.max(headerBytes, EthernetHeader.MIN_FRAME_BYTES));
        request.resize(length);
        for (int at = ethernetAt + headerBytes; at < ethernetAt + length; at++) {
            NetworkOrder.putU8(seg, at, 0);
        }
        request.clearOffload();
    }
}
