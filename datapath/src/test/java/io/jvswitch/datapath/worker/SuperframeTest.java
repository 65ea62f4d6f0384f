package io.jvswitch.datapath.worker;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jvswitch.datapath.testing.MemoryQueue;
import io.jvswitch.datapath.testing.TestSwitch;
import io.jvswitch.datapath.translate.Locations;
import io.jvswitch.encap.TunnelKind;
import io.jvswitch.wire.DropReason;
import io.jvswitch.wire.Frame;
import io.jvswitch.wire.Offload;
import io.jvswitch.wire.header.Ipv4Header;
import io.jvswitch.wire.testing.FrameBuilder;
import io.jvswitch.wire.testing.Frames;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Superframes and partial checksums between ports with and without offloads, and through tunnels. */
final class SuperframeTest {

    private static final String VTEP_2 = "192.0.2.2";
    private static final int ALL = Offload.CHECKSUM | Offload.TSO4 | Offload.TSO6 | Offload.ECN | Offload.USO;
    private static final byte[] GRE_7 = {0x20, 0, 0x65, 0x58, 0, 0, 0, 7};

    private TestSwitch blue = new TestSwitch(2);

    @AfterEach
    void theBooksBalance() {
        assertEquals(0, blue.imbalance(), "received + created - transmitted - dropped - handed over - merged");
        assertEquals(0, blue.leakedFrames());
        blue.close();
    }

    private void tunnel(TunnelKind kind, int underlayOffloads) {
        tunnel(kind, underlayOffloads, 256);
    }

    private void tunnel(TunnelKind kind, int underlayOffloads, int poolFrames) {
        blue.close();
        blue = new TestSwitch(1, poolFrames, 64);
        blue.underlay().offloading(underlayOffloads);
        blue.tunnel(kind, kind == TunnelKind.GRE ? 7 : 42, true, VTEP_2).publish();
    }

    // ---- between ports ----

    /** As a device gives it whose TCP makes superframes of more than IP's lengths can say (BIG TCP). */
    private void offerLarge(FrameBuilder superframe, boolean whole) {
        blue.port(1).offer(superframe);
        blue.port(1).describe(frame -> {
            frame.resize(65_800);
            int ipAt = frame.start() + 14;
            Ipv4Header.setTotalLength(frame.segment(), ipAt, 0);
            Ipv4Header.updateChecksum(frame.segment(), ipAt);
            if (!whole) {
                frame.clearOffload();
            }
        });
        blue.run();
    }

    @Test
    void aSuperframeAboveIpsLengthsIsCutAtOnce() {
        blue.port(2).offloading(ALL);
        Superframe superframe = Superframe.ofIpv4(1_400, 60_000);
        offerLarge(superframe.offered(), true);
        List<MemoryQueue.Sent> sent = blue.port(2).drain();
        int headerBytes = superframe.offered().bytes().length - 60_000;
        assertEquals(
                List.of(headerBytes + 44 * 1_400, 65_800 - 44 * 1_400),
                sent.stream().map(piece -> piece.bytes().length).toList());
        assertEquals(1, blue.count(1, PortCounters.Kind.RX_FRAMES));
        assertEquals(65_800, blue.count(1, PortCounters.Kind.RX_BYTES));
        assertEquals(1, blue.count(1, PortCounters.Kind.CREATED));
        offerLarge(superframe.offered(), false);
        assertEquals(1, blue.dropped(1, DropReason.RX_TOO_LONG), "nothing that can be cut");
    }

    @ParameterizedTest
    @CsvSource({"true,0", "false,0", "true,5", "false,5"})
    void aPortWithOffloadsGetsTheSuperframeWhole(boolean ipv4, int vlan) {
        blue.port(2).offloading(ALL);
        Superframe superframe = new Superframe(ipv4, vlan, true, 1, 1_448, 60_000);
        blue.send(1, superframe.offered());
        List<MemoryQueue.Sent> sent = blue.port(2).drain();
        assertEquals(1, sent.size());
        assertArrayEquals(superframe.offered().bytes(), sent.getFirst().bytes());
        assertEquals(superframe.gsoType(), sent.getFirst().gsoType());
        assertEquals(1_448, sent.getFirst().gsoSizeBytes());
        assertEquals(Frame.CSUM_PARTIAL, sent.getFirst().checksumState());
        assertEquals(1, blue.count(2, PortCounters.Kind.TX_FRAMES), "a superframe is one frame");
        assertEquals(0, blue.count(1, PortCounters.Kind.CREATED));
    }

