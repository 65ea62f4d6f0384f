package io.jvswitch.datapath.worker;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jvswitch.datapath.testing.MemoryQueue;
import io.jvswitch.datapath.testing.TestSwitch;
import io.jvswitch.datapath.translate.Locations;
import io.jvswitch.encap.Ecn;
import io.jvswitch.encap.OuterTos;
import io.jvswitch.encap.TunnelKind;
import io.jvswitch.wire.DropReason;
import io.jvswitch.wire.Frame;
import io.jvswitch.wire.Offload;
import io.jvswitch.wire.testing.FrameBuilder;
import io.jvswitch.wire.testing.Frames;
import io.jvswitch.wire.testing.Hex;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** ECN and DSCP across tunnels: outer marks reach the packets inside, and outer headers say what is asked for. */
final class TunnelTrafficClassTest {

    private static final String VTEP_2 = "192.0.2.2";
    private static final byte[] GRE_7 = {0x20, 0, 0x65, 0x58, 0, 0, 0, 7};
    private static final int ALL = Offload.CHECKSUM | Offload.TSO4 | Offload.TSO6 | Offload.ECN | Offload.USO;

    private TestSwitch blue = new TestSwitch(1);

    @AfterEach
    void theBooksBalance() {
        assertEquals(0, blue.imbalance(), "received + created - transmitted - dropped - handed over - merged");
        assertEquals(0, blue.leakedFrames());
        blue.close();
    }

    private void tunnel(TunnelKind kind, int underlayOffloads, OuterTos tos) {
        blue.close();
        blue = new TestSwitch(1, 256, 64);
        blue.underlay().offloading(underlayOffloads);
        blue.tos(tos)
                .tunnel(kind, kind == TunnelKind.GRE ? 7 : 42, true, VTEP_2)
                .publish();
    }

    private static byte[] header(TunnelKind kind) {
        return kind == TunnelKind.GRE ? GRE_7 : Superframe.VXLAN_42;
    }

    private static byte[] tunnelled(TunnelKind kind, byte[] inner) {
        return Hex.bytes(Hex.text(header(kind)) + Hex.text(inner));
    }

    private void arrive(TunnelKind kind, byte[] inner, int outerTrafficClass) {
        blue.underlay().offer(tunnelled(kind, inner), VTEP_2);
        blue.underlay().describe(frame -> frame.setOuterTrafficClass(outerTrafficClass));
        blue.run();
    }

    private static List<FrameBuilder> packets(int tos) {
        return List.of(
                Frames.ipv4().tos(tos).udp(1, 2).payload(40),
                Frames.ipv6().tos(tos).udp(1, 2).payload(40),
                Frames.ipv4().tos(tos).tcp(1, 2).payload(40),
                Frames.aToB()
                        .vlan(5)
                        .ipv4(Frames.IP4_A, Frames.IP4_B)
                        .tos(tos)
                        .udp(1, 2)
                        .payload(40),
                Frames.aToB()
                        .vlan(5)
                        .ipv6(Frames.IP6_A, Frames.IP6_B)
                        .tos(tos)
                        .udp(1, 2)
                        .payload(40));
    }

    /** RFC 6040, section 4.2. */
    @ParameterizedTest
    @EnumSource(names = {"VXLAN", "GRE"})
    void whatARouterMarkedOutsideIsMarkedInside(TunnelKind kind) {
        tunnel(kind, 0, OuterTos.DEFAULT);
        int drops = 0;
        for (int inner = 0; inner < 4; inner++) {
            for (int outer = 0; outer < 4; outer++) {
                int ecn = outer == Ecn.CE ? Ecn.CE : outer == Ecn.ECT_1 && inner == Ecn.ECT_0 ? Ecn.ECT_1 : inner;
                for (int i = 0; i < packets(0).size(); i++) {
                    arrive(kind, packets(0x28 | inner).get(i).bytes(), 0xb8 | outer);
                    List<MemoryQueue.Sent> sent = blue.port(1).drain();
                    if (inner == Ecn.NOT_ECT && outer == Ecn.CE) {
                        assertEquals(List.of(), sent);
                        drops++;
                    } else {
                        assertArrayEquals(
                                packets(0x28 | ecn).get(i).bytes(),
                                sent.getFirst().bytes(),
                                "in " + inner + " out " + outer);
                    }
                }
            }
        }
        assertEquals(drops, blue.dropped(Locations.UNDERLAY, DropReason.TUNNEL_CE_NOT_ECT));
    }

