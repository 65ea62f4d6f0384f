package io.jvswitch.datapath.normal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jvswitch.datapath.normal.vlan.PortVlans;
import io.jvswitch.datapath.testing.MemoryQueue;
import io.jvswitch.datapath.testing.TestSwitch;
import io.jvswitch.datapath.worker.ConductorEvent;
import io.jvswitch.encap.TunnelKind;
import io.jvswitch.wire.DropReason;
import io.jvswitch.wire.MacAddress;
import io.jvswitch.wire.testing.FrameBuilder;
import io.jvswitch.wire.testing.Frames;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Every way in which a port can treat VLAN tags. Networks: blue is 0, red is 1. Unless a test says otherwise port 1 is
 * a guest in blue, port 2 a guest in red, and port 3 a cable with both.
 */
final class VlanTest {

    private static final int BLUE = 0;
    private static final int RED = 1;
    private static final int Q = 0x8100;
    private static final int AD = 0x88a8;

    private final TestSwitch sw = new TestSwitch(4);

    @AfterEach
    void theBooksBalance() {
        assertEquals(0, sw.imbalance(), "received + created - transmitted - dropped - handed over");
        assertEquals(0, sw.leakedFrames());
        sw.close();
    }

    /** A datagram from A to B. */
    private static FrameBuilder ab() {
        return Frames.ethernet(Frames.MAC_A, Frames.MAC_B);
    }

    private static byte[] udp(FrameBuilder ethernet) {
        return ethernet.ipv4(Frames.IP4_A, Frames.IP4_B)
                .udp(1000, 2000)
                .payload(18)
                .bytes();
    }

    private static byte[] back(FrameBuilder ethernet) {
        return ethernet.ipv4(Frames.IP4_B, Frames.IP4_A)
                .udp(2000, 1000)
                .payload(18)
                .bytes();
    }

    private static FrameBuilder ba() {
        return Frames.ethernet(Frames.MAC_B, Frames.MAC_A);
    }

    private static BitSet vids(int... vids) {
        BitSet set = new BitSet();
        for (int vid : vids) {
            set.set(vid);
        }
        return set;
    }

    private void cable(PortVlans vlans, int untagged) {
        sw.otherNetwork(RED, "red").network(2, RED).vlans(3, untagged, vlans).publish();
    }

    private void assertGot(int port, byte[]... frames) {
        List<byte[]> got = new ArrayList<>();
        for (MemoryQueue.Sent sent : sw.port(port).drain()) {
            got.add(sent.bytes());
        }
        assertEquals(frames.length, got.size(), "frames at port " + port);
        for (int i = 0; i < frames.length; i++) {
            assertArrayEquals(frames[i], got.get(i));
        }
    }

    private void assertDropped(int port, long frames) {
        assertEquals(frames, sw.dropped(port, DropReason.VLAN_NOT_CARRIED));
    }

    @Test
    void severalNetworksShareACable() {
        cable(PortVlans.trunk(Q, Map.of(10, BLUE, 20, RED)), -1);
        sw.send(1, udp(ab()));
        assertGot(3, udp(ab().vlan(10)));
        assertGot(4, udp(ab()));
        assertGot(2);
        sw.send(2, udp(ab()));
        assertGot(3, udp(ab().vlan(20)));
        assertGot(1);
        // Learnt in each network: the answers go to one port, without the tag.
        sw.send(3, back(ba().vlan(10)));
        assertGot(1, back(ba()));
        sw.send(3, back(ba().vlan(20)));
        assertGot(2, back(ba()));
        assertGot(4);
        // What was learnt behind the cable goes there alone.
        sw.send(1, udp(ab()));
        assertGot(3, udp(ab().vlan(10)));
        assertGot(4);
    }