    @Test
    void theHeaderLengthThatAGuestSaysIsNotPassedOn() {
        blue.port(2).offloading(ALL);
        blue.port(1).offer(Superframe.ofIpv4(1_000, 5_500).offered());
        blue.port(1).describe(frame -> frame.setGso(frame.gsoType(), frame.gsoSizeBytes(), 14));
        blue.run();
        assertEquals(66, blue.port(2).drain().getFirst().gsoHeaderBytes());
    }

    @Test
    void aSuperframeWithAWrongHeaderChecksumIsCounted() {
        blue.port(2).offloading(ALL);
        blue.send(1, Superframe.ofIpv4(1_000, 5_500).offered().poke(24, "dead"));
        assertTrue(blue.port(2).drain().isEmpty());
        assertEquals(1, blue.dropped(1, DropReason.IPV4_BAD_CHECKSUM));
    }

    /** In one burst. */
    private void sendTenDatagrams() {
        for (int i = 0; i < 10; i++) {
            blue.port(1).offer(Frames.ipv4().identification(i).udp(1, 2).payload(18));
        }
        blue.run();
    }

    @Test
    void datagramsOfOneFlowCrossTogetherIntoAPortThatTakesThem() {
        blue.port(2).offloading(ALL);
        sendTenDatagrams();
        List<MemoryQueue.Sent> sent = blue.port(2).drain();
        assertEquals(1, sent.size());
        assertEquals(Frame.GSO_UDP_L4, sent.getFirst().gsoType());
        assertEquals(18, sent.getFirst().gsoSizeBytes());
        assertEquals(42 + 180, sent.getFirst().bytes().length);
        assertEquals(10, blue.count(2, PortCounters.Kind.TX_FRAMES), "each datagram counts");
        assertEquals(600, blue.count(2, PortCounters.Kind.TX_BYTES));
    }

    @Test
    void datagramsThatADeviceRefusesTogetherAreAllCounted() {
        blue.port(2).offloading(ALL);
        blue.port(2).refuse(DropReason.TX_QUEUE_FULL);
        sendTenDatagrams();
        assertEquals(10, blue.dropped(2, DropReason.TX_QUEUE_FULL));
    }

    @ParameterizedTest
    @CsvSource({"true,0", "false,0", "true,5", "false,5"})
    void aPortWithoutOffloadsGetsFinishedSegments(boolean ipv4, int vlan) {
        Superframe superframe = new Superframe(ipv4, vlan, true, 1, 1_448, 60_000);
        blue.send(1, superframe.offered());
        List<MemoryQueue.Sent> sent = blue.port(2).drain();
        assertEquals(42, sent.size());
        for (int i = 0; i < sent.size(); i++) {
            assertArrayEquals(superframe.segment(i).bytes(), sent.get(i).bytes(), "segment " + i);
            assertEquals(Frame.GSO_NONE, sent.get(i).gsoType());
        }
        assertEquals(42, blue.count(2, PortCounters.Kind.TX_FRAMES));
        assertEquals(41, blue.count(1, PortCounters.Kind.CREATED));
    }

    @Test
    void aPortThatOnlyCompletesChecksumsGetsSegmentsWithPartialOnes() {
        blue.port(2).offloading(Offload.CHECKSUM | Offload.TSO6);
        Superframe superframe = Superframe.ofIpv4(1_000, 5_500);
        blue.send(1, superframe.offered());
        List<MemoryQueue.Sent> sent = blue.port(2).drain();
        assertEquals(6, sent.size());
        for (int i = 0; i < sent.size(); i++) {
            assertArrayEquals(
                    superframe.segment(i).partialChecksum().bytes(), sent.get(i).bytes(), "segment " + i);
            assertEquals(Frame.CSUM_PARTIAL, sent.get(i).checksumState());
        }
    }

