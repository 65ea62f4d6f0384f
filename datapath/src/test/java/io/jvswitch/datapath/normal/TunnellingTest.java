package io.jvswitch.datapath.normal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.jvswitch.datapath.testing.MemoryQueue;
import io.jvswitch.datapath.testing.TestSwitch;
import io.jvswitch.datapath.translate.Locations;
import io.jvswitch.datapath.worker.ConductorEvent;
import io.jvswitch.encap.TunnelKind;
import io.jvswitch.wire.DropReason;
import io.jvswitch.wire.Frame;
import io.jvswitch.wire.IpAddress;
import io.jvswitch.wire.testing.Frames;
import io.jvswitch.wire.testing.Hex;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Frames to and from tunnels: encapsulation byte for byte, who may send, split horizon, straight delivery. */
final class TunnellingTest {

    private static final String VTEP_2 = "192.0.2.2";
    private static final String VTEP_3 = "192.0.2.3";
    /** RFC 7348, section 5: flags 0x08, VNI 42. */
    private static final String VXLAN_42 = "0800000000002a00";

    private static final byte[] A_TO_B = Frames.udpv4().payload(18).bytes();
    private static final byte[] B_TO_A = Frames.ethernet(Frames.MAC_B, Frames.MAC_A)
            .ipv4(Frames.IP4_B, Frames.IP4_A)
            .udp(2000, 1000)
            .payload(18)
            .bytes();

    private final TestSwitch blue = new TestSwitch(2).tunnel(TunnelKind.VXLAN, 42, true, VTEP_2, VTEP_3);

    TunnellingTest() {
        blue.publish();
    }

    @AfterEach
    void theBooksBalance() {
        assertEquals(0, blue.imbalance(), "received + created - transmitted - dropped - handed over");
        assertEquals(0, blue.leakedFrames());
        blue.close();
    }

    private static byte[] vxlan(String header, byte[] inner) {
        return Hex.bytes(header + Hex.text(inner).replaceAll("\\s", ""));
    }

    @Test
    void anUnknownDestinationGoesToEveryRemoteAsVxlan() {
        blue.send(1, A_TO_B);
        List<MemoryQueue.Sent> sent = blue.underlay().drain();
        assertEquals(2, sent.size());
        for (MemoryQueue.Sent datagram : sent) {
            assertArrayEquals(vxlan(VXLAN_42, A_TO_B), datagram.bytes());
            assertEquals(4789, datagram.remotePort());
        }
        assertEquals(
                List.of(IpAddress.parse(VTEP_2), IpAddress.parse(VTEP_3)),
                sent.stream().map(MemoryQueue.Sent::remote).toList());
    }

    @Test
    void aStationLearntFromTheTunnelIsSentTheFrameStraight() {
        blue.sendFromTunnel(VTEP_3, vxlan(VXLAN_42, B_TO_A));
        assertArrayEquals(B_TO_A, blue.port(1).drain().getFirst().bytes());
        blue.port(2).drain();
        blue.send(1, A_TO_B);
        List<MemoryQueue.Sent> sent = blue.underlay().drain();
        assertEquals(1, sent.size());
        assertEquals(IpAddress.parse(VTEP_3), sent.getFirst().remote());
        assertEquals(List.of(), blue.port(2).drain());
    }

    @Test
    void aVtepThatLeftTheNetworkGetsNothingOfIt() {
        blue.sendFromTunnel(VTEP_3, vxlan(VXLAN_42, B_TO_A));
        blue.port(1).drain();
        blue.port(2).drain();
        blue.withoutRemote(VTEP_3).publish();
        blue.send(1, A_TO_B);
        assertEquals(
                List.of(IpAddress.parse(VTEP_2)),
                blue.underlay().drain().stream().map(MemoryQueue.Sent::remote).toList());
        assertEquals(1, blue.port(2).drain().size(), "flooded");
        blue.allowUnknownVteps().publish();
        blue.send(1, A_TO_B);
        assertEquals(
                List.of(IpAddress.parse(VTEP_3)),
                blue.underlay().drain().stream().map(MemoryQueue.Sent::remote).toList());
        blue.withoutTunnel().publish();
        blue.send(1, A_TO_B);
        assertEquals(List.of(), blue.underlay().drain());
        assertEquals(1, blue.port(2).drain().size(), "flooded");
    }

