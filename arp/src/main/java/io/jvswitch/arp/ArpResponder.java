package io.jvswitch.arp;

import io.jvswitch.wire.ArpPacket;
import io.jvswitch.wire.EthernetHeader;
import io.jvswitch.wire.Frame;
import io.jvswitch.wire.MacAddress;
import io.jvswitch.wire.NetworkOrder;
import java.lang.foreign.MemorySegment;

/**
 * Answers ARP requests for the addresses of a {@link NeighbourTable}, so that no broadcast for a known host leaves the
 * switch (RFC 826; probes and announcements as of RFC 5227).
 *
 * <p>In two parts. {@link #decide} is a pure function of fields that the flow key has, so its decision can be kept in a
 * megaflow that matches on them; {@link #answer} is the action, which turns the request into the reply where it lies.
 *
 * <p>Stateless: safe from any thread. Allocates nothing.
 */
public final class ArpResponder {

    private ArpResponder() {}

    /**
     * What to do with an ARP packet that passed {@link ArpPacket#check}.
     *
     * <ul>
     *   <li>A request for a known host is answered, broadcast or unicast alike: a unicast one only refreshes the
     *       asker's cache, and the table knows better than an asker with an outdated one.
     *   <li>A probe (sender 0.0.0.0) or an announcement of an address that somebody else holds is answered with the
     *       holder's MAC. To the claimant that is the conflict that RFC 5227 (sections 2.1.1 and 2.4) has it look for,
     *       and the announcement poisons no other host's cache.
     *   <li>A holder's announcement of its own address is forwarded: remote caches profit from it.
     *   <li>A holder's probe for its own address must not be answered, or the holder would give the address up. Sent to
     *       everybody it is dropped: the configuration has already said whose the address is, and a flood would let any
     *       guest deny another one its address. Sent to one station it is that station's to answer.
     *   <li>All else is forwarded: requests for unknown hosts, replies, other operations.
     * </ul>
     *
     * <p>Looks at all its parameters when the operation is a request and the target is known; at the operation only
     * when it is not a request.
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
            // A reply to a group or to nobody helps no one, and flooding it would be the sender's way around the
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
     * gets shorter when it was longer than Ethernet's minimum for no reason, never longer; padding is zeroed.
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
        // that sent it, which differs only behind a bridge that translates MAC addresses, and then is the one
        // reachable.
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