    @Test
    void whatTheCableDoesNotCarryIsDroppedAndCounted() {
        cable(PortVlans.trunk(Q, Map.of(10, BLUE, 20, RED)), -1);
        sw.send(3, udp(ab().vlan(30)));
        sw.send(3, udp(ab()));
        sw.send(3, udp(ab().vlan(Q, 0xa000))); // priority only is untagged
        sw.send(3, udp(ab().vlan(AD, 10))); // another kind of tag
        assertDropped(3, 4);
        assertGot(1);
        assertGot(2);
        assertGot(4);
    }

    @Test
    void untaggedFramesAreTheNativeNetworks() {
        cable(PortVlans.trunk(Q, Map.of(20, RED)), BLUE);
        sw.send(1, udp(ab()));
        assertGot(3, udp(ab()));
        sw.send(3, back(ba()));
        assertGot(1, back(ba()));
        sw.send(3, udp(ab().vlan(20)));
        assertGot(2, udp(ab()));
        assertGot(1);
        assertDropped(3, 0);
    }

    /** A guest's tag 20 must not become the cable's VLAN 20. */
    @Test
    void aGuestCannotReachTheCablesVlansByTaggingItself() {
        cable(PortVlans.trunk(Q, Map.of(20, RED)), BLUE);
        sw.send(1, udp(ab().vlan(20)));
        assertGot(3);
        assertGot(4, udp(ab().vlan(20)));
        // Neither where the destination is known.
        sw.send(3, back(ba()));
        assertGot(1, back(ba()));
        assertGot(4, back(ba()));
        sw.fdb().learn(MacAddress.parse(Frames.MAC_B).bits(), 20, 3, sw.nowNs());
        sw.send(1, udp(ab().vlan(20)));
        assertGot(3);
        assertDropped(1, 1);
    }

    @Test
    void aTagBehindTheCablesIsTheGuestsOwn() {
        cable(PortVlans.trunk(AD, Map.of(10, BLUE, 20, RED)), -1);
        sw.send(3, udp(ab().vlan(AD, 10).vlan(7)));
        assertGot(1, udp(ab().vlan(7)));
        assertGot(2);
        assertGot(4, udp(ab().vlan(7)));
        sw.send(1, back(ba().vlan(7)));
        assertGot(3, back(ba().vlan(AD, 10).vlan(7)));
        assertGot(4);
        // Learnt for that VLAN of the guests' only.
        sw.send(1, back(ba()));
        assertGot(3, back(ba().vlan(AD, 10)));
        assertGot(4, back(ba()));
    }

    @Test
    void aCableThatNoLongerCarriesANetworkGetsNothingOfIt() {
        cable(PortVlans.trunk(Q, Map.of(10, BLUE, 20, RED)), -1);
        sw.send(3, back(ba().vlan(10)));
        assertGot(1, back(ba()));
        assertGot(4, back(ba()));
        sw.vlans(3, -1, PortVlans.trunk(Q, Map.of(20, RED))).publish();
        sw.send(1, udp(ab()));
        assertGot(3);
        assertGot(4, udp(ab()));
    }

    @Test
    void whatAGuestTagsIsNotAnsweredFromTheNetworksTables() {
        sw.bind(2, Frames.MAC_B, Frames.IP4_B).dhcp("02:00:00:00:00:fe").publish();
        for (int vlan : new int[] {7, 0}) {
            byte[] request = Frames.ethernet(Frames.MAC_A, Frames.MAC_BROADCAST)
                    .vlan(Q, vlan)
                    .arp(1, Frames.MAC_A, Frames.IP4_A, "00:00:00:00:00:00", Frames.IP4_B)
                    .bytes();
            byte[] discover = Frames.ethernet(Frames.MAC_A, Frames.MAC_BROADCAST)
                    .vlan(Q, vlan)
                    .ipv4("0.0.0.0", "255.255.255.255")
                    .udp(68, 67)
                    .payload(300)
                    .bytes();
            byte[] toServer =
                    udp(Frames.ethernet(Frames.MAC_A, "02:00:00:00:00:fe").vlan(Q, vlan));
            sw.told();
            sw.send(1, request);
            sw.send(1, discover);
            sw.send(1, toServer);
            if (vlan == 0) { // a priority is no VLAN
                assertEquals(1, sw.port(1).drain().size(), "answered");
                assertGot(3);
                assertEquals(
                        1,
                        sw.told().stream()
                                .filter(ConductorEvent.DhcpRequest.class::isInstance)
                                .count());
            } else {
                assertGot(1);
                assertGot(3, request, discover, toServer);
                assertEquals(
                        0,
                        sw.told().stream()
                                .filter(ConductorEvent.DhcpRequest.class::isInstance)
                                .count());
            }
        }
    }