    @Test
    void withoutLearningTheTunnelTeachesNothing() {
        blue.withoutLearning().publish();
        blue.sendFromTunnel(VTEP_3, vxlan(VXLAN_42, B_TO_A));
        blue.send(1, A_TO_B);
        assertEquals(2, blue.underlay().drain().size());
        assertEquals(1, blue.fdb().size(), "the local station only");
    }

    @Test
    void aKnownHostIsReachedWithoutFlooding() {
        blue.host(Frames.MAC_B, Frames.IP4_B, "192.0.2.9").publish();
        blue.send(1, A_TO_B);
        List<MemoryQueue.Sent> sent = blue.underlay().drain();
        assertEquals(1, sent.size());
        assertEquals(IpAddress.parse("192.0.2.9"), sent.getFirst().remote());
        assertEquals(List.of(), blue.port(2).drain());
    }

    @Test
    void aFloodFromTheTunnelNeverGoesBackIntoIt() {
        blue.sendFromTunnel(VTEP_2, vxlan(VXLAN_42, B_TO_A));
        assertEquals(List.of(), blue.underlay().drain());
        assertEquals(1, blue.port(1).drain().size());
        assertEquals(1, blue.port(2).drain().size());
    }

    @Test
    void unicastFromTunnelToTunnelIsSplitHorizon() {
        blue.host(Frames.MAC_A, Frames.IP4_A, VTEP_3).publish();
        blue.sendFromTunnel(VTEP_2, vxlan(VXLAN_42, B_TO_A));
        assertEquals(1, blue.dropped(Locations.UNDERLAY, DropReason.SPLIT_HORIZON));
    }

    @Test
    void anUnknownVniIsRefused() {
        blue.sendFromTunnel(VTEP_2, vxlan("0800000000002b00", B_TO_A));
        assertEquals(1, blue.dropped(Locations.UNDERLAY, DropReason.TUNNEL_UNKNOWN_KEY));
    }

    /** Who makes up a VTEP for each frame gets one megaflow for all of them, and is counted with no VTEP. */
    @Test
    void ofAnUnknownVniItDoesNotMatterWhoSentIt() {
        for (int i = 0; i < 100; i++) {
            blue.sendFromTunnel(i % 2 == 0 ? VTEP_2 : "198.51.100." + i, vxlan("0800000000002b00", B_TO_A));
        }
        assertEquals(100, blue.dropped(Locations.UNDERLAY, DropReason.TUNNEL_UNKNOWN_KEY));
        assertEquals(1, blue.worker().flows().size(), blue::flowsText);
        assertFalse(blue.flowsText().contains("tun_src"), blue::flowsText);
    }

    /** As Open vSwitch counts a tunnel's frames: as they are inside. */
    @Test
    void eachVtepHasCountersOfItsOwn() {
        for (int i = 0; i < 3; i++) {
            blue.sendFromTunnel(VTEP_3, vxlan(VXLAN_42, B_TO_A));
        }
        blue.sendFromTunnel("198.51.100.7", vxlan(VXLAN_42, B_TO_A));
        blue.send(1, A_TO_B); // to VTEP 3, where its destination was learnt
        blue.send(1, Frames.arpRequest(Frames.MAC_A, Frames.IP4_A, Frames.IP4_B).bytes()); // to both
        blue.advanceNs(2_000_000_000);
        blue.run();
        assertEquals(3, blue.traffic(VTEP_3).received().frames());
        assertEquals(3L * B_TO_A.length, blue.traffic(VTEP_3).received().bytes());
        assertEquals(2, blue.traffic(VTEP_3).sent().frames());
        assertEquals(A_TO_B.length + 42, blue.traffic(VTEP_3).sent().bytes());
        assertEquals(0, blue.traffic(VTEP_2).received().frames());
        assertEquals(1, blue.traffic(VTEP_2).sent().frames());
        assertEquals(1, blue.unknownTraffic().received().frames());
    }

