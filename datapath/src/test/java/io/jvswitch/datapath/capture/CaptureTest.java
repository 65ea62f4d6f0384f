package io.jvswitch.datapath.capture;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jvswitch.datapath.testing.TestSwitch;
import io.jvswitch.datapath.translate.Locations;
import io.jvswitch.datapath.worker.LoopQueue;
import io.jvswitch.datapath.worker.PortCounters;
import io.jvswitch.datapath.worker.Superframe;
import io.jvswitch.encap.TunnelFlags;
import io.jvswitch.encap.TunnelKind;
import io.jvswitch.flowtable.key.FlowField;
import io.jvswitch.flowtable.key.FlowKey;
import io.jvswitch.flowtable.key.FlowMask;
import io.jvswitch.testkit.AllocationMeter;
import io.jvswitch.wire.DropReason;
import io.jvswitch.wire.IpAddress;
import io.jvswitch.wire.Offload;
import io.jvswitch.wire.testing.Frames;
import io.jvswitch.wire.testing.Hex;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What captures see at ports, at the underlay and where frames are dropped, and what they cost. */
final class CaptureTest {

    private static final int WHOLE = 1 << 18;
    private static final String VTEP_2 = "192.0.2.2";
    private static final String VXLAN_42 = "0800000000002a00";
    private static final byte[] A_TO_B = Frames.udpv4().payload(18).bytes();
    private static final byte[] B_TO_A = Frames.ethernet(Frames.MAC_B, Frames.MAC_A)
            .ipv4(Frames.IP4_B, Frames.IP4_A)
            .udp(2000, 1000)
            .payload(18)
            .bytes();

    private final TestSwitch blue = new TestSwitch(2);

    @AfterEach
    void theBooksBalance() {
        assertEquals(0, blue.imbalance(), "received + created - transmitted - dropped - handed over");
        assertEquals(0, blue.leakedFrames());
        blue.close();
    }

    private Capture start(int port, boolean received, boolean sent, boolean drops) {
        return start(new CaptureSelection(port, received, sent, drops, WHOLE, FrameFilter.ALL));
    }

    private Capture start(CaptureSelection selection) {
        Capture capture = Capture.start(selection, List.of(blue.worker().proxy()));
        blue.run();
        return capture;
    }

    private static List<CapturedFrame> drain(Capture capture) {
        List<CapturedFrame> frames = new ArrayList<>();
        while (capture.drain(16, frames::add) > 0) {
            // until it is empty
        }
        return frames;
    }

    private static byte[] vxlan(byte[] inner) {
        return Hex.bytes(VXLAN_42 + Hex.text(inner).replaceAll("\\s", ""));
    }

    @Test
    void aPortsFramesAreSeenAsTheyComeInAndAsTheyLeave() {
        Capture both = start(1, true, true, false);
        Capture received = start(1, true, false, false);
        Capture any = start(CaptureSelection.ANY_PORT, true, true, false);
        blue.send(1, A_TO_B);
        blue.send(2, B_TO_A);

        List<CapturedFrame> frames = drain(both);
        assertEquals(2, frames.size());
        CapturedFrame in = frames.getFirst();
        assertEquals(1, in.port());
        assertTrue(!in.leaving() && in.drop() == null && !in.outer());
        assertArrayEquals(A_TO_B, in.bytes());
        assertEquals(A_TO_B.length, in.lengthBytes());
        CapturedFrame out = frames.getLast();
        assertTrue(out.leaving());
        assertEquals(2, out.inPort());
        assertArrayEquals(B_TO_A, out.bytes());
        assertTrue(out.timeNs() > in.timeNs());

        assertEquals(1, drain(received).size());
        assertEquals(
                List.of("1 false", "2 true", "2 false", "1 true"),
                drain(any).stream()
                        .map(frame -> frame.port() + " " + frame.leaving())
                        .toList());
    }

    @Test
    void aDroppedFrameIsSeenWithItsReason() {
        blue.bind(1, Frames.MAC_A, Frames.IP4_A).publish();
        Capture drops = start(1, true, true, true);
        Capture all = start(1, true, false, false);
        byte[] malformed = Arrays.copyOf(A_TO_B, 30);
        blue.send(1, B_TO_A);
        blue.send(1, malformed);
        blue.port(1).refuse(DropReason.TX_QUEUE_FULL);
        blue.send(2, B_TO_A);

        List<CapturedFrame> frames = drain(drops);
        assertEquals(
                List.of(DropReason.SPOOFED_MAC, DropReason.IPV4_TRUNCATED, DropReason.TX_QUEUE_FULL),
                frames.stream().map(CapturedFrame::drop).toList());
        assertArrayEquals(B_TO_A, frames.get(0).bytes());
        assertArrayEquals(malformed, frames.get(1).bytes());
        assertTrue(frames.get(2).leaving());
        assertEquals(2, drain(all).size(), "came in, whatever became of them");
    }