    @Test
    void anAccessPortTakesNoTags() {
        sw.vlans(1, BLUE, PortVlans.guest(vids())).publish();
        sw.send(1, udp(ab().vlan(5)));
        assertDropped(1, 1);
        sw.send(1, udp(ab().vlan(Q, 0x6000))); // a priority is no VLAN
        assertGot(2, udp(ab().vlan(Q, 0x6000)));
        sw.send(2, back(ba().vlan(5)));
        assertGot(1);
        assertGot(3, udp(ab().vlan(Q, 0x6000)), back(ba().vlan(5)));
    }

    @Test
    void aGuestsTrunkIsLimitedToItsVlans() {
        sw.vlans(1, BLUE, PortVlans.guest(vids(5, 6))).publish();
        sw.send(1, udp(ab().vlan(5)));
        sw.send(1, udp(ab()));
        sw.send(1, udp(ab().vlan(7)));
        assertDropped(1, 1);
        assertGot(2, udp(ab().vlan(5)), udp(ab()));
        sw.send(2, back(ba().vlan(5)));
        assertGot(1, back(ba().vlan(5)));
        // Not learnt for VLAN 7, hence flooded, but not to the port that does not carry it.
        sw.send(2, back(ba().vlan(7)));
        assertGot(1);
    }

    @Test
    void priorityIsKeptFromCableToCable() {
        cable(PortVlans.trunk(Q, Map.of(10, BLUE)), -1);
        sw.vlans(4, -1, PortVlans.trunk(AD, Map.of(11, BLUE))).publish();
        sw.send(3, udp(ab().vlan(Q, 0xa00a)));
        assertGot(1, udp(ab()));
        assertGot(4, udp(ab().vlan(AD, 0xa00b)));
        // A guest's priority tag becomes the cable's tag.
        sw.send(1, back(ba().vlan(Q, 0x6000)));
        assertGot(3, back(ba().vlan(Q, 0x600a)));
    }

    @Test
    void aFloodReachesEachPortInItsOwnForm() {
        sw.otherNetwork(RED, "red")
                .vlans(2, -1, PortVlans.trunk(Q, Map.of(12, BLUE)))
                .vlans(3, -1, PortVlans.trunk(Q, Map.of(13, BLUE)))
                .publish();
        sw.send(1, udp(ab()));
        assertGot(2, udp(ab().vlan(12)));
        assertGot(3, udp(ab().vlan(13)));
        assertGot(4, udp(ab()));
        sw.send(3, back(ba().vlan(13)));
        assertGot(1, back(ba()));
        assertTrue(
                sw.flowsText()
                        .contains("push_vlan:0x8100,set_field:4108->vlan_vid,output:2,pop_vlan,"
                                + "push_vlan:0x8100,set_field:4109->vlan_vid,output:3"),
                sw.flowsText());
        assertTrue(sw.flowsText().contains("actions=pop_vlan,output:1"), sw.flowsText());
    }

    @Test
    void aTunnelCarriesTheFrameWithoutTheCablesTag() {
        sw.tunnel(TunnelKind.VXLAN, 42, true, "192.0.2.2");
        cable(PortVlans.trunk(Q, Map.of(10, BLUE)), -1);
        sw.send(3, udp(ab().vlan(10)));
        List<MemoryQueue.Sent> sent = sw.underlay().drain();
        assertEquals(1, sent.size());
        assertEquals(8 + udp(ab()).length, sent.get(0).bytes().length);
        assertGot(1, udp(ab()));
        sw.sendFromTunnel("192.0.2.2", back(Frames.packet().vxlan(42).ethernet(Frames.MAC_B, Frames.MAC_A)));
        assertGot(3, back(ba().vlan(10)));
    }