    @Test
    void anUnknownVtepIsRefusedUnlessTheNetworkAllowsIt() {
        blue.sendFromTunnel("198.51.100.7", vxlan(VXLAN_42, B_TO_A));
        assertEquals(1, blue.dropped(Locations.UNDERLAY, DropReason.TUNNEL_UNKNOWN_VTEP));
        assertEquals(List.of(), blue.port(1).drain());
        blue.allowUnknownVteps().publish();
        blue.sendFromTunnel("198.51.100.7", vxlan(VXLAN_42, B_TO_A));
        assertEquals(1, blue.port(1).drain().size());
    }

    @Test
    void anAllowedUnknownVtepIsLearntFrom() {
        blue.allowUnknownVteps().publish();
        blue.sendFromTunnel("198.51.100.7", vxlan(VXLAN_42, B_TO_A));
        blue.sendFromTunnel("198.51.100.7", vxlan(VXLAN_42, B_TO_A));
        blue.send(1, A_TO_B);
        List<MemoryQueue.Sent> sent = blue.underlay().drain();
        assertEquals(1, sent.size());
        assertEquals(IpAddress.parse("198.51.100.7"), sent.getFirst().remote());
    }

    @Test
    void whoMakesUpVtepsFillsNoTable() {
        blue.allowUnknownVteps().publish();
        long flows = blue.worker().flows().size();
        for (int i = 1; i <= 20; i++) {
            blue.sendFromTunnel("198.51.100." + i, vxlan(VXLAN_42, B_TO_A));
        }
        assertEquals(20, blue.port(1).drain().size(), "each is delivered all the same");
        assertEquals(flows, blue.worker().flows().size());
        assertEquals(
                20,
                blue.news().stream()
                        .filter(NormalNews.NewVtep.class::isInstance)
                        .count());
    }

    @Test
    void aVtepThatTheConductorHasNoRoomForIsToldOfAgain() {
        blue.allowUnknownVteps().publish();
        for (int i = 0; i < 3; i++) {
            blue.underlay().offer(vxlan(VXLAN_42, B_TO_A), "198.51.100.7");
        }
        blue.advanceNs(1_000);
        blue.worker().doWork(blue.nowNs());
        blue.advanceNs(2_000_000);
        blue.underlay().offer(vxlan(VXLAN_42, B_TO_A), "198.51.100.7");
        blue.run();
        assertEquals(
                List.of(
                        new NormalNews.NewVtep(IpAddress.parse("198.51.100.7")),
                        new NormalNews.NewVtep(IpAddress.parse("198.51.100.7"))),
                blue.news(),
                "once a period");
    }

    /** The MAC table is ahead of the snapshot, or behind it. */
    @Test
    void aPlaceThatNoVtepHasIsUnknown() {
        blue.allowUnknownVteps().publish();
        blue.fdb().learn(Long.parseLong(Frames.MAC_B.replace(":", ""), 16), 0, Locations.ofTunnel(77), 1);
        blue.send(1, A_TO_B);
        assertEquals(2, blue.underlay().drain().size(), "flooded");
    }

    @Test
    void aVtepThatBecomesKnownIsAcceptedByTheMegaflowToo() {
        blue.sendFromTunnel("192.0.2.9", vxlan(VXLAN_42, B_TO_A));
        blue.host("02:00:00:00:00:99", "10.0.0.99", "192.0.2.9").publish();
        blue.sendFromTunnel("192.0.2.9", vxlan(VXLAN_42, B_TO_A));
        assertEquals(1, blue.port(1).drain().size());
    }

    @Test
    void reservedBitsAreIgnoredAndTheVniFlagIsNot() {
        blue.sendFromTunnel(VTEP_2, vxlan("f8ffffff00002aff", B_TO_A));
        assertEquals(1, blue.port(1).drain().size());
        blue.sendFromTunnel(VTEP_2, vxlan("0000000000002a00", B_TO_A));
        assertEquals(1, blue.dropped(Locations.UNDERLAY, DropReason.VXLAN_NO_VNI));
    }