    /** Its tunnel header could be popped: it is seen as what it carries, alone, in a train, and of GRE. */
    @Test
    void aFrameThatCannotBeMarkedIsSeenWithoutItsTunnel() {
        blue.tunnel(TunnelKind.VXLAN, 42, true, "192.0.2.2").publish();
        Capture drops = start(Locations.UNDERLAY, true, false, true);
        byte[] datagram = vxlan(B_TO_A);
        byte[] train = Arrays.copyOf(datagram, 2 * datagram.length);
        System.arraycopy(datagram, 0, train, datagram.length, datagram.length);
        blue.underlay().offer(datagram, "192.0.2.2");
        blue.underlay().describe(frame -> frame.setOuterTrafficClass(3));
        blue.run();
        blue.underlay().offerTrain(train, datagram.length, "192.0.2.2");
        blue.underlay().describe(frame -> frame.setOuterTrafficClass(3));
        blue.run();
        List<CapturedFrame> frames = drain(drops);
        assertEquals(3, frames.size());
        for (CapturedFrame frame : frames) {
            assertEquals(DropReason.TUNNEL_CE_NOT_ECT, frame.drop());
            assertFalse(frame.outer());
            assertArrayEquals(B_TO_A, frame.bytes());
            assertEquals(42, frame.tunnelId());
        }
    }

    @Test
    void aFilterLooksAtTheFlowAndSnapKeepsTheFirstBytes() {
        FlowKey key = new FlowKey();
        key.set(FlowField.L4_DST, 1_000);
        FrameFilter filter =
                new FrameFilter(List.of(new FrameFilter.Alternative(key, new FlowMask().exact(FlowField.L4_DST))));
        Capture some = start(new CaptureSelection(CaptureSelection.ANY_PORT, true, false, false, 20, filter));
        blue.send(1, A_TO_B);
        blue.send(2, B_TO_A);
        blue.send(2, Arrays.copyOf(B_TO_A, 30));
        List<CapturedFrame> frames = drain(some);
        assertEquals(1, frames.size());
        assertArrayEquals(Arrays.copyOf(B_TO_A, 20), frames.getFirst().bytes());
        assertEquals(B_TO_A.length, frames.getFirst().lengthBytes());

        FlowKey mac = new FlowKey();
        mac.set(FlowField.ETH_SRC, 0x0200_0000_000bL);
        FrameFilter byMac =
                new FrameFilter(List.of(new FrameFilter.Alternative(mac, new FlowMask().exact(FlowField.ETH_SRC))));
        Capture malformed = start(new CaptureSelection(2, true, true, true, WHOLE, byMac));
        blue.send(2, Arrays.copyOf(B_TO_A, 30));
        assertEquals(1, drain(malformed).size(), "a malformed frame is known by its MAC addresses");
    }

    @Test
    void whatTunnelsCarryIsSeenWithoutTheirHeaderAndWithTheirPeer() {
        blue.tunnel(TunnelKind.VXLAN, 42, true, VTEP_2).publish();
        Capture underlay = start(Locations.UNDERLAY, true, true, false);
        Capture drops = start(Locations.UNDERLAY, true, true, true);
        blue.sendFromTunnel(VTEP_2, vxlan(B_TO_A));
        blue.send(1, A_TO_B);
        List<CapturedFrame> frames = drain(underlay);
        assertEquals(2, frames.size());
        assertArrayEquals(B_TO_A, frames.get(0).bytes());
        assertArrayEquals(A_TO_B, frames.get(1).bytes());
        for (CapturedFrame frame : frames) {
            assertEquals(IpAddress.parse(VTEP_2), frame.peer());
            assertEquals(42, frame.tunnelId());
            assertEquals(TunnelFlags.VXLAN | TunnelFlags.KEYED, frame.tunnelFlags());
        }
        assertTrue(frames.get(1).leaving());

        byte[] headless = vxlan(B_TO_A);
        headless[0] = 0;
        blue.sendFromTunnel(VTEP_2, headless);
        blue.underlay().refuse(DropReason.TX_TOO_BIG);
        blue.send(1, A_TO_B);
        List<CapturedFrame> dropped = drain(drops);
        assertEquals(
                List.of(DropReason.VXLAN_NO_VNI, DropReason.TX_TOO_BIG),
                dropped.stream().map(CapturedFrame::drop).toList());
        assertTrue(dropped.get(0).outer());
        assertArrayEquals(headless, dropped.get(0).bytes());
        assertArrayEquals(A_TO_B, dropped.get(1).bytes());
    }