    @Test
    void anErrorForATooLongFrameHasTheTagOfItsSender() {
        sw.tunnel(TunnelKind.VXLAN, 42, true, "192.0.2.2");
        cable(PortVlans.trunk(Q, Map.of(10, BLUE)), -1);
        sw.send(
                3,
                ab().vlan(10)
                        .ipv4(Frames.IP4_A, "10.0.0.12")
                        .dontFragment()
                        .udp(1, 2)
                        .payload(1_472)
                        .bytes());
        List<MemoryQueue.Sent> answers = sw.port(3).drain();
        assertEquals(1, answers.size());
        byte[] answer = answers.get(0).bytes();
        assertEquals(0x81, answer[12] & 0xff);
        assertEquals(10, answer[15]);
        assertEquals(1, answer[14 + 4 + 9], "ICMP");
        sw.port(1).drain();
        sw.port(4).drain();
        sw.underlay().drain();
    }

    @Test
    void arpIsAnsweredWithTheTagOfTheQuestion() {
        sw.bind(1, Frames.MAC_B, Frames.IP4_B);
        cable(PortVlans.trunk(Q, Map.of(10, BLUE, 20, RED)), -1);
        sw.send(
                3,
                Frames.ethernet(Frames.MAC_A, "ff:ff:ff:ff:ff:ff")
                        .vlan(Q, 0x400a)
                        .arp(1, Frames.MAC_A, Frames.IP4_A, "00:00:00:00:00:00", Frames.IP4_B)
                        .bytes());
        assertGot(
                3,
                Frames.ethernet(Frames.MAC_B, Frames.MAC_A)
                        .vlan(Q, 0x400a)
                        .arp(2, Frames.MAC_B, Frames.IP4_B, Frames.MAC_A, Frames.IP4_A)
                        .bytes());
        assertGot(1);
        assertGot(4);
    }

    @Test
    void aDhcpRequestIsHandedOverWithoutTheCablesTag() {
        sw.dhcp("02:00:00:00:00:fe");
        cable(PortVlans.trunk(Q, Map.of(10, BLUE)), -1);
        byte[] tagged = Frames.ethernet(Frames.MAC_A, "ff:ff:ff:ff:ff:ff")
                .vlan(10)
                .ipv4("0.0.0.0", "255.255.255.255")
                .udp(68, 67)
                .payload(300)
                .bytes();
        sw.send(3, tagged);
        List<ConductorEvent> told = sw.told();
        ConductorEvent.DhcpRequest request = (ConductorEvent.DhcpRequest) told.getFirst();
        assertEquals(BLUE, request.network());
        assertEquals(tagged.length - 4, request.frame().length);
        assertEquals(0x08, request.frame()[12]);
    }

    /** The mask covers what was looked at and nothing more: frames that differ elsewhere share a megaflow. */
    @Test
    void aMegaflowLooksAtNoMoreOfATagThanItMust() {
        cable(PortVlans.trunk(Q, Map.of(10, BLUE)), -1);
        sw.fdb().learn(MacAddress.parse(Frames.MAC_A).bits(), 0, 3, sw.nowNs());
        sw.fdb().learn(MacAddress.parse(Frames.MAC_B).bits(), 0, 1, sw.nowNs());
        sw.send(3, udp(ab().vlan(Q, 0x000a)));
        sw.send(3, udp(ab().vlan(Q, 0xe00a)));
        assertEquals(1, sw.worker().flows().size(), sw::flowsText);
        sw.send(3, udp(ab().vlan(11)));
        assertEquals(2, sw.worker().flows().size(), sw::flowsText);
        assertGot(1, udp(ab()), udp(ab()));
    }
}