    @Test
    void aPartialChecksumIsCompletedOnlyWhereThePortCannot() {
        blue.send(1, Frames.udpv4().payload(100).partialChecksum());
        assertArrayEquals(
                Frames.udpv4().payload(100).bytes(),
                blue.port(2).drain().getFirst().bytes());
        try (TestSwitch able = new TestSwitch(2)) {
            able.port(2).offloading(Offload.CHECKSUM);
            able.send(1, Frames.udpv4().payload(100).partialChecksum());
            assertArrayEquals(
                    Frames.udpv4().payload(100).partialChecksum().bytes(),
                    able.port(2).drain().getFirst().bytes());
        }
    }

    @Test
    void aUdpSuperframeIsCutIntoDatagramsWhereThePortLacksUso() {
        blue.port(2).offloading(ALL & ~Offload.USO);
        blue.send(1, Frames.udpv4().payload(2_500).gso(Frame.GSO_UDP_L4, 1_000));
        List<MemoryQueue.Sent> sent = blue.port(2).drain();
        assertEquals(
                List.of(1_042, 1_042, 542),
                sent.stream().map(each -> each.bytes().length).toList());
    }

    @Test
    void aFloodedSuperframeIsFinishedForEachPortByItself() {
        blue.close();
        blue = new TestSwitch(3);
        blue.port(2).offloading(ALL);
        Superframe superframe = Superframe.ofIpv4(1_448, 14_480);
        blue.send(1, superframe.offered());
        assertEquals(1, blue.port(2).drain().size());
        assertEquals(10, blue.port(3).drain().size());
        assertEquals(10, blue.count(1, PortCounters.Kind.CREATED), "a copy, and nine segments more");
    }

    @Test
    void moreSegmentsThanBuffersLeaveInSeveralCalls() {
        blue.close();
        blue = new TestSwitch(2, 8, 64);
        Superframe superframe = Superframe.ofIpv4(100, 6_000);
        blue.send(1, superframe.offered());
        List<MemoryQueue.Sent> sent = blue.port(2).drain();
        assertEquals(60, sent.size());
        assertArrayEquals(superframe.segment(59).bytes(), sent.getLast().bytes());
    }

    // ---- into tunnels ----

    @Test
    void intoVxlanItLeavesAsTrainsForOneSendEach() {
        tunnel(TunnelKind.VXLAN, Offload.TRAINS);
        Superframe superframe = Superframe.ofIpv4(1_398, 64_000);
        blue.send(1, superframe.offered());
        List<MemoryQueue.Sent> sent = blue.underlay().drain();
        // 46 datagrams of 1,472 bytes, of which 44 are the most that one send may carry
        assertEquals(
                List.of(44 * 1_472, 1_472 + 1_090 + 74),
                sent.stream().map(each -> each.bytes().length).toList());
        List<byte[]> expected = superframe.datagrams(Superframe.VXLAN_42);
        int index = 0;
        for (MemoryQueue.Sent train : sent) {
            assertEquals(Frame.GSO_UDP_L4, train.gsoType());
            assertEquals(1_472, train.gsoSizeBytes());
            for (int at = 0; at < train.bytes().length; at += 1_472) {
                byte[] datagram =
                        java.util.Arrays.copyOfRange(train.bytes(), at, Math.min(train.bytes().length, at + 1_472));
                assertArrayEquals(expected.get(index), datagram, "datagram " + index);
                index++;
            }
        }
        assertEquals(46, index);
        assertEquals(46, blue.count(Locations.UNDERLAY, PortCounters.Kind.TX_FRAMES));
        assertEquals(45, blue.count(1, PortCounters.Kind.CREATED));
    }

    @ParameterizedTest
    @CsvSource({"VXLAN,true", "VXLAN,false", "GRE,true", "GRE,false"})
    void aSocketWithoutGsoGetsDatagrams(TunnelKind kind, boolean ipv4) {
        tunnel(kind, Offload.NONE);
        Superframe superframe = new Superframe(ipv4, 5, true, 1, 1_200, 50_000);
        blue.send(1, superframe.offered());
        List<byte[]> expected = superframe.datagrams(kind == TunnelKind.GRE ? GRE_7 : Superframe.VXLAN_42);
        List<MemoryQueue.Sent> sent = blue.underlay().drain();
        assertEquals(42, sent.size());
        for (int i = 0; i < sent.size(); i++) {
            assertArrayEquals(expected.get(i), sent.get(i).bytes(), "datagram " + i);
            assertEquals("192.0.2.2", sent.get(i).remote().toString());
        }
    }