    @Test
    void everyTruncationOfAVxlanFrameIsCountedAndNoneIsForwarded() {
        byte[] whole = vxlan(VXLAN_42, A_TO_B);
        for (int length = 0; length < whole.length; length++) {
            blue.sendFromTunnel(VTEP_2, java.util.Arrays.copyOf(whole, length));
        }
        assertEquals(8, blue.dropped(Locations.UNDERLAY, DropReason.VXLAN_TRUNCATED));
        assertEquals(14, blue.dropped(Locations.UNDERLAY, DropReason.ETHERNET_TRUNCATED));
        assertEquals(List.of(), blue.port(1).drain());
    }

    @Test
    void everyTruncationOfAGreFrameIsCountedAndNoneIsForwarded() {
        try (TestSwitch gre =
                new TestSwitch(2).tunnel(TunnelKind.GRE, 7, true, VTEP_2).publish()) {
            byte[] whole = vxlan("2000655800000007", A_TO_B);
            for (int length = 0; length < whole.length; length++) {
                gre.sendFromTunnel(VTEP_2, java.util.Arrays.copyOf(whole, length));
            }
            assertEquals(8, gre.dropped(Locations.UNDERLAY, DropReason.GRE_TRUNCATED));
            assertEquals(14, gre.dropped(Locations.UNDERLAY, DropReason.ETHERNET_TRUNCATED));
            assertEquals(List.of(), gre.port(1).drain());
            assertEquals(0, gre.imbalance());
            assertEquals(0, gre.leakedFrames());
        }
    }

    /** Where the kernel tells how long the datagrams were that it merged, they leave as they came. */
    @Test
    void datagramsThatTheKernelMergedInGreAreCutAgain() {
        try (TestSwitch gre =
                new TestSwitch(2).tunnel(TunnelKind.GRE, 7, true, VTEP_2).publish()) {
            byte[] merged = Frames.udpv4().payload(1250).bytes();
            gre.underlay().offer(vxlan("2000655800000007", merged), VTEP_2);
            gre.underlay().describe(frame -> frame.setGso(Frame.GSO_INNER, 500, 0));
            gre.run();
            assertEquals(
                    List.of(542, 542, 292),
                    gre.port(1).drain().stream()
                            .map(sent -> sent.bytes().length)
                            .toList());
            byte[] sctp = Frames.ipv4().protocol(132).payload(1250).bytes();
            gre.underlay().offer(vxlan("2000655800000007", sctp), VTEP_2);
            gre.underlay().describe(frame -> frame.setGso(Frame.GSO_INNER, 0xffff, 0));
            gre.run();
            assertEquals(1, gre.dropped(Locations.UNDERLAY, DropReason.SEGMENTS_UNKNOWN));
            assertEquals(0, gre.imbalance());
            assertEquals(0, gre.leakedFrames());
        }
    }

    @Test
    void hostileGreHeadersAreCountedByWhatIsWrongWithThem() {
        try (TestSwitch gre =
                new TestSwitch(2).tunnel(TunnelKind.GRE, 7, true, VTEP_2).publish()) {
            gre.sendFromTunnel(VTEP_2, vxlan("2001655800000007", A_TO_B)); // version 1: PPTP
            gre.sendFromTunnel(VTEP_2, vxlan("6000655800000007", A_TO_B)); // routing present, RFC 1701
            gre.sendFromTunnel(VTEP_2, vxlan("2000080000000007", A_TO_B)); // IPv4 and no Ethernet
            gre.sendFromTunnel(VTEP_2, vxlan("a0006558ffff000000000007", A_TO_B)); // a wrong checksum
            assertEquals(1, gre.dropped(Locations.UNDERLAY, DropReason.GRE_BAD_VERSION));
            assertEquals(1, gre.dropped(Locations.UNDERLAY, DropReason.GRE_BAD_FLAGS));
            assertEquals(1, gre.dropped(Locations.UNDERLAY, DropReason.GRE_BAD_PROTOCOL));
            assertEquals(1, gre.dropped(Locations.UNDERLAY, DropReason.GRE_BAD_CHECKSUM));
            assertEquals(0, gre.imbalance());
            assertEquals(0, gre.leakedFrames());
        }
    }

