package io.jvswitch.datapath.normal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.jvswitch.datapath.testing.MemoryQueue;
import io.jvswitch.datapath.testing.TestSwitch;
import io.jvswitch.datapath.worker.PortCounters;
import io.jvswitch.encap.TunnelKind;
import io.jvswitch.wire.NetworkOrder;
import io.jvswitch.wire.testing.FrameBuilder;
import io.jvswitch.wire.testing.Frames;
import io.jvswitch.wire.testing.Hex;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who routes, and what the answers given for it say (RFC 4861, sections 7.2.4 and 7.2.5). A asks, on port 1. */
final class StationRoleTest {

    private static final String VTEP = "192.0.2.2";
    private static final String ROUTER = "02:00:00:00:00:02";
    private static final String LINK_LOCAL = "fe80::1";
    private static final int R = 0x8000_0000;
    private static final int S = 0x4000_0000;
    private static final int O = 0x2000_0000;

    private final TestSwitch blue = new TestSwitch(2)
            .tunnel(TunnelKind.VXLAN, 42, true, VTEP)
            .host(ROUTER, LINK_LOCAL, VTEP)
            .host(ROUTER, "2001:db8::1", VTEP)
            .publish();

    @AfterEach
    void theBooksBalance() {
        assertEquals(0, blue.imbalance(), "received + created - transmitted - dropped - handed over");
        assertEquals(0, blue.leakedFrames());
        blue.close();
    }

    private static FrameBuilder solicitation(String target) {
        return Frames.ethernet(Frames.MAC_A, "33:33:ff:00:00:01")
                .ipv6("fe80::a", "ff02::1:ff00:1")
                .neighbourSolicitation(target, Frames.MAC_A);
    }

    /** The flags of the answer to a solicitation by multicast, 0 when it was forwarded to the tunnel instead. */
    private int flagsFor(String target) {
        blue.underlay().drain();
        blue.port(1).drain();
        blue.send(1, solicitation(target).bytes());
        List<MemoryQueue.Sent> answers = blue.port(1).drain();
        assertEquals(answers.isEmpty() ? 1 : 0, blue.underlay().drain().size());
        blue.port(2).drain();
        return answers.isEmpty()
                ? 0
                : NetworkOrder.getInt(Hex.segment(answers.getFirst().bytes()), 54 + 4);
    }

    private void fromTheRouter(FrameBuilder frame) {
        byte[] inner = frame.bytes();
        byte[] datagram = new byte[8 + inner.length];
        datagram[0] = 8;
        datagram[6] = 42;
        System.arraycopy(inner, 0, datagram, 8, inner.length);
        blue.sendFromTunnel(VTEP, datagram);
        blue.port(2).drain();
    }

    private static FrameBuilder advertisement(String source, int flags) {
        return Frames.ethernet(ROUTER, "33:33:00:00:00:01")
                .ipv6(source, "ff02::1")
                .neighbourAdvertisement(source, flags, ROUTER);
    }

    private static FrameBuilder routerAdvertisement() {
        return Frames.ethernet(ROUTER, "33:33:00:00:00:01")
                .ipv6("fe80::1234", "ff02::1")
                .ttl(255)
                .icmpv6(134, 0, 0)
                .payload("0000000000000000");
    }

    /** What the conductor was told, and becomes. */
    private List<Boolean> learnt() {
        List<Boolean> roles = blue.news().stream()
                .filter(NormalNews.Role.class::isInstance)
                .map(event -> ((NormalNews.Role) event).router())
                .toList();
        roles.forEach(router -> blue.role(ROUTER, StationRole.learnt(router), LINK_LOCAL, "2001:db8::1")
                .publish());
        return roles;
    }

    @Test
    void nothingIsAnsweredForALinkLocalAddressWhoseHolderMayRoute() {
        assertEquals(0, flagsFor(LINK_LOCAL));
        assertEquals(S | O, flagsFor("2001:db8::1"), "no default router is known by a global address");
        blue.role(ROUTER, StationRole.CONFIGURED_HOST, LINK_LOCAL).publish();
        assertEquals(S | O, flagsFor(LINK_LOCAL));
        blue.role(ROUTER, StationRole.CONFIGURED_ROUTER, LINK_LOCAL).publish();
        assertEquals(R | S | O, flagsFor(LINK_LOCAL));
    }

    @Test
    void aRouterIsKnownByItsRouterAdvertisements() {
        fromTheRouter(routerAdvertisement());
        assertEquals(List.of(true), learnt());
        assertEquals(R | S | O, flagsFor(LINK_LOCAL));
        assertEquals(R | S | O, flagsFor("2001:db8::1"));
        fromTheRouter(routerAdvertisement());
        assertEquals(List.of(), learnt(), "told once");
    }

    @Test
    void aRouterIsKnownByTheFlagOfItsNeighbourAdvertisements() {
        fromTheRouter(advertisement(LINK_LOCAL, R | O));
        assertEquals(List.of(true), learnt());
        assertEquals(R | S | O, flagsFor(LINK_LOCAL));
        fromTheRouter(advertisement(LINK_LOCAL, O));
        assertEquals(List.of(false), learnt(), "it ceased to route");
        assertEquals(S | O, flagsFor(LINK_LOCAL));
        fromTheRouter(advertisement(LINK_LOCAL, R));
        assertEquals(List.of(true), learnt());
    }

    @Test
    void whereItMakesNoDifferenceNothingIsLearnt() {
        fromTheRouter(advertisement("2001:db8::1", O));
        assertEquals(List.of(), learnt());
        blue.role(ROUTER, StationRole.CONFIGURED_HOST, LINK_LOCAL).publish();
        fromTheRouter(advertisement(LINK_LOCAL, R | O));
        fromTheRouter(routerAdvertisement());
        assertEquals(List.of(), learnt(), "configuration knows better");
    }

    @Test
    void nobodySpeaksForAStationThatIsElsewhere() {
        blue.send(2, routerAdvertisement().bytes());
        blue.send(2, advertisement(LINK_LOCAL, O).bytes());
        assertEquals(List.of(), learnt());
        blue.port(1).drain();
        blue.underlay().drain();
    }

    /** RFC 4861, section 7.3: only the holder knows whether it is still there. */
    @Test
    void whetherARouterIsStillThereItIsAskedItself() {
        blue.role(ROUTER, StationRole.CONFIGURED_ROUTER, LINK_LOCAL).publish();
        blue.send(
                1,
                Frames.ethernet(Frames.MAC_A, ROUTER)
                        .ipv6("fe80::a", LINK_LOCAL)
                        .neighbourSolicitation(LINK_LOCAL, Frames.MAC_A)
                        .bytes());
        assertEquals(1, blue.underlay().drain().size());
        assertEquals(0, blue.count(1, PortCounters.Kind.ND_REPLIES));
    }

    /** RFC 4861, section 7.2.4: to one that has no address yet all nodes are told, and it is no answer. */
    @Test
    void duplicateAddressDetectionIsAnsweredUnsolicited() {
        blue.role(ROUTER, StationRole.CONFIGURED_ROUTER, LINK_LOCAL).publish();
        blue.send(
                1,
                Frames.ethernet(Frames.MAC_A, "33:33:ff:00:00:01")
                        .ipv6("::", "ff02::1:ff00:1")
                        .neighbourSolicitation(LINK_LOCAL, null)
                        .bytes());
        byte[] answer = blue.port(1).drain().getFirst().bytes();
        assertEquals(R | O, NetworkOrder.getInt(Hex.segment(answer), 54 + 4));
    }
}
