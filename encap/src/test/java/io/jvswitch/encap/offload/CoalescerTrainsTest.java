package io.jvswitch.encap.offload;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jvswitch.encap.Ecn;
import io.jvswitch.wire.DropReason;
import io.jvswitch.wire.testing.Frames;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Trains of datagrams: one tunnel or several, marked by a router, with malformed ones among them. */
final class CoalescerTrainsTest extends CoalescerFixture {

    /** The kernel merges datagrams of one outer header only: its mark is every segment's, and then the superframe's. */
    @Test
    void aMarkedTrainIsAMarkedSuperframe() {
        for (int inner = 0; inner < 4; inner++) {
            for (int outer = 0; outer < 4; outer++) {
                lost.clear();
                out.releaseAll(pool);
                List<byte[]> segments = List.of(
                        first().tos(inner).bytes(),
                        second(100).tos(inner).bytes(),
                        third().tos(inner).bytes());
                assertEquals(3, addTrain(vxlan(segments), outer));
                if (inner == Ecn.NOT_ECT && outer == Ecn.CE) {
                    assertEquals(Map.of(DropReason.TUNNEL_CE_NOT_ECT, 3), lost);
                    assertEquals(0, out.size());
                    continue;
                }
                int ecn = outer == Ecn.CE ? Ecn.CE : outer == Ecn.ECT_1 && inner == Ecn.ECT_0 ? Ecn.ECT_1 : inner;
                assertEquals(Map.of(), lost);
                assertEquals(1, out.size(), "inner " + inner + ", outer " + outer);
                assertFrames(
                        List.of(
                                first().tos(ecn).bytes(),
                                second(100).tos(ecn).bytes(),
                                third().tos(ecn).bytes()),
                        expanded());
            }
        }
    }

    @Test
    void ofAMarkedTrainOnlyThatWhichCannotBeMarkedIsLost() {
        List<byte[]> segments = List.of(
                first().tos(Ecn.ECT_0).bytes(),
                second(100).tos(Ecn.NOT_ECT).bytes(),
                third().tos(Ecn.CE).bytes(),
                Frames.arpRequest(Frames.MAC_A, Frames.IP4_A, Frames.IP4_B).bytes());
        assertEquals(4, addTrain(vxlan(segments), Ecn.CE));
        assertEquals(Map.of(DropReason.TUNNEL_CE_NOT_ECT, 1), lost);
        assertFrames(List.of(first().tos(Ecn.CE).bytes(), segments.get(2), segments.get(3)), expanded());
    }

    @Test
    void aTrainOfSeveralTunnelsIsPartedByThem() {
        List<byte[]> datagrams = List.of(
                vxlan(dontFragment(0, 1000).bytes(), 1),
                vxlan(dontFragment(1, 1100).bytes(), 2),
                vxlan(dontFragment(1, 1100).bytes(), 1),
                vxlan(dontFragment(2, 1200).bytes(), 2));
        assertEquals(4, addTrain(datagrams));
        assertEquals(2, out.size());
        assertEquals(1, out.get(0).tunnelId());
        assertEquals(2, out.get(1).tunnelId());
        assertEquals(200, out.get(1).length() - 54);
    }

    /** Two tenants may use the same addresses, MACs and ports, and their sequence numbers may meet. */
    @Test
    void aSegmentNeverGoesOnWithAnotherTunnelsFlow() {
        List<byte[]> datagrams = List.of(
                vxlan(dontFragment(6, 900_000).bytes(), 1),
                vxlan(dontFragment(7, 1000).bytes(), 2),
                vxlan(dontFragment(8, 1100).bytes(), 1),
                vxlan(dontFragment(8, 1100).bytes(), 2));
        assertEquals(4, addTrain(datagrams));
        assertEquals(3, out.size());
        assertEquals(1, out.get(0).tunnelId());
        assertEquals(100, out.get(0).length() - 54);
        assertEquals(2, out.get(1).tunnelId());
        assertEquals(200, out.get(1).length() - 54);
        assertEquals(1, out.get(2).tunnelId());
        assertEquals(100, out.get(2).length() - 54);
    }

    @Test
    void malformedDatagramsAreLostAndTheOthersAreNot() {
        byte[] good = vxlan(dontFragment(0, 1000).bytes(), VNI);
        byte[] noVni = good.clone();
        noVni[0] = 0;
        byte[] next = vxlan(dontFragment(1, 1100).bytes(), VNI);
        byte[] rest = Arrays.copyOf(next, 5);
        assertEquals(5, addTrain(List.of(noVni, good, noVni, next, rest)));
        assertEquals(Map.of(DropReason.VXLAN_NO_VNI, 2, DropReason.VXLAN_TRUNCATED, 1), lost);
        assertEquals(1, out.size());
        assertEquals(200, out.get(0).length() - 54);
        out.releaseAll(pool);

        lost.clear();
        assertEquals(2, addTrain(List.of(noVni, noVni)));
        assertEquals(Map.of(DropReason.VXLAN_NO_VNI, 2), lost);
        assertTrue(out.isEmpty());
    }

    @Test
    void aTrainMayJoinWhatCameBefore() {
        coalescer.add(tunnelled(dontFragment(0, 1000)), pool, out);
        List<byte[]> datagrams = List.of(
                vxlan(dontFragment(1, 1100).bytes(), VNI),
                vxlan(dontFragment(2, 1200).bytes(), VNI),
                vxlan(Frames.udpv4().payload(100 + 20 - 8).bytes(), VNI),
                vxlan(dontFragment(3, 1300).bytes(), VNI));
        assertEquals(4, addTrain(datagrams));
        assertEquals(2, out.size());
        assertEquals(400, out.get(0).length() - 54);
    }
}