    @Test
    void aDatagramThatTheKernelRefusesIsCountedAndThoseBehindItLeave() {
        blue.underlay().refuse(DropReason.TX_UNREACHABLE);
        blue.send(1, A_TO_B);
        assertEquals(1, blue.dropped(Locations.UNDERLAY, DropReason.TX_UNREACHABLE));
        assertEquals(1, blue.underlay().drain().size());
    }

    /** The counter does not say why; the log does, which must not be flooded in its turn. */
    @Test
    void aRefusalIsToldOnceASecondWithItsErrorAndPeer() {
        blue.host(Frames.MAC_B, Frames.IP4_B, VTEP_3).publish();
        blue.run();
        for (int i = 0; i < 10; i++) {
            blue.underlay().refuse(DropReason.TX_REFUSED);
            blue.send(1, A_TO_B);
        }
        ConductorEvent refused =
                new ConductorEvent.TransmitRefused(Locations.UNDERLAY, "send: EINVAL", IpAddress.parse(VTEP_3));
        assertEquals(List.of(refused), refusals());
        blue.advanceNs(1_000_000_000);
        blue.run();
        blue.underlay().refuse(DropReason.TX_REFUSED);
        blue.send(1, A_TO_B);
        blue.port(2).refuse(DropReason.TX_REFUSED);
        blue.send(1, Frames.arpRequest(Frames.MAC_A, Frames.IP4_A, "10.0.0.77").bytes());
        assertEquals(List.of(refused, new ConductorEvent.TransmitRefused(2, "send: EINVAL", null)), refusals());
        assertEquals(11, blue.dropped(Locations.UNDERLAY, DropReason.TX_REFUSED));
    }

    private List<ConductorEvent> refusals() {
        return blue.told().stream()
                .filter(ConductorEvent.TransmitRefused.class::isInstance)
                .toList();
    }

    @Test
    void greCarriesItsKeyOrNone() {
        try (TestSwitch keyed = new TestSwitch(1)
                        .tunnel(TunnelKind.GRE, 7, true, VTEP_2)
                        .publish();
                TestSwitch keyless = new TestSwitch(1)
                        .tunnel(TunnelKind.GRE, 0, false, VTEP_2)
                        .publish()) {
            keyed.send(1, A_TO_B);
            keyless.send(1, A_TO_B);
            // RFC 2890, section 2: K bit, protocol 0x6558, key
            String keyedHeader = "2000655800000007";
            String keylessHeader = "00006558";
            assertArrayEquals(
                    vxlan(keyedHeader, A_TO_B),
                    keyed.underlay().drain().getFirst().bytes());
            assertArrayEquals(
                    vxlan(keylessHeader, A_TO_B),
                    keyless.underlay().drain().getFirst().bytes());
            keyed.sendFromTunnel(VTEP_2, vxlan(keyedHeader, B_TO_A));
            assertEquals(1, keyed.port(1).drain().size());
            keyed.sendFromTunnel(VTEP_2, vxlan(keylessHeader, B_TO_A));
            assertEquals(1, keyed.dropped(Locations.UNDERLAY, DropReason.TUNNEL_UNKNOWN_KEY));
        }
    }

    /** Linux reads the port of a raw IPv6 socket's destination as a protocol, and says EINVAL to 4789. */
    @Test
    void greHasNoUdpPort() {
        for (String vtep : List.of(VTEP_2, "fd00:c0::2")) {
            try (TestSwitch gre =
                    new TestSwitch(1).tunnel(TunnelKind.GRE, 7, true, vtep).publish()) {
                gre.send(1, A_TO_B);
                assertEquals(0, gre.underlay().drain().getFirst().remotePort(), vtep);
            }
        }
    }
}