    @Test
    void innerChecksumsAreCompleteInTheTunnel() {
        tunnel(TunnelKind.VXLAN, Offload.TRAINS);
        blue.send(1, Frames.udpv4().payload(100).partialChecksum());
        byte[] datagram = blue.underlay().drain().getFirst().bytes();
        assertArrayEquals(
                Frames.udpv4().payload(100).bytes(), java.util.Arrays.copyOfRange(datagram, 8, datagram.length));
    }

    @Test
    void aTrainThatTheKernelRefusesIsCountedByItsDatagrams() {
        tunnel(TunnelKind.VXLAN, Offload.TRAINS);
        blue.underlay().refuse(DropReason.TX_UNREACHABLE);
        blue.send(1, Superframe.ofIpv4(1_398, 20 * 1_398).offered());
        assertEquals(20, blue.dropped(Locations.UNDERLAY, DropReason.TX_UNREACHABLE));
    }

    @Test
    void segmentsOfTheLargestSizeThatFitsPass() {
        tunnel(TunnelKind.VXLAN, Offload.TRAINS);
        blue.send(1, Superframe.ofIpv4(1_398, 5_000).offered()); // 1,450 less 52 bytes of headers
        assertEquals(1, blue.underlay().drain().size());
        blue.send(1, Superframe.ofIpv4(1_399, 5_000).offered());
        assertEquals(List.of(), blue.underlay().drain());
        assertEquals(1, blue.dropped(1, DropReason.TOO_BIG_ICMP_SENT));
        assertEquals(1, blue.port(1).drain().size(), "the sender is told");
    }

    @Test
    void anIpv6SuperframeOfTooLargeSegmentsIsAnswered() {
        tunnel(TunnelKind.VXLAN, Offload.TRAINS);
        blue.send(1, new Superframe(false, 0, true, 1, 1_440, 14_400).offered());
        assertEquals(1, blue.dropped(1, DropReason.TOO_BIG_ICMPV6_SENT));
        assertEquals(1, blue.port(1).drain().size());
    }

    @Test
    void withoutDfTooLargeSegmentsAreCutSmaller() {
        tunnel(TunnelKind.VXLAN, Offload.NONE);
        blue.send(1, new Superframe(true, 0, false, 1, 1_448, 14_480).offered());
        Superframe smaller = new Superframe(true, 0, false, 1, 1_398, 14_480);
        List<byte[]> expected = smaller.datagrams(Superframe.VXLAN_42);
        List<MemoryQueue.Sent> sent = blue.underlay().drain();
        assertEquals(11, sent.size());
        for (int i = 0; i < sent.size(); i++) {
            assertArrayEquals(expected.get(i), sent.get(i).bytes(), "datagram " + i);
        }
    }

    @Test
    void withoutDfEachTooLargeDatagramOfAUdpSuperframeIsFragmented() {
        tunnel(TunnelKind.VXLAN, Offload.TRAINS);
        blue.send(1, Frames.udpv4().payload(4_500).gso(Frame.GSO_UDP_L4, 1_450));
        assertEquals(7, blue.underlay().drain().size(), "three in two fragments each, and the last one whole");
        assertEquals(3, blue.count(1, PortCounters.Kind.FRAGMENTED));
    }

    // ---- out of tunnels ----

    @ParameterizedTest
    @CsvSource({"true,0", "false,0", "true,5", "false,5"})
    void aTrainBecomesOneSuperframe(boolean ipv4, int vlan) {
        tunnel(TunnelKind.VXLAN, Offload.TRAINS);
        blue.port(1).offloading(ALL);
        Superframe superframe = new Superframe(ipv4, vlan, true, 9, 1_300, 40_000);
        byte[] train = superframe.train(Superframe.VXLAN_42);
        int sizeBytes = superframe.datagrams(Superframe.VXLAN_42).getFirst().length;
        blue.sendTrainFromTunnel(VTEP_2, train, sizeBytes);
        List<MemoryQueue.Sent> sent = blue.port(1).drain();
        assertEquals(1, sent.size());
        assertArrayEquals(superframe.offered().bytes(), sent.getFirst().bytes());
        assertEquals(superframe.gsoType(), sent.getFirst().gsoType());
        assertEquals(1_300, sent.getFirst().gsoSizeBytes());
        assertEquals(31, blue.count(Locations.UNDERLAY, PortCounters.Kind.RX_FRAMES));
        assertEquals(30, blue.count(Locations.UNDERLAY, PortCounters.Kind.MERGED));
        assertEquals(train.length, blue.count(Locations.UNDERLAY, PortCounters.Kind.RX_BYTES));
    }