    @ParameterizedTest
    @CsvSource({"true,0", "false,0", "true,5", "false,5"})
    void aMarkedTrainArrivesAsAMarkedSuperframe(boolean ipv4, int vlan) {
        tunnel(TunnelKind.VXLAN, 0, OuterTos.DEFAULT);
        blue.port(1).offloading(ALL);
        Superframe superframe = new Superframe(ipv4, vlan, true, 1, 1_000, 9_500, Ecn.ECT_0);
        int sizeBytes = superframe.datagrams(Superframe.VXLAN_42).getFirst().length;
        blue.underlay().offerTrain(superframe.train(Superframe.VXLAN_42), sizeBytes, VTEP_2);
        blue.underlay().describe(frame -> frame.setOuterTrafficClass(Ecn.CE));
        blue.run();
        List<MemoryQueue.Sent> sent = blue.port(1).drain();
        assertEquals(1, sent.size());
        Superframe marked = new Superframe(ipv4, vlan, true, 1, 1_000, 9_500, Ecn.CE);
        assertArrayEquals(marked.offered().bytes(), sent.getFirst().bytes());
        assertEquals(marked.gsoType(), sent.getFirst().gsoType());
    }

    /** As a VXLAN device of Linux gives it over a veth: one tunnel packet, one outer header, 10 datagrams. */
    @Test
    void aGuestsTrainInOneTunnelPacketIsMarkedWhole() {
        tunnel(TunnelKind.VXLAN, 0, OuterTos.DEFAULT);
        for (int inner : new int[] {Ecn.ECT_1, Ecn.NOT_ECT}) {
            byte[] train = Frames.ipv4()
                    .tos(inner)
                    .udp(1, 2)
                    .payload(1_000)
                    .partialChecksum()
                    .bytes();
            blue.underlay().offerTrain(tunnelled(TunnelKind.VXLAN, train), 100, VTEP_2);
            blue.underlay().describe(frame -> frame.setOuterTrafficClass(Ecn.CE));
            blue.run();
        }
        List<MemoryQueue.Sent> sent = blue.port(1).drain();
        assertEquals(10, sent.size());
        for (MemoryQueue.Sent datagram : sent) {
            int tos = datagram.bytes()[15];
            assertEquals(Ecn.CE, tos);
        }
        assertEquals(1, blue.dropped(Locations.UNDERLAY, DropReason.TUNNEL_CE_NOT_ECT));
    }

    /** The verdict says what to inherit and not the value: frames of every class share one megaflow. */
    @ParameterizedTest
    @EnumSource(names = {"VXLAN", "GRE"})
    void theOuterHeaderFollowsEachFrame(TunnelKind kind) {
        List<OuterTos> all = List.of(
                OuterTos.DEFAULT,
                new OuterTos(0, true, true),
                new OuterTos(0, false, false),
                new OuterTos(0xb8, false, true),
                new OuterTos(0xb8, false, false));
        tunnel(kind, 0, OuterTos.DEFAULT);
        for (OuterTos tos : all) {
            blue.tos(tos).publish(); // flows that exist follow
            for (int ecn = 0; ecn < 4; ecn++) {
                int expected = (tos.inheritsDscp() ? 0x28 : tos.tos()) | (tos.inheritsEcn() ? ecn : 0);
                for (FrameBuilder packet : packets(0x28 | ecn)) {
                    blue.send(1, packet.bytes());
                    MemoryQueue.Sent sent = blue.underlay().drain().getFirst();
                    assertEquals(expected, sent.outerTrafficClass(), tos + " " + ecn);
                    assertArrayEquals(tunnelled(kind, packet.bytes()), sent.bytes());
                }
            }
            blue.send(
                    1,
                    Frames.arpRequest(Frames.MAC_A, Frames.IP4_A, Frames.IP4_B).bytes());
            assertEquals(tos.tos(), blue.underlay().drain().getFirst().outerTrafficClass(), "no IP packet");
        }
        assertEquals(packets(0).size() + 1, blue.flowsText().lines().count(), blue.flowsText());
        assertTrue(blue.flowsText().contains(",tos=0xb8,ecn=compatibility)"), blue.flowsText());
    }

    /** In one train, cut into datagrams, or cut into fragments: all pieces say what the whole said. */
    @ParameterizedTest
    @CsvSource({"VXLAN,true", "VXLAN,false", "GRE,false"})
    void everyPieceHasTheTrafficClassOfTheWhole(TunnelKind kind, boolean trains) {
        tunnel(kind, trains ? Offload.TRAINS : 0, new OuterTos(0, true, true));
        for (boolean ipv4 : new boolean[] {true, false}) {
            blue.send(1, new Superframe(ipv4, 0, true, 1, 1_000, 9_500, 0x28 | Ecn.CE).offered());
            List<MemoryQueue.Sent> sent = blue.underlay().drain();
            assertEquals(trains ? 1 : 10, sent.size());
            for (MemoryQueue.Sent piece : sent) {
                assertEquals(0x28 | Ecn.CE, piece.outerTrafficClass());
                assertEquals(trains ? Frame.GSO_UDP_L4 : Frame.GSO_NONE, piece.gsoType());
            }
        }
        blue.send(
                1, Frames.ipv4().tos(0x28 | Ecn.ECT_0).udp(1, 2).payload(4_000).bytes());
        List<MemoryQueue.Sent> fragments = blue.underlay().drain();
        assertEquals(3, fragments.size());
        for (MemoryQueue.Sent fragment : fragments) {
            assertEquals(0x28 | Ecn.ECT_0, fragment.outerTrafficClass());
        }
    }
}