    @Test
    void superframesAreSeenWholeAtThePortAndAsSegmentsInTheTunnel() {
        blue.underlay().offloading(Offload.TRAINS);
        blue.tunnel(TunnelKind.VXLAN, 42, true, VTEP_2).publish();
        blue.sendFromTunnel(VTEP_2, vxlan(B_TO_A));
        Capture port = start(1, true, true, false);
        Capture underlay = start(Locations.UNDERLAY, true, true, false);
        Superframe superframe = Superframe.ofIpv4(1_000, 2_500);
        blue.send(1, superframe.offered());
        List<CapturedFrame> whole = drain(port);
        assertEquals(1, whole.size());
        assertEquals(1_000, whole.getFirst().gsoSizeBytes());
        List<CapturedFrame> segments = drain(underlay);
        assertEquals(3, segments.size());
        for (int i = 0; i < 3; i++) {
            assertArrayEquals(superframe.segment(i).bytes(), segments.get(i).bytes());
            assertEquals(0, segments.get(i).gsoSizeBytes());
        }
    }

    @Test
    void aSuperframeThatCannotBeCutIsSeenWithoutTheTunnelsHeader() {
        Superframe superframe = Superframe.ofIpv4(1_000, 2_500);
        for (TunnelKind kind : new TunnelKind[] {TunnelKind.VXLAN, TunnelKind.GRE}) {
            try (TestSwitch tiny = new TestSwitch(1, 1, 64)) {
                tiny.underlay().offloading(kind == TunnelKind.VXLAN ? Offload.TRAINS : Offload.NONE);
                tiny.tunnel(kind, 42, true, VTEP_2).publish();
                Capture drops = Capture.start(
                        new CaptureSelection(1, true, true, true, WHOLE, FrameFilter.ALL),
                        List.of(tiny.worker().proxy()));
                tiny.send(1, superframe.offered());
                List<CapturedFrame> frames = drain(drops);
                assertEquals(
                        List.of(DropReason.SEGMENTATION_FAILED),
                        frames.stream().map(CapturedFrame::drop).toList());
                assertArrayEquals(
                        superframe.offered().bytes(), frames.getFirst().bytes());
                assertEquals(0, tiny.imbalance());
                assertEquals(0, tiny.leakedFrames());
            }
        }
    }

    @Test
    void aSlowReaderLosesFramesAndTheSwitchNone() {
        Capture slow = start(1, true, false, false);
        byte[] large = Frames.udpv4().payload(60_000).bytes();
        int frames = 400;
        for (int i = 0; i < frames; i++) {
            blue.send(1, large);
        }
        assertEquals(frames, blue.count(2, PortCounters.Kind.TX_FRAMES));
        blue.port(2).drain();
        int kept = drain(slow).size();
        assertTrue(kept > 200 && kept < frames, kept + " kept");
        assertEquals(frames - kept, slow.lost());
        blue.send(1, A_TO_B);
        assertEquals(frames - kept, drain(slow).getFirst().lostBefore());
        blue.send(1, A_TO_B);
        assertEquals(0, drain(slow).getFirst().lostBefore());
    }

    @Test
    void aCaptureThatHasEndedSeesNothing() {
        Capture ended = start(1, true, true, false);
        Capture other = start(1, true, true, false);
        ended.close();
        blue.send(1, A_TO_B);
        assertEquals(0, drain(ended).size());
        assertEquals(1, drain(other).size());
    }

    @Test
    void aCaptureAllocatesNothingInTheWorker() {
        blue.send(2, B_TO_A);
        FlowKey key = new FlowKey();
        key.set(FlowField.IP_PROTO, 17);
        FrameFilter filter =
                new FrameFilter(List.of(new FrameFilter.Alternative(key, new FlowMask().exact(FlowField.IP_PROTO))));
        Capture capture = start(new CaptureSelection(CaptureSelection.ANY_PORT, true, true, false, 64, filter));
        LoopQueue in = new LoopQueue(A_TO_B);
        LoopQueue out = new LoopQueue(A_TO_B);
        blue.worker().proxy().addPort(3, in);
        blue.worker().proxy().removePort(2, () -> {});
        blue.worker().proxy().addPort(2, out);
        blue.worker().doWork(blue.nowNs());
        int cycles = 2_000;
        AllocationMeter.awaitNone(cycles + " bursts that a capture sees", () -> {
            for (int i = 0; i < cycles; i++) {
                in.refill();
                blue.worker().doWork(blue.nowNs());
            }
        });
        assertTrue(capture.lost() > 0, "the ring was written full");
        assertEquals(17, drain(capture).getFirst().bytes()[23]);
        assertNull(out.transmitFailure());
    }
}