    @ParameterizedTest
    @CsvSource({"VXLAN", "GRE"})
    void datagramsOfOneBurstBecomeOneSuperframe(TunnelKind kind) {
        tunnel(kind, Offload.NONE);
        blue.port(1).offloading(ALL);
        Superframe superframe = Superframe.ofIpv4(1_300, 40_000);
        for (byte[] datagram : superframe.datagrams(kind == TunnelKind.GRE ? GRE_7 : Superframe.VXLAN_42)) {
            blue.underlay().offer(datagram, VTEP_2);
        }
        blue.run();
        List<MemoryQueue.Sent> sent = blue.port(1).drain();
        assertEquals(1, sent.size());
        assertArrayEquals(superframe.offered().bytes(), sent.getFirst().bytes());
    }

    @Test
    void aPortWithoutOffloadsGetsTheSegmentsAsTheyWere() {
        tunnel(TunnelKind.VXLAN, Offload.TRAINS);
        Superframe superframe = Superframe.ofIpv4(1_300, 40_000);
        blue.sendTrainFromTunnel(VTEP_2, superframe.train(Superframe.VXLAN_42), 1_300 + 66 + 8);
        List<MemoryQueue.Sent> sent = blue.port(1).drain();
        assertEquals(31, sent.size());
        for (int i = 0; i < sent.size(); i++) {
            assertArrayEquals(superframe.segment(i).bytes(), sent.get(i).bytes(), "segment " + i);
        }
    }

    @Test
    void aWrongChecksumStaysWrong() {
        tunnel(TunnelKind.VXLAN, Offload.TRAINS);
        blue.port(1).offloading(ALL);
        Superframe superframe = Superframe.ofIpv4(1_300, 5 * 1_300);
        byte[] train = superframe.train(Superframe.VXLAN_42);
        int datagramBytes = 1_300 + 66 + 8;
        train[2 * datagramBytes + 500] ^= 1;
        blue.sendTrainFromTunnel(VTEP_2, train, datagramBytes);
        List<MemoryQueue.Sent> sent = blue.port(1).drain();
        assertEquals(3, sent.size(), "two before, the damaged one, two behind");
        byte[] damaged = superframe.segment(2).bytes();
        damaged[500 - 8] ^= 1;
        assertArrayEquals(damaged, sent.get(1).bytes());
        assertEquals(Frame.CSUM_UNKNOWN, sent.get(1).checksumState(), "the guest finds out");
    }

    @Test
    void aTrainOfSmallDatagramsComesApartInOrder() {
        tunnel(TunnelKind.VXLAN, Offload.TRAINS, 512);
        int inner = 14 + 20 + 8 + 18;
        byte[] train = new byte[64 * (8 + inner)];
        for (int i = 0; i < 64; i++) {
            System.arraycopy(Superframe.VXLAN_42, 0, train, i * (8 + inner), 8);
            System.arraycopy(datagram(i).bytes(), 0, train, i * (8 + inner) + 8, inner);
        }
        for (int i = 0; i < 6; i++) {
            blue.underlay().offerTrain(train, 8 + inner, VTEP_2);
        }
        blue.run();
        List<MemoryQueue.Sent> sent = blue.port(1).drain();
        assertEquals(6 * 64, sent.size());
        for (int i = 0; i < sent.size(); i++) {
            assertArrayEquals(datagram(i % 64).bytes(), sent.get(i).bytes());
        }
        assertEquals(6 * 64, blue.count(Locations.UNDERLAY, PortCounters.Kind.RX_FRAMES));
        assertEquals(0, blue.count(Locations.UNDERLAY, PortCounters.Kind.MERGED));
    }

    private static FrameBuilder datagram(int number) {
        return Frames.ipv4().identification(number).udp(40_000, 9).payload(18);
    }

    @Test
    void malformedDatagramsOfATrainAreCountedOneByOne() {
        tunnel(TunnelKind.VXLAN, Offload.TRAINS);
        Superframe superframe = Superframe.ofIpv4(1_000, 4_000);
        int datagramBytes = 1_000 + 66 + 8;
        byte[] train = superframe.train(Superframe.VXLAN_42);
        train[0] = 0; // no VNI
        train[2 * datagramBytes] = 0;
        blue.sendTrainFromTunnel(VTEP_2, train, datagramBytes);
        assertEquals(2, blue.dropped(Locations.UNDERLAY, DropReason.VXLAN_NO_VNI));
        assertEquals(2, blue.port(1).drain().size());
    }

    // ---- hostile ----

    @Test
    void theLargestPacketPasses() {
        tunnel(TunnelKind.VXLAN, Offload.TRAINS);
        Superframe largest = Superframe.ofIpv4(1_398, 65_535 - 52);
        blue.send(1, largest.offered());
        assertEquals(47, blue.count(Locations.UNDERLAY, PortCounters.Kind.TX_FRAMES));
        assertEquals(2, blue.underlay().drain().size());
    }

    private void isRefused(FrameBuilder hostile) {
        blue.send(1, hostile);
        assertEquals(List.of(), blue.port(2).drain());
        assertEquals(1, blue.dropped(1, DropReason.OFFLOAD_INVALID));
    }

    @Test
    void aSegmentSizeOfZeroIsRefused() {
        blue.port(1).offer(Superframe.ofIpv4(1_000, 5_000).offered());
        blue.port(1).describe(frame -> frame.setGso(Frame.GSO_TCPV4, 0, 66));
        blue.run();
        assertEquals(1, blue.dropped(1, DropReason.OFFLOAD_INVALID));
    }

    @Test
    void anIpLengthShortOfTheFrameIsRefused() {
        isRefused(Superframe.ofIpv4(1_000, 5_000).offered().poke(16, "0400"));
    }

    @Test
    void anIpLengthBeyondTheFrameIsRefused() {
        blue.send(1, Superframe.ofIpv4(1_000, 5_000).offered().poke(16, "ffff"));
        assertEquals(List.of(), blue.port(2).drain());
        assertEquals(1, blue.dropped(1, DropReason.IPV4_BAD_TOTAL_LENGTH));
    }

    @Test
    void aTcpHeaderBeyondTheFrameIsRefused() {
        blue.send(1, Superframe.ofIpv4(1_000, 20).offered().poke(46, "f0").truncate(86));
        assertEquals(List.of(), blue.port(2).drain());
        assertTrue(blue.dropped(1, DropReason.TCP_BAD_DATA_OFFSET) + blue.dropped(1, DropReason.OFFLOAD_INVALID) == 1);
    }

    @Test
    void theWrongKindOfSuperframeIsRefused() {
        isRefused(Frames.udpv4().payload(5_000).gso(Frame.GSO_TCPV4, 1_000));
    }

    @Test
    void aSuperframeWithSynIsRefused() {
        isRefused(Superframe.ofIpv4(1_000, 5_000).offered().flags(0x02));
    }

    @Test
    void tooManySegmentsAreRefused() {
        isRefused(Superframe.ofIpv4(8, 60_000).offered());
    }

    @Test
    void aSuperframeWithoutItsPartialChecksumIsRefused() {
        blue.port(1).offer(Superframe.ofIpv4(1_000, 5_000).offered());
        blue.port(1).describe(frame -> frame.setChecksum(Frame.CSUM_UNKNOWN, 0, 0));
        blue.run();
        assertEquals(1, blue.dropped(1, DropReason.OFFLOAD_INVALID));
    }

    @ParameterizedTest
    @CsvSource({"0,0", "0,6", "14,10", "26,0", "34,0", "34,2", "34,200", "0,65000"})
    void aChecksumThatWouldOverwriteWhatWasLookedAtIsRefused(int start, int offset) {
        blue.port(1).offer(Frames.udpv4().payload(100).partialChecksum());
        blue.port(1).describe(frame -> frame.setChecksum(Frame.CSUM_PARTIAL, frame.start() + start, offset));
        blue.run();
        assertEquals(List.of(), blue.port(2).drain());
        assertEquals(1, blue.dropped(1, DropReason.OFFLOAD_INVALID));
    }
}
